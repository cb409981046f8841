/* market_rules.h: trading rules and leverage brackets of instruments, from a file in the form of market/rules.json.
 *
 * {"symbols":{"BTCUSDT":{"tick_size","step_size","min_price","max_price","min_qty","max_qty","leverage_brackets":[{"bracket","initialLeverage","notionalCap",
 * "notionalFloor","maintMarginRatio","cum"}]}}}; also "min_notional", "market_max_qty", "funding_interval_hours" where known (8).
 * Numbers may be texts or JSON numbers. Spot symbols stand beside them, {"spot":{"BTCUSDT":{"tick_size","step_size",..}}}, with the
 * same names, no brackets and no funding. Names beside "symbols" and "spot" are notes.
 */
#pragma once

#include "core/market/instrument.h"

enum { RULES_MAX = 64, RULES_ERROR_MAX = 512, RULES_QUOTES_MAX = 128 };

typedef struct {
    uint32_t count;
    instrument_t items[RULES_MAX];
    uint32_t spot_count;
    instrument_t spot[RULES_MAX]; /* 0: not said */
} market_rules_t;

/* Reads the file. RESULT_NOT_FOUND, RESULT_MALFORMED, RESULT_FIELD_MISSING ...: `error` names file, line, symbol and field. */
result_t market_rules_read(const char *path, market_rules_t *rules, char error[RULES_ERROR_MAX]);

/* The rules of a symbol; when the file does not know it, sane ones of a small coin (tick by the order of `price`, 20x at most).
 * False then. */
bool market_rules_find(const market_rules_t *rules, const char *symbol, dec_t price, instrument_t *out);

/* Turns a contract's rules into those of a spot symbol of the same name: what the file says of it, else tick and step by the order
 * of its price, as the exchange's are (BTCUSDT 0.01 and 0.00001), NOTIONAL 5, PERCENT_PRICE_BY_SIDE 5 and 0.2. */
void market_rules_spot(const market_rules_t *rules, dec_t price, instrument_t *out);

/* What a contract of this name begins with: names, band, fees; the symbol is empty when it is too long, its quote when it ends in
 * none of market_rules_quotes ("USDT, USDC, .."). */
instrument_t market_rules_empty(str_t symbol);
void market_rules_quotes(char text[RULES_QUOTES_MAX]);
