/* record_writes.c: a library for LD_PRELOAD that writes down what a process does to the files under $RECORD_ROOT: every write with
 * its offset and bytes, every new size, name and folder, and every sync once it has succeeded. tests/app/power_cut.py reads it.
 *
 * All processes append to $RECORD_LOG, one write a row, so that the rows stand in the order of what happened. A row: u32 length of
 * what follows; u8 kind; u64 number (offset, size; of folders and syncs the process); u64 other number; u16 length of the path,
 * path; the rest is data (bytes written, a new path).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { ROW_OPEN = 1, ROW_WRITE, ROW_SIZE, ROW_RENAME, ROW_UNLINK, ROW_FOLDER, ROW_SYNC, PATH_BYTES = 4096, HEAD_BYTES = 23 };

/* Copies: a process that shows its role in `ps` writes over its environment. */
static char root[PATH_BYTES];
static size_t root_length;
static char record[PATH_BYTES]; /* opened for each row: the processes close what they have inherited */

__attribute__((constructor)) static void begin(void)
{
    const char *log = getenv("RECORD_LOG"), *folder = getenv("RECORD_ROOT");
    if (!log || !folder)
        return;
    (void)snprintf(record, sizeof record, "%s", log);
    root_length = (size_t)snprintf(root, sizeof root, "%s", folder);
}

static bool is_inside(const char *path)
{
    return record[0] != '\0' && strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || path[root_length] == '\0');
}

static void row(uint8_t kind, uint64_t number, uint64_t other, const char *path, const void *data, size_t length)
{
    uint16_t path_length = (uint16_t)strlen(path);
    size_t size = HEAD_BYTES + path_length + length;
    uint32_t rest = (uint32_t)(size - sizeof(uint32_t));
    char *bytes = malloc(size);
    if (!bytes)
        abort();
    memcpy(bytes, &rest, 4);
    memcpy(bytes + 4, &kind, 1);
    memcpy(bytes + 5, &number, 8);
    memcpy(bytes + 13, &other, 8);
    memcpy(bytes + 21, &path_length, 2);
    memcpy(bytes + HEAD_BYTES, path, path_length);
    if (length > 0)
        memcpy(bytes + HEAD_BYTES + path_length, data, length);
    int file = (int)syscall(SYS_openat, AT_FDCWD, record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0 || syscall(SYS_write, file, bytes, size) != (long)size)
        abort();
    (void)syscall(SYS_close, file);
    free(bytes);
}

/* The path of a descriptor that stands for a file or folder under the root. */
static bool path_of(int descriptor, char path[PATH_BYTES])
{
    char link[64];
    if (record[0] == '\0')
        return false;
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_BYTES - 1);
    if (length <= 0)
        return false;
    path[length] = '\0';
    return is_inside(path) && strstr(path, " (deleted)") == NULL;
}

static void absolute(const char *path, char whole[PATH_BYTES])
{
    char here[PATH_BYTES];
    if (path[0] == '/' || !getcwd(here, sizeof here))
        (void)snprintf(whole, PATH_BYTES, "%s", path);
    else if (snprintf(whole, PATH_BYTES, "%s/%s", here, path) >= PATH_BYTES)
        whole[0] = '\0';
}

/* --- names ------------------------------------------------------------------------------------ */

static int open_file(int folder, const char *path, int flags, mode_t mode)
{
    struct stat status;
    const bool makes = (flags & O_CREAT) != 0 && fstatat(folder, path, &status, 0) != 0;
    int descriptor = (int)syscall(SYS_openat, folder, path, flags, mode);
    char whole[PATH_BYTES];
    int error = errno;
    if (descriptor >= 0 && (makes || (flags & O_TRUNC) != 0) && path_of(descriptor, whole))
        row(ROW_OPEN, makes, (flags & O_TRUNC) != 0, whole, NULL, 0);
    errno = error;
    return descriptor;
}

static mode_t mode_of(int flags, va_list list)
{
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? (mode_t)va_arg(list, unsigned) : 0;
}

#define OPEN(name)                                                                                                                 \
    int name(const char *path, int flags, ...)                                                                                     \
    {                                                                                                                              \
        va_list list;                                                                                                              \
        va_start(list, flags);                                                                                                     \
        mode_t mode = mode_of(flags, list);                                                                                        \
        va_end(list);                                                                                                              \
        return open_file(AT_FDCWD, path, flags, mode);                                                                             \
    }
#define OPEN_AT(name)                                                                                                              \
    int name(int folder, const char *path, int flags, ...)                                                                         \
    {                                                                                                                              \
        va_list list;                                                                                                              \
        va_start(list, flags);                                                                                                     \
        mode_t mode = mode_of(flags, list);                                                                                        \
        va_end(list);                                                                                                              \
        return open_file(folder, path, flags, mode);                                                                               \
    }
OPEN(open)
OPEN(open64)
OPEN_AT(openat)
OPEN_AT(openat64)

int __open_2(const char *path, int flags)
{
    return open_file(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
    return open_file(AT_FDCWD, path, flags, 0);
}

int rename(const char *from, const char *to)
{
    char before[PATH_BYTES], after[PATH_BYTES];
    absolute(from, before);
    absolute(to, after);
    int result = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (result == 0 && is_inside(before))
        row(ROW_RENAME, 0, 0, before, after, strlen(after));
    return result;
}

int unlink(const char *path)
{
    char whole[PATH_BYTES];
    absolute(path, whole);
    int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (result == 0 && is_inside(whole))
        row(ROW_UNLINK, 0, 0, whole, NULL, 0);
    return result;
}

int mkdir(const char *path, mode_t mode)
{
    char whole[PATH_BYTES];
    absolute(path, whole);
    int result = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    if (result == 0 && is_inside(whole))
        row(ROW_FOLDER, (uint64_t)getpid(), 0, whole, NULL, 0);
    return result;
}

/* --- contents --------------------------------------------------------------------------------- */

static void note_write(int descriptor, uint64_t offset, const void *bytes, long written)
{
    char path[PATH_BYTES];
    int error = errno;
    if (written > 0 && path_of(descriptor, path))
        row(ROW_WRITE, offset, 0, path, bytes, (size_t)written);
    errno = error;
}

ssize_t write(int descriptor, const void *bytes, size_t length)
{
    long written = syscall(SYS_write, descriptor, bytes, length);
    char path[PATH_BYTES];
    int error = errno;
    if (written > 0 && path_of(descriptor, path)) {
        long end = syscall(SYS_lseek, descriptor, 0, SEEK_CUR);
        row(ROW_WRITE, (uint64_t)(end - written), 0, path, bytes, (size_t)written);
    }
    errno = error;
    return written;
}

ssize_t writev(int descriptor, const struct iovec *parts, int count)
{
    char path[PATH_BYTES];
    if (!path_of(descriptor, path))
        return syscall(SYS_writev, descriptor, parts, count);
    long total = 0;
    for (int i = 0; i < count; i++) {
        long written = write(descriptor, parts[i].iov_base, parts[i].iov_len);
        if (written < 0)
            return total > 0 ? total : written;
        total += written;
        if ((size_t)written < parts[i].iov_len)
            break;
    }
    return total;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset)
{
    long written = syscall(SYS_pwrite64, descriptor, bytes, length, offset);
    note_write(descriptor, (uint64_t)offset, bytes, written);
    return written;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset)
{
    return pwrite(descriptor, bytes, length, offset);
}

static int set_size(int descriptor, off_t size)
{
    char path[PATH_BYTES];
    int result = (int)syscall(SYS_ftruncate, descriptor, size);
    if (result == 0 && path_of(descriptor, path))
        row(ROW_SIZE, (uint64_t)size, 0, path, NULL, 0);
    return result;
}

int ftruncate(int descriptor, off_t size)
{
    return set_size(descriptor, size);
}

int ftruncate64(int descriptor, off64_t size)
{
    return set_size(descriptor, size);
}

static int allocate(int descriptor, off_t offset, off_t length)
{
    char path[PATH_BYTES];
    struct stat status;
    if (syscall(SYS_fallocate, descriptor, 0, offset, length) != 0)
        return errno;
    if (path_of(descriptor, path) && fstat(descriptor, &status) == 0)
        row(ROW_SIZE, (uint64_t)status.st_size, 0, path, NULL, 0);
    return 0;
}

int posix_fallocate(int descriptor, off_t offset, off_t length)
{
    return allocate(descriptor, offset, length);
}

int posix_fallocate64(int descriptor, off64_t offset, off64_t length)
{
    return allocate(descriptor, offset, length);
}

static int note_sync(int descriptor, int result)
{
    char path[PATH_BYTES];
    if (result == 0 && path_of(descriptor, path))
        row(ROW_SYNC, (uint64_t)getpid(), 0, path, NULL, 0);
    return result;
}

int fsync(int descriptor)
{
    return note_sync(descriptor, (int)syscall(SYS_fsync, descriptor));
}

int fdatasync(int descriptor)
{
    return note_sync(descriptor, (int)syscall(SYS_fdatasync, descriptor));
}
