/* shows: MKT-1
 *
 * tickers.txt: bad lines are told with their number and skipped; the old Python form is parsed, never run; re-reading is one stat.
 */
#include "support/test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "edge/exchange/tickers.h"

static tickers_t tickers;
static uint32_t  notices[4], lines[4];

static void note(void *context, tickers_notice_t notice, uint32_t line, str_t text)
{
    (void)context;
    (void)text;
    assert_true(tickers_notice_text(notice)[0] != '\0');
    notices[notice]++;
    lines[notice] = line;
}

static void parse(const char *text)
{
    memset(notices, 0, sizeof notices);
    tickers_parse(str_from(text), &tickers, note, NULL);
}

static void one_symbol_a_line(void **state)
{
    (void)state;
    parse("# my list\r\n\nBTCUSDT\r\n  eth/usdt   # the second\n1000pepeusdt\nBINANCE_SOL_USDT\nBTC/USDT:USDT\n\xE5\xB8\x81USDT");
    assert_int_equal(tickers.count, 6);
    assert_string_equal(tickers.symbols[0], "BTCUSDT");
    assert_string_equal(tickers.symbols[1], "ETH/USDT");
    assert_string_equal(tickers.symbols[2], "1000PEPEUSDT");
    assert_string_equal(tickers.symbols[3], "BINANCE_SOL_USDT");
    assert_string_equal(tickers.symbols[4], "BTC/USDT:USDT");
    assert_int_equal(notices[TICKERS_BAD_LINE] + notices[TICKERS_DUPLICATE], 0);
}

static void bad_lines_are_told_and_skipped(void **state)
{
    (void)state;
    parse("BTCUSDT\nBTC USDT\n;rm -rf\nETHUSDT\nbtcusdt\n$(x)\nA\n________________________________________________________________________\n");
    assert_int_equal(tickers.count, 2);
    assert_int_equal(notices[TICKERS_BAD_LINE], 5);
    assert_int_equal(lines[TICKERS_BAD_LINE], 8);
    assert_int_equal(notices[TICKERS_DUPLICATE], 1);
    assert_int_equal(lines[TICKERS_DUPLICATE], 5);
    parse("");
    assert_int_equal(tickers.count, 0);
}

static void the_old_form_is_parsed_never_run(void **state)
{
    (void)state;
    parse("COIN_SYMBOLS = ['BTCUSDT', \"ETHUSDT\",  # two\n  'SOLUSDT',\n  __import__('os').system('x'),\n 'XRPUSDT',\n]\nADAUSDT\n");
    assert_int_equal(tickers.count, 5);
    assert_string_equal(tickers.symbols[2], "SOLUSDT");
    assert_string_equal(tickers.symbols[3], "XRPUSDT");
    assert_string_equal(tickers.symbols[4], "ADAUSDT");
    assert_int_equal(notices[TICKERS_OLD_FORM], 1);
    assert_int_equal(notices[TICKERS_BAD_LINE], 1);
    assert_int_equal(lines[TICKERS_BAD_LINE], 3);
    parse("COIN_SYMBOLS=['BTCUSDT");
    assert_int_equal(tickers.count, 0);
    assert_int_equal(notices[TICKERS_BAD_LINE], 1);
    parse("COIN_SYMBOLS=['BTCUSDT']");
    assert_int_equal(tickers.count, 1);
}

static void too_many_are_bounded(void **state)
{
    (void)state;
    static char text[16 * (INSTRUMENT_MAX + 10)];
    size_t      length = 0;
    for (int i = 0; i < INSTRUMENT_MAX + 10; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "C%dUSDT\n", i);
    }
    parse(text);
    assert_int_equal(tickers.count, INSTRUMENT_MAX);
    assert_int_equal(notices[TICKERS_TOO_MANY], 1);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void files_are_read_again_when_they_change(void **state)
{
    (void)state;
    char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 16], other[TEST_PATH_MAX + 16];
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/tickers.txt", folder);
    snprintf(other, sizeof other, "%s/new.txt", folder);
    assert_result(tickers_load(path, &tickers, NULL, NULL), RESULT_NOT_FOUND);
    write_file(path, "BTCUSDT\n");
    assert_ok(tickers_load(path, &tickers, NULL, NULL));
    assert_int_equal(tickers.count, 1);
    assert_false(tickers_changed(&tickers, path));
    write_file(other, "ETHUSDT\n"); /* an editor writes beside and renames: same size, perhaps the same second */
    assert_int_equal(rename(other, path), 0);
    assert_true(tickers_changed(&tickers, path));
    assert_ok(tickers_load(path, &tickers, NULL, NULL));
    assert_string_equal(tickers.symbols[0], "ETHUSDT");
    assert_int_equal(remove(path), 0);
    assert_false(tickers_changed(&tickers, path)); /* gone for a moment: the old list stays */
    assert_result(tickers_load(folder, &tickers, NULL, NULL), RESULT_IO);
    assert_int_equal(tickers.count, 1);
    test_dir_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_symbol_a_line),
        cmocka_unit_test(bad_lines_are_told_and_skipped),
        cmocka_unit_test(the_old_form_is_parsed_never_run),
        cmocka_unit_test(too_many_are_bounded),
        cmocka_unit_test(files_are_read_again_when_they_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
