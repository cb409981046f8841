/* decode_scan.h: inside of the fast market decoder only: scanners that take exactly one spelling and give up at the first other byte.
 *
 * Numbers are read eight characters at a time: the first byte that is no digit is found by arithmetic on the whole word, the digits are moved to its
 * end and summed with three multiplications. Nothing reads outside [at, end).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/base/dec.h"

typedef struct {
    const char *at, *end;
} scan_t;

static inline uint64_t scan_load(const char *at, size_t length)
{
    unsigned char bytes[8] = {0};
    memcpy(bytes, at, length);
    return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 | (uint64_t)bytes[3] << 24 | (uint64_t)bytes[4] << 32 |
           (uint64_t)bytes[5] << 40 | (uint64_t)bytes[6] << 48 | (uint64_t)bytes[7] << 56;
}

/* Up to eight bytes from `at`, the first one lowest; zeros past the end. */
static inline uint64_t scan_word(const char *at, const char *end)
{
    return end - at >= 8 ? scan_load(at, 8) : at < end ? scan_load(at, (size_t)(end - at)) : 0;
}

#define SCAN_EACH(byte) (UINT64_C(0x0101010101010101) * (uint64_t)(byte))

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

static inline bool scan_match(scan_t *scan, const char *literal, size_t length)
{
    if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, literal, length) != 0) {
        return false;
    }
    scan->at += length;
    return true;
}
#define SCAN(scan, literal) scan_match((scan), "" literal "", sizeof(literal) - 1)

static const uint64_t scan_powers[19] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, UINT64_C(10000000000), UINT64_C(100000000000),
    UINT64_C(1000000000000), UINT64_C(10000000000000), UINT64_C(100000000000000), UINT64_C(1000000000000000),
    UINT64_C(10000000000000000), UINT64_C(100000000000000000), UINT64_C(1000000000000000000),
};

/* A bare whole number of 1..15 digits without superfluous zero: ids and times. */
static inline bool scan_u64(scan_t *scan, uint64_t *out)
{
    uint64_t word = scan_word(scan->at, scan->end);
    unsigned count = scan_digits(word);
    if (count == 0 || ((word & 0xFF) == '0' && count > 1)) {
        return false;
    }
    uint64_t value = scan_sum(word, count);
    scan->at += count;
    if (count == 8) {
        word = scan_word(scan->at, scan->end);
        count = scan_digits(word);
        if (count == 8) {
            return false; /* 16 digits and more are for the general way */
        }
        if (count > 0) {
            value = value * scan_powers[count] + scan_sum(word, count);
            scan->at += count;
        }
    }
    *out = value;
    return true;
}

/* Milliseconds -> ns. */
static inline bool scan_time(scan_t *scan, int64_t *out_ns)
{
    uint64_t ms;
    if (!scan_u64(scan, &ms) || ms > (uint64_t)(INT64_MAX / 1000000)) {
        return false;
    }
    *out_ns = (int64_t)ms * 1000000;
    return true;
}

/* digits[.digits]" up to and with the closing quote: 1..8 digits before and 1..8 after the point, no sign. */
static inline bool scan_dec(scan_t *scan, dec_t *out)
{
    uint64_t word = scan_word(scan->at, scan->end);
    unsigned whole_count = scan_digits(word);
    if (whole_count == 0 || whole_count == 8) {
        return false;
    }
    uint64_t whole = scan_sum(word, whole_count);
    unsigned next = (unsigned)(word >> (8 * whole_count)) & 0xFF;
    if (next != '"' && next != '.') {
        return false;
    }
    scan->at += whole_count + 1;
    if (next == '"') {
        out->units = (int128_t)((uint128_t)whole * UINT64_C(1000000000000000000));
        return true;
    }
    word = scan_word(scan->at, scan->end);
    unsigned count = scan_digits(word);
    if (count == 0 || (size_t)(scan->end - scan->at) <= count || scan->at[count] != '"') {
        return false;
    }
    uint64_t fraction = scan_sum(word, count) * scan_powers[18 - count];
    out->units = (int128_t)((uint128_t)whole * UINT64_C(1000000000000000000) + fraction);
    scan->at += count + 1;
    return true;
}

/* Non-zero when one of the eight bytes is a quote, a backslash, a control character or above 127: the lowest marked byte is exact. */
static inline uint64_t scan_special(uint64_t word)
{
    uint64_t quote = word ^ SCAN_EACH('"'), slash = word ^ SCAN_EACH('\\');
    return (((quote - SCAN_EACH(1)) & ~quote) | ((slash - SCAN_EACH(1)) & ~slash) | ((word - SCAN_EACH(0x20)) & ~word) | word) & SCAN_EACH(0x80);
}

/* Past the rest of a string of plain ASCII and its closing quote. */
static inline bool scan_string_skip(scan_t *scan)
{
    for (;;) {
        uint64_t special = scan_special(scan_word(scan->at, scan->end));
        if (special != 0) {
            scan->at += (unsigned)__builtin_ctzll(special) / 8;
            break;
        }
        scan->at += 8;
    }
    if (scan->at >= scan->end || *scan->at != '"') {
        return false;
    }
    scan->at++;
    return true;
}

/* A string of 1..31 plain ASCII characters as zero-padded words, and its closing quote. */
static inline bool scan_words(scan_t *scan, uint64_t words[4])
{
    words[0] = words[1] = words[2] = words[3] = 0;
    for (unsigned i = 0; i < 4; i++) {
        uint64_t word = scan_word(scan->at, scan->end);
        uint64_t special = scan_special(word);
        if (special == 0) {
            words[i] = word;
            scan->at += 8;
            continue;
        }
        unsigned count = (unsigned)__builtin_ctzll(special) / 8;
        words[i] = count == 0 ? 0 : word << (64 - 8 * count) >> (64 - 8 * count);
        scan->at += count;
        if (scan->at >= scan->end || *scan->at != '"' || (i == 0 && count == 0)) {
            return false;
        }
        scan->at++;
        return true;
    }
    return false;
}
