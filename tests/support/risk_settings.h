/* risk_settings.h: risk settings that stand in nobody's way, for tests that are about something else; a test changes the values it
 * is about. */
#pragma once

#include "core/base/time.h"
#include "core/risk/limits.h"

static inline risk_config_t test_risk_settings(void)
{
    const dec_t whole = dec_from_int(100), much = dec_from_int(10000000);
    return (risk_config_t){
        .risk_pct = dec_from_int(2),
        .risk_basis = RISK_BASIS_WALLET,
        .sizing = SIZING_RISK_PERCENT,
        .leverage = 20,
        .margin_type = MARGIN_CROSSED,
        .position_mode = POSITION_MODE_ONE_WAY,
        .concurrent_symbol_max = 3,
        .concurrent_total_max = 10,
        .multiple_orders = MULTIPLE_ORDERS_ALLOW,
        .pending_entry = PENDING_ENTRY_KEEP,
        .unknown_orders_max = 5,
        .orders_per_window_max = 100,
        .orders_window_ns = 10 * NS_PER_S,
        .levels = LEVELS_SIGNAL,
        .reward_risk_min = dec_from_scaled(5, 1),
        .liquidation_buffer_pct = dec_from_int(10),
        .margin_use_max_pct = whole,
        .notional_symbol_max = much,
        .notional_total_max = much,
        .asset_share_max_pct = whole,
        .price_collar_pct = dec_from_int(10),
        .spread_max_pct = DEC_ONE,
        .price_age_max_ns = 60 * NS_PER_S,
        .account_age_max_ns = NS_PER_HOUR,
        .rules_age_max_ns = 10 * NS_PER_DAY,
        .signal_age_max_ns = NS_PER_HOUR,
        .entry_type = ENTRY_LIMIT,
        .marketable = MARKETABLE_CLAMP,
        .trigger_by = TRIGGER_BY_CONTRACT,
        .ladder_rows = 1,
        .ladder = {{dec_from_int(80), dec_from_int(80), dec_from_int(50)}},
        .protect_tries_max = 3,
        .exit_uncovered_ns = 5 * NS_PER_S,
        .unknown_protect_ns = NS_PER_S,
        .triggering_max_ns = 2 * NS_PER_S,
        .inquiry_first_ns = NS_PER_S,
        .inquiry_max_ns = 30 * NS_PER_S,
        .forget_ns = NS_PER_HOUR,
        .snapshot_interval_ns = 10 * NS_PER_MIN,
    };
}

/* M's tiers: from 0.7: 8 at 5x; from 0.5: 6 at 4x; else 4 at 4x. */
static inline void test_risk_tiers(sizing_tier_t tiers[SIZING_TIERS])
{
    tiers[0] = (sizing_tier_t){.confidence_min = dec_from_scaled(7, 1), .cost = dec_from_int(8), .leverage = 5};
    tiers[1] = (sizing_tier_t){.confidence_min = dec_from_scaled(5, 1), .cost = dec_from_int(6), .leverage = 4};
    tiers[2] = (sizing_tier_t){.confidence_min = DEC_ZERO, .cost = dec_from_int(4), .leverage = 4};
}
