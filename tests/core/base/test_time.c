/* test_time.c: UTC nanoseconds, the calendar, and their one text form.
 * shows: I18
 */
#include "support/test_support.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/time.h"

static void formats_and_reads_back(void **state)
{
    (void)state;
    static const struct {
        int64_t time_ns;
        unsigned digits;
        const char *text;
    } rows[] = {
        {0, 0, "1970-01-01T00:00:00Z"},
        {1, 9, "1970-01-01T00:00:00.000000001Z"},
        {INT64_C(1723161255030314667), 9, "2024-08-08T23:54:15.030314667Z"},
        {INT64_C(1723161255030000000), 3, "2024-08-08T23:54:15.030Z"},
        {INT64_C(1723161255030314000), 6, "2024-08-08T23:54:15.030314Z"},
        {INT64_C(951782400) * NS_PER_S, 0, "2000-02-29T00:00:00Z"},
        {INT64_C(4107542399) * NS_PER_S, 0, "2100-02-28T23:59:59Z"},
        {INT64_C(4107542400) * NS_PER_S, 0, "2100-03-01T00:00:00Z"},
        {INT64_MAX, 9, "2262-04-11T23:47:16.854775807Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[TIME_TEXT_MAX];
        int64_t back = -1;
        assert_int_equal(time_format(rows[i].time_ns, rows[i].digits, text), strlen(rows[i].text));
        assert_string_equal(text, rows[i].text);
        assert_ok(time_parse(text, strlen(text), &back));
        assert_true(back == rows[i].time_ns);
        assert_ok(time_parse(text, strlen(text) - 1, &back)); /* without the Z */
        assert_true(back == rows[i].time_ns);
        text[10] = ' ';
        assert_ok(time_parse(text, strlen(text), &back));
        assert_true(back == rows[i].time_ns);
    }
    char text[TIME_TEXT_MAX];
    (void)time_format(-1, 9, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999999999Z");
    (void)time_format(INT64_MIN, 0, text);
    assert_string_equal(text, "1677-09-21T00:12:43Z");
    (void)time_format(-NS_PER_DAY, 0, text);
    assert_string_equal(text, "1969-12-31T00:00:00Z");
}

static void other_texts_are_refused(void **state)
{
    (void)state;
    static const char *const malformed[] = {
        "",
        "Z",
        "2024",
        "2024-08-08",
        "2024-08-08T23:54:1",
        "2024-08-08T23:54:15.",
        "2024-08-08T23:54:15.1",
        "2024-08-08T23:54:15.12345Z",
        "2024-08-08T23:54:15.1234567890Z",
        "2024-08-08T23:54:15,123Z",
        "2024-08-08T23:54:15.12aZ",
        "2024-08-08T23:54:15ZZ",
        "2024-08-08T23:54:15+00:00",
        "2024-08-08t23:54:15Z",
        "2024/08/08T23:54:15Z",
        "2024-08/08T23:54:15Z",
        "2024-08-08T23-54:15Z",
        "2024-08-08T23:54-15Z",
        "20a4-08-08T23:54:15Z",
        "2024-00-08T23:54:15Z",
        "2024-13-08T23:54:15Z",
        "2024-08-00T23:54:15Z",
        "2024-08-32T23:54:15Z",
        "2024-04-31T23:54:15Z",
        "2024-06-31T23:54:15Z",
        "2024-09-31T23:54:15Z",
        "2024-11-31T23:54:15Z",
        "2023-02-29T23:54:15Z",
        "2100-02-29T23:54:15Z",
        "2024-02-30T23:54:15Z",
        "2024-08-08T24:00:00Z",
        "2024-08-08T23:60:00Z",
        "2024-08-08T23:59:60Z",
        "2024-08-08T-1:59:00Z",
        "2024-08-08T23:-1:00Z",
        "2024-08-08T23:59:-1Z",
    };
    int64_t out = 42;
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        assert_result(time_parse(malformed[i], strlen(malformed[i]), &out), RESULT_TIME_MALFORMED);
    }
    static const char *const outside[] = {"1969-12-31T23:59:59Z", "2263-01-01T00:00:00Z", "2262-04-11T23:47:16.854775808Z",
                                          "2262-12-31T00:00:00Z"};
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        assert_result(time_parse(outside[i], strlen(outside[i]), &out), RESULT_NUMBER_OUT_OF_RANGE);
    }
    assert_true(out == 42);
}

static void calendar_agrees_with_the_c_library(void **state)
{
    (void)state;
    for (int64_t days = -110000; days <= 110000; days += 7) {
        time_t seconds = (time_t)(days * 86400);
        struct tm tm;
        assert_non_null(gmtime_r(&seconds, &tm));
        int year;
        unsigned month, day;
        time_civil_from_days(days, &year, &month, &day);
        assert_int_equal(year, tm.tm_year + 1900);
        assert_int_equal(month, tm.tm_mon + 1);
        assert_int_equal(day, tm.tm_mday);
        assert_true(time_days_from_civil(year, month, day) == days);
    }
    /* before the year 0, where the eras are negative */
    int year;
    unsigned month, day;
    time_civil_from_days(time_days_from_civil(-1, 2, 28), &year, &month, &day);
    assert_true(year == -1 && month == 2 && day == 28);
}

static void every_zone_of_the_host_gives_the_same(void **state)
{
    (void)state;
    static const char *const zones[] = {"UTC", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"};
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        setenv("TZ", zones[i], 1);
        tzset();
        char text[TIME_TEXT_MAX];
        (void)time_format(INT64_C(1729990800) * NS_PER_S, 0, text); /* an hour that exists twice in parts of the world */
        assert_string_equal(text, "2024-10-27T01:00:00Z");
    }
    unsetenv("TZ");
    tzset();
}

static void floor_goes_down_on_both_sides_of_1970(void **state)
{
    (void)state;
    assert_true(time_floor(NS_PER_HOUR + 5, NS_PER_HOUR) == NS_PER_HOUR);
    assert_true(time_floor(NS_PER_HOUR, NS_PER_HOUR) == NS_PER_HOUR);
    assert_true(time_floor(-1, NS_PER_HOUR) == -NS_PER_HOUR);
    assert_true(time_floor(-NS_PER_HOUR, NS_PER_HOUR) == -NS_PER_HOUR);
}

static void four_digits(void *context)
{
    char text[TIME_TEXT_MAX];
    (void)context;
    (void)time_format(0, 4, text);
}

static void month_thirteen(void *context)
{
    (void)context;
    (void)time_days_from_civil(2024, 13, 1);
}

static void broken_beliefs_abort(void **state)
{
    (void)state;
    assert_aborts(four_digits, NULL);
    assert_aborts(month_thirteen, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_and_reads_back),
        cmocka_unit_test(other_texts_are_refused),
        cmocka_unit_test(calendar_agrees_with_the_c_library),
        cmocka_unit_test(every_zone_of_the_host_gives_the_same),
        cmocka_unit_test(floor_goes_down_on_both_sides_of_1970),
        cmocka_unit_test(broken_beliefs_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
