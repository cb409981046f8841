/* signal_store.h: signals.db: every signal that was made, and what became of it. Also the monitor's durable outbox.
 *
 * SQLite, STRICT tables, WAL, one writing process and one connection; money is TEXT (exact decimals). A signal is stored before it
 * is sent; the watchdog asks "everything after number n" after each reconnect, so nothing is lost and nothing doubled (numbers are
 * the primary key, ids unique). Times are ns UTC. Table signals: number, id, symbol (unified), direction, entry, stop, target,
 * confidence, timeframes, timeframe_source, strategy, source, made_ns, expires_ns, inputs (JSON object), status, profit,
 * outcome_number, outcome_ns, states, size_cut, veto, veto_first, veto_second, exit_of. A database of an earlier version is brought
 * up to date when it is opened.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/engine/signal_half.h"

enum { SIGNAL_STORE_ERROR_MAX = 512 };

typedef struct signal_store signal_store_t;

typedef enum {
    SIGNAL_STATUS_NEW,     /* made; nothing known of its fate */
    SIGNAL_STATUS_REFUSED, /* the door said no */
    SIGNAL_STATUS_TAKEN,   /* an entry was placed */
    SIGNAL_STATUS_CLOSED,  /* a trade came of it and is closed */
    SIGNAL_STATUS_EXPIRED,
} signal_status_t;

const char *signal_status_text(signal_status_t status);

/* Opens or creates PATH, checks its integrity and schema. RESULT_CHECKSUM: damaged (the message says how to set it aside);
 * RESULT_VERSION: made by a newer program; RESULT_LOCKED; RESULT_MALFORMED: not such a database; RESULT_IO, RESULT_PERMISSION,
 * RESULT_DISK_FULL. `error` (may be NULL) gets a sentence with the path. `table` gives unified symbols when writing and instruments
 * when reading; borrowed. */
result_t signal_store_open(const char *path, const instrument_table_t *table, signal_store_t **out,
                           char error[SIGNAL_STORE_ERROR_MAX]);
void signal_store_close(signal_store_t *store); /* NULL is fine */

/* The last failure in words; "" when there was none. */
const char *signal_store_error(const signal_store_t *store);

/* One transaction, durable on return (synchronous = FULL): all or none. Numbers must go on from the last (RESULT_OUT_OF_ORDER,
 * RESULT_GAP); an id that is there already is RESULT_DUPLICATE; signal_check's results for values. */
result_t signal_store_append(signal_store_t *store, const signal_t *signals, size_t count);

/* 0 when empty. */
uint64_t signal_store_last_number(const signal_store_t *store);

/* Highest outcome number recorded; 0 when none. */
uint64_t signal_store_last_outcome(const signal_store_t *store);

/* Signals with a number greater than n, ascending, at most capacity. A row whose symbol is not in the table or that does not decode
 * ends with RESULT_UNKNOWN_VALUE / RESULT_MALFORMED and the words; the rows before it have been written (*count). */
result_t signal_store_after(signal_store_t *store, uint64_t number, signal_t *out, size_t capacity, size_t *count);

/* RESULT_NOT_FOUND when no such signal. */
result_t signal_store_by_id(signal_store_t *store, const char *id, signal_t *out);

/* What is known of it. RESULT_NOT_FOUND when no such signal. */
result_t signal_store_status(signal_store_t *store, uint64_t number, signal_status_t *status);

/* What became of it. RESULT_NOT_FOUND when no such signal; a status never goes back from CLOSED (RESULT_BAD_STATE). */
result_t signal_store_set_status(signal_store_t *store, uint64_t number, signal_status_t status);

/* A closed trade: status CLOSED, profit, outcome number and time; the same outcome again is RESULT_DUPLICATE. */
result_t signal_store_outcome(signal_store_t *store, const signal_outcome_t *outcome);

/* Calls back for each recorded outcome in order of its number, so that a restarted signal half knows its statistics again. */
typedef void (*signal_outcome_fn)(void *context, const signal_outcome_t *outcome);
result_t signal_store_outcomes(signal_store_t *store, signal_outcome_fn on_outcome, void *context);

/* Calls back for each entry signal whose trade is not closed, so that a restarted signal half knows them again; those of symbols
 * that are not in the table are passed over. */
typedef void (*signal_store_signal_fn)(void *context, const signal_t *signal);
result_t signal_store_open_signals(signal_store_t *store, signal_store_signal_fn on_signal, void *context);

/* Deletes signals made before `before_ns` (retention); never the last one, whose number the numbering goes on from. *deleted may be
 * NULL. */
result_t signal_store_prune(signal_store_t *store, int64_t before_ns, uint64_t *deleted);
