/* feed_depth.c: differences are kept until a snapshot has come, then both are joined by the venue's rule, or it begins again.
 *
 * The join is tried on the book first, with everything that waits; only when the whole chain holds does the owner see the snapshot
 * and the differences after it. So the owner never has to take anything back.
 */
#include "edge/exchange/binance/feed_inside.h"

#include <stdlib.h>
#include <string.h>

#define FETCH_RETRY_NS NS_PER_S

result_t feed_depth_add(feed_t *feed, instrument_id_t instrument)
{
    feed_depth_t *depth = calloc(1, sizeof *depth);
    if (depth == NULL || (depth->buffer = malloc(FEED_DEPTH_BUFFER)) == NULL) {
        free(depth);
        return RESULT_FULL;
    }
    depth->instrument = instrument;
    book_init(&depth->book);
    feed->depth[instrument] = depth;
    return RESULT_OK;
}

void feed_depth_remove(feed_t *feed, instrument_id_t instrument)
{
    feed_depth_t *depth = feed->depth[instrument];
    if (depth != NULL) {
        free(depth->buffer);
        free(depth);
        feed->depth[instrument] = NULL;
    }
}

static void fetch(feed_t *feed, feed_depth_t *depth)
{
    int64_t now_ns = feed_now(feed);
    if (depth->in_flight || depth->live || depth->buffered == 0 || now_ns < depth->fetch_at_ns) {
        return;
    }
    const instrument_t *instrument = instrument_table_at(feed->options.instruments, depth->instrument);
    uint32_t doubled = depth->failures < 5 ? depth->failures : 5;
    depth->fetch_at_ns = now_ns + (FETCH_RETRY_NS << doubled);
    depth->in_flight = feed->transport.fetch_depth(feed->transport.context, depth->instrument, instrument->symbol) == RESULT_OK;
    depth->failures += !depth->in_flight;
}

static void resync(feed_t *feed, feed_depth_t *depth, result_t why, const char *text)
{
    feed_name_t about = {.instrument = depth->instrument, .stream = FEED_DEPTH};
    depth->live = false;
    depth->buffered = 0;
    feed->counts.resyncs++;
    feed_notice(feed, FEED_RESYNC, -1, &about, why, text);
}

static void keep(feed_t *feed, feed_depth_t *depth, int64_t received_ns, str_t frame)
{
    uint32_t length = (uint32_t)frame.length;
    if (sizeof length + sizeof received_ns + frame.length > FEED_DEPTH_BUFFER - depth->buffered) {
        resync(feed, depth, RESULT_FULL, "the snapshot came too late");
        return;
    }
    memcpy(depth->buffer + depth->buffered, &length, sizeof length);
    memcpy(depth->buffer + depth->buffered + sizeof length, &received_ns, sizeof received_ns);
    memcpy(depth->buffer + depth->buffered + sizeof length + sizeof received_ns, frame.bytes, frame.length);
    depth->buffered += sizeof length + sizeof received_ns + frame.length;
}

void feed_depth_event(feed_t *feed, const market_event_t *event, str_t frame)
{
    feed_depth_t *depth = feed->depth[event->instrument];
    if (depth == NULL) {
        return;
    }
    if (depth->live) {
        result_t result = book_apply(&depth->book, &event->depth);
        if (result == RESULT_OK) {
            feed->counts.events++;
            feed->options.events->on_event(feed->options.context, event);
            return;
        }
        if (result == RESULT_STALE) {
            return;
        }
        resync(feed, depth, result, "a difference is missing");
    }
    keep(feed, depth, event->received_ns, frame);
    fetch(feed, depth);
}

typedef enum { PASS_TRY, PASS_GIVE } pass_t;

/* Runs the snapshot and what waits through the book (TRY), or hands them to the owner (GIVE). */
static result_t join_pass(feed_t *feed, feed_depth_t *depth, str_t body, pass_t pass)
{
    market_event_t event;
    result_t result = binance_decode_depth_snapshot(&feed->decoder, depth->instrument, body.bytes, body.length,
                                                    loop_wall_ns(feed->options.loop), &event);
    if (result != RESULT_OK) {
        return result;
    }
    uint64_t snapshot_id = event.depth.last_id;
    if (pass == PASS_TRY) {
        book_init(&depth->book);
        result = book_apply(&depth->book, &event.depth);
    } else {
        feed->options.events->on_event(feed->options.context, &event);
    }
    for (size_t at = 0; at < depth->buffered && result == RESULT_OK;) {
        uint32_t length;
        int64_t received_ns;
        memcpy(&length, depth->buffer + at, sizeof length);
        memcpy(&received_ns, depth->buffer + at + sizeof length, sizeof received_ns);
        at += sizeof length + sizeof received_ns;
        result = binance_decode_market(&feed->decoder, depth->buffer + at, length, received_ns, &event);
        at += length;
        if (result == RESULT_OK && pass == PASS_TRY) {
            result = book_apply(&depth->book, &event.depth);
            result = result == RESULT_STALE ? RESULT_OK : result;
        } else if (result == RESULT_OK && event.depth.last_id >= snapshot_id) {
            feed->options.events->on_event(feed->options.context, &event);
        }
    }
    return result;
}

void feed_depth_body(feed_t *feed, instrument_id_t instrument, result_t result, str_t body)
{
    feed_depth_t *depth = instrument < INSTRUMENT_MAX ? feed->depth[instrument] : NULL;
    if (depth == NULL || !depth->in_flight) {
        return;
    }
    depth->in_flight = false;
    if (result == RESULT_OK) {
        result = join_pass(feed, depth, body, PASS_TRY);
    }
    if (result != RESULT_OK) {
        /* What waits is kept: a snapshot that is older than it will be followed by a newer one. */
        feed_name_t about = {.instrument = instrument, .stream = FEED_DEPTH};
        depth->failures++;
        feed->counts.resyncs++;
        feed_notice(feed, FEED_RESYNC, -1, &about, result,
                    result == RESULT_GAP ? "the snapshot is older than the first difference" : result_text(result));
        return;
    }
    depth->failures = 0;
    depth->live = true;
    (void)join_pass(feed, depth, body, PASS_GIVE);
    depth->buffered = 0;
}

void feed_depth_tick(feed_t *feed)
{
    for (uint32_t i = 0; i < feed->options.instruments->count; i++) {
        if (feed->depth[i] != NULL) {
            fetch(feed, feed->depth[i]);
        }
    }
}

void feed_transport_depth(feed_t *feed, instrument_id_t instrument, result_t result, str_t body)
{
    feed_depth_body(feed, instrument, result, body);
    if (feed->lockstep) {
        feed_lockstep_answer(feed);
    }
}
