/* spot_routes.c: what makes the face that of spot: every endpoint and every WS API method as a row (who may call it, what it costs,
 * who answers), and the limits. Weights as measured by the exchange since 2026-04-02: placements and cancels cost nothing. */
#include <stdio.h>

#include "edge/face/binance_spot/spot_face_parts.h"

static const route_t routes[] = {
    /* method, path, security, weight, by parameters, orders counted, handler */
    {"GET", "/api/v3/ping", SECURITY_NONE, 1, NULL, {0, 0}, handle_ping},
    {"GET", "/api/v3/time", SECURITY_NONE, 1, NULL, {0, 0}, handle_time},
    {"GET", "/api/v3/exchangeInfo", SECURITY_NONE, 20, NULL, {0, 0}, handle_spot_info},
    {"GET", "/api/v3/depth", SECURITY_NONE, 5, weigh_spot_depth, {0, 0}, handle_spot_depth},
    {"GET", "/api/v3/trades", SECURITY_NONE, 25, NULL, {0, 0}, handle_spot_trades},
    {"GET", "/api/v3/historicalTrades", SECURITY_NONE, 25, NULL, {0, 0}, handle_spot_trades},
    {"GET", "/api/v3/aggTrades", SECURITY_NONE, 4, NULL, {0, 0}, handle_spot_agg_trades},
    {"GET", "/api/v3/klines", SECURITY_NONE, 2, NULL, {0, 0}, handle_spot_klines},
    {"GET", "/api/v3/uiKlines", SECURITY_NONE, 2, NULL, {0, 0}, handle_spot_klines},
    {"GET", "/api/v3/historicalBlockTrades", SECURITY_NONE, 25, NULL, {0, 0}, handle_spot_block_trades},
    {"GET", "/api/v3/executionRules", SECURITY_NONE, 40, weigh_spot_execution_rules, {0, 0}, handle_spot_execution_rules},
    {"GET", "/api/v3/referencePrice", SECURITY_NONE, 2, NULL, {0, 0}, handle_spot_reference_price},
    {"GET", "/api/v3/referencePrice/calculation", SECURITY_NONE, 2, NULL, {0, 0}, handle_spot_reference_price},
    {"GET", "/api/v3/avgPrice", SECURITY_NONE, 2, NULL, {0, 0}, handle_spot_average},
    {"GET", "/api/v3/ticker/24hr", SECURITY_NONE, 2, weigh_spot_ticker_24h, {0, 0}, handle_spot_ticker_24h},
    {"GET", "/api/v3/ticker/price", SECURITY_NONE, 2, weigh_spot_2_4, {0, 0}, handle_spot_ticker_price},
    {"GET", "/api/v3/ticker/bookTicker", SECURITY_NONE, 2, weigh_spot_2_4, {0, 0}, handle_spot_ticker_book},
    {"GET", "/api/v3/ticker/tradingDay", SECURITY_NONE, 4, weigh_spot_window, {0, 0}, handle_spot_trading_day},
    {"GET", "/api/v3/ticker", SECURITY_NONE, 4, weigh_spot_window, {0, 0}, handle_spot_ticker},

    {"POST", "/api/v3/order", SECURITY_SIGNED, 0, NULL, {1, 1}, handle_spot_order},
    {"POST", "/api/v3/order/test", SECURITY_SIGNED, 1, weigh_spot_test, {0, 0}, handle_spot_test},
    {"GET", "/api/v3/order", SECURITY_SIGNED, 4, NULL, {0, 0}, handle_spot_get},
    {"DELETE", "/api/v3/order", SECURITY_SIGNED, 0, NULL, {0, 0}, handle_spot_cancel},
    {"POST", "/api/v3/order/cancelReplace", SECURITY_SIGNED, 0, NULL, {1, 1}, handle_spot_replace},
    {"PUT", "/api/v3/order/amend/keepPriority", SECURITY_SIGNED, 4, NULL, {0, 0}, handle_spot_amend},
    {"GET", "/api/v3/order/amendments", SECURITY_SIGNED, 4, NULL, {0, 0}, handle_spot_amendments},
    {"POST", "/api/v3/sor/order", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_spot_sor},
    {"POST", "/api/v3/sor/order/test", SECURITY_SIGNED, 1, weigh_spot_test, {0, 0}, handle_spot_sor_test},
    {"GET", "/api/v3/openOrders", SECURITY_SIGNED, 6, weigh_spot_6_80, {0, 0}, handle_spot_open},
    {"DELETE", "/api/v3/openOrders", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_spot_cancel_open},
    {"GET", "/api/v3/allOrders", SECURITY_SIGNED, 20, NULL, {0, 0}, handle_spot_all},
    {"GET", "/api/v3/myTrades", SECURITY_SIGNED, 20, weigh_spot_my_trades, {0, 0}, handle_spot_my_trades},
    {"GET", "/api/v3/myPreventedMatches", SECURITY_SIGNED, 20, weigh_spot_prevented, {0, 0}, handle_spot_prevented},
    {"GET", "/api/v3/myAllocations", SECURITY_SIGNED, 20, NULL, {0, 0}, handle_spot_allocations},

    {"POST", "/api/v3/orderList/oco", SECURITY_SIGNED, 0, NULL, {2, 2}, handle_spot_oco},
    {"POST", "/api/v3/orderList/oto", SECURITY_SIGNED, 0, NULL, {2, 2}, handle_spot_oto},
    {"POST", "/api/v3/orderList/otoco", SECURITY_SIGNED, 0, NULL, {3, 3}, handle_spot_otoco},
    {"POST", "/api/v3/orderList/opo", SECURITY_SIGNED, 0, NULL, {2, 2}, handle_spot_opo},
    {"POST", "/api/v3/orderList/opoco", SECURITY_SIGNED, 0, NULL, {3, 3}, handle_spot_opoco},
    {"POST", "/api/v3/order/oco", SECURITY_SIGNED, 0, NULL, {2, 2}, handle_spot_old_oco},
    {"GET", "/api/v3/orderList", SECURITY_SIGNED, 4, NULL, {0, 0}, handle_spot_list_get},
    {"DELETE", "/api/v3/orderList", SECURITY_SIGNED, 0, NULL, {0, 0}, handle_spot_list_cancel},
    {"GET", "/api/v3/allOrderList", SECURITY_SIGNED, 20, NULL, {0, 0}, handle_spot_list_all},
    {"GET", "/api/v3/openOrderList", SECURITY_SIGNED, 6, NULL, {0, 0}, handle_spot_list_open},

    {"GET", "/api/v3/myFilters", SECURITY_SIGNED, 40, NULL, {0, 0}, handle_spot_my_filters},
    {"GET", "/api/v3/account", SECURITY_SIGNED, 20, NULL, {0, 0}, handle_spot_account},
    {"GET", "/api/v3/account/commission", SECURITY_SIGNED, 20, NULL, {0, 0}, handle_spot_commission},
    {"GET", "/api/v3/rateLimit/order", SECURITY_SIGNED, 40, NULL, {0, 0}, handle_rate_limit_order},
    {"POST", "/api/v3/userDataStream", SECURITY_KEY, 2, NULL, {0, 0}, handle_listen_key_new},
    {"PUT", "/api/v3/userDataStream", SECURITY_KEY, 2, NULL, {0, 0}, handle_listen_key_keep},
    {"DELETE", "/api/v3/userDataStream", SECURITY_KEY, 2, NULL, {0, 0}, handle_listen_key_end},

    {"GET", "/sapi/v1/capital/config/getall", SECURITY_SIGNED, 10, NULL, {0, 0}, handle_spot_coins},
    {"GET", "/sapi/v1/asset/tradeFee", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_spot_trade_fee},
    {"GET", "/sapi/v1/bnbBurn", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_spot_burn_get},
    {"POST", "/sapi/v1/bnbBurn", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_spot_burn_set},
    {"GET", "/sapi/v1/margin/allPairs", SECURITY_NONE, 1, NULL, {0, 0}, handle_empty_array},
    {"GET", "/sapi/v1/margin/isolated/allPairs", SECURITY_NONE, 10, NULL, {0, 0}, handle_empty_array},
    {"GET", "/fapi/v1/exchangeInfo", SECURITY_NONE, 1, NULL, {0, 0}, handle_spot_no_symbols},
    {"GET", "/dapi/v1/exchangeInfo", SECURITY_NONE, 1, NULL, {0, 0}, handle_spot_no_symbols},
    {"GET", "/sapi/v1/system/status", SECURITY_NONE, 1, NULL, {0, 0}, handle_system_status},
};

static const method_t methods[] = {
    {"ping", SECURITY_NONE, FACE_KEY_READS, 1, 0, handle_ping, NULL},
    {"time", SECURITY_NONE, FACE_KEY_READS, 1, 0, handle_time, NULL},
    {"exchangeInfo", SECURITY_NONE, FACE_KEY_READS, 20, 0, handle_spot_info, NULL},
    {"depth", SECURITY_NONE, FACE_KEY_READS, 5, 0, handle_spot_depth, NULL},
    {"trades.recent", SECURITY_NONE, FACE_KEY_READS, 25, 0, handle_spot_trades, NULL},
    {"trades.historical", SECURITY_NONE, FACE_KEY_READS, 25, 0, handle_spot_trades, NULL},
    {"trades.aggregate", SECURITY_NONE, FACE_KEY_READS, 4, 0, handle_spot_agg_trades, NULL},
    {"klines", SECURITY_NONE, FACE_KEY_READS, 2, 0, handle_spot_klines, NULL},
    {"uiKlines", SECURITY_NONE, FACE_KEY_READS, 2, 0, handle_spot_klines, NULL},
    {"blockTrades.historical", SECURITY_NONE, FACE_KEY_READS, 25, 0, handle_spot_block_trades, NULL},
    {"executionRules", SECURITY_NONE, FACE_KEY_READS, 40, 0, handle_spot_execution_rules, NULL},
    {"referencePrice", SECURITY_NONE, FACE_KEY_READS, 2, 0, handle_spot_reference_price, NULL},
    {"referencePrice.calculation", SECURITY_NONE, FACE_KEY_READS, 2, 0, handle_spot_reference_price, NULL},
    {"avgPrice", SECURITY_NONE, FACE_KEY_READS, 2, 0, handle_spot_average, NULL},
    {"ticker.24hr", SECURITY_NONE, FACE_KEY_READS, 2, 0, handle_spot_ticker_24h, NULL},
    {"ticker", SECURITY_NONE, FACE_KEY_READS, 4, 0, handle_spot_ticker, NULL},
    {"ticker.tradingDay", SECURITY_NONE, FACE_KEY_READS, 4, 0, handle_spot_trading_day, NULL},
    {"ticker.price", SECURITY_NONE, FACE_KEY_READS, 2, 0, handle_spot_ticker_price, NULL},
    {"ticker.book", SECURITY_NONE, FACE_KEY_READS, 2, 0, handle_spot_ticker_book, NULL},
    {"session.logon", SECURITY_SIGNED, FACE_KEY_READS, 2, 0, NULL, session_logon},
    {"session.status", SECURITY_NONE, FACE_KEY_READS, 2, 0, NULL, session_status},
    {"session.logout", SECURITY_NONE, FACE_KEY_READS, 2, 0, NULL, session_logout},
    {"session.subscriptions", SECURITY_NONE, FACE_KEY_READS, 2, 0, NULL, spot_subscriptions},
    {"userDataStream.subscribe", SECURITY_NONE, FACE_KEY_READS, 2, 0, NULL, spot_subscribe},
    {"userDataStream.subscribe.signature", SECURITY_SIGNED, FACE_KEY_READS, 2, 0, NULL, spot_subscribe_signature},
    {"userDataStream.unsubscribe", SECURITY_NONE, FACE_KEY_READS, 2, 0, NULL, spot_unsubscribe},
    {"userDataStream.start", SECURITY_KEY, FACE_KEY_READS, 2, 0, handle_listen_key_new, NULL},
    {"userDataStream.ping", SECURITY_KEY, FACE_KEY_READS, 2, 0, handle_listen_key_keep, NULL},
    {"userDataStream.stop", SECURITY_KEY, FACE_KEY_READS, 2, 0, handle_listen_key_end, NULL},
    {"order.place", SECURITY_SIGNED, FACE_KEY_TRADES, 0, 1, handle_spot_order, NULL},
    {"order.test", SECURITY_SIGNED, FACE_KEY_TRADES, 1, 0, handle_spot_test, NULL},
    {"order.status", SECURITY_SIGNED, FACE_KEY_READS, 4, 0, handle_spot_get, NULL},
    {"order.cancel", SECURITY_SIGNED, FACE_KEY_TRADES, 0, 0, handle_spot_cancel, NULL},
    {"order.cancelReplace", SECURITY_SIGNED, FACE_KEY_TRADES, 0, 1, handle_spot_replace, NULL},
    {"order.amend.keepPriority", SECURITY_SIGNED, FACE_KEY_TRADES, 4, 0, handle_spot_amend, NULL},
    {"order.amendments", SECURITY_SIGNED, FACE_KEY_READS, 4, 0, handle_spot_amendments, NULL},
    {"sor.order.place", SECURITY_SIGNED, FACE_KEY_TRADES, 1, 0, handle_spot_sor, NULL},
    {"sor.order.test", SECURITY_SIGNED, FACE_KEY_TRADES, 1, 0, handle_spot_sor_test, NULL},
    {"openOrders.status", SECURITY_SIGNED, FACE_KEY_READS, 6, 0, handle_spot_open, NULL},
    {"openOrders.cancelAll", SECURITY_SIGNED, FACE_KEY_TRADES, 1, 0, handle_spot_cancel_open, NULL},
    {"orderList.place", SECURITY_SIGNED, FACE_KEY_TRADES, 0, 2, handle_spot_old_oco, NULL},
    {"orderList.place.oco", SECURITY_SIGNED, FACE_KEY_TRADES, 0, 2, handle_spot_oco, NULL},
    {"orderList.place.oto", SECURITY_SIGNED, FACE_KEY_TRADES, 0, 2, handle_spot_oto, NULL},
    {"orderList.place.otoco", SECURITY_SIGNED, FACE_KEY_TRADES, 0, 3, handle_spot_otoco, NULL},
    {"orderList.place.opo", SECURITY_SIGNED, FACE_KEY_TRADES, 0, 2, handle_spot_opo, NULL},
    {"orderList.place.opoco", SECURITY_SIGNED, FACE_KEY_TRADES, 0, 3, handle_spot_opoco, NULL},
    {"orderList.status", SECURITY_SIGNED, FACE_KEY_READS, 4, 0, handle_spot_list_get, NULL},
    {"orderList.cancel", SECURITY_SIGNED, FACE_KEY_TRADES, 0, 0, handle_spot_list_cancel, NULL},
    {"openOrderLists.status", SECURITY_SIGNED, FACE_KEY_READS, 6, 0, handle_spot_list_open, NULL},
    {"allOrderLists", SECURITY_SIGNED, FACE_KEY_READS, 20, 0, handle_spot_list_all, NULL},
    {"account.status", SECURITY_SIGNED, FACE_KEY_READS, 20, 0, handle_spot_account, NULL},
    {"account.commission", SECURITY_SIGNED, FACE_KEY_READS, 20, 0, handle_spot_commission, NULL},
    {"account.rateLimits.orders", SECURITY_SIGNED, FACE_KEY_READS, 40, 0, handle_rate_limit_order, NULL},
    {"allOrders", SECURITY_SIGNED, FACE_KEY_READS, 20, 0, handle_spot_all, NULL},
    {"myFilters", SECURITY_SIGNED, FACE_KEY_READS, 40, 0, handle_spot_my_filters, NULL},
    {"myTrades", SECURITY_SIGNED, FACE_KEY_READS, 20, 0, handle_spot_my_trades, NULL},
    {"myPreventedMatches", SECURITY_SIGNED, FACE_KEY_READS, 20, 0, handle_spot_prevented, NULL},
    {"myAllocations", SECURITY_SIGNED, FACE_KEY_READS, 20, 0, handle_spot_allocations, NULL},
};

static void word_weight(char text[CALL_ERROR_MAX], unsigned most)
{
    snprintf(text, CALL_ERROR_MAX,
             "Too much request weight used; current limit is %u request weight per 1 MINUTE. Please use WebSocket Streams for live "
             "updates to "
             "avoid polling the API.",
             most);
}

static void word_ban(char text[CALL_ERROR_MAX], const char *address, int64_t until_ms)
{
    (void)address;
    snprintf(text, CALL_ERROR_MAX,
             "Way too much request weight used; IP banned until %lld. Please use WebSocket Streams for live updates to avoid bans.",
             (long long)until_ms);
}

static void word_stream_error(json_writer_t *writer, int code, const char *words, str_t id)
{
    json_begin_object(writer);
    json_field_i64(writer, "code", code);
    json_field_string(writer, "msg", words);
    if (id.length > 0) {
        json_write_key(writer, "id");
        json_write_raw(writer, id);
    }
    json_end_object(writer);
}

/* Listen keys: user data comes by userDataStream.subscribe of the WS API. */
static bool is_gone(const face_t *face, str_t name)
{
    static const char *const names[] = {"/api/v3/userDataStream", "userDataStream.start", "userDataStream.ping",
                                        "userDataStream.stop"};
    bool gone = false;
    for (size_t i = 0; face->no_spot_listen_keys && i < sizeof names / sizeof names[0]; i++)
        gone = gone || str_eq(name, str_from(names[i]));
    return gone;
}

static const dialect_t spot_dialect = {
    .spot = true,
    .api_path = "/ws-api",
    .routes = routes,
    .route_count = sizeof routes / sizeof routes[0],
    .methods = methods,
    .method_count = sizeof methods / sizeof methods[0],
    .weight_most = 6000,
    .texts_per_second = 5,
    .word_weight = word_weight,
    .word_ban = word_ban,
    .orders = {{100, 10 * NS_PER_S, "SECOND", 10, "X-MBX-ORDER-COUNT-10S",
                "Too many new orders; current limit is 100 orders per 10 SECOND."},
               {200000, NS_PER_DAY, "DAY", 1, "X-MBX-ORDER-COUNT-1D",
                "Too many new orders; current limit is 200000 orders per 1 DAY."}},
    .is_gone = is_gone,
    .refuse_unknown = spot_refuse_unknown,
    .word_stream_error = word_stream_error,
    .market_event = spot_market_event,
    .private_event = spot_private_event,
    .after_advance = spot_after_advance,
};

result_t spot_face_create(const face_options_t *options, face_t **out)
{
    return face_create(options, &spot_dialect, out);
}
