/* eights.h: eight blocks of a series as the eight lanes of vectors, for processors with AVX-512: lanes.h with twice as many. */
#pragma once

#include "core/indicator/lanes.h"

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(INDICATOR_NARROW) /* the last: a build that tests what others run */
#define HAVE_EIGHTS

#include <immintrin.h>

enum { EIGHTS = 8 };

#define EIGHTS_TARGET __attribute__((target("avx512f,avx512dq,avx512vl")))

typedef double eight_t __attribute__((vector_size(64), aligned(8)));
typedef eight_t eights_t[INDICATOR_CHUNK / EIGHTS + 1] __attribute__((aligned(sizeof(eight_t))));

static inline bool eights_can_run(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

#define EIGHTS_BEHIND(lanes, before) __builtin_shufflevector(before, lanes, 7, 8, 9, 10, 11, 12, 13, 14)

/* Two neighbours of every second block of n, in and out; in the processor's own words, because of shuffles the compiler (gcc 12)
 * makes twice as many steps. */
EIGHTS_TARGET static inline __m512d eights_twins(const double *values, size_t n)
{
    __m512d all = _mm512_castpd128_pd512(_mm_loadu_pd(values));
    all = _mm512_insertf64x2(all, _mm_loadu_pd(values + 2 * n), 1);
    all = _mm512_insertf64x2(all, _mm_loadu_pd(values + 4 * n), 2);
    return _mm512_insertf64x2(all, _mm_loadu_pd(values + 6 * n), 3);
}

EIGHTS_TARGET static inline void eights_put_twins(__m512d all, size_t n, double *values)
{
    _mm_storeu_pd(values, _mm512_castpd512_pd128(all));
    _mm_storeu_pd(values + 2 * n, _mm512_extractf64x2_pd(all, 1));
    _mm_storeu_pd(values + 4 * n, _mm512_extractf64x2_pd(all, 2));
    _mm_storeu_pd(values + 6 * n, _mm512_extractf64x2_pd(all, 3));
}

EIGHTS_TARGET static inline void eights_in(const double *values, size_t n, eight_t *restrict lanes)
{
    for (size_t k = 0; k + 1 < n; k += 2) {
        const __m512d a = eights_twins(values + k, n), b = eights_twins(values + n + k, n);
        lanes[k] = (eight_t)_mm512_unpacklo_pd(a, b);
        lanes[k + 1] = (eight_t)_mm512_unpackhi_pd(a, b);
    }
    if (n % 2 != 0) {
        const double *const v = values + n - 1;
        lanes[n - 1] = (eight_t){v[0], v[n], v[2 * n], v[3 * n], v[4 * n], v[5 * n], v[6 * n], v[7 * n]};
    }
}

EIGHTS_TARGET static inline void eights_out(const eight_t *lanes, size_t n, double *restrict values)
{
    for (size_t k = 0; k + 1 < n; k += 2) {
        const __m512d a = (__m512d)lanes[k], b = (__m512d)lanes[k + 1];
        eights_put_twins(_mm512_unpacklo_pd(a, b), n, values + k);
        eights_put_twins(_mm512_unpackhi_pd(a, b), n, values + n + k);
    }
    for (size_t b = 0; n % 2 != 0 && b < EIGHTS; b++) {
        values[b * n + n - 1] = lanes[n - 1][b];
    }
}
#endif
