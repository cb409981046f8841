/* bench_journal.c: append + commit of the journal against a bare pwrite + fdatasync of the same bytes, alternating in one run.
 * rooms: edge/store
 *
 * The floor is what the disk allows: the same number of bytes at the same growing offset of a preallocated, zeroed file. Prints p50
 * and p99 of both and the ratios, for groups of one record of 200 bytes and for groups of eight.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/time.h"
#include "edge/store/journal.h"
#include "edge/store/journal_format.h"

enum { ROUNDS = 2000, BODY_BYTES = 200, FLOOR_BYTES = 8 << 20 };

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* A file as a careful program would prepare it for a bare log. */
static int floor_open(const char *folder)
{
    static char zeros[1 << 16];
    char path[512];
    (void)snprintf(path, sizeof path, "%s/floor", folder);
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    for (off_t at = 0; file >= 0 && at < FLOOR_BYTES; at += (off_t)sizeof zeros) {
        if (pwrite(file, zeros, sizeof zeros, at) != (ssize_t)sizeof zeros) {
            return -1;
        }
    }
    return file >= 0 && fsync(file) == 0 ? file : -1;
}

static int measure(const char *folder, unsigned group)
{
    static int64_t journal_ns[ROUNDS];
    static int64_t floor_ns[ROUNDS];
    static uint8_t bytes[16 * 1024];
    char journal_folder[512];
    uint8_t body[BODY_BYTES];
    journal_report_t report;
    journal_t *journal = NULL;
    int file = floor_open(folder);
    size_t size = (size_t)journal_record_size(BODY_BYTES) * group;
    (void)snprintf(journal_folder, sizeof journal_folder, "%s/journal-%u", folder, group);
    journal_options_t options = {.folder = journal_folder, .generation = 1};
    if (file < 0 || journal_open(&options, &journal, &report) != RESULT_OK) {
        fprintf(stderr, "cannot write in %s\n", folder);
        return 1;
    }
    memset(body, 'x', sizeof body);
    memset(bytes, 'y', sizeof bytes);
    off_t at = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        int64_t begin = now_ns();
        for (unsigned i = 0; i < group; i++) {
            if (journal_append(journal, 1, body, sizeof body, JOURNAL_NORMAL, begin, NULL) != RESULT_OK) {
                return 1;
            }
        }
        if (journal_commit(journal) != RESULT_OK) {
            return 1;
        }
        journal_ns[round] = now_ns() - begin;
        if (journal_prepare(journal) != RESULT_OK) { /* idle work: not on the order's path */
            return 1;
        }
        begin = now_ns();
        if (pwrite(file, bytes, size, at) != (ssize_t)size || fdatasync(file) != 0) {
            return 1;
        }
        floor_ns[round] = now_ns() - begin;
        at = (at + (off_t)size) % (FLOOR_BYTES - (off_t)size);
    }
    journal_close(journal);
    close(file);
    qsort(journal_ns, ROUNDS, sizeof journal_ns[0], ascending);
    qsort(floor_ns, ROUNDS, sizeof floor_ns[0], ascending);
    double p50 = (double)journal_ns[ROUNDS / 2] / (double)floor_ns[ROUNDS / 2];
    double p99 = (double)journal_ns[ROUNDS * 99 / 100] / (double)floor_ns[ROUNDS * 99 / 100];
    printf("journal, %u record%s a commit: p50 %.1f us (bare %.1f us, ratio %.2f), p99 %.1f us (bare %.1f us, ratio %.2f)\n", group,
           group == 1 ? "" : "s", (double)journal_ns[ROUNDS / 2] / 1e3, (double)floor_ns[ROUNDS / 2] / 1e3, p50,
           (double)journal_ns[ROUNDS * 99 / 100] / 1e3, (double)floor_ns[ROUNDS * 99 / 100] / 1e3, p99);
    return 0;
}

int main(int argc, char **argv)
{
    char folder[256];
    (void)snprintf(folder, sizeof folder, "%s/patriot-bench-XXXXXX", argc > 1 ? argv[1] : "/tmp");
    if (mkdtemp(folder) == NULL) {
        fprintf(stderr, "cannot make a folder in %s\n", argc > 1 ? argv[1] : "/tmp");
        return 1;
    }
    int result = measure(folder, 1) != 0 || measure(folder, 8) != 0;
    char command[512];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) == 0 ? result : 1;
}
