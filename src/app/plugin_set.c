/* plugin_set.c: see plugin_set.h. */
#include "app/plugin_set.h"

#include <stdio.h>
#include <string.h>

#include "core/base/str.h"
#include "edge/store/file.h"

static void open_slot(plugin_set_t *plugins, const plugin_options_t *options)
{
    plugin_slot_t *slot = &plugins->slots[plugins->count++];
    strategy_set_t *set = &plugins->set;
    (void)snprintf(slot->file, sizeof slot->file, "%s", options->name);
    memcpy(slot->stem, slot->file, strlen(slot->file) - strlen(".so")); /* the rest is zero */
    slot->plugin = plugin_open(options, slot->reason);
    if (slot->plugin != NULL) {
        set->kinds[set->count++] = plugin_kind(slot->plugin);
        return;
    }
    slot->gone = (strategy_kind_t){.name = slot->stem, .aliases = slot->file};
    set->missing[set->missing_count++] = &slot->gone;
}

void plugin_set_open(plugin_set_t *plugins, const char *folder, int64_t deadline_ns, const char (*files)[PLUGIN_FILE_NAME_MAX],
                     uint32_t count)
{
    memset(plugins, 0, sizeof *plugins);
    for (uint32_t i = 0; i < count && i < STRATEGY_OUTSIDE_MAX; i++) {
        open_slot(plugins,
                  &(plugin_options_t){.program = "/proc/self/exe", .folder = folder, .name = files[i], .deadline_ns = deadline_ns});
    }
}

void plugin_set_configured(plugin_set_t *plugins, const config_store_t *store)
{
    const config_t *config = config_current(store);
    char folder[FILE_PATH_MAX], files[STRATEGY_OUTSIDE_MAX][PLUGIN_FILE_NAME_MAX] = {{0}};
    uint32_t count = 0;
    for (uint32_t i = 0; i < config->signal.strategy_count; i++) {
        if (plugin_file_name_is_good(config->signal.strategies[i])) {
            memcpy(files[count++], config->signal.strategies[i], PLUGIN_FILE_NAME_MAX);
        }
    }
    config_path(store, config->signal.plugins_folder, folder, sizeof folder);
    plugin_set_open(plugins, folder, config->signal.plugin_deadline_ns, (const char(*)[PLUGIN_FILE_NAME_MAX])files, count);
}

void plugin_set_all(plugin_set_t *plugins, const config_store_t *store)
{
    const config_t *config = config_current(store);
    char folder[FILE_PATH_MAX], files[STRATEGY_OUTSIDE_MAX][PLUGIN_FILE_NAME_MAX] = {{0}};
    config_path(store, config->signal.plugins_folder, folder, sizeof folder);
    const size_t count = plugin_file_list(folder, files, STRATEGY_OUTSIDE_MAX);
    plugin_set_open(plugins, folder, config->signal.plugin_deadline_ns, (const char(*)[PLUGIN_FILE_NAME_MAX])files,
                    (uint32_t)count);
}

void plugin_set_close(plugin_set_t *plugins)
{
    for (uint32_t i = 0; i < plugins->count; i++) {
        plugin_close(plugins->slots[i].plugin);
    }
    plugins->count = 0;
}
