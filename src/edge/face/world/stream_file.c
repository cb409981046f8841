/* stream_file.c: a recorded stream as market events, one line at a time (market_source.h).
 *
 * Most lines are read by the feed's own fast decoder (edge/exchange/binance/decode_fast.c), once a first line has told the symbol;
 * what it leaves alone (snapshots, spot, other orders of fields, other kinds) is read here, whatever its fields are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/base/time.h"
#include "edge/exchange/binance/decode_market.h"
#include "edge/face/world/market_source.h"
#include "edge/face/world/stream_lines.h"
#include "edge/json/json_reader.h"
#include "edge/store/file.h"

/* From here on a time is in microseconds, as spot streams tell it when asked to: as milliseconds it would be the year 5138. */
#define MICROSECONDS_FROM INT64_C(100000000000000)

/* Changes of the book that were recorded before the snapshot they belong to: a snapshot is asked for when they flow already. */
enum { HELD_MAX = 512 };

typedef struct {
    char *text;
    size_t length;
} held_line_t;

struct stream_file {
    char path[MARKET_PATH_MAX];
    uint64_t lines;
    int64_t skew_ns; /* clock of the venue minus clock of the recorder, from the last message that carried both */
    bool ready;      /* event holds the next one */
    bool ended;
    bool begun;     /* a snapshot was read, or too many changes came without one */
    bool from_held; /* event is one of the held lines: its line was counted when it was read */
    bool doubtful;  /* the line that was read last is about the market and cannot be believed */
    bool cut;       /* it has more levels than were taken */
    stream_left_out_t left_out;
    uint32_t held_count, held_next;
    held_line_t held[HELD_MAX];
    market_event_t event;
    stream_symbol_t played;
    symbol_map_t symbols; /* the recording's symbol, once known */
    binance_decoder_t decoder;
    level_t bids[DEPTH_LEVELS_MAX], asks[DEPTH_LEVELS_MAX];
    stream_lines_t unread;
};

/* What the messages of all kinds have among them; which of it was there decides what it is. */
typedef struct {
    str_t kind;               /* e */
    str_t symbol;             /* s */
    str_t stream;             /* of the envelope */
    int64_t time, event_time; /* as they stand there */
    dec_t price, quantity, bid, bid_quantity, ask, ask_quantity, index, rate;
    uint64_t trade_id, first_id, last_id, previous_id, snapshot_id;
    bool maker, has_snapshot, has_levels, has_bid, has_ask, has_previous, cut;
    uint32_t bid_count, ask_count;
} message_t;

static uint32_t read_levels(json_reader_t *reader, message_t *message, level_t levels[DEPTH_LEVELS_MAX])
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
        else
            message->cut = true;
    }
    return count;
}

static void read_levels_or_number(json_reader_t *reader, message_t *message, level_t *levels, uint32_t *count, dec_t *number)
{
    if (json_peek(reader) == JSON_ARRAY) {
        *count = read_levels(reader, message, levels);
        message->has_levels = true;
    } else {
        json_read_dec(reader, number);
    }
}

static void read_field(stream_file_t *file, json_reader_t *reader, str_t key, message_t *message)
{
    char name = key.length == 1 ? key.bytes[0] : '\0';
    if (str_eq(key, STR("stream")) && json_peek(reader) == JSON_STRING) {
        json_read_string(reader, &message->stream);
    } else if (str_eq(key, STR("lastUpdateId"))) {
        message->has_snapshot = json_read_u64(reader, &message->snapshot_id) == RESULT_OK;
    } else if (str_eq(key, STR("bids"))) {
        message->bid_count = read_levels(reader, message, file->bids);
    } else if (str_eq(key, STR("asks"))) {
        message->ask_count = read_levels(reader, message, file->asks);
    } else if (str_eq(key, STR("pu"))) {
        message->has_previous = json_read_u64(reader, &message->previous_id) == RESULT_OK;
    } else {
        switch (name) {
        case 'e':
            json_read_string(reader, &message->kind);
            break;
        case 's':
            json_read_string(reader, &message->symbol);
            break;
        case 'E':
            json_read_i64(reader, &message->event_time);
            break;
        case 'T':
            json_read_i64(reader, &message->time);
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

/* 0: no time that can be believed. */
static int64_t ns_of(int64_t time)
{
    int64_t unit_ns = time < MICROSECONDS_FROM ? NS_PER_MS : NS_PER_MS / 1000;
    return time > 0 && time < INT64_MAX / unit_ns ? time * unit_ns : 0;
}

/* When it happened by the clock of the venue. A REST snapshot and the quotes of the spot market carry no time of their own: the
 * recorder's then, put right by how far the two clocks were apart at the last message that had both. */
static int64_t venue_time_ns(stream_file_t *file, const message_t *message, int64_t local_ns)
{
    /* T of a mark price is the next funding. */
    bool has_own = message->time != 0 && !str_eq(message->kind, STR("markPriceUpdate"));
    int64_t time = has_own ? message->time : message->event_time, time_ns;
    if (time <= 0)
        return __builtin_add_overflow(local_ns, file->skew_ns, &time_ns) ? 0 : time_ns / NS_PER_MS * NS_PER_MS;
    time_ns = ns_of(time);
    if (local_ns > 0 && time_ns > 0)
        file->skew_ns = time_ns - local_ns;
    return time_ns;
}

/* Spot names no predecessor: there each change begins where the one before it ended. */
static uint64_t previous_of(const message_t *message)
{
    return message->has_previous || message->first_id == 0 ? message->previous_id : message->first_id - 1;
}

/* Spot sends quotes without a kind: {"u","s","b","B","a","A"}. */
static bool is_quote(const message_t *message)
{
    return str_eq(message->kind, STR("bookTicker")) || (message->kind.length == 0 && message->has_bid && message->has_ask);
}

/* The usual changes, quotes and trades of USD-M. False: nothing was read, the line is for the general way. */
static bool decode_fast(stream_file_t *file, const char *line, const char *space, size_t length, market_event_t *event)
{
    int64_t local_ns = 0;
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        length--;
    if (file->symbols.count == 0 || str_to_i64((str_t){line, (size_t)(space - line)}, &local_ns) != RESULT_OK || local_ns <= 0 ||
        line + length <= space ||
        binance_decode_market_fast(&file->decoder, space + 1, length - (size_t)(space + 1 - line), local_ns, event) != RESULT_OK)
        return false;
    if (event->kind != MARKET_QUOTE && event->kind != MARKET_TRADE && (event->kind != MARKET_DEPTH || event->depth.snapshot))
        return false;
    file->skew_ns = event->time_ns - local_ns;
    event->received_ns = event->time_ns;
    return true;
}

/* Of the symbol that is played? */
static bool is_played(const stream_file_t *file, const message_t *message)
{
    char name[SYMBOL_TEXT_MAX];
    if (file->played.name[0] == '\0')
        return true;
    return stream_symbol_read(message->symbol, message->stream, name) ? strcmp(name, file->played.name) == 0 : !file->played.shared;
}

/* A message of no kind that is known is RESULT_UNSUPPORTED; one of a known kind that cannot be believed any other failure. */
static result_t make_event(stream_file_t *file, const message_t *message, market_event_t *event)
{
    if (message->has_snapshot || str_eq(message->kind, STR("depthUpdate"))) {
        event->kind = MARKET_DEPTH;
        event->depth = (depth_t){.first_id = message->first_id,
                                 .last_id = message->has_snapshot ? message->snapshot_id : message->last_id,
                                 .previous_id = previous_of(message),
                                 .bid_count = message->bid_count,
                                 .ask_count = message->ask_count,
                                 .bids = file->bids,
                                 .asks = file->asks,
                                 .snapshot = message->has_snapshot};
    } else if (is_quote(message)) {
        event->kind = MARKET_QUOTE;
        event->quote = (quote_t){message->bid, message->bid_quantity, message->ask, message->ask_quantity, message->last_id};
    } else if (str_eq(message->kind, STR("trade")) || str_eq(message->kind, STR("aggTrade"))) {
        event->kind = MARKET_TRADE;
        event->trade = (trade_t){message->price, message->quantity, message->trade_id, message->maker};
    } else if (str_eq(message->kind, STR("markPriceUpdate"))) {
        event->kind = MARKET_MARK;
        event->mark = (mark_t){.mark = message->price,
                               .index = message->index,
                               .funding_rate = message->rate,
                               .funding_next_ns = ns_of(message->time)};
    } else {
        return RESULT_UNSUPPORTED;
    }
    return market_event_check(event);
}

/* False: a line that says nothing about the market (or that cannot be read: recordings have such lines). */
static bool decode(stream_file_t *file, char *line, size_t length, market_event_t *event)
{
    char *space = memchr(line, ' ', length);
    file->doubtful = file->cut = false;
    if (!space)
        return false;
    if (decode_fast(file, line, space, length, event))
        return true;
    message_t message = {0};
    json_reader_t reader;
    json_reader_init(&reader, space + 1, length - (size_t)(space + 1 - line));
    read_object(file, &reader, &message);
    bool whole = json_finish(&reader) == RESULT_OK;
    if (!is_played(file, &message))
        return false;
    if (whole && file->symbols.count == 0)
        (void)symbol_map_put(&file->symbols, message.symbol, 0);
    int64_t local_ns = 0;
    bool has_local = str_to_i64((str_t){line, (size_t)(space - line)}, &local_ns) == RESULT_OK && local_ns > 0;
    int64_t time_ns = whole ? venue_time_ns(file, &message, has_local ? local_ns : 0) : 0;
    market_event_t made = {.instrument = 0, .time_ns = time_ns, .received_ns = time_ns};
    result_t result = make_event(file, &message, &made);
    file->doubtful = result != RESULT_OK && result != RESULT_UNSUPPORTED;
    file->cut = result == RESULT_OK && message.cut;
    if (result == RESULT_OK)
        *event = made;
    return result == RESULT_OK;
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

static void drop_held(stream_file_t *file)
{
    for (uint32_t i = 0; i < file->held_count; i++)
        free(file->held[i].text);
    file->left_out.without_snapshot += file->held_count - file->held_next;
    file->held_count = file->held_next = 0;
}

/* True: the line waits for the snapshot. */
static bool hold(stream_file_t *file, const char *line, size_t length)
{
    const market_event_t *event = &file->event;
    if (file->begun || event->kind != MARKET_DEPTH)
        return false;
    char *copy = event->depth.snapshot || file->held_count == HELD_MAX ? NULL : malloc(length);
    file->begun = copy == NULL;
    if (!copy) {
        if (!event->depth.snapshot)
            drop_held(file); /* a recording without a snapshot: nobody can use them */
        return false;
    }
    memcpy(copy, line, length);
    file->held[file->held_count++] = (held_line_t){copy, length};
    return true;
}

/* The next held line, once there is a snapshot for it to be applied to. */
static bool take_held(stream_file_t *file)
{
    while (file->begun && file->held_next < file->held_count) {
        const held_line_t *line = &file->held[file->held_next++];
        if (decode(file, line->text, line->length, &file->event))
            return true;
    }
    if (file->begun)
        drop_held(file);
    return false;
}

/* "local-ns message": a whole number, a space and one whole JSON value. NULL, or what is wrong. */
static const char *line_flaw(const char *line, size_t length)
{
    int64_t local_ns = 0;
    if (length > 0 && line[length - 1] == '\r')
        length--;
    if (length == 0)
        return NULL;
    const char *space = memchr(line, ' ', length);
    if (!space || str_to_i64((str_t){line, (size_t)(space - line)}, &local_ns) != RESULT_OK)
        return "a line begins with the local time in nanoseconds and a space";
    json_reader_t reader;
    json_reader_init(&reader, space + 1, length - (size_t)(space + 1 - line));
    json_skip(&reader);
    return json_finish(&reader) == RESULT_OK ? NULL : "what follows the time is not one whole JSON message";
}

static result_t check_lines(stream_lines_t *lines, const char *path, uint64_t *number, char error[MARKET_ERROR_MAX])
{
    char *line = NULL;
    size_t length = 0;
    for (*number = 1; stream_lines_next(lines, &line, &length); (*number)++) {
        length -= line[length - 1] == '\n';
        const char *flaw = lines->cut ? "the line is longer than any message" : line_flaw(line, length);
        if (!flaw)
            continue;
        snprintf(error, MARKET_ERROR_MAX, "%.380s:%llu: %s; record it again, or cut the line out", path,
                 (unsigned long long)*number, flaw);
        while (stream_lines_next(lines, &line, &length)) {} /* is the flaw perhaps that of a damaged file? */
        return RESULT_MALFORMED;
    }
    return RESULT_OK;
}

result_t stream_file_check(const char *path, char error[MARKET_ERROR_MAX])
{
    uint64_t line = 1;
    stream_lines_t *lines = calloc(1, sizeof *lines);
    if (!lines)
        return RESULT_FULL;
    lines->file = open_recording(path, error);
    if (!lines->file) {
        free(lines);
        return RESULT_NOT_FOUND;
    }
    result_t result = check_lines(lines, path, &line, error);
    int code = Z_OK;
    (void)gzerror(lines->file, &code);
    gzclose(lines->file);
    free(lines);
    /* A damaged file ends anywhere in a line: the reason is the damage. */
    if (code == Z_OK || code == Z_STREAM_END)
        return result;
    result = code == Z_BUF_ERROR ? RESULT_TRUNCATED : code == Z_DATA_ERROR ? RESULT_CHECKSUM : RESULT_IO;
    snprintf(error, MARKET_ERROR_MAX, "%.380s:%llu: %s%s%s", path, (unsigned long long)line,
             result == RESULT_IO ? "" : "the gzip file: ", result_text(result), result == RESULT_IO ? "" : "; get it again");
    return result;
}

result_t stream_file_open(const char *path, const stream_symbol_t *played, uint64_t skip, stream_file_t **out,
                          char error[MARKET_ERROR_MAX])
{
    stream_file_t *file = calloc(1, sizeof *file);
    if (!file)
        return RESULT_FULL;
    file->unread.file = open_recording(path, error);
    if (!file->unread.file) {
        free(file);
        return RESULT_NOT_FOUND;
    }
    snprintf(file->path, sizeof file->path, "%s", path);
    file->played = *played;
    symbol_map_init(&file->symbols);
    binance_decoder_init(&file->decoder, &file->symbols);
    char *line = NULL;
    size_t length = 0;
    while (file->lines < skip && stream_lines_next(&file->unread, &line, &length)) {
        if (decode(file, line, length, &file->event)) /* for the clocks, and for what waits for a snapshot */
            (void)hold(file, line, length);
        if (file->begun)
            drop_held(file);
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
    gzclose(file->unread.file);
    drop_held(file);
    free(file);
}

/* Counts what a line had to be left out for, and remembers the first of them. */
static void note_left_out(stream_file_t *file)
{
    stream_left_out_t *left_out = &file->left_out;
    if (file->doubtful && left_out->doubtful++ == 0)
        left_out->first_doubtful = file->lines + 1;
    if (file->cut && left_out->cut++ == 0)
        left_out->first_cut = file->lines + 1;
}

/* The next line of the file, read. False: nothing comes of it now; it is no event, or one that is held until later lines decide. */
static bool read_line(stream_file_t *file, char *line, size_t length)
{
    bool good = decode(file, line, length, &file->event);
    if (file->doubtful || file->cut)
        note_left_out(file);
    return good && !hold(file, line, length);
}

market_event_t *stream_file_peek(stream_file_t *file)
{
    char *line = NULL;
    size_t length = 0;
    while (!file->ready && !file->ended) {
        file->from_held = take_held(file);
        if (!file->from_held && !stream_lines_next(&file->unread, &line, &length)) {
            file->ended = true;
        } else if (file->from_held || read_line(file, line, length)) {
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
        file->lines += !file->from_held;
    }
}

uint64_t stream_file_lines(const stream_file_t *file)
{
    return file->lines;
}

stream_left_out_t stream_file_left_out(const stream_file_t *file)
{
    stream_left_out_t left_out = file->left_out;
    left_out.without_snapshot += file->ended ? file->held_count - file->held_next : 0;
    return left_out;
}
