/* tls.h: who we trust and who we are, loaded once from files; streams are made secure with it (stream.h).
 *
 * TLS 1.2 and 1.3 by OpenSSL. A client always verifies the chain and the host name (or IP address) and always sends SNI: there is
 * no option that turns this off, in no mode. A loopback test or a private venue names its own CA file instead.
 */
#pragma once

#include <stddef.h>

#include "core/base/result.h"

typedef struct tls tls_t;

enum { TLS_DETAIL_MAX = 256 };

/* ca_file: PEM file that is trusted and nothing else (pinning); NULL: the CA store of the system. RESULT_NOT_FOUND: no such file;
 * RESULT_MALFORMED: no certificate in it. On failure `detail` (may be NULL) has one line for the operator. Owner: tls_destroy. */
result_t tls_client_create(const char *ca_file, tls_t **out, char detail[TLS_DETAIL_MAX]);

/* PEM chain (leaf first) and its private key. RESULT_NOT_FOUND, RESULT_PERMISSION (key readable by others), RESULT_MALFORMED (also:
 * key and certificate do not belong together). */
result_t tls_server_create(const char *certificate_file, const char *key_file, tls_t **out, char detail[TLS_DETAIL_MAX]);

/* Streams that use it keep what they need; it may be destroyed before they close. NULL is fine. */
void tls_destroy(tls_t *tls);
