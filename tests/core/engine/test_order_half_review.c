/* test_order_half_review.c: what must not happen when facts come in an unlucky order: a cut of the stream while a comparison runs,
 * a fill that is told before its order is known, an entry that waits behind a closed door.
 * shows: ORD-3, ORD-4, ORD-7, ORD-16, I3, I4, I7, I8, I18
 */
#include "half_fixture.h"

static void open_long(fixture_t *f)
{
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    assert_non_null(fixture_last(f, LEG_ENTRY));
}

static void cut(fixture_t *f)
{
    const private_event_t gap = {.kind = PRIVATE_GAP, .time_ns = f->now_ns};
    fixture_private(f, &gap);
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

/* The venue fills it; nothing of that reaches us unless we ask. */
static void fill_unheard(fixture_t *f, placed_t *placed, const char *quantity, const char *price)
{
    private_event_t event = fixture_fill_event(f, placed, f->next_trade_id++, quantity, price);
    event.fill.order.status = VENUE_STATUS_NONE;
    event.fill.order.client_id[0] = '\0';
    event.fill.order.filled_known = false;
    f->history[f->history_count++] = event;
    placed->filled = dec_plus(placed->filled, D(quantity));
    placed->open = placed->open && dec_lt(placed->filled, placed->spec.quantity);
    f->position = dec_plus(f->position, placed->spec.side == ORDER_BUY ? D(quantity) : dec_neg(D(quantity)));
}

static void a_cut_during_a_comparison_is_looked_at_again(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    cut(f); /* the comparison has read the lists, with the stop in them */
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    fixture_last(f, LEG_STOP)->open = false; /* now the venue takes it away, and the stream does not say so */
    cut(f);
    for (int i = 0; i < 12; i++) {
        fixture_tick(f, NS_PER_S / 2);
    }
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    fixture_stop(f);
}

static void no_entry_begins_after_a_cut_before_the_comparison_has_ended(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->deaf_snapshot = true;
    cut(f);
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    assert_null(fixture_last(f, LEG_ENTRY));
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_NOT_RECONCILED);
    f->deaf_snapshot = false;
    for (int i = 0; i < 40; i++) {
        fixture_tick(f, NS_PER_S);
    }
    open_long(f);
    fixture_stop(f);
}

/* The reply is lost, the stream is cut, the trade list names the venue's number, which we do not know. */
static void a_fill_of_an_order_without_a_number_is_not_a_strangers(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->answers[LEG_ENTRY] = ANSWER_NOTHING;
    open_long(f);
    placed_t *entry = fixture_last(f, LEG_ENTRY);
    entry->open = true;
    f->queries_fail = true; /* no word of the order yet */
    fill_unheard(f, entry, "6.6", "100");
    fixture_private(f, &f->history[0]);
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    assert_dec(view.position.quantity, "0");
    f->queries_fail = false;
    for (int i = 0; i < 30; i++) {
        fixture_tick(f, NS_PER_S);
    }
    assert_true(fixture_trade(f, &view));
    assert_dec(view.position.quantity, "6.6");
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    fixture_stop(f);
}

/* Somebody's own trade is told by the list while orders of ours rest untouched: asked for once, it is a stranger's. */
static void a_strangers_fill_is_booked_once_ours_are_known_untouched(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    private_event_t event = {.kind = PRIVATE_FILL, .time_ns = f->now_ns};
    event.fill.order = (venue_order_t){.instrument = f->id, .venue_order_id = 77, .side = ORDER_SELL, .position = POSITION_BOTH};
    event.fill.fill = (venue_fill_t){.trade_id = 900, .price = D("100"), .quantity = D("1"), .time_ns = f->now_ns};
    f->history[f->history_count++] = event;
    f->position = dec_minus(f->position, D("1"));
    fixture_private(f, &event);
    for (int i = 0; i < 60; i++) {
        fixture_tick(f, NS_PER_S);
        if (i == 3) {
            cut(f);
        }
    }
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    assert_dec(view.position.quantity, "5.6");
    fixture_stop(f);
}

/* The first word of an entry is a trade of the stream: its number is known from there. */
static void a_fill_brings_the_number_of_its_order(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->answers[LEG_ENTRY] = ANSWER_NOTHING;
    open_long(f);
    placed_t *entry = fixture_last(f, LEG_ENTRY);
    entry->open = true;
    fixture_fill(f, entry, "2", "100");
    assert_int_equal(state_of(f, entry), ORDER_PARTIALLY_FILLED);
    order_view_t view;
    for (uint32_t i = 0; order_half_order(f->half, i, &view); i++) {
        if (view.spec.leg == LEG_ENTRY) {
            assert_int_equal(view.venue_order_id, entry->venue_id);
        }
    }
    fill_unheard(f, entry, "1", "100");
    fixture_private(f, &f->history[f->history_count - 1]); /* names the number only */
    trade_view_t trade;
    assert_true(fixture_trade(f, &trade));
    assert_dec(trade.position.quantity, "3");
    fixture_stop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_during_a_comparison_is_looked_at_again),
        cmocka_unit_test(no_entry_begins_after_a_cut_before_the_comparison_has_ended),
        cmocka_unit_test(a_fill_of_an_order_without_a_number_is_not_a_strangers),
        cmocka_unit_test(a_strangers_fill_is_booked_once_ours_are_known_untouched),
        cmocka_unit_test(a_fill_brings_the_number_of_its_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
