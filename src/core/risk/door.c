/* door.c: the ordered table of checks. Each check either lets the order pass or names its objection and the two figures it
 * compared. Later checks build on what earlier ones have put into the verdict (levels, then size, then leverage).
 */
#include "core/risk/door.h"

#include "core/base/assert.h"
#include "core/base/time.h"
#include "core/risk/liquidation.h"
#include "core/risk/size.h"
#include "core/risk/trade_levels.h"

typedef door_reason_t (*door_check_t)(const door_facts_t *facts, door_verdict_t *verdict);

static door_reason_t object(door_verdict_t *verdict, door_reason_t reason, dec_t first, dec_t second)
{
    verdict->figure[0] = first;
    verdict->figure[1] = second;
    return reason;
}

static dec_t seconds(int64_t ns)
{
    return dec_from_scaled(ns, 9);
}

static dec_t count(uint32_t value)
{
    return dec_from_int((int64_t)value);
}

static bool too_old(int64_t now_ns, int64_t then_ns, int64_t allowed_ns)
{
    return then_ns <= 0 || now_ns - then_ns > allowed_ns;
}

static bool is_long(const door_facts_t *facts)
{
    return facts->signal->side == SIDE_LONG;
}

/* --- who may trade at all --------------------------------------------------------------------- */

static door_reason_t check_configuration(const door_facts_t *f, door_verdict_t *v)
{
    (void)v;
    return f->config == NULL || risk_config_check(f->config, NULL) != RESULT_OK ? DOOR_CONFIGURATION : DOOR_ACCEPTED;
}

static door_reason_t check_signal(const door_facts_t *f, door_verdict_t *v)
{
    (void)v;
    if (f->signal == NULL || signal_check(f->signal) != RESULT_OK) {
        return DOOR_SIGNAL_INVALID;
    }
    if (f->signal->exit_of != 0) {
        return DOOR_SIGNAL_INVALID; /* an exit is no order for the door */
    }
    return f->signal_seen ? DOOR_SIGNAL_DUPLICATE : DOOR_ACCEPTED;
}

/* What the signal half itself holds against the entry. */
static door_reason_t check_veto(const door_facts_t *f, door_verdict_t *v)
{
    static const door_reason_t reasons[SIGNAL_VETO_COUNT] = {
        [SIGNAL_VETO_NONE] = DOOR_ACCEPTED, [SIGNAL_VETO_MARKET] = DOOR_MARKET_STATE, [SIGNAL_VETO_REGIME] = DOOR_REGIME};
    dec_t figures[2] = {DEC_ZERO, DEC_ZERO};
    for (size_t i = 0; i < 2; i++) {
        if (dec_from_double(f->signal->veto_figure[i], 4, &figures[i]) != RESULT_OK) {
            return DOOR_ARITHMETIC;
        }
    }
    const door_reason_t reason = reasons[f->signal->veto];
    return reason == DOOR_ACCEPTED ? reason : object(v, reason, figures[0], figures[1]);
}

static door_reason_t check_kill_level(const door_facts_t *f, door_verdict_t *v)
{
    return f->kill_level > 0 ? object(v, DOOR_KILL_LEVEL, count(f->kill_level), DEC_ZERO) : DOOR_ACCEPTED;
}

static door_reason_t check_session(const door_facts_t *f, door_verdict_t *v)
{
    (void)v;
    if (f->paused) {
        return DOOR_PAUSED;
    }
    if (!f->reconciled) {
        return DOOR_NOT_RECONCILED;
    }
    return f->capability_lost ? DOOR_CAPABILITY : DOOR_ACCEPTED;
}

static door_reason_t check_signal_age(const door_facts_t *f, door_verdict_t *v)
{
    const int64_t by_limit = f->config->signal_age_max_ns;
    const int64_t by_signal = f->signal->expires_ns - f->signal->made_ns;
    const int64_t allowed = by_limit < by_signal ? by_limit : by_signal;
    const int64_t age = f->now_ns - f->signal->made_ns;
    return age > allowed ? object(v, DOOR_SIGNAL_EXPIRED, seconds(age), seconds(allowed)) : DOOR_ACCEPTED;
}

/* --- what is known of the symbol, its price and the account ----------------------------------- */

static door_reason_t check_symbol(const door_facts_t *f, door_verdict_t *v)
{
    if (f->instrument == NULL || dec_sign(f->instrument->tick_size) <= 0 ||
        too_old(f->now_ns, f->rules_ns, f->config->rules_age_max_ns)) {
        return object(v, DOOR_RULES_UNKNOWN, seconds(f->now_ns - f->rules_ns), seconds(f->config->rules_age_max_ns));
    }
    if (f->symbol_frozen) {
        return DOOR_SYMBOL_FROZEN;
    }
    return f->instrument->status != INSTRUMENT_TRADING ? DOOR_SYMBOL_NOT_TRADING : DOOR_ACCEPTED;
}

static door_reason_t check_cooldown(const door_facts_t *f, door_verdict_t *v)
{
    const int64_t since = f->now_ns - f->losing_stop_ns, rest = f->config->stop_cooldown_ns;
    return f->losing_stop_ns != 0 && since < rest ? object(v, DOOR_COOLDOWN, seconds(since), seconds(rest)) : DOOR_ACCEPTED;
}

static door_reason_t check_record(const door_facts_t *f, door_verdict_t *v)
{
    const int64_t left = f->poor_until_ns - f->now_ns;
    return f->poor_until_ns != 0 && left > 0 ? object(v, DOOR_POOR_RECORD, f->poor_rate_pct, seconds(left)) : DOOR_ACCEPTED;
}

static door_reason_t check_price(const door_facts_t *f, door_verdict_t *v)
{
    if (!f->price_known || dec_sign(f->bid) <= 0 || dec_sign(f->mark) <= 0 || dec_lt(f->ask, f->bid) ||
        too_old(f->now_ns, f->price_ns, f->config->price_age_max_ns)) {
        return object(v, DOOR_STALE_PRICE, f->price_known ? seconds(f->now_ns - f->price_ns) : DEC_ZERO,
                      seconds(f->config->price_age_max_ns));
    }
    dec_t spread = DEC_ZERO;
    if (dec_mul_div(dec_minus(f->ask, f->bid), dec_from_int(100), f->bid, DEC_ROUND_UP, &spread) != RESULT_OK) {
        return DOOR_ARITHMETIC;
    }
    return dec_gt(spread, f->config->spread_max_pct) ? object(v, DOOR_SPREAD, spread, f->config->spread_max_pct) : DOOR_ACCEPTED;
}

static door_reason_t check_account(const door_facts_t *f, door_verdict_t *v)
{
    if (!f->account_known || too_old(f->now_ns, f->account_ns, f->config->account_age_max_ns)) {
        return object(v, DOOR_ACCOUNT_UNKNOWN, f->account_known ? seconds(f->now_ns - f->account_ns) : DEC_ZERO,
                      seconds(f->config->account_age_max_ns));
    }
    return f->mode != f->config->position_mode ? DOOR_POSITION_MODE : DOOR_ACCEPTED;
}

/* --- counts ----------------------------------------------------------------------------------- */

static door_reason_t check_pressure(const door_facts_t *f, door_verdict_t *v)
{
    if (!f->counts_known) {
        return DOOR_COUNT_UNKNOWN;
    }
    if (f->unknown_orders >= f->config->unknown_orders_max) {
        return object(v, DOOR_UNKNOWN_ORDERS, count(f->unknown_orders), count(f->config->unknown_orders_max));
    }
    if (f->orders_in_window >= f->config->orders_per_window_max) {
        return object(v, DOOR_ORDER_RATE, count(f->orders_in_window), count(f->config->orders_per_window_max));
    }
    /* Room for the entry, its stop, its target, a replacement of each, the ladder and the exit is reserved before the entry. */
    if (f->trades_free < 1 || f->orders_free < 8) {
        return object(v, DOOR_NO_ROOM, count(f->orders_free), dec_from_int(8));
    }
    return DOOR_ACCEPTED;
}

static door_reason_t check_counts(const door_facts_t *f, door_verdict_t *v)
{
    if (!dec_is_zero(f->opposite) && f->config->position_mode == POSITION_MODE_ONE_WAY) {
        return object(v, DOOR_POSITION_OPPOSITE, f->opposite, DEC_ZERO);
    }
    if (f->count_symbol > 0 && f->config->multiple_orders == MULTIPLE_ORDERS_REFUSE) {
        return object(v, DOOR_POSITION_OPEN, count(f->count_symbol), DEC_ZERO);
    }
    if (f->count_symbol >= f->config->concurrent_symbol_max) {
        return object(v, DOOR_MAX_CONCURRENT, count(f->count_symbol), count(f->config->concurrent_symbol_max));
    }
    if (f->count_total >= f->config->concurrent_total_max) {
        return object(v, DOOR_TOTAL_LIMIT, count(f->count_total), count(f->config->concurrent_total_max));
    }
    return DOOR_ACCEPTED;
}

/* --- prices ----------------------------------------------------------------------------------- */

/* Has the market already passed a limit entry: LONG at or above the ask, SHORT at or below the bid? */
static bool is_marketable(const door_facts_t *f, dec_t entry)
{
    return is_long(f) ? dec_ge(entry, f->ask) : dec_le(entry, f->bid);
}

static bool entry_rests(entry_type_t type)
{
    switch (type) {
    case ENTRY_LIMIT:
    case ENTRY_POST_ONLY:
    case ENTRY_IOC:
    case ENTRY_FOK:
        return true;
    case ENTRY_MARKET:
    case ENTRY_STOP:
    case ENTRY_STOP_LIMIT:
        return false;
    }
    return false;
}

static door_reason_t entry_price(const door_facts_t *f, door_verdict_t *v)
{
    const dec_round_t safe = is_long(f) ? DEC_ROUND_FLOOR : DEC_ROUND_CEILING;
    const dec_t touch = is_long(f) ? f->ask : f->bid;
    if (f->config->entry_type == ENTRY_MARKET) {
        v->entry = touch;
        return DOOR_ACCEPTED;
    }
    if (dec_quantise(f->signal->entry, f->instrument->tick_size, safe, &v->entry) != RESULT_OK || dec_sign(v->entry) <= 0) {
        return DOOR_LEVELS;
    }
    if (!entry_rests(f->config->entry_type) || !is_marketable(f, v->entry)) {
        return DOOR_ACCEPTED;
    }
    if (f->config->marketable == MARKETABLE_REFUSE || f->config->entry_type == ENTRY_POST_ONLY) {
        return object(v, DOOR_ENTRY_PASSED, v->entry, touch);
    }
    if (f->config->marketable == MARKETABLE_CLAMP) {
        v->entry = touch;
    }
    return DOOR_ACCEPTED;
}

static door_reason_t check_levels(const door_facts_t *f, door_verdict_t *v)
{
    door_reason_t reason = entry_price(f, v);
    if (reason != DOOR_ACCEPTED) {
        return reason;
    }
    trade_levels_t levels = {DEC_ZERO, DEC_ZERO};
    if (f->config->levels == LEVELS_SIGNAL) {
        /* The market may stand beyond the signal's own stop; that has its own name. */
        const dec_t market = is_long(f) ? dec_min(f->bid, f->mark) : dec_max(f->ask, f->mark);
        if (is_long(f) ? dec_le(market, f->signal->stop) : dec_ge(market, f->signal->stop)) {
            return object(v, DOOR_STOP_PASSED, market, f->signal->stop);
        }
    }
    if (trade_levels_compute(f->config, f->instrument, f->signal, v->entry, f->atr, &levels) != RESULT_OK) {
        return object(v, DOOR_LEVELS, v->entry, f->atr);
    }
    v->stop = levels.stop;
    v->target = levels.target;
    return DOOR_ACCEPTED;
}

static door_reason_t check_price_quality(const door_facts_t *f, door_verdict_t *v)
{
    if (dec_is_zero(f->best_existing)) {
        return DOOR_ACCEPTED;
    }
    const bool better = is_long(f) ? dec_lt(v->entry, f->best_existing) : dec_gt(v->entry, f->best_existing);
    return better ? DOOR_ACCEPTED : object(v, DOOR_PRICE_QUALITY, v->entry, f->best_existing);
}

static door_reason_t check_collar(const door_facts_t *f, door_verdict_t *v)
{
    dec_t away = DEC_ZERO;
    if (dec_mul_div(dec_abs(dec_minus(v->entry, f->mark)), dec_from_int(100), f->mark, DEC_ROUND_UP, &away) != RESULT_OK) {
        return DOOR_ARITHMETIC;
    }
    return dec_gt(away, f->config->price_collar_pct) ? object(v, DOOR_PRICE_COLLAR, away, f->config->price_collar_pct)
                                                     : DOOR_ACCEPTED;
}

static door_reason_t check_band(const door_facts_t *f, door_verdict_t *v)
{
    const instrument_t *i = f->instrument;
    dec_t edge = DEC_ZERO;
    const dec_t factor = is_long(f) ? i->band_up : i->band_down;
    if (dec_sign(factor) > 0) {
        if (dec_mul(f->mark, factor, is_long(f) ? DEC_ROUND_DOWN : DEC_ROUND_UP, &edge) != RESULT_OK) {
            return DOOR_ARITHMETIC;
        }
        if (is_long(f) ? dec_gt(v->entry, edge) : dec_lt(v->entry, edge)) {
            return object(v, DOOR_PRICE_BAND, v->entry, edge);
        }
    }
    const dec_t prices[] = {v->entry, v->stop, v->target};
    for (size_t n = 0; n < sizeof prices / sizeof prices[0]; n++) {
        if (dec_sign(i->price_min) > 0 && dec_lt(prices[n], i->price_min)) {
            return object(v, DOOR_PRICE_BAND, prices[n], i->price_min);
        }
        if (dec_sign(i->price_max) > 0 && dec_gt(prices[n], i->price_max)) {
            return object(v, DOOR_PRICE_BAND, prices[n], i->price_max);
        }
    }
    return DOOR_ACCEPTED;
}

static door_reason_t check_reward(const door_facts_t *f, door_verdict_t *v)
{
    dec_t ratio = DEC_ZERO;
    if (trade_levels_reward_risk(v->entry, v->stop, v->target, &ratio) != RESULT_OK) {
        return DOOR_ARITHMETIC;
    }
    return dec_lt(ratio, f->config->reward_risk_min) ? object(v, DOOR_RISK_REWARD, ratio, f->config->reward_risk_min)
                                                     : DOOR_ACCEPTED;
}

/* --- size, leverage, margin, caps ------------------------------------------------------------- */

static dec_t basis(const door_facts_t *f)
{
    switch (f->config->risk_basis) {
    case RISK_BASIS_WALLET:
        return f->wallet;
    case RISK_BASIS_EQUITY:
        return f->equity;
    case RISK_BASIS_AVAILABLE:
        return f->available;
    }
    return DEC_ZERO;
}

static door_reason_t check_size(const door_facts_t *f, door_verdict_t *v)
{
    size_question_t question = {
        .config = f->config,
        .instrument = f->instrument,
        .basis = basis(f),
        .entry = v->entry,
        .stop = v->stop,
        .atr = f->atr,
        .drawdown = f->drawdown,
        .scale = dec_minus(DEC_ONE, f->signal->size_cut),
        .results = f->results,
    };
    size_answer_t size;
    if (dec_sign(question.basis) <= 0) {
        return object(v, DOOR_MARGIN, DEC_ZERO, question.basis);
    }
    if (dec_from_double(f->signal->confidence, 8, &question.confidence) != RESULT_OK || size_find(&question, &size) != RESULT_OK) {
        return DOOR_ARITHMETIC;
    }
    v->quantity = size.quantity;
    v->risk_amount = size.risk_amount;
    v->leverage = size.leverage;
    switch (size.end) {
    case SIZE_FOUND:
        return DOOR_ACCEPTED;
    case SIZE_NO_EDGE:
        return object(v, DOOR_NO_EDGE, size.kelly, count(f->results.trades));
    case SIZE_NO_ATR:
        return DOOR_NO_ATR;
    case SIZE_BELOW_MINIMUM:
        break;
    }
    return object(v, DOOR_QUANTITY_BELOW_MINIMUM, size.risk_pct_needed, size.risk_pct);
}

static result_t notional_of(const door_verdict_t *v, dec_t *notional)
{
    return dec_mul(v->quantity, v->entry, DEC_ROUND_UP, notional);
}

static door_reason_t check_leverage(const door_facts_t *f, door_verdict_t *v)
{
    dec_t notional = DEC_ZERO;
    if (notional_of(v, &notional) != RESULT_OK || dec_add(notional, f->notional_symbol, &notional) != RESULT_OK) {
        return DOOR_ARITHMETIC;
    }
    const uint32_t allowed = liquidation_leverage(f->instrument, notional, v->leverage);
    if (allowed == 0) {
        return object(v, DOOR_LEVERAGE, count(f->leverage_in_force), DEC_ZERO);
    }
    v->leverage = allowed;
    if (f->exposed) {
        /* Leverage is never changed while the symbol is exposed: what is in force must do. */
        if (f->leverage_in_force == 0 || f->leverage_in_force > allowed) {
            return object(v, DOOR_LEVERAGE, count(f->leverage_in_force), count(allowed));
        }
        v->leverage = f->leverage_in_force;
    }
    return DOOR_ACCEPTED;
}

static door_reason_t check_margin(const door_facts_t *f, door_verdict_t *v)
{
    dec_t needed = DEC_ZERO, usable = DEC_ZERO, notional = DEC_ZERO;
    if (notional_of(v, &notional) != RESULT_OK || dec_div(notional, count(v->leverage), DEC_ROUND_UP, &needed) != RESULT_OK ||
        dec_mul_div(f->wallet, f->config->margin_use_max_pct, dec_from_int(100), DEC_ROUND_DOWN, &usable) != RESULT_OK ||
        dec_sub(usable, f->margin_used, &usable) != RESULT_OK) {
        return DOOR_ARITHMETIC;
    }
    usable = dec_min(usable, f->available);
    return dec_gt(needed, usable) ? object(v, DOOR_MARGIN, needed, usable) : DOOR_ACCEPTED;
}

static door_reason_t check_caps(const door_facts_t *f, door_verdict_t *v)
{
    dec_t added = DEC_ZERO, symbol = DEC_ZERO, total = DEC_ZERO, asset = DEC_ZERO, share = DEC_ZERO;
    if (notional_of(v, &added) != RESULT_OK || dec_add(added, f->notional_symbol, &symbol) != RESULT_OK ||
        dec_add(added, f->notional_total, &total) != RESULT_OK || dec_add(added, f->notional_asset, &asset) != RESULT_OK ||
        dec_mul_div(asset, dec_from_int(100), total, DEC_ROUND_UP, &share) != RESULT_OK) {
        return DOOR_ARITHMETIC;
    }
    if (dec_gt(symbol, f->config->notional_symbol_max)) {
        return object(v, DOOR_NOTIONAL_CAP, symbol, f->config->notional_symbol_max);
    }
    if (dec_gt(total, f->config->notional_total_max)) {
        return object(v, DOOR_NOTIONAL_TOTAL, total, f->config->notional_total_max);
    }
    /* Concentration counts the resulting book, and only from a size on, so that a first order is possible (R162). */
    if (!dec_is_zero(f->notional_total) && dec_ge(total, f->config->asset_share_from) &&
        dec_gt(share, f->config->asset_share_max_pct)) {
        return object(v, DOOR_DIVERSIFICATION, share, f->config->asset_share_max_pct);
    }
    return DOOR_ACCEPTED;
}

static door_reason_t check_liquidation(const door_facts_t *f, door_verdict_t *v)
{
    dec_t notional = DEC_ZERO, margin = DEC_ZERO, farthest = DEC_ZERO;
    result_t result = notional_of(v, &notional);
    if (result == RESULT_OK && f->config->margin_type == MARGIN_ISOLATED) {
        result = dec_div(notional, count(v->leverage), DEC_ROUND_DOWN, &margin);
    } else {
        margin = dec_max(f->available, DEC_ZERO);
    }
    if (result == RESULT_OK) {
        result = liquidation_price(f->instrument, f->signal->side, v->quantity, v->entry, margin, &v->liquidation);
    }
    if (result != RESULT_OK) {
        return DOOR_ARITHMETIC;
    }
    if (dec_is_zero(v->liquidation) && is_long(f)) {
        return DOOR_ACCEPTED;
    }
    if (liquidation_farthest_stop(v->liquidation, v->entry, f->config->liquidation_buffer_pct, &farthest) != RESULT_OK) {
        return DOOR_ARITHMETIC;
    }
    const bool before = is_long(f) ? dec_ge(v->stop, farthest) : dec_le(v->stop, farthest);
    return before ? DOOR_ACCEPTED : object(v, DOOR_STOP_BEYOND_LIQUIDATION, v->stop, farthest);
}

static const struct {
    const char *name;
    door_check_t check;
} checks[] = {
    {"configuration", check_configuration},
    {"signal", check_signal},
    {"kill level", check_kill_level},
    {"session", check_session},
    {"signal age", check_signal_age},
    {"veto", check_veto},
    {"symbol", check_symbol},
    {"cooldown", check_cooldown},
    {"record", check_record},
    {"price", check_price},
    {"account", check_account},
    {"pressure", check_pressure},
    {"counts", check_counts},
    {"levels", check_levels},
    {"collar", check_collar},
    {"band", check_band},
    {"reward", check_reward},
    {"size", check_size},
    {"leverage", check_leverage},
    {"margin", check_margin},
    {"caps", check_caps},
    {"liquidation", check_liquidation},
    {"price quality", check_price_quality}, /* after risk, before the intent (ORD-16) */
};

void door_pass(const door_facts_t *facts, door_verdict_t *verdict)
{
    ASSERT(facts != NULL && verdict != NULL);
    *verdict = (door_verdict_t){.reason = DOOR_ACCEPTED};
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        verdict->reason = checks[i].check(facts, verdict);
        if (verdict->reason != DOOR_ACCEPTED) {
            return;
        }
    }
    verdict->figure[0] = verdict->quantity;
    verdict->figure[1] = verdict->risk_amount;
}
