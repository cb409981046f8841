/* order_state.c: which event may move an order from where to where. Everything not listed is illegal and leaves the order as it
 * was.
 *
 * Fills are facts: one that comes late, after a cancel, an expiry, a refusal or a declared death, still counts, so those states
 * have rows for it. Words are weaker: only a query or a list (FIND) brings a dead order back, and "not found" alone moves nothing
 * (I3).
 */
#include "core/base/assert.h"
#include "core/order/order.h"

typedef struct {
    order_state_t from;
    order_event_t event;
    order_state_t to;
} order_move_t;

static const order_move_t moves[] = {
    /* before any intent: waiting for a signal, a price, a time */
    {ORDER_PARKED, ORDER_EVENT_ARM, ORDER_ARMED},
    {ORDER_PARKED, ORDER_EVENT_CANCEL, ORDER_CANCELLED},
    {ORDER_PARKED, ORDER_EVENT_EXPIRE, ORDER_EXPIRED},
    {ORDER_ARMED, ORDER_EVENT_DISARM, ORDER_PARKED},
    {ORDER_ARMED, ORDER_EVENT_INTEND, ORDER_INTENT},
    {ORDER_ARMED, ORDER_EVENT_CANCEL, ORDER_CANCELLED},
    {ORDER_ARMED, ORDER_EVENT_EXPIRE, ORDER_EXPIRED},

    /* the intent is durable; an intent without SEND has never left */
    {ORDER_INTENT, ORDER_EVENT_SEND, ORDER_SENT},
    {ORDER_INTENT, ORDER_EVENT_NEVER_SENT, ORDER_DEAD},

    /* handed over, no answer yet */
    {ORDER_SENT, ORDER_EVENT_ACK, ORDER_NEW},
    {ORDER_SENT, ORDER_EVENT_FIND, ORDER_NEW},
    {ORDER_SENT, ORDER_EVENT_REJECT, ORDER_REJECTED},
    {ORDER_SENT, ORDER_EVENT_LOSE, ORDER_UNKNOWN},
    {ORDER_SENT, ORDER_EVENT_NEVER_SENT, ORDER_DEAD},
    {ORDER_SENT, ORDER_EVENT_PARTIAL, ORDER_PARTIALLY_FILLED},
    {ORDER_SENT, ORDER_EVENT_FILL, ORDER_FILLED},
    {ORDER_SENT, ORDER_EVENT_CANCEL, ORDER_CANCELLED},
    {ORDER_SENT, ORDER_EVENT_EXPIRE, ORDER_EXPIRED},

    /* nobody knows: it counts as live until evidence comes */
    {ORDER_UNKNOWN, ORDER_EVENT_ACK, ORDER_NEW},
    {ORDER_UNKNOWN, ORDER_EVENT_FIND, ORDER_NEW},
    {ORDER_UNKNOWN, ORDER_EVENT_NOT_FIND, ORDER_UNKNOWN},
    {ORDER_UNKNOWN, ORDER_EVENT_PROVE_DEAD, ORDER_DEAD},
    {ORDER_UNKNOWN, ORDER_EVENT_NEVER_SENT, ORDER_DEAD},
    {ORDER_UNKNOWN, ORDER_EVENT_REJECT, ORDER_REJECTED},
    {ORDER_UNKNOWN, ORDER_EVENT_PARTIAL, ORDER_PARTIALLY_FILLED},
    {ORDER_UNKNOWN, ORDER_EVENT_FILL, ORDER_FILLED},
    {ORDER_UNKNOWN, ORDER_EVENT_CANCEL, ORDER_CANCELLED},
    {ORDER_UNKNOWN, ORDER_EVENT_EXPIRE, ORDER_EXPIRED},

    /* at the venue */
    {ORDER_NEW, ORDER_EVENT_LOSE, ORDER_UNKNOWN},
    {ORDER_NEW, ORDER_EVENT_REJECT, ORDER_REJECTED},
    {ORDER_NEW, ORDER_EVENT_PARTIAL, ORDER_PARTIALLY_FILLED},
    {ORDER_NEW, ORDER_EVENT_FILL, ORDER_FILLED},
    {ORDER_NEW, ORDER_EVENT_CANCEL_REQUEST, ORDER_CANCEL_PENDING},
    {ORDER_NEW, ORDER_EVENT_CANCEL, ORDER_CANCELLED},
    {ORDER_NEW, ORDER_EVENT_EXPIRE, ORDER_EXPIRED},
    {ORDER_PARTIALLY_FILLED, ORDER_EVENT_LOSE, ORDER_UNKNOWN},
    {ORDER_PARTIALLY_FILLED, ORDER_EVENT_REJECT, ORDER_REJECTED},
    {ORDER_PARTIALLY_FILLED, ORDER_EVENT_PARTIAL, ORDER_PARTIALLY_FILLED},
    {ORDER_PARTIALLY_FILLED, ORDER_EVENT_FILL, ORDER_FILLED},
    {ORDER_PARTIALLY_FILLED, ORDER_EVENT_CANCEL_REQUEST, ORDER_CANCEL_PENDING},
    {ORDER_PARTIALLY_FILLED, ORDER_EVENT_CANCEL, ORDER_CANCELLED},
    {ORDER_PARTIALLY_FILLED, ORDER_EVENT_EXPIRE, ORDER_EXPIRED},

    /* asked to go */
    {ORDER_CANCEL_PENDING, ORDER_EVENT_LOSE, ORDER_UNKNOWN},
    {ORDER_CANCEL_PENDING, ORDER_EVENT_REJECT, ORDER_REJECTED},
    {ORDER_CANCEL_PENDING, ORDER_EVENT_PARTIAL, ORDER_CANCEL_PENDING},
    {ORDER_CANCEL_PENDING, ORDER_EVENT_FILL, ORDER_FILLED},
    {ORDER_CANCEL_PENDING, ORDER_EVENT_CANCEL, ORDER_CANCELLED},
    {ORDER_CANCEL_PENDING, ORDER_EVENT_EXPIRE, ORDER_EXPIRED},
    {ORDER_CANCEL_PENDING, ORDER_EVENT_REMAIN, ORDER_NEW},
    {ORDER_CANCEL_PENDING, ORDER_EVENT_REMAIN_PARTIAL, ORDER_PARTIALLY_FILLED},

    /* ended, but late facts still count; an order without a quantity trades on after it has closed all of ours */
    {ORDER_FILLED, ORDER_EVENT_PARTIAL, ORDER_FILLED},
    {ORDER_FILLED, ORDER_EVENT_FILL, ORDER_FILLED},
    {ORDER_CANCELLED, ORDER_EVENT_PARTIAL, ORDER_CANCELLED},
    {ORDER_CANCELLED, ORDER_EVENT_FILL, ORDER_FILLED},
    {ORDER_EXPIRED, ORDER_EVENT_PARTIAL, ORDER_EXPIRED},
    {ORDER_EXPIRED, ORDER_EVENT_FILL, ORDER_FILLED},
    {ORDER_REJECTED, ORDER_EVENT_FIND, ORDER_NEW},
    {ORDER_REJECTED, ORDER_EVENT_PARTIAL, ORDER_PARTIALLY_FILLED},
    {ORDER_REJECTED, ORDER_EVENT_FILL, ORDER_FILLED},
    {ORDER_DEAD, ORDER_EVENT_FIND, ORDER_NEW},
    {ORDER_DEAD, ORDER_EVENT_PARTIAL, ORDER_PARTIALLY_FILLED},
    {ORDER_DEAD, ORDER_EVENT_FILL, ORDER_FILLED},
};

result_t order_state_next(order_state_t from, order_event_t event, order_state_t *to)
{
    ASSERT(to != NULL);
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        if (moves[i].from == from && moves[i].event == event) {
            *to = moves[i].to;
            return RESULT_OK;
        }
    }
    return RESULT_BAD_STATE;
}

bool order_state_is_terminal(order_state_t state)
{
    return state == ORDER_FILLED || state == ORDER_CANCELLED || state == ORDER_REJECTED || state == ORDER_EXPIRED ||
           state == ORDER_DEAD;
}

bool order_state_is_live(order_state_t state)
{
    return state == ORDER_SENT || state == ORDER_UNKNOWN || order_state_is_working(state);
}

bool order_state_is_working(order_state_t state)
{
    return state == ORDER_NEW || state == ORDER_PARTIALLY_FILLED || state == ORDER_CANCEL_PENDING;
}
