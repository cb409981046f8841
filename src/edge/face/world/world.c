/* world.c: see world.h. Life of a world: begin, open, close, and who listens. Its market runs in world_market.c, its snapshots
 * stand in world_snapshot.c, commands in world_commands.c. */
#include "edge/face/world/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/face/world/world_memory.h"
#include "edge/face/world/world_parts.h"

enum {
    PRIME_DAYS = 40,
    ACCOUNTS_USUAL = 4,
    ORDER_LISTS_USUAL = 256,
    ASSETS_MOST = 64,
    CHANGES_KEPT = 2048,
    INTERESTS_KEPT = 7 * 24 * 12, /* a week of five minutes */
    FIGURES_KEPT = 120,
    KLINES_KEPT = 500, /* of each length: what a client gets who names no limit, and the minutes of eight hours */
};

result_t world_fail(world_report_t *report, result_t result, const char *what)
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

/* Found, or added. */
static result_t add_asset(world_t *world, const char *name, venue_asset_t *asset)
{
    return world_asset_find(world, str_from(name), asset) ? RESULT_OK : venue_asset_add(world->venue, str_from(name), asset);
}

/* Spot trades base for quote, and takes fees in BNB from who wants it. */
static result_t add_assets(world_t *world, const instrument_t *rules)
{
    venue_asset_t asset;
    result_t result = add_asset(world, rules->settle, &asset);
    if (rules->kind != INSTRUMENT_SPOT)
        return result;
    result = result == RESULT_OK ? add_asset(world, rules->base, &asset) : result;
    return result == RESULT_OK ? add_asset(world, "BNB", &asset) : result;
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

/* Fees may be paid in it, 10 % cheaper. */
static result_t add_fee_asset(world_t *world, const char *name)
{
    venue_asset_t asset;
    const result_t result = add_asset(world, name, &asset);
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
        return world_fail(report, RESULT_FULL, "memory for the venue");
    result_t result = venue_init(world->memory, &bounds, &config, &world->venue);
    if (result != RESULT_OK)
        return world_fail(report, result, "the venue cannot begin");
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
            return world_fail(report, result, options->sources[i].symbol);
    }
    result = set_queue_model(world, options);
    if (result != RESULT_OK)
        return world_fail(report, result, "the queue model of recorded streams");
    if (options->fee_asset && (result = add_fee_asset(world, options->fee_asset)) != RESULT_OK)
        return world_fail(report, result, options->fee_asset);
    return world_feed_bars(world);
}

result_t world_open(const world_options_t *options, world_t **out, world_report_t *report)
{
    *report = (world_report_t){0};
    if (options->source_count == 0 || options->source_count > MARKET_SOURCE_MAX)
        return world_fail(report, RESULT_BAD_ARGUMENT, "markets");
    world_t *world = calloc(1, sizeof *world);
    if (!world)
        return world_fail(report, RESULT_FULL, "memory");
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
        result = result == RESULT_OK ? world_restore(world, options, report) : world_fail(report, result, options->folder);
    }
    if (result == RESULT_NOT_FOUND) {
        result = begin(world, options, report);
        if (result == RESULT_OK)
            result = world_snapshot(world);
        if (result != RESULT_OK && report->error[0] == '\0')
            (void)world_fail(report, result, world->folder);
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
