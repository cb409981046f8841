/* self_signed.h: a key and a certificate of our own, for a server on this machine or in this house that nobody else vouches for.
 *
 * Clients trust it by naming the certificate as their CA. ECDSA P-256, valid ten years, for localhost, 127.0.0.1, ::1 and one more
 * name or address.
 */
#pragma once

#include "core/base/result.h"

enum { SELF_SIGNED_PEM_MAX = 2048 };

/* PEM texts. The key is a secret: secret_wipe_bytes the whole when it has been stored. */
typedef struct {
    char certificate[SELF_SIGNED_PEM_MAX], key[SELF_SIGNED_PEM_MAX];
} self_signed_t;

/* host: the further name or address; may be one of those above. RESULT_BAD_ARGUMENT: no host name; RESULT_FULL: no memory, no
 * chance. */
result_t self_signed_make(const char *host, self_signed_t *out);
