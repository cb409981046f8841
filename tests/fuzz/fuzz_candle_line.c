/* fuzz_candle_line.c: a header line and candle lines of any bytes; what is read is written in our own form and reads back the same.
 * rooms: edge/store
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "edge/store/candle_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(const candle_t *a, const candle_t *b)
{
    ASSERT(a->open_ns == b->open_ns && a->state == b->state && a->trades == b->trades && a->closed && b->closed);
    ASSERT(dec_eq(a->open, b->open) && dec_eq(a->high, b->high) && dec_eq(a->low, b->low) && dec_eq(a->close, b->close));
    ASSERT(dec_eq(a->volume, b->volume) && dec_eq(a->quote_volume, b->quote_volume));
}

/* Our form holds whole milliseconds; bars begin at nothing finer. */
static void round_trip(const candle_t *bar)
{
    char text[CANDLE_LINE_MAX];
    candle_columns_t columns;
    candle_column_t column;
    candle_t again;
    if (bar->open_ns % 1000000 != 0) {
        return;
    }
    const size_t length = candle_line_format(bar, text);
    ASSERT(length > 0 && length < CANDLE_LINE_MAX && text[length - 1] == '\n' && text[length] == '\0');
    ASSERT(candle_columns_read(STR(CANDLE_LINE_HEADER), &columns, &column) == RESULT_OK);
    if (bar->open_ns < INT64_C(100000000000) * 1000000) { /* a sooner time is taken for seconds: bars of before 1973 do not exist */
        return;
    }
    ASSERT(candle_line_parse(&columns, (str_t){text, length - 1}, &again, &column) == RESULT_OK);
    same(bar, &again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = malloc(size > 0 ? size : 1); /* exactly so many: the sanitizer sees any step beyond */
    if (bytes == NULL) {
        return 0;
    }
    if (size > 0) {
        memcpy(bytes, data, size);
    }
    str_t rest = {bytes, size};
    candle_columns_t columns;
    candle_column_t column = CANDLE_COLUMN_COUNT;
    if (candle_columns_read(str_cut(&rest, '\n'), &columns, &column) == RESULT_OK) {
        for (int i = 0; i < CANDLE_COLUMN_COUNT; i++) {
            ASSERT(columns.place[i] >= -1 && columns.place[i] < (int)columns.fields);
        }
        while (rest.length > 0) {
            candle_t bar = {.open_ns = -7};
            if (candle_line_parse(&columns, str_cut(&rest, '\n'), &bar, &column) == RESULT_OK) {
                round_trip(&bar);
            } else {
                ASSERT(bar.open_ns == -7 && (unsigned)column <= CANDLE_COLUMN_COUNT);
                ASSERT(candle_column_text(column) != NULL);
            }
        }
    }
    free(bytes);
    return 0;
}
