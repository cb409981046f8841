/* ws_handshake.c: the opening of a WebSocket (RFC 6455, section 4): keys, and the checks of both sides. Pure but for OpenSSL's
 * SHA-1. */
#include <openssl/evp.h>
#include <string.h>

#include "core/base/assert.h"
#include "edge/net/ws.h"

static const char accept_salt[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

void ws_key_make(const uint8_t random[16], char key[WS_KEY_LENGTH + 1])
{
    int length = EVP_EncodeBlock((unsigned char *)key, random, 16);
    ASSERT(length == WS_KEY_LENGTH);
}

void ws_accept_make(str_t key, char accept[WS_ACCEPT_LENGTH + 1])
{
    char text[128];
    ASSERT(key.length + sizeof accept_salt <= sizeof text);
    memcpy(text, key.bytes, key.length);
    memcpy(text + key.length, accept_salt, sizeof accept_salt - 1);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned digest_length = 0;
    int done = EVP_Digest(text, key.length + sizeof accept_salt - 1, digest, &digest_length, EVP_sha1(), NULL);
    ASSERT(done == 1 && digest_length == 20);
    int length = EVP_EncodeBlock((unsigned char *)accept, digest, 20);
    ASSERT(length == WS_ACCEPT_LENGTH);
}

/* 16 bytes in base64: 22 characters and "==". */
static bool key_is_proper(str_t key)
{
    if (key.length != WS_KEY_LENGTH || key.bytes[22] != '=' || key.bytes[23] != '=') {
        return false;
    }
    for (size_t i = 0; i < 22; i++) {
        char c = key.bytes[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
        if (!letter) {
            return false;
        }
    }
    return true;
}

result_t ws_handshake_check_request(const http_message_t *request, str_t *key)
{
    const str_t *given = http_header(request, "Sec-WebSocket-Key");
    const str_t *version = http_header(request, "Sec-WebSocket-Version");
    bool upgrade = request->upgrade && http_header_has_token(request, "Upgrade", "websocket");
    if (!str_eq(request->method, STR("GET")) || request->version_minor != 1 || !upgrade || request->body.length > 0) {
        return RESULT_MALFORMED;
    }
    if (version == NULL || !str_eq(*version, STR("13"))) {
        return RESULT_VERSION;
    }
    if (given == NULL || !key_is_proper(*given)) {
        return RESULT_MALFORMED;
    }
    *key = *given;
    return RESULT_OK;
}

result_t ws_handshake_check_response(const http_message_t *response, str_t key)
{
    if (response->status != 101) {
        return RESULT_REFUSED;
    }
    char expected[WS_ACCEPT_LENGTH + 1];
    const str_t *accept = http_header(response, "Sec-WebSocket-Accept");
    ws_accept_make(key, expected);
    if (!response->upgrade || !http_header_has_token(response, "Upgrade", "websocket") || accept == NULL ||
        !str_eq(*accept, (str_t){expected, WS_ACCEPT_LENGTH})) {
        return RESULT_MALFORMED;
    }
    if (http_header(response, "Sec-WebSocket-Extensions") != NULL || http_header(response, "Sec-WebSocket-Protocol") != NULL) {
        return RESULT_MALFORMED;
    }
    return RESULT_OK;
}
