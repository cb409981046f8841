/* feature_columns.c: see feature_columns.h. */
#include "app/feature_columns.h"

#include <math.h>
#include <stdlib.h>

static void put_bar(const features_value_t *value, double *columns, size_t bars, size_t at)
{
    for (uint32_t i = 0; i < FEATURE_COUNT; i++) {
        columns[i * bars + at] = value == NULL ? NAN : features_has(value, (feature_t)i) ? 1.0 : 0.0;
    }
    for (uint32_t i = 0; i < FEATURE_INPUT_COUNT; i++) {
        columns[(FEATURE_COUNT + i) * bars + at] = value == NULL ? NAN : value->inputs[i];
    }
}

static bool is_in_range(const bar_table_t *table)
{
    for (int k = 0; k < BAR_COLUMNS; k++) {
        for (size_t i = 0; i < table->bars; i++) {
            if (!(fabs(table->columns[k][i]) <= FEATURE_COLUMNS_VALUE_MAX)) {
                return false;
            }
        }
    }
    return true;
}

result_t feature_columns_make(const bar_table_t *table, double **columns)
{
    if (!is_in_range(table)) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    double *made = malloc(FEATURE_COLUMNS * table->bars * sizeof *made + sizeof *made);
    features_t *features = malloc(sizeof *features);
    if (made == NULL || features == NULL) {
        free(made);
        free(features);
        return RESULT_FULL;
    }
    features_init(features);
    for (size_t i = 0; i < table->bars; i++) {
        const indicator_bar_t bar = {.open = table->columns[BAR_OPEN][i],
                                     .high = table->columns[BAR_HIGH][i],
                                     .low = table->columns[BAR_LOW][i],
                                     .close = table->columns[BAR_CLOSE][i],
                                     .volume = table->columns[BAR_VOLUME][i],
                                     .open_ns = table->open_ns[i]};
        features_value_t value;
        put_bar(features_next(features, &bar, &value) ? &value : NULL, made, table->bars, i);
    }
    free(features);
    *columns = made;
    return RESULT_OK;
}

const char *feature_column_name(uint32_t column)
{
    return column < FEATURE_COUNT ? feature_name((feature_t)column) : feature_input_name((feature_input_t)(column - FEATURE_COUNT));
}
