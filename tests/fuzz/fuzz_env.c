/* fuzz_env.c: any bytes as .env: names are names, values bounded, nothing read past the end.
 * rooms: edge/config
 */
#include <string.h>

#include "core/base/assert.h"
#include "edge/config/config_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void on_value(void *context, const char *name, uint32_t line, const char *value)
{
    (void)context;
    ASSERT(line > 0);
    ASSERT(name[0] != '\0' && strlen(name) < CONFIG_NAME_MAX && strchr(name, '=') == NULL);
    ASSERT(strlen(value) < CONFIG_VALUE_MAX);
}

static void on_problem(void *context, uint32_t line, const char *why, const char *fix)
{
    (void)context;
    ASSERT(line > 0 && why[0] != '\0' && fix[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const config_text_sink_t sink = {.value = on_value, .problem = on_problem};
    config_env_parse((const char *)bytes, length, &sink);
    return 0;
}
