/* test_expression.c: indicators as people write them: the grammar, Pine's names, nesting, and what is said about mistakes.
 * shows: IND-1, IND-2
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/indicator/expression.h"
#include "core/indicator/indicator.h"

enum { BARS = 120 };

static double open_[BARS], high[BARS], low[BARS], close_[BARS], volume[BARS];
static int64_t open_ns[BARS];
static expression_t expression;

static indicator_columns_t columns(void)
{
    for (size_t i = 0; i < BARS; i++) {
        close_[i] = 100.0 + (double)(i * 37 % 23) - (double)(i * 11 % 7);
        open_[i] = close_[i] + 0.5;
        high[i] = close_[i] + 2.0;
        low[i] = close_[i] - 1.0;
        volume[i] = 10.0 + (double)(i % 5);
        open_ns[i] = (int64_t)i * 3600 * INT64_C(1000000000);
    }
    return (indicator_columns_t){open_, high, low, close_, volume, BARS, open_ns};
}

/* Parses and computes; the caller frees the workspace. */
static double *computed(const char *text)
{
    expression_error_t error;
    if (expression_parse(str_from(text), &expression, &error) != RESULT_OK) {
        fail_msg("%s: column %u: %s", text, error.column, error.text);
    }
    const indicator_columns_t bars = columns();
    double *workspace = malloc(expression_workspace(&expression, BARS));
    assert_int_equal(expression_run(&expression, &bars, workspace, &error), RESULT_OK);
    return workspace;
}

static void assert_same(const double *a, const double *b)
{
    for (size_t i = 0; i < BARS; i++) {
        assert_true((isnan(a[i]) && isnan(b[i])) || a[i] == b[i]);
    }
}

/* Two texts that mean the same. */
static void assert_equal_columns(const char *one, const char *other)
{
    char text[512];
    (void)snprintf(text, sizeof text, "%s, %s", one, other);
    double *workspace = computed(text);
    assert_same(expression_values(&expression, workspace, BARS, 0, 0), expression_values(&expression, workspace, BARS, 1, 0));
    free(workspace);
}

static void plain_names_take_sources_options_and_presets(void **state)
{
    (void)state;
    assert_equal_columns("rsi(14)", "rsi");
    assert_equal_columns("rsi(14)", "RSI ( close , 14 )");
    assert_equal_columns("rsi(period = 9)", "rsi(9)");
    assert_equal_columns("ema(hl2, 5)", "ema(midprice(1), 5)");
    assert_equal_columns("highest(10)", "highest(high, 10)");
    assert_equal_columns("atr(14)", "atr(high, low, close, 14)");
    assert_equal_columns("macd.signal", "macd(12, 26, 9).signal");
    assert_equal_columns("hlc3", "sma(hlc3, 1)");
}

static void pine_names_keep_pines_order_and_conventions(void **state)
{
    (void)state;
    assert_equal_columns("ta.rsi(close, 14)", "rsi_tv(14)");
    assert_equal_columns("ta.stoch(close, high, low, 14)", "stochf(14, 1)");
    assert_equal_columns("ta.highest(10)", "highest(10)");
    assert_equal_columns("ta.change(close)", "mom(1)");
    assert_equal_columns("ta.max(high)", "ta.max(source = high)");
    assert_equal_columns("ta.min(ta.rci(close, 9))", "ta.min(ta.rci(source = close, length = 9))");
    assert_equal_columns("ta.tr", "ta.tr(false)");
    assert_equal_columns("ta.cross(0, ta.mom(close, 2))", "ta.cross(ta.mom(close, 2), 0)"); /* a number is a series, too */
    assert_equal_columns("ta.bb(close, 20, 2).upper", "bollinger_tv(20, 2).upper");

    double *workspace = computed("ta.bb(close, 20, 2)");
    const expression_node_t *bands = expression_root(&expression, 0);
    assert_int_equal(bands->output_count, 3);
    assert_string_equal(expression_output_name(bands, 0), "middle");
    assert_string_equal(expression_output_name(bands, 1), "upper");
    assert_string_equal(expression_output_name(bands, 2), "lower");
    assert_true(expression_values(&expression, workspace, BARS, 0, 1)[50] >
                expression_values(&expression, workspace, BARS, 0, 0)[50]);
    free(workspace);
}

static void a_number_in_place_of_a_series_stands_on_every_bar(void **state)
{
    (void)state;
    double *workspace = computed("ta.crossover(ta.rsi(close, 14), 50), ta.rsi(close, 14)");
    const double *crossed = expression_values(&expression, workspace, BARS, 0, 0);
    const double *rsi = expression_values(&expression, workspace, BARS, 1, 0);
    unsigned crossings = 0;
    for (size_t i = 15; i < BARS; i++) {
        assert_true(crossed[i] == (rsi[i] > 50.0 && rsi[i - 1] <= 50.0 ? 1.0 : 0.0));
        crossings += crossed[i] == 1.0;
    }
    assert_true(crossings > 3);
    free(workspace);
    assert_equal_columns("ta.sma(source = 5, length = 1)", "ta.max(5)");
    assert_equal_columns("ta.pivothigh(2, 2)", "ta.pivothigh(high, 2, 2)"); /* no series here: its source has a preset */
    assert_equal_columns("ta.highest(5, 1)", "ta.max(5)");                  /* a series here: nothing is left out */
    assert_equal_columns("ta.pivotlow(3, 1, 1)", "ta.pivotlow(source = 3, leftbars = 1, rightbars = 1)");
}

/* TradingView's export of it has a 0 on the first bar, and lines only where the direction is 1. */
static void a_supertrend_of_pines_begins_with_0_and_direction_1(void **state)
{
    (void)state;
    double *workspace = computed("ta.supertrend(3, 10), supertrend(3, 10)");
    const double *line = expression_values(&expression, workspace, BARS, 0, 0),
                 *direction = expression_values(&expression, workspace, BARS, 0, 1);
    for (size_t i = 0; i < 9; i++) {
        assert_true(i == 0 ? line[i] == 0.0 : isnan(line[i]));
        assert_true(direction[i] == 1.0);
    }
    for (uint32_t output = 0; output < 2; output++) {
        const double *ours = expression_values(&expression, workspace, BARS, 1, output),
                     *pines = expression_values(&expression, workspace, BARS, 0, output);
        for (size_t i = 0; i < BARS; i++) {
            assert_true(i < 9 ? isnan(ours[i]) : ours[i] == pines[i]);
        }
    }
    free(workspace);
}

static void every_name_of_pines_stands_for_something_here(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < pine_count(); i++) {
        const pine_name_t *row = pine_at(i);
        const indicator_kind_t *kind = row->kind != NULL ? indicator_find(str_from(row->kind), NULL) : NULL;
        assert_true(kind != NULL || (row->function != NULL && series_function_find(row->function) != NULL));
        assert_true(i == 0 || strcmp(pine_at(i - 1)->name, row->name) < 0);
        for (uint32_t k = 0; k < pine_argument_count(row); k++) {
            const pine_argument_t *argument = &row->arguments[k];
            const bool is_number = argument->kind != PINE_SERIES;
            assert_true(kind == NULL ||
                        (is_number ? argument->place < kind->option_count : (argument->place & ~kind->inputs) == 0));
            assert_true(is_number || argument->required || argument->series != NULL || kind == NULL);
        }
        for (uint32_t k = 0; kind != NULL && k < PINE_OUTPUTS_MAX && row->outputs[k] != NULL; k++) {
            assert_true(row->output_places[k] < kind->output_count);
        }
    }
}

static void an_indicator_of_an_indicator_begins_where_its_source_does(void **state)
{
    (void)state;
    double *workspace = computed("ema(rsi(close, 14), 9), rsi(14)");
    const double *nested = expression_values(&expression, workspace, BARS, 0, 0);
    const double *rsi = expression_values(&expression, workspace, BARS, 1, 0);
    double sum = 0.0;
    for (size_t i = 14; i < 23; i++) {
        assert_true(isnan(nested[i - 1]));
        sum += rsi[i];
    }
    assert_true(fabs(nested[22] - sum / 9.0) < 1e-12);
    free(workspace);
}

static void a_number_may_have_an_exponent(void **state)
{
    (void)state;
    double *workspace =
        computed("sma(2e1), sma(20), bollinger(20, 15e-1).upper, bollinger(20, 1.5).upper, sarext(1e9), sarext(1000000000)");
    for (size_t i = 19; i < BARS; i++) {
        for (uint32_t pair = 0; pair < 6; pair += 2) {
            const double with = expression_values(&expression, workspace, BARS, pair, 0)[i];
            assert_true(with == expression_values(&expression, workspace, BARS, pair + 1, 0)[i]);
        }
    }
    free(workspace);
}

static void functions_of_series_follow_their_definitions(void **state)
{
    (void)state;
    double *workspace =
        computed("ta.crossover(ema(3), ema(9)), ta.barssince(ta.crossover(ema(3), ema(9))), ta.valuewhen(ta.crossover(ema(3), "
                 "ema(9)), close, 0), ta.percentrank(close, 10), ta.median(close, 4), ta.cum(volume), ta.pivothigh(2, 2)");
    const double *crossed = expression_values(&expression, workspace, BARS, 0, 0),
                 *since = expression_values(&expression, workspace, BARS, 1, 0),
                 *when = expression_values(&expression, workspace, BARS, 2, 0),
                 *rank = expression_values(&expression, workspace, BARS, 3, 0),
                 *median = expression_values(&expression, workspace, BARS, 4, 0),
                 *total = expression_values(&expression, workspace, BARS, 5, 0),
                 *pivot = expression_values(&expression, workspace, BARS, 6, 0);
    double sum = 0.0, last = NAN;
    size_t crossings = 0, pivots = 0;
    for (size_t i = 0; i < BARS; i++) {
        sum += volume[i];
        last = crossed[i] == 1.0 ? close_[i] : last;
        crossings += crossed[i] == 1.0 ? 1 : 0;
        assert_true(total[i] == sum);
        assert_true(isnan(last) ? isnan(when[i]) && isnan(since[i]) : when[i] == last && (since[i] == 0.0) == (crossed[i] == 1.0));
        unsigned not_above = 0;
        for (size_t k = 1; i >= 10 && k <= 10; k++) {
            not_above += close_[i - k] <= close_[i] ? 1 : 0;
        }
        assert_true(i < 10 ? isnan(rank[i]) : rank[i] == 10.0 * not_above);
        unsigned below = 0, above = 0;
        for (size_t k = 0; i >= 3 && k < 4; k++) {
            below += close_[i - k] <= median[i] ? 1 : 0;
            above += close_[i - k] >= median[i] ? 1 : 0;
        }
        assert_true(i < 3 ? isnan(median[i]) : below >= 2 && above >= 2);
        pivots += isnan(pivot[i]) ? 0 : 1;
        assert_true(isnan(pivot[i]) || (pivot[i] == high[i - 2] && high[i - 2] >= high[i - 4] && high[i - 2] >= high[i - 3] &&
                                        high[i - 2] > high[i - 1] && high[i - 2] > high[i]));
    }
    assert_true(crossings > 3 && pivots > 3);
    free(workspace);
}

/* Where Pine divides nothing by nothing it has na; the indicators themselves always have a value. */
static void pine_has_na_where_nothing_moved(void **state)
{
    (void)state;
    expression_error_t error;
    indicator_columns_t bars = columns();
    for (size_t i = 50; i < 60; i++) {
        high[i] = low[i] = close_[i] = open_[i] = 77.0;
        volume[i] = 0.0;
    }
    assert_int_equal(
        expression_parse(
            STR("ta.stoch(close, high, low, 5), ta.cci(close, 5), ta.cmo(close, 5), ta.vwma(close, 5), ta.wpr(5), ta.iii, "
                "stochf(5, 1), cci(5)"),
            &expression, &error),
        RESULT_OK);
    double *workspace = malloc(expression_workspace(&expression, BARS));
    assert_int_equal(expression_run(&expression, &bars, workspace, &error), RESULT_OK);
    static const size_t begins[] = {54, 54, 55, 54, 54, 50, 60, 60};
    for (uint32_t root = 0; root < 8; root++) {
        const double *values = expression_values(&expression, workspace, BARS, root, 0);
        for (size_t i = 20; i < BARS; i++) {
            assert_int_equal(isnan(values[i]) != 0, i >= begins[root] && i < 60);
        }
    }
    free(workspace);
}

static void assert_refused(const char *text, uint32_t column, const char *word)
{
    expression_error_t error = {0};
    assert_int_not_equal(expression_parse(str_from(text), &expression, &error), RESULT_OK);
    if (error.column != column || strstr(error.text, word) == NULL) {
        fail_msg("%s: column %u: %s", text, error.column, error.text);
    }
}

static void mistakes_are_named_with_their_column(void **state)
{
    (void)state;
    assert_refused("", 1, "missing");
    assert_refused("rsi(14), ", 10, "missing");
    assert_refused("rsj(14)", 1, "did you mean \"rsi\"");
    assert_refused("ta.rsj(close, 14)", 1, "did you mean \"ta.rsi\"");
    assert_refused("rsi(1)", 1, "from 2 to 5000");
    assert_refused("rsi(2.5)", 1, "whole number");
    assert_refused("rsi(14", 7, "\")\" is missing");
    assert_refused("sma(1e99)", 5, "exponent");
    assert_refused("sma(2e)", 5, "\"2e\"");
    assert_refused("sarext(1e10)", 1, "start = 10000000000");
    assert_refused("rsi(14) ema(9)", 9, "not expected");
    assert_refused("rsi(size=3)", 5, "no option \"size\"");
    assert_refused("ta.rsi(close, size=3)", 15, "no argument \"size\"");
    assert_refused("rsi(1e3x)", 5, "\"1e3x\"");
    assert_refused("rsi(14, 50, 3)", 13, "only 2 options");
    assert_refused("rsi(14, close)", 9, "sources come first");
    assert_refused("ao(close)", 1, "high and low");
    assert_refused("macd(26, 12)", 1, "contradicts");
    assert_refused("ta.rsi(close)", 1, "wants length");
    assert_refused("ta.ema(close, 3.5)", 1, "ta.ema: length = 3.5 is not a whole number from 1 to 5000");
    assert_refused("rsi(14, period = 15)", 18, "rsi: period is given twice");
    assert_refused("rsi(period = 14, period = 15)", 27, "rsi: period is given twice");
    assert_refused("macd(fast = 3, 12, fast = 26)", 27, "macd: fast is given twice");
    assert_refused("ta.rsi(close, 14, length = 3)", 28, "ta.rsi: length is given twice");
    assert_refused("ta.rsi(close, source = open, length = 3)", 24, "ta.rsi: source is given twice");
    assert_refused("ta.rsi(14, close)", 12, "length wants a number");
    assert_refused("ta.rsi(14)", 1, "ta.rsi wants length");
    assert_refused("ta.sma(close, length=10, 3)", 26, "takes only");
    assert_refused("ta.rci(close, 1)", 1, "from 2 to 5000");
    assert_refused("ta.max()", 1, "wants source");
    assert_refused("ta.valuewhen(close, close, 1.5)", 1, "whole number");
    assert_refused("ta.valuewhen(close, close, 9e22)", 1, "whole number");
    assert_refused("ta.highest(5, 10, 3)", 19, "takes only 2");
    assert_refused("macd.sygnal", 6, "no output \"sygnal\" here; there is macd, signal, histogram");
    assert_refused("ta.bb(close, 20, 2).up", 21, "there is middle, upper, lower");
    assert_refused("close.up", 7, "no output \"up\" here");
    assert_refused("sma(sma(sma(sma(sma(sma(sma(sma(sma(close))))))))", 33, "8 deep");
    assert_refused("rsi(1.2.3)", 5, "not a plain decimal number");
    assert_refused("rsi(\x1b[31m)", 5, "missing");
}

static void texts_are_for_pines_names(void **state)
{
    (void)state;
    assert_refused("rsi(\"x\")", 5, "no text stands here");
    assert_refused("ta.rsi(close, \"14\")", 15, "length wants a number");
    assert_refused("ta.vwap(close, 'D')", 16, "anchor wants a series");
    assert_refused("ta.pivot_point_levels(5, close)", 23, "type wants a text");
    assert_refused("ta.pivot_point_levels('Floor', close)", 23, "none of Traditional, Fibonacci");
    assert_refused("ta.pivot_point_levels('Woodie', close, true)", 1, "cannot be developing");
    assert_refused("timeframe.change('2D')", 18, "\"3M\"");
    assert_refused("timeframe.change('99999999999999999999')", 18, "none of");
    assert_refused("timeframe.change('')", 18, "none of");
    assert_refused("timeframe.change('D', session_start=1440)", 1, "0 to 1439");
    assert_refused("timeframe.change('D)", 18, "no closing quote");
    assert_refused("timeframe.chance('D')", 1, "did you mean \"timeframe.change\"");
}

/* The extremes of the last nine bars that stand, and what is made of both of them: na where the source is. */
static void extremes_pass_over_na(void **state)
{
    (void)state;
    double *workspace =
        computed("ta.pivothigh(close, 1, 1), ta.lowest(ta.pivothigh(close, 1, 1), 9), ta.highestbars(ta.pivothigh("
                 "close, 1, 1), 9), ta.range(ta.pivothigh(close, 1, 1), 9), ta.stoch(ta.pivothigh(close, 1, 1), high, "
                 "ta.pivothigh(close, 1, 1), 9)");
    const double *source = expression_values(&expression, workspace, BARS, 0, 0);
    const double *found[4];
    for (uint32_t k = 0; k < 4; k++) {
        found[k] = expression_values(&expression, workspace, BARS, k + 1, 0);
    }
    for (size_t i = 8; i < BARS; i++) {
        double highest = NAN, lowest = NAN, top = NAN, age = NAN;
        for (size_t k = i - 8; k <= i; k++) {
            age = source[k] > highest || (isnan(highest) && !isnan(source[k])) ? (double)k - (double)i : age;
            highest = fmax(highest, source[k]);
            lowest = fmin(lowest, source[k]);
            top = fmax(top, high[k]);
        }
        assert_true(isnan(lowest) ? isnan(found[0][i]) : found[0][i] == lowest);
        assert_true(isnan(age) ? isnan(found[1][i]) : found[1][i] == age);
        assert_true(isnan(source[i]) ? isnan(found[2][i]) : found[2][i] == highest - lowest);
        const double place = 100.0 * (source[i] - lowest) / (top - lowest);
        assert_true(isnan(place) ? isnan(found[3][i]) : fabs(found[3][i] - place) < 1e-9);
    }
    free(workspace);
}

/* The window's mean, average and so on of a series that is na on most bars, each computed anew from its definition. */
static void na_inside_is_passed_over_as_pine_does(void **state)
{
    (void)state;
    enum { SERIES = 6, AGO = 6 };
    double *workspace =
        computed("ta.pivothigh(close, 1, 1), ta.sma(ta.pivothigh(close, 1, 1), 3), ta.ema(ta.pivothigh(close, 1, 1), 3), "
                 "ta.highest(ta.pivothigh(close, 1, 1), 9), ta.wma(ta.pivothigh(close, 1, 1), 4), "
                 "ta.change(ta.pivothigh(close, 1, 1), 6)");
    const double *found[SERIES];
    for (uint32_t k = 0; k < SERIES; k++) {
        found[k] = expression_values(&expression, workspace, BARS, k, 0);
    }
    double stood[BARS], average = NAN;
    size_t count = 0, first = 0, steps = 0;
    while (isnan(found[0][first])) {
        first++;
    }
    for (size_t i = first; i < BARS; i++) {
        const double now = found[0][i], before = i >= AGO + first ? found[0][i - AGO] : NAN;
        double highest = NAN, weighted = 0.0, filled = NAN; /* filled: what stood last */
        stood[count] = now;
        count += isnan(now) ? 0 : 1;
        const double mean = count < 3 ? NAN : (stood[count - 1] + stood[count - 2] + stood[count - 3]) / 3.0;
        average = isnan(now) || count < 3 ? average : count == 3 ? mean : average + 0.5 * (now - average);
        for (size_t k = first; k <= i; k++) {
            highest = k + 9 > i ? fmax(highest, found[0][k]) : highest; /* fmax passes over na */
            filled = isnan(found[0][k]) ? filled : found[0][k];
            weighted += k + 4 > i ? (double)(k + 4 - i) * filled / 10.0 : 0.0;
        }
        assert_true(isnan(mean) ? isnan(found[1][i])
                                : fabs(found[1][i] - mean) < 1e-12 * mean); /* it stays where the source is na */
        assert_true(isnan(now) || count < 3 ? isnan(found[2][i]) : fabs(found[2][i] - average) < 1e-12 * average);
        assert_true(i < 8 || isnan(highest) ? isnan(found[3][i]) : found[3][i] == highest);
        assert_true(isnan(now) || count < 4 ? isnan(found[4][i]) : fabs(found[4][i] - weighted) < 1e-12 * weighted);
        assert_true(isnan(now - before) ? isnan(found[5][i]) : found[5][i] == now - before);
        steps += isnan(now - before) ? 0 : 1;
    }
    assert_true(count > 20 && count < BARS / 2 && steps > 3);
    free(workspace);
}

/* TradingView's stochastic RSI: the window grows from the first value on, once the chart has as many bars as it is long. */
static void windows_begin_with_what_stands(void **state)
{
    (void)state;
    double *workspace = computed(
        "ta.rsi(close, 5), ta.stoch(ta.rsi(close, 5), ta.rsi(close, 5), ta.rsi(close, 5), 9), ta.lowestbars(ta.rsi(close, 5), 9)");
    const double *rsi = expression_values(&expression, workspace, BARS, 0, 0),
                 *place = expression_values(&expression, workspace, BARS, 1, 0),
                 *bars = expression_values(&expression, workspace, BARS, 2, 0);
    for (size_t i = 0; i < BARS; i++) {
        double top = NAN, bottom = NAN;
        size_t lowest = i;
        for (size_t k = i < 13 ? 5 : i - 8; k <= i; k++) {
            lowest = isnan(bottom) || rsi[k] < bottom ? k : lowest;
            top = fmax(top, rsi[k]);
            bottom = fmin(bottom, rsi[k]);
        }
        assert_true(i < 8 ? isnan(place[i]) && isnan(bars[i]) : bars[i] == (double)lowest - (double)i);
        assert_true(i < 8 ||
                    (top == bottom ? isnan(place[i]) : fabs(place[i] - 100.0 * (rsi[i] - bottom) / (top - bottom)) < 1e-9));
    }
    free(workspace);
}

/* Anchored averages and their bands from plain sums over the bars since the anchor. */
static void vwap_begins_anew_at_its_anchor(void **state)
{
    (void)state;
    double *workspace = computed("ta.crossover(close, ta.sma(close, 5)), ta.vwap(hl2, ta.crossover(close, ta.sma(close, 5)), 1.5)");
    const double *anchor = expression_values(&expression, workspace, BARS, 0, 0);
    size_t begin = 0, anchors = 0;
    for (size_t i = 0; i < BARS; i++) {
        begin = anchor[i] != 0.0 ? i : begin;
        anchors += anchor[i] != 0.0 ? 1 : 0;
        double total = 0.0, mean = 0.0, variance = 0.0;
        for (size_t k = begin; k <= i; k++) {
            total += volume[k];
        }
        for (size_t k = begin; k <= i; k++) {
            mean += (high[k] + low[k]) / 2.0 * volume[k] / total;
        }
        for (size_t k = begin; k <= i; k++) {
            variance += ((high[k] + low[k]) / 2.0 - mean) * ((high[k] + low[k]) / 2.0 - mean) * volume[k] / total;
        }
        const double expected[] = {mean, mean + 1.5 * sqrt(variance), mean - 1.5 * sqrt(variance)};
        for (uint32_t k = 0; k < 3; k++) {
            const double value = expression_values(&expression, workspace, BARS, 1, k)[i];
            assert_true(anchors == 0 ? isnan(value) : fabs(value - expected[k]) < 1e-5);
        }
    }
    assert_true(anchors > 10);
    free(workspace);
}

static void bounds_hold(void **state)
{
    (void)state;
    char text[EXPRESSION_TEXT_MAX + 8];
    size_t length = 0;
    expression_error_t error;
    for (int i = 0; i < 70; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "%sclose", i > 0 ? "," : "");
    }
    assert_int_equal(expression_parse((str_t){text, length}, &expression, &error), RESULT_FULL);
    memset(text, ' ', sizeof text);
    assert_int_equal(expression_parse((str_t){text, sizeof text}, &expression, &error), RESULT_TEXT_TOO_LONG);
}

static void a_value_that_no_indicator_takes_is_refused_with_its_place(void **state)
{
    (void)state;
    expression_error_t error;
    assert_int_equal(expression_parse(STR("sma(3)"), &expression, &error), RESULT_OK);
    indicator_columns_t bars = columns();
    close_[60] = NAN;
    double *workspace = malloc(expression_workspace(&expression, BARS));
    assert_int_equal(expression_run(&expression, &bars, workspace, &error), RESULT_NUMBER_OUT_OF_RANGE);
    assert_non_null(strstr(error.text, "sma(3)"));
    free(workspace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain_names_take_sources_options_and_presets),
                                       cmocka_unit_test(pine_names_keep_pines_order_and_conventions),
                                       cmocka_unit_test(a_number_in_place_of_a_series_stands_on_every_bar),
                                       cmocka_unit_test(a_supertrend_of_pines_begins_with_0_and_direction_1),
                                       cmocka_unit_test(every_name_of_pines_stands_for_something_here),
                                       cmocka_unit_test(an_indicator_of_an_indicator_begins_where_its_source_does),
                                       cmocka_unit_test(a_number_may_have_an_exponent),
                                       cmocka_unit_test(functions_of_series_follow_their_definitions),
                                       cmocka_unit_test(pine_has_na_where_nothing_moved),
                                       cmocka_unit_test(mistakes_are_named_with_their_column),
                                       cmocka_unit_test(texts_are_for_pines_names),
                                       cmocka_unit_test(extremes_pass_over_na),
                                       cmocka_unit_test(na_inside_is_passed_over_as_pine_does),
                                       cmocka_unit_test(windows_begin_with_what_stands),
                                       cmocka_unit_test(vwap_begins_anew_at_its_anchor),
                                       cmocka_unit_test(bounds_hold),
                                       cmocka_unit_test(a_value_that_no_indicator_takes_is_refused_with_its_place)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
