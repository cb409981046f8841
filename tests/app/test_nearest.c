/* test_nearest.c: the word that was meant.
 * shows: UI-11
 */
#include "support/test_support.h"

#include "app/nearest.h"

static const char *meant_by(const char *typed)
{
    static const char *const words[] = {"up", "stop", "status", "strategies", "config", "check", "verify", "version"};
    return nearest_of(str_from(typed), words, sizeof words / sizeof words[0]);
}

static void a_word_it_begins_wins(void **state)
{
    (void)state;
    assert_string_equal(meant_by("stat"), "status"); /* though stop is as near by letters */
    assert_string_equal(meant_by("strat"), "strategies");
}

static void letters_swapped_left_out_or_wrong(void **state)
{
    (void)state;
    assert_string_equal(meant_by("statsu"), "status");
    assert_string_equal(meant_by("staus"), "status");
    assert_string_equal(meant_by("chekc"), "check");
    assert_string_equal(meant_by("verfy"), "verify");
    assert_string_equal(meant_by("pu"), "up");
}

static void too_little_in_common_is_none(void **state)
{
    (void)state;
    assert_null(meant_by("-x"));
    assert_null(meant_by("x"));
    assert_null(meant_by("nonsense"));
    assert_null(meant_by(""));
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
