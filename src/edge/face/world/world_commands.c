/* world_commands.c: every input of a world: logged, then applied; the same code applies it again after a restart. */
#include <string.h>

#include "core/base/assert.h"
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

result_t world_open_account(world_t *world, const account_input_t *input)
{
    venue_asset_t asset = 0;
    venue_account_t account = 0;
    uint32_t count = venue_asset_count(world->venue);
    while (asset < count && strcmp(venue_asset_name(world->venue, asset), input->asset) != 0)
        asset++;
    if (asset == count || world->saved.account_count == WORLD_ACCOUNTS_MAX)
        return asset == count ? RESULT_NOT_FOUND : RESULT_FULL;
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
    return RESULT_OK;
}

/* The running books are of the asset that markets settle in. */
static bool is_settled_in(const world_t *world, uint32_t asset)
{
    const instrument_t *first = venue_instrument_at(world->venue, 0);
    return first && strcmp(first->settle, venue_asset_name(world->venue, (venue_asset_t)asset)) == 0;
}

static void note_deposit(world_t *world, const small_input_t *input)
{
    world_account_t *account = account_of(world, input->account);
    if (account && is_settled_in(world, input->number))
        add_to(&account->deposits, input->amount);
}

static void set_listen_key(world_t *world, const listen_key_input_t *input)
{
    world_account_t *account = account_of(world, input->account);
    if (!account || input->product >= WORLD_PRODUCTS)
        return;
    world_listen_key_t *key = &account->listen_keys[input->product];
    memcpy(key->text, input->key, sizeof key->text);
    key->expires_ns = input->expires_ns;
}

static result_t apply_small(world_t *world, input_type_t type, const small_input_t *input, venue_reply_t *reply, dec_t *number,
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
            note_deposit(world, input);
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

/* Copies the body out of the log (alignment) after checking its size. */
#define TAKE(kind, name)                                                                                                           \
    kind name;                                                                                                                     \
    if (length != sizeof name)                                                                                                     \
        return RESULT_MALFORMED;                                                                                                   \
    memcpy(&name, body, sizeof name)

result_t world_apply(void *context, uint32_t type, const void *body, size_t length)
{
    world_t *world = context;
    switch ((input_type_t)type) {
    case INPUT_PLACE: {
        TAKE(venue_place_t, place);
        (void)venue_place(world->venue, &world->sink, &place, NULL);
        return RESULT_OK;
    }
    case INPUT_CANCEL: {
        TAKE(venue_ref_t, ref);
        (void)venue_cancel(world->venue, &world->sink, &ref, NULL);
        return RESULT_OK;
    }
    case INPUT_AMEND: {
        TAKE(venue_amend_t, amend);
        (void)venue_amend(world->venue, &world->sink, &amend, NULL);
        return RESULT_OK;
    }
    case INPUT_ALGO_PLACE: {
        TAKE(venue_algo_place_t, place);
        (void)venue_algo_place(world->venue, &world->sink, &place, NULL);
        return RESULT_OK;
    }
    case INPUT_ALGO_CANCEL: {
        TAKE(venue_ref_t, ref);
        (void)venue_algo_cancel(world->venue, &world->sink, &ref, NULL);
        return RESULT_OK;
    }
    case INPUT_ACCOUNT: {
        TAKE(account_input_t, input);
        return world_open_account(world, &input);
    }
    case INPUT_LISTEN_KEY: {
        TAKE(listen_key_input_t, input);
        set_listen_key(world, &input);
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
        TAKE(world_act_t, act);
        uint32_t count = 0;
        (void)world_act_apply(world, &act, &count); /* an act that was refused is refused again */
        return RESULT_OK;
    }
    case INPUT_RULES: {
        TAKE(rules_input_t, input);
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
        TAKE(small_input_t, input);
        venue_reply_t reply;
        dec_t number;
        uint32_t count;
        return apply_small(world, (input_type_t)type, &input, &reply, &number, &count);
    }
    }
    return RESULT_UNKNOWN_VALUE;
}

/* --- logging ---------------------------------------------------------------------------------- */

static const venue_reply_t not_written = {.reject = VENUE_REJECT_TOO_MANY_ORDERS_HERE};

result_t world_note(world_t *world, input_type_t type, const void *body, size_t length)
{
    if (world->log.bytes >= world->snapshot_bytes)
        (void)world_snapshot(world); /* when it fails the log simply grows on */
    return world_log_append(&world->log, type, body, length);
}

static venue_reply_t small(world_t *world, input_type_t type, const small_input_t *input, dec_t *number, uint32_t *count)
{
    venue_reply_t reply = {.reject = VENUE_REJECT_NONE};
    uint32_t ignored = 0;
    dec_t unused = DEC_ZERO;
    if (world_note(world, type, input, sizeof *input) != RESULT_OK)
        return not_written;
    (void)apply_small(world, type, input, &reply, number ? number : &unused, count ? count : &ignored);
    return reply;
}

result_t world_advance(world_t *world, int64_t to_ns, world_step_t step)
{
    if (to_ns < venue_now(world->venue))
        return RESULT_OUT_OF_ORDER;
    small_input_t input = {
        .time_ns = to_ns, .number = step != WORLD_SAME_MOMENT, .more = step == WORLD_MOMENT_TO_EVENT ? RUN_TO_EVENT : RUN_THROUGH};
    venue_reply_t reply;
    dec_t number;
    uint32_t count;
    result_t result = world_note(world, INPUT_ADVANCE, &input, sizeof input);
    return result == RESULT_OK ? apply_small(world, INPUT_ADVANCE, &input, &reply, &number, &count) : result;
}

venue_reply_t world_place(world_t *world, const venue_place_t *place, venue_order_t *after)
{
    venue_place_t order = *place;
    order.doomed = world->doom == WORLD_ORDERS_DOOMED;
    if (!order.test && world_note(world, INPUT_PLACE, &order, sizeof order) != RESULT_OK)
        return not_written;
    return venue_place(world->venue, &world->sink, &order, after);
}

venue_reply_t world_cancel(world_t *world, const venue_ref_t *ref, venue_order_t *after)
{
    if (world_note(world, INPUT_CANCEL, ref, sizeof *ref) != RESULT_OK)
        return not_written;
    return venue_cancel(world->venue, &world->sink, ref, after);
}

venue_reply_t world_amend(world_t *world, const venue_amend_t *amend, venue_order_t *after)
{
    if (world_note(world, INPUT_AMEND, amend, sizeof *amend) != RESULT_OK)
        return not_written;
    return venue_amend(world->venue, &world->sink, amend, after);
}

venue_reply_t world_algo_place(world_t *world, const venue_algo_place_t *place, venue_algo_t *after)
{
    if (world_note(world, INPUT_ALGO_PLACE, place, sizeof *place) != RESULT_OK)
        return not_written;
    return venue_algo_place(world->venue, &world->sink, place, after);
}

venue_reply_t world_algo_cancel(world_t *world, const venue_ref_t *ref, venue_algo_t *after)
{
    if (world_note(world, INPUT_ALGO_CANCEL, ref, sizeof *ref) != RESULT_OK)
        return not_written;
    return venue_algo_cancel(world->venue, &world->sink, ref, after);
}

venue_reply_t world_cancel_all(world_t *world, venue_account_t account, instrument_id_t instrument, uint32_t *count)
{
    return small(world, INPUT_CANCEL_ALL, &(small_input_t){.account = account, .instrument = instrument}, NULL, count);
}

venue_reply_t world_countdown(world_t *world, venue_account_t account, instrument_id_t instrument, int64_t after_ns)
{
    return small(world, INPUT_COUNTDOWN, &(small_input_t){.account = account, .instrument = instrument, .time_ns = after_ns}, NULL,
                 NULL);
}

venue_reply_t world_algo_cancel_all(world_t *world, venue_account_t account, instrument_id_t instrument, uint32_t *count)
{
    return small(world, INPUT_ALGO_CANCEL_ALL, &(small_input_t){.account = account, .instrument = instrument}, NULL, count);
}

venue_reply_t world_set_leverage(world_t *world, venue_account_t account, instrument_id_t instrument, uint32_t leverage,
                                 dec_t *notional_max)
{
    return small(world, INPUT_LEVERAGE, &(small_input_t){.account = account, .instrument = instrument, .number = leverage},
                 notional_max, NULL);
}

venue_reply_t world_set_margin(world_t *world, venue_account_t account, instrument_id_t instrument, venue_margin_t margin)
{
    return small(world, INPUT_MARGIN, &(small_input_t){.account = account, .instrument = instrument, .number = (uint32_t)margin},
                 NULL, NULL);
}

venue_reply_t world_set_mode(world_t *world, venue_account_t account, venue_mode_t mode)
{
    return small(world, INPUT_MODE, &(small_input_t){.account = account, .number = (uint32_t)mode}, NULL, NULL);
}

venue_reply_t world_set_multi_assets(world_t *world, venue_account_t account, bool multi)
{
    return small(world, INPUT_MULTI_ASSETS, &(small_input_t){.account = account, .number = multi}, NULL, NULL);
}

venue_reply_t world_move_margin(world_t *world, venue_account_t account, instrument_id_t instrument, venue_position_side_t side,
                                dec_t amount)
{
    return small(world, INPUT_MOVE_MARGIN,
                 &(small_input_t){.account = account, .instrument = instrument, .side = (uint16_t)side, .amount = amount}, NULL,
                 NULL);
}

void world_follow(world_t *world, instrument_id_t instrument, uint32_t streams, uint32_t kline_timeframes)
{
    (void)small(world, INPUT_FOLLOW, &(small_input_t){.instrument = instrument, .number = streams, .more = kline_timeframes}, NULL,
                NULL);
}

/* An input whose answer is a result. */
static result_t order_of_the_house(world_t *world, input_type_t type, const small_input_t *input)
{
    venue_reply_t reply = {.reject = VENUE_REJECT_NONE};
    dec_t number;
    uint32_t count;
    result_t result = world_note(world, type, input, sizeof *input);
    return result == RESULT_OK ? apply_small(world, type, input, &reply, &number, &count) : result;
}

result_t world_status(world_t *world, instrument_id_t instrument, instrument_status_t status)
{
    return order_of_the_house(world, INPUT_STATUS, &(small_input_t){.instrument = instrument, .number = (uint32_t)status});
}

result_t world_restrict(world_t *world, venue_account_t account, venue_restriction_t restriction)
{
    return order_of_the_house(world, INPUT_RESTRICT, &(small_input_t){.account = account, .number = (uint32_t)restriction});
}

result_t world_leverage_bar(world_t *world, venue_account_t account, venue_leverage_bar_t bar)
{
    return order_of_the_house(world, INPUT_LEVERAGE_BAR, &(small_input_t){.account = account, .number = (uint32_t)bar});
}

result_t world_fee_tier(world_t *world, venue_account_t account, uint32_t tier)
{
    return order_of_the_house(world, INPUT_FEE_TIER, &(small_input_t){.account = account, .number = tier});
}

result_t world_fee_burn(world_t *world, venue_account_t account, bool burn)
{
    return order_of_the_house(world, INPUT_FEE_BURN, &(small_input_t){.account = account, .number = burn});
}

result_t world_only_reduce(world_t *world, instrument_id_t instrument, bool only_reduce)
{
    return order_of_the_house(world, INPUT_ONLY_REDUCE, &(small_input_t){.instrument = instrument, .number = only_reduce});
}

result_t world_deliver(world_t *world, instrument_id_t instrument, dec_t price)
{
    return order_of_the_house(world, INPUT_DELIVER, &(small_input_t){.instrument = instrument, .amount = price});
}

venue_reply_t world_transfer(world_t *world, venue_account_t account, venue_asset_t asset, dec_t amount)
{
    return small(world, INPUT_TRANSFER, &(small_input_t){.account = account, .number = asset, .amount = amount}, NULL, NULL);
}

result_t world_account_ensure(world_t *world, const char *name, const char *api_key, str_t asset, dec_t amount, uint32_t *index)
{
    for (uint64_t i = 0; i < world->saved.account_count; i++) {
        if (strcmp(world->saved.accounts[i].name, name) == 0) {
            *index = (uint32_t)i;
            return strcmp(world->saved.accounts[i].api_key, api_key) == 0 ? RESULT_OK : RESULT_BAD_STATE;
        }
    }
    account_input_t input = {.amount = amount};
    result_t result = str_copy(str_from(name), input.name, sizeof input.name);
    if (result == RESULT_OK)
        result = str_copy(str_from(api_key), input.api_key, sizeof input.api_key);
    if (result == RESULT_OK)
        result = str_copy(asset, input.asset, sizeof input.asset);
    if (result == RESULT_OK)
        result = world_note(world, INPUT_ACCOUNT, &input, sizeof input);
    if (result == RESULT_OK)
        result = world_open_account(world, &input);
    if (result == RESULT_OK)
        *index = (uint32_t)world->saved.account_count - 1;
    return result;
}

result_t world_listen_key_set(world_t *world, venue_account_t account, world_product_t product, str_t key, int64_t expires_ns)
{
    listen_key_input_t input = {.account = account, .product = product, .expires_ns = expires_ns};
    result_t result = str_copy(key, input.key, sizeof input.key);
    if (result == RESULT_OK)
        result = world_note(world, INPUT_LISTEN_KEY, &input, sizeof input);
    if (result == RESULT_OK)
        set_listen_key(world, &input);
    return result;
}
