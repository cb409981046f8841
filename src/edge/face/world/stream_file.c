/* stream_file.c: a recorded stream as market events, one line at a time (market_source.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/base/time.h"
#include "edge/face/world/market_source.h"
#include "edge/json/json_reader.h"
#include "edge/store/file.h"

struct stream_file {
    gzFile file;
    char path[MARKET_PATH_MAX];
    uint64_t lines;
    int64_t skew_ns; /* clock of the venue minus clock of the recorder, from the last message that carried both */
    quote_t quote;   /* the last one; update_id 0 before */
    bool ready;      /* event holds the next one */
    bool ended;
    market_event_t event;
    level_t bids[DEPTH_LEVELS_MAX], asks[DEPTH_LEVELS_MAX];
    char line[STREAM_LINE_MAX];
};

/* What the messages of all kinds have among them; which of it was there decides what it is. */
typedef struct {
    str_t kind; /* e */
    int64_t time_ms, event_ms;
    dec_t price, quantity, bid, bid_quantity, ask, ask_quantity, mark, index, rate;
    uint64_t trade_id, first_id, last_id, previous_id, snapshot_id;
    int64_t funding_ms;
    bool maker, has_snapshot, has_levels, has_bid, has_ask, has_previous;
    uint32_t bid_count, ask_count;
} message_t;

static uint32_t read_levels(json_reader_t *reader, level_t levels[DEPTH_LEVELS_MAX])
{
    uint32_t count = 0;
    json_enter_array(reader);
    while (json_next_item(reader)) {
        level_t level = {DEC_ZERO, DEC_ZERO};
        json_enter_array(reader);
        for (unsigned i = 0; json_next_item(reader); i++) {
            if (i == 0)
                json_read_dec(reader, &level.price);
            else if (i == 1)
                json_read_dec(reader, &level.quantity);
            else
                json_skip(reader);
        }
        if (count < DEPTH_LEVELS_MAX)
            levels[count++] = level;
    }
    return count;
}

static void read_levels_or_number(json_reader_t *reader, message_t *message, level_t *levels, uint32_t *count, dec_t *number)
{
    if (json_peek(reader) == JSON_ARRAY) {
        *count = read_levels(reader, levels);
        message->has_levels = true;
    } else {
        json_read_dec(reader, number);
    }
}

static void read_field(stream_file_t *file, json_reader_t *reader, str_t key, message_t *message)
{
    char name = key.length == 1 ? key.bytes[0] : '\0';
    if (str_eq(key, STR("lastUpdateId"))) {
        message->has_snapshot = json_read_u64(reader, &message->snapshot_id) == RESULT_OK;
    } else if (str_eq(key, STR("bids"))) {
        message->bid_count = read_levels(reader, file->bids);
    } else if (str_eq(key, STR("asks"))) {
        message->ask_count = read_levels(reader, file->asks);
    } else if (str_eq(key, STR("pu"))) {
        message->has_previous = json_read_u64(reader, &message->previous_id) == RESULT_OK;
    } else {
        switch (name) {
        case 'e':
            json_read_string(reader, &message->kind);
            break;
        case 'E':
            json_read_i64(reader, &message->event_ms);
            break;
        case 'T':
            json_read_i64(reader, &message->time_ms);
            break;
        case 'p':
            json_read_dec(reader, &message->price);
            break;
        case 'q':
            json_read_dec(reader, &message->quantity);
            break;
        case 't':
            json_read_u64(reader, &message->trade_id);
            break;
        case 'm':
            json_read_bool(reader, &message->maker);
            break;
        case 'U':
            json_read_u64(reader, &message->first_id);
            break;
        case 'u':
            json_read_u64(reader, &message->last_id);
            break;
        case 'b':
            read_levels_or_number(reader, message, file->bids, &message->bid_count, &message->bid);
            message->has_bid = !message->has_levels;
            break;
        case 'a':
            read_levels_or_number(reader, message, file->asks, &message->ask_count, &message->ask);
            message->has_ask = !message->has_levels;
            break;
        case 'B':
            json_read_dec(reader, &message->bid_quantity);
            break;
        case 'A':
            json_read_dec(reader, &message->ask_quantity);
            break;
        case 'i':
            json_read_dec(reader, &message->index);
            break;
        case 'r':
            json_read_dec(reader, &message->rate);
            break;
        default:
            json_skip(reader);
            break;
        }
    }
}

static void read_object(stream_file_t *file, json_reader_t *reader, message_t *message)
{
    json_enter_object(reader);
    for (str_t key; json_next_key(reader, &key);) {
        if (str_eq(key, STR("data")) && json_peek(reader) == JSON_OBJECT)
            read_object(file, reader, message);
        else
            read_field(file, reader, key, message);
    }
}

/* When it happened by the clock of the venue. A REST snapshot and the quotes of the spot market carry no time of their own: the
 * recorder's then, put right by how far the two clocks were apart at the last message that had both. */
static int64_t venue_time_ms(stream_file_t *file, const message_t *message, int64_t local_ns)
{
    int64_t time_ms = message->time_ms != 0 ? message->time_ms : message->event_ms;
    if (time_ms <= 0)
        return (local_ns + file->skew_ns) / NS_PER_MS;
    if (local_ns > 0 && time_ms < INT64_MAX / NS_PER_MS)
        file->skew_ns = time_ms * NS_PER_MS - local_ns;
    return time_ms;
}

/* Spot names no predecessor: there each change begins where the one before it ended. */
static uint64_t previous_of(const message_t *message)
{
    return message->has_previous || message->first_id == 0 ? message->previous_id : message->first_id - 1;
}

/* Changes of a book come in batches and late: a quote that was already told knows more than they do. What they show beyond it is
 * gone, or the two sides would cross. */
static void drop_beyond_quote(stream_file_t *file, const depth_t *depth)
{
    if (depth->last_id >= file->quote.update_id)
        return;
    for (uint32_t i = 0; i < depth->bid_count; i++) {
        if (dec_gt(file->bids[i].price, file->quote.bid))
            file->bids[i].quantity = DEC_ZERO;
    }
    for (uint32_t i = 0; i < depth->ask_count; i++) {
        if (dec_lt(file->asks[i].price, file->quote.ask))
            file->asks[i].quantity = DEC_ZERO;
    }
}

/* Spot sends quotes without a kind: {"u","s","b","B","a","A"}. */
static bool is_quote(const message_t *message)
{
    return str_eq(message->kind, STR("bookTicker")) || (message->kind.length == 0 && message->has_bid && message->has_ask);
}

/* False: a line that says nothing about the market (or that cannot be read: recordings have such lines). */
static bool decode(stream_file_t *file, char *line, size_t length, market_event_t *event)
{
    char *space = memchr(line, ' ', length);
    if (!space)
        return false;
    message_t message = {0};
    json_reader_t reader;
    json_reader_init(&reader, space + 1, length - (size_t)(space + 1 - line));
    read_object(file, &reader, &message);
    if (json_finish(&reader) != RESULT_OK)
        return false;
    int64_t local_ns = 0;
    bool has_local = str_to_i64((str_t){line, (size_t)(space - line)}, &local_ns) == RESULT_OK && local_ns > 0;
    int64_t time_ms = venue_time_ms(file, &message, has_local ? local_ns : 0);
    if (time_ms <= 0 || time_ms > INT64_MAX / NS_PER_MS)
        return false;
    *event = (market_event_t){.instrument = 0, .time_ns = time_ms * NS_PER_MS, .received_ns = time_ms * NS_PER_MS};
    if (message.has_snapshot || str_eq(message.kind, STR("depthUpdate"))) {
        event->kind = MARKET_DEPTH;
        event->depth = (depth_t){.first_id = message.first_id,
                                 .last_id = message.has_snapshot ? message.snapshot_id : message.last_id,
                                 .previous_id = previous_of(&message),
                                 .bid_count = message.bid_count,
                                 .ask_count = message.ask_count,
                                 .bids = file->bids,
                                 .asks = file->asks,
                                 .snapshot = message.has_snapshot};
        drop_beyond_quote(file, &event->depth);
    } else if (is_quote(&message)) {
        event->kind = MARKET_QUOTE;
        event->quote = (quote_t){message.bid, message.bid_quantity, message.ask, message.ask_quantity, message.last_id};
        file->quote = event->quote;
    } else if (str_eq(message.kind, STR("trade")) || str_eq(message.kind, STR("aggTrade"))) {
        event->kind = MARKET_TRADE;
        event->trade = (trade_t){message.price, message.quantity, message.trade_id, message.maker};
    } else {
        return false;
    }
    return market_event_check(event) == RESULT_OK;
}

/* Rest of a line that is longer than we read: thrown away. */
static void skip_line(stream_file_t *file)
{
    for (int c = 0; c != '\n' && c != -1;)
        c = gzgetc(file->file);
}

static bool read_line(stream_file_t *file, size_t *length)
{
    if (!gzgets(file->file, file->line, sizeof file->line))
        return false;
    *length = strlen(file->line);
    if (*length > 0 && file->line[*length - 1] != '\n')
        skip_line(file);
    return true;
}

static gzFile open_recording(const char *path, char error[MARKET_ERROR_MAX])
{
    const char *what = "cannot be opened";
    result_t result = file_check_ordinary(path, &what);
    gzFile file = result == RESULT_OK ? gzopen(path, "rbe") : NULL;
    if (!file)
        snprintf(error, MARKET_ERROR_MAX, "%.400s: cannot be opened%s%s", path, what[0] ? ": " : "", what);
    return file;
}

result_t stream_file_check(const char *path, char error[MARKET_ERROR_MAX])
{
    static char block[STREAM_LINE_MAX];
    gzFile file = open_recording(path, error);
    if (!file)
        return RESULT_NOT_FOUND;
    uint64_t line = 1;
    int got = 0;
    while ((got = gzread(file, block, sizeof block)) > 0) {
        for (const char *end = memchr(block, '\n', (size_t)got); end; line++)
            end = memchr(end + 1, '\n', (size_t)(block + got - (end + 1)));
    }
    int code = Z_OK;
    (void)gzerror(file, &code);
    gzclose(file);
    if (got == 0 && (code == Z_OK || code == Z_STREAM_END))
        return RESULT_OK;
    result_t result = code == Z_BUF_ERROR ? RESULT_TRUNCATED : code == Z_DATA_ERROR ? RESULT_CHECKSUM : RESULT_IO;
    snprintf(error, MARKET_ERROR_MAX, "%.380s:%llu: %s%s%s", path, (unsigned long long)line,
             result == RESULT_IO ? "" : "the gzip file: ", result_text(result), result == RESULT_IO ? "" : "; get it again");
    return result;
}

result_t stream_file_open(const char *path, uint64_t skip, stream_file_t **out, char error[MARKET_ERROR_MAX])
{
    stream_file_t *file = calloc(1, sizeof *file);
    if (!file)
        return RESULT_FULL;
    file->file = open_recording(path, error);
    if (!file->file) {
        free(file);
        return RESULT_NOT_FOUND;
    }
    snprintf(file->path, sizeof file->path, "%s", path);
    size_t length = 0;
    while (file->lines < skip && read_line(file, &length)) {
        (void)decode(file, file->line, length, &file->event); /* for the clocks and the last quote */
        file->lines++;
    }
    if (file->lines < skip) {
        snprintf(error, MARKET_ERROR_MAX, "%.380s: is shorter than the stored state says (%llu lines)", path,
                 (unsigned long long)skip);
        stream_file_close(file);
        return RESULT_TRUNCATED;
    }
    *out = file;
    return RESULT_OK;
}

void stream_file_close(stream_file_t *file)
{
    if (!file)
        return;
    gzclose(file->file);
    free(file);
}

const market_event_t *stream_file_peek(stream_file_t *file)
{
    size_t length = 0;
    while (!file->ready && !file->ended) {
        if (!read_line(file, &length)) {
            file->ended = true;
        } else if (decode(file, file->line, length, &file->event)) {
            file->ready = true;
        } else {
            file->lines++;
        }
    }
    return file->ready ? &file->event : NULL;
}

void stream_file_take(stream_file_t *file)
{
    if (file->ready) {
        file->ready = false;
        file->lines++;
    }
}

uint64_t stream_file_lines(const stream_file_t *file)
{
    return file->lines;
}
