/* half_script.h: an order half with a made-up venue around it, all of it a function of one seed: prices walk, signals come, orders
 * are accepted, lost or refused, rest, trigger and fill. For tests that want a long life of the machine and not one certain event:
 * the same seed is the same life on every machine, and nothing here allocates.
 *
 * The venue is simple on purpose (one instrument, one-way mode, no fees): the simulated venue proper stands in core/venue.
 */
#pragma once

#include <stdbool.h>
#include <string.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/engine/order_half.h"
#include "support/risk_settings.h"

enum { SCRIPT_ORDERS_MAX = 512, SCRIPT_ACTIONS_MAX = 2048 };

typedef struct {
    order_spec_t spec;
    uint64_t venue_id;
    bool open;
    dec_t filled;
} script_order_t;

typedef struct {
    order_half_t *half;
    order_output_t *output;
    void (*see)(void *context, const order_output_t *output); /* after each step */
    void *context;
    prng_t prng;
    int64_t now_ns;
    int64_t price; /* tenths */
    uint64_t next_venue_id, next_trade_id, next_signal, next_command;
    uint64_t placed, fills, steps;
    dec_t position, cost, wallet; /* cost: signed, of the position */
    instrument_id_t id;
    uint32_t order_next; /* the orders are a ring: the oldest are long done */
    script_order_t orders[SCRIPT_ORDERS_MAX];
    uint32_t action_first, action_count;
    order_action_t actions[SCRIPT_ACTIONS_MAX];
} half_script_t;

static inline void script_step(half_script_t *script, order_input_t *input)
{
    input->now_ns = script->now_ns;
    do {
        order_half_step(script->half, input, script->output);
        script->steps++;
        script->see(script->context, script->output);
        for (uint32_t i = 0; i < script->output->action_count && script->action_count < SCRIPT_ACTIONS_MAX; i++) {
            const uint32_t at = (script->action_first + script->action_count++) % SCRIPT_ACTIONS_MAX;
            script->actions[at] = script->output->actions[i];
        }
        *input = (order_input_t){.kind = ORDER_INPUT_TIME, .now_ns = script->now_ns};
    } while (script->output->again);
}

static inline script_order_t *script_find(half_script_t *script, const char *client_id)
{
    for (uint32_t i = 0; i < SCRIPT_ORDERS_MAX; i++) {
        if (script->orders[i].venue_id != 0 && strcmp(script->orders[i].spec.client_id.text, client_id) == 0) {
            return &script->orders[i];
        }
    }
    return NULL;
}

static inline private_order_t script_view(const script_order_t *order)
{
    const bool algo = order_type_is_algo(order->spec.type), part = dec_sign(order->filled) > 0;
    const private_status_t ended = !part ? PRIVATE_STATUS_CANCELLED : algo ? PRIVATE_STATUS_FINISHED : PRIVATE_STATUS_FILLED;
    private_order_t view = {.instrument = order->spec.instrument,
                            .algo = algo,
                            .venue_order_id = order->venue_id,
                            .engine_order_id = algo && part ? order->venue_id + 1000000 : 0,
                            .status = !order->open ? ended
                                      : part       ? PRIVATE_STATUS_PARTIALLY_FILLED
                                                   : PRIVATE_STATUS_NEW,
                            .side = order->spec.side,
                            .position = order->spec.position,
                            .type = order->spec.type,
                            .reduce = order->spec.reduce,
                            .quantity = order->spec.quantity,
                            .price = order->spec.price,
                            .trigger = order->spec.trigger,
                            .filled_known = true,
                            .filled = order->filled};
    memcpy(view.client_id, order->spec.client_id.text, CLIENT_ID_MAX);
    return view;
}

/* --- answers ---------------------------------------------------------------------------------- */

static inline void script_place(half_script_t *script, const order_action_t *action)
{
    order_input_t input = {.kind = ORDER_INPUT_REPLY};
    const uint64_t draw = prng_below(&script->prng, 100);
    input.reply.action = action->number;
    script->placed++;
    if (draw < 4) {
        input.reply.kind = REPLY_REJECTED;
        input.reply.reject = draw < 2 ? REJECT_BUSY : REJECT_OTHER;
        input.reply.code = draw < 2 ? -1008 : -1000;
        script_step(script, &input);
        return;
    }
    script_order_t *order = &script->orders[script->order_next++ % SCRIPT_ORDERS_MAX];
    *order = (script_order_t){.spec = action->place, .venue_id = script->next_venue_id++, .open = true};
    input.reply.kind = draw < 10 ? REPLY_UNKNOWN : REPLY_ACCEPTED; /* lost on the way back: it stands all the same */
    if (input.reply.kind == REPLY_ACCEPTED) {
        input.reply.order = script_view(order);
    }
    script_step(script, &input);
}

static inline void script_cancel(half_script_t *script, const order_action_t *action)
{
    order_input_t input = {.kind = ORDER_INPUT_REPLY};
    script_order_t *order = script_find(script, action->order.client_id.text);
    input.reply.action = action->number;
    if (order == NULL || !order->open || order_type_is_algo(order->spec.type) != action->order.algo) {
        input.reply.kind = REPLY_REJECTED;
        input.reply.reject = REJECT_UNKNOWN_ORDER;
        input.reply.code = -2011;
    } else {
        order->open = false;
        input.reply.kind = prng_chance(&script->prng, 0.05) ? REPLY_UNKNOWN : REPLY_ACCEPTED;
        input.reply.order = script_view(order);
        input.reply.order.status = PRIVATE_STATUS_CANCELLED;
    }
    script_step(script, &input);
}

static inline void script_query(half_script_t *script, const order_action_t *action)
{
    order_input_t input = {.kind = ORDER_INPUT_QUERY_RESULT};
    input.query.action = action->number;
    if (action->kind == ACTION_QUERY_FILLS) {
        input.query.endpoints = ENDPOINT_TRADES;
    } else {
        script_order_t *order = script_find(script, action->order.client_id.text);
        input.query.endpoints = action->order.algo ? ENDPOINTS_ALGO : ENDPOINTS_NORMAL;
        input.query.found = order != NULL;
        if (order != NULL) {
            input.query.order = script_view(order);
        }
    }
    script_step(script, &input);
}

static inline void script_piece(half_script_t *script, uint64_t action, snapshot_section_t section, snapshot_phase_t phase,
                                const private_event_t *item)
{
    order_input_t input = {.kind = ORDER_INPUT_SNAPSHOT};
    input.snapshot.action = action;
    input.snapshot.section = section;
    input.snapshot.phase = phase;
    if (item != NULL) {
        input.snapshot.item = *item;
        input.snapshot.item.time_ns = script->now_ns;
    }
    script_step(script, &input);
}

static inline void script_snapshot(half_script_t *script, uint64_t action)
{
    const private_event_t mode = {.kind = PRIVATE_MODE, .mode = POSITION_MODE_ONE_WAY};
    script_piece(script, action, SECTION_MODE, SNAPSHOT_ITEM, &mode);
    script_piece(script, action, SECTION_MODE, SNAPSHOT_COMPLETE, NULL);
    for (uint32_t i = 0; i < SCRIPT_ORDERS_MAX; i++) {
        if (script->orders[i].open) {
            const private_event_t item = {.kind = PRIVATE_ORDER, .order = script_view(&script->orders[i])};
            script_piece(script, action, item.order.algo ? SECTION_ALGO_ORDERS : SECTION_ORDERS, SNAPSHOT_ITEM, &item);
        }
    }
    script_piece(script, action, SECTION_ORDERS, SNAPSHOT_COMPLETE, NULL);
    script_piece(script, action, SECTION_ALGO_ORDERS, SNAPSHOT_COMPLETE, NULL);
    const private_event_t position = {
        .kind = PRIVATE_POSITION, .position = {.instrument = script->id, .position = POSITION_BOTH, .amount = script->position}};
    script_piece(script, action, SECTION_POSITIONS, SNAPSHOT_ITEM, &position);
    script_piece(script, action, SECTION_POSITIONS, SNAPSHOT_COMPLETE, NULL);
    const private_event_t balance = {.kind = PRIVATE_BALANCE, .balance = {.asset = "USDT", .wallet = script->wallet}};
    script_piece(script, action, SECTION_BALANCES, SNAPSHOT_ITEM, &balance);
    script_piece(script, action, SECTION_BALANCES, SNAPSHOT_COMPLETE, NULL);
    script_piece(script, action, SECTION_BALANCES, SNAPSHOT_END, NULL);
}

static inline void script_answer(half_script_t *script, const order_action_t *action)
{
    order_input_t reply = {.kind = ORDER_INPUT_REPLY};
    switch (action->kind) {
    case ACTION_PLACE:
        script_place(script, action);
        break;
    case ACTION_CANCEL:
        script_cancel(script, action);
        break;
    case ACTION_QUERY_ORDER:
    case ACTION_QUERY_FILLS:
        script_query(script, action);
        break;
    case ACTION_SNAPSHOT:
        script_snapshot(script, action->number);
        break;
    case ACTION_SET_LEVERAGE:
    case ACTION_SET_MARGIN_TYPE:
    case ACTION_SET_POSITION_MODE:
        reply.reply.action = action->number;
        reply.reply.kind = REPLY_ACCEPTED;
        reply.reply.leverage = action->kind == ACTION_SET_LEVERAGE ? action->leverage : 0;
        script_step(script, &reply);
        break;
    case ACTION_READ_RULES:
    case ACTION_NOTIFY:
        break;
    }
}

static inline void script_answer_all(half_script_t *script)
{
    while (script->action_count > 0) {
        const order_action_t action = script->actions[script->action_first];
        script->action_first = (script->action_first + 1) % SCRIPT_ACTIONS_MAX;
        script->action_count--;
        script_answer(script, &action);
    }
}

/* --- fills ------------------------------------------------------------------------------------ */

/* Books a fill as a venue does: cost follows the position, profit of what is closed goes into the wallet. */
static inline dec_t script_book(half_script_t *script, order_side_t side, dec_t quantity, dec_t price)
{
    const dec_t moved = side == ORDER_BUY ? quantity : dec_neg(quantity);
    dec_t realised = DEC_ZERO, value = DEC_ZERO;
    if (dec_sign(script->position) * dec_sign(moved) < 0) { /* never more than there is: see script_fill */
        dec_t part = DEC_ZERO;
        (void)dec_mul_div(script->cost, quantity, dec_abs(script->position), DEC_ROUND_HALF_EVEN, &part);
        (void)dec_mul(moved, price, DEC_ROUND_HALF_EVEN, &value);
        realised = dec_neg(dec_plus(value, part));
        (void)dec_quantise(realised, dec_from_scaled(1, 8), DEC_ROUND_DOWN, &realised);
        script->cost = dec_minus(script->cost, part);
        script->wallet = dec_plus(script->wallet, realised);
    } else {
        (void)dec_mul(moved, price, DEC_ROUND_HALF_EVEN, &value);
        script->cost = dec_plus(script->cost, value);
    }
    script->position = dec_plus(script->position, moved);
    return realised;
}

static inline void script_fill(half_script_t *script, script_order_t *order, dec_t price)
{
    dec_t quantity =
        order->spec.reduce == CLOSE_POSITION ? dec_abs(script->position) : dec_minus(order->spec.quantity, order->filled);
    const dec_t tenth = dec_from_scaled(1, 1);
    if (dec_gt(quantity, dec_from_int(1)) && order->spec.leg == LEG_ENTRY && prng_chance(&script->prng, 0.4)) {
        (void)dec_quantise(dec_from_scaled((int64_t)(quantity.units / (tenth.units * 2)), 1), tenth, DEC_ROUND_DOWN, &quantity);
    }
    const bool reduces = order->spec.reduce != REDUCE_NO;
    const bool against = order->spec.side == ORDER_BUY ? dec_sign(script->position) < 0 : dec_sign(script->position) > 0;
    if (reduces && (!against || dec_gt(quantity, dec_abs(script->position)))) {
        quantity = against ? dec_abs(script->position) : DEC_ZERO;
    }
    if (dec_sign(quantity) <= 0) {
        order->open = false;
        const order_input_t gone = {.kind = ORDER_INPUT_PRIVATE,
                                    .event = {.kind = PRIVATE_ORDER, .time_ns = script->now_ns, .order = script_view(order)}};
        order_input_t input = gone;
        input.event.order.status = PRIVATE_STATUS_EXPIRED;
        script_step(script, &input);
        return;
    }
    const dec_t realised = script_book(script, order->spec.side, quantity, price);
    order->filled = dec_plus(order->filled, quantity);
    order->open = order->spec.reduce != CLOSE_POSITION && dec_lt(order->filled, order->spec.quantity) && !reduces;
    order_input_t input = {.kind = ORDER_INPUT_PRIVATE, .event = {.kind = PRIVATE_FILL, .time_ns = script->now_ns}};
    input.event.fill.order = script_view(order);
    if (input.event.fill.order.algo) { /* the engine order that the trigger made bears the algo order's client id */
        input.event.fill.order.algo = false;
        input.event.fill.order.venue_order_id = order->venue_id + 1000000;
        input.event.fill.order.engine_order_id = 0;
        input.event.fill.order.status = order->open ? PRIVATE_STATUS_PARTIALLY_FILLED : PRIVATE_STATUS_FILLED;
    }
    input.event.fill.fill = (private_fill_t){.trade_id = script->next_trade_id++,
                                             .price = price,
                                             .quantity = quantity,
                                             .realised = realised,
                                             .time_ns = script->now_ns,
                                             .maker = prng_chance(&script->prng, 0.5)};
    script->fills++;
    script_step(script, &input);
    const private_event_t position = {
        .kind = PRIVATE_POSITION,
        .time_ns = script->now_ns,
        .position = {.instrument = script->id, .position = POSITION_BOTH, .amount = script->position}};
    input = (order_input_t){.kind = ORDER_INPUT_PRIVATE, .event = position};
    script_step(script, &input);
}

/* Does this order trade at the present price? */
static inline bool script_crossed(const half_script_t *script, const script_order_t *order)
{
    const dec_t price = dec_from_scaled(script->price, 1);
    const bool buy = order->spec.side == ORDER_BUY;
    switch (order->spec.type) {
    case ORDER_MARKET:
        return true;
    case ORDER_LIMIT:
        return buy ? dec_le(price, order->spec.price) : dec_ge(price, order->spec.price);
    case ORDER_STOP_MARKET:
    case ORDER_STOP_LIMIT:
        return buy ? dec_ge(price, order->spec.trigger) : dec_le(price, order->spec.trigger);
    case ORDER_TAKE_PROFIT_MARKET:
    case ORDER_TAKE_PROFIT_LIMIT:
        return buy ? dec_le(price, order->spec.trigger) : dec_ge(price, order->spec.trigger);
    }
    return false;
}

static inline void script_trade(half_script_t *script)
{
    for (uint32_t i = 0; i < SCRIPT_ORDERS_MAX; i++) {
        if (script->orders[i].open && script_crossed(script, &script->orders[i])) {
            script_fill(script, &script->orders[i], dec_from_scaled(script->price, 1));
            script_answer_all(script);
        }
    }
}

/* --- the world -------------------------------------------------------------------------------- */

static inline void script_market(half_script_t *script)
{
    order_input_t input = {.kind = ORDER_INPUT_MARKET};
    script->price += (int64_t)(prng_normal(&script->prng) * (double)script->price * 0.004);
    script->price = script->price < 500 ? 500 : script->price > 20000 ? 20000 : script->price;
    input.market = (market_event_t){.kind = MARKET_MARK, .instrument = script->id, .time_ns = script->now_ns};
    input.market.mark = (mark_t){.mark = dec_from_scaled(script->price, 1), .index = dec_from_scaled(script->price, 1)};
    script_step(script, &input);
    input = (order_input_t){.kind = ORDER_INPUT_MARKET,
                            .market = {.kind = MARKET_QUOTE, .instrument = script->id, .time_ns = script->now_ns}};
    input.market.quote = (quote_t){.bid = dec_from_scaled(script->price, 1),
                                   .bid_quantity = DEC_ONE,
                                   .ask = dec_from_scaled(script->price + 1, 1),
                                   .ask_quantity = DEC_ONE};
    script_step(script, &input);
    script_answer_all(script);
}

static inline void script_signal(half_script_t *script)
{
    const int64_t noise = script->price / 50 + 5;
    const bool is_long = prng_chance(&script->prng, 0.5);
    const int64_t way = is_long ? 1 : -1;
    signal_t signal = {.number = script->next_signal++,
                       .instrument = script->id,
                       .side = is_long ? SIDE_LONG : SIDE_SHORT,
                       .strategy = "SC01",
                       .source = "script",
                       .entry = dec_from_scaled(script->price - way * (int64_t)prng_below(&script->prng, 10), 1),
                       .stop = dec_from_scaled(script->price - way * (noise + 10), 1),
                       .target = dec_from_scaled(script->price + way * 2 * noise, 1),
                       .confidence = prng_unit(&script->prng),
                       .timeframes = 1U << TF_4H | 1U << TF_1H,
                       .timeframe_source = TF_4H,
                       .made_ns = script->now_ns,
                       .expires_ns = script->now_ns + NS_PER_HOUR,
                       .input_count = 1,
                       .inputs = {{.name = "1h.atr", .value = (double)noise / 10.0}}};
    memcpy(signal.id, "script-", 7);
    (void)str_from_u64(signal.number, signal.id + 7);
    order_input_t input = {.kind = ORDER_INPUT_SIGNAL, .signal = signal};
    script_step(script, &input);
    script_answer_all(script);
}

static inline void script_command(half_script_t *script)
{
    static const command_kind_t kinds[] = {COMMAND_PAUSE,        COMMAND_RESUME,   COMMAND_RECONCILE, COMMAND_CLOSE_TRADE,
                                           COMMAND_CANCEL_ENTRY, COMMAND_UNFREEZE, COMMAND_RESUME};
    order_input_t input = {.kind = ORDER_INPUT_COMMAND};
    input.command = (order_command_t){.id = script->next_command++,
                                      .kind = kinds[prng_below(&script->prng, sizeof kinds / sizeof kinds[0])],
                                      .instrument = script->id,
                                      .principal = "script"};
    script_step(script, &input);
    script_answer_all(script);
}

/* Signals, commands and prices at random, `moments` of them, between one second and four minutes apart. */
static inline void script_run(half_script_t *script, uint32_t moments)
{
    for (uint32_t i = 0; i < moments; i++) {
        script->now_ns += (int64_t)(1 + prng_below(&script->prng, 240)) * NS_PER_S;
        script_market(script);
        script_trade(script);
        if (prng_chance(&script->prng, 0.05)) {
            script_signal(script);
        }
        if (prng_chance(&script->prng, 0.01)) {
            script_command(script);
        }
    }
}

static inline dec_t script_dec(const char *text)
{
    dec_t value = DEC_ZERO;
    (void)dec_parse(text, strlen(text), &value);
    return value;
}

static inline instrument_t script_rules(void)
{
    instrument_t rules = {.venue = "BINANCE",
                          .symbol = "BTCUSDT",
                          .base = "BTC",
                          .quote = "USDT",
                          .settle = "USDT",
                          .kind = INSTRUMENT_PERPETUAL,
                          .status = INSTRUMENT_TRADING,
                          .notional_min = dec_from_int(5),
                          .price_min = DEC_ONE,
                          .price_max = dec_from_int(1000000),
                          .quantity_max = dec_from_int(10000),
                          .market_quantity_max = dec_from_int(5000),
                          .contract_size = DEC_ONE,
                          .bracket_count = 1};
    rules.tick_size = rules.lot_step = rules.quantity_min = rules.market_step = rules.market_quantity_min = dec_from_scaled(1, 1);
    rules.brackets[0] =
        (leverage_bracket_t){.leverage_max = 125, .notional_cap = dec_from_int(100000000), .maintenance_rate = script_dec("0.004")};
    return rules;
}

/* A long life: the rules are read once. */
static inline risk_config_t script_risk(void)
{
    risk_config_t risk = test_risk_settings();
    risk.rules_age_max_ns = 1000 * NS_PER_DAY;
    return risk;
}

/* `memory`: order_half_size bytes, aligned to 16; the script, the output and the memory are the caller's. False: a belief is wrong.
 */
static inline bool script_start(half_script_t *script, void *memory, order_output_t *output, uint64_t seed,
                                void (*see)(void *context, const order_output_t *output), void *context)
{
    memset(script, 0, sizeof *script);
    script->half = order_half_init(memory);
    script->output = output;
    script->see = see;
    script->context = context;
    script->now_ns = INT64_C(1767225600) * NS_PER_S;
    script->price = 1000;
    script->next_venue_id = 1000;
    script->next_trade_id = script->next_signal = script->next_command = 1;
    script->wallet = dec_from_int(1000);
    prng_seed(&script->prng, seed);
    if (order_half_resume(script->half, 1, script->now_ns, "script", output) != RESULT_OK) {
        return false;
    }
    see(context, output);
    static order_input_t input;
    input = (order_input_t){.kind = ORDER_INPUT_RISK, .risk = script_risk()};
    script_step(script, &input);
    input = (order_input_t){.kind = ORDER_INPUT_RULES, .rules = script_rules()};
    script_step(script, &input);
    script_answer_all(script);
    return true;
}
