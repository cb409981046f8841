/* test_usdm_pace.c: streams that the venue's clock sends, whether anything has changed or not, and streams of many symbols.
 * shows: VEN-1 */
#include <unistd.h>

#include "edge/face/usdm_fixture.h"

static int begin_with(void **state, const char *candles)
{
    char error[MARKET_ERROR_MAX];
    bench_t *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench_market(bench, "BTCUSDT", 60000, NULL);
    bench_market(bench, "ETHUSDT", 3000, NULL);
    market_source_release(&bench->sources[1]);
    memset(&bench->sources[1], 0, sizeof bench->sources[1]);
    assert_int_equal(market_source_parse(candles, &bench->sources[1], error), RESULT_OK);
    assert_int_equal(market_source_load(&bench->sources[1], &bench->rules[1], error), RESULT_OK);
    bench_open(bench);
    *state = bench;
    return 0;
}

/* ETHUSDT trades at one price for days: a mark that never changes. */
static int begin(void **state)
{
    char path[64] = "/tmp/patriot-pace-XXXXXX", candles[128];
    int descriptor = mkstemp(path);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    fputs("timestamp,open,high,low,close,volume\n", file);
    for (int64_t hour = 0; hour < 48; hour++)
        fprintf(file, "%lld,3000,3000,3000,3000,10\n", (long long)(INT64_C(1767225600) + hour * 3600));
    fclose(file);
    snprintf(candles, sizeof candles, "candles:ETHUSDT=%s", path);
    int result = begin_with(state, candles);
    unlink(path);
    return result;
}

static unsigned frames_of(const fake_socket_t *socket, const char *name)
{
    unsigned frames = 0;
    for (const char *at = strstr(socket->all, name); at; at = strstr(at + 1, name))
        frames++;
    return frames;
}

static void pass(bench_t *bench, int64_t step_ns)
{
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + step_ns, WORLD_NEW_MOMENT), RESULT_OK);
    face_after_advance(bench->face);
}

/* As the exchange does: every second or every three, whether they have changed or not; all symbols in one frame. */
static void marks_come_by_the_clock(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t socket;
    face_session_t *session = face_session_open(
        bench->face, &socket, STR("/market/stream"),
        STR("streams=ethusdt@markPrice/ethusdt@markPrice@1s/btcusdt@markPrice@1s/!markPrice@arr/!markPrice@arr@1s"), STR("1"));
    pass(bench, 3 * NS_PER_S - world_now_ns(bench->world) % (3 * NS_PER_S));
    socket.all[0] = '\0';
    for (unsigned i = 0; i < 120; i++)
        pass(bench, 50 * NS_PER_MS);
    assert_int_equal(frames_of(&socket, "ethusdt@markPrice\""), 2);
    assert_int_equal(frames_of(&socket, "ethusdt@markPrice@1s\""), 6);
    assert_int_equal(frames_of(&socket, "btcusdt@markPrice@1s\""), 6);
    assert_int_equal(frames_of(&socket, "!markPrice@arr\""), 2);
    assert_int_equal(frames_of(&socket, "!markPrice@arr@1s\",\"data\":[{\"e\":\"markPriceUpdate\""), 6);
    assert_int_equal(frames_of(&socket, "},{\"e\":\"markPriceUpdate\""), 2 + 6); /* the second symbol, in the same frame */
    socket.all[0] = '\0';
    pass(bench, NS_PER_HOUR);
    assert_int_equal(frames_of(&socket, "ethusdt@markPrice@1s\""), 1); /* once a step, however long */
    face_session_close(bench->face, session);
}

/* Of all symbols every 5 s, and only those that have moved; of one symbol at once. */
static void best_prices_of_all_come_every_five_seconds(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t all, one;
    face_session_t *of_all = face_session_open(bench->face, &all, STR("/public/ws/!bookTicker"), STR(""), STR("1"));
    face_session_t *of_one = face_session_open(bench->face, &one, STR("/public/ws/btcusdt@bookTicker"), STR(""), STR("1"));
    pass(bench, 5 * NS_PER_S - world_now_ns(bench->world) % (5 * NS_PER_S));
    all.all[0] = one.all[0] = '\0';
    for (unsigned i = 0; i < 100; i++)
        pass(bench, 100 * NS_PER_MS);
    assert_int_equal(frames_of(&all, "\"s\":\"BTCUSDT\""), 2);
    assert_int_equal(frames_of(&all, "\"s\":\"ETHUSDT\""), 0); /* stands still */
    assert_true(frames_of(&one, "\"s\":\"BTCUSDT\"") > 5);
    face_session_close(bench->face, of_all);
    face_session_close(bench->face, of_one);
}

static int begin_many(void **state)
{
    bench_t *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    for (unsigned i = 0; i < MARKETS_MAX; i++) {
        char symbol[16];
        snprintf(symbol, sizeof symbol, "C%02uUSDT", i);
        bench_market(bench, symbol, 100 + i, NULL);
    }
    bench_open(bench);
    *state = bench;
    return 0;
}

/* Beside the streams of all symbols, each symbol has its own, the 33rd and later too. */
static void every_symbol_has_its_own_streams(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t socket;
    face_session_t *session = face_session_open(
        bench->face, &socket, STR("/market/stream"),
        STR("streams=c31usdt@markPrice@1s/c32usdt@markPrice@1s/c32usdt@miniTicker/c39usdt@markPrice@1s"), STR("1"));
    pass(bench, 2 * NS_PER_S);
    static const char *const wanted[] = {"{\"stream\":\"c31usdt@markPrice@1s\",\"data\":{\"e\":\"markPriceUpdate\"",
                                         "{\"stream\":\"c32usdt@markPrice@1s\",\"data\":{\"e\":\"markPriceUpdate\"",
                                         "{\"stream\":\"c32usdt@miniTicker\",\"data\":{\"e\":\"24hrMiniTicker\"",
                                         "{\"stream\":\"c39usdt@markPrice@1s\",\"data\":{\"e\":\"markPriceUpdate\""};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        assert_int_equal(frames_of(&socket, wanted[i]), 1);
    face_session_close(bench->face, session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(marks_come_by_the_clock, begin, end),
        cmocka_unit_test_setup_teardown(best_prices_of_all_come_every_five_seconds, begin, end),
        cmocka_unit_test_setup_teardown(every_symbol_has_its_own_streams, begin_many, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
