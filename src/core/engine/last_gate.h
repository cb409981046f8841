/* last_gate.h: what the process that holds the keys lets out, judged anew and trusting nobody upstream: a fault in the order half
 * meets the same limits here. And what it does by itself when the kill switch is thrown and nobody else is there.
 *
 * Exits and cancels always pass: a limit must never keep anybody from leaving a position. Entries meet the kill level, the list of
 * instruments, the rate of placements and the notional cap of one symbol; leverage meets its limit.
 */
#pragma once

#include "core/engine/order_half.h"
#include "core/risk/limits.h"

enum { LAST_GATE_WINDOW_MAX = 4096 /* placements remembered for the rate limit */ };

/* The intent numbers in client ids of orders that the holder of the keys made by itself: far above those of any journal, so that no
 * id is ever made twice and everybody can tell whose they are. */
#define LAST_GATE_INTENTS_FROM (UINT64_C(1) << 62)

typedef struct {
    int64_t placed_ns[LAST_GATE_WINDOW_MAX]; /* ring of entries let through; 0: none */
    uint32_t placed_next;
    uint64_t passed, refused;
} last_gate_t; /* starts as zeros */

/* True when the action may leave; an entry is then counted. Otherwise *reply says why, in the venue's stead (REPLY_NEVER_SENT). */
bool last_gate_pass(last_gate_t *gate, const risk_config_t *limits, const instrument_table_t *table, uint32_t kill_level,
                    int64_t now_ns, const order_action_t *action, order_reply_t *reply);

/* The kill switch without an order half, from level 2 on: true when this order is an entry of ours; *cancel takes it away. Orders
 * that are not ours are left alone. */
bool last_gate_sweep_order(uint32_t kill_level, const private_order_t *order, order_action_t *cancel);

/* At level 4: true when there is something to close; *close does it at market and can never turn the position round. The caller
 * gives numbers and the client id. */
bool last_gate_sweep_position(uint32_t kill_level, const private_position_t *position, order_action_t *close);
