/* venue_view.c: records turned into what the outside sees. Targets are zeroed by the caller, so that equal records give equal
 * bytes. */
#include "core/venue/venue_parts.h"

/* Nearest 10^-8, halves away from zero: for prices that are shown, never for money. */
static int64_t quotient8(cost16_t cost16, int64_t quantity8)
{
    if (quantity8 == 0) {
        return 0;
    }
    const uint64_t by = (uint64_t)abs8(quantity8);
    uint128_t whole = (uint128_t)abs16(cost16) + by / 2;
    return whole >> 64 == 0 ? (int64_t)((uint64_t)whole / by) : (int64_t)(whole / by); /* seldom more than a word */
}

int64_t leg_entry8(const leg_rec_t *leg)
{
    return quotient8(leg->cost16, leg->amount8);
}

int64_t leg_break_even8(const leg_rec_t *leg)
{
    /* A long must sell higher by its fees, a short buy back lower: both add the fees to the signed cost. */
    return quotient8(leg->cost16 + (cost16_t)leg->fees8 * VENUE_E8, leg->amount8);
}

/* Most orders have nothing of this. */
static void view_rare(const order_rare_t *rare, venue_order_t *out)
{
    out->stop_price = dec_of8(rare->trigger8);
    out->activate_price = dec_of8(rare->activate8);
    out->callback_pct = dec_of8(rare->callback8);
    out->good_till_ns = rare->good_till_ns;
    out->algo_id = rare->algo_id;
    out->modify_id = rare->modify_id;
}

static void view_no_rare(venue_order_t *out)
{
    out->stop_price = out->activate_price = out->callback_pct = DEC_ZERO;
    out->good_till_ns = 0;
    out->algo_id = out->modify_id = 0;
}

static void view_filled(const order_rec_t *order, venue_order_t *out)
{
    if (order->filled8 == 0) { /* three of four */
        out->filled = out->average_price = out->filled_quote = DEC_ZERO;
        return;
    }
    out->filled = dec_of8(order->filled8);
    out->average_price = dec_of8(quotient8(order->quote16, order->filled8));
    out->filled_quote = dec_of16(order->quote16);
}

void view_order(const venue_t *venue, const order_rec_t *order, venue_order_t *out)
{
    out->id = order->id;
    client_id_load(order->client_id, &out->client_id);
    out->account = order->account;
    out->instrument = order->instrument;
    out->side = (venue_side_t)order->side;
    out->position_side = (venue_position_side_t)order->position_side;
    out->type = (venue_type_t)order->type;
    out->orig_type = (venue_type_t)order->orig_type;
    out->tif = (venue_tif_t)order->tif;
    out->status = (venue_status_t)order->status;
    out->expiry = (venue_expiry_t)order->expiry;
    out->stp = (venue_stp_t)order->stp;
    out->match = (venue_match_t)order->match;
    out->working = (venue_working_t)order->working;
    out->reduce_only = order->reduce_only;
    out->close_position = order->close_position;
    out->price_protect = order->price_protect;
    out->quantity = dec_of8(order->quantity8);
    out->price = dec_of8(order->price8);
    out->time_ns = order->time_ns;
    out->update_ns = order->update_ns;
    out->amendments = links_of(venue, (uint32_t)(order - order_of(venue, 0)))->amendments;
    view_filled(order, out);
    if (order->has_rare) {
        view_rare(order_rare(venue, order), out);
    } else {
        view_no_rare(out);
    }
}

void view_algo(const venue_t *venue, const algo_rec_t *algo, venue_algo_t *out)
{
    int64_t filled8 = algo->actual_filled8;
    cost16_t quote16 = algo->actual_quote16;
    uint32_t actual = algo->actual_id != 0 ? order_find_id(venue, algo->account, algo->actual_id) : VENUE_NIL;
    if (actual != VENUE_NIL) {
        filled8 = order_of(venue, actual)->filled8;
        quote16 = order_of(venue, actual)->quote16;
    }
    out->id = algo->id;
    memcpy(out->client_id.text, algo->client_id, sizeof algo->client_id);
    out->account = algo->account;
    out->instrument = algo->instrument;
    out->side = (venue_side_t)algo->side;
    out->position_side = (venue_position_side_t)algo->position_side;
    out->type = (venue_type_t)algo->type;
    out->tif = (venue_tif_t)algo->tif;
    out->status = (venue_algo_status_t)algo->status;
    out->stp = (venue_stp_t)algo->stp;
    out->match = (venue_match_t)algo->match;
    out->working = (venue_working_t)algo->working;
    out->reduce_only = algo->reduce_only;
    out->close_position = algo->close_position;
    out->price_protect = algo->price_protect;
    out->activated = algo->activated;
    out->quantity = dec_of8(algo->quantity8);
    out->price = dec_of8(algo->price8);
    out->trigger_price = dec_of8(algo->type == VENUE_TRAILING_STOP_MARKET ? 0 : algo->trigger8);
    out->activate_price = dec_of8(algo->activate8);
    out->callback_pct = dec_of8(algo->callback8);
    out->actual_price = dec_of8(quotient8(quote16, filled8));
    out->actual_quantity = dec_of8(filled8);
    out->actual_type = algo->type == VENUE_STOP || algo->type == VENUE_TAKE_PROFIT ? VENUE_LIMIT : VENUE_MARKET;
    out->actual_id = algo->actual_id;
    out->reason = (venue_reject_t)algo->reason;
    out->time_ns = algo->time_ns;
    out->update_ns = algo->update_ns;
    out->trigger_ns = algo->trigger_ns;
    out->good_till_ns = algo->good_till_ns;
}
