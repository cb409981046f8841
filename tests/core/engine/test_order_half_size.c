/* test_order_half_size.c: for how much stops and targets are asked for, and how often, when quantities come and go in pieces and
 * when the exchange's rules change under them.
 * shows: ORD-2, ORD-3, ORD-4, ORD-6, I4, I5, I13, I17, I19
 */
#include "half_fixture.h"

enum { PIECES = 66, PLACED_A_TRADE_MAX = 6 };

static placed_t *open_long(fixture_t *f)
{
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    placed_t *entry = fixture_last(f, LEG_ENTRY);
    assert_non_null(entry);
    assert_dec(entry->spec.quantity, "6.6");
    return entry;
}

/* What the exchange would close if the market came to the stop: reduce-only, so never more than there is. */
static void assert_covered(const fixture_t *f)
{
    dec_t covered = DEC_ZERO;
    for (uint32_t i = 0; i < f->placed_count; i++) {
        const placed_t *one = &f->placed[i];
        if (one->open && one->spec.leg == LEG_STOP) {
            assert_int_not_equal(one->spec.reduce, REDUCE_NO);
            covered =
                dec_plus(covered, one->spec.reduce == CLOSE_POSITION ? f->position : dec_minus(one->spec.quantity, one->filled));
        }
    }
    assert_true(dec_ge(covered, f->position));
}

static uint32_t placed_of(const fixture_t *f, leg_t leg)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < f->placed_count; i++) {
        count += f->placed[i].spec.leg == leg ? 1 : 0;
    }
    return count;
}

/* 66 pieces in and 66 out: one stop and one target from the first piece to the last, all of it covered at every moment. */
static void an_entry_in_pieces_has_one_stop(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    placed_t *entry = open_long(f);
    for (int i = 0; i < PIECES; i++) {
        fixture_fill(f, entry, "0.1", "100");
        assert_covered(f);
        fixture_tick(f, NS_PER_S);
        assert_covered(f);
    }
    assert_false(entry->open);
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "6.6");
    fixture_tick(f, 5 * NS_PER_S);
    assert_int_equal(placed_of(f, LEG_STOP), 1);
    assert_int_equal(placed_of(f, LEG_TARGET), 1);
    uncovered_view_t uncovered;
    order_half_uncovered(f->half, &uncovered);
    assert_int_equal(uncovered.episodes, 1); /* the first piece, until the stop stood; none after it */

    placed_t *target = fixture_last(f, LEG_TARGET);
    for (int i = 0; i < PIECES; i++) {
        fixture_fill(f, target, "0.1", "115");
        assert_covered(f);
    }
    fixture_tick(f, NS_PER_S);
    assert_int_equal(order_half_trade_count(f->half), 0);
    assert_int_equal(fixture_open_count(f, LEG_STOP), 0);
    assert_true(f->placed_count <= PLACED_A_TRADE_MAX);
    fixture_stop(f);
}

/* A part of the entry, then its end: the stop for all of it comes down to what is held, the new one before the old one goes. */
static void the_stop_comes_down_when_the_entry_is_over(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    placed_t *entry = open_long(f);
    fixture_fill(f, entry, "2", "100");
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "6.6");
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    fixture_command(f, COMMAND_CANCEL_ENTRY, view.id, 0, "0");
    assert_false(entry->open);
    f->cancel_answer = ANSWER_NOTHING;
    fixture_tick(f, 3 * NS_PER_S);
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "2");
    assert_int_equal(fixture_open_count(f, LEG_STOP), 2); /* both: the cancel of the old one has not been answered */
    assert_covered(f);
    assert_int_equal(placed_of(f, LEG_STOP), 2);
    assert_int_equal(placed_of(f, LEG_TARGET), 2);
    fixture_stop(f);
}

/* The larger stop fires while the entry still fills: what it sold is told before the entry's last piece. The position is flat then,
 * and nothing of it is left to sell once more. */
static void a_stop_for_all_of_it_may_fire_before_the_last_piece_is_told(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    placed_t *entry = open_long(f);
    fixture_fill(f, entry, "2", "100");
    placed_t *stop = fixture_last(f, LEG_STOP);
    entry->filled = D("3");
    private_event_t late = fixture_fill_event(f, entry, f->next_trade_id++, "1", "97.2"); /* the exchange made it first */
    f->position = D("3");
    fixture_fill(f, stop, "3", "97");
    entry->open = false;
    fixture_private(f, &late);
    const private_event_t over = fixture_order_event(f, entry, PRIVATE_STATUS_CANCELLED);
    fixture_private(f, &over);
    stop->open = false;
    const private_event_t expired = fixture_order_event(f, stop, PRIVATE_STATUS_EXPIRED);
    fixture_private(f, &expired);
    fixture_tick(f, NS_PER_S);
    fixture_tick(f, NS_PER_S);
    assert_null(fixture_last(f, LEG_CLOSE));
    assert_int_equal(placed_of(f, LEG_STOP), 1);
    assert_int_equal(order_half_trade_count(f->half), 0);
    fixture_stop(f);
}

/* A venue that takes no stop for more than is held: from then on each piece has its own, at once. */
static void a_venue_that_refuses_the_larger_one_gets_exact_ones(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    placed_t *entry = open_long(f);
    f->answers[LEG_STOP] = f->answers[LEG_TARGET] = ANSWER_REJECT;
    f->reject = REJECT_REDUCE_ONLY;
    fixture_fill(f, entry, "2", "100");
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "6.6");
    f->answers[LEG_STOP] = f->answers[LEG_TARGET] = ANSWER_ACCEPT;
    fixture_tick(f, NS_PER_S / 4);
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "2");
    assert_covered(f);
    fixture_fill(f, entry, "1", "100");
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "3");
    assert_covered(f);
    fixture_stop(f);
}

/* The user holds under the same key: a stop for more than ours would sell what is his. */
static void beside_others_the_stop_is_as_large_as_the_position(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    placed_t *entry = open_long(f);
    placed_t user = {
        .venue_id = 77,
        .spec = {.instrument = f->id, .side = ORDER_BUY, .position = POSITION_BOTH, .type = ORDER_MARKET, .quantity = D("1")}};
    strcpy(user.spec.client_id.text, "web_abc");
    const private_event_t his = fixture_fill_event(f, &user, 900, "1", "100");
    fixture_private(f, &his);
    f->position = D("1");
    fixture_fill(f, entry, "2", "100");
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "2");
    fixture_fill(f, entry, "1", "100");
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "3");
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    fixture_stop(f);
}

/* He comes while the larger one stands: it is brought down at once. */
static void the_stop_comes_down_when_others_come(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    placed_t *entry = open_long(f);
    fixture_fill(f, entry, "2", "100");
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "6.6");
    placed_t user = {
        .venue_id = 77,
        .spec = {.instrument = f->id, .side = ORDER_BUY, .position = POSITION_BOTH, .type = ORDER_MARKET, .quantity = D("1")}};
    strcpy(user.spec.client_id.text, "web_abc");
    const private_event_t his = fixture_fill_event(f, &user, 900, "1", "100");
    fixture_private(f, &his);
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "2");
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    fixture_stop(f);
}

/* The process dies with the larger stop at the exchange, again and again: the fold knows it, none is placed beside it. */
static void a_restart_keeps_the_larger_stop(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    placed_t *entry = open_long(f);
    fixture_fill(f, entry, "2", "100");
    for (int i = 0; i < 3; i++) {
        fixture_crash(f, UINT32_MAX);
        fixture_price(f, "100");
        fixture_tick(f, NS_PER_S);
        fixture_fill(f, entry, "0.5", "100");
        assert_covered(f);
    }
    assert_int_equal(placed_of(f, LEG_STOP), 1);
    assert_int_equal(placed_of(f, LEG_TARGET), 1);
    fixture_stop(f);
}

/* --- hedge mode ------------------------------------------------------------------------------- */

static fixture_t *start_hedged(void)
{
    risk_config_t risk = test_risk_settings();
    risk.position_mode = POSITION_MODE_HEDGE;
    fixture_t *f = fixture_start_with(&risk);
    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    assert_true(order_half_reconciled(f->half));
    return f;
}

/* One stop and one target for all pieces, as in one-way mode, and a quantity for them once it rests. */
static void a_hedged_entry_in_pieces_has_one_stop(void **state)
{
    (void)state;
    fixture_t *f = start_hedged();
    placed_t *entry = open_long(f);
    assert_int_equal(entry->spec.position, POSITION_LONG);
    for (int i = 0; i < PIECES - 1; i++) {
        fixture_fill(f, entry, "0.1", "100");
        assert_covered(f);
        fixture_tick(f, NS_PER_S);
        assert_covered(f);
    }
    assert_int_equal(placed_of(f, LEG_STOP), 1);
    assert_int_equal(placed_of(f, LEG_TARGET), 1);
    assert_int_equal(fixture_last(f, LEG_STOP)->spec.reduce, CLOSE_POSITION);
    assert_int_equal(fixture_last(f, LEG_STOP)->spec.position, POSITION_LONG);
    fixture_fill(f, entry, "0.1", "100");
    assert_int_equal(placed_of(f, LEG_STOP), 1);
    fixture_tick(f, 3 * NS_PER_S);
    assert_covered(f);
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "6.6");
    assert_dec(fixture_last(f, LEG_TARGET)->spec.quantity, "6.6");
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    fixture_tick(f, 30 * NS_PER_S);
    assert_int_equal(placed_of(f, LEG_STOP), 2); /* and it stays */
    uncovered_view_t uncovered;
    order_half_uncovered(f->half, &uncovered);
    assert_int_equal(uncovered.episodes, 1);
    fixture_stop(f);
}

/* The user buys under the same key meanwhile: his part is not ours to close. */
static void a_hedged_stop_names_its_quantity_when_others_come(void **state)
{
    (void)state;
    fixture_t *f = start_hedged();
    placed_t *entry = open_long(f);
    fixture_fill(f, entry, "2", "100");
    assert_int_equal(fixture_last(f, LEG_STOP)->spec.reduce, CLOSE_POSITION);
    placed_t user = {
        .venue_id = 77,
        .spec = {.instrument = f->id, .side = ORDER_BUY, .position = POSITION_LONG, .type = ORDER_MARKET, .quantity = D("1")}};
    strcpy(user.spec.client_id.text, "web_abc");
    const private_event_t his = fixture_fill_event(f, &user, 900, "1", "100");
    fixture_private(f, &his);
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "2");
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    fixture_fill(f, entry, "1", "100");
    assert_dec(fixture_last(f, LEG_STOP)->spec.quantity, "3");
    fixture_stop(f);
}

/* --- rules that change ------------------------------------------------------------------------ */

static void new_rules(fixture_t *f, const char *step, const char *tick)
{
    f->rules.lot_step = f->rules.market_step = f->rules.quantity_min = f->rules.market_quantity_min = D(step);
    f->rules.tick_size = D(tick);
    order_input_t input = {.kind = ORDER_INPUT_RULES, .rules = f->rules};
    fixture_step(f, &input);
}

/* A quantity off the new step would be refused when the stop fires: the form without a quantity covers it whole. */
static void a_coarser_step_is_covered_by_the_form_without_a_quantity(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    placed_t *entry = open_long(f);
    fixture_fill(f, entry, "6.6", "100");
    new_rules(f, "5", "0.1");
    fixture_tick(f, NS_PER_S);
    const placed_t *stop = fixture_last(f, LEG_STOP);
    assert_int_equal(stop->spec.reduce, CLOSE_POSITION);
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    assert_covered(f);
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    assert_dec(view.covered, "6.6");
    const uint32_t placed = f->placed_count;
    fixture_tick(f, NS_PER_MIN);
    assert_int_equal(f->placed_count, placed);

    fixture_command(f, COMMAND_CLOSE_TRADE, view.id, 0, "0"); /* and what the step reaches can be closed */
    assert_dec(fixture_last(f, LEG_CLOSE)->spec.quantity, "5");
    fixture_stop(f);
}

/* A level between two new ticks is asked for on the nearer one. */
static void a_coarser_tick_moves_a_new_stop_nearer(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    placed_t *entry = open_long(f);
    new_rules(f, "0.1", "2");
    fixture_fill(f, entry, "6.6", "100");
    assert_dec(fixture_last(f, LEG_STOP)->spec.trigger, "98");
    assert_dec(fixture_last(f, LEG_TARGET)->spec.trigger, "114");
    fixture_tick(f, NS_PER_MIN);
    assert_int_equal(placed_of(f, LEG_STOP), 1);
    fixture_stop(f);
}

/* Neither stop nor close is taken: said once, tried at pauses that double up to half a minute, a person called; new rules are tried
 * at once. */
static void what_can_neither_be_protected_nor_left_is_tried_ever_more_rarely(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    placed_t *entry = open_long(f);
    f->answers[LEG_STOP] = f->answers[LEG_TARGET] = f->answers[LEG_CLOSE] = ANSWER_REJECT;
    f->reject = REJECT_FILTER;
    fixture_fill(f, entry, "6.6", "100");
    const uint32_t before = f->placed_count;
    for (int i = 0; i < 4 * 600; i++) { /* ten minutes */
        fixture_tick(f, NS_PER_S / 4);
    }
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    assert_int_equal(view.exit, EXIT_STOP_REFUSED);
    assert_int_equal(view.state, TRADE_ERROR);
    assert_int_equal(f->notices[NOTICE_STOP_REFUSED], 1);
    assert_int_equal(f->notices[NOTICE_UNCOVERED], 1);
    assert_int_equal(f->notices[NOTICE_TRADE_ERROR], 1);
    assert_int_equal(f->notices[NOTICE_EXIT_BEGUN], 1);
    const uint32_t tries = f->placed_count - before;
    assert_true(tries > 20 && tries < 80);

    f->answers[LEG_STOP] = f->answers[LEG_CLOSE] = ANSWER_ACCEPT;
    const uint32_t stops = placed_of(f, LEG_STOP);
    new_rules(f, "0.2", "0.1");
    assert_int_equal(placed_of(f, LEG_STOP), stops + 1);
    assert_covered(f);
    fixture_stop(f);
}

/* An older stop stands for all of it and only the price is not as wanted: nobody is less safe, so there is no haste. */
static void a_stop_that_cannot_be_moved_is_tried_rarely(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    placed_t *entry = open_long(f);
    fixture_fill(f, entry, "6.6", "100");
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    char first_stop[CLIENT_ID_MAX];
    strcpy(first_stop, fixture_last(f, LEG_STOP)->spec.client_id.text);
    f->answers[LEG_STOP] = ANSWER_NEVER_SENT;
    fixture_command(f, COMMAND_MOVE_STOP, view.id, 0, "98");
    const uint32_t stops = placed_of(f, LEG_STOP);
    for (int i = 0; i < 4 * 3600; i++) { /* an hour */
        fixture_tick(f, NS_PER_S / 4);
    }
    assert_true(placed_of(f, LEG_STOP) - stops < 20);
    assert_int_equal(f->notices[NOTICE_STOP_REFUSED], 1);
    assert_covered(f);
    placed_t *older = fixture_find(f, first_stop); /* now the older one goes: the haste is back */
    older->open = false;
    const private_event_t gone = fixture_order_event(f, older, PRIVATE_STATUS_EXPIRED);
    f->answers[LEG_STOP] = ANSWER_ACCEPT;
    fixture_private(f, &gone);
    fixture_tick(f, NS_PER_S / 4);
    assert_covered(f);
    fixture_stop(f);
}

/* Stuck between trigger and order, and no cancel takes it away (fault 70): another stands beside it within 2 s; the cancels go on
 * at pauses that double, and end when it can go. */
static void a_stuck_stop_that_cannot_be_cancelled_has_another_beside_it(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    placed_t *entry = open_long(f);
    fixture_fill(f, entry, "6.6", "100");
    placed_t *held = fixture_last(f, LEG_STOP);
    const private_event_t stuck = fixture_order_event(f, held, PRIVATE_STATUS_TRIGGERING);
    fixture_private(f, &stuck);
    f->cancel_answer = ANSWER_REJECT;
    f->reject = REJECT_UNKNOWN_ORDER;
    const uint32_t before = f->cancels;
    for (int i = 0; i < 4 * 600; i++) { /* ten minutes */
        fixture_tick(f, NS_PER_S / 4);
    }
    assert_int_equal(placed_of(f, LEG_STOP), 2);
    assert_int_equal(fixture_open_count(f, LEG_STOP), 2);
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    assert_dec(view.covered, "6.6");
    assert_int_equal(view.exit, EXIT_NONE);
    assert_true(f->cancels - before > 5 && f->cancels - before < 40);
    f->cancel_answer = ANSWER_ACCEPT;
    for (int i = 0; i < 4 * 60; i++) {
        fixture_tick(f, NS_PER_S / 4);
    }
    assert_false(held->open);
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    fixture_stop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_in_pieces_has_one_stop),
        cmocka_unit_test(the_stop_comes_down_when_the_entry_is_over),
        cmocka_unit_test(a_stop_for_all_of_it_may_fire_before_the_last_piece_is_told),
        cmocka_unit_test(a_venue_that_refuses_the_larger_one_gets_exact_ones),
        cmocka_unit_test(beside_others_the_stop_is_as_large_as_the_position),
        cmocka_unit_test(the_stop_comes_down_when_others_come),
        cmocka_unit_test(a_restart_keeps_the_larger_stop),
        cmocka_unit_test(a_hedged_entry_in_pieces_has_one_stop),
        cmocka_unit_test(a_hedged_stop_names_its_quantity_when_others_come),
        cmocka_unit_test(a_coarser_step_is_covered_by_the_form_without_a_quantity),
        cmocka_unit_test(a_coarser_tick_moves_a_new_stop_nearer),
        cmocka_unit_test(what_can_neither_be_protected_nor_left_is_tried_ever_more_rarely),
        cmocka_unit_test(a_stop_that_cannot_be_moved_is_tried_rarely),
        cmocka_unit_test(a_stuck_stop_that_cannot_be_cancelled_has_another_beside_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
