/* dec_text.c: dec_t from text and to text. The grammar is [-]digits[.digits] and nothing else. */
#include "core/base/assert.h"
#include "core/base/dec.h"
#include "core/base/dec_wide.h"
#include "core/base/digits.h"

#include <string.h>

enum { WHOLE_DIGITS_MAX = 20, WORD_DIGITS = 19 /* decimal digits that always fit 64 bits */ };

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits from *cursor on into *value, up to `most` of them, leaving *cursor behind the last one taken. */
static inline unsigned take_digits(const char **cursor, const char *end, unsigned most, uint64_t *value)
{
    const char *at = *cursor;
    const char *stop = (size_t)(end - at) > most ? at + most : end;
    uint64_t sum = 0;
    while (at < stop && is_digit(*at)) {
        sum = sum * 10 + (uint64_t)(*at - '0');
        at++;
    }
    unsigned count = (unsigned)(at - *cursor);
    *cursor = at;
    *value = sum;
    return count;
}

/* Past all remaining digits; true when nothing else follows. */
static bool only_digits_left(const char *cursor, const char *end)
{
    while (cursor < end && is_digit(*cursor)) {
        cursor++;
    }
    return cursor == end;
}

/* The digits before the point. Leading zeros are allowed and do not count. */
static result_t parse_whole(const char **cursor, const char *end, uint128_t *whole)
{
    const char *start = *cursor;
    while (*cursor < end && **cursor == '0') {
        (*cursor)++;
    }
    uint64_t word;
    unsigned count = take_digits(cursor, end, WORD_DIGITS, &word);
    *whole = word;
    if (count == WORD_DIGITS && *cursor < end && is_digit(**cursor)) {
        *whole = (uint128_t)word * 10 + (uint128_t)(**cursor - '0');
        (*cursor)++;
        if (*cursor < end && is_digit(**cursor)) {
            return RESULT_NUMBER_OUT_OF_RANGE; /* a 21st digit */
        }
    }
    return *cursor == start ? RESULT_NUMBER_MALFORMED : RESULT_OK;
}

/* After a 21st digit: is the text a number at all, only too big? */
static result_t classify_too_big(const char *cursor, const char *end)
{
    while (cursor < end && is_digit(*cursor)) {
        cursor++;
    }
    if (cursor == end || (*cursor == '.' && cursor + 1 < end && only_digits_left(cursor + 1, end))) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    return RESULT_NUMBER_MALFORMED;
}

result_t dec_parse(const char *text, size_t length, dec_t *out)
{
    if (length == 0) {
        return RESULT_TEXT_EMPTY;
    }
    const char *cursor = text;
    const char *end = text + length;
    bool negative = *cursor == '-';
    cursor += negative ? 1 : 0;

    uint128_t whole;
    result_t result = parse_whole(&cursor, end, &whole);
    if (result == RESULT_NUMBER_OUT_OF_RANGE) {
        return classify_too_big(cursor, end);
    }
    if (result != RESULT_OK) {
        return result;
    }
    uint64_t fraction = 0;
    if (cursor < end) {
        if (*cursor != '.') {
            return RESULT_NUMBER_MALFORMED;
        }
        cursor++;
        unsigned places = take_digits(&cursor, end, DEC_PLACES, &fraction);
        if (places == 0) {
            return RESULT_NUMBER_MALFORMED;
        }
        if (cursor < end) {
            return only_digits_left(cursor, end) ? RESULT_NUMBER_TOO_PRECISE : RESULT_NUMBER_MALFORMED;
        }
        fraction *= wide_powers_of_ten[DEC_PLACES - places];
    }
    /* whole has at most 20 digits and the fraction 18: the sum stays below 10^38. */
    int128_t magnitude = (int128_t)whole * DEC_UNITS_PER_ONE + (int128_t)fraction;
    out->units = negative ? -magnitude : magnitude;
    return RESULT_OK;
}

/* The whole part without leading zeros; whole < 10^20. Returns where it ends. */
static char *put_whole(char *at, uint128_t whole)
{
    if (whole < UINT64_MAX) {
        unsigned count = digits_count((uint64_t)whole);
        digits_put(at + count, (uint64_t)whole, count);
        return at + count;
    }
    /* 20 digits: 10 and 10. */
    uint64_t upper = (uint64_t)(whole / 10000000000U);
    digits_put(at + 10, upper, 10);
    digits_put(at + 20, (uint64_t)(whole - (uint128_t)upper * 10000000000U), 10);
    return at + WHOLE_DIGITS_MAX;
}

/* Sign, whole part and the first `places` digits after the point, which are `digits`. */
static size_t put_number(bool negative, uint128_t whole, uint64_t digits, unsigned places, char *buffer)
{
    char *at = buffer;
    if (negative) {
        *at++ = '-';
    }
    at = put_whole(at, whole);
    if (places > 0) {
        *at++ = '.';
        at += places;
        digits_put(at, digits, places);
    }
    *at = '\0';
    return (size_t)(at - buffer);
}

/* As many places as the fraction needs. */
static size_t put_exact(bool negative, uint128_t whole, uint64_t fraction, char *buffer)
{
    unsigned places = fraction == 0 ? 0 : DEC_PLACES;
    /* Market numbers rarely use the last places: half of them go at one stroke. */
    if (places > 0 && fraction % 1000000000 == 0) {
        fraction /= 1000000000;
        places -= 9;
    }
    while (places > 0 && fraction % 10 == 0) {
        fraction /= 10;
        places--;
    }
    return put_number(negative, whole, fraction, places, buffer);
}

size_t dec_format(dec_t value, char buffer[DEC_TEXT_MAX])
{
    uint64_t fraction;
    uint128_t whole = wide_split_one(wide_magnitude(value.units), &fraction);
    return put_exact(value.units < 0, whole, fraction, buffer);
}

size_t dec_format_places(dec_t value, unsigned places, char buffer[DEC_TEXT_MAX])
{
    ASSERT(places <= DEC_PLACES);
    uint64_t fraction;
    uint128_t whole = wide_split_one(wide_magnitude(value.units), &fraction);
    fraction /= wide_powers_of_ten[DEC_PLACES - places];
    bool negative = value.units < 0 && (whole != 0 || fraction != 0); /* what is cut to zero has no sign */
    return put_number(negative, whole, fraction, places, buffer);
}

size_t dec_format_least(dec_t value, unsigned places, char buffer[DEC_TEXT_MAX])
{
    ASSERT(places <= DEC_PLACES);
    uint64_t fraction, power = wide_powers_of_ten[DEC_PLACES - places];
    uint128_t whole = wide_split_one(wide_magnitude(value.units), &fraction);
    uint64_t digits = fraction / power;
    if (digits * power != fraction) {
        return put_exact(value.units < 0, whole, fraction, buffer);
    }
    return put_number(value.units < 0, whole, digits, places, buffer);
}

/* Takes `zeros` zeros off the end, when they are there. */
static inline unsigned strip_zeros(uint64_t *fraction, uint64_t power, unsigned zeros)
{
    if (*fraction % power != 0) {
        return 0;
    }
    *fraction /= power;
    return zeros;
}

unsigned dec_places(dec_t value)
{
    uint128_t magnitude = wide_magnitude(value.units);
    uint64_t fraction = (uint64_t)magnitude;
    if (magnitude >= (uint128_t)DEC_UNITS_PER_ONE) { /* not a tick or a lot step, which are mostly below one */
        (void)wide_split_one(magnitude, &fraction);
    }
    if (fraction == 0) {
        return 0;
    }
    unsigned places = DEC_PLACES; /* up to 17 zeros: 9 and 4 and 2 and 1 and 1 */
    places -= strip_zeros(&fraction, 1000000000, 9);
    places -= strip_zeros(&fraction, 10000, 4);
    places -= strip_zeros(&fraction, 100, 2);
    places -= strip_zeros(&fraction, 10, 1);
    places -= strip_zeros(&fraction, 10, 1);
    return places;
}
