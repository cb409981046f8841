/* hash.h: a fast keyed 64-bit hash for tables and a running digest for decisions. Not for signatures (edge/secret has those).
 *
 * hash_bytes is SipHash-1-3-like in strength against accidental collisions; with a seed from outside it also keeps table keys
 * unpredictable to strangers. Same bits on every machine (little-endian reads are explicit).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t length);
uint64_t hash_u64(uint64_t seed, uint64_t value);

/* CRC-32C (Castagnoli): for torn-write detection in files. Pass 0 first, then the previous value to continue. */
uint32_t hash_crc32c(uint32_t crc, const void *bytes, size_t length);

/* SHA-256 (FIPS 180-4), streaming; the digest that chains the journal and names a run's decisions. */
typedef struct {
    uint32_t state[8];
    uint64_t length;
    uint8_t block[64];
} sha256_t;

void sha256_init(sha256_t *sha);
void sha256_update(sha256_t *sha, const void *bytes, size_t length);
void sha256_final(sha256_t *sha, uint8_t digest[32]); /* sha is spent afterwards */
