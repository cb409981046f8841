/* bench_dec.c: ns of processor time per operation of dec_t and of MPFR at equal precision (128 bits), in turns in one run.
 * rooms: core/base
 * libs: mpfr gmp
 *
 * Operands: "market" numbers (prices with 2 places, quantities with 3) and "wide" ones (up to 38 digits). Prints one line an
 * operation: name, ns ours, ns peer, peer / ours; exits 1 when one of the five that carry a bar (add, mul, div, parse, format) is
 * below 2. MPFR is asked for nothing dec_t does not do: rounding to nearest, mpfr_set_str, mpfr_get_str with 38 digits.
 */
#include <mpfr.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/dec.h"
#include "core/base/prng.h"

enum { OPERANDS = 512, ROUNDS = 200, REPEATS = 7, PRECISION = 128 };

typedef struct {
    dec_t a[OPERANDS], b[OPERANDS], c[OPERANDS];
    mpfr_t peer_a[OPERANDS], peer_b[OPERANDS], peer_c[OPERANDS], peer_out;
    char text[OPERANDS][DEC_TEXT_MAX];
} operands_t;

static operands_t market, wide;
static uint64_t sink; /* keeps results alive */

static uint64_t processor_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static void set_peer(mpfr_t peer, dec_t value)
{
    char text[DEC_TEXT_MAX];
    (void)dec_format(value, text);
    mpfr_init2(peer, PRECISION);
    (void)mpfr_set_str(peer, text, 10, MPFR_RNDN);
}

static void fill(operands_t *operands, bool is_wide)
{
    prng_t prng;
    prng_seed(&prng, 1);
    mpfr_init2(operands->peer_out, PRECISION);
    for (unsigned i = 0; i < OPERANDS; i++) {
        operands->a[i] = dec_from_scaled((int64_t)(1000000 + prng_below(&prng, 9000000)), 2);
        operands->b[i] = dec_from_scaled((int64_t)(1 + prng_below(&prng, 99999)), 3);
        operands->c[i] = dec_from_scaled((int64_t)(1000 + prng_below(&prng, 90000)), 3);
        if (is_wide) {
            operands->a[i].units = operands->a[i].units * 1000000 + (int128_t)prng_below(&prng, UINT64_C(1000000000000000000));
            operands->b[i].units += (int128_t)prng_below(&prng, UINT64_C(1000000000000000));
            operands->c[i].units += (int128_t)prng_below(&prng, UINT64_C(1000000000000000000));
        }
        (void)dec_format(operands->a[i], operands->text[i]);
        set_peer(operands->peer_a[i], operands->a[i]);
        set_peer(operands->peer_b[i], operands->b[i]);
        set_peer(operands->peer_c[i], operands->c[i]);
    }
}

typedef void pass_t(operands_t *operands);

static void our_add(operands_t *o)
{
    for (unsigned i = 0; i < OPERANDS; i++) {
        dec_t out = DEC_ZERO;
        (void)dec_add(o->a[i], o->b[i], &out);
        sink += (uint64_t)out.units;
    }
}

static void our_mul(operands_t *o)
{
    for (unsigned i = 0; i < OPERANDS; i++) {
        dec_t out = DEC_ZERO;
        (void)dec_mul(o->a[i], o->b[i], DEC_ROUND_HALF_EVEN, &out);
        sink += (uint64_t)out.units;
    }
}

static void our_div(operands_t *o)
{
    for (unsigned i = 0; i < OPERANDS; i++) {
        dec_t out = DEC_ZERO;
        (void)dec_div(o->a[i], o->c[i], DEC_ROUND_HALF_EVEN, &out);
        sink += (uint64_t)out.units;
    }
}

static void our_parse(operands_t *o)
{
    for (unsigned i = 0; i < OPERANDS; i++) {
        dec_t out = DEC_ZERO;
        (void)dec_parse(o->text[i], strlen(o->text[i]), &out);
        sink += (uint64_t)out.units;
    }
}

static void our_format(operands_t *o)
{
    char text[DEC_TEXT_MAX];
    for (unsigned i = 0; i < OPERANDS; i++) {
        sink += dec_format(o->a[i], text) + (unsigned char)text[0];
    }
}

static void our_mul_div(operands_t *o)
{
    for (unsigned i = 0; i < OPERANDS; i++) {
        dec_t out = DEC_ZERO;
        (void)dec_mul_div(o->a[i], o->b[i], o->c[i], DEC_ROUND_HALF_EVEN, &out);
        sink += (uint64_t)out.units;
    }
}

static void our_quantise(operands_t *o)
{
    const dec_t step = dec_from_scaled(1, 3);
    for (unsigned i = 0; i < OPERANDS; i++) {
        dec_t out = DEC_ZERO;
        (void)dec_quantise(o->a[i], step, DEC_ROUND_DOWN, &out);
        sink += (uint64_t)out.units;
    }
}

static void peer_add(operands_t *o)
{
    for (unsigned i = 0; i < OPERANDS; i++) {
        (void)mpfr_add(o->peer_out, o->peer_a[i], o->peer_b[i], MPFR_RNDN);
        sink += (uint64_t)mpfr_get_exp(o->peer_out);
    }
}

static void peer_mul(operands_t *o)
{
    for (unsigned i = 0; i < OPERANDS; i++) {
        (void)mpfr_mul(o->peer_out, o->peer_a[i], o->peer_b[i], MPFR_RNDN);
        sink += (uint64_t)mpfr_get_exp(o->peer_out);
    }
}

static void peer_div(operands_t *o)
{
    for (unsigned i = 0; i < OPERANDS; i++) {
        (void)mpfr_div(o->peer_out, o->peer_a[i], o->peer_c[i], MPFR_RNDN);
        sink += (uint64_t)mpfr_get_exp(o->peer_out);
    }
}

static void peer_parse(operands_t *o)
{
    for (unsigned i = 0; i < OPERANDS; i++) {
        (void)mpfr_set_str(o->peer_out, o->text[i], 10, MPFR_RNDN);
        sink += (uint64_t)mpfr_get_exp(o->peer_out);
    }
}

static void peer_format(operands_t *o)
{
    char text[64];
    mpfr_exp_t exponent;
    for (unsigned i = 0; i < OPERANDS; i++) {
        (void)mpfr_get_str(text, &exponent, 10, 38, o->peer_a[i], MPFR_RNDN);
        sink += (unsigned char)text[0];
    }
}

static void peer_mul_div(operands_t *o)
{
    for (unsigned i = 0; i < OPERANDS; i++) {
        (void)mpfr_mul(o->peer_out, o->peer_a[i], o->peer_b[i], MPFR_RNDN);
        (void)mpfr_div(o->peer_out, o->peer_out, o->peer_c[i], MPFR_RNDN);
        sink += (uint64_t)mpfr_get_exp(o->peer_out);
    }
}

/* ns per operation, the best of one repeat and `best` so far: what others do on the machine only ever adds. */
static double time_pass(pass_t *pass, operands_t *operands, double best)
{
    uint64_t start = processor_ns();
    for (unsigned round = 0; round < ROUNDS; round++) {
        pass(operands);
    }
    double ns = (double)(processor_ns() - start) / (ROUNDS * (double)OPERANDS);
    return ns < best ? ns : best;
}

static const struct {
    const char *name;
    pass_t *ours, *peer;
    bool has_bar;
} rows[] = {
    {"add", our_add, peer_add, true},          {"mul", our_mul, peer_mul, true},
    {"div", our_div, peer_div, true},          {"parse", our_parse, peer_parse, true},
    {"format", our_format, peer_format, true}, {"mul_div", our_mul_div, peer_mul_div, false},
    {"quantise", our_quantise, NULL, false},
};

static int measure(const char *kind, operands_t *operands)
{
    int misses = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double ours = 1e9, peer = 1e9;
        for (unsigned repeat = 0; repeat < REPEATS; repeat++) {
            ours = time_pass(rows[i].ours, operands, ours);
            peer = rows[i].peer != NULL ? time_pass(rows[i].peer, operands, peer) : 0.0;
        }
        if (rows[i].peer == NULL) {
            (void)printf("dec_t %-6s %-8s %7.2f ns\n", kind, rows[i].name, ours);
            continue;
        }
        (void)printf("dec_t %-6s %-8s %7.2f ns   MPFR %7.2f ns   x %5.1f\n", kind, rows[i].name, ours, peer, peer / ours);
        misses += rows[i].has_bar && peer / ours < 2.0 ? 1 : 0;
    }
    return misses;
}

int main(void)
{
    fill(&market, false);
    fill(&wide, true);
    int misses = measure("market", &market) + measure("wide", &wide);
    (void)printf("bar: >= 2 x MPFR (%d bits) for add, mul, div, parse, format: %s\n", PRECISION, misses == 0 ? "held" : "MISSED");
    return misses == 0 && sink != 0 ? 0 : 1;
}
