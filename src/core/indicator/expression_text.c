/* expression_text.c: wording the errors of expressions, without a C library; see expression_inside.h. */
#include <string.h>

#include "core/base/dec.h"
#include "core/base/str.h"
#include "core/indicator/expression_inside.h"

result_t expression_fail(expression_error_t *error, result_t result, size_t place, const char *const *pieces)
{
    size_t length = 0;
    error->column = (uint32_t)place + 1;
    for (; *pieces != NULL; pieces++) {
        str_t piece = str_from(*pieces);
        const size_t room = EXPRESSION_ERROR_MAX - 1 - length;
        const size_t bytes = piece.length < room ? piece.length : room;
        memcpy(error->text + length, piece.bytes, bytes);
        length += bytes;
    }
    error->text[length] = '\0';
    return result;
}

expression_word_t expression_word(str_t text)
{
    expression_word_t word = {{0}};
    const size_t length = text.length < sizeof word.bytes - 1 ? text.length : sizeof word.bytes - 1;
    for (size_t i = 0; i < length; i++) {
        const char c = text.bytes[i];
        word.bytes[i] = c >= ' ' && c < 127 ? c : '?'; /* goes to a terminal */
    }
    return word;
}

expression_word_t expression_number(double value)
{
    dec_t exact;
    char text[DEC_TEXT_MAX];
    if (dec_from_double(value, 12, &exact) != RESULT_OK) {
        return expression_word(STR("a number beyond all ranges"));
    }
    return expression_word((str_t){text, dec_format(exact, text)});
}
