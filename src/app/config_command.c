/* config_command.c: the configuration on the command line: what is wrong, what is in force and why, and telling the processes to
 * read it again. */
#include "app/config_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/options.h"
#include "app/role.h"
#include "core/base/time.h"
#include "edge/bus/bus_call.h"
#include "edge/config/config.h"
#include "edge/json/json_writer.h"

enum { VALUE_TEXT_MAX = 2048, REPORT_TEXT_MAX = 64 * 1024, SHOW_JSON_MAX = 256 * 1024 };

typedef struct {
    const char *folder; /* NULL: the current one */
    const char *data;
    bool json, origin;
} config_given_command_t;

static result_t load(const config_given_command_t *given, config_store_t **store, config_report_t *report)
{
    config_options_t options = {.folder = given->folder};
    result_t result = config_open(&options, store, report);
    if (result == RESULT_OK && given->folder != NULL && !config_has_files(*store)) {
        fprintf(stderr, "patriot config: %s holds neither patriot.yaml nor .env: the defaults hold\n", given->folder);
    }
    return result;
}

/* --- check ------------------------------------------------------------------------------------ */

static void print_report_json(const config_report_t *report, bool good)
{
    char *buffer = malloc(SHOW_JSON_MAX);
    if (buffer == NULL) {
        return;
    }
    json_writer_t writer;
    str_t text;
    json_writer_init(&writer, buffer, SHOW_JSON_MAX);
    json_begin_object(&writer);
    json_field_bool(&writer, "valid", good);
    json_field_u64(&writer, "errors", report->errors);
    json_field_u64(&writer, "warnings", report->warnings);
    json_write_key(&writer, "findings");
    json_begin_array(&writer);
    for (uint32_t i = 0; i < report->count; i++) {
        json_begin_object(&writer);
        json_field_string(&writer, "severity", config_severity_text(report->items[i].severity));
        json_field_string(&writer, "place", report->items[i].place);
        json_field_string(&writer, "key", report->items[i].key);
        json_field_string(&writer, "text", report->items[i].text);
        json_field_string(&writer, "fix", report->items[i].fix);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_end_object(&writer);
    if (json_writer_finish(&writer, &text) == RESULT_OK) {
        printf("%.*s\n", (int)text.length, text.bytes);
    }
    free(buffer);
}

static void print_report(const config_report_t *report, FILE *to)
{
    char *text = malloc(REPORT_TEXT_MAX);
    if (text != NULL) {
        (void)config_report_write(report, text, REPORT_TEXT_MAX);
        fputs(text, to);
        free(text);
    }
}

static int check(const config_given_command_t *given, config_report_t *report)
{
    config_store_t *store = NULL;
    result_t result = load(given, &store, report);
    if (given->json) {
        print_report_json(report, result == RESULT_OK);
    } else {
        print_report(report, stdout);
        if (result == RESULT_OK) {
            printf("The configuration is valid: mode %s, %u warning%s.\n", config_mode_text(config_current(store)->mode),
                   (unsigned)report->warnings, report->warnings == 1 ? "" : "s");
        } else {
            printf("The configuration is not valid: %u error%s.\n", (unsigned)report->errors, report->errors == 1 ? "" : "s");
        }
    }
    config_close(store);
    return result == RESULT_OK ? EXIT_WELL : EXIT_FAILED;
}

/* --- show ------------------------------------------------------------------------------------- */

static void origin_text(const config_store_t *store, size_t index, char text[96])
{
    config_origin_t origin = config_key_origin(store, index);
    if (origin.source == CONFIG_FROM_DEFAULT) {
        (void)snprintf(text, 96, "default");
    } else if (origin.line > 0) {
        (void)snprintf(text, 96, "%s:%u %.60s", config_source_text(origin.source), (unsigned)origin.line, origin.name);
    } else {
        (void)snprintf(text, 96, "%s %.60s", config_source_text(origin.source), origin.name);
    }
}

static void show_json(const config_store_t *store)
{
    char *buffer = malloc(SHOW_JSON_MAX);
    if (buffer == NULL) {
        return;
    }
    json_writer_t writer;
    str_t text;
    json_writer_init(&writer, buffer, SHOW_JSON_MAX);
    json_begin_object(&writer);
    for (size_t i = 0; i < config_key_count(); i++) {
        config_key_info_t info = config_key_info(i);
        char value[VALUE_TEXT_MAX];
        char origin[96];
        (void)config_key_value(store, i, value, sizeof value);
        origin_text(store, i, origin);
        json_write_key(&writer, info.path);
        json_begin_object(&writer);
        json_field_string(&writer, "value", value);
        json_field_string(&writer, "origin", origin);
        json_field_string(&writer, "environment", info.environment);
        json_field_string(&writer, "default", info.value_default);
        json_field_string(&writer, "range", info.range);
        json_field_bool(&writer, "risk", info.is_risk);
        json_field_bool(&writer, "secret", info.is_secret);
        json_field_string(&writer, "about", info.about);
        json_end_object(&writer);
    }
    json_end_object(&writer);
    if (json_writer_finish(&writer, &text) == RESULT_OK) {
        printf("%.*s\n", (int)text.length, text.bytes);
    }
    free(buffer);
}

static int show(const config_given_command_t *given, config_report_t *report)
{
    config_store_t *store = NULL;
    if (load(given, &store, report) != RESULT_OK) {
        print_report(report, stderr);
        fprintf(stderr, "patriot config show: the configuration is not valid\n");
        return EXIT_FAILED;
    }
    for (size_t i = 0; !given->json && i < config_key_count(); i++) {
        config_key_info_t info = config_key_info(i);
        char value[VALUE_TEXT_MAX];
        char origin[96];
        (void)config_key_value(store, i, value, sizeof value);
        origin_text(store, i, origin);
        if (given->origin) {
            printf("%-36s %-28s %s\n", info.path, value, origin);
        } else {
            printf("%-36s %s\n", info.path, value);
        }
    }
    if (given->json) {
        show_json(store);
    }
    config_close(store);
    return EXIT_WELL;
}

/* --- reload ----------------------------------------------------------------------------------- */

/* Checks the files first, so that a mistake is told here and not by three processes. */
static int reload(const config_given_command_t *given, config_report_t *report)
{
    static const char *const roles[] = {"signer", "watchdog", "monitor"};
    config_store_t *store = NULL;
    int status = EXIT_WELL;
    unsigned told = 0;
    if (load(given, &store, report) != RESULT_OK) {
        print_report(report, stderr);
        fprintf(stderr, "patriot config reload: the configuration is not valid; nothing was told to the processes\n");
        return EXIT_FAILED;
    }
    config_close(store);
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        bus_call_reply_t reply;
        result_t result = bus_call(given->data, roles[i], "config-reload", 0, NULL, 5 * NS_PER_S, &reply);
        if (result == RESULT_OK) {
            printf("%s: %s\n", roles[i], reply.text != NULL ? reply.text : "");
            told++;
            status = reply.status == EXIT_WELL ? status : EXIT_FAILED;
        } else if (result != RESULT_REFUSED) { /* one that does not run needs no telling */
            fprintf(stderr, "patriot config reload: %s\n", reply.detail);
            status = EXIT_FAILED;
        }
        bus_call_reply_free(&reply);
    }
    if (told == 0 && status == EXIT_WELL) {
        printf("No process is running in %s; the files are valid.\n", given->data);
    }
    return status;
}

int app_config_main(int argc, char **argv)
{
    static const char *const names[] = {"check", "show", "reload"};
    static int (*const runs[])(const config_given_command_t *given, config_report_t *report) = {check, show, reload};
    static config_report_t report; /* large */
    config_given_command_t given = {.data = "data"};
    const argument_t options[] = {
        {"config", ARGUMENT_TEXT, &given.folder, "DIR", "folder of patriot.yaml and .env (default: the current one)"},
        {"data", ARGUMENT_TEXT, &given.data, "DIR", "data folder of the running processes (default ./data)"},
        {"origin", ARGUMENT_FLAG, &given.origin, NULL, "show where each value came from"},
        {"json", ARGUMENT_FLAG, &given.json, NULL, "machine-readable"},
    };
    const command_t command = {.command = "patriot config",
                               .usage = "check | show | reload [options]",
                               .about = "  check   every error and warning at once, with file, line and fix\n"
                                        "  show    every value in force; secrets are masked\n"
                                        "  reload  tell the running processes to read the files again, whole or not at all",
                               .epilogue = "patriot config show --origin",
                               .options = options,
                               .option_count = sizeof options / sizeof options[0],
                               .operands_max = 1};
    const char *operands[OPTIONS_OPERANDS_MAX];
    size_t count = 0;
    int code = 0;
    if (!options_take(&command, argc, argv, operands, &count, &code)) {
        return code;
    }
    if (count == 0) {
        fprintf(stderr, "patriot config: say check, show or reload (`patriot config --help`)\n");
        return EXIT_MISUSE;
    }
    int word = options_word("patriot config", operands[0], names, sizeof names / sizeof names[0]);
    return word < 0 ? EXIT_MISUSE : runs[word](&given, &report);
}
