/* size.c: risk ceiling first, then the method's own quantity below it; see size.h. */
#include "core/risk/size.h"

#include "core/base/assert.h"

static const int64_t HUNDRED = 100;

/* w = wins / trades, R = mean win / mean loss; without a loss R has no bound and the cap holds. */
static result_t kelly_risk(const size_question_t *q, dec_t *kelly, dec_t *risk_pct)
{
    const size_results_t *seen = &q->results;
    dec_t rate = DEC_ZERO, mean_won = DEC_ZERO, mean_lost = DEC_ZERO, ratio = DEC_ZERO;
    *kelly = DEC_ONE;
    *risk_pct = q->config->risk_pct;
    if (seen->trades < q->config->kelly_trades_min) {
        *risk_pct = q->config->kelly_first_pct;
        return RESULT_OK;
    }
    if (seen->wins == 0) {
        *kelly = *risk_pct = DEC_ZERO;
        return RESULT_OK;
    }
    if (seen->losses == 0) {
        return RESULT_OK;
    }
    result_t result = dec_div(dec_from_int(seen->wins), dec_from_int(seen->trades), DEC_ROUND_FLOOR, &rate);
    result = result == RESULT_OK ? dec_div(seen->won, dec_from_int(seen->wins), DEC_ROUND_DOWN, &mean_won) : result;
    result = result == RESULT_OK ? dec_div(seen->lost, dec_from_int(seen->losses), DEC_ROUND_UP, &mean_lost) : result;
    result = result == RESULT_OK ? dec_div(mean_won, mean_lost, DEC_ROUND_DOWN, &ratio) : result;
    if (result != RESULT_OK || dec_sign(ratio) <= 0) { /* wins that vanish beside the losses */
        *kelly = *risk_pct = DEC_ZERO;
        return result;
    }
    return sizing_kelly(rate, ratio, q->config->risk_pct, kelly, risk_pct);
}

/* What drawdown, regime and market leave of any size. */
static result_t scale_of(const size_question_t *q, dec_t *scale)
{
    dec_t limit = DEC_ZERO, factor = DEC_ONE;
    result_t result = RESULT_OK;
    if (!dec_is_zero(q->config->drawdown_limit_pct)) {
        result = dec_div(q->config->drawdown_limit_pct, dec_from_int(HUNDRED), DEC_ROUND_DOWN, &limit);
        result = result == RESULT_OK ? sizing_drawdown_factor(q->drawdown, limit, &factor) : result;
    }
    return result == RESULT_OK ? dec_mul(factor, q->scale, DEC_ROUND_DOWN, scale) : result;
}

/* The farther one of the stop and of a multiple of the ATR: sizing by a nearer one would risk more than asked. */
static result_t farther_stop(const size_question_t *q, dec_t *stop)
{
    const bool is_long = dec_lt(q->stop, q->entry);
    dec_t by_atr = DEC_ZERO;
    const result_t result =
        sizing_atr_stop(q->entry, q->atr, q->config->size_atr_multiple, is_long, q->instrument->tick_size, &by_atr);
    if (result == RESULT_OK) {
        *stop = is_long ? dec_min(q->stop, by_atr) : dec_max(q->stop, by_atr);
    }
    return result;
}

/* The quantity of the methods that do not start from the risk; *quantity stays for the others. */
static result_t own_quantity(const size_question_t *q, dec_t scale, dec_t *quantity, uint32_t *leverage)
{
    const risk_config_t *config = q->config;
    dec_t wanted = *quantity, scaled = DEC_ZERO;
    result_t result = RESULT_OK;
    if (config->sizing == SIZING_FIXED_FRACTION) {
        result = sizing_fixed_fraction(q->basis, config->fraction_pct, q->entry, q->instrument, &wanted);
    } else if (config->sizing == SIZING_BY_TIER) {
        const sizing_caps_t caps = {.cost_max = config->cost_max, .leverage_max = config->leverage};
        sizing_tiered_t tiered;
        result = sizing_tiered(config->tiers, &caps, q->confidence, q->entry, q->instrument, &tiered);
        if (result == RESULT_OK) {
            wanted = tiered.quantity;
            *leverage = tiered.leverage;
        }
    } else {
        return RESULT_OK;
    }
    result = result == RESULT_OK ? dec_mul(wanted, scale, DEC_ROUND_DOWN, &scaled) : result;
    result = result == RESULT_OK ? sizing_fit(q->instrument, q->entry, scaled, &wanted) : result;
    if (result == RESULT_OK) {
        *quantity = dec_min(*quantity, wanted);
    }
    return result;
}

result_t size_find(const size_question_t *question, size_answer_t *answer)
{
    ASSERT(question != NULL && question->config != NULL && question->instrument != NULL && answer != NULL);
    const size_question_t *q = question;
    size_answer_t found = {.end = SIZE_FOUND, .risk_pct = q->config->risk_pct, .leverage = q->config->leverage};
    sizing_request_t request = {.basis = q->basis,
                                .entry = q->entry,
                                .stop = q->stop,
                                .fee_pct = q->config->fee_pct,
                                .slippage_pct = q->config->slippage_pct};
    dec_t scale = DEC_ONE;
    sizing_t ceiling = {.quantity = DEC_ZERO};
    result_t result = scale_of(q, &scale);
    if (result == RESULT_OK && q->config->sizing == SIZING_KELLY) {
        result = kelly_risk(q, &found.kelly, &found.risk_pct);
        found.end = result == RESULT_OK && dec_is_zero(found.risk_pct) ? SIZE_NO_EDGE : SIZE_FOUND;
    }
    if (result == RESULT_OK && q->config->sizing == SIZING_ATR) {
        found.end = dec_sign(q->atr) > 0 ? SIZE_FOUND : SIZE_NO_ATR;
        result = found.end == SIZE_FOUND ? farther_stop(q, &request.stop) : result;
    }
    if (result == RESULT_OK && found.end != SIZE_FOUND) {
        *answer = found;
        return RESULT_OK;
    }
    result = result == RESULT_OK ? dec_mul(found.risk_pct, scale, DEC_ROUND_DOWN, &found.risk_pct) : result;
    request.risk_pct = found.risk_pct;
    result = result == RESULT_OK ? sizing_compute(&request, q->instrument, &ceiling) : result;
    request.stop = q->stop;
    found.quantity = ceiling.quantity;
    result = result == RESULT_OK ? own_quantity(q, scale, &found.quantity, &found.leverage) : result;
    result = result == RESULT_OK ? sizing_risk(&request, found.quantity, &found.risk_amount) : result;
    if (result == RESULT_OK && dec_is_zero(found.quantity)) {
        found.end = SIZE_BELOW_MINIMUM;
        result = sizing_percent_needed(&request, q->instrument, &found.risk_pct_needed);
    }
    if (result == RESULT_OK) {
        *answer = found;
    }
    return result;
}
