/* shows: MKT-7, I11, I17
 *
 * One budget for all processes: never above 90 %, room kept for stops and exits, bans obeyed to the second, and right at once after
 * a holder's death at any instruction.
 */
#include "support/test_support.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "edge/exchange/budget.h"

#define NOON INT64_C(1700000040000) /* a full minute */

static char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 16];

static int setup(void **state)
{
    (void)state;
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/budget.bin", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_dir_remove(folder);
    return 0;
}

static budget_t *opened(void)
{
    budget_t *budget;
    assert_ok(budget_open(path, &budget, NULL));
    return budget;
}

static result_t take(budget_t *budget, budget_priority_t priority, uint32_t weight, int64_t now_ms, int64_t *wait_ms)
{
    const budget_ask_t ask = {.priority = priority, .weight = weight, .now_ms = now_ms};
    return budget_take(budget, &ask, wait_ms);
}

static uint32_t used(budget_t *budget, int64_t now_ms)
{
    budget_view_t view;
    assert_ok(budget_read(budget, 0, now_ms, &view));
    return view.weight_used;
}

static void each_priority_stops_at_its_share(void **state)
{
    (void)state;
    static const uint32_t share[BUDGET_PRIORITY_COUNT] = {90, 85, 70, 60, 50};
    for (int priority = BUDGET_HISTORY; priority >= BUDGET_STOP; priority--) {
        budget_t *budget = opened();
        uint32_t before = used(budget, NOON);
        int64_t wait_ms = 0;
        while (take(budget, (budget_priority_t)priority, 10, NOON + 20000, &wait_ms) == RESULT_OK) {}
        assert_true(wait_ms == 40000); /* until the minute is over */
        assert_int_equal(used(budget, NOON), 2400 * share[priority] / 100);
        assert_true(used(budget, NOON) > before);
        budget_close(budget);
    }
    budget_t *budget = opened();
    assert_result(take(budget, BUDGET_STOP, 10, NOON + 59999, NULL), RESULT_BUDGET); /* never above 90 % */
    assert_ok(take(budget, BUDGET_HISTORY, 10, NOON + 60000, NULL));                 /* a new minute */
    assert_int_equal(used(budget, NOON + 60000), 10);
    budget_close(budget);
}

static void processes_share_it_and_the_venue_has_the_last_word(void **state)
{
    (void)state;
    budget_t *ours = opened(), *theirs = opened();
    assert_ok(take(ours, BUDGET_QUERY, 100, NOON, NULL));
    assert_ok(take(theirs, BUDGET_QUERY, 200, NOON, NULL));
    assert_int_equal(used(ours, NOON), 300);
    const budget_reply_t reply = {.now_ms = NOON, .weight_used = 1500, .orders_10s = -1, .orders_minute = -1};
    budget_note_reply(ours, &reply); /* somebody else is on this address */
    assert_int_equal(used(theirs, NOON), 1500);
    assert_result(take(theirs, BUDGET_QUERY, 1, NOON, NULL), RESULT_BUDGET);
    assert_ok(take(theirs, BUDGET_ENTRY, 1, NOON, NULL));
    const budget_reply_t late = {.now_ms = NOON - 1000, .weight_used = 3, .orders_10s = -1, .orders_minute = -1};
    budget_note_reply(ours, &late); /* tells of the minute before */
    assert_int_equal(used(theirs, NOON), 1501);
    budget_close(ours);
    budget_close(theirs);
}

static void orders_are_counted_by_account(void **state)
{
    (void)state;
    budget_t *budget = opened();
    budget_ask_t ask = {.priority = BUDGET_ENTRY, .orders_10s = 1, .orders_minute = 1, .account = 7, .now_ms = NOON};
    int64_t wait_ms;
    for (int i = 0; i < 210; i++) { /* 70 % of 300 in ten seconds */
        assert_ok(budget_take(budget, &ask, NULL));
    }
    assert_result(budget_take(budget, &ask, &wait_ms), RESULT_BUDGET);
    assert_true(wait_ms == 10000);
    ask.priority = BUDGET_STOP;
    assert_ok(budget_take(budget, &ask, NULL)); /* a stop still passes */
    ask.priority = BUDGET_ENTRY;
    ask.account = 8;
    assert_ok(budget_take(budget, &ask, NULL)); /* another account has its own */
    budget_view_t view;
    assert_ok(budget_read(budget, 7, NOON, &view));
    assert_int_equal(view.orders_10s, 211);
    assert_int_equal(view.orders_minute, 211);
    assert_ok(budget_read(budget, 8, NOON, &view));
    assert_int_equal(view.orders_10s, 1);
    assert_ok(budget_read(budget, 0, NOON, &view));
    assert_int_equal(view.orders_10s, 0);
    ask.account = 7;
    ask.now_ms = NOON + 10000;
    assert_ok(budget_take(budget, &ask, NULL));
    for (uint64_t account = 100; account < 100 + BUDGET_ACCOUNTS_MAX - 2; account++) {
        ask.account = account;
        assert_ok(budget_take(budget, &ask, NULL));
    }
    ask.account = 999;
    assert_result(budget_take(budget, &ask, NULL), RESULT_FULL);
    budget_close(budget);
}

static void bans_silence_everybody_until_the_stated_second(void **state)
{
    (void)state;
    budget_t *ours = opened(), *theirs = opened();
    int64_t wait_ms;
    budget_note_ban(ours, NOON, 120);
    assert_result(take(theirs, BUDGET_STOP, 1, NOON + 119999, &wait_ms), RESULT_BANNED);
    assert_true(wait_ms == 1);
    budget_note_ban(ours, NOON, 5); /* a shorter one changes nothing */
    assert_result(take(theirs, BUDGET_STOP, 1, NOON + 119999, NULL), RESULT_BANNED);
    assert_ok(take(theirs, BUDGET_STOP, 1, NOON + 120000, NULL));
    budget_note_ban(ours, NOON, -1);
    assert_result(take(theirs, BUDGET_STOP, 1, NOON + 59999, NULL), RESULT_BANNED);
    assert_ok(budget_clear_ban(ours));
    assert_ok(take(theirs, BUDGET_STOP, 1, NOON + 59999, NULL));
    budget_close(ours);
    budget_close(theirs);
}

static void limits_change_while_it_runs(void **state)
{
    (void)state;
    budget_t *budget = opened();
    const budget_limits_t small = {.weight_minute = 100, .orders_10s = 0, .orders_minute = 0}, none = {0};
    assert_ok(budget_set_limits(budget, &small));
    assert_result(budget_set_limits(budget, &none), RESULT_BAD_ARGUMENT);
    assert_result(take(budget, BUDGET_HISTORY, 51, NOON, NULL), RESULT_BUDGET);
    assert_ok(take(budget, BUDGET_HISTORY, 50, NOON, NULL));
    budget_close(budget);
}

static void another_clock_begins_anew(void **state)
{
    (void)state;
    budget_t *budget = opened();
    assert_ok(take(budget, BUDGET_STOP, 2160, NOON, NULL));
    assert_result(take(budget, BUDGET_STOP, 1, NOON - 30000, NULL), RESULT_BUDGET); /* a laggard */
    assert_ok(take(budget, BUDGET_STOP, 1, NOON - INT64_C(200000000), NULL));       /* a simulated venue that began earlier */
    budget_note_ban(budget, NOON, 3600);
    assert_ok(take(budget, BUDGET_STOP, 1, NOON - INT64_C(40000000000), NULL));
    budget_close(budget);
}

/* A child that dies (SIGKILL) at a random moment of working on the file; then at once the parent must be served. */
static void a_holders_death_at_any_moment_costs_nothing(void **state)
{
    (void)state;
    budget_t *budget = opened();
    for (int round = 0; round < 60; round++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            budget_t *mine;
            (void)alarm(20); /* whatever becomes of the parent, this one does not stay */
            if (budget_open(path, &mine, NULL) == RESULT_OK) {
                for (;;) {
                    (void)take(mine, BUDGET_QUERY, 1, NOON + round * INT64_C(60000), NULL);
                }
            }
            _exit(1);
        }
        while (used(budget, NOON + round * INT64_C(60000)) == 0) { /* it is at work */
        }
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, NULL, 0), child);
        uint32_t before = used(budget, NOON + round * INT64_C(60000));
        assert_ok(take(budget, BUDGET_STOP, 1, NOON + round * INT64_C(60000), NULL));
        assert_int_equal(used(budget, NOON + round * INT64_C(60000)), before + 1);
    }
    budget_file_t how;
    budget_t *again;
    assert_ok(budget_open(path, &again, &how));
    assert_int_equal(how, BUDGET_FILE_KEPT);
    budget_close(again);
    budget_close(budget);
}

/* A slot that was half written does not count: the state before it does. Every byte of the file is spoilt once. */
static void damage_is_noticed_byte_by_byte(void **state)
{
    (void)state;
    budget_t *budget = opened();
    assert_ok(take(budget, BUDGET_QUERY, 100, NOON, NULL));
    assert_ok(take(budget, BUDGET_QUERY, 100, NOON, NULL));
    budget_close(budget);
    int file = open(path, O_RDWR);
    assert_true(file >= 0);
    char whole[4096];
    assert_int_equal(read(file, whole, sizeof whole), (int)sizeof whole);
    for (size_t at = 0; at < sizeof whole; at += 3) {
        char spoilt = (char)(whole[at] ^ 0x10);
        assert_int_equal(pwrite(file, &spoilt, 1, (off_t)at), 1);
        budget = opened();
        uint32_t weight = used(budget, NOON);
        assert_true(weight == 100 || weight == 200);
        assert_ok(take(budget, BUDGET_STOP, 1, NOON, NULL));
        budget_close(budget);
        assert_int_equal(pwrite(file, whole, sizeof whole, 0), (int)sizeof whole);
    }
    memset(whole, 'x', sizeof whole);
    assert_int_equal(pwrite(file, whole, sizeof whole, 0), (int)sizeof whole);
    budget_file_t how;
    assert_ok(budget_open(path, &budget, &how));
    assert_int_equal(how, BUDGET_FILE_REBUILT);
    assert_int_equal(used(budget, NOON), 0);
    budget_close(budget);
    assert_int_equal(ftruncate(file, 100), 0);
    assert_ok(budget_open(path, &budget, &how));
    assert_int_equal(how, BUDGET_FILE_REBUILT);
    budget_close(budget);
    (void)close(file);
}

/* A holder that hangs: stops and exits pass, the rest waits; a ban holds all the same. */
static void a_hanging_holder_keeps_no_stop_from_leaving(void **state)
{
    (void)state;
    budget_t *budget = opened();
    int holder = open(path, O_RDWR);
    assert_int_equal(flock(holder, LOCK_EX), 0);
    assert_ok(take(budget, BUDGET_STOP, 1, NOON, NULL));
    assert_ok(take(budget, BUDGET_EXIT, 1, NOON, NULL));
    assert_result(take(budget, BUDGET_ENTRY, 1, NOON, NULL), RESULT_LOCKED);
    assert_int_equal(flock(holder, LOCK_UN), 0);
    budget_note_ban(budget, NOON, 60);
    assert_int_equal(flock(holder, LOCK_EX), 0);
    assert_result(take(budget, BUDGET_STOP, 1, NOON, NULL), RESULT_BANNED);
    (void)close(holder);
    budget_close(budget);
}

static void files_that_cannot_be_had(void **state)
{
    (void)state;
    budget_t *budget;
    assert_result(budget_open("/proc/nowhere/budget.bin", &budget, NULL), RESULT_IO);
    struct stat about;
    budget = opened();
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    budget_close(budget);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_priority_stops_at_its_share, setup, teardown),
        cmocka_unit_test_setup_teardown(processes_share_it_and_the_venue_has_the_last_word, setup, teardown),
        cmocka_unit_test_setup_teardown(orders_are_counted_by_account, setup, teardown),
        cmocka_unit_test_setup_teardown(bans_silence_everybody_until_the_stated_second, setup, teardown),
        cmocka_unit_test_setup_teardown(limits_change_while_it_runs, setup, teardown),
        cmocka_unit_test_setup_teardown(another_clock_begins_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(a_holders_death_at_any_moment_costs_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(damage_is_noticed_byte_by_byte, setup, teardown),
        cmocka_unit_test_setup_teardown(a_hanging_holder_keeps_no_stop_from_leaving, setup, teardown),
        cmocka_unit_test_setup_teardown(files_that_cannot_be_had, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
