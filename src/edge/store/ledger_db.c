/* ledger_db.c: opening, committing, catching up and rebuilding the projection. Rows are made in ledger_rows.c. */
#include "edge/store/ledger_db.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/base/str.h"
#include "core/engine/record_codec.h"
#include "edge/store/ledger_rows.h"

struct ledger_db {
    ledger_rows_t rows;
    bool in_transaction;
    uint64_t last_number; /* applied, perhaps not yet committed */
    uint64_t last_committed;
    uint64_t generation;
    uint8_t chain[JOURNAL_CHAIN_BYTES];
};

static const char *const sql_texts[LEDGER_SQL_COUNT] = {
#define LEDGER_STATEMENT_TEXT(name, sql) [LEDGER_SQL_##name] = sql,
    LEDGER_STATEMENTS(LEDGER_STATEMENT_TEXT)
#undef LEDGER_STATEMENT_TEXT
};

/* --- open ------------------------------------------------------------------------------------- */

static void handle_close(ledger_db_t *db)
{
    for (unsigned i = 0; i < LEDGER_SQL_COUNT; i++) {
        (void)sqlite3_finalize(db->rows.statements[i]);
        db->rows.statements[i] = NULL;
    }
    (void)sqlite3_close(db->rows.handle);
    db->rows.handle = NULL;
}

static result_t execute(ledger_db_t *db, const char *sql)
{
    return ledger_sqlite_result(sqlite3_exec(db->rows.handle, sql, NULL, NULL, NULL));
}

/* First column of the first row; "" when there is none. */
static result_t ask(ledger_db_t *db, const char *sql, char *out, size_t capacity)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db->rows.handle, sql, -1, &statement, NULL);
    out[0] = '\0';
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
        if (code == SQLITE_ROW && sqlite3_column_text(statement, 0) != NULL) {
            (void)snprintf(out, capacity, "%s", (const char *)sqlite3_column_text(statement, 0));
        }
    }
    (void)sqlite3_finalize(statement);
    return ledger_sqlite_result(code);
}

static uint64_t number_of(const char *text)
{
    uint64_t number = 0;
    return str_to_u64(str_from(text), &number) == RESULT_OK ? number : 0;
}

static result_t meta_set(ledger_db_t *db, const char *name, uint64_t value)
{
    char text[24];
    (void)str_from_u64(value, text);
    return ledger_run(&db->rows, LEDGER_SQL_META, "tt", name, text);
}

static result_t prepare_all(ledger_db_t *db)
{
    for (unsigned i = 0; i < LEDGER_SQL_COUNT; i++) {
        int code = sqlite3_prepare_v3(db->rows.handle, sql_texts[i], -1, SQLITE_PREPARE_PERSISTENT, &db->rows.statements[i], NULL);
        if (code != SQLITE_OK) {
            return ledger_sqlite_result(code);
        }
    }
    return RESULT_OK;
}

static result_t create(ledger_db_t *db, uint64_t generation)
{
    result_t result = execute(db, "BEGIN IMMEDIATE; " LEDGER_SCHEMA);
    result = result == RESULT_OK ? prepare_all(db) : result;
    result = result == RESULT_OK ? meta_set(db, "generation", generation) : result;
    result = result == RESULT_OK ? meta_set(db, "last_number", 0) : result;
    return result == RESULT_OK ? execute(db, "COMMIT") : result;
}

/* An existing file: is it whole, ours, and of this journal? RESULT_CHECKSUM with the reason in words when it must be made again,
 * RESULT_BAD_STATE when it knows what the journal does not. */
static result_t check(ledger_db_t *db, uint64_t generation, uint64_t journal_last, char *why, size_t capacity)
{
    char text[128];
    result_t result = ask(db, "PRAGMA user_version", text, sizeof text);
    if (result == RESULT_OK && number_of(text) > LEDGER_SCHEMA_VERSION) {
        (void)snprintf(why, capacity, "it was made by a newer version (%.20s)", text);
        return RESULT_CHECKSUM; /* everything in it stands in the journal too */
    }
    result = result == RESULT_OK ? ask(db, "PRAGMA integrity_check(1)", text, sizeof text) : result;
    if (result == RESULT_OK && strcmp(text, "ok") != 0) {
        (void)snprintf(why, capacity, "it is damaged (%.60s)", text);
        return RESULT_CHECKSUM;
    }
    result = result == RESULT_OK ? ask(db, "SELECT value FROM meta WHERE name='generation'", text, sizeof text) : result;
    if (result == RESULT_OK && number_of(text) != generation) {
        (void)snprintf(why, capacity, "ledger.db belongs to another journal");
        return RESULT_BAD_STATE;
    }
    result = result == RESULT_OK ? ask(db, "SELECT value FROM meta WHERE name='last_number'", text, sizeof text) : result;
    db->last_number = db->last_committed = number_of(text);
    if (result == RESULT_OK && db->last_number > journal_last) {
        (void)snprintf(why, capacity, "ledger.db knows record %" PRIu64 ", the journal ends at %" PRIu64, db->last_number,
                       journal_last);
        return RESULT_BAD_STATE;
    }
    result = result == RESULT_OK ? prepare_all(db) : result;
    result = result == RESULT_OK ? ledger_rows_names_load(&db->rows) : result;
    if (result != RESULT_OK && result != RESULT_DISK_FULL && result != RESULT_LOCKED && result != RESULT_PERMISSION) {
        (void)snprintf(why, capacity, "it is damaged or has other tables (%s)", sqlite3_errmsg(db->rows.handle));
        return RESULT_CHECKSUM;
    }
    return result;
}

static result_t handle_open(ledger_db_t *db, const char *path)
{
    int code = sqlite3_open_v2(path, &db->rows.handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK) {
        return ledger_sqlite_result(code);
    }
    (void)sqlite3_extended_result_codes(db->rows.handle, 1);
    (void)sqlite3_busy_timeout(db->rows.handle, 0); /* nobody else has it open; if somebody has, we want to know */
    return execute(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; "
                       "PRAGMA temp_store=MEMORY;"
                       " PRAGMA cache_size=-2048");
}

static void remove_beside(const char *path, const char *suffix)
{
    char beside[FILE_PATH_MAX + 32];
    (void)snprintf(beside, sizeof beside, "%s%s", path, suffix);
    (void)unlink(beside);
}

/* path -> path.damaged, with its WAL gone: what is in it can be made again. */
static void set_aside(const char *path)
{
    char aside[FILE_PATH_MAX + 16];
    (void)snprintf(aside, sizeof aside, "%s.damaged", path);
    (void)rename(path, aside);
    remove_beside(path, "-wal");
    remove_beside(path, "-shm");
}

result_t ledger_db_open(const char *path, uint64_t generation, uint64_t journal_last, ledger_db_t **db, ledger_db_report_t *report)
{
    *report = (ledger_db_report_t){.condition = access(path, F_OK) == 0 ? LEDGER_DB_GOOD : LEDGER_DB_FRESH};
    if (strlen(path) >= FILE_PATH_MAX) {
        return RESULT_TEXT_TOO_LONG;
    }
    ledger_db_t *opened = calloc(1, sizeof *opened);
    if (opened == NULL) {
        return RESULT_FULL;
    }
    opened->generation = generation;
    result_t result = handle_open(opened, path);
    if (result == RESULT_OK && report->condition == LEDGER_DB_GOOD) {
        char why[160] = "";
        result = check(opened, generation, journal_last, why, sizeof why);
        if (result == RESULT_CHECKSUM) {
            (void)snprintf(report->text, sizeof report->text,
                           "ledger.db: %s; it was moved to ledger.db.damaged and is made again from the journal", why);
        } else if (result == RESULT_BAD_STATE) {
            (void)snprintf(report->text, sizeof report->text, "%s", why);
        }
    } else if (result == RESULT_CHECKSUM) {
        (void)snprintf(report->text, sizeof report->text,
                       "ledger.db is no database; it was moved to ledger.db.damaged and is made again from the journal");
    }
    if (result == RESULT_CHECKSUM) {
        handle_close(opened);
        set_aside(path);
        memset(opened, 0, sizeof *opened);
        opened->generation = generation;
        report->condition = LEDGER_DB_REMADE;
        result = handle_open(opened, path);
    }
    if (result == RESULT_OK && report->condition != LEDGER_DB_GOOD) {
        result = create(opened, generation);
    }
    if (result != RESULT_OK) {
        handle_close(opened);
        free(opened);
        return result;
    }
    report->last_number = opened->last_number;
    *db = opened;
    return RESULT_OK;
}

void ledger_db_close(ledger_db_t *db)
{
    if (db != NULL) {
        (void)ledger_db_commit(db);
        handle_close(db);
        free(db);
    }
}

uint64_t ledger_db_last_number(const ledger_db_t *db)
{
    return db->last_number;
}

/* --- applying --------------------------------------------------------------------------------- */

static void roll_back(ledger_db_t *db)
{
    (void)ledger_run(&db->rows, LEDGER_SQL_ROLLBACK, "");
    db->in_transaction = false;
    db->last_number = db->last_committed;
}

result_t ledger_db_apply(ledger_db_t *db, const journal_record_t *record)
{
    order_record_t decoded;
    if (record->number <= db->last_number) {
        return RESULT_OK;
    }
    if (record->number != db->last_number + 1) {
        return RESULT_GAP;
    }
    result_t result = record_decode(record->body, record->body_length, &decoded);
    if (result == RESULT_OK && decoded.number != record->number) {
        result = RESULT_MALFORMED;
    }
    if (result != RESULT_OK) {
        return result == RESULT_VERSION ? RESULT_VERSION : RESULT_MALFORMED;
    }
    if (!db->in_transaction) {
        result = ledger_run(&db->rows, LEDGER_SQL_BEGIN, "");
        if (result != RESULT_OK) {
            return result;
        }
        db->in_transaction = true;
    }
    result = ledger_rows_apply(&db->rows, &decoded);
    if (result != RESULT_OK) {
        roll_back(db);
        return result;
    }
    db->last_number = record->number;
    memcpy(db->chain, record->chain, sizeof db->chain);
    return RESULT_OK;
}

static void hex_of(const uint8_t *bytes, size_t length, char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * length] = '\0';
}

result_t ledger_db_commit(ledger_db_t *db)
{
    char chain[2 * JOURNAL_CHAIN_BYTES + 1];
    if (!db->in_transaction) {
        return RESULT_OK;
    }
    hex_of(db->chain, sizeof db->chain, chain);
    result_t result = meta_set(db, "last_number", db->last_number);
    result = result == RESULT_OK ? ledger_run(&db->rows, LEDGER_SQL_META, "tt", "chain", chain) : result;
    result = result == RESULT_OK ? ledger_run(&db->rows, LEDGER_SQL_COMMIT, "") : result;
    if (result != RESULT_OK) {
        roll_back(db);
        return result;
    }
    db->in_transaction = false;
    db->last_committed = db->last_number;
    return RESULT_OK;
}

result_t ledger_db_catch_up(ledger_db_t *db, journal_reader_t *reader, uint64_t records_max, uint64_t *applied)
{
    journal_record_t record;
    uint64_t count = 0;
    result_t result = RESULT_OK;
    while (records_max == 0 || count < records_max) {
        result = journal_reader_next(reader, &record);
        if (result != RESULT_OK) {
            break;
        }
        result = ledger_db_apply(db, &record);
        if (result != RESULT_OK) {
            break;
        }
        count++;
    }
    result_t committed = ledger_db_commit(db);
    *applied = count;
    if (committed != RESULT_OK) {
        return committed;
    }
    return result == RESULT_EMPTY && count > 0 ? RESULT_OK : result;
}

/* --- comparing -------------------------------------------------------------------------------- */

static result_t digest_table(ledger_db_t *db, const char *sql, sha256_t *sha)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db->rows.handle, sql, -1, &statement, NULL);
    if (code != SQLITE_OK) {
        return ledger_sqlite_result(code);
    }
    sha256_update(sha, sql, strlen(sql) + 1);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            uint8_t type = (uint8_t)sqlite3_column_type(statement, i);
            const void *text = sqlite3_column_text(statement, i);
            sha256_update(sha, &type, 1);
            if (text != NULL) {
                sha256_update(sha, text,
                              (size_t)sqlite3_column_bytes(statement, i) + 1); /* with its NUL: no two rows run together */
            }
        }
    }
    (void)sqlite3_finalize(statement);
    return ledger_sqlite_result(code);
}

result_t ledger_db_digest(ledger_db_t *db, uint8_t digest[32])
{
    static const char *const tables[] = {
        "SELECT * FROM meta ORDER BY name",
        "SELECT * FROM instruments ORDER BY id",
        "SELECT * FROM sessions ORDER BY epoch",
        "SELECT * FROM signals ORDER BY number",
        "SELECT * FROM trades ORDER BY id",
        "SELECT * FROM orders ORDER BY client_id",
        "SELECT * FROM fills ORDER BY number",
        "SELECT * FROM ledger ORDER BY number, leg",
        "SELECT * FROM balances ORDER BY asset, account",
        "SELECT * FROM events ORDER BY number",
    };
    sha256_t sha;
    sha256_init(&sha);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        result_t result = digest_table(db, tables[i], &sha);
        if (result != RESULT_OK) {
            return result;
        }
    }
    sha256_final(&sha, digest);
    return RESULT_OK;
}

/* --- rebuilding ------------------------------------------------------------------------------- */

/* Fills a fresh database from record 1. */
static result_t fill(ledger_db_t *db, const char *journal_folder, uint64_t *records)
{
    journal_reader_t *reader = NULL;
    uint64_t applied = 0;
    result_t result = journal_reader_open(journal_folder, 1, &reader);
    *records = 0;
    while (result == RESULT_OK) {
        result = ledger_db_catch_up(db, reader, 4096, &applied);
        *records += applied;
    }
    journal_reader_close(reader);
    return result == RESULT_EMPTY ? RESULT_OK : result;
}

/* The old projection, brought up to the journal's end, for comparison. False: it cannot be used. */
static bool digest_of_old(const char *journal_folder, const char *path, uint64_t generation, uint64_t last, uint8_t digest[32])
{
    ledger_db_t *old = NULL;
    ledger_db_report_t report;
    journal_reader_t *reader = NULL;
    uint64_t applied = 0;
    if (access(path, F_OK) != 0 || ledger_db_open(path, generation, last, &old, &report) != RESULT_OK) {
        return false;
    }
    bool usable = report.condition == LEDGER_DB_GOOD &&
                  journal_reader_open(journal_folder, ledger_db_last_number(old) + 1, &reader) == RESULT_OK;
    if (usable) {
        result_t result = ledger_db_catch_up(old, reader, 0, &applied);
        usable = (result == RESULT_OK || result == RESULT_EMPTY) && ledger_db_digest(old, digest) == RESULT_OK;
    }
    journal_reader_close(reader);
    ledger_db_close(old);
    return usable;
}

result_t ledger_db_rebuild(const char *journal_folder, const char *path, uint64_t *records, int *equal_before,
                           ledger_db_report_t *report)
{
    journal_report_t checked;
    char fresh[FILE_PATH_MAX + 16];
    uint8_t before[32];
    uint8_t after[32];
    ledger_db_t *db = NULL;
    *report = (ledger_db_report_t){0};
    result_t result = journal_verify(journal_folder, &checked);
    if (result != RESULT_OK) {
        (void)snprintf(report->text, sizeof report->text, "%.250s", checked.text);
        return result;
    }
    bool had_old = digest_of_old(journal_folder, path, checked.generation, checked.number_last, before);
    (void)snprintf(fresh, sizeof fresh, "%s.new", path);
    (void)unlink(fresh);
    remove_beside(fresh, "-wal");
    remove_beside(fresh, "-shm");
    result = ledger_db_open(fresh, checked.generation, checked.number_last, &db, report);
    if (result != RESULT_OK) {
        return result;
    }
    result = fill(db, journal_folder, records);
    result = result == RESULT_OK ? ledger_db_digest(db, after) : result;
    report->last_number = ledger_db_last_number(db);
    ledger_db_close(db); /* the last connection folds the WAL into the file */
    if (result == RESULT_OK) {
        remove_beside(path, "-wal");
        remove_beside(path, "-shm");
        result = rename(fresh, path) == 0 ? RESULT_OK : RESULT_IO;
    }
    if (result != RESULT_OK) {
        (void)unlink(fresh);
        return result;
    }
    *equal_before = had_old && memcmp(before, after, sizeof before) == 0;
    report->condition = LEDGER_DB_REMADE;
    (void)snprintf(report->text, sizeof report->text, "ledger.db was made again from %" PRIu64 " records; %s", *records,
                   !had_old        ? "there was no usable one to compare with"
                   : *equal_before ? "it equals the one before, row by row"
                                   : "it differs from the one before, which was wrong");
    return RESULT_OK;
}
