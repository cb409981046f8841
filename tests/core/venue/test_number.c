/* test_number.c: the venue's arithmetic against plain 128-bit division, and its reading of client ids against the rule letter by
 * letter. shows: VEN-3, "Exact numbers" */
#include "venue_fixture.h"

#include "core/base/prng.h"
#include "core/venue/client_id.h"
#include "core/venue/venue_number.h"

enum { CASES = 200000 };

/* Of any length up to `bits`, and as often negative. */
static int128_t random_wide(prng_t *prng, unsigned bits)
{
    int128_t value = (int128_t)prng_next(prng) << 63;
    value ^= (int128_t)(prng_next(prng) >> 1);
    value = (int128_t)((uint128_t)value >> (1 + prng_below(prng, 127)));
    value &= ((int128_t)1 << bits) - 1;
    return prng_below(prng, 2) == 0 ? value : -value;
}

static void cuts_are_those_of_division(void **state)
{
    (void)state;
    prng_t prng;
    prng_seed(&prng, 4);
    for (int i = 0; i < CASES; i++) {
        int128_t value = random_wide(&prng, 125);
        assert_true(cut16(value) == value / VENUE_E8);
        int128_t narrow = random_wide(&prng, 86);
        int64_t rate8 = (int64_t)prng_below(&prng, 1000000001);
        assert_true(rate_of16(narrow, rate8) == (int64_t)(narrow * rate8 / ((int128_t)VENUE_E8 * VENUE_E8)));
    }
    const int128_t edges[] = {0, 1, VENUE_E8 - 1, VENUE_E8, ((int128_t)1 << 72) - 1, (int128_t)1 << 72, ((int128_t)1 << 72) + 1};
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        assert_true(cut16(edges[i]) == edges[i] / VENUE_E8 && cut16(-edges[i]) == -edges[i] / VENUE_E8);
    }
}

static bool plain_to8(dec_t value, int64_t *out8)
{
    int128_t count = value.units / 10000000000;
    if (count * 10000000000 != value.units || count > 9000000000000000000 || count < -9000000000000000000) {
        return false;
    }
    *out8 = (int64_t)count;
    return true;
}

static void only_what_has_eight_digits_and_fits_becomes_a_count(void **state)
{
    (void)state;
    prng_t prng;
    prng_seed(&prng, 5);
    uint32_t taken = 0;
    for (int i = 0; i < CASES; i++) {
        int128_t wide = random_wide(&prng, 93);
        dec_t value = {i % 2 == 0 ? wide : wide / 10000000000 * 10000000000};
        int64_t expected = 7, got = 7;
        bool fits = plain_to8(value, &expected);
        assert_int_equal(to8(value, &got), fits);
        assert_true(got == expected);
        taken += fits;
    }
    assert_true(taken > CASES / 4);
    const int64_t most = INT64_C(9000000000000000000);
    int64_t got;
    assert_true(to8(dec_of8(most), &got) && got == most && to8(dec_of8(-most), &got) && got == -most);
    assert_false(to8(dec_of8(most + 1), &got));
    assert_false(to8((dec_t){dec_of8(most).units + ((int128_t)1 << 74)}, &got));
}

static bool plain_valid(const char *text)
{
    size_t length = strnlen(text, CLIENT_ID_MAX), fine = 0;
    while (fine < length && strchr("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.:/_-", text[fine]) != NULL) {
        fine++;
    }
    return length > 0 && length < CLIENT_ID_MAX && fine == length;
}

static void client_ids_are_of_the_alphabet_and_not_too_long(void **state)
{
    (void)state;
    char text[CLIENT_ID_MAX];
    for (uint32_t length = 0; length <= CLIENT_ID_MAX; length++) {
        for (uint32_t at = 0; at <= length && at < CLIENT_ID_MAX; at++) {
            for (unsigned c = 1; c < 256; c++) {
                memset(text, 'x', sizeof text);
                if (length < CLIENT_ID_MAX) {
                    text[length] = '\0';
                }
                text[at] = at < length ? (char)c : '\0';
                assert_int_equal(client_id_valid(text), plain_valid(text));
            }
        }
    }
}

static void what_stands_behind_the_end_does_not_count(void **state)
{
    (void)state;
    char clean[CLIENT_ID_MAX] = "order-1234567", dirty[CLIENT_ID_MAX];
    memset(dirty, 0xEE, sizeof dirty);
    memcpy(dirty, clean, sizeof "order-1234567");
    client_text_t a, b;
    client_text_read(&a, clean);
    client_text_read(&b, dirty);
    assert_int_equal(a.length, 13);
    assert_memory_equal(&a, &b, sizeof a);
    assert_true(client_id_valid(dirty));
    assert_int_equal(client_id_hash(clean, 3, 4), client_id_hash(dirty, 3, 4));
    assert_int_not_equal(client_id_hash(clean, 3, 4), client_id_hash(clean, 4, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_are_those_of_division),
        cmocka_unit_test(only_what_has_eight_digits_and_fits_becomes_a_count),
        cmocka_unit_test(client_ids_are_of_the_alphabet_and_not_too_long),
        cmocka_unit_test(what_stands_behind_the_end_does_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
