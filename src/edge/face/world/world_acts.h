/* world_acts.h: what befalls a simulated world beside the commands of its clients: faults of market, accounts and venue
 * (core/venue/venue_fault.h), new trading rules, money moved. Written to the input log like every command, so a restart knows them.
 */
#pragma once

#include "core/venue/venue_fault.h"
#include "edge/face/world/world.h"

/* Values stand in the log: never renumbered. */
typedef enum {
    WORLD_PRICE_JUMP = 1,    /* amount: the price of one trade */
    WORLD_PRICE_SCALE,       /* amount: factor; candles: from the first bar not yet laid out; recordings: RESULT_UNSUPPORTED */
    WORLD_FILL_NOW,          /* account, id or text (client id), amount: share */
    WORLD_STOPS,             /* number: venue_stop_fate_t; silent: nobody is told */
    WORLD_LIQUIDATE,         /* account */
    WORLD_DELEVERAGE,        /* account, amount: share */
    WORLD_RENAME,            /* text: the new symbol */
    WORLD_TRANSFER,          /* account, amount (signed), text: asset */
    WORLD_FUNDING,           /* amount: rate of the next funding */
    WORLD_STREET,            /* amount: share of the usual liquidity, 1: as usual */
    WORLD_ALGO_NOW,          /* account, id or text: the conditional order is triggered */
    WORLD_FEE_ASSET,         /* account; number: on or off; text: asset; amount: discount. RESULT_NOT_FOUND: nothing prices it */
    WORLD_CANCEL_EVERYTHING, /* account: all orders and conditional orders of the instrument */
} world_act_kind_t;

typedef struct {
    uint32_t kind; /* world_act_kind_t */
    venue_account_t account;
    instrument_id_t instrument;
    uint16_t silent;
    uint32_t number;
    uint64_t id;
    dec_t amount;
    char text[CLIENT_ID_MAX];
} world_act_t;

/* Number of orders it happened to in *count (may be NULL; WORLD_STOPS and WORLD_CANCEL_EVERYTHING). RESULT_NOT_FOUND,
 * RESULT_BAD_ARGUMENT, RESULT_BAD_STATE, RESULT_UNSUPPORTED: nothing happened. RESULT_IO, RESULT_DISK_FULL: not written. */
result_t world_act(world_t *world, const world_act_t *act, uint32_t *count);

/* New filters or brackets of an instrument, from now on. */
result_t world_rules_set(world_t *world, instrument_id_t instrument, const instrument_t *rules);

/* The orders placed until this is said again are accepted and expired by the venue right after (venue_place_t.doomed). */
typedef enum { WORLD_ORDERS_LIVE, WORLD_ORDERS_DOOMED } world_doom_t;
void world_doom(world_t *world, world_doom_t doom);
