/* test_http_text.c: writing messages, headers, queries, percent-encoding, URLs, gzip bodies.
 *
 * shows: OPS-16, VEN-2, I20
 */
#include "edge/net/net_support.h"

#include <zlib.h>

#include "core/base/prng.h"
#include "edge/net/http.h"
#include "edge/net/http_client.h"

static void requests_are_written(void **state)
{
    (void)state;
    char buffer[256];
    http_writer_t writer;
    http_writer_init(&writer, buffer, sizeof buffer);
    http_write_request_line(&writer, STR("POST"), STR("/order?x=1"));
    http_write_header(&writer, STR("Host"), STR("h"));
    http_write_header_u64(&writer, STR("X-Number"), UINT64_MAX);
    http_write_body(&writer, STR("a=b"));
    assert_int_equal(writer.result, RESULT_OK);
    static const char expected[] =
        "POST /order?x=1 HTTP/1.1\r\nHost: h\r\nX-Number: 18446744073709551615\r\nContent-Length: 3\r\n\r\na=b";
    assert_int_equal(writer.length, sizeof expected - 1);
    assert_memory_equal(buffer, expected, sizeof expected - 1);
}

/* Too small by any number of bytes: FULL, and not a byte past the end. */
static void writing_is_bounded(void **state)
{
    (void)state;
    enum { WHOLE = 24 + 2 * 21 }; /* the status line and two lengths with their blank lines */
    for (size_t capacity = 0; capacity <= WHOLE; capacity++) {
        char *buffer = malloc(capacity + 1); /* a sanitizer watches its end */
        http_writer_t writer;
        buffer[capacity] = '#';
        http_writer_init(&writer, buffer, capacity);
        http_write_status_line(&writer, 404, STR(""));
        http_write_body(&writer, STR(""));
        http_write_body(&writer, STR(""));
        assert_int_equal(writer.result, capacity < WHOLE ? RESULT_FULL : RESULT_OK);
        assert_int_equal(buffer[capacity], '#');
        free(buffer);
    }
}

static void nothing_can_be_injected(void **state)
{
    (void)state;
    static const char *const hostile[] = {"a\r\nb", "a\nb", "a\rb", "a\x01", "a\x7f"};
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        for (int part = 0; part < 4; part++) {
            char buffer[256];
            http_writer_t writer;
            http_writer_init(&writer, buffer, sizeof buffer);
            str_t evil = str_from(hostile[i]);
            http_write_request_line(&writer, part == 0 ? evil : STR("GET"), part == 1 ? evil : STR("/"));
            http_write_header(&writer, part == 2 ? evil : STR("Name"), part == 3 ? evil : STR("value"));
            http_write_end(&writer);
            assert_int_equal(writer.result, RESULT_TEXT_BAD_CHARACTER);
        }
    }
    char buffer[256];
    http_writer_t writer;
    http_writer_init(&writer, buffer, sizeof buffer);
    http_write_header(&writer, STR("A"), (str_t){"a\0b", 3});
    assert_int_equal(writer.result, RESULT_TEXT_BAD_CHARACTER);
    http_writer_init(&writer, buffer, sizeof buffer);
    http_write_header(&writer, STR("A"), STR("tab\tand \xc3\xa4 are fine"));
    assert_int_equal(writer.result, RESULT_OK);
}

static void headers_are_found(void **state)
{
    (void)state;
    char text[] =
        "GET / HTTP/1.1\r\nHost: h\r\nConnection: a ,Upgrade,,b\r\nX-Limit: 1200\r\nX-Bad: 12x\r\nconnection: keep-alive\r\n\r\n";
    http_parser_t parser;
    uint64_t number = 7;
    http_parser_init(&parser, HTTP_REQUEST);
    assert_int_equal(http_parse(&parser, text, sizeof text - 1), HTTP_COMPLETE);
    assert_true(str_eq(*http_header(&parser.message, "hOsT"), STR("h")));
    assert_null(http_header(&parser.message, "hos"));
    assert_true(http_header_has_token(&parser.message, "connection", "upgrade"));
    assert_true(http_header_has_token(&parser.message, "Connection", "Keep-Alive"));
    assert_false(http_header_has_token(&parser.message, "connection", "up"));
    assert_false(http_header_has_token(&parser.message, "x-none", "up"));
    assert_int_equal(http_header_u64(&parser.message, "x-limit", &number), RESULT_OK);
    assert_int_equal(number, 1200);
    assert_int_equal(http_header_u64(&parser.message, "x-bad", &number), RESULT_NUMBER_MALFORMED);
    assert_int_equal(http_header_u64(&parser.message, "x-none", &number), RESULT_NOT_FOUND);
    assert_int_equal(number, 1200);
}

static void queries_are_taken_apart(void **state)
{
    (void)state;
    str_t rest = STR("symbol=ETHUSDT&&side=&flag&a=b=c");
    str_t name, value;
    static const char *const expected[][2] = {{"symbol", "ETHUSDT"}, {"side", ""}, {"flag", ""}, {"a", "b=c"}};
    for (size_t i = 0; i < 4; i++) {
        assert_true(http_query_next(&rest, &name, &value));
        assert_true(str_eq(name, str_from(expected[i][0])));
        assert_true(str_eq(value, str_from(expected[i][1])));
    }
    assert_false(http_query_next(&rest, &name, &value));
    assert_true(http_query_find(STR("a=1&b=2&b=3"), "b", &value));
    assert_true(str_eq(value, STR("2")));
    assert_false(http_query_find(STR("ab=1"), "b", &value));
}

static void percent_goes_both_ways(void **state)
{
    (void)state;
    char out[64];
    size_t length = 99;
    assert_int_equal(http_percent_decode(STR("a%2Fb+c%41"), HTTP_PERCENT_FORM, out, sizeof out, &length), RESULT_OK);
    assert_true(str_eq((str_t){out, length}, STR("a/b cA")));
    assert_int_equal(http_percent_decode(STR("b+c"), HTTP_PERCENT_PATH, out, sizeof out, &length), RESULT_OK);
    assert_true(str_eq((str_t){out, length}, STR("b+c")));
    static const char *const broken[] = {"%", "%4", "%4g", "%g4", "a%", "%%41"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        assert_int_equal(http_percent_decode(str_from(broken[i]), HTTP_PERCENT_FORM, out, sizeof out, &length), RESULT_MALFORMED);
    }
    assert_int_equal(length, 3);
    assert_int_equal(http_percent_decode(STR("abc"), HTTP_PERCENT_FORM, out, 2, &length), RESULT_FULL);
    prng_t prng;
    prng_seed(&prng, 3);
    for (int round = 0; round < 500; round++) {
        char raw[20], encoded[60];
        size_t raw_length = (size_t)prng_below(&prng, sizeof raw), encoded_length = 0;
        for (size_t i = 0; i < raw_length; i++) {
            raw[i] = (char)prng_below(&prng, 256);
        }
        assert_int_equal(http_percent_encode((str_t){raw, raw_length}, encoded, sizeof encoded, &encoded_length), RESULT_OK);
        assert_int_equal(http_percent_decode((str_t){encoded, encoded_length}, HTTP_PERCENT_PATH, encoded, sizeof encoded, &length),
                         RESULT_OK);
        assert_true(str_eq((str_t){encoded, length}, (str_t){raw, raw_length}));
    }
    assert_int_equal(http_percent_encode(STR("[\"K\"]"), out, sizeof out, &length), RESULT_OK);
    assert_true(str_eq((str_t){out, length}, STR("%5B%22K%22%5D")));
    assert_int_equal(http_percent_encode(STR("[]"), out, 5, &length), RESULT_FULL);
}

static void urls_are_taken_apart(void **state)
{
    (void)state;
    http_url_t url;
    char text[64];
    assert_int_equal(http_url_parse(STR("https://fapi.binance.com"), &url), RESULT_OK);
    assert_int_equal(url.scheme, HTTP_SCHEME_HTTPS);
    assert_int_equal(url.port, 443);
    assert_int_equal(url.path.length, 0);
    assert_int_equal(http_url_host_header(&url, text, sizeof text), RESULT_OK);
    assert_string_equal(text, "fapi.binance.com");
    assert_int_equal(http_url_address(&url, text, sizeof text), RESULT_OK);
    assert_string_equal(text, "fapi.binance.com:443");
    assert_int_equal(http_url_address(&url, text, 20), RESULT_FULL);
    assert_int_equal(http_url_parse(STR("WS://[::1]:8080/stream?streams=a/b"), &url), RESULT_OK);
    assert_int_equal(url.scheme, HTTP_SCHEME_WS);
    assert_true(str_eq(url.host, STR("::1")));
    assert_true(str_eq(url.path, STR("/stream?streams=a/b")));
    assert_int_equal(http_url_host_header(&url, text, sizeof text), RESULT_OK);
    assert_string_equal(text, "[::1]:8080");
    static const char *const bad[] = {"http://",     "http:///x",    "http://h:",    "http://h:0/",  "http://h:65536/",
                                      "http://u@h/", "http://h/a b", "http://h/#f",  "http://[::1/", "http://[::1]x/",
                                      "http://h?q",  "http://h:8x/", "http://a:b:1/"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(http_url_parse(str_from(bad[i]), &url), RESULT_MALFORMED);
    }
    assert_int_equal(http_url_parse(STR("ftp://h/"), &url), RESULT_UNSUPPORTED);
    assert_int_equal(http_url_parse(STR(""), &url), RESULT_UNSUPPORTED);
}

static void gzip_bodies_are_inflated(void **state)
{
    (void)state;
    static char text[20000], packed[20000], out[20001];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)('a' + i % 7);
    }
    z_stream z = {.next_in = (Bytef *)text, .avail_in = sizeof text, .next_out = (Bytef *)packed, .avail_out = sizeof packed};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t packed_length = sizeof packed - z.avail_out, length = 1;
    deflateEnd(&z);
    assert_int_equal(http_gunzip((str_t){packed, packed_length}, out, sizeof out, &length), RESULT_OK);
    assert_int_equal(length, sizeof text);
    assert_memory_equal(out, text, sizeof text);
    assert_int_equal(http_gunzip((str_t){packed, packed_length}, out, sizeof text - 1, &length), RESULT_FULL);
    for (size_t cut = 0; cut < packed_length; cut++) {
        assert_int_equal(http_gunzip((str_t){packed, cut}, out, sizeof out, &length), RESULT_TRUNCATED);
    }
    assert_int_equal(http_gunzip(STR("<html>"), out, sizeof out, &length), RESULT_MALFORMED);
    packed[packed_length] = 'x';
    assert_int_equal(http_gunzip((str_t){packed, packed_length + 1}, out, sizeof out, &length), RESULT_MALFORMED);
    packed[packed_length - 6] ^= 1; /* the checksum */
    assert_int_equal(http_gunzip((str_t){packed, packed_length}, out, sizeof out, &length), RESULT_MALFORMED);
    assert_int_equal(length, sizeof text); /* untouched by the failures */
}

static void tables_have_words(void **state)
{
    (void)state;
    for (int error = 0; error < HTTP_ERROR_COUNT; error++) {
        assert_true(strlen(http_error_name((http_error_t)error)) > 0);
        assert_true(strlen(http_error_text((http_error_t)error)) > 0);
        assert_true(http_error_status((http_error_t)error) >= 200);
    }
    assert_string_equal(http_error_name((http_error_t)999), "UNKNOWN");
    assert_string_equal(http_status_text(418), "I'm a teapot");
    assert_string_equal(http_status_text(299), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_written),    cmocka_unit_test(writing_is_bounded),
        cmocka_unit_test(nothing_can_be_injected), cmocka_unit_test(headers_are_found),
        cmocka_unit_test(queries_are_taken_apart), cmocka_unit_test(percent_goes_both_ways),
        cmocka_unit_test(urls_are_taken_apart),    cmocka_unit_test(gzip_bodies_are_inflated),
        cmocka_unit_test(tables_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
