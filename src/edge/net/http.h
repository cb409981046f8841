/* http.h: strict HTTP/1.1 (RFC 9110, 9112) as pure functions: bytes in, one message out; values in, bytes out. No sockets, no
 * memory.
 *
 * Why our own: an order's single write and the simulated venue's byte-exact faults rest on knowing every byte; and everything that
 * two parsers could read differently (request smuggling) is refused rather than guessed. Refused: bare LF or CR, obs-fold, blanks
 * before a colon, characters outside the grammar, Content-Length together with Transfer-Encoding, Content-Lengths that differ, any
 * transfer coding but "chunked", HTTP/1.1 requests without exactly one Host, HTTP versions other than 1.0 and 1.1.
 *
 * The parser works on the owner's growing buffer: call http_parse again with the same start and more bytes. It remembers how far
 * it has looked, so a message that comes byte by byte costs no more than one that comes at once; the buffer may move between calls.
 * A chunked body is decoded in place (bytes are moved down). Slices in the message point into the buffer as it was in the call that
 * returned HTTP_COMPLETE and live as long as it stays untouched.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"

enum {
    HTTP_HEADERS_MAX = 64,
    HTTP_HEAD_MAX_DEFAULT = 16384,
    HTTP_BODY_MAX_DEFAULT = 16 * 1024 * 1024,
};

typedef enum { HTTP_REQUEST, HTTP_RESPONSE } http_kind_t;

/* How the end of the body is known. */
typedef enum { HTTP_BODY_NONE, HTTP_BODY_LENGTH, HTTP_BODY_CHUNKED, HTTP_BODY_UNTIL_CLOSE } http_body_form_t;

/* X(name, status a server answers with, text) */
#define HTTP_ERROR_TABLE(X)                                                                                                        \
    X(NONE, 200, "no error")                                                                                                       \
    X(BAD_METHOD, 400, "the method is not a token")                                                                                \
    X(BAD_TARGET, 400, "the request target has a character that is not allowed")                                                   \
    X(BAD_VERSION, 400, "the HTTP version is malformed")                                                                           \
    X(VERSION_UNSUPPORTED, 505, "an HTTP version other than 1.0 and 1.1")                                                          \
    X(BAD_STATUS, 502, "the status code is not three digits from 100 to 599")                                                      \
    X(BAD_REASON, 502, "the reason phrase has a character that is not allowed")                                                    \
    X(BARE_CR, 400, "a carriage return without a line feed")                                                                       \
    X(BARE_LF, 400, "a line feed without a carriage return")                                                                       \
    X(BAD_HEADER_NAME, 400, "a header name has a character that is not allowed or is empty")                                       \
    X(SPACE_BEFORE_COLON, 400, "a blank between header name and colon")                                                            \
    X(FOLDED_HEADER, 400, "a header line that continues the one before (obs-fold)")                                                \
    X(BAD_HEADER_VALUE, 400, "a header value has a control character")                                                             \
    X(HEAD_TOO_LARGE, 431, "start line and headers are larger than allowed")                                                       \
    X(TOO_MANY_HEADERS, 431, "more header lines than allowed")                                                                     \
    X(HOST_MISSING, 400, "an HTTP/1.1 request without Host")                                                                       \
    X(HOST_REPEATED, 400, "more than one Host")                                                                                    \
    X(BAD_CONTENT_LENGTH, 400, "Content-Length is not a plain number")                                                             \
    X(LENGTH_CONFLICT, 400, "Content-Length given twice with different values")                                                    \
    X(LENGTH_AND_CODING, 400, "Content-Length and Transfer-Encoding together")                                                     \
    X(CODING_UNSUPPORTED, 501, "a transfer coding other than chunked")                                                             \
    X(CODING_IN_HTTP10, 400, "Transfer-Encoding in an HTTP/1.0 message")                                                           \
    X(BODY_TOO_LARGE, 413, "the body is larger than allowed")                                                                      \
    X(BAD_CHUNK_SIZE, 400, "a chunk size is not a hexadecimal number")                                                             \
    X(BAD_CHUNK_EXTENSION, 400, "a chunk extension is malformed or too long")                                                      \
    X(BAD_CHUNK_END, 400, "chunk data is not followed by CR LF")                                                                   \
    X(TRAILERS_TOO_LARGE, 431, "the trailers are larger than allowed")                                                             \
    X(BAD_TRAILER, 400, "a trailer that would change how the message is read")                                                     \
    X(ENDED_EARLY, 400, "the connection ended inside the message")

typedef enum {
#define HTTP_ERROR_ENUM(name, status, text) HTTP_ERROR_##name,
    HTTP_ERROR_TABLE(HTTP_ERROR_ENUM)
#undef HTTP_ERROR_ENUM
        HTTP_ERROR_COUNT
} http_error_t;

const char *http_error_name(http_error_t error); /* "BARE_LF"; never NULL */
const char *http_error_text(http_error_t error); /* a sentence; never NULL */
unsigned http_error_status(http_error_t error);  /* the status a server answers with */

typedef struct {
    str_t name;  /* as received; compare with http_header_is or find with http_header */
    str_t value; /* without blanks around it */
} http_header_t;

typedef struct {
    http_kind_t kind;
    str_t method;           /* requests: "GET"; case-sensitive */
    str_t target;           /* requests: as received, raw: signatures are computed over these bytes */
    str_t path;             /* of target: up to '?'; of an absolute-form target: the part after the authority ("/" when none) */
    str_t query;            /* of target: after the first '?', raw; empty when none */
    unsigned version_minor; /* HTTP/1.<minor>: 0 or 1 */
    unsigned status;        /* responses: 100..599 */
    str_t reason;           /* responses: may be empty */
    http_body_form_t body_form;
    str_t body;           /* decoded from chunks when chunked; otherwise as received */
    bool keep_alive;      /* the connection may carry another message after this one */
    bool upgrade;         /* has "Connection: upgrade" and an Upgrade header */
    bool expect_continue; /* "Expect: 100-continue" on an HTTP/1.1 request */
    uint32_t headers_count;
    http_header_t headers[HTTP_HEADERS_MAX];
} http_message_t;

/* What a parser remembers between calls: offsets only. Fields are private, except where said. */
typedef struct {
    http_kind_t kind;
    int state;
    size_t head_max, body_max; /* public: bounds; may be set after init, before the first byte */
    bool body_expected;        /* public: responses: false for the reply to HEAD; set after init or reset */
    uintptr_t base;            /* where the buffer stood when the head was taken apart */
    size_t start;              /* of the message, behind blank lines before a request */
    size_t scan;               /* bytes looked at */
    size_t line;               /* start of the line that is being looked at */
    size_t head_end;           /* = start of the body */
    size_t body_length;        /* decoded so far */
    size_t body_left;          /* of the body, or of the present chunk */
    http_error_t error;        /* public: why, after HTTP_ERROR */
    size_t consumed;           /* public: bytes of the buffer that belonged to the message, after HTTP_COMPLETE */
    bool continue_due;         /* public: head complete, body awaited, and the client waits for "100 Continue" */
    http_message_t message;    /* public after HTTP_COMPLETE */
} http_parser_t;

typedef enum { HTTP_NEED_MORE, HTTP_COMPLETE, HTTP_ERROR } http_progress_t;

void http_parser_init(http_parser_t *parser, http_kind_t kind);

/* Forgets the message and keeps kind and bounds: for the next message of the connection. body_expected becomes true. */
void http_parser_reset(http_parser_t *parser);

/* bytes: the message from its first byte, `length` of it so far; shorter than in the call before is a programming error. After
 * HTTP_COMPLETE, parser->message holds it and parser->consumed its length in the buffer; the next message begins there. An error
 * stays an error. Interim responses (1xx except 101) are complete messages of their own. O(new bytes). */
http_progress_t http_parse(http_parser_t *parser, char *bytes, size_t length);

/* The connection ended after `length` bytes: completes a body that runs until then; otherwise HTTP_ERROR with ENDED_EARLY. */
http_progress_t http_parse_end(http_parser_t *parser, char *bytes, size_t length);

/* True when no byte of a message has been seen: the clean moment for a connection to end. (Blank lines before a request are
 * skipped.) */
bool http_parser_is_idle(const http_parser_t *parser);

/* The first header of that name (ASCII case ignored); NULL when there is none. */
const str_t *http_header(const http_message_t *message, const char *name);

/* True when the comma-separated list in all headers `name` contains `token` (ASCII case ignored). */
bool http_header_has_token(const http_message_t *message, const char *name, const char *token);

/* Unsigned number in the header; RESULT_NOT_FOUND, RESULT_NUMBER_MALFORMED. */
result_t http_header_u64(const http_message_t *message, const char *name, uint64_t *out);

/* Percent-decoding for values of queries and forms ('+' becomes a blank when form is true). Out is at most as long as text and may
 * alias it. RESULT_MALFORMED for a broken escape. Returns the length through *out_length. */
typedef enum { HTTP_PERCENT_PATH, HTTP_PERCENT_FORM } http_percent_t;
result_t http_percent_decode(str_t text, http_percent_t form, char *out, size_t capacity, size_t *out_length);

/* Takes the next "name=value" off *rest ("a=1&b=2"); false at the end. Empty pieces ("a=1&&b=2") are skipped; both stay encoded. */
bool http_query_next(str_t *rest, str_t *name, str_t *value);

/* The raw value of the first `name` in a query or form body; false when it is not there. */
bool http_query_find(str_t query, const char *name, str_t *value);

/* --- writing ---------------------------------------------------------------------------------- */

/* Writes into the owner's buffer and remembers the first failure: check once, at the end. Nothing that could be read as a second
 * header or message gets out: CR, LF, NUL in any part give RESULT_TEXT_BAD_CHARACTER. */
typedef struct {
    char *bytes; /* borrowed */
    size_t capacity;
    size_t length;
    result_t result; /* RESULT_OK, RESULT_FULL, RESULT_TEXT_BAD_CHARACTER; sticky */
} http_writer_t;

void http_writer_init(http_writer_t *writer, char *buffer, size_t capacity);
void http_write_request_line(http_writer_t *writer, str_t method, str_t target);   /* HTTP/1.1 */
void http_write_status_line(http_writer_t *writer, unsigned status, str_t reason); /* HTTP/1.1; empty reason: the usual one */
void http_write_header(http_writer_t *writer, str_t name, str_t value);
void http_write_header_u64(http_writer_t *writer, str_t name, uint64_t value);

/* Content-Length, the blank line and the body. */
void http_write_body(http_writer_t *writer, str_t body);

/* The blank line only: GET without a body, 204, 304, 101. */
void http_write_end(http_writer_t *writer);

const char *http_status_text(unsigned status); /* "Not Found"; "" for codes without a name */

/* Percent-encodes everything but A-Z a-z 0-9 - . _ ~ . RESULT_FULL when it does not fit; *length is the encoded length. */
result_t http_percent_encode(str_t text, char *out, size_t capacity, size_t *length);

/* --- urls ------------------------------------------------------------------------------------- */

typedef enum { HTTP_SCHEME_HTTP, HTTP_SCHEME_HTTPS, HTTP_SCHEME_WS, HTTP_SCHEME_WSS } http_scheme_t;

typedef struct {
    http_scheme_t scheme;
    str_t host;    /* without [] around IPv6 */
    uint16_t port; /* 80 or 443 when not given */
    bool port_given;
    str_t path; /* from the first '/' on, query included; empty when none */
} http_url_t;

/* Absolute URLs of the four schemes; user info and fragments are refused (RESULT_MALFORMED), other schemes RESULT_UNSUPPORTED. */
result_t http_url_parse(str_t text, http_url_t *out);

/* "host", "host:8080", "[::1]:8080": what belongs into Host. RESULT_FULL when it does not fit (with NUL). */
result_t http_url_host_header(const http_url_t *url, char *buffer, size_t capacity);

/* "host:port" for stream_dial. RESULT_FULL when it does not fit (with NUL). */
result_t http_url_address(const http_url_t *url, char *buffer, size_t capacity);
