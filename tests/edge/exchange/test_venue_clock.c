/* shows: MKT-6, I18
 *
 * Venue time rests on the monotonic clock and on measurement alone: no fixed shift, and a wall clock that jumps changes nothing but
 * the alarm.
 */
#include "support/test_support.h"

#include "core/base/time.h"
#include "edge/exchange/venue_clock.h"

#define MONO     (1000 * NS_PER_S)
#define VENUE_MS INT64_C(1700000000000)

static int64_t now_ms(const venue_clock_t *clock, int64_t monotonic_ns)
{
    int64_t ms = -1;
    assert_ok(venue_clock_now_ms(clock, monotonic_ns, &ms));
    return ms;
}

static void the_mid_point_of_the_round_trip(void **state)
{
    (void)state;
    venue_clock_t clock;
    int64_t ms = 5;
    venue_clock_init(&clock);
    assert_result(venue_clock_now_ms(&clock, MONO, &ms), RESULT_STALE);
    assert_true(ms == 5);
    assert_ok(venue_clock_note(&clock, MONO, MONO + 100 * NS_PER_MS, VENUE_MS * NS_PER_MS + 50 * NS_PER_MS, VENUE_MS));
    assert_true(now_ms(&clock, MONO + 50 * NS_PER_MS) == VENUE_MS); /* half way */
    assert_true(now_ms(&clock, MONO + 50 * NS_PER_MS + 7 * NS_PER_S) == VENUE_MS + 7000);
    assert_false(clock.alarm);
    assert_true(clock.error_ns == 50 * NS_PER_MS);
}

static void the_shortest_round_trip_counts(void **state)
{
    (void)state;
    venue_clock_t clock;
    venue_clock_init(&clock);
    assert_ok(venue_clock_note(&clock, MONO, MONO + 10 * NS_PER_MS, 0, VENUE_MS + 5));
    int64_t offset_ns = clock.offset_ns;
    assert_ok(venue_clock_note(&clock, MONO + NS_PER_S, MONO + NS_PER_S + 900 * NS_PER_MS, 0,
                               VENUE_MS + 1000 + 800)); /* a slow, lopsided trip */
    assert_true(clock.offset_ns == offset_ns);
    assert_ok(venue_clock_note(&clock, MONO + 2 * NS_PER_S, MONO + 2 * NS_PER_S + 2 * NS_PER_MS, 0, VENUE_MS + 2000 + 101));
    assert_true(clock.offset_ns - offset_ns == 100 * NS_PER_MS);
    assert_result(venue_clock_note(&clock, MONO, MONO + 6 * NS_PER_S, 0, VENUE_MS), RESULT_STALE);
    assert_result(venue_clock_note(&clock, MONO, MONO - 1, 0, VENUE_MS), RESULT_BAD_ARGUMENT);
    assert_result(venue_clock_note(&clock, MONO, MONO, 0, 0), RESULT_BAD_ARGUMENT);
    assert_result(venue_clock_note(&clock, MONO, MONO, 0, INT64_MAX), RESULT_BAD_ARGUMENT);
    /* an hour later the short one is forgotten */
    assert_ok(venue_clock_note(&clock, MONO + 3700 * NS_PER_S, MONO + 3700 * NS_PER_S + 50 * NS_PER_MS, 0, VENUE_MS + 3700000));
    assert_true(clock.error_ns == 25 * NS_PER_MS);
}

static void the_alarm_is_about_the_wall_clock(void **state)
{
    (void)state;
    venue_clock_t clock;
    venue_clock_init(&clock);
    assert_ok(venue_clock_note(&clock, MONO, MONO, (VENUE_MS + 240) * NS_PER_MS, VENUE_MS));
    assert_false(clock.alarm);
    assert_ok(venue_clock_note(&clock, MONO, MONO, (VENUE_MS - 300) * NS_PER_MS, VENUE_MS));
    assert_true(clock.alarm);
    assert_true(venue_clock_wall_error_ms(&clock) == -300);
    assert_true(now_ms(&clock, MONO) == VENUE_MS); /* what is signed is right all the same */
}

static void a_jump_of_the_wall_clock_changes_no_venue_time(void **state)
{
    (void)state;
    venue_clock_t clock;
    int64_t jump_ms = 0;
    venue_clock_init(&clock);
    assert_ok(venue_clock_note(&clock, MONO, MONO, VENUE_MS * NS_PER_MS, VENUE_MS));
    assert_false(venue_clock_check_wall(&clock, MONO + NS_PER_S, VENUE_MS * NS_PER_MS + NS_PER_S + 200 * NS_PER_MS, &jump_ms));
    assert_true(venue_clock_check_wall(&clock, MONO + 2 * NS_PER_S, VENUE_MS * NS_PER_MS - NS_PER_DAY, &jump_ms));
    assert_true(jump_ms == -86400000 - 2000 - 200);
    assert_true(clock.alarm);
    assert_true(now_ms(&clock, MONO + 2 * NS_PER_S) == VENUE_MS + 2000);
}

static void one_retry_after_a_refusal(void **state)
{
    (void)state;
    venue_clock_t clock;
    int64_t ms;
    venue_clock_init(&clock);
    assert_ok(venue_clock_note(&clock, MONO, MONO, 0, VENUE_MS));
    assert_true(venue_clock_on_refused(&clock));
    assert_result(venue_clock_now_ms(&clock, MONO, &ms), RESULT_STALE); /* nothing is signed with what was wrong */
    assert_false(venue_clock_on_refused(&clock));
    assert_ok(venue_clock_note(&clock, MONO, MONO, 0, VENUE_MS));
    assert_true(venue_clock_on_refused(&clock));
}

static void lockstep_pins_it(void **state)
{
    (void)state;
    venue_clock_t clock;
    venue_clock_init(&clock);
    venue_clock_pin(&clock, VENUE_MS);
    assert_true(now_ms(&clock, MONO) == VENUE_MS && now_ms(&clock, MONO + NS_PER_DAY) == VENUE_MS);
    venue_clock_pin(&clock, VENUE_MS - 1);
    assert_true(now_ms(&clock, MONO) == VENUE_MS); /* never back */
    assert_true(venue_clock_wall_error_ms(&clock) == 0);
}

/* One wrong stamp among good ones changes nothing; a venue that says the same three times is believed. */
static void a_sample_far_off_stands_alone(void **state)
{
    (void)state;
    venue_clock_t clock;
    venue_clock_init(&clock);
    assert_ok(venue_clock_note(&clock, MONO, MONO + 10 * NS_PER_MS, 0, VENUE_MS));
    const int64_t offset_ns = clock.offset_ns;
    const int64_t day_ms = 24 * 3600 * 1000;
    int64_t at = MONO + NS_PER_S;
    assert_result(venue_clock_note(&clock, at, at + NS_PER_MS, 0, VENUE_MS + 1000 + day_ms), RESULT_STALE);
    assert_result(venue_clock_note(&clock, at, at + NS_PER_MS, 0, VENUE_MS + 1000 - day_ms), RESULT_STALE);
    assert_true(clock.offset_ns == offset_ns);
    at += NS_PER_S;
    assert_ok(venue_clock_note(&clock, at, at + 10 * NS_PER_MS, 0, VENUE_MS + 2000));
    for (int i = 0; i < 2; i++) { /* the machine has slept: everyone says so from now on */
        at += NS_PER_S;
        assert_result(venue_clock_note(&clock, at, at + NS_PER_MS, 0, VENUE_MS + 3000 + i * 1000 + day_ms), RESULT_STALE);
    }
    at += NS_PER_S;
    assert_ok(venue_clock_note(&clock, at, at + 2 * NS_PER_MS, 0, VENUE_MS + 5000 + day_ms));
    assert_true(now_ms(&clock, at + NS_PER_MS) == VENUE_MS + 5000 + day_ms);
}

static void what_lies_ahead_of_the_time_is_told(void **state)
{
    (void)state;
    venue_clock_t clock;
    venue_clock_init(&clock);
    assert_true(venue_clock_ahead_ms(&clock, MONO, INT64_MAX) == 0);                /* nothing is known: nothing can be ahead */
    assert_ok(venue_clock_note(&clock, MONO, MONO + 100 * NS_PER_MS, 0, VENUE_MS)); /* known to 50 ms */
    const int64_t at = MONO + 50 * NS_PER_MS;
    assert_true(venue_clock_ahead_ms(&clock, at, (VENUE_MS + VENUE_CLOCK_ALARM_MS + 50) * NS_PER_MS) == 0);
    assert_true(venue_clock_ahead_ms(&clock, at, (VENUE_MS + VENUE_CLOCK_ALARM_MS + 51) * NS_PER_MS) == VENUE_CLOCK_ALARM_MS + 51);
    assert_true(venue_clock_ahead_ms(&clock, at + NS_PER_S, (VENUE_MS + 1200) * NS_PER_MS) == 0);
    assert_true(venue_clock_ahead_ms(&clock, at, 1) == 0);
    assert_true(venue_clock_ahead_ms(&clock, at, INT64_MAX) > 0);
}

/* A simulated venue at 7200 times the pace of the wall: no sample is odd, and between samples the time runs on at that pace. */
static void a_faster_venue_is_followed_at_its_pace(void **state)
{
    (void)state;
    venue_clock_t clock;
    venue_clock_init(&clock);
    venue_clock_pace(&clock, 0, 7200);
    const int64_t venue_ms = INT64_C(1700000000000);
    for (int64_t second = 0; second < 20; second++) {
        int64_t at_ns = second * NS_PER_S;
        assert_int_equal(venue_clock_note(&clock, at_ns, at_ns + 1000, at_ns, venue_ms + second * 7200 * 1000), RESULT_OK);
        int64_t now_ms = 0;
        assert_int_equal(venue_clock_now_ms(&clock, at_ns + NS_PER_S / 2, &now_ms), RESULT_OK);
        int64_t wanted_ms = venue_ms + second * 7200 * 1000 + 3600 * 1000;
        assert_true(now_ms - wanted_ms < 20 && wanted_ms - now_ms < 20);
    }
    assert_int_equal(venue_clock_wall_error_ms(&clock), 0);
    assert_false(clock.alarm);
}

/* The pace changes under way: the time goes on from where it was, the first sample after it is believed, however late it was heard.
 */
static void a_change_of_pace_is_followed(void **state)
{
    (void)state;
    venue_clock_t clock;
    venue_clock_init(&clock);
    venue_clock_pace(&clock, 0, 60);
    int64_t now_ms = 0;
    assert_int_equal(venue_clock_note(&clock, 0, 0, 0, VENUE_MS), RESULT_OK);
    venue_clock_pace(&clock, NS_PER_S, 600);
    assert_int_equal(venue_clock_now_ms(&clock, NS_PER_S, &now_ms), RESULT_OK);
    assert_int_equal(now_ms, VENUE_MS + 60 * 1000);
    assert_int_equal(venue_clock_now_ms(&clock, 2 * NS_PER_S, &now_ms), RESULT_OK);
    assert_int_equal(now_ms, VENUE_MS + 660 * 1000);
    /* The venue had changed long before: its word counts at once, though it is an hour away; a second such word does not. */
    assert_int_equal(venue_clock_note(&clock, 2 * NS_PER_S, 2 * NS_PER_S, 0, VENUE_MS + 3600 * 1000), RESULT_OK);
    assert_int_equal(venue_clock_now_ms(&clock, 3 * NS_PER_S, &now_ms), RESULT_OK);
    assert_int_equal(now_ms, VENUE_MS + 4200 * 1000);
    assert_int_equal(venue_clock_note(&clock, 3 * NS_PER_S, 3 * NS_PER_S, 0, VENUE_MS), RESULT_STALE);
    venue_clock_pace(&clock, 3 * NS_PER_S, 0);
    assert_int_equal(venue_clock_now_ms(&clock, 900 * NS_PER_S, &now_ms), RESULT_OK);
    assert_int_equal(now_ms, VENUE_MS + 4200 * 1000);
    venue_clock_pace(&clock, 900 * NS_PER_S, 1);
    assert_int_equal(venue_clock_now_ms(&clock, 901 * NS_PER_S, &now_ms), RESULT_OK);
    assert_int_equal(now_ms, VENUE_MS + 4201 * 1000);
    assert_false(clock.alarm);
}

/* What the venue's time tells to wait for passes sooner where that runs faster; nobody can tell where it stands. */
static void waits_are_by_the_venues_time(void **state)
{
    (void)state;
    venue_clock_t clock;
    venue_clock_init(&clock);
    assert_int_equal(venue_clock_wait_ns(&clock, 60000), 60 * NS_PER_S);
    assert_int_equal(venue_clock_wait_ns(&clock, -1), VENUE_CLOCK_LOOK_MS * NS_PER_MS);
    venue_clock_pace(&clock, 0, 60);
    assert_int_equal(venue_clock_wait_ns(&clock, 60000), NS_PER_S);
    venue_clock_pace(&clock, 0, 0);
    assert_int_equal(venue_clock_wait_ns(&clock, 60000), VENUE_CLOCK_LOOK_MS * NS_PER_MS);
    venue_clock_pace(&clock, 0, 1);
    venue_clock_pin(&clock, VENUE_MS);
    assert_int_equal(venue_clock_wait_ns(&clock, 60000), VENUE_CLOCK_LOOK_MS * NS_PER_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_faster_venue_is_followed_at_its_pace),
        cmocka_unit_test(a_change_of_pace_is_followed),
        cmocka_unit_test(waits_are_by_the_venues_time),
        cmocka_unit_test(the_mid_point_of_the_round_trip),
        cmocka_unit_test(the_shortest_round_trip_counts),
        cmocka_unit_test(the_alarm_is_about_the_wall_clock),
        cmocka_unit_test(a_jump_of_the_wall_clock_changes_no_venue_time),
        cmocka_unit_test(one_retry_after_a_refusal),
        cmocka_unit_test(lockstep_pins_it),
        cmocka_unit_test(a_sample_far_off_stands_alone),
        cmocka_unit_test(what_lies_ahead_of_the_time_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
