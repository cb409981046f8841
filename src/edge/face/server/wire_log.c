/* wire_log.c: see wire_log.h. */
#include "edge/face/server/wire_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/secret/secret.h"
#include "edge/store/file.h"

enum { LINE_MAX = 6 * 1024 * 1024, HEADERS_SHOWN_MAX = 32, SECRET_RUN_MIN = 48, REPLY_SHOWN_MAX = 2 * 1024 * 1024 };

typedef struct {
    uint64_t number;
    size_t length;
    char *text; /* owned */
} kept_t;

struct wire_log {
    FILE *file; /* NULL: none */
    uint64_t next;
    uint32_t first, count;
    size_t bytes;
    kept_t kept[WIRE_KEPT_MAX];
    char masked[WIRE_RAW_MAX];
    char base64[LINE_MAX / 2];
    char line[LINE_MAX];
};

result_t wire_log_open(const char *path, wire_log_t **out)
{
    wire_log_t *log = calloc(1, sizeof *log);
    if (!log)
        return RESULT_FULL;
    log->next = 1;
    if (path && !(log->file = fopen(path, "we"))) {
        free(log);
        return file_result_from_errno(errno);
    }
    *out = log;
    return RESULT_OK;
}

void wire_log_close(wire_log_t *log)
{
    if (!log)
        return;
    if (log->file)
        (void)fclose(log->file);
    for (uint32_t i = 0; i < log->count; i++)
        free(log->kept[(log->first + i) % WIRE_KEPT_MAX].text);
    free(log);
}

#define NAME(text)                                                                                                                 \
    {                                                                                                                              \
        (text), sizeof(text) - 1                                                                                                   \
    }

/* --- nobody should learn a key ---------------------------------------------------------------- */

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void mask_runs(char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t end = i;
        while (end < length && is_alnum(text[end]))
            end++;
        if (end - i >= SECRET_RUN_MIN)
            memset(text + i, 'x', end - i);
        i = end > i ? end : i + 1;
    }
}

/* Masks what follows a name, up to the end of a query value, a header line or a JSON text; returns where it ends. */
static size_t mask_from(char *text, size_t length, size_t at)
{
    while (at < length && (text[at] == ' ' || text[at] == '"' || text[at] == ':' || text[at] == '='))
        at++;
    for (; at < length && text[at] != '&' && text[at] != '"' && text[at] != '\r' && text[at] != '\n' && text[at] != ' '; at++)
        text[at] = 'x';
    return at;
}

static void mask_names(char *text, size_t length)
{
    static const str_t names[] = {NAME("X-MBX-APIKEY:"), NAME("signature="), NAME("\"signature\""), NAME("listenKey="),
                                  NAME("\"listenKey\""), NAME("apiKey="),    NAME("\"apiKey\"")};
    static const bool begins[256] = {['X'] = true, ['x'] = true, ['S'] = true, ['s'] = true, ['"'] = true,
                                     ['L'] = true, ['l'] = true, ['A'] = true, ['a'] = true};
    for (size_t i = 0; i < length; i++) {
        for (size_t n = 0; begins[(unsigned char)text[i]] && n < sizeof names / sizeof names[0]; n++) {
            size_t name_length = names[n].length;
            if (i + name_length <= length && str_eq_nocase((str_t){text + i, name_length}, names[n])) {
                size_t end = mask_from(text, length, i + name_length);
                i = end > i ? end - 1 : i;
                break;
            }
        }
    }
}

/* Into log->masked; what is longer than that is cut. */
static str_t masked(wire_log_t *log, str_t text)
{
    size_t length = text.length < sizeof log->masked ? text.length : sizeof log->masked;
    if (length > 0)
        memcpy(log->masked, text.bytes, length);
    mask_runs(log->masked, length);
    mask_names(log->masked, length);
    return (str_t){log->masked, length};
}

/* --- lines ------------------------------------------------------------------------------------ */

static void write_base64(wire_log_t *log, json_writer_t *writer, const char *key, str_t bytes)
{
    if (base64_encode(bytes.bytes, bytes.length, log->base64, sizeof log->base64) == RESULT_OK)
        json_field_string(writer, key, log->base64);
}

static void begin(wire_log_t *log, json_writer_t *writer, const char *kind, int64_t wall_ns, int64_t venue_ns, uint64_t connection)
{
    json_writer_init(writer, log->line, sizeof log->line - 1);
    json_begin_object(writer);
    json_field_u64(writer, "number", log->next);
    json_field_string(writer, "kind", kind);
    json_field_i64(writer, "time_ms", wall_ns / NS_PER_MS);
    json_field_i64(writer, "venue_ms", venue_ns / NS_PER_MS);
    json_field_u64(writer, "connection", connection);
}

/* The oldest give way. */
static void keep(wire_log_t *log, const char *text, size_t length)
{
    while (log->count == WIRE_KEPT_MAX || (log->count > 0 && log->bytes + length > WIRE_KEPT_BYTES_MAX)) {
        kept_t *oldest = &log->kept[log->first];
        log->bytes -= oldest->length;
        free(oldest->text);
        log->first = (log->first + 1) % WIRE_KEPT_MAX;
        log->count--;
    }
    char *copy = malloc(length);
    if (!copy)
        return;
    memcpy(copy, text, length);
    log->kept[(log->first + log->count++) % WIRE_KEPT_MAX] = (kept_t){log->next, length, copy};
    log->bytes += length;
}

/* The line without its reply is kept, the whole one is written. */
static void finish(wire_log_t *log, json_writer_t *writer, const str_t *reply)
{
    str_t text;
    json_writer_t short_one = *writer;
    json_end_object(&short_one);
    if (json_writer_finish(&short_one, &text) == RESULT_OK)
        keep(log, text.bytes, text.length);
    if (log->file) {
        if (reply && reply->length > 0)
            write_base64(log, writer, "reply", masked(log, *reply));
        json_end_object(writer);
        if (json_writer_finish(writer, &text) == RESULT_OK) {
            log->line[text.length] = '\n';
            (void)fwrite(log->line, 1, text.length + 1, log->file);
            (void)fflush(log->file); /* a checker reads it while the exchange runs, or after it was killed */
        }
    }
    log->next++;
}

void wire_log_request(wire_log_t *log, const wire_request_t *entry)
{
    json_writer_t writer;
    const http_message_t *request = entry->request;
    begin(log, &writer, "request", entry->wall_ns, entry->venue_ns, entry->connection);
    json_field_string(&writer, "peer", entry->peer);
    json_field_text(&writer, "method", request->method);
    json_field_text(&writer, "path", masked(log, request->path));
    json_write_key(&writer, "headers");
    json_begin_object(&writer);
    for (uint32_t i = 0; i < request->headers_count && i < HEADERS_SHOWN_MAX; i++) {
        bool secret = str_eq_nocase(request->headers[i].name, STR("X-MBX-APIKEY"));
        json_write_key_text(&writer, request->headers[i].name);
        json_write_text(&writer, secret ? STR("xxx") : masked(log, request->headers[i].value));
    }
    json_end_object(&writer);
    write_base64(log, &writer, "raw", masked(log, entry->raw));
    json_field_u64(&writer, "status", entry->status);
    json_field_bool(&writer, "accepted", entry->accepted);
    if (entry->order_id.length > 0)
        json_field_text(&writer, "order_id", entry->order_id);
    else
        json_field_null(&writer, "order_id");
    json_field_string(&writer, "fault", entry->fault);
    finish(log, &writer, &entry->reply);
}

void wire_log_socket(wire_log_t *log, wire_kind_t kind, int64_t wall_ns, int64_t venue_ns, uint64_t connection, str_t text)
{
    static const char *const names[] = {"open", "in", "out", "close"};
    json_writer_t writer;
    begin(log, &writer, names[kind], wall_ns, venue_ns, connection);
    if (kind == WIRE_OPEN)
        json_field_text(&writer, "path", masked(log, text));
    else
        write_base64(log, &writer, "raw", masked(log, text));
    finish(log, &writer, NULL);
}

void wire_log_read(const wire_log_t *log, uint64_t from, json_writer_t *writer)
{
    uint64_t next = log->next;
    size_t room = writer->capacity / 2;
    json_field_u64(writer, "oldest", log->count > 0 ? log->kept[log->first].number : log->next);
    json_write_key(writer, "requests");
    json_begin_array(writer);
    for (uint32_t i = 0; i < log->count; i++) {
        const kept_t *kept = &log->kept[(log->first + i) % WIRE_KEPT_MAX];
        if (kept->number < from)
            continue;
        if (kept->length > room) {
            next = kept->number;
            break;
        }
        room -= kept->length;
        json_write_raw(writer, (str_t){kept->text, kept->length});
    }
    json_end_array(writer);
    json_field_u64(writer, "next", next);
}
