/* http_fuzz.h: the body of the two HTTP fuzz targets. */
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "edge/net/http.h"

enum { FUZZ_BODY_MAX = 4096, FUZZ_WRITE_MAX = 65536 };

static inline void must(bool truth)
{
    if (!truth) {
        abort();
    }
}

/* Feeds pieces of `piece` bytes into memory of exactly `size` bytes. */
static inline http_progress_t http_feed(http_parser_t *parser, http_kind_t kind, const uint8_t *data, size_t size, size_t piece,
                                        char *memory)
{
    http_progress_t progress = HTTP_NEED_MORE;
    size_t have = 0;
    http_parser_init(parser, kind);
    parser->body_max = FUZZ_BODY_MAX;
    while (progress == HTTP_NEED_MORE && have < size) {
        size_t step = piece < size - have ? piece : size - have;
        memcpy(memory + have, data + have, step);
        have += step;
        progress = http_parse(parser, memory, have);
    }
    return progress == HTTP_NEED_MORE ? http_parse_end(parser, memory, have) : progress;
}

/* An accepted request, written by our writer, is read back the same. */
static inline void http_round_trip(const http_message_t *message)
{
    static char written[FUZZ_WRITE_MAX];
    http_writer_t writer;
    http_parser_t again;
    http_writer_init(&writer, written, sizeof written);
    http_write_request_line(&writer, message->method, message->target);
    bool host = false;
    for (uint32_t i = 0; i < message->headers_count; i++) {
        str_t name = message->headers[i].name;
        if (!str_eq_nocase(name, STR("content-length")) && !str_eq_nocase(name, STR("transfer-encoding"))) {
            http_write_header(&writer, name, message->headers[i].value);
            host |= str_eq_nocase(name, STR("host"));
        }
    }
    if (!host) {
        http_write_header(&writer, STR("Host"), STR("h"));
    }
    http_write_body(&writer, message->body);
    if (writer.result != RESULT_OK || message->headers_count >= HTTP_HEADERS_MAX - 2) {
        must(writer.result == RESULT_OK || writer.result == RESULT_FULL);
        return;
    }
    http_parser_init(&again, HTTP_REQUEST);
    again.head_max = FUZZ_WRITE_MAX;
    must(http_parse(&again, written, writer.length) == HTTP_COMPLETE);
    must(again.consumed == writer.length);
    must(str_eq(again.message.method, message->method) && str_eq(again.message.target, message->target));
    must(str_eq(again.message.body, message->body));
}

static inline void http_fuzz(http_kind_t kind, const uint8_t *data, size_t size)
{
    if (size < 1) {
        return;
    }
    size_t piece = 1 + data[0] % 23;
    char *a = malloc(size);
    char *b = malloc(size);
    http_parser_t whole, pieces;
    http_progress_t whole_progress = http_feed(&whole, kind, data + 1, size - 1, size, a);
    http_progress_t pieces_progress = http_feed(&pieces, kind, data + 1, size - 1, piece, b);
    must(whole_progress == pieces_progress && whole.error == pieces.error && whole.consumed == pieces.consumed);
    if (whole_progress == HTTP_COMPLETE) {
        must(whole.consumed <= size - 1 && whole.message.headers_count == pieces.message.headers_count);
        must(str_eq(whole.message.body, pieces.message.body) && str_eq(whole.message.target, pieces.message.target));
        for (uint32_t i = 0; i < whole.message.headers_count; i++) {
            must(str_eq(whole.message.headers[i].name, pieces.message.headers[i].name));
            must(str_eq(whole.message.headers[i].value, pieces.message.headers[i].value));
        }
        if (kind == HTTP_REQUEST) {
            http_round_trip(&whole.message);
        }
    }
    free(a);
    free(b);
}
