/* test_order_half_record.c: what closed trades do to the next ones: a symbol with a poor record rests, Kelly reads the results, a
 * drawdown and the market's state make sizes smaller; vetoes; and a strategy that takes its trade back.
 * shows: STR-1, STR-8, STR-9, RSK-1, RSK-7, RSK-8, I2, R100, R150, R151, R167
 */
#include "half_fixture.h"

static risk_config_t settings(void)
{
    risk_config_t risk = test_risk_settings();
    risk.poor_trades_min = 3;
    risk.poor_win_rate_pct = D("30");
    risk.poor_window_ns = 12 * NS_PER_HOUR;
    risk.account_age_max_ns = 2 * NS_PER_DAY;
    return risk;
}

static fixture_t *start(const risk_config_t *risk)
{
    fixture_t *f = fixture_start_with(risk);
    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    return f;
}

static signal_t send(fixture_t *f)
{
    fixture_price(f, "100");
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    return signal;
}

static door_reason_t verdict(fixture_t *f)
{
    return fixture_last_record(f, RECORD_SIGNAL)->signal.reason;
}

/* One whole trade that the venue says realised so much. */
static void trade(fixture_t *f, const char *realised)
{
    char quantity[DEC_TEXT_MAX];
    (void)send(f);
    assert_int_equal(verdict(f), DOOR_ACCEPTED);
    (void)dec_format(fixture_last(f, LEG_ENTRY)->spec.quantity, quantity);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), quantity, "100");
    f->realised = D(realised);
    fixture_fill(f, fixture_last(f, LEG_STOP), quantity, "97");
    f->realised = DEC_ZERO;
    f->wallet = dec_plus(f->wallet, D(realised));
    fixture_tick(f, NS_PER_S);
    assert_int_equal(order_half_trade_count(f->half), 0);
}

static const char *size_of_next(fixture_t *f)
{
    static char text[DEC_TEXT_MAX];
    (void)send(f);
    assert_int_equal(verdict(f), DOOR_ACCEPTED);
    (void)dec_format(fixture_last_record(f, RECORD_TRADE_OPENED)->trade_opened.quantity, text);
    return text;
}

static void a_symbol_with_a_poor_record_rests(void **state)
{
    (void)state;
    const risk_config_t risk = settings();
    fixture_t *f = start(&risk);
    trade(f, "-1");
    const int64_t first_ns = fixture_last_record(f, RECORD_TRADE_CLOSED)->time_ns;
    trade(f, "-1");
    trade(f, "-1");
    for (unsigned restarts = 0; restarts < 2; restarts++) {
        (void)send(f);
        assert_int_equal(verdict(f), DOOR_POOR_RECORD);
        assert_dec(fixture_last_record(f, RECORD_SIGNAL)->signal.figure[0], "0");
        assert_true(dec_gt(fixture_last_record(f, RECORD_SIGNAL)->signal.figure[1], dec_from_int(11 * 3600)));
        if (restarts == 0) {
            fixture_crash(f, UINT32_MAX);
            fixture_tick(f, NS_PER_S);
        }
    }
    fixture_tick(f, first_ns + 12 * NS_PER_HOUR - f->now_ns);
    (void)send(f); /* two of three are left in the window */
    assert_int_equal(verdict(f), DOOR_ACCEPTED);
    fixture_stop(f);
}

static void one_win_of_three_is_enough(void **state)
{
    (void)state;
    const risk_config_t risk = settings();
    fixture_t *f = start(&risk);
    trade(f, "-1");
    trade(f, "1");
    trade(f, "-1");
    (void)send(f);
    assert_int_equal(verdict(f), DOOR_ACCEPTED);
    fixture_stop(f);
}

static void kelly_reads_the_results(void **state)
{
    (void)state;
    risk_config_t risk = settings();
    risk.poor_trades_min = 0;
    risk.sizing = SIZING_KELLY;
    risk.kelly_first_pct = D("0.5");
    risk.kelly_trades_min = 3;
    risk.kelly_window_ns = 10 * NS_PER_DAY;
    fixture_t *f = start(&risk);
    trade(f, "2");
    assert_dec(fixture_last_record(f, RECORD_TRADE_OPENED)->trade_opened.quantity, "1.6"); /* 0.5 % over 3 */
    trade(f, "2");
    trade(f, "-1"); /* w 2/3, R 2: f 0.5, capped at risk.percent */
    fixture_crash(f, UINT32_MAX);
    fixture_tick(f, NS_PER_S);
    assert_string_equal(size_of_next(f), "6.6");
    fixture_stop(f);

    f = start(&risk);
    trade(f, "1");
    trade(f, "-1");
    trade(f, "-1");
    (void)send(f);
    assert_int_equal(verdict(f), DOOR_NO_EDGE);
    assert_dec(fixture_last_record(f, RECORD_SIGNAL)->signal.figure[1], "3");
    fixture_stop(f);
}

static void a_drawdown_shrinks_the_next_size(void **state)
{
    (void)state;
    risk_config_t risk = settings();
    risk.drawdown_limit_pct = D("15");
    fixture_t *f = start(&risk);
    trade(f, "-250"); /* a quarter of the wallet, as the venue and our books have it */
    fixture_crash(f, UINT32_MAX);
    fixture_tick(f, NS_PER_S);
    assert_string_equal(size_of_next(f), "4"); /* 750 x 2 % x 0.80 = 12 over 3 */
    fixture_stop(f);
}

static void tiers_and_the_markets_state_set_the_size(void **state)
{
    (void)state;
    risk_config_t risk = settings();
    risk.sizing = SIZING_BY_TIER;
    test_risk_tiers(risk.tiers);
    risk.tiers[0].cost = D("80");
    fixture_t *f = start(&risk);
    fixture_price(f, "100");
    signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115"); /* confidence .7: 80 x 5 / 100 */
    signal.size_cut = D("0.5");
    signal.states = 1;
    fixture_send_signal(f, &signal);
    const record_trade_opened_t *opened = &fixture_last_record(f, RECORD_TRADE_OPENED)->trade_opened;
    assert_dec(opened->quantity, "2");
    assert_int_equal(opened->leverage, 5);
    assert_dec(fixture_last_record(f, RECORD_SIGNAL_INPUTS)->inputs.size_cut, "0.5");
    assert_true(fixture_last_record(f, RECORD_SIGNAL_INPUTS)->inputs.states == 1);
    fixture_stop(f);
}

/* A coin of 0.0000001 moves by 0.000000004: eight places would call that nothing. */
static void the_atr_of_a_cheap_coin_is_not_nothing(void **state)
{
    (void)state;
    risk_config_t risk = settings();
    risk.sizing = SIZING_ATR;
    risk.size_atr_multiple = D("2");
    fixture_t *f = start(&risk);
    fixture_price(f, "100");
    signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    signal.inputs[0].value = 4e-9;
    fixture_send_signal(f, &signal);
    assert_int_equal(verdict(f), DOOR_ACCEPTED);
    signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    signal.inputs[0].value = 0;
    fixture_send_signal(f, &signal);
    assert_int_equal(verdict(f), DOOR_NO_ATR);
    fixture_stop(f);
}

static void a_veto_is_refused_by_its_name(void **state)
{
    (void)state;
    const risk_config_t risk = settings();
    fixture_t *f = start(&risk);
    fixture_price(f, "100");
    signal_t signal = fixture_signal(f, SIDE_SHORT, "100", "103", "85");
    signal.veto = SIGNAL_VETO_MARKET;
    signal.veto_figure[0] = 0.91;
    signal.veto_figure[1] = 0.85;
    fixture_send_signal(f, &signal);
    assert_int_equal(verdict(f), DOOR_MARKET_STATE);
    assert_dec(fixture_last_record(f, RECORD_SIGNAL)->signal.figure[0], "0.91");
    signal = fixture_signal(f, SIDE_SHORT, "100", "103", "85");
    signal.veto = SIGNAL_VETO_REGIME;
    fixture_send_signal(f, &signal);
    assert_int_equal(verdict(f), DOOR_REGIME);
    assert_int_equal(order_half_trade_count(f->half), 0);
    fixture_stop(f);
}

/* --- a strategy takes its trade back ---------------------------------------------------------- */

static signal_t exit_of(fixture_t *f, const signal_t *entry)
{
    signal_t signal = fixture_signal(f, entry->side, "99", "0", "0");
    signal.exit_of = entry->number;
    return signal;
}

static void a_held_trade_leaves_at_market(void **state)
{
    (void)state;
    const risk_config_t risk = settings();
    fixture_t *f = start(&risk);
    const signal_t entry = send(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    signal_t leave = exit_of(f, &entry);
    leave.side = SIDE_SHORT; /* not this trade */
    fixture_send_signal(f, &leave);
    assert_int_equal(verdict(f), DOOR_NOT_OPEN);
    leave = exit_of(f, &entry);
    leave.made_ns -= 2 * NS_PER_HOUR;
    leave.expires_ns -= 2 * NS_PER_HOUR;
    fixture_send_signal(f, &leave);
    assert_int_equal(verdict(f), DOOR_SIGNAL_EXPIRED);
    assert_null(fixture_last(f, LEG_CLOSE));
    leave = exit_of(f, &entry);
    fixture_send_signal(f, &leave);
    assert_int_equal(verdict(f), DOOR_ACCEPTED);
    assert_int_equal(fixture_last_record(f, RECORD_EXIT)->exit.reason, EXIT_SIGNAL);
    const placed_t *close = fixture_last(f, LEG_CLOSE);
    assert_non_null(close);
    assert_int_equal(close->spec.type, ORDER_MARKET);
    assert_dec(close->spec.quantity, "6.6");
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1); /* the stop stays while the close is on its way */
    fixture_fill(f, fixture_last(f, LEG_CLOSE), "6.6", "99");
    fixture_tick(f, NS_PER_S);
    assert_int_equal(fixture_last_record(f, RECORD_TRADE_CLOSED)->trade_closed.reason, EXIT_SIGNAL);
    leave = exit_of(f, &entry);
    fixture_send_signal(f, &leave);
    assert_int_equal(verdict(f), DOOR_NOT_OPEN);
    fixture_stop(f);
}

static void a_waiting_entry_is_withdrawn(void **state)
{
    (void)state;
    risk_config_t risk = settings();
    fixture_t *f = start(&risk);
    const signal_t entry = send(f);
    const signal_t leave = exit_of(f, &entry);
    fixture_send_signal(f, &leave);
    assert_int_equal(verdict(f), DOOR_ACCEPTED);
    assert_int_equal(fixture_last_record(f, RECORD_ENTRY_END)->exit.reason, EXIT_SIGNAL);
    fixture_tick(f, NS_PER_S);
    assert_int_equal(fixture_open_count(f, LEG_ENTRY), 0);
    assert_int_equal(order_half_trade_count(f->half), 0);
    fixture_stop(f);
}

/* Cut off between the exit and the signal's record: the signal comes again and is answered, nothing is closed twice. */
static void a_cut_between_exit_and_answer_changes_nothing(void **state)
{
    (void)state;
    const risk_config_t risk = settings();
    fixture_t *f = start(&risk);
    const signal_t entry = send(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    const signal_t leave = exit_of(f, &entry);
    fixture_send_signal(f, &leave);
    const uint64_t answered = fixture_last_record(f, RECORD_SIGNAL)->number;
    uint32_t keep = 0;
    while (f->records[keep].number != answered) {
        keep++;
    }
    assert_int_equal(f->records[keep - 1].kind, RECORD_EXIT);
    f->placed_count--; /* the close never left */
    assert_int_not_equal(f->placed[f->placed_count - 1].spec.leg, LEG_CLOSE);
    fixture_crash(f, keep);
    fixture_tick(f, NS_PER_S);
    fixture_send_signal(f, &leave);
    assert_int_equal(verdict(f), DOOR_ACCEPTED);
    uint32_t closes = 0;
    for (uint32_t i = 0; i < f->placed_count; i++) {
        closes += f->placed[i].spec.leg == LEG_CLOSE;
    }
    assert_int_equal(closes, 1);
    fixture_stop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_symbol_with_a_poor_record_rests),
        cmocka_unit_test(one_win_of_three_is_enough),
        cmocka_unit_test(kelly_reads_the_results),
        cmocka_unit_test(a_drawdown_shrinks_the_next_size),
        cmocka_unit_test(tiers_and_the_markets_state_set_the_size),
        cmocka_unit_test(the_atr_of_a_cheap_coin_is_not_nothing),
        cmocka_unit_test(a_veto_is_refused_by_its_name),
        cmocka_unit_test(a_held_trade_leaves_at_market),
        cmocka_unit_test(a_waiting_entry_is_withdrawn),
        cmocka_unit_test(a_cut_between_exit_and_answer_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
