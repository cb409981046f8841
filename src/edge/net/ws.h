/* ws.h: WebSocket framing and handshake (RFC 6455) as pure functions; both roles; no sockets, no memory, no extensions.
 *
 * Why not wslay's event interface: it copies every payload through callbacks and allocates for each message, and the feed's
 * decoding speed is a product goal. Here a text message is a slice of the read buffer, unmasked and checked in place. wslay is the
 * oracle in the tests: the same bytes go through both and must give the same events.
 *
 * Strict: clients must mask and servers must not; reserved bits and opcodes, over-long length forms, fragmented or
 * oversized control frames, text that is not UTF-8 and close codes outside RFC 6455, section 7.4 are errors with the close code to
 * send.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"
#include "edge/net/http.h"

enum {
    WS_HEAD_MAX = 14,      /* bytes of the largest frame head */
    WS_CONTROL_MAX = 125,  /* bytes of a control payload */
    WS_KEY_LENGTH = 24,    /* Sec-WebSocket-Key: base64 of 16 bytes */
    WS_ACCEPT_LENGTH = 28, /* Sec-WebSocket-Accept */
};

typedef enum { WS_CLIENT, WS_SERVER } ws_role_t;

typedef enum {
    WS_OP_CONTINUATION = 0,
    WS_OP_TEXT = 1,
    WS_OP_BINARY = 2,
    WS_OP_CLOSE = 8,
    WS_OP_PING = 9,
    WS_OP_PONG = 10,
} ws_opcode_t;

enum { /* close codes */
       WS_CLOSE_NORMAL = 1000,
       WS_CLOSE_GOING_AWAY = 1001,
       WS_CLOSE_PROTOCOL_ERROR = 1002,
       WS_CLOSE_UNSUPPORTED = 1003,
       WS_CLOSE_NO_STATUS = 1005, /* never on the wire: a close frame without a code */
       WS_CLOSE_ABNORMAL = 1006,  /* never on the wire: the connection ended without a close frame */
       WS_CLOSE_BAD_PAYLOAD = 1007,
       WS_CLOSE_POLICY = 1008,
       WS_CLOSE_TOO_BIG = 1009,
       WS_CLOSE_INTERNAL = 1011,
       WS_CLOSE_TRY_LATER = 1013,
};

typedef enum {
    WS_NEED_MORE, /* nothing whole in the buffer */
    WS_TEXT,      /* payload: one whole message, valid UTF-8, fragments joined */
    WS_BINARY,
    WS_PING, /* payload to be returned in a pong */
    WS_PONG,
    WS_CLOSE, /* code and reason; nothing after it is decoded */
    WS_ERROR, /* code is what to close with; error says why */
} ws_event_kind_t;

#define WS_ERROR_TABLE(X)                                                                                                          \
    X(NONE, "no error")                                                                                                            \
    X(RESERVED_BITS, "reserved bits are set and no extension was agreed")                                                          \
    X(BAD_OPCODE, "an opcode that is not defined")                                                                                 \
    X(NOT_MASKED, "a client's frame is not masked")                                                                                \
    X(MASKED, "a server's frame is masked")                                                                                        \
    X(LENGTH_FORM, "the length is not in its shortest form or has its highest bit set")                                            \
    X(CONTROL_FRAGMENTED, "a control frame is fragmented")                                                                         \
    X(CONTROL_TOO_LONG, "a control frame is longer than 125 bytes")                                                                \
    X(TOO_LONG, "the message is longer than allowed")                                                                              \
    X(UNEXPECTED_CONTINUATION, "a continuation without a beginning")                                                               \
    X(EXPECTED_CONTINUATION, "a new message inside a fragmented one")                                                              \
    X(NOT_UTF8, "text that is not UTF-8")                                                                                          \
    X(BAD_CLOSE, "a close frame of one byte, or with a code that must not be sent")

typedef enum {
#define WS_ERROR_ENUM(name, text) WS_ERROR_##name,
    WS_ERROR_TABLE(WS_ERROR_ENUM)
#undef WS_ERROR_ENUM
        WS_ERROR_COUNT
} ws_error_t;

const char *ws_error_name(ws_error_t error); /* never NULL */
const char *ws_error_text(ws_error_t error);

typedef struct {
    ws_event_kind_t kind;
    str_t payload; /* points into the buffer; good until the next call with this buffer. CLOSE: the reason */
    uint16_t code; /* CLOSE: the peer's code (WS_CLOSE_NO_STATUS when none); ERROR: the code to answer with */
    ws_error_t error;
} ws_event_t;

/* Decodes what the other side sends: role is ours. Fields are private. */
typedef struct {
    ws_role_t role;
    size_t message_max;
    size_t scan;     /* start of the first frame not yet taken */
    size_t gathered; /* payload bytes of an unfinished message, joined at the front */
    uint32_t utf8;   /* state of the text check over fragments */
    uint8_t opcode;  /* of the unfinished message; 0: none */
    bool done;       /* after CLOSE or ERROR */
    ws_event_t last; /* the ERROR, which stays */
} ws_decoder_t;

/* message_max: bytes of one message, fragments together; a larger one is WS_ERROR_TOO_LONG as soon as its head is seen. */
void ws_decoder_init(ws_decoder_t *decoder, ws_role_t role, size_t message_max);

/* The next event out of bytes[0..length). Call until WS_NEED_MORE, then ws_decoder_release before more bytes are appended. Bytes
 * are unmasked, and fragments joined, in place. After CLOSE or ERROR: the same error, or NEED_MORE for ever. */
void ws_decode(ws_decoder_t *decoder, char *bytes, size_t length, ws_event_t *event);

/* Ends a round: returns how many bytes from the front are done with. The owner drops exactly those before the next ws_decode; what
 * was joined of an unfinished message has been moved up next to the bytes not yet taken. Costs nothing between messages, the usual
 * case. */
size_t ws_decoder_release(ws_decoder_t *decoder, char *bytes);

/* Writes a frame head; returns its length (<= WS_HEAD_MAX). mask NULL: not masked (servers). */
typedef enum { WS_MORE, WS_FINAL } ws_final_t;
size_t ws_encode_head(ws_opcode_t opcode, ws_final_t final, uint64_t length, const uint8_t mask[4], uint8_t head[WS_HEAD_MAX]);

/* XORs in place; `offset` is the position of bytes[0] in the payload. */
void ws_mask(char *bytes, size_t length, const uint8_t mask[4], size_t offset);

/* One whole frame. RESULT_FULL when it does not fit; *length untouched then. */
result_t ws_encode(ws_opcode_t opcode, str_t payload, const uint8_t mask[4], char *out, size_t capacity, size_t *length);

/* Payload of a close frame: code and reason (cut at a character boundary to 123 bytes); returns its length. */
size_t ws_encode_close(uint16_t code, str_t reason, char out[WS_CONTROL_MAX]);

/* True for codes that may stand in a close frame on the wire: 1000-1003, 1007-1014, 3000-4999. */
bool ws_close_code_is_valid(uint16_t code);

bool ws_utf8_is_valid(str_t text);

/* --- handshake -------------------------------------------------------------------------------- */

/* Sec-WebSocket-Key from 16 random bytes, and Sec-WebSocket-Accept from a key; both NUL-terminated. */
void ws_key_make(const uint8_t random[16], char key[WS_KEY_LENGTH + 1]);
void ws_accept_make(str_t key, char accept[WS_ACCEPT_LENGTH + 1]);

/* RESULT_OK and the key when the request is a proper upgrade (GET, HTTP/1.1, Upgrade, Connection, version 13, a key of 16 bytes);
 * RESULT_MALFORMED otherwise, RESULT_VERSION for another Sec-WebSocket-Version (answer 426 with "Sec-WebSocket-Version: 13"). */
result_t ws_handshake_check_request(const http_message_t *request, str_t *key);

/* RESULT_OK when the response completes the handshake for `key`; RESULT_REFUSED for a status other than 101; RESULT_MALFORMED
 * otherwise (also: an extension that was not asked for). */
result_t ws_handshake_check_response(const http_message_t *response, str_t key);
