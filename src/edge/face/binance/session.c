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
static void subscribe_list(usdm_t *usdm, usdm_session_t *session, str_t list)
{
    while (list.length > 0) {
        char name[256];
        size_t length = 0;
        str_t piece = str_cut(&list, '/');
        if (piece.length > 0 && piece.length < sizeof name &&
            http_percent_decode(piece, HTTP_PERCENT_PATH, name, sizeof name, &length) == RESULT_OK)
            (void)session_subscribe(usdm, session, (str_t){name, length});
    }
}

/* An escaped slash separates names as a plain one does: the list is decoded first. */
static void subscribe_query(usdm_t *usdm, usdm_session_t *session, str_t query)
{
    str_t value;
    size_t length = 0;
    if (http_query_find(query, "streams", &value) && value.length < sizeof usdm->wrapped &&
        http_percent_decode(value, HTTP_PERCENT_FORM, usdm->wrapped, sizeof usdm->wrapped, &length) == RESULT_OK)
        subscribe_list(usdm, session, (str_t){usdm->wrapped, length});
    if (http_query_find(query, "listenKey", &value))
        (void)session_subscribe(usdm, session, value);
}

usdm_session_t *usdm_session_open(usdm_t *usdm, void *socket, str_t path, str_t query, str_t address)
{
    uint32_t index = 0;
    while (index < USDM_SESSIONS_MAX && usdm->sessions[index].used)
        index++;
    if (index == USDM_SESSIONS_MAX)
        return NULL;
    usdm_session_t *session = &usdm->sessions[index];
    memset(session, 0, sizeof *session);
    session->used = true;
    session->index = index;
    session->socket = socket;
    session->role = -1;
    session->opened_ns = world_now_ns(usdm->world);
    (void)str_copy(address, session->address, sizeof session->address);
    usdm->session_count++;
    usdm->session_high = index + 1 > usdm->session_high ? index + 1 : usdm->session_high;
    str_t rest = face_path(path);
    if (take_prefix(&rest, str_from(usdm->dialect->api_path))) {
        session->api = true;
        return session;
    }
    session->route = usdm->dialect->spot ? ROUTE_ALL : take_route(&rest);
    session->combined = take_prefix(&rest, STR("/stream"));
    if (!session->combined && take_prefix(&rest, STR("/ws")) && take_prefix(&rest, STR("/")))
        subscribe_list(usdm, session, rest);
    subscribe_query(usdm, session, query);
    return session;
}

void usdm_session_close(usdm_t *usdm, usdm_session_t *session)
{
    lockstep_gone(usdm, session);
    stream_forget(usdm, session);
    session->used = false;
    usdm->session_count--;
    while (usdm->session_high > 0 && !usdm->sessions[usdm->session_high - 1].used)
        usdm->session_high--;
}

uint32_t usdm_session_count(const usdm_t *usdm)
{
    return usdm->session_count;
}
