/* session.c: how a socket's address says what it wants, and its end. */
#include <string.h>

#include "edge/face/binance/face_parts.h"
#include "edge/net/http.h"

static bool take_prefix(str_t *text, str_t prefix)
{
    if (!str_starts_with(*text, prefix))
        return false;
    text->bytes += prefix.length;
    text->length -= prefix.length;
    return true;
}

static stream_route_t take_route(str_t *path)
{
    if (take_prefix(path, STR("/public")))
        return ROUTE_PUBLIC;
    if (take_prefix(path, STR("/market")))
        return ROUTE_MARKET;
    if (take_prefix(path, STR("/private")))
        return ROUTE_PRIVATE;
    return ROUTE_LEGACY;
}

/* "a/b/c" as a path or a query value; escapes are resolved. */
static void subscribe_list(face_t *face, face_session_t *session, str_t list)
{
    while (list.length > 0) {
        char name[256];
        size_t length = 0;
        str_t piece = str_cut(&list, '/');
        if (piece.length > 0 && piece.length < sizeof name &&
            http_percent_decode(piece, HTTP_PERCENT_PATH, name, sizeof name, &length) == RESULT_OK)
            (void)session_subscribe(face, session, (str_t){name, length});
    }
}

/* An escaped slash separates names as a plain one does: the list is decoded first. */
static void subscribe_query(face_t *face, face_session_t *session, str_t query)
{
    str_t value;
    size_t length = 0;
    if (http_query_find(query, "streams", &value) && value.length < sizeof face->wrapped &&
        http_percent_decode(value, HTTP_PERCENT_FORM, face->wrapped, sizeof face->wrapped, &length) == RESULT_OK)
        subscribe_list(face, session, (str_t){face->wrapped, length});
    if (http_query_find(query, "events", &value))
        (void)http_percent_decode(value, HTTP_PERCENT_FORM, session->events, sizeof session->events - 1, &length);
    if (http_query_find(query, "listenKey", &value))
        (void)session_subscribe(face, session, value);
}

/* timeUnit=...; milliseconds without. */
static bool read_time_unit(const face_t *face, str_t query, time_form_t *form)
{
    str_t value;
    *form = TIME_FORM_MS;
    return !face->dialect->spot || !http_query_find(query, "timeUnit", &value) || time_form_read(value, form);
}

/* responseFormat=sbe of the WS API, also beside responseFormat=json. */
static bool wants_sbe(const face_t *face, str_t path, str_t query)
{
    bool wants = false;
    while (query.length > 0)
        wants = str_eq(str_cut(&query, '&'), STR("responseFormat=sbe")) || wants;
    return wants && face->dialect->spot && str_starts_with(face_path(path), str_from(face->dialect->api_path));
}

const char *face_stream_refusal(const face_t *face, str_t path, str_t query)
{
    time_form_t form;
    if (wants_sbe(face, path, query))
        return "{\"code\":-1155,\"msg\":\"" FACE_SBE_REFUSAL "\"}";
    return read_time_unit(face, query, &form) ? NULL : "{\"code\":-1194,\"msg\":\"" FACE_TIME_UNIT_REFUSAL "\"}";
}

face_session_t *face_session_open(face_t *face, void *socket, str_t path, str_t query, str_t address)
{
    uint32_t index = set_first_free(&face->open);
    if (index == FACE_SESSIONS_MAX)
        return NULL;
    face_session_t *session = &face->sessions[index];
    memset(session, 0, sizeof *session);
    session->used = true;
    session->index = index;
    set_add(&face->open, index);
    set_add(&face->strangers, index);
    session->socket = socket;
    session->role = -1;
    session->opened_ns = world_now_ns(face->world);
    (void)read_time_unit(face, query, &session->time_form);
    face->micro_sessions += session->time_form == TIME_FORM_US;
    (void)str_copy(address, session->address, sizeof session->address);
    face->session_count++;
    face->session_high = index + 1 > face->session_high ? index + 1 : face->session_high;
    str_t rest = face_path(path);
    if (take_prefix(&rest, str_from(face->dialect->api_path))) {
        session->api = true;
        return session;
    }
    session->route = face->dialect->spot ? ROUTE_ALL : take_route(&rest);
    session->combined = take_prefix(&rest, STR("/stream"));
    if (!session->combined && take_prefix(&rest, STR("/ws")) && take_prefix(&rest, STR("/")))
        subscribe_list(face, session, rest);
    subscribe_query(face, session, query);
    return session;
}

void face_session_close(face_t *face, face_session_t *session)
{
    lockstep_gone(face, session);
    stream_forget(face, session);
    session->used = false;
    face->micro_sessions -= session->time_form == TIME_FORM_US;
    set_remove(&face->open, session->index);
    set_remove(&face->strangers, session->index);
    face->session_count--;
    while (face->session_high > 0 && !face->sessions[face->session_high - 1].used)
        face->session_high--;
}

/* The hand goes round: whoever comes in sits down behind it and is looked at last. */
void *face_session_stranger(face_t *face)
{
    uint32_t index = set_next(&face->strangers, face->hand);
    index = index < FACE_SESSIONS_MAX ? index : set_next(&face->strangers, 0);
    if (index == FACE_SESSIONS_MAX)
        return NULL;
    face->hand = index + 1;
    return face->sessions[index].socket;
}

uint32_t face_session_count(const face_t *face)
{
    return face->session_count;
}
