/* call.c: see call.h. */
#include "edge/face/binance/call.h"

#include <stdio.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/face/binance/face_parts.h"
#include "edge/net/http.h"

/* --- parameters ------------------------------------------------------------------------------- */

static const param_t *find(const call_t *call, str_t name)
{
    for (uint32_t i = 0; i < call->param_count; i++) {
        if (str_eq(call->params[i].name, name))
            return &call->params[i];
    }
    return NULL;
}

static bool keep(call_t *call, str_t text, param_form_t form, str_t *out)
{
    char *room = call->text + call->text_used;
    size_t left = sizeof call->text - call->text_used;
    size_t length = 0;
    if (text.length > left)
        return call_fail(call, 400, -1101, "Too many parameters.");
    if (text.length == 0) {
        *out = (str_t){room, 0};
        return true;
    }
    if (form == PARAM_PLAIN) {
        memcpy(room, text.bytes, text.length);
        length = text.length;
    } else if (http_percent_decode(text, HTTP_PERCENT_FORM, room, left, &length) != RESULT_OK) {
        return call_fail(call, 400, -1100, "Illegal characters found in a parameter.");
    }
    *out = (str_t){room, length};
    call->text_used += length;
    return true;
}

void call_add_param(call_t *call, str_t name, str_t value, param_form_t form)
{
    str_t kept_name = {0}, kept_value = {0};
    if (!keep(call, name, form, &kept_name))
        return;
    const param_t *same = find(call, kept_name);
    if (same && same >= &call->params[call->source_first])
        call_fail(call, 400, -1101, "Duplicate values for a parameter detected.");
    if (same)
        return;
    if (call->param_count == CALL_PARAMS_MAX) {
        call_fail(call, 400, -1101, "Too many parameters.");
        return;
    }
    if (keep(call, value, form, &kept_value))
        call->params[call->param_count++] = (param_t){kept_name, kept_value};
}

void call_add_params(call_t *call, str_t text)
{
    call->source_first = call->param_count;
    for (str_t name, value; http_query_next(&text, &name, &value);)
        call_add_param(call, name, value, PARAM_ENCODED);
}

bool call_fail(call_t *call, unsigned status, int code, const char *text)
{
    if (call->error_code == 0) {
        call->status = status;
        call->error_code = code;
        snprintf(call->error_text, sizeof call->error_text, "%s", text);
    }
    return false;
}

bool call_failed(const call_t *call)
{
    return call->error_code != 0;
}

bool call_accept(call_t *call, venue_reply_t reply)
{
    if (reply.reject == VENUE_REJECT_NONE)
        return true;
    char text[VENUE_REJECT_TEXT_MAX];
    venue_reject_format(reply.reject, reply.limit, text);
    return call_fail(call, reply.reject == VENUE_REJECT_TOO_MANY_ORDERS_HERE ? 503 : 400, venue_reject_code(reply.reject), text);
}

bool call_accept_spot(call_t *call, spot_reject_t reject)
{
    return reject == SPOT_REJECT_NONE ||
           call_fail(call, reject == SPOT_REJECT_OVERLOADED ? 503 : 400, spot_reject_code(reject), spot_reject_text(reject));
}

bool call_has(const call_t *call, const char *name)
{
    return find(call, str_from(name)) != NULL;
}

static bool fail_named(call_t *call, int code, const char *before, const char *name, const char *after)
{
    char text[CALL_ERROR_MAX];
    snprintf(text, sizeof text, "%s'%s'%s", before, name, after);
    return call_fail(call, 400, code, text);
}

bool call_text(call_t *call, const char *name, param_need_t need, str_t *out)
{
    const param_t *param = find(call, str_from(name));
    if (!param && need == PARAM_MANDATORY)
        return fail_named(call, -1102, "Mandatory parameter ", name, " was not sent, was empty/null, or malformed.");
    if (!param)
        return !call_failed(call);
    if (param->value.length == 0 && need == PARAM_MAY_BE_EMPTY)
        return !call_failed(call);
    if (param->value.length == 0)
        return fail_named(call, -1105, "Parameter ", name, " was empty.");
    *out = param->value;
    return !call_failed(call);
}

/* The text of an optional value; *given says whether there is one. */
static bool take(call_t *call, const char *name, param_need_t need, str_t *text)
{
    *text = (str_t){0};
    return call_text(call, name, need, text);
}

bool call_u64(call_t *call, const char *name, param_need_t need, uint64_t *out)
{
    str_t text;
    if (!take(call, name, need, &text) || text.length == 0)
        return !call_failed(call);
    if (str_to_u64(text, out) != RESULT_OK)
        return fail_named(call, -1100, "Illegal characters found in parameter ", name, "; legal range is '^[0-9]{1,20}$'.");
    return true;
}

/* A time later than any we know is as good as the end of time; a year before that, so that the bar or the day after it can still be
 * named. */
bool call_time(call_t *call, const char *name, param_need_t need, int64_t *out_ns)
{
    static const uint64_t latest_ns = (uint64_t)(INT64_MAX - 366 * NS_PER_DAY);
    uint64_t time = 0;
    if (!call_u64(call, name, need, &time))
        return false;
    const param_t *param = find(call, str_from(name));
    if (!param || param->value.length == 0)
        return true;
    const uint64_t unit_ns = (uint64_t)(call->face->dialect->spot && time >= MICROSECONDS_FROM ? NS_PER_US : NS_PER_MS);
    *out_ns = (int64_t)(time < latest_ns / unit_ns ? time * unit_ns : latest_ns);
    return true;
}

bool call_dec(call_t *call, const char *name, param_need_t need, dec_t *out)
{
    str_t text;
    if (!take(call, name, need, &text) || text.length == 0)
        return !call_failed(call);
    dec_t value;
    result_t result = dec_parse(text.bytes, text.length, &value);
    if (result == RESULT_NUMBER_TOO_PRECISE)
        return call_fail(call, 400, -1111, "Precision is over the maximum defined for this asset.");
    if (result != RESULT_OK || text.bytes[0] == '-')
        return fail_named(call, -1100, "Illegal characters found in parameter ", name,
                          "; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.");
    *out = value;
    return true;
}

bool call_bool(call_t *call, const char *name, param_need_t need, bool *out)
{
    str_t text;
    if (!take(call, name, need, &text) || text.length == 0)
        return !call_failed(call);
    if (str_eq_nocase(text, STR("true")))
        *out = true;
    else if (str_eq_nocase(text, STR("false")))
        *out = false;
    else
        return fail_named(call, -1102, "Mandatory parameter ", name, " was not sent, was empty/null, or malformed.");
    return true;
}

static instrument_id_t find_symbol(const call_t *call, str_t symbol)
{
    const venue_t *venue = call->venue;
    uint32_t count = venue_instrument_count(venue);
    for (uint32_t i = 0; i < count; i++) {
        if (face_trades(call->face, (instrument_id_t)i) &&
            str_eq_nocase(symbol, str_from(venue_instrument_at(venue, (instrument_id_t)i)->symbol)))
            return (instrument_id_t)i;
    }
    return INSTRUMENT_NONE;
}

bool call_is_spot_symbol(str_t symbol)
{
    bool good = symbol.length <= 50;
    for (size_t i = 0; i < symbol.length; i++) {
        unsigned char c = (unsigned char)symbol.bytes[i];
        good = good && ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c != '\0' && strchr("-._", c)) || c >= 0x80);
    }
    return good;
}

bool call_symbol(call_t *call, param_need_t need, instrument_id_t *out)
{
    str_t text;
    if (!take(call, "symbol", need, &text) || text.length == 0)
        return !call_failed(call);
    if (call->face->dialect->spot && !call_is_spot_symbol(text))
        return fail_named(call, -1100, "Illegal characters found in parameter ", "symbol",
                          "; legal range is '^[\\w\\-._&&[^a-z]]{1,50}$'.");
    *out = find_symbol(call, text);
    return *out != INSTRUMENT_NONE || call_fail(call, 400, -1121, "Invalid symbol.");
}

bool call_pair(call_t *call, instrument_id_t *out)
{
    str_t text;
    if (!take(call, "pair", PARAM_MANDATORY, &text))
        return false;
    *out = find_symbol(call, text);
    return *out != INSTRUMENT_NONE || call_fail(call, 400, -4144, "Invalid pair");
}

bool call_timeframe(call_t *call, const char *name, timeframe_t *out)
{
    str_t text;
    if (!take(call, name, PARAM_MANDATORY, &text))
        return false;
    return timeframe_parse(text, out) == RESULT_OK || call_fail(call, 400, -1120, "Invalid interval.");
}

bool call_client_id(call_t *call, const char *name, client_id_t *out)
{
    str_t text;
    const param_t *param = find(call, str_from(name));
    if (param && param->value.length == 0)
        return name[0] == 'o' ? call_fail(call, 400, -1119, "Original client order ID was empty.")
                              : call_fail(call, 400, -1118, "New client order ID was empty.");
    if (!take(call, name, PARAM_OPTIONAL, &text) || text.length == 0)
        return !call_failed(call);
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c != '\0' && strchr(".:/_-", c));
        if (!good)
            return fail_named(call, -1100, "Illegal characters found in parameter ", name,
                              "; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.");
    }
    if (str_copy(text, out->text, sizeof out->text) != RESULT_OK)
        return call_fail(call, 400, -4015, "Client order id length should be less than 36 chars");
    return true;
}

bool call_span(call_t *call, int64_t from_ns, int64_t to_ns)
{
    if (from_ns == 0 || to_ns == 0)
        return true;
    if (from_ns > to_ns)
        return call_fail(call, 400, -1023, "Start time is greater than end time.");
    return to_ns - from_ns <= 7 * NS_PER_DAY || call_fail(call, 400, -1127, "More than 168 hours between startTime and endTime.");
}

bool call_limit(call_t *call, uint64_t most, uint64_t *out)
{
    if (!call_u64(call, "limit", PARAM_OPTIONAL, out))
        return false;
    if (*out == 0 || *out > most)
        return call_fail(call, 400, -1130, "Data sent for parameter 'limit' is not valid.");
    return true;
}

void write_words(json_writer_t *writer, const char *key, const char *const *words, size_t count)
{
    json_write_key(writer, key);
    json_begin_array(writer);
    for (size_t i = 0; i < count; i++)
        json_write_text(writer, str_from(words[i]));
    json_end_array(writer);
}
