/* test_signal_store.c: signals.db: exact round trips, the outbox after number n, all-or-none batches, outcomes, damaged files.
 * shows: STR-6, STR-8, R082, R085, R345, R347
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/time.h"
#include "edge/store/signal_store.h"
#include "support/test_support.h"

static char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 16];
static instrument_table_t table;

static int fresh_folder(void **state)
{
    (void)state;
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/signals.db", folder);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    test_dir_remove(folder);
    return 0;
}

static void table_make(void)
{
    static const char *const bases[] = {"ETH", "XRP"};
    for (unsigned i = 0; i < 2; i++) {
        instrument_t *instrument = &table.items[i];
        strcpy(instrument->venue, "BINANCE");
        snprintf(instrument->symbol, sizeof instrument->symbol, "%sUSDT", bases[i]);
        strcpy(instrument->base, bases[i]);
        strcpy(instrument->quote, "USDT");
        strcpy(instrument->settle, "USDT");
        instrument->kind = INSTRUMENT_PERPETUAL;
        instrument->status = INSTRUMENT_TRADING;
    }
    table.count = 2;
}

static signal_store_t *open_store(void)
{
    signal_store_t *store = NULL;
    char error[SIGNAL_STORE_ERROR_MAX] = "";
    const result_t result = signal_store_open(path, &table, &store, error);
    if (result != RESULT_OK) {
        fail_msg("%s", error);
    }
    return store;
}

static signal_t make(uint64_t number)
{
    signal_t signal = {.number = number,
                       .instrument = (instrument_id_t)(number % 2),
                       .side = number % 3 == 0 ? SIDE_SHORT : SIDE_LONG,
                       .strategy = "SC02",
                       .source = "monitor",
                       .confidence = 0.1 + 0.2,
                       .timeframes = 1u << TF_1H | 1u << TF_1D,
                       .timeframe_source = TF_1D,
                       .made_ns = (int64_t)number * NS_PER_HOUR,
                       .expires_ns = (int64_t)(number + 1) * NS_PER_HOUR,
                       .states = UINT64_C(1) << 63 | number,
                       .size_cut = dec_from_scaled(5, 1),
                       .veto = SIGNAL_VETO_MARKET,
                       .veto_figure = {0.1 + 0.2, 0.85},
                       .input_count = 3,
                       .inputs = {{"1h.macd", 0.1}, {"1d.rsi", 1.0 / 3.0}, {"odd \"name\"", -4.9406564584124654e-324}}};
    snprintf(signal.id, sizeof signal.id, "ETHUSDT-L-SC02-%llu", (unsigned long long)number);
    signal.entry = (dec_t){DEC_UNITS_PER_ONE * 100 + 1}; /* 100.000000000000000001: no double holds it */
    signal.stop = dec_from_int(number % 3 == 0 ? 103 : 98);
    signal.target = dec_from_int(number % 3 == 0 ? 90 : 110);
    return signal;
}

static void append(signal_store_t *store, uint64_t from, uint64_t to)
{
    for (uint64_t number = from; number <= to; number++) {
        const signal_t signal = make(number);
        assert_int_equal(signal_store_append(store, &signal, 1), RESULT_OK);
    }
}

static void assert_signal(const signal_t *a, const signal_t *b)
{
    assert_string_equal(a->id, b->id);
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->instrument, b->instrument);
    assert_int_equal(a->side, b->side);
    assert_string_equal(a->strategy, b->strategy);
    assert_string_equal(a->source, b->source);
    assert_true(dec_eq(a->entry, b->entry) && dec_eq(a->stop, b->stop) && dec_eq(a->target, b->target));
    assert_memory_equal(&a->confidence, &b->confidence, sizeof a->confidence);
    assert_true(a->states == b->states && a->veto == b->veto && a->exit_of == b->exit_of && dec_eq(a->size_cut, b->size_cut));
    assert_memory_equal(a->veto_figure, b->veto_figure, sizeof a->veto_figure);
    assert_int_equal(a->timeframes, b->timeframes);
    assert_int_equal(a->timeframe_source, b->timeframe_source);
    assert_int_equal(a->made_ns, b->made_ns);
    assert_int_equal(a->expires_ns, b->expires_ns);
    assert_int_equal(a->input_count, b->input_count);
    for (uint32_t i = 0; i < a->input_count; i++) {
        assert_string_equal(a->inputs[i].name, b->inputs[i].name);
        assert_memory_equal(&a->inputs[i].value, &b->inputs[i].value, sizeof(double));
    }
}

static void signals_come_back_exactly_and_after_a_number(void **state)
{
    (void)state;
    signal_t read[8];
    size_t count;
    signal_store_t *store = open_store();
    assert_int_equal(signal_store_last_number(store), 0);
    append(store, 1, 5);
    for (int pass = 0; pass < 2; pass++) {
        assert_int_equal(signal_store_last_number(store), 5);
        assert_int_equal(signal_store_after(store, 0, read, 8, &count), RESULT_OK);
        assert_int_equal(count, 5);
        for (uint64_t i = 0; i < count; i++) {
            const signal_t expected = make(i + 1);
            assert_signal(&read[i], &expected);
        }
        assert_int_equal(signal_store_after(store, 3, read, 8, &count), RESULT_OK);
        assert_int_equal(count, 2);
        assert_int_equal(read[0].number, 4);
        assert_int_equal(signal_store_after(store, 0, read, 2, &count), RESULT_OK);
        assert_int_equal(count, 2);
        assert_int_equal(signal_store_after(store, 5, read, 8, &count), RESULT_OK);
        assert_int_equal(count, 0);
        assert_int_equal(signal_store_by_id(store, "ETHUSDT-L-SC02-4", &read[0]), RESULT_OK);
        assert_int_equal(read[0].number, 4);
        assert_int_equal(signal_store_by_id(store, "nothing", &read[0]), RESULT_NOT_FOUND);
        signal_store_close(store);
        store = open_store();
    }
    signal_store_close(store);
}

static void a_batch_is_stored_whole_or_not_at_all(void **state)
{
    (void)state;
    signal_store_t *store = open_store();
    append(store, 1, 2);
    signal_t batch[3] = {make(3), make(4), make(5)};
    strcpy(batch[2].id, batch[0].id);
    assert_int_equal(signal_store_append(store, batch, 3), RESULT_DUPLICATE);
    batch[2] = make(6);
    assert_int_equal(signal_store_append(store, batch, 3), RESULT_GAP);
    batch[2] = make(2);
    assert_int_equal(signal_store_append(store, batch, 3), RESULT_OUT_OF_ORDER);
    batch[2] = make(5);
    batch[2].stop = dec_from_int(200);
    assert_int_equal(signal_store_append(store, batch, 3), RESULT_BAD_ARGUMENT);
    batch[2] = make(5);
    batch[2].instrument = 77;
    assert_int_equal(signal_store_append(store, batch, 3), RESULT_UNKNOWN_VALUE);
    assert_true(strlen(signal_store_error(store)) > 0);
    assert_int_equal(signal_store_last_number(store), 2);
    batch[2] = make(5);
    assert_int_equal(signal_store_append(store, batch, 3), RESULT_OK);
    assert_int_equal(signal_store_last_number(store), 5);
    signal_store_close(store);
}

static void note_outcome(void *context, const signal_outcome_t *outcome)
{
    signal_outcome_t **next = context;
    *(*next)++ = *outcome;
}

static void outcomes_are_kept_once_and_told_in_their_order(void **state)
{
    (void)state;
    signal_outcome_t told[8], *next = told;
    signal_status_t status;
    signal_store_t *store = open_store();
    append(store, 1, 4);
    signal_outcome_t outcome = {.number = 1, .signal = 3, .profit = dec_from_scaled(-1, 18), .closed_ns = 5};
    assert_int_equal(signal_store_set_status(store, 3, SIGNAL_STATUS_TAKEN), RESULT_OK);
    assert_int_equal(signal_store_outcome(store, &outcome), RESULT_OK);
    assert_int_equal(signal_store_outcome(store, &outcome), RESULT_DUPLICATE);
    assert_int_equal(signal_store_set_status(store, 3, SIGNAL_STATUS_EXPIRED), RESULT_BAD_STATE);
    assert_int_equal(signal_store_set_status(store, 99, SIGNAL_STATUS_EXPIRED), RESULT_NOT_FOUND);
    assert_int_equal(signal_store_status(store, 3, &status), RESULT_OK);
    assert_int_equal(status, SIGNAL_STATUS_CLOSED);
    assert_int_equal(signal_store_status(store, 1, &status), RESULT_OK);
    assert_int_equal(status, SIGNAL_STATUS_NEW);
    assert_int_equal(signal_store_status(store, 99, &status), RESULT_NOT_FOUND);
    outcome = (signal_outcome_t){.number = 2, .signal = 1, .profit = dec_from_int(7), .closed_ns = 6};
    assert_int_equal(signal_store_outcome(store, &outcome), RESULT_OK);
    signal_store_close(store);
    store = open_store();
    assert_int_equal(signal_store_last_outcome(store), 2);
    assert_int_equal(signal_store_outcomes(store, note_outcome, &next), RESULT_OK);
    assert_int_equal(next - told, 2);
    assert_int_equal(told[0].number, 1);
    assert_int_equal(told[0].signal, 3);
    assert_int_equal(told[0].side, SIDE_SHORT);
    assert_string_equal(told[0].strategy, "SC02");
    assert_true(told[0].profit.units == -1);
    assert_int_equal(told[1].signal, 1);
    signal_store_close(store);
}

static void pruning_never_takes_the_last_numbers(void **state)
{
    (void)state;
    uint64_t deleted = 99;
    signal_t read[8];
    size_t count;
    signal_store_t *store = open_store();
    append(store, 1, 5);
    const signal_outcome_t outcome = {.number = 1, .signal = 2, .profit = DEC_ONE, .closed_ns = 5};
    assert_int_equal(signal_store_outcome(store, &outcome), RESULT_OK);
    assert_int_equal(signal_store_prune(store, INT64_MAX, &deleted), RESULT_OK);
    assert_int_equal(deleted, 3); /* 1, 3, 4: 2 bears the last outcome, 5 the last number */
    assert_int_equal(signal_store_after(store, 0, read, 8, &count), RESULT_OK);
    assert_int_equal(count, 2);
    append(store, 6, 6);
    signal_store_close(store);
}

static void a_second_process_is_told_that_it_is_locked(void **state)
{
    (void)state;
    signal_store_t *store = open_store();
    append(store, 1, 1);
    const pid_t child = fork();
    if (child == 0) {
        signal_store_t *second = NULL;
        char error[SIGNAL_STORE_ERROR_MAX] = "";
        const result_t result = signal_store_open(path, &table, &second, error);
        _exit(result == RESULT_LOCKED && strstr(error, path) != NULL ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    signal_store_close(store);
}

static void what_a_killed_process_had_committed_is_there(void **state)
{
    (void)state;
    const pid_t child = fork();
    if (child == 0) {
        signal_store_t *store = NULL;
        (void)signal_store_open(path, &table, &store, NULL);
        for (uint64_t number = 1; number <= 3; number++) {
            const signal_t signal = make(number);
            if (signal_store_append(store, &signal, 1) != RESULT_OK) {
                _exit(1);
            }
        }
        _exit(0); /* nothing is closed */
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    signal_store_t *store = open_store();
    assert_int_equal(signal_store_last_number(store), 3);
    signal_store_close(store);
}

static result_t open_result(char error[SIGNAL_STORE_ERROR_MAX])
{
    signal_store_t *store = NULL;
    const result_t result = signal_store_open(path, &table, &store, error);
    signal_store_close(store);
    return result;
}

static void damaged_and_foreign_files_are_named_and_left_alone(void **state)
{
    (void)state;
    char error[SIGNAL_STORE_ERROR_MAX];
    FILE *file = fopen(path, "w");
    for (int i = 0; i < 300; i++) {
        fputs("this is no database, but somebody's text\n", file);
    }
    fclose(file);
    assert_int_equal(open_result(error), RESULT_MALFORMED);
    assert_non_null(strstr(error, path));
    unlink(path);

    signal_store_t *store = open_store();
    append(store, 1, 200);
    signal_store_close(store);
    const int descriptor = open(path, O_RDWR);
    char noise[4096 * 3];
    memset(noise, 0xA5, sizeof noise);
    assert_int_equal(pwrite(descriptor, noise, sizeof noise, 4096 * 2), sizeof noise);
    close(descriptor);
    assert_int_equal(open_result(error), RESULT_CHECKSUM);
    assert_non_null(strstr(error, "damaged"));
}

static void a_newer_or_foreign_schema_is_refused(void **state)
{
    (void)state;
    char error[SIGNAL_STORE_ERROR_MAX], command[TEST_PATH_MAX + 256];
    signal_store_close(open_store());
    snprintf(command, sizeof command,
             "python3 -c \"import sqlite3;d=sqlite3.connect('%s');d.execute('PRAGMA user_version=3');d.commit()\"", path);
    if (system(command) != 0) {
        skip();
    }
    assert_int_equal(open_result(error), RESULT_VERSION);
    unlink(path);
    snprintf(command, sizeof command,
             "python3 -c \"import sqlite3;d=sqlite3.connect('%s');d.execute('CREATE TABLE x(y)');d.commit()\"", path);
    assert_int_equal(system(command), 0);
    assert_int_equal(open_result(error), RESULT_MALFORMED);
}

/* A database of version 1, as released before: the same without the columns of version 2. */
static void a_database_of_version_1_is_brought_up_to_date(void **state)
{
    (void)state;
    char command[TEST_PATH_MAX + 512];
    signal_t back;
    signal_store_t *store = open_store();
    append(store, 1, 2);
    signal_store_close(store);
    snprintf(command, sizeof command,
             "python3 -c \"import sqlite3;d=sqlite3.connect('%s',isolation_level=None);"
             "[d.execute('ALTER TABLE signals DROP COLUMN '+c) for c in "
             "'states size_cut veto veto_first veto_second exit_of'.split()];d.execute('PRAGMA user_version=1')\"",
             path);
    if (system(command) != 0) {
        skip();
    }
    store = open_store();
    const signal_t expected = make(2);
    assert_int_equal(signal_store_by_id(store, expected.id, &back), RESULT_OK);
    assert_true(back.states == 0 && dec_is_zero(back.size_cut) && back.veto == SIGNAL_VETO_NONE && back.exit_of == 0);
    assert_true(dec_eq(back.entry, expected.entry) && back.input_count == expected.input_count);
    append(store, 3, 3);
    signal_store_close(store);
    store = open_store(); /* and once only */
    assert_int_equal(signal_store_last_number(store), 3);
    signal_store_close(store);
}

static void a_place_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    char error[SIGNAL_STORE_ERROR_MAX] = "", absent[TEST_PATH_MAX + 32];
    signal_store_t *store = NULL;
    snprintf(absent, sizeof absent, "%s/no-such-folder/signals.db", folder);
    assert_int_equal(signal_store_open(absent, &table, &store, error), RESULT_PERMISSION);
    assert_non_null(strstr(error, absent));
    assert_null(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(signals_come_back_exactly_and_after_a_number),       TEST(a_batch_is_stored_whole_or_not_at_all),
        TEST(outcomes_are_kept_once_and_told_in_their_order),     TEST(pruning_never_takes_the_last_numbers),
        TEST(a_second_process_is_told_that_it_is_locked),         TEST(what_a_killed_process_had_committed_is_there),
        TEST(damaged_and_foreign_files_are_named_and_left_alone), TEST(a_newer_or_foreign_schema_is_refused),
        TEST(a_database_of_version_1_is_brought_up_to_date),      TEST(a_place_that_cannot_be_written_is_named),
    };
    table_make();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
