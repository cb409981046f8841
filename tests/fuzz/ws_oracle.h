/* ws_oracle.h: wslay (https://tatsuhiro-t.github.io/wslay/) as the second opinion on WebSocket bytes, for the test and the fuzz
 * target.
 *
 * The library is opened at run time, so that nothing of the product links it; without it the comparison is skipped with a reason. A
 * transcript is one line a message: "text 5 hello", "ping 0 ", "close 1000 bye", and "error" where the decoder gave up.
 *
 * Deliberate differences, see oracle_agrees:
 * - on input that ends inside a frame either may see the error first: wslay checks text as its bytes arrive, we check the whole
 * head at once. Then zeros are appended for wslay until the frame is whole;
 * - a close frame of one byte is an error to us (RFC 6455, section 5.5.1) and passes wslay: its transcript is made to say "error";
 * - the close codes 1012 to 1014 (registered after RFC 6455) are accepted by us and refused by wslay.
 */
#pragma once

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wslay/wslay.h>

#include "edge/net/ws.h"

enum { TRANSCRIPT_MAX = 65536, ORACLE_MESSAGE_MAX = 16384 };

typedef struct {
    char text[TRANSCRIPT_MAX];
    size_t length;
    bool unfinished; /* ours: the input ended inside a frame or message */
} transcript_t;

static inline void transcript_add(transcript_t *transcript, const char *kind, long code, const char *bytes, size_t length)
{
    int written = snprintf(transcript->text + transcript->length, TRANSCRIPT_MAX - transcript->length, "%s %ld ", kind, code);
    if (written > 0 && (size_t)written < TRANSCRIPT_MAX - transcript->length) {
        transcript->length += (size_t)written;
    }
    if (length + 1 < TRANSCRIPT_MAX - transcript->length) {
        if (length > 0) {
            memcpy(transcript->text + transcript->length, bytes, length);
        }
        transcript->length += length;
        transcript->text[transcript->length++] = '\n';
    }
}

/* --- ours ------------------------------------------------------------------------------------- */

/* Decodes bytes that arrive in pieces of `piece`; `memory` has room for all of them. */
static inline void transcript_ours(ws_role_t role, const char *bytes, size_t length, size_t piece, char *memory,
                                   transcript_t *transcript)
{
    static const char *const kinds[] = {[WS_TEXT] = "text", [WS_BINARY] = "binary", [WS_PING] = "ping", [WS_PONG] = "pong"};
    ws_decoder_t decoder;
    size_t have = 0, fed = 0;
    bool ended = false;
    char *front = memory;
    ws_decoder_init(&decoder, role, ORACLE_MESSAGE_MAX);
    transcript->length = 0;
    while (!ended) {
        ws_event_t event;
        ws_decode(&decoder, front, have, &event);
        switch (event.kind) {
        case WS_NEED_MORE: {
            size_t released = ws_decoder_release(&decoder, front);
            front += released;
            have -= released;
            size_t step = piece < length - fed ? piece : length - fed;
            ended = step == 0;
            transcript->unfinished = have > 0;
            if (step > 0) {
                memcpy(front + have, bytes + fed, step);
            }
            have += step;
            fed += step;
            break;
        }
        case WS_CLOSE:
            transcript_add(transcript, "close", event.code, event.payload.bytes, event.payload.length);
            ended = true;
            break;
        case WS_ERROR:
            transcript_add(transcript, "error", 0, NULL, 0);
            ended = true;
            break;
        case WS_TEXT:
        case WS_BINARY:
        case WS_PING:
        case WS_PONG:
            transcript_add(transcript, kinds[event.kind], (long)event.payload.length, event.payload.bytes, event.payload.length);
            break;
        }
    }
}

/* --- wslay's ---------------------------------------------------------------------------------- */

typedef struct {
    int (*server_init)(wslay_event_context_ptr *, const struct wslay_event_callbacks *, void *);
    int (*client_init)(wslay_event_context_ptr *, const struct wslay_event_callbacks *, void *);
    void (*context_free)(wslay_event_context_ptr);
    int (*receive)(wslay_event_context_ptr);
    void (*max_length)(wslay_event_context_ptr, uint64_t);
    void (*set_error)(wslay_event_context_ptr, int);
    int (*read_enabled)(wslay_event_context_ptr);
} wslay_t;

/* False when the library is not installed. */
static inline bool wslay_open(wslay_t *wslay)
{
    void *library = dlopen("libwslay.so.1", RTLD_NOW);
    if (library == NULL) {
        return false;
    }
    /* POSIX's way from an object pointer to a function pointer */
    *(void **)(void *)&wslay->server_init = dlsym(library, "wslay_event_context_server_init");
    *(void **)(void *)&wslay->client_init = dlsym(library, "wslay_event_context_client_init");
    *(void **)(void *)&wslay->context_free = dlsym(library, "wslay_event_context_free");
    *(void **)(void *)&wslay->receive = dlsym(library, "wslay_event_recv");
    *(void **)(void *)&wslay->max_length = dlsym(library, "wslay_event_config_set_max_recv_msg_length");
    *(void **)(void *)&wslay->set_error = dlsym(library, "wslay_event_set_error");
    *(void **)(void *)&wslay->read_enabled = dlsym(library, "wslay_event_get_read_enabled");
    return wslay->server_init != NULL && wslay->client_init != NULL && wslay->context_free != NULL && wslay->receive != NULL &&
           wslay->max_length != NULL && wslay->set_error != NULL && wslay->read_enabled != NULL;
}

typedef struct {
    const wslay_t *wslay;
    const char *bytes;
    size_t length, at;
    bool closed;
    transcript_t *transcript;
} oracle_t;

static inline ssize_t oracle_recv(wslay_event_context_ptr context, uint8_t *buffer, size_t capacity, int flags, void *user)
{
    (void)flags;
    oracle_t *oracle = user;
    size_t step = capacity < oracle->length - oracle->at ? capacity : oracle->length - oracle->at;
    if (step == 0 || oracle->closed) {
        oracle->wslay->set_error(context, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    memcpy(buffer, oracle->bytes + oracle->at, step);
    oracle->at += step;
    return (ssize_t)step;
}

static inline void oracle_message(wslay_event_context_ptr context, const struct wslay_event_on_msg_recv_arg *arg, void *user)
{
    (void)context;
    oracle_t *oracle = user;
    const char *bytes = (const char *)arg->msg;
    if (oracle->closed) {
        return;
    }
    switch (arg->opcode) {
    case WSLAY_TEXT_FRAME:
        transcript_add(oracle->transcript, "text", (long)arg->msg_length, bytes, arg->msg_length);
        break;
    case WSLAY_BINARY_FRAME:
        transcript_add(oracle->transcript, "binary", (long)arg->msg_length, bytes, arg->msg_length);
        break;
    case WSLAY_PING:
        transcript_add(oracle->transcript, "ping", (long)arg->msg_length, bytes, arg->msg_length);
        break;
    case WSLAY_PONG:
        transcript_add(oracle->transcript, "pong", (long)arg->msg_length, bytes, arg->msg_length);
        break;
    default: { /* wslay leaves code and reason together in the message */
        bool with_code = arg->msg_length >= 2;
        oracle->closed = true;
        if (arg->msg_length == 1) {
            transcript_add(oracle->transcript, "error", 0, NULL, 0);
            break;
        }
        transcript_add(oracle->transcript, "close", with_code ? (long)arg->status_code : 1005, with_code ? bytes + 2 : bytes,
                       with_code ? arg->msg_length - 2 : 0);
        break;
    }
    }
}

/* wslay stops reading after an error; that is how it is seen here. Nothing is sent. */
static inline void transcript_wslay(const wslay_t *wslay, ws_role_t role, const char *bytes, size_t length,
                                    transcript_t *transcript)
{
    oracle_t oracle = {.wslay = wslay, .bytes = bytes, .length = length, .transcript = transcript};
    struct wslay_event_callbacks callbacks = {.recv_callback = oracle_recv, .on_msg_recv_callback = oracle_message};
    wslay_event_context_ptr context = NULL;
    transcript->length = 0;
    if ((role == WS_SERVER ? wslay->server_init : wslay->client_init)(&context, &callbacks, &oracle) != 0) {
        return;
    }
    wslay->max_length(context, ORACLE_MESSAGE_MAX);
    int result = wslay->receive(context);
    bool failed = result != 0 || (wslay->read_enabled(context) == 0 && !oracle.closed);
    if (failed) {
        transcript_add(transcript, "error", 0, NULL, 0);
    }
    wslay->context_free(context);
}

static inline bool ends_with_error(const transcript_t *transcript)
{
    static const char error[] = "error 0 \n";
    size_t length = sizeof error - 1;
    return transcript->length >= length && memcmp(transcript->text + transcript->length - length, error, length) == 0;
}

static inline bool starts_with(const transcript_t *transcript, const transcript_t *start, size_t length)
{
    return transcript->length >= length && memcmp(transcript->text, start->text, length) == 0;
}

/* Compares ours with what wslay makes of the same bytes; `theirs` is filled. */
static inline bool oracle_agrees(const wslay_t *wslay, ws_role_t role, const char *bytes, size_t length, const transcript_t *ours,
                                 transcript_t *theirs)
{
    enum { ERROR_LINE = 9, INPUT_MAX = 8192, PADDING = 20000 };
    static char padded[INPUT_MAX + PADDING];
    transcript_wslay(wslay, role, bytes, length, theirs);
    if (ours->length == theirs->length && starts_with(theirs, ours, ours->length)) {
        return true;
    }
    if (ends_with_error(theirs) && ours->length == theirs->length - ERROR_LINE && starts_with(theirs, ours, ours->length)) {
        return ours->unfinished;
    }
    if (ends_with_error(theirs) && starts_with(ours, theirs, theirs->length - ERROR_LINE)) {
        const char *extra = ours->text + (theirs->length - ERROR_LINE);
        return ours->length >= theirs->length + 2 && memcmp(extra, "close 101", 9) == 0 && extra[9] >= '2' && extra[9] <= '4' &&
               extra[10] == ' ';
    }
    if (ends_with_error(ours) && theirs->length == ours->length - ERROR_LINE && starts_with(ours, theirs, theirs->length) &&
        length <= INPUT_MAX) {
        memcpy(padded, bytes, length);
        memset(padded + length, 0, PADDING);
        transcript_wslay(wslay, role, padded, length + PADDING, theirs);
        return starts_with(theirs, ours, ours->length);
    }
    return false;
}
