/* encode_market.c: requests that anybody may make: time, rules, depth, bars, mark price. */
#include "edge/exchange/binance/encode_params.h"

static builder_t market_begin(const char *path, budget_priority_t priority, uint32_t weight)
{
    return builder_begin(BINANCE_GET, path, BINANCE_OPEN, BINANCE_ASK_READ, priority, weight);
}

result_t binance_encode_time(binance_request_t *request)
{
    builder_t builder = market_begin("/fapi/v1/time", BUDGET_EXIT, 1); /* nothing can be signed without it */
    return builder_end(&builder, request);
}

result_t binance_encode_exchange_info(binance_request_t *request)
{
    builder_t builder = market_begin("/fapi/v1/exchangeInfo", BUDGET_QUERY, 1);
    return builder_end(&builder, request);
}

uint32_t binance_weight_depth(uint32_t limit)
{
    return limit <= 50 ? 2 : limit <= 100 ? 5 : limit <= 500 ? 10 : 20;
}

uint32_t binance_weight_klines(uint32_t limit)
{
    return limit <= 100 ? 1 : limit <= 500 ? 2 : limit <= 1000 ? 5 : 10;
}

result_t binance_encode_depth(binance_request_t *request, const char *symbol, uint32_t limit)
{
    static const uint32_t allowed[] = {5, 10, 20, 50, 100, 500, 1000};
    builder_t builder = market_begin("/fapi/v1/depth", BUDGET_QUERY, binance_weight_depth(limit));
    bool known = false;
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        known = known || allowed[i] == limit;
    }
    if (!known) {
        builder_fail(&builder, RESULT_BAD_ARGUMENT); /* the venue: -4021 */
    }
    builder_text(&builder, "symbol", symbol);
    builder_u64(&builder, "limit", limit);
    return builder_end(&builder, request);
}

result_t binance_encode_klines(binance_request_t *request, const char *symbol, timeframe_t timeframe, int64_t from_ms,
                               int64_t to_ms, uint32_t limit)
{
    builder_t builder = market_begin("/fapi/v1/klines", BUDGET_HISTORY, binance_weight_klines(limit));
    if (limit < 1 || limit > 1500 || (from_ms > 0 && to_ms > 0 && to_ms < from_ms)) {
        builder_fail(&builder, RESULT_BAD_ARGUMENT);
    }
    builder_text(&builder, "symbol", symbol);
    builder_text(&builder, "interval", timeframe_text(timeframe));
    builder_time(&builder, "startTime", from_ms);
    builder_time(&builder, "endTime", to_ms);
    builder_u64(&builder, "limit", limit);
    return builder_end(&builder, request);
}

result_t binance_encode_premium_index(binance_request_t *request, const char *symbol)
{
    builder_t builder = market_begin("/fapi/v1/premiumIndex", BUDGET_QUERY, symbol[0] != '\0' ? 1 : 10);
    builder_optional(&builder, "symbol", symbol);
    return builder_end(&builder, request);
}
