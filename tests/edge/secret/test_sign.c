/* test_sign.c: request signatures of the three kinds, made and verified; keys that are none are refused without a prompt.
 * shows: OPS-10, I14
 */
#include "support/test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "edge/secret/sign.h"

static const char message[] = "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001&timestamp=1499827319559";
enum { MESSAGE_SIZE = sizeof message - 1, PEM_MAX = 8000 };

static secret_t secret;

static EVP_PKEY *make_key(int type, int rsa_bits)
{
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(type, NULL);
    assert_non_null(context);
    assert_int_equal(EVP_PKEY_keygen_init(context), 1);
    if (rsa_bits > 0) {
        assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_bits(context, rsa_bits), 1);
    }
    if (type == EVP_PKEY_EC) {
        assert_int_equal(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1), 1);
    }
    assert_int_equal(EVP_PKEY_keygen(context, &pkey), 1);
    EVP_PKEY_CTX_free(context);
    return pkey;
}

static size_t take_pem(BIO *bio, char *pem)
{
    int length = BIO_read(bio, pem, PEM_MAX - 1);
    assert_true(length > 0 && length < PEM_MAX - 1);
    pem[length] = '\0';
    BIO_free(bio);
    return (size_t)length;
}

static size_t private_pem(EVP_PKEY *pkey, const char *password, char *pem)
{
    BIO *bio = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_PKCS8PrivateKey(bio, pkey, password != NULL ? EVP_aes_256_cbc() : NULL, password,
                                                   password != NULL ? (int)strlen(password) : 0, NULL, NULL),
                     1);
    return take_pem(bio, pem);
}

static size_t public_pem(EVP_PKEY *pkey, char *pem)
{
    BIO *bio = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_PUBKEY(bio, pkey), 1);
    return take_pem(bio, pem);
}

static void hmac_signs_as_the_exchange_documents(void **state)
{
    (void)state;
    static const char query[] =
        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559";
    static const char key_text[] = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
    sign_key_t *key = NULL;
    char text[SIGN_TEXT_MAX];
    assert_ok(secret_set(&secret, key_text, sizeof key_text - 1));
    assert_ok(sign_key_open(&secret, &key));
    secret_wipe(&secret); /* the key lives on without it */
    assert_int_equal(sign_key_kind(key), SIGN_HMAC_SHA256);
    for (int again = 0; again < 3; again++) {
        assert_ok(sign_text(key, query, sizeof query - 1, text));
        assert_string_equal(text, "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71");
        assert_ok(sign_verify_text(key, query, sizeof query - 1, str_from(text)));
        assert_result(sign_verify_text(key, message, MESSAGE_SIZE, str_from(text)), RESULT_CHECKSUM);
    }
    uint8_t small[31];
    size_t size = sizeof small;
    assert_result(sign_bytes(key, query, 1, small, &size), RESULT_TEXT_TOO_LONG);
    assert_result(sign_verify_text(key, query, sizeof query - 1, STR("")), RESULT_CHECKSUM);
    assert_result(sign_verify_text(key, query, sizeof query - 1, (str_t){text, 62}), RESULT_CHECKSUM);
    assert_result(sign_verify_text(key, query, sizeof query - 1, STR("zz")), RESULT_TEXT_BAD_CHARACTER);
    sign_key_close(key);
    sign_key_close(NULL);
}

/* Signs with the private half, verifies with the public one, and spoils each byte of message and signature. */
static void check_pair(EVP_PKEY *pkey, sign_kind_t kind)
{
    char pem[PEM_MAX], text[SIGN_TEXT_MAX], again[SIGN_TEXT_MAX];
    uint8_t signature[SIGN_BYTES_MAX];
    size_t size = sizeof signature;
    sign_key_t *own = NULL, *other = NULL;
    assert_ok(secret_set(&secret, pem, private_pem(pkey, NULL, pem)));
    assert_ok(sign_key_open(&secret, &own));
    assert_ok(sign_key_open_public((str_t){pem, public_pem(pkey, pem)}, &other));
    assert_int_equal(sign_key_kind(own), kind);
    assert_int_equal(sign_key_kind(other), kind);

    assert_ok(sign_bytes(own, message, MESSAGE_SIZE, signature, &size));
    assert_int_equal(size, kind == SIGN_ED25519 ? 64 : 256);
    assert_ok(sign_verify_bytes(other, message, MESSAGE_SIZE, signature, size));
    assert_ok(sign_text(own, message, MESSAGE_SIZE, text));
    assert_ok(sign_text(own, message, MESSAGE_SIZE, again));
    assert_string_equal(text, again);
    assert_ok(sign_verify_text(other, message, MESSAGE_SIZE, str_from(text)));
    assert_result(sign_verify_bytes(other, message, MESSAGE_SIZE - 1, signature, size), RESULT_CHECKSUM);
    assert_result(sign_verify_bytes(other, message, MESSAGE_SIZE, signature, size - 1), RESULT_CHECKSUM);
    for (size_t i = 0; i < size; i++) {
        signature[i] ^= 0x10;
        assert_result(sign_verify_bytes(other, message, MESSAGE_SIZE, signature, size), RESULT_CHECKSUM);
        signature[i] ^= 0x10;
    }
    assert_result(sign_verify_text(other, message, MESSAGE_SIZE, STR("not base64!")), RESULT_TEXT_BAD_CHARACTER);

    size_t room = sizeof signature;
    assert_result(sign_bytes(other, message, MESSAGE_SIZE, signature, &room), RESULT_BAD_STATE); /* a public key cannot */
    assert_result(sign_text(other, message, MESSAGE_SIZE, text), RESULT_BAD_STATE);
    room = size - 1;
    assert_result(sign_bytes(own, message, MESSAGE_SIZE, signature, &room), RESULT_TEXT_TOO_LONG);
    sign_key_close(own);
    sign_key_close(other);
    EVP_PKEY_free(pkey);
}

static void rsa_signs_and_verifies(void **state)
{
    (void)state;
    check_pair(make_key(EVP_PKEY_RSA, 2048), SIGN_RSA_SHA256);
}

static void ed25519_signs_and_verifies(void **state)
{
    (void)state;
    check_pair(make_key(EVP_PKEY_ED25519, 0), SIGN_ED25519);
}

static void other_keys_are_refused(void **state)
{
    (void)state;
    char pem[PEM_MAX];
    sign_key_t *key = NULL;
    EVP_PKEY *weak = make_key(EVP_PKEY_RSA, 1024), *curve = make_key(EVP_PKEY_EC, 0), *good = make_key(EVP_PKEY_ED25519, 0);

    assert_ok(secret_set(&secret, pem, private_pem(weak, NULL, pem)));
    assert_result(sign_key_open(&secret, &key), RESULT_UNSUPPORTED);
    assert_result(sign_key_open_public((str_t){pem, public_pem(weak, pem)}, &key), RESULT_UNSUPPORTED);
    assert_ok(secret_set(&secret, pem, private_pem(curve, NULL, pem)));
    assert_result(sign_key_open(&secret, &key), RESULT_UNSUPPORTED);
    assert_ok(secret_set(&secret, pem, private_pem(good, "password", pem))); /* encrypted: no prompt, no key */
    assert_result(sign_key_open(&secret, &key), RESULT_MALFORMED);
    assert_ok(secret_set(&secret, pem, public_pem(good, pem))); /* the public half is no private key */
    assert_result(sign_key_open(&secret, &key), RESULT_MALFORMED);
    size_t length = private_pem(good, NULL, pem);
    assert_result(sign_key_open_public((str_t){pem, length}, &key), RESULT_MALFORMED);
    for (size_t cut = sizeof "-----BEGIN" - 1; cut < length - 26; cut++) {
        assert_ok(secret_set(&secret, pem, cut));
        assert_result(sign_key_open(&secret, &key), RESULT_MALFORMED);
    }
    secret_wipe(&secret);
    assert_result(sign_key_open(&secret, &key), RESULT_TEXT_EMPTY);
    assert_result(sign_key_open_public(STR(""), &key), RESULT_TEXT_EMPTY);
    assert_result(sign_key_open_public((str_t){pem, SECRET_MAX + 1}, &key), RESULT_TEXT_TOO_LONG);
    assert_null(key);
    EVP_PKEY_free(weak);
    EVP_PKEY_free(curve);
    EVP_PKEY_free(good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hmac_signs_as_the_exchange_documents),
        cmocka_unit_test(rsa_signs_and_verifies),
        cmocka_unit_test(ed25519_signs_and_verifies),
        cmocka_unit_test(other_keys_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
