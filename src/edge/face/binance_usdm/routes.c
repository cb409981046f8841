/* routes.c: what makes the face that of USD-M futures: every endpoint and every WS API method as a row (who may call it, what it
 * costs, who answers), and the limits. */
#include <stdio.h>

#include "edge/face/binance_usdm/usdm_face.h"
#include "edge/face/binance_usdm/usdm_parts.h"

static const route_t routes[] = {
    /* method, path, security, weight, by parameters, orders 10 s, orders 1 m, handler */
    {"GET", "/fapi/v1/ping", SECURITY_NONE, 1, NULL, {0, 0}, handle_ping},
    {"GET", "/fapi/v1/time", SECURITY_NONE, 1, NULL, {0, 0}, handle_time},
    {"GET", "/fapi/v1/exchangeInfo", SECURITY_NONE, 1, NULL, {0, 0}, handle_exchange_info},
    {"GET", "/fapi/v1/depth", SECURITY_NONE, 1, weigh_depth, {0, 0}, handle_depth},
    {"GET", "/fapi/v1/trades", SECURITY_NONE, 5, NULL, {0, 0}, handle_trades},
    {"GET", "/fapi/v1/historicalTrades", SECURITY_KEY, 20, NULL, {0, 0}, handle_trades},
    {"GET", "/fapi/v1/aggTrades", SECURITY_NONE, 20, NULL, {0, 0}, handle_agg_trades},
    {"GET", "/fapi/v1/klines", SECURITY_NONE, 5, weigh_klines, {0, 0}, handle_klines},
    {"GET", "/fapi/v1/markPriceKlines", SECURITY_NONE, 5, weigh_klines, {0, 0}, handle_mark_klines},
    {"GET", "/fapi/v1/continuousKlines", SECURITY_NONE, 5, weigh_klines, {0, 0}, handle_continuous_klines},
    {"GET", "/fapi/v1/indexPriceKlines", SECURITY_NONE, 5, weigh_klines, {0, 0}, handle_index_klines},
    {"GET", "/fapi/v1/premiumIndexKlines", SECURITY_NONE, 5, weigh_klines, {0, 0}, handle_premium_klines},
    {"GET", "/fapi/v1/indexInfo", SECURITY_NONE, 1, NULL, {0, 0}, handle_empty_array},
    {"GET", "/fapi/v1/assetIndex", SECURITY_NONE, 1, weigh_symbol_1_10, {0, 0}, handle_asset_index},
    {"GET", "/futures/data/takerlongshortRatio", SECURITY_NONE, 0, NULL, {0, 0}, handle_taker_ratio},
    {"GET", "/futures/data/openInterestHist", SECURITY_NONE, 0, NULL, {0, 0}, handle_interest_history},
    {"GET", "/futures/data/globalLongShortAccountRatio", SECURITY_NONE, 0, NULL, {0, 0}, handle_account_ratio},
    {"GET", "/futures/data/topLongShortAccountRatio", SECURITY_NONE, 0, NULL, {0, 0}, handle_top_account_ratio},
    {"GET", "/futures/data/topLongShortPositionRatio", SECURITY_NONE, 0, NULL, {0, 0}, handle_top_position_ratio},
    {"GET", "/futures/data/delivery-price", SECURITY_NONE, 0, NULL, {0, 0}, handle_delivery_price},
    {"GET", "/fapi/v1/constituents", SECURITY_NONE, 2, NULL, {0, 0}, handle_constituents},
    {"GET", "/fapi/v1/symbolAdlRisk", SECURITY_NONE, 1, NULL, {0, 0}, handle_adl_risk},
    {"GET", "/fapi/v1/tradingSchedule", SECURITY_NONE, 5, NULL, {0, 0}, handle_trading_schedule},
    {"GET", "/futures/data/basis", SECURITY_NONE, 0, NULL, {0, 0}, handle_basis},
    {"GET", "/fapi/v1/rpiDepth", SECURITY_NONE, 20, NULL, {0, 0}, handle_depth},
    {"GET", "/fapi/v1/insuranceBalance", SECURITY_NONE, 1, NULL, {0, 0}, handle_insurance},
    {"GET", "/fapi/v1/premiumIndex", SECURITY_NONE, 1, weigh_symbol_1_10, {0, 0}, handle_premium_index},
    {"GET", "/fapi/v1/fundingRate", SECURITY_NONE, 0, NULL, {0, 0}, handle_funding_rate},
    {"GET", "/fapi/v1/fundingInfo", SECURITY_NONE, 0, NULL, {0, 0}, handle_funding_info},
    {"GET", "/fapi/v1/ticker/24hr", SECURITY_NONE, 1, weigh_symbol_1_40, {0, 0}, handle_ticker_24h},
    {"GET", "/fapi/v1/ticker/price", SECURITY_NONE, 1, weigh_symbol_1_2, {0, 0}, handle_ticker_price},
    {"GET", "/fapi/v2/ticker/price", SECURITY_NONE, 1, weigh_symbol_1_2, {0, 0}, handle_ticker_price_v2},
    {"GET", "/fapi/v1/ticker/bookTicker", SECURITY_NONE, 2, weigh_symbol_2_5, {0, 0}, handle_ticker_book},
    {"GET", "/fapi/v1/openInterest", SECURITY_NONE, 1, NULL, {0, 0}, handle_open_interest},

    {"POST", "/fapi/v1/order", SECURITY_SIGNED, 0, NULL, {1, 1}, handle_order_place},
    {"PUT", "/fapi/v1/order", SECURITY_SIGNED, 0, NULL, {1, 1}, handle_order_amend},
    {"DELETE", "/fapi/v1/order", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_order_cancel},
    {"GET", "/fapi/v1/order", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_order_get},
    {"GET", "/fapi/v1/orderAmendment", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_order_amendments},
    {"POST", "/fapi/v1/order/test", SECURITY_SIGNED, 0, NULL, {0, 0}, handle_order_test},
    {"POST", "/fapi/v1/batchOrders", SECURITY_SIGNED, 5, NULL, {5, 1}, handle_batch_place},
    {"PUT", "/fapi/v1/batchOrders", SECURITY_SIGNED, 5, NULL, {5, 1}, handle_batch_amend},
    {"DELETE", "/fapi/v1/batchOrders", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_batch_cancel},
    {"DELETE", "/fapi/v1/allOpenOrders", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_cancel_all},
    {"POST", "/fapi/v1/countdownCancelAll", SECURITY_SIGNED, 10, NULL, {0, 0}, handle_countdown},
    {"GET", "/fapi/v1/openOrder", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_open_order},
    {"GET", "/fapi/v1/openOrders", SECURITY_SIGNED, 1, weigh_symbol_1_40, {0, 0}, handle_open_orders},
    {"GET", "/fapi/v1/allOrders", SECURITY_SIGNED, 5, NULL, {0, 0}, handle_all_orders},

    {"POST", "/fapi/v1/algoOrder", SECURITY_SIGNED, 0, NULL, {1, 1}, handle_algo_place},
    {"DELETE", "/fapi/v1/algoOrder", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_algo_cancel},
    {"GET", "/fapi/v1/algoOrder", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_algo_get},
    {"GET", "/fapi/v1/openAlgoOrders", SECURITY_SIGNED, 1, weigh_symbol_1_40, {0, 0}, handle_algo_open},
    {"GET", "/fapi/v1/allAlgoOrders", SECURITY_SIGNED, 5, NULL, {0, 0}, handle_algo_all},
    {"DELETE", "/fapi/v1/algoOpenOrders", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_algo_cancel_all},

    {"POST", "/fapi/v1/leverage", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_leverage},
    {"POST", "/fapi/v1/marginType", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_margin_type},
    {"POST", "/fapi/v1/positionMargin", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_position_margin},
    {"GET", "/fapi/v1/positionMargin/history", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_margin_history},
    {"GET", "/fapi/v1/positionSide/dual", SECURITY_SIGNED, 30, NULL, {0, 0}, handle_mode_get},
    {"POST", "/fapi/v1/positionSide/dual", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_mode_set},
    {"GET", "/fapi/v1/multiAssetsMargin", SECURITY_SIGNED, 30, NULL, {0, 0}, handle_multi_assets_get},
    {"POST", "/fapi/v1/multiAssetsMargin", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_multi_assets_set},
    {"GET", "/fapi/v1/feeBurn", SECURITY_SIGNED, 30, NULL, {0, 0}, handle_fee_burn_get},
    {"POST", "/fapi/v1/feeBurn", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_fee_burn_set},

    {"GET", "/fapi/v2/account", SECURITY_SIGNED, 5, NULL, {0, 0}, handle_account_v2},
    {"GET", "/fapi/v3/account", SECURITY_SIGNED, 5, NULL, {0, 0}, handle_account_v3},
    {"GET", "/fapi/v2/balance", SECURITY_SIGNED, 5, NULL, {0, 0}, handle_balance_v2},
    {"GET", "/fapi/v3/balance", SECURITY_SIGNED, 5, NULL, {0, 0}, handle_balance_v3},
    {"GET", "/fapi/v2/positionRisk", SECURITY_SIGNED, 5, NULL, {0, 0}, handle_position_risk_v2},
    {"GET", "/fapi/v3/positionRisk", SECURITY_SIGNED, 5, NULL, {0, 0}, handle_position_risk_v3},
    {"GET", "/fapi/v1/userTrades", SECURITY_SIGNED, 5, NULL, {0, 0}, handle_user_trades},
    {"GET", "/fapi/v1/income", SECURITY_SIGNED, 30, NULL, {0, 0}, handle_income},
    {"GET", "/fapi/v1/leverageBracket", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_brackets},
    {"GET", "/fapi/v1/symbolConfig", SECURITY_SIGNED, 5, NULL, {0, 0}, handle_symbol_config},
    {"GET", "/fapi/v1/accountConfig", SECURITY_SIGNED, 5, NULL, {0, 0}, handle_account_config},
    {"GET", "/fapi/v1/commissionRate", SECURITY_SIGNED, 20, NULL, {0, 0}, handle_commission},
    {"GET", "/fapi/v1/apiTradingStatus", SECURITY_SIGNED, 1, weigh_symbol_1_10, {0, 0}, handle_api_status},
    {"GET", "/fapi/v1/rateLimit/order", SECURITY_SIGNED, 1, NULL, {0, 0}, handle_rate_limit_order},
    {"GET", "/fapi/v1/forceOrders", SECURITY_SIGNED, 20, weigh_symbol_20_50, {0, 0}, handle_force_orders},
    {"GET", "/fapi/v1/adlQuantile", SECURITY_SIGNED, 5, NULL, {0, 0}, handle_adl},
    {"POST", "/fapi/v1/listenKey", SECURITY_KEY, 1, NULL, {0, 0}, handle_listen_key_new},
    {"PUT", "/fapi/v1/listenKey", SECURITY_KEY, 1, NULL, {0, 0}, handle_listen_key_keep},
    {"DELETE", "/fapi/v1/listenKey", SECURITY_KEY, 1, NULL, {0, 0}, handle_listen_key_end},

    {"GET", "/sapi/v1/capital/config/getall", SECURITY_NONE, 1, NULL, {0, 0}, handle_empty_array},
    {"GET", "/sapi/v1/margin/allPairs", SECURITY_NONE, 1, NULL, {0, 0}, handle_empty_array},
    {"GET", "/sapi/v1/system/status", SECURITY_NONE, 1, NULL, {0, 0}, handle_system_status},
};

static const method_t methods[] = {
    {"order.place", SECURITY_SIGNED, FACE_KEY_TRADES, 0, 1, handle_order_place, NULL},
    {"order.modify", SECURITY_SIGNED, FACE_KEY_TRADES, 0, 1, handle_order_amend, NULL},
    {"order.cancel", SECURITY_SIGNED, FACE_KEY_TRADES, 1, 0, handle_order_cancel, NULL},
    {"order.status", SECURITY_SIGNED, FACE_KEY_READS, 1, 0, handle_order_get, NULL},
    {"algoOrder.place", SECURITY_SIGNED, FACE_KEY_TRADES, 0, 1, handle_algo_place, NULL},
    {"algoOrder.cancel", SECURITY_SIGNED, FACE_KEY_TRADES, 1, 0, handle_algo_cancel, NULL},
    {"account.status", SECURITY_SIGNED, FACE_KEY_READS, 5, 0, handle_account_v2, NULL},
    {"v2/account.status", SECURITY_SIGNED, FACE_KEY_READS, 5, 0, handle_account_v3, NULL},
    {"account.balance", SECURITY_SIGNED, FACE_KEY_READS, 5, 0, handle_balance_v2, NULL},
    {"v2/account.balance", SECURITY_SIGNED, FACE_KEY_READS, 5, 0, handle_balance_v3, NULL},
    {"account.position", SECURITY_SIGNED, FACE_KEY_READS, 5, 0, handle_position_risk_v2, NULL},
    {"v2/account.position", SECURITY_SIGNED, FACE_KEY_READS, 5, 0, handle_position_risk_v3, NULL},
    {"userDataStream.start", SECURITY_KEY, FACE_KEY_READS, 5, 0, handle_listen_key_new, NULL},
    {"userDataStream.ping", SECURITY_KEY, FACE_KEY_READS, 1, 0, handle_listen_key_keep, NULL},
    {"userDataStream.stop", SECURITY_KEY, FACE_KEY_READS, 1, 0, handle_listen_key_end, NULL},
    {"session.logon", SECURITY_SIGNED, FACE_KEY_READS, 2, 0, NULL, session_logon},
    {"session.status", SECURITY_NONE, FACE_KEY_READS, 2, 0, NULL, session_status},
    {"session.logout", SECURITY_NONE, FACE_KEY_READS, 2, 0, NULL, session_logout},
    {"ping", SECURITY_NONE, FACE_KEY_READS, 1, 0, handle_ping, NULL},
    {"time", SECURITY_NONE, FACE_KEY_READS, 1, 0, handle_time, NULL},
    {"depth", SECURITY_NONE, FACE_KEY_READS, 5, 0, handle_depth, NULL},
    {"ticker.price", SECURITY_NONE, FACE_KEY_READS, 1, 0, handle_ticker_price, NULL},
    {"ticker.book", SECURITY_NONE, FACE_KEY_READS, 2, 0, handle_ticker_book, NULL},
};

static void word_weight(char text[CALL_ERROR_MAX], unsigned most)
{
    snprintf(
        text, CALL_ERROR_MAX,
        "Too many requests; current limit is %u requests per minute. Please use the websocket for live updates to avoid polling "
        "the API.",
        most);
}

static void word_ban(char text[CALL_ERROR_MAX], const char *address, int64_t until_ms)
{
    snprintf(text, CALL_ERROR_MAX,
             "Way too many requests; IP(%.40s) banned until %lld. Please use the websocket for live updates to avoid bans.",
             address, (long long)until_ms);
}

static void word_stream_error(json_writer_t *writer, int code, const char *words, str_t id)
{
    (void)id;
    json_begin_object(writer);
    json_write_key(writer, "error");
    json_begin_object(writer);
    json_field_i64(writer, "code", code);
    json_field_string(writer, "msg", words);
    json_end_object(writer);
    json_end_object(writer);
}

const dialect_t usdm_dialect = {
    .api_path = "/ws-fapi",
    .routes = routes,
    .route_count = sizeof routes / sizeof routes[0],
    .methods = methods,
    .method_count = sizeof methods / sizeof methods[0],
    .weight_most = 2400,
    .texts_per_second = 15,
    .word_weight = word_weight,
    .word_ban = word_ban,
    .orders = {{300, 10 * NS_PER_S, "SECOND", 10, "X-MBX-ORDER-COUNT-10S",
                "Too many new orders; current limit is 300 orders per TEN_SECONDS."},
               {1200, NS_PER_MIN, "MINUTE", 1, "X-MBX-ORDER-COUNT-1M",
                "Too many new orders; current limit is 1200 orders per MINUTE."}},
    .refuse_unknown = call_refuse_unknown,
    .word_stream_error = word_stream_error,
    .market_event = stream_market_event,
    .private_event = stream_private_event,
    .after_advance = stream_after_advance,
};

result_t usdm_face_create(const face_options_t *options, face_t **out)
{
    return face_create(options, &usdm_dialect, out);
}
