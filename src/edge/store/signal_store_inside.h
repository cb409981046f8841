/* signal_store_inside.h: the inside of the signal store, for its own files only. */
#pragma once

#include <sqlite3.h>

#include "edge/store/signal_store.h"

/* Prepared once, when it is opened. */
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

struct signal_store {
    sqlite3 *database;
    sqlite3_stmt *statements[SQL_COUNT];
    const instrument_table_t *table;
    uint64_t last_number, last_outcome;
    char path[512];
    char error[SIGNAL_STORE_ERROR_MAX];
};

/* signal_store_open.c. Each words the failure in store->error and gives it back. */
result_t signal_store_fail(signal_store_t *store, result_t result, const char *format, ...) __attribute__((format(printf, 3, 4)));
result_t signal_store_fail_sqlite(signal_store_t *store, const char *doing);
result_t signal_store_execute(signal_store_t *store, const char *sql, const char *doing);
