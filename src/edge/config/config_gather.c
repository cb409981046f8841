/* config_gather.c: what each source says, before any of it is believed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/str.h"
#include "edge/config/config_load.h"

extern char **environ;

void config_report_add(config_report_t *report, config_severity_t severity, const char *place, const char *key, const char *text,
                       const char *fix)
{
    report->errors += severity == CONFIG_ERROR;
    report->warnings += severity == CONFIG_WARNING;
    if (report->count == CONFIG_PROBLEMS_MAX) {
        report->dropped++;
        return;
    }
    config_problem_t *problem = &report->items[report->count++];
    problem->severity = severity;
    (void)snprintf(problem->place, sizeof problem->place, "%s", place);
    (void)snprintf(problem->key, sizeof problem->key, "%s", key);
    (void)snprintf(problem->text, sizeof problem->text, "%s", text);
    (void)snprintf(problem->fix, sizeof problem->fix, "%s", fix);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

void config_place(const config_load_t *load, config_source_t source, uint32_t line, char place[CONFIG_TEXT_MAX])
{
    switch (source) {
    case CONFIG_FROM_YAML:
        (void)snprintf(place, CONFIG_TEXT_MAX, "%.200s:%u", base_name(load->yaml_path), (unsigned)line);
        return;
    case CONFIG_FROM_DOTENV:
        (void)snprintf(place, CONFIG_TEXT_MAX, "%.200s:%u", base_name(load->env_path), (unsigned)line);
        return;
    case CONFIG_FROM_ENVIRONMENT:
        (void)snprintf(place, CONFIG_TEXT_MAX, "environment");
        return;
    case CONFIG_FROM_DEFAULT:
    case CONFIG_FROM_COUNT:
        (void)snprintf(place, CONFIG_TEXT_MAX, "defaults");
        return;
    }
}

/* --- one value -------------------------------------------------------------------------------- */

/* Two texts that mean the same value. */
static bool same_value(const config_key_t *key, const char *a, const char *b)
{
    char why[256];
    char fix[256];
    char text_a[CONFIG_VALUE_MAX];
    char text_b[CONFIG_VALUE_MAX];
    config_t *scratch = calloc(1, sizeof *scratch);
    if (scratch == NULL || strcmp(a, b) == 0) {
        free(scratch);
        return strcmp(a, b) == 0;
    }
    bool same = config_value_read(key, a, scratch, why, fix, sizeof why) == RESULT_OK;
    (void)config_value_write(key, scratch, text_a, sizeof text_a);
    same = same && config_value_read(key, b, scratch, why, fix, sizeof why) == RESULT_OK;
    (void)config_value_write(key, scratch, text_b, sizeof text_b);
    free(scratch);
    return same && strcmp(text_a, text_b) == 0;
}

/* Says which two places contradict each other; never the values of a secret. */
static void conflict(config_load_t *load, const config_key_t *key, config_source_t first_source, const config_given_t *first,
                     const char *name, uint32_t line, const char *text)
{
    char place[CONFIG_TEXT_MAX];
    char other[CONFIG_TEXT_MAX];
    char why[256];
    config_place(load, load->source, line, place);
    config_place(load, first_source, first->line, other);
    if (key->type == CONFIG_TYPE_SECRET) {
        (void)snprintf(why, sizeof why, "%.60s contradicts %.60s (%.60s)", name, first->name, other);
    } else {
        (void)snprintf(why, sizeof why, "%.60s = %.30s contradicts %.60s = %.30s (%.40s)", name, text, first->name, first->text,
                       other);
    }
    config_report_add(load->report, CONFIG_ERROR, place, key->path, why, "they are names of one value: keep one of them");
}

static void give(config_load_t *load, size_t index, const char *name, uint32_t line, const char *text)
{
    const config_key_t *key = &config_keys[index];
    config_given_t *given = &load->given[load->source][index];
    if (given->name != NULL && !same_value(key, given->text, text)) {
        conflict(load, key, load->source, given, name, line, text);
        return;
    }
    /* .env and environment: the same name is precedence, another name with another value is a contradiction */
    const config_given_t *dotenv = &load->given[CONFIG_FROM_DOTENV][index];
    if (load->source == CONFIG_FROM_ENVIRONMENT && dotenv->name != NULL && strcmp(dotenv->name, name) != 0 &&
        !same_value(key, dotenv->text, text)) {
        conflict(load, key, CONFIG_FROM_DOTENV, dotenv, name, line, text);
        return;
    }
    if (strlen(text) >= sizeof given->text) {
        char place[CONFIG_TEXT_MAX];
        config_place(load, load->source, line, place);
        config_report_add(load->report, CONFIG_ERROR, place, key->path, "the value is too long", "write a shorter one");
        return;
    }
    given->name = name;
    given->line = line;
    (void)snprintf(given->text, sizeof given->text, "%s", text);
}

/* The name as the tables have it, so that it lives as long as the program. */
static const char *own_name(size_t index, const char *name)
{
    if (strcmp(config_keys[index].path, name) == 0) {
        return config_keys[index].path;
    }
    if (strcmp(config_keys[index].environment, name) == 0) {
        return config_keys[index].environment;
    }
    for (size_t i = 0; i < config_aliases_count; i++) {
        if (strcmp(config_aliases[i].name, name) == 0) {
            return config_aliases[i].name;
        }
    }
    return config_keys[index].path;
}

static void unknown(config_load_t *load, const char *name, uint32_t line, const char *nearest)
{
    char place[CONFIG_TEXT_MAX];
    char why[256];
    char fix[256];
    const char *retired_fix = config_retired_fix(name);
    config_place(load, load->source, line, place);
    if (retired_fix != NULL) {
        (void)snprintf(why, sizeof why, "%.100s has no effect and is no longer a setting", name);
        config_report_add(load->report, CONFIG_NOTE, place, name, why, retired_fix);
        return;
    }
    if (config_is_reserved(name)) {
        (void)snprintf(why, sizeof why, "%.100s is known from another system and not used by this version", name);
        config_report_add(load->report, CONFIG_NOTE, place, name, why, "it does no harm");
        return;
    }
    (void)snprintf(why, sizeof why, "%.100s is no name that is known here", name);
    if (nearest != NULL) {
        (void)snprintf(fix, sizeof fix, "did you mean %s?", nearest);
    } else {
        (void)snprintf(fix, sizeof fix, "see `patriot config show` for all names");
    }
    config_report_add(load->report, CONFIG_WARNING, place, name, why, fix);
}

static void give_named(config_load_t *load, size_t index, config_change_of_form_t form, const char *name, uint32_t line,
                       const char *value)
{
    char text[CONFIG_VALUE_MAX];
    char place[CONFIG_TEXT_MAX];
    if (config_value_reform(form, value, text, sizeof text) != RESULT_OK) {
        config_place(load, load->source, line, place);
        config_report_add(load->report, CONFIG_ERROR, place, name, "not a plain decimal number",
                          form == CONFIG_FRACTION ? "write a fraction, such as 0.02 for 2 %" : "write minutes");
        return;
    }
    give(load, index, own_name(index, name), line, text);
}

/* --- the three sources ------------------------------------------------------------------------ */

static void on_problem(void *context, uint32_t line, const char *why, const char *fix)
{
    config_load_t *load = context;
    char place[CONFIG_TEXT_MAX];
    config_place(load, load->source, line, place);
    config_report_add(load->report, CONFIG_ERROR, place, "", why, fix);
}

/* --- the form of the file ------------------------------------------------------------------- */

static bool is_section(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < config_keys_count; i++) {
        if (strncmp(config_keys[i].path, name, length) == 0 && config_keys[i].path[length] == '.') {
            return true;
        }
    }
    return false;
}

static bool stands_below_a_key(const char *name)
{
    for (size_t i = 0; i < config_keys_count; i++) {
        size_t length = strlen(config_keys[i].path);
        if (strncmp(config_keys[i].path, name, length) == 0 && name[length] == '.') {
            return true;
        }
    }
    return false;
}

static bool may_be_empty(const config_key_t *key)
{
    return key->type == CONFIG_TYPE_TEXT || key->type == CONFIG_TYPE_SECRET;
}

/* A value where a section belongs, or a section where a value does. */
static void misplaced(config_load_t *load, const char *name, uint32_t line)
{
    char place[CONFIG_TEXT_MAX];
    char why[256];
    bool section = is_section(name);
    config_place(load, CONFIG_FROM_YAML, line, place);
    (void)snprintf(why, sizeof why, section ? "%.100s is a section, not a value" : "%.100s stands below a name that has one value",
                   name);
    config_report_add(load->report, CONFIG_ERROR, place, name, why,
                      section ? "write its names below it, indented, each with its value" : "write name: value");
}

static bool takes_list(void *context, const char *name)
{
    config_change_of_form_t form;
    (void)context;
    size_t index = config_key_by_path(name, &form);
    if (index == config_keys_count) {
        return !is_section(name);
    }
    config_type_t type = config_keys[index].type;
    return type == CONFIG_TYPE_SYMBOLS || type == CONFIG_TYPE_TIMEFRAMES || type == CONFIG_TYPE_STRATEGIES ||
           type == CONFIG_TYPE_LADDER || type == CONFIG_TYPE_TIERS || type == CONFIG_TYPE_REGIMES;
}

static void on_yaml_value(void *context, const char *name, uint32_t line, const char *value)
{
    config_load_t *load = context;
    config_change_of_form_t form;
    size_t index = config_key_by_path(name, &form);
    if (index == config_keys_count && (is_section(name) || stands_below_a_key(name))) {
        if (value[0] != '\0') { /* a section whose lines are all commented out says nothing */
            misplaced(load, name, line);
        }
        return;
    }
    if (index < config_keys_count && value[0] == '\0' && !may_be_empty(&config_keys[index])) {
        char place[CONFIG_TEXT_MAX];
        char why[256];
        config_place(load, CONFIG_FROM_YAML, line, place);
        (void)snprintf(why, sizeof why, "%.100s has no value", name);
        config_report_add(load->report, CONFIG_ERROR, place, name, why, "write one, or remove the line: then the default holds");
        return;
    }
    if (index == config_keys_count) {
        unknown(load, name, line, config_nearest_path(name));
        return;
    }
    if (config_keys[index].type == CONFIG_TYPE_SECRET && value[0] != '\0' && strncmp(value, "${", 2) != 0) {
        char place[CONFIG_TEXT_MAX];
        config_place(load, CONFIG_FROM_YAML, line, place);
        config_report_add(load->report, CONFIG_WARNING, place, name, "a secret stands in a file that is meant to be shown around",
                          "move it to .env, or write ${file:/path}");
    }
    give_named(load, index, form, name, line, value);
}

static void on_env_value(void *context, const char *name, uint32_t line, const char *value)
{
    config_load_t *load = context;
    config_change_of_form_t form;
    size_t index = config_key_by_environment(name, &form);
    if (index < config_keys_count) {
        give_named(load, index, form, name, line, value);
    } else if (load->source == CONFIG_FROM_DOTENV ||
               strncmp(name, "PATRIOT_", 8) == 0) { /* the environment is full of others' names */
        unknown(load, name, line, config_nearest_environment(name));
    }
}

/* A missing file is empty unless it was asked for by name. */
static result_t read_file(config_load_t *load, const char *path, bool must_exist, config_stamp_t *stamp,
                          void (*parse)(const char *, size_t, const config_text_sink_t *),
                          void (*value)(void *, const char *, uint32_t, const char *))
{
    char *text = NULL;
    size_t length = 0;
    char place[CONFIG_TEXT_MAX];
    result_t result = config_file_read(path, &text, &length, stamp);
    if (result == RESULT_NOT_FOUND && !must_exist) {
        *stamp = (config_stamp_t){0};
        return RESULT_OK;
    }
    if (result != RESULT_OK) {
        (void)snprintf(place, sizeof place, "%.250s", path);
        config_report_add(load->report, CONFIG_ERROR, place, "",
                          result == RESULT_STALE ? "the file is being written at this moment" : result_text(result),
                          result == RESULT_PERMISSION  ? "make it readable for the user that runs patriot"
                          : result == RESULT_NOT_FOUND ? "check the path"
                                                       : "it must be a regular file of at most 256 KiB");
        return result;
    }
    config_text_sink_t sink = {.context = load, .value = value, .problem = on_problem, .takes_list = takes_list};
    parse(text, length, &sink);
    memset(text, 0, length); /* it may have held secrets */
    free(text);
    return RESULT_OK;
}

static void warn_open_env(config_load_t *load)
{
    bool holds_secret = false;
    for (size_t i = 0; i < config_keys_count; i++) {
        holds_secret =
            holds_secret || (config_keys[i].type == CONFIG_TYPE_SECRET && load->given[CONFIG_FROM_DOTENV][i].name != NULL &&
                             load->given[CONFIG_FROM_DOTENV][i].text[0] != '\0');
    }
    if (holds_secret && (load->env_stamp.mode & 077) != 0) {
        config_report_add(load->report, CONFIG_WARNING, base_name(load->env_path), "",
                          "the file holds secrets and others may read it", "chmod 600 .env");
    }
}

static void read_environment(config_load_t *load)
{
    const char *const *entries = load->options->environment != NULL ? load->options->environment : (const char *const *)environ;
    load->source = CONFIG_FROM_ENVIRONMENT;
    for (; entries != NULL && *entries != NULL; entries++) {
        const char *equals = strchr(*entries, '=');
        char name[CONFIG_NAME_MAX];
        if (equals == NULL || (size_t)(equals - *entries) >= sizeof name || strlen(equals + 1) >= CONFIG_VALUE_MAX) {
            continue;
        }
        memcpy(name, *entries, (size_t)(equals - *entries));
        name[equals - *entries] = '\0';
        on_env_value(load, name, 0, equals + 1);
    }
}

result_t config_load_paths(config_load_t *load, const config_options_t *options)
{
    const char *folder = options->folder != NULL ? options->folder : ".";
    int yaml = options->yaml_path != NULL ? snprintf(load->yaml_path, sizeof load->yaml_path, "%s", options->yaml_path)
                                          : snprintf(load->yaml_path, sizeof load->yaml_path, "%s/patriot.yaml", folder);
    int env = snprintf(load->env_path, sizeof load->env_path, "%s/.env", folder);
    bool fits = yaml >= 0 && (size_t)yaml < sizeof load->yaml_path && env >= 0 && (size_t)env < sizeof load->env_path;
    return fits ? RESULT_OK : RESULT_TEXT_TOO_LONG;
}

/* A folder that was named and is not there is a slip of the hand: not silently the demo. */
static result_t check_folder(config_load_t *load)
{
    const char *folder = load->options->folder;
    char place[CONFIG_TEXT_MAX];
    struct stat status;
    if (folder == NULL || (stat(folder, &status) == 0 && S_ISDIR(status.st_mode))) {
        return RESULT_OK;
    }
    (void)snprintf(place, sizeof place, "%.250s", folder);
    config_report_add(load->report, CONFIG_ERROR, place, "", "the folder of the configuration is not there, or is no folder",
                      "name with --config the folder that holds patriot.yaml and .env");
    return RESULT_NOT_FOUND;
}

result_t config_load_gather(config_load_t *load)
{
    if (check_folder(load) != RESULT_OK) {
        return RESULT_NOT_FOUND;
    }
    load->source = CONFIG_FROM_YAML;
    result_t yaml =
        read_file(load, load->yaml_path, load->options->yaml_path != NULL, &load->yaml_stamp, config_yaml_parse, on_yaml_value);
    load->source = CONFIG_FROM_DOTENV;
    result_t env = read_file(load, load->env_path, false, &load->env_stamp, config_env_parse, on_env_value);
    warn_open_env(load);
    read_environment(load);
    return yaml != RESULT_OK ? yaml : env;
}
