/* feature_columns.h: the named states and normalised inputs of features.h as columns over a table of bars, as `patriot data show
 * --states` shows them: 1 or 0 for a state, NaN for all before the first value.
 */
#pragma once

#include "app/bar_table.h"
#include "core/strategy/features.h"

enum { FEATURE_COLUMNS = FEATURE_COUNT + FEATURE_INPUT_COUNT };

#define FEATURE_COLUMNS_VALUE_MAX 1e20 /* what a strategy can meet: an exchange's numbers are below it (dec.h) */

/* *columns: FEATURE_COLUMNS columns of table->bars values, one after the other: the states, then the inputs; to be freed.
 * RESULT_FULL: no memory. RESULT_NUMBER_OUT_OF_RANGE: a price or a volume is larger than FEATURE_COLUMNS_VALUE_MAX. */
result_t feature_columns_make(const bar_table_t *table, double **columns);

/* "MACD_cross_up", "norm_ADX". */
const char *feature_column_name(uint32_t column);
