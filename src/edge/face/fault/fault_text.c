/* fault_text.c: faults out of words (fault.h). */
#include <stdio.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/face/fault/fault.h"

/* --- values ----------------------------------------------------------------------------------- */

result_t fault_duration(str_t text, int64_t *out_ns)
{
    static const struct {
        const char *unit;
        int64_t ns;
    } units[] = {{"ms", NS_PER_MS}, {"s", NS_PER_S}, {"m", NS_PER_MIN}, {"h", NS_PER_HOUR}, {"d", NS_PER_DAY}};
    size_t digits = 0;
    dec_t number, ns;
    while (digits < text.length && (text.bytes[digits] < 'a' || text.bytes[digits] > 'z'))
        digits++;
    if (dec_parse(text.bytes, digits, &number) != RESULT_OK)
        return RESULT_MALFORMED;
    str_t unit = {text.bytes + digits, text.length - digits};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (!str_eq(unit, str_from(units[i].unit)))
            continue;
        if (dec_gt(dec_abs(number), dec_from_int(INT64_C(10000) * NS_PER_DAY / units[i].ns)))
            return RESULT_NUMBER_OUT_OF_RANGE;
        result_t result = dec_mul(number, dec_from_int(units[i].ns), DEC_ROUND_DOWN, &ns);
        char whole[DEC_TEXT_MAX];
        return result == RESULT_OK ? str_to_i64((str_t){whole, dec_format_places(ns, 0, whole)}, out_ns) : result;
    }
    return RESULT_MALFORMED;
}

static bool complain(char error[FAULT_ERROR_MAX], str_t name, str_t value, const char *wanted)
{
    snprintf(error, FAULT_ERROR_MAX, "%.*s: \"%.*s\" is not %s", (int)(name.length < 40 ? name.length : 40), name.bytes,
             (int)(value.length < 60 ? value.length : 60), value.bytes, wanted);
    return false;
}

static bool read_choice(const char *choices, str_t value, int64_t *index)
{
    str_t rest = str_from(choices);
    for (int64_t i = 0; rest.length > 0; i++) {
        if (str_eq(str_cut(&rest, '|'), value)) {
            *index = i;
            return true;
        }
    }
    return false;
}

/* Names of symbols, accounts, paths: nothing that could spoil a log or a reply. */
static bool read_word(str_t value, char out[FAULT_WORD_MAX])
{
    for (size_t i = 0; i < value.length; i++) {
        if (value.bytes[i] <= ' ' || value.bytes[i] > '~' || value.bytes[i] == '"' || value.bytes[i] == '\\')
            return false;
    }
    return str_copy(value, out, FAULT_WORD_MAX) == RESULT_OK;
}

static bool read_parameter(const fault_parameter_t *parameter, str_t value, fault_value_t *out, char error[FAULT_ERROR_MAX])
{
    char wanted[160];
    str_t name = str_from(parameter->name);
    switch (parameter->type) {
    case FAULT_NUMBER:
        snprintf(wanted, sizeof wanted, "a whole number from %.0f to %.0f", parameter->least, parameter->most);
        if (str_to_i64(value, &out->number) != RESULT_OK || (double)out->number < parameter->least ||
            (double)out->number > parameter->most)
            return complain(error, name, value, wanted);
        return true;
    case FAULT_TIME:
        snprintf(wanted, sizeof wanted, "a time from %.0fs to %.0fs, such as 250ms, 5s, 2h", parameter->least, parameter->most);
        if (fault_duration(value, &out->number) != RESULT_OK || (double)out->number < parameter->least * 1e9 ||
            (double)out->number > parameter->most * 1e9)
            return complain(error, name, value, wanted);
        return true;
    case FAULT_DEC:
        snprintf(wanted, sizeof wanted, "a number from %g to %g", parameter->least, parameter->most);
        if (dec_parse(value.bytes, value.length, &out->amount) != RESULT_OK || dec_to_double(out->amount) < parameter->least ||
            dec_to_double(out->amount) > parameter->most)
            return complain(error, name, value, wanted);
        return true;
    case FAULT_CHOICE:
        snprintf(wanted, sizeof wanted, "one of %s", parameter->choices);
        return read_choice(parameter->choices, value, &out->number) || complain(error, name, value, wanted);
    case FAULT_TEXT:
        snprintf(wanted, sizeof wanted, "a word of %.0f to %.0f letters", parameter->least, parameter->most);
        return (read_word(value, out->text) && (double)value.length >= parameter->least &&
                (double)value.length <= parameter->most) ||
               complain(error, name, value, wanted);
    }
    return false;
}

void fault_spec_init(fault_spec_t *spec, fault_knob_t knob)
{
    const fault_row_t *row = fault_row(knob);
    char error[FAULT_ERROR_MAX];
    memset(spec, 0, sizeof *spec);
    spec->knob = knob;
    spec->count = row->lasting ? 0 : 1;
    spec->nth = 1;
    spec->chance = 1000000;
    spec->on = row->on;
    snprintf(spec->label, sizeof spec->label, "%s", row->name);
    for (unsigned i = 0; i < FAULT_PARAMETERS_MAX && row->parameters[i].name; i++) {
        const fault_parameter_t *parameter = &row->parameters[i];
        if (parameter->type != FAULT_CHOICE && parameter->usual[0] != '\0')
            (void)read_parameter(parameter, str_from(parameter->usual), &spec->values[i], error);
    }
}

/* --- when, and on what ------------------------------------------------------------------------ */

static bool read_count(str_t name, str_t value, uint32_t *out, char error[FAULT_ERROR_MAX])
{
    uint64_t number = 0;
    if (str_to_u64(value, &number) != RESULT_OK || number == 0 || number > FAULT_COUNT_MAX)
        return complain(error, name, value, "a whole number from 1 to 1000000");
    *out = (uint32_t)number;
    return true;
}

static bool read_at(fault_spec_t *spec, str_t value, char error[FAULT_ERROR_MAX])
{
    int64_t ns = 0;
    if (str_eq(value, STR("now")) || fault_duration(value, &ns) == RESULT_OK) {
        if (ns < 0)
            return complain(error, STR("at"), value, "a time to come");
        spec->at_ns = ns;
        spec->at_fixed = false;
        return true;
    }
    if (time_parse(value.bytes, value.length, &ns) != RESULT_OK)
        return complain(error, STR("at"), value, "a time after the start (90s, 2h) or of the venue (2025-01-01T00:00:00Z)");
    spec->at_ns = ns;
    spec->at_fixed = true;
    return true;
}

static bool read_for(fault_spec_t *spec, str_t value, char error[FAULT_ERROR_MAX])
{
    int64_t ns = 0;
    if (fault_duration(value, &ns) != RESULT_OK || ns <= 0)
        return complain(error, STR("for"), value, "a time above 0, such as 90s or 2h");
    spec->for_ns = ns;
    return true;
}

static bool read_chance(fault_spec_t *spec, str_t value, char error[FAULT_ERROR_MAX])
{
    dec_t chance;
    if (dec_parse(value.bytes, value.length, &chance) != RESULT_OK || dec_sign(chance) <= 0 || dec_gt(chance, DEC_ONE) ||
        dec_to_double(chance) * 1e6 < 1)
        return complain(error, STR("chance"), value, "a number above 0 and up to 1, such as 0.2");
    spec->chance = (uint32_t)(dec_to_double(chance) * 1e6 + 0.5);
    return true;
}

static bool read_on(fault_spec_t *spec, str_t value, char error[FAULT_ERROR_MAX])
{
    for (unsigned on = 0; on < FAULT_ON_COUNT; on++) {
        if (str_eq(value, str_from(fault_on_name((fault_on_t)on)))) {
            spec->on = (fault_on_t)on;
            spec->on_given = true;
            return true;
        }
    }
    return complain(error, STR("on"), value, "one of any|trade|order|cancel|query|account|market|key|user");
}

static bool unknown_name(const fault_row_t *row, str_t name, char error[FAULT_ERROR_MAX])
{
    size_t used = (size_t)snprintf(error, FAULT_ERROR_MAX, "%s has no \"%.*s\"; there are", row->name,
                                   (int)(name.length < 40 ? name.length : 40), name.bytes);
    for (unsigned i = 0; i < FAULT_PARAMETERS_MAX && row->parameters[i].name; i++)
        used += (size_t)snprintf(error + used, FAULT_ERROR_MAX - used, " %s,", row->parameters[i].name);
    (void)snprintf(error + used, FAULT_ERROR_MAX - used, " at, for, count, nth, chance, on, path, event, symbol, account");
    return false;
}

static bool set_common(fault_spec_t *spec, str_t name, str_t value, bool *known, char error[FAULT_ERROR_MAX])
{
    *known = true;
    if (str_eq(name, STR("at")))
        return read_at(spec, value, error);
    if (str_eq(name, STR("for")))
        return read_for(spec, value, error);
    if (str_eq(name, STR("count")))
        return read_count(name, value, &spec->count, error);
    if (str_eq(name, STR("nth")))
        return read_count(name, value, &spec->nth, error);
    if (str_eq(name, STR("chance")))
        return read_chance(spec, value, error);
    if (str_eq(name, STR("on")))
        return read_on(spec, value, error);
    char *word = str_eq(name, STR("path"))      ? spec->path
                 : str_eq(name, STR("event"))   ? spec->event
                 : str_eq(name, STR("symbol"))  ? spec->symbol
                 : str_eq(name, STR("account")) ? spec->account
                                                : NULL;
    *known = word != NULL;
    return word != NULL && value.length > 0 &&
           (read_word(value, word) || complain(error, name, value, "a word of up to 39 letters"));
}

bool fault_spec_set(fault_spec_t *spec, str_t name, str_t value, char error[FAULT_ERROR_MAX])
{
    const fault_row_t *row = fault_row(spec->knob);
    fault_spec_t next = *spec;
    bool known = false;
    /* "count" given together with "for" bounds both; "for" alone lets it strike as often as it comes. */
    bool had_for = spec->for_ns > 0;
    for (unsigned i = 0; i < FAULT_PARAMETERS_MAX && row->parameters[i].name; i++) {
        if (str_eq(name, str_from(row->parameters[i].name))) {
            if (!read_parameter(&row->parameters[i], value, &next.values[i], error))
                return false;
            *spec = next;
            return true;
        }
    }
    if (!set_common(&next, name, value, &known, error)) {
        if (!known)
            return unknown_name(row, name, error);
        return error[0] != '\0' ? false : complain(error, name, value, "a word");
    }
    if (!had_for && next.for_ns > 0 && !next.count_given)
        next.count = 0;
    next.count_given = next.count_given || str_eq(name, STR("count"));
    *spec = next;
    return true;
}

bool fault_spec_check(const fault_spec_t *spec, char error[FAULT_ERROR_MAX])
{
    const fault_row_t *row = fault_row(spec->knob);
    if (spec->knob == FAULT_SYM_RENAME && (spec->symbol[0] == '\0' || spec->values[0].text[0] == '\0')) {
        snprintf(error, FAULT_ERROR_MAX, "sym.rename wants symbol=OLD to=NEW");
        return false;
    }
    if (row->way == FAULT_STATE && (spec->nth > 1 || spec->chance != 1000000 || spec->on_given)) {
        snprintf(error, FAULT_ERROR_MAX, "%s holds while it lasts: nth, chance and on mean nothing there", row->name);
        return false;
    }
    if (row->way == FAULT_ACT && !spec->on_given && (spec->nth > 1 || spec->chance != 1000000 || spec->count > 1)) {
        snprintf(error, FAULT_ERROR_MAX, "%s happens once at its time; nth, chance and count need an event: add on=order",
                 row->name);
        return false;
    }
    return true;
}

bool fault_spec_parse(str_t text, fault_spec_t *spec, char error[FAULT_ERROR_MAX])
{
    str_t rest = str_trim(text);
    str_t name = str_cut(&rest, ' '), k = name;
    str_t knob_name = str_cut(&k, '@');
    error[0] = '\0';
    fault_knob_t knob = fault_knob_find(knob_name);
    if (knob == FAULT_KNOB_COUNT) {
        snprintf(error, FAULT_ERROR_MAX, "there is no knob \"%.*s\"; `patriot exchange ctl DIR faults` lists them",
                 (int)(knob_name.length < 60 ? knob_name.length : 60), knob_name.bytes);
        return false;
    }
    fault_spec_t next;
    fault_spec_init(&next, knob);
    if (knob_name.length < name.length && !fault_spec_set(&next, STR("k"), k, error))
        return false;
    while ((rest = str_trim(rest)).length > 0) {
        str_t value = str_cut(&rest, ' ');
        str_t key = str_cut(&value, '=');
        if (!fault_spec_set(&next, key, value, error))
            return false;
    }
    if (!fault_spec_check(&next, error))
        return false;
    *spec = next;
    return true;
}
