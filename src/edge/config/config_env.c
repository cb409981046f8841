/* config_env.c: the .env grammar, one line at a time. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/str.h"
#include "edge/config/config_text.h"

static bool name_character(char c, bool first)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || (!first && c >= '0' && c <= '9');
}

/* Length of the name at the beginning, 0 if there is none. */
static size_t name_length(str_t line)
{
    size_t length = 0;
    while (length < line.length && name_character(line.bytes[length], length == 0)) {
        length++;
    }
    return length;
}

/* After a closing quote only blanks and a comment may stand. */
static bool only_comment(str_t rest)
{
    str_t left = str_trim(rest);
    return left.length == 0 || left.bytes[0] == '#';
}

static const char *read_single(str_t rest, char *value, size_t *length)
{
    str_t body = {rest.bytes + 1, rest.length - 1};
    for (size_t i = 0; i < body.length; i++) {
        if (body.bytes[i] == '\'') {
            if (!only_comment((str_t){body.bytes + i + 1, body.length - i - 1})) {
                return "something stands behind the closing quote";
            }
            memcpy(value, body.bytes, i);
            *length = i;
            return NULL;
        }
    }
    return "the quote is not closed on this line";
}

static const char *read_double(str_t rest, char *value, size_t *length)
{
    size_t out = 0;
    for (size_t i = 1; i < rest.length; i++) {
        char c = rest.bytes[i];
        if (c == '"') {
            if (!only_comment((str_t){rest.bytes + i + 1, rest.length - i - 1})) {
                return "something stands behind the closing quote";
            }
            *length = out;
            return NULL;
        }
        if (c == '\\' && i + 1 < rest.length) {
            i++;
            c = rest.bytes[i] == 'n' ? '\n' : rest.bytes[i] == 't' ? '\t' : rest.bytes[i];
        }
        value[out++] = c;
    }
    return "the quote is not closed on this line";
}

/* Bare: up to a '#' that follows a blank. */
static const char *read_bare(str_t rest, char *value, size_t *length)
{
    size_t end = rest.length;
    for (size_t i = 0; i < rest.length; i++) {
        if (rest.bytes[i] == '#' && (i == 0 || rest.bytes[i - 1] == ' ' || rest.bytes[i - 1] == '\t')) {
            end = i;
            break;
        }
    }
    str_t bare = str_trim((str_t){rest.bytes, end});
    memcpy(value, bare.bytes, bare.length);
    *length = bare.length;
    return NULL;
}

static void read_line(str_t line, uint32_t number, const config_text_sink_t *sink)
{
    static const char fix[] = "write NAME=value";
    char name[CONFIG_NAME_MAX];
    char value[CONFIG_VALUE_MAX];
    size_t length = 0;
    line = str_trim(line);
    if (line.length == 0 || line.bytes[0] == '#') {
        return;
    }
    if (str_starts_with(line, STR("export ")) || str_starts_with(line, STR("export\t"))) {
        line = str_trim((str_t){line.bytes + 7, line.length - 7});
    }
    size_t named = name_length(line);
    str_t rest = str_trim((str_t){line.bytes + named, line.length - named});
    if (named == 0 || rest.length == 0 || rest.bytes[0] != '=') {
        sink->problem(sink->context, number, "the line is not of the form NAME=value", fix);
        return;
    }
    rest = str_trim((str_t){rest.bytes + 1, rest.length - 1});
    if (named >= sizeof name || rest.length >= sizeof value) {
        sink->problem(sink->context, number, "the name or value is too long", fix);
        return;
    }
    if (memchr(line.bytes, '\0', line.length) != NULL) {
        sink->problem(sink->context, number, "the line has a zero byte", "write plain text");
        return;
    }
    const char *why = rest.length > 0 && rest.bytes[0] == '\''  ? read_single(rest, value, &length)
                      : rest.length > 0 && rest.bytes[0] == '"' ? read_double(rest, value, &length)
                                                                : read_bare(rest, value, &length);
    if (why != NULL) {
        sink->problem(sink->context, number, why, "quote the whole value: NAME=\"value\"");
        return;
    }
    memcpy(name, line.bytes, named);
    name[named] = '\0';
    value[length] = '\0';
    sink->value(sink->context, name, number, value);
}

void config_env_parse(const char *text, size_t length, const config_text_sink_t *sink)
{
    str_t rest = {text, length};
    uint32_t number = 0;
    if (str_starts_with(rest, STR("\xef\xbb\xbf"))) { /* a byte order mark of another system's editor */
        rest = (str_t){rest.bytes + 3, rest.length - 3};
    }
    while (rest.length > 0) {
        read_line(str_cut(&rest, '\n'), ++number, sink);
    }
}
