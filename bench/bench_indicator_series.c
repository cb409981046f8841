/* bench_indicator_series.c: the whole-series and the one-bar form of every indicator that is asked for: bench_indicator.sh's half
 * of the race. rooms: core/base core/market core/indicator
 *
 *     bench_indicator_series COLUMNS.bin BARS       COLUMNS.bin: open, high, low, close, volume, BARS doubles each
 *
 * reads lines "NAME OPTION ..." (behind a word nothing is read) and answers each with nanoseconds a bar of the series and of one
 * bar at a time, the best of six, or of two that take long; it is asked several times, in turns with the peers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "core/indicator/registry.h"

enum { COLUMNS = 5, ROUNDS = 6 };

#define LONG_NS 30e6 /* what has taken that long has been called often enough, from the second time on */

typedef struct {
    size_t bars;
    double *columns[COLUMNS];
    int64_t *open_ns;
    double *outputs[INDICATOR_OUTPUTS_MAX];
} series_t;

static double now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

/* Nanoseconds of processor time of the whole series, one bar after the other. The bars stand ready, as they do when an exchange
 * sends them: only the indicator's own step is timed, so many at once that asking the clock (240 ns) is no part of it. */
static double time_bars(const series_t *series, const indicator_kind_t *kind, void *state)
{
    enum { READY = 8192 };
    static indicator_bar_t bars[READY];
    double took = 0.0, row[INDICATOR_OUTPUTS_MAX];
    for (size_t from = 0; from < series->bars; from += READY) {
        const size_t count = series->bars - from < READY ? series->bars - from : READY;
        for (size_t i = 0; i < count; i++) {
            double *const *columns = series->columns;
            bars[i] = (indicator_bar_t){columns[0][from + i], columns[1][from + i], columns[2][from + i],
                                        columns[3][from + i], columns[4][from + i], series->open_ns[from + i]};
        }
        const double begun = now_ns();
        for (size_t i = 0; i < count; i++) {
            kind->next(state, &bars[i], row);
        }
        took += now_ns() - begun;
    }
    return took;
}

static void race(const series_t *series, const indicator_kind_t *kind, const double *options)
{
    const indicator_columns_t columns = {series->columns[0], series->columns[1], series->columns[2], series->columns[3],
                                         series->columns[4], series->bars,       series->open_ns};
    double best_series = 1e300, best_next = 1e300, all = 0.0;
    void *state = malloc(kind->state_size(options));
    for (int round = 0; state != NULL && round < ROUNDS && (round < 2 || all < LONG_NS); round++) {
        const double begun = now_ns();
        if (indicator_series(kind, options, &columns, state, series->outputs) != RESULT_OK) {
            break;
        }
        const double took = now_ns() - begun;
        all += took;
        best_series = took < best_series ? took : best_series;
    }
    all = 0.0;
    for (int round = 0; state != NULL && round < ROUNDS && (round < 2 || all < LONG_NS);
         round++) { /* apart, so that neither finds the other's data in its cache */
        kind->init(state, options);
        const double took = time_bars(series, kind, state);
        all += took;
        best_next = took < best_next ? took : best_next;
    }
    free(state);
    printf("%.4f %.4f\n", best_series / (double)series->bars, best_next / (double)series->bars);
    (void)fflush(stdout);
}

/* The same kind of memory as the peers': NumPy asks for large pages for arrays of 4 MiB and more, and its heap lays them one behind
 * the other. */
static double *lay_columns(size_t columns, size_t bars)
{
    enum { LARGE_PAGE = 2 << 20 };
    const size_t bytes = (columns * bars * sizeof(double) + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    double *all = aligned_alloc(LARGE_PAGE, bytes);
    if (all != NULL) {
        (void)madvise(all, bytes, MADV_HUGEPAGE);
        memset(all, 0, bytes);
    }
    return all;
}

static int load(series_t *series, const char *path, size_t bars)
{
    FILE *file = fopen(path, "rb");
    double *column = lay_columns(COLUMNS + 1 + INDICATOR_OUTPUTS_MAX, bars);
    if (file == NULL || column == NULL) {
        return 1;
    }
    series->bars = bars;
    for (int i = 0; i < COLUMNS; i++, column += bars) {
        series->columns[i] = column;
        if (fread(column, sizeof(double), bars, file) != bars) {
            return 1;
        }
    }
    series->open_ns = (int64_t *)column;
    for (size_t i = 0; i < bars; i++) {
        series->open_ns[i] = (int64_t)i * 60 * INT64_C(1000000000);
    }
    for (int i = 0; i < INDICATOR_OUTPUTS_MAX; i++) {
        series->outputs[i] = column += bars;
    }
    return fclose(file);
}

int main(int count, char **arguments)
{
    series_t series = {0};
    char line[512];
    if (count != 3 || load(&series, arguments[1], (size_t)strtoull(arguments[2], NULL, 10)) != 0) {
        fprintf(stderr, "bench_indicator_series COLUMNS.bin BARS\n");
        return 2;
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *rest = line + strcspn(line, " \n");
        const indicator_kind_t *kind = indicator_find((str_t){line, (size_t)(rest - line)}, NULL);
        if (kind == NULL) {
            return 2;
        }
        double options[INDICATOR_OPTIONS_MAX];
        indicator_presets(kind, options);
        for (uint32_t i = 0; i < kind->option_count; i++) {
            char *end = NULL;
            const double value = strtod(rest, &end);
            if (end == rest) {
                break;
            }
            options[i] = value;
            rest = end;
        }
        race(&series, kind, options);
    }
    return 0;
}
