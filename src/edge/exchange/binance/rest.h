/* rest.h: one place through which requests to Binance's REST host go: budget asked first, reply headers noted, bans obeyed, clock
 * kept.
 *
 * Reads are repeatable (the transport may send them again, signed anew each time); placements, cancels and settings leave once. The
 * answer is classified (classify.h) before the caller sees it. A request that the budget refuses does not leave, and the caller
 * learns how long to wait.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"
#include "edge/exchange/binance/classify.h"
#include "edge/exchange/binance/encode.h"
#include "edge/exchange/budget.h"
#include "edge/exchange/venue_clock.h"
#include "edge/net/http_client.h"
#include "edge/net/loop.h"

typedef struct binance_rest binance_rest_t;

typedef struct {
    loop_t *loop;
    http_client_t *client; /* borrowed */
    budget_t *budget;      /* borrowed; NULL: no budget (tests) */
    venue_clock_t *clock;  /* borrowed */
    str_t api_key;         /* borrowed; empty: open endpoints only */
    sign_key_t *key;       /* borrowed; NULL: no signed endpoints */
    uint64_t account;      /* names the account in the budget */
    uint32_t calls_max;    /* requests under way together; 0: 64 */
} binance_rest_options_t;

result_t binance_rest_create(const binance_rest_options_t *options, binance_rest_t **out);
void binance_rest_destroy(binance_rest_t *rest); /* calls under way get their callback first */

typedef struct {
    bool sent;       /* false: proof that no byte left (budget, ban, no connection, no time): nothing happened at the venue */
    result_t why;    /* not sent or no answer: RESULT_BUDGET, RESULT_BANNED, RESULT_TIMEOUT, ...; RESULT_OK when answered */
    unsigned status; /* 0: no answer */
    str_t body;      /* borrowed until the callback returns; gunzipped */
    binance_verdict_t
        verdict; /* of the answer; UNKNOWN when sent without an answer (NOT_DONE for reads and for what was not sent) */
    int64_t sent_ns, done_ns; /* monotonic */
} binance_result_t;

typedef void binance_rest_fn(void *context, const binance_result_t *result);

/* Called exactly once for each RESULT_OK, never inside this call. For 2xx the verdict is ACCEPTED provided that the body is JSON;
 * the caller decodes it and, when that fails on an order path, must take it for UNKNOWN. Without a callback to come: RESULT_BUDGET,
 * RESULT_BANNED (*wait_ms says how long), RESULT_LOCKED, RESULT_STALE (signed, and the venue's time is not known), RESULT_FULL,
 * RESULT_PERMISSION (no API key or signing key for such a request), RESULT_BANNED. In all these cases no byte has left. -1021 on a
 * read or a setting is retried once by itself after a clock measurement; on a placement or cancel it comes back as RESYNC. */
result_t binance_rest_send(binance_rest_t *rest, const binance_request_t *request, binance_rest_fn *done, void *context,
                           int64_t *wait_ms);

/* Measures the clock now (GET /time); the result shows in the venue_clock. `done` may be NULL. */
result_t binance_rest_measure_clock(binance_rest_t *rest, binance_rest_fn *done, void *context);

/* Lockstep: private events that the simulated exchange had sent on the account's stream connection when it made the answer that
 * came last (header X-LOCKSTEP-EVENTS); 0: it did not say. */
uint64_t binance_rest_events_told(const binance_rest_t *rest);
