/* test_market_state.c: the parts of a timeframe's market state and its regime against their definitions, computed anew by plain
 * loops. shows: STR-9, R073, R108
 *
 * The market goes through stretches that rise, fall, stand and shake, so that every step of every part is met; the test counts
 * them.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/strategy/market_state.h"
#include "support/plain_indicators.h"

enum { BARS = 4000, STRETCH = 125 };

static indicator_bar_t bars[BARS];
static double ema_21[BARS], ema_50[BARS], ema_200[BARS], macd[BARS], macd_signal[BARS], atr[BARS];

static void market_make(void)
{
    prng_t prng;
    double price = 1000.0;
    prng_seed(&prng, 12);
    for (int i = 0; i < BARS; i++) {
        static const double drifts[] = {0.002, 0.0, -0.002, 0.0003, -0.0005},
                            widths[] = {0.002, 0.004, 0.008, 0.002, 0.014, 0.003, 0.03};
        const double drift = drifts[i / STRETCH % 5], width = widths[i / STRETCH % 7], open = price;
        price *= 1.0 + drift + width * 0.4 * prng_normal(&prng);
        bars[i] = (indicator_bar_t){.open = open,
                                    .high = fmax(open, price) * (1.0 + width * prng_unit(&prng)),
                                    .low = fmin(open, price) * (1.0 - width * prng_unit(&prng)),
                                    .close = price,
                                    .volume = 1.0};
    }
}

static void average(double period, const double *values, double *out)
{
    out[0] = values[0];
    for (int i = 1; i < BARS; i++) {
        out[i] = out[i - 1] + 2.0 / (period + 1.0) * (values[i] - out[i - 1]);
    }
}

static void averages_make(void)
{
    static double closes[BARS], fast[BARS], slow[BARS];
    for (int i = 0; i < BARS; i++) {
        closes[i] = bars[i].close;
    }
    average(21, closes, ema_21);
    average(50, closes, ema_50);
    average(200, closes, ema_200);
    average(12, closes, fast);
    average(26, closes, slow);
    for (int i = 0; i < BARS; i++) {
        macd[i] = fast[i] - slow[i];
        atr[i] = i < PLAIN_WINDOW ? NAN : plain_atr(bars, i);
    }
    average(9, macd, macd_signal);
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The ATR in medians of the last 200. */
static double in_medians(int at)
{
    double sorted[200];
    memcpy(sorted, atr + at - 199, sizeof sorted);
    qsort(sorted, 200, sizeof sorted[0], by_size);
    return atr[at] / ((sorted[99] + sorted[100]) / 2);
}

static double trend(int at)
{
    return (bars[at].close > ema_21[at] ? 0.3 : -0.3) + (ema_21[at] > ema_50[at] ? 0.3 : -0.3) +
           (ema_50[at] > ema_200[at] ? 0.4 : -0.4);
}

static double momentum(int at)
{
    const double strength = plain_rsi(bars, at, 14);
    const double part = strength > 65 ? 0.5 : strength > 55 ? 0.2 : strength < 35 ? -0.5 : strength < 45 ? -0.2 : 0.0;
    return part + (macd[at] > macd_signal[at] ? 0.5 : -0.5);
}

static double volatility(double medians)
{
    return medians > 2.5 ? -1.0 : medians > 1.8 ? -0.6 : medians > 1.3 ? -0.2 : 0.2;
}

static regime_t regime(int at, double medians)
{
    double plus, minus;
    plain_directional(bars, at, &plus, &minus);
    const bool strong = plain_adx(bars, at) > 25;
    return medians > 1.8                                        ? REGIME_VOLATILE
           : strong && plus > minus && ema_50[at] > ema_200[at] ? REGIME_UP
           : strong && minus > plus && ema_50[at] < ema_200[at] ? REGIME_DOWN
                                                                : REGIME_RANGING;
}

static void every_part_is_that_of_its_definition(void **state)
{
    (void)state;
    market_frame_t *frame = malloc(sizeof *frame);
    unsigned regimes[5] = {0}, volatilities[4] = {0}, momenta[21] = {0}, trends[21] = {0};
    market_make();
    averages_make();
    market_frame_init(frame);
    for (int i = 0; i < BARS; i++) {
        market_frame_next(frame, &bars[i]);
        assert_int_equal(market_frame_is_warm(frame), i >= MARKET_WARM_UP);
        if (i < MARKET_WARM_UP) {
            assert_int_equal(frame->regime, REGIME_UNKNOWN);
            continue;
        }
        const double medians = in_medians(i);
        assert_true(fabs(frame->trend - trend(i)) < 1e-12);
        assert_true(fabs(frame->momentum - momentum(i)) < 1e-12);
        assert_true(fabs(frame->volatility - volatility(medians)) < 1e-12);
        assert_int_equal(frame->regime, regime(i, medians));
        regimes[frame->regime]++;
        volatilities[medians > 2.5 ? 3 : medians > 1.8 ? 2 : medians > 1.3 ? 1 : 0]++;
        momenta[(int)lround(frame->momentum * 10) + 10]++;
        trends[(int)lround(frame->trend * 10) + 10]++;
    }
    for (int i = REGIME_RANGING; i <= REGIME_VOLATILE; i++) {
        assert_true(regimes[i] > 20);
    }
    for (int i = 0; i < 4; i++) {
        assert_true(volatilities[i] > 20);
    }
    static const int momentum_steps[] = {-10, -7, -5, -3, 0, 3, 5, 7, 10}, trend_steps[] = {-10, -4, -2, 2, 4, 10};
    for (size_t i = 0; i < sizeof momentum_steps / sizeof momentum_steps[0]; i++) {
        assert_true(momenta[momentum_steps[i] + 10] > 0);
    }
    for (size_t i = 0; i < sizeof trend_steps / sizeof trend_steps[0]; i++) {
        assert_true(trends[trend_steps[i] + 10] > 0);
    }
    free(frame);
}

/* 0.3 of 1h, 0.4 of 4h, 0.3 of 1d; those that are not warm are left out and the others weigh more. */
static void timeframes_weigh_as_they_should(void **state)
{
    (void)state;
    static market_frame_t frames[3];
    static const double parts[3][3] = {{1.0, 0.5, 0.2}, {-0.4, -0.7, -0.2}, {0.2, 0.0, -1.0}};
    const market_frame_t *given[3];
    double single[3];
    for (int i = 0; i < 3; i++) {
        frames[i] =
            (market_frame_t){.seen = MARKET_WARM_UP + 1, .trend = parts[i][0], .momentum = parts[i][1], .volatility = parts[i][2]};
        given[i] = &frames[i];
        const double agree = parts[i][0] > 0 && parts[i][1] > 0 ? 0.1 : parts[i][0] < 0 && parts[i][1] < 0 ? -0.1 : 0.0;
        const double total = 0.4 * parts[i][0] + 0.3 * parts[i][1] + 0.2 * parts[i][2] + 0.1 * (1.5 / 3) + agree;
        single[i] = (fmax(-1.0, fmin(1.0, total)) + 1) / 2;
        assert_true(fabs(market_score_of(parts[i][0], parts[i][1], parts[i][2], 1.5) - single[i]) < 1e-12);
    }
    assert_true(fabs(market_score(given, 1.5) - (0.3 * single[0] + 0.4 * single[1] + 0.3 * single[2])) < 1e-12);
    frames[1].seen = 5;
    assert_true(fabs(market_score(given, 1.5) - (single[0] + single[2]) / 2) < 1e-12);
    given[0] = NULL;
    assert_true(fabs(market_score(given, 1.5) - single[2]) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_is_that_of_its_definition),
        cmocka_unit_test(timeframes_weigh_as_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
