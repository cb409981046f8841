/* test_book.c: the local book by the venue's sequence rule, against a plain model and against a real recording.
 * shows: MKT-2, I10
 */
#include "support/test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/prng.h"
#include "core/market/book.h"

static book_t book; /* large: not for the stack */

/* The n-th best level of a side. */
static level_t nth_level(const book_side_t *side, uint32_t n)
{
    static level_t levels[BOOK_LEVELS_MAX];
    assert_true(n < book_side_copy(side, levels, n + 1));
    return levels[n];
}

static level_t level(const char *price, const char *quantity)
{
    return (level_t){test_dec(price), test_dec(quantity)};
}

static depth_t snapshot_of(const level_t *bids, uint32_t bid_count, const level_t *asks, uint32_t ask_count, uint64_t id)
{
    return (depth_t){.last_id = id, .bids = bids, .bid_count = bid_count, .asks = asks, .ask_count = ask_count, .snapshot = true};
}

static depth_t difference(uint64_t first, uint64_t last, uint64_t previous)
{
    return (depth_t){.first_id = first, .last_id = last, .previous_id = previous};
}

static void start_with_snapshot(uint64_t id)
{
    const level_t bids[] = {level("100", "1"), level("99", "2"), level("98", "3")};
    const level_t asks[] = {level("101", "1"), level("102", "2")};
    depth_t snapshot = snapshot_of(bids, 3, asks, 2, id);
    book_init(&book);
    assert_ok(book_apply(&book, &snapshot));
}

static void assert_best(const char *bid, const char *bid_quantity, const char *ask, const char *ask_quantity)
{
    level_t best_bid, best_ask;
    assert_true(book_best(&book, &best_bid, &best_ask));
    assert_dec_equal(best_bid.price, bid);
    assert_dec_equal(best_bid.quantity, bid_quantity);
    assert_dec_equal(best_ask.price, ask);
    assert_dec_equal(best_ask.quantity, ask_quantity);
}

static void snapshot_and_chain_make_a_live_book(void **state)
{
    (void)state;
    level_t bid, ask;
    book_init(&book);
    depth_t early = difference(1, 2, 0);
    assert_result(book_apply(&book, &early), RESULT_BAD_STATE);
    assert_int_equal(book.state, BOOK_EMPTY);

    start_with_snapshot(1000);
    assert_int_equal(book.state, BOOK_SYNCING);
    assert_false(book_best(&book, &bid, &ask));

    depth_t old = difference(900, 999, 890);
    assert_result(book_apply(&book, &old), RESULT_STALE);
    depth_t first = difference(990, 1010, 985); /* U <= 1000 <= u: joins */
    level_t changes[] = {level("100", "0"), level("99.5", "4"), level("97", "0"), level("98", "7")};
    first.bids = changes;
    first.bid_count = 4;
    assert_ok(book_apply(&book, &first));
    assert_int_equal(book.state, BOOK_LIVE);
    assert_best("99.5", "4", "101", "1");
    assert_int_equal(book_side_count(&book.bids), 3);
    assert_dec_equal(nth_level(&book.bids, 2).quantity, "7");

    depth_t next = difference(1015, 1020, 1010);
    level_t ask_changes[] = {level("100.5", "9"), level("103", "1")};
    next.asks = ask_changes;
    next.ask_count = 2;
    assert_ok(book_apply(&book, &next));
    assert_best("99.5", "4", "100.5", "9");
    assert_result(book_apply(&book, &next), RESULT_STALE); /* delivered twice */
    assert_best("99.5", "4", "100.5", "9");
}

static void a_broken_chain_makes_the_book_stale_until_the_next_snapshot(void **state)
{
    (void)state;
    level_t bid, ask;
    start_with_snapshot(1000);
    depth_t first = difference(1000, 1005, 990), gap = difference(1010, 1020, 1009), after = difference(1021, 1022, 1020);
    assert_ok(book_apply(&book, &first));
    assert_true(book_best(&book, &bid, &ask));
    assert_result(book_apply(&book, &gap), RESULT_GAP);
    assert_int_equal(book.state, BOOK_STALE);
    assert_false(book_best(&book, &bid, &ask));
    assert_result(book_apply(&book, &after), RESULT_BAD_STATE);

    start_with_snapshot(2000); /* the first difference begins after the snapshot: something is missing between */
    depth_t late = difference(2001, 2010, 1999);
    assert_result(book_apply(&book, &late), RESULT_GAP);
    assert_int_equal(book.state, BOOK_STALE);

    start_with_snapshot(3000); /* ... unless its pu says that nothing is */
    depth_t continued = difference(3001, 3010, 3000);
    assert_ok(book_apply(&book, &continued));
    assert_int_equal(book.state, BOOK_LIVE);

    start_with_snapshot(4000); /* the difference that ends in the snapshot's own id joins too */
    depth_t same = difference(3990, 4000, 3980), following = difference(4001, 4002, 4000);
    assert_ok(book_apply(&book, &same));
    assert_ok(book_apply(&book, &following));
}

static void bad_levels_change_nothing(void **state)
{
    (void)state;
    start_with_snapshot(1000);
    const level_t bad[] = {level("0", "1"), level("-1", "1"), level("100", "-1")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        level_t changes[] = {level("99.9", "5"), bad[i]};
        depth_t in_bids = difference(1000, 1005, 990), in_asks = difference(1000, 1005, 990);
        in_bids.bids = changes;
        in_bids.bid_count = 2;
        assert_result(book_apply(&book, &in_bids), RESULT_NUMBER_OUT_OF_RANGE);
        in_asks.asks = changes;
        in_asks.ask_count = 2;
        assert_result(book_apply(&book, &in_asks), RESULT_NUMBER_OUT_OF_RANGE);
        assert_int_equal(book.last_id, 1000);
        assert_int_equal(book_side_count(&book.bids), 3);
    }
    depth_t endless = difference(1000, 1005, 990);
    endless.bid_count = DEPTH_LEVELS_MAX + 1;
    assert_result(book_apply(&book, &endless), RESULT_FULL);
    endless.bid_count = 0;
    endless.ask_count = DEPTH_LEVELS_MAX + 1;
    assert_result(book_apply(&book, &endless), RESULT_FULL);
}

static void a_crossed_book_is_not_believed(void **state)
{
    (void)state;
    level_t bid, ask;
    start_with_snapshot(1000);
    level_t through[] = {level("101", "5")};
    depth_t crossing = difference(1000, 1005, 990);
    crossing.bids = through;
    crossing.bid_count = 1;
    assert_result(book_apply(&book, &crossing), RESULT_MALFORMED);
    assert_int_equal(book.state, BOOK_STALE);
    assert_false(book_best(&book, &bid, &ask));
}

static void one_side_alone_has_no_best(void **state)
{
    (void)state;
    level_t bid, ask;
    const level_t only[] = {level("100", "1")};
    depth_t snapshot = snapshot_of(only, 1, NULL, 0, 10), join = difference(10, 11, 9);
    book_init(&book);
    assert_ok(book_apply(&book, &snapshot));
    assert_ok(book_apply(&book, &join));
    assert_int_equal(book.state, BOOK_LIVE);
    assert_false(book_best(&book, &bid, &ask));
    snapshot = snapshot_of(NULL, 0, only, 1, 20);
    join = difference(20, 21, 19);
    assert_ok(book_apply(&book, &snapshot));
    assert_ok(book_apply(&book, &join));
    assert_false(book_best(&book, &bid, &ask));
}

/* Prices 1 .. MODEL_PRICES; an array of quantities is the plainest book there is. */
enum { MODEL_PRICES = 400 };

static void assert_side_is(const book_side_t *side, const int64_t *quantities, int from, int to)
{
    static level_t levels[BOOK_LEVELS_MAX];
    assert_int_equal(book_side_copy(side, levels, BOOK_LEVELS_MAX), book_side_count(side));
    uint32_t seen = 0;
    for (int price = from; price != to; price += from < to ? 1 : -1) {
        if (quantities[price] > 0) {
            assert_true(seen < book_side_count(side));
            assert_true(dec_eq(levels[seen].price, dec_from_int(price)));
            assert_true(dec_eq(levels[seen].quantity, dec_from_int(quantities[price])));
            seen++;
        }
    }
    assert_int_equal(seen, book_side_count(side));
}

static void random_changes_agree_with_a_plain_model(void **state)
{
    (void)state;
    static int64_t bids[MODEL_PRICES + 1], asks[MODEL_PRICES + 1];
    prng_t prng;
    prng_seed(&prng, 5);
    depth_t snapshot = snapshot_of(NULL, 0, NULL, 0, 1);
    book_init(&book);
    assert_ok(book_apply(&book, &snapshot));
    for (uint64_t id = 1; id < 3000; id++) {
        level_t changes[2][8];
        uint32_t counts[2];
        for (int side = 0; side < 2; side++) {
            counts[side] = (uint32_t)prng_below(&prng, 9);
            for (uint32_t i = 0; i < counts[side]; i++) {
                int price = 1 + (int)prng_below(&prng, MODEL_PRICES / 2) + (side == 1 ? MODEL_PRICES / 2 : 0);
                int64_t quantity = prng_chance(&prng, 0.4) ? 0 : (int64_t)prng_below(&prng, 1000);
                (side == 0 ? bids : asks)[price] = quantity;
                changes[side][i] = (level_t){dec_from_int(price), dec_from_int(quantity)};
            }
        }
        depth_t depth = difference(id, id + 1, id);
        depth.bids = changes[0];
        depth.bid_count = counts[0];
        depth.asks = changes[1];
        depth.ask_count = counts[1];
        assert_ok(book_apply(&book, &depth));
        assert_side_is(&book.bids, bids, MODEL_PRICES, 0);
        assert_side_is(&book.asks, asks, 1, MODEL_PRICES + 1);
    }
}

static void snapshots_in_any_order_give_the_same_book(void **state)
{
    (void)state;
    const level_t mixed[] = {level("98", "3"), level("100", "1"), level("97", "0"), level("99", "2")};
    depth_t snapshot = snapshot_of(mixed, 4, NULL, 0, 10);
    book_init(&book);
    assert_ok(book_apply(&book, &snapshot));
    assert_int_equal(book_side_count(&book.bids), 3);
    assert_dec_equal(nth_level(&book.bids, 0).price, "100");
    assert_dec_equal(nth_level(&book.bids, 2).price, "98");
}

static void apply_bids(const level_t *levels, uint32_t count)
{
    depth_t depth = difference(book.last_id, book.last_id + 1, book.last_id);
    depth.bids = levels;
    depth.bid_count = count;
    assert_ok(book_apply(&book, &depth));
}

static void start_empty(void)
{
    depth_t snapshot = snapshot_of(NULL, 0, NULL, 0, 1);
    book_init(&book);
    assert_ok(book_apply(&book, &snapshot));
}

static void in_a_full_side_the_farthest_give_way(void **state)
{
    (void)state;
    static level_t levels[BOOK_LEVELS_MAX];
    start_empty();
    for (uint32_t i = 1; i <= BOOK_LEVELS_MAX + 10; i++) { /* ever better bids */
        level_t change = {dec_from_int(i), DEC_ONE};
        apply_bids(&change, 1);
        assert_true(dec_eq(book_side_best(&book.bids).price, change.price));
        assert_int_equal(book_side_count(&book.bids), i < BOOK_LEVELS_MAX ? i : BOOK_LEVELS_MAX);
    }
    level_t far = level("0.5", "1"); /* one level more at the far end of a full side: it is itself the farthest */
    apply_bids(&far, 1);
    assert_int_equal(book_side_copy(&book.bids, levels, BOOK_LEVELS_MAX), BOOK_LEVELS_MAX);
    for (uint32_t i = 0; i < BOOK_LEVELS_MAX; i++) { /* what is left are the best ones, without a hole */
        assert_true(dec_eq(levels[i].price, dec_from_int(BOOK_LEVELS_MAX + 10 - (int64_t)i)));
    }
}

static void a_side_gives_no_more_levels_than_asked_for(void **state)
{
    (void)state;
    level_t levels[3] = {level("7", "7"), level("7", "7"), level("7", "7")};
    start_with_snapshot(1000);
    assert_int_equal(book_side_copy(&book.bids, levels, 0), 0);
    assert_int_equal(book_side_copy(&book.bids, levels, 2), 2);
    assert_dec_equal(levels[0].price, "100");
    assert_dec_equal(levels[1].price, "99");
    assert_dec_equal(levels[2].price, "7");
    assert_int_equal(book_side_copy(&book.asks, levels, 3), 2);
    assert_dec_equal(levels[1].price, "102");
    assert_dec_equal(levels[2].price, "7");
}

/* --- against the plainest side there is: one sorted array, searched from its beginning -------- */

typedef struct {
    bool descending;
    uint32_t count;
    level_t levels[BOOK_LEVELS_MAX + 1];
} model_t;

static void model_set(model_t *model, level_t change)
{
    uint32_t at = 0;
    while (at < model->count &&
           (model->descending ? dec_gt(model->levels[at].price, change.price) : dec_lt(model->levels[at].price, change.price))) {
        at++;
    }
    level_t *here = &model->levels[at];
    size_t behind = model->count - at;
    if (at < model->count && dec_eq(here->price, change.price)) {
        if (!dec_is_zero(change.quantity)) {
            *here = change;
            return;
        }
        memmove(here, here + 1, (behind - 1) * sizeof *here);
        model->count--;
    } else if (!dec_is_zero(change.quantity)) {
        memmove(here + 1, here, behind * sizeof *here);
        *here = change;
        model->count = model->count < BOOK_LEVELS_MAX ? model->count + 1 : BOOK_LEVELS_MAX;
    }
}

/* The directory of runs: what the search relies on. */
static void assert_runs_are_sound(const book_side_t *side)
{
    bool seen[BOOK_RUNS_MAX] = {false};
    uint32_t count = 0;
    assert_in_range(side->run_count, 1, BOOK_RUNS_MAX);
    for (uint32_t i = 0; i < BOOK_RUNS_MAX; i++) {
        const book_run_t *run = &side->runs[i];
        assert_true(run->slot < BOOK_RUNS_MAX && !seen[run->slot]);
        seen[run->slot] = true;
        if (i >= side->run_count) {
            continue;
        }
        assert_in_range(run->count, side->run_count > 1 ? 1 : 0, BOOK_RUN_LEVELS);
        assert_true(run->count == 0 || dec_eq(run->farthest, side->levels[run->slot][run->count - 1].key));
        count += run->count;
    }
    assert_int_equal(count, side->count);
}

static void assert_side_is_model(const book_side_t *side, const model_t *model)
{
    static level_t levels[BOOK_LEVELS_MAX];
    assert_runs_are_sound(side);
    assert_int_equal(book_side_count(side), model->count);
    assert_int_equal(book_side_copy(side, levels, BOOK_LEVELS_MAX), model->count);
    for (uint32_t i = 0; i < model->count; i++) {
        assert_true(dec_eq(levels[i].price, model->levels[i].price) && dec_eq(levels[i].quantity, model->levels[i].quantity));
    }
    if (model->count > 0) {
        assert_true(dec_eq(book_side_best(side).price, model->levels[0].price));
    }
}

static int by_price(const void *a, const void *b)
{
    return dec_cmp(((const level_t *)a)->price, ((const level_t *)b)->price);
}

static int by_price_falling(const void *a, const void *b)
{
    return by_price(b, a);
}

/* Messages near a price that wanders, sorted either way or not at all; the share of deletions swings, so that the side fills up to
 * its bound and thins out again. Every other world has prices of all 38 digits. */
static uint32_t random_changes(prng_t *prng, uint64_t round, level_t *changes)
{
    const int64_t middle = 20000 + (int64_t)(round * 7 % 3000);
    const bool fine = round / 512 % 2 == 1;
    const double deleted = round % 1024 < 600 ? 0.1 : 0.8;
    uint32_t count = (uint32_t)prng_below(prng, 1 + (round % 16 == 0 ? DEPTH_LEVELS_MAX : 96));
    int64_t reach = prng_chance(prng, 0.5) ? 300 : 9000;
    for (uint32_t i = 0; i < count; i++) {
        int64_t mantissa = middle + (int64_t)prng_below(prng, (uint64_t)reach);
        changes[i].price = dec_from_scaled(mantissa, 1);
        if (fine) {
            changes[i].price.units = changes[i].price.units * 30000000000000000 + (int128_t)(mantissa * 7919 % 1000003);
        }
        changes[i].quantity = dec_from_int(prng_chance(prng, deleted) ? 0 : 1 + (int64_t)prng_below(prng, 1000));
    }
    uint64_t order = prng_below(prng, 4);
    if (order < 3) {
        qsort(changes, count, sizeof *changes, order == 0 ? by_price_falling : by_price);
    }
    return count;
}

static void sides_agree_with_one_sorted_array(void **state)
{
    (void)state;
    static model_t models[2];
    static book_side_t sides[2];
    static level_t changes[DEPTH_LEVELS_MAX];
    prng_t prng;
    uint64_t operations = 0;
    uint32_t full = 0, emptied = 0;
    prng_seed(&prng, 11);
    for (uint32_t kind = 0; kind < 2; kind++) {
        book_side_clear(&sides[kind], kind == 0 ? SIDE_BIDS : SIDE_ASKS);
        models[kind] = (model_t){.descending = kind == 0};
    }
    for (uint64_t round = 0; round < 3000; round++) {
        uint32_t kind = (uint32_t)prng_below(&prng, 2);
        uint32_t count = random_changes(&prng, round, changes);
        book_side_set(&sides[kind], changes, count);
        for (uint32_t i = 0; i < count; i++) {
            model_set(&models[kind], changes[i]);
        }
        assert_side_is_model(&sides[kind], &models[kind]);
        operations += count;
        full += models[kind].count == BOOK_LEVELS_MAX ? 1 : 0;
        if (round % 700 == 699) { /* every level goes, worst first */
            for (uint32_t i = models[kind].count; i > 0; i--) {
                level_t gone = {models[kind].levels[i - 1].price, DEC_ZERO};
                book_side_set(&sides[kind], &gone, 1);
                operations++;
            }
            models[kind].count = 0;
            assert_side_is_model(&sides[kind], &models[kind]);
            emptied++;
        }
    }
    print_message("%llu operations; full after %u messages, emptied %u times\n", (unsigned long long)operations, full, emptied);
    assert_true(operations > 200000 && full > 0 && emptied > 0);
}

/* A few levels left in each of many runs: when no run is free, the side packs them and goes on. */
static void runs_that_thinned_out_are_packed(void **state)
{
    (void)state;
    static model_t model;
    static book_side_t side;
    uint32_t packed = 0;
    model.descending = true;
    book_side_clear(&side, SIDE_BIDS);
    for (int64_t region = 0; region < 400; region++) {
        for (uint32_t pass = 0; pass < 2; pass++) { /* 200 levels come, and all but every twentieth go */
            for (int64_t i = 0; i < 200; i++) {
                const int64_t mixed = region % 2 == 0 ? i : i * 77 % 200;
                if (pass == 1 && mixed % 20 == 0) {
                    continue;
                }
                level_t change = {dec_from_int(1 + region * 200 + mixed), pass == 0 ? DEC_ONE : DEC_ZERO};
                uint32_t runs_before = side.run_count;
                book_side_set(&side, &change, 1);
                model_set(&model, change);
                packed += side.run_count + 1 < runs_before ? 1 : 0;
            }
        }
        assert_side_is_model(&side, &model);
    }
    assert_true(packed > 1);
}

/* --- a real recording ------------------------------------------------------------------------- */

typedef struct {
    uint64_t id;
    level_t bid, ask;
} ticker_t;

enum { TICKERS_MAX = 100000, LINE_MAX_BYTES = 1 << 20 };

static const char *after(const char *line, const char *key)
{
    const char *at = strstr(line, key);
    return at != NULL ? at + strlen(key) : NULL;
}

static uint64_t number_after(const char *line, const char *key)
{
    const char *at = after(line, key);
    assert_non_null(at);
    return strtoull(at, NULL, 10);
}

static dec_t dec_at(const char *text, const char **end)
{
    size_t length = strcspn(text, "\"");
    dec_t value;
    assert_ok(dec_parse(text, length, &value));
    *end = text + length;
    return value;
}

static uint32_t levels_after(const char *line, const char *key, level_t *levels)
{
    const char *at = after(line, key);
    assert_non_null(at);
    uint32_t count = 0;
    while (strncmp(at, "[\"", 2) == 0) {
        assert_true(count < DEPTH_LEVELS_MAX);
        levels[count].price = dec_at(at + 2, &at);
        levels[count].quantity = dec_at(at + 3, &at);
        at += strncmp(at, "\"],", 3) == 0 ? 3 : 2;
        count++;
    }
    return count;
}

static uint32_t read_tickers(const char *command, ticker_t *tickers, char *line)
{
    FILE *stream = popen(command, "r");
    assert_non_null(stream);
    uint32_t count = 0;
    while (fgets(line, LINE_MAX_BYTES, stream) != NULL) {
        if (strstr(line, "\"e\":\"bookTicker\"") == NULL) {
            continue;
        }
        const char *end;
        assert_true(count < TICKERS_MAX);
        tickers[count++] = (ticker_t){
            .id = number_after(line, "\"u\":"),
            .bid = {dec_at(after(line, "\"b\":\""), &end), dec_at(after(line, "\"B\":\""), &end)},
            .ask = {dec_at(after(line, "\"a\":\""), &end), dec_at(after(line, "\"A\":\""), &end)},
        };
    }
    assert_int_equal(pclose(stream), 0);
    return count;
}

typedef struct {
    unsigned live, compared, agreed;
} agreement_t;

/* After a difference up to u, the best prices are those of the last bookTicker at or before u. */
static void compare_with_ticker(const ticker_t *tickers, uint32_t count, uint32_t *cursor, agreement_t *agreement)
{
    while (*cursor + 1 < count && tickers[*cursor + 1].id <= book.last_id) {
        (*cursor)++;
    }
    level_t bid, ask;
    if (*cursor + 1 >= count || tickers[*cursor].id > book.last_id || !book_best(&book, &bid, &ask)) {
        return;
    }
    const ticker_t *ticker = &tickers[*cursor];
    agreement->compared++;
    agreement->agreed += dec_eq(bid.price, ticker->bid.price) && dec_eq(ask.price, ticker->ask.price) &&
                                 dec_eq(bid.quantity, ticker->bid.quantity) && dec_eq(ask.quantity, ticker->ask.quantity)
                             ? 1
                             : 0;
}

static level_t read_bids[DEPTH_LEVELS_MAX], read_asks[DEPTH_LEVELS_MAX];

/* False for lines that are no depth. */
static bool read_depth(const char *line, depth_t *depth)
{
    *depth = (depth_t){.bids = read_bids, .asks = read_asks};
    if (strstr(line, "\"lastUpdateId\":") != NULL) {
        depth->snapshot = true;
        depth->last_id = number_after(line, "\"lastUpdateId\":");
        depth->bid_count = levels_after(line, "\"bids\":[", read_bids);
        depth->ask_count = levels_after(line, "\"asks\":[", read_asks);
        return true;
    }
    if (strstr(line, "\"e\":\"depthUpdate\"") == NULL) {
        return false;
    }
    depth->first_id = number_after(line, "\"U\":");
    depth->last_id = number_after(line, "\"u\":");
    depth->previous_id = number_after(line, "\"pu\":");
    depth->bid_count = levels_after(line, "\"b\":[", read_bids);
    depth->ask_count = levels_after(line, "\"a\":[", read_asks);
    return true;
}

enum { KEPT_MAX = 64 };

/* The lines before the snapshot are kept and applied after it, as a client must. */
static agreement_t replay(const char *command, const ticker_t *tickers, uint32_t count, char *line)
{
    agreement_t agreement = {0, 0, 0};
    uint32_t cursor = 0;
    char *kept[KEPT_MAX];
    unsigned kept_count = 0;
    FILE *stream = popen(command, "r");
    assert_non_null(stream);
    book_init(&book);
    while (fgets(line, LINE_MAX_BYTES, stream) != NULL) {
        depth_t depth;
        if (!read_depth(line, &depth)) {
            continue;
        }
        result_t result = book_apply(&book, &depth);
        if (result == RESULT_BAD_STATE) {
            assert_true(book.state == BOOK_EMPTY && kept_count < KEPT_MAX);
            kept[kept_count++] = strdup(line);
            continue;
        }
        assert_ok(result); /* nothing is missing in the recording */
        for (unsigned i = 0; i < kept_count; i++) {
            assert_true(read_depth(kept[i], &depth));
            result = book_apply(&book, &depth);
            assert_true(result == RESULT_OK || result == RESULT_STALE);
            free(kept[i]);
        }
        kept_count = 0;
        agreement.live += book.state == BOOK_LIVE ? 1 : 0;
        compare_with_ticker(tickers, count, &cursor, &agreement);
    }
    assert_int_equal(pclose(stream), 0);
    return agreement;
}

static void a_recorded_market_keeps_the_book_and_its_best_prices(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX], command[TEST_PATH_MAX + 32];
    if (!test_data_path("binance-usdm-btcusdt-20240808.stream.gz", path)) {
        print_message("skipped: %s is not there\n", path);
        skip();
    }
    (void)snprintf(command, sizeof command, "gzip -dc '%s'", path);
    ticker_t *tickers = malloc(TICKERS_MAX * sizeof *tickers);
    char *line = malloc(LINE_MAX_BYTES);
    assert_non_null(tickers);
    assert_non_null(line);
    uint32_t count = read_tickers(command, tickers, line);
    agreement_t agreement = replay(command, tickers, count, line);
    free(tickers);
    free(line);
    print_message("%u differences, %u compared with a bookTicker, %u agree\n", agreement.live, agreement.compared,
                  agreement.agreed);
    assert_true(agreement.live > 6000 && agreement.compared > 6000);
    assert_int_equal(agreement.agreed, agreement.compared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshot_and_chain_make_a_live_book),
        cmocka_unit_test(a_broken_chain_makes_the_book_stale_until_the_next_snapshot),
        cmocka_unit_test(bad_levels_change_nothing),
        cmocka_unit_test(a_crossed_book_is_not_believed),
        cmocka_unit_test(one_side_alone_has_no_best),
        cmocka_unit_test(random_changes_agree_with_a_plain_model),
        cmocka_unit_test(snapshots_in_any_order_give_the_same_book),
        cmocka_unit_test(in_a_full_side_the_farthest_give_way),
        cmocka_unit_test(a_side_gives_no_more_levels_than_asked_for),
        cmocka_unit_test(sides_agree_with_one_sorted_array),
        cmocka_unit_test(runs_that_thinned_out_are_packed),
        cmocka_unit_test(a_recorded_market_keeps_the_book_and_its_best_prices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
