/* listener.c: accepting streams, bounded (stream.h).
 *
 * A peer beyond connections_max, or beyond what its host may have, is accepted and closed at once, unless the owner makes room for
 * it: it learns where it stands instead of hanging in the kernel's queue. One descriptor is kept in reserve so that the same can be
 * done when the process has run out of them. Accepting is paced, when the owner wants it: a crowd at the door waits outside.
 */
#define _GNU_SOURCE /* accept4 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/net/stream_inside.h"

enum {
    ACCEPTS_PER_TURN_MAX = 64, /* then others get their turn */
    ACCEPTS_AT_ONCE = 16,      /* of a paced listener: it waits until so many may come in together */
    BACKLOG = 1024,
};

static const int64_t DEPARTURE_EVERY_NS = 16 * NS_PER_MS; /* a goodbye costs some 20 us: one in a thousand of a core */
static const int64_t HANDSHAKE_TIMEOUT_NS = 10 * NS_PER_S;

struct listener {
    uv_poll_t poll;
    listener_options_t options;
    int descriptor;
    int reserve; /* an open descriptor to give up in need */
    bool is_unix, closed;
    uint32_t connections; /* streams that still point here */
    listener_hosts_t hosts;
    stream_budget_t budget;
    loop_timer_t pace;
    double allowance; /* newcomers that may come in now */
    int64_t allowance_ns;
    int64_t departure_ns; /* the last turn to leave that was given */
    uint64_t refused;
    char address[NET_ADDRESS_MAX];
    char path[NET_ADDRESS_MAX]; /* of a Unix socket */
};

/* --- opening ---------------------------------------------------------------------------------- */

/* Does anybody answer on this Unix socket? */
static bool unix_is_alive(const struct sockaddr_un *address)
{
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return true; /* cannot know: leave the file alone */
    }
    bool alive = connect(descriptor, (const struct sockaddr *)address, sizeof *address) == 0 || errno == EAGAIN;
    close(descriptor);
    return alive;
}

static result_t unix_bind(int descriptor, const char *path)
{
    struct sockaddr_un address;
    result_t result = net_unix_address(path, &address);
    if (result != RESULT_OK) {
        return result;
    }
    struct stat status;
    if (lstat(path, &status) == 0) {
        if (!S_ISSOCK(status.st_mode) || unix_is_alive(&address)) {
            return RESULT_ADDRESS_IN_USE;
        }
        unlink(path); /* left behind by a process that died */
    }
    /* The mode is set on the descriptor before bind, so the file never exists with a wider one. */
    fchmod(descriptor, S_IRUSR | S_IWUSR);
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        return errno == ENOENT ? RESULT_NOT_FOUND : stream_result_of_errno(errno);
    }
    return chmod(path, S_IRUSR | S_IWUSR) == 0 ? RESULT_OK : RESULT_PERMISSION;
}

static result_t tcp_bind(int descriptor, const struct sockaddr_storage *address, socklen_t size)
{
    int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); /* connections in TIME_WAIT do not block a restart */
    return bind(descriptor, (const struct sockaddr *)address, size) == 0 ? RESULT_OK : stream_result_of_errno(errno);
}

static result_t socket_open(listener_t *listener)
{
    char host[NET_ADDRESS_MAX];
    char port[6];
    struct sockaddr_storage address = {.ss_family = AF_UNIX};
    socklen_t size = sizeof address;
    if (!net_address_split(listener->options.address, host, port, &listener->is_unix)) {
        return RESULT_MALFORMED;
    }
    if (!listener->is_unix && !net_number_address(host, port, &address, &size)) {
        return RESULT_MALFORMED;
    }
    listener->descriptor = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener->descriptor < 0) {
        return stream_result_of_errno(errno);
    }
    result_t result = listener->is_unix ? unix_bind(listener->descriptor, host) : tcp_bind(listener->descriptor, &address, size);
    if (result == RESULT_OK && listen(listener->descriptor, BACKLOG) != 0) {
        result = stream_result_of_errno(errno);
    }
    if (result != RESULT_OK) {
        close(listener->descriptor);
        return result;
    }
    if (listener->is_unix) {
        snprintf(listener->path, sizeof listener->path, "%s", host);
        snprintf(listener->address, sizeof listener->address, "%s", listener->options.address);
    } else {
        size = sizeof address;
        getsockname(listener->descriptor, (struct sockaddr *)&address, &size);
        net_address_format(&address, listener->address);
    }
    return RESULT_OK;
}

/* --- accepting -------------------------------------------------------------------------------- */

static void descriptor_reset(int descriptor)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(descriptor);
}

static void host_leave(listener_host_t *from)
{
    if (from != NULL) {
        listener_host_leave(from);
    }
}

static void refuse(listener_t *listener, int descriptor, listener_host_t *from)
{
    listener->refused++;
    host_leave(from);
    descriptor_reset(descriptor);
}

static void stream_accept(listener_t *listener, int descriptor, const struct sockaddr_storage *peer, listener_host_t *from)
{
    const listener_options_t *options = &listener->options;
    const stream_sizes_t sizes = {.read_capacity = options->read_capacity,
                                  .write_capacity = options->write_capacity,
                                  .piece_bytes = options->piece_bytes,
                                  .budget = &listener->budget};
    stream_t *stream = NULL;
    if (stream_new(options->loop, &sizes, options->tls, options->events, NULL, &stream) != RESULT_OK) {
        refuse(listener, descriptor, from);
        return;
    }
    stream->accepted = true;
    stream->is_unix = listener->is_unix;
    net_address_format(peer, stream->peer);
    if (stream_attach(stream, descriptor) != RESULT_OK) {
        host_leave(from);
        stream_free(stream);
        return;
    }
    stream->listener = listener;
    stream->from = from;
    listener->connections++;
    result_t result = options->tls == NULL ? RESULT_OK : stream_tls_begin(stream, options->tls, NULL);
    stream->context = result == RESULT_OK ? options->on_accept(listener, stream, options->context) : NULL;
    if (stream->context == NULL) {
        stream->events = NULL; /* nobody to tell */
        stream_abort(stream, RESULT_CLOSED);
        return;
    }
    if (stream->state == STREAM_CLOSED) {
        return; /* aborted inside on_accept */
    }
    if (options->tls != NULL) {
        int64_t timeout_ns = options->handshake_timeout_ns == 0 ? HANDSHAKE_TIMEOUT_NS : options->handshake_timeout_ns;
        loop_timer_start_in(&stream->timer, timeout_ns);
    }
    stream_connected(stream);
}

/* May the newcomer come in? The owner may put somebody else out for it. Its host is counted from here on; *from: its row, or NULL.
 */
static bool has_place(listener_t *listener, const struct sockaddr_storage *peer, listener_host_t **from)
{
    const listener_options_t *options = &listener->options;
    bool crowded = listener->connections >= options->connections_max;
    const void *greedy = NULL;
    *from = NULL;
    if (options->host_connections_max > 0 && !listener->is_unix) {
        *from = listener_host_of(&listener->hosts, peer);
        if (*from == NULL) {
            return false;
        }
        listener_host_enter(*from);
        greedy = listener_host_count(*from) > options->host_connections_max ? *from : NULL;
    }
    return (!crowded && greedy == NULL) || (options->on_crowded != NULL && options->on_crowded(listener, greedy, options->context));
}

/* Out of descriptors: give up the reserve to take one waiting peer off the queue, so that it is not served by silence. */
static void accept_in_need(listener_t *listener)
{
    if (listener->reserve >= 0) {
        close(listener->reserve);
        int descriptor = accept(listener->descriptor, NULL, NULL);
        if (descriptor >= 0) {
            descriptor_reset(descriptor);
        }
        listener->refused++;
        listener->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
}

/* One newcomer off the kernel's queue. False: nobody waits there. */
static bool accept_one(listener_t *listener)
{
    struct sockaddr_storage peer = {0};
    socklen_t size = sizeof peer;
    listener_host_t *from = NULL;
    int descriptor = accept4(listener->descriptor, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) {
        if (errno == EMFILE || errno == ENFILE) {
            accept_in_need(listener);
        }
        return false;
    }
    if (!has_place(listener, &peer, &from)) {
        refuse(listener, descriptor, from);
        return true;
    }
    if (!listener->is_unix) {
        net_no_delay(descriptor);
    }
    stream_accept(listener, descriptor, &peer, from);
    return true;
}

/* How many may come in now. With 0 the listener looks away until there is room for some together. */
static uint32_t allowance(listener_t *listener)
{
    uint32_t rate = listener->options.accepts_per_second;
    if (rate == 0) {
        return ACCEPTS_PER_TURN_MAX;
    }
    int64_t now_ns = loop_now_ns(listener->options.loop);
    listener->allowance += (double)(now_ns - listener->allowance_ns) * rate / (double)NS_PER_S;
    listener->allowance = listener->allowance < ACCEPTS_PER_TURN_MAX ? listener->allowance : ACCEPTS_PER_TURN_MAX;
    listener->allowance_ns = now_ns;
    if (listener->allowance >= 1) {
        return listener->allowance < ACCEPTS_AT_ONCE ? (uint32_t)listener->allowance : ACCEPTS_AT_ONCE;
    }
    uv_poll_stop(&listener->poll);
    loop_timer_start_in(&listener->pace, ACCEPTS_AT_ONCE * NS_PER_S / rate);
    return 0;
}

static void listener_ready(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    listener_t *listener = poll->data;
    loop_note_activity(listener->options.loop);
    for (uint32_t left = allowance(listener); left > 0 && !listener->closed && accept_one(listener); left--) {
        listener->allowance -= 1;
    }
}

static void pace_over(loop_timer_t *timer, void *context)
{
    (void)timer;
    listener_t *listener = context;
    uv_poll_start(&listener->poll, UV_READABLE, listener_ready);
}

result_t listener_open(const listener_options_t *options, listener_t **out)
{
    ASSERT(options->on_accept != NULL && options->connections_max >= 1);
    listener_t *listener = calloc(1, sizeof *listener);
    if (listener == NULL) {
        return RESULT_FULL;
    }
    listener->options = *options;
    result_t result = socket_open(listener);
    if (result != RESULT_OK) {
        free(listener);
        return result;
    }
    if (uv_poll_init(loop_uv(options->loop), &listener->poll, listener->descriptor) != 0) {
        close(listener->descriptor);
        free(listener);
        return RESULT_IO;
    }
    listener->options.address = NULL; /* was borrowed */
    listener->budget = (stream_budget_t){.in_max = options->in_max, .out_max = options->out_max};
    listener->allowance = ACCEPTS_PER_TURN_MAX;
    listener->allowance_ns = loop_now_ns(options->loop);
    loop_timer_init(&listener->pace, options->loop, pace_over, listener);
    listener->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
    listener->poll.data = listener;
    uv_poll_start(&listener->poll, UV_READABLE, listener_ready);
    *out = listener;
    return RESULT_OK;
}

/* --- ending ----------------------------------------------------------------------------------- */

int64_t stream_departure_ns(const stream_t *stream)
{
    int64_t now_ns = loop_now_ns(stream->loop);
    listener_t *listener = stream->listener;
    if (listener == NULL) {
        return now_ns;
    }
    /* No further ahead than all who are there need: who goes on after all leaves his turn unused, and so could put off everybody's.
     */
    int64_t last_ns = now_ns + listener->connections * DEPARTURE_EVERY_NS;
    int64_t next_ns = listener->departure_ns + DEPARTURE_EVERY_NS;
    next_ns = next_ns < last_ns ? next_ns : last_ns;
    listener->departure_ns = next_ns > now_ns ? next_ns : now_ns;
    return loop_coarse_ns(listener->departure_ns);
}

/* Freed when it is closed for libuv and no accepted stream points here any more; `connections` counts libuv's hold as well then. */
void listener_stream_gone(listener_t *listener, listener_host_t *from)
{
    host_leave(from);
    ASSERT(listener->connections > 0);
    listener->connections--;
    if (listener->closed && listener->connections == 0) {
        free(listener);
    }
}

static void listener_closed(uv_handle_t *handle)
{
    listener_stream_gone(handle->data, NULL);
}

void listener_close(listener_t *listener)
{
    ASSERT(!listener->closed);
    listener->closed = true;
    loop_timer_stop(&listener->pace);
    listener->connections++;
    uv_close((uv_handle_t *)&listener->poll, listener_closed);
    close(listener->descriptor);
    if (listener->reserve >= 0) {
        close(listener->reserve);
    }
    if (listener->is_unix) {
        unlink(listener->path);
    }
}

const char *listener_address(const listener_t *listener)
{
    return listener->address;
}

uint32_t listener_connections(const listener_t *listener)
{
    return listener->connections;
}
