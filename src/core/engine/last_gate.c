/* last_gate.c: see last_gate.h. */
#include "core/engine/last_gate.h"

#include "core/base/assert.h"

static bool refuse(last_gate_t *gate, order_reply_t *reply, reject_class_t reject, const char *text)
{
    gate->refused++;
    reply->kind = REPLY_NEVER_SENT;
    reply->reject = reject;
    (void)str_copy(str_from(text), reply->text, sizeof reply->text);
    return false;
}

/* Could a fill of it make a position larger? Never with a reduce-only flag; in hedge mode the position key and the side say it. */
static bool may_increase(const order_action_t *action)
{
    if (action->kind != ACTION_PLACE || action->place.reduce != REDUCE_NO) {
        return false;
    }
    if (action->place.position == POSITION_LONG) {
        return action->place.side == ORDER_BUY;
    }
    if (action->place.position == POSITION_SHORT) {
        return action->place.side == ORDER_SELL;
    }
    return true;
}

static uint32_t placed_within(const last_gate_t *gate, int64_t now_ns, int64_t window_ns)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < LAST_GATE_WINDOW_MAX; i++) {
        count += gate->placed_ns[i] > 0 && now_ns - gate->placed_ns[i] < window_ns;
    }
    return count;
}

/* What an entry is measured by: its own price, its trigger, or for a market entry what it was sized by; 0: none. */
static dec_t price_of(const order_action_t *action)
{
    if (dec_sign(action->place.price) > 0) {
        return action->place.price;
    }
    return dec_sign(action->place.trigger) > 0 ? action->place.trigger : action->reference;
}

bool last_gate_pass(last_gate_t *gate, const risk_config_t *limits, const instrument_table_t *table, uint32_t kill_level,
                    int64_t now_ns, const order_action_t *action, order_reply_t *reply)
{
    ASSERT(gate != NULL && limits != NULL && table != NULL && action != NULL);
    *reply = (order_reply_t){.action = action->number};
    if (action->kind == ACTION_SET_LEVERAGE && action->leverage > limits->leverage) {
        return refuse(gate, reply, REJECT_FENCED, "leverage above the signer's limit");
    }
    if (!may_increase(action)) {
        gate->passed++;
        return true;
    }
    const dec_t price = price_of(action);
    dec_t notional = DEC_ZERO;
    if (kill_level >= KILL_NO_ENTRIES) {
        return refuse(gate, reply, REJECT_FENCED, "kill level: no entries");
    }
    if (instrument_table_at(table, action->instrument) == NULL) {
        return refuse(gate, reply, REJECT_FENCED, "symbol is not on the signer's list");
    }
    if (placed_within(gate, now_ns, limits->orders_window_ns) >= limits->orders_per_window_max) {
        return refuse(gate, reply, REJECT_BUSY, "order rate limit of the signer");
    }
    if (dec_sign(price) <= 0) {
        return refuse(gate, reply, REJECT_FENCED, "an entry without a price cannot be measured");
    }
    if (dec_mul(price, action->place.quantity, DEC_ROUND_UP, &notional) != RESULT_OK) {
        return refuse(gate, reply, REJECT_FENCED, "notional out of range");
    }
    if (dec_gt(notional, limits->notional_symbol_max)) {
        return refuse(gate, reply, REJECT_FENCED, "notional above the cap of one symbol");
    }
    gate->placed_ns[gate->placed_next] = now_ns;
    gate->placed_next = (gate->placed_next + 1) % LAST_GATE_WINDOW_MAX;
    gate->passed++;
    return true;
}

bool last_gate_sweep_order(uint32_t kill_level, const private_order_t *order, order_action_t *cancel)
{
    uint32_t epoch = 0;
    uint64_t intent = 0;
    leg_t leg = LEG_ENTRY;
    if (kill_level < KILL_CANCEL_ENTRIES || client_id_parse(str_from(order->client_id), &epoch, &intent, &leg) != RESULT_OK ||
        leg != LEG_ENTRY) {
        return false;
    }
    *cancel = (order_action_t){.kind = ACTION_CANCEL, .priority = PRIORITY_EXIT, .instrument = order->instrument};
    (void)str_copy(str_from(order->client_id), cancel->order.client_id.text, sizeof cancel->order.client_id.text);
    cancel->order.algo = order->algo;
    cancel->order.venue_order_id = order->venue_order_id;
    return true;
}

bool last_gate_sweep_position(uint32_t kill_level, const private_position_t *position, order_action_t *close)
{
    if (kill_level < KILL_FLATTEN || dec_is_zero(position->amount)) {
        return false;
    }
    *close = (order_action_t){.kind = ACTION_PLACE, .priority = PRIORITY_EXIT, .instrument = position->instrument};
    close->place = (order_spec_t){.instrument = position->instrument,
                                  .leg = LEG_CLOSE,
                                  .side = dec_sign(position->amount) > 0 ? ORDER_SELL : ORDER_BUY,
                                  .position = position->position,
                                  .type = ORDER_MARKET,
                                  .reduce = position->position == POSITION_BOTH ? REDUCE_ONLY : REDUCE_NO,
                                  .quantity = dec_abs(position->amount)};
    return true;
}
