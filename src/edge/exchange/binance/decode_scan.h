/* decode_scan.h: inside of the fast market decoder only: scanners that take exactly one spelling and give up at the first other byte.
 *
 * Each takes the place `at` and the end of the text and returns the place behind what it took, or NULL; the place travels in a register, so
 * that one step does not wait for the memory of the step before. Numbers are read eight characters at a time: the first byte that is no
 * digit is found by arithmetic on the whole word, the digits are moved to its end and summed with three multiplications. Nothing reads outside
 * [at, end).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/base/dec.h"

/* Behind the literal, or NULL. A macro because the length must be a constant for the comparison to become a few instructions. */
#define SCAN(at, end, literal)                                                                                                          \
    ((size_t)((end) - (at)) >= sizeof(literal) - 1 && memcmp((at), "" literal "", sizeof(literal) - 1) == 0 ? (at) + sizeof(literal) - 1 : NULL)

#define SCAN_EACH(byte) (UINT64_C(0x0101010101010101) * (uint64_t)(byte))

/* Eight bytes, the first one lowest. */
static inline uint64_t scan_load(const char *at)
{
    unsigned char b[8];
    memcpy(b, at, sizeof b);
    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 |
           (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

/* The same near the end of the text; zeros past it. */
static inline uint64_t scan_word(const char *at, const char *end)
{
    if (end - at >= 8) {
        return scan_load(at);
    }
    char bytes[8] = {0};
    memcpy(bytes, at, (size_t)(end - at));
    return scan_load(bytes);
}

/* How many of the word's first bytes are digits: 0..8. */
static inline unsigned scan_digits(uint64_t word)
{
    uint64_t other = ((word + SCAN_EACH(0x46)) | (word - SCAN_EACH(0x30))) & SCAN_EACH(0x80);
    return other == 0 ? 8 : (unsigned)__builtin_ctzll(other) / 8;
}

/* The value of the first `count` (1..8) digits of the word. */
static inline uint64_t scan_sum(uint64_t word, unsigned count)
{
    word = (word & SCAN_EACH(0x0F)) << (64 - 8 * count); /* leading zeros come in from below */
    word = word * 10 + (word >> 8);
    return (((word & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064)) +
            (((word >> 16) & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001))) >> 32;
}

static const uint64_t scan_powers[19] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, UINT64_C(10000000000), UINT64_C(100000000000),
    UINT64_C(1000000000000), UINT64_C(10000000000000), UINT64_C(100000000000000), UINT64_C(1000000000000000),
    UINT64_C(10000000000000000), UINT64_C(100000000000000000), UINT64_C(1000000000000000000),
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

/* digits[.digits]" with the closing quote: 1..7 digits before and 1..8 after the point, no sign. */
static inline const char *scan_dec(const char *at, const char *end, dec_t *out)
{
    uint64_t word = scan_word(at, end);
    unsigned count = scan_digits(word);
    if (count == 0 || count == 8) {
        return NULL;
    }
    uint64_t whole = scan_sum(word, count), fraction = 0;
    unsigned next = (unsigned)(word >> (8 * count)) & 0xFF; /* a zero past the end is neither of the two */
    at += count + 1;
    if (next == '.') {
        word = scan_word(at, end);
        count = scan_digits(word);
        if (count == 0 || (size_t)(end - at) <= count || at[count] != '"') {
            return NULL;
        }
        fraction = scan_sum(word, count) * scan_powers[18 - count];
        at += count + 1;
    } else if (next != '"') {
        return NULL;
    }
    out->units = (int128_t)((uint128_t)whole * UINT64_C(1000000000000000000) + fraction);
    return at;
}

/* Non-zero when one of the eight bytes is a quote, a backslash, a control character or above 127: the lowest marked byte is exact. */
static inline uint64_t scan_special(uint64_t word)
{
    uint64_t quote = word ^ SCAN_EACH('"'), slash = word ^ SCAN_EACH('\\');
    return (((quote - SCAN_EACH(1)) & ~quote) | ((slash - SCAN_EACH(1)) & ~slash) | ((word - SCAN_EACH(0x20)) & ~word) | word) & SCAN_EACH(0x80);
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
