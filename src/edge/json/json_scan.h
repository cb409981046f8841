/* json_scan.h: inside of edge/json only: the strict scanners of strings, numbers and words, shared by the reader's files. */
#pragma once

#include "edge/json/json_reader.h"

/* Each scans at reader->at (no blanks before it) and moves past it. */
result_t json_scan_string(json_reader_t *reader, str_t *raw); /* at '"' */
result_t json_scan_number(json_reader_t *reader, str_t *raw);
result_t json_scan_word(json_reader_t *reader, str_t word);

/* RESULT_OK when the next value is of that kind; otherwise the error, worded. JSON_TRUE also takes false. */
result_t json_scan_expect(json_reader_t *reader, json_kind_t kind);

/* Notes the first error and returns it. */
result_t json_scan_fail(json_reader_t *reader, result_t error, size_t at, const char *what);

/* Bytes of the UTF-8 sequence at text[0] (2..4), 0 when it is none: overlong forms, surrogates and values above U+10FFFF are
 * refused. */
size_t json_scan_utf8(const unsigned char *text, size_t length);
