/* http_client.c: the life of a request: made, waiting, sent, answered or failed, tried again or not (http_client.h).
 *
 * The one rule: a request of kind ONCE is given to connection_send at most once (asserted), and whatever happens afterwards can
 * only lead to its callback. All retrying stands in flight_failed and flight_answered.
 */
#include "edge/net/http_client_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/time.h"

enum {
    CONNECTIONS_DEFAULT = 4,
    QUEUE_DEFAULT = 64,
    REQUEST_MAX_DEFAULT = 16 * 1024,
    RESPONSE_MAX_DEFAULT = 64 * 1024,
    RETRIES_MAX = 3,
    RETRY_AFTER_MAX_S = 24 * 3600,
};

static const int64_t CONNECT_TIMEOUT_NS = 5 * NS_PER_S;
static const int64_t REPLY_TIMEOUT_NS = 10 * NS_PER_S;
static const int64_t TOTAL_TIMEOUT_NS = 30 * NS_PER_S;
static const int64_t IDLE_MAX_NS = 50 * NS_PER_S;

static void total_timer_fired(loop_timer_t *timer, void *context);

/* --- lists ------------------------------------------------------------------------------------ */

static void waiting_append(http_client_t *client, flight_t *flight)
{
    flight->state = FLIGHT_WAITING;
    flight->connection = NULL;
    flight->next = NULL;
    *client->waiting_end = flight;
    client->waiting_end = &flight->next;
}

flight_t *flight_take_waiting(http_client_t *client)
{
    flight_t *flight = client->waiting;
    if (flight != NULL) {
        client->waiting = flight->next;
        if (client->waiting == NULL) {
            client->waiting_end = &client->waiting;
        }
        flight->next = NULL;
    }
    return flight;
}

static void waiting_remove(http_client_t *client, flight_t *flight)
{
    flight_t **link = &client->waiting;
    while (*link != flight) {
        ASSERT(*link != NULL);
        link = &(*link)->next;
    }
    *link = flight->next;
    if (flight->next == NULL) {
        client->waiting_end = link;
    }
    flight->next = NULL;
}

static void flight_free(flight_t *flight)
{
    loop_timer_stop(&flight->total_timer);
    loop_timer_stop(&flight->step_timer);
    flight->state = FLIGHT_FREE;
    flight->next = flight->client->free_list;
    flight->client->free_list = flight;
}

/* --- the bytes of a request ------------------------------------------------------------------- */

static bool has_header(const http_call_t *call, str_t name)
{
    for (uint32_t i = 0; i < call->headers_count; i++) {
        if (str_eq_nocase(call->headers[i].name, name)) {
            return true;
        }
    }
    return false;
}

static result_t flight_write(flight_t *flight, const http_call_t *call)
{
    http_client_t *client = flight->client;
    http_writer_t writer;
    char target[8192];
    size_t base = strlen(client->base_path);
    str_t full = call->target;
    if (base > 0) {
        if (base + call->target.length > sizeof target) {
            return RESULT_FULL;
        }
        memcpy(target, client->base_path, base);
        memcpy(target + base, call->target.bytes, call->target.length);
        full = (str_t){target, base + call->target.length};
    }
    http_writer_init(&writer, flight->bytes, client->options.request_max);
    http_write_request_line(&writer, call->method, full);
    http_write_header(&writer, STR("Host"), str_from(client->host_header));
    http_write_header(&writer, STR("Accept-Encoding"), STR("identity"));
    if (!has_header(call, STR("User-Agent"))) {
        http_write_header(&writer, STR("User-Agent"), STR("patriot/" PATRIOT_VERSION));
    }
    for (uint32_t i = 0; i < call->headers_count; i++) {
        http_write_header(&writer, call->headers[i].name, call->headers[i].value);
    }
    bool carries = str_eq(call->method, STR("POST")) || str_eq(call->method, STR("PUT")) || str_eq(call->method, STR("PATCH"));
    if (carries || call->body.length > 0) {
        http_write_body(&writer, call->body);
    } else {
        http_write_end(&writer);
    }
    flight->length = writer.length;
    flight->is_head = str_eq(call->method, STR("HEAD"));
    return writer.result;
}

/* --- making requests -------------------------------------------------------------------------- */

static result_t request_make(http_client_t *client, const http_call_t *call, flight_kind_t kind)
{
    ASSERT(call->done != NULL && !client->destroyed);
    flight_t *flight = client->free_list;
    if (flight == NULL) {
        return RESULT_FULL;
    }
    result_t result = flight_write(flight, call);
    if (result != RESULT_OK) {
        return result;
    }
    client->free_list = flight->next;
    flight->kind = kind;
    flight->call = *call;
    flight->call.method = flight->call.target = flight->call.body = (str_t){0};
    flight->call.headers = NULL;
    flight->call.headers_count = 0;
    flight->call.reply_timeout_ns = call->reply_timeout_ns == 0 ? client->options.reply_timeout_ns : call->reply_timeout_ns;
    flight->ever_left = false;
    flight->writes = flight->tries = 0;
    flight->sent_ns = 0;
    flight->why = RESULT_OK;
    flight->detail[0] = '\0';
    int64_t total_ns = call->total_timeout_ns == 0 ? client->options.total_timeout_ns : call->total_timeout_ns;
    flight->deadline_ns = loop_now_fresh_ns(client->loop) + total_ns;
    loop_timer_start_at(&flight->total_timer, flight->deadline_ns);
    waiting_append(client, flight);
    pool_pump(client);
    return RESULT_OK;
}

result_t http_request_once(http_client_t *client, const http_call_t *call)
{
    return request_make(client, call, FLIGHT_ONCE);
}

result_t http_request_repeatable(http_client_t *client, const http_call_t *call)
{
    return request_make(client, call, FLIGHT_REPEATABLE);
}

/* --- ending a request ------------------------------------------------------------------------- */

static void deliver(flight_t *flight, http_outcome_t outcome, const http_message_t *response)
{
    char detail[STREAM_DETAIL_MAX];
    http_reply_t reply = {
        .outcome = outcome,
        .why = outcome == HTTP_ANSWERED ? RESULT_OK : flight->why,
        .detail = detail,
        .response = response,
        .attempts = flight->writes,
        .sent_ns = flight->sent_ns,
        .done_ns = loop_now_ns(flight->client->loop),
    };
    http_reply_fn *done = flight->call.done;
    void *context = flight->call.context;
    memcpy(detail, flight->detail, sizeof detail);
    flight_free(flight); /* first: the callback may need its place */
    done(&reply, context);
}

/* The callback comes at the end of the turn: failures are found inside calls of the owner's too. */
static void flight_end_later(flight_t *flight)
{
    http_client_t *client = flight->client;
    loop_timer_stop(&flight->total_timer);
    loop_timer_stop(&flight->step_timer);
    flight->state = FLIGHT_READY;
    flight->connection = NULL;
    flight->next = NULL;
    *client->ready_end = flight;
    client->ready_end = &flight->next;
    loop_defer(client->loop, &client->task);
}

static http_outcome_t outcome_of_failure(const flight_t *flight)
{
    return flight->ever_left ? HTTP_UNKNOWN : HTTP_NOT_SENT;
}

static void client_task(void *context)
{
    http_client_t *client = context;
    flight_t *ready = client->ready;
    client->ready = NULL;
    client->ready_end = &client->ready;
    while (ready != NULL) {
        flight_t *flight = ready;
        ready = flight->next;
        deliver(flight, outcome_of_failure(flight), NULL);
    }
    pool_pump(client);
}

/* --- trying again ----------------------------------------------------------------------------- */

static void rest_over(loop_timer_t *timer, void *context)
{
    (void)timer;
    flight_t *flight = context;
    if (flight->call.rebuild != NULL) {
        http_call_t call = flight->call;
        result_t result = flight->call.rebuild(&call, flight->tries + 1, flight->call.context);
        result = result == RESULT_OK ? flight_write(flight, &call) : result;
        if (result != RESULT_OK) {
            flight_end_later(flight);
            return;
        }
    }
    flight->client->stats.retried++;
    waiting_append(flight->client, flight);
    pool_pump(flight->client);
}

/* 1, 2, 4 s, each times [0.5, 1.5); the venue's own wish wins. */
static int64_t rest_ns(flight_t *flight, const http_message_t *response)
{
    uint64_t seconds = 0;
    if (response != NULL && http_header_u64(response, "Retry-After", &seconds) == RESULT_OK) {
        return (int64_t)(seconds < RETRY_AFTER_MAX_S ? seconds : RETRY_AFTER_MAX_S) * NS_PER_S;
    }
    int64_t base_ns = NS_PER_S << (flight->tries - 1);
    return base_ns / 2 + (int64_t)prng_below(&flight->client->prng, (uint64_t)base_ns);
}

/* True when the request rests now and will be tried again. */
static bool try_again_later(flight_t *flight, const http_message_t *response)
{
    flight->tries++;
    if (flight->kind == FLIGHT_ONCE || flight->tries > RETRIES_MAX) {
        return false;
    }
    int64_t wait_ns = rest_ns(flight, response);
    int64_t now_ns = loop_now_ns(flight->client->loop);
    if (wait_ns >= flight->deadline_ns - now_ns) {
        return false;
    }
    loop_timer_stop(&flight->step_timer);
    loop_timer_init(&flight->step_timer, flight->client->loop, rest_over, flight);
    loop_timer_start_in(&flight->step_timer, wait_ns);
    flight->state = FLIGHT_RESTING;
    flight->connection = NULL;
    return true;
}

void flight_failed(flight_t *flight, result_t why, const char *detail)
{
    flight->why = why == RESULT_OK ? RESULT_CLOSED : why;
    snprintf(flight->detail, sizeof flight->detail, "%s", detail);
    loop_timer_stop(&flight->step_timer);
    if (!try_again_later(flight, NULL)) {
        flight_end_later(flight);
    }
}

static bool status_is_passing(unsigned status)
{
    return status == 500 || status == 502 || status == 503 || status == 504;
}

void flight_answered(flight_t *flight, const http_message_t *response)
{
    loop_timer_stop(&flight->step_timer);
    if (flight->kind == FLIGHT_REPEATABLE && status_is_passing(response->status) && try_again_later(flight, response)) {
        return;
    }
    deliver(flight, HTTP_ANSWERED, response);
}

static void total_timer_fired(loop_timer_t *timer, void *context)
{
    (void)timer;
    flight_t *flight = context;
    if (flight->state == FLIGHT_WAITING) {
        waiting_remove(flight->client, flight);
    } else if (flight->state == FLIGHT_SENT) {
        pool_release(flight->connection);
    }
    if (flight->why == RESULT_OK) {
        flight->why = RESULT_TIMEOUT;
        snprintf(flight->detail, sizeof flight->detail, "the time for the whole request is up");
    }
    flight_end_later(flight);
}

/* --- beginning and end ------------------------------------------------------------------------ */

static void warm_again(loop_timer_t *timer, void *context)
{
    (void)timer;
    pool_pump(context);
}

static http_client_options_t with_defaults(const http_client_options_t *given)
{
    http_client_options_t options = *given;
    options.origin = NULL;
    options.connections_max = given->connections_max == 0 ? CONNECTIONS_DEFAULT : given->connections_max;
    options.queue_max = given->queue_max == 0 ? QUEUE_DEFAULT : given->queue_max;
    options.request_max = given->request_max == 0 ? REQUEST_MAX_DEFAULT : given->request_max;
    options.response_max = given->response_max == 0 ? RESPONSE_MAX_DEFAULT : given->response_max;
    options.connect_timeout_ns = given->connect_timeout_ns == 0 ? CONNECT_TIMEOUT_NS : given->connect_timeout_ns;
    options.reply_timeout_ns = given->reply_timeout_ns == 0 ? REPLY_TIMEOUT_NS : given->reply_timeout_ns;
    options.total_timeout_ns = given->total_timeout_ns == 0 ? TOTAL_TIMEOUT_NS : given->total_timeout_ns;
    options.idle_max_ns = given->idle_max_ns == 0 ? IDLE_MAX_NS : given->idle_max_ns;
    return options;
}

static result_t origin_take(http_client_t *client, const char *origin)
{
    http_url_t url;
    result_t result = http_url_parse(str_from(origin), &url);
    if (result != RESULT_OK) {
        return result;
    }
    if (url.scheme != HTTP_SCHEME_HTTP && url.scheme != HTTP_SCHEME_HTTPS) {
        return RESULT_UNSUPPORTED;
    }
    client->secure = url.scheme == HTTP_SCHEME_HTTPS;
    str_t base = url.path;
    while (base.length > 0 && base.bytes[base.length - 1] == '/') {
        base.length--;
    }
    bool taken = str_copy(base, client->base_path, sizeof client->base_path) == RESULT_OK &&
                 str_copy(url.host, client->tls_name, sizeof client->tls_name) == RESULT_OK &&
                 http_url_host_header(&url, client->host_header, sizeof client->host_header) == RESULT_OK &&
                 http_url_address(&url, client->address, sizeof client->address) == RESULT_OK;
    return taken ? RESULT_OK : RESULT_MALFORMED;
}

static bool memory_take(http_client_t *client)
{
    const http_client_options_t *options = &client->options;
    client->flights = calloc(options->queue_max, sizeof *client->flights);
    client->request_memory = malloc(options->queue_max * options->request_max);
    client->connections = calloc(options->connections_max, sizeof *client->connections);
    return client->flights != NULL && client->request_memory != NULL && client->connections != NULL;
}

static void memory_give_back(http_client_t *client)
{
    free(client->flights);
    free(client->request_memory);
    free(client->connections);
    free(client);
}

result_t http_client_create(const http_client_options_t *options, http_client_t **out)
{
    http_client_t *client = calloc(1, sizeof *client);
    if (client == NULL) {
        return RESULT_FULL;
    }
    client->options = with_defaults(options);
    client->loop = options->loop;
    result_t result = origin_take(client, options->origin);
    if (result == RESULT_OK && client->secure && options->tls == NULL) {
        result = RESULT_BAD_ARGUMENT;
    }
    if (result == RESULT_OK && !memory_take(client)) {
        result = RESULT_FULL;
    }
    if (result != RESULT_OK) {
        memory_give_back(client);
        return result;
    }
    prng_seed(&client->prng, options->jitter_seed);
    client->waiting_end = &client->waiting;
    client->ready_end = &client->ready;
    loop_timer_init(&client->warm_timer, client->loop, warm_again, client);
    loop_task_init(&client->task, client_task, client);
    for (uint32_t i = 0; i < client->options.queue_max; i++) {
        flight_t *flight = &client->flights[client->options.queue_max - 1 - i];
        flight->client = client;
        flight->bytes = client->request_memory + (size_t)(flight - client->flights) * client->options.request_max;
        loop_timer_init(&flight->total_timer, client->loop, total_timer_fired, flight);
        loop_timer_init(&flight->step_timer, client->loop, rest_over, flight);
        flight->next = client->free_list;
        client->free_list = flight;
    }
    for (uint32_t i = 0; i < client->options.connections_max; i++) {
        client->connections[i].client = client;
        loop_timer_init(&client->connections[i].idle_timer, client->loop, warm_again, client);
    }
    *out = client;
    return RESULT_OK;
}

void client_free_when_done(http_client_t *client)
{
    if (client->destroyed && pool_count(client, CONNECTION_NONE) == client->options.connections_max) {
        memory_give_back(client);
    }
}

void http_client_destroy(http_client_t *client)
{
    if (client == NULL) {
        return;
    }
    client->destroyed = true;
    loop_timer_stop(&client->warm_timer);
    loop_task_cancel(&client->task);
    for (uint32_t i = 0; i < client->options.queue_max; i++) {
        flight_t *flight = &client->flights[i];
        if (flight->state != FLIGHT_FREE) {
            if (flight->why == RESULT_OK) {
                flight->why = RESULT_CLOSED;
                snprintf(flight->detail, sizeof flight->detail, "the client was closed");
            }
            deliver(flight, outcome_of_failure(flight), NULL);
        }
    }
    pool_close(client);
    client_free_when_done(client);
}

void http_client_keep_warm(http_client_t *client, uint32_t count)
{
    client->warm = count < client->options.connections_max ? count : client->options.connections_max;
    pool_pump(client);
}

http_client_stats_t http_client_stats(const http_client_t *client)
{
    http_client_stats_t stats = client->stats;
    stats.busy = pool_count(client, CONNECTION_BUSY);
    stats.open = stats.busy + pool_count(client, CONNECTION_IDLE);
    stats.waiting = 0;
    for (const flight_t *flight = client->waiting; flight != NULL; flight = flight->next) {
        stats.waiting++;
    }
    return stats;
}
