/* http_head.c: takes the head of an HTTP message apart: start line, header lines, and what they say about the body (http.h).
 *
 * Works on a head that is whole: every line is known to end in CR LF and the blank line is there (http_parse.c has looked).
 */
#include "edge/net/http_head.h"

#include <string.h>

#include "core/base/assert.h"
#include "edge/net/http_chars.h"

enum {
    METHOD_MAX = 32,
    LENGTH_DIGITS_MAX = 18,
};

/* How many bytes from `at` on belong to the class. */
static size_t span_of(const char *bytes, size_t at, size_t end, uint8_t class)
{
    size_t i = at;
    while (i < end && http_char_is(bytes[i], class)) {
        i++;
    }
    return i - at;
}

static str_t slice(const char *bytes, size_t from, size_t to)
{
    return (str_t){bytes + from, to - from};
}

/* --- start line ------------------------------------------------------------------------------- */

/* "HTTP/1.1" at bytes[at..at+8) */
static http_error_t version_parse(const char *bytes, size_t at, size_t end, unsigned *minor)
{
    if (end - at != 8 || memcmp(bytes + at, "HTTP/", 5) != 0 || bytes[at + 6] != '.') {
        return HTTP_ERROR_BAD_VERSION;
    }
    char high = bytes[at + 5];
    char low = bytes[at + 7];
    if (high < '0' || high > '9' || low < '0' || low > '9') {
        return HTTP_ERROR_BAD_VERSION;
    }
    if (high != '1' || low > '1') {
        return HTTP_ERROR_VERSION_UNSUPPORTED;
    }
    *minor = (unsigned)(low - '0');
    return HTTP_ERROR_NONE;
}

/* "host:port" of an absolute target: what a URL may have there, without user info. */
static bool authority_is_plain(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c != '\0' && strchr(".-_~:[]%", c) != NULL);
        if (!plain) {
            return false;
        }
    }
    return length > 0;
}

/* Cuts path and query out of the target; false when it has none of the forms of RFC 9112, section 3.2. */
static bool target_split(http_message_t *message)
{
    str_t target = message->target;
    str_t rest = target;
    if (str_eq(message->method, STR("CONNECT"))) {
        message->path = target;
        message->query = (str_t){target.bytes + target.length, 0};
        return target.bytes[0] != '/';
    }
    if (str_eq(target, STR("*"))) {
        message->path = target;
        message->query = (str_t){target.bytes + 1, 0};
        return str_eq(message->method, STR("OPTIONS"));
    }
    size_t scheme = str_starts_with(target, STR("http://")) ? 7 : str_starts_with(target, STR("https://")) ? 8 : 0;
    if (scheme != 0) {
        size_t authority_end = scheme;
        while (authority_end < target.length && target.bytes[authority_end] != '/' && target.bytes[authority_end] != '?') {
            authority_end++;
        }
        if (!authority_is_plain(target.bytes + scheme, authority_end - scheme)) {
            return false;
        }
        rest = (str_t){target.bytes + authority_end, target.length - authority_end};
    } else if (target.bytes[0] != '/') {
        return false;
    }
    const char *mark = rest.length == 0 ? NULL : memchr(rest.bytes, '?', rest.length);
    size_t path_length = mark == NULL ? rest.length : (size_t)(mark - rest.bytes);
    message->path = path_length == 0 ? STR("/") : (str_t){rest.bytes, path_length};
    message->query = mark == NULL ? (str_t){rest.bytes + rest.length, 0} : (str_t){mark + 1, rest.length - path_length - 1};
    return true;
}

static http_error_t request_line_parse(http_message_t *message, const char *bytes, size_t at, size_t end)
{
    size_t method = span_of(bytes, at, end, HTTP_CHAR_TOKEN);
    if (method == 0 || method > METHOD_MAX || at + method == end || bytes[at + method] != ' ') {
        return HTTP_ERROR_BAD_METHOD;
    }
    message->method = slice(bytes, at, at + method);
    at += method + 1;
    size_t target = span_of(bytes, at, end, HTTP_CHAR_TARGET);
    if (target == 0 || at + target == end || bytes[at + target] != ' ') {
        return at + target < end && bytes[at + target] == '\r' ? HTTP_ERROR_BARE_CR : HTTP_ERROR_BAD_TARGET;
    }
    message->target = slice(bytes, at, at + target);
    if (!target_split(message)) {
        return HTTP_ERROR_BAD_TARGET;
    }
    return version_parse(bytes, at + target + 1, end, &message->version_minor);
}

static http_error_t status_line_parse(http_message_t *message, const char *bytes, size_t at, size_t end)
{
    if (end - at < 8) {
        return HTTP_ERROR_BAD_VERSION;
    }
    http_error_t error = version_parse(bytes, at, at + 8, &message->version_minor);
    if (error != HTTP_ERROR_NONE) {
        return error;
    }
    at += 8;
    if (end - at < 4 || bytes[at] != ' ') {
        return HTTP_ERROR_BAD_STATUS;
    }
    unsigned status = 0;
    for (size_t i = at + 1; i < at + 4; i++) {
        if (bytes[i] < '0' || bytes[i] > '9') {
            return HTTP_ERROR_BAD_STATUS;
        }
        status = status * 10 + (unsigned)(bytes[i] - '0');
    }
    at += 4;
    /* The blank behind the code belongs to the grammar even when the reason is empty; servers that leave both out are understood.
     */
    if (status < 100 || status > 599 || (at < end && bytes[at] != ' ')) {
        return HTTP_ERROR_BAD_STATUS;
    }
    message->status = status;
    at += at < end ? 1 : 0;
    if (span_of(bytes, at, end, HTTP_CHAR_VALUE) != end - at) {
        return HTTP_ERROR_BAD_REASON;
    }
    message->reason = slice(bytes, at, end);
    return HTTP_ERROR_NONE;
}

/* --- header lines ----------------------------------------------------------------------------- */

http_error_t http_header_line_parse(const char *bytes, size_t at, size_t end, http_header_t *out)
{
    if (bytes[at] == ' ' || bytes[at] == '\t') {
        return HTTP_ERROR_FOLDED_HEADER;
    }
    size_t name = span_of(bytes, at, end, HTTP_CHAR_TOKEN);
    size_t colon = at + name;
    if (name == 0 || colon == end || bytes[colon] != ':') {
        bool blank = name != 0 && colon < end && (bytes[colon] == ' ' || bytes[colon] == '\t');
        return blank ? HTTP_ERROR_SPACE_BEFORE_COLON : HTTP_ERROR_BAD_HEADER_NAME;
    }
    size_t from = colon + 1;
    size_t valid = span_of(bytes, from, end, HTTP_CHAR_VALUE);
    if (from + valid != end) {
        return bytes[from + valid] == '\r' ? HTTP_ERROR_BARE_CR : HTTP_ERROR_BAD_HEADER_VALUE;
    }
    size_t to = end;
    while (from < to && (bytes[from] == ' ' || bytes[from] == '\t')) {
        from++;
    }
    while (to > from && (bytes[to - 1] == ' ' || bytes[to - 1] == '\t')) {
        to--;
    }
    *out = (http_header_t){.name = slice(bytes, at, colon), .value = slice(bytes, from, to)};
    return HTTP_ERROR_NONE;
}

/* bytes[at..end): whole lines, each with CR LF, without the blank line. */
static http_error_t header_lines_parse(http_message_t *message, const char *bytes, size_t at, size_t end)
{
    while (at < end) {
        const char *feed = memchr(bytes + at, '\n', end - at);
        ASSERT(feed != NULL);
        size_t line_end = (size_t)(feed - bytes) - 1; /* the CR, seen while the head was looked for */
        if (message->headers_count == HTTP_HEADERS_MAX) {
            return HTTP_ERROR_TOO_MANY_HEADERS;
        }
        http_error_t error = http_header_line_parse(bytes, at, line_end, &message->headers[message->headers_count]);
        if (error != HTTP_ERROR_NONE) {
            return error;
        }
        message->headers_count++;
        at = line_end + 2;
    }
    return HTTP_ERROR_NONE;
}

/* --- what the headers mean -------------------------------------------------------------------- */

typedef struct {
    unsigned hosts, codings, lengths;
    str_t coding, length;
    bool lengths_differ;
} framing_t;

static framing_t framing_collect(const http_message_t *message)
{
    framing_t framing = {0};
    for (uint32_t i = 0; i < message->headers_count; i++) {
        const http_header_t *header = &message->headers[i];
        if (header->name.length == 4 && str_eq_nocase(header->name, STR("host"))) {
            framing.hosts++;
        } else if (header->name.length == 17 && str_eq_nocase(header->name, STR("transfer-encoding"))) {
            framing.codings++;
            framing.coding = header->value;
        } else if (header->name.length == 14 && str_eq_nocase(header->name, STR("content-length"))) {
            framing.lengths_differ |= framing.lengths > 0 && !str_eq(framing.length, header->value);
            framing.lengths++;
            framing.length = header->value;
        }
    }
    return framing;
}

static http_error_t content_length_parse(const framing_t *framing, size_t *out)
{
    uint64_t length = 0;
    if (framing->lengths_differ) {
        return HTTP_ERROR_LENGTH_CONFLICT;
    }
    if (framing->length.length > LENGTH_DIGITS_MAX || str_to_u64(framing->length, &length) != RESULT_OK) {
        return HTTP_ERROR_BAD_CONTENT_LENGTH;
    }
    *out = (size_t)length;
    return HTTP_ERROR_NONE;
}

/* Decides how the body ends: RFC 9112, section 6.3, without its leniencies. */
static http_error_t body_decide(const http_parser_t *parser, http_message_t *message, size_t *length)
{
    framing_t framing = framing_collect(message);
    http_error_t error = framing.lengths > 0 ? content_length_parse(&framing, length) : HTTP_ERROR_NONE;
    if (message->kind == HTTP_REQUEST && framing.hosts != 1 && (framing.hosts > 1 || message->version_minor == 1)) {
        return framing.hosts > 1 ? HTTP_ERROR_HOST_REPEATED : HTTP_ERROR_HOST_MISSING;
    }
    if (error != HTTP_ERROR_NONE) {
        return error;
    }
    if (framing.codings > 0) {
        if (framing.lengths > 0) {
            return HTTP_ERROR_LENGTH_AND_CODING;
        }
        if (message->version_minor == 0) {
            return HTTP_ERROR_CODING_IN_HTTP10;
        }
        if (framing.codings > 1 || !str_eq_nocase(framing.coding, STR("chunked"))) {
            return HTTP_ERROR_CODING_UNSUPPORTED;
        }
    }
    bool never = message->kind == HTTP_RESPONSE &&
                 (message->status < 200 || message->status == 204 || message->status == 304 || !parser->body_expected);
    if (never) {
        message->body_form = HTTP_BODY_NONE;
    } else if (framing.codings > 0) {
        message->body_form = HTTP_BODY_CHUNKED;
    } else if (framing.lengths > 0) {
        message->body_form = HTTP_BODY_LENGTH;
    } else {
        message->body_form = message->kind == HTTP_RESPONSE ? HTTP_BODY_UNTIL_CLOSE : HTTP_BODY_NONE;
    }
    if (message->body_form == HTTP_BODY_LENGTH && *length > parser->body_max) {
        return HTTP_ERROR_BODY_TOO_LARGE;
    }
    return HTTP_ERROR_NONE;
}

static void connection_decide(http_message_t *message)
{
    bool close = http_header_has_token(message, "Connection", "close");
    bool keep = message->version_minor == 1 || http_header_has_token(message, "Connection", "keep-alive");
    message->keep_alive = keep && !close && message->body_form != HTTP_BODY_UNTIL_CLOSE;
    message->upgrade = http_header(message, "Upgrade") != NULL && http_header_has_token(message, "Connection", "upgrade");
    message->expect_continue =
        message->kind == HTTP_REQUEST && message->version_minor == 1 && http_header_has_token(message, "Expect", "100-continue");
}

/* Takes the whole head apart: bytes[start..head_end), the blank line included. */
http_error_t http_head_parse(http_parser_t *parser, const char *bytes, size_t *content_length)
{
    http_message_t *message = &parser->message;
    message->kind = parser->kind;
    message->headers_count = 0;
    const char *feed = memchr(bytes + parser->start, '\n', parser->head_end - parser->start);
    ASSERT(feed != NULL);
    size_t line_end = (size_t)(feed - bytes) - 1;
    http_error_t error = parser->kind == HTTP_REQUEST ? request_line_parse(message, bytes, parser->start, line_end)
                                                      : status_line_parse(message, bytes, parser->start, line_end);
    if (error == HTTP_ERROR_NONE) {
        error = header_lines_parse(message, bytes, line_end + 2, parser->head_end - 2);
    }
    if (error == HTTP_ERROR_NONE) {
        error = body_decide(parser, message, content_length);
    }
    if (error == HTTP_ERROR_NONE) {
        connection_decide(message);
        parser->base = (uintptr_t)bytes;
    }
    return error;
}
