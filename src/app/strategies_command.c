/* strategies_command.c: the registry of strategies and the plug-ins for people and as JSON, and a check of a parameter file; see
 * strategies_command.h. */
#include "app/strategies_command.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/option_json.h"
#include "app/options.h"
#include "app/parameters_file.h"
#include "app/plugin_set.h"
#include "app/role.h"
#include "core/strategy/strategy.h"
#include "edge/json/json_writer.h"

enum { JSON_BYTES_MAX = 1024 * 1024, EXPLAINED_INDENT = 15, EXPLAINED_OPTION_MAX = 512 };

static plugin_set_t plugins; /* large; of the configuration's folder */

/* NULL for a strategy of the registry. */
static const plugin_t *plugin_of(const strategy_kind_t *kind)
{
    for (uint32_t i = 0; i < plugins.count; i++) {
        const plugin_t *plugin = plugins.slots[i].plugin;
        if (plugin != NULL && plugin_kind(plugin) == kind) {
            return plugin;
        }
    }
    return NULL;
}

/* Of the registry first, then of the plug-ins; NULL past the end. */
static const strategy_kind_t *kind_at(uint32_t index)
{
    if (index < strategy_count()) {
        return strategy_at(index);
    }
    index -= strategy_count();
    return index < plugins.set.count ? plugins.set.kinds[index] : NULL;
}

/* --- people ----------------------------------------------------------------------------------- */

static void print_kind(const strategy_kind_t *kind)
{
    double presets[STRATEGY_OPTIONS_MAX];
    strategy_presets(kind, presets);
    printf("%s: %s\n", kind->name, kind->title);
    if (kind->aliases[0] != '\0') {
        printf("  also called  %s\n", kind->aliases);
    }
    const plugin_t *plugin = plugin_of(kind);
    if (plugin != NULL) {
        printf("  plug-in      %s, version %s, by %s\n", plugin_file(plugin), plugin_version(plugin), plugin_author(plugin));
    }
    printf("  rule         ");
    options_print_wrapped(kind->rule, EXPLAINED_INDENT);
    printf("  warm-up      %u bars with the presets\n", (unsigned)strategy_warm_up(kind, presets));
    for (uint32_t i = 0; i < kind->option_count; i++) {
        const indicator_option_t *option = &kind->options[i];
        char text[EXPLAINED_OPTION_MAX];
        (void)snprintf(text, sizeof text, "%s = %g  (%s from %g to %g)  %s", option->name, option->preset,
                       option->kind == OPTION_WHOLE ? "whole" : "real", option->minimum, option->maximum, kind->option_words[i]);
        printf("  %-12s ", i == 0 ? "options" : "");
        options_print_wrapped(text, EXPLAINED_INDENT);
    }
}

static int list_kinds(void)
{
    const strategy_kind_t *kind;
    for (uint32_t i = 0; (kind = kind_at(i)) != NULL; i++) {
        const plugin_t *plugin = plugin_of(kind);
        if (plugin == NULL) {
            printf("%-24s %s\n", kind->name, kind->title);
        } else {
            printf("%-24s %s (plug-in %s, version %s)\n", kind->name, kind->title, plugin_file(plugin), plugin_version(plugin));
        }
    }
    return EXIT_WELL;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void write_kind(json_writer_t *writer, const strategy_kind_t *kind)
{
    double presets[STRATEGY_OPTIONS_MAX];
    strategy_presets(kind, presets);
    json_begin_object(writer);
    json_field_string(writer, "name", kind->name);
    json_field_string(writer, "aliases", kind->aliases);
    json_field_string(writer, "title", kind->title);
    json_field_string(writer, "rule", kind->rule);
    const plugin_t *plugin = plugin_of(kind);
    if (plugin != NULL) {
        json_field_string(writer, "file", plugin_file(plugin));
        json_field_string(writer, "version", plugin_version(plugin));
        json_field_string(writer, "author", plugin_author(plugin));
    }
    json_field_u64(writer, "warm_up", strategy_warm_up(kind, presets));
    json_write_key(writer, "options");
    json_begin_array(writer);
    for (uint32_t i = 0; i < kind->option_count; i++) {
        json_begin_object(writer);
        option_json_write(writer, &kind->options[i]);
        json_field_string(writer, "meaning", kind->option_words[i]);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_end_object(writer);
}

/* One, or with NULL all of them. */
static int print_json(const strategy_kind_t *one)
{
    char *buffer = malloc(JSON_BYTES_MAX);
    json_writer_t writer;
    str_t text;
    if (buffer == NULL) {
        return EXIT_FAILED;
    }
    json_writer_init(&writer, buffer, JSON_BYTES_MAX);
    if (one != NULL) {
        write_kind(&writer, one);
    } else {
        json_begin_array(&writer);
        for (uint32_t i = 0; kind_at(i) != NULL; i++) {
            write_kind(&writer, kind_at(i));
        }
        json_end_array(&writer);
    }
    const bool whole = json_writer_finish(&writer, &text) == RESULT_OK;
    if (whole) {
        printf("%.*s\n", (int)text.length, text.bytes);
    }
    free(buffer);
    return whole ? EXIT_WELL : EXIT_FAILED;
}

/* --- a parameter file ------------------------------------------------------------------------- */

static int check_file(const char *path)
{
    char error[PARAMETERS_FILE_ERROR_MAX];
    parameters_t *parameters = parameters_file_read(path, &plugins.set, error);
    if (parameters == NULL) {
        fprintf(stderr, "patriot strategies: %s\n", error);
        return EXIT_FAILED;
    }
    printf("%s: good, %u section%s\n", path, (unsigned)parameters->count, parameters->count == 1 ? "" : "s");
    free(parameters);
    return EXIT_WELL;
}

/* --- plug-ins ----------------------------------------------------------------------------------- */

/* Those that stand in the folder; what is wrong with the others is said. */
static void open_plugins(const char *folder)
{
    static config_report_t report; /* large */
    config_store_t *config = NULL;
    config_options_t options = {.folder = folder};
    if (config_open(&options, &config, &report) != RESULT_OK) {
        fprintf(stderr,
                "patriot strategies: plug-ins are not looked for, since the configuration is wrong: `patriot config check`\n");
        return;
    }
    plugin_set_all(&plugins, config);
    config_close(config);
    for (uint32_t i = 0; i < plugins.count; i++) {
        if (plugins.slots[i].plugin == NULL) {
            fprintf(stderr, "patriot strategies: plug-in refused: %s\n", plugins.slots[i].reason);
        }
    }
}

/* NULL and a word on standard error when there is none. */
static const strategy_kind_t *find(const char *name)
{
    const strategy_kind_t *nearest = NULL;
    const strategy_kind_t *kind = strategy_find_in(&plugins.set, str_from(name), &nearest);
    if (kind == NULL && !strategy_is_missing(&plugins.set, str_from(name))) {
        fprintf(stderr, "patriot strategies: no strategy \"%s\"; %s%s%s\n", name, nearest != NULL ? "did you mean \"" : "",
                nearest != NULL ? nearest->name : "`patriot strategies` lists them", nearest != NULL ? "\"?" : "");
    }
    return kind;
}

/* --- the command -------------------------------------------------------------------------------- */

static int run(const char *file, bool json, size_t count, const char *const *operands)
{
    if (file != NULL) {
        return check_file(file);
    }
    if (count == 0) {
        return json ? print_json(NULL) : list_kinds();
    }
    const strategy_kind_t *kind = find(operands[0]);
    if (kind == NULL) {
        return EXIT_MISUSE;
    }
    if (json) {
        return print_json(kind);
    }
    print_kind(kind);
    return EXIT_WELL;
}

int app_strategies_main(int argc, char **argv)
{
    bool json = false;
    const char *file = NULL, *folder = NULL;
    const argument_t options[] = {
        {"json", ARGUMENT_FLAG, &json, NULL, "as JSON"},
        {"check", ARGUMENT_TEXT, &file, "FILE", "check a file of strategy parameters"},
        {"config", ARGUMENT_TEXT, &folder, "DIR", "folder of patriot.yaml, which names the folder of plug-ins (default .)"}};
    const command_t command = {
        .command = "patriot strategies",
        .usage = "[NAME] [options]",
        .about = "Lists the strategies and the plug-ins that can be used, or explains one: its rule, its options and "
                 "their ranges.",
        .epilogue = "Examples: patriot strategies SC01; patriot strategies --check parameters.ini",
        .options = options,
        .option_count = 3,
        .operands_max = 1};
    const char *operands[OPTIONS_OPERANDS_MAX];
    size_t count = 0;
    int code = 0;
    if (!options_take(&command, argc, argv, operands, &count, &code)) {
        return code;
    }
    open_plugins(folder);
    code = run(file, json, count, operands);
    plugin_set_close(&plugins);
    return code;
}
