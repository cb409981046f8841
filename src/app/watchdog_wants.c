/* watchdog_wants.c: see watchdog_wants.h; and when the wish is looked at again. */
#include "app/watchdog_wants.h"

#include <stdio.h>
#include <string.h>

#include "app/rules.h"
#include "app/watchdog_state.h"
#include "core/base/time.h"

/* --- the choice ------------------------------------------------------------------------------- */

static void want(watchdog_wants_t *wants, bool *wanted, instrument_id_t id)
{
    if (wanted[id])
        return;
    wanted[id] = true;
    wants->items[wants->count++] = (feed_want_t){.instrument = id, .streams = FEED_QUOTE | FEED_TRADE | FEED_MARK};
}

static void want_open(const order_half_t *half, watchdog_wants_t *wants, bool *wanted)
{
    trade_view_t trade;
    order_view_t order;
    for (uint32_t i = 0; order_half_trade(half, i, &trade); i++)
        want(wants, wanted, trade.instrument);
    for (uint32_t i = 0; order_half_order(half, i, &order); i++) {
        if (order_state_is_live(order.state))
            want(wants, wanted, order.spec.instrument);
    }
    wants->open = wants->count;
}

void watchdog_wants_choose(const order_half_t *half, const config_t *config, const tickers_t *tickers,
                           const bool listed[INSTRUMENT_MAX], watchdog_wants_t *wants)
{
    const instrument_table_t *table = order_half_instruments(half);
    bool wanted[INSTRUMENT_MAX] = {false};
    memset(wants, 0, sizeof *wants);
    want_open(half, wants, wanted);
    wants->unlisted = INSTRUMENT_NONE;
    for (uint32_t i = 0; i < wants->open; i++) {
        if (listed && !listed[wants->items[i].instrument])
            wants->unlisted = wants->items[i].instrument;
    }
    for (instrument_id_t id = 0; id < table->count; id++) {
        if ((listed && !listed[id]) || !rules_in_force(config, tickers, table->items[id].symbol))
            continue;
        wants->in_force++;
        want(wants, wanted, id);
    }
}

/* --- when ------------------------------------------------------------------------------------- */

static void tell(watchdog_t *watchdog, const watchdog_wants_t *wants, result_t result)
{
    char text[HEALTH_TEXT_MAX] = "";
    const instrument_t *unlisted = instrument_table_at(order_half_instruments(watchdog->half), wants->unlisted);
    if (result != RESULT_OK)
        (void)snprintf(text, sizeof text, "the prices of %u symbols, %u with trades, cannot be followed: %s", wants->count,
                       wants->open, result_text(result));
    else if (unlisted)
        (void)snprintf(text, sizeof text, "%s has a trade and the exchange lists it no more: look there yourself",
                       unlisted->symbol);
    if (text[0] != '\0' && strcmp(text, watchdog->wants_trouble) != 0)
        log_write(LOG_ERROR, LOG_EVENT_STREAM_LOST, NULL, text, NULL, 0);
    memcpy(watchdog->wants_trouble, text, sizeof text);
    health_check_set(&watchdog->role.health, "prices", text[0] == '\0' ? HEALTH_OK : HEALTH_DEGRADED, text,
                     role_now_ns(&watchdog->role));
    health_check_set(&watchdog->role.health, "rules", wants->in_force > 0 ? HEALTH_OK : HEALTH_DEGRADED,
                     wants->in_force > 0 ? "" : "the exchange lists no symbol that is in force: nothing is entered",
                     role_now_ns(&watchdog->role));
}

void watchdog_market_want(watchdog_t *watchdog)
{
    static tickers_t tickers; /* large; one loop, one thread */
    static watchdog_wants_t wants;
    watchdog->wants_due = false;
    watchdog->wants_looked_ns = loop_now_ns(watchdog->role.loop);
    if (!watchdog->feed || config_tickers(watchdog->role.config, &tickers) != RESULT_OK)
        return;
    watchdog_wants_choose(watchdog->half, config_current(watchdog->role.config), &tickers,
                          watchdog->resumed ? watchdog->listed : NULL, &wants);
    const size_t size = wants.count * sizeof wants.items[0];
    result_t result = RESULT_OK;
    if (wants.count != watchdog->want_count || memcmp(wants.items, watchdog->wants, size) != 0)
        result = feed_want(watchdog->feed, wants.items, wants.count);
    if (result == RESULT_OK) {
        watchdog->want_count = wants.count;
        memcpy(watchdog->wants, wants.items, size);
    }
    if (watchdog->resumed)
        tell(watchdog, &wants, result);
}

void watchdog_market_look(watchdog_t *watchdog)
{
    const int64_t every_ns = config_current(watchdog->role.config)->operation.batch_interval_ns;
    if (watchdog->wants_due || loop_now_ns(watchdog->role.loop) - watchdog->wants_looked_ns >= every_ns)
        watchdog_market_want(watchdog);
}
