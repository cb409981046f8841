/* test_usdm_codes.c: every error code of the exchange's sheet, provoked by a request: code and text to the letter, nothing changed;
 * and the codes that no request provokes, each with its reason.
 * shows: VEN-1, VEN-3, ORD-10
 */
#include "edge/face/usdm_codes_fixture.h"
#include "edge/face/usdm_codes_sheet.h"
#include "edge/face/world/world_acts.h"

/* --- requests --------------------------------------------------------------------------------- */

static void the_shape_of_a_request(void **state)
{
    bench_t *bench = *state;
    static const struct {
        const char *parameters;
        int code;
        const char *text;
    } cases[] = {
        {"side=BUY&type=MARKET&quantity=0.010", -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."},
        {"symbol=BTCUSDT&type=MARKET&quantity=0.010", -1102,
         "Mandatory parameter 'side' was not sent, was empty/null, or malformed."},
        {"symbol=BTCUSDT&side=BUY&type=MARKET", -1102,
         "Mandatory parameter 'quantity' was not sent, was empty/null, or malformed."},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.010&price=60000", -1102,
         "Mandatory parameter 'timeinforce' was not sent, was empty/null, or malformed."},
        {BUY "&quantity=0.020", -1101, "Duplicate values for a parameter detected."},
        {MARKET "&trailingAmount=5", -1103, "An unknown parameter was sent."},
        {MARKET "&reduceonly=true", -1103, "An unknown parameter was sent."},
        {MARKET "&stopLoss%5BtriggerPrice%5D=1", -1104,
         "Not all sent parameters were read; read '6' parameter(s) but was sent '7'."},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=", -1105, "Parameter 'quantity' was empty."},
        {MARKET "&price=60000", -1106, "Parameter 'price' sent when not required."},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1e3", -1100,
         "Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'."},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=-1", -1100,
         "Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'."},
        {MARKET "&newClientOrderId=a%20b", -1100,
         "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'."},
        {MARKET "&newClientOrderId=%zz", -1100, "Illegal characters found in a parameter."},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.0101", -1111, "Precision is over the maximum defined for this asset."},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&price=60000.55", -1111,
         "Precision is over the maximum defined for this asset."},
        {MARKET "&timeInForce=GTC", -1114, "TimeInForce parameter sent when not required."},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=NOW&quantity=0.010&price=60000", -1115, "Invalid timeInForce."},
        {"symbol=BTCUSDT&side=BUY&type=LUCK&quantity=0.010", -1116, "Invalid orderType."},
        {"symbol=BTCUSDT&side=HOLD&type=MARKET&quantity=0.010", -1117, "Invalid side."},
        {MARKET "&newClientOrderId=", -1118, "New client order ID was empty."},
        {"symbol=NOPE&side=BUY&type=MARKET&quantity=0.010", -1121, "Invalid symbol."},
        {"symbol=LTEUSDT&side=BUY&type=MARKET&quantity=0.010", -1122, "Invalid symbol status."},
        {MARKET "&newOrderRespType=FULL", -1136, "Invalid newOrderRespType."},
        {MARKET "&newClientOrderId=1234567890123456789012345678901234567", -4015,
         "Client order id length should be less than 36 chars"},
        {MARKET "&positionSide=UP", -4060, "Invalid position side."},
        {MARKET "&positionSide=LONG", -4061, "Order's position side does not match user's setting."},
        {MARKET "&closePosition=true", -4136, "Target strategy invalid for orderType 'MARKET',closePosition 'true'"},
        {"symbol=BTCUSDT&side=BUY&type=STOP_MARKET&quantity=0.010&stopPrice=61000", -4120,
         "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead."},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&priceMatch=BEST", -5037, "Invalid price match"},
        {BUY "&priceMatch=QUEUE", -5037, "Invalid price match"},
        {MARKET "&priceMatch=QUEUE", -5038, "Price match only supports order type: LIMIT, STOP AND TAKE_PROFIT"},
        {MARKET "&selfTradePreventionMode=EXPIRE_ALL", -5039, "Invalid self trade prevention mode"},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTD&quantity=0.010&price=60000&goodTillDate=1767225600000", -5040,
         "The goodTillDate timestamp must be greater than the current time plus 600 seconds and smaller than 253402300799000 (UTC "
         "9999-12-31 23:59:59)"},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTD&quantity=0.010&price=60000", -1102,
         "Mandatory parameter 'goodtilldate' was not sent, was empty/null, or malformed."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        order(bench, cases[i].parameters, cases[i].code, cases[i].text);
    granted(bench, "POST", "/fapi/v1/order", MARKET "&stopLossPrice=1"); /* a stray, as ccxt sends it */
    refused(bench, "DELETE", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=", -1119, "Original client order ID was empty.");
    refused(bench, "DELETE", "/fapi/v1/order", "symbol=BTCUSDT", -1102,
            "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!");
    refused(bench, "POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=126", -4028, "Leverage 126 is not valid");
    refused(bench, "POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=0", -4028, "Leverage 0 is not valid");
    refused(bench, "POST", "/fapi/v1/marginType", "symbol=BTCUSDT&marginType=BOTH", -1130,
            "Data sent for parameter 'marginType' is not valid.");
    /* As many as a request may have, and one more. */
    char many[2000] = "";
    for (int i = 0; i < 70; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "%sp%d=1", i ? "&" : "", i);
    order(bench, many, -1101, "Too many parameters.");
}

static void who_asks_and_when(void **state)
{
    bench_t *bench = *state;
    char query[300], hex[65];
    (void)ask(bench, "GET", "/fapi/v3/balance", "timestamp=1", "", "");
    check_error(bench, "no key", -2014, "API-key format invalid.");
    (void)ask(bench, "GET", "/fapi/v3/balance", "timestamp=1", "", "STRANGER");
    check_error(bench, "a stranger", -2015, "Invalid API-key, IP, or permissions for action.");
    (void)ask(bench, "PUT", "/fapi/v1/listenKey", "", "", "KEY");
    check_error(bench, "no listen key", -1125, "This listenKey does not exist.");
    snprintf(query, sizeof query, "timestamp=%lld&signature=%064d", (long long)(world_now_ns(bench->world) / NS_PER_MS), 0);
    (void)ask(bench, "GET", "/fapi/v3/balance", query, "", "KEY");
    check_error(bench, "a wrong signature", -1022, "Signature for this request is not valid.");
    static const struct {
        int64_t from_now_ms;
        const char *text;
    } times[] = {{-6000, "Timestamp for this request is outside of the recvWindow."},
                 {INT64_C(90000000000000), "Timestamp for this request was 1000ms ahead of the server's time."}};
    for (size_t i = 0; i < 2; i++) {
        snprintf(query, sizeof query, "timestamp=%lld", (long long)(world_now_ns(bench->world) / NS_PER_MS + times[i].from_now_ms));
        sign(query, hex);
        snprintf(query + strlen(query), sizeof query - strlen(query), "&signature=%s", hex);
        (void)ask(bench, "GET", "/fapi/v3/balance", query, "", "KEY");
        check_error(bench, "a time", -1021, times[i].text);
    }
    refused(bench, "GET", "/fapi/v3/balance", "recvWindow=60001", -1131, "recvWindow must be less than 60000.");
}

static void what_is_looked_up(void **state)
{
    bench_t *bench = *state;
    static const struct {
        const char *path, *parameters;
        int code;
        const char *text;
    } cases[] = {
        {"/fapi/v1/klines", "symbol=BTCUSDT&interval=1s", -1120, "Invalid interval."},
        {"/fapi/v1/klines", "symbol=BTCUSDT&interval=1h&limit=1501", -1130, "Data sent for parameter 'limit' is not valid."},
        {"/fapi/v1/klines", "symbol=BTCUSDT&interval=1h&startTime=2000&endTime=1000", -1023,
         "Start time is greater than end time."},
        {"/fapi/v1/depth", "symbol=BTCUSDT&limit=7", -4021, "7 is not valid depth limit"},
        {"/fapi/v1/aggTrades", "symbol=BTCUSDT&startTime=1", -4166, "Search window is restricted to recent 2 days"},
        {"/fapi/v1/order", "symbol=BTCUSDT&orderId=77", -2013, "Order does not exist."},
        {"/fapi/v1/userTrades", "symbol=BTCUSDT&fromId=1&startTime=1000", -1128, "Combination of optional parameters invalid."},
        {"/fapi/v1/userTrades", "symbol=BTCUSDT&startTime=1000&endTime=604801001", -1127,
         "More than 168 hours between startTime and endTime."},
        {"/fapi/v1/allOrders", "symbol=BTCUSDT&startTime=1000&endTime=604801001", -1127,
         "More than 168 hours between startTime and endTime."},
        {"/fapi/v1/allAlgoOrders", "symbol=BTCUSDT&startTime=2000&endTime=1000", -1023, "Start time is greater than end time."},
        {"/fapi/v1/income", "incomeType=LUCK", -1130, "Data sent for parameter 'incomeType' is not valid."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        refused(bench, "GET", cases[i].path, cases[i].parameters, cases[i].code, cases[i].text);
}

/* --- filters and markets ---------------------------------------------------------------------- */

static void filters_of_price_and_quantity(void **state)
{
    bench_t *bench = *state;
#define LIMIT(quantity, price) "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=" quantity "&price=" price
    static const struct {
        const char *parameters;
        int code;
        const char *text;
    } cases[] = {
        {LIMIT("0.010", "0"), -4001, "Price less than 0."},
        {LIMIT("0.010", "5000000"), -4002, "Price greater than max price."},
        {LIMIT("0", "60000"), -4003, "Quantity less than or equal to zero."},
        {LIMIT("0.002", "60000"), -4004, "Quantity less than min quantity."},
        {LIMIT("2000", "60000"), -4005, "Quantity greater than max quantity."},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=121", -4005, "Quantity greater than max quantity."},
        {LIMIT("0.010", "50"), -4013, "Price less than min price."},
        {LIMIT("0.010", "60000.3"), -4014, "Price not increased by tick size."},
        {LIMIT("0.011", "60000"), -4023, "Qty not increased by step size."},
        {LIMIT("0.010", "70000"), -4016, "Limit price can't be higher than *"},
        {"symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.010&price=50000", -4024,
         "Limit price can't be lower than *"},
        {LIMIT("0.004", "5000"), -4164, "Order's notional must be no smaller than 50 (unless you choose reduce only)."},
        {"symbol=TGTUSDT&side=BUY&type=MARKET&quantity=0.010", -4131,
         "The counterparty's best price does not meet the PERCENT_PRICE filter limit."},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=10", -2019, "Margin is insufficient."},
        {"symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.010&reduceOnly=true", -2022, "ReduceOnly Order is rejected."},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=FOK&quantity=0.010&price=58000", -5021,
         "Due to the order could not be filled immediately, the FOK order has been rejected. The order will not be recorded in the "
         "order history."},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTX&quantity=0.010&price=62000", -5022,
         "Due to the order could not be executed as maker, the Post Only order will be rejected. The order will not be recorded in "
         "the order history."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        order(bench, cases[i].parameters, cases[i].code, cases[i].text);
    /* At the highest leverage only the first bracket is open: 50,000. */
    granted(bench, "POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=125");
    order(bench, "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1", -2027,
          "Exceeded the maximum allowable position at current leverage.");
    /* Twenty levels stand there; one is eaten, and the twentieth is gone until the price moves. */
    granted(bench, "POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=20");
    granted(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.100");
    order(bench, "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&priceMatch=OPPONENT_20", -5041,
          "No depth matches this BBO order");
}

static void states_of_the_symbol(void **state)
{
    bench_t *bench = *state;
    char parameters[200];
    granted(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&price=59000");
    snprintf(parameters, sizeof parameters, "symbol=BTCUSDT&orderId=%llu&side=BUY&quantity=0.020&price=59000",
             (unsigned long long)newest_order(bench, true));
    assert_int_equal(world_status(bench->world, 0, INSTRUMENT_HALTED), RESULT_OK);
    order(bench, MARKET, -4022, "market status sent is not valid.");
    refused(bench, "PUT", "/fapi/v1/order", parameters, -5024,
            "Symbol is not in trading status. Order amendment is not permitted.");
    assert_int_equal(world_status(bench->world, 0, INSTRUMENT_TRADING), RESULT_OK);
    assert_int_equal(world_only_reduce(bench->world, 0, true), RESULT_OK);
    order(bench, MARKET, -4140, "Invalid symbol status for opening position.");
    assert_int_equal(world_deliver(bench->world, 0, DEC_ZERO), RESULT_OK);
    order(bench, MARKET, -4141, "Symbol is closed.");
}

static void what_the_account_may_not(void **state)
{
    bench_t *bench = *state;
    venue_account_t account = world_account_at(bench->world, 0)->account;
    static const struct {
        venue_restriction_t restriction;
        int code;
        const char *text;
    } restrictions[] = {
        {VENUE_ONLY_REDUCE, -4087, "User can only place reduce only order"},
        {VENUE_NO_ORDERS, -4088, "User can not place order currently"},
        {VENUE_KEYS_LOCKED, -2017, "API Keys are locked on this account."},
        {VENUE_COOLING_OFF, -4192, "Trade forbidden due to Cooling-off Period."},
        {VENUE_QUANTITATIVE_RULES, -4400,
         "Futures Trading Quantitative Rules violated, only reduceOnly order is allowed, please try again later."},
        {VENUE_LARGE_POSITION, -4401,
         "Futures Trading Risk Control Rules of large position holding violated, only reduceOnly order is allowed, please reduce "
         "the position."},
        {VENUE_REGION_CLOSED, -4402,
         "Dear user, as per our Terms of Use and compliance with local regulations, this feature is currently not available in "
         "your region."},
    };
    for (size_t i = 0; i < sizeof restrictions / sizeof restrictions[0]; i++) {
        assert_int_equal(world_restrict(bench->world, account, restrictions[i].restriction), RESULT_OK);
        order(bench, MARKET, restrictions[i].code, restrictions[i].text);
    }
    static const struct {
        venue_leverage_bar_t bar;
        int code;
        const char *text;
    } bars[] = {
        {VENUE_LEVERAGE_UNVERIFIED, -4202, "Intermediate Personal Verification is required for adjusting leverage over 20x"},
        {VENUE_LEVERAGE_FIRST_MONTH, -4203, "More than 20x leverage is available one month after account registration."},
        {VENUE_LEVERAGE_FIRST_DAYS, -4205, "More than 20x leverage is available 60 days after Futures account registration."},
        {VENUE_LEVERAGE_COUNTRY, -4206, "Users in your location/country can only access a maximum leverage of 20"},
        {VENUE_LEVERAGE_POSITION_SERVICE, -4208,
         "Current symbol leverage cannot exceed 20 when using position limit adjustment service."},
        {VENUE_LEVERAGE_SYMBOL, -4209, "Leverage adjustment failed. Current symbol max leverage limit is 20x"},
        {VENUE_LEVERAGE_REGION, -4403,
         "Dear user, as per our Terms of Use and compliance with local regulations, the leverage can only up to 10x in your "
         "region"},
    };
    for (size_t i = 0; i < sizeof bars / sizeof bars[0]; i++) {
        assert_int_equal(world_leverage_bar(bench->world, account, bars[i].bar), RESULT_OK);
        refused(bench, "POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=25", bars[i].code, bars[i].text);
    }
}

/* --- orders that stand ------------------------------------------------------------------------ */

static void orders_that_stand(void **state)
{
    bench_t *bench = *state;
    char parameters[300];
    granted(bench, "POST", "/fapi/v1/order", DEEP "&newClientOrderId=twice");
    granted(bench, "DELETE", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=twice");
    refused(bench, "DELETE", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=twice", -2011, "Unknown order sent.");
    granted(bench, "POST", "/fapi/v1/order", DEEP "&newClientOrderId=twice");
    order(bench, DEEP "&newClientOrderId=twice", -4116, "ClientOrderId is duplicated.");
    refused(bench, "PUT", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=twice&side=BUY&quantity=0.010&price=58000", -5027,
            "No need to modify the order.");
    refused(bench, "PUT", "/fapi/v1/order",
            "symbol=BTCUSDT&origClientOrderId=twice&side=BUY&quantity=0.012&price=58000&reduceOnly=true", -5047,
            "The original order is not reduceOnly, so the modified order cannot be reduceOnly.");
    refused(bench, "PUT", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=twice&side=SELL&quantity=0.012&price=58000", -1117,
            "Invalid side.");
    venue_amend_t amend = {.ref = {.account = world_account_at(bench->world, 0)->account, .id = newest_order(bench, true)},
                           .side = VENUE_BUY,
                           .quantity = test_dec("0.010")};
    for (int i = 0; i < 10000; i++) {
        amend.price = dec_from_int(i % 2 ? 58000 : 58010);
        assert_int_equal(world_amend(bench->world, &amend, NULL).reject, VENUE_REJECT_NONE);
    }
    refused(bench, "PUT", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=twice&side=BUY&quantity=0.012&price=58000", -5026,
            "Exceed maximum modify order limit.");
    snprintf(parameters, sizeof parameters, "symbol=BTCUSDT&orderIdList=[1,2,3,4,5,6,7,8,9,10,11]");
    refused(bench, "DELETE", "/fapi/v1/batchOrders", parameters, -4032, "Exceed maximum cancel order size.");
    refused(bench, "POST", "/fapi/v1/batchOrders", "batchOrders=[{},{},{},{},{},{}]", -4082,
            "Invalid number of batch place orders.");
    /* An open sell beside a reduce-only one: together they could turn the position, which needs margin. */
    granted(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.200");
    granted(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=3.300&price=61000");
    order(bench, "symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.200&price=61000&reduceOnly=true", -4118,
          "ReduceOnly Order Failed. Please check your existing position and open orders.");
}

static void limits_of_number(void **state)
{
    bench_t *bench = *state;
    for (int i = 0; i < 200; i++)
        granted(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.004&price=58000");
    order(bench, "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.004&price=58000", -2025,
          "Reach max open order limit.");
    pass(bench, 10 * NS_PER_S);
    for (int i = 0; i < 200; i++)
        granted(bench, "POST", "/fapi/v1/algoOrder", STOP);
    algo(bench, STOP, -4045, "Reach max stop order limit.");
    for (int i = 201; i < 300; i++)
        (void)ask_signed(bench, "POST", "/fapi/v1/order", MARKET); /* refused, but counted */
    order(bench, MARKET, -1015, "Too many new orders; current limit is 300 orders per TEN_SECONDS.");
    for (int i = 0; i < 150; i++)
        (void)ask(bench, "GET", "/fapi/v1/aggTrades", "symbol=BTCUSDT", "", "");
    check_error(bench, "a banned address", -1003, "Way too many requests; IP(127.0.0.1) banned until *");
    assert_int_equal(bench->reply.status, 418);
}

/* --- conditional orders ----------------------------------------------------------------------- */

static void conditional_orders(void **state)
{
    bench_t *bench = *state;
#define KIND(kind) "algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&quantity=0.010&type=" kind
    static const struct {
        const char *parameters;
        int code;
        const char *text;
    } cases[] = {
        {STOP "&workingType=LAST", -4031, "Invalid parameter working type"},
        {KIND("STOP_MARKET") "&triggerPrice=0", -4006, "Stop price less than zero."},
        {KIND("STOP_MARKET") "&triggerPrice=5000000", -4007, "Stop price greater than max price."},
        {KIND("STOP_MARKET") "&triggerPrice=61000", -2021, "Order would immediately trigger."},
        {KIND("TRAILING_STOP_MARKET") "&callbackRate=11", -2007, "Invalid callBack rate"},
        {KIND("TRAILING_STOP_MARKET") "&callbackRate=1&activatePrice=70000.05", -4135, "Invalid activation price"},
        {KIND("TRAILING_STOP_MARKET") "&callbackRate=1&triggerPrice=50000", -2021, "Order would immediately trigger."},
        {KIND("TRAILING_STOP_MARKET") "&callbackRate=1&closePosition=true", -4136,
         "Target strategy invalid for orderType 'TRAILING_STOP_MARKET',closePosition 'true'"},
        {STOP "&closePosition=true", -4137, "Quantity must be zero with closePosition equals true"},
        {"algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=STOP_MARKET&triggerPrice=50000&closePosition=true&reduceOnly=false",
         -4138, "Reduce only must be true with closePosition equals true"},
        {"algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=STOP_MARKET&triggerPrice=50000&closePosition=true&reduceOnly=true",
         -1106, "Parameter 'reduceonly' sent when not required."},
        {KIND("STOP") "&timeInForce=GTC&triggerPrice=59000&price=50000", -4184, "Limit price can't be lower than 56050."},
        {"algoType=CONDITIONAL&symbol=BTCUSDT&side=BUY&quantity=0.010&type=STOP&timeInForce=GTC&triggerPrice=61000&price=70000",
         -4183, "Limit price can't be higher than 64050."},
        {"algoType=VP&symbol=BTCUSDT&side=SELL&quantity=0.010&type=STOP_MARKET&triggerPrice=50000", -1130,
         "Data sent for parameter 'algoType' is not valid."},
        {"algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&quantity=0.010&type=MARKET", -1116, "Invalid orderType."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        algo(bench, cases[i].parameters, cases[i].code, cases[i].text);
#define CLOSE "algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=STOP_MARKET&triggerPrice=50000&closePosition=true"
    granted(bench, "POST", "/fapi/v1/algoOrder", CLOSE);
    algo(bench, CLOSE, -4130, "An open stop or take profit order with GTE and closePosition in the direction is existing.");
    refused(bench, "DELETE", "/fapi/v1/algoOrder", "algoId=99", -2011, "Unknown order sent.");
    granted(bench, "DELETE", "/fapi/v1/algoOpenOrders", "symbol=BTCUSDT");
    granted(bench, "POST", "/fapi/v1/positionSide/dual", "dualSidePosition=true");
    algo(bench,
         "algoType=CONDITIONAL&symbol=BTCUSDT&side=BUY&positionSide=LONG&type=STOP_MARKET&triggerPrice=70000&closePosition=true",
         -4062, "Invalid or improper reduceOnly value.");
    order(bench, MARKET "&positionSide=LONG&reduceOnly=true", -1106, "Parameter 'reduceonly' sent when not required.");
}

/* Told in the event that refuses it, not in a reply. */
static void price_protect_says_why(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t mine;
    char key[80] = "", query[128], text[300];
    assert_int_equal(ask(bench, "POST", "/fapi/v1/listenKey", "", "", "KEY"), 200);
    memcpy(key, bench->reply.body.bytes + strlen("{\"listenKey\":\""), 64);
    snprintf(query, sizeof query, "listenKey=%s", key);
    face_session_t *session = face_session_open(bench->face, &mine, STR("/private/ws"), str_from(query), STR("1"));
    static const char why[] = "\"rm\":\"REJECT: take profit or stop order will be triggered immediately.\"";
    for (int i = 0; i < 600 && !strstr(mine.all, why); i++) {
        char price[DEC_TEXT_MAX];
        dec_t near;
        if (i % 20 == 0) { /* one whose mark and price were the same went another way */
            assert_int_equal(dec_add(venue_last_price(world_venue(bench->world), 1), dec_from_int(2), &near), RESULT_OK);
            dec_format(near, price);
            snprintf(
                text, sizeof text,
                "algoType=CONDITIONAL&symbol=TGTUSDT&side=BUY&type=STOP_MARKET&quantity=0.010&triggerPrice=%s&priceProtect=TRUE",
                price);
            (void)ask_signed(bench, "POST", "/fapi/v1/algoOrder", text);
        }
        pass(bench, NS_PER_S);
    }
    assert_non_null(strstr(mine.all, why));
    note(-4142);
    face_session_close(bench->face, session);
}

/* --- margin and modes ------------------------------------------------------------------------- */

static void margin_and_modes(void **state)
{
    bench_t *bench = *state;
    static const char margin[] = "/fapi/v1/positionMargin", leverage[] = "/fapi/v1/leverage", type[] = "/fapi/v1/marginType",
                      mode[] = "/fapi/v1/positionSide/dual", joint[] = "/fapi/v1/multiAssetsMargin";
    refused(bench, "POST", type, "symbol=BTCUSDT&marginType=CROSSED", -4046, "No need to change margin type.");
    refused(bench, "POST", mode, "dualSidePosition=false", -4059, "No need to change position side.");
    refused(bench, "POST", joint, "multiAssetsMargin=false", -4171,
            "Adjusted asset mode is currently set and does not need to be adjusted repeatedly.");
    refused(bench, "POST", margin, "symbol=BTCUSDT&amount=0&type=1", -4055, "Amount must be positive.");
    refused(bench, "POST", margin, "symbol=BTCUSDT&amount=10&type=1", -4049, "Add margin only support for isolated position.");
    /* An open order stands against changes. */
    granted(bench, "POST", "/fapi/v1/order", DEEP);
    refused(bench, "POST", type, "symbol=BTCUSDT&marginType=ISOLATED", -4047,
            "Margin type cannot be changed if there exists open orders.");
    refused(bench, "POST", mode, "dualSidePosition=true", -4067, "Position side cannot be changed if there exists open orders.");
    refused(bench, "POST", joint, "multiAssetsMargin=true", -4170,
            "Unable to adjust Multi-Assets Mode with open orders in USD\xE2\x93\x88-M Futures.");
    granted(bench, "DELETE", "/fapi/v1/allOpenOrders", "symbol=BTCUSDT");
    /* So does a position. */
    granted(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.400");
    refused(bench, "POST", type, "symbol=BTCUSDT&marginType=ISOLATED", -4048,
            "Margin type cannot be changed if there exists position.");
    refused(bench, "POST", mode, "dualSidePosition=true", -4068, "Position side cannot be changed if there exists position.");
    refused(bench, "POST", leverage, "symbol=BTCUSDT&leverage=1", -2028,
            "Leverage is smaller than permitted: insufficient margin balance.");
    pass(bench, 5 * NS_PER_S);
    granted(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.400&reduceOnly=true");
    pass(bench, 5 * NS_PER_S);
    granted(bench, "POST", type, "symbol=BTCUSDT&marginType=ISOLATED");
    refused(bench, "POST", joint, "multiAssetsMargin=true", -4167,
            "Unable to adjust to Multi-Assets mode with symbols of USD\xE2\x93\x88-M Futures under isolated-margin mode.");
    refused(bench, "POST", margin, "symbol=BTCUSDT&amount=10&type=1", -4054, "Cannot add position margin: position is 0.");
    granted(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.010");
    refused(bench, "POST", margin, "symbol=BTCUSDT&amount=100000&type=1", -4050, "Cross balance insufficient.");
    refused(bench, "POST", margin, "symbol=BTCUSDT&amount=1000&type=2", -4051, "Isolated balance insufficient.");
    refused(bench, "POST", leverage, "symbol=BTCUSDT&leverage=10", -4161,
            "Leverage reduction is not supported in Isolated Margin Mode with open positions.");
}

/* BTCUSDT and BNBUSDT, and 200 BNB beside the 10,000 USDT. */
static int begin_with_bnb(void **state)
{
    bench_t *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    instrument_t btc = rules_of("BTCUSDT"), bnb = rules_of("BNBUSDT");
    bench_market(bench, "BTCUSDT", 60000, &btc);
    bench_market(bench, "BNBUSDT", 600, &bnb);
    bench_open(bench);
    world_act_t act = {.kind = WORLD_FEE_ASSET, .number = 1, .amount = test_dec("0.1"), .text = "BNB"};
    assert_int_equal(world_act(bench->world, &act, NULL), RESULT_OK);
    assert_int_equal(world_fee_burn(bench->world, 0, false), RESULT_OK);
    assert_int_equal(world_transfer(bench->world, 0, 1, dec_from_int(200)).reject, VENUE_REJECT_NONE);
    *state = bench;
    return 0;
}

static void the_mode_of_all_assets(void **state)
{
    bench_t *bench = *state;
    static const char joint[] = "/fapi/v1/multiAssetsMargin", type[] = "/fapi/v1/marginType", place[] = "/fapi/v1/order";
    granted(bench, "GET", "/fapi/v1/assetIndex", "symbol=BNBUSD");
    assert_says(bench, "{\"symbol\":\"BNBUSD\",");
    assert_says(bench, "\"bidBuffer\":\"0.05000000\"");
    refused(bench, "GET", "/fapi/v1/assetIndex", "symbol=LUCKUSD", -1121, "Invalid symbol.");
    granted(bench, "POST", joint, "multiAssetsMargin=true");
    granted(bench, "GET", joint, "");
    assert_says(bench, "{\"multiAssetsMargin\":true}");
    granted(bench, "GET", "/fapi/v2/account", "");
    assert_says(bench, "\"multiAssetsMargin\":true");
    refused(bench, "POST", type, "symbol=BTCUSDT&marginType=ISOLATED", -4168,
            "Unable to adjust to isolated-margin mode under the Multi-Assets mode.");
    granted(bench, "POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=20");
    granted(bench, "POST", place, "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=4.000"); /* 12,000 of margin */
    refused(bench, "POST", joint, "multiAssetsMargin=false", -4169,
            "Unable to adjust Multi-Assets Mode with insufficient margin balance in USD\xE2\x93\x88-M Futures.");
    /* Bought and sold until the fees have eaten the USDT. */
    for (unsigned i = 0; i < 60; i++) {
        pass(bench, 5 * NS_PER_S);
        granted(bench, "POST", place, "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=4.000&reduceOnly=true");
        venue_balance_t usdt;
        assert_int_equal(venue_balance(world_venue(bench->world), 0, 0, &usdt), RESULT_OK);
        if (dec_sign(usdt.wallet) < 0)
            break;
        pass(bench, 5 * NS_PER_S);
        granted(bench, "POST", place, "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=4.000");
    }
    refused(bench, "POST", joint, "multiAssetsMargin=false", -4172,
            "Unable to adjust Multi-Assets Mode with a negative wallet balance of margin available asset in USD\xE2\x93\x88-M "
            "Futures account.");
}

/* --- over a socket ---------------------------------------------------------------------------- */

static void messages_of_a_socket(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t socket;
    face_session_t *session = face_session_open(bench->face, &socket, STR("/ws-fapi/v1"), STR(""), STR("1"));
    face_session_text(bench->face, session, STR("not json"), bench->wall_ns);
    assert_non_null(strstr(socket.last, "\"error\":{\"code\":-1000,\"msg\":\"Invalid JSON.\"}"));
    note(-1000);
    face_session_text(bench->face, session, STR("{\"id\":1,\"params\":{}}"), bench->wall_ns);
    assert_non_null(strstr(socket.last, "\"error\":{\"code\":-1013,\"msg\":\"Invalid message.\"}"));
    note(-1013);
    face_session_text(bench->face, session, STR("{\"id\":1,\"method\":\"order.dance\",\"params\":{}}"), bench->wall_ns);
    assert_non_null(strstr(socket.last, "\"error\":{\"code\":-1020,\"msg\":\"This operation is not supported.\"}"));
    note(-1020);
    face_session_close(bench->face, session);
}

/* --- the sheet -------------------------------------------------------------------------------- */

static void no_code_of_the_sheet_is_left(void **state)
{
    (void)state;
    unsigned provoked = 0, explained = 0, left = 0;
    for (size_t i = 0; i < sizeof sheet / sizeof sheet[0]; i++) {
        const char *why = why_never(sheet[i]);
        provoked += was_seen(sheet[i]);
        explained += why != NULL;
        if (was_seen(sheet[i]) == (why != NULL)) {
            print_error("%d: %s\n", sheet[i], why ? "provoked, but explained as never" : "neither provoked nor explained");
            left++;
        } else if (why) {
            print_message("never provoked: %d: %s\n", sheet[i], why);
        }
    }
    print_message("%u codes of the sheet provoked, %u explained\n", provoked, explained);
    assert_int_equal(left, 0);
}

/* The list above is that of the sheet, where the sheet is at hand. */
static void the_list_is_the_sheets(void **state)
{
    (void)state;
    static char text[128 * 1024];
    FILE *file = fopen(PATRIOT_SOURCE_DIR "/../shared/protocols/binance-usdm.md", "r");
    if (!file)
        skip();
    size_t length = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    text[length] = '\0';
    char *section = strstr(text, "## 12.");
    char *end_of_section = section ? strstr(section, "## 13.") : NULL;
    assert_non_null(end_of_section);
    *end_of_section = '\0';
    for (char *line = strtok(section, "\n"); line; line = strtok(NULL, "\n")) {
        char *cell_end = strncmp(line, "| -", 3) == 0 ? strchr(line + 2, '|') : NULL;
        if (!cell_end)
            continue;
        *cell_end = '\0';
        for (char *at = strchr(line, '-'); at; at = strchr(at + 1, '-')) {
            int code = (int)strtol(at, NULL, 10);
            bool listed = false;
            for (size_t i = 0; i < sizeof sheet / sizeof sheet[0]; i++)
                listed = listed || sheet[i] == code;
            if (!listed)
                fail_msg("%d stands in the sheet and not in this test", code);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_shape_of_a_request, begin, end),
        cmocka_unit_test_setup_teardown(who_asks_and_when, begin, end),
        cmocka_unit_test_setup_teardown(what_is_looked_up, begin, end),
        cmocka_unit_test_setup_teardown(filters_of_price_and_quantity, begin, end),
        cmocka_unit_test_setup_teardown(states_of_the_symbol, begin, end),
        cmocka_unit_test_setup_teardown(what_the_account_may_not, begin, end),
        cmocka_unit_test_setup_teardown(orders_that_stand, begin, end),
        cmocka_unit_test_setup_teardown(limits_of_number, begin, end),
        cmocka_unit_test_setup_teardown(conditional_orders, begin, end),
        cmocka_unit_test_setup_teardown(price_protect_says_why, begin, end),
        cmocka_unit_test_setup_teardown(margin_and_modes, begin, end),
        cmocka_unit_test_setup_teardown(the_mode_of_all_assets, begin_with_bnb, end),
        cmocka_unit_test_setup_teardown(messages_of_a_socket, begin, end),
        cmocka_unit_test(the_list_is_the_sheets),
        cmocka_unit_test(no_code_of_the_sheet_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
