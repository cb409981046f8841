/* encode_params.c: parameters into a bounded buffer, and the signature over exactly those bytes. */
#include "edge/exchange/binance/encode_params.h"

#include "core/base/assert.h"

#include <string.h>

static void put(builder_t *builder, const char *bytes, size_t length)
{
    binance_request_t *request = &builder->request;
    if (builder->result != RESULT_OK) {
        return;
    }
    if (length >= sizeof request->params - request->params_length) {
        builder->result = RESULT_TEXT_TOO_LONG;
        return;
    }
    memcpy(request->params + request->params_length, bytes, length);
    request->params_length += (uint32_t)length;
}

static void put_encoded(builder_t *builder, str_t text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.bytes[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
                     c == '_' || c == '~';
        char triple[3] = {'%', hex[c >> 4], hex[c & 15]};
        put(builder, plain ? text.bytes + i : triple, plain ? 1 : sizeof triple);
    }
}

static void put_name(builder_t *builder, const char *name)
{
    if (builder->request.params_length > 0) {
        put(builder, "&", 1);
    }
    put(builder, name, strlen(name));
    put(builder, "=", 1);
}

builder_t builder_begin(binance_method_t method, const char *path, binance_security_t security, binance_ask_t ask,
                        budget_priority_t priority, uint32_t weight)
{
    builder_t builder = {.request = {.method = method,
                                     .security = security,
                                     .ask = ask,
                                     .priority = priority,
                                     .weight = weight,
                                     .params_in_body = method == BINANCE_POST || method == BINANCE_PUT}};
    builder_fail(&builder, str_copy(str_from(path), builder.request.path, sizeof builder.request.path));
    return builder;
}

void builder_fail(builder_t *builder, result_t result)
{
    if (builder->result == RESULT_OK) {
        builder->result = result;
    }
}

void builder_text(builder_t *builder, const char *name, const char *value)
{
    if (value[0] == '\0') {
        builder_fail(builder, RESULT_BAD_ARGUMENT);
    }
    put_name(builder, name);
    put_encoded(builder, str_from(value));
}

void builder_optional(builder_t *builder, const char *name, const char *value)
{
    if (value[0] != '\0') {
        builder_text(builder, name, value);
    }
}

void builder_u64(builder_t *builder, const char *name, uint64_t value)
{
    char text[24];
    put_name(builder, name);
    put(builder, text, str_from_u64(value, text));
}

void builder_time(builder_t *builder, const char *name, int64_t ms)
{
    if (ms < 0) {
        builder_fail(builder, RESULT_BAD_ARGUMENT);
    } else if (ms > 0) {
        builder_u64(builder, name, (uint64_t)ms);
    }
}

void builder_dec(builder_t *builder, const char *name, dec_t value, dec_t step)
{
    char text[DEC_TEXT_MAX];
    if (dec_sign(value) <= 0 || dec_sign(step) <= 0 || !dec_is_multiple(value, step)) {
        builder_fail(builder, RESULT_BAD_ARGUMENT);
        return;
    }
    put_name(builder, name);
    put(builder, text, dec_format(value, text));
}

result_t builder_end(const builder_t *builder, binance_request_t *request)
{
    if (builder->result == RESULT_OK) {
        *request = builder->request;
        request->params[request->params_length] = '\0';
        request->unsigned_length = request->params_length;
    }
    return builder->result;
}

const char *binance_method_text(binance_method_t method)
{
    static const char *const texts[] = {
        [BINANCE_GET] = "GET", [BINANCE_POST] = "POST", [BINANCE_PUT] = "PUT", [BINANCE_DELETE] = "DELETE"};
    ASSERT((unsigned)method < sizeof texts / sizeof texts[0]);
    return texts[method];
}

result_t binance_request_target(const binance_request_t *request, char *buffer, size_t capacity, size_t *length)
{
    size_t path = strlen(request->path);
    size_t query = request->params_in_body || request->params_length == 0 ? 0 : request->params_length + 1;
    if (path + query >= capacity) {
        return RESULT_TEXT_TOO_LONG;
    }
    memcpy(buffer, request->path, path);
    if (query > 0) {
        buffer[path] = '?';
        memcpy(buffer + path + 1, request->params, request->params_length);
    }
    buffer[path + query] = '\0';
    *length = path + query;
    return RESULT_OK;
}

str_t binance_request_body(const binance_request_t *request)
{
    return request->params_in_body ? (str_t){request->params, request->params_length} : (str_t){"", 0};
}

result_t binance_request_sign(binance_request_t *request, sign_key_t *key, int64_t venue_ms)
{
    if (request->security != BINANCE_SIGNED) {
        return RESULT_OK;
    }
    if (venue_ms <= 0) {
        return RESULT_BAD_ARGUMENT;
    }
    builder_t builder = {.request = *request};
    char signature[SIGN_TEXT_MAX];
    builder.request.params_length = request->unsigned_length;
    builder_u64(&builder, "recvWindow", BINANCE_RECV_WINDOW_MS);
    builder_u64(&builder, "timestamp", (uint64_t)venue_ms);
    if (builder.result == RESULT_OK) {
        builder_fail(&builder, sign_text(key, builder.request.params, builder.request.params_length, signature));
    }
    if (builder.result == RESULT_OK) {
        builder_text(&builder, "signature", signature);
    }
    if (builder.result == RESULT_OK) {
        uint32_t unsigned_length = request->unsigned_length;
        *request = builder.request;
        request->unsigned_length = unsigned_length;
        request->params[request->params_length] = '\0';
    }
    return builder.result;
}
