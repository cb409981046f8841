/* limits.c: what a whole risk configuration must satisfy, and its digest. */
#include "core/risk/limits.h"

#include "core/base/assert.h"

static bool percent_in(dec_t value, bool zero_allowed, int most)
{
    return (dec_sign(value) > 0 || (zero_allowed && dec_is_zero(value))) && dec_le(value, dec_from_int(most));
}

static bool positive(dec_t value)
{
    return dec_sign(value) > 0;
}

static const char *wrong_size(const risk_config_t *c)
{
    return !percent_in(c->risk_pct, false, 100)                                                 ? "risk_pct"
           : c->risk_basis < RISK_BASIS_WALLET || c->risk_basis > RISK_BASIS_AVAILABLE          ? "risk_basis"
           : !percent_in(c->fee_pct, true, 10)                                                  ? "fee_pct"
           : !percent_in(c->slippage_pct, true, 50)                                             ? "slippage_pct"
           : c->leverage < 1 || c->leverage > 125                                               ? "leverage"
           : c->margin_type < MARGIN_ISOLATED || c->margin_type > MARGIN_CROSSED                ? "margin_type"
           : c->position_mode < POSITION_MODE_ONE_WAY || c->position_mode > POSITION_MODE_HEDGE ? "position_mode"
                                                                                                : NULL;
}

static const char *wrong_sizing(const risk_config_t *c)
{
    for (uint32_t i = 0; i < SIZING_TIERS && c->sizing == SIZING_BY_TIER; i++) {
        const sizing_tier_t *tier = &c->tiers[i];
        const bool last = i + 1 == SIZING_TIERS;
        if (!positive(tier->cost) || tier->leverage < 1 || tier->leverage > 125 || dec_gt(tier->confidence_min, DEC_ONE) ||
            (last ? !dec_is_zero(tier->confidence_min) : dec_le(tier->confidence_min, c->tiers[i + 1].confidence_min))) {
            return "tiers";
        }
    }
    const bool kelly = c->sizing == SIZING_KELLY;
    return c->sizing < SIZING_RISK_PERCENT || c->sizing > SIZING_ATR                             ? "sizing"
           : c->sizing == SIZING_FIXED_FRACTION && !percent_in(c->fraction_pct, false, 100)      ? "fraction_pct"
           : dec_sign(c->cost_max) < 0                                                           ? "cost_max"
           : kelly && (!positive(c->kelly_first_pct) || dec_gt(c->kelly_first_pct, c->risk_pct)) ? "kelly_first_pct"
           : kelly && (c->kelly_trades_min < 1 || c->kelly_trades_min > RISK_RESULTS_MAX)        ? "kelly_trades_min"
           : kelly && c->kelly_window_ns < 1                                                     ? "kelly_window_ns"
           : c->sizing == SIZING_ATR && !positive(c->size_atr_multiple)                          ? "size_atr_multiple"
           : !percent_in(c->drawdown_limit_pct, true, 100)                                       ? "drawdown_limit_pct"
           : c->poor_trades_min > SYMBOL_RESULTS_MAX                                             ? "poor_trades_min"
           : c->poor_trades_min > 0 && !percent_in(c->poor_win_rate_pct, false, 100)             ? "poor_win_rate_pct"
           : c->poor_trades_min > 0 && c->poor_window_ns < 1                                     ? "poor_window_ns"
                                                                                                 : NULL;
}

static const char *wrong_counts(const risk_config_t *c)
{
    return c->concurrent_symbol_max < 1                                                                ? "concurrent_symbol_max"
           : c->concurrent_total_max < 1                                                               ? "concurrent_total_max"
           : c->multiple_orders < MULTIPLE_ORDERS_REFUSE || c->multiple_orders > MULTIPLE_ORDERS_ALLOW ? "multiple_orders"
           : c->pending_entry < PENDING_ENTRY_KEEP || c->pending_entry > PENDING_ENTRY_REPLACE         ? "pending_entry"
           : c->unknown_orders_max < 1 || c->unknown_orders_max > 64                                   ? "unknown_orders_max"
           : c->orders_per_window_max < 1 || c->orders_per_window_max > 250                            ? "orders_per_window_max"
           : c->orders_window_ns < 1                                                                   ? "orders_window_ns"
                                                                                                       : NULL;
}

static const char *wrong_levels(const risk_config_t *c)
{
    if (c->levels < LEVELS_SIGNAL || c->levels > LEVELS_ATR) {
        return "levels";
    }
    if (c->levels == LEVELS_PERCENT) {
        return !percent_in(c->stop_pct, false, 99) ? "stop_pct" : !percent_in(c->target_pct, false, 1000) ? "target_pct" : NULL;
    }
    if (c->levels == LEVELS_ATR) {
        return !positive(c->atr_stop_multiple)                                                              ? "atr_stop_multiple"
               : !positive(c->atr_target_multiple)                                                          ? "atr_target_multiple"
               : !percent_in(c->stop_pct_max, false, 99)                                                    ? "stop_pct_max"
               : !percent_in(c->stop_pct_min, true, 99) || dec_gt(c->stop_pct_min, c->stop_pct_max)         ? "stop_pct_min"
               : !percent_in(c->target_pct_max, false, 1000)                                                ? "target_pct_max"
               : !percent_in(c->target_pct_min, true, 1000) || dec_gt(c->target_pct_min, c->target_pct_max) ? "target_pct_min"
                                                                                                            : NULL;
    }
    return NULL;
}

static const char *wrong_caps(const risk_config_t *c)
{
    return dec_sign(c->reward_risk_min) < 0                    ? "reward_risk_min"
           : !percent_in(c->liquidation_buffer_pct, false, 99) ? "liquidation_buffer_pct"
           : !percent_in(c->margin_use_max_pct, false, 100)    ? "margin_use_max_pct"
           : !positive(c->notional_symbol_max)                 ? "notional_symbol_max"
           : !positive(c->notional_total_max)                  ? "notional_total_max"
           : !percent_in(c->asset_share_max_pct, false, 100)   ? "asset_share_max_pct"
           : dec_sign(c->asset_share_from) < 0                 ? "asset_share_from"
           : !percent_in(c->price_collar_pct, false, 100)      ? "price_collar_pct"
           : !percent_in(c->spread_max_pct, false, 100)        ? "spread_max_pct"
           : c->price_age_max_ns < 1                           ? "price_age_max_ns"
           : c->account_age_max_ns < 1                         ? "account_age_max_ns"
           : c->rules_age_max_ns < 1                           ? "rules_age_max_ns"
           : c->signal_age_max_ns < 1                          ? "signal_age_max_ns"
                                                               : NULL;
}

static const char *wrong_ladder(const risk_config_t *c)
{
    if (c->ladder_rows > RISK_LADDER_ROWS_MAX) {
        return "ladder_rows";
    }
    for (uint32_t i = 0; i < c->ladder_rows; i++) {
        const ladder_row_t *row = &c->ladder[i];
        if (!percent_in(row->trigger_pct, false, 100) || !percent_in(row->close_pct, false, 100) || dec_sign(row->stop_pct) < 0 ||
            dec_ge(row->stop_pct, row->trigger_pct)) {
            return "ladder";
        }
        if (i > 0 && (dec_le(row->trigger_pct, c->ladder[i - 1].trigger_pct) || dec_lt(row->stop_pct, c->ladder[i - 1].stop_pct))) {
            return "ladder";
        }
    }
    return NULL;
}

static const char *wrong_times(const risk_config_t *c)
{
    return c->entry_type < ENTRY_LIMIT || c->entry_type > ENTRY_FOK                    ? "entry_type"
           : c->marketable < MARKETABLE_CLAMP || c->marketable > MARKETABLE_REFUSE     ? "marketable"
           : c->entry_ttl_ns < 0                                                       ? "entry_ttl_ns"
           : c->stop_cooldown_ns < 0                                                   ? "stop_cooldown_ns"
           : c->trigger_by < TRIGGER_BY_CONTRACT || c->trigger_by > TRIGGER_BY_MARK    ? "trigger_by"
           : c->protect_tries_max < 1 || c->protect_tries_max > 10                     ? "protect_tries_max"
           : c->exit_uncovered_ns < 1                                                  ? "exit_uncovered_ns"
           : c->unknown_protect_ns < 1 || c->unknown_protect_ns > c->exit_uncovered_ns ? "unknown_protect_ns"
           : c->triggering_max_ns < 1                                                  ? "triggering_max_ns"
           : c->inquiry_first_ns < 1                                                   ? "inquiry_first_ns"
           : c->inquiry_max_ns < c->inquiry_first_ns                                   ? "inquiry_max_ns"
           : c->forget_ns < c->inquiry_max_ns                                          ? "forget_ns"
           : c->snapshot_interval_ns < 1                                               ? "snapshot_interval_ns"
                                                                                       : NULL;
}

result_t risk_config_check(const risk_config_t *config, const char **field)
{
    ASSERT(config != NULL);
    static const char *(*const parts[])(const risk_config_t *) = {wrong_size, wrong_sizing, wrong_counts, wrong_levels,
                                                                  wrong_caps, wrong_ladder, wrong_times};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const char *wrong = parts[i](config);
        if (wrong != NULL) {
            if (field != NULL) {
                *field = wrong;
            }
            return RESULT_BAD_ARGUMENT;
        }
    }
    return RESULT_OK;
}

/* --- digest: every value as little-endian bytes in declaration order -------------------------- */

static void take_u64(sha256_t *sha, uint64_t value)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
    sha256_update(sha, bytes, sizeof bytes);
}

static void take_dec(sha256_t *sha, dec_t value)
{
    take_u64(sha, (uint64_t)value.units);
    take_u64(sha, (uint64_t)(value.units >> 64));
}

static void take_decimals(sha256_t *sha, const risk_config_t *c)
{
    const dec_t decimals[] = {
        c->risk_pct,
        c->fee_pct,
        c->slippage_pct,
        c->stop_pct,
        c->target_pct,
        c->atr_stop_multiple,
        c->atr_target_multiple,
        c->stop_pct_min,
        c->stop_pct_max,
        c->target_pct_min,
        c->target_pct_max,
        c->reward_risk_min,
        c->liquidation_buffer_pct,
        c->margin_use_max_pct,
        c->notional_symbol_max,
        c->notional_total_max,
        c->asset_share_max_pct,
        c->asset_share_from,
        c->price_collar_pct,
        c->spread_max_pct,
        c->fraction_pct,
        c->cost_max,
        c->kelly_first_pct,
        c->size_atr_multiple,
        c->drawdown_limit_pct,
        c->poor_win_rate_pct,
    };
    for (size_t i = 0; i < sizeof decimals / sizeof decimals[0]; i++) {
        take_dec(sha, decimals[i]);
    }
}

static void take_numbers(sha256_t *sha, const risk_config_t *c)
{
    const uint64_t numbers[] = {
        (uint64_t)c->risk_basis,
        c->leverage,
        (uint64_t)c->margin_type,
        (uint64_t)c->position_mode,
        c->concurrent_symbol_max,
        c->concurrent_total_max,
        (uint64_t)c->multiple_orders,
        (uint64_t)c->pending_entry,
        c->unknown_orders_max,
        c->orders_per_window_max,
        (uint64_t)c->orders_window_ns,
        (uint64_t)c->levels,
        (uint64_t)c->price_age_max_ns,
        (uint64_t)c->account_age_max_ns,
        (uint64_t)c->rules_age_max_ns,
        (uint64_t)c->signal_age_max_ns,
        (uint64_t)c->entry_type,
        (uint64_t)c->marketable,
        (uint64_t)c->entry_ttl_ns,
        (uint64_t)c->stop_cooldown_ns,
        (uint64_t)c->trigger_by,
        c->ladder_rows,
        c->protect_tries_max,
        (uint64_t)c->exit_uncovered_ns,
        (uint64_t)c->unknown_protect_ns,
        (uint64_t)c->triggering_max_ns,
        (uint64_t)c->inquiry_first_ns,
        (uint64_t)c->inquiry_max_ns,
        (uint64_t)c->forget_ns,
        (uint64_t)c->snapshot_interval_ns,
        (uint64_t)c->sizing,
        c->kelly_trades_min,
        (uint64_t)c->kelly_window_ns,
        c->poor_trades_min,
        (uint64_t)c->poor_window_ns,
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        take_u64(sha, numbers[i]);
    }
}

static void take_tables(sha256_t *sha, const risk_config_t *c)
{
    for (uint32_t i = 0; i < c->ladder_rows && i < RISK_LADDER_ROWS_MAX; i++) {
        take_dec(sha, c->ladder[i].trigger_pct);
        take_dec(sha, c->ladder[i].close_pct);
        take_dec(sha, c->ladder[i].stop_pct);
    }
    for (uint32_t i = 0; i < SIZING_TIERS; i++) {
        take_dec(sha, c->tiers[i].confidence_min);
        take_dec(sha, c->tiers[i].cost);
        take_u64(sha, c->tiers[i].leverage);
    }
}

void risk_config_digest(const risk_config_t *config, uint8_t digest[32])
{
    ASSERT(config != NULL && digest != NULL);
    sha256_t sha;
    sha256_init(&sha);
    take_decimals(&sha, config);
    take_numbers(&sha, config);
    take_tables(&sha, config);
    sha256_final(&sha, digest);
}
