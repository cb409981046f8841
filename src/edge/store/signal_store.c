/* signal_store.c: signals.db; see signal_store.h. The rows' text stands in signal_row.c; here are schema, transactions and errors.
 */
#include "edge/store/signal_store.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "edge/store/signal_row.h"

enum { SCHEMA_VERSION = 2, APPLICATION_ID = 0x50415453 }; /* "PATS" */

/* What version 2 added: also how a database of version 1 becomes one. */
#define COLUMNS_OF_2(begin, between)                                                                                               \
    begin "states INTEGER NOT NULL DEFAULT 0" between "size_cut TEXT NOT NULL DEFAULT '0'" between                                 \
          "veto INTEGER NOT NULL DEFAULT 0" between "veto_first REAL NOT NULL DEFAULT 0" between                                   \
          "veto_second REAL NOT NULL DEFAULT 0" between "exit_of INTEGER NOT NULL DEFAULT 0"

static const char migration_to_2[] =
    "BEGIN;" COLUMNS_OF_2("ALTER TABLE signals ADD COLUMN ", ";ALTER TABLE signals ADD COLUMN ") ";PRAGMA user_version=2;COMMIT;";

static const char schema[] = "CREATE TABLE signals("
                             "number INTEGER PRIMARY KEY CHECK(number > 0),"
                             "id TEXT NOT NULL UNIQUE,"
                             "symbol TEXT NOT NULL,"
                             "direction TEXT NOT NULL CHECK(direction IN ('LONG','SHORT')),"
                             "entry TEXT NOT NULL, stop TEXT NOT NULL, target TEXT NOT NULL,"
                             "confidence REAL NOT NULL CHECK(confidence BETWEEN 0 AND 1),"
                             "timeframes TEXT NOT NULL, timeframe_source TEXT NOT NULL,"
                             "strategy TEXT NOT NULL, source TEXT NOT NULL,"
                             "made_ns INTEGER NOT NULL, expires_ns INTEGER NOT NULL,"
                             "inputs TEXT NOT NULL,"
                             "status TEXT NOT NULL DEFAULT 'NEW' CHECK(status IN ('NEW','REFUSED','TAKEN','CLOSED','EXPIRED')),"
                             "profit TEXT, outcome_number INTEGER UNIQUE, outcome_ns INTEGER" COLUMNS_OF_2(
                                 ",", ",") ") STRICT;"
                                           "CREATE INDEX signals_by_symbol ON signals(symbol, made_ns);"
                                           "PRAGMA application_id=1346458707;"
                                           "PRAGMA user_version=2;";

typedef enum {
    SQL_INSERT,
    SQL_AFTER,
    SQL_BY_ID,
    SQL_STATUS,
    SQL_OUTCOME,
    SQL_STATE,
    SQL_OUTCOMES,
    SQL_OPEN,
    SQL_PRUNE,
    SQL_LAST,
    SQL_COUNT
} sql_t;

static const char *const sql_texts[SQL_COUNT] = {
    [SQL_INSERT] = "INSERT INTO signals(" SIGNAL_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [SQL_AFTER] = "SELECT " SIGNAL_COLUMNS " FROM signals WHERE number > ? ORDER BY number LIMIT ?",
    [SQL_BY_ID] = "SELECT " SIGNAL_COLUMNS " FROM signals WHERE id = ?",
    [SQL_STATUS] = "UPDATE signals SET status = ? WHERE number = ?",
    [SQL_OUTCOME] = "UPDATE signals SET status = 'CLOSED', profit = ?, outcome_number = ?, outcome_ns = ? WHERE number = ?",
    [SQL_STATE] = "SELECT status, outcome_number FROM signals WHERE number = ?",
    [SQL_OUTCOMES] = "SELECT outcome_number, number, symbol, strategy, direction, profit, outcome_ns, states FROM signals "
                     "WHERE outcome_number IS NOT NULL ORDER BY outcome_number",
    [SQL_OPEN] = "SELECT " SIGNAL_COLUMNS " FROM signals WHERE status = 'TAKEN' AND exit_of = 0 ORDER BY number",
    [SQL_PRUNE] = "DELETE FROM signals WHERE made_ns < ? AND number < (SELECT max(number) FROM signals) "
                  "AND (outcome_number IS NULL OR outcome_number < (SELECT max(outcome_number) FROM signals))",
    [SQL_LAST] = "SELECT coalesce(max(number), 0), coalesce(max(outcome_number), 0) FROM signals",
};

struct signal_store {
    sqlite3 *database;
    sqlite3_stmt *statements[SQL_COUNT];
    const instrument_table_t *table;
    uint64_t last_number, last_outcome;
    char path[512];
    char error[SIGNAL_STORE_ERROR_MAX];
};

/* --- errors ----------------------------------------------------------------------------------- */

static result_t fail(signal_store_t *store, result_t result, const char *format, ...)
{
    va_list arguments;
    char words[300];
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    snprintf(store->error, sizeof store->error, "%.180s: %s", store->path, words);
    return result;
}

static result_t fail_sqlite(signal_store_t *store, const char *doing)
{
    switch (sqlite3_errcode(store->database) & 0xFF) {
    case SQLITE_CORRUPT:
        return fail(store, RESULT_CHECKSUM,
                    "the database is damaged (%s); stop the monitor, move the file and its -wal away, and start again: signals are "
                    "made anew "
                    "from the candles",
                    sqlite3_errmsg(store->database));
    case SQLITE_NOTADB:
        return fail(store, RESULT_MALFORMED,
                    "not a signal database; it is left as it is: restore it from a copy, or move it away and a new one begins");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail(store, RESULT_LOCKED, "another process has it open");
    case SQLITE_FULL:
        return fail(store, RESULT_DISK_FULL, "no space left on the disk while %s", doing);
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
        return fail(store, RESULT_PERMISSION, "cannot be opened for writing (%s)", sqlite3_errmsg(store->database));
    case SQLITE_NOMEM:
        return fail(store, RESULT_FULL, "no memory while %s", doing);
    default:
        return fail(store, RESULT_IO, "%s while %s", sqlite3_errmsg(store->database), doing);
    }
}

static result_t execute(signal_store_t *store, const char *sql, const char *doing)
{
    return sqlite3_exec(store->database, sql, NULL, NULL, NULL) == SQLITE_OK ? RESULT_OK : fail_sqlite(store, doing);
}

/* The first column of the first row of a pragma, as a number. */
static result_t query_number(signal_store_t *store, const char *sql, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    result_t result = RESULT_OK;
    if (sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL) != SQLITE_OK || sqlite3_step(statement) != SQLITE_ROW) {
        result = fail_sqlite(store, "reading it");
    } else {
        *out = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return result;
}

/* --- opening ---------------------------------------------------------------------------------- */

static result_t check_integrity(signal_store_t *store)
{
    sqlite3_stmt *statement = NULL;
    result_t result = RESULT_OK;
    if (sqlite3_prepare_v2(store->database, "PRAGMA integrity_check(1)", -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        result = fail_sqlite(store, "checking it");
    } else if (strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0) {
        result = fail(
            store, RESULT_CHECKSUM,
            "the database is damaged (%.120s); stop the monitor, move the file and its -wal away, and start again: signals are "
            "made anew from the candles",
            (const char *)sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
    return result;
}

/* Ours and of our version, or empty: then the tables are made. */
static result_t check_schema(signal_store_t *store)
{
    int64_t application = 0, version = 0, tables = 0;
    result_t result = query_number(store, "SELECT count(*) FROM sqlite_schema", &tables);
    result = result == RESULT_OK ? query_number(store, "PRAGMA application_id", &application) : result;
    result = result == RESULT_OK ? query_number(store, "PRAGMA user_version", &version) : result;
    if (result != RESULT_OK) {
        return result;
    }
    if (tables == 0 && application == 0) {
        char script[sizeof schema + 32];
        snprintf(script, sizeof script, "BEGIN;%sCOMMIT;", schema);
        return execute(store, script, "making its tables");
    }
    if (application != APPLICATION_ID) {
        return fail(store, RESULT_MALFORMED,
                    "not a signal database; it is left as it is: restore it from a copy, or move it away and a new one begins");
    }
    if (version == 1) {
        return execute(store, migration_to_2, "bringing its tables up to date");
    }
    if (version != SCHEMA_VERSION) {
        return fail(store, RESULT_VERSION, "made by another version of this program (its form is %lld, this one reads %d)",
                    (long long)version, SCHEMA_VERSION);
    }
    return RESULT_OK;
}

static result_t prepare_all(signal_store_t *store)
{
    for (unsigned i = 0; i < SQL_COUNT; i++) {
        if (sqlite3_prepare_v3(store->database, sql_texts[i], -1, SQLITE_PREPARE_PERSISTENT, &store->statements[i], NULL) !=
            SQLITE_OK) {
            return fail_sqlite(store, "reading its tables");
        }
    }
    sqlite3_stmt *last = store->statements[SQL_LAST];
    if (sqlite3_step(last) != SQLITE_ROW) {
        return fail_sqlite(store, "reading its last number");
    }
    store->last_number = (uint64_t)sqlite3_column_int64(last, 0);
    store->last_outcome = (uint64_t)sqlite3_column_int64(last, 1);
    sqlite3_reset(last);
    return RESULT_OK;
}

static result_t open_database(signal_store_t *store, const char *path)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &store->database, flags, NULL) != SQLITE_OK) {
        return store->database != NULL ? fail_sqlite(store, "opening it") : fail(store, RESULT_FULL, "no memory");
    }
    sqlite3_extended_result_codes(store->database, 1);
    /* One process, one connection: the lock is held from here to the end. */
    result_t result =
        execute(store, "PRAGMA locking_mode=EXCLUSIVE;PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;", "opening it");
    result = result == RESULT_OK ? execute(store, "BEGIN EXCLUSIVE;COMMIT;", "locking it") : result;
    result = result == RESULT_OK ? check_integrity(store) : result;
    result = result == RESULT_OK ? check_schema(store) : result;
    return result == RESULT_OK ? prepare_all(store) : result;
}

result_t signal_store_open(const char *path, const instrument_table_t *table, signal_store_t **out,
                           char error[SIGNAL_STORE_ERROR_MAX])
{
    signal_store_t *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return RESULT_FULL;
    }
    store->table = table;
    result_t result = str_copy(str_from(path), store->path, sizeof store->path);
    result = result == RESULT_OK ? open_database(store, path) : fail(store, result, "the path is too long");
    if (result != RESULT_OK) {
        if (error != NULL) {
            memcpy(error, store->error, SIGNAL_STORE_ERROR_MAX);
        }
        signal_store_close(store);
        return result;
    }
    *out = store;
    return RESULT_OK;
}

void signal_store_close(signal_store_t *store)
{
    if (store != NULL) {
        for (unsigned i = 0; i < SQL_COUNT; i++) {
            sqlite3_finalize(store->statements[i]);
        }
        sqlite3_close(store->database);
        free(store);
    }
}

const char *signal_store_error(const signal_store_t *store)
{
    return store->error;
}

static const char *const status_texts[] = {"NEW", "REFUSED", "TAKEN", "CLOSED", "EXPIRED"};

enum { STATUS_COUNT = sizeof status_texts / sizeof status_texts[0] };

const char *signal_status_text(signal_status_t status)
{
    return (unsigned)status < STATUS_COUNT ? status_texts[status] : "UNKNOWN";
}

uint64_t signal_store_last_number(const signal_store_t *store)
{
    return store->last_number;
}

uint64_t signal_store_last_outcome(const signal_store_t *store)
{
    return store->last_outcome;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* Runs a statement that gives no rows. */
static result_t run(signal_store_t *store, sql_t sql, const char *doing)
{
    sqlite3_stmt *statement = store->statements[sql];
    const int code = sqlite3_step(statement);
    result_t result = RESULT_OK;
    if (code != SQLITE_DONE) {
        result = (code & 0xFF) == SQLITE_CONSTRAINT
                     ? fail(store, RESULT_DUPLICATE, "%s: %s", doing, sqlite3_errmsg(store->database))
                     : fail_sqlite(store, doing);
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result;
}

static result_t insert(signal_store_t *store, const signal_t *signal)
{
    result_t result = signal_row_bind(store->statements[SQL_INSERT], store->table, signal);
    if (result != RESULT_OK) {
        return fail(store, result, "signal %llu cannot be written: %s", (unsigned long long)signal->number, result_text(result));
    }
    return run(store, SQL_INSERT, "storing a signal");
}

result_t signal_store_append(signal_store_t *store, const signal_t *signals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        /* A store that was lost and begins anew goes on after the numbers that the watchdog has seen. */
        const uint64_t expected =
            (store->last_number > 0 || signals[0].number == 0 ? store->last_number + 1 : signals[0].number) + i;
        if (signals[i].number != expected) {
            return fail(store, signals[i].number < expected ? RESULT_OUT_OF_ORDER : RESULT_GAP,
                        "signal number %llu where %llu is next", (unsigned long long)signals[i].number,
                        (unsigned long long)expected);
        }
        result_t result = signal_check(&signals[i]);
        if (result != RESULT_OK) {
            return fail(store, result, "signal %llu: %s", (unsigned long long)signals[i].number, result_text(result));
        }
    }
    if (count == 0) {
        return RESULT_OK;
    }
    result_t result = execute(store, "BEGIN IMMEDIATE", "storing signals");
    for (size_t i = 0; i < count && result == RESULT_OK; i++) {
        result = insert(store, &signals[i]);
    }
    result = result == RESULT_OK ? execute(store, "COMMIT", "storing signals") : result;
    if (result != RESULT_OK) {
        sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL); /* the first failure is the one to tell */
        return result;
    }
    store->last_number += count;
    return RESULT_OK;
}

/* What is known of a signal; *outcome is its number, 0 without one. */
static result_t state_of(signal_store_t *store, uint64_t number, signal_status_t *status, uint64_t *outcome)
{
    sqlite3_stmt *statement = store->statements[SQL_STATE];
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)number);
    const int code = sqlite3_step(statement);
    result_t result = RESULT_OK;
    if (code == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        unsigned known = 0;
        while (known < STATUS_COUNT - 1 && strcmp(text, status_texts[known]) != 0) {
            known++; /* the table admits these words only */
        }
        *status = (signal_status_t)known;
        *outcome = (uint64_t)sqlite3_column_int64(statement, 1);
    } else {
        result = code == SQLITE_DONE ? fail(store, RESULT_NOT_FOUND, "no signal with number %llu", (unsigned long long)number)
                                     : fail_sqlite(store, "looking for a signal");
    }
    sqlite3_reset(statement);
    return result;
}

result_t signal_store_status(signal_store_t *store, uint64_t number, signal_status_t *status)
{
    uint64_t outcome = 0;
    return state_of(store, number, status, &outcome);
}

result_t signal_store_set_status(signal_store_t *store, uint64_t number, signal_status_t status)
{
    signal_status_t known = SIGNAL_STATUS_NEW;
    uint64_t outcome = 0;
    if ((unsigned)status > SIGNAL_STATUS_EXPIRED || status == SIGNAL_STATUS_CLOSED) {
        return fail(store, RESULT_BAD_ARGUMENT, "a signal is closed by its outcome only");
    }
    result_t result = state_of(store, number, &known, &outcome);
    if (result == RESULT_OK && known == SIGNAL_STATUS_CLOSED) {
        result = fail(store, RESULT_BAD_STATE, "signal %llu is closed", (unsigned long long)number);
    }
    if (result != RESULT_OK) {
        return result;
    }
    sqlite3_bind_text(store->statements[SQL_STATUS], 1, signal_status_text(status), -1, SQLITE_STATIC);
    sqlite3_bind_int64(store->statements[SQL_STATUS], 2, (sqlite3_int64)number);
    return run(store, SQL_STATUS, "storing a status");
}

result_t signal_store_outcome(signal_store_t *store, const signal_outcome_t *outcome)
{
    signal_status_t status = SIGNAL_STATUS_NEW;
    uint64_t known = 0;
    result_t result = state_of(store, outcome->signal, &status, &known);
    if (result == RESULT_OK && status == SIGNAL_STATUS_CLOSED) {
        result = known == outcome->number
                     ? fail(store, RESULT_DUPLICATE, "outcome %llu is stored already", (unsigned long long)known)
                     : fail(store, RESULT_BAD_STATE, "signal %llu has outcome %llu", (unsigned long long)outcome->signal,
                            (unsigned long long)known);
    }
    if (result != RESULT_OK) {
        return result;
    }
    char profit[DEC_TEXT_MAX];
    sqlite3_stmt *statement = store->statements[SQL_OUTCOME];
    dec_format(outcome->profit, profit);
    sqlite3_bind_text(statement, 1, profit, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)outcome->number);
    sqlite3_bind_int64(statement, 3, outcome->closed_ns);
    sqlite3_bind_int64(statement, 4, (sqlite3_int64)outcome->signal);
    result = run(store, SQL_OUTCOME, "storing an outcome");
    if (result == RESULT_OK && outcome->number > store->last_outcome) {
        store->last_outcome = outcome->number;
    }
    return result;
}

result_t signal_store_prune(signal_store_t *store, int64_t before_ns, uint64_t *deleted)
{
    sqlite3_bind_int64(store->statements[SQL_PRUNE], 1, before_ns);
    result_t result = run(store, SQL_PRUNE, "deleting old signals");
    if (result == RESULT_OK && deleted != NULL) {
        *deleted = (uint64_t)sqlite3_changes64(store->database);
    }
    return result;
}

/* --- reading ---------------------------------------------------------------------------------- */

result_t signal_store_after(signal_store_t *store, uint64_t number, signal_t *out, size_t capacity, size_t *count)
{
    sqlite3_stmt *statement = store->statements[SQL_AFTER];
    result_t result = RESULT_OK;
    int code = SQLITE_DONE;
    *count = 0;
    sqlite3_bind_int64(statement, 1, number > INT64_MAX ? INT64_MAX : (sqlite3_int64)number);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)capacity);
    while (result == RESULT_OK && *count < capacity && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        result = signal_row_read(statement, store->table, &out[*count]);
        if (result != RESULT_OK) {
            fail(store, result, "signal %lld cannot be read: %s", (long long)sqlite3_column_int64(statement, SIGNAL_COLUMN_NUMBER),
                 result_text(result));
            break;
        }
        ++*count;
    }
    if (result == RESULT_OK && code != SQLITE_ROW && code != SQLITE_DONE) {
        result = fail_sqlite(store, "reading signals");
    }
    sqlite3_reset(statement);
    return result;
}

result_t signal_store_by_id(signal_store_t *store, const char *id, signal_t *out)
{
    sqlite3_stmt *statement = store->statements[SQL_BY_ID];
    sqlite3_bind_text(statement, 1, id, -1, SQLITE_TRANSIENT);
    const int code = sqlite3_step(statement);
    result_t result;
    if (code == SQLITE_ROW) {
        result = signal_row_read(statement, store->table, out);
        if (result != RESULT_OK) {
            fail(store, result, "signal %.40s cannot be read: %s", id, result_text(result));
        }
    } else {
        result =
            code == SQLITE_DONE ? fail(store, RESULT_NOT_FOUND, "no signal %.40s", id) : fail_sqlite(store, "looking for a signal");
    }
    sqlite3_reset(statement);
    return result;
}

static result_t read_outcome(signal_store_t *store, sqlite3_stmt *statement, signal_outcome_t *out)
{
    const char *symbol = (const char *)sqlite3_column_text(statement, 2);
    const char *profit = (const char *)sqlite3_column_text(statement, 5);
    *out = (signal_outcome_t){
        .number = (uint64_t)sqlite3_column_int64(statement, 0),
        .signal = (uint64_t)sqlite3_column_int64(statement, 1),
        .instrument = instrument_find(store->table, str_from(symbol)),
        .side = strcmp((const char *)sqlite3_column_text(statement, 4), "LONG") == 0 ? SIDE_LONG : SIDE_SHORT,
        .closed_ns = sqlite3_column_int64(statement, 6),
        .states = (uint64_t)sqlite3_column_int64(statement, 7),
    };
    const str_t strategy = str_from((const char *)sqlite3_column_text(statement, 3));
    if (str_copy(strategy, out->strategy, sizeof out->strategy) != RESULT_OK || profit == NULL ||
        dec_parse(profit, strlen(profit), &out->profit) != RESULT_OK) {
        return fail(store, RESULT_MALFORMED, "the outcome of signal %llu cannot be read", (unsigned long long)out->signal);
    }
    return RESULT_OK;
}

result_t signal_store_outcomes(signal_store_t *store, signal_outcome_fn on_outcome, void *context)
{
    sqlite3_stmt *statement = store->statements[SQL_OUTCOMES];
    result_t result = RESULT_OK;
    int code = SQLITE_DONE;
    while (result == RESULT_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        signal_outcome_t outcome;
        result = read_outcome(store, statement, &outcome);
        if (result == RESULT_OK) {
            on_outcome(context, &outcome);
        }
    }
    if (result == RESULT_OK && code != SQLITE_DONE) {
        result = fail_sqlite(store, "reading outcomes");
    }
    sqlite3_reset(statement);
    return result;
}

result_t signal_store_open_signals(signal_store_t *store, signal_store_signal_fn on_signal, void *context)
{
    sqlite3_stmt *statement = store->statements[SQL_OPEN];
    result_t result = RESULT_OK;
    int code = SQLITE_DONE;
    while (result == RESULT_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        signal_t signal;
        result = signal_row_read(statement, store->table, &signal);
        if (result == RESULT_OK) {
            on_signal(context, &signal);
        } else if (result == RESULT_UNKNOWN_VALUE) {
            result = RESULT_OK; /* of a symbol without rules: the others are not to be lost with it */
        }
    }
    if (result != RESULT_OK) {
        fail(store, result, "an open signal cannot be read: %s", result_text(result));
    } else if (code != SQLITE_DONE) {
        result = fail_sqlite(store, "reading open signals");
    }
    sqlite3_reset(statement);
    return result;
}
