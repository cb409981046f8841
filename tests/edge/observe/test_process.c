/* test_process.c: titles in ps, last words of a crash, no core dump of secrets; the health document.
 * shows: OPS-10, OPS-17, UI-11, I15, I20
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/observe/health.h"
#include "edge/observe/log.h"
#include "edge/observe/process.h"
#include "support/test_support.h"

static char folder[TEST_PATH_MAX];

static void read_file(const char *path, char *text, size_t capacity)
{
    int file = open(path, O_RDONLY);
    ssize_t got = file < 0 ? 0 : read(file, text, capacity - 1);
    if (file >= 0) {
        close(file);
    }
    text[got > 0 ? got : 0] = '\0';
}

static void ps_shows_the_role(void **state)
{
    char text[512];
    (void)state;
    process_title_set("monitor", "ready");
    read_file("/proc/self/cmdline", text, sizeof text);
    assert_string_equal(text, "patriot: monitor [ready]");
    process_title_set("up", NULL);
    read_file("/proc/self/cmdline", text, sizeof text);
    assert_string_equal(text, "patriot: up");
    read_file("/proc/self/comm", text, sizeof text);
    assert_string_equal(text, "patriot:up\n");
    assert_non_null(getenv("PATH")); /* the environment has moved, not gone */
}

static void crash_in_child(int kind, const char *role)
{
    log_options_t options = {.folder = folder, .role = role, .level = LOG_INFO, .terminal = LOG_TERMINAL_NEVER};
    int nowhere = open("/dev/null", O_WRONLY);
    struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)dup2(nowhere, STDERR_FILENO);
    /* cmocka and sanitizers have handlers of their own */
    if (log_open(&options) != RESULT_OK || process_crash_handler_install(role) != RESULT_OK) {
        _exit(9);
    }
    if (kind == SIGABRT) {
        ASSERT(role == NULL);
    }
    raise(kind);
    _exit(8);
}

static void a_crash_leaves_one_line(void **state)
{
    static const int kinds[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE};
    static const char *const names[] = {"SIGABRT", "SIGSEGV", "SIGBUS", "SIGFPE"};
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        char role[32];
        char path[TEST_PATH_MAX + 64];
        char text[1024];
        int status = 0;
        snprintf(role, sizeof role, "crash%u", i);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            crash_in_child(kinds[i], role);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), kinds[i]); /* it dies of what it had, so that a supervisor sees it */
        snprintf(path, sizeof path, "%s/%s.log", folder, role);
        read_file(path, text, sizeof text);
        assert_non_null(strstr(text, "\"event\":\"process_crashed\""));
        assert_non_null(strstr(text, names[i]));
        assert_int_equal(text[strlen(text) - 1], '\n');
    }
}

static void a_process_with_secrets_leaves_no_core(void **state)
{
    (void)state;
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit limit;
        bool good = process_secrecy_set(PROCESS_HOLDS_SECRETS) == RESULT_OK && prctl(PR_GET_DUMPABLE) == 0 &&
                    getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0;
        _exit(good ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void usage_is_read(void **state)
{
    process_usage_t usage = {0};
    (void)state;
    assert_int_equal(process_usage_read(&usage), RESULT_OK);
    assert_true(usage.rss_bytes > 100 * 1024);
    assert_true(usage.descriptors >= 3);
}

static void health_is_the_worst_of_its_checks(void **state)
{
    static health_t health;
    static char text[HEALTH_JSON_MAX];
    size_t length = 0;
    (void)state;
    health_init(&health, "watchdog", NS_PER_S);
    assert_int_equal(health_state(&health), HEALTH_OK);
    health_check_set(&health, "journal", HEALTH_OK, "writing", 2 * NS_PER_S);
    health_check_set(&health, "signer", HEALTH_STARTING, "connecting", 2 * NS_PER_S);
    assert_int_equal(health_state(&health), HEALTH_STARTING);
    health_check_set(&health, "prices", HEALTH_DEGRADED, "BTCUSDT is 12 s old", 2 * NS_PER_S);
    assert_int_equal(health_state(&health), HEALTH_DEGRADED);
    health_check_set(&health, "journal", HEALTH_DOWN, "disk \"full\"", 3 * NS_PER_S);
    assert_int_equal(health_state(&health), HEALTH_DOWN);
    assert_int_equal(health.check_count, 3);
    health_counter_set(&health, "orders", 7);
    health_counter_set(&health, "orders", 8);
    health_money_set(&health, "equity", dec_from_int(10000));
    assert_int_equal(health_write(&health, 11 * NS_PER_S, text, sizeof text, &length), RESULT_OK);
    assert_int_equal(strlen(text), length);
    assert_non_null(strstr(text, "{\"role\":\"watchdog\",\"pid\":"));
    assert_non_null(strstr(text, "\"state\":\"down\",\"since\":\"1970-01-01T00:00:01.000Z\",\"uptime_ms\":10000,"));
    assert_non_null(strstr(
        text, "\"name\":\"journal\",\"state\":\"down\",\"text\":\"disk \\\"full\\\"\",\"since\":\"1970-01-01T00:00:03.000Z\""));
    assert_non_null(strstr(text, "\"counters\":{\"orders\":8,\"equity\":\"10000\"}}"));
    assert_int_equal(health_write(&health, 11 * NS_PER_S, text, 200, &length), RESULT_FULL);
}

static void a_full_health_document_fits_its_bound(void **state)
{
    static health_t health;
    static char text[HEALTH_JSON_MAX];
    char name[HEALTH_NAME_MAX];
    char ugly[HEALTH_TEXT_MAX + 10];
    size_t length = 0;
    (void)state;
    memset(ugly, '\x02', sizeof ugly - 1);
    ugly[sizeof ugly - 1] = '\0';
    health_init(&health, "watchdog", 0);
    for (unsigned i = 0; i < HEALTH_CHECKS_MAX + 5; i++) {
        snprintf(name, sizeof name, "check-%u", i);
        health_check_set(&health, name, HEALTH_OK, ugly, 0);
    }
    for (unsigned i = 0; i < HEALTH_COUNTERS_MAX + 5; i++) {
        snprintf(name, sizeof name, "a-counter-with-a-long-name-%u", i);
        health_text_set(&health, name, ugly);
    }
    assert_int_equal(health_write(&health, NS_PER_DAY, text, sizeof text, &length), RESULT_OK);
}

static int group_setup(void **state)
{
    log_options_t silent = {.role = "tester", .level = LOG_CRITICAL, .terminal = LOG_TERMINAL_NEVER};
    (void)state;
    (void)log_open(&silent);
    test_dir_make(folder);
    return 0;
}

static int group_teardown(void **state)
{
    (void)state;
    test_dir_remove(folder);
    return 0;
}

/* Asked to end before there is a loop, even before the program ran while its caller held the signals back: kept, and told once. */
static void an_end_that_comes_early_is_kept(void **state)
{
    (void)state;
    static const int numbers[] = {SIGTERM, SIGINT};
    for (size_t i = 0; i < 2; i++) {
        int status = 0;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            sigset_t ends;
            sigemptyset(&ends);
            sigaddset(&ends, numbers[i]);
            (void)sigprocmask(SIG_BLOCK, &ends, NULL);
            (void)raise(numbers[i]); /* held back by whoever started us */
            process_end_signal_hold();
            bool first = process_end_signal_take() == numbers[i] && process_end_signal_take() == 0;
            (void)raise(numbers[i]);
            _exit(first && process_end_signal_take() == numbers[i] ? 0 : 1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_that_comes_early_is_kept),
        cmocka_unit_test(ps_shows_the_role),
        cmocka_unit_test(a_crash_leaves_one_line),
        cmocka_unit_test(a_process_with_secrets_leaves_no_core),
        cmocka_unit_test(usage_is_read),
        cmocka_unit_test(health_is_the_worst_of_its_checks),
        cmocka_unit_test(a_full_health_document_fits_its_bound),
    };
    process_title_init(argc, argv);
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
