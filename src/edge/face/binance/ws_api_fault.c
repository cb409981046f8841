/* ws_api_fault.c: faults of the request group on messages of the WS API (ws_api.h): the same knobs, decided by the same plan as on
 * REST (fault_plan.h).
 *
 * Where REST loses a reply with its connection, the socket is reset. What is wrong instead of an answer comes as a text of its own;
 * only the JSON form keeps the envelope, as the exchange does. Bytes are counted from the first of the answer's frame.
 */
#include <string.h>

#include "edge/face/binance/ws_api.h"
#include "edge/face/fault/fault_call.h"

enum { EDITED_MAX = FACE_REPLY_MAX / 2 };

static str_t parameter(const call_t *call, const char *name)
{
    for (uint32_t i = 0; i < call->param_count; i++) {
        if (str_eq(call->params[i].name, str_from(name)))
            return call->params[i].value;
    }
    return (str_t){0};
}

/* "name=value&" at the end of the fate's query, when the message has it. */
static size_t note_parameter(const call_t *call, const char *name, char *query, size_t at, size_t capacity)
{
    str_t value = parameter(call, name);
    size_t name_length = strlen(name);
    if (value.length == 0 || at + name_length + value.length + 2 > capacity)
        return at;
    memcpy(query + at, name, name_length);
    at += name_length;
    query[at++] = '=';
    memcpy(query + at, value.bytes, value.length);
    at += value.length;
    query[at++] = '&';
    return at;
}

static const world_account_t *account_of(face_t *face, const call_t *call, const face_session_t *session)
{
    str_t key = parameter(call, "apiKey");
    if (key.length == 0 && session->logon)
        key = str_from(session->logon->account_key);
    return key.length > 0 ? world_account_by_key(face->world, key) : NULL;
}

void ws_api_fault_begin(face_t *face, call_t *call, const face_session_t *session, const ws_request_t *request, size_t bytes,
                        ws_fate_t *fate)
{
    static const char *const names[] = {"symbol", "type", "orderId", "origClientOrderId", "algoId", "clientAlgoId"};
    size_t length = 0;
    fault_engine_t *engine = face->faults && face->faults->active > 0 && !call_failed(call) ? face->faults : NULL;
    const world_account_t *account = engine ? account_of(face, call, session) : NULL;
    for (size_t i = 0; engine && i < sizeof names / sizeof names[0]; i++)
        length = note_parameter(call, names[i], fate->asked, length, sizeof fate->asked);
    fault_call_begin(engine, face->world,
                     &(fault_request_t){.path = str_from(request->name),
                                        .query = {fate->asked, length},
                                        .account = account ? str_from(account->name) : (str_t){0},
                                        .bytes = bytes},
                     account, &fate->plan);
}

str_t ws_api_fault_edit(const fault_plan_t *plan, str_t result, unsigned *status)
{
    static char edited[EDITED_MAX]; /* one loop, one thread */
    size_t length = 0;
    return fault_plan_edit(plan, result, status, edited, sizeof edited, &length) ? (str_t){edited, length} : result;
}

/* {"id":7,"status":503,"error":{"code":-1000,"msg":"..."}}; other bodies come bare. */
static str_t instead(face_t *face, const ws_request_t *request, const fault_plan_t *plan)
{
    static char body[1024];
    json_writer_t writer;
    str_t said = fault_call_body(plan, body, sizeof body), text = {0};
    if (plan->body != FAULT_BODY_JSON)
        return said;
    json_writer_init(&writer, face->event, sizeof face->event);
    json_begin_object(&writer);
    json_write_key(&writer, "id");
    json_write_raw(&writer, request->id.length > 0 ? request->id : STR("null"));
    json_field_u64(&writer, "status", plan->status);
    json_write_key(&writer, "error");
    json_write_raw(&writer, said);
    json_end_object(&writer);
    (void)json_writer_finish(&writer, &text);
    return text;
}

void ws_api_fault_answer(face_t *face, face_session_t *session, const ws_request_t *request, const ws_fate_t *fate, str_t answer)
{
    const face_output_t *output = face->output;
    const fault_plan_t *plan = &fate->plan;
    fault_call_end(face->faults, face->world, plan);
    if (fault_is_active(face->faults, FAULT_VENUE_DEAD) && plan->handling == FAULT_DO_NOT_HANDLE)
        return; /* nobody is there who could hang up */
    if (plan->replying == FAULT_REPLY_NEVER || plan->replying == FAULT_REPLY_RESET) {
        output->close(output->context, session->socket, 0, (str_t){0});
        return;
    }
    str_t text = plan->replying == FAULT_REPLY_INSTEAD ? instead(face, request, plan) : answer;
    if (plan->bytes.kind == STREAM_FAULT_NONE) {
        session_send(face, session, text);
        return;
    }
    session->frames_sent++;
    output->send_faulty(output->context, session->socket, text, &plan->bytes);
}
