/* test_spot_face.c: the Binance spot face by bytes: order lists, replies, user data and
 * market streams, WS API, and both products on one world. shows: VEN-1, VEN-3
 */
#include "edge/face/spot_bench.h"

static void weight_and_order_counts_are_told_and_kept(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(ask(bench, "GET", "/api/v3/exchangeInfo", "", "", ""), 200);
    assert_string_equal(bench->reply.headers[0].name, "X-MBX-USED-WEIGHT-1M");
    assert_string_equal(bench->reply.headers[0].value, "20");
    assert_string_equal(bench->reply.headers[1].name, "X-MBX-USED-WEIGHT");
    assert_string_equal(bench->reply.headers[1].value, "20");
    for (int i = 0; i < 100; i++)
        assert_int_equal(
            ask_signed(bench, "POST", ORDER, "symbol=ETHUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=2000"), 200);
    assert_string_equal(bench->reply.headers[3].name, "X-MBX-ORDER-COUNT-1D");
    assert_string_equal(bench->reply.headers[3].value, "100");
    assert_int_equal(
        ask_signed(bench, "POST", ORDER, "symbol=ETHUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=2000"), 429);
    assert_says(bench, "{\"code\":-1015,\"msg\":\"Too many new orders; current limit is 100 orders per 10 SECOND.\"}");
    for (unsigned status = 200; status == 200;)
        status = ask(bench, "GET", "/api/v3/exchangeInfo", "", "", "");
    assert_int_equal(bench->reply.status, 429);
    assert_says(bench, "-1003");
}

/* --- replies ---------------------------------------------------------------------------------- */

/* A window with parts of a millisecond, and a timestamp in microseconds. */
static void times_may_be_finer_than_a_millisecond(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(ask_signed(bench, "GET", "/api/v3/openOrders", "recvWindow=6000.346"), 200);
    assert_int_equal(ask_signed(bench, "GET", "/api/v3/openOrders", "recvWindow=6000.3461"), 400);
    assert_says(bench, "{\"code\":-1100,");
    assert_int_equal(ask_signed(bench, "GET", "/api/v3/openOrders", "recvWindow=60000.001"), 400);
    assert_says(bench, "{\"code\":-1131,");
    char query[200], hex[65];
    for (int64_t late_ms = 0; late_ms <= 6000; late_ms += 6000) {
        snprintf(query, sizeof query, "timestamp=%lld", (long long)(world_now_ns(bench->world) / 1000 - late_ms * 1000));
        sign(query, hex);
        snprintf(query + strlen(query), sizeof query - strlen(query), "&signature=%s", hex);
        assert_int_equal(ask(bench, "GET", "/api/v3/openOrders", query, "", "KEY"), late_ms == 0 ? 200 : 400);
    }
    assert_says(bench, "Timestamp for this request is outside of the recvWindow.");
}

static void acknowledgement_result_and_full(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(ask_signed(bench, "POST", ORDER, MARKET "quantity=0.0002&newOrderRespType=ACK"), 200);
    assert_int_equal(count_of(bench, "origQty"), 0);
    assert_int_equal(ask_signed(bench, "POST", ORDER, MARKET "quantity=0.0002&newOrderRespType=RESULT"), 200);
    assert_says(bench, "\"executedQty\":\"0.00020000\"");
    assert_says(bench, "\"status\":\"FILLED\"");
    assert_int_equal(ask_signed(bench, "POST", ORDER, MARKET "quantity=0.0002"), 200);
    assert_says(bench, "\"commissionAsset\":\"BTC\",\"tradeId\":");
    assert_int_equal(ask_signed(bench, "POST", "/api/v3/order/test", MARKET "quantity=0.0002"), 200);
    assert_says(bench, "{}");
    assert_int_equal(ask_signed(bench, "POST", "/api/v3/order/test", MARKET "quantity=0.0002&computeCommissionRates=true"), 200);
    assert_says(bench, "{\"standardCommissionForOrder\":{\"maker\":\"0.00100000\",\"taker\":\"0.00100000\"},");
    assert_says(bench, "},\"discount\":{\"enabledForAccount\":false,\"enabledForSymbol\":true,\"discountAsset\":\"BNB\","
                       "\"discount\":\"0.75000000\"}}");
    assert_int_equal(ask_signed(bench, "POST", ORDER, STOP "stopPrice=50000"), 200);
    assert_int_equal(count_of(bench, "status"), 0); /* ACK is usual for conditional orders */
}

static void replace_says_what_came_of_both(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(ask_signed(bench, "POST", ORDER, LIMIT "quantity=0.01&price=50000"), 200);
    assert_int_equal(ask_signed(bench, "POST", "/api/v3/order/cancelReplace",
                                "cancelReplaceMode=STOP_ON_FAILURE&cancelOrderId=1&" LIMIT "quantity=9&price=50000"),
                     409);
    assert_says(bench, "\"data\":{\"cancelResult\":\"SUCCESS\",\"newOrderResult\":\"FAILURE\"");
    assert_says(bench, "\"newOrderResponse\":{\"code\":-2010,");
    assert_int_equal(ask_signed(bench, "POST", ORDER, LIMIT "quantity=0.01&price=50000"), 200);
    assert_int_equal(ask_signed(bench, "POST", "/api/v3/order/cancelReplace",
                                "cancelReplaceMode=STOP_ON_FAILURE&cancelOrderId=2&" LIMIT "quantity=0.02&price=50000"),
                     200);
    assert_says(bench, "{\"cancelResult\":\"SUCCESS\",\"newOrderResult\":\"SUCCESS\",\"cancelResponse\":{\"symbol\":\"BTCUSDT\"");
}

/* Who may place no more still gets rid of what stands, when he says so. */
static void a_replace_over_the_limit_cancels_when_asked_to(void **state)
{
    bench_t *bench = *state;
    static const char replace[] = "cancelReplaceMode=%s&cancelOrderId=%d&symbol=ETHUSDT&side=BUY&type=LIMIT&timeInForce=GTC&"
                                  "quantity=0.01&price=2000%s";
    static const char refusal[] = "{\"code\":-1015,\"msg\":\"Too many new orders; current limit is 100 orders per 10 SECOND.\"}";
    static const struct {
        const char *mode, *more;
        int order;
        unsigned status;
        const char *says;
    } rows[] = {
        {"ALLOW_FAILURE", "", 1, 429, refusal},
        {"ALLOW_FAILURE", "&orderRateLimitExceededMode=DO_NOTHING", 1, 429, refusal},
        {"ALLOW_FAILURE", "&orderRateLimitExceededMode=CANCEL_ONLY", 1, 409, "{\"code\":-2021,"},
        {"ALLOW_FAILURE", "&orderRateLimitExceededMode=CANCEL_ONLY", 1, 400,
         "\"cancelResult\":\"FAILURE\",\"newOrderResult\":\"FAILURE\""},
        {"STOP_ON_FAILURE", "&orderRateLimitExceededMode=CANCEL_ONLY", 2, 429,
         "\"cancelResult\":\"SUCCESS\",\"newOrderResult\":\"FAILURE\""},
        {"STOP_ON_FAILURE", "&orderRateLimitExceededMode=CANCEL_ONLY", 2, 429, "\"newOrderResult\":\"NOT_ATTEMPTED\""},
    };
    char text[400];
    snprintf(text, sizeof text, replace, "ALLOW_FAILURE", 1, "&orderRateLimitExceededMode=ALWAYS");
    assert_int_equal(ask_signed(bench, "POST", "/api/v3/order/cancelReplace", text), 400);
    assert_says(bench, "{\"code\":-1130,");
    for (int i = 1; i < 100; i++) /* the one above counted */
        assert_int_equal(
            ask_signed(bench, "POST", ORDER, "symbol=ETHUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=2000"), 200);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(text, sizeof text, replace, rows[i].mode, rows[i].order, rows[i].more);
        assert_int_equal(ask_signed(bench, "POST", "/api/v3/order/cancelReplace", text), rows[i].status);
        assert_says(bench, rows[i].says);
        if (i == 2 || i == 4)
            assert_says(bench, refusal);
    }
    /* The same words in a request that cancels nothing place nothing. */
    assert_int_equal(ask_signed(bench, "POST", ORDER,
                                "cancelReplaceMode=ALLOW_FAILURE&orderRateLimitExceededMode=CANCEL_ONLY&symbol=ETHUSDT&side=BUY&"
                                "type=LIMIT&timeInForce=GTC&quantity=0.01&price=2000"),
                     429);
    assert_says(bench, refusal);
    assert_int_equal(ask_signed(bench, "GET", "/api/v3/openOrders", "symbol=ETHUSDT"), 200);
    assert_int_equal(count_of(bench, "\"orderId\":"), 97);
}

static void older_oco_form_is_the_same_list(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(ask_signed(bench, "POST", "/api/v3/order/oco",
                                "symbol=BTCUSDT&side=SELL&quantity=0.01&price=70000&stopPrice=50000&stopLimitPrice=49900&"
                                "stopLimitTimeInForce=GTC&listClientOrderId=pair"),
                     200);
    assert_says(bench, "\"contingencyType\":\"OCO\",\"listStatusType\":\"EXEC_STARTED\"");
    assert_says(bench, "\"type\":\"STOP_LOSS_LIMIT\"");
    assert_int_equal(ask_signed(bench, "GET", "/api/v3/orderList", "origClientOrderId=pair"), 200);
    assert_says(bench, "\"listClientOrderId\":\"pair\"");
    assert_int_equal(ask_signed(bench, "DELETE", ORDER, "symbol=BTCUSDT&orderId=1"), 200); /* one leg: the list goes */
    assert_says(bench, "\"listOrderStatus\":\"ALL_DONE\"");
    assert_int_equal(ask_signed(bench, "GET", "/api/v3/openOrderList", ""), 200);
    assert_says(bench, "[]");
}

/* --- streams ---------------------------------------------------------------------------------- */

static void pegged_orders_say_where_they_stand(void **state)
{
    bench_t *bench = *state;
    quote_t quote;
    char pegged[64], price[DEC_TEXT_MAX];
    assert_true(venue_quote(world_venue(bench->world), 0, &quote));
    (void)dec_format_places(quote.bid, 8, price);
    snprintf(pegged, sizeof pegged, "\"peggedPrice\":\"%s\"", price);
    assert_int_equal(ask_signed(bench, "POST", "/api/v3/order",
                                "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&pegPriceType=PRIMARY_PEG"),
                     200);
    assert_says(bench, "\"price\":\"0.00000000\",\"pegPriceType\":\"PRIMARY_PEG\",\"peggedPrice\":\"");
    assert_says(bench, pegged);
    assert_int_equal(ask_signed(bench, "POST", "/api/v3/order",
                                "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&pegPriceType=PRIMARY_PEG&"
                                "pegOffsetType=PRICE_LEVEL&pegOffsetValue=3"),
                     200);
    assert_says(bench, "\"pegOffsetType\":\"PRICE_LEVEL\",\"pegOffsetValue\":3,");
}

static void bars_of_one_second(void **state)
{
    bench_t *bench = *state;
    venue_kline_t seconds[3];
    pass(bench, 30 * NS_PER_S);
    assert_int_equal(ask(bench, "GET", "/api/v3/klines", "symbol=BTCUSDT&interval=1s&limit=3", "", ""), 200);
    instrument_id_t id = 0;
    assert_int_equal(venue_seconds(world_venue(bench->world), id, NULL, 0, 0, seconds, 3), 3);
    char text[128], open[DEC_TEXT_MAX];
    (void)dec_format_places(seconds[2].candle.open, 8, open);
    snprintf(text, sizeof text, "[%lld,\"%s\",", (long long)(seconds[2].candle.open_ns / NS_PER_MS), open);
    assert_says(bench, text);
    snprintf(text, sizeof text, ",%lld,", (long long)(seconds[2].candle.open_ns / NS_PER_MS + 999));
    assert_says(bench, text);
    assert_int_equal(ask(bench, "GET", "/api/v3/klines", "symbol=BTCUSDT&interval=2s", "", ""), 400);
    assert_says(bench, "-1120");
}

/* Each second once, when it is over, however the moments fall; the same bars as /klines has. */
static void seconds_come_once_each(void **state)
{
    bench_t *bench = *state;
    fake_socket_t *socket = sock();
    face_session_t *session = face_session_open(bench->face, socket, STR("/ws/btcusdt@kline_1s"), (str_t){0}, STR("127.0.0.1"));
    int64_t first_ms = world_now_ns(bench->world) / NS_PER_S * 1000;
    pass(bench, 400 * NS_PER_MS);
    assert_null(strstr(socket->all, "kline")); /* the second is not over */
    pass(bench, 700 * NS_PER_MS);
    pass(bench, 3 * NS_PER_S);
    for (int64_t i = 0; i < 4; i++) {
        char wanted[160];
        snprintf(wanted, sizeof wanted, "\"E\":%lld,\"s\":\"BTCUSDT\",\"k\":{\"t\":%lld,\"T\":%lld,\"s\":\"BTCUSDT\",\"i\":\"1s\"",
                 (long long)(first_ms + i * 1000 + 1000), (long long)(first_ms + i * 1000), (long long)(first_ms + i * 1000 + 999));
        const char *found = strstr(socket->all, wanted);
        if (!found)
            fail_msg("%s did not come in %s", wanted, socket->all);
        assert_null(strstr(found + 1, wanted));
        assert_non_null(strstr(found, "\"x\":true"));
    }
    face_session_close(bench->face, session);
    free(socket);
}

/* However fine the clock moves: tickers and books once a second, the fast book ten times. */
static void pictures_come_at_the_exchanges_pace(void **state)
{
    bench_t *bench = *state;
    fake_socket_t *socket = sock();
    static const struct {
        const char *name;
        unsigned frames;
    } rows[] = {{"btcusdt@ticker\"", 3},        {"btcusdt@miniTicker\"", 3},
                {"!miniTicker@arr\"", 3},       {"btcusdt@ticker_1h\"", 3},
                {"btcusdt@avgPrice\"", 3},      {"btcusdt@depth5\"", 3},
                {"btcusdt@depth5@100ms\"", 30}, {"!ticker_4h@arr\",\"data\":[{\"e\":\"4hTicker\"", 3}};
    face_session_t *session = face_session_open(bench->face, socket, STR("/stream"),
                                                STR("streams=btcusdt@ticker/btcusdt@miniTicker/!miniTicker@arr/btcusdt@ticker_1h/"
                                                    "btcusdt@avgPrice/btcusdt@depth5/btcusdt@depth5@100ms/!ticker_4h@arr"),
                                                STR("127.0.0.1"));
    pass(bench, NS_PER_S - world_now_ns(bench->world) % NS_PER_S); /* to a whole second */
    socket->all[0] = '\0';
    for (unsigned i = 0; i < 300; i++)
        pass(bench, 10 * NS_PER_MS);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned frames = 0;
        for (const char *at = strstr(socket->all, rows[i].name); at; at = strstr(at + 1, rows[i].name))
            frames++;
        if (frames != rows[i].frames)
            fail_msg("%s: %u frames in 3 s, not %u", rows[i].name, frames, rows[i].frames);
    }
    face_session_close(bench->face, session);
    free(socket);
}

static void market_streams_have_spots_own_shapes(void **state)
{
    bench_t *bench = *state;
    fake_socket_t *raw = sock(), *combined = sock();
    face_session_t *one = face_session_open(bench->face, raw, STR("/ws/btcusdt@bookTicker/btcusdt@depth5/btcusdt@trade"),
                                            (str_t){0}, STR("127.0.0.1"));
    face_session_t *other =
        face_session_open(bench->face, combined, STR("/stream"),
                          STR("streams=btcusdt@aggTrade/btcusdt@kline_1m/btcusdt@depth@100ms/!miniTicker@arr/btcusdt@ticker/"
                              "btcusdt@avgPrice/btcusdt@ticker_1h"),
                          STR("127.0.0.1"));
    assert_non_null(one);
    assert_non_null(other);
    pass(bench, 5 * NS_PER_S);
    assert_non_null(strstr(raw->all, "{\"u\":"));                 /* bookTicker: no e, E, T */
    assert_non_null(strstr(raw->all, "{\"lastUpdateId\":"));      /* depth5: no envelope */
    assert_non_null(strstr(raw->all, "{\"e\":\"trade\",\"E\":")); /* with M */
    assert_non_null(strstr(raw->all, "\"M\":true}"));
    static const char *const wanted[] = {"{\"stream\":\"btcusdt@aggTrade\",\"data\":{\"e\":\"aggTrade\"",
                                         "{\"stream\":\"btcusdt@kline_1m\",\"data\":{\"e\":\"kline\"",
                                         "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\"",
                                         "{\"stream\":\"!miniTicker@arr\",\"data\":[{\"e\":",
                                         "\"data\":{\"e\":\"24hrTicker\"",
                                         "\"data\":{\"e\":\"avgPrice\"",
                                         "\"data\":{\"e\":\"1hTicker\""};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (!strstr(combined->all, wanted[i]))
            fail_msg("%s did not come", wanted[i]);
    }
    assert_null(strstr(combined->all, "\"pu\":"));
    face_session_text(bench->face, one, STR("{\"method\":\"NOTHING\",\"id\":7}"), bench->wall_ns);
    assert_non_null(strstr(raw->last, "{\"code\":2,\"msg\":"));
    assert_non_null(strstr(raw->last, "\"id\":7}"));
    face_session_close(bench->face, one);
    face_session_close(bench->face, other);
    free(raw);
    free(combined);
}

/* A leg that will sell what another order receives has no quantity in the reply, a pegged one that waits no price. */
static void lists_that_pay_one_another_and_pegged_legs(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(ask_signed(bench, "POST", OPO, WORKING PENDING), 200);
    assert_says(bench, "\"contingencyType\":\"OTO\"");
    assert_says(bench, "\"price\":\"70000.00000000\",\"executedQty\":\"0.00000000\"");
    assert_int_equal(count_of(bench, "origQty"), 1);
    assert_int_equal(ask_signed(bench, "POST", "/api/v3/orderList/opoco",
                                WORKING "pendingSide=SELL&pendingAboveType=LIMIT_MAKER&pendingAbovePegPriceType=PRIMARY_PEG&"
                                        "pendingBelowType=STOP_LOSS&pendingBelowStopPrice=45000"),
                     200);
    assert_int_equal(count_of(bench, "origQty"), 1);
    assert_int_equal(count_of(bench, "\"PENDING_NEW\""), 2);
    assert_says(bench, "\"price\":\"0.00000000\",\"pegPriceType\":\"PRIMARY_PEG\",\"executedQty\"");
    assert_int_equal(ask_signed(bench, "POST", OCO,
                                "symbol=BTCUSDT&side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePegPriceType=PRIMARY_PEG&"
                                "abovePegOffsetType=PRICE_LEVEL&abovePegOffsetValue=1&belowType=STOP_LOSS_LIMIT&"
                                "belowTimeInForce=GTC&belowPegPriceType=MARKET_PEG&belowStopPrice=50000"),
                     200);
    assert_int_equal(count_of(bench, "\"peggedPrice\":"), 1); /* the stop has none before it fires */
    assert_int_equal(ask(bench, "GET", "/api/v3/exchangeInfo", "symbol=BTCUSDT", "", ""), 200);
    assert_says(bench, "\"opoAllowed\":true");
}

static void user_data_comes_over_the_ws_api(void **state)
{
    bench_t *bench = *state;
    fake_socket_t *socket = sock();
    face_session_t *session = face_session_open(bench->face, socket, STR("/ws-api/v3"), (str_t){0}, STR("127.0.0.1"));
    say(bench, session, "userDataStream.subscribe.signature", "", "");
    assert_non_null(strstr(socket->last, "\"status\":200,\"result\":{\"subscriptionId\":0}"));
    say(bench, session, "userDataStream.subscribe.signature", "", "");
    assert_non_null(strstr(socket->last, "\"code\":-2035"));
    assert_int_equal(ask_signed(bench, "POST", ORDER, MARKET "quantity=0.00001&newClientOrderId=a"),
                     400); /* NOTIONAL: nothing told */
    uint32_t before = socket->count;
    assert_int_equal(ask_signed(bench, "POST", ORDER, MARKET "quantity=0.001&newClientOrderId=a"), 200);
    assert_true(socket->count > before + 2);
    const char *fresh = strstr(socket->all, "{\"subscriptionId\":0,\"event\":{\"e\":\"executionReport\"");
    assert_non_null(fresh);
    const char *traded = strstr(fresh, "\"x\":\"TRADE\"");
    assert_non_null(traded);
    assert_non_null(strstr(fresh, "\"c\":\"a\""));
    const char *position = strstr(socket->all, "\"e\":\"outboundAccountPosition\"");
    assert_true(position > traded);
    give(bench, "USDT", 5);
    assert_non_null(strstr(socket->all, "\"e\":\"balanceUpdate\""));
    say(bench, session, "userDataStream.unsubscribe", "", "");
    assert_non_null(strstr(socket->last, "\"result\":{}"));
    say(bench, session, "userDataStream.unsubscribe", "", "");
    assert_non_null(strstr(socket->last, "\"code\":-2036"));
    face_session_close(bench->face, session);
    free(socket);
}

/* Older clients ask for a listen key and open it as a stream: plain events, no subscription around them. */
static void user_data_comes_by_listen_key_too(void **state)
{
    bench_t *bench = *state;
    fake_socket_t *socket = sock();
    char path[160];
    assert_int_equal(ask(bench, "POST", "/api/v3/userDataStream", "", "", "KEY"), 200);
    str_t key = bench->reply.body; /* {"listenKey":"..."} */
    assert_true(key.length > 16);
    snprintf(path, sizeof path, "/ws/%.*s", (int)key.length - 16, key.bytes + 14);
    face_session_t *session = face_session_open(bench->face, socket, str_from(path), (str_t){0}, STR("127.0.0.1"));
    assert_int_equal(ask_signed(bench, "POST", ORDER, MARKET "quantity=0.001&newClientOrderId=a&newOrderRespType="), 200);
    assert_int_equal(strncmp(socket->all, "{\"e\":\"executionReport\"", 22), 0);
    assert_non_null(strstr(socket->all, "{\"e\":\"outboundAccountPosition\""));
    face_session_close(bench->face, session);
    free(socket);
}

static void the_end_is_told_to_every_socket(void **state)
{
    bench_t *bench = *state;
    static const struct {
        const char *path, *query, *wanted;
    } rows[] = {{"/ws/btcusdt@trade", "", "{\"e\":\"serverShutdown\",\"E\":"},
                {"/stream", "streams=btcusdt@trade", "{\"stream\":\"!serverShutdown\",\"data\":{\"e\":\"serverShutdown\",\"E\":"},
                {"/ws-api/v3", "", "{\"event\":{\"e\":\"serverShutdown\",\"E\":"}};
    fake_socket_t *sockets[3];
    face_session_t *sessions[3];
    for (size_t i = 0; i < 3; i++) {
        sockets[i] = sock();
        sessions[i] = face_session_open(bench->face, sockets[i], str_from(rows[i].path), str_from(rows[i].query), STR("127.0.0.1"));
    }
    face_tell_shutdown(bench->face);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(strncmp(sockets[i]->last, rows[i].wanted, strlen(rows[i].wanted)), 0);
        assert_int_equal(sockets[i]->count, 1);
        face_session_close(bench->face, sessions[i]);
        free(sockets[i]);
    }
}

static void orders_over_the_ws_api(void **state)
{
    bench_t *bench = *state;
    fake_socket_t *socket = sock();
    face_session_t *session = face_session_open(bench->face, socket, STR("/ws-api/v3"), (str_t){0}, STR("127.0.0.1"));
    say(bench, session, "order.place", "&price=50000&quantity=0.01&side=BUY&symbol=BTCUSDT&timeInForce=GTC",
        ",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"quantity\":\"0.01\",\"price\":\"50000\",\"timeInForce\":\"GTC\"");
    assert_non_null(strstr(socket->last, "\"code\":-1102"));
    say(bench, session, "account.status", "", "");
    assert_non_null(strstr(socket->last, "\"accountType\":\"SPOT\""));
    assert_non_null(strstr(socket->last, "\"rateLimits\":[{\"rateLimitType\":\"REQUEST_WEIGHT\""));
    static const char *const unread[] = {"no JSON", "{\"id\":1,\"method\":\"order.dance\"}",
                                         "{\"id\":1,\"method\":\"account.status\",\"params\":{\"a\":1,\"a\":2}}"};
    static const char *const counts[] = {"\"limit\":6000,\"count\":21}", "\"limit\":6000,\"count\":22}",
                                         "\"limit\":6000,\"count\":42}"};
    for (size_t i = 0; i < 3; i++) { /* what cannot be read costs, and says how much is used */
        face_session_text(bench->face, session, str_from(unread[i]), bench->wall_ns);
        if (!strstr(socket->last, counts[i]))
            fail_msg("%s: %s", unread[i], socket->last);
    }
    face_session_text(bench->face, session, STR("{\"id\":1,\"method\":\"ticker.price\"}"), bench->wall_ns); /* all: 4, one: 2 */
    assert_non_null(strstr(socket->last, "\"limit\":6000,\"count\":46}"));
    face_session_text(bench->face, session, STR("{\"id\":1,\"method\":\"ticker.price\",\"params\":{\"symbol\":\"BTCUSDT\"}}"),
                      bench->wall_ns);
    assert_non_null(strstr(socket->last, "\"limit\":6000,\"count\":48}"));
    face_session_text(bench->face, session,
                      STR("{\"id\":null,\"method\":\"depth\",\"params\":{\"symbol\":\"BTCUSDT\",\"limit\":5}}"), bench->wall_ns);
    assert_non_null(strstr(socket->last, "{\"id\":null,\"status\":200,\"result\":{\"lastUpdateId\":"));
    face_session_text(bench->face, session, STR("{\"id\":1,\"method\":\"userDataStream.subscribe\"}"), bench->wall_ns);
    assert_non_null(strstr(socket->last, "\"code\":-2015")); /* nobody has logged on here */
    face_session_close(bench->face, session);
    free(socket);
}

/* --- both products on one world --------------------------------------------------------------- */

static void the_products_keep_apart(void **state)
{
    bench_t *bench = calloc(1, sizeof *bench);
    face_t *futures = NULL;
    (void)state;
    assert_non_null(bench);
    bench->create = spot_face_create;
    add_spot_market(bench, "BTCUSDT", 60000);
    bench_market(bench, "BTCUSDT", 60000, NULL);
    bench_open(bench);
    give(bench, "USDT", 500);
    face_options_t face = {.world = bench->world, .output = &bench->output, .speed = 1};
    assert_int_equal(usdm_face_create(&face, &futures), RESULT_OK);
    assert_int_equal(face_secret_set(futures, STR("KEY"), STR("SECRET")), RESULT_OK);
    assert_int_equal(ask_signed(bench, "POST", ORDER, LIMIT "quantity=0.001&price=50000"), 200);
    assert_int_equal(ask_signed(bench, "GET", "/api/v3/myFilters", "symbol=BTCUSDT"), 200);
    assert_says(bench, "{\"exchangeFilters\":[],\"symbolFilters\":[{\"filterType\":\"PRICE_FILTER\"");
    assert_says(bench, "],\"assetFilters\":[]}");
    assert_int_equal(ask_signed(bench, "GET", "/api/v3/account", "omitZeroBalances=true"), 200);
    assert_says(bench, "{\"asset\":\"USDT\",\"free\":\"450.00000000\",\"locked\":\"50.00000000\"}");
    face_t *spot = bench->face;
    bench->face = futures;
    assert_int_equal(ask_signed(bench, "GET", "/fapi/v1/openOrders", "symbol=BTCUSDT"), 200);
    assert_says(bench, "[]");
    assert_int_equal(ask_signed(bench, "DELETE", "/fapi/v1/order", "symbol=BTCUSDT&orderId=1"), 400);
    assert_says(bench, "-2011"); /* an order of spot is unknown here */
    assert_int_equal(ask_signed(bench, "GET", "/fapi/v3/balance", ""), 200);
    assert_says(bench, "\"balance\":\"10000.00000000\"");
    assert_int_equal(ask(bench, "GET", "/fapi/v1/exchangeInfo", "", "", ""), 200);
    assert_int_equal(count_of(bench, "{\"symbol\":\"BTCUSDT\""), 1);
    bench->face = spot;
    face_destroy(futures);
    void *last = bench;
    (void)end(&last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(weight_and_order_counts_are_told_and_kept, begin, end),
        cmocka_unit_test_setup_teardown(times_may_be_finer_than_a_millisecond, begin, end),
        cmocka_unit_test_setup_teardown(acknowledgement_result_and_full, begin, end),
        cmocka_unit_test_setup_teardown(replace_says_what_came_of_both, begin, end),
        cmocka_unit_test_setup_teardown(a_replace_over_the_limit_cancels_when_asked_to, begin, end),
        cmocka_unit_test_setup_teardown(older_oco_form_is_the_same_list, begin, end),
        cmocka_unit_test_setup_teardown(pegged_orders_say_where_they_stand, begin, end),
        cmocka_unit_test_setup_teardown(bars_of_one_second, begin, end),
        cmocka_unit_test_setup_teardown(seconds_come_once_each, begin, end),
        cmocka_unit_test_setup_teardown(pictures_come_at_the_exchanges_pace, begin, end),
        cmocka_unit_test_setup_teardown(market_streams_have_spots_own_shapes, begin, end),
        cmocka_unit_test_setup_teardown(lists_that_pay_one_another_and_pegged_legs, begin, end),
        cmocka_unit_test_setup_teardown(user_data_comes_over_the_ws_api, begin, end),
        cmocka_unit_test_setup_teardown(user_data_comes_by_listen_key_too, begin, end),
        cmocka_unit_test_setup_teardown(the_end_is_told_to_every_socket, begin, end),
        cmocka_unit_test_setup_teardown(orders_over_the_ws_api, begin, end),
        cmocka_unit_test(the_products_keep_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
