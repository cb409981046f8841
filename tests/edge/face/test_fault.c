/* test_fault.c: the pure half of faults on demand: words into faults, what strikes when, the random mix, messages with other words,
 * the gate for frames. shows: VEN-4
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/time.h"
#include "edge/face/fault/fault_frames.h"
#include "edge/face/fault/fault_json.h"
#include "edge/face/fault/fault_plan.h"
#include "edge/face/fault/fault_scenario.h"

#define START_NS (INT64_C(1700000000) * NS_PER_S)

/* --- an owner that writes down what it is told ------------------------------------------------ */

typedef struct {
    char text[16 * 1024];
    result_t answer; /* to acts */
} diary_t;

static void note(diary_t *diary, const char *mark, const fault_armed_t *fault)
{
    size_t used = strlen(diary->text);
    (void)snprintf(diary->text + used, sizeof diary->text - used, "%s%s;", mark, fault_row(fault->spec.knob)->name);
}

static result_t on_act(void *context, const fault_armed_t *fault, fault_edge_t edge)
{
    note(context, edge == FAULT_BEGINS ? "+" : "-", fault);
    return ((diary_t *)context)->answer;
}

static void on_struck(void *context, const fault_armed_t *fault)
{
    note(context, "!", fault);
}

static fault_engine_t *engine_with(diary_t *diary, uint64_t seed)
{
    static fault_engine_t engine;
    memset(diary, 0, sizeof *diary);
    fault_engine_init(&engine, seed, &(fault_owner_t){on_act, on_struck, diary}, START_NS);
    return &engine;
}

static void arm(fault_engine_t *engine, const char *text)
{
    fault_spec_t spec;
    char error[FAULT_ERROR_MAX] = "";
    if (!fault_spec_parse(str_from(text), &spec, error))
        fail_msg("%s: %s", text, error);
    assert_int_equal(fault_arm(engine, &spec, START_NS, START_NS), RESULT_OK);
}

static const fault_facts_t order = {.on = FAULT_ON_ORDER, .path = {"/fapi/v1/order", 14}, .symbol = {"BTCUSDT", 7}};

/* --- words ------------------------------------------------------------------------------------ */

static void durations_are_exact(void **state)
{
    static const struct {
        const char *text;
        int64_t ns;
    } cases[] = {{"250ms", 250 * NS_PER_MS},
                 {"90s", 90 * NS_PER_S},
                 {"1.5h", 90 * NS_PER_MIN},
                 {"-3s", -3 * NS_PER_S},
                 {"2d", 2 * NS_PER_DAY}};
    int64_t ns = 0;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(fault_duration(str_from(cases[i].text), &ns), RESULT_OK);
        assert_int_equal(ns, cases[i].ns);
    }
    assert_int_equal(fault_duration(STR("5"), &ns), RESULT_MALFORMED);
    assert_int_equal(fault_duration(STR("h"), &ns), RESULT_MALFORMED);
    assert_int_equal(fault_duration(STR("99999d"), &ns), RESULT_NUMBER_OUT_OF_RANGE);
    assert_int_equal(ns, 2 * NS_PER_DAY);
}

static void every_usual_value_is_in_its_own_range(void **state)
{
    (void)state;
    for (unsigned knob = 0; knob < FAULT_KNOB_COUNT; knob++) {
        const fault_row_t *row = fault_row((fault_knob_t)knob);
        char error[FAULT_ERROR_MAX] = "", text[FAULT_WORD_MAX];
        fault_spec_t spec;
        fault_spec_init(&spec, (fault_knob_t)knob);
        assert_int_equal(fault_knob_find(str_from(row->name)), knob);
        for (unsigned i = 0; i < FAULT_PARAMETERS_MAX && row->parameters[i].name; i++) {
            const fault_parameter_t *parameter = &row->parameters[i];
            bool drawn = parameter->mixed_least != 0 || parameter->mixed_most != 0;
            assert_true(!drawn || (parameter->mixed_least >= parameter->least && parameter->mixed_most <= parameter->most));
            str_t choices = parameter->choices ? str_from(parameter->choices) : (str_t){0};
            (void)str_copy(parameter->type == FAULT_CHOICE ? str_cut(&choices, '|') : str_from(parameter->usual), text,
                           sizeof text);
            if (text[0] != '\0' && !fault_spec_set(&spec, str_from(parameter->name), str_from(text), error))
                fail_msg("%s: %s", row->name, error);
        }
    }
}

/* --- what strikes when ------------------------------------------------------------------------ */

static void nth_count_and_filters_bound_the_strikes(void **state)
{
    diary_t diary;
    fault_engine_t *engine = engine_with(&diary, 1);
    char struck[16] = "";
    const fault_facts_t cancel = {.on = FAULT_ON_CANCEL}, other = {.on = FAULT_ON_ORDER, .symbol = {"ETHUSDT", 7}};
    (void)state;
    arm(engine, "ack.drop on=order nth=3 count=2 symbol=BTCUSDT");
    for (size_t i = 0; i < 12; i++) {
        assert_null(fault_strike(engine, FAULT_ACK_DROP, &cancel));
        assert_null(fault_strike(engine, FAULT_ACK_DROP, &other));
        struck[i] = fault_strike(engine, FAULT_ACK_DROP, &order) ? '!' : '.';
    }
    assert_string_equal(struck, "..!..!......");
    assert_int_equal(engine->struck[FAULT_ACK_DROP], 2);
    assert_int_equal(engine->active, 0); /* used up: nobody asks any more */
}

static void a_fault_holds_from_its_time_to_its_end(void **state)
{
    diary_t diary;
    fault_engine_t *engine = engine_with(&diary, 1);
    (void)state;
    arm(engine, "ack.code at=10s for=20s");
    assert_null(fault_strike(engine, FAULT_ACK_CODE, &order));
    assert_int_equal(fault_next_ns(engine), START_NS + 10 * NS_PER_S);
    fault_tick(engine, START_NS + 10 * NS_PER_S);
    assert_non_null(fault_strike(engine, FAULT_ACK_CODE, &order));
    assert_non_null(fault_strike(engine, FAULT_ACK_CODE, &order)); /* with "for" alone, as often as it comes */
    assert_int_equal(fault_next_ns(engine), START_NS + 30 * NS_PER_S);
    fault_tick(engine, START_NS + 30 * NS_PER_S);
    assert_null(fault_strike(engine, FAULT_ACK_CODE, &order));
    assert_int_equal(fault_next_ns(engine), INT64_MAX);
}

static void acts_are_done_once_tried_again_and_undone(void **state)
{
    diary_t diary;
    fault_engine_t *engine = engine_with(&diary, 1);
    (void)state;
    diary.answer = RESULT_BAD_STATE;
    arm(engine, "sym.halt for=1m");
    fault_tick(engine, START_NS + NS_PER_S);
    diary.answer = RESULT_OK;
    fault_tick(engine, START_NS + 2 * NS_PER_S);
    fault_tick(engine, START_NS + 3 * NS_PER_S);
    fault_tick(engine, START_NS + NS_PER_MIN);
    fault_tick(engine, START_NS + 2 * NS_PER_MIN);
    assert_string_equal(diary.text, "+sym.halt;+sym.halt;+sym.halt;!sym.halt;-sym.halt;");
    (void)engine_with(&diary, 1);
    arm(engine, "user.act do=close on=order nth=2");
    fault_seen(engine, &order);
    assert_string_equal(diary.text, "");
    fault_seen(engine, &order);
    fault_seen(engine, &order);
    fault_seen(engine, &order);
    assert_string_equal(diary.text, "+user.act;!user.act;");
}

static void clearing_undoes_what_lasts(void **state)
{
    diary_t diary;
    fault_engine_t *engine = engine_with(&diary, 1);
    (void)state;
    arm(engine, "maint kind=down");
    arm(engine, "clk.skew by=2s ramp=10s");
    fault_tick(engine, START_NS + 5 * NS_PER_S);
    assert_int_equal(fault_clock_skew_ns(engine), NS_PER_S);
    assert_int_equal(fault_weight_limit(engine, 2400), 2400);
    assert_int_equal(fault_clear(engine, FAULT_KNOB_COUNT), 2);
    assert_string_equal(diary.text, "+maint;!maint;!clk.skew;-maint;");
    assert_int_equal(fault_clock_skew_ns(engine), 0);
}

static void a_restart_does_not_repeat_what_was(void **state)
{
    diary_t diary;
    fault_engine_t *engine = engine_with(&diary, 1);
    fault_spec_t spec;
    char error[FAULT_ERROR_MAX];
    (void)state;
    assert_true(fault_spec_parse(STR("px.wick at=1h"), &spec, error));
    assert_int_equal(fault_arm(engine, &spec, START_NS - 2 * NS_PER_HOUR, START_NS), RESULT_OK);
    fault_tick(engine, START_NS + NS_PER_HOUR);
    assert_string_equal(diary.text, "");
}

static void the_same_seed_strikes_alike(void **state)
{
    char struck[3][65] = {"", "", ""};
    (void)state;
    for (unsigned run = 0; run < 3; run++) {
        diary_t diary;
        fault_engine_t *engine = engine_with(&diary, run < 2 ? 7 : 8);
        arm(engine, "ack.drop chance=0.3 count=1000");
        for (size_t i = 0; i < 64; i++)
            struck[run][i] = fault_strike(engine, FAULT_ACK_DROP, &order) ? '!' : '.';
    }
    assert_string_equal(struck[0], struck[1]);
    assert_string_not_equal(struck[0], struck[2]);
    assert_non_null(strchr(struck[0], '!'));
    assert_non_null(strchr(struck[0], '.'));
}

/* --- the random mix --------------------------------------------------------------------------- */

/* What was armed over ten days; every fault lies inside a phase, and nothing runs in the quiet ones. */
static void run_mix(uint64_t seed, double density, char *text, size_t capacity, int64_t *faulty_ns)
{
    diary_t diary;
    fault_engine_t *engine = engine_with(&diary, 1);
    int64_t end_ns = START_NS + 10 * NS_PER_DAY, quiet_ns = 0;
    uint64_t seen = 0;
    size_t used = 0;
    fault_mix_begin(engine, seed, density);
    while (engine->now_ns < end_ns) {
        int64_t before_ns = engine->now_ns, next_ns = fault_next_ns(engine);
        bool quiet = engine->quiet;
        assert_true(next_ns > before_ns && next_ns != INT64_MAX);
        if (quiet)
            assert_int_equal(engine->active, 0);
        fault_tick(engine, next_ns);
        quiet_ns += quiet ? next_ns - before_ns : 0;
        for (uint32_t i = 0; i < engine->count; i++) {
            const fault_armed_t *fault = &engine->armed[i];
            if (fault->order > seen) {
                seen = fault->order;
                assert_true(fault_row(fault->spec.knob)->mixed);
                assert_true(fault->from_ns <= engine->phase_end_ns);
                used += (size_t)snprintf(text + used, capacity - used, "%s %lld %lld %lld;", fault_row(fault->spec.knob)->name,
                                         (long long)(fault->from_ns - START_NS), (long long)fault->spec.for_ns,
                                         (long long)fault->spec.values[0].number);
                assert_true(used < capacity);
            }
        }
    }
    *faulty_ns = engine->now_ns - START_NS - quiet_ns;
    assert_true(engine->phases >= 5);
}

static void the_mix_is_a_function_of_its_seed(void **state)
{
    static char one[64 * 1024], again[64 * 1024], other[64 * 1024];
    int64_t half_ns = 0, tenth_ns = 0;
    (void)state;
    run_mix(11, 0.5, one, sizeof one, &half_ns);
    run_mix(11, 0.5, again, sizeof again, &half_ns);
    assert_string_equal(one, again);
    run_mix(12, 0.5, other, sizeof other, &half_ns);
    assert_string_not_equal(one, other);
    run_mix(11, 0.1, other, sizeof other, &tenth_ns);
    assert_true(half_ns > 2 * tenth_ns);
}

static void mix_words(void **state)
{
    uint64_t seed = 5;
    double density = 0;
    char error[FAULT_ERROR_MAX];
    (void)state;
    assert_true(fault_mix_parse(STR("random"), &seed, &density, error) && seed == 5 && density > 0.49 && density < 0.51);
    assert_true(fault_mix_parse(STR("random:9:0.25"), &seed, &density, error) && seed == 9 && density > 0.24 && density < 0.26);
    assert_true(fault_mix_parse(STR("random::1"), &seed, &density, error) && seed == 9);
    assert_false(fault_mix_parse(STR("random:x"), &seed, &density, error));
    assert_false(fault_mix_parse(STR("random:1:0"), &seed, &density, error));
    assert_false(fault_mix_parse(STR("chaos"), &seed, &density, error));
}

/* --- messages with other words ---------------------------------------------------------------- */

static char out[4096];

static size_t n; /* of what was written last */

static const char *text_of(bool done)
{
    assert_true(done);
    out[n] = '\0';
    return out;
}

static bool keep_odd(void *context, uint32_t row, str_t text)
{
    (void)context, (void)text;
    return row % 2 == 1;
}

static void fields_are_changed_in_place(void **state)
{
    const str_t json = STR("{\"e\":\"x\",\"o\":{\"X\":\"NEW\",\"R\":false,\"t\":[{\"R\":1},2],\"q\":\"a\\\"R\\\":\"},\"R\":null}");
    (void)state;
    assert_string_equal(text_of(fault_json_remove(json, "R", out, sizeof out, &n)),
                        "{\"e\":\"x\",\"o\":{\"X\":\"NEW\",\"t\":[{},2],\"q\":\"a\\\"R\\\":\"}}");
    assert_string_equal(text_of(fault_json_set(json, "X", STR("\"Y\""), out, sizeof out, &n)),
                        "{\"e\":\"x\",\"o\":{\"X\":\"Y\",\"R\":false,\"t\":[{\"R\":1},2],\"q\":\"a\\\"R\\\":\"},\"R\":null}");
    assert_string_equal(text_of(fault_json_add(STR("{\"a\":1}"), "z", out, sizeof out, &n)),
                        "{\"z\":{\"new\":[1,\"two\",null]},\"a\":1}");
    assert_false(fault_json_remove(json, "nothing", out, sizeof out, &n));
    assert_false(fault_json_remove(json, "R", out, 10, &n)); /* too small a room: as it was */
    assert_true(str_eq(fault_json_find(json, "X"), STR("NEW")) && fault_json_find(json, "Q").length == 0);
    assert_string_equal(text_of(fault_json_rows(STR("[1,{\"a\":[2]},\"3\"]"), keep_odd, NULL, out, sizeof out, &n)),
                        "[{\"a\":[2]}]");
}

static void prices_become_garbage(void **state)
{
    const str_t quote = STR("{\"e\":\"bookTicker\",\"E\":1700000000000,\"b\":\"10.0\",\"B\":\"5\",\"a\":\"11.0\",\"A\":\"6\"}");
    (void)state;
    assert_string_equal(text_of(fault_json_prices(quote, FAULT_PRICE_CROSSED, out, sizeof out, &n)),
                        "{\"e\":\"bookTicker\",\"E\":1700000000000,\"b\":\"11.0\",\"B\":\"5\",\"a\":\"10.0\",\"A\":\"6\"}");
    assert_string_equal(text_of(fault_json_prices(quote, FAULT_PRICE_NAN, out, sizeof out, &n)),
                        "{\"e\":\"bookTicker\",\"E\":1700000000000,\"b\":\"NaN\",\"B\":\"5\",\"a\":\"NaN\",\"A\":\"6\"}");
    assert_string_equal(text_of(fault_json_prices(quote, FAULT_PRICE_STALE, out, sizeof out, &n)),
                        "{\"e\":\"bookTicker\",\"E\":1699999400000,\"b\":\"10.0\",\"B\":\"5\",\"a\":\"11.0\",\"A\":\"6\"}");
    assert_false(fault_json_prices(STR("{\"a\":1,\"s\":\"BTC\"}"), FAULT_PRICE_ZERO, out, sizeof out, &n)); /* an id is no price */
}

/* --- requests --------------------------------------------------------------------------------- */

static void requests_of_all_faces_have_their_class(void **state)
{
    static const struct {
        const char *method, *path;
        fault_on_t on;
    } cases[] = {{"POST", "/fapi/v1/order", FAULT_ON_ORDER},
                 {"DELETE", "/api/v3/order", FAULT_ON_CANCEL},
                 {"GET", "/api/v3/openOrders", FAULT_ON_QUERY},
                 {"POST", "/api/v3/orderList/oco", FAULT_ON_ORDER},
                 {"GET", "/fapi/v3/balance", FAULT_ON_ACCOUNT},
                 {"GET", "/api/v3/account", FAULT_ON_ACCOUNT},
                 {"POST", "/api/v3/userDataStream", FAULT_ON_KEY},
                 {"GET", "/fapi/v1/depth", FAULT_ON_MARKET},
                 {"GET", "/fapi/v1/userTrades", FAULT_ON_QUERY},
                 {"GET", "/", FAULT_ON_MARKET},
                 /* the WS API: no method */
                 {"", "order.place", FAULT_ON_ORDER},
                 {"", "order.cancel", FAULT_ON_CANCEL},
                 {"", "order.status", FAULT_ON_QUERY},
                 {"", "order.cancelReplace", FAULT_ON_ORDER},
                 {"", "order.amend.keepPriority", FAULT_ON_ORDER},
                 {"", "orderList.place.oco", FAULT_ON_ORDER},
                 {"", "openOrders.cancelAll", FAULT_ON_CANCEL},
                 {"", "myTrades", FAULT_ON_QUERY},
                 {"", "v2/account.balance", FAULT_ON_ACCOUNT},
                 {"", "account.rateLimits.orders", FAULT_ON_MARKET},
                 {"", "userDataStream.start", FAULT_ON_KEY},
                 {"", "depth", FAULT_ON_MARKET},
                 {"", "algoOrder.place", FAULT_ON_ORDER}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fault_request_t request = {
            .method = str_from(cases[i].method), .path = str_from(cases[i].path), .query = STR("symbol=BTCUSDT")};
        fault_facts_t facts = fault_request_facts(&request);
        if (facts.on != cases[i].on)
            fail_msg("%s %s is %s", cases[i].method, cases[i].path, fault_on_name(facts.on));
        assert_true(str_eq(facts.symbol, STR("BTCUSDT")));
    }
}

static void half_a_request_dies_at_its_byte(void **state)
{
    diary_t diary;
    fault_engine_t *engine = engine_with(&diary, 1);
    const char *request = "POST /fapi/v1/order HTTP/1.1\r\nHost: x\r\n";
    (void)state;
    arm(engine, "req.cut@30 on=order");
    for (size_t length = 0; length < 30; length++)
        assert_false(fault_plan_cut(engine, (str_t){request, length}));
    assert_true(fault_plan_cut(engine, (str_t){request, 30}));
    assert_false(fault_plan_cut(engine, (str_t){request, 31})); /* once */
    arm(engine, "req.cut@30 on=order");
    assert_false(fault_plan_cut(engine, STR("GET /fapi/v1/exchangeInfo HTTP/1.1\r\n"))); /* not aimed at */
}

/* --- the gate --------------------------------------------------------------------------------- */

static void on_deliver(void *context, const fault_frame_t *frame)
{
    char *text = context;
    size_t used = strlen(text);
    (void)snprintf(text + used, 512 - used, "%llu%.*s ", (unsigned long long)frame->connection, (int)frame->json.length,
                   frame->json.bytes);
}

static void pass(fault_frames_t *frames, uint64_t connection, const char *json)
{
    fault_frames_pass(frames, &(fault_frame_t){.connection = connection, .on = FAULT_ON_USER, .json = str_from(json)});
}

static void frames_wait_for_their_time_and_order(void **state)
{
    char text[512] = "";
    diary_t diary;
    fault_frames_t *frames = NULL;
    fault_engine_t *engine = engine_with(&diary, 1);
    (void)state;
    assert_int_equal(fault_frames_create(engine, on_deliver, text, &frames), RESULT_OK);
    assert_false(fault_frames_active(frames));
    arm(engine, "ws.reorder count=1 event=A");
    assert_true(fault_frames_active(frames));
    pass(frames, 1, "{\"e\":\"A\"}");
    pass(frames, 2, "{\"e\":\"B\"}"); /* another connection: not the next one */
    assert_string_equal(text, "2{\"e\":\"B\"} ");
    pass(frames, 1, "{\"e\":\"A\",\"n\":2}"); /* the same type */
    pass(frames, 1, "{\"e\":\"B\"}");
    assert_string_equal(text, "2{\"e\":\"B\"} 1{\"e\":\"A\",\"n\":2} 1{\"e\":\"B\"} 1{\"e\":\"A\"} ");
    text[0] = '\0';
    arm(engine, "ws.late lag=5s count=2");
    pass(frames, 1, "{\"e\":\"C\"}");
    pass(frames, 2, "{\"e\":\"D\"}");
    fault_frames_tick(frames);
    assert_string_equal(text, "");
    fault_frames_forget(frames, 2);
    fault_tick(engine, START_NS + 5 * NS_PER_S);
    fault_frames_tick(frames);
    assert_string_equal(text, "1{\"e\":\"C\"} ");
    arm(engine, "ws.reorder scope=full count=1");
    pass(frames, 1, "{\"e\":\"E\"}");
    fault_frames_destroy(frames); /* what is held goes with it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_exact),
        cmocka_unit_test(every_usual_value_is_in_its_own_range),
        cmocka_unit_test(nth_count_and_filters_bound_the_strikes),
        cmocka_unit_test(a_fault_holds_from_its_time_to_its_end),
        cmocka_unit_test(acts_are_done_once_tried_again_and_undone),
        cmocka_unit_test(clearing_undoes_what_lasts),
        cmocka_unit_test(a_restart_does_not_repeat_what_was),
        cmocka_unit_test(the_same_seed_strikes_alike),
        cmocka_unit_test(the_mix_is_a_function_of_its_seed),
        cmocka_unit_test(mix_words),
        cmocka_unit_test(fields_are_changed_in_place),
        cmocka_unit_test(prices_become_garbage),
        cmocka_unit_test(requests_of_all_faces_have_their_class),
        cmocka_unit_test(half_a_request_dies_at_its_byte),
        cmocka_unit_test(frames_wait_for_their_time_and_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
