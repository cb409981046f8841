/* decode_general.h: inside of the market decoder: fields of one message gathered by name, read with errors that name them. */
#pragma once

#include "edge/exchange/binance/decode_market.h"
#include "edge/json/json_reader.h"

enum {
    FIELD_DATA = 52, /* after the letters A-Z a-z */
    FIELD_STREAM,
    FIELD_PU,
    FIELD_CS,
    FIELD_AP,
    FIELD_COUNT,
};

/* The raw values of one object; a field that is not there has bytes == NULL. Fields that nobody asks for are not kept. */
typedef struct {
    binance_decoder_t *decoder;
    const char *frame; /* offsets in errors count from here */
    str_t values[FIELD_COUNT];
} fields_t;

/* RESULT_OK, or what the reader says, noted in decoder->problem. `text` is one JSON object, surrounded by blanks at most. */
result_t fields_gather(fields_t *fields, binance_decoder_t *decoder, const char *frame, str_t text);

/* `field` is one of A-Z a-z or FIELD_*. Each: RESULT_FIELD_MISSING or a reader's result, noted; *out is untouched then. */
bool fields_has(const fields_t *fields, int field);
result_t fields_dec(const fields_t *fields, int field, dec_t *out);
result_t fields_u64(const fields_t *fields, int field, uint64_t *out);
result_t fields_time(const fields_t *fields, int field, int64_t *out_ns); /* milliseconds in the text */
result_t fields_bool(const fields_t *fields, int field, bool *out);
result_t fields_word(const fields_t *fields, int field, str_t *raw); /* a string, raw */
result_t fields_object(const fields_t *fields, int field, fields_t *inner);

/* Notes a problem with a field; returns result. */
result_t fields_problem(const fields_t *fields, int field, result_t result, size_t at, const char *what);

/* [["p","q"],..] */
result_t fields_levels(const fields_t *fields, int field, level_t *levels, uint32_t *count);
result_t levels_read(json_reader_t *reader, level_t *levels, uint32_t *count);

bool binance_stream_is_partial_depth(str_t name);
