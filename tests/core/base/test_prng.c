/* test_prng.c: one seed, one sequence; draws are where and how they should be.
 * shows: I18
 */
#include "support/test_support.h"

#include <math.h>

#include "core/base/prng.h"

static void the_generators_are_the_published_ones(void **state)
{
    (void)state;
    /* xoshiro256** from the state 1, 2, 3, 4; splitmix64 from 1234567: values of the authors' programs. */
    prng_t prng = {{1, 2, 3, 4}};
    assert_true(prng_next(&prng) == 11520);
    assert_true(prng_next(&prng) == 0);
    assert_true(prng_next(&prng) == UINT64_C(1509978240));
    assert_true(prng_next(&prng) == UINT64_C(1215971899390074240));
    prng_seed(&prng, 1234567);
    assert_true(prng.state[0] == UINT64_C(6457827717110365317));
    assert_true(prng.state[1] == UINT64_C(3203168211198807973));
    assert_true(prng.state[2] == UINT64_C(9817491932198370423));
}

static void below_stays_below_and_reaches_everything(void **state)
{
    (void)state;
    prng_t prng;
    unsigned seen[7] = {0};
    prng_seed(&prng, 1);
    for (unsigned i = 0; i < 70000; i++) {
        uint64_t value = prng_below(&prng, 7);
        assert_in_range(value, 0, 6);
        seen[value]++;
    }
    for (unsigned i = 0; i < 7; i++) {
        assert_in_range(seen[i], 9500, 10500);
    }
    assert_true(prng_below(&prng, 1) == 0);
    /* A bound just above a half: every second draw is refused, and none may come out too large. */
    uint64_t bound = (UINT64_C(1) << 63) + 1;
    for (unsigned i = 0; i < 1000; i++) {
        assert_true(prng_below(&prng, bound) < bound);
    }
}

static void units_and_normals_have_their_moments(void **state)
{
    (void)state;
    prng_t prng;
    prng_seed(&prng, 2);
    enum { DRAWS = 200000 };
    double sum = 0.0, normal_sum = 0.0, normal_squares = 0.0;
    for (unsigned i = 0; i < DRAWS; i++) {
        double unit = prng_unit(&prng);
        double normal = prng_normal(&prng);
        assert_true(unit >= 0.0 && unit < 1.0);
        sum += unit;
        normal_sum += normal;
        normal_squares += normal * normal;
    }
    assert_true(fabs(sum / DRAWS - 0.5) < 0.005);
    assert_true(fabs(normal_sum / DRAWS) < 0.01);
    assert_true(fabs(normal_squares / DRAWS - 1.0) < 0.02);
}

static void chances_come_as_often_as_asked(void **state)
{
    (void)state;
    prng_t prng;
    prng_seed(&prng, 3);
    unsigned hits = 0;
    for (unsigned i = 0; i < 100000; i++) {
        hits += prng_chance(&prng, 0.03) ? 1 : 0;
        assert_false(prng_chance(&prng, 0.0));
        assert_true(prng_chance(&prng, 1.0));
    }
    assert_in_range(hits, 2800, 3200);
}

static void below_nothing(void *context)
{
    prng_t prng;
    (void)context;
    prng_seed(&prng, 1);
    (void)prng_below(&prng, 0);
}

static void a_bound_of_zero_is_a_programming_error(void **state)
{
    (void)state;
    assert_aborts(below_nothing, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_generators_are_the_published_ones),  cmocka_unit_test(below_stays_below_and_reaches_everything),
        cmocka_unit_test(units_and_normals_have_their_moments),   cmocka_unit_test(chances_come_as_often_as_asked),
        cmocka_unit_test(a_bound_of_zero_is_a_programming_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
