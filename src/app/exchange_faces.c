/* exchange_faces.c: the wire faces of the exchange: which there are, on which addresses, whose money stands where. All serve one
 * world: a client of each sees the same clock, and an account has a wallet a product. */
#include <stdio.h>
#include <string.h>

#include "app/exchange_state.h"
#include "core/base/time.h"
#include "edge/face/binance_spot/spot_face.h"
#include "edge/face/binance_usdm/usdm_face.h"
#include "edge/face/world/world_spot.h"
#include "edge/observe/process.h"

enum { CONNECTIONS_MAX = 8192, OWN_DESCRIPTORS = 256 };

static const struct {
    const char *name;
    instrument_kind_t kind;
    result_t (*create)(const face_options_t *options, face_t **out);
    int64_t ping_ns, pong_ns; /* the exchange pings so often, and waits so long for the pong */
} products[EXCHANGE_FACES_MAX] = {
    {"binance-usdm", INSTRUMENT_PERPETUAL, usdm_face_create, 180 * NS_PER_S, 600 * NS_PER_S},
    {"binance-spot", INSTRUMENT_SPOT, spot_face_create, 20 * NS_PER_S, 60 * NS_PER_S},
};

/* --- --face ----------------------------------------------------------------------------------- */

/* "binance-usdm=127.0.0.1:9080" */
static bool add_face(exchange_t *exchange, const char *text)
{
    size_t product = 0;
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : 0;
    while (product < EXCHANGE_FACES_MAX &&
           (strlen(products[product].name) != length || strncmp(products[product].name, text, length) != 0))
        product++;
    bool twice = false;
    for (uint32_t i = 0; i < exchange->face_count; i++)
        twice = twice || exchange->faces[i].product == product;
    if (!equals || product == EXCHANGE_FACES_MAX || twice || equals[1] == '\0') {
        fprintf(stderr,
                "patriot exchange: --face %s: %s; the faces are binance-usdm=HOST:PORT and binance-spot=HOST:PORT, e.g. "
                "binance-usdm=127.0.0.1:9080\n",
                text, twice ? "given twice" : "not known");
        return false;
    }
    exchange->faces[exchange->face_count].product = (uint32_t)product;
    exchange->faces[exchange->face_count++].address = equals + 1;
    return true;
}

bool exchange_faces_read(exchange_t *exchange)
{
    const argument_list_t *faces = &exchange->options.faces;
    if (faces->count == 0)
        return add_face(exchange, "binance-usdm=127.0.0.1:0");
    for (size_t i = 0; i < faces->count; i++) {
        if (!add_face(exchange, faces->values[i]))
            return false;
    }
    return true;
}

bool exchange_serves(const exchange_t *exchange, instrument_kind_t kind)
{
    for (uint32_t i = 0; i < exchange->face_count; i++) {
        if (products[exchange->faces[i].product].kind == kind)
            return true;
    }
    return false;
}

bool exchange_settles_in(const exchange_t *exchange, const char *asset)
{
    for (uint32_t m = 0; m < exchange->source_count; m++) {
        if (exchange->instruments[m].kind != INSTRUMENT_SPOT && strcmp(exchange->instruments[m].settle, asset) == 0)
            return true;
    }
    return false;
}

bool exchange_futures_take(const exchange_t *exchange, const char *asset)
{
    const char *fees = exchange->options.fee_asset;
    return exchange_settles_in(exchange, asset) || (fees && strcmp(fees, asset) == 0);
}

/* --- opening and closing ---------------------------------------------------------------------- */

static double speed_of(const exchange_t *exchange)
{
    return exchange->clock == CLOCK_SPEED ? (exchange->speed > 0 ? exchange->speed : 1e9) : 1;
}

/* Places on each face: what descriptors there are, less what the exchange itself needs, shared by the faces. */
static uint32_t places(const exchange_t *exchange)
{
    uint32_t descriptors = process_descriptors_raise();
    uint32_t shared = descriptors > 2 * OWN_DESCRIPTORS ? descriptors - OWN_DESCRIPTORS : OWN_DESCRIPTORS;
    uint32_t each = shared / exchange->face_count;
    return each < CONNECTIONS_MAX ? each : CONNECTIONS_MAX;
}

static int open_face(exchange_t *exchange, exchange_face_t *face, void (*on_activity)(void *context))
{
    face_server_options_t options = {.loop = exchange->loop,
                                     .address = face->address,
                                     .tls = exchange->tls,
                                     .wire_log = exchange->wire_log,
                                     .world = exchange->world,
                                     .faults = &exchange->faults,
                                     .lockstep = exchange->clock == CLOCK_LOCKSTEP,
                                     .ping_interval_ns = products[face->product].ping_ns,
                                     .silence_max_ns = products[face->product].ping_ns + products[face->product].pong_ns,
                                     .connections_max = places(exchange),
                                     .on_activity = on_activity,
                                     .context = exchange};
    result_t result = face_server_open(&options, &face->server);
    if (result != RESULT_OK) {
        const char *fix = result == RESULT_ADDRESS_IN_USE ? "choose another port, or 0 for any free one"
                          : result == RESULT_PERMISSION
                              ? "choose a port from 1024 on"
                              : "an IP address of this machine and a port up to 65535, e.g. 127.0.0.1:9080";
        fprintf(stderr, "patriot exchange: --face: cannot listen on %s: %s; %s\n", face->address, result_text(result), fix);
        return result == RESULT_MALFORMED ? 2 : 1;
    }
    face_options_t serves = {.world = exchange->world,
                             .output = face_server_output(face->server),
                             .no_spot_listen_keys = exchange->options.no_spot_listen_keys,
                             .strict_clock = exchange->options.strict_clock,
                             .faults = &exchange->faults,
                             .speed = speed_of(exchange)};
    if (products[face->product].create(&serves, &face->face) != RESULT_OK) {
        fprintf(stderr, "patriot exchange: no memory for the face\n");
        return 2;
    }
    face_server_attach(face->server, face->face);
    return 0;
}

int exchange_faces_open(exchange_t *exchange, void (*on_activity)(void *context))
{
    int code = 0;
    for (uint32_t i = 0; i < exchange->face_count && code == 0; i++)
        code = open_face(exchange, &exchange->faces[i], on_activity);
    exchange->face = exchange->faces[0].face;
    exchange->server = exchange->faces[0].server;
    return code;
}

void exchange_faces_close(exchange_t *exchange)
{
    for (uint32_t i = 0; i < exchange->face_count; i++) {
        face_server_close(exchange->faces[i].server);
        face_destroy(exchange->faces[i].face);
    }
}

void exchange_faces_print(const exchange_t *exchange, FILE *file)
{
    for (uint32_t i = 0; i < exchange->face_count; i++)
        fprintf(file, "%s%s on %s://%s", i > 0 ? ", " : "", products[exchange->faces[i].product].name,
                exchange->tls ? "https" : "http", face_server_address(exchange->faces[i].server));
}

/* --- what happens at all of them -------------------------------------------------------------- */

void exchange_faces_speed(exchange_t *exchange)
{
    for (uint32_t i = 0; i < exchange->face_count; i++)
        face_speed_set(exchange->faces[i].face, speed_of(exchange));
}

void exchange_faces_after_advance(exchange_t *exchange)
{
    for (uint32_t i = 0; i < exchange->face_count; i++)
        face_after_advance(exchange->faces[i].face);
}

/* Frames that a fault held back and that are due. */
void exchange_faces_release(exchange_t *exchange)
{
    for (uint32_t i = 0; i < exchange->face_count; i++)
        face_release_frames(exchange->faces[i].face);
}

void exchange_faces_close_sockets(exchange_t *exchange, uint16_t code)
{
    for (uint32_t i = 0; i < exchange->face_count; i++)
        (void)face_server_close_sockets(exchange->faces[i].server, code);
}

/* The world moves on when nobody at any face is at work, and somebody is there. */
lockstep_state_t exchange_faces_lockstep(exchange_t *exchange, int64_t now_ns)
{
    lockstep_state_t together = LOCKSTEP_NOBODY;
    for (uint32_t i = 0; i < exchange->face_count; i++) {
        lockstep_state_t state = face_lockstep_state(exchange->faces[i].face, now_ns);
        if (state == LOCKSTEP_WAITING)
            return state;
        together = state == LOCKSTEP_READY ? state : together;
    }
    return together;
}

static int64_t soonest(const exchange_t *exchange, int64_t (*of)(const face_t *face))
{
    int64_t time = INT64_MAX;
    for (uint32_t i = 0; i < exchange->face_count; i++) {
        const int64_t one = of(exchange->faces[i].face);
        time = one < time ? one : time;
    }
    return time;
}

int64_t exchange_faces_deadline(const exchange_t *exchange)
{
    return soonest(exchange, face_lockstep_deadline);
}

int64_t exchange_faces_wake_ns(const exchange_t *exchange)
{
    return soonest(exchange, face_lockstep_wake_ns);
}

void exchange_faces_moment(exchange_t *exchange, int64_t now_ns)
{
    for (uint32_t i = 0; i < exchange->face_count; i++)
        face_lockstep_moment(exchange->faces[i].face, now_ns);
}

/* --- money and keys --------------------------------------------------------------------------- */

static result_t grant(exchange_t *exchange, const char *name, dec_t amount, world_product_t wallet, world_grant_t *grants,
                      uint32_t *count)
{
    venue_asset_t asset = 0;
    if (dec_is_zero(amount))
        return RESULT_OK;
    if (!world_asset_find(exchange->world, str_from(name), &asset))
        return RESULT_NOT_FOUND;
    world_grant_t *row = &grants[(*count)++];
    memset(row, 0, sizeof *row); /* it stands in the log byte by byte */
    row->amount = amount;
    row->asset = asset;
    row->wallet = wallet;
    return RESULT_OK;
}

/* A new account's spot wallet gets all that was named; its futures wallet, opened with its first asset, what else was named of that
 * kind: assets in which contracts settle or fees are paid. Without a face of that kind a wallet stays empty. */
static result_t grants_of(exchange_t *exchange, const exchange_account_t *account, world_grant_t *grants, uint32_t *count)
{
    bool futures = exchange_serves(exchange, INSTRUMENT_PERPETUAL), spot = exchange_serves(exchange, INSTRUMENT_SPOT);
    result_t result = RESULT_OK;
    for (uint32_t i = 0; i < account->holding_count && result == RESULT_OK; i++) {
        const char *asset = account->holdings[i].asset;
        if (futures && exchange_futures_take(exchange, asset) && strcmp(asset, account->asset) != 0)
            result = grant(exchange, asset, account->holdings[i].amount, WORLD_FUTURES, grants, count);
    }
    for (uint32_t i = 0; i < account->holding_count && spot && result == RESULT_OK; i++)
        result = grant(exchange, account->holdings[i].asset, account->holdings[i].amount, WORLD_SPOT, grants, count);
    return result;
}

static result_t open_account(exchange_t *exchange, const exchange_account_t *account)
{
    world_grant_t grants[2 * EXCHANGE_HOLDINGS_MAX];
    uint32_t count = 0, index = 0;
    dec_t first = exchange_serves(exchange, INSTRUMENT_PERPETUAL) ? account->amount : DEC_ZERO;
    result_t result = grants_of(exchange, account, grants, &count);
    if (result == RESULT_OK)
        result = world_account_begin(exchange->world, account->name, account->api_key, str_from(account->asset), first, grants,
                                     count, &index);
    for (uint32_t i = 0; i < exchange->face_count && result == RESULT_OK; i++)
        result = face_secret_set(exchange->faces[i].face, str_from(account->api_key), str_from(account->secret));
    return result;
}

int exchange_accounts_open(exchange_t *exchange)
{
    for (uint32_t i = 0; i < exchange->account_count; i++) {
        result_t result = open_account(exchange, &exchange->accounts[i]);
        if (result != RESULT_OK) {
            fprintf(stderr, "patriot exchange: account %s: %s\n", exchange->accounts[i].name,
                    result == RESULT_BAD_STATE   ? "the stored world knows it with another key; use that key, or another --data"
                    : result == RESULT_NOT_FOUND ? "no market trades or settles in its asset; the usual one is USDT"
                                                 : result_text(result));
            return 2;
        }
    }
    exchange_forget_secrets(exchange);
    char error[EXCHANGE_ERROR_MAX] = "";
    if (exchange_apply_terms(exchange, error))
        return 0;
    fprintf(stderr, "patriot exchange: %s\n", error);
    return 2;
}
