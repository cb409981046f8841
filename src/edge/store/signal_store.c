/* signal_store.c: signals.db, written and read; see signal_store.h. The rows' text stands in signal_row.c, schema and opening in
 * signal_store_open.c.
 */
#include <string.h>

#include "edge/store/signal_row.h"
#include "edge/store/signal_store_inside.h"

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
                     ? signal_store_fail(store, RESULT_DUPLICATE, "%s: %s", doing, sqlite3_errmsg(store->database))
                     : signal_store_fail_sqlite(store, doing);
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result;
}

static result_t insert(signal_store_t *store, const signal_t *signal)
{
    result_t result = signal_row_bind(store->statements[SQL_INSERT], store->table, signal);
    if (result != RESULT_OK) {
        return signal_store_fail(store, result, "signal %llu cannot be written: %s", (unsigned long long)signal->number,
                                 result_text(result));
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
            return signal_store_fail(store, signals[i].number < expected ? RESULT_OUT_OF_ORDER : RESULT_GAP,
                                     "signal number %llu where %llu is next", (unsigned long long)signals[i].number,
                                     (unsigned long long)expected);
        }
        result_t result = signal_check(&signals[i]);
        if (result != RESULT_OK) {
            return signal_store_fail(store, result, "signal %llu: %s", (unsigned long long)signals[i].number, result_text(result));
        }
    }
    if (count == 0) {
        return RESULT_OK;
    }
    result_t result = signal_store_execute(store, "BEGIN IMMEDIATE", "storing signals");
    for (size_t i = 0; i < count && result == RESULT_OK; i++) {
        result = insert(store, &signals[i]);
    }
    result = result == RESULT_OK ? signal_store_execute(store, "COMMIT", "storing signals") : result;
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
        result = code == SQLITE_DONE
                     ? signal_store_fail(store, RESULT_NOT_FOUND, "no signal with number %llu", (unsigned long long)number)
                     : signal_store_fail_sqlite(store, "looking for a signal");
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
        return signal_store_fail(store, RESULT_BAD_ARGUMENT, "a signal is closed by its outcome only");
    }
    result_t result = state_of(store, number, &known, &outcome);
    if (result == RESULT_OK && known == SIGNAL_STATUS_CLOSED) {
        result = signal_store_fail(store, RESULT_BAD_STATE, "signal %llu is closed", (unsigned long long)number);
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
                     ? signal_store_fail(store, RESULT_DUPLICATE, "outcome %llu is stored already", (unsigned long long)known)
                     : signal_store_fail(store, RESULT_BAD_STATE, "signal %llu has outcome %llu",
                                         (unsigned long long)outcome->signal, (unsigned long long)known);
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
            signal_store_fail(store, result, "signal %lld cannot be read: %s",
                              (long long)sqlite3_column_int64(statement, SIGNAL_COLUMN_NUMBER), result_text(result));
            break;
        }
        ++*count;
    }
    if (result == RESULT_OK && code != SQLITE_ROW && code != SQLITE_DONE) {
        result = signal_store_fail_sqlite(store, "reading signals");
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
            signal_store_fail(store, result, "signal %.40s cannot be read: %s", id, result_text(result));
        }
    } else {
        result = code == SQLITE_DONE ? signal_store_fail(store, RESULT_NOT_FOUND, "no signal %.40s", id)
                                     : signal_store_fail_sqlite(store, "looking for a signal");
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
        return signal_store_fail(store, RESULT_MALFORMED, "the outcome of signal %llu cannot be read",
                                 (unsigned long long)out->signal);
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
        result = signal_store_fail_sqlite(store, "reading outcomes");
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
        signal_store_fail(store, result, "an open signal cannot be read: %s", result_text(result));
    } else if (code != SQLITE_DONE) {
        result = signal_store_fail_sqlite(store, "reading open signals");
    }
    sqlite3_reset(statement);
    return result;
}
