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
    event.fill.order.status = PRIVATE_STATUS_NONE;
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
    event.fill.order = (private_order_t){.instrument = f->id, .venue_order_id = 77, .side = ORDER_SELL, .position = POSITION_BOTH};
    event.fill.fill = (private_fill_t){.trade_id = 900, .price = D("100"), .quantity = D("1"), .time_ns = f->now_ns};
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

/* --- how far the books are known to agree ----------------------------------------------------- */

static void a_quiet_clean_comparison_moves_the_horizon(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    const int64_t first = fixture_last_record(f, RECORD_RECONCILE)->reconcile.asked_ns;
    for (int i = 0; i < 23; i++) {
        fixture_tick(f, NS_PER_MIN);
    }
    const order_record_t *last = fixture_last_record(f, RECORD_RECONCILE);
    assert_int_equal(last->reconcile.phase, RECONCILE_CLEAN);
    assert_true(last->reconcile.asked_ns >= first + 9 * NS_PER_MIN);
    assert_true(last->reconcile.asked_ns <= last->time_ns);
    fixture_stop(f);
}

/* The position is there, the trade list does not show it yet: frozen. When it does, the row counts, however late. */
static void a_row_that_comes_after_the_freeze_still_counts(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    private_event_t event = {.kind = PRIVATE_FILL, .time_ns = f->now_ns};
    event.fill.order = (private_order_t){.instrument = f->id, .venue_order_id = 77, .side = ORDER_SELL, .position = POSITION_BOTH};
    event.fill.fill = (private_fill_t){.trade_id = 900, .price = D("100"), .quantity = D("1"), .time_ns = f->now_ns};
    f->position = dec_minus(f->position, D("1"));
    cut(f);
    for (int i = 0; i < 90; i++) {
        fixture_tick(f, NS_PER_S);
    }
    assert_int_equal(f->notices[NOTICE_SYMBOL_FROZEN], 1);
    f->history[f->history_count++] = event;
    for (int i = 0; i < 700; i++) {
        fixture_tick(f, NS_PER_S);
    }
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    assert_dec(view.position.quantity, "5.6");
    assert_int_equal(f->notices[NOTICE_SYMBOL_RELEASED], 1);
    fixture_stop(f);
}

/* --- one entry, one place --------------------------------------------------------------------- */

static uint32_t entries_of(const fixture_t *f)
{
    uint32_t entries = 0;
    for (uint32_t i = 0; i < f->placed_count; i++) {
        entries += f->placed[i].spec.leg == LEG_ENTRY ? 1 : 0;
    }
    return entries;
}

static fixture_t *start_with_one_place(void)
{
    risk_config_t risk = test_risk_settings();
    risk.multiple_orders = MULTIPLE_ORDERS_REFUSE;
    risk.pending_entry = PENDING_ENTRY_REPLACE;
    fixture_t *f = fixture_start_with(&risk);
    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    return f;
}

/* The bar closes: the old entry is being cancelled when the new signal comes, and fills in the race. */
static void an_entry_that_fills_in_the_race_with_its_cancel_keeps_its_place(void **state)
{
    (void)state;
    fixture_t *f = start_with_one_place();
    open_long(f);
    placed_t *old = fixture_last(f, LEG_ENTRY);
    f->cancel_answer = ANSWER_NOTHING;
    f->now_ns = T0 + 4 * NS_PER_HOUR;
    fixture_price(f, "100");
    fixture_tick(f, 0);
    for (int i = 0; i < 4; i++) {
        fixture_tick(f, NS_PER_S);
    }
    assert_int_equal(state_of(f, old), ORDER_CANCEL_PENDING);
    const signal_t signal = fixture_signal(f, SIDE_LONG, "99", "97", "115");
    fixture_send_signal(f, &signal);
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_ACCEPTED);
    assert_int_equal(entries_of(f), 1); /* the new one waits */
    fixture_fill(f, old, "6.6", "100");
    fixture_tick(f, NS_PER_S);
    assert_int_equal(entries_of(f), 1);
    fixture_stop(f);
}

/* The cancel's reply says that a part was executed; its fill is still to come. The place is taken. */
static void an_ended_entry_with_fills_to_come_holds_its_place(void **state)
{
    (void)state;
    fixture_t *f = start_with_one_place();
    open_long(f);
    placed_t *old = fixture_last(f, LEG_ENTRY);
    f->queries_fail = true;
    private_event_t event = fixture_order_event(f, old, PRIVATE_STATUS_CANCELLED);
    event.order.filled = D("0.5");
    old->open = false;
    fixture_private(f, &event);
    assert_int_equal(state_of(f, old), ORDER_CANCELLED);
    const signal_t signal = fixture_signal(f, SIDE_LONG, "99", "97", "115");
    fixture_send_signal(f, &signal);
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_POSITION_OPEN);
    assert_int_equal(entries_of(f), 1);
    fixture_stop(f);
}

/* The same position, seen by the comparison before its fill: not a stranger's. */
static void a_position_whose_fill_is_to_come_is_not_a_strangers(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    placed_t *old = fixture_last(f, LEG_ENTRY);
    private_event_t event = fixture_order_event(f, old, PRIVATE_STATUS_CANCELLED);
    event.order.filled = D("0.5");
    old->open = false;
    f->position = D("0.5");
    fixture_private(f, &event);
    cut(f);
    for (int i = 0; i < 20; i++) {
        fixture_tick(f, NS_PER_S);
    }
    assert_null(fixture_last_record(f, RECORD_POSITION));
    fill_unheard(f, old, "0.5", "100");
    f->position = D("0.5");
    for (int i = 0; i < 60; i++) {
        fixture_tick(f, NS_PER_S);
    }
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
    fixture_stop(f);
}

/* --- from the door to the wire ---------------------------------------------------------------- */

static void an_entry_held_back_meets_the_market_again(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    cut(f); /* held by the blindness: the trade is opened before it */
    for (int i = 0; i < 10; i++) {
        fixture_tick(f, NS_PER_S);
    }
    f->answers[LEG_ENTRY] = ANSWER_NEVER_SENT;
    open_long(f);
    f->answers[LEG_ENTRY] = ANSWER_ACCEPT;
    const uint32_t before = entries_of(f);
    fixture_price(f, "96.9"); /* beyond the stop */
    fixture_tick(f, NS_PER_S);
    assert_int_equal(entries_of(f), before);
    assert_int_equal(fixture_last_record(f, RECORD_ENTRY_END)->exit.reason, EXIT_STOP_CROSSED);
    fixture_stop(f);
}

static void a_paused_half_sends_no_entry(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->answers[LEG_ENTRY] = ANSWER_NEVER_SENT;
    open_long(f);
    f->answers[LEG_ENTRY] = ANSWER_ACCEPT;
    const uint32_t before = entries_of(f);
    fixture_command(f, COMMAND_PAUSE, 0, 0, "0");
    fixture_tick(f, NS_PER_S);
    fixture_tick(f, NS_PER_S);
    assert_int_equal(entries_of(f), before);
    fixture_command(f, COMMAND_RESUME, 0, 0, "0");
    fixture_tick(f, NS_PER_S);
    assert_int_equal(entries_of(f), before + 1);
    fixture_stop(f);
}

/* The first signal of a session comes while the test stop rests, and the leverage is still to be set. */
static void the_test_stop_does_not_end_the_first_entry(void **state)
{
    (void)state;
    const risk_config_t risk = test_risk_settings();
    fixture_t *f = fixture_start_with(&risk);
    f->cancel_answer = ANSWER_NOTHING;
    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    assert_true(order_half_reconciled(f->half));
    assert_int_equal(fixture_open_count(f, LEG_CANARY), 1);
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    assert_int_equal(fixture_last_record(f, RECORD_SIGNAL)->signal.reason, DOOR_ACCEPTED);
    placed_t *canary = fixture_last(f, LEG_CANARY);
    canary->open = false;
    const private_event_t gone = fixture_order_event(f, canary, PRIVATE_STATUS_CANCELLED);
    fixture_private(f, &gone);
    fixture_tick(f, NS_PER_S);
    assert_int_equal(fixture_open_count(f, LEG_ENTRY), 1);
    fixture_stop(f);
}

/* --- names ------------------------------------------------------------------------------------ */

/* An id of our form that this journal has not made is a stranger's: it opens no trade, and moves no counter. */
static void an_id_of_our_form_from_elsewhere_is_not_adopted(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    private_event_t event = {.kind = PRIVATE_FILL, .time_ns = f->now_ns};
    event.fill.order = (private_order_t){.instrument = f->id,
                                         .venue_order_id = 77,
                                         .status = PRIVATE_STATUS_FILLED,
                                         .side = ORDER_BUY,
                                         .position = POSITION_BOTH,
                                         .quantity = D("1")};
    client_id_t id;
    client_id_make(&id, f->epoch, 1000000, LEG_ENTRY);
    strcpy(event.fill.order.client_id, id.text);
    event.fill.fill = (private_fill_t){.trade_id = 900, .price = D("100"), .quantity = D("1"), .time_ns = f->now_ns};
    fixture_private(f, &event);
    trade_view_t view;
    assert_false(fixture_trade(f, &view));
    assert_null(fixture_last(f, LEG_CLOSE));
    fixture_stop(f);
}

/* A market entry names no price: the request says by which price it was sized, so that the signer can measure it. */
static void a_market_entry_can_be_measured(void **state)
{
    (void)state;
    risk_config_t risk = test_risk_settings();
    risk.entry_type = ENTRY_MARKET;
    fixture_t *f = fixture_start_with(&risk);
    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    open_long(f);
    assert_dec(fixture_last(f, LEG_ENTRY)->spec.price, "0");
    assert_dec(fixture_last(f, LEG_ENTRY)->reference, "100.1");
    fixture_stop(f);
}

/* Stops that get no answer at all are not piled up; the time without cover decides. */
static void stops_without_an_answer_are_not_piled_up(void **state)
{
    (void)state;
    risk_config_t risk = test_risk_settings();
    risk.exit_uncovered_ns = 10 * NS_PER_S;
    fixture_t *f = fixture_start_with(&risk);
    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    open_long(f);
    f->answers[LEG_STOP] = ANSWER_NOTHING;
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    for (int i = 0; i < 36; i++) {
        fixture_tick(f, NS_PER_S / 4);
    }
    uint32_t stops = 0;
    for (uint32_t i = 0; i < f->placed_count; i++) {
        stops += f->placed[i].spec.leg == LEG_STOP ? 1 : 0;
    }
    assert_int_equal(stops, 3);
    for (int i = 0; i < 8; i++) {
        fixture_tick(f, NS_PER_S / 4);
    }
    assert_non_null(fixture_last(f, LEG_CLOSE));
    fixture_stop(f);
}

/* --- settings --------------------------------------------------------------------------------- */

/* The trade that asked is over when the answer comes: the next one does not wait for it for ever. */
static void an_answer_to_settings_counts_without_the_trade_that_asked(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->mute_settings = true;
    const signal_t first = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &first);
    assert_null(fixture_last(f, LEG_ENTRY));
    assert_true(f->settings_action != 0);
    fixture_command(f, COMMAND_CANCEL_ENTRY, 0, 0, "0");
    fixture_tick(f, NS_PER_S);
    f->mute_settings = false;
    order_input_t reply = {.kind = ORDER_INPUT_REPLY};
    reply.reply.action = f->settings_action;
    reply.reply.kind = REPLY_ACCEPTED;
    fixture_step(f, &reply);
    open_long(f);
    fixture_stop(f);
}

/* --- answers that come late, and stamps that cannot be ---------------------------------------- */

static void a_definite_no_counts_after_the_wait_for_it_has_ended(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    f->answers[LEG_ENTRY] = ANSWER_NOTHING;
    f->queries_fail = true;
    open_long(f);
    placed_t *entry = fixture_last(f, LEG_ENTRY);
    for (int i = 0; i < 16; i++) {
        fixture_tick(f, NS_PER_S);
    }
    assert_int_equal(state_of(f, entry), ORDER_UNKNOWN);
    order_input_t reply = {.kind = ORDER_INPUT_REPLY};
    reply.reply.action = entry->action;
    reply.reply.kind = REPLY_REJECTED;
    fixture_step(f, &reply);
    assert_int_equal(order_half_trade_count(f->half), 0);
    fixture_stop(f);
}

/* The stream has shown the order at the venue; then a refusal arrives as the reply to its placement (a limiter on the way said it).
 * What is proven stays: no second entry begins, the venue is asked, and its fill opens the trade it belongs to, with its stop. */
static void a_refusal_does_not_end_an_order_the_stream_has_shown(void **state)
{
    (void)state;
    static const bool filled_before[] = {false, true};
    for (size_t i = 0; i < sizeof filled_before / sizeof filled_before[0]; i++) {
        fixture_t *f = fixture_start();
        f->answers[LEG_ENTRY] = ANSWER_NOTHING;
        open_long(f);
        placed_t *entry = fixture_last(f, LEG_ENTRY);
        entry->open = true;
        const private_event_t alive = fixture_order_event(f, entry, PRIVATE_STATUS_NEW);
        fixture_private(f, &alive);
        if (filled_before[i]) {
            fixture_fill(f, entry, "1.6", "100");
        }
        const uint32_t queries = f->queries;
        order_input_t reply = {.kind = ORDER_INPUT_REPLY};
        reply.reply = (order_reply_t){.action = entry->action,
                                      .kind = REPLY_REJECTED,
                                      .reject = REJECT_BUSY,
                                      .code = -1000,
                                      .text = "429: too many requests"};
        fixture_step(f, &reply);
        fixture_tick(f, NS_PER_S);
        assert_int_equal(state_of(f, entry), filled_before[i] ? ORDER_PARTIALLY_FILLED : ORDER_NEW);
        assert_true(f->queries > queries);
        assert_int_equal(order_half_trade_count(f->half), 1);
        const uint32_t placed = fixture_open_count(f, LEG_ENTRY);
        const signal_t next = fixture_signal(f, SIDE_LONG, "100", "97", "115");
        fixture_send_signal(f, &next);
        assert_int_equal(fixture_open_count(f, LEG_ENTRY), placed);
        fixture_fill(f, entry, filled_before[i] ? "5" : "6.6", "100");
        trade_view_t view;
        assert_true(fixture_trade(f, &view));
        assert_int_equal(view.purpose, TRADE_PURPOSE_SIGNAL);
        assert_dec(view.position.quantity, "6.6");
        assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
        fixture_stop(f);
    }
}

/* A stop that stands is not given up, nor a second one placed beside it, because its reply says no. */
static void a_refusal_does_not_end_a_stop_the_stream_has_shown(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    f->answers[LEG_STOP] = ANSWER_NOTHING;
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    placed_t *stop = fixture_last(f, LEG_STOP);
    stop->open = true;
    const private_event_t alive = fixture_order_event(f, stop, PRIVATE_STATUS_NEW);
    fixture_private(f, &alive);
    order_input_t reply = {.kind = ORDER_INPUT_REPLY};
    reply.reply = (order_reply_t){.action = stop->action, .kind = REPLY_REJECTED, .reject = REJECT_WOULD_TRIGGER, .code = -2021};
    fixture_step(f, &reply);
    for (int i = 0; i < 8; i++) {
        fixture_tick(f, NS_PER_S / 4);
    }
    assert_int_equal(state_of(f, stop), ORDER_NEW);
    assert_null(fixture_last(f, LEG_CLOSE));
    assert_ptr_equal(fixture_last(f, LEG_STOP), stop);
    fixture_stop(f);
}

/* The test stop was seen alive: the venue can hold stops, whatever the reply says. */
static void a_refusal_of_a_test_stop_the_stream_has_shown_takes_no_capability(void **state)
{
    (void)state;
    const risk_config_t risk = test_risk_settings();
    fixture_t *f = fixture_start_with(&risk);
    f->answers[LEG_CANARY] = ANSWER_NOTHING;
    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    placed_t *canary = fixture_last(f, LEG_CANARY);
    assert_non_null(canary);
    canary->open = true;
    const private_event_t alive = fixture_order_event(f, canary, PRIVATE_STATUS_NEW);
    fixture_private(f, &alive);
    order_input_t reply = {.kind = ORDER_INPUT_REPLY};
    reply.reply = (order_reply_t){.action = canary->action, .kind = REPLY_REJECTED, .code = -1000};
    fixture_step(f, &reply);
    assert_int_equal(f->notices[NOTICE_CAPABILITY_LOST], 0);
    fixture_stop(f);
}

static void a_wallet_told_late_does_not_replace_a_newer_one(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    private_event_t money = {.kind = PRIVATE_BALANCE, .time_ns = f->now_ns, .balance = {.asset = "USDT", .wallet = D("1100")}};
    fixture_private(f, &money);
    money.time_ns = f->now_ns - NS_PER_S;
    money.balance.wallet = D("1000");
    fixture_private(f, &money);
    dec_t wallet = DEC_ZERO;
    assert_true(order_half_venue_wallet(f->half, "USDT", &wallet));
    assert_dec(wallet, "1100");
    money.time_ns = f->now_ns;
    money.balance.wallet = D("90000000000000000000");
    fixture_private(f, &money);
    assert_true(order_half_venue_wallet(f->half, "USDT", &wallet));
    assert_dec(wallet, "1100");
    fixture_stop(f);
}

/* Three times "come back later" within a second is no reason to leave at market. */
static void a_busy_venue_is_no_reason_to_leave_at_once(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    open_long(f);
    f->answers[LEG_STOP] = ANSWER_REJECT;
    f->reject = REJECT_BUSY;
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    for (int i = 0; i < 16; i++) {
        fixture_tick(f, NS_PER_S / 8);
    }
    assert_null(fixture_last(f, LEG_CLOSE));
    f->answers[LEG_STOP] = ANSWER_ACCEPT;
    for (int i = 0; i < 16; i++) {
        fixture_tick(f, NS_PER_S / 8);
    }
    assert_int_equal(fixture_open_count(f, LEG_STOP), 1);
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
        cmocka_unit_test(a_quiet_clean_comparison_moves_the_horizon),
        cmocka_unit_test(a_row_that_comes_after_the_freeze_still_counts),
        cmocka_unit_test(an_entry_that_fills_in_the_race_with_its_cancel_keeps_its_place),
        cmocka_unit_test(an_ended_entry_with_fills_to_come_holds_its_place),
        cmocka_unit_test(a_position_whose_fill_is_to_come_is_not_a_strangers),
        cmocka_unit_test(an_entry_held_back_meets_the_market_again),
        cmocka_unit_test(a_paused_half_sends_no_entry),
        cmocka_unit_test(the_test_stop_does_not_end_the_first_entry),
        cmocka_unit_test(an_id_of_our_form_from_elsewhere_is_not_adopted),
        cmocka_unit_test(a_market_entry_can_be_measured),
        cmocka_unit_test(stops_without_an_answer_are_not_piled_up),
        cmocka_unit_test(an_answer_to_settings_counts_without_the_trade_that_asked),
        cmocka_unit_test(a_definite_no_counts_after_the_wait_for_it_has_ended),
        cmocka_unit_test(a_refusal_does_not_end_an_order_the_stream_has_shown),
        cmocka_unit_test(a_refusal_does_not_end_a_stop_the_stream_has_shown),
        cmocka_unit_test(a_refusal_of_a_test_stop_the_stream_has_shown_takes_no_capability),
        cmocka_unit_test(a_wallet_told_late_does_not_replace_a_newer_one),
        cmocka_unit_test(a_busy_venue_is_no_reason_to_leave_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
