/* shows: OPS-16, UI-18 (what we write is always JSON)
 *
 * The writer never writes half a document unnoticed and never writes what is not JSON.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "edge/json/json_reader.h"
#include "edge/json/json_writer.h"
#include "support/test_support.h"

static void assert_text(str_t text, const char *expected)
{
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.bytes, expected, text.length);
}

static void write_everything(json_writer_t *writer)
{
    json_begin_object(writer);
    json_field_text(writer, "symbol", STR("BTCUSDT"));
    json_field_string(writer, "none", NULL);
    json_field_dec(writer, "price", test_dec("61800.20"));
    json_field_dec_places(writer, "quantity", test_dec("0.5"), 3);
    json_field_i64(writer, "time", INT64_MIN);
    json_field_u64(writer, "id", UINT64_MAX);
    json_field_bool(writer, "yes", true);
    json_field_null(writer, "z");
    json_write_key(writer, "list");
    json_begin_array(writer);
    json_write_dec_number(writer, test_dec("-0.001"));
    json_write_double(writer, 0.25, 4);
    json_write_double(writer, (double)INFINITY, 4);
    json_begin_array(writer);
    json_end_array(writer);
    json_begin_object(writer);
    json_end_object(writer);
    json_write_raw(writer, STR("{\"a\":1}"));
    json_end_array(writer);
    json_end_object(writer);
}

static const char everything[] = "{\"symbol\":\"BTCUSDT\",\"none\":null,\"price\":\"61800.2\",\"quantity\":\"0.500\",\"time\":-"
                                 "9223372036854775808,\"id\":18446744073709551615,"
                                 "\"yes\":true,\"z\":null,\"list\":[-0.001,0.25,null,[],{},{\"a\":1}]}";

static void writes_every_kind(void **state)
{
    (void)state;
    char buffer[512];
    json_writer_t writer;
    str_t text;
    json_writer_init(&writer, buffer, sizeof buffer);
    write_everything(&writer);
    assert_int_equal(json_writer_finish(&writer, &text), RESULT_OK);
    assert_text(text, everything);
}

static void every_shorter_buffer_overflows_and_says_so(void **state)
{
    (void)state;
    for (size_t capacity = 0; capacity < sizeof everything - 1; capacity++) {
        char buffer[512];
        json_writer_t writer;
        str_t text = STR("untouched");
        memset(buffer, '#', sizeof buffer);
        json_writer_init(&writer, buffer, capacity);
        write_everything(&writer);
        assert_int_equal(json_writer_finish(&writer, &text), RESULT_FULL);
        assert_text(text, "untouched");
        for (size_t i = capacity; i < sizeof buffer; i++) {
            assert_int_equal(buffer[i], '#');
        }
    }
}

static void hostile_text_comes_out_as_json(void **state)
{
    (void)state;
    char buffer[128];
    json_writer_t writer;
    str_t text;
    json_writer_init(&writer, buffer, sizeof buffer);
    json_write_text(&writer, (str_t){"\"\\\n\x01\0\x7F\xFF\xC3\xA9\xED\xA0\x80</script>", 21});
    assert_int_equal(json_writer_finish(&writer, &text), RESULT_OK);
    assert_text(text, "\"\\\"\\\\\\n\\u0001\\u0000\\u007f\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD</script>\"");
    json_reader_t reader;
    json_reader_init(&reader, text.bytes, text.length);
    json_skip(&reader);
    assert_int_equal(json_finish(&reader), RESULT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_every_kind),
        cmocka_unit_test(every_shorter_buffer_overflows_and_says_so),
        cmocka_unit_test(hostile_text_comes_out_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
