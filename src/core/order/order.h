/* order.h: orders as values: what we ask for, what the venue says of it, and the two tables of legal moves (ORD-1, ORD-15).
 *
 * An order is named by its client id, which is made from (epoch, intent number, leg) and never changes. A position has a side
 * (LONG, SHORT), an order has BUY or SELL: they are different types on purpose.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/base/id.h"
#include "core/base/result.h"
#include "core/market/instrument.h"
#include "core/risk/limits.h"
#include "core/signal/signal.h"

typedef enum { ORDER_BUY = 1, ORDER_SELL } order_side_t;

typedef enum {
    ORDER_LIMIT = 1,
    ORDER_MARKET,
    ORDER_STOP_MARKET,
    ORDER_STOP_LIMIT, /* Binance: STOP */
    ORDER_TAKE_PROFIT_MARKET,
    ORDER_TAKE_PROFIT_LIMIT, /* Binance: TAKE_PROFIT */
} order_type_t;

typedef enum { TIF_GTC = 1, TIF_IOC, TIF_FOK, TIF_POST_ONLY /* Binance: GTX */ } time_in_force_t;

/* BOTH in one-way mode; LONG and SHORT name the position an order belongs to in hedge mode. */
typedef enum { POSITION_BOTH = 1, POSITION_LONG, POSITION_SHORT } position_key_t;

typedef enum {
    REDUCE_NO = 1,
    REDUCE_ONLY,    /* in hedge mode the position key binds instead and the flag is not sent */
    CLOSE_POSITION, /* no quantity: whatever is there; STOP_MARKET and TAKE_PROFIT_MARKET only */
} reduce_t;

/* Conditional orders go to the algo endpoint on Binance USD-M. */
static inline bool order_type_is_algo(order_type_t type)
{
    return type != ORDER_LIMIT && type != ORDER_MARKET;
}

/* Everything the venue is told; two of the same intent are byte for byte the same. */
typedef struct {
    client_id_t client_id;
    instrument_id_t instrument;
    leg_t leg;
    order_side_t side;
    position_key_t position;
    order_type_t type;
    time_in_force_t tif;
    trigger_by_t trigger_by; /* conditional types */
    reduce_t reduce;
    dec_t quantity; /* base units, on the step; 0 with CLOSE_POSITION */
    dec_t price;    /* limit types; else 0 */
    dec_t trigger;  /* conditional types; else 0 */
} order_spec_t;

/* --- the order's states ----------------------------------------------------------------------- */

/* X(name): thirteen states. PARKED and ARMED belong to orders that wait for a signal or a price before any intent exists. */
#define ORDER_STATE_TABLE(X)                                                                                                       \
    X(PARKED)                                                                                                                      \
    X(ARMED)                                                                                                                       \
    X(INTENT) X(SENT) X(UNKNOWN) X(NEW) X(PARTIALLY_FILLED) X(FILLED) X(CANCEL_PENDING) X(CANCELLED) X(REJECTED) X(EXPIRED) X(DEAD)

typedef enum {
#define ORDER_STATE_ENUM(name) ORDER_##name,
    ORDER_STATE_TABLE(ORDER_STATE_ENUM)
#undef ORDER_STATE_ENUM
        ORDER_STATE_COUNT
} order_state_t;

#define ORDER_EVENT_TABLE(X)                                                                                                       \
    X(ARM)            /* a parked order's condition came true */                                                                   \
    X(DISARM)         /* ... and is no longer */                                                                                   \
    X(INTEND)         /* the intent is recorded */                                                                                 \
    X(SEND)           /* handed over; recorded in the same batch, so an intent without it has never left */                        \
    X(ACK)            /* the venue has it */                                                                                       \
    X(REJECT)         /* the venue refused it definitely */                                                                        \
    X(LOSE)           /* time-out, 5xx, cut, unreadable, restart: nobody knows */                                                  \
    X(NEVER_SENT)     /* proven: no byte left */                                                                                   \
    X(FIND)           /* a query or a list shows it alive */                                                                       \
    X(NOT_FIND)       /* every endpoint says it does not exist: noted, not believed */                                             \
    X(PROVE_DEAD)     /* ... for long enough and with no unexplained position change */                                            \
    X(PARTIAL)        /* a fill that leaves a rest */                                                                              \
    X(FILL)           /* a fill that completes it */                                                                               \
    X(CANCEL_REQUEST) /* we asked for its cancellation */                                                                          \
    X(CANCEL)         /* the venue says it is cancelled */                                                                         \
    X(EXPIRE)         /* the venue says it expired */                                                                              \
    X(REMAIN)         /* a cancel came to nothing; the order lives on unfilled, */                                                 \
    X(REMAIN_PARTIAL) /* ... or partly filled */

typedef enum {
#define ORDER_EVENT_ENUM(name) ORDER_EVENT_##name,
    ORDER_EVENT_TABLE(ORDER_EVENT_ENUM)
#undef ORDER_EVENT_ENUM
        ORDER_EVENT_COUNT
} order_event_t;

/* The state after the event; RESULT_BAD_STATE (and *to untouched) for a move that is not in the table. */
result_t order_state_next(order_state_t from, order_event_t event, order_state_t *to);

const char *order_state_name(order_state_t state);
const char *order_event_name(order_event_t event);

bool order_state_is_terminal(order_state_t state); /* FILLED CANCELLED REJECTED EXPIRED DEAD */
bool order_state_is_live(
    order_state_t state); /* could fill: SENT UNKNOWN NEW PARTIALLY_FILLED CANCEL_PENDING; limits count these */
bool order_state_is_working(order_state_t state); /* known to stand at the venue: NEW PARTIALLY_FILLED CANCEL_PENDING */

/* --- the watched trade's states --------------------------------------------------------------- */

#define TRADE_STATE_TABLE(X) X(WAITING) X(OPEN) X(PROTECTED) X(LADDERED) X(ERROR) X(COMPLETED)

typedef enum {
#define TRADE_STATE_ENUM(name) TRADE_##name,
    TRADE_STATE_TABLE(TRADE_STATE_ENUM)
#undef TRADE_STATE_ENUM
        TRADE_STATE_COUNT
} trade_state_t;

/* OPENED: first fill. COVERED / UNCOVERED: the stop stands for the whole position, or no longer. LADDER: a row fired. FAIL: cannot
 * be protected or left; a person is needed. RECOVER_*: out of ERROR. COMPLETE: nothing is held and nothing rests. */
#define TRADE_EVENT_TABLE(X) X(OPENED) X(COVERED) X(UNCOVERED) X(LADDER) X(FAIL) X(RECOVER) X(COMPLETE)

typedef enum {
#define TRADE_EVENT_ENUM(name) TRADE_EVENT_##name,
    TRADE_EVENT_TABLE(TRADE_EVENT_ENUM)
#undef TRADE_EVENT_ENUM
        TRADE_EVENT_COUNT
} trade_event_t;

result_t trade_state_next(trade_state_t from, trade_event_t event, trade_state_t *to);
const char *trade_state_name(trade_state_t state);
const char *trade_event_name(trade_event_t event);

/* --- old words -------------------------------------------------------------------------------- */

typedef enum { OLD_SYSTEM_P, OLD_SYSTEM_W, OLD_SYSTEM_M, OLD_SYSTEM_COUNT } old_system_t;

/* Our state in an old system's word ("SL_TP_PLACED", "pending", "ACTIVE"). Never NULL. */
const char *order_state_old_word(old_system_t system, order_state_t state);
const char *trade_state_old_word(old_system_t system, trade_state_t state);

/* And back (case-insensitive): the one state that the word is imported as. RESULT_UNKNOWN_VALUE when it is no word of that system.
 */
result_t order_state_from_old_word(old_system_t system, str_t word, order_state_t *state);
result_t trade_state_from_old_word(old_system_t system, str_t word, trade_state_t *state);

/* --- words of the values above ---------------------------------------------------------------- */

const char *order_side_text(order_side_t side);         /* "BUY" */
const char *order_type_text(order_type_t type);         /* "STOP_MARKET" */
const char *time_in_force_text(time_in_force_t tif);    /* "GTC", "IOC", "FOK", "POST_ONLY" */
const char *position_key_text(position_key_t position); /* "BOTH" */
const char *position_side_text(position_side_t side);   /* "LONG" */
const char *leg_text(leg_t leg);                        /* "entry", "stop", "target", "ladder", "close", "canary" */
const char *reduce_text(reduce_t reduce);               /* "no", "reduce_only", "close_position" */

/* BUY to enter a LONG, SELL to leave it; mirrored for SHORT. */
static inline order_side_t order_side_entering(position_side_t side)
{
    return side == SIDE_LONG ? ORDER_BUY : ORDER_SELL;
}
static inline order_side_t order_side_leaving(position_side_t side)
{
    return side == SIDE_LONG ? ORDER_SELL : ORDER_BUY;
}
