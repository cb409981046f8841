/* test_http_parse.c: the strict HTTP/1.1 reader: what is accepted, what is refused and under which name, split at every byte.
 *
 * shows: OPS-16, VEN-2, I20
 */
#include "edge/net/net_support.h"

#include "core/base/prng.h"
#include "edge/net/http.h"

enum { BUFFER = 64 * 1024 };

typedef enum { AT_ONCE, BYTE_BY_BYTE, IN_TWO } feeding_t;

/* Feeds the text as `feeding` says (IN_TWO: cut at `cut`), moving the buffer between calls, and returns how it ended. */
static http_progress_t feed(http_parser_t *parser, char *memory, const char *text, size_t length, feeding_t feeding, size_t cut)
{
    size_t have = 0;
    http_progress_t progress = HTTP_NEED_MORE;
    size_t moved = 0;
    char *bytes = memory;
    while (progress == HTTP_NEED_MORE && have < length) {
        size_t step = feeding == AT_ONCE ? length : feeding == BYTE_BY_BYTE ? 1 : have == 0 && cut > 0 ? cut : length - have;
        step = step < length - have ? step : length - have;
        memcpy(bytes + have, text + have, step);
        have += step;
        progress = http_parse(parser, bytes, have);
        if (progress == HTTP_NEED_MORE && moved < 64) { /* the owner may compact its buffer */
            memmove(memory + ++moved, bytes, have);
            bytes = memory + moved;
        }
    }
    return progress;
}

/* A chunked body is decoded in place, so pieces that came before a split must not be fed again: `feed` copies only what is new. */
static http_parser_t parsed(http_kind_t kind, const char *text, size_t length, feeding_t feeding, size_t cut,
                            http_progress_t *progress)
{
    static char memory[BUFFER];
    http_parser_t parser;
    http_parser_init(&parser, kind);
    parser.head_max = 2048;
    parser.body_max = 1000;
    *progress = feed(&parser, memory, text, length, feeding, cut);
    return parser;
}

/* All that a message says, as one text: slices do not outlive the buffer. */
typedef struct {
    http_progress_t progress;
    http_error_t error;
    size_t consumed;
    char summary[8192];
} outcome_t;

static outcome_t outcome_of(http_kind_t kind, const char *text, size_t length, feeding_t feeding, size_t cut)
{
    outcome_t outcome = {0};
    http_parser_t parser = parsed(kind, text, length, feeding, cut, &outcome.progress);
    outcome.error = parser.error;
    outcome.consumed = parser.consumed;
    if (outcome.progress == HTTP_COMPLETE) {
        const http_message_t *m = &parser.message;
        int n = snprintf(outcome.summary, sizeof outcome.summary, "%.*s|%.*s|%.*s|%.*s|%u|%.*s|%u|%d%d%d%d|%.*s|",
                         (int)m->method.length, m->method.bytes, (int)m->target.length, m->target.bytes, (int)m->path.length,
                         m->path.bytes, (int)m->query.length, m->query.bytes, m->status, (int)m->reason.length, m->reason.bytes,
                         m->version_minor, (int)m->body_form, m->keep_alive, m->upgrade, m->expect_continue, (int)m->body.length,
                         m->body.bytes);
        for (uint32_t i = 0; i < m->headers_count; i++) {
            n += snprintf(outcome.summary + n, sizeof outcome.summary - (size_t)n, "%.*s=%.*s;", (int)m->headers[i].name.length,
                          m->headers[i].name.bytes, (int)m->headers[i].value.length, m->headers[i].value.bytes);
        }
    }
    return outcome;
}

static void check_all_splits(http_kind_t kind, const char *text, size_t length)
{
    outcome_t whole = outcome_of(kind, text, length, AT_ONCE, 0);
    for (size_t cut = 0; cut <= length; cut++) {
        outcome_t split = outcome_of(kind, text, length, cut == 0 ? BYTE_BY_BYTE : IN_TWO, cut);
        assert_int_equal(split.progress, whole.progress);
        assert_int_equal(split.error, whole.error);
        assert_int_equal(split.consumed, whole.consumed);
        assert_string_equal(split.summary, whole.summary);
    }
}

#define HOST "Host: h\r\n"

/* --- accepted --------------------------------------------------------------------------------- */

static const struct {
    http_kind_t kind;
    const char *text, *summary; /* method|target|path|query|status|reason|minor|form keep upgrade expect|body|headers */
} good[] = {
    {HTTP_REQUEST, "GET / HTTP/1.1\r\n" HOST "\r\n", "GET|/|/||0||1|0100||Host=h;"},
    {HTTP_REQUEST, "\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n", "GET|/|/||0||1|0100||Host=h;"},
    {HTTP_REQUEST, "GET / HTTP/1.0\r\n\r\n", "GET|/|/||0||0|0000||"},
    {HTTP_REQUEST, "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "GET|/|/||0||0|0100||Connection=Keep-Alive;"},
    {HTTP_REQUEST, "GET /p?a=1&b=%20?x HTTP/1.1\r\n" HOST "Connection: a, close\r\n\r\n",
     "GET|/p?a=1&b=%20?x|/p|a=1&b=%20?x|0||1|0000||Host=h;Connection=a, close;"},
    {HTTP_REQUEST, "GET http://h:1/p?q HTTP/1.1\r\n" HOST "\r\n", "GET|http://h:1/p?q|/p|q|0||1|0100||Host=h;"},
    {HTTP_REQUEST, "GET http://h?q HTTP/1.1\r\n" HOST "\r\n", "GET|http://h?q|/|q|0||1|0100||Host=h;"},
    {HTTP_REQUEST, "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", "OPTIONS|*|*||0||1|0100||Host=h;"},
    {HTTP_REQUEST, "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabcREST",
     "POST|/|/||0||1|1100|abc|Host=h;Content-Length=3;"},
    {HTTP_REQUEST, "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\ncontent-length:3 \r\n\r\nabc",
     "POST|/|/||0||1|1100|abc|Host=h;Content-Length=3;content-length=3;"},
    {HTTP_REQUEST, "GET / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}", "GET|/|/||0||1|1100|{}|Host=h;Content-Length=2;"},
    {HTTP_REQUEST, "DELETE / HTTP/1.1\r\n" HOST "X:\r\nY: \t a \t b \t\r\n\r\n", "DELETE|/|/||0||1|0100||Host=h;X=;Y=a \t b;"},
    {HTTP_REQUEST,
     "POST / HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0A;x=\"y z\";q;r=1\r\n0123456789\r\n000\r\nT: 1\r\n\r\nREST",
     "POST|/|/||0||1|2100|abc0123456789|Host=h;Transfer-Encoding=chunked;"},
    {HTTP_REQUEST, "POST / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 1\r\n\r\nz",
     "POST|/|/||0||1|1101|z|Host=h;Expect=100-continue;Content-Length=1;"},
    {HTTP_REQUEST, "GET /ws HTTP/1.1\r\n" HOST "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\r\n",
     "GET|/ws|/ws||0||1|0110||Host=h;Upgrade=websocket;Connection=keep-alive, Upgrade;"},
    {HTTP_RESPONSE, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "||||200|OK|1|1100|[]|Content-Length=2;"},
    {HTTP_RESPONSE, "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "||||200||1|1100||Content-Length=0;"},
    {HTTP_RESPONSE, "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nNEXT", "||||204|No Content|1|0100||Content-Length=5;"},
    {HTTP_RESPONSE, "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
     "||||304|Not Modified|1|0100||Transfer-Encoding=chunked;"},
    {HTTP_RESPONSE, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1", "||||100|Continue|1|0100||"},
    {HTTP_RESPONSE, "HTTP/1.1 200 \xc3\xa4\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
     "||||200|\xc3\xa4|1|2100|x|Transfer-Encoding=Chunked;"},
    {HTTP_RESPONSE, "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", "||||200|OK|0|1000|x|Content-Length=1;"},
};

static void good_messages_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        size_t length = strlen(good[i].text);
        outcome_t outcome = outcome_of(good[i].kind, good[i].text, length, AT_ONCE, 0);
        assert_int_equal(outcome.progress, HTTP_COMPLETE);
        assert_string_equal(outcome.summary, good[i].summary);
        check_all_splits(good[i].kind, good[i].text, length);
    }
}

static void every_beginning_needs_more(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        outcome_t whole = outcome_of(good[i].kind, good[i].text, strlen(good[i].text), AT_ONCE, 0);
        for (size_t length = 0; length < whole.consumed; length++) {
            assert_int_equal(outcome_of(good[i].kind, good[i].text, length, AT_ONCE, 0).progress, HTTP_NEED_MORE);
        }
        assert_int_equal(outcome_of(good[i].kind, good[i].text, whole.consumed, AT_ONCE, 0).progress, HTTP_COMPLETE);
    }
}

/* --- refused ---------------------------------------------------------------------------------- */

static const struct {
    http_kind_t kind;
    http_error_t error;
    const char *text;
} bad[] = {
    {HTTP_REQUEST, HTTP_ERROR_BAD_METHOD, " GET / HTTP/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_METHOD, "G(T / HTTP/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_METHOD, "GET\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_METHOD, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA / HTTP/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_METHOD, "\r\n\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_METHOD, "\nGET / HTTP/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_TARGET, "GET  / HTTP/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_TARGET, "GET /\x7f HTTP/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_TARGET, "GET /\xc3\xa4 HTTP/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_TARGET, "GET /#f HTTP/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_TARGET, "GET /\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_TARGET, "GET x HTTP/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_TARGET, "GET * HTTP/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_TARGET, "GET http://user@h/ HTTP/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_TARGET, "GET http:///x HTTP/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_VERSION, "GET / HTTP/1.1 \r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_VERSION, "GET / http/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_VERSION, "GET / x HTTP/1.1\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_VERSION_UNSUPPORTED, "GET / HTTP/1.2\r\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_VERSION_UNSUPPORTED, "GET / HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BARE_LF, "GET / HTTP/1.1\n" HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BARE_LF, "GET / HTTP/1.1\r\nHost: h\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BARE_LF, "GET / HTTP/1.1\r\n" HOST "\n"},
    {HTTP_REQUEST, HTTP_ERROR_BARE_CR, "GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BARE_CR, "GET /\r HTTP/1.1\r\nHost: h\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_HEADER_NAME, "GET / HTTP/1.1\r\n" HOST ": x\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_HEADER_NAME, "GET / HTTP/1.1\r\n" HOST "noline\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_HEADER_NAME, "GET / HTTP/1.1\r\n" HOST "a\x01: b\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_HEADER_NAME, "GET / HTTP/1.1\r\n" HOST "\xc3\xa4: b\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_SPACE_BEFORE_COLON, "POST / HTTP/1.1\r\n" HOST "Content-Length : 3\r\n\r\nabc"},
    {HTTP_REQUEST, HTTP_ERROR_SPACE_BEFORE_COLON, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding\t: chunked\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_FOLDED_HEADER, "GET / HTTP/1.1\r\n" HOST " folded\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_FOLDED_HEADER, "GET / HTTP/1.1\r\n\tHost: h\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_HEADER_VALUE, "GET / HTTP/1.1\r\n" HOST "a: b\x0b\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_HEADER_VALUE, "GET / HTTP/1.1\r\n" HOST "a: \x7f\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_HOST_MISSING, "GET / HTTP/1.1\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_HOST_REPEATED, "GET / HTTP/1.1\r\n" HOST HOST "\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CONTENT_LENGTH, "POST / HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\nabc"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CONTENT_LENGTH, "POST / HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\nabc"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CONTENT_LENGTH, "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x3\r\n\r\nabc"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CONTENT_LENGTH, "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CONTENT_LENGTH, "POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551617\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_LENGTH_CONFLICT, "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"},
    {HTTP_REQUEST, HTTP_ERROR_LENGTH_CONFLICT, "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 03\r\n\r\nabc"},
    {HTTP_REQUEST, HTTP_ERROR_LENGTH_AND_CODING,
     "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_LENGTH_AND_CODING,
     "POST / HTTP/1.1\r\n" HOST "transfer-encoding: xchunked\r\nContent-Length: 3\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_CODING_UNSUPPORTED, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_CODING_UNSUPPORTED, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_CODING_UNSUPPORTED,
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_CODING_UNSUPPORTED, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: \"chunked\"\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_CODING_IN_HTTP10, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BODY_TOO_LARGE, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1001\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BODY_TOO_LARGE, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3E9\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BODY_TOO_LARGE, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CHUNK_SIZE, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CHUNK_SIZE, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CHUNK_SIZE, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CHUNK_SIZE, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n-1\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CHUNK_EXTENSION, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3;\r\nabc\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CHUNK_EXTENSION,
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3;a\rb\r\nabc\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CHUNK_EXTENSION, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3;a=\r\nabc\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CHUNK_EXTENSION,
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3;a=\"b\r\nabc\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CHUNK_EXTENSION, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3;a b\r\nabc\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_TRAILER,
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 3\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BARE_LF, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CHUNK_END, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_BAD_CHUNK_END, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\n0\r\n\r\n"},
    {HTTP_REQUEST, HTTP_ERROR_SPACE_BEFORE_COLON,
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\nGET / HTTP/1.1\r\n\r\n"},
    {HTTP_RESPONSE, HTTP_ERROR_BAD_VERSION, "ICY 200 OK\r\n\r\n"},
    {HTTP_RESPONSE, HTTP_ERROR_BAD_VERSION, "<html>bad gateway</html>\r\n\r\n"},
    {HTTP_RESPONSE, HTTP_ERROR_BAD_VERSION, "HTTP\r\n\r\n"},
    {HTTP_RESPONSE, HTTP_ERROR_VERSION_UNSUPPORTED, "HTTP/2.0 200 OK\r\n\r\n"},
    {HTTP_RESPONSE, HTTP_ERROR_BAD_STATUS, "HTTP/1.1 99 Low\r\n\r\n"},
    {HTTP_RESPONSE, HTTP_ERROR_BAD_STATUS, "HTTP/1.1 600 High\r\n\r\n"},
    {HTTP_RESPONSE, HTTP_ERROR_BAD_STATUS, "HTTP/1.1 2000 OK\r\n\r\n"},
    {HTTP_RESPONSE, HTTP_ERROR_BAD_STATUS, "HTTP/1.1  200 OK\r\n\r\n"},
    {HTTP_RESPONSE, HTTP_ERROR_BAD_STATUS, "HTTP/1.1\r\n\r\n"},
    {HTTP_RESPONSE, HTTP_ERROR_BAD_REASON, "HTTP/1.1 200 O\x01K\r\n\r\n"},
    {HTTP_RESPONSE, HTTP_ERROR_LENGTH_AND_CODING, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {HTTP_RESPONSE, HTTP_ERROR_CODING_UNSUPPORTED, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"},
};

static void bad_messages_are_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t length = strlen(bad[i].text);
        outcome_t outcome = outcome_of(bad[i].kind, bad[i].text, length, AT_ONCE, 0);
        if (outcome.error != bad[i].error) {
            fail_msg("%s: %s instead of %s", bad[i].text, http_error_name(outcome.error), http_error_name(bad[i].error));
        }
        assert_int_equal(outcome.progress, HTTP_ERROR);
        check_all_splits(bad[i].kind, bad[i].text, length);
    }
}

static void a_nul_is_refused_everywhere(void **state)
{
    (void)state;
    static const char text[] = "GET /a HTTP/1.1\r\nHost: h\r\nName: value\r\n\r\n";
    for (size_t at = 0; at < sizeof text - 1; at++) {
        char copy[sizeof text];
        memcpy(copy, text, sizeof text);
        copy[at] = '\0';
        http_progress_t progress = outcome_of(HTTP_REQUEST, copy, sizeof text - 1, AT_ONCE, 0).progress;
        assert_true(progress == HTTP_ERROR ||
                    (progress == HTTP_NEED_MORE && at >= sizeof text - 4)); /* a broken end: no blank line yet */
    }
}

/* --- bounds ----------------------------------------------------------------------------------- */

static void bounds_hold_at_every_split(void **state)
{
    (void)state;
    static char text[4096];
    http_progress_t progress;
    for (size_t pad = 1990; pad < 2060; pad++) { /* the head grows over head_max = 2048 */
        int length = snprintf(text, sizeof text, "GET / HTTP/1.1\r\n" HOST "X: ");
        memset(text + length, 'x', pad - (size_t)length - 4);
        memcpy(text + pad - 4, "\r\n\r\n", 4);
        outcome_t whole = outcome_of(HTTP_REQUEST, text, pad, AT_ONCE, 0);
        outcome_t bytes = outcome_of(HTTP_REQUEST, text, pad, BYTE_BY_BYTE, 0);
        assert_int_equal(whole.progress, pad <= 2048 ? HTTP_COMPLETE : HTTP_ERROR);
        assert_int_equal(whole.error, pad <= 2048 ? HTTP_ERROR_NONE : HTTP_ERROR_HEAD_TOO_LARGE);
        assert_int_equal(bytes.error, whole.error);
        assert_int_equal(bytes.progress, whole.progress);
    }
    /* no line end at all: refused at the bound, not held for ever */
    memset(text, 'A', sizeof text);
    parsed(HTTP_REQUEST, text, 2047, BYTE_BY_BYTE, 0, &progress);
    assert_int_equal(progress, HTTP_NEED_MORE);
    assert_int_equal(parsed(HTTP_REQUEST, text, sizeof text, BYTE_BY_BYTE, 0, &progress).error, HTTP_ERROR_HEAD_TOO_LARGE);
}

static void headers_chunk_lines_and_trailers_are_bounded(void **state)
{
    (void)state;
    static char text[8192];
    for (int count = HTTP_HEADERS_MAX - 1; count <= HTTP_HEADERS_MAX; count++) { /* and Host */
        int length = snprintf(text, sizeof text, "GET / HTTP/1.1\r\n" HOST);
        for (int i = 0; i < count; i++) {
            length += snprintf(text + length, sizeof text - (size_t)length, "a: b\r\n");
        }
        length += snprintf(text + length, sizeof text - (size_t)length, "\r\n");
        outcome_t outcome = outcome_of(HTTP_REQUEST, text, (size_t)length, AT_ONCE, 0);
        assert_int_equal(outcome.error, count < HTTP_HEADERS_MAX ? HTTP_ERROR_NONE : HTTP_ERROR_TOO_MANY_HEADERS);
    }
    static const char head[] = "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n";
    int length = snprintf(text, sizeof text, "%s1;", head);
    memset(text + length, 'e', 300);
    assert_int_equal(outcome_of(HTTP_REQUEST, text, (size_t)length + 300, AT_ONCE, 0).error, HTTP_ERROR_BAD_CHUNK_EXTENSION);
    assert_int_equal(outcome_of(HTTP_REQUEST, text, (size_t)length + 300, BYTE_BY_BYTE, 0).error, HTTP_ERROR_BAD_CHUNK_EXTENSION);
    length = snprintf(text, sizeof text, "%s0\r\n", head);
    while (length < 6000) {
        length += snprintf(text + length, sizeof text - (size_t)length, "t: v\r\n");
    }
    assert_int_equal(outcome_of(HTTP_REQUEST, text, (size_t)length, AT_ONCE, 0).error, HTTP_ERROR_TRAILERS_TOO_LARGE);
    assert_int_equal(outcome_of(HTTP_REQUEST, text, (size_t)length, BYTE_BY_BYTE, 0).error, HTTP_ERROR_TRAILERS_TOO_LARGE);
}

/* --- ends ------------------------------------------------------------------------------------- */

static void bodies_until_close(void **state)
{
    (void)state;
    char text[] = "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\nall of it";
    http_parser_t parser;
    http_parser_init(&parser, HTTP_RESPONSE);
    assert_int_equal(http_parse(&parser, text, sizeof text - 1), HTTP_NEED_MORE);
    assert_int_equal(http_parse_end(&parser, text, sizeof text - 1), HTTP_COMPLETE);
    assert_true(str_eq(parser.message.body, STR("all of it")));
    assert_false(parser.message.keep_alive);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) { /* a message with a known end must reach it */
        char copy[1024];
        outcome_t whole = outcome_of(good[i].kind, good[i].text, strlen(good[i].text), AT_ONCE, 0);
        for (size_t length = 0; length < whole.consumed; length++) {
            memcpy(copy, good[i].text, length);
            http_parser_init(&parser, good[i].kind);
            assert_int_equal(http_parse_end(&parser, copy, length), HTTP_ERROR);
            assert_int_equal(parser.error, HTTP_ERROR_ENDED_EARLY);
        }
    }
}

static void replies_to_head_have_no_body(void **state)
{
    (void)state;
    char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n";
    http_parser_t parser;
    http_parser_init(&parser, HTTP_RESPONSE);
    parser.body_expected = false;
    assert_int_equal(http_parse(&parser, text, sizeof text - 1), HTTP_COMPLETE);
    assert_int_equal(parser.message.body.length, 0);
    assert_true(parser.message.keep_alive);
}

static void pipelined_messages_follow_each_other(void **state)
{
    (void)state;
    char text[] = "POST /1 HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n1POST /2 HTTP/1.1\r\n" HOST
                  "Transfer-Encoding: chunked\r\n\r\n1\r\n2\r\n0\r\n\r\nGET /3 HTTP/1.1\r\n" HOST "\r\n";
    http_parser_t parser;
    size_t at = 0;
    http_parser_init(&parser, HTTP_REQUEST);
    assert_true(http_parser_is_idle(&parser));
    for (char number = '1'; number <= '3'; number++) {
        assert_int_equal(http_parse(&parser, text + at, sizeof text - 1 - at), HTTP_COMPLETE);
        assert_int_equal(parser.message.path.bytes[1], number);
        at += parser.consumed;
        http_parser_reset(&parser);
    }
    assert_int_equal(at, sizeof text - 1);
}

static void continue_is_due_only_while_the_body_is_missing(void **state)
{
    (void)state;
    char text[] = "POST / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 1\r\n\r\nz";
    http_parser_t parser;
    http_parser_init(&parser, HTTP_REQUEST);
    http_parse(&parser, text, 20);
    assert_false(parser.continue_due);
    assert_int_equal(http_parse(&parser, text, sizeof text - 2), HTTP_NEED_MORE);
    assert_true(parser.continue_due);
    assert_int_equal(http_parse(&parser, text, sizeof text - 1), HTTP_COMPLETE);
    assert_false(parser.continue_due);
}

/* Random damage: never a crash, never a read past the end, the same verdict however it is cut. */
static void damaged_messages(void **state)
{
    (void)state;
    prng_t prng;
    prng_seed(&prng, 20261121);
    for (int round = 0; round < 3000; round++) {
        size_t which = (size_t)prng_below(&prng, sizeof good / sizeof good[0]);
        size_t length = strlen(good[which].text);
        char *copy = malloc(length); /* exactly: a sanitizer sees the first byte past it */
        memcpy(copy, good[which].text, length);
        for (uint64_t edits = 1 + prng_below(&prng, 3); edits > 0; edits--) {
            static const char spice[] = "\r\n :\t,;0aF\x00\x7f\xff";
            copy[prng_below(&prng, length)] = spice[prng_below(&prng, sizeof spice - 1)];
        }
        outcome_t whole = outcome_of(good[which].kind, copy, length, AT_ONCE, 0);
        outcome_t bytes = outcome_of(good[which].kind, copy, length, BYTE_BY_BYTE, 0);
        assert_int_equal(bytes.progress, whole.progress);
        assert_int_equal(bytes.error, whole.error);
        assert_string_equal(bytes.summary, whole.summary);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_messages_are_read),
        cmocka_unit_test(every_beginning_needs_more),
        cmocka_unit_test(bad_messages_are_refused_by_name),
        cmocka_unit_test(a_nul_is_refused_everywhere),
        cmocka_unit_test(bounds_hold_at_every_split),
        cmocka_unit_test(headers_chunk_lines_and_trailers_are_bounded),
        cmocka_unit_test(bodies_until_close),
        cmocka_unit_test(replies_to_head_have_no_body),
        cmocka_unit_test(pipelined_messages_follow_each_other),
        cmocka_unit_test(continue_is_due_only_while_the_body_is_missing),
        cmocka_unit_test(damaged_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
