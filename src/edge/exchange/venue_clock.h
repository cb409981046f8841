/* venue_clock.h: what time it is at the exchange (MKT-6).
 *
 * The offset between our monotonic clock and the venue's time is measured by the mid-point of a request's round trip; of the last
 * eight samples the one with the shortest round trip counts, because its error is bounded by half of it. There is no fixed shift.
 * Venue time is counted on the monotonic clock, so a jump of the wall clock changes nothing; it is noticed and reported. In
 * lockstep the simulated venue states its time with each moment; venue_clock_pin then takes the place of measuring. A simulated
 * venue may also run at so many times the pace of the wall, or stand: venue_clock_pace says so.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/result.h"

enum {
    VENUE_CLOCK_SAMPLES = 8,
    VENUE_CLOCK_ALARM_MS = 250,      /* |wall clock - venue| above this raises the alarm, if the owner does not say otherwise */
    VENUE_CLOCK_RTT_MAX_MS = 5000,   /* longer round trips tell nothing */
    VENUE_CLOCK_SAMPLE_AGE_S = 3600, /* older samples are forgotten: quartz drifts */
    VENUE_CLOCK_ODD_S = 5,           /* a sample this far from the best is a fault of its own, until ... */
    VENUE_CLOCK_ODD_COUNT = 3,       /* ... so many in a row agree: then we were wrong */
    VENUE_CLOCK_LOOK_MS = 20,        /* a wait that nothing can tell the length of */
};

typedef struct {
    int64_t offset_ns; /* venue - monotonic x speed */
    int64_t rtt_ns;
    int64_t at_ns; /* monotonic */
} venue_clock_sample_t;

typedef struct {
    venue_clock_sample_t samples[VENUE_CLOCK_SAMPLES];
    uint32_t count, next;
    double speed;      /* venue seconds a second; 0: it stands */
    bool repaced;      /* the pace has changed since the last sample */
    bool known;        /* an offset has been measured */
    bool pinned;       /* lockstep: the venue states its time */
    bool alarm;        /* the wall clock is off by more than alarm_ms */
    int64_t alarm_ms;  /* the owner may set it */
    bool retry_spent;  /* the one retry after -1021 has been used since the last good sample */
    int64_t offset_ns; /* venue - monotonic x speed, of the best sample */
    int64_t error_ns;  /* half the best round trip */
    int64_t pinned_ms;
    int64_t wall_offset_ns; /* wall - monotonic when last seen */
    bool wall_seen;
    int64_t odd_offset_ns; /* of the last sample that did not fit */
    uint32_t odd_count;    /* such samples in a row that agree with each other */
} venue_clock_t;

void venue_clock_init(venue_clock_t *clock);

/* A reply that carried the venue's time: sent and received are on the monotonic clock, wall_ns is the wall clock at `received`.
 * RESULT_OK; RESULT_STALE: the round trip was too long to tell anything, or the
 * sample is far from what is known and stands alone (one wrong time must not stop every timer); RESULT_BAD_ARGUMENT: received
 * before sent, or a venue time that is none. */
result_t venue_clock_note(venue_clock_t *clock, int64_t sent_ns, int64_t received_ns, int64_t wall_ns, int64_t venue_ms);

/* From monotonic_ns on the venue's time runs `speed` (>= 0) times as fast as ours. It goes on from where it was, but measure again:
 * the change was heard of late, and the first sample after it is believed. The wall clock says nothing of such a time. */
void venue_clock_pace(venue_clock_t *clock, int64_t monotonic_ns, double speed);

/* How long (ns of ours) to wait until wait_ms of the venue's time have passed. Where it stands, or moves when others have finished
 * (pinned), that cannot be known: a short while, to look again. */
int64_t venue_clock_wait_ns(const venue_clock_t *clock, int64_t wait_ms);

/* Lockstep: the venue's time is venue_ms until told otherwise. Never goes back. */
void venue_clock_pin(venue_clock_t *clock, int64_t venue_ms);

/* RESULT_OK, or RESULT_STALE before the first sample (nothing may be signed then). */
result_t venue_clock_now_ms(const venue_clock_t *clock, int64_t monotonic_ns, int64_t *venue_ms);

/* How far (ms) a stamp of the venue lies ahead of the time it can have: 0 up to VENUE_CLOCK_ALARM_MS and what the clock itself may
 * be wrong by, or while the time is not known. What is above that is not from now: either it is wrong, or our clock is, so measure
 * again. */
int64_t venue_clock_ahead_ms(const venue_clock_t *clock, int64_t monotonic_ns, int64_t stamp_ns);

/* wall - venue in ms (positive: our wall clock is ahead); 0 while unknown or pinned. */
int64_t venue_clock_wall_error_ms(const venue_clock_t *clock);

/* The venue said -1021. True once: measure again (the old samples are dropped), then send that one request again. False until a
 * good sample has come. */
bool venue_clock_on_refused(venue_clock_t *clock);

/* Call now and then: true when the wall clock has jumped by more than VENUE_CLOCK_ALARM_MS against the monotonic one since the last
 * call; *jump_ms says by how much. Samples stay valid: they do not rest on the wall clock. */
bool venue_clock_check_wall(venue_clock_t *clock, int64_t monotonic_ns, int64_t wall_ns, int64_t *jump_ms);
