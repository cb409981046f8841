/* spot_bench.h: the Binance spot face over a small made-up world, asked by bytes; for the tests of this folder. */
#pragma once

#include "edge/face/binance_spot/spot_face.h"
#include "edge/face/usdm_fixture.h"
#include "edge/face/world/world_spot.h"

#define ORDER   "/api/v3/order"
#define LIMIT   "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&"
#define MARKET  "symbol=BTCUSDT&side=BUY&type=MARKET&"
#define STOP    "symbol=BTCUSDT&side=SELL&type=STOP_LOSS&quantity=0.01&"
#define OCO     "/api/v3/orderList/oco"
#define OPO     "/api/v3/orderList/opo"
#define WORKING "symbol=BTCUSDT&workingType=LIMIT&workingSide=BUY&workingTimeInForce=GTC&workingPrice=50000&workingQuantity=0.01&"
#define PENDING "pendingType=LIMIT&pendingSide=SELL&pendingTimeInForce=GTC&pendingPrice=70000"

static inline instrument_t spot_rules_of(const char *symbol, int64_t price)
{
    static const market_rules_t none;
    instrument_t rules;
    (void)market_rules_find(&none, symbol, dec_from_int(price), &rules);
    market_rules_spot(&none, dec_from_int(price), &rules);
    return rules;
}

static inline void add_spot_market(bench_t *bench, const char *symbol, int64_t price)
{
    const instrument_t rules = spot_rules_of(symbol, price);
    bench_market(bench, symbol, price, &rules);
}

static inline void give(bench_t *bench, const char *asset, int64_t amount)
{
    const venue_t *venue = world_venue(bench->world);
    for (uint32_t i = 0; i < venue_asset_count(venue); i++) {
        if (strcmp(venue_asset_name(venue, (venue_asset_t)i), asset) == 0)
            assert_int_equal(world_spot_transfer(bench->world, 0, (venue_asset_t)i, dec_from_int(amount)), SPOT_REJECT_NONE);
    }
}

static inline int begin_spot(void **state, bool no_listen_keys)
{
    bench_t *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->create = spot_face_create;
    bench->no_spot_listen_keys = no_listen_keys;
    add_spot_market(bench, "BTCUSDT", 60000);
    add_spot_market(bench, "ETHUSDT", 3000);
    bench_open(bench);
    give(bench, "USDT", 100000);
    give(bench, "BTC", 10);
    *state = bench;
    return 0;
}

static inline int begin(void **state)
{
    return begin_spot(state, false);
}

/* How often the words stand in the reply. */
static inline unsigned count_of(const bench_t *bench, const char *words)
{
    unsigned count = 0;
    size_t length = strlen(words);
    for (size_t i = 0; i + length <= bench->reply.body.length; i++)
        count += memcmp(bench->reply.body.bytes + i, words, length) == 0;
    return count;
}

static inline fake_socket_t *sock(void)
{
    fake_socket_t *socket = calloc(1, sizeof *socket);
    assert_non_null(socket);
    return socket;
}

static inline void pass(bench_t *bench, int64_t by_ns)
{
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + by_ns, WORLD_NEW_MOMENT), RESULT_OK);
    face_after_advance(bench->face);
}

/* {"id":"1","method":M,"params":{"apiKey":"KEY",P,"timestamp":T,"signature":S}}; the signature is over the sorted names. */
static inline void say(bench_t *bench, face_session_t *session, const char *method, const char *before, const char *json)
{
    char payload[512], hex[65], text[1024];
    long long now = (long long)(world_now_ns(bench->world) / NS_PER_MS);
    snprintf(payload, sizeof payload, "apiKey=KEY%s&timestamp=%lld", before, now);
    sign(payload, hex);
    snprintf(text, sizeof text,
             "{\"id\":\"1\",\"method\":\"%s\",\"params\":{\"apiKey\":\"KEY\"%s,\"timestamp\":%lld,\"signature\":\"%s\"}}", method,
             json, now, hex);
    face_session_text(bench->face, session, str_from(text), bench->wall_ns);
}
