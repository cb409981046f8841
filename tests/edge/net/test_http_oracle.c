/* test_http_oracle.c: our reader as a program, for the comparison with llhttp (test_http_llhttp.py).
 *
 * shows: OPS-16
 *
 * With "--messages" it reads from stdin, again and again, one byte ('q' request, 'p' response), a length (4 bytes, little-endian)
 * and that many bytes, and answers each with a line: "error NAME", "more", or "ok METHOD TARGET STATUS MINOR KEEP CONSUMED HEADERS
 * BODY" where texts are hexadecimal and headers are joined as name=value;... . Without an argument it checks itself.
 */
#include "edge/net/net_support.h"

#include "edge/net/http.h"

enum { INPUT_MAX = 1 << 20 };

static void print_hex(FILE *out, str_t text)
{
    for (size_t i = 0; i < text.length; i++) {
        fprintf(out, "%02x", (uint8_t)text.bytes[i]);
    }
    fputc(text.length == 0 ? '-' : ' ', out);
    if (text.length == 0) {
        fputc(' ', out);
    }
}

static void answer(FILE *out, http_kind_t kind, char *bytes, size_t length)
{
    http_parser_t parser;
    http_parser_init(&parser, kind);
    switch (http_parse(&parser, bytes, length)) {
    case HTTP_NEED_MORE:
        fprintf(out, "more\n");
        return;
    case HTTP_ERROR:
        fprintf(out, "error %s\n", http_error_name(parser.error));
        return;
    case HTTP_COMPLETE:
        break;
    }
    const http_message_t *message = &parser.message;
    fprintf(out, "ok ");
    print_hex(out, message->method);
    print_hex(out, message->target);
    fprintf(out, "%u %u %d %zu ", message->status, message->version_minor, message->keep_alive, parser.consumed);
    for (uint32_t i = 0; i < message->headers_count; i++) {
        for (size_t at = 0; at < message->headers[i].name.length; at++) {
            fprintf(out, "%02x", (uint8_t)message->headers[i].name.bytes[at]);
        }
        fputc('=', out);
        for (size_t at = 0; at < message->headers[i].value.length; at++) {
            fprintf(out, "%02x", (uint8_t)message->headers[i].value.bytes[at]);
        }
        fputc(';', out);
    }
    fprintf(out, message->headers_count == 0 ? "- " : " ");
    print_hex(out, message->body);
    fputc('\n', out);
}

static int serve(void)
{
    static char bytes[INPUT_MAX];
    int kind;
    while ((kind = fgetc(stdin)) != EOF) {
        uint8_t size[4];
        if (fread(size, 1, 4, stdin) != 4) {
            return 1;
        }
        size_t length = (size_t)size[0] | (size_t)size[1] << 8 | (size_t)size[2] << 16 | (size_t)size[3] << 24;
        if (length > sizeof bytes || fread(bytes, 1, length, stdin) != length) {
            return 1;
        }
        answer(stdout, kind == 'q' ? HTTP_REQUEST : HTTP_RESPONSE, bytes, length);
    }
    return 0;
}

static void answers_are_as_described(void **state)
{
    (void)state;
    char text[512] = "";
    char good[] = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
    char bad[] = "GET /a HTTP/1.1\n\n";
    FILE *out = fmemopen(text, sizeof text, "w");
    answer(out, HTTP_REQUEST, good, sizeof good - 1);
    answer(out, HTTP_REQUEST, bad, sizeof bad - 1);
    answer(out, HTTP_REQUEST, good, 5);
    fclose(out);
    assert_string_equal(text, "ok 474554 2f61 0 1 1 28 486f7374=68; - \nerror BARE_LF\nmore\n");
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--messages") == 0) {
        return serve();
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_are_as_described)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
