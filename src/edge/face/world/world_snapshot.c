/* world_snapshot.c: the whole state of a world in its folder, and the way back from there.
 *
 * FOLDER/state.snap: head, world_saved_t, the venue. A snapshot begins the next log (world_log.h), which is made before it.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "edge/face/world/world_memory.h"
#include "edge/face/world/world_parts.h"

static const char snapshot_magic[8] = {'P', 'W', 'O', 'R', 'L', 'D', '0', '2'}; /* the last two: version */
enum { MAGIC_NAME = 6 };

typedef struct {
    char magic[8];
    uint64_t generation;
    uint64_t saved_bytes, venue_bytes;
    uint64_t crc; /* of generation and saved */
} snapshot_head_t;

static uint64_t head_crc(uint64_t generation, const world_saved_t *saved)
{
    return hash_crc32c(hash_crc32c(0, &generation, sizeof generation), saved, sizeof *saved);
}

static void log_path(const world_t *world, uint64_t generation, char path[FILE_PATH_MAX])
{
    snprintf(path, FILE_PATH_MAX, "%.980s/inputs-%06llu.log", world->folder, (unsigned long long)generation);
}

static void snapshot_path(const world_t *world, char path[FILE_PATH_MAX])
{
    snprintf(path, FILE_PATH_MAX, "%.980s/state.snap", world->folder);
}

static result_t write_snapshot(world_t *world, uint64_t generation)
{
    size_t venue_bytes = venue_save_size(world->venue);
    snapshot_head_t head = {
        .generation = generation, .saved_bytes = sizeof world->saved, .crc = head_crc(generation, &world->saved)};
    uint8_t *bytes = malloc(sizeof head + sizeof world->saved + venue_bytes);
    if (!bytes)
        return RESULT_FULL;
    size_t written = 0;
    result_t result = venue_save(world->venue, bytes + sizeof head + sizeof world->saved, venue_bytes, &written);
    if (result == RESULT_OK) {
        char path[FILE_PATH_MAX];
        head.venue_bytes = written;
        memcpy(head.magic, snapshot_magic, sizeof head.magic);
        memcpy(bytes, &head, sizeof head);
        memcpy(bytes + sizeof head, &world->saved, sizeof world->saved);
        snapshot_path(world, path);
        result = file_write_whole(path, bytes, sizeof head + sizeof world->saved + written, 0600);
    }
    free(bytes);
    return result;
}

static result_t nothing_to_apply(void *context, uint32_t type, const void *body, size_t length)
{
    (void)context, (void)type, (void)body, (void)length;
    return RESULT_MALFORMED;
}

result_t world_snapshot(world_t *world)
{
    if (world->folder[0] == '\0' || (world->log.descriptor >= 0 && world->log.records == 0))
        return RESULT_OK;
    char path[FILE_PATH_MAX], old[FILE_PATH_MAX], error[WORLD_LOG_TEXT_MAX] = "";
    log_path(world, world->generation, old);
    log_path(world, world->generation + 1, path);
    (void)unlink(path); /* one that an earlier life left behind would be applied on top of this snapshot */
    world_log_t next = WORLD_LOG_NONE;
    result_t result = world_log_open(&next, path, nothing_to_apply, NULL, NULL, error);
    if (result != RESULT_OK)
        return result;
    result = write_snapshot(world, world->generation + 1);
    if (result != RESULT_OK) {
        world_log_close(&next);
        (void)unlink(path);
        return result;
    }
    world_log_close(&world->log);
    world->log = next;
    world->generation++;
    (void)unlink(old);
    return RESULT_OK;
}

static result_t check_same_world(const world_t *world, const world_options_t *options, world_report_t *report)
{
    const world_saved_t *saved = &world->saved;
    if (options->seed_given && options->seed != saved->seed) {
        snprintf(report->error, sizeof report->error,
                 "--seed %llu, but the world in %.200s was begun with seed %llu; leave --seed out, choose another --data, or "
                 "remove that folder",
                 (unsigned long long)options->seed, world->folder, (unsigned long long)saved->seed);
        return RESULT_BAD_STATE;
    }
    bool same = options->source_count == saved->source_count;
    for (uint32_t i = 0; same && i < options->source_count; i++)
        same = strcmp(options->sources[i].symbol, saved->symbols[i]) == 0 &&
               options->sources[i].digest == saved->source_digests[i] &&
               venue_instrument_at(world->venue, (instrument_id_t)i)->kind == options->instruments[i].kind;
    if (same)
        return RESULT_OK;
    snprintf(
        report->error, sizeof report->error,
        "the markets are not those of the world in %.200s; name the same --market, choose another --data, or remove that folder",
        world->folder);
    return RESULT_BAD_STATE;
}

/* Where each market goes on, told by the restored venue. */
static result_t find_place(world_t *world, world_report_t *report)
{
    for (uint32_t i = 0; i < world->saved.source_count; i++) {
        market_source_t *source = &world->sources[i];
        int64_t until = venue_market_until(world->venue, (instrument_id_t)i);
        int64_t from = until > 0 ? until : venue_now(world->venue);
        source->next = market_source_from(source, from);
        if (source->kind != MARKET_FROM_STREAM || world->saved.stream_lines[i] == 0)
            continue;
        stream_file_close(source->stream);
        source->stream = NULL;
        result_t result =
            stream_file_open(source->path, &source->recorded, world->saved.stream_lines[i], &source->stream, report->error);
        if (result != RESULT_OK)
            return result;
    }
    return RESULT_OK;
}

static result_t parse_snapshot(world_t *world, const world_options_t *options, const char *path, const uint8_t *bytes,
                               size_t length, world_report_t *report)
{
    snapshot_head_t head;
    venue_bounds_t bounds;
    if (length < sizeof head + sizeof world->saved)
        return world_fail(report, RESULT_TRUNCATED, path);
    memcpy(&head, bytes, sizeof head);
    if (memcmp(head.magic, snapshot_magic, MAGIC_NAME) != 0)
        return world_fail(report, RESULT_MALFORMED, path);
    if (memcmp(head.magic, snapshot_magic, sizeof head.magic) != 0 || head.saved_bytes != sizeof world->saved)
        return world_fail(report, RESULT_VERSION, path);
    if (head.venue_bytes != length - sizeof head - sizeof world->saved)
        return world_fail(report, RESULT_TRUNCATED, path);
    memcpy(&world->saved, bytes + sizeof head, sizeof world->saved);
    if (head_crc(head.generation, &world->saved) != head.crc)
        return world_fail(report, RESULT_CHECKSUM, path);
    const uint8_t *venue_bytes = bytes + sizeof head + sizeof world->saved;
    result_t result = venue_load_bounds(venue_bytes, head.venue_bytes, &bounds);
    if (result != RESULT_OK)
        return world_fail(report, result, path);
    world->memory = world_memory(venue_size(&bounds), options->sources, options->source_count);
    if (!world->memory)
        return world_fail(report, RESULT_FULL, "memory for the venue");
    result = venue_load(world->memory, venue_bytes, head.venue_bytes, &world->venue);
    world->generation = head.generation;
    return result == RESULT_OK ? RESULT_OK : world_fail(report, result, path);
}

/* A log that only a world with a snapshot leaves behind: a later one than the first, or one with something in it. */
static bool has_left_log(const world_t *world, char name[64])
{
    DIR *folder = opendir(world->folder);
    bool found = false;
    for (const struct dirent *entry; folder && !found && (entry = readdir(folder));) {
        unsigned long long generation = 0;
        char path[FILE_PATH_MAX], whole[64];
        struct stat status;
        if (sscanf(entry->d_name, "inputs-%llu.log", &generation) != 1)
            continue;
        snprintf(whole, sizeof whole, "inputs-%06llu.log", generation);
        log_path(world, generation, path);
        found = strcmp(whole, entry->d_name) == 0 && stat(path, &status) == 0 && (generation > 1 || status.st_size > 0);
        if (found)
            memcpy(name, whole, sizeof whole);
    }
    if (folder)
        (void)closedir(folder);
    return found;
}

/* RESULT_NOT_FOUND: there has been no world. */
static result_t no_snapshot(const world_t *world, const char *path, world_report_t *report)
{
    char log[64] = "";
    if (!has_left_log(world, log))
        return RESULT_NOT_FOUND;
    snprintf(
        report->error, sizeof report->error,
        "%.300s is missing, but %.60s beside it says that there has been a world: restore the folder from a copy, or begin a new "
        "world with another --data (the books of this folder belong to the old one)",
        path, log);
    return RESULT_BAD_STATE;
}

static result_t load_snapshot(world_t *world, const world_options_t *options, world_report_t *report)
{
    enum { SNAPSHOT_MAX = 1 << 30 };
    char path[FILE_PATH_MAX];
    snapshot_path(world, path);
    FILE *file = fopen(path, "rb");
    if (!file)
        return errno == ENOENT ? no_snapshot(world, path, report) : world_fail(report, file_result_from_errno(errno), path);
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    uint8_t *bytes = size > 0 && size < SNAPSHOT_MAX ? malloc((size_t)size) : NULL;
    result_t result = size == 0 ? RESULT_TRUNCATED : RESULT_IO;
    if (bytes && fseek(file, 0, SEEK_SET) == 0 && fread(bytes, 1, (size_t)size, file) == (size_t)size)
        result = parse_snapshot(world, options, path, bytes, (size_t)size, report);
    else
        (void)world_fail(report, result, path);
    free(bytes);
    (void)fclose(file);
    return result;
}

result_t world_restore(world_t *world, const world_options_t *options, world_report_t *report)
{
    result_t result = load_snapshot(world, options, report);
    if (result != RESULT_OK)
        return result;
    result = check_same_world(world, options, report);
    if (result != RESULT_OK)
        return result;
    world_scale_again(world);
    result = find_place(world, report);
    if (result != RESULT_OK)
        return result;
    char path[FILE_PATH_MAX];
    log_path(world, world->generation, path);
    if (access(path, F_OK) != 0 && errno == ENOENT) { /* it is made before its snapshot, so it was there */
        snprintf(
            report->error, sizeof report->error,
            "%.400s is missing, and with it what has happened since state.snap was written: bring it back, or make an empty file "
            "of that name to go on from there",
            path);
        return RESULT_BAD_STATE;
    }
    world->replaying = true;
    result = world_feed_bars(world);
    if (result == RESULT_OK)
        result = world_log_open(&world->log, path, world_apply, world, &report->cut_bytes, report->error);
    world->replaying = false;
    report->replayed = world->log.records;
    report->restored = result == RESULT_OK;
    return result;
}
