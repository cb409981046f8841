/* fuzz_journal.c: a good journal with bytes changed, cut or added anywhere: whatever a reader still hands out is what was written,
 * in order, without a hole; damage to a record that was durable is never passed over in silence. rooms: edge/store
 *
 * Input: one byte how many changes follow (three bytes each: place, value), one byte where the file ends; the rest are the bodies
 * of the records: a length byte, then so many bytes. Every record but the first calls the one before it durable.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "edge/store/journal_format.h"

enum { RECORDS = 6, FILE_BYTES = 4096, CHANGES_MAX = 8 };

typedef struct {
    uint64_t at; /* of its header in the file */
    const uint8_t *body;
    uint32_t length;
} written_t;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t file[FILE_BYTES];

static uint64_t build(const uint8_t *data, size_t size, written_t written[RECORDS], uint32_t *count)
{
    uint8_t chain[JOURNAL_CHAIN_BYTES];
    journal_segment_t segment = {
        .version = JOURNAL_VERSION, .segment = 1, .generation = 7, .first_number = 1, .segment_bytes = FILE_BYTES};
    memset(file, 0, sizeof file);
    journal_chain_begin(segment.generation, chain);
    memcpy(segment.chain, chain, sizeof chain);
    journal_segment_encode(&segment, file);
    uint64_t at = JOURNAL_SEGMENT_HEADER;
    for (*count = 0; *count < RECORDS && size > 0; (*count)++) {
        const size_t length = data[0] < size - 1 ? data[0] : size - 1;
        journal_head_t head = {.length = (uint32_t)length, .type = 1, .number = *count + 1, .time_ns = 5, .durable = *count};
        written[*count] = (written_t){at, data + 1, (uint32_t)length};
        journal_record_encode(&head, data + 1, chain, file + at);
        at += journal_record_size(head.length);
        data += 1 + length;
        size -= 1 + length;
    }
    return at;
}

/* The lowest offset that differs from the good file: everything before it must come out. */
static uint64_t spoil(const uint8_t *changes, size_t count, uint8_t end, uint64_t *length)
{
    static uint8_t good[FILE_BYTES];
    memcpy(good, file, sizeof good);
    for (size_t i = 0; i < count; i++) {
        file[(size_t)(changes[3 * i] | changes[3 * i + 1] << 8) % FILE_BYTES] = changes[3 * i + 2];
    }
    uint64_t first = 0; /* found by comparing: a later change may undo an earlier one */
    while (first < FILE_BYTES && file[first] == good[first]) {
        first++;
    }
    *length = end == 0 ? FILE_BYTES : (uint64_t)end * 16;
    return first < *length ? first : *length;
}

static bool put(const char *folder, const uint8_t *bytes, size_t length)
{
    char path[FILE_PATH_MAX];
    if (journal_segment_path(folder, 1, "pj", path) != RESULT_OK) {
        return false;
    }
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool done = descriptor >= 0 && write(descriptor, bytes, length) == (ssize_t)length;
    return descriptor >= 0 && close(descriptor) == 0 && done;
}

/* How many records come out; each is the one that was written. */
static uint32_t read_all(const char *folder, const written_t *written, uint32_t count, result_t *end)
{
    journal_reader_t *reader = NULL;
    journal_record_t record;
    uint32_t seen = 0;
    *end = journal_reader_open(folder, 1, &reader);
    if (*end != RESULT_OK) {
        return 0;
    }
    while ((*end = journal_reader_next(reader, &record)) == RESULT_OK) {
        ASSERT(seen < count && record.number == seen + 1 && record.offset == written[seen].at);
        ASSERT(record.body_length == written[seen].length);
        ASSERT(record.body_length == 0 || memcmp(record.body, written[seen].body, record.body_length) == 0);
        seen++;
    }
    journal_reader_close(reader);
    return seen;
}

static const char *folder_make(void)
{
    static char folder[] = "/tmp/patriot-fuzz-XXXXXX";
    static bool made;
    made = made || mkdtemp(folder) != NULL;
    return made ? folder : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    written_t written[RECORDS];
    uint32_t count = 0;
    uint64_t length = 0;
    const char *folder = folder_make();
    const size_t changes = size > 0 ? data[0] % (CHANGES_MAX + 1) : 0;
    if (folder == NULL || size < 2 + 3 * changes) {
        return 0;
    }
    (void)build(data + 2 + 3 * changes, size - 2 - 3 * changes, written, &count);
    const uint64_t first = spoil(data + 2, changes, data[1], &length);
    if (!put(folder, file, (size_t)length)) {
        return 0;
    }
    uint32_t whole = 0; /* records before the first spoilt byte */
    while (whole < count && first > JOURNAL_SEGMENT_HEADER &&
           written[whole].at + journal_record_size(written[whole].length) <= first) {
        whole++;
    }
    result_t end;
    const uint32_t seen = read_all(folder, written, count, &end);
    static journal_report_t report;
    const result_t verified = journal_verify(folder, &report);
    ASSERT(first < JOURNAL_SEGMENT_HEADER || seen >= whole);
    ASSERT(seen > 0 || whole == 0 || first < JOURNAL_SEGMENT_HEADER);
    /* A record that came out whole behind the first missing one would have called it durable: then it is damage. */
    if (first < JOURNAL_SEGMENT_HEADER) {
        ASSERT(verified != RESULT_OK && end != RESULT_EMPTY);
    } else {
        ASSERT((verified == RESULT_OK) == (end == RESULT_EMPTY));
        ASSERT(verified != RESULT_OK || report.records == seen);
        ASSERT(verified == RESULT_OK || report.text[0] != '\0');
    }
    return 0;
}
