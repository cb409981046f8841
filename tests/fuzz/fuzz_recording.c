/* fuzz_recording.c: any file as a recorded stream, plain or gzip: the simulated venue hands out believable events only, and comes
 * to an end. rooms: edge/face
 */
#include <stdbool.h>
#include <string.h>

#include "core/base/assert.h"
#include "edge/face/world/market_source.h"
#include "fuzz/file_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[FUZZ_PATH_MAX], error[MARKET_ERROR_MAX] = "";
    stream_file_t *stream = NULL;
    if (!fuzz_file(data, size, path)) {
        return 0;
    }
    stream_symbol_t played;
    char others[256];
    (void)stream_symbol_choose(path, "BTCUSDT", &played, others, sizeof others);
    if (stream_file_open(path, &played, 0, &stream, error) != RESULT_OK) {
        ASSERT(stream == NULL && error[0] != '\0');
        return 0;
    }
    uint64_t lines = stream_file_lines(stream), events = 0;
    const market_event_t *event;
    while ((event = stream_file_peek(stream)) != NULL) {
        ASSERT(market_event_check(event) == RESULT_OK && event->time_ns > 0);
        stream_file_take(stream);
        /* A change of the book that was recorded before its snapshot comes after it: one event a line, in another order. */
        ASSERT(stream_file_lines(stream) >= lines && stream_file_lines(stream) >= ++events);
        lines = stream_file_lines(stream);
    }
    ASSERT(stream_file_peek(stream) == NULL);
    stream_file_close(stream);
    return 0;
}
