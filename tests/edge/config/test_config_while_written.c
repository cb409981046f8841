/* test_config_while_written.c: a file that somebody writes while it is read is not believed; the version in force stays, and no
 * alarm is raised. shows: OPS-12, OPS-13
 *
 * read() stands before the C library's here, so that the writer comes at the one certain moment that a race would need luck for.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "edge/config/config.h"
#include "support/test_support.h"

static char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 16];
static const char *written_meanwhile;
static config_report_t report;

static void put(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
}

ssize_t read(int descriptor, void *bytes, size_t size)
{
    struct stat file, read_now;
    if (written_meanwhile != NULL && stat(path, &file) == 0 && fstat(descriptor, &read_now) == 0 &&
        file.st_ino == read_now.st_ino) {
        const char *text = written_meanwhile;
        written_meanwhile = NULL;
        put(text);
    }
    return syscall(SYS_read, descriptor, bytes, size);
}

static config_store_t *open_with(const char *text)
{
    static const char *const nothing[] = {NULL};
    const config_options_t options = {.folder = folder, .environment = nothing};
    config_store_t *store = NULL;
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/patriot.yaml", folder);
    put(text);
    assert_ok(config_open(&options, &store, &report));
    return store;
}

/* The first half of a good file, and more than was there: in both cases a reader has seen neither the old nor the new one. */
static void what_changes_under_the_reader_is_read_another_time(void **state)
{
    static const char *const meanwhile[] = {"risk:\n  percent: 3\n  lev",
                                            "risk:\n  percent: 3\n  leverage: 12\n  max_symbol_notional: 5000\n"};
    (void)state;
    for (size_t i = 0; i < sizeof meanwhile / sizeof meanwhile[0]; i++) {
        config_store_t *store = open_with("risk:\n  percent: 2\n");
        const config_t *config = config_current(store);
        put("risk:\n  percent: 1\n  leverage: 10\n");
        written_meanwhile = meanwhile[i];
        assert_int_equal(config_reload(store, false, &report, NULL, NULL), CONFIG_UNCHANGED);
        assert_null(written_meanwhile);
        assert_dec_equal(config->risk.risk_pct, "2");
        assert_int_equal(config->version, 1);
        put("risk:\n  percent: 4\n  leverage: 12\n");
        assert_int_equal(config_reload(store, false, &report, NULL, NULL), CONFIG_CHANGED);
        assert_dec_equal(config->risk.risk_pct, "4");
        config_close(store);
        test_dir_remove(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_changes_under_the_reader_is_read_another_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
