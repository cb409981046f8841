/* adaptation.c: results of named signals and of symbols; see adaptation.h. */
#include "core/strategy/adaptation.h"

#include "core/base/assert.h"
#include "core/base/time.h"

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

double signal_results_factor(const signal_results_t *results)
{
    const double rate = signal_results_win_rate(results);
    if (results->count < 3) {
        return 1.0;
    }
    return rate < 0.35 ? 0.5 : rate > 0.70 ? 1.2 : 1.0;
}

score_rules_t score_rules_adapted(const score_rules_t *configured, const signal_results_t results[SCORE_WEIGHTS])
{
    score_rules_t rules = *configured;
    for (uint32_t i = 0; i < SCORE_WEIGHTS; i++) {
        rules.weights[i] *= signal_results_factor(&results[i]);
    }
    return rules;
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

static const int64_t WINDOW_NS = 12 * NS_PER_HOUR;
enum { TRADES_MIN = 3 };

void symbol_trades_add(symbol_trades_t *trades, int64_t closed_ns, bool won)
{
    trades->closed_ns[trades->next] = closed_ns;
    trades->won[trades->next] = won;
    trades->next = (trades->next + 1) % SYMBOL_TRADES_KEPT;
    trades->count += trades->count < SYMBOL_TRADES_KEPT;
}

/* Within the window at that time: enough trades, too few of them won. *oldest_ns: the first of them. */
static bool is_poor(const symbol_trades_t *trades, int64_t now_ns, int64_t *oldest_ns)
{
    uint32_t closed = 0, wins = 0;
    *oldest_ns = INT64_MAX;
    for (uint32_t i = 0; i < trades->count; i++) {
        if (now_ns - trades->closed_ns[i] < WINDOW_NS) {
            closed++;
            wins += trades->won[i];
            *oldest_ns = trades->closed_ns[i] < *oldest_ns ? trades->closed_ns[i] : *oldest_ns;
        }
    }
    return closed >= TRADES_MIN && (double)wins < 0.30 * (double)closed;
}

bool symbol_is_skipped(const symbol_trades_t *trades, int64_t now_ns, int64_t *until_ns)
{
    int64_t oldest_ns = 0, at_ns = now_ns;
    if (!is_poor(trades, now_ns, &oldest_ns)) {
        return false;
    }
    /* the record can only change when a trade leaves the window: at most as many steps as trades */
    for (uint32_t i = 0; i <= trades->count && is_poor(trades, at_ns, &oldest_ns); i++) {
        at_ns = oldest_ns + WINDOW_NS;
    }
    if (until_ns != NULL) {
        *until_ns = at_ns;
    }
    return true;
}
