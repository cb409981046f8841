/* secret.c: keeping and wiping secrets, randomness, hex and base64. */
#include "edge/secret/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

result_t secret_set(secret_t *secret, const void *bytes, size_t length)
{
    if (length == 0) {
        return RESULT_TEXT_EMPTY;
    }
    if (length > SECRET_MAX) {
        return RESULT_TEXT_TOO_LONG;
    }
    memmove(secret->bytes, bytes, length);
    OPENSSL_cleanse(secret->bytes + length, SECRET_MAX - length);
    secret->length = length;
    return RESULT_OK;
}

/* Everything up to the end of the file, at most `capacity` bytes. */
static result_t read_all(int file, unsigned char *bytes, size_t capacity, size_t *length)
{
    *length = 0;
    while (*length < capacity) {
        ssize_t count = read(file, bytes + *length, capacity - *length);
        if (count < 0 && errno != EINTR) {
            return RESULT_IO;
        }
        if (count == 0) {
            return RESULT_OK;
        }
        *length += count > 0 ? (size_t)count : 0;
    }
    return RESULT_TEXT_TOO_LONG;
}

result_t secret_read_file(secret_t *secret, const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file < 0) {
        return errno == ENOENT ? RESULT_NOT_FOUND : errno == EACCES ? RESULT_PERMISSION : RESULT_IO;
    }
    unsigned char bytes[SECRET_MAX + 2]; /* room for a line end, and one byte that proves the file too long */
    size_t length = 0;
    struct stat info;
    result_t result = RESULT_PERMISSION;
    if (fstat(file, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077) == 0) {
        result = read_all(file, bytes, sizeof bytes, &length);
    }
    (void)close(file);
    if (result == RESULT_OK) {
        length -= length > 0 && bytes[length - 1] == '\n' ? 1 : 0;
        length -= length > 0 && bytes[length - 1] == '\r' ? 1 : 0;
        result = secret_set(secret, bytes, length);
    }
    OPENSSL_cleanse(bytes, sizeof bytes);
    return result;
}

void secret_wipe(secret_t *secret)
{
    OPENSSL_cleanse(secret, sizeof *secret);
}

void secret_wipe_bytes(void *bytes, size_t length)
{
    OPENSSL_cleanse(bytes, length);
}

result_t secret_guard_process(void)
{
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return RESULT_IO;
    }
    return RESULT_OK;
}

bool secret_equal(const void *a, const void *b, size_t length)
{
    return CRYPTO_memcmp(a, b, length) == 0;
}

result_t secret_random(void *bytes, size_t length)
{
    unsigned char *at = bytes;
    while (length > 0) {
        ssize_t count = getrandom(at, length, 0);
        if (count < 0 && errno != EINTR) {
            return RESULT_IO;
        }
        at += count > 0 ? count : 0;
        length -= count > 0 ? (size_t)count : 0;
    }
    return RESULT_OK;
}

result_t secret_hmac_sha256(const void *key, size_t key_length, const void *bytes, size_t length, uint8_t mac[HMAC_SHA256_SIZE])
{
    unsigned int size = 0;
    unsigned char out[EVP_MAX_MD_SIZE];
    /* OpenSSL takes a NULL key for "the one before"; an empty key is the empty string. */
    const void *key_bytes = key_length == 0 ? "" : key;
    if (key_length > INT32_MAX || HMAC(EVP_sha256(), key_bytes, (int)key_length, bytes, length, out, &size) == NULL ||
        size != HMAC_SHA256_SIZE) {
        return RESULT_BAD_ARGUMENT;
    }
    memcpy(mac, out, HMAC_SHA256_SIZE);
    OPENSSL_cleanse(out, sizeof out);
    return RESULT_OK;
}

/* --- hex -------------------------------------------------------------------------------------- */

result_t hex_encode(const void *bytes, size_t length, char *text, size_t capacity)
{
    static const char digits[] = "0123456789abcdef";
    if (capacity == 0 || length > (capacity - 1) / 2) {
        return RESULT_TEXT_TOO_LONG;
    }
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++) {
        text[2 * i] = digits[at[i] >> 4];
        text[2 * i + 1] = digits[at[i] & 15];
    }
    text[2 * length] = '\0';
    return RESULT_OK;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

result_t hex_decode(str_t text, void *bytes, size_t *length)
{
    if (text.length % 2 != 0) {
        return RESULT_TEXT_BAD_CHARACTER;
    }
    if (text.length / 2 > *length) {
        return RESULT_TEXT_TOO_LONG;
    }
    for (size_t i = 0; i < text.length; i++) {
        if (hex_digit(text.bytes[i]) < 0) {
            return RESULT_TEXT_BAD_CHARACTER;
        }
    }
    unsigned char *out = bytes;
    for (size_t i = 0; i < text.length / 2; i++) {
        out[i] = (unsigned char)(hex_digit(text.bytes[2 * i]) * 16 + hex_digit(text.bytes[2 * i + 1]));
    }
    *length = text.length / 2;
    return RESULT_OK;
}

/* --- base64 ----------------------------------------------------------------------------------- */

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

result_t base64_encode(const void *bytes, size_t length, char *text, size_t capacity)
{
    if (capacity == 0 || length > (capacity - 1) / 4 * 3) {
        return RESULT_TEXT_TOO_LONG;
    }
    const unsigned char *at = bytes;
    for (; length > 0; text += 4) {
        size_t taken = length < 3 ? length : 3;
        uint32_t group = (uint32_t)at[0] << 16 | (taken > 1 ? (uint32_t)at[1] << 8 : 0) | (taken > 2 ? (uint32_t)at[2] : 0);
        text[0] = base64_digits[group >> 18];
        text[1] = base64_digits[group >> 12 & 63];
        text[2] = '=';
        text[3] = '=';
        if (taken > 1) {
            text[2] = base64_digits[group >> 6 & 63];
        }
        if (taken > 2) {
            text[3] = base64_digits[group & 63];
        }
        at += taken;
        length -= taken;
    }
    *text = '\0';
    return RESULT_OK;
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

result_t base64_decode(str_t text, void *bytes, size_t *length)
{
    if (text.length % 4 != 0) {
        return RESULT_TEXT_BAD_CHARACTER;
    }
    size_t padding = str_ends_with(text, STR("==")) ? 2 : str_ends_with(text, STR("=")) ? 1 : 0;
    size_t digits = text.length - padding;
    size_t size = digits / 4 * 3 + (digits % 4 == 0 ? 0 : digits % 4 - 1);
    if (size > *length) {
        return RESULT_TEXT_TOO_LONG;
    }
    for (size_t i = 0; i < digits; i++) {
        if (base64_digit(text.bytes[i]) < 0) {
            return RESULT_TEXT_BAD_CHARACTER;
        }
    }
    /* The last digit before padding carries 4 or 2 bits that belong to no byte: one value, one text. */
    int unused = padding == 2 ? 15 : padding == 1 ? 3 : 0;
    if (padding > 0 && (base64_digit(text.bytes[digits - 1]) & unused) != 0) {
        return RESULT_TEXT_BAD_CHARACTER;
    }
    unsigned char *out = bytes;
    uint32_t bits = 0;
    size_t written = 0;
    for (size_t i = 0; i < digits; i++) {
        bits = bits << 6 | (uint32_t)base64_digit(text.bytes[i]);
        if (i % 4 != 0) {
            out[written++] = (unsigned char)(bits >> (6 - 2 * (i % 4)));
        }
    }
    *length = size;
    return RESULT_OK;
}
