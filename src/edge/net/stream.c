/* stream.c: the life of one stream: opening, reading, closing (stream.h tells the rules; stream_open.c how streams begin,
 * stream_write.c how bytes leave).
 *
 * Sockets are watched with uv_poll and read and written by ourselves: recv straight into the read buffer, one send a turn out of
 * the write buffer, and an exact answer to "has a byte left?". Readiness is level-triggered, so one recv a turn and stream is
 * enough and nobody starves.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/net/stream_inside.h"

enum {
    TLS_RESERVE = 4096, /* room in `out` for what TLS says of its own accord: alerts, key updates */
    DISCARD_BYTES = 1 << 20,
};

static void poll_ready(uv_poll_t *poll, int status, int events);
static void stream_read(stream_t *stream);
static void stream_task_run(void *context);
static void stream_yield_run(void *context);
static void stream_close_run(void *context);
static void stream_timer_fired(loop_timer_t *timer, void *context);

/* --- birth and death -------------------------------------------------------------------------- */

result_t stream_new(loop_t *loop, const stream_sizes_t *sizes, tls_t *tls, const stream_events_t *events, void *context,
                    stream_t **out)
{
    ASSERT(events->on_data != NULL && events->on_close != NULL);
    size_t in_capacity = sizes->read_capacity == 0 ? STREAM_BUFFER_DEFAULT : sizes->read_capacity;
    size_t out_wanted = sizes->write_capacity == 0 ? STREAM_BUFFER_DEFAULT : sizes->write_capacity;
    size_t reserve = tls == NULL ? 0 : TLS_RESERVE + stream_tls_cost(out_wanted);
    size_t out_capacity = out_wanted + reserve;
    bool whole = sizes->piece_bytes == 0;
    /* Pages of the buffers that are never touched cost nothing. */
    char *memory = malloc(sizeof(stream_t) + (whole ? in_capacity + out_capacity : 0));
    if (memory == NULL) {
        return RESULT_FULL;
    }
    stream_t *stream = (stream_t *)(void *)memory;
    memset(stream, 0, sizeof *stream);
    stream->loop = loop;
    stream->events = events;
    stream->context = context;
    stream->descriptor = -1;
    stream->in_capacity = in_capacity;
    stream->out_capacity = out_capacity;
    stream->piece_bytes = sizes->piece_bytes;
    stream->budget = sizes->budget;
    if (whole) {
        stream->in = memory + sizeof(stream_t);
        stream->in_size = in_capacity;
        stream->out = stream->in + in_capacity;
        stream->out_size = out_capacity;
    }
    stream->out_reserve = tls == NULL ? 0 : TLS_RESERVE;
    loop_timer_init(&stream->timer, loop, stream_timer_fired, stream);
    loop_timer_init(&stream->stall_timer, loop, stream_stall_over, stream);
    loop_task_init(&stream->task, stream_task_run, stream);
    loop_task_init(&stream->yield_task, stream_yield_run, stream);
    loop_task_init(&stream->close_task, stream_close_run, stream);
    *out = stream;
    return RESULT_OK;
}

void stream_free(stream_t *stream)
{
    SSL_free(stream->tls);
    if (stream->addresses != NULL) {
        uv_freeaddrinfo(stream->addresses);
    }
    stream_buffers_free(stream);
    free(stream);
}

result_t stream_attach(stream_t *stream, int descriptor)
{
    if (uv_poll_init(loop_uv(stream->loop), &stream->poll, descriptor) != 0) {
        close(descriptor);
        return RESULT_IO;
    }
    stream->poll.data = stream;
    stream->descriptor = descriptor;
    stream->polled = true;
    stream->interest = 0;
    return RESULT_OK;
}

result_t stream_result_of_errno(int error)
{
    switch (error) {
    case ECONNREFUSED:
    case ENOENT: /* a Unix socket that is not there */
        return RESULT_REFUSED;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
        return RESULT_UNREACHABLE;
    case ETIMEDOUT:
        return RESULT_TIMEOUT;
    case EPIPE:
    case ECONNRESET:
        return RESULT_CLOSED;
    case EADDRINUSE:
        return RESULT_ADDRESS_IN_USE;
    case EACCES:
    case EPERM:
        return RESULT_PERMISSION;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        return RESULT_FULL;
    default:
        return RESULT_IO;
    }
}

void stream_detail_set(stream_t *stream, const char *what, const char *more)
{
    snprintf(stream->detail, sizeof stream->detail, "%s: %s", what, more == NULL ? "unknown reason" : more);
}

/* The last act: the owner hears why, and the memory goes. */
void stream_report(stream_t *stream)
{
    loop_note_activity(stream->loop);
    listener_t *listener = stream->listener;
    listener_host_t *from = stream->from;
    if (stream->events != NULL) {
        stream->events->on_close(stream, stream->why, stream->context);
    }
    stream_free(stream);
    if (listener != NULL) {
        listener_stream_gone(listener, from); /* after its buffers have left the listener's budget */
    }
}

static void poll_closed(uv_handle_t *handle)
{
    stream_report(handle->data);
}

/* A stream without a socket (a name could not be resolved, say) has no close callback of libuv: the loop's task takes its place. */
static void stream_close_run(void *context)
{
    stream_t *stream = context;
    if (stream->looking_up) {
        return; /* the lookup's callback comes back here */
    }
    stream_report(stream);
}

void stream_finish(stream_t *stream, result_t why)
{
    if (stream->state == STREAM_CLOSED) {
        return;
    }
    stream->state = STREAM_CLOSED;
    stream->why = why;
    loop_timer_stop(&stream->timer);
    loop_timer_stop(&stream->stall_timer);
    loop_task_cancel(&stream->task);
    loop_task_cancel(&stream->yield_task);
    if (stream->looking_up) {
        uv_cancel((uv_req_t *)&stream->lookup);
    }
    if (stream->polled) {
        uv_close((uv_handle_t *)&stream->poll, poll_closed);
        close(stream->descriptor);
        stream->descriptor = -1;
    } else if (!stream->dropping) {
        loop_defer(stream->loop, &stream->close_task);
    }
}

void stream_abort(stream_t *stream, result_t why)
{
    if (stream->state != STREAM_CLOSED && stream->descriptor >= 0 && !stream->is_unix) {
        struct linger now = {.l_onoff = 1, .l_linger = 0};
        setsockopt(stream->descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    stream_finish(stream, why);
}

/* --- waiting ---------------------------------------------------------------------------------- */

/* At the end of the turn `task` sends first, what it can, and then asks here: most replies leave whole, and the kernel hears
 * nothing of a wish to write that would be gone again. Each such change costs three system calls, the dearer the more descriptors
 * there are.
 */
void stream_interest_update(stream_t *stream)
{
    if (stream->state == STREAM_CLOSED || !stream->polled || loop_task_waits(&stream->task)) {
        return;
    }
    bool reading = !stream->ended && stream->state != STREAM_CONNECTING && !(stream->paused && stream->state == STREAM_OPEN);
    bool writing = stream->state == STREAM_CONNECTING || stream_sendable(stream) > 0;
    writing |=
        stream->state == STREAM_OPEN && stream->room_owed && stream->out_length == 0; /* the direct path of stream_write_vector */
    int wanted = (reading ? UV_READABLE : 0) | (writing ? UV_WRITABLE : 0);
    if (wanted != stream->interest) {
        stream->interest = wanted;
        if (wanted == 0) {
            uv_poll_stop(&stream->poll);
        } else {
            uv_poll_start(&stream->poll, wanted, poll_ready);
        }
    }
}

static void stream_timer_fired(loop_timer_t *timer, void *context)
{
    (void)timer;
    stream_t *stream = context;
    switch (stream->state) {
    case STREAM_RESOLVING:
    case STREAM_CONNECTING:
        stream_dial_timed_out(stream);
        break;
    case STREAM_SHAKING:
        stream_detail_set(stream, "TLS", "the handshake took too long");
        stream_abort(stream, RESULT_TIMEOUT);
        break;
    case STREAM_OPEN:
    case STREAM_FLUSHING:
        stream_abort(stream, RESULT_TIMEOUT);
        break;
    case STREAM_LINGERING:
    case STREAM_CLOSED:
        stream_finish(stream, RESULT_OK);
        break;
    }
}

/* --- opening ---------------------------------------------------------------------------------- */

static void stream_opened(stream_t *stream)
{
    stream->state = STREAM_OPEN;
    loop_timer_stop(&stream->timer);
    stream_interest_update(stream);
    if (stream->events->on_open != NULL) {
        stream->events->on_open(stream, stream->context);
    }
}

static void stream_shake(stream_t *stream)
{
    tls_step_t step = stream_tls_handshake(stream);
    stream_try_send(stream);
    if (stream->state != STREAM_SHAKING) {
        return;
    }
    switch (step) {
    case TLS_STEP_AGAIN:
        stream_interest_update(stream);
        break;
    case TLS_STEP_DONE:
        stream_opened(stream);
        if (stream->state == STREAM_OPEN && !stream->paused && SSL_has_pending(stream->tls)) {
            stream_read(stream); /* came together with the end of the handshake: the socket will not say so again */
        }
        break;
    case TLS_STEP_ENDED:
    case TLS_STEP_FAILED:
        stream_finish(stream, RESULT_TLS);
        break;
    }
}

void stream_connected(stream_t *stream)
{
    if (stream->tls == NULL) {
        stream_opened(stream);
        return;
    }
    stream->state = STREAM_SHAKING;
    stream_shake(stream);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Shows the owner what is unread. False when the stream is no longer open afterwards. */
static bool stream_show(stream_t *stream)
{
    if (stream->in_length == 0) {
        return stream->state == STREAM_OPEN;
    }
    size_t used = stream->events->on_data(stream, stream->in + stream->in_start, stream->in_length, stream->context);
    if (stream->state != STREAM_OPEN) {
        return false;
    }
    ASSERT(used <= stream->in_length);
    stream->in_start += used;
    stream->in_length -= used;
    if (stream->in_length == 0) {
        stream_in_emptied(stream);
    }
    return true;
}

static void stream_peer_ended(stream_t *stream)
{
    stream->ended = true;
    if (stream->events->on_end != NULL) {
        stream->events->on_end(stream, stream->context);
    }
    if (stream->state != STREAM_OPEN) {
        return;
    }
    stream_try_send(stream);
    if (stream->state == STREAM_OPEN && stream->out_length == 0) {
        stream_detail_set(stream, "closed", "by the peer");
        stream_finish(stream, RESULT_CLOSED);
    } else {
        stream_interest_update(stream);
    }
}

static tls_step_t socket_read(stream_t *stream, char *bytes, size_t capacity, size_t *got)
{
    if (stream->tls != NULL) {
        return stream_tls_read(stream, bytes, capacity, got);
    }
    ssize_t count = recv(stream->descriptor, bytes, capacity, 0);
    if (count > 0) {
        *got = (size_t)count;
        return TLS_STEP_DONE;
    }
    if (count == 0) {
        return TLS_STEP_ENDED;
    }
    if (errno == EAGAIN || errno == EINTR) {
        return TLS_STEP_AGAIN;
    }
    stream_detail_set(stream, "receiving", strerror(errno));
    return TLS_STEP_FAILED;
}

/* Fills the read buffer with one system call's worth; with TLS: all records that came with it. DONE: the buffer is full and there
 * is more. */
static tls_step_t stream_fill(stream_t *stream)
{
    for (;;) {
        size_t room = stream_in_room(stream);
        if (room == 0) {
            return TLS_STEP_DONE;
        }
        size_t got = 0;
        tls_step_t step = socket_read(stream, stream->in + stream->in_start + stream->in_length, room, &got);
        if (step != TLS_STEP_DONE) {
            return step;
        }
        stream->in_length += got;
        if (stream->tls == NULL ? got < room : !SSL_has_pending(stream->tls)) {
            return TLS_STEP_AGAIN;
        }
    }
}

static void stream_read(stream_t *stream)
{
    for (;;) {
        size_t before = stream->in_length;
        tls_step_t step = stream_fill(stream);
        int error = errno;
        if (stream->in_length == before && step == TLS_STEP_DONE) {
            stream_detail_set(stream, "receiving", "there is no more room for the peer's unfinished message");
            stream_abort(stream, RESULT_FULL);
            return;
        }
        if (stream->in_length > before && (!stream_show(stream) || stream->paused)) {
            return; /* an end that was seen just now will be seen again */
        }
        switch (step) {
        case TLS_STEP_AGAIN:
            return;
        case TLS_STEP_ENDED:
            stream_peer_ended(stream);
            return;
        case TLS_STEP_FAILED:
            stream_finish(stream, stream->tls != NULL ? RESULT_TLS : stream_result_of_errno(error));
            return;
        case TLS_STEP_DONE:
            break;
        }
    }
}

/* One piece of what the peer still sends, forgotten; over TCP without copying it out of the kernel. */
static ssize_t discard_some(const stream_t *stream)
{
    char bytes[4096];
    return stream->is_unix ? recv(stream->descriptor, bytes, sizeof bytes, 0)
                           : recv(stream->descriptor, NULL, DISCARD_BYTES, MSG_TRUNC);
}

/* After our FIN: what the peer still sends is read and forgotten until it has finished too. */
static void stream_linger_read(stream_t *stream)
{
    for (int round = 0; round < 16; round++) {
        ssize_t got = discard_some(stream);
        if (got == 0 && stream->state == STREAM_FLUSHING) {
            stream->ended = true;
            return;
        }
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
            stream_finish(stream, RESULT_OK);
            return;
        }
        if (got < 0) {
            return;
        }
    }
}

static void poll_ready(uv_poll_t *poll, int status, int events)
{
    stream_t *stream = poll->data;
    loop_note_activity(stream->loop);
    if (status < 0) { /* libuv stops watching after an error; recv and send will name it */
        stream->interest = 0;
        events = UV_READABLE | UV_WRITABLE;
    }
    if (stream->state == STREAM_CONNECTING) {
        stream_connect_ready(stream);
        return;
    }
    if ((events & UV_WRITABLE) != 0) {
        stream_try_send(stream);
    }
    if ((events & UV_READABLE) != 0) {
        if (stream->state == STREAM_SHAKING) {
            stream_shake(stream);
        } else if (stream->state == STREAM_OPEN && !stream->ended && (!stream->paused || status < 0)) {
            stream_read(stream);
        } else if (stream->state == STREAM_LINGERING || stream->state == STREAM_FLUSHING) {
            stream_linger_read(stream);
        }
    }
    stream_interest_update(stream);
}

void stream_pause(stream_t *stream)
{
    stream->paused = true;
    stream_interest_update(stream);
}

void stream_resume(stream_t *stream)
{
    if (!stream->paused) {
        return;
    }
    stream->paused = false;
    stream->show_again = true;
    loop_defer(stream->loop, &stream->task);
    stream_interest_update(stream);
}

void stream_yield(stream_t *stream)
{
    loop_defer_next(stream->loop, &stream->yield_task);
}

void stream_hand_over(stream_t *stream, const stream_events_t *events, void *context)
{
    ASSERT(events->on_data != NULL && events->on_close != NULL);
    stream->events = events;
    stream->context = context;
    stream->show_again = true;
    loop_defer(stream->loop, &stream->task);
}

static void stream_yield_run(void *context)
{
    stream_t *stream = context;
    stream->show_again = true;
    stream_task_run(stream);
}

/* The end of the turn: unread bytes are shown again, written ones leave. */
static void stream_task_run(void *context)
{
    stream_t *stream = context;
    if (stream->show_again && !stream->paused && stream->state == STREAM_OPEN) {
        stream->show_again = false;
        if (!stream_show(stream) || stream->state != STREAM_OPEN) {
            return;
        }
        if (stream->tls != NULL && !stream->ended && SSL_has_pending(stream->tls)) {
            stream_read(stream); /* decrypted while we were paused: the socket will not say so again */
        }
    }
    if (stream->state != STREAM_CLOSED) {
        stream_try_send(stream);
        stream_interest_update(stream);
    }
}
