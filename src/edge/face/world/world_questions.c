/* world_questions.c: what a world answers without changing. */
#include <string.h>

#include "edge/face/world/world_parts.h"

const venue_t *world_venue(const world_t *world)
{
    return world->venue;
}

bool world_asset_find(const world_t *world, str_t name, venue_asset_t *asset)
{
    const uint32_t count = venue_asset_count(world->venue);
    for (uint32_t i = 0; i < count; i++) {
        if (!str_eq(name, str_from(venue_asset_name(world->venue, (venue_asset_t)i))))
            continue;
        *asset = (venue_asset_t)i;
        return true;
    }
    return false;
}

uint64_t world_seed(const world_t *world)
{
    return world->saved.seed;
}

int64_t world_start_ns(const world_t *world)
{
    return world->saved.start_ns;
}

int64_t world_now_ns(const world_t *world)
{
    return venue_now(world->venue);
}

uint64_t world_moment(const world_t *world)
{
    return world->saved.moment;
}

const venue_history_t *world_history(const world_t *world, instrument_id_t instrument)
{
    if (instrument >= world->saved.source_count || world->sources[instrument].kind != MARKET_FROM_CANDLES)
        return NULL;
    return &world->sources[instrument].history;
}

int64_t world_first_ns(const world_t *world, instrument_id_t instrument)
{
    bool candles = instrument < world->saved.source_count && world->sources[instrument].kind == MARKET_FROM_CANDLES;
    return candles ? world->sources[instrument].first_ns : world->saved.start_ns;
}

uint32_t world_account_count(const world_t *world)
{
    return (uint32_t)world->saved.account_count;
}

const world_account_t *world_account_at(const world_t *world, uint32_t index)
{
    return index < world->saved.account_count ? &world->saved.accounts[index] : NULL;
}

const world_account_t *world_account_by_key(const world_t *world, str_t api_key)
{
    for (uint64_t i = 0; api_key.length > 0 && i < world->saved.account_count; i++) {
        if (str_eq(api_key, str_from(world->saved.accounts[i].api_key)))
            return &world->saved.accounts[i];
    }
    return NULL;
}

const world_account_t *world_account_of(const world_t *world, venue_account_t account)
{
    for (uint64_t i = 0; i < world->saved.account_count; i++) {
        if (world->saved.accounts[i].account == account)
            return &world->saved.accounts[i];
    }
    return NULL;
}

const world_account_t *world_account_by_listen_key(const world_t *world, world_product_t product, str_t listen_key)
{
    for (uint64_t i = 0; listen_key.length > 0 && i < world->saved.account_count; i++) {
        if (str_eq(listen_key, str_from(world->saved.accounts[i].listen_keys[product].text)))
            return &world->saved.accounts[i];
    }
    return NULL;
}
