/* shows: MKT-2, ORD-7, I7
 *
 * The private stream against a venue played by the test: the key's life, reconnecting, telling the owner to reconcile whenever
 * something may be missing, each event once while two connections overlap, and lockstep.
 */
#include "support/test_support.h"

#include <stdio.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/exchange/binance/user_stream.h"

static loop_t *loop;
static user_stream_t *stream;
static symbol_map_t symbols;
static uint32_t events, notices[5], moments, opens[2], closes[2], creates, extends;
static uint64_t last_trade;
static char url[2][256], sent[16][256], last_text[USER_STREAM_TEXT_MAX];
static uint32_t sent_count;

static void on_event(void *context, int64_t received_ns, const binance_private_t *private_event, str_t frame)
{
    (void)context;
    (void)received_ns;
    assert_true(frame.length > 0);
    events++;
    if (private_event->count > 0 && private_event->events[0].kind == PRIVATE_FILL) {
        last_trade = private_event->events[0].fill.fill.trade_id;
    }
}

static void on_notice(void *context, const user_stream_notice_t *notice)
{
    (void)context;
    notices[notice->kind]++;
    memcpy(last_text, notice->text, sizeof last_text);
}

static void on_moment(void *context, uint64_t moment, int64_t venue_ms)
{
    (void)context;
    (void)moment;
    (void)venue_ms;
    moments++;
}

static result_t t_open(void *context, uint32_t slot, const char *to)
{
    (void)context;
    snprintf(url[slot], sizeof url[slot], "%s", to);
    opens[slot]++;
    return RESULT_OK;
}

static result_t t_send(void *context, uint32_t slot, str_t text)
{
    (void)context;
    (void)slot;
    snprintf(sent[sent_count++ % 16], sizeof sent[0], "%.*s", (int)text.length, text.bytes);
    return RESULT_OK;
}

static void t_close(void *context, uint32_t slot)
{
    (void)context;
    closes[slot]++;
}

static result_t t_key(void *context, const char *method)
{
    (void)context;
    creates += strcmp(method, "POST") == 0;
    extends += strcmp(method, "PUT") == 0;
    return RESULT_OK;
}

static venue_clock_t venue_time; /* knows nothing until a test measures it */

static void create(const char *role)
{
    static const user_stream_events_t events_table = {.on_event = on_event, .on_notice = on_notice, .on_moment = on_moment};
    static const user_stream_transport_t transport = {.open = t_open, .send = t_send, .close = t_close, .listen_key = t_key};
    const loop_options_t options = {.clock = LOOP_CLOCK_VIRTUAL, .virtual_wall_ns = INT64_C(1700000000) * NS_PER_S};
    assert_ok(loop_create(&options, &loop));
    venue_clock_init(&venue_time);
    symbol_map_init(&symbols);
    assert_ok(symbol_map_put(&symbols, STR("BTCUSDT"), 3));
    events = moments = creates = extends = sent_count = 0;
    memset(notices, 0, sizeof notices);
    memset(opens, 0, sizeof opens);
    memset(closes, 0, sizeof closes);
    const user_stream_options_t stream_options = {.loop = loop,
                                                  .stream_url = "ws://venue",
                                                  .symbols = &symbols,
                                                  .clock = &venue_time,
                                                  .lockstep_role = role,
                                                  .events = &events_table,
                                                  .transport = &transport,
                                                  .seed = 3};
    assert_ok(user_stream_create(&stream_options, &stream));
    loop_clock_advance(loop, NS_PER_MS);
}

static void destroy(void)
{
    user_stream_destroy(stream);
    loop_destroy(loop);
}

static void wait_ms(int64_t ms)
{
    loop_clock_advance(loop, ms * NS_PER_MS);
}

static void key_given(const char *key)
{
    char body[160];
    snprintf(body, sizeof body, "{\"listenKey\":\"%s\"}", key);
    user_stream_transport_key(stream, 200, str_from(body), -1);
}

static void come_up(const char *role)
{
    create(role);
    assert_int_equal(creates, 1);
    key_given("abc123");
    assert_string_equal(url[0], "ws://venue/private/ws/abc123");
    user_stream_transport_opened(stream, 0);
    assert_true(user_stream_is_up(stream));
    assert_int_equal(notices[USER_STREAM_UP], 1);
}

static void say(uint32_t slot, const char *frame)
{
    user_stream_transport_text(stream, slot, str_from(frame));
}

static void say_fill(uint32_t slot, unsigned trade)
{
    char frame[512];
    snprintf(frame, sizeof frame,
             "{\"e\":\"ORDER_TRADE_UPDATE\",\"E\":1,\"T\":2,\"o\":{\"s\":\"BTCUSDT\",\"c\":\"P-1-1-E\",\"S\":\"BUY\",\"o\":"
             "\"LIMIT\",\"q\":\"1\",\"p\":\"5\",\"x\":\"TRADE\","
             "\"X\":\"FILLED\",\"i\":9,\"l\":\"1\",\"z\":\"1\",\"L\":\"5\",\"T\":2,\"t\":%u,\"ps\":\"BOTH\"}}",
             trade);
    say(slot, frame);
}

static void the_key_is_extended_before_it_dies(void **state)
{
    (void)state;
    come_up(NULL);
    assert_true(user_stream_quiet_ns(stream) == INT64_MAX);
    say_fill(0, 7);
    assert_true(events == 1 && last_trade == 7);
    wait_ms(24 * 60000);
    assert_int_equal(extends, 0);
    wait_ms(60000 + 200);
    assert_int_equal(extends, 1);
    user_stream_transport_key(stream, 200, STR("{}"), -1); /* older answer to PUT */
    wait_ms(25 * 60000 + 200);
    assert_int_equal(extends, 2);
    user_stream_transport_key(stream, 502, STR("<html>"), -1); /* there is time: tried again */
    wait_ms(60000 + 200);
    assert_int_equal(extends, 3);
    wait_ms(40000); /* no answer at all: the same */
    wait_ms(60000);
    assert_int_equal(extends, 4);
    user_stream_transport_key(stream, 400, STR("{\"code\":-1125,\"msg\":\"This listenKey does not exist.\"}"),
                              -1); /* another client deleted it */
    assert_false(user_stream_is_up(stream));
    assert_int_equal(notices[USER_STREAM_DOWN], 1);
    wait_ms(1000);
    assert_int_equal(creates, 2);
    destroy();
}

/* The simulated exchange may play an hour in a second: its key lives an hour of its own time. */
static void a_venue_whose_time_runs_faster_has_its_key_extended_in_time(void **state)
{
    (void)state;
    create(NULL);
    const int64_t now_ns = loop_now_ns(loop);
    assert_ok(venue_clock_note(&venue_time, now_ns, now_ns, loop_wall_ns(loop), 1700000000000));
    venue_clock_pace(&venue_time, now_ns, 3600);
    key_given("abc123");
    user_stream_transport_opened(stream, 0);
    wait_ms(300); /* 18 minutes there */
    assert_int_equal(extends, 0);
    wait_ms(300);
    assert_int_equal(extends, 1);
    user_stream_transport_key(stream, 200, STR("{}"), -1);
    wait_ms(300);
    assert_int_equal(extends, 1);
    wait_ms(300);
    assert_int_equal(extends, 2);
    user_stream_transport_key(stream, 200, STR("{}"), -1);
    venue_clock_pace(&venue_time, loop_now_ns(loop), 0); /* it stands: our own time still counts */
    wait_ms(24 * 60000);
    assert_int_equal(extends, 2);
    wait_ms(60000 + 200);
    assert_int_equal(extends, 3);
    destroy();
}

static void an_expired_key_means_a_new_one_at_once(void **state)
{
    (void)state;
    come_up(NULL);
    say(0, "{\"e\":\"listenKeyExpired\",\"E\":1,\"listenKey\":\"abc123\"}");
    assert_int_equal(events, 1); /* the owner hears of the gap, too */
    assert_int_equal(notices[USER_STREAM_DOWN], 1);
    wait_ms(200);
    assert_int_equal(creates, 2);
    key_given("def456");
    assert_string_equal(url[0], "ws://venue/private/ws/def456");
    user_stream_transport_opened(stream, 0);
    assert_int_equal(notices[USER_STREAM_UP], 2); /* reconcile */
    destroy();
}

static void a_lost_connection_begins_anew(void **state)
{
    (void)state;
    come_up(NULL);
    user_stream_transport_closed(stream, 0, RESULT_CLOSED, "cut");
    assert_int_equal(notices[USER_STREAM_DOWN], 1);
    assert_string_equal(last_text, "cut");
    wait_ms(500);
    assert_int_equal(creates, 2);
    user_stream_transport_key(stream, 0, (str_t){"", 0}, -1); /* no answer */
    assert_int_equal(notices[USER_STREAM_KEY_FAILED], 1);
    wait_ms(1000);
    assert_int_equal(creates, 3);
    user_stream_transport_key(stream, 429, STR(""), 60); /* banned: not a second earlier */
    wait_ms(59000);
    assert_int_equal(creates, 3);
    wait_ms(1200);
    assert_int_equal(creates, 4);
    user_stream_transport_key(stream, 401, STR("{\"code\":-2015,\"msg\":\"Invalid API-key\"}"), -1);
    assert_int_equal(notices[USER_STREAM_FORBIDDEN], 1);
    wait_ms(600000);
    assert_int_equal(creates, 4); /* not hammered */
    user_stream_restart(stream);
    wait_ms(200);
    assert_int_equal(creates, 5);
    destroy();
}

static void what_may_have_been_missed_is_said(void **state)
{
    (void)state;
    come_up(NULL);
    say(0, "{\"e\":\"ORDER_TRADE_UPDATE\",\"E\":1,");
    assert_int_equal(notices[USER_STREAM_RECONCILE], 1);
    say(0, "{\"e\":\"A_NEW_EVENT\",\"E\":1}");
    assert_int_equal(notices[USER_STREAM_RECONCILE], 2);
    say(0, "{\"e\":\"ORDER_TRADE_UPDATE\",\"E\":1,\"T\":2,\"o\":{\"s\":\"DOGEUSDT\",\"c\":\"x\",\"S\":\"BUY\",\"o\":\"LIMIT\","
           "\"q\":\"1\",\"p\":\"5\",\"x\":\"NEW\",\"X\":\"NEW\",\"i\":9,\"l\":\"0\",\"z\":\"0\",\"L\":\"0\",\"T\":2}}");
    assert_int_equal(notices[USER_STREAM_RECONCILE], 3);
    say(0, "{\"e\":\"TRADE_LITE\",\"E\":1}");
    assert_int_equal(notices[USER_STREAM_RECONCILE], 3);
    assert_true(user_stream_is_up(stream));
    destroy();
}

static void rotation_gives_each_event_once(void **state)
{
    (void)state;
    come_up(NULL);
    for (int hour = 0; hour < 24 && opens[1] == 0; hour++) {
        for (int minute = 0; minute < 60 && opens[1] == 0; minute += 10) {
            wait_ms(600000);
            user_stream_transport_key(stream, 200, STR("{}"), -1);
        }
    }
    assert_int_equal(opens[1], 1);
    user_stream_transport_opened(stream, 1);
    events = 0;
    say_fill(0, 1);
    say_fill(1, 1);
    say_fill(1, 2);
    say_fill(0, 2);
    say_fill(0, 3);
    assert_int_equal(events, 3);
    wait_ms(11000);
    assert_int_equal(closes[0], 1);
    say_fill(1, 4);
    assert_int_equal(events, 4);
    assert_int_equal(notices[USER_STREAM_DOWN], 0);
    destroy();
}

static void lockstep_counts_every_frame(void **state)
{
    (void)state;
    come_up("signer");
    assert_string_equal(sent[0], "{\"method\":\"SUBSCRIBE\",\"params\":[\"!lockstep@signer\"],\"id\":1}");
    say(0, "{\"result\":null,\"id\":1}");
    say(0, "{\"e\":\"moment\",\"n\":4,\"E\":1700000000000}");
    assert_int_equal(moments, 1);
    user_stream_lockstep_done(stream);
    assert_int_equal(sent_count, 2);
    assert_string_equal(sent[1], "{\"method\":\"LOCKSTEP\",\"params\":[\"done\",4,2],\"id\":0}");
    user_stream_lockstep_done(stream); /* nothing new to say */
    assert_int_equal(sent_count, 2);
    say_fill(0, 9); /* an event of the same moment: given at once, answered when its owner has handled it */
    assert_int_equal(events, 1);
    assert_int_equal(sent_count, 2);
    user_stream_lockstep_done(stream);
    assert_string_equal(sent[2], "{\"method\":\"LOCKSTEP\",\"params\":[\"done\",4,3],\"id\":0}");
    assert_true(user_stream_moment(stream) == 4);
    destroy();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_is_extended_before_it_dies),
        cmocka_unit_test(a_venue_whose_time_runs_faster_has_its_key_extended_in_time),
        cmocka_unit_test(an_expired_key_means_a_new_one_at_once),
        cmocka_unit_test(a_lost_connection_begins_anew),
        cmocka_unit_test(what_may_have_been_missed_is_said),
        cmocka_unit_test(rotation_gives_each_event_once),
        cmocka_unit_test(lockstep_counts_every_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
