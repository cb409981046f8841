/* str.c: slices of text. A slice of length 0 may have no bytes at all (NULL), so nothing hands it to memcmp or memcpy. */
#include "core/base/str.h"

#include <string.h>

#include "core/base/digits.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first character is the lowest byte of a word");

str_t str_from(const char *text)
{
    return text == NULL ? (str_t){"", 0} : (str_t){text, strlen(text)};
}

bool str_eq(str_t a, str_t b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_eq_nocase(str_t a, str_t b)
{
    if (a.length != b.length) {
        return false;
    }
    for (size_t i = 0; i < a.length; i++) {
        if (lower(a.bytes[i]) != lower(b.bytes[i])) {
            return false;
        }
    }
    return true;
}

bool str_starts_with(str_t text, str_t prefix)
{
    return text.length >= prefix.length && str_eq((str_t){text.bytes, prefix.length}, prefix);
}

bool str_ends_with(str_t text, str_t suffix)
{
    return text.length >= suffix.length &&
           (suffix.length == 0 || memcmp(text.bytes + (text.length - suffix.length), suffix.bytes, suffix.length) == 0);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

str_t str_trim(str_t text)
{
    while (text.length > 0 && is_blank(text.bytes[0])) {
        text.bytes++;
        text.length--;
    }
    while (text.length > 0 && is_blank(text.bytes[text.length - 1])) {
        text.length--;
    }
    return text;
}

str_t str_cut(str_t *text, char separator)
{
    str_t head = *text;
    for (size_t i = 0; i < text->length; i++) {
        if (text->bytes[i] == separator) {
            head.length = i;
            text->bytes += i + 1;
            text->length -= i + 1;
            return head;
        }
    }
    text->bytes = text->length == 0 ? text->bytes : text->bytes + text->length;
    text->length = 0;
    return head;
}

result_t str_copy(str_t text, char *buffer, size_t capacity)
{
    if (text.length >= capacity) {
        return RESULT_TEXT_TOO_LONG;
    }
    if (text.length > 0) {
        memcpy(buffer, text.bytes, text.length);
    }
    buffer[text.length] = '\0';
    return RESULT_OK;
}

const char digits_pairs[201] = "0001020304050607080910111213141516171819"
                               "2021222324252627282930313233343536373839"
                               "4041424344454647484950515253545556575859"
                               "6061626364656667686970717273747576777879"
                               "8081828384858687888990919293949596979899";

/* Eight digits at once, if they are: the first one is the lowest byte of a word (D. Lemire, "Quickly parsing eight digits", 2018).
 */
static inline bool eight_digits(const char *text, uint64_t *out)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t word;
    memcpy(&word, text, sizeof word);
    if ((word & 0xF0 * ones) != 0x30 * ones || ((word + 6 * ones) & 0xF0 * ones) != 0x30 * ones) {
        return false;
    }
    word -= 0x30 * ones;
    word = word * 10 + (word >> 8); /* pairs stand in every second byte */
    *out = ((word & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064) +
            (word >> 16 & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001)) >>
           32;
    return true;
}

/* The digits of `text` as a number not above `most`, which is no less than 10^18. */
static result_t digits_to_u64(str_t text, uint64_t most, uint64_t *out)
{
    enum { SURE = 18 }; /* so many digits are never too much */
    if (text.length == 0) {
        return RESULT_TEXT_EMPTY;
    }
    uint64_t value = 0, eight;
    size_t at = 0;
    while (at + 8 <= SURE && at + 8 <= text.length && eight_digits(text.bytes + at, &eight)) {
        value = value * 100000000 + eight;
        at += 8;
    }
    bool over = false;
    for (; at < text.length; at++) {
        unsigned digit = (unsigned)(unsigned char)text.bytes[at] - '0';
        if (digit > 9) {
            return RESULT_NUMBER_MALFORMED;
        }
        over = over || (at >= SURE && value > (most - digit) / 10);
        value = value * 10 + digit;
    }
    if (over) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    *out = value;
    return RESULT_OK;
}

result_t str_to_u64(str_t text, uint64_t *out)
{
    return digits_to_u64(text, UINT64_MAX, out);
}

result_t str_to_i64(str_t text, int64_t *out)
{
    bool negative = text.length > 0 && text.bytes[0] == '-';
    uint64_t magnitude = 0;
    if (negative) {
        text.bytes++;
        text.length--;
        if (text.length == 0) {
            return RESULT_NUMBER_MALFORMED;
        }
    }
    result_t result = digits_to_u64(text, negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX, &magnitude);
    if (result != RESULT_OK) {
        return result;
    }
    *out = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return RESULT_OK;
}

size_t str_from_u64(uint64_t value, char *buffer)
{
    unsigned length = digits_count(value);
    digits_put(buffer + length, value, length);
    buffer[length] = '\0';
    return length;
}

size_t str_from_i64(int64_t value, char *buffer)
{
    if (value >= 0) {
        return str_from_u64((uint64_t)value, buffer);
    }
    buffer[0] = '-';
    return 1 + str_from_u64(0 - (uint64_t)value, buffer + 1);
}

enum { DISTANCE_TEXT_MAX = 64, DISTANCE_MAX = 8 };

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insert, delete, replace, swap of neighbours; three rows of the usual table (F. Damerau 1964, V.
 * Levenshtein 1966). */
unsigned str_distance(str_t a, str_t b)
{
    if (a.length > DISTANCE_TEXT_MAX || b.length > DISTANCE_TEXT_MAX) {
        return DISTANCE_MAX + 1;
    }
    unsigned rows[3][DISTANCE_TEXT_MAX + 1];
    unsigned *before = rows[0], *previous = rows[1], *current = rows[2];
    for (unsigned j = 0; j <= b.length; j++) {
        previous[j] = j;
        before[j] = 0;
    }
    for (unsigned i = 1; i <= a.length; i++) {
        current[0] = i;
        for (unsigned j = 1; j <= b.length; j++) {
            bool same = a.bytes[i - 1] == b.bytes[j - 1];
            unsigned best = least(previous[j] + 1, current[j - 1] + 1);
            best = least(best, previous[j - 1] + (same ? 0 : 1));
            if (i > 1 && j > 1 && a.bytes[i - 1] == b.bytes[j - 2] && a.bytes[i - 2] == b.bytes[j - 1]) {
                best = least(best, before[j - 2] + 1);
            }
            current[j] = best;
        }
        unsigned *oldest = before;
        before = previous;
        previous = current;
        current = oldest;
    }
    return least(previous[b.length], DISTANCE_MAX + 1);
}
