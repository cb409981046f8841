/* plugin.h: a C plug-in as a strategy of the house: its kind is computed in a process of its own (include/patriot/strategy.h says
 * what plug-ins are promised, README.md how it is done).
 *
 * A call that crashes, ends the process, overruns its deadline or answers nonsense loses the run that made it; the process is
 * started again for the next run. After PLUGIN_LOSSES_MAX losses the plug-in rests: every further call loses its run at once, so
 * that nobody waits for it again. plugin_forgive ends the rest. Whoever asks blocks for eight deadlines at most, by the wall clock
 * for some ten times as long on a machine that is that busy: `patriot up` takes a process for dead that is silent for 15 s.
 */
#pragma once

#include "edge/plugin/plugin_file.h"
#include "edge/plugin/plugin_process.h"

enum { PLUGIN_OVERRUNS_MAX = 8 };

typedef struct plugin plugin_t;

typedef struct {
    const char *program; /* that serves as its process when called with "plugin-host": "/proc/self/exe" */
    const char *folder, *name;
    int64_t deadline_ns;
} plugin_options_t;

typedef struct {
    uint64_t count; /* since it was opened */
    bool resting;
    char text[PLUGIN_LOSS_MAX]; /* what the last one was: "was ended by signal 11 (Segmentation fault)" */
} plugin_losses_t;

/* Loads FOLDER/NAME, checks its table and tries it with its presets. NULL when it cannot be used: `reason` says "PATH: why; fix".
 */
plugin_t *plugin_open(const plugin_options_t *options, char reason[PLUGIN_REASON_MAX]);
void plugin_close(plugin_t *plugin); /* NULL is allowed */

/* Lives as long as the plug-in is open; its only alias is the file's name. */
const strategy_kind_t *plugin_kind(const plugin_t *plugin);
const char *plugin_file(const plugin_t *plugin);
const char *plugin_author(const plugin_t *plugin);
const char *plugin_version(const plugin_t *plugin);

/* Another file stands in the folder under its name since it was loaded, or the same one was written over, or none is there. The one
 * that was loaded goes on: runs hold its memory and its options, so a new one wants a new start. */
bool plugin_is_outdated(const plugin_t *plugin);

const plugin_losses_t *plugin_losses(const plugin_t *plugin);
void plugin_forgive(plugin_t *plugin);
