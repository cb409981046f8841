/* http_head.h: the inside of http_parse.c: whole heads taken apart. Nobody else includes this. */
#pragma once

#include "edge/net/http.h"

/* Fills parser->message from bytes[start..head_end), the blank line included, and notes where the buffer stands. *content_length is
 * written when the body has a stated length. */
http_error_t http_head_parse(http_parser_t *parser, const char *bytes, size_t *content_length);

/* One header line bytes[at..end), without its CR LF; also for trailers. end > at. */
http_error_t http_header_line_parse(const char *bytes, size_t at, size_t end, http_header_t *out);
