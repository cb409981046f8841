/* digest_base.c: what core/base computes, as one digest. Same bits demanded of every compiler and machine: see test_determinism.sh.
 * rooms: core/base
 */
#include <stdbool.h>
#include <string.h>

#include "core/base/dec.h"
#include "core/base/fmath.h"
#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/base/prng.h"
#include "core/base/str.h"
#include "core/base/time.h"

void digest_base(sha256_t *sha);

static void add_double(sha256_t *sha, double x)
{
    uint64_t bits;
    uint8_t bytes[8];
    memcpy(&bits, &x, sizeof bits);
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(bits >> (8 * i));
    }
    sha256_update(sha, bytes, sizeof bytes);
}

static double any_double(prng_t *prng)
{
    uint64_t bits = prng_next(prng);
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void digest_fmath(sha256_t *sha, prng_t *prng)
{
    for (unsigned i = 0; i < 60000; i++) {
        double x = (prng_unit(prng) - 0.5) * 1500.0, small = prng_unit(prng) - 0.5, any = any_double(prng);
        add_double(sha, fmath_exp(x));
        add_double(sha, fmath_exp(small));
        add_double(sha, fmath_exp(any));
        add_double(sha, fmath_log(1.0 + small));
        add_double(sha, fmath_log(any));
        add_double(sha, fmath_tanh(x * 0.03));
        add_double(sha, fmath_tanh(small));
        add_double(sha, fmath_pow(1.0 + small, x));
        add_double(sha, fmath_pow(any, small));
        add_double(sha, prng_normal(prng));
    }
}

/* A pointer, as the operands of a call are evaluated in no given order. */
static void add_dec(sha256_t *sha, result_t result, const dec_t *value)
{
    char text[DEC_TEXT_MAX];
    size_t length = dec_format(*value, text);
    sha256_update(sha, result_name(result), strlen(result_name(result)));
    sha256_update(sha, text, length);
}

static dec_t any_dec(prng_t *prng)
{
    uint64_t down = prng_below(prng, 64);
    uint64_t up = prng_below(prng, 56);
    int128_t units = (int128_t)(prng_next(prng) >> down) << up;
    units += (int128_t)prng_below(prng, 3);
    return (dec_t){prng_chance(prng, 0.5) ? units : -units};
}

static void digest_dec(sha256_t *sha, prng_t *prng)
{
    for (unsigned i = 0; i < 30000; i++) {
        dec_t a = any_dec(prng), b = any_dec(prng), c = any_dec(prng), out = DEC_ZERO;
        dec_round_t round = (dec_round_t)prng_below(prng, 6);
        add_dec(sha, dec_add(a, b, &out), &out);
        add_dec(sha, dec_sub(a, b, &out), &out);
        add_dec(sha, dec_mul(a, b, round, &out), &out);
        add_dec(sha, dec_div(a, b, round, &out), &out);
        add_dec(sha, dec_mul_div(a, b, c, round, &out), &out);
        add_dec(sha, dec_quantise(a, dec_abs(b), round, &out), &out);
        add_double(sha, dec_to_double(a));
        unsigned places = (unsigned)prng_below(prng, 19);
        add_dec(sha, dec_from_double(any_double(prng), places, &out), &out);
    }
}

static void digest_rest(sha256_t *sha, prng_t *prng)
{
    for (unsigned i = 0; i < 20000; i++) {
        char text[TIME_TEXT_MAX];
        client_id_t id;
        uint64_t word = prng_next(prng);
        sha256_update(sha, text, time_format((int64_t)(word >> 1), 9, text));
        client_id_make(&id, (uint32_t)word, word, LEG_STOP);
        sha256_update(sha, id.text, strlen(id.text));
        uint64_t hashes[2] = {hash_bytes(word, text, 20), hash_u64(word, prng_below(prng, word | 1))};
        sha256_update(sha, text, str_from_u64(hashes[0], text));
        sha256_update(sha, text, str_from_u64(hashes[1], text));
        sha256_update(sha, text, str_from_u64(hash_crc32c(0, id.text, sizeof id.text), text));
    }
}

void digest_base(sha256_t *sha)
{
    prng_t prng;
    prng_seed(&prng, 20240808);
    digest_fmath(sha, &prng);
    digest_dec(sha, &prng);
    digest_rest(sha, &prng);
}
