/* fault_scenario.c: see fault_scenario.h. The YAML itself is read by edge/config: paths, values and lines. */
#include "edge/face/fault/fault_scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/config/config_text.h"
#include "edge/store/file.h"

enum { PAIRS_MAX = 16, TEXT_MAX = 64 };

typedef struct {
    char key[FAULT_WORD_MAX], value[TEXT_MAX];
    uint32_t line;
} pair_t;

typedef struct {
    fault_scenario_t *out;
    const char *name;
    char *error;
    bool failed;
    char label[CONFIG_NAME_MAX]; /* of the fault whose pairs are gathered; "": none yet */
    uint32_t pair_count;
    pair_t pairs[PAIRS_MAX];
} reader_t;

static void fail(reader_t *reader, uint32_t line, const char *what)
{
    if (!reader->failed)
        (void)snprintf(reader->error, FAULT_ERROR_MAX, "%.120s:%u: %.180s", reader->name, line, what);
    reader->failed = true;
}

/* --- one fault -------------------------------------------------------------------------------- */

static fault_knob_t find_knob(reader_t *reader)
{
    char what[FAULT_ERROR_MAX];
    for (uint32_t i = 0; i < reader->pair_count; i++) {
        if (strcmp(reader->pairs[i].key, "knob") != 0)
            continue;
        fault_knob_t knob = fault_knob_find(str_from(reader->pairs[i].value));
        if (knob == FAULT_KNOB_COUNT) {
            (void)snprintf(what, sizeof what, "there is no knob \"%s\"; docs/faults.md lists them", reader->pairs[i].value);
            fail(reader, reader->pairs[i].line, what);
        }
        return knob;
    }
    fail(reader, reader->pairs[0].line, "this fault has no knob; write knob: ack.drop or another of docs/faults.md");
    return FAULT_KNOB_COUNT;
}

static void set_pairs(reader_t *reader, fault_spec_t *spec)
{
    char what[FAULT_ERROR_MAX] = "";
    for (uint32_t i = 0; i < reader->pair_count && !reader->failed; i++) {
        const pair_t *pair = &reader->pairs[i];
        if (strcmp(pair->key, "knob") != 0 && !fault_spec_set(spec, str_from(pair->key), str_from(pair->value), what))
            fail(reader, pair->line, what);
    }
    if (!reader->failed && !fault_spec_check(spec, what))
        fail(reader, reader->pairs[0].line, what);
}

/* The gathered pairs become a fault. */
static void close_fault(reader_t *reader)
{
    if (reader->label[0] == '\0' || reader->failed)
        return;
    if (reader->out->count == FAULT_SCENARIO_MAX) {
        fail(reader, reader->pairs[0].line, "more than 64 faults; split the file into several runs");
        return;
    }
    fault_knob_t knob = find_knob(reader);
    if (reader->failed)
        return;
    fault_spec_t spec;
    fault_spec_init(&spec, knob);
    (void)snprintf(spec.label, sizeof spec.label, "%.*s", (int)sizeof spec.label - 1, reader->label);
    set_pairs(reader, &spec);
    if (reader->failed)
        return;
    reader->out->lines[reader->out->count] = reader->pairs[0].line;
    reader->out->faults[reader->out->count++] = spec;
}

/* --- values as they come ---------------------------------------------------------------------- */

static bool is_plain(str_t text)
{
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.bytes[i] < ' ' || (unsigned char)text.bytes[i] > '~')
            return false;
    }
    return text.length > 0;
}

static void add_pair(reader_t *reader, str_t label, str_t key, uint32_t line, const char *value)
{
    if (!is_plain(label) || label.length >= FAULT_LABEL_MAX) {
        fail(reader, line, "the name of a fault is 1 to 39 plain letters");
        return;
    }
    if (!str_eq(label, str_from(reader->label))) {
        close_fault(reader);
        (void)str_copy(label, reader->label, sizeof reader->label);
        reader->pair_count = 0;
    }
    if (reader->pair_count == PAIRS_MAX) {
        fail(reader, line, "more than 16 lines for one fault");
        return;
    }
    pair_t *pair = &reader->pairs[reader->pair_count];
    pair->line = line;
    reader->pair_count++;
    if (str_copy(key, pair->key, sizeof pair->key) != RESULT_OK ||
        str_copy(str_from(value), pair->value, sizeof pair->value) != RESULT_OK)
        fail(reader, line, "a name or value is longer than 39 or 63 letters");
}

static void on_value(void *context, const char *name, uint32_t line, const char *value)
{
    reader_t *reader = context;
    str_t path = str_from(name), rest = path;
    if (reader->failed)
        return;
    str_t section = str_cut(&rest, '.');
    if (str_eq(path, STR("seed"))) {
        reader->out->seed_given = str_to_u64(str_from(value), &reader->out->seed) == RESULT_OK;
        if (!reader->out->seed_given)
            fail(reader, line, "seed: wants a whole number, e.g. seed: 7");
        return;
    }
    size_t dot = rest.length;
    while (dot > 0 && rest.bytes[dot - 1] != '.')
        dot--;
    if (str_eq(path, STR("faults"))) {
        fail(reader, line, "no fault below it; write a name, and knob: below that");
        return;
    }
    if (!str_eq(section, STR("faults")) || dot == 0) {
        char what[FAULT_ERROR_MAX];
        (void)snprintf(what, sizeof what, "%.60s is not known here; there are seed: and faults: with a name and its lines below",
                       name);
        fail(reader, line, what);
        return;
    }
    add_pair(reader, (str_t){rest.bytes, dot - 1}, (str_t){rest.bytes + dot, rest.length - dot}, line, value);
}

static void on_problem(void *context, uint32_t line, const char *why, const char *fix)
{
    char what[FAULT_ERROR_MAX];
    (void)snprintf(what, sizeof what, "%.120s; %.120s", why, fix);
    fail(context, line, what);
}

bool fault_scenario_parse(str_t text, const char *name, fault_scenario_t *out, char error[FAULT_ERROR_MAX])
{
    reader_t reader = {.out = out, .name = name, .error = error};
    const config_text_sink_t sink = {.context = &reader, .value = on_value, .problem = on_problem};
    memset(out, 0, sizeof *out);
    error[0] = '\0';
    config_yaml_parse(text.bytes, text.length, &sink);
    close_fault(&reader);
    if (!reader.failed && out->count == 0)
        fail(&reader, 1, "no fault in it; write faults:, a name, and knob: below");
    return !reader.failed;
}

bool fault_scenario_read(const char *path, fault_scenario_t *out, char error[FAULT_ERROR_MAX])
{
    FILE *file = fopen(path, "re");
    if (!file) {
        (void)snprintf(error, FAULT_ERROR_MAX, "%.200s: %s", path, result_text(file_result_from_errno(errno)));
        return false;
    }
    char *bytes = malloc(FAULT_SCENARIO_BYTES_MAX + 1);
    size_t length = bytes ? fread(bytes, 1, FAULT_SCENARIO_BYTES_MAX + 1, file) : 0;
    bool read = bytes && ferror(file) == 0;
    (void)fclose(file);
    if (!read || length > FAULT_SCENARIO_BYTES_MAX) {
        (void)snprintf(error, FAULT_ERROR_MAX, "%.200s: %s", path, read ? "larger than 256 KiB" : "cannot be read");
        read = false;
    }
    read = read && fault_scenario_parse((str_t){bytes, length}, path, out, error);
    free(bytes);
    return read;
}
