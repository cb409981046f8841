/* bus_call.c: blocking question and answer over one Unix socket, with poll and a deadline. No loop: tools live for one question. */
#include "edge/bus/bus_call.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "core/base/time.h"
#include "edge/bus/bus_frame.h"

typedef struct {
    int descriptor;
    int64_t deadline_ns; /* monotonic */
    const char *role;
    bus_call_reply_t *reply;
    bus_message_t message;
    uint8_t bytes[BUS_FRAME_BYTES];
    size_t filled;
} call_t;

static int64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static result_t fail(call_t *call, result_t result, const char *text)
{
    (void)snprintf(call->reply->detail, sizeof call->reply->detail, "%s: %s", call->role, text);
    return result;
}

/* Waits until the socket is ready for `events`. */
static result_t wait_for(call_t *call, short events)
{
    for (;;) {
        int64_t left_ns = call->deadline_ns - monotonic_ns();
        if (left_ns <= 0) {
            return fail(call, RESULT_TIMEOUT, "no answer in time; the process may be busy or stopped");
        }
        struct pollfd ready = {.fd = call->descriptor, .events = events};
        int count = poll(&ready, 1, (int)(left_ns / NS_PER_MS < 1000 ? left_ns / NS_PER_MS + 1 : 1000));
        if (count > 0) {
            return RESULT_OK;
        }
        if (count < 0 && errno != EINTR) {
            return fail(call, RESULT_IO, strerror(errno));
        }
    }
}

static result_t dial(call_t *call, const char *data_folder)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char path[BUS_PATH_MAX];
    if (bus_socket_path(data_folder, call->role, path) != RESULT_OK || strlen(path) >= sizeof address.sun_path) {
        return fail(call, RESULT_TEXT_TOO_LONG, "the path of the data folder is too long for a socket; choose a shorter --data");
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    call->descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    if (call->descriptor < 0) {
        return fail(call, RESULT_IO, strerror(errno));
    }
    if (connect(call->descriptor, (struct sockaddr *)&address, sizeof address) == 0) {
        return RESULT_OK;
    }
    switch (errno) {
    case ENOENT:
    case ECONNREFUSED:
    case ENOTDIR:
        return fail(call, RESULT_REFUSED, "is not running (nobody listens on its socket)");
    case EACCES:
    case EPERM:
        return fail(call, RESULT_PERMISSION, "its socket belongs to another user");
    default:
        return fail(call, RESULT_IO, strerror(errno));
    }
}

static result_t send_message(call_t *call, const bus_message_t *message)
{
    uint8_t frame[4096]; /* questions are short: see the bounds of Control */
    size_t length = 0;
    result_t result = bus_frame_encode(message, 0, 0, frame, sizeof frame, &length);
    if (result != RESULT_OK) {
        return fail(call, result, result_text(result));
    }
    for (size_t sent = 0; sent < length;) {
        result = wait_for(call, POLLOUT);
        if (result != RESULT_OK) {
            return result;
        }
        ssize_t written = send(call->descriptor, frame + sent, length - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (written < 0 && errno != EINTR && errno != EAGAIN) {
            return fail(call, RESULT_CLOSED, "the connection ended");
        }
        sent += written > 0 ? (size_t)written : 0;
    }
    return RESULT_OK;
}

/* The next message into call->message. */
static result_t receive(call_t *call)
{
    for (;;) {
        size_t used = 0;
        result_t result = bus_frame_decode(call->bytes, call->filled, &call->message, &used);
        if (result == RESULT_OK) {
            memmove(call->bytes, call->bytes + used, call->filled - used);
            call->filled -= used;
            return RESULT_OK;
        }
        if (result != RESULT_TRUNCATED) {
            return fail(call, RESULT_MALFORMED, "its answer cannot be read");
        }
        result = wait_for(call, POLLIN);
        if (result != RESULT_OK) {
            return result;
        }
        ssize_t got = recv(call->descriptor, call->bytes + call->filled, sizeof call->bytes - call->filled, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) {
            return fail(call, RESULT_CLOSED, "the connection ended before the answer was complete");
        }
        call->filled += got > 0 ? (size_t)got : 0;
    }
}

static result_t greet(call_t *call)
{
    bus_message_clear(&call->message);
    call->message.which_body = patriot_bus_Envelope_hello_tag;
    patriot_bus_Hello *hello = &call->message.body.hello;
    *hello = (patriot_bus_Hello){.version_major = BUS_VERSION_MAJOR, .version_minor = BUS_VERSION_MINOR, .pid = (uint32_t)getpid()};
    (void)snprintf(hello->role, sizeof hello->role, "cli");
    (void)snprintf(hello->build, sizeof hello->build, "%s", PATRIOT_VERSION);
    result_t result = send_message(call, &call->message);
    if (result == RESULT_OK) {
        result = receive(call);
    }
    if (result != RESULT_OK) {
        return result;
    }
    if (call->message.which_body == patriot_bus_Envelope_refusal_tag) {
        return fail(call, call->message.body.refusal.code == BUS_REFUSED_VERSION ? RESULT_VERSION : RESULT_PERMISSION,
                    call->message.body.refusal.reason);
    }
    if (call->message.which_body != patriot_bus_Envelope_hello_tag) {
        return fail(call, RESULT_MALFORMED, "did not greet");
    }
    if (!bus_version_rule(BUS_VERSION_MAJOR, BUS_VERSION_MINOR, call->message.body.hello.version_major,
                          call->message.body.hello.version_minor)) {
        return fail(call, RESULT_VERSION, "is of a version that this tool does not understand; start it again from this build");
    }
    call->reply->pid = call->message.body.hello.pid;
    return RESULT_OK;
}

static result_t text_add(call_t *call, const uint8_t *bytes, size_t length)
{
    bus_call_reply_t *reply = call->reply;
    if (reply->length + length > BUS_CALL_TEXT_MAX) {
        return fail(call, RESULT_TEXT_TOO_LONG, "its answer is too long");
    }
    char *grown = realloc(reply->text, reply->length + length + 1);
    if (grown == NULL) {
        return fail(call, RESULT_FULL, "no memory for its answer");
    }
    memcpy(grown + reply->length, bytes, length);
    reply->text = grown;
    reply->length += length;
    reply->text[reply->length] = '\0';
    return RESULT_OK;
}

static result_t gather(call_t *call)
{
    for (;;) {
        result_t result = receive(call);
        if (result != RESULT_OK) {
            return result;
        }
        if (call->message.which_body == patriot_bus_Envelope_control_reply_tag) {
            const patriot_bus_ControlReply *piece = &call->message.body.control_reply;
            call->reply->status = piece->status;
            result = text_add(call, piece->text.bytes, piece->text.size);
            if (result != RESULT_OK || !piece->more) {
                return result;
            }
        } else if (call->message.which_body == patriot_bus_Envelope_health_reply_tag) {
            return text_add(call, call->message.body.health_reply.text.bytes, call->message.body.health_reply.text.size);
        } else if (call->message.which_body == patriot_bus_Envelope_refusal_tag) {
            return fail(call, RESULT_CLOSED, call->message.body.refusal.reason);
        } /* anything else is meant for processes that live longer */
    }
}

static result_t control_fill(call_t *call, const char *command, size_t argument_count, const char *const *arguments)
{
    bus_message_clear(&call->message);
    patriot_bus_Control *control = &call->message.body.control;
    size_t arguments_max = sizeof control->arguments / sizeof control->arguments[0];
    call->message.which_body = patriot_bus_Envelope_control_tag;
    if (strlen(command) >= sizeof control->command || argument_count > arguments_max) {
        return fail(call, RESULT_TEXT_TOO_LONG, "too many or too long words for one command");
    }
    memcpy(control->command, command, strlen(command) + 1);
    for (size_t i = 0; i < argument_count; i++) {
        if (strlen(arguments[i]) >= sizeof control->arguments[i]) {
            return fail(call, RESULT_TEXT_TOO_LONG, "a word is too long");
        }
        memcpy(control->arguments[i], arguments[i], strlen(arguments[i]) + 1);
    }
    control->arguments_count = (pb_size_t)argument_count;
    return RESULT_OK;
}

/* command NULL asks for the health document. */
static result_t call_run(const char *data_folder, const char *role, const char *command, size_t argument_count,
                         const char *const *arguments, int64_t deadline_ns, bus_call_reply_t *reply)
{
    *reply = (bus_call_reply_t){0};
    call_t *call = calloc(1, sizeof *call);
    if (call == NULL) {
        return RESULT_FULL;
    }
    call->descriptor = -1;
    call->deadline_ns = monotonic_ns() + deadline_ns;
    call->role = role;
    call->reply = reply;
    result_t result = dial(call, data_folder);
    if (result == RESULT_OK) {
        result = greet(call);
    }
    if (result == RESULT_OK && command != NULL) {
        result = control_fill(call, command, argument_count, arguments);
    } else if (result == RESULT_OK) {
        bus_message_clear(&call->message);
        call->message.which_body = patriot_bus_Envelope_health_request_tag;
    }
    if (result == RESULT_OK) {
        result = send_message(call, &call->message);
    }
    if (result == RESULT_OK) {
        result = gather(call);
    }
    if (call->descriptor >= 0) {
        close(call->descriptor);
    }
    free(call);
    return result;
}

result_t bus_call(const char *data_folder, const char *role, const char *command, size_t argument_count,
                  const char *const *arguments, int64_t deadline_ns, bus_call_reply_t *reply)
{
    return call_run(data_folder, role, command, argument_count, arguments, deadline_ns, reply);
}

result_t bus_call_health(const char *data_folder, const char *role, int64_t deadline_ns, bus_call_reply_t *reply)
{
    return call_run(data_folder, role, NULL, 0, NULL, deadline_ns, reply);
}

void bus_call_reply_free(bus_call_reply_t *reply)
{
    free(reply->text);
    reply->text = NULL;
    reply->length = 0;
}
