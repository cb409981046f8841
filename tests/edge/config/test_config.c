/* test_config.c: defaults, sources, old names, modes: one list of all errors, and never a secret in the open.
 * shows: OPS-1, OPS-12, OPS-14, UI-18, I15, R017, R018, R019, R021, R026, R027, R028, R029, R031, R035
 */
#include "edge/config/config_fixture.h"

static void nothing_at_all_is_the_demo(void **state)
{
    (void)state;
    config_store_t *store = load_good(no_environment);
    const config_t *config = config_current(store);
    assert_int_equal(config->mode, CONFIG_DEMO);
    assert_int_equal(config->version, 1);
    assert_true(dec_is(config->risk.risk_pct, "2"));
    assert_int_equal(config->risk.leverage, 20);
    assert_int_equal(config->risk.concurrent_symbol_max, 3);
    assert_int_equal(config->risk.ladder_rows, 1);
    assert_true(dec_is(config->risk.ladder[0].stop_pct, "50"));
    assert_int_equal(config->market.symbol_count, 5);
    assert_string_equal(config->market.symbols[4], "SOLUSDT");
    assert_int_equal(config->market.timeframe_count, 3);
    assert_int_equal(config->market.timeframes[2], TF_1D);
    assert_int_equal(config->operation.batch_interval_ns, 30 * NS_PER_S);
    assert_int_equal(config->log.level, LOG_INFO);
    assert_int_equal(risk_config_check(&config->risk, NULL), RESULT_OK);
    assert_int_equal(report.count, 0);
    config_close(store);
}

static char *repository_file(const char *name)
{
    static char text[65536];
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", PATRIOT_SOURCE_DIR, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    return text;
}

static void the_shipped_files_say_what_the_defaults_are(void **state)
{
    (void)state;
    config_store_t *bare = load_good(no_environment);
    put("patriot.yaml", repository_file("patriot.yaml"));
    put(".env", repository_file(".env.example"));
    put("tickers.txt", repository_file("tickers.txt"));
    config_store_t *shipped = load_good(no_environment);
    assert_int_equal(report.errors + report.warnings, 0);
    for (size_t i = 0; i < config_key_count(); i++) {
        char a[2048];
        char b[2048];
        (void)config_key_value(bare, i, a, sizeof a);
        (void)config_key_value(shipped, i, b, sizeof b);
        assert_string_equal(a, b);
        if (config_key_info(i).is_risk) {
            assert_int_not_equal(config_key_origin(shipped, i).source, CONFIG_FROM_DEFAULT); /* every risk value is written out */
        }
    }
    assert_memory_equal(config_current(bare)->digest, config_current(shipped)->digest, 32);
    static tickers_t tickers;
    assert_int_equal(config_tickers(shipped, &tickers), RESULT_OK);
    assert_int_equal(tickers.count, 5 + 2); /* the default symbols, and what the demo's history holds besides */
    assert_int_equal(tickers.refusal_count, 0);
    config_close(bare);
    config_close(shipped);
}

static void every_default_is_read_back_as_it_is_written(void **state)
{
    (void)state;
    config_store_t *store = load_good(no_environment);
    for (size_t i = 0; i < config_keys_count; i++) {
        static config_t again;
        char text[2048];
        char back[2048];
        char why[256];
        char fix[256];
        (void)config_value_write(&config_keys[i], config_current(store), text, sizeof text);
        memset(&again, 0xEE, sizeof again);
        assert_int_equal(config_value_read(&config_keys[i], text, &again, why, fix, sizeof why), RESULT_OK);
        (void)config_value_write(&config_keys[i], &again, back, sizeof back);
        assert_string_equal(text, back);
        for (size_t j = 0; j < i; j++) { /* names are unique */
            assert_string_not_equal(config_keys[i].path, config_keys[j].path);
            assert_string_not_equal(config_keys[i].environment, config_keys[j].environment);
        }
    }
    for (size_t i = 0; i < config_aliases_count; i++) {
        assert_true(index_of(config_aliases[i].path) < config_key_count());
    }
    config_close(store);
}

static void sources_have_their_order_and_origins_are_told(void **state)
{
    (void)state;
    put("patriot.yaml", "risk:\n  percent: 1\n  leverage: 5\n  max_concurrent_orders: 7\n");
    put(".env", "FUTURES_LEVERAGE=6\nexport MAX_CONCURRENT_ORDERS='8' # said twice\n");
    const char *const environment[] = {"MAX_CONCURRENT_ORDERS=9", "HOME=/root", NULL};
    config_store_t *store = load_good(environment);
    const config_t *config = config_current(store);
    assert_true(dec_is(config->risk.risk_pct, "1"));
    assert_int_equal(config->risk.leverage, 6);
    assert_int_equal(config->risk.concurrent_symbol_max, 9);
    config_origin_t origin = config_key_origin(store, index_of("risk.percent"));
    assert_int_equal(origin.source, CONFIG_FROM_YAML);
    assert_int_equal(origin.line, 2);
    origin = config_key_origin(store, index_of("risk.leverage"));
    assert_int_equal(origin.source, CONFIG_FROM_DOTENV);
    assert_string_equal(origin.name, "FUTURES_LEVERAGE");
    assert_int_equal(config_key_origin(store, index_of("risk.max_concurrent_orders")).source, CONFIG_FROM_ENVIRONMENT);
    assert_int_equal(config_key_origin(store, index_of("risk.basis")).source, CONFIG_FROM_DEFAULT);
    config_close(store);
}

static void the_four_systems_names_are_accepted(void **state)
{
    (void)state;
    const char *const environment[] = {"RISK_PER_TRADE=3",
                                       "BINANCE_TESTNET=false",
                                       "BINANCE_API_KEY_TESTNET=testkey",
                                       "BINANCE_SECRET_KEY_TESTNET=testsecret",
                                       "TELEGRAM_BOT_TOKEN=tele",
                                       "TRADING_TIMEFRAMES=4h,15m",
                                       "STOP_LOSS_PCT=0.015",
                                       "SCHEDULE_INTERVAL_MINUTES=15",
                                       "LOGGING_LEVEL=warning",
                                       "FUTURES_MARGIN_TYPE=CROSS",
                                       "DB_CONNECTION_STRING=postgres://x",
                                       "SYMBOLS=btc/usdt:usdt, ETHUSDT",
                                       NULL};
    config_store_t *store = load_good(environment);
    const config_t *config = config_current(store);
    assert_true(dec_is(config->risk.risk_pct, "3"));
    assert_int_equal(config->exchange.network, CONFIG_MAINNET);
    assert_string_equal(config->exchange.testnet_key.hidden, "testkey");
    assert_string_equal(config->exchange.testnet_secret.hidden, "testsecret");
    assert_string_equal(config->service.telegram_token.hidden, "tele");
    assert_int_equal(config->market.timeframes[0], TF_15M);
    assert_int_equal(config->market.timeframes[1], TF_4H);
    assert_true(dec_is(config->risk.stop_pct, "1.5"));
    assert_int_equal(config->operation.batch_interval_ns, 15 * NS_PER_MIN);
    assert_int_equal(config->log.level, LOG_WARNING);
    assert_int_equal(config->risk.margin_type, MARGIN_CROSSED);
    assert_string_equal(config->market.symbols[0], "BTCUSDT");
    config_close(store);
    const char *const fraction[] = {"MAX_RISK_PER_TRADE=0.02", NULL};
    store = load_good(fraction);
    assert_true(dec_is(config_current(store)->risk.risk_pct, "2"));
    config_close(store);
    put("patriot.yaml", "trading:\n  risk_management:\n    max_risk_per_trade: 0.01\n    max_daily_loss: 0.05\n");
    store = load_good(no_environment);
    assert_true(dec_is(config_current(store)->risk.risk_pct, "1"));
    assert_int_equal(report.warnings, 0);
    assert_int_equal(report.count, 1); /* a note on what is not used yet */
    config_close(store);
}

static void two_names_that_disagree_are_an_error(void **state)
{
    (void)state;
    put(".env", "RISK_PERCENT=2\nRISK_PER_TRADE=5.0\n");
    load_bad(no_environment);
    assert_non_null(strstr(words, ".env:2: error: RISK_PER_TRADE = 5.0 contradicts RISK_PERCENT = 2 (.env:1)"));
    put(".env", "RISK_PERCENT=2\nRISK_PER_TRADE=2.0\n"); /* the same value is no contradiction */
    config_close(load_good(no_environment));
    put(".env", "RISK_PERCENT=2\n");
    const char *const other[] = {"RISK_PER_TRADE=3", NULL};
    load_bad(other);
    const char *const same_name[] = {"RISK_PERCENT=3", NULL}; /* the same name is precedence */
    config_close(load_good(same_name));
    put(".env", "TELEGRAM_TOKEN=first-secret-value\nTELEGRAM_BOT_TOKEN=second-secret-value\n");
    load_bad(no_environment);
    assert_non_null(strstr(words, "TELEGRAM_BOT_TOKEN contradicts TELEGRAM_TOKEN"));
    assert_null(strstr(words, "secret-value"));
    put(".env", "");
    put("patriot.yaml", "risk:\n  percent: 2\nRISK_PERCENT: 4\n");
    load_bad(no_environment);
}

static void all_errors_come_in_one_list(void **state)
{
    (void)state;
    put("patriot.yaml", "mode: demo\n"
                        "risk:\n"
                        "  percent: 70\n"
                        "  leverage: many\n"
                        "  margin_type: sideways\n"
                        "  ladder: [80/80/90]\n"
                        "  exit_uncovered: soon\n"
                        "market:\n"
                        "  timeframes: [1h, 7h]\n"
                        "  symbols: [BTCUSDT, \"no symbol!\"]\n"
                        "signal:\n"
                        "  strategies: [SC1]\n"
                        "log:\n"
                        "  level: LOUD\n");
    put(".env", "this is no line\nSYNC_INTERVAL=\"30\nMAX_CONCURRENT_ORDERS=-1\n");
    load_bad(no_environment);
    assert_int_equal(report.errors, 12);
    assert_non_null(strstr(words, "patriot.yaml:3: error: risk.percent: 70 is above 50\n    write a percent between 0.1 and 50\n"));
    assert_non_null(strstr(words, "patriot.yaml:4: error: risk.leverage: \"many\" is not a whole number"));
    assert_non_null(
        strstr(words, "patriot.yaml:5: error: risk.margin_type: \"sideways\" is not known here\n    write isolated or crossed"));
    assert_non_null(strstr(words, "patriot.yaml:6: error: risk.ladder: \"80/80/90\" is no ladder row here"));
    assert_non_null(strstr(words, "patriot.yaml:7: error: risk.exit_uncovered: \"soon\" is not a duration"));
    assert_non_null(strstr(words, "patriot.yaml:9: error: market.timeframes: \"7h\" is no timeframe"));
    assert_non_null(
        strstr(words, "patriot.yaml:12: error: signal.strategies: there is no strategy \"SC1\"\n    did you mean SC01?"));
    assert_non_null(strstr(words, ".env:1: error: the line is not of the form NAME=value"));
    assert_non_null(strstr(words, ".env:2: error: the quote is not closed on this line"));
    assert_non_null(strstr(words, ".env:3: error: MAX_CONCURRENT_ORDERS: \"-1\" is not a whole number"));
}

static void unknown_names_warn_with_the_nearest(void **state)
{
    (void)state;
    put("patriot.yaml", "risk:\n  precent: 2\nmarkets:\n  x: 1\n");
    put(".env", "RISK_PERCNT=2\nMAX_WORKERS=8\n");
    const char *const environment[] = {"PATRIOT_LADER=none", "SOMEBODY_ELSES=1", NULL};
    config_store_t *store = load_good(environment);
    assert_int_equal(report.warnings, 4);
    assert_non_null(strstr(words, "did you mean risk.percent?"));
    assert_non_null(strstr(words, "did you mean RISK_PERCENT?"));
    assert_non_null(strstr(words, "did you mean PATRIOT_LADDER?"));
    assert_non_null(strstr(words, ".env:2: note: MAX_WORKERS is known from another system"));
    assert_null(strstr(words, "SOMEBODY"));
    config_close(store);
}

/* Neither an error nor a guess at another key ("did you mean signal.life_bars?"): what holds in its stead is said. */
static void a_setting_that_was_taken_away_is_accepted_and_explained(void **state)
{
    (void)state;
    put("patriot.yaml", "signal:\n  life: 4h\n");
    put(".env", "PATRIOT_SIGNAL_LIFE=1h\n");
    config_store_t *store = load_good(no_environment);
    assert_int_equal(report.warnings, 0);
    assert_non_null(strstr(words, "patriot.yaml:2: note: signal.life has no effect and is no longer a setting"));
    assert_non_null(strstr(words, ".env:1: note: PATRIOT_SIGNAL_LIFE has no effect"));
    assert_non_null(strstr(words, "at most risk.max_signal_age"));
    config_close(store);
}

/* A setting that is read and does nothing is a promise that nobody keeps. */
static void every_accepted_setting_has_an_effect_or_says_that_it_has_none(void **state)
{
    (void)state;
    put("patriot.yaml", "operation:\n  batch_log_frequency: 9\n  sync_interval: 45s\n  display_zone: Europe/Kyiv\n"
                        "web:\n  host: 0.0.0.0\n  port: 8000\n");
    put(".env", "BATCH_LOG_FREQUENCY=50\nTELEGRAM_TOKEN=123:abc\nREDIS_URL=\n");
    config_store_t *store = load_good(no_environment);
    assert_true(config_current(store)->risk.snapshot_interval_ns == 45 * NS_PER_S); /* one comparison of the books, two names */
    assert_string_equal(config_current(store)->operation.display_zone, "Europe/Kyiv");
    assert_non_null(strstr(words, "patriot.yaml:2: note: operation.batch_log_frequency has no effect"));
    assert_non_null(strstr(words, ".env:1: note: BATCH_LOG_FREQUENCY has no effect"));
    assert_non_null(strstr(words, "patriot.yaml:6: note: web.host: has no effect in this version"));
    assert_non_null(strstr(words, ".env:2: note: telegram.token: has no effect in this version"));
    assert_null(strstr(words, "123:abc"));
    assert_null(strstr(words, "web.port")); /* what says the default, and what is empty, promises nothing */
    assert_null(strstr(words, "redis"));
    config_close(store);
    put("patriot.yaml", "operation:\n  sync_interval: 45s\nrisk:\n  snapshot_interval: 6h\n");
    load_bad(no_environment);
    put("patriot.yaml", "operation:\n  display_zone: Kyiv\n");
    load_bad(no_environment);
    assert_non_null(strstr(words, "patriot.yaml:2: error: no time zone of this name is installed here"));
    assert_non_null(strstr(words, "Europe/Kyiv"));
}

static void live_refuses_silent_defaults_and_names_them(void **state)
{
    (void)state;
    put("patriot.yaml", "mode: live\nrisk:\n  percent: 1\n");
    load_bad(no_environment);
    assert_non_null(strstr(words, "risk.leverage is not written out; live trading has no defaults for risk"));
    assert_non_null(strstr(words, "exchange.testnet is not written out"));
    assert_non_null(strstr(words, "write BINANCE_MAINNET_API_KEY in .env"));
    assert_null(strstr(words, "risk.percent is not written out"));
    assert_true(report.errors > 30);

    char *yaml = repository_file("patriot.yaml");
    char *mode = strstr(yaml, "\nmode: demo");
    memcpy(mode, "\nmode: live", 11);
    put("patriot.yaml", yaml);
    put(".env", "BINANCE_MAINNET_API_KEY=k\nBINANCE_MAINNET_API_SECRET=s\n");
    load_bad(no_environment); /* testnet: true */
    assert_non_null(strstr(words, "mode live with the test network"));
    put(".env", "BINANCE_TESTNET=false\nBINANCE_MAINNET_API_KEY=k\nBINANCE_MAINNET_API_SECRET=s\n");
    config_store_t *store = load_good(no_environment);
    assert_int_equal(config_current(store)->mode, CONFIG_LIVE);
    config_close(store);
    char path[TEST_PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/.env", folder);
    assert_int_equal(chmod(path, 0644), 0);
    load_bad(no_environment);
    assert_non_null(strstr(words, "chmod 600 .env"));
}

/* Paper promises that no real money moves: whatever keys are there, it has no way to the real exchange. */
static void paper_has_no_way_to_the_real_exchange(void **state)
{
    (void)state;
    put("patriot.yaml", "mode: paper\n");
    put(".env", "BINANCE_TESTNET=false\nBINANCE_MAINNET_API_KEY=k\nBINANCE_MAINNET_API_SECRET=s\n");
    load_bad(no_environment);
    assert_non_null(strstr(words, "mode paper would send its orders to the real exchange"));
    assert_non_null(strstr(words, "write BINANCE_TESTNET=true"));
    put(".env", "BINANCE_TESTNET_API_KEY=k\nBINANCE_TESTNET_API_SECRET=s\n");
    put("patriot.yaml", "mode: paper\nexchange:\n  rest_url: https://fapi.binance.com\n");
    load_bad(no_environment);
    assert_non_null(strstr(words, "patriot.yaml:3"));
    put("patriot.yaml", "mode: paper\nexchange:\n  rest_url: https://demo-fapi.binance.com\n");
    config_store_t *store = load_good(no_environment);
    assert_int_equal(config_current(store)->mode, CONFIG_PAPER);
    config_close(store);
}

static void the_demo_stays_on_this_machine(void **state)
{
    (void)state;
    put("patriot.yaml", "exchange:\n  rest_url: https://fapi.binance.com\n");
    load_bad(no_environment);
    assert_non_null(strstr(words, "the demo trades at the simulated exchange of this machine only"));
    put("patriot.yaml", "exchange:\n  rest_url: http://127.0.0.1:9080\n");
    config_close(load_good(no_environment));
}

static void values_that_contradict_each_other_are_refused(void **state)
{
    (void)state;
    put("patriot.yaml", "risk:\n  exit_uncovered: 1s\n  unknown_protect: 2s\n");
    load_bad(no_environment);
    assert_non_null(strstr(words, "risk.unknown_protect"));
    put("patriot.yaml", "market:\n  timeframes: [1h]\n");
    load_bad(no_environment);
    assert_non_null(strstr(words, "more timeframes must agree than are analysed"));
    put("patriot.yaml", "risk:\n  entry_ttl: 30s\n");
    load_bad(no_environment);
}

static void references_are_followed(void **state)
{
    char yaml[TEST_PATH_MAX + 256];
    char path[TEST_PATH_MAX + 64];
    (void)state;
    put("token", "tele-gram\nsecond line\n");
    snprintf(path, sizeof path, "%s/token", folder);
    snprintf(yaml, sizeof yaml, "telegram:\n  token: ${file:%s}\n  chat_id: ${MY_CHAT}\n", path);
    put("patriot.yaml", yaml);
    const char *const environment[] = {"MY_CHAT=-100200", NULL};
    config_store_t *store = load_good(environment);
    assert_string_equal(config_current(store)->service.telegram_token.hidden, "tele-gram");
    assert_string_equal(config_current(store)->service.telegram_chat_id, "-100200");
    assert_int_equal(report.warnings, 0);
    config_close(store);
    assert_int_equal(chmod(path, 0644), 0);
    load_bad(environment);
    assert_non_null(strstr(words, "holds a secret and others may read it"));
    assert_int_equal(chmod(path, 0600), 0);
    load_bad(no_environment);
    assert_non_null(strstr(words, "MY_CHAT is not set in the environment"));
    put("patriot.yaml", "redis:\n  password: ${vault:redis/password}\n");
    load_bad(no_environment);
    assert_non_null(strstr(words, "not served by this version"));
}

static void secrets_are_never_shown(void **state)
{
    (void)state;
    put(".env", "BINANCE_TESTNET_API_KEY=KEY-IN-CLEAR\nDISCORD_TOKEN=TOKEN-IN-CLEAR\nRISK_PERCENT=KEY-IN-CLEAR\n");
    load_bad(no_environment);
    put(".env", "BINANCE_TESTNET_API_KEY=KEY-IN-CLEAR\nDISCORD_TOKEN=TOKEN\x01IN-CLEAR\n");
    load_bad(no_environment);
    assert_null(strstr(words, "IN-CLEAR"));
    put(".env", "BINANCE_TESTNET_API_KEY=KEY-IN-CLEAR\n");
    config_store_t *store = load_good(no_environment);
    for (size_t i = 0; i < config_key_count(); i++) {
        char text[2048];
        (void)config_key_value(store, i, text, sizeof text);
        assert_null(strstr(text, "IN-CLEAR"));
    }
    config_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_at_all_is_the_demo, setup, teardown),
        cmocka_unit_test_setup_teardown(the_shipped_files_say_what_the_defaults_are, setup, teardown),
        cmocka_unit_test_setup_teardown(every_default_is_read_back_as_it_is_written, setup, teardown),
        cmocka_unit_test_setup_teardown(sources_have_their_order_and_origins_are_told, setup, teardown),
        cmocka_unit_test_setup_teardown(the_four_systems_names_are_accepted, setup, teardown),
        cmocka_unit_test_setup_teardown(two_names_that_disagree_are_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown(all_errors_come_in_one_list, setup, teardown),
        cmocka_unit_test_setup_teardown(unknown_names_warn_with_the_nearest, setup, teardown),
        cmocka_unit_test_setup_teardown(a_setting_that_was_taken_away_is_accepted_and_explained, setup, teardown),
        cmocka_unit_test_setup_teardown(every_accepted_setting_has_an_effect_or_says_that_it_has_none, setup, teardown),
        cmocka_unit_test_setup_teardown(live_refuses_silent_defaults_and_names_them, setup, teardown),
        cmocka_unit_test_setup_teardown(the_demo_stays_on_this_machine, setup, teardown),
        cmocka_unit_test_setup_teardown(values_that_contradict_each_other_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(references_are_followed, setup, teardown),
        cmocka_unit_test_setup_teardown(secrets_are_never_shown, setup, teardown),
        cmocka_unit_test_setup_teardown(paper_has_no_way_to_the_real_exchange, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
