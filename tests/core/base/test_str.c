/* test_str.c: slices of text never read past their length, and numbers in text are refused when they are not exactly that.
 * shows: QA-6
 */
#include "support/test_support.h"

#include <string.h>

#include "core/base/str.h"

static void slices_compare_by_content(void **state)
{
    (void)state;
    assert_true(str_eq(STR("abc"), (str_t){"abcdef", 3}));
    assert_false(str_eq(STR("abc"), STR("abd")));
    assert_false(str_eq(STR("abc"), STR("ab")));
    assert_true(str_eq(str_from(NULL), STR("")));
    assert_true(str_eq((str_t){NULL, 0}, STR("")));
    assert_true(str_eq_nocase(STR("BtcUsdT"), STR("bTCusdt")));
    assert_false(str_eq_nocase(STR("btc["), STR("btc{"))); /* 32 apart, but no letters */
    assert_false(str_eq_nocase(STR("btc"), STR("btcx")));
    assert_true(str_starts_with(STR("btcusdt"), STR("btc")));
    assert_true(str_starts_with(STR("btc"), STR("")));
    assert_false(str_starts_with(STR("bt"), STR("btc")));
    assert_true(str_ends_with(STR("btcusdt"), STR("usdt")));
    assert_true(str_ends_with(STR("x"), (str_t){NULL, 0}));
    assert_false(str_ends_with(STR("btcusdc"), STR("usdt")));
    assert_false(str_ends_with(STR("t"), STR("dt")));
}

static void trim_takes_blanks_at_both_ends(void **state)
{
    (void)state;
    assert_true(str_eq(str_trim(STR(" \t a b \r\n")), STR("a b")));
    assert_int_equal(str_trim(STR(" \n\t")).length, 0);
    assert_int_equal(str_trim((str_t){NULL, 0}).length, 0);
}

static void cut_walks_through_fields(void **state)
{
    (void)state;
    str_t text = STR("a,,bc");
    assert_true(str_eq(str_cut(&text, ','), STR("a")));
    assert_true(str_eq(str_cut(&text, ','), STR("")));
    assert_true(str_eq(str_cut(&text, ','), STR("bc")));
    assert_int_equal(text.length, 0);
    assert_int_equal(str_cut(&text, ',').length, 0);
    str_t nothing = {NULL, 0};
    assert_int_equal(str_cut(&nothing, ',').length, 0);
    str_t last = STR("a,");
    assert_true(str_eq(str_cut(&last, ','), STR("a")));
    assert_int_equal(last.length, 0);
}

static void copies_are_whole_or_not_at_all(void **state)
{
    (void)state;
    char buffer[4] = "xyz";
    assert_result(str_copy(STR("abcd"), buffer, sizeof buffer), RESULT_TEXT_TOO_LONG);
    assert_string_equal(buffer, "xyz");
    assert_ok(str_copy(STR("abc"), buffer, sizeof buffer));
    assert_string_equal(buffer, "abc");
    assert_ok(str_copy((str_t){NULL, 0}, buffer, sizeof buffer));
    assert_string_equal(buffer, "");
    assert_result(str_copy(STR(""), buffer, 0), RESULT_TEXT_TOO_LONG);
}

static void integers_are_digits_only(void **state)
{
    (void)state;
    uint64_t u = 7;
    int64_t i = 7;
    assert_ok(str_to_u64(STR("18446744073709551615"), &u));
    assert_true(u == UINT64_MAX);
    assert_ok(str_to_u64(STR("000"), &u));
    assert_true(u == 0);
    u = 7;
    assert_result(str_to_u64(STR("18446744073709551616"), &u), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(str_to_u64(STR("99999999999999999999999"), &u), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(str_to_u64(STR("99999999999999999999999x"), &u), RESULT_NUMBER_MALFORMED);
    assert_result(str_to_u64(STR(""), &u), RESULT_TEXT_EMPTY);
    assert_result(str_to_u64(STR("-1"), &u), RESULT_NUMBER_MALFORMED);
    assert_result(str_to_u64(STR("+1"), &u), RESULT_NUMBER_MALFORMED);
    assert_result(str_to_u64(STR(" 1"), &u), RESULT_NUMBER_MALFORMED);
    assert_result(str_to_u64(STR("1e3"), &u), RESULT_NUMBER_MALFORMED);
    assert_true(u == 7);
    assert_ok(str_to_i64(STR("-9223372036854775808"), &i));
    assert_true(i == INT64_MIN);
    assert_ok(str_to_i64(STR("9223372036854775807"), &i));
    assert_true(i == INT64_MAX);
    i = 7;
    assert_result(str_to_i64(STR("9223372036854775808"), &i), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(str_to_i64(STR("-9223372036854775809"), &i), RESULT_NUMBER_OUT_OF_RANGE);
    assert_result(str_to_i64(STR("-"), &i), RESULT_NUMBER_MALFORMED);
    assert_result(str_to_i64(STR("--1"), &i), RESULT_NUMBER_MALFORMED);
    assert_result(str_to_i64(STR(""), &i), RESULT_TEXT_EMPTY);
    assert_true(i == 7);
}

static void integers_come_back_from_their_text(void **state)
{
    (void)state;
    char buffer[24];
    assert_int_equal(str_from_u64(0, buffer), 1);
    assert_string_equal(buffer, "0");
    assert_int_equal(str_from_u64(UINT64_MAX, buffer), 20);
    assert_string_equal(buffer, "18446744073709551615");
    assert_int_equal(str_from_i64(INT64_MIN, buffer), 20);
    assert_string_equal(buffer, "-9223372036854775808");
    assert_int_equal(str_from_i64(1000, buffer), 4);
    assert_string_equal(buffer, "1000");
}

static void distance_counts_slips_of_the_finger(void **state)
{
    (void)state;
    assert_int_equal(str_distance(STR("status"), STR("status")), 0);
    assert_int_equal(str_distance(STR("statsu"), STR("status")), 1); /* neighbours swapped */
    assert_int_equal(str_distance(STR("stats"), STR("status")), 1);
    assert_int_equal(str_distance(STR("statuss"), STR("status")), 1);
    assert_int_equal(str_distance(STR("stotus"), STR("status")), 1);
    assert_int_equal(str_distance(STR("kitten"), STR("sitting")), 3);
    assert_int_equal(str_distance(STR(""), STR("abc")), 3);
    assert_int_equal(str_distance(STR("abcdefghijkl"), STR("mnopqrstuvwx")), 9);
    char longer[65];
    memset(longer, 'a', sizeof longer);
    assert_int_equal(str_distance((str_t){longer, 65}, (str_t){longer, 65}), 9);
    assert_int_equal(str_distance((str_t){longer, 64}, (str_t){longer, 64}), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_compare_by_content),
        cmocka_unit_test(trim_takes_blanks_at_both_ends),
        cmocka_unit_test(cut_walks_through_fields),
        cmocka_unit_test(copies_are_whole_or_not_at_all),
        cmocka_unit_test(integers_are_digits_only),
        cmocka_unit_test(integers_come_back_from_their_text),
        cmocka_unit_test(distance_counts_slips_of_the_finger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
