/* bench_features.c: the full feature set, one bar at a time, over many symbols and three timeframes on one core: updates a second,
 * bytes for each symbol and timeframe, and whether the cost grows with the number of symbols only.
 * rooms: core/base core/market core/indicator core/strategy
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/strategy/features.h"
#include "core/strategy/strategy.h"

enum { TIMEFRAMES = 3, SYMBOLS_MAX = 1000, BARS = 400 };

static indicator_bar_t bars[BARS];
static uint64_t seen; /* keeps the work from being left out */

static double now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

static void make_bars(void)
{
    prng_t prng;
    double price = 100.0;
    prng_seed(&prng, 1);
    for (int i = 0; i < BARS; i++) {
        const double open = price;
        price *= 1.0 + 0.01 * prng_normal(&prng);
        const double high = (open > price ? open : price) * 1.003, low = (open < price ? open : price) * 0.997;
        bars[i] = (indicator_bar_t){open, high, low, price, 1000.0 * prng_unit(&prng), 19800 * NS_PER_DAY + i * NS_PER_HOUR};
    }
}

/* Nanoseconds an update once all are warm. */
static double race_features(size_t symbols)
{
    const size_t count = symbols * TIMEFRAMES;
    features_t *all = malloc(count * sizeof *all);
    if (all == NULL) {
        exit(1);
    }
    for (size_t k = 0; k < count; k++) {
        features_init(&all[k]);
    }
    double begun = 0.0;
    for (int i = 0; i < BARS; i++) {
        if (i == BARS / 2) {
            begun = now_ns();
        }
        for (size_t k = 0; k < count; k++) {
            features_value_t value;
            seen += features_next(&all[k], &bars[i], &value) ? value.states : 0;
        }
    }
    const double took = now_ns() - begun;
    free(all);
    return took / ((double)count * (BARS - BARS / 2));
}

int main(void)
{
    make_bars();
    printf("full feature set (%d states, %d inputs): %zu bytes for each symbol and timeframe\n", (int)FEATURE_COUNT,
           (int)FEATURE_INPUT_COUNT, sizeof(features_t));
    for (size_t symbols = 10; symbols <= SYMBOLS_MAX; symbols *= 10) {
        double best = 1e300;
        for (int round = 0; round < 3; round++) {
            const double took = race_features(symbols);
            best = took < best ? took : best;
        }
        printf("%4zu symbols x %d timeframes: %.0f ns an update, %.0f updates/s on one core\n", symbols, (int)TIMEFRAMES, best,
               1e9 / best);
    }
    return seen == 0;
}
