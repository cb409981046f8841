/* plugin_check.c: see plugin_check.h. */
#include "edge/plugin/plugin_check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/strategy/level_options.h"
#include "edge/json/json_scan.h"

#define OPTION_VALUE_MAX 1e12

static bool say(char wrong[PLUGIN_WRONG_MAX], const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool say(char wrong[PLUGIN_WRONG_MAX], const char *format, ...)
{
    va_list words;
    va_start(words, format);
    (void)vsnprintf(wrong, PLUGIN_WRONG_MAX, format, words);
    va_end(words);
    return false;
}

/* --- texts ------------------------------------------------------------------------------------ */

/* NULL, or what is wrong with a text that people will read. */
static const char *text_flaw(const char *text, size_t room)
{
    const size_t length = strnlen(text, room);
    if (length == 0) {
        return "is empty; say something there";
    }
    if (length == room) {
        return "is too long";
    }
    for (size_t i = 0; i < length;) {
        const unsigned char *at = (const unsigned char *)text + i;
        const size_t step = *at < 0x80 ? 1 : json_scan_utf8(at, length - i);
        if (step == 0) {
            return "is not UTF-8";
        }
        if (*at < ' ' || *at == 0x7F) {
            return "has a control character; write it in one line";
        }
        i += step;
    }
    return NULL;
}

/* NULL, or what is wrong with a word that people will write. */
static const char *word_flaw(const char *word, size_t room, const char *others)
{
    const char *flaw = text_flaw(word, room);
    for (const char *at = word; flaw == NULL && *at != '\0'; at++) {
        const bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
        if (!plain && strchr(others, *at) == NULL) {
            flaw = "has a character other than letters, digits and those that the header names";
        }
    }
    return flaw;
}

static bool check_texts(const plugin_description_t *is, const char *stem, char wrong[PLUGIN_WRONG_MAX])
{
    const struct {
        const char *field, *text;
        size_t room;
    } texts[] = {{"title", is->title, sizeof is->title},
                 {"rule", is->rule, sizeof is->rule},
                 {"author", is->author, sizeof is->author},
                 {"version", is->version, sizeof is->version}};
    const char *flaw = word_flaw(is->name, sizeof is->name, "_+-");
    if (flaw != NULL) {
        return say(wrong, "name %s", flaw);
    }
    if (strcmp(is->name, stem) != 0) {
        return say(wrong, "name is \"%s\" and the file is %s.so; give both the same name", is->name, stem);
    }
    if (strategy_find(str_from(is->name), NULL) != NULL) {
        return say(wrong, "name \"%s\" belongs to a built-in strategy; choose another", is->name);
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        flaw = text_flaw(texts[i].text, texts[i].room);
        if (flaw != NULL) {
            return say(wrong, "%s %s (at most %u bytes)", texts[i].field, flaw, (unsigned)texts[i].room - 1);
        }
    }
    return true;
}

/* --- options and inputs ------------------------------------------------------------------------- */

static bool is_level_option(const char *name)
{
    static const indicator_option_t levels[] = {LEVELS_OPTIONS};
    for (size_t i = 0; i < LEVELS_OPTION_COUNT; i++) {
        if (str_eq_nocase(str_from(name), str_from(levels[i].name))) {
            return true;
        }
    }
    return false;
}

static bool is_number(double value, int32_t kind)
{
    return fabs(value) <= OPTION_VALUE_MAX && (kind == PATRIOT_REAL || value == floor(value));
}

static bool check_option(const plugin_description_t *is, uint32_t i, char wrong[PLUGIN_WRONG_MAX])
{
    const plugin_option_text_t *option = &is->options[i];
    const char *flaw = word_flaw(option->name, sizeof option->name, "_");
    if (flaw != NULL) {
        return say(wrong, "option %u: name %s", (unsigned)i, flaw);
    }
    if (is_level_option(option->name)) {
        return say(wrong, "option %u (%s): every strategy has an option of this name; choose another", (unsigned)i, option->name);
    }
    for (uint32_t k = 0; k < i; k++) {
        if (str_eq_nocase(str_from(option->name), str_from(is->options[k].name))) {
            return say(wrong, "option %u (%s): option %u has the same name", (unsigned)i, option->name, (unsigned)k);
        }
    }
    flaw = text_flaw(option->meaning, sizeof option->meaning);
    if (flaw != NULL) {
        return say(wrong, "option %u (%s): meaning %s", (unsigned)i, option->name, flaw);
    }
    if (option->kind != PATRIOT_WHOLE && option->kind != PATRIOT_REAL) {
        return say(wrong, "option %u (%s): kind is %d; PATRIOT_WHOLE or PATRIOT_REAL", (unsigned)i, option->name,
                   (int)option->kind);
    }
    if (!is_number(option->preset, option->kind) || !is_number(option->minimum, option->kind) ||
        !is_number(option->maximum, option->kind)) {
        return say(wrong, "option %u (%s): preset, minimum and maximum are %snumbers from -1e12 to 1e12", (unsigned)i, option->name,
                   option->kind == PATRIOT_WHOLE ? "whole " : "");
    }
    if (option->minimum > option->preset || option->preset > option->maximum) {
        return say(wrong, "option %u (%s): preset %g is outside %g .. %g", (unsigned)i, option->name, option->preset,
                   option->minimum, option->maximum);
    }
    return true;
}

static bool check_lists(const plugin_description_t *is, char wrong[PLUGIN_WRONG_MAX])
{
    if (is->option_count > PATRIOT_OPTIONS_MAX || (is->option_count > 0 && !is->has_options)) {
        return say(wrong, "option_count is %u; at most %d, and options must not be NULL then", (unsigned)is->option_count,
                   PATRIOT_OPTIONS_MAX);
    }
    for (uint32_t i = 0; i < is->option_count; i++) {
        if (!check_option(is, i, wrong)) {
            return false;
        }
    }
    if (is->input_count > PATRIOT_INPUTS_MAX || (is->input_count > 0 && !is->has_inputs)) {
        return say(wrong, "input_count is %u; at most %d, and inputs must not be NULL then", (unsigned)is->input_count,
                   PATRIOT_INPUTS_MAX);
    }
    for (uint32_t i = 0; i < is->input_count; i++) {
        const char *flaw = word_flaw(is->inputs[i], sizeof is->inputs[i], "_.");
        if (flaw != NULL) {
            return say(wrong, "input %u: name %s", (unsigned)i, flaw);
        }
    }
    return true;
}

bool plugin_check(const plugin_description_t *is, const char *stem, char wrong[PLUGIN_WRONG_MAX])
{
    if (!check_texts(is, stem, wrong) || !check_lists(is, wrong)) {
        return false;
    }
    if (is->state_size < 1 || is->state_size > PATRIOT_STATE_MAX) {
        return say(wrong, "state_size is %u; 1 .. %d bytes", (unsigned)is->state_size, PATRIOT_STATE_MAX);
    }
    const char *without = !is->has_warm_up ? "warm_up" : !is->has_init ? "init" : !is->has_next ? "next" : NULL;
    return without == NULL || say(wrong, "%s is NULL; a strategy needs this function", without);
}
