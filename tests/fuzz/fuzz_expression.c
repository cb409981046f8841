/* fuzz_expression.c: any text as a list of indicators: it is refused with a column inside of the text and a sentence, or it is
 * computed within its bounds, and what is not NaN is a number. rooms: core/indicator
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/indicator/expression.h"
#include "core/indicator/indicator.h"

enum { BARS = 60 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static expression_t expression;
    static double columns[EXPRESSION_COLUMNS][BARS];
    expression_error_t error = {0};
    if (expression_parse((str_t){(const char *)data, size}, &expression, &error) != RESULT_OK) {
        ASSERT(error.text[0] != '\0' && error.column >= 1 && error.column <= size + 1);
        return 0;
    }
    for (size_t i = 0; i < BARS; i++) {
        const double close = 100.0 + (double)(i * 37 % 23);
        const double bar[EXPRESSION_COLUMNS] = {close - 0.5, close + 1.0, close - 2.0, close, (double)(i % 4)};
        for (size_t k = 0; k < EXPRESSION_COLUMNS; k++) {
            columns[k][i] = bar[k];
        }
    }
    int64_t open_ns[BARS];
    for (int64_t i = 0; i < BARS; i++) {
        open_ns[i] = i * 3600 * INT64_C(1000000000);
    }
    const indicator_columns_t bars = {columns[0], columns[1], columns[2], columns[3], columns[4], BARS, open_ns};
    void *workspace = malloc(expression_workspace(&expression, BARS));
    if (workspace != NULL && expression_run(&expression, &bars, workspace, &error) == RESULT_OK) {
        for (uint32_t root = 0; root < expression.root_count; root++) {
            for (uint32_t output = 0; output < expression_root(&expression, root)->output_count; output++) {
                ASSERT(!isinf(expression_values(&expression, workspace, BARS, root, output)[BARS - 1]));
                ASSERT(expression_output_name(expression_root(&expression, root), output) != NULL);
            }
        }
    }
    free(workspace);
    return 0;
}
