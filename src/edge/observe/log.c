/* log.c: one line made on the stack, one write(2). State of the one log of a process stands in this file. */
#include "edge/observe/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/time.h"
#include "edge/json/json_writer.h"

enum { LOG_PATH_MAX = 1024, LOG_LINE_MAX = 8192, LOG_TEXT_FIELD_MAX = 512, LOG_MESSAGE_MAX = 2048 };

static struct {
    bool open;
    _Atomic int descriptor; /* -1: none; the crash handler reads it */
    _Atomic int level;
    char path[LOG_PATH_MAX];
    char role[32], service[48];
    log_terminal_t terminal;
    bool terminal_is_tty;
    uint64_t file_bytes, file_bytes_max, day_bytes_max;
    unsigned files_kept;
    int64_t day; /* days since 1970 of bytes_today */
    uint64_t lost_today;
    int64_t (*now_ns)(void);
    void (*critical)(void *context, log_event_t event, const char *message);
    void *context;
    log_counters_t counters;
} the_log = {.descriptor = -1, .level = LOG_INFO, .terminal = LOG_TERMINAL_ALWAYS};

static const char *const level_texts[LOG_LEVEL_COUNT] = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"};

static const char *const event_texts[LOG_EVENT_COUNT] = {
#define LOG_EVENT_TEXT(name, text) [LOG_EVENT_##name] = text,
    LOG_EVENT_TABLE(LOG_EVENT_TEXT)
#undef LOG_EVENT_TEXT
};

const char *log_level_text(log_level_t level)
{
    return (unsigned)level < LOG_LEVEL_COUNT ? level_texts[level] : "UNKNOWN";
}

const char *log_event_text(log_event_t event)
{
    return (unsigned)event < LOG_EVENT_COUNT ? event_texts[event] : "unknown";
}

result_t log_level_parse(const char *text, log_level_t *out)
{
    for (unsigned level = 0; level < LOG_LEVEL_COUNT; level++) {
        if (strcasecmp(text, level_texts[level]) == 0) {
            *out = (log_level_t)level;
            return RESULT_OK;
        }
    }
    if (strcasecmp(text, "warn") == 0) {
        *out = LOG_WARNING;
        return RESULT_OK;
    }
    return RESULT_UNKNOWN_VALUE;
}

static int64_t wall_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static int64_t log_now(void)
{
    return the_log.now_ns != NULL ? the_log.now_ns() : wall_now_ns();
}

/* --- the file --------------------------------------------------------------------------------- */

static result_t result_of(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        return RESULT_DISK_FULL;
    case EACCES:
    case EPERM:
    case EROFS:
        return RESULT_PERMISSION;
    default:
        return RESULT_IO;
    }
}

static result_t file_open(void)
{
    int descriptor = open(the_log.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        return result_of(errno);
    }
    struct stat status;
    the_log.file_bytes = fstat(descriptor, &status) == 0 ? (uint64_t)status.st_size : 0;
    atomic_store(&the_log.descriptor, descriptor);
    return RESULT_OK;
}

/* role.log.1 -> role.log.2, role.log -> role.log.1; the oldest falls off. */
static void rotate(void)
{
    char older[LOG_PATH_MAX + 16];
    char newer[LOG_PATH_MAX + 16];
    for (unsigned i = the_log.files_kept - 1; i >= 1; i--) {
        (void)snprintf(older, sizeof older, "%s.%u", the_log.path, i);
        if (i == 1) {
            (void)snprintf(newer, sizeof newer, "%s", the_log.path);
        } else {
            (void)snprintf(newer, sizeof newer, "%s.%u", the_log.path, i - 1);
        }
        (void)rename(newer, older); /* a gap in the row of old files is no fault */
    }
    if (the_log.files_kept == 1) {
        (void)unlink(the_log.path);
    }
    int old = atomic_exchange(&the_log.descriptor, -1);
    if (old >= 0) {
        close(old);
    }
    if (file_open() != RESULT_OK) {
        the_log.file_bytes = 0;
    }
}

/* May `length` more bytes of this level be written today? */
static bool day_allows(log_level_t level, size_t length)
{
    uint64_t used = the_log.counters.bytes_today + length;
    if (used <= the_log.day_bytes_max) {
        return true;
    }
    return level >= LOG_WARNING && used <= the_log.day_bytes_max + the_log.day_bytes_max / 10;
}

static void file_write(log_level_t level, const char *line, size_t length)
{
    if (!day_allows(level, length)) {
        the_log.counters.lines_lost++;
        the_log.lost_today++;
        return;
    }
    if (the_log.file_bytes + length > the_log.file_bytes_max && the_log.file_bytes > 0) {
        rotate();
    }
    int descriptor = atomic_load(&the_log.descriptor);
    ssize_t written = descriptor < 0 ? -1 : write(descriptor, line, length);
    if (written < 0) {
        the_log.counters.lines_lost++;
        return;
    }
    the_log.file_bytes += (uint64_t)written;
    the_log.counters.bytes_today += (uint64_t)written;
    the_log.counters.lines++;
}

/* --- making lines ----------------------------------------------------------------------------- */

static str_t bounded(const char *text, size_t max)
{
    return (str_t){text, strnlen(text, max)};
}

static void write_field(json_writer_t *writer, const log_field_t *field)
{
    switch (field->kind) {
    case LOG_FIELD_TEXT:
        if (field->value.text == NULL) {
            json_field_null(writer, field->name);
        } else {
            json_field_text(writer, field->name, bounded(field->value.text, LOG_TEXT_FIELD_MAX));
        }
        break;
    case LOG_FIELD_INT:
        json_field_i64(writer, field->name, field->value.integer);
        break;
    case LOG_FIELD_UINT:
        json_field_u64(writer, field->name, field->value.natural);
        break;
    case LOG_FIELD_DEC:
        json_field_dec(writer, field->name, field->value.decimal);
        break;
    case LOG_FIELD_REAL:
        json_write_key(writer, field->name);
        json_write_double(writer, field->value.real, 9);
        break;
    case LOG_FIELD_BOOL:
        json_field_bool(writer, field->name, field->value.truth);
        break;
    }
}

/* The line with its newline; 0 when the fields do not fit (the caller then writes it without them). */
static size_t make_json(char *line, size_t capacity, int64_t now_ns, log_level_t level, log_event_t event,
                        const char *correlation_id, const char *message, const log_field_t *fields, size_t count)
{
    char stamp[TIME_TEXT_MAX];
    json_writer_t writer;
    str_t text;
    (void)time_format(now_ns, 6, stamp);
    json_writer_init(&writer, line, capacity - 1);
    json_begin_object(&writer);
    json_field_string(&writer, "timestamp", stamp);
    json_field_string(&writer, "level", log_level_text(level));
    json_field_string(&writer, "service", the_log.service);
    json_field_u64(&writer, "pid", (uint64_t)getpid());
    if (correlation_id != NULL && correlation_id[0] != '\0') {
        json_field_text(&writer, "correlation_id", bounded(correlation_id, LOG_TEXT_FIELD_MAX));
    }
    json_field_string(&writer, "event", log_event_text(event));
    json_field_text(&writer, "message", bounded(message, LOG_MESSAGE_MAX));
    for (size_t i = 0; i < count; i++) {
        write_field(&writer, &fields[i]);
    }
    json_end_object(&writer);
    if (json_writer_finish(&writer, &text) != RESULT_OK) {
        return 0;
    }
    line[text.length] = '\n';
    return text.length + 1;
}

/* A field for people: " name=value". Control characters of foreign texts become '?', so that no log line can move a terminal's
 * cursor. */
static size_t plain_field(char *at, size_t room, const log_field_t *field)
{
    char number[DEC_TEXT_MAX];
    int length = 0;
    switch (field->kind) {
    case LOG_FIELD_TEXT:
        length =
            snprintf(at, room, " %s=%.*s", field->name, LOG_TEXT_FIELD_MAX, field->value.text != NULL ? field->value.text : "-");
        break;
    case LOG_FIELD_INT:
        (void)str_from_i64(field->value.integer, number);
        length = snprintf(at, room, " %s=%s", field->name, number);
        break;
    case LOG_FIELD_UINT:
        (void)str_from_u64(field->value.natural, number);
        length = snprintf(at, room, " %s=%s", field->name, number);
        break;
    case LOG_FIELD_DEC:
        (void)dec_format(field->value.decimal, number);
        length = snprintf(at, room, " %s=%s", field->name, number);
        break;
    case LOG_FIELD_REAL:
        length = snprintf(at, room, " %s=%.9g", field->name, field->value.real);
        break;
    case LOG_FIELD_BOOL:
        length = snprintf(at, room, " %s=%s", field->name, field->value.truth ? "yes" : "no");
        break;
    }
    return length < 0 ? 0 : (size_t)length < room ? (size_t)length : room - 1;
}

static void terminal_write(int64_t now_ns, log_level_t level, const char *message, const log_field_t *fields, size_t count)
{
    char line[2048];
    char stamp[TIME_TEXT_MAX];
    size_t room = sizeof line - 1; /* one byte for the newline */
    (void)time_format(now_ns, 3, stamp);
    int begun = snprintf(line, room, "%.12s %-8s %s: %.*s", stamp + 11, log_level_text(level),
                         the_log.service[0] != '\0' ? the_log.service : "patriot", 1024, message);
    size_t length = begun < 0 ? 0 : (size_t)begun < room ? (size_t)begun : room - 1;
    for (size_t i = 0; i < count; i++) {
        length += plain_field(line + length, room - length, &fields[i]);
    }
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f) {
            line[i] = '?';
        }
    }
    line[length++] = '\n';
    struct pollfd ready = {.fd = STDERR_FILENO, .events = POLLOUT};
    if (poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0 || write(STDERR_FILENO, line, length) < 0) {
        the_log.counters.terminal_lost++;
    }
}

static bool terminal_wanted(void)
{
    return the_log.terminal == LOG_TERMINAL_ALWAYS || (the_log.terminal == LOG_TERMINAL_IF_TTY && the_log.terminal_is_tty);
}

/* --- what others call ------------------------------------------------------------------------- */

/* The first line of a new day says what the old one lost. */
static void turn_day(int64_t now_ns)
{
    int64_t day = now_ns / NS_PER_DAY;
    if (day == the_log.day) {
        return;
    }
    uint64_t lost = the_log.lost_today;
    the_log.day = day;
    the_log.lost_today = 0;
    the_log.counters.bytes_today = 0;
    if (lost > 0) {
        log_write(LOG_WARNING, LOG_EVENT_LOG_LINES_LOST, NULL, "the day's log was full: lines were left out",
                  LOG_FIELDS(LOG_UINT("lines", lost)));
    }
}

bool log_enabled(log_level_t level)
{
    return (int)level >= atomic_load_explicit(&the_log.level, memory_order_relaxed);
}

void log_write(log_level_t level, log_event_t event, const char *correlation_id, const char *message, const log_field_t *fields,
               size_t count)
{
    if (!log_enabled(level)) {
        return;
    }
    int64_t now_ns = log_now();
    if (level == LOG_WARNING) {
        the_log.counters.warnings++;
    } else if (level >= LOG_ERROR) {
        the_log.counters.errors++;
        the_log.counters.last_error_ns = now_ns;
        (void)snprintf(the_log.counters.last_error, sizeof the_log.counters.last_error, "%s", message);
    }
    if (the_log.path[0] != '\0') {
        char line[LOG_LINE_MAX];
        turn_day(now_ns);
        size_t length = make_json(line, sizeof line, now_ns, level, event, correlation_id, message, fields, count);
        if (length == 0) {
            length = make_json(line, sizeof line, now_ns, level, event, correlation_id, message,
                               LOG_FIELDS(LOG_BOOL("fields_left_out", true)));
        }
        file_write(level, line, length);
    }
    if (terminal_wanted()) {
        terminal_write(now_ns, level, message, fields, count);
    }
    if (level == LOG_CRITICAL && the_log.critical != NULL) {
        the_log.critical(the_log.context, event, message);
    }
}

static result_t folder_make(const char *folder)
{
    char path[LOG_PATH_MAX];
    size_t length = strlen(folder);
    if (length >= sizeof path) {
        return RESULT_TEXT_TOO_LONG;
    }
    memcpy(path, folder, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (path[i] == '/' || path[i] == '\0') {
            char kept = path[i];
            path[i] = '\0';
            if (mkdir(path, 0700) != 0 && errno != EEXIST) {
                return result_of(errno);
            }
            path[i] = kept;
        }
    }
    return RESULT_OK;
}

result_t log_open(const log_options_t *options)
{
    log_close();
    the_log.counters = (log_counters_t){0};
    atomic_store(&the_log.level, (int)options->level);
    (void)snprintf(the_log.role, sizeof the_log.role, "%s", options->role);
    (void)snprintf(the_log.service, sizeof the_log.service, "%s", options->service != NULL ? options->service : options->role);
    the_log.terminal = options->terminal;
    the_log.terminal_is_tty = isatty(STDERR_FILENO) == 1;
    the_log.file_bytes_max = options->file_bytes_max != 0 ? options->file_bytes_max : UINT64_C(5000000);
    the_log.files_kept = options->files_kept != 0 ? options->files_kept : 3;
    the_log.day_bytes_max = options->day_bytes_max != 0 ? options->day_bytes_max : UINT64_C(200000000);
    the_log.now_ns = options->now_ns;
    the_log.critical = options->critical;
    the_log.context = options->context;
    the_log.lost_today = 0;
    the_log.day = log_now() / NS_PER_DAY;
    the_log.open = true;
    if (options->folder == NULL) {
        return RESULT_OK;
    }
    char path[LOG_PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s.log", options->folder, options->role);
    if (length < 0 || (size_t)length >= sizeof path) {
        return RESULT_TEXT_TOO_LONG;
    }
    result_t result = folder_make(options->folder);
    if (result != RESULT_OK) {
        return result;
    }
    memcpy(the_log.path, path, sizeof path);
    result = file_open();
    if (result != RESULT_OK) {
        the_log.path[0] = '\0';
    }
    return result;
}

void log_close(void)
{
    int descriptor = atomic_exchange(&the_log.descriptor, -1);
    if (descriptor >= 0) {
        close(descriptor);
    }
    the_log.path[0] = '\0';
    the_log.open = false;
    the_log.critical = NULL;
}

void log_level_set(log_level_t level)
{
    log_level_t before = log_level_get();
    if (before == level) {
        return;
    }
    /* Said while INFO is open, so that it stands in the log whatever the two levels are. */
    atomic_store(&the_log.level, LOG_INFO);
    log_write(LOG_INFO, LOG_EVENT_LOG_LEVEL_CHANGED, NULL, "log level changed",
              LOG_FIELDS(LOG_TEXT("before", log_level_text(before)), LOG_TEXT("after", log_level_text(level))));
    atomic_store(&the_log.level, (int)level);
}

log_level_t log_level_get(void)
{
    return (log_level_t)atomic_load(&the_log.level);
}

log_counters_t log_counters(void)
{
    return the_log.counters;
}

int log_descriptor(void)
{
    return atomic_load(&the_log.descriptor);
}
