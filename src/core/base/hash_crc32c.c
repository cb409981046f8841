/* hash_crc32c.c: CRC-32C, polynomial 0x1EDC6F41 reflected, eight bytes a step ("slicing by 8": M. Kounavis, F. Berry 2005).
 *
 * The CRC of a byte is linear over exclusive-or, so each table of 256 entries follows from the eight entries of single bits; the
 * compiler fills the tables in. Table k holds what a byte does to the CRC after k more zero bytes.
 */
#include "core/base/hash.h"

#define ENTRY(i, b0, b1, b2, b3, b4, b5, b6, b7)                                                                                   \
    (((i)&1 ? (b0) : 0U) ^ ((i)&2 ? (b1) : 0U) ^ ((i)&4 ? (b2) : 0U) ^ ((i)&8 ? (b3) : 0U) ^ ((i)&16 ? (b4) : 0U) ^                \
     ((i)&32 ? (b5) : 0U) ^ ((i)&64 ? (b6) : 0U) ^ ((i)&128 ? (b7) : 0U))
#define FOUR(i, ...)    ENTRY(i, __VA_ARGS__), ENTRY((i) + 1, __VA_ARGS__), ENTRY((i) + 2, __VA_ARGS__), ENTRY((i) + 3, __VA_ARGS__)
#define SIXTEEN(i, ...) FOUR(i, __VA_ARGS__), FOUR((i) + 4, __VA_ARGS__), FOUR((i) + 8, __VA_ARGS__), FOUR((i) + 12, __VA_ARGS__)
#define SIXTYFOUR(i, ...)                                                                                                          \
    SIXTEEN(i, __VA_ARGS__), SIXTEEN((i) + 16, __VA_ARGS__), SIXTEEN((i) + 32, __VA_ARGS__), SIXTEEN((i) + 48, __VA_ARGS__)
#define CRC_TABLE(...)                                                                                                             \
    {                                                                                                                              \
        SIXTYFOUR(0, __VA_ARGS__), SIXTYFOUR(64, __VA_ARGS__), SIXTYFOUR(128, __VA_ARGS__), SIXTYFOUR(192, __VA_ARGS__)            \
    }

static const uint32_t tables[8][256] = {
    CRC_TABLE(0xF26B8303, 0xE13B70F7, 0xC79A971F, 0x8AD958CF, 0x105EC76F, 0x20BD8EDE, 0x417B1DBC, 0x82F63B78),
    CRC_TABLE(0x13A29877, 0x274530EE, 0x4E8A61DC, 0x9D14C3B8, 0x3FC5F181, 0x7F8BE302, 0xFF17C604, 0xFBC3FAF9),
    CRC_TABLE(0xA541927E, 0x4F6F520D, 0x9EDEA41A, 0x38513EC5, 0x70A27D8A, 0xE144FB14, 0xC76580D9, 0x8B277743),
    CRC_TABLE(0xDD45AAB8, 0xBF672381, 0x7B2231F3, 0xF64463E6, 0xE964B13D, 0xD725148B, 0xABA65FE7, 0x52A0C93F),
    CRC_TABLE(0x38116FAC, 0x7022DF58, 0xE045BEB0, 0xC5670B91, 0x8F2261D3, 0x1BA8B557, 0x37516AAE, 0x6EA2D55C),
    CRC_TABLE(0xEF306B19, 0xDB8CA0C3, 0xB2F53777, 0x6006181F, 0xC00C303E, 0x85F4168D, 0x0E045BEB, 0x1C08B7D6),
    CRC_TABLE(0x68032CC8, 0xD0065990, 0xA5E0C5D1, 0x4E2DFD53, 0x9C5BFAA6, 0x3D5B83BD, 0x7AB7077A, 0xF56E0EF4),
    CRC_TABLE(0x493C7D27, 0x9278FA4E, 0x211D826D, 0x423B04DA, 0x847609B4, 0x0D006599, 0x1A00CB32, 0x34019664),
};

uint32_t hash_crc32c(uint32_t crc, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    crc = ~crc;
    for (; length >= 8; length -= 8, at += 8) {
        uint32_t first = crc ^ ((uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24);
        crc = tables[7][first & 0xFF] ^ tables[6][first >> 8 & 0xFF] ^ tables[5][first >> 16 & 0xFF] ^ tables[4][first >> 24] ^
              tables[3][at[4]] ^ tables[2][at[5]] ^ tables[1][at[6]] ^ tables[0][at[7]];
    }
    for (; length > 0; length--, at++) {
        crc = crc >> 8 ^ tables[0][(crc ^ *at) & 0xFF];
    }
    return ~crc;
}
