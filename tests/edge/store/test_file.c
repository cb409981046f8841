/* test_file.c: files are whole or absent, folders belong to the owner, locks die with their holder.
 * shows: I12, R010, R011, I17 (faults 98 107)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "edge/store/file.h"
#include "support/test_support.h"

static char folder[TEST_PATH_MAX];

static int setup(void **state)
{
    (void)state;
    test_dir_make(folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_dir_remove(folder);
    return 0;
}

static char *in_folder(const char *name)
{
    static char path[TEST_PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static unsigned entries(void)
{
    DIR *listing = opendir(folder);
    unsigned count = 0;
    assert_non_null(listing);
    for (struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(listing);
    return count;
}

static void a_file_is_replaced_whole(void **state)
{
    char buffer[64];
    size_t length = 0;
    struct stat status;
    (void)state;
    assert_int_equal(file_write_whole(in_folder("a"), "first", 5, 0600), RESULT_OK);
    assert_int_equal(file_write_whole(in_folder("a"), "second", 6, 0644), RESULT_OK);
    assert_int_equal(file_read_whole(in_folder("a"), buffer, sizeof buffer, &length), RESULT_OK);
    assert_int_equal(length, 6);
    assert_string_equal(buffer, "second");
    assert_int_equal(stat(in_folder("a"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0644);
    assert_int_equal(entries(), 1); /* no temporary is left */
}

static void a_write_that_fails_leaves_the_old_file(void **state)
{
    int status = 0;
    pid_t child;
    (void)state;
    assert_int_equal(file_write_whole(in_folder("a"), "old", 3, 0600), RESULT_OK);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) { /* a disk with room for ten bytes */
        struct rlimit limit = {10, 10};
        signal(SIGXFSZ, SIG_IGN);
        _exit(setrlimit(RLIMIT_FSIZE, &limit) == 0 &&
                      file_write_whole(in_folder("a"), "much more than ten bytes", 24, 0600) == RESULT_DISK_FULL
                  ? 0
                  : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    char buffer[64];
    size_t length = 0;
    assert_int_equal(file_read_whole(in_folder("a"), buffer, sizeof buffer, &length), RESULT_OK);
    assert_string_equal(buffer, "old");
    assert_int_equal(entries(), 1);
    assert_int_equal(file_write_whole(in_folder("no/such/folder/a"), "x", 1, 0600), RESULT_NOT_FOUND);
}

static void reading_is_bounded_and_says_what_is_wrong(void **state)
{
    char buffer[8];
    size_t length = 99;
    (void)state;
    assert_int_equal(file_read_whole(in_folder("none"), buffer, sizeof buffer, &length), RESULT_NOT_FOUND);
    assert_int_equal(file_write_whole(in_folder("eight"), "12345678", 8, 0600), RESULT_OK);
    assert_int_equal(file_read_whole(in_folder("eight"), buffer, sizeof buffer, &length), RESULT_TEXT_TOO_LONG);
    assert_int_equal(file_read_whole(folder, buffer, sizeof buffer, &length), RESULT_MALFORMED);
    assert_int_equal(mkfifo(in_folder("fifo"), 0600), 0);
    assert_int_equal(file_read_whole(in_folder("fifo"), buffer, sizeof buffer, &length),
                     RESULT_MALFORMED); /* and it does not hang */
    assert_int_equal(length, 99);
    assert_int_equal(file_write_whole(in_folder("seven"), "1234567", 7, 0600), RESULT_OK);
    assert_int_equal(file_read_whole(in_folder("seven"), buffer, sizeof buffer, &length), RESULT_OK);
    assert_int_equal(length, 7);
}

static void folders_are_made_for_the_owner_only(void **state)
{
    struct stat status;
    (void)state;
    assert_int_equal(file_folder_make(in_folder("a/b/c")), RESULT_OK);
    assert_int_equal(file_folder_make(in_folder("a/b/c")), RESULT_OK);
    assert_int_equal(stat(in_folder("a/b"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(file_write_whole(in_folder("file"), "x", 1, 0600), RESULT_OK);
    assert_int_equal(file_folder_make(in_folder("file/sub")), RESULT_BAD_STATE);
    assert_int_equal(file_folder_make(""), RESULT_TEXT_EMPTY);
    char small[8] = "kept";
    assert_int_equal(file_path_join("/tmp/", "name", small, sizeof small), RESULT_TEXT_TOO_LONG);
    assert_string_equal(small, "kept");
}

/* A child that holds the lock, says so, and waits to be killed. */
static pid_t holder_start(int *ready)
{
    int pipes[2];
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nobody behind */
        file_lock_t lock = FILE_LOCK_NONE;
        char verdict = file_lock_take(&lock, folder, "watchdog", NULL) == RESULT_OK ? 'y' : 'n';
        (void)!write(pipes[1], &verdict, 1);
        for (;;) {
            pause();
        }
    }
    close(pipes[1]);
    *ready = pipes[0];
    char verdict = 0;
    assert_int_equal(read(pipes[0], &verdict, 1), 1);
    assert_int_equal(verdict, 'y');
    return child;
}

static void a_second_instance_is_refused_and_hears_the_first_ones_pid(void **state)
{
    file_lock_t lock = FILE_LOCK_NONE;
    pid_t pid = -1;
    int ready = -1;
    (void)state;
    assert_int_equal(file_lock_holder(folder, "watchdog", &pid), RESULT_OK);
    assert_int_equal(pid, 0);
    pid_t child = holder_start(&ready);
    assert_int_equal(file_lock_take(&lock, folder, "watchdog", &pid), RESULT_LOCKED);
    assert_int_equal(pid, child);
    assert_int_equal(lock.descriptor, -1);
    assert_int_equal(file_lock_holder(folder, "watchdog", &pid), RESULT_OK);
    assert_int_equal(pid, child);
    assert_int_equal(file_lock_take(&lock, folder, "monitor", &pid), RESULT_OK); /* another role is another lock */
    file_lock_drop(&lock);

    assert_int_equal(kill(child, SIGKILL), 0); /* a crash never blocks the next start */
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(ready);
    assert_int_equal(file_lock_holder(folder, "watchdog", &pid), RESULT_OK);
    assert_int_equal(pid, 0);
    assert_int_equal(file_lock_take(&lock, folder, "watchdog", &pid), RESULT_OK);
    assert_int_equal(file_lock_holder(folder, "watchdog", &pid), RESULT_OK);
    assert_int_equal(pid, getpid());
    file_lock_drop(&lock);
    assert_int_equal(file_lock_holder(folder, "watchdog", &pid), RESULT_OK);
    assert_int_equal(pid, 0);
    assert_int_equal(file_lock_take(&lock, folder, "../escape", &pid), RESULT_BAD_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_replaced_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(a_write_that_fails_leaves_the_old_file, setup, teardown),
        cmocka_unit_test_setup_teardown(reading_is_bounded_and_says_what_is_wrong, setup, teardown),
        cmocka_unit_test_setup_teardown(folders_are_made_for_the_owner_only, setup, teardown),
        cmocka_unit_test_setup_teardown(a_second_instance_is_refused_and_hears_the_first_ones_pid, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
