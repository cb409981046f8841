/* test_candle_cache.c: the Arrow cache gives the same bars, and is never believed when a byte of it or of its CSV has changed.
 * shows: MKT-3
 *
 *     test_edge_store_candle_cache write FOLDER BARS     makes a CSV and its cache for test_candle_arrow.py
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/time.h"
#include "edge/store/candle_cache.h"
#include "support/test_support.h"

static char folder[TEST_PATH_MAX], csv[TEST_PATH_MAX + 32], arrow[TEST_PATH_MAX + 32];

static int fresh_folder(void **state)
{
    (void)state;
    test_dir_make(folder);
    snprintf(csv, sizeof csv, "%s/BINANCE_ETH_USDT_1h.csv", folder);
    snprintf(arrow, sizeof arrow, "%s/BINANCE_ETH_USDT_1h.arrow", folder);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    test_dir_remove(folder);
    return 0;
}

static candle_t bar(int64_t n)
{
    if (n % 10 == 7) {
        return (candle_t){.open_ns = (475000 + n) * NS_PER_HOUR, .state = CANDLE_MISSING, .closed = true};
    }
    candle_t candle = {.open_ns = (475000 + n) * NS_PER_HOUR,
                       .open = dec_from_scaled(100000 + n, 2),
                       .high = dec_from_scaled(100200 + n, 2),
                       .low = dec_from_scaled(99900 + n, 2),
                       .close = dec_from_scaled(100100 + n, 2),
                       .volume = dec_from_scaled(1, 18),
                       .trades = UINT32_MAX,
                       .state = CANDLE_TRADED,
                       .closed = true};
    candle.quote_volume = (dec_t){DEC_UNITS_PER_ONE * 1000000 * 1000000 * 10000000 + 1};
    return candle;
}

static candle_store_t *make_store(int64_t bars)
{
    const candle_store_options_t options = {folder, "BINANCE_ETH_USDT", TF_1H, NULL, NULL};
    candle_store_t *store = NULL;
    if (candle_store_open(&options, &store, NULL) != RESULT_OK) {
        return NULL;
    }
    for (int64_t n = (int64_t)candle_store_bars(store); n < bars; n++) {
        const candle_t candle = bar(n);
        if (candle_store_append(store, &candle, 1) != RESULT_OK) {
            candle_store_close(store);
            return NULL;
        }
    }
    return store;
}

static void assert_bars(const candle_t *candles, size_t count, size_t expected)
{
    assert_int_equal(count, expected);
    for (size_t i = 0; i < count; i++) {
        const candle_t want = bar((int64_t)i);
        assert_int_equal(candles[i].open_ns, want.open_ns);
        assert_true(dec_eq(candles[i].open, want.open) && dec_eq(candles[i].high, want.high) && dec_eq(candles[i].low, want.low) &&
                    dec_eq(candles[i].close, want.close) && dec_eq(candles[i].volume, want.volume) &&
                    dec_eq(candles[i].quote_volume, want.quote_volume));
        assert_int_equal(candles[i].trades, want.trades);
        assert_int_equal(candles[i].state, want.state);
        assert_true(candles[i].closed);
    }
}

static void the_cache_gives_the_same_bars(void **state)
{
    (void)state;
    static const int64_t sizes[] = {0, 1, 2, 3, 4, 5, 8, 63, 64, 65, 500};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        candle_store_t *store = make_store(sizes[i]);
        candle_t *candles = NULL;
        size_t count = 99;
        assert_non_null(store);
        assert_int_equal(candle_cache_load(csv, TF_1H, &candles, &count), i == 0 ? RESULT_NOT_FOUND : RESULT_STALE);
        assert_int_equal(candle_cache_read(store, TF_1H, &candles, &count), RESULT_OK); /* from the CSV, and makes the cache */
        assert_bars(candles, count, (size_t)sizes[i]);
        free(candles);
        assert_int_equal(candle_cache_load(csv, TF_1H, &candles, &count), RESULT_OK);
        assert_bars(candles, count, (size_t)sizes[i]);
        free(candles);
        candle_store_close(store);
    }
}

static void a_changed_csv_makes_it_stale(void **state)
{
    (void)state;
    candle_store_t *store = make_store(20);
    candle_t *candles = NULL;
    size_t count;
    assert_int_equal(candle_cache_read(store, TF_1H, &candles, &count), RESULT_OK);
    free(candles);
    candle_store_close(store);
    FILE *file = fopen(csv, "r+"); /* one digit, same size: only time and sum tell */
    fseek(file, -12, SEEK_END);
    fputc('8', file);
    fclose(file);
    assert_int_equal(candle_cache_load(csv, TF_1H, &candles, &count), RESULT_STALE);
}

static void any_changed_byte_is_noticed(void **state)
{
    (void)state;
    static uint8_t whole[65536];
    candle_store_t *store = make_store(9);
    candle_t *candles = NULL;
    size_t count;
    assert_int_equal(candle_cache_read(store, TF_1H, &candles, &count), RESULT_OK);
    free(candles);
    candle_store_close(store);
    FILE *file = fopen(arrow, "r");
    const size_t length = fread(whole, 1, sizeof whole, file);
    fclose(file);
    assert_true(length > 1000 && length < sizeof whole);
    for (size_t i = 0; i < length; i += 3) {
        file = fopen(arrow, "r+");
        fseek(file, (long)i, SEEK_SET);
        fputc(whole[i] ^ 0x41, file);
        fclose(file);
        const result_t result = candle_cache_load(csv, TF_1H, &candles, &count);
        assert_true(result == RESULT_MALFORMED || result == RESULT_CHECKSUM || result == RESULT_STALE);
        file = fopen(arrow, "r+");
        fseek(file, (long)i, SEEK_SET);
        fputc(whole[i], file);
        fclose(file);
    }
    assert_int_equal(candle_cache_load(csv, TF_1H, &candles, &count), RESULT_OK);
    free(candles);
    for (size_t cut = 0; cut < length; cut += 97) {
        file = fopen(arrow, "w");
        fwrite(whole, 1, cut, file);
        fclose(file);
        assert_int_not_equal(candle_cache_load(csv, TF_1H, &candles, &count), RESULT_OK);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh_folder, drop_folder)

static int write_for_others(const char *where, const char *bars)
{
    snprintf(folder, sizeof folder, "%s", where);
    candle_t *candles = NULL;
    size_t count;
    candle_store_t *store = make_store(strtoll(bars, NULL, 10));
    const bool fine = store != NULL && candle_cache_read(store, TF_1H, &candles, &count) == RESULT_OK;
    free(candles);
    candle_store_close(store);
    return fine ? 0 : 1;
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        TEST(the_cache_gives_the_same_bars),
        TEST(a_changed_csv_makes_it_stale),
        TEST(any_changed_byte_is_noticed),
    };
    if (count == 4 && strcmp(arguments[1], "write") == 0) {
        return write_for_others(arguments[2], arguments[3]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
