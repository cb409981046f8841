/* user_stream.c: the listen key's life, one connection (two while it is rotated), and frames in order.
 *
 * A small state machine: KEY_WANTED -> KEY_ASKED -> OPENING -> UP; everything that fails goes to WAITING with back-off and begins
 * with a new key.
 */
#include "edge/exchange/binance/user_stream_inside.h"

#include "core/base/assert.h"
#include "core/base/hash.h"
#include "edge/json/json_writer.h"

#include <stdlib.h>
#include <string.h>

#define TICK_NS          (100 * NS_PER_MS)
#define EXTEND_NS        (25 * NS_PER_MIN)
#define ROTATE_NS        (22 * NS_PER_HOUR)
#define BACKOFF_FIRST_NS (250 * NS_PER_MS)
#define BACKOFF_MAX_NS   (30 * NS_PER_S)
#define KEY_ANSWER_NS    (30 * NS_PER_S)
#define OVERLAP_NS       (10 * NS_PER_S)

static int64_t now_of(const user_stream_t *stream)
{
    return loop_now_ns(stream->options.loop);
}

static void notice(user_stream_t *stream, user_stream_notice_kind_t kind, result_t result, const char *text)
{
    user_stream_notice_t told = {.kind = kind, .result = result};
    size_t length = strlen(text);
    length = length < sizeof told.text - 1 ? length : sizeof told.text - 1;
    memcpy(told.text, text, length);
    stream->options.events->on_notice(stream->options.context, &told);
}

static void slot_close(user_stream_t *stream, uint32_t side)
{
    if (stream->slots[side].state != USER_SLOT_FREE) {
        stream->transport.close(stream->transport.context, side);
    }
    stream->slots[side] = (user_slot_t){.state = USER_SLOT_FREE};
}

/* In lockstep a key lives as long as the world: only our own time counts there. */
static bool venue_ms(const user_stream_t *stream, int64_t *now_ms)
{
    return !stream->lockstep && stream->options.clock &&
           venue_clock_now_ms(stream->options.clock, now_of(stream), now_ms) == RESULT_OK;
}

static void extend_in(user_stream_t *stream, int64_t wait_ns)
{
    int64_t now_ms = 0;
    stream->extend_at_ns = now_of(stream) + wait_ns;
    stream->extend_at_ms = venue_ms(stream, &now_ms) ? now_ms + wait_ns / NS_PER_MS : 0;
}

static bool extend_is_due(const user_stream_t *stream)
{
    int64_t now_ms = 0;
    return now_of(stream) >= stream->extend_at_ns ||
           (stream->extend_at_ms > 0 && venue_ms(stream, &now_ms) && now_ms >= stream->extend_at_ms);
}

/* Everything anew after a while. */
static void begin_again(user_stream_t *stream, result_t why, const char *text)
{
    bool was_up = stream->state == USER_UP;
    uint32_t doubled = stream->failures < 7 ? stream->failures : 7;
    int64_t wait_ns = BACKOFF_FIRST_NS << doubled;
    wait_ns = wait_ns < BACKOFF_MAX_NS ? wait_ns : BACKOFF_MAX_NS;
    slot_close(stream, 0);
    slot_close(stream, 1);
    stream->failures++;
    stream->state = USER_WAITING;
    stream->key_asked = false;
    stream->retry_at_ns = now_of(stream) + wait_ns / 2 + (int64_t)prng_below(&stream->chance, (uint64_t)(wait_ns / 2));
    notice(stream, was_up || stream->told_up ? USER_STREAM_DOWN : USER_STREAM_KEY_FAILED, why, text);
    stream->told_up = false;
}

static void key_ask(user_stream_t *stream, const char *method)
{
    int64_t now_ns = now_of(stream);
    result_t result = stream->transport.listen_key(stream->transport.context, method);
    stream->extending = strcmp(method, "PUT") == 0;
    if (result == RESULT_OK) {
        stream->key_asked = true;
        stream->key_asked_ns = now_ns;
        return;
    }
    if (stream->extending) {
        extend_in(stream, NS_PER_MIN); /* there is time: the key lives an hour */
    } else {
        begin_again(stream, result, "the listen key could not be asked for");
    }
}

static void slot_open(user_stream_t *stream, uint32_t side)
{
    char url[sizeof stream->stream_url + BINANCE_LISTEN_KEY_MAX + 32];
    size_t length = strlen(stream->stream_url), key = strlen(stream->key);
    memcpy(url, stream->stream_url, length);
    memcpy(url + length, "/private/ws/", 12);
    memcpy(url + length + 12, stream->key, key + 1);
    stream->slots[side] = (user_slot_t){.state = USER_SLOT_OPENING};
    result_t result = stream->transport.open(stream->transport.context, side, url);
    if (result != RESULT_OK) {
        stream->slots[side].state = USER_SLOT_FREE;
        if (side == stream->side) {
            begin_again(stream, result, "the private stream could not be dialled");
        }
    }
}

/* --- the key ---------------------------------------------------------------------------------- */

static void key_created(user_stream_t *stream, str_t body)
{
    binance_detail_t detail = {""};
    result_t result = binance_decode_listen_key(body, stream->key, &detail);
    if (result != RESULT_OK) {
        begin_again(stream, result, detail.text);
        return;
    }
    extend_in(stream, EXTEND_NS);
    stream->state = USER_OPENING;
    slot_open(stream, stream->side);
}

void user_stream_transport_key(user_stream_t *stream, unsigned status, str_t body, int64_t retry_after_s)
{
    const binance_answer_t answer = {
        .ask = BINANCE_ASK_CHANGE, .status = status, .body = body, .retry_after_s = retry_after_s, .readable = true};
    binance_verdict_t verdict = {.kind = BINANCE_VERDICT_UNKNOWN, .message = "no answer"};
    if (!stream->key_asked) {
        return;
    }
    stream->key_asked = false;
    if (status != 0) {
        binance_classify(&answer, &verdict);
    }
    if (verdict.kind == BINANCE_VERDICT_ACCEPTED) {
        extend_in(stream, EXTEND_NS);
        if (!stream->extending) {
            key_created(stream, body);
        }
    } else if (verdict.kind == BINANCE_VERDICT_FORBIDDEN) {
        slot_close(stream, 0);
        slot_close(stream, 1);
        stream->state = USER_FORBIDDEN;
        notice(stream, USER_STREAM_FORBIDDEN, RESULT_PERMISSION, verdict.message);
    } else if (stream->extending && verdict.kind != BINANCE_VERDICT_NOT_FOUND) {
        extend_in(stream, NS_PER_MIN);
    } else {
        begin_again(stream, stream->extending ? RESULT_NOT_FOUND : RESULT_REFUSED, verdict.message);
        if (verdict.kind == BINANCE_VERDICT_BANNED && verdict.wait_ms > 0) {
            stream->retry_at_ns = now_of(stream) + verdict.wait_ms * NS_PER_MS;
        }
    }
}

/* --- the connections -------------------------------------------------------------------------- */

static void request_send(user_stream_t *stream, uint32_t side, str_t text)
{
    if (stream->transport.send(stream->transport.context, side, text) != RESULT_OK) {
        begin_again(stream, RESULT_CLOSED, "a request could not be sent");
    }
}

static void lockstep_subscribe(user_stream_t *stream, uint32_t side)
{
    char text[128], name[48] = "!lockstep@";
    json_writer_t writer;
    str_t message;
    (void)str_copy(str_from(stream->role), name + 10, sizeof name - 10);
    json_writer_init(&writer, text, sizeof text);
    json_begin_object(&writer);
    json_field_string(&writer, "method", "SUBSCRIBE");
    json_write_key(&writer, "params");
    json_begin_array(&writer);
    json_write_text(&writer, str_from(name));
    json_end_array(&writer);
    json_field_u64(&writer, "id", 1);
    json_end_object(&writer);
    if (json_writer_finish(&writer, &message) == RESULT_OK) {
        request_send(stream, side, message);
    }
}

void user_stream_transport_opened(user_stream_t *stream, uint32_t side)
{
    user_slot_t *slot = &stream->slots[side];
    int64_t now_ns = now_of(stream);
    if (slot->state != USER_SLOT_OPENING) {
        return;
    }
    slot->state = USER_SLOT_OPEN;
    int64_t spread_ns = (int64_t)prng_below(&stream->chance, (uint64_t)NS_PER_HOUR);
    slot->rotate_at_ns = now_ns + (stream->options.rotate_after_ns != 0 ? stream->options.rotate_after_ns : ROTATE_NS + spread_ns);
    if (side != stream->side) {
        /* Both stand now: the old one may go after the overlap, in which nothing is lost and nothing comes twice. */
        stream->overlap_until_ns = now_ns + OVERLAP_NS;
        return;
    }
    stream->state = USER_UP;
    stream->told_up = true;
    stream->failures = 0;
    if (stream->lockstep) {
        lockstep_subscribe(stream, side);
    }
    if (stream->state == USER_UP) {
        notice(stream, USER_STREAM_UP, RESULT_OK, "connected: reconcile");
    }
}

void user_stream_transport_closed(user_stream_t *stream, uint32_t side, result_t why, const char *text)
{
    if (stream->slots[side].state == USER_SLOT_FREE) {
        return;
    }
    stream->slots[side].state = USER_SLOT_FREE;
    uint32_t other = side ^ 1;
    if (side == stream->side && stream->slots[other].state == USER_SLOT_OPEN) {
        stream->side = (uint8_t)other; /* the successor stands already */
        notice(stream, USER_STREAM_RECONCILE, why, text);
    } else if (side == stream->side) {
        begin_again(stream, why, text);
    }
}

/* --- frames ----------------------------------------------------------------------------------- */

/* Has the other connection brought these bytes already? Only while both stand. */
static bool is_repeated(user_stream_t *stream, uint32_t side, str_t frame)
{
    if (stream->slots[side ^ 1].state != USER_SLOT_OPEN) {
        return false;
    }
    uint64_t hash = hash_bytes(0, frame.bytes, frame.length);
    for (uint32_t i = 0; i < USER_SEEN_MAX; i++) {
        if (stream->seen[i].used && stream->seen[i].hash == hash && stream->seen[i].side != side) {
            stream->seen[i].used = false;
            return true;
        }
    }
    stream->seen[stream->seen_next] = (user_seen_t){.used = true, .hash = hash, .side = (uint8_t)side};
    stream->seen_next = (stream->seen_next + 1) % USER_SEEN_MAX;
    return false;
}

static void event_take(user_stream_t *stream, uint32_t side, str_t frame)
{
    binance_detail_t detail = {""};
    result_t result = binance_decode_private(stream->options.symbols, frame, &stream->decoded, &detail);
    int64_t received_ns = loop_wall_ns(stream->options.loop);
    if (result == RESULT_UNSUPPORTED) {
        return; /* JSON that is no event */
    }
    if (result != RESULT_OK) {
        notice(stream, USER_STREAM_RECONCILE, result, detail.text[0] != '\0' ? detail.text : result_text(result));
        return;
    }
    stream->last_event_ns = now_of(stream);
    if (is_repeated(stream, side, frame)) {
        return;
    }
    binance_private_kind_t kind = stream->decoded.kind;
    stream->options.events->on_event(stream->options.context, received_ns, &stream->decoded, frame);
    if (stream->decoded.left_out > 0 || kind == BINANCE_PRIVATE_UNKNOWN) {
        notice(stream, USER_STREAM_RECONCILE, kind == BINANCE_PRIVATE_UNKNOWN ? RESULT_UNKNOWN_VALUE : RESULT_NOT_FOUND,
               kind == BINANCE_PRIVATE_UNKNOWN ? stream->decoded.word : "an event about a symbol that is not followed");
    }
    if (kind == BINANCE_PRIVATE_KEY_EXPIRED && stream->state == USER_UP) {
        stream->failures = 0;
        begin_again(stream, RESULT_NOT_FOUND, "the listen key has expired");
        stream->retry_at_ns = 0; /* at once: we are deaf */
    }
}

static void done_send(user_stream_t *stream)
{
    char text[96];
    json_writer_t writer;
    str_t message;
    user_slot_t *slot = &stream->slots[stream->side];
    if (slot->told && slot->told_frames == slot->frames && slot->told_moment == stream->moment) {
        return;
    }
    json_writer_init(&writer, text, sizeof text);
    json_begin_object(&writer);
    json_field_string(&writer, "method", "LOCKSTEP");
    json_write_key(&writer, "params");
    json_begin_array(&writer);
    json_write_text(&writer, STR("done"));
    json_write_u64(&writer, stream->moment);
    json_write_u64(&writer, slot->frames);
    json_end_array(&writer);
    json_field_u64(&writer, "id", 0);
    json_end_object(&writer);
    slot->told = true;
    slot->told_frames = slot->frames;
    slot->told_moment = stream->moment;
    if (json_writer_finish(&writer, &message) == RESULT_OK) {
        request_send(stream, stream->side, message);
    }
}

static void control_take(user_stream_t *stream, uint32_t side, const binance_control_t *control)
{
    switch (control->kind) {
    case BINANCE_CONTROL_MOMENT:
        stream->moment = control->moment;
        stream->moment_known = true;
        if (stream->options.events->on_moment != NULL) {
            stream->options.events->on_moment(stream->options.context, control->moment, control->venue_ms);
        }
        break;
    case BINANCE_CONTROL_SHUTDOWN:
        stream->slots[side].rotate_at_ns = 0;
        break;
    case BINANCE_CONTROL_ERROR:
        notice(stream, USER_STREAM_RECONCILE, RESULT_REFUSED, control->text);
        break;
    case BINANCE_CONTROL_REPLY:
        break;
    }
}

void user_stream_transport_text(user_stream_t *stream, uint32_t side, str_t frame)
{
    user_slot_t *slot = &stream->slots[side];
    binance_control_t control;
    if (slot->state != USER_SLOT_OPEN) {
        return;
    }
    slot->frames++;
    stream->done = false; /* the owner has something to handle; it says again when it has */
    if (binance_is_control(frame.bytes, frame.length) && binance_decode_control(frame.bytes, frame.length, &control) == RESULT_OK) {
        bool nothing = control.kind == BINANCE_CONTROL_REPLY && stream->moment_known;
        stream->done = nothing && slot->told;
        control_take(stream, side, &control);
        if (stream->done) {
            done_send(stream); /* a reply needs no handling, but it counts */
        }
        return;
    }
    slot->events++;
    event_take(stream, side, frame);
}

void user_stream_lockstep_done(user_stream_t *stream)
{
    if (stream->lockstep && stream->moment_known && stream->slots[stream->side].state == USER_SLOT_OPEN) {
        stream->done = true;
        done_send(stream);
    }
}

/* --- time ------------------------------------------------------------------------------------- */

static void up_tick(user_stream_t *stream, int64_t now_ns)
{
    user_slot_t *standing = &stream->slots[stream->side], *other = &stream->slots[stream->side ^ 1];
    if (extend_is_due(stream) && !stream->key_asked) {
        key_ask(stream, "PUT");
    }
    if (stream->state != USER_UP || stream->lockstep) {
        return;
    }
    if (other->state == USER_SLOT_OPEN && now_ns >= stream->overlap_until_ns) {
        slot_close(stream, stream->side);
        stream->side ^= 1;
    } else if (other->state == USER_SLOT_FREE && standing->state == USER_SLOT_OPEN && now_ns >= standing->rotate_at_ns) {
        slot_open(stream, stream->side ^ 1);
    }
}

static void on_tick(loop_timer_t *timer, void *context)
{
    user_stream_t *stream = context;
    int64_t now_ns = now_of(stream);
    if (stream->key_asked && now_ns - stream->key_asked_ns > KEY_ANSWER_NS) {
        user_stream_transport_key(stream, 0, (str_t){"", 0}, -1);
    }
    switch (stream->state) {
    case USER_WAITING:
        if (now_ns >= stream->retry_at_ns && !stream->key_asked) {
            stream->state = USER_KEY;
            key_ask(stream, "POST");
        }
        break;
    case USER_UP:
        up_tick(stream, now_ns);
        break;
    case USER_KEY:
    case USER_OPENING:
    case USER_FORBIDDEN:
        break;
    }
    loop_timer_start_in(timer, TICK_NS);
}

/* --- life ------------------------------------------------------------------------------------- */

result_t user_stream_create(const user_stream_options_t *options, user_stream_t **out)
{
    ASSERT(options->loop != NULL && options->symbols != NULL && options->events->on_event != NULL &&
           options->events->on_notice != NULL);
    user_stream_t *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        return RESULT_FULL;
    }
    stream->options = *options;
    stream->lockstep = options->lockstep_role != NULL;
    prng_seed(&stream->chance, options->seed);
    loop_timer_init(&stream->timer, options->loop, on_tick, stream);
    result_t result = str_copy(str_from(options->stream_url), stream->stream_url, sizeof stream->stream_url);
    if (result == RESULT_OK && stream->lockstep) {
        result = str_copy(str_from(options->lockstep_role), stream->role, sizeof stream->role);
    }
    if (result == RESULT_OK && options->transport != NULL) {
        stream->transport = *options->transport;
    } else if (result == RESULT_OK) {
        result = user_net_create(stream, &stream->net, &stream->transport);
    }
    if (result != RESULT_OK) {
        free(stream);
        return result;
    }
    stream->state = USER_WAITING;
    loop_timer_start_in(&stream->timer, 0);
    *out = stream;
    return RESULT_OK;
}

void user_stream_destroy(user_stream_t *stream)
{
    if (stream == NULL) {
        return;
    }
    loop_timer_stop(&stream->timer);
    slot_close(stream, 0);
    slot_close(stream, 1);
    ws_links_destroy(stream->net);
    free(stream);
}

void user_stream_restart(user_stream_t *stream)
{
    stream->failures = 0;
    begin_again(stream, RESULT_STALE, "begun anew by its owner");
    stream->retry_at_ns = 0;
}

bool user_stream_is_up(const user_stream_t *stream)
{
    return stream->state == USER_UP;
}

int64_t user_stream_quiet_ns(const user_stream_t *stream)
{
    return stream->last_event_ns == 0 ? INT64_MAX : now_of(stream) - stream->last_event_ns;
}

uint64_t user_stream_events(const user_stream_t *stream)
{
    return stream->slots[stream->side].events;
}

uint64_t user_stream_moment(const user_stream_t *stream)
{
    return stream->moment;
}
