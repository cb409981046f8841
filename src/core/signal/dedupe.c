/* dedupe.c: repetitions, expiry and names of signals; see dedupe.h. */
#include "core/signal/dedupe.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/hash.h"

static uint64_t hash_text(uint64_t seed, const char *text)
{
    const size_t length = strlen(text);
    return hash_bytes(hash_u64(seed, length), text, length);
}

void dedupe_init(dedupe_t *dedupe, dedupe_entry_t *entries, uint32_t capacity, int64_t window_ns)
{
    ASSERT(entries != NULL && capacity >= 1 && window_ns >= 0);
    memset(entries, 0, capacity * sizeof *entries);
    *dedupe = (dedupe_t){.entries = entries, .capacity = capacity, .window_ns = window_ns};
}

bool dedupe_admit(dedupe_t *dedupe, const signal_t *signal)
{
    uint64_t key = hash_u64(hash_u64(0, signal->instrument), (uint64_t)signal->side);
    key = hash_text(hash_text(key, signal->strategy), signal->source);
    key = key != 0 ? key : 1;
    for (uint32_t i = 0; i < dedupe->capacity; i++) {
        const dedupe_entry_t *entry = &dedupe->entries[i];
        if (entry->key == key && signal->made_ns - entry->made_ns < dedupe->window_ns) {
            return false;
        }
    }
    dedupe->entries[dedupe->next] = (dedupe_entry_t){key, signal->made_ns};
    dedupe->next = dedupe->next + 1 < dedupe->capacity ? dedupe->next + 1 : 0;
    return true;
}

bool signal_is_live(const signal_t *signal, int64_t now_ns)
{
    return now_ns < signal->expires_ns;
}

/* Appends at most `most` characters of text; the buffer is large enough by construction. */
static size_t put(char *id, size_t at, const char *text, size_t most)
{
    for (size_t i = 0; i < most && text[i] != '\0'; i++) {
        id[at++] = text[i];
    }
    return at;
}

void signal_id_make(const instrument_t *instrument, position_side_t side, const char *strategy, uint64_t combination,
                    char id[SIGNAL_ID_MAX])
{
    enum { SYMBOL_MOST = 13, STRATEGY_MOST = 8, HASH_CHARACTERS = 13 };
    _Static_assert(SYMBOL_MOST + 3 + STRATEGY_MOST + 1 + HASH_CHARACTERS < SIGNAL_ID_MAX, "the id fits");
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* Crockford's base 32 */
    uint64_t hash = hash_text(hash_text(hash_u64(combination, (uint64_t)side), instrument->venue), instrument->symbol);
    hash = hash_text(hash_u64(hash, (uint64_t)instrument->kind), strategy);

    size_t at = put(id, 0, instrument->symbol, SYMBOL_MOST);
    at = put(id, at, side == SIDE_LONG ? "-L-" : "-S-", 3);
    at = put(id, at, strategy, STRATEGY_MOST);
    at = put(id, at, "-", 1);
    for (unsigned i = 0; i < HASH_CHARACTERS; i++) {
        id[at++] = digits[(hash >> (5 * (HASH_CHARACTERS - 1 - i))) & 31u];
    }
    id[at] = '\0';
}
