/* test_indicator_series.c: a registry indicator over a CSV on standard input, for comparison with other programs (test_talib.py).
 * shows: IND-2
 *
 *     test_core_indicator_indicator_series NAME [OPTION ...] < open,high,low,close,volume[,seconds].csv
 *
 *     test_core_indicator_indicator_series + NAME ... < open,high,low,close,volume.csv
 *
 * prints a line of its outputs for each line, 17 digits, nan while warming up. Without arguments it tests itself on a small series.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/time.h"
#include "core/indicator/indicator.h"
#include "core/indicator/registry.h"

enum { KINDS_MAX = 80 };

/* Several kinds with their presets: a column each output. */
static int run_many(char **names, int count, FILE *in, FILE *out)
{
    const indicator_kind_t *kinds[KINDS_MAX];
    void *states[KINDS_MAX];
    if (count > KINDS_MAX) {
        fprintf(stderr, "more than %d indicators\n", KINDS_MAX);
        return 2;
    }
    for (int k = 0; k < count; k++) {
        double options[INDICATOR_OPTIONS_MAX];
        kinds[k] = indicator_find(str_from(names[k]), NULL);
        if (kinds[k] == NULL) {
            fprintf(stderr, "no indicator %s\n", names[k]);
            return 2;
        }
        indicator_presets(kinds[k], options);
        states[k] = malloc(kinds[k]->state_size(options));
        kinds[k]->init(states[k], options);
    }
    indicator_bar_t bar = {.open_ns = 0};
    while (fscanf(in, "%lf,%lf,%lf,%lf,%lf", &bar.open, &bar.high, &bar.low, &bar.close, &bar.volume) == 5) {
        for (int k = 0; k < count; k++) {
            double values[INDICATOR_OUTPUTS_MAX];
            kinds[k]->next(states[k], &bar, values);
            for (uint32_t i = 0; i < kinds[k]->output_count; i++) {
                fprintf(out, "%s%.17g", k > 0 || i > 0 ? "," : "", isnan(values[i]) ? NAN : values[i]);
            }
        }
        fputc('\n', out);
    }
    for (int k = 0; k < count; k++) {
        free(states[k]);
    }
    return ferror(in) != 0 || fflush(out) != 0;
}

static int run(const indicator_kind_t *kind, const double *options, FILE *in, FILE *out)
{
    double *state = malloc(kind->state_size(options));
    if (state == NULL) {
        return 1;
    }
    kind->init(state, options);
    indicator_bar_t bar = {.open_ns = 0};
    char line[256];
    while (fgets(line, sizeof line, in) != NULL) {
        double seconds = 0.0; /* since 1970, for session indicators */
        const int columns =
            sscanf(line, "%lf,%lf,%lf,%lf,%lf,%lf", &bar.open, &bar.high, &bar.low, &bar.close, &bar.volume, &seconds);
        if (columns < 5) {
            break;
        }
        bar.open_ns = (int64_t)seconds * NS_PER_S;
        double values[INDICATOR_OUTPUTS_MAX];
        kind->next(state, &bar, values);
        for (uint32_t i = 0; i < kind->output_count; i++) {
            fprintf(out, "%s%.17g", i > 0 ? "," : "", isnan(values[i]) ? NAN : values[i]);
        }
        fputc('\n', out);
    }
    free(state);
    return ferror(in) != 0 || fflush(out) != 0;
}

static int self_test(void)
{
    char text[256], expected[] = "nan\n1.5\n2.5\n";
    FILE *in = tmpfile(), *out = tmpfile();
    if (in == NULL || out == NULL) {
        return 1;
    }
    fputs("1,1,1,1,0\n2,2,2,2,0\n3,3,3,3,0\n", in);
    rewind(in);
    const double options[INDICATOR_OPTIONS_MAX] = {2};
    int failed = run(indicator_find(STR("sma"), NULL), options, in, out);
    rewind(out);
    text[fread(text, 1, sizeof text - 1, out)] = '\0';
    fclose(in);
    fclose(out);
    failed |= strcmp(text, expected) != 0;
    printf("indicator_series: %s\n", failed ? "FAILED" : "1 test passed");
    return failed;
}

int main(int count, char **arguments)
{
    double options[INDICATOR_OPTIONS_MAX];
    if (count == 1) {
        return self_test();
    }
    if (strcmp(arguments[1], "+") == 0) {
        return run_many(arguments + 2, count - 2, stdin, stdout);
    }
    const indicator_kind_t *kind = indicator_find(str_from(arguments[1]), NULL);
    if (kind == NULL) {
        fprintf(stderr, "no indicator %s\n", arguments[1]);
        return 2;
    }
    indicator_presets(kind, options);
    for (int i = 2; i < count && i - 2 < (int)kind->option_count; i++) {
        options[i - 2] = strtod(arguments[i], NULL);
    }
    if (indicator_check(kind, options, NULL) != RESULT_OK) {
        fprintf(stderr, "options of %s are out of range\n", kind->name);
        return 2;
    }
    return run(kind, options, stdin, stdout);
}
