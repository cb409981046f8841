/* plain.c: answers that are the same for every product: ping, time, limits, and the life of listen keys. */
#include <string.h>

#include "core/base/hash.h"
#include "edge/face/binance/face_parts.h"

void handle_ping(call_t *call)
{
    json_begin_object(&call->writer);
    json_end_object(&call->writer);
}

void handle_time(call_t *call)
{
    json_begin_object(&call->writer);
    write_ms(&call->writer, "serverTime", venue_now(call->venue) + fault_clock_skew_ns(call->face->faults));
    json_end_object(&call->writer);
}

/* /sapi/v1/capital/config/getall, /sapi/v1/margin/allPairs: ccxt asks them before exchangeInfo and is content with nothing. */
void handle_empty_array(call_t *call)
{
    json_begin_array(&call->writer);
    json_end_array(&call->writer);
}

void handle_system_status(call_t *call)
{
    json_begin_object(&call->writer);
    json_field_i64(&call->writer, "status", 0);
    json_field_string(&call->writer, "msg", "normal");
    json_end_object(&call->writer);
}

void write_rate_limits(call_t *call)
{
    const dialect_t *dialect = call->face->dialect;
    json_write_key(&call->writer, "rateLimits");
    json_begin_array(&call->writer);
    write_rate_limit(&call->writer, "REQUEST_WEIGHT", "MINUTE", 1, fault_weight_limit(call->face->faults, dialect->weight_most),
                     SIZE_MAX);
    for (uint32_t i = ORDER_LIMITS; i-- > 0;)
        write_rate_limit(&call->writer, "ORDERS", dialect->orders[i].interval, dialect->orders[i].number, dialect->orders[i].most,
                         SIZE_MAX);
    json_end_array(&call->writer);
}

void handle_rate_limit_order(call_t *call)
{
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < ORDER_LIMITS; i++) {
        const order_limit_t *limit = &call->face->dialect->orders[i];
        write_rate_limit(&call->writer, "ORDERS", limit->interval, limit->number, limit->most,
                         gate_order_count(call->face, call->account, i));
    }
    json_end_array(&call->writer);
}

/* --- listen keys ------------------------------------------------------------------------------ */

/* 64 letters and digits, a function of seed, account, product and time: chance has no other source here, so that two runs give the
 * same keys. */
static void make_listen_key(const call_t *call, char key[WORLD_LISTEN_KEY_MAX])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    uint64_t state = hash_u64(world_seed(call->world) ^ UINT64_C(0x6C697374656E), (uint64_t)venue_now(call->venue));
    state = hash_bytes(state, call->account->api_key, strlen(call->account->api_key));
    state = hash_u64(state, face_product(call->face));
    for (unsigned i = 0; i < 64; i++) {
        state = hash_u64(state, i);
        key[i] = letters[state % (sizeof letters - 1)];
    }
    key[64] = '\0';
}

static bool has_live_key(const call_t *call)
{
    const world_listen_key_t *key = face_listen_key(call->face, call->account);
    return key->text[0] != '\0' && key->expires_ns > venue_now(call->venue);
}

/* The hour is the client's, who extends his key by the wall's clock: where venue time runs faster, it is as many venue hours. */
static result_t begin_hour(face_t *face, const world_account_t *account, str_t key)
{
    static const double longest_ns = (double)(INT64_MAX / 4);
    double span_ns = (double)(LISTEN_KEY_MINUTES * NS_PER_MIN) * (face->speed > 1 ? face->speed : 1);
    int64_t expires = world_now_ns(face->world) + (int64_t)(span_ns < longest_ns ? span_ns : longest_ns);
    return world_listen_key_set(face->world, account->account, face_product(face), key, expires);
}

static void set_key(call_t *call, str_t key)
{
    if (begin_hour(call->face, call->account, key) != RESULT_OK) {
        call_fail(call, 503, -1001, "Internal error; unable to process your request. Please try again.");
        return;
    }
    json_begin_object(&call->writer);
    json_field_string(&call->writer, "listenKey", face_listen_key(call->face, call->account)->text);
    json_end_object(&call->writer);
}

/* The key that is valid already is given again, and lives an hour from now. */
void handle_listen_key_new(call_t *call)
{
    char key[WORLD_LISTEN_KEY_MAX];
    if (has_live_key(call))
        (void)str_copy(str_from(face_listen_key(call->face, call->account)->text), key, sizeof key);
    else
        make_listen_key(call, key);
    set_key(call, str_from(key));
}

void handle_listen_key_keep(call_t *call)
{
    char key[WORLD_LISTEN_KEY_MAX];
    if (!has_live_key(call)) {
        call_fail(call, 400, -1125, "This listenKey does not exist.");
        return;
    }
    (void)str_copy(str_from(face_listen_key(call->face, call->account)->text), key, sizeof key);
    set_key(call, str_from(key));
}

void handle_listen_key_end(call_t *call)
{
    if (face_listen_key(call->face, call->account)->text[0] != '\0')
        (void)world_listen_key_set(call->world, call->account->account, face_product(call->face), STR(""), 0);
    json_begin_object(&call->writer);
    json_end_object(&call->writer);
}

/* A key that lives begins its hour again. */
void face_speed_set(face_t *face, double speed)
{
    char key[WORLD_LISTEN_KEY_MAX];
    face->speed = speed;
    for (uint32_t i = 0; i < world_account_count(face->world); i++) {
        const world_account_t *account = world_account_at(face->world, i);
        const world_listen_key_t *live = face_listen_key(face, account);
        if (live->text[0] == '\0' || live->expires_ns <= world_now_ns(face->world))
            continue;
        (void)str_copy(str_from(live->text), key, sizeof key);
        (void)begin_hour(face, account, str_from(key)); /* not noted: it ends when it would have ended */
    }
}

void stream_end_key(face_t *face, const world_account_t *account, bool told)
{
    json_writer_t writer;
    str_t text;
    stream_write_to(face, &writer);
    json_begin_object(&writer);
    json_field_string(&writer, "e", "listenKeyExpired");
    write_ms(&writer, "E", world_now_ns(face->world));
    json_field_string(&writer, "listenKey", face_listen_key(face, account)->text);
    json_end_object(&writer);
    if (told && json_writer_finish(&writer, &text) == RESULT_OK)
        stream_send_private(face, account->account, text);
    venue_account_t id = account->account;
    (void)world_listen_key_set(face->world, id, face_product(face), STR(""), 0);
    for (uint32_t i = 0; i < face->session_high; i++) {
        face_session_t *session = &face->sessions[i];
        for (uint32_t a = 0; session->used && !session->api && a < session->account_count;) {
            if (session->accounts[a] == id)
                session->accounts[a] = session->accounts[--session->account_count];
            else
                a++;
        }
    }
}

/* {"e":"serverShutdown","E":..}, raw, or in the envelope of the socket's kind. */
void face_tell_shutdown(face_t *face)
{
    if (!face || !face->dialect->spot)
        return;
    for (uint32_t i = set_next(&face->open, 0); i < FACE_SESSIONS_MAX; i = set_next(&face->open, i + 1)) {
        face_session_t *session = &face->sessions[i];
        json_writer_t writer;
        str_t text;
        bool wrapped = session->api || session->combined;
        json_writer_init(&writer, face->event, sizeof face->event);
        writer.time_form = (uint8_t)session->time_form;
        if (wrapped)
            json_begin_object(&writer);
        if (wrapped && !session->api)
            json_field_string(&writer, "stream", "!serverShutdown");
        if (wrapped)
            json_write_key(&writer, session->api ? "event" : "data");
        json_begin_object(&writer);
        json_field_string(&writer, "e", "serverShutdown");
        write_ms(&writer, "E", world_now_ns(face->world));
        json_end_object(&writer);
        if (wrapped)
            json_end_object(&writer);
        if (json_writer_finish(&writer, &text) == RESULT_OK)
            session_send(face, session, text);
    }
}

void face_after_advance(face_t *face)
{
    uint32_t count = world_account_count(face->world);
    for (uint32_t i = 0; i < count; i++) {
        const world_account_t *account = world_account_at(face->world, i);
        /* In lockstep venue hours pass in milliseconds for the client that should extend its key: there a key lives as long as the
         * world. */
        const world_listen_key_t *key = face_listen_key(face, account);
        if (face->role_count == 0 && key->text[0] != '\0' && key->expires_ns <= world_now_ns(face->world))
            stream_end_key(face, account, true);
    }
    face->dialect->after_advance(face);
}
