/* ledger_db.h: ledger.db, the SQLite projection of the journal: what reports, `patriot status` and foreign tools read.
 *
 * It holds nothing that the journal does not: a damaged or lost ledger.db is made again (ledger_db_rebuild), and two projections of
 * one journal are equal row by row (ledger_db_digest). Tables are STRICT, money is TEXT, times are INTEGER nanoseconds UTC. WAL,
 * synchronous=NORMAL: after a power cut it may be a few records behind, never wrong; the reader goes on at last_number + 1.
 *
 * One writer, one connection (SQLite 3.40 can corrupt a WAL that two connections share): the watchdog's, off the order path, many
 * records a transaction on idle turns. Other processes ask the watchdog, or open the file only while it is not running.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"
#include "edge/store/journal.h"

typedef struct ledger_db ledger_db_t;

typedef enum {
    LEDGER_DB_FRESH,  /* there was none: made empty */
    LEDGER_DB_GOOD,   /* integrity_check passed, generation and chain fit the journal */
    LEDGER_DB_REMADE, /* damaged: moved aside (.damaged) and made empty; say so */
} ledger_db_condition_t;

typedef struct {
    ledger_db_condition_t condition;
    uint64_t last_number; /* highest journal number applied */
    char text[256];       /* what was found, for people; "" when good or fresh */
} ledger_db_report_t;

/* Opens DIR/ledger.db for the journal of this generation whose last record is `journal_last`. A damaged file is moved aside and
 * begun anew: report tells. RESULT_BAD_STATE: it belongs to another generation or knows more than the journal, so the journal has
 * lost what was durable; report->text says how much, the file stays. RESULT_IO, RESULT_DISK_FULL, RESULT_VERSION. */
result_t ledger_db_open(const char *path, uint64_t generation, uint64_t journal_last, ledger_db_t **db, ledger_db_report_t *report);
void ledger_db_close(ledger_db_t *db);

uint64_t ledger_db_last_number(const ledger_db_t *db);

/* Applies one journal record. Numbers at or below last_number are ignored (idempotent); a gap is RESULT_GAP. Opens a transaction
 * when none is open. RESULT_MALFORMED: the body cannot be read (nothing applied). */
result_t ledger_db_apply(ledger_db_t *db, const journal_record_t *record);

/* Ends the transaction; RESULT_OK when there is none. After a failure the projection stands where the last commit left it. */
result_t ledger_db_commit(ledger_db_t *db);

/* Applies what the journal has beyond last_number, at most `records_max` (0: all), and commits. RESULT_EMPTY: nothing new. */
result_t ledger_db_catch_up(ledger_db_t *db, journal_reader_t *reader, uint64_t records_max, uint64_t *applied);

/* Makes `path` again from the journal, beside the old one, and puts it in its place. report->text says how many records and whether
 * the result equals the one before. Nobody else may have it open. */
result_t ledger_db_rebuild(const char *journal_folder, const char *path, uint64_t *records, int *equal_before,
                           ledger_db_report_t *report);

/* SHA-256 over all tables, row by row in key order: equal digests, equal projections. */
result_t ledger_db_digest(ledger_db_t *db, uint8_t digest[32]);
