/* client_id.h: the names that accounts give their orders: ^[\.A-Z\:/a-z0-9_-]{1,36}$. What stands behind the NUL does not count. */
#pragma once

#include <stdbool.h>
#include <string.h>

#include "core/base/id.h"

/* The characters as words, first character lowest, zero from the NUL on. */
typedef struct {
    uint64_t words[(CLIENT_ID_MAX + 7) / 8];
    uint32_t length; /* CLIENT_ID_MAX: there is no NUL */
} client_text_t;

client_text_t client_text(const char text[CLIENT_ID_MAX]);
bool client_text_valid(const client_text_t *text);

/* A client id is one of an account and instrument (of algo orders: of the account, instrument 0). */
uint32_t client_text_hash(const client_text_t *text, uint32_t account, uint32_t instrument);

bool client_id_valid(const char text[CLIENT_ID_MAX]);
uint32_t client_id_hash(const char text[CLIENT_ID_MAX], uint32_t account, uint32_t instrument);

/* One that the venue gives itself: the prefix and a number. */
void client_id_own(char out[CLIENT_ID_MAX], const char *prefix, uint64_t id);
