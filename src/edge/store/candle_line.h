/* candle_line.h: one line of a candle file: columns found by the header, exact numbers in, exact text out. Pure; shared by store
 * and reader. */
#pragma once

#include "core/base/str.h"
#include "core/market/candle.h"

enum {
    CANDLE_LINE_MAX = 384,       /* longest line that candle_line_format writes, with the line feed and a NUL */
    CANDLE_READ_LINE_MAX = 1024, /* longest line that is read, with NUL */
};

#define CANDLE_LINE_HEADER "time_ms,open,high,low,close,volume,quote_volume,trades,state"

typedef enum {
    CANDLE_COLUMN_TIME,
    CANDLE_COLUMN_OPEN,
    CANDLE_COLUMN_HIGH,
    CANDLE_COLUMN_LOW,
    CANDLE_COLUMN_CLOSE,
    CANDLE_COLUMN_VOLUME,
    CANDLE_COLUMN_QUOTE_VOLUME,
    CANDLE_COLUMN_TRADES,
    CANDLE_COLUMN_STATE,
    CANDLE_COLUMN_COUNT,
} candle_column_t;

const char *candle_column_text(candle_column_t column);

typedef struct {
    int place[CANDLE_COLUMN_COUNT]; /* field number from 0; -1: not there */
    unsigned fields;                /* fields of a line */
} candle_columns_t;

/* Finds the columns in a header line. RESULT_FIELD_MISSING or RESULT_DUPLICATE with *column the one meant; RESULT_FULL: more than
 * 64 fields. */
result_t candle_columns_read(str_t header, candle_columns_t *out, candle_column_t *column);

/* A line without its end -> a closed bar. Every field is taken as it stands (no blanks); *column is the one to blame on failure,
 * CANDLE_COLUMN_COUNT when it is the number of fields (RESULT_FIELD_MISSING). The values are not weighed here: candle_check does
 * that. */
result_t candle_line_parse(const candle_columns_t *columns, str_t line, candle_t *out, candle_column_t *column);

/* Our own form, with the line feed and a NUL. Returns the length without NUL. */
size_t candle_line_format(const candle_t *candle, char buffer[CANDLE_LINE_MAX]);
