/* json_scan.c: strings and numbers by the letter of RFC 8259.
 *
 * Strings: eight bytes at a time are looked at for a quote, a backslash, a control character or a byte above 127; only these are
 * looked at closely. Escapes are checked for form here and resolved in json_unescape.
 */
#include "edge/json/json_scan.h"

#include "core/base/assert.h"

#include <string.h>

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (uint64_t)(b))

/* Non-zero when one of the eight bytes is a quote, a backslash, below 0x20 or above 0x7F. */
static uint64_t word_has_special(uint64_t word)
{
    uint64_t quote = word ^ EACH_BYTE('"');
    uint64_t slash = word ^ EACH_BYTE('\\');
    uint64_t is_quote = (quote - EACH_BYTE(1)) & ~quote;
    uint64_t is_slash = (slash - EACH_BYTE(1)) & ~slash;
    uint64_t is_control = (word - EACH_BYTE(0x20)) & ~word;
    return (is_quote | is_slash | is_control | word) & EACH_BYTE(0x80);
}

size_t json_scan_utf8(const unsigned char *text, size_t length)
{
    static const struct {
        unsigned char first_low, first_high, second_low, second_high;
        size_t bytes;
    } forms[] = {
        {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
        {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (length < forms[i].bytes || text[0] < forms[i].first_low || text[0] > forms[i].first_high) {
            continue;
        }
        if (text[1] < forms[i].second_low || text[1] > forms[i].second_high) {
            return 0;
        }
        for (size_t k = 2; k < forms[i].bytes; k++) {
            if (text[k] < 0x80 || text[k] > 0xBF) {
                return 0;
            }
        }
        return forms[i].bytes;
    }
    return 0;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Bytes of the escape at text[0] == '\\'; 0 when it is none. */
static size_t escape_length(const char *text, size_t length)
{
    if (length < 2) {
        return 0;
    }
    if (memchr("\"\\/bfnrt", text[1], 8) != NULL) {
        return 2;
    }
    if (text[1] != 'u' || length < 6) {
        return 0;
    }
    return is_hex(text[2]) && is_hex(text[3]) && is_hex(text[4]) && is_hex(text[5]) ? 6 : 0;
}

result_t json_scan_string(json_reader_t *reader, str_t *raw)
{
    const char *bytes = reader->bytes;
    size_t start = reader->at + 1;
    size_t at = start;
    ASSERT(bytes[reader->at] == '"');
    for (;;) {
        for (uint64_t word; at + sizeof word <= reader->length; at += sizeof word) {
            memcpy(&word, bytes + at, sizeof word);
            if (word_has_special(word) != 0) {
                break;
            }
        }
        while (at < reader->length && (unsigned char)bytes[at] >= 0x20 && (unsigned char)bytes[at] < 0x80 && bytes[at] != '"' &&
               bytes[at] != '\\') {
            at++;
        }
        if (at >= reader->length) {
            return json_scan_fail(reader, RESULT_TRUNCATED, reader->at, "a string is not closed");
        }
        if (bytes[at] == '"') {
            *raw = (str_t){bytes + start, at - start};
            reader->at = at + 1;
            return RESULT_OK;
        }
        if ((unsigned char)bytes[at] < 0x20) {
            return json_scan_fail(reader, RESULT_MALFORMED, at, "a control character in a string");
        }
        size_t step = bytes[at] == '\\' ? escape_length(bytes + at, reader->length - at)
                                        : json_scan_utf8((const unsigned char *)bytes + at, reader->length - at);
        if (step == 0 && reader->length - at < 6 && memchr(bytes + at + 1, '"', reader->length - at - 1) == NULL) {
            return json_scan_fail(reader, RESULT_TRUNCATED, reader->at,
                                  "a string is not closed"); /* cut inside an escape or a character */
        }
        if (step == 0) {
            return json_scan_fail(reader, RESULT_MALFORMED, at, bytes[at] == '\\' ? "not an escape" : "not UTF-8");
        }
        at += step;
    }
}

static size_t digits_end(const json_reader_t *reader, size_t at)
{
    while (at < reader->length && reader->bytes[at] >= '0' && reader->bytes[at] <= '9') {
        at++;
    }
    return at;
}

static result_t number_fail(json_reader_t *reader, size_t at)
{
    bool ended = at >= reader->length;
    return json_scan_fail(reader, ended ? RESULT_TRUNCATED : RESULT_MALFORMED, at,
                          ended ? "the text ends inside a number" : "not a digit where a number needs one");
}

result_t json_scan_number(json_reader_t *reader, str_t *raw)
{
    const char *bytes = reader->bytes;
    size_t at = reader->at;
    if (bytes[at] == '-') {
        at++;
    }
    size_t end = digits_end(reader, at);
    if (end == at) {
        return number_fail(reader, at);
    }
    if (bytes[at] == '0' && end > at + 1) {
        return json_scan_fail(reader, RESULT_MALFORMED, at, "a number begins with a superfluous 0");
    }
    at = end;
    if (at < reader->length && bytes[at] == '.') {
        end = digits_end(reader, at + 1);
        if (end == at + 1) {
            return number_fail(reader, end);
        }
        at = end;
    }
    if (at < reader->length && (bytes[at] == 'e' || bytes[at] == 'E')) {
        at++;
        if (at < reader->length && (bytes[at] == '+' || bytes[at] == '-')) {
            at++;
        }
        end = digits_end(reader, at);
        if (end == at) {
            return number_fail(reader, at);
        }
        at = end;
    }
    *raw = (str_t){bytes + reader->at, at - reader->at};
    reader->at = at;
    return RESULT_OK;
}

result_t json_scan_word(json_reader_t *reader, str_t word)
{
    size_t left = reader->length - reader->at;
    size_t compare = left < word.length ? left : word.length;
    if (memcmp(reader->bytes + reader->at, word.bytes, compare) != 0) {
        return json_scan_fail(reader, RESULT_MALFORMED, reader->at, "a word that JSON does not know");
    }
    if (compare < word.length) {
        return json_scan_fail(reader, RESULT_TRUNCATED, reader->at, "the text ends inside a word");
    }
    reader->at += word.length;
    return RESULT_OK;
}
