/* sign.c: request signatures over OpenSSL's EVP. Everything OpenSSL allocates is made when a key is opened or freed before return.
 */
#include "edge/secret/sign.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

struct sign_key {
    sign_kind_t kind;
    bool can_sign;
    EVP_MAC_CTX *mac; /* HMAC: keyed once, begun again for each message */
    EVP_PKEY *pkey;   /* RSA, Ed25519 */
};

/* OpenSSL would ask the terminal for the password of an encrypted key; a service has none to ask. */
static int no_password(char *buffer, int size, int writing, void *context)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

static result_t adopt(sign_key_t made, sign_key_t **key)
{
    sign_key_t *kept = malloc(sizeof *kept);
    if (kept == NULL) {
        EVP_MAC_CTX_free(made.mac);
        EVP_PKEY_free(made.pkey);
        return RESULT_FULL;
    }
    *kept = made;
    *key = kept;
    return RESULT_OK;
}

static result_t open_hmac(const secret_t *secret, sign_key_t **key)
{
    EVP_MAC *algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *mac = algorithm != NULL ? EVP_MAC_CTX_new(algorithm) : NULL;
    EVP_MAC_free(algorithm);
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    if (mac == NULL || EVP_MAC_init(mac, secret->bytes, secret->length, parameters) != 1) {
        EVP_MAC_CTX_free(mac);
        ERR_clear_error();
        return RESULT_UNSUPPORTED;
    }
    return adopt((sign_key_t){.kind = SIGN_HMAC_SHA256, .can_sign = true, .mac = mac}, key);
}

/* Takes ownership of pkey, also on failure. */
static result_t open_pkey(EVP_PKEY *pkey, bool can_sign, sign_key_t **key)
{
    ERR_clear_error();
    if (pkey == NULL) {
        return RESULT_MALFORMED;
    }
    sign_key_t made = {.can_sign = can_sign, .pkey = pkey};
    if (EVP_PKEY_get_id(pkey) == EVP_PKEY_ED25519) {
        made.kind = SIGN_ED25519;
        return adopt(made, key);
    }
    if (EVP_PKEY_get_id(pkey) == EVP_PKEY_RSA && EVP_PKEY_get_bits(pkey) >= SIGN_RSA_BITS_MIN &&
        EVP_PKEY_get_size(pkey) <= SIGN_BYTES_MAX) {
        made.kind = SIGN_RSA_SHA256;
        return adopt(made, key);
    }
    EVP_PKEY_free(pkey);
    return RESULT_UNSUPPORTED;
}

result_t sign_key_open(const secret_t *secret, sign_key_t **key)
{
    if (secret->length == 0) {
        return RESULT_TEXT_EMPTY;
    }
    if (!str_starts_with((str_t){(const char *)secret->bytes, secret->length}, STR("-----BEGIN"))) {
        return open_hmac(secret, key);
    }
    BIO *bio = BIO_new_mem_buf(secret->bytes, (int)secret->length);
    if (bio == NULL) {
        return RESULT_FULL;
    }
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
    BIO_free(bio);
    return open_pkey(pkey, true, key);
}

result_t sign_key_open_public(str_t pem, sign_key_t **key)
{
    if (pem.length == 0) {
        return RESULT_TEXT_EMPTY;
    }
    if (pem.length > SECRET_MAX) {
        return RESULT_TEXT_TOO_LONG;
    }
    BIO *bio = BIO_new_mem_buf(pem.bytes, (int)pem.length);
    if (bio == NULL) {
        return RESULT_FULL;
    }
    EVP_PKEY *pkey = PEM_read_bio_PUBKEY(bio, NULL, no_password, NULL);
    BIO_free(bio);
    return open_pkey(pkey, false, key);
}

void sign_key_close(sign_key_t *key)
{
    if (key != NULL) {
        EVP_MAC_CTX_free(key->mac);
        EVP_PKEY_free(key->pkey);
        free(key);
    }
}

sign_kind_t sign_key_kind(const sign_key_t *key)
{
    return key->kind;
}

static result_t mac_of(sign_key_t *key, const void *bytes, size_t length, uint8_t mac[HMAC_SHA256_SIZE])
{
    size_t size = 0;
    if (EVP_MAC_init(key->mac, NULL, 0, NULL) != 1 || EVP_MAC_update(key->mac, bytes, length) != 1 ||
        EVP_MAC_final(key->mac, mac, &size, HMAC_SHA256_SIZE) != 1 || size != HMAC_SHA256_SIZE) {
        ERR_clear_error();
        return RESULT_IO;
    }
    return RESULT_OK;
}

/* Ed25519 brings its own hash; RSA signs SHA-256. */
static const EVP_MD *digest_of(const sign_key_t *key)
{
    return key->kind == SIGN_RSA_SHA256 ? EVP_sha256() : NULL;
}

result_t sign_bytes(sign_key_t *key, const void *bytes, size_t length, uint8_t *signature, size_t *size)
{
    if (!key->can_sign) {
        return RESULT_BAD_STATE;
    }
    size_t needed = key->kind == SIGN_HMAC_SHA256 ? HMAC_SHA256_SIZE : (size_t)EVP_PKEY_get_size(key->pkey);
    if (*size < needed) {
        return RESULT_TEXT_TOO_LONG;
    }
    if (key->kind == SIGN_HMAC_SHA256) {
        result_t result = mac_of(key, bytes, length, signature);
        *size = result == RESULT_OK ? HMAC_SHA256_SIZE : *size;
        return result;
    }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = context != NULL && EVP_DigestSignInit(context, NULL, digest_of(key), NULL, key->pkey) == 1 &&
                EVP_DigestSign(context, signature, size, bytes, length) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return done ? RESULT_OK : RESULT_IO;
}

result_t sign_text(sign_key_t *key, const void *bytes, size_t length, char text[SIGN_TEXT_MAX])
{
    uint8_t signature[SIGN_BYTES_MAX];
    size_t size = sizeof signature;
    result_t result = sign_bytes(key, bytes, length, signature, &size);
    if (result != RESULT_OK) {
        return result;
    }
    return key->kind == SIGN_HMAC_SHA256 ? hex_encode(signature, size, text, SIGN_TEXT_MAX)
                                         : base64_encode(signature, size, text, SIGN_TEXT_MAX);
}

result_t sign_verify_bytes(sign_key_t *key, const void *bytes, size_t length, const uint8_t *signature, size_t size)
{
    if (key->kind == SIGN_HMAC_SHA256) {
        uint8_t mac[HMAC_SHA256_SIZE];
        result_t result = mac_of(key, bytes, length, mac);
        bool right = result == RESULT_OK && size == sizeof mac && secret_equal(mac, signature, sizeof mac);
        secret_wipe_bytes(mac, sizeof mac);
        return result != RESULT_OK ? result : right ? RESULT_OK : RESULT_CHECKSUM;
    }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool right = context != NULL && EVP_DigestVerifyInit(context, NULL, digest_of(key), NULL, key->pkey) == 1 &&
                 EVP_DigestVerify(context, signature, size, bytes, length) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return right ? RESULT_OK : RESULT_CHECKSUM;
}

result_t sign_verify_text(sign_key_t *key, const void *bytes, size_t length, str_t text)
{
    uint8_t signature[SIGN_BYTES_MAX];
    size_t size = sizeof signature;
    result_t result = key->kind == SIGN_HMAC_SHA256 ? hex_decode(text, signature, &size) : base64_decode(text, signature, &size);
    if (result != RESULT_OK) {
        return result == RESULT_TEXT_TOO_LONG ? RESULT_CHECKSUM : result;
    }
    return sign_verify_bytes(key, bytes, length, signature, size);
}
