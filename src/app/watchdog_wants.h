/* watchdog_wants.h: whose prices the watchdog follows.
 *
 * Everything with an open trade or a working order, in force or not; behind that every symbol in force that the exchange lists. A
 * symbol that is neither is let go. There is no bound below the number of instruments that a journal can name, so nothing that is
 * open is ever left out for another.
 */
#pragma once

#include "core/engine/order_half.h"
#include "edge/config/config.h"
#include "edge/exchange/binance/feed.h"

typedef struct {
    uint32_t count, open;     /* the first `open` have a trade or an order */
    uint32_t in_force;        /* of those that are listed */
    instrument_id_t unlisted; /* one of these that the exchange no longer lists; INSTRUMENT_NONE: none */
    feed_want_t items[INSTRUMENT_MAX];
} watchdog_wants_t;

/* `listed` by instrument id: its rules were told in this run. NULL: none were told yet, every one is taken for listed. */
void watchdog_wants_choose(const order_half_t *half, const config_t *config, const tickers_t *tickers,
                           const bool listed[INSTRUMENT_MAX], watchdog_wants_t *wants);
