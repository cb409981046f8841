/* client_id.c: the names that accounts give their orders, read once and then handled eight characters at a time. */
#include "core/venue/client_id.h"

#include "core/base/str.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first character is the lowest byte of a word");

/* Sixteen characters at once: a comparison gives a byte of ones or of zeros for each. */
typedef int8_t chars_t __attribute__((vector_size(16)));
typedef union {
    chars_t chars;
    uint64_t words[2];
} piece_t;

/* Ones where a character may not stand in a client id. What has its top bit set is below zero. */
static chars_t strange(chars_t chars)
{
    chars_t small = chars | 0x20;
    return ~(((chars >= '-') & (chars <= ':')) | ((small >= 'a') & (small <= 'z')) | (chars == '_'));
}

/* The bits of a word before its first byte of ones; all of it when there is none. */
static uint64_t before(uint64_t ends)
{
    return ends == 0 ? UINT64_MAX : (ends & -ends) - 1;
}

void client_text_read(client_text_t *out, const char text[CLIENT_ID_MAX])
{
    enum { PIECE = sizeof(chars_t) };
    memset(out, 0, sizeof *out);
    uint64_t wrong = 0;
    for (uint32_t at = 0; at < CLIENT_ID_MAX && text[at] != '\0'; at += PIECE) {
        piece_t piece = {.words = {0, 0}};
        if (at + PIECE <= CLIENT_ID_MAX) {
            memcpy(&piece, text + at, PIECE);
        } else {
            memcpy(&piece, text + at, CLIENT_ID_MAX % PIECE); /* the bytes above are zero */
        }
        const piece_t ends = {.chars = piece.chars == 0}, odd = {.chars = strange(piece.chars)};
        const uint64_t first = before(ends.words[0]), second = ends.words[0] == 0 ? before(ends.words[1]) : 0;
        out->words[at / 8] = piece.words[0] & first;
        if (at + 8 < CLIENT_ID_MAX) {
            out->words[at / 8 + 1] = piece.words[1] & second;
        }
        wrong |= (odd.words[0] & first) | (odd.words[1] & second);
        if ((ends.words[0] | ends.words[1]) != 0) {
            out->length = at + (ends.words[0] != 0 ? (uint32_t)__builtin_ctzll(ends.words[0]) / 8
                                                   : 8 + (uint32_t)__builtin_ctzll(ends.words[1]) / 8);
            break;
        }
        out->length = at + PIECE;
    }
    out->valid = wrong == 0 && out->length > 0 && out->length < CLIENT_ID_MAX;
}

uint32_t client_text_hash(const client_text_t *text, uint32_t account, uint32_t instrument)
{
    uint64_t hash = (uint64_t)account << 16 | instrument; /* words mixed as in MurmurHash3's finaliser (A. Appleby) */
    for (uint32_t at = 0; at < text->length; at += 8) {
        hash = (hash ^ text->words[at / 8]) * UINT64_C(0xFF51AFD7ED558CCD);
        hash ^= hash >> 33;
    }
    return (uint32_t)((hash * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

bool client_id_valid(const char text[CLIENT_ID_MAX])
{
    client_text_t read;
    client_text_read(&read, text);
    return read.valid;
}

uint32_t client_id_hash(const char text[CLIENT_ID_MAX], uint32_t account, uint32_t instrument)
{
    client_text_t read;
    client_text_read(&read, text);
    return client_text_hash(&read, account, instrument);
}

void client_id_own(char out[CLIENT_ID_MAX], const char *prefix, uint64_t id)
{
    uint32_t used = 0;
    for (; prefix[used] != '\0'; used++) {
        out[used] = prefix[used];
    }
    (void)str_from_u64(id, out + used);
}
