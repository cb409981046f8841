/* venue_parts.h: what the files of this folder call of each other. The order below is the order in which things build on each
 * other. */
#pragma once

#include "core/venue/client_id.h"
#include "core/venue/ladder.h"
#include "core/venue/venue_held.h"
#include "core/venue/venue_margin.h"
#include "core/venue/venue_state.h"

/* --- venue_rules.c: rules of an instrument in 10^-8 units ------------------------------------- */
result_t rules_load(instrument_rec_t *instrument, const instrument_t *rules);
/* Bracket of a notional at mark; the last one when it is above all. NULL without brackets. */
const bracket_rec_t *rules_bracket(const instrument_rec_t *instrument, cost16_t notional16);
/* Largest notional allowed at a leverage; 0: the leverage is not allowed at all. */
cost16_t rules_notional_max(const instrument_rec_t *instrument, uint32_t leverage);
uint32_t rules_leverage_max(const instrument_rec_t *instrument);
cost16_t rules_maintenance(const instrument_rec_t *instrument, cost16_t notional16);
void rules_band_renew(instrument_rec_t *instrument); /* the mark has moved */

/* --- venue_settings.c ------------------------------------------------------------------------- */
uint32_t asset_find(const venue_t *venue, str_t name); /* VENUE_NIL: there is none */

/* --- venue_expiry.c: things that happen at a time --------------------------------------------- */
void expiry_add(venue_t *venue, expiry_kind_t kind, uint32_t index, int64_t time_ns);
void expiry_remove(venue_t *venue, expiry_kind_t kind, uint32_t index);
int64_t expiry_next_ns(const venue_t *venue);                              /* INT64_MAX: none */
void expiry_run(venue_t *venue, const venue_sink_t *sink, int64_t now_ns); /* all that are due */

/* --- venue_standing.c: how an account stands with the exchange -------------------------------- */
venue_reject_t standing_check(const account_rec_t *account, bool closing); /* may it place such an order? */
venue_reply_t standing_leverage(const account_rec_t *account, uint32_t leverage);
/* What a fee costs in the fee asset; 0: it is paid in the asset it is due in. */
int64_t standing_fee_asset8(const venue_t *venue, uint32_t account, uint32_t due_asset, int64_t fee8);

/* --- venue_figures.c, venue_interest.c: bars of mark, index and premium; who holds what --------- */
void figures_take(venue_t *venue, uint32_t instrument); /* when it is time: at most once a second */
int64_t figures_funding8(const instrument_rec_t *instrument);
int64_t funding_bound8(const instrument_rec_t *instrument);                   /* the rate's cap; its floor is the negative of it */
void figures_note_basis(venue_t *venue, uint32_t instrument, int64_t basis8); /* likewise */
int64_t figures_basis8(const venue_t *venue, uint32_t instrument);            /* the average of the last half minute */
void interest_run(venue_t *venue);
static inline void interest_keep(venue_t *venue)
{
    if (__builtin_expect(venue->event_ns >= venue->interest_due_ns, 0)) {
        interest_run(venue);
    }
}

/* --- venue_change.c: what accounts have changed by hand ---------------------------------------- */
void change_note_amendment(venue_t *venue, const order_rec_t *order, int64_t price_before8, int64_t quantity_before8);
void change_note_margin(venue_t *venue, uint32_t account, uint32_t instrument, uint32_t side, int64_t amount8);
void change_note_spot_amendment(venue_t *venue, const order_rec_t *order, const char *original_id, int64_t quantity_before8);
typedef struct {
    uint64_t id;
    uint32_t taker, maker, stp;
    int64_t price8, quantity8;        /* quantity8: what would have traded */
    int64_t taker_lost8, maker_lost8; /* 0: nothing */
} prevented_t;
void change_note_prevented(venue_t *venue, const prevented_t *match);

/* --- venue_collateral.c: several assets as one margin ------------------------------------------ */
typedef struct {
    int128_t equity8, initial8, maintenance8; /* in USD: of all assets together */
} collateral_t;
void collateral_markets_find(venue_t *venue);                    /* after a change of assets or instruments */
int64_t collateral_index8(const venue_t *venue, uint32_t asset); /* USD a unit; 0: nothing prices it */
/* Were the mark of an instrument this one, and with it the index of the asset it prices. */
typedef struct {
    uint32_t instrument;
    int64_t mark8;
} collateral_if_t;
/* Would the account be liquidated then, profit and maintenance of its positions in `asset` being so much more? */
bool collateral_due(const venue_t *venue, uint32_t account, collateral_if_t then, uint32_t asset, int64_t pnl8,
                    int64_t maintenance8);
/* The asset the instrument prices, when accounts in multi-assets mode may hold it; VENUE_NIL: none. */
uint32_t collateral_priced_by(const venue_t *venue, uint32_t instrument);
/* Does that price matter to the account: it holds the asset and has positions? */
bool collateral_rests_on(const venue_t *venue, uint32_t account, uint32_t asset);
/* In units of the asset: margin balance; what is not bound; what the other assets leave after their maintenance. */
int64_t collateral_margin8(const venue_t *venue, uint32_t account, uint32_t asset);
int64_t collateral_available8(const venue_t *venue, uint32_t account, uint32_t asset);
int64_t collateral_beside8(const venue_t *venue, uint32_t account, uint32_t asset);
/* What is owed in an asset, when it is worth `beyond8` USD or more, is bought for others. */
void collateral_exchange(venue_t *venue, const venue_sink_t *sink, uint32_t account, int64_t beyond8);
void collateral_keep(venue_t *venue, const venue_sink_t *sink, uint32_t account); /* beyond the exchange's threshold */

/* --- venue_tier.c: which fees an account pays -------------------------------------------------- */
void tiers_run(venue_t *venue); /* a day has ended: the tiers that are earned follow the volumes of the thirty days before */
void tier_note(venue_t *venue, uint32_t account, uint32_t asset, cost16_t quote16); /* traded by an account that earns its tier */
static inline void tiers_keep(venue_t *venue)
{
    if (__builtin_expect(venue->event_ns >= venue->tiers_due_ns, 0)) {
        tiers_run(venue);
    }
}

/* --- venue_index.c: finding records by id and client id --------------------------------------- */
uint32_t order_index_tags(uint32_t capacity);
void order_index_put(venue_t *venue, uint32_t index, uint32_t client_hash);
void order_index_drop(venue_t *venue, uint32_t index); /* it is not open any more */
/* Of the account or of another one while it is open; finished ones of the account alone. */
uint32_t order_find_id(const venue_t *venue, uint32_t account, uint64_t id);
uint32_t order_find_client(const venue_t *venue, uint32_t account, uint32_t instrument, const char *client_id); /* the newest */
uint32_t order_find_open(const venue_t *venue, uint32_t account, uint32_t instrument, const char *client_id);
uint32_t order_find_hashed(const venue_t *venue, uint32_t client_hash, uint32_t account, uint32_t instrument,
                           const char *client_id);                                   /* the same */
void order_touch_id(const venue_t *venue, uint64_t id);                              /* asks for the order that it most likely is */
void order_index_touch(const venue_t *venue, uint32_t id_low, uint32_t client_hash); /* asks for their hash chains */
void algo_index_put(venue_t *venue, uint32_t index);
void algo_index_drop(venue_t *venue, uint32_t index);
uint32_t algo_find_id(const venue_t *venue, uint64_t id);
uint32_t algo_find_client(const venue_t *venue, uint32_t account, const char *client_id);
uint32_t slot_find(const venue_t *venue, uint32_t account, uint32_t instrument);
uint32_t slot_put(venue_t *venue, uint32_t account, uint32_t instrument); /* VENUE_NIL: full */

/* --- venue_view.c: records as the outside sees them (targets are zeroed by the caller) -------- */
void view_order(const venue_t *venue, const order_rec_t *order, venue_order_t *out);
void view_algo(const venue_t *venue, const algo_rec_t *algo, venue_algo_t *out);
int64_t leg_entry8(const leg_rec_t *leg);
int64_t leg_break_even8(const leg_rec_t *leg);

/* --- venue_emit.c: events --------------------------------------------------------------------- */
void emit_spot(venue_t *venue, const venue_sink_t *sink, uint32_t account, uint32_t instrument, const spot_event_t *spot);
void emit_order(venue_t *venue, const venue_sink_t *sink, const order_rec_t *order, venue_exec_t execution);
typedef struct {
    int64_t price8, quantity8, commission8, realised8;
    uint64_t trade_id;
    uint32_t commission_asset;
    bool maker;
} fill_note_t;
void emit_fill(venue_t *venue, const venue_sink_t *sink, const order_rec_t *order, venue_exec_t execution,
               const fill_note_t *fill); /* NULL: none */
void emit_algo(venue_t *venue, const venue_sink_t *sink, const algo_rec_t *algo);
/* legs: bit 1 << position side; slot VENUE_NIL: no position. change8: "bc". `emit_account_paid` names a second asset that was paid
 * with. */
void emit_account(venue_t *venue, const venue_sink_t *sink, uint32_t account, uint32_t asset, uint32_t slot, uint32_t legs,
                  venue_reason_t reason, int64_t change8);
void emit_account_paid(venue_t *venue, const venue_sink_t *sink, uint32_t account, uint32_t asset, uint32_t paid_asset,
                       uint32_t slot, uint32_t legs, venue_reason_t reason);
void emit_margin_call(venue_t *venue, const venue_sink_t *sink, uint32_t slot, uint32_t side);
void emit_leverage(venue_t *venue, const venue_sink_t *sink, uint32_t account, uint32_t instrument, uint32_t leverage);
void emit_mode(venue_t *venue, const venue_sink_t *sink, uint32_t account, venue_mode_t mode);
void emit_multi_assets(venue_t *venue, const venue_sink_t *sink, uint32_t account, bool multi);
void emit_status(venue_t *venue, const venue_sink_t *sink, uint32_t instrument, instrument_status_t status);
void emit_rules(venue_t *venue, const venue_sink_t *sink, uint32_t instrument, bool brackets);
void emit_trade(venue_t *venue, const venue_sink_t *sink, uint32_t instrument, int64_t price8, int64_t quantity8,
                bool buyer_is_maker, uint64_t trade_id);
void emit_quote(venue_t *venue, const venue_sink_t *sink, uint32_t instrument); /* when it changed */
void emit_mark(venue_t *venue, const venue_sink_t *sink, uint32_t instrument);
void emit_kline(venue_t *venue, const venue_sink_t *sink, uint32_t instrument, const venue_kline_t *kline);
void emit_depth(venue_t *venue, const venue_sink_t *sink, uint32_t instrument); /* what has gathered */
void emit_liquidation(venue_t *venue, const venue_sink_t *sink, const order_rec_t *order, int64_t average8, int64_t last8,
                      int64_t filled8);

/* --- venue_margin.c: what positions and orders cost ------------------------------------------- */
void margin_refresh_position(venue_t *venue, const order_rec_t *order); /* of the order's leg, after a fill */
void margin_refresh_orders(venue_t *venue, const order_rec_t *order);   /* after that, and after a change of its open orders */
void margin_refresh(venue_t *venue, uint32_t slot);                     /* all legs: the mark or the leverage has changed */
void margin_refresh_instrument(venue_t *venue, uint32_t instrument);    /* after a change of the mark */
int64_t margin_balance8(const venue_t *venue, uint32_t account, uint32_t asset);   /* of cross: wallet and profit */
int64_t margin_available8(const venue_t *venue, uint32_t account, uint32_t asset); /* may be negative */
int64_t margin_leg_pnl8(const leg_rec_t *leg, int64_t mark8);
int64_t margin_liquidation8(const venue_t *venue, const slot_t *slot, uint32_t leg); /* price of liquidation, 0: none */

/* --- venue_orders.c: the life of order records ------------------------------------------------ */
/* A fresh order becomes one of the venue's own that closes `quantity8` of a leg; its client id is the prefix and its id. */
void order_describe_closing(venue_t *venue, uint32_t index, uint32_t leg, int64_t price8, int64_t quantity8, const char *prefix);
typedef enum { ORDER_CLAIM_NORMAL, ORDER_CLAIM_LIQUIDATION } order_claim_t; /* records are kept back for liquidations */
/* Zeroed, linked to its slot, open; VENUE_NIL: full. The slot is the account's: who knows that spares a line of it. */
uint32_t order_new(venue_t *venue, uint32_t account, uint32_t slot, order_claim_t claim);
void order_set_closing(venue_t *venue, order_rec_t *order); /* a fresh order: it only closes */
void order_rest(venue_t *venue, uint32_t index);            /* into the book */
void order_unrest(venue_t *venue, uint32_t index);
void order_reduce_open(venue_t *venue, uint32_t index,
                       int64_t quantity8);                            /* margin and level sums after a fill of a resting order */
void order_shrink(venue_t *venue, uint32_t index, int64_t quantity8); /* amended to less: hidden quantity goes first */
void order_renew(venue_t *venue, uint32_t index); /* an iceberg of which nothing shows any more: its next part, behind all others */
void order_finish(venue_t *venue, const venue_sink_t *sink, uint32_t index, venue_status_t status, venue_expiry_t expiry,
                  venue_exec_t execution);
uint32_t algo_new(venue_t *venue, uint32_t slot);
void algo_finish(venue_t *venue, const venue_sink_t *sink, uint32_t index, venue_algo_status_t status);
void algo_arm(venue_t *venue, uint32_t index); /* into its trigger ladder */
void algo_disarm(venue_t *venue, uint32_t index);
void algo_hold(venue_t *venue, uint32_t index); /* off its ladder, still open: no price triggers it (algo_arm puts it back) */
void algo_rearm(venue_t *venue, uint32_t index, int64_t trigger8); /* moves a trailing order's trigger */
static inline int64_t order_open8(const order_rec_t *order)
{
    return order->quantity8 - order->filled8;
}
/* What the book shows of a resting order, and what it can trade before it goes to the back of its queue. */
static inline int64_t order_shown8(const venue_t *venue, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    return order->iceberg ? spot_of(venue, index)->shown8 : order_open8(order);
}
void order_ahead_set(const venue_t *venue, order_rec_t *order, int64_t ahead8);
/* A row of the ring of an account's finished orders. */
static inline ended_row_t *ended_of(const venue_t *venue, uint32_t account, uint32_t at)
{
    return &order_ends_table(venue)[(size_t)account * venue->bounds.order_history + at];
}
static inline uint32_t leg_of(const order_rec_t *order)
{
    return order->position_side;
}

/* --- venue_list.c: an account's orders by id ---------------------------------------------------- */
typedef struct {
    uint64_t key;
    uint32_t index; /* of the order */
} order_pick_t;
typedef bool order_fits_t(const venue_t *venue, const venue_select_t *select, const order_rec_t *order);
/* Those that fit, at most `capacity`, by ascending ids; returns how many. `picks` may be the front of the rows they will be told
 * in, when those are filled from the last to the first. */
uint32_t orders_pick(const venue_t *venue, const venue_select_t *select, order_fits_t *fits, order_pick_t *picks,
                     uint32_t capacity);

/* --- venue_touch.c: memory asked for before it is used ----------------------------------------- */
void touch_order(const venue_t *venue, uint32_t order);
void touch_slot(const venue_t *venue, uint32_t account, uint32_t instrument);
void touch_free(const venue_t *venue);
void touch_place(const venue_t *venue, const venue_place_t *place);
void touch_accepted(const venue_t *venue, const venue_place_t *place, uint32_t slot);
void touch_queue(const venue_t *venue, const order_rec_t *order);
void touch_leaving(const venue_t *venue, uint32_t account);
void touch_ending(const venue_t *venue, uint32_t order); /* an order that will be changed or taken out */
void touch_maker(const venue_t *venue, uint32_t order);  /* one that will be filled, and the one after it */

/* --- venue_fill.c: one trade booked on one account -------------------------------------------- */
typedef struct {
    int64_t price8, quantity8;
    uint64_t trade_id;
    bool maker;
    int64_t fee_rate8; /* of the account, or of liquidation */
    bool to_insurance; /* the fee goes to the insurance fund */
    venue_exec_t execution;
} fill_t;
bool fill_apply(venue_t *venue, const venue_sink_t *sink, uint32_t order, const fill_t *fill);
/* fill_apply: true when the leg lost its side (closed or flipped): fill_sweep_closing is due when the matching of this trade is
 * over. */
void fill_history_add(venue_t *venue, const order_rec_t *order, const fill_t *fill, uint32_t fee_asset, int64_t fee8,
                      int64_t realised8);
/* Quantity that can still be closed on the order's leg (0 when it has the wrong sign). */
int64_t fill_closable8(const venue_t *venue, const order_rec_t *order);
/* When a leg has become empty: its reduce-only orders and close-position algo orders go. */
void fill_sweep_closing(venue_t *venue, const venue_sink_t *sink, uint32_t slot, uint32_t leg);

/* --- venue_street.c: everybody else ----------------------------------------------------------- */
void street_renew(venue_t *venue, uint32_t instrument);        /* puts the street's levels around the present price */
static inline void street_refresh(venue_t *venue, uint32_t id) /* when they are old */
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    bool made = instrument->market == VENUE_MARKET_CANDLES || instrument->market == VENUE_MARKET_SYNTHETIC;
    if (made && instrument->street_dirty && instrument->price8 != 0) {
        street_renew(venue, id);
    }
}
/* One level, absolute; of a level that stands, and of one that does not yet. */
void street_set(venue_t *venue, instrument_rec_t *instrument, venue_side_t side, int64_t price8, int64_t quantity8);
void street_show(venue_t *venue, instrument_rec_t *instrument, venue_side_t side, uint32_t level, int64_t quantity8);
void street_add(venue_t *venue, instrument_rec_t *instrument, venue_side_t side, int64_t price8, int64_t quantity8);
void street_clear(venue_t *venue, uint32_t instrument);
int64_t street_users_best8(const venue_t *venue, const instrument_rec_t *instrument, venue_side_t side,
                           uint32_t *level); /* 0: none */
void street_gather_change(instrument_rec_t *instrument, venue_side_t side, const level_node_t *level);
/* The quantity of a level has changed. */
static inline void street_note_change(instrument_rec_t *instrument, venue_side_t side, const level_node_t *level)
{
    instrument->update_id++;
    if ((instrument->follow & VENUE_FOLLOW_DEPTH) != 0) {
        street_gather_change(instrument, side, level);
    } else {
        instrument->depth_sent_id = instrument->update_id;
    }
}
void street_trade(venue_t *venue, uint32_t instrument, venue_side_t street_side, int64_t price8,
                  int64_t quantity8); /* its side of a trade */

/* --- venue_match.c ---------------------------------------------------------------------------- */
typedef enum { MATCH_DONE, MATCH_REST, MATCH_EMPTY, MATCH_STP_TAKER, MATCH_CLOSED } match_end_t;
match_end_t match_take(venue_t *venue, const venue_sink_t *sink, uint32_t order, int64_t limit8); /* limit8 0: none */
int64_t match_fillable8(venue_t *venue, const order_rec_t *order, int64_t limit8);
bool match_crosses(venue_side_t side, int64_t price8, int64_t limit8);
/* The street's price for a taker: its level moved by the slippage model, never beyond the limit. */
int64_t match_slipped8(const instrument_rec_t *instrument, venue_side_t side, int64_t price8, int64_t limit8);
/* A resting order filled by the street at its own price. */
void match_from_street(venue_t *venue, const venue_sink_t *sink, uint32_t order, int64_t quantity8);
uint64_t match_public_trade(venue_t *venue, const venue_sink_t *sink, uint32_t instrument, int64_t price8, int64_t quantity8,
                            bool buyer_is_maker);

/* --- venue_place.c, venue_algo.c -------------------------------------------------------------- */
venue_reply_t place_checked(venue_t *venue, const venue_sink_t *sink, const venue_place_t *place, uint32_t algo, uint32_t *index);
void place_outcome(venue_t *venue, const venue_sink_t *sink, uint32_t index, match_end_t end);
typedef struct {
    uint32_t account, slot, side, leg; /* side: venue_side_t */
    cost16_t change16;                 /* of the open notional on that side */
    int64_t price8, quantity8;         /* of the order, for the loss it would open with */
} margin_ask_t;
venue_reject_t margin_check(const venue_t *venue, const margin_ask_t *ask);
bool place_price_match(venue_t *venue, uint32_t instrument, venue_side_t side, venue_match_t match, int64_t *price8);
venue_reject_t place_band(const instrument_rec_t *instrument, venue_side_t side, int64_t price8, dec_t *limit);
bool place_would_take(venue_t *venue, uint32_t instrument, venue_side_t side, int64_t price8);
venue_reject_t rules_price(const instrument_rec_t *instrument, dec_t price, int64_t *price8);
venue_reject_t rules_quantity(const instrument_rec_t *instrument, dec_t quantity, bool market, int64_t *quantity8);
void cancel_slot_orders(venue_t *venue, const venue_sink_t *sink, uint32_t slot, uint32_t *count);
void algo_fire(venue_t *venue, const venue_sink_t *sink, uint32_t index);
void algo_follow_price(venue_t *venue, uint32_t instrument); /* trailing orders after a move */
bool algo_next_trigger(const venue_t *venue, const instrument_rec_t *instrument, bool rising, int64_t *price8, uint32_t *index);

/* --- venue_adl.c: auto-deleveraging ----------------------------------------------------------- */
uint32_t adl_quantile(const venue_t *venue, const slot_t *slot, uint32_t side); /* 0..4; 4 is next in line */
/* Closes what is open of the liquidated order against positions on the other side, as far as there are any. */
void adl_run(venue_t *venue, const venue_sink_t *sink, uint32_t liquidated, int64_t price8);

/* --- venue_liquidation.c, venue_funding.c ----------------------------------------------------- */
bool liquidation_due(const venue_t *venue, uint32_t instrument, int64_t mark8);      /* would anybody be liquidated at this mark? */
void liquidation_run(venue_t *venue, const venue_sink_t *sink, uint32_t instrument); /* everybody who is due now */
enum { FUNDING_HOURS_USUAL = 8 };
void funding_begin(venue_t *venue, uint32_t instrument); /* next payment and rate, as nothing had been yet */
void funding_run(venue_t *venue, const venue_sink_t *sink, uint32_t instrument);
void income_add(venue_t *venue, uint32_t account, venue_income_kind_t kind, uint32_t instrument, uint32_t asset, int64_t amount8,
                uint64_t trade_id);

/* --- venue_path.c: the inside of a bar (pure) ------------------------------------------------- */
void path_make(bar_path_t *path, uint64_t seed, uint32_t instrument, int64_t tick8, timeframe_t timeframe, const candle_t *bar);
int64_t path_price8(const bar_path_t *path, int64_t tick8, int64_t time_ns);
int64_t path_knot_ns(const bar_path_t *path, uint32_t knot);
uint32_t path_segment(const bar_path_t *path, int64_t time_ns); /* that begins at or before the time and ends after it */
int64_t path_cross_ns(const bar_path_t *path, int64_t tick8, uint32_t segment,
                      int64_t price8); /* first whole ms at which path_price8 has reached it */
int64_t path_volume8(const bar_path_t *path, int64_t step8, int64_t time_ns); /* traded since the open */

/* --- venue_market.c, venue_stream.c, venue_synthetic.c, venue_kline.c ------------------------- */
void market_price_set(venue_t *venue, uint32_t instrument, int64_t price8, int64_t index8, int64_t mark8);
void market_react(venue_t *venue, const venue_sink_t *sink,
                  uint32_t instrument); /* triggers and liquidations that the present prices call for */
void market_jump(venue_t *venue, const venue_sink_t *sink, uint32_t instrument, int64_t price8, int64_t index8, int64_t mark8);
/* End of a command: price of a venue without a street, quote and depth events. */
void market_settle(venue_t *venue, const venue_sink_t *sink, uint32_t instrument);
void market_publish(venue_t *venue, const venue_sink_t *sink, uint32_t instrument);
void synthetic_step(venue_t *venue, const venue_sink_t *sink, uint32_t instrument);
void kline_trade(venue_t *venue, const venue_sink_t *sink, uint32_t instrument, int64_t price8, int64_t quantity8,
                 bool buyer_is_maker, uint64_t id);
void kline_fold(instrument_rec_t *instrument);
void kline_bar_closed(venue_t *venue, const venue_sink_t *sink, uint32_t instrument,
                      const bar_path_t *bar);                                   /* NULL sink: priming */
void kline_time(venue_t *venue, const venue_sink_t *sink, uint32_t instrument); /* closes bars made of trades whose end has come */
void kline_bar_moved(venue_t *venue, const venue_sink_t *sink, uint32_t instrument);
void kline_view(const kline_rec_t *bar, timeframe_t timeframe, bool closed, venue_kline_t *out);
void kline_join(kline_rec_t *to, const kline_rec_t *part);
void kline_sample(const bar_path_t *path, int64_t tick8, int64_t step8, int64_t from_ns, int64_t to_ns, kline_rec_t *out);
/* The first bar of the history whose end is after the time; and one as a path, false past the present. */
uint32_t kline_history_seek(const venue_history_t *history, int64_t time_ns);
bool kline_history_path(const venue_t *venue, uint32_t instrument, const venue_history_t *history, uint32_t at, bar_path_t *path);
