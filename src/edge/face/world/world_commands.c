/* world_commands.c: every command of a world: logged, then applied (world_apply.c). */
#include <string.h>

#include "core/base/assert.h"
#include "edge/face/world/world_parts.h"

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
    (void)world_apply_small(world, type, input, &reply, number ? number : &unused, count ? count : &ignored);
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
    return result == RESULT_OK ? world_apply_small(world, INPUT_ADVANCE, &input, &reply, &number, &count) : result;
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
    return result == RESULT_OK ? world_apply_small(world, type, input, &reply, &number, &count) : result;
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

bool world_grant_is_sane(dec_t amount)
{
    enum { PLACES_MAX = 8 };
    return dec_sign(amount) >= 0 && dec_le(amount, dec_from_int(WORLD_GRANT_MAX)) && dec_places(amount) <= PLACES_MAX;
}

/* What could fail later: an account that stands in the log must be one that can be opened, or the world would not come back. */
static result_t check_new_account(const world_t *world, str_t asset, dec_t amount, const world_grant_t *grants,
                                  uint32_t grant_count)
{
    venue_asset_t found;
    if (world->saved.account_count == WORLD_ACCOUNTS_MAX)
        return RESULT_FULL;
    if (!world_asset_find(world, asset, &found))
        return RESULT_NOT_FOUND;
    bool sane = world_grant_is_sane(amount);
    for (uint32_t i = 0; i < grant_count && sane; i++) {
        sane = world_grant_is_sane(grants[i].amount);
        for (uint32_t k = 0; k < i; k++)
            sane = sane && (grants[k].asset != grants[i].asset || grants[k].wallet != grants[i].wallet);
    }
    return sane ? RESULT_OK : RESULT_NUMBER_OUT_OF_RANGE;
}

static result_t note_account(world_t *world, const account_input_t *input, const world_grant_t *grants, uint32_t grant_count)
{
    char body[sizeof *input + WORLD_GRANTS_MAX * sizeof *grants];
    memcpy(body, input, sizeof *input);
    if (grant_count > 0)
        memcpy(body + sizeof *input, grants, grant_count * sizeof *grants);
    return world_note(world, INPUT_ACCOUNT, body, sizeof *input + grant_count * sizeof *grants);
}

result_t world_account_begin(world_t *world, const char *name, const char *api_key, str_t asset, dec_t amount,
                             const world_grant_t *grants, uint32_t grant_count, uint32_t *index)
{
    ASSERT(grant_count <= WORLD_GRANTS_MAX);
    for (uint64_t i = 0; i < world->saved.account_count; i++) {
        if (strcmp(world->saved.accounts[i].name, name) == 0) {
            *index = (uint32_t)i;
            return strcmp(world->saved.accounts[i].api_key, api_key) == 0 ? RESULT_OK : RESULT_BAD_STATE;
        }
    }
    account_input_t input = {.amount = amount};
    result_t result = check_new_account(world, asset, amount, grants, grant_count);
    if (result == RESULT_OK)
        result = str_copy(str_from(name), input.name, sizeof input.name);
    if (result == RESULT_OK)
        result = str_copy(str_from(api_key), input.api_key, sizeof input.api_key);
    if (result == RESULT_OK)
        result = str_copy(asset, input.asset, sizeof input.asset);
    if (result == RESULT_OK)
        result = note_account(world, &input, grants, grant_count);
    if (result == RESULT_OK)
        result = world_open_account(world, &input, grants, grant_count);
    if (result == RESULT_OK)
        *index = (uint32_t)world->saved.account_count - 1;
    return result;
}

result_t world_account_ensure(world_t *world, const char *name, const char *api_key, str_t asset, dec_t amount, uint32_t *index)
{
    return world_account_begin(world, name, api_key, asset, amount, NULL, 0, index);
}

result_t world_listen_key_set(world_t *world, venue_account_t account, world_product_t product, str_t key, int64_t expires_ns)
{
    listen_key_input_t input = {.account = account, .product = product, .expires_ns = expires_ns};
    result_t result = str_copy(key, input.key, sizeof input.key);
    if (result == RESULT_OK)
        result = world_note(world, INPUT_LISTEN_KEY, &input, sizeof input);
    if (result == RESULT_OK)
        world_apply_listen_key(world, &input);
    return result;
}
