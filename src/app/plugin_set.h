/* plugin_set.h: the plug-ins that a configuration names, opened, as a set of strategies. */
#pragma once

#include "edge/config/config.h"
#include "edge/plugin/plugin.h"

typedef struct {
    char file[PLUGIN_FILE_NAME_MAX], stem[PLUGIN_FILE_NAME_MAX];
    plugin_t *plugin; /* NULL: it could not be had, for this reason: */
    char reason[PLUGIN_REASON_MAX];
    strategy_kind_t gone; /* what stands for it then: names only */
    uint64_t losses_told;
} plugin_slot_t;

/* Large, and pointed into: one stands in allocated or static memory and does not move. */
typedef struct {
    uint32_t count;
    plugin_slot_t slots[STRATEGY_OUTSIDE_MAX];
    strategy_set_t set;
} plugin_set_t;

/* Opens FOLDER/FILE for each file. One that cannot be used keeps its place with the reason; the others are not touched by it. */
void plugin_set_open(plugin_set_t *plugins, const char *folder, int64_t deadline_ns, const char (*files)[PLUGIN_FILE_NAME_MAX],
                     uint32_t count);

/* Those that signal.strategies names, or (all) whatever stands in the folder. */
void plugin_set_configured(plugin_set_t *plugins, const config_store_t *config);
void plugin_set_all(plugin_set_t *plugins, const config_store_t *config);

void plugin_set_close(plugin_set_t *plugins);
