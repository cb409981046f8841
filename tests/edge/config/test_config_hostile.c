/* test_config_hostile.c: files that are hostile, torn, contradictory or not there; and the bad lines of tickers.txt.
 * shows: OPS-1, UI-13, MKT-1, I16, R026, R032, R033
 */
#include "edge/config/config_fixture.h"

static void hostile_files_are_errors_not_crashes(void **state)
{
    static const char *const bad[] = {
        "risk: [",
        "- a\n- b\n",
        "risk:\n\tpercent: 2\n",
        "a: &x 1\nb: *x\n",
        "risk:\n  percent: 1\n  percent: 2\n",
        "---\nmode: demo\n---\nmode: demo\n",
        "just words",
        "? [a, b]\n: c\n",
        "risk:\n  ladder:\n    - [80, 80, 50]\n",
        "a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}\n",
        "mode: \"demo\n",
        "\xff\xff: m\n",
        "risk:\n  percent: \"1\\0\"\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        put("patriot.yaml", bad[i]);
        load_bad(no_environment);
        assert_non_null(strstr(words, "patriot.yaml:"));
    }
    static char huge[300 * 1024];
    memset(huge, '#', sizeof huge - 1);
    put("patriot.yaml", huge);
    config_store_t *store = NULL;
    assert_int_equal(load(&store), RESULT_TEXT_TOO_LONG);
    config_options_t options = {.folder = folder, .yaml_path = "/nonexistent/patriot.yaml", .environment = no_environment};
    assert_int_equal(config_open(&options, &store, &report), RESULT_NOT_FOUND);
    put("patriot.yaml", "");
    config_close(load_good(no_environment)); /* an empty file says nothing */
}

static void what_contradicts_itself_or_is_half_written_is_named(void **state)
{
    static const struct {
        const char *text, *place, *what;
    } bad[] = {
        {"risk:\n  min_stop_percent: 5\n  max_stop_percent: 2\n", "patriot.yaml:2", "risk.max_stop_percent"},
        {"risk:\n  stop_percent: 12\n  max_stop_percent: 10\n", "patriot.yaml:2", "risk.max_stop_percent"},
        {"risk:\n  min_target_percent: 50\n  max_target_percent: 20\n", "patriot.yaml:2", "risk.max_target_percent"},
        {"signal:\n  adapt_high_rate: 0.5\n  adapt_low_rate: 0.6\n", "patriot.yaml:3", "signal.adapt_high_rate"},
        {"mode: demo\nrisk:\n  leverage:\n", "patriot.yaml:3", "risk.leverage has no value"},
        {"mode: [demo]\n", "patriot.yaml:1", "mode is one value, not a list"},
        {"mode:\n  kind: demo\n", "patriot.yaml:2", "mode.kind stands below"},
        {"exchange:\n  venue: KRAKEN\n", "patriot.yaml:2", "BINANCE"},
        {"exchange:\n  market: spot\n", "patriot.yaml:2", "usdm"},
        {"market:\n  timeframes: 1h, 4h, 1h\n", "patriot.yaml:2", "\"1h\" stands here twice"},
        {"signal:\n  strategies: SC01, sc01\n", "patriot.yaml:2", "stands here twice"},
        {"risk: 5\n", "patriot.yaml:1", "risk is a section"},
        {"mode: demo\n# \xff\n", "patriot.yaml:2", "UTF-8"},
        {"mode: demo\n\n# \x01\n", "patriot.yaml:3", "control characters"},
        {"risk: [5]\n", "patriot.yaml:1", "risk"},
        {"market:\n  tickers_file: nope.txt\n", "patriot.yaml:2", "market.tickers_file"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        put("patriot.yaml", bad[i].text);
        load_bad(no_environment);
        if (strstr(words, bad[i].place) == NULL || strstr(words, bad[i].what) == NULL) {
            fail_msg("%s said: %s", bad[i].text, words);
        }
    }
    put("patriot.yaml", "risk:\n#  leverage: 5\nmarket:\n  tickers_file: tickers.txt\n");
    config_close(load_good(no_environment)); /* nothing said, and a file that need not be there */
    assert_int_equal(report.count, 0);
}

static void a_folder_that_is_not_there_is_not_the_demo(void **state)
{
    (void)state;
    config_store_t *store = NULL;
    const config_options_t options = {.folder = "/nonexistent/patriot", .environment = no_environment};
    assert_int_equal(config_open(&options, &store, &report), RESULT_NOT_FOUND);
    assert_string_equal(report.items[0].place, "/nonexistent/patriot");
    store = load_good(no_environment);
    assert_false(config_has_files(store));
    config_close(store);
    put(".env", "");
    store = load_good(no_environment);
    assert_true(config_has_files(store));
    config_close(store);
}

static void tickers_have_bad_lines_and_live_on(void **state)
{
    static tickers_t tickers;
    static const char text[] = "\xef\xbb\xbf# comment\n btcusdt # first\r\n\nETH/USDT:USDT\nBTCUSDT\nno "
                               "symbol\nX\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\x1b[2J\nSOLUSDT";
    (void)state;
    assert_int_equal(tickers_parse(text, sizeof text - 1, &tickers), RESULT_OK);
    assert_int_equal(tickers.count, 3);
    assert_string_equal(tickers.symbols[0], "BTCUSDT");
    assert_string_equal(tickers.symbols[1], "ETHUSDT");
    assert_string_equal(tickers.symbols[2], "SOLUSDT");
    assert_int_equal(tickers.refusal_count, 5);
    assert_int_equal(tickers.refusals[0].line, 5);
    assert_string_equal(tickers.refusals[0].reason, "stands here twice");
    assert_int_equal(tickers.refusals[1].line, 6);
    assert_string_equal(tickers.refusals[4].text, "?[2J");
    static const char python[] =
        "# tickers\nCOIN_SYMBOLS = [\n  'BTCUSDT',  # 'NOTME'\n  \"ETHUSDT\", __import__('os').system('true'),\n]\nimport os\n";
    assert_int_equal(tickers_parse(python, sizeof python - 1, &tickers), RESULT_OK);
    assert_true(tickers.count >= 2);
    assert_string_equal(tickers.symbols[0], "BTCUSDT");
    assert_string_equal(tickers.symbols[1], "ETHUSDT");
    char many[4096] = "";
    for (unsigned i = 0; i < 70; i++) {
        size_t length = strlen(many);
        snprintf(many + length, sizeof many - length, "COIN%uUSDT\n", i);
    }
    assert_int_equal(tickers_parse(many, strlen(many), &tickers), RESULT_OK);
    assert_int_equal(tickers.count, CONFIG_SYMBOLS_MAX);
    assert_int_equal(tickers.refusal_count, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hostile_files_are_errors_not_crashes, setup, teardown),
        cmocka_unit_test_setup_teardown(what_contradicts_itself_or_is_half_written_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(a_folder_that_is_not_there_is_not_the_demo, setup, teardown),
        cmocka_unit_test_setup_teardown(tickers_have_bad_lines_and_live_on, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
