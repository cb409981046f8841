/* json_value.c: typed values: text, decimals and integers from numbers or strings, and the resolving of escapes. */
#include "edge/json/json_scan.h"

#include <string.h>

result_t json_read_string(json_reader_t *reader, str_t *raw)
{
    if (json_scan_expect(reader, JSON_STRING) != RESULT_OK) {
        return reader->error;
    }
    return json_scan_string(reader, raw);
}

result_t json_read_number(json_reader_t *reader, str_t *raw)
{
    if (json_scan_expect(reader, JSON_NUMBER) != RESULT_OK) {
        return reader->error;
    }
    return json_scan_number(reader, raw);
}

result_t json_read_text(json_reader_t *reader, char *buffer, size_t capacity, size_t *length)
{
    str_t raw = {0};
    size_t start = reader->at;
    if (json_read_string(reader, &raw) != RESULT_OK) {
        return reader->error;
    }
    result_t result = json_unescape(raw, buffer, capacity, length);
    if (result != RESULT_OK) {
        return json_scan_fail(reader, result, start, result_text(result));
    }
    return RESULT_OK;
}

result_t json_read_bool(json_reader_t *reader, bool *out)
{
    bool is_false = json_peek(reader) == JSON_FALSE;
    if (!is_false && json_scan_expect(reader, JSON_TRUE) != RESULT_OK) {
        return reader->error;
    }
    if (json_scan_word(reader, is_false ? STR("false") : STR("true")) == RESULT_OK) {
        *out = !is_false;
    }
    return reader->error;
}

result_t json_read_null(json_reader_t *reader)
{
    if (json_scan_expect(reader, JSON_NULL) != RESULT_OK) {
        return reader->error;
    }
    return json_scan_word(reader, STR("null"));
}

/* The text of a number or of a string; *is_string says which. */
static result_t number_or_string(json_reader_t *reader, str_t *raw, bool *is_string)
{
    json_kind_t kind = json_peek(reader);
    *is_string = kind == JSON_STRING;
    return kind == JSON_STRING ? json_read_string(reader, raw) : json_read_number(reader, raw);
}

enum { EXPONENT_MAX = 60, PLAIN_MAX = 128 };

/* Splits "1.25E-3" at the exponent. RESULT_NUMBER_OUT_OF_RANGE for exponents that no exact dec_t can need. */
static result_t exponent_split(str_t raw, str_t *mantissa, int *exponent)
{
    size_t e = 0;
    while (e < raw.length && raw.bytes[e] != 'e' && raw.bytes[e] != 'E') {
        e++;
    }
    *mantissa = (str_t){raw.bytes, e};
    *exponent = 0;
    if (e == raw.length) {
        return RESULT_OK;
    }
    bool negative = raw.bytes[e + 1] == '-';
    size_t at = e + 1 + (raw.bytes[e + 1] == '-' || raw.bytes[e + 1] == '+');
    int value = 0;
    for (; at < raw.length; at++) {
        value = value * 10 + (raw.bytes[at] - '0');
        if (value > EXPONENT_MAX) {
            return RESULT_NUMBER_OUT_OF_RANGE;
        }
    }
    *exponent = negative ? -value : value;
    return RESULT_OK;
}

/* Writes the number without its exponent: digits and a point moved. `plain` has PLAIN_MAX bytes. */
static result_t exponent_resolve(str_t mantissa, int exponent, char *plain, size_t *length)
{
    char digits[PLAIN_MAX];
    size_t count = 0, sign = mantissa.length > 0 && mantissa.bytes[0] == '-', out = 0;
    int point = 0; /* digits before the point */
    bool seen_point = false;
    for (size_t i = sign; i < mantissa.length; i++) {
        if (mantissa.bytes[i] == '.') {
            seen_point = true;
            continue;
        }
        if (count == PLAIN_MAX / 2 - EXPONENT_MAX / 2) {
            return RESULT_NUMBER_OUT_OF_RANGE;
        }
        digits[count++] = mantissa.bytes[i];
        point += !seen_point;
    }
    point += exponent;
    /* Zeros at the end of what stands after the point carry no value: 1.000000000000000000000E3 is exact. */
    while (count > 1 && (int)count > point && digits[count - 1] == '0') {
        count--;
    }
    if (sign) {
        plain[out++] = '-';
    }
    if (point <= 0) {
        plain[out++] = '0';
    }
    for (int i = 0; i < point; i++) {
        plain[out++] = (size_t)i < count ? digits[i] : '0';
    }
    if ((int)count > point) {
        plain[out++] = '.';
        for (int i = point; i < 0; i++) {
            plain[out++] = '0';
        }
        for (size_t i = point > 0 ? (size_t)point : 0; i < count; i++) {
            plain[out++] = digits[i];
        }
    }
    *length = out;
    return RESULT_OK;
}

static result_t number_to_dec(str_t raw, dec_t *out)
{
    str_t mantissa;
    int exponent;
    result_t result = exponent_split(raw, &mantissa, &exponent);
    if (result != RESULT_OK) {
        return result;
    }
    if (exponent == 0) {
        return dec_parse(mantissa.bytes, mantissa.length, out);
    }
    char plain[PLAIN_MAX + EXPONENT_MAX + 4];
    size_t length;
    result = exponent_resolve(mantissa, exponent, plain, &length);
    return result == RESULT_OK ? dec_parse(plain, length, out) : result;
}

result_t json_read_dec(json_reader_t *reader, dec_t *out)
{
    str_t raw = {0};
    bool is_string = false;
    if (number_or_string(reader, &raw, &is_string) != RESULT_OK) {
        return reader->error;
    }
    result_t result = is_string ? dec_parse(raw.bytes, raw.length, out) : number_to_dec(raw, out);
    if (result != RESULT_OK) {
        return json_scan_fail(reader, result, (size_t)(raw.bytes - reader->bytes), result_text(result));
    }
    return RESULT_OK;
}

result_t json_read_i64(json_reader_t *reader, int64_t *out)
{
    str_t raw = {0};
    bool is_string = false;
    if (number_or_string(reader, &raw, &is_string) != RESULT_OK) {
        return reader->error;
    }
    result_t result = str_to_i64(raw, out);
    if (result != RESULT_OK) {
        return json_scan_fail(reader, result, (size_t)(raw.bytes - reader->bytes), "a whole number is expected here");
    }
    return RESULT_OK;
}

result_t json_read_u64(json_reader_t *reader, uint64_t *out)
{
    str_t raw = {0};
    bool is_string = false;
    if (number_or_string(reader, &raw, &is_string) != RESULT_OK) {
        return reader->error;
    }
    result_t result = str_to_u64(raw, out);
    if (result != RESULT_OK) {
        return json_scan_fail(reader, result, (size_t)(raw.bytes - reader->bytes),
                              "a whole number that is not negative is expected here");
    }
    return RESULT_OK;
}

static bool hex4(const char *text, uint32_t *out)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        char c = text[i];
        if (c >= '0' && c <= '9') {
            value = value * 16 + (uint32_t)(c - '0');
        } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
            value = value * 16 + (uint32_t)((c | 0x20) - 'a' + 10);
        } else {
            return false;
        }
    }
    *out = value;
    return true;
}

static size_t utf8_put(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | (code >> 6));
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | (code >> 12));
        out[1] = (char)(0x80 | ((code >> 6) & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | (code >> 18));
    out[1] = (char)(0x80 | ((code >> 12) & 0x3F));
    out[2] = (char)(0x80 | ((code >> 6) & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* One \u escape, or the two of a surrogate pair, at raw[*at]. */
static result_t unicode_escape(str_t raw, size_t *at, uint32_t *code)
{
    if (raw.length - *at < 6 || !hex4(raw.bytes + *at + 2, code)) {
        return RESULT_MALFORMED;
    }
    *at += 6;
    if (*code >= 0xDC00 && *code <= 0xDFFF) {
        return RESULT_MALFORMED; /* a low surrogate without its high one */
    }
    if (*code >= 0xD800 && *code <= 0xDBFF) {
        uint32_t low;
        if (raw.length - *at < 6 || raw.bytes[*at] != '\\' || raw.bytes[*at + 1] != 'u' || !hex4(raw.bytes + *at + 2, &low) ||
            low < 0xDC00 || low > 0xDFFF) {
            return RESULT_MALFORMED;
        }
        *at += 6;
        *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
    }
    return *code == 0 ? RESULT_TEXT_BAD_CHARACTER : RESULT_OK;
}

static result_t escape_resolve(str_t raw, size_t *at, char out[4], size_t *length)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (raw.length - *at < 2) {
        return RESULT_MALFORMED;
    }
    if (raw.bytes[*at + 1] == 'u') {
        uint32_t code;
        result_t result = unicode_escape(raw, at, &code);
        if (result == RESULT_OK) {
            *length = utf8_put(code, out);
        }
        return result;
    }
    const char *found = memchr(from, raw.bytes[*at + 1], sizeof from - 1);
    if (found == NULL) {
        return RESULT_MALFORMED;
    }
    out[0] = to[found - from];
    *length = 1;
    *at += 2;
    return RESULT_OK;
}

/* Both passes of json_unescape: with buffer NULL it only measures, so that a failure leaves the buffer as it was. */
static result_t unescape_pass(str_t raw, char *buffer, size_t *length)
{
    size_t out = 0;
    for (size_t at = 0; at < raw.length;) {
        char piece[4] = {raw.bytes[at]};
        size_t count = 1;
        if (raw.bytes[at] == '\\') {
            result_t result = escape_resolve(raw, &at, piece, &count);
            if (result != RESULT_OK) {
                return result;
            }
        } else {
            at++;
        }
        if (buffer != NULL) {
            memcpy(buffer + out, piece, count);
        }
        out += count;
    }
    *length = out;
    return RESULT_OK;
}

result_t json_unescape(str_t raw, char *buffer, size_t capacity, size_t *length)
{
    size_t needed = 0;
    if (raw.length > 0 && memchr(raw.bytes, '\\', raw.length) != NULL) {
        result_t result = unescape_pass(raw, NULL, &needed);
        if (result != RESULT_OK) {
            return result;
        }
        if (needed >= capacity) {
            return RESULT_TEXT_TOO_LONG;
        }
        unescape_pass(raw, buffer, &needed);
    } else {
        needed = raw.length;
        if (needed >= capacity) {
            return RESULT_TEXT_TOO_LONG;
        }
        if (needed > 0) {
            memcpy(buffer, raw.bytes, needed);
        }
    }
    buffer[needed] = '\0';
    if (length != NULL) {
        *length = needed;
    }
    return RESULT_OK;
}
