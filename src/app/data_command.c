/* data_command.c: bars, indicators and named states as a table, CSV or JSON; see data_command.h. The indicators are written as
 * expression.h says. */
#include "app/data_command.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/bar_table.h"
#include "app/feature_columns.h"
#include "app/options.h"
#include "app/role.h"
#include "core/base/time.h"
#include "core/indicator/expression.h"
#include "edge/json/json_writer.h"

enum { TITLE_MAX = 512, SHOWN_COLUMNS_MAX = EXPRESSION_ROOTS_MAX * INDICATOR_OUTPUTS_MAX + FEATURE_COLUMNS };

typedef enum { FORM_TABLE, FORM_CSV, FORM_JSON } form_t;

typedef struct {
    const char *data, *csv, *with, *as;
    uint64_t last;
    bool states;
    form_t form;
} given_t;

/* One column behind the bars'. */
typedef struct {
    char title[TITLE_MAX];
    const double *values;
} shown_t;

typedef struct {
    bar_table_t bars;
    expression_t expression;
    double *workspace, *features;
    size_t count;
    shown_t shown[SHOWN_COLUMNS_MAX];
} view_t;

/* --- computing -------------------------------------------------------------------------------- */

static int complain_expression(const char *with, const expression_error_t *error)
{
    fprintf(stderr, "patriot data show: --with, column %u: %s\n  %.200s\n", (unsigned)error->column, error->text, with);
    return EXIT_MISUSE;
}

/* One title a column: the text as it was written, with ".output" where there are several. */
static void collect_columns(view_t *view)
{
    for (uint32_t root = 0; root < view->expression.root_count; root++) {
        const expression_node_t *node = expression_root(&view->expression, root);
        for (uint32_t output = 0; output < node->output_count; output++) {
            shown_t *shown = &view->shown[view->count++];
            shown->values = expression_values(&view->expression, view->workspace, view->bars.bars, root, output);
            (void)snprintf(shown->title, TITLE_MAX, "%.*s%s%s", (int)node->text.length, node->text.bytes,
                           node->output_count > 1 ? "." : "", node->output_count > 1 ? expression_output_name(node, output) : "");
        }
    }
}

static int out_of_memory(const view_t *view)
{
    fprintf(stderr, "patriot data show: not enough memory for %zu bars; ask for fewer columns\n", view->bars.bars);
    return EXIT_FAILED;
}

static int compute_states(view_t *view)
{
    const result_t result = feature_columns_make(&view->bars, &view->features);
    if (result == RESULT_NUMBER_OUT_OF_RANGE) {
        fprintf(stderr, "patriot data show: --states takes prices and volumes up to %g\n", FEATURE_COLUMNS_VALUE_MAX);
    }
    if (result != RESULT_OK) {
        return result == RESULT_FULL ? out_of_memory(view) : EXIT_FAILED;
    }
    for (uint32_t i = 0; i < FEATURE_COLUMNS; i++) {
        shown_t *shown = &view->shown[view->count++];
        shown->values = view->features + i * view->bars.bars;
        (void)snprintf(shown->title, TITLE_MAX, "%s", feature_column_name(i));
    }
    return EXIT_WELL;
}

static int compute_indicators(const given_t *given, view_t *view)
{
    expression_error_t error = {0};
    if (expression_parse(str_from(given->with), &view->expression, &error) != RESULT_OK) {
        return complain_expression(given->with, &error);
    }
    view->workspace = malloc(expression_workspace(&view->expression, view->bars.bars) + sizeof(double));
    if (view->workspace == NULL) {
        return out_of_memory(view);
    }
    const indicator_columns_t columns = bar_table_columns(&view->bars);
    if (expression_run(&view->expression, &columns, view->workspace, &error) != RESULT_OK) {
        fprintf(stderr, "patriot data show: %s\n", error.text);
        return EXIT_FAILED;
    }
    collect_columns(view);
    return EXIT_WELL;
}

/* --- printing --------------------------------------------------------------------------------- */

static const char *const bar_titles[] = {"open", "high", "low", "close", "volume"};

/* The shortest text that gives the same double again. */
static void number_text(double value, const char *not_there, char text[32])
{
    if (isnan(value)) {
        (void)snprintf(text, 32, "%s", not_there);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, 32, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            return;
        }
    }
}

static void print_csv_title(const char *title)
{
    if (strpbrk(title, ",\"\n") == NULL) {
        printf(",%s", title);
        return;
    }
    printf(",\"");
    for (; *title != '\0'; title++) {
        printf(*title == '"' ? "\"\"" : "%c", *title);
    }
    putchar('"');
}

static void print_csv(const view_t *view, size_t from)
{
    char text[32];
    printf("time,open,high,low,close,volume");
    for (size_t i = 0; i < view->count; i++) {
        print_csv_title(view->shown[i].title);
    }
    putchar('\n');
    for (size_t bar = from; bar < view->bars.bars; bar++) {
        printf("%s", view->bars.times + bar * BAR_TIME_MAX);
        for (int i = 0; i < BAR_COLUMNS; i++) {
            number_text(view->bars.columns[i][bar], "NaN", text);
            printf(",%s", text);
        }
        for (size_t i = 0; i < view->count; i++) {
            number_text(view->shown[i].values[bar], "NaN", text);
            printf(",%s", text);
        }
        putchar('\n');
    }
}

static void print_json_text(const char *text)
{
    char buffer[TITLE_MAX * 6 + 3];
    json_writer_t writer;
    str_t whole;
    json_writer_init(&writer, buffer, sizeof buffer);
    json_write_text(&writer, str_from(text));
    if (json_writer_finish(&writer, &whole) == RESULT_OK) {
        printf("%.*s", (int)whole.length, whole.bytes);
    }
}

/* A row a line, so that a long series is streamed and not built. */
static void print_json(const view_t *view, size_t from)
{
    char text[32];
    printf("{\"columns\":[\"time\",\"open\",\"high\",\"low\",\"close\",\"volume\"");
    for (size_t i = 0; i < view->count; i++) {
        putchar(',');
        print_json_text(view->shown[i].title);
    }
    printf("],\n\"rows\":[");
    for (size_t bar = from; bar < view->bars.bars; bar++) {
        printf("%s\n[", bar > from ? "," : "");
        print_json_text(view->bars.times + bar * BAR_TIME_MAX);
        for (int i = 0; i < BAR_COLUMNS; i++) {
            number_text(view->bars.columns[i][bar], "null", text);
            printf(",%s", text);
        }
        for (size_t i = 0; i < view->count; i++) {
            number_text(view->shown[i].values[bar], "null", text);
            printf(",%s", text);
        }
        putchar(']');
    }
    printf("\n]}\n");
}

static int title_width(const char *title)
{
    const size_t length = strlen(title);
    return length > 14 ? (int)length : 14;
}

static void print_table(const view_t *view, size_t from)
{
    char text[TIME_TEXT_MAX];
    printf("%-20s", "time");
    for (int i = 0; i < BAR_COLUMNS; i++) {
        printf(" %14s", bar_titles[i]);
    }
    for (size_t i = 0; i < view->count; i++) {
        printf(" %*s", title_width(view->shown[i].title), view->shown[i].title);
    }
    putchar('\n');
    for (size_t bar = from; bar < view->bars.bars; bar++) {
        (void)time_format(view->bars.open_ns[bar], 0, text);
        printf("%-20s", text);
        for (int i = 0; i < BAR_COLUMNS; i++) {
            printf(" %14.8g", view->bars.columns[i][bar]);
        }
        for (size_t i = 0; i < view->count; i++) {
            const int width = title_width(view->shown[i].title);
            if (isnan(view->shown[i].values[bar])) {
                printf(" %*s", width, "-");
            } else {
                printf(" %*.8g", width, view->shown[i].values[bar]);
            }
        }
        putchar('\n');
    }
}

static void print_view(const given_t *given, const view_t *view)
{
    const size_t bars = view->bars.bars;
    const size_t from = given->last > 0 && given->last < bars ? bars - (size_t)given->last : 0;
    switch (given->form) {
    case FORM_CSV:
        print_csv(view, from);
        break;
    case FORM_JSON:
        print_json(view, from);
        break;
    case FORM_TABLE:
        print_table(view, from);
        break;
    }
}

/* --- the command ------------------------------------------------------------------------------ */

static bool take_form(given_t *given)
{
    static const char *const names[] = {"table", "csv", "json"};
    for (unsigned i = 0; i < 3; i++) {
        if (strcmp(given->as, names[i]) == 0) {
            given->form = (form_t)i;
            return true;
        }
    }
    fprintf(stderr, "patriot data show: --as wants table, csv or json, not %s\n", given->as);
    return false;
}

static int show(const given_t *given, const char *const *operands, size_t count)
{
    char error[BAR_TABLE_ERROR_MAX] = "";
    if (given->csv != NULL ? count != 0 : count != 2) {
        fprintf(stderr, "patriot data show: wants SYMBOL TIMEFRAME, or --csv FILE; see patriot data show --help\n");
        return EXIT_MISUSE;
    }
    view_t *view = calloc(1, sizeof *view);
    if (view == NULL) {
        return EXIT_FAILED;
    }
    result_t result = given->csv != NULL ? bar_table_read_csv(given->csv, &view->bars, error)
                                         : bar_table_read_store(given->data, operands[0], operands[1], &view->bars, error);
    int code = EXIT_FAILED;
    if (result != RESULT_OK) {
        fprintf(stderr, "patriot data show: %s\n", error);
    } else {
        code = given->with != NULL ? compute_indicators(given, view) : EXIT_WELL;
        code = code == EXIT_WELL && given->states ? compute_states(view) : code;
    }
    if (code == EXIT_WELL) {
        print_view(given, view);
        code = fflush(stdout) == 0 ? EXIT_WELL : EXIT_FAILED;
    }
    bar_table_free(&view->bars);
    free(view->workspace);
    free(view->features);
    free(view);
    return code;
}

int app_data_main(int argc, char **argv)
{
    given_t given = {.data = "data", .as = "table"};
    const argument_t options[] = {
        {"data", ARGUMENT_TEXT, &given.data, "DIR", "data folder (default ./data)"},
        {"csv", ARGUMENT_TEXT, &given.csv, "FILE",
         "bars of a CSV file instead (time, open, high, low, close, volume); - reads standard input"},
        {"with", ARGUMENT_TEXT, &given.with, "LIST", "indicators: \"rsi(14), ema(close, 20), ta.macd(close, 12, 26, 9)\""},
        {"states", ARGUMENT_FLAG, &given.states, NULL,
         "the named states of the weighted score (1, 0) and its normalised inputs, behind the indicators"},
        {"as", ARGUMENT_TEXT, &given.as, "FORM", "table, csv or json (default table)"},
        {"last", ARGUMENT_U64, &given.last, "COUNT", "only the last COUNT bars (the indicators see all)"}};
    const command_t command = {.command = "patriot data",
                               .usage = "show SYMBOL TIMEFRAME | show --csv FILE [options]",
                               .about =
                                   "Shows bars with columns of indicators. `patriot indicators` lists them; Pine's names work too.",
                               .epilogue = "Examples: patriot data show ETHUSDT 1h --with \"rsi(14), atr(14)\" --last 20\n"
                                           "          patriot data show --csv bars.csv --with \"ta.bb(close, 20, 2)\" --as csv",
                               .options = options,
                               .option_count = sizeof options / sizeof options[0],
                               .operands_max = 3};
    const char *operands[OPTIONS_OPERANDS_MAX];
    size_t count = 0;
    int code = 0;
    if (!options_take(&command, argc, argv, operands, &count, &code)) {
        return code;
    }
    static const char *const words[] = {"show"};
    if (count == 0) {
        fprintf(stderr, "patriot data: wants the word show; see patriot data --help\n");
        return EXIT_MISUSE;
    }
    if (options_word("patriot data", operands[0], words, 1) < 0)
        return EXIT_MISUSE;
    return take_form(&given) ? show(&given, operands + 1, count - 1) : EXIT_MISUSE;
}
