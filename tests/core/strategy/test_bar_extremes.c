/* test_bar_extremes.c: extremes of several windows out of one memory against a look at every bar, ties and long falls among them.
 * shows: IND-3
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/strategy/bar_extremes.h"

enum { BARS = 3000 };

static double highs[BARS], lows[BARS];

typedef enum { TIES, WALK, FALLING, RISING, STILL, SHAPES } shape_t;

static void make(shape_t shape)
{
    prng_t prng;
    prng_seed(&prng, (uint64_t)shape + 1);
    double price = 1000.0;
    for (size_t i = 0; i < BARS; i++) {
        price += shape == FALLING ? -0.1 : shape == RISING ? 0.1 : shape == WALK ? prng_normal(&prng) : 0.0;
        highs[i] = price + (shape == TIES ? (double)(int)(4.0 * prng_unit(&prng)) : shape == WALK ? prng_unit(&prng) : 0.0);
        lows[i] = price - (shape == TIES ? (double)(int)(4.0 * prng_unit(&prng)) : shape == WALK ? prng_unit(&prng) : 0.0);
    }
}

/* Of bars (end - bars, end]; of equals the newest. */
static swing_extremes_t looked_at(size_t end, uint32_t bars)
{
    swing_extremes_t found = {highs[end], lows[end], 0, 0};
    for (uint32_t age = 1; age < bars && age <= end; age++) {
        if (highs[end - age] > found.highest) {
            found.highest = highs[end - age];
            found.highest_age = age;
        }
        if (lows[end - age] < found.lowest) {
            found.lowest = lows[end - age];
            found.lowest_age = age;
        }
    }
    return found;
}

static void every_window_has_its_extremes_and_their_ages(void **state)
{
    (void)state;
    static const uint32_t windows[] = {50, 49, 26, 21, 21, 14, 9, 5, 1};
    for (shape_t shape = TIES; shape < SHAPES; shape++) {
        bar_extremes_t extremes = {0};
        make(shape);
        for (size_t i = 0; i < BARS; i++) {
            bar_extremes_walk_t walk = {0};
            bar_extremes_next(&extremes, highs[i], lows[i]);
            for (size_t w = 0; w < sizeof windows / sizeof windows[0]; w++) {
                const swing_extremes_t found = bar_extremes_of(&extremes, &walk, windows[w]), wanted = looked_at(i, windows[w]);
                assert_true(found.highest == wanted.highest && found.lowest == wanted.lowest);
                assert_true(found.highest_age == wanted.highest_age && found.lowest_age == wanted.lowest_age);
            }
            if (i >= 9) {
                const double before = ring_extreme(extremes.lows, BAR_EXTREMES_BARS, extremes.next, 5, 5, false);
                assert_true(before == looked_at(i - 5, 5).lowest);
                assert_true(ring_extreme(extremes.highs, BAR_EXTREMES_BARS, extremes.next, 0, 10, true) ==
                            looked_at(i, 10).highest);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_window_has_its_extremes_and_their_ages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
