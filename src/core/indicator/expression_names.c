/* expression_names.c: what the names in an expression stand for: sources, indicators of the registry, names of Pine's. */
#include "core/base/dec.h"
#include "core/indicator/calendar_period.h"
#include "core/indicator/expression.h"
#include "core/indicator/expression_inside.h"

/* The names of the sources, in the order of expression_source_t. */
static const char *const source_names[SOURCE_COUNT] = {"open", "high", "low", "close", "volume", "hl2", "hlc3", "ohlc4", "hlcc4"};

/* --- nodes ------------------------------------------------------------------------------------ */

static expression_node_t *new_node(expression_parser_t *parser, size_t place, int *index)
{
    if (parser->out->node_count == EXPRESSION_NODES_MAX) {
        (void)EXPRESSION_FAIL(parser->error, RESULT_FULL, place, "more than 128 parts; write less in one go");
        return NULL;
    }
    *index = (int)parser->out->node_count++;
    expression_node_t *node = &parser->out->nodes[*index];
    *node = (expression_node_t){.output_count = 1};
    for (uint32_t i = 0; i < EXPRESSION_COLUMNS; i++) {
        node->children[i] = -1;
    }
    return node;
}

static int source_of(str_t word)
{
    for (int i = 0; i < SOURCE_COUNT; i++) {
        if (str_eq_nocase(word, str_from(source_names[i]))) {
            return i;
        }
    }
    return -1;
}

static result_t source_node(expression_parser_t *parser, int source, size_t place, int *index)
{
    expression_node_t *node = new_node(parser, place, index);
    if (node == NULL) {
        return RESULT_FULL;
    }
    node->type = EXPRESSION_SOURCE;
    node->source = (expression_source_t)source;
    return RESULT_OK;
}

static result_t number_node(expression_parser_t *parser, double number, size_t place, int *index)
{
    expression_node_t *node = new_node(parser, place, index);
    if (node == NULL) {
        return RESULT_FULL;
    }
    node->type = EXPRESSION_NUMBER;
    node->options[0] = number;
    return RESULT_OK;
}

/* --- a name of the registry ------------------------------------------------------------------- */

static const char *const column_names[EXPRESSION_COLUMNS] = {"open", "high", "low", "close", "volume"};

static result_t place_sources(expression_parser_t *parser, expression_node_t *node, const int *sources, uint32_t count,
                              size_t place)
{
    const indicator_kind_t *kind = node->kind;
    uint32_t columns[EXPRESSION_COLUMNS], column_count = 0;
    for (uint32_t i = 0; i < EXPRESSION_COLUMNS; i++) {
        if ((kind->inputs & (1u << i)) != 0) {
            columns[column_count++] = i;
        }
    }
    if (count == 1 && column_count > 1) {
        if ((kind->inputs & INDICATOR_CLOSE) == 0) {
            return EXPRESSION_FAIL(parser->error, RESULT_BAD_ARGUMENT, place, kind->name, " reads ", column_names[columns[0]],
                                   " and ", column_names[columns[1]], ": give none of them or all of them");
        }
        node->children[3] = sources[0];
        return RESULT_OK;
    }
    if (count > 0 && count != column_count) {
        return EXPRESSION_FAIL(parser->error, RESULT_BAD_ARGUMENT, place, kind->name, " takes ",
                               expression_number((double)column_count).bytes, " source", column_count == 1 ? "" : "s", ", not ",
                               expression_number((double)count).bytes);
    }
    for (uint32_t i = 0; i < count; i++) {
        node->children[columns[i]] = sources[i];
    }
    return RESULT_OK;
}

/* What the writer of a text calls the option: Pine's word for it, where the name is Pine's. */
static const char *option_name(const expression_node_t *node, uint32_t option)
{
    for (uint32_t i = 0; node->pine != NULL && i < pine_argument_count(node->pine); i++) {
        const pine_argument_t *formal = &node->pine->arguments[i];
        if (formal->kind == PINE_NUMBER && formal->place == option) {
            return formal->name;
        }
    }
    return node->kind->options[option].name;
}

static result_t check_options(expression_parser_t *parser, const expression_node_t *node, size_t place)
{
    const indicator_kind_t *kind = node->kind;
    uint32_t wrong = 0;
    result_t result = indicator_check(kind, node->options, &wrong);
    if (result == RESULT_OK) {
        return RESULT_OK;
    }
    const indicator_option_t *option = &kind->options[wrong];
    const char *space = node->pine != NULL ? pine_space(node->pine) : "",
               *name = node->pine != NULL ? node->pine->name : kind->name;
    expression_word_t value = expression_number(node->options[wrong]);
    if (result == RESULT_BAD_ARGUMENT) {
        return EXPRESSION_FAIL(parser->error, result, place, space, name, ": ", option_name(node, wrong), " = ", value.bytes,
                               " contradicts another option; `patriot indicators ", kind->name, "` tells the rule");
    }
    return EXPRESSION_FAIL(parser->error, result, place, space, name, ": ", option_name(node, wrong), " = ", value.bytes,
                           " is not ", option->kind == OPTION_WHOLE ? "a whole number" : "a number", " from ",
                           expression_number(option->minimum).bytes, " to ", expression_number(option->maximum).bytes);
}

/* Where the name of a named argument stands: its `place` is that of the value. */
static size_t name_place(const expression_parser_t *parser, const expression_argument_t *argument)
{
    return (size_t)(argument->name.bytes - parser->text.bytes);
}

static result_t named_option(expression_parser_t *parser, const indicator_kind_t *kind, const expression_argument_t *argument,
                             uint32_t *option)
{
    for (uint32_t i = 0; i < kind->option_count; i++) {
        if (str_eq_nocase(argument->name, str_from(kind->options[i].name))) {
            *option = i;
            return RESULT_OK;
        }
    }
    return EXPRESSION_FAIL(parser->error, RESULT_NOT_FOUND, name_place(parser, argument), kind->name, " has no option \"",
                           expression_word(argument->name).bytes, "\"; `patriot indicators ", kind->name, "` lists them");
}

static result_t take_kind_arguments(expression_parser_t *parser, expression_node_t *node, const expression_arguments_t *arguments,
                                    size_t place)
{
    const indicator_kind_t *kind = node->kind;
    int sources[EXPRESSION_ARGUMENTS_MAX];
    uint32_t source_count = 0, option = 0, given = 0; /* given: bit n: option n */
    indicator_presets(kind, node->options);
    for (uint32_t i = 0; i < arguments->count; i++) {
        const expression_argument_t *argument = &arguments->items[i];
        if (argument->is_text) {
            return EXPRESSION_FAIL(parser->error, RESULT_FIELD_WRONG_TYPE, argument->place, kind->name,
                                   ": its options are numbers; no text stands here");
        }
        if (!argument->is_number && (option > 0 || argument->name.length > 0)) {
            return EXPRESSION_FAIL(parser->error, RESULT_BAD_ARGUMENT, argument->place, kind->name,
                                   ": sources come first, without a name; then the options, which are numbers");
        }
        if (!argument->is_number) {
            sources[source_count++] = argument->node;
            continue;
        }
        result_t result = argument->name.length > 0 ? named_option(parser, kind, argument, &option) : RESULT_OK;
        if (result != RESULT_OK) {
            return result;
        }
        if (option >= kind->option_count) {
            return EXPRESSION_FAIL(parser->error, RESULT_BAD_ARGUMENT, argument->place, kind->name, " has only ",
                                   expression_number((double)kind->option_count).bytes, " options");
        }
        if ((given & (1u << option)) != 0) {
            return EXPRESSION_FAIL(parser->error, RESULT_DUPLICATE, argument->place, kind->name, ": ", kind->options[option].name,
                                   " is given twice");
        }
        given |= 1u << option;
        node->options[option++] = argument->number;
    }
    result_t result = place_sources(parser, node, sources, source_count, place);
    return result == RESULT_OK ? check_options(parser, node, place) : result;
}

result_t expression_kind_node(expression_parser_t *parser, str_t word, const expression_arguments_t *arguments, size_t place,
                              int *index)
{
    const indicator_kind_t *nearest = NULL;
    const indicator_kind_t *kind = indicator_find(word, &nearest);
    if (kind == NULL) {
        return EXPRESSION_FAIL(parser->error, RESULT_NOT_FOUND, place, "no indicator \"", expression_word(word).bytes, "\"",
                               nearest != NULL ? "; did you mean \"" : "; `patriot indicators` lists them",
                               nearest != NULL ? nearest->name : "", nearest != NULL ? "\"?" : "");
    }
    expression_node_t *node = new_node(parser, place, index);
    if (node == NULL) {
        return RESULT_FULL;
    }
    node->type = EXPRESSION_KIND;
    node->kind = kind;
    node->output_count = kind->output_count;
    for (uint32_t i = 0; i < kind->output_count; i++) {
        node->outputs[i] = i;
    }
    return take_kind_arguments(parser, node, arguments, place);
}

/* --- a name of Pine's ------------------------------------------------------------------------- */

/* The formal arguments with what was given for each; NULL: not given. */
typedef struct {
    const expression_argument_t *given[PINE_ARGUMENTS_MAX];
} pine_call_t;

/* without_name: how many arguments without a name there are from this one on. */
static result_t find_formal(expression_parser_t *parser, const pine_name_t *row, const expression_argument_t *argument,
                            uint32_t without_name, uint32_t *formal)
{
    const uint32_t count = pine_argument_count(row);
    for (uint32_t i = 0; argument->name.length > 0 && i < count; i++) {
        if (str_eq(argument->name, str_from(row->arguments[i].name))) {
            *formal = i;
            return RESULT_OK;
        }
    }
    if (argument->name.length > 0) {
        return EXPRESSION_FAIL(parser->error, RESULT_NOT_FOUND, name_place(parser, argument), pine_space(row), row->name,
                               " has no argument \"", expression_word(argument->name).bytes, "\"");
    }
    /* ta.highest(10): a series with a preset may be left out in front of a number; in ta.highest(5, 10) none is */
    while (*formal < count && count - *formal > without_name && argument->is_number &&
           row->arguments[*formal].kind == PINE_SERIES && !row->arguments[*formal].required) {
        (*formal)++;
    }
    return *formal < count ? RESULT_OK
                           : EXPRESSION_FAIL(parser->error, RESULT_BAD_ARGUMENT, argument->place, pine_space(row), row->name,
                                             " takes only ", expression_number((double)count).bytes, " arguments");
}

/* A text in place of a number: a word's place among the words, a period's minutes. -1: none of them. */
static double number_of_text(const pine_argument_t *formal, str_t text)
{
    if (formal->kind == PINE_WORD) {
        for (int i = 0; formal->words[i] != NULL; i++) {
            if (str_eq_nocase(text, str_from(formal->words[i]))) {
                return (double)i;
            }
        }
        return -1.0;
    }
    const char unit = text.length > 0 ? text.bytes[text.length - 1] : '\0';
    const uint32_t scale = unit == 'D' ? PERIOD_DAY : unit == 'W' ? PERIOD_WEEK : unit == 'M' ? PERIOD_MONTH : 1;
    const str_t digits = {text.bytes, text.length - (scale > 1 ? 1 : 0)};
    uint64_t count = 1;
    if ((digits.length > 0 || scale == 1) && (str_to_u64(digits, &count) != RESULT_OK || count > PERIOD_YEAR)) {
        return -1.0;
    }
    return calendar_period_is_known((uint32_t)count * scale) ? (double)(count * scale) : -1.0;
}

static result_t bad_text(expression_parser_t *parser, const pine_name_t *row, const pine_argument_t *formal,
                         const expression_argument_t *argument)
{
    if (formal->kind == PINE_PERIOD) {
        return EXPRESSION_FAIL(parser->error, RESULT_BAD_ARGUMENT, argument->place, pine_space(row), row->name, ": ", formal->name,
                               " = \"", expression_word(argument->text).bytes,
                               "\" is none of \"1\" .. \"1440\" (minutes), \"D\", \"W\", \"M\", \"3M\", \"6M\", \"12M\"");
    }
    const expression_word_t given = expression_word(argument->text);
    const char *pieces[7 + 2 * PINE_WORDS_MAX + 1] = {pine_space(row), row->name,   ": ",           formal->name,
                                                      " = \"",         given.bytes, "\" is none of"};
    for (uint32_t i = 0; formal->words[i] != NULL; i++) {
        pieces[7 + 2 * i] = i == 0 ? " " : ", ";
        pieces[8 + 2 * i] = formal->words[i];
    }
    return expression_fail(parser->error, RESULT_BAD_ARGUMENT, argument->place, pieces);
}

static const char *wanted_by(const pine_argument_t *formal)
{
    return formal->kind == PINE_NUMBER ? "number" : formal->kind == PINE_SERIES ? "series" : "text in quotes";
}

static bool is_of_kind(const pine_argument_t *formal, const expression_argument_t *argument)
{
    return formal->kind == PINE_NUMBER ? argument->is_number : formal->kind == PINE_SERIES ? !argument->is_text : argument->is_text;
}

static result_t match(expression_parser_t *parser, const pine_name_t *row, const expression_arguments_t *arguments, size_t place,
                      pine_call_t *call)
{
    uint32_t formal = 0, without_name = 0;
    *call = (pine_call_t){0};
    for (uint32_t i = 0; i < arguments->count; i++) {
        without_name += arguments->items[i].name.length == 0 ? 1 : 0;
    }
    for (uint32_t i = 0; i < arguments->count; i++) {
        const expression_argument_t *argument = &arguments->items[i];
        result_t result = find_formal(parser, row, argument, without_name, &formal);
        without_name -= argument->name.length == 0 ? 1 : 0;
        if (result != RESULT_OK) {
            return result;
        }
        if (!is_of_kind(&row->arguments[formal], argument)) {
            return EXPRESSION_FAIL(parser->error, RESULT_FIELD_WRONG_TYPE, argument->place, pine_space(row), row->name, ": ",
                                   row->arguments[formal].name, " wants a ", wanted_by(&row->arguments[formal]));
        }
        if (call->given[formal] != NULL) {
            return EXPRESSION_FAIL(parser->error, RESULT_DUPLICATE, argument->place, pine_space(row), row->name, ": ",
                                   row->arguments[formal].name, " is given twice");
        }
        call->given[formal++] = argument;
    }
    for (uint32_t i = 0; i < pine_argument_count(row); i++) {
        if (row->arguments[i].required && call->given[i] == NULL) {
            return EXPRESSION_FAIL(parser->error, RESULT_FIELD_MISSING, place, pine_space(row), row->name, " wants ",
                                   row->arguments[i].name);
        }
    }
    return RESULT_OK;
}

static result_t function_number(expression_parser_t *parser, const pine_name_t *row, const pine_argument_t *formal, double value,
                                size_t place)
{
    if (value >= formal->minimum && value <= formal->maximum && (!formal->whole || (double)(int64_t)value == value)) {
        return RESULT_OK;
    }
    return EXPRESSION_FAIL(parser->error, RESULT_NUMBER_OUT_OF_RANGE, place, pine_space(row), row->name, ": ", formal->name, " = ",
                           expression_number(value).bytes,
                           formal->whole ? " is not a whole number from " : " is not a number from ",
                           expression_number(formal->minimum).bytes, " to ", expression_number(formal->maximum).bytes);
}

static result_t take_series(expression_parser_t *parser, expression_node_t *node, const pine_argument_t *formal,
                            const expression_argument_t *given, size_t place)
{
    int child = given != NULL ? given->node : -1;
    if (given == NULL && formal->series != NULL) {
        result_t result = source_node(parser, source_of(str_from(formal->series)), place, &child);
        if (result != RESULT_OK) {
            return result;
        }
    } else if (given != NULL && given->is_number) {
        result_t result = number_node(parser, given->number, place, &child);
        if (result != RESULT_OK) {
            return result;
        }
    }
    if (node->type == EXPRESSION_FUNCTION) {
        node->children[formal->place] = child;
        return RESULT_OK;
    }
    for (uint32_t i = 0; i < EXPRESSION_COLUMNS; i++) {
        node->children[i] = (formal->place & (1u << i)) != 0 ? child : node->children[i];
    }
    return RESULT_OK;
}

static result_t take_number_of(expression_parser_t *parser, expression_node_t *node, const pine_argument_t *formal,
                               const expression_argument_t *given, size_t place)
{
    const bool is_text = given != NULL && given->is_text;
    const double value = is_text ? number_of_text(formal, given->text) : given != NULL ? given->number : formal->preset;
    node->options[formal->place] = value;
    if (is_text) {
        return value < 0.0 ? bad_text(parser, node->pine, formal, given) : RESULT_OK;
    }
    const bool is_checked = node->type == EXPRESSION_FUNCTION && given != NULL;
    return is_checked ? function_number(parser, node->pine, formal, value, place) : RESULT_OK;
}

static result_t check_numbers(expression_parser_t *parser, const expression_node_t *node, size_t place)
{
    if (node->type == EXPRESSION_KIND) {
        return check_options(parser, node, place);
    }
    const char *why = node->function->refuses != NULL ? node->function->refuses(node->options) : NULL;
    return why == NULL
               ? RESULT_OK
               : EXPRESSION_FAIL(parser->error, RESULT_BAD_ARGUMENT, place, pine_space(node->pine), node->pine->name, ": ", why);
}

static result_t take_pine_arguments(expression_parser_t *parser, expression_node_t *node, const pine_call_t *call, size_t place)
{
    const pine_name_t *row = node->pine;
    for (uint32_t i = 0; i < pine_argument_count(row); i++) {
        const pine_argument_t *formal = &row->arguments[i];
        result_t result = formal->kind == PINE_SERIES ? take_series(parser, node, formal, call->given[i], place)
                                                      : take_number_of(parser, node, formal, call->given[i], place);
        if (result != RESULT_OK) {
            return result;
        }
    }
    if (row->outputs_by > 0 && call->given[row->outputs_by - 1] == NULL) {
        node->output_count = 1;
    }
    return check_numbers(parser, node, place);
}

static void begin_pine_node(expression_node_t *node, const pine_name_t *row)
{
    const bool is_kind = row->kind != NULL;
    node->pine = row;
    node->type = is_kind ? EXPRESSION_KIND : EXPRESSION_FUNCTION;
    node->function = is_kind ? NULL : series_function_find(row->function);
    node->kind = is_kind ? indicator_find(str_from(row->kind), NULL) : NULL;
    if (is_kind) {
        indicator_presets(node->kind, node->options);
    }
    for (uint32_t i = 0; i < row->fixed_count; i++) {
        node->options[row->fixed[i].option] = row->fixed[i].value;
    }
    for (node->output_count = 0; node->output_count < PINE_OUTPUTS_MAX && row->outputs[node->output_count] != NULL;
         node->output_count++) {
        node->outputs[node->output_count] = is_kind ? row->output_places[node->output_count] : node->output_count;
    }
    node->output_count += node->output_count == 0; /* no names: the first output alone */
}

result_t expression_pine_node(expression_parser_t *parser, str_t word, const expression_arguments_t *arguments, size_t place,
                              int *index)
{
    const pine_name_t *nearest = NULL;
    const pine_name_t *row = pine_find(word, &nearest);
    pine_call_t call;
    if (row == NULL) {
        const bool is_spaced = str_starts_with(word, STR("timeframe."));
        return EXPRESSION_FAIL(
            parser->error, RESULT_NOT_FOUND, place, "no Pine name \"", is_spaced ? "" : "ta.", expression_word(word).bytes,
            "\" here", nearest != NULL ? "; did you mean \"" : "; `patriot indicators --pine` lists them",
            nearest != NULL ? pine_space(nearest) : "", nearest != NULL ? nearest->name : "", nearest != NULL ? "\"?" : "");
    }
    result_t result = match(parser, row, arguments, place, &call);
    if (result != RESULT_OK) {
        return result;
    }
    expression_node_t *node = new_node(parser, place, index);
    if (node == NULL) {
        return RESULT_FULL;
    }
    begin_pine_node(node, row);
    return take_pine_arguments(parser, node, &call, place);
}

result_t expression_plain_node(expression_parser_t *parser, str_t word, const expression_arguments_t *arguments, size_t place,
                               int *index)
{
    const int source = source_of(word);
    return source >= 0 ? source_node(parser, source, place, index) : expression_kind_node(parser, word, arguments, place, index);
}

const char *expression_output_name(const expression_node_t *node, uint32_t output)
{
    const uint32_t at = node->first_output + output;
    if (node->type == EXPRESSION_SOURCE) {
        return "";
    }
    if (node->pine != NULL) {
        return node->pine->outputs[at] != NULL ? node->pine->outputs[at] : "";
    }
    return node->kind->outputs[at];
}
