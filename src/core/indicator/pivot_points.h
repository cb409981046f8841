/* pivot_points.h: pivot point levels: where floor traders expect support and resistance, from the prices of the period before.
 *
 * The period (a day of 1440 minutes, unless said) is one of calendar_period.h; its levels stand through the whole next period.
 * Before the first period has closed the levels are those of the bars seen so far. One kind a school: pivot_traditional,
 * pivot_fibonacci, pivot_woodie (weighs the open of the new period), pivot_classic, pivot_dm (DeMark), pivot_camarilla Pine's
 * ta.pivot_point_levels, which takes any condition as its anchor, gives all eleven levels, na where a school has none.
 */
#pragma once

#include <stdbool.h>

#include "core/indicator/registry.h"

typedef enum {
    PIVOT_TRADITIONAL,
    PIVOT_FIBONACCI,
    PIVOT_WOODIE,
    PIVOT_CLASSIC,
    PIVOT_DM,
    PIVOT_CAMARILLA,
    PIVOT_SCHOOLS
} pivot_school_t;

/* P R1 S1 R2 S2 R3 S3 R4 S4 R5 S5 */
enum { PIVOT_LEVELS = 11 };

typedef struct {
    double open, high, low, close;
} pivot_period_t;

/* A period of one bar, and with one more bar. */
pivot_period_t pivot_period_begin(const indicator_bar_t *bar);
void pivot_period_add(pivot_period_t *period, const indicator_bar_t *bar);

/* The levels after `before`; open_now is the first price of the new period, read by Woodie's alone. NAN where the school has none.
 */
void pivot_levels(pivot_school_t school, const pivot_period_t *before, double open_now, double levels[PIVOT_LEVELS]);

extern const indicator_kind_t indicator_pivot_camarilla;
extern const indicator_kind_t indicator_pivot_classic;
extern const indicator_kind_t indicator_pivot_dm;
extern const indicator_kind_t indicator_pivot_fibonacci;
extern const indicator_kind_t indicator_pivot_traditional;
extern const indicator_kind_t indicator_pivot_woodie;
