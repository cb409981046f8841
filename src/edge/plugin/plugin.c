/* plugin.c: see plugin.h. */
#include "edge/plugin/plugin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "core/indicator/atr.h"
#include "core/strategy/level_options.h"
#include "edge/plugin/plugin_check.h"

enum { PLUGIN_PATH_MAX = 2048, LOAD_TIMES = 10 }; /* loading an object takes longer than a bar */

struct plugin {
    char program[256], file_name[PLUGIN_FILE_NAME_MAX], path[PLUGIN_PATH_MAX];
    int file;
    struct stat loaded; /* the file as it was then */
    int64_t deadline_ns;
    plugin_process_t process;
    plugin_description_t is;
    plugin_losses_t losses;
    uint32_t overruns; /* of the deadline, since it was opened or forgiven */
    const char *words[STRATEGY_OPTIONS_MAX];
    strategy_outside_t outside;
    strategy_kind_t kind;
};

/* The memory of one run: what the plug-in's process is given with each question. */
typedef struct {
    double options[STRATEGY_OPTIONS_MAX];
    uint32_t warm_up, seen; /* bars */
    atr_t atr;
    unsigned char state[];
} plugin_run_t;

/* --- asking ----------------------------------------------------------------------------------- */

static bool lose(plugin_t *plugin, const char *text)
{
    (void)snprintf(plugin->losses.text, sizeof plugin->losses.text, "%.*s", PLUGIN_LOSS_MAX - 1, text);
    plugin->losses.count++;
    return false;
}

/* A process that has loaded the file. The first one says what the plug-in is; later ones must say the same. */
static bool begin(plugin_t *plugin, char wrong[PLUGIN_WRONG_MAX])
{
    char loss[PLUGIN_LOSS_MAX];
    if (plugin_process_start(&plugin->process, plugin->program, plugin->file) != RESULT_OK) {
        (void)snprintf(wrong, PLUGIN_WRONG_MAX, "the system lets no process start for it");
        return false;
    }
    if (plugin_process_ask(&plugin->process, PLUGIN_OP_LOAD, LOAD_TIMES * plugin->deadline_ns, loss) != RESULT_OK) {
        (void)snprintf(wrong, PLUGIN_WRONG_MAX, "%s while it was loaded", loss);
        return false;
    }
    const plugin_window_t *window = plugin->process.window;
    memcpy(wrong, window->wrong, PLUGIN_WRONG_MAX);
    wrong[PLUGIN_WRONG_MAX - 1] = '\0';
    if (wrong[0] == '\0' && plugin->is.state_size != 0 && memcmp(&plugin->is, &window->description, sizeof plugin->is) != 0) {
        (void)snprintf(wrong, PLUGIN_WRONG_MAX, "the file has been written over; start the monitor again to take the new one");
    }
    if (wrong[0] != '\0') {
        plugin_process_end(&plugin->process);
        return false;
    }
    plugin->is = window->description;
    return true;
}

/* The window of a process that waits for a question, or NULL: the run is lost. */
static plugin_window_t *ready(plugin_t *plugin)
{
    char wrong[PLUGIN_WRONG_MAX];
    if (plugin->losses.resting) {
        return NULL;
    }
    if (plugin->process.pid == 0 && !begin(plugin, wrong)) {
        (void)lose(plugin, wrong);
        return NULL;
    }
    return plugin->process.window;
}

static bool ask(plugin_t *plugin, plugin_op_t op)
{
    char loss[PLUGIN_LOSS_MAX];
    const result_t result = plugin_process_ask(&plugin->process, op, plugin->deadline_ns, loss);
    if (result == RESULT_TIMEOUT) {
        plugin->overruns++;
        plugin->losses.resting = plugin->overruns >= PLUGIN_OVERRUNS_MAX;
    }
    return result == RESULT_OK || lose(plugin, loss);
}

/* --- what a kind answers ---------------------------------------------------------------------- */

static bool ask_about(plugin_t *plugin, plugin_op_t op, const double *options, int64_t *number)
{
    plugin_window_t *window = ready(plugin);
    if (window == NULL) {
        return false;
    }
    memcpy(window->options, options, plugin->kind.option_count * sizeof options[0]);
    if (!ask(plugin, op)) {
        return false;
    }
    *number = window->number;
    return true;
}

static result_t check(void *context, const double *options, uint32_t *wrong)
{
    plugin_t *plugin = context;
    int64_t number = -1;
    if (!ask_about(plugin, PLUGIN_OP_CHECK, options, &number)) {
        return RESULT_BAD_STATE;
    }
    if (number >= 0 && number < plugin->is.option_count) {
        if (wrong != NULL) {
            *wrong = (uint32_t)number;
        }
        return RESULT_BAD_ARGUMENT;
    }
    return level_options_check_at(options, plugin->is.option_count, wrong);
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Of its own and of our ATR; UINT32_MAX when it cannot say. */
static uint32_t warm_up(void *context, const double *options)
{
    plugin_t *plugin = context;
    int64_t number = 0;
    if (!ask_about(plugin, PLUGIN_OP_WARM_UP, options, &number)) {
        return UINT32_MAX;
    }
    if (number < 1 || number > PATRIOT_WARM_UP_MAX) {
        (void)lose(plugin, "warm_up answered with a number outside 1 .. 100000");
        return UINT32_MAX;
    }
    return larger((uint32_t)number, (uint32_t)options[plugin->is.option_count + LEVELS_ATR] + 1);
}

static bool init(void *context, void *state, const double *options)
{
    plugin_t *plugin = context;
    plugin_run_t *run = state;
    memset(run, 0, sizeof *run + plugin->is.state_size);
    memcpy(run->options, options, plugin->kind.option_count * sizeof options[0]);
    atr_init(&run->atr, (uint32_t)options[plugin->is.option_count + LEVELS_ATR]);
    run->warm_up = warm_up(plugin, options);
    plugin_window_t *window = run->warm_up != UINT32_MAX ? ready(plugin) : NULL;
    if (window == NULL) {
        return false;
    }
    memcpy(window->options, run->options, sizeof run->options);
    memset(window->state, 0, plugin->is.state_size);
    if (!ask(plugin, PLUGIN_OP_INIT)) {
        return false;
    }
    memcpy(run->state, window->state, plugin->is.state_size);
    return true;
}

/* NULL, or what is wrong with an answer. */
static const char *nonsense(const patriot_view_t *view)
{
    const bool decides = view->direction == PATRIOT_LONG || view->direction == PATRIOT_SHORT;
    if (!decides && view->direction != PATRIOT_NONE) {
        return "answered with a direction that is none";
    }
    if (decides && !(view->confidence >= 0.0 && view->confidence <= 1.0)) {
        return "answered with a confidence outside 0 .. 1";
    }
    if (decides &&
        !(view->atr >= 0.0 && view->atr <= INDICATOR_VALUE_MAX && view->stop_price >= 0.0 &&
          view->stop_price <= INDICATOR_VALUE_MAX && view->target_price >= 0.0 && view->target_price <= INDICATOR_VALUE_MAX)) {
        return "answered with an atr, stop_price or target_price that is negative or no number";
    }
    return NULL;
}

static void take_view(const plugin_t *plugin, const patriot_view_t *from, double atr, strategy_view_t *view)
{
    *view = (strategy_view_t){
        .direction = from->direction == PATRIOT_LONG ? DIRECTION_LONG : DIRECTION_SHORT,
        .confidence = from->confidence,
        .atr = from->atr > 0.0 ? from->atr : atr,
        .stop_price = from->stop_price,
        .target_price = from->target_price,
    };
    for (uint32_t i = 0; i < plugin->is.input_count; i++) {
        if (indicator_value_is_good(from->inputs[i])) {
            view->inputs[view->input_count++] = (strategy_input_t){plugin->is.inputs[i], from->inputs[i]};
        }
    }
}

static bool next(void *context, void *state, const indicator_bar_t *bar, strategy_view_t *view)
{
    plugin_t *plugin = context;
    plugin_run_t *run = state;
    const double atr = atr_next(&run->atr, bar->high, bar->low, bar->close);
    plugin_window_t *window = ready(plugin);
    if (window == NULL) {
        return false;
    }
    memcpy(window->options, run->options, sizeof run->options);
    window->bar = (patriot_bar_t){bar->open, bar->high, bar->low, bar->close, bar->volume, bar->open_ns};
    memcpy(window->state, run->state, plugin->is.state_size);
    if (!ask(plugin, PLUGIN_OP_NEXT)) {
        return false;
    }
    const patriot_view_t answer = window->view;
    const char *wrong = nonsense(&answer);
    if (wrong != NULL) {
        return lose(plugin, wrong);
    }
    memcpy(run->state, window->state, plugin->is.state_size);
    run->seen += run->seen < UINT32_MAX;
    if (answer.direction != PATRIOT_NONE && run->seen >= run->warm_up) {
        take_view(plugin, &answer, atr, view);
    }
    return true;
}

/* --- opening ---------------------------------------------------------------------------------- */

static void make_kind(plugin_t *plugin)
{
    static const indicator_option_t levels[] = {LEVELS_OPTIONS};
    static const char *const level_words[] = {LEVELS_WORDS};
    const uint32_t own = plugin->is.option_count;
    plugin->outside = (strategy_outside_t){.context = plugin,
                                           .check = check,
                                           .warm_up = warm_up,
                                           .state_size = sizeof(plugin_run_t) + plugin->is.state_size,
                                           .init = init,
                                           .next = next};
    plugin->kind = (strategy_kind_t){.name = plugin->is.name,
                                     .aliases = plugin->file_name,
                                     .title = plugin->is.title,
                                     .rule = plugin->is.rule,
                                     .option_count = own + LEVELS_OPTION_COUNT,
                                     .option_words = plugin->words,
                                     .outside = &plugin->outside};
    for (uint32_t i = 0; i < own; i++) {
        const plugin_option_text_t *text = &plugin->is.options[i];
        plugin->kind.options[i] = (indicator_option_t){text->name, text->kind == PATRIOT_WHOLE ? OPTION_WHOLE : OPTION_REAL,
                                                       text->preset, text->minimum, text->maximum};
        plugin->words[i] = text->meaning;
    }
    for (uint32_t i = 0; i < LEVELS_OPTION_COUNT; i++) {
        plugin->kind.options[own + i] = levels[i];
        plugin->words[own + i] = level_words[i];
    }
}

/* The presets must make sense, and the first thing that every run does must work. */
static bool try_presets(plugin_t *plugin, char wrong[PLUGIN_WRONG_MAX])
{
    double presets[STRATEGY_OPTIONS_MAX];
    uint32_t blamed = 0;
    strategy_presets(&plugin->kind, presets);
    const result_t result = check(plugin, presets, &blamed);
    if (result == RESULT_BAD_ARGUMENT) {
        (void)snprintf(wrong, PLUGIN_WRONG_MAX, "its own presets contradict one another: check blames %s",
                       plugin->kind.options[blamed].name);
        return false;
    }
    plugin_run_t *run = calloc(1, plugin->outside.state_size);
    const bool well = run != NULL && result == RESULT_OK && init(plugin, run, presets);
    free(run);
    if (!well) {
        (void)snprintf(wrong, PLUGIN_WRONG_MAX, "%s when it was tried with its presets",
                       plugin->losses.count > 0 ? plugin->losses.text : "no memory");
    }
    return well;
}

static bool open_inside(plugin_t *plugin, char wrong[PLUGIN_WRONG_MAX])
{
    char stem[PLUGIN_FILE_NAME_MAX];
    (void)snprintf(stem, sizeof stem, "%.*s", (int)(strlen(plugin->file_name) - 3), plugin->file_name);
    if (!begin(plugin, wrong) || !plugin_check(&plugin->is, stem, wrong)) {
        return false;
    }
    make_kind(plugin);
    return try_presets(plugin, wrong);
}

plugin_t *plugin_open(const plugin_options_t *options, char reason[PLUGIN_REASON_MAX])
{
    char wrong[PLUGIN_WRONG_MAX];
    ASSERT(options->deadline_ns > 0);
    const int file = plugin_file_open(options->folder, options->name, reason);
    plugin_t *plugin = file >= 0 ? calloc(1, sizeof *plugin) : NULL;
    if (plugin == NULL) {
        if (file >= 0) {
            (void)snprintf(reason, PLUGIN_REASON_MAX, "%.40s: no memory", options->name);
            (void)close(file);
        }
        return NULL;
    }
    plugin->file = file;
    plugin->deadline_ns = options->deadline_ns;
    plugin->process.bell = -1;
    (void)fstat(file, &plugin->loaded);
    (void)snprintf(plugin->path, sizeof plugin->path, "%s/%s", options->folder, options->name);
    (void)snprintf(plugin->program, sizeof plugin->program, "%s", options->program);
    (void)snprintf(plugin->file_name, sizeof plugin->file_name, "%s", options->name);
    if (open_inside(plugin, wrong)) {
        return plugin;
    }
    (void)snprintf(reason, PLUGIN_REASON_MAX, "%.200s/%s: %s", options->folder, options->name, wrong);
    plugin_close(plugin);
    return NULL;
}

void plugin_close(plugin_t *plugin)
{
    if (plugin != NULL) {
        plugin_process_end(&plugin->process);
        (void)close(plugin->file);
        free(plugin);
    }
}

const strategy_kind_t *plugin_kind(const plugin_t *plugin)
{
    return &plugin->kind;
}

const char *plugin_file(const plugin_t *plugin)
{
    return plugin->file_name;
}

const char *plugin_author(const plugin_t *plugin)
{
    return plugin->is.author;
}

const char *plugin_version(const plugin_t *plugin)
{
    return plugin->is.version;
}

bool plugin_is_outdated(const plugin_t *plugin)
{
    const struct stat *then = &plugin->loaded;
    struct stat now;
    return stat(plugin->path, &now) != 0 || now.st_dev != then->st_dev || now.st_ino != then->st_ino ||
           now.st_size != then->st_size || now.st_mtim.tv_sec != then->st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != then->st_mtim.tv_nsec;
}

const plugin_losses_t *plugin_losses(const plugin_t *plugin)
{
    return &plugin->losses;
}

void plugin_forgive(plugin_t *plugin)
{
    plugin->overruns = 0;
    plugin->losses.resting = false;
}
