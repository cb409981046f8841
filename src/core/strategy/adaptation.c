/* adaptation.c: results of named signals and of symbols; see adaptation.h. */
#include "core/strategy/adaptation.h"

#include "core/base/assert.h"

static const uint32_t KEPT_BITS = ((uint32_t)1 << SIGNAL_RESULTS_KEPT) - 1;

void signal_results_add(signal_results_t *results, bool won)
{
    results->wins = (results->wins << 1 | (won ? 1u : 0u)) & KEPT_BITS;
    results->count += results->count < SIGNAL_RESULTS_KEPT;
}

double signal_results_win_rate(const signal_results_t *results)
{
    uint32_t wins = 0;
    for (uint32_t i = 0; i < results->count; i++) {
        wins += results->wins >> i & 1u;
    }
    return results->count > 0 ? (double)wins / (double)results->count : 0.0;
}

adaptation_rules_t adaptation_rules_default(void)
{
    return (adaptation_rules_t){.results_min = 3, .low_rate = 0.35, .low_factor = 0.5, .high_rate = 0.70, .high_factor = 1.2};
}

double signal_results_factor(const signal_results_t *results, const adaptation_rules_t *rules)
{
    const double rate = signal_results_win_rate(results);
    if (results->count < rules->results_min) {
        return 1.0;
    }
    return rate < rules->low_rate ? rules->low_factor : rate > rules->high_rate ? rules->high_factor : 1.0;
}

void score_weights_adapt(const double *configured, const signal_results_t results[SCORE_WEIGHTS], const adaptation_rules_t *rules,
                         double *weights)
{
    for (uint32_t i = 0; i < SCORE_WEIGHTS; i++) {
        weights[i] = configured[i] * signal_results_factor(&results[i], rules);
    }
}

void score_results_add(signal_results_t results[SCORE_WEIGHTS], uint64_t states, direction_t side, bool won)
{
    for (uint32_t i = 0; i < SCORE_WEIGHTS; i++) {
        if (score_rows[i].side == side && (states >> score_rows[i].feature & 1u) != 0) {
            signal_results_add(&results[i], won);
        }
    }
}

/* --- symbols ---------------------------------------------------------------------------------- */

void symbol_trades_add(symbol_trades_t *trades, int64_t closed_ns, bool won)
{
    trades->closed_ns[trades->next] = closed_ns;
    trades->won[trades->next] = won;
    trades->next = (trades->next + 1) % SYMBOL_TRADES_KEPT;
    trades->count += trades->count < SYMBOL_TRADES_KEPT;
}

/* Within the window at that time: enough trades, too few of them won. *oldest_ns: the first of them. */
static bool is_poor(const symbol_trades_t *trades, const symbol_rules_t *rules, int64_t now_ns, int64_t *oldest_ns, double *rate)
{
    uint32_t closed = 0, wins = 0;
    *oldest_ns = INT64_MAX;
    for (uint32_t i = 0; i < trades->count; i++) {
        if (now_ns - trades->closed_ns[i] < rules->window_ns) {
            closed++;
            wins += trades->won[i];
            *oldest_ns = trades->closed_ns[i] < *oldest_ns ? trades->closed_ns[i] : *oldest_ns;
        }
    }
    *rate = closed > 0 ? (double)wins / (double)closed : 0.0;
    return rules->trades_min > 0 && closed >= rules->trades_min && (double)wins < rules->win_rate_min * (double)closed;
}

bool symbol_is_skipped(const symbol_trades_t *trades, const symbol_rules_t *rules, int64_t now_ns, int64_t *until_ns,
                       double *win_rate)
{
    int64_t oldest_ns = 0, at_ns = now_ns;
    double rate = 0.0, later = 0.0;
    if (!is_poor(trades, rules, now_ns, &oldest_ns, &rate)) {
        return false;
    }
    /* the record can only change when a trade leaves the window: at most as many steps as trades */
    for (uint32_t i = 0; i <= trades->count && is_poor(trades, rules, at_ns, &oldest_ns, &later); i++) {
        at_ns = oldest_ns + rules->window_ns;
    }
    if (until_ns != NULL) {
        *until_ns = at_ns;
    }
    if (win_rate != NULL) {
        *win_rate = rate;
    }
    return true;
}
