/* test_order_half_unknown.c: lost replies, silence, denial: UNKNOWN is a state and leaves on evidence only.
 * shows: ORD-1, ORD-7, ORD-11, I2, I3, I4, I8, I9, I12, RSK-2, RSK-8
 */
#include "half_fixture.h"

static void open_long(fixture_t *f)
{
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    assert_non_null(fixture_last(f, LEG_ENTRY));
}

static order_state_t state_of(const fixture_t *f, const placed_t *placed)
{
    order_view_t view;
    for (uint32_t i = 0; order_half_order(f->half, i, &view); i++) {
        if (strcmp(view.spec.client_id.text, placed->spec.client_id.text) == 0) {
            return view.state;
        }
    }
    return ORDER_STATE_COUNT;
}

static void a_lost_reply_is_asked_for_and_never_sent_again(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->answers[LEG_ENTRY] = ANSWER_LOSE; /* accepted there, the answer is lost */
    open_long(f);
    fixture_tick(f, NS_PER_S);
    assert_true(f->queries > 0);
    assert_int_equal(state_of(f, fixture_last(f, LEG_ENTRY)), ORDER_NEW);
    uint32_t entries = 0;
    for (uint32_t i = 0; i < f->placed_count; i++) {
        entries += f->placed[i].spec.leg == LEG_ENTRY ? 1 : 0;
    }
    assert_int_equal(entries, 1);
    fixture_stop(f);
}

static void not_found_is_no_evidence_for_an_hour(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->answers[LEG_ENTRY] = ANSWER_LOSE;
    f->queries_find_nothing = true;
    open_long(f);
    placed_t *entry = fixture_last(f, LEG_ENTRY);
    entry->open = false; /* not in the lists either */
    for (int i = 0; i < 118; i++) {
        fixture_price(f, "100");
        fixture_tick(f, 30 * NS_PER_S);
        assert_int_equal(state_of(f, entry), ORDER_UNKNOWN);
    }
    for (int i = 0; i < 8; i++) {
        fixture_tick(f, 30 * NS_PER_S);
    }
    const order_record_t *last = NULL;
    for (uint32_t i = 0; i < f->record_count; i++) {
        if (f->records[i].kind == RECORD_ORDER && f->records[i].order.event == ORDER_EVENT_PROVE_DEAD) {
            last = &f->records[i];
        }
    }
    assert_non_null(last);
    assert_int_equal(last->order.evidence, EVIDENCE_QUERY);
    assert_int_equal(order_half_trade_count(f->half), 0);
    fixture_stop(f);
}

static void a_failed_query_proves_nothing(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->answers[LEG_ENTRY] = ANSWER_LOSE;
    f->queries_fail = true;
    open_long(f);
    placed_t *entry = fixture_last(f, LEG_ENTRY);
    entry->open = false;
    f->deaf_snapshot = true;
    for (int i = 0; i < 300; i++) {
        fixture_tick(f, 30 * NS_PER_S);
    }
    assert_int_equal(state_of(f, entry), ORDER_UNKNOWN);
    fixture_stop(f);
}

static void a_fill_ends_every_doubt(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->answers[LEG_ENTRY] = ANSWER_LOSE;
    f->queries_fail = true;
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    assert_int_equal(state_of(f, fixture_last(f, LEG_ENTRY)), ORDER_FILLED);
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    fixture_stop(f);
}

static void a_lost_stop_gets_another_beside_it_after_a_second(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    f->answers[LEG_STOP] = ANSWER_LOSE;
    f->queries_fail = true;
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    f->answers[LEG_STOP] = ANSWER_ACCEPT;
    fixture_tick(f, NS_PER_S - 1);
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    fixture_tick(f, 1);
    uncovered_view_t uncovered;
    order_half_uncovered(f->half, &uncovered);
    assert_true(uncovered.longest_ns <= 2 * NS_PER_S);
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    assert_dec(view.covered, "6.6");
    fixture_stop(f);
}

static void unknown_orders_count_as_live(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->risk.multiple_orders = MULTIPLE_ORDERS_REFUSE;
    order_input_t input = {.kind = ORDER_INPUT_RISK, .risk = f->risk};
    fixture_step(f, &input);
    f->answers[LEG_ENTRY] = ANSWER_LOSE;
    f->queries_fail = true;
    open_long(f);
    const signal_t signal = fixture_signal(f, SIDE_LONG, "99", "97", "115");
    fixture_send_signal(f, &signal);
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_POSITION_OPEN);
    fixture_stop(f);
}

static void nothing_enters_before_the_books_are_compared(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->deaf_snapshot = true;
    fixture_crash(f, UINT32_MAX);
    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    assert_false(order_half_reconciled(f->half));
    signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_NOT_RECONCILED);
    f->deaf_snapshot = false;
    for (int i = 0; i < 4; i++) {
        fixture_tick(f, NS_PER_S);
    }
    assert_true(order_half_reconciled(f->half));
    fixture_stop(f);
}

/* Where time stands, what was not known at the first look is known at the second: nobody has to wait. */
static void while_time_stands_the_comparison_goes_on(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    order_input_t standstill = {.kind = ORDER_INPUT_STANDSTILL};
    f->wallet = D("1001"); /* nobody knows why */
    fixture_crash(f, UINT32_MAX);
    const int64_t began_ns = f->now_ns;
    for (int i = 0; i < 20 && !order_half_reconciled(f->half); i++) {
        fixture_step(f, &standstill);
    }
    assert_true(order_half_reconciled(f->half));
    assert_int_equal(f->now_ns, began_ns);
    assert_dec(fixture_last_record(f, RECORD_ADJUSTMENT)->adjustment.difference, "1");
    f->deaf_snapshot = true; /* who does not answer is given the time to recover, also then */
    fixture_crash(f, UINT32_MAX);
    for (int i = 0; i < 20; i++) {
        fixture_step(f, &standstill);
    }
    assert_false(order_half_reconciled(f->half));
    fixture_stop(f);
}

/* A signer died with the stop in its hands, and the venue denies it. Where time stands the second stop need not wait, and the exit
 * for want of one never comes; where time runs it waits, for the first may still be on its way. */
static void at_a_standstill_a_denied_stop_gets_a_second_at_once(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    order_input_t standstill = {.kind = ORDER_INPUT_STANDSTILL}, time = {.kind = ORDER_INPUT_TIME};
    open_long(f);
    f->answers[LEG_STOP] = ANSWER_LOSE;
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    placed_t *lost = fixture_last(f, LEG_STOP);
    assert_non_null(lost);
    lost->open = false;
    f->queries_find_nothing = f->signer_restarted = true;
    f->answers[LEG_STOP] = ANSWER_ACCEPT;
    const int64_t began_ns = f->now_ns;
    fixture_step(f, &standstill);
    assert_ptr_equal(fixture_last(f, LEG_STOP), lost); /* nobody has asked for it yet */
    assert_false(order_half_doubts_stop(f->half));
    const private_event_t gap = {.kind = PRIVATE_GAP, .time_ns = f->now_ns};
    fixture_private(f, &gap);
    for (int i = 0; i < 20 && !order_half_reconciled(f->half); i++) {
        fixture_step(f, &standstill);
    }
    assert_true(order_half_reconciled(f->half) && f->now_ns == began_ns);
    if (fixture_last(f, LEG_STOP) == lost) {
        assert_true(order_half_doubts_stop(f->half));
        fixture_step(f, &time);
        assert_ptr_equal(fixture_last(f, LEG_STOP), lost);
        fixture_step(f, &standstill);
    }
    assert_ptr_not_equal(fixture_last(f, LEG_STOP), lost);
    trade_view_t view;
    assert_true(fixture_trade(f, &view) && view.uncovered_since_ns == 0);
    fixture_tick(f, 900 * NS_PER_S); /* the next moment */
    assert_null(fixture_last(f, LEG_CLOSE));
    fixture_stop(f);
}

/* How many records there are when the close has been handed over. */
static uint32_t close_handed_over(fixture_t *f)
{
    trade_view_t view;
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    assert_true(fixture_trade(f, &view));
    fixture_command(f, COMMAND_CLOSE_TRADE, view.id, 0, "0");
    for (uint32_t i = f->record_count; i > 0; i--) {
        const order_record_t *record = &f->records[i - 1];
        if (record->kind == RECORD_ORDER && record->order.event == ORDER_EVENT_SEND) {
            return i;
        }
    }
    return 0;
}

static void a_close_that_a_dead_process_left_behind_follows_at_once(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    const uint32_t handed_over = close_handed_over(f);
    fixture_stop(f);
    f = fixture_start();
    f->crash_at = handed_over;
    const int64_t died_ns = f->now_ns;
    (void)close_handed_over(f); /* it never left; the next process is on its feet at once */
    assert_true(f->crash_at == 0 && f->record_count > handed_over);
    assert_non_null(fixture_last(f, LEG_CLOSE));
    assert_int_equal(f->now_ns, died_ns);
    fixture_stop(f);
}

static void an_epoch_never_goes_back(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    order_half_t *old = order_half_init(fixture_memory());
    for (uint32_t i = 0; i < f->record_count; i++) {
        assert_int_equal(order_half_restore(old, &f->records[i]), RESULT_OK);
    }
    assert_int_equal(order_half_resume(old, f->epoch, f->now_ns, "test", f->output), RESULT_BAD_ARGUMENT);
    free(old);
    fixture_stop(f);
}

static void a_damaged_journal_is_refused_by_the_fold(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    order_half_t *other = order_half_init(fixture_memory());
    assert_int_equal(order_half_restore(other, &f->records[1]), RESULT_GAP);
    assert_int_equal(order_half_restore(other, &f->records[0]), RESULT_OK);
    order_record_t twice = f->records[0];
    assert_int_equal(order_half_restore(other, &twice), RESULT_GAP);
    order_record_t wrong = f->records[1];
    wrong.kind = RECORD_FILL;
    assert_int_equal(order_half_restore(other, &wrong), RESULT_BAD_STATE);
    free(other);
    fixture_stop(f);
}

static void a_fill_that_stands_twice_in_the_journal_is_refused_by_the_fold(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "2", "100");
    const order_record_t *fill = fixture_last_record(f, RECORD_FILL);
    assert_non_null(fill);
    order_half_t *other = order_half_init(fixture_memory());
    for (const order_record_t *record = f->records; record <= fill; record++) {
        assert_int_equal(order_half_restore(other, record), RESULT_OK);
    }
    order_record_t twice = *fill;
    twice.number++;
    assert_int_equal(order_half_restore(other, &twice), RESULT_BAD_STATE);
    free(other);
    fixture_stop(f);
}

/* The user's position and ours on one symbol: what the user sells is his own first. */
static void the_users_own_position_gives_way_first(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    placed_t user = {
        .venue_id = 77,
        .spec = {.instrument = f->id, .side = ORDER_BUY, .position = POSITION_BOTH, .type = ORDER_MARKET, .quantity = D("3")}};
    strcpy(user.spec.client_id.text, "web_abc");
    const private_event_t bought = fixture_fill_event(f, &user, 900, "3", "100");
    fixture_private(f, &bought);
    f->risk.concurrent_symbol_max = 5;
    order_input_t input = {.kind = ORDER_INPUT_RISK, .risk = f->risk};
    fixture_step(f, &input);
    /* leverage is not in force yet and may not be set while the user is exposed there */
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_LEVERAGE);
    user.spec.side = ORDER_SELL;
    const private_event_t sold = fixture_fill_event(f, &user, 901, "3", "100");
    fixture_private(f, &sold);
    const signal_t next = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &next);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    user.spec.side = ORDER_BUY;
    const private_event_t again = fixture_fill_event(f, &user, 902, "2", "100");
    fixture_private(f, &again);
    user.spec.side = ORDER_SELL;
    const private_event_t less = fixture_fill_event(f, &user, 903, "2", "100");
    fixture_private(f, &less);
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    assert_dec(view.position.quantity, "6.6");
    fixture_stop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_reply_is_asked_for_and_never_sent_again),
        cmocka_unit_test(not_found_is_no_evidence_for_an_hour),
        cmocka_unit_test(a_failed_query_proves_nothing),
        cmocka_unit_test(a_fill_ends_every_doubt),
        cmocka_unit_test(a_lost_stop_gets_another_beside_it_after_a_second),
        cmocka_unit_test(unknown_orders_count_as_live),
        cmocka_unit_test(nothing_enters_before_the_books_are_compared),
        cmocka_unit_test(while_time_stands_the_comparison_goes_on),
        cmocka_unit_test(at_a_standstill_a_denied_stop_gets_a_second_at_once),
        cmocka_unit_test(a_close_that_a_dead_process_left_behind_follows_at_once),
        cmocka_unit_test(an_epoch_never_goes_back),
        cmocka_unit_test(a_damaged_journal_is_refused_by_the_fold),
        cmocka_unit_test(a_fill_that_stands_twice_in_the_journal_is_refused_by_the_fold),
        cmocka_unit_test(the_users_own_position_gives_way_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
