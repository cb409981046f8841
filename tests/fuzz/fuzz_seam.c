/* fuzz_seam.c: any bytes as a signal and as an outcome across the seam: refused and nothing written, or stable when written and
 * read again. rooms: core/engine
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/engine/seam.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static instrument_table_t table;

static void table_make(void)
{
    const instrument_t instrument = {
        .venue = "BINANCE", .symbol = "BTCUSDT", .base = "BTC", .quote = "USDT", .settle = "USDT", .kind = INSTRUMENT_PERPETUAL};
    table.items[0] = instrument;
    table.count = 1;
}

static void check_signal(const uint8_t *bytes, size_t size)
{
    uint8_t first[SEAM_SIGNAL_MAX], second[SEAM_SIGNAL_MAX];
    size_t first_length = 0, second_length = 0;
    signal_t signal, untouched, again;
    memset(&signal, 0xA5, sizeof signal);
    memcpy(&untouched, &signal, sizeof untouched);
    if (seam_signal_decode(bytes, size, &table, &signal) != RESULT_OK) {
        ASSERT(memcmp(&signal, &untouched, sizeof signal) == 0);
        return;
    }
    ASSERT(signal.instrument == 0 && signal.number > 0 && signal.input_count <= SIGNAL_INPUTS_MAX);
    ASSERT(memchr(signal.id, '\0', sizeof signal.id) != NULL && memchr(signal.strategy, '\0', sizeof signal.strategy) != NULL);
    (void)signal_check(&signal);
    ASSERT(seam_signal_encode(&signal, &table, first, sizeof first, &first_length) == RESULT_OK);
    ASSERT(seam_signal_decode(first, first_length, &table, &again) == RESULT_OK);
    ASSERT(seam_signal_encode(&again, &table, second, sizeof second, &second_length) == RESULT_OK);
    ASSERT(first_length == second_length && memcmp(first, second, first_length) == 0);
}

static void check_outcome(const uint8_t *bytes, size_t size)
{
    uint8_t first[SEAM_OUTCOME_MAX], second[SEAM_OUTCOME_MAX];
    size_t first_length = 0, second_length = 0;
    request_outcome_t outcome, untouched, again;
    memset(&outcome, 0xA5, sizeof outcome);
    memcpy(&untouched, &outcome, sizeof untouched);
    if (seam_outcome_decode(bytes, size, &outcome) != RESULT_OK) {
        ASSERT(memcmp(&outcome, &untouched, sizeof outcome) == 0);
        return;
    }
    ASSERT(seam_outcome_encode(&outcome, first, sizeof first, &first_length) == RESULT_OK);
    ASSERT(seam_outcome_decode(first, first_length, &again) == RESULT_OK);
    ASSERT(seam_outcome_encode(&again, second, sizeof second, &second_length) == RESULT_OK);
    ASSERT(first_length == second_length && memcmp(first, second, first_length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes = malloc(size > 0 ? size : 1); /* exactly so many: the sanitizer sees any step beyond */
    if (bytes == NULL) {
        return 0;
    }
    if (table.count == 0) {
        table_make();
    }
    if (size > 0) {
        memcpy(bytes, data, size);
    }
    check_signal(bytes, size);
    check_outcome(bytes, size);
    free(bytes);
    return 0;
}
