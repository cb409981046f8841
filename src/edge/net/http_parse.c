/* http_parse.c: the strict reader of HTTP/1.1 messages (http.h says what is refused and why).
 *
 * A message is read in states: HEAD (look for the blank line), then one of the bodies. The head is taken apart only when it is
 * whole, in one pass over known lines, so no half-parsed header is ever carried from call to call. Whether something is an error
 * depends on positions in the message only, never on how it was cut into pieces: the tests feed every message split at every byte.
 */
#include <string.h>

#include "core/base/assert.h"
#include "edge/net/http.h"
#include "edge/net/http_chars.h"
#include "edge/net/http_head.h"

enum {
    STATE_HEAD,
    STATE_LENGTH,
    STATE_UNTIL_CLOSE,
    STATE_CHUNK_SIZE,
    STATE_CHUNK_DATA,
    STATE_CHUNK_END,
    STATE_TRAILERS,
    STATE_DONE,
    STATE_ERROR
};

enum {
    BLANK_LINES_MAX = 4,  /* bytes of CR LF skipped before a request: two blank lines */
    CHUNK_LINE_MAX = 256, /* a chunk size with its extensions */
    TRAILERS_MAX = 4096,
};

static http_progress_t fail(http_parser_t *parser, http_error_t error)
{
    parser->state = STATE_ERROR;
    parser->error = error;
    return HTTP_ERROR;
}

/* --- states ----------------------------------------------------------------------------------- */

static http_progress_t complete(http_parser_t *parser, const char *bytes, size_t consumed)
{
    if (parser->base != (uintptr_t)bytes) {
        size_t unused = 0;
        http_error_t error = http_head_parse(parser, bytes, &unused); /* the buffer has moved since: cut the slices anew */
        ASSERT(error == HTTP_ERROR_NONE);
    }
    parser->message.body = (str_t){bytes + parser->head_end, parser->body_length};
    parser->consumed = consumed;
    parser->continue_due = false;
    parser->state = STATE_DONE;
    return HTTP_COMPLETE;
}

/* Finds the end of the line that begins at parser->line. On HTTP_COMPLETE *end is the position of its CR. At most `max` bytes, CR
 * LF included. */
static http_progress_t line_find(http_parser_t *parser, const char *bytes, size_t length, size_t max, http_error_t too_long,
                                 size_t *end)
{
    size_t limit = length - parser->line > max ? parser->line + max : length;
    const char *feed = parser->scan < limit ? memchr(bytes + parser->scan, '\n', limit - parser->scan) : NULL;
    if (feed == NULL) {
        parser->scan = limit;
        return limit - parser->line >= max ? fail(parser, too_long) : HTTP_NEED_MORE;
    }
    size_t at = (size_t)(feed - bytes);
    if (at == parser->line || bytes[at - 1] != '\r') {
        return fail(parser, HTTP_ERROR_BARE_LF);
    }
    *end = at - 1;
    parser->scan = at + 1;
    return HTTP_COMPLETE;
}

static http_progress_t body_begin(http_parser_t *parser, const char *bytes, size_t content_length)
{
    parser->body_length = 0;
    switch (parser->message.body_form) {
    case HTTP_BODY_NONE:
        return complete(parser, bytes, parser->head_end);
    case HTTP_BODY_LENGTH:
        parser->body_left = content_length;
        parser->state = STATE_LENGTH;
        break;
    case HTTP_BODY_CHUNKED:
        parser->line = parser->scan = parser->head_end;
        parser->state = STATE_CHUNK_SIZE;
        break;
    case HTTP_BODY_UNTIL_CLOSE:
        parser->state = STATE_UNTIL_CLOSE;
        break;
    }
    parser->continue_due = parser->message.expect_continue;
    return HTTP_NEED_MORE;
}

/* The first byte tells a stranger (a TLS hello on a plain port) without waiting for a line that never ends. */
static bool first_byte_is_possible(const http_parser_t *parser, char first)
{
    return parser->kind == HTTP_RESPONSE ? first == 'H' : http_char_is(first, HTTP_CHAR_TOKEN);
}

static http_progress_t head_step(http_parser_t *parser, const char *bytes, size_t length)
{
    while (parser->kind == HTTP_REQUEST && parser->start < BLANK_LINES_MAX && length - parser->start >= 2 &&
           memcmp(bytes + parser->start, "\r\n", 2) == 0) {
        parser->start += 2;
        parser->scan = parser->line = parser->start;
    }
    if (length == parser->start) {
        return HTTP_NEED_MORE;
    }
    bool blank_begins = parser->kind == HTTP_REQUEST && parser->start < BLANK_LINES_MAX && bytes[parser->start] == '\r';
    if (blank_begins && length - parser->start == 1) {
        return HTTP_NEED_MORE;
    }
    if (!first_byte_is_possible(parser, bytes[parser->start])) {
        return fail(parser, parser->kind == HTTP_REQUEST ? HTTP_ERROR_BAD_METHOD : HTTP_ERROR_BAD_VERSION);
    }
    for (;;) {
        size_t end = 0;
        size_t used = parser->line - parser->start;
        http_progress_t found = line_find(parser, bytes, length, parser->head_max - used, HTTP_ERROR_HEAD_TOO_LARGE, &end);
        if (found != HTTP_COMPLETE) {
            return found;
        }
        bool blank = end == parser->line;
        parser->line = end + 2;
        if (blank) {
            break;
        }
        if (parser->line - parser->start >= parser->head_max) {
            return fail(parser, HTTP_ERROR_HEAD_TOO_LARGE);
        }
    }
    parser->head_end = parser->line;
    size_t content_length = 0;
    http_error_t error = http_head_parse(parser, bytes, &content_length);
    return error == HTTP_ERROR_NONE ? body_begin(parser, bytes, content_length) : fail(parser, error);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* ";name", ";name=token", ";name="quoted"", any number of them (RFC 9112, section 7.1.1). They are checked and ignored. */
static bool chunk_extensions_are_proper(const char *bytes, size_t at, size_t end)
{
    while (at < end) {
        size_t name = at + 1;
        size_t stop = name;
        while (stop < end && http_char_is(bytes[stop], HTTP_CHAR_TOKEN)) {
            stop++;
        }
        if (bytes[at] != ';' || stop == name) {
            return false;
        }
        at = stop;
        if (at == end || bytes[at] != '=') {
            continue;
        }
        at++;
        bool quoted = at < end && bytes[at] == '"';
        size_t value = at + (quoted ? 1 : 0);
        stop = value;
        while (stop < end && http_char_is(bytes[stop], quoted ? HTTP_CHAR_VALUE : HTTP_CHAR_TOKEN) && bytes[stop] != '"' &&
               bytes[stop] != '\\') {
            stop++;
        }
        if (quoted ? stop == end || bytes[stop] != '"' : stop == value) {
            return false;
        }
        at = stop + (quoted ? 1 : 0);
    }
    return true;
}

/* "1a3f" or "1a3f;name=value". */
static http_progress_t chunk_size_step(http_parser_t *parser, const char *bytes, size_t length)
{
    size_t end = 0;
    http_progress_t found = line_find(parser, bytes, length, CHUNK_LINE_MAX, HTTP_ERROR_BAD_CHUNK_EXTENSION, &end);
    if (found != HTTP_COMPLETE) {
        return found;
    }
    size_t size = 0;
    size_t at = parser->line;
    for (; at < end && hex_digit(bytes[at]) >= 0; at++) {
        size = size * 16 + (size_t)hex_digit(bytes[at]);
        if (size > parser->body_max - parser->body_length) {
            return fail(parser, HTTP_ERROR_BODY_TOO_LARGE);
        }
    }
    if (at == parser->line || (at < end && bytes[at] != ';')) {
        return fail(parser, HTTP_ERROR_BAD_CHUNK_SIZE);
    }
    if (!chunk_extensions_are_proper(bytes, at, end)) {
        return fail(parser, HTTP_ERROR_BAD_CHUNK_EXTENSION);
    }
    parser->line = parser->scan;
    parser->body_left = size;
    parser->state = size == 0 ? STATE_TRAILERS : STATE_CHUNK_DATA;
    parser->consumed = parser->line; /* while in trailers: where they began */
    return HTTP_COMPLETE;
}

static http_progress_t chunk_data_step(http_parser_t *parser, char *bytes, size_t length)
{
    size_t have = length - parser->scan;
    size_t take = have < parser->body_left ? have : parser->body_left;
    memmove(bytes + parser->head_end + parser->body_length, bytes + parser->scan, take);
    parser->body_length += take;
    parser->body_left -= take;
    parser->scan += take;
    if (parser->body_left > 0) {
        return HTTP_NEED_MORE;
    }
    parser->state = STATE_CHUNK_END;
    return HTTP_COMPLETE;
}

static http_progress_t chunk_end_step(http_parser_t *parser, const char *bytes, size_t length)
{
    size_t have = length - parser->scan;
    if ((have >= 1 && bytes[parser->scan] != '\r') || (have >= 2 && bytes[parser->scan + 1] != '\n')) {
        return fail(parser, HTTP_ERROR_BAD_CHUNK_END);
    }
    if (have < 2) {
        return HTTP_NEED_MORE;
    }
    parser->scan += 2;
    parser->line = parser->scan;
    parser->state = STATE_CHUNK_SIZE;
    return HTTP_COMPLETE;
}

static bool trailer_is_framing(str_t name)
{
    return str_eq_nocase(name, STR("content-length")) || str_eq_nocase(name, STR("transfer-encoding")) ||
           str_eq_nocase(name, STR("host"));
}

/* Trailers are held to the form of headers and dropped: nothing that comes after the body may change what the head has said. */
static http_progress_t trailers_step(http_parser_t *parser, const char *bytes, size_t length)
{
    size_t end = 0;
    size_t used = parser->line - parser->consumed;
    http_progress_t found = line_find(parser, bytes, length, TRAILERS_MAX - used, HTTP_ERROR_TRAILERS_TOO_LARGE, &end);
    if (found != HTTP_COMPLETE) {
        return found;
    }
    if (end == parser->line) {
        return complete(parser, bytes, parser->scan);
    }
    http_header_t trailer;
    http_error_t error = http_header_line_parse(bytes, parser->line, end, &trailer);
    if (error == HTTP_ERROR_NONE && trailer_is_framing(trailer.name)) {
        error = HTTP_ERROR_BAD_TRAILER;
    }
    if (error != HTTP_ERROR_NONE) {
        return fail(parser, error);
    }
    parser->line = parser->scan;
    return parser->line - parser->consumed >= TRAILERS_MAX ? fail(parser, HTTP_ERROR_TRAILERS_TOO_LARGE) : HTTP_COMPLETE;
}

static http_progress_t chunked_step(http_parser_t *parser, char *bytes, size_t length)
{
    http_progress_t progress = HTTP_COMPLETE;
    while (progress == HTTP_COMPLETE && parser->state != STATE_DONE) {
        switch (parser->state) {
        case STATE_CHUNK_SIZE:
            progress = chunk_size_step(parser, bytes, length);
            break;
        case STATE_CHUNK_DATA:
            progress = chunk_data_step(parser, bytes, length);
            break;
        case STATE_CHUNK_END:
            progress = chunk_end_step(parser, bytes, length);
            break;
        default:
            progress = trailers_step(parser, bytes, length);
            break;
        }
    }
    return progress;
}

http_progress_t http_parse(http_parser_t *parser, char *bytes, size_t length)
{
    ASSERT(length >= parser->scan);
    if (parser->state == STATE_HEAD) {
        http_progress_t progress = head_step(parser, bytes, length);
        if (progress != HTTP_NEED_MORE || parser->state == STATE_HEAD) {
            return progress;
        }
    }
    switch (parser->state) {
    case STATE_LENGTH:
        if (length - parser->head_end < parser->body_left) {
            return HTTP_NEED_MORE;
        }
        parser->body_length = parser->body_left;
        return complete(parser, bytes, parser->head_end + parser->body_length);
    case STATE_UNTIL_CLOSE:
        return length - parser->head_end > parser->body_max ? fail(parser, HTTP_ERROR_BODY_TOO_LARGE) : HTTP_NEED_MORE;
    case STATE_DONE:
        return HTTP_COMPLETE;
    case STATE_ERROR:
        return HTTP_ERROR;
    default:
        return chunked_step(parser, bytes, length);
    }
}

http_progress_t http_parse_end(http_parser_t *parser, char *bytes, size_t length)
{
    http_progress_t progress = http_parse(parser, bytes, length);
    if (progress != HTTP_NEED_MORE) {
        return progress;
    }
    if (parser->state != STATE_UNTIL_CLOSE) {
        return fail(parser, HTTP_ERROR_ENDED_EARLY);
    }
    parser->body_length = length - parser->head_end;
    return complete(parser, bytes, length);
}

void http_parser_init(http_parser_t *parser, http_kind_t kind)
{
    parser->kind = kind;
    parser->head_max = HTTP_HEAD_MAX_DEFAULT;
    parser->body_max = HTTP_BODY_MAX_DEFAULT;
    http_parser_reset(parser);
}

void http_parser_reset(http_parser_t *parser)
{
    parser->state = STATE_HEAD;
    parser->body_expected = true;
    parser->base = 0;
    parser->start = parser->scan = parser->line = 0;
    parser->head_end = parser->body_length = parser->body_left = 0;
    parser->error = HTTP_ERROR_NONE;
    parser->consumed = 0;
    parser->continue_due = false;
    parser->message = (http_message_t){.kind = parser->kind};
}

bool http_parser_is_idle(const http_parser_t *parser)
{
    return parser->state == STATE_HEAD && parser->scan == parser->start;
}
