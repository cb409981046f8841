/* decode_private.h: private stream frames and REST replies of Binance USD-M -> private.h.
 *
 * Strict on form, tolerant of growth: unknown fields are skipped, unknown enumeration words give ..._UNKNOWN and unknown_word, a missing required field or a wrong
 * type refuses the whole message with the field named. On any error *out is untouched. No allocation.
 *
 * Lists are walked: the caller's function is called for each element; when the text turns out to be broken later, the result says so and
 * what was handed over before must be thrown away (callers gather first and use the list only on RESULT_OK). An empty body, HTML or a
 * JSON value of another kind is an error, never an empty list (absence is not zero).
 */
#pragma once

#include "core/base/result.h"
#include "core/base/str.h"
#include "edge/exchange/binance/private.h"
#include "edge/exchange/budget.h"

enum { BINANCE_DETAIL_MAX = 200 };

/* What was wrong, for people: "byte 17: field X is missing". Filled on failure; may be NULL. */
typedef struct {
    char text[BINANCE_DETAIL_MAX];
} binance_detail_t;

/* A frame of the private stream, raw or in the combined envelope. */
result_t binance_decode_private(str_t frame, binance_private_t *out, binance_detail_t *detail);

/* {"code":-2011,"msg":"Unknown order sent."}: RESULT_UNSUPPORTED when the body is not of that form (a success has another). `code` may come as a string. */
result_t binance_decode_error(str_t body, int64_t *code, char *message, size_t capacity);

/* Replies about one order. A batch element that is {"code","msg"} gives RESULT_UNSUPPORTED. */
result_t binance_decode_order(str_t body, binance_order_report_t *out, binance_detail_t *detail);
result_t binance_decode_algo_order(str_t body, binance_algo_report_t *out, binance_detail_t *detail);

/* DELETE /algoOrder: {"algoId","clientAlgoId","code":"200","msg"}. RESULT_OK when code is 200. */
result_t binance_decode_algo_cancel(str_t body, uint64_t *algo_id, client_id_t *client_id, binance_detail_t *detail);

typedef void binance_order_fn(void *context, const binance_order_report_t *order);
typedef void binance_algo_fn(void *context, const binance_algo_report_t *order);
typedef void binance_position_fn(void *context, const binance_position_t *position);
typedef void binance_balance_fn(void *context, const binance_balance_t *balance);
typedef void binance_fill_fn(void *context, const binance_fill_t *fill);
typedef void binance_income_fn(void *context, const binance_income_t *income);
typedef void binance_symbol_config_fn(void *context, const binance_symbol_config_t *config);

result_t binance_decode_orders(str_t body, binance_order_fn *each, void *context, binance_detail_t *detail);         /* /openOrders, /allOrders */
result_t binance_decode_algo_orders(str_t body, binance_algo_fn *each, void *context, binance_detail_t *detail);     /* /openAlgoOrders, /allAlgoOrders */
result_t binance_decode_positions(str_t body, binance_position_fn *each, void *context, binance_detail_t *detail);   /* /v3/positionRisk (v2 too) */
result_t binance_decode_balances(str_t body, binance_balance_fn *each, void *context, binance_detail_t *detail);     /* /v3/balance */
result_t binance_decode_fills(str_t body, binance_fill_fn *each, void *context, binance_detail_t *detail);           /* /userTrades */
result_t binance_decode_incomes(str_t body, binance_income_fn *each, void *context, binance_detail_t *detail);       /* /income */
result_t binance_decode_symbol_configs(str_t body, binance_symbol_config_fn *each, void *context, binance_detail_t *detail);

/* /v3/account: totals, and its assets and positions through the callbacks (either may be NULL). */
typedef struct {
    dec_t wallet, unrealized, margin_balance, available, initial_margin, maintenance_margin;
} binance_account_t;
result_t binance_decode_account(str_t body, binance_account_t *out, binance_balance_fn *each_balance, binance_position_fn *each_position,
                                void *context, binance_detail_t *detail);

result_t binance_decode_account_config(str_t body, binance_account_config_t *out, binance_detail_t *detail); /* /accountConfig */
result_t binance_decode_position_mode(str_t body, bool *hedge, binance_detail_t *detail);                    /* GET /positionSide/dual */
result_t binance_decode_leverage(str_t body, uint32_t *leverage, dec_t *notional_max, binance_detail_t *detail); /* POST /leverage */
result_t binance_decode_listen_key(str_t body, char key[BINANCE_LISTEN_KEY_MAX], binance_detail_t *detail);  /* POST; PUT's {} gives RESULT_FIELD_MISSING */

/* /apiTradingStatus: is the account kept from placing (quantitative rules)? until_ns is when that ends, 0 when it is not. */
result_t binance_decode_trading_status(str_t body, bool *locked, int64_t *until_ns, binance_detail_t *detail);
