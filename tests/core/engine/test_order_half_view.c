/* test_order_half_view.c: the figures that people see follow from the books and the marks.
 * shows: ORD-14, UI-1
 */
#include "half_fixture.h"

static figures_view_t figures_at(const fixture_t *f, const char *mark)
{
    static dec_t marks[INSTRUMENT_MAX];
    figures_view_t view;
    marks[f->id] = D(mark);
    order_half_figures(f->half, marks, &view);
    return view;
}

static void equity_is_the_wallet_and_what_stands_open(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    const figures_view_t before = figures_at(f, "100");
    assert_string_equal(before.asset, "USDT");
    assert_true(dec_is_zero(before.unrealised) && dec_eq(before.equity, before.wallet) && dec_is_zero(before.realised));

    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    const figures_view_t up = figures_at(f, "101");
    assert_dec(up.unrealised, "6.6");
    assert_true(dec_eq(up.equity, dec_plus(up.wallet, D("6.6"))));
    const figures_view_t down = figures_at(f, "98.5");
    assert_dec(down.unrealised, "-9.9");
    assert_true(dec_eq(figures_at(f, "0").equity, up.wallet)); /* without a mark nothing is claimed */

    placed_t *target = fixture_last(f, LEG_TARGET);
    private_event_t fill = fixture_fill_event(f, target, 900, "6.6", "115");
    fill.fill.order.status = PRIVATE_STATUS_FILLED;
    fill.fill.fill.realised = D("99");
    fill.fill.fill.fee = D("0.3");
    memcpy(fill.fill.fill.fee_asset, "USDT", sizeof "USDT");
    fixture_private(f, &fill);
    const figures_view_t after = figures_at(f, "115");
    assert_dec(after.realised, "99");
    assert_dec(after.fees, "0.3");
    assert_true(dec_is_zero(after.unrealised) && dec_eq(after.equity, after.wallet));
    assert_true(dec_eq(after.wallet, dec_plus(before.wallet, D("98.7"))));
    fixture_stop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equity_is_the_wallet_and_what_stands_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
