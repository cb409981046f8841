/* test_ledger_db.c: the projection equals the journal, is made again when it is damaged, and never doubles a row.
 * shows: ORD-14, OPS-6, I6, I7, I13 (faults 102 103 105)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/time.h"
#include "core/engine/record_codec.h"
#include "edge/store/journal.h"
#include "edge/store/ledger_db.h"
#include "support/test_support.h"

static char folder[TEST_PATH_MAX], journal_folder[TEST_PATH_MAX + 16], db_path[TEST_PATH_MAX + 16];

static journal_t *journal;
static uint64_t next_number;

static int setup(void **state)
{
    journal_report_t report;
    (void)state;
    test_dir_make(folder);
    snprintf(journal_folder, sizeof journal_folder, "%s/journal", folder);
    snprintf(db_path, sizeof db_path, "%s/ledger.db", folder);
    journal_options_t options = {.folder = journal_folder, .segment_bytes = 1024 * 1024, .generation = 4711};
    assert_int_equal(journal_open(&options, &journal, &report), RESULT_OK);
    next_number = 1;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    journal_close(journal);
    journal = NULL;
    test_dir_remove(folder);
    return 0;
}

static order_record_t record_of(record_kind_t kind, uint64_t trade)
{
    order_record_t record;
    memset(&record, 0, sizeof record);
    record.number = next_number++;
    record.time_ns = (int64_t)record.number * NS_PER_S;
    record.trade = trade;
    record.epoch = 1;
    record.kind = (uint16_t)kind;
    record.instrument = 0;
    return record;
}

static void put(const order_record_t *record)
{
    uint8_t bytes[RECORD_BYTES_MAX];
    size_t length = 0;
    uint64_t number = 0;
    assert_int_equal(record_encode(record, bytes, sizeof bytes, &length), RESULT_OK);
    assert_int_equal(journal_append(journal, record->kind, bytes, length, JOURNAL_NORMAL, record->time_ns, &number), RESULT_OK);
    assert_int_equal(number, record->number);
}

static client_id_t order_id(uint64_t intent, leg_t leg)
{
    client_id_t id;
    memset(&id, 0, sizeof id);
    client_id_make(&id, 1, intent, leg);
    return id;
}

static void put_order(uint64_t trade, uint64_t intent, leg_t leg, order_side_t side, const char *quantity)
{
    order_record_t record = record_of(RECORD_INTENT, trade);
    record.intent.intent = intent;
    record.intent.spec = (order_spec_t){.client_id = order_id(intent, leg),
                                        .instrument = 0,
                                        .leg = leg,
                                        .side = side,
                                        .position = POSITION_BOTH,
                                        .type = ORDER_LIMIT,
                                        .tif = TIF_GTC,
                                        .reduce = REDUCE_NO,
                                        .quantity = test_dec(quantity),
                                        .price = test_dec("60000")};
    put(&record);
    record = record_of(RECORD_ORDER, trade);
    record.order.client_id = order_id(intent, leg);
    record.order.event = ORDER_EVENT_ACK;
    record.order.from = ORDER_SENT;
    record.order.to = ORDER_NEW;
    record.order.evidence = EVIDENCE_REPLY;
    record.order.venue_order_id = 1000 + intent;
    put(&record);
}

static void put_fill(uint64_t trade, uint64_t intent, leg_t leg, order_side_t side, uint64_t venue_trade, const char *quantity,
                     const char *fee, const char *realised)
{
    order_record_t record = record_of(RECORD_FILL, trade);
    client_id_t id = order_id(intent, leg);
    memcpy(record.fill.client_id, id.text, sizeof id.text);
    record.fill.venue_order_id = 1000 + intent;
    record.fill.ours = true;
    record.fill.side = side;
    record.fill.position = POSITION_BOTH;
    record.fill.attributed = test_dec(quantity);
    record.fill.event = ORDER_EVENT_FILL;
    record.fill.fill = (private_fill_t){.trade_id = venue_trade,
                                        .price = test_dec("60000"),
                                        .quantity = test_dec(quantity),
                                        .fee = test_dec(fee),
                                        .fee_asset = "USDT",
                                        .realised = test_dec(realised),
                                        .time_ns = record.time_ns};
    put(&record);
}

/* A whole trade: signal, entry in two fills, target, funding, close; and a signal that was refused. */
static void put_story(uint64_t trade)
{
    order_record_t record;
    if (next_number == 1) {
        record = record_of(RECORD_SESSION, 0);
        record.instrument = INSTRUMENT_NONE;
        memcpy(record.session.version, "0.1.0", 6);
        put(&record);
        record = record_of(RECORD_INSTRUMENT, 0);
        record.instrument_named = (record_instrument_t){.venue = "BINANCE",
                                                        .symbol = "BTCUSDT",
                                                        .base = "BTC",
                                                        .quote = "USDT",
                                                        .settle = "USDT",
                                                        .kind = INSTRUMENT_PERPETUAL};
        put(&record);
        record = record_of(RECORD_OPENING, 0);
        record.instrument = INSTRUMENT_NONE;
        record.opening = (record_opening_t){.asset = "USDT", .wallet = test_dec("10000")};
        put(&record);
    }
    record = record_of(RECORD_SIGNAL, trade);
    record.signal = (record_signal_t){.id = "BTCUSDT-L-SC01-X",
                                      .number = trade,
                                      .side = SIDE_LONG,
                                      .strategy = "SC01",
                                      .source = "monitor",
                                      .entry = test_dec("60000"),
                                      .stop = test_dec("59000"),
                                      .target = test_dec("62000"),
                                      .confidence = 0.75,
                                      .timeframes = 6,
                                      .timeframe_source = TF_4H,
                                      .made_ns = 5,
                                      .expires_ns = 10,
                                      .reason = DOOR_ACCEPTED};
    put(&record);
    record = record_of(RECORD_TRADE_OPENED, trade);
    record.trade_opened = (record_trade_opened_t){.purpose = TRADE_PURPOSE_SIGNAL,
                                                  .side = SIDE_LONG,
                                                  .position = POSITION_BOTH,
                                                  .signal_id = "BTCUSDT-L-SC01-X",
                                                  .signal_number = trade,
                                                  .entry_type = ENTRY_LIMIT,
                                                  .quantity = test_dec("0.3"),
                                                  .entry = test_dec("60000"),
                                                  .stop = test_dec("59000"),
                                                  .target = test_dec("62000"),
                                                  .risk_amount = test_dec("300"),
                                                  .leverage = 20};
    put(&record);
    put_order(trade, trade * 10, LEG_ENTRY, ORDER_BUY, "0.3");
    put_fill(trade, trade * 10, LEG_ENTRY, ORDER_BUY, trade * 100 + 1, "0.1", "2.4", "0");
    put_fill(trade, trade * 10, LEG_ENTRY, ORDER_BUY, trade * 100 + 2, "0.2", "4.8", "0");
    put_order(trade, trade * 10 + 1, LEG_TARGET, ORDER_SELL, "0.3");
    put_fill(trade, trade * 10 + 1, LEG_TARGET, ORDER_SELL, trade * 100 + 3, "0.25", "6", "500.000000000000000001");
    record = record_of(RECORD_INCOME, trade);
    record.income.income =
        (private_income_t){.kind = INCOME_FUNDING, .instrument = 0, .asset = "USDT", .amount = test_dec("-1.5"), .time_ns = 99};
    put(&record);
    record = record_of(RECORD_SIGNAL, 0);
    record.signal = (record_signal_t){.id = "BTCUSDT-L-SC01-Y",
                                      .number = trade + 50,
                                      .side = SIDE_LONG,
                                      .strategy = "SC01",
                                      .source = "monitor",
                                      .entry = test_dec("60000"),
                                      .stop = test_dec("59000"),
                                      .target = test_dec("62000"),
                                      .confidence = 0.5,
                                      .timeframes = 6,
                                      .timeframe_source = TF_4H,
                                      .made_ns = 5,
                                      .expires_ns = 10,
                                      .reason = DOOR_PRICE_QUALITY,
                                      .figure = {test_dec("98"), test_dec("97.5")}};
    put(&record);
    assert_int_equal(journal_commit(journal), RESULT_OK);
}

static ledger_db_t *open_db(ledger_db_condition_t condition)
{
    ledger_db_t *db = NULL;
    ledger_db_report_t report;
    assert_int_equal(ledger_db_open(db_path, journal_generation(journal), journal_number_durable(journal), &db, &report),
                     RESULT_OK);
    assert_int_equal(report.condition, condition);
    assert_int_equal(report.text[0] != '\0', condition == LEDGER_DB_REMADE);
    return db;
}

static void catch_up(ledger_db_t *db)
{
    journal_reader_t *reader = NULL;
    uint64_t applied = 0;
    result_t result;
    assert_int_equal(journal_reader_open(journal_folder, ledger_db_last_number(db) + 1, &reader), RESULT_OK);
    while ((result = ledger_db_catch_up(db, reader, 3, &applied)) == RESULT_OK) {}
    assert_int_equal(result, RESULT_EMPTY);
    journal_reader_close(reader);
    assert_int_equal(ledger_db_last_number(db), journal_number_durable(journal));
}

/* One value out of the file, as a stranger with sqlite3 would read it. */
static const char *value(const char *sql)
{
    static char text[128];
    sqlite3 *handle = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(db_path, &handle, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const unsigned char *column = sqlite3_column_text(statement, 0);
    snprintf(text, sizeof text, "%s", column != NULL ? (const char *)column : "NULL");
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return text;
}

static void damage(const char *path, long offset)
{
    int file = open(path, O_WRONLY);
    char garbage[512];
    memset(garbage, 0x5a, sizeof garbage);
    assert_true(file >= 0);
    assert_int_equal(pwrite(file, garbage, sizeof garbage, offset), (ssize_t)sizeof garbage);
    close(file);
}

static void records_become_rows_with_exact_money(void **state)
{
    (void)state;
    put_story(1);
    ledger_db_t *db = open_db(LEDGER_DB_FRESH);
    catch_up(db);
    ledger_db_close(db);
    assert_string_equal(value("SELECT amount FROM balances WHERE asset='USDT' AND account='WALLET'"), "10485.300000000000000001");
    assert_string_equal(value("SELECT amount FROM balances WHERE asset='USDT' AND account='FEE'"), "13.2");
    assert_string_equal(value("SELECT count(*) FROM ledger"), "12"); /* opening, fee, fee, realised, fee, funding: twice each */
    assert_string_equal(value("SELECT held FROM trades WHERE id=1"), "0.05");
    assert_string_equal(value("SELECT filled FROM orders WHERE leg='entry'"), "0.3");
    assert_string_equal(value("SELECT state FROM orders WHERE leg='target'"), "NEW");
    assert_string_equal(value("SELECT verdict FROM signals WHERE id='BTCUSDT-L-SC01-Y'"), "PRICE_QUALITY");
    assert_string_equal(value("SELECT figure_2 FROM signals WHERE id='BTCUSDT-L-SC01-Y'"), "97.5");
    assert_string_equal(value("SELECT symbol FROM trades"), "BINANCE_BTC_USDT");
    assert_string_equal(value("SELECT typeof(amount) FROM ledger LIMIT 1"), "text");
    assert_string_equal(value("SELECT count(*) FROM fills"), "3");
    assert_string_equal(value("PRAGMA journal_mode"), "wal");
}

static void applying_again_changes_nothing(void **state)
{
    uint8_t before[32];
    uint8_t after[32];
    journal_reader_t *reader = NULL;
    journal_record_t record;
    (void)state;
    put_story(1);
    ledger_db_t *db = open_db(LEDGER_DB_FRESH);
    catch_up(db);
    assert_int_equal(ledger_db_digest(db, before), RESULT_OK);
    assert_int_equal(journal_reader_open(journal_folder, 1, &reader), RESULT_OK);
    while (journal_reader_next(reader, &record) == RESULT_OK) {
        assert_int_equal(ledger_db_apply(db, &record), RESULT_OK);
    }
    journal_reader_close(reader);
    assert_int_equal(ledger_db_commit(db), RESULT_OK);
    assert_int_equal(ledger_db_digest(db, after), RESULT_OK);
    assert_memory_equal(before, after, 32);
    put_story(2);
    put_story(3);
    assert_int_equal(journal_reader_open(journal_folder, ledger_db_last_number(db) + 2, &reader), RESULT_OK);
    assert_int_equal(journal_reader_next(reader, &record), RESULT_OK);
    assert_int_equal(ledger_db_apply(db, &record), RESULT_GAP);
    journal_reader_close(reader);
    ledger_db_close(db);
}

static void a_record_that_cannot_be_read_changes_nothing(void **state)
{
    uint8_t before[32];
    uint8_t after[32];
    (void)state;
    put_story(1);
    ledger_db_t *db = open_db(LEDGER_DB_FRESH);
    catch_up(db);
    assert_int_equal(ledger_db_digest(db, before), RESULT_OK);
    static const uint8_t garbage[] = {0xff, 0xff, 0xff, 0xff};
    journal_record_t record = {.number = ledger_db_last_number(db) + 1, .type = 1, .body = garbage, .body_length = sizeof garbage};
    assert_int_equal(ledger_db_apply(db, &record), RESULT_MALFORMED);
    assert_int_equal(ledger_db_commit(db), RESULT_OK);
    assert_int_equal(ledger_db_digest(db, after), RESULT_OK);
    assert_memory_equal(before, after, 32);
    ledger_db_close(db);
}

/* However the work is cut into transactions, and wherever a process dies in between, the rows are the same. */
static void any_cut_gives_the_same_rows(void **state)
{
    uint8_t wanted[32];
    (void)state;
    put_story(1);
    put_story(2);
    ledger_db_t *db = open_db(LEDGER_DB_FRESH);
    catch_up(db);
    assert_int_equal(ledger_db_digest(db, wanted), RESULT_OK);
    ledger_db_close(db);
    uint64_t records = journal_number_durable(journal);
    for (uint64_t cut = 1; cut < records; cut++) {
        uint8_t digest[32];
        journal_reader_t *reader = NULL;
        uint64_t applied = 0;
        assert_int_equal(unlink(db_path), 0);
        db = open_db(LEDGER_DB_FRESH);
        assert_int_equal(journal_reader_open(journal_folder, 1, &reader), RESULT_OK);
        assert_int_equal(ledger_db_catch_up(db, reader, cut, &applied), RESULT_OK);
        journal_reader_close(reader);
        ledger_db_close(db);
        db = open_db(LEDGER_DB_GOOD);
        assert_int_equal(ledger_db_last_number(db), cut);
        catch_up(db);
        assert_int_equal(ledger_db_digest(db, digest), RESULT_OK);
        assert_memory_equal(digest, wanted, 32);
        ledger_db_close(db);
    }
}

static void a_damaged_projection_is_made_again(void **state)
{
    uint8_t wanted[32];
    uint8_t digest[32];
    char aside[TEST_PATH_MAX + 32];
    (void)state;
    put_story(1);
    ledger_db_t *db = open_db(LEDGER_DB_FRESH);
    catch_up(db);
    assert_int_equal(ledger_db_digest(db, wanted), RESULT_OK);
    ledger_db_close(db);
    static const long offsets[] = {0, 4096, 8192, 16384};
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        damage(db_path, offsets[i]);
        db = open_db(LEDGER_DB_REMADE);
        assert_int_equal(ledger_db_last_number(db), 0);
        catch_up(db);
        assert_int_equal(ledger_db_digest(db, digest), RESULT_OK);
        assert_memory_equal(digest, wanted, 32);
        ledger_db_close(db);
        snprintf(aside, sizeof aside, "%s.damaged", db_path);
        assert_int_equal(access(aside, F_OK), 0); /* kept for who wants to know */
    }
    assert_int_equal(truncate(db_path, 100), 0);
    db = open_db(LEDGER_DB_REMADE);
    ledger_db_close(db);
}

static void a_projection_of_another_or_older_journal_is_found_out(void **state)
{
    ledger_db_t *db = NULL;
    ledger_db_report_t report;
    (void)state;
    put_story(1);
    db = open_db(LEDGER_DB_FRESH);
    catch_up(db);
    ledger_db_close(db);
    uint64_t last = journal_number_durable(journal);
    assert_int_equal(ledger_db_open(db_path, journal_generation(journal), last - 1, &db, &report), RESULT_BAD_STATE);
    assert_non_null(strstr(report.text, "knows record"));
    assert_int_equal(ledger_db_open(db_path, 99, last, &db, &report), RESULT_BAD_STATE);
    assert_non_null(strstr(report.text, "another journal"));
    db = open_db(LEDGER_DB_GOOD); /* it was left as it is */
    assert_true(ledger_db_last_number(db) == last);
    ledger_db_close(db);
}

static void rebuilding_shows_equality_or_the_difference(void **state)
{
    uint64_t records = 0;
    int equal = 0;
    ledger_db_report_t report;
    sqlite3 *handle = NULL;
    (void)state;
    put_story(1);
    put_story(2);
    ledger_db_t *db = open_db(LEDGER_DB_FRESH);
    catch_up(db);
    ledger_db_close(db);
    assert_int_equal(ledger_db_rebuild(journal_folder, db_path, &records, &equal, &report), RESULT_OK);
    assert_int_equal(records, journal_number_durable(journal));
    assert_int_equal(equal, 1);
    assert_non_null(strstr(report.text, "equals the one before"));
    assert_int_equal(sqlite3_open_v2(db_path, &handle, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, "UPDATE balances SET amount='99999' WHERE account='WALLET'", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(handle);
    assert_int_equal(ledger_db_rebuild(journal_folder, db_path, &records, &equal, &report), RESULT_OK);
    assert_int_equal(equal, 0);
    assert_non_null(strstr(report.text, "differs"));
    assert_string_not_equal(value("SELECT amount FROM balances WHERE account='WALLET'"), "99999");
    assert_int_equal(ledger_db_rebuild(journal_folder, db_path, &records, &equal, &report), RESULT_OK);
    assert_int_equal(equal, 1);
    assert_int_equal(ledger_db_rebuild("/nonexistent", db_path, &records, &equal, &report), RESULT_NOT_FOUND);
    assert_true(report.text[0] != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(records_become_rows_with_exact_money, setup, teardown),
        cmocka_unit_test_setup_teardown(applying_again_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_record_that_cannot_be_read_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(any_cut_gives_the_same_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(a_damaged_projection_is_made_again, setup, teardown),
        cmocka_unit_test_setup_teardown(a_projection_of_another_or_older_journal_is_found_out, setup, teardown),
        cmocka_unit_test_setup_teardown(rebuilding_shows_equality_or_the_difference, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
