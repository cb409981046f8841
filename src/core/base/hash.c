/* hash.c: SipHash-1-3 for tables (J.-P. Aumasson, D. Bernstein, "SipHash: a fast short-input PRF", 2012) and CRC-32C for files. */
#include "core/base/hash.h"

static uint64_t rotate_left(uint64_t x, unsigned by)
{
    return x << by | x >> (64 - by);
}

/* Bytes in little-endian order, whatever the machine; count <= 8. */
static uint64_t read_little(const unsigned char *bytes, size_t count)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

typedef struct {
    uint64_t v0, v1, v2, v3;
} sip_t;

static void sip_round(sip_t *sip)
{
    sip->v0 += sip->v1;
    sip->v2 += sip->v3;
    sip->v1 = rotate_left(sip->v1, 13) ^ sip->v0;
    sip->v3 = rotate_left(sip->v3, 16) ^ sip->v2;
    sip->v0 = rotate_left(sip->v0, 32);
    sip->v2 += sip->v1;
    sip->v0 += sip->v3;
    sip->v1 = rotate_left(sip->v1, 17) ^ sip->v2;
    sip->v3 = rotate_left(sip->v3, 21) ^ sip->v0;
    sip->v2 = rotate_left(sip->v2, 32);
}

static void sip_word(sip_t *sip, uint64_t word)
{
    sip->v3 ^= word;
    sip_round(sip);
    sip->v0 ^= word;
}

/* The 128-bit key is the seed and a constant-keyed mix of it. */
static sip_t sip_start(uint64_t seed)
{
    uint64_t second = (seed ^ seed >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    return (sip_t){
        .v0 = seed ^ UINT64_C(0x736F6D6570736575),
        .v1 = second ^ UINT64_C(0x646F72616E646F6D),
        .v2 = seed ^ UINT64_C(0x6C7967656E657261),
        .v3 = second ^ UINT64_C(0x7465646279746573),
    };
}

static uint64_t sip_finish(sip_t *sip)
{
    sip->v2 ^= 0xFF;
    sip_round(sip);
    sip_round(sip);
    sip_round(sip);
    return sip->v0 ^ sip->v1 ^ sip->v2 ^ sip->v3;
}

uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    sip_t sip = sip_start(seed);
    size_t left = length;
    for (; left >= 8; left -= 8, at += 8) {
        sip_word(&sip, read_little(at, 8));
    }
    sip_word(&sip, read_little(at, left) | (uint64_t)length << 56);
    return sip_finish(&sip);
}

uint64_t hash_u64(uint64_t seed, uint64_t value)
{
    sip_t sip = sip_start(seed);
    sip_word(&sip, value);
    sip_word(&sip, (uint64_t)8 << 56);
    return sip_finish(&sip);
}
