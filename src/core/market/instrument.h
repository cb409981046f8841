/* instrument.h: what can be traded and by which rules, and the table that gives each a small number.
 *
 * Everything in the core names an instrument by its index in one instrument_table_t; text names stand at the edges. Rules come from
 * the venue (never guessed): an instrument without rules cannot be traded.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/base/str.h"

enum {
    INSTRUMENT_MAX = 1024, /* instruments in one table */
    INSTRUMENT_BRACKETS_MAX = 16,
    SYMBOL_TEXT_MAX = 32, /* venue symbol with NUL */
    ASSET_TEXT_MAX = 16,
    UNIFIED_TEXT_MAX = 64, /* BINANCE_BTC_USDT with NUL */
};

typedef uint16_t instrument_id_t;
#define INSTRUMENT_NONE ((instrument_id_t)0xFFFF)

typedef enum {
    INSTRUMENT_PENDING, /* listed, not yet trading */
    INSTRUMENT_TRADING,
    INSTRUMENT_HALTED,  /* no matching, cancels allowed */
    INSTRUMENT_CLOSED,  /* settled or delisted */
    INSTRUMENT_UNKNOWN, /* a status word we do not know: frozen */
} instrument_status_t;

typedef enum { INSTRUMENT_SPOT, INSTRUMENT_PERPETUAL, INSTRUMENT_DELIVERY } instrument_kind_t;

/* One step of the venue's leverage table: position notional in [notional_floor, notional_cap). */
typedef struct {
    uint32_t leverage_max;
    dec_t notional_floor;
    dec_t notional_cap;
    dec_t maintenance_rate; /* fraction: 0.004 */
    dec_t maintenance_cum;  /* maintenance margin = notional * rate - cum */
} leverage_bracket_t;

typedef struct {
    char venue[ASSET_TEXT_MAX];   /* "BINANCE" */
    char symbol[SYMBOL_TEXT_MAX]; /* as the venue writes it: "BTCUSDT" */
    char base[ASSET_TEXT_MAX];
    char quote[ASSET_TEXT_MAX];
    char settle[ASSET_TEXT_MAX]; /* currency of profit and margin */
    instrument_kind_t kind;
    instrument_status_t status;
    dec_t tick_size;
    dec_t price_min, price_max; /* 0: no bound */
    dec_t lot_step;
    dec_t quantity_min, quantity_max;
    dec_t market_step, market_quantity_min, market_quantity_max;
    dec_t notional_min;
    dec_t band_up, band_down; /* PERCENT_PRICE multipliers on mark: 1.05, 0.95; 0: no bound */
    dec_t contract_size;      /* base units a contract; 1 for USD-M */
    dec_t trigger_protect;    /* fraction, 0: none */
    dec_t liquidation_fee;    /* fraction of notional */
    uint32_t bracket_count;
    uint32_t funding_hours; /* between payments of a perpetual, a divisor of 24; 0: the usual 8 */
    leverage_bracket_t brackets[INSTRUMENT_BRACKETS_MAX]; /* ascending floors */
} instrument_t;

enum { INSTRUMENT_SLOTS = 2 * INSTRUMENT_MAX };

/* An empty table is all zero bytes. */
typedef struct {
    uint32_t count;
    uint16_t slots[INSTRUMENT_SLOTS]; /* hash index by symbol: id + 1; 0 is free */
    instrument_t items[INSTRUMENT_MAX];
} instrument_table_t;

/* RESULT_OK, or what the rules of one instrument lack: RESULT_TEXT_EMPTY, RESULT_TEXT_TOO_LONG, RESULT_TEXT_BAD_CHARACTER (names),
 * RESULT_BAD_ARGUMENT (tick or step <= 0, min > max, brackets that do not ascend and the like). */
result_t instrument_check(const instrument_t *instrument);

/* Adds or replaces by (venue, symbol, kind), case-insensitive. Errors of instrument_check, and RESULT_FULL; the table is unchanged
 * then. *id is the index that never changes again. */
result_t instrument_table_put(instrument_table_t *table, const instrument_t *instrument, instrument_id_t *id);

/* NULL when the id is not in the table. */
const instrument_t *instrument_table_at(const instrument_table_t *table, instrument_id_t id);

/* By the venue's own symbol, case-insensitive, in constant time; INSTRUMENT_NONE if not there or borne by more than one. */
instrument_id_t instrument_find_symbol(const instrument_table_t *table, str_t symbol);

/* Any spelling: BTCUSDT, btcusdt, BTC/USDT, BTC/USDT:USDT, BTC-USDT, BTC_USDT, BTCUSDT.P, BTC-USDT-SWAP, BINANCE:BTCUSDT,
 * BINANCE_BTC_USDT, BINANCE_BTC_USDT_PERP. Where spot and a derivative bear it, a spelling that says neither means spot, as in
 * every stored record; the bare venue symbol then means nothing. INSTRUMENT_NONE if no or no single instrument bears it. */
instrument_id_t instrument_find(const instrument_table_t *table, str_t spelling);

/* What follows the last underscore of a delivery contract's symbol: its date (BTCUSDT_260327). Empty for other kinds, or without
 * one. */
str_t instrument_delivery_date(const instrument_t *instrument);

/* The venue-prefixed form kept in every stored record: BINANCE_BTC_USDT, with _PERP only where spot and perpetual of one venue both
 * stand in the table; delivery contracts end in their date (BINANCE_BTC_USDT_260327). instrument_find leads back to the same id. */
void instrument_unified(const instrument_table_t *table, instrument_id_t id, char text[UNIFIED_TEXT_MAX]);

/* Bracket of a position notional (>= 0; exactly the last cap still counts); NULL when it is negative, above the last cap, or the
 * table is empty. */
const leverage_bracket_t *instrument_bracket(const instrument_t *instrument, dec_t notional);

const char *instrument_status_text(instrument_status_t status);
