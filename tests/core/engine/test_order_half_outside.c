/* test_order_half_outside.c: trades of others that the private stream did not tell: the comparison finds them in the account's
 * trade lists and books them as what they are; only what no list explains is an adjustment. shows: ORD-7, ORD-14, I6, I8, I19
 */
#include "half_fixture.h"

static void traded_by_hand(fixture_t *f, order_side_t side, const char *price, const char *realised)
{
    private_event_t event = {.kind = PRIVATE_FILL, .time_ns = f->now_ns};
    event.fill.order =
        (private_order_t){.instrument = f->id, .venue_order_id = 5000 + f->next_trade_id, .side = side, .position = POSITION_BOTH};
    event.fill.fill = (private_fill_t){.trade_id = f->next_trade_id++,
                                       .price = D(price),
                                       .quantity = D("1"),
                                       .fee = D("0.05"),
                                       .fee_asset = "USDT",
                                       .realised = D(realised),
                                       .time_ns = f->now_ns};
    f->history[f->history_count++] = event;
    f->position = side == ORDER_BUY ? dec_plus(f->position, D("1")) : dec_minus(f->position, D("1"));
    f->wallet = dec_plus(f->wallet, dec_minus(D(realised), D("0.05")));
}

static uint32_t records_of(const fixture_t *f, record_kind_t kind)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < f->record_count; i++) {
        count += f->records[i].kind == kind ? 1 : 0;
    }
    return count;
}

static void assert_explained(const fixture_t *f, uint32_t fills, const char *wallet, const char *fees)
{
    assert_int_equal(records_of(f, RECORD_FILL), fills);
    assert_int_equal(records_of(f, RECORD_ADJUSTMENT), 0);
    assert_dec(ledger_wallet(order_half_ledger(f->half), "USDT"), wallet);
    figures_view_t figures;
    order_half_figures(f->half, (const dec_t[INSTRUMENT_MAX]){0}, &figures);
    assert_dec(figures.fees, fees);
    assert_dec(figures.unexplained, "0");
    assert_int_equal(fixture_last_record(f, RECORD_RECONCILE)->reconcile.phase, RECONCILE_CLEAN);
}

/* Flat again: no position shows it, only the money is less. It is found in one turn, where no clock moves. */
static void a_round_trip_by_hand_is_booked_with_its_fees(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->now_ns += NS_PER_S;
    traded_by_hand(f, ORDER_BUY, "100", "0");
    traded_by_hand(f, ORDER_SELL, "101", "1");
    fixture_command(f, COMMAND_RECONCILE, 0, 0, "0");
    assert_explained(f, 2, "1000.9", "0.1");
    fixture_command(f, COMMAND_RECONCILE, 0, 0, "0"); /* the lists are the same: nothing twice */
    assert_explained(f, 2, "1000.9", "0.1");
    fixture_stop(f);
}

/* He holds it: the position that differs says where to look. */
static void a_position_opened_by_hand_is_booked_as_his(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->now_ns += NS_PER_S;
    traded_by_hand(f, ORDER_BUY, "100", "0");
    fixture_command(f, COMMAND_RECONCILE, 0, 0, "0");
    assert_explained(f, 1, "999.95", "0.05");
    assert_int_equal(records_of(f, RECORD_POSITION), 0);
    assert_int_equal(order_half_trade_count(f->half), 0);
    fixture_stop(f);
}

/* At the very instant at which the last comparison was asked for: it is not taken for something that one has seen. */
static void a_trade_at_the_instant_of_the_last_comparison_is_booked(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->now_ns += NS_PER_S;
    fixture_command(f, COMMAND_RECONCILE, 0, 0, "0");
    traded_by_hand(f, ORDER_BUY, "100", "0");
    traded_by_hand(f, ORDER_SELL, "100", "0");
    fixture_command(f, COMMAND_RECONCILE, 0, 0, "0");
    assert_explained(f, 2, "999.9", "0.1");
    fixture_stop(f);
}

/* Money that no list knows of stays what it is: an adjustment, aloud, after the rounds. */
static void what_no_list_explains_is_an_adjustment(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->wallet = D("990");
    fixture_command(f, COMMAND_RECONCILE, 0, 0, "0");
    assert_int_equal(records_of(f, RECORD_ADJUSTMENT), 0);
    for (int i = 0; i < 6; i++) {
        fixture_tick(f, NS_PER_S);
    }
    assert_int_equal(records_of(f, RECORD_ADJUSTMENT), 1);
    assert_int_equal(f->notices[NOTICE_UNEXPLAINED], 1);
    fixture_stop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_round_trip_by_hand_is_booked_with_its_fees),
        cmocka_unit_test(a_position_opened_by_hand_is_booked_as_his),
        cmocka_unit_test(a_trade_at_the_instant_of_the_last_comparison_is_booked),
        cmocka_unit_test(what_no_list_explains_is_an_adjustment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
