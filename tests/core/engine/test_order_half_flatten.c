/* test_order_half_flatten.c: the holder of the keys has closed by itself while we were away: its fills are the trade's, and nothing
 * is closed a second time before the comparison has ended. shows: RSK-6, ORD-7, I8, I13
 */
#include "core/engine/last_gate.h"
#include "half_fixture.h"

static uint64_t held(fixture_t *f)
{
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    return view.id;
}

static void cut(fixture_t *f)
{
    const private_event_t gap = {.kind = PRIVATE_GAP, .time_ns = f->now_ns};
    fixture_private(f, &gap);
}

/* A fill of the signer's own closing order, as the stream tells it. */
static private_event_t signer_fill(fixture_t *f, uint64_t number, const char *quantity, bool done)
{
    placed_t own = {.venue_id = 5000 + number};
    client_id_make(&own.spec.client_id, f->epoch, LAST_GATE_INTENTS_FROM + number, LEG_CLOSE);
    own.spec.instrument = f->id;
    own.spec.side = ORDER_SELL;
    own.spec.position = POSITION_BOTH;
    own.spec.type = ORDER_MARKET;
    own.spec.quantity = D("6.6");
    private_event_t event = fixture_fill_event(f, &own, f->next_trade_id++, quantity, "99");
    event.fill.order.status = done ? PRIVATE_STATUS_FILLED : PRIVATE_STATUS_PARTIALLY_FILLED;
    event.fill.fill.realised = dec_neg(D(quantity));
    f->wallet = dec_minus(f->wallet, D(quantity));
    f->position = dec_minus(f->position, D(quantity));
    return event;
}

static void a_close_of_the_signer_is_the_trades_own(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    const uint64_t trade = held(f);
    private_event_t first = signer_fill(f, 7, "2.6", false), rest = signer_fill(f, 7, "4", true);
    fixture_private(f, &first);
    fixture_private(f, &rest);
    fixture_private(f, &first); /* told again to every new watchdog */
    for (int i = 0; i < 20; i++) {
        fixture_tick(f, NS_PER_S);
    }
    assert_int_equal(order_half_trade_count(f->half), 0);
    const record_trade_closed_t *closed = &fixture_last_record(f, RECORD_TRADE_CLOSED)->trade_closed;
    assert_int_equal(fixture_last_record(f, RECORD_TRADE_CLOSED)->trade, trade);
    assert_int_equal(closed->outcome, OUTCOME_CLOSE);
    assert_int_equal(closed->reason, EXIT_KILL);
    assert_dec(closed->realised, "-6.6");
    assert_string_equal(closed->closing_order.text, first.fill.order.client_id);
    assert_null(fixture_last(f, LEG_CLOSE)); /* nothing of ours was sent */
    assert_int_equal(f->notices[NOTICE_SYMBOL_FROZEN], 0);
    assert_int_equal(f->notices[NOTICE_CLOSED_OUTSIDE], 0);
    assert_int_equal(f->notices[NOTICE_UNEXPLAINED], 0);
    fixture_stop(f);
}

static void after_a_cut_the_kill_switch_looks_before_it_closes(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    held(f);
    f->deaf_snapshot = true; /* the comparison is still under way */
    cut(f);
    fixture_command(f, COMMAND_KILL_LEVEL, 0, 4, "0");
    fixture_tick(f, NS_PER_S);
    assert_null(fixture_last(f, LEG_CLOSE));
    private_event_t fill = signer_fill(f, 8, "6.6", true); /* it had been closed already */
    fixture_private(f, &fill);
    f->deaf_snapshot = false;
    for (int i = 0; i < 60; i++) {
        fixture_tick(f, NS_PER_S);
    }
    assert_null(fixture_last(f, LEG_CLOSE));
    assert_int_equal(order_half_trade_count(f->half), 0);
    fixture_stop(f);
}

static void the_kill_switch_does_not_look_for_ever(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    held(f);
    f->deaf_snapshot = true;
    cut(f);
    fixture_command(f, COMMAND_KILL_LEVEL, 0, 4, "0");
    for (int i = 0; i < 11; i++) {
        fixture_tick(f, NS_PER_S);
        cut(f); /* more cuts do not put it off */
    }
    assert_non_null(fixture_last(f, LEG_CLOSE));
    fixture_stop(f);
}

static void a_restart_under_the_kill_switch_looks_first(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    held(f);
    f->answers[LEG_CLOSE] = ANSWER_NOTHING;
    f->deaf_snapshot = true;
    fixture_crash(f, UINT32_MAX);
    fixture_command(f, COMMAND_KILL_LEVEL, 0, 4, "0");
    assert_null(fixture_last(f, LEG_CLOSE));
    f->deaf_snapshot = false;
    for (int i = 0; i < 20 && fixture_last(f, LEG_CLOSE) == NULL; i++) {
        fixture_tick(f, NS_PER_S);
    }
    assert_non_null(fixture_last(f, LEG_CLOSE)); /* it is still there: closed */
    fixture_stop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_close_of_the_signer_is_the_trades_own),
        cmocka_unit_test(after_a_cut_the_kill_switch_looks_before_it_closes),
        cmocka_unit_test(the_kill_switch_does_not_look_for_ever),
        cmocka_unit_test(a_restart_under_the_kill_switch_looks_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
