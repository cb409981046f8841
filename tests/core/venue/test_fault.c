/* test_fault.c: what befalls an exchange from outside its rules: a price that jumps fills who rests before it. shows: VEN-3, VEN-4,
 * I6 */
#include "venue_fixture.h"

#include "core/venue/venue_fault.h"

typedef struct {
    fixture_t *fixture;
    venue_account_t account;
    uint64_t far, near, at, above; /* order ids: bids at 48,000, 49,000 and 47,000, an ask at 52,000 */
} resting_t;

static uint64_t rest(const resting_t *resting, venue_side_t side, const char *quantity, const char *price)
{
    venue_place_t place = limit_order(resting->fixture, resting->account, side, quantity, price);
    return must_place(resting->fixture, &place).id;
}

static resting_t resting_new(void)
{
    resting_t resting = {.fixture = fixture_new()};
    install(resting.fixture, FIXTURE_START_NS, "50000", "50100", "49900", "50050");
    resting.account = fixture_account(resting.fixture, "100000");
    resting.far = rest(&resting, VENUE_BUY, "0.2", "48000");
    resting.near = rest(&resting, VENUE_BUY, "0.3", "49000");
    resting.at = rest(&resting, VENUE_BUY, "0.1", "47000");
    resting.above = rest(&resting, VENUE_SELL, "0.1", "52000");
    return resting;
}

static venue_status_t status_of(const resting_t *resting, uint64_t id)
{
    return order_by_id(resting->fixture, resting->account, id).status;
}

static void who_rests_before_the_price_is_filled_at_his_own(void **state)
{
    (void)state;
    resting_t resting = resting_new();
    fixture_t *fixture = resting.fixture;
    venue_fill_t fills[4];
    assert_int_equal(venue_price_jump(fixture->venue, &fixture->sink, fixture->btc, num("47000")), RESULT_OK);
    const venue_select_t select = {.account = resting.account, .instrument = INSTRUMENT_NONE};
    assert_int_equal(venue_fills(fixture->venue, &select, fills, 4), 2);
    assert_true(fills[0].order_id == resting.near && fills[1].order_id == resting.far);
    assert_dec(fills[0].price, "49000");
    assert_dec(fills[1].price, "48000");
    assert_true(fills[0].maker && fills[1].maker);
    assert_int_equal(status_of(&resting, resting.at), VENUE_STATUS_NEW); /* a trade at its price need not be with it */
    assert_int_equal(status_of(&resting, resting.above), VENUE_STATUS_NEW);
    assert_dec(venue_last_price(fixture->venue, fixture->btc), "47000");
    assert_dec(position(fixture, resting.account, VENUE_POSITION_BOTH).amount, "0.5");
    assert_sound(fixture);
    assert_int_equal(venue_price_jump(fixture->venue, &fixture->sink, fixture->btc, num("53000")), RESULT_OK);
    assert_int_equal(status_of(&resting, resting.above), VENUE_STATUS_FILLED);
    assert_sound(fixture);
    fixture_free(fixture);
}

static void a_symbol_that_is_halted_fills_nobody(void **state)
{
    (void)state;
    resting_t resting = resting_new();
    fixture_t *fixture = resting.fixture;
    assert_int_equal(venue_instrument_status(fixture->venue, &fixture->sink, fixture->btc, INSTRUMENT_HALTED), RESULT_OK);
    assert_int_equal(venue_price_jump(fixture->venue, &fixture->sink, fixture->btc, num("47000")), RESULT_OK);
    assert_int_equal(status_of(&resting, resting.near), VENUE_STATUS_NEW);
    fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_rests_before_the_price_is_filled_at_his_own),
        cmocka_unit_test(a_symbol_that_is_halted_fills_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
