/* config_text.h: the two file forms as streams of (name, value, line). Pure: bytes in, calls out; both are fuzzed.
 *
 * .env: NAME=value, one a line; blank lines and '#' lines are skipped; "export " may stand before; values bare (up to " #"), in
 * 'single quotes' (as they are) or in "double quotes" (\n \t \" \\ \$ are known). Nothing is executed, nothing expanded here.
 *
 * patriot.yaml: mappings of mappings of scalars, and lists of scalars, which become "a, b, c". Names are paths: "risk.percent".
 * Anchors, aliases, lists of mappings, several documents and a key given twice are errors.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"

enum { CONFIG_VALUE_MAX = 2048, CONFIG_NAME_MAX = 128, CONFIG_YAML_DEPTH_MAX = 8 };

typedef struct {
    void *context;
    /* name and value are NUL-terminated and borrowed for the call. */
    void (*value)(void *context, const char *name, uint32_t line, const char *value);
    void (*problem)(void *context, uint32_t line, const char *why, const char *fix);
    /* Whether a name may hold a list; NULL: each may. A list where none belongs is a problem and no value. */
    bool (*takes_list)(void *context, const char *name);
} config_text_sink_t;

void config_env_parse(const char *text, size_t length, const config_text_sink_t *sink);
void config_yaml_parse(const char *text, size_t length, const config_text_sink_t *sink);
