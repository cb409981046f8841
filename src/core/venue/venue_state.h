/* venue_state.h: the inside of the venue: one block, tables at offsets, indices instead of pointers. Only files of this folder
 * include it.
 *
 * Units: venue_number.h.
 *
 * A book side is a ladder (ladder.h): price levels in a skip list, best first. A level carries the street's displayed quantity and
 * a first-in first-out queue of account orders. Trigger prices of algo orders stand in ladders of the same kind. Everything that
 * was allocated sits in pools with free lists; records are zeroed when taken, so that equal histories give equal bytes.
 */
#pragma once

#include <string.h>

#include "core/base/assert.h"
#include "core/base/hash.h"
#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/venue/client_id.h"
#include "core/venue/venue.h"
#include "core/venue/venue_cold.h"
#include "core/venue/venue_number.h"

#define VENUE_NIL UINT32_MAX
#define VENUE_ALGO_IDS                                                                                                             \
    UINT64_C(1000000000000000) /* conditional orders are numbered from here on, as at the exchange: never an order's number */

enum {
    VENUE_ASSETS_MAX = 64,
    VENUE_TOWER_MAX = 7, /* skip list height: 4^7 levels */
    VENUE_NEAR_LEVELS = 4096,
    VENUE_KNOTS_MAX = 17,
    VENUE_CHANGES_MAX = 1024, /* depth changes a side gathered before an event goes out */
    VENUE_BARS_MAX = 2,
};

/* --- ladders ---------------------------------------------------------------------------------- */

/* A link knows the key of the node it leads to: a search visits only the nodes it passes. */
typedef struct {
    int64_t key;
    uint32_t to;   /* VENUE_NIL: the end */
    uint32_t from; /* the node before its own on this floor; VENUE_NIL: none */
} link_t;

/* One cache line: what an order that comes or goes changes. */
typedef struct {
    _Alignas(64) int64_t key; /* ascending = better first: price8, or -price8 on bids and falling triggers */
    int64_t street8;          /* displayed by the street */
    int64_t traded8;          /* stream: traded here since the street's last word about this level */
    int64_t users8;           /* open quantity of account orders */
    uint32_t head, tail;      /* queue of orders or algo orders */
    uint32_t count : 29;      /* in it */
    uint32_t height : 3;
    uint32_t near_next; /* the next one of those that meet in `near` */
    link_t next;
} level_node_t;

_Static_assert(sizeof(level_node_t) == 64 && VENUE_TOWER_MAX < 8, "a level is one cache line");

/* Links of the floors above the ground: three of four levels have none. */
typedef struct {
    link_t next[VENUE_TOWER_MAX - 1];
} tower_t;

/* `near` finds the level of a key, or that there is none, without a search: slot = steps of the key modulo its size; those that
 * meet there are a chain, the newest first. The first cache line is what most orders need: the best level and the way to `near`. */
typedef struct {
    _Alignas(64) int64_t step; /* distance of neighbouring keys: the tick */
    uint64_t steps;            /* times a key without its `shift` lowest bits: how many steps it is, modulo 2^64 */
    uint32_t shift;            /* twos in the step */
    uint32_t count;
    link_t head[VENUE_TOWER_MAX];
    _Alignas(64) uint32_t near[VENUE_NEAR_LEVELS];
} ladder_t;

/* --- orders ----------------------------------------------------------------------------------- */

/* An order stands in three tables at the same index, by who looks at it. A busy venue has more orders than the caches hold, and
 * what its neighbours do to an order, four to six times as often as it is looked at itself, is in the small table that they do. */

/* Two cache lines, side by side: what a command does to the order itself; and besides what events tell. */
typedef struct {
    _Alignas(128) uint64_t id;
    int64_t price8, quantity8, filled8;
    cost16_t quote16; /* filled price * quantity */
    uint32_t account, slot, level;
    uint16_t instrument;
    uint8_t side, position_side;

    _Alignas(64) int64_t time_ns;
    int64_t update_ns;
    char client_id[CLIENT_ID_ROOM];
    uint8_t type, orig_type, tif, status, expiry, stp, match;
    uint8_t working : 1, reduce_only : 1, closing : 1, close_position : 1, price_protect : 1, open : 1, has_rare : 1,
        iceberg : 1; /* iceberg: spot_rec_t.shown8 */
} order_rec_t;

_Static_assert(sizeof(order_rec_t) == 128 && offsetof(order_rec_t, time_ns) == 64, "an order is two cache lines");

typedef struct {
    uint32_t queue_prev, queue_next; /* in the level; queue_next is the free list */
    uint32_t slot_prev, slot_next;   /* open orders of the slot */
    uint32_t chain_next[2];          /* hash chains by id and by client id (venue_index.c) */
    uint32_t client_hash;
    uint32_t amendments;
} order_links_t;

_Static_assert(sizeof(order_links_t) == 32, "two orders' links are one cache line");

/* What most orders have nothing of. Means nothing as long as `has_rare` is not set. */
typedef struct {
    int64_t good_till_ns;
    int64_t trigger8, activate8, callback8; /* of the algo order it came from; trigger8: also a spot order's stop price */
    uint64_t algo_id, modify_id;
    int64_t ahead8;  /* stream: street quantity in front of us at our price */
    uint32_t algo;   /* while that order waits for this one's end; 0: none, else 1 + its index */
    uint32_t gtd_at; /* place in the expiry heap, VENUE_NIL: none */
} order_rare_t;

/* Finished orders of an account, a ring, with as much of their ids as finding one needs. */
typedef struct {
    uint32_t index, id_low, client_hash;
} ended_row_t;

typedef struct {
    uint64_t id, actual_id;
    int64_t quantity8, price8, trigger8, activate8, callback8; /* callback8: percent */
    int64_t extreme8;                                          /* trailing: best price since active */
    int64_t time_ns, update_ns, trigger_ns, good_till_ns;
    int64_t actual_filled8;
    cost16_t actual_quote16;
    uint32_t account, slot, level;
    uint32_t queue_prev, queue_next;
    uint32_t slot_prev, slot_next;
    uint32_t account_prev, account_next;
    uint32_t history_next;
    uint32_t id_next, client_next;
    uint32_t trail_prev, trail_next; /* trailing orders of the instrument */
    uint32_t gtd_at;
    uint16_t instrument;
    uint8_t side, position_side, type, tif, status, stp, match, working, reason;
    uint8_t reduce_only, close_position, price_protect, activated, open, ladder; /* ladder: 1 + index into triggers, 0: none */
    char client_id[CLIENT_ID_MAX];
} algo_rec_t;

/* --- accounts --------------------------------------------------------------------------------- */

typedef struct {
    cost16_t open16[2];    /* by side: open, margin-bearing orders of this leg */
    int64_t amount8;       /* signed */
    int64_t order_margin8; /* this and the three below: at the present mark, what stands in the balance's sums */
    cost16_t cost16;       /* signed: quantity * entry */
    int64_t pnl8, margin8, maintenance8;
    int64_t fees8; /* paid for what is open: break-even price */
    int64_t realised8;
    int64_t update_ns;
} leg_rec_t;

/* (account, instrument): settings, legs BOTH / LONG / SHORT, open orders. What an order of the leg BOTH changes while it does not
 * trade is the first cache line. */
typedef struct {
    _Alignas(64) uint32_t order_head;
    uint32_t order_tail, order_count;
    uint8_t leverage;
    uint8_t margin : 1, held : 1; /* held: venue_held.h */
    uint16_t instrument;
    leg_rec_t legs[3];
    int64_t wallets8[3]; /* isolated margin of the legs */
    uint32_t account;
    uint32_t account_next, instrument_next;
    uint32_t algo_head, algo_tail, algo_count;
    uint32_t closing_count; /* open orders that only close */
    uint32_t countdown_at;  /* place in the expiry heap */
    int64_t countdown_ns;   /* 0: none */
    int64_t fok_used8;      /* scratch of the fill-or-kill test */
    uint64_t fok_round;
} slot_t;

_Static_assert(offsetof(slot_t, legs[0].cost16) == 64 && offsetof(slot_t, legs[1]) == 128,
               "an order that rests changes one line of its slot, one that trades two");

/* One cache line holds what orders read and change. */
typedef struct {
    _Alignas(64) int64_t cross8; /* this and the next: wallets */
    int64_t isolated8;
    int64_t pnl8, cross_pnl8;       /* sums over legs */
    int64_t margin8, cross_margin8; /* position initial margin */
    int64_t order_margin8;
    int64_t maintenance8, cross_maintenance8;
    int64_t update_ns;
    int64_t free8, locked8; /* spot */
} balance_rec_t;

/* One cache line holds what orders and their fills read and change. */
typedef struct {
    _Alignas(64) int64_t maker8; /* this and the next: rates * 10^8 */
    int64_t taker8;
    int64_t update_ns;
    uint64_t fill_count, income_count;              /* ever written; rings */
    uint32_t order_history_at, order_history_count; /* at: the row of the ring that is written next */
    uint32_t order_open;
    uint8_t mode, liquidating, restriction, leverage_bar, fee_tier;
    uint8_t fee_burn : 1, tier_earned : 1, multi_assets : 1;
    uint8_t burns_bnb, dirty; /* spot */
    uint32_t algo_open;
    uint32_t algo_head, algo_tail, algo_history_head, algo_history_tail, algo_history_count;
    uint32_t slot_head, slot_tail, slot_count;
    int64_t spot_maker8, spot_taker8, spot_update_ns;
    uint64_t changed;    /* spot balances that an event has to tell: a bit an asset */
    uint64_t list_count; /* ever made; a ring */
    uint32_t dirty_next;
    uint32_t joint_next; /* accounts in multi-assets mode */
} account_rec_t;

_Static_assert(offsetof(balance_rec_t, maintenance8) < 64 && offsetof(account_rec_t, algo_open) <= 64,
               "of an account and of its balance orders touch a line each");

/* --- market ----------------------------------------------------------------------------------- */

typedef struct {
    int64_t open_ns, end_ns;
    int64_t open8, high8, low8, close8, volume8;
    cost16_t quote16;
    int64_t knots8[VENUE_KNOTS_MAX];
    uint32_t knot_count; /* n + 1 */
    uint32_t trades;
    uint32_t timeframe, present;
} bar_path_t;

typedef struct {
    int128_t volume8, taker8; /* a day of a coin of a thousandth of a dollar is more than an int64 of 10^-8 holds */
    cost16_t quote16, taker_quote16;
    int64_t open_ns, open8, high8, low8, close8;
    uint64_t first_id, last_id;
    uint32_t trades, building;
} kline_rec_t;

_Static_assert(sizeof(kline_rec_t) == 128,
               "bytes between the fields would be the compiler's own, and the venue's state is compared by its bytes");

typedef struct {
    double premium, premium_keep, premium_step; /* of contract over index: the last one, its share that stays, size of a new part */
    double log_price, variance, variance_mean, jump_chance, jump_size, volume_step;
    int64_t step_ns, next_ns;
    prng_t prng;
} synthetic_rec_t;

typedef struct {
    int64_t half_spread, levels, gap8, share8, slippage8, participation8, cancel_pct, interest8, funding_ns;
} street_rec_t;

/* A row of the instrument's brackets: up to `cap16` of notional, maintenance = notional * rate8 - cum16. */
typedef struct {
    cost16_t cap16, cum16;
    int64_t rate8;
    uint32_t leverage_max;
} bracket_rec_t;

/* Three cache lines hold what every order reads or changes; all else comes after them. */
typedef struct {
    _Alignas(64) int64_t tick8;
    int64_t step8, quantity_min8, quantity_max8, price_min8, price_max8, notional_min8;
    int64_t mark8; /* this and the prices below: 0: none yet */

    int64_t band_edge8[2]; /* by side: how far from the mark a price may be; 0: no bound */
    cost16_t first_cap16;  /* of the first bracket: up to this notional every leverage up to `first_leverage` is allowed */
    int64_t price8;
    int64_t trade_last8; /* price of the last public trade */
    uint32_t first_leverage;
    uint32_t street_dirty;
    uint32_t follow;
    uint8_t asset, market, spot;
    uint8_t only_reduce; /* no order that opens a position is taken: settlement is near */

    uint64_t update_id, depth_sent_id; /* depth events */
    uint64_t trade_id, aggregate_id, trade_count;
    uint32_t resting[2]; /* orders of accounts in the books, by side */
    uint32_t change_count[2];
    uint32_t kline_follow;

    instrument_t rules;
    bracket_rec_t brackets[INSTRUMENT_BRACKETS_MAX]; /* those of the rules */
    int64_t market_step8, market_min8, market_max8;
    int64_t band_up8, band_down8, protect8, liquidation_fee8;
    uint32_t tick_places, step_places;
    int64_t index8;
    int64_t price_ns; /* where on the path we stand */
    int64_t funding_next_ns, funding_rate8, funding_last8;
    int64_t premium_sum8, premium_count; /* for the funding formula */
    uint32_t funding_supplied;
    street_rec_t street;
    int64_t budget8;          /* what resting orders may still get in this segment of the path */
    int64_t budget_knot_ns;   /* start of the segment it belongs to */
    uint32_t stream_chain;    /* stream_chain_t: how far the recorded book is in step */
    uint32_t stream_marks;    /* a mark price was recorded: ours is not made any more */
    int64_t street_taken8[2]; /* eaten from the street's bids, asks since it last refilled */
    int64_t street_bids8[VENUE_STREET_LEVELS_MAX], street_asks8[VENUE_STREET_LEVELS_MAX];
    uint32_t street_bid_count, street_ask_count, street_level_count;
    bar_path_t bars[VENUE_BARS_MAX];
    uint32_t bar_count;
    int64_t bar_last_end_ns;
    kline_rec_t klines[TF_COUNT];    /* under way */
    kline_rec_t kline_fresh;         /* trades that are not yet in those */
    int64_t kline_fresh_until_ns;    /* the first of those ends; 0: they do not take from here */
    uint64_t kline_closed[TF_COUNT]; /* ever; rings in stream and synthetic markets */
    int64_t kline_sent_ns[TF_COUNT]; /* candle market: bars ending up to here were announced */
    synthetic_rec_t synthetic;
    /* book */
    ladder_t books[2];       /* by venue_side_t */
    ladder_t triggers[2][2]; /* [working][0 rising, 1 falling] */
    uint32_t trail_head, slot_head, slot_count;
    uint64_t stream_last_id, stream_quote_id; /* of the last recorded change of the book, and quote */
    int64_t stream_quote8[4];                 /* that quote: bid, its quantity, ask, its quantity */
    level_t changes[2][VENUE_CHANGES_MAX];
    int64_t quote_sent8[4];
    int64_t mark_sent8;
    int64_t volume_sent8; /* of the running bar, already told as trades */
    /* the street's and the insurance fund's side of everything */
    int128_t street_amount8;
    cost16_t street_cost16, insurance_cost16;
    uint64_t funding_count;
    /* spot */
    uint8_t base; /* asset; `asset` is the quote */
    int64_t average_minute[SPOT_AVERAGE_MINUTES];
    int128_t average_volume8[SPOT_AVERAGE_MINUTES];
    cost16_t average_quote16[SPOT_AVERAGE_MINUTES];
} instrument_rec_t;

_Static_assert(offsetof(instrument_rec_t, band_edge8) == 64 && offsetof(instrument_rec_t, update_id) == 128 &&
                   offsetof(instrument_rec_t, kline_follow) < 192,
               "what orders read and change of an instrument is three cache lines");

typedef struct {
    int64_t fees8, insurance8, funding8, deposits8;
    cost16_t dust16;
    int128_t spot_street8; /* what the street got on spot markets, less what it gave */
    char name[ASSET_TEXT_MAX];
    uint32_t dollar; /* worth 1 USD */
    uint32_t market; /* the instrument that prices it in dollars; VENUE_NIL: none */
} asset_rec_t;

/* --- spot: what an order has beside order_rec_t, at the same index; and order lists ----------- */

typedef enum {
    SPOT_PHASE_BOOK,    /* on the book, or done */
    SPOT_PHASE_WAITS,   /* for its stop price or trailing distance, on a trigger ladder */
    SPOT_PHASE_PENDING, /* for its working order */
} spot_phase_t;

typedef struct {
    int64_t reserve8;         /* locked for it, of `pays` */
    int64_t quote8;           /* quoteOrderQty */
    int64_t asked8;           /* pegged: the price that was sent, 0: none */
    int64_t iceberg8, shown8; /* shown8: what of it the book shows now */
    int64_t extreme8, prevented8;
    int64_t working_ns, trailing_ns;
    uint64_t strategy_id, prevented_id;
    uint32_t strategy_type, trailing_delta;
    uint32_t list; /* VENUE_NIL: none */
    uint32_t trail_prev, trail_next;
    uint8_t type, tif, stp, status, reason, phase, pays, activated, ladder, has_strategy_id, has_strategy_type, worked, peg,
        peg_offset;
} spot_rec_t;

typedef struct {
    uint64_t id;
    uint64_t order_ids[SPOT_LEGS_MAX];
    int64_t time_ns;
    uint32_t orders[SPOT_LEGS_MAX]; /* while open */
    uint32_t account, leg_count, due_next;
    uint16_t instrument;
    uint8_t kind, open, due;
    uint8_t pays_other; /* the pending legs sell what the working order receives */
    char client_id[CLIENT_ID_MAX];
    char client_ids[SPOT_LEGS_MAX][CLIENT_ID_MAX];
} list_rec_t;

/* --- what has happened: rows of rings, of a cache line or less -------------------------------- */

typedef struct {
    _Alignas(64) uint64_t id;
    uint64_t order_id;
    int64_t price8, quantity8, commission8, realised8, time_ns;
    uint16_t instrument;
    uint8_t side, position_side, commission_asset, maker;
} fill_row_t;

typedef struct {
    uint64_t id, trade_id;
    int64_t amount8, time_ns;
    uint16_t instrument;
    uint8_t kind, asset;
} income_row_t;

typedef struct {
    uint64_t id;
    int64_t price8, quantity8, time_ns;
    uint8_t buyer_is_maker;
} trade_row_t;

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
