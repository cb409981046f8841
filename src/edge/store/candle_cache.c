/* candle_cache.c: candles as an Arrow IPC file; see candle_cache.h.
 *
 * The file is: "ARROW1", the schema message, the record batch message, the columns, an end mark, the footer. Everything but the
 * columns is a function of the number of bars and the stamp, and always of the same length. So a file is believed by making these
 * bytes again and comparing; no reader of foreign metadata exists that could be led astray. Format: Apache Arrow columnar
 * format 1.5, "IPC file format"; metadata Message.fbs, Schema.fbs, File.fbs (version V5).
 */
#include "edge/store/candle_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "edge/store/file.h"
#include "edge/store/flat_writer.h"

enum {
    COLUMN_OPEN_NS,
    COLUMN_OPEN,
    COLUMN_HIGH,
    COLUMN_LOW,
    COLUMN_CLOSE,
    COLUMN_VOLUME,
    COLUMN_QUOTE_VOLUME,
    COLUMN_TRADES,
    COLUMN_STATE,
    COLUMN_COUNT,
    FRAME_MAX = 3 * FLAT_CAPACITY, /* of what stands before or after the columns */
    STAMP_MAX = 160,
};

static const struct {
    const char *name;
    size_t width; /* bytes of a value; 16: decimal128(38, 18), else a signed integer */
} columns[COLUMN_COUNT] = {
    [COLUMN_OPEN_NS] = {"open_ns", 8},
    [COLUMN_OPEN] = {"open", 16},
    [COLUMN_HIGH] = {"high", 16},
    [COLUMN_LOW] = {"low", 16},
    [COLUMN_CLOSE] = {"close", 16},
    [COLUMN_VOLUME] = {"volume", 16},
    [COLUMN_QUOTE_VOLUME] = {"quote_volume", 16},
    [COLUMN_TRADES] = {"trades", 8},
    [COLUMN_STATE] = {"state", 1},
};

/* Of the CSV that the cache was made from, and of the columns themselves. */
typedef struct {
    uint64_t size;
    int64_t modified_ns;
    uint32_t crc, columns_crc;
} stamp_t;

static size_t column_size(size_t column, size_t bars)
{
    return (bars * columns[column].width + 63) / 64 * 64;
}

static size_t body_size(size_t bars)
{
    size_t size = 0;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        size += column_size(i, bars);
    }
    return size;
}

/* --- the frame around the columns ------------------------------------------------------------- */

static flat_place_t write_field(flat_writer_t *writer, size_t column)
{
    enum { TYPE_INT = 2, TYPE_DECIMAL = 7 };
    const size_t width = columns[column].width;
    const bool is_decimal = width == 16;
    const flat_place_t name = flat_string(writer, columns[column].name);
    const flat_place_t children = flat_places(writer, NULL, 0);
    flat_table_begin(writer);
    if (is_decimal) {
        flat_field(writer, 0, 38, 4);
        flat_field(writer, 1, DEC_PLACES, 4);
        flat_field(writer, 2, 128, 4);
    } else {
        flat_field(writer, 0, width * 8, 4);
        flat_field(writer, 1, 1, 1);
    }
    const flat_place_t type = flat_table_end(writer, is_decimal ? 3 : 2);
    flat_table_begin(writer);
    flat_field_place(writer, 0, name);
    flat_field_place(writer, 3, type);
    flat_field_place(writer, 5, children);
    flat_field(writer, 1, 0, 1); /* not nullable */
    flat_field(writer, 2, is_decimal ? TYPE_DECIMAL : TYPE_INT, 1);
    return flat_table_end(writer, 6);
}

static flat_place_t write_schema(flat_writer_t *writer, const stamp_t *stamp)
{
    char text[STAMP_MAX];
    flat_place_t fields[COLUMN_COUNT];
    snprintf(text, sizeof text, "size=%020" PRIu64 " modified_ns=%020" PRId64 " crc32c=%08" PRIx32 " columns_crc32c=%08" PRIx32,
             stamp->size, stamp->modified_ns, stamp->crc, stamp->columns_crc);
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        fields[i] = write_field(writer, i);
    }
    const flat_place_t key = flat_string(writer, "patriot.source"), value = flat_string(writer, text);
    flat_table_begin(writer);
    flat_field_place(writer, 0, key);
    flat_field_place(writer, 1, value);
    const flat_place_t pair = flat_table_end(writer, 2);
    const flat_place_t metadata = flat_places(writer, &pair, 1);
    const flat_place_t all = flat_places(writer, fields, COLUMN_COUNT);
    flat_table_begin(writer);
    flat_field_place(writer, 1, all);
    flat_field_place(writer, 2, metadata);
    flat_field(writer, 0, 0, 2); /* little-endian */
    return flat_table_end(writer, 3);
}

static flat_place_t write_batch(flat_writer_t *writer, size_t bars)
{
    int64_t nodes[COLUMN_COUNT * 2], buffers[COLUMN_COUNT * 4];
    size_t offset = 0;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        const int64_t place[] = {(int64_t)offset, 0, (int64_t)offset,
                                 (int64_t)(bars * columns[i].width)}; /* no validity bits; values */
        memcpy(&buffers[i * 4], place, sizeof place);
        nodes[i * 2] = (int64_t)bars;
        nodes[i * 2 + 1] = 0;
        offset += column_size(i, bars);
    }
    const flat_place_t all_buffers = flat_words(writer, buffers, COLUMN_COUNT * 2, 2);
    const flat_place_t all_nodes = flat_words(writer, nodes, COLUMN_COUNT, 2);
    flat_table_begin(writer);
    flat_field(writer, 0, bars, 8);
    flat_field_place(writer, 1, all_nodes);
    flat_field_place(writer, 2, all_buffers);
    return flat_table_end(writer, 3);
}

enum { HEADER_SCHEMA = 1, HEADER_BATCH = 3, METADATA_V5 = 4 };

/* An encapsulated message: mark, length, metadata. Returns its length. */
static size_t put_message(uint8_t *to, flat_writer_t *writer, unsigned header_kind, flat_place_t header, size_t body)
{
    static const uint8_t mark[4] = {0xFF, 0xFF, 0xFF, 0xFF};
    const uint8_t *metadata;
    flat_table_begin(writer);
    flat_field(writer, 3, body, 8);
    flat_field_place(writer, 2, header);
    flat_field(writer, 0, METADATA_V5, 2);
    flat_field(writer, 1, header_kind, 1);
    const size_t length = flat_finish(writer, flat_table_end(writer, 4), &metadata);
    const uint32_t length_text = (uint32_t)length;
    memcpy(to, mark, 4);
    memcpy(to + 4, &length_text, 4);
    memcpy(to + 8, metadata, length);
    return 8 + length;
}

typedef struct {
    uint8_t front[FRAME_MAX], back[FRAME_MAX];
    size_t front_length, back_length;
} frame_t;

static void make_frame(frame_t *frame, size_t bars, const stamp_t *stamp)
{
    static const uint8_t magic[8] = "ARROW1\0", end_mark[8] = {0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0};
    flat_writer_t writer;
    const uint8_t *footer;
    memset(frame, 0, sizeof *frame);
    memcpy(frame->front, magic, 8);
    size_t at = 8;
    flat_begin(&writer);
    at += put_message(frame->front + at, &writer, HEADER_SCHEMA, write_schema(&writer, stamp), 0);
    const size_t batch_at = at;
    flat_begin(&writer);
    at += put_message(frame->front + at, &writer, HEADER_BATCH, write_batch(&writer, bars), body_size(bars));
    frame->front_length = at;

    const int64_t block[] = {(int64_t)batch_at, (int64_t)(at - batch_at), (int64_t)body_size(bars)};
    flat_begin(&writer);
    const flat_place_t schema = write_schema(&writer, stamp);
    const flat_place_t batches = flat_words(&writer, block, 1, 3);
    const flat_place_t dictionaries = flat_words(&writer, NULL, 0, 3);
    flat_table_begin(&writer);
    flat_field_place(&writer, 1, schema);
    flat_field_place(&writer, 2, dictionaries);
    flat_field_place(&writer, 3, batches);
    flat_field(&writer, 0, METADATA_V5, 2);
    const size_t length = flat_finish(&writer, flat_table_end(&writer, 4), &footer);
    const uint32_t length_text = (uint32_t)length;
    memcpy(frame->back, end_mark, 8);
    memcpy(frame->back + 8, footer, length);
    memcpy(frame->back + 8 + length, &length_text, 4);
    memcpy(frame->back + 12 + length, magic, 6);
    frame->back_length = 18 + length;
}

/* --- columns ---------------------------------------------------------------------------------- */

static void columns_fill(uint8_t *body, const candle_t *candles, size_t bars)
{
    uint8_t *start[COLUMN_COUNT];
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        start[i] = body;
        body += column_size(i, bars);
    }
    for (size_t i = 0; i < bars; i++) {
        const candle_t *candle = &candles[i];
        const dec_t *prices[] = {&candle->open,  &candle->high,   &candle->low,
                                 &candle->close, &candle->volume, &candle->quote_volume};
        const int64_t trades = candle->trades;
        memcpy(start[COLUMN_OPEN_NS] + 8 * i, &candle->open_ns, 8);
        for (size_t k = 0; k < 6; k++) {
            memcpy(start[COLUMN_OPEN + k] + 16 * i, &prices[k]->units, 16);
        }
        memcpy(start[COLUMN_TRADES] + 8 * i, &trades, 8);
        start[COLUMN_STATE][i] = (uint8_t)candle->state;
    }
}

/* RESULT_MALFORMED when what stands there cannot be bars of this timeframe in order. */
static result_t columns_read(const uint8_t *body, timeframe_t timeframe, candle_t *candles, size_t bars)
{
    const uint8_t *start[COLUMN_COUNT];
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        start[i] = body;
        body += column_size(i, bars);
    }
    for (size_t i = 0; i < bars; i++) {
        candle_t candle = {.closed = true, .state = (candle_state_t)start[COLUMN_STATE][i]};
        dec_t *prices[] = {&candle.open, &candle.high, &candle.low, &candle.close, &candle.volume, &candle.quote_volume};
        int64_t trades;
        memcpy(&candle.open_ns, start[COLUMN_OPEN_NS] + 8 * i, 8);
        for (size_t k = 0; k < 6; k++) {
            memcpy(&prices[k]->units, start[COLUMN_OPEN + k] + 16 * i, 16);
        }
        memcpy(&trades, start[COLUMN_TRADES] + 8 * i, 8);
        candle.trades = (uint32_t)trades;
        if (candle_check(&candle, timeframe) != RESULT_OK || trades < 0 || trades > UINT32_MAX ||
            (i > 0 && candle.open_ns <= candles[i - 1].open_ns)) {
            return RESULT_MALFORMED;
        }
        candles[i] = candle;
    }
    return RESULT_OK;
}

/* --- files ------------------------------------------------------------------------------------ */

result_t candle_cache_path(const char *csv_path, char *path, size_t capacity)
{
    const str_t whole = str_from(csv_path);
    const size_t stem = str_ends_with(whole, STR(".csv")) ? whole.length - 4 : whole.length;
    if (stem + sizeof ".arrow" > capacity) {
        return RESULT_TEXT_TOO_LONG;
    }
    memcpy(path, csv_path, stem);
    memcpy(path + stem, ".arrow", sizeof ".arrow");
    return RESULT_OK;
}

/* A whole file in malloc'd memory, with its state at that moment. */
static result_t read_file(const char *path, uint8_t **out, size_t *length, struct stat *info)
{
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    result_t result = RESULT_OK;
    uint8_t *bytes = NULL;
    size_t size = 0;
    *info = (struct stat){0};
    if (descriptor < 0 || fstat(descriptor, info) != 0) {
        result = file_result_from_errno(errno);
    } else if (!S_ISREG(info->st_mode)) {
        result = RESULT_MALFORMED;
    } else {
        size = (size_t)info->st_size;
        bytes = malloc(size + 1);
        result = bytes != NULL ? RESULT_OK : RESULT_FULL;
    }
    size_t at = 0;
    while (result == RESULT_OK && at < size) {
        const ssize_t got = read(descriptor, bytes + at, size - at);
        if (got <= 0) {
            result = got == 0 ? RESULT_STALE : file_result_from_errno(errno);
        }
        at += got > 0 ? (size_t)got : 0;
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (result != RESULT_OK) {
        free(bytes);
        return result;
    }
    *out = bytes;
    *length = at;
    return RESULT_OK;
}

static result_t stamp_of(const char *csv_path, stamp_t *out)
{
    struct stat info;
    uint8_t *bytes;
    size_t length;
    result_t result = read_file(csv_path, &bytes, &length, &info);
    if (result == RESULT_OK) {
        *out = (stamp_t){.size = length,
                         .modified_ns = (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec,
                         .crc = hash_crc32c(0, bytes, length)};
        free(bytes);
    }
    return result;
}

/* The stamp of `before`, taken when the bars were read, or by now: a cache must not bear a younger stamp than its bars. */
static result_t cache_write(const char *csv_path, const stamp_t *source, const candle_t *candles, size_t count)
{
    char path[FILE_PATH_MAX];
    stamp_t stamp = *source;
    result_t result = candle_cache_path(csv_path, path, sizeof path);
    if (result != RESULT_OK) {
        return result;
    }
    const size_t body = body_size(count);
    frame_t *frame = malloc(sizeof *frame);
    uint8_t *bytes = calloc(1, 2 * FRAME_MAX + body);
    result = frame != NULL && bytes != NULL ? RESULT_OK : RESULT_FULL;
    if (result == RESULT_OK) {
        columns_fill(bytes + FRAME_MAX, candles, count);
        stamp.columns_crc = hash_crc32c(0, bytes + FRAME_MAX, body);
        make_frame(frame, count, &stamp);
        uint8_t *start = bytes + FRAME_MAX - frame->front_length;
        memcpy(start, frame->front, frame->front_length);
        memcpy(bytes + FRAME_MAX + body, frame->back, frame->back_length);
        result = file_write_whole(path, start, frame->front_length + body + frame->back_length, 0644);
    }
    free(bytes);
    free(frame);
    return result;
}

/* How many bars a body of this size holds; false when none fits. */
static bool bars_of_body(size_t body, size_t *bars)
{
    for (size_t n = body > 64 * COLUMN_COUNT ? (body - 64 * COLUMN_COUNT) / 113 : 0; body_size(n) <= body; n++) {
        if (body_size(n) == body) {
            *bars = n; /* several may: the frame tells which */
            return true;
        }
    }
    return false;
}

/* Everything around the columns, byte for byte; which part differs tells why. */
static result_t frame_check(const frame_t *frame, const uint8_t *bytes, size_t body)
{
    static const char key[] = "size=", columns_key[] = " columns_crc32c=";
    const uint8_t *back = bytes + frame->front_length + body;
    size_t stamp = 0, columns_stamp = 0;
    for (size_t i = 0; i + sizeof columns_key < frame->front_length; i++) {
        stamp = stamp == 0 && memcmp(frame->front + i, key, sizeof key - 1) == 0 ? i : stamp;
        columns_stamp = memcmp(frame->front + i, columns_key, sizeof columns_key - 1) == 0 ? i : columns_stamp;
    }
    const size_t after = columns_stamp + sizeof columns_key - 1 + 8;
    /* read_file has given bytes; what fails there has an errno other than 0. */
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
    if (memcmp(bytes, frame->front, stamp) != 0 || memcmp(bytes + after, frame->front + after, frame->front_length - after) != 0) {
        return RESULT_MALFORMED;
    }
    if (memcmp(bytes + columns_stamp, frame->front + columns_stamp, after - columns_stamp) != 0) {
        return RESULT_CHECKSUM;
    }
    if (memcmp(bytes + stamp, frame->front + stamp, columns_stamp - stamp) != 0) {
        return RESULT_STALE;
    }
    return memcmp(back, frame->back, frame->back_length) == 0 ? RESULT_OK : RESULT_MALFORMED;
}

static result_t cache_decode(const uint8_t *bytes, size_t length, stamp_t stamp, timeframe_t timeframe, frame_t *frame,
                             candle_t **out, size_t *count)
{
    size_t bars = 0;
    make_frame(frame, 0, &stamp);
    const size_t around = frame->front_length + frame->back_length;
    if (length < around || !bars_of_body(length - around, &bars)) {
        return RESULT_MALFORMED;
    }
    const uint8_t *body = bytes + frame->front_length;
    stamp.columns_crc = hash_crc32c(0, body, length - around);
    result_t result = RESULT_MALFORMED;
    for (; body_size(bars) == length - around; bars++) { /* padding lets several numbers of bars have one size */
        make_frame(frame, bars, &stamp);
        result = frame_check(frame, bytes, length - around);
        if (result != RESULT_MALFORMED) {
            break;
        }
    }
    if (result != RESULT_OK) {
        return result;
    }
    candle_t *candles = malloc((bars + 1) * sizeof *candles);
    if (candles == NULL) {
        return RESULT_FULL;
    }
    result = columns_read(body, timeframe, candles, bars);
    if (result != RESULT_OK) {
        free(candles);
        return result;
    }
    *out = candles;
    *count = bars;
    return RESULT_OK;
}

result_t candle_cache_load(const char *csv_path, timeframe_t timeframe, candle_t **out, size_t *count)
{
    char path[FILE_PATH_MAX];
    stamp_t stamp;
    struct stat info;
    uint8_t *bytes = NULL;
    size_t length = 0;
    result_t result = candle_cache_path(csv_path, path, sizeof path);
    result = result == RESULT_OK ? stamp_of(csv_path, &stamp) : result;
    result = result == RESULT_OK ? read_file(path, &bytes, &length, &info) : result;
    if (result != RESULT_OK) {
        return result;
    }
    frame_t *frame = malloc(sizeof *frame);
    result = frame != NULL ? cache_decode(bytes, length, stamp, timeframe, frame, out, count) : RESULT_FULL;
    free(frame);
    free(bytes);
    return result;
}

result_t candle_cache_read(candle_store_t *store, timeframe_t timeframe, candle_t **out, size_t *count)
{
    const char *csv_path = candle_store_path(store);
    if (candle_cache_load(csv_path, timeframe, out, count) == RESULT_OK) {
        return RESULT_OK;
    }
    stamp_t stamp;
    const size_t bars = (size_t)candle_store_bars(store);
    candle_t *candles = malloc((bars + 1) * sizeof *candles);
    result_t result = candles != NULL ? stamp_of(csv_path, &stamp) : RESULT_FULL;
    result = result == RESULT_OK ? candle_store_read(store, 0, INT64_MAX, candles, bars, count) : result;
    if (result != RESULT_OK) {
        free(candles);
        return result;
    }
    (void)cache_write(csv_path, &stamp, candles, *count); /* without a cache the next reading is slower, nothing else */
    *out = candles;
    return RESULT_OK;
}
