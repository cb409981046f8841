/* test_no_allocation.c: after start the event path takes no memory and gives none back: malloc and its kin are counted.
 * shows: issue 3, "no allocation on the event path after start (a test counts them)"
 *
 * Two stretches of the path, as the monitor and the watchdog drive them: (a) a venue's frames through the decoder, the book, the
 * bars and the signal half, its signals as messages of the bus; (b) signals, prices and private events through the order half,
 * every record into the journal and to the disk.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/engine/record_codec.h"
#include "core/engine/seam.h"
#include "core/engine/signal_half.h"
#include "core/market/book.h"
#include "edge/bus/bus_frame.h"
#include "edge/exchange/binance/decode_market.h"
#include "edge/store/journal.h"
#include "support/half_script.h"
#include "support/test_support.h"

/* --- counting --------------------------------------------------------------------------------- */

/* volatile: compilers know malloc and believe that it touches nothing of ours. */
static volatile bool counting;
static volatile uint64_t taken, given;

static void count_taken(const volatile void *memory, size_t size)
{
    (void)memory;
    (void)size;
    taken += counting ? 1 : 0;
}

static void count_given(const volatile void *memory)
{
    given += counting && memory != NULL ? 1 : 0;
}

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#endif

#ifdef UNDER_ASAN
/* The sanitizer owns malloc; it calls us back. */
int __sanitizer_install_malloc_and_free_hooks(void (*taken_hook)(const volatile void *, size_t),
                                              void (*given_hook)(const volatile void *));

static void counters_install(void)
{
    assert_true(__sanitizer_install_malloc_and_free_hooks(count_taken, count_given) > 0);
}
#else
/* Our definitions stand before those of the C library, for it as well; the work is done by the library's own. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t align, size_t size);
extern void __libc_free(void *memory);

void *malloc(size_t size)
{
    count_taken(NULL, size);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    count_taken(NULL, size);
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    count_taken(NULL, size);
    return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t align, size_t size)
{
    count_taken(NULL, size);
    return __libc_memalign(align, size);
}

int posix_memalign(void **out, size_t align, size_t size)
{
    count_taken(NULL, size);
    *out = __libc_memalign(align, size);
    return *out == NULL ? 12 /* ENOMEM */ : 0;
}

void free(void *memory)
{
    count_given(memory);
    __libc_free(memory);
}

static void counters_install(void) {}
#endif

static void counting_begin(void)
{
    taken = given = 0;
    counting = true;
}

static void assert_nothing_was_taken(void)
{
    counting = false;
    assert_int_equal(taken, 0);
    assert_int_equal(given, 0);
}

/* Would it notice? Also what a library takes on our behalf. */
static void what_is_taken_is_counted(void **state)
{
    (void)state;
    counters_install();
    counting_begin();
    void *volatile one = malloc(10);
    void *volatile two = calloc(3, 5);
    void *volatile three = realloc(one, 3000);
    char *volatile four = strdup("taken by the C library");
    free(two);
    free(three);
    free(four);
    counting = false;
    assert_true(taken >= 4 && given >= 3);
}

/* --- frames to signals ------------------------------------------------------------------------ */

enum { MOMENTS = 24000, FRAME_MAX = 320, WARM_BARS = 4000, STEP_MS = 150 * 1000 };

typedef struct {
    binance_decoder_t decoder;
    symbol_map_t symbols;
    instrument_table_t table;
    book_t book;
    candle_builder_t builder;
    aggregate_t hours;
    signal_half_t half;
    prng_t prng;
    int64_t price; /* tenths */
    double drift;
    int64_t now_ms;
    uint64_t update; /* of the book */
    uint64_t frames, bars, signals;
    char frame[FRAME_MAX];
    uint8_t seam[SEAM_SIGNAL_MAX];
    bus_message_t message;
    uint8_t bytes[BUS_FRAME_BYTES];
} feed_side_t;

static feed_side_t feed_side;

static candle_t warm_bar(feed_side_t *side, int64_t open_ns)
{
    const int64_t open = side->price;
    side->drift = 0.5 * side->drift + 150.0 * prng_normal(&side->prng);
    side->price += (int64_t)side->drift;
    side->price = side->price < 20000 ? 20000 : side->price;
    const int64_t high = open > side->price ? open : side->price, low = open < side->price ? open : side->price;
    return (candle_t){.open_ns = open_ns,
                      .open = dec_from_scaled(open, 1),
                      .high = dec_from_scaled(high + 40, 1),
                      .low = dec_from_scaled(low - 40, 1),
                      .close = dec_from_scaled(side->price, 1),
                      .volume = DEC_ONE,
                      .state = CANDLE_TRADED,
                      .closed = true};
}

/* Everything that start takes: memory for the half, its history, the tables. */
static void *feed_start(feed_side_t *side)
{
    signal_half_config_t config;
    arena_t arena;
    instrument_id_t id;
    const instrument_t rules = script_rules();
    memset(side, 0, sizeof *side);
    assert_ok(instrument_table_put(&side->table, &rules, &id));
    symbol_map_init(&side->symbols);
    symbol_map_fill(&side->symbols, &side->table, "BINANCE");
    binance_decoder_init(&side->decoder, &side->symbols);
    book_init(&side->book);
    candle_builder_init(&side->builder, TF_5M);
    assert_ok(aggregate_init(&side->hours, TF_5M, TF_1H));
    signal_half_config_default(&config);
    const size_t size = signal_half_memory(&config);
    void *memory = malloc(size);
    arena_init(&arena, memory, size);
    assert_ok(signal_half_init(&side->half, &config, &side->table, &arena));
    assert_ok(signal_half_watch(&side->half, 0));
    prng_seed(&side->prng, 5);
    side->price = 600000;
    const int64_t start_ns = 19800 * NS_PER_DAY;
    for (int64_t i = 0; i < WARM_BARS; i++) {
        signal_t signals[SIGNAL_HALF_SIGNALS_MAX];
        uint32_t count = 0;
        const candle_t bar = warm_bar(side, start_ns + i * NS_PER_HOUR);
        assert_ok(signal_half_on_bar(&side->half, 0, &bar, SIGNAL_HALF_HISTORY, signals, &count));
    }
    side->now_ms = (start_ns + WARM_BARS * NS_PER_HOUR) / NS_PER_MS;
    return memory;
}

static void feed_signal(feed_side_t *side, const signal_t *signal)
{
    size_t length = 0, used = 0;
    assert_ok(seam_signal_encode(signal, &side->table, side->seam, sizeof side->seam, &length));
    bus_message_clear(&side->message);
    side->message.number = signal->number;
    side->message.which_body = patriot_bus_Envelope_signal_tag;
    memcpy(side->message.body.signal.encoded.bytes, side->seam, length);
    side->message.body.signal.encoded.size = (pb_size_t)length;
    assert_ok(bus_frame_encode(&side->message, 0, 1, side->bytes, sizeof side->bytes, &length));
    assert_ok(bus_frame_decode(side->bytes, length, &side->message, &used));
    signal_t again;
    assert_ok(
        seam_signal_decode(side->message.body.signal.encoded.bytes, side->message.body.signal.encoded.size, &side->table, &again));
    assert_int_equal(again.number, signal->number);
    side->signals++;
}

static void feed_trade(feed_side_t *side, const market_event_t *event)
{
    candle_t five, hour;
    signal_t signals[SIGNAL_HALF_SIGNALS_MAX];
    uint32_t count = 0;
    if (!candle_builder_trade(&side->builder, event->time_ns, event->trade.price, event->trade.quantity, &five) ||
        !aggregate_push(&side->hours, &five, &hour)) {
        return;
    }
    side->bars++;
    assert_ok(signal_half_on_bar(&side->half, event->instrument, &hour, SIGNAL_HALF_LIVE, signals, &count));
    for (uint32_t i = 0; i < count; i++) {
        feed_signal(side, &signals[i]);
    }
}

static void feed_frame(feed_side_t *side, int length)
{
    market_event_t event;
    assert_true(length > 0 && length < FRAME_MAX);
    assert_ok(binance_decode_market(&side->decoder, side->frame, (size_t)length, side->now_ms * NS_PER_MS, &event));
    side->frames++;
    if (event.kind == MARKET_DEPTH) {
        assert_ok(book_apply(&side->book, &event.depth));
    } else if (event.kind == MARKET_TRADE) {
        feed_trade(side, &event);
    }
}

#define TENTHS(price) (long long)((price) / 10), (int)((price) % 10)

/* One difference of the book, one quote, one trade, in the venue's form. */
static void feed_moment(feed_side_t *side)
{
    level_t bid, ask;
    const long long now = side->now_ms;
    side->drift = 0.98 * side->drift + 12.0 * prng_normal(&side->prng);
    side->price += (int64_t)(side->drift * 0.2);
    side->price = side->price < 20000 ? 20000 : side->price;
    const int64_t price = side->price;
    feed_frame(side,
               snprintf(side->frame, sizeof side->frame,
                        "{\"stream\":\"btcusdt@depth@0ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":%lld,\"T\":%lld,\"s\":\"BTCUSDT\","
                        "\"U\":%llu,\"u\":%llu,\"pu\":%llu,\"b\":[[\"%lld.%d\",\"%u.014\"]],\"a\":[[\"%lld.%d\",\"0.500\"]]}}",
                        now, now, (unsigned long long)side->update + 1, (unsigned long long)side->update + 2,
                        (unsigned long long)side->update, TENTHS(10000 + price % 500), (unsigned)prng_below(&side->prng, 2),
                        TENTHS(2000000 + price % 700)));
    side->update += 2;
    (void)book_best(&side->book, &bid, &ask);
    feed_frame(
        side,
        snprintf(
            side->frame, sizeof side->frame,
            "{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"e\":\"bookTicker\",\"u\":%llu,\"s\":\"BTCUSDT\",\"b\":\"%lld.%d0\","
            "\"B\":\"2.507\",\"a\":\"%lld.%d0\",\"A\":\"2.510\",\"T\":%lld,\"E\":%lld}}",
            (unsigned long long)side->update, TENTHS(price), TENTHS(price + 1), now, now));
    feed_frame(side,
               snprintf(side->frame, sizeof side->frame,
                        "{\"stream\":\"btcusdt@aggTrade\",\"data\":{\"e\":\"aggTrade\",\"E\":%lld,\"s\":\"BTCUSDT\",\"a\":%llu,"
                        "\"p\":\"%lld.%d\",\"q\":\"0.5\",\"f\":1,\"l\":2,\"T\":%lld,\"m\":true}}",
                        now, (unsigned long long)side->update, TENTHS(price), now));
    side->now_ms += STEP_MS;
}

static void frames_become_signals_without_memory(void **state)
{
    (void)state;
    feed_side_t *side = &feed_side;
    void *memory = feed_start(side);
    const level_t level[2] = {{dec_from_int(1), DEC_ONE}, {dec_from_int(300000), DEC_ONE}};
    const depth_t snapshot = {.last_id = 1, .snapshot = true, .bids = &level[0], .bid_count = 1, .asks = &level[1], .ask_count = 1};
    assert_ok(book_apply(&side->book, &snapshot));
    side->update = 1;
    counting_begin();
    for (unsigned i = 0; i < MOMENTS; i++) {
        feed_moment(side);
    }
    assert_nothing_was_taken();
    /* It has been where it claims to have been. */
    assert_int_equal(side->frames, 3 * MOMENTS);
    assert_int_equal(side->book.state, BOOK_LIVE);
    assert_true(side->bars >= MOMENTS * (STEP_MS / 1000) / 3600 - 1);
    assert_true(side->signals > 3);
    free(memory);
}

/* --- signals to the disk ---------------------------------------------------------------------- */

static journal_t *journal;
static uint64_t records;

static void write_down(void *context, const order_output_t *output)
{
    (void)context;
    for (uint32_t i = 0; i < output->record_count; i++) {
        uint8_t bytes[RECORD_BYTES_MAX];
        size_t length = 0;
        const order_record_t *record = &output->records[i];
        assert_ok(record_encode(record, bytes, sizeof bytes, &length));
        assert_ok(journal_append(journal, record->kind, bytes, length, JOURNAL_NORMAL, record->time_ns, NULL));
        records++;
    }
    if (output->record_count > 0) {
        assert_ok(journal_commit(journal));
    }
}

static void orders_live_and_end_without_memory(void **state)
{
    (void)state;
    static half_script_t script;
    static order_output_t output;
    static journal_report_t report;
    char folder[TEST_PATH_MAX];
    test_dir_make(folder);
    const journal_options_t options = {.folder = folder, .generation = 7};
    assert_ok(journal_open(&options, &journal, &report));
    void *memory = aligned_alloc(16, (order_half_size() + 15) / 16 * 16);
    assert_true(script_start(&script, memory, &output, 41, write_down, NULL));
    counting_begin();
    script_run(&script, 4000);
    assert_nothing_was_taken();
    assert_true(script.placed > 100 && script.fills > 50 && records > 1000);
    journal_close(journal);
    free(memory);
    test_dir_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_is_counted),
        cmocka_unit_test(frames_become_signals_without_memory),
        cmocka_unit_test(orders_live_and_end_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
