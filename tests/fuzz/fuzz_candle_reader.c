/* fuzz_candle_reader.c: any file as a candle file, plain or gzip: what is handed out is sound and ascends, the end is final.
 * rooms: edge/store
 *
 * The first byte chooses the timeframe, the rest is the file.
 */
#include <stdbool.h>
#include <string.h>

#include "core/base/assert.h"
#include "edge/store/candle_reader.h"
#include "fuzz/file_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[FUZZ_PATH_MAX], error[CANDLE_TEXT_MAX] = "";
    candle_reader_t *reader = NULL;
    if (size < 1 || !fuzz_file(data + 1, size - 1, path)) {
        return 0;
    }
    const timeframe_t timeframe = (timeframe_t)(data[0] % TF_COUNT);
    if (candle_reader_open(path, timeframe, &reader, error) != RESULT_OK) {
        ASSERT(reader == NULL && error[0] != '\0');
        return 0;
    }
    candle_t bar, before = {.open_ns = -1};
    uint64_t gap = 0, line = candle_reader_line(reader);
    result_t result;
    while ((result = candle_reader_next(reader, &bar, &gap)) == RESULT_OK) {
        ASSERT(candle_check(&bar, timeframe) == RESULT_OK && bar.closed);
        ASSERT(bar.open_ns > before.open_ns);
        ASSERT(before.open_ns < 0 || (gap == 0) == (bar.open_ns == timeframe_next(timeframe, before.open_ns)));
        ASSERT(candle_reader_line(reader) > line);
        line = candle_reader_line(reader);
        before = bar;
    }
    bar = before;
    ASSERT(candle_reader_next(reader, &bar, NULL) == result);
    ASSERT(memcmp(&bar, &before, sizeof bar) == 0);
    ASSERT((result == RESULT_EMPTY) == (candle_reader_error(reader)[0] == '\0'));
    candle_reader_close(reader);
    return 0;
}
