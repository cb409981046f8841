/* strategies_command.c: the registry of strategies for people and as JSON, and a check of a parameter file; see
 * strategies_command.h. */
#include "app/strategies_command.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/options.h"
#include "app/parameters_file.h"
#include "app/role.h"
#include "core/strategy/strategy.h"
#include "edge/json/json_writer.h"

enum { JSON_BYTES_MAX = 1024 * 1024, NUMBER_PLACES = 12, EXPLAINED_INDENT = 15, EXPLAINED_OPTION_MAX = 512 };

/* --- people ----------------------------------------------------------------------------------- */

static void print_kind(const strategy_kind_t *kind)
{
    double presets[STRATEGY_OPTIONS_MAX];
    strategy_presets(kind, presets);
    printf("%s: %s\n", kind->name, kind->title);
    if (kind->aliases[0] != '\0') {
        printf("  also called  %s\n", kind->aliases);
    }
    printf("  rule         ");
    options_print_wrapped(kind->rule, EXPLAINED_INDENT);
    printf("  warm-up      %u bars with the presets\n", (unsigned)kind->warm_up(presets));
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
    for (uint32_t i = 0; i < strategy_count(); i++) {
        const strategy_kind_t *kind = strategy_at(i);
        printf("%-24s %s\n", kind->name, kind->title);
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
    json_field_u64(writer, "warm_up", kind->warm_up(presets));
    json_write_key(writer, "options");
    json_begin_array(writer);
    for (uint32_t i = 0; i < kind->option_count; i++) {
        const indicator_option_t *option = &kind->options[i];
        json_begin_object(writer);
        json_field_string(writer, "name", option->name);
        json_field_string(writer, "type", option->kind == OPTION_WHOLE ? "whole" : "real");
        json_write_key(writer, "preset");
        json_write_double(writer, option->preset, NUMBER_PLACES);
        json_write_key(writer, "minimum");
        json_write_double(writer, option->minimum, NUMBER_PLACES);
        json_write_key(writer, "maximum");
        json_write_double(writer, option->maximum, NUMBER_PLACES);
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
        for (uint32_t i = 0; i < strategy_count(); i++) {
            write_kind(&writer, strategy_at(i));
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
    parameters_t *parameters = parameters_file_read(path, error);
    if (parameters == NULL) {
        fprintf(stderr, "patriot strategies: %s\n", error);
        return EXIT_FAILED;
    }
    printf("%s: good, %u sections\n", path, (unsigned)parameters->count);
    free(parameters);
    return EXIT_WELL;
}

int app_strategies_main(int argc, char **argv)
{
    bool json = false;
    const char *file = NULL;
    const argument_t options[] = {{"json", ARGUMENT_FLAG, &json, NULL, "as JSON"},
                                  {"check", ARGUMENT_TEXT, &file, "FILE", "check a file of strategy parameters"}};
    const command_t command = {.command = "patriot strategies",
                               .usage = "[NAME] [options]",
                               .about = "Lists the strategies, or explains one: its rule, its options and their ranges.",
                               .epilogue = "Examples: patriot strategies SC01; patriot strategies --check parameters.ini",
                               .options = options,
                               .option_count = 2,
                               .operands_max = 1};
    const char *operands[OPTIONS_OPERANDS_MAX];
    size_t count = 0;
    int code = 0;
    if (!options_take(&command, argc, argv, operands, &count, &code)) {
        return code;
    }
    if (file != NULL) {
        return check_file(file);
    }
    if (count == 0) {
        return json ? print_json(NULL) : list_kinds();
    }
    const strategy_kind_t *nearest = NULL;
    const strategy_kind_t *kind = strategy_find(str_from(operands[0]), &nearest);
    if (kind == NULL) {
        fprintf(stderr, "patriot strategies: no strategy \"%s\"; %s%s%s\n", operands[0], nearest != NULL ? "did you mean \"" : "",
                nearest != NULL ? nearest->name : "`patriot strategies` lists them", nearest != NULL ? "\"?" : "");
        return EXIT_MISUSE;
    }
    if (json) {
        return print_json(kind);
    }
    print_kind(kind);
    return EXIT_WELL;
}
