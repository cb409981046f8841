/* world_acts.c: see world_acts.h. */
#include "edge/face/world/world_acts.h"

#include <string.h>

#include "edge/face/world/world_parts.h"

/* --- prices of the bars to come --------------------------------------------------------------- */

static result_t scale_bars(const world_t *world, const world_scale_t *scale)
{
    return market_bars_scale(world->sources[scale->source].bars, scale->from_ns, scale->factor,
                             venue_instrument_at(world->venue, (instrument_id_t)scale->source)->tick_size);
}

void world_scale_again(world_t *world)
{
    for (uint64_t g = 0; g < world->saved.scale_count; g++)
        (void)scale_bars(world, &world->saved.scales[g]); /* there is room for as many as a world saves */
}

static result_t price_scale(world_t *world, const world_act_t *act)
{
    uint32_t id = act->instrument;
    if (id >= world->saved.source_count || dec_sign(act->amount) <= 0)
        return RESULT_BAD_ARGUMENT;
    market_source_t *source = &world->sources[id];
    if (source->kind != MARKET_FROM_CANDLES)
        return venue_price_scale(world->venue, &world->sink, act->instrument, act->amount);
    if (source->next >= source->history.count)
        return RESULT_NOT_FOUND;
    if (world->saved.scale_count == WORLD_SCALES_MAX)
        return RESULT_FULL;
    const candle_t *bar = market_bars_at(source->bars, source->next);
    if (!bar)
        return RESULT_IO;
    world_scale_t *scale = &world->saved.scales[world->saved.scale_count++];
    *scale = (world_scale_t){.source = id, .from_ns = bar->open_ns, .factor = act->amount};
    (void)scale_bars(world, scale);
    return RESULT_OK;
}

/* --- one act each ----------------------------------------------------------------------------- */

static result_t transfer(world_t *world, const world_act_t *act)
{
    venue_asset_t asset = 0;
    if (!world_asset_find(world, str_from(act->text), &asset))
        return RESULT_NOT_FOUND;
    if (venue_transfer(world->venue, &world->sink, act->account, asset, act->amount) != VENUE_REJECT_NONE)
        return RESULT_BAD_STATE;
    for (uint64_t i = 0; i < world->saved.account_count; i++) {
        if (world->saved.accounts[i].account == act->account)
            world->saved.accounts[i].deposits = dec_plus(world->saved.accounts[i].deposits, act->amount);
    }
    return RESULT_OK;
}

/* The asset of that name, made when it is new and something is traded for it. */
static result_t asset_named(world_t *world, const char *name, venue_asset_t *asset)
{
    venue_t *venue = world->venue;
    bool priced = false;
    for (uint32_t i = 0; i < venue_instrument_count(venue); i++)
        priced = priced || strcmp(venue_instrument_at(venue, (instrument_id_t)i)->base, name) == 0;
    if (!priced)
        return RESULT_NOT_FOUND;
    return world_asset_find(world, str_from(name), asset) ? RESULT_OK : venue_asset_add(venue, str_from(name), asset);
}

static result_t fee_asset(world_t *world, const world_act_t *act)
{
    venue_asset_t asset = 0;
    if (act->number == 0)
        return venue_account_fee_burn(world->venue, act->account, false);
    result_t result = asset_named(world, act->text, &asset);
    if (result == RESULT_OK)
        result = venue_fee_asset_set(world->venue, asset, act->amount);
    return result == RESULT_OK ? venue_account_fee_burn(world->venue, act->account, true) : result;
}

static result_t street(world_t *world, const world_act_t *act)
{
    venue_street_t usual = venue_street_default();
    if (dec_mul(usual.level_share, act->amount, DEC_ROUND_DOWN, &usual.level_share) != RESULT_OK ||
        dec_mul(usual.participation, act->amount, DEC_ROUND_DOWN, &usual.participation) != RESULT_OK)
        return RESULT_BAD_ARGUMENT;
    return venue_street_set(world->venue, act->instrument, &usual);
}

static void cancel_everything(world_t *world, const world_act_t *act, uint32_t *count)
{
    uint32_t orders = 0, algos = 0;
    (void)venue_cancel_all(world->venue, &world->sink, act->account, act->instrument, &orders);
    (void)venue_algo_cancel_all(world->venue, &world->sink, act->account, act->instrument, &algos);
    *count = orders + algos;
}

static venue_ref_t ref_of(const world_act_t *act)
{
    venue_ref_t ref = {.account = act->account, .instrument = act->instrument, .id = act->id};
    memcpy(ref.client_id.text, act->text, sizeof ref.client_id.text);
    return ref;
}

result_t world_act_apply(world_t *world, const world_act_t *act, uint32_t *count)
{
    venue_t *venue = world->venue;
    const venue_sink_t *sink = &world->sink;
    venue_ref_t ref = ref_of(act);
    if (memchr(act->text, '\0', sizeof act->text) == NULL || act->instrument >= venue_instrument_count(venue))
        return RESULT_BAD_ARGUMENT;
    switch ((world_act_kind_t)act->kind) {
    case WORLD_PRICE_JUMP:
        return venue_price_jump(venue, sink, act->instrument, act->amount);
    case WORLD_PRICE_SCALE:
        return price_scale(world, act);
    case WORLD_FILL_NOW:
        return venue_fill_now(venue, sink, &ref, act->amount);
    case WORLD_STOPS:
        *count =
            venue_stops_strike(venue, act->silent ? NULL : sink, act->account, act->instrument, (venue_stop_fate_t)act->number);
        return *count > 0 ? RESULT_OK : RESULT_NOT_FOUND;
    case WORLD_LIQUIDATE:
        return venue_liquidate(venue, sink, act->account, act->instrument);
    case WORLD_DELEVERAGE:
        return venue_deleverage(venue, sink, act->account, act->instrument, act->amount);
    case WORLD_RENAME:
        return venue_instrument_rename(venue, act->instrument, str_from(act->text));
    case WORLD_TRANSFER:
        return transfer(world, act);
    case WORLD_FUNDING:
        return venue_funding_set(venue, act->instrument, act->amount);
    case WORLD_STREET:
        return street(world, act);
    case WORLD_ALGO_NOW:
        return venue_algo_now(venue, sink, &ref);
    case WORLD_FEE_ASSET:
        return fee_asset(world, act);
    case WORLD_CANCEL_EVERYTHING:
        cancel_everything(world, act, count);
        return RESULT_OK;
    }
    return RESULT_UNKNOWN_VALUE;
}

result_t world_act(world_t *world, const world_act_t *act, uint32_t *count)
{
    uint32_t struck = 0;
    result_t result = world_note(world, INPUT_ACT, act, sizeof *act);
    if (result == RESULT_OK)
        result = world_act_apply(world, act, &struck);
    if (count)
        *count = struck;
    return result;
}

result_t world_rules_set(world_t *world, instrument_id_t instrument, const instrument_t *rules)
{
    rules_input_t input;
    memset(&input, 0, sizeof input);
    input.instrument = instrument;
    input.rules = *rules;
    result_t result = world_note(world, INPUT_RULES, &input, sizeof input);
    return result == RESULT_OK ? venue_instrument_update(world->venue, &world->sink, instrument, rules) : result;
}

void world_doom(world_t *world, world_doom_t doom)
{
    world->doom = doom;
}
