/* test_order.c: both tables of legal moves in full, old words both ways, positions, the ladder's arithmetic, the double-entry
 * ledger. shows: ORD-1, ORD-4, ORD-14, ORD-15, I5, I6, R194, R208, R216, R217, R218, R231
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/order/ladder.h"
#include "core/order/ledger.h"
#include "core/order/position.h"
#include "core/order/record.h"
#include "support/test_support.h"

#define D(text)                 test_dec(text)
#define assert_dec(value, text) assert_dec_equal((value), (text))

/* Every cell of the table: "from.EVENT>to"; all others are illegal and leave *to as it was. */
static const char *const legal_orders =
    " PARKED.ARM>ARMED PARKED.CANCEL>CANCELLED PARKED.EXPIRE>EXPIRED ARMED.DISARM>PARKED ARMED.INTEND>INTENT ARMED.CANCEL>CANCELLED"
    " ARMED.EXPIRE>EXPIRED INTENT.SEND>SENT INTENT.NEVER_SENT>DEAD SENT.ACK>NEW SENT.FIND>NEW SENT.REJECT>REJECTED "
    "SENT.LOSE>UNKNOWN"
    " SENT.NEVER_SENT>DEAD SENT.PARTIAL>PARTIALLY_FILLED SENT.FILL>FILLED SENT.CANCEL>CANCELLED SENT.EXPIRE>EXPIRED UNKNOWN.ACK>NEW"
    " UNKNOWN.FIND>NEW UNKNOWN.NOT_FIND>UNKNOWN UNKNOWN.PROVE_DEAD>DEAD UNKNOWN.NEVER_SENT>DEAD UNKNOWN.REJECT>REJECTED"
    " UNKNOWN.PARTIAL>PARTIALLY_FILLED UNKNOWN.FILL>FILLED UNKNOWN.CANCEL>CANCELLED UNKNOWN.EXPIRE>EXPIRED NEW.LOSE>UNKNOWN"
    " NEW.REJECT>REJECTED NEW.PARTIAL>PARTIALLY_FILLED NEW.FILL>FILLED NEW.CANCEL_REQUEST>CANCEL_PENDING NEW.CANCEL>CANCELLED"
    " NEW.EXPIRE>EXPIRED PARTIALLY_FILLED.LOSE>UNKNOWN PARTIALLY_FILLED.REJECT>REJECTED PARTIALLY_FILLED.PARTIAL>PARTIALLY_FILLED"
    " PARTIALLY_FILLED.FILL>FILLED PARTIALLY_FILLED.CANCEL_REQUEST>CANCEL_PENDING PARTIALLY_FILLED.CANCEL>CANCELLED"
    " PARTIALLY_FILLED.EXPIRE>EXPIRED CANCEL_PENDING.LOSE>UNKNOWN CANCEL_PENDING.REJECT>REJECTED "
    "CANCEL_PENDING.PARTIAL>CANCEL_PENDING"
    " CANCEL_PENDING.FILL>FILLED CANCEL_PENDING.CANCEL>CANCELLED CANCEL_PENDING.EXPIRE>EXPIRED CANCEL_PENDING.REMAIN>NEW"
    " CANCEL_PENDING.REMAIN_PARTIAL>PARTIALLY_FILLED CANCELLED.PARTIAL>CANCELLED CANCELLED.FILL>FILLED EXPIRED.PARTIAL>EXPIRED"
    " EXPIRED.FILL>FILLED REJECTED.FIND>NEW REJECTED.PARTIAL>PARTIALLY_FILLED REJECTED.FILL>FILLED DEAD.FIND>NEW"
    " DEAD.PARTIAL>PARTIALLY_FILLED DEAD.FILL>FILLED FILLED.PARTIAL>FILLED FILLED.FILL>FILLED ";

static const char *const legal_trades =
    " WAITING.OPENED>OPEN WAITING.FAIL>ERROR WAITING.COMPLETE>COMPLETED OPEN.COVERED>PROTECTED OPEN.LADDER>LADDERED OPEN.FAIL>ERROR"
    " OPEN.COMPLETE>COMPLETED PROTECTED.UNCOVERED>OPEN PROTECTED.LADDER>LADDERED PROTECTED.FAIL>ERROR PROTECTED.COMPLETE>COMPLETED"
    " LADDERED.LADDER>LADDERED LADDERED.FAIL>ERROR LADDERED.COMPLETE>COMPLETED ERROR.RECOVER>OPEN ERROR.COMPLETE>COMPLETED ";

static void check_cell(const char *legal, const char *from, const char *event, result_t result, const char *to)
{
    char cell[96] = " ";
    strcat(cell, from);
    strcat(cell, ".");
    strcat(cell, event);
    strcat(cell, ">");
    if (result == RESULT_OK) {
        strcat(cell, to);
        strcat(cell, " ");
        assert_non_null(strstr(legal, cell));
    } else {
        assert_int_equal(result, RESULT_BAD_STATE);
        assert_null(strstr(legal, cell));
    }
}

static void every_cell_of_both_tables(void **state)
{
    (void)state;
    for (unsigned from = 0; from < ORDER_STATE_COUNT; from++) {
        for (unsigned event = 0; event < ORDER_EVENT_COUNT; event++) {
            order_state_t to = ORDER_STATE_COUNT;
            const result_t result = order_state_next((order_state_t)from, (order_event_t)event, &to);
            assert_true(result == RESULT_OK || to == ORDER_STATE_COUNT);
            check_cell(legal_orders, order_state_name((order_state_t)from), order_event_name((order_event_t)event), result,
                       order_state_name(to));
        }
    }
    for (unsigned from = 0; from < TRADE_STATE_COUNT; from++) {
        for (unsigned event = 0; event < TRADE_EVENT_COUNT; event++) {
            trade_state_t to = TRADE_STATE_COUNT;
            const result_t result = trade_state_next((trade_state_t)from, (trade_event_t)event, &to);
            check_cell(legal_trades, trade_state_name((trade_state_t)from), trade_event_name((trade_event_t)event), result,
                       trade_state_name(to));
        }
    }
}

static void unknown_is_live_and_terminal_states_are_not(void **state)
{
    (void)state;
    assert_true(order_state_is_live(ORDER_UNKNOWN));
    for (unsigned s = 0; s < ORDER_STATE_COUNT; s++) {
        assert_false(order_state_is_live((order_state_t)s) && order_state_is_terminal((order_state_t)s));
        assert_false(order_state_is_working((order_state_t)s) && !order_state_is_live((order_state_t)s));
    }
}

static void old_words_both_ways(void **state)
{
    (void)state;
    assert_string_equal(trade_state_old_word(OLD_SYSTEM_P, TRADE_PROTECTED), "SL_TP_PLACED");
    assert_string_equal(trade_state_old_word(OLD_SYSTEM_P, TRADE_ERROR), "SL_TP_ERROR");
    assert_string_equal(order_state_old_word(OLD_SYSTEM_W, ORDER_FILLED), "executed");
    assert_string_equal(order_state_old_word(OLD_SYSTEM_M, ORDER_FILLED), "ACTIVE");
    for (unsigned system = 0; system < OLD_SYSTEM_COUNT; system++) {
        for (unsigned s = 0; s < ORDER_STATE_COUNT; s++) {
            const char *word = order_state_old_word((old_system_t)system, (order_state_t)s);
            order_state_t back = ORDER_STATE_COUNT;
            assert_int_equal(order_state_from_old_word((old_system_t)system, str_from(word), &back), RESULT_OK);
            assert_string_equal(order_state_old_word((old_system_t)system, back), word); /* the word survives the way in and out */
        }
        for (unsigned s = 0; s < TRADE_STATE_COUNT; s++) {
            const char *word = trade_state_old_word((old_system_t)system, (trade_state_t)s);
            trade_state_t back = TRADE_STATE_COUNT;
            assert_int_equal(trade_state_from_old_word((old_system_t)system, str_from(word), &back), RESULT_OK);
            assert_string_equal(trade_state_old_word((old_system_t)system, back), word);
        }
    }
    order_state_t untouched = ORDER_NEW;
    assert_int_equal(order_state_from_old_word(OLD_SYSTEM_P, STR("executed"), &untouched), RESULT_UNKNOWN_VALUE);
    assert_int_equal(untouched, ORDER_NEW);
}

static void the_average_entry_does_not_drift(void **state)
{
    (void)state;
    position_t position;
    position_init(&position, SIDE_LONG);
    assert_int_equal(position_enter(&position, D("2"), D("100")), RESULT_OK);
    assert_int_equal(position_leave(&position, D("1"), D("110")), RESULT_OK);
    assert_int_equal(position_enter(&position, D("1"), D("120")), RESULT_OK);
    assert_dec(position_average(&position), "110");
    assert_dec(position.realised, "10");
    assert_int_equal(position_leave(&position, D("2.1"), D("110")), RESULT_BAD_ARGUMENT); /* never through zero */
    assert_dec(position.quantity, "2");
    assert_int_equal(position_leave(&position, D("2"), D("110")), RESULT_OK);
    assert_true(dec_is_zero(position.cost));
    assert_dec(position.realised, "10");
    position_init(&position, SIDE_SHORT);
    assert_int_equal(position_enter(&position, D("3"), D("100")), RESULT_OK);
    assert_int_equal(position_leave(&position, D("3"), D("90")), RESULT_OK);
    assert_dec(position.realised, "30");
}

/* Over random fills: cost goes to exactly 0 with the position, and profit is proceeds - cost to the last unit. */
static void no_unit_of_cost_is_lost(void **state)
{
    (void)state;
    prng_t prng;
    prng_seed(&prng, 3);
    for (int turn = 0; turn < 2000; turn++) {
        position_t position;
        position_init(&position, turn % 2 == 0 ? SIDE_LONG : SIDE_SHORT);
        for (int step = 0; step < 30; step++) {
            const dec_t quantity = dec_from_scaled((int64_t)prng_below(&prng, 100000) + 1, 3);
            const dec_t price = dec_from_scaled((int64_t)prng_below(&prng, 10000000) + 1, 4);
            if (prng_chance(&prng, 0.5)) {
                assert_int_equal(position_enter(&position, quantity, price), RESULT_OK);
            } else if (dec_sign(position.quantity) > 0) {
                assert_int_equal(position_leave(&position, dec_min(quantity, position.quantity), price), RESULT_OK);
            }
        }
        if (dec_sign(position.quantity) > 0) {
            assert_int_equal(position_leave(&position, position.quantity, D("7.7")), RESULT_OK);
        }
        assert_true(dec_is_zero(position.cost));
        const dec_t gain = dec_minus(position.left_proceeds, position.entered_cost);
        assert_true(dec_eq(position.realised, position.side == SIDE_LONG ? gain : dec_neg(gain)));
    }
}

static instrument_t rules(const char *tick, const char *step, const char *least)
{
    return (instrument_t){.tick_size = D(tick),
                          .lot_step = D(step),
                          .market_step = D(step),
                          .quantity_min = D(least),
                          .market_quantity_min = D(least)};
}

static const ladder_row_t row_80_80_50 = {
    {(int128_t)80 * DEC_UNITS_PER_ONE}, {(int128_t)80 * DEC_UNITS_PER_ONE}, {(int128_t)50 * DEC_UNITS_PER_ONE}};

static void ladder_worked_numbers(void **state)
{
    (void)state;
    dec_t price = DEC_ZERO;
    ladder_step_t step;
    const instrument_t i = rules("0.1", "0.1", "0.1");
    const ladder_position_t is_long = {SIDE_LONG, D("45000"), D("47000"), D("137.3"), D("44000")};
    assert_int_equal(ladder_trigger(&is_long, &row_80_80_50, &price), RESULT_OK);
    assert_dec(price, "46600");
    assert_int_equal(ladder_step(&is_long, &row_80_80_50, &i, &step), RESULT_OK);
    assert_dec(step.close, "109.8");
    assert_dec(step.rest, "27.5");
    assert_dec(step.stop, "46000");
    const ladder_position_t is_short = {SIDE_SHORT, D("45000"), D("43000"), D("1"), D("46000")};
    assert_int_equal(ladder_trigger(&is_short, &row_80_80_50, &price), RESULT_OK);
    assert_dec(price, "43400");
    assert_int_equal(ladder_step(&is_short, &row_80_80_50, &i, &step), RESULT_OK);
    assert_dec(step.stop, "44000");
    const ladder_position_t wrong = {SIDE_LONG, D("45000"), D("44000"), D("1"), D("43000")};
    assert_int_equal(ladder_trigger(&wrong, &row_80_80_50, &price), RESULT_BAD_ARGUMENT);
}

/* Whatever the rules: nothing is left over or oversold, quantities stand on the step, the stop never loosens. */
static void ladder_holds_for_any_rules(void **state)
{
    (void)state;
    prng_t prng;
    prng_seed(&prng, 9);
    for (int turn = 0; turn < 20000; turn++) {
        const unsigned places = (unsigned)prng_below(&prng, 5);
        const dec_t grid = dec_from_scaled((int64_t)prng_below(&prng, 5) + 1, places);
        instrument_t i = rules("0.00001", "1", "1");
        i.lot_step = grid;
        i.market_step = grid;
        dec_t position = DEC_ZERO, least = DEC_ZERO;
        assert_int_equal(dec_mul(grid, dec_from_int((int64_t)prng_below(&prng, 400) + 1), DEC_ROUND_DOWN, &position), RESULT_OK);
        assert_int_equal(dec_mul(grid, dec_from_int((int64_t)prng_below(&prng, 5) + 1), DEC_ROUND_DOWN, &least), RESULT_OK);
        i.quantity_min = least;
        i.market_quantity_min = least;
        const dec_t entry = dec_from_scaled((int64_t)prng_below(&prng, 1000000) + 1000, 4);
        const dec_t target = dec_plus(entry, dec_from_scaled((int64_t)prng_below(&prng, 10000) + 10, 4));
        const ladder_position_t held = {SIDE_LONG, entry, target, position, dec_minus(entry, D("0.01"))};
        ladder_step_t step;
        assert_int_equal(ladder_step(&held, &row_80_80_50, &i, &step), RESULT_OK);
        assert_true(dec_eq(dec_plus(step.close, step.rest), position));
        assert_true(dec_is_multiple(step.close, grid) && dec_is_multiple(step.rest, grid));
        assert_true(dec_is_zero(step.rest) || dec_ge(step.rest, least));
        assert_true(dec_is_zero(step.close) || dec_ge(step.close, least) || dec_is_zero(step.rest));
        assert_true(dec_ge(step.stop, held.stop));
    }
}

static void the_ledger_is_double_entry(void **state)
{
    (void)state;
    ledger_t ledger;
    ledger_init(&ledger);
    assert_int_equal(ledger_post(&ledger, "USDT", LEDGER_OPENING, D("1000")), RESULT_OK);
    assert_int_equal(ledger_post(&ledger, "USDT", LEDGER_REALISED, D("20")), RESULT_OK);
    assert_int_equal(ledger_post(&ledger, "USDT", LEDGER_FEE, D("-0.2")), RESULT_OK);
    assert_int_equal(ledger_post(&ledger, "BNB", LEDGER_FEE, D("-0.0001")), RESULT_OK);
    assert_int_equal(ledger_post(&ledger, "USDT", LEDGER_FUNDING, D("-0.05")), RESULT_OK);
    assert_dec(ledger_wallet(&ledger, "USDT"), "1019.75");
    assert_dec(ledger_difference(&ledger, "USDT", D("1019.75")), "0");
    assert_dec(ledger_asset(&ledger, "USDT")->balances[LEDGER_FEE], "0.2");
    assert_true(ledger_balanced(&ledger));
    const ledger_t before = ledger;
    assert_int_equal(ledger_post(&ledger, "", LEDGER_FEE, D("1")), RESULT_BAD_ARGUMENT);
    assert_int_equal(ledger_post(&ledger, "USDT", LEDGER_WALLET, D("1")), RESULT_BAD_ARGUMENT);
    assert_int_equal(ledger_post(&ledger, "USDT", LEDGER_FEE, D("99999999999999999999")), RESULT_NUMBER_OUT_OF_RANGE);
    assert_memory_equal(&before, &ledger, sizeof ledger);
    for (char c = 'A'; ledger.count < LEDGER_ASSETS_MAX; c++) {
        const char name[] = {'Z', c, '\0'};
        assert_int_equal(ledger_post(&ledger, name, LEDGER_OTHER, D("1")), RESULT_OK);
    }
    assert_int_equal(ledger_post(&ledger, "FULL", LEDGER_OTHER, D("1")), RESULT_FULL);
}

static void every_value_has_a_word(void **state)
{
    (void)state;
    for (unsigned i = 0; i < RECORD_KIND_COUNT; i++) {
        assert_string_not_equal(record_kind_name((record_kind_t)i), "?");
    }
    assert_string_equal(record_kind_name(RECORD_KIND_COUNT), "?");
    assert_string_equal(exit_reason_name(EXIT_COUNT), "?");
    assert_string_equal(outcome_name(OUTCOME_STOP), "STOP");
    assert_string_equal(leg_text(LEG_LADDER), "ladder");
    assert_string_equal(leg_text((leg_t)'q'), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_of_both_tables),  cmocka_unit_test(unknown_is_live_and_terminal_states_are_not),
        cmocka_unit_test(old_words_both_ways),        cmocka_unit_test(the_average_entry_does_not_drift),
        cmocka_unit_test(no_unit_of_cost_is_lost),    cmocka_unit_test(ladder_worked_numbers),
        cmocka_unit_test(ladder_holds_for_any_rules), cmocka_unit_test(the_ledger_is_double_entry),
        cmocka_unit_test(every_value_has_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
