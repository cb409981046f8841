/* journal.h: the one file that must never lie: an append-only, preallocated, hash-chained sequence of records.
 *
 * Layout. DIR/journal/journal-000001.pj, -000002.pj, ... Each segment is preallocated (default 64 MiB) and begins with a 128-byte
 * header
 * {"PATRIOTJ", version, segment, generation, number of its first record, chain so far, time made, crc}. Records follow, each padded
 * with zeros to 8 bytes: {magic, length, type, flags, crc32c, number 1,2,3..., wall time ns, number of the last record known to be
 * durable, chain} and the body. chain = SHA-256(chain of the record before || this header up to the crc and from number to durable
 * || body). After the last record the file is zero. All integers are little-endian.
 *
 * Writing. journal_append only copies into memory; journal_commit makes one pwrite and one fdatasync for everything appended (group
 * commit). Only after it returns RESULT_OK may an action that rests on these records leave. Neither allocates. journal_prepare,
 * called on idle turns, does the slow things ahead of time: zeroes written over the next stretch (so that a commit changes no
 * file-system metadata) and the next segment made before it is needed.
 *
 * Failing. A failed write or sync is final: the kernel may have dropped the dirty pages, so a later success proves nothing
 * (fsyncgate). The journal stays failed until it is opened again, and says so to every call. A full disk is milder: it can only
 * strike when the next segment is to be made; the last stretch of each segment (the reserve) then serves records of exits only
 * (JOURNAL_EXIT), while others get RESULT_DISK_FULL. When room comes back, journal_prepare finds it and all goes on.
 *
 * Opening. Every record is checked. What a crash tore (bytes after the last whole record that no later record calls durable) is
 * cut, set to zero and reported. Damage to a record that was once durable is never repaired by guessing: RESULT_CHECKSUM with file,
 * offset and record number, and nothing is changed.
 *
 * Who writes: one process, which holds the lock of its role (file.h). Readers may be other processes at the same time; they see
 * whole records only, perhaps some that are written but not yet durable.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/result.h"
#include "edge/store/file.h"

enum {
    JOURNAL_BODY_MAX = 64 * 1024,
    JOURNAL_CHAIN_BYTES = 32,
    JOURNAL_RECORD_HEADER = 72,
    JOURNAL_SEGMENT_HEADER = 128,
    JOURNAL_VERSION = 1,
};
#define JOURNAL_SEGMENT_BYTES_DEFAULT (UINT64_C(64) << 20)
#define JOURNAL_RESERVE_BYTES_DEFAULT (UINT64_C(4) << 20)
#define JOURNAL_BUFFER_BYTES_DEFAULT  ((size_t)1 << 20)

typedef enum { JOURNAL_NORMAL, JOURNAL_EXIT } journal_use_t; /* JOURNAL_EXIT may use the reserve */

/* The system calls below the journal, so that tests can make the n-th one fail. NULL members mean the real ones. */
typedef struct {
    void *context;
    ssize_t (*write_at)(void *context, int descriptor, const void *bytes, size_t length, off_t offset);
    int (*sync_data)(void *context, int descriptor);
    int (*allocate)(void *context, int descriptor, off_t length); /* returns an errno value, as posix_fallocate does */
} journal_system_t;

typedef struct {
    const char *folder;     /* DIR/journal; made when missing */
    uint64_t segment_bytes; /* 0: default; at least 4 * reserve and room for two largest records */
    uint64_t reserve_bytes; /* 0: default, or an eighth of a smaller segment */
    size_t buffer_bytes;    /* 0: default: bound of one group */
    uint64_t generation;    /* names a new journal (random, from edge/secret); ignored when one exists */
    int64_t now_ns;         /* wall time, for the header of a new segment */
    journal_system_t system;
} journal_options_t;

/* One record as it was read. `body` is borrowed: valid until the next call on the same reader. */
typedef struct {
    uint64_t number;
    uint16_t type;
    journal_use_t use;
    int64_t time_ns;
    const uint8_t *body;
    uint32_t body_length;
    uint8_t chain[JOURNAL_CHAIN_BYTES]; /* after this record */
    uint32_t segment;
    uint64_t offset; /* of its header in the segment */
} journal_record_t;

/* Where and what was found. */
typedef struct {
    result_t problem;         /* RESULT_OK, or what is wrong with the record below */
    char file[FILE_PATH_MAX]; /* of the problem or of the cut */
    uint64_t offset;
    uint64_t number;    /* record that is damaged, or would have stood at the cut */
    uint64_t cut_bytes; /* length of the torn tail (0: none) */
    char text[256];     /* the same as a sentence, with the fix; "" when all is well */
    uint32_t segments;
    uint64_t records;
    uint64_t number_last;
    uint64_t generation;
    uint8_t chain[JOURNAL_CHAIN_BYTES]; /* after the last whole record */
} journal_report_t;

typedef struct journal journal_t;

/* Opens or creates, checks everything, repairs a torn tail. report (not NULL) is filled in every case. RESULT_CHECKSUM /
 * RESULT_GAP: damage (see report->text; *journal untouched). RESULT_VERSION: made by a newer one. RESULT_DISK_FULL, RESULT_IO,
 * RESULT_BAD_ARGUMENT. */
result_t journal_open(const journal_options_t *options, journal_t **journal, journal_report_t *report);

/* Commits nothing: what was appended and not committed is gone, as after a crash. */
void journal_close(journal_t *journal);

/* Copies one record into the group; *number (may be NULL) is its number. type: the caller's (1..65535). RESULT_FULL: the group is
 * full, commit first. RESULT_DISK_FULL: only JOURNAL_EXIT is served now. RESULT_IO: failed for good. RESULT_BAD_ARGUMENT: body too
 * long, type 0. */
result_t journal_append(journal_t *journal, uint16_t type, const void *body, size_t length, journal_use_t use, int64_t time_ns,
                        uint64_t *number);

/* Makes the group durable; RESULT_OK at once when it is empty. RESULT_IO / RESULT_DISK_FULL: failed for good, no action may leave.
 */
result_t journal_commit(journal_t *journal);

/* Idle work (see above), at most about one MiB of writing a call. RESULT_OK also when there was nothing to do; RESULT_DISK_FULL:
 * the next segment could not be made (alarm; try again on a later turn). */
result_t journal_prepare(journal_t *journal);

uint64_t journal_number_last(const journal_t *journal);    /* appended */
uint64_t journal_number_durable(const journal_t *journal); /* committed */
uint64_t journal_generation(const journal_t *journal);
result_t journal_state(const journal_t *journal); /* RESULT_OK, RESULT_DISK_FULL (exits only) or RESULT_IO (failed) */

/* --- reading: any process, also while it is being written ------------------------------------- */

typedef struct journal_reader journal_reader_t;

/* Starts at record `from` (1 = the first). RESULT_NOT_FOUND: there is no journal in the folder. Allocates one buffer. */
result_t journal_reader_open(const char *folder, uint64_t from, journal_reader_t **reader);
void journal_reader_close(journal_reader_t *reader);

/* The next record, its crc and chain checked. RESULT_EMPTY: nothing more yet (ask again later). RESULT_CHECKSUM, RESULT_GAP:
 * damage. */
result_t journal_reader_next(journal_reader_t *reader, journal_record_t *record);

/* Checks the whole journal without changing it. RESULT_OK, or the first damage; a torn tail is reported and is not an error. */
result_t journal_verify(const char *folder, journal_report_t *report);
