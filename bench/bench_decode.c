/* bench_decode.c: ns per message of the market decoder and of yyjson doing the same extraction, in turns in one run.
 * rooms: edge/exchange
 * libs: z
 * peer: yyjson (fetched by bench/fetch_yyjson.sh into the build folder; without it only our own figures are shown)
 *
 * Input: a recorded stream ("<ns> <json>" lines, gzip; first argument). All of it is in memory before the clock runs. Both sides
 * turn each frame into the same market_event_t: the peer parses with a pre-allocated pool (its fastest way), looks fields up by
 * name and reads numbers with dec_parse; every pair of results is compared first. Exits 1 below 3 times.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "edge/exchange/binance/decode_market.h"
#include "edge/exchange/recorder.h"
#ifdef PATRIOT_PEER_YYJSON
#include "yyjson.h"
#endif

enum { REPEATS = 7 };

typedef struct {
    const char *bytes;
    size_t length;
    int64_t received_ns;
} frame_t;

static char *text; /* all frames one after the other, as they lie in a read buffer */

static frame_t *frames;
static size_t frames_count;
static symbol_map_t symbols;
static binance_decoder_t decoder;
static uint64_t sink; /* keeps results alive */

static uint64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static int load(const char *path)
{
    replay_t *replay;
    if (replay_open(path, &replay) != RESULT_OK) {
        fprintf(stderr, "bench_decode: cannot read %s\n", path);
        return 0;
    }
    size_t capacity = 0, text_size = 0, text_capacity = 0;
    int64_t received_ns;
    str_t message;
    while (replay_next(replay, &received_ns, &message) == RESULT_OK) {
        if (strncmp(message.bytes, "{\"stream\"", 9) != 0) {
            continue; /* the REST snapshot */
        }
        if (frames_count == capacity) {
            capacity = capacity > 0 ? 2 * capacity : 4096;
            frames = realloc(frames, capacity * sizeof *frames);
        }
        if (text_size + message.length > text_capacity) {
            text_capacity = 2 * (text_size + message.length);
            text = realloc(text, text_capacity);
        }
        if (frames == NULL || text == NULL) {
            return 0;
        }
        memcpy(text + text_size, message.bytes, message.length);
        text_size += message.length;
        frames[frames_count++] = (frame_t){NULL, message.length, received_ns};
    }
    replay_close(replay);
    const char *at = text;
    for (size_t i = 0; i < frames_count; at += frames[i++].length) {
        frames[i].bytes = at;
    }
    return frames_count > 0;
}

static void take(const market_event_t *event)
{
    sink += (uint64_t)event->time_ns + event->instrument;
    if (event->kind == MARKET_DEPTH) {
        sink += event->depth.bid_count + event->depth.ask_count;
    } else {
        sink += (uint64_t)event->quote.bid.units;
    }
}

static uint64_t ours_run(void)
{
    uint64_t start = now_ns();
    for (size_t i = 0; i < frames_count; i++) {
        market_event_t event;
        if (binance_decode_market(&decoder, frames[i].bytes, frames[i].length, frames[i].received_ns, &event) == RESULT_OK) {
            take(&event);
        }
    }
    return now_ns() - start;
}

#ifdef PATRIOT_PEER_YYJSON
static level_t peer_bids[DEPTH_LEVELS_MAX], peer_asks[DEPTH_LEVELS_MAX];
static char peer_pool[1 << 20];

static dec_t peer_dec(yyjson_val *object, const char *key)
{
    yyjson_val *value = yyjson_obj_get(object, key);
    dec_t out = DEC_ZERO;
    (void)dec_parse(yyjson_get_str(value), yyjson_get_len(value), &out);
    return out;
}

static uint64_t peer_u64(yyjson_val *object, const char *key)
{
    return yyjson_get_uint(yyjson_obj_get(object, key));
}

static uint32_t peer_levels(yyjson_val *list, level_t *levels)
{
    uint32_t count = 0;
    yyjson_arr_iter each;
    yyjson_arr_iter_init(list, &each);
    for (yyjson_val *pair; count < DEPTH_LEVELS_MAX && (pair = yyjson_arr_iter_next(&each)) != NULL; count++) {
        yyjson_val *price = yyjson_arr_get_first(pair), *quantity = yyjson_arr_get(pair, 1);
        (void)dec_parse(yyjson_get_str(price), yyjson_get_len(price), &levels[count].price);
        (void)dec_parse(yyjson_get_str(quantity), yyjson_get_len(quantity), &levels[count].quantity);
    }
    return count;
}

static bool peer_event(yyjson_val *data, market_event_t *event)
{
    yyjson_val *type = yyjson_obj_get(data, "e"), *symbol = yyjson_obj_get(data, "s");
    event->instrument = symbol_map_find(&symbols, (str_t){yyjson_get_str(symbol), yyjson_get_len(symbol)});
    event->time_ns = (int64_t)peer_u64(data, "T") * 1000000;
    if (yyjson_equals_str(type, "bookTicker")) {
        event->kind = MARKET_QUOTE;
        event->quote =
            (quote_t){peer_dec(data, "b"), peer_dec(data, "B"), peer_dec(data, "a"), peer_dec(data, "A"), peer_u64(data, "u")};
    } else if (yyjson_equals_str(type, "trade")) {
        event->kind = MARKET_TRADE;
        event->trade =
            (trade_t){peer_dec(data, "p"), peer_dec(data, "q"), peer_u64(data, "t"), yyjson_get_bool(yyjson_obj_get(data, "m"))};
    } else if (yyjson_equals_str(type, "depthUpdate")) {
        event->kind = MARKET_DEPTH;
        event->depth = (depth_t){.first_id = peer_u64(data, "U"),
                                 .last_id = peer_u64(data, "u"),
                                 .previous_id = peer_u64(data, "pu"),
                                 .bid_count = peer_levels(yyjson_obj_get(data, "b"), peer_bids),
                                 .ask_count = peer_levels(yyjson_obj_get(data, "a"), peer_asks),
                                 .bids = peer_bids,
                                 .asks = peer_asks};
    } else {
        return false;
    }
    return market_event_check(event) == RESULT_OK;
}

static bool peer_decode(const frame_t *frame, market_event_t *event)
{
    yyjson_alc pool;
    yyjson_alc_pool_init(&pool, peer_pool, sizeof peer_pool);
    yyjson_doc *document = yyjson_read_opts((char *)(uintptr_t)frame->bytes, frame->length, YYJSON_READ_NOFLAG, &pool, NULL);
    event->received_ns = frame->received_ns;
    return document != NULL && peer_event(yyjson_obj_get(yyjson_doc_get_root(document), "data"), event);
}

static uint64_t peer_run(void)
{
    uint64_t start = now_ns();
    for (size_t i = 0; i < frames_count; i++) {
        market_event_t event;
        if (peer_decode(&frames[i], &event)) {
            take(&event);
        }
    }
    return now_ns() - start;
}

static bool levels_equal(const level_t *a, const level_t *b, uint32_t count)
{
    return memcmp(a, b, count * sizeof *a) == 0;
}

static bool equal(const market_event_t *a, const market_event_t *b)
{
    if (a->kind != b->kind || a->instrument != b->instrument || a->time_ns != b->time_ns || a->received_ns != b->received_ns) {
        return false;
    }
    switch (a->kind) {
    case MARKET_QUOTE:
        return dec_eq(a->quote.bid, b->quote.bid) && dec_eq(a->quote.bid_quantity, b->quote.bid_quantity) &&
               dec_eq(a->quote.ask, b->quote.ask) && dec_eq(a->quote.ask_quantity, b->quote.ask_quantity) &&
               a->quote.update_id == b->quote.update_id;
    case MARKET_TRADE:
        return dec_eq(a->trade.price, b->trade.price) && dec_eq(a->trade.quantity, b->trade.quantity) &&
               a->trade.id == b->trade.id && a->trade.buyer_is_maker == b->trade.buyer_is_maker;
    case MARKET_DEPTH:
        return a->depth.first_id == b->depth.first_id && a->depth.last_id == b->depth.last_id &&
               a->depth.previous_id == b->depth.previous_id && a->depth.bid_count == b->depth.bid_count &&
               a->depth.ask_count == b->depth.ask_count && levels_equal(a->depth.bids, b->depth.bids, a->depth.bid_count) &&
               levels_equal(a->depth.asks, b->depth.asks, a->depth.ask_count);
    case MARKET_MARK:
    case MARKET_BAR:
    case MARKET_LIQUIDATION:
    case MARKET_STATUS:
        break;
    }
    return false;
}

/* Both sides give the same events, or the comparison of their speed means nothing. */
static bool same(void)
{
    for (size_t i = 0; i < frames_count; i++) {
        market_event_t a, b;
        bool ours = binance_decode_market(&decoder, frames[i].bytes, frames[i].length, frames[i].received_ns, &a) == RESULT_OK;
        bool peer = peer_decode(&frames[i], &b);
        if (ours != peer || (ours && !equal(&a, &b))) {
            fprintf(stderr, "bench_decode: the two differ on: %.*s\n", (int)(frames[i].length < 300 ? frames[i].length : 300),
                    frames[i].bytes);
            return false;
        }
    }
    return true;
}
#endif

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "../shared/data/binance-usdm-btcusdt-20240808.stream.gz";
    symbol_map_init(&symbols);
    (void)symbol_map_put(&symbols, STR("BTCUSDT"), 0);
    binance_decoder_init(&decoder, &symbols);
    if (!load(path)) {
        return 77;
    }
    uint64_t ours = UINT64_MAX, peer = UINT64_MAX;
#ifdef PATRIOT_PEER_YYJSON
    if (!same()) {
        return 1;
    }
#endif
    for (int i = 0; i < REPEATS; i++) {
        uint64_t spent = ours_run();
        ours = spent < ours ? spent : ours;
#ifdef PATRIOT_PEER_YYJSON
        spent = peer_run();
        peer = spent < peer ? spent : peer;
#endif
    }
    double count = (double)frames_count;
    printf("decode  %zu messages, %.1f %% by the fast way (%llu)\n", frames_count,
           100.0 * (double)decoder.fast / (double)(decoder.fast + decoder.general), (unsigned long long)sink);
    if (peer == UINT64_MAX) {
        printf("decode  ours %.1f ns a message; the peer yyjson is not here\n", (double)ours / count);
        return 77;
    }
    double ratio = (double)peer / (double)ours;
    printf("decode  ours %.1f ns  yyjson %.1f ns  %.2f times (bar 3)\n", (double)ours / count, (double)peer / count, ratio);
    return ratio >= 3.0 ? 0 : 1;
}
