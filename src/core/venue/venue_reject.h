/* venue_reject.h: every way the venue refuses a command, with the exchange's own code and words.
 *
 * Codes and texts: Binance USD-M error codes (developers.binance.com; protocols/binance-usdm.md, section 12). A text may hold one
 * '%': the limit that was broken stands there (venue_reject_format writes it). A refused command changes nothing.
 */
#pragma once

#include <stddef.h>

#include "core/base/dec.h"

/* X(name, code, text) */
#define VENUE_REJECT_TABLE(X)                                                                                                      \
    X(NONE, 200, "success")                                                                                                        \
    X(TOO_MANY_ORDERS_HERE, -1008, "Server is currently overloaded with other requests. Please try again in a few minutes.")       \
    X(REDUCE_ONLY_NOT_REQUIRED, -1106, "Parameter 'reduceonly' sent when not required.")                                           \
    X(PRECISION, -1111, "Precision is over the maximum defined for this asset.")                                                   \
    X(NO_DEPTH, -1112, "No orders on book for symbol.")                                                                            \
    X(TIF_NOT_REQUIRED, -1114, "TimeInForce parameter sent when not required.")                                                    \
    X(INVALID_TIF, -1115, "Invalid timeInForce.")                                                                                  \
    X(INVALID_TYPE, -1116, "Invalid orderType.")                                                                                   \
    X(INVALID_SIDE, -1117, "Invalid side.")                                                                                        \
    X(INVALID_SYMBOL, -1121, "Invalid symbol.")                                                                                    \
    X(SYMBOL_STATUS, -1122, "Invalid symbol status.")                                                                              \
    X(INVALID_COMBINATION, -1128, "Combination of optional parameters invalid.")                                                   \
    X(INVALID_CALLBACK_RATE, -2007, "Invalid callBack rate")                                                                       \
    X(UNKNOWN_ORDER, -2011, "Unknown order sent.")                                                                                 \
    X(NO_SUCH_ORDER, -2013, "Order does not exist.")                                                                               \
    X(KEYS_LOCKED, -2017, "API Keys are locked on this account.")                                                                  \
    X(BALANCE, -2018, "Balance is insufficient.")                                                                                  \
    X(MARGIN, -2019, "Margin is insufficient.")                                                                                    \
    X(UNABLE_TO_FILL, -2020, "Unable to fill.")                                                                                    \
    X(WOULD_TRIGGER, -2021, "Order would immediately trigger.")                                                                    \
    X(REDUCE_ONLY, -2022, "ReduceOnly Order is rejected.")                                                                         \
    X(IN_LIQUIDATION, -2023, "User in liquidation mode now.")                                                                      \
    X(POSITION, -2024, "Position is not sufficient.")                                                                              \
    X(MAX_OPEN_ORDERS, -2025, "Reach max open order limit.")                                                                       \
    X(TYPE_WITH_REDUCE_ONLY, -2026, "This OrderType is not supported when reduceOnly.")                                            \
    X(MAX_POSITION, -2027, "Exceeded the maximum allowable position at current leverage.")                                         \
    X(LEVERAGE_MARGIN, -2028, "Leverage is smaller than permitted: insufficient margin balance.")                                  \
    X(PRICE_NOT_POSITIVE, -4001, "Price less than 0.")                                                                             \
    X(PRICE_ABOVE_MAX, -4002, "Price greater than max price.")                                                                     \
    X(QUANTITY_NOT_POSITIVE, -4003, "Quantity less than or equal to zero.")                                                        \
    X(QUANTITY_BELOW_MIN, -4004, "Quantity less than min quantity.")                                                               \
    X(QUANTITY_ABOVE_MAX, -4005, "Quantity greater than max quantity.")                                                            \
    X(STOP_NOT_POSITIVE, -4006, "Stop price less than zero.")                                                                      \
    X(STOP_ABOVE_MAX, -4007, "Stop price greater than max price.")                                                                 \
    X(PRICE_BELOW_MIN, -4013, "Price less than min price.")                                                                        \
    X(TICK, -4014, "Price not increased by tick size.")                                                                            \
    X(CLIENT_ID, -4015, "Client order id is not valid.")                                                                           \
    X(PRICE_BAND_UP, -4016, "Limit price can't be higher than %.")                                                                 \
    X(MARKET_CLOSED, -4022, "market status sent is not valid.")                                                                    \
    X(STEP, -4023, "Qty not increased by step size.")                                                                              \
    X(PRICE_BAND_DOWN, -4024, "Limit price can't be lower than %.")                                                                \
    X(INVALID_LEVERAGE, -4028, "Leverage % is not valid")                                                                          \
    X(INVALID_WORKING_TYPE, -4031, "Invalid parameter working type")                                                               \
    X(MAX_ALGO_ORDERS, -4045, "Reach max stop order limit.")                                                                       \
    X(MARGIN_TYPE_SAME, -4046, "No need to change margin type.")                                                                   \
    X(MARGIN_TYPE_ORDERS, -4047, "Margin type cannot be changed if there exists open orders.")                                     \
    X(MARGIN_TYPE_POSITION, -4048, "Margin type cannot be changed if there exists position.")                                      \
    X(NOT_ISOLATED, -4049, "Add margin only support for isolated position.")                                                       \
    X(CROSS_BALANCE, -4050, "Cross balance insufficient.")                                                                         \
    X(ISOLATED_BALANCE, -4051, "Isolated balance insufficient.")                                                                   \
    X(NO_POSITION_FOR_MARGIN, -4054, "Cannot add position margin: position is 0.")                                                 \
    X(AMOUNT_NOT_POSITIVE, -4055, "Amount must be positive.")                                                                      \
    X(POSITION_MODE_SAME, -4059, "No need to change position side.")                                                               \
    X(INVALID_POSITION_SIDE, -4060, "Invalid position side.")                                                                      \
    X(POSITION_SIDE_MISMATCH, -4061, "Order's position side does not match user's setting.")                                       \
    X(REDUCE_ONLY_CONFLICT, -4062, "Invalid or improper reduceOnly value.")                                                        \
    X(POSITION_MODE_ORDERS, -4067, "Position side cannot be changed if there exists open orders.")                                 \
    X(POSITION_MODE_POSITION, -4068, "Position side cannot be changed if there exists position.")                                  \
    X(REDUCE_ONLY_ACCOUNT, -4087, "User can only place reduce only order")                                                         \
    X(NO_TRADING_ACCOUNT, -4088, "User can not place order currently")                                                             \
    X(DUPLICATE_CLIENT_ID, -4116, "ClientOrderId is duplicated.")                                                                  \
    X(TRIGGERING, -4117, "stop order is triggering")                                                                               \
    X(REDUCE_ONLY_MARGIN, -4118, "ReduceOnly Order Failed. Please check your existing position and open orders.")                  \
    X(USE_ALGO, -4120, "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.")             \
    X(CLOSE_POSITION_EXISTS, -4130, "An open stop or take profit order with GTE and closePosition in the direction is existing.")  \
    X(MARKET_BAND, -4131, "The counterparty's best price does not meet the PERCENT_PRICE filter limit.")                           \
    X(ACTIVATION_PRICE, -4135, "Invalid activation price")                                                                         \
    X(CLOSE_POSITION_TYPE, -4136, "Target strategy invalid for orderType with closePosition.")                                     \
    X(CLOSE_POSITION_QUANTITY, -4137, "Quantity must be zero with closePosition equals true")                                      \
    X(REDUCE_ONLY_MUST_BE_TRUE, -4138, "Reduce only must be true with closePosition equals true")                                  \
    X(TYPE_NOT_MARKET, -4139, "Order type can not be market if it's unable to cancel")                                             \
    X(SYMBOL_NOT_OPEN, -4140, "Invalid symbol status for opening position.")                                                       \
    X(SYMBOL_CLOSED, -4141, "Symbol is closed.")                                                                                   \
    X(PRICE_PROTECT, -4142, "REJECT: take profit or stop order will be triggered immediately.")                                    \
    X(LEVERAGE_CUT_ISOLATED, -4161, "Leverage reduction is not supported in Isolated Margin Mode with open positions.")            \
    X(NOTIONAL, -4164, "Order's notional must be no smaller than % (unless you choose reduce only).")                              \
    X(JOINT_ISOLATED, -4167,                                                                                                       \
      "Unable to adjust to Multi-Assets mode with symbols of USD\xE2\x93\x88-M Futures under isolated-margin mode.")               \
    X(ISOLATED_JOINT, -4168, "Unable to adjust to isolated-margin mode under the Multi-Assets mode.")                              \
    X(JOINT_MARGIN, -4169, "Unable to adjust Multi-Assets Mode with insufficient margin balance in USD\xE2\x93\x88-M Futures.")    \
    X(JOINT_ORDERS, -4170, "Unable to adjust Multi-Assets Mode with open orders in USD\xE2\x93\x88-M Futures.")                    \
    X(JOINT_SAME, -4171, "Adjusted asset mode is currently set and does not need to be adjusted repeatedly.")                      \
    X(JOINT_NEGATIVE, -4172,                                                                                                       \
      "Unable to adjust Multi-Assets Mode with a negative wallet balance of margin available asset in USD\xE2\x93\x88-M Futures "  \
      "account.")                                                                                                                  \
    X(STOP_BAND_UP, -4183, "Limit price can't be higher than %.")                                                                  \
    X(STOP_BAND_DOWN, -4184, "Limit price can't be lower than %.")                                                                 \
    X(COOLING_OFF, -4192, "Trade forbidden due to Cooling-off Period.")                                                            \
    X(LEVERAGE_VERIFICATION, -4202, "Intermediate Personal Verification is required for adjusting leverage over 20x")              \
    X(LEVERAGE_FIRST_MONTH, -4203, "More than 20x leverage is available one month after account registration.")                    \
    X(LEVERAGE_FIRST_DAYS, -4205, "More than 20x leverage is available % days after Futures account registration.")                \
    X(LEVERAGE_COUNTRY, -4206, "Users in your location/country can only access a maximum leverage of %")                           \
    X(LEVERAGE_POSITION_SERVICE, -4208, "Current symbol leverage cannot exceed 20 when using position limit adjustment service.")  \
    X(LEVERAGE_SYMBOL, -4209, "Leverage adjustment failed. Current symbol max leverage limit is %x")                               \
    X(QUANTITATIVE_RULE, -4400,                                                                                                    \
      "Futures Trading Quantitative Rules violated, only reduceOnly order is allowed, please try again later.")                    \
    X(LARGE_POSITION, -4401,                                                                                                       \
      "Futures Trading Risk Control Rules of large position holding violated, only reduceOnly order is allowed, please reduce "    \
      "the position.")                                                                                                             \
    X(REGION, -4402,                                                                                                               \
      "Dear user, as per our Terms of Use and compliance with local regulations, this feature is currently not available in your " \
      "region.")                                                                                                                   \
    X(LEVERAGE_REGION, -4403,                                                                                                      \
      "Dear user, as per our Terms of Use and compliance with local regulations, the leverage can only up to %x in your region")   \
    X(FOK, -5021,                                                                                                                  \
      "Due to the order could not be filled immediately, the FOK order has been rejected. The order will not be recorded in the "  \
      "order history.")                                                                                                            \
    X(POST_ONLY, -5022,                                                                                                            \
      "Due to the order could not be executed as maker, the Post Only order will be rejected. The order will not be recorded in "  \
      "the order history.")                                                                                                        \
    X(AMEND_STATUS, -5024, "Symbol is not in trading status. Order amendment is not permitted.")                                   \
    X(AMEND_NOT_LIMIT, -5025, "Only limit order is supported.")                                                                    \
    X(AMEND_LIMIT, -5026, "Exceed maximum modify order limit.")                                                                    \
    X(AMEND_SAME, -5027, "No need to modify the order.")                                                                           \
    X(PRICE_MATCH, -5037, "Invalid price match")                                                                                   \
    X(PRICE_MATCH_TYPE, -5038, "Price match only supports order type: LIMIT, STOP AND TAKE_PROFIT")                                \
    X(STP_MODE, -5039, "Invalid self trade prevention mode")                                                                       \
    X(GOOD_TILL_DATE, -5040,                                                                                                       \
      "The goodTillDate timestamp must be greater than the current time plus 600 seconds and smaller than 253402300799000 "        \
      "(UTC 9999-12-31 23:59:59)")                                                                                                 \
    X(PRICE_MATCH_DEPTH, -5041, "No depth matches this BBO order")                                                                 \
    X(AMEND_REDUCE_ONLY, -5047, "The original order is not reduceOnly, so the modified order cannot be reduceOnly.")

typedef enum {
#define VENUE_REJECT_ENUM(name, code, text) VENUE_REJECT_##name,
    VENUE_REJECT_TABLE(VENUE_REJECT_ENUM)
#undef VENUE_REJECT_ENUM
        VENUE_REJECT_COUNT
} venue_reject_t;

enum { VENUE_REJECT_TEXT_MAX = 256 };

int venue_reject_code(venue_reject_t reject);         /* -2019; VENUE_REJECT_NONE gives 200 */
const char *venue_reject_text(venue_reject_t reject); /* with its '%' unreplaced; never NULL */

/* The words with the limit in place of '%'. Returns the length; the buffer is NUL-terminated. */
size_t venue_reject_format(venue_reject_t reject, dec_t limit, char buffer[VENUE_REJECT_TEXT_MAX]);
