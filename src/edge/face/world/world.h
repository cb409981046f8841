/* world.h: the simulated venue with what a pure machine cannot have: market files, a folder that survives a kill, and running books
 * of each account.
 *
 * All changes of the venue go through here: each is written to the input log, then applied (world_log.h). The market itself is not
 * logged: it is a function of the files, whose digest the stored state remembers, and of venue time. Every so many bytes of inputs
 * the whole state is written as a snapshot and a new log begins. A world without a folder is ephemeral.
 *
 * Venue events reach the listeners, in order, during the call that caused them; they are not told again when a restart replays
 * the log.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/venue/venue.h"
#include "edge/face/world/market_source.h"

enum {
    WORLD_ACCOUNTS_MAX = 16,
    WORLD_NAME_MAX = 32,
    WORLD_KEY_MAX = 160, /* an API key with NUL */
    WORLD_LISTEN_KEY_MAX = 72,
    WORLD_LISTENERS_MAX = 4,
    WORLD_ERROR_MAX = 640,
};

typedef struct world world_t;

/* The user stream of one product: who knows the key may listen. */
typedef enum { WORLD_FUTURES, WORLD_SPOT, WORLD_PRODUCTS } world_product_t;

typedef struct {
    char text[WORLD_LISTEN_KEY_MAX]; /* "": none */
    int64_t expires_ns;              /* venue time */
} world_listen_key_t;

typedef struct {
    char name[WORLD_NAME_MAX];
    char api_key[WORLD_KEY_MAX]; /* no secret: it names the account */
    venue_account_t account;
    world_listen_key_t listen_keys[WORLD_PRODUCTS];
    /* running books, exact: what the account's own ledger must agree with */
    dec_t deposits, realised, fees, funding; /* realised: before fees; fees: paid, positive */
    uint64_t orders, fills;
} world_account_t;

typedef struct {
    const char *folder; /* NULL: ephemeral */
    uint64_t seed;
    bool seed_given; /* false: a stored world keeps its own */
    int64_t start_ns;
    market_source_t *sources; /* borrowed for the life of the world; loaded already */
    uint32_t source_count;
    const instrument_t *instruments; /* rules of source i at index i */
    dec_t insurance_fund;            /* when insurance_given */
    bool insurance_given;
    uint32_t queue_cancel_pct; /* recorded streams: venue_street_t */
    const char *fee_asset;     /* "BNB": fees may be paid in it, 10 % cheaper; NULL: not */
    uint32_t accounts;         /* how many there will be at most; 0: 4 */
    uint64_t snapshot_bytes;   /* of inputs between snapshots; 0: 1 MiB, some ten thousand moments */
    void (*listen)(void *context, const venue_event_t *event); /* may be NULL; set later with world_listen */
    void *context;
} world_options_t;

typedef struct {
    bool restored;               /* went on from a stored state */
    uint64_t replayed;           /* inputs applied after the snapshot */
    uint64_t cut_bytes;          /* torn end of the log that was cut */
    char error[WORLD_ERROR_MAX]; /* on failure: what, where, and what to do */
} world_report_t;

/* Loads DIR or begins a new world. RESULT_CHECKSUM, RESULT_VERSION, RESULT_BAD_STATE (the stored world has other markets or another
 * seed), RESULT_IO, RESULT_DISK_FULL: report->error says it in words. */
result_t world_open(const world_options_t *options, world_t **out, world_report_t *report);
void world_close(world_t *world); /* writes a last snapshot when there is a folder; NULL is fine */
/* One more listener, told after those before it; RESULT_FULL: WORLD_LISTENERS_MAX there are. A context listens once. */
result_t world_listen(world_t *world, void (*listen)(void *context, const venue_event_t *event), void *context);
void world_listen_end(world_t *world, const void *context);

const venue_t *world_venue(const world_t *world); /* for questions only */
bool world_asset_find(const world_t *world, str_t name, venue_asset_t *asset);
uint64_t world_seed(const world_t *world);
int64_t world_start_ns(const world_t *world);
int64_t world_now_ns(const world_t *world);
uint64_t world_moment(const world_t *world); /* number of the last moment; 0 before the first */

/* When the first bar of a candle market opens; the start of the world in other markets. */
int64_t world_first_ns(const world_t *world, instrument_id_t instrument);

/* The bars behind an instrument of a candle market; NULL otherwise. */
const venue_history_t *world_history(const world_t *world, instrument_id_t instrument);

/* --- the clock -------------------------------------------------------------------------------- */

/* When something happens next by itself: a knot of a path, funding, an expiry, or the next tenth of a second of a recorded stream.
 * INT64_MAX: never. */
int64_t world_next_ns(world_t *world);

typedef enum {
    WORLD_SAME_MOMENT,     /* only the time of day */
    WORLD_NEW_MOMENT,      /* a moment that ends at to_ns */
    WORLD_MOMENT_TO_EVENT, /* a moment that ends at to_ns, or before, as soon as something private happened to an account */
} world_step_t;

/* Lets the market run until to_ns, or as the step says; world_now_ns tells where it stopped. The log holds what was asked, before
 * it is done; where it stops follows from the world, so a restart stops at the same place. RESULT_OUT_OF_ORDER: before now.
 * RESULT_IO, RESULT_DISK_FULL: the input could not be written, nothing happened. */
result_t world_advance(world_t *world, int64_t to_ns, world_step_t step);

/* True when every market has come to the end of its data. */
bool world_ended(const world_t *world);

/* --- accounts --------------------------------------------------------------------------------- */

/* Finds the account of that name, or opens it and pays in `amount` of `asset` (once). RESULT_BAD_STATE: the stored account has
 * another key. */
result_t world_account_ensure(world_t *world, const char *name, const char *api_key, str_t asset, dec_t amount, uint32_t *index);

/* What else an account begins with. */
typedef struct {
    dec_t amount;
    uint32_t asset;  /* venue_asset_t */
    uint32_t wallet; /* world_product_t */
} world_grant_t;

enum { WORLD_GRANTS_MAX = 64 };

/* All accounts may have as much of an asset, in both wallets: the venue bounds the sum (VENUE_MONEY8_MAX). */
#define WORLD_GRANT_MAX INT64_C(1000000000)
bool world_grant_is_sane(dec_t amount); /* 0 to WORLD_GRANT_MAX with at most 8 digits after the point */

/* The same with more than one asset, all of it in one input: whatever happens to this process, a stored account has its money.
 * RESULT_FULL: too many accounts; RESULT_NOT_FOUND: no such asset; RESULT_NUMBER_OUT_OF_RANGE: an amount that is not sane, or one
 * asset twice in a wallet. Then nothing was stored. */
result_t world_account_begin(world_t *world, const char *name, const char *api_key, str_t asset, dec_t amount,
                             const world_grant_t *grants, uint32_t grant_count, uint32_t *index);
uint32_t world_account_count(const world_t *world);
const world_account_t *world_account_at(const world_t *world, uint32_t index);
const world_account_t *world_account_by_key(const world_t *world, str_t api_key); /* NULL: nobody's */
const world_account_t *world_account_of(const world_t *world, venue_account_t account);
/* also an expired one */
const world_account_t *world_account_by_listen_key(const world_t *world, world_product_t product, str_t listen_key);

/* "" takes the listen key away. */
result_t world_listen_key_set(world_t *world, venue_account_t account, world_product_t product, str_t key, int64_t expires_ns);

/* --- commands: as in core/venue/venue.h, made durable ----------------------------------------- */

/* When an input could not be written the reply is VENUE_REJECT_TOO_MANY_ORDERS_HERE and nothing happened. */
venue_reply_t world_place(world_t *world, const venue_place_t *place, venue_order_t *after);
venue_reply_t world_cancel(world_t *world, const venue_ref_t *ref, venue_order_t *after);
venue_reply_t world_amend(world_t *world, const venue_amend_t *amend, venue_order_t *after);
venue_reply_t world_cancel_all(world_t *world, venue_account_t account, instrument_id_t instrument, uint32_t *count);
venue_reply_t world_countdown(world_t *world, venue_account_t account, instrument_id_t instrument, int64_t after_ns);
venue_reply_t world_algo_place(world_t *world, const venue_algo_place_t *place, venue_algo_t *after);
venue_reply_t world_algo_cancel(world_t *world, const venue_ref_t *ref, venue_algo_t *after);
venue_reply_t world_algo_cancel_all(world_t *world, venue_account_t account, instrument_id_t instrument, uint32_t *count);
venue_reply_t world_set_leverage(world_t *world, venue_account_t account, instrument_id_t instrument, uint32_t leverage,
                                 dec_t *notional_max);
venue_reply_t world_set_margin(world_t *world, venue_account_t account, instrument_id_t instrument, venue_margin_t margin);
venue_reply_t world_set_mode(world_t *world, venue_account_t account, venue_mode_t mode);
venue_reply_t world_set_multi_assets(world_t *world, venue_account_t account, bool multi);
venue_reply_t world_move_margin(world_t *world, venue_account_t account, instrument_id_t instrument, venue_position_side_t side,
                                dec_t amount);
void world_follow(world_t *world, instrument_id_t instrument, uint32_t streams, uint32_t kline_timeframes);
result_t world_status(world_t *world, instrument_id_t instrument, instrument_status_t status);
result_t world_restrict(world_t *world, venue_account_t account, venue_restriction_t restriction);
result_t world_leverage_bar(world_t *world, venue_account_t account, venue_leverage_bar_t bar);
enum { WORLD_TIER_EARNED = 1000 };                                               /* stands in the log: never changed */
result_t world_fee_tier(world_t *world, venue_account_t account, uint32_t tier); /* or WORLD_TIER_EARNED: by what it trades */
result_t world_fee_burn(world_t *world, venue_account_t account, bool burn);
result_t world_only_reduce(world_t *world, instrument_id_t instrument, bool only_reduce);
result_t world_deliver(world_t *world, instrument_id_t instrument, dec_t price); /* 0: at the index price */
venue_reply_t world_transfer(world_t *world, venue_account_t account, venue_asset_t asset, dec_t amount);

/* Writes a snapshot now. RESULT_OK at once for an ephemeral world. */
result_t world_snapshot(world_t *world);
