/* decode_scan.c: the scanners of decode_scan.h near the end of the text, where whole words can no longer be loaded. Apart, so that
 * the hot ones stay small.
 */
#include "edge/exchange/binance/decode_scan.h"

const char *scan_match_tail(const char *at, const char *end, const char *literal, size_t length)
{
    return (size_t)(end - at) >= length && memcmp(at, literal, length) == 0 ? at + length : NULL;
}

uint64_t scan_word_tail(const char *at, const char *end)
{
    char bytes[8] = {0};
    memcpy(bytes, at, (size_t)(end - at));
    return scan_load(bytes);
}

const char *scan_dec_tail(const char *at, const char *end, dec_t *out)
{
    uint64_t word = scan_word(at, end);
    unsigned count = scan_digits(word);
    if (count == 0 || count == 8) {
        return NULL;
    }
    uint64_t whole = scan_sum(word, count);
    unsigned next = (unsigned)(word >> (8 * count)) & 0xFF; /* a zero past the end is neither of the two */
    if (next == '"') {
        scan_dec_put(whole, 0, 0, out);
        return at + count + 1;
    }
    if (next != '.') {
        return NULL;
    }
    at += count + 1;
    word = scan_word(at, end);
    count = scan_digits(word);
    if (count == 0 || (size_t)(end - at) <= count || at[count] != '"') {
        return NULL;
    }
    scan_dec_put(whole, scan_sum(word, count), count, out);
    return at + count + 1;
}
