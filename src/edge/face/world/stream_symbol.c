/* stream_symbol.c: see stream_symbol.h. */
#include "edge/face/world/stream_symbol.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "edge/face/world/market_source.h"
#include "edge/json/json_reader.h"
#include "edge/store/file.h"

enum { LINES_LOOKED_AT = 20000, SYMBOLS_MAX = 16 };

typedef struct {
    uint32_t count;
    char names[SYMBOLS_MAX][SYMBOL_TEXT_MAX];
} found_t;

bool stream_symbol_read(str_t symbol, str_t stream, char name[SYMBOL_TEXT_MAX])
{
    str_t word = symbol.length > 0 ? symbol : str_cut(&stream, '@');
    if (word.length == 0 || word.length >= SYMBOL_TEXT_MAX)
        return false;
    for (size_t i = 0; i < word.length; i++) {
        if (!isalnum((unsigned char)word.bytes[i]) && word.bytes[i] != '_')
            return false;
        name[i] = (char)toupper((unsigned char)word.bytes[i]);
    }
    name[word.length] = '\0';
    return true;
}

static void read_names(json_reader_t *reader, str_t *symbol, str_t *stream)
{
    json_enter_object(reader);
    for (str_t key; json_next_key(reader, &key);) {
        if (str_eq(key, STR("data")) && json_peek(reader) == JSON_OBJECT)
            read_names(reader, symbol, stream);
        else if (str_eq(key, STR("s")) && json_peek(reader) == JSON_STRING)
            json_read_string(reader, symbol);
        else if (str_eq(key, STR("stream")) && json_peek(reader) == JSON_STRING)
            json_read_string(reader, stream);
        else
            json_skip(reader);
    }
}

static void look_at_line(const char *line, size_t length, found_t *found)
{
    const char *space = memchr(line, ' ', length);
    str_t symbol = {0}, stream = {0};
    char name[SYMBOL_TEXT_MAX];
    json_reader_t reader;
    if (!space)
        return;
    json_reader_init(&reader, space + 1, length - (size_t)(space + 1 - line));
    read_names(&reader, &symbol, &stream);
    if (json_finish(&reader) != RESULT_OK || !stream_symbol_read(symbol, stream, name))
        return;
    for (uint32_t i = 0; i < found->count; i++) {
        if (strcmp(found->names[i], name) == 0)
            return;
    }
    if (found->count < SYMBOLS_MAX)
        memcpy(found->names[found->count++], name, sizeof name);
}

static void look(const char *path, found_t *found)
{
    static char line[STREAM_LINE_MAX];
    const char *what = "";
    gzFile file = file_check_ordinary(path, &what) == RESULT_OK ? gzopen(path, "rbe") : NULL; /* a pipe would hold us up */
    for (unsigned i = 0; file && i < LINES_LOOKED_AT && gzgets(file, line, sizeof line); i++)
        look_at_line(line, strlen(line), found);
    if (file)
        gzclose(file);
}

result_t stream_symbol_choose(const char *path, const char *wanted, stream_symbol_t *chosen, char *others, size_t capacity)
{
    found_t found = {0};
    look(path, &found);
    *chosen = (stream_symbol_t){.shared = found.count > 1};
    for (uint32_t i = 0; i < found.count; i++) {
        if (found.count == 1 || strcmp(found.names[i], wanted) == 0) {
            memcpy(chosen->name, found.names[i], sizeof chosen->name);
            return RESULT_OK;
        }
    }
    size_t length = 0;
    others[0] = '\0';
    for (uint32_t i = 0; i < found.count && length < capacity; i++)
        length += (size_t)snprintf(others + length, capacity - length, "%s%s", i ? ", " : "", found.names[i]);
    return found.count > 1 ? RESULT_NOT_FOUND : RESULT_OK;
}
