/* shows: MKT-2, MKT-9, I10
 *
 * Market frames become events exactly, whichever of the two ways reads them; what is cut, spoilt or unknown is refused with its
 * place and leaves the event untouched.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "edge/exchange/binance/decode_market.h"
#include "support/test_support.h"

static symbol_map_t symbols;
static binance_decoder_t decoder, other;

static int setup(void **state)
{
    (void)state;
    symbol_map_init(&symbols);
    (void)symbol_map_put(&symbols, STR("BTCUSDT"), 3);
    (void)symbol_map_put(&symbols, STR("1000SHIBUSDT"), 4);
    (void)symbol_map_put(&symbols, STR("BTCUSDT_261225"), 5);
    binance_decoder_init(&decoder, &symbols);
    binance_decoder_init(&other, &symbols);
    return 0;
}

/* Frames in the venue's own order: 2024 (recorded) and 2026 (documented) forms, enveloped and raw. */
static const char *const fast_frames[] = {
    "{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"e\":\"bookTicker\",\"u\":5123107839020,\"s\":\"BTCUSDT\",\"b\":\"61800.20\","
    "\"B\":\"2.507\",\"a\":\"61800.30\",\"A\":\"2.510\",\"T\":1723161256313,\"E\":1723161256314}}",
    "{\"e\":\"bookTicker\",\"u\":400900217,\"s\":\"1000SHIBUSDT\",\"ps\":\"1000SHIBUSDT\",\"b\":\"0.0123450\",\"B\":\"31\",\"a\":"
    "\"0.0123460\",\"A\":\"40\",\"T\":1568014460891,\"E\":1568014460893,\"st\":1}",
    "{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"E\":1723161256322,\"T\":1723161256321,\"s\":\"BTCUSDT\",\"t\":"
    "5266583935,\"p\":\"61800.30\",\"q\":\"0.006\",\"X\":\"MARKET\",\"m\":false}}",
    "{\"e\":\"aggTrade\",\"E\":1723161256322,\"s\":\"BTCUSDT\",\"a\":26129,\"p\":\"0.01633102\",\"q\":\"4.70443515\",\"f\":27781,"
    "\"l\":27781,\"T\":1723161256300,\"m\":true}",
    "{\"stream\":\"btcusdt@aggTrade\",\"data\":{\"e\":\"aggTrade\",\"E\":1723161256322,\"s\":\"BTCUSDT\",\"a\":26129,\"p\":\"61800."
    "1\",\"q\":\"4\",\"nq\":\"3\",\"f\":1,\"l\":2,\"T\":1723161256300,\"m\":true,\"st\":1}}",
    "{\"stream\":\"btcusdt@depth@0ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":1723161256299,\"T\":1723161256298,\"s\":\"BTCUSDT\","
    "\"U\":5123107832006,\"u\":5123107837557,\"pu\":5123107831937,\"b\":[[\"58710.20\",\"0.014\"],[\"61496.50\",\"0.010\"],["
    "\"61510.90\",\"0.000\"]],\"a\":[[\"61900\",\"12345.678\"]]}}",
    "{\"e\":\"depthUpdate\",\"E\":1723161256299,\"T\":1723161256298,\"s\":\"BTCUSDT_261225\",\"ps\":\"BTCUSDT\",\"U\":6,\"u\":7,"
    "\"pu\":5,\"b\":[],\"a\":[],\"st\":1}",
    "{\"stream\":\"btcusdt@depth5@100ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":1723161256299,\"T\":1723161256298,\"s\":"
    "\"BTCUSDT\",\"U\":9,\"u\":7,\"pu\":5,\"b\":[[\"1\",\"2\"]],\"a\":[[\"3\",\"4\"]]}}",
    "{\"e\":\"markPriceUpdate\",\"E\":1562305380000,\"s\":\"BTCUSDT\",\"p\":\"11794.15000000\",\"i\":\"11784.62659091\",\"P\":"
    "\"11784.25641265\",\"r\":\"-0.00038167\",\"T\":1562306400000}",
    "{\"e\":\"markPriceUpdate\",\"E\":1562305380000,\"s\":\"BTCUSDT\",\"p\":\"11794.15\",\"ap\":\"11794.1\",\"i\":\"11784.6\","
    "\"P\":\"11784.2\",\"r\":\"0.00010000\",\"T\":1562306400000,\"st\":1}",
    "{\"e\":\"markPriceUpdate\",\"E\":1562305380000,\"s\":\"BTCUSDT\",\"p\":\"11794.15\",\"i\":\"11784.6\",\"P\":\"11784.2\",\"r\":"
    "\"0\",\"ap\":\"11794.1\",\"T\":0,\"st\":1}",
};
enum { FAST_FRAMES = sizeof fast_frames / sizeof fast_frames[0] };

static const char *const general_frames[] = {
    "{\"e\":\"kline\",\"E\":1638747660000,\"s\":\"BTCUSDT\",\"k\":{\"t\":1638747660000,\"T\":1638747719999,\"s\":\"BTCUSDT\",\"i\":"
    "\"1m\",\"f\":100,\"L\":200,\"o\":\"0.0010\",\"c\":\"0.0020\",\"h\":\"0.0025\",\"l\":\"0.0005\",\"v\":\"1000\",\"n\":100,\"x\":"
    "true,\"q\":\"1.0000\",\"V\":\"500\",\"Q\":\"0.500\",\"B\":\"123456\"}}",
    "{\"e\":\"forceOrder\",\"E\":1568014460893,\"o\":{\"s\":\"BTCUSDT\",\"S\":\"SELL\",\"o\":\"LIMIT\",\"f\":\"IOC\",\"q\":\"0."
    "014\",\"p\":\"9910\",\"ap\":\"9911.5\",\"X\":\"FILLED\",\"l\":\"0.014\",\"z\":\"0.013\",\"T\":1568014460890}}",
    "{\"e\":\"contractInfo\",\"E\":1669356423908,\"s\":\"BTCUSDT\",\"ct\":\"PERPETUAL\",\"dt\":4133404800000,\"ot\":1569398400000,"
    "\"cs\":\"SETTLING\",\"bks\":[{\"bs\":1}]}",
    " { \"data\" : { \"A\":\"1\", \"a\":\"61800.30\", \"B\":\"2\", \"b\":\"61800.20\", \"new\":{\"x\":[1,{}]}, \"s\":\"BTCUSDT\", "
    "\"T\":1, \"u\":17, \"e\":\"bookTicker\" }, \"stream\":\"x\" } ",
    "{\"e\":\"markPriceUpdate\",\"E\":1562305380000,\"s\":\"BTCUSDT_261225\",\"p\":\"11794.15\",\"i\":\"11784.6\",\"P\":\"11784."
    "2\",\"r\":\"\",\"T\":0}",
};
enum { GENERAL_FRAMES = sizeof general_frames / sizeof general_frames[0] };

static void assert_levels(const level_t *a, const level_t *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        assert_true(dec_eq(a[i].price, b[i].price) && dec_eq(a[i].quantity, b[i].quantity));
    }
}

static void assert_same_event(const market_event_t *a, const market_event_t *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->instrument, b->instrument);
    assert_true(a->time_ns == b->time_ns && a->received_ns == b->received_ns);
    switch (a->kind) {
    case MARKET_QUOTE:
        assert_true(dec_eq(a->quote.bid, b->quote.bid) && dec_eq(a->quote.ask, b->quote.ask) &&
                    a->quote.update_id == b->quote.update_id);
        assert_true(dec_eq(a->quote.bid_quantity, b->quote.bid_quantity) && dec_eq(a->quote.ask_quantity, b->quote.ask_quantity));
        break;
    case MARKET_TRADE:
        assert_true(dec_eq(a->trade.price, b->trade.price) && dec_eq(a->trade.quantity, b->trade.quantity) &&
                    a->trade.id == b->trade.id);
        assert_int_equal(a->trade.buyer_is_maker, b->trade.buyer_is_maker);
        break;
    case MARKET_MARK:
        assert_true(dec_eq(a->mark.mark, b->mark.mark) && dec_eq(a->mark.index, b->mark.index) &&
                    dec_eq(a->mark.funding_rate, b->mark.funding_rate));
        assert_true(a->mark.funding_next_ns == b->mark.funding_next_ns);
        break;
    case MARKET_DEPTH:
        assert_true(a->depth.first_id == b->depth.first_id && a->depth.last_id == b->depth.last_id &&
                    a->depth.previous_id == b->depth.previous_id);
        assert_int_equal(a->depth.snapshot, b->depth.snapshot);
        assert_int_equal(a->depth.bid_count, b->depth.bid_count);
        assert_int_equal(a->depth.ask_count, b->depth.ask_count);
        assert_levels(a->depth.bids, b->depth.bids, a->depth.bid_count);
        assert_levels(a->depth.asks, b->depth.asks, a->depth.ask_count);
        break;
    case MARKET_BAR:
    case MARKET_LIQUIDATION:
    case MARKET_STATUS:
        break;
    }
}

static result_t decode(const char *text, market_event_t *event)
{
    return binance_decode_market(&decoder, text, strlen(text), 77, event);
}

static void the_venues_own_order_goes_the_fast_way(void **state)
{
    (void)state;
    for (size_t i = 0; i < FAST_FRAMES; i++) {
        market_event_t fast, general;
        size_t length = strlen(fast_frames[i]);
        if (binance_decode_market_fast(&decoder, fast_frames[i], length, 77, &fast) != RESULT_OK) {
            fail_msg("not fast: %s", fast_frames[i]);
        }
        if (binance_decode_market_general(&other, fast_frames[i], length, 77, &general) != RESULT_OK) {
            fail_msg("%s at %zu: %s", other.problem.what, other.problem.at, fast_frames[i]);
        }
        assert_same_event(&fast, &general);
    }
}

static void values_are_exact(void **state)
{
    (void)state;
    market_event_t event;
    assert_int_equal(decode(fast_frames[0], &event), RESULT_OK);
    assert_int_equal(event.kind, MARKET_QUOTE);
    assert_int_equal(event.instrument, 3);
    assert_dec_equal(event.quote.bid, "61800.2");
    assert_dec_equal(event.quote.ask_quantity, "2.51");
    assert_true(event.quote.update_id == 5123107839020u && event.time_ns == 1723161256313000000 && event.received_ns == 77);
    assert_int_equal(decode(fast_frames[1], &event), RESULT_OK);
    assert_dec_equal(event.quote.bid, "0.012345");
    assert_int_equal(event.instrument, 4);
    assert_int_equal(decode(fast_frames[4], &event), RESULT_OK);
    assert_true(event.kind == MARKET_TRADE && event.trade.id == 26129 && event.trade.buyer_is_maker);
    assert_int_equal(decode(fast_frames[5], &event), RESULT_OK);
    assert_int_equal(event.depth.bid_count, 3);
    assert_dec_equal(event.depth.bids[2].quantity, "0");
    assert_dec_equal(event.depth.asks[0].quantity, "12345.678");
    assert_false(event.depth.snapshot);
    assert_int_equal(decode(fast_frames[7], &event), RESULT_OK);
    assert_true(event.depth.snapshot);
    assert_int_equal(decode(fast_frames[8], &event), RESULT_OK);
    assert_dec_equal(event.mark.funding_rate, "-0.00038167");
}

static void the_general_way_knows_the_rest(void **state)
{
    (void)state;
    market_event_t event[GENERAL_FRAMES];
    for (size_t i = 0; i < GENERAL_FRAMES; i++) {
        if (decode(general_frames[i], &event[i]) != RESULT_OK) {
            fail_msg("%s at %zu: %s", decoder.problem.what, decoder.problem.at, general_frames[i]);
        }
    }
    assert_true(event[0].kind == MARKET_BAR && event[0].bar.timeframe == TF_1M && event[0].bar.candle.closed &&
                event[0].bar.candle.trades == 100);
    assert_dec_equal(event[0].bar.candle.high, "0.0025");
    assert_true(event[1].kind == MARKET_LIQUIDATION && event[1].liquidation.is_sell);
    assert_dec_equal(event[1].liquidation.price, "9911.5");
    assert_dec_equal(event[1].liquidation.quantity, "0.013");
    assert_true(event[2].kind == MARKET_STATUS && event[2].status == INSTRUMENT_CLOSED);
    assert_true(event[3].kind == MARKET_QUOTE && event[3].quote.update_id == 17);
    assert_dec_equal(event[4].mark.funding_rate, "0");
}

static void refuses(const char *frame, result_t result, const char *what)
{
    market_event_t event, untouched;
    memset(&event, 0x5A, sizeof event);
    memset(&untouched, 0x5A, sizeof untouched);
    result_t got = decode(frame, &event);
    if (got != result || strstr(decoder.problem.what, what) == NULL) {
        fail_msg("%s gave %s: %s", frame, result_name(got), decoder.problem.what);
    }
    assert_memory_equal(&event, &untouched, sizeof event);
}

static void errors_name_what_was_wrong(void **state)
{
    (void)state;
    refuses("{\"e\":\"bookTicker\",\"u\":1,\"s\":\"BTCUSDT\",\"b\":\"1\",\"B\":\"1\",\"a\":\"2\",\"T\":1,\"E\":1}",
            RESULT_FIELD_MISSING, "field A: it is missing");
    refuses("{\"e\":\"bookTicker\",\"u\":1,\"s\":\"BTCUSDT\",\"b\":1e400,\"B\":\"1\",\"a\":\"2\",\"A\":\"1\",\"T\":1,\"E\":1}",
            RESULT_NUMBER_OUT_OF_RANGE, "field b");
    refuses("{\"e\":\"bookTicker\",\"u\":1,\"s\":\"BTCUSDT\",\"b\":\"1\",\"b\":\"1\",\"B\":\"1\",\"a\":\"2\",\"A\":\"1\",\"T\":1,"
            "\"E\":1}",
            RESULT_DUPLICATE, "twice");
    refuses("{\"e\":\"bookTicker\",\"u\":1,\"s\":\"BTCUSDT\",\"b\":\"2\",\"B\":\"1\",\"a\":\"1\",\"A\":\"1\",\"T\":1,\"E\":1}",
            RESULT_MALFORMED, ""); /* crossed */
    refuses("{\"e\":\"bookTicker\",\"u\":1,\"s\":\"BTCUSDT\",\"b\":\"0\",\"B\":\"1\",\"a\":\"1\",\"A\":\"1\",\"T\":1,\"E\":1}",
            RESULT_NUMBER_OUT_OF_RANGE, ""); /* no price */
    refuses("{\"e\":\"bookTicker\",\"u\":1,\"s\":\"BTCUSDT\",\"b\":\"NaN\",\"B\":\"1\",\"a\":\"1\",\"A\":\"1\",\"T\":1,\"E\":1}",
            RESULT_NUMBER_MALFORMED, "field b");
    refuses("{\"e\":\"bookTicker\",\"u\":1,\"s\":\"DOGEUSDT\",\"b\":\"1\",\"B\":\"1\",\"a\":\"2\",\"A\":\"1\",\"T\":1,\"E\":1}",
            RESULT_NOT_FOUND, "field s");
    refuses("{\"e\":\"24hrTicker\",\"s\":\"BTCUSDT\"}", RESULT_UNSUPPORTED, "field e");
    refuses("{\"result\":null,\"id\":1}", RESULT_UNSUPPORTED, "");
    refuses("[{\"e\":\"markPriceUpdate\"}]", RESULT_UNSUPPORTED, "array");
    refuses("{\"e\":\"kline\",\"E\":1,\"s\":\"BTCUSDT\",\"k\":{\"i\":\"7m\"}}", RESULT_UNKNOWN_VALUE, "field i");
    assert_int_equal(decoder.problem.instrument, 3); /* the caller knows what to freeze */
    refuses("{\"e\":\"trade\",\"E\":1,\"T\":1,\"s\":\"BTCUSDT\",\"t\":1,\"p\":\"1\",\"q\":\"1\",\"X\":\"ADL\",\"m\":false}",
            RESULT_UNSUPPORTED, "not made in the market");
    refuses("{\"e\":\"trade\",\"E\":1,\"T\":1,\"s\":\"BTCUSDT\",\"t\":1,\"p\":\"1\",\"q\":\"1\",\"X\":\"NEWKIND\",\"m\":false}",
            RESULT_UNKNOWN_VALUE, "field X");
    refuses("<html>502 Bad Gateway</html>", RESULT_MALFORMED, "");
    refuses("", RESULT_TRUNCATED, "");
    refuses("{\"e\":\"trade\",\"E\":1,\"T\":99999999999999999,\"s\":\"BTCUSDT\",\"t\":1,\"p\":\"1\",\"q\":\"1\",\"m\":false}",
            RESULT_NUMBER_OUT_OF_RANGE, "field T");
}

static void an_unknown_contract_status_freezes(void **state)
{
    (void)state;
    market_event_t event;
    assert_int_equal(decode("{\"e\":\"contractInfo\",\"E\":1669356423908,\"s\":\"BTCUSDT\",\"cs\":\"CANCEL_ONLY\"}", &event),
                     RESULT_OK);
    assert_true(event.kind == MARKET_STATUS && event.status == INSTRUMENT_UNKNOWN && event.instrument == 3);
}

static void a_message_with_too_many_levels_is_refused(void **state)
{
    (void)state;
    static char frame[64 * (DEPTH_LEVELS_MAX + 8)];
    size_t length = 0;
    strcpy(frame, "{\"e\":\"depthUpdate\",\"E\":1,\"T\":1,\"s\":\"BTCUSDT\",\"U\":6,\"u\":7,\"pu\":5,\"b\":[");
    length = strlen(frame);
    for (int i = 0; i <= DEPTH_LEVELS_MAX; i++) {
        strcpy(frame + length, i == 0 ? "[\"1\",\"2\"]" : ",[\"1\",\"2\"]");
        length += strlen(frame + length);
    }
    strcpy(frame + length, "],\"a\":[]}");
    refuses(frame, RESULT_FULL, "levels");
}

/* Exactly `length` bytes on the heap, so that the sanitizer sees any step beyond. */
static void both_ways_agree_on(const char *bytes, size_t length)
{
    char *exact = malloc(length > 0 ? length : 1);
    assert_non_null(exact);
    memcpy(exact, bytes, length);
    market_event_t fast, general;
    result_t fast_result = binance_decode_market_fast(&decoder, exact, length, 1, &fast);
    result_t general_result = binance_decode_market_general(&other, exact, length, 1, &general);
    if (fast_result == RESULT_OK && general_result != RESULT_OK) {
        fail_msg("the fast way took what the general way refuses (%s): %.*s", other.problem.what, (int)length, exact);
    }
    if (fast_result == RESULT_OK) {
        assert_same_event(&fast, &general);
    }
    free(exact);
}

static void every_cut_and_many_mutations_agree(void **state)
{
    (void)state;
    prng_t chance;
    prng_seed(&chance, 20240808);
    for (size_t i = 0; i < FAST_FRAMES + GENERAL_FRAMES; i++) {
        const char *frame = i < FAST_FRAMES ? fast_frames[i] : general_frames[i - FAST_FRAMES];
        size_t length = strlen(frame);
        for (size_t cut = 0; cut <= length; cut++) {
            both_ways_agree_on(frame, cut);
        }
        for (int round = 0; round < 3000; round++) {
            char copy[1024];
            memcpy(copy, frame, length);
            static const char spice[] = "0123456789\"{}[],:.-+eE \\\n\x80"
                                        "abT";
            for (uint64_t hits = 1 + prng_below(&chance, 3); hits > 0; hits--) {
                copy[prng_below(&chance, length)] = spice[prng_below(&chance, sizeof spice - 1)];
            }
            both_ways_agree_on(copy, length);
        }
    }
}

static void decimals_of_every_length_agree(void **state)
{
    (void)state;
    prng_t chance;
    prng_seed(&chance, 7);
    for (int round = 0; round < 20000; round++) {
        char number[48], frame[256];
        size_t length = 0;
        uint64_t whole = prng_below(&chance, 12), places = prng_below(&chance, 20);
        for (uint64_t i = 0; i < whole; i++) {
            number[length++] = (char)('0' + prng_below(&chance, 10));
        }
        if (places > 0) {
            number[length++] = '.';
        }
        for (uint64_t i = 1; i < places; i++) {
            number[length++] = (char)('0' + prng_below(&chance, 10));
        }
        number[length] = '\0';
        int written = snprintf(
            frame, sizeof frame,
            "{\"e\":\"trade\",\"E\":1,\"T\":1,\"s\":\"BTCUSDT\",\"t\":1,\"p\":\"%s\",\"q\":\"1\",\"X\":\"MARKET\",\"m\":true}",
            number);
        both_ways_agree_on(frame, (size_t)written);
        market_event_t event;
        dec_t expected;
        bool good = dec_parse(number, length, &expected) == RESULT_OK && dec_sign(expected) > 0;
        assert_int_equal(decode(frame, &event) == RESULT_OK, good);
        if (good) {
            assert_true(dec_eq(event.trade.price, expected));
        }
    }
}

static void snapshots_of_the_rest_api_become_depth(void **state)
{
    (void)state;
    const char *body = "{\"lastUpdateId\":5123107852948,\"E\":1723161256501,\"T\":1723161256493,\"bids\":[[\"61800.20\",\"2.909\"]]"
                       ",\"asks\":[[\"61800.30\",\"1\"],[\"61801\",\"2\"]]}";
    market_event_t event;
    assert_int_equal(binance_decode_depth_snapshot(&decoder, 3, body, strlen(body), 5, &event), RESULT_OK);
    assert_true(event.kind == MARKET_DEPTH && event.depth.snapshot && event.depth.last_id == 5123107852948u &&
                event.depth.ask_count == 2);
    assert_true(event.time_ns == 1723161256493000000);
    for (size_t cut = 0; cut < strlen(body); cut++) {
        assert_int_not_equal(binance_decode_depth_snapshot(&decoder, 3, body, cut, 5, &event), RESULT_OK);
    }
    assert_int_equal(binance_decode_recorded(&decoder, 3, body, strlen(body), 5, &event), RESULT_OK);
    const char *lacking = "{\"lastUpdateId\":1,\"bids\":[]}";
    assert_int_equal(binance_decode_depth_snapshot(&decoder, 3, lacking, strlen(lacking), 5, &event), RESULT_FIELD_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_venues_own_order_goes_the_fast_way, setup),
        cmocka_unit_test_setup(values_are_exact, setup),
        cmocka_unit_test_setup(the_general_way_knows_the_rest, setup),
        cmocka_unit_test_setup(errors_name_what_was_wrong, setup),
        cmocka_unit_test_setup(an_unknown_contract_status_freezes, setup),
        cmocka_unit_test_setup(a_message_with_too_many_levels_is_refused, setup),
        cmocka_unit_test_setup(every_cut_and_many_mutations_agree, setup),
        cmocka_unit_test_setup(decimals_of_every_length_agree, setup),
        cmocka_unit_test_setup(snapshots_of_the_rest_api_become_depth, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
