/* test_reply_fields.c: what is wanted of a role's answer, and nothing else, arrives; an answer that is wrong somewhere is wrong.
 * shows: UI-13, I20
 */
#include "support/test_support.h"

#include <string.h>

#include "app/cli.h"
#include "app/reply_fields.h"

typedef struct {
    char equity[8], mode[8];
    int64_t hours;
    uint64_t orders;
    bool idle;
} answer_t;

static result_t read_answer(const char *json, answer_t *answer)
{
    const reply_field_t fields[] = {REPLY_TEXT_FIELD("equity", answer->equity), REPLY_TEXT_FIELD("mode", answer->mode),
                                    REPLY_I64_FIELD("hours", answer->hours), REPLY_U64_FIELD("orders", answer->orders),
                                    REPLY_BOOL_FIELD("idle", answer->idle)};
    return reply_read(str_from(json), REPLY_FIELDS(fields));
}

static void each_kind_goes_to_its_place(void **state)
{
    (void)state;
    answer_t answer = {.mode = "before"};
    assert_ok(read_answer("{\"x\":[1,{\"equity\":\"no\"}],\"equity\":\"10.50\",\"hours\":-3,\"idle\":true,\"orders\":7}", &answer));
    assert_string_equal(answer.equity, "10.50");
    assert_string_equal(answer.mode, "before"); /* not in the answer: as it was */
    assert_true(answer.hours == -3 && answer.orders == 7 && answer.idle);
    assert_ok(read_answer("{\"equity\":1.5e3,\"mode\":false}", &answer)); /* numbers and truths as their text */
    assert_string_equal(answer.equity, "1.5e3");
    assert_string_equal(answer.mode, "false");
    assert_ok(read_answer("{\"equity\":null,\"mode\":{}}", &answer)); /* no text there */
    assert_string_equal(answer.equity, "1.5e3");
}

static void a_wrong_answer_is_told(void **state)
{
    (void)state;
    answer_t answer = {0};
    assert_result(read_answer("{\"equity\":\"10.500000\"}", &answer), RESULT_TEXT_TOO_LONG);
    assert_result(read_answer("{\"equity\":12345678}", &answer), RESULT_TEXT_TOO_LONG);
    assert_result(read_answer("{\"orders\":-1}", &answer), RESULT_NUMBER_MALFORMED);
    assert_result(read_answer("{\"idle\":1}", &answer), RESULT_FIELD_WRONG_TYPE);
    assert_int_not_equal(read_answer("{\"hours\":1", &answer), RESULT_OK);
    assert_int_not_equal(read_answer("", &answer), RESULT_OK);
}

static void a_member_of_the_outermost_object(void **state)
{
    (void)state;
    char text[16];
    assert_true(cli_json_member(STR("{\"a\":{\"b\":\"inner\"},\"b\":\"outer\"}"), "b", text, sizeof text));
    assert_string_equal(text, "outer");
    assert_false(cli_json_member(STR("{\"a\":1}"), "b", text, sizeof text));
    assert_string_equal(text, "");
    assert_false(cli_json_member(STR("{\"b\":1"), "b", text, sizeof text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_goes_to_its_place),
        cmocka_unit_test(a_wrong_answer_is_told),
        cmocka_unit_test(a_member_of_the_outermost_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
