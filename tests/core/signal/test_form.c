/* test_form.c: the SC01 and SC02 forms, word for word, with the worked numbers.
 * shows: STR-7, R325
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/time.h"
#include "core/signal/form.h"
#include "support/test_support.h"

static signal_t signal_of(position_side_t side, const char *strategy, const char *entry, const char *target, const char *stop)
{
    signal_t signal = {.id = "x",
                       .number = 1,
                       .side = side,
                       .source = "monitor",
                       .entry = test_dec(entry),
                       .stop = test_dec(stop),
                       .target = test_dec(target),
                       .confidence = 0.7,
                       .timeframes = 1u << TF_1H,
                       .timeframe_source = TF_1H,
                       .made_ns = NS_PER_HOUR,
                       .expires_ns = 2 * NS_PER_HOUR};
    (void)str_copy(str_from(strategy), signal.strategy, sizeof signal.strategy);
    return signal;
}

static signal_form_terms_t plain(void)
{
    return (signal_form_terms_t){.symbol = STR("BTCUSDT"), .status = STR("takeprofit"), .author = STR("Reina"), .imminent = true};
}

/* 43250.50 / 43856.25 / 42947.88: reward / risk 605.75 / 302.62 = 2.0017, ratio 605.75 / 43250.5 = 1.4006 %. */
static void a_long_is_written_word_for_word(void **state)
{
    (void)state;
    const signal_t signal = signal_of(SIDE_LONG, "SC01", "43250.50", "43856.25", "42947.88");
    const signal_form_terms_t terms = plain();
    signal_form_t form;
    assert_int_equal(signal_form_make(&signal, &terms, &form), RESULT_OK);
    assert_string_equal(form.text, "SC01 trading signals [Reina]\n"
                                   "🟢 BTCUSDT - SC01\n"
                                   "Entry: 43250.5 - TP (2R): 43856.25 - SL: 42947.88\n"
                                   "Imminent (Sắp vào Entry): 1\n"
                                   "Ratio (Tỉ lệ): 1.40%\n"
                                   "Status (Trạng thái): takeprofit\n"
                                   "By Reina~\n");
    assert_string_equal(form.title, "BTCUSDT - SC01");
    assert_string_equal(form.footer, "By Reina~");
    assert_string_equal(form.reward, "2R");
    assert_string_equal(form.ratio, "1.40%");
    assert_non_null(strstr(form.text, form.description));
    assert_true(strncmp(form.description, "Entry:", 6) == 0 && strstr(form.description, "By ") == NULL);
}

static void a_short_is_red_and_counts_in_its_own_direction(void **state)
{
    (void)state;
    const signal_t signal = signal_of(SIDE_SHORT, "SC02+FRVP", "2000", "1910", "2060");
    signal_form_terms_t terms = plain();
    terms.version = STR("SC02 v3");
    terms.status = STR("sent");
    terms.imminent = false;
    signal_form_t form;
    assert_int_equal(signal_form_make(&signal, &terms, &form), RESULT_OK);
    assert_string_equal(form.text, "SC02 v3 trading signals [Reina]\n"
                                   "🔴 BTCUSDT - SC02+FRVP\n"
                                   "Entry: 2000 - TP (1.5R): 1910 - SL: 2060\n"
                                   "Imminent (Sắp vào Entry): 0\n"
                                   "Ratio (Tỉ lệ): 4.50%\n"
                                   "Status (Trạng thái): sent\n"
                                   "By Reina~\n");
}

static void what_is_no_entry_or_no_line_is_refused_whole(void **state)
{
    (void)state;
    signal_t signal = signal_of(SIDE_LONG, "SC01", "100", "110", "95");
    signal_form_t form = {.title = "as it was"};
    const struct {
        signal_form_terms_t terms;
        result_t result;
    } wrong[] = {
        {{.symbol = STR("A"), .status = STR("s"), .author = STR("two\nlines")}, RESULT_TEXT_BAD_CHARACTER},
        {{.symbol = STR("A"), .status = STR("s"), .version = STR("\x1b[31m")}, RESULT_TEXT_BAD_CHARACTER},
        {{.symbol = STR("A"), .status = STR("s"), .author = STR("123456789012345678901234567890123")}, RESULT_TEXT_TOO_LONG}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(signal_form_make(&signal, &wrong[i].terms, &form), wrong[i].result);
    }
    signal.stop = test_dec("101"); /* on the wrong side */
    const signal_form_terms_t good = plain();
    assert_int_not_equal(signal_form_make(&signal, &good, &form), RESULT_OK);
    signal.exit_of = 7;
    assert_int_equal(signal_form_make(&signal, &good, &form), RESULT_BAD_STATE);
    assert_string_equal(form.title, "as it was");
}

/* The longest words and numbers that a signal can hold find room. */
static void the_longest_form_finds_room(void **state)
{
    (void)state;
    signal_t signal = signal_of(SIDE_LONG, "12345678901234567890123", "11111111111111111111.111111111111111111",
                                "99999999999999999999.999999999999999999", "11111111111111111111.111111111111111110");
    const str_t word = STR("12345678901234567890123456789012");
    const signal_form_terms_t terms = {.symbol = word, .status = word, .author = word, .version = word, .imminent = true};
    signal_form_t form;
    assert_int_equal(signal_form_make(&signal, &terms, &form), RESULT_NUMBER_OUT_OF_RANGE); /* nR is beyond a decimal */
    signal.stop = test_dec("0.000000000000000001");
    assert_int_equal(signal_form_make(&signal, &terms, &form), RESULT_OK);
    assert_string_equal(form.reward, "8R");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_is_written_word_for_word),
        cmocka_unit_test(a_short_is_red_and_counts_in_its_own_direction),
        cmocka_unit_test(what_is_no_entry_or_no_line_is_refused_whole),
        cmocka_unit_test(the_longest_form_finds_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
