/* ws.c: WebSocket frames in and out, and the handshake's two checks (ws.h). */
#include "edge/net/ws.h"

#include <openssl/evp.h>
#include <string.h>

#include "core/base/assert.h"

enum {
    UTF8_START = 0, /* between characters */
    MASK_LENGTH = 4,
};

/* --- masking ---------------------------------------------------------------------------------- */

void ws_mask(char *bytes, size_t length, const uint8_t mask[4], size_t offset)
{
    uint8_t turned[8];
    for (size_t i = 0; i < sizeof turned; i++) {
        turned[i] = mask[(offset + i) & 3];
    }
    uint64_t wide;
    memcpy(&wide, turned, sizeof wide);
    size_t i = 0;
    for (; length - i >= sizeof wide; i += sizeof wide) {
        uint64_t block;
        memcpy(&block, bytes + i, sizeof block);
        block ^= wide;
        memcpy(bytes + i, &block, sizeof block);
    }
    for (; i < length; i++) {
        bytes[i] = (char)((uint8_t)bytes[i] ^ turned[i & 7]);
    }
}

/* --- text ------------------------------------------------------------------------------------- */

/* What may follow, as one number: bits 0-1: continuation bytes awaited; bits 8-15 and 16-23: lowest and highest value of the next.
 * Shortest forms only, no surrogates, nothing above U+10FFFF (RFC 3629). Returns UINT32_MAX for a byte that cannot begin a
 * character. */
static uint32_t utf8_begin(uint8_t byte)
{
    enum { LOW = 8, HIGH = 16 };
    if (byte >= 0xC2 && byte <= 0xDF) {
        return 1U | 0x80U << LOW | 0xBFU << HIGH;
    }
    if (byte >= 0xE0 && byte <= 0xEF) {
        uint32_t low = byte == 0xE0 ? 0xA0 : 0x80;
        uint32_t high = byte == 0xED ? 0x9F : 0xBF;
        return 2U | low << LOW | high << HIGH;
    }
    if (byte >= 0xF0 && byte <= 0xF4) {
        uint32_t low = byte == 0xF0 ? 0x90 : 0x80;
        uint32_t high = byte == 0xF4 ? 0x8F : 0xBF;
        return 3U | low << LOW | high << HIGH;
    }
    return UINT32_MAX;
}

static uint32_t utf8_step(uint32_t state, uint8_t byte)
{
    if (state == UTF8_START) {
        return byte < 0x80 ? UTF8_START : utf8_begin(byte);
    }
    if (byte < ((state >> 8) & 0xFF) || byte > ((state >> 16) & 0xFF)) {
        return UINT32_MAX;
    }
    uint32_t left = (state & 3) - 1;
    return left == 0 ? UTF8_START : (left | 0x80U << 8 | 0xBFU << 16);
}

/* Continues a check over pieces; false at the first wrong byte. Eight ASCII bytes at a time: market data is ASCII. */
static bool utf8_continue(uint32_t *state, const char *bytes, size_t length)
{
    uint32_t now = *state;
    size_t i = 0;
    while (i < length) {
        uint64_t block;
        if (now == UTF8_START && length - i >= sizeof block) {
            memcpy(&block, bytes + i, sizeof block);
            if ((block & UINT64_C(0x8080808080808080)) == 0) {
                i += sizeof block;
                continue;
            }
        }
        now = utf8_step(now, (uint8_t)bytes[i]);
        if (now == UINT32_MAX) {
            return false;
        }
        i++;
    }
    *state = now;
    return true;
}

bool ws_utf8_is_valid(str_t text)
{
    uint32_t state = UTF8_START;
    return utf8_continue(&state, text.bytes, text.length) && state == UTF8_START;
}

bool ws_close_code_is_valid(uint16_t code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/* --- frame heads ------------------------------------------------------------------------------ */

typedef struct {
    uint8_t opcode;
    bool final, masked;
    uint8_t reserved; /* the three bits */
    bool form_bad;    /* length not in its shortest form, or its highest bit set */
    uint64_t length;
    size_t head_length;
    uint8_t mask[MASK_LENGTH];
} frame_t;

/* False while the head is not whole. */
static bool frame_read(const uint8_t *bytes, size_t have, frame_t *frame)
{
    if (have < 2) {
        return false;
    }
    uint8_t short_length = bytes[1] & 0x7F;
    size_t extra = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
    bool masked = (bytes[1] & 0x80) != 0;
    size_t head_length = 2 + extra + (masked ? MASK_LENGTH : 0);
    if (have < head_length) {
        return false;
    }
    uint64_t length = extra == 0 ? short_length : 0;
    for (size_t i = 0; i < extra; i++) {
        length = length << 8 | bytes[2 + i];
    }
    *frame = (frame_t){
        .opcode = bytes[0] & 0x0F,
        .final = (bytes[0] & 0x80) != 0,
        .masked = masked,
        .reserved = (bytes[0] >> 4) & 7,
        .form_bad = (extra == 2 && length < 126) || (extra == 8 && (length < 65536 || length >> 63 != 0)),
        .length = length,
        .head_length = head_length,
    };
    if (masked) {
        memcpy(frame->mask, bytes + 2 + extra, MASK_LENGTH);
    }
    return true;
}

/* The rules that need only the head. */
static ws_error_t frame_check(const ws_decoder_t *decoder, const frame_t *frame)
{
    bool control = frame->opcode >= WS_OP_CLOSE;
    if (frame->reserved != 0) {
        return WS_ERROR_RESERVED_BITS;
    }
    if (frame->opcode > WS_OP_PONG || (frame->opcode > WS_OP_BINARY && !control)) {
        return WS_ERROR_BAD_OPCODE;
    }
    if (frame->masked != (decoder->role == WS_SERVER)) {
        return frame->masked ? WS_ERROR_MASKED : WS_ERROR_NOT_MASKED;
    }
    if (frame->form_bad) {
        return WS_ERROR_LENGTH_FORM;
    }
    if (control) {
        if (!frame->final) {
            return WS_ERROR_CONTROL_FRAGMENTED;
        }
        return frame->length > WS_CONTROL_MAX ? WS_ERROR_CONTROL_TOO_LONG : WS_ERROR_NONE;
    }
    if (frame->opcode == WS_OP_CONTINUATION && decoder->opcode == 0) {
        return WS_ERROR_UNEXPECTED_CONTINUATION;
    }
    if (frame->opcode != WS_OP_CONTINUATION && decoder->opcode != 0) {
        return WS_ERROR_EXPECTED_CONTINUATION;
    }
    return frame->length > decoder->message_max - decoder->gathered ? WS_ERROR_TOO_LONG : WS_ERROR_NONE;
}

/* --- decoding --------------------------------------------------------------------------------- */

void ws_decoder_init(ws_decoder_t *decoder, ws_role_t role, size_t message_max)
{
    *decoder = (ws_decoder_t){.role = role, .message_max = message_max, .last = {.kind = WS_NEED_MORE}};
}

static void event_fail(ws_decoder_t *decoder, ws_error_t error, ws_event_t *event)
{
    uint16_t code = error == WS_ERROR_TOO_LONG   ? WS_CLOSE_TOO_BIG
                    : error == WS_ERROR_NOT_UTF8 ? WS_CLOSE_BAD_PAYLOAD
                                                 : WS_CLOSE_PROTOCOL_ERROR;
    decoder->done = true;
    decoder->last = (ws_event_t){.kind = WS_ERROR, .code = code, .error = error};
    *event = decoder->last;
}

static void event_close(ws_decoder_t *decoder, str_t payload, ws_event_t *event)
{
    *event = (ws_event_t){.kind = WS_CLOSE, .code = WS_CLOSE_NO_STATUS, .payload = {payload.bytes, 0}};
    if (payload.length > 0) {
        if (payload.length == 1) {
            event_fail(decoder, WS_ERROR_BAD_CLOSE, event);
            return;
        }
        event->code = (uint16_t)((uint8_t)payload.bytes[0] << 8 | (uint8_t)payload.bytes[1]);
        event->payload = (str_t){payload.bytes + 2, payload.length - 2};
        if (!ws_close_code_is_valid(event->code)) {
            event_fail(decoder, WS_ERROR_BAD_CLOSE, event);
            return;
        }
        if (!ws_utf8_is_valid(event->payload)) {
            event_fail(decoder, WS_ERROR_NOT_UTF8, event);
            return;
        }
    }
    decoder->done = true;
}

static void event_control(ws_decoder_t *decoder, const frame_t *frame, str_t payload, ws_event_t *event)
{
    if (frame->opcode == WS_OP_CLOSE) {
        event_close(decoder, payload, event);
        return;
    }
    *event = (ws_event_t){.kind = frame->opcode == WS_OP_PING ? WS_PING : WS_PONG, .payload = payload};
}

/* One data frame at bytes[at..at+length). True when a message is whole (or wrong) and the event is set. A message in one frame
 * stays where it is; a fragment is moved up to its predecessors. */
static bool event_data(ws_decoder_t *decoder, const frame_t *frame, char *bytes, size_t at, ws_event_t *event)
{
    size_t length = (size_t)frame->length;
    uint8_t opcode = frame->opcode == WS_OP_CONTINUATION ? decoder->opcode : frame->opcode;
    if (opcode == WS_OP_TEXT) {
        bool valid = utf8_continue(&decoder->utf8, bytes + at, length);
        if (!valid || (frame->final && decoder->utf8 != UTF8_START)) {
            event_fail(decoder, WS_ERROR_NOT_UTF8, event);
            return true;
        }
    }
    str_t payload = {bytes + at, length};
    if (frame->opcode == WS_OP_CONTINUATION || !frame->final) {
        memmove(bytes + decoder->gathered, bytes + at, length);
        decoder->gathered += length;
        decoder->opcode = opcode;
        payload = (str_t){bytes, decoder->gathered};
    }
    if (!frame->final) {
        return false;
    }
    decoder->opcode = 0;
    decoder->gathered = 0;
    *event = (ws_event_t){.kind = opcode == WS_OP_TEXT ? WS_TEXT : WS_BINARY, .payload = payload};
    return true;
}

void ws_decode(ws_decoder_t *decoder, char *bytes, size_t length, ws_event_t *event)
{
    ASSERT(length >= decoder->scan);
    for (;;) {
        frame_t frame;
        if (decoder->done || !frame_read((const uint8_t *)bytes + decoder->scan, length - decoder->scan, &frame)) {
            *event = decoder->last; /* NEED_MORE, or the ERROR that stays */
            return;
        }
        ws_error_t error = frame_check(decoder, &frame);
        if (error != WS_ERROR_NONE) {
            event_fail(decoder, error, event);
            return;
        }
        if (length - decoder->scan - frame.head_length < frame.length) {
            *event = decoder->last;
            return;
        }
        size_t at = decoder->scan + frame.head_length;
        decoder->scan = at + (size_t)frame.length;
        if (frame.masked) {
            ws_mask(bytes + at, (size_t)frame.length, frame.mask, 0);
        }
        if (frame.opcode >= WS_OP_CLOSE) {
            event_control(decoder, &frame, (str_t){bytes + at, (size_t)frame.length}, event);
            return;
        }
        if (event_data(decoder, &frame, bytes, at, event)) {
            return;
        }
    }
}

size_t ws_decoder_release(ws_decoder_t *decoder, char *bytes)
{
    size_t release = decoder->scan - decoder->gathered;
    if (decoder->gathered > 0 && release > 0) {
        memmove(bytes + release, bytes, decoder->gathered);
    }
    decoder->scan = decoder->gathered;
    return release;
}

/* --- encoding --------------------------------------------------------------------------------- */

size_t ws_encode_head(ws_opcode_t opcode, ws_final_t final, uint64_t length, const uint8_t mask[4], uint8_t head[WS_HEAD_MAX])
{
    size_t extra = length < 126 ? 0 : length < 65536 ? 2 : 8;
    head[0] = (uint8_t)((final == WS_FINAL ? 0x80 : 0) | (unsigned)opcode);
    head[1] = (uint8_t)((mask != NULL ? 0x80 : 0) | (extra == 0 ? (unsigned)length : extra == 2 ? 126U : 127U));
    for (size_t i = 0; i < extra; i++) {
        head[2 + i] = (uint8_t)(length >> (8 * (extra - 1 - i)));
    }
    if (mask == NULL) {
        return 2 + extra;
    }
    memcpy(head + 2 + extra, mask, MASK_LENGTH);
    return 2 + extra + MASK_LENGTH;
}

result_t ws_encode(ws_opcode_t opcode, str_t payload, const uint8_t mask[4], char *out, size_t capacity, size_t *length)
{
    uint8_t head[WS_HEAD_MAX];
    size_t head_length = ws_encode_head(opcode, WS_FINAL, payload.length, mask, head);
    if (capacity < head_length || capacity - head_length < payload.length) {
        return RESULT_FULL;
    }
    memcpy(out, head, head_length);
    if (payload.length > 0) {
        memcpy(out + head_length, payload.bytes, payload.length);
    }
    if (mask != NULL) {
        ws_mask(out + head_length, payload.length, mask, 0);
    }
    *length = head_length + payload.length;
    return RESULT_OK;
}

size_t ws_encode_close(uint16_t code, str_t reason, char out[WS_CONTROL_MAX])
{
    if (code == WS_CLOSE_NO_STATUS) {
        return 0;
    }
    size_t length = reason.length < WS_CONTROL_MAX - 2 ? reason.length : WS_CONTROL_MAX - 2;
    while (length > 0 && length < reason.length && ((uint8_t)reason.bytes[length] & 0xC0) == 0x80) {
        length--;
    }
    out[0] = (char)(code >> 8);
    out[1] = (char)(code & 0xFF);
    if (length > 0) {
        memcpy(out + 2, reason.bytes, length);
    }
    return 2 + length;
}

const char *ws_error_name(ws_error_t error)
{
    static const char *const names[] = {
#define WS_ERROR_NAME(name, text) #name,
        WS_ERROR_TABLE(WS_ERROR_NAME)
#undef WS_ERROR_NAME
    };
    return (unsigned)error < WS_ERROR_COUNT ? names[error] : "UNKNOWN";
}

const char *ws_error_text(ws_error_t error)
{
    static const char *const texts[] = {
#define WS_ERROR_TEXT(name, text) text,
        WS_ERROR_TABLE(WS_ERROR_TEXT)
#undef WS_ERROR_TEXT
    };
    return (unsigned)error < WS_ERROR_COUNT ? texts[error] : "unknown error";
}
