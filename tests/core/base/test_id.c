/* test_id.c: one intent has one client order id, and only such texts are ours.
 * shows: ORD-11, I2, I19
 */
#include "support/test_support.h"

#include <string.h>

#include "core/base/id.h"

static const leg_t legs[] = {LEG_ENTRY, LEG_STOP, LEG_TARGET, LEG_LADDER, LEG_CLOSE, LEG_CANARY};

static void ids_come_back_as_what_they_were_made_of(void **state)
{
    (void)state;
    static const uint32_t epochs[] = {0, 1, 35, 36, 1000, UINT32_MAX};
    static const uint64_t intents[] = {0, 1, 35, 36, 100, UINT64_C(1) << 32, UINT64_MAX - 1, UINT64_MAX};
    for (size_t e = 0; e < sizeof epochs / sizeof epochs[0]; e++) {
        for (size_t i = 0; i < sizeof intents / sizeof intents[0]; i++) {
            for (size_t l = 0; l < sizeof legs / sizeof legs[0]; l++) {
                client_id_t id;
                uint32_t epoch;
                uint64_t intent;
                leg_t leg;
                client_id_make(&id, epochs[e], intents[i], legs[l]);
                assert_true(strlen(id.text) <= 36);
                assert_int_equal(strspn(id.text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"), strlen(id.text));
                assert_ok(client_id_parse(str_from(id.text), &epoch, &intent, &leg));
                assert_true(epoch == epochs[e] && intent == intents[i] && leg == legs[l]);
            }
        }
    }
}

static void the_text_is_as_documented(void **state)
{
    (void)state;
    client_id_t id;
    client_id_make(&id, 1, 100, LEG_ENTRY);
    assert_string_equal(id.text, "P-1-2S-E");
    client_id_make(&id, UINT32_MAX, UINT64_MAX, LEG_CANARY);
    assert_string_equal(id.text, "P-1Z141Z3-3W5E11264SGSF-C");
}

static void all_other_texts_are_foreign(void **state)
{
    (void)state;
    static const char *const foreign[] = {
        "",
        "P",
        "P-",
        "P-1-2S",
        "P-1-2S-",
        "P-1-2S-E ",
        " P-1-2S-E",
        "P-1-2S-EE",
        "P-1-2S-Z",
        "P-1-2S-e",
        "p-1-2S-E",
        "P-1-2s-E",
        "P-01-2S-E",
        "P-1-02S-E",
        "P--2S-E",
        "P-1--E",
        "P-1-2S-E-",
        "P-1-2_-E",
        "P-1-2/-E",
        "P-1-2[-E",
        "P-1Z141Z4-1-E",       /* epoch 2^32 */
        "P-1-3W5E11264SGSG-E", /* intent 2^64 */
        "P-1-ZZZZZZZZZZZZZZZZZZZZZZZZZ-E",
        "autoclose-1234567890",
        "adl_autoclose",
        "web_8f1Lx2",
        "P-1-000000000000000000000000000000000000000000000-E",
    };
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        uint32_t epoch = 42;
        uint64_t intent = 42;
        leg_t leg = LEG_STOP;
        assert_result(client_id_parse(str_from(foreign[i]), &epoch, &intent, &leg), RESULT_MALFORMED);
        assert_true(epoch == 42 && intent == 42 && leg == LEG_STOP);
    }
}

static void no_such_leg(void *context)
{
    client_id_t id;
    (void)context;
    client_id_make(&id, 1, 1, (leg_t)'Q');
}

static void an_unknown_leg_is_a_programming_error(void **state)
{
    (void)state;
    assert_aborts(no_such_leg, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_come_back_as_what_they_were_made_of),
        cmocka_unit_test(the_text_is_as_documented),
        cmocka_unit_test(all_other_texts_are_foreign),
        cmocka_unit_test(an_unknown_leg_is_a_programming_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
