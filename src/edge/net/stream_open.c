/* stream_open.c: how dialled streams begin: looking up a name, connecting (stream.h). */
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/net/stream_inside.h"

enum {
    PORT_TEXT_MAX = 6,
};

static const int64_t CONNECT_TIMEOUT_NS = 10 * NS_PER_S;

/* --- dialling --------------------------------------------------------------------------------- */

/* Begins connect(); the answer comes through stream_connect_ready. */
static result_t connect_begin(stream_t *stream, const struct sockaddr *address, socklen_t size)
{
    int descriptor = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return stream_result_of_errno(errno);
    }
    if (address->sa_family != AF_UNIX) {
        net_no_delay(descriptor);
    }
    if (connect(descriptor, address, size) != 0 && errno != EINPROGRESS) {
        result_t result =
            errno == EAGAIN ? RESULT_REFUSED : stream_result_of_errno(errno); /* EAGAIN: a Unix socket's queue is full */
        stream_detail_set(stream, "connecting", strerror(errno));
        close(descriptor);
        return result;
    }
    result_t result = stream_attach(stream, descriptor);
    if (result == RESULT_OK) {
        stream->state = STREAM_CONNECTING;
        stream_interest_update(stream);
    }
    return result;
}

/* Tries the addresses of a name one after the other; each gets its share of the time that is left. */
static void connect_next(stream_t *stream, result_t failure)
{
    while (stream->address_next != NULL) {
        struct addrinfo *address = stream->address_next;
        stream->address_next = address->ai_next;
        int64_t shares = 1;
        for (struct addrinfo *rest = stream->address_next; rest != NULL; rest = rest->ai_next) {
            shares++;
        }
        int64_t left_ns = stream->deadline_ns - loop_now_ns(stream->loop);
        if (left_ns <= 0) {
            failure = RESULT_TIMEOUT;
            break;
        }
        failure = connect_begin(stream, address->ai_addr, address->ai_addrlen);
        if (failure == RESULT_OK) {
            loop_timer_start_in(&stream->timer, left_ns / shares);
            return;
        }
    }
    stream_finish(stream, failure);
}

/* libuv lets go of a socket only in a close callback: the next address is tried from there. */
static void socket_dropped(uv_handle_t *handle)
{
    stream_t *stream = handle->data;
    stream->dropping = false;
    if (stream->state == STREAM_CLOSED) {
        stream_report(stream);
    } else {
        connect_next(stream, stream->why);
    }
}

static void connect_failed(stream_t *stream, result_t failure)
{
    if (stream->address_next == NULL) {
        stream_finish(stream, failure);
        return;
    }
    stream->why = failure;
    stream->polled = false;
    stream->dropping = true;
    uv_close((uv_handle_t *)&stream->poll, socket_dropped);
    close(stream->descriptor);
    stream->descriptor = -1;
}

/* connect() has an answer. */
void stream_connect_ready(stream_t *stream)
{
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(stream->descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
        error = errno;
    }
    if (error != 0) {
        stream_detail_set(stream, "connecting", strerror(error));
        connect_failed(stream, stream_result_of_errno(error));
        return;
    }
    struct sockaddr_storage peer = {0};
    socklen_t peer_size = sizeof peer;
    getpeername(stream->descriptor, (struct sockaddr *)&peer, &peer_size);
    net_address_format(&peer, stream->peer);
    loop_timer_start_at(&stream->timer, stream->deadline_ns);
    stream_connected(stream);
}

void stream_dial_timed_out(stream_t *stream)
{
    if (stream->dropping) {
        return; /* the next address is about to be tried, or the time is up there */
    }
    bool connecting = stream->state == STREAM_CONNECTING;
    stream_detail_set(stream, connecting ? "connecting" : "looking up the name", "no answer in time");
    if (connecting) {
        connect_failed(stream, RESULT_TIMEOUT);
    } else {
        stream_finish(stream, RESULT_TIMEOUT);
    }
}

static void looked_up(uv_getaddrinfo_t *lookup, int status, struct addrinfo *addresses)
{
    stream_t *stream = lookup->data;
    stream->looking_up = false;
    stream->addresses = status == 0 ? addresses : NULL;
    loop_note_activity(stream->loop);
    if (stream->state == STREAM_CLOSED) {
        stream_report(stream);
        return;
    }
    if (status != 0) {
        stream_detail_set(stream, "looking up the name", uv_strerror(status));
        stream_finish(stream, RESULT_UNREACHABLE);
        return;
    }
    stream->address_next = addresses;
    connect_next(stream, RESULT_UNREACHABLE);
}

static result_t lookup_begin(stream_t *stream, const char *port)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    stream->lookup.data = stream;
    if (uv_getaddrinfo(loop_uv(stream->loop), &stream->lookup, looked_up, stream->host, port, &hints) != 0) {
        return RESULT_FULL;
    }
    stream->looking_up = true;
    stream->state = STREAM_RESOLVING;
    return RESULT_OK;
}

/* Unix paths and numbers connect here and now; names are looked up first. A refusal that is known at once is still reported by
 * on_close. */
static result_t dial_begin(stream_t *stream, const char *port)
{
    result_t result;
    if (stream->is_unix) {
        struct sockaddr_un address;
        result = net_unix_address(stream->host, &address);
        if (result != RESULT_OK) {
            return result;
        }
        result = connect_begin(stream, (struct sockaddr *)&address, sizeof address);
    } else {
        struct sockaddr_storage address;
        socklen_t size = 0;
        if (!net_number_address(stream->host, port, &address, &size)) {
            return lookup_begin(stream, port);
        }
        result = connect_begin(stream, (struct sockaddr *)&address, size);
    }
    if (result != RESULT_OK && result != RESULT_FULL) {
        stream->state = STREAM_CONNECTING;
        stream_finish(stream, result);
        return RESULT_OK;
    }
    return result;
}

result_t stream_dial(const stream_dial_t *dial, stream_t **out)
{
    char host[NET_ADDRESS_MAX];
    char port[PORT_TEXT_MAX];
    bool is_unix = false;
    if (!net_address_split(dial->address, host, port, &is_unix)) {
        return RESULT_MALFORMED;
    }
    ASSERT(dial->tls == NULL || !is_unix);
    stream_t *stream = NULL;
    result_t result =
        stream_new(dial->loop, &(stream_sizes_t){.read_capacity = dial->read_capacity, .write_capacity = dial->write_capacity},
                   dial->tls, dial->events, dial->context, &stream);
    if (result != RESULT_OK) {
        return result;
    }
    memcpy(stream->host, host, sizeof host);
    stream->is_unix = is_unix;
    if (dial->tls != NULL) {
        result = stream_tls_begin(stream, dial->tls, dial->tls_name != NULL ? dial->tls_name : stream->host);
    }
    if (result == RESULT_OK) {
        int64_t timeout_ns = dial->connect_timeout_ns == 0 ? CONNECT_TIMEOUT_NS : dial->connect_timeout_ns;
        stream->deadline_ns = loop_now_fresh_ns(dial->loop) + timeout_ns;
        result = dial_begin(stream, port);
    }
    if (result != RESULT_OK) {
        stream_free(stream);
        return result;
    }
    if (stream->state != STREAM_CLOSED) {
        loop_timer_start_at(&stream->timer, stream->deadline_ns);
    }
    *out = stream;
    return RESULT_OK;
}
