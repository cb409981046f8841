/* venue.h: a simulated futures exchange as a pure machine: commands and market events in, events out.
 *
 * One flat block of memory without pointers (the caller's; venue_size says how much), so a snapshot is one copy. Same seed and same
 * calls give the same bytes out, on every machine. There is a real book with price-time matching between accounts, real accounts
 * with margin, and "the street": the liquidity of everybody else, which comes from candles, a recorded stream or a synthetic
 * market. The rules, each with its source, stand in docs/venue.md. Wire names, keys, signatures and limits of requests are the
 * face's matter (edge/face).
 *
 * Time only moves in venue_advance and its kin; every command happens at venue_now. A command that is refused changes nothing and
 * emits nothing, unless its comment says otherwise. Not thread-safe: one owner.
 */
#pragma once

#include <stddef.h>

#include "core/venue/venue_event.h"

typedef struct venue venue_t;

/* How much of everything. Fixed for the life of the block; exceeding one answers VENUE_REJECT_TOO_MANY_ORDERS_HERE or RESULT_FULL.
 */
typedef struct {
    uint32_t assets;      /* <= 64 */
    uint32_t instruments; /* <= INSTRUMENT_MAX */
    uint32_t accounts;
    uint32_t positions;        /* (account, instrument) pairs ever touched */
    uint32_t orders;           /* open ones over all accounts */
    uint32_t algos;            /* open ones over all accounts */
    uint32_t order_history;    /* finished orders kept per account; the oldest gives way */
    uint32_t algo_history;     /* finished algo orders kept per account */
    uint32_t fill_history;     /* per account */
    uint32_t income_history;   /* per account */
    uint32_t trade_history;    /* public trades per instrument */
    uint32_t funding_history;  /* per instrument */
    uint32_t kline_history;    /* closed bars per instrument and timeframe: stream and synthetic markets only */
    uint32_t street_levels;    /* price levels of the street's book per instrument, both sides; >= 2 * VENUE_STREET_LEVELS_MAX */
    uint32_t change_history;   /* amendments, moves of margin and prevented matches, of all accounts; 0: none are kept */
    uint32_t figure_history;   /* bars of mark, index and premium per instrument and timeframe, the running one too; 0: none */
    uint32_t interest_history; /* five minutes of open interest per instrument; 0: none is kept */
    uint32_t order_lists;      /* spot: order lists kept per account, open and finished; 0: no spot instruments */
} venue_bounds_t;

/* 2 assets, 8 instruments, 8 accounts, 4,096 orders, 1,600 algos, some thousands of history rows: some 10 MB. */
venue_bounds_t venue_bounds_default(void);

typedef struct {
    uint64_t seed;
    int64_t start_ns;
    dec_t maker_rate, taker_rate;       /* of accounts that say nothing: 0.0002 and 0.0005 (VIP 0) */
    uint32_t leverage;                  /* of instruments an account has not set: 20 */
    uint32_t orders_per_instrument_max; /* MAX_NUM_ORDERS: 200 */
    uint32_t algos_per_account_max;     /* 200 */
    dec_t insurance_fund;               /* start balance in each asset */
} venue_config_t;

venue_config_t venue_config_default(void);

/* --- life ------------------------------------------------------------------------------------- */

size_t venue_size(const venue_bounds_t *bounds);

/* `memory`: venue_size bytes, 16-aligned; the venue lives in it and the caller frees it. RESULT_BAD_ARGUMENT: a bound is 0 or too
 * large. */
result_t venue_init(void *memory, const venue_bounds_t *bounds, const venue_config_t *config, venue_t **out);

/* A snapshot is a header (magic, version, layout size, bounds, SHA-256) and the block. `capacity` >= venue_save_size. */
size_t venue_save_size(const venue_t *venue);
result_t venue_save(const venue_t *venue, void *bytes, size_t capacity, size_t *written);

/* Reads the bounds out of a snapshot, so that the caller can provide memory. RESULT_TRUNCATED, RESULT_MALFORMED (not a snapshot),
 * RESULT_VERSION (another layout). */
result_t venue_load_bounds(const void *bytes, size_t length, venue_bounds_t *bounds);

/* Also RESULT_CHECKSUM. On failure memory is undefined and *out untouched. */
result_t venue_load(void *memory, const void *bytes, size_t length, venue_t **out);

int64_t venue_now(const venue_t *venue);

/* SHA-256 over the whole state: two venues with the same digest will behave the same. */
void venue_digest(const venue_t *venue, uint8_t digest[32]);

/* Number of the last event (they count also when no sink was given). */
uint64_t venue_event_count(const venue_t *venue);

/* How many events so far concerned one account: orders, algo orders, balances and positions, margin calls, settings. Counted like
 * all events: also when no sink was given. */
uint64_t venue_private_count(const venue_t *venue);

/* --- furniture: assets, instruments, accounts ------------------------------------------------- */

result_t venue_asset_add(venue_t *venue, str_t name, venue_asset_t *asset);
uint32_t venue_asset_count(const venue_t *venue);
const char *venue_asset_name(const venue_t *venue, venue_asset_t asset); /* "" when there is none */

/* Rules as in market/instrument.h; `settle` must be an asset, of spot instruments also `base` (and settle = quote). Prices and
 * quantities may have at most 8 digits after the point. Ids are given in order from 0, so they equal the caller's table when added
 * in its order. */
result_t venue_instrument_add(venue_t *venue, const instrument_t *rules, instrument_id_t *id);
uint32_t venue_instrument_count(const venue_t *venue);
const instrument_t *venue_instrument_at(const venue_t *venue, instrument_id_t id); /* NULL past the end */

/* New filters or brackets while running; open orders stay as they are. The symbol and the assets must be the same. */
result_t venue_instrument_update(venue_t *venue, const venue_sink_t *sink, instrument_id_t id, const instrument_t *rules);
result_t venue_instrument_status(venue_t *venue, const venue_sink_t *sink, instrument_id_t id, instrument_status_t status);

/* Near settlement: orders that open a position are refused (-4140). */
result_t venue_instrument_only_reduce(venue_t *venue, const venue_sink_t *sink, instrument_id_t id, bool only_reduce);
bool venue_instrument_is_only_reduce(const venue_t *venue, instrument_id_t id);

/* Settles the symbol and closes it: every position at `price` (0: the index price). RESULT_BAD_STATE: closed already, or no price.
 */
result_t venue_instrument_deliver(venue_t *venue, const venue_sink_t *sink, instrument_id_t id, dec_t price);

result_t venue_account_open(venue_t *venue, venue_account_t *account);
uint32_t venue_account_count(const venue_t *venue);

/* Money in (positive) or out (negative; VENUE_REJECT_BALANCE when not available). At most 8 digits. */
venue_reject_t venue_transfer(venue_t *venue, const venue_sink_t *sink, venue_account_t account, venue_asset_t asset, dec_t amount);

/* What the exchange keeps an account from (new orders; conditional orders that stand already still fire), and from how much
 * leverage.
 */
result_t venue_account_restrict(venue_t *venue, venue_account_t account, venue_restriction_t restriction);
result_t venue_account_leverage_bar(venue_t *venue, venue_account_t account, venue_leverage_bar_t bar);

/* Fees: rates by hand (|rate| <= 10 %), or those of the exchange's table for a tier (0: regular user .. 9: VIP 9). */
enum { VENUE_FEE_TIERS = 10 };
result_t venue_account_fees(venue_t *venue, venue_account_t account, dec_t maker_rate, dec_t taker_rate);
result_t venue_account_tier(venue_t *venue, venue_account_t account, uint32_t tier);

/* From tier 0 on, as the traded volume of thirty days and the BNB held allow, looked at when a day (UTC) ends. Goes on when it was
 * so already; until rates or a tier are set. */
result_t venue_account_tier_earn(venue_t *venue, venue_account_t account);
dec_t venue_account_traded(const venue_t *venue, venue_account_t account); /* in USD, that counts today; 0: nothing is earned */

/* The asset in which fees may be paid at a discount (BNB, 0.1), at the mark price of its symbol against the asset they are due in;
 * an account pays so while fee_burn is on and its wallet holds the whole fee, else in the asset it is due in. */
result_t venue_fee_asset_set(venue_t *venue, venue_asset_t asset, dec_t discount);
result_t venue_account_fee_burn(venue_t *venue, venue_account_t account, bool burn);

/* --- the market ------------------------------------------------------------------------------- */

/* What is worth emitting for an instrument: nothing is computed for streams nobody follows. Trades into history and matching go on
 * anyway. */
enum {
    VENUE_FOLLOW_TRADES = 1,
    VENUE_FOLLOW_QUOTES = 2,
    VENUE_FOLLOW_DEPTH = 4,
    VENUE_FOLLOW_MARK = 8,
    VENUE_FOLLOW_ALL = 15,
};
void venue_follow(venue_t *venue, instrument_id_t instrument, uint32_t streams,
                  uint32_t kline_timeframes /* bit 1 << timeframe_t */);

typedef enum { VENUE_MARKET_NONE, VENUE_MARKET_CANDLES, VENUE_MARKET_STREAM, VENUE_MARKET_SYNTHETIC } venue_market_t;

/* The street: how everybody else quotes and how much of them there is. Everything here is stated in docs/venue.md with its reason.
 */
typedef struct {
    uint32_t half_spread_ticks; /* street bid = price - this, ask = price + this: 1 */
    uint32_t levels;            /* street levels a side: 20, at most VENUE_STREET_LEVELS_MAX */
    dec_t level_gap_rate;       /* distance of levels as a fraction of price, at least one tick: 0.00002 */
    dec_t level_share;   /* quantity of the first level as a fraction of the bar's volume: 0.0005; level k holds (1 + k) times it */
    dec_t slippage_rate; /* extra price move against every taker from the street, fraction of price, rounded up to ticks: 0 */
    dec_t participation; /* share of a path segment's volume that resting orders can get: 0.25 */
    uint32_t queue_cancel_pct; /* stream: of a displayed decrease not explained by trades, how much was ahead of us: 50 */
    dec_t interest_rate;       /* funding formula: 0.0001 for 8 hours */
} venue_street_t;

enum { VENUE_STREET_LEVELS_MAX = 32 };

/* street_levels of a venue that replays recorded books: a day's changes leave many levels far from the price. */
enum { VENUE_RECORDED_LEVELS = 20000 };

venue_street_t venue_street_default(void);
result_t venue_street_set(venue_t *venue, instrument_id_t instrument, const venue_street_t *street);

/* (a) Candles. Installs the bar whose open is at or after venue_now; the path inside it is a function of (seed, instrument, bar)
 * alone: n + 1 knots at equal distances (n = 4, 8 or 16 by range), piecewise linear, from open over both extremes (low first when
 * close >= open) to close. A bar may be installed while the one before is still running. RESULT_BAD_ARGUMENT: not a sane, closed
 * bar; RESULT_OUT_OF_ORDER; RESULT_FULL: two are waiting. */
result_t venue_market_bar(venue_t *venue, instrument_id_t instrument, timeframe_t timeframe, const candle_t *bar);

/* Feeds a bar of the past (before venue_now), oldest first, so that longer klines under way are whole. No events, no matching. */
result_t venue_market_prime(venue_t *venue, instrument_id_t instrument, timeframe_t timeframe, const candle_t *bar);

/* End of the last installed bar; 0 when none is installed. When it is <= the wanted time, the next bar should be installed. */
int64_t venue_market_until(const venue_t *venue, instrument_id_t instrument);

/* (b) A recorded stream: quote, trade, mark, depth (a snapshot first) become the street. The clock moves to event->time_ns when
 * that is later (running what lies between, as venue_advance does); an older event happens now. RESULT_BAD_ARGUMENT: not to be
 * believed (market_event_check); RESULT_GAP: the depth chain broke (the street's book is empty until the next snapshot);
 * RESULT_STALE: older than what the book knows, passed over. */
result_t venue_market_event(venue_t *venue, const venue_sink_t *sink, const market_event_t *event);

/* (c) A synthetic market: log-price with volatility clusters (GARCH-like) and rare jumps, its own trades, one step every `step_ns`.
 */
typedef struct {
    dec_t price;           /* start */
    double volatility_day; /* relative, e.g. 0.04 */
    double jumps_day;      /* expected count */
    double jump_size;      /* relative deviation, e.g. 0.02 */
    dec_t volume_day;      /* base units */
    int64_t step_ns;       /* >= 100 ms */
} venue_synthetic_t;
result_t venue_market_synthetic(venue_t *venue, instrument_id_t instrument, const venue_synthetic_t *parameters);

/* Moves the clock, running everything that lies between: paths, triggers, fills, liquidations, funding, expiries, countdowns,
 * klines. `to_ns` before now: RESULT_OUT_OF_ORDER. */
result_t venue_advance(venue_t *venue, const venue_sink_t *sink, int64_t to_ns);

/* The same, but no further than the first instant T at which something private happens to an account (a fill, a trigger, a
 * liquidation, an expiry, a funding payment): the clock stands at T, everything of T is done and told, prices are those at T, and
 * nothing later has happened; so an answer to a fill can stand at the fill's own time. venue_private_count has grown when it
 * stopped for that. What happens, and when, is the same however often one stops. T is later than the clock was. */
result_t venue_advance_to_event(venue_t *venue, const venue_sink_t *sink, int64_t to_ns);

/* The next natural moment after now: the next knot, funding time, end of a bar, synthetic step, GTD end or countdown of any
 * instrument. INT64_MAX: none. */
int64_t venue_next_moment(const venue_t *venue);

/* Rate of the next funding, instead of the formula's. */
result_t venue_funding_set(venue_t *venue, instrument_id_t instrument, dec_t rate);
/* What the formula's rate is held to; its floor is the negative of it. */
dec_t venue_funding_cap(const venue_t *venue, instrument_id_t instrument);
mark_t venue_mark(const venue_t *venue, instrument_id_t instrument);
bool venue_quote(const venue_t *venue, instrument_id_t instrument,
                 quote_t *quote);                                         /* accounts and street together; false: a side is empty */
dec_t venue_last_price(const venue_t *venue, instrument_id_t instrument); /* 0 before the first */

/* --- trading ---------------------------------------------------------------------------------- */

/* What came of a command. `limit` belongs to the text (venue_reject_format). */
typedef struct {
    venue_reject_t reject;
    dec_t limit;
    uint64_t id;
} venue_reply_t;

/* Matches at once; the order's state after it is in *after when not NULL (ACK replies show status NEW: the face's matter). A FOK or
 * GTX that cannot stand is refused (-5021, -5022) and leaves no trace. */
venue_reply_t venue_place(venue_t *venue, const venue_sink_t *sink, const venue_place_t *place, venue_order_t *after);
venue_reply_t venue_cancel(venue_t *venue, const venue_sink_t *sink, const venue_ref_t *ref, venue_order_t *after);

/* PUT order: always loses its place in the queue; a refusal leaves the order as it was; cancelled instead when the new quantity is
 * not above what is filled, or when a post-only order would take. */
venue_reply_t venue_amend(venue_t *venue, const venue_sink_t *sink, const venue_amend_t *amend, venue_order_t *after);

/* All open orders of one instrument (algo orders are not touched); number cancelled in *count when not NULL. */
venue_reply_t venue_cancel_all(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t instrument,
                               uint32_t *count);

/* Cancels all open orders of the instrument `after_ns` from now unless called again; 0 stops. */
venue_reply_t venue_countdown(venue_t *venue, venue_account_t account, instrument_id_t instrument, int64_t after_ns);

venue_reply_t venue_algo_place(venue_t *venue, const venue_sink_t *sink, const venue_algo_place_t *place, venue_algo_t *after);
venue_reply_t venue_algo_cancel(venue_t *venue, const venue_sink_t *sink, const venue_ref_t *ref, venue_algo_t *after);
venue_reply_t venue_algo_cancel_all(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t instrument,
                                    uint32_t *count);

/* --- account settings ------------------------------------------------------------------------- */

venue_reply_t venue_set_leverage(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t instrument,
                                 uint32_t leverage, dec_t *notional_max);
venue_reply_t venue_set_margin(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t instrument,
                               venue_margin_t margin);
venue_reply_t venue_set_mode(venue_t *venue, const venue_sink_t *sink, venue_account_t account, venue_mode_t mode);

/* One margin over all assets, or each asset for itself. */
venue_reply_t venue_set_multi_assets(venue_t *venue, const venue_sink_t *sink, venue_account_t account, bool multi);

/* Adds (positive) to or takes (negative) from the isolated wallet of a position. */
venue_reply_t venue_move_margin(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t instrument,
                                venue_position_side_t side, dec_t amount);

/* --- questions (nothing changes) -------------------------------------------------------------- */

result_t venue_account_view(const venue_t *venue, venue_account_t account, venue_account_view_t *out);
result_t venue_balance(const venue_t *venue, venue_account_t account, venue_asset_t asset, venue_balance_t *out);

/* All assets together; what matters in multi-assets mode. */
result_t venue_collateral(const venue_t *venue, venue_account_t account, venue_collateral_t *out);
/* RESULT_NOT_FOUND: nothing prices the asset. */
result_t venue_asset_index(const venue_t *venue, venue_asset_t asset, venue_asset_index_t *out);

/* Any (account, instrument, side), also one never touched (amount 0, the default leverage). RESULT_NOT_FOUND: no such account or
 * instrument. */
result_t venue_position(const venue_t *venue, venue_account_t account, instrument_id_t instrument, venue_position_side_t side,
                        venue_position_t *out);

/* Positions of the account's mode with an amount or open orders, by instrument; returns how many were written. */
uint32_t venue_positions(const venue_t *venue, venue_account_t account, venue_position_t *out, uint32_t capacity);

result_t venue_order(const venue_t *venue, const venue_ref_t *ref, venue_order_t *out); /* open or in history */
result_t venue_algo(const venue_t *venue, const venue_ref_t *ref, venue_algo_t *out);

typedef struct {
    venue_account_t account;
    instrument_id_t instrument; /* INSTRUMENT_NONE: all */
    uint64_t from_id;           /* ids >= this; 0: no bound */
    int64_t from_ns, to_ns;     /* creation time within; 0: no bound */
    bool open_only;
    bool newest; /* more match than fit: true keeps the newest, false the oldest; always written oldest first */
} venue_select_t;

/* Ascending ids; returns how many were written. */
uint32_t venue_orders(const venue_t *venue, const venue_select_t *select, venue_order_t *out, uint32_t capacity);
uint32_t venue_algos(const venue_t *venue, const venue_select_t *select, venue_algo_t *out, uint32_t capacity);
uint32_t venue_fills(const venue_t *venue, const venue_select_t *select, venue_fill_t *out,
                     uint32_t capacity); /* open_only ignored */
uint32_t venue_incomes(const venue_t *venue, const venue_select_t *select, venue_income_t *out,
                       uint32_t capacity); /* open_only ignored */
uint32_t venue_trades(const venue_t *venue, instrument_id_t instrument, uint64_t from_id, venue_trade_t *out,
                      uint32_t capacity); /* 0: the newest */
/* Amendments, moves of margin and prevented matches, oldest first, from the first that is kept and was number `from` or later. */
uint64_t venue_change_count(const venue_t *venue); /* ever */
uint32_t venue_changes(const venue_t *venue, uint64_t from, venue_change_t *out, uint32_t capacity);
uint32_t venue_fundings(const venue_t *venue, instrument_id_t instrument, venue_funding_t *out, uint32_t capacity);

/* Best `limit` levels a side of accounts and street together. Returns lastUpdateId (what the next depth event's pu connects to). */
uint64_t venue_depth(const venue_t *venue, instrument_id_t instrument, uint32_t limit, level_t *bids, uint32_t *bid_count,
                     level_t *asks, uint32_t *ask_count);

/* Klines. In a candle market they are made from `history` (closed bars of the installed timeframe, ascending, kept by the face: it
 * need not hold them all in memory; the same bars that were and will be installed; bars that end after now are ignored) and the
 * path inside: shorter bars of any hour are exact samples of its path, the open bar ends now. In stream and synthetic markets
 * history is NULL and the venue's own rings answer. Bars with open in [start_ns, end_ns], oldest first; with start_ns 0 the newest
 * `capacity`. */
typedef struct {
    timeframe_t timeframe;
    uint32_t count;
    const candle_t *(*bar)(void *context, uint32_t at); /* at < count; borrowed until the next call; NULL: not to be had */
    void *context;
} venue_history_t;
uint32_t venue_klines(const venue_t *venue, instrument_id_t instrument, const venue_history_t *history, timeframe_t timeframe,
                      int64_t start_ns, int64_t end_ns, venue_kline_t *out, uint32_t capacity);

/* Bars of one second (their timeframe says nothing), as venue_klines takes history and times. In stream and synthetic markets they
 * reach back as far as the trades that are kept. */
uint32_t venue_seconds(const venue_t *venue, instrument_id_t instrument, const venue_history_t *history, int64_t start_ns,
                       int64_t end_ns, venue_kline_t *out, uint32_t capacity);

/* Bars of mark, index and premium: kept in synthetic markets and recorded streams (false: in a candle market mark and index are the
 * contract's price). As venue_klines takes times. */
bool venue_has_figures(const venue_t *venue, instrument_id_t instrument);
uint32_t venue_figures(const venue_t *venue, instrument_id_t instrument, venue_figure_t figure, timeframe_t timeframe,
                       int64_t start_ns, int64_t end_ns, venue_figure_bar_t *out, uint32_t capacity);

/* Contracts that are open, counted once. And how it was at each multiple of a period (five minutes or more), as venue_klines takes
 * times. */
dec_t venue_open_interest(const venue_t *venue, instrument_id_t instrument);
uint32_t venue_interests(const venue_t *venue, instrument_id_t instrument, int64_t period_ns, int64_t start_ns, int64_t end_ns,
                         venue_interest_t *out, uint32_t capacity);

/* How far the insurance fund is from deleveraging somebody. */
typedef enum { VENUE_ADL_LOW, VENUE_ADL_MEDIUM, VENUE_ADL_HIGH } venue_adl_risk_t;
venue_adl_risk_t venue_adl_risk(const venue_t *venue, instrument_id_t instrument);

/* Price and time of the settlement; false: not settled. */
bool venue_delivery(const venue_t *venue, instrument_id_t instrument, dec_t *price, int64_t *time_ns);

/* --- books that must balance ------------------------------------------------------------------ */

/* The whole money of one asset: wallets - costs of positions (accounts, street, insurance) + fees + funding + insurance + dust -
 * deposits. Must be 0. */
typedef struct {
    dec_t wallets, position_costs, street_cost, fees, funding, insurance, dust, deposits;
    dec_t spot_held, spot_street; /* of accounts, free and locked; of the street */
    dec_t difference;             /* 0, or money appeared or vanished */
} venue_money_t;
result_t venue_check_money(const venue_t *venue, venue_asset_t asset, venue_money_t *out);

/* Slow and thorough, for tests: books in order, level sums, margin sums against a recount, no negative open quantity, ids found
 * where they should be. RESULT_OK or RESULT_BAD_STATE with a short English reason in *what. */
result_t venue_check_invariants(const venue_t *venue, const char **what);
