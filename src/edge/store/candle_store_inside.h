/* candle_store_inside.h: inside of the candle store only: its state, and what its three files have in common.
 *
 * candle_store.c opens, closes and appends; candle_store_check.c weighs every line at open; candle_store_read.c reads and repairs.
 *
 * In memory stands only a sparse index (every INDEX_STEP-th good line: its bar and place). One rule decides which lines are good,
 * at the check and at each later reading alike: a line that parses, passes candle_check and is newer than the good line before it.
 */
#pragma once

#include <stdio.h>
#include <sys/types.h>

#include "edge/store/candle_line.h"
#include "edge/store/candle_store.h"
#include "edge/store/file.h"

enum { INDEX_STEP = 256, APPEND_LINES = 64 };

typedef struct {
    int64_t open_ns;
    off_t offset;
} index_entry_t;

struct candle_store {
    char path[FILE_PATH_MAX];
    char folder[FILE_PATH_MAX];
    timeframe_t timeframe;
    candle_flaw_fn on_flaw;
    void *context;
    int descriptor; /* O_APPEND, for writing */
    FILE *reading;
    candle_columns_t columns;
    off_t size;
    uint64_t bars, known; /* good lines; those of them that are not missing */
    uint64_t gap_bars;
    uint64_t flaws[CANDLE_FLAW_COUNT];
    candle_t last; /* the newest good bar, when bars > 0 */
    index_entry_t *index;
    size_t index_count, index_capacity;
    char buffer[APPEND_LINES * CANDLE_LINE_MAX];
};

/* What one line is worth. */
typedef enum { LINE_GOOD, LINE_MALFORMED, LINE_BAD_VALUE, LINE_SAME, LINE_OLDER } line_class_t;

/* One line without its end. RESULT_EMPTY at the end of the file; RESULT_TEXT_TOO_LONG or RESULT_TEXT_BAD_CHARACTER for a line to
 * pass over. */
result_t candle_store_line(FILE *file, char buffer[CANDLE_READ_LINE_MAX], str_t *line, size_t *consumed);

line_class_t candle_store_classify(const candle_store_t *store, str_t line, bool has_last, int64_t last_open_ns, candle_t *out,
                                   result_t *why);

/* A good bar stands at `offset`; gaps before it are counted and, during the check, told. line 0: being appended, tell nobody. */
result_t candle_store_take(candle_store_t *store, const candle_t *candle, off_t offset, uint64_t line);

/* Reads the whole open file, tells its flaws, cuts a torn end, fills the index. */
result_t candle_store_check(candle_store_t *store);

/* Opens the file and counts everything anew; and closes it. */
result_t candle_store_files_open(candle_store_t *store);
void candle_store_files_close(candle_store_t *store);
