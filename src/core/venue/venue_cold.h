/* venue_cold.h: records of the venue that no order touches: volumes by day, bars of figures, who held what. */
#pragma once

#include "core/venue/venue_types.h"

/* What an account that earns its fee tier has traded, by day, in USD: the running day and the thirty before it, each at the place
 * of its number modulo the size. */
enum { TIER_DAYS = 31 };
typedef struct {
    int128_t traded8[TIER_DAYS];
} tier_rec_t;

/* Of mark, index or premium. */
typedef struct {
    int64_t open_ns, open8, high8, low8, close8;
    uint64_t samples;
} figure_bar_t;

/* What is told about an instrument beside its market; cold. */
enum { FIGURES_BASIS_SECONDS = 30 };
typedef struct {
    int64_t due_ns, premium_due_ns, basis_due_ns;
    uint64_t interest_count; /* rows ever; a ring */
    int64_t delivered8, delivered_ns;
    int64_t basis8[FIGURES_BASIS_SECONDS]; /* contract - index, a second each; a ring */
    uint32_t basis_count;
    uint32_t bar_count[VENUE_FIGURE_COUNT][TF_COUNT]; /* ever; rings */
} figures_rec_t;

/* Who held what at an instant. */
typedef struct {
    int64_t time_ns, interest8, mark8;
    uint32_t longs, shorts, top_longs, top_shorts; /* accounts */
    int64_t top_long8, top_short8;
} interest_rec_t;
