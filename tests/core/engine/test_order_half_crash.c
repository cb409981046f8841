/* test_order_half_crash.c: the process dies after every single record of a trade's life, and the trade ends the same.
 * shows: ORD-4, ORD-7, I1, I2, I4, I5, I13, R211, R219, R221
 */
#include "half_fixture.h"

/* Time passes, prices go on, whatever was lost is asked for. */
static void settle(fixture_t *f, const char *price)
{
    for (int i = 0; i < 14; i++) {
        fixture_price(f, price);
        fixture_tick(f, NS_PER_S / 2);
    }
}

/* Fills what is left of the newest order of a leg, if it stands. */
static void fill_rest(fixture_t *f, leg_t leg, const char *price)
{
    placed_t *placed = fixture_last(f, leg);
    if (placed != NULL && placed->open) {
        char text[DEC_TEXT_MAX];
        dec_format(dec_minus(placed->spec.quantity, placed->filled), text);
        fixture_fill(f, placed, text, price);
    }
}

static dec_t sum_of(const fixture_t *f, order_side_t side)
{
    dec_t sum = DEC_ZERO;
    for (uint32_t i = 0; i < f->placed_count; i++) {
        sum = f->placed[i].spec.side == side ? dec_plus(sum, f->placed[i].filled) : sum;
    }
    return sum;
}

/* One whole life: signal, entry in two parts, ladder, target. */
static void live_through(fixture_t *f, uint32_t crashed_at)
{
    signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    for (int i = 0; i < 2; i++) {
        fixture_send_signal(f, &signal); /* the monitor delivers until it is acknowledged */
        settle(f, "100");
        signal.made_ns = f->now_ns;
        signal.expires_ns = f->now_ns + NS_PER_HOUR;
    }
    placed_t *entry = fixture_last(f, LEG_ENTRY);
    if (entry == NULL) {
        fail_msg("crash after record %u: no entry", crashed_at);
        return;
    }
    fixture_fill(f, entry, "2", "100");
    settle(f, "100");
    fill_rest(f, LEG_ENTRY, "100");
    settle(f, "100");
    settle(f, "112"); /* 80 % of the way */
    fill_rest(f, LEG_LADDER, "112");
    settle(f, "112");
    settle(f, "112");
    fill_rest(f, LEG_TARGET, "115");
    settle(f, "113");
    settle(f, "113");
}

static void check_end(fixture_t *f, uint32_t crashed_at)
{
    if (order_half_trade_count(f->half) != 0 || !dec_is_zero(f->position)) {
        fail_msg("crash after record %u: a trade is left over", crashed_at);
    }
    const order_record_t *closed = fixture_last_record(f, RECORD_TRADE_CLOSED);
    uint32_t filled_trades = 0, ladders = 0;
    for (uint32_t i = 0; i < f->record_count; i++) {
        const order_record_t *record = &f->records[i];
        if (record->kind == RECORD_TRADE_CLOSED && record->trade_closed.outcome == OUTCOME_TARGET) {
            closed = record;
            filled_trades++;
        }
        ladders += record->kind == RECORD_LADDER ? 1 : 0;
    }
    if (filled_trades != 1 || ladders != 1) {
        fail_msg("crash after record %u: %u trades closed at the target, %u ladders", crashed_at, filled_trades, ladders);
    }
    char bought[DEC_TEXT_MAX], sold[DEC_TEXT_MAX];
    dec_format(sum_of(f, ORDER_BUY), bought);
    dec_format(sum_of(f, ORDER_SELL), sold);
    assert_string_equal(bought, "6.6");
    assert_string_equal(sold, "6.6");
    assert_dec(closed->trade_closed.realised_own, "83.4"); /* 5.2 at 112, 1.4 at 115 */
    assert_int_equal(fixture_open_count(f, LEG_STOP) + fixture_open_count(f, LEG_TARGET) + fixture_open_count(f, LEG_ENTRY), 0);
}

static uint32_t records_of_a_whole_life(void)
{
    fixture_t *f = fixture_start();
    live_through(f, 0);
    check_end(f, 0);
    const uint32_t count = f->record_count;
    fixture_stop(f);
    return count;
}

static void killed_after_each_record_the_trade_ends_the_same(void **state)
{
    (void)state;
    const uint32_t count = records_of_a_whole_life();
    assert_true(count > 40);
    for (uint32_t at = 2; at <= count; at++) {
        const risk_config_t risk = test_risk_settings();
        fixture_t *f = fixture_start_with(&risk);
        f->crash_at = at > f->record_count ? at : 0;
        fixture_price(f, "100");
        settle(f, "100");
        live_through(f, at);
        check_end(f, at);
        fixture_stop(f);
    }
}

/* Killed after the close, before the new stop: the stop is placed, there is no second close (worked number "ladder crash"). */
static void the_ladder_goes_on_with_the_missing_step_only(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    fill_rest(f, LEG_ENTRY, "100");
    f->answers[LEG_STOP] = ANSWER_NEVER_SENT; /* the new stop does not get out */
    fixture_price(f, "112");
    fill_rest(f, LEG_LADDER, "112");
    fixture_crash(f, f->record_count);
    f->answers[LEG_STOP] = ANSWER_ACCEPT;
    settle(f, "112");
    assert_dec(fixture_last(f, LEG_STOP)->spec.trigger, "107.5");
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "1.4");
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    uint32_t closes = 0;
    for (uint32_t i = 0; i < f->placed_count; i++) {
        closes += f->placed[i].spec.leg == LEG_LADDER ? 1 : 0;
    }
    assert_int_equal(closes, 1);
    fixture_stop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ladder_goes_on_with_the_missing_step_only),
        cmocka_unit_test(killed_after_each_record_the_trade_ends_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
