/* test_hash.c: the digests against published vectors and independent computations.
 * shows: OPS-6, I18
 */
#include "support/test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"

static void assert_sha256(const void *bytes, size_t length, const char *hex)
{
    sha256_t sha;
    uint8_t digest[32];
    char text[65];
    sha256_init(&sha);
    sha256_update(&sha, bytes, length);
    sha256_final(&sha, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
    }
    assert_string_equal(text, hex);
}

/* FIPS 180-4 examples and NIST's short messages. */
static void sha256_gives_the_published_digests(void **state)
{
    (void)state;
    assert_sha256("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_sha256("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_sha256(
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", 112,
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    assert_sha256("\xbd", 1, "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b");
    size_t length = 1000000;
    char *million = malloc(length);
    assert_non_null(million);
    memset(million, 'a', length);
    assert_sha256(million, length, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

/* However a message is cut, the digest is that of the whole. */
static void sha256_does_not_care_about_pieces(void **state)
{
    (void)state;
    unsigned char message[200];
    for (size_t i = 0; i < sizeof message; i++) {
        message[i] = (unsigned char)(i * 7 + 1);
    }
    for (size_t length = 0; length <= sizeof message; length++) {
        sha256_t whole, pieces;
        uint8_t a[32], b[32];
        sha256_init(&whole);
        sha256_update(&whole, message, length);
        sha256_final(&whole, a);
        sha256_init(&pieces);
        for (size_t at = 0, step = 1; at < length; at += step, step = step % 67 + 13) {
            step = step < length - at ? step : length - at;
            sha256_update(&pieces, message + at, step);
            sha256_update(&pieces, NULL, 0);
        }
        sha256_final(&pieces, b);
        assert_memory_equal(a, b, 32);
    }
}

static void crc32c_gives_the_published_values(void **state)
{
    (void)state;
    unsigned char bytes[32];
    assert_true(hash_crc32c(0, "", 0) == 0);
    assert_true(hash_crc32c(0, "123456789", 9) == 0xE3069283);
    /* RFC 3720, B.4 */
    memset(bytes, 0, sizeof bytes);
    assert_true(hash_crc32c(0, bytes, sizeof bytes) == 0x8A9136AA);
    memset(bytes, 0xFF, sizeof bytes);
    assert_true(hash_crc32c(0, bytes, sizeof bytes) == 0x62A8AB43);
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)i;
    }
    assert_true(hash_crc32c(0, bytes, sizeof bytes) == 0x46DD794E);
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(31 - i);
    }
    assert_true(hash_crc32c(0, bytes, sizeof bytes) == 0x113FDB5C);
    for (size_t cut = 0; cut <= sizeof bytes; cut++) {
        uint32_t first = hash_crc32c(0, bytes, cut);
        assert_true(hash_crc32c(first, bytes + cut, sizeof bytes - cut) == 0x113FDB5C);
    }
}

static void crc32c_sees_every_single_flipped_bit(void **state)
{
    (void)state;
    unsigned char bytes[41] = "a journal record that must stay as it is";
    uint32_t right = hash_crc32c(0, bytes, sizeof bytes);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
        assert_true(hash_crc32c(0, bytes, sizeof bytes) != right);
        bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
    }
}

/* Values of an independent implementation of SipHash-1-3 (in Python) with the same key schedule. */
static void table_hash_is_siphash(void **state)
{
    (void)state;
    unsigned char bytes[37];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)i;
    }
    assert_true(hash_bytes(0, "", 0) == UINT64_C(0xd1fba762150c532c));
    assert_true(hash_bytes(0, "a", 1) == UINT64_C(0x407448d2b89b1813));
    assert_true(hash_bytes(1, "BTCUSDT", 7) == UINT64_C(0x4cd48017ee23c8a1));
    assert_true(hash_bytes(7, "12345678", 8) == UINT64_C(0x95fbddb69e1b9211));
    assert_true(hash_bytes(UINT64_C(0xdeadbeefcafe), bytes, sizeof bytes) == UINT64_C(0x652cecdfd1cb3024));
    assert_true(hash_u64(7, UINT64_C(0x3837363534333231)) == hash_bytes(7, "12345678", 8)); /* little-endian "12345678" */
}

static void one_changed_bit_changes_half_of_the_hash(void **state)
{
    (void)state;
    unsigned changed = 0;
    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t difference = hash_u64(3, 0) ^ hash_u64(3, UINT64_C(1) << bit);
        for (; difference != 0; difference &= difference - 1) {
            changed++;
        }
    }
    assert_in_range(changed, 64 * 28, 64 * 36);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_published_digests),
        cmocka_unit_test(sha256_does_not_care_about_pieces),
        cmocka_unit_test(crc32c_gives_the_published_values),
        cmocka_unit_test(crc32c_sees_every_single_flipped_bit),
        cmocka_unit_test(table_hash_is_siphash),
        cmocka_unit_test(one_changed_bit_changes_half_of_the_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
