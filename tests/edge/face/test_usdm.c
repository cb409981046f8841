/* test_usdm.c: the Binance USD-M face by bytes: requests in, replies and frames out, no sockets.
 * shows: VEN-3, VEN-4
 */
#include "edge/face/usdm_fixture.h"
#include "edge/face/world/world_acts.h"

static int begin(void **state)
{
    bench_t *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench_market(bench, "BTCUSDT", 60000, NULL);
    bench_open(bench);
    *state = bench;
    return 0;
}

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

/* The exchange's table of stream errors, and the one property that a connection has. */
static void stream_requests_have_their_errors(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t plain;
    fake_socket_t *socket = &plain;
    face_session_t *session = face_session_open(bench->face, socket, STR("/market/ws/btcusdt@markPrice"), STR(""), STR("1"));
    static const struct {
        const char *said, *answered;
    } rows[] = {
        {"{\"method\":\"GET_PROPERTY\",\"params\":[\"combined\"],\"id\":1}", "{\"result\":false,\"id\":1}"},
        {"{\"method\":\"SET_PROPERTY\",\"params\":[\"combined\",true],\"id\":2}", "{\"result\":null,\"id\":2}"},
        {"{\"method\":\"GET_PROPERTY\",\"params\":[\"combined\"],\"id\":\"a\"}", "{\"result\":true,\"id\":\"a\"}"},
        {"{\"method\":\"GET_PROPERTY\",\"params\":[\"speed\"],\"id\":3}", "{\"error\":{\"code\":0,\"msg\":\"Unknown property\"}}"},
        {"{\"method\":\"SET_PROPERTY\",\"params\":[\"speed\",true],\"id\":3}",
         "{\"error\":{\"code\":0,\"msg\":\"Unknown property\"}}"},
        {"{\"method\":\"SET_PROPERTY\",\"params\":[\"combined\",\"true\"],\"id\":4}",
         "{\"error\":{\"code\":1,\"msg\":\"Invalid value type: expected Boolean\"}}"},
        {"{\"method\":\"SET_PROPERTY\",\"params\":[\"combined\"],\"id\":4}",
         "{\"error\":{\"code\":1,\"msg\":\"Invalid value type: expected Boolean\"}}"},
        {"{\"method\":\"SET_PROPERTY\",\"params\":[true,true],\"id\":5}",
         "{\"error\":{\"code\":2,\"msg\":\"Invalid request: property name must be a string\"}}"},
        {"{\"method\":\"GET_PROPERTY\",\"id\":5}",
         "{\"error\":{\"code\":2,\"msg\":\"Invalid request: property name must be a string\"}}"},
        {"{\"method\":\"GET_PROPERTY\",\"params\":[\"combined\",true],\"id\":6}",
         "{\"error\":{\"code\":2,\"msg\":\"Invalid request: too many parameters\"}}"},
        {"{\"method\":\"SET_PROPERTY\",\"params\":[\"combined\",true,1],\"id\":6}",
         "{\"error\":{\"code\":2,\"msg\":\"Invalid request: too many parameters\"}}"},
        {"{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@trade\"],\"id\":{}}",
         "{\"error\":{\"code\":2,\"msg\":\"Invalid request: request ID must be an unsigned integer\"}}"},
        {"{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@trade\"],\"id\":1.5}",
         "{\"error\":{\"code\":2,\"msg\":\"Invalid request: request ID must be an unsigned integer\"}}"},
        {"{\"method\": \"SUBSCRIBED\",\"params\":[],\"id\":7}",
         "{\"error\":{\"code\":2,\"msg\":\"Invalid request: unknown variant `SUBSCRIBED`, expected one of `SUBSCRIBE`, "
         "`UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY` at line 1 column 23\"}}"},
        {"{\"params\":[\"btcusdt@trade\"],\"id\":8}",
         "{\"error\":{\"code\":2,\"msg\":\"Invalid request: missing field `method` at line 1 column 35\"}}"},
        {"{\"method\":\n\"SUBSCRIBE\",\n nonsense}",
         "{\"error\":{\"code\":3,\"msg\":\"Invalid JSON: expected value at line 3 column 2\"}}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        face_session_text(bench->face, session, str_from(rows[i].said), bench->wall_ns + (int64_t)i * NS_PER_S);
        assert_string_equal(socket->last, rows[i].answered);
    }
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + 10 * NS_PER_MIN, WORLD_NEW_MOMENT), RESULT_OK);
    face_after_advance(bench->face);
    assert_non_null(strstr(plain.last, "{\"stream\":\"btcusdt@markPrice\",\"data\":{")); /* it was set */
    face_session_close(bench->face, session);
}

/* Whatever stands where the parameters should be: the connection lives, and so does everybody else's. */
static void parameters_of_any_form_break_nothing(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t socket;
    static const char *const methods[] = {"LOCKSTEP",           "SUBSCRIBE",    "UNSUBSCRIBE",
                                          "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY"};
    static const char *const params[] = {"[]",
                                         "{}",
                                         "null",
                                         "1",
                                         "\"x\"",
                                         "[[]]",
                                         "[1]",
                                         "[null]",
                                         "[{\"a\":[]},2]",
                                         "[{}]",
                                         "[\"done\"]",
                                         "[\"done\",1]",
                                         "[\"done\",-1,1e9]",
                                         "[\"done\",1,2,3,4]",
                                         "[\"combined\",[]]",
                                         "[\"combined\",{}]"};
    face_session_t *session = face_session_open(bench->face, &socket, STR("/public/ws"), STR(""), STR("1"));
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "{\"method\":\"%s\",\"id\":1}", methods[i]);
        face_session_text(bench->face, session, str_from(text), bench->wall_ns);
        for (size_t k = 0; k < sizeof params / sizeof params[0]; k++) {
            snprintf(text, sizeof text, "{\"method\":\"%s\",\"params\":%s,\"id\":1}", methods[i], params[k]);
            bench->wall_ns += NS_PER_S;
            face_session_text(bench->face, session, str_from(text), bench->wall_ns);
        }
    }
    face_session_text(bench->face, session, STR("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":3}"), bench->wall_ns + NS_PER_S);
    assert_non_null(strstr(socket.last, "\"id\":3}"));
    face_session_close(bench->face, session);
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

static void streams_route_subscribe_and_stay_silent(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t market, public, strange;
    face_session_t *a = face_session_open(bench->face, &market, STR("/fstream.binance.com:443/market/stream"),
                                          STR("streams=btcusdt@markPrice"), STR("1"));
    face_session_t *b = face_session_open(bench->face, &public, STR("/public/ws/0"), STR(""), STR("1"));
    face_session_t *c = face_session_open(bench->face, &strange, STR("/public/ws"), STR(""), STR("1"));
    face_session_text(bench->face, b,
                      STR("{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@bookTicker\",\"btcusdt@markPrice\"],\"id\":\"a1\"}"), 0);
    assert_string_equal(public.last, "{\"result\":null,\"id\":\"a1\"}");
    face_session_text(bench->face, c, STR("{\"method\":\"SUBSCRIBE\",\"params\":[\"BTCUSDT@trade\",\"nonsense\"],\"id\":7}"), 0);
    assert_string_equal(strange.last, "{\"result\":null,\"id\":7}");
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + 10 * NS_PER_MIN, WORLD_NEW_MOMENT), RESULT_OK);
    face_after_advance(bench->face);
    assert_non_null(strstr(market.last, "{\"stream\":\"btcusdt@markPrice\",\"data\":{\"e\":\"markPriceUpdate\",\"E\":"));
    assert_non_null(strstr(public.all, "{\"e\":\"bookTicker\",\"u\":"));
    assert_null(strstr(public.all, "markPriceUpdate")); /* subscribed on the wrong route: acknowledged, silent */
    assert_int_equal(strange.count, 1);
    face_session_text(bench->face, b, STR("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":3}"), 0);
    assert_string_equal(public.last, "{\"result\":[\"btcusdt@bookTicker\"],\"id\":3}");
    face_session_text(bench->face, b, STR("{\"method\":\"UNSUBSCRIBE\",\"params\":[\"btcusdt@bookTicker\"],\"id\":4}"), 0);
    uint32_t count = public.count;
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + NS_PER_MIN, WORLD_NEW_MOMENT), RESULT_OK);
    assert_int_equal(public.count, count);
    face_session_text(bench->face, b, STR("{\"method\":"), 0);
    assert_non_null(strstr(public.last, "error"));
    face_session_close(bench->face, a);
    face_session_close(bench->face, b);
    face_session_close(bench->face, c);
    assert_int_equal(face_session_count(bench->face), 0);
}

static void bars_by_pair_and_changes_of_contracts_are_told(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t bars, changes, wrong;
    face_session_t *a =
        face_session_open(bench->face, &bars, STR("/market/stream"), STR("streams=btcusdt_perpetual@continuousKline_1m"), STR("1"));
    face_session_t *b = face_session_open(bench->face, &changes, STR("/market/ws/!contractInfo"), STR(""), STR("1"));
    face_session_t *c = face_session_open(
        bench->face, &wrong, STR("/market/ws/btcusdt@continuousKline_1m/btcusdt_perpetual@kline_1m"), STR(""), STR("1"));
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + 2 * NS_PER_MIN, WORLD_NEW_MOMENT), RESULT_OK);
    assert_non_null(
        strstr(bars.last, "{\"stream\":\"btcusdt_perpetual@continuousKline_1m\",\"data\":{\"e\":\"continuous_kline\",\"E\":"));
    assert_non_null(strstr(bars.last, "\"ps\":\"BTCUSDT\",\"ct\":\"PERPETUAL\",\"k\":{\"t\":"));
    assert_null(strstr(bars.last, "\"s\":\"BTCUSDT\""));
    assert_int_equal(changes.count, 0);
    assert_int_equal(world_status(bench->world, 0, INSTRUMENT_HALTED), RESULT_OK);
    assert_int_equal(changes.count, 1);
    assert_non_null(strstr(changes.last, "{\"e\":\"contractInfo\",\"E\":"));
    assert_non_null(strstr(changes.last, "\"s\":\"BTCUSDT\",\"ps\":\"BTCUSDT\",\"ct\":\"PERPETUAL\",\"dt\":4133404800000,\"ot\":"));
    assert_non_null(strstr(changes.last, "\"cs\":\"TRADING_HALT\"}"));
    assert_int_equal(world_status(bench->world, 0, INSTRUMENT_TRADING), RESULT_OK);
    /* New filters are told without brackets, new brackets with them. */
    instrument_t rules = *venue_instrument_at(world_venue(bench->world), 0);
    rules.quantity_max = dec_from_int(7);
    assert_int_equal(world_rules_set(bench->world, 0, &rules), RESULT_OK);
    assert_int_equal(changes.count, 3);
    assert_null(strstr(changes.last, "\"bks\""));
    rules.brackets[0].leverage_max = 75;
    assert_int_equal(world_rules_set(bench->world, 0, &rules), RESULT_OK);
    assert_int_equal(changes.count, 4);
    assert_non_null(strstr(changes.last, "\"cs\":\"TRADING\",\"bks\":[{\"bs\":1,\"bnf\":0,\"bnc\":"));
    assert_non_null(strstr(changes.last, "\"ma\":75}"));
    assert_int_equal(world_only_reduce(bench->world, 0, true), RESULT_OK);
    assert_int_equal(world_only_reduce(bench->world, 0, true), RESULT_OK); /* nothing new */
    assert_int_equal(changes.count, 5);
    assert_non_null(strstr(changes.last, "\"cs\":\"PRE_SETTLE\"}"));
    assert_int_equal(wrong.count, 0);
    face_session_close(bench->face, a);
    face_session_close(bench->face, b);
    face_session_close(bench->face, c);
}

/* At ten times the pace of the wall an hour without a keep-alive is ten venue hours: a client that extends its key by its own clock
 * is not cut off after six minutes. Back at the wall's pace the key has an hour again. */
static void a_listen_key_lives_an_hour_of_its_owner(void **state)
{
    bench_t *bench = *state;
    static const struct {
        double speed;
        int64_t minutes;
        unsigned keep;
    } steps[] = {{10, 9 * 60, 200}, {10, 9 * 60, 200},   {10, 11 * 60, 400}, {1, 59, 200},
                 {1, 61, 400},      {1e9, 20 * 60, 200}, {1, 59, 200},       {1, 61, 400}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (i == 0 || steps[i - 1].keep == 400)
            assert_int_equal(ask(bench, "POST", "/fapi/v1/listenKey", "", "", "KEY"), 200);
        if (i == 0 || steps[i].speed != steps[i - 1].speed)
            face_speed_set(bench->face, steps[i].speed);
        assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + steps[i].minutes * NS_PER_MIN, WORLD_NEW_MOMENT),
                         RESULT_OK);
        face_after_advance(bench->face);
        assert_int_equal(ask(bench, "PUT", "/fapi/v1/listenKey", "", "", "KEY"), steps[i].keep);
    }
}

/* However fine the clock moves: one symbol's tickers every 2 s, those of all every second, books as their names say. */
static void pictures_come_at_the_exchanges_pace(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t socket;
    static const struct {
        const char *name;
        unsigned frames;
    } rows[] = {{"btcusdt@ticker\"", 2},  {"btcusdt@miniTicker\"", 2},    {"!ticker@arr\"", 4},         {"!miniTicker@arr\"", 4},
                {"btcusdt@depth5\"", 16}, {"btcusdt@depth5@100ms\"", 40}, {"btcusdt@depth5@500ms\"", 8}};
    memset(&socket, 0, sizeof socket);
    face_session_t *session =
        face_session_open(bench->face, &socket, STR("/market/stream"),
                          STR("streams=btcusdt@ticker/btcusdt@miniTicker/!ticker@arr/!miniTicker@arr"), STR("1"));
    face_session_t *books = face_session_open(bench->face, &socket, STR("/public/stream"),
                                              STR("streams=btcusdt@depth5/btcusdt@depth5@100ms/btcusdt@depth5@500ms"), STR("1"));
    (void)world_advance(bench->world, world_now_ns(bench->world) + 2 * NS_PER_S - world_now_ns(bench->world) % (2 * NS_PER_S),
                        WORLD_NEW_MOMENT);
    face_after_advance(bench->face);
    socket.all[0] = '\0';
    for (unsigned i = 0; i < 400; i++) {
        assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + 10 * NS_PER_MS, WORLD_NEW_MOMENT), RESULT_OK);
        face_after_advance(bench->face);
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned frames = 0;
        for (const char *at = strstr(socket.all, rows[i].name); at; at = strstr(at + 1, rows[i].name))
            frames++;
        if (frames != rows[i].frames)
            fail_msg("%s: %u frames in 4 s, not %u", rows[i].name, frames, rows[i].frames);
    }
    face_session_close(bench->face, session);
    face_session_close(bench->face, books);
}

static void too_many_streams_are_refused(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t socket;
    face_session_t *session = face_session_open(bench->face, &socket, STR("/public/ws"), STR(""), STR("1"));
    for (int i = 0; i < 1025; i++) {
        char text[96];
        int length = snprintf(text, sizeof text, "{\"method\":\"SUBSCRIBE\",\"params\":[\"x%d@trade\"],\"id\":1}", i);
        assert_false(socket.closed);
        face_session_text(bench->face, session, (str_t){text, (size_t)length}, i * NS_PER_S);
    }
    assert_true(socket.closed);
    assert_string_equal(socket.last, "{\"error\":{\"code\":4,\"msg\":\"Too many subscriptions\"}}");
    face_session_close(bench->face, session);
}

/* 15 requests of one second are answered, the 16th closes the connection; what comes after is not looked at. */
static void too_many_texts_a_second_close_the_connection(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t socket;
    face_session_t *session = face_session_open(bench->face, &socket, STR("/public/ws"), STR(""), STR("1"));
    const str_t list = STR("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":1}");
    for (int i = 0; i < 30; i++)
        face_session_text(bench->face, session, list, (10 + i / 15) * NS_PER_S + i);
    assert_false(socket.closed);
    assert_int_equal(socket.count, 30);
    face_session_text(bench->face, session, list, 11 * NS_PER_S + 900 * NS_PER_MS);
    assert_true(socket.closed);
    assert_int_equal(socket.count, 30);
    face_session_close(bench->face, session);
}

/* Whoever has followed nothing is the one who makes room, each in his turn. */
static void the_stranger_is_who_follows_nothing(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t sockets[3];
    assert_null(face_session_stranger(bench->face));
    face_session_t *follower = face_session_open(bench->face, &sockets[0], STR("/public/ws/btcusdt@bookTicker"), STR(""), STR("1"));
    assert_null(face_session_stranger(bench->face));
    face_session_t *first = face_session_open(bench->face, &sockets[1], STR("/public/ws"), STR(""), STR("1"));
    face_session_t *second = face_session_open(bench->face, &sockets[2], STR("/public/ws"), STR(""), STR("1"));
    assert_ptr_equal(face_session_stranger(bench->face), &sockets[1]);
    face_session_text(bench->face, first, STR("{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@trade\"],\"id\":1}"), 0);
    assert_ptr_equal(face_session_stranger(bench->face), &sockets[2]);
    assert_ptr_equal(face_session_stranger(bench->face), &sockets[2]); /* round and round */
    face_session_close(bench->face, follower);
    face_session_close(bench->face, first);
    face_session_close(bench->face, second);
}

static void private_events_follow_the_listen_key(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t mine, wrong, some;
    char key[80] = "", query[160];
    assert_int_equal(ask(bench, "POST", "/fapi/v1/listenKey", "", "", "KEY"), 200);
    memcpy(key, bench->reply.body.bytes + strlen("{\"listenKey\":\""), 64);
    assert_int_equal(ask(bench, "PUT", "/fapi/v1/listenKey", "", "", "KEY"), 200);
    assert_says(bench, key);
    snprintf(query, sizeof query, "listenKey=%s", key);
    face_session_t *a = face_session_open(bench->face, &mine, STR("/private/ws"), str_from(query), STR("1"));
    face_session_t *b = face_session_open(bench->face, &wrong, STR("/private/ws"), STR("listenKey=guess"), STR("1"));
    snprintf(query, sizeof query, "listenKey=%s&events=ACCOUNT_UPDATE/ALGO_UPDATE", key);
    face_session_t *c = face_session_open(bench->face, &some, STR("/private/ws"), str_from(query), STR("1"));
    assert_int_equal(
        ask_signed(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.010&newClientOrderId=P-1-1-E"),
        200);
    assert_non_null(strstr(mine.all, "\"e\":\"ORDER_TRADE_UPDATE\""));
    assert_non_null(strstr(mine.all, "\"c\":\"P-1-1-E\""));
    assert_non_null(strstr(mine.all, "\"X\":\"FILLED\""));
    assert_non_null(strstr(mine.all, "\"e\":\"ACCOUNT_UPDATE\""));
    assert_int_equal(
        ask_signed(
            bench, "POST", "/fapi/v1/algoOrder",
            "algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=STOP_MARKET&triggerPrice=30000&quantity=0.010&reduceOnly=true"),
        200);
    assert_says(bench, "\"algoStatus\":\"NEW\"");
    assert_non_null(strstr(mine.last, "{\"e\":\"ALGO_UPDATE\",\"T\":"));
    assert_non_null(strstr(some.last, "{\"e\":\"ALGO_UPDATE\",\"T\":"));
    assert_non_null(strstr(some.all, "\"e\":\"ACCOUNT_UPDATE\"")); /* what was asked for, and nothing else */
    assert_null(strstr(some.all, "\"e\":\"ORDER_TRADE_UPDATE\""));
    assert_int_equal(wrong.count, 0);
    /* An hour without a keep-alive ends the key, and says so. */
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + 61 * NS_PER_MIN, WORLD_NEW_MOMENT), RESULT_OK);
    face_after_advance(bench->face);
    assert_non_null(strstr(mine.last, "\"e\":\"listenKeyExpired\""));
    assert_int_equal(ask(bench, "PUT", "/fapi/v1/listenKey", "", "", "KEY"), 400);
    assert_says(bench, "-1125");
    face_session_close(bench->face, a);
    face_session_close(bench->face, b);
    face_session_close(bench->face, c);
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

static void done(bench_t *bench, face_session_t *session, uint64_t moment, uint64_t frames)
{
    char text[96];
    int length = snprintf(text, sizeof text, "{\"method\":\"LOCKSTEP\",\"params\":[\"done\",%llu,%llu],\"id\":0}",
                          (unsigned long long)moment, (unsigned long long)frames);
    face_session_text(bench->face, session, (str_t){text, (size_t)length}, 0);
}

static void lockstep_waits_for_everybody_but_not_for_the_dead(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t one, two;
    int64_t now = NS_PER_S;
    assert_int_equal(face_lockstep_expect(bench->face, "monitor,watchdog", 3 * NS_PER_S, now), RESULT_OK);
    assert_int_equal(face_lockstep_state(bench->face, now), LOCKSTEP_WAITING);
    face_session_t *a = face_session_open(bench->face, &one, STR("/public/ws"), STR(""), STR("1"));
    face_session_text(bench->face, a,
                      STR("{\"method\":\"SUBSCRIBE\",\"params\":[\"!lockstep@monitor\",\"btcusdt@bookTicker\"],\"id\":1}"), 0);
    assert_int_equal(one.count, 3); /* the reply, the quote that stands, then the present moment */
    const char *quote = strstr(one.all, "\"e\":\"bookTicker\"");
    assert_non_null(quote);
    assert_true(quote < strstr(one.all, "\"e\":\"moment\""));
    assert_non_null(strstr(one.last, "{\"e\":\"moment\",\"n\":1,\"E\":"));
    done(bench, a, 1, 2); /* one frame short: not done */
    assert_int_equal(face_lockstep_state(bench->face, now), LOCKSTEP_WAITING);
    done(bench, a, 1, 3);
    assert_int_equal(face_lockstep_state(bench->face, now), LOCKSTEP_WAITING); /* the watchdog is expected */
    assert_int_equal(face_lockstep_deadline(bench->face), 4 * NS_PER_S);
    assert_int_equal(face_lockstep_state(bench->face, 4 * NS_PER_S), LOCKSTEP_READY); /* and not waited for beyond the patience */
    now = 5 * NS_PER_S;
    (void)face_lockstep_state(bench->face, now);
    face_session_t *b = face_session_open(bench->face, &two, STR("/market/stream"), STR(""), STR("1"));
    face_session_text(bench->face, b, STR("{\"method\":\"SUBSCRIBE\",\"params\":[\"!lockstep@watchdog\"],\"id\":1}"), 0);
    assert_int_equal(face_lockstep_state(bench->face, now), LOCKSTEP_WAITING);
    done(bench, b, 1, 2);
    assert_int_equal(face_lockstep_state(bench->face, now), LOCKSTEP_READY);
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + NS_PER_MIN, WORLD_NEW_MOMENT), RESULT_OK);
    face_lockstep_moment(bench->face, now);
    assert_non_null(strstr(one.last, "{\"e\":\"moment\",\"n\":2,"));
    assert_non_null(strstr(two.last, "{\"e\":\"moment\",\"n\":2,")); /* bare, also on a combined stream */
    done(bench, a, 2, one.count);
    assert_int_equal(face_lockstep_state(bench->face, now), LOCKSTEP_WAITING);
    assert_int_equal(face_lockstep_state(bench->face, now + 3 * NS_PER_S),
                     LOCKSTEP_READY); /* silent for longer than the patience */
    done(bench, b, 2, two.count);
    face_session_close(bench->face, b);
    assert_int_equal(face_lockstep_state(bench->face, now + 4 * NS_PER_S), LOCKSTEP_WAITING); /* it may come back */
    assert_int_equal(face_lockstep_state(bench->face, now + 9 * NS_PER_S), LOCKSTEP_READY);
    face_session_close(bench->face, a);
    assert_int_equal(face_lockstep_state(bench->face, now + 30 * NS_PER_S), LOCKSTEP_NOBODY);
}

/* Long work holds the world as long as it gets on; the moment after it comes when somebody waits for its time. */
static void lockstep_is_patient_with_work_that_gets_on(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t one;
    const str_t working = STR("{\"method\":\"LOCKSTEP\",\"params\":[\"working\",1,2],\"id\":0}");
    int64_t now = NS_PER_S;
    assert_int_equal(face_lockstep_expect(bench->face, "monitor", 3 * NS_PER_S, now), RESULT_OK);
    face_session_t *a = face_session_open(bench->face, &one, STR("/public/ws"), STR(""), STR("1"));
    face_session_text(bench->face, a, STR("{\"method\":\"SUBSCRIBE\",\"params\":[\"!lockstep@monitor\"],\"id\":1}"), 0);
    for (int i = 0; i < 10; i++) {
        now += 2 * NS_PER_S;
        assert_int_equal(face_lockstep_state(bench->face, now), LOCKSTEP_WAITING);
        face_session_text(bench->face, a, working, 0);
    }
    assert_int_equal(face_lockstep_deadline(bench->face), now + 3 * NS_PER_S);
    assert_int_equal(face_lockstep_state(bench->face, now + 3 * NS_PER_S), LOCKSTEP_READY); /* it hangs */
    face_session_text(bench->face, a, working, 0);                                          /* passed over until it has finished */
    assert_int_equal(face_lockstep_state(bench->face, now + 3 * NS_PER_S), LOCKSTEP_READY);
    assert_true(face_lockstep_wake_ns(bench->face) == INT64_MAX);
    char text[128];
    const int64_t wake_ms = world_now_ns(bench->world) / NS_PER_MS + 60000;
    int length =
        snprintf(text, sizeof text, "{\"method\":\"LOCKSTEP\",\"params\":[\"done\",1,2,%lld],\"id\":0}", (long long)wake_ms);
    face_session_text(bench->face, a, (str_t){text, (size_t)length}, 0);
    assert_true(face_lockstep_wake_ns(bench->face) == wake_ms * NS_PER_MS);
    assert_int_equal(world_advance(bench->world, wake_ms * NS_PER_MS, WORLD_NEW_MOMENT), RESULT_OK);
    face_lockstep_moment(bench->face, now);
    assert_true(face_lockstep_wake_ns(bench->face) == INT64_MAX); /* of a moment that is past */
    face_session_close(bench->face, a);
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
        cmocka_unit_test_setup_teardown(closed_by_the_exchange_is_listed, begin, end),
        cmocka_unit_test_setup_teardown(pairs_have_the_bars_of_their_symbol, begin, end),
        cmocka_unit_test_setup_teardown(open_endpoints_answer, begin, end),
        cmocka_unit_test_setup_teardown(only_signed_requests_pass, begin, end),
        cmocka_unit_test_setup_teardown(the_signature_covers_query_and_body, begin, end),
        cmocka_unit_test_setup_teardown(time_must_fit_one_of_two_clocks, begin, end),
        cmocka_unit_test_setup_teardown(time_by_a_clock_that_was_told_once_fits, begin, end),
        cmocka_unit_test_setup_teardown(a_listen_key_lives_an_hour_of_its_owner, begin, end),
        cmocka_unit_test_setup_teardown(bad_parameters_have_their_codes, begin, end),
        cmocka_unit_test_setup_teardown(what_clients_of_other_languages_send_is_taken, begin, end),
        cmocka_unit_test_setup_teardown(stream_requests_have_their_errors, begin, end),
        cmocka_unit_test_setup_teardown(parameters_of_any_form_break_nothing, begin, end),
        cmocka_unit_test_setup_teardown(weights_end_in_429_then_418, begin, end),
        cmocka_unit_test_setup_teardown(batches_judge_each_element, begin, end),
        cmocka_unit_test_setup_teardown(streams_route_subscribe_and_stay_silent, begin, end),
        cmocka_unit_test_setup_teardown(bars_by_pair_and_changes_of_contracts_are_told, begin, end),
        cmocka_unit_test_setup_teardown(pictures_come_at_the_exchanges_pace, begin, end),
        cmocka_unit_test_setup_teardown(too_many_streams_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(too_many_texts_a_second_close_the_connection, begin, end),
        cmocka_unit_test_setup_teardown(the_stranger_is_who_follows_nothing, begin, end),
        cmocka_unit_test_setup_teardown(private_events_follow_the_listen_key, begin, end),
        cmocka_unit_test_setup_teardown(the_socket_api_answers_with_the_same_id, begin, end),
        cmocka_unit_test_setup_teardown(lockstep_waits_for_everybody_but_not_for_the_dead, begin, end),
        cmocka_unit_test_setup_teardown(lockstep_is_patient_with_work_that_gets_on, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
