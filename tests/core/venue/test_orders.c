/* test_orders.c: placing, matching, amending and cancelling, with the exchange's own codes for what is refused.
 * shows: VEN-3, MKT-5, I1, I2 */
#include "venue_fixture.h"

/* Two accounts, no street: everything that trades is theirs. A first trade at 50,000 makes the mark. */
typedef struct {
    fixture_t *fixture;
    venue_account_t maker, taker;
} pair_t;

static pair_t pair_new(void)
{
    pair_t pair = {.fixture = fixture_new()};
    pair.maker = fixture_account(pair.fixture, "1000000");
    pair.taker = fixture_account(pair.fixture, "1000000");
    venue_place_t sell = limit_order(pair.fixture, pair.maker, VENUE_SELL, "0.001", "50000");
    venue_place_t buy = limit_order(pair.fixture, pair.taker, VENUE_BUY, "0.001", "50000");
    (void)must_place(pair.fixture, &sell);
    (void)must_place(pair.fixture, &buy);
    sell.side = VENUE_BUY;
    buy.side = VENUE_SELL;
    (void)must_place(pair.fixture, &sell);
    (void)must_place(pair.fixture, &buy);
    return pair;
}

static uint64_t rest(pair_t *pair, venue_side_t side, const char *quantity, const char *price)
{
    venue_place_t place = limit_order(pair->fixture, pair->maker, side, quantity, price);
    venue_order_t order = must_place(pair->fixture, &place);
    assert_int_equal(order.status, VENUE_STATUS_NEW);
    return order.id;
}

static void price_goes_before_time(void **state)
{
    (void)state;
    pair_t pair = pair_new();
    uint64_t late_cheap = 0, first = rest(&pair, VENUE_SELL, "1", "50010"), second = rest(&pair, VENUE_SELL, "1", "50010");
    late_cheap = rest(&pair, VENUE_SELL, "1", "50005");
    venue_place_t buy = limit_order(pair.fixture, pair.taker, VENUE_BUY, "2.5", "50010");
    venue_order_t taken = must_place(pair.fixture, &buy);
    assert_int_equal(taken.status, VENUE_STATUS_FILLED);
    assert_dec(taken.average_price, "50008"); /* (50005 + 1.5 * 50010) / 2.5 */
    assert_int_equal(order_by_id(pair.fixture, pair.maker, late_cheap).status, VENUE_STATUS_FILLED);
    assert_int_equal(order_by_id(pair.fixture, pair.maker, first).status, VENUE_STATUS_FILLED);
    assert_int_equal(order_by_id(pair.fixture, pair.maker, second).status, VENUE_STATUS_PARTIALLY_FILLED);
    assert_dec(order_by_id(pair.fixture, pair.maker, second).filled, "0.5");
    assert_sound(pair.fixture);
    fixture_free(pair.fixture);
}

static void times_in_force(void **state)
{
    (void)state;
    pair_t pair = pair_new();
    (void)rest(&pair, VENUE_SELL, "1", "50010");
    venue_place_t buy = limit_order(pair.fixture, pair.taker, VENUE_BUY, "1.5", "50010");
    buy.tif = VENUE_FOK;
    must_refuse(pair.fixture, &buy, -5021);
    buy.tif = VENUE_GTX;
    must_refuse(pair.fixture, &buy, -5022);
    buy.tif = VENUE_IOC;
    venue_order_t order = must_place(pair.fixture, &buy);
    assert_int_equal(order.status, VENUE_STATUS_EXPIRED);
    assert_int_equal(order.expiry, VENUE_EXPIRY_IOC);
    assert_dec(order.filled, "1");
    buy.tif = VENUE_GTD;
    buy.good_till_ns = venue_now(pair.fixture->venue) + 600 * NS_PER_S;
    must_refuse(pair.fixture, &buy, -5040);
    buy.good_till_ns += NS_PER_S;
    order = must_place(pair.fixture, &buy);
    assert_true(venue_next_moment(pair.fixture->venue) == buy.good_till_ns);
    advance_to(pair.fixture, buy.good_till_ns);
    assert_int_equal(order_by_id(pair.fixture, pair.taker, order.id).status, VENUE_STATUS_EXPIRED);
    buy.tif = VENUE_GTX;
    assert_int_equal(must_place(pair.fixture, &buy).status, VENUE_STATUS_NEW);
    venue_place_t sell = market_order(pair.fixture, pair.taker, VENUE_SELL, "1");
    sell.account = pair.maker;
    assert_int_equal(must_place(pair.fixture, &sell).status, VENUE_STATUS_FILLED);
    fixture_free(pair.fixture);
}

static void every_filter_has_its_code(void **state)
{
    (void)state;
    pair_t pair = pair_new();
    fixture_t *f = pair.fixture;
    instrument_t rules = fixture_rules("BTCUSDT");
    rules.band_up = num("1.05");
    rules.band_down = num("0.95");
    rules.price_min = num("100");
    rules.price_max = num("90000");
    rules.quantity_min = num("0.002");
    rules.lot_step = num("0.002");
    rules.tick_size = num("0.5");
    rules.market_step = num("0.001");
    assert_int_equal(venue_instrument_update(f->venue, &f->sink, f->btc, &rules), RESULT_OK);
    static const struct {
        const char *quantity, *price;
        int code;
    } rows[] = {
        {"0.0021", "50000", -1111}, {"1", "50000.01", -1111},     {"0", "50000", -4003},     {"-1", "50000", -4003},
        {"0.001", "50000", -4004},  {"1000.002", "50000", -4005}, {"0.003", "50000", -4023}, {"1", "0", -4001},
        {"1", "-5", -4001},         {"1", "90000.5", -4002},      {"1", "99.5", -4013},      {"1", "50000.3", -4014},
        {"1", "52500.5", -4016},    {"0.002", "2000", -4164},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        venue_place_t place = limit_order(f, pair.taker, VENUE_BUY, rows[i].quantity, rows[i].price);
        must_refuse(f, &place, rows[i].code);
    }
    assert_sound(f);
    fixture_free(f);
}

static void every_wrong_shape_has_its_code(void **state)
{
    (void)state;
    pair_t pair = pair_new();
    fixture_t *f = pair.fixture;
    instrument_t rules = fixture_rules("BTCUSDT");
    rules.band_up = num("1.05");
    rules.band_down = num("0.95");
    assert_int_equal(venue_instrument_update(f->venue, &f->sink, f->btc, &rules), RESULT_OK);
    venue_place_t place = limit_order(f, pair.taker, VENUE_SELL, "1", "47499.5");
    must_refuse(f, &place, -4024);
    place = market_order(f, pair.taker, VENUE_BUY, "121");
    must_refuse(f, &place, -4005);
    place.quantity = num("1");
    place.instrument = 77;
    must_refuse(f, &place, -1121);
    place = limit_order(f, pair.taker, VENUE_BUY, "1", "49000");
    place.type = VENUE_STOP_MARKET;
    must_refuse(f, &place, -4120);
    place.type = VENUE_LIMIT;
    place.position_side = VENUE_POSITION_LONG;
    must_refuse(f, &place, -4061);
    place.position_side = VENUE_POSITION_BOTH;
    place.reduce_only = place.reduce_only_sent = true;
    must_refuse(f, &place, -2022);
    place.reduce_only = place.reduce_only_sent = false;
    snprintf(place.client_id.text, sizeof place.client_id.text, "bad id");
    must_refuse(f, &place, -4015);
    snprintf(place.client_id.text, sizeof place.client_id.text, "good-id.1:/_");
    (void)must_place(f, &place);
    must_refuse(f, &place, -4116);
    place.client_id.text[0] = '\0';
    place.quantity = num("900");
    must_refuse(f, &place, -2027);
    place.match = VENUE_MATCH_QUEUE;
    must_refuse(f, &place, -5037);
    place.price = DEC_ZERO;
    place.match = VENUE_MATCH_OPPONENT_20;
    must_refuse(f, &place, -5041);
    assert_int_equal(venue_instrument_status(f->venue, &f->sink, f->btc, INSTRUMENT_CLOSED), RESULT_OK);
    must_refuse(f, &place, -4141);
    char text[VENUE_REJECT_TEXT_MAX];
    (void)venue_reject_format(VENUE_REJECT_NOTIONAL, num("5"), text);
    assert_string_equal(text, "Order's notional must be no smaller than 5 (unless you choose reduce only).");
    assert_sound(f);
    fixture_free(f);
}

static void self_trades_are_prevented_as_asked(void **state)
{
    (void)state;
    static const struct {
        venue_stp_t mode;
        venue_status_t maker, taker;
    } rows[] = {
        {VENUE_STP_EXPIRE_TAKER, VENUE_STATUS_NEW, VENUE_STATUS_EXPIRED_IN_MATCH},
        {VENUE_STP_EXPIRE_MAKER, VENUE_STATUS_EXPIRED_IN_MATCH, VENUE_STATUS_NEW},
        {VENUE_STP_EXPIRE_BOTH, VENUE_STATUS_EXPIRED_IN_MATCH, VENUE_STATUS_EXPIRED_IN_MATCH},
        {VENUE_STP_NONE, VENUE_STATUS_FILLED, VENUE_STATUS_FILLED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        pair_t pair = pair_new();
        uint64_t resting = rest(&pair, VENUE_SELL, "1", "50010");
        venue_place_t buy = limit_order(pair.fixture, pair.maker, VENUE_BUY, "1", "50010");
        buy.stp = rows[i].mode;
        venue_order_t order = must_place(pair.fixture, &buy);
        assert_int_equal(order.status, rows[i].taker);
        assert_int_equal(order_by_id(pair.fixture, pair.maker, resting).status, rows[i].maker);
        assert_sound(pair.fixture);
        fixture_free(pair.fixture);
    }
}

static void amend_loses_the_place_and_failure_changes_nothing(void **state)
{
    (void)state;
    pair_t pair = pair_new();
    uint64_t first = rest(&pair, VENUE_SELL, "1", "50010"), second = rest(&pair, VENUE_SELL, "1", "50010");
    venue_amend_t amend = {.ref = {.account = pair.maker, .instrument = pair.fixture->btc, .id = first},
                           .side = VENUE_SELL,
                           .quantity = num("1"),
                           .price = num("50010"),
                           .modify_id = 9};
    assert_int_equal(venue_reject_code(venue_amend(pair.fixture->venue, &pair.fixture->sink, &amend, NULL).reject), -5027);
    amend.price = num("50010.05");
    assert_int_equal(venue_reject_code(venue_amend(pair.fixture->venue, &pair.fixture->sink, &amend, NULL).reject), -1111);
    amend.price = num("50010");
    amend.quantity = num("2");
    venue_order_t after;
    assert_int_equal(venue_amend(pair.fixture->venue, &pair.fixture->sink, &amend, &after).reject, VENUE_REJECT_NONE);
    assert_int_equal(after.modify_id, 9);
    venue_place_t buy = limit_order(pair.fixture, pair.taker, VENUE_BUY, "1.5", "50010");
    (void)must_place(pair.fixture, &buy);
    assert_int_equal(order_by_id(pair.fixture, pair.maker, second).status, VENUE_STATUS_FILLED);
    assert_dec(order_by_id(pair.fixture, pair.maker, first).filled, "0.5");
    amend.quantity = num("0.5"); /* not above what is filled: cancelled */
    amend.price = num("50011");
    assert_int_equal(venue_amend(pair.fixture->venue, &pair.fixture->sink, &amend, &after).reject, VENUE_REJECT_NONE);
    assert_int_equal(after.status, VENUE_STATUS_CANCELED);
    assert_int_equal(venue_reject_code(venue_amend(pair.fixture->venue, &pair.fixture->sink, &amend, &after).reject), -2013);
    assert_sound(pair.fixture);
    fixture_free(pair.fixture);
}

static void cancel_by_id_by_client_id_all_and_by_countdown(void **state)
{
    (void)state;
    pair_t pair = pair_new();
    fixture_t *f = pair.fixture;
    uint64_t id = rest(&pair, VENUE_SELL, "1", "50010");
    venue_ref_t ref = {.account = pair.taker, .instrument = f->btc, .id = id};
    assert_int_equal(venue_reject_code(venue_cancel(f->venue, &f->sink, &ref, NULL).reject), -2011); /* a stranger's */
    ref.account = pair.maker;
    assert_int_equal(venue_cancel(f->venue, &f->sink, &ref, NULL).reject, VENUE_REJECT_NONE);
    assert_int_equal(venue_reject_code(venue_cancel(f->venue, &f->sink, &ref, NULL).reject), -2011);
    venue_place_t sell = limit_order(f, pair.maker, VENUE_SELL, "1", "50010");
    snprintf(sell.client_id.text, sizeof sell.client_id.text, "mine");
    (void)must_place(f, &sell);
    ref.id = 0;
    ref.client_id = sell.client_id;
    assert_int_equal(venue_cancel(f->venue, &f->sink, &ref, NULL).reject, VENUE_REJECT_NONE);
    (void)must_place(f, &sell); /* the id is free again */
    (void)rest(&pair, VENUE_BUY, "1", "49000");
    uint32_t count;
    assert_int_equal(venue_cancel_all(f->venue, &f->sink, pair.maker, f->btc, &count).reject, VENUE_REJECT_NONE);
    assert_int_equal(count, 2);
    id = rest(&pair, VENUE_BUY, "1", "49000");
    assert_int_equal(venue_countdown(f->venue, pair.maker, f->btc, 30 * NS_PER_S).reject, VENUE_REJECT_NONE);
    assert_int_equal(venue_countdown(f->venue, pair.maker, f->btc, 60 * NS_PER_S).reject, VENUE_REJECT_NONE);
    advance_to(f, venue_now(f->venue) + 59 * NS_PER_S);
    assert_int_equal(order_by_id(f, pair.maker, id).status, VENUE_STATUS_NEW);
    advance_to(f, venue_now(f->venue) + NS_PER_S);
    assert_int_equal(order_by_id(f, pair.maker, id).status, VENUE_STATUS_CANCELED);
    assert_sound(f);
    fixture_free(f);
}

static void reduce_only_never_turns_a_position_around(void **state)
{
    (void)state;
    pair_t pair = pair_new();
    fixture_t *f = pair.fixture;
    (void)rest(&pair, VENUE_SELL, "1", "50000");
    venue_place_t buy = limit_order(f, pair.taker, VENUE_BUY, "1", "50000");
    (void)must_place(f, &buy);
    venue_place_t exit = limit_order(f, pair.taker, VENUE_SELL, "1", "50100");
    exit.reduce_only = exit.reduce_only_sent = true;
    venue_order_t target = must_place(f, &exit);
    exit.price = num("50200");
    venue_order_t second = must_place(f, &exit);
    assert_dec(position(f, pair.taker, VENUE_POSITION_BOTH).order_initial_margin, "0");
    venue_place_t bid = limit_order(f, pair.maker, VENUE_BUY, "3", "50200");
    (void)must_place(f, &bid); /* takes the target whole: the second has nothing left to reduce */
    assert_int_equal(order_by_id(f, pair.taker, target.id).status, VENUE_STATUS_FILLED);
    venue_order_t gone = order_by_id(f, pair.taker, second.id);
    assert_int_equal(gone.status, VENUE_STATUS_EXPIRED);
    assert_int_equal(gone.expiry, VENUE_EXPIRY_REDUCE_ONLY);
    assert_dec(position(f, pair.taker, VENUE_POSITION_BOTH).amount, "0");
    assert_sound(f);
    fixture_free(f);
}

/* The book's side ends with the very fill that closes the position: what is left of the order has nothing to reduce. */
static void a_closing_order_does_not_rest_without_its_position(void **state)
{
    (void)state;
    pair_t pair = pair_new();
    fixture_t *f = pair.fixture;
    (void)rest(&pair, VENUE_SELL, "1", "50000");
    venue_place_t buy = limit_order(f, pair.taker, VENUE_BUY, "1", "50000");
    (void)must_place(f, &buy);
    (void)rest(&pair, VENUE_BUY, "1", "49900");
    venue_place_t exit = limit_order(f, pair.taker, VENUE_SELL, "2", "49900");
    exit.reduce_only = exit.reduce_only_sent = true;
    venue_order_t order = must_place(f, &exit);
    order = order_by_id(f, pair.taker, order.id);
    assert_dec(order.filled, "1");
    assert_int_equal(order.status, VENUE_STATUS_EXPIRED);
    assert_int_equal(order.expiry, VENUE_EXPIRY_REDUCE_ONLY);
    assert_sound(f);
    fixture_free(f);
}

static void order_counts_are_bounded(void **state)
{
    (void)state;
    pair_t pair = pair_new();
    fixture_t *f = pair.fixture;
    venue_place_t place = limit_order(f, pair.taker, VENUE_BUY, "0.001", "40000");
    for (int i = 0; i < 200; i++) {
        (void)must_place(f, &place);
    }
    must_refuse(f, &place, -2025);
    venue_select_t select = {.account = pair.taker, .instrument = f->btc, .open_only = true};
    venue_order_t orders[256];
    assert_int_equal(venue_orders(f->venue, &select, orders, 256), 200);
    assert_true(orders[0].id < orders[199].id);
    assert_int_equal(venue_cancel_all(f->venue, &f->sink, pair.taker, f->btc, NULL).reject, VENUE_REJECT_NONE);
    select.open_only = false;
    assert_int_equal(venue_orders(f->venue, &select, orders, 256), 100); /* the history keeps its bound */
    assert_sound(f);
    fixture_free(f);
}

/* Open and finished ones together, whatever the order in which they ended; without room for all, the oldest or the newest. */
static void orders_come_by_their_ids(void **state)
{
    (void)state;
    enum { ALL = 40, OPEN = 30 };
    pair_t pair = pair_new();
    fixture_t *f = pair.fixture;
    uint64_t ids[2][ALL]; /* of all, of the open ones */
    uint32_t open = 0;
    for (uint32_t i = 0; i < ALL; i++) {
        ids[0][i] = rest(&pair, VENUE_BUY, "0.01", "40000");
    }
    for (uint32_t i = 0; i < ALL; i++) {
        uint32_t at = i * 27 % ALL; /* every place once */
        if (at % 4 == 1) {
            venue_ref_t ref = {.account = pair.maker, .instrument = f->btc, .id = ids[0][at]};
            assert_int_equal(venue_cancel(f->venue, &f->sink, &ref, NULL).reject, VENUE_REJECT_NONE);
        }
        if (i % 4 != 1) {
            ids[1][open++] = ids[0][i];
        }
    }
    assert_int_equal(open, OPEN);
    const uint32_t rooms[] = {1, 2, 7, OPEN - 1, OPEN, ALL - 1, ALL, 64};
    for (uint32_t i = 0; i < 4 * sizeof rooms / sizeof rooms[0]; i++) {
        uint32_t room = rooms[i / 4], matching = i & 1 ? OPEN : ALL, wanted = room < matching ? room : matching;
        venue_order_t orders[64];
        venue_select_t select = {
            .account = pair.maker, .instrument = f->btc, .from_id = ids[0][0], .open_only = (i & 1) != 0, .newest = (i & 2) != 0};
        assert_int_equal(venue_orders(f->venue, &select, orders, room), wanted);
        for (uint32_t at = 0; at < wanted; at++) {
            assert_int_equal(orders[at].id, ids[i & 1][(i & 2) != 0 ? matching - wanted + at : at]);
            assert_dec(orders[at].price, "40000");
        }
    }
    fixture_free(f);
}

static uint64_t place_and_cancel(fixture_t *f, venue_account_t account, const char *client_id)
{
    venue_place_t place = limit_order(f, account, VENUE_BUY, "0.01", "40000");
    snprintf(place.client_id.text, sizeof place.client_id.text, "%s", client_id);
    venue_ref_t ref = {.account = account, .instrument = f->btc, .id = must_place(f, &place).id};
    assert_int_equal(venue_cancel(f->venue, &f->sink, &ref, NULL).reject, VENUE_REJECT_NONE);
    return ref.id;
}

/* The order that a name or an id of an account means; 0: none. */
static uint64_t found(const fixture_t *f, venue_account_t account, const char *client_id, uint64_t id)
{
    venue_order_t order;
    venue_ref_t ref = {.account = account, .instrument = f->btc, .id = id};
    snprintf(ref.client_id.text, sizeof ref.client_id.text, "%s", client_id);
    return venue_order(f->venue, &ref, &order) == RESULT_OK ? order.id : 0;
}

/* By id and by name, of equal names the newest, by their own account alone, as long as the history keeps them. */
static void finished_orders_are_found_until_newer_ones_push_them_out(void **state)
{
    (void)state;
    enum { HISTORY = 100 };
    pair_t pair = pair_new();
    fixture_t *f = pair.fixture;
    uint64_t first = place_and_cancel(f, pair.maker, "again"), other = place_and_cancel(f, pair.maker, "other");
    uint64_t second = place_and_cancel(f, pair.maker, "again");
    for (uint32_t i = 0; i < HISTORY - 2; i++) { /* afterwards `other` and `second` are the oldest that are left */
        assert_int_equal(found(f, pair.maker, "", first), first);
        assert_int_equal(found(f, pair.maker, "again", 0), second);
        char name[16];
        snprintf(name, sizeof name, "n%u", i);
        uint64_t id = place_and_cancel(f, pair.maker, name);
        assert_int_equal(found(f, pair.maker, name, 0), id);
        assert_int_equal(found(f, pair.taker, name, 0), 0);
        assert_int_equal(found(f, pair.taker, "", id), 0);
    }
    assert_int_equal(found(f, pair.maker, "", first), 0);
    assert_int_equal(found(f, pair.maker, "other", 0), other);
    assert_int_equal(found(f, pair.maker, "again", 0), second);
    (void)place_and_cancel(f, pair.maker, "last");
    assert_int_equal(found(f, pair.maker, "other", 0), 0);
    (void)place_and_cancel(f, pair.maker, "and");
    assert_int_equal(found(f, pair.maker, "again", 0), 0);
    uint64_t third = place_and_cancel(f, pair.maker, "again");
    assert_int_equal(found(f, pair.maker, "again", 0), third);
    assert_sound(f);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(price_goes_before_time),
        cmocka_unit_test(times_in_force),
        cmocka_unit_test(every_filter_has_its_code),
        cmocka_unit_test(every_wrong_shape_has_its_code),
        cmocka_unit_test(self_trades_are_prevented_as_asked),
        cmocka_unit_test(amend_loses_the_place_and_failure_changes_nothing),
        cmocka_unit_test(cancel_by_id_by_client_id_all_and_by_countdown),
        cmocka_unit_test(reduce_only_never_turns_a_position_around),
        cmocka_unit_test(a_closing_order_does_not_rest_without_its_position),
        cmocka_unit_test(order_counts_are_bounded),
        cmocka_unit_test(orders_come_by_their_ids),
        cmocka_unit_test(finished_orders_are_found_until_newer_ones_push_them_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
