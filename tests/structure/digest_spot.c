/* digest_spot.c: everything the spot side of the simulated exchange says over a made-up history of orders, order lists and time, as
 * one digest: see test_determinism.sh. Events are taken field by field: padding between them belongs to the compiler.
 * rooms: core/base core/market core/venue
 */
#include <string.h>

#include "core/base/assert.h"
#include "core/base/hash.h"
#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/venue/spot.h"

void digest_spot(sha256_t *sha);

enum { SPOT_COMMANDS = 4000, SPOT_MEMORY = 48 << 20 };

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

static void add_order(sha256_t *sha, const spot_order_event_t *event)
{
    const spot_order_t *order = &event->order;
    const uint64_t numbers[] = {event->execution, order->id,     order->list_id,  order->type,
                                order->status,    order->reason, event->trade_id, (uint64_t)order->working_ns};
    const dec_t decimals[] = {order->price,        order->quantity,   order->filled,
                              order->filled_quote, event->last_price, event->commission};
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        add_number(sha, numbers[i]);
    }
    for (unsigned i = 0; i < sizeof decimals / sizeof decimals[0]; i++) {
        add_dec(sha, decimals[i]);
    }
    sha256_update(sha, order->client_id.text, strlen(order->client_id.text));
}

static void emit(void *context, const venue_event_t *event)
{
    sha256_t *sha = context;
    add_number(sha, event->kind);
    add_number(sha, event->number);
    add_number(sha, (uint64_t)event->time_ns);
    if (event->kind != VENUE_EVENT_SPOT) {
        return; /* digest_venue.c */
    }
    if (event->spot.kind == SPOT_EVENT_ORDER) {
        add_order(sha, &event->spot.order);
    } else if (event->spot.kind == SPOT_EVENT_LIST) {
        add_number(sha, event->spot.list.id);
        add_number(sha, event->spot.list.done);
    } else if (event->spot.kind == SPOT_EVENT_POSITION) {
        for (uint32_t i = 0; i < event->spot.position.count; i++) {
            add_dec(sha, event->spot.position.balances[i].free);
            add_dec(sha, event->spot.position.balances[i].locked);
        }
    }
}

static dec_t price_near(prng_t *prng, dec_t last)
{
    dec_t value = last;
    int64_t bp = (int64_t)prng_below(prng, 161) - 80;
    (void)dec_mul_div(last, dec_from_int(10000 + bp), dec_from_int(10000), DEC_ROUND_DOWN, &value);
    (void)dec_quantise(value, dec_from_scaled(1, 2), DEC_ROUND_DOWN, &value);
    return value;
}

static void random_order(prng_t *prng, spot_place_t *place, dec_t last)
{
    memset(place, 0, sizeof *place);
    place->account = (uint32_t)prng_below(prng, 3);
    place->side = (uint32_t)prng_below(prng, 2);
    place->type = (spot_type_t)prng_below(prng, SPOT_LIMIT_MAKER + 1);
    place->tif = (spot_tif_t)prng_below(prng, 3);
    place->stp = (spot_stp_t)prng_below(prng, SPOT_STP_TRANSFER + 1);
    place->quantity = dec_from_scaled((int64_t)prng_below(prng, 400) + 1, 3);
    bool waits = place->type >= SPOT_STOP_LOSS && place->type <= SPOT_TAKE_PROFIT_LIMIT;
    bool priced = place->type != SPOT_MARKET && place->type != SPOT_STOP_LOSS && place->type != SPOT_TAKE_PROFIT;
    place->price = priced ? price_near(prng, last) : DEC_ZERO;
    place->stop_price = waits ? price_near(prng, last) : DEC_ZERO;
    place->trailing_delta = waits && prng_below(prng, 3) == 0 ? 20 : 0;
}

static void random_bracket(prng_t *prng, spot_list_place_t *list, dec_t last)
{
    memset(list, 0, sizeof *list);
    list->kind = SPOT_LIST_OTOCO;
    for (uint32_t i = 0; i < SPOT_LEGS_MAX; i++) {
        random_order(prng, &list->legs[i], last);
        list->legs[i].account = list->legs[0].account;
        list->legs[i].side = i == 0 ? VENUE_BUY : VENUE_SELL;
        list->legs[i].type = i == 0 ? SPOT_LIMIT : i == 1 ? SPOT_LIMIT_MAKER : SPOT_STOP_LOSS;
        list->legs[i].trailing_delta = 0;
        list->legs[i].stop_price = DEC_ZERO;
        list->legs[i].price = last;
    }
    list->legs[1].price = dec_plus(last, dec_from_int(5));
    list->legs[2].price = DEC_ZERO;
    list->legs[2].stop_price = dec_minus(last, dec_from_int(5));
}

/* Conditional orders are few at a time: without cancels all would soon be refused. */
static void cancel_all(prng_t *prng, venue_t *venue, const venue_sink_t *sink)
{
    spot_order_t open[32];
    venue_select_t select = {.account = (venue_account_t)prng_below(prng, 3), .instrument = 0, .open_only = true};
    uint32_t count = spot_orders(venue, &select, open, 32);
    for (uint32_t i = 0; i < count; i++) {
        spot_ref_t ref = {.account = select.account, .instrument = 0, .id = open[i].id};
        (void)spot_cancel(venue, sink, &ref, NULL);
    }
}

static venue_t *make_venue(void *memory)
{
    venue_bounds_t bounds = venue_bounds_default();
    venue_config_t config = venue_config_default();
    venue_t *venue = NULL;
    venue_asset_t usdt, btc;
    instrument_id_t id;
    venue_account_t account;
    bounds.order_lists = 64;
    bounds.assets = 2;
    ASSERT(venue_size(&bounds) <= SPOT_MEMORY);
    ASSERT(venue_init(memory, &bounds, &config, &venue) == RESULT_OK);
    ASSERT(venue_asset_add(venue, STR("USDT"), &usdt) == RESULT_OK && venue_asset_add(venue, STR("BTC"), &btc) == RESULT_OK);
    instrument_t rules = {.venue = "BINANCE",
                          .symbol = "BTCUSDT",
                          .base = "BTC",
                          .quote = "USDT",
                          .settle = "USDT",
                          .kind = INSTRUMENT_SPOT,
                          .status = INSTRUMENT_TRADING};
    rules.tick_size = dec_from_scaled(1, 2);
    rules.lot_step = rules.quantity_min = dec_from_scaled(1, 3);
    rules.quantity_max = dec_from_int(1000);
    rules.notional_min = dec_from_int(5);
    ASSERT(venue_instrument_add(venue, &rules, &id) == RESULT_OK);
    venue_synthetic_t market = {
        .price = dec_from_int(1000), .volatility_day = 0.5, .volume_day = dec_from_int(100000), .step_ns = NS_PER_S};
    ASSERT(venue_market_synthetic(venue, id, &market) == RESULT_OK);
    for (int i = 0; i < 3; i++) {
        ASSERT(venue_account_open(venue, &account) == RESULT_OK);
        ASSERT(spot_transfer(venue, NULL, account, usdt, dec_from_int(50000)) == SPOT_REJECT_NONE);
        ASSERT(spot_transfer(venue, NULL, account, btc, dec_from_int(50)) == SPOT_REJECT_NONE);
    }
    return venue;
}

void digest_spot(sha256_t *sha)
{
    static _Alignas(64) unsigned char memory[SPOT_MEMORY];
    venue_t *venue = make_venue(memory);
    venue_sink_t sink = {.emit = emit, .context = sha};
    prng_t prng;
    uint64_t accepted = 0, lists = 0;
    prng_seed(&prng, 20260801);
    for (int i = 0; i < SPOT_COMMANDS; i++) {
        dec_t last = venue_last_price(venue, 0);
        if (prng_below(&prng, 8) == 0) {
            spot_list_place_t list;
            random_bracket(&prng, &list, last);
            lists += spot_list_place(venue, &sink, &list, NULL).reject == SPOT_REJECT_NONE;
        } else {
            spot_place_t place;
            random_order(&prng, &place, last);
            accepted += spot_place(venue, &sink, &place, NULL).reject == SPOT_REJECT_NONE;
        }
        if (prng_below(&prng, 4) == 0) {
            cancel_all(&prng, venue, &sink);
        }
        (void)venue_advance(venue, &sink, venue_now(venue) + (int64_t)prng_below(&prng, 1500) * NS_PER_MS);
    }
    ASSERT(accepted > SPOT_COMMANDS / 10 && lists > SPOT_COMMANDS / 100); /* a digest of refusals would tell nothing */
}
