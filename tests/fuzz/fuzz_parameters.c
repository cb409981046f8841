/* fuzz_parameters.c: rooms: core/strategy
 *
 * Any bytes as strategy parameters: a refused text leaves what was in force untouched and names a line of the text; what is taken
 * gives every strategy options that its own checks accept, for any exchange, symbol and timeframe.
 */
#include <stdint.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/strategy/parameters.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static parameters_t fresh, in_force, before;

static uint32_t lines_of(const uint8_t *data, size_t size)
{
    uint32_t lines = 1;
    for (size_t i = 0; i < size; i++) {
        lines += data[i] == '\n';
    }
    return lines;
}

static void resolve(const strategy_kind_t *kind, const char *venue, const char *symbol, timeframe_t timeframe)
{
    double options[STRATEGY_OPTIONS_MAX];
    parameters_resolve(&in_force, kind, venue, symbol, timeframe, options);
    ASSERT(strategy_check(kind, options, NULL) == RESULT_OK);
    ASSERT(strategy_memory(kind, options) <= parameters_memory(&in_force, kind));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    parameters_error_t error;
    memset(&in_force, 0, sizeof in_force);
    memset(&before, 0, sizeof before);
    const result_t result = parameters_read((const char *)data, size, NULL, &fresh, &in_force, &error);
    if (result != RESULT_OK) {
        ASSERT(memcmp(&in_force, &before, sizeof before) == 0);
        ASSERT(error.line <= lines_of(data, size) && memchr(error.text, '\0', sizeof error.text) != NULL && error.text[0] != '\0');
        return 0;
    }
    for (uint32_t i = 0; i < in_force.count; i++) {
        const parameters_section_t *section = &in_force.sections[i];
        for (timeframe_t timeframe = 0; timeframe < TF_COUNT; timeframe++) {
            resolve(section->kind, section->venue, section->symbol, timeframe);
            resolve(section->kind, "BINANCE", section->symbol, timeframe);
            resolve(section->kind, section->venue, "BTCUSDT", timeframe);
        }
    }
    return 0;
}
