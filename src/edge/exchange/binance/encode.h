/* encode.h: requests to Binance USD-M: what is asked -> method, path, parameters, signature, cost.
 *
 * A builder fills a binance_request_t completely except for time and signature; binance_request_sign adds those right before the
 * bytes leave (a signed request is good for recvWindow only). Parameters go into the query for GET and DELETE and into a form body
 * for POST and PUT; the signature (HMAC-SHA256 in hex, RSA or Ed25519 in base64) is over exactly those bytes and stands last.
 * Decimals are written exactly, without an exponent, and refused when they are not on the instrument's tick or step: rounding is
 * decided before, in the core. Every builder leaves *request untouched on failure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/base/result.h"
#include "core/base/str.h"
#include "core/market/instrument.h"
#include "core/market/timeframe.h"
#include "core/order/order.h"
#include "edge/exchange/budget.h"
#include "edge/secret/sign.h"

enum {
    BINANCE_PARAMS_MAX = 2560, /* an RSA signature alone may take 1400 */
    BINANCE_PATH_MAX = 48,
    BINANCE_RECV_WINDOW_MS = 5000, /* never more: a late order is worse than none */
};

typedef enum { BINANCE_GET, BINANCE_POST, BINANCE_PUT, BINANCE_DELETE } binance_method_t;

typedef enum {
    BINANCE_OPEN,   /* anybody */
    BINANCE_KEY,    /* header X-MBX-APIKEY */
    BINANCE_SIGNED, /* key, timestamp, recvWindow and signature */
} binance_security_t;

/* What a lost or strange reply means depends on what was asked (classify.h). */
typedef enum {
    BINANCE_ASK_PLACE,  /* may have made an order: never sent again */
    BINANCE_ASK_CANCEL, /* may have removed one: never sent again blindly */
    BINANCE_ASK_CHANGE, /* a setting: sent again is harmless, but not by the transport */
    BINANCE_ASK_READ,   /* may be repeated */
} binance_ask_t;

typedef struct {
    binance_method_t method;
    binance_security_t security;
    binance_ask_t ask;
    budget_priority_t priority;         /* the usual one; the caller may raise or lower it */
    uint32_t weight;                    /* on the address */
    uint32_t orders_10s, orders_minute; /* on the account */
    bool params_in_body;
    uint32_t unsigned_length; /* of params without time and signature; params_length while not signed */
    char path[BINANCE_PATH_MAX];
    uint32_t params_length;
    char params[BINANCE_PARAMS_MAX]; /* "symbol=BTCUSDT&side=BUY", NUL-terminated */
} binance_request_t;

const char *binance_method_text(binance_method_t method);

/* Path with "?params" when they belong into the query. RESULT_TEXT_TOO_LONG. The body is params when params_in_body, else empty. */
result_t binance_request_target(const binance_request_t *request, char *buffer, size_t capacity, size_t *length);
str_t binance_request_body(const binance_request_t *request);

/* Adds recvWindow, timestamp (venue time) and signature. Signing again replaces the former (a rebuilt read). No effect but
 * RESULT_OK when security is not BINANCE_SIGNED. RESULT_TEXT_TOO_LONG, RESULT_BAD_ARGUMENT (time <= 0), RESULT_BAD_STATE (a public
 * key): *request is untouched. */
result_t binance_request_sign(binance_request_t *request, sign_key_t *key, int64_t venue_ms);

/* --- orders ----------------------------------------------------------------------------------- */

/* POST /fapi/v1/order or, for conditional types, POST /fapi/v1/algoOrder. In hedge mode positionSide is sent and
 * reduceOnly is not (the position key binds instead). RESULT_BAD_ARGUMENT: a price or quantity off the grid or <= 0, a combination
 * that the venue forbids (close_position with a quantity, POSITION_BOTH in hedge mode, a limit type without a price). The priority
 * follows the leg: stop, exit or entry. */
result_t binance_encode_place(binance_request_t *request, const instrument_t *instrument, const order_spec_t *spec,
                              position_mode_t mode);

/* By client id. `type` says which endpoint the order lives at. */
result_t binance_encode_cancel(binance_request_t *request, const instrument_t *instrument, order_type_t type,
                               const client_id_t *client_id);
result_t binance_encode_query(binance_request_t *request, const instrument_t *instrument, order_type_t type,
                              const client_id_t *client_id);

/* By the venue's number: an order that a triggered algo became, or one found in a list. */
result_t binance_encode_cancel_id(binance_request_t *request, const instrument_t *instrument, order_type_t type, uint64_t id);

/* --- lists and settings; `symbol` "" means all ------------------------------------------------ */

result_t binance_encode_open_orders(binance_request_t *request, const char *symbol);
result_t binance_encode_open_algo_orders(binance_request_t *request, const char *symbol);
result_t binance_encode_all_orders(binance_request_t *request, const char *symbol, int64_t from_ms, uint32_t limit);
result_t binance_encode_all_algo_orders(binance_request_t *request, const char *symbol, int64_t from_ms, uint32_t limit);
result_t binance_encode_balance(binance_request_t *request);                       /* /v3/balance */
result_t binance_encode_positions(binance_request_t *request, const char *symbol); /* /v3/positionRisk */
result_t binance_encode_symbol_config(binance_request_t *request, const char *symbol);
result_t binance_encode_leverage_brackets(binance_request_t *request, const char *symbol);
result_t binance_encode_set_leverage(binance_request_t *request, const char *symbol, uint32_t leverage); /* 1..125 */
result_t binance_encode_set_margin(binance_request_t *request, const char *symbol, margin_type_t margin);
result_t binance_encode_position_mode(binance_request_t *request);
result_t binance_encode_trading_status(binance_request_t *request); /* /apiTradingStatus */
result_t binance_encode_set_position_mode(binance_request_t *request, position_mode_t mode);

/* from_id > 0: fills from that id on (times are not sent then); else from_ms > 0 limits by time. limit 1..1000. */
result_t binance_encode_user_trades(binance_request_t *request, const char *symbol, uint64_t from_id, int64_t from_ms,
                                    uint32_t limit);
result_t binance_encode_income(binance_request_t *request, const char *symbol, int64_t from_ms, int64_t to_ms, uint32_t limit);

/* --- the private stream's key ----------------------------------------------------------------- */
result_t binance_encode_listen_key_create(binance_request_t *request);
result_t binance_encode_listen_key_extend(binance_request_t *request);

/* --- market ----------------------------------------------------------------------------------- */
result_t binance_encode_time(binance_request_t *request);
result_t binance_encode_exchange_info(binance_request_t *request);
result_t binance_encode_depth(binance_request_t *request, const char *symbol, uint32_t limit); /* 5 10 20 50 100 500 1000 */
result_t binance_encode_klines(binance_request_t *request, const char *symbol, timeframe_t timeframe, int64_t from_ms,
                               int64_t to_ms, uint32_t limit); /* limit 1..1500; from_ms, to_ms 0: not sent */
result_t binance_encode_premium_index(binance_request_t *request, const char *symbol);

/* Weight of a klines or depth request by its limit, as measured on the live host (the documented bands are off by one). */
uint32_t binance_weight_klines(uint32_t limit);
uint32_t binance_weight_depth(uint32_t limit);
