/* test_bus_peers.c: hostile bytes, full queues, tools that ask and wait, frames cut anywhere: nothing malformed gets in.
 * shows: OPS-4, I17, R004
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bus_fixture.h"
#include "edge/bus/bus_call.h"
#include "edge/bus/bus_frame.h"

/* --- hostile peers ---------------------------------------------------------------------------- */

static int raw_connect(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bus_socket_path(folder, "watchdog", address.sun_path), RESULT_OK);
    assert_int_equal(connect(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    return descriptor;
}

/* What the server says before it closes: the refusal code, 0 if it closes without one. */
static uint32_t refusal_of(int descriptor, char reason[256])
{
    static uint8_t bytes[BUS_FRAME_BYTES];
    static bus_message_t message;
    size_t filled = 0;
    for (unsigned i = 0; i < 2000; i++) {
        turn(1);
        ssize_t got = recv(descriptor, bytes + filled, sizeof bytes - filled, 0);
        size_t used = 0;
        if (got > 0) {
            filled += (size_t)got;
        }
        if (bus_frame_decode(bytes, filled, &message, &used) == RESULT_OK) {
            if (message.which_body == patriot_bus_Envelope_refusal_tag) {
                snprintf(reason, 256, "%s", message.body.refusal.reason);
                return message.body.refusal.code;
            }
            memmove(bytes, bytes + used, filled - used);
            filled -= used;
            continue;
        }
        if (got == 0) {
            return 0;
        }
    }
    fail_msg("the server neither refused nor closed");
    return 0;
}

static void raw_hello(int descriptor, uint32_t major, uint32_t minor)
{
    static uint8_t bytes[4096];
    size_t length = 0;
    bus_message_t *message = scratch();
    message->which_body = patriot_bus_Envelope_hello_tag;
    message->body.hello =
        (patriot_bus_Hello){.role = "stranger", .version_major = major, .version_minor = minor, .pid = 77, .build = "9.9"};
    assert_int_equal(bus_frame_encode(message, 0, 0, bytes, sizeof bytes, &length), RESULT_OK);
    assert_int_equal(send(descriptor, bytes, length, MSG_NOSIGNAL), length);
}

static void hostile_bytes_end_their_own_connection_only(void **state)
{
    seen_t server_seen = {0};
    seen_t client_seen = {0};
    char reason[256] = "";
    (void)state;
    bus_server_t *server = serve(&server_seen, 0);
    bus_link_t *link = dial(&client_seen, "monitor", 0);
    TURN_UNTIL(server_seen.ready == 1);

    int raw = raw_connect();
    raw_hello(raw, 2, 7);
    assert_int_equal(refusal_of(raw, reason), BUS_REFUSED_VERSION);
    assert_non_null(strstr(reason, "1.0"));
    assert_non_null(strstr(reason, "2.7"));
    close(raw);

    raw = raw_connect(); /* garbage instead of a Hello */
    assert_int_equal(send(raw, "GET / HTTP/1.1\r\n\r\n", 18, 0), 18);
    assert_int_equal(refusal_of(raw, reason), BUS_REFUSED_PROTOCOL);
    close(raw);

    raw = raw_connect(); /* a length of 4 GiB */
    assert_int_equal(send(raw, "\xff\xff\xff\xff", 4, 0), 4);
    assert_int_equal(refusal_of(raw, reason), BUS_REFUSED_PROTOCOL);
    close(raw);

    raw = raw_connect(); /* greets well, then a frame that is no Envelope */
    raw_hello(raw, BUS_VERSION_MAJOR, BUS_VERSION_MINOR);
    assert_int_equal(send(raw, "\x03\x00\x00\x00\xff\xff\xff", 7, 0), 7);
    assert_int_equal(refusal_of(raw, reason), BUS_REFUSED_PROTOCOL);
    close(raw);

    raw = raw_connect(); /* two greetings */
    raw_hello(raw, BUS_VERSION_MAJOR, BUS_VERSION_MINOR);
    raw_hello(raw, BUS_VERSION_MAJOR, BUS_VERSION_MINOR);
    assert_int_equal(refusal_of(raw, reason), BUS_REFUSED_PROTOCOL);
    close(raw);

    raw = raw_connect(); /* says nothing at all */
    turn(5);
    loop_clock_advance(loop, 6 * NS_PER_S);
    assert_int_equal(refusal_of(raw, reason), BUS_REFUSED_PROTOCOL);
    close(raw);

    assert_true(bus_link_ready(link)); /* the good one has not noticed */
    assert_int_equal(send_signal(link, 1), RESULT_OK);
    TURN_UNTIL(server_seen.messages == 1);
    bus_link_close(link);
    bus_server_close(server);
    turn(20);
}

static void a_link_may_be_closed_in_its_own_callback(void **state)
{
    seen_t server_seen = {.close_on_message = true};
    seen_t client_seen = {0};
    (void)state;
    bus_server_t *server = serve(&server_seen, 0);
    bus_link_t *link = dial(&client_seen, "monitor", 0);
    TURN_UNTIL(client_seen.ready == 1);
    for (uint64_t i = 1; i <= 5; i++) {
        assert_int_equal(send_signal(link, i), RESULT_OK);
    }
    TURN_UNTIL(client_seen.lost == 1);
    assert_int_equal(server_seen.messages, 1);
    bus_link_close(link);
    bus_server_close(server);
    turn(20);
}

static void a_full_queue_says_so_and_says_when_there_is_room(void **state)
{
    seen_t server_seen = {0};
    seen_t client_seen = {0};
    (void)state;
    bus_server_t *server = serve(&server_seen, 0);
    bus_link_t *link = dial(&client_seen, "monitor", 0);
    TURN_UNTIL(client_seen.ready == 1);
    uint64_t sent = 0;
    while (send_signal(link, sent + 1) == RESULT_OK) { /* without a turn: nothing leaves */
        sent++;
        assert_true(sent < 100000);
    }
    assert_int_equal(client_seen.rooms, 0);
    TURN_UNTIL(client_seen.rooms >= 1 && server_seen.messages == sent);
    assert_int_equal(send_signal(link, sent + 1), RESULT_OK);
    TURN_UNTIL(server_seen.messages == sent + 1);
    bus_link_close(link);
    bus_server_close(server);
    turn(20);
}

/* --- the blocking caller ---------------------------------------------------------------------- */

typedef struct {
    result_t result, health;
    bus_call_reply_t reply;
    _Atomic int done;
} caller_t;

static void *call_in_thread(void *argument)
{
    caller_t *caller = argument;
    const char *const words[] = {"BTCUSDT", "STOP", "45000"};
    caller->result = bus_call(folder, "watchdog", "order", 3, words, 20 * NS_PER_S, &caller->reply);
    caller->done = 1;
    return NULL;
}

static void a_tool_asks_and_gets_a_long_answer(void **state)
{
    seen_t server_seen = {.reply = true};
    caller_t caller = {0};
    pthread_t thread;
    (void)state;
    bus_server_t *server = serve(&server_seen, 8);
    assert_int_equal(pthread_create(&thread, NULL, call_in_thread, &caller), 0);
    for (unsigned i = 0; i < 2000000 && caller.done == 0; i++) {
        loop_turn(loop, LOOP_POLL);
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(caller.result, RESULT_OK);
    assert_int_equal(caller.reply.status, 1);
    assert_int_equal(caller.reply.pid, getpid());
    assert_non_null(strstr(caller.reply.text, "{\"command\":\"order\",\"words\":3,"));
    assert_int_equal(strlen(caller.reply.text), caller.reply.length);
    assert_true(caller.reply.length > 100000);
    assert_int_equal(caller.reply.text[caller.reply.length - 1], '}');
    bus_call_reply_free(&caller.reply);
    bus_server_close(server);
    turn(50);
}

static void a_tool_hears_why_there_is_no_answer(void **state)
{
    bus_call_reply_t reply;
    (void)state;
    assert_int_equal(bus_call(folder, "signer", "status", 0, NULL, NS_PER_S, &reply), RESULT_REFUSED);
    assert_string_equal(reply.detail, "signer: is not running (nobody listens on its socket)");
    bus_call_reply_free(&reply);
    seen_t server_seen = {0};
    bus_server_t *server = serve(&server_seen, 0); /* listens but never turns: a process that hangs */
    assert_int_equal(bus_call(folder, "watchdog", "status", 0, NULL, 50 * NS_PER_MS, &reply), RESULT_TIMEOUT);
    assert_non_null(strstr(reply.detail, "no answer in time"));
    bus_call_reply_free(&reply);
    char long_folder[300];
    memset(long_folder, 'a', sizeof long_folder - 1);
    long_folder[sizeof long_folder - 1] = '\0';
    assert_int_equal(bus_call(long_folder, "signer", "status", 0, NULL, NS_PER_S, &reply), RESULT_TEXT_TOO_LONG);
    bus_call_reply_free(&reply);
    bus_server_close(server);
    turn(50);
}

/* --- frames ----------------------------------------------------------------------------------- */

static void a_frame_is_whole_or_not_there(void **state)
{
    static uint8_t bytes[BUS_FRAME_BYTES];
    static bus_message_t back;
    size_t length = 0;
    size_t used = 0;
    (void)state;
    bus_message_t *message = scratch();
    message->number = 3;
    snprintf(message->correlation_id, sizeof message->correlation_id, "ETHUSDT-L-SC01");
    message->which_body = patriot_bus_Envelope_kill_level_tag;
    message->body.kill_level.level = 2;
    snprintf(message->body.kill_level.reason, sizeof message->body.kill_level.reason, "operator");
    message->ack = 1;   /* replaced */
    message->epoch = 1; /* replaced */
    assert_int_equal(bus_frame_encode(message, 55, 6, bytes, sizeof bytes, &length), RESULT_OK);
    for (size_t i = 0; i < length; i++) {
        assert_int_equal(bus_frame_decode(bytes, i, &back, &used), RESULT_TRUNCATED);
    }
    assert_int_equal(bus_frame_decode(bytes, length, &back, &used), RESULT_OK);
    assert_int_equal(used, length);
    assert_int_equal(back.number, 3);
    assert_int_equal(back.ack, 55);
    assert_int_equal(back.epoch, 6);
    assert_string_equal(back.correlation_id, "ETHUSDT-L-SC01");
    assert_int_equal(back.which_body, patriot_bus_Envelope_kill_level_tag);
    assert_string_equal(back.body.kill_level.reason, "operator");
    assert_int_equal(bus_frame_encode(message, 55, 6, bytes, length - 1, &length), RESULT_TEXT_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hostile_bytes_end_their_own_connection_only, setup, teardown),
        cmocka_unit_test_setup_teardown(a_link_may_be_closed_in_its_own_callback, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_queue_says_so_and_says_when_there_is_room, setup, teardown),
        cmocka_unit_test_setup_teardown(a_tool_asks_and_gets_a_long_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(a_tool_hears_why_there_is_no_answer, setup, teardown),
        cmocka_unit_test(a_frame_is_whole_or_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
