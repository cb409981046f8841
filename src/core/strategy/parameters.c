/* parameters.c: the reading of parameter texts; see parameters.h. */
#include "core/strategy/parameters.h"

#include <string.h>

#include "core/base/assert.h"

/* --- errors ----------------------------------------------------------------------------------- */

/* Words, one after the other, as many as fit; NULL ends them. */
static void say(parameters_error_t *error, const char *const *words, uint32_t count)
{
    size_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (const char *at = words[i]; *at != '\0' && used + 1 < sizeof error->text; at++) {
            error->text[used++] = *at;
        }
    }
    error->text[used] = '\0';
}

/* A word of the user's, short enough to be shown; what is not printable becomes "?". */
static void quote(str_t word, char shown[48])
{
    size_t length = word.length < 40 ? word.length : 40;
    for (size_t i = 0; i < length; i++) {
        shown[i] = word.bytes[i] >= ' ' && word.bytes[i] < 127 ? word.bytes[i] : '?';
    }
    memcpy(shown + length, length < word.length ? "..." : "", length < word.length ? 4 : 1);
}

#define BYTE_ORDER_MARK "\xef\xbb\xbf" /* of UTF-8, as some editors write it */

#define FAIL(error, result, at_line, ...)                                                                                          \
    ((error)->line = (at_line),                                                                                                    \
     say((error), (const char *const[]){__VA_ARGS__},                                                                              \
         (uint32_t)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))),                                           \
     (result))

static const char *number_text(double value, char text[DEC_TEXT_MAX])
{
    dec_t exact;
    if (dec_from_double(value, 6, &exact) != RESULT_OK) {
        return "?";
    }
    dec_format(exact, text);
    return text;
}

/* --- one section ------------------------------------------------------------------------------ */

/* How special a section is: 0 to 3. */
static uint32_t rank_of(const parameters_section_t *section)
{
    return (uint32_t)(section->symbol[0] != '\0') + section->has_timeframe + (section->venue[0] != '\0');
}

static bool is_same_place(const parameters_section_t *a, const parameters_section_t *b)
{
    return a->kind == b->kind && rank_of(a) == rank_of(b) && str_eq_nocase(str_from(a->venue), str_from(b->venue)) &&
           str_eq_nocase(str_from(a->symbol), str_from(b->symbol)) && (!a->has_timeframe || a->timeframe == b->timeframe);
}

static uint32_t split_words(str_t text, str_t words[5])
{
    uint32_t count = 0;
    while ((text = str_trim(text)).length > 0 && count < 5) {
        size_t length = 0;
        while (length < text.length && text.bytes[length] != ' ' && text.bytes[length] != '\t') {
            length++;
        }
        words[count++] = (str_t){text.bytes, length};
        text = (str_t){text.bytes + length, text.length - length};
    }
    return count;
}

/* A section for an exchange that nobody trades at, or for a symbol "1h", would never come into force, and nobody would notice. */
static result_t check_place(const parameters_section_t *section, uint32_t number, parameters_error_t *error)
{
    timeframe_t timeframe;
    char shown[48];
    if (section->venue[0] != '\0' && !str_eq_nocase(str_from(section->venue), STR("BINANCE"))) {
        quote(str_from(section->venue), shown);
        return FAIL(error, RESULT_UNKNOWN_VALUE, number, "the exchange \"", shown, "\" is not known here; write BINANCE");
    }
    if (timeframe_parse(str_from(section->symbol), &timeframe) == RESULT_OK) {
        return FAIL(error, RESULT_UNKNOWN_VALUE, number, "\"", section->symbol,
                    "\" is a timeframe, and a symbol stands before it: [WeightedScore BTCUSDT ", section->symbol, "]");
    }
    return RESULT_OK;
}

/* *passed_over: the section is of a plug-in that could not be had, and is not looked at. */
static result_t read_heading(str_t line, uint32_t number, const strategy_set_t *set, parameters_t *fresh, bool *passed_over,
                             parameters_error_t *error)
{
    str_t words[5];
    char shown[48];
    if (line.bytes[line.length - 1] != ']') {
        return FAIL(error, RESULT_MALFORMED, number, "a heading ends with \"]\": [WeightedScore BTCUSDT 1h]");
    }
    const uint32_t count = split_words((str_t){line.bytes + 1, line.length - 2}, words);
    if (count < 1 || count > 4) {
        return FAIL(
            error, RESULT_MALFORMED, number,
            "a heading is [STRATEGY], [STRATEGY SYMBOL], [STRATEGY SYMBOL TIMEFRAME] or [STRATEGY EXCHANGE SYMBOL TIMEFRAME]");
    }
    *passed_over = strategy_is_missing(set, words[0]);
    if (*passed_over) {
        return RESULT_OK;
    }
    if (fresh->count == PARAMETERS_SECTIONS_MAX) {
        return FAIL(error, RESULT_FULL, number, "more than 256 sections");
    }
    parameters_section_t *section = &fresh->sections[fresh->count];
    *section = (parameters_section_t){.line = number, .timeframe = TF_COUNT}; /* of no timeframe until it says one */
    const strategy_kind_t *nearest = NULL;
    section->kind = strategy_find_in(set, words[0], &nearest);
    if (section->kind == NULL) {
        quote(words[0], shown);
        return FAIL(error, RESULT_UNKNOWN_VALUE, number, "there is no strategy \"", shown, "\"; did you mean ",
                    nearest != NULL ? nearest->name : strategy_at(0)->name, "?");
    }
    const bool has_venue = count == 4;
    if ((has_venue && str_copy(words[1], section->venue, sizeof section->venue) != RESULT_OK) ||
        (count >= 2 && str_copy(words[has_venue ? 2 : 1], section->symbol, sizeof section->symbol) != RESULT_OK)) {
        return FAIL(error, RESULT_TEXT_TOO_LONG, number, "the exchange has at most 15 and the symbol at most 31 characters");
    }
    section->has_timeframe = count >= 3;
    if (section->has_timeframe && timeframe_parse(words[count - 1], &section->timeframe) != RESULT_OK) {
        quote(words[count - 1], shown);
        return FAIL(error, RESULT_UNKNOWN_VALUE, number, "\"", shown, "\" is no timeframe; write one such as 15m, 1h, 4h, 1d");
    }
    const result_t place = check_place(section, number, error);
    if (place != RESULT_OK) {
        return place;
    }
    for (uint32_t i = 0; i < fresh->count; i++) {
        if (is_same_place(&fresh->sections[i], section)) {
            return FAIL(error, RESULT_DUPLICATE, number, "this section stands here twice; put both into one");
        }
    }
    fresh->count++;
    return RESULT_OK;
}

static const char *nearest_option(const strategy_kind_t *kind, str_t key)
{
    const char *like = kind->options[0].name;
    unsigned best = UINT32_MAX;
    for (uint32_t i = 0; i < kind->option_count; i++) {
        const unsigned distance = str_distance(key, str_from(kind->options[i].name));
        if (distance < best) {
            best = distance;
            like = kind->options[i].name;
        }
    }
    return like;
}

static result_t read_value(str_t line, uint32_t number, parameters_section_t *section, parameters_error_t *error)
{
    char shown[48], least[DEC_TEXT_MAX], most[DEC_TEXT_MAX];
    str_t rest = line;
    const str_t key = str_trim(str_cut(&rest, '=')), value = str_trim(rest);
    if (key.length == line.length || key.length == 0 || value.length == 0) {
        return FAIL(error, RESULT_MALFORMED, number, "a line is a [heading] or key = number");
    }
    for (uint32_t i = 0; i < section->kind->option_count; i++) {
        const indicator_option_t *option = &section->kind->options[i];
        dec_t exact;
        if (!str_eq_nocase(key, str_from(option->name))) {
            continue;
        }
        if ((section->said >> i & 1u) != 0) {
            return FAIL(error, RESULT_DUPLICATE, number, option->name, " is said twice in this section");
        }
        if (dec_parse(value.bytes, value.length, &exact) != RESULT_OK ||
            indicator_option_check(option, dec_to_double(exact)) != RESULT_OK) {
            quote(value, shown);
            return FAIL(error, RESULT_NUMBER_OUT_OF_RANGE, number, option->name, " cannot be \"", shown, "\"; it is a ",
                        option->kind == OPTION_WHOLE ? "whole number" : "number", " from ", number_text(option->minimum, least),
                        " to ", number_text(option->maximum, most));
        }
        section->options[i] = dec_to_double(exact);
        section->lines[i] = number;
        section->said |= (uint64_t)1 << i;
        return RESULT_OK;
    }
    quote(key, shown);
    return FAIL(error, RESULT_UNKNOWN_VALUE, number, section->kind->name, " has no option \"", shown, "\"; did you mean ",
                nearest_option(section->kind, key), "?");
}

/* --- the text --------------------------------------------------------------------------------- */

/* What a section makes together with the less special ones must be sound, too: fast < slow may be said in two places. */
static result_t check_together(const parameters_t *fresh, parameters_error_t *error)
{
    for (uint32_t i = 0; i < fresh->count; i++) {
        const parameters_section_t *section = &fresh->sections[i];
        double options[STRATEGY_OPTIONS_MAX];
        uint32_t wrong = 0;
        parameters_resolve(fresh, section->kind, section->venue, section->symbol, section->timeframe, options);
        const result_t result = strategy_check(section->kind, options, &wrong);
        if (result != RESULT_OK) {
            const uint32_t line = (section->said >> wrong & 1u) != 0 ? section->lines[wrong] : section->line;
            return FAIL(error, result, line, section->kind->options[wrong].name, " contradicts another option of ",
                        section->kind->name, "; `patriot strategies ", section->kind->name, "` tells the rule");
        }
    }
    return RESULT_OK;
}

result_t parameters_read(const char *bytes, size_t length, const strategy_set_t *set, parameters_t *fresh, parameters_t *in_force,
                         parameters_error_t *error)
{
    ASSERT(bytes != NULL && fresh != NULL && in_force != NULL && error != NULL && fresh != in_force);
    str_t rest = {bytes, length};
    result_t result = RESULT_OK;
    bool passed_over = false;
    fresh->count = 0;
    if (length > PARAMETERS_TEXT_MAX) {
        return FAIL(error, RESULT_TEXT_TOO_LONG, 0, "more than 1 MiB of parameters");
    }
    if (str_starts_with(rest, STR(BYTE_ORDER_MARK))) {
        rest = (str_t){bytes + STR(BYTE_ORDER_MARK).length, length - STR(BYTE_ORDER_MARK).length};
    }
    for (uint32_t number = 1; rest.length > 0 && result == RESULT_OK; number++) {
        str_t whole = str_cut(&rest, '\n');
        if (whole.length > PARAMETERS_LINE_MAX) {
            return FAIL(error, RESULT_TEXT_TOO_LONG, number, "a line has at most 256 characters");
        }
        const str_t line = str_trim(str_cut(&whole, '#'));
        if (line.length == 0) {
            continue;
        }
        if (line.bytes[0] == '[') {
            result = read_heading(line, number, set, fresh, &passed_over, error);
        } else if (passed_over) {
            continue;
        } else if (fresh->count == 0) {
            result = FAIL(error, RESULT_MALFORMED, number, "before the first value a heading says whose it is: [WeightedScore]");
        } else {
            result = read_value(line, number, &fresh->sections[fresh->count - 1], error);
        }
    }
    result = result == RESULT_OK ? check_together(fresh, error) : result;
    if (result == RESULT_OK) {
        *in_force = *fresh;
    }
    return result;
}

static bool applies(const parameters_section_t *section, const strategy_kind_t *kind, str_t venue, str_t symbol,
                    timeframe_t timeframe)
{
    return section->kind == kind && (section->venue[0] == '\0' || str_eq_nocase(str_from(section->venue), venue)) &&
           (section->symbol[0] == '\0' || str_eq_nocase(str_from(section->symbol), symbol)) &&
           (!section->has_timeframe || section->timeframe == timeframe);
}

void parameters_resolve(const parameters_t *parameters, const strategy_kind_t *kind, const char *venue, const char *symbol,
                        timeframe_t timeframe, double options[STRATEGY_OPTIONS_MAX])
{
    strategy_presets(kind, options);
    for (uint32_t rank = 0; rank <= 3; rank++) {
        for (uint32_t i = 0; i < parameters->count; i++) {
            const parameters_section_t *section = &parameters->sections[i];
            if (rank_of(section) != rank || !applies(section, kind, str_from(venue), str_from(symbol), timeframe)) {
                continue;
            }
            for (uint32_t k = 0; k < kind->option_count; k++) {
                options[k] = (section->said >> k & 1u) != 0 ? section->options[k] : options[k];
            }
        }
    }
}

size_t parameters_memory(const parameters_t *parameters, const strategy_kind_t *kind)
{
    double options[STRATEGY_OPTIONS_MAX];
    strategy_presets(kind, options);
    size_t most = strategy_memory(kind, options);
    for (uint32_t i = 0; i < parameters->count; i++) {
        const parameters_section_t *section = &parameters->sections[i];
        if (section->kind == kind) {
            parameters_resolve(parameters, kind, section->venue, section->symbol, section->timeframe, options);
            const size_t memory = strategy_memory(kind, options);
            most = memory > most ? memory : most;
        }
    }
    return most;
}
