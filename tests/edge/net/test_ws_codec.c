/* test_ws_codec.c: WebSocket frames: RFC 6455's examples, every rule, every split, and ten thousand streams against wslay.
 *
 * shows: MKT-1, VEN-2, I20
 */
#include "edge/net/net_support.h"

#include "core/base/prng.h"
#include "edge/net/ws.h"
#include "fuzz/ws_oracle.h"

/* --- encoding --------------------------------------------------------------------------------- */

static void examples_of_the_rfc(void **state)
{
    (void)state;
    static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    char out[64];
    size_t length = 0;
    assert_int_equal(ws_encode(WS_OP_TEXT, STR("Hello"), NULL, out, sizeof out, &length), RESULT_OK);
    assert_int_equal(length, 7);
    assert_memory_equal(out, "\x81\x05Hello", 7);
    assert_int_equal(ws_encode(WS_OP_TEXT, STR("Hello"), mask, out, sizeof out, &length), RESULT_OK);
    assert_int_equal(length, 11);
    assert_memory_equal(out, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11);
    assert_int_equal(ws_encode(WS_OP_TEXT, STR("Hello"), mask, out, 10, &length), RESULT_FULL);
    assert_int_equal(length, 11);
    char accept[WS_ACCEPT_LENGTH + 1];
    ws_accept_make(STR("dGhlIHNhbXBsZSBub25jZQ=="), accept);
    assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    char key[WS_KEY_LENGTH + 1];
    ws_key_make((const uint8_t *)"the sample nonce", key);
    assert_string_equal(key, "dGhlIHNhbXBsZSBub25jZQ==");
}

/* Every form of the length, encoded and decoded again, in both roles. */
static void lengths_round_trip(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 125, 126, 127, 65535, 65536, 70000};
    static const uint8_t mask[4] = {1, 2, 3, 255};
    static char payload[70000], wire[70100];
    for (size_t i = 0; i < sizeof payload; i++) {
        payload[i] = (char)('a' + i % 26);
    }
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        for (int role = 0; role < 2; role++) {
            size_t length = 0;
            ws_decoder_t decoder;
            ws_event_t event;
            assert_int_equal(
                ws_encode(WS_OP_TEXT, (str_t){payload, lengths[i]}, role == 0 ? mask : NULL, wire, sizeof wire, &length),
                RESULT_OK);
            ws_decoder_init(&decoder, role == 0 ? WS_SERVER : WS_CLIENT, sizeof payload);
            ws_decode(&decoder, wire, length, &event);
            assert_int_equal(event.kind, WS_TEXT);
            assert_true(str_eq(event.payload, (str_t){payload, lengths[i]}));
            assert_ptr_equal(event.payload.bytes, wire + length - lengths[i]); /* in place: no copy */
            assert_int_equal(ws_decoder_release(&decoder, wire), length);
        }
    }
}

static void masks_turn_with_the_offset(void **state)
{
    (void)state;
    static const uint8_t mask[4] = {0x11, 0x22, 0x44, 0x88};
    char whole[100] = {0}, parts[100] = {0};
    ws_mask(whole, sizeof whole, mask, 0);
    for (size_t at = 0, step = 1; at < sizeof parts; at += step, step = step % 13 + 1) {
        ws_mask(parts + at, step < sizeof parts - at ? step : sizeof parts - at, mask, at);
    }
    assert_memory_equal(whole, parts, sizeof whole);
    assert_int_equal((uint8_t)whole[5], 0x22);
}

static void close_payloads(void **state)
{
    (void)state;
    char out[WS_CONTROL_MAX];
    assert_int_equal(ws_encode_close(1000, STR("bye"), out), 5);
    assert_memory_equal(out,
                        "\x03\xe8"
                        "bye",
                        5);
    assert_int_equal(ws_encode_close(WS_CLOSE_NO_STATUS, STR(""), out), 0);
    char reason[200];
    memset(reason, 'x', sizeof reason);
    memcpy(reason + 121, "\xe2\x82\xac", 3); /* a character over the bound is left out whole */
    assert_int_equal(ws_encode_close(1001, (str_t){reason, sizeof reason}, out), 2 + 121);
    static const uint16_t valid[] = {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999};
    static const uint16_t invalid[] = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535};
    for (size_t i = 0; i < sizeof valid / sizeof valid[0]; i++) {
        assert_true(ws_close_code_is_valid(valid[i]));
    }
    for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
        assert_false(ws_close_code_is_valid(invalid[i]));
    }
}

/* --- text ------------------------------------------------------------------------------------- */

static void utf8_by_the_book(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "plain",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf",
                                       "eight by\xc3\xa4 eight bytes"};
    static const char *const bad[] = {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xc2",
                                      "\xc2\x20",
                                      "\xe0\x9f\xbf",
                                      "\xe0\x80\x80",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xe2\x82",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xff",
                                      "\xfe",
                                      "eight byteeight byt\xc3",
                                      "\xf0\x90\x80"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(ws_utf8_is_valid(str_from(good[i])));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(ws_utf8_is_valid(str_from(bad[i])));
    }
}

/* --- rules ------------------------------------------------------------------------------------ */

static void broken_rules_have_names_and_codes(void **state)
{
    (void)state;
    static const struct {
        ws_role_t role;
        const char *bytes;
        size_t length;
        ws_error_t error;
        uint16_t code;
    } cases[] = {
        {WS_CLIENT, "\xc1\x00", 2, WS_ERROR_RESERVED_BITS, 1002},
        {WS_CLIENT, "\x91\x00", 2, WS_ERROR_RESERVED_BITS, 1002},
        {WS_CLIENT, "\x83\x00", 2, WS_ERROR_BAD_OPCODE, 1002},
        {WS_CLIENT, "\x8b\x00", 2, WS_ERROR_BAD_OPCODE, 1002},
        {WS_SERVER, "\x81\x00", 2, WS_ERROR_NOT_MASKED, 1002},
        {WS_CLIENT, "\x81\x80\0\0\0\0", 6, WS_ERROR_MASKED, 1002},
        {WS_CLIENT, "\x81\x7e\x00\x7d", 4, WS_ERROR_LENGTH_FORM, 1002},
        {WS_CLIENT, "\x81\x7f\0\0\0\0\0\0\xff\xff", 10, WS_ERROR_LENGTH_FORM, 1002},
        {WS_CLIENT, "\x81\x7f\x80\0\0\0\0\0\0\0", 10, WS_ERROR_LENGTH_FORM, 1002},
        {WS_CLIENT, "\x09\x00", 2, WS_ERROR_CONTROL_FRAGMENTED, 1002},
        {WS_CLIENT, "\x89\x7e\x00\x7e", 4, WS_ERROR_CONTROL_TOO_LONG, 1002},
        {WS_CLIENT, "\x81\x7e\x40\x01", 4, WS_ERROR_TOO_LONG, 1009},
        {WS_CLIENT, "\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10, WS_ERROR_TOO_LONG, 1009},
        {WS_CLIENT, "\x01\x01x\x80\x7e\x40\x00", 7, WS_ERROR_TOO_LONG, 1009}, /* fragments together */
        {WS_CLIENT, "\x80\x00", 2, WS_ERROR_UNEXPECTED_CONTINUATION, 1002},
        {WS_CLIENT, "\x01\x01x\x81\x01y", 6, WS_ERROR_EXPECTED_CONTINUATION, 1002},
        {WS_CLIENT, "\x81\x01\xff", 3, WS_ERROR_NOT_UTF8, 1007},
        {WS_CLIENT, "\x81\x02\xe2\x82", 4, WS_ERROR_NOT_UTF8, 1007}, /* ends inside a character */
        {WS_CLIENT, "\x01\x02\xe2\x82\x80\x00", 6, WS_ERROR_NOT_UTF8, 1007},
        {WS_CLIENT, "\x88\x01\x03", 3, WS_ERROR_BAD_CLOSE, 1002},
        {WS_CLIENT, "\x88\x02\x03\xed", 4, WS_ERROR_BAD_CLOSE, 1002}, /* 1005 */
        {WS_CLIENT, "\x88\x03\x03\xe8\xff", 5, WS_ERROR_NOT_UTF8, 1007},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t piece = 1; piece <= cases[i].length; piece++) {
            char memory[64];
            ws_decoder_t decoder;
            ws_event_t event = {0};
            ws_decoder_init(&decoder, cases[i].role, ORACLE_MESSAGE_MAX);
            for (size_t have = 0; have < cases[i].length && event.kind == WS_NEED_MORE;) {
                size_t step = piece < cases[i].length - have ? piece : cases[i].length - have;
                memcpy(memory + have, cases[i].bytes + have, step);
                have += step;
                ws_decode(&decoder, memory, have, &event);
            }
            assert_int_equal(event.kind, WS_ERROR);
            assert_string_equal(ws_error_name(event.error), ws_error_name(cases[i].error));
            assert_int_equal(event.code, cases[i].code);
            ws_decode(&decoder, memory, cases[i].length, &event);
            assert_int_equal(event.kind, WS_ERROR); /* an error stays */
        }
    }
}

static void control_frames_between_fragments(void **state)
{
    (void)state;
    static const char bytes[] = "\x01\x03"
                                "abc\x89\x01p\x00\x02"
                                "de\x8a\x00\x80\x01"
                                "f\x82\x01z\x88\x00\x81\x01x";
    static const char expected[] = "ping 1 p\npong 0 \ntext 6 abcdef\nbinary 1 z\nclose 1005 \n";
    static transcript_t transcript;
    for (size_t piece = 1; piece < sizeof bytes; piece++) {
        char memory[64];
        transcript_ours(WS_CLIENT, bytes, sizeof bytes - 1, piece, memory, &transcript);
        assert_int_equal(transcript.length, sizeof expected - 1);
        assert_memory_equal(transcript.text, expected, sizeof expected - 1);
    }
}

/* --- handshake -------------------------------------------------------------------------------- */

static result_t check_request(const char *text)
{
    char copy[1024];
    http_parser_t parser;
    str_t key;
    http_parser_init(&parser, HTTP_REQUEST);
    memcpy(copy, text, strlen(text));
    assert_int_equal(http_parse(&parser, copy, strlen(text)), HTTP_COMPLETE);
    return ws_handshake_check_request(&parser.message, &key);
}

#define KEY "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define UP  "Host: h\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"

static void handshakes_are_checked(void **state)
{
    (void)state;
    assert_int_equal(check_request("GET /ws HTTP/1.1\r\n" UP KEY "Sec-WebSocket-Version: 13\r\n\r\n"), RESULT_OK);
    assert_int_equal(check_request("GET /ws HTTP/1.1\r\n" UP KEY "Sec-WebSocket-Version: 8\r\n\r\n"), RESULT_VERSION);
    assert_int_equal(check_request("GET /ws HTTP/1.1\r\n" UP KEY "\r\n"), RESULT_VERSION);
    assert_int_equal(check_request("GET /ws HTTP/1.1\r\n" UP "Sec-WebSocket-Version: 13\r\n\r\n"), RESULT_MALFORMED);
    assert_int_equal(check_request("GET /ws HTTP/1.1\r\n" UP "Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n"),
                     RESULT_MALFORMED);
    assert_int_equal(check_request("POST /ws HTTP/1.1\r\n" UP KEY "Sec-WebSocket-Version: 13\r\n\r\n"), RESULT_MALFORMED);
    assert_int_equal(check_request("GET /ws HTTP/1.0\r\n" UP KEY "Sec-WebSocket-Version: 13\r\n\r\n"), RESULT_MALFORMED);
    assert_int_equal(check_request("GET /ws HTTP/1.1\r\nHost: h\r\n" KEY "Sec-WebSocket-Version: 13\r\n\r\n"), RESULT_MALFORMED);
}

/* --- against wslay ---------------------------------------------------------------------------- */

static size_t random_frames(prng_t *prng, ws_role_t role, char *out, size_t capacity)
{
    static const char *const texts[] = {
        "{\"e\":\"trade\"}", "\xe2\x82\xac", "\xc3", "\xa4", "\xff", "", "price 27123.40 and more of it", "\xed\xa0\x80"};
    static const uint8_t opcodes[] = {1, 1, 1, 0, 0, 2, 8, 9, 10, 3, 11};
    size_t length = 0;
    for (uint64_t frames = 1 + prng_below(prng, 6); frames > 0; frames--) {
        const char *text = texts[prng_below(prng, sizeof texts / sizeof texts[0])];
        char payload[256];
        size_t payload_length = strlen(text);
        uint8_t opcode = opcodes[prng_below(prng, sizeof opcodes)];
        uint8_t mask[4] = {(uint8_t)prng_below(prng, 256), (uint8_t)prng_below(prng, 256), 3, 4};
        uint8_t head[WS_HEAD_MAX];
        memcpy(payload, text, payload_length);
        if (opcode == 8 && prng_below(prng, 4) > 0) {
            static const uint16_t codes[] = {1000, 1001, 1005, 1011, 1013, 3000, 4999, 5000, 999};
            payload_length = ws_encode_close(codes[prng_below(prng, 9)], str_from(text), payload);
        } else if (prng_below(prng, 10) == 0) {
            payload_length = 100 + (size_t)prng_below(prng, 100);
            memset(payload, 'l', payload_length);
        }
        bool masked = (role == WS_SERVER) != (prng_below(prng, 60) == 0);
        size_t head_length = ws_encode_head((ws_opcode_t)opcode, prng_below(prng, 3) == 0 ? WS_MORE : WS_FINAL, payload_length,
                                            masked ? mask : NULL, head);
        if (masked) {
            ws_mask(payload, payload_length, mask, 0);
        }
        if (length + head_length + payload_length > capacity) {
            break;
        }
        memcpy(out + length, head, head_length);
        memcpy(out + length + head_length, payload, payload_length);
        length += head_length + payload_length;
    }
    if (prng_below(prng, 4) == 0 && length > 0) {
        out[prng_below(prng, length)] ^= (char)(1 << prng_below(prng, 8));
    }
    return prng_below(prng, 4) == 0 ? (size_t)prng_below(prng, length + 1) : length;
}

static void same_events_as_wslay(void **state)
{
    (void)state;
    static transcript_t whole, pieces, theirs;
    static char memory[4096];
    wslay_t wslay;
    if (!wslay_open(&wslay)) {
        print_message("libwslay is not installed: the comparison is skipped\n");
        skip();
    }
    prng_t prng;
    prng_seed(&prng, 6455);
    int messages = 0, errors = 0;
    for (int round = 0; round < 10000; round++) {
        ws_role_t role = round % 2 == 0 ? WS_SERVER : WS_CLIENT;
        char bytes[2048];
        size_t length = random_frames(&prng, role, bytes, sizeof bytes);
        transcript_ours(role, bytes, length, sizeof bytes, memory, &whole);
        transcript_ours(role, bytes, length, 1 + (size_t)prng_below(&prng, 40), memory, &pieces);
        assert_int_equal(whole.length, pieces.length);
        assert_memory_equal(whole.text, pieces.text, whole.length);
        if (!oracle_agrees(&wslay, role, bytes, length, &whole, &theirs)) {
            for (size_t i = 0; i < length; i++) {
                print_error("%02x%s", (uint8_t)bytes[i], i + 1 == length ? "\n" : " ");
            }
            fail_msg("round %d\nours:\n%.*s\nwslay:\n%.*s", round, (int)whole.length, whole.text, (int)theirs.length, theirs.text);
        }
        messages += whole.length > 0 ? 1 : 0;
        errors += whole.length >= 9 && memcmp(whole.text + whole.length - 9, "error 0 \n", 9) == 0 ? 1 : 0;
    }
    assert_true(messages > 5000 && errors > 1000); /* the generator reaches both sides of the fence */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_of_the_rfc),
        cmocka_unit_test(lengths_round_trip),
        cmocka_unit_test(masks_turn_with_the_offset),
        cmocka_unit_test(close_payloads),
        cmocka_unit_test(utf8_by_the_book),
        cmocka_unit_test(broken_rules_have_names_and_codes),
        cmocka_unit_test(control_frames_between_fragments),
        cmocka_unit_test(handshakes_are_checked),
        cmocka_unit_test(same_events_as_wslay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
