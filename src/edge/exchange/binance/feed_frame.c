/* feed_frame.c: a frame becomes an event, once, whichever connection brought it. */
#include "edge/exchange/binance/feed_inside.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/assert.h"

static uint16_t name_of(const feed_t *feed, const market_event_t *event)
{
    switch (event->kind) {
    case MARKET_QUOTE:
        return feed->name_at[event->instrument][feed_place(FEED_QUOTE, TF_1M)];
    case MARKET_TRADE:
        return feed->name_at[event->instrument][feed_place(FEED_TRADE, TF_1M)];
    case MARKET_DEPTH:
        return feed->name_at[event->instrument][feed_place(FEED_DEPTH, TF_1M)];
    case MARKET_MARK:
        return feed->name_at[event->instrument][feed_place(FEED_MARK, TF_1M)];
    case MARKET_LIQUIDATION:
        return feed->name_at[event->instrument][feed_place(FEED_LIQUIDATION, TF_1M)];
    case MARKET_BAR:
        return feed->name_at[event->instrument][feed_place(FEED_BAR, event->bar.timeframe)];
    case MARKET_STATUS:
        return feed->status_name;
    }
    return FEED_NAME_NONE;
}

/* What orders the data of one name: the venue's number where there is one, else its time. */
static uint64_t mark_of(const market_event_t *event)
{
    switch (event->kind) {
    case MARKET_QUOTE:
        return event->quote.update_id;
    case MARKET_TRADE:
        return event->trade.id;
    case MARKET_DEPTH:
        return event->depth.last_id;
    case MARKET_MARK:
    case MARKET_LIQUIDATION:
    case MARKET_BAR:
    case MARKET_STATUS:
        break;
    }
    return (uint64_t)event->time_ns;
}

/* While two connections carry the same names, and shortly after: has this datum come before? */
static bool is_repeated(const feed_t *feed, const feed_name_t *name, uint32_t connection, uint64_t mark)
{
    const feed_group_t *group = &feed->groups[connection / 2];
    bool both = feed->slots[connection].state == SLOT_OPEN && feed->slots[connection ^ 1].state == SLOT_OPEN;
    if (!both && feed_now(feed) >= group->overlap_until_ns) {
        return false;
    }
    return mark < name->last_mark || (mark == name->last_mark && name->last_side != connection % 2);
}

static int64_t ahead_ms(const feed_t *feed, int64_t stamp_ns)
{
    return feed->options.clock != NULL ? venue_clock_ahead_ms(feed->options.clock, feed_now(feed), stamp_ns) : 0;
}

/* A bar that calls itself closed says that its end has passed. */
static int64_t event_ahead_ms(const feed_t *feed, const market_event_t *event)
{
    int64_t ahead = ahead_ms(feed, event->time_ns);
    if (ahead > 0 || event->kind != MARKET_BAR || !event->bar.candle.closed) {
        return ahead;
    }
    int64_t open_ns = event->bar.candle.open_ns;
    return ahead_ms(feed, open_ns > event->time_ns ? open_ns : timeframe_next(event->bar.timeframe, open_ns));
}

static bool is_ahead(feed_t *feed, uint32_t connection, const market_event_t *event)
{
    int64_t ahead = event_ahead_ms(feed, event), now_ns = feed_now(feed);
    if (ahead == 0) {
        return false;
    }
    feed->counts.ahead++;
    if (feed->ahead_told_ns == 0 || now_ns - feed->ahead_told_ns >= NS_PER_S) {
        char text[FEED_TEXT_MAX];
        const instrument_t *instrument = instrument_table_at(feed->options.instruments, event->instrument);
        feed_name_t about = {.instrument = event->instrument};
        feed->ahead_told_ns = now_ns;
        snprintf(text, sizeof text, "%.40s: %" PRId64 " ms ahead of the venue's clock",
                 instrument != NULL ? instrument->symbol : "", ahead);
        feed_notice(feed, FEED_AHEAD, (int32_t)connection, &about, RESULT_OUT_OF_ORDER, text);
    }
    return true;
}

static void event_take(feed_t *feed, uint32_t connection, const market_event_t *event, str_t frame)
{
    uint16_t index = name_of(feed, event);
    if (index == FEED_NAME_NONE) {
        return; /* no longer wanted; the venue has not heard of it yet */
    }
    if (is_ahead(feed, connection, event)) {
        return;
    }
    feed_name_t *name = &feed->names[index];
    feed_slot_t *slot = &feed->slots[connection];
    uint64_t mark = mark_of(event);
    name->last_ns = feed_now(feed);
    slot->data_ns = event->time_ns > slot->data_ns ? event->time_ns : slot->data_ns;
    feed_proven(feed, connection, name);
    if (is_repeated(feed, name, connection, mark)) {
        feed->counts.duplicates++;
        return;
    }
    name->last_mark = mark;
    name->last_side = (uint8_t)(connection % 2);
    if (event->kind == MARKET_DEPTH) {
        feed_depth_event(feed, event, frame);
        return;
    }
    feed_stand_note(feed, event);
    feed->counts.events++;
    feed->options.events->on_event(feed->options.context, event);
}

/* A word that is not known: nothing about that symbol may be believed. */
static void freeze(feed_t *feed, uint32_t connection, int64_t received_ns)
{
    instrument_id_t instrument = feed->decoder.problem.instrument;
    feed_name_t about = {.instrument = instrument};
    feed_notice(feed, FEED_FROZEN, (int32_t)connection, &about, RESULT_UNKNOWN_VALUE, feed->decoder.problem.what);
    if (instrument != INSTRUMENT_NONE) {
        const market_event_t event = {.kind = MARKET_STATUS,
                                      .instrument = instrument,
                                      .time_ns = received_ns,
                                      .received_ns = received_ns,
                                      .status = INSTRUMENT_UNKNOWN};
        feed->options.events->on_event(feed->options.context, &event);
    }
}

static void unreadable(feed_t *feed, uint32_t connection, result_t result)
{
    int64_t now_ns = feed_now(feed);
    feed->counts.unreadable++;
    if (feed->unreadable_told_ns == 0 || now_ns - feed->unreadable_told_ns >= NS_PER_S) {
        feed->unreadable_told_ns = now_ns;
        feed_name_t about = {.instrument = feed->decoder.problem.instrument};
        feed_notice(feed, FEED_UNREADABLE, (int32_t)connection, &about, result, feed->decoder.problem.what);
    }
}

void feed_control(feed_t *feed, uint32_t connection, const binance_control_t *control)
{
    switch (control->kind) {
    case BINANCE_CONTROL_ERROR:
        feed_notice(feed, FEED_REFUSED, (int32_t)connection, NULL, RESULT_REFUSED, control->text);
        break;
    case BINANCE_CONTROL_SHUTDOWN:
        feed->slots[connection].shutdown = true; /* the next tick begins the rotation */
        break;
    case BINANCE_CONTROL_REPLY:
    case BINANCE_CONTROL_MOMENT:
        break;
    }
}

void feed_frame(feed_t *feed, uint32_t connection, int64_t received_ns, str_t frame)
{
    market_event_t event;
    binance_control_t control;
    result_t result = binance_decode_market(&feed->decoder, frame.bytes, frame.length, received_ns, &event);
    switch ((int)result) {
    case RESULT_OK:
        event_take(feed, connection, &event, frame);
        break;
    case RESULT_NOT_FOUND:
        feed->counts.unknown_symbols++;
        break;
    case RESULT_UNKNOWN_VALUE:
        freeze(feed, connection, received_ns);
        break;
    case RESULT_UNSUPPORTED:
        if (binance_decode_control(frame.bytes, frame.length, &control) == RESULT_OK) {
            feed_control(feed, connection, &control);
        }
        break; /* an event type that we do not know is no fault */
    default:
        unreadable(feed, connection, result);
        break;
    }
}

void feed_transport_text(feed_t *feed, uint32_t connection, str_t frame)
{
    feed_slot_t *slot = &feed->slots[connection];
    int64_t received_ns = loop_wall_ns(feed->options.loop);
    ASSERT(connection < FEED_CONNECTIONS_MAX);
    if (slot->state != SLOT_OPEN) {
        return;
    }
    slot->frames++;
    slot->last_frame_ns = feed_now(feed);
    feed->counts.frames++;
    if (feed->options.events->on_frame != NULL && !binance_is_control(frame.bytes, frame.length)) {
        feed->options.events->on_frame(feed->options.context, received_ns, frame);
    }
    if (feed->lockstep) {
        feed_lockstep_text(feed, connection, received_ns, frame);
    } else {
        feed_frame(feed, connection, received_ns, frame);
    }
}
