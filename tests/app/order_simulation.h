/* order_simulation.h: the order half against the simulated exchange on virtual time, with faults: the world of
 * test_order_simulation.c.
 *
 * Everything that takes time in the world takes time here: a request travels, a reply travels, the stream travels, each with its
 * own delay from one seed. Faults: a request or a reply is lost, the stream repeats itself, is cut for a while, mixes its order;
 * the user trades by hand; the process dies after any record of a step and starts again from the records.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/engine/order_half.h"
#include "core/engine/record_text.h"
#include "core/venue/venue.h"
#include "support/test_support.h"

#define SIM_START_NS (INT64_C(1767225600) * NS_PER_S)

enum { SIM_QUEUE_MAX = 4096, SIM_RECORDS_MAX = 60000, SIM_INSTRUMENTS = 2, SIM_SENT_MAX = 8192 };

typedef struct {
    double request_lost, reply_lost, never_sent; /* chance of each request */
    double repeated, mixed;                      /* chance of each stream event */
    double cut;                                  /* chance a second that the stream is cut for some seconds */
    double user;                                 /* chance a second that the user trades by hand */
    double killed;                               /* chance of each step with records */
} sim_faults_t;

typedef struct {
    int64_t due_ns;
    uint64_t order;  /* ties are served as they came */
    bool is_request; /* an action on its way to the venue; else an input on its way to the half */
    uint32_t epoch;  /* of the process that asked */
    order_action_t action;
    order_input_t input;
} sim_item_t;

typedef struct {
    order_half_t *half, *mirror;
    order_output_t *output;
    order_record_t *records;
    uint32_t record_count, epoch;
    venue_t *venue;
    void *venue_memory;
    venue_asset_t usdt;
    venue_sink_t sink;
    prng_t chance, signals;
    sim_faults_t faults;
    risk_config_t risk;
    int64_t now_ns, cut_until_ns;
    bool was_cut;
    sim_item_t *queue;
    uint32_t queue_count;
    uint64_t next_item, next_signal, next_user, deaths;
    client_id_t sent[SIM_SENT_MAX];
    uint32_t sent_count;
    /* the truth, measured at the venue */
    int64_t naked_since_ns[SIM_INSTRUMENTS], naked_longest_ns;
    dec_t user_amount[SIM_INSTRUMENTS];
    bool user_active;
    uint32_t trades_closed, ladders, unexplained, exits_uncovered;
    uint32_t entries, protections, fills; /* orders sent: entries; stops and targets */
} sim_t;

#define D(text) test_dec(text)

/* --- the queue -------------------------------------------------------------------------------- */

static inline sim_item_t *sim_push(sim_t *s, int64_t delay_ns, bool is_request)
{
    assert_true(s->queue_count < SIM_QUEUE_MAX);
    sim_item_t *item = &s->queue[s->queue_count++];
    memset(item, 0, sizeof *item);
    item->due_ns = s->now_ns + delay_ns;
    item->order = s->next_item++;
    item->is_request = is_request;
    item->epoch = s->epoch;
    return item;
}

static inline order_input_t *sim_push_input(sim_t *s, int64_t delay_ns, order_input_kind_t kind)
{
    sim_item_t *item = sim_push(s, delay_ns, false);
    item->input.kind = kind;
    return &item->input;
}

static inline bool sim_pop(sim_t *s, int64_t until_ns, sim_item_t *out)
{
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < s->queue_count; i++) {
        const sim_item_t *item = &s->queue[i];
        if (item->due_ns <= until_ns && (best == UINT32_MAX || item->due_ns < s->queue[best].due_ns ||
                                         (item->due_ns == s->queue[best].due_ns && item->order < s->queue[best].order))) {
            best = i;
        }
    }
    if (best == UINT32_MAX) {
        return false;
    }
    *out = s->queue[best];
    s->queue[best] = s->queue[--s->queue_count];
    return true;
}

static inline int64_t sim_delay(sim_t *s, int64_t least_ms, int64_t more_ms)
{
    return (least_ms + (int64_t)prng_below(&s->chance, (uint64_t)more_ms + 1)) * NS_PER_MS;
}

/* --- venue words to ours ---------------------------------------------------------------------- */

static inline private_status_t sim_status(venue_status_t status)
{
    switch (status) {
    case VENUE_STATUS_NEW:
        return PRIVATE_STATUS_NEW;
    case VENUE_STATUS_PARTIALLY_FILLED:
        return PRIVATE_STATUS_PARTIALLY_FILLED;
    case VENUE_STATUS_FILLED:
        return PRIVATE_STATUS_FILLED;
    case VENUE_STATUS_CANCELED:
        return PRIVATE_STATUS_CANCELLED;
    case VENUE_STATUS_EXPIRED:
    case VENUE_STATUS_EXPIRED_IN_MATCH:
        return PRIVATE_STATUS_EXPIRED;
    }
    return PRIVATE_STATUS_UNKNOWN;
}

static inline private_order_t sim_order(const venue_order_t *order)
{
    private_order_t out = {.instrument = order->instrument,
                           .venue_order_id = order->id,
                           .status = sim_status(order->status),
                           .side = order->side == VENUE_BUY ? ORDER_BUY : ORDER_SELL,
                           .position = POSITION_BOTH,
                           .type = order->type == VENUE_MARKET ? ORDER_MARKET : ORDER_LIMIT,
                           .reduce = order->reduce_only ? REDUCE_ONLY : REDUCE_NO,
                           .quantity = order->quantity,
                           .price = order->price,
                           .filled_known = true,
                           .filled = order->filled};
    strcpy(out.client_id, order->client_id.text);
    if (strncmp(out.client_id, "autoclose-", 10) == 0) {
        out.owner = OWNER_LIQUIDATION;
    }
    return out;
}

static inline private_order_t sim_algo(const venue_algo_t *algo)
{
    static const private_status_t words[] = {[VENUE_ALGO_NEW] = PRIVATE_STATUS_NEW,
                                             [VENUE_ALGO_TRIGGERING] = PRIVATE_STATUS_TRIGGERING,
                                             [VENUE_ALGO_TRIGGERED] = PRIVATE_STATUS_TRIGGERED,
                                             [VENUE_ALGO_FINISHED] = PRIVATE_STATUS_FINISHED,
                                             [VENUE_ALGO_CANCELED] = PRIVATE_STATUS_CANCELLED,
                                             [VENUE_ALGO_EXPIRED] = PRIVATE_STATUS_EXPIRED,
                                             [VENUE_ALGO_REJECTED] = PRIVATE_STATUS_REJECTED};
    private_order_t out = {.instrument = algo->instrument,
                           .algo = true,
                           .venue_order_id = algo->id,
                           .engine_order_id = algo->actual_id,
                           .status = words[algo->status],
                           .side = algo->side == VENUE_BUY ? ORDER_BUY : ORDER_SELL,
                           .position = POSITION_BOTH,
                           .type = algo->type == VENUE_STOP_MARKET ? ORDER_STOP_MARKET : ORDER_TAKE_PROFIT_MARKET,
                           .quantity = algo->quantity,
                           .trigger = algo->trigger_price,
                           .filled_known = true,
                           .filled = algo->actual_quantity};
    strcpy(out.client_id, algo->client_id.text);
    return out;
}

static inline reject_class_t sim_class(venue_reject_t reject)
{
    switch (venue_reject_code(reject)) {
    case -2021:
        return REJECT_WOULD_TRIGGER;
    case -2022:
    case -4118:
        return REJECT_REDUCE_ONLY;
    case -2011:
    case -2013:
        return REJECT_UNKNOWN_ORDER;
    case -4116:
        return REJECT_DUPLICATE_ID;
    case -4120:
        return REJECT_WRONG_ENDPOINT;
    case -4046:
    case -4059:
        return REJECT_NOT_CHANGED;
    case -4131:
    case -4016:
    case -4024:
        return REJECT_PRICE_BAND;
    case -2018:
    case -2019:
    case -2027:
        return REJECT_MARGIN;
    default:
        return REJECT_OTHER;
    }
}

/* --- the stream ------------------------------------------------------------------------------- */

static inline void sim_stream(sim_t *s, const private_event_t *event)
{
    if (s->now_ns < s->cut_until_ns) {
        return;
    }
    int64_t delay = 5 * NS_PER_MS;
    if (prng_chance(&s->chance, s->faults.mixed)) {
        delay = sim_delay(s, 5, 400);
    }
    sim_push_input(s, delay, ORDER_INPUT_PRIVATE)->event = *event;
    if (prng_chance(&s->chance, s->faults.repeated)) {
        sim_push_input(s, delay + sim_delay(s, 0, 20000), ORDER_INPUT_PRIVATE)->event = *event;
    }
}

static inline void sim_on_order(sim_t *s, const venue_event_t *event)
{
    const venue_order_event_t *change = &event->order;
    private_event_t out = {.kind = PRIVATE_ORDER, .time_ns = event->time_ns};
    if (change->execution == VENUE_EXEC_TRADE || change->execution == VENUE_EXEC_CALCULATED) {
        out.kind = PRIVATE_FILL;
        out.fill.order = sim_order(&change->order);
        out.fill.fill = (private_fill_t){.trade_id = change->trade_id,
                                         .price = change->last_price,
                                         .quantity = change->last_quantity,
                                         .fee = change->commission,
                                         .realised = change->realised_pnl,
                                         .time_ns = event->time_ns,
                                         .maker = change->maker};
        strcpy(out.fill.fill.fee_asset, "USDT");
    } else {
        out.order = sim_order(&change->order);
    }
    sim_stream(s, &out);
}

static inline void sim_on_account(sim_t *s, const venue_event_t *event)
{
    const venue_account_event_t *change = &event->account_change;
    for (uint32_t i = 0; i < change->balance_count; i++) {
        private_event_t out = {
            .kind = PRIVATE_BALANCE, .time_ns = event->time_ns, .balance = {.asset = "USDT", .wallet = change->balances[i].wallet}};
        sim_stream(s, &out);
        if (change->reason == VENUE_REASON_FUNDING_FEE || change->reason == VENUE_REASON_INSURANCE_CLEAR) {
            private_event_t income = {.kind = PRIVATE_INCOME, .time_ns = event->time_ns};
            income.income =
                (private_income_t){.kind = change->reason == VENUE_REASON_FUNDING_FEE ? INCOME_FUNDING : INCOME_LIQUIDATION,
                                   .instrument = event->instrument,
                                   .asset = "USDT",
                                   .amount = change->balances[i].change,
                                   .time_ns = event->time_ns};
            sim_stream(s, &income);
        }
    }
    for (uint32_t i = 0; i < change->position_count; i++) {
        private_event_t out = {.kind = PRIVATE_POSITION, .time_ns = event->time_ns};
        out.position =
            (private_position_t){.instrument = event->instrument, .position = POSITION_BOTH, .amount = change->positions[i].amount};
        sim_stream(s, &out);
    }
}

static inline void sim_on_event(void *context, const venue_event_t *event)
{
    sim_t *s = context;
    if (event->kind == VENUE_EVENT_QUOTE || event->kind == VENUE_EVENT_MARK) {
        order_input_t *input = sim_push_input(s, 3 * NS_PER_MS, ORDER_INPUT_MARKET);
        input->market.instrument = event->instrument;
        input->market.time_ns = event->time_ns;
        input->market.kind = event->kind == VENUE_EVENT_QUOTE ? MARKET_QUOTE : MARKET_MARK;
        if (event->kind == VENUE_EVENT_QUOTE) {
            input->market.quote = event->quote;
        } else {
            input->market.mark = event->mark;
        }
    } else if (event->kind == VENUE_EVENT_ORDER && event->account == 0) {
        sim_on_order(s, event);
    } else if (event->kind == VENUE_EVENT_ALGO && event->account == 0) {
        const private_event_t out = {.kind = PRIVATE_ORDER, .time_ns = event->time_ns, .order = sim_algo(&event->algo)};
        sim_stream(s, &out);
    } else if (event->kind == VENUE_EVENT_ACCOUNT && event->account == 0) {
        sim_on_account(s, event);
    }
}

/* --- requests arrive at the venue ------------------------------------------------------------- */

static inline void sim_reply(sim_t *s, const order_action_t *action, const order_reply_t *reply, uint32_t epoch)
{
    if (epoch != s->epoch) {
        return; /* who asked is dead */
    }
    const bool lost =
        (action->kind == ACTION_PLACE || action->kind == ACTION_CANCEL) && prng_chance(&s->chance, s->faults.reply_lost);
    order_input_t *input = sim_push_input(s, lost ? 2 * NS_PER_S : sim_delay(s, 10, 60), ORDER_INPUT_REPLY);
    input->reply = *reply;
    input->reply.action = action->number;
    if (lost) {
        input->reply = (order_reply_t){.action = action->number, .kind = REPLY_UNKNOWN};
    }
}

static inline bool sim_was_sent(const sim_t *s, const client_id_t *id)
{
    for (uint32_t i = 0; i < s->sent_count; i++) {
        if (strcmp(s->sent[i].text, id->text) == 0) {
            return true;
        }
    }
    return false;
}

static inline void sim_place(sim_t *s, const order_action_t *action, uint32_t epoch)
{
    const order_spec_t *spec = &action->place;
    venue_reply_t reply;
    order_reply_t out = {.kind = REPLY_ACCEPTED};
    if (order_type_is_algo(spec->type)) {
        venue_algo_t after;
        venue_algo_place_t place = {.account = 0,
                                    .instrument = spec->instrument,
                                    .side = spec->side == ORDER_BUY ? VENUE_BUY : VENUE_SELL,
                                    .type = spec->type == ORDER_STOP_MARKET ? VENUE_STOP_MARKET : VENUE_TAKE_PROFIT_MARKET,
                                    .working = VENUE_CONTRACT_PRICE,
                                    .quantity = spec->quantity,
                                    .trigger_price = spec->trigger,
                                    .reduce_only = spec->reduce == REDUCE_ONLY,
                                    .reduce_only_sent = spec->reduce == REDUCE_ONLY,
                                    .close_position = spec->reduce == CLOSE_POSITION,
                                    .client_id = spec->client_id};
        reply = venue_algo_place(s->venue, &s->sink, &place, &after);
        if (reply.reject == VENUE_REJECT_NONE) {
            out.order = sim_algo(&after);
        }
    } else {
        venue_order_t after;
        venue_place_t place = {.account = 0,
                               .instrument = spec->instrument,
                               .side = spec->side == ORDER_BUY ? VENUE_BUY : VENUE_SELL,
                               .type = spec->type == ORDER_MARKET ? VENUE_MARKET : VENUE_LIMIT,
                               .tif = spec->tif == TIF_IOC ? VENUE_IOC : VENUE_GTC,
                               .quantity = spec->quantity,
                               .price = spec->price,
                               .reduce_only = spec->reduce == REDUCE_ONLY,
                               .reduce_only_sent = spec->reduce == REDUCE_ONLY,
                               .client_id = spec->client_id};
        reply = venue_place(s->venue, &s->sink, &place, &after);
        if (reply.reject == VENUE_REJECT_NONE) {
            out.order = sim_order(&after);
        }
    }
    if (reply.reject != VENUE_REJECT_NONE) {
        out = (order_reply_t){.kind = REPLY_REJECTED, .reject = sim_class(reply.reject), .code = venue_reject_code(reply.reject)};
    }
    sim_reply(s, action, &out, epoch);
}

static inline void sim_cancel(sim_t *s, const order_action_t *action, uint32_t epoch)
{
    const venue_ref_t ref = {.account = 0, .instrument = action->instrument, .client_id = action->order.client_id};
    order_reply_t out = {.kind = REPLY_ACCEPTED};
    venue_reply_t reply;
    if (action->order.algo) {
        venue_algo_t after;
        reply = venue_algo_cancel(s->venue, &s->sink, &ref, &after);
    } else {
        venue_order_t after;
        reply = venue_cancel(s->venue, &s->sink, &ref, &after);
        if (reply.reject == VENUE_REJECT_NONE) {
            out.order = sim_order(&after);
        }
    }
    if (reply.reject != VENUE_REJECT_NONE) {
        out = (order_reply_t){.kind = REPLY_REJECTED, .reject = sim_class(reply.reject), .code = venue_reject_code(reply.reject)};
    }
    sim_reply(s, action, &out, epoch);
}

static inline void sim_fills(sim_t *s, const order_action_t *action)
{
    static venue_fill_t fills[1000];
    const venue_select_t select = {
        .account = 0, .instrument = action->instrument, .from_ns = action->fills.since_ns, .newest = true};
    const uint32_t count = venue_fills(s->venue, &select, fills, 1000);
    for (uint32_t i = 0; i < count; i++) {
        order_input_t *input = sim_push_input(s, 20 * NS_PER_MS, ORDER_INPUT_PRIVATE);
        input->event.kind = PRIVATE_FILL;
        input->event.time_ns = fills[i].time_ns;
        input->event.fill.order = (private_order_t){.instrument = fills[i].instrument,
                                                    .venue_order_id = fills[i].order_id,
                                                    .side = fills[i].side == VENUE_BUY ? ORDER_BUY : ORDER_SELL,
                                                    .position = POSITION_BOTH};
        input->event.fill.fill = (private_fill_t){.trade_id = fills[i].id,
                                                  .price = fills[i].price,
                                                  .quantity = fills[i].quantity,
                                                  .fee = fills[i].commission,
                                                  .fee_asset = "USDT",
                                                  .realised = fills[i].realised_pnl,
                                                  .time_ns = fills[i].time_ns,
                                                  .maker = fills[i].maker};
    }
    order_input_t *input = sim_push_input(s, 20 * NS_PER_MS, ORDER_INPUT_QUERY_RESULT);
    input->query.action = action->number;
    input->query.endpoints = ENDPOINT_TRADES;
}

static inline void sim_query(sim_t *s, const order_action_t *action)
{
    const venue_ref_t ref = {.account = 0, .instrument = action->instrument, .client_id = action->order.client_id};
    order_input_t *input = sim_push_input(s, 20 * NS_PER_MS, ORDER_INPUT_QUERY_RESULT);
    input->query.action = action->number;
    input->query.endpoints = action->order.algo ? ENDPOINTS_ALGO : ENDPOINTS_NORMAL;
    if (action->order.algo) {
        venue_algo_t algo;
        if (venue_algo(s->venue, &ref, &algo) == RESULT_OK) {
            input->query.found = true;
            input->query.order = sim_algo(&algo);
        }
    } else {
        venue_order_t order;
        if (venue_order(s->venue, &ref, &order) == RESULT_OK) {
            input->query.found = true;
            input->query.order = sim_order(&order);
        }
    }
    input->query.never_sent = !input->query.found && !sim_was_sent(s, &action->order.client_id);
}

static inline void sim_piece(sim_t *s, const order_action_t *action, snapshot_section_t section, snapshot_phase_t phase,
                             const private_event_t *item)
{
    order_input_t *input = sim_push_input(s, 30 * NS_PER_MS, ORDER_INPUT_SNAPSHOT);
    input->snapshot.action = action->number;
    input->snapshot.section = section;
    input->snapshot.phase = phase;
    if (item != NULL) {
        input->snapshot.item = *item;
    }
}

static inline void sim_snapshot(sim_t *s, const order_action_t *action)
{
    static venue_order_t orders[500];
    static venue_algo_t algos[500];
    static venue_position_t positions[16];
    static venue_income_t incomes[500];
    const venue_select_t open = {.account = 0, .instrument = INSTRUMENT_NONE, .open_only = true};
    const private_event_t mode = {.kind = PRIVATE_MODE, .mode = POSITION_MODE_ONE_WAY};
    sim_piece(s, action, SECTION_MODE, SNAPSHOT_ITEM, &mode);
    sim_piece(s, action, SECTION_MODE, SNAPSHOT_COMPLETE, NULL);
    uint32_t count = venue_orders(s->venue, &open, orders, 500);
    for (uint32_t i = 0; i < count; i++) {
        const private_event_t item = {.kind = PRIVATE_ORDER, .order = sim_order(&orders[i])};
        sim_piece(s, action, SECTION_ORDERS, SNAPSHOT_ITEM, &item);
    }
    sim_piece(s, action, SECTION_ORDERS, SNAPSHOT_COMPLETE, NULL);
    count = venue_algos(s->venue, &open, algos, 500);
    for (uint32_t i = 0; i < count; i++) {
        const private_event_t item = {.kind = PRIVATE_ORDER, .order = sim_algo(&algos[i])};
        sim_piece(s, action, SECTION_ALGO_ORDERS, SNAPSHOT_ITEM, &item);
    }
    sim_piece(s, action, SECTION_ALGO_ORDERS, SNAPSHOT_COMPLETE, NULL);
    count = venue_positions(s->venue, 0, positions, 16);
    for (uint32_t i = 0; i < count; i++) {
        const private_event_t item = {
            .kind = PRIVATE_POSITION,
            .position = {.instrument = positions[i].instrument, .position = POSITION_BOTH, .amount = positions[i].amount}};
        sim_piece(s, action, SECTION_POSITIONS, SNAPSHOT_ITEM, &item);
    }
    sim_piece(s, action, SECTION_POSITIONS, SNAPSHOT_COMPLETE, NULL);
    venue_balance_t balance;
    assert_int_equal(venue_balance(s->venue, 0, s->usdt, &balance), RESULT_OK);
    const private_event_t money = {
        .kind = PRIVATE_BALANCE,
        .balance = {.asset = "USDT", .wallet = balance.wallet, .available_known = true, .available = balance.available}};
    sim_piece(s, action, SECTION_BALANCES, SNAPSHOT_ITEM, &money);
    sim_piece(s, action, SECTION_BALANCES, SNAPSHOT_COMPLETE, NULL);
    const venue_select_t since = {
        .account = 0, .instrument = INSTRUMENT_NONE, .from_ns = action->snapshot.since_ns, .newest = true};
    count = venue_incomes(s->venue, &since, incomes, 500);
    for (uint32_t i = 0; i < count; i++) {
        private_event_t item = {.kind = PRIVATE_INCOME};
        item.income = (private_income_t){.instrument = incomes[i].instrument,
                                         .asset = "USDT",
                                         .amount = incomes[i].amount,
                                         .time_ns = incomes[i].time_ns,
                                         .venue_id = incomes[i].id};
        if (incomes[i].kind == VENUE_INCOME_FUNDING_FEE || incomes[i].kind == VENUE_INCOME_INSURANCE_CLEAR) {
            item.income.kind = incomes[i].kind == VENUE_INCOME_FUNDING_FEE ? INCOME_FUNDING : INCOME_LIQUIDATION;
            sim_piece(s, action, SECTION_INCOME, SNAPSHOT_ITEM, &item);
        }
    }
    sim_piece(s, action, SECTION_INCOME, SNAPSHOT_COMPLETE, NULL);
    sim_piece(s, action, SECTION_INCOME, SNAPSHOT_END, NULL);
}

/* Questions are answered as things stand when they arrive. A dead process's orders still arrive; its questions do not matter. */
static inline void sim_arrive(sim_t *s, const order_action_t *action, uint32_t epoch)
{
    order_reply_t done = {.kind = REPLY_ACCEPTED};
    if (action->kind == ACTION_PLACE) {
        sim_place(s, action, epoch);
    } else if (action->kind == ACTION_CANCEL) {
        sim_cancel(s, action, epoch);
    } else if (epoch != s->epoch) {
        return;
    } else if (action->kind == ACTION_QUERY_ORDER) {
        sim_query(s, action);
    } else if (action->kind == ACTION_QUERY_FILLS) {
        sim_fills(s, action);
    } else if (action->kind == ACTION_SNAPSHOT) {
        sim_snapshot(s, action);
    } else if (action->kind == ACTION_SET_LEVERAGE) {
        dec_t notional_max = DEC_ZERO;
        const venue_reply_t reply = venue_set_leverage(s->venue, &s->sink, 0, action->instrument, action->leverage, &notional_max);
        done.kind = reply.reject == VENUE_REJECT_NONE ? REPLY_ACCEPTED : REPLY_REJECTED;
        done.leverage = action->leverage;
        sim_reply(s, action, &done, epoch);
    } else if (action->kind == ACTION_SET_MARGIN_TYPE) {
        const venue_reply_t reply =
            venue_set_margin(s->venue, &s->sink, 0, action->instrument,
                             action->margin_type == MARGIN_CROSSED ? VENUE_MARGIN_CROSS : VENUE_MARGIN_ISOLATED);
        done.kind = reply.reject == VENUE_REJECT_NONE ? REPLY_ACCEPTED : REPLY_REJECTED;
        done.reject = sim_class(reply.reject);
        sim_reply(s, action, &done, epoch);
    }
}
