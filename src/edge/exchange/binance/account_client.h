/* account_client.h: carries out the order half's actions at Binance's private endpoints and gives back what it learns as the order
 * half's inputs.
 *
 * PLACE, CANCEL and the settings leave once (http_request_once); questions are repeatable. Every PLACE, CANCEL and SET_ ends in
 * exactly one ORDER_INPUT_REPLY, every QUERY in one ORDER_INPUT_QUERY_RESULT, every SNAPSHOT in one SNAPSHOT_END, whatever the
 * venue does. A question that the budget refuses waits and is asked again; a placement that it refuses is NEVER_SENT.
 */
#pragma once

#include <stdbool.h>

#include "core/engine/order_half.h"
#include "edge/exchange/binance/rest.h"
#include "edge/exchange/symbol_map.h"
#include "edge/net/loop.h"

typedef struct account_client account_client_t;

/* Inputs come in turns of the loop, never inside account_client_do. */
typedef void account_client_input_fn(void *context, const order_input_t *input);

/* Positions in symbols that are not in the map, after each list of positions that was read whole. */
typedef struct {
    uint32_t count;
    char symbol[SYMBOL_TEXT_MAX]; /* one of them */
    dec_t amount;                 /* what is held there */
} account_strangers_t;
typedef void account_client_strangers_fn(void *context, const account_strangers_t *strangers);

typedef struct {
    loop_t *loop;
    binance_rest_t *rest;                  /* borrowed */
    const instrument_table_t *instruments; /* borrowed: numbers in actions and inputs */
    const symbol_map_t *symbols;           /* borrowed: the same instruments by name */
    const venue_clock_t *clock;            /* borrowed: venue time of inputs */
    account_client_input_fn *on_input;
    account_client_strangers_fn *on_strangers; /* may be NULL */
    void *context;
} account_client_options_t;

result_t account_client_create(const account_client_options_t *options, account_client_t **out);
void account_client_stop(account_client_t *client);    /* before the rest client goes: answers that still come change nothing */
void account_client_destroy(account_client_t *client); /* NULL is fine; no inputs any more */

/* RESULT_FULL: too many under way (the caller answers NEVER_SENT); RESULT_UNSUPPORTED: not an action for the venue. */
result_t account_client_do(account_client_t *client, const order_action_t *action);

/* Nothing under way, nothing waiting. */
bool account_client_idle(const account_client_t *client);
