/* net_support.h: what the tests of this room share: a loop with a virtual clock, turns until something is true, raw sockets as
 * peers. */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/str.h"
#include "core/base/time.h"
#include "edge/net/loop.h"

enum { TURNS_MAX = 20000 };

static inline loop_t *virtual_loop(void)
{
    loop_t *loop = NULL;
    assert_int_equal(loop_create(&(loop_options_t){.clock = LOOP_CLOCK_VIRTUAL, .virtual_wall_ns = 1700000000 * NS_PER_S}, &loop),
                     RESULT_OK);
    return loop;
}

/* Turns of the loop, without waiting, until *flag; fails the test when it never comes. Loopback delivers within a few turns. */
static inline void turn_until(loop_t *loop, const bool *flag)
{
    for (int i = 0; i < TURNS_MAX && !*flag; i++) {
        loop_turn(loop, LOOP_POLL);
    }
    assert_true(*flag);
}

static inline void turn_some(loop_t *loop, int turns)
{
    for (int i = 0; i < turns; i++) {
        loop_turn(loop, LOOP_POLL);
    }
}

static inline uint16_t port_of(const char *address)
{
    const char *colon = strrchr(address, ':');
    assert_non_null(colon);
    return (uint16_t)strtoul(colon + 1, NULL, 10);
}

/* A plain blocking socket connected to 127.0.0.1:port: a peer that is not built from the code under test. */
static inline int raw_connect(uint16_t port)
{
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_true(descriptor >= 0);
    assert_int_equal(connect(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    int on = 1; /* what is sent is there at once: no test waits for a delayed acknowledgement */
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
}

static inline void raw_send(int descriptor, const char *bytes, size_t length)
{
    assert_int_equal(send(descriptor, bytes, length, MSG_NOSIGNAL), (ssize_t)length);
}

/* Reads, while the loop turns, until the peer ends or `needle` has come; returns the length, the text is NUL-terminated. */
static inline size_t raw_read_until(loop_t *loop, int descriptor, const char *needle, char *buffer, size_t capacity)
{
    size_t length = 0;
    buffer[0] = '\0';
    for (int i = 0; i < TURNS_MAX; i++) {
        loop_turn(loop, LOOP_POLL);
        ssize_t got = recv(descriptor, buffer + length, capacity - 1 - length, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) {
            return length;
        }
        if (got > 0) {
            length += (size_t)got;
            buffer[length] = '\0';
        }
        if (needle != NULL && strstr(buffer, needle) != NULL) {
            return length;
        }
    }
    fail_msg("the peer neither answered nor closed; so far: %s", buffer);
    return 0;
}

/* True when the peer closes within the turns; what it sends before is dropped. */
static inline bool raw_is_closed(loop_t *loop, int descriptor)
{
    char bytes[4096];
    for (int i = 0; i < 200; i++) {
        loop_turn(loop, LOOP_POLL);
        ssize_t got = recv(descriptor, bytes, sizeof bytes, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) {
            return true;
        }
    }
    return false;
}

/* A listening socket of 127.0.0.1 that is not built from the code under test. */
static inline int raw_listen(uint16_t *port)
{
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(descriptor, 64), 0);
    assert_int_equal(getsockname(descriptor, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return descriptor;
}

static inline int raw_accept(loop_t *loop, int listening)
{
    for (int i = 0; i < TURNS_MAX; i++) {
        loop_turn(loop, LOOP_POLL);
        int descriptor = accept(listening, NULL, NULL);
        if (descriptor >= 0) {
            return descriptor;
        }
    }
    fail_msg("nobody connected");
    return -1;
}
