/* venue_index.c: finding records. Open orders and all algo orders stand in chained hash tables over the pools; a finished order is
 * looked for among those of its account. A client id is unique among open orders: of equal ones the newest is meant, and only that
 * can be open. */
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

/* --- open orders: chains of entries ------------------------------------------------------------ */

/* An entry (the head of a chain, or what a record holds of the next) is the index of a record, as many bits of that record's hash
 * as there is room for, and whether the chain goes on behind it. So what stands in a chain and is not looked for is passed without
 * its record, which would be a wait for memory: a chain of one, the usual one, is read in its head alone. */
enum { CHAIN_BY_ID, CHAIN_BY_CLIENT };
static const uint32_t ENTRY_MORE = UINT32_C(1) << 31;

uint32_t order_index_tags(uint32_t capacity)
{
    uint32_t indices = 1; /* a mask that every index is below, so that no entry is VENUE_NIL */
    while (indices < capacity) {
        indices = indices << 1 | 1;
    }
    return ~(indices | ENTRY_MORE);
}

static uint32_t entry_index(const venue_t *venue, uint32_t entry)
{
    return entry & ~(venue->order_tags | ENTRY_MORE);
}

static bool entry_fits(const venue_t *venue, uint32_t entry, uint32_t hash)
{
    return ((entry ^ hash) & venue->order_tags) == 0;
}

/* What follows an entry; the record is only looked at when there is something. */
static uint32_t entry_next(const venue_t *venue, uint32_t entry, uint32_t chain)
{
    return (entry & ENTRY_MORE) != 0 ? links_of(venue, entry_index(venue, entry))->chain_next[chain] : VENUE_NIL;
}

static void chain_put(const venue_t *venue, uint32_t *head, uint32_t chain, uint32_t index, uint32_t hash)
{
    links_of(venue, index)->chain_next[chain] = *head;
    *head = index | (hash & venue->order_tags) | (*head != VENUE_NIL ? ENTRY_MORE : 0);
}

static void chain_drop(const venue_t *venue, uint32_t *head, uint32_t chain, uint32_t index)
{
    uint32_t *entry = head, *before = NULL;
    while (entry_index(venue, *entry) != index) {
        before = entry;
        entry = &links_of(venue, entry_index(venue, *entry))->chain_next[chain];
    }
    *entry = entry_next(venue, *entry, chain);
    if (before != NULL && *entry == VENUE_NIL) {
        *before &= ~ENTRY_MORE;
    }
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
    uint32_t id_low = (uint32_t)order_of(venue, index)->id;
    chain_put(venue, order_bucket(venue, id_low), CHAIN_BY_ID, index, id_low);
    chain_put(venue, hash_bucket(venue, hash), CHAIN_BY_CLIENT, index, hash);
    links_of(venue, index)->client_hash = hash;
}

void order_index_touch(const venue_t *venue, uint32_t id_low, uint32_t hash)
{
    __builtin_prefetch(order_bucket(venue, id_low), 1);
    __builtin_prefetch(hash_bucket(venue, hash), 1);
}

void order_index_drop(venue_t *venue, uint32_t index)
{
    chain_drop(venue, order_bucket(venue, (uint32_t)order_of(venue, index)->id), CHAIN_BY_ID, index);
    chain_drop(venue, hash_bucket(venue, links_of(venue, index)->client_hash), CHAIN_BY_CLIENT, index);
}

void order_touch_id(const venue_t *venue, uint64_t id)
{
    uint32_t entry = *order_bucket(venue, (uint32_t)id);
    if (entry != VENUE_NIL) {
        touch_order(venue, entry_index(venue, entry));
    }
}

static uint32_t find_open_id(const venue_t *venue, uint64_t id)
{
    uint32_t entry = *order_bucket(venue, (uint32_t)id);
    for (; entry != VENUE_NIL; entry = entry_next(venue, entry, CHAIN_BY_ID)) {
        uint32_t at = entry_index(venue, entry);
        if (entry_fits(venue, entry, (uint32_t)id)) {
            touch_order(venue, at); /* whoever asks for an order wants more of it than its id */
            if (order_of(venue, at)->id == id) {
                return at;
            }
        }
    }
    return VENUE_NIL;
}

static bool is_named(const order_rec_t *order, uint32_t account, uint32_t instrument, const char *client_id)
{
    return order->account == account && order->instrument == instrument && text_eq(order->client_id, client_id);
}

uint32_t order_find_hashed(const venue_t *venue, uint32_t hash, uint32_t account, uint32_t instrument, const char *client_id)
{
    uint32_t entry = *hash_bucket(venue, hash);
    for (; entry != VENUE_NIL; entry = entry_next(venue, entry, CHAIN_BY_CLIENT)) {
        uint32_t at = entry_index(venue, entry);
        if (entry_fits(venue, entry, hash) && is_named(order_of(venue, at), account, instrument, client_id)) {
            return at;
        }
    }
    return VENUE_NIL;
}

uint32_t order_find_open(const venue_t *venue, uint32_t account, uint32_t instrument, const char *client_id)
{
    return order_find_hashed(venue, client_id_hash(client_id, account, instrument), account, instrument, client_id);
}

/* --- finished orders: the rows of an account's ring, from the newest --------------------------- */

static const ended_row_t *ended_back(const venue_t *venue, uint32_t account, uint32_t back)
{
    uint32_t rows = venue->bounds.order_history, at = account_of(venue, account)->order_history_at;
    return ended_of(venue, account, at >= back ? at - back : at + rows - back);
}

static uint32_t ended_count(const venue_t *venue, uint32_t account)
{
    return account < venue->account_count ? account_of(venue, account)->order_history_count : 0;
}

uint32_t order_find_id(const venue_t *venue, uint32_t account, uint64_t id)
{
    uint32_t open = find_open_id(venue, id);
    for (uint32_t back = 1; open == VENUE_NIL && back <= ended_count(venue, account); back++) {
        const ended_row_t *row = ended_back(venue, account, back);
        if (row->id_low == (uint32_t)id && order_of(venue, row->index)->id == id) {
            return row->index;
        }
    }
    return open;
}

uint32_t order_find_client(const venue_t *venue, uint32_t account, uint32_t instrument, const char *client_id)
{
    uint32_t hash = client_id_hash(client_id, account, instrument);
    uint32_t open = order_find_hashed(venue, hash, account, instrument, client_id);
    for (uint32_t back = 1; open == VENUE_NIL && back <= ended_count(venue, account); back++) {
        const ended_row_t *row = ended_back(venue, account, back);
        if (row->client_hash == hash && is_named(order_of(venue, row->index), account, instrument, client_id)) {
            return row->index;
        }
    }
    return open;
}

/* --- algo orders ------------------------------------------------------------------------------ */

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
