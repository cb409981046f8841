/* decode_public.h: REST replies of Binance USD-M about the market: rules, brackets, klines, mark price, time. Strictness as in
 * decode_private.h. */
#pragma once

#include "core/market/candle.h"
#include "core/market/event.h"
#include "core/market/instrument.h"
#include "edge/exchange/binance/decode_private.h"
#include "edge/exchange/budget.h"

result_t binance_decode_time(str_t body, int64_t *venue_ms, binance_detail_t *detail); /* /time */

/* /exchangeInfo: every symbol with contractType PERPETUAL, TRADIFI_PERPETUAL or a quarter goes to `each` with its rules from the
 * filters (decorative fields are ignored; an unknown status word gives INSTRUMENT_UNKNOWN; brackets are not in here). A symbol
 * whose rules are incomplete or contradict themselves is counted in `refused` and left out: never guessed. */
typedef struct {
    int64_t server_ms;
    budget_limits_t limits; /* from rateLimits; zeros where not given */
    uint32_t taken, refused;
    char first_refused[SYMBOL_TEXT_MAX];
} binance_exchange_info_t;

typedef void binance_instrument_fn(void *context, const instrument_t *instrument);
result_t binance_decode_exchange_info(str_t body, binance_exchange_info_t *out, binance_instrument_fn *each, void *context,
                                      binance_detail_t *detail);

/* /leverageBracket, a list or one object: sets brackets of the instruments already in the table (others are skipped), whole or not
 * at all. */
result_t binance_decode_leverage_brackets(str_t body, instrument_table_t *table, uint32_t *taken, binance_detail_t *detail);

/* /klines: arrays, oldest first. A bar whose close time lies after venue_ms is still open: closed = false. Each bar is checked
 * (candle_check); RESULT_OUT_OF_ORDER when the open times do not rise. */
typedef void binance_candle_fn(void *context, const candle_t *candle);
result_t binance_decode_klines(str_t body, timeframe_t timeframe, int64_t venue_ms, binance_candle_fn *each, void *context,
                               binance_detail_t *detail);

/* /premiumIndex of one symbol. */
result_t binance_decode_premium_index(str_t body, mark_t *mark, int64_t *time_ms, binance_detail_t *detail);
