/* journal_writer.h: the inside of journal_t, shared by journal.c (writing) and journal_open.c (opening, repair). Not for others. */
#pragma once

#include "edge/store/journal.h"
#include "edge/store/journal_format.h"

/* Zeroes are written this far ahead: the file system then knows these blocks as written, and a commit changes no metadata. */
#define JOURNAL_ZERO_STRETCH (UINT64_C(1) << 20)

struct journal {
    char folder[FILE_PATH_MAX];
    uint64_t segment_bytes, reserve_bytes;
    uint64_t generation;
    journal_system_t system;
    bool failed;    /* for good */
    bool disk_full; /* exits only */

    int descriptor;
    uint32_t segment;
    uint64_t used;   /* end of the last durable record */
    uint64_t zeroed; /* written with zeros or records up to here */
    int next;        /* the prepared segment, -1: none */

    uint8_t *group; /* appended, not yet written */
    size_t group_capacity, group_used;
    bool group_in_next;
    int64_t group_time_ns;

    uint64_t last, durable;
    uint8_t chain[JOURNAL_CHAIN_BYTES], chain_durable[JOURNAL_CHAIN_BYTES];
};

void journal_system_complete(journal_system_t *system);
result_t journal_write_all(journal_t *journal, int descriptor, const void *bytes, size_t length, uint64_t offset);
result_t journal_sync(journal_t *journal, int descriptor);
result_t journal_zero_ahead(journal_t *journal, int descriptor, uint64_t from, uint64_t to);

/* Allocated and zeroed at its beginning, under the name .new, without a header. */
result_t journal_segment_make(journal_t *journal, uint32_t segment, int *descriptor);

/* Writes and syncs the header, then gives the file its name: a .pj file always has a valid header. */
result_t journal_segment_begin(journal_t *journal, uint32_t segment, int descriptor, const journal_segment_t *header);
