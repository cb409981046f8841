/* feed_lockstep.c: frames wait for their moment (docs/architecture.md, "Lockstep").
 *
 * Each connection keeps its frames in a queue: u32 length, i64 time of receipt, text. A moment marker ends the frames of a moment.
 * When every connection that takes part has a marker in its queue, the lowest moment among them is handed over, connection by
 * connection; so the owner sees the same order in every run. Frames after the marker belong to the next moment and wait; they are
 * answered for at once, because the exchange counts them.
 */
#include "edge/exchange/binance/feed_inside.h"

#include "core/base/assert.h"
#include "edge/json/json_writer.h"

#include <string.h>

#define JOIN_WAIT_NS NS_PER_S

enum { QUEUE_HEAD = sizeof(uint32_t) + sizeof(int64_t) };

static bool takes_part(const feed_t *feed, uint32_t connection)
{
    const feed_slot_t *slot = &feed->slots[connection];
    return feed->groups[connection / 2].used && slot->state == SLOT_OPEN && slot->joined;
}

static bool queue_put(feed_slot_t *slot, int64_t received_ns, str_t frame)
{
    uint32_t length = (uint32_t)frame.length;
    if (slot->queue_begin == slot->queue_end) {
        slot->queue_begin = slot->queue_end = 0;
    }
    if (QUEUE_HEAD + frame.length > FEED_QUEUE_BYTES - slot->queue_end && slot->queue_begin > 0) {
        memmove(slot->queue, slot->queue + slot->queue_begin, slot->queue_end - slot->queue_begin);
        slot->queue_end -= slot->queue_begin;
        slot->queue_begin = 0;
    }
    if (QUEUE_HEAD + frame.length > FEED_QUEUE_BYTES - slot->queue_end) {
        return false;
    }
    memcpy(slot->queue + slot->queue_end, &length, sizeof length);
    memcpy(slot->queue + slot->queue_end + sizeof length, &received_ns, sizeof received_ns);
    memcpy(slot->queue + slot->queue_end + QUEUE_HEAD, frame.bytes, frame.length);
    slot->queue_end += QUEUE_HEAD + frame.length;
    return true;
}

static bool queue_get(feed_slot_t *slot, int64_t *received_ns, str_t *frame)
{
    uint32_t length;
    if (slot->queue_begin == slot->queue_end) {
        return false;
    }
    memcpy(&length, slot->queue + slot->queue_begin, sizeof length);
    memcpy(received_ns, slot->queue + slot->queue_begin + sizeof length, sizeof *received_ns);
    *frame = (str_t){slot->queue + slot->queue_begin + QUEUE_HEAD, length};
    slot->queue_begin += QUEUE_HEAD + length;
    return true;
}

static bool is_moment(str_t frame, binance_control_t *control)
{
    return binance_is_control(frame.bytes, frame.length) &&
           binance_decode_control(frame.bytes, frame.length, control) == RESULT_OK && control->kind == BINANCE_CONTROL_MOMENT;
}

/* The first marker that is still in the queue, after one has been handed over. */
static void marker_find(feed_slot_t *slot)
{
    feed_slot_t look = *slot;
    binance_control_t control;
    int64_t received_ns;
    str_t frame;
    slot->has_marker = false;
    while (queue_get(&look, &received_ns, &frame)) {
        if (is_moment(frame, &control)) {
            slot->has_marker = true;
            slot->marker = control.moment;
            slot->marker_ms = control.venue_ms;
            return;
        }
    }
}

/* Everything of one connection up to its marker of the moment. */
static bool connection_hand(feed_t *feed, uint32_t connection, uint64_t moment)
{
    feed_slot_t *slot = &feed->slots[connection];
    binance_control_t control;
    int64_t received_ns;
    str_t frame;
    bool gave = false;
    while (slot->state == SLOT_OPEN && queue_get(slot, &received_ns, &frame)) {
        if (is_moment(frame, &control)) {
            ASSERT(control.moment == moment);
            slot->moment = moment;
            slot->has_moment = true;
            break;
        }
        feed_frame(feed, connection, received_ns, frame);
        gave = true;
    }
    marker_find(slot);
    return gave;
}

/* The owner's clock stands at the moment before it sees the moment's events. */
static void moment_begin(const feed_t *feed, int64_t venue_ms)
{
    if (feed->options.events->on_moment_begin != NULL) {
        feed->options.events->on_moment_begin(feed->options.context, venue_ms);
    }
}

/* A connection that came back is told a moment which the others have behind them: what it brings is handed over by itself. */
static void told_again(feed_t *feed, uint32_t connection)
{
    feed_slot_t *slot = &feed->slots[connection];
    int64_t venue_ms = slot->marker_ms;
    moment_begin(feed, venue_ms);
    if (connection_hand(feed, connection, slot->marker)) {
        feed->done = false;
        if (feed->options.events->on_moment != NULL) {
            feed->options.events->on_moment(feed->options.context, feed->moment, venue_ms);
        }
    }
}

void feed_lockstep_text(feed_t *feed, uint32_t connection, int64_t received_ns, str_t frame)
{
    feed_slot_t *slot = &feed->slots[connection];
    binance_control_t control;
    bool is_control =
        binance_is_control(frame.bytes, frame.length) && binance_decode_control(frame.bytes, frame.length, &control) == RESULT_OK;
    bool marker = is_control && control.kind == BINANCE_CONTROL_MOMENT;
    if (is_control && !marker) {
        feed_control(feed, connection, &control);
    } else if (!queue_put(slot, received_ns, frame)) {
        feed_notice(feed, FEED_SLOW, (int32_t)connection, NULL, RESULT_FULL, "frames that wait for a moment");
        feed->transport.close(feed->transport.context, connection);
        feed_connection_fail(feed, connection, RESULT_FULL, "too many frames wait for a moment");
        feed_lockstep_hand(feed);
        return;
    }
    if (marker) {
        slot->joined = true;
        if (feed->join_until_ns == 0) {
            feed->join_until_ns = feed_now(feed) + JOIN_WAIT_NS;
        }
        if (!slot->has_marker) {
            slot->has_marker = true;
            slot->marker = control.moment;
            slot->marker_ms = control.venue_ms;
        }
        if (feed->moment_known && slot->marker <= feed->moment) {
            told_again(feed, connection);
        }
        feed_lockstep_hand(feed);
    }
    feed_lockstep_answer(feed);
}

/* When nobody takes part any more the exchange may have been started anew, with moments of its own count: forget ours. */
void feed_lockstep_lost(feed_t *feed)
{
    for (uint32_t i = 0; i < FEED_CONNECTIONS_MAX; i++) {
        if (takes_part(feed, i)) {
            return;
        }
    }
    feed->moment_known = feed->started = feed->done = false;
    feed->join_until_ns = 0;
}

/* Is the lowest waiting moment complete? *moment and *venue_ms say which. */
static bool moment_complete(const feed_t *feed, uint64_t *moment, int64_t *venue_ms)
{
    bool found = false, missing = false, unjoined = false;
    for (uint32_t i = 0; i < FEED_CONNECTIONS_MAX; i++) {
        const feed_slot_t *slot = &feed->slots[i];
        if (feed->groups[i / 2].used && slot->state != SLOT_FREE && !slot->joined) {
            unjoined = true;
        }
        if (!takes_part(feed, i)) {
            continue;
        }
        if (!slot->has_marker) {
            missing = true;
        } else if (!found || slot->marker < *moment) {
            found = true;
            *moment = slot->marker;
            *venue_ms = slot->marker_ms;
        }
    }
    if (!feed->started && unjoined && feed_now(feed) < feed->join_until_ns) {
        return false; /* at the start all are waited for, so that a run begins the same every time */
    }
    return found && !missing;
}

void feed_lockstep_hand(feed_t *feed)
{
    uint64_t moment = 0;
    int64_t venue_ms = 0;
    if (feed->handing) {
        return; /* called out of an event: the loop below goes on by itself */
    }
    feed->handing = true;
    while (moment_complete(feed, &moment, &venue_ms)) {
        moment_begin(feed, venue_ms);
        for (uint32_t i = 0; i < FEED_CONNECTIONS_MAX; i++) {
            if (takes_part(feed, i) && feed->slots[i].has_marker && feed->slots[i].marker == moment) {
                (void)connection_hand(feed, i, moment);
            }
        }
        feed_stand_moment(feed, venue_ms);
        feed->started = feed->moment_known = true;
        feed->moment = moment;
        feed->done = false;
        feed->wake_ms = 0;
        if (feed->options.events->on_moment != NULL) {
            feed->options.events->on_moment(feed->options.context, moment, venue_ms);
        }
    }
    feed->handing = false;
    feed_lockstep_answer(feed);
}

static void say(feed_t *feed, uint32_t connection, str_t word)
{
    char text[128];
    json_writer_t writer;
    str_t message;
    feed_slot_t *slot = &feed->slots[connection];
    json_writer_init(&writer, text, sizeof text);
    json_begin_object(&writer);
    json_field_string(&writer, "method", "LOCKSTEP");
    json_write_key(&writer, "params");
    json_begin_array(&writer);
    json_write_text(&writer, word);
    json_write_u64(&writer, slot->moment);
    json_write_u64(&writer, slot->frames);
    if (feed->wake_ms > 0) {
        json_write_i64(&writer, feed->wake_ms);
    }
    json_end_array(&writer);
    json_field_u64(&writer, "id", 0);
    json_end_object(&writer);
    result_t result = json_writer_finish(&writer, &message);
    ASSERT(result == RESULT_OK);
    if (feed->transport.send(feed->transport.context, connection, message) != RESULT_OK) {
        feed->transport.close(feed->transport.context, connection);
        feed_connection_fail(feed, connection, RESULT_CLOSED, "the end of a moment could not be told");
    }
}

static void done_send(feed_t *feed, uint32_t connection)
{
    feed_slot_t *slot = &feed->slots[connection];
    slot->told_moment = slot->moment;
    slot->told_frames = slot->frames;
    slot->told = true;
    say(feed, connection, STR("done"));
}

/* Names that are wanted and not yet asked for, or a connection that is opened for the first time: the world would run on without
 * them, and how far would be chance. A connection that has failed holds nobody; the exchange's patience bounds the rest. */
static bool wish_is_open(const feed_t *feed)
{
    for (uint32_t i = 0; i < FEED_CONNECTIONS_MAX; i++) {
        const feed_slot_t *slot = &feed->slots[i];
        if (feed->groups[i / 2].used && slot->state != SLOT_FREE && !slot->joined && slot->failures == 0) {
            return true;
        }
    }
    for (uint32_t i = 0; i < feed->name_high; i++) {
        const feed_name_t *name = &feed->names[i];
        uint32_t connection = 2U * name->group;
        if (name->used && !name->leaving && name->state[0] == NAME_TO_ASK && name->last_ns == 0 && takes_part(feed, connection)) {
            return true;
        }
    }
    return false;
}

void feed_lockstep_answer(feed_t *feed)
{
    if (!feed->done || feed->handing || feed_busy(feed) || wish_is_open(feed)) {
        return;
    }
    for (uint32_t i = 0; i < FEED_CONNECTIONS_MAX; i++) {
        feed_slot_t *slot = &feed->slots[i];
        bool news = !slot->told || slot->told_moment != slot->moment || slot->told_frames != slot->frames;
        if (takes_part(feed, i) && slot->has_moment && !slot->has_marker && news) {
            done_send(feed, i);
        }
    }
}

void feed_lockstep_done(feed_t *feed, int64_t wake_ms)
{
    if (feed->lockstep && feed->moment_known) {
        feed->done = true;
        feed->wake_ms = wake_ms;
        feed_lockstep_answer(feed);
    }
}

void feed_lockstep_working(feed_t *feed)
{
    if (!feed->lockstep || !feed->moment_known || feed->done || feed_now(feed) < feed->working_next_ns) {
        return;
    }
    feed->working_next_ns = feed_now(feed) + NS_PER_S;
    for (uint32_t i = 0; i < FEED_CONNECTIONS_MAX; i++) {
        if (takes_part(feed, i) && feed->slots[i].has_moment) {
            say(feed, i, STR("working"));
        }
    }
}
