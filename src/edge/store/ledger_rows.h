/* ledger_rows.h: one record -> rows of ledger.db. Inside this room only. */
#pragma once

#include <sqlite3.h>

#include "core/order/record.h"
#include "edge/store/ledger_db.h"
#include "edge/store/ledger_schema.h"

/* What the rows need beside the record: statements, and the names of instruments, as INSTRUMENT records told them. */
typedef struct {
    sqlite3 *handle;
    sqlite3_stmt *statements[LEDGER_SQL_COUNT];
    char symbols[INSTRUMENT_MAX][UNIFIED_TEXT_MAX];
    char settles[INSTRUMENT_MAX][ASSET_TEXT_MAX];
} ledger_rows_t;

/* RESULT_OK, or what SQLite said: RESULT_DISK_FULL, RESULT_CHECKSUM (damaged), RESULT_LOCKED, RESULT_BAD_STATE (a constraint),
 * RESULT_IO. */
result_t ledger_sqlite_result(int code);

/* Runs a statement to its end. formats: i int64_t, u uint64_t (0 is NULL), t const char * ("" kept, NULL is NULL), d dec_t, r
 * double. */
result_t ledger_run(ledger_rows_t *rows, ledger_sql_t sql, const char *formats, ...);

/* First column of a row as text into out (capacity bytes). RESULT_NOT_FOUND: no row. */
result_t ledger_get(ledger_rows_t *rows, ledger_sql_t sql, char *out, size_t capacity, const char *formats, ...);

/* All rows of one record. RESULT_BAD_STATE: a record that cannot stand here. */
result_t ledger_rows_apply(ledger_rows_t *rows, const order_record_t *record);

/* Reads the instruments' names back at open. */
result_t ledger_rows_names_load(ledger_rows_t *rows);
