/* test_nearest.c: the word that was meant.
 * shows: UI-11
 */
#include "support/test_support.h"

#include "app/nearest.h"

static const char *nearest_of(const char *typed)
{
    static const char *const words[] = {"up", "stop", "status", "strategies", "config", "check", "verify", "version"};
    nearest_t nearest = {.typed = str_from(typed)};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        nearest_offer(&nearest, words[i]);
    return nearest.word;
}

static void a_word_it_begins_wins(void **state)
{
    (void)state;
    assert_string_equal(nearest_of("stat"), "status"); /* though stop is as near by letters */
    assert_string_equal(nearest_of("strat"), "strategies");
}

static void letters_swapped_left_out_or_wrong(void **state)
{
    (void)state;
    assert_string_equal(nearest_of("statsu"), "status");
    assert_string_equal(nearest_of("staus"), "status");
    assert_string_equal(nearest_of("chekc"), "check");
    assert_string_equal(nearest_of("verfy"), "verify");
    assert_string_equal(nearest_of("pu"), "up");
}

static void too_little_in_common_is_none(void **state)
{
    (void)state;
    assert_null(nearest_of("-x"));
    assert_null(nearest_of("x"));
    assert_null(nearest_of("nonsense"));
    assert_null(nearest_of(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_it_begins_wins),
        cmocka_unit_test(letters_swapped_left_out_or_wrong),
        cmocka_unit_test(too_little_in_common_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
