/* file.c: whole-or-absent files and locks. Open-file-description locks need _GNU_SOURCE for their constants, nothing else here
 * does. */
#define _GNU_SOURCE
#include "edge/store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/str.h"

result_t file_result_from_errno(int error)
{
    switch (error) {
    case 0:
        return RESULT_OK;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return RESULT_DISK_FULL;
    case EACCES:
    case EPERM:
    case EROFS:
        return RESULT_PERMISSION;
    case ENOENT:
    case ENOTDIR:
        return RESULT_NOT_FOUND;
    default:
        return RESULT_IO;
    }
}

result_t file_path_join(const char *folder, const char *name, char *buffer, size_t capacity)
{
    size_t folder_length = strlen(folder);
    while (folder_length > 1 && folder[folder_length - 1] == '/') {
        folder_length--;
    }
    size_t name_length = strlen(name);
    if (folder_length + 1 + name_length + 1 > capacity) {
        return RESULT_TEXT_TOO_LONG;
    }
    memmove(buffer, folder, folder_length);
    buffer[folder_length] = '/';
    memcpy(buffer + folder_length + 1, name, name_length + 1);
    return RESULT_OK;
}

result_t file_folder_sync(const char *folder)
{
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return file_result_from_errno(errno);
    }
    result_t result = fsync(descriptor) == 0 ? RESULT_OK : file_result_from_errno(errno);
    close(descriptor);
    return result;
}

/* The folder part of a path: "." when there is none. */
static void folder_of(const char *path, char folder[FILE_PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path);
    if (slash == NULL) {
        memcpy(folder, ".", 2);
        return;
    }
    if (length == 0) {
        length = 1; /* the root */
    }
    memcpy(folder, path, length);
    folder[length] = '\0';
}

static result_t folder_make_one(const char *path)
{
    if (mkdir(path, 0700) == 0) {
        char parent[FILE_PATH_MAX];
        folder_of(path, parent);
        return file_folder_sync(parent); /* else a cut of the power takes it away, with all that was synced inside */
    }
    int error = errno;
    struct stat status;
    if (stat(path, &status) == 0) {
        return S_ISDIR(status.st_mode) ? RESULT_OK : RESULT_BAD_STATE;
    }
    return error == EEXIST ? RESULT_BAD_STATE : file_result_from_errno(error);
}

result_t file_folder_make(const char *path)
{
    char piece[FILE_PATH_MAX];
    size_t length = strlen(path);
    if (length == 0) {
        return RESULT_TEXT_EMPTY;
    }
    if (length >= sizeof piece) {
        return RESULT_TEXT_TOO_LONG;
    }
    memcpy(piece, path, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (piece[i] != '/' && piece[i] != '\0') {
            continue;
        }
        char kept = piece[i];
        piece[i] = '\0';
        result_t result = folder_make_one(piece);
        if (result != RESULT_OK) {
            return result;
        }
        piece[i] = kept;
    }
    return RESULT_OK;
}

static result_t write_all(int descriptor, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(descriptor, bytes, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return file_result_from_errno(errno);
        }
        bytes += written;
        length -= (size_t)written;
    }
    return RESULT_OK;
}

result_t file_write_whole(const char *path, const void *bytes, size_t length, mode_t mode)
{
    char beside[FILE_PATH_MAX];
    if (strlen(path) + 16 > sizeof beside) {
        return RESULT_TEXT_TOO_LONG;
    }
    /* The pid keeps two processes that write the same name from sharing one temporary. */
    (void)snprintf(beside, sizeof beside, "%s.%ld.new", path, (long)getpid());
    int descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
    if (descriptor < 0) {
        return file_result_from_errno(errno);
    }
    result_t result = write_all(descriptor, bytes, length);
    if (result == RESULT_OK && (fchmod(descriptor, mode) != 0 || fsync(descriptor) != 0)) {
        result = file_result_from_errno(errno);
    }
    if (close(descriptor) != 0 && result == RESULT_OK) {
        result = file_result_from_errno(errno);
    }
    if (result == RESULT_OK && rename(beside, path) != 0) {
        result = file_result_from_errno(errno);
    }
    if (result != RESULT_OK) {
        unlink(beside);
        return result;
    }
    char folder[FILE_PATH_MAX];
    folder_of(path, folder);
    return file_folder_sync(folder);
}

result_t file_check_ordinary(const char *path, const char **what)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        const result_t result = file_result_from_errno(errno);
        *what = result_text(result);
        return result;
    }
    *what = S_ISREG(status.st_mode)   ? ""
            : S_ISDIR(status.st_mode) ? "is a folder; name the file in it"
                                      : "is no ordinary file; copy what it gives into one";
    return S_ISREG(status.st_mode) ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

result_t file_read_whole(const char *path, void *buffer, size_t capacity, size_t *length)
{
    /* O_NONBLOCK: a FIFO in the place of a file must not hang the start. */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return file_result_from_errno(errno);
    }
    result_t result = RESULT_OK;
    size_t filled = 0;
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        result = file_result_from_errno(errno);
    } else if (!S_ISREG(status.st_mode)) {
        result = RESULT_MALFORMED;
    } else if ((uint64_t)status.st_size + 1 > capacity) {
        result = RESULT_TEXT_TOO_LONG;
    }
    while (result == RESULT_OK) {
        if (filled == capacity) {
            result = RESULT_TEXT_TOO_LONG; /* it grew while we read */
            break;
        }
        ssize_t got = read(descriptor, (char *)buffer + filled, capacity - filled);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            result = file_result_from_errno(errno);
        }
        if (got <= 0) {
            break;
        }
        filled += (size_t)got;
    }
    close(descriptor);
    if (result == RESULT_OK && filled == capacity) {
        result = RESULT_TEXT_TOO_LONG;
    }
    if (result == RESULT_OK) {
        ((char *)buffer)[filled] = '\0';
        *length = filled;
    }
    return result;
}

/* --- locks ------------------------------------------------------------------------------------ */

static result_t lock_path(const char *data_folder, const char *role, char path[FILE_PATH_MAX])
{
    char name[FILE_ROLE_MAX + 16];
    if (strlen(role) >= FILE_ROLE_MAX || role[0] == '\0' || strchr(role, '/') != NULL) {
        return RESULT_BAD_ARGUMENT;
    }
    (void)snprintf(name, sizeof name, "run/%s.lock", role);
    return file_path_join(data_folder, name, path, FILE_PATH_MAX);
}

/* The pid written in a lock file, 0 when it is not readable or its process is gone. */
static pid_t pid_inside(int descriptor)
{
    char text[24];
    ssize_t got = pread(descriptor, text, sizeof text - 1, 0);
    if (got <= 0) {
        return 0;
    }
    uint64_t number = 0;
    if (str_to_u64(str_trim((str_t){text, (size_t)got}), &number) != RESULT_OK || number == 0 || number > INT32_MAX) {
        return 0;
    }
    pid_t pid = (pid_t)number;
    return kill(pid, 0) == 0 || errno == EPERM ? pid : 0;
}

static result_t lock_write_pid(int descriptor)
{
    char text[24];
    size_t length = str_from_u64((uint64_t)getpid(), text);
    text[length++] = '\n';
    if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, text, length, 0) != (ssize_t)length) {
        return file_result_from_errno(errno);
    }
    return RESULT_OK;
}

result_t file_lock_take(file_lock_t *lock, const char *data_folder, const char *role, pid_t *holder_pid)
{
    char path[FILE_PATH_MAX];
    char folder[FILE_PATH_MAX];
    result_t result = lock_path(data_folder, role, path);
    if (result == RESULT_OK) {
        folder_of(path, folder);
        result = file_folder_make(folder);
    }
    if (result != RESULT_OK) {
        return result;
    }
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        return file_result_from_errno(errno);
    }
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(descriptor, F_OFD_SETLK, &whole) != 0) {
        result = errno == EAGAIN || errno == EACCES ? RESULT_LOCKED : file_result_from_errno(errno);
        if (result == RESULT_LOCKED && holder_pid != NULL) {
            *holder_pid = pid_inside(descriptor);
        }
        close(descriptor);
        return result;
    }
    result = lock_write_pid(descriptor);
    if (result != RESULT_OK) {
        close(descriptor);
        return result;
    }
    lock->descriptor = descriptor;
    memcpy(lock->path, path, sizeof path);
    return RESULT_OK;
}

bool file_folder_foreign(const char *data_folder, uint32_t *owner_uid)
{
    char path[FILE_PATH_MAX];
    struct stat about;
    bool found = file_path_join(data_folder, "run", path, sizeof path) == RESULT_OK && stat(path, &about) == 0;
    if (!found && errno == EACCES) {
        found = stat(data_folder, &about) == 0;
    }
    if (!found || about.st_uid == geteuid()) {
        return false;
    }
    *owner_uid = about.st_uid;
    return true;
}

void file_lock_drop(file_lock_t *lock)
{
    if (lock->descriptor >= 0) {
        (void)!ftruncate(lock->descriptor, 0); /* the pid is for people; the lock itself is the truth */
        close(lock->descriptor);
        lock->descriptor = -1;
    }
}

result_t file_lock_holder(const char *data_folder, const char *role, pid_t *pid)
{
    char path[FILE_PATH_MAX];
    result_t result = lock_path(data_folder, role, path);
    if (result != RESULT_OK) {
        return result;
    }
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
        if (errno == ENOENT) {
            *pid = 0;
            return RESULT_OK;
        }
        return file_result_from_errno(errno);
    }
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(descriptor, F_OFD_GETLK, &whole) != 0) {
        result = file_result_from_errno(errno);
    } else {
        *pid = whole.l_type == F_UNLCK ? 0 : pid_inside(descriptor);
    }
    close(descriptor);
    return result;
}
