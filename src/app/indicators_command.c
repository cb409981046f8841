/* indicators_command.c: the registry of indicators and the table of Pine's names, for people and as JSON; see indicators_command.h.
 */
#include "app/indicators_command.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/option_json.h"
#include "app/options.h"
#include "app/role.h"
#include "core/indicator/pine.h"
#include "core/indicator/registry.h"
#include "edge/json/json_writer.h"

enum { JSON_BYTES_MAX = 1024 * 1024, INPUT_COUNT = 6, EXPLAINED_INDENT = 15, EXPLAINED_OUTPUTS_MAX = 1024 };

static const char *const input_names[INPUT_COUNT] = {"open", "high", "low", "close", "volume", "time"};

static int print_document(json_writer_t *writer, char *buffer)
{
    str_t text;
    const bool whole = json_writer_finish(writer, &text) == RESULT_OK;
    if (whole) {
        printf("%.*s\n", (int)text.length, text.bytes);
    }
    free(buffer);
    return whole ? EXIT_WELL : EXIT_FAILED;
}

/* --- one indicator ---------------------------------------------------------------------------- */

static void write_options(json_writer_t *writer, const indicator_kind_t *kind)
{
    json_write_key(writer, "options");
    json_begin_array(writer);
    for (uint32_t i = 0; i < kind->option_count; i++) {
        json_begin_object(writer);
        option_json_write(writer, &kind->options[i]);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void write_outputs(json_writer_t *writer, const indicator_kind_t *kind, const double *presets)
{
    json_write_key(writer, "outputs");
    json_begin_array(writer);
    for (uint32_t i = 0; i < kind->output_count; i++) {
        json_write_text(writer, str_from(kind->outputs[i]));
    }
    json_end_array(writer);
    json_field_u64(writer, "warm_up", kind->warm_up(presets));
    json_write_key(writer, "output_warm_up");
    json_begin_array(writer);
    for (uint32_t i = 0; i < kind->output_count; i++) {
        json_write_u64(writer, indicator_output_warm_up(kind, presets, i));
    }
    json_end_array(writer);
}

static void write_kind(json_writer_t *writer, const indicator_kind_t *kind)
{
    double presets[INDICATOR_OPTIONS_MAX];
    indicator_presets(kind, presets);
    json_begin_object(writer);
    json_field_string(writer, "name", kind->name);
    json_field_string(writer, "title", kind->title);
    json_write_key(writer, "inputs");
    json_begin_array(writer);
    for (uint32_t i = 0; i < INPUT_COUNT; i++) {
        if ((kind->inputs & (1u << i)) != 0) {
            json_write_text(writer, str_from(input_names[i]));
        }
    }
    json_end_array(writer);
    write_options(writer, kind);
    write_outputs(writer, kind, presets);
    json_field_string(writer, "convention", kind->convention);
    json_field_string(writer, "source", kind->source);
    json_end_object(writer);
}

static void print_outputs(const indicator_kind_t *kind)
{
    char text[EXPLAINED_OUTPUTS_MAX] = "";
    size_t length = 0;
    for (uint32_t i = 0; i < kind->output_count && length < sizeof text; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", i == 0 ? "" : " ", kind->outputs[i]);
    }
    options_print_wrapped(text, EXPLAINED_INDENT);
}

static void print_kind(const indicator_kind_t *kind)
{
    double presets[INDICATOR_OPTIONS_MAX];
    indicator_presets(kind, presets);
    printf("%s: ", kind->name);
    options_print_wrapped(kind->title, strlen(kind->name) + 2);
    printf("  inputs      ");
    for (uint32_t i = 0; i < INPUT_COUNT; i++) {
        if ((kind->inputs & (1u << i)) != 0) {
            printf(" %s", input_names[i]);
        }
    }
    for (uint32_t i = 0; i < kind->option_count; i++) {
        const indicator_option_t *option = &kind->options[i];
        printf("\n  %s %s, %s number from %g to %g, preset %g", i == 0 ? "options     " : "            ", option->name,
               option->kind == OPTION_WHOLE ? "whole" : "real", option->minimum, option->maximum, option->preset);
    }
    printf("\n  outputs      ");
    print_outputs(kind);
    printf("  warm-up      %u bars with the presets", (unsigned)kind->warm_up(presets));
    for (uint32_t i = 0; kind->output_warm_up != NULL && i < kind->output_count; i++) {
        printf("%s %s %u", i == 0 ? ";" : ",", kind->outputs[i], (unsigned)kind->output_warm_up(presets, i));
    }
    printf("\n  convention   ");
    options_print_wrapped(kind->convention, EXPLAINED_INDENT);
    printf("  source       ");
    options_print_wrapped(kind->source, EXPLAINED_INDENT);
}

/* --- Pine's names ----------------------------------------------------------------------------- */

static void pine_call_text(const pine_name_t *row, char *text, size_t capacity)
{
    size_t length = (size_t)snprintf(text, capacity, "%s%s(", pine_space(row), row->name);
    for (uint32_t i = 0; i < pine_argument_count(row) && length < capacity; i++) {
        const pine_argument_t *argument = &row->arguments[i];
        length += (size_t)snprintf(text + length, capacity - length, "%s%s", i > 0 ? ", " : "", argument->name);
        const bool has_none = argument->kind == PINE_SERIES ? argument->series == NULL : isnan(argument->preset) != 0;
        if (length < capacity && !argument->required && has_none) {
            length += (size_t)snprintf(text + length, capacity - length, " = none");
        } else if (length < capacity && !argument->required && argument->kind == PINE_SERIES) {
            length += (size_t)snprintf(text + length, capacity - length, " = %s", argument->series);
        } else if (length < capacity && !argument->required) {
            length += (size_t)snprintf(text + length, capacity - length, " = %g", argument->preset);
        }
    }
    if (length + 2 < capacity) {
        (void)snprintf(text + length, capacity - length, ")");
    }
}

/* All of them, or only one. */
static int list_pine(bool json, const pine_name_t *only)
{
    char text[512];
    char *buffer = json ? malloc(JSON_BYTES_MAX) : NULL;
    json_writer_t writer;
    if (json && buffer == NULL) {
        return EXIT_FAILED;
    }
    if (json) {
        json_writer_init(&writer, buffer, JSON_BYTES_MAX);
        json_begin_array(&writer);
    }
    for (uint32_t i = 0; i < pine_count(); i++) {
        const pine_name_t *row = pine_at(i);
        if (only != NULL && row != only) {
            continue;
        }
        pine_call_text(row, text, sizeof text);
        if (!json) {
            printf("%-64s %s\n", text, row->kind != NULL ? row->kind : series_function_find(row->function)->convention);
            continue;
        }
        json_begin_object(&writer);
        json_field_string(&writer, "name", row->name);
        json_field_string(&writer, "call", text);
        json_field_string(&writer, "indicator", row->kind);
        json_field_string(&writer, "convention",
                          row->kind != NULL ? indicator_find(str_from(row->kind), NULL)->convention
                                            : series_function_find(row->function)->convention);
        json_write_key(&writer, "outputs");
        json_begin_array(&writer);
        for (uint32_t k = 0; k < PINE_OUTPUTS_MAX && row->outputs[k] != NULL; k++) {
            json_write_text(&writer, str_from(row->outputs[k]));
        }
        json_end_array(&writer);
        json_end_object(&writer);
    }
    if (!json) {
        return EXIT_WELL;
    }
    json_end_array(&writer);
    return print_document(&writer, buffer);
}

/* Pine's name, its columns, and the indicator or function that it stands for. */
static int explain_pine(const pine_name_t *row)
{
    char text[512];
    pine_call_text(row, text, sizeof text);
    printf("%s", text);
    for (uint32_t k = 0; k < PINE_OUTPUTS_MAX && row->outputs[k] != NULL; k++) {
        printf("%s %s", k == 0 ? "\n  columns      " : ",", row->outputs[k]);
    }
    printf("\n  stands for   ");
    if (row->kind == NULL) {
        options_print_wrapped(series_function_find(row->function)->convention, EXPLAINED_INDENT);
        return EXIT_WELL;
    }
    printf("the indicator %s\n\n", row->kind);
    print_kind(indicator_find(str_from(row->kind), NULL));
    return EXIT_WELL;
}

/* --- all of them ------------------------------------------------------------------------------ */

static int list_kinds(void)
{
    for (uint32_t i = 0; i < indicator_count(); i++) {
        const indicator_kind_t *kind = indicator_at(i);
        char call[256];
        size_t length = (size_t)snprintf(call, sizeof call, "%s(", kind->name);
        for (uint32_t k = 0; k < kind->option_count && length < sizeof call; k++) {
            length += (size_t)snprintf(call + length, sizeof call - length, "%s%s=%g", k > 0 ? ", " : "", kind->options[k].name,
                                       kind->options[k].preset);
        }
        printf("%s)%*s %s\n", call, length < 44 ? (int)(44 - length) : 1, "", kind->title);
    }
    return EXIT_WELL;
}

static int kinds_as_json(const indicator_kind_t *one)
{
    char *buffer = malloc(JSON_BYTES_MAX);
    json_writer_t writer;
    if (buffer == NULL) {
        return EXIT_FAILED;
    }
    json_writer_init(&writer, buffer, JSON_BYTES_MAX);
    if (one != NULL) {
        write_kind(&writer, one);
        return print_document(&writer, buffer);
    }
    json_begin_array(&writer);
    for (uint32_t i = 0; i < indicator_count(); i++) {
        write_kind(&writer, indicator_at(i));
    }
    json_end_array(&writer);
    return print_document(&writer, buffer);
}

static const indicator_kind_t *find_or_complain(const char *name)
{
    const indicator_kind_t *nearest = NULL;
    const indicator_kind_t *kind = indicator_find(str_from(name), &nearest);
    if (kind == NULL && nearest != NULL) {
        fprintf(stderr, "patriot indicators: no indicator \"%s\"; did you mean \"%s\"?\n", name, nearest->name);
    } else if (kind == NULL) {
        fprintf(stderr, "patriot indicators: no indicator \"%s\"; `patriot indicators` lists them\n", name);
    }
    return kind;
}

/* `patriot indicators rsi --help` explains rsi: the name may stand before or behind --help. */
static const char *named_for_help(int argc, char **argv)
{
    bool help = false;
    const char *name = NULL;
    for (int i = 1; i < argc; i++) {
        help = help || strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
        name = argv[i][0] != '-' ? argv[i] : name;
    }
    return help ? name : NULL;
}

int app_indicators_main(int argc, char **argv)
{
    bool json = false, pine = false;
    const argument_t options[] = {{"json", ARGUMENT_FLAG, &json, NULL, "as JSON"},
                                  {"pine", ARGUMENT_FLAG, &pine, NULL, "Pine's names (ta.rsi ...) and what they stand for"}};
    const command_t command = {
        .command = "patriot indicators",
        .usage = "[NAME] [options]",
        .about = "Lists the indicators with their options, or explains one, also by Pine's name: inputs, ranges, outputs, warm-up, "
                 "convention, source.\nTry one with `patriot data show`.",
        .epilogue = "Examples: patriot indicators rsi --help; patriot indicators ta.rsi; patriot indicators --json",
        .options = options,
        .option_count = 2,
        .operands_max = 1};
    const char *operands[OPTIONS_OPERANDS_MAX];
    size_t count = 0;
    int code = 0;
    const char *asked = named_for_help(argc, argv);
    if (asked == NULL && !options_take(&command, argc, argv, operands, &count, &code)) {
        return code;
    }
    if (pine) {
        return list_pine(json, NULL);
    }
    asked = asked == NULL && count == 1 ? operands[0] : asked;
    if (asked == NULL) {
        return json ? kinds_as_json(NULL) : list_kinds();
    }
    const str_t name = str_from(asked);
    const size_t space = str_starts_with(name, STR("ta.")) ? STR("ta.").length : 0;
    const pine_name_t *row = pine_find((str_t){name.bytes + space, name.length - space}, NULL);
    if (row != NULL && (space > 0 || *pine_space(row) == '\0')) {
        return json ? list_pine(true, row) : explain_pine(row);
    }
    const indicator_kind_t *kind = find_or_complain(asked);
    if (kind == NULL) {
        return EXIT_MISUSE;
    }
    if (json) {
        return kinds_as_json(kind);
    }
    print_kind(kind);
    return EXIT_WELL;
}
