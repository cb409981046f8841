/* account_inside.h: what the parts of the account client share. Private to account_*.c.
 *
 *   account_client.c     calls: begun, asked again, ended; what is read of lists
 *   account_order.c      placements, cancels, settings: one request each
 *   account_query.c      where is this order, and which fills: the endpoints that could know
 *   account_snapshot.c   everything the account holds, section by section
 *
 * A call is a slot: the action, the request under way, and how far its plan has come.
 */
#pragma once

#include "edge/exchange/binance/account_client.h"
#include "edge/exchange/binance/decode_private.h"

enum {
    CALLS_MAX = 128,
    GATHER_MAX = 1024, /* rows of one list */
    FILLS_PAGE = 1000,
    HISTORY_PAGE = 500,
    QUESTIONS_MAX = 64,
    RETRY_MIN_MS = 20,
    READ_TRIES_MAX = 5,
};

typedef struct {
    account_client_t *client;
    bool used;
    bool waiting; /* for the budget; the timer runs */
    order_action_t action;
    binance_request_t request;
    uint32_t step;      /* of the plan */
    uint32_t symbol;    /* fills of a snapshot: index of the symbol */
    uint32_t endpoints; /* of a query: those that have answered */
    uint64_t from_id;   /* fills: next page */
    int64_t from_ms;    /* lists by time: next page or window, from this time on; 0: the first */
    uint32_t tries;
    loop_timer_t timer;
} account_call_t;

struct account_client {
    account_client_options_t options;
    bool stopped;
    uint32_t used;
    uint32_t questions;  /* of these, those that are no order: they never take the last places */
    order_input_t input; /* scratch: large */
    uint32_t gathered;
    private_event_t *rows; /* GATHER_MAX: a list is used only when it was read whole */
    bool overflow;
    account_strangers_t strangers; /* of the list that is being read */
    bool order_found;
    private_order_t wanted; /* of a query over a list */
    account_call_t calls[CALLS_MAX];
};

/* --- account_client.c */
int64_t account_now_ns(const account_client_t *client);
order_input_t *account_begin_input(account_client_t *client, order_input_kind_t kind); /* cleared; account_give() hands it over */
void account_give(account_client_t *client);
void account_end_call(account_call_t *call);
void account_advance(account_call_t *call); /* begins the step the plan has come to, or ends the plan */
/* Lists: begin_gather, then decode into account_list_of(call, account_gather); a list is used only when it was read whole. */
void account_begin_gather(account_client_t *client);
void account_gather(void *context, const private_event_t *event);
binance_list_t account_list_of(account_call_t *call, binance_event_fn *each);
void account_give_gathered(account_client_t *client); /* to the order half, as if the stream had brought it */

/* Lists by time tell the seven days that follow the time they are given. Where the running window begins, and the next window:
 * false when this one reaches the present. since_ns 0: a week back. */
int64_t account_window_ms(const account_call_t *call, int64_t since_ns);
bool account_next_window(account_call_t *call, int64_t since_ns);
/* A page of fills by time or id has been read: where the next one begins. False: that was the last. */
bool account_next_fills(account_call_t *call, const binance_list_t *page, int64_t since_ns);

/* --- account_order.c */
result_t account_order_encode(account_call_t *call, const instrument_t *instrument);
void account_order_answer(account_call_t *call, const binance_result_t *result);
void account_order_never_sent(account_call_t *call, result_t why);

/* --- account_query.c */
result_t account_query_encode(account_call_t *call, const instrument_t *instrument);
void account_query_answer(account_call_t *call, const binance_result_t *result);
bool account_query_at_end(account_call_t *call); /* every endpoint was asked: then the call has ended */
result_t account_fills_encode(account_call_t *call, const instrument_t *instrument);
void account_fills_answer(account_call_t *call, const binance_result_t *result);

/* --- account_snapshot.c */
result_t account_snapshot_encode(account_call_t *call);
void account_snapshot_answer(account_call_t *call, const binance_result_t *result);
bool account_snapshot_at_end(account_call_t *call); /* every section was read: then the call has ended */
