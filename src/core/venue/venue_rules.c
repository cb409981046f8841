/* venue_rules.c: an instrument's rules turned into counts of 10^-8, and its leverage brackets (protocols/binance-usdm.md, sections
 * 5, 13). */
#include "core/venue/venue_parts.h"

/* Field by field, so that the bytes between fields stay zero and snapshots of equal venues are equal. */
static void rules_copy(instrument_t *to, const instrument_t *from)
{
    memset(to, 0, sizeof *to);
    (void)str_copy(str_from(from->venue), to->venue, sizeof to->venue);
    (void)str_copy(str_from(from->symbol), to->symbol, sizeof to->symbol);
    (void)str_copy(str_from(from->base), to->base, sizeof to->base);
    (void)str_copy(str_from(from->quote), to->quote, sizeof to->quote);
    (void)str_copy(str_from(from->settle), to->settle, sizeof to->settle);
    to->kind = from->kind;
    to->status = from->status;
    to->tick_size = from->tick_size;
    to->price_min = from->price_min;
    to->price_max = from->price_max;
    to->lot_step = from->lot_step;
    to->quantity_min = from->quantity_min;
    to->quantity_max = from->quantity_max;
    to->market_step = from->market_step;
    to->market_quantity_min = from->market_quantity_min;
    to->market_quantity_max = from->market_quantity_max;
    to->notional_min = from->notional_min;
    to->band_up = from->band_up;
    to->band_down = from->band_down;
    to->contract_size = from->contract_size;
    to->trigger_protect = from->trigger_protect;
    to->liquidation_fee = from->liquidation_fee;
    to->bracket_count = from->bracket_count;
    to->funding_hours = from->funding_hours;
    for (uint32_t i = 0; i < from->bracket_count && i < INSTRUMENT_BRACKETS_MAX; i++) {
        to->brackets[i].leverage_max = from->brackets[i].leverage_max;
        to->brackets[i].notional_floor = from->brackets[i].notional_floor;
        to->brackets[i].notional_cap = from->brackets[i].notional_cap;
        to->brackets[i].maintenance_rate = from->brackets[i].maintenance_rate;
        to->brackets[i].maintenance_cum = from->brackets[i].maintenance_cum;
    }
}

static bool brackets_sane(const instrument_t *rules)
{
    if (rules->bracket_count > INSTRUMENT_BRACKETS_MAX) {
        return false;
    }
    int64_t cap8 = 0;
    for (uint32_t i = 0; i < rules->bracket_count; i++) {
        int64_t floor8, next8, rate8, cum8;
        const leverage_bracket_t *bracket = &rules->brackets[i];
        if (!to8(bracket->notional_floor, &floor8) || !to8(bracket->notional_cap, &next8) ||
            !to8(bracket->maintenance_rate, &rate8) || !to8(bracket->maintenance_cum, &cum8) || floor8 != cap8 || next8 <= floor8 ||
            next8 > VENUE_MONEY8_MAX || rate8 < 0 || rate8 > VENUE_E8 || cum8 < 0 || bracket->leverage_max == 0) {
            return false;
        }
        cap8 = next8;
    }
    return true;
}

/* brackets_sane has said that each number fits. */
static void brackets_load(instrument_rec_t *instrument, const instrument_t *rules)
{
    memset(instrument->brackets, 0, sizeof instrument->brackets);
    for (uint32_t i = 0; i < rules->bracket_count; i++) {
        const leverage_bracket_t *from = &rules->brackets[i];
        bracket_rec_t *to = &instrument->brackets[i];
        int64_t cap8 = 0, cum8 = 0;
        (void)to8(from->notional_cap, &cap8);
        (void)to8(from->maintenance_cum, &cum8);
        (void)to8(from->maintenance_rate, &to->rate8);
        to->cap16 = (cost16_t)cap8 * VENUE_E8;
        to->cum16 = (cost16_t)cum8 * VENUE_E8;
        to->leverage_max = from->leverage_max;
    }
    instrument->first_cap16 = rules->bracket_count > 0 ? instrument->brackets[0].cap16 : (cost16_t)VENUE_MONEY8_MAX * VENUE_E8;
    instrument->first_leverage = rules->bracket_count > 0 ? instrument->brackets[0].leverage_max : UINT32_MAX;
}

result_t rules_load(instrument_rec_t *instrument, const instrument_t *rules)
{
    instrument_rec_t numbers = {0};
    bool ok = to8(rules->tick_size, &numbers.tick8) && to8(rules->lot_step, &numbers.step8) &&
              to8(rules->quantity_min, &numbers.quantity_min8) && to8(rules->quantity_max, &numbers.quantity_max8) &&
              to8(rules->market_step, &numbers.market_step8) && to8(rules->market_quantity_min, &numbers.market_min8) &&
              to8(rules->market_quantity_max, &numbers.market_max8) && to8(rules->price_min, &numbers.price_min8) &&
              to8(rules->price_max, &numbers.price_max8) && to8(rules->notional_min, &numbers.notional_min8) &&
              to8(rules->band_up, &numbers.band_up8) && to8(rules->band_down, &numbers.band_down8) &&
              to8(rules->trigger_protect, &numbers.protect8) && to8(rules->liquidation_fee, &numbers.liquidation_fee8);
    ok = ok && numbers.tick8 > 0 && numbers.step8 > 0 && numbers.quantity_min8 >= 0 &&
         numbers.quantity_max8 >= numbers.quantity_min8 && numbers.market_min8 >= 0 && numbers.market_step8 >= 0 &&
         numbers.market_max8 >= 0 && numbers.price_min8 >= 0 && numbers.price_max8 >= 0 && numbers.notional_min8 >= 0 &&
         numbers.liquidation_fee8 >= 0 && numbers.liquidation_fee8 < VENUE_E8 && numbers.protect8 >= 0 && numbers.band_up8 >= 0 &&
         numbers.band_down8 >= 0 && (rules->funding_hours == 0 || 24 % rules->funding_hours == 0) && brackets_sane(rules);
    if (!ok) {
        return RESULT_BAD_ARGUMENT;
    }
    rules_copy(&instrument->rules, rules);
    brackets_load(instrument, rules);
    instrument->spot = rules->kind == INSTRUMENT_SPOT;
    instrument->tick8 = numbers.tick8;
    instrument->step8 = numbers.step8;
    instrument->quantity_min8 = numbers.quantity_min8;
    instrument->quantity_max8 = numbers.quantity_max8 > 0 ? numbers.quantity_max8 : VENUE_MONEY8_MAX;
    instrument->market_step8 = numbers.market_step8 > 0 ? numbers.market_step8 : numbers.step8;
    instrument->market_min8 = numbers.market_min8;
    instrument->market_max8 = numbers.market_max8 > 0 ? numbers.market_max8 : instrument->quantity_max8;
    instrument->price_min8 = numbers.price_min8;
    instrument->price_max8 = numbers.price_max8;
    instrument->notional_min8 = numbers.notional_min8;
    instrument->band_up8 = numbers.band_up8;
    instrument->band_down8 = numbers.band_down8;
    instrument->protect8 = numbers.protect8;
    instrument->liquidation_fee8 = numbers.liquidation_fee8;
    instrument->tick_places = dec_places(rules->tick_size);
    instrument->step_places = dec_places(rules->lot_step);
    rules_band_renew(instrument);
    return RESULT_OK;
}

const bracket_rec_t *rules_bracket(const instrument_rec_t *instrument, cost16_t notional16)
{
    uint32_t count = instrument->rules.bracket_count;
    for (uint32_t i = 0; i < count; i++) {
        if (notional16 < instrument->brackets[i].cap16) {
            return &instrument->brackets[i];
        }
    }
    return count > 0 ? &instrument->brackets[count - 1] : NULL;
}

uint32_t rules_leverage_max(const instrument_rec_t *instrument)
{
    uint32_t highest = 0;
    for (uint32_t i = 0; i < instrument->rules.bracket_count; i++) {
        uint32_t leverage = instrument->brackets[i].leverage_max;
        highest = leverage > highest ? leverage : highest;
    }
    return highest > 0 ? highest : 125;
}

cost16_t rules_notional_max(const instrument_rec_t *instrument, uint32_t leverage)
{
    if (instrument->rules.bracket_count == 0) {
        return (cost16_t)VENUE_MONEY8_MAX * VENUE_E8;
    }
    cost16_t notional16 = 0;
    for (uint32_t i = 0; i < instrument->rules.bracket_count; i++) {
        if (instrument->brackets[i].leverage_max >= leverage) {
            notional16 = instrument->brackets[i].cap16;
        }
    }
    return notional16;
}

cost16_t rules_maintenance(const instrument_rec_t *instrument, cost16_t notional16)
{
    const bracket_rec_t *bracket = rules_bracket(instrument, notional16);
    if (bracket == NULL) {
        return 0;
    }
    cost16_t margin16 = cut16(notional16 * bracket->rate8) - bracket->cum16;
    return margin16 > 0 ? margin16 : 0;
}

/* mark * multiplier, to the tick inside the band. */
static int64_t band_edge8(const instrument_rec_t *instrument, venue_side_t side)
{
    int64_t rate8 = side == VENUE_BUY ? instrument->band_up8 : instrument->band_down8;
    if (rate8 == 0 || instrument->mark8 == 0) {
        return 0;
    }
    int64_t edge8 = rate_of16((cost16_t)instrument->mark8 * VENUE_E8, rate8);
    int64_t inside8 = side == VENUE_BUY ? edge8 : edge8 + instrument->tick8 - 1;
    return inside8 / instrument->tick8 * instrument->tick8;
}

void rules_band_renew(instrument_rec_t *instrument)
{
    instrument->band_edge8[VENUE_BUY] = band_edge8(instrument, VENUE_BUY);
    instrument->band_edge8[VENUE_SELL] = band_edge8(instrument, VENUE_SELL);
}
