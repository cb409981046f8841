/* test_spot_codes.c: each code and text of the exchange's spot sheet, provoked by a request that changes nothing, and the list of
 * those that no request provokes, each with its reason. shows: VEN-3
 */
#include "core/venue/spot_reject.h"
#include "edge/face/spot_bench.h"

/* --- what was seen ---------------------------------------------------------------------------- */

enum { SEEN_MAX = 400 };
static struct {
    int code;
    char text[200];
} seen[SEEN_MAX];
static unsigned seen_count;

static void note(int code, const char *text)
{
    assert_true(seen_count < SEEN_MAX);
    seen[seen_count].code = code;
    snprintf(seen[seen_count++].text, sizeof seen[0].text, "%s", text);
}

/* Said in the reply, to the letter. */
static void said(bench_t *bench, int code, const char *text)
{
    char wanted[512];
    snprintf(wanted, sizeof wanted, "{\"code\":%d,\"msg\":\"%s\"", code, text);
    assert_says(bench, wanted);
    note(code, text);
}

/* --- one request ------------------------------------------------------------------------------ */

typedef struct {
    const char *method, *path, *parameters;
    unsigned status;
    int code;
    const char *text;
} refusal_t;

static const refusal_t refusals[] = {
    {"GET", "/api/v3/nothing", "", 404, -5000, "Path /api/v3/nothing, Method GET is invalid"},
    /* parameters */
    {"POST", ORDER, LIMIT "quantity=0.01&price=1e3", 400, -1100,
     "Illegal characters found in parameter 'price'; legal range is '^([0-9]{1,20})(\\\\.[0-9]{1,20})?$'."},
    {"POST", ORDER, "side=BUY&type=LIMIT", 400, -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."},
    {"POST", ORDER, "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=1", 400, -1102,
     "Mandatory parameter 'timeInForce' was not sent, was empty/null, or malformed."},
    {"POST", ORDER, MARKET, 400, -1102, "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!"},
    {"POST", ORDER, "symbol=BTCUSDT&side=SELL&type=STOP_LOSS&quantity=1", 400, -1102,
     "Param 'stopPrice' or 'trailingDelta' must be sent, but both were empty/null!"},
    {"POST", ORDER, LIMIT "quantity=0.01&price=50000&reduceOnly=true", 400, -1104,
     "Not all sent parameters were read; read '8' parameter(s) but was sent '9'."},
    {"POST", ORDER, "symbol=&side=BUY", 400, -1105, "Parameter 'symbol' was empty."},
    {"POST", ORDER, MARKET "quantity=1&price=1", 400, -1106, "Parameter 'price' sent when not required."},
    {"POST", ORDER, MARKET "quantity=1&quoteOrderQty=1", 400, -1106, "Parameter 'quantity' sent when not required."},
    {"POST", ORDER, "symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=1&price=1&timeInForce=GTC", 400, -1106,
     "Parameter 'timeInForce' sent when not required."},
    {"POST", ORDER, LIMIT "quantity=0.010000001&price=50000", 400, -1111, "Parameter 'quantity' has too much precision."},
    {"POST", ORDER, LIMIT "quantity=0.01&price=50000.000000001", 400, -1111, "Parameter 'price' has too much precision."},
    {"POST", ORDER, "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTX&quantity=1&price=1", 400, -1115, "Invalid timeInForce."},
    {"POST", ORDER, "symbol=BTCUSDT&side=BUY&type=STOP", 400, -1116, "Invalid orderType."},
    {"POST", ORDER, "symbol=BTCUSDT&side=LONG&type=LIMIT", 400, -1117, "Invalid side."},
    {"GET", "/api/v3/klines", "symbol=BTCUSDT&interval=7m", 400, -1120, "Invalid interval."},
    {"POST", ORDER, LIMIT "quantity=0.01&pegPriceType=NO_PEG", 400, -1210, "Invalid pegPriceType."},
    {"POST", ORDER, LIMIT "quantity=0.01&pegPriceType=PRIMARY_PEG&pegOffsetType=TICKS&pegOffsetValue=1", 400, -1211,
     "Invalid pegOffsetType."},
    {"POST", ORDER, LIMIT "quantity=0.01&pegPriceType=PRIMARY_PEG&pegOffsetType=PRICE_LEVEL&pegOffsetValue=101", 400, -1211,
     "Invalid pegOffsetValue."},
    {"POST", ORDER, LIMIT "quantity=0.01&pegPriceType=PRIMARY_PEG&pegOffsetValue=1", 400, -1128,
     "Combination of optional parameters invalid."},
    {"POST", ORDER, LIMIT "quantity=0.01&price=0&pegPriceType=PRIMARY_PEG", 400, -1013, "Invalid price."},
    {"POST", ORDER, "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=IOC&quantity=0.01&pegPriceType=PRIMARY_PEG", 400, -2010,
     "This price peg cannot be used with this order type."},
    {"POST", ORDER, "symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=0.01&pegPriceType=MARKET_PEG", 400, -2010,
     "This price peg cannot be used with this order type."},
    {"POST", ORDER, MARKET "quantity=0.01&pegPriceType=MARKET_PEG", 400, -2010, "This order type may not use pegged price."},
    {"POST", ORDER, LIMIT "quantity=0.01&pegPriceType=MARKET_PEG&pegOffsetType=PRICE_LEVEL&pegOffsetValue=99", 400, -2010,
     "Order book liquidity is too low for this pegged order."},
    {"POST", ORDER, LIMIT "quantity=0.01&price=50000&icebergQty=0.02", 400, -2010, "IcebergQty exceeds QTY."},
    {"POST", ORDER, "symbol=btcusdt&side=BUY&type=MARKET&quantity=1", 400, -1100,
     "Illegal characters found in parameter 'symbol'; legal range is '^[\\\\w\\\\-._&&[^a-z]]{1,50}$'."},
    {"GET", "/api/v3/ticker/price", "symbols=%5B%22btcusdt%22%5D", 400, -1100,
     "Illegal characters found in parameter 'symbols'; legal range is "
     "'^\\\\[(\\\"[\\\\w\\\\-._&&[^a-z]]{1,50}\\\"(,\\\"[\\\\w\\\\-._&&[^a-z]]{1,50}\\\"){0,}){0,1}\\\\]$'."},
    {"GET", "/api/v3/klines", "symbol=BTCUSDT&interval=1d&timeZone=15", 400, -1130,
     "Data sent for parameter 'timeZone' is not valid."},
    {"GET", "/api/v3/klines", "symbol=BTCUSDT&interval=1d&timeZone=-12:01", 400, -1130,
     "Data sent for parameter 'timeZone' is not valid."},
    {"GET", "/api/v3/exchangeInfo", "symbol=BTCUSDT&permissions=SPOT", 400, -1128, "Combination of optional parameters invalid."},
    {"GET", "/api/v3/depth", "symbol=NOSUCH", 400, -1121, "Invalid symbol."},
    {"GET", "/api/v3/exchangeInfo", "symbolStatus=OPEN", 400, -1122, "Invalid symbolStatus."},
    {"GET", "/api/v3/allOrders", "symbol=BTCUSDT&startTime=1000&endTime=86401001", 400, -1127,
     "More than 24 hours between startTime and endTime."},
    {"GET", "/api/v3/myTrades", "symbol=BTCUSDT&fromId=1&startTime=1", 400, -1128, "Combination of optional parameters invalid."},
    {"GET", "/api/v3/trades", "symbol=BTCUSDT&limit=1001", 400, -1130, "Data sent for parameter 'limit' is not valid."},
    {"POST", ORDER, LIMIT "quantity=0.01&price=50000&selfTradePreventionMode=SOME", 400, -1130,
     "Data sent for parameter 'selfTradePreventionMode' is not valid."},
    {"POST", ORDER, LIMIT "quantity=0.01&price=50000&strategyType=5", 400, -1134, "Strategy type was less than 1000000."},
    {"POST", ORDER, LIMIT "quantity=0.01&price=50000&newOrderRespType=NONE", 400, -1136, "Invalid newOrderRespType."},
    {"GET", "/api/v3/ticker", "symbol=BTCUSDT&type=SMALL", 400, -1139, "Invalid ticker type."},
    {"DELETE", ORDER, "symbol=BTCUSDT&orderId=1&cancelRestrictions=ONLY_OLD", 400, -1145, "Invalid cancelRestrictions"},
    {"GET", "/api/v3/ticker/price", "symbols=%5B%22BTCUSDT%22%2C%22BTCUSDT%22%5D", 400, -1151,
     "Symbol is present multiple times in the list."},
    {"GET", "/api/v3/ticker/bookTicker", "symbol=BTCUSDT&symbolStatus=HALT", 400, -1220,
     "The symbol's status does not match the requested symbolStatus."},
    {"GET", "/api/v3/executionRules", "symbol=BTCUSDT&symbolStatus=TRADING", 400, -1128,
     "Combination of optional parameters invalid."},
    {"GET", "/api/v3/referencePrice", "symbol=BTCUSDT", 400, -2043, "This symbol doesn't have a reference price."},
    {"GET", "/api/v3/referencePrice/calculation", "symbol=BTCUSDT", 400, -2043, "This symbol doesn't have a reference price."},
    {"GET", "/api/v3/historicalBlockTrades", "symbol=BTCUSDT", 400, -1102,
     "Mandatory parameter 'fromId' was not sent, was empty/null, or malformed."},
    {"GET", "/api/v3/ticker/tradingDay", "", 400, -1102, "Param 'symbol' or 'symbols' must be sent, but both were empty/null!"},
    {"POST", "/api/v3/sor/order", LIMIT "quantity=0.01&price=50000", 400, -1013, "This symbol has no SOR."},
    {"POST", "/api/v3/sor/order/test", LIMIT "quantity=0.01&price=50000", 400, -1013, "This symbol has no SOR."},
    {"POST", "/api/v3/sor/order", "symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=0.01&price=50000", 400, -1116,
     "Invalid orderType."},
    {"GET", "/api/v3/myAllocations", "symbol=BTCUSDT&startTime=1000&endTime=86401001", 400, -1127,
     "More than 24 hours between startTime and endTime."},
    {"GET", "/api/v3/myPreventedMatches", "symbol=BTCUSDT", 400, -1102,
     "Param 'preventedMatchId' or 'orderId' must be sent, but both were empty/null!"},
    {"GET", "/api/v3/myPreventedMatches", "symbol=BTCUSDT&preventedMatchId=1&orderId=1", 400, -1128,
     "Combination of optional parameters invalid."},
    {"GET", "/api/v3/order/amendments", "symbol=BTCUSDT", 400, -1102,
     "Mandatory parameter 'orderId' was not sent, was empty/null, or malformed."},
    {"POST", ORDER, STOP "stopPrice=50000.000000001", 400, -1111, "Parameter 'stopPrice' has too much precision."},
    {"POST", ORDER, MARKET "quoteOrderQty=100.000000001", 400, -1111, "Parameter 'quoteOrderQty' has too much precision."},
    {"POST", ORDER, LIMIT "quantity=1&price=50000&icebergQty=0.100000001", 400, -1111,
     "Parameter 'icebergQty' has too much precision."},
    /* filters */
    {"POST", ORDER, LIMIT "quantity=0.01&price=50000.001", 400, -1013, "Filter failure: PRICE_FILTER"},
    {"POST", ORDER, LIMIT "quantity=0.01&price=310000", 400, -1013, "Filter failure: PERCENT_PRICE_BY_SIDE"},
    {"POST", ORDER, LIMIT "quantity=0.000001&price=50000", 400, -1013, "Filter failure: LOT_SIZE"},
    {"POST", ORDER, LIMIT "quantity=9001&price=50000", 400, -1013, "Filter failure: LOT_SIZE"},
    {"POST", ORDER, LIMIT "quantity=0.00001&price=50000", 400, -1013, "Filter failure: NOTIONAL"},
    {"POST", ORDER, MARKET "quoteOrderQty=4", 400, -1013, "Filter failure: NOTIONAL"},
    {"POST", ORDER, LIMIT "quantity=1&price=50000&icebergQty=0.00999", 400, -1013, "Filter failure: ICEBERG_PARTS"},
    {"POST", ORDER, STOP "trailingDelta=9", 400, -1013, "Filter failure: TRAILING_DELTA"},
    {"POST", ORDER, STOP "trailingDelta=2001", 400, -1013, "Filter failure: TRAILING_DELTA"},
    {"POST", ORDER, LIMIT "quantity=0&price=50000", 400, -1013, "Invalid quantity."},
    {"POST", ORDER, LIMIT "quantity=1&price=0", 400, -1013, "Invalid price."},
    {"POST", ORDER, STOP "stopPrice=0", 400, -1013, "Stop price must be greater than 0."},
    {"POST", ORDER, "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=IOC&quantity=1&price=50000&icebergQty=0.5", 400, -1160,
     "Parameter 'icebergQty' is not supported if 'timeInForce' != 'GTC'."},
    /* order lists */
    {"POST", OCO,
     "symbol=BTCUSDT&side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=70000&belowType=LIMIT_MAKER&belowPrice=50000", 400,
     -1168, "At least one OCO order must be contingent."},
    {"POST", OCO,
     "symbol=BTCUSDT&side=SELL&quantity=0.01&aboveType=STOP_LOSS&aboveStopPrice=70000&belowType=LIMIT_MAKER&belowPrice=50000", 400,
     -1166, "A limit order in a sell OCO must be above."},
    {"POST", OCO,
     "symbol=BTCUSDT&side=BUY&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=70000&belowType=STOP_LOSS&belowStopPrice=50000", 400,
     -1165, "A limit order in a buy OCO must be below."},
    {"POST", OCO,
     "symbol=BTCUSDT&side=BUY&quantity=0.01&aboveType=STOP_LOSS&aboveStopPrice=70000&belowType=STOP_LOSS&belowStopPrice=50000", 400,
     -1196, "A stop loss order in a buy OCO must be above."},
    {"POST", OCO,
     "symbol=BTCUSDT&side=SELL&quantity=0.01&aboveType=STOP_LOSS&aboveStopPrice=70000&belowType=STOP_LOSS&belowStopPrice=50000",
     400, -1197, "A stop loss order in a sell OCO must be below."},
    {"POST", OCO,
     "symbol=BTCUSDT&side=BUY&quantity=0.01&aboveType=TAKE_PROFIT&aboveStopPrice=70000&belowType=LIMIT_MAKER&belowPrice=50000", 400,
     -1198, "A take profit order in a buy OCO must be below."},
    {"POST", OCO,
     "symbol=BTCUSDT&side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=70000&belowType=TAKE_PROFIT&belowStopPrice=50000",
     400, -1199, "A take profit order in a sell OCO must be above."},
    {"POST", OCO,
     "symbol=BTCUSDT&side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=50000&belowType=STOP_LOSS&belowStopPrice=40000", 400,
     -2010, "The relationship of the prices for the orders is not correct."},
    {"POST", OPO,
     "symbol=BTCUSDT&workingType=LIMIT&workingSide=SELL&workingTimeInForce=GTC&workingPrice=70000&workingQuantity=0.01&" PENDING,
     400, -1222, "Working order in an OPO list must be a bid."},
    {"POST", OPO, WORKING "pendingType=LIMIT&pendingSide=BUY&pendingTimeInForce=GTC&pendingPrice=50000", 400, -1223,
     "Pending orders in an OPO list must be asks."},
    {"POST", OPO, WORKING PENDING "&pendingQuantity=0.01", 400, -1225,
     "Pending orders should not include the 'pendingQuantity' tag."},
    {"POST", "/api/v3/orderList/oto", WORKING PENDING, 400, -1102,
     "Mandatory parameter 'pendingQuantity' was not sent, was empty/null, or malformed."},
    {"POST", "/api/v3/orderList/oto", WORKING PENDING "&pendingQuantity=0.01&pendingPegPriceType=BEST", 400, -1210,
     "Invalid pegPriceType."},
    {"POST", OCO, "symbol=BTCUSDT&side=SELL&quantity=0.01&aboveType=MARKET&belowType=STOP_LOSS&belowStopPrice=50000", 400, -1158,
     "Order type not supported in OCO."},
    {"DELETE", "/api/v3/orderList", "symbol=BTCUSDT&orderListId=77", 400, -2011, "Unknown order list sent."},
    {"GET", "/api/v3/orderList", "orderListId=77", 400, -2018, "Order list does not exist."},
    /* the matching engine */
    {"POST", ORDER, LIMIT "quantity=10&price=50000", 400, -2010, "Account has insufficient balance for requested action."},
    {"POST", ORDER, STOP "stopPrice=70000", 400, -2010, "Order would trigger immediately."},
    {"POST", ORDER, "symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=0.01&price=70000", 400, -2010,
     "Order would immediately match and take."},
    {"DELETE", ORDER, "symbol=BTCUSDT&orderId=77", 400, -2011, "Unknown order sent."},
    {"DELETE", "/api/v3/openOrders", "symbol=ETHUSDT", 400, -2011, "Unknown order sent."},
    {"GET", ORDER, "symbol=BTCUSDT&orderId=77", 400, -2013, "Order does not exist."},
    {"PUT", "/api/v3/order/amend/keepPriority", "symbol=BTCUSDT&orderId=77&newQty=1", 400, -2013, "Order does not exist."},
    {"POST", "/api/v3/order/cancelReplace", "cancelReplaceMode=STOP_ON_FAILURE&cancelOrderId=77&" LIMIT "quantity=0.01&price=50000",
     400, -2022, "Order cancel-replace failed."},
    {"POST", "/api/v3/order/cancelReplace", "cancelReplaceMode=ALLOW_FAILURE&cancelOrderId=77&" LIMIT "quantity=0.01&price=50000",
     409, -2021, "Order cancel-replace partially failed."},
};

static void every_refusal_has_its_code_and_text(void **state)
{
    bench_t *bench = *state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const refusal_t *row = &refusals[i];
        bench->wall_ns += NS_PER_MIN; /* a new minute of weights */
        uint64_t before = venue_event_count(world_venue(bench->world));
        unsigned status = ask_signed(bench, row->method, row->path, row->parameters);
        if (status != row->status)
            print_error("%s %s %s\n", row->method, row->path, row->parameters);
        said(bench, row->code, row->text);
        if (row->code != -2021) /* half of it was done */
            assert_true(venue_event_count(world_venue(bench->world)) == before);
        assert_int_equal(status, row->status);
    }
}

static void codes_that_need_an_order(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(ask_signed(bench, "POST", ORDER, LIMIT "quantity=0.01&price=50000&newClientOrderId=mine"), 200);
    assert_int_equal(ask_signed(bench, "POST", ORDER, LIMIT "quantity=0.01&price=50000&newClientOrderId=mine"), 400);
    said(bench, -2010, "Duplicate order sent.");
    assert_int_equal(ask_signed(bench, "DELETE", ORDER, "symbol=BTCUSDT&orderId=1&cancelRestrictions=ONLY_PARTIALLY_FILLED"), 400);
    said(bench, -2011, "Order was not canceled due to cancel restrictions.");
    assert_int_equal(ask_signed(bench, "DELETE", ORDER, "symbol=BTCUSDT&orderId=1&origClientOrderId=yours"), 400);
    said(bench, -2039, "Client order ID is not correct for this order ID.");
    assert_int_equal(ask_signed(bench, "PUT", "/api/v3/order/amend/keepPriority", "symbol=BTCUSDT&orderId=1&newQty=0.02"), 400);
    said(bench, -2038, "Order amend (quantity increase) is not supported.");
    assert_int_equal(world_status(bench->world, 0, INSTRUMENT_HALTED), RESULT_OK);
    assert_int_equal(ask_signed(bench, "POST", ORDER, LIMIT "quantity=0.01&price=50000"), 400);
    said(bench, -2010, "Market is closed.");
}

/* --- orders that stand ------------------------------------------------------------------------ */

#define AMEND "/api/v3/order/amend/keepPriority"

static void granted(bench_t *bench, const char *method, const char *path, const char *parameters)
{
    bench->wall_ns += NS_PER_MIN;
    if (ask_signed(bench, method, path, parameters) != 200)
        fail_msg("%s %s?%s: %.300s", method, path, parameters, bench->reply.body.bytes);
}

static void refuses(bench_t *bench, const char *method, const char *path, const char *parameters, int code, const char *text)
{
    bench->wall_ns += NS_PER_MIN;
    uint64_t before = venue_event_count(world_venue(bench->world));
    assert_int_equal(ask_signed(bench, method, path, parameters), 400);
    said(bench, code, text);
    assert_true(venue_event_count(world_venue(bench->world)) == before);
}

static void amendments_say_why_not(void **state)
{
    bench_t *bench = *state;
    quote_t quote;
    char query[200], price[DEC_TEXT_MAX];
    granted(bench, "POST", ORDER, LIMIT "quantity=1&price=50000"); /* order 1 */
    refuses(bench, "PUT", AMEND, "symbol=BTCUSDT&orderId=1&newQty=2", -2038, "Order amend (quantity increase) is not supported.");
    refuses(bench, "PUT", AMEND, "symbol=BTCUSDT&orderId=1&newQty=1", -2038,
            "The requested action would change no state; rejecting.");
    for (unsigned i = 0; i < 10; i++) {
        snprintf(query, sizeof query, "symbol=BTCUSDT&orderId=1&newQty=0.%u", 90 - i);
        granted(bench, "PUT", AMEND, query);
    }
    refuses(bench, "PUT", AMEND, "symbol=BTCUSDT&orderId=1&newQty=0.5", -2038, "Filter failure: MAX_NUM_ORDER_AMENDS");
    granted(bench, "POST", ORDER, STOP "stopPrice=50000"); /* order 2 */
    refuses(bench, "PUT", AMEND, "symbol=BTCUSDT&orderId=2&newQty=0.005", -2038,
            "Order amend is not supported on contingent orders.");
    assert_true(venue_quote(world_venue(bench->world), 0, &quote));
    (void)dec_format_places(quote.bid, 2, price);
    snprintf(query, sizeof query, "symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=9&price=%s", price); /* order 3 */
    granted(bench, "POST", ORDER, query);
    assert_says(bench, "\"status\":\"PARTIALLY_FILLED\"");
    refuses(bench, "PUT", AMEND, "symbol=BTCUSDT&orderId=3&newQty=0.00001", -2038,
            "The new quantity must be greater than the quantity already filled.");
}

/* A book that has been eaten up stays so until the clock moves. */
static void an_empty_book_is_named(void **state)
{
    bench_t *bench = *state;
    give(bench, "ETH", 1000000);
    for (unsigned i = 0; i < 50; i++) {
        bench->wall_ns += NS_PER_MIN;
        (void)ask_signed(bench, "POST", ORDER, "symbol=ETHUSDT&side=SELL&type=MARKET&quantity=2900");
    }
    refuses(bench, "POST", ORDER, "symbol=ETHUSDT&side=SELL&type=MARKET&quoteOrderQty=100", -2010,
            "Order book liquidity is less than symbol minimum quantity.");
    refuses(bench, "POST", ORDER, "symbol=ETHUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&pegPriceType=PRIMARY_PEG", -2010,
            "Order book liquidity is too low for this pegged order.");
}

static void orders_are_counted(void **state)
{
    bench_t *bench = *state;
    for (unsigned i = 0; i < 5; i++)
        granted(bench, "POST", ORDER, STOP "stopPrice=50000");
    refuses(bench, "POST", ORDER, STOP "stopPrice=50000", -1013, "Filter failure: MAX_NUM_ALGO_ORDERS");
    for (unsigned i = 0; i < 10; i++)
        granted(bench, "POST", ORDER, LIMIT "quantity=0.01&price=50000&icebergQty=0.001");
    refuses(bench, "POST", ORDER, LIMIT "quantity=0.01&price=50000&icebergQty=0.001", -1013,
            "Filter failure: MAX_NUM_ICEBERG_ORDERS");
    for (unsigned i = 0; i < 20; i++)
        granted(bench, "POST", "/api/v3/orderList/oto", WORKING PENDING "&pendingQuantity=0.01");
    refuses(bench, "POST", "/api/v3/orderList/oto", WORKING PENDING "&pendingQuantity=0.01", -1013,
            "Filter failure: MAX_NUM_ORDER_LISTS");
    for (unsigned i = 5 + 10 + 40; i < 200; i++)
        granted(bench, "POST", ORDER, LIMIT "quantity=0.001&price=50000");
    refuses(bench, "POST", ORDER, LIMIT "quantity=0.001&price=50000", -1013, "Filter failure: MAX_NUM_ORDERS");
    assert_int_equal(world_restrict(bench->world, 0, VENUE_NO_ORDERS), RESULT_OK);
    refuses(bench, "POST", ORDER, LIMIT "quantity=0.01&price=50000", -2010, "This action is disabled on this account.");
}

/* --- who asks, when, how often ---------------------------------------------------------------- */

static void requests_are_judged_before_their_matter(void **state)
{
    bench_t *bench = *state;
    char query[300], hex[65];
    assert_int_equal(ask(bench, "GET", ORDER, "symbol=BTCUSDT", "", ""), 401);
    said(bench, -2014, "API-key format invalid.");
    bench->time_unit = "NANOSECOND";
    assert_int_equal(ask(bench, "GET", "/api/v3/time", "", "", ""), 400);
    said(bench, -1194, "Invalid value for time unit; expected either MICROSECOND or MILLISECOND.");
    bench->time_unit = NULL;
    bench->accept = "application/sbe;q=0.9";
    assert_int_equal(ask(bench, "GET", "/api/v3/time", "", "", ""), 406);
    said(bench, -1155, "SBE is not enabled.");
    bench->accept = "application/sbe, application/json";
    assert_int_equal(ask(bench, "GET", "/api/v3/time", "", "", ""), 200);
    bench->accept = NULL;
    assert_non_null(
        face_stream_refusal(bench->face, STR("/ws-api/v3"), STR("responseFormat=json&responseFormat=sbe&sbeSchemaId=3")));
    assert_null(face_stream_refusal(bench->face, STR("/ws-api/v3"), STR("responseFormat=json")));
    assert_null(face_stream_refusal(bench->face, STR("/stream"), STR("responseFormat=sbe")));
    assert_int_equal(ask(bench, "GET", ORDER, "symbol=BTCUSDT&timestamp=1&signature=0", "", "NOBODY"), 401);
    said(bench, -2015, "Invalid API-key, IP, or permissions for action.");
    snprintf(query, sizeof query, "timestamp=%lld&signature=%064d", (long long)(world_now_ns(bench->world) / NS_PER_MS), 0);
    assert_int_equal(ask(bench, "GET", "/api/v3/account", query, "", "KEY"), 400);
    said(bench, -1022, "Signature for this request is not valid.");
    sign("timestamp=1", hex);
    snprintf(query, sizeof query, "timestamp=1&signature=%s", hex);
    assert_int_equal(ask(bench, "GET", "/api/v3/account", query, "", "KEY"), 400);
    said(bench, -1021, "Timestamp for this request is outside of the recvWindow.");
    assert_int_equal(ask(bench, "GET", "/api/v3/depth", "symbol=BTCUSDT&symbol=BTCUSDT", "", ""), 400);
    note(-1101, "");
    bench->wall_ns += NS_PER_MIN;
    for (int i = 0; i < 100; i++)
        assert_int_equal(ask_signed(bench, "POST", ORDER, LIMIT "quantity=0.001&price=50000"), 200);
    assert_int_equal(ask_signed(bench, "POST", ORDER, LIMIT "quantity=0.001&price=50000"), 429);
    said(bench, -1015, "Too many new orders; current limit is 100 orders per 10 SECOND.");
    for (unsigned status = 200; status == 200;)
        status = ask(bench, "GET", "/api/v3/exchangeInfo", "", "", "");
    said(bench, -1003,
         "Too much request weight used; current limit is 6000 request weight per 1 MINUTE. Please use WebSocket Streams for live "
         "updates to avoid polling the API.");
}

static void answered(const fake_socket_t *socket, int code, const char *text)
{
    char wanted[400];
    snprintf(wanted, sizeof wanted, "\"error\":{\"code\":%d,\"msg\":\"%s\"}", code, text);
    if (!strstr(socket->last, wanted))
        fail_msg("\"%s\" is not in %s", wanted, socket->last);
    note(code, text);
}

/* Ids come back as they were sent; a wrong one comes back as null. */
static void requests_over_a_socket(void **state)
{
    bench_t *bench = *state;
    fake_socket_t *socket = sock();
    face_session_t *session = face_session_open(bench->face, socket, STR("/ws-api/v3"), (str_t){0}, STR("127.0.0.1"));
    static const char *const good[] = {"1", "-7", "null", "\"a\"", "\"e2a85d9f-07a5-4f94-8d5f-789dc3deb097\"", "\"A_b-9\""};
    static const char *const bad[] = {
        "1.5",     "1e3",     "true",       "{}", "[1]", "\"\"", "\"e2a85d9f-07a5-4f94-8d5f-789dc3deb0971\"",
        "\"a b\"", "\"a.b\"", "\"\\u0041\""};
    char text[200], wanted[100];
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        snprintf(text, sizeof text, "{\"id\":%s,\"method\":\"v3/ping\"}", good[i]);
        snprintf(wanted, sizeof wanted, "{\"id\":%s,\"status\":200,\"result\":{}", good[i]);
        face_session_text(bench->face, session, str_from(text), bench->wall_ns);
        if (strncmp(socket->last, wanted, strlen(wanted)) != 0)
            fail_msg("%s: %s", text, socket->last);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, "{\"id\":%s,\"method\":\"ping\"}", bad[i]);
        face_session_text(bench->face, session, str_from(text), bench->wall_ns);
        assert_int_equal(strncmp(socket->last, "{\"id\":null,\"status\":400,", 24), 0);
        answered(socket, -1135,
                 "Invalid 'id' in JSON request; expected an integer, a string matching '^[a-zA-Z0-9-_]{1,36}$', or null.");
    }
    face_session_text(bench->face, session, STR("{\"id\":1,\"method\":\"ping\",\"params\":[1]}"), bench->wall_ns);
    answered(socket, -1135, "Invalid 'params' in JSON request; expected an object.");
    face_session_text(bench->face, session, STR("no JSON"), bench->wall_ns);
    answered(socket, -1000, "Invalid JSON.");
    face_session_text(bench->face, session, STR("{\"id\":1}"), bench->wall_ns);
    answered(socket, -1013, "Invalid message.");
    face_session_text(bench->face, session, STR("{\"id\":1,\"method\":\"order.dance\"}"), bench->wall_ns);
    answered(socket, -1020, "This operation is not supported.");
    say(bench, session, "userDataStream.unsubscribe", "", "");
    answered(socket, -2036, "User Data Stream subscription not active.");
    say(bench, session, "userDataStream.subscribe.signature", "", "");
    say(bench, session, "userDataStream.subscribe.signature", "", "");
    answered(socket, -2035, "User Data Stream subscription already active.");
    face_session_close(bench->face, session);
    free(socket);
}

/* The exchange's table of stream errors, and the one property that a connection has. */
static void stream_requests_have_their_errors(void **state)
{
    bench_t *bench = *state;
    fake_socket_t *socket = sock();
    face_session_t *session = face_session_open(bench->face, socket, STR("/ws/btcusdt@trade"), (str_t){0}, STR("127.0.0.1"));
    static const struct {
        const char *said, *answered;
    } rows[] = {
        {"{\"method\":\"GET_PROPERTY\",\"params\":[\"combined\"],\"id\":1}", "{\"result\":false,\"id\":1}"},
        {"{\"method\":\"SET_PROPERTY\",\"params\":[\"combined\",true],\"id\":2}", "{\"result\":null,\"id\":2}"},
        {"{\"method\":\"GET_PROPERTY\",\"params\":[\"combined\"],\"id\":\"a\"}", "{\"result\":true,\"id\":\"a\"}"},
        {"{\"method\":\"GET_PROPERTY\",\"params\":[\"speed\"],\"id\":3}", "{\"code\":0,\"msg\":\"Unknown property\",\"id\":3}"},
        {"{\"method\":\"SET_PROPERTY\",\"params\":[\"speed\",true],\"id\":3}",
         "{\"code\":0,\"msg\":\"Unknown property\",\"id\":3}"},
        {"{\"method\":\"SET_PROPERTY\",\"params\":[\"combined\",\"true\"],\"id\":4}",
         "{\"code\":1,\"msg\":\"Invalid value type: expected Boolean\",\"id\":4}"},
        {"{\"method\":\"SET_PROPERTY\",\"params\":[\"combined\"],\"id\":4}",
         "{\"code\":1,\"msg\":\"Invalid value type: expected Boolean\",\"id\":4}"},
        {"{\"method\":\"SET_PROPERTY\",\"params\":[true,true],\"id\":5}",
         "{\"code\":2,\"msg\":\"Invalid request: property name must be a string\",\"id\":5}"},
        {"{\"method\":\"GET_PROPERTY\",\"id\":5}",
         "{\"code\":2,\"msg\":\"Invalid request: property name must be a string\",\"id\":5}"},
        {"{\"method\":\"GET_PROPERTY\",\"params\":[\"combined\",true],\"id\":6}",
         "{\"code\":2,\"msg\":\"Invalid request: too many parameters\",\"id\":6}"},
        {"{\"method\":\"SET_PROPERTY\",\"params\":[\"combined\",true,1],\"id\":6}",
         "{\"code\":2,\"msg\":\"Invalid request: too many parameters\",\"id\":6}"},
        {"{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@trade\"],\"id\":{}}",
         "{\"code\":2,\"msg\":\"Invalid request: request ID must be an unsigned integer\"}"},
        {"{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@trade\"],\"id\":1.5}",
         "{\"code\":2,\"msg\":\"Invalid request: request ID must be an unsigned integer\"}"},
        {"{\"method\": \"SUBSCRIBED\",\"params\":[],\"id\":7}",
         "{\"code\":2,\"msg\":\"Invalid request: unknown variant `SUBSCRIBED`, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, "
         "`LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY` at line 1 column 23\",\"id\":7}"},
        {"{\"params\":[\"btcusdt@trade\"],\"id\":8}",
         "{\"code\":2,\"msg\":\"Invalid request: missing field `method` at line 1 column 35\",\"id\":8}"},
        {"{\"method\":\n\"SUBSCRIBE\",\n nonsense}", "{\"code\":3,\"msg\":\"Invalid JSON: expected value at line 3 column 2\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        face_session_text(bench->face, session, str_from(rows[i].said), bench->wall_ns + (int64_t)i * NS_PER_S);
        assert_string_equal(socket->last, rows[i].answered);
    }
    face_session_close(bench->face, session);
    free(socket);
}

static int begin_without_keys(void **state)
{
    return begin_spot(state, true);
}

/* --no-spot-listen-keys: as at the exchange since 2026-02-20. */
static void listen_keys_are_gone(void **state)
{
    bench_t *bench = *state;
    fake_socket_t *socket = sock();
    static const char *const methods[] = {"POST", "PUT", "DELETE"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(ask(bench, methods[i], "/api/v3/userDataStream", "listenKey=a", "", i == 0 ? "KEY" : ""), 410);
        assert_true(bench->reply.html && bench->reply.body.length == 136);
        assert_says(bench, "<center><h1>410 Gone</h1></center>");
    }
    face_session_t *session = face_session_open(bench->face, socket, STR("/ws-api/v3"), (str_t){0}, STR("127.0.0.1"));
    static const char *const names[] = {"userDataStream.start", "userDataStream.ping", "userDataStream.stop",
                                        "v3/userDataStream.start"};
    for (size_t i = 0; i < 4; i++) {
        char text[120];
        snprintf(text, sizeof text, "{\"id\":1,\"method\":\"%s\",\"params\":{\"apiKey\":\"KEY\",\"listenKey\":\"a\"}}", names[i]);
        face_session_text(bench->face, session, str_from(text), bench->wall_ns);
        if (!strstr(socket->last, "\"code\":-1020"))
            fail_msg("%s: %s", names[i], socket->last);
    }
    face_session_close(bench->face, session);
    free(socket);
}

static void a_listen_key_that_is_not_there(void **state)
{
    bench_t *bench = *state;
    assert_int_equal(ask(bench, "PUT", "/api/v3/userDataStream", "", "", "KEY"), 400);
    said(bench, -1125, "This listenKey does not exist.");
    assert_false(bench->reply.html);
}

/* --- the sheet -------------------------------------------------------------------------------- */

static bool was_seen(int code, const char *text)
{
    for (unsigned i = 0; i < seen_count; i++) {
        if (seen[i].code == code && (!text || strcmp(seen[i].text, text) == 0))
            return true;
    }
    return false;
}

/* Codes of the vendor's errors.md as of 2026-07-17, those of FIX and SBE (-1033 to -1035, -1152, -1153, -1161, -1169 to -1191,
 * -1221) aside: neither protocol is here. */
static const int sheet[] = {-1000, -1001, -1002, -1003, -1006, -1007, -1008, -1013, -1014, -1015, -1016, -1020, -1021,
                            -1022, -1100, -1101, -1102, -1103, -1104, -1105, -1106, -1108, -1111, -1112, -1114, -1115,
                            -1116, -1117, -1118, -1119, -1120, -1121, -1122, -1125, -1127, -1128, -1130, -1134, -1135,
                            -1139, -1145, -1151, -1155, -1158, -1160, -1165, -1166, -1168, -1194, -1196, -1197, -1198,
                            -1199, -1210, -1211, -1220, -1222, -1223, -1224, -1225, -2010, -2011, -2013, -2014, -2015,
                            -2016, -2021, -2022, -2026, -2035, -2036, -2038, -2039, -2042, -2043};

static const struct {
    int code;
    const char *text, *why; /* text NULL: the code as a whole */
} never[] = {
    {-1001, NULL, "the exchange's inside is disconnected: a reply too large, or the fault ack.code"},
    {-1002, NULL, "a key without the right is -2015 at the exchange today, one without form -2014"},
    {-1006, NULL, "an unexpected answer from behind: by the fault ack.code"},
    {-1007, NULL, "no answer from behind in time: by the faults ack.code and ack.drop"},
    {-1008, NULL, "overload: by the fault ack.code, and when the venue's own bounds are full"},
    {-1014, NULL, "each combination of an order has a code of its own: -1102, -1106, -1128"},
    {-1016, NULL, "the service is shut down: by the fault ack.code"},
    {-1103, NULL, "unknown names are counted: -1104"},
    {-1108, NULL, "a number too large for its place is refused by its form (-1100) or its filter (-1013)"},
    {-1112, NULL, "a market order that finds nobody is taken and expires, INSUFFICIENT_LIQUIDITY"},
    {-1114, NULL, "a timeInForce that is not wanted is -1106"},
    {-1118, NULL, "an empty value is -1105"},
    {-1119, NULL, "an empty value is -1105"},
    {-1224, NULL, "a working order without one of its parameters is -1102"},
    {-2016, NULL, "tickers always have a window"},
    {-2026, NULL, "orders are kept by their number, none is archived by its age"},
    {-2042, NULL, "65,535 subscriptions begun and ended on one connection"},
    {-1013, "Filter failure: MARKET_LOT_SIZE", "no rules of a symbol bound market orders closer than others"},
    {-2010, "Price * QTY is zero or less.", "NOTIONAL comes first"},
};

static const char *why_never(int code, const char *text)
{
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        if (never[i].code == code && (text ? never[i].text && strcmp(never[i].text, text) == 0 : !never[i].text))
            return never[i].why;
    }
    return NULL;
}

static unsigned judge(int code, const char *text)
{
    const char *why = why_never(code, text);
    why = why || !text ? why : why_never(code, NULL);
    if (was_seen(code, text) != (why != NULL)) {
        if (why)
            print_message("never provoked: %d %s: %s\n", code, text ? text : "", why);
        return 0;
    }
    print_error("%d %s: %s\n", code, text ? text : "", why ? "provoked, but explained as never" : "neither provoked nor explained");
    return 1;
}

static void nothing_of_the_sheet_is_left(void **state)
{
    static const struct {
        int code;
        const char *text;
    } rejects[] = {
#define REJECT_ROW(name, code, text) {code, text},
        SPOT_REJECT_TABLE(REJECT_ROW)
#undef REJECT_ROW
    };
    unsigned left = 0;
    (void)state;
    for (size_t i = 0; i < sizeof sheet / sizeof sheet[0]; i++)
        left += judge(sheet[i], NULL);
    for (size_t i = 1; i < sizeof rejects / sizeof rejects[0]; i++) /* the first one is no refusal */
        left += judge(rejects[i].code, rejects[i].text);
    assert_int_equal(left, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_refusal_has_its_code_and_text, begin, end),
        cmocka_unit_test_setup_teardown(codes_that_need_an_order, begin, end),
        cmocka_unit_test_setup_teardown(amendments_say_why_not, begin, end),
        cmocka_unit_test_setup_teardown(an_empty_book_is_named, begin, end),
        cmocka_unit_test_setup_teardown(orders_are_counted, begin, end),
        cmocka_unit_test_setup_teardown(requests_are_judged_before_their_matter, begin, end),
        cmocka_unit_test_setup_teardown(requests_over_a_socket, begin, end),
        cmocka_unit_test_setup_teardown(stream_requests_have_their_errors, begin, end),
        cmocka_unit_test_setup_teardown(listen_keys_are_gone, begin_without_keys, end),
        cmocka_unit_test_setup_teardown(a_listen_key_that_is_not_there, begin, end),
        cmocka_unit_test(nothing_of_the_sheet_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
