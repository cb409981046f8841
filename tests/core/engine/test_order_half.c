/* test_order_half.c: the worked numbers and the life of a trade, told step by step.
 * shows: ORD-2, ORD-3, ORD-4, ORD-6, ORD-10, ORD-16, RSK-1, RSK-2, RSK-3, RSK-8, I1, I2, I4, I7, I13, I19, R147, R148
 */
#include "half_fixture.h"

/* LONG 100, stop 97, target 115: 2 % of 1000 over 3 of distance = 6.6 at a step of 0.1. */
static void open_long(fixture_t *f)
{
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    placed_t *entry = fixture_last(f, LEG_ENTRY);
    assert_non_null(entry);
    assert_dec(entry->spec.quantity, "6.6");
    assert_dec(entry->spec.price, "100");
    assert_int_equal(entry->spec.side, ORDER_BUY);
    assert_int_equal(entry->spec.type, ORDER_LIMIT);
}

static void the_test_stop_passes_before_any_entry(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    const placed_t *canary = fixture_last(f, LEG_CANARY);
    assert_non_null(canary);
    assert_int_equal(canary->spec.type, ORDER_STOP_MARKET);
    assert_false(canary->open);
    assert_int_equal(order_half_trade_count(f->half), 0);
    const order_record_t *record = fixture_last_record(f, RECORD_CAPABILITY);
    assert_non_null(record);
    assert_true(record->capability.passed);
    fixture_stop(f);
}

static void a_refused_test_stop_lets_no_entry_out(void **state)
{
    (void)state;
    const risk_config_t risk = test_risk_settings();
    fixture_t *f = fixture_start_with(&risk);
    f->answers[LEG_CANARY] = ANSWER_REJECT;
    f->reject = REJECT_WRONG_ENDPOINT;
    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    assert_null(fixture_last(f, LEG_ENTRY));
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_CAPABILITY);
    fixture_stop(f);
}

static void a_fill_is_protected_at_once_and_the_target_closes_it(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    const placed_t *stop = fixture_last(f, LEG_STOP);
    const placed_t *target = fixture_last(f, LEG_TARGET);
    assert_non_null(stop);
    assert_dec(stop->spec.quantity, "6.6");
    assert_dec(stop->spec.trigger, "97");
    assert_int_equal(stop->spec.reduce, REDUCE_ONLY);
    assert_int_equal(stop->spec.side, ORDER_SELL);
    assert_dec(target->spec.trigger, "115");
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    assert_int_equal(view.state, TRADE_PROTECTED);
    assert_dec(view.covered, "6.6");

    fixture_fill(f, fixture_last(f, LEG_TARGET), "6.6", "115");
    fixture_tick(f, NS_PER_S);
    assert_int_equal(order_half_trade_count(f->half), 0);
    assert_int_equal(fixture_open_count(f, LEG_STOP), 0);
    const order_record_t *closed = fixture_last_record(f, RECORD_TRADE_CLOSED);
    assert_int_equal(closed->trade_closed.outcome, OUTCOME_TARGET);
    assert_dec(closed->trade_closed.realised_own, "99");
    fixture_stop(f);
}

/* Part of the entry is filled in the moment in which its time is over: target, cancel and new stop are all wanted at once. */
static void the_stop_leaves_before_anything_else(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    f->now_ns = T0 + 4 * NS_PER_HOUR;
    f->first_left.kind = ACTION_NOTIFY;
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "2", "100");
    fixture_tick(f, 0);
    assert_int_equal(f->first_left.kind, ACTION_PLACE);
    assert_int_equal(f->first_left.place.leg, LEG_STOP);
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    assert_int_equal(fixture_open_count(f, LEG_TARGET), 1);
    assert_int_equal(fixture_open_count(f, LEG_ENTRY), 0);
    fixture_stop(f);
}

/* RSK-7, and section 8: after a losing stop the symbol's entries are refused for stop_cooldown, also over a restart; after a target
 * they are not. */
static void a_symbol_rests_after_a_losing_stop(void **state)
{
    (void)state;
    risk_config_t risk = test_risk_settings();
    risk.stop_cooldown_ns = 2 * NS_PER_HOUR;
    fixture_t *f = fixture_start_with(&risk);
    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    const int64_t stopped_ns = f->now_ns;
    fixture_fill(f, fixture_last(f, LEG_STOP), "6.6", "97");
    fixture_tick(f, NS_PER_S);
    assert_int_equal(fixture_last_record(f, RECORD_TRADE_CLOSED)->trade_closed.outcome, OUTCOME_STOP);
    for (unsigned restarts = 0; restarts < 2; restarts++) {
        fixture_price(f, "100");
        const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
        fixture_send_signal(f, &signal);
        const order_record_t *refused = fixture_last_record(f, RECORD_SIGNAL);
        assert_int_equal(refused->signal.reason, DOOR_COOLDOWN);
        assert_dec(refused->signal.figure[1], "7200");
        if (restarts == 0) {
            fixture_crash(f, UINT32_MAX);
            fixture_tick(f, NS_PER_S);
        }
    }
    fixture_tick(f, stopped_ns + 2 * NS_PER_HOUR + NS_PER_S - f->now_ns);
    fixture_price(f, "100");
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    assert_int_not_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_COOLDOWN);
    fixture_stop(f);

    f = fixture_start_with(&risk); /* a target is no reason to rest */
    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    fixture_fill(f, fixture_last(f, LEG_TARGET), "6.6", "115");
    fixture_tick(f, NS_PER_S);
    fixture_price(f, "100");
    const signal_t next = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &next);
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_ACCEPTED);
    fixture_stop(f);
}

static void an_entry_that_waits_too_long_goes_but_its_part_stays_protected(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f); /* 01:00 UTC, 4h source: lives until 04:00 */
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    assert_int_equal(view.expires_ns, T0 + 4 * NS_PER_HOUR);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "2", "100");
    f->now_ns = T0 + 4 * NS_PER_HOUR - 1;
    fixture_tick(f, 0);
    assert_int_equal(fixture_open_count(f, LEG_ENTRY), 1);
    fixture_tick(f, 1);
    assert_int_equal(fixture_open_count(f, LEG_ENTRY), 0);
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "2");
    fixture_stop(f);
}

static void an_unfilled_entry_ends_as_not_filled(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    f->now_ns = T0 + 4 * NS_PER_HOUR;
    fixture_tick(f, 0);
    const order_record_t *closed = fixture_last_record(f, RECORD_TRADE_CLOSED);
    assert_int_equal(closed->trade_closed.outcome, OUTCOME_NOT_FILLED);
    assert_int_equal(closed->trade_closed.reason, EXIT_EXPIRED);
    assert_int_equal(order_half_trade_count(f->half), 0);
    fixture_stop(f);
}

/* LONG 45000 -> 47000: fires at 46600, closes 80 %, stop 46000; target reduced; once. */
static void the_ladder_fires_once_at_80_percent(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->wallet = D("1000000");
    fixture_command(f, COMMAND_RECONCILE, 0, 0, "0");
    for (int i = 0; i < 4; i++) {
        fixture_tick(f, 3 * NS_PER_S);
    }
    fixture_price(f, "45000");
    const signal_t signal = fixture_signal(f, SIDE_LONG, "45000", "44000", "47000");
    fixture_send_signal(f, &signal);
    placed_t *entry = fixture_last(f, LEG_ENTRY);
    assert_non_null(entry);
    assert_dec(entry->spec.quantity, "20");
    fixture_fill(f, entry, "20", "45000");
    fixture_price(f, "46599.9");
    assert_null(fixture_last(f, LEG_LADDER));
    fixture_price(f, "46600");
    placed_t *close = fixture_last(f, LEG_LADDER);
    assert_non_null(close);
    assert_dec(close->spec.quantity, "16");
    assert_int_equal(close->spec.type, ORDER_MARKET);
    assert_int_equal(close->spec.reduce, REDUCE_ONLY);
    assert_int_equal(fixture_open_count(f, LEG_STOP), 2); /* the new one stands before the old one goes */
    fixture_fill(f, close, "16", "46600");
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    assert_dec(fixture_last(f, LEG_STOP)->spec.trigger, "46000");
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "4");
    assert_int_equal(fixture_open_count(f, LEG_TARGET), 1);
    assert_dec(fixture_last(f, LEG_TARGET)->spec.quantity, "4");
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    assert_int_equal(view.state, TRADE_LADDERED);
    const uint32_t placed = f->placed_count;
    fixture_price(f, "46800");
    fixture_tick(f, NS_PER_S);
    assert_int_equal(f->placed_count, placed);
    fixture_stop(f);
}

static void a_close_under_way_is_waited_for(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    f->answers[LEG_LADDER] = ANSWER_NOTHING;
    f->queries_fail = true;
    for (int i = 0; i < 80; i++) { /* no answer for 20 s: SENT, then UNKNOWN; the stop stands, so nothing is sent beside it */
        fixture_price(f, "112");
        fixture_tick(f, NS_PER_S / 4);
    }
    uint32_t closes = 0;
    for (uint32_t i = 0; i < f->placed_count; i++) {
        closes += f->placed[i].spec.leg == LEG_LADDER || f->placed[i].spec.leg == LEG_CLOSE ? 1 : 0;
    }
    assert_int_equal(closes, 1);
    fixture_stop(f);
}

static void a_stop_that_would_trigger_at_once_becomes_an_exit(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    f->answers[LEG_STOP] = ANSWER_REJECT;
    f->reject = REJECT_WOULD_TRIGGER;
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    placed_t *close = fixture_last(f, LEG_CLOSE);
    assert_non_null(close);
    assert_dec(close->spec.quantity, "6.6");
    assert_int_equal(close->spec.type, ORDER_MARKET);
    fixture_fill(f, close, "6.6", "96.5");
    fixture_tick(f, NS_PER_S);
    const order_record_t *closed = fixture_last_record(f, RECORD_TRADE_CLOSED);
    assert_non_null(closed);
    assert_int_equal(closed->trade_closed.outcome, OUTCOME_CLOSE);
    assert_int_equal(closed->trade_closed.reason, EXIT_STOP_CROSSED);
    assert_int_equal(fixture_open_count(f, LEG_TARGET), 0);
    fixture_stop(f);
}

static void a_vanished_stop_comes_back(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    placed_t *old = fixture_last(f, LEG_STOP);
    placed_t *old_target = fixture_last(f, LEG_TARGET);
    old->open = false;
    old_target->open = false;
    private_event_t gone = fixture_order_event(f, old, PRIVATE_STATUS_CANCELLED);
    fixture_private(f, &gone);
    assert_ptr_not_equal(fixture_last(f, LEG_STOP), old);
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    gone = fixture_order_event(f, old_target, PRIVATE_STATUS_CANCELLED);
    fixture_private(f, &gone);
    assert_int_equal(fixture_open_count(f, LEG_TARGET), 1);
    assert_int_equal(f->notices[NOTICE_STOP_MISSING], 1);
    fixture_stop(f);
}

static void a_stop_that_cannot_be_restored_within_5_seconds_is_an_exit(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    f->answers[LEG_STOP] = ANSWER_NOTHING;
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    for (int i = 0; i < 19; i++) {
        fixture_tick(f, NS_PER_S / 4);
        assert_null(fixture_last(f, LEG_CLOSE));
    }
    fixture_tick(f, NS_PER_S / 4);
    assert_non_null(fixture_last(f, LEG_CLOSE));
    fixture_stop(f);
}

static void a_stop_stuck_in_triggering_covers_nothing_after_2_seconds(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    const private_event_t stuck = fixture_order_event(f, fixture_last(f, LEG_STOP), PRIVATE_STATUS_TRIGGERING);
    fixture_private(f, &stuck);
    trade_view_t view;
    fixture_tick(f, 2 * NS_PER_S);
    assert_true(fixture_trade(f, &view));
    assert_int_equal(view.uncovered_since_ns, 0);
    const placed_t *stuck_stop = fixture_last(f, LEG_STOP);
    fixture_tick(f, 1);
    assert_ptr_not_equal(fixture_last(f, LEG_STOP), stuck_stop);
    assert_true(fixture_trade(f, &view));
    assert_dec(view.covered, "6.6");
    fixture_stop(f);
}

static void the_same_fill_counts_once(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    placed_t *entry = fixture_last(f, LEG_ENTRY);
    fixture_fill(f, entry, "2", "100");
    const private_event_t again = fixture_fill_event(f, entry, f->next_trade_id - 1, "2", "100");
    fixture_private(f, &again);
    fixture_private(f, &again);
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    assert_dec(view.position.quantity, "2");
    fixture_stop(f);
}

static void an_outside_close_ends_the_trade_and_sweeps_its_orders(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    placed_t user = {
        .venue_id = 77,
        .spec = {.instrument = f->id, .side = ORDER_SELL, .position = POSITION_BOTH, .type = ORDER_MARKET, .quantity = D("6.6")}};
    strcpy(user.spec.client_id.text, "web_abc");
    f->position = DEC_ZERO;
    private_event_t half_of_it = fixture_fill_event(f, &user, 900, "3", "101");
    fixture_private(f, &half_of_it);
    fixture_tick(f, 2 * NS_PER_S);
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "3.6");
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    private_event_t rest = fixture_fill_event(f, &user, 901, "3.6", "101");
    fixture_private(f, &rest);
    fixture_tick(f, NS_PER_S);
    assert_int_equal(fixture_open_count(f, LEG_STOP), 0);
    assert_int_equal(fixture_open_count(f, LEG_TARGET), 0);
    assert_int_equal(fixture_last_record(f, RECORD_TRADE_CLOSED)->trade_closed.outcome, OUTCOME_EXTERNAL);
    fixture_stop(f);
}

static void price_quality_and_concurrency_have_names(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    const order_record_t *refused = fixture_last_record(f, RECORD_SIGNAL);
    assert_int_equal(refused->signal.reason, DOOR_PRICE_QUALITY);
    assert_dec(refused->signal.figure[0], "100");
    signal = fixture_signal(f, SIDE_LONG, "99.9", "97", "115");
    fixture_send_signal(f, &signal);
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_ACCEPTED);
    signal = fixture_signal(f, SIDE_LONG, "99.8", "97", "115");
    fixture_send_signal(f, &signal);
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_ACCEPTED);
    signal = fixture_signal(f, SIDE_LONG, "99.7", "97", "115");
    fixture_send_signal(f, &signal);
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_MAX_CONCURRENT);
    signal = fixture_signal(f, SIDE_SHORT, "101", "104", "90");
    fixture_send_signal(f, &signal);
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_POSITION_OPPOSITE);
    fixture_stop(f);
}

static void a_signal_delivered_twice_is_decided_once(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    const uint32_t records = f->record_count;
    fixture_send_signal(f, &signal);
    assert_int_equal(f->record_count, records);
    signal_t other = signal;
    other.number = 99;
    fixture_send_signal(f, &other);
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_SIGNAL_DUPLICATE);
    fixture_stop(f);
}

static void kill_levels_are_graded(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "2", "100");
    fixture_command(f, COMMAND_KILL_LEVEL, 0, 1, "0");
    assert_int_equal(fixture_open_count(f, LEG_ENTRY), 1);
    const signal_t signal = fixture_signal(f, SIDE_LONG, "99", "97", "115");
    fixture_send_signal(f, &signal);
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_KILL_LEVEL);
    fixture_command(f, COMMAND_KILL_LEVEL, 0, 2, "0");
    assert_int_equal(fixture_open_count(f, LEG_ENTRY), 0);
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    assert_null(fixture_last(f, LEG_CLOSE));
    fixture_command(f, COMMAND_KILL_LEVEL, 0, 4, "0");
    assert_non_null(fixture_last(f, LEG_CLOSE));
    fixture_fill(f, fixture_last(f, LEG_CLOSE), "2", "100");
    fixture_tick(f, NS_PER_S);
    assert_int_equal(order_half_trade_count(f->half), 0);
    fixture_crash(f, UINT32_MAX);
    assert_int_equal(order_half_kill_level(f->half), 4); /* a restart never loosens */
    fixture_stop(f);
}

static void a_moved_stop_is_replaced_never_missing(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    const uint64_t episodes_before = 1;
    fixture_command(f, COMMAND_MOVE_STOP, view.id, 0, "98");
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    assert_dec(fixture_last(f, LEG_STOP)->spec.trigger, "98");
    uncovered_view_t uncovered;
    order_half_uncovered(f->half, &uncovered);
    assert_int_equal(uncovered.episodes, episodes_before); /* only the fill itself, until its first stop stood */
    fixture_command(f, COMMAND_MOVE_STOP, view.id, 0, "98.05");
    assert_int_equal(fixture_last_record(f, RECORD_COMMAND)->command.result, RESULT_BAD_ARGUMENT);
    fixture_stop(f);
}

/* The first fill is without cover until its stop stands: that is no alarm, and those after it are covered before they come. A stop
 * that stays away is one, once. */
static void an_alarm_is_for_cover_that_stays_away(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "2", "100");
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "2", "100");
    fixture_tick(f, 2 * NS_PER_S);
    assert_int_equal(f->notices[NOTICE_UNCOVERED], 0);
    f->answers[LEG_STOP] = ANSWER_REJECT;
    f->reject = REJECT_BUSY;
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "2.6", "100");
    placed_t *stop = fixture_last(f, LEG_STOP);
    stop->open = false; /* the exchange takes it away */
    const private_event_t gone = fixture_order_event(f, stop, PRIVATE_STATUS_EXPIRED);
    fixture_private(f, &gone);
    fixture_tick(f, NS_PER_S / 2);
    assert_int_equal(f->notices[NOTICE_UNCOVERED], 0);
    for (int i = 0; i < 4; i++) {
        fixture_tick(f, NS_PER_S / 2);
    }
    assert_int_equal(f->notices[NOTICE_UNCOVERED], 1);
    assert_int_equal(f->notices[NOTICE_STOP_RESTORED], 0);
    f->answers[LEG_STOP] = ANSWER_ACCEPT;
    for (int i = 0; i < 4; i++) {
        fixture_tick(f, NS_PER_S / 2);
    }
    assert_int_equal(f->notices[NOTICE_STOP_RESTORED], 1);
    assert_int_equal(f->notices[NOTICE_UNCOVERED], 1);
    fixture_stop(f);
}

static void strangers_are_left_alone(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->foreign_order = (private_event_t){.kind = PRIVATE_ORDER,
                                         .order = {.client_id = "my-own",
                                                   .instrument = f->id,
                                                   .venue_order_id = 5,
                                                   .status = PRIVATE_STATUS_NEW,
                                                   .side = ORDER_BUY,
                                                   .position = POSITION_BOTH,
                                                   .type = ORDER_LIMIT}};
    f->position = D("1.5"); /* and a position of the user's own */
    const uint32_t cancels = f->cancels;
    fixture_command(f, COMMAND_RECONCILE, 0, 0, "0");
    for (int i = 0; i < 5; i++) {
        fixture_tick(f, 3 * NS_PER_S);
    }
    assert_int_equal(f->cancels, cancels);
    assert_null(fixture_last(f, LEG_CLOSE));
    assert_dec(fixture_last_record(f, RECORD_POSITION)->position.foreign, "1.5");
    fixture_stop(f);
}

static void cancel_turns_to_the_other_endpoint(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    fixture_last(f, LEG_ENTRY)->spec.type = ORDER_STOP_MARKET; /* the venue keeps it as a conditional order */
    fixture_command(f, COMMAND_CANCEL_ENTRY, 0, 0, "0");
    fixture_tick(f, NS_PER_S);
    assert_int_equal(f->cancels_other_endpoint, 1);
    assert_int_equal(fixture_open_count(f, LEG_ENTRY), 0);
    fixture_stop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_test_stop_passes_before_any_entry),
        cmocka_unit_test(a_refused_test_stop_lets_no_entry_out),
        cmocka_unit_test(a_fill_is_protected_at_once_and_the_target_closes_it),
        cmocka_unit_test(the_stop_leaves_before_anything_else),
        cmocka_unit_test(a_symbol_rests_after_a_losing_stop),
        cmocka_unit_test(an_entry_that_waits_too_long_goes_but_its_part_stays_protected),
        cmocka_unit_test(an_unfilled_entry_ends_as_not_filled),
        cmocka_unit_test(the_ladder_fires_once_at_80_percent),
        cmocka_unit_test(a_close_under_way_is_waited_for),
        cmocka_unit_test(a_stop_that_would_trigger_at_once_becomes_an_exit),
        cmocka_unit_test(a_vanished_stop_comes_back),
        cmocka_unit_test(a_stop_that_cannot_be_restored_within_5_seconds_is_an_exit),
        cmocka_unit_test(a_stop_stuck_in_triggering_covers_nothing_after_2_seconds),
        cmocka_unit_test(the_same_fill_counts_once),
        cmocka_unit_test(an_outside_close_ends_the_trade_and_sweeps_its_orders),
        cmocka_unit_test(price_quality_and_concurrency_have_names),
        cmocka_unit_test(a_signal_delivered_twice_is_decided_once),
        cmocka_unit_test(kill_levels_are_graded),
        cmocka_unit_test(a_moved_stop_is_replaced_never_missing),
        cmocka_unit_test(an_alarm_is_for_cover_that_stays_away),
        cmocka_unit_test(strangers_are_left_alone),
        cmocka_unit_test(cancel_turns_to_the_other_endpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
