/* test_usdm_lookback.c: endpoints that look back: amendments of orders, margin of isolated positions, the premium's bars, takers'
 * volumes, the basis, open interest and how holders are divided, settlement prices.
 *
 * shows: VEN-1, VEN-3
 */
#include "edge/face/usdm_fixture.h"

static int begin(void **state)
{
    bench_t *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench_market(bench, "BTCUSDT", 50000, NULL);
    bench_market(bench, "ETHUSDT", 3000, NULL);
    bench_open(bench);
    *state = bench;
    return 0;
}

static void must(bench_t *bench, const char *method, const char *path, const char *parameters)
{
    if (ask_signed(bench, method, path, parameters) != 200)
        fail_msg("%s %s %s: %.*s", method, path, parameters, (int)bench->reply.body.length, bench->reply.body.bytes);
}

static unsigned rows(const bench_t *bench, const char *key)
{
    unsigned count = 0;
    char *text = calloc(1, bench->reply.body.length + 1);
    assert_non_null(text);
    memcpy(text, bench->reply.body.bytes, bench->reply.body.length);
    for (const char *at = strstr(text, key); at; at = strstr(at + 1, key))
        count++;
    free(text);
    return count;
}

static void amendments_tell_before_and_after(void **state)
{
    bench_t *bench = *state;
    must(bench, "POST", "/fapi/v1/order",
         "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.020&price=48000&newClientOrderId=a");
    must(bench, "POST", "/fapi/v1/order",
         "symbol=ETHUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=2900&newClientOrderId=b");
    must(bench, "GET", "/fapi/v1/orderAmendment", "symbol=BTCUSDT");
    assert_true(str_eq(bench->reply.body, STR("[]")));
    must(bench, "PUT", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=a&side=BUY&quantity=0.030&price=48100&modifyId=77");
    must(bench, "PUT", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=a&side=BUY&quantity=0.030&price=48200");
    must(bench, "PUT", "/fapi/v1/order", "symbol=ETHUSDT&origClientOrderId=b&side=BUY&quantity=2&price=2900");
    /* A refused one is none. */
    assert_int_equal(
        ask_signed(bench, "PUT", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=a&side=BUY&quantity=0&price=48200"), 400);
    must(bench, "GET", "/fapi/v1/orderAmendment", "symbol=BTCUSDT&origClientOrderId=a");
    assert_int_equal(rows(bench, "\"amendmentId\""), 2);
    assert_says(
        bench,
        "\"amendment\":{\"price\":{\"before\":\"48000.0\",\"after\":\"48100.0\"},\"origQty\":{\"before\":\"0.020\",\"after\":"
        "\"0.030\"},\"count\":1,\"modifyId\":77}");
    assert_says(bench,
                "{\"price\":{\"before\":\"48100.0\",\"after\":\"48200.0\"},\"origQty\":{\"before\":\"0.030\",\"after\":\"0.030\"},"
                "\"count\":2}");
    must(bench, "GET", "/fapi/v1/orderAmendment", "symbol=BTCUSDT&limit=1");
    assert_int_equal(rows(bench, "\"amendmentId\""), 1); /* the newest */
    assert_says(bench, "\"count\":2");
    must(bench, "GET", "/fapi/v1/orderAmendment", "symbol=ETHUSDT");
    assert_says(bench, "\"clientOrderId\":\"b\"");
    assert_int_equal(rows(bench, "\"amendmentId\""), 1);
    assert_int_equal(ask_signed(bench, "GET", "/fapi/v1/orderAmendment", ""), 400);
    assert_says(bench, "-1102");
}

static void margin_moved_by_hand_is_listed(void **state)
{
    bench_t *bench = *state;
    must(bench, "POST", "/fapi/v1/marginType", "symbol=BTCUSDT&marginType=ISOLATED");
    must(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.002");
    must(bench, "POST", "/fapi/v1/positionMargin", "symbol=BTCUSDT&amount=5.5&type=1");
    must(bench, "POST", "/fapi/v1/positionMargin", "symbol=BTCUSDT&amount=2&type=2");
    assert_int_equal(ask_signed(bench, "POST", "/fapi/v1/positionMargin", "symbol=BTCUSDT&amount=99999999&type=1"), 400);
    must(bench, "GET", "/fapi/v1/positionMargin/history", "symbol=BTCUSDT");
    assert_int_equal(rows(bench, "\"deltaType\":\"USER_ADJUST\""), 2);
    assert_says(bench, "{\"symbol\":\"BTCUSDT\",\"type\":1,\"deltaType\":\"USER_ADJUST\",\"amount\":\"5.5\",\"asset\":\"USDT\",");
    must(bench, "GET", "/fapi/v1/positionMargin/history", "symbol=BTCUSDT&type=2");
    assert_int_equal(rows(bench, "\"deltaType\""), 1);
    assert_says(bench, "\"amount\":\"2\",\"asset\":\"USDT\"");
    assert_int_equal(ask_signed(bench, "GET", "/fapi/v1/positionMargin/history", "symbol=BTCUSDT&type=3"), 400);
    assert_says(bench, "-1130");
}

static void figures_of_the_market(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + 20 * NS_PER_MIN, WORLD_NEW_MOMENT), RESULT_OK);
    assert_int_equal(ask(bench, "GET", "/fapi/v1/premiumIndexKlines", "symbol=BTCUSDT&interval=1m&limit=3", "", ""), 200);
    assert_int_equal(rows(bench, "\"0\",\"0\",\"0\"]"), 3);
    assert_int_equal(rows(bench, "\"0.00000000\",\"0.00000000\",\"0.00000000\",\"0.00000000\""), 0); /* it moves */
    venue_figure_bar_t premium[3];
    assert_int_equal(venue_figures(world_venue(bench->world), 0, VENUE_FIGURE_PREMIUM, TF_1M, 0, 0, premium, 3), 3);
    assert_true(premium[0].open_ns + 2 * NS_PER_MIN == premium[2].open_ns);
    char close[DEC_TEXT_MAX + 8], text[DEC_TEXT_MAX];
    (void)dec_format_places(premium[1].close, 8, text);
    snprintf(close, sizeof close, "\"%s\",\"0\"", text);
    assert_says(bench, close);
    assert_int_equal(ask(bench, "GET", "/fapi/v1/premiumIndexKlines", "symbol=BTCUSDT&interval=7m", "", ""), 400);
    assert_says(bench, "-1120");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/markPriceKlines", "symbol=BTCUSDT&interval=1m&limit=4", "", ""), 200);
    assert_int_equal(rows(bench, "\"0\",\"0\",\"0\"]"), 4);
    assert_int_equal(ask(bench, "GET", "/fapi/v1/indexPriceKlines", "pair=BTCUSDT&interval=5m&limit=2", "", ""), 200);
    venue_figure_bar_t index[2];
    assert_int_equal(venue_figures(world_venue(bench->world), 0, VENUE_FIGURE_INDEX, TF_5M, 0, 0, index, 2), 2);
    (void)dec_format_places(index[1].high, 8, text);
    assert_says(bench, text);
    assert_int_equal(ask(bench, "GET", "/futures/data/takerlongshortRatio", "symbol=BTCUSDT&period=5m&limit=2", "", ""), 200);
    assert_int_equal(rows(bench, "\"buySellRatio\""), 2);
    assert_int_equal(ask(bench, "GET", "/futures/data/basis", "pair=BTCUSDT&contractType=PERPETUAL&period=5m&limit=2", "", ""),
                     200);
    assert_int_equal(rows(bench, "\"basis\":\""), 2);
    assert_int_equal(rows(bench, "\"basis\":\"0\""), 0);
    (void)dec_format_places(index[0].close, 8, text);
    assert_says(bench, text); /* of the first of the two bars */
    assert_int_equal(ask(bench, "GET", "/futures/data/basis", "pair=BTCUSDT&contractType=NEXT_QUARTER&period=5m", "", ""), 400);
    assert_says(bench, "-4104");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/indexInfo", "", "", ""), 200);
    assert_true(str_eq(bench->reply.body, STR("[]")));
}

/* The demo account is long 0.5 from the first five minutes on; nobody else is there but the street. */
static void who_holds_what_is_kept(void **state)
{
    bench_t *bench = *state;
    int64_t start_ns = world_now_ns(bench->world) - NS_PER_MIN;
    assert_int_equal(world_advance(bench->world, start_ns + 7 * NS_PER_MIN, WORLD_NEW_MOMENT), RESULT_OK);
    must(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.500");
    assert_int_equal(world_advance(bench->world, start_ns + 31 * NS_PER_MIN, WORLD_NEW_MOMENT), RESULT_OK);
    assert_int_equal(ask(bench, "GET", "/fapi/v1/openInterest", "symbol=BTCUSDT", "", ""), 200);
    assert_says(bench, "{\"openInterest\":\"0.500\",\"symbol\":\"BTCUSDT\"");
    assert_int_equal(ask(bench, "GET", "/futures/data/openInterestHist", "symbol=BTCUSDT&period=5m", "", ""), 200);
    assert_int_equal(rows(bench, "\"timestamp\""), 6);
    assert_int_equal(rows(bench, "\"sumOpenInterest\":\"0.00000000\",\"sumOpenInterestValue\":\"0.00000000\""), 1);
    assert_int_equal(rows(bench, "\"sumOpenInterest\":\"0.50000000\""), 5);
    assert_int_equal(ask(bench, "GET", "/futures/data/openInterestHist", "symbol=BTCUSDT&period=15m&limit=5", "", ""), 200);
    assert_int_equal(rows(bench, "\"timestamp\""), 2);
    assert_int_equal(ask(bench, "GET", "/futures/data/openInterestHist", "symbol=BTCUSDT&period=1m", "", ""), 400);
    assert_says(bench, "-1130");
    static const char *const ratios[] = {"/futures/data/globalLongShortAccountRatio", "/futures/data/topLongShortAccountRatio",
                                         "/futures/data/topLongShortPositionRatio"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(ask(bench, "GET", ratios[i], "symbol=BTCUSDT&period=5m", "", ""), 200);
        assert_int_equal(rows(bench, "\"longAccount\":\"1.0000\",\"shortAccount\":\"0.0000\""), 5); /* before, nobody held any */
        assert_int_equal(ask(bench, "GET", ratios[i], "symbol=ETHUSDT&period=5m", "", ""), 200);
        assert_true(str_eq(bench->reply.body, STR("[]")));
    }
}

static void what_else_is_told_about_a_contract(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(ask(bench, "GET", "/fapi/v1/constituents", "symbol=BTCUSDT", "", ""), 200);
    assert_says(bench, "\"exchange\":\"patriot\",\"symbol\":\"BTCUSDT\",\"price\":\"");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/symbolAdlRisk", "", "", ""), 200);
    assert_int_equal(rows(bench, "\"adlRisk\":\"low\""), 2);
    assert_int_equal(ask(bench, "GET", "/fapi/v1/tradingSchedule", "", "", ""), 200);
    assert_says(bench, "\"marketSchedules\":{}}");
    assert_int_equal(ask(bench, "GET", "/futures/data/delivery-price", "pair=BTCUSDT", "", ""), 200);
    assert_true(str_eq(bench->reply.body, STR("[]")));
    assert_int_equal(world_deliver(bench->world, 0, dec_from_int(51000)), RESULT_OK);
    assert_int_equal(ask(bench, "GET", "/futures/data/delivery-price", "pair=BTCUSDT", "", ""), 200);
    assert_says(bench, "\"deliveryPrice\":51000}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(amendments_tell_before_and_after, begin, end),
        cmocka_unit_test_setup_teardown(margin_moved_by_hand_is_listed, begin, end),
        cmocka_unit_test_setup_teardown(figures_of_the_market, begin, end),
        cmocka_unit_test_setup_teardown(who_holds_what_is_kept, begin, end),
        cmocka_unit_test_setup_teardown(what_else_is_told_about_a_contract, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
