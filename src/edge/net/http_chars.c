/* http_chars.c: the table behind http_chars.h. */
#include "edge/net/http_chars.h"

#define T (HTTP_CHAR_TOKEN | HTTP_CHAR_TARGET | HTTP_CHAR_VALUE) /* token characters may stand everywhere */
#define V (HTTP_CHAR_TARGET | HTTP_CHAR_VALUE)                   /* visible, but no token */
#define O HTTP_CHAR_VALUE
#define N (HTTP_CHAR_TOKEN | HTTP_CHAR_VALUE) /* '#': would begin a fragment in a target */

const uint8_t http_chars[128] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, O, 0, 0, 0, 0, 0, 0, /* 0x00: the tab */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x10 */
    O, T, V, N, T, T, T, T, V, V, T, T, V, T, T, V, /* 0x20:   ! " # $ % & ' ( ) * + , - . / */
    T, T, T, T, T, T, T, T, T, T, V, V, V, V, V, V, /* 0x30: 0-9 : ; < = > ? */
    V, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, /* 0x40: @ A-O */
    T, T, T, T, T, T, T, T, T, T, T, V, V, V, T, T, /* 0x50: P-Z [ \ ] ^ _ */
    T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, /* 0x60: ` a-o */
    T, T, T, T, T, T, T, T, T, T, T, V, T, V, T, 0, /* 0x70: p-z { | } ~ DEL */
};
