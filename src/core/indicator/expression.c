/* expression.c: parsing; see expression.h. A recursive descent over a bounded text into a bounded table of nodes. */
#include "core/indicator/expression.h"

#include "core/base/assert.h"
#include "core/base/dec.h"
#include "core/indicator/expression_inside.h"

/* --- the text --------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '%';
}

static char peek(expression_parser_t *parser)
{
    while (parser->at < parser->text.length && (parser->text.bytes[parser->at] == ' ' || parser->text.bytes[parser->at] == '\t' ||
                                                parser->text.bytes[parser->at] == '\n')) {
        parser->at++;
    }
    return parser->at < parser->text.length ? parser->text.bytes[parser->at] : '\0';
}

static bool take(expression_parser_t *parser, char wanted)
{
    if (peek(parser) != wanted) {
        return false;
    }
    parser->at++;
    return true;
}

static str_t take_word(expression_parser_t *parser)
{
    (void)peek(parser);
    size_t from = parser->at;
    while (parser->at < parser->text.length &&
           (is_letter(parser->text.bytes[parser->at]) || is_digit(parser->text.bytes[parser->at]))) {
        parser->at++;
    }
    return (str_t){parser->text.bytes + from, parser->at - from};
}

enum { EXPONENT_MAX = 22 }; /* the largest power of ten that a double holds exactly */

/* The power of ten of "e9", "E+9", "e-9" behind a number; false where that is too large. What begins otherwise is left where it is.
 */
static bool take_exponent(str_t text, size_t *at, int *exponent)
{
    size_t end = *at;
    *exponent = 0;
    if (end == text.length || (text.bytes[end] != 'e' && text.bytes[end] != 'E')) {
        return true;
    }
    end++;
    const bool is_negative = end < text.length && text.bytes[end] == '-';
    end += end < text.length && (is_negative || text.bytes[end] == '+') ? 1 : 0;
    const size_t digits = end;
    for (; end < text.length && is_digit(text.bytes[end]) && *exponent <= EXPONENT_MAX; end++) {
        *exponent = *exponent * 10 + (text.bytes[end] - '0');
    }
    if (*exponent > EXPONENT_MAX) {
        return false;
    }
    *at = end > digits ? end : *at;
    *exponent = is_negative ? -*exponent : *exponent;
    return true;
}

static double times_power_of_ten(double value, int exponent)
{
    double power = 1.0;
    for (int i = 0; i < exponent || i < -exponent; i++) {
        power *= 10.0;
    }
    return exponent < 0 ? value / power : value * power;
}

/* "2", "-1.5", "1e9". Letters that follow belong to it, so that "1e3x" is shown whole when it is refused. */
static result_t take_number(expression_parser_t *parser, double *out)
{
    const str_t text = parser->text;
    const size_t from = parser->at;
    size_t end = from + (text.bytes[from] == '-' ? 1 : 0);
    while (end < text.length && (is_digit(text.bytes[end]) || text.bytes[end] == '.')) {
        end++;
    }
    str_t digits = {text.bytes + from, end - from};
    int exponent;
    if (!take_exponent(text, &end, &exponent)) {
        return EXPRESSION_FAIL(parser->error, RESULT_NUMBER_OUT_OF_RANGE, from,
                               "the exponent of the number that begins here is too large");
    }
    if (end < text.length && is_letter(text.bytes[end])) {
        while (end < text.length && (is_letter(text.bytes[end]) || is_digit(text.bytes[end]))) {
            end++;
        }
        digits.length = end - from;
    }
    dec_t exact;
    result_t result = dec_parse(digits.bytes, digits.length, &exact);
    if (result != RESULT_OK) {
        return EXPRESSION_FAIL(parser->error, result, from, "\"", expression_word(digits).bytes, "\": ", result_text(result));
    }
    *out = times_power_of_ten(dec_to_double(exact), exponent);
    parser->at = end;
    return RESULT_OK;
}

/* What stands between two quotes of a kind. */
static result_t take_text(expression_parser_t *parser, str_t *out)
{
    const size_t from = parser->at;
    const char quote = parser->text.bytes[from];
    size_t end = from + 1;
    while (end < parser->text.length && parser->text.bytes[end] != quote) {
        end++;
    }
    if (end == parser->text.length) {
        return EXPRESSION_FAIL(parser->error, RESULT_MALFORMED, from, "the text that begins here has no closing quote");
    }
    *out = (str_t){parser->text.bytes + from + 1, end - from - 1};
    parser->at = end + 1;
    return RESULT_OK;
}

/* --- arguments -------------------------------------------------------------------------------- */

static result_t parse_item(expression_parser_t *parser, int *index);

static result_t parse_argument(expression_parser_t *parser, expression_argument_t *argument)
{
    *argument = (expression_argument_t){.node = -1};
    char next = peek(parser);
    const size_t from = argument->place = parser->at;
    if (is_letter(next)) {
        str_t word = take_word(parser);
        if (take(parser, '=')) {
            argument->name = word;
            next = peek(parser);
        } else {
            parser->at = from;
        }
    }
    argument->place = parser->at;
    if (is_digit(next) || next == '-' || next == '.') {
        argument->is_number = true;
        return take_number(parser, &argument->number);
    }
    if (next == '"' || next == '\'') {
        argument->is_text = true;
        return take_text(parser, &argument->text);
    }
    const size_t before = parser->at;
    str_t word = take_word(parser);
    if (str_eq(word, STR("true")) || str_eq(word, STR("false"))) {
        argument->is_number = true;
        argument->number = str_eq(word, STR("true")) ? 1.0 : 0.0;
        return RESULT_OK;
    }
    parser->at = before;
    return parse_item(parser, &argument->node);
}

static result_t parse_arguments(expression_parser_t *parser, expression_arguments_t *arguments)
{
    arguments->count = 0;
    if (!take(parser, '(') || take(parser, ')')) {
        return RESULT_OK;
    }
    do {
        if (arguments->count == EXPRESSION_ARGUMENTS_MAX) {
            return EXPRESSION_FAIL(parser->error, RESULT_FULL, parser->at, "more arguments than any indicator takes");
        }
        result_t result = parse_argument(parser, &arguments->items[arguments->count]);
        if (result != RESULT_OK) {
            return result;
        }
        arguments->count++;
    } while (take(parser, ','));
    return take(parser, ')') ? RESULT_OK
                             : EXPRESSION_FAIL(parser->error, RESULT_MALFORMED, parser->at, "\",\" or \")\" is missing here");
}

/* --- items ------------------------------------------------------------------------------------ */

static result_t take_output(expression_parser_t *parser, int index)
{
    expression_node_t *node = &parser->out->nodes[index];
    if (!take(parser, '.')) {
        return RESULT_OK;
    }
    const size_t place = parser->at;
    str_t word = take_word(parser);
    for (uint32_t i = 0; i < node->output_count; i++) {
        if (str_eq_nocase(word, str_from(expression_output_name(node, i)))) {
            node->first_output = i;
            node->output_count = 1;
            return RESULT_OK;
        }
    }
    const expression_word_t given = expression_word(word);
    const char *pieces[3 + 2 * INDICATOR_OUTPUTS_MAX + 1] = {"there is no output \"", given.bytes, "\" here"};
    for (uint32_t i = 0; i < node->output_count && expression_output_name(node, i)[0] != '\0'; i++) {
        pieces[3 + 2 * i] = i == 0 ? "; there is " : ", ";
        pieces[4 + 2 * i] = expression_output_name(node, i);
    }
    return expression_fail(parser->error, RESULT_NOT_FOUND, place, pieces);
}

static result_t parse_item(expression_parser_t *parser, int *index)
{
    (void)peek(parser);
    const size_t place = parser->at;
    str_t word = take_word(parser);
    if (word.length == 0) {
        return EXPRESSION_FAIL(parser->error, RESULT_MALFORMED, place, "an indicator or a source is missing here");
    }
    if (parser->depth == EXPRESSION_DEPTH_MAX) {
        return EXPRESSION_FAIL(parser->error, RESULT_FULL, place, "nested more than 8 deep");
    }
    parser->depth++;
    const bool is_timeframe = str_eq(word, STR("timeframe")),
               is_pine = (is_timeframe || str_eq(word, STR("ta"))) && take(parser, '.');
    if (is_pine) {
        str_t name = take_word(parser);
        word = is_timeframe ? (str_t){word.bytes, (size_t)(name.bytes + name.length - word.bytes)} : name;
    }
    const bool has_arguments = peek(parser) == '(';
    expression_arguments_t arguments;
    result_t result = parse_arguments(parser, &arguments);
    if (result == RESULT_OK) {
        result = is_pine         ? expression_pine_node(parser, word, &arguments, place, index)
                 : has_arguments ? expression_kind_node(parser, word, &arguments, place, index)
                                 : expression_plain_node(parser, word, &arguments, place, index);
    }
    if (result == RESULT_OK) {
        result = take_output(parser, *index);
    }
    if (result == RESULT_OK) {
        parser->out->nodes[*index].text = (str_t){parser->text.bytes + place, parser->at - place};
    }
    parser->depth--;
    return result;
}

/* Only what Pine computes may be na in between, and only what Pine's names read it may have it. */
static bool may_have_gaps(const expression_t *expression, const expression_node_t *node)
{
    bool may = false;
    for (uint32_t k = 0; node->type == EXPRESSION_KIND && node->pine != NULL && k < EXPRESSION_COLUMNS; k++) {
        may = may || (node->children[k] >= 0 && expression->nodes[node->children[k]].type != EXPRESSION_SOURCE);
    }
    return may;
}

/* Room for values and for the largest state, now that the nodes are known. */
static void measure(expression_t *expression)
{
    expression->has_gaps = false;
    for (uint32_t i = 0; i < expression->node_count; i++) {
        expression_node_t *node = &expression->nodes[i];
        const bool is_kind = node->type == EXPRESSION_KIND;
        const size_t state = is_kind ? node->kind->state_size(node->options) : 0;
        node->first_column = expression->value_columns;
        expression->has_gaps = expression->has_gaps || may_have_gaps(expression, node);
        expression->value_columns += is_kind                             ? node->kind->output_count
                                     : node->type == EXPRESSION_FUNCTION ? node->function->output_count
                                                                         : 1;
        expression->state_bytes = state > expression->state_bytes ? state : expression->state_bytes;
    }
}

result_t expression_parse(str_t text, expression_t *expression, expression_error_t *error)
{
    ASSERT(expression != NULL && error != NULL);
    expression_parser_t parser = {.text = text, .out = expression, .error = error};
    expression->node_count = expression->root_count = 0;
    expression->value_columns = expression->state_bytes = 0;
    if (text.length > EXPRESSION_TEXT_MAX) {
        return EXPRESSION_FAIL(error, RESULT_TEXT_TOO_LONG, 0, "longer than 4096 bytes");
    }
    do {
        int index = -1;
        result_t result = parse_item(&parser, &index);
        if (result != RESULT_OK) {
            return result;
        }
        if (expression->root_count == EXPRESSION_ROOTS_MAX) {
            return EXPRESSION_FAIL(error, RESULT_FULL, parser.at, "more than 64 items; ask for fewer in one go");
        }
        expression->roots[expression->root_count++] = (uint32_t)index;
    } while (take(&parser, ','));
    if (peek(&parser) != '\0') {
        const char rest[2] = {peek(&parser), '\0'};
        return EXPRESSION_FAIL(error, RESULT_MALFORMED, parser.at, "\"", rest,
                               "\" is not expected here; items are separated by \",\"");
    }
    measure(expression);
    return RESULT_OK;
}
