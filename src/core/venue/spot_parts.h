/* spot_parts.h: what the spot files call of each other, and what the venue's shared machinery calls of them. */
#pragma once

#include "core/venue/spot.h"
#include "core/venue/venue_parts.h"

/* --- called by the shared machinery ----------------------------------------------------------- */

/* venue_fill.c: one side of a trade. */
void spot_fill(venue_t *venue, const venue_sink_t *sink, uint32_t order, const fill_t *fill);

/* venue_orders.c: the order left the book or never came onto it: what is locked for it is free again, its list hears of it. */
void spot_finished(venue_t *venue, const venue_sink_t *sink, uint32_t order);

/* venue_match.c: both orders belong to one account and the taker minds; spot_prevent is true when the taker has to stop. */
bool spot_prevents(const venue_t *venue, uint32_t taker, uint32_t maker);
bool spot_prevent(venue_t *venue, const venue_sink_t *sink, uint32_t taker, uint32_t maker);
void spot_note_trade(const venue_t *venue, instrument_rec_t *instrument, int64_t price8, int64_t quantity8);

/* venue_market.c, venue_algo.c: the first order of a trigger ladder is reached; trailing orders after a move. */
void spot_fire(venue_t *venue, const venue_sink_t *sink, uint32_t order);
void spot_follow_price(venue_t *venue, uint32_t instrument);

/* What has come due: pending legs whose working order is filled, then the balances that changed are told. */
void spot_settle(venue_t *venue, const venue_sink_t *sink);

/* venue_check.c: NULL or what is wrong. */
const char *spot_check_triggers(const venue_t *venue, uint32_t instrument);
const char *spot_check_slot(const venue_t *venue, const slot_t *slot);
const char *spot_check_balances(const venue_t *venue);

/* --- spot_money.c: free and locked ------------------------------------------------------------ */
void spot_lock(venue_t *venue, uint32_t order, int64_t amount8); /* of the asset the order pays; must be free */
void spot_unlock(venue_t *venue, uint32_t order, int64_t amount8);
int64_t spot_need8(const venue_t *venue, uint32_t order); /* what the open rest of a priced order may cost */
void spot_touch(venue_t *venue, uint32_t account, uint32_t asset);
void spot_tell_balances(venue_t *venue, const venue_sink_t *sink);
static inline uint32_t spot_pays(const instrument_rec_t *instrument, uint32_t side)
{
    return side == VENUE_BUY ? instrument->asset : instrument->base;
}

/* --- spot_rules.c: the checks of a new order -------------------------------------------------- */
typedef struct {
    int64_t price8, quantity8, quote8, stop8, iceberg8;
    int64_t asked8;   /* price that was sent with a peg */
    int64_t reserve8; /* has to be free */
} spot_checked_t;
/* A leg's funds and counts are the list's matter; a pending one has no pegged price yet, and one that sells what another receives
 * no quantity. */
typedef enum { SPOT_ALONE, SPOT_LEG, SPOT_PENDING_LEG, SPOT_UNMEASURED_LEG } spot_setting_t;
spot_reject_t spot_check(venue_t *venue, const spot_place_t *place, spot_setting_t setting, spot_checked_t *checked);
spot_reject_t spot_check_counts(const venue_t *venue, const spot_place_t *const *legs, uint32_t count);
bool spot_is_conditional(spot_type_t type);
bool spot_is_market(spot_type_t type);            /* has no price: MARKET, STOP_LOSS, TAKE_PROFIT */
bool spot_rises(spot_type_t type, uint32_t side); /* its stop price stands above the market */
spot_reject_t spot_quantity(const instrument_rec_t *instrument, dec_t quantity, bool market, int64_t *quantity8);
bool spot_peg(venue_t *venue, uint32_t order); /* its price, now; false: the book has none for it that the filters let through */
spot_reject_t spot_check_icebergs(int64_t quantity8, int64_t iceberg8);
bool spot_notional_low(const venue_t *venue, uint32_t instrument, int64_t price8, int64_t quantity8); /* price8 0: at average */

/* What a market order would trade now: up to quantity8, or for up to quote8 when that is not 0; whole steps. */
typedef struct {
    int64_t quantity8, quote8;
} spot_walk_t;
spot_walk_t spot_walk(venue_t *venue, const spot_place_t *place, int64_t quantity8, int64_t quote8);

/* --- spot_place.c ----------------------------------------------------------------------------- */
/* A record for the order, known by its ids, told as NEW by the caller. */
uint32_t spot_make(venue_t *venue, const spot_place_t *place, const spot_checked_t *checked);
void spot_go(venue_t *venue, const venue_sink_t *sink, uint32_t order); /* matches, and rests or ends */
/* Takes it from wherever it stands and ends it; request_id of a cancel, NULL: none. */
void spot_end(venue_t *venue, const venue_sink_t *sink, uint32_t order, spot_status_t status, spot_reason_t reason,
              const client_id_t *request_id);
/* By self-trade prevention: what is open of it is prevented; the note says with whom. */
typedef struct spot_note spot_note_t;
void spot_end_prevented(venue_t *venue, const venue_sink_t *sink, uint32_t order, spot_note_t *note);
/* Locks what it needs now that it comes to the market; false: not there, the order has ended. */
bool spot_fund(venue_t *venue, const venue_sink_t *sink, uint32_t order);
bool spot_enough(const venue_t *venue, uint32_t account, uint32_t asset, int64_t amount8);

/* --- spot_trigger.c --------------------------------------------------------------------------- */
void spot_arm(venue_t *venue, uint32_t order);
void spot_disarm(venue_t *venue, uint32_t order);

/* --- spot_list.c ------------------------------------------------------------------------------ */
/* A leg begins to act (a fill, a trigger): in an OCO pair the other one goes, and what was locked for both is this one's. */
void spot_list_acts(venue_t *venue, const venue_sink_t *sink, uint32_t order);
void spot_list_left(venue_t *venue, const venue_sink_t *sink, uint32_t order);
void spot_lists_due(venue_t *venue, const venue_sink_t *sink);
void spot_list_cancel_all(venue_t *venue, const venue_sink_t *sink, uint32_t list, const client_id_t *request_id);

/* --- spot_opo.c: what a working order receives is for its pending legs (OPO, OPOCO) ------------ */
spot_reject_t spot_opo_sides(const spot_list_place_t *place, uint32_t legs);
void spot_opo_received(venue_t *venue, uint32_t order, int64_t quantity8, int64_t fee8); /* fee8: of it, in the same asset */
bool spot_opo_measure(venue_t *venue, const list_rec_t *list); /* the legs' quantity; false: the filters refuse it */

/* --- spot_query.c ----------------------------------------------------------------------------- */
struct spot_note {
    int64_t price8, quantity8, commission8, prevented8;
    int64_t missed_price8, missed8; /* what would have traded had it not been prevented */
    uint64_t trade_id, counter_id;
    uint32_t commission_asset;
    bool maker;
    const client_id_t *request_id; /* NULL: none */
    const char *original_id;       /* NULL: none */
};
void spot_emit_order(venue_t *venue, const venue_sink_t *sink, uint32_t order, spot_exec_t execution, const spot_note_t *note);
void spot_emit_list(venue_t *venue, const venue_sink_t *sink, uint32_t list);
void spot_view(const venue_t *venue, uint32_t order, spot_order_t *out);
uint32_t spot_find(const venue_t *venue, const spot_ref_t *ref, spot_reject_t *why); /* VENUE_NIL: not there */
uint32_t spot_list_find(const venue_t *venue, const spot_ref_t *ref);
