/* venue_emit.c: every event leaves through here: numbered, stamped, built in place over zeroed memory: the venue's own event, of
 * which each kind wipes no more than it has filled. */
#include "core/venue/venue_parts.h"

/* Counts; false: nobody listens. */
static bool emit_wanted(venue_t *venue, const venue_sink_t *sink)
{
    venue->events++;
    return sink != NULL && sink->emit != NULL;
}

/* The same for what concerns one account: what an advance may be told to stop at. */
static bool private_wanted(venue_t *venue, const venue_sink_t *sink)
{
    venue->private_events++;
    return emit_wanted(venue, sink);
}

static void stamp(const venue_t *venue, venue_event_t *event, venue_event_kind_t kind, uint32_t account, uint32_t instrument)
{
    event->kind = kind;
    event->number = venue->events;
    event->time_ns = venue->event_ns;
    event->account = account;
    event->instrument = (instrument_id_t)instrument;
}

static venue_event_t *begin(venue_t *venue, venue_event_kind_t kind, uint32_t account, uint32_t instrument)
{
    stamp(venue, &venue->event, kind, account, instrument);
    return &venue->event;
}

/* How far building this event may have filled it. */
static size_t used_by(const venue_event_t *event)
{
    static const uint16_t sizes[] = {
        [VENUE_EVENT_TRADE] = offsetof(venue_event_t, trade) + sizeof(venue_trade_event_t),
        [VENUE_EVENT_QUOTE] = offsetof(venue_event_t, quote) + sizeof(quote_t),
        [VENUE_EVENT_DEPTH] = offsetof(venue_event_t, depth) + sizeof(venue_depth_event_t),
        [VENUE_EVENT_ACCOUNT] = offsetof(venue_event_t, account_change.positions),
        [VENUE_EVENT_SPOT] = sizeof(venue_event_t),
    };
    size_t more = event->kind == VENUE_EVENT_ACCOUNT ? event->account_change.position_count * sizeof(venue_position_change_t) : 0;
    return event->kind < sizeof sizes / sizeof sizes[0] && sizes[event->kind] != 0 ? sizes[event->kind] + more
                                                                                   : sizeof(venue_event_t);
}

static void send(venue_t *venue, const venue_sink_t *sink)
{
    sink->emit(sink->context, &venue->event);
    memset(&venue->event, 0, used_by(&venue->event));
}

static void tell_fill(const fill_note_t *fill, venue_order_event_t *out)
{
    out->commission_asset = (venue_asset_t)fill->commission_asset;
    out->last_price = dec_of8(fill->price8);
    out->last_quantity = dec_of8(fill->quantity8);
    out->commission = dec_of8(fill->commission8);
    out->realised_pnl = dec_of8(fill->realised8);
    out->trade_id = fill->trade_id;
    out->maker = fill->maker;
}

static void tell_no_fill(venue_asset_t asset, venue_order_event_t *out)
{
    out->commission_asset = asset;
    out->last_price = out->last_quantity = out->commission = out->realised_pnl = DEC_ZERO;
    out->trade_id = 0;
    out->maker = false;
}

/* Order events have an event of their own, which is never wiped: every field of it is written each time. */
void emit_fill(venue_t *venue, const venue_sink_t *sink, const order_rec_t *order, venue_exec_t execution, const fill_note_t *fill)
{
    if (!private_wanted(venue, sink)) {
        return;
    }
    venue_event_t *event = &venue->order_event;
    stamp(venue, event, VENUE_EVENT_ORDER, order->account, order->instrument);
    venue_order_event_t *out = &event->order;
    view_order(venue, order, &out->order);
    out->execution = execution;
    if (fill != NULL) {
        tell_fill(fill, out);
    } else {
        tell_no_fill((venue_asset_t)instrument_of(venue, order->instrument)->asset, out);
    }
    const leg_rec_t *leg = &slot_of(venue, order->slot)->legs[order->position_side];
    out->bid_notional = dec_of16(leg->open16[VENUE_BUY]);
    out->ask_notional = dec_of16(leg->open16[VENUE_SELL]);
    sink->emit(sink->context, event);
}

void emit_order(venue_t *venue, const venue_sink_t *sink, const order_rec_t *order, venue_exec_t execution)
{
    emit_fill(venue, sink, order, execution, NULL);
}

void emit_algo(venue_t *venue, const venue_sink_t *sink, const algo_rec_t *algo)
{
    if (!private_wanted(venue, sink)) {
        return;
    }
    venue_event_t *event = begin(venue, VENUE_EVENT_ALGO, algo->account, algo->instrument);
    view_algo(venue, algo, &event->algo);
    send(venue, sink);
}

static void note_balance(venue_t *venue, venue_account_event_t *out, uint32_t account, uint32_t asset, int64_t change8)
{
    const balance_rec_t *balance = balance_of(venue, account, asset);
    venue_balance_change_t *change = &out->balances[out->balance_count++];
    change->asset = (venue_asset_t)asset;
    change->wallet = dec_of8(balance->cross8 + balance->isolated8);
    change->cross_wallet = dec_of8(balance->cross8);
    change->change = dec_of8(change8);
}

static void emit_change(venue_t *venue, const venue_sink_t *sink, uint32_t account, uint32_t asset, uint32_t paid_asset,
                        uint32_t slot_index, uint32_t legs, venue_reason_t reason, int64_t change8)
{
    balance_of(venue, account, asset)->update_ns = venue->event_ns;
    if (paid_asset != asset) {
        balance_of(venue, account, paid_asset)->update_ns = venue->event_ns;
    }
    account_of(venue, account)->update_ns = venue->event_ns;
    if (!private_wanted(venue, sink)) {
        return;
    }
    venue_event_t *event = begin(venue, VENUE_EVENT_ACCOUNT, account,
                                 slot_index == VENUE_NIL ? INSTRUMENT_NONE : slot_of(venue, slot_index)->instrument);
    venue_account_event_t *out = &event->account_change;
    out->reason = reason;
    note_balance(venue, out, account, asset, change8);
    if (paid_asset != asset) {
        note_balance(venue, out, account, paid_asset, 0);
    }
    for (uint32_t side = 0; slot_index != VENUE_NIL && side < 3; side++) {
        if ((legs & 1u << side) == 0) {
            continue;
        }
        const slot_t *slot = slot_of(venue, slot_index);
        const leg_rec_t *leg = &slot->legs[side];
        venue_position_change_t *change = &out->positions[out->position_count++];
        change->side = (venue_position_side_t)side;
        change->amount = dec_of8(leg->amount8);
        change->entry_price = dec_of8(leg_entry8(leg));
        change->break_even_price = dec_of8(leg_break_even8(leg));
        change->realised_pnl = dec_of8(leg->realised8);
        change->unrealised_pnl = dec_of8(leg->pnl8);
        change->isolated_wallet = dec_of8(slot->margin == VENUE_MARGIN_ISOLATED ? slot->wallets8[side] : 0);
        change->margin = (venue_margin_t)slot->margin;
    }
    send(venue, sink);
}

void emit_spot(venue_t *venue, const venue_sink_t *sink, uint32_t account, uint32_t instrument, const spot_event_t *spot)
{
    if (private_wanted(venue, sink)) {
        venue_event_t *event = begin(venue, VENUE_EVENT_SPOT, account, instrument);
        event->spot = *spot;
        send(venue, sink);
    }
}

void emit_account(venue_t *venue, const venue_sink_t *sink, uint32_t account, uint32_t asset, uint32_t slot_index, uint32_t legs,
                  venue_reason_t reason, int64_t change8)
{
    emit_change(venue, sink, account, asset, asset, slot_index, legs, reason, change8);
}

void emit_account_paid(venue_t *venue, const venue_sink_t *sink, uint32_t account, uint32_t asset, uint32_t paid_asset,
                       uint32_t slot_index, uint32_t legs, venue_reason_t reason)
{
    emit_change(venue, sink, account, asset, paid_asset, slot_index, legs, reason, 0);
}

void emit_margin_call(venue_t *venue, const venue_sink_t *sink, uint32_t slot_index, uint32_t side)
{
    if (!private_wanted(venue, sink)) {
        return;
    }
    const slot_t *slot = slot_of(venue, slot_index);
    const instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
    const leg_rec_t *leg = &slot->legs[side];
    venue_event_t *event = begin(venue, VENUE_EVENT_MARGIN_CALL, slot->account, slot->instrument);
    venue_margin_call_t *out = &event->margin_call;
    out->asset = instrument->asset;
    out->side = (venue_position_side_t)side;
    out->margin = (venue_margin_t)slot->margin;
    out->cross_wallet = dec_of8(balance_of(venue, slot->account, instrument->asset)->cross8);
    out->amount = dec_of8(leg->amount8);
    out->isolated_wallet = dec_of8(slot->wallets8[side]);
    out->mark_price = dec_of8(instrument->mark8);
    out->unrealised_pnl = dec_of8(leg->pnl8);
    out->maintenance_margin = dec_of8(leg->maintenance8);
    send(venue, sink);
}

void emit_leverage(venue_t *venue, const venue_sink_t *sink, uint32_t account, uint32_t instrument, uint32_t leverage)
{
    if (private_wanted(venue, sink)) {
        venue_event_t *event = begin(venue, VENUE_EVENT_LEVERAGE, account, instrument);
        event->leverage = leverage;
        send(venue, sink);
    }
}

void emit_mode(venue_t *venue, const venue_sink_t *sink, uint32_t account, venue_mode_t mode)
{
    if (private_wanted(venue, sink)) {
        venue_event_t *event = begin(venue, VENUE_EVENT_MODE, account, INSTRUMENT_NONE);
        event->mode = mode;
        send(venue, sink);
    }
}

void emit_multi_assets(venue_t *venue, const venue_sink_t *sink, uint32_t account, bool multi)
{
    if (private_wanted(venue, sink)) {
        venue_event_t *event = begin(venue, VENUE_EVENT_MULTI_ASSETS, account, INSTRUMENT_NONE);
        event->multi_assets = multi;
        send(venue, sink);
    }
}

/* --- public ----------------------------------------------------------------------------------- */

void emit_status(venue_t *venue, const venue_sink_t *sink, uint32_t instrument, instrument_status_t status)
{
    if (emit_wanted(venue, sink)) {
        venue_event_t *event = begin(venue, VENUE_EVENT_STATUS, 0, instrument);
        event->status = status;
        send(venue, sink);
    }
}

void emit_rules(venue_t *venue, const venue_sink_t *sink, uint32_t instrument, bool brackets)
{
    if (emit_wanted(venue, sink)) {
        venue_event_t *event = begin(venue, VENUE_EVENT_RULES, 0, instrument);
        event->brackets = brackets;
        send(venue, sink);
    }
}

void emit_trade(venue_t *venue, const venue_sink_t *sink, uint32_t id, int64_t price8, int64_t quantity8, bool buyer_is_maker,
                uint64_t trade_id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    instrument->aggregate_id++;
    if ((instrument->follow & VENUE_FOLLOW_TRADES) == 0 || !emit_wanted(venue, sink)) {
        return;
    }
    venue_event_t *event = begin(venue, VENUE_EVENT_TRADE, 0, id);
    event->trade.id = instrument->aggregate_id;
    event->trade.price = dec_of8(price8);
    event->trade.quantity = dec_of8(quantity8);
    event->trade.first_trade_id = event->trade.last_trade_id = trade_id;
    event->trade.buyer_is_maker = buyer_is_maker;
    send(venue, sink);
}

void emit_quote(venue_t *venue, const venue_sink_t *sink, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    if ((instrument->follow & VENUE_FOLLOW_QUOTES) == 0) {
        return;
    }
    street_refresh(venue, id);
    uint32_t bid = instrument->books[VENUE_BUY].head[0].to, ask = instrument->books[VENUE_SELL].head[0].to;
    if (bid == VENUE_NIL || ask == VENUE_NIL) {
        return;
    }
    const level_node_t *bids = level_of(venue, bid), *asks = level_of(venue, ask);
    const int64_t now8[4] = {-bids->key, bids->street8 + bids->users8, asks->key, asks->street8 + asks->users8};
    if (memcmp(now8, instrument->quote_sent8, sizeof now8) == 0) {
        return;
    }
    memcpy(instrument->quote_sent8, now8, sizeof now8);
    if (!emit_wanted(venue, sink)) {
        return;
    }
    venue_event_t *event = begin(venue, VENUE_EVENT_QUOTE, 0, id);
    event->quote.bid = dec_of8(now8[0]);
    event->quote.bid_quantity = dec_of8(now8[1]);
    event->quote.ask = dec_of8(now8[2]);
    event->quote.ask_quantity = dec_of8(now8[3]);
    event->quote.update_id = instrument->update_id;
    send(venue, sink);
}

void emit_mark(venue_t *venue, const venue_sink_t *sink, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    if ((instrument->follow & VENUE_FOLLOW_MARK) == 0 || !emit_wanted(venue, sink)) {
        return;
    }
    venue_event_t *event = begin(venue, VENUE_EVENT_MARK, 0, id);
    event->mark.mark = dec_of8(instrument->mark8);
    event->mark.index = dec_of8(instrument->index8);
    event->mark.funding_rate = dec_of8(instrument->funding_rate8);
    event->mark.funding_next_ns = instrument->funding_next_ns;
    send(venue, sink);
}

void emit_kline(venue_t *venue, const venue_sink_t *sink, uint32_t instrument, const venue_kline_t *kline)
{
    if (emit_wanted(venue, sink)) {
        venue_event_t *event = begin(venue, VENUE_EVENT_KLINE, 0, instrument);
        memcpy(&event->kline, kline, sizeof *kline);
        send(venue, sink);
    }
}

void emit_depth(venue_t *venue, const venue_sink_t *sink, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    if ((instrument->follow & VENUE_FOLLOW_DEPTH) != 0) {
        street_refresh(venue, id); /* whoever follows the depth alone has nobody else who looks at the book */
    }
    if (instrument->change_count[0] + instrument->change_count[1] == 0) {
        return;
    }
    uint64_t first = instrument->depth_sent_id + 1, previous = instrument->depth_sent_id;
    instrument->depth_sent_id = instrument->update_id;
    if (emit_wanted(venue, sink)) {
        venue_event_t *event = begin(venue, VENUE_EVENT_DEPTH, 0, id);
        event->depth.first_id = first;
        event->depth.last_id = instrument->update_id;
        event->depth.previous_id = previous;
        event->depth.bid_count = instrument->change_count[VENUE_BUY];
        event->depth.ask_count = instrument->change_count[VENUE_SELL];
        event->depth.bids = instrument->changes[VENUE_BUY];
        event->depth.asks = instrument->changes[VENUE_SELL];
        send(venue, sink);
    }
    memset(instrument->changes, 0, sizeof instrument->changes);
    instrument->change_count[0] = instrument->change_count[1] = 0;
}

void emit_liquidation(venue_t *venue, const venue_sink_t *sink, const order_rec_t *order, int64_t average8, int64_t last8,
                      int64_t filled8)
{
    if (!emit_wanted(venue, sink)) {
        return;
    }
    venue_event_t *event = begin(venue, VENUE_EVENT_LIQUIDATION, 0, order->instrument);
    view_order(venue, order, &event->liquidation.order);
    event->liquidation.average_price = dec_of8(average8);
    event->liquidation.last_quantity = dec_of8(last8);
    event->liquidation.filled = dec_of8(filled8);
    send(venue, sink);
}
