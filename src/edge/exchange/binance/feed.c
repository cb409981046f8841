/* feed.c: life of a feed, its wish, and what it tells of itself. */
#include "edge/exchange/binance/feed_inside.h"

#include "core/base/assert.h"

#include <stdlib.h>
#include <string.h>

#define SILENCE_DEFAULT_NS (15 * NS_PER_S)
enum { NAMES_PER_CONNECTION = 400 };

static void on_tick(loop_timer_t *timer, void *context)
{
    feed_t *feed = context;
    for (uint32_t i = 0; i < FEED_CONNECTIONS_MAX; i++) {
        if (feed->groups[i / 2].used) {
            feed_connection_tick(feed, i);
        }
    }
    feed_depth_tick(feed);
    if (!feed->lockstep) {
        feed_stand_tick(feed);
    } else {
        feed_lockstep_hand(feed); /* the wait for connections that do not join may be over */
        feed_lockstep_answer(feed);
    }
    loop_timer_start_in(timer, FEED_TICK_MS * NS_PER_MS);
}

static void feed_clear(feed_t *feed)
{
    for (uint32_t i = 0; i < INSTRUMENT_MAX; i++) {
        for (uint32_t place = 0; place < FEED_PLACES; place++) {
            feed->name_at[i][place] = FEED_NAME_NONE;
        }
    }
    feed->status_name = FEED_NAME_NONE;
}

static result_t group_add(feed_t *feed, feed_route_t route, uint32_t *index)
{
    for (uint32_t g = 0; g < FEED_GROUPS_MAX; g++) {
        if (!feed->groups[g].used) {
            feed_slot_t *slot = &feed->slots[2 * g]; /* in lockstep there is no rotation: one queue a group */
            if (feed->lockstep && slot->queue == NULL && (slot->queue = malloc(FEED_QUEUE_BYTES)) == NULL) {
                return RESULT_FULL;
            }
            feed->groups[g] = (feed_group_t){.used = true, .route = route};
            slot->state = SLOT_WAITING; /* opened by the next tick */
            slot->retry_at_ns = 0;
            *index = g;
            return RESULT_OK;
        }
    }
    return RESULT_FULL;
}

result_t feed_create(const feed_options_t *options, feed_t **out)
{
    ASSERT(options->loop != NULL && options->instruments != NULL && options->venue != NULL && options->events->on_event != NULL);
    feed_t *feed = calloc(1, sizeof *feed);
    if (feed == NULL) {
        return RESULT_FULL;
    }
    feed->options = *options;
    feed->lockstep = options->lockstep_role != NULL;
    feed->options.names_max = options->names_max != 0 ? options->names_max : NAMES_PER_CONNECTION;
    feed->options.silence_ns = options->silence_ns != 0 ? options->silence_ns : SILENCE_DEFAULT_NS;
    feed_clear(feed);
    prng_seed(&feed->chance, options->seed);
    binance_decoder_init(&feed->decoder, &feed->symbols);
    symbol_map_fill(&feed->symbols, options->instruments, options->venue);
    loop_timer_init(&feed->timer, options->loop, on_tick, feed);
    result_t result = str_copy(str_from(options->stream_url), feed->stream_url, sizeof feed->stream_url);
    if (result == RESULT_OK && feed->lockstep) {
        result = str_copy(str_from(options->lockstep_role), feed->role, sizeof feed->role);
    }
    if (result == RESULT_OK && options->transport != NULL) {
        feed->transport = *options->transport;
    } else if (result == RESULT_OK) {
        result = feed_net_create(feed, &feed->net, &feed->transport);
    }
    uint32_t first;
    if (result == RESULT_OK && feed->lockstep) {
        result = group_add(feed, ROUTE_PUBLIC, &first); /* moments are wanted also without a single name */
    }
    if (result != RESULT_OK) {
        feed_destroy(feed);
        return result;
    }
    loop_timer_start_in(&feed->timer, 0);
    *out = feed;
    return RESULT_OK;
}

void feed_destroy(feed_t *feed)
{
    if (feed == NULL) {
        return;
    }
    loop_timer_stop(&feed->timer);
    for (uint32_t i = 0; i < FEED_CONNECTIONS_MAX; i++) {
        if (feed->slots[i].state == SLOT_OPEN || feed->slots[i].state == SLOT_OPENING) {
            feed->transport.close(feed->transport.context, i);
        }
        free(feed->slots[i].queue);
    }
    for (uint32_t i = 0; i < INSTRUMENT_MAX; i++) {
        feed_depth_remove(feed, (instrument_id_t)i);
    }
    ws_links_destroy(feed->net);
    free(feed);
}

unsigned feed_place(feed_stream_t stream, timeframe_t timeframe)
{
    switch (stream) {
    case FEED_QUOTE:
        return 0;
    case FEED_TRADE:
        return 1;
    case FEED_DEPTH:
        return 2;
    case FEED_MARK:
        return 3;
    case FEED_LIQUIDATION:
        return 4;
    case FEED_BAR:
        return 5 + (unsigned)timeframe;
    case FEED_STATUS:
        break;
    }
    ASSERT(false && "a stream without a place");
    return 0;
}

void feed_notice(feed_t *feed, feed_notice_kind_t kind, int32_t connection, const feed_name_t *name, result_t result,
                 const char *text)
{
    feed_notice_t notice = {.kind = kind, .connection = connection, .instrument = INSTRUMENT_NONE, .result = result};
    if (name != NULL) {
        notice.instrument = name->instrument;
        notice.stream = name->stream;
    }
    size_t length = strlen(text);
    length = length < sizeof notice.text - 1 ? length : sizeof notice.text - 1;
    memcpy(notice.text, text, length);
    if (feed->options.events->on_notice != NULL) {
        feed->options.events->on_notice(feed->options.context, &notice);
    }
}

/* --- the wish --------------------------------------------------------------------------------- */

/* "btcusdt@aggTrade"; symbols that are not ASCII stay as they are. */
static result_t name_text(const instrument_t *instrument, feed_stream_t stream, timeframe_t timeframe, char text[FEED_NAME_MAX])
{
    static const struct {
        feed_stream_t stream;
        const char *suffix;
    } suffixes[] = {
        {FEED_QUOTE, "@bookTicker"}, {FEED_TRADE, "@aggTrade"},    {FEED_DEPTH, "@depth@100ms"},
        {FEED_BAR, "@kline_"},       {FEED_MARK, "@markPrice@1s"}, {FEED_LIQUIDATION, "@forceOrder"},
    };
    size_t length = 0;
    for (; instrument->symbol[length] != '\0'; length++) {
        char c = instrument->symbol[length];
        text[length] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (suffixes[i].stream == stream) {
            size_t suffix = strlen(suffixes[i].suffix);
            memcpy(text + length, suffixes[i].suffix, suffix + 1);
            length += suffix;
        }
    }
    if (stream == FEED_BAR) {
        memcpy(text + length, timeframe_text(timeframe), strlen(timeframe_text(timeframe)) + 1);
    }
    return RESULT_OK;
}

static result_t group_for(feed_t *feed, feed_route_t route, uint32_t *index)
{
    for (uint32_t g = 0; g < FEED_GROUPS_MAX; g++) {
        feed_group_t *group = &feed->groups[g];
        if (group->used && group->route == route && group->names < feed->options.names_max) {
            *index = g;
            return RESULT_OK;
        }
    }
    return group_add(feed, route, index);
}

static int64_t patience_of(const feed_t *feed, feed_stream_t stream)
{
    switch (stream) {
    case FEED_QUOTE:
    case FEED_DEPTH:
    case FEED_MARK:
        return feed->options.silence_ns;
    case FEED_BAR:
        return 2 * feed->options.silence_ns;
    case FEED_TRADE:
    case FEED_LIQUIDATION:
    case FEED_STATUS:
        break; /* no trade is no fault */
    }
    return 0;
}

static result_t name_add(feed_t *feed, instrument_id_t instrument, feed_stream_t stream, timeframe_t timeframe)
{
    uint32_t index = 0, group;
    feed_route_t route = stream == FEED_QUOTE || stream == FEED_DEPTH ? ROUTE_PUBLIC : ROUTE_MARKET;
    while (index < FEED_NAMES_MAX && feed->names[index].used) {
        index++;
    }
    if (index == FEED_NAMES_MAX || group_for(feed, route, &group) != RESULT_OK) {
        return RESULT_FULL;
    }
    feed_name_t name = {.used = true,
                        .instrument = instrument,
                        .stream = stream,
                        .timeframe = timeframe,
                        .group = (uint16_t)group,
                        .patience_ns = patience_of(feed, stream)};
    if (stream == FEED_STATUS) {
        memcpy(name.text, "!contractInfo", 14);
        feed->status_name = (uint16_t)index;
    } else {
        (void)name_text(instrument_table_at(feed->options.instruments, instrument), stream, timeframe, name.text);
        feed->name_at[instrument][feed_place(stream, timeframe)] = (uint16_t)index;
    }
    feed->names[index] = name;
    feed->name_high = index + 1 > feed->name_high ? index + 1 : feed->name_high;
    feed->groups[group].names++;
    feed->name_count++;
    return stream == FEED_DEPTH ? feed_depth_add(feed, instrument) : RESULT_OK;
}

static bool wants(const feed_want_t *want, feed_stream_t stream, timeframe_t timeframe)
{
    return (want->streams & (uint32_t)stream) != 0 && (stream != FEED_BAR || (want->timeframes >> timeframe & 1) != 0);
}

static result_t wish_check(const feed_t *feed, const feed_want_t *list, uint32_t count)
{
    uint32_t public_names = 0, market_names = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (instrument_table_at(feed->options.instruments, list[i].instrument) == NULL) {
            return RESULT_NOT_FOUND;
        }
        uint32_t streams = list[i].streams;
        public_names += (streams & FEED_QUOTE ? 1U : 0U) + (streams & FEED_DEPTH ? 1U : 0U);
        market_names += (streams & FEED_TRADE ? 1U : 0U) + (streams & FEED_MARK ? 1U : 0U) + (streams & FEED_LIQUIDATION ? 1U : 0U);
        for (unsigned t = 0; t < TF_COUNT && (streams & FEED_BAR) != 0; t++) {
            market_names += list[i].timeframes >> t & 1;
        }
    }
    uint32_t most = feed->options.names_max;
    uint32_t groups = (public_names + most - 1) / most + (market_names + 1 + most - 1) / most;
    return groups > FEED_GROUPS_MAX || public_names + market_names + 1 > FEED_NAMES_MAX ? RESULT_FULL : RESULT_OK;
}

static const feed_want_t *want_find(const feed_want_t *list, uint32_t count, instrument_id_t instrument)
{
    for (uint32_t i = 0; i < count; i++) {
        if (list[i].instrument == instrument) {
            return &list[i];
        }
    }
    return NULL;
}

static bool status_wanted(const feed_want_t *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if ((list[i].streams & FEED_STATUS) != 0) {
            return true;
        }
    }
    return false;
}

/* Names that are no longer wanted are forgotten here; the connection hears of it by UNSUBSCRIBE. */
static void names_leave(feed_t *feed, const feed_want_t *list, uint32_t count)
{
    for (uint32_t i = 0; i < feed->name_high; i++) {
        feed_name_t *name = &feed->names[i];
        if (!name->used || name->leaving) {
            continue;
        }
        const feed_want_t *want = name->stream == FEED_STATUS ? NULL : want_find(list, count, name->instrument);
        bool stays =
            name->stream == FEED_STATUS ? status_wanted(list, count) : want != NULL && wants(want, name->stream, name->timeframe);
        if (stays) {
            continue;
        }
        name->leaving = true;
        if (name->stream == FEED_STATUS) {
            feed->status_name = FEED_NAME_NONE;
        } else {
            feed->name_at[name->instrument][feed_place(name->stream, name->timeframe)] = FEED_NAME_NONE;
        }
        if (name->stream == FEED_DEPTH) {
            feed_depth_remove(feed, name->instrument);
        }
    }
}

static result_t names_join(feed_t *feed, const feed_want_t *want)
{
    static const feed_stream_t plain[] = {FEED_QUOTE, FEED_TRADE, FEED_DEPTH, FEED_MARK, FEED_LIQUIDATION};
    result_t result = RESULT_OK;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0] && result == RESULT_OK; i++) {
        if (wants(want, plain[i], TF_1M) && feed->name_at[want->instrument][feed_place(plain[i], TF_1M)] == FEED_NAME_NONE) {
            result = name_add(feed, want->instrument, plain[i], TF_1M);
        }
    }
    for (unsigned t = 0; t < TF_COUNT && result == RESULT_OK; t++) {
        timeframe_t timeframe = (timeframe_t)t;
        if (wants(want, FEED_BAR, timeframe) &&
            feed->name_at[want->instrument][feed_place(FEED_BAR, timeframe)] == FEED_NAME_NONE) {
            result = name_add(feed, want->instrument, FEED_BAR, timeframe);
        }
    }
    if (result == RESULT_OK && (want->streams & FEED_STATUS) != 0 && feed->status_name == FEED_NAME_NONE) {
        result = name_add(feed, INSTRUMENT_NONE, FEED_STATUS, TF_1M);
    }
    return result;
}

result_t feed_want(feed_t *feed, const feed_want_t *list, uint32_t count)
{
    result_t result = wish_check(feed, list, count);
    if (result != RESULT_OK) {
        return result;
    }
    symbol_map_fill(&feed->symbols, feed->options.instruments, feed->options.venue); /* the table may have grown */
    names_leave(feed, list, count);
    for (uint32_t i = 0; i < count && result == RESULT_OK; i++) {
        result = names_join(feed, &list[i]);
    }
    for (uint32_t g = 0; g < FEED_GROUPS_MAX; g++) {
        if (feed->groups[g].used) {
            feed_subscribe(feed, 2 * g + feed->groups[g].side);
        }
    }
    loop_timer_start_in(&feed->timer, 0);
    return result;
}

/* --- what it tells of itself ------------------------------------------------------------------ */

static const feed_name_t *name_find(const feed_t *feed, instrument_id_t instrument, feed_stream_t stream)
{
    uint16_t index = FEED_NAME_NONE;
    if (stream == FEED_STATUS) {
        index = feed->status_name;
    } else if (instrument < INSTRUMENT_MAX && stream != FEED_BAR) {
        index = feed->name_at[instrument][feed_place(stream, TF_1M)];
    }
    return index == FEED_NAME_NONE ? NULL : &feed->names[index];
}

int64_t feed_age_ns(const feed_t *feed, instrument_id_t instrument, feed_stream_t stream)
{
    const feed_name_t *name = name_find(feed, instrument, stream);
    if (stream == FEED_BAR && instrument < INSTRUMENT_MAX) { /* the freshest of its timeframes */
        for (unsigned t = 0; t < TF_COUNT; t++) {
            uint16_t index = feed->name_at[instrument][feed_place(FEED_BAR, (timeframe_t)t)];
            if (index != FEED_NAME_NONE && (name == NULL || feed->names[index].last_ns > name->last_ns)) {
                name = &feed->names[index];
            }
        }
    }
    return name == NULL || name->last_ns == 0 ? INT64_MAX : feed_now(feed) - name->last_ns;
}

const book_t *feed_book(const feed_t *feed, instrument_id_t instrument)
{
    return instrument < INSTRUMENT_MAX && feed->depth[instrument] != NULL ? &feed->depth[instrument]->book : NULL;
}

bool feed_busy(const feed_t *feed)
{
    for (uint32_t i = 0; i < feed->options.instruments->count; i++) {
        if (feed->depth[i] != NULL && feed->depth[i]->in_flight) {
            return true;
        }
    }
    return false;
}

feed_status_t feed_status(const feed_t *feed)
{
    feed_status_t status = feed->counts;
    int64_t now_ns = feed_now(feed);
    status.connections = status.live = 0;
    for (uint32_t i = 0; i < FEED_CONNECTIONS_MAX; i++) {
        status.connections += feed->slots[i].state == SLOT_OPEN;
        status.live += feed->slots[i].state == SLOT_OPEN && feed->slots[i].live_told;
    }
    status.names = status.proven = 0;
    status.oldest_ns = 0;
    for (uint32_t i = 0; i < feed->name_high; i++) {
        const feed_name_t *name = &feed->names[i];
        if (!name->used || name->leaving) {
            continue;
        }
        status.names++;
        status.proven += name->state[feed->groups[name->group].side] == NAME_PROVEN;
        if (name->patience_ns != 0 && name->last_ns != 0 && now_ns - name->last_ns > status.oldest_ns) {
            status.oldest_ns = now_ns - name->last_ns;
        }
    }
    status.moment = feed->moment;
    return status;
}

const char *feed_notice_text(feed_notice_kind_t kind)
{
    static const char *const texts[] = {
        [FEED_CONNECTED] = "connected",
        [FEED_LIVE] = "every stream has been proven by data",
        [FEED_LOST] = "connection lost",
        [FEED_SILENT] = "no data",
        [FEED_ROTATED] = "a new connection has taken over",
        [FEED_REFUSED] = "the venue answered with an error",
        [FEED_UNREADABLE] = "a frame that cannot be read",
        [FEED_FROZEN] = "a word that is not known: symbol frozen",
        [FEED_RESYNC] = "depth starts again from a snapshot",
        [FEED_AHEAD] = "a frame stamped in the future: not believed",
        [FEED_SLOW] = "too many frames wait for their moment",
    };
    return (unsigned)kind < sizeof texts / sizeof texts[0] ? texts[kind] : "unknown notice";
}
