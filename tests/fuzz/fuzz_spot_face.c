/* fuzz_spot_face.c: any bytes as a client's day at the spot face: each line is a request, "METHOD path parameters" (signed here, so
 * that it comes through the gate) or "W text" (a text on a WS API socket). Every reply is JSON, and afterwards every book adds up.
 * rooms: edge/face
 */
#include <stdio.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/face/binance_spot/spot_face.h"
#include "edge/face/world/market_rules.h"
#include "edge/face/world/world_spot.h"
#include "edge/json/json_reader.h"
#include "edge/secret/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES_MAX = 24, LINE_MAX = 1500 };

static market_source_t source;
static instrument_t rules;
static face_output_t output;

static void *frame_make(void *context, str_t text)
{
    (void)context, (void)text;
    return &output;
}
static void frame_send(void *context, void *socket, void *frame, uint64_t key)
{
    (void)context, (void)socket, (void)frame, (void)key;
}
static void frame_release(void *context, void *frame)
{
    (void)context, (void)frame;
}
static void send_text(void *context, void *socket, str_t text)
{
    (void)context, (void)socket;
    json_reader_t reader;
    json_reader_init(&reader, text.bytes, text.length);
    json_skip(&reader);
    ASSERT(json_finish(&reader) == RESULT_OK);
}
static void close_socket(void *context, void *socket, uint16_t code, str_t reason)
{
    (void)context, (void)socket, (void)code, (void)reason;
}

static world_t *open_world(void)
{
    static const market_rules_t none;
    char error[MARKET_ERROR_MAX];
    world_report_t report;
    world_t *world = NULL;
    uint32_t index = 0;
    if (source.symbol[0] == '\0') {
        ASSERT(market_source_parse("synthetic:BTCUSDT=60000", &source, error) == RESULT_OK);
        (void)market_rules_find(&none, "BTCUSDT", dec_from_int(60000), &rules);
        market_rules_spot(&none, dec_from_int(60000), &rules);
        ASSERT(market_source_load(&source, &rules, error) == RESULT_OK);
    }
    world_options_t options = {.seed = 5,
                               .seed_given = true,
                               .start_ns = 1767225600 * NS_PER_S,
                               .sources = &source,
                               .source_count = 1,
                               .instruments = &rules,
                               .accounts = 1};
    ASSERT(world_open(&options, &world, &report) == RESULT_OK);
    ASSERT(world_account_ensure(world, "demo", "KEY", STR("USDT"), DEC_ZERO, &index) == RESULT_OK);
    for (uint32_t asset = 0; asset < venue_asset_count(world_venue(world)); asset++)
        ASSERT(world_spot_transfer(world, 0, (venue_asset_t)asset, dec_from_int(10)) == SPOT_REJECT_NONE);
    return world;
}

static void ask(face_t *face, const world_t *world, str_t line)
{
    char query[LINE_MAX + 128], hex[65];
    uint8_t mac[HMAC_SHA256_SIZE];
    face_reply_t reply = {0};
    str_t method = str_cut(&line, ' ');
    str_t path = str_cut(&line, ' ');
    int length = snprintf(query, sizeof query, "%.*s%stimestamp=%lld", (int)line.length, line.bytes ? line.bytes : "",
                          line.length > 0 ? "&" : "", (long long)(world_now_ns(world) / NS_PER_MS));
    ASSERT(secret_hmac_sha256("SECRET", 6, query, (size_t)length, mac) == RESULT_OK);
    ASSERT(hex_encode(mac, sizeof mac, hex, sizeof hex) == RESULT_OK);
    length += snprintf(query + length, sizeof query - (size_t)length, "&signature=%s", hex);
    face_request_t request = {.method = method,
                              .path = path,
                              .query = {query, (size_t)length},
                              .api_key = STR("KEY"),
                              .address = STR("127.0.0.1"),
                              .wall_ns = 1767225600 * NS_PER_S};
    face_handle(face, &request, &reply);
    ASSERT(reply.status >= 200 && reply.status < 600);
    send_text(NULL, NULL, reply.body);
}

static void check_books(const world_t *world)
{
    const char *what = NULL;
    ASSERT(venue_check_invariants(world_venue(world), &what) == RESULT_OK);
    for (uint32_t asset = 0; asset < venue_asset_count(world_venue(world)); asset++) {
        venue_money_t money;
        ASSERT(venue_check_money(world_venue(world), (venue_asset_t)asset, &money) == RESULT_OK && dec_is_zero(money.difference));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    face_t *face = NULL;
    world_t *world = open_world();
    output = (face_output_t){frame_make, frame_send, frame_release, send_text, close_socket, NULL, NULL};
    face_options_t options = {.world = world, .output = &output, .speed = 1};
    ASSERT(spot_face_create(&options, &face) == RESULT_OK && face_secret_set(face, STR("KEY"), STR("SECRET")) == RESULT_OK);
    face_session_t *session = face_session_open(face, &output, STR("/ws-api/v3"), (str_t){0}, STR("127.0.0.1"));
    str_t rest = {(const char *)data, size};
    for (int i = 0; i < LINES_MAX && rest.length > 0; i++) {
        str_t line = str_cut(&rest, '\n');
        if (line.length > LINE_MAX) {
            continue;
        }
        if (line.length > 2 && line.bytes[0] == 'W') {
            face_session_text(face, session, (str_t){line.bytes + 2, line.length - 2}, 1767225600 * NS_PER_S);
        } else if (line.length > 0 && line.bytes[0] == '+') {
            (void)world_advance(world, world_now_ns(world) + NS_PER_S, WORLD_NEW_MOMENT);
        } else {
            ask(face, world, line);
        }
    }
    check_books(world);
    face_session_close(face, session);
    face_destroy(face);
    world_close(world);
    return 0;
}
