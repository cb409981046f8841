/* digest_venue.c: everything the simulated exchange says over a made-up history of orders, in a candle market and in a synthetic
 * one, as one digest: see test_determinism.sh. Events are taken field by field: padding between them belongs to the compiler.
 * rooms: core/base core/market core/venue
 */
#include <string.h>

#include "core/base/hash.h"
#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/venue/venue.h"

void digest_venue(sha256_t *sha);

enum { ACCOUNTS = 4, COMMANDS = 6000, MEMORY = 48 << 20 };

typedef struct {
    venue_t *venue;
    venue_sink_t sink;
    prng_t prng;
    dec_t price;
    uint64_t accepted;
} world_t;

static void add_number(sha256_t *sha, uint64_t value)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
    sha256_update(sha, bytes, sizeof bytes);
}

static void add_dec(sha256_t *sha, dec_t value)
{
    add_number(sha, (uint64_t)value.units);
    add_number(sha, (uint64_t)(value.units >> 64));
}

static void add_order(sha256_t *sha, const venue_order_t *order)
{
    const uint64_t numbers[] = {order->id,
                                order->account,
                                order->side,
                                order->type,
                                order->status,
                                order->expiry,
                                (uint64_t)order->time_ns,
                                (uint64_t)order->update_ns,
                                order->algo_id};
    const dec_t decimals[] = {order->quantity,      order->price,        order->filled,
                              order->average_price, order->filled_quote, order->stop_price};
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        add_number(sha, numbers[i]);
    }
    for (unsigned i = 0; i < sizeof decimals / sizeof decimals[0]; i++) {
        add_dec(sha, decimals[i]);
    }
    sha256_update(sha, order->client_id.text, strlen(order->client_id.text));
}

static void add_levels(sha256_t *sha, const level_t *levels, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        add_dec(sha, levels[i].price);
        add_dec(sha, levels[i].quantity);
    }
}

static void add_account_change(sha256_t *sha, const venue_account_event_t *change)
{
    add_number(sha, change->reason);
    for (uint32_t i = 0; i < change->balance_count; i++) {
        add_dec(sha, change->balances[i].wallet);
        add_dec(sha, change->balances[i].cross_wallet);
        add_dec(sha, change->balances[i].change);
    }
    for (uint32_t i = 0; i < change->position_count; i++) {
        add_dec(sha, change->positions[i].amount);
        add_dec(sha, change->positions[i].entry_price);
        add_dec(sha, change->positions[i].break_even_price);
        add_dec(sha, change->positions[i].unrealised_pnl);
        add_dec(sha, change->positions[i].realised_pnl);
    }
}

static void emit(void *context, const venue_event_t *event)
{
    sha256_t *sha = context;
    const uint64_t head[] = {event->kind, event->number, (uint64_t)event->time_ns, event->account, event->instrument};
    for (unsigned i = 0; i < 5; i++) {
        add_number(sha, head[i]);
    }
    switch (event->kind) {
    case VENUE_EVENT_TRADE:
        add_dec(sha, event->trade.price);
        add_dec(sha, event->trade.quantity);
        break;
    case VENUE_EVENT_QUOTE:
        add_dec(sha, event->quote.bid);
        add_dec(sha, event->quote.ask_quantity);
        break;
    case VENUE_EVENT_DEPTH:
        add_levels(sha, event->depth.bids, event->depth.bid_count);
        add_levels(sha, event->depth.asks, event->depth.ask_count);
        break;
    case VENUE_EVENT_MARK:
        add_dec(sha, event->mark.mark);
        add_dec(sha, event->mark.index);
        add_dec(sha, event->mark.funding_rate);
        break;
    case VENUE_EVENT_KLINE:
        add_dec(sha, event->kline.candle.high);
        add_dec(sha, event->kline.candle.close);
        add_dec(sha, event->kline.candle.volume);
        break;
    case VENUE_EVENT_LIQUIDATION:
        add_order(sha, &event->liquidation.order);
        break;
    case VENUE_EVENT_ORDER:
        add_order(sha, &event->order.order);
        add_number(sha, event->order.execution);
        add_dec(sha, event->order.last_price);
        add_dec(sha, event->order.commission);
        add_dec(sha, event->order.realised_pnl);
        break;
    case VENUE_EVENT_ACCOUNT:
        add_account_change(sha, &event->account_change);
        break;
    case VENUE_EVENT_ALGO:
        add_number(sha, event->algo.status);
        add_dec(sha, event->algo.trigger_price);
        add_number(sha, event->algo.actual_id);
        break;
    case VENUE_EVENT_STATUS:
    case VENUE_EVENT_RULES:
    case VENUE_EVENT_MARGIN_CALL:
    case VENUE_EVENT_LEVERAGE:
    case VENUE_EVENT_MODE:
    case VENUE_EVENT_MULTI_ASSETS:
    case VENUE_EVENT_SPOT: /* digest_spot.c */
        break;
    }
}

static instrument_t make_rules(const char *symbol)
{
    instrument_t rules = {.venue = "BINANCE",
                          .base = "BTC",
                          .quote = "USDT",
                          .settle = "USDT",
                          .kind = INSTRUMENT_PERPETUAL,
                          .status = INSTRUMENT_TRADING,
                          .contract_size = DEC_ONE,
                          .bracket_count = 2};
    memcpy(rules.symbol, symbol, 8);
    rules.tick_size = rules.price_min = dec_from_scaled(1, 1);
    rules.price_max = dec_from_int(4000000);
    rules.lot_step = rules.market_step = rules.quantity_min = rules.market_quantity_min = dec_from_scaled(1, 3);
    rules.quantity_max = rules.market_quantity_max = dec_from_int(1000);
    rules.notional_min = dec_from_int(5);
    rules.trigger_protect = dec_from_scaled(5, 2);
    rules.liquidation_fee = dec_from_scaled(125, 4);
    rules.brackets[0] = (leverage_bracket_t){125, DEC_ZERO, dec_from_int(50000), dec_from_scaled(4, 3), DEC_ZERO};
    rules.brackets[1] =
        (leverage_bracket_t){20, dec_from_int(50000), dec_from_int(100000000), dec_from_scaled(1, 2), dec_from_int(300)};
    return rules;
}

static dec_t near_price(world_t *world, instrument_id_t id)
{
    const int64_t tenths = (int64_t)(venue_last_price(world->venue, id).units / (DEC_UNITS_PER_ONE / 10));
    const int64_t span = tenths / 50 + 2;
    return dec_from_scaled(tenths + (int64_t)prng_below(&world->prng, (uint64_t)(2 * span)) - span + 1, 1);
}

static void place(world_t *world, venue_account_t account, instrument_id_t id)
{
    const venue_side_t side = (venue_side_t)prng_below(&world->prng, 2);
    const dec_t quantity = dec_from_scaled(1 + (int64_t)prng_below(&world->prng, 400), 3);
    if (prng_chance(&world->prng, 0.3)) {
        const venue_algo_place_t algo = {.account = account,
                                         .instrument = id,
                                         .side = side,
                                         .type = VENUE_STOP_MARKET,
                                         .quantity = quantity,
                                         .trigger_price = near_price(world, id)};
        world->accepted += venue_algo_place(world->venue, &world->sink, &algo, NULL).reject == VENUE_REJECT_NONE;
        return;
    }
    venue_place_t order = {.account = account,
                           .instrument = id,
                           .side = side,
                           .type = VENUE_LIMIT,
                           .tif = VENUE_GTC,
                           .quantity = quantity,
                           .price = near_price(world, id)};
    if (prng_chance(&world->prng, 0.3)) {
        order.type = VENUE_MARKET;
        order.price = DEC_ZERO;
    }
    world->accepted += venue_place(world->venue, &world->sink, &order, NULL).reject == VENUE_REJECT_NONE;
}

static void next_bar(world_t *world)
{
    if (venue_market_until(world->venue, 0) > venue_now(world->venue)) {
        return;
    }
    const int64_t open = (int64_t)(world->price.units / (DEC_UNITS_PER_ONE / 10)), reach = open / 40 + 2;
    int64_t close = open + (int64_t)prng_below(&world->prng, (uint64_t)(2 * reach)) - reach;
    close = close < 1000 ? 1000 : close;
    const candle_t bar = {
        .open_ns = venue_now(world->venue),
        .open = world->price,
        .high = dec_from_scaled((open > close ? open : close) + (int64_t)prng_below(&world->prng, (uint64_t)reach), 1),
        .low = dec_from_scaled((open < close ? open : close) - (int64_t)prng_below(&world->prng, (uint64_t)open / 50 + 1), 1),
        .close = dec_from_scaled(close, 1),
        .volume = dec_from_int(5000),
        .state = CANDLE_TRADED,
        .closed = true};
    (void)venue_market_bar(world->venue, 0, TF_1H, &bar);
    world->price = bar.close;
}

static void advance(world_t *world)
{
    next_bar(world);
    int64_t to_ns = venue_next_moment(world->venue);
    const int64_t until_ns = venue_market_until(world->venue, 0), now_ns = venue_now(world->venue);
    to_ns = to_ns > until_ns ? until_ns : to_ns;
    (void)venue_advance(world->venue, &world->sink, to_ns > now_ns ? to_ns : now_ns + 1);
}

static void cancel_newest(world_t *world, venue_account_t account)
{
    venue_order_t order;
    const venue_select_t select = {.account = account, .instrument = INSTRUMENT_NONE, .open_only = true, .newest = true};
    if (venue_orders(world->venue, &select, &order, 1) == 1) {
        const venue_ref_t ref = {.account = account, .instrument = order.instrument, .id = order.id};
        (void)venue_cancel(world->venue, &world->sink, &ref, NULL);
    }
}

static bool open_world(world_t *world, sha256_t *sha)
{
    static _Alignas(64) unsigned char memory[MEMORY];
    const venue_bounds_t bounds = venue_bounds_default();
    venue_config_t config = venue_config_default();
    const instrument_t rules[2] = {make_rules("BTCUSDT"), make_rules("ETHUSDT")};
    const venue_synthetic_t chance = {.price = dec_from_int(2500),
                                      .volatility_day = 0.04,
                                      .jumps_day = 2.0,
                                      .jump_size = 0.02,
                                      .volume_day = dec_from_int(100000),
                                      .step_ns = 30 * NS_PER_S};
    instrument_id_t id;
    venue_asset_t usdt;
    config.seed = 17;
    config.start_ns = INT64_C(1700006400) * NS_PER_S;
    if (venue_size(&bounds) > sizeof memory || venue_init(memory, &bounds, &config, &world->venue) != RESULT_OK) {
        return false;
    }
    world->sink = (venue_sink_t){.emit = emit, .context = sha};
    bool good = venue_asset_add(world->venue, STR("USDT"), &usdt) == RESULT_OK;
    for (unsigned i = 0; i < 2; i++) {
        good = good && venue_instrument_add(world->venue, &rules[i], &id) == RESULT_OK;
        venue_follow(world->venue, id, VENUE_FOLLOW_ALL, 1U << TF_1M | 1U << TF_1H);
    }
    for (unsigned i = 0; i < ACCOUNTS && good; i++) {
        venue_account_t account;
        good = venue_account_open(world->venue, &account) == RESULT_OK &&
               venue_transfer(world->venue, &world->sink, account, usdt, dec_from_int(i == 0 ? 2000 : 100000)) == VENUE_REJECT_NONE;
    }
    return good && venue_market_synthetic(world->venue, 1, &chance) == RESULT_OK;
}

void digest_venue(sha256_t *sha)
{
    world_t world = {.price = dec_from_int(60000)};
    uint8_t state[32];
    prng_seed(&world.prng, 3);
    if (!open_world(&world, sha)) {
        return;
    }
    for (unsigned i = 0; i < COMMANDS; i++) {
        const venue_account_t account = (venue_account_t)prng_below(&world.prng, ACCOUNTS);
        const uint64_t draw = prng_below(&world.prng, 10);
        if (draw < 5) {
            advance(&world);
        } else if (draw < 9) {
            place(&world, account, (instrument_id_t)prng_below(&world.prng, 2));
        } else {
            cancel_newest(&world, account);
        }
    }
    venue_digest(world.venue, state);
    sha256_update(sha, state, sizeof state);
    add_number(sha, world.accepted);
    add_number(sha, venue_event_count(world.venue));
}
