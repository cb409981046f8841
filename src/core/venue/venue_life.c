/* venue_life.c: the block: its layout, birth, snapshot and return. */
#include "core/venue/venue_parts.h"

venue_bounds_t venue_bounds_default(void)
{
    return (venue_bounds_t){
        .assets = 2,
        .instruments = 8,
        .accounts = 8,
        .positions = 64,
        .orders = 4096,
        .algos = 1600,
        .order_history = 1000,
        .algo_history = 500,
        .fill_history = 1000,
        .income_history = 1000,
        .trade_history = 1000,
        .funding_history = 1000,
        .kline_history = 16,
        .street_levels = 2200,
    };
}

venue_config_t venue_config_default(void)
{
    return (venue_config_t){
        .seed = 1,
        .maker_rate = dec_from_scaled(2, 4),
        .taker_rate = dec_from_scaled(5, 4),
        .leverage = 20,
        .orders_per_instrument_max = 200,
        .algos_per_account_max = 200,
        .insurance_fund = dec_from_int(1000000),
    };
}

/* Beyond the bound: one for a liquidation, one for the order of the account it is passed on to. */
enum { ORDERS_KEPT_BACK = 2 };

static uint32_t order_capacity(const venue_bounds_t *bounds)
{
    return bounds->orders + ORDERS_KEPT_BACK + bounds->accounts * (bounds->order_history + 1);
}
static uint32_t algo_capacity(const venue_bounds_t *bounds)
{
    return bounds->algos + bounds->accounts * (bounds->algo_history + 1);
}

static uint32_t power_of_two(uint32_t at_least)
{
    uint32_t power = 16;
    while (power < at_least) {
        power *= 2;
    }
    return power;
}

/* Two for each record: a chain is seldom longer than one. */
static uint32_t order_buckets(const venue_bounds_t *bounds)
{
    return 2 * power_of_two(order_capacity(bounds));
}

static uint64_t piece(uint64_t *end, uint64_t size, uint64_t count)
{
    uint64_t start = (*end + 63) / 64 * 64;
    *end = start + size * count;
    return start;
}

static uint32_t level_capacity(const venue_bounds_t *bounds)
{
    return bounds->orders + bounds->algos + bounds->instruments * bounds->street_levels;
}

static void layout_make(layout_t *layout, const venue_bounds_t *b)
{
    uint64_t end = sizeof(venue_t);
    uint64_t orders = order_capacity(b), algos = algo_capacity(b);
    layout->assets = piece(&end, sizeof(asset_rec_t), b->assets);
    layout->instruments = piece(&end, sizeof(instrument_rec_t), b->instruments);
    layout->accounts = piece(&end, sizeof(account_rec_t), b->accounts);
    layout->balances = piece(&end, sizeof(balance_rec_t), (uint64_t)b->accounts * b->assets);
    layout->slots = piece(&end, sizeof(slot_t), b->positions);
    layout->slot_places = piece(&end, sizeof(uint32_t), (uint64_t)b->accounts * b->instruments);
    end = (end + 127) / 128 * 128;
    layout->orders = piece(&end, sizeof(order_rec_t), orders);
    layout->order_links = piece(&end, sizeof(order_links_t), orders);
    layout->order_rares = piece(&end, sizeof(order_rare_t), orders);
    layout->order_buckets = piece(&end, sizeof(uint32_t), order_buckets(b));
    layout->client_buckets = piece(&end, sizeof(uint32_t), order_buckets(b));
    layout->order_ends = piece(&end, sizeof(ended_row_t), (uint64_t)b->accounts * b->order_history);
    layout->algos = piece(&end, sizeof(algo_rec_t), algos);
    layout->algo_buckets = piece(&end, sizeof(uint32_t), power_of_two((uint32_t)algos));
    layout->algo_client_buckets = piece(&end, sizeof(uint32_t), power_of_two((uint32_t)algos));
    layout->levels = piece(&end, sizeof(level_node_t), level_capacity(b));
    layout->towers = piece(&end, sizeof(tower_t), level_capacity(b));
    layout->heap = piece(&end, sizeof(expiry_t), (uint64_t)b->orders + b->algos + b->positions);
    layout->fills = piece(&end, sizeof(fill_row_t), (uint64_t)b->accounts * b->fill_history);
    layout->incomes = piece(&end, sizeof(income_row_t), (uint64_t)b->accounts * b->income_history);
    layout->trades = piece(&end, sizeof(trade_row_t), (uint64_t)b->instruments * b->trade_history);
    layout->fundings = piece(&end, sizeof(venue_funding_t), (uint64_t)b->instruments * b->funding_history);
    layout->klines = piece(&end, sizeof(kline_rec_t), (uint64_t)b->instruments * TF_COUNT * b->kline_history);
    layout->spots = piece(&end, sizeof(spot_rec_t), b->order_lists > 0 ? orders : 0);
    layout->lists = piece(&end, sizeof(list_rec_t), (uint64_t)b->accounts * b->order_lists);
    layout->tiers = piece(&end, sizeof(tier_rec_t), b->accounts);
    layout->changes = piece(&end, sizeof(venue_change_t), b->change_history);
    layout->figures = piece(&end, sizeof(figures_rec_t), b->instruments);
    layout->figure_bars =
        piece(&end, sizeof(figure_bar_t), (uint64_t)b->instruments * VENUE_FIGURE_COUNT * TF_COUNT * b->figure_history);
    layout->interests = piece(&end, sizeof(interest_rec_t), (uint64_t)b->instruments * b->interest_history);
    layout->held = piece(&end, sizeof(uint64_t), b->instruments * held_stride(b));
    layout->end = (end + 63) / 64 * 64;
}

static bool bounds_sane(const venue_bounds_t *b)
{
    const uint32_t many = 50u * 1000 * 1000;
    const uint32_t counts[] = {b->accounts,      b->positions,       b->orders,       b->algos,
                               b->order_history, b->algo_history,    b->fill_history, b->income_history,
                               b->trade_history, b->funding_history, b->kline_history};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (counts[i] == 0 || counts[i] > many) {
            return false;
        }
    }
    return b->assets > 0 && b->assets <= VENUE_ASSETS_MAX && b->instruments > 0 && b->instruments <= INSTRUMENT_MAX &&
           b->street_levels >= 2 * VENUE_STREET_LEVELS_MAX && b->street_levels <= 100000 &&
           (uint64_t)b->accounts * b->instruments <= many && (uint64_t)b->accounts * b->order_history <= many &&
           (uint64_t)b->accounts * b->algo_history <= many && (uint64_t)b->accounts * b->fill_history <= many &&
           (uint64_t)b->accounts * b->income_history <= many && (uint64_t)b->instruments * b->street_levels <= many &&
           b->order_lists <= 100000 && (uint64_t)b->accounts * b->order_lists <= many && b->change_history <= 1000000 &&
           b->figure_history <= 100000 && b->interest_history <= 100000;
}

size_t venue_size(const venue_bounds_t *bounds)
{
    if (!bounds_sane(bounds)) {
        return 0;
    }
    layout_t layout;
    layout_make(&layout, bounds);
    return (size_t)layout.end;
}

static void buckets_clear(uint32_t *buckets, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        buckets[i] = VENUE_NIL;
    }
}

/* Makes the block a copy of `from`, or all zero (NULL). What is so already is not written: pages of a fresh block that nobody has
 * used are zero and cost no memory, and most of the histories never fill. */
static void block_set(void *block, const void *from, size_t size)
{
    enum { PIECE = 4096 };
    static const uint8_t zero[PIECE];
    for (size_t at = 0; at < size; at += PIECE) {
        const size_t length = size - at < PIECE ? size - at : PIECE;
        const uint8_t *piece = from != NULL ? (const uint8_t *)from + at : zero;
        if (memcmp((const uint8_t *)block + at, piece, length) != 0) {
            memcpy((uint8_t *)block + at, piece, length);
        }
    }
}

result_t venue_init(void *memory, const venue_bounds_t *bounds, const venue_config_t *config, venue_t **out)
{
    int64_t maker8, taker8, insurance8;
    if (!bounds_sane(bounds) || config->leverage == 0 || config->leverage > 125 || config->start_ns < 0 ||
        !to8(config->maker_rate, &maker8) || !to8(config->taker_rate, &taker8) || abs8(maker8) > VENUE_E8 / 10 ||
        abs8(taker8) > VENUE_E8 / 10 || !to8(config->insurance_fund, &insurance8) || insurance8 < 0 ||
        insurance8 > VENUE_MONEY8_MAX) {
        return RESULT_BAD_ARGUMENT;
    }
    venue_t *venue = memory;
    size_t size = venue_size(bounds);
    block_set(venue, NULL, size);
    venue->bounds = *bounds;
    layout_make(&venue->layout, bounds);
    venue->now_ns = venue->event_ns = config->start_ns;
    venue->seed = config->seed;
    venue->maker8 = maker8;
    venue->taker8 = taker8;
    venue->leverage = config->leverage;
    venue->orders_max = config->orders_per_instrument_max;
    venue->algos_max = config->algos_per_account_max;
    venue->insurance_start8 = insurance8;
    venue->fee_asset = VENUE_NIL;
    venue->tiers_due_ns = INT64_MAX;
    venue->interest_due_ns =
        bounds->interest_history == 0 ? INT64_MAX : time_floor(config->start_ns, 5 * NS_PER_MIN) + 5 * NS_PER_MIN;
    venue->order_free = venue->algo_free = venue->level_free = VENUE_NIL;
    venue->dirty_head = venue->due_head = venue->joint_head = VENUE_NIL;
    venue->order_capacity = order_capacity(bounds);
    venue->algo_capacity = algo_capacity(bounds);
    venue->level_capacity = level_capacity(bounds);
    venue->order_mask = order_buckets(bounds) - 1;
    venue->order_tags = order_index_tags(venue->order_capacity);
    venue->algo_mask = power_of_two(venue->algo_capacity) - 1;
    buckets_clear(order_buckets_table(venue), venue->order_mask + 1);
    buckets_clear(client_buckets_table(venue), venue->order_mask + 1);
    buckets_clear(algo_buckets_table(venue), venue->algo_mask + 1);
    buckets_clear(algo_client_buckets_table(venue), venue->algo_mask + 1);
    buckets_clear(slot_places_table(venue), bounds->accounts * bounds->instruments);
    *out = venue;
    return RESULT_OK;
}

/* --- snapshot --------------------------------------------------------------------------------- */

#define SNAPSHOT_MAGIC "PATRIOT-VENUE-1"

/* Version: raised with every change of a record; the layout's size guards against a forgotten raise. */
enum { SNAPSHOT_VERSION = 8 };

typedef struct {
    char magic[16];
    uint64_t version, size;
    uint64_t records; /* sizes of the record types, folded */
    venue_bounds_t bounds;
    uint8_t digest[32]; /* of the block */
} snapshot_header_t;

static uint64_t record_sizes(void)
{
    const uint64_t sizes[] = {sizeof(venue_t),        sizeof(instrument_rec_t), sizeof(account_rec_t),  sizeof(slot_t),
                              sizeof(order_rec_t),    sizeof(algo_rec_t),       sizeof(level_node_t),   sizeof(tower_t),
                              sizeof(balance_rec_t),  sizeof(kline_rec_t),      sizeof(fill_row_t),     sizeof(spot_rec_t),
                              sizeof(income_row_t),   sizeof(trade_row_t),      sizeof(list_rec_t),     sizeof(tier_rec_t),
                              sizeof(venue_change_t), sizeof(figures_rec_t),    sizeof(interest_rec_t), sizeof(figure_bar_t),
                              sizeof(order_links_t),  sizeof(order_rare_t),     sizeof(ended_row_t)};
    uint64_t folded = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        folded = folded * 1000003 + sizes[i];
    }
    return folded;
}

size_t venue_save_size(const venue_t *venue)
{
    return sizeof(snapshot_header_t) + (size_t)venue->layout.end;
}

result_t venue_save(const venue_t *venue, void *bytes, size_t capacity, size_t *written)
{
    if (capacity < venue_save_size(venue)) {
        return RESULT_FULL;
    }
    snapshot_header_t header;
    memset(&header, 0, sizeof header);
    memcpy(header.magic, SNAPSHOT_MAGIC, sizeof SNAPSHOT_MAGIC);
    header.version = SNAPSHOT_VERSION;
    header.size = venue->layout.end;
    header.records = record_sizes();
    header.bounds = venue->bounds;
    venue_digest(venue, header.digest);
    memcpy(bytes, &header, sizeof header);
    memcpy((unsigned char *)bytes + sizeof header, venue, (size_t)venue->layout.end);
    *written = venue_save_size(venue);
    return RESULT_OK;
}

static result_t header_read(const void *bytes, size_t length, snapshot_header_t *header)
{
    if (length < sizeof *header) {
        return RESULT_TRUNCATED;
    }
    memcpy(header, bytes, sizeof *header);
    if (memcmp(header->magic, SNAPSHOT_MAGIC, sizeof SNAPSHOT_MAGIC) != 0) {
        return RESULT_MALFORMED;
    }
    if (header->version != SNAPSHOT_VERSION || header->records != record_sizes()) {
        return RESULT_VERSION;
    }
    if (!bounds_sane(&header->bounds) || header->size != venue_size(&header->bounds)) {
        return RESULT_MALFORMED;
    }
    return length < sizeof *header + header->size ? RESULT_TRUNCATED : RESULT_OK;
}

result_t venue_load_bounds(const void *bytes, size_t length, venue_bounds_t *bounds)
{
    snapshot_header_t header;
    result_t result = header_read(bytes, length, &header);
    if (result == RESULT_OK) {
        *bounds = header.bounds;
    }
    return result;
}

result_t venue_load(void *memory, const void *bytes, size_t length, venue_t **out)
{
    snapshot_header_t header;
    result_t result = header_read(bytes, length, &header);
    if (result != RESULT_OK) {
        return result;
    }
    venue_t *venue = memory;
    block_set(venue, (const unsigned char *)bytes + sizeof header, (size_t)header.size);
    sha256_t sha;
    uint8_t digest[32];
    sha256_init(&sha);
    sha256_update(&sha, venue, (size_t)header.size);
    sha256_final(&sha, digest);
    if (memcmp(digest, header.digest, sizeof digest) != 0) {
        return RESULT_CHECKSUM;
    }
    layout_t layout;
    layout_make(&layout, &header.bounds);
    if (memcmp(&venue->bounds, &header.bounds, sizeof header.bounds) != 0 || memcmp(&venue->layout, &layout, sizeof layout) != 0) {
        return RESULT_MALFORMED;
    }
    *out = venue;
    return RESULT_OK;
}

void venue_digest(const venue_t *venue, uint8_t digest[32])
{
    sha256_t sha;
    sha256_init(&sha);
    sha256_update(&sha, venue, (size_t)venue->layout.end);
    sha256_final(&sha, digest);
}

int64_t venue_now(const venue_t *venue)
{
    return venue->now_ns;
}
uint64_t venue_event_count(const venue_t *venue)
{
    return venue->events;
}

uint64_t venue_private_count(const venue_t *venue)
{
    return venue->private_events;
}
