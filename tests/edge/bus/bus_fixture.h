/* bus_fixture.h: a folder, a loop, and ends of links that note what they see; for the tests of the bus. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/bus/bus.h"
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

static inline void on_ready(bus_link_t *link, const patriot_bus_Hello *hello, void *context)
{
    seen_t *seen = context;
    seen->ready++;
    seen->hello = *hello;
    seen->link = link;
}

static inline void on_message(bus_link_t *link, const bus_message_t *message, void *context)
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

static inline void on_ack(bus_link_t *link, uint64_t number, void *context)
{
    (void)link;
    ((seen_t *)context)->acked = number;
}

static inline void on_room(bus_link_t *link, void *context)
{
    (void)link;
    ((seen_t *)context)->rooms++;
}

static inline void on_lost(bus_link_t *link, result_t why, const char *detail, void *context)
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

static inline int setup(void **state)
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

static inline void turn(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        loop_turn(loop, LOOP_POLL);
    }
}

static inline int teardown(void **state)
{
    (void)state;
    turn(20);
    loop_destroy(loop);
    test_dir_remove(folder);
    return 0;
}

static inline bus_server_t *serve(seen_t *seen, uint32_t epoch_floor)
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

static inline bus_link_t *dial(seen_t *seen, const char *role, uint32_t epoch)
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

static inline bus_message_t *scratch(void)
{
    static bus_message_t message;
    bus_message_clear(&message);
    return &message;
}

static inline result_t send_signal(bus_link_t *link, uint64_t number)
{
    bus_message_t *message = scratch();
    message->number = number;
    message->which_body = patriot_bus_Envelope_signal_tag;
    message->body.signal.encoded.size = 1000;
    memset(message->body.signal.encoded.bytes, (int)number, 1000);
    return bus_link_send(link, message);
}
