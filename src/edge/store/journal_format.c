/* journal_format.c: where each byte of a journal stands, and the cursor that reads one segment. */
#include "edge/store/journal_format.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/hash.h"
#include "core/base/str.h"

/* segment header */
enum {
    SEG_MAGIC = 0,
    SEG_VERSION = 8,
    SEG_NUMBER = 12,
    SEG_GENERATION = 16,
    SEG_FIRST = 24,
    SEG_CHAIN = 32,
    SEG_CREATED = 64,
    SEG_BYTES = 72,
    SEG_CRC = 124
};
/* record header: the crc covers all but itself; the chain covers [0, REC_CRC) and [REC_NUMBER, REC_CHAIN) and the body */
enum {
    REC_MAGIC = 0,
    REC_LENGTH = 4,
    REC_TYPE = 8,
    REC_FLAGS = 10,
    REC_CRC = 12,
    REC_NUMBER = 16,
    REC_TIME = 24,
    REC_DURABLE = 32,
    REC_CHAIN = 40
};
_Static_assert(REC_CHAIN + JOURNAL_CHAIN_BYTES == JOURNAL_RECORD_HEADER, "record header");
_Static_assert(JOURNAL_RECORD_HEADER % JOURNAL_ALIGN == 0 && JOURNAL_SEGMENT_HEADER % JOURNAL_ALIGN == 0, "alignment");

static const char segment_magic[8] = {'P', 'A', 'T', 'R', 'I', 'O', 'T', 'J'};

static void put_le(uint8_t *bytes, uint64_t value, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint64_t get_le(const uint8_t *bytes, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

static bool all_zero(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

/* --- segment header --------------------------------------------------------------------------- */

void journal_segment_encode(const journal_segment_t *segment, uint8_t bytes[JOURNAL_SEGMENT_HEADER])
{
    memset(bytes, 0, JOURNAL_SEGMENT_HEADER);
    memcpy(bytes + SEG_MAGIC, segment_magic, sizeof segment_magic);
    put_le(bytes + SEG_VERSION, segment->version, 4);
    put_le(bytes + SEG_NUMBER, segment->segment, 4);
    put_le(bytes + SEG_GENERATION, segment->generation, 8);
    put_le(bytes + SEG_FIRST, segment->first_number, 8);
    memcpy(bytes + SEG_CHAIN, segment->chain, JOURNAL_CHAIN_BYTES);
    put_le(bytes + SEG_CREATED, (uint64_t)segment->created_ns, 8);
    put_le(bytes + SEG_BYTES, segment->segment_bytes, 8);
    put_le(bytes + SEG_CRC, hash_crc32c(0, bytes, SEG_CRC), 4);
}

result_t journal_segment_decode(const uint8_t bytes[JOURNAL_SEGMENT_HEADER], journal_segment_t *segment)
{
    if (memcmp(bytes + SEG_MAGIC, segment_magic, sizeof segment_magic) != 0) {
        return RESULT_MALFORMED;
    }
    if (get_le(bytes + SEG_CRC, 4) != hash_crc32c(0, bytes, SEG_CRC)) {
        return RESULT_CHECKSUM;
    }
    if (get_le(bytes + SEG_VERSION, 4) != JOURNAL_VERSION) {
        return RESULT_VERSION;
    }
    segment->version = JOURNAL_VERSION;
    segment->segment = (uint32_t)get_le(bytes + SEG_NUMBER, 4);
    segment->generation = get_le(bytes + SEG_GENERATION, 8);
    segment->first_number = get_le(bytes + SEG_FIRST, 8);
    memcpy(segment->chain, bytes + SEG_CHAIN, JOURNAL_CHAIN_BYTES);
    segment->created_ns = (int64_t)get_le(bytes + SEG_CREATED, 8);
    segment->segment_bytes = get_le(bytes + SEG_BYTES, 8);
    return RESULT_OK;
}

void journal_chain_begin(uint64_t generation, uint8_t chain[JOURNAL_CHAIN_BYTES])
{
    uint8_t bytes[8];
    sha256_t sha;
    put_le(bytes, generation, 8);
    sha256_init(&sha);
    sha256_update(&sha, segment_magic, sizeof segment_magic);
    sha256_update(&sha, bytes, sizeof bytes);
    sha256_final(&sha, chain);
}

/* --- records ---------------------------------------------------------------------------------- */

static void chain_next(const uint8_t *header, const void *body, size_t length, const uint8_t before[JOURNAL_CHAIN_BYTES],
                       uint8_t after[JOURNAL_CHAIN_BYTES])
{
    sha256_t sha;
    sha256_init(&sha);
    sha256_update(&sha, before, JOURNAL_CHAIN_BYTES);
    sha256_update(&sha, header, REC_CRC);
    sha256_update(&sha, header + REC_NUMBER, REC_CHAIN - REC_NUMBER);
    sha256_update(&sha, body, length);
    sha256_final(&sha, after);
}

static uint32_t record_crc(const uint8_t *bytes, uint32_t body_length)
{
    uint32_t crc = hash_crc32c(0, bytes, REC_CRC);
    return hash_crc32c(crc, bytes + REC_NUMBER, JOURNAL_RECORD_HEADER - REC_NUMBER + body_length);
}

void journal_record_encode(journal_head_t *head, const void *body, uint8_t chain[JOURNAL_CHAIN_BYTES], uint8_t *bytes)
{
    put_le(bytes + REC_MAGIC, JOURNAL_RECORD_MAGIC, 4);
    put_le(bytes + REC_LENGTH, head->length, 4);
    put_le(bytes + REC_TYPE, head->type, 2);
    put_le(bytes + REC_FLAGS, head->flags, 2);
    put_le(bytes + REC_NUMBER, head->number, 8);
    put_le(bytes + REC_TIME, (uint64_t)head->time_ns, 8);
    put_le(bytes + REC_DURABLE, head->durable, 8);
    chain_next(bytes, body, head->length, chain, head->chain);
    memcpy(bytes + REC_CHAIN, head->chain, JOURNAL_CHAIN_BYTES);
    if (head->length > 0) {
        memcpy(bytes + JOURNAL_RECORD_HEADER, body, head->length);
    }
    uint64_t size = journal_record_size(head->length);
    memset(bytes + JOURNAL_RECORD_HEADER + head->length, 0, size - JOURNAL_RECORD_HEADER - head->length);
    head->crc = record_crc(bytes, head->length);
    put_le(bytes + REC_CRC, head->crc, 4);
    memcpy(chain, head->chain, JOURNAL_CHAIN_BYTES);
}

result_t journal_head_decode(const uint8_t bytes[JOURNAL_RECORD_HEADER], journal_head_t *head)
{
    if (get_le(bytes + REC_MAGIC, 4) != JOURNAL_RECORD_MAGIC) {
        return all_zero(bytes, JOURNAL_RECORD_HEADER) ? RESULT_EMPTY : RESULT_MALFORMED;
    }
    journal_head_t read = {
        .length = (uint32_t)get_le(bytes + REC_LENGTH, 4),
        .type = (uint16_t)get_le(bytes + REC_TYPE, 2),
        .flags = (uint16_t)get_le(bytes + REC_FLAGS, 2),
        .crc = (uint32_t)get_le(bytes + REC_CRC, 4),
        .number = get_le(bytes + REC_NUMBER, 8),
        .time_ns = (int64_t)get_le(bytes + REC_TIME, 8),
        .durable = get_le(bytes + REC_DURABLE, 8),
    };
    if (read.length > JOURNAL_BODY_MAX || read.type == 0 || read.number == 0 || read.durable >= read.number) {
        return RESULT_MALFORMED;
    }
    memcpy(read.chain, bytes + REC_CHAIN, JOURNAL_CHAIN_BYTES);
    *head = read;
    return RESULT_OK;
}

result_t journal_record_check(const uint8_t *bytes, const journal_head_t *head)
{
    size_t used = JOURNAL_RECORD_HEADER + (size_t)head->length;
    if (record_crc(bytes, head->length) != head->crc) {
        return RESULT_CHECKSUM;
    }
    return all_zero(bytes + used, (size_t)journal_record_size(head->length) - used) ? RESULT_OK : RESULT_CHECKSUM;
}

bool journal_chain_check(const uint8_t *bytes, const journal_head_t *head, const uint8_t chain[JOURNAL_CHAIN_BYTES])
{
    uint8_t after[JOURNAL_CHAIN_BYTES];
    chain_next(bytes, bytes + JOURNAL_RECORD_HEADER, head->length, chain, after);
    return memcmp(after, head->chain, JOURNAL_CHAIN_BYTES) == 0;
}

/* --- names ------------------------------------------------------------------------------------ */

result_t journal_segment_path(const char *folder, uint32_t segment, const char *suffix, char path[FILE_PATH_MAX])
{
    char name[40];
    (void)snprintf(name, sizeof name, "journal-%06u.%s", (unsigned)segment, suffix);
    return file_path_join(folder, name, path, FILE_PATH_MAX);
}

/* "journal-000012.pj" -> 12; 0 for any other name. */
static uint32_t segment_of_name(const char *name)
{
    static const char prefix[] = "journal-";
    size_t length = strlen(name);
    if (length != sizeof prefix - 1 + 6 + 3 || memcmp(name, prefix, sizeof prefix - 1) != 0 ||
        strcmp(name + length - 3, ".pj") != 0) {
        return 0;
    }
    uint64_t number = 0;
    return str_to_u64((str_t){name + sizeof prefix - 1, 6}, &number) == RESULT_OK ? (uint32_t)number : 0;
}

result_t journal_segments_find(const char *folder, uint32_t *last, uint32_t *missing)
{
    DIR *listing = opendir(folder);
    if (listing == NULL) {
        return file_result_from_errno(errno);
    }
    uint32_t highest = 0;
    uint32_t count = 0;
    struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        uint32_t segment = segment_of_name(entry->d_name);
        count += segment != 0;
        highest = segment > highest ? segment : highest;
    }
    closedir(listing);
    if (highest == 0) {
        return RESULT_NOT_FOUND;
    }
    if (count != highest) { /* names are unique, so a count below the highest number means one is missing */
        for (uint32_t segment = 1; segment < highest; segment++) {
            char path[FILE_PATH_MAX];
            if (journal_segment_path(folder, segment, "pj", path) != RESULT_OK || access(path, F_OK) != 0) {
                *missing = segment;
                return RESULT_GAP;
            }
        }
    }
    *last = highest;
    return RESULT_OK;
}

/* --- cursor ----------------------------------------------------------------------------------- */

result_t journal_cursor_open(journal_cursor_t *cursor, const char *folder, uint32_t segment)
{
    char path[FILE_PATH_MAX];
    result_t result = journal_segment_path(folder, segment, "pj", path);
    if (result != RESULT_OK) {
        return result;
    }
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return file_result_from_errno(errno);
    }
    journal_cursor_close(cursor);
    cursor->descriptor = descriptor;
    journal_cursor_refresh(cursor);
    const uint8_t *bytes;
    result = journal_cursor_view(cursor, 0, JOURNAL_SEGMENT_HEADER, &bytes);
    if (result == RESULT_TRUNCATED) {
        result = RESULT_CHECKSUM;
    }
    if (result == RESULT_OK) {
        result = journal_segment_decode(bytes, &cursor->segment);
    }
    if (result == RESULT_MALFORMED || (result == RESULT_OK && cursor->segment.segment != segment)) {
        result = RESULT_CHECKSUM;
    }
    return result;
}

void journal_cursor_close(journal_cursor_t *cursor)
{
    if (cursor->descriptor >= 0) {
        close(cursor->descriptor);
        cursor->descriptor = -1;
    }
    cursor->filled = 0;
}

void journal_cursor_refresh(journal_cursor_t *cursor)
{
    struct stat status;
    cursor->filled = 0;
    cursor->size = fstat(cursor->descriptor, &status) == 0 ? (uint64_t)status.st_size : 0;
}

static result_t cursor_fill(journal_cursor_t *cursor, uint64_t offset)
{
    cursor->begin = offset;
    cursor->filled = 0;
    while (cursor->filled < JOURNAL_CURSOR_BYTES) {
        ssize_t got = pread(cursor->descriptor, cursor->buffer + cursor->filled, JOURNAL_CURSOR_BYTES - cursor->filled,
                            (off_t)(offset + cursor->filled));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            cursor->filled = 0;
            return RESULT_IO;
        }
        if (got == 0) {
            break;
        }
        cursor->filled += (size_t)got;
    }
    return RESULT_OK;
}

result_t journal_cursor_view(journal_cursor_t *cursor, uint64_t offset, size_t length, const uint8_t **bytes)
{
    ASSERT(length <= JOURNAL_CURSOR_BYTES);
    if (offset + length > cursor->size) {
        return RESULT_TRUNCATED;
    }
    if (cursor->filled == 0 || offset < cursor->begin || offset + length > cursor->begin + cursor->filled) {
        result_t result = cursor_fill(cursor, offset);
        if (result != RESULT_OK) {
            return result;
        }
        if (cursor->filled < length) {
            return RESULT_TRUNCATED; /* shrunk since its size was read */
        }
    }
    *bytes = cursor->buffer + (offset - cursor->begin);
    return RESULT_OK;
}

result_t journal_cursor_record(journal_cursor_t *cursor, uint64_t offset, uint64_t number, const uint8_t chain[JOURNAL_CHAIN_BYTES],
                               journal_head_t *head, const uint8_t **body)
{
    const uint8_t *bytes;
    result_t result = journal_cursor_view(cursor, offset, JOURNAL_RECORD_HEADER, &bytes);
    if (result == RESULT_TRUNCATED) {
        return RESULT_EMPTY; /* less than a header is left: a segment's natural end */
    }
    journal_head_t read;
    if (result == RESULT_OK) {
        result = journal_head_decode(bytes, &read);
    }
    if (result == RESULT_OK) {
        result = journal_cursor_view(cursor, offset, (size_t)journal_record_size(read.length), &bytes);
    }
    if (result == RESULT_OK) {
        result = journal_record_check(bytes, &read);
    }
    if (result != RESULT_OK) {
        return result;
    }
    if (read.number != number) {
        return RESULT_GAP;
    }
    if (!journal_chain_check(bytes, &read, chain)) {
        return RESULT_CHECKSUM;
    }
    *head = read;
    *body = bytes + JOURNAL_RECORD_HEADER;
    return RESULT_OK;
}

/* A whole record at offset that calls `number` durable. */
static bool calls_durable(journal_cursor_t *cursor, uint64_t offset, uint64_t number)
{
    const uint8_t *bytes;
    journal_head_t head;
    return journal_cursor_view(cursor, offset, JOURNAL_RECORD_HEADER, &bytes) == RESULT_OK &&
           journal_head_decode(bytes, &head) == RESULT_OK && head.number > number && head.durable >= number &&
           journal_cursor_view(cursor, offset, (size_t)journal_record_size(head.length), &bytes) == RESULT_OK &&
           journal_record_check(bytes, &head) == RESULT_OK;
}

result_t journal_cursor_tail(journal_cursor_t *cursor, uint64_t offset, uint64_t number, bool *damage, uint64_t *garbage_end)
{
    *damage = false;
    *garbage_end = offset;
    static const uint8_t zero_page[4096];
    for (uint64_t at = offset; at + JOURNAL_ALIGN <= cursor->size; at += JOURNAL_ALIGN) {
        const uint8_t *bytes;
        while (journal_cursor_view(cursor, at, sizeof zero_page, &bytes) == RESULT_OK &&
               memcmp(bytes, zero_page, sizeof zero_page) == 0) {
            at += sizeof zero_page; /* most of a segment is zero: pass over it by pages */
        }
        result_t result = journal_cursor_view(cursor, at, JOURNAL_ALIGN, &bytes);
        if (result == RESULT_TRUNCATED) {
            break;
        }
        if (result != RESULT_OK) {
            return result;
        }
        if (all_zero(bytes, JOURNAL_ALIGN)) {
            continue;
        }
        *garbage_end = at + JOURNAL_ALIGN;
        if (get_le(bytes, 4) == JOURNAL_RECORD_MAGIC && calls_durable(cursor, at, number)) {
            *damage = true;
            return RESULT_OK;
        }
    }
    return RESULT_OK;
}
