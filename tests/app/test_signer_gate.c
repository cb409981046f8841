/* test_signer_gate.c: the signer's own limits, kill level and epoch, held against a watchdog that asks for too much.
 * shows: RSK-6, ORD-11, I9, I13
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/signer_state.h"
#include "core/base/time.h"
#include "support/test_support.h"

enum { LEVERAGE_MAX = 5, ORDERS_MAX = 3, WINDOW_S = 10 };

static char folder[TEST_PATH_MAX];
static instrument_table_t table;
static signer_t *signer;
static order_reply_t reply;

static void open_config(void)
{
    char path[TEST_PATH_MAX + 16];
    config_report_t *report = calloc(1, sizeof *report);
    const char *const environment[] = {NULL};
    const config_options_t options = {.folder = folder, .environment = environment};
    snprintf(path, sizeof path, "%s/patriot.yaml", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "risk:\n  leverage: %d\n  max_orders_per_window: %d\n  orders_window: %ds\n  max_symbol_notional: 1000\n",
            (int)LEVERAGE_MAX, (int)ORDERS_MAX, (int)WINDOW_S);
    assert_int_equal(fclose(file), 0);
    assert_ok(config_open(&options, &signer->role.config, report));
    free(report);
}

/* As after a start of the process: what it knew stands in the folder only. */
static void begin(void)
{
    signer = calloc(1, sizeof *signer);
    assert_non_null(signer);
    signer->sent = calloc(SIGNER_SENT_MAX, sizeof *signer->sent);
    assert_non_null(signer->sent);
    signer->role.data_folder = folder;
    signer->table = &table;
    assert_ok(loop_create(&(loop_options_t){.clock = LOOP_CLOCK_VIRTUAL, .virtual_wall_ns = INT64_C(1700000000) * NS_PER_S},
                          &signer->role.loop));
    open_config();
    assert_ok(gate_open(signer));
}

static void end(void)
{
    config_close(signer->role.config);
    loop_destroy(signer->role.loop);
    free(signer->sent);
    free(signer);
}

static void restart(void)
{
    end();
    begin();
}

static int setup(void **state)
{
    (void)state;
    instrument_id_t id;
    instrument_t eth = {.venue = "BINANCE",
                        .symbol = "ETHUSDT",
                        .base = "ETH",
                        .quote = "USDT",
                        .settle = "USDT",
                        .kind = INSTRUMENT_PERPETUAL,
                        .status = INSTRUMENT_TRADING,
                        .tick_size = test_dec("0.01"),
                        .lot_step = test_dec("0.001"),
                        .contract_size = DEC_ONE};
    memset(&table, 0, sizeof table);
    assert_ok(instrument_table_put(&table, &eth, &id));
    assert_int_equal(id, 0);
    test_dir_make(folder);
    begin();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    end();
    test_dir_remove(folder);
    return 0;
}

static order_action_t entry(const char *quantity, const char *price)
{
    order_action_t action = {.kind = ACTION_PLACE, .number = 1, .instrument = 0};
    action.place = (order_spec_t){.instrument = 0,
                                  .leg = LEG_ENTRY,
                                  .side = ORDER_BUY,
                                  .position = POSITION_BOTH,
                                  .type = ORDER_LIMIT,
                                  .reduce = REDUCE_NO,
                                  .quantity = test_dec(quantity),
                                  .price = test_dec(price)};
    return action;
}

static order_action_t stop(const char *quantity)
{
    order_action_t action = entry(quantity, "0");
    action.place.leg = LEG_STOP;
    action.place.side = ORDER_SELL;
    action.place.type = ORDER_STOP_MARKET;
    action.place.reduce = REDUCE_ONLY;
    action.place.trigger = test_dec("90");
    return action;
}

static void assert_passes(const order_action_t *action)
{
    assert_true(gate_pass(signer, action, &reply));
}

static void assert_refused(const order_action_t *action, const char *word)
{
    assert_false(gate_pass(signer, action, &reply));
    assert_int_equal(reply.kind, REPLY_NEVER_SENT);
    assert_int_equal(reply.action, action->number);
    assert_non_null(strstr(reply.text, word));
}

static void an_entry_above_the_cap_is_refused(void **state)
{
    (void)state;
    order_action_t whole = entry("10", "100"), more = entry("10.001", "100");
    order_action_t market = entry("11", "0"), hedged = entry("11", "100"), stranger = entry("1", "100");
    assert_passes(&whole);
    assert_refused(&more, "notional");
    market.place.type = ORDER_MARKET;
    assert_refused(&market, "price");
    market.reference = test_dec("100");
    assert_refused(&market, "notional");
    hedged.place.position = POSITION_SHORT;
    hedged.place.side = ORDER_SELL; /* in hedge mode this opens */
    assert_refused(&hedged, "notional");
    stranger.instrument = 7;
    assert_refused(&stranger, "list");
}

static void what_leaves_a_position_always_passes(void **state)
{
    (void)state;
    order_action_t leave = stop("100000"), close = entry("100000", "100"), cancel = {.kind = ACTION_CANCEL, .number = 3};
    close.place.position = POSITION_LONG;
    close.place.side = ORDER_SELL;
    assert_true(gate_kill_set(signer, KILL_FLATTEN));
    for (int i = 0; i < 2 * ORDERS_MAX; i++) {
        assert_passes(&leave);
        assert_passes(&close);
        assert_passes(&cancel);
    }
}

static void entries_are_counted_in_a_window(void **state)
{
    (void)state;
    order_action_t one = entry("1", "100");
    for (int i = 0; i < ORDERS_MAX; i++) {
        assert_passes(&one);
    }
    assert_refused(&one, "rate");
    assert_int_equal(reply.reject, REJECT_BUSY);
    loop_clock_advance(signer->role.loop, WINDOW_S * NS_PER_S - 1);
    assert_refused(&one, "rate");
    loop_clock_advance(signer->role.loop, 1);
    assert_passes(&one);
}

static void leverage_above_the_limit_is_refused(void **state)
{
    (void)state;
    order_action_t action = {.kind = ACTION_SET_LEVERAGE, .number = 9, .leverage = LEVERAGE_MAX};
    assert_passes(&action);
    action.leverage++;
    assert_false(gate_pass(signer, &action, &reply));
    assert_int_equal(reply.kind, REPLY_NEVER_SENT);
    assert_int_equal(reply.reject, REJECT_FENCED);
}

static void the_kill_level_stops_entries_and_outlives_the_process(void **state)
{
    (void)state;
    order_action_t one = entry("1", "100");
    for (uint32_t level = KILL_NO_ENTRIES; level <= KILL_FLATTEN; level++) {
        assert_true(gate_kill_set(signer, level));
        assert_refused(&one, "kill level");
        restart();
        assert_int_equal(signer->kill_level, level);
        assert_refused(&one, "kill level");
    }
    assert_true(gate_kill_set(signer, 0));
    restart();
    assert_passes(&one);
}

static void a_level_that_cannot_be_kept_is_not_taken(void **state)
{
    (void)state;
    signer->role.data_folder = "/proc/nowhere"; /* where nobody can write, root neither */
    assert_false(gate_kill_set(signer, KILL_FLATTEN));
    assert_int_equal(signer->kill_level, 0);
    assert_false(gate_epoch_seen(signer, 5));
    assert_int_equal(signer->epoch, 0);
    signer->role.data_folder = folder;
}

static void an_older_watchdog_is_fenced_out_for_good(void **state)
{
    (void)state;
    assert_true(gate_epoch_seen(signer, 4));
    assert_true(gate_epoch_seen(signer, 4));
    assert_false(gate_epoch_seen(signer, 3));
    restart();
    assert_false(gate_epoch_seen(signer, 3));
    assert_true(gate_epoch_seen(signer, 5));
}

static void damage_is_never_read_as_a_level(void **state)
{
    static const char *const texts[] = {"", "patriot-signer 1 epoch 2", "patriot-signer 1 epoch 2 kill 5\n", "\xff kill 0\n"};
    char path[TEST_PATH_MAX + 16];
    (void)state;
    snprintf(path, sizeof path, "%s/signer.state", folder);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_ok(file_write_whole(path, texts[i], strlen(texts[i]), 0600));
        assert_int_equal(gate_open(signer), RESULT_MALFORMED);
    }
}

static void only_proof_says_that_an_order_never_left(void **state)
{
    client_id_t sent = {0}, unsent = {0}, older = {0};
    (void)state;
    assert_true(gate_epoch_seen(signer, 2));
    restart(); /* orders of epoch 2 may have left through the process before */
    assert_true(gate_epoch_seen(signer, 3));
    client_id_make(&older, 2, 1, LEG_ENTRY);
    client_id_make(&sent, 3, 1, LEG_ENTRY);
    client_id_make(&unsent, 3, 2, LEG_ENTRY);
    gate_note_sent(signer, &sent);
    assert_false(gate_never_sent(signer, &unsent)); /* its watchdog may still send it */
    assert_true(gate_epoch_seen(signer, 4));
    assert_true(gate_never_sent(signer, &unsent));
    assert_false(gate_never_sent(signer, &sent));
    assert_false(gate_never_sent(signer, &older));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_entry_above_the_cap_is_refused),
        TEST(what_leaves_a_position_always_passes),
        TEST(entries_are_counted_in_a_window),
        TEST(leverage_above_the_limit_is_refused),
        TEST(the_kill_level_stops_entries_and_outlives_the_process),
        TEST(a_level_that_cannot_be_kept_is_not_taken),
        TEST(an_older_watchdog_is_fenced_out_for_good),
        TEST(damage_is_never_read_as_a_level),
        TEST(only_proof_says_that_an_order_never_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
