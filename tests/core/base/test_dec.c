/* test_dec.c: the exact decimal, by its documented promises; test_dec_python.py compares millions of results with Python's decimal.
 * Called with the argument "oracle" it computes instead: one operation a line on stdin, one result a line on stdout.
 * shows: QA-1
 */
#include "support/test_support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/dec.h"

#define GREATEST "99999999999999999999.999999999999999999"
#define LEAST    "0.000000000000000001"

static const dec_round_t roundings[] = {DEC_ROUND_DOWN,    DEC_ROUND_UP,        DEC_ROUND_FLOOR,
                                        DEC_ROUND_CEILING, DEC_ROUND_HALF_EVEN, DEC_ROUND_HALF_UP};

/* --- text ------------------------------------------------------------------------------------- */

static void text_is_exact_and_shortest(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shortest;
        unsigned places;
    } rows[] = {
        {"0", "0", 0},
        {"-0", "0", 0},
        {"-0.000", "0", 0},
        {"1", "1", 0},
        {"-25", "-25", 0},
        {"0.1", "0.1", 1},
        {"0.0010", "0.001", 3},
        {"64000.50", "64000.5", 1},
        {"007", "7", 0},
        {"00000000000000000000000000001.5", "1.5", 1},
        {LEAST, LEAST, 18},
        {"-" LEAST, "-" LEAST, 18},
        {GREATEST, GREATEST, 18},
        {"-" GREATEST, "-" GREATEST, 18},
        {"9999999999999999999", "9999999999999999999", 0},
        {"18446744073709551615", "18446744073709551615", 0},
        {"18446744073709551616", "18446744073709551616", 0},
        {"10000000000000000000", "10000000000000000000", 0},
        {"0.000000001", "0.000000001", 9},
        {"0.0000000001", "0.0000000001", 10},
        {"12345678901234567890.123456789012345678", "12345678901234567890.123456789012345678", 18},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        dec_t value;
        char buffer[DEC_TEXT_MAX];
        assert_ok(dec_parse(rows[i].text, strlen(rows[i].text), &value));
        size_t length = dec_format(value, buffer);
        assert_string_equal(buffer, rows[i].shortest);
        assert_int_equal(length, strlen(buffer));
        assert_int_equal(dec_places(value), rows[i].places);
    }
    for (unsigned places = 0; places <= DEC_PLACES; places++) {
        assert_int_equal(dec_places(dec_from_scaled(1, places)), places);
        assert_int_equal(dec_places(dec_neg(dec_from_scaled(1234567890123456789, places))), places);
    }
}

static void every_digit_count_survives(void **state)
{
    (void)state;
    dec_t power = DEC_ONE;
    for (unsigned digits = 1; digits <= 20; digits++) {
        char text[32] = "1", buffer[DEC_TEXT_MAX];
        memset(text + 1, '0', digits - 1);
        text[digits] = '\0';
        assert_int_equal(dec_format(power, buffer), digits);
        assert_string_equal(buffer, text);
        dec_t less = dec_minus(power, DEC_ONE);
        memset(text, '9', digits - 1);
        text[digits == 1 ? 0 : digits - 1] = '\0';
        (void)dec_format(less, buffer);
        assert_string_equal(buffer, digits == 1 ? "0" : text);
        if (digits < 20) {
            assert_ok(dec_mul(power, test_dec("10"), DEC_ROUND_DOWN, &power));
        }
    }
}

static void text_that_is_no_plain_number_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        result_t result;
    } rows[] = {
        {"", RESULT_TEXT_EMPTY},
        {"1e5", RESULT_NUMBER_MALFORMED},
        {"1E5", RESULT_NUMBER_MALFORMED},
        {"1.5e5", RESULT_NUMBER_MALFORMED},
        {"+1", RESULT_NUMBER_MALFORMED},
        {".5", RESULT_NUMBER_MALFORMED},
        {"-.5", RESULT_NUMBER_MALFORMED},
        {"1.", RESULT_NUMBER_MALFORMED},
        {"-", RESULT_NUMBER_MALFORMED},
        {"--1", RESULT_NUMBER_MALFORMED},
        {".", RESULT_NUMBER_MALFORMED},
        {"1..2", RESULT_NUMBER_MALFORMED},
        {"1.2.3", RESULT_NUMBER_MALFORMED},
        {"NaN", RESULT_NUMBER_MALFORMED},
        {"nan", RESULT_NUMBER_MALFORMED},
        {"inf", RESULT_NUMBER_MALFORMED},
        {"Infinity", RESULT_NUMBER_MALFORMED},
        {" 1", RESULT_NUMBER_MALFORMED},
        {"1 ", RESULT_NUMBER_MALFORMED},
        {"1.5 ", RESULT_NUMBER_MALFORMED},
        {"\t1", RESULT_NUMBER_MALFORMED},
        {"0x1", RESULT_NUMBER_MALFORMED},
        {"1,000", RESULT_NUMBER_MALFORMED},
        {"1_000", RESULT_NUMBER_MALFORMED},
        {"\xD9\xA1", RESULT_NUMBER_MALFORMED}, /* an Arabic-Indic one */
        {"0.0000000000000000001", RESULT_NUMBER_TOO_PRECISE},
        {"0.1000000000000000000", RESULT_NUMBER_TOO_PRECISE},
        {"1.00000000000000000000000000000000", RESULT_NUMBER_TOO_PRECISE},
        {"1.0000000000000000000x", RESULT_NUMBER_MALFORMED},
        {"1.00000000000000000x", RESULT_NUMBER_MALFORMED},
        {"100000000000000000000", RESULT_NUMBER_OUT_OF_RANGE},
        {"-100000000000000000000", RESULT_NUMBER_OUT_OF_RANGE},
        {"100000000000000000000.5", RESULT_NUMBER_OUT_OF_RANGE},
        {"340282366920938463463374607431768211456", RESULT_NUMBER_OUT_OF_RANGE},
        {"1234567890123456789x", RESULT_NUMBER_MALFORMED},
        {"1234567890123456789/", RESULT_NUMBER_MALFORMED},
        {"100000000000000000000.", RESULT_NUMBER_MALFORMED},
        {"100000000000000000000.x", RESULT_NUMBER_MALFORMED},
        {"100000000000000000000x", RESULT_NUMBER_MALFORMED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        dec_t value = {42};
        assert_result(dec_parse(rows[i].text, strlen(rows[i].text), &value), rows[i].result);
        assert_true(value.units == 42);
    }
    dec_t value = {42};
    assert_result(dec_parse("1\0002", 3, &value), RESULT_NUMBER_MALFORMED);
    assert_true(value.units == 42);
}

/* Text need not end in NUL: nothing past its length is looked at. */
static void parse_stops_at_its_length(void **state)
{
    (void)state;
    const char *text = "12.345";
    static const char *const prefixes[] = {"1", "12", NULL, "12.3", "12.34", "12.345"};
    for (size_t length = 1; length <= 6; length++) {
        char *exact = malloc(length);
        assert_non_null(exact);
        memcpy(exact, text, length);
        dec_t value = DEC_ZERO;
        result_t result = dec_parse(exact, length, &value);
        free(exact);
        if (prefixes[length - 1] == NULL) {
            assert_result(result, RESULT_NUMBER_MALFORMED);
        } else {
            assert_ok(result);
            assert_dec_equal(value, prefixes[length - 1]);
        }
    }
}

static void format_with_places_cuts_toward_zero(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        unsigned places;
        const char *text;
    } rows[] = {
        {"1.999", 2, "1.99"}, {"-1.999", 2, "-1.99"}, {"1", 3, "1.000"},        {"0", 0, "0"},
        {"12.5", 0, "12"},    {"-0.004", 2, "0.00"},  {"-0.994", 2, "-0.99"},   {"-0.9", 0, "0"},
        {"-3", 0, "-3"},      {LEAST, 18, LEAST},     {GREATEST, 18, GREATEST}, {"-" GREATEST, 1, "-99999999999999999999.9"},
        {"0.05", 1, "0.0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char buffer[DEC_TEXT_MAX];
        size_t length = dec_format_places(test_dec(rows[i].value), rows[i].places, buffer);
        assert_string_equal(buffer, rows[i].text);
        assert_int_equal(length, strlen(buffer));
    }
}

static void format_with_least_places_never_cuts(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        unsigned places;
        const char *text;
    } rows[] = {
        {"1.9", 2, "1.90"}, {"1.99", 2, "1.99"}, {"1.999", 2, "1.999"},  {"-1.999", 2, "-1.999"}, {"-1.5", 3, "-1.500"},
        {"1", 0, "1"},      {"1.5", 0, "1.5"},   {"0", 3, "0.000"},      {"-0.004", 2, "-0.004"}, {"0.05", 1, "0.05"},
        {LEAST, 17, LEAST}, {LEAST, 18, LEAST},  {"100.10", 1, "100.1"}, {GREATEST, 1, GREATEST},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char buffer[DEC_TEXT_MAX];
        size_t length = dec_format_least(test_dec(rows[i].value), rows[i].places, buffer);
        assert_string_equal(buffer, rows[i].text);
        assert_int_equal(length, strlen(buffer));
    }
}

/* --- arithmetic ------------------------------------------------------------------------------- */

static void sums_end_at_the_range_and_never_wrap(void **state)
{
    (void)state;
    dec_t greatest = test_dec(GREATEST), least = test_dec(LEAST), out = {42};
    assert_result(dec_add(greatest, least, &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(dec_add(greatest, greatest, &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(dec_add(dec_neg(greatest), dec_neg(least), &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(dec_add(dec_neg(greatest), dec_neg(greatest), &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(dec_sub(greatest, dec_neg(least), &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(dec_sub(dec_neg(greatest), greatest, &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_true(out.units == 42);
    assert_ok(dec_add(greatest, dec_neg(greatest), &out));
    assert_dec_equal(out, "0");
    assert_ok(dec_sub(greatest, least, &out));
    assert_dec_equal(out, "99999999999999999999.999999999999999998");
    assert_ok(dec_add(out, least, &out)); /* out may be one of the summands */
    assert_dec_equal(out, GREATEST);
    assert_dec_equal(dec_plus(test_dec("0.1"), test_dec("0.2")), "0.3");
    assert_dec_equal(dec_minus(test_dec("0.1"), test_dec("0.2")), "-0.1");
}

static void each_rounding_does_what_its_name_says(void **state)
{
    (void)state;
    /* value * 0.1 at 18 places: the last digit decides. Columns in the order of `roundings`. */
    static const struct {
        const char *value;
        const char *results[6];
    } rows[] = {
#define U(n) "0.00000000000000000" n
        {U("4"), {"0", U("1"), "0", U("1"), "0", "0"}},
        {U("5"), {"0", U("1"), "0", U("1"), "0", U("1")}},
        {U("6"), {"0", U("1"), "0", U("1"), U("1"), U("1")}},
        {"0.000000000000000015", {U("1"), U("2"), U("1"), U("2"), U("2"), U("2")}},
        {"0.000000000000000025", {U("2"), U("3"), U("2"), U("3"), U("2"), U("3")}},
        {"0.000000000000000020", {U("2"), U("2"), U("2"), U("2"), U("2"), U("2")}},
        {"-" U("4"), {"0", "-" U("1"), "-" U("1"), "0", "0", "0"}},
        {"-" U("5"), {"0", "-" U("1"), "-" U("1"), "0", "0", "-" U("1")}},
        {"-" U("6"), {"0", "-" U("1"), "-" U("1"), "0", "-" U("1"), "-" U("1")}},
        {"-0.000000000000000015", {"-" U("1"), "-" U("2"), "-" U("2"), "-" U("1"), "-" U("2"), "-" U("2")}},
        {"-0.000000000000000025", {"-" U("2"), "-" U("3"), "-" U("3"), "-" U("2"), "-" U("2"), "-" U("3")}},
#undef U
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t r = 0; r < 6; r++) {
            dec_t product, quotient, both;
            dec_t value = test_dec(rows[i].value);
            assert_ok(dec_mul(value, test_dec("0.1"), roundings[r], &product));
            assert_dec_equal(product, rows[i].results[r]);
            assert_ok(dec_div(value, test_dec("10"), roundings[r], &quotient));
            assert_dec_equal(quotient, rows[i].results[r]);
            assert_ok(dec_mul_div(value, test_dec("-3"), test_dec("-30"), roundings[r], &both));
            assert_dec_equal(both, rows[i].results[r]);
        }
    }
}

static void quantise_goes_to_steps_of_any_size(void **state)
{
    (void)state;
    static const struct {
        const char *value, *step;
        const char *results[6]; /* in the order of `roundings` */
    } rows[] = {
        {"0.0129", "0.001", {"0.012", "0.013", "0.012", "0.013", "0.013", "0.013"}},
        {"-0.0129", "0.001", {"-0.012", "-0.013", "-0.013", "-0.012", "-0.013", "-0.013"}},
        {"7.5", "5", {"5", "10", "5", "10", "10", "10"}},
        {"12.5", "5", {"10", "15", "10", "15", "10", "15"}},
        {"-12.5", "5", {"-10", "-15", "-15", "-10", "-10", "-15"}},
        {"10", "2.5", {"10", "10", "10", "10", "10", "10"}},
        {"0", "0.1", {"0", "0", "0", "0", "0", "0"}},
        {"0.7", "0.3", {"0.6", "0.9", "0.6", "0.9", "0.6", "0.6"}},
        {"1", "99999999999999999999", {"0", "99999999999999999999", "0", "99999999999999999999", "0", "0"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t r = 0; r < 6; r++) {
            dec_t out;
            assert_ok(dec_quantise(test_dec(rows[i].value), test_dec(rows[i].step), roundings[r], &out));
            assert_dec_equal(out, rows[i].results[r]);
            assert_true(dec_is_multiple(out, test_dec(rows[i].step)));
        }
    }
    dec_t out = {42};
    assert_result(dec_quantise(DEC_ONE, DEC_ZERO, DEC_ROUND_DOWN, &out), RESULT_BAD_ARGUMENT);
    assert_result(dec_quantise(DEC_ONE, test_dec("-0.1"), DEC_ROUND_DOWN, &out), RESULT_BAD_ARGUMENT);
    assert_result(dec_quantise(test_dec(GREATEST), DEC_ONE, DEC_ROUND_UP, &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_true(out.units == 42);
    assert_false(dec_is_multiple(test_dec("0.015"), test_dec("0.01")));
    assert_true(dec_is_multiple(test_dec("-0.02"), test_dec("0.01")));
}

static void products_and_quotients_end_at_the_range(void **state)
{
    (void)state;
    dec_t greatest = test_dec(GREATEST), least = test_dec(LEAST), out = {42};
    for (size_t r = 0; r < 6; r++) {
        assert_result(dec_mul(greatest, greatest, roundings[r], &out), RESULT_NUMBER_OUT_OF_RANGE);
        assert_result(dec_mul(test_dec("10000000000"), test_dec("-10000000000"), roundings[r], &out), RESULT_NUMBER_OUT_OF_RANGE);
        assert_result(dec_div(greatest, least, roundings[r], &out), RESULT_NUMBER_OUT_OF_RANGE);
        assert_result(dec_div(greatest, test_dec("0.9"), roundings[r], &out), RESULT_NUMBER_OUT_OF_RANGE);
        assert_result(dec_div(DEC_ONE, DEC_ZERO, roundings[r], &out), RESULT_DIVISION_BY_ZERO);
        assert_result(dec_mul_div(DEC_ONE, DEC_ONE, DEC_ZERO, roundings[r], &out), RESULT_DIVISION_BY_ZERO);
        assert_result(dec_mul_div(greatest, greatest, least, roundings[r], &out), RESULT_NUMBER_OUT_OF_RANGE);
    }
    assert_true(out.units == 42);
    /* (10^10 - u)(10^10 + u) = 10^20 - u^2, u the last unit: cut it is in range, rounded to the nearest or up it is not. */
    dec_t below = test_dec("9999999999.999999999999999999"), above = test_dec("10000000000.000000000000000001");
    assert_ok(dec_mul(below, above, DEC_ROUND_DOWN, &out));
    assert_dec_equal(out, GREATEST);
    out = (dec_t){42};
    assert_result(dec_mul(below, above, DEC_ROUND_UP, &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(dec_mul(below, above, DEC_ROUND_HALF_EVEN, &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(dec_mul(dec_neg(below), above, DEC_ROUND_FLOOR, &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_true(out.units == 42);
    assert_ok(dec_mul(dec_neg(below), above, DEC_ROUND_CEILING, &out));
    assert_dec_equal(out, "-" GREATEST);
    assert_ok(dec_mul_div(greatest, greatest, greatest, DEC_ROUND_HALF_EVEN, &out));
    assert_dec_equal(out, GREATEST);
    assert_ok(dec_div(greatest, greatest, DEC_ROUND_HALF_EVEN, &out));
    assert_dec_equal(out, "1");
    assert_ok(dec_div(least, greatest, DEC_ROUND_UP, &out));
    assert_dec_equal(out, LEAST);
}

/* Operands at which a digit of the long division is estimated one too low, and at which the reciprocal needs its second correction:
 * chance finds them rarely. Results by Python. */
static void rare_corrections_of_the_division_are_made(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b, *c, *result;
    } rows[] = {
        {"450262419.084271723821692249", "768709641.650197024220732596", "39687341805.396612154441107153",
         "8721195.400790396132584640"},
        {"3150583.183268870366149639", "9836715097872.197565481650603206", "9.32279957090704936",
         "3324257797268924876.784283523897878284"},
        {"144.871695518076514128", "54783758250235.363541678006649944", "617003.668869510576853859",
         "12863158430.006865799863032074"},
        {"423399.002106956488220113", "110330396.771335134984750911", "18889.465931480624781188", "2473006916.367924798086064860"},
        {"41538374868278623.303168465791929913", "1036896748081276695.706709468494051718", "41538374868278623.311152191086361533",
         "1036896748081276695.507416674261694257"},
        {"1208925.819588188436495971", "2067639861297058397.402766816830709736", "1208925.819615906014297796",
         "2067639861249652702.370242728513986556"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        dec_t out;
        assert_ok(dec_mul_div(test_dec(rows[i].a), test_dec(rows[i].b), test_dec(rows[i].c), DEC_ROUND_DOWN, &out));
        assert_dec_equal(out, rows[i].result);
    }
}

static void comparisons_order_the_line(void **state)
{
    (void)state;
    static const char *const ascending[] = {"-" GREATEST, "-1", "-" LEAST, "0", LEAST, "1", GREATEST};
    enum { COUNT = sizeof ascending / sizeof ascending[0] };
    for (int i = 0; i < COUNT; i++) {
        dec_t a = test_dec(ascending[i]);
        assert_int_equal(dec_sign(a), (i > 3) - (i < 3));
        assert_int_equal(dec_is_zero(a), i == 3);
        assert_true(dec_eq(dec_neg(dec_neg(a)), a));
        assert_true(dec_eq(dec_abs(a), test_dec(ascending[i < 3 ? COUNT - 1 - i : i])));
        for (int j = 0; j < COUNT; j++) {
            dec_t b = test_dec(ascending[j]);
            assert_int_equal(dec_cmp(a, b), (i > j) - (i < j));
            assert_int_equal(dec_eq(a, b), i == j);
            assert_int_equal(dec_lt(a, b), i < j);
            assert_int_equal(dec_le(a, b), i <= j);
            assert_int_equal(dec_gt(a, b), i > j);
            assert_int_equal(dec_ge(a, b), i >= j);
            assert_true(dec_eq(dec_min(a, b), i < j ? a : b));
            assert_true(dec_eq(dec_max(a, b), i < j ? b : a));
        }
    }
}

static void integers_become_decimals(void **state)
{
    (void)state;
    assert_dec_equal(dec_from_int(INT64_MIN), "-9223372036854775808");
    assert_dec_equal(dec_from_int(INT64_MAX), "9223372036854775807");
    assert_dec_equal(dec_from_scaled(12345, 2), "123.45");
    assert_dec_equal(dec_from_scaled(-1, 18), "-" LEAST);
    assert_dec_equal(dec_from_scaled(INT64_MIN, 0), "-9223372036854775808");
    assert_dec_equal(dec_from_scaled(INT64_MAX, 18), "9.223372036854775807");
}

/* --- doubles ---------------------------------------------------------------------------------- */

static void doubles_are_rounded_once(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } rows[] = {
        {"0", 0.0},
        {"0.1", 0.1},
        {"-64000.5", -64000.5},
        {LEAST, 1e-18},
        {GREATEST, 1e20},
        {"-" GREATEST, -1e20},
        {"9007199254740993", 9007199254740992.0}, /* a tie goes to the even neighbour */
        {"9007199254740995", 9007199254740996.0},
        {"9007199254740993.000000000000000001", 9007199254740994.0}, /* no tie any more */
        {"0.3", 0.3},
        {"18446744073709551616", 0x1p64},
        {"18446744073709553664", 0x1p64}, /* a tie that the last unit of 38 digits breaks */
        {"18446744073709553664.000000000000000001", 0x1.0000000000001p64},
        {"99999999999999983222.784", 0x1.5af1d78b58c3fp+66},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double value = dec_to_double(test_dec(rows[i].text));
        if (memcmp(&value, &rows[i].value, sizeof value) != 0) {
            print_error("%s gives %a, not %a\n", rows[i].text, value, rows[i].value);
            fail();
        }
    }
}

static void doubles_become_the_nearest_decimal(void **state)
{
    (void)state;
    static const struct {
        double value;
        unsigned places;
        const char *text;
    } rows[] = {
        {0.1, 1, "0.1"},
        {0.1, 18, "0.100000000000000006"}, /* what the double really is */
        {-0.1, 2, "-0.1"},
        {0.0, 5, "0"},
        {-0.0, 0, "0"},
        {0.5, 0, "0"}, /* ties to even */
        {1.5, 0, "2"},
        {2.5, 0, "2"},
        {-1.5, 0, "-2"},
        {0.125, 2, "0.12"},
        {64000.123456789, 4, "64000.1235"},
        {0x1p-1074, 18, "0"},
        {0x1p-60, 18, LEAST},
        {0x1p-200, 18, "0"},
        {0x1p60, 18, "1152921504606846976"},
        {0x1.5af1d78b58c3fp+66, 18, "99999999999999983616"},
        {-0x1.5af1d78b58c3fp+66, 0, "-99999999999999983616"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        dec_t value;
        assert_ok(dec_from_double(rows[i].value, rows[i].places, &value));
        assert_dec_equal(value, rows[i].text);
    }
    dec_t out = {42};
    assert_result(dec_from_double((double)NAN, 2, &out), RESULT_NUMBER_MALFORMED);
    assert_result(dec_from_double((double)INFINITY, 2, &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(dec_from_double(-(double)INFINITY, 2, &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(dec_from_double(1e20, 2, &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(dec_from_double(-1e20, 0, &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(dec_from_double(1.7976931348623157e308, 0, &out), RESULT_NUMBER_OUT_OF_RANGE);
    assert_true(out.units == 42);
}

/* --- beliefs ---------------------------------------------------------------------------------- */

static void sum_out_of_range(void *context)
{
    (void)context;
    (void)dec_plus(test_dec(GREATEST), DEC_ONE);
}

static void difference_out_of_range(void *context)
{
    (void)context;
    (void)dec_minus(test_dec("-" GREATEST), DEC_ONE);
}

static void too_many_places_to_scale(void *context)
{
    (void)context;
    (void)dec_from_scaled(1, 19);
}

static void too_many_places_to_format(void *context)
{
    char buffer[DEC_TEXT_MAX];
    (void)context;
    (void)dec_format_places(DEC_ONE, 19, buffer);
}

static void too_many_places_for_a_double(void *context)
{
    dec_t out;
    (void)context;
    (void)dec_from_double(1.0, 19, &out);
}

static void no_step(void *context)
{
    (void)context;
    (void)dec_is_multiple(DEC_ONE, DEC_ZERO);
}

static void unknown_rounding(void *context)
{
    dec_t out;
    volatile int six = 6;
    (void)context;
    (void)dec_div(DEC_ONE, test_dec("3"), (dec_round_t)six, &out);
}

static void broken_beliefs_abort(void **state)
{
    (void)state;
    assert_aborts(sum_out_of_range, NULL);
    assert_aborts(difference_out_of_range, NULL);
    assert_aborts(too_many_places_to_scale, NULL);
    assert_aborts(too_many_places_to_format, NULL);
    assert_aborts(too_many_places_for_a_double, NULL);
    assert_aborts(no_step, NULL);
    assert_aborts(unknown_rounding, NULL);
}

/* --- oracle: see test_dec_python.py ----------------------------------------------------------- */

/* A pointer, as the operands of a call are evaluated in no given order. */
static void print_result(result_t result, const dec_t *value)
{
    char text[DEC_TEXT_MAX];
    (void)dec_format(*value, text);
    (void)puts(result == RESULT_OK ? text : result_name(result));
}

/* "op rounding a b c": rounding is the index in dec_round_t or a number of places. */
static void answer(char op, unsigned rounding, const char *a_text, const char *b_text, const char *c_text)
{
    dec_t a = DEC_ZERO, b = DEC_ZERO, c = DEC_ZERO, out = DEC_ZERO;
    char buffer[DEC_TEXT_MAX];
    result_t parsed = op == 'F' ? RESULT_OK : dec_parse(a_text, strlen(a_text), &a);
    if (parsed != RESULT_OK || dec_parse(b_text, strlen(b_text), &b) != RESULT_OK ||
        dec_parse(c_text, strlen(c_text), &c) != RESULT_OK) {
        (void)puts(parsed != RESULT_OK ? result_name(parsed) : "BAD_LINE");
        return;
    }
    dec_round_t round = (dec_round_t)rounding;
    switch (op) {
    case '+':
        print_result(dec_add(a, b, &out), &out);
        break;
    case '-':
        print_result(dec_sub(a, b, &out), &out);
        break;
    case '*':
        print_result(dec_mul(a, b, round, &out), &out);
        break;
    case '/':
        print_result(dec_div(a, b, round, &out), &out);
        break;
    case 'm':
        print_result(dec_mul_div(a, b, c, round, &out), &out);
        break;
    case 'q':
        print_result(dec_quantise(a, b, round, &out), &out);
        break;
    case 'p':
        print_result(RESULT_OK, &a);
        break;
    case 'f':
        (void)dec_format_places(a, rounding, buffer);
        (void)puts(buffer);
        break;
    case 'd':
        (void)printf("%.17g\n", dec_to_double(a));
        break;
    case 'F':
        print_result(dec_from_double(strtod(a_text, NULL), rounding, &out), &out);
        break;
    default:
        (void)puts("BAD_LINE");
    }
}

static int oracle(void)
{
    char op, a[64], b[64], c[64];
    unsigned rounding;
    while (scanf(" %c %u %63s %63s %63s", &op, &rounding, a, b, c) == 5) {
        answer(op, rounding, a, b, c);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "oracle") == 0) {
        return oracle();
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_exact_and_shortest),
        cmocka_unit_test(every_digit_count_survives),
        cmocka_unit_test(text_that_is_no_plain_number_is_refused),
        cmocka_unit_test(parse_stops_at_its_length),
        cmocka_unit_test(format_with_places_cuts_toward_zero),
        cmocka_unit_test(format_with_least_places_never_cuts),
        cmocka_unit_test(sums_end_at_the_range_and_never_wrap),
        cmocka_unit_test(each_rounding_does_what_its_name_says),
        cmocka_unit_test(quantise_goes_to_steps_of_any_size),
        cmocka_unit_test(products_and_quotients_end_at_the_range),
        cmocka_unit_test(rare_corrections_of_the_division_are_made),
        cmocka_unit_test(comparisons_order_the_line),
        cmocka_unit_test(integers_become_decimals),
        cmocka_unit_test(doubles_are_rounded_once),
        cmocka_unit_test(doubles_become_the_nearest_decimal),
        cmocka_unit_test(broken_beliefs_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
