/* session_set.c: sessions as a set of their indices (face_parts.h): whoever looks for a few among thousands walks only those. */
#include "edge/face/binance/face_parts.h"

void set_add(session_set_t *set, uint32_t index)
{
    set->words[index / 64] |= UINT64_C(1) << (index % 64);
}

void set_remove(session_set_t *set, uint32_t index)
{
    set->words[index / 64] &= ~(UINT64_C(1) << (index % 64));
}

bool set_has(const session_set_t *set, uint32_t index)
{
    return (set->words[index / 64] >> (index % 64) & 1) != 0;
}

uint32_t set_next(const session_set_t *set, uint32_t from)
{
    for (uint32_t word = from / 64; word < SESSION_SETS; word++) {
        uint64_t bits = set->words[word];
        if (word == from / 64)
            bits &= ~UINT64_C(0) << (from % 64);
        if (bits != 0)
            return word * 64 + (uint32_t)__builtin_ctzll(bits);
    }
    return FACE_SESSIONS_MAX;
}

uint32_t set_first_free(const session_set_t *set)
{
    for (uint32_t word = 0; word < SESSION_SETS; word++) {
        if (~set->words[word] != 0)
            return word * 64 + (uint32_t)__builtin_ctzll(~set->words[word]);
    }
    return FACE_SESSIONS_MAX;
}
