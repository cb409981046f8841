/* spot_reject.h: every way the spot side refuses a command, with the exchange's own code and words.
 *
 * Codes and texts: Binance spot errors.md and filters.md (protocols/binance-spot.md, sections 4, 5, 9). A refused command changes
 * nothing.
 */
#pragma once

/* X(name, code, text) */
#define SPOT_REJECT_TABLE(X)                                                                                                       \
    X(NONE, 200, "success")                                                                                                        \
    X(OVERLOADED, -1008, "Server is currently overloaded with other requests. Please try again in a few minutes.")                 \
    X(PRICE_FILTER, -1013, "Filter failure: PRICE_FILTER")                                                                         \
    X(PERCENT_PRICE_BY_SIDE, -1013, "Filter failure: PERCENT_PRICE_BY_SIDE")                                                       \
    X(LOT_SIZE, -1013, "Filter failure: LOT_SIZE")                                                                                 \
    X(MARKET_LOT_SIZE, -1013, "Filter failure: MARKET_LOT_SIZE")                                                                   \
    X(NOTIONAL, -1013, "Filter failure: NOTIONAL")                                                                                 \
    X(ICEBERG_PARTS, -1013, "Filter failure: ICEBERG_PARTS")                                                                       \
    X(TRAILING_DELTA, -1013, "Filter failure: TRAILING_DELTA")                                                                     \
    X(MAX_NUM_ORDERS, -1013, "Filter failure: MAX_NUM_ORDERS")                                                                     \
    X(MAX_NUM_ALGO_ORDERS, -1013, "Filter failure: MAX_NUM_ALGO_ORDERS")                                                           \
    X(MAX_NUM_ICEBERG_ORDERS, -1013, "Filter failure: MAX_NUM_ICEBERG_ORDERS")                                                     \
    X(MAX_NUM_ORDER_LISTS, -1013, "Filter failure: MAX_NUM_ORDER_LISTS")                                                           \
    X(MAX_NUM_ORDER_AMENDS, -2038, "Filter failure: MAX_NUM_ORDER_AMENDS")                                                         \
    X(PRICE_NOT_POSITIVE, -1013, "Invalid price.")                                                                                 \
    X(QUANTITY_NOT_POSITIVE, -1013, "Invalid quantity.")                                                                           \
    X(STOP_NOT_POSITIVE, -1013, "Stop price must be greater than 0.")                                                              \
    X(PRICE_PRECISION, -1111, "Parameter 'price' has too much precision.")                                                         \
    X(STOP_PRECISION, -1111, "Parameter 'stopPrice' has too much precision.")                                                      \
    X(QUANTITY_PRECISION, -1111, "Parameter 'quantity' has too much precision.")                                                   \
    X(QUOTE_PRECISION, -1111, "Parameter 'quoteOrderQty' has too much precision.")                                                 \
    X(ICEBERG_PRECISION, -1111, "Parameter 'icebergQty' has too much precision.")                                                  \
    X(INVALID_TIF, -1115, "Invalid timeInForce.")                                                                                  \
    X(INVALID_TYPE, -1116, "Invalid orderType.")                                                                                   \
    X(INVALID_SIDE, -1117, "Invalid side.")                                                                                        \
    X(INVALID_SYMBOL, -1121, "Invalid symbol.")                                                                                    \
    X(COMBINATION, -1128, "Combination of optional parameters invalid.")                                                           \
    X(STRATEGY_TYPE, -1134, "Strategy type was less than 1000000.")                                                                \
    X(PEG_OFFSET, -1211, "Invalid pegOffsetValue.")                                                                                \
    X(PEG_LEVEL, -2010, "Order book liquidity is too low for this pegged order.")                                                  \
    X(PEG_TYPE, -2010, "This order type may not use pegged price.")                                                                \
    X(PEG_SIDE, -2010, "This price peg cannot be used with this order type.")                                                      \
    X(ICEBERG_ABOVE, -2010, "IcebergQty exceeds QTY.")                                                                             \
    X(NO_LIQUIDITY, -2010, "Order book liquidity is less than symbol minimum quantity.")                                           \
    X(CANCEL_RESTRICTIONS, -1145, "Invalid cancelRestrictions")                                                                    \
    X(OCO_TYPES, -1158, "Order type not supported in OCO.")                                                                        \
    X(ICEBERG_TIF, -1160, "Parameter 'icebergQty' is not supported if 'timeInForce' != 'GTC'.")                                    \
    X(OCO_BUY_LIMIT_ABOVE, -1165, "A limit order in a buy OCO must be below.")                                                     \
    X(OCO_SELL_LIMIT_BELOW, -1166, "A limit order in a sell OCO must be above.")                                                   \
    X(OCO_TWO_LIMITS, -1168, "At least one OCO order must be contingent.")                                                         \
    X(OCO_BUY_STOP_BELOW, -1196, "A stop loss order in a buy OCO must be above.")                                                  \
    X(OCO_SELL_STOP_ABOVE, -1197, "A stop loss order in a sell OCO must be below.")                                                \
    X(OCO_BUY_PROFIT_ABOVE, -1198, "A take profit order in a buy OCO must be below.")                                              \
    X(OCO_SELL_PROFIT_BELOW, -1199, "A take profit order in a sell OCO must be above.")                                            \
    X(OPO_WORKING_SELLS, -1222, "Working order in an OPO list must be a bid.")                                                     \
    X(OPO_PENDING_BUYS, -1223, "Pending orders in an OPO list must be asks.")                                                      \
    X(BALANCE, -2010, "Account has insufficient balance for requested action.")                                                    \
    X(DUPLICATE, -2010, "Duplicate order sent.")                                                                                   \
    X(MARKET_CLOSED, -2010, "Market is closed.")                                                                                   \
    X(WOULD_TAKE, -2010, "Order would immediately match and take.")                                                                \
    X(WOULD_TRIGGER, -2010, "Order would trigger immediately.")                                                                    \
    X(VALUE_NOT_POSITIVE, -2010, "Price * QTY is zero or less.")                                                                   \
    X(NO_TRADING, -2010, "This action is disabled on this account.")                                                               \
    X(OCO_PRICES, -2010, "The relationship of the prices for the orders is not correct.")                                          \
    X(UNKNOWN_ORDER, -2011, "Unknown order sent.")                                                                                 \
    X(UNKNOWN_LIST, -2011, "Unknown order list sent.")                                                                             \
    X(RESTRICTED, -2011, "Order was not canceled due to cancel restrictions.")                                                     \
    X(NO_SUCH_ORDER, -2013, "Order does not exist.")                                                                               \
    X(NO_SUCH_LIST, -2018, "Order list does not exist.")                                                                           \
    X(AMEND_CONDITIONAL, -2038, "Order amend is not supported on contingent orders.")                                              \
    X(AMEND_INCREASE, -2038, "Order amend (quantity increase) is not supported.")                                                  \
    X(AMEND_SAME, -2038, "The requested action would change no state; rejecting.")                                                 \
    X(AMEND_FILLED, -2038, "The new quantity must be greater than the quantity already filled.")                                   \
    X(OTHER_CLIENT_ID, -2039, "Client order ID is not correct for this order ID.")

typedef enum {
#define SPOT_REJECT_NAME(name, code, text) SPOT_REJECT_##name,
    SPOT_REJECT_TABLE(SPOT_REJECT_NAME)
#undef SPOT_REJECT_NAME
        SPOT_REJECT_COUNT
} spot_reject_t;

int spot_reject_code(spot_reject_t reject);
const char *spot_reject_text(spot_reject_t reject);
