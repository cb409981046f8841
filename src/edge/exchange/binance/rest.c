/* rest.c: budget, clock and classification around the HTTP client.
 *
 * A call lives in a fixed pool from binance_rest_send to its callback. Reads go out as repeatable (each attempt signed anew by the
 * rebuild hook), everything else once. What the reply's headers say of the budget is noted before anybody looks at the body.
 */
#include "edge/exchange/binance/rest.h"

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/exchange/binance/decode_public.h"
#include "edge/json/json_reader.h"

#include <stdlib.h>
#include <string.h>

enum { CALLS_DEFAULT = 64, TARGET_MAX = BINANCE_PATH_MAX + BINANCE_PARAMS_MAX, GUNZIP_MAX = 16 << 20 };

typedef enum { CALL_FREE, CALL_WAITING, CALL_RESYNC /* waits for a clock measurement, then goes out once more */ } call_state_t;

typedef struct call {
    binance_rest_t *rest;
    call_state_t state;
    bool is_clock; /* GET /time of our own */
    bool resynced; /* has been sent again after -1021 */
    binance_request_t request;
    binance_rest_fn *done;
    void *context;
    char target[TARGET_MAX];
} call_t;

struct binance_rest {
    binance_rest_options_t options;
    char api_key[256];
    uint32_t in_flight;
    uint32_t clock_calls; /* measurements under way */
    uint64_t events_told; /* lockstep */
    char *gunzip;         /* taken when a gzip body first comes */
    uint32_t calls_max;
    call_t calls[];
};

result_t binance_rest_create(const binance_rest_options_t *options, binance_rest_t **out)
{
    ASSERT(options->loop != NULL && options->client != NULL && options->clock != NULL);
    uint32_t calls = options->calls_max != 0 ? options->calls_max : CALLS_DEFAULT;
    binance_rest_t *rest = calloc(1, sizeof *rest + calls * sizeof rest->calls[0]);
    if (rest == NULL) {
        return RESULT_FULL;
    }
    rest->options = *options;
    rest->calls_max = calls;
    result_t result = str_copy(options->api_key, rest->api_key, sizeof rest->api_key);
    if (result != RESULT_OK) {
        free(rest);
        return result;
    }
    for (uint32_t i = 0; i < calls; i++) {
        rest->calls[i].rest = rest;
    }
    *out = rest;
    return RESULT_OK;
}

static void call_finish(call_t *call, const binance_result_t *result)
{
    binance_rest_fn *done = call->done;
    void *context = call->context;
    call->state = CALL_FREE;
    call->rest->in_flight--;
    if (done != NULL) {
        done(context, result);
    }
}

/* Ends a call of which no byte left. */
static void call_refuse(call_t *call, result_t why, const char *words)
{
    binance_result_t result = {.sent = false, .why = why, .verdict = {.kind = BINANCE_VERDICT_NOT_DONE, .wait_ms = 1000}};
    size_t length = strlen(words);
    length = length < sizeof result.verdict.message - 1 ? length : sizeof result.verdict.message - 1;
    memcpy(result.verdict.message, words, length);
    call_finish(call, &result);
}

void binance_rest_destroy(binance_rest_t *rest)
{
    if (rest == NULL) {
        return;
    }
    /* The client belongs to the owner and has been destroyed before: only calls that wait for a clock measurement can be left. */
    for (uint32_t i = 0; i < rest->calls_max; i++) {
        if (rest->calls[i].state != CALL_FREE) {
            call_refuse(&rest->calls[i], RESULT_CLOSED, "closing");
        }
    }
    free(rest->gunzip);
    free(rest);
}

static call_t *call_take(binance_rest_t *rest)
{
    for (uint32_t i = 0; i < rest->calls_max; i++) {
        if (rest->calls[i].state == CALL_FREE) {
            return &rest->calls[i];
        }
    }
    return NULL;
}

/* Venue time for the budget; before the first measurement the wall clock is the best there is. */
static int64_t budget_now_ms(const binance_rest_t *rest)
{
    int64_t ms;
    if (venue_clock_now_ms(rest->options.clock, loop_now_ns(rest->options.loop), &ms) == RESULT_OK) {
        return ms;
    }
    return loop_wall_ns(rest->options.loop) / NS_PER_MS;
}

static result_t budget_ask(binance_rest_t *rest, const binance_request_t *request, int64_t *wait_ms)
{
    if (rest->options.budget == NULL) {
        return RESULT_OK;
    }
    bool orders = request->orders_10s != 0 || request->orders_minute != 0;
    const budget_ask_t ask = {
        .priority = request->priority,
        .weight = request->weight,
        .orders_10s = request->orders_10s,
        .orders_minute = request->orders_minute,
        .account = orders ? rest->options.account : 0,
        .now_ms = budget_now_ms(rest),
    };
    return budget_take(rest->options.budget, &ask, wait_ms);
}

static result_t request_sign(binance_rest_t *rest, binance_request_t *request)
{
    int64_t venue_ms;
    if (request->security != BINANCE_SIGNED) {
        return RESULT_OK;
    }
    result_t result = venue_clock_now_ms(rest->options.clock, loop_now_fresh_ns(rest->options.loop), &venue_ms);
    return result == RESULT_OK ? binance_request_sign(request, rest->options.key, venue_ms) : result;
}

static void call_done(const http_reply_t *reply, void *context);

/* Fills in what goes out. Texts point into the call: they must live until http_request_* returns. */
static result_t http_fill(call_t *call, http_header_t headers[2], http_call_t *http)
{
    size_t length;
    result_t result = binance_request_target(&call->request, call->target, sizeof call->target, &length);
    if (result != RESULT_OK) {
        return result;
    }
    uint32_t count = 0;
    if (call->request.security != BINANCE_OPEN) {
        headers[count++] = (http_header_t){STR("X-MBX-APIKEY"), str_from(call->rest->api_key)};
    }
    if (call->request.params_in_body && call->request.params_length > 0) {
        headers[count++] = (http_header_t){STR("Content-Type"), STR("application/x-www-form-urlencoded")};
    }
    http->method = str_from(binance_method_text(call->request.method));
    http->target = (str_t){call->target, length};
    http->headers = headers;
    http->headers_count = count;
    http->body = binance_request_body(&call->request);
    http->done = call_done;
    http->context = call;
    return RESULT_OK;
}

/* A further attempt of a read: a new timestamp, a new signature, and its own weight. */
static result_t call_rebuild(http_call_t *http, uint32_t attempt, void *context)
{
    call_t *call = context;
    int64_t wait_ms;
    size_t length;
    result_t result = budget_ask(call->rest, &call->request, &wait_ms);
    (void)attempt;
    if (result == RESULT_OK) {
        result = request_sign(call->rest, &call->request);
    }
    if (result == RESULT_OK) {
        result = binance_request_target(&call->request, call->target, sizeof call->target, &length);
    }
    if (result == RESULT_OK) {
        http->target = (str_t){call->target, length};
        http->body = binance_request_body(&call->request);
    }
    return result;
}

static result_t call_start(call_t *call)
{
    http_header_t headers[2];
    http_call_t http = {0};
    result_t result = request_sign(call->rest, &call->request);
    if (result == RESULT_OK) {
        result = http_fill(call, headers, &http);
    }
    if (result != RESULT_OK) {
        return result;
    }
    if (call->request.ask == BINANCE_ASK_READ) {
        http.rebuild = call_rebuild;
        return http_request_repeatable(call->rest->options.client, &http);
    }
    return http_request_once(call->rest->options.client, &http);
}

static int64_t header_number(const http_message_t *message, const char *name)
{
    uint64_t value;
    return http_header_u64(message, name, &value) == RESULT_OK && value <= INT64_MAX ? (int64_t)value : -1;
}

static void budget_note(binance_rest_t *rest, const http_message_t *response)
{
    budget_t *budget = rest->options.budget;
    if (budget == NULL) {
        return;
    }
    const budget_reply_t told = {
        .account = rest->options.account,
        .now_ms = budget_now_ms(rest),
        .weight_used = header_number(response, "X-MBX-USED-WEIGHT-1M"),
        .orders_10s = header_number(response, "X-MBX-ORDER-COUNT-10S"),
        .orders_minute = header_number(response, "X-MBX-ORDER-COUNT-1M"),
    };
    if (told.weight_used >= 0 || told.orders_10s >= 0 || told.orders_minute >= 0) {
        budget_note_reply(budget, &told);
    }
}

/* The body, inflated when it came compressed. */
static result_t body_open(binance_rest_t *rest, const http_message_t *response, str_t *body)
{
    *body = response->body;
    if (!http_header_has_token(response, "Content-Encoding", "gzip")) {
        return RESULT_OK;
    }
    if (rest->gunzip == NULL && (rest->gunzip = malloc(GUNZIP_MAX)) == NULL) {
        return RESULT_FULL;
    }
    size_t length;
    result_t result = http_gunzip(response->body, rest->gunzip, GUNZIP_MAX, &length);
    if (result == RESULT_OK) {
        *body = (str_t){rest->gunzip, length};
    }
    return result;
}

static bool body_is_json(str_t body)
{
    json_reader_t reader;
    json_reader_init(&reader, body.bytes, body.length);
    json_kind_t kind = json_peek(&reader);
    json_skip(&reader);
    return (kind == JSON_OBJECT || kind == JSON_ARRAY) && json_finish(&reader) == RESULT_OK;
}

/* Nothing came back, or nothing readable. */
static void judge_silence(const call_t *call, const http_reply_t *reply, binance_result_t *result)
{
    bool read = call->request.ask == BINANCE_ASK_READ;
    result->sent = reply->outcome != HTTP_NOT_SENT;
    result->why = reply->why;
    result->verdict.kind = result->sent && !read ? BINANCE_VERDICT_UNKNOWN : BINANCE_VERDICT_NOT_DONE;
    result->verdict.wait_ms = 1000;
    size_t length = strlen(reply->detail);
    length = length < sizeof result->verdict.message - 1 ? length : sizeof result->verdict.message - 1;
    memcpy(result->verdict.message, reply->detail, length);
    if (length == 0) {
        memcpy(result->verdict.message, "no answer", 10);
    }
}

static void clock_note(binance_rest_t *rest, const binance_result_t *result)
{
    int64_t venue_ms;
    if (result->verdict.kind == BINANCE_VERDICT_ACCEPTED && binance_decode_time(result->body, &venue_ms, NULL) == RESULT_OK) {
        (void)venue_clock_note(rest->options.clock, result->sent_ns, result->done_ns, loop_wall_ns(rest->options.loop), venue_ms);
    }
}

/* A clock measurement has ended: calls that waited for it go out once more, or end as they are. */
static void resync_release(binance_rest_t *rest)
{
    for (uint32_t i = 0; i < rest->calls_max; i++) {
        call_t *call = &rest->calls[i];
        int64_t wait_ms;
        if (call->state != CALL_RESYNC) {
            continue;
        }
        call->state = CALL_WAITING;
        result_t result = budget_ask(rest, &call->request, &wait_ms);
        if (result == RESULT_OK) {
            result = call_start(call);
        }
        if (result != RESULT_OK) {
            call_refuse(call, result, "could not be sent again after the clock was measured");
        }
    }
}

/* -1021 on what may be repeated: measure, then once more. True when that is under way. */
static bool resync_begin(call_t *call, const binance_result_t *result)
{
    bool again = call->request.ask == BINANCE_ASK_READ || call->request.ask == BINANCE_ASK_CHANGE;
    if (result->verdict.kind != BINANCE_VERDICT_RESYNC) {
        return false;
    }
    bool first = venue_clock_on_refused(call->rest->options.clock);
    if (!again || call->resynced) {
        if (first) {
            (void)binance_rest_measure_clock(call->rest, NULL, NULL);
        }
        return false;
    }
    if (first && binance_rest_measure_clock(call->rest, NULL, NULL) != RESULT_OK) {
        return false;
    }
    if (call->rest->clock_calls == 0) {
        return false; /* it was measured already, and that did not help */
    }
    call->resynced = true;
    call->state = CALL_RESYNC;
    return true;
}

static void call_done(const http_reply_t *reply, void *context)
{
    call_t *call = context;
    binance_rest_t *rest = call->rest;
    binance_result_t result = {.sent = true, .sent_ns = reply->sent_ns, .done_ns = reply->done_ns};
    rest->events_told = 0;
    if (reply->outcome != HTTP_ANSWERED) {
        judge_silence(call, reply, &result);
    } else {
        const http_message_t *response = reply->response;
        int64_t events = header_number(response, "X-LOCKSTEP-EVENTS");
        rest->events_told = events > 0 ? (uint64_t)events : 0;
        budget_note(rest, response);
        result.status = response->status;
        bool opened = body_open(rest, response, &result.body) == RESULT_OK;
        binance_answer_t answer = {.ask = call->request.ask,
                                   .status = response->status,
                                   .body = result.body,
                                   .retry_after_s = header_number(response, "Retry-After"),
                                   .readable = opened && body_is_json(result.body)};
        binance_classify(&answer, &result.verdict);
        if (result.verdict.kind == BINANCE_VERDICT_BANNED && rest->options.budget != NULL) {
            budget_note_ban(rest->options.budget, budget_now_ms(rest),
                            result.verdict.wait_ms < 0 ? -1 : (result.verdict.wait_ms + 999) / 1000);
        }
    }
    if (call->is_clock) {
        rest->clock_calls--;
        clock_note(rest, &result);
    } else if (resync_begin(call, &result)) {
        return;
    }
    bool was_clock = call->is_clock;
    call->state = CALL_WAITING;
    call_finish(call, &result);
    if (was_clock) {
        resync_release(rest);
    }
}

static result_t request_check(const binance_rest_t *rest, const binance_request_t *request)
{
    int64_t venue_ms;
    if (request->security != BINANCE_OPEN && rest->api_key[0] == '\0') {
        return RESULT_PERMISSION;
    }
    if (request->security != BINANCE_SIGNED) {
        return RESULT_OK;
    }
    if (rest->options.key == NULL) {
        return RESULT_PERMISSION;
    }
    return venue_clock_now_ms(rest->options.clock, loop_now_ns(rest->options.loop), &venue_ms);
}

static result_t send_call(binance_rest_t *rest, const binance_request_t *request, bool is_clock, binance_rest_fn *done,
                          void *context, int64_t *wait_ms)
{
    int64_t wait = 0;
    result_t result = request_check(rest, request);
    call_t *call = result == RESULT_OK ? call_take(rest) : NULL;
    if (result == RESULT_OK && call == NULL) {
        result = RESULT_FULL;
    }
    if (result == RESULT_OK) {
        result = budget_ask(rest, request, &wait);
    }
    if (wait_ms != NULL) {
        *wait_ms = wait;
    }
    if (result != RESULT_OK) {
        return result;
    }
    call->request = *request;
    call->is_clock = is_clock;
    call->resynced = false;
    call->done = done;
    call->context = context;
    result = call_start(call);
    if (result == RESULT_OK) {
        call->state = CALL_WAITING;
        rest->in_flight++;
        rest->clock_calls += is_clock;
    }
    return result;
}

result_t binance_rest_send(binance_rest_t *rest, const binance_request_t *request, binance_rest_fn *done, void *context,
                           int64_t *wait_ms)
{
    return send_call(rest, request, false, done, context, wait_ms);
}

result_t binance_rest_measure_clock(binance_rest_t *rest, binance_rest_fn *done, void *context)
{
    binance_request_t request;
    result_t result = binance_encode_time(&request);
    return result == RESULT_OK ? send_call(rest, &request, true, done, context, NULL) : result;
}

uint64_t binance_rest_events_told(const binance_rest_t *rest)
{
    return rest->events_told;
}
