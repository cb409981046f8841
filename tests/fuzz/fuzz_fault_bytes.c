/* fuzz_fault_bytes.c: what a hostile client or a strange message can bring to the faults: half requests, and JSON that is none.
 * Nothing may be written outside its room, and what is not changed is said to be so. rooms: edge/face
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/base/assert.h"
#include "edge/face/fault/fault_json.h"
#include "edge/face/fault/fault_plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool keep_every_second(void *context, uint32_t row, str_t text)
{
    (void)context, (void)text;
    return row % 2 == 0;
}

static void try_request(str_t text)
{
    static fault_engine_t engine;
    fault_spec_t spec;
    fault_plan_t plan;
    fault_engine_init(&engine, 1, &(fault_owner_t){0}, 0);
    fault_spec_init(&spec, FAULT_REQ_CUT);
    spec.values[0].number = (int64_t)(text.length / 2);
    ASSERT(fault_arm(&engine, &spec, 0, 0) == RESULT_OK);
    (void)fault_plan_cut(&engine, text);
    str_t query = text;
    fault_request_t request = {
        .method = STR("POST"), .path = str_cut(&query, '?'), .query = query, .body = text, .bytes = text.length};
    fault_plan(&engine, &request, &plan);
    ASSERT(plan.facts.on < FAULT_ON_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char out[512];
    const str_t text = {(const char *)data, size};
    size_t length = 0;
    unsigned status = 200;
    fault_plan_t plan;
    try_request(text);
    str_t found = fault_json_find(text, "e");
    ASSERT(found.length == 0 || (found.bytes >= text.bytes && found.bytes + found.length <= text.bytes + text.length));
    ASSERT(!fault_json_add(text, "z", out, sizeof out, &length) || length <= sizeof out);
    ASSERT(!fault_json_remove(text, "e", out, sizeof out, &length) || length < size);
    ASSERT(!fault_json_set(text, "e", STR("1"), out, sizeof out, &length) || length <= sizeof out);
    ASSERT(!fault_json_zero(text, out, sizeof out, &length) || length <= sizeof out);
    for (unsigned kind = FAULT_PRICE_ZERO; kind <= FAULT_PRICE_STALE; kind++) {
        ASSERT(!fault_json_prices(text, (fault_price_t)kind, out, sizeof out, &length) || length <= sizeof out);
    }
    ASSERT(!fault_json_rows(text, keep_every_second, NULL, out, sizeof out, &length) || length < size + 2);
    memset(&plan, 0, sizeof plan);
    plan.zero = plan.price = -1;
    ASSERT(!fault_plan_edit(&plan, text, &status, out, sizeof out, &length) ||
           (length <= sizeof out && (status == 200 || status == 400)));
    return 0;
}
