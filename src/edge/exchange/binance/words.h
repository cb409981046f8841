/* words.h: the venue's words for what core has enumerations for, in one place, both ways. */
#pragma once

#include "core/base/str.h"
#include "core/market/instrument.h"
#include "core/order/private_event.h"

/* Contract status -> ours; a word that is not known gives INSTRUMENT_UNKNOWN (frozen). */
instrument_status_t binance_contract_status(str_t word);

/* Order and algo status -> ours; PRIVATE_STATUS_UNKNOWN for a word that is not known. */
private_status_t binance_order_status(str_t word);

/* 0 for a word that we have no use for (TRAILING_STOP_MARKET, LIQUIDATION, ...). */
order_type_t binance_order_type(str_t word);

/* 0 when not known. */
order_side_t binance_side(str_t word);
position_key_t binance_position_key(str_t word);

reduce_t binance_reduce(bool close_position, bool reduce_only);

/* Who placed an order, by the client id: the venue's own closing orders bear special ones. */
order_owner_t binance_owner(str_t client_id);

/* incomeType of /income and m of ACCOUNT_UPDATE; INCOME_OTHER for words without a row of their own. */
income_kind_t binance_income_kind(str_t word);

/* What goes out. */
const char *binance_order_type_word(order_type_t type);
const char *binance_tif_word(time_in_force_t tif);
