/* fmath.h: exp, log, pow, tanh, atan, sin and cos of our own, the same bits on every CPU and compiler (glibc picks variants by CPU
 * and they differ).
 *
 * Plain IEEE double arithmetic in a fixed order, compiled with -ffp-contract=off; error below 1 ulp (pow, atan, sin, cos: 2 ulp),
 * tested against MPFR. Special values as in C17 Annex F. For indicators and statistics; money is dec_t.
 */
#pragma once

double fmath_exp(double x);
double fmath_log(double x);
double fmath_pow(double x, double y);
double fmath_tanh(double x);
double fmath_atan(double x);

/* Angles in radians, at most FMATH_ANGLE_MAX of either sign: beyond it, where a double no longer tells an angle well, NaN. */
#define FMATH_ANGLE_MAX 1e6
double fmath_sin(double x);
double fmath_cos(double x);

/* To the nearest multiple of 1e-9, |x| <= 1e6 (NAN stays; beyond some 4e6 the half that is added would round, too): 0.1 + 0.2
 * becomes 0.3 again. What was added up from decimal fractions and is compared with one (a score with its threshold) goes through
 * here, or the order of adding would decide at the bound. */
double fmath_billionths(double x);
