/* fuzz_config.c: any bytes as patriot.yaml. Every value that comes out is a bounded text, and its typed reading never crashes.
 * rooms: edge/config
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "edge/config/config_keys.h"
#include "edge/config/config_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static config_t config;

static void on_value(void *context, const char *name, uint32_t line, const char *value)
{
    char why[256];
    char fix[256];
    char text[CONFIG_VALUE_MAX];
    char again[CONFIG_VALUE_MAX];
    config_change_of_form_t form;
    size_t index = config_key_by_path(name, &form);
    ASSERT(strlen(name) < CONFIG_NAME_MAX && strlen(value) < CONFIG_VALUE_MAX);
    (void)context;
    (void)line;
    if (index == config_keys_count) {
        (void)config_nearest_path(name);
        return;
    }
    if (config_value_read(&config_keys[index], value, &config, why, fix, sizeof why) ==
        RESULT_OK) { /* what was read reads back as itself */
        (void)config_value_write(&config_keys[index], &config, text, sizeof text);
        ASSERT(config_value_read(&config_keys[index], text, &config, why, fix, sizeof why) == RESULT_OK ||
               config_keys[index].type == CONFIG_TYPE_REAL);
        (void)config_value_write(&config_keys[index], &config, again, sizeof again);
        ASSERT(strcmp(text, again) == 0);
    }
}

static void on_problem(void *context, uint32_t line, const char *why, const char *fix)
{
    (void)context;
    (void)line;
    ASSERT(why[0] != '\0' && fix[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const config_text_sink_t sink = {.value = on_value, .problem = on_problem};
    static tickers_t tickers;
    config_yaml_parse((const char *)bytes, length, &sink);
    (void)tickers_parse((const char *)bytes, length, &tickers);
    ASSERT(tickers.count <= CONFIG_SYMBOLS_MAX);
    return 0;
}
