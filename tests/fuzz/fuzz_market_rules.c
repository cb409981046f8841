/* fuzz_market_rules.c: any file as a file of trading rules: refused in words, or a table in which every symbol is found again.
 * rooms: edge/face
 */
#include <stdbool.h>
#include <string.h>

#include "core/base/assert.h"
#include "edge/face/world/market_rules.h"
#include "fuzz/file_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static market_rules_t rules;
    char path[FUZZ_PATH_MAX], error[RULES_ERROR_MAX] = "";
    if (!fuzz_file(data, size, path)) {
        return 0;
    }
    if (market_rules_read(path, &rules, error) != RESULT_OK) {
        ASSERT(error[0] != '\0' && memchr(error, '\0', sizeof error) != NULL);
        return 0;
    }
    ASSERT(rules.count <= RULES_MAX);
    for (uint32_t i = 0; i < rules.count; i++) {
        instrument_t found;
        (void)instrument_check(&rules.items[i]); /* the venue refuses what contradicts itself, by name */
        ASSERT(market_rules_find(&rules, rules.items[i].symbol, DEC_ONE, &found));
    }
    return 0;
}
