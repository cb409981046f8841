/* registry.c: the table of indicators, and the checks that stand between a user's options and an indicator; see registry.h. */
#include "core/indicator/registry.h"

#include "core/base/assert.h"
#include "core/indicator/alma.h"
#include "core/indicator/atr.h"
#include "core/indicator/average.h"
#include "core/indicator/bollinger.h"
#include "core/indicator/bollinger_width.h"
#include "core/indicator/candle_pattern.h"
#include "core/indicator/cci.h"
#include "core/indicator/chande.h"
#include "core/indicator/correlation.h"
#include "core/indicator/cycle.h"
#include "core/indicator/dema.h"
#include "core/indicator/deviation.h"
#include "core/indicator/directional.h"
#include "core/indicator/divergence.h"
#include "core/indicator/dmi.h"
#include "core/indicator/donchian.h"
#include "core/indicator/ema.h"
#include "core/indicator/fibonacci.h"
#include "core/indicator/force_index.h"
#include "core/indicator/hurst.h"
#include "core/indicator/indicator.h"
#include "core/indicator/intraday.h"
#include "core/indicator/kama.h"
#include "core/indicator/keltner.h"
#include "core/indicator/linreg.h"
#include "core/indicator/macd.h"
#include "core/indicator/macd_tv.h"
#include "core/indicator/mama.h"
#include "core/indicator/mfi.h"
#include "core/indicator/momentum.h"
#include "core/indicator/money_flow.h"
#include "core/indicator/obv.h"
#include "core/indicator/oscillator.h"
#include "core/indicator/pivot_points.h"
#include "core/indicator/rma.h"
#include "core/indicator/rsi.h"
#include "core/indicator/sar.h"
#include "core/indicator/sarext.h"
#include "core/indicator/sma.h"
#include "core/indicator/smooth_tv.h"
#include "core/indicator/spread_tv.h"
#include "core/indicator/stochastic.h"
#include "core/indicator/supertrend.h"
#include "core/indicator/support_resistance.h"
#include "core/indicator/swing.h"
#include "core/indicator/trend.h"
#include "core/indicator/true_range.h"
#include "core/indicator/volume_index.h"
#include "core/indicator/volume_profile.h"
#include "core/indicator/volume_spike.h"
#include "core/indicator/vwap.h"
#include "core/indicator/vwma.h"
#include "core/indicator/williams.h"
#include "core/indicator/window.h"
#include "core/indicator/wma.h"

/* One row an indicator. */
static const indicator_kind_t *const kinds[] = {
    &indicator_ad,
    &indicator_adosc,
    &indicator_adosc_tv,
    &indicator_adx,
    &indicator_adxr,
    &indicator_alma,
    &indicator_ao,
    &indicator_apo,
    &indicator_aroon,
    &indicator_aroon_tv,
    &indicator_aroonosc,
    &indicator_atr,
    &indicator_atr_rma,
    &indicator_atr_simple,
    &indicator_bbands,
    &indicator_beta,
    &indicator_bollinger,
    &indicator_bollinger_percent_b,
    &indicator_bollinger_sample,
    &indicator_bollinger_tv,
    &indicator_bollinger_width,
    &indicator_bollinger_width_tv,
    &indicator_bop,
    &indicator_cci,
    &indicator_cci_tv,
    &indicator_cdl_abandoned_baby,
    &indicator_cdl_advance_block,
    &indicator_cdl_belt_hold,
    &indicator_cdl_breakaway,
    &indicator_cdl_closing_marubozu,
    &indicator_cdl_conceal_baby_swallow,
    &indicator_cdl_counterattack,
    &indicator_cdl_dark_cloud_cover,
    &indicator_cdl_doji,
    &indicator_cdl_doji_star,
    &indicator_cdl_dragonfly_doji,
    &indicator_cdl_engulfing,
    &indicator_cdl_evening_doji_star,
    &indicator_cdl_evening_star,
    &indicator_cdl_gap_side_side_white,
    &indicator_cdl_gravestone_doji,
    &indicator_cdl_hammer,
    &indicator_cdl_hanging_man,
    &indicator_cdl_harami,
    &indicator_cdl_harami_cross,
    &indicator_cdl_high_wave,
    &indicator_cdl_hikkake,
    &indicator_cdl_hikkake_mod,
    &indicator_cdl_homing_pigeon,
    &indicator_cdl_identical_three_crows,
    &indicator_cdl_in_neck,
    &indicator_cdl_inverted_hammer,
    &indicator_cdl_kicking,
    &indicator_cdl_kicking_by_length,
    &indicator_cdl_ladder_bottom,
    &indicator_cdl_long_legged_doji,
    &indicator_cdl_long_line,
    &indicator_cdl_marubozu,
    &indicator_cdl_mat_hold,
    &indicator_cdl_matching_low,
    &indicator_cdl_morning_doji_star,
    &indicator_cdl_morning_star,
    &indicator_cdl_on_neck,
    &indicator_cdl_piercing,
    &indicator_cdl_rickshaw_man,
    &indicator_cdl_rise_fall_three_methods,
    &indicator_cdl_separating_lines,
    &indicator_cdl_shooting_star,
    &indicator_cdl_short_line,
    &indicator_cdl_spinning_top,
    &indicator_cdl_stalled,
    &indicator_cdl_stick_sandwich,
    &indicator_cdl_takuri,
    &indicator_cdl_tasuki_gap,
    &indicator_cdl_three_black_crows,
    &indicator_cdl_three_inside,
    &indicator_cdl_three_line_strike,
    &indicator_cdl_three_outside,
    &indicator_cdl_three_stars_in_south,
    &indicator_cdl_three_white_soldiers,
    &indicator_cdl_thrusting,
    &indicator_cdl_tristar,
    &indicator_cdl_two_crows,
    &indicator_cdl_unique_three_river,
    &indicator_cdl_upside_gap_two_crows,
    &indicator_cdl_x_side_gap_three_methods,
    &indicator_cmf,
    &indicator_cmo,
    &indicator_cmo_plain,
    &indicator_cog,
    &indicator_correl,
    &indicator_correl_tv,
    &indicator_dema,
    &indicator_dev,
    &indicator_dev_tv,
    &indicator_dmi,
    &indicator_dmi_plain,
    &indicator_donchian,
    &indicator_dx,
    &indicator_ema,
    &indicator_ema_first,
    &indicator_ema_tv,
    &indicator_fibonacci,
    &indicator_force_index,
    &indicator_highest,
    &indicator_highestbars,
    &indicator_hma,
    &indicator_ht_dcperiod,
    &indicator_ht_dcphase,
    &indicator_ht_phasor,
    &indicator_ht_sine,
    &indicator_ht_trendline,
    &indicator_ht_trendmode,
    &indicator_hurst,
    &indicator_ichimoku,
    &indicator_iii,
    &indicator_kama,
    &indicator_keltner,
    &indicator_keltner_tv,
    &indicator_keltner_width,
    &indicator_linreg,
    &indicator_lowest,
    &indicator_lowestbars,
    &indicator_lsma,
    &indicator_ma,
    &indicator_macd,
    &indicator_macd_divergence,
    &indicator_macd_tv,
    &indicator_macdext,
    &indicator_macdfix,
    &indicator_mama,
    &indicator_mfi,
    &indicator_mfi_close,
    &indicator_midpoint,
    &indicator_midprice,
    &indicator_minus_di,
    &indicator_minus_dm,
    &indicator_mom,
    &indicator_natr,
    &indicator_nvi,
    &indicator_obv,
    &indicator_pivot_camarilla,
    &indicator_pivot_classic,
    &indicator_pivot_dm,
    &indicator_pivot_fibonacci,
    &indicator_pivot_traditional,
    &indicator_pivot_woodie,
    &indicator_plus_di,
    &indicator_plus_dm,
    &indicator_ppo,
    &indicator_pvi,
    &indicator_pvt,
    &indicator_range,
    &indicator_rma,
    &indicator_rma_tv,
    &indicator_roc,
    &indicator_rocp,
    &indicator_rocr,
    &indicator_rocr100,
    &indicator_rsi,
    &indicator_rsi_divergence,
    &indicator_rsi_plain,
    &indicator_rsi_tv,
    &indicator_sar,
    &indicator_sar_tv,
    &indicator_sarext,
    &indicator_sma,
    &indicator_sma_tv,
    &indicator_stddev,
    &indicator_stddev_tv,
    &indicator_stoch,
    &indicator_stochf,
    &indicator_stochrsi,
    &indicator_sum,
    &indicator_supertrend,
    &indicator_support_resistance,
    &indicator_swing,
    &indicator_swma,
    &indicator_t3,
    &indicator_tema,
    &indicator_tr,
    &indicator_trima,
    &indicator_trix,
    &indicator_tsi,
    &indicator_ultosc,
    &indicator_variance,
    &indicator_variance_tv,
    &indicator_volume_profile,
    &indicator_volume_spike,
    &indicator_vortex,
    &indicator_vwap,
    &indicator_vwap_rolling,
    &indicator_vwma,
    &indicator_wad,
    &indicator_willr,
    &indicator_wma,
    &indicator_wvad,
    &indicator_zscore,
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

uint32_t indicator_count(void)
{
    return KIND_COUNT;
}

const indicator_kind_t *indicator_at(uint32_t index)
{
    return index < KIND_COUNT ? kinds[index] : NULL;
}

const indicator_kind_t *indicator_find(str_t name, const indicator_kind_t **nearest)
{
    const indicator_kind_t *like = NULL;
    unsigned like_distance = 4; /* farther than three slips of the pen is another word */
    for (uint32_t i = 0; i < KIND_COUNT; i++) {
        str_t known = str_from(kinds[i]->name);
        if (str_eq_nocase(name, known)) {
            return kinds[i];
        }
        unsigned distance = str_distance(name, known);
        if (distance < like_distance) {
            like_distance = distance;
            like = kinds[i];
        }
    }
    if (nearest != NULL) {
        *nearest = like;
    }
    return NULL;
}

void indicator_presets(const indicator_kind_t *kind, double options[INDICATOR_OPTIONS_MAX])
{
    for (uint32_t i = 0; i < INDICATOR_OPTIONS_MAX; i++) {
        options[i] = i < kind->option_count ? kind->options[i].preset : 0.0;
    }
}

result_t indicator_option_check(const indicator_option_t *option, double value)
{
    if (!(value >= option->minimum && value <= option->maximum)) { /* NaN fails both */
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    if (option->kind == OPTION_WHOLE && (double)(int64_t)value != value) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    return RESULT_OK;
}

result_t indicator_check(const indicator_kind_t *kind, const double *options, uint32_t *wrong)
{
    for (uint32_t i = 0; i < kind->option_count; i++) {
        result_t result = indicator_option_check(&kind->options[i], options[i]);
        if (result != RESULT_OK) {
            if (wrong != NULL) {
                *wrong = i;
            }
            return result;
        }
    }
    result_t result = kind->check != NULL ? kind->check(options) : RESULT_OK;
    if (result != RESULT_OK && wrong != NULL) {
        *wrong = 0;
    }
    return result;
}

uint32_t indicator_output_warm_up(const indicator_kind_t *kind, const double *options, uint32_t output)
{
    return kind->output_warm_up != NULL ? kind->output_warm_up(options, output) : kind->warm_up(options);
}
