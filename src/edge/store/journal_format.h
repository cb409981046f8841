/* journal_format.h: the bytes of the journal: headers of segments and records, their checks. Pure; for the journal's own files and
 * tests.
 *
 * Offsets stand in journal_format.c beside the code that writes them. All integers are little-endian; records begin at multiples
 * of 8.
 */
#pragma once

#include "edge/store/journal.h"

#define JOURNAL_RECORD_MAGIC UINT32_C(0x31524a50) /* "PJR1" */
enum { JOURNAL_FLAG_EXIT = 1, JOURNAL_ALIGN = 8 };

typedef struct {
    uint32_t version;
    uint32_t segment;
    uint64_t generation;
    uint64_t first_number;
    uint8_t chain[JOURNAL_CHAIN_BYTES]; /* after the record before the first */
    int64_t created_ns;
    uint64_t segment_bytes;
} journal_segment_t;

/* What a record's header says. */
typedef struct {
    uint32_t length; /* of the body */
    uint16_t type;
    uint16_t flags;
    uint32_t crc;
    uint64_t number;
    int64_t time_ns;
    uint64_t durable; /* highest number known to be synced when this was written */
    uint8_t chain[JOURNAL_CHAIN_BYTES];
} journal_head_t;

/* Header and body padded to the alignment. */
static inline uint64_t journal_record_size(uint32_t body_length)
{
    return (JOURNAL_RECORD_HEADER + (uint64_t)body_length + JOURNAL_ALIGN - 1) / JOURNAL_ALIGN * JOURNAL_ALIGN;
}

void journal_segment_encode(const journal_segment_t *segment, uint8_t bytes[JOURNAL_SEGMENT_HEADER]);

/* RESULT_MALFORMED: no journal segment; RESULT_CHECKSUM; RESULT_VERSION. */
result_t journal_segment_decode(const uint8_t bytes[JOURNAL_SEGMENT_HEADER], journal_segment_t *segment);

/* Where the chain begins: SHA-256 of the generation. */
void journal_chain_begin(uint64_t generation, uint8_t chain[JOURNAL_CHAIN_BYTES]);

/* Writes header, body and padding (journal_record_size bytes) and moves `chain` on. head->crc and head->chain are made here. */
void journal_record_encode(journal_head_t *head, const void *body, uint8_t chain[JOURNAL_CHAIN_BYTES], uint8_t *bytes);

/* RESULT_EMPTY: all zero, RESULT_MALFORMED: no header (magic, length or number senseless). */
result_t journal_head_decode(const uint8_t bytes[JOURNAL_RECORD_HEADER], journal_head_t *head);

/* Whole record at bytes (journal_record_size(head->length) of them): crc, padding. RESULT_OK or RESULT_CHECKSUM. */
result_t journal_record_check(const uint8_t *bytes, const journal_head_t *head);

/* chain' = SHA-256(chain || header || body); true when it is the one the header carries. */
bool journal_chain_check(const uint8_t *bytes, const journal_head_t *head, const uint8_t chain[JOURNAL_CHAIN_BYTES]);

/* DIR/journal-000007.pj */
result_t journal_segment_path(const char *folder, uint32_t segment, const char *suffix, char path[FILE_PATH_MAX]);

/* Highest segment of a folder, every one from 1 on being there. RESULT_NOT_FOUND: none; RESULT_GAP: *missing is not there. */
result_t journal_segments_find(const char *folder, uint32_t *last, uint32_t *missing);

/* --- reading a segment ------------------------------------------------------------------------ */

enum { JOURNAL_CURSOR_BYTES = 256 * 1024 };

/* A window on one segment file. */
typedef struct {
    int descriptor;
    uint64_t size;  /* of the file */
    uint64_t begin; /* file offset of buffer[0] */
    size_t filled;
    uint8_t *buffer; /* JOURNAL_CURSOR_BYTES, owned by whoever embeds the cursor */
    journal_segment_t segment;
} journal_cursor_t;

/* Opens a segment and checks its header (and that it is the one asked for). RESULT_NOT_FOUND, RESULT_CHECKSUM, RESULT_VERSION,
 * RESULT_IO. */
result_t journal_cursor_open(journal_cursor_t *cursor, const char *folder, uint32_t segment);
void journal_cursor_close(journal_cursor_t *cursor);

/* Bytes [offset, offset + length), length <= JOURNAL_CURSOR_BYTES; RESULT_TRUNCATED past the end of the file. */
result_t journal_cursor_view(journal_cursor_t *cursor, uint64_t offset, size_t length, const uint8_t **bytes);

/* Forgets what was read: the file may have grown. */
void journal_cursor_refresh(journal_cursor_t *cursor);

/* The record at offset: decoded, its crc, number and chain checked. RESULT_EMPTY: zeros or the end; RESULT_CHECKSUM,
 * RESULT_MALFORMED, RESULT_GAP (another number), RESULT_TRUNCATED: no whole record here. */
result_t journal_cursor_record(journal_cursor_t *cursor, uint64_t offset, uint64_t number, const uint8_t chain[JOURNAL_CHAIN_BYTES],
                               journal_head_t *head, const uint8_t **body);

/* Looks behind `offset` for a whole record that calls `number` durable: then what stands at offset is damage, not a torn tail.
 * *garbage_end is the offset after the last byte that is not zero (offset itself if all is zero). */
result_t journal_cursor_tail(journal_cursor_t *cursor, uint64_t offset, uint64_t number, bool *damage, uint64_t *garbage_end);
