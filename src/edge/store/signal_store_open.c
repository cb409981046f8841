/* signal_store_open.c: signals.db opened and closed: its schema, what is checked before it is used, and its errors in words. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/store/signal_row.h"
#include "edge/store/signal_store_inside.h"

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

/* --- errors ----------------------------------------------------------------------------------- */

result_t signal_store_fail(signal_store_t *store, result_t result, const char *format, ...)
{
    va_list arguments;
    char words[300];
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    snprintf(store->error, sizeof store->error, "%.180s: %s", store->path, words);
    return result;
}

static result_t fail_damaged(signal_store_t *store, const char *what)
{
    return signal_store_fail(store, RESULT_CHECKSUM,
                             "the database is damaged (%.120s); stop the monitor, move the file and its -wal away, and start "
                             "again: signals are made anew from the candles",
                             what);
}

static result_t fail_strange(signal_store_t *store)
{
    return signal_store_fail(
        store, RESULT_MALFORMED,
        "not a signal database; it is left as it is: restore it from a copy, or move it away and a new one begins");
}

result_t signal_store_fail_sqlite(signal_store_t *store, const char *doing)
{
    switch (sqlite3_errcode(store->database) & 0xFF) {
    case SQLITE_CORRUPT:
        return fail_damaged(store, sqlite3_errmsg(store->database));
    case SQLITE_NOTADB:
        return fail_strange(store);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return signal_store_fail(store, RESULT_LOCKED, "another process has it open");
    case SQLITE_FULL:
        return signal_store_fail(store, RESULT_DISK_FULL, "no space left on the disk while %s", doing);
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
        return signal_store_fail(store, RESULT_PERMISSION, "cannot be opened for writing (%s)", sqlite3_errmsg(store->database));
    case SQLITE_NOMEM:
        return signal_store_fail(store, RESULT_FULL, "no memory while %s", doing);
    default:
        return signal_store_fail(store, RESULT_IO, "%s while %s", sqlite3_errmsg(store->database), doing);
    }
}

result_t signal_store_execute(signal_store_t *store, const char *sql, const char *doing)
{
    return sqlite3_exec(store->database, sql, NULL, NULL, NULL) == SQLITE_OK ? RESULT_OK : signal_store_fail_sqlite(store, doing);
}

/* The first column of the first row of a pragma, as a number. */
static result_t query_number(signal_store_t *store, const char *sql, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    result_t result = RESULT_OK;
    if (sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL) != SQLITE_OK || sqlite3_step(statement) != SQLITE_ROW) {
        result = signal_store_fail_sqlite(store, "reading it");
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
        result = signal_store_fail_sqlite(store, "checking it");
    } else if (strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0) {
        result = fail_damaged(store, (const char *)sqlite3_column_text(statement, 0));
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
        return signal_store_execute(store, script, "making its tables");
    }
    if (application != APPLICATION_ID) {
        return fail_strange(store);
    }
    if (version == 1) {
        return signal_store_execute(store, migration_to_2, "bringing its tables up to date");
    }
    if (version != SCHEMA_VERSION) {
        return signal_store_fail(store, RESULT_VERSION,
                                 "made by another version of this program (its form is %lld, this one reads %d)",
                                 (long long)version, SCHEMA_VERSION);
    }
    return RESULT_OK;
}

static result_t prepare_all(signal_store_t *store)
{
    for (unsigned i = 0; i < SQL_COUNT; i++) {
        if (sqlite3_prepare_v3(store->database, sql_texts[i], -1, SQLITE_PREPARE_PERSISTENT, &store->statements[i], NULL) !=
            SQLITE_OK) {
            return signal_store_fail_sqlite(store, "reading its tables");
        }
    }
    sqlite3_stmt *last = store->statements[SQL_LAST];
    if (sqlite3_step(last) != SQLITE_ROW) {
        return signal_store_fail_sqlite(store, "reading its last number");
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
        return store->database != NULL ? signal_store_fail_sqlite(store, "opening it")
                                       : signal_store_fail(store, RESULT_FULL, "no memory");
    }
    sqlite3_extended_result_codes(store->database, 1);
    /* One process, one connection: the lock is held from here to the end. */
    result_t result =
        signal_store_execute(store, "PRAGMA locking_mode=EXCLUSIVE;PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;", "opening it");
    result = result == RESULT_OK ? signal_store_execute(store, "BEGIN EXCLUSIVE;COMMIT;", "locking it") : result;
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
    result = result == RESULT_OK ? open_database(store, path) : signal_store_fail(store, result, "the path is too long");
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
