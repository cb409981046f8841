/* file.h: files that are whole or absent, folders of the owner only, and locks that die with their holder.
 *
 * A crash at any moment leaves the old file or the new one, never half of one: write beside, sync, rename, sync the folder.
 * Locks are open-file-description locks (F_OFD_SETLK): the kernel drops them when the process dies, so a crash never blocks the
 * next start; the pid inside the file is for people only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/result.h"

enum { FILE_PATH_MAX = 1024, FILE_ROLE_MAX = 32 };

/* errno of the system -> result_t: ENOSPC, EDQUOT -> DISK_FULL; EACCES, EPERM, EROFS -> PERMISSION; ENOENT -> NOT_FOUND; else IO.
 */
result_t file_result_from_errno(int error);

/* folder + "/" + name. RESULT_TEXT_TOO_LONG and an untouched buffer when it does not fit. */
result_t file_path_join(const char *folder, const char *name, char *buffer, size_t capacity);

/* mkdir -p; every folder that is made gets mode 0700 and its name is durable. RESULT_OK when it stands already; RESULT_BAD_STATE
 * when a file is in the way.
 */
result_t file_folder_make(const char *path);

/* Replaces `path` by these bytes, mode (0600 or 0644). On failure the old file stands untouched and no temporary is left. */
result_t file_write_whole(const char *path, const void *bytes, size_t length, mode_t mode);

/* Reads a whole regular file of at most capacity - 1 bytes, adds a NUL. RESULT_NOT_FOUND, RESULT_PERMISSION, RESULT_TEXT_TOO_LONG
 * (larger than the room; nothing is read), RESULT_MALFORMED (not a regular file), RESULT_IO. */
result_t file_read_whole(const char *path, void *buffer, size_t capacity, size_t *length);

/* Before a file is opened that may be long and is read in pieces: a pipe would wait for ever, and cannot be read twice. RESULT_OK;
 * RESULT_BAD_ARGUMENT (a folder, a pipe, a device), RESULT_NOT_FOUND, RESULT_PERMISSION, RESULT_IO: *what says what it is and what
 * to do, static text. */
result_t file_check_ordinary(const char *path, const char **what);

/* Makes renames and new names in a folder durable. */
result_t file_folder_sync(const char *folder);

typedef struct {
    int descriptor; /* -1: not held */
    char path[FILE_PATH_MAX];
} file_lock_t;

#define FILE_LOCK_NONE ((file_lock_t){.descriptor = -1})

/* Takes DIR/run/<role>.lock (the folder is made) and writes this pid into it. RESULT_LOCKED: another process holds it and
 * *holder_pid (may be NULL) is its pid, 0 when unreadable. The descriptor is close-on-exec. */
result_t file_lock_take(file_lock_t *lock, const char *data_folder, const char *role, pid_t *holder_pid);

/* Whose data folder it is: who has made DIR/run, or the folder when one may not look into it. False when it is ours, or not there.
 */
bool file_folder_foreign(const char *data_folder, uint32_t *owner_uid);

/* Drops the lock; the file stays (removing it would race with the next holder). */
void file_lock_drop(file_lock_t *lock);

/* Who holds DIR/run/<role>.lock, without taking it: *pid = 0 when nobody does. */
result_t file_lock_holder(const char *data_folder, const char *role, pid_t *pid);
