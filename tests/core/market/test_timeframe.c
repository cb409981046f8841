/* test_timeframe.c: the grid of bars in UTC.
 * shows: MKT-4
 */
#include "support/test_support.h"

#include <string.h>

#include "core/base/time.h"
#include "core/market/timeframe.h"

static int64_t at(const char *text)
{
    int64_t time_ns = 0;
    assert_ok(time_parse(text, strlen(text), &time_ns));
    return time_ns;
}

static void names_are_those_of_the_exchanges(void **state)
{
    (void)state;
    static const char *const names[TF_COUNT] = {"1m", "3m", "5m",  "15m", "30m", "1h", "2h", "4h",
                                                "6h", "8h", "12h", "1d",  "3d",  "1w", "1M"};
    for (timeframe_t tf = 0; tf < TF_COUNT; tf++) {
        timeframe_t parsed = TF_COUNT;
        assert_ok(timeframe_parse(str_from(names[tf]), &parsed));
        assert_int_equal(parsed, tf);
        assert_string_equal(timeframe_text(tf), names[tf]);
    }
    static const char *const others[] = {"60", "1H", "4H", "1D", "1min", "45m", "1 m", "m", "1s", " 1m", "1m "};
    timeframe_t untouched = TF_3D;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_result(timeframe_parse(str_from(others[i]), &untouched), RESULT_UNKNOWN_VALUE);
    }
    assert_result(timeframe_parse(STR(""), &untouched), RESULT_TEXT_EMPTY);
    assert_int_equal(untouched, TF_3D);
}

static void bars_open_where_they_should(void **state)
{
    (void)state;
    static const struct {
        timeframe_t timeframe;
        const char *open, *next;
    } rows[] = {
        {TF_1M, "2024-02-29T13:47:00Z", "2024-02-29T13:48:00Z"},  {TF_3M, "2024-02-29T13:45:00Z", "2024-02-29T13:48:00Z"},
        {TF_15M, "2024-02-29T13:45:00Z", "2024-02-29T14:00:00Z"}, {TF_1H, "2024-02-29T13:00:00Z", "2024-02-29T14:00:00Z"},
        {TF_4H, "2024-02-29T12:00:00Z", "2024-02-29T16:00:00Z"},  {TF_8H, "2024-02-29T08:00:00Z", "2024-02-29T16:00:00Z"},
        {TF_12H, "2024-02-29T12:00:00Z", "2024-03-01T00:00:00Z"}, {TF_1D, "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"},
        {TF_1W, "2024-02-26T00:00:00Z", "2024-03-04T00:00:00Z"},  {TF_1MO, "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"},
    };
    int64_t now = at("2024-02-29T13:47:31.500Z");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(timeframe_open(rows[i].timeframe, now) == at(rows[i].open));
        assert_true(timeframe_open(rows[i].timeframe, at(rows[i].open)) == at(rows[i].open));
        assert_true(timeframe_open(rows[i].timeframe, at(rows[i].next) - 1) == at(rows[i].open));
        assert_true(timeframe_next(rows[i].timeframe, at(rows[i].open)) == at(rows[i].next));
    }
    assert_true(timeframe_next(TF_1MO, at("2023-12-01T00:00:00Z")) == at("2024-01-01T00:00:00Z"));
    assert_true(timeframe_open(TF_1W, 0) == -3 * NS_PER_DAY); /* the Monday before 1970-01-01 */
    assert_true(timeframe_open(TF_1MO, -1) == -31 * NS_PER_DAY);
}

static void lengths_ascend(void **state)
{
    (void)state;
    for (timeframe_t tf = 1; tf < TF_COUNT; tf++) {
        assert_true(timeframe_length_ns(tf) > timeframe_length_ns(tf - 1));
    }
    assert_true(timeframe_length_ns(TF_1MO) == 30 * NS_PER_DAY);
}

static void length_of_nothing(void *context)
{
    (void)context;
    (void)timeframe_length_ns(TF_COUNT);
}

static void text_of_nothing(void *context)
{
    (void)context;
    (void)timeframe_text(TF_COUNT);
}

static void broken_beliefs_abort(void **state)
{
    (void)state;
    assert_aborts(length_of_nothing, NULL);
    assert_aborts(text_of_nothing, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_those_of_the_exchanges),
        cmocka_unit_test(bars_open_where_they_should),
        cmocka_unit_test(lengths_ascend),
        cmocka_unit_test(broken_beliefs_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
