/* fault_acts.c: see fault_acts.h. One function an act; for every instrument and account that the fault names, or for all. */
#include "edge/face/fault/fault_acts.h"

#include <stdio.h>
#include <string.h>

#include "edge/face/world/world_acts.h"

typedef struct {
    world_t *world;
    const fault_spec_t *spec;
    fault_edge_t edge;
    venue_account_t account;
    instrument_id_t instrument;
} place_t;

/* RESULT_NOT_FOUND: nothing to do here, which is no failure as long as there is something elsewhere. */
typedef result_t act_fn(const place_t *place);

static result_t act_on(const place_t *place, world_act_t act)
{
    act.account = place->account;
    act.instrument = place->instrument;
    return world_act(place->world, &act, NULL);
}

static dec_t amount(const place_t *place, unsigned parameter)
{
    return place->spec->values[parameter].amount;
}

/* --- market ----------------------------------------------------------------------------------- */

/* -5 (percent) -> 0.95 */
static dec_t factor_of(dec_t percent)
{
    dec_t share;
    return dec_div(percent, dec_from_int(100), DEC_ROUND_DOWN, &share) == RESULT_OK ? dec_plus(DEC_ONE, share) : DEC_ONE;
}

static result_t px_gap(const place_t *place)
{
    return act_on(place, (world_act_t){.kind = WORLD_PRICE_SCALE, .amount = factor_of(amount(place, 0))});
}

static result_t px_wick(const place_t *place)
{
    dec_t price = venue_last_price(world_venue(place->world), place->instrument);
    if (dec_is_zero(price))
        price = venue_mark(world_venue(place->world), place->instrument).mark;
    if (dec_is_zero(price) || dec_mul(price, factor_of(amount(place, 0)), DEC_ROUND_HALF_EVEN, &price) != RESULT_OK)
        return RESULT_NOT_FOUND;
    return act_on(place, (world_act_t){.kind = WORLD_PRICE_JUMP, .amount = price});
}

static result_t fill_partial(const place_t *place)
{
    return act_on(place, (world_act_t){.kind = WORLD_STREET, .amount = place->edge == FAULT_BEGINS ? amount(place, 0) : DEC_ONE});
}

static result_t fund(const place_t *place)
{
    return act_on(place, (world_act_t){.kind = WORLD_FUNDING, .amount = amount(place, 0)});
}

static result_t liq(const place_t *place)
{
    return act_on(place, (world_act_t){.kind = WORLD_LIQUIDATE});
}

static result_t adl(const place_t *place)
{
    return act_on(place, (world_act_t){.kind = WORLD_DELEVERAGE, .amount = amount(place, 0)});
}

static result_t fee_asset(const place_t *place)
{
    bool begins = place->edge == FAULT_BEGINS;
    world_act_t act = {.kind = WORLD_FEE_ASSET, .number = begins, .amount = amount(place, 1)};
    (void)str_copy(str_from(place->spec->values[0].text), act.text, sizeof act.text);
    result_t result = act_on(place, act);
    act.kind = WORLD_TRANSFER;
    act.amount = amount(place, 2);
    return result == RESULT_OK && begins && !dec_is_zero(act.amount) ? act_on(place, act) : result;
}

/* --- the venue -------------------------------------------------------------------------------- */

static result_t set_status(const place_t *place, instrument_status_t status)
{
    return world_status(place->world, place->instrument, place->edge == FAULT_BEGINS ? status : INSTRUMENT_TRADING);
}

static result_t sym_halt(const place_t *place)
{
    return set_status(place, INSTRUMENT_HALTED);
}

static void cancel_all_accounts(const place_t *place)
{
    for (uint32_t i = 0; i < world_account_count(place->world); i++) {
        place_t here = *place;
        here.account = world_account_at(place->world, i)->account;
        (void)act_on(&here, (world_act_t){.kind = WORLD_CANCEL_EVERYTHING});
    }
}

static result_t sym_delist(const place_t *place)
{
    if (place->edge == FAULT_BEGINS)
        cancel_all_accounts(place);
    return set_status(place, INSTRUMENT_CLOSED);
}

static result_t sym_rename(const place_t *place)
{
    world_act_t act = {.kind = WORLD_RENAME};
    (void)str_copy(str_from(place->spec->values[0].text), act.text, sizeof act.text);
    return act_on(place, act);
}

static result_t maint(const place_t *place)
{
    enum { MAINT_HALT, MAINT_CANCEL, MAINT_CANCEL_ONLY, MAINT_DOWN };
    int64_t kind = fault_number(place->spec, 0);
    if (kind == MAINT_DOWN)
        return RESULT_OK;
    if (kind == MAINT_CANCEL && place->edge == FAULT_BEGINS)
        cancel_all_accounts(place);
    return set_status(place, INSTRUMENT_HALTED);
}

/* Times the factor, or back again. */
static bool scale(const place_t *place, unsigned parameter, dec_t *value)
{
    dec_t factor = amount(place, parameter);
    return place->edge == FAULT_BEGINS ? dec_mul(*value, factor, DEC_ROUND_UP, value) == RESULT_OK
                                       : dec_div(*value, factor, DEC_ROUND_HALF_EVEN, value) == RESULT_OK;
}

/* A smallest quantity that is one step, or less than the new one, is one step again. */
static bool scale_step(const place_t *place, dec_t *step, dec_t *least)
{
    bool one_step = dec_eq(*least, *step);
    if (dec_is_zero(*step))
        return true;
    if (!scale(place, 1, step))
        return false;
    if (one_step || dec_lt(*least, *step))
        *least = *step;
    return dec_places(*step) <= 8;
}

static result_t flt_change(const place_t *place)
{
    instrument_t rules = *venue_instrument_at(world_venue(place->world), place->instrument);
    bool fits = scale(place, 0, &rules.tick_size) && scale_step(place, &rules.lot_step, &rules.quantity_min) &&
                scale_step(place, &rules.market_step, &rules.market_quantity_min) && scale(place, 2, &rules.notional_min);
    return fits && dec_places(rules.tick_size) <= 8 ? world_rules_set(place->world, place->instrument, &rules)
                                                    : RESULT_BAD_ARGUMENT;
}

static result_t prot_stuck(const place_t *place)
{
    return act_on(place,
                  (world_act_t){.kind = WORLD_STOPS, .number = place->edge == FAULT_BEGINS ? VENUE_STOP_STUCKS : VENUE_STOP_FREED});
}

static result_t prot_vanish(const place_t *place)
{
    enum { HOW_TOLD, HOW_SILENT, HOW_REJECTED };
    int64_t how = fault_number(place->spec, 0);
    return act_on(place, (world_act_t){.kind = WORLD_STOPS,
                                       .number = how == HOW_REJECTED ? VENUE_STOP_REJECTED : VENUE_STOP_VANISHES,
                                       .silent = how == HOW_SILENT});
}

static result_t dms_fire(const place_t *place)
{
    return act_on(place, (world_act_t){.kind = WORLD_CANCEL_EVERYTHING});
}

/* --- the user --------------------------------------------------------------------------------- */

static result_t mode_change(const place_t *place)
{
    enum { TO_HEDGE, TO_ONE_WAY, TO_ISOLATED, TO_CROSS, TO_LEVERAGE };
    venue_reply_t reply;
    dec_t notional_max;
    switch (fault_number(place->spec, 0)) {
    case TO_HEDGE:
    case TO_ONE_WAY:
        reply = world_set_mode(place->world, place->account,
                               fault_number(place->spec, 0) == TO_HEDGE ? VENUE_MODE_HEDGE : VENUE_MODE_ONE_WAY);
        break;
    case TO_ISOLATED:
    case TO_CROSS:
        reply = world_set_margin(place->world, place->account, place->instrument,
                                 fault_number(place->spec, 0) == TO_ISOLATED ? VENUE_MARGIN_ISOLATED : VENUE_MARGIN_CROSS);
        break;
    case TO_LEVERAGE:
        reply = world_set_leverage(place->world, place->account, place->instrument, (uint32_t)fault_number(place->spec, 1),
                                   &notional_max);
        break;
    default:
        return RESULT_UNKNOWN_VALUE;
    }
    bool same = reply.reject == VENUE_REJECT_POSITION_MODE_SAME || reply.reject == VENUE_REJECT_MARGIN_TYPE_SAME;
    return reply.reject == VENUE_REJECT_NONE || same ? RESULT_OK : RESULT_BAD_STATE;
}

static result_t trade_by_hand(const place_t *place, venue_side_t side, venue_position_side_t leg, dec_t quantity, bool closes)
{
    venue_place_t order = {.account = place->account,
                           .instrument = place->instrument,
                           .side = side,
                           .position_side = leg,
                           .type = VENUE_MARKET,
                           .quantity = quantity,
                           .reduce_only = closes && leg == VENUE_POSITION_BOTH};
    order.reduce_only_sent = order.reduce_only;
    return world_place(place->world, &order, NULL).reject == VENUE_REJECT_NONE ? RESULT_OK : RESULT_NOT_FOUND;
}

static result_t close_by_hand(const place_t *place)
{
    result_t result = RESULT_NOT_FOUND;
    for (unsigned leg = VENUE_POSITION_BOTH; leg <= VENUE_POSITION_SHORT; leg++) {
        venue_position_t position;
        memset(&position, 0, sizeof position);
        (void)venue_position(world_venue(place->world), place->account, place->instrument, (venue_position_side_t)leg, &position);
        if (!dec_is_zero(position.amount))
            result = trade_by_hand(place, dec_sign(position.amount) > 0 ? VENUE_SELL : VENUE_BUY, (venue_position_side_t)leg,
                                   dec_abs(position.amount), true);
    }
    return result;
}

static result_t move_money(const place_t *place, int sign)
{
    world_act_t act = {.kind = WORLD_TRANSFER, .amount = sign < 0 ? dec_neg(amount(place, 1)) : amount(place, 1)};
    const instrument_t *rules = venue_instrument_at(world_venue(place->world), place->instrument);
    (void)str_copy(str_from(rules->settle), act.text, sizeof act.text);
    return act_on(place, act);
}

static result_t user_act(const place_t *place)
{
    enum { DO_BUY, DO_SELL, DO_CLOSE, DO_CANCEL, DO_DEPOSIT, DO_WITHDRAW };
    venue_account_view_t view = {0};
    (void)venue_account_view(world_venue(place->world), place->account, &view);
    bool hedge = view.mode == VENUE_MODE_HEDGE;
    switch (fault_number(place->spec, 0)) {
    case DO_BUY:
        return trade_by_hand(place, VENUE_BUY, hedge ? VENUE_POSITION_LONG : VENUE_POSITION_BOTH, amount(place, 1), false);
    case DO_SELL:
        return trade_by_hand(place, VENUE_SELL, hedge ? VENUE_POSITION_SHORT : VENUE_POSITION_BOTH, amount(place, 1), false);
    case DO_CLOSE:
        return close_by_hand(place);
    case DO_CANCEL:
        return act_on(place, (world_act_t){.kind = WORLD_CANCEL_EVERYTHING});
    case DO_DEPOSIT:
        return move_money(place, 1);
    case DO_WITHDRAW:
        return move_money(place, -1);
    default:
        return RESULT_UNKNOWN_VALUE;
    }
}

/* --- the table -------------------------------------------------------------------------------- */

/* Over what it goes: each instrument, each account, both; once for a thing that has no instrument (a mode, money). */
typedef enum { EACH_INSTRUMENT, EACH_PAIR, EACH_ACCOUNT } reach_t;

static const struct {
    fault_knob_t knob;
    reach_t reach;
    bool undone; /* its end means something */
    act_fn *run;
} acts[] = {
    {FAULT_FILL_PARTIAL, EACH_INSTRUMENT, true, fill_partial},
    {FAULT_PX_GAP, EACH_INSTRUMENT, false, px_gap},
    {FAULT_PX_WICK, EACH_INSTRUMENT, false, px_wick},
    {FAULT_FEE_ASSET, EACH_ACCOUNT, true, fee_asset},
    {FAULT_FUND, EACH_INSTRUMENT, false, fund},
    {FAULT_LIQ, EACH_PAIR, false, liq},
    {FAULT_ADL, EACH_PAIR, false, adl},
    {FAULT_FLT_CHANGE, EACH_INSTRUMENT, true, flt_change},
    {FAULT_SYM_HALT, EACH_INSTRUMENT, true, sym_halt},
    {FAULT_SYM_DELIST, EACH_INSTRUMENT, true, sym_delist},
    {FAULT_SYM_RENAME, EACH_INSTRUMENT, false, sym_rename},
    {FAULT_MODE_CHANGE, EACH_PAIR, false, mode_change},
    {FAULT_USER_ACT, EACH_PAIR, false, user_act},
    {FAULT_MAINT, EACH_INSTRUMENT, true, maint},
    {FAULT_PROT_STUCK, EACH_PAIR, true, prot_stuck},
    {FAULT_PROT_VANISH, EACH_PAIR, false, prot_vanish},
    {FAULT_DMS_FIRE, EACH_PAIR, false, dms_fire},
};

static bool is_meant(const char *wanted, const char *name)
{
    return wanted[0] == '\0' || str_eq_nocase(str_from(wanted), str_from(name));
}

/* RESULT_OK when it happened anywhere. */
static result_t run_everywhere(world_t *world, const fault_spec_t *spec, fault_edge_t edge, act_fn *run, reach_t reach)
{
    const venue_t *venue = world_venue(world);
    result_t result = RESULT_NOT_FOUND;
    uint32_t accounts = reach == EACH_INSTRUMENT ? 1 : world_account_count(world);
    uint32_t instruments = reach == EACH_ACCOUNT ? 1 : venue_instrument_count(venue);
    bool once = spec->knob == FAULT_USER_ACT && fault_number(spec, 0) >= 4; /* money is moved once an account */
    for (uint32_t a = 0; a < accounts; a++) {
        const world_account_t *account = world_account_at(world, a);
        bool done = false;
        for (uint32_t i = 0; i < instruments && !(once && done); i++) {
            if ((reach != EACH_ACCOUNT && !is_meant(spec->symbol, venue_instrument_at(venue, (instrument_id_t)i)->symbol)) ||
                (reach != EACH_INSTRUMENT && !is_meant(spec->account, account->name)))
                continue;
            place_t place = {world, spec, edge, reach == EACH_INSTRUMENT ? 0 : account->account, (instrument_id_t)i};
            result_t here = run(&place);
            done = here == RESULT_OK;
            if (here == RESULT_OK || (result == RESULT_NOT_FOUND && here != RESULT_OK))
                result = result == RESULT_OK ? result : here;
        }
    }
    return result;
}

result_t fault_act_on_world(world_t *world, const fault_armed_t *fault, fault_edge_t edge, char why[FAULT_ERROR_MAX])
{
    const fault_spec_t *spec = &fault->spec;
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        if (acts[i].knob != spec->knob)
            continue;
        if (edge == FAULT_ENDS && !acts[i].undone)
            return RESULT_OK;
        result_t result = run_everywhere(world, spec, edge, acts[i].run, acts[i].reach);
        snprintf(why, FAULT_ERROR_MAX, "%s: %s%s", fault_row(spec->knob)->name, result_text(result),
                 result == RESULT_UNSUPPORTED ? ": a recording stays as it was recorded" : "");
        return result;
    }
    return RESULT_UNSUPPORTED;
}
