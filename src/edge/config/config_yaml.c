/* config_yaml.c: libyaml's events -> paths and scalars. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "edge/config/config_text.h"

enum { SEEN_MAX = 512 };

typedef struct {
    bool is_list;
    bool key_next;      /* in a mapping: the next scalar is a key */
    size_t path_length; /* of the path at this level, before the key */
} level_t;

typedef struct {
    const config_text_sink_t *sink;
    char path[CONFIG_NAME_MAX];
    size_t path_length;
    level_t levels[CONFIG_YAML_DEPTH_MAX];
    unsigned depth;
    char list[CONFIG_VALUE_MAX]; /* of the list being read */
    size_t list_length;
    uint32_t list_line;
    bool stop;
    unsigned documents;
    uint64_t seen[SEEN_MAX]; /* hashes of paths that had a value or a mapping */
    size_t seen_count;
} reader_t;

static void problem(reader_t *reader, const yaml_event_t *event, const char *why, const char *fix)
{
    reader->sink->problem(reader->sink->context, (uint32_t)event->start_mark.line + 1, why, fix);
    reader->stop = true;
}

static uint64_t path_hash(const char *path)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *path != '\0'; path++) {
        hash = (hash ^ (uint8_t)*path) * UINT64_C(1099511628211);
    }
    return hash;
}

/* False: this path had a value before. */
static bool path_is_new(reader_t *reader)
{
    uint64_t hash = path_hash(reader->path);
    for (size_t i = 0; i < reader->seen_count; i++) {
        if (reader->seen[i] == hash) {
            return false;
        }
    }
    if (reader->seen_count < SEEN_MAX) {
        reader->seen[reader->seen_count++] = hash;
    }
    return true;
}

static void key_add(reader_t *reader, const yaml_event_t *event)
{
    const char *key = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    level_t *level = &reader->levels[reader->depth - 1];
    size_t need = level->path_length + (level->path_length > 0) + length;
    if (need >= sizeof reader->path || length == 0 || memchr(key, '\0', length) != NULL) {
        problem(reader, event, "the name is empty or too long", "shorten it");
        return;
    }
    reader->path_length = level->path_length;
    if (reader->path_length > 0) {
        reader->path[reader->path_length++] = '.';
    }
    memcpy(reader->path + reader->path_length, key, length);
    reader->path_length += length;
    reader->path[reader->path_length] = '\0';
    level->key_next = false;
    if (!path_is_new(reader)) {
        char why[CONFIG_NAME_MAX + 40];
        (void)snprintf(why, sizeof why, "%s stands here for the second time", reader->path);
        problem(reader, event, why, "keep one of them");
    }
}

static void list_add(reader_t *reader, const yaml_event_t *event)
{
    size_t length = event->data.scalar.length;
    if (reader->list_length + length + 3 > sizeof reader->list) {
        problem(reader, event, "the list is too long", "shorten it");
        return;
    }
    if (reader->list_length > 0) {
        memcpy(reader->list + reader->list_length, ", ", 2);
        reader->list_length += 2;
    }
    memcpy(reader->list + reader->list_length, event->data.scalar.value, length);
    reader->list_length += length;
    reader->list[reader->list_length] = '\0';
}

static void on_scalar(reader_t *reader, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (reader->depth == 0) {
        if (length > 0) { /* an empty file is one empty scalar */
            problem(reader, event, "the file holds one word instead of names and values", "write name: value lines");
        }
        return;
    }
    level_t *level = &reader->levels[reader->depth - 1];
    if (memchr(text, '\0', length) != NULL || length >= CONFIG_VALUE_MAX) {
        problem(reader, event, "the value is too long or has a zero byte", "write plain text");
    } else if (level->is_list) {
        list_add(reader, event);
    } else if (level->key_next) {
        key_add(reader, event);
    } else {
        level->key_next = true;
        bool null = event->data.scalar.plain_implicit && (length == 0 || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
        reader->sink->value(reader->sink->context, reader->path, (uint32_t)event->start_mark.line + 1, null ? "" : text);
    }
}

static void on_begin(reader_t *reader, const yaml_event_t *event, bool is_list)
{
    if (reader->depth > 0 && reader->levels[reader->depth - 1].is_list) {
        problem(reader, event, "a list may hold plain values only", "write each row as text, such as 80/80/50");
        return;
    }
    if (reader->depth > 0 && reader->levels[reader->depth - 1].key_next) {
        problem(reader, event, "a name must be plain text", "write name: value");
        return;
    }
    if (reader->depth == 0 && is_list) {
        problem(reader, event, "the file is a list", "write name: value lines");
        return;
    }
    if (reader->depth == CONFIG_YAML_DEPTH_MAX) {
        problem(reader, event, "nested too deeply", "sections have two levels");
        return;
    }
    reader->levels[reader->depth++] = (level_t){.is_list = is_list, .key_next = !is_list, .path_length = reader->path_length};
    if (is_list) {
        reader->list_length = 0;
        reader->list[0] = '\0';
        reader->list_line = (uint32_t)event->start_mark.line + 1;
    }
}

static void on_end(reader_t *reader)
{
    level_t ended = reader->levels[--reader->depth];
    if (ended.is_list && reader->sink->takes_list != NULL && !reader->sink->takes_list(reader->sink->context, reader->path)) {
        char why[CONFIG_NAME_MAX + 40];
        (void)snprintf(why, sizeof why, "%s is one value, not a list", reader->path);
        reader->sink->problem(reader->sink->context, reader->list_line, why, "write name: value, without brackets and dashes");
    } else if (ended.is_list) {
        reader->sink->value(reader->sink->context, reader->path, reader->list_line, reader->list);
    }
    if (reader->depth > 0) {
        reader->levels[reader->depth - 1].key_next = true;
        reader->path_length = reader->levels[reader->depth - 1].path_length;
    }
}

static bool has_anchor(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor != NULL;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor != NULL;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor != NULL;
    case YAML_ALIAS_EVENT:
        return true;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return false;
    }
    return false;
}

static void on_event(reader_t *reader, const yaml_event_t *event)
{
    if (has_anchor(event)) {
        problem(reader, event, "anchors (&) and references (*) are not read here", "write the value out");
        return;
    }
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (reader->documents++ > 0) {
            problem(reader, event, "a second document begins", "remove the --- line");
        }
        break;
    case YAML_SCALAR_EVENT:
        on_scalar(reader, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        on_begin(reader, event, true);
        break;
    case YAML_MAPPING_START_EVENT:
        on_begin(reader, event, false);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        on_end(reader);
        break;
    case YAML_STREAM_END_EVENT:
        reader->stop = true;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    case YAML_ALIAS_EVENT:
        break;
    }
}

/* Bytes that are no text are met while the text is read ahead: then only their place in it is known. */
static uint32_t problem_line(const yaml_parser_t *parser, const char *text, size_t length)
{
    if (parser->error != YAML_READER_ERROR)
        return (uint32_t)parser->problem_mark.line + 1;
    uint32_t line = 1;
    for (size_t i = 0; i < parser->problem_offset && i < length; i++)
        line += text[i] == '\n';
    return line;
}

void config_yaml_parse(const char *text, size_t length, const config_text_sink_t *sink)
{
    yaml_parser_t parser;
    reader_t reader = {.sink = sink};
    if (!yaml_parser_initialize(&parser)) {
        sink->problem(sink->context, 0, "no memory to read the file", "start again");
        return;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    while (!reader.stop) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            char why[160];
            (void)snprintf(why, sizeof why, "%s", parser.problem != NULL ? parser.problem : "this is not YAML");
            sink->problem(sink->context, problem_line(&parser, text, length), why,
                          "check the indentation (blanks, no tabs), colons and quotes of this line");
            break;
        }
        on_event(&reader, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}
