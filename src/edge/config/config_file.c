/* config_file.c: whole files and their stamps. */
#include "edge/config/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/time.h"

static void stamp_from(const struct stat *status, config_stamp_t *stamp)
{
    *stamp = (config_stamp_t){
        .exists = true,
        .device = status->st_dev,
        .inode = status->st_ino,
        .size = status->st_size,
        .modified_ns = (int64_t)status->st_mtim.tv_sec * NS_PER_S + status->st_mtim.tv_nsec,
        .changed_ns = (int64_t)status->st_ctim.tv_sec * NS_PER_S + status->st_ctim.tv_nsec,
        .mode = status->st_mode,
    };
}

void config_stamp_take(const char *path, config_stamp_t *stamp)
{
    struct stat status;
    if (stat(path, &status) == 0) {
        stamp_from(&status, stamp);
    } else {
        *stamp = (config_stamp_t){0};
    }
}

bool config_stamp_equal(const config_stamp_t *a, const config_stamp_t *b)
{
    return a->exists == b->exists && a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->modified_ns == b->modified_ns && a->changed_ns == b->changed_ns;
}

static result_t result_of(int error)
{
    return error == ENOENT || error == ENOTDIR ? RESULT_NOT_FOUND
           : error == EACCES || error == EPERM ? RESULT_PERMISSION
                                               : RESULT_IO;
}

static result_t read_open(int descriptor, char **text, size_t *length, config_stamp_t *stamp)
{
    struct stat status;
    config_stamp_t before;
    config_stamp_t after;
    if (fstat(descriptor, &status) != 0) {
        return RESULT_IO;
    }
    if (!S_ISREG(status.st_mode)) {
        return RESULT_MALFORMED;
    }
    if (status.st_size > CONFIG_FILE_BYTES_MAX) {
        return RESULT_TEXT_TOO_LONG;
    }
    stamp_from(&status, &before);
    size_t size = (size_t)status.st_size;
    char *bytes = malloc(size + 1);
    size_t filled = 0;
    if (bytes == NULL) {
        return RESULT_FULL;
    }
    while (filled < size) {
        ssize_t got = read(descriptor, bytes + filled, size - filled);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        filled += (size_t)got;
    }
    bool same = fstat(descriptor, &status) == 0;
    if (same) {
        stamp_from(&status, &after);
        same = config_stamp_equal(&before, &after) && filled == size;
    }
    if (!same) { /* somebody is writing it at this moment */
        free(bytes);
        return RESULT_STALE;
    }
    bytes[filled] = '\0';
    *text = bytes;
    *length = filled;
    if (stamp != NULL) {
        *stamp = before;
    }
    return RESULT_OK;
}

result_t config_file_read(const char *path, char **text, size_t *length, config_stamp_t *stamp)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return result_of(errno);
    }
    result_t result = read_open(descriptor, text, length, stamp);
    close(descriptor);
    return result;
}
