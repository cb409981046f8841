/* world.c: see world.h. Life of a world: begin, snapshot, restart; and the clock. Commands stand in world_commands.c. */
#include "edge/face/world/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/hash.h"
#include "core/base/time.h"
#include "edge/face/world/world_memory.h"
#include "edge/face/world/world_parts.h"

enum {
    PRIME_DAYS = 40,
    STREAM_MOMENT_MS = 100,
    ACCOUNTS_USUAL = 4,
    ORDER_LISTS_USUAL = 256,
    ASSETS_MOST = 64,
    CHANGES_KEPT = 2048,
    INTERESTS_KEPT = 7 * 24 * 12, /* a week of five minutes */
    FIGURES_KEPT = 120,
    KLINES_KEPT = 500, /* of each length: what a client gets who names no limit, and the minutes of eight hours */
};

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

/* --- the market ------------------------------------------------------------------------------- */

result_t world_feed_bars(world_t *world)
{
    int64_t now = venue_now(world->venue);
    for (uint32_t i = 0; i < world->saved.source_count; i++) {
        market_source_t *source = &world->sources[i];
        if (source->kind != MARKET_FROM_CANDLES)
            continue;
        while (source->next < source->history.count && venue_market_until(world->venue, (instrument_id_t)i) <= now) {
            const candle_t *bar = market_bars_at(source->bars, source->next);
            if (!bar)
                return RESULT_IO;
            if (bar->open_ns >= now &&
                venue_market_bar(world->venue, (instrument_id_t)i, source->history.timeframe, bar) == RESULT_FULL)
                break;
            source->next++;
        }
    }
    return RESULT_OK;
}

/* The earliest event of all recorded streams; its source through *index. */
static market_event_t *next_recorded(world_t *world, uint32_t *index)
{
    market_event_t *earliest = NULL;
    for (uint32_t i = 0; i < world->saved.source_count; i++) {
        if (!world->sources[i].stream)
            continue;
        market_event_t *event = stream_file_peek(world->sources[i].stream);
        if (event && (!earliest || event->time_ns < earliest->time_ns)) {
            earliest = event;
            *index = i;
        }
    }
    return earliest;
}

/* Until when nothing has to be fed: the end of the first bar that runs out while another waits. */
static int64_t bars_last_until(const world_t *world, int64_t to_ns)
{
    for (uint32_t i = 0; i < world->saved.source_count; i++) {
        const market_source_t *source = &world->sources[i];
        if (source->kind != MARKET_FROM_CANDLES || source->next >= source->history.count)
            continue;
        int64_t until = venue_market_until(world->venue, (instrument_id_t)i);
        if (until > venue_now(world->venue) && until < to_ns)
            to_ns = until;
    }
    return to_ns;
}

static result_t run_bars(world_t *world, int64_t to_ns, run_t run)
{
    uint64_t told = venue_private_count(world->venue);
    while (venue_now(world->venue) < to_ns && (run == RUN_THROUGH || venue_private_count(world->venue) == told)) {
        result_t result = world_feed_bars(world);
        if (result != RESULT_OK)
            return result;
        int64_t until_ns = bars_last_until(world, to_ns);
        result = run == RUN_TO_EVENT ? venue_advance_to_event(world->venue, &world->sink, until_ns)
                                     : venue_advance(world->venue, &world->sink, until_ns);
        if (result != RESULT_OK)
            return result;
    }
    return world_feed_bars(world);
}

/* Where a run to the first private event ends: here, as soon as there was one. A record that came late happens at the old time:
 * then a millisecond later, because no moment ends where the one before it did. */
static int64_t run_end(const world_t *world, int64_t from_ns, int64_t to_ns, uint64_t told)
{
    int64_t now_ns = venue_now(world->venue);
    if (venue_private_count(world->venue) == told)
        return to_ns;
    int64_t here_ns = now_ns > from_ns ? now_ns : from_ns + NS_PER_MS;
    return here_ns < to_ns ? here_ns : to_ns;
}

result_t world_run(world_t *world, int64_t to_ns, run_t run)
{
    uint32_t index = 0;
    int64_t from_ns = venue_now(world->venue);
    uint64_t told = venue_private_count(world->venue);
    for (market_event_t *event = next_recorded(world, &index); event && event->time_ns <= to_ns;
         event = next_recorded(world, &index)) {
        event->instrument = (instrument_id_t)index;
        if (event->time_ns > venue_now(world->venue)) {
            result_t result = run_bars(world, event->time_ns, run);
            if (result != RESULT_OK)
                return result;
            to_ns = run == RUN_TO_EVENT ? run_end(world, from_ns, to_ns, told) : to_ns;
            if (event->time_ns > to_ns)
                break;
        }
        /* What the venue does not believe (a broken chain at the start of a recording) is passed over: recordings are like that. */
        (void)venue_market_event(world->venue, &world->sink, event);
        stream_file_take(world->sources[index].stream);
        world->saved.stream_lines[index] = stream_file_lines(world->sources[index].stream);
        to_ns = run == RUN_TO_EVENT ? run_end(world, from_ns, to_ns, told) : to_ns;
    }
    return run_bars(world, to_ns, run);
}

int64_t world_next_ns(world_t *world)
{
    (void)world_feed_bars(world); /* what cannot be read now fails the run that needs it */
    int64_t next = venue_next_moment(world->venue);
    uint32_t index = 0;
    const market_event_t *event = next_recorded(world, &index);
    if (event) {
        int64_t grid = STREAM_MOMENT_MS * NS_PER_MS;
        int64_t from = event->time_ns > venue_now(world->venue) ? event->time_ns - 1 : venue_now(world->venue);
        int64_t at = time_floor(from, grid) + grid;
        next = at < next ? at : next;
    }
    return next;
}

bool world_ended(const world_t *world)
{
    for (uint32_t i = 0; i < world->saved.source_count; i++) {
        const market_source_t *source = &world->sources[i];
        bool more = source->kind == MARKET_FROM_CHANCE;
        if (source->kind == MARKET_FROM_CANDLES)
            more = source->next < source->history.count ||
                   venue_market_until(world->venue, (instrument_id_t)i) > venue_now(world->venue);
        if (source->kind == MARKET_FROM_STREAM)
            more = stream_file_peek(source->stream) != NULL;
        if (more)
            return false;
    }
    return true;
}

/* --- snapshots -------------------------------------------------------------------------------- */

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

/* --- beginning and restarting ----------------------------------------------------------------- */

static result_t fail(world_report_t *report, result_t result, const char *what)
{
    snprintf(report->error, sizeof report->error, "%.480s: %s", what, result_text(result));
    return result;
}

/* The venue's memory, and so the size of every snapshot, follows from what is really traded here. */
static venue_bounds_t bounds_for(const world_options_t *options)
{
    venue_bounds_t bounds = venue_bounds_default();
    bool own_klines = false; /* candle markets answer klines from their history */
    bounds.instruments = options->source_count;
    bounds.accounts = options->accounts > 0 ? options->accounts : ACCOUNTS_USUAL;
    bounds.positions = bounds.accounts * bounds.instruments;
    bounds.assets = 2 * options->source_count + 1 < ASSETS_MOST ? 2 * options->source_count + 1 : ASSETS_MOST;
    for (uint32_t i = 0; i < options->source_count; i++)
        bounds.order_lists = options->instruments[i].kind == INSTRUMENT_SPOT ? ORDER_LISTS_USUAL : bounds.order_lists;
    for (uint32_t i = 0; i < options->source_count; i++)
        own_klines = own_klines || options->sources[i].kind != MARKET_FROM_CANDLES;
    bounds.assets += options->fee_asset != NULL;
    bounds.change_history = CHANGES_KEPT;
    for (uint32_t i = 0; i < options->source_count; i++) {
        if (options->sources[i].kind == MARKET_FROM_STREAM)
            bounds.street_levels = VENUE_RECORDED_LEVELS;
    }
    bounds.interest_history = INTERESTS_KEPT;
    bounds.figure_history = own_klines ? FIGURES_KEPT : 0;
    bounds.kline_history = own_klines ? KLINES_KEPT : 1;
    return bounds;
}

static result_t add_asset(world_t *world, const char *name)
{
    venue_asset_t asset = 0;
    uint32_t known = venue_asset_count(world->venue);
    for (uint32_t a = 0; a < known; a++) {
        if (strcmp(venue_asset_name(world->venue, (venue_asset_t)a), name) == 0)
            return RESULT_OK;
    }
    return venue_asset_add(world->venue, str_from(name), &asset);
}

/* Spot trades base for quote, and takes fees in BNB from who wants it. */
static result_t add_assets(world_t *world, const instrument_t *rules)
{
    result_t result = add_asset(world, rules->settle);
    if (rules->kind != INSTRUMENT_SPOT)
        return result;
    result = result == RESULT_OK ? add_asset(world, rules->base) : result;
    return result == RESULT_OK ? add_asset(world, "BNB") : result;
}

static result_t add_instrument(world_t *world, uint32_t index, const instrument_t *rules)
{
    instrument_id_t id = 0;
    result_t result = add_assets(world, rules);
    if (result == RESULT_OK)
        result = venue_instrument_add(world->venue, rules, &id);
    if (result == RESULT_OK && world->sources[index].kind == MARKET_FROM_CHANCE)
        result = venue_market_synthetic(world->venue, id, &world->sources[index].synthetic);
    return result;
}

/* Bars before the start make longer klines whole from the beginning. */
static result_t prime(world_t *world, uint32_t index)
{
    market_source_t *source = &world->sources[index];
    int64_t from = world->saved.start_ns - PRIME_DAYS * NS_PER_DAY;
    for (source->next = 0; source->next < source->history.count; source->next++) {
        const candle_t *bar = market_bars_at(source->bars, source->next);
        if (!bar)
            return RESULT_IO;
        if (bar->open_ns >= world->saved.start_ns)
            break;
        if (bar->open_ns < from || timeframe_next(source->history.timeframe, bar->open_ns) > world->saved.start_ns)
            continue;
        result_t result = venue_market_prime(world->venue, (instrument_id_t)index, source->history.timeframe, bar);
        if (result != RESULT_OK)
            return result;
    }
    return RESULT_OK;
}

/* How our orders move up in a recorded book. */
static result_t set_queue_model(world_t *world, const world_options_t *options)
{
    venue_street_t street = venue_street_default();
    street.queue_cancel_pct = options->queue_cancel_pct;
    result_t result = RESULT_OK;
    for (uint32_t i = 0; i < options->source_count && result == RESULT_OK; i++) {
        if (options->sources[i].kind == MARKET_FROM_STREAM)
            result = venue_street_set(world->venue, (instrument_id_t)i, &street);
    }
    return result;
}

/* Found, or added: the asset in which fees may be paid. */
static result_t add_fee_asset(world_t *world, const char *name)
{
    uint32_t count = venue_asset_count(world->venue);
    venue_asset_t asset = 0;
    while (asset < count && strcmp(venue_asset_name(world->venue, asset), name) != 0)
        asset++;
    result_t result = asset < count ? RESULT_OK : venue_asset_add(world->venue, str_from(name), &asset);
    return result == RESULT_OK ? venue_fee_asset_set(world->venue, asset, dec_from_scaled(1, 1)) : result;
}

static result_t begin(world_t *world, const world_options_t *options, world_report_t *report)
{
    venue_bounds_t bounds = bounds_for(options);
    venue_config_t config = venue_config_default();
    config.seed = options->seed;
    config.start_ns = options->start_ns;
    if (options->insurance_given)
        config.insurance_fund = options->insurance_fund;
    world->memory = world_memory(venue_size(&bounds), options->sources, options->source_count);
    if (!world->memory)
        return fail(report, RESULT_FULL, "memory for the venue");
    result_t result = venue_init(world->memory, &bounds, &config, &world->venue);
    if (result != RESULT_OK)
        return fail(report, result, "the venue cannot begin");
    world->saved.seed = options->seed;
    world->saved.start_ns = options->start_ns;
    world->saved.source_count = options->source_count;
    for (uint32_t i = 0; i < options->source_count; i++) {
        world->saved.source_digests[i] = options->sources[i].digest;
        memcpy(world->saved.symbols[i], options->sources[i].symbol, SYMBOL_TEXT_MAX);
        result = add_instrument(world, i, &options->instruments[i]);
        if (result == RESULT_OK)
            result = prime(world, i);
        if (result != RESULT_OK)
            return fail(report, result, options->sources[i].symbol);
    }
    result = set_queue_model(world, options);
    if (result != RESULT_OK)
        return fail(report, result, "the queue model of recorded streams");
    if (options->fee_asset && (result = add_fee_asset(world, options->fee_asset)) != RESULT_OK)
        return fail(report, result, options->fee_asset);
    return world_feed_bars(world);
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
        return fail(report, RESULT_TRUNCATED, path);
    memcpy(&head, bytes, sizeof head);
    if (memcmp(head.magic, snapshot_magic, MAGIC_NAME) != 0)
        return fail(report, RESULT_MALFORMED, path);
    if (memcmp(head.magic, snapshot_magic, sizeof head.magic) != 0 || head.saved_bytes != sizeof world->saved)
        return fail(report, RESULT_VERSION, path);
    if (head.venue_bytes != length - sizeof head - sizeof world->saved)
        return fail(report, RESULT_TRUNCATED, path);
    memcpy(&world->saved, bytes + sizeof head, sizeof world->saved);
    if (head_crc(head.generation, &world->saved) != head.crc)
        return fail(report, RESULT_CHECKSUM, path);
    const uint8_t *venue_bytes = bytes + sizeof head + sizeof world->saved;
    result_t result = venue_load_bounds(venue_bytes, head.venue_bytes, &bounds);
    if (result != RESULT_OK)
        return fail(report, result, path);
    world->memory = world_memory(venue_size(&bounds), options->sources, options->source_count);
    if (!world->memory)
        return fail(report, RESULT_FULL, "memory for the venue");
    result = venue_load(world->memory, venue_bytes, head.venue_bytes, &world->venue);
    world->generation = head.generation;
    return result == RESULT_OK ? RESULT_OK : fail(report, result, path);
}

static result_t load_snapshot(world_t *world, const world_options_t *options, world_report_t *report)
{
    enum { SNAPSHOT_MAX = 1 << 30 };
    char path[FILE_PATH_MAX];
    snapshot_path(world, path);
    FILE *file = fopen(path, "rb");
    if (!file)
        return errno == ENOENT ? RESULT_NOT_FOUND : fail(report, file_result_from_errno(errno), path);
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    uint8_t *bytes = size > 0 && size < SNAPSHOT_MAX ? malloc((size_t)size) : NULL;
    result_t result = size == 0 ? RESULT_TRUNCATED : RESULT_IO;
    if (bytes && fseek(file, 0, SEEK_SET) == 0 && fread(bytes, 1, (size_t)size, file) == (size_t)size)
        result = parse_snapshot(world, options, path, bytes, (size_t)size, report);
    else
        (void)fail(report, result, path);
    free(bytes);
    (void)fclose(file);
    return result;
}

static result_t restore(world_t *world, const world_options_t *options, world_report_t *report)
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

result_t world_open(const world_options_t *options, world_t **out, world_report_t *report)
{
    *report = (world_report_t){0};
    if (options->source_count == 0 || options->source_count > MARKET_SOURCE_MAX)
        return fail(report, RESULT_BAD_ARGUMENT, "markets");
    world_t *world = calloc(1, sizeof *world);
    if (!world)
        return fail(report, RESULT_FULL, "memory");
    world->log = WORLD_LOG_NONE;
    world->sources = options->sources;
    world->snapshot_bytes = options->snapshot_bytes > 0 ? options->snapshot_bytes : UINT64_C(1) << 20;
    world->sink = (venue_sink_t){world_emit, world};
    if (options->listen)
        (void)world_listen(world, options->listen, options->context);
    result_t result = RESULT_NOT_FOUND;
    if (options->folder) {
        snprintf(world->folder, sizeof world->folder, "%s", options->folder);
        result = file_folder_make(options->folder);
        result = result == RESULT_OK ? restore(world, options, report) : fail(report, result, options->folder);
    }
    if (result == RESULT_NOT_FOUND) {
        result = begin(world, options, report);
        if (result == RESULT_OK)
            result = world_snapshot(world);
        if (result != RESULT_OK && report->error[0] == '\0')
            (void)fail(report, result, world->folder);
    }
    if (result == RESULT_OK) {
        *out = world;
        return RESULT_OK;
    }
    world_log_close(&world->log);
    free(world->memory);
    free(world);
    return result;
}

void world_close(world_t *world)
{
    if (!world)
        return;
    (void)world_snapshot(world);
    world_log_close(&world->log);
    free(world->memory);
    free(world);
}

result_t world_listen(world_t *world, void (*listen)(void *context, const venue_event_t *event), void *context)
{
    if (world->listener_count == WORLD_LISTENERS_MAX)
        return RESULT_FULL;
    world->listeners[world->listener_count].listen = listen;
    world->listeners[world->listener_count++].context = context;
    return RESULT_OK;
}

void world_listen_end(world_t *world, const void *context)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < world->listener_count; i++) {
        if (world->listeners[i].context != context)
            world->listeners[kept++] = world->listeners[i];
    }
    world->listener_count = kept;
}
