/* test_usdm_lockstep.c: the Binance USD-M face in lockstep: who has finished with a moment, and for whom it does not wait.
 * shows: VEN-3
 */
#include "edge/face/usdm_fixture.h"

static void done(bench_t *bench, face_session_t *session, uint64_t moment, uint64_t frames)
{
    char text[96];
    int length = snprintf(text, sizeof text, "{\"method\":\"LOCKSTEP\",\"params\":[\"done\",%llu,%llu],\"id\":0}",
                          (unsigned long long)moment, (unsigned long long)frames);
    face_session_text(bench->face, session, (str_t){text, (size_t)length}, 0);
}

static void lockstep_waits_for_everybody_but_not_for_the_dead(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t one, two;
    int64_t now = NS_PER_S;
    assert_int_equal(face_lockstep_expect(bench->face, "monitor,watchdog", 3 * NS_PER_S, now), RESULT_OK);
    assert_int_equal(face_lockstep_state(bench->face, now), LOCKSTEP_WAITING);
    face_session_t *a = face_session_open(bench->face, &one, STR("/public/ws"), STR(""), STR("1"));
    face_session_text(bench->face, a,
                      STR("{\"method\":\"SUBSCRIBE\",\"params\":[\"!lockstep@monitor\",\"btcusdt@bookTicker\"],\"id\":1}"), 0);
    assert_int_equal(one.count, 3); /* the reply, the quote that stands, then the present moment */
    const char *quote = strstr(one.all, "\"e\":\"bookTicker\"");
    assert_non_null(quote);
    assert_true(quote < strstr(one.all, "\"e\":\"moment\""));
    assert_non_null(strstr(one.last, "{\"e\":\"moment\",\"n\":1,\"E\":"));
    done(bench, a, 1, 2); /* one frame short: not done */
    assert_int_equal(face_lockstep_state(bench->face, now), LOCKSTEP_WAITING);
    done(bench, a, 1, 3);
    assert_int_equal(face_lockstep_state(bench->face, now), LOCKSTEP_WAITING); /* the watchdog is expected */
    assert_int_equal(face_lockstep_deadline(bench->face), 4 * NS_PER_S);
    assert_int_equal(face_lockstep_state(bench->face, 4 * NS_PER_S), LOCKSTEP_READY); /* and not waited for beyond the patience */
    now = 5 * NS_PER_S;
    (void)face_lockstep_state(bench->face, now);
    face_session_t *b = face_session_open(bench->face, &two, STR("/market/stream"), STR(""), STR("1"));
    face_session_text(bench->face, b, STR("{\"method\":\"SUBSCRIBE\",\"params\":[\"!lockstep@watchdog\"],\"id\":1}"), 0);
    assert_int_equal(face_lockstep_state(bench->face, now), LOCKSTEP_WAITING);
    done(bench, b, 1, 2);
    assert_int_equal(face_lockstep_state(bench->face, now), LOCKSTEP_READY);
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + NS_PER_MIN, WORLD_NEW_MOMENT), RESULT_OK);
    face_lockstep_moment(bench->face, now);
    assert_non_null(strstr(one.last, "{\"e\":\"moment\",\"n\":2,"));
    assert_non_null(strstr(two.last, "{\"e\":\"moment\",\"n\":2,")); /* bare, also on a combined stream */
    done(bench, a, 2, one.count);
    assert_int_equal(face_lockstep_state(bench->face, now), LOCKSTEP_WAITING);
    assert_int_equal(face_lockstep_state(bench->face, now + 3 * NS_PER_S),
                     LOCKSTEP_READY); /* silent for longer than the patience */
    done(bench, b, 2, two.count);
    face_session_close(bench->face, b);
    assert_int_equal(face_lockstep_state(bench->face, now + 4 * NS_PER_S), LOCKSTEP_WAITING); /* it may come back */
    assert_int_equal(face_lockstep_state(bench->face, now + 9 * NS_PER_S), LOCKSTEP_READY);
    face_session_close(bench->face, a);
    assert_int_equal(face_lockstep_state(bench->face, now + 30 * NS_PER_S), LOCKSTEP_NOBODY);
}

/* Long work holds the world as long as it gets on; the moment after it comes when somebody waits for its time. */
static void lockstep_is_patient_with_work_that_gets_on(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t one;
    const str_t working = STR("{\"method\":\"LOCKSTEP\",\"params\":[\"working\",1,2],\"id\":0}");
    int64_t now = NS_PER_S;
    assert_int_equal(face_lockstep_expect(bench->face, "monitor", 3 * NS_PER_S, now), RESULT_OK);
    face_session_t *a = face_session_open(bench->face, &one, STR("/public/ws"), STR(""), STR("1"));
    face_session_text(bench->face, a, STR("{\"method\":\"SUBSCRIBE\",\"params\":[\"!lockstep@monitor\"],\"id\":1}"), 0);
    for (int i = 0; i < 10; i++) {
        now += 2 * NS_PER_S;
        assert_int_equal(face_lockstep_state(bench->face, now), LOCKSTEP_WAITING);
        face_session_text(bench->face, a, working, 0);
    }
    assert_int_equal(face_lockstep_deadline(bench->face), now + 3 * NS_PER_S);
    assert_int_equal(face_lockstep_state(bench->face, now + 3 * NS_PER_S), LOCKSTEP_READY); /* it hangs */
    face_session_text(bench->face, a, working, 0);                                          /* passed over until it has finished */
    assert_int_equal(face_lockstep_state(bench->face, now + 3 * NS_PER_S), LOCKSTEP_READY);
    assert_true(face_lockstep_wake_ns(bench->face) == INT64_MAX);
    char text[128];
    const int64_t wake_ms = world_now_ns(bench->world) / NS_PER_MS + 60000;
    int length =
        snprintf(text, sizeof text, "{\"method\":\"LOCKSTEP\",\"params\":[\"done\",1,2,%lld],\"id\":0}", (long long)wake_ms);
    face_session_text(bench->face, a, (str_t){text, (size_t)length}, 0);
    assert_true(face_lockstep_wake_ns(bench->face) == wake_ms * NS_PER_MS);
    assert_int_equal(world_advance(bench->world, wake_ms * NS_PER_MS, WORLD_NEW_MOMENT), RESULT_OK);
    face_lockstep_moment(bench->face, now);
    assert_true(face_lockstep_wake_ns(bench->face) == INT64_MAX); /* of a moment that is past */
    face_session_close(bench->face, a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lockstep_waits_for_everybody_but_not_for_the_dead, bench_begin, end),
        cmocka_unit_test_setup_teardown(lockstep_is_patient_with_work_that_gets_on, bench_begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
