/* half_fixture.h: drives an order half by hand: every request it makes is noted and answered as the test says (by default:
 * accepted), fills come when the test lets them come. After each step the records are encoded, decoded and folded into a second
 * half, and the digests of both must agree (I13), so every test in this folder is a crash test after each step as well. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/time.h"
#include "core/engine/order_half.h"
#include "core/engine/record_codec.h"
#include "support/risk_settings.h"
#include "support/test_support.h"

#define T0 (INT64_C(1767225600) * NS_PER_S) /* 2026-01-01T00:00:00Z */

enum { FIXTURE_PLACED_MAX = 256, FIXTURE_RECORDS_MAX = 20000 };

typedef struct {
    order_spec_t spec;
    uint64_t action, venue_id, intent_record;
    bool open; /* resting at the venue as the fixture sees it */
    dec_t filled;
    dec_t reference; /* of the request: what an order without a price is measured by */
} placed_t;

/* What the fixture does with the next requests of a leg. */
typedef enum { ANSWER_ACCEPT, ANSWER_REJECT, ANSWER_LOSE, ANSWER_NEVER_SENT, ANSWER_NOTHING } answer_t;

typedef struct {
    order_half_t *half, *mirror;
    order_output_t *output;
    order_record_t *records; /* the journal */
    uint32_t record_count;
    int64_t now_ns;
    uint64_t next_venue_id, next_trade_id, next_signal, next_command;
    uint32_t epoch;
    placed_t placed[FIXTURE_PLACED_MAX];
    uint32_t placed_count;
    answer_t answers[128]; /* by leg */
    answer_t cancel_answer;
    reject_class_t reject;
    bool deaf_snapshot; /* the venue does not answer snapshots */
    bool queries_find_nothing, queries_fail, signer_restarted;
    uint32_t notices[NOTICE_COUNT];
    uint32_t cancels, queries, snapshots, cancels_other_endpoint;
    dec_t position, wallet; /* as the venue has them */
    dec_t realised;         /* what the venue says the next fills realise */
    risk_config_t risk;
    instrument_t rules;
    instrument_id_t id;
    private_event_t history[FIXTURE_PLACED_MAX]; /* every fill, as a trade list tells it */
    uint32_t history_count;
    uint32_t generation, snapshot_generation; /* of the process */
    uint32_t crash_at;                        /* die when this many records are durable; 0: never */
    bool mute_settings;                       /* requests to set leverage or margin type are noted and not answered */
    uint64_t settings_action;                 /* the last of them */
    private_event_t foreign_order;            /* in the list of open orders when its kind is set */
    order_action_t first_left;                /* what left first since its kind was set to ACTION_NOTIFY, which leaves nothing */
} fixture_t;

#define D(text)                 test_dec(text)
#define assert_dec(value, text) assert_dec_equal((value), (text))

static inline instrument_t fixture_rules(void)
{
    instrument_t rules = {
        .venue = "BINANCE",
        .symbol = "BTCUSDT",
        .base = "BTC",
        .quote = "USDT",
        .settle = "USDT",
        .kind = INSTRUMENT_PERPETUAL,
        .status = INSTRUMENT_TRADING,
        .tick_size = D("0.1"),
        .price_min = D("1"),
        .price_max = D("4529764"),
        .lot_step = D("0.1"),
        .quantity_min = D("0.1"),
        .quantity_max = D("10000"),
        .market_step = D("0.1"),
        .market_quantity_min = D("0.1"),
        .market_quantity_max = D("5000"),
        .notional_min = D("5"),
        .band_up = D("1.2"),
        .band_down = D("0.8"),
        .contract_size = D("1"),
        .liquidation_fee = D("0.0125"),
        .bracket_count = 1,
    };
    rules.brackets[0] = (leverage_bracket_t){.leverage_max = 125,
                                             .notional_floor = D("0"),
                                             .notional_cap = D("100000000"),
                                             .maintenance_rate = D("0.004"),
                                             .maintenance_cum = D("0")};
    return rules;
}

/* --- the mirror: fold what was recorded ------------------------------------------------------- */

static inline void fixture_check_fold(fixture_t *f)
{
    for (uint32_t i = 0; i < f->output->record_count; i++) {
        uint8_t bytes[RECORD_BYTES_MAX], again[RECORD_BYTES_MAX];
        size_t length = 0, again_length = 0;
        order_record_t copy;
        assert_int_equal(record_encode(&f->output->records[i], bytes, sizeof bytes, &length), RESULT_OK);
        assert_int_equal(record_decode(bytes, length, &copy), RESULT_OK);
        assert_int_equal(record_encode(&copy, again, sizeof again, &again_length), RESULT_OK);
        assert_int_equal(length, again_length);
        assert_memory_equal(bytes, again, length);
        assert_int_equal(order_half_restore(f->mirror, &copy), RESULT_OK);
        assert_true(f->record_count < FIXTURE_RECORDS_MAX);
        f->records[f->record_count++] = copy;
    }
    uint8_t live[32], folded[32];
    order_half_digest(f->half, live);
    order_half_digest(f->mirror, folded);
    assert_memory_equal(live, folded, sizeof live);
}

static inline void fixture_step(fixture_t *f, order_input_t *input);
static inline void fixture_crash(fixture_t *f, uint32_t keep);

static inline void fixture_tick(fixture_t *f, int64_t forward_ns)
{
    f->now_ns += forward_ns;
    order_input_t input = {.kind = ORDER_INPUT_TIME};
    fixture_step(f, &input);
}

/* --- the venue's side of the table ------------------------------------------------------------ */

static inline placed_t *fixture_find(fixture_t *f, const char *client_id)
{
    for (uint32_t i = 0; i < f->placed_count; i++) {
        if (strcmp(f->placed[i].spec.client_id.text, client_id) == 0) {
            return &f->placed[i];
        }
    }
    return NULL;
}

static inline private_event_t fixture_order_event(const fixture_t *f, const placed_t *placed, private_status_t status)
{
    private_event_t event = {.kind = PRIVATE_ORDER, .time_ns = f->now_ns};
    private_order_t *order = &event.order;
    strcpy(order->client_id, placed->spec.client_id.text);
    order->instrument = placed->spec.instrument;
    order->algo = order_type_is_algo(placed->spec.type);
    order->venue_order_id = placed->venue_id;
    order->status = status;
    order->side = placed->spec.side;
    order->position = placed->spec.position;
    order->type = placed->spec.type;
    order->quantity = placed->spec.quantity;
    order->filled_known = true;
    order->filled = placed->filled;
    return event;
}

/* What the venue says of it when asked. */
static inline private_event_t fixture_state_event(const fixture_t *f, const placed_t *placed)
{
    const bool algo = order_type_is_algo(placed->spec.type);
    const bool done = placed->spec.reduce != CLOSE_POSITION && dec_ge(placed->filled, placed->spec.quantity);
    const bool part = dec_sign(placed->filled) > 0;
    private_event_t event = fixture_order_event(f, placed,
                                                done           ? (algo ? PRIVATE_STATUS_FINISHED : PRIVATE_STATUS_FILLED)
                                                : placed->open ? (part ? PRIVATE_STATUS_PARTIALLY_FILLED : PRIVATE_STATUS_NEW)
                                                               : PRIVATE_STATUS_CANCELLED);
    event.order.engine_order_id = algo && part ? placed->venue_id + 100000 : 0;
    return event;
}

static inline void fixture_reply(fixture_t *f, const order_action_t *action, answer_t answer, const placed_t *placed)
{
    order_input_t input = {.kind = ORDER_INPUT_REPLY};
    input.reply.action = action->number;
    switch (answer) {
    case ANSWER_ACCEPT:
        input.reply.kind = REPLY_ACCEPTED;
        if (placed != NULL) {
            input.reply.order = fixture_order_event(f, placed, PRIVATE_STATUS_NEW).order;
        }
        break;
    case ANSWER_REJECT:
        input.reply.kind = REPLY_REJECTED;
        input.reply.reject = f->reject;
        input.reply.code = -2021;
        strcpy(input.reply.text, "Order would immediately trigger.");
        break;
    case ANSWER_LOSE:
        input.reply.kind = REPLY_UNKNOWN;
        break;
    case ANSWER_NEVER_SENT:
        input.reply.kind = REPLY_NEVER_SENT;
        break;
    case ANSWER_NOTHING:
        return;
    }
    fixture_step(f, &input);
}

static inline void fixture_on_place(fixture_t *f, const order_action_t *action)
{
    assert_true(f->placed_count < FIXTURE_PLACED_MAX);
    /* I1: the intent stands in the records before the order leaves; I2: a client id leaves once. */
    assert_null(fixture_find(f, action->place.client_id.text));
    assert_true(action->record <= order_half_last_record(f->half) && action->record > 0);
    placed_t *placed = &f->placed[f->placed_count++];
    const answer_t answer = f->answers[(unsigned)action->place.leg & 127U];
    *placed =
        (placed_t){.spec = action->place, .action = action->number, .venue_id = f->next_venue_id++, .reference = action->reference};
    placed->open = answer == ANSWER_ACCEPT || answer == ANSWER_LOSE;
    fixture_reply(f, action, answer, placed);
}

static inline void fixture_on_cancel(fixture_t *f, const order_action_t *action)
{
    placed_t *placed = fixture_find(f, action->order.client_id.text);
    order_input_t input = {.kind = ORDER_INPUT_REPLY};
    f->cancels++;
    input.reply.action = action->number;
    if (f->cancel_answer != ANSWER_ACCEPT) {
        fixture_reply(f, action, f->cancel_answer, NULL);
        return;
    }
    if (placed == NULL || !placed->open || action->order.algo != order_type_is_algo(placed->spec.type)) {
        f->cancels_other_endpoint += placed != NULL && action->order.algo != order_type_is_algo(placed->spec.type) ? 1 : 0;
        input.reply.kind = REPLY_REJECTED;
        input.reply.reject = REJECT_UNKNOWN_ORDER;
        input.reply.code = -2011;
    } else {
        placed->open = false;
        input.reply.kind = REPLY_ACCEPTED;
        input.reply.order = fixture_order_event(f, placed, PRIVATE_STATUS_CANCELLED).order;
    }
    fixture_step(f, &input);
}

static inline void fixture_piece(fixture_t *f, const order_action_t *action, snapshot_section_t section, snapshot_phase_t phase,
                                 const private_event_t *item)
{
    if (f->snapshot_generation != f->generation) {
        return; /* who asked is dead */
    }
    order_input_t input = {.kind = ORDER_INPUT_SNAPSHOT};
    input.snapshot.action = action->number;
    input.snapshot.section = section;
    input.snapshot.phase = phase;
    if (item != NULL) {
        input.snapshot.item = *item;
    }
    fixture_step(f, &input);
}

/* The key of the position that the fixture keeps: hedge mode is tried with longs. */
static inline position_key_t fixture_key(const fixture_t *f)
{
    return f->risk.position_mode == POSITION_MODE_HEDGE ? POSITION_LONG : POSITION_BOTH;
}

static inline void fixture_on_snapshot(fixture_t *f, const order_action_t *action)
{
    f->snapshots++;
    f->snapshot_generation = f->generation;
    if (f->deaf_snapshot) {
        fixture_piece(f, action, SECTION_ORDERS, SNAPSHOT_FAILED, NULL);
        fixture_piece(f, action, SECTION_ORDERS, SNAPSHOT_END, NULL);
        return;
    }
    const private_event_t mode = {.kind = PRIVATE_MODE, .mode = f->risk.position_mode};
    fixture_piece(f, action, SECTION_MODE, SNAPSHOT_ITEM, &mode);
    fixture_piece(f, action, SECTION_MODE, SNAPSHOT_COMPLETE, NULL);
    for (uint32_t i = 0; i < f->placed_count; i++) {
        if (f->placed[i].open) {
            const private_event_t item = fixture_state_event(f, &f->placed[i]);
            fixture_piece(f, action, item.order.algo ? SECTION_ALGO_ORDERS : SECTION_ORDERS, SNAPSHOT_ITEM, &item);
        }
    }
    if (f->foreign_order.kind != 0) {
        fixture_piece(f, action, SECTION_ORDERS, SNAPSHOT_ITEM, &f->foreign_order);
    }
    fixture_piece(f, action, SECTION_ORDERS, SNAPSHOT_COMPLETE, NULL);
    fixture_piece(f, action, SECTION_ALGO_ORDERS, SNAPSHOT_COMPLETE, NULL);
    if (!dec_is_zero(f->position)) {
        const private_event_t item = {.kind = PRIVATE_POSITION,
                                      .position = {.instrument = f->id, .position = fixture_key(f), .amount = f->position}};
        fixture_piece(f, action, SECTION_POSITIONS, SNAPSHOT_ITEM, &item);
    }
    fixture_piece(f, action, SECTION_POSITIONS, SNAPSHOT_COMPLETE, NULL);
    const private_event_t balance = {.kind = PRIVATE_BALANCE, .balance = {.asset = "USDT", .wallet = f->wallet}};
    fixture_piece(f, action, SECTION_BALANCES, SNAPSHOT_ITEM, &balance);
    fixture_piece(f, action, SECTION_BALANCES, SNAPSHOT_COMPLETE, NULL);
    fixture_piece(f, action, SECTION_BALANCES, SNAPSHOT_END, NULL);
}

static inline void fixture_on_query(fixture_t *f, const order_action_t *action)
{
    order_input_t input = {.kind = ORDER_INPUT_QUERY_RESULT};
    f->queries++;
    input.query.action = action->number;
    if (!f->queries_fail) {
        input.query.endpoints = action->kind == ACTION_QUERY_FILLS ? (uint32_t)ENDPOINT_TRADES
                                : action->order.algo               ? (uint32_t)ENDPOINTS_ALGO
                                                                   : (uint32_t)ENDPOINTS_NORMAL;
        const placed_t *placed = action->kind == ACTION_QUERY_ORDER ? fixture_find(f, action->order.client_id.text) : NULL;
        if (placed != NULL && !f->queries_find_nothing) {
            input.query.found = true;
            input.query.order = fixture_state_event(f, placed).order;
        }
        input.query.never_sent = action->kind == ACTION_QUERY_ORDER && placed == NULL && !f->signer_restarted;
        const uint32_t generation = f->generation;
        for (uint32_t i = 0; action->kind == ACTION_QUERY_FILLS && i < f->history_count && generation == f->generation; i++) {
            order_input_t fill = {.kind = ORDER_INPUT_PRIVATE, .event = f->history[i]};
            fixture_step(f, &fill);
        }
        if (generation != f->generation) {
            return;
        }
    }
    fixture_step(f, &input);
}

static inline void fixture_step(fixture_t *f, order_input_t *input)
{
    input->now_ns = f->now_ns;
    order_half_step(f->half, input, f->output);
    if (f->crash_at != 0 && f->record_count + f->output->record_count >= f->crash_at) {
        /* The first records of the step are durable, the rest and every action of it are lost with the process. */
        f->output->record_count = f->crash_at - f->record_count;
        f->crash_at = 0;
        for (uint32_t i = 0; i < f->output->record_count; i++) {
            f->records[f->record_count++] = f->output->records[i];
        }
        fixture_crash(f, f->record_count);
        return;
    }
    fixture_check_fold(f);
    const uint32_t generation = f->generation;
    const uint32_t count = f->output->action_count;
    order_action_t *actions = malloc((count + 1) * sizeof *actions); /* answers make further outputs */
    memcpy(actions, f->output->actions, count * sizeof *actions);
    for (uint32_t i = 0; i < count && generation == f->generation; i++) {
        const order_action_t *action = &actions[i];
        if (f->first_left.kind == ACTION_NOTIFY) {
            f->first_left = *action;
        }
        if (action->kind == ACTION_PLACE) {
            fixture_on_place(f, action);
        } else if (action->kind == ACTION_CANCEL) {
            fixture_on_cancel(f, action);
        } else if (action->kind == ACTION_QUERY_ORDER || action->kind == ACTION_QUERY_FILLS) {
            fixture_on_query(f, action);
        } else if (action->kind == ACTION_SNAPSHOT) {
            fixture_on_snapshot(f, action);
        } else if (f->mute_settings && (action->kind == ACTION_SET_LEVERAGE || action->kind == ACTION_SET_MARGIN_TYPE)) {
            f->settings_action = action->number;
        } else if (action->kind == ACTION_SET_LEVERAGE || action->kind == ACTION_SET_MARGIN_TYPE ||
                   action->kind == ACTION_SET_POSITION_MODE) {
            order_input_t reply = {.kind = ORDER_INPUT_REPLY};
            reply.reply.action = action->number;
            reply.reply.kind = action->kind == ACTION_SET_MARGIN_TYPE ? REPLY_REJECTED : REPLY_ACCEPTED;
            reply.reply.reject = REJECT_NOT_CHANGED; /* -4046: success */
            reply.reply.leverage = action->kind == ACTION_SET_LEVERAGE ? action->leverage : 0;
            fixture_step(f, &reply);
        } else if (action->kind == ACTION_NOTIFY) {
            f->notices[action->notice]++;
        }
    }
    free(actions);
}

/* --- the market and signals ------------------------------------------------------------------- */

static inline void fixture_price(fixture_t *f, const char *price)
{
    order_input_t input = {.kind = ORDER_INPUT_MARKET};
    input.market.instrument = f->id;
    input.market.time_ns = f->now_ns;
    input.market.kind = MARKET_MARK;
    input.market.mark = (mark_t){.mark = D(price), .index = D(price)};
    fixture_step(f, &input);
    input.market.kind = MARKET_QUOTE;
    input.market.quote =
        (quote_t){.bid = D(price), .bid_quantity = D("1"), .ask = dec_plus(D(price), D("0.1")), .ask_quantity = D("1")};
    fixture_step(f, &input);
}

static inline signal_t fixture_signal(fixture_t *f, position_side_t side, const char *entry, const char *stop, const char *target)
{
    signal_t signal = {.number = f->next_signal++,
                       .instrument = f->id,
                       .side = side,
                       .strategy = "SC01",
                       .source = "monitor",
                       .entry = D(entry),
                       .stop = D(stop),
                       .target = D(target),
                       .confidence = 0.7,
                       .timeframes = 1U << TF_4H | 1U << TF_1H,
                       .timeframe_source = TF_4H,
                       .made_ns = f->now_ns,
                       .expires_ns = f->now_ns + NS_PER_HOUR,
                       .input_count = 1};
    char digits[21];
    str_from_u64(signal.number, digits);
    strcpy(signal.id, "signal-");
    strcat(signal.id, digits);
    strcpy(signal.inputs[0].name, "1h.atr");
    signal.inputs[0].value = 2;
    return signal;
}

static inline void fixture_send_signal(fixture_t *f, const signal_t *signal)
{
    order_input_t input = {.kind = ORDER_INPUT_SIGNAL, .signal = *signal};
    fixture_step(f, &input);
}

/* The newest order of a leg. */
static inline placed_t *fixture_last(fixture_t *f, leg_t leg)
{
    for (uint32_t i = f->placed_count; i > 0; i--) {
        if (f->placed[i - 1].spec.leg == leg) {
            return &f->placed[i - 1];
        }
    }
    return NULL;
}

static inline uint32_t fixture_open_count(const fixture_t *f, leg_t leg)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < f->placed_count; i++) {
        count += f->placed[i].open && f->placed[i].spec.leg == leg ? 1 : 0;
    }
    return count;
}

static inline private_event_t fixture_fill_event(fixture_t *f, const placed_t *placed, uint64_t trade_id, const char *quantity,
                                                 const char *price)
{
    private_event_t event = {.kind = PRIVATE_FILL, .time_ns = f->now_ns};
    event.fill.order = fixture_order_event(f, placed, PRIVATE_STATUS_PARTIALLY_FILLED).order;
    if (event.fill.order.algo) { /* the engine order that the trigger made bears the algo's client id */
        event.fill.order.algo = false;
        event.fill.order.venue_order_id = placed->venue_id + 100000;
    }
    event.fill.fill =
        (private_fill_t){.trade_id = trade_id, .price = D(price), .quantity = D(quantity), .fee = D("0"), .time_ns = f->now_ns};
    return event;
}

static inline void fixture_private(fixture_t *f, const private_event_t *event)
{
    order_input_t input = {.kind = ORDER_INPUT_PRIVATE, .event = *event};
    fixture_step(f, &input);
}

/* A fill of this order, with everything the venue would say about it; the fee and profit go into the venue's wallet. */
static inline void fixture_fill(fixture_t *f, placed_t *placed, const char *quantity, const char *price)
{
    assert_non_null(placed);
    const dec_t signed_quantity = placed->spec.side == ORDER_BUY ? D(quantity) : dec_neg(D(quantity));
    placed->filled = dec_plus(placed->filled, D(quantity));
    f->position = dec_plus(f->position, signed_quantity);
    private_event_t event = fixture_fill_event(f, placed, f->next_trade_id++, quantity, price);
    event.fill.fill.realised = f->realised;
    const bool done = placed->spec.reduce != CLOSE_POSITION && dec_ge(placed->filled, placed->spec.quantity);
    event.fill.order.status = done ? PRIVATE_STATUS_FILLED : PRIVATE_STATUS_PARTIALLY_FILLED;
    placed->open = placed->open && !done;
    private_event_t listed = event; /* a trade list bears no client id and no status */
    listed.fill.order.status = PRIVATE_STATUS_NONE;
    listed.fill.order.client_id[0] = '\0';
    listed.fill.order.filled_known = false;
    f->history[f->history_count++] = listed;
    const private_event_t position = {.kind = PRIVATE_POSITION,
                                      .time_ns = f->now_ns,
                                      .position = {.instrument = f->id, .position = fixture_key(f), .amount = f->position}};
    fixture_private(f, &event);
    fixture_private(f, &position);
}

static inline void fixture_command(fixture_t *f, command_kind_t kind, uint64_t trade, uint32_t level, const char *price)
{
    order_input_t input = {.kind = ORDER_INPUT_COMMAND};
    input.command = (order_command_t){.id = f->next_command++,
                                      .kind = kind,
                                      .trade = trade,
                                      .instrument = f->id,
                                      .level = level,
                                      .price = D(price),
                                      .principal = "test"};
    fixture_step(f, &input);
}

static inline bool fixture_trade(const fixture_t *f, trade_view_t *view)
{
    for (uint32_t i = 0; order_half_trade(f->half, i, view); i++) {
        if (view->purpose != TRADE_PURPOSE_CANARY) {
            return true;
        }
    }
    return false;
}

static inline const order_record_t *fixture_last_record(const fixture_t *f, record_kind_t kind)
{
    for (uint32_t i = f->record_count; i > 0; i--) {
        if (f->records[i - 1].kind == kind) {
            return &f->records[i - 1];
        }
    }
    return NULL;
}

/* --- life ------------------------------------------------------------------------------------- */

static inline void *fixture_memory(void)
{
    void *memory = NULL;
    assert_int_equal(posix_memalign(&memory, 16, order_half_size()), 0);
    return memory;
}

static inline void fixture_feed(fixture_t *f)
{
    order_input_t input = {.kind = ORDER_INPUT_RISK, .risk = f->risk};
    fixture_step(f, &input);
    input.kind = ORDER_INPUT_RULES;
    input.rules = f->rules;
    fixture_step(f, &input);
}

static inline void fixture_resume(fixture_t *f)
{
    assert_int_equal(order_half_resume(f->half, ++f->epoch, f->now_ns, "test", f->output), RESULT_OK);
    fixture_check_fold(f);
    for (uint32_t i = 0; i < f->output->action_count; i++) {
        assert_int_equal(f->output->actions[i].kind, ACTION_NOTIFY);
    }
    fixture_feed(f);
}

static inline fixture_t *fixture_start_with(const risk_config_t *risk)
{
    fixture_t *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->half = order_half_init(fixture_memory());
    f->mirror = order_half_init(fixture_memory());
    f->output = malloc(sizeof *f->output);
    f->records = malloc(FIXTURE_RECORDS_MAX * sizeof *f->records);
    f->now_ns = T0 + NS_PER_HOUR;
    f->next_venue_id = 1000;
    f->next_trade_id = 1;
    f->next_signal = 1;
    f->next_command = 1;
    f->wallet = D("1000");
    f->risk = *risk;
    f->rules = fixture_rules();
    fixture_resume(f);
    return f;
}

/* Started, compared, and past the test stop. */
static inline fixture_t *fixture_start(void)
{
    const risk_config_t risk = test_risk_settings();
    fixture_t *f = fixture_start_with(&risk);
    fixture_price(f, "100");
    fixture_tick(f, NS_PER_S);
    assert_true(order_half_reconciled(f->half));
    return f;
}

static inline void fixture_stop(fixture_t *f)
{
    assert_true(ledger_balanced(order_half_ledger(f->half)));
    free(f->half);
    free(f->mirror);
    free(f->output);
    free(f->records);
    free(f);
}

/* The process dies: whatever was not recorded is gone. Only the first `keep` records survive. */
static inline void fixture_crash(fixture_t *f, uint32_t keep)
{
    free(f->half);
    free(f->mirror);
    f->half = order_half_init(fixture_memory());
    f->mirror = order_half_init(fixture_memory());
    f->generation++;
    f->record_count = keep < f->record_count ? keep : f->record_count;
    for (uint32_t i = 0; i < f->record_count; i++) {
        assert_int_equal(order_half_restore(f->half, &f->records[i]), RESULT_OK);
        assert_int_equal(order_half_restore(f->mirror, &f->records[i]), RESULT_OK);
    }
    fixture_resume(f);
}
