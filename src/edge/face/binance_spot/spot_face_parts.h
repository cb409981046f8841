/* spot_face_parts.h: what the files of the spot face call of each other. */
#pragma once

#include "edge/face/binance/face_parts.h"
#include "edge/face/binance/ticker.h"
#include "edge/face/binance_spot/spot_face.h"
#include "edge/face/binance_spot/spot_words.h"
#include "edge/face/world/world_spot.h"

/* --- parameters (spot_params.c) --------------------------------------------------------------- */

bool spot_refuse_unknown(call_t *call); /* -1104: what the exchange would not read */

enum { SPOT_SYMBOLS_MAX = MARKET_SOURCE_MAX };
typedef struct {
    uint32_t count;
    instrument_id_t ids[SPOT_SYMBOLS_MAX];
    bool one; /* asked for as `symbol`: the answer is an object and no array */
} spot_symbols_t;
bool spot_read_symbols(call_t *call, spot_symbols_t *symbols); /* symbol, symbols, or all */
bool spot_keep_status(call_t *call,
                      spot_symbols_t *symbols); /* symbolStatus: those that have it; -1220 when the only one has not */
uint32_t spot_symbols_asked(const call_t *call, uint32_t all); /* by the commas: for weights, counted before anything is checked */

/* Whose order parameters: "" reads price, above reads abovePrice; client_id is the full name of the client id's parameter. */
typedef struct {
    const char *prefix, *client_id;
} spot_names_t;
bool spot_read_conditions(call_t *call, const spot_names_t *names, spot_place_t *place); /* type and what belongs to it */
bool spot_read_order(call_t *call, spot_place_t *place);                                 /* a whole order */
bool spot_read_client_id(call_t *call, const char *name, client_id_t *out);
bool spot_read_word_side(call_t *call, const char *name, uint32_t *side);
bool spot_read_stp(call_t *call, spot_stp_t *stp);

typedef enum { SPOT_ACK, SPOT_RESULT, SPOT_FULL } spot_response_t;
bool spot_read_response(call_t *call, spot_response_t usual, spot_response_t *response);

/* By orderId or origClientOrderId (cancelOrderId, cancelOrigClientOrderId); an id for the request is made when none was sent. */
bool spot_read_ref(call_t *call, const char *id_name, const char *client_name, spot_ref_t *ref);
void spot_make_request_id(call_t *call, client_id_t *id);
bool spot_read_span(call_t *call, venue_select_t *select); /* startTime, endTime: at most 24 hours apart */

/* --- shapes (spot_shapes.c) ------------------------------------------------------------------- */

static inline const instrument_t *spot_rules(const call_t *call, instrument_id_t instrument)
{
    return venue_instrument_at(call->venue, instrument);
}
void spot_write_order(call_t *call, const spot_order_t *order); /* as a query shows it */
void spot_write_placed(call_t *call, const spot_order_t *order, spot_response_t response);
void spot_write_cancelled(call_t *call, const spot_order_t *order, const client_id_t *request_id);
void spot_write_list(call_t *call, const spot_list_t *list); /* as a query shows it */
typedef enum { SPOT_LIST_PLACED, SPOT_LIST_CANCELLED } spot_list_moment_t;
void spot_write_list_reply(call_t *call, const spot_list_t *list, spot_list_moment_t moment, const client_id_t *request_id);
void spot_write_prevented(call_t *call, uint64_t taker_id); /* spot_history.c */
uint64_t spot_amendment_event(const call_t *call, uint64_t order_id);
void spot_write_error(call_t *call, spot_reject_t reject); /* {"code","msg"} inside an answer */
void spot_write_error_text(call_t *call, int code, const char *text);
bool spot_goes_on_over_limit(call_t *call, handler_fn *handle); /* cancel-and-replace with orderRateLimitExceededMode=CANCEL_ONLY */

/* --- streams ---------------------------------------------------------------------------------- */

void spot_market_event(face_t *face, const venue_event_t *event); /* spot_stream_market.c */
void spot_after_advance(face_t *face);
str_t spot_kline_text(face_t *face, instrument_id_t instrument, int64_t time_ns, const venue_kline_t *kline, const char *interval,
                      int64_t end_ns);                             /* the frame of a bar */
void spot_private_event(face_t *face, const venue_event_t *event); /* spot_stream_user.c */
session_handler_fn spot_subscribe, spot_subscribe_signature, spot_unsubscribe, spot_subscriptions;

/* --- handlers, by file ------------------------------------------------------------------------ */

handler_fn handle_spot_info, handle_spot_coins, handle_spot_trade_fee, handle_spot_no_symbols; /* spot_info.c */
handler_fn handle_spot_depth, handle_spot_trades, handle_spot_agg_trades, handle_spot_klines, handle_spot_average,
    handle_spot_my_filters; /* spot_market.c */
handler_fn handle_spot_ticker_24h, handle_spot_ticker_price, handle_spot_ticker_book, handle_spot_ticker,
    handle_spot_trading_day; /* spot_ticker.c */
handler_fn handle_spot_order, handle_spot_test, handle_spot_cancel, handle_spot_get, handle_spot_open, handle_spot_all,
    handle_spot_cancel_open, handle_spot_amend, handle_spot_replace; /* spot_trade.c */
handler_fn handle_spot_oco, handle_spot_old_oco, handle_spot_oto, handle_spot_otoco, handle_spot_opo, handle_spot_opoco,
    handle_spot_list_cancel, handle_spot_list_get, handle_spot_list_all, handle_spot_list_open; /* spot_list.c */
handler_fn handle_spot_account, handle_spot_commission, handle_spot_my_trades, handle_spot_burn_get,
    handle_spot_burn_set; /* spot_account.c */
void spot_write_discount(json_writer_t *writer, const spot_account_t *account);

handler_fn handle_spot_amendments, handle_spot_prevented; /* spot_history.c */
handler_fn handle_spot_execution_rules, handle_spot_reference_price, handle_spot_block_trades, handle_spot_sor,
    handle_spot_sor_test, handle_spot_allocations; /* spot_reference.c */

/* weights that depend on parameters */
uint32_t weigh_spot_execution_rules(const call_t *call);
uint32_t weigh_spot_prevented(const call_t *call);
uint32_t weigh_spot_depth(const call_t *call);
uint32_t weigh_spot_ticker_24h(const call_t *call);
uint32_t weigh_spot_2_4(const call_t *call);
uint32_t weigh_spot_window(const call_t *call);
uint32_t weigh_spot_6_80(const call_t *call);
uint32_t weigh_spot_my_trades(const call_t *call);
uint32_t weigh_spot_test(const call_t *call);
