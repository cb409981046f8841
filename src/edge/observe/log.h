/* log.h: one JSON line for each thing worth telling, in DIR/logs/<role>.log, and as plain text on a terminal.
 *
 * A line is {"timestamp","level","service","correlation_id","event","message", ...fields}. Event names are one closed list (below):
 * a dashboard or an alert rule never meets a name that nobody declared. Fields are typed; there is no way to hand in a secret,
 * because a secret is a struct of its own (config_secret_t) and no LOG_ constructor takes it.
 *
 * One log per process, opened once. log_write formats into a buffer on the stack, makes one write(2) to the file (page cache, no
 * sync) and allocates nothing. A terminal that does not drain loses lines, never time: the line is dropped there and counted. The
 * file rotates at a size (role.log -> role.log.1 -> role.log.2), and the bytes of one UTC day are capped: over the cap only WARNING
 * and above are written, over the second tenth nothing, and the first line of the next day says how many lines were lost. A disk
 * error is counted, never fatal.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/base/result.h"

typedef enum { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR, LOG_CRITICAL, LOG_LEVEL_COUNT } log_level_t;

/* The closed list: X(ENUM, "name_in_the_line"). Add a row here, and nowhere else. */
#define LOG_EVENT_TABLE(X)                                                                                                         \
    /* processes */                                                                                                                \
    X(PROCESS_STARTED, "process_started")                                                                                          \
    X(PROCESS_READY, "process_ready")                                                                                              \
    X(PROCESS_STOPPING, "process_stopping")                                                                                        \
    X(PROCESS_STOPPED, "process_stopped")                                                                                          \
    X(PROCESS_CRASHED, "process_crashed")                                                                                          \
    X(PROCESS_RESTARTED, "process_restarted")                                                                                      \
    X(PROCESS_LOCKED_OUT, "process_locked_out")                                                                                    \
    X(PROCESS_FAILED_SAFE, "process_failed_safe")                                                                                  \
    X(COMMAND_RECEIVED, "command_received")                                                                                        \
    /* configuration */                                                                                                            \
    X(CONFIG_LOADED, "config_loaded")                                                                                              \
    X(CONFIG_RELOADED, "config_reloaded")                                                                                          \
    X(CONFIG_CHANGED, "config_changed")                                                                                            \
    X(CONFIG_REJECTED, "config_rejected")                                                                                          \
    X(CONFIG_IDLE, "config_idle")                                                                                                  \
    X(TICKERS_LOADED, "tickers_loaded")                                                                                            \
    X(TICKER_REFUSED, "ticker_refused")                                                                                            \
    X(PLUGIN_LOADED, "plugin_loaded")                                                                                              \
    X(PLUGIN_REFUSED, "plugin_refused")                                                                                            \
    X(PLUGIN_LOST, "plugin_lost")                                                                                                  \
    /* connections */                                                                                                              \
    X(STREAM_CONNECTED, "stream_connected")                                                                                        \
    X(STREAM_LOST, "stream_lost")                                                                                                  \
    X(STREAM_STALE, "stream_stale")                                                                                                \
    X(STREAM_ROTATED, "stream_rotated")                                                                                            \
    X(STREAM_BAD_FRAME, "stream_bad_frame")                                                                                        \
    X(REQUEST_FAILED, "request_failed")                                                                                            \
    X(REQUEST_LIMITED, "request_limited")                                                                                          \
    X(VENUE_BANNED, "venue_banned")                                                                                                \
    X(CLOCK_OFFSET, "clock_offset")                                                                                                \
    X(PEER_CONNECTED, "peer_connected")                                                                                            \
    X(PEER_LOST, "peer_lost")                                                                                                      \
    X(PEER_REFUSED, "peer_refused")                                                                                                \
    X(FRAME_REFUSED, "frame_refused")                                                                                              \
    /* market and signals */                                                                                                       \
    X(HISTORY_LOADED, "history_loaded")                                                                                            \
    X(CANDLE_GAP, "candle_gap")                                                                                                    \
    X(CANDLE_REPAIRED, "candle_repaired")                                                                                          \
    X(BOOK_RESYNCED, "book_resynced")                                                                                              \
    X(RULES_REFRESHED, "rules_refreshed")                                                                                          \
    X(BATCH_STARTED, "batch_started")                                                                                              \
    X(BATCH_FINISHED, "batch_finished")                                                                                            \
    X(SIGNAL_MADE, "signal_made")                                                                                                  \
    X(SIGNAL_SENT, "signal_sent")                                                                                                  \
    X(SIGNAL_EXPIRED, "signal_expired")                                                                                            \
    X(SIGNAL_ACCEPTED, "signal_accepted")                                                                                          \
    X(SIGNAL_REFUSED, "signal_refused")                                                                                            \
    /* orders and positions */                                                                                                     \
    X(ORDER_INTENDED, "order_intended")                                                                                            \
    X(ORDER_PLACED, "order_placed")                                                                                                \
    X(ORDER_ACCEPTED, "order_accepted")                                                                                            \
    X(ORDER_FILLED, "order_filled")                                                                                                \
    X(ORDER_REJECTED, "order_rejected")                                                                                            \
    X(ORDER_CANCELLED, "order_cancelled")                                                                                          \
    X(ORDER_EXPIRED, "order_expired")                                                                                              \
    X(ORDER_UNKNOWN, "order_unknown")                                                                                              \
    X(ORDER_REFUSED, "order_refused")                                                                                              \
    X(STOP_PLACED, "stop_placed")                                                                                                  \
    X(STOP_MOVED, "stop_moved")                                                                                                    \
    X(STOP_RESTORED, "stop_restored")                                                                                              \
    X(TARGET_PLACED, "target_placed")                                                                                              \
    X(LADDER_FIRED, "ladder_fired")                                                                                                \
    X(NOTICE, "notice")                                                                                                            \
    X(POSITION_OPENED, "position_opened")                                                                                          \
    X(POSITION_CLOSED, "position_closed")                                                                                          \
    X(POSITION_UNPROTECTED, "position_unprotected")                                                                                \
    X(POSITION_FOREIGN, "position_foreign")                                                                                        \
    X(RISK_BREACH, "risk_breach")                                                                                                  \
    X(KILL_LEVEL_CHANGED, "kill_level_changed")                                                                                    \
    X(FUNDING_BOOKED, "funding_booked")                                                                                            \
    X(RECONCILED, "reconciled")                                                                                                    \
    X(RECONCILE_DIFFERENCE, "reconcile_difference")                                                                                \
    X(LEDGER_DIFFERENCE, "ledger_difference")                                                                                      \
    /* storage */                                                                                                                  \
    X(JOURNAL_OPENED, "journal_opened")                                                                                            \
    X(JOURNAL_CUT, "journal_cut")                                                                                                  \
    X(JOURNAL_ROTATED, "journal_rotated")                                                                                          \
    X(JOURNAL_FAILED, "journal_failed")                                                                                            \
    X(JOURNAL_DAMAGED, "journal_damaged")                                                                                          \
    X(PROJECTION_REBUILT, "projection_rebuilt")                                                                                    \
    X(STORE_FAILED, "store_failed")                                                                                                \
    X(DISK_LOW, "disk_low")                                                                                                        \
    X(LOG_LEVEL_CHANGED, "log_level_changed")                                                                                      \
    X(LOG_LINES_LOST, "log_lines_lost")                                                                                            \
    /* simulated exchange */                                                                                                       \
    X(EXCHANGE_MOMENT, "exchange_moment")                                                                                          \
    X(EXCHANGE_FAULT, "exchange_fault")                                                                                            \
    X(EXCHANGE_CLIENT, "exchange_client")                                                                                          \
    X(HEALTH_CHANGED, "health_changed")

typedef enum {
#define LOG_EVENT_ENUM(name, text) LOG_EVENT_##name,
    LOG_EVENT_TABLE(LOG_EVENT_ENUM)
#undef LOG_EVENT_ENUM
        LOG_EVENT_COUNT
} log_event_t;

typedef enum { LOG_FIELD_TEXT, LOG_FIELD_INT, LOG_FIELD_UINT, LOG_FIELD_DEC, LOG_FIELD_REAL, LOG_FIELD_BOOL } log_field_kind_t;

/* One named value of a line. Names are literals of [a-z0-9_]; values are copied into the line at once, nothing is kept. */
typedef struct {
    const char *name;
    log_field_kind_t kind;
    union {
        const char *text; /* NULL is written as null; bytes that are not UTF-8 as \ufffd; cut at 512 bytes */
        int64_t integer;
        uint64_t natural;
        dec_t decimal; /* written as a JSON string: money is never a JSON number */
        double real;   /* NaN and infinity are written as null */
        bool truth;
    } value;
} log_field_t;

#define LOG_TEXT(field_name, field_text)                                                                                           \
    ((log_field_t){.name = (field_name), .kind = LOG_FIELD_TEXT, .value = {.text = (field_text)}})
#define LOG_INT(field_name, number)  ((log_field_t){.name = (field_name), .kind = LOG_FIELD_INT, .value = {.integer = (number)}})
#define LOG_UINT(field_name, number) ((log_field_t){.name = (field_name), .kind = LOG_FIELD_UINT, .value = {.natural = (number)}})
#define LOG_DEC(field_name, amount)  ((log_field_t){.name = (field_name), .kind = LOG_FIELD_DEC, .value = {.decimal = (amount)}})
#define LOG_REAL(field_name, number) ((log_field_t){.name = (field_name), .kind = LOG_FIELD_REAL, .value = {.real = (number)}})
#define LOG_BOOL(field_name, flag)   ((log_field_t){.name = (field_name), .kind = LOG_FIELD_BOOL, .value = {.truth = (flag)}})
#define LOG_RESULT(code)             LOG_TEXT("result", result_name(code))

/* The last two arguments of log_write: LOG_FIELDS(LOG_TEXT("symbol", "BTCUSDT"), LOG_DEC("price", price)) or LOG_NO_FIELDS. */
#define LOG_FIELDS(...) (const log_field_t[]){__VA_ARGS__}, sizeof((const log_field_t[]){__VA_ARGS__}) / sizeof(log_field_t)
#define LOG_NO_FIELDS   NULL, 0

typedef enum { LOG_TERMINAL_NEVER, LOG_TERMINAL_IF_TTY, LOG_TERMINAL_ALWAYS } log_terminal_t;

typedef struct {
    const char *folder;      /* DIR/logs; made (0700) when missing. NULL: no file, terminal only */
    const char *role;        /* "monitor": names the file and the pid's role */
    const char *service;     /* "strategy-engine", ...; NULL: the role */
    log_level_t level;       /* lines below are dropped before any formatting */
    log_terminal_t terminal; /* plain text on standard error */
    uint64_t file_bytes_max; /* 0: 5 MB; the file rotates before it grows over this */
    unsigned files_kept;     /* 0: 3, counting the one being written */
    uint64_t day_bytes_max;  /* 0: 200 MB a UTC day */
    int64_t (*now_ns)(void); /* NULL: CLOCK_REALTIME; tests bring their own */
    void (*critical)(void *context, log_event_t event, const char *message); /* may be NULL: called for each CRITICAL line */
    void *context;
} log_options_t;

typedef struct {
    uint64_t lines;         /* written to the file */
    uint64_t lines_lost;    /* over the day's cap, or the disk refused them */
    uint64_t terminal_lost; /* the terminal was not ready */
    uint64_t bytes_today;
    uint64_t errors, warnings; /* lines of ERROR and above; of WARNING */
    char last_error[160];      /* message of the newest ERROR or CRITICAL line, "" if none */
    int64_t last_error_ns;
} log_counters_t;

/* Opens the process's log. RESULT_IO / RESULT_PERMISSION / RESULT_DISK_FULL: the file cannot be opened (the terminal still works).
 * Before it is called, log_write goes to standard error as plain text. */
result_t log_open(const log_options_t *options);
void log_close(void);

/* One line. correlation_id may be NULL or "" (left out). message: a plain sentence, UTF-8. fields: see LOG_FIELDS. */
void log_write(log_level_t level, log_event_t event, const char *correlation_id, const char *message, const log_field_t *fields,
               size_t count);

/* Costs one comparison: ask before gathering fields that are dear to make. */
bool log_enabled(log_level_t level);

void log_level_set(log_level_t level); /* while running; writes a log_level_changed line */
log_level_t log_level_get(void);
/* "debug" "INFO" "warn" "WARNING" "error" "critical", any case. RESULT_UNKNOWN_VALUE otherwise. */
result_t log_level_parse(const char *text, log_level_t *out);
const char *log_level_text(log_level_t level); /* "INFO" */
const char *log_event_text(log_event_t event); /* "order_placed" */

log_counters_t log_counters(void);

/* Descriptor of the log file for the crash handler (which may only use write(2)); -1 when there is none. */
int log_descriptor(void);
