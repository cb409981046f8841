/* test_last_gate.c: what the process with the keys lets out whatever the order half says, and what its kill switch does alone.
 * shows: RSK-5, RSK-6, I3, I5, I17
 */
#include "support/test_support.h"

#include <string.h>

#include "core/base/time.h"
#include "core/engine/last_gate.h"

static last_gate_t gate;
static instrument_table_t table;
static risk_config_t limits;
static order_reply_t reply;
static order_action_t entry;

static int setup(void **state)
{
    (void)state;
    instrument_id_t id;
    instrument_t instrument = {.venue = "BINANCE", .symbol = "BTCUSDT", .base = "BTC", .quote = "USDT", .settle = "USDT"};
    instrument.kind = INSTRUMENT_PERPETUAL;
    instrument.status = INSTRUMENT_TRADING;
    instrument.tick_size = instrument.lot_step = instrument.market_step = test_dec("0.001");
    instrument.quantity_min = instrument.market_quantity_min = test_dec("0.001");
    instrument.quantity_max = instrument.market_quantity_max = test_dec("1000");
    instrument.contract_size = DEC_ONE;
    memset(&table, 0, sizeof table);
    memset(&gate, 0, sizeof gate);
    assert_ok(instrument_table_put(&table, &instrument, &id));
    limits = (risk_config_t){
        .leverage = 5, .orders_per_window_max = 3, .orders_window_ns = 10 * NS_PER_S, .notional_symbol_max = test_dec("1000")};
    entry = (order_action_t){.kind = ACTION_PLACE, .number = 9, .instrument = id};
    entry.place = (order_spec_t){.instrument = id,
                                 .leg = LEG_ENTRY,
                                 .side = ORDER_BUY,
                                 .position = POSITION_BOTH,
                                 .type = ORDER_LIMIT,
                                 .reduce = REDUCE_NO,
                                 .quantity = test_dec("2"),
                                 .price = test_dec("500")};
    return 0;
}

static bool pass_at(uint32_t kill_level, int64_t now_ns, const order_action_t *action)
{
    return last_gate_pass(&gate, &limits, &table, kill_level, now_ns, action, &reply);
}

static void refused(const order_action_t *action, const char *why)
{
    uint64_t before = gate.refused;
    assert_false(pass_at(KILL_NONE, NS_PER_S, action));
    assert_true(reply.kind == REPLY_NEVER_SENT && reply.action == action->number && gate.refused == before + 1);
    assert_non_null(strstr(reply.text, why));
}

static void an_entry_meets_every_limit(void **state)
{
    (void)state;
    assert_true(pass_at(KILL_NONE, NS_PER_S, &entry)); /* exactly at the cap */
    order_action_t other = entry;
    other.place.quantity = test_dec("2.001");
    refused(&other, "notional above the cap");
    other.place.quantity = test_dec("99999999999999999999");
    refused(&other, "notional out of range");
    other = entry;
    other.instrument = 7;
    refused(&other, "not on the signer's list");
    other = entry;
    other.place.price = DEC_ZERO;
    refused(&other, "without a price");
    other.reference = test_dec("500.001"); /* a market entry: by what it was sized by */
    refused(&other, "notional above the cap");
    other.place.trigger = test_dec("500");
    assert_true(pass_at(KILL_NONE, NS_PER_S, &other));
    for (uint32_t level = KILL_NO_ENTRIES; level <= KILL_FLATTEN; level++) {
        assert_false(pass_at(level, NS_PER_S, &entry));
    }
    order_action_t leverage = {.kind = ACTION_SET_LEVERAGE, .number = 3, .leverage = 6};
    refused(&leverage, "leverage");
    leverage.leverage = 5;
    assert_true(pass_at(KILL_FLATTEN, NS_PER_S, &leverage));
}

static void the_rate_counts_entries_of_the_window(void **state)
{
    (void)state;
    for (int64_t i = 0; i < 3; i++) {
        assert_true(pass_at(KILL_NONE, NS_PER_S + i, &entry));
    }
    refused(&entry, "order rate limit");
    assert_true(reply.reject == REJECT_BUSY);
    assert_false(pass_at(KILL_NONE, 11 * NS_PER_S - 1, &entry)); /* the first still counts */
    assert_true(pass_at(KILL_NONE, 11 * NS_PER_S, &entry));
    assert_false(pass_at(KILL_NONE, 11 * NS_PER_S, &entry));
}

/* Whatever the limits say: what can only make a position smaller passes, and uses up no rate. */
static void exits_always_pass(void **state)
{
    (void)state;
    static const struct {
        position_key_t position;
        order_side_t side;
        reduce_t reduce;
        bool is_exit;
    } cases[] = {
        {POSITION_BOTH, ORDER_SELL, REDUCE_ONLY, true}, {POSITION_BOTH, ORDER_SELL, CLOSE_POSITION, true},
        {POSITION_BOTH, ORDER_SELL, REDUCE_NO, false},  {POSITION_LONG, ORDER_SELL, REDUCE_NO, true},
        {POSITION_LONG, ORDER_BUY, REDUCE_NO, false},   {POSITION_SHORT, ORDER_BUY, REDUCE_NO, true},
        {POSITION_SHORT, ORDER_SELL, REDUCE_NO, false},
    };
    limits.orders_per_window_max = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        order_action_t action = entry;
        action.instrument = 7; /* not even on the list */
        action.place.quantity = test_dec("100000");
        action.place.position = cases[i].position;
        action.place.side = cases[i].side;
        action.place.reduce = cases[i].reduce;
        assert_true(pass_at(KILL_FLATTEN, NS_PER_S, &action) == cases[i].is_exit);
    }
    const order_action_t cancel = {.kind = ACTION_CANCEL, .number = 4, .instrument = 7};
    assert_true(pass_at(KILL_FLATTEN, NS_PER_S, &cancel));
    limits.orders_per_window_max = 1;
    assert_true(pass_at(KILL_NONE, NS_PER_S, &entry));
}

static void the_switch_takes_our_entries_only(void **state)
{
    (void)state;
    client_id_t ours;
    order_action_t cancel;
    private_order_t order = {.instrument = 0, .venue_order_id = 77, .algo = true};
    client_id_make(&ours, 3, 12, LEG_ENTRY);
    strcpy(order.client_id, ours.text);
    assert_false(last_gate_sweep_order(KILL_NO_ENTRIES, &order, &cancel));
    assert_true(last_gate_sweep_order(KILL_CANCEL_ENTRIES, &order, &cancel));
    assert_true(cancel.kind == ACTION_CANCEL && cancel.order.algo && cancel.order.venue_order_id == 77);
    assert_string_equal(cancel.order.client_id.text, ours.text);
    client_id_make(&ours, 3, 12, LEG_STOP);
    strcpy(order.client_id, ours.text); /* a stop stays: it protects */
    assert_false(last_gate_sweep_order(KILL_FLATTEN, &order, &cancel));
    strcpy(order.client_id, "web_somebody");
    assert_false(last_gate_sweep_order(KILL_FLATTEN, &order, &cancel));
}

static void the_switch_closes_and_never_turns_round(void **state)
{
    (void)state;
    order_action_t close;
    private_position_t position = {.instrument = 0, .position = POSITION_BOTH, .amount = test_dec("-0.7")};
    assert_false(last_gate_sweep_position(KILL_REDUCE_ONLY, &position, &close));
    assert_true(last_gate_sweep_position(KILL_FLATTEN, &position, &close));
    assert_true(close.place.side == ORDER_BUY && close.place.type == ORDER_MARKET && close.place.reduce == REDUCE_ONLY);
    assert_true(dec_eq(close.place.quantity, test_dec("0.7")) && close.place.leg == LEG_CLOSE);
    position.position = POSITION_LONG; /* hedge mode: the key keeps it from turning */
    position.amount = test_dec("0.2");
    assert_true(last_gate_sweep_position(KILL_FLATTEN, &position, &close));
    assert_true(close.place.side == ORDER_SELL && close.place.reduce == REDUCE_NO && close.place.position == POSITION_LONG);
    limits.orders_per_window_max = 0;
    assert_true(pass_at(KILL_FLATTEN, NS_PER_S, &close)); /* its own door lets it out */
    position.amount = DEC_ZERO;
    assert_false(last_gate_sweep_position(KILL_FLATTEN, &position, &close));
}

/* What an operator is asked about before a level is moved past the market. */
static void a_level_past_the_market_fires_at_once(void **state)
{
    (void)state;
    static const struct {
        position_side_t side;
        command_kind_t kind;
        const char *price;
        bool fires;
    } cases[] = {
        {SIDE_LONG, COMMAND_MOVE_STOP, "99", false},    {SIDE_LONG, COMMAND_MOVE_STOP, "100", true},
        {SIDE_LONG, COMMAND_MOVE_TARGET, "101", false}, {SIDE_LONG, COMMAND_MOVE_TARGET, "100", true},
        {SIDE_SHORT, COMMAND_MOVE_STOP, "101", false},  {SIDE_SHORT, COMMAND_MOVE_STOP, "99", true},
        {SIDE_SHORT, COMMAND_MOVE_TARGET, "99", false}, {SIDE_SHORT, COMMAND_MOVE_TARGET, "101", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(order_half_fires_at_once(cases[i].side, cases[i].kind, test_dec(cases[i].price), test_dec("100")) ==
                    cases[i].fires);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_entry_meets_every_limit, setup),
        cmocka_unit_test_setup(the_rate_counts_entries_of_the_window, setup),
        cmocka_unit_test_setup(exits_always_pass, setup),
        cmocka_unit_test_setup(the_switch_takes_our_entries_only, setup),
        cmocka_unit_test_setup(the_switch_closes_and_never_turns_round, setup),
        cmocka_unit_test_setup(a_level_past_the_market_fires_at_once, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
