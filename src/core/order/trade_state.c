/* trade_state.c: which event may move a watched trade from where to where. Everything not listed is illegal and leaves it as it
 * was. */
#include "core/base/assert.h"
#include "core/order/order.h"

static const struct {
    trade_state_t from;
    trade_event_t event;
    trade_state_t to;
} moves[] = {
    {TRADE_WAITING, TRADE_EVENT_OPENED, TRADE_OPEN},
    {TRADE_WAITING, TRADE_EVENT_FAIL, TRADE_ERROR},
    {TRADE_WAITING, TRADE_EVENT_COMPLETE, TRADE_COMPLETED}, /* the entry ended unfilled */

    {TRADE_OPEN, TRADE_EVENT_COVERED, TRADE_PROTECTED},
    {TRADE_OPEN, TRADE_EVENT_LADDER, TRADE_LADDERED},
    {TRADE_OPEN, TRADE_EVENT_FAIL, TRADE_ERROR},
    {TRADE_OPEN, TRADE_EVENT_COMPLETE, TRADE_COMPLETED},

    {TRADE_PROTECTED, TRADE_EVENT_UNCOVERED, TRADE_OPEN},
    {TRADE_PROTECTED, TRADE_EVENT_LADDER, TRADE_LADDERED},
    {TRADE_PROTECTED, TRADE_EVENT_FAIL, TRADE_ERROR},
    {TRADE_PROTECTED, TRADE_EVENT_COMPLETE, TRADE_COMPLETED},

    /* whether a laddered trade is covered stands in its COVER records; it never forgets that a row has fired */
    {TRADE_LADDERED, TRADE_EVENT_LADDER, TRADE_LADDERED},
    {TRADE_LADDERED, TRADE_EVENT_FAIL, TRADE_ERROR},
    {TRADE_LADDERED, TRADE_EVENT_COMPLETE, TRADE_COMPLETED},

    {TRADE_ERROR, TRADE_EVENT_RECOVER, TRADE_OPEN},
    {TRADE_ERROR, TRADE_EVENT_COMPLETE, TRADE_COMPLETED},
};

result_t trade_state_next(trade_state_t from, trade_event_t event, trade_state_t *to)
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
