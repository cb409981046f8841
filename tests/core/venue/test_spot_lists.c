/* test_spot_lists.c: OCO, OTO, OTOCO, OPO and OPOCO, with the money that is locked for them.
 * shows: VEN-3
 */
#include "spot_fixture.h"

static spot_list_place_t sell_oco(const spot_fixture_t *spot, const char *quantity, const char *limit, const char *stop)
{
    spot_list_place_t list;
    memset(&list, 0, sizeof list);
    list.kind = SPOT_LIST_OCO;
    list.legs[0] = spot_order_of(spot, spot->ann, VENUE_SELL, SPOT_LIMIT_MAKER, quantity, limit);
    list.legs[1] = spot_order_of(spot, spot->ann, VENUE_SELL, SPOT_STOP_LOSS, quantity, NULL);
    list.legs[1].stop_price = num(stop);
    return list;
}

static spot_list_t list_accepted(spot_fixture_t *spot, const spot_list_place_t *place)
{
    spot_list_t after;
    memset(&after, 0, sizeof after);
    spot_reply_t reply = spot_list_place(spot->venue, spot->sink, place, &after);
    assert_string_equal(spot_reject_text(reply.reject), "success");
    spot_fixture_check(spot);
    return after;
}

static void list_refused(spot_fixture_t *spot, const spot_list_place_t *place, spot_reject_t expected)
{
    uint8_t before[32], now[32];
    venue_digest(spot->venue, before);
    assert_string_equal(spot_reject_text(spot_list_place(spot->venue, spot->sink, place, NULL).reject), spot_reject_text(expected));
    venue_digest(spot->venue, now);
    assert_memory_equal(before, now, sizeof now);
}

static bool list_is_done(const spot_fixture_t *spot, uint64_t id)
{
    spot_ref_t ref = {.account = spot->ann, .id = id};
    spot_list_t list;
    assert_int_equal(spot_list(spot->venue, &ref, &list), RESULT_OK);
    return list.done;
}

static void oco_locks_once_and_a_part_fill_ends_the_stop(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_print(&spot, "50000");
    spot_balance_t before;
    assert_int_equal(spot_balance(spot.venue, spot.ann, spot.btc_asset, &before), RESULT_OK);
    spot_list_place_t place = sell_oco(&spot, "1", "52000", "49000");
    spot_list_t list = list_accepted(&spot, &place);
    assert_balance(&spot, spot.ann, spot.btc_asset, "9.000999", "1"); /* 1, not 2 */
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "0.5", "52000");
    spot_order_t stop = spot_now(&spot, spot.ann, list.order_ids[1]);
    assert_int_equal(stop.status, SPOT_EXPIRED);
    assert_int_equal(stop.reason, SPOT_REASON_OCO_TRIGGER);
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[0]).status, SPOT_PARTIALLY_FILLED);
    assert_false(list_is_done(&spot, list.id));
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "0.5", "52000");
    assert_true(list_is_done(&spot, list.id));
    assert_balance(&spot, spot.ann, spot.btc_asset, "9.000999", "0");
    spot_fixture_free(&spot);
}

static void oco_stop_takes_over_what_is_locked(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_print(&spot, "50000");
    spot_list_place_t place = sell_oco(&spot, "2", "52000", "49000");
    spot_list_t list = list_accepted(&spot, &place);
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "2", "48000");
    spot_print(&spot, "49000");
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[0]).reason, SPOT_REASON_OCO_TRIGGER);
    assert_dec(spot_now(&spot, spot.ann, list.order_ids[1]).filled_quote, "96000");
    assert_true(list_is_done(&spot, list.id));
    spot_fixture_free(&spot);
}

static void buying_oco_locks_the_dearer_leg(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_print(&spot, "50000");
    spot_list_place_t place;
    memset(&place, 0, sizeof place);
    place.kind = SPOT_LIST_OCO;
    place.legs[0] = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_STOP_LOSS_LIMIT, "1", "51500");
    place.legs[0].stop_price = num("51000");
    place.legs[1] = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_LIMIT_MAKER, "1", "48000");
    spot_list_t list = list_accepted(&spot, &place);
    assert_balance(&spot, spot.ann, spot.usdt_asset, "48450", "51500");
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "1", "48000");
    assert_balance(&spot, spot.ann, spot.usdt_asset, "51950", "0"); /* 99,950 - 48,000 */
    assert_true(list_is_done(&spot, list.id));
    spot_fixture_free(&spot);
}

static void wrong_pairs_are_refused_by_name(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_print(&spot, "50000");
    spot_list_place_t place = sell_oco(&spot, "1", "49500", "49000");
    list_refused(&spot, &place, SPOT_REJECT_OCO_PRICES);
    place = sell_oco(&spot, "1", "52000", "51000");
    list_refused(&spot, &place, SPOT_REJECT_OCO_PRICES);
    place = sell_oco(&spot, "1", "52000", "49000");
    place.legs[1].type = SPOT_LIMIT_MAKER;
    place.legs[1].price = num("49000");
    place.legs[1].stop_price = DEC_ZERO;
    list_refused(&spot, &place, SPOT_REJECT_OCO_TWO_LIMITS);
    spot_place_t limit = place.legs[0];
    place = sell_oco(&spot, "1", "52000", "49000");
    place.legs[0] = place.legs[1];
    place.legs[1] = limit;
    list_refused(&spot, &place, SPOT_REJECT_OCO_SELL_LIMIT_BELOW);
    place = sell_oco(&spot, "1", "52000", "49000");
    place.legs[1].type = SPOT_TAKE_PROFIT;
    list_refused(&spot, &place, SPOT_REJECT_OCO_SELL_PROFIT_BELOW);
    place = sell_oco(&spot, "1", "52000", "49000");
    place.legs[0].type = SPOT_LIMIT;
    list_refused(&spot, &place, SPOT_REJECT_OCO_TYPES);
    place = sell_oco(&spot, "11", "52000", "49000");
    list_refused(&spot, &place, SPOT_REJECT_BALANCE);
    spot_fixture_free(&spot);
}

static spot_list_place_t bracket(const spot_fixture_t *spot, const char *pending)
{
    spot_list_place_t list;
    memset(&list, 0, sizeof list);
    list.kind = SPOT_LIST_OTOCO;
    list.legs[0] = spot_order_of(spot, spot->ann, VENUE_BUY, SPOT_LIMIT, "1", "50000");
    list.legs[1] = spot_order_of(spot, spot->ann, VENUE_SELL, SPOT_LIMIT_MAKER, pending, "52000");
    list.legs[2] = spot_order_of(spot, spot->ann, VENUE_SELL, SPOT_STOP_LOSS_LIMIT, pending, "48900");
    list.legs[2].stop_price = num("49000");
    return list;
}

static void otoco_brings_the_pair_when_the_entry_is_filled(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_print(&spot, "50500");
    spot_list_place_t place = bracket(&spot, "0.999");
    spot_list_t list = list_accepted(&spot, &place);
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[1]).status, SPOT_PENDING_NEW);
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "0.4", "50000");
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[1]).status, SPOT_PENDING_NEW); /* in full, or not at all */
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "0.6", "50000");
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[1]).status, SPOT_NEW);
    assert_true(spot_now(&spot, spot.ann, list.order_ids[1]).working);
    assert_balance(&spot, spot.ann, spot.btc_asset, "10.000999", "0.999");
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "0.999", "52000");
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[2]).reason, SPOT_REASON_OCO_TRIGGER);
    assert_true(list_is_done(&spot, list.id));
    spot_fixture_free(&spot);
}

static void pending_legs_without_funds_expire(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_fund_account(&spot, spot.ann, spot.btc_asset, "-10");
    spot_list_place_t place = bracket(&spot, "1"); /* the fee leaves 0.999 */
    spot_list_t list = list_accepted(&spot, &place);
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "1", "50000");
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[1]).status, SPOT_EXPIRED);
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[2]).status, SPOT_EXPIRED);
    assert_balance(&spot, spot.ann, spot.btc_asset, "0.999", "0");
    assert_true(list_is_done(&spot, list.id));
    spot_fixture_free(&spot);
}

static void cancelling_a_leg_cancels_the_list(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_print(&spot, "50500");
    spot_list_place_t place = bracket(&spot, "1");
    spot_list_t list = list_accepted(&spot, &place);
    spot_ref_t ref = {.account = spot.ann, .instrument = spot.btc, .id = list.order_ids[2]};
    assert_int_equal(spot_cancel(spot.venue, spot.sink, &ref, NULL).reject, SPOT_REJECT_NONE);
    for (uint32_t i = 0; i < list.leg_count; i++) {
        assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[i]).status, SPOT_CANCELED);
    }
    assert_true(list_is_done(&spot, list.id));
    ref.id = list.id;
    assert_int_equal(spot_list_cancel(spot.venue, spot.sink, &ref, NULL).reject, SPOT_REJECT_UNKNOWN_LIST);
    spot_fixture_free(&spot);
}

static void pending_orders_end_with_an_entry_that_fails(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_list_place_t place = bracket(&spot, "1");
    place.kind = SPOT_LIST_OTO;
    place.legs[0].tif = SPOT_IOC;
    spot_list_t list = list_accepted(&spot, &place); /* nobody sells */
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[0]).status, SPOT_EXPIRED);
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[1]).reason, SPOT_REASON_OTO_PHASE_ONE_EXPIRED);
    assert_true(list_is_done(&spot, list.id));
    spot_fixture_free(&spot);
}

/* Buys 1, and sells what came of it. */
static spot_list_place_t buy_and_sell(const spot_fixture_t *spot, spot_list_kind_t kind)
{
    spot_list_place_t list = bracket(spot, NULL);
    list.kind = kind;
    list.pays_other = true;
    return list;
}

/* The fee of 0.001 is taken from what else is free; nothing of what was received may be spent meanwhile. */
static void opo_sells_what_was_received(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_print(&spot, "50500");
    spot_list_place_t place = buy_and_sell(&spot, SPOT_LIST_OTO);
    spot_list_t list = list_accepted(&spot, &place);
    assert_balance(&spot, spot.ann, spot.btc_asset, "10.000999", "0");
    assert_dec(spot_now(&spot, spot.ann, list.order_ids[1]).quantity, "0");
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "0.4", "50000");
    assert_balance(&spot, spot.ann, spot.btc_asset, "10.000599", "0.4");
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[1]).status, SPOT_PENDING_NEW);
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "0.6", "50000");
    assert_balance(&spot, spot.ann, spot.btc_asset, "9.999999", "1");
    spot_order_t pending = spot_now(&spot, spot.ann, list.order_ids[1]);
    assert_int_equal(pending.status, SPOT_NEW);
    assert_dec(pending.quantity, "1");
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "1", "52000");
    assert_true(list_is_done(&spot, list.id));
    assert_balance(&spot, spot.ann, spot.btc_asset, "9.999999", "0");
    spot_fixture_free(&spot);
}

/* Nothing else is free: the fee comes off, what is no whole step of 0.001 is free again, and the pair sells the rest. */
static void opoco_sells_in_whole_steps_less_the_fee(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_fund_account(&spot, spot.ann, spot.btc_asset, "-10");
    spot_list_place_t place = buy_and_sell(&spot, SPOT_LIST_OTOCO);
    place.legs[0].quantity = num("1.005");
    spot_list_t list = list_accepted(&spot, &place);
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "1.005", "50000");
    assert_balance(&spot, spot.ann, spot.btc_asset, "0.000995", "1.003"); /* 1.005 - 0.001005 = 1.003995 */
    assert_dec(spot_now(&spot, spot.ann, list.order_ids[1]).quantity, "1.003");
    assert_dec(spot_now(&spot, spot.ann, list.order_ids[2]).quantity, "1.003");
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "1.003", "52000");
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[2]).reason, SPOT_REASON_OCO_TRIGGER);
    assert_true(list_is_done(&spot, list.id));
    assert_balance(&spot, spot.ann, spot.btc_asset, "0.000995", "0");
    spot_fixture_free(&spot);
}

static void what_was_received_is_free_again_when_the_list_ends(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_list_place_t place = buy_and_sell(&spot, SPOT_LIST_OTO);
    spot_list_t list = list_accepted(&spot, &place);
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "0.4", "50000");
    assert_balance(&spot, spot.ann, spot.btc_asset, "9.9996", "0.4");
    spot_ref_t ref = {.account = spot.ann, .instrument = spot.btc, .id = list.id};
    assert_int_equal(spot_list_cancel(spot.venue, spot.sink, &ref, NULL).reject, SPOT_REJECT_NONE);
    assert_balance(&spot, spot.ann, spot.btc_asset, "10.3996", "0");
    assert_true(list_is_done(&spot, list.id));
    /* What is no whole step when it is there is refused then: 0.001 less the fee. */
    spot_fund_account(&spot, spot.ann, spot.btc_asset, "-10.3996");
    place.legs[0].quantity = num("0.001");
    list = list_accepted(&spot, &place);
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "0.001", "50000");
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[1]).status, SPOT_EXPIRED);
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[1]).reason, SPOT_REASON_REJECTED);
    assert_balance(&spot, spot.ann, spot.btc_asset, "0.000999", "0");
    spot_fixture_free(&spot);
}

static void who_buys_to_sell_on_has_no_other_sides(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_list_place_t place = buy_and_sell(&spot, SPOT_LIST_OTOCO);
    place.legs[0].side = VENUE_SELL;
    list_refused(&spot, &place, SPOT_REJECT_OPO_WORKING_SELLS);
    place = buy_and_sell(&spot, SPOT_LIST_OTOCO);
    place.legs[1].side = place.legs[2].side = VENUE_BUY;
    list_refused(&spot, &place, SPOT_REJECT_OPO_PENDING_BUYS);
    place = buy_and_sell(&spot, SPOT_LIST_OTO);
    place.legs[1].quantity = num("1");
    list_refused(&spot, &place, SPOT_REJECT_COMBINATION);
    spot_fixture_free(&spot);
}

/* Each leg takes its price when it comes onto the book: the working one at once, the pending one after the fill. */
static void pegged_legs_take_their_price_when_they_come(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_print(&spot, "50500");
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "0.1", "50000");
    spot_list_place_t place = bracket(&spot, "0.5");
    place.kind = SPOT_LIST_OTO;
    place.legs[0].price = place.legs[1].price = DEC_ZERO;
    place.legs[0].peg = place.legs[1].peg = SPOT_PEG_PRIMARY;
    spot_list_t list = list_accepted(&spot, &place);
    assert_dec(spot_now(&spot, spot.ann, list.order_ids[0]).pegged_price, "50000");
    assert_dec(spot_now(&spot, spot.ann, list.order_ids[1]).pegged_price, "0");
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "0.5", "51000");
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "1.1", "50000"); /* his own 0.1 stands before */
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[0]).status, SPOT_FILLED);
    assert_dec(spot_now(&spot, spot.ann, list.order_ids[1]).pegged_price, "51000");
    assert_int_equal(spot_now(&spot, spot.ann, list.order_ids[1]).status, SPOT_NEW);
    spot_fixture_free(&spot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oco_locks_once_and_a_part_fill_ends_the_stop),
        cmocka_unit_test(oco_stop_takes_over_what_is_locked),
        cmocka_unit_test(buying_oco_locks_the_dearer_leg),
        cmocka_unit_test(wrong_pairs_are_refused_by_name),
        cmocka_unit_test(otoco_brings_the_pair_when_the_entry_is_filled),
        cmocka_unit_test(pending_legs_without_funds_expire),
        cmocka_unit_test(cancelling_a_leg_cancels_the_list),
        cmocka_unit_test(pending_orders_end_with_an_entry_that_fails),
        cmocka_unit_test(opo_sells_what_was_received),
        cmocka_unit_test(opoco_sells_in_whole_steps_less_the_fee),
        cmocka_unit_test(what_was_received_is_free_again_when_the_list_ends),
        cmocka_unit_test(who_buys_to_sell_on_has_no_other_sides),
        cmocka_unit_test(pegged_legs_take_their_price_when_they_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
