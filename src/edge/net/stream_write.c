/* stream_write.c: the sending half of a stream: the out buffer, writes of all kinds, faults, and the end of a stream once all is
 * sent. */
#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/net/stream_inside.h"

enum {
    SLICES_MAX = 256,
    GATHER_MAX = 16384,
};

static const int64_t CLOSE_TIMEOUT_NS = 5 * NS_PER_S;
static const int64_t LINGER_NS = 2 * NS_PER_S;

size_t stream_sendable(const stream_t *stream)
{
    return stream->stalled && stream->stall_left < stream->out_length ? stream->stall_left : stream->out_length;
}

static void out_sent(stream_t *stream, size_t count)
{
    stream->out_start += count;
    stream->out_length -= count;
    stream->sent_total += count;
    if (stream->stalled) {
        stream->stall_left -= count;
    }
    if (stream->out_length == 0) {
        stream_out_emptied(stream);
    }
}

/* All that was to be sent is with the kernel: say goodbye as the state asks. */
static void stream_all_sent(stream_t *stream)
{
    if (stream->cut) {
        stream_finish(stream, RESULT_CLOSED);
        return;
    }
    if (stream->state == STREAM_FLUSHING) {
        shutdown(stream->descriptor, SHUT_WR);
        if (!stream->accepted || stream->ended || stream->unheard) {
            stream_finish(stream, RESULT_OK);
            return;
        }
        stream->state = STREAM_LINGERING;
        loop_timer_start_in(&stream->timer, LINGER_NS);
        return;
    }
    if (stream->state == STREAM_OPEN && stream->ended) {
        stream_detail_set(stream, "closed", "by the peer");
        stream_finish(stream, RESULT_CLOSED);
        return;
    }
    if (stream->room_owed && stream->state == STREAM_OPEN && stream->quiet) {
        loop_defer(stream->loop, &stream->task); /* never call back inside a call of the owner's */
    } else if (stream->room_owed && stream->state == STREAM_OPEN) {
        stream->room_owed = false;
        if (stream->events->on_drain != NULL) {
            stream->events->on_drain(stream, stream->context);
        }
    }
}

/* One send of what may leave. */
void stream_try_send(stream_t *stream)
{
    if (stream->state == STREAM_CLOSED || stream->state == STREAM_RESOLVING || stream->state == STREAM_CONNECTING) {
        return;
    }
    size_t length = stream_sendable(stream);
    if (length > 0) {
        ssize_t sent = send(stream->descriptor, stream->out + stream->out_start, length, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno != EAGAIN && errno != EINTR) {
                int error = errno;
                stream_detail_set(stream, "sending", strerror(error));
                stream_finish(stream, stream_result_of_errno(error));
            }
            return;
        }
        out_sent(stream, (size_t)sent);
    }
    if (stream->out_length == 0 && stream->state != STREAM_LINGERING) {
        stream_all_sent(stream);
    }
}

static void try_send_quietly(stream_t *stream)
{
    stream->quiet = true;
    stream_try_send(stream);
    stream->quiet = false;
}

size_t stream_room(const stream_t *stream)
{
    if (stream->state != STREAM_OPEN) {
        return 0;
    }
    size_t free_bytes = stream->out_capacity - stream->out_length;
    if (stream->tls == NULL) {
        return free_bytes;
    }
    size_t cost = stream->out_reserve + stream_tls_cost(free_bytes);
    return free_bytes > cost ? free_bytes - cost : 0;
}

/* Appends to `out`, encrypted when TLS. The caller has made sure of the room. */
static result_t out_put(stream_t *stream, const char *bytes, size_t length)
{
    if (length == 0) {
        return RESULT_OK;
    }
    if (stream->tls != NULL) {
        return stream_tls_put(stream, bytes, length);
    }
    result_t result = stream_out_reserve(stream, length);
    if (result != RESULT_OK) {
        return result;
    }
    memcpy(stream->out + stream->out_start + stream->out_length, bytes, length);
    stream->out_length += length;
    return RESULT_OK;
}

void stream_stall_over(loop_timer_t *timer, void *context)
{
    (void)timer;
    stream_t *stream = context;
    stream->stalled = false;
    loop_defer(stream->loop, &stream->task);
}

/* bytes[0..length) with the armed fault somewhere inside. */
static result_t out_put_faulty(stream_t *stream, const char *bytes, size_t length)
{
    uint64_t left = stream->fault.at_byte - stream->fault_seen; /* bytes before the fault */
    stream_fault_t fault = stream->fault;
    bool inside = fault.kind == STREAM_FAULT_SPOIL ? left < length : left <= length;
    if (!inside) {
        stream->fault_seen += length;
        return out_put(stream, bytes, length);
    }
    stream->fault.kind = STREAM_FAULT_NONE;
    size_t before = (size_t)left;
    result_t result = out_put(stream, bytes, before);
    if (fault.kind == STREAM_FAULT_CUT) {
        stream->cut = true;
        return result;
    }
    if (fault.kind == STREAM_FAULT_STALL) {
        stream->stalled = true;
        stream->stall_left = stream->out_length;
        if (fault.stall_ns >= 0) {
            loop_timer_start_in(&stream->stall_timer, fault.stall_ns);
        }
    } else {
        char spoilt = (char)(bytes[before] ^ 1);
        result = result == RESULT_OK ? out_put(stream, &spoilt, 1) : result;
        before++;
    }
    return result == RESULT_OK ? out_put(stream, bytes + before, length - before) : result;
}

static result_t stream_writable(const stream_t *stream)
{
    if (stream->state == STREAM_OPEN) {
        return RESULT_OK;
    }
    return stream->state < STREAM_OPEN ? RESULT_BAD_STATE : RESULT_CLOSED;
}

result_t stream_write(stream_t *stream, const void *bytes, size_t length)
{
    result_t result = stream_writable(stream);
    if (result != RESULT_OK) {
        return result;
    }
    if (stream->cut) {
        return RESULT_OK; /* a cut wire swallows what is written after it */
    }
    if (length > stream_room(stream)) {
        stream->room_owed = true;
        return RESULT_FULL;
    }
    result = stream->fault.kind == STREAM_FAULT_NONE ? out_put(stream, bytes, length) : out_put_faulty(stream, bytes, length);
    if (result != RESULT_OK) {
        stream_abort(stream, result);
        return result;
    }
    loop_defer(stream->loop, &stream->task);
    return RESULT_OK;
}

/* Copies as much of the slices as there is room for, gathered so that TLS makes few records. */
static result_t vector_copy(stream_t *stream, const str_t *slices, size_t count, size_t *taken)
{
    char gathered[GATHER_MAX];
    size_t fill = 0;
    size_t room = stream_room(stream);
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        while (at < slices[i].length && total < room) {
            size_t piece = slices[i].length - at;
            piece = piece < sizeof gathered - fill ? piece : sizeof gathered - fill;
            piece = piece < room - total ? piece : room - total;
            memcpy(gathered + fill, slices[i].bytes + at, piece);
            at += piece;
            fill += piece;
            total += piece;
            if (fill == sizeof gathered || total == room) {
                result_t result = stream_write(stream, gathered, fill);
                if (result != RESULT_OK) {
                    return result;
                }
                fill = 0;
                room = total + stream_room(stream);
            }
        }
    }
    result_t result = fill > 0 ? stream_write(stream, gathered, fill) : RESULT_OK;
    if (result == RESULT_OK) {
        *taken = total;
        try_send_quietly(stream);
    }
    return result;
}

static size_t slices_total(const str_t *slices, size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += slices[i].length;
    }
    return total;
}

/* Straight from the owner's memory to the kernel. */
static result_t vector_send(stream_t *stream, const str_t *slices, size_t count, size_t *taken)
{
    struct iovec pieces[SLICES_MAX];
    size_t pieces_count = count < SLICES_MAX ? count : SLICES_MAX;
    for (size_t i = 0; i < pieces_count; i++) {
        pieces[i] = (struct iovec){.iov_base = (void *)slices[i].bytes, .iov_len = slices[i].length};
    }
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = pieces_count};
    ssize_t sent = sendmsg(stream->descriptor, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        result_t result = stream_result_of_errno(errno);
        stream_detail_set(stream, "sending", strerror(errno));
        stream_finish(stream, result);
        return RESULT_CLOSED;
    }
    *taken = sent < 0 ? 0 : (size_t)sent;
    stream->sent_total += *taken;
    return RESULT_OK;
}

result_t stream_write_vector(stream_t *stream, const str_t *slices, size_t count, size_t *taken)
{
    result_t result = stream_writable(stream);
    if (result != RESULT_OK) {
        return result;
    }
    size_t total = slices_total(slices, count);
    size_t sent = 0;
    if (stream->cut) {
        *taken = total;
        return RESULT_OK;
    }
    stream->room_owed = false;
    if (stream->out_length > 0) {
        try_send_quietly(stream);
        if (stream->state != STREAM_OPEN) {
            return RESULT_CLOSED;
        }
    }
    if (stream->tls != NULL || stream->fault.kind != STREAM_FAULT_NONE || stream->stalled) {
        result = vector_copy(stream, slices, count, &sent);
    } else if (stream->out_length == 0) {
        result = vector_send(stream, slices, count, &sent);
    }
    if (result != RESULT_OK) {
        return result;
    }
    if (stream->state == STREAM_OPEN && sent < total) {
        stream->room_owed = true;
        stream_interest_update(stream);
    }
    *taken = sent;
    return RESULT_OK;
}

/* --- once ------------------------------------------------------------------------------------- */

static result_t once_failed(stream_t *stream, result_t result, const char *what, const char *more)
{
    stream_detail_set(stream, what, more);
    stream_abort(stream, result);
    return result;
}

result_t stream_write_once(stream_t *stream, const void *bytes, size_t length, bool *left)
{
    *left = false;
    if (stream->state != STREAM_OPEN || stream->out_length > 0 || stream->cut || length == 0) {
        return RESULT_BAD_STATE;
    }
    const char *wire = bytes;
    size_t wire_length = length;
    if (stream->tls != NULL) {
        if (length > stream_room(stream)) {
            return RESULT_BAD_STATE;
        }
        result_t result = stream_tls_put(stream, bytes, length);
        if (result != RESULT_OK) {
            return once_failed(stream, result, "TLS", "cannot encrypt");
        }
        wire = stream->out + stream->out_start;
        wire_length = stream->out_length;
    }
    ssize_t sent = send(stream->descriptor, wire, wire_length, MSG_NOSIGNAL);
    if (sent < 0) {
        return once_failed(stream, stream_result_of_errno(errno), "sending", strerror(errno)); /* the kernel took nothing */
    }
    *left = sent > 0;
    if ((size_t)sent < wire_length) {
        return once_failed(stream, RESULT_IO, "sending", "the system took only a part of the request");
    }
    stream->sent_total += (uint64_t)sent;
    stream->out_start = stream->out_length = 0;
    return RESULT_OK;
}

bool stream_is_fresh(stream_t *stream)
{
    if (stream->state != STREAM_OPEN || stream->ended || stream->in_length > 0) {
        return false;
    }
    char byte;
    ssize_t peeked = recv(stream->descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (peeked < 0) {
        return errno == EAGAIN;
    }
    if (peeked == 0 || stream->tls == NULL) {
        return false;
    }
    /* TLS 1.3 sends session tickets after the handshake: bytes without data. Let TLS eat them and see whether that is all. */
    size_t got = 0;
    tls_step_t step = stream_tls_read(stream, stream->in, stream->in_size, &got);
    stream->in_length = step == TLS_STEP_DONE ? got : 0;
    return step == TLS_STEP_AGAIN;
}

/* --- ending and asking ------------------------------------------------------------------------ */

void stream_close(stream_t *stream)
{
    if (stream->state >= STREAM_FLUSHING) {
        return;
    }
    if (stream->state != STREAM_OPEN) {
        stream_finish(stream, RESULT_OK);
        return;
    }
    if (stream->tls != NULL) {
        stream_tls_goodbye(stream);
    }
    stream->state = STREAM_FLUSHING;
    loop_timer_start_in(&stream->timer, CLOSE_TIMEOUT_NS);
    loop_defer(stream->loop, &stream->task);
}

void stream_close_unheard(stream_t *stream)
{
    stream->unheard = true;
    stream_close(stream);
}

uint64_t stream_sent_total(const stream_t *stream)
{
    return stream->sent_total;
}

size_t stream_unsent(const stream_t *stream)
{
    return stream->out_length;
}

loop_t *stream_loop(const stream_t *stream)
{
    return stream->loop;
}

const char *stream_peer(const stream_t *stream)
{
    return stream->peer;
}

const void *stream_host(const stream_t *stream)
{
    return stream->from;
}

const char *stream_detail(const stream_t *stream)
{
    return stream->detail;
}

void stream_fault(stream_t *stream, const stream_fault_t *fault)
{
    stream->fault = *fault;
    stream->fault_seen = 0;
}

char *stream_unread(stream_t *stream, size_t *length)
{
    *length = stream->in_length;
    return stream->in + stream->in_start;
}

size_t stream_read_capacity(const stream_t *stream)
{
    return stream->in_capacity;
}
