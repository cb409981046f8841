/* sign.h: signatures of requests, as exchanges take them: HMAC-SHA256 (hex), RSA PKCS#1 v1.5 with SHA-256 and Ed25519 (both
 * base64).
 *
 * A key is prepared once at start; signing then allocates nothing of ours. The simulated exchange opens the other half with
 * sign_key_open_public and verifies. Same bytes, same key: HMAC, RSA and Ed25519 all give the same signature again.
 */
#pragma once

#include "edge/secret/secret.h"

typedef enum { SIGN_HMAC_SHA256, SIGN_RSA_SHA256, SIGN_ED25519 } sign_kind_t;

enum {
    SIGN_BYTES_MAX = 1024,                              /* RSA of 8192 bits */
    SIGN_TEXT_MAX = 4 * ((SIGN_BYTES_MAX + 2) / 3) + 1, /* base64 with NUL */
    SIGN_RSA_BITS_MIN = 2048,
};

typedef struct sign_key sign_key_t; /* made by sign_key_open, freed by sign_key_close; one thread at a time */

/* Text that begins with "-----BEGIN" is a PEM private key, unencrypted, RSA or Ed25519; anything else is an HMAC secret as it
 * stands. RESULT_TEXT_EMPTY; RESULT_MALFORMED: no such key, or encrypted; RESULT_UNSUPPORTED: another kind of key, or RSA below
 * 2048 bits. */
result_t sign_key_open(const secret_t *secret, sign_key_t **key);

/* A PEM public key ("-----BEGIN PUBLIC KEY-----"), for verifying only. Errors as above. */
result_t sign_key_open_public(str_t pem, sign_key_t **key);

void sign_key_close(sign_key_t *key); /* NULL is allowed */

sign_kind_t sign_key_kind(const sign_key_t *key);

/* *size: in capacity (SIGN_BYTES_MAX is enough), out bytes written. RESULT_BAD_STATE: a public key cannot sign. */
result_t sign_bytes(sign_key_t *key, const void *bytes, size_t length, uint8_t *signature, size_t *size);

/* The signature as text: hex for HMAC, base64 otherwise (not yet percent-encoded). */
result_t sign_text(sign_key_t *key, const void *bytes, size_t length, char text[SIGN_TEXT_MAX]);

/* RESULT_OK only when the signature is right; RESULT_CHECKSUM when it is not; RESULT_TEXT_BAD_CHARACTER when the text is no hex or
 * base64. */
result_t sign_verify_bytes(sign_key_t *key, const void *bytes, size_t length, const uint8_t *signature, size_t size);
result_t sign_verify_text(sign_key_t *key, const void *bytes, size_t length, str_t text);
