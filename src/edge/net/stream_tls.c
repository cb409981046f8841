/* stream_tls.c: TLS on a stream, and the contexts behind tls.h.
 *
 * OpenSSL talks through a BIO of our own: it reads from the socket and writes into the stream's out buffer. So it never makes a
 * system call that writes: everything encrypted in a turn leaves together, and stream_write_once stays one system call under TLS
 * too.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "edge/net/stream_inside.h"

enum {
    RECORD_PLAIN_MAX = 16384,
    RECORD_COST = 64, /* header, nonce, tag, padding: 29 to 45 bytes with the ciphers of TLS 1.2 and 1.3 */
};

typedef enum { SIDE_CLIENT, SIDE_SERVER } side_t;

struct tls {
    SSL_CTX *context;
    side_t side;
};

/* --- the BIO ---------------------------------------------------------------------------------- */

static int bio_write(BIO *bio, const char *bytes, int length)
{
    stream_t *stream = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (length <= 0) {
        return 0;
    }
    size_t size = (size_t)length;
    if (stream_out_reserve(stream, size) != RESULT_OK) {
        BIO_set_retry_write(bio);
        return -1;
    }
    memcpy(stream->out + stream->out_start + stream->out_length, bytes, size);
    stream->out_length += size;
    return length;
}

static int bio_read(BIO *bio, char *bytes, int capacity)
{
    stream_t *stream = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    ssize_t got = recv(stream->descriptor, bytes, (size_t)capacity, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        BIO_set_retry_read(bio);
        return -1;
    }
    return (int)got;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/* One method table for the process, made on first use; a process has one loop and one thread. */
static BIO_METHOD *bio_method(void)
{
    static BIO_METHOD *method;
    if (method == NULL) {
        method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "stream");
        ASSERT(method != NULL);
        BIO_meth_set_write(method, bio_write);
        BIO_meth_set_read(method, bio_read);
        BIO_meth_set_ctrl(method, bio_control);
    }
    return method;
}

/* --- contexts --------------------------------------------------------------------------------- */

static void detail_write(char *detail, const char *what, const char *file)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = code == 0 ? NULL : ERR_reason_error_string(code);
    if (detail != NULL) {
        snprintf(detail, TLS_DETAIL_MAX, "%s %s%s%s", what, file, reason == NULL ? "" : ": ", reason == NULL ? "" : reason);
    }
    ERR_clear_error();
}

static result_t context_new(side_t side, tls_t **out)
{
    tls_t *tls = calloc(1, sizeof *tls);
    if (tls == NULL) {
        return RESULT_FULL;
    }
    ERR_clear_error();
    tls->side = side;
    tls->context = SSL_CTX_new(side == SIDE_CLIENT ? TLS_client_method() : TLS_server_method());
    if (tls->context == NULL) {
        free(tls);
        return RESULT_FULL;
    }
    SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION);
    SSL_CTX_set_options(tls->context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(tls->context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(tls->context, 1); /* whole records in one system call */
    *out = tls;
    return RESULT_OK;
}

result_t tls_client_create(const char *ca_file, tls_t **out, char detail[TLS_DETAIL_MAX])
{
    if (ca_file != NULL && access(ca_file, R_OK) != 0) {
        detail_write(detail, errno == EACCES ? "cannot read the CA file" : "there is no CA file", ca_file);
        return errno == EACCES ? RESULT_PERMISSION : RESULT_NOT_FOUND;
    }
    tls_t *tls = NULL;
    result_t result = context_new(SIDE_CLIENT, &tls);
    if (result != RESULT_OK) {
        return result;
    }
    SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, NULL);
    int loaded = ca_file != NULL ? SSL_CTX_load_verify_file(tls->context, ca_file) : SSL_CTX_set_default_verify_paths(tls->context);
    if (loaded != 1) {
        detail_write(detail, "no usable certificate in", ca_file != NULL ? ca_file : "the system's CA store");
        tls_destroy(tls);
        return RESULT_MALFORMED;
    }
    *out = tls;
    return RESULT_OK;
}

static result_t key_file_check(const char *key_file, char *detail)
{
    struct stat status;
    if (stat(key_file, &status) != 0) {
        detail_write(detail, "there is no key file", key_file);
        return RESULT_NOT_FOUND;
    }
    if ((status.st_mode & (S_IROTH | S_IWOTH)) != 0) {
        detail_write(detail, "others may read the key (chmod 600)", key_file);
        return RESULT_PERMISSION;
    }
    return RESULT_OK;
}

result_t tls_server_create(const char *certificate_file, const char *key_file, tls_t **out, char detail[TLS_DETAIL_MAX])
{
    if (access(certificate_file, R_OK) != 0) {
        detail_write(detail, "there is no certificate file", certificate_file);
        return RESULT_NOT_FOUND;
    }
    tls_t *tls = NULL;
    result_t result = key_file_check(key_file, detail);
    result = result == RESULT_OK ? context_new(SIDE_SERVER, &tls) : result;
    if (result != RESULT_OK) {
        return result;
    }
    SSL_CTX_set_session_cache_mode(tls->context, SSL_SESS_CACHE_OFF);
    if (SSL_CTX_use_certificate_chain_file(tls->context, certificate_file) != 1) {
        detail_write(detail, "no usable certificate in", certificate_file);
        result = RESULT_MALFORMED;
    } else if (SSL_CTX_use_PrivateKey_file(tls->context, key_file, SSL_FILETYPE_PEM) != 1 ||
               SSL_CTX_check_private_key(tls->context) != 1) {
        detail_write(detail, "the key does not fit the certificate:", key_file);
        result = RESULT_MALFORMED;
    }
    if (result != RESULT_OK) {
        tls_destroy(tls);
        return result;
    }
    *out = tls;
    return RESULT_OK;
}

void tls_destroy(tls_t *tls)
{
    if (tls != NULL) {
        SSL_CTX_free(tls->context); /* streams hold their own references */
        free(tls);
    }
}

/* --- sessions --------------------------------------------------------------------------------- */

size_t stream_tls_cost(size_t length)
{
    return (length / RECORD_PLAIN_MAX + 1) * RECORD_COST;
}

static bool verify_name_set(SSL *ssl, const char *name)
{
    unsigned char binary[sizeof(struct in6_addr)];
    bool is_number = inet_pton(AF_INET, name, binary) == 1 || inet_pton(AF_INET6, name, binary) == 1;
    if (is_number) {
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1;
    }
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, name) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1;
}

result_t stream_tls_begin(stream_t *stream, tls_t *tls, const char *name)
{
    ASSERT((tls->side == SIDE_CLIENT) == (name != NULL));
    SSL *ssl = SSL_new(tls->context);
    BIO *bio = ssl == NULL ? NULL : BIO_new(bio_method());
    if (bio == NULL) {
        SSL_free(ssl);
        return RESULT_FULL;
    }
    BIO_set_data(bio, stream);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    if (name != NULL && !verify_name_set(ssl, name)) {
        SSL_free(ssl);
        return RESULT_MALFORMED;
    }
    if (name != NULL) {
        SSL_set_connect_state(ssl);
    } else {
        SSL_set_accept_state(ssl);
    }
    stream->tls = ssl;
    return RESULT_OK;
}

static tls_step_t step_of(stream_t *stream, int returned)
{
    int kind = SSL_get_error(stream->tls, returned);
    unsigned long code = ERR_peek_last_error();
    if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE) {
        return TLS_STEP_AGAIN;
    }
    if (kind == SSL_ERROR_ZERO_RETURN) {
        return TLS_STEP_ENDED;
    }
    long verified = SSL_get_verify_result(stream->tls);
    if (verified != X509_V_OK && SSL_is_init_finished(stream->tls) == 0) {
        stream_detail_set(stream, "the certificate is not trusted", X509_verify_cert_error_string(verified));
    } else if (code != 0) {
        stream_detail_set(stream, "TLS", ERR_reason_error_string(code));
    } else {
        stream_detail_set(stream, "TLS", "the connection broke off");
    }
    ERR_clear_error();
    return TLS_STEP_FAILED;
}

tls_step_t stream_tls_handshake(stream_t *stream)
{
    ERR_clear_error();
    int returned = SSL_do_handshake(stream->tls);
    return returned == 1 ? TLS_STEP_DONE : step_of(stream, returned);
}

tls_step_t stream_tls_read(stream_t *stream, char *bytes, size_t capacity, size_t *got)
{
    ERR_clear_error();
    int returned = SSL_read_ex(stream->tls, bytes, capacity, got);
    return returned == 1 ? TLS_STEP_DONE : step_of(stream, returned);
}

result_t stream_tls_put(stream_t *stream, const char *bytes, size_t length)
{
    while (length > 0) {
        size_t written = 0;
        ERR_clear_error();
        if (SSL_write_ex(stream->tls, bytes, length, &written) != 1) {
            stream_detail_set(stream, "TLS", "cannot encrypt");
            ERR_clear_error();
            return RESULT_IO;
        }
        bytes += written;
        length -= written;
    }
    return RESULT_OK;
}

void stream_tls_goodbye(stream_t *stream)
{
    if (SSL_is_init_finished(stream->tls) != 0) {
        ERR_clear_error();
        SSL_shutdown(stream->tls); /* close_notify into `out`; the peer's is not waited for */
        ERR_clear_error();
    }
}
