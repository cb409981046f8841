/* test_live_model.c: which signals `patriot up` takes for news, over the replies of one monitor and of the next.
 * shows: UI-13
 */
#include "support/test_support.h"

#include "app/live_model.h"

static void take(live_model_t *model, const char *reply)
{
    assert_int_equal(live_model_read_monitor(model, str_from(reply)), RESULT_OK);
}

/* Those of earlier runs are none; those that a monitor made before it died in this run are, whoever tells of them. */
static void only_signals_of_earlier_runs_are_no_news(void **state)
{
    (void)state;
    static live_model_t model;
    take(&model, "{\"signals_made\":0,\"signals\":[]}"); /* it has not opened its store yet */
    take(&model, "{\"signals_made\":7,\"signals_before\":7,\"signals\":[]}");
    assert_int_equal(model.signals_before, 7);
    assert_int_not_equal(live_model_read_monitor(&model, STR("{\"signals_before\":")), RESULT_OK);
    take(&model, "{\"signals_made\":9,\"signals_before\":9,\"signals\":[]}");
    assert_int_equal(model.signals, 9);
    assert_int_equal(model.signals_before, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_signals_of_earlier_runs_are_no_news)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
