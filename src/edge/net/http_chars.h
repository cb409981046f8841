/* http_chars.h: which bytes may stand where in HTTP (RFC 9110, sections 5.5 and 5.6.2). Shared by the reader and the writer. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    HTTP_CHAR_TOKEN = 1,  /* methods, header names */
    HTTP_CHAR_TARGET = 2, /* request targets: every visible ASCII character but '#', as clients really send them */
    HTTP_CHAR_VALUE = 4,  /* header values and reason phrases: visible ASCII, blank, tab, bytes from 0x80 on */
};

extern const uint8_t http_chars[128];

static inline bool http_char_is(char c, uint8_t class)
{
    unsigned char byte = (unsigned char)c;
    return ((byte < 128 ? http_chars[byte] : HTTP_CHAR_VALUE) & class) != 0;
}
