/* test_usdm_user.c: what an account is told in the words that the vendor's own clients of typed languages insist on: types of
 * fields, fields that always come, events beside the full ones, and the two versions of the account on the socket API.
 *
 * shows: VEN-3
 */
#include "edge/face/usdm_fixture.h"

static int begin(void **state)
{
    bench_t *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench_market(bench, "BTCUSDT", 50000, NULL);
    bench_open(bench);
    *state = bench;
    return 0;
}

/* Follows the account on a stream of its own; EVENTS: what is asked for, empty for all. */
static face_session_t *follow(bench_t *bench, fake_socket_t *socket, const char *events)
{
    char query[200];
    assert_int_equal(ask(bench, "POST", "/fapi/v1/listenKey", "", "", "KEY"), 200);
    snprintf(query, sizeof query, "listenKey=%.64s%s%s", (const char *)bench->reply.body.bytes + strlen("{\"listenKey\":\""),
             events[0] ? "&events=" : "", events);
    return face_session_open(bench->face, socket, STR("/private/ws"), str_from(query), STR("1"));
}

static void buy(bench_t *bench)
{
    assert_int_equal(
        ask_signed(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.010&newClientOrderId=mine"),
        200);
}

/* Of each trade the short event, right before the whole one, and nothing of orders without a trade. */
static void a_trade_is_told_short_first(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t all, some;
    face_session_t *a = follow(bench, &all, ""), *b = follow(bench, &some, "TRADE_LITE");
    assert_int_equal(ask_signed(bench, "POST", "/fapi/v1/order",
                                "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&price=40000"),
                     200);
    assert_int_equal(all.count, 1);
    assert_int_equal(some.count, 0);
    buy(bench);
    const char *lite = strstr(all.all, "{\"e\":\"TRADE_LITE\",\"E\":");
    const char *full = strstr(all.all, "\"x\":\"TRADE\"");
    assert_non_null(lite);
    assert_true(full > lite);
    assert_null(strstr(full, "TRADE_LITE"));
    assert_int_equal(some.count, 1);
    assert_non_null(
        strstr(some.last, ",\"s\":\"BTCUSDT\",\"q\":\"0.010\",\"p\":\"0.0\",\"m\":false,\"c\":\"mine\",\"S\":\"BUY\",\"L\":\"4"));
    assert_non_null(strstr(some.last, "\",\"l\":\"0.010\",\"t\":61,\"i\":2}"));
    face_session_close(bench->face, a);
    face_session_close(bench->face, b);
}

/* The reason of an expiry is a text; fee and its asset come also while there is none; a position names its margin's asset. */
static void fields_have_the_exchanges_types(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t socket;
    face_session_t *session = follow(bench, &socket, "");
    assert_int_equal(ask_signed(bench, "POST", "/fapi/v1/order",
                                "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=IOC&quantity=0.010&price=40000"),
                     200);
    assert_non_null(
        strstr(socket.all,
               "\"x\":\"NEW\",\"X\":\"NEW\",\"i\":1,\"l\":\"0.000\",\"z\":\"0.000\",\"L\":\"0.0\",\"n\":\"0\",\"N\":\"USDT\","));
    assert_non_null(strstr(socket.all, "\"gtd\":0,\"er\":\"0\"}}"));
    assert_non_null(strstr(socket.last, "\"x\":\"EXPIRED\""));
    assert_non_null(strstr(socket.last, "\"gtd\":0,\"er\":\"2\"}}"));
    buy(bench);
    assert_non_null(strstr(socket.last, "\"mt\":\"cross\",\"iw\":\"0\",\"ps\":\"BOTH\",\"ma\":\"USDT\"}]}}"));
    face_session_close(bench->face, session);
}

/* A test of an order answers with an order that says nothing, and makes none. */
static void a_tested_order_is_blank(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(ask_signed(bench, "POST", "/fapi/v1/order/test", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.010"), 200);
    assert_says(bench, "{\"orderId\":0,");
    assert_says(bench, "\"reduceOnly\":false,");
    assert_says(bench, "\"symbol\":\"\",");
    assert_int_equal(ask_signed(bench, "GET", "/fapi/v1/allOrders", "symbol=BTCUSDT"), 200);
    assert_says(bench, "[]");
}

/* Conditional orders are numbered far above orders: whoever keeps both in one table has no number twice. */
static void conditional_orders_have_numbers_of_their_own(void **state)
{
    bench_t *bench = *state;
    buy(bench);
    assert_says(bench, "\"orderId\":1,");
    assert_int_equal(ask_signed(bench, "POST", "/fapi/v1/algoOrder",
                                "algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=STOP_MARKET&triggerPrice=30000&quantity=0.010"),
                     200);
    assert_says(bench, "{\"algoId\":1000000000000001,");
    assert_int_equal(ask_signed(bench, "DELETE", "/fapi/v1/algoOrder", "algoId=1000000000000001"), 200);
}

static void ask_socket(bench_t *bench, face_session_t *session, const char *method)
{
    char payload[96], text[320], hex[65];
    long long now = (long long)(world_now_ns(bench->world) / NS_PER_MS);
    snprintf(payload, sizeof payload, "apiKey=KEY&timestamp=%lld", now);
    sign(payload, hex);
    int length = snprintf(text, sizeof text,
                          "{\"id\":1,\"method\":\"%s\",\"params\":{\"apiKey\":\"KEY\",\"timestamp\":%lld,\"signature\":\"%s\"}}",
                          method, now, hex);
    face_session_text(bench->face, session, (str_t){text, (size_t)length}, bench->wall_ns);
}

/* Each version of the account is that of REST: the first one with flags and every symbol, the second without. */
static void the_socket_api_has_both_versions_of_the_account(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t socket;
    face_session_t *session = face_session_open(bench->face, &socket, STR("/ws-fapi/v1"), STR(""), STR("1"));
    ask_socket(bench, session, "account.status");
    assert_non_null(strstr(socket.last, "\"result\":{\"feeTier\":0,"));
    assert_non_null(strstr(socket.last, "\"marginAvailable\":true,\"updateTime\":"));
    assert_non_null(strstr(socket.last, "\"leverage\":\"20\",\"isolated\":false,"));
    ask_socket(bench, session, "v2/account.status");
    assert_non_null(strstr(socket.last, "\"result\":{\"totalInitialMargin\":"));
    assert_non_null(strstr(socket.last, "\"positions\":[]"));
    face_session_close(bench->face, session);
}

static int begin_beside_spot(void **state)
{
    bench_t *bench = calloc(1, sizeof *bench);
    static const market_rules_t none;
    instrument_t spot;
    assert_non_null(bench);
    bench_market(bench, "BTCUSDT", 50000, NULL);
    (void)market_rules_find(&none, "BTCUSDT", dec_from_int(50000), &spot);
    market_rules_spot(&none, dec_from_int(50000), &spot);
    bench_market(bench, "BTCUSDT", 50000, &spot);
    bench_open(bench);
    *state = bench;
    return 0;
}

static uint32_t said(const bench_t *bench, const char *words)
{
    char *text = calloc(1, bench->reply.body.length + 1);
    uint32_t count = 0;
    assert_non_null(text);
    memcpy(text, bench->reply.body.bytes, bench->reply.body.length);
    for (const char *at = strstr(text, words); at; at = strstr(at + 1, words))
        count++;
    free(text);
    return count;
}

/* Where a spot market bears a contract's name, the account has the contract's legs once, and not the market's beside them. */
static void a_spot_market_is_no_position(void **state)
{
    bench_t *bench = *state;
    buy(bench);
    static const char *const paths[] = {"/fapi/v2/positionRisk", "/fapi/v3/positionRisk", "/fapi/v2/account", "/fapi/v3/account"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        assert_int_equal(ask_signed(bench, "GET", paths[i], ""), 200);
        assert_int_equal(said(bench, "\"symbol\":\"BTCUSDT\""), 1);
        assert_int_equal(said(bench, "\"positionAmt\":\"0.010\""), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_trade_is_told_short_first, begin, end),
        cmocka_unit_test_setup_teardown(fields_have_the_exchanges_types, begin, end),
        cmocka_unit_test_setup_teardown(a_tested_order_is_blank, begin, end),
        cmocka_unit_test_setup_teardown(conditional_orders_have_numbers_of_their_own, begin, end),
        cmocka_unit_test_setup_teardown(the_socket_api_has_both_versions_of_the_account, begin, end),
        cmocka_unit_test_setup_teardown(a_spot_market_is_no_position, begin_beside_spot, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
