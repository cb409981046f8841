/* test_support.c: see test_support.h. */
#include "support/test_support.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

dec_t test_dec(const char *text)
{
    dec_t value = DEC_ZERO;
    result_t result = dec_parse(text, strlen(text), &value);
    if (result != RESULT_OK) {
        print_error("\"%s\" is no number: %s\n", text, result_name(result));
        fail();
    }
    return value;
}

void test_assert_dec_equal(dec_t value, const char *text, const char *file, int line)
{
    char actual[DEC_TEXT_MAX];
    (void)dec_format(value, actual);
    if (!dec_eq(value, test_dec(text))) {
        print_error("%s is not %s\n", actual, text);
        _fail(file, line);
    }
}

void test_assert_result(result_t actual, result_t expected, const char *file, int line)
{
    if (actual != expected) {
        print_error("%s is not %s\n", result_name(actual), result_name(expected));
        _fail(file, line);
    }
}

static sigjmp_buf after_abort;

static void on_abort(int signal_number)
{
    (void)signal_number;
    siglongjmp(after_abort, 1);
}

void test_assert_aborts(void (*act)(void *context), void *context, const char *file, int line)
{
    struct sigaction action = {.sa_handler = on_abort}, before;
    sigaction(SIGABRT, &action, &before);
    volatile bool aborted = true;
    if (sigsetjmp(after_abort, 1) == 0) {
        act(context);
        aborted = false;
    }
    sigaction(SIGABRT, &before, NULL);
    if (!aborted) {
        print_error("a belief that should have broken held\n");
        _fail(file, line);
    }
}

void test_dir_make(char path[TEST_PATH_MAX])
{
    const char *parent = getenv("TMPDIR");
    (void)snprintf(path, TEST_PATH_MAX, "%s/patriot-test-XXXXXX", parent != NULL ? parent : "/tmp");
    if (mkdtemp(path) == NULL) {
        print_error("cannot make a folder like %s\n", path);
        fail();
    }
}

void test_dir_remove(const char *path)
{
    DIR *dir = opendir(path);
    if (dir == NULL) {
        return;
    }
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char child[TEST_PATH_MAX + 256];
        struct stat info;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        (void)snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
        if (lstat(child, &info) == 0 && S_ISDIR(info.st_mode)) {
            test_dir_remove(child);
        } else {
            (void)unlink(child);
        }
    }
    (void)closedir(dir);
    (void)rmdir(path);
}

bool test_data_path(const char *name, char path[TEST_PATH_MAX])
{
    const char *folder = getenv("PATRIOT_DATA");
    if (folder != NULL) {
        (void)snprintf(path, TEST_PATH_MAX, "%s/%s", folder, name);
    } else {
        (void)snprintf(path, TEST_PATH_MAX, "%s/../shared/data/%s", PATRIOT_SOURCE_DIR, name);
    }
    return access(path, R_OK) == 0;
}

bool test_is_long(void)
{
    const char *value = getenv("PATRIOT_LONG");
    return value != NULL && strcmp(value, "1") == 0;
}
