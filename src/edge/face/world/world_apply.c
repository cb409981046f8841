/* world_apply.c: every input of a world as it stands in the log, applied: at once, and again after a restart; and the running books
 * that follow from what the venue then says.
 */
#include <string.h>

#include "core/venue/spot.h"
#include "edge/face/world/world_parts.h"

/* --- running books ---------------------------------------------------------------------------- */

static void add_to(dec_t *sum, dec_t value)
{
    dec_t result;
    if (dec_add(*sum, value, &result) == RESULT_OK)
        *sum = result;
}

static world_account_t *account_of(world_t *world, venue_account_t account)
{
    for (uint64_t i = 0; i < world->saved.account_count; i++) {
        if (world->saved.accounts[i].account == account)
            return &world->saved.accounts[i];
    }
    return NULL;
}

static void keep_books(world_t *world, const venue_event_t *event)
{
    if (event->kind == VENUE_EVENT_ORDER) {
        world_account_t *account = account_of(world, event->account);
        if (!account)
            return;
        account->orders += event->order.execution == VENUE_EXEC_NEW;
        account->fills += event->order.trade_id != 0;
        add_to(&account->realised, event->order.realised_pnl);
        /* A fee in a third asset is not of the money that is counted here. */
        const char *settle = venue_instrument_at(world->venue, event->instrument)->settle;
        if (strcmp(venue_asset_name(world->venue, event->order.commission_asset), settle) == 0)
            add_to(&account->fees, event->order.commission);
    } else if (event->kind == VENUE_EVENT_SPOT && event->spot.kind == SPOT_EVENT_ORDER) {
        world_account_t *account = account_of(world, event->account);
        if (!account)
            return;
        account->orders +=
            event->spot.order.execution == SPOT_EXEC_NEW && event->spot.order.order.update_ns == event->spot.order.order.time_ns;
        account->fills += event->spot.order.trade_id != 0;
    } else if (event->kind == VENUE_EVENT_ACCOUNT && event->account_change.reason == VENUE_REASON_FUNDING_FEE) {
        world_account_t *account = account_of(world, event->account);
        for (uint32_t i = 0; account && i < event->account_change.balance_count; i++)
            add_to(&account->funding, event->account_change.balances[i].change);
    }
}

void world_emit(void *context, const venue_event_t *event)
{
    world_t *world = context;
    keep_books(world, event);
    for (uint32_t i = 0; i < world->listener_count && !world->replaying; i++)
        world->listeners[i].listen(world->listeners[i].context, event);
}

/* --- applying --------------------------------------------------------------------------------- */

/* The running books are of the asset that markets settle in. */
static bool is_settled_in(const world_t *world, uint32_t asset)
{
    const instrument_t *first = venue_instrument_at(world->venue, 0);
    return first && strcmp(first->settle, venue_asset_name(world->venue, (venue_asset_t)asset)) == 0;
}

static void note_deposit(world_t *world, venue_account_t id, uint32_t asset, dec_t amount)
{
    world_account_t *account = account_of(world, id);
    if (account && is_settled_in(world, asset))
        add_to(&account->deposits, amount);
}

static result_t give(world_t *world, venue_account_t account, const world_grant_t *grant)
{
    venue_asset_t asset = (venue_asset_t)grant->asset;
    if (grant->wallet == WORLD_SPOT)
        return spot_transfer(world->venue, &world->sink, account, asset, grant->amount) == SPOT_REJECT_NONE ? RESULT_OK
                                                                                                            : RESULT_BAD_ARGUMENT;
    if (venue_transfer(world->venue, &world->sink, account, asset, grant->amount) != VENUE_REJECT_NONE)
        return RESULT_BAD_ARGUMENT;
    note_deposit(world, account, grant->asset, grant->amount);
    return RESULT_OK;
}

result_t world_open_account(world_t *world, const account_input_t *input, const world_grant_t *grants, size_t grant_count)
{
    venue_asset_t asset = 0;
    venue_account_t account = 0;
    if (!world_asset_find(world, str_from(input->asset), &asset))
        return RESULT_NOT_FOUND;
    if (world->saved.account_count == WORLD_ACCOUNTS_MAX)
        return RESULT_FULL;
    result_t result = venue_account_open(world->venue, &account);
    if (result != RESULT_OK)
        return result;
    world_account_t *row = &world->saved.accounts[world->saved.account_count++];
    memset(row, 0, sizeof *row);
    memcpy(row->name, input->name, sizeof row->name);
    memcpy(row->api_key, input->api_key, sizeof row->api_key);
    row->account = account;
    row->deposits = input->amount;
    if (dec_sign(input->amount) > 0 &&
        venue_transfer(world->venue, &world->sink, account, asset, input->amount) != VENUE_REJECT_NONE)
        return RESULT_BAD_ARGUMENT;
    for (size_t i = 0; i < grant_count && result == RESULT_OK; i++)
        result = give(world, account, &grants[i]);
    return result;
}

/* The account and the grants behind it, copied out of the log. */
static result_t apply_account(world_t *world, const void *body, size_t length)
{
    account_input_t input;
    world_grant_t grants[WORLD_GRANTS_MAX];
    size_t rest = length < sizeof input ? 1 : length - sizeof input;
    if (rest % sizeof grants[0] != 0 || rest > sizeof grants)
        return RESULT_MALFORMED;
    memcpy(&input, body, sizeof input);
    memcpy(grants, (const char *)body + sizeof input, rest);
    return world_open_account(world, &input, grants, rest / sizeof grants[0]);
}

void world_apply_listen_key(world_t *world, const listen_key_input_t *input)
{
    world_account_t *account = account_of(world, input->account);
    if (!account || input->product >= WORLD_PRODUCTS)
        return;
    world_listen_key_t *key = &account->listen_keys[input->product];
    memcpy(key->text, input->key, sizeof key->text);
    key->expires_ns = input->expires_ns;
}

result_t world_apply_small(world_t *world, input_type_t type, const small_input_t *input, venue_reply_t *reply, dec_t *number,
                           uint32_t *count)
{
    venue_t *venue = world->venue;
    const venue_sink_t *sink = &world->sink;
    switch (type) {
    case INPUT_ADVANCE:
        world->saved.moment += input->number;
        return input->more > RUN_TO_EVENT ? RESULT_UNKNOWN_VALUE : world_run(world, input->time_ns, (run_t)input->more);
    case INPUT_CANCEL_ALL:
        *reply = venue_cancel_all(venue, sink, input->account, input->instrument, count);
        break;
    case INPUT_COUNTDOWN:
        *reply = venue_countdown(venue, input->account, input->instrument, input->time_ns);
        break;
    case INPUT_ALGO_CANCEL_ALL:
        *reply = venue_algo_cancel_all(venue, sink, input->account, input->instrument, count);
        break;
    case INPUT_LEVERAGE:
        *reply = venue_set_leverage(venue, sink, input->account, input->instrument, input->number, number);
        break;
    case INPUT_MARGIN:
        *reply = venue_set_margin(venue, sink, input->account, input->instrument, (venue_margin_t)input->number);
        break;
    case INPUT_MODE:
        *reply = venue_set_mode(venue, sink, input->account, (venue_mode_t)input->number);
        break;
    case INPUT_MOVE_MARGIN:
        *reply =
            venue_move_margin(venue, sink, input->account, input->instrument, (venue_position_side_t)input->side, input->amount);
        break;
    case INPUT_FOLLOW:
        venue_follow(venue, input->instrument, input->number, input->more);
        break;
    case INPUT_STATUS:
        return venue_instrument_status(venue, sink, input->instrument, (instrument_status_t)input->number);
    case INPUT_RESTRICT:
        return venue_account_restrict(venue, input->account, (venue_restriction_t)input->number);
    case INPUT_LEVERAGE_BAR:
        return venue_account_leverage_bar(venue, input->account, (venue_leverage_bar_t)input->number);
    case INPUT_FEE_TIER:
        return input->number == WORLD_TIER_EARNED ? venue_account_tier_earn(venue, input->account)
                                                  : venue_account_tier(venue, input->account, input->number);
    case INPUT_MULTI_ASSETS:
        *reply = venue_set_multi_assets(venue, sink, input->account, input->number != 0);
        break;
    case INPUT_FEE_BURN:
        return venue_account_fee_burn(venue, input->account, input->number != 0);
    case INPUT_TRANSFER:
        reply->reject = venue_transfer(venue, sink, input->account, (venue_asset_t)input->number, input->amount);
        if (reply->reject == VENUE_REJECT_NONE)
            note_deposit(world, input->account, input->number, input->amount);
        break;
    case INPUT_ONLY_REDUCE:
        return venue_instrument_only_reduce(venue, sink, input->instrument, input->number != 0);
    case INPUT_DELIVER:
        return venue_instrument_deliver(venue, sink, input->instrument, input->amount);
    case INPUT_PLACE:
    case INPUT_CANCEL:
    case INPUT_AMEND:
    case INPUT_ALGO_PLACE:
    case INPUT_ALGO_CANCEL:
    case INPUT_ACCOUNT:
    case INPUT_LISTEN_KEY:
    case INPUT_SPOT_PLACE:
    case INPUT_SPOT_CANCEL:
    case INPUT_SPOT_AMEND:
    case INPUT_SPOT_LIST_PLACE:
    case INPUT_SPOT_LIST_CANCEL:
    case INPUT_SPOT_TRANSFER:
    case INPUT_SPOT_FEES:
    case INPUT_SPOT_BURN:
    case INPUT_ACT:
    case INPUT_RULES:
        return RESULT_UNKNOWN_VALUE;
    }
    return RESULT_OK;
}

result_t world_apply(void *context, uint32_t type, const void *body, size_t length)
{
    world_t *world = context;
    switch ((input_type_t)type) {
    case INPUT_PLACE: {
        WORLD_TAKE(venue_place_t, place);
        (void)venue_place(world->venue, &world->sink, &place, NULL);
        return RESULT_OK;
    }
    case INPUT_CANCEL: {
        WORLD_TAKE(venue_ref_t, ref);
        (void)venue_cancel(world->venue, &world->sink, &ref, NULL);
        return RESULT_OK;
    }
    case INPUT_AMEND: {
        WORLD_TAKE(venue_amend_t, amend);
        (void)venue_amend(world->venue, &world->sink, &amend, NULL);
        return RESULT_OK;
    }
    case INPUT_ALGO_PLACE: {
        WORLD_TAKE(venue_algo_place_t, place);
        (void)venue_algo_place(world->venue, &world->sink, &place, NULL);
        return RESULT_OK;
    }
    case INPUT_ALGO_CANCEL: {
        WORLD_TAKE(venue_ref_t, ref);
        (void)venue_algo_cancel(world->venue, &world->sink, &ref, NULL);
        return RESULT_OK;
    }
    case INPUT_ACCOUNT:
        return apply_account(world, body, length);
    case INPUT_LISTEN_KEY: {
        WORLD_TAKE(listen_key_input_t, input);
        world_apply_listen_key(world, &input);
        return RESULT_OK;
    }
    case INPUT_SPOT_PLACE:
    case INPUT_SPOT_CANCEL:
    case INPUT_SPOT_AMEND:
    case INPUT_SPOT_LIST_PLACE:
    case INPUT_SPOT_LIST_CANCEL:
    case INPUT_SPOT_TRANSFER:
    case INPUT_SPOT_FEES:
    case INPUT_SPOT_BURN:
        return world_spot_apply(world, (input_type_t)type, body, length);
    case INPUT_ACT: {
        WORLD_TAKE(world_act_t, act);
        uint32_t count = 0;
        (void)world_act_apply(world, &act, &count); /* an act that was refused is refused again */
        return RESULT_OK;
    }
    case INPUT_RULES: {
        WORLD_TAKE(rules_input_t, input);
        (void)venue_instrument_update(world->venue, &world->sink, input.instrument, &input.rules);
        return RESULT_OK;
    }
    case INPUT_ADVANCE:
    case INPUT_CANCEL_ALL:
    case INPUT_COUNTDOWN:
    case INPUT_ALGO_CANCEL_ALL:
    case INPUT_LEVERAGE:
    case INPUT_MARGIN:
    case INPUT_MODE:
    case INPUT_MOVE_MARGIN:
    case INPUT_FOLLOW:
    case INPUT_STATUS:
    case INPUT_RESTRICT:
    case INPUT_LEVERAGE_BAR:
    case INPUT_FEE_TIER:
    case INPUT_FEE_BURN:
    case INPUT_TRANSFER:
    case INPUT_ONLY_REDUCE:
    case INPUT_DELIVER:
    case INPUT_MULTI_ASSETS: {
        WORLD_TAKE(small_input_t, input);
        venue_reply_t reply;
        dec_t number;
        uint32_t count;
        result_t result = world_apply_small(world, (input_type_t)type, &input, &reply, &number, &count);
        /* What was refused when it came is refused again. */
        return type == INPUT_ADVANCE || result == RESULT_UNKNOWN_VALUE ? result : RESULT_OK;
    }
    }
    return RESULT_UNKNOWN_VALUE;
}
