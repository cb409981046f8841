/* config_file.h: reading small files whole, and stamps that tell whether one has changed. Private to this room. */
#pragma once

#include <sys/types.h>

#include "edge/config/config.h"

/* Equal stamps: the same bytes, as far as one stat can tell. */
typedef struct {
    bool exists;
    dev_t device;
    ino_t inode;
    off_t size;
    int64_t modified_ns, changed_ns;
    mode_t mode;
} config_stamp_t;

void config_stamp_take(const char *path, config_stamp_t *stamp);
bool config_stamp_equal(const config_stamp_t *a, const config_stamp_t *b);

/* *text is allocated, NUL-terminated, freed by the caller; stamp (may be NULL) is the file's as it was read. RESULT_NOT_FOUND,
 * RESULT_PERMISSION, RESULT_TEXT_TOO_LONG (over CONFIG_FILE_BYTES_MAX), RESULT_MALFORMED (not a regular file), RESULT_STALE (it
 * changed while it was read), RESULT_IO. */
result_t config_file_read(const char *path, char **text, size_t *length, config_stamp_t *stamp);
