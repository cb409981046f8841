/* lockstep.c: see usdm_lockstep.h. */
#include <string.h>

#include "edge/face/binance/face_parts.h"

static int32_t role_index(usdm_t *usdm, str_t name)
{
    for (uint32_t i = 0; i < usdm->role_count; i++) {
        if (str_eq(name, str_from(usdm->roles[i].name)))
            return (int32_t)i;
    }
    if (usdm->role_count == LOCKSTEP_ROLES_MAX || name.length == 0)
        return -1;
    role_t *role = &usdm->roles[usdm->role_count];
    *role = (role_t){.waiting_since_ns = usdm->now_ns};
    if (str_copy(name, role->name, sizeof role->name) != RESULT_OK)
        return -1;
    return (int32_t)usdm->role_count++;
}

result_t usdm_lockstep_expect(usdm_t *usdm, const char *roles, int64_t patience_ns, int64_t now_ns)
{
    str_t rest = str_from(roles);
    usdm->now_ns = now_ns;
    usdm->patience_ns = patience_ns;
    while (rest.length > 0) {
        str_t name = str_cut(&rest, ',');
        int32_t index = role_index(usdm, name);
        if (index < 0)
            return name.length >= LOCKSTEP_ROLE_MAX ? RESULT_TEXT_TOO_LONG : RESULT_FULL;
        usdm->roles[index].expected = true;
    }
    return RESULT_OK;
}

bool lockstep_register(usdm_t *usdm, usdm_session_t *session, str_t role)
{
    int32_t index = role_index(usdm, role);
    if (index < 0)
        return false;
    session->role = index;
    session->done_moment = UINT64_MAX; /* nothing reported yet */
    session->done_frames = 0;
    session->told_ns = usdm->now_ns;
    session->late = false;
    return true;
}

void lockstep_done(usdm_t *usdm, usdm_session_t *session, uint64_t moment, uint64_t frames)
{
    if (session->role < 0)
        return;
    session->done_moment = moment;
    session->done_frames = frames;
    session->told_ns = usdm->now_ns; /* a sign of life */
    session->late = false;
}

void lockstep_gone(usdm_t *usdm, usdm_session_t *session)
{
    if (session->role >= 0)
        usdm->roles[session->role].waiting_since_ns = usdm->now_ns;
    session->role = -1;
}

const usdm_session_t *lockstep_session_of(const usdm_t *usdm, venue_account_t account)
{
    for (uint32_t i = 0; i < usdm->session_high; i++) {
        const usdm_session_t *session = &usdm->sessions[i];
        for (uint32_t a = 0; session->used && session->role >= 0 && a < session->account_count; a++) {
            if (session->accounts[a] == account)
                return session;
        }
    }
    return NULL;
}

static bool has_finished(const usdm_t *usdm, const usdm_session_t *session)
{
    return session->done_moment == world_moment(usdm->world) && session->done_frames == session->frames_sent;
}

static uint32_t connections_of(const usdm_t *usdm, int32_t role, uint32_t *waiting, bool *late)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < usdm->session_high; i++) {
        const usdm_session_t *session = &usdm->sessions[i];
        if (!session->used || session->role != role)
            continue;
        count++;
        *waiting += !has_finished(usdm, session);
        *late = *late || session->late;
    }
    return count;
}

lockstep_state_t usdm_lockstep_state(usdm_t *usdm, int64_t now_ns)
{
    uint32_t registered = 0, waiting = 0;
    usdm->now_ns = now_ns;
    for (uint32_t i = 0; i < usdm->session_high; i++) {
        usdm_session_t *session = &usdm->sessions[i];
        if (!session->used || session->role < 0)
            continue;
        registered++;
        if (has_finished(usdm, session))
            continue;
        session->late = session->late || now_ns - session->told_ns >= usdm->patience_ns;
        waiting += !session->late;
    }
    for (uint32_t i = 0; i < usdm->role_count; i++) {
        uint32_t unused = 0;
        bool late = false;
        if (usdm->roles[i].expected && connections_of(usdm, (int32_t)i, &unused, &late) == 0)
            waiting += now_ns - usdm->roles[i].waiting_since_ns < usdm->patience_ns;
    }
    if (waiting > 0)
        return LOCKSTEP_WAITING;
    return registered > 0 ? LOCKSTEP_READY : LOCKSTEP_NOBODY;
}

int64_t usdm_lockstep_deadline(const usdm_t *usdm)
{
    int64_t earliest = INT64_MAX;
    for (uint32_t i = 0; i < usdm->session_high; i++) {
        const usdm_session_t *session = &usdm->sessions[i];
        if (session->used && session->role >= 0 && !session->late && !has_finished(usdm, session) &&
            session->told_ns + usdm->patience_ns < earliest)
            earliest = session->told_ns + usdm->patience_ns;
    }
    for (uint32_t i = 0; i < usdm->role_count; i++) {
        uint32_t waiting = 0;
        bool late = false;
        int64_t until = usdm->roles[i].waiting_since_ns + usdm->patience_ns;
        if (usdm->roles[i].expected && connections_of(usdm, (int32_t)i, &waiting, &late) == 0 && until > usdm->now_ns &&
            until < earliest)
            earliest = until;
    }
    return earliest;
}

static str_t moment_text(usdm_t *usdm)
{
    json_writer_t writer;
    str_t text = {0};
    json_writer_init(&writer, usdm->event, sizeof usdm->event);
    json_begin_object(&writer);
    json_field_string(&writer, "e", "moment");
    json_field_u64(&writer, "n", world_moment(usdm->world));
    write_ms(&writer, "E", world_now_ns(usdm->world));
    json_end_object(&writer);
    (void)json_writer_finish(&writer, &text);
    return text;
}

void lockstep_tell(usdm_t *usdm, usdm_session_t *session)
{
    session_send(usdm, session, moment_text(usdm));
}

void usdm_lockstep_moment(usdm_t *usdm, int64_t now_ns)
{
    void *frame = NULL;
    usdm->now_ns = now_ns;
    for (uint32_t i = 0; i < usdm->session_high; i++) {
        usdm_session_t *session = &usdm->sessions[i];
        if (!session->used || session->role < 0)
            continue;
        if (!frame)
            frame = usdm->output->frame_make(usdm->output->context, moment_text(usdm));
        session->frames_sent++;
        if (!session->late)
            session->told_ns = now_ns;
        usdm->output->frame_send(usdm->output->context, session->socket, frame, 0);
    }
    if (frame)
        usdm->output->frame_release(usdm->output->context, frame);
}

uint32_t usdm_lockstep_roles(const usdm_t *usdm, lockstep_role_t *out, uint32_t capacity)
{
    uint32_t count = usdm->role_count < capacity ? usdm->role_count : capacity;
    for (uint32_t i = 0; i < count; i++) {
        out[i] = (lockstep_role_t){.expected = usdm->roles[i].expected};
        memcpy(out[i].role, usdm->roles[i].name, sizeof out[i].role);
        out[i].connections = connections_of(usdm, (int32_t)i, &out[i].waiting, &out[i].late);
    }
    return count;
}
