/* journal_open.c: opening a journal: create, check, cut a torn tail, refuse damage.
 *
 * Opening reads the headers of all segments and every record of the last one; the records of earlier segments are checked when they
 * are read (a watchdog reads all of them when it folds its state, journal_verify does too), so that opening stays fast however old
 * the journal is.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edge/store/journal_writer.h"

static result_t report_problem(journal_report_t *report, result_t problem, const char *text, const char *file, uint64_t offset,
                               uint64_t number)
{
    report->problem = problem;
    report->offset = offset;
    report->number = number;
    (void)snprintf(report->file, sizeof report->file, "%s", file);
    (void)snprintf(report->text, sizeof report->text, "%s", text);
    return problem;
}

static result_t report_damage(journal_report_t *report, result_t problem, const char *file, uint64_t offset, uint64_t number)
{
    char text[sizeof report->text];
    const char *name = strrchr(file, '/');
    (void)snprintf(text, sizeof text,
                   "%.60s: record %" PRIu64 " at byte %" PRIu64 ": %s; restore this file from a copy, nothing was changed",
                   name == NULL ? file : name + 1, number, offset, result_text(problem));
    return report_problem(report, problem, text, file, offset, number);
}

/* --- checking the last segment ---------------------------------------------------------------- */

typedef struct {
    uint64_t offset;      /* after the last whole record */
    uint64_t garbage_end; /* after the last byte that is not zero */
    uint64_t number;      /* last whole record */
    uint64_t records;
    uint8_t chain[JOURNAL_CHAIN_BYTES];
} scan_t;

/* Walks the records of the segment the cursor is open on. RESULT_OK: scan says where they end. */
static result_t scan_segment(journal_cursor_t *cursor, const char *path, scan_t *scan, journal_report_t *report)
{
    *scan = (scan_t){.offset = JOURNAL_SEGMENT_HEADER, .number = cursor->segment.first_number - 1};
    memcpy(scan->chain, cursor->segment.chain, JOURNAL_CHAIN_BYTES);
    journal_head_t head;
    const uint8_t *body;
    result_t found;
    while ((found = journal_cursor_record(cursor, scan->offset, scan->number + 1, scan->chain, &head, &body)) == RESULT_OK) {
        scan->offset += journal_record_size(head.length);
        scan->number = head.number;
        scan->records++;
        memcpy(scan->chain, head.chain, JOURNAL_CHAIN_BYTES);
    }
    if (found == RESULT_IO) {
        return report_damage(report, RESULT_IO, path, scan->offset, scan->number + 1);
    }
    bool damage = false;
    result_t result = journal_cursor_tail(cursor, scan->offset, scan->number + 1, &damage, &scan->garbage_end);
    if (result != RESULT_OK) {
        return report_damage(report, result, path, scan->offset, scan->number + 1);
    }
    if (damage) {
        return report_damage(report, found == RESULT_GAP ? RESULT_GAP : RESULT_CHECKSUM, path, scan->offset, scan->number + 1);
    }
    return RESULT_OK;
}

/* Headers of all segments: same generation, ascending first numbers. The last one stays open in the cursor. */
static result_t check_headers(journal_cursor_t *cursor, const char *folder, uint32_t last, journal_report_t *report)
{
    uint64_t first_before = 0;
    for (uint32_t segment = 1; segment <= last; segment++) {
        char path[FILE_PATH_MAX];
        result_t result = journal_segment_path(folder, segment, "pj", path);
        if (result != RESULT_OK) {
            return result;
        }
        result = journal_cursor_open(cursor, folder, segment);
        if (result != RESULT_OK) {
            return report_damage(report, result, path, 0, first_before + 1);
        }
        const journal_segment_t *header = &cursor->segment;
        if (segment == 1) {
            uint8_t begin[JOURNAL_CHAIN_BYTES];
            journal_chain_begin(header->generation, begin);
            report->generation = header->generation;
            if (header->first_number != 1 || memcmp(begin, header->chain, JOURNAL_CHAIN_BYTES) != 0) {
                return report_damage(report, RESULT_CHECKSUM, path, 0, 1);
            }
        } else if (header->generation != report->generation || header->first_number <= first_before) {
            return report_damage(report, RESULT_GAP, path, 0, header->first_number);
        }
        first_before = header->first_number;
    }
    report->segments = last;
    return RESULT_OK;
}

/* Zeros over what a crash left behind the last whole record, so that it can never come back to life. */
static result_t cut_tail(journal_t *journal, const char *path, const scan_t *scan, journal_report_t *report)
{
    if (scan->garbage_end <= scan->offset) {
        return RESULT_OK;
    }
    result_t result = journal_zero_ahead(journal, journal->descriptor, scan->offset, scan->garbage_end);
    if (result != RESULT_OK) {
        return result;
    }
    const char *name = strrchr(path, '/');
    report->cut_bytes = scan->garbage_end - scan->offset;
    report->offset = scan->offset;
    report->number = scan->number + 1;
    (void)snprintf(report->file, sizeof report->file, "%s", path);
    (void)snprintf(report->text, sizeof report->text,
                   "%.60s: cut %" PRIu64 " bytes of an unfinished write at byte %" PRIu64 "; record %" PRIu64
                   " is the last whole one",
                   name == NULL ? path : name + 1, report->cut_bytes, scan->offset, scan->number);
    return RESULT_OK;
}

static void report_end(journal_report_t *report, const scan_t *scan)
{
    report->number_last = scan->number;
    report->records = scan->number;
    memcpy(report->chain, scan->chain, JOURNAL_CHAIN_BYTES);
}

static result_t open_existing(journal_t *journal, uint32_t last, journal_report_t *report)
{
    journal_cursor_t cursor = {.descriptor = -1, .buffer = malloc(JOURNAL_CURSOR_BYTES)};
    if (cursor.buffer == NULL) {
        return RESULT_FULL;
    }
    char path[FILE_PATH_MAX];
    scan_t scan;
    result_t result = journal_segment_path(journal->folder, last, "pj", path);
    if (result == RESULT_OK) {
        result = check_headers(&cursor, journal->folder, last, report);
    }
    if (result == RESULT_OK) {
        result = scan_segment(&cursor, path, &scan, report);
    }
    if (result == RESULT_OK && (journal->descriptor = open(path, O_RDWR | O_CLOEXEC)) < 0) {
        result = file_result_from_errno(errno);
    }
    if (result == RESULT_OK) {
        journal->segment = last;
        journal->generation = report->generation;
        journal->used = scan.offset;
        journal->zeroed = scan.offset;
        journal->last = journal->durable = scan.number;
        memcpy(journal->chain, scan.chain, JOURNAL_CHAIN_BYTES);
        memcpy(journal->chain_durable, scan.chain, JOURNAL_CHAIN_BYTES);
        report_end(report, &scan);
        result = cut_tail(journal, path, &scan, report);
    }
    if (result == RESULT_OK && cursor.size < journal->segment_bytes) { /* made under a smaller setting, or cut short from outside */
        result = file_result_from_errno(
            journal->system.allocate(journal->system.context, journal->descriptor, (off_t)journal->segment_bytes));
    }
    journal_cursor_close(&cursor);
    free(cursor.buffer);
    return result;
}

static result_t create(journal_t *journal, const journal_options_t *options, journal_report_t *report)
{
    journal_segment_t header = {
        .version = JOURNAL_VERSION,
        .segment = 1,
        .generation = options->generation,
        .first_number = 1,
        .created_ns = options->now_ns,
        .segment_bytes = journal->segment_bytes,
    };
    journal_chain_begin(options->generation, header.chain);
    result_t result = journal_segment_make(journal, 1, &journal->descriptor);
    if (result == RESULT_OK) {
        result = journal_segment_begin(journal, 1, journal->descriptor, &header);
    }
    if (result != RESULT_OK) {
        return result;
    }
    journal->segment = 1;
    journal->generation = options->generation;
    journal->used = JOURNAL_SEGMENT_HEADER;
    journal->zeroed = JOURNAL_ZERO_STRETCH < journal->segment_bytes ? JOURNAL_ZERO_STRETCH : journal->segment_bytes;
    memcpy(journal->chain, header.chain, JOURNAL_CHAIN_BYTES);
    memcpy(journal->chain_durable, header.chain, JOURNAL_CHAIN_BYTES);
    report->segments = 1;
    report->generation = options->generation;
    memcpy(report->chain, header.chain, JOURNAL_CHAIN_BYTES);
    return RESULT_OK;
}

static result_t sizes_choose(journal_t *journal, const journal_options_t *options)
{
    journal->segment_bytes = options->segment_bytes != 0 ? options->segment_bytes : JOURNAL_SEGMENT_BYTES_DEFAULT;
    journal->segment_bytes = journal->segment_bytes / 4096 * 4096;
    uint64_t eighth = journal->segment_bytes / 8;
    journal->reserve_bytes = options->reserve_bytes != 0              ? options->reserve_bytes
                             : eighth < JOURNAL_RESERVE_BYTES_DEFAULT ? eighth
                                                                      : JOURNAL_RESERVE_BYTES_DEFAULT;
    journal->group_capacity = options->buffer_bytes != 0                                  ? options->buffer_bytes
                              : journal->segment_bytes / 4 < JOURNAL_BUFFER_BYTES_DEFAULT ? (size_t)(journal->segment_bytes / 4)
                                                                                          : JOURNAL_BUFFER_BYTES_DEFAULT;
    uint64_t largest = journal_record_size(JOURNAL_BODY_MAX);
    bool good = journal->reserve_bytes >= 4096 && journal->segment_bytes >= 4 * journal->reserve_bytes &&
                journal->segment_bytes - journal->reserve_bytes >= JOURNAL_SEGMENT_HEADER + 2 * largest &&
                journal->group_capacity <= journal->segment_bytes - journal->reserve_bytes - JOURNAL_SEGMENT_HEADER &&
                journal->group_capacity >= JOURNAL_RECORD_HEADER;
    return good ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

result_t journal_open(const journal_options_t *options, journal_t **journal, journal_report_t *report)
{
    *report = (journal_report_t){0};
    journal_t *opened = calloc(1, sizeof *opened);
    if (opened == NULL) {
        return RESULT_FULL;
    }
    opened->descriptor = opened->next = -1;
    opened->system = options->system;
    journal_system_complete(&opened->system);
    result_t result = strlen(options->folder) < sizeof opened->folder ? RESULT_OK : RESULT_TEXT_TOO_LONG;
    if (result == RESULT_OK) {
        memcpy(opened->folder, options->folder, strlen(options->folder) + 1);
        result = sizes_choose(opened, options);
    }
    if (result == RESULT_OK && (opened->group = malloc(opened->group_capacity)) == NULL) {
        result = RESULT_FULL;
    }
    if (result == RESULT_OK) {
        result = file_folder_make(opened->folder);
    }
    uint32_t last = 0;
    uint32_t missing = 0;
    if (result == RESULT_OK) {
        result = journal_segments_find(opened->folder, &last, &missing);
        if (result == RESULT_GAP) {
            char path[FILE_PATH_MAX] = "";
            (void)journal_segment_path(opened->folder, missing, "pj", path);
            (void)report_damage(report, RESULT_GAP, path, 0, 0);
        } else {
            result = result == RESULT_NOT_FOUND ? create(opened, options, report)
                     : result == RESULT_OK      ? open_existing(opened, last, report)
                                                : result;
        }
    }
    if (result != RESULT_OK) {
        if (report->problem == RESULT_OK) {
            char text[sizeof report->text];
            (void)snprintf(text, sizeof text, "the journal in %.120s cannot be opened: %s%s", options->folder, result_text(result),
                           result == RESULT_DISK_FULL ? " (a segment takes 64 MiB): free the disk, or choose another with --data"
                                                      : "");
            (void)report_problem(report, result, text, options->folder, 0, 0);
        }
        journal_close(opened);
        return result;
    }
    *journal = opened;
    return RESULT_OK;
}

/* --- verify ----------------------------------------------------------------------------------- */

static result_t verify_segments(journal_cursor_t *cursor, const char *folder, uint32_t last, journal_report_t *report)
{
    scan_t before = {0};
    for (uint32_t segment = 1; segment <= last; segment++) {
        char path[FILE_PATH_MAX];
        result_t result = journal_segment_path(folder, segment, "pj", path);
        if (result == RESULT_OK) {
            result = journal_cursor_open(cursor, folder, segment);
        }
        if (result != RESULT_OK) {
            return report_damage(report, result, path, 0, before.number + 1);
        }
        bool fits = segment == 1 || (cursor->segment.first_number == before.number + 1 &&
                                     memcmp(cursor->segment.chain, before.chain, JOURNAL_CHAIN_BYTES) == 0);
        if (!fits) { /* the segment before ends too early, or this one follows another history */
            (void)journal_segment_path(folder, segment - 1, "pj", path);
            return report_damage(report, RESULT_GAP, path, before.offset, before.number + 1);
        }
        result = scan_segment(cursor, path, &before, report);
        if (result != RESULT_OK) {
            return result;
        }
        report_end(report, &before);
        if (segment == last && before.garbage_end > before.offset) {
            report->cut_bytes = before.garbage_end - before.offset;
            report->offset = before.offset;
            (void)snprintf(report->file, sizeof report->file, "%s", path);
            (void)snprintf(report->text, sizeof report->text,
                           "%" PRIu64 " bytes of an unfinished write stand behind record %" PRIu64
                           "; the next start of the watchdog cuts them",
                           report->cut_bytes, before.number);
        }
    }
    return RESULT_OK;
}

result_t journal_verify(const char *folder, journal_report_t *report)
{
    *report = (journal_report_t){0};
    uint32_t last = 0;
    uint32_t missing = 0;
    result_t result = journal_segments_find(folder, &last, &missing);
    if (result != RESULT_OK) {
        char path[FILE_PATH_MAX];
        if (result != RESULT_GAP || journal_segment_path(folder, missing, "pj", path) != RESULT_OK) {
            return report_problem(report, result,
                                  result == RESULT_NOT_FOUND ? "there is no journal in this folder" : result_text(result), folder,
                                  0, 0);
        }
        return report_damage(report, RESULT_GAP, path, 0, 0);
    }
    journal_cursor_t cursor = {.descriptor = -1, .buffer = malloc(JOURNAL_CURSOR_BYTES)};
    if (cursor.buffer == NULL) {
        return RESULT_FULL;
    }
    result = check_headers(&cursor, folder, last, report);
    if (result == RESULT_OK) {
        result = verify_segments(&cursor, folder, last, report);
    }
    journal_cursor_close(&cursor);
    free(cursor.buffer);
    return result;
}
