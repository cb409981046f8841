/* decode_scan.h: inside of the fast market decoder only: scanners that take exactly one spelling and give up at the first other
 * byte.
 *
 * Each takes the place `at` and the end of the text and returns the place behind what it took, or NULL; the place travels in a
 * register, so that one step does not wait for the memory of the step before. Numbers are read eight characters at a time: the
 * first byte that is no digit is found by arithmetic on the whole word, the digits are moved to its end and summed with three
 * multiplications. Nothing reads outside [at, end).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/base/dec.h"

#define SCAN_EACH(byte) (UINT64_C(0x0101010101010101) * (uint64_t)(byte))

/* Eight bytes, the first one lowest. */
static inline uint64_t scan_load(const char *at)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
#else
    uint64_t word = 0;
    for (unsigned i = 0; i < 8; i++) {
        word |= (uint64_t)(unsigned char)at[i] << (8 * i);
    }
    return word;
#endif
}

/* Compared by whole words: the first eight bytes, the last eight, and what is between; or by the compiler where the length is a
 * power of two. Every condition on the length is a constant. */
#define SCAN_LITERAL_MAX         24
#define SCAN_LENGTH(literal)     (sizeof(literal) - 1)
#define SCAN_MASK(length)        ((length) >= 8 ? UINT64_MAX : (UINT64_C(1) << (8 * ((length)&7))) - 1)
#define SCAN_FROM_END(length)    ((length) > 8 ? (length)-8 : 0)
#define SCAN_PART(literal, from) scan_load(&("" literal "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")[from])
#define SCAN_SAME(at, literal, length)                                                                                             \
    ((length) == 1 || (length) == 2 || (length) == 4 || (length) == 8 ? memcmp((at), (literal), (length)) == 0                     \
                                                                      : SCAN_WORDS(at, literal, length))
#define SCAN_WORDS(at, literal, length)                                                                                            \
    (((scan_load(at) ^ SCAN_PART(literal, 0)) & SCAN_MASK(length)) == 0 &&                                                         \
     ((length) <= 8 || scan_load((at) + SCAN_FROM_END(length)) == SCAN_PART(literal, SCAN_FROM_END(length))) &&                    \
     ((length) <= 16 || scan_load((at) + 8) == SCAN_PART(literal, 8)))

/* Bytes that must be there for SCAN_SAME to look at. */
#define SCAN_NEED(length) ((length) == 1 || (length) == 2 || (length) == 4 || (length) >= 8 ? (length) : 8)

/* Behind the literal (at most SCAN_LITERAL_MAX bytes), or NULL. A macro because the literal must be a constant where it is
 * compared. */
#define SCAN(at, end, literal)                                                                                                     \
    ((size_t)((end) - (at)) >= SCAN_NEED(SCAN_LENGTH(literal))                                                                     \
         ? (SCAN_SAME(at, literal, SCAN_LENGTH(literal)) ? (at) + SCAN_LENGTH(literal) : NULL)                                     \
         : scan_match_tail((at), (end), (literal), SCAN_LENGTH(literal)))

/* The same where fewer bytes are left than a whole word needs: rare, and out of the way. */
const char *scan_match_tail(const char *at, const char *end, const char *literal, size_t length);
uint64_t scan_word_tail(const char *at, const char *end); /* zeros past the end */
const char *scan_dec_tail(const char *at, const char *end, dec_t *out);

/* Up to eight bytes; zeros past the end. */
static inline uint64_t scan_word(const char *at, const char *end)
{
    return end - at >= 8 ? scan_load(at) : scan_word_tail(at, end);
}

/* Marks (0x80) exactly the bytes that are no digits: a digit's byte is 0x30 + 0..9, and no sum here carries into the next byte. */
static inline uint64_t scan_others(uint64_t word)
{
    return ((((word ^ SCAN_EACH(0x30)) & SCAN_EACH(0x7F)) + SCAN_EACH(0x76)) | word) & SCAN_EACH(0x80);
}

static inline unsigned scan_first(uint64_t marks)
{
    return (unsigned)__builtin_ctzll(marks) / 8;
}

/* How many of the word's first bytes are digits: 0..8. */
static inline unsigned scan_digits(uint64_t word)
{
    uint64_t others = scan_others(word);
    return others == 0 ? 8 : scan_first(others);
}

/* The value of eight digits, the first one lowest; zero bytes count as '0'. */
static inline uint64_t scan_sum_all(uint64_t word)
{
    word &= SCAN_EACH(0x0F);
    word = word * 10 + (word >> 8);
    return (((word & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064)) +
            (((word >> 16) & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001))) >>
           32;
}

/* The value of the first `count` (1..8) digits of the word: they are moved to its end, and leading zeros come in from below. */
static inline uint64_t scan_sum(uint64_t word, unsigned count)
{
    return scan_sum_all(word << (64 - 8 * count));
}

static const uint64_t scan_powers[19] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    UINT64_C(10000000000),
    UINT64_C(100000000000),
    UINT64_C(1000000000000),
    UINT64_C(10000000000000),
    UINT64_C(100000000000000),
    UINT64_C(1000000000000000),
    UINT64_C(10000000000000000),
    UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000),
};

/* A bare whole number of 1..15 digits without superfluous zero: ids and times. */
static inline const char *scan_u64(const char *at, const char *end, uint64_t *out)
{
    uint64_t word = scan_word(at, end);
    unsigned count = scan_digits(word);
    if (count == 0 || ((word & 0xFF) == '0' && count > 1)) {
        return NULL;
    }
    uint64_t value = scan_sum(word, count);
    at += count;
    if (count == 8) {
        word = scan_word(at, end);
        count = scan_digits(word);
        if (count == 8) {
            return NULL; /* 16 digits and more are for the general way */
        }
        if (count > 0) {
            value = value * scan_powers[count] + scan_sum(word, count);
            at += count;
        }
    }
    *out = value;
    return at;
}

/* The same for a number that nobody asks for: its form is checked, its value is not made. */
static inline const char *scan_u64_skip(const char *at, const char *end)
{
    uint64_t word = scan_word(at, end);
    unsigned count = scan_digits(word);
    if (count == 0 || ((word & 0xFF) == '0' && count > 1)) {
        return NULL;
    }
    if (count < 8) {
        return at + count;
    }
    count = scan_digits(scan_word(at + 8, end));
    return count < 8 ? at + 8 + count : NULL;
}

/* Milliseconds -> ns. */
static inline const char *scan_time(const char *at, const char *end, int64_t *out_ns)
{
    uint64_t ms;
    at = scan_u64(at, end, &ms);
    if (at == NULL || ms > (uint64_t)(INT64_MAX / 1000000)) {
        return NULL;
    }
    *out_ns = (int64_t)ms * 1000000;
    return at;
}

static inline void scan_dec_put(uint64_t whole, uint64_t fraction, unsigned places, dec_t *out)
{
    out->units = (int128_t)((uint128_t)whole * UINT64_C(1000000000000000000) + fraction * scan_powers[18 - places]);
}

/* `whole` digits, a point, `places` digits, at most eight in all: the point is closed up and they are summed as one number. */
static inline dec_t scan_close_up(const char *at, unsigned whole, unsigned places)
{
    uint64_t digits = (scan_load(at) & ((UINT64_C(1) << 8 * whole) - 1)) | scan_load(at + whole + 1) << 8 * whole;
    return (dec_t){(int128_t)((uint128_t)scan_sum(digits, whole + places) * scan_powers[18 - places])};
}

/* digits[.digits]" with the closing quote: 1..7 digits before and 1..8 after the point, no sign.
 *
 * Point and quote are found in one look at sixteen bytes, so that the next number need not wait for the value of this one. What has
 * more than eight digits in all, or no point, goes the longer way. */
static inline const char *scan_dec(const char *at, const char *end, dec_t *out)
{
    if (end - at < 16) {
        return scan_dec_tail(at, end, out);
    }
    uint64_t others = scan_others(scan_load(at));
    if (others == 0) {
        return NULL;
    }
    unsigned point = scan_first(others);
    others &= others - 1; /* without the first mark */
    unsigned quote = others != 0 ? scan_first(others) : 8 + scan_digits(scan_load(at + 8));
    if (at[point] != '.' || at[quote] != '"' || point == 0 || quote > 9 || quote == point + 1) {
        return scan_dec_tail(at, end, out);
    }
    *out = scan_close_up(at, point, quote - point - 1);
    return at + quote + 1;
}

/* Where the digits of a number stand that has the form of the one before: `whole` digits, a point, digits; at most eight in all. */
typedef struct {
    unsigned whole, close,
        sum; /* digits before the point; bits by which the point is closed up, and by which digits go to the word's end */
    uint64_t mask, pad, power; /* of the whole digits; '0' in the bytes that stay empty; of ten */
} scan_form_t;

static inline scan_form_t scan_form(unsigned whole, unsigned places)
{
    unsigned sum = 64 - 8 * (whole + places);
    return (scan_form_t){
        .whole = whole,
        .close = 8 * whole,
        .sum = sum,
        .mask = (UINT64_C(1) << 8 * whole) - 1,
        .pad = SCAN_EACH('0') & ((UINT64_C(1) << sum) - 1),
        .power = scan_powers[18 - places],
    };
}

/* A number of exactly that form at `at`; 16 bytes must be there. Nothing is searched for, so nothing has to be waited for. */
static inline bool scan_dec_as(const char *at, const scan_form_t *form, dec_t *out)
{
    uint64_t digits = ((scan_load(at) & form->mask) | scan_load(at + form->whole + 1) << form->close) << form->sum;
    out->units = (int128_t)((uint128_t)scan_sum_all(digits) * form->power);
    return scan_others(digits | form->pad) == 0 && at[form->whole] == '.';
}

enum { SCAN_LEVEL_BYTES = 48 }; /* what may be looked at for one level */

/* Depth levels come in long runs of one form: price","quantity" */
typedef struct {
    scan_form_t price, quantity;
    unsigned second; /* where the quantity begins */
    unsigned length; /* up to and with its quote */
} scan_shape_t;

/* The shape of the level that was just read from [at, after), or false when a run of it cannot be read. */
static inline bool scan_shape(const char *at, const char *after, scan_shape_t *shape)
{
    const char *comma = memchr(at, ',', (size_t)(after - at));
    const char *point = memchr(at, '.', (size_t)(after - at));
    const char *second_point = comma != NULL ? memchr(comma, '.', (size_t)(after - comma)) : NULL;
    if (point == NULL || second_point == NULL || point > comma) {
        return false;
    }
    unsigned whole = (unsigned)(point - at), places = (unsigned)(comma - point) - 2;
    unsigned second_whole = (unsigned)(second_point - comma) - 2, second_places = (unsigned)(after - second_point) - 2;
    if (whole + places > 8 || second_whole + second_places > 8) {
        return false;
    }
    shape->price = scan_form(whole, places);
    shape->quantity = scan_form(second_whole, second_places);
    shape->second = (unsigned)(comma - at) + 2;
    shape->length = (unsigned)(after - at);
    return true;
}

/* One more level of that shape, and what separates it from a next one; SCAN_LEVEL_BYTES must be there. */
static inline bool scan_level_as(const char *at, const scan_shape_t *shape, dec_t *price, dec_t *quantity)
{
    bool good = scan_dec_as(at, &shape->price, price) && scan_dec_as(at + shape->second, &shape->quantity, quantity);
    return good && memcmp(at + shape->second - 3, "\",\"", 3) == 0 && at[shape->length - 1] == '"' &&
           memcmp(at + shape->length, "],[\"", 4) == 0;
}

/* Non-zero when one of the eight bytes is a quote, a backslash, a control character or above 127: the lowest marked byte is exact.
 */
static inline uint64_t scan_special(uint64_t word)
{
    uint64_t quote = word ^ SCAN_EACH('"'), slash = word ^ SCAN_EACH('\\');
    return (((quote - SCAN_EACH(1)) & ~quote) | ((slash - SCAN_EACH(1)) & ~slash) | ((word - SCAN_EACH(0x20)) & ~word) | word) &
           SCAN_EACH(0x80);
}

/* Behind the rest of a string of plain ASCII and its closing quote. */
static inline const char *scan_string_skip(const char *at, const char *end)
{
    uint64_t special;
    while ((special = scan_special(scan_word(at, end))) == 0) {
        at += 8;
    }
    at += (unsigned)__builtin_ctzll(special) / 8;
    return at < end && *at == '"' ? at + 1 : NULL;
}

/* A string of 1..31 plain ASCII characters as zero-padded words, and its closing quote. */
static inline const char *scan_words(const char *at, const char *end, uint64_t words[4])
{
    const char *start = at;
    words[0] = words[1] = words[2] = words[3] = 0;
    for (unsigned i = 0; i < 4; i++) {
        uint64_t word = scan_word(at, end);
        uint64_t special = scan_special(word);
        if (special == 0) {
            words[i] = word;
            at += 8;
            continue;
        }
        unsigned count = (unsigned)__builtin_ctzll(special) / 8;
        words[i] = word & ((UINT64_C(1) << (8 * count)) - 1);
        at += count;
        return at < end && *at == '"' && at > start ? at + 1 : NULL;
    }
    return NULL;
}
