/* test_fmath.c: exp, log, pow, tanh, atan, sin, cos against MPFR, at every kind of argument.
 * shows: I18
 * libs: mpfr gmp
 */
#include "support/test_support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/fmath.h"
#include "core/base/prng.h"

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void assert_same(double actual, double expected)
{
    if (bits_of(actual) != bits_of(expected)) {
        print_error("%a is not %a\n", actual, expected);
        fail();
    }
}

static const double infinite = (double)INFINITY;
static const double not_a_number = (double)NAN;

static void exp_special_values(void **state)
{
    (void)state;
    assert_same(fmath_exp(0.0), 1.0);
    assert_same(fmath_exp(-0.0), 1.0);
    assert_same(fmath_exp(infinite), infinite);
    assert_same(fmath_exp(-infinite), 0.0);
    assert_same(fmath_exp(not_a_number), not_a_number);
    assert_same(fmath_exp(-not_a_number), not_a_number);
    assert_same(fmath_exp(710.0), infinite);
    assert_same(fmath_exp(-746.0), 0.0);
    assert_same(fmath_exp(0x1.62e42fefa39f0p+9), infinite);
    assert_true(fmath_exp(0x1.62e42fefa39efp+9) < infinite);
    assert_same(fmath_exp(-0x1.74910d52d3051p+9), 0x1p-1074);
    assert_same(fmath_exp(-0x1.74910d52d3052p+9), 0.0);
    assert_same(fmath_exp(0x1p-1074), 1.0);
}

static void log_special_values(void **state)
{
    (void)state;
    assert_same(fmath_log(1.0), 0.0);
    assert_same(fmath_log(0.0), -infinite);
    assert_same(fmath_log(-0.0), -infinite);
    assert_same(fmath_log(infinite), infinite);
    assert_same(fmath_log(-infinite), not_a_number);
    assert_same(fmath_log(-1.0), not_a_number);
    assert_same(fmath_log(-0x1p-1074), not_a_number);
    assert_same(fmath_log(not_a_number), not_a_number);
}

static void tanh_and_atan_special_values(void **state)
{
    (void)state;
    assert_same(fmath_tanh(0.0), 0.0);
    assert_same(fmath_tanh(-0.0), -0.0);
    assert_same(fmath_tanh(infinite), 1.0);
    assert_same(fmath_tanh(-infinite), -1.0);
    assert_same(fmath_tanh(19.9), 1.0);
    assert_same(fmath_tanh(-1e300), -1.0);
    assert_same(fmath_tanh(0x1p-1074), 0x1p-1074);
    assert_same(fmath_tanh(not_a_number), not_a_number);
    assert_same(fmath_tanh(-0.5), -fmath_tanh(0.5));
    assert_same(fmath_atan(-0.0), -0.0);
    assert_same(fmath_atan(infinite), 0x1.921fb54442d18p+0);
    assert_same(fmath_atan(-infinite), -0x1.921fb54442d18p+0);
    assert_same(fmath_atan(0x1p-1074), 0x1p-1074);
    assert_same(fmath_atan(not_a_number), not_a_number);
    assert_same(fmath_atan(-0.5), -fmath_atan(0.5));
}

static void sin_and_cos_special_values(void **state)
{
    (void)state;
    assert_same(fmath_sin(0.0), 0.0);
    assert_same(fmath_sin(-0.0), -0.0);
    assert_same(fmath_sin(0x1p-1074), 0x1p-1074);
    assert_same(fmath_sin(-0.5), -fmath_sin(0.5));
    assert_same(fmath_cos(0.0), 1.0);
    assert_same(fmath_cos(-0.0), 1.0);
    assert_same(fmath_cos(-2.5), fmath_cos(2.5));
    const double outside[] = {infinite, -infinite, not_a_number, 1.001 * FMATH_ANGLE_MAX, -1.001 * FMATH_ANGLE_MAX};
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        assert_same(fmath_sin(outside[i]), not_a_number);
        assert_same(fmath_cos(outside[i]), not_a_number);
    }
}

static void sums_of_decimals_become_decimals_again(void **state)
{
    (void)state;
    assert_same(fmath_billionths(0.1 + 0.2), 0.3);
    assert_same(fmath_billionths(-(0.1 + 0.2)), -0.3);
    assert_same(fmath_billionths(1.3 + 1.0 + 0.8 + 0.8 + 0.8 + 0.8), 5.5);
    assert_same(fmath_billionths(0.49e-9), 0.0);
    assert_same(fmath_billionths(-0.49e-9), 0.0);
    assert_same(fmath_billionths(-0.0), 0.0);
    assert_same(fmath_billionths(-1e6), -1e6);
    for (int i = 0; i < 1000; i++) { /* what is a decimal stays it, up to the largest */
        const double decimal = (1e15 - (double)(i * i * 7)) / 1e9;
        assert_same(fmath_billionths(decimal), decimal);
    }
    assert_same(fmath_billionths((double)NAN), (double)NAN);
}

/* C17 F.10.4.4, row by row. */
static void pow_special_values(void **state)
{
    (void)state;
    static const struct {
        double x, y, result;
    } rows[] = {
        {0.0, -3.0, INFINITY},
        {-0.0, -3.0, -INFINITY},
        {0.0, -2.0, INFINITY},
        {-0.0, -2.0, INFINITY},
        {0.0, -INFINITY, INFINITY},
        {-0.0, -INFINITY, INFINITY},
        {0.0, 3.0, 0.0},
        {-0.0, 3.0, -0.0},
        {0.0, 2.5, 0.0},
        {-0.0, 2.5, 0.0},
        {-0.0, -2.5, INFINITY},
        {-1.0, INFINITY, 1.0},
        {-1.0, -INFINITY, 1.0},
        {1.0, 5.0, 1.0},
        {1.0, NAN, 1.0},
        {1.0, INFINITY, 1.0},
        {7.0, 0.0, 1.0},
        {NAN, 0.0, 1.0},
        {NAN, -0.0, 1.0},
        {-2.0, 0.5, NAN},
        {0.5, -INFINITY, INFINITY},
        {-0.5, -INFINITY, INFINITY},
        {2.0, -INFINITY, 0.0},
        {0.5, INFINITY, 0.0},
        {2.0, INFINITY, INFINITY},
        {-2.0, INFINITY, INFINITY},
        {-INFINITY, -3.0, -0.0},
        {-INFINITY, -2.0, 0.0},
        {-INFINITY, -0.5, 0.0},
        {-INFINITY, 3.0, -INFINITY},
        {-INFINITY, 2.0, INFINITY},
        {INFINITY, -1.0, 0.0},
        {INFINITY, 1.0, INFINITY},
        {NAN, 1.0, NAN},
        {2.0, NAN, NAN},
        {-2.0, 3.0, -8.0},
        {-2.0, 2.0, 4.0},
        {10.0, 308.0, 1e308},
        {10.0, 309.0, INFINITY},
        {-10.0, 309.0, -INFINITY},
        {10.0, -400.0, 0.0},
        {-10.0, -401.0, -0.0},
        {2.0, -1074.0, 0x1p-1074},
        {2.0, 1023.0, 0x1p1023},
        {-1.0, 0x1p60, 1.0},
        {-1.0, 0x1p52, 1.0},
        {-1.0, 0x1.0000000000001p52, -1.0},
        {2.0, 1e300, INFINITY},
        {0.5, 1e300, 0.0},
        {2.0, 1e-300, 1.0},
        {-2.0, 0x1p-1074, NAN},
        {0x1p-1074, 0.5, 0x1p-537},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double result = fmath_pow(rows[i].x, rows[i].y);
        if (bits_of(result) != bits_of(rows[i].result)) {
            print_error("pow(%a, %a) = %a is not %a\n", rows[i].x, rows[i].y, result, rows[i].result);
            fail();
        }
    }
}

#ifdef WITHOUT_PEER
static void error_against_mpfr(void **state)
{
    (void)state;
    print_message("skipped: lib" WITHOUT_PEER " is not installed, nothing to compare with\n");
    skip();
}
#else
#include <mpfr.h>

typedef struct {
    const char *name;
    double (*ours)(double);
    int (*peer)(mpfr_t, const mpfr_t, mpfr_rnd_t);
    double low, high;
    double bound_ulp;
    double worst_ulp, worst_at;
} function_t;

/* Size of the last place of the double nearest to the true value. */
static double last_place(double x)
{
    uint64_t exponent = bits_of(x) >> 52 & 0x7FF;
    return exponent <= 53 ? 0x1p-1074 * (exponent > 1 ? (double)(UINT64_C(1) << (exponent - 1)) : 1.0)
                          : from_bits((exponent - 52) << 52);
}

/* |actual - exact| in last places of exact. */
static double error_ulp(double actual, const mpfr_t exact)
{
    double nearest = mpfr_get_d(exact, MPFR_RNDN);
    if (bits_of(actual) == bits_of(nearest)) {
        return 0.5;
    }
    if (isinf(actual) || isinf(nearest) || isnan(actual)) {
        return 1e9;
    }
    mpfr_t difference;
    mpfr_init2(difference, 200);
    mpfr_sub_d(difference, exact, actual, MPFR_RNDN);
    mpfr_div_d(difference, difference, last_place(nearest), MPFR_RNDN);
    double error = fabs(mpfr_get_d(difference, MPFR_RNDN));
    mpfr_clear(difference);
    return error;
}

/* Bits at random within the range of exponents of [low, high], of both signs where low is negative; every eighth an ordinary
 * number. */
static double draw(prng_t *prng, double low, double high)
{
    if (prng_below(prng, 8) < 4) {
        return low + (high - low) * prng_unit(prng);
    }
    for (;;) {
        double x = from_bits(prng_next(prng));
        if (x >= low && x <= high) {
            return x;
        }
    }
}

static void try_function(function_t *f, double x, mpfr_t exact, mpfr_t argument)
{
    mpfr_set_d(argument, x, MPFR_RNDN);
    f->peer(exact, argument, MPFR_RNDN);
    double error = error_ulp(f->ours(x), exact);
    if (error > f->worst_ulp) {
        f->worst_ulp = error;
        f->worst_at = x;
    }
}

static void try_ranges(function_t *f, unsigned points, mpfr_t exact, mpfr_t argument)
{
    prng_t prng;
    prng_seed(&prng, 7);
    for (unsigned i = 0; i < points; i++) {
        try_function(f, draw(&prng, f->low, f->high), exact, argument);
        /* near one, where logarithms vanish and small arguments begin */
        double near = 1.0 + (prng_unit(&prng) - 0.5) * (i % 3 == 0 ? 1.0 : 0.03);
        try_function(f, near, exact, argument);
        if (f->low < 0.0) {
            try_function(f, (prng_unit(&prng) - 0.5) * (i % 3 == 0 ? 2.0 : 0.1), exact, argument);
        }
    }
}

static void error_against_mpfr(void **state)
{
    (void)state;
    function_t functions[] = {
        {"exp", fmath_exp, mpfr_exp, -745.2, 709.8, 1.0, 0.0, 0.0},
        {"log", fmath_log, mpfr_log, 0x1p-1074, 0x1.fffffffffffffp1023, 1.0, 0.0, 0.0},
        {"tanh", fmath_tanh, mpfr_tanh, -22.0, 22.0, 1.0, 0.0, 0.0},
        {"atan", fmath_atan, mpfr_atan, -50.0, 50.0, 2.0, 0.0, 0.0},
        {"sin", fmath_sin, mpfr_sin, -10.0, 10.0, 1.0, 0.0, 0.0},
        {"sin", fmath_sin, mpfr_sin, -FMATH_ANGLE_MAX, FMATH_ANGLE_MAX, 1.0, 0.0, 0.0},
        {"cos", fmath_cos, mpfr_cos, -10.0, 10.0, 1.0, 0.0, 0.0},
        {"cos", fmath_cos, mpfr_cos, -FMATH_ANGLE_MAX, FMATH_ANGLE_MAX, 1.0, 0.0, 0.0},
    };
    mpfr_t exact, argument;
    mpfr_inits2(200, exact, argument, (mpfr_ptr)NULL);
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        try_ranges(&functions[i], test_is_long() ? 5000000 : 150000, exact, argument);
        print_message("%s: at most %.4f ulp, at %a\n", functions[i].name, functions[i].worst_ulp, functions[i].worst_at);
        assert_true(functions[i].worst_ulp < functions[i].bound_ulp);
    }
    mpfr_clears(exact, argument, (mpfr_ptr)NULL);
}

/* Where the sine or the cosine is all but 0: the doubles nearest to the multiples of pi/2. */
static void quarter_turns_against_mpfr(void **state)
{
    (void)state;
    mpfr_t exact, argument;
    mpfr_inits2(200, exact, argument, (mpfr_ptr)NULL);
    function_t functions[] = {{"sin", fmath_sin, mpfr_sin, 0.0, 0.0, 2.0, 0.0, 0.0},
                              {"cos", fmath_cos, mpfr_cos, 0.0, 0.0, 2.0, 0.0, 0.0}};
    for (size_t i = 0; i < 2; i++) {
        for (int32_t n = -636619; n <= 636619; n += test_is_long() ? 1 : 9) { /* to FMATH_ANGLE_MAX */
            try_function(&functions[i], (double)n * 0x1.921fb54442d18p+0, exact, argument);
        }
        print_message("%s at quarter turns: at most %.4f ulp, at %a\n", functions[i].name, functions[i].worst_ulp,
                      functions[i].worst_at);
        assert_true(functions[i].worst_ulp < functions[i].bound_ulp);
    }
    mpfr_clears(exact, argument, (mpfr_ptr)NULL);
}

static void pow_against_mpfr(void **state)
{
    (void)state;
    mpfr_t exact, x_exact, y_exact;
    mpfr_inits2(200, exact, x_exact, y_exact, (mpfr_ptr)NULL);
    prng_t prng;
    prng_seed(&prng, 11);
    double worst = 0.0, worst_x = 0.0, worst_y = 0.0;
    unsigned points = test_is_long() ? 5000000 : 200000;
    for (unsigned i = 0; i < points; i++) {
        double x = i % 2 == 0 ? draw(&prng, 0x1p-1074, 0x1.fffffffffffffp1023) : 0.5 + 1.5 * prng_unit(&prng);
        double reach = 745.0 / fabs(log(x));
        double y = (2.0 * prng_unit(&prng) - 1.0) * (reach < 1e15 ? reach : 1e15);
        mpfr_set_d(x_exact, x, MPFR_RNDN);
        mpfr_set_d(y_exact, y, MPFR_RNDN);
        mpfr_pow(exact, x_exact, y_exact, MPFR_RNDN);
        double error = error_ulp(fmath_pow(x, y), exact);
        if (error > worst) {
            worst = error;
            worst_x = x;
            worst_y = y;
        }
    }
    print_message("pow: at most %.4f ulp, at %a, %a\n", worst, worst_x, worst_y);
    assert_true(worst < 2.0);
    mpfr_clears(exact, x_exact, y_exact, (mpfr_ptr)NULL);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_special_values),
        cmocka_unit_test(log_special_values),
        cmocka_unit_test(tanh_and_atan_special_values),
        cmocka_unit_test(sin_and_cos_special_values),
        cmocka_unit_test(sums_of_decimals_become_decimals_again),
        cmocka_unit_test(pow_special_values),
        cmocka_unit_test(error_against_mpfr),
#ifndef WITHOUT_PEER
        cmocka_unit_test(pow_against_mpfr),
        cmocka_unit_test(quarter_turns_against_mpfr),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
