/* hash_sha256.c: SHA-256 as FIPS 180-4 describes it, portable: it chains the journal and names a run's decisions. */
#include "core/base/hash.h"

#include <string.h>

/* The first 32 bits of the fractions of the cube roots of the first 64 primes (section 4.2.2). */
static const uint32_t constants[64] = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5, 0xD807AA98, 0x12835B01,
    0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174, 0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC,
    0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA, 0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147,
    0x06CA6351, 0x14292967, 0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070, 0x19A4C116, 0x1E376C08,
    0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3, 0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208,
    0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
};

static inline uint32_t rotate_right(uint32_t x, unsigned by)
{
    return x >> by | x << (32 - by);
}

static inline uint32_t read_big(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3];
}

/* Word t of the message schedule, of which only the last sixteen are kept (section 6.1.3's circular queue, for SHA-256). */
static inline uint32_t next_word(uint32_t w[16], unsigned t)
{
    uint32_t before_2 = w[(t + 14) & 15];
    uint32_t before_15 = w[(t + 1) & 15];
    uint32_t sigma_1 = rotate_right(before_2, 17) ^ rotate_right(before_2, 19) ^ before_2 >> 10;
    uint32_t sigma_0 = rotate_right(before_15, 7) ^ rotate_right(before_15, 18) ^ before_15 >> 3;
    w[t & 15] += sigma_1 + w[(t + 9) & 15] + sigma_0;
    return w[t & 15];
}

static void absorb_block(uint32_t state[8], const uint8_t block[64])
{
    uint32_t w[16];
    for (unsigned t = 0; t < 16; t++) {
        w[t] = read_big(block + (size_t)4 * t);
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (unsigned t = 0; t < 64; t++) {
        uint32_t word = t < 16 ? w[t] : next_word(w, t);
        uint32_t choice = g ^ (e & (f ^ g));
        uint32_t majority = (a & b) | (c & (a | b));
        uint32_t sum_1 = rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25);
        uint32_t sum_0 = rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22);
        uint32_t t1 = h + sum_1 + choice + constants[t] + word;
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + sum_0 + majority;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
}

void sha256_init(sha256_t *sha)
{
    /* The first 32 bits of the fractions of the square roots of the first 8 primes (section 5.3.3). */
    *sha = (sha256_t){
        .state = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19},
    };
}

void sha256_update(sha256_t *sha, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    size_t waiting = (size_t)(sha->length % 64);
    sha->length += length;
    if (waiting > 0) {
        size_t taken = length < 64 - waiting ? length : 64 - waiting;
        if (taken > 0) {
            memcpy(sha->block + waiting, at, taken);
        }
        if (waiting + taken < 64) {
            return;
        }
        absorb_block(sha->state, sha->block);
        at += taken;
        length -= taken;
    }
    for (; length >= 64; length -= 64, at += 64) {
        absorb_block(sha->state, at);
    }
    if (length > 0) {
        memcpy(sha->block, at, length);
    }
}

void sha256_final(sha256_t *sha, uint8_t digest[32])
{
    uint64_t bits = sha->length * 8;
    size_t waiting = (size_t)(sha->length % 64);
    sha->block[waiting++] = 0x80;
    if (waiting > 56) {
        memset(sha->block + waiting, 0, 64 - waiting);
        absorb_block(sha->state, sha->block);
        waiting = 0;
    }
    memset(sha->block + waiting, 0, 56 - waiting);
    for (unsigned i = 0; i < 8; i++) {
        sha->block[56 + i] = (uint8_t)(bits >> (56 - 8 * i));
    }
    absorb_block(sha->state, sha->block);
    for (unsigned i = 0; i < 32; i++) {
        digest[i] = (uint8_t)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
    }
}
