/* usdm_fixture.h: the Binance USD-M face over a small made-up world, asked by bytes; for the tests of this folder. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/time.h"
#include "edge/face/binance/face.h"
#include "edge/face/binance/face_lockstep.h"
#include "edge/face/binance_usdm/usdm_face.h"
#include "edge/face/world/market_rules.h"
#include "edge/secret/secret.h"

enum { SENT_MAX = 4096, MARKETS_MAX = 40 };

/* What a socket was sent: the last texts. */
typedef struct {
    uint32_t count;
    bool closed;
    char last[SENT_MAX];
    char all[64 * 1024];
} fake_socket_t;

typedef struct {
    uint32_t markets;
    market_source_t sources[MARKETS_MAX];
    instrument_t rules[MARKETS_MAX];
    world_t *world;
    face_t *face;
    result_t (*create)(const face_options_t *options, face_t **out); /* NULL: usdm_face_create */
    bool no_spot_listen_keys;
    const char *time_unit, *accept; /* headers; NULL: none */
    face_output_t output;
    face_reply_t reply;
    int64_t wall_ns;
} bench_t;

static inline void *frame_make(void *context, str_t text)
{
    (void)context;
    char *copy = malloc(text.length + 1);
    assert_non_null(copy);
    memcpy(copy, text.bytes, text.length);
    copy[text.length] = '\0';
    return copy;
}

static inline void keep(fake_socket_t *socket, const char *text)
{
    socket->count++;
    snprintf(socket->last, sizeof socket->last, "%s", text);
    size_t used = strlen(socket->all);
    snprintf(socket->all + used, sizeof socket->all - used, "%s\n", text);
}

static inline void frame_send(void *context, void *socket, void *frame, uint64_t key)
{
    (void)context, (void)key;
    keep(socket, frame);
}

static inline void frame_release(void *context, void *frame)
{
    (void)context;
    free(frame);
}

static inline void send_text(void *context, void *socket, str_t text)
{
    char *copy = frame_make(context, text);
    keep(socket, copy);
    free(copy);
}

static inline void close_socket(void *context, void *socket, uint16_t code, str_t reason)
{
    (void)context, (void)code, (void)reason;
    ((fake_socket_t *)socket)->closed = true;
}

static inline void send_faulty(void *context, void *socket, str_t text, const stream_fault_t *fault)
{
    (void)fault;
    send_text(context, socket, text);
}

/* Adds a market as the command line names it. */
static inline void bench_source(bench_t *bench, const char *text, const instrument_t *rules)
{
    char error[MARKET_ERROR_MAX];
    uint32_t index = bench->markets++;
    assert_true(index < MARKETS_MAX);
    assert_int_equal(market_source_parse(text, &bench->sources[index], error), RESULT_OK);
    bench->rules[index] = *rules;
    assert_int_equal(market_source_load(&bench->sources[index], &bench->rules[index], error), RESULT_OK);
}

/* Adds a made-up market; rules NULL: made up from its price. */
static inline void bench_market(bench_t *bench, const char *symbol, int64_t price, const instrument_t *rules)
{
    static const market_rules_t none;
    char text[64];
    instrument_t made;
    snprintf(text, sizeof text, "synthetic:%s=%lld", symbol, (long long)price);
    if (!rules)
        (void)market_rules_find(&none, symbol, dec_from_int(price), &made);
    bench_source(bench, text, rules ? rules : &made);
}

/* Opens the world of the added markets with one account (key KEY, secret SECRET, 10,000 USDT), a minute after its beginning. */
static inline void bench_open(bench_t *bench)
{
    world_report_t report;
    uint32_t index = 0;
    bench->wall_ns = INT64_C(1790000000) * NS_PER_S;
    world_options_t world = {.seed = 5,
                             .seed_given = true,
                             .start_ns = INT64_C(1767225600) * NS_PER_S,
                             .sources = bench->sources,
                             .source_count = bench->markets,
                             .instruments = bench->rules};
    assert_int_equal(world_open(&world, &bench->world, &report), RESULT_OK);
    bench->output = (face_output_t){frame_make, frame_send, frame_release, send_text, close_socket, bench, send_faulty};
    face_options_t face = {
        .world = bench->world, .output = &bench->output, .speed = 1, .no_spot_listen_keys = bench->no_spot_listen_keys};
    assert_int_equal((bench->create ? bench->create : usdm_face_create)(&face, &bench->face), RESULT_OK);
    assert_int_equal(world_account_ensure(bench->world, "demo", "KEY", STR("USDT"), dec_from_int(10000), &index), RESULT_OK);
    assert_int_equal(face_secret_set(bench->face, STR("KEY"), STR("SECRET")), RESULT_OK);
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + NS_PER_MIN, WORLD_NEW_MOMENT), RESULT_OK);
}

/* Of a test: one market, one account. */
static inline int bench_begin(void **state)
{
    bench_t *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench_market(bench, "BTCUSDT", 60000, NULL);
    bench_open(bench);
    *state = bench;
    return 0;
}

static inline int end(void **state)
{
    bench_t *bench = *state;
    face_destroy(bench->face);
    world_close(bench->world);
    for (uint32_t i = 0; i < bench->markets; i++)
        market_source_release(&bench->sources[i]);
    free(bench);
    return 0;
}

static inline unsigned ask(bench_t *bench, const char *method, const char *path, const char *query, const char *body,
                           const char *key)
{
    face_request_t request = {.method = str_from(method),
                              .path = str_from(path),
                              .query = str_from(query),
                              .body = str_from(body),
                              .api_key = str_from(key),
                              .time_unit = str_from(bench->time_unit),
                              .accept = str_from(bench->accept),
                              .address = STR("127.0.0.1"),
                              .wall_ns = bench->wall_ns};
    face_handle(bench->face, &request, &bench->reply);
    return bench->reply.status;
}

static inline void sign(const char *text, char hex[65])
{
    uint8_t mac[HMAC_SHA256_SIZE];
    assert_int_equal(secret_hmac_sha256("SECRET", 6, text, strlen(text), mac), RESULT_OK);
    assert_int_equal(hex_encode(mac, sizeof mac, hex, 65), RESULT_OK);
}

/* Signed with the venue's time, everything in the query. */
static inline unsigned ask_signed(bench_t *bench, const char *method, const char *path, const char *parameters)
{
    char text[2048], query[2200], hex[65];
    snprintf(text, sizeof text, "%s%stimestamp=%lld", parameters, parameters[0] ? "&" : "",
             (long long)(world_now_ns(bench->world) / NS_PER_MS));
    sign(text, hex);
    snprintf(query, sizeof query, "%s&signature=%s", text, hex);
    return ask(bench, method, path, query, "", "KEY");
}

static inline void assert_says(const bench_t *bench, const char *words)
{
    char *text = calloc(1, bench->reply.body.length + 1);
    assert_non_null(text);
    memcpy(text, bench->reply.body.bytes, bench->reply.body.length);
    if (!strstr(text, words))
        print_error("\"%s\" is not in: %.600s\n", words, text);
    assert_non_null(strstr(text, words));
    free(text);
}
