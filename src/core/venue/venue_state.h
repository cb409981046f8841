/* venue_state.h: the inside of the venue: one block, tables at offsets, indices instead of pointers. Only files of this folder
 * include it.
 *
 * A book side is a ladder (ladder.h): price levels in a skip list, best first. A level carries the street's displayed quantity and
 * a first-in first-out queue of account orders. Trigger prices of algo orders stand in ladders of the same kind. Everything that
 * was allocated sits in pools with free lists; records are zeroed when taken, so that equal histories give equal bytes.
 */
#pragma once

#include <string.h>

#include "core/base/assert.h"
#include "core/base/hash.h"
#include "core/base/time.h"
#include "core/venue/venue_cold.h"
#include "core/venue/venue_records.h"

typedef enum { EXPIRY_ORDER, EXPIRY_ALGO, EXPIRY_COUNTDOWN } expiry_kind_t;

/* Offsets of the tables from the start of the block. */
typedef struct {
    uint64_t assets, instruments, accounts, balances, slots, slot_places, orders, order_links, order_rares, order_buckets,
        client_buckets, order_ends, algos, algo_buckets, algo_client_buckets, levels, towers, heap, fills, incomes, trades,
        fundings, klines, spots, lists, tiers, changes, figures, figure_bars, interests, held, end;
} layout_t;

typedef struct {
    int64_t time_ns;
    uint32_t index, kind; /* expiry_kind_t */
} expiry_t;

struct venue {
    venue_bounds_t bounds;
    layout_t layout;
    int64_t now_ns, event_ns; /* event_ns: time of what happens now, never falls */
    uint64_t seed, events, order_ids, algo_ids, income_ids, fok_rounds, tower_state;
    uint64_t private_events; /* of `events`, those that concern one account */
    int64_t maker8, taker8;
    int64_t fee_keep8;       /* share of a fee that is left when it is paid in the fee asset */
    uint32_t fee_asset;      /* VENUE_NIL: none */
    int64_t interest_due_ns; /* when who holds what is written down next; INT64_MAX: never */
    int64_t tiers_due_ns;    /* when the traded volumes are looked at next; INT64_MAX: nobody earns his tier */
    uint32_t leverage, orders_max, algos_max;
    uint32_t asset_count, instrument_count, account_count;
    uint32_t joint_head; /* accounts in multi-assets mode; VENUE_NIL: none */
    int64_t insurance_start8;
    uint64_t change_count; /* ever noted; a ring */
    uint32_t slot_used;
    uint32_t order_free, order_used, order_open;
    uint32_t algo_free, algo_used, algo_open;
    uint32_t level_free, level_used;
    uint32_t heap_count;
    uint32_t order_mask, algo_mask;
    uint32_t order_tags; /* the bits of a hash that an order's entry in a chain carries (venue_index.c) */
    uint32_t order_capacity, algo_capacity, level_capacity;
    /* spot */
    uint64_t list_ids, prevented_ids;
    uint32_t dirty_head; /* accounts whose balances an event has to tell */
    uint32_t due_head;   /* lists whose pending legs have to be placed */
    venue_event_t event; /* the one going out; zero between two */
    venue_event_t order_event;
};

/* --- tables ----------------------------------------------------------------------------------- */

#define VENUE_TABLE(name, type)                                                                                                    \
    static inline type *name##_table(const venue_t *venue)                                                                         \
    {                                                                                                                              \
        return (type *)(void *)((unsigned char *)(uintptr_t)venue + venue->layout.name);                                           \
    }
VENUE_TABLE(assets, asset_rec_t)
VENUE_TABLE(instruments, instrument_rec_t)
VENUE_TABLE(accounts, account_rec_t)
VENUE_TABLE(balances, balance_rec_t)
VENUE_TABLE(slots, slot_t)
VENUE_TABLE(slot_places, uint32_t)
VENUE_TABLE(orders, order_rec_t)
VENUE_TABLE(order_links, order_links_t)
VENUE_TABLE(order_rares, order_rare_t)
VENUE_TABLE(order_buckets, uint32_t)
VENUE_TABLE(client_buckets, uint32_t)
VENUE_TABLE(order_ends, ended_row_t)
VENUE_TABLE(algos, algo_rec_t)
VENUE_TABLE(algo_buckets, uint32_t)
VENUE_TABLE(algo_client_buckets, uint32_t)
VENUE_TABLE(levels, level_node_t)
VENUE_TABLE(towers, tower_t)
VENUE_TABLE(heap, expiry_t)
VENUE_TABLE(fills, fill_row_t)
VENUE_TABLE(incomes, income_row_t)
VENUE_TABLE(trades, trade_row_t)
VENUE_TABLE(fundings, venue_funding_t)
VENUE_TABLE(klines, kline_rec_t)
VENUE_TABLE(spots, spot_rec_t)
VENUE_TABLE(lists, list_rec_t)
VENUE_TABLE(tiers, tier_rec_t)
VENUE_TABLE(changes, venue_change_t)
VENUE_TABLE(figures, figures_rec_t)
VENUE_TABLE(figure_bars, figure_bar_t)
VENUE_TABLE(interests, interest_rec_t)
VENUE_TABLE(held, uint64_t)
#undef VENUE_TABLE

static inline instrument_rec_t *instrument_of(const venue_t *venue, uint32_t id)
{
    return &instruments_table(venue)[id];
}
static inline account_rec_t *account_of(const venue_t *venue, uint32_t id)
{
    return &accounts_table(venue)[id];
}
static inline order_rec_t *order_of(const venue_t *venue, uint32_t index)
{
    return &orders_table(venue)[index];
}

static inline order_links_t *links_of(const venue_t *venue, uint32_t index)
{
    return &order_links_table(venue)[index];
}

/* `own` when there is no neighbour, else `neighbours`: a list's end or the record beside. Without a jump, which would be guessed
 * wrong every other time, and only after the wait for the record that says so. */
static inline uint32_t *link_place(uint32_t neighbour, uint32_t *own, uint32_t *neighbours)
{
    uintptr_t mask = (uintptr_t)0 - (uintptr_t)(neighbour == VENUE_NIL);
    return (uint32_t *)(((uintptr_t)own & mask) | ((uintptr_t)neighbours & ~mask));
}

/* To be read. */
static inline const order_rare_t *order_rare(const venue_t *venue, const order_rec_t *order)
{
    static const order_rare_t nothing = {.gtd_at = VENUE_NIL};
    return order->has_rare ? &order_rares_table(venue)[order - orders_table(venue)] : &nothing;
}

/* To be written. */
order_rare_t *order_rare_make(const venue_t *venue, order_rec_t *order);

/* Asks for the lines of a record that is about to be read, so that the waits for memory overlap. */
static inline void lines_wanted(const void *record, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += 64) {
        __builtin_prefetch((const unsigned char *)record + at, 1);
    }
}

static inline algo_rec_t *algo_of(const venue_t *venue, uint32_t index)
{
    return &algos_table(venue)[index];
}
static inline spot_rec_t *spot_of(const venue_t *venue, uint32_t order)
{
    return &spots_table(venue)[order];
}
static inline list_rec_t *list_of(const venue_t *venue, uint32_t index)
{
    return &lists_table(venue)[index];
}
static inline bool is_spot(const instrument_rec_t *instrument)
{
    return instrument->spot != 0;
}
static inline slot_t *slot_of(const venue_t *venue, uint32_t index)
{
    return &slots_table(venue)[index];
}
static inline level_node_t *level_of(const venue_t *venue, uint32_t index)
{
    return &levels_table(venue)[index];
}
static inline tower_t *tower_of(const venue_t *venue, uint32_t level)
{
    return &towers_table(venue)[level];
}
static inline asset_rec_t *asset_of(const venue_t *venue, uint32_t id)
{
    return &assets_table(venue)[id];
}
static inline balance_rec_t *balance_of(const venue_t *venue, uint32_t account, uint32_t asset)
{
    return &balances_table(venue)[(size_t)account * venue->bounds.assets + asset];
}

/* --- best prices ------------------------------------------------------------------------------ */

static inline int64_t best_price8(const venue_t *venue, const instrument_rec_t *instrument, venue_side_t side)
{
    uint32_t first = instrument->books[side].head[0].to;
    if (first == VENUE_NIL) {
        return 0;
    }
    int64_t key = level_of(venue, first)->key;
    return side == VENUE_BUY ? -key : key;
}

static inline int64_t book_key(venue_side_t side, int64_t price8)
{
    return side == VENUE_BUY ? -price8 : price8;
}
static inline venue_side_t other_side(venue_side_t side)
{
    return side == VENUE_BUY ? VENUE_SELL : VENUE_BUY;
}
