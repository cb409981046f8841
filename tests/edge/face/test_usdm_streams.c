/* test_usdm_streams.c: the streams of the Binance USD-M face by bytes: who subscribes to what, and the frames that come of it.
 * shows: VEN-3
 */
#include "edge/face/usdm_fixture.h"
#include "edge/face/world/world_acts.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stream_requests_have_their_errors, bench_begin, end),
        cmocka_unit_test_setup_teardown(parameters_of_any_form_break_nothing, bench_begin, end),
        cmocka_unit_test_setup_teardown(a_listen_key_lives_an_hour_of_its_owner, bench_begin, end),
        cmocka_unit_test_setup_teardown(streams_route_subscribe_and_stay_silent, bench_begin, end),
        cmocka_unit_test_setup_teardown(bars_by_pair_and_changes_of_contracts_are_told, bench_begin, end),
        cmocka_unit_test_setup_teardown(pictures_come_at_the_exchanges_pace, bench_begin, end),
        cmocka_unit_test_setup_teardown(too_many_streams_are_refused, bench_begin, end),
        cmocka_unit_test_setup_teardown(too_many_texts_a_second_close_the_connection, bench_begin, end),
        cmocka_unit_test_setup_teardown(the_stranger_is_who_follows_nothing, bench_begin, end),
        cmocka_unit_test_setup_teardown(private_events_follow_the_listen_key, bench_begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
