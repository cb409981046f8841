/* shows: MKT-2, ORD-7 (a reply that cannot be read is an error with a place, never a guess)
 *
 * The reader takes exactly what RFC 8259 takes, names every error with its byte, and leaves outputs alone when it fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edge/json/json_reader.h"

static result_t skip_whole(str_t text)
{
    json_reader_t reader;
    json_reader_init(&reader, text.bytes, text.length);
    json_skip(&reader);
    return json_finish(&reader);
}

static void takes_what_the_standard_takes(void **state)
{
    (void)state;
    static const char *const good[] = {
        "0",
        "-0",
        "-1.5e+3",
        "1E2",
        "1e-2",
        "0.0",
        "123456789012345678901234567890",
        "\"\"",
        "\"a\\u00e9\\n\\\\ \\/\"",
        "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"",
        "true",
        "false",
        "null",
        "[]",
        "{}",
        " [ 1 , 2 ] ",
        "{\"a\":{\"b\":[{},[],null]}}",
        "\t\r\n{\n}\n",
        "{\"a\":1,\"a\":2}",
        "[[[[1]]]]",
        "\"\\ud83d\\ude00\"",
        "\"\x7F\"",
        "\"long enough for the eight byte steps, twice over\"",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (skip_whole(str_from(good[i])) != RESULT_OK) {
            fail_msg("refused: %s", good[i]);
        }
    }
}

static void refuses_what_the_standard_refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        " ",
        "[",
        "]",
        "{",
        "}",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\":1,}",
        "{,\"a\":1}",
        "{\"a\" 1}",
        "{\"a\":}",
        "{a:1}",
        "{1:2}",
        "{\"a\":1 \"b\":2}",
        "01",
        "-01",
        "-",
        "+1",
        ".5",
        "1.",
        "1.e2",
        "1e",
        "1e+",
        "--1",
        "0x10",
        "NaN",
        "Infinity",
        "-Infinity",
        "1 2",
        "1,",
        "tru",
        "True",
        "nul",
        "nulll",
        "\"",
        "\"a",
        "\"\\",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\n\"",
        "\"\t\"",
        "'a'",
        "\"\x80\"",
        "\"\xC0\xAF\"",
        "\"\xED\xA0\x80\"",
        "\"\xF4\x90\x80\x80\"",
        "\"\xC3\"",
        "\"\xE2\x82\"",
        "\xEF\xBB\xBF{}",
        "/**/1",
        "[1]x",
        "{}{}",
        "[}",
        "{]",
        "[\"a\":1]",
        "{\"a\"}",
        "\"a\"\"b\"",
        "[1,,2]",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (skip_whole(str_from(bad[i])) == RESULT_OK) {
            fail_msg("taken: %s", bad[i]);
        }
    }
    assert_int_equal(skip_whole((str_t){"1\0", 2}), RESULT_MALFORMED); /* a NUL is no blank */
    assert_int_equal(skip_whole((str_t){"\"\0\"", 3}), RESULT_MALFORMED);
}

static const char sample[] = "{\"s\":\"BTC\\u0055SDT\",\"p\":\"61800.20\",\"n\":-0.004,\"e\":1.25E-3,\"i\":-17,\"u\":"
                             "\"5123107839020\",\"t\":true,\"f\":false,\"z\":null,"
                             "\"a\":[[\"1\",2],[\"3\",4]],\"o\":{\"x\":[1,{\"y\":\"}\"}]}}";

static void every_prefix_is_an_error_and_never_more(void **state)
{
    (void)state;
    assert_int_equal(skip_whole(str_from(sample)), RESULT_OK);
    for (size_t length = 0; length < sizeof sample - 1; length++) {
        char *exact = malloc(length > 0 ? length : 1); /* exactly so many bytes: the sanitizer sees any step beyond */
        memcpy(exact, sample, length);
        result_t result = skip_whole((str_t){exact, length});
        free(exact);
        assert_int_equal(result, RESULT_TRUNCATED);
    }
}

static void typed_values_are_exact(void **state)
{
    (void)state;
    json_reader_t reader;
    json_reader_init(&reader, sample, sizeof sample - 1);
    char text[16] = "";
    size_t length = 0;
    dec_t p = DEC_ZERO, n = DEC_ZERO, e = DEC_ZERO, expected;
    int64_t i = 0;
    uint64_t u = 0;
    bool t = false, f = true;
    int fields = 0;
    assert_int_equal(json_enter_object(&reader), RESULT_OK);
    for (str_t key; json_next_key(&reader, &key); fields++) {
        switch (key.bytes[0]) {
        case 's':
            json_read_text(&reader, text, sizeof text, &length);
            break;
        case 'p':
            json_read_dec(&reader, &p);
            break;
        case 'n':
            json_read_dec(&reader, &n);
            break;
        case 'e':
            json_read_dec(&reader, &e);
            break;
        case 'i':
            json_read_i64(&reader, &i);
            break;
        case 'u':
            json_read_u64(&reader, &u);
            break;
        case 't':
            json_read_bool(&reader, &t);
            break;
        case 'f':
            json_read_bool(&reader, &f);
            break;
        case 'z':
            json_read_null(&reader);
            break;
        default:
            json_skip(&reader);
            break;
        }
    }
    assert_int_equal(json_finish(&reader), RESULT_OK);
    assert_int_equal(fields, 11);
    assert_string_equal(text, "BTCUSDT");
    assert_int_equal(length, 7);
    assert_int_equal(dec_parse("61800.2", 7, &expected), RESULT_OK);
    assert_true(dec_eq(p, expected));
    assert_int_equal(dec_parse("-0.004", 6, &expected), RESULT_OK);
    assert_true(dec_eq(n, expected));
    assert_int_equal(dec_parse("0.00125", 7, &expected), RESULT_OK);
    assert_true(dec_eq(e, expected));
    assert_int_equal(i, -17);
    assert_true(u == 5123107839020u);
    assert_true(t);
    assert_false(f);
}

/* One value as dec; sets *out only when it was read. */
static result_t dec_of(const char *text, dec_t *out)
{
    json_reader_t reader;
    json_reader_init(&reader, text, strlen(text));
    json_read_dec(&reader, out);
    return json_finish(&reader);
}

static void decimals_never_pass_through_a_double(void **state)
{
    (void)state;
    static const struct {
        const char *json, *plain;
    } exact[] = {
        {"0.1", "0.1"},
        {"1e5", "100000"},
        {"1.0E-3", "0.001"},
        {"-12.5e1", "-125"},
        {"0.000001E6", "1"},
        {"99999999999999999999", "99999999999999999999"},
        {"\"99999999999999999999.999999999999999999\"", "99999999999999999999.999999999999999999"},
        {"1.000000000000000000000E3", "1000"},
        {"0e9", "0"},
        {"0.0E-5", "0"},
        {"1E-18", "0.000000000000000001"},
        {"9.007199254740993E15", "9007199254740993"},
    };
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        dec_t got = DEC_ZERO, expected;
        assert_int_equal(dec_of(exact[i].json, &got), RESULT_OK);
        assert_int_equal(dec_parse(exact[i].plain, strlen(exact[i].plain), &expected), RESULT_OK);
        assert_true(dec_eq(got, expected));
    }
    static const char *const refused[] = {"1e20",
                                          "1E-19",
                                          "1e999999999999",
                                          "\"1e5\"",
                                          "\"\"",
                                          "\"+1\"",
                                          "\".5\"",
                                          "\" 1\"",
                                          "\"NaN\"",
                                          "true",
                                          "null",
                                          "[]",
                                          "1e-61",
                                          "\"0.0000000000000000001\"",
                                          "100000000000000000000",
                                          "\"1\\u0030\""};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        dec_t untouched = DEC_ONE;
        if (dec_of(refused[i], &untouched) == RESULT_OK) {
            fail_msg("taken: %s", refused[i]);
        }
        assert_true(dec_eq(untouched, DEC_ONE));
    }
}

static void integers_refuse_what_is_none(void **state)
{
    (void)state;
    static const char *const bad[] = {"1.0", "1e3", "\"-\"", "\"\"", "9223372036854775808", "\"1 \"", "true", "{}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        json_reader_t reader;
        json_reader_init(&reader, bad[i], strlen(bad[i]));
        int64_t value = 42;
        assert_int_not_equal(json_read_i64(&reader, &value), RESULT_OK);
        assert_int_equal(value, 42);
    }
    json_reader_t reader;
    uint64_t value = 42;
    json_reader_init(&reader, "-1", 2);
    assert_int_not_equal(json_read_u64(&reader, &value), RESULT_OK);
    json_reader_init(&reader, "18446744073709551615", 20);
    assert_int_equal(json_read_u64(&reader, &value), RESULT_OK);
    assert_true(value == UINT64_MAX);
}

static void errors_name_their_byte_and_the_first_one_stays(void **state)
{
    (void)state;
    json_reader_t reader;
    const char *text = "{\"a\": [1, 2}";
    json_reader_init(&reader, text, strlen(text));
    assert_int_equal(json_skip(&reader), RESULT_MALFORMED);
    assert_int_equal(reader.error_at, 11);
    char words[JSON_ERROR_MAX];
    size_t length = json_error_text(&reader, words);
    assert_string_equal(words, "byte 11: a comma or the end of the object or array is expected here");
    assert_int_equal(length, strlen(words));
    bool flag = true;
    assert_int_equal(json_read_bool(&reader, &flag), RESULT_MALFORMED);
    assert_int_equal(json_fail(&reader, RESULT_FIELD_MISSING, "too late"), RESULT_MALFORMED);
    assert_int_equal(json_finish(&reader), RESULT_MALFORMED);

    json_reader_init(&reader, "[\"x\"]", 5);
    json_enter_array(&reader);
    assert_true(json_next_item(&reader));
    assert_int_equal(json_read_bool(&reader, &flag), RESULT_FIELD_WRONG_TYPE);
    assert_int_equal(reader.error_at, 1);
    json_reader_init(&reader, "1", 1);
    assert_int_equal(json_error_text(&reader, words), 0);
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    char deep[2 * JSON_DEPTH_MAX + 2];
    memset(deep, '[', JSON_DEPTH_MAX);
    memset(deep + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    assert_int_equal(skip_whole((str_t){deep, 2 * JSON_DEPTH_MAX}), RESULT_OK);
    memset(deep, '[', JSON_DEPTH_MAX + 1);
    memset(deep + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    assert_int_equal(skip_whole((str_t){deep, 2 * JSON_DEPTH_MAX + 2}), RESULT_FULL);
}

static void escapes_resolve_or_leave_the_buffer_alone(void **state)
{
    (void)state;
    char buffer[12] = "untouched";
    size_t length = 99;
    assert_int_equal(json_unescape(STR("a\\u20ac\\ud83d\\ude00\\n"), buffer, sizeof buffer, &length), RESULT_OK);
    assert_string_equal(buffer, "a\xE2\x82\xAC\xF0\x9F\x98\x80\n");
    assert_int_equal(length, 9);
    static const struct {
        const char *raw;
        result_t result;
    } bad[] = {
        {"\\ud83d", RESULT_MALFORMED},
        {"\\ud83d\\u0041", RESULT_MALFORMED},
        {"\\ude00", RESULT_MALFORMED},
        {"\\", RESULT_MALFORMED},
        {"\\q", RESULT_MALFORMED},
        {"\\u00", RESULT_MALFORMED},
        {"a\\u0000", RESULT_TEXT_BAD_CHARACTER},
        {"123456789012", RESULT_TEXT_TOO_LONG},
        {"\\n23456789012", RESULT_TEXT_TOO_LONG},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        strcpy(buffer, "untouched");
        assert_int_equal(json_unescape(str_from(bad[i].raw), buffer, sizeof buffer, NULL), bad[i].result);
        assert_string_equal(buffer, "untouched");
    }
    assert_int_equal(json_unescape(STR("12345678901"), buffer, sizeof buffer, NULL), RESULT_OK);
}

static void a_key_that_comes_twice_is_refused_by_the_guard(void **state)
{
    (void)state;
    const char *text = "{\"a\":1,\"a\":2}";
    json_reader_t reader;
    uint64_t seen = 0;
    json_reader_init(&reader, text, strlen(text));
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        json_note_seen(&reader, &seen, 0);
        json_skip(&reader);
    }
    assert_int_equal(json_finish(&reader), RESULT_DUPLICATE);
}

static void raw_values_come_out_as_they_stand(void **state)
{
    (void)state;
    const char *text = "[ {\"a\" : [1]} , \"x\\n\" ]";
    json_reader_t reader;
    str_t raw;
    json_reader_init(&reader, text, strlen(text));
    json_enter_array(&reader);
    assert_true(json_next_item(&reader));
    assert_int_equal(json_read_raw(&reader, &raw), RESULT_OK);
    assert_true(str_eq(raw, STR("{\"a\" : [1]}")));
    assert_true(json_next_item(&reader));
    assert_int_equal(json_read_raw(&reader, &raw), RESULT_OK);
    assert_true(str_eq(raw, STR("\"x\\n\"")));
    assert_false(json_next_item(&reader));
    assert_int_equal(json_finish(&reader), RESULT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_the_standard_takes),
        cmocka_unit_test(refuses_what_the_standard_refuses),
        cmocka_unit_test(every_prefix_is_an_error_and_never_more),
        cmocka_unit_test(typed_values_are_exact),
        cmocka_unit_test(decimals_never_pass_through_a_double),
        cmocka_unit_test(integers_refuse_what_is_none),
        cmocka_unit_test(errors_name_their_byte_and_the_first_one_stays),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(escapes_resolve_or_leave_the_buffer_alone),
        cmocka_unit_test(a_key_that_comes_twice_is_refused_by_the_guard),
        cmocka_unit_test(raw_values_come_out_as_they_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
