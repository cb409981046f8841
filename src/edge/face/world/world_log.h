/* world_log.h: what was done to the simulated venue, in order, in a file: the way back after a kill at any moment.
 *
 * FOLDER/state.snap holds the venue and what belongs to it at one moment, FOLDER/inputs-<generation>.log every input since. A
 * restart loads the one and applies the other. An input is written (one write(2), page cache) before it is applied, so before any
 * reply to it leaves: the death of the process loses nothing. No sync per input: the venue is a simulation and promises nothing
 * across a power cut.
 *
 * A record: u32 length of the body, u32 type, u32 CRC-32C over type and body, body. Bytes after the last whole record (a torn
 * write) are cut off; a record whose checksum is wrong while whole records follow is damage: RESULT_CHECKSUM with file and offset,
 * and nothing is changed.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"
#include "edge/store/file.h"

enum { WORLD_LOG_BODY_MAX = 128 * 1024, WORLD_LOG_TEXT_MAX = 512 };

typedef struct {
    int descriptor; /* -1: none (an ephemeral world) */
    char path[FILE_PATH_MAX];
    uint64_t bytes; /* length of whole records */
    uint64_t records;
    uint8_t *buffer; /* one record on its way out; owned */
} world_log_t;

#define WORLD_LOG_NONE ((world_log_t){.descriptor = -1})

/* Called for each whole record, in order. Anything but RESULT_OK ends the reading. */
typedef result_t world_log_apply_fn(void *context, uint32_t type, const void *body, size_t length);

/* Opens or creates the file, hands every record to `apply`, cuts a torn tail (*cut_bytes says how much; may be NULL) and stands
 * ready to append. `error` gets a sentence on failure. RESULT_CHECKSUM, RESULT_MALFORMED, RESULT_IO, RESULT_DISK_FULL, or what
 * apply returned. */
result_t world_log_open(world_log_t *log, const char *path, world_log_apply_fn *apply, void *context, uint64_t *cut_bytes,
                        char error[WORLD_LOG_TEXT_MAX]);

/* One write. After a failure the file is as before and the record is not in it. RESULT_OK at once when there is no file. */
result_t world_log_append(world_log_t *log, uint32_t type, const void *body, size_t length);

void world_log_close(world_log_t *log);
