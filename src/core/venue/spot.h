/* spot.h: spot trading on the venue (venue.h): instruments of kind INSTRUMENT_SPOT trade one asset for another, at once.
 *
 * The book, the street, the clock and the events are the venue's own; an order here locks what it may have to pay (quote for a buy,
 * base for a sell) until it is filled or gone. Conditional orders keep their id when they fire. Fees are taken out of what is
 * received, or in BNB when the account burns it and has enough. Everything per asset sums up: deposits = what accounts hold + fees
 * + what the street holds (venue_check_money).
 *
 * A venue has spot only when its bounds say order_lists > 0. Refused commands change nothing and emit nothing.
 */
#pragma once

#include "core/venue/venue.h"

/* --- settings --------------------------------------------------------------------------------- */

/* Money in (positive) or out (negative; SPOT_REJECT_BALANCE when it is not free). */
spot_reject_t spot_transfer(venue_t *venue, const venue_sink_t *sink, venue_account_t account, venue_asset_t asset, dec_t amount);
result_t spot_fees(venue_t *venue, venue_account_t account, dec_t maker_rate, dec_t taker_rate);
result_t spot_burn_bnb(venue_t *venue, venue_account_t account, bool burn);

/* --- trading ---------------------------------------------------------------------------------- */

spot_reply_t spot_place(venue_t *venue, const venue_sink_t *sink, const spot_place_t *place, spot_order_t *after);

/* A leg of a list takes the whole list with it. */
spot_reply_t spot_cancel(venue_t *venue, const venue_sink_t *sink, const spot_ref_t *ref, spot_order_t *after);

/* Less quantity, same place in the queue. */
spot_reply_t spot_amend(venue_t *venue, const venue_sink_t *sink, const spot_amend_t *amend, spot_order_t *after);

spot_reply_t spot_list_place(venue_t *venue, const venue_sink_t *sink, const spot_list_place_t *place, spot_list_t *after);
spot_reply_t spot_list_cancel(venue_t *venue, const venue_sink_t *sink, const spot_ref_t *ref, spot_list_t *after);

/* --- questions (nothing changes) -------------------------------------------------------------- */

result_t spot_account_view(const venue_t *venue, venue_account_t account, spot_account_t *out);
result_t spot_balance(const venue_t *venue, venue_account_t account, venue_asset_t asset, spot_balance_t *out);
result_t spot_order(const venue_t *venue, const spot_ref_t *ref, spot_order_t *out); /* open or in history */

/* Ascending ids; INSTRUMENT_NONE in select: all spot instruments. Returns how many were written. */
uint32_t spot_orders(const venue_t *venue, const venue_select_t *select, spot_order_t *out, uint32_t capacity);
result_t spot_list(const venue_t *venue, const spot_ref_t *ref, spot_list_t *out); /* instrument not needed */
uint32_t spot_lists(const venue_t *venue, const venue_select_t *select, spot_list_t *out, uint32_t capacity);

/* Average price of the trades of the last SPOT_AVERAGE_MINUTES minutes by volume; without any, the last price. */
dec_t spot_average_price(const venue_t *venue, instrument_id_t instrument);
