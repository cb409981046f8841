/* client_id.h: the names that accounts give their orders: ^[\.A-Z\:/a-z0-9_-]{1,36}$. What stands behind the NUL does not count. */
#pragma once

#include <stdbool.h>
#include <string.h>

#include "core/base/id.h"

enum { CLIENT_ID_WORDS = (CLIENT_ID_MAX + 7) / 8, CLIENT_ID_ROOM = 8 * CLIENT_ID_WORDS };

/* The characters as words, first character lowest, zero from the NUL on. */
typedef struct {
    uint64_t words[CLIENT_ID_WORDS];
    uint32_t length; /* CLIENT_ID_MAX: there is no NUL */
    bool valid;      /* as a client id */
} client_text_t;

void client_text_read(client_text_t *out, const char text[CLIENT_ID_MAX]);

/* Into a record and out of it again, word by word: what was just written is read in the same pieces, or the processor would have to
 * wait until it stands in the cache. */
static inline void client_text_store(const client_text_t *text, char record[CLIENT_ID_ROOM])
{
    for (uint32_t i = 0; i < CLIENT_ID_WORDS; i++) {
        memcpy(record + 8 * i, &text->words[i], 8);
    }
}

static inline void client_id_load(const char record[CLIENT_ID_ROOM], client_id_t *out)
{
    uint64_t word;
    for (uint32_t i = 0; i + 1 < CLIENT_ID_WORDS; i++) {
        memcpy(&word, record + 8 * i, 8);
        memcpy(out->text + 8 * i, &word, 8);
    }
    memcpy(&word, record + 8 * (CLIENT_ID_WORDS - 1), 8);
    memcpy(out->text + 8 * (CLIENT_ID_WORDS - 1), &word, CLIENT_ID_MAX % 8);
}

/* A client id is one of an account and instrument (of algo orders: of the account, instrument 0). */
uint32_t client_text_hash(const client_text_t *text, uint32_t account, uint32_t instrument);

bool client_id_valid(const char text[CLIENT_ID_MAX]);
uint32_t client_id_hash(const char text[CLIENT_ID_MAX], uint32_t account, uint32_t instrument);

/* One that the venue gives itself: the prefix and a number. */
void client_id_own(char out[CLIENT_ID_MAX], const char *prefix, uint64_t id);
