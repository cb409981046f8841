/* test_config_rows.c: size tiers and regime rows of the configuration: there and back, and every wrong row at its line; sizing
 * methods under the old systems' names. shows: STR-3, RSK-1, OPS-12, OPS-13, I16, R150, R151
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edge/config/config.h"
#include "support/test_support.h"

static char folder[TEST_PATH_MAX];
static config_report_t report;
static char words[65536];

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

static result_t load(const char *yaml, config_store_t **store)
{
    static const char *const no_environment[] = {NULL};
    char path[TEST_PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/patriot.yaml", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(yaml, file) >= 0);
    assert_int_equal(fclose(file), 0);
    const config_options_t options = {.folder = folder, .environment = no_environment};
    result_t result = config_open(&options, store, &report);
    (void)config_report_write(&report, words, sizeof words);
    return result;
}

static void assert_value(const config_store_t *store, const char *path, const char *text)
{
    for (size_t i = 0; i < config_key_count(); i++) {
        if (strcmp(config_key_info(i).path, path) == 0) {
            char value[2048];
            (void)config_key_value(store, i, value, sizeof value);
            assert_string_equal(value, text);
            return;
        }
    }
    fail();
}

static void rows_are_read_and_written(void **state)
{
    (void)state;
    config_store_t *store = NULL;
    static const char yaml[] =
        "risk:\n  tiers: [0.8/12.5/10, 0.6/6/4, 0/4/2]\n"
        "signal:\n  regimes:\n    - volatile all off\n    - Up sc01 0.5 stop_atr=3 reward=2.5\n"
        "    - down SC02 reward=4\n    - down turtle.so 0.25 channel=40 stop_atr=3\n    - up turtle.so off\n";
    assert_int_equal(load(yaml, &store), RESULT_OK);
    const config_t *config = config_current(store);
    assert_int_equal(config->risk.tiers[0].leverage, 10);
    assert_int_equal(config->signal.regimes.count, 5);
    assert_true(config->signal.regimes.rows[1].factor == 0.5 && config->signal.regimes.rows[1].option_count == 2);
    assert_value(store, "risk.tiers", "0.8/12.5/10, 0.6/6/4, 0/4/2");
    assert_value(
        store, "signal.regimes",
        "volatile all off, up SC01 0.5 stop_atr=3 reward=2.5, down SC02 reward=4, down turtle.so 0.25 channel=40 stop_atr=3, up "
        "turtle.so off");
    config_close(store);
}

static void a_wrong_row_is_named_with_its_line_and_nothing_is_taken(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *place, *why;
    } wrong[] = {
        {"signal:\n  regimes: [up SC01 off, flat SC01 off]\n", "patriot.yaml:2", "row 2: \"flat\" is no regime"},
        {"signal:\n  regimes: [up SC1 off]\n", "patriot.yaml:2", "there is no strategy \"SC1\""},
        {"signal:\n  regimes: [up SC01 stop_atr=99]\n", "patriot.yaml:2", "not a value for this option"},
        {"signal:\n  regimes: [up SC01 off, up SC01 0.5]\n", "patriot.yaml:2", "a second row for this regime"},
        {"signal:\n  regimes: []\n", "patriot.yaml:2", "signal.regimes has no value"},
        {"risk:\n  percent: 2\n  tiers: [0.7/8/5, 0.8/6/4, 0/4/4]\n", "patriot.yaml:3", "\"0.8/6/4\" is no size tier here"},
        {"risk:\n  tiers: [0.7/8/5, 0.5/6/4, 0.1/4/4]\n", "patriot.yaml:2", "\"0.1/4/4\" is no size tier here"},
        {"risk:\n  tiers: [0.7/8/500, 0.5/6/4, 0/4/4]\n", "patriot.yaml:2", "\"0.7/8/500\" is no size tier here"},
        {"risk:\n  tiers: [0/4/4]\n", "patriot.yaml:2", "there are fewer than three rows"},
        {"risk:\n  sizing: martingale\n", "patriot.yaml:2", "\"martingale\" is not known here"},
        {"risk:\n  sizing: kelly\n  kelly_first_percent: 3\n", "patriot.yaml:3",
         "contradict each other at risk.kelly_first_percent"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        config_store_t *store = NULL;
        assert_int_equal(load(wrong[i].yaml, &store), RESULT_MALFORMED);
        assert_null(store);
        if (strstr(words, wrong[i].place) == NULL || strstr(words, wrong[i].why) == NULL) {
            fail_msg("wanted %s %s, got:\n%s", wrong[i].place, wrong[i].why, words);
        }
    }
}

static void the_old_names_of_methods_hold(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        sizing_method_t method;
    } names[] = {{"fixed_percentage", SIZING_RISK_PERCENT}, {"kelly_criterion", SIZING_KELLY}, {"volatility_based", SIZING_ATR}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char yaml[128];
        config_store_t *store = NULL;
        snprintf(yaml, sizeof yaml, "trading:\n  risk_management:\n    position_size_method: %s\n", names[i].name);
        assert_int_equal(load(yaml, &store), RESULT_OK);
        assert_int_equal(config_current(store)->risk.sizing, names[i].method);
        config_close(store);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_are_read_and_written, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_row_is_named_with_its_line_and_nothing_is_taken, setup, teardown),
        cmocka_unit_test_setup_teardown(the_old_names_of_methods_hold, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
