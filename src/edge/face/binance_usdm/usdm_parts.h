/* usdm_parts.h: what the files of USD-M call of each other. */
#pragma once

#include "edge/face/binance/face_parts.h"
#include "edge/face/binance_usdm/words.h"

extern const dialect_t usdm_dialect; /* routes.c */

/* Names that would have made another order of it (shapes.c): -1103. */
bool call_refuse_unknown(call_t *call);

/* closePosition with another type than the two that have it: -4136. Passed over, the order would open a position. */
bool call_refuse_closing(call_t *call, venue_type_t type);

void stream_market_event(face_t *face, const venue_event_t *event); /* stream_market.c */
void stream_after_advance(face_t *face);
str_t quote_text(face_t *face, const venue_event_t *event);          /* the bookTicker message of a quote; quote_text.c */
void stream_private_event(face_t *face, const venue_event_t *event); /* stream_user.c */

/* shapes.c */
void write_order(json_writer_t *writer, const instrument_t *rules, const venue_order_t *order); /* as a query shows it */
void write_order_reply(json_writer_t *writer, const instrument_t *rules,
                       const venue_order_t *order); /* as place, modify and cancel show it */
void write_algo(json_writer_t *writer, const instrument_t *rules, const venue_algo_t *algo);       /* as a query shows it */
void write_algo_reply(json_writer_t *writer, const instrument_t *rules, const venue_algo_t *algo); /* as placement shows it */

#define NO_DELIVERY_MS INT64_C(4133404800000) /* what the exchange writes for perpetuals: 2100-12-25 */

/* Bars of mark, index or premium, as a reply; statistics.c. */
enum { KLINES_USUAL = 500 };
/* Bars of the contract in rows.klines, as many as were asked for; the count, or UINT32_MAX after a refusal. */
uint32_t read_klines(call_t *call, instrument_id_t instrument, const char *period, uint64_t most, uint64_t usual);

const char *usdm_symbol_status(const venue_t *venue, instrument_id_t id); /* "TRADING"; info.c */

/* --- handlers, by file ------------------------------------------------------------------------ */

handler_fn handle_exchange_info; /* info.c */
handler_fn handle_depth, handle_trades, handle_agg_trades, handle_klines, handle_mark_klines, handle_continuous_klines,
    handle_index_klines, handle_insurance, handle_premium_index, handle_funding_rate, handle_funding_info,
    handle_open_interest;                                                                      /* market.c */
handler_fn handle_ticker_24h, handle_ticker_price, handle_ticker_price_v2, handle_ticker_book; /* ticker.c */
handler_fn handle_order_place, handle_order_test, handle_order_amend, handle_order_cancel, handle_order_get, handle_open_order,
    handle_open_orders, handle_all_orders, handle_cancel_all, handle_countdown; /* trade.c */
handler_fn handle_batch_place, handle_batch_amend, handle_batch_cancel;         /* batch.c */
handler_fn handle_algo_place, handle_algo_cancel, handle_algo_get, handle_algo_open, handle_algo_all,
    handle_algo_cancel_all; /* algo.c */
handler_fn handle_leverage, handle_margin_type, handle_position_margin, handle_mode_get, handle_mode_set, handle_multi_assets_get,
    handle_multi_assets_set, handle_fee_burn_get, handle_fee_burn_set; /* settings.c */
handler_fn handle_account_v2, handle_account_v3, handle_balance_v2, handle_balance_v3, handle_position_risk_v2,
    handle_position_risk_v3; /* account.c */
handler_fn handle_user_trades, handle_income, handle_brackets, handle_symbol_config, handle_account_config, handle_commission,
    handle_api_status, handle_adl, handle_force_orders; /* history.c */

handler_fn handle_order_amendments, handle_margin_history;          /* changes.c */
handler_fn handle_premium_klines, handle_taker_ratio, handle_basis; /* statistics.c */
handler_fn handle_interest_history, handle_account_ratio, handle_top_account_ratio, handle_top_position_ratio,
    handle_delivery_price, handle_constituents, handle_adl_risk, handle_trading_schedule; /* holders.c */
handler_fn handle_asset_index;                                                            /* asset_index.c */

/* weights that depend on parameters */
uint32_t weigh_depth(const call_t *call);
uint32_t weigh_klines(const call_t *call);
uint32_t weigh_symbol_1_40(const call_t *call); /* 1 with a symbol, 40 for all */
uint32_t weigh_symbol_1_10(const call_t *call);
uint32_t weigh_symbol_20_50(const call_t *call);
uint32_t weigh_symbol_1_2(const call_t *call);
uint32_t weigh_symbol_2_5(const call_t *call);

/* Reads and places one order out of the call's parameters; writes the reply. Shared by single, batch and WS API. */
typedef enum { TRADE_REAL, TRADE_TEST } trade_mode_t;
void trade_place(call_t *call, trade_mode_t mode);
void trade_amend(call_t *call);
void trade_cancel(call_t *call);

/* Of one symbol: which of its orders, or conditional ones, of all times are asked for; id_name is the parameter of the first id. */
bool trade_read_history(call_t *call, const char *id_name, venue_select_t *select, uint32_t *limit);
void trade_write_all_cancelled(call_t *call);
