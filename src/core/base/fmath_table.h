/* fmath_table.h: constants of fmath.c, private to it. */
#pragma once

typedef struct {
    double high, low;
} fmath_exp_row_t;

typedef struct {
    double inverse;   /* at most 10 significant bits */
    double high, low; /* -ln(inverse) */
} fmath_log_row_t;

extern const fmath_exp_row_t fmath_exp_rows[32];
extern const double fmath_exp_step_inverse, fmath_exp_step_high, fmath_exp_step_low;
extern const fmath_log_row_t fmath_log_rows[128];
extern const double fmath_ln2_high, fmath_ln2_low;
extern const double fmath_tanh_terms[11];
