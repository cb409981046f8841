/* secret.h: values that must never be seen: kept in one struct, wiped when done with, compared in constant time, never printed.
 *
 * No function here turns a secret into text, and no LOG_ constructor takes a secret_t, so one cannot slip into a log by habit.
 * Signing with a secret stands in sign.h. OpenSSL does the cryptography; hex and base64 are strict in both directions.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"

enum {
    SECRET_MAX = 8192, /* a PEM key of 4096-bit RSA is below 3,400 bytes */
    HMAC_SHA256_SIZE = 32,
};

/* Bytes beyond `length` are always zero. Copies are allowed but each must be wiped. */
typedef struct {
    size_t length;
    unsigned char bytes[SECRET_MAX];
} secret_t;

/* Takes a copy; the caller wipes its own. RESULT_TEXT_EMPTY, RESULT_TEXT_TOO_LONG: unchanged. */
result_t secret_set(secret_t *secret, const void *bytes, size_t length);

/* A whole file, without a final line end. RESULT_PERMISSION: others than the owner may read it (must be 0600 or less), or not a
 * plain file; RESULT_NOT_FOUND, RESULT_IO, and the errors of secret_set. */
result_t secret_read_file(secret_t *secret, const char *path);

/* Overwrites in a way that the compiler may not leave out. */
void secret_wipe(secret_t *secret);
void secret_wipe_bytes(void *bytes, size_t length);

/* From now on this process leaves no core dump, and no other process of the same user may read its memory (PR_SET_DUMPABLE).
 * RESULT_IO. */
result_t secret_guard_process(void);

/* Time depends on the length only. */
bool secret_equal(const void *a, const void *b, size_t length);

/* From the kernel (getrandom); RESULT_IO when it gives none. */
result_t secret_random(void *bytes, size_t length);

result_t secret_hmac_sha256(const void *key, size_t key_length, const void *bytes, size_t length, uint8_t mac[HMAC_SHA256_SIZE]);

/* Lower-case hex with a NUL; capacity >= 2 * length + 1, else RESULT_TEXT_TOO_LONG. */
result_t hex_encode(const void *bytes, size_t length, char *text, size_t capacity);

/* Both cases; an odd length or another character is RESULT_TEXT_BAD_CHARACTER. *length: in capacity, out bytes written. */
result_t hex_decode(str_t text, void *bytes, size_t *length);

/* RFC 4648 with padding and a NUL; capacity >= 4 * ((length + 2) / 3) + 1, else RESULT_TEXT_TOO_LONG. */
result_t base64_encode(const void *bytes, size_t length, char *text, size_t capacity);

/* Exactly what base64_encode writes: padding is demanded, left-over bits must be zero. *length: in capacity, out bytes written. */
result_t base64_decode(str_t text, void *bytes, size_t *length);
