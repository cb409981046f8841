/* venue_clock.c: offset by the mid-point of the round trip; the sample with the shortest trip wins. */
#include "edge/exchange/venue_clock.h"

#include "core/base/assert.h"
#include "core/base/time.h"

#include <string.h>

#define VENUE_MS_MAX (INT64_MAX / NS_PER_MS)

void venue_clock_init(venue_clock_t *clock)
{
    *clock = (venue_clock_t){.speed = 1, .alarm_ms = VENUE_CLOCK_ALARM_MS};
}

/* A time of ours, or a distance of times, as it passes at the venue. */
static int64_t paced(const venue_clock_t *clock, int64_t ns)
{
    return clock->speed == 1 ? ns : (int64_t)((double)ns * clock->speed);
}

void venue_clock_pace(venue_clock_t *clock, int64_t monotonic_ns, double speed)
{
    ASSERT(speed >= 0);
    const int64_t venue_ns = paced(clock, monotonic_ns) + clock->offset_ns;
    clock->speed = speed;
    clock->offset_ns = venue_ns - paced(clock, monotonic_ns);
    clock->repaced = clock->known;
    clock->count = 0; /* they are offsets at the old pace */
    clock->next = 0;
}

int64_t venue_clock_wait_ns(const venue_clock_t *clock, int64_t wait_ms)
{
    const int64_t look_ns = VENUE_CLOCK_LOOK_MS * NS_PER_MS;
    if (clock->pinned || clock->speed == 0) {
        return look_ns;
    }
    const int64_t wait_ns = (int64_t)((double)wait_ms * (double)NS_PER_MS / clock->speed);
    return wait_ns > look_ns ? wait_ns : look_ns;
}

/* The best of the samples that are not too old at now_ns. The newest always counts: there is one after every note. */
static void best_choose(venue_clock_t *clock, int64_t now_ns)
{
    const venue_clock_sample_t *best = NULL;
    for (uint32_t i = 0; i < clock->count; i++) {
        const venue_clock_sample_t *sample = &clock->samples[i];
        bool old = now_ns - sample->at_ns > VENUE_CLOCK_SAMPLE_AGE_S * NS_PER_S;
        if (!old && (best == NULL || sample->rtt_ns < best->rtt_ns)) {
            best = sample;
        }
    }
    ASSERT(best != NULL);
    clock->offset_ns = best->offset_ns;
    clock->error_ns = paced(clock, best->rtt_ns / 2);
}

/* One wrong stamp moves every timer, and nothing brings it back. So a sample far from what is known counts only when others say the
 * same: then the machine has slept, or the venue has set its clock, and what was known is worth nothing. */
static bool is_odd(venue_clock_t *clock, int64_t offset_ns, int64_t rtt_ns)
{
    const int64_t slack_ns = paced(clock, VENUE_CLOCK_ODD_S * NS_PER_S + rtt_ns);
    const int64_t apart_ns = offset_ns - clock->offset_ns, between_ns = offset_ns - clock->odd_offset_ns;
    if (!clock->known || clock->repaced || (apart_ns <= slack_ns && apart_ns >= -slack_ns)) {
        clock->repaced = false;
        clock->odd_count = 0;
        return false;
    }
    const bool agrees = clock->odd_count > 0 && between_ns <= slack_ns && between_ns >= -slack_ns;
    clock->odd_count = agrees ? clock->odd_count + 1 : 1;
    clock->odd_offset_ns = offset_ns;
    if (clock->odd_count < VENUE_CLOCK_ODD_COUNT) {
        return true;
    }
    clock->odd_count = 0;
    clock->count = 0;
    clock->next = 0;
    return false;
}

static void alarm_set(venue_clock_t *clock)
{
    int64_t error_ms = venue_clock_wall_error_ms(clock);
    clock->alarm = error_ms > clock->alarm_ms || error_ms < -clock->alarm_ms;
}

result_t venue_clock_note(venue_clock_t *clock, int64_t sent_ns, int64_t received_ns, int64_t wall_ns, int64_t venue_ms)
{
    if (received_ns < sent_ns || sent_ns < 0 || venue_ms <= 0 || venue_ms > VENUE_MS_MAX) {
        return RESULT_BAD_ARGUMENT;
    }
    int64_t rtt_ns = received_ns - sent_ns;
    if (rtt_ns > VENUE_CLOCK_RTT_MAX_MS * NS_PER_MS) {
        return RESULT_STALE;
    }
    /* The venue's stamp is cut to whole milliseconds: on average it lies half of one behind. */
    int64_t venue_ns = venue_ms * NS_PER_MS + NS_PER_MS / 2;
    const int64_t offset_ns = venue_ns - paced(clock, sent_ns + rtt_ns / 2);
    if (is_odd(clock, offset_ns, rtt_ns)) {
        return RESULT_STALE;
    }
    clock->samples[clock->next] = (venue_clock_sample_t){
        .offset_ns = offset_ns,
        .rtt_ns = rtt_ns,
        .at_ns = received_ns,
    };
    clock->next = (clock->next + 1) % VENUE_CLOCK_SAMPLES;
    clock->count += clock->count < VENUE_CLOCK_SAMPLES;
    clock->known = true;
    clock->retry_spent = false;
    clock->wall_offset_ns = wall_ns - received_ns;
    clock->wall_seen = true;
    best_choose(clock, received_ns);
    alarm_set(clock);
    return RESULT_OK;
}

void venue_clock_pin(venue_clock_t *clock, int64_t venue_ms)
{
    clock->pinned = true;
    clock->alarm = false;
    if (venue_ms > clock->pinned_ms) {
        clock->pinned_ms = venue_ms;
    }
}

result_t venue_clock_now_ms(const venue_clock_t *clock, int64_t monotonic_ns, int64_t *venue_ms)
{
    if (clock->pinned) {
        *venue_ms = clock->pinned_ms;
        return RESULT_OK;
    }
    if (!clock->known) {
        return RESULT_STALE;
    }
    *venue_ms = (paced(clock, monotonic_ns) + clock->offset_ns) / NS_PER_MS;
    return RESULT_OK;
}

int64_t venue_clock_ahead_ms(const venue_clock_t *clock, int64_t monotonic_ns, int64_t stamp_ns)
{
    int64_t now_ms;
    if (venue_clock_now_ms(clock, monotonic_ns, &now_ms) != RESULT_OK) {
        return 0;
    }
    int64_t ahead_ms = stamp_ns / NS_PER_MS - now_ms;
    return ahead_ms > VENUE_CLOCK_ALARM_MS + clock->error_ns / NS_PER_MS ? ahead_ms : 0;
}

int64_t venue_clock_wall_error_ms(const venue_clock_t *clock)
{
    bool own_pace = clock->speed != 1;
    return clock->pinned || !clock->known || !clock->wall_seen || own_pace ? 0
                                                                           : (clock->wall_offset_ns - clock->offset_ns) / NS_PER_MS;
}

bool venue_clock_on_refused(venue_clock_t *clock)
{
    if (clock->retry_spent) {
        return false;
    }
    clock->retry_spent = true;
    clock->count = 0; /* what we believed was wrong */
    clock->next = 0;
    clock->known = false;
    return true;
}

bool venue_clock_check_wall(venue_clock_t *clock, int64_t monotonic_ns, int64_t wall_ns, int64_t *jump_ms)
{
    int64_t offset_ns = wall_ns - monotonic_ns;
    int64_t moved_ms = (offset_ns - clock->wall_offset_ns) / NS_PER_MS;
    bool jumped = clock->wall_seen && (moved_ms > VENUE_CLOCK_ALARM_MS || moved_ms < -VENUE_CLOCK_ALARM_MS);
    clock->wall_offset_ns = offset_ns;
    clock->wall_seen = true;
    alarm_set(clock);
    if (jumped) {
        *jump_ms = moved_ms;
    }
    return jumped;
}
