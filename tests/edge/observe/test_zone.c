/* test_zone.c: people are shown the wall clock of their zone, with its offset; everything else stays as it is.
 * shows: R035, I18
 */
#include "support/test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/observe/zone.h"

static int64_t at(const char *text)
{
    int64_t time_ns = 0;
    assert_ok(time_parse(text, strlen(text), &time_ns));
    return time_ns;
}

static void shows(const char *zone, const char *utc, unsigned digits, const char *wanted)
{
    char text[ZONE_TEXT_MAX];
    zone_begin(zone);
    assert_true(zone_format(at(utc), digits, text) == strlen(wanted));
    assert_string_equal(text, wanted);
}

static void a_time_bears_the_offset_of_its_zone(void **state)
{
    (void)state;
    shows("Europe/Kyiv", "2026-01-15T12:00:00Z", 0, "2026-01-15T14:00:00+02:00");
    shows("Europe/Kyiv", "2026-07-15T12:00:00.250Z", 3, "2026-07-15T15:00:00.250+03:00");
    shows("Asia/Kolkata", "2026-01-15T20:00:00Z", 0, "2026-01-16T01:30:00+05:30");
    shows("America/St_Johns", "2026-01-15T02:00:00Z", 0, "2026-01-14T22:30:00-03:30");
    shows("UTC", "2026-01-15T12:00:00Z", 0, "2026-01-15T12:00:00Z");
    shows("Mars/Base", "2026-01-15T12:00:00Z", 0, "2026-01-15T12:00:00Z"); /* not known: UTC, never a guess */
    /* the hour that comes twice: two texts */
    shows("Europe/Kyiv", "2026-10-25T00:30:00Z", 0, "2026-10-25T03:30:00+03:00");
    shows("Europe/Kyiv", "2026-10-25T01:30:00Z", 0, "2026-10-25T03:30:00+02:00");
}

static void names_lead_nowhere_else(void **state)
{
    (void)state;
    assert_true(zone_is_known("UTC") && zone_is_known("Europe/Kyiv"));
    const char *const bad[] = {"",       "Nowhere/Land", "../../etc/passwd", "/etc/localtime",
                               "Europe", "tzdata.zi",    "Europe/Kyiv ",     "UTC0"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(zone_is_known(bad[i]));
    }
}

static void shown(const char *text, size_t capacity, const char *wanted)
{
    char buffer[64];
    assert_true(snprintf(buffer, sizeof buffer, "%s", text) > 0);
    zone_show(buffer, capacity);
    assert_string_equal(buffer, wanted);
}

static void only_times_are_touched(void **state)
{
    (void)state;
    zone_begin("Europe/Kyiv");
    shown("2026-01-15T12:00:00Z", 64, "2026-01-15T14:00:00+02:00");
    shown("2026-01-15T12:00:00.123Z", 64, "2026-01-15T14:00:00.123+02:00");
    shown("2026-01-15T12:00:00Z", 25, "2026-01-15T12:00:00Z"); /* no room */
    shown("2026-01-15T12:00:00", 64, "2026-01-15T12:00:00");
    shown("2026-13-15T12:00:00Z", 64, "2026-13-15T12:00:00Z");
    shown("never", 64, "never");
    shown("BTCUSDT-L-SC01-00000Z", 64, "BTCUSDT-L-SC01-00000Z");
    zone_begin("UTC");
    shown("2026-01-15T12:00:00Z", 64, "2026-01-15T12:00:00Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_bears_the_offset_of_its_zone),
        cmocka_unit_test(names_lead_nowhere_else),
        cmocka_unit_test(only_times_are_touched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
