/* lockstep.c: see face_lockstep.h. */
#include <string.h>

#include "edge/face/binance/face_parts.h"

static int32_t role_index(face_t *face, str_t name)
{
    for (uint32_t i = 0; i < face->role_count; i++) {
        if (str_eq(name, str_from(face->roles[i].name)))
            return (int32_t)i;
    }
    if (face->role_count == LOCKSTEP_ROLES_MAX || name.length == 0)
        return -1;
    role_t *role = &face->roles[face->role_count];
    *role = (role_t){.waiting_since_ns = face->now_ns};
    if (str_copy(name, role->name, sizeof role->name) != RESULT_OK)
        return -1;
    return (int32_t)face->role_count++;
}

result_t face_lockstep_expect(face_t *face, const char *roles, int64_t patience_ns, int64_t now_ns)
{
    str_t rest = str_from(roles);
    face->now_ns = now_ns;
    face->patience_ns = patience_ns;
    while (rest.length > 0) {
        str_t name = str_cut(&rest, ',');
        int32_t index = role_index(face, name);
        if (index < 0)
            return name.length >= LOCKSTEP_ROLE_MAX ? RESULT_TEXT_TOO_LONG : RESULT_FULL;
        face->roles[index].expected = true;
    }
    return RESULT_OK;
}

bool lockstep_register(face_t *face, face_session_t *session, str_t role)
{
    int32_t index = role_index(face, role);
    if (index < 0)
        return false;
    session->role = index;
    set_add(&face->in_lockstep, session->index);
    set_remove(&face->strangers, session->index);
    session->done_moment = UINT64_MAX; /* nothing reported yet */
    session->done_frames = 0;
    session->told_ns = face->now_ns;
    session->late = false;
    return true;
}

void lockstep_done(face_t *face, face_session_t *session, uint64_t moment, uint64_t frames, int64_t wake_ms)
{
    if (session->role < 0)
        return;
    session->done_moment = moment;
    session->done_frames = frames;
    session->wake_ms = wake_ms;
    session->told_ns = face->now_ns; /* a sign of life */
    session->late = false;
}

void lockstep_working(face_t *face, face_session_t *session, uint64_t moment)
{
    if (session->role < 0 || session->late || moment != world_moment(face->world))
        return;
    session->told_ns = face->now_ns; /* the patience with it begins anew */
}

void lockstep_gone(face_t *face, face_session_t *session)
{
    if (session->role >= 0)
        face->roles[session->role].waiting_since_ns = face->now_ns;
    session->role = -1;
    set_remove(&face->in_lockstep, session->index);
}

const face_session_t *lockstep_session_of(const face_t *face, venue_account_t account)
{
    for (uint32_t i = set_next(&face->in_lockstep, 0); i < FACE_SESSIONS_MAX; i = set_next(&face->in_lockstep, i + 1)) {
        const face_session_t *session = &face->sessions[i];
        for (uint32_t a = 0; a < session->account_count; a++) {
            if (session->accounts[a] == account)
                return session;
        }
    }
    return NULL;
}

static bool has_finished(const face_t *face, const face_session_t *session)
{
    return session->done_moment == world_moment(face->world) && session->done_frames == session->frames_sent;
}

static uint32_t connections_of(const face_t *face, int32_t role, uint32_t *waiting, bool *late)
{
    uint32_t count = 0;
    for (uint32_t i = set_next(&face->in_lockstep, 0); i < FACE_SESSIONS_MAX; i = set_next(&face->in_lockstep, i + 1)) {
        const face_session_t *session = &face->sessions[i];
        if (session->role != role)
            continue;
        count++;
        *waiting += !has_finished(face, session);
        *late = *late || session->late;
    }
    return count;
}

lockstep_state_t face_lockstep_state(face_t *face, int64_t now_ns)
{
    uint32_t registered = 0, waiting = 0;
    face->now_ns = now_ns;
    for (uint32_t i = set_next(&face->in_lockstep, 0); i < FACE_SESSIONS_MAX; i = set_next(&face->in_lockstep, i + 1)) {
        face_session_t *session = &face->sessions[i];
        registered++;
        if (has_finished(face, session))
            continue;
        session->late = session->late || now_ns - session->told_ns >= face->patience_ns;
        waiting += !session->late;
    }
    for (uint32_t i = 0; i < face->role_count; i++) {
        uint32_t unused = 0;
        bool late = false;
        if (face->roles[i].expected && connections_of(face, (int32_t)i, &unused, &late) == 0)
            waiting += now_ns - face->roles[i].waiting_since_ns < face->patience_ns;
    }
    if (waiting > 0)
        return LOCKSTEP_WAITING;
    return registered > 0 ? LOCKSTEP_READY : LOCKSTEP_NOBODY;
}

int64_t face_lockstep_deadline(const face_t *face)
{
    int64_t earliest = INT64_MAX;
    for (uint32_t i = set_next(&face->in_lockstep, 0); i < FACE_SESSIONS_MAX; i = set_next(&face->in_lockstep, i + 1)) {
        const face_session_t *session = &face->sessions[i];
        if (!session->late && !has_finished(face, session) && session->told_ns + face->patience_ns < earliest)
            earliest = session->told_ns + face->patience_ns;
    }
    for (uint32_t i = 0; i < face->role_count; i++) {
        uint32_t waiting = 0;
        bool late = false;
        int64_t until = face->roles[i].waiting_since_ns + face->patience_ns;
        if (face->roles[i].expected && connections_of(face, (int32_t)i, &waiting, &late) == 0 && until > face->now_ns &&
            until < earliest)
            earliest = until;
    }
    return earliest;
}

int64_t face_lockstep_wake_ns(const face_t *face)
{
    const int64_t now_ms = world_now_ns(face->world) / NS_PER_MS;
    int64_t earliest_ms = INT64_MAX / NS_PER_MS;
    for (uint32_t i = set_next(&face->in_lockstep, 0); i < FACE_SESSIONS_MAX; i = set_next(&face->in_lockstep, i + 1)) {
        const face_session_t *session = &face->sessions[i];
        if (has_finished(face, session) && session->wake_ms > now_ms && session->wake_ms < earliest_ms)
            earliest_ms = session->wake_ms;
    }
    return earliest_ms < INT64_MAX / NS_PER_MS ? earliest_ms * NS_PER_MS : INT64_MAX;
}

static str_t moment_text(face_t *face)
{
    json_writer_t writer;
    str_t text = {0};
    json_writer_init(&writer, face->event, sizeof face->event);
    json_begin_object(&writer);
    json_field_string(&writer, "e", "moment");
    json_field_u64(&writer, "n", world_moment(face->world));
    write_ms(&writer, "E", world_now_ns(face->world));
    json_end_object(&writer);
    (void)json_writer_finish(&writer, &text);
    return text;
}

/* The quotes and marks that stand, of what the session follows: the venue repeats its marks every second, and while time stands
 * that second never comes. A process that has died and is back would have no price until the next moment. */
static void tell_prices(face_t *face, face_session_t *session)
{
    const venue_t *venue = world_venue(face->world);
    face->only = session;
    for (uint32_t i = 0; i < session->stream_count; i++) {
        const stream_id_t stream = session->streams[i];
        if (stream.place >= venue_instrument_count(venue))
            continue;
        venue_event_t event = {.instrument = stream.place, .time_ns = world_now_ns(face->world)};
        if (stream.kind == STREAM_BOOK_TICKER && venue_quote(venue, stream.place, &event.quote))
            event.kind = VENUE_EVENT_QUOTE;
        else if (stream.kind == STREAM_MARK || stream.kind == STREAM_MARK_1S) {
            event.kind = VENUE_EVENT_MARK;
            event.mark = venue_mark(venue, stream.place);
        }
        if (event.kind == VENUE_EVENT_QUOTE || (event.kind == VENUE_EVENT_MARK && dec_sign(event.mark.mark) > 0))
            face->dialect->market_event(face, &event);
    }
    face->only = NULL;
}

void lockstep_tell(face_t *face, face_session_t *session)
{
    tell_prices(face, session);
    session_send(face, session, moment_text(face));
}

void face_lockstep_moment(face_t *face, int64_t now_ns)
{
    void *frame = NULL;
    face->now_ns = now_ns;
    for (uint32_t i = set_next(&face->in_lockstep, 0); i < FACE_SESSIONS_MAX; i = set_next(&face->in_lockstep, i + 1)) {
        face_session_t *session = &face->sessions[i];
        if (!frame)
            frame = face->output->frame_make(face->output->context, moment_text(face));
        session->frames_sent++;
        if (!session->late)
            session->told_ns = now_ns;
        face->output->frame_send(face->output->context, session->socket, frame, 0);
    }
    if (frame)
        face->output->frame_release(face->output->context, frame);
}

uint32_t face_lockstep_roles(const face_t *face, lockstep_role_t *out, uint32_t capacity)
{
    uint32_t count = face->role_count < capacity ? face->role_count : capacity;
    for (uint32_t i = 0; i < count; i++) {
        out[i] = (lockstep_role_t){.expected = face->roles[i].expected};
        memcpy(out[i].role, face->roles[i].name, sizeof out[i].role);
        out[i].connections = connections_of(face, (int32_t)i, &out[i].waiting, &out[i].late);
    }
    return count;
}
