/* regime_table.c: rows from text; see regime_table.h. */
#include "core/strategy/regime_table.h"

#include <string.h>

#include "core/base/assert.h"

/* --- words ------------------------------------------------------------------------------------ */

typedef struct {
    char *text;
    size_t at;
} words_t;

static void say(words_t *words, str_t piece)
{
    for (size_t i = 0; i < piece.length && words->at + 1 < REGIME_TEXT_MAX; i++) {
        words->text[words->at++] = piece.bytes[i];
    }
    words->text[words->at] = '\0';
}

static result_t wrong(regime_error_t *error, result_t result, const char *before, str_t what, const char *after, const char *fix)
{
    words_t why = {error->why, 0}, right = {error->fix, 0};
    say(&why, str_from(before));
    say(&why, (str_t){what.bytes, what.length < 40 ? what.length : 40});
    say(&why, str_from(after));
    say(&right, str_from(fix));
    return result;
}

/* The next word of a row. */
static str_t next_word(str_t *rest)
{
    *rest = str_trim(*rest);
    return str_cut(rest, ' ');
}

/* --- a row ------------------------------------------------------------------------------------ */

static result_t read_regime(str_t word, regime_t *out, regime_error_t *error)
{
    for (unsigned i = REGIME_RANGING; i < REGIME_COUNT; i++) {
        if (str_eq_nocase(word, str_from(regime_name((regime_t)i)))) {
            *out = (regime_t)i;
            return RESULT_OK;
        }
    }
    return wrong(error, RESULT_UNKNOWN_VALUE, "\"", word, "\" is no regime", "write ranging, up, down or volatile");
}

static bool is_plugin(const regime_row_t *row)
{
    return row->file[0] != '\0';
}

static result_t read_strategy(str_t word, regime_row_t *row, regime_error_t *error)
{
    const strategy_kind_t *nearest = NULL;
    if (str_eq_nocase(word, STR("all"))) {
        return RESULT_OK;
    }
    if (str_ends_with(word, STR(".so"))) {
        return str_copy(word, row->file, sizeof row->file) == RESULT_OK
                   ? RESULT_OK
                   : wrong(error, RESULT_TEXT_TOO_LONG, "no plug-in has a name as long as \"", word, "\"", "at most 23 letters");
    }
    row->kind = strategy_find(word, &nearest);
    return row->kind != NULL
               ? RESULT_OK
               : wrong(error, RESULT_NOT_FOUND, "there is no strategy \"", word, "\"",
                       nearest != NULL ? nearest->name
                                       : "write a name that `patriot strategies` lists, a plug-in's file (NAME.so), or all");
}

static result_t read_number(str_t word, double *out)
{
    dec_t value;
    if (dec_parse(word.bytes, word.length, &value) != RESULT_OK) {
        return RESULT_NUMBER_MALFORMED;
    }
    *out = dec_to_double(value);
    return RESULT_OK;
}

/* A plug-in's option, to be held against it when it is there. */
static result_t read_wish(str_t word, regime_row_t *row, regime_error_t *error)
{
    str_t rest = word;
    double value = 0.0;
    words_t wishes = {row->wishes, str_from(row->wishes).length};
    if (str_cut(&rest, '=').length == 0 || read_number(rest, &value) != RESULT_OK) {
        return wrong(error, RESULT_MALFORMED, "no option and its value: \"", word, "\"", "write option=value");
    }
    if (wishes.at + word.length + 2 > REGIME_TEXT_MAX) {
        return wrong(error, RESULT_FULL, "more options than there is room for: \"", word, "\"", "write at most eight");
    }
    say(&wishes, wishes.at > 0 ? STR(" ") : STR(""));
    say(&wishes, word);
    return RESULT_OK;
}

static result_t read_option(str_t word, regime_row_t *row, regime_error_t *error)
{
    str_t rest = word;
    const str_t name = str_cut(&rest, '=');
    double value = 0.0;
    if (row->kind == NULL) {
        return wrong(error, RESULT_MALFORMED, "options for all strategies at once: \"", word, "\"", "name one strategy");
    }
    uint32_t option = 0;
    while (option < row->kind->option_count && !str_eq(name, str_from(row->kind->options[option].name))) {
        option++;
    }
    if (option == row->kind->option_count) {
        return wrong(error, RESULT_NOT_FOUND, "the strategy has no option \"", name, "\"", "`patriot strategies NAME` lists them");
    }
    if (read_number(rest, &value) != RESULT_OK || indicator_option_check(&row->kind->options[option], value) != RESULT_OK) {
        return wrong(error, RESULT_NUMBER_OUT_OF_RANGE, "not a value for this option: \"", word, "\"",
                     "`patriot strategies NAME` tells its range");
    }
    if (row->option_count == REGIME_OPTIONS_MAX) {
        return wrong(error, RESULT_FULL, "more than eight options: \"", word, "\"", "write at most eight");
    }
    row->options[row->option_count].option = option;
    row->options[row->option_count++].value = value;
    return RESULT_OK;
}

static result_t read_effect(str_t word, bool first, regime_row_t *row, regime_error_t *error)
{
    static const char fix[] = "write off, a part of the size from 0.01 to 1, or option=value";
    if (memchr(word.bytes, '=', word.length) != NULL) {
        return is_plugin(row) ? read_wish(word, row, error) : read_option(word, row, error);
    }
    if (first && str_eq_nocase(word, STR("off"))) {
        row->factor = 0.0;
        return RESULT_OK;
    }
    if (!first || read_number(word, &row->factor) != RESULT_OK || !(row->factor >= 0.01 && row->factor <= 1.0)) {
        return wrong(error, RESULT_MALFORMED, "\"", word, "\" does nothing here", fix);
    }
    return RESULT_OK;
}

/* Alone, the options must make sense over the presets. */
static result_t check_options(const regime_row_t *row, regime_error_t *error)
{
    double options[STRATEGY_OPTIONS_MAX];
    uint32_t blamed = 0;
    if (row->option_count == 0) {
        return RESULT_OK;
    }
    strategy_presets(row->kind, options);
    regime_row_apply(row, options);
    if (strategy_check(row->kind, options, &blamed) != RESULT_OK) {
        return wrong(error, RESULT_BAD_ARGUMENT, "the options contradict each other at ", str_from(row->kind->options[blamed].name),
                     "", "`patriot strategies NAME` tells how they hang together");
    }
    return RESULT_OK;
}

result_t regime_table_add(regime_table_t *table, str_t text, regime_error_t *error)
{
    ASSERT(table != NULL && error != NULL);
    regime_row_t row = {.factor = 1.0};
    const str_t regime = next_word(&text), strategy = next_word(&text);
    bool first = true;
    result_t result = read_regime(regime, &row.regime, error);
    if (result == RESULT_OK && strategy.length == 0) {
        result =
            wrong(error, RESULT_MALFORMED, "a row of one word: \"", regime, "\"", "write REGIME STRATEGY off, 0.5 or option=value");
    }
    result = result == RESULT_OK ? read_strategy(strategy, &row, error) : result;
    for (str_t word = next_word(&text); result == RESULT_OK && (first || word.length > 0); word = next_word(&text)) {
        result = read_effect(word, first, &row, error);
        first = false;
    }
    if (result == RESULT_OK && row.factor == 0.0 && (row.option_count > 0 || row.wishes[0] != '\0')) {
        result = wrong(error, RESULT_MALFORMED, "off, and options as well for ", strategy, "", "write one of both");
    }
    result = result == RESULT_OK ? check_options(&row, error) : result;
    for (uint32_t i = 0; result == RESULT_OK && i < table->count; i++) {
        const regime_row_t *other = &table->rows[i];
        if (other->regime == row.regime && other->kind == row.kind && str_eq(str_from(other->file), str_from(row.file))) {
            result = wrong(error, RESULT_DUPLICATE, "a second row for this regime and \"", strategy, "\"", "keep one of both");
        }
    }
    if (result == RESULT_OK && table->count == REGIME_ROWS_MAX) {
        result = wrong(error, RESULT_FULL, "too many rows: \"", regime, "\"", "write at most 24");
    }
    if (result == RESULT_OK) {
        table->rows[table->count++] = row;
    }
    return result;
}

result_t regime_table_bind(regime_table_t *table, const strategy_set_t *set, uint32_t *row, regime_error_t *error)
{
    result_t result = RESULT_OK;
    for (uint32_t i = 0; i < table->count && result == RESULT_OK; i++) {
        regime_row_t *bound = &table->rows[i];
        str_t wishes = str_from(bound->wishes);
        bound->kind = is_plugin(bound) ? strategy_find_in(set, str_from(bound->file), NULL) : bound->kind;
        bound->option_count = is_plugin(bound) ? 0 : bound->option_count;
        *row = i + 1;
        while (is_plugin(bound) && bound->kind != NULL && wishes.length > 0 && result == RESULT_OK) {
            result = read_option(next_word(&wishes), bound, error);
        }
        result = result == RESULT_OK ? check_options(bound, error) : result;
    }
    return result;
}

const regime_row_t *regime_table_row(const regime_table_t *table, const strategy_kind_t *kind, regime_t regime)
{
    const regime_row_t *for_all = NULL;
    for (uint32_t i = 0; i < table->count; i++) {
        const regime_row_t *row = &table->rows[i];
        if (row->regime == regime && row->kind == kind) {
            return row;
        }
        for_all = row->regime == regime && row->kind == NULL && !is_plugin(row) ? row : for_all;
    }
    return for_all;
}

void regime_row_apply(const regime_row_t *row, double options[STRATEGY_OPTIONS_MAX])
{
    for (uint32_t i = 0; i < row->option_count; i++) {
        options[row->options[i].option] = row->options[i].value;
    }
}
