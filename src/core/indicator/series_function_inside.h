/* series_function_inside.h: the functions of the table in series_function.c that stand in files of their own. */
#pragma once

#include "core/indicator/series_function.h"

/* series_rank.c */
void series_median(const series_call_t *call);
size_t series_standing_room(const double *numbers, size_t bars);
void series_mode(const series_call_t *call);
void series_percentile_linear_interpolation(const series_call_t *call);
void series_percentile_nearest_rank(const series_call_t *call);
void series_percentrank(const series_call_t *call);
void series_rci(const series_call_t *call);

/* series_anchor.c */
void series_pivot_point_levels(const series_call_t *call);
const char *series_pivot_point_levels_refuses(const double *numbers);
void series_timeframe_change(const series_call_t *call);
void series_vwap(const series_call_t *call);

/* series_channel.c */
void series_kc(const series_call_t *call);
void series_kcw(const series_call_t *call);

/* series_gap.c */
void series_highest(const series_call_t *call);
void series_highestbars(const series_call_t *call);
void series_lowest(const series_call_t *call);
void series_lowestbars(const series_call_t *call);
void series_range(const series_call_t *call);
void series_stoch(const series_call_t *call);
void series_cmo(const series_call_t *call);
void series_vwma(const series_call_t *call);
size_t series_gap_room(const double *numbers, size_t bars);

/* spread_tv.c */
void series_correlation(const series_call_t *call);
size_t series_correlation_room(const double *numbers, size_t bars);
