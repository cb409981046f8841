/* test_order_half_level.c: a stop or target moved by a person: what would take the protection away is refused with its name, what
 * widens it needs a yes, and the stop in force stays until the new one stands.
 * shows: ORD-3, RSK-4, I18
 */
#include "half_fixture.h"

/* 6.6 at 100, the stop at 97, the target at 115; a stop may lie 10 % away. */
static fixture_t *held(position_side_t side, uint64_t *trade)
{
    risk_config_t risk = test_risk_settings();
    risk.stop_pct_max = D("10");
    fixture_t *f = fixture_start_with(&risk);
    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    const bool is_long = side == SIDE_LONG;
    const signal_t signal = fixture_signal(f, side, "100", is_long ? "97" : "103", is_long ? "115" : "85");
    fixture_send_signal(f, &signal);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    *trade = view.id;
    return f;
}

static void move(fixture_t *f, command_kind_t kind, uint64_t trade, const char *price, bool sure)
{
    order_input_t input = {.kind = ORDER_INPUT_COMMAND};
    input.command = (order_command_t){.id = f->next_command++,
                                      .kind = kind,
                                      .trade = trade,
                                      .instrument = f->id,
                                      .price = D(price),
                                      .sure = sure,
                                      .principal = "test"};
    fixture_step(f, &input);
}

static void a_level_that_cannot_be_is_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        position_side_t side;
        command_kind_t kind;
        const char *price;
        bool sure;
        level_refusal_t refusal;
        const char *bound;
    } cases[] = {
        {SIDE_LONG, COMMAND_MOVE_STOP, "98.05", true, LEVEL_REFUSAL_OFF_TICK, "0.1"},
        {SIDE_LONG, COMMAND_MOVE_STOP, "0.1", true, LEVEL_REFUSAL_PRICE_LIMIT, "1"},
        {SIDE_LONG, COMMAND_MOVE_TARGET, "5000000", true, LEVEL_REFUSAL_PRICE_LIMIT, "4529764"},
        {SIDE_LONG, COMMAND_MOVE_STOP, "115", true, LEVEL_REFUSAL_CROSSED, "115"},
        {SIDE_SHORT, COMMAND_MOVE_STOP, "85", true, LEVEL_REFUSAL_CROSSED, "85"},
        {SIDE_LONG, COMMAND_MOVE_TARGET, "97", true, LEVEL_REFUSAL_CROSSED, "97"},
        {SIDE_LONG, COMMAND_MOVE_STOP, "89.9", true, LEVEL_REFUSAL_TOO_FAR, "90"},
        {SIDE_LONG, COMMAND_MOVE_STOP, "3", true, LEVEL_REFUSAL_TOO_FAR, "90"},
        {SIDE_SHORT, COMMAND_MOVE_STOP, "110.1", true, LEVEL_REFUSAL_TOO_FAR, "110"},
        {SIDE_LONG, COMMAND_MOVE_STOP, "96", false, LEVEL_REFUSAL_WIDENS, "97"},
        {SIDE_SHORT, COMMAND_MOVE_STOP, "104", false, LEVEL_REFUSAL_WIDENS, "103"},
        {SIDE_LONG, COMMAND_MOVE_STOP, "100.5", false, LEVEL_REFUSAL_FIRES_AT_ONCE, "100"},
        {SIDE_SHORT, COMMAND_MOVE_STOP, "99.5", false, LEVEL_REFUSAL_FIRES_AT_ONCE, "100"},
        {SIDE_LONG, COMMAND_MOVE_TARGET, "99", false, LEVEL_REFUSAL_FIRES_AT_ONCE, "100"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t trade = 0;
        fixture_t *f = held(cases[i].side, &trade);
        placed_t *stop = fixture_last(f, LEG_STOP);
        const uint32_t placed = f->placed_count, cancels = f->cancels;
        move(f, cases[i].kind, trade, cases[i].price, cases[i].sure);
        fixture_tick(f, NS_PER_S);
        const record_command_t *record = &fixture_last_record(f, RECORD_COMMAND)->command;
        assert_string_equal(level_refusal_name(record->refusal), level_refusal_name(cases[i].refusal));
        assert_int_equal(record->result, RESULT_BAD_ARGUMENT);
        assert_dec(record->bound, cases[i].bound);
        assert_true(stop->open);
        assert_int_equal(f->placed_count, placed);
        assert_int_equal(f->cancels, cancels);
        assert_null(fixture_last_record(f, RECORD_TRADE_LEVELS));
        fixture_stop(f);
    }
}

/* Isolated at 20x the way to the liquidation price is short, and a tenth of it is kept free. */
static void a_stop_beyond_the_liquidation_price_is_refused(void **state)
{
    (void)state;
    risk_config_t risk = test_risk_settings();
    risk.margin_type = MARGIN_ISOLATED;
    fixture_t *f = fixture_start_with(&risk);
    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    const dec_t liquidation = fixture_last_record(f, RECORD_TRADE_OPENED)->trade_opened.liquidation;
    assert_true(dec_gt(liquidation, D("95")) && dec_lt(liquidation, D("96")));
    const uint64_t trade = fixture_last_record(f, RECORD_TRADE_OPENED)->trade;
    move(f, COMMAND_MOVE_STOP, trade, "95.6", true); /* before the liquidation price, but not well before */
    assert_int_equal(fixture_last_record(f, RECORD_COMMAND)->command.refusal, LEVEL_REFUSAL_BEYOND_LIQUIDATION);
    move(f, COMMAND_MOVE_STOP, trade, "50", true);
    assert_int_equal(fixture_last_record(f, RECORD_COMMAND)->command.refusal, LEVEL_REFUSAL_BEYOND_LIQUIDATION);
    assert_dec(fixture_last(f, LEG_STOP)->spec.trigger, "97");
    move(f, COMMAND_MOVE_STOP, trade, "96.5", true);
    assert_int_equal(fixture_last_record(f, RECORD_COMMAND)->command.result, RESULT_OK);
    assert_dec(fixture_last(f, LEG_STOP)->spec.trigger, "96.5");
    fixture_stop(f);
}

static void a_confirmed_widening_moves_the_stop(void **state)
{
    (void)state;
    uint64_t trade = 0;
    fixture_t *f = held(SIDE_LONG, &trade);
    placed_t *old = fixture_last(f, LEG_STOP);
    f->answers[LEG_STOP] = ANSWER_NOTHING;
    move(f, COMMAND_MOVE_STOP, trade, "96", true);
    const record_command_t *record = &fixture_last_record(f, RECORD_COMMAND)->command;
    assert_int_equal(record->result, RESULT_OK);
    assert_true(record->sure);
    placed_t *new = fixture_last(f, LEG_STOP);
    assert_dec(new->spec.trigger, "96");
    assert_true(old->open); /* the new one is not known to stand yet */
    new->open = true;
    const private_event_t alive = fixture_order_event(f, new, PRIVATE_STATUS_NEW);
    fixture_private(f, &alive);
    assert_false(old->open);
    fixture_stop(f);
}

/* The exchange refuses the moved stop: the one that stands stays in force, and nothing is asked again and again. */
static void a_moved_stop_the_exchange_refuses_falls_back_to_the_old_one(void **state)
{
    (void)state;
    uint64_t trade = 0;
    fixture_t *f = held(SIDE_LONG, &trade);
    placed_t *old = fixture_last(f, LEG_STOP);
    f->answers[LEG_STOP] = ANSWER_REJECT;
    f->reject = REJECT_FILTER;
    for (int i = 0; i < 5; i++) {
        const uint32_t placed = f->placed_count;
        move(f, COMMAND_MOVE_STOP, trade, "98", false);
        for (int j = 0; j < 8; j++) {
            fixture_tick(f, NS_PER_S / 2);
        }
        assert_int_equal(f->placed_count, placed + 1);
    }
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    assert_dec(view.stop, "97");
    assert_int_equal(view.exit, EXIT_NONE);
    assert_true(old->open);
    assert_true(f->notices[NOTICE_STOP_REFUSED] > 0);
    fixture_stop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_that_cannot_be_is_refused_by_name),
        cmocka_unit_test(a_stop_beyond_the_liquidation_price_is_refused),
        cmocka_unit_test(a_confirmed_widening_moves_the_stop),
        cmocka_unit_test(a_moved_stop_the_exchange_refuses_falls_back_to_the_old_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
