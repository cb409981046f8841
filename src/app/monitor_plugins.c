/* monitor_plugins.c: C plug-ins of the monitor: loaded at start, refused ones named, lost runs told; the other strategies go on. */
#include <stdio.h>
#include <string.h>

#include "app/monitor_state.h"

static void set_health(monitor_t *monitor, const plugin_slot_t *slot, health_state_t state, const char *text)
{
    char name[HEALTH_NAME_MAX];
    (void)snprintf(name, sizeof name, "plug-in %s", slot->stem);
    health_check_set(&monitor->role.health, name, state, text, role_now_ns(&monitor->role));
}

void monitor_plugins_open(monitor_t *monitor)
{
    plugin_set_configured(monitor->plugins, monitor->role.config);
    for (uint32_t i = 0; i < monitor->plugins->count; i++) {
        const plugin_slot_t *slot = &monitor->plugins->slots[i];
        if (!slot->plugin) {
            role_complain(&monitor->role, LOG_EVENT_PLUGIN_REFUSED, "the plug-in %s does not run: %s", slot->file, slot->reason);
            set_health(monitor, slot, HEALTH_DEGRADED, slot->reason);
            continue;
        }
        log_field_t fields[] = {LOG_TEXT("file", slot->file), LOG_TEXT("version", plugin_version(slot->plugin)),
                                LOG_TEXT("author", plugin_author(slot->plugin))};
        log_write(LOG_INFO, LOG_EVENT_PLUGIN_LOADED, NULL, plugin_kind(slot->plugin)->title, fields, 3);
        set_health(monitor, slot, HEALTH_OK, "");
    }
}

void monitor_plugins_close(monitor_t *monitor)
{
    plugin_set_close(monitor->plugins);
}

/* The timeframes on which an instrument has lost this plug-in: "1h 4h". */
static void lost_timeframes(const monitor_t *monitor, const plugin_slot_t *slot, instrument_id_t instrument, char text[64])
{
    size_t length = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < monitor->half.config.strategy_count; i++) {
        for (uint32_t k = 0; k < monitor->half.config.timeframe_count; k++) {
            if (monitor->half.kinds[i] == plugin_kind(slot->plugin) && length < 48 &&
                signal_half_has_lost(&monitor->half, instrument, i, k))
                length += (size_t)snprintf(text + length, 64 - length, "%s%s", length > 0 ? " " : "",
                                           timeframe_text(monitor->half.config.timeframes[k]));
        }
    }
}

static void tell_loss(monitor_t *monitor, plugin_slot_t *slot, instrument_id_t instrument)
{
    const plugin_losses_t *losses = plugin_losses(slot->plugin);
    const instrument_t *row = instrument_table_at(monitor->table, instrument);
    char timeframes[64], text[512];
    lost_timeframes(monitor, slot, instrument, timeframes);
    (void)snprintf(text, sizeof text, "%s %s %s lost: %s%s", slot->stem, row ? row->symbol : "", timeframes, losses->text,
                   losses->resting ? "; the plug-in rests on all symbols" : "");
    set_health(monitor, slot, HEALTH_DEGRADED, text);
    role_complain(&monitor->role, LOG_EVENT_PLUGIN_LOST,
                  "plug-in %s; no signals of it until `patriot config reload`; all else goes on", text);
    slot->losses_told = losses->count;
}

void monitor_plugins_note(monitor_t *monitor, instrument_id_t instrument)
{
    for (uint32_t i = 0; i < monitor->plugins->count; i++) {
        plugin_slot_t *slot = &monitor->plugins->slots[i];
        if (slot->plugin && plugin_losses(slot->plugin)->count != slot->losses_told)
            tell_loss(monitor, slot, instrument);
    }
}
