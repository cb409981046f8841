/* test_standing.c: what becomes of positions nobody can bear, of symbols that end, and of accounts the exchange has its eye on:
 * auto-deleveraging, settlement, fee tiers, fees in a third asset, restrictions. Figures by hand: docs/venue.md.
 * shows: VEN-3, ORD-10
 */
#include "venue_fixture.h"

static const venue_order_event_t *last_order_event(const fixture_t *fixture, venue_account_t account, venue_exec_t execution)
{
    for (uint32_t i = fixture->event_count; i-- > 0;) {
        const venue_event_t *event = &fixture->events[i % FIXTURE_EVENTS_MAX];
        if (event->kind == VENUE_EVENT_ORDER && event->account == account && event->order.execution == execution) {
            return &event->order;
        }
    }
    fail_msg("no such order event");
    return NULL;
}

/* --- auto-deleveraging ------------------------------------------------------------------------ */

/* A long of 1 that a gap makes bankrupt; two shorts of 0.4 on the other side, the first with more leverage. */
typedef struct {
    fixture_t *fixture;
    venue_account_t bankrupt, first, second;
} gap_t;

static gap_t open_gap(const char *insurance_fund)
{
    venue_bounds_t bounds = fixture_bounds();
    gap_t gap = {.fixture = fixture_new_fund(7, &bounds, insurance_fund)};
    fixture_t *fixture = gap.fixture;
    gap.second = fixture_account(fixture, "100000");
    gap.bankrupt = fixture_account(fixture, "3000");
    gap.first = fixture_account(fixture, "10000");
    install(fixture, FIXTURE_START_NS, "50000", "50000", "50000", "50000");
    install(fixture, FIXTURE_START_NS + NS_PER_HOUR, "45000", "45000", "45000", "45000");
    advance_to(fixture, FIXTURE_START_NS + NS_PER_MIN);
    venue_place_t buy = market_order(fixture, gap.bankrupt, VENUE_BUY, "1");
    venue_place_t sell_first = market_order(fixture, gap.first, VENUE_SELL, "0.4");
    venue_place_t sell_second = market_order(fixture, gap.second, VENUE_SELL, "0.4");
    (void)must_place(fixture, &buy);
    (void)must_place(fixture, &sell_first);
    (void)must_place(fixture, &sell_second);
    venue_place_t resting = limit_order(fixture, gap.first, VENUE_SELL, "0.1", "52000");
    (void)must_place(fixture, &resting);
    assert_int_equal(position(fixture, gap.first, VENUE_POSITION_BOTH).adl_quantile, 2); /* one of the two shorts ranks lower */
    assert_int_equal(position(fixture, gap.second, VENUE_POSITION_BOTH).adl_quantile, 0);
    advance_to(fixture, FIXTURE_START_NS + NS_PER_HOUR + NS_PER_MIN);
    return gap;
}

static void positions_give_way_when_the_fund_cannot_bear_it(void **state)
{
    (void)state;
    gap_t gap = open_gap("0");
    fixture_t *fixture = gap.fixture;
    /* Wallet 3,000 - 25.00005; margin at 45,000: -2,025.10005; bankrupt at 45,000 + 2,025.10005, up to the tick: 47,025.2. */
    assert_dec(position(fixture, gap.bankrupt, VENUE_POSITION_BOTH).amount, "0");
    assert_dec(balance(fixture, gap.bankrupt).wallet, "0.09995");
    /* Both shorts were bought back there: 0.4 * (49,999.9 - 47,025.2) = 1,189.88 less the fee of opening, 9.99998. */
    assert_dec(position(fixture, gap.first, VENUE_POSITION_BOTH).amount, "0");
    assert_dec(balance(fixture, gap.first).wallet, "11179.88002");
    assert_dec(position(fixture, gap.second, VENUE_POSITION_BOTH).amount, "0");
    assert_dec(balance(fixture, gap.second).wallet, "101179.88002");
    const venue_order_event_t *event = last_order_event(fixture, gap.first, VENUE_EXEC_CALCULATED);
    assert_dec(event->last_price, "47025.2");
    assert_dec(event->last_quantity, "0.4");
    assert_dec(event->commission, "0");
    assert_memory_equal(event->order.client_id.text, "adl_autoclose", 13);
    assert_dec(last_order_event(fixture, gap.first, VENUE_EXEC_CANCELED)->order.quantity, "0.1"); /* his open order goes */
    /* The remaining 0.2 nobody held: the street gave way. The fund paid nothing. */
    venue_money_t money;
    assert_int_equal(venue_check_money(fixture->venue, fixture->usdt, &money), RESULT_OK);
    assert_dec(money.insurance, "0");
    assert_sound(fixture);
    fixture_free(fixture);
}

static void the_fund_takes_over_while_it_can(void **state)
{
    (void)state;
    gap_t gap = open_gap("2025.2");
    fixture_t *fixture = gap.fixture;
    assert_dec(position(fixture, gap.bankrupt, VENUE_POSITION_BOTH).amount, "0");
    assert_dec(position(fixture, gap.first, VENUE_POSITION_BOTH).amount, "-0.4");
    venue_money_t money;
    assert_int_equal(venue_check_money(fixture->venue, fixture->usdt, &money), RESULT_OK);
    assert_dec(money.insurance, "0"); /* 2,025.2 - 1 * (47,025.2 - 45,000) */
    assert_sound(fixture);
    fixture_free(fixture);
    gap = open_gap("2025.19"); /* one cent short */
    assert_dec(position(gap.fixture, gap.first, VENUE_POSITION_BOTH).amount, "0");
    fixture_free(gap.fixture);
}

static void the_higher_rank_goes_first(void **state)
{
    (void)state;
    venue_bounds_t bounds = fixture_bounds();
    fixture_t *fixture = fixture_new_fund(7, &bounds, "0");
    venue_account_t calm = fixture_account(fixture, "100000"), bankrupt = fixture_account(fixture, "1500"),
                    bold = fixture_account(fixture, "10000");
    install(fixture, FIXTURE_START_NS, "50000", "50000", "50000", "50000");
    install(fixture, FIXTURE_START_NS + NS_PER_HOUR, "45000", "45000", "45000", "45000");
    advance_to(fixture, FIXTURE_START_NS + NS_PER_MIN);
    venue_place_t buy = market_order(fixture, bankrupt, VENUE_BUY, "0.5");
    venue_place_t sell_calm = market_order(fixture, calm, VENUE_SELL, "0.4"),
                  sell_bold = market_order(fixture, bold, VENUE_SELL, "0.4");
    (void)must_place(fixture, &buy);
    (void)must_place(fixture, &sell_calm);
    (void)must_place(fixture, &sell_bold);
    advance_to(fixture, FIXTURE_START_NS + NS_PER_HOUR + NS_PER_MIN);
    assert_dec(position(fixture, bold, VENUE_POSITION_BOTH).amount, "0");
    assert_dec(position(fixture, calm, VENUE_POSITION_BOTH).amount, "-0.3"); /* only the 0.1 that was left */
    assert_sound(fixture);
    fixture_free(fixture);
}

/* --- settlement ------------------------------------------------------------------------------- */

static void a_settled_symbol_pays_everybody_and_closes(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    venue_account_t bull = fixture_account(fixture, "10000"), bear = fixture_account(fixture, "10000");
    install(fixture, FIXTURE_START_NS, "50000", "50000", "50000", "50000");
    advance_to(fixture, FIXTURE_START_NS + NS_PER_MIN);
    venue_place_t buy = market_order(fixture, bull, VENUE_BUY, "0.5"), sell = market_order(fixture, bear, VENUE_SELL, "0.2");
    (void)must_place(fixture, &buy);
    (void)must_place(fixture, &sell);
    venue_place_t resting = limit_order(fixture, bull, VENUE_BUY, "0.1", "49000");
    uint64_t order_id = must_place(fixture, &resting).id;
    venue_algo_place_t stop = algo_order(fixture, bull, VENUE_SELL, VENUE_STOP_MARKET, "0.5", "45000");
    uint64_t stop_id = must_algo(fixture, &stop);

    /* Near the end only closing orders are taken. */
    assert_int_equal(venue_instrument_only_reduce(fixture->venue, &fixture->sink, fixture->btc, true), RESULT_OK);
    must_refuse(fixture, &buy, -4140);
    venue_place_t less = market_order(fixture, bull, VENUE_SELL, "0.1");
    less.reduce_only = less.reduce_only_sent = true;
    (void)must_place(fixture, &less);

    assert_int_equal(venue_instrument_deliver(fixture->venue, &fixture->sink, fixture->btc, num("51000")), RESULT_OK);
    /* 10,000 - fees 12.500025 + 2.499995, closing 0.1 at 49,999.9 lost 0.02, settling 0.4 at 51,000: 0.4 * 999.9 = 399.96. */
    assert_dec(balance(fixture, bull).wallet, "10384.93998");
    /* 10,000 - fee 4.99999 - 0.2 * (51,000 - 49,999.9) = 200.02. */
    assert_dec(balance(fixture, bear).wallet, "9794.98001");
    assert_dec(position(fixture, bull, VENUE_POSITION_BOTH).amount, "0");
    assert_int_equal(order_by_id(fixture, bull, order_id).expiry, VENUE_EXPIRY_DELISTED);
    assert_int_equal(algo(fixture, bull, stop_id).status, VENUE_ALGO_EXPIRED);
    const venue_order_event_t *event = last_order_event(fixture, bear, VENUE_EXEC_CALCULATED);
    assert_memory_equal(event->order.client_id.text, "settlement_autoclose-", 21);
    must_refuse(fixture, &buy, -4141);
    assert_int_equal(venue_instrument_deliver(fixture->venue, &fixture->sink, fixture->btc, num("51000")), RESULT_BAD_STATE);
    assert_sound(fixture);
    fixture_free(fixture);
}

/* --- fees ------------------------------------------------------------------------------------- */

static void tiers_have_the_published_rates(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    venue_account_t account = fixture_account(fixture, "10000");
    static const struct {
        uint32_t tier;
        const char *maker, *taker;
    } rows[] = {{0, "0.0002", "0.0005"}, {1, "0.00016", "0.0004"}, {5, "0.00008", "0.00027"}, {9, "0", "0.00017"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        venue_account_view_t view;
        assert_int_equal(venue_account_tier(fixture->venue, account, rows[i].tier), RESULT_OK);
        assert_int_equal(venue_account_view(fixture->venue, account, &view), RESULT_OK);
        assert_int_equal(view.fee_tier, rows[i].tier);
        assert_dec(view.maker_rate, rows[i].maker);
        assert_dec(view.taker_rate, rows[i].taker);
    }
    assert_int_equal(venue_account_tier(fixture->venue, account, 10), RESULT_BAD_ARGUMENT);
    fixture_free(fixture);
}

static void fees_are_paid_in_the_third_asset_while_there_is_some(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    venue_asset_t bnb;
    instrument_id_t bnb_usdt;
    instrument_t rules = fixture_rules("BNBUSDT");
    snprintf(rules.base, sizeof rules.base, "BNB");
    assert_int_equal(venue_asset_add(fixture->venue, STR("BNB"), &bnb), RESULT_OK);
    assert_int_equal(venue_instrument_add(fixture->venue, &rules, &bnb_usdt), RESULT_OK);
    assert_int_equal(venue_fee_asset_set(fixture->venue, bnb, num("0.1")), RESULT_OK);
    venue_account_t account = fixture_account(fixture, "10000");
    assert_int_equal(venue_transfer(fixture->venue, &fixture->sink, account, bnb, num("0.02")), VENUE_REJECT_NONE);
    install(fixture, FIXTURE_START_NS, "50000", "50000", "50000", "50000");
    candle_t bar = hour(FIXTURE_START_NS, "600", "600", "600", "600", "1000");
    assert_int_equal(venue_market_bar(fixture->venue, bnb_usdt, TF_1H, &bar), RESULT_OK);
    advance_to(fixture, FIXTURE_START_NS + NS_PER_MIN);

    /* Not asked for: in USDT. */
    venue_place_t buy = market_order(fixture, account, VENUE_BUY, "0.5");
    (void)must_place(fixture, &buy);
    assert_dec(balance(fixture, account).wallet, "9987.499975");
    assert_int_equal(venue_account_fee_burn(fixture->venue, account, true), RESULT_OK);
    venue_place_t sell = market_order(fixture, account, VENUE_SELL, "0.5");
    (void)must_place(fixture, &sell);
    /* 0.5 * 49,999.9 * 0.05 % = 12.499975; less 10 %, at 600: 11.2499775 / 600 = 0.01874996 BNB. The round cost 0.1 USDT. */
    assert_dec(balance(fixture, account).wallet, "9987.399975");
    venue_balance_t in_bnb;
    assert_int_equal(venue_balance(fixture->venue, account, bnb, &in_bnb), RESULT_OK);
    assert_dec(in_bnb.wallet, "0.00125004");
    const venue_order_event_t *event = last_order_event(fixture, account, VENUE_EXEC_TRADE);
    assert_int_equal(event->commission_asset, bnb);
    assert_dec(event->commission, "0.01874996");
    /* Now the wallet no longer holds a whole fee: USDT again. */
    (void)must_place(fixture, &buy);
    assert_int_equal(last_order_event(fixture, account, VENUE_EXEC_TRADE)->commission_asset, fixture->usdt);
    venue_money_t money;
    assert_int_equal(venue_check_money(fixture->venue, bnb, &money), RESULT_OK);
    assert_dec(money.difference, "0");
    assert_dec(money.fees, "0.01874996");
    assert_sound(fixture);
    fixture_free(fixture);
}

/* --- restrictions ----------------------------------------------------------------------------- */

static void each_restriction_has_its_refusal(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    venue_account_t account = fixture_account(fixture, "10000");
    install(fixture, FIXTURE_START_NS, "50000", "50000", "50000", "50000");
    advance_to(fixture, FIXTURE_START_NS + NS_PER_MIN);
    venue_place_t buy = market_order(fixture, account, VENUE_BUY, "0.1");
    (void)must_place(fixture, &buy);
    venue_algo_place_t stop = algo_order(fixture, account, VENUE_SELL, VENUE_STOP_MARKET, "0.05", "49000");
    uint64_t stop_id = must_algo(fixture, &stop);
    static const struct {
        venue_restriction_t restriction;
        int code;
        bool closing_too;
    } rows[] = {
        {VENUE_ONLY_REDUCE, -4087, false},  {VENUE_NO_ORDERS, -4088, true},           {VENUE_KEYS_LOCKED, -2017, true},
        {VENUE_COOLING_OFF, -4192, true},   {VENUE_QUANTITATIVE_RULES, -4400, false}, {VENUE_LARGE_POSITION, -4401, false},
        {VENUE_REGION_CLOSED, -4402, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(venue_account_restrict(fixture->venue, account, rows[i].restriction), RESULT_OK);
        must_refuse(fixture, &buy, rows[i].code);
        venue_algo_place_t entry = algo_order(fixture, account, VENUE_BUY, VENUE_STOP_MARKET, "0.05", "51000");
        assert_int_equal(venue_reject_code(venue_algo_place(fixture->venue, &fixture->sink, &entry, NULL).reject), rows[i].code);
        venue_place_t less = market_order(fixture, account, VENUE_SELL, "0.01");
        less.reduce_only = less.reduce_only_sent = true;
        if (rows[i].closing_too) {
            must_refuse(fixture, &less, rows[i].code);
        } else {
            (void)must_place(fixture, &less);
        }
    }
    /* What was taken before still protects. */
    install(fixture, FIXTURE_START_NS + NS_PER_HOUR, "48000", "48000", "48000", "48000");
    advance_to(fixture, FIXTURE_START_NS + NS_PER_HOUR + NS_PER_MIN);
    assert_int_equal(algo(fixture, account, stop_id).status, VENUE_ALGO_FINISHED);
    assert_int_equal(venue_account_restrict(fixture->venue, account, VENUE_FREE), RESULT_OK);
    (void)must_place(fixture, &buy);
    assert_sound(fixture);
    fixture_free(fixture);
}

static void each_bar_of_leverage_has_its_refusal(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    venue_account_t account = fixture_account(fixture, "10000");
    static const struct {
        venue_leverage_bar_t bar;
        uint32_t most;
        int code;
    } rows[] = {
        {VENUE_LEVERAGE_UNVERIFIED, 20, -4202},       {VENUE_LEVERAGE_FIRST_MONTH, 20, -4203},
        {VENUE_LEVERAGE_FIRST_DAYS, 20, -4205},       {VENUE_LEVERAGE_COUNTRY, 20, -4206},
        {VENUE_LEVERAGE_POSITION_SERVICE, 20, -4208}, {VENUE_LEVERAGE_SYMBOL, 20, -4209},
        {VENUE_LEVERAGE_REGION, 10, -4403},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(venue_account_leverage_bar(fixture->venue, account, rows[i].bar), RESULT_OK);
        venue_reply_t reply = venue_set_leverage(fixture->venue, &fixture->sink, account, fixture->btc, rows[i].most + 1, NULL);
        assert_int_equal(venue_reject_code(reply.reject), rows[i].code);
        reply = venue_set_leverage(fixture->venue, &fixture->sink, account, fixture->btc, rows[i].most, NULL);
        assert_int_equal(reply.reject, VENUE_REJECT_NONE);
    }
    fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positions_give_way_when_the_fund_cannot_bear_it),
        cmocka_unit_test(the_fund_takes_over_while_it_can),
        cmocka_unit_test(the_higher_rank_goes_first),
        cmocka_unit_test(a_settled_symbol_pays_everybody_and_closes),
        cmocka_unit_test(tiers_have_the_published_rates),
        cmocka_unit_test(fees_are_paid_in_the_third_asset_while_there_is_some),
        cmocka_unit_test(each_restriction_has_its_refusal),
        cmocka_unit_test(each_bar_of_leverage_has_its_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
