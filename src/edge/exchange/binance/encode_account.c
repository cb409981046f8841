/* encode_account.c: requests about lists, the account and its settings, and the private stream's key. */
#include "edge/exchange/binance/encode_params.h"

enum { WEIGHT_LIST_ONE = 1, WEIGHT_LIST_ALL = 40 };

/* GET, signed, with the symbol when one is given. */
static result_t encode_read(binance_request_t *request, const char *path, const char *symbol, uint32_t weight)
{
    builder_t builder = builder_begin(BINANCE_GET, path, BINANCE_SIGNED, BINANCE_ASK_READ, BUDGET_QUERY, weight);
    builder_optional(&builder, "symbol", symbol);
    return builder_end(&builder, request);
}

static uint32_t list_weight(const char *symbol)
{
    return symbol[0] != '\0' ? WEIGHT_LIST_ONE : WEIGHT_LIST_ALL;
}

result_t binance_encode_open_orders(binance_request_t *request, const char *symbol)
{
    return encode_read(request, "/fapi/v1/openOrders", symbol, list_weight(symbol));
}

result_t binance_encode_open_algo_orders(binance_request_t *request, const char *symbol)
{
    return encode_read(request, "/fapi/v1/openAlgoOrders", symbol, list_weight(symbol));
}

/* A history list: symbol, lower bound of time, number of rows. */
static result_t encode_history(binance_request_t *request, const char *path, const char *symbol, int64_t from_ms, uint32_t limit)
{
    builder_t builder = builder_begin(BINANCE_GET, path, BINANCE_SIGNED, BINANCE_ASK_READ, BUDGET_QUERY, 5);
    builder_text(&builder, "symbol", symbol);
    builder_time(&builder, "startTime", from_ms);
    if (limit < 1 || limit > 1000) {
        builder_fail(&builder, RESULT_BAD_ARGUMENT);
    }
    builder_u64(&builder, "limit", limit);
    return builder_end(&builder, request);
}

result_t binance_encode_all_orders(binance_request_t *request, const char *symbol, int64_t from_ms, uint32_t limit)
{
    return encode_history(request, "/fapi/v1/allOrders", symbol, from_ms, limit);
}

result_t binance_encode_all_algo_orders(binance_request_t *request, const char *symbol, int64_t from_ms, uint32_t limit)
{
    return encode_history(request, "/fapi/v1/allAlgoOrders", symbol, from_ms, limit);
}

result_t binance_encode_balance(binance_request_t *request)
{
    return encode_read(request, "/fapi/v3/balance", "", 5);
}

result_t binance_encode_positions(binance_request_t *request, const char *symbol)
{
    return encode_read(request, "/fapi/v3/positionRisk", symbol, 5);
}

result_t binance_encode_symbol_config(binance_request_t *request, const char *symbol)
{
    return encode_read(request, "/fapi/v1/symbolConfig", symbol, 5);
}

result_t binance_encode_leverage_brackets(binance_request_t *request, const char *symbol)
{
    return encode_read(request, "/fapi/v1/leverageBracket", symbol, 1);
}

result_t binance_encode_position_mode(binance_request_t *request)
{
    return encode_read(request, "/fapi/v1/positionSide/dual", "", 30);
}

result_t binance_encode_trading_status(binance_request_t *request)
{
    return encode_read(request, "/fapi/v1/apiTradingStatus", "", 10);
}

static builder_t change_begin(const char *path)
{
    return builder_begin(BINANCE_POST, path, BINANCE_SIGNED, BINANCE_ASK_CHANGE, BUDGET_ENTRY, 1);
}

result_t binance_encode_set_leverage(binance_request_t *request, const char *symbol, uint32_t leverage)
{
    builder_t builder = change_begin("/fapi/v1/leverage");
    builder_text(&builder, "symbol", symbol);
    if (leverage < 1 || leverage > 125) {
        builder_fail(&builder, RESULT_BAD_ARGUMENT);
    }
    builder_u64(&builder, "leverage", leverage);
    return builder_end(&builder, request);
}

result_t binance_encode_set_margin(binance_request_t *request, const char *symbol, margin_type_t margin)
{
    builder_t builder = change_begin("/fapi/v1/marginType");
    builder_text(&builder, "symbol", symbol);
    builder_text(&builder, "marginType", margin == MARGIN_ISOLATED ? "ISOLATED" : "CROSSED");
    return builder_end(&builder, request);
}

result_t binance_encode_set_position_mode(binance_request_t *request, position_mode_t mode)
{
    builder_t builder = change_begin("/fapi/v1/positionSide/dual");
    builder_text(&builder, "dualSidePosition", mode == POSITION_MODE_HEDGE ? "true" : "false");
    return builder_end(&builder, request);
}

result_t binance_encode_user_trades(binance_request_t *request, const char *symbol, uint64_t from_id, int64_t from_ms,
                                    uint32_t limit)
{
    builder_t builder = builder_begin(BINANCE_GET, "/fapi/v1/userTrades", BINANCE_SIGNED, BINANCE_ASK_READ, BUDGET_QUERY, 5);
    builder_text(&builder, "symbol", symbol);
    if (from_id > 0) {
        builder_u64(&builder, "fromId", from_id); /* excludes times */
    } else {
        builder_time(&builder, "startTime", from_ms);
    }
    if (limit < 1 || limit > 1000) {
        builder_fail(&builder, RESULT_BAD_ARGUMENT);
    }
    builder_u64(&builder, "limit", limit);
    return builder_end(&builder, request);
}

result_t binance_encode_income(binance_request_t *request, const char *symbol, int64_t from_ms, int64_t to_ms, uint32_t limit)
{
    builder_t builder = builder_begin(BINANCE_GET, "/fapi/v1/income", BINANCE_SIGNED, BINANCE_ASK_READ, BUDGET_QUERY, 30);
    builder_optional(&builder, "symbol", symbol);
    builder_time(&builder, "startTime", from_ms);
    builder_time(&builder, "endTime", to_ms);
    if (limit < 1 || limit > 1000) {
        builder_fail(&builder, RESULT_BAD_ARGUMENT);
    }
    builder_u64(&builder, "limit", limit);
    return builder_end(&builder, request);
}

/* The key is the account's: a request without it cannot make another one, so sending it again is harmless. */
static result_t encode_listen_key(binance_request_t *request, binance_method_t method)
{
    builder_t builder = builder_begin(method, "/fapi/v1/listenKey", BINANCE_KEY, BINANCE_ASK_CHANGE, BUDGET_EXIT, 1);
    return builder_end(&builder, request);
}

result_t binance_encode_listen_key_create(binance_request_t *request)
{
    return encode_listen_key(request, BINANCE_POST);
}

result_t binance_encode_listen_key_extend(binance_request_t *request)
{
    return encode_listen_key(request, BINANCE_PUT);
}
