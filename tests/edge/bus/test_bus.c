/* test_bus.c: links greet, refuse, reconnect and lose nothing; what is malformed or of an old epoch never gets in.
 * shows: OPS-4, OPS-18, I12, I17, R004
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/time.h"
#include "edge/bus/bus.h"
#include "edge/bus/bus_call.h"
#include "edge/bus/bus_frame.h"
#include "edge/observe/log.h"
#include "support/test_support.h"

static char folder[TEST_PATH_MAX];
static loop_t *loop;

typedef struct {
    unsigned ready, lost, messages, rooms;
    uint64_t acked;
    result_t why;
    char detail[256];
    uint64_t numbers[64];
    uint32_t epochs[64];
    patriot_bus_Hello hello;
    bus_link_t *link;
    bool close_on_message;
    bool reply;
} seen_t;

static void on_ready(bus_link_t *link, const patriot_bus_Hello *hello, void *context)
{
    seen_t *seen = context;
    seen->ready++;
    seen->hello = *hello;
    seen->link = link;
}

static void on_message(bus_link_t *link, const bus_message_t *message, void *context)
{
    seen_t *seen = context;
    if (seen->messages < 64) {
        seen->numbers[seen->messages] = message->number;
        seen->epochs[seen->messages] = message->epoch;
    }
    seen->messages++;
    if (seen->reply && message->which_body == patriot_bus_Envelope_control_tag) {
        static char text[120000];
        int length = snprintf(text, sizeof text, "{\"command\":\"%s\",\"words\":%u,\"fill\":\"", message->body.control.command,
                              (unsigned)message->body.control.arguments_count);
        memset(text + length, 'x', 100000);
        memcpy(text + length + 100000, "\"}", 3);
        assert_int_equal(bus_link_reply(link, 1, text, (size_t)length + 100002), RESULT_OK);
    }
    if (seen->close_on_message) {
        bus_link_close(link);
    }
}

static void on_ack(bus_link_t *link, uint64_t number, void *context)
{
    (void)link;
    ((seen_t *)context)->acked = number;
}

static void on_room(bus_link_t *link, void *context)
{
    (void)link;
    ((seen_t *)context)->rooms++;
}

static void on_lost(bus_link_t *link, result_t why, const char *detail, void *context)
{
    seen_t *seen = context;
    (void)link;
    seen->lost++;
    seen->why = why;
    snprintf(seen->detail, sizeof seen->detail, "%s", detail);
    seen->link = NULL;
}

static const bus_events_t events = {
    .on_ready = on_ready, .on_message = on_message, .on_ack = on_ack, .on_room = on_room, .on_lost = on_lost};

static int setup(void **state)
{
    log_options_t silent = {.role = "tester", .level = LOG_CRITICAL, .terminal = LOG_TERMINAL_NEVER};
    (void)state;
    (void)log_open(&silent);
    test_dir_make(folder);
    assert_int_equal(loop_create(&(loop_options_t){.clock = LOOP_CLOCK_VIRTUAL}, &loop), RESULT_OK);
    return 0;
}

/* Turns until a condition holds; time moves on, so that back-off ends. Bounded: a broken bus fails the test, it does not hang it.
 */
#define TURN_UNTIL(condition)                                                                                                      \
    do {                                                                                                                           \
        for (unsigned turn = 0; turn < 20000 && !(condition); turn++) {                                                            \
            loop_turn(loop, LOOP_POLL);                                                                                            \
            loop_clock_advance(loop, NS_PER_MS / 10);                                                                              \
        }                                                                                                                          \
        assert_true(condition);                                                                                                    \
    } while (0)

static void turn(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        loop_turn(loop, LOOP_POLL);
    }
}

static int teardown(void **state)
{
    (void)state;
    turn(20);
    loop_destroy(loop);
    test_dir_remove(folder);
    return 0;
}

static bus_server_t *serve(seen_t *seen, uint32_t epoch_floor)
{
    bus_server_t *server = NULL;
    bus_server_options_t options = {.loop = loop,
                                    .data_folder = folder,
                                    .identity = {.role = "watchdog", .epoch = 0, .outbox_generation = 9, .session = 1},
                                    .epoch_floor = epoch_floor,
                                    .events = &events,
                                    .context = seen};
    assert_int_equal(bus_server_open(&options, &server), RESULT_OK);
    return server;
}

static bus_link_t *dial(seen_t *seen, const char *role, uint32_t epoch)
{
    bus_link_t *link = NULL;
    bus_dial_options_t options = {.loop = loop,
                                  .data_folder = folder,
                                  .peer_role = "watchdog",
                                  .identity = {.role = role, .epoch = epoch, .outbox_generation = 5, .session = 2},
                                  .events = &events,
                                  .context = seen};
    assert_int_equal(bus_dial(&options, &link), RESULT_OK);
    return link;
}

static bus_message_t *scratch(void)
{
    static bus_message_t message;
    bus_message_clear(&message);
    return &message;
}

static result_t send_signal(bus_link_t *link, uint64_t number)
{
    bus_message_t *message = scratch();
    message->number = number;
    message->which_body = patriot_bus_Envelope_signal_tag;
    message->body.signal.encoded.size = 1000;
    memset(message->body.signal.encoded.bytes, (int)number, 1000);
    return bus_link_send(link, message);
}

static void two_processes_greet_and_talk(void **state)
{
    seen_t server_seen = {0};
    seen_t client_seen = {0};
    (void)state;
    bus_server_t *server = serve(&server_seen, 0);
    struct stat status;
    char path[BUS_PATH_MAX];
    assert_int_equal(bus_socket_path(folder, "watchdog", path), RESULT_OK);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    bus_link_t *link = dial(&client_seen, "monitor", 0);
    assert_false(bus_link_ready(link));
    assert_int_equal(send_signal(link, 1), RESULT_CLOSED);
    TURN_UNTIL(client_seen.ready == 1 && server_seen.ready == 1);
    assert_string_equal(server_seen.hello.role, "monitor");
    assert_int_equal(server_seen.hello.outbox_generation, 5);
    assert_string_equal(client_seen.hello.role, "watchdog");
    assert_int_equal(client_seen.hello.pid, (uint32_t)getpid());
    assert_int_equal(send_signal(link, 7), RESULT_OK);
    TURN_UNTIL(server_seen.messages == 1);
    assert_int_equal(server_seen.numbers[0], 7);
    bus_link_t *peer = bus_server_find(server, "monitor");
    assert_non_null(peer);
    assert_null(bus_server_find(server, "signer"));
    bus_link_ack(peer, 5, 7); /* alone, at the end of the turn */
    TURN_UNTIL(client_seen.acked == 7);
    assert_int_equal(client_seen.messages, 0);
    bus_link_ack(peer, 4, 99); /* a number of another store is not said */
    turn(20);
    assert_int_equal(client_seen.acked, 7);
    bus_link_close(link);
    TURN_UNTIL(server_seen.lost == 1);
    bus_server_close(server);
}

static void a_peer_that_is_not_there_yet_is_waited_for_and_found_again(void **state)
{
    seen_t server_seen = {0};
    seen_t client_seen = {0};
    (void)state;
    bus_link_t *link = dial(&client_seen, "monitor", 0);
    TURN_UNTIL(loop_now_ns(loop) > 3 * NS_PER_S / 2);
    assert_int_equal(client_seen.ready, 0);
    assert_int_equal(client_seen.lost, 0); /* what never was is not lost */
    for (unsigned round = 1; round <= 3; round++) {
        bus_server_t *server = serve(&server_seen, 0);
        TURN_UNTIL(client_seen.ready == round);
        bus_server_close(server);
        TURN_UNTIL(client_seen.lost == round && server_seen.lost == round);
        assert_int_equal(client_seen.why, RESULT_CLOSED);
    }
    bus_link_close(link);
}

/* --- numbered delivery ------------------------------------------------------------------------ */

static result_t fetch_signal(void *context, uint64_t number, bus_message_t *message)
{
    (void)context;
    message->which_body = patriot_bus_Envelope_signal_tag;
    message->body.signal.encoded.size = 1000;
    memset(message->body.signal.encoded.bytes, (int)number, 1000);
    return RESULT_OK;
}

typedef struct {
    seen_t base;
    bus_inbox_t inbox;
    uint64_t handled[4000];
    unsigned handled_count, seen_before;
} receiver_t;

static void receive_numbered(bus_link_t *link, const bus_message_t *message, void *context)
{
    receiver_t *receiver = context;
    switch (bus_inbox_arrival(&receiver->inbox, message->number)) {
    case BUS_FRESH:
        receiver->handled[receiver->handled_count++] = message->number;
        bus_inbox_handled(&receiver->inbox, message->number);
        break;
    case BUS_SEEN_BEFORE:
        receiver->seen_before++;
        break;
    case BUS_GAP:
        fail();
    }
    if (message->number % 3 == 0) { /* acks lag behind */
        bus_link_ack(link, receiver->inbox.generation, receiver->inbox.last_seen);
    }
}

static void receiver_lost(bus_link_t *link, result_t why, const char *detail, void *context)
{
    (void)link;
    (void)why;
    (void)detail;
    ((receiver_t *)context)->base.lost++;
}

static void receiver_seen(void *context, const patriot_bus_Hello *peer, uint64_t *generation, uint64_t *last_seen)
{
    receiver_t *receiver = context;
    bus_inbox_connected(&receiver->inbox, peer);
    *generation = receiver->inbox.generation;
    *last_seen = receiver->inbox.last_seen;
}

static void every_numbered_message_arrives_once_over_any_number_of_cuts(void **state)
{
    enum { MESSAGES = 3000 };
    static receiver_t receiver;
    static const bus_events_t receiver_events = {.on_message = receive_numbered, .on_lost = receiver_lost};
    seen_t client_seen = {0};
    bus_outbox_t outbox;
    bus_server_t *server = NULL;
    (void)state;
    receiver = (receiver_t){0};
    bus_outbox_init(&outbox, 5, MESSAGES, 0);
    bus_server_options_t options = {.loop = loop,
                                    .data_folder = folder,
                                    .identity = {.role = "watchdog"},
                                    .events = &receiver_events,
                                    .context = &receiver,
                                    .seen = receiver_seen};
    assert_int_equal(bus_server_open(&options, &server), RESULT_OK);
    bus_link_t *link = dial(&client_seen, "monitor", 0);
    unsigned connections = 0;
    unsigned full = 0;
    while (receiver.handled_count < MESSAGES) {
        TURN_UNTIL(client_seen.ready > connections);
        connections = client_seen.ready;
        bus_outbox_connected(&outbox, &client_seen.hello);
        assert_int_equal(outbox.sent, receiver.inbox.last_seen);
        result_t result = bus_outbox_pump(&outbox, link, fetch_signal, NULL, scratch());
        full += result == RESULT_FULL;
        unsigned rooms = client_seen.rooms;
        if (result == RESULT_FULL) {
            TURN_UNTIL(client_seen.rooms > rooms);
        }
        unsigned before = receiver.handled_count;
        turn(1 + connections % 5);
        if (receiver.handled_count < MESSAGES && receiver.handled_count > before) { /* cut in the middle */
            bus_link_t *peer = bus_server_find(server, "monitor");
            if (peer != NULL) {
                bus_link_close(peer);
            }
            TURN_UNTIL(client_seen.lost >= connections);
        } else {
            TURN_UNTIL(receiver.handled_count > before);
            bus_link_t *peer = bus_server_find(server, "monitor");
            if (receiver.handled_count < MESSAGES && peer != NULL) {
                bus_link_close(peer);
                TURN_UNTIL(client_seen.lost >= connections);
            }
        }
    }
    assert_true(full > 0);
    assert_true(connections > 1);
    for (unsigned i = 0; i < MESSAGES; i++) {
        assert_int_equal(receiver.handled[i], i + 1);
    }
    bus_link_close(link);
    bus_server_close(server);
    turn(20);
}

static void a_new_store_starts_again_at_one(void **state)
{
    bus_outbox_t outbox;
    (void)state;
    bus_outbox_init(&outbox, 5, 100, 40);
    bus_outbox_connected(&outbox, &(patriot_bus_Hello){.seen_generation = 5, .last_seen = 60});
    assert_int_equal(outbox.sent, 60);
    bus_outbox_connected(&outbox,
                         &(patriot_bus_Hello){.seen_generation = 4, .last_seen = 60}); /* it counts in a store that is gone */
    assert_int_equal(outbox.sent, 0);
    bus_outbox_connected(&outbox, &(patriot_bus_Hello){.seen_generation = 5, .last_seen = 101}); /* it claims more than there is */
    assert_int_equal(outbox.sent, 0);
    bus_inbox_t inbox = {.generation = 5, .last_seen = 60};
    assert_int_equal(bus_inbox_arrival(&inbox, 60), BUS_SEEN_BEFORE);
    assert_int_equal(bus_inbox_arrival(&inbox, 61), BUS_FRESH);
    assert_int_equal(bus_inbox_arrival(&inbox, 62), BUS_GAP);
    bus_inbox_connected(&inbox, &(patriot_bus_Hello){.outbox_generation = 6});
    assert_int_equal(bus_inbox_arrival(&inbox, 1), BUS_FRESH);
}

/* --- fencing ---------------------------------------------------------------------------------- */

static void an_older_epoch_is_refused_at_hello_and_at_every_message(void **state)
{
    seen_t server_seen = {0};
    seen_t old_seen = {0};
    seen_t new_seen = {0};
    (void)state;
    bus_server_t *server = serve(&server_seen, 4);
    bus_link_t *zombie = dial(&old_seen, "watchdog-a", 3);
    TURN_UNTIL(old_seen.lost == 1);
    assert_int_equal(old_seen.why, RESULT_STALE);
    assert_non_null(strstr(old_seen.detail, "epoch 3 is over: epoch 4"));
    assert_int_equal(server_seen.ready, 0);
    bus_link_close(zombie);

    bus_link_t *first = dial(&old_seen, "watchdog-a", 5);
    TURN_UNTIL(old_seen.ready == 1);
    bus_link_t *second = dial(&new_seen, "watchdog-b", 6);
    TURN_UNTIL(new_seen.ready == 1);
    assert_int_equal(bus_server_epoch(server), 6);
    assert_int_equal(send_signal(first, 1), RESULT_OK); /* paused while the other took over, and now it wakes up */
    TURN_UNTIL(old_seen.lost == 2);
    assert_int_equal(server_seen.messages, 0);
    assert_int_equal(send_signal(second, 1), RESULT_OK);
    TURN_UNTIL(server_seen.messages == 1);
    assert_int_equal(server_seen.epochs[0], 6);
    bus_link_close(first);
    bus_link_close(second);
    bus_server_close(server);
    turn(20);
}

static void versions_one_minor_apart_work(void **state)
{
    (void)state;
    assert_true(bus_version_rule(1, 0, 1, 0));
    assert_true(bus_version_rule(1, 0, 1, 1));
    assert_true(bus_version_rule(1, 3, 1, 2));
    assert_false(bus_version_rule(1, 0, 1, 2));
    assert_false(bus_version_rule(1, 0, 2, 0));
}

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
        cmocka_unit_test_setup_teardown(two_processes_greet_and_talk, setup, teardown),
        cmocka_unit_test_setup_teardown(a_peer_that_is_not_there_yet_is_waited_for_and_found_again, setup, teardown),
        cmocka_unit_test_setup_teardown(every_numbered_message_arrives_once_over_any_number_of_cuts, setup, teardown),
        cmocka_unit_test(a_new_store_starts_again_at_one),
        cmocka_unit_test_setup_teardown(an_older_epoch_is_refused_at_hello_and_at_every_message, setup, teardown),
        cmocka_unit_test(versions_one_minor_apart_work),
        cmocka_unit_test_setup_teardown(hostile_bytes_end_their_own_connection_only, setup, teardown),
        cmocka_unit_test_setup_teardown(a_link_may_be_closed_in_its_own_callback, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_queue_says_so_and_says_when_there_is_room, setup, teardown),
        cmocka_unit_test_setup_teardown(a_tool_asks_and_gets_a_long_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(a_tool_hears_why_there_is_no_answer, setup, teardown),
        cmocka_unit_test(a_frame_is_whole_or_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
