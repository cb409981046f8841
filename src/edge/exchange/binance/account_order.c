/* account_order.c: placements, cancels and settings: one request, sent once, and one reply. */
#include <string.h>

#include "core/base/time.h"
#include "edge/exchange/binance/account_inside.h"

result_t account_order_encode(account_call_t *call, const instrument_t *instrument)
{
    const order_action_t *action = &call->action;
    switch (action->kind) {
    case ACTION_PLACE: /* the order itself says which mode it was made for */
        return binance_encode_place(&call->request, instrument, &action->place,
                                    action->place.position == POSITION_BOTH ? POSITION_MODE_ONE_WAY : POSITION_MODE_HEDGE);
    case ACTION_CANCEL:
        return binance_encode_cancel(&call->request, instrument, action->order.algo ? ORDER_STOP_MARKET : ORDER_LIMIT,
                                     &action->order.client_id);
    case ACTION_SET_LEVERAGE:
        return binance_encode_set_leverage(&call->request, instrument->symbol, action->leverage);
    case ACTION_SET_MARGIN_TYPE:
        return binance_encode_set_margin(&call->request, instrument->symbol, action->margin_type);
    case ACTION_SET_POSITION_MODE:
        return binance_encode_set_position_mode(&call->request, action->mode);
    case ACTION_QUERY_ORDER:
    case ACTION_QUERY_FILLS:
    case ACTION_SNAPSHOT:
    case ACTION_READ_RULES:
    case ACTION_NOTIFY:
        break;
    }
    return RESULT_UNSUPPORTED;
}

static void copy_cut(char *out, size_t capacity, const char *text)
{
    size_t length = strlen(text);
    if (length >= capacity)
        length = capacity - 1;
    memcpy(out, text, length);
    out[length] = '\0';
}

static bool reads_order(const account_call_t *call, str_t body, private_order_t *order)
{
    const symbol_map_t *symbols = call->client->options.symbols;
    int64_t time_ns = 0;
    bool algo = call->action.kind == ACTION_PLACE ? order_type_is_algo(call->action.place.type) : call->action.order.algo;
    if (algo && call->action.kind == ACTION_CANCEL) {
        if (binance_decode_algo_cancel(body, order, NULL) != RESULT_OK)
            return false;
        order->instrument = call->action.instrument; /* the reply names no symbol */
        return true;
    }
    if (algo)
        return binance_decode_algo_order(symbols, body, order, &time_ns, NULL) == RESULT_OK;
    if (binance_decode_order(symbols, body, order, &time_ns, NULL) != RESULT_OK)
        return false;
    /* A placement's acknowledgement says nothing of fills that are on their way. */
    if (call->action.kind == ACTION_PLACE && order->status == PRIVATE_STATUS_NEW)
        order->filled_known = false;
    return true;
}

/* What an accepted reply says. False: a success that cannot be read is no knowledge. */
static bool reads_success(const account_call_t *call, str_t body, order_reply_t *reply)
{
    switch (call->action.kind) {
    case ACTION_PLACE:
    case ACTION_CANCEL:
        return reads_order(call, body, &reply->order);
    case ACTION_SET_LEVERAGE: {
        dec_t notional;
        return binance_decode_leverage(body, &reply->leverage, &notional, NULL) == RESULT_OK;
    }
    case ACTION_SET_MARGIN_TYPE:
    case ACTION_SET_POSITION_MODE:
    case ACTION_QUERY_ORDER:
    case ACTION_QUERY_FILLS:
    case ACTION_SNAPSHOT:
    case ACTION_READ_RULES:
    case ACTION_NOTIFY:
        break;
    }
    return true;
}

void account_order_never_sent(account_call_t *call, result_t why)
{
    order_reply_t *reply = &account_begin_input(call->client, ORDER_INPUT_REPLY)->reply;
    reply->action = call->action.number;
    reply->kind = REPLY_NEVER_SENT;
    reply->reject = REJECT_BUSY;
    copy_cut(reply->text, sizeof reply->text, result_text(why));
    account_end_call(call);
    account_give(call->client);
}

void account_order_answer(account_call_t *call, const binance_result_t *result)
{
    account_client_t *client = call->client;
    order_reply_t *reply = &account_begin_input(client, ORDER_INPUT_REPLY)->reply;
    reply->action = call->action.number;
    if (!result->sent) {
        reply->kind = REPLY_NEVER_SENT;
        reply->reject = REJECT_BUSY;
        copy_cut(reply->text, sizeof reply->text, result_text(result->why));
    } else {
        binance_verdict_reply(&result->verdict, reply);
        if (reply->kind == REPLY_ACCEPTED && !reads_success(call, result->body, reply)) {
            reply->kind = REPLY_UNKNOWN;
            copy_cut(reply->text, sizeof reply->text, "a success that cannot be read");
        }
    }
    if (result->verdict.kind == BINANCE_VERDICT_RESYNC)
        (void)binance_rest_measure_clock(client->options.rest, NULL, NULL);
    account_end_call(call);
    account_give(client);
}
