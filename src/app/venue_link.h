/* venue_link.h: a process's way to its venue: addresses, HTTP client, request budget and the venue's clock, ready together.
 *
 * In demo the venue is our simulated exchange: its address stands in DIR/run/exchange.addr, written by `patriot exchange`; the link
 * waits until it is there. When that exchange runs by the wall clock, DIR/run/exchange.clock says how many times as fast; the link
 * looks at it again and again, so that the clock follows `patriot exchange ctl DIR speed N`, pause, resume and restarts. Otherwise
 * the addresses come from the configuration, or are the venue's own for the chosen network, and the clock is measured again every
 * ten minutes: quartz drifts.
 */
#pragma once

#include "app/role.h"
#include "edge/exchange/binance/feed.h"
#include "edge/exchange/binance/rest.h"
#include "edge/exchange/budget.h"
#include "edge/exchange/venue_clock.h"
#include "edge/net/http_client.h"
#include "edge/net/tls.h"
#include "edge/secret/sign.h"

typedef struct venue_link venue_link_t;
typedef void venue_link_fn(void *context);

struct venue_link {
    role_t *role;
    char rest_url[CONFIG_TEXT_MAX], stream_url[CONFIG_TEXT_MAX];
    tls_t *tls; /* NULL for plain loopback */
    http_client_t *http;
    budget_t *budget;
    binance_rest_t *rest;
    venue_clock_t *clock; /* the owner's */
    str_t api_key;        /* borrowed */
    sign_key_t *key;      /* borrowed */
    uint64_t account;
    loop_timer_t timer, pace, wall;
    int64_t measured_ns; /* when the clock was asked for last */
    char pace_said[64];  /* what run/exchange.clock said */
    venue_link_fn *on_ready;
    void *context;
    bool ready, closing, one_by_one;
    bool wall_told; /* that the clock of this machine is off */
};

typedef struct {
    role_t *role;
    venue_clock_t *clock;
    str_t api_key;           /* empty: open endpoints only; borrowed for the link's life */
    sign_key_t *key;         /* NULL: no signed endpoints; borrowed likewise */
    bool one_by_one;         /* lockstep: requests leave one after the other, so that their order at the venue is always the same */
    venue_link_fn *on_ready; /* once: addresses known, clients made, the clock measured */
    void *context;
} venue_link_options_t;

/* Begins; on_ready comes in a later turn. RESULT_TEXT_TOO_LONG, RESULT_FULL, RESULT_TLS. */
result_t venue_link_open(venue_link_t *link, const venue_link_options_t *options);
void venue_link_close(venue_link_t *link);

/* What every owner of a market stream does with the feed's notices: log, health check "market", and measuring the clock again when
 * frames seem to come from the future. */
void venue_link_notice(venue_link_t *link, const feed_notice_t *notice);

/* The clock by which stamps of the stream are judged; NULL for the simulated exchange, whose time runs at a speed of its own. */
const venue_clock_t *venue_link_judge(const venue_link_t *link);

/* True when this mode may only ever talk to our simulated exchange, and the address is on loopback. */
bool venue_link_is_simulated(const venue_link_t *link);
