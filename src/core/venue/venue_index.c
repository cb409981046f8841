/* venue_index.c: chained hash tables over the pools. The newest of equal client ids stands first, so looking one up finds the
 * newest, and since a client id is unique among open orders, only the newest can be open. */
#include "core/venue/venue_parts.h"

static uint32_t id_bucket(uint64_t id, uint32_t mask)
{
    return (uint32_t)((id * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & mask;
}

/* The first NUL, looked for in eight characters at a time. */
uint32_t client_id_length(const char *text)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);
    uint32_t length = 0;
    for (; length + 8 <= CLIENT_ID_MAX - 1; length += 8) {
        uint64_t word;
        memcpy(&word, text + length, 8);
        if (((word - ones) & ~word & tops) != 0) {
            break;
        }
    }
    while (length < CLIENT_ID_MAX - 1 && text[length] != '\0') {
        length++;
    }
    return length;
}

/* Eight characters at a time, each word mixed by a multiplication (after MurmurHash3's finaliser, A. Appleby). */
uint32_t client_hash(const char *client_id, uint32_t account, uint32_t instrument)
{
    uint64_t hash = (uint64_t)account << 16 | instrument;
    uint32_t length = client_id_length(client_id);
    for (uint32_t at = 0; at < length; at += 8) {
        uint64_t word = 0;
        memcpy(&word, client_id + at, length - at < 8 ? length - at : 8);
        hash = (hash ^ word) * UINT64_C(0xFF51AFD7ED558CCD);
        hash ^= hash >> 33;
    }
    return (uint32_t)((hash * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
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
static uint32_t *order_bucket(const venue_t *venue, uint64_t id)
{
    return &order_buckets_table(venue)[(uint32_t)id & venue->order_mask];
}

static uint32_t *hash_bucket(const venue_t *venue, uint32_t hash)
{
    return &client_buckets_table(venue)[hash & venue->order_mask];
}

void order_index_put(venue_t *venue, uint32_t index, uint32_t hash)
{
    order_rec_t *order = order_of(venue, index);
    uint32_t *head = order_bucket(venue, order->id);
    order->id_next = *head;
    *head = index;
    order->client_hash = hash;
    head = hash_bucket(venue, hash);
    order->client_next = *head;
    *head = index;
}

void order_index_touch(const venue_t *venue, uint64_t id, uint32_t hash)
{
    __builtin_prefetch(order_bucket(venue, id), 1);
    __builtin_prefetch(hash_bucket(venue, hash), 1);
}

void order_index_drop(venue_t *venue, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    uint32_t *link = order_bucket(venue, order->id);
    while (*link != index) {
        link = &order_of(venue, *link)->id_next;
    }
    *link = order->id_next;
    link = hash_bucket(venue, order->client_hash);
    while (*link != index) {
        link = &order_of(venue, *link)->client_next;
    }
    *link = order->client_next;
}

uint32_t order_find_id(const venue_t *venue, uint64_t id)
{
    uint32_t at = *order_bucket(venue, id);
    while (at != VENUE_NIL && order_of(venue, at)->id != id) {
        at = order_of(venue, at)->id_next;
    }
    return at;
}

uint32_t order_find_client(const venue_t *venue, uint32_t account, uint32_t instrument, const char *client_id)
{
    return order_find_hashed(venue, client_hash(client_id, account, instrument), account, instrument, client_id);
}

uint32_t order_find_hashed(const venue_t *venue, uint32_t hash, uint32_t account, uint32_t instrument, const char *client_id)
{
    uint32_t at = *hash_bucket(venue, hash);
    for (; at != VENUE_NIL; at = order_of(venue, at)->client_next) {
        const order_rec_t *order = order_of(venue, at);
        if (order->client_hash == hash && order->account == account && order->instrument == instrument &&
            text_eq(order->client_id, client_id)) {
            break;
        }
    }
    return at;
}

static uint32_t *algo_client_bucket(const venue_t *venue, const char *client_id, uint32_t account)
{
    return &algo_client_buckets_table(venue)[client_hash(client_id, account, 0) & venue->algo_mask];
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

/* The bucket of the pair, or the free one where it belongs: open addressing, and no slot ever goes. */
static slot_bucket_t *slot_bucket(const venue_t *venue, uint32_t account, uint32_t instrument)
{
    slot_bucket_t *buckets = slot_buckets_table(venue);
    uint32_t at = id_bucket((uint64_t)account << 16 | instrument, venue->slot_mask);
    while (buckets[at].slot != VENUE_NIL && (buckets[at].account != account || buckets[at].instrument != instrument)) {
        at = (at + 1) & venue->slot_mask;
    }
    return &buckets[at];
}

uint32_t slot_find(const venue_t *venue, uint32_t account, uint32_t instrument)
{
    return slot_bucket(venue, account, instrument)->slot;
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

    *slot_bucket(venue, account, instrument_id) = (slot_bucket_t){.account = account, .instrument = instrument_id, .slot = index};
    account_rec_t *owner = account_of(venue, account);
    *(owner->slot_tail == VENUE_NIL ? &owner->slot_head : &slot_of(venue, owner->slot_tail)->account_next) = index;
    owner->slot_tail = index;
    owner->slot_count++;
    slot->instrument_next = instrument->slot_head;
    instrument->slot_head = index;
    instrument->slot_count++;
    return index;
}

/* --- client ids ------------------------------------------------------------------------------- */

bool client_id_valid(const char *text)
{
    static const unsigned char alphabet[256] = {
        ['-'] = 1, ['.'] = 1, ['/'] = 1, ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1,
        ['7'] = 1, ['8'] = 1, ['9'] = 1, [':'] = 1, ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1,
        ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1, ['O'] = 1, ['P'] = 1,
        ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1, ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1,
        ['_'] = 1, ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1,
        ['j'] = 1, ['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1,
        ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1,
    };
    uint32_t length = client_id_length(text), fine = 0;
    for (uint32_t i = 0; i < length; i++) {
        fine += alphabet[(unsigned char)text[i]];
    }
    return length > 0 && fine == length && text[length] == '\0';
}

void client_id_own(char out[CLIENT_ID_MAX], const char *prefix, uint64_t id)
{
    uint32_t used = 0;
    for (; prefix[used] != '\0'; used++) {
        out[used] = prefix[used];
    }
    (void)str_from_u64(id, out + used);
}
