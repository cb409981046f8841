/* venue_index.c: chained hash tables over the pools. The newest of equal client ids stands first, so looking one up finds the
 * newest, and since a client id is unique among open orders, only the newest can be open. */
#include "core/venue/venue_parts.h"

static uint32_t id_bucket(uint64_t id, uint32_t mask)
{
    return (uint32_t)((id * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & mask;
}

static bool text_eq(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

/* Ids are given out in turn, so their low digits spread them evenly, and new ones stand side by side. */
static uint32_t *order_bucket(const venue_t *venue, uint32_t id_low)
{
    return &order_buckets_table(venue)[id_low & venue->order_mask];
}

static uint32_t *hash_bucket(const venue_t *venue, uint32_t hash)
{
    return &client_buckets_table(venue)[hash & venue->order_mask];
}

void order_index_put(venue_t *venue, uint32_t index, uint32_t hash)
{
    order_links_t *links = links_of(venue, index);
    uint32_t *head = order_bucket(venue, (uint32_t)order_of(venue, index)->id);
    links->id_next = *head;
    *head = index;
    links->client_hash = hash;
    head = hash_bucket(venue, hash);
    links->client_next = *head;
    *head = index;
}

void order_index_touch(const venue_t *venue, uint32_t id_low, uint32_t hash)
{
    __builtin_prefetch(order_bucket(venue, id_low), 1);
    __builtin_prefetch(hash_bucket(venue, hash), 1);
}

void order_index_drop(venue_t *venue, uint32_t index, uint32_t id_low)
{
    const order_links_t *links = links_of(venue, index);
    uint32_t *link = order_bucket(venue, id_low);
    while (*link != index) {
        link = &links_of(venue, *link)->id_next;
    }
    *link = links->id_next;
    link = hash_bucket(venue, links->client_hash);
    while (*link != index) {
        link = &links_of(venue, *link)->client_next;
    }
    *link = links->client_next;
}

uint32_t order_find_id(const venue_t *venue, uint64_t id)
{
    uint32_t at = *order_bucket(venue, (uint32_t)id);
    if (at != VENUE_NIL) { /* whoever asks for an order wants more of it than its id */
        touch_order(venue, at);
    }
    while (at != VENUE_NIL && order_of(venue, at)->id != id) {
        at = links_of(venue, at)->id_next;
    }
    return at;
}

uint32_t order_find_client(const venue_t *venue, uint32_t account, uint32_t instrument, const char *client_id)
{
    return order_find_hashed(venue, client_id_hash(client_id, account, instrument), account, instrument, client_id);
}

uint32_t order_find_hashed(const venue_t *venue, uint32_t hash, uint32_t account, uint32_t instrument, const char *client_id)
{
    uint32_t at = *hash_bucket(venue, hash);
    for (; at != VENUE_NIL; at = links_of(venue, at)->client_next) {
        const order_rec_t *order = order_of(venue, at);
        if (links_of(venue, at)->client_hash == hash && order->account == account && order->instrument == instrument &&
            text_eq(order->client_id, client_id)) {
            break;
        }
    }
    return at;
}

static uint32_t *algo_client_bucket(const venue_t *venue, const char *client_id, uint32_t account)
{
    return &algo_client_buckets_table(venue)[client_id_hash(client_id, account, 0) & venue->algo_mask];
}

void algo_index_put(venue_t *venue, uint32_t index)
{
    algo_rec_t *algo = algo_of(venue, index);
    uint32_t *head = &algo_buckets_table(venue)[id_bucket(algo->id, venue->algo_mask)];
    algo->id_next = *head;
    *head = index;
    head = algo_client_bucket(venue, algo->client_id, algo->account);
    algo->client_next = *head;
    *head = index;
}

void algo_index_drop(venue_t *venue, uint32_t index)
{
    algo_rec_t *algo = algo_of(venue, index);
    uint32_t *link = &algo_buckets_table(venue)[id_bucket(algo->id, venue->algo_mask)];
    while (*link != index) {
        link = &algo_of(venue, *link)->id_next;
    }
    *link = algo->id_next;
    link = algo_client_bucket(venue, algo->client_id, algo->account);
    while (*link != index) {
        link = &algo_of(venue, *link)->client_next;
    }
    *link = algo->client_next;
}

uint32_t algo_find_id(const venue_t *venue, uint64_t id)
{
    uint32_t at = algo_buckets_table(venue)[id_bucket(id, venue->algo_mask)];
    while (at != VENUE_NIL && algo_of(venue, at)->id != id) {
        at = algo_of(venue, at)->id_next;
    }
    return at;
}

uint32_t algo_find_client(const venue_t *venue, uint32_t account, const char *client_id)
{
    uint32_t at = *algo_client_bucket(venue, client_id, account);
    for (; at != VENUE_NIL; at = algo_of(venue, at)->client_next) {
        if (algo_of(venue, at)->account == account && text_eq(algo_of(venue, at)->client_id, client_id)) {
            break;
        }
    }
    return at;
}

/* --- slots ------------------------------------------------------------------------------------ */

static uint32_t *slot_place(const venue_t *venue, uint32_t account, uint32_t instrument)
{
    return &slot_places_table(venue)[(size_t)account * venue->bounds.instruments + instrument];
}

uint32_t slot_find(const venue_t *venue, uint32_t account, uint32_t instrument)
{
    return *slot_place(venue, account, instrument);
}

uint32_t slot_put(venue_t *venue, uint32_t account, uint32_t instrument_id)
{
    uint32_t index = slot_find(venue, account, instrument_id);
    if (index != VENUE_NIL) {
        return index;
    }
    if (venue->slot_used == venue->bounds.positions) {
        return VENUE_NIL;
    }
    index = venue->slot_used++;
    slot_t *slot = slot_of(venue, index);
    slot->account = account;
    slot->instrument = (uint16_t)instrument_id;
    instrument_rec_t *instrument = instrument_of(venue, instrument_id);
    uint32_t highest = rules_leverage_max(instrument);
    slot->leverage = (uint8_t)(venue->leverage < highest ? venue->leverage : highest);
    slot->countdown_at = VENUE_NIL;
    slot->order_head = slot->order_tail = slot->algo_head = slot->algo_tail = VENUE_NIL;
    slot->account_next = slot->instrument_next = VENUE_NIL;

    *slot_place(venue, account, instrument_id) = index;
    account_rec_t *owner = account_of(venue, account);
    *(owner->slot_tail == VENUE_NIL ? &owner->slot_head : &slot_of(venue, owner->slot_tail)->account_next) = index;
    owner->slot_tail = index;
    owner->slot_count++;
    slot->instrument_next = instrument->slot_head;
    instrument->slot_head = index;
    instrument->slot_count++;
    return index;
}
