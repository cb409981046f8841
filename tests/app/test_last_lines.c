/* test_last_lines.c: the reason of a process's end is found at the end of its output, and nothing of an earlier start.
 * shows: UI-13, OPS-9
 */
#include "support/test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/last_lines.h"

static char path[] = "/tmp/patriot-last-lines-XXXXXX";

static void write_text(const char *words)
{
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fputs(words, file);
    fclose(file);
}

static int make_file(void **state)
{
    (void)state;
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    int descriptor = mkstemp(path);
    return descriptor < 0 || close(descriptor) != 0;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void only_the_last_start_counts(void **state)
{
    (void)state;
    char text[LAST_LINES_MAX];
    write_text("an older end\n");
    int64_t from = last_lines_end(path);
    last_lines_read(path, from, text);
    assert_string_equal(text, "");
    write_text("patriot exchange: /nope.csv: not found\nwithout\x1b an end");
    last_lines_read(path, from, text);
    assert_string_equal(text, "patriot exchange: /nope.csv: not found\nwithout? an end\n");
}

static void the_last_five_whole_lines(void **state)
{
    (void)state;
    char text[LAST_LINES_MAX], line[16];
    for (int i = 0; i < 1000; i++) {
        snprintf(line, sizeof line, "line %d\n", i);
        write_text(line);
    }
    last_lines_read(path, 0, text);
    assert_string_equal(text, "line 995\nline 996\nline 997\nline 998\nline 999\n");
}

static void one_line_longer_than_the_room_ends_in_it(void **state)
{
    (void)state;
    char text[LAST_LINES_MAX];
    for (int i = 0; i < 3 * LAST_LINES_MAX / 8; i++)
        write_text("01234567");
    last_lines_read(path, 0, text);
    assert_true(strlen(text) == LAST_LINES_MAX - 1);
    last_lines_read("/nonexistent", 0, text);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_the_last_start_counts, make_file, remove_file),
        cmocka_unit_test_setup_teardown(the_last_five_whole_lines, make_file, remove_file),
        cmocka_unit_test_setup_teardown(one_line_longer_than_the_room_ends_in_it, make_file, remove_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
