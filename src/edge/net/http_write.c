/* http_write.c: HTTP messages out of values (http.h). A part that could end a line early is refused, so nothing injected gets out.
 */
#include <string.h>

#include "edge/net/http.h"
#include "edge/net/http_chars.h"

void http_writer_init(http_writer_t *writer, char *buffer, size_t capacity)
{
    *writer = (http_writer_t){.bytes = buffer, .capacity = capacity};
}

static void put(http_writer_t *writer, str_t text)
{
    if (writer->result != RESULT_OK || text.length == 0) {
        return;
    }
    if (text.length > writer->capacity - writer->length) {
        writer->result = RESULT_FULL;
        return;
    }
    memcpy(writer->bytes + writer->length, text.bytes, text.length);
    writer->length += text.length;
}

static void put_checked(http_writer_t *writer, str_t text, uint8_t class)
{
    for (size_t i = 0; i < text.length; i++) {
        if (!http_char_is(text.bytes[i], class)) {
            writer->result = writer->result == RESULT_OK ? RESULT_TEXT_BAD_CHARACTER : writer->result;
            return;
        }
    }
    put(writer, text);
}

static void put_u64(http_writer_t *writer, uint64_t value)
{
    char digits[21];
    put(writer, (str_t){digits, str_from_u64(value, digits)});
}

void http_write_request_line(http_writer_t *writer, str_t method, str_t target)
{
    if (method.length == 0 || target.length == 0) {
        writer->result = RESULT_TEXT_BAD_CHARACTER;
        return;
    }
    put_checked(writer, method, HTTP_CHAR_TOKEN);
    put(writer, STR(" "));
    put_checked(writer, target, HTTP_CHAR_TARGET);
    put(writer, STR(" HTTP/1.1\r\n"));
}

void http_write_status_line(http_writer_t *writer, unsigned status, str_t reason)
{
    put(writer, STR("HTTP/1.1 "));
    put_u64(writer, status);
    put(writer, STR(" "));
    put_checked(writer, reason.length > 0 ? reason : str_from(http_status_text(status)), HTTP_CHAR_VALUE);
    put(writer, STR("\r\n"));
}

void http_write_header(http_writer_t *writer, str_t name, str_t value)
{
    if (name.length == 0) {
        writer->result = RESULT_TEXT_BAD_CHARACTER;
        return;
    }
    put_checked(writer, name, HTTP_CHAR_TOKEN);
    put(writer, STR(": "));
    put_checked(writer, value, HTTP_CHAR_VALUE);
    put(writer, STR("\r\n"));
}

void http_write_header_u64(http_writer_t *writer, str_t name, uint64_t value)
{
    char digits[21];
    http_write_header(writer, name, (str_t){digits, str_from_u64(value, digits)});
}

void http_write_body(http_writer_t *writer, str_t body)
{
    http_write_header_u64(writer, STR("Content-Length"), body.length);
    http_write_end(writer);
    put(writer, body);
}

void http_write_end(http_writer_t *writer)
{
    put(writer, STR("\r\n"));
}

/* --- words ------------------------------------------------------------------------------------ */

const char *http_status_text(unsigned status)
{
    static const struct {
        unsigned status;
        const char *text;
    } words[] = {
        {100, "Continue"},
        {101, "Switching Protocols"},
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {418, "I'm a teapot"},
        {422, "Unprocessable Content"},
        {426, "Upgrade Required"},
        {410, "Gone"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].status == status) {
            return words[i].text;
        }
    }
    return "";
}

static const struct {
    const char *name;
    unsigned status;
    const char *text;
} errors[HTTP_ERROR_COUNT] = {
#define HTTP_ERROR_ROW(name, status, text) {#name, status, text},
    HTTP_ERROR_TABLE(HTTP_ERROR_ROW)
#undef HTTP_ERROR_ROW
};

const char *http_error_name(http_error_t error)
{
    return (unsigned)error < HTTP_ERROR_COUNT ? errors[error].name : "UNKNOWN";
}

const char *http_error_text(http_error_t error)
{
    return (unsigned)error < HTTP_ERROR_COUNT ? errors[error].text : "unknown error";
}

unsigned http_error_status(http_error_t error)
{
    return (unsigned)error < HTTP_ERROR_COUNT ? errors[error].status : 400;
}
