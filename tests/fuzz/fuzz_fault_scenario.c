/* fuzz_fault_scenario.c: any bytes as a scenario of faults: refused in words with a line, or faults that hold what their rows
 * promise; and the same bytes as the words of `ctl ... fault`. rooms: edge/face
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/base/assert.h"
#include "edge/face/fault/fault_engine.h"
#include "edge/face/fault/fault_scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void believe(const fault_spec_t *spec)
{
    char error[FAULT_ERROR_MAX] = "";
    ASSERT(spec->knob < FAULT_KNOB_COUNT && fault_spec_check(spec, error));
    ASSERT(spec->nth >= 1 && spec->chance >= 1 && spec->chance <= 1000000 && spec->for_ns >= 0 &&
           (spec->at_fixed || spec->at_ns >= 0));
    const fault_row_t *row = fault_row(spec->knob);
    for (unsigned i = 0; i < FAULT_PARAMETERS_MAX && row->parameters[i].name; i++) {
        const fault_parameter_t *parameter = &row->parameters[i];
        double number = (double)spec->values[i].number;
        if (parameter->type == FAULT_NUMBER) {
            ASSERT(number >= parameter->least && number <= parameter->most);
        } else if (parameter->type == FAULT_TIME) {
            ASSERT(number >= parameter->least * 1e9 && number <= parameter->most * 1e9);
        } else if (parameter->type == FAULT_TEXT) {
            ASSERT(memchr(spec->values[i].text, '\0', sizeof spec->values[i].text) != NULL);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fault_scenario_t scenario;
    static fault_engine_t engine;
    char error[FAULT_ERROR_MAX] = "";
    const str_t text = {(const char *)data, size};
    fault_spec_t spec;
    if (size > FAULT_SCENARIO_BYTES_MAX) {
        return 0;
    }
    if (fault_spec_parse(text, &spec, error)) {
        believe(&spec);
    } else {
        ASSERT(error[0] != '\0');
    }
    if (!fault_scenario_parse(text, "fuzz.yaml", &scenario, error)) {
        ASSERT(strncmp(error, "fuzz.yaml:", 10) == 0 && memchr(error, '\0', sizeof error) != NULL);
        return 0;
    }
    ASSERT(scenario.count >= 1 && scenario.count <= FAULT_SCENARIO_MAX);
    fault_engine_init(&engine, scenario.seed, &(fault_owner_t){0}, 0);
    for (uint32_t i = 0; i < scenario.count; i++) {
        believe(&scenario.faults[i]);
        ASSERT(fault_arm(&engine, &scenario.faults[i], 0, 0) == RESULT_OK);
    }
    for (int step = 0; step < 8; step++) {
        int64_t next = fault_next_ns(&engine);
        if (next == INT64_MAX) {
            break;
        }
        ASSERT(next > engine.now_ns);
        fault_tick(&engine, next);
    }
    return 0;
}
