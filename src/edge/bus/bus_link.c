/* bus_link.c: one connection, from Hello to goodbye; the same for dialled and accepted links. */
#include "edge/bus/bus_link.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/observe/log.h"

enum { HELLO_SECONDS_MAX = 5 };

bool bus_version_rule(uint32_t major_a, uint32_t minor_a, uint32_t major_b, uint32_t minor_b)
{
    return major_a == major_b && (minor_a > minor_b ? minor_a - minor_b : minor_b - minor_a) <= 1;
}

result_t bus_socket_path(const char *data_folder, const char *role, char path[BUS_PATH_MAX])
{
    char made[BUS_PATH_MAX + 1];
    int length = snprintf(made, sizeof made, "%s/run/%s.sock", data_folder, role);
    if (length < 0 || length >= BUS_PATH_MAX) {
        return RESULT_TEXT_TOO_LONG;
    }
    memcpy(path, made, (size_t)length + 1);
    return RESULT_OK;
}

result_t bus_self_fill(bus_self_t *self, const bus_identity_t *identity)
{
    size_t length = strlen(identity->role);
    if (length == 0 || length >= sizeof self->role) {
        return RESULT_BAD_ARGUMENT;
    }
    memcpy(self->role, identity->role, length + 1);
    self->epoch = identity->epoch;
    self->outbox_generation = identity->outbox_generation;
    self->session = identity->session;
    return RESULT_OK;
}

/* --- sending ---------------------------------------------------------------------------------- */

static uint64_t ack_to_say(const bus_link_t *link)
{
    /* A number of another generation means nothing to the peer. */
    return link->ack_generation == link->peer.outbox_generation ? link->ack_number : 0;
}

static result_t write_message(bus_link_t *link, const bus_message_t *message)
{
    size_t length = 0;
    uint64_t ack = link->state == BUS_LINK_READY ? ack_to_say(link) : 0;
    result_t result = bus_frame_encode(message, ack, link->self.epoch, link->common->frame, sizeof link->common->frame, &length);
    if (result == RESULT_OK) {
        result = stream_write(link->stream, link->common->frame, length);
    }
    if (result == RESULT_OK && link->state == BUS_LINK_READY) {
        link->ack_due = false;
    }
    return result;
}

result_t bus_link_send(bus_link_t *link, const bus_message_t *message)
{
    return link->state == BUS_LINK_READY ? write_message(link, message) : RESULT_CLOSED;
}

result_t bus_link_send_hello(bus_link_t *link)
{
    /* The buffer for receiving is free: nothing is received while the Hello is made. Accepted links have copied the peer's already.
     */
    bus_message_t *message = &link->common->message;
    bus_message_clear(message);
    message->which_body = patriot_bus_Envelope_hello_tag;
    patriot_bus_Hello *hello = &message->body.hello;
    (void)snprintf(hello->role, sizeof hello->role, "%s", link->self.role);
    (void)snprintf(hello->build, sizeof hello->build, "%s", PATRIOT_VERSION);
    hello->version_major = BUS_VERSION_MAJOR;
    hello->version_minor = BUS_VERSION_MINOR;
    hello->pid = (uint32_t)getpid();
    hello->epoch = link->self.epoch;
    hello->outbox_generation = link->self.outbox_generation;
    hello->seen_generation = link->ack_generation;
    hello->last_seen = link->ack_number;
    hello->session = link->self.session;
    return write_message(link, message);
}

static void send_ack_alone(void *context)
{
    bus_link_t *link = context;
    if (!link->ack_due || link->state != BUS_LINK_READY) {
        return;
    }
    static const bus_message_t idle = {.which_body = patriot_bus_Envelope_idle_tag};
    if (write_message(link, &idle) == RESULT_FULL) {
        link->ack_due = true; /* goes with the next message, or on_drain */
    }
}

void bus_link_ack(bus_link_t *link, uint64_t generation, uint64_t number)
{
    link->ack_generation = generation;
    link->ack_number = number;
    if (link->state == BUS_LINK_READY) {
        link->ack_due = true;
        loop_defer(link->loop, &link->ack_task);
    }
}

result_t bus_link_reply(bus_link_t *link, uint32_t status, const char *text, size_t length)
{
    enum { PIECE = sizeof(((patriot_bus_ControlReply *)NULL)->text.bytes), PIECE_COST = 64 };
    size_t pieces = length == 0 ? 1 : (length + PIECE - 1) / PIECE;
    if (link->state != BUS_LINK_READY) {
        return RESULT_CLOSED;
    }
    if (length + pieces * PIECE_COST > stream_room(link->stream)) {
        return length + pieces * PIECE_COST > link->queue_bytes ? RESULT_TEXT_TOO_LONG : RESULT_FULL;
    }
    bus_message_t *message = calloc(1, sizeof *message); /* a person waits for this, no order does */
    if (message == NULL) {
        return RESULT_FULL;
    }
    result_t result = RESULT_OK;
    for (size_t piece = 0; piece < pieces && result == RESULT_OK; piece++) {
        size_t size = piece + 1 < pieces ? (size_t)PIECE : length - piece * PIECE;
        message->which_body = patriot_bus_Envelope_control_reply_tag;
        message->body.control_reply.status = status;
        message->body.control_reply.more = piece + 1 < pieces;
        message->body.control_reply.text.size = (pb_size_t)size;
        memcpy(message->body.control_reply.text.bytes, text + piece * PIECE, size);
        result = write_message(link, message);
    }
    free(message);
    return result;
}

/* --- ending ----------------------------------------------------------------------------------- */

void bus_link_fail(bus_link_t *link, result_t why, const char *detail)
{
    link->why = why;
    (void)snprintf(link->detail, sizeof link->detail, "%s", detail);
    link->state = BUS_LINK_CLOSING;
    if (link->stream != NULL) {
        stream_abort(link->stream, why);
    }
}

static result_t result_of_refusal(uint32_t code)
{
    switch (code) {
    case BUS_REFUSED_VERSION:
        return RESULT_VERSION;
    case BUS_REFUSED_EPOCH:
        return RESULT_STALE;
    case BUS_REFUSED_USER:
    case BUS_REFUSED_ROLE:
        return RESULT_PERMISSION;
    case BUS_REFUSED_STOPPING:
        return RESULT_CLOSED;
    default:
        return RESULT_MALFORMED;
    }
}

void bus_link_refuse(bus_link_t *link, bus_refusal_t code, const char *reason)
{
    if (link->stream == NULL || link->state == BUS_LINK_CLOSING) {
        return;
    }
    if (code != BUS_REFUSED_STOPPING) {
        log_write(LOG_WARNING, LOG_EVENT_PEER_REFUSED, NULL, reason,
                  LOG_FIELDS(LOG_TEXT("peer", link->peer.role), LOG_UINT("peer_pid", link->peer.pid)));
    }
    bus_message_t message;
    memset(&message, 0, offsetof(bus_message_t, body) + sizeof message.body.refusal); /* the rest of it is never looked at */
    message.which_body = patriot_bus_Envelope_refusal_tag;
    message.body.refusal.code = (uint32_t)code;
    (void)snprintf(message.body.refusal.reason, sizeof message.body.refusal.reason, "%s", reason);
    (void)write_message(link, &message);
    link->why = result_of_refusal((uint32_t)code);
    (void)snprintf(link->detail, sizeof link->detail, "%s", reason);
    link->state = BUS_LINK_CLOSING;
    stream_close(link->stream);
}

/* --- receiving -------------------------------------------------------------------------------- */

/* False: the epoch is lower than one seen before; the link is being refused. */
static bool epoch_admit(bus_link_t *link, uint32_t epoch)
{
    if (epoch == 0) {
        return true;
    }
    if (epoch < link->common->epoch_highest) {
        char reason[160];
        (void)snprintf(reason, sizeof reason, "epoch %u is over: epoch %u is at work; this process must stop or start again",
                       (unsigned)epoch, (unsigned)link->common->epoch_highest);
        bus_link_refuse(link, BUS_REFUSED_EPOCH, reason);
        return false;
    }
    link->common->epoch_highest = epoch;
    return true;
}

static void on_hello(bus_link_t *link, const patriot_bus_Hello *hello)
{
    char reason[256];
    link->peer = *hello;
    if (!bus_version_rule(BUS_VERSION_MAJOR, BUS_VERSION_MINOR, hello->version_major, hello->version_minor)) {
        (void)snprintf(reason, sizeof reason,
                       "%s speaks bus version %u.%u, %.31s (pid %u, build %.63s) speaks %u.%u: start both from one build",
                       link->self.role, (unsigned)BUS_VERSION_MAJOR, (unsigned)BUS_VERSION_MINOR, hello->role, (unsigned)hello->pid,
                       hello->build, (unsigned)hello->version_major, (unsigned)hello->version_minor);
        bus_link_refuse(link, BUS_REFUSED_VERSION, reason);
        return;
    }
    if (link->peer_role[0] != '\0' && strcmp(link->peer_role, hello->role) != 0) {
        (void)snprintf(reason, sizeof reason, "expected %s behind this socket, found %.31s", link->peer_role, hello->role);
        bus_link_refuse(link, BUS_REFUSED_ROLE, reason);
        return;
    }
    if (!epoch_admit(link, hello->epoch)) {
        return;
    }
    if (link->server != NULL && bus_server_link_greeted(link) != RESULT_OK) {
        bus_link_fail(link, RESULT_IO, "the greeting could not be answered");
        return;
    }
    loop_timer_stop(&link->timer);
    link->state = BUS_LINK_READY;
    link->backoff_ns = link->backoff_min_ns;
    link->told_refusal = false;
    bool is_tool = strcmp(link->peer.role, "cli") == 0;
    log_write(is_tool ? LOG_DEBUG : LOG_INFO, LOG_EVENT_PEER_CONNECTED, NULL, "connected",
              LOG_FIELDS(LOG_TEXT("peer", link->peer.role), LOG_UINT("peer_pid", link->peer.pid),
                         LOG_UINT("peer_epoch", link->peer.epoch)));
    if (strcmp(link->peer.build, PATRIOT_VERSION) != 0) {
        log_write(
            LOG_WARNING, LOG_EVENT_PEER_CONNECTED, NULL, "the peer is of another version",
            LOG_FIELDS(LOG_TEXT("peer", link->peer.role), LOG_TEXT("ours", PATRIOT_VERSION), LOG_TEXT("theirs", link->peer.build)));
    }
    if (link->events->on_ready != NULL) {
        link->events->on_ready(link, &link->peer, link->context);
    }
}

static void on_refusal(bus_link_t *link, const patriot_bus_Refusal *refusal)
{
    if (!link->told_refusal && refusal->code != BUS_REFUSED_STOPPING) {
        log_write(LOG_ERROR, LOG_EVENT_PEER_REFUSED, NULL, refusal->reason, LOG_FIELDS(LOG_TEXT("peer", link->peer_role)));
    }
    bus_link_fail(link, result_of_refusal(refusal->code), refusal->reason);
}

/* One message; the link may be closing afterwards. */
static void on_frame(bus_link_t *link, const bus_message_t *message)
{
    if (message->which_body == patriot_bus_Envelope_refusal_tag) {
        on_refusal(link, &message->body.refusal);
        return;
    }
    if (link->state == BUS_LINK_OPENING) {
        if (message->which_body != patriot_bus_Envelope_hello_tag) {
            bus_link_refuse(link, BUS_REFUSED_PROTOCOL, "the first message must be a Hello");
            return;
        }
        patriot_bus_Hello hello = message->body.hello; /* the buffer is used again for our answer */
        on_hello(link, &hello);
        return;
    }
    if (message->which_body == patriot_bus_Envelope_hello_tag) {
        bus_link_refuse(link, BUS_REFUSED_PROTOCOL, "a second Hello");
        return;
    }
    if (!epoch_admit(link, message->epoch)) {
        return;
    }
    if (message->ack > 0 && link->events->on_ack != NULL) {
        link->events->on_ack(link, message->ack, link->context);
    }
    bool has_body =
        message->which_body != patriot_bus_Envelope_idle_tag && message->which_body != 0; /* 0: a body newer than we are */
    if (has_body && link->state == BUS_LINK_READY) {
        link->events->on_message(link, message, link->context);
    }
}

static size_t on_data(stream_t *stream, char *bytes, size_t length, void *context)
{
    bus_link_t *link = context;
    size_t consumed = 0;
    (void)stream;
    link->callbacks++;
    while (link->state == BUS_LINK_OPENING || link->state == BUS_LINK_READY) {
        size_t used = 0;
        result_t result = bus_frame_decode((const uint8_t *)bytes + consumed, length - consumed, &link->common->message, &used);
        if (result == RESULT_TRUNCATED) {
            break;
        }
        if (result != RESULT_OK) {
            log_write(LOG_ERROR, LOG_EVENT_FRAME_REFUSED, NULL, "a frame from a peer cannot be read; the connection ends",
                      LOG_FIELDS(LOG_TEXT("peer", link->peer.role), LOG_UINT("peer_pid", link->peer.pid), LOG_RESULT(result)));
            bus_link_refuse(link, BUS_REFUSED_PROTOCOL, "a frame that cannot be read");
            break;
        }
        consumed += used;
        on_frame(link, &link->common->message);
    }
    link->callbacks--;
    return link->state == BUS_LINK_CLOSING ? length : consumed; /* what comes after the end is nobody's */
}

static void on_open(stream_t *stream, void *context)
{
    bus_link_t *link = context;
    (void)stream;
    if (link->server == NULL && bus_link_send_hello(link) != RESULT_OK) { /* the dialler speaks first */
        bus_link_fail(link, RESULT_IO, "the greeting could not be sent");
    }
}

static void on_drain(stream_t *stream, void *context)
{
    bus_link_t *link = context;
    (void)stream;
    if (link->state != BUS_LINK_READY) {
        return;
    }
    send_ack_alone(link);
    link->callbacks++;
    if (link->events->on_room != NULL) {
        link->events->on_room(link, link->context);
    }
    link->callbacks--;
}

static void on_close(stream_t *stream, result_t why, void *context)
{
    bus_link_t *link = context;
    bool was_ready = link->peer.version_major != 0;
    if (link->why == RESULT_OK) {
        link->why = why == RESULT_OK ? RESULT_CLOSED : why;
        (void)snprintf(link->detail, sizeof link->detail, "%s", stream_detail(stream));
    }
    link->stream = NULL;
    link->state = BUS_LINK_DOWN;
    loop_timer_stop(&link->timer);
    loop_task_cancel(&link->ack_task);
    bool refused = link->why == RESULT_VERSION || link->why == RESULT_STALE || link->why == RESULT_PERMISSION;
    bool tell = was_ready || (refused && !link->told_refusal);
    if (was_ready) {
        log_write(strcmp(link->peer.role, "cli") == 0 ? LOG_DEBUG : LOG_INFO, LOG_EVENT_PEER_LOST, NULL, "connection ended",
                  LOG_FIELDS(LOG_TEXT("peer", link->peer.role), LOG_UINT("peer_pid", link->peer.pid), LOG_RESULT(link->why),
                             LOG_TEXT("detail", link->detail)));
    }
    link->told_refusal = refused;
    if (tell && !link->closing_by_owner && link->events->on_lost != NULL) {
        link->callbacks++;
        link->events->on_lost(link, link->why, link->detail, link->context);
        link->callbacks--;
    }
    result_t reason = link->why;
    link->why = RESULT_OK;
    link->peer = (patriot_bus_Hello)patriot_bus_Hello_init_zero;
    if (link->server != NULL) {
        bus_server_link_gone(link);
    } else {
        bus_dial_link_gone(link, reason);
    }
}

const stream_events_t bus_link_stream_events = {.on_open = on_open, .on_data = on_data, .on_drain = on_drain, .on_close = on_close};

static void hello_overdue(loop_timer_t *timer, void *context)
{
    (void)timer;
    bus_link_refuse(context, BUS_REFUSED_PROTOCOL, "no Hello came");
}

void bus_link_begin(bus_link_t *link)
{
    link->state = BUS_LINK_OPENING;
    loop_task_init(&link->ack_task, send_ack_alone, link);
    loop_timer_init(&link->timer, link->loop, hello_overdue, link);
    loop_timer_start_in(&link->timer, HELLO_SECONDS_MAX * NS_PER_S);
}

/* --- looking ---------------------------------------------------------------------------------- */

bool bus_link_ready(const bus_link_t *link)
{
    return link->state == BUS_LINK_READY;
}
bool bus_link_opening(const bus_link_t *link)
{
    return link->state == BUS_LINK_OPENING;
}
