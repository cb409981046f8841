/* test_usdm.c: the Binance USD-M face by bytes: requests in, replies out, no sockets.
 * shows: VEN-3, VEN-4
 */
#include "edge/face/usdm_fixture.h"
#include "edge/face/world/world_acts.h"

static void open_endpoints_answer(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(ask(bench, "GET", "/fapi/v1/ping", "", "", ""), 200);
    assert_says(bench, "{}");
    assert_int_equal(ask(bench, "GET", "/fapi.binance.com/fapi/v1/time", "", "", ""), 200); /* the host may stand before the path */
    assert_says(bench, "serverTime");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/exchangeInfo", "", "", ""), 200);
    assert_says(bench, "\"TRAILING_STOP_MARKET\"");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/depth", "symbol=btcusdt&limit=5", "", ""), 200);
    assert_says(bench, "\"lastUpdateId\"");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/depth", "symbol=BTCUSDT&limit=7", "", ""), 400);
    assert_says(bench, "{\"code\":-4021,\"msg\":\"7 is not valid depth limit\"}");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/klines", "symbol=BTCUSDT&interval=1s", "", ""), 400);
    assert_says(bench, "-1120");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/klines", "symbol=BTCUSDT&interval=1h&limit=1501", "", ""), 400);
    assert_says(bench, "-1130");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/klines", "interval=1h", "", ""), 400);
    assert_says(bench, "-1102");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/nothing", "", "", ""), 404);
    assert_int_equal(ask(bench, "GET", "/sapi/v1/capital/config/getall", "", "", "KEY"), 200);
    assert_says(bench, "[]");
}

static void only_signed_requests_pass(void **state)
{
    bench_t *bench = *state;
    char query[512], hex[65];
    assert_int_equal(ask_signed(bench, "GET", "/fapi/v3/balance", ""), 200);
    assert_says(bench, "\"balance\":\"10000.00000000\"");
    assert_int_equal(ask(bench, "GET", "/fapi/v3/balance", "timestamp=1", "", ""), 401);
    assert_says(bench, "-2014");
    assert_int_equal(ask(bench, "GET", "/fapi/v3/balance", "timestamp=1", "", "STRANGER"), 401);
    assert_says(bench, "-2015");
    snprintf(query, sizeof query, "timestamp=%lld", (long long)(world_now_ns(bench->world) / NS_PER_MS));
    assert_int_equal(ask(bench, "GET", "/fapi/v3/balance", query, "", "KEY"), 400);
    assert_says(bench, "'signature'");
    sign(query, hex);
    hex[5] = hex[5] == '0' ? '1' : '0';
    snprintf(query + strlen(query), sizeof query - strlen(query), "&signature=%s", hex);
    assert_int_equal(ask(bench, "GET", "/fapi/v3/balance", query, "", "KEY"), 400);
    assert_says(bench, "-1022");
}

/* Query and body count together, as one text without a separator; the signature may stand in either. */
static void the_signature_covers_query_and_body(void **state)
{
    bench_t *bench = *state;
    char text[512], query[256], body[256], hex[65];
    snprintf(query, sizeof query, "symbol=BTCUSDT&side=BUY&type=MARKET");
    snprintf(body, sizeof body, "quantity=0.010&timestamp=%lld", (long long)(world_now_ns(bench->world) / NS_PER_MS));
    snprintf(text, sizeof text, "%s%s", query, body);
    sign(text, hex);
    snprintf(body + strlen(body), sizeof body - strlen(body), "&signature=%s", hex);
    assert_int_equal(ask(bench, "POST", "/fapi/v1/order", query, body, "KEY"), 200);
    assert_says(bench, "\"status\":\"NEW\"");
}

static void time_must_fit_one_of_two_clocks(void **state)
{
    bench_t *bench = *state;
    int64_t venue = world_now_ns(bench->world) / NS_PER_MS, wall = bench->wall_ns / NS_PER_MS;
    struct {
        int64_t timestamp;
        unsigned status;
    } cases[] = {{venue, 200},       {venue - 5000, 200}, {venue - 5001, 400},
                 {venue + 999, 200}, {venue + 1000, 400}, {wall, 200},
                 {wall - 5001, 400}, {wall + 1000, 400},  {1, 400}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[128], query[256], hex[65];
        snprintf(text, sizeof text, "timestamp=%lld", (long long)cases[i].timestamp);
        sign(text, hex);
        snprintf(query, sizeof query, "%s&signature=%s", text, hex);
        assert_int_equal(ask(bench, "GET", "/fapi/v3/balance", query, "", "KEY"), cases[i].status);
        if (cases[i].status == 400)
            assert_says(bench, "-1021");
    }
}

/* The venue goes ten minutes while the wall goes ten seconds; the client set its clock by ours before that. */
static void time_by_a_clock_that_was_told_once_fits(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(ask(bench, "GET", "/fapi/v1/time", "", "", ""), 200);
    const int64_t told = world_now_ns(bench->world) / NS_PER_MS, passed = 10000;
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + 10 * NS_PER_MIN, WORLD_NEW_MOMENT), RESULT_OK);
    bench->wall_ns += passed * NS_PER_MS;
    const int64_t venue = world_now_ns(bench->world) / NS_PER_MS;
    struct {
        int64_t timestamp;
        unsigned status;
    } cases[] = {
        {told + passed, 200}, {told + passed - 5000, 200}, {told + passed - 5001, 400}, {venue + 999, 200}, {venue + 1000, 400}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[128], query[256], hex[65];
        snprintf(text, sizeof text, "timestamp=%lld", (long long)cases[i].timestamp);
        sign(text, hex);
        snprintf(query, sizeof query, "%s&signature=%s", text, hex);
        assert_int_equal(ask(bench, "GET", "/fapi/v3/balance", query, "", "KEY"), cases[i].status);
    }
}

static void bad_parameters_have_their_codes(void **state)
{
    bench_t *bench = *state;
    static const struct {
        const char *parameters, *code;
    } cases[] = {
        {"side=BUY&type=MARKET&quantity=0.01", "-1102"},
        {"symbol=NOPE&side=BUY&type=MARKET&quantity=0.01", "-1121"},
        {"symbol=BTCUSDT&side=HOLD&type=MARKET&quantity=0.01", "-1117"},
        {"symbol=BTCUSDT&side=BUY&type=LUCK&quantity=0.01", "-1116"},
        {"symbol=BTCUSDT&side=BUY&type=STOP_MARKET&quantity=0.01&stopPrice=1", "-4120"},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.01&price=50000", "-1102"},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.01&price=50000&timeInForce=NOW", "-1115"},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=", "-1105"},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1e3", "-1100"},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.0100000000000000000", "-1111"},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&newClientOrderId=a%20b", "-1100"},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&newClientOrderId=1234567890123456789012345678901234567", "-4015"},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&newOrderRespType=FULL", "-1136"},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&stopLoss%5BtriggerPrice%5D=1", "-1104"},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&reduceOnly=perhaps", "-1102"},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=%zz", "-1100"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(ask_signed(bench, "POST", "/fapi/v1/order", cases[i].parameters), 400);
        assert_says(bench, cases[i].code);
    }
    char many[2000] = "";
    for (int i = 0; i < 70; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "%sp%d=1", i ? "&" : "", i);
    assert_int_equal(ask_signed(bench, "POST", "/fapi/v1/order", many), 400);
    assert_says(bench, "-1101");
}

/* go-binance sends what nobody chose as empty; the SDK for Java has names in lower case. */
static void what_clients_of_other_languages_send_is_taken(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(
        ask_signed(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&newOrderRespType="), 200);
    assert_int_equal(ask_signed(bench, "GET", "/fapi/v1/income", "symbol=&incomeType="), 200);
    assert_says(bench, "COMMISSION");
    assert_int_equal(ask_signed(bench, "GET", "/fapi/v1/forceOrders", "symbol=&autoCloseType="), 200);
    assert_int_equal(ask_signed(bench, "GET", "/fapi/v1/openOrders", "symbol="), 400); /* it leaves this one out */
    assert_says(bench, "-1105");
    assert_int_equal(
        ask_signed(bench, "POST", "/fapi/v1/algoOrder",
                   "algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=STOP_MARKET&triggerPrice=1000&closePosition=true&"
                   "clientAlgoId=java"),
        200);
    assert_int_equal(ask_signed(bench, "DELETE", "/fapi/v1/algoOrder", "clientalgoid=java"), 200);
}

static void weights_end_in_429_then_418(void **state)
{
    bench_t *bench = *state;
    for (int i = 0; i < 120; i++)
        assert_int_equal(ask(bench, "GET", "/fapi/v1/aggTrades", "symbol=BTCUSDT", "", ""), 200);
    assert_string_equal(bench->reply.headers[0].value, "2400");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/ping", "", "", ""), 429);
    assert_says(bench, "-1003");
    assert_string_equal(bench->reply.headers[1].name, "Retry-After");
    assert_string_equal(bench->reply.headers[1].value, "40"); /* 1790000000 is 20 s into its minute */
    for (int i = 0; i < 9; i++)
        assert_int_equal(ask(bench, "GET", "/fapi/v1/ping", "", "", ""), 429);
    assert_int_equal(ask(bench, "GET", "/fapi/v1/ping", "", "", ""), 418);
    /* The next minute does not lift a ban; the end of it does. */
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + NS_PER_MIN, WORLD_NEW_MOMENT), RESULT_OK);
    assert_int_equal(ask(bench, "GET", "/fapi/v1/ping", "", "", ""), 418);
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + NS_PER_MIN + NS_PER_S, WORLD_NEW_MOMENT), RESULT_OK);
    assert_int_equal(ask(bench, "GET", "/fapi/v1/ping", "", "", ""), 200);
}

static void batches_judge_each_element(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(ask_signed(bench, "POST", "/fapi/v1/batchOrders",
                                "batchOrders=[{\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"type\":\"MARKET\",\"quantity\":\"0.010\"},"
                                "{\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"type\":\"MARKET\",\"quantity\":\"-1\"}]"),
                     200);
    assert_says(bench, "\"orderId\":");
    assert_says(bench, "{\"code\":-1100,");
    assert_int_equal(ask_signed(bench, "POST", "/fapi/v1/batchOrders", "batchOrders=[{},{},{},{},{},{}]"), 400);
    assert_says(bench, "-4082");
    assert_int_equal(ask_signed(bench, "POST", "/fapi/v1/batchOrders", "batchOrders=[{\"symbol\":"), 400);
    assert_int_equal(ask_signed(bench, "DELETE", "/fapi/v1/batchOrders", "symbol=BTCUSDT&orderidlist=[1,2]"), 200);
    assert_says(bench, "-2011");
}

static void the_socket_api_answers_with_the_same_id(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t socket;
    char payload[256], text[512], hex[65];
    face_session_t *session = face_session_open(bench->face, &socket, STR("/ws-fapi/v1"), STR(""), STR("1"));
    long long now = (long long)(world_now_ns(bench->world) / NS_PER_MS);
    snprintf(payload, sizeof payload, "apiKey=KEY&quantity=0.01&side=BUY&symbol=BTCUSDT&timestamp=%lld&type=MARKET", now);
    sign(payload, hex);
    /* Unsorted on the wire, sorted under the signature; a number for the quantity. */
    int length = snprintf(
        text, sizeof text,
        "{\"id\":\"x-1\",\"method\":\"order.place\",\"params\":{\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"type\":\"MARKET\","
        "\"quantity\":0.01,\"apiKey\":\"KEY\",\"timestamp\":%lld,\"signature\":\"%s\"}}",
        now, hex);
    face_session_text(bench->face, session, (str_t){text, (size_t)length}, bench->wall_ns);
    assert_non_null(strstr(socket.last, "{\"id\":\"x-1\",\"status\":200,\"result\":{\"clientOrderId\":"));
    face_session_text(bench->face, session, STR("{\"id\":9,\"method\":\"order.dream\",\"params\":{}}"), bench->wall_ns);
    assert_non_null(strstr(socket.last, "{\"id\":9,\"status\":400,\"error\":{\"code\":-1020"));
    face_session_text(bench->face, session, STR("not json"), bench->wall_ns);
    assert_non_null(strstr(socket.last, "\"status\":400"));
    face_session_close(bench->face, session);
}

static void closed_by_the_exchange_is_listed(void **state)
{
    bench_t *bench = *state;
    venue_account_t account = world_account_at(bench->world, 0)->account;
    assert_int_equal(ask_signed(bench, "GET", "/fapi/v1/forceOrders", ""), 200);
    assert_says(bench, "[]");
    assert_int_equal(ask_signed(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.010"), 200);
    assert_int_equal(world_act(bench->world, &(world_act_t){.kind = WORLD_LIQUIDATE, .account = account, .instrument = 0}, NULL),
                     RESULT_OK);
    assert_int_equal(ask_signed(bench, "GET", "/fapi/v1/forceOrders", "symbol=BTCUSDT&autoCloseType=LIQUIDATION"), 200);
    assert_says(bench, "\"clientOrderId\":\"autoclose-");
    assert_int_equal(ask_signed(bench, "GET", "/fapi/v1/forceOrders", "autoCloseType=ADL"), 200);
    assert_says(bench, "[]");
    assert_int_equal(ask_signed(bench, "GET", "/fapi/v1/forceOrders", "autoCloseType=LUCK"), 400);
    assert_says(bench, "-1130");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/insuranceBalance", "", "", ""), 200);
    assert_says(bench, "{\"symbols\":[\"BTCUSDT\"],\"assets\":[{\"asset\":\"USDT\",\"marginBalance\":\"");
}

static void pairs_have_the_bars_of_their_symbol(void **state)
{
    bench_t *bench = *state;
    char bars[2000] = "";
    assert_int_equal(ask(bench, "GET", "/fapi/v1/klines", "symbol=BTCUSDT&interval=1m&limit=2", "", ""), 200);
    memcpy(bars, bench->reply.body.bytes, bench->reply.body.length);
    assert_int_equal(
        ask(bench, "GET", "/fapi/v1/continuousKlines", "pair=BTCUSDT&contractType=PERPETUAL&interval=1m&limit=2", "", ""), 200);
    assert_says(bench, bars);
    assert_int_equal(ask(bench, "GET", "/fapi/v1/continuousKlines", "pair=BTCUSDT&contractType=NEXT_QUARTER&interval=1m", "", ""),
                     400);
    assert_says(bench, "{\"code\":-4104,\"msg\":\"Invalid contract type\"}");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/indexPriceKlines", "pair=NOPE&interval=1m", "", ""), 400);
    assert_says(bench, "{\"code\":-4144,\"msg\":\"Invalid pair\"}");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/indexPriceKlines", "pair=BTCUSDT&interval=1m", "", ""), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(closed_by_the_exchange_is_listed, bench_begin, end),
        cmocka_unit_test_setup_teardown(pairs_have_the_bars_of_their_symbol, bench_begin, end),
        cmocka_unit_test_setup_teardown(open_endpoints_answer, bench_begin, end),
        cmocka_unit_test_setup_teardown(only_signed_requests_pass, bench_begin, end),
        cmocka_unit_test_setup_teardown(the_signature_covers_query_and_body, bench_begin, end),
        cmocka_unit_test_setup_teardown(time_must_fit_one_of_two_clocks, bench_begin, end),
        cmocka_unit_test_setup_teardown(time_by_a_clock_that_was_told_once_fits, bench_begin, end),
        cmocka_unit_test_setup_teardown(bad_parameters_have_their_codes, bench_begin, end),
        cmocka_unit_test_setup_teardown(what_clients_of_other_languages_send_is_taken, bench_begin, end),
        cmocka_unit_test_setup_teardown(weights_end_in_429_then_418, bench_begin, end),
        cmocka_unit_test_setup_teardown(batches_judge_each_element, bench_begin, end),
        cmocka_unit_test_setup_teardown(the_socket_api_answers_with_the_same_id, bench_begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
