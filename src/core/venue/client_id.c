/* client_id.c: the names that accounts give their orders, read once and then handled eight characters at a time. */
#include "core/venue/client_id.h"

#include "core/base/str.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first character is the lowest byte of a word");

#define ONES UINT64_C(0x0101010101010101) /* times a byte: that byte eight times */
#define TOPS (ONES * 0x80)

void client_text_read(client_text_t *out, const char text[CLIENT_ID_MAX])
{
    memset(out, 0, sizeof *out);
    for (uint32_t at = 0; at < CLIENT_ID_MAX; at += 8) {
        uint64_t word = 0;
        if (at + 8 <= CLIENT_ID_MAX) {
            memcpy(&word, text + at, 8);
        } else {
            memcpy(&word, text + at, CLIENT_ID_MAX % 8); /* the bytes above are zero */
        }
        uint64_t ends = (word - ONES) & ~word & TOPS; /* its lowest bit stands in the first NUL */
        uint32_t count = ends == 0 ? 8 : (uint32_t)__builtin_ctzll(ends) / 8;
        out->words[at / 8] = count == 8 ? word : word & ((UINT64_C(1) << 8 * count) - 1);
        out->length += count;
        if (count < 8) {
            break;
        }
    }
}

/* The top bit of each byte of `word`, all below 0x80, that lies in [low, high]. */
static uint64_t within(uint64_t word, unsigned char low, unsigned char high)
{
    return (word + ONES * (0x80U - low)) & ~(word + ONES * (0x7FU - high)) & TOPS;
}

bool client_text_valid(const client_text_t *text)
{
    for (uint32_t at = 0; at < text->length; at += 8) {
        uint64_t word = text->words[at / 8];
        uint32_t left = text->length - at;
        if (left < 8) {
            word |= ONES * 'a' & ~((UINT64_C(1) << 8 * left) - 1);
        }
        uint64_t seven = word & ~TOPS;
        uint64_t fine = within(seven, '-', ':') | within(seven | ONES * 0x20, 'a', 'z') | within(seven, '_', '_');
        if ((word & TOPS) != 0 || fine != TOPS) {
            return false;
        }
    }
    return text->length > 0 && text->length < CLIENT_ID_MAX;
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
    return client_text_valid(&read);
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
