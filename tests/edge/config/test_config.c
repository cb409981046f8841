/* test_config.c: one list of all errors, old names, whole or not at all, and never a secret in the open.
 * shows: OPS-1, OPS-12, OPS-13, OPS-14, UI-13, UI-18, MKT-1, I15, I16, R017, R018, R019, R021, R022, R023, R025, R026, R027, R028,
 * R029, R031, R032, R033,
 * R035
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/time.h"
#include "edge/config/config.h"
#include "edge/config/config_keys.h"
#include "support/test_support.h"

static char folder[TEST_PATH_MAX];
static config_report_t report;
static char words[65536];
static const char *const no_environment[] = {NULL};

static int setup(void **state)
{
    (void)state;
    test_dir_make(folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_dir_remove(folder);
    return 0;
}

static void put(const char *name, const char *text)
{
    char path[TEST_PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
}

static result_t load_with(const char *const *environment, config_store_t **store)
{
    config_options_t options = {.folder = folder, .environment = environment};
    result_t result = config_open(&options, store, &report);
    (void)config_report_write(&report, words, sizeof words);
    return result;
}

static result_t load(config_store_t **store)
{
    return load_with(no_environment, store);
}

static config_store_t *load_good(const char *const *environment)
{
    config_store_t *store = NULL;
    result_t result = load_with(environment, &store);
    if (result != RESULT_OK) {
        print_message("%s", words);
    }
    assert_int_equal(result, RESULT_OK);
    return store;
}

static void load_bad(const char *const *environment)
{
    config_store_t *store = NULL;
    assert_int_equal(load_with(environment, &store), RESULT_MALFORMED);
    assert_null(store);
}

static bool dec_is(dec_t value, const char *text)
{
    dec_t wanted;
    return dec_parse(text, strlen(text), &wanted) == RESULT_OK && dec_eq(value, wanted);
}

static size_t index_of(const char *path)
{
    config_change_of_form_t form;
    size_t index = config_key_by_path(path, &form);
    assert_true(index < config_key_count());
    return index;
}

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

/* --- reload ----------------------------------------------------------------------------------- */

typedef struct {
    unsigned count;
    char text[2048];
} changes_t;

static void on_change(void *context, const config_change_t *change)
{
    changes_t *changes = context;
    size_t length = strlen(changes->text);
    changes->count++;
    snprintf(changes->text + length, sizeof changes->text - length, "%s: %s -> %s%s%s\n", change->key, change->before,
             change->after, change->is_risk ? " risk" : "", change->needs_restart ? " restart" : "");
}

static void a_reload_is_whole_and_reports_each_change(void **state)
{
    changes_t changes = {0};
    (void)state;
    put("patriot.yaml", "risk:\n  percent: 2\n  leverage: 10\n");
    put(".env", "TELEGRAM_TOKEN=old-token-text\n");
    config_store_t *store = load_good(no_environment);
    const config_t *config = config_current(store);
    assert_int_equal(config_reload(store, false, &report, on_change, &changes), CONFIG_UNCHANGED);
    assert_int_equal(changes.count, 0);
    put("patriot.yaml", "risk:\n  percent: 1.5\n  leverage: 12\nlog:\n  files: 5\n");
    put(".env", "TELEGRAM_TOKEN=new-token-text\n");
    assert_int_equal(config_reload(store, false, &report, on_change, &changes), CONFIG_CHANGED);
    assert_ptr_equal(config, config_current(store));
    assert_true(dec_is(config->risk.risk_pct, "1.5"));
    assert_int_equal(config->risk.leverage, 12);
    assert_int_equal(config->version, 2);
    assert_int_equal(changes.count, 4);
    assert_non_null(strstr(changes.text, "risk.percent: 2 -> 1.5 risk\n"));
    assert_non_null(strstr(changes.text, "log.files: 3 -> 5 restart\n"));
    assert_non_null(strstr(changes.text, "telegram.token: ******** -> ********\n"));
    assert_null(strstr(changes.text, "token-text"));
    assert_int_equal(config_reload(store, true, &report, on_change, &changes), CONFIG_UNCHANGED); /* forced, and nothing new */
    assert_int_equal(config->version, 2);
    config_close(store);
}

static void a_bad_reload_keeps_the_last_good_version_and_says_so_once(void **state)
{
    (void)state;
    put("patriot.yaml", "risk:\n  percent: 2\n");
    config_store_t *store = load_good(no_environment);
    const config_t *config = config_current(store);
    put("patriot.yaml", "risk:\n  percent: 1\n  leverage: 500\n");
    assert_int_equal(config_reload(store, false, &report, NULL, NULL), CONFIG_REFUSED);
    assert_int_equal(report.errors, 1);
    assert_true(dec_is(config->risk.risk_pct, "2")); /* not even the good half */
    assert_int_equal(config_reload(store, false, &report, NULL, NULL), CONFIG_STILL_REFUSED);
    assert_int_equal(config_reload(store, false, &report, NULL, NULL), CONFIG_STILL_REFUSED);
    put("patriot.yaml", "risk:\n  percent: 1\n  leverage: 50\n");
    assert_int_equal(config_reload(store, false, &report, NULL, NULL), CONFIG_CHANGED);
    assert_true(dec_is(config->risk.risk_pct, "1"));
    put("patriot.yaml", "mode: paper\nrisk:\n  percent: 1\n  leverage: 50\n");
    assert_int_equal(config_reload(store, false, &report, NULL, NULL), CONFIG_REFUSED); /* the mode is for a start */
    config_close(store);
}

/* The file cut at every byte: whatever comes into force has every risk value that was written out. */
static void a_half_written_file_never_loosens_anything(void **state)
{
    (void)state;
    static char yaml[65536];
    static char half[65536];
    char digest[32];
    unsigned refused = 0;
    snprintf(yaml, sizeof yaml, "%s",
             "log:\n  level: INFO\nrisk:\n  percent: 1.25\n  leverage: 15\n  max_symbol_notional: 40000\n  ladder: [50/30/10, "
             "80/80/50]\n  price_collar_percent: 2.5\n");
    put("patriot.yaml", yaml);
    config_store_t *store = load_good(no_environment);
    memcpy(digest, config_current(store)->digest, sizeof digest);
    size_t length = strlen(yaml);
    for (size_t cut = 0; cut < length; cut++) {
        snprintf(half, sizeof half, "%.*s", (int)cut, yaml);
        put("patriot.yaml", half);
        config_reload_t outcome = config_reload(store, true, &report, NULL, NULL);
        refused += outcome == CONFIG_REFUSED;
        const risk_config_t *risk = &config_current(store)->risk;
        assert_true(dec_le(risk->risk_pct, dec_from_int(2)) && dec_le(risk->notional_symbol_max, dec_from_int(40000)) &&
                    risk->leverage <= 15);
        if (outcome == CONFIG_CHANGED) { /* a number cut short is another number; tighter ones may pass */
            put("patriot.yaml", yaml);
            assert_int_not_equal(config_reload(store, true, &report, NULL, NULL), CONFIG_REFUSED);
        }
    }
    assert_true(refused > length / 2);
    put("patriot.yaml", yaml);
    assert_int_not_equal(config_reload(store, true, &report, NULL, NULL), CONFIG_REFUSED);
    assert_memory_equal(digest, config_current(store)->digest, sizeof digest);
    config_close(store);
}

static void an_edit_of_dotenv_while_running_beats_the_environment(void **state)
{
    (void)state;
    put(".env", "RISK_PERCENT=2\nFUTURES_LEVERAGE=7\n");
    const char *const environment[] = {"RISK_PERCENT=3", "FUTURES_LEVERAGE=8", NULL};
    config_store_t *store = load_good(environment);
    assert_true(dec_is(config_current(store)->risk.risk_pct, "3"));
    put(".env", "RISK_PERCENT=1\nFUTURES_LEVERAGE=7\n");
    assert_int_equal(config_reload(store, false, &report, NULL, NULL), CONFIG_CHANGED);
    assert_true(dec_is(config_current(store)->risk.risk_pct, "1"));
    assert_int_equal(config_current(store)->risk.leverage, 8); /* untouched in .env: the environment still holds */
    config_close(store);
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

/* --- hostile files ---------------------------------------------------------------------------- */

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
        cmocka_unit_test_setup_teardown(a_reload_is_whole_and_reports_each_change, setup, teardown),
        cmocka_unit_test_setup_teardown(a_bad_reload_keeps_the_last_good_version_and_says_so_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_half_written_file_never_loosens_anything, setup, teardown),
        cmocka_unit_test_setup_teardown(an_edit_of_dotenv_while_running_beats_the_environment, setup, teardown),
        cmocka_unit_test_setup_teardown(secrets_are_never_shown, setup, teardown),
        cmocka_unit_test_setup_teardown(hostile_files_are_errors_not_crashes, setup, teardown),
        cmocka_unit_test_setup_teardown(paper_has_no_way_to_the_real_exchange, setup, teardown),
        cmocka_unit_test_setup_teardown(what_contradicts_itself_or_is_half_written_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(a_folder_that_is_not_there_is_not_the_demo, setup, teardown),
        cmocka_unit_test_setup_teardown(tickers_have_bad_lines_and_live_on, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
