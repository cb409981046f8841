/* test_log.c: each line is one JSON object, files stay bounded, nothing that is logged can hurt the process or the reader.
 * shows: OPS-5, OPS-17, OPS-29, I15, I17 (fault 100)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/time.h"
#include "edge/observe/log.h"
#include "support/test_support.h"

static char folder[TEST_PATH_MAX];
static int64_t fake_now_ns;

static int64_t fake_now(void)
{
    return fake_now_ns;
}

static int folder_make(void **state)
{
    (void)state;
    test_dir_make(folder);
    fake_now_ns = INT64_C(1764000000) * NS_PER_S;
    return 0;
}

static int folder_remove(void **state)
{
    (void)state;
    log_close();
    test_dir_remove(folder);
    return 0;
}

static log_options_t quiet(void)
{
    return (log_options_t){
        .folder = folder, .role = "tester", .level = LOG_INFO, .terminal = LOG_TERMINAL_NEVER, .now_ns = fake_now};
}

static size_t file_text(const char *name, char *text, size_t capacity)
{
    char path[TEST_PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return 0;
    }
    size_t length = fread(text, 1, capacity - 1, file);
    fclose(file);
    text[length] = '\0';
    return length;
}

static void a_line_is_json_with_the_promised_fields(void **state)
{
    (void)state;
    log_options_t options = quiet();
    options.service = "order-execution";
    assert_int_equal(log_open(&options), RESULT_OK);
    dec_t price;
    assert_int_equal(dec_parse("61800.25", 8, &price), RESULT_OK);
    log_write(LOG_INFO, LOG_EVENT_ORDER_PLACED, "SIG-7", "order sent",
              LOG_FIELDS(LOG_TEXT("symbol", "BTCUSDT"), LOG_DEC("price", price), LOG_INT("tries", -2), LOG_BOOL("reduce", true),
                         LOG_REAL("score", NAN), LOG_TEXT("note", NULL)));
    char text[2048];
    assert_true(file_text("tester.log", text, sizeof text) > 0);
    assert_non_null(
        strstr(text, "{\"timestamp\":\"2025-11-24T16:00:00.000000Z\",\"level\":\"INFO\",\"service\":\"order-execution\",\"pid\":"));
    assert_non_null(
        strstr(text, "\"correlation_id\":\"SIG-7\",\"event\":\"order_placed\",\"message\":\"order sent\",\"symbol\":\"BTCUSDT\","
                     "\"price\":\"61800.25\",\"tries\":-2,\"reduce\":true,\"score\":null,\"note\":null}\n"));
    struct stat status;
    char path[TEST_PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/tester.log", folder);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

/* Texts from a hostile venue stay inside their JSON string and on their line. */
static void hostile_text_stays_in_its_place(void **state)
{
    (void)state;
    log_options_t options = quiet();
    assert_int_equal(log_open(&options), RESULT_OK);
    char huge[20000];
    memset(huge, '"', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    log_write(LOG_INFO, LOG_EVENT_REQUEST_FAILED, "a\"b", "line\nbreak \x1b[2J \xff\xfe",
              LOG_FIELDS(LOG_TEXT("body", huge), LOG_TEXT("other", huge)));
    log_write(LOG_INFO, LOG_EVENT_REQUEST_FAILED, NULL, huge, LOG_NO_FIELDS);
    char text[40000];
    assert_true(file_text("tester.log", text, sizeof text) > 0);
    unsigned lines = 0;
    for (char *line = text; *line != '\0';) {
        char *end = strchr(line, '\n');
        assert_non_null(end);
        assert_true(end - line < 8192);
        assert_true(line[0] == '{' && end[-1] == '}');
        for (char *at = line; at < end; at++) {
            assert_true((unsigned char)*at >= 0x20);
        }
        lines++;
        line = end + 1;
    }
    assert_int_equal(lines, 2);
}

static void fields_that_do_not_fit_are_left_out_not_the_line(void **state)
{
    (void)state;
    log_options_t options = quiet();
    assert_int_equal(log_open(&options), RESULT_OK);
    char wide[600];
    memset(wide, '\x01', sizeof wide - 1); /* six bytes each when escaped */
    wide[sizeof wide - 1] = '\0';
    log_write(LOG_ERROR, LOG_EVENT_REQUEST_FAILED, NULL, "kept",
              LOG_FIELDS(LOG_TEXT("a", wide), LOG_TEXT("b", wide), LOG_TEXT("c", wide)));
    char text[9000];
    assert_true(file_text("tester.log", text, sizeof text) > 0);
    assert_non_null(strstr(text, "\"message\":\"kept\",\"fields_left_out\":true}"));
}

static void levels_filter_and_change_while_running(void **state)
{
    (void)state;
    log_options_t options = quiet();
    assert_int_equal(log_open(&options), RESULT_OK);
    assert_false(log_enabled(LOG_DEBUG));
    log_write(LOG_DEBUG, LOG_EVENT_BATCH_STARTED, NULL, "unseen", LOG_NO_FIELDS);
    log_level_set(LOG_DEBUG);
    log_write(LOG_DEBUG, LOG_EVENT_BATCH_STARTED, NULL, "seen", LOG_NO_FIELDS);
    log_level_set(LOG_CRITICAL);
    log_write(LOG_ERROR, LOG_EVENT_BATCH_STARTED, NULL, "unheard", LOG_NO_FIELDS);
    char text[4096];
    assert_true(file_text("tester.log", text, sizeof text) > 0);
    assert_null(strstr(text, "unseen"));
    assert_non_null(strstr(text, "\"seen\""));
    assert_null(strstr(text, "unheard"));
    assert_non_null(strstr(text, "\"before\":\"DEBUG\",\"after\":\"CRITICAL\""));
    log_level_t level;
    assert_int_equal(log_level_parse("Warn", &level), RESULT_OK);
    assert_int_equal(level, LOG_WARNING);
    assert_int_equal(log_level_parse("loud", &level), RESULT_UNKNOWN_VALUE);
}

static void files_rotate_and_only_the_last_ones_stay(void **state)
{
    (void)state;
    log_options_t options = quiet();
    options.file_bytes_max = 2000;
    assert_int_equal(log_open(&options), RESULT_OK);
    for (int i = 0; i < 100; i++) {
        log_write(LOG_INFO, LOG_EVENT_BATCH_STARTED, NULL, "a line of some length to fill the file", LOG_FIELDS(LOG_INT("i", i)));
    }
    char path[TEST_PATH_MAX + 64];
    struct stat status;
    const char *names[] = {"tester.log", "tester.log.1", "tester.log.2"};
    for (unsigned i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        assert_int_equal(stat(path, &status), 0);
        assert_true(status.st_size > 0 && status.st_size <= 2000);
    }
    snprintf(path, sizeof path, "%s/tester.log.3", folder);
    assert_int_not_equal(stat(path, &status), 0);
    char text[3000];
    assert_true(file_text("tester.log", text, sizeof text) > 0);
    assert_non_null(strstr(text, "\"i\":99}"));
}

static void a_day_has_a_cap_and_the_next_one_tells(void **state)
{
    (void)state;
    log_options_t options = quiet();
    options.day_bytes_max = 5000;
    assert_int_equal(log_open(&options), RESULT_OK);
    for (int i = 0; i < 1000; i++) {
        log_write(LOG_INFO, LOG_EVENT_BATCH_STARTED, NULL, "storm", LOG_NO_FIELDS);
    }
    log_counters_t counters = log_counters();
    assert_true(counters.bytes_today <= 5000);
    assert_true(counters.lines_lost > 900);
    log_write(LOG_WARNING, LOG_EVENT_RISK_BREACH, NULL, "still heard", LOG_NO_FIELDS);
    for (int i = 0; i < 1000; i++) {
        log_write(LOG_ERROR, LOG_EVENT_RISK_BREACH, NULL, "error storm", LOG_NO_FIELDS);
    }
    counters = log_counters();
    assert_true(counters.bytes_today <= 5500);
    assert_int_equal(counters.errors, 1000);
    assert_string_equal(counters.last_error, "error storm");
    fake_now_ns += NS_PER_DAY;
    log_write(LOG_INFO, LOG_EVENT_BATCH_STARTED, NULL, "a new day", LOG_NO_FIELDS);
    char text[9000];
    assert_true(file_text("tester.log", text, sizeof text) > 0);
    assert_non_null(strstr(text, "still heard"));
    assert_non_null(strstr(text, "\"event\":\"log_lines_lost\""));
    assert_non_null(strstr(text, "a new day"));
}

static unsigned criticals;
static void on_critical(void *context, log_event_t event, const char *message)
{
    (void)context;
    criticals += event == LOG_EVENT_JOURNAL_FAILED && strcmp(message, "gone") == 0;
}

static void critical_lines_call_the_operator_also_without_a_disk(void **state)
{
    (void)state;
    log_options_t options = quiet();
    options.folder = "/proc/nowhere"; /* cannot be made */
    options.critical = on_critical;
    criticals = 0;
    assert_int_not_equal(log_open(&options), RESULT_OK);
    log_write(LOG_CRITICAL, LOG_EVENT_JOURNAL_FAILED, NULL, "gone", LOG_NO_FIELDS);
    assert_int_equal(criticals, 1);
}

static void a_terminal_that_does_not_drain_never_stops_us(void **state)
{
    (void)state;
    int pipes[2];
    int kept = dup(STDERR_FILENO);
    assert_int_equal(pipe(pipes), 0);
    assert_true(dup2(pipes[1], STDERR_FILENO) >= 0);
    log_options_t options = quiet();
    options.terminal = LOG_TERMINAL_ALWAYS;
    result_t opened = log_open(&options);
    for (int i = 0; i < 5000; i++) { /* far more than a pipe holds; nobody reads */
        log_write(LOG_INFO, LOG_EVENT_BATCH_STARTED, NULL, "to a terminal that was stopped with ctrl-s", LOG_NO_FIELDS);
    }
    uint64_t lost = log_counters().terminal_lost;
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    char line[512];
    ssize_t got = read(pipes[0], line, sizeof line - 1);
    close(pipes[0]);
    close(pipes[1]);
    assert_int_equal(opened, RESULT_OK);
    assert_true(lost > 1000);
    assert_true(got > 0);
    line[got] = '\0';
    assert_memory_equal(line, "16:00:00.000 INFO     tester: to a terminal", 43);
}

static void every_event_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LOG_EVENT_COUNT; i++) {
        const char *name = log_event_text((log_event_t)i);
        assert_true(name[0] != '\0');
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
        for (unsigned j = 0; j < i; j++) {
            assert_string_not_equal(name, log_event_text((log_event_t)j));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_is_json_with_the_promised_fields, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(hostile_text_stays_in_its_place, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(fields_that_do_not_fit_are_left_out_not_the_line, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(levels_filter_and_change_while_running, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(files_rotate_and_only_the_last_ones_stay, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(a_day_has_a_cap_and_the_next_one_tells, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(critical_lines_call_the_operator_also_without_a_disk, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(a_terminal_that_does_not_drain_never_stops_us, folder_make, folder_remove),
        cmocka_unit_test(every_event_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
