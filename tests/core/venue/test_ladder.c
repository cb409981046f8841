/* test_ladder.c: price levels against a plain sorted array: close together, far apart, between the steps, and where two share a
 * place of the quick find. shows: VEN-3 */
#include "venue_fixture.h"

#include "core/base/prng.h"
#include "core/venue/ladder.h"

enum { KEYS_MAX = 400, ROUNDS = 40000, STEP = 10 };

typedef struct {
    int64_t keys[KEYS_MAX]; /* ascending */
    uint32_t count;
} sorted_t;

static uint32_t place_of(const sorted_t *sorted, int64_t key)
{
    uint32_t at = 0;
    while (at < sorted->count && sorted->keys[at] < key) {
        at++;
    }
    return at;
}

static bool stands(const sorted_t *sorted, int64_t key)
{
    uint32_t at = place_of(sorted, key);
    return at < sorted->count && sorted->keys[at] == key;
}

static void insert(sorted_t *sorted, int64_t key)
{
    uint32_t at = place_of(sorted, key);
    memmove(&sorted->keys[at + 1], &sorted->keys[at], (sorted->count - at) * sizeof key);
    sorted->keys[at] = key;
    sorted->count++;
}

static void take_out(sorted_t *sorted, uint32_t at)
{
    memmove(&sorted->keys[at], &sorted->keys[at + 1], (sorted->count - at - 1) * sizeof sorted->keys[0]);
    sorted->count--;
}

/* Both ways along the ground, and each level found. */
static void assert_same(const venue_t *venue, const ladder_t *ladder, const sorted_t *sorted)
{
    uint32_t at = ladder->head[0].to, before = VENUE_NIL;
    assert_int_equal(ladder->count, sorted->count);
    for (uint32_t i = 0; i < sorted->count; i++) {
        assert_int_not_equal(at, VENUE_NIL);
        assert_true(level_of(venue, at)->key == sorted->keys[i]);
        assert_int_equal(level_of(venue, at)->next.from, before);
        assert_int_equal(ladder_find(venue, ladder, sorted->keys[i]), at);
        before = at;
        at = level_of(venue, at)->next.to;
    }
    assert_int_equal(at, VENUE_NIL);
}

/* Near: neighbours; far: the same place of the quick find; odd: between the steps. Either sign, as bids and asks have. */
static int64_t random_key(prng_t *prng, int64_t sign)
{
    static const int64_t far = (int64_t)VENUE_NEAR_LEVELS * STEP;
    int64_t key = 1000000 + STEP * (int64_t)prng_below(prng, 60);
    switch (prng_below(prng, 4)) {
    case 0:
        key += far * (int64_t)prng_below(prng, 4);
        break;
    case 1:
        key += (int64_t)prng_below(prng, STEP);
        break;
    default:
        break;
    }
    return sign * key;
}

static void levels_stand_in_order_and_are_found(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    venue_t *venue = fixture->venue;
    for (int64_t sign = -1; sign <= 1; sign += 2) {
        ladder_t *ladder = &instrument_of(venue, fixture->btc)->books[sign < 0 ? VENUE_BUY : VENUE_SELL];
        ladder_init(ladder, STEP);
        sorted_t sorted = {.count = 0};
        prng_t prng;
        prng_seed(&prng, 31);
        for (int i = 0; i < ROUNDS; i++) {
            int64_t key = random_key(&prng, sign);
            assert_int_equal(ladder_find(venue, ladder, key) != VENUE_NIL, stands(&sorted, key));
            if (sorted.count < KEYS_MAX && prng_below(&prng, 100) < (i / 2000 % 2 == 0 ? 70U : 30U)) {
                uint32_t index = ladder_put(venue, ladder, key);
                assert_true(level_of(venue, index)->key == key);
                if (!stands(&sorted, key)) {
                    insert(&sorted, key);
                }
            } else if (sorted.count > 0) {
                uint32_t at = (uint32_t)prng_below(&prng, sorted.count);
                ladder_remove(venue, ladder, ladder_find(venue, ladder, sorted.keys[at]));
                take_out(&sorted, at);
            }
            if (i % 20 == 0) {
                assert_same(venue, ladder, &sorted);
            }
        }
        while (sorted.count > 0) {
            ladder_remove(venue, ladder, ladder->head[0].to);
            take_out(&sorted, 0);
            assert_same(venue, ladder, &sorted);
        }
    }
    fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(levels_stand_in_order_and_are_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
