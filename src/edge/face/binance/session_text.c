/* session_text.c: what a client says on a stream connection: subscribe, unsubscribe, list, properties, and "done" in lockstep. */
#include <stdio.h>
#include <string.h>

#include "edge/face/binance/face_parts.h"
#include "edge/json/json_reader.h"

typedef struct {
    char method[32];
    size_t method_end; /* bytes up to its closing quote, which is how the exchange counts columns; 0: not there */
    str_t id, params;  /* raw JSON; empty: not there */
    size_t flaw_at;    /* where it is no JSON */
} request_t;

static bool read_request(str_t text, request_t *request)
{
    json_reader_t reader;
    json_reader_init(&reader, text.bytes, text.length);
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        if (str_eq(key, STR("method"))) {
            json_read_text(&reader, request->method, sizeof request->method, NULL);
            request->method_end = reader.at;
        } else if (str_eq(key, STR("id"))) {
            json_read_raw(&reader, &request->id);
        } else if (str_eq(key, STR("params"))) {
            json_read_raw(&reader, &request->params);
        } else {
            json_skip(&reader);
        }
    }
    bool whole = json_finish(&reader) == RESULT_OK;
    request->flaw_at = reader.error_at;
    return whole;
}

static void reply_result(face_t *face, face_session_t *session, str_t id, str_t result)
{
    json_writer_t writer;
    str_t text;
    json_writer_init(&writer, face->event, sizeof face->event);
    json_begin_object(&writer);
    json_write_key(&writer, "result");
    json_write_raw(&writer, result);
    if (id.length > 0) {
        json_write_key(&writer, "id");
        json_write_raw(&writer, id);
    }
    json_end_object(&writer);
    if (json_writer_finish(&writer, &text) == RESULT_OK)
        session_send(face, session, text);
}

static void reply_error(face_t *face, face_session_t *session, int code, const char *words, str_t id)
{
    json_writer_t writer;
    str_t text;
    json_writer_init(&writer, face->event, sizeof face->event);
    face->dialect->word_stream_error(&writer, code, words, id);
    if (json_writer_finish(&writer, &text) == RESULT_OK)
        session_send(face, session, text);
}

/* "... at line 1 column 28" */
static void reply_error_at(face_t *face, face_session_t *session, int code, const char *words, str_t text, size_t at, str_t id)
{
    char whole[256];
    size_t line = 1, begins = 0;
    for (size_t i = 0; i < at && i < text.length; i++) {
        if (text.bytes[i] == '\n') {
            line++;
            begins = i + 1;
        }
    }
    snprintf(whole, sizeof whole, "%s at line %zu column %zu", words, line, at - begins);
    reply_error(face, session, code, whole, id);
}

static void list_subscriptions(face_t *face, face_session_t *session, str_t id)
{
    json_writer_t writer;
    str_t text;
    json_writer_init(&writer, face->reply, sizeof face->reply);
    json_begin_array(&writer);
    for (uint32_t i = 0; i < session->stream_count; i++) {
        char name[STREAM_NAME_MAX];
        stream_id_t stream = session->streams[i];
        if (stream.place != STREAM_PLACE_UNKNOWN)
            json_write_text(&writer, (str_t){name, stream_name(face, stream.place, (stream_kind_t)stream.kind, name)});
    }
    json_end_array(&writer);
    if (json_writer_finish(&writer, &text) == RESULT_OK)
        reply_result(face, session, id, text);
}

/* ["done",N,K], ["done",N,K,W], ["working",N,K]; anything else is passed over. */
static void read_lockstep(face_t *face, face_session_t *session, str_t params)
{
    enum { WORD, MOMENT, FRAMES, WAKE, VALUES };
    json_reader_t reader;
    str_t word = {0};
    uint64_t moment = 0, frames = 0;
    int64_t wake_ms = 0;
    uint32_t count = 0;
    json_reader_init(&reader, params.bytes, params.length);
    json_enter_array(&reader);
    while (json_next_item(&reader)) {
        switch (count++) {
        case WORD:
            json_read_string(&reader, &word);
            break;
        case MOMENT:
            json_read_u64(&reader, &moment);
            break;
        case FRAMES:
            json_read_u64(&reader, &frames);
            break;
        case WAKE:
            json_read_i64(&reader, &wake_ms);
            break;
        default:
            json_skip(&reader);
            break;
        }
    }
    if (json_finish(&reader) != RESULT_OK || count < WAKE || count > VALUES)
        return;
    if (str_eq(word, STR("done")))
        lockstep_done(face, session, moment, frames, wake_ms);
    else if (str_eq(word, STR("working")))
        lockstep_working(face, session, moment);
}

static bool each_name(face_t *face, face_session_t *session, str_t params, bool subscribe)
{
    json_reader_t reader;
    json_reader_init(&reader, params.bytes, params.length);
    json_enter_array(&reader);
    while (json_next_item(&reader)) {
        char name[256];
        size_t length = 0;
        if (json_read_text(&reader, name, sizeof name, &length) != RESULT_OK)
            break;
        if (!subscribe)
            session_unsubscribe(face, session, (str_t){name, length});
        else if (!session_subscribe(face, session, (str_t){name, length}))
            return false;
    }
    return true;
}

typedef enum { PROPERTY_GET, PROPERTY_SET } property_act_t;

/* ["combined"] or ["combined",true]: the one property that there is. */
static void use_property(face_t *face, face_session_t *session, const request_t *request, property_act_t act)
{
    json_reader_t reader;
    str_t name = {0};
    bool value = false;
    str_t params = request->params.length > 0 ? request->params : STR("[]");
    json_reader_init(&reader, params.bytes, params.length);
    json_enter_array(&reader);
    if (!json_next_item(&reader) || json_read_string(&reader, &name) != RESULT_OK) {
        reply_error(face, session, 2, "Invalid request: property name must be a string", request->id);
        return;
    }
    bool has_value = act == PROPERTY_SET && json_next_item(&reader);
    bool is_bool = has_value && (json_peek(&reader) == JSON_TRUE || json_peek(&reader) == JSON_FALSE);
    if (has_value && is_bool)
        json_read_bool(&reader, &value);
    else if (has_value)
        json_skip(&reader);
    if ((act == PROPERTY_GET || has_value) && json_next_item(&reader)) {
        reply_error(face, session, 2, "Invalid request: too many parameters", request->id);
    } else if (!str_eq(name, STR("combined"))) {
        reply_error(face, session, 0, "Unknown property", request->id);
    } else if (act == PROPERTY_GET) {
        reply_result(face, session, request->id, session->combined ? STR("true") : STR("false"));
    } else if (!is_bool) {
        reply_error(face, session, 1, "Invalid value type: expected Boolean", request->id);
    } else {
        session->combined = value;
        reply_result(face, session, request->id, STR("null"));
    }
}

static void subscribe(face_t *face, face_session_t *session, const request_t *request)
{
    int32_t role_before = session->role;
    if (!each_name(face, session, request->params, true)) {
        reply_error(face, session, 4, "Too many subscriptions", request->id);
        face->output->close(face->output->context, session->socket, 1008, STR("Invalid request"));
        return;
    }
    reply_result(face, session, request->id, STR("null"));
    if (session->role != role_before)
        lockstep_tell(face, session);
}

/* A lockstep process says "done" as often as the world moves. */
static bool counts(const face_t *face, face_session_t *session, int64_t wall_ns)
{
    int64_t second = wall_ns / NS_PER_S;
    session->text_count = second == session->text_second ? session->text_count + 1 : 1;
    session->text_second = second;
    if (session->role >= 0 || session->text_count <= face->dialect->texts_per_second)
        return true;
    face->output->close(face->output->context, session->socket, 1008, STR("Too many requests"));
    return false;
}

void face_session_control(face_t *face, face_session_t *session, int64_t wall_ns)
{
    (void)counts(face, session, wall_ns);
}

void face_session_text(face_t *face, face_session_t *session, str_t text, int64_t wall_ns)
{
    request_t request = {.method = ""};
    if (session->api) {
        ws_api_text(face, session, text, wall_ns);
        return;
    }
    if (!counts(face, session, wall_ns))
        return;
    if (!read_request(text, &request)) {
        reply_error_at(face, session, 3, "Invalid JSON: expected value", text, request.flaw_at + 1, (str_t){0});
        return;
    }
    str_t method = str_from(request.method);
    if (request.method_end == 0) {
        reply_error_at(face, session, 2, "Invalid request: missing field `method`", text, text.length, request.id);
    } else if (request.id.length > 0 && !request_is_id(request.id)) {
        reply_error(face, session, 2, "Invalid request: request ID must be an unsigned integer", (str_t){0});
    } else if (str_eq(method, STR("LOCKSTEP"))) {
        read_lockstep(face, session, request.params);
    } else if (str_eq(method, STR("SUBSCRIBE"))) {
        subscribe(face, session, &request);
    } else if (str_eq(method, STR("UNSUBSCRIBE"))) {
        (void)each_name(face, session, request.params, false);
        reply_result(face, session, request.id, STR("null"));
    } else if (str_eq(method, STR("LIST_SUBSCRIPTIONS"))) {
        list_subscriptions(face, session, request.id);
    } else if (str_eq(method, STR("SET_PROPERTY")) || str_eq(method, STR("GET_PROPERTY"))) {
        use_property(face, session, &request, method.bytes[0] == 'S' ? PROPERTY_SET : PROPERTY_GET);
    } else {
        char words[200];
        snprintf(words, sizeof words,
                 "Invalid request: unknown variant `%s`, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, "
                 "`SET_PROPERTY`, `GET_PROPERTY`",
                 request.method);
        reply_error_at(face, session, 2, words, text, request.method_end, request.id);
    }
}
