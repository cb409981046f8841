/* venue_fault.h: what befalls an exchange and its traders from outside the rules: a price that jumps for an instant, a fill at the
 * worst moment, stops that hang or vanish, positions taken away, a symbol that changes its name.
 *
 * For the faults on demand (edge/face/fault); nothing here happens by itself. Each act keeps the books whole (venue_check_money)
 * and is told in the venue's own events, unless its comment says that it stays silent. A failed call changes nothing.
 */
#pragma once

#include "core/venue/venue.h"

/* One public trade at `price`: accounts' orders at better prices on the way are filled by the street, then triggers and
 * liquidations that this price calls for happen; then the market goes on from there on its own way (a candle's path leads back to
 * itself). RESULT_BAD_ARGUMENT: not above 0, or no market here. */
result_t venue_price_jump(venue_t *venue, const venue_sink_t *sink, instrument_id_t instrument, dec_t price);

/* A synthetic market goes on at `factor` times its price. RESULT_UNSUPPORTED elsewhere: there the data are to be scaled. */
result_t venue_price_scale(venue_t *venue, const venue_sink_t *sink, instrument_id_t instrument, dec_t factor);

/* A resting order gets `share` (0 .. 1] of what is open, at least one step, at its own price from the street. RESULT_NOT_FOUND. */
result_t venue_fill_now(venue_t *venue, const venue_sink_t *sink, const venue_ref_t *ref, dec_t share);

/* One conditional order is triggered now, whatever the price. RESULT_NOT_FOUND. */
result_t venue_algo_now(venue_t *venue, const venue_sink_t *sink, const venue_ref_t *ref);

typedef enum {
    VENUE_STOP_STUCKS,   /* TRIGGERING for ever: no order is made, it stays in the list */
    VENUE_STOP_REJECTED, /* triggered, and its order refused for lack of margin */
    VENUE_STOP_VANISHES, /* expired by the system; pass no sink and nobody is told */
    VENUE_STOP_FREED,    /* a stuck one waits for its price again */
} venue_stop_fate_t;

/* All conditional orders of the account on the instrument (trailing ones are never stuck). Number of those it happened to. */
uint32_t venue_stops_strike(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t instrument,
                            venue_stop_fate_t fate);

/* Every leg of the account on the instrument is liquidated by the venue's own rules: the mark price stands for an instant where
 * maintenance is no longer covered. RESULT_NOT_FOUND: no position; RESULT_BAD_STATE: no mark can bring it about (too much margin).
 */
result_t venue_liquidate(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t instrument);

/* Auto-deleveraging: `share` of each leg is closed at the mark price against the street, by an order "adl_autoclose". */
result_t venue_deleverage(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t instrument,
                          dec_t share);

/* Orders, positions and history stay; every question knows only the new name. RESULT_DUPLICATE, RESULT_TEXT_TOO_LONG. */
result_t venue_instrument_rename(venue_t *venue, instrument_id_t instrument, str_t symbol);
