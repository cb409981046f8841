/* test_config_reload.c: a reload is taken whole or not at all, and each change is told.
 * shows: OPS-1, OPS-13, I16, R022, R023, R025
 */
#include "edge/config/config_fixture.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_reload_is_whole_and_reports_each_change, setup, teardown),
        cmocka_unit_test_setup_teardown(a_bad_reload_keeps_the_last_good_version_and_says_so_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_half_written_file_never_loosens_anything, setup, teardown),
        cmocka_unit_test_setup_teardown(an_edit_of_dotenv_while_running_beats_the_environment, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
