/* config.c: the store: one version in force, replaced whole by a good reload, shown with its origins. */
#include "edge/config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/config/config_load.h"

struct config_store {
    config_options_t options; /* strings are owned below */
    char folder[1024], yaml_given[1024];
    config_load_t *load;                      /* of the version in force: origins, stamps, paths */
    config_stamp_t refused_yaml, refused_env; /* of files that were refused: said once */
    bool refused;
    char dotenv_first[CONFIG_KEYS_MAX][CONFIG_TEXT_MAX]; /* .env values as the process began (cut: only compared) */
    bool dotenv_wins[CONFIG_KEYS_MAX];
};

/* The compiler may not drop this: the memory is given back right after. */
static void wipe(void *memory, size_t size)
{
    volatile unsigned char *bytes = memory;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = 0;
    }
}

static void load_free(config_load_t *load)
{
    if (load != NULL) {
        wipe(load, sizeof *load);
        free(load);
    }
}

static void remember_dotenv(config_store_t *store)
{
    for (size_t i = 0; i < config_keys_count; i++) {
        (void)snprintf(store->dotenv_first[i], sizeof store->dotenv_first[i], "%.255s",
                       store->load->given[CONFIG_FROM_DOTENV][i].text);
    }
}

static result_t options_copy(config_store_t *store, const config_options_t *options)
{
    const char *folder = options->folder != NULL ? options->folder : ".";
    store->options = *options;
    if (strlen(folder) >= sizeof store->folder ||
        (options->yaml_path != NULL && strlen(options->yaml_path) >= sizeof store->yaml_given)) {
        return RESULT_TEXT_TOO_LONG;
    }
    memcpy(store->folder, folder, strlen(folder) + 1);
    store->options.folder = store->folder;
    if (options->yaml_path != NULL) {
        memcpy(store->yaml_given, options->yaml_path, strlen(options->yaml_path) + 1);
        store->options.yaml_path = store->yaml_given;
    }
    return RESULT_OK;
}

result_t config_open(const config_options_t *options, config_store_t **store, config_report_t *report)
{
    memset(report, 0, sizeof *report);
    config_store_t *opened = calloc(1, sizeof *opened);
    config_load_t *load = calloc(1, sizeof *load);
    result_t result = opened == NULL || load == NULL ? RESULT_FULL : options_copy(opened, options);
    if (result == RESULT_OK) {
        load->options = &opened->options;
        load->report = report;
        result = config_load_paths(load, &opened->options);
    }
    if (result == RESULT_OK) {
        result = config_load_gather(load);
    }
    if (result == RESULT_OK) {
        config_load_resolve(load);
        result = report->errors > 0 ? RESULT_MALFORMED : RESULT_OK;
    }
    if (result != RESULT_OK) {
        load_free(load);
        free(opened);
        return result;
    }
    load->config.version = 1;
    load->report = NULL;
    opened->load = load;
    remember_dotenv(opened);
    *store = opened;
    return RESULT_OK;
}

void config_close(config_store_t *store)
{
    if (store != NULL) {
        load_free(store->load);
        wipe(store, sizeof *store);
        free(store);
    }
}

const config_t *config_current(const config_store_t *store)
{
    return &store->load->config;
}

/* --- reload ----------------------------------------------------------------------------------- */

static bool files_unchanged(const config_load_t *load, const config_stamp_t *yaml, const config_stamp_t *env)
{
    config_stamp_t yaml_now;
    config_stamp_t env_now;
    config_stamp_take(load->yaml_path, &yaml_now);
    config_stamp_take(load->env_path, &env_now);
    return config_stamp_equal(&yaml_now, yaml) && config_stamp_equal(&env_now, env);
}

static bool values_equal(const config_key_t *key, const config_t *a, const config_t *b, char *text_a, char *text_b, size_t capacity)
{
    (void)config_value_write(key, a, text_a, capacity);
    (void)config_value_write(key, b, text_b, capacity);
    return strcmp(text_a, text_b) == 0;
}

/* What a reload may not do even when the new files are well-formed. */
static void check_transition(const config_store_t *store, config_load_t *load, config_report_t *report)
{
    char before[CONFIG_VALUE_MAX];
    char after[CONFIG_VALUE_MAX];
    for (size_t i = 0; i < config_keys_count; i++) {
        const config_key_t *key = &config_keys[i];
        bool changed = !values_equal(key, &store->load->config, &load->config, before, after, sizeof before);
        char place[CONFIG_TEXT_MAX];
        config_place(load, load->origin[i].source, load->origin[i].line, place);
        if (changed && (key->flags & CONFIG_KEY_FIXED) != 0) {
            config_report_add(report, CONFIG_ERROR, place, key->path, "cannot be changed while running",
                              "stop, change it, and start again");
        }
        /* A file that is half written has lost its end: falling back to a default there would change a risk value that nobody
         * touched. */
        bool lost = store->load->origin[i].source != CONFIG_FROM_DEFAULT && load->origin[i].source == CONFIG_FROM_DEFAULT;
        if (changed && lost && (key->flags & CONFIG_KEY_RISK) != 0) {
            char why[256];
            (void)snprintf(why, sizeof why, "%s was written out and is gone", key->path);
            config_report_add(report, CONFIG_ERROR, place, key->path, why,
                              "write it again (is the file whole?), or start again without it");
        }
    }
    wipe(before, sizeof before);
    wipe(after, sizeof after);
}

static unsigned report_changes(const config_store_t *store, const config_load_t *load, config_change_fn *changed, void *context)
{
    unsigned count = 0;
    char before[CONFIG_VALUE_MAX];
    char after[CONFIG_VALUE_MAX];
    for (size_t i = 0; i < config_keys_count; i++) {
        const config_key_t *key = &config_keys[i];
        if (values_equal(key, &store->load->config, &load->config, before, after, sizeof before)) {
            continue;
        }
        count++;
        config_change_t change = {.key = key->path,
                                  .is_risk = (key->flags & CONFIG_KEY_RISK) != 0,
                                  .needs_restart = (key->flags & CONFIG_KEY_RESTART) != 0};
        bool secret = key->type == CONFIG_TYPE_SECRET;
        (void)snprintf(change.before, sizeof change.before, "%.255s", secret ? "********" : before);
        (void)snprintf(change.after, sizeof change.after, "%.255s", secret ? "********" : after);
        if (changed != NULL) {
            changed(context, &change);
        }
    }
    wipe(before, sizeof before);
    wipe(after, sizeof after);
    return count;
}

static void find_dotenv_changes(const config_store_t *store, config_load_t *load)
{
    for (size_t i = 0; i < config_keys_count; i++) {
        const config_given_t *given = &load->given[CONFIG_FROM_DOTENV][i];
        load->dotenv_wins[i] = store->dotenv_wins[i] ||
                               (given->name != NULL && strncmp(given->text, store->dotenv_first[i], CONFIG_TEXT_MAX - 1) != 0);
    }
}

static config_reload_t refuse(config_store_t *store, config_load_t *load)
{
    store->refused = true;
    store->refused_yaml = load->yaml_stamp;
    store->refused_env = load->env_stamp;
    load_free(load);
    return CONFIG_REFUSED;
}

static config_reload_t accept(config_store_t *store, config_load_t *load, config_change_fn *changed, void *context)
{
    unsigned changes = report_changes(store, load, changed, context);
    load->config.version = store->load->config.version + (changes > 0 ? 1 : 0);
    load->report = NULL;
    memcpy(store->dotenv_wins, load->dotenv_wins, sizeof store->dotenv_wins);
    store->refused = false;
    /* the place of the version in force stays, so that pointers to it hold */
    memcpy(store->load, load, sizeof *load);
    load_free(load);
    return changes > 0 ? CONFIG_CHANGED : CONFIG_UNCHANGED;
}

config_reload_t config_reload(config_store_t *store, bool force, config_report_t *report, config_change_fn *changed, void *context)
{
    report->count = report->dropped = report->errors = report->warnings = 0;
    if (!force && !store->refused && files_unchanged(store->load, &store->load->yaml_stamp, &store->load->env_stamp)) {
        return CONFIG_UNCHANGED;
    }
    if (!force && store->refused && files_unchanged(store->load, &store->refused_yaml, &store->refused_env)) {
        return CONFIG_STILL_REFUSED;
    }
    config_load_t *load = calloc(1, sizeof *load);
    if (load == NULL) {
        return CONFIG_STILL_REFUSED;
    }
    load->options = &store->options;
    load->report = report;
    result_t result = config_load_paths(load, &store->options);
    if (result == RESULT_OK) {
        result = config_load_gather(load);
    }
    if (result == RESULT_STALE) { /* being written: the next batch looks again */
        load_free(load);
        return store->refused ? CONFIG_STILL_REFUSED : CONFIG_UNCHANGED;
    }
    if (result == RESULT_OK) {
        find_dotenv_changes(store, load);
        config_load_resolve(load);
        if (report->errors == 0) {
            check_transition(store, load, report);
        }
    }
    if (result != RESULT_OK || report->errors > 0) {
        config_stamp_take(load->yaml_path, &load->yaml_stamp);
        config_stamp_take(load->env_path, &load->env_stamp);
        return refuse(store, load);
    }
    return accept(store, load, changed, context);
}

/* --- showing ---------------------------------------------------------------------------------- */

size_t config_key_count(void)
{
    return config_keys_count;
}

config_key_info_t config_key_info(size_t index)
{
    static char range[64]; /* valid until the next call: the callers print at once */
    static char aliases[256];
    const config_key_t *key = &config_keys[index];
    size_t length = 0;
    range[0] = aliases[0] = '\0';
    if (key->low != NULL || key->high != NULL) {
        (void)snprintf(range, sizeof range, "%s .. %s", key->low != NULL ? key->low : "", key->high != NULL ? key->high : "");
    }
    for (size_t i = 0; i < config_aliases_count; i++) {
        if (strcmp(config_aliases[i].path, key->path) == 0) {
            int added = snprintf(aliases + length, sizeof aliases - length, "%s%s", length == 0 ? "" : " ", config_aliases[i].name);
            length += added > 0 && (size_t)added < sizeof aliases - length ? (size_t)added : 0;
            aliases[length] = '\0';
        }
    }
    return (config_key_info_t){
        .path = key->path,
        .environment = key->environment,
        .aliases = aliases,
        .type = config_type_text(key->type),
        .range = range,
        .value_default = key->value_default,
        .about = key->about,
        .is_risk = (key->flags & CONFIG_KEY_RISK) != 0,
        .is_secret = key->type == CONFIG_TYPE_SECRET,
    };
}

config_origin_t config_key_origin(const config_store_t *store, size_t index)
{
    return store->load->origin[index];
}

size_t config_key_value(const config_store_t *store, size_t index, char *buffer, size_t capacity)
{
    const config_key_t *key = &config_keys[index];
    size_t length = config_value_write(key, &store->load->config, buffer, capacity);
    if (key->type == CONFIG_TYPE_SECRET && length > 0) {
        wipe(buffer, capacity);
        int masked = snprintf(buffer, capacity, "********");
        return masked > 0 && (size_t)masked < capacity ? (size_t)masked : capacity - 1;
    }
    return length;
}

const char *config_mode_text(config_mode_t mode)
{
    return mode == CONFIG_DEMO ? "demo" : mode == CONFIG_PAPER ? "paper" : mode == CONFIG_LIVE ? "live" : "unknown";
}

const char *config_source_text(config_source_t source)
{
    static const char *const texts[CONFIG_FROM_COUNT] = {"default", "patriot.yaml", ".env", "environment"};
    return (unsigned)source < CONFIG_FROM_COUNT ? texts[source] : "unknown";
}

const char *config_severity_text(config_severity_t severity)
{
    return severity == CONFIG_ERROR ? "error" : severity == CONFIG_WARNING ? "warning" : "note";
}

size_t config_report_write(const config_report_t *report, char *buffer, size_t capacity)
{
    size_t length = 0;
    if (capacity == 0) {
        return 0;
    }
    buffer[0] = '\0';
    for (uint32_t i = 0; i < report->count; i++) {
        const config_problem_t *item = &report->items[i];
        int added = snprintf(buffer + length, capacity - length, "%s: %s: %s\n    %s\n", item->place,
                             config_severity_text(item->severity), item->text, item->fix);
        if (added < 0 || (size_t)added >= capacity - length) {
            buffer[length] = '\0';
            return length;
        }
        length += (size_t)added;
    }
    if (report->dropped > 0) {
        int added = snprintf(buffer + length, capacity - length, "... and %u more\n", (unsigned)report->dropped);
        length += added > 0 && (size_t)added < capacity - length ? (size_t)added : 0;
        buffer[length] = '\0';
    }
    return length;
}

void config_path_of(const config_load_t *load, const char *name, char *path, size_t capacity)
{
    const char *slash = strrchr(load->yaml_path, '/');
    const int folder = slash == NULL || name[0] == '/' ? 0 : (int)(slash - load->yaml_path) + 1;
    (void)snprintf(path, capacity, "%.*s%s", folder, load->yaml_path, name);
}

void config_path(const config_store_t *store, const char *name, char *path, size_t capacity)
{
    config_path_of(store->load, name, path, capacity);
}

bool config_has_files(const config_store_t *store)
{
    return access(store->load->yaml_path, F_OK) == 0 || access(store->load->env_path, F_OK) == 0;
}

static bool symbols_are_named(const config_store_t *store)
{
    config_change_of_form_t form;
    return store->load->origin[config_key_by_path("market.symbols", &form)].source != CONFIG_FROM_DEFAULT;
}

result_t config_tickers(const config_store_t *store, tickers_t *tickers)
{
    const config_t *config = config_current(store);
    const char *name = config->market.tickers_file;
    char path[2100];
    config_path(store, name, path, sizeof path);
    result_t result = name[0] == '\0' ? RESULT_NOT_FOUND : tickers_read(path, tickers);
    if (result == RESULT_OK && tickers->count > 0) {
        return RESULT_OK;
    }
    if (result != RESULT_OK) { /* the file's refusals stay when it was read and had no good line */
        memset(tickers, 0, sizeof *tickers);
    }
    tickers->count = config->market.symbol_count;
    memcpy(tickers->symbols, config->market.symbols, sizeof tickers->symbols);
    tickers->by_default = !symbols_are_named(store);
    return RESULT_OK;
}
