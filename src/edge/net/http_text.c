/* http_text.c: the small questions asked of a message: headers, queries, percent-encoding, URLs, gzip bodies (http.h,
 * http_client.h). */
#define ZLIB_CONST /* input that is only read may be const */
#include <string.h>
#include <zlib.h>

#include "edge/net/http.h"
#include "edge/net/http_chars.h"
#include "edge/net/http_client.h"

/* --- headers ---------------------------------------------------------------------------------- */

const str_t *http_header(const http_message_t *message, const char *name)
{
    str_t wanted = str_from(name);
    for (uint32_t i = 0; i < message->headers_count; i++) {
        if (message->headers[i].name.length == wanted.length && str_eq_nocase(message->headers[i].name, wanted)) {
            return &message->headers[i].value;
        }
    }
    return NULL;
}

bool http_header_has_token(const http_message_t *message, const char *name, const char *token)
{
    str_t wanted_name = str_from(name);
    str_t wanted = str_from(token);
    for (uint32_t i = 0; i < message->headers_count; i++) {
        if (!str_eq_nocase(message->headers[i].name, wanted_name)) {
            continue;
        }
        str_t rest = message->headers[i].value;
        while (rest.length > 0) {
            if (str_eq_nocase(str_trim(str_cut(&rest, ',')), wanted)) {
                return true;
            }
        }
    }
    return false;
}

result_t http_header_u64(const http_message_t *message, const char *name, uint64_t *out)
{
    const str_t *value = http_header(message, name);
    if (value == NULL) {
        return RESULT_NOT_FOUND;
    }
    return str_to_u64(*value, out) == RESULT_OK ? RESULT_OK : RESULT_NUMBER_MALFORMED;
}

/* --- queries and escapes ---------------------------------------------------------------------- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

result_t http_percent_decode(str_t text, http_percent_t form, char *out, size_t capacity, size_t *out_length)
{
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        if (c == '%') {
            if (text.length - i < 3 || hex_value(text.bytes[i + 1]) < 0 || hex_value(text.bytes[i + 2]) < 0) {
                return RESULT_MALFORMED;
            }
            c = (char)(hex_value(text.bytes[i + 1]) * 16 + hex_value(text.bytes[i + 2]));
            i += 2;
        } else if (c == '+' && form == HTTP_PERCENT_FORM) {
            c = ' ';
        }
        if (length == capacity) {
            return RESULT_FULL;
        }
        out[length++] = c;
    }
    *out_length = length;
    return RESULT_OK;
}

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

result_t http_percent_encode(str_t text, char *out, size_t capacity, size_t *length)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t used = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        size_t need = is_unreserved((char)byte) ? 1 : 3;
        if (need > capacity - used) {
            return RESULT_FULL;
        }
        if (need == 1) {
            out[used] = (char)byte;
        } else {
            out[used] = '%';
            out[used + 1] = hex[byte >> 4];
            out[used + 2] = hex[byte & 15];
        }
        used += need;
    }
    *length = used;
    return RESULT_OK;
}

bool http_query_next(str_t *rest, str_t *name, str_t *value)
{
    while (rest->length > 0) {
        str_t piece = str_cut(rest, '&');
        if (piece.length > 0) {
            *name = str_cut(&piece, '=');
            *value = piece;
            return true;
        }
    }
    return false;
}

bool http_query_find(str_t query, const char *name, str_t *value)
{
    str_t wanted = str_from(name);
    str_t found_name, found_value;
    while (http_query_next(&query, &found_name, &found_value)) {
        if (str_eq(found_name, wanted)) {
            *value = found_value;
            return true;
        }
    }
    return false;
}

/* --- urls ------------------------------------------------------------------------------------- */

static result_t scheme_cut(str_t *text, http_scheme_t *scheme)
{
    static const struct {
        str_t prefix;
        http_scheme_t scheme;
    } schemes[] = {
        {{"https://", 8}, HTTP_SCHEME_HTTPS},
        {{"http://", 7}, HTTP_SCHEME_HTTP},
        {{"wss://", 6}, HTTP_SCHEME_WSS},
        {{"ws://", 5}, HTTP_SCHEME_WS},
    };
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        str_t prefix = schemes[i].prefix;
        if (text->length >= prefix.length && str_eq_nocase((str_t){text->bytes, prefix.length}, prefix)) {
            *scheme = schemes[i].scheme;
            *text = (str_t){text->bytes + prefix.length, text->length - prefix.length};
            return RESULT_OK;
        }
    }
    return RESULT_UNSUPPORTED;
}

/* "host", "host:80", "[::1]:80" */
static result_t authority_parse(str_t text, http_url_t *url)
{
    str_t rest;
    if (text.length > 0 && text.bytes[0] == '[') {
        rest = (str_t){text.bytes + 1, text.length - 1};
        const char *closing = memchr(rest.bytes, ']', rest.length);
        if (closing == NULL) {
            return RESULT_MALFORMED;
        }
        url->host = (str_t){rest.bytes, (size_t)(closing - rest.bytes)};
        rest = (str_t){closing + 1, rest.length - url->host.length - 1};
        if (rest.length > 0 && rest.bytes[0] != ':') {
            return RESULT_MALFORMED;
        }
    } else {
        const char *colon = memchr(text.bytes, ':', text.length);
        size_t host_length = colon == NULL ? text.length : (size_t)(colon - text.bytes);
        url->host = (str_t){text.bytes, host_length};
        rest = (str_t){text.bytes + host_length, text.length - host_length};
    }
    for (size_t i = 0; i < url->host.length; i++) {
        char c = url->host.bytes[i];
        if (!is_unreserved(c) && c != ':') {
            return RESULT_MALFORMED;
        }
    }
    if (url->host.length == 0) {
        return RESULT_MALFORMED;
    }
    if (rest.length > 0) {
        uint64_t port = 0;
        if (str_to_u64((str_t){rest.bytes + 1, rest.length - 1}, &port) != RESULT_OK || port == 0 || port > 65535) {
            return RESULT_MALFORMED;
        }
        url->port = (uint16_t)port;
        url->port_given = true;
    }
    return RESULT_OK;
}

result_t http_url_parse(str_t text, http_url_t *out)
{
    http_url_t url = {0};
    result_t result = scheme_cut(&text, &url.scheme);
    if (result != RESULT_OK) {
        return result;
    }
    for (size_t i = 0; i < text.length; i++) {
        if (!http_char_is(text.bytes[i], HTTP_CHAR_TARGET)) {
            return RESULT_MALFORMED;
        }
    }
    url.port = url.scheme == HTTP_SCHEME_HTTPS || url.scheme == HTTP_SCHEME_WSS ? 443 : 80;
    size_t authority_end = 0;
    while (authority_end < text.length && text.bytes[authority_end] != '/' && text.bytes[authority_end] != '?') {
        authority_end++;
    }
    if (authority_end < text.length && text.bytes[authority_end] == '?') {
        return RESULT_MALFORMED; /* a query without a path: say "/" and mean it */
    }
    result = authority_parse((str_t){text.bytes, authority_end}, &url);
    if (result != RESULT_OK) {
        return result;
    }
    url.path = (str_t){text.bytes + authority_end, text.length - authority_end};
    *out = url;
    return RESULT_OK;
}

static result_t host_and_port(const http_url_t *url, bool port, char *buffer, size_t capacity)
{
    bool v6 = memchr(url->host.bytes, ':', url->host.length) != NULL;
    char digits[21];
    size_t digits_length = str_from_u64(url->port, digits);
    const str_t parts[] = {v6 ? STR("[") : STR(""), url->host, v6 ? STR("]") : STR(""), port ? STR(":") : STR(""),
                           port ? (str_t){digits, digits_length} : STR("")};
    size_t total = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        total += parts[i].length;
    }
    if (total >= capacity) {
        return RESULT_FULL;
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        memcpy(buffer, parts[i].bytes, parts[i].length);
        buffer += parts[i].length;
    }
    *buffer = '\0';
    return RESULT_OK;
}

result_t http_url_host_header(const http_url_t *url, char *buffer, size_t capacity)
{
    bool secure = url->scheme == HTTP_SCHEME_HTTPS || url->scheme == HTTP_SCHEME_WSS;
    uint16_t usual = secure ? 443 : 80;
    return host_and_port(url, url->port != usual, buffer, capacity);
}

result_t http_url_address(const http_url_t *url, char *buffer, size_t capacity)
{
    return host_and_port(url, true, buffer, capacity);
}

/* --- gzip ------------------------------------------------------------------------------------- */

result_t http_gunzip(str_t body, char *out, size_t capacity, size_t *length)
{
    z_stream z = {0};
    if (body.length > UINT32_MAX || capacity > UINT32_MAX || inflateInit2(&z, 16 + MAX_WBITS) != Z_OK) {
        return RESULT_FULL;
    }
    z.next_in = (const Bytef *)body.bytes;
    z.avail_in = (uInt)body.length;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)capacity;
    int status = inflate(&z, Z_FINISH);
    size_t produced = capacity - z.avail_out;
    bool rest = z.avail_in > 0;
    bool no_room = z.avail_out == 0;
    inflateEnd(&z);
    if (status == Z_STREAM_END) {
        if (rest) {
            return RESULT_MALFORMED;
        }
        *length = produced;
        return RESULT_OK;
    }
    if (status != Z_BUF_ERROR && status != Z_OK) {
        return RESULT_MALFORMED;
    }
    return no_room ? RESULT_FULL : RESULT_TRUNCATED;
}
