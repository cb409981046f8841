/* test_bus.c: links greet, refuse, reconnect and lose nothing; what is of an old epoch never gets in.
 * shows: OPS-4, OPS-18, I12, R004
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus_fixture.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(two_processes_greet_and_talk, setup, teardown),
        cmocka_unit_test_setup_teardown(a_peer_that_is_not_there_yet_is_waited_for_and_found_again, setup, teardown),
        cmocka_unit_test_setup_teardown(every_numbered_message_arrives_once_over_any_number_of_cuts, setup, teardown),
        cmocka_unit_test(a_new_store_starts_again_at_one),
        cmocka_unit_test_setup_teardown(an_older_epoch_is_refused_at_hello_and_at_every_message, setup, teardown),
        cmocka_unit_test(versions_one_minor_apart_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
