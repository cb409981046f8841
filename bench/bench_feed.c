/* bench_feed.c: messages a second on one core through the whole way of a market message: decode, book, bars, signal half.
 * rooms: edge/exchange
 * libs: z
 *
 * Input: a recorded stream (first argument; "<ns> <json>" lines, gzip), all of it in memory before the clock runs. Depth
 * differences that come before the snapshot wait for it, as in a feed; quotes are kept as the best prices; trades build one-minute
 * bars; each closed bar goes into a signal half that runs the default strategies on 1m, 5m and 15m. Prints the figure of the best
 * of seven passes; exits 1 below 1,500,000.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/engine/signal_half.h"
#include "core/market/book.h"
#include "edge/exchange/binance/decode_market.h"
#include "edge/exchange/recorder.h"

enum { REPEATS = 7, WAITING_MAX = 256, BAR = 1500000 };

typedef struct {
    size_t at, length;
    int64_t received_ns;
} frame_t;

static char *bytes;
static frame_t *frames;
static size_t frames_count, bytes_count;
static symbol_map_t symbols;
static binance_decoder_t decoder;
static instrument_table_t table;
static book_t book;
static signal_half_t half;
static quote_t quote;
static struct {
    uint64_t quotes, trades, depths, bars, signals, refused, book_refused;
} counts;

static uint64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static bool frame_add(int64_t received_ns, str_t message)
{
    static size_t bytes_capacity, frames_capacity;
    if (bytes_count + message.length > bytes_capacity) {
        bytes_capacity = 2 * (bytes_count + message.length);
        bytes = realloc(bytes, bytes_capacity);
    }
    if (frames_count == frames_capacity) {
        frames_capacity = frames_capacity > 0 ? 2 * frames_capacity : 4096;
        frames = realloc(frames, frames_capacity * sizeof *frames);
    }
    if (bytes == NULL || frames == NULL) {
        return false;
    }
    memcpy(bytes + bytes_count, message.bytes, message.length);
    frames[frames_count++] = (frame_t){bytes_count, message.length, received_ns};
    bytes_count += message.length;
    return true;
}

static bool load(const char *path)
{
    replay_t *replay;
    int64_t received_ns;
    str_t message;
    if (replay_open(path, &replay) != RESULT_OK) {
        fprintf(stderr, "bench_feed: cannot read %s\n", path);
        return false;
    }
    while (replay_next(replay, &received_ns, &message) == RESULT_OK) {
        if (!frame_add(received_ns, message)) {
            break;
        }
    }
    replay_close(replay);
    return frames_count > 0;
}

static bool instrument_add(void)
{
    instrument_t btc;
    instrument_id_t id;
    memset(&btc, 0, sizeof btc);
    memcpy(btc.venue, "BINANCE", 8);
    memcpy(btc.symbol, "BTCUSDT", 8);
    memcpy(btc.base, "BTC", 4);
    memcpy(btc.quote, "USDT", 5);
    memcpy(btc.settle, "USDT", 5);
    btc.kind = INSTRUMENT_PERPETUAL;
    btc.status = INSTRUMENT_TRADING;
    btc.tick_size = dec_from_scaled(1, 1);
    btc.lot_step = btc.market_step = btc.quantity_min = btc.market_quantity_min = dec_from_scaled(1, 3);
    btc.quantity_max = btc.market_quantity_max = dec_from_int(1000);
    btc.contract_size = DEC_ONE;
    return instrument_table_put(&table, &btc, &id) == RESULT_OK;
}

static bool half_begin(void)
{
    static unsigned char memory[1 << 20];
    signal_half_config_t config;
    arena_t arena;
    signal_half_config_default(&config);
    config.timeframe_count = 3;
    config.timeframes[0] = TF_1M;
    config.timeframes[1] = TF_5M;
    config.timeframes[2] = TF_15M;
    arena_init(&arena, memory, sizeof memory);
    return signal_half_init(&half, &config, &table, &arena) == RESULT_OK && signal_half_watch(&half, 0) == RESULT_OK;
}

static void trade_take(candle_builder_t *builder, const market_event_t *event)
{
    candle_t bar;
    signal_t signals[SIGNAL_HALF_SIGNALS_MAX];
    uint32_t made = 0;
    counts.trades++;
    if (candle_builder_trade(builder, event->time_ns, event->trade.price, event->trade.quantity, &bar)) {
        counts.bars++;
        (void)signal_half_on_bar(&half, 0, &bar, SIGNAL_HALF_LIVE, signals, &made);
        counts.signals += made;
    }
}

/* What came before the snapshot. */
static void waiting_apply(const size_t *waiting, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const frame_t *frame = &frames[waiting[i]];
        market_event_t event;
        if (binance_decode_market(&decoder, bytes + frame->at, frame->length, frame->received_ns, &event) == RESULT_OK) {
            (void)book_apply(&book, &event.depth); /* RESULT_STALE for those that the snapshot has in it */
        }
    }
}

static bool pass(uint64_t *spent_ns)
{
    candle_builder_t builder;
    size_t waiting[WAITING_MAX], waiting_count = 0;
    memset(&counts, 0, sizeof counts);
    book_init(&book);
    candle_builder_init(&builder, TF_1M);
    if (!half_begin()) {
        return false;
    }
    uint64_t start = now_ns();
    for (size_t i = 0; i < frames_count; i++) {
        market_event_t event;
        if (binance_decode_recorded(&decoder, 0, bytes + frames[i].at, frames[i].length, frames[i].received_ns, &event) !=
            RESULT_OK) {
            counts.refused++;
        } else if (event.kind == MARKET_QUOTE) {
            counts.quotes++;
            quote = event.quote;
        } else if (event.kind == MARKET_TRADE) {
            trade_take(&builder, &event);
        } else if (book.state == BOOK_EMPTY && !event.depth.snapshot && waiting_count < WAITING_MAX) {
            waiting[waiting_count++] = i;
        } else {
            counts.depths++;
            counts.book_refused += book_apply(&book, &event.depth) != RESULT_OK;
            if (event.depth.snapshot) {
                waiting_apply(waiting, waiting_count);
            }
        }
    }
    *spent_ns = now_ns() - start;
    return true;
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "../shared/data/binance-usdm-btcusdt-20240808.stream.gz";
    uint64_t best = UINT64_MAX, spent;
    symbol_map_init(&symbols);
    (void)symbol_map_put(&symbols, STR("BTCUSDT"), 0);
    binance_decoder_init(&decoder, &symbols);
    if (!load(path)) {
        return 77;
    }
    if (!instrument_add()) {
        return 1;
    }
    for (int i = 0; i < REPEATS; i++) {
        if (!pass(&spent)) {
            fprintf(stderr, "bench_feed: the signal half cannot be set up\n");
            return 1;
        }
        best = spent < best ? spent : best;
    }
    double rate = (double)frames_count * 1e9 / (double)best;
    printf("feed    %zu messages: %llu quotes, %llu trades, %llu depths, %llu bars, %llu signals; %llu refused, %llu by the book\n",
           frames_count, (unsigned long long)counts.quotes, (unsigned long long)counts.trades, (unsigned long long)counts.depths,
           (unsigned long long)counts.bars, (unsigned long long)counts.signals, (unsigned long long)counts.refused,
           (unsigned long long)counts.book_refused);
    printf("feed    %.0f messages/s on one core (bar %d), %.1f ns each\n", rate, BAR, (double)best / (double)frames_count);
    return rate >= BAR && counts.refused == 0 && counts.book_refused == 0 ? 0 : 1;
}
