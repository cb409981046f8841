/* live_model.h: what the live view and the summary show, gathered from the JSON that each process answers to "view".
 *
 * Money stays text as the owner wrote it: this side only shows it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"

enum {
    LIVE_TEXT_MAX = 48,
    LIVE_PRICES_MAX = 24,
    LIVE_POSITIONS_MAX = 16,
    LIVE_ORDERS_MAX = 24,
    LIVE_SIGNALS_MAX = 8,
    LIVE_PROCESSES_MAX = 8,
};

typedef char live_text_t[LIVE_TEXT_MAX];

typedef struct {
    live_text_t symbol, price, change;
} live_price_t;
typedef struct {
    live_text_t symbol, side, quantity, entry, mark, stop, target, pnl, state;
} live_position_t;
typedef struct {
    live_text_t symbol, leg, side, type, price, quantity, state;
} live_order_t;
typedef struct {
    live_text_t time, symbol, side, kind, strategy, entry, confidence, verdict; /* kind: entry, exit */
    int64_t number;
} live_signal_t;
typedef struct {
    live_text_t role, state, detail;
    int64_t pid, restarts;
} live_process_t;

typedef struct {
    /* from the watchdog */
    live_text_t equity, realised, fees, funding, unrealised, venue_time;
    int64_t venue_ns;
    int64_t orders, fills, trades_closed, refused, kill_level;
    int64_t unprotected_now_ms, unprotected_ms_max;
    bool reconciled; /* before that the account is not known */
    bool entries_allowed;
    uint32_t position_count, order_count;
    live_position_t positions[LIVE_POSITIONS_MAX];
    live_order_t order_rows[LIVE_ORDERS_MAX];
    /* from the monitor */
    bool monitor_told;               /* it has answered */
    int64_t signals, signals_before; /* made in all, and before the start of the monitor that answered first */
    uint32_t price_count, signal_count;
    live_price_t prices[LIVE_PRICES_MAX];
    live_signal_t signal_rows[LIVE_SIGNALS_MAX]; /* newest first */
    /* from the exchange and the supervisor */
    int64_t venue_hours;
    live_text_t pace;
    bool paused;
    uint32_t process_count;
    live_process_t processes[LIVE_PROCESSES_MAX];
} live_model_t;

/* Each reads one reply into its part of the model; a malformed reply leaves the model as it was. */
result_t live_model_read_watchdog(live_model_t *model, str_t json);
result_t live_model_read_monitor(live_model_t *model, str_t json);
