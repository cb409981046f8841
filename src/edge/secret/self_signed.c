/* self_signed.c: see self_signed.h. */
#include "edge/secret/self_signed.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { DAYS_VALID = 3650, HOST_MAX = 253, NAMES_MAX = 512, SECONDS_A_DAY = 86400 };

/* Only what belongs into a name: the text goes into an extension's configuration. */
static bool host_is_good(const char *host)
{
    size_t length = strlen(host);
    return length > 0 && length <= HOST_MAX &&
           strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:_") == length;
}

static void names_of(const char *host, char names[NAMES_MAX])
{
    unsigned char address[sizeof(struct in6_addr)];
    bool is_address = inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
    snprintf(names, NAMES_MAX, "DNS:localhost,IP:127.0.0.1,IP:::1,%s:%s", is_address ? "IP" : "DNS", host);
}

static bool add_extension(X509 *certificate, int kind, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

static bool set_serial(X509 *certificate)
{
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] &= 0x7f;
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return set;
}

static X509 *certificate_make(EVP_PKEY *key, const char *host)
{
    static const unsigned char common_name[] = "PATRIOT simulated exchange";
    char names[NAMES_MAX];
    X509 *certificate = X509_new();
    names_of(host, names);
    bool good = certificate && X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
                X509_gmtime_adj(X509_getm_notBefore(certificate), -SECONDS_A_DAY) != NULL &&
                X509_gmtime_adj(X509_getm_notAfter(certificate), (long)DAYS_VALID * SECONDS_A_DAY) != NULL &&
                X509_set_pubkey(certificate, key) == 1 &&
                X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, common_name, -1, -1, 0) == 1 &&
                X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1 &&
                add_extension(certificate, NID_subject_alt_name, names) &&
                add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE") &&
                add_extension(certificate, NID_subject_key_identifier, "hash") && X509_sign(certificate, key, EVP_sha256()) > 0;
    if (good)
        return certificate;
    X509_free(certificate);
    return NULL;
}

typedef bool pem_fn(BIO *bio, void *object);

static bool key_to_pem(BIO *bio, void *key)
{
    return PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1;
}

static bool certificate_to_pem(BIO *bio, void *certificate)
{
    return PEM_write_bio_X509(bio, certificate) == 1;
}

static bool write_text(pem_fn *to_pem, void *object, char text[SELF_SIGNED_PEM_MAX])
{
    BIO *bio = BIO_new(BIO_s_secmem()); /* wiped when it is freed */
    char *bytes = NULL;
    long length = bio && to_pem(bio, object) ? BIO_get_mem_data(bio, &bytes) : 0;
    bool fits = length > 0 && length < SELF_SIGNED_PEM_MAX;
    if (fits) {
        memcpy(text, bytes, (size_t)length);
        text[length] = '\0';
    }
    BIO_free(bio);
    return fits;
}

result_t self_signed_make(const char *host, self_signed_t *out)
{
    if (!host_is_good(host))
        return RESULT_BAD_ARGUMENT;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = key ? certificate_make(key, host) : NULL;
    bool made =
        certificate && write_text(key_to_pem, key, out->key) && write_text(certificate_to_pem, certificate, out->certificate);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return made ? RESULT_OK : RESULT_FULL;
}
