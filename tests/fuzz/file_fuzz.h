/* file_fuzz.h: hostile bytes as a file, for readers that take a path. The file has no name: a killed run leaves nothing behind. */
#pragma once

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FUZZ_PATH_MAX = 64 };

/* One file a process, filled anew each time; `path` names it for open(2) and its kin. False: the machine has no room for it. */
static inline bool fuzz_file(const uint8_t *bytes, size_t length, char path[FUZZ_PATH_MAX])
{
    static int descriptor = -1;
    if (descriptor < 0) {
        char name[] = "/tmp/patriot-fuzz-XXXXXX";
        descriptor = mkstemp(name);
        if (descriptor < 0) {
            return false;
        }
        unlink(name);
    }
    snprintf(path, FUZZ_PATH_MAX, "/proc/self/fd/%d", descriptor);
    return ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes, length, 0) == (ssize_t)length;
}
