/* test_tiers.c: the fee tier that an account earns by what it trades in thirty days and the BNB it holds, looked at when a day
 * ends. Figures by hand: docs/venue.md. shows: VEN-3, VEN-4 */
#include "venue_fixture.h"

typedef struct {
    fixture_t *fixture;
    venue_account_t earner, other;
    venue_asset_t bnb;
} earning_t;

static earning_t earning_new(const char *bnb)
{
    venue_bounds_t bounds = fixture_bounds();
    earning_t earning = {.fixture = fixture_new_bounds(7, &bounds)};
    fixture_t *fixture = earning.fixture;
    earning.earner = fixture_account(fixture, "100000000");
    earning.other = fixture_account(fixture, "100000000");
    if (bnb != NULL) {
        assert_int_equal(venue_asset_add(fixture->venue, STR("BNB"), &earning.bnb), RESULT_OK);
        assert_int_equal(venue_transfer(fixture->venue, &fixture->sink, earning.earner, earning.bnb, num(bnb)), VENUE_REJECT_NONE);
    }
    for (venue_account_t account = 0; account < 2; account++) {
        assert_int_equal(venue_set_leverage(fixture->venue, &fixture->sink, account, fixture->btc, 5, NULL).reject,
                         VENUE_REJECT_NONE);
    }
    assert_int_equal(venue_account_tier_earn(fixture->venue, earning.earner), RESULT_OK);
    return earning;
}

/* The earner takes 100 BTC at 50,000 from the other, 5,000,000 USDT, and gives them back the next time. */
static dec_t trade_five_millions(const earning_t *earning, venue_side_t side)
{
    fixture_t *fixture = earning->fixture;
    venue_place_t resting = limit_order(fixture, earning->other, side == VENUE_BUY ? VENUE_SELL : VENUE_BUY, "100", "50000");
    venue_place_t taking = limit_order(fixture, earning->earner, side, "100", "50000");
    dec_t before = balance(fixture, earning->earner).wallet, paid;
    (void)must_place(fixture, &resting);
    (void)must_place(fixture, &taking);
    assert_int_equal(dec_sub(before, balance(fixture, earning->earner).wallet, &paid), RESULT_OK);
    return paid;
}

static uint32_t tier(const earning_t *earning, venue_account_t account)
{
    venue_account_view_t view;
    assert_int_equal(venue_account_view(earning->fixture->venue, account, &view), RESULT_OK);
    return view.fee_tier;
}

static void fifteen_millions_make_vip_1_at_midnight_and_for_thirty_days(void **state)
{
    (void)state;
    earning_t earning = earning_new("25");
    fixture_t *fixture = earning.fixture;
    advance_to(fixture, FIXTURE_START_NS + NS_PER_HOUR);
    for (uint32_t i = 0; i < 3; i++) {
        assert_dec(trade_five_millions(&earning, (venue_side_t)(i % 2)), "2500"); /* 5,000,000 * 0.05 % */
    }
    assert_int_equal(tier(&earning, earning.earner), 0);
    assert_true(dec_is_zero(venue_account_traded(fixture->venue, earning.earner))); /* of days that have ended */
    advance_to(fixture, FIXTURE_START_NS + NS_PER_DAY);
    assert_int_equal(tier(&earning, earning.earner), 1);
    assert_dec(venue_account_traded(fixture->venue, earning.earner), "15000000");
    assert_int_equal(tier(&earning, earning.other), 0);            /* who does not earn his tier keeps it */
    assert_dec(trade_five_millions(&earning, VENUE_SELL), "2000"); /* 0.04 % */
    /* The first day counts on the thirtieth after it, no longer on the thirty-first; 5,000,000 are left. */
    advance_to(fixture, FIXTURE_START_NS + 31 * NS_PER_DAY - 1);
    assert_int_equal(tier(&earning, earning.earner), 1);
    advance_to(fixture, FIXTURE_START_NS + 31 * NS_PER_DAY);
    assert_int_equal(tier(&earning, earning.earner), 0);
    assert_dec(venue_account_traded(fixture->venue, earning.earner), "5000000");
    assert_sound(fixture);
    fixture_free(fixture);
}

static void without_the_bnb_volume_is_not_enough(void **state)
{
    (void)state;
    earning_t earning = earning_new("24.99999999");
    fixture_t *fixture = earning.fixture;
    for (uint32_t i = 0; i < 4; i++) {
        (void)trade_five_millions(&earning, (venue_side_t)(i % 2));
    }
    advance_to(fixture, FIXTURE_START_NS + NS_PER_DAY);
    assert_int_equal(tier(&earning, earning.earner), 0);
    assert_int_equal(venue_transfer(fixture->venue, &fixture->sink, earning.earner, earning.bnb, num("0.00000001")),
                     VENUE_REJECT_NONE);
    assert_int_equal(tier(&earning, earning.earner), 0); /* not before the day ends */
    advance_to(fixture, FIXTURE_START_NS + 2 * NS_PER_DAY);
    assert_int_equal(tier(&earning, earning.earner), 1);
    fixture_free(fixture);
    earning = earning_new(NULL); /* an exchange without BNB: the volume alone */
    for (uint32_t i = 0; i < 4; i++) {
        (void)trade_five_millions(&earning, (venue_side_t)(i % 2));
    }
    advance_to(earning.fixture, FIXTURE_START_NS + NS_PER_DAY);
    assert_int_equal(tier(&earning, earning.earner), 1);
    fixture_free(earning.fixture);
}

static void a_tier_that_was_set_stays(void **state)
{
    (void)state;
    earning_t earning = earning_new(NULL);
    fixture_t *fixture = earning.fixture;
    assert_int_equal(venue_account_tier(fixture->venue, earning.earner, 3), RESULT_OK);
    for (uint32_t i = 0; i < 4; i++) {
        assert_dec(trade_five_millions(&earning, (venue_side_t)(i % 2)), "1600"); /* 0.032 % */
    }
    advance_to(fixture, FIXTURE_START_NS + 2 * NS_PER_DAY);
    assert_int_equal(tier(&earning, earning.earner), 3);
    assert_int_equal(venue_account_tier_earn(fixture->venue, 99), RESULT_BAD_ARGUMENT);
    fixture_free(fixture);
}

static void volumes_survive_a_snapshot(void **state)
{
    (void)state;
    earning_t earning = earning_new(NULL);
    fixture_t *fixture = earning.fixture;
    for (uint32_t i = 0; i < 3; i++) {
        (void)trade_five_millions(&earning, (venue_side_t)(i % 2));
    }
    size_t size = venue_save_size(fixture->venue), written = 0;
    void *bytes = malloc(size);
    assert_int_equal(venue_save(fixture->venue, bytes, size, &written), RESULT_OK);
    memset(fixture->memory, 0xA5, size / 2);
    assert_int_equal(venue_load(fixture->memory, bytes, written, &fixture->venue), RESULT_OK);
    assert_int_equal(venue_account_tier_earn(fixture->venue, earning.earner), RESULT_OK); /* said again: nothing is lost */
    advance_to(fixture, FIXTURE_START_NS + NS_PER_DAY);
    assert_int_equal(tier(&earning, earning.earner), 1);
    free(bytes);
    fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fifteen_millions_make_vip_1_at_midnight_and_for_thirty_days),
        cmocka_unit_test(without_the_bnb_volume_is_not_enough),
        cmocka_unit_test(a_tier_that_was_set_stays),
        cmocka_unit_test(volumes_survive_a_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
