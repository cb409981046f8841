/* old_words.c: our states in the words of the systems that our users come from, and back (ORD-15).
 *
 * P is PATRIOT (python), W the Discord web platform, M the multi-exchange bot. Several of our states share an old word; on the way
 * back each word has exactly one meaning, the safest: a word that says "somewhere at the exchange" comes back as UNKNOWN, to be
 * asked for.
 */
#include "core/base/assert.h"
#include "core/order/order.h"

static const char *const order_words[OLD_SYSTEM_COUNT][ORDER_STATE_COUNT] = {
    [OLD_SYSTEM_P] =
        {
            [ORDER_PARKED] = "PENDING",
            [ORDER_ARMED] = "PENDING",
            [ORDER_INTENT] = "PENDING",
            [ORDER_SENT] = "PENDING",
            [ORDER_UNKNOWN] = "PENDING",
            [ORDER_NEW] = "PENDING",
            [ORDER_PARTIALLY_FILLED] = "PENDING",
            [ORDER_FILLED] = "FILLED",
            [ORDER_CANCEL_PENDING] = "PENDING",
            [ORDER_CANCELLED] = "CANCELLED",
            [ORDER_REJECTED] = "CANCELLED",
            [ORDER_EXPIRED] = "CANCELLED",
            [ORDER_DEAD] = "CANCELLED",
        },
    [OLD_SYSTEM_W] =
        {
            [ORDER_PARKED] = "pending",
            [ORDER_ARMED] = "matched",
            [ORDER_INTENT] = "matched",
            [ORDER_SENT] = "matched",
            [ORDER_UNKNOWN] = "matched",
            [ORDER_NEW] = "matched",
            [ORDER_PARTIALLY_FILLED] = "matched",
            [ORDER_FILLED] = "executed",
            [ORDER_CANCEL_PENDING] = "matched",
            [ORDER_CANCELLED] = "cancelled",
            [ORDER_REJECTED] = "failed",
            [ORDER_EXPIRED] = "expired",
            [ORDER_DEAD] = "failed",
        },
    [OLD_SYSTEM_M] =
        {
            [ORDER_PARKED] = "OPENED",
            [ORDER_ARMED] = "OPENED",
            [ORDER_INTENT] = "OPENED",
            [ORDER_SENT] = "OPENED",
            [ORDER_UNKNOWN] = "OPENED",
            [ORDER_NEW] = "OPENED",
            [ORDER_PARTIALLY_FILLED] = "OPENED",
            [ORDER_FILLED] = "ACTIVE",
            [ORDER_CANCEL_PENDING] = "OPENED",
            [ORDER_CANCELLED] = "CANCELLED",
            [ORDER_REJECTED] = "CANCELLED",
            [ORDER_EXPIRED] = "CANCELLED",
            [ORDER_DEAD] = "CANCELLED",
        },
};

static const char *const trade_words[OLD_SYSTEM_COUNT][TRADE_STATE_COUNT] = {
    [OLD_SYSTEM_P] = {[TRADE_WAITING] = "PENDING",
                      [TRADE_OPEN] = "FILLED",
                      [TRADE_PROTECTED] = "SL_TP_PLACED",
                      [TRADE_LADDERED] = "SL_TP_PLACED",
                      [TRADE_ERROR] = "SL_TP_ERROR",
                      [TRADE_COMPLETED] = "COMPLETED"},
    [OLD_SYSTEM_W] = {[TRADE_WAITING] = "matched",
                      [TRADE_OPEN] = "executed",
                      [TRADE_PROTECTED] = "executed",
                      [TRADE_LADDERED] = "executed",
                      [TRADE_ERROR] = "failed",
                      [TRADE_COMPLETED] = "executed"},
    [OLD_SYSTEM_M] = {[TRADE_WAITING] = "OPENED",
                      [TRADE_OPEN] = "ACTIVE",
                      [TRADE_PROTECTED] = "ACTIVE",
                      [TRADE_LADDERED] = "ACTIVE",
                      [TRADE_ERROR] = "ACTIVE",
                      [TRADE_COMPLETED] = "CLOSED"},
};

/* The one meaning of a word on the way in. */
static const struct {
    old_system_t system;
    const char *word;
    order_state_t state;
} order_meanings[] = {
    {OLD_SYSTEM_P, "PENDING", ORDER_UNKNOWN},
    {OLD_SYSTEM_P, "FILLED", ORDER_FILLED},
    {OLD_SYSTEM_P, "CANCELLED", ORDER_CANCELLED},
    {OLD_SYSTEM_W, "pending", ORDER_PARKED},
    {OLD_SYSTEM_W, "matched", ORDER_UNKNOWN},
    {OLD_SYSTEM_W, "executed", ORDER_FILLED},
    {OLD_SYSTEM_W, "failed", ORDER_REJECTED},
    {OLD_SYSTEM_W, "cancelled", ORDER_CANCELLED},
    {OLD_SYSTEM_W, "expired", ORDER_EXPIRED},
    {OLD_SYSTEM_M, "OPENED", ORDER_UNKNOWN},
    {OLD_SYSTEM_M, "ACTIVE", ORDER_FILLED},
    {OLD_SYSTEM_M, "CLOSED", ORDER_FILLED},
    {OLD_SYSTEM_M, "CANCELLED", ORDER_CANCELLED},
    /* M's process has words of its own beside those of its database */
    {OLD_SYSTEM_M, "pending", ORDER_UNKNOWN},
    {OLD_SYSTEM_M, "filled", ORDER_FILLED},
    {OLD_SYSTEM_M, "unverified", ORDER_UNKNOWN},
};

static const struct {
    old_system_t system;
    const char *word;
    trade_state_t state;
} trade_meanings[] = {
    {OLD_SYSTEM_P, "PENDING", TRADE_WAITING},        {OLD_SYSTEM_P, "FILLED", TRADE_OPEN},
    {OLD_SYSTEM_P, "SL_TP_PLACED", TRADE_PROTECTED}, {OLD_SYSTEM_P, "SL_TP_ERROR", TRADE_ERROR},
    {OLD_SYSTEM_P, "COMPLETED", TRADE_COMPLETED},    {OLD_SYSTEM_P, "CANCELLED", TRADE_COMPLETED},
    {OLD_SYSTEM_W, "pending", TRADE_WAITING},        {OLD_SYSTEM_W, "matched", TRADE_WAITING},
    {OLD_SYSTEM_W, "executed", TRADE_OPEN},          {OLD_SYSTEM_W, "failed", TRADE_ERROR},
    {OLD_SYSTEM_W, "cancelled", TRADE_COMPLETED},    {OLD_SYSTEM_W, "expired", TRADE_COMPLETED},
    {OLD_SYSTEM_M, "OPENED", TRADE_WAITING},         {OLD_SYSTEM_M, "ACTIVE", TRADE_OPEN},
    {OLD_SYSTEM_M, "CLOSED", TRADE_COMPLETED},       {OLD_SYSTEM_M, "CANCELLED", TRADE_COMPLETED},
    {OLD_SYSTEM_M, "pending", TRADE_WAITING},        {OLD_SYSTEM_M, "filled", TRADE_OPEN},
    {OLD_SYSTEM_M, "unverified", TRADE_ERROR},
};

const char *order_state_old_word(old_system_t system, order_state_t state)
{
    if ((unsigned)system >= OLD_SYSTEM_COUNT || (unsigned)state >= ORDER_STATE_COUNT) {
        return "?";
    }
    return order_words[system][state];
}

const char *trade_state_old_word(old_system_t system, trade_state_t state)
{
    if ((unsigned)system >= OLD_SYSTEM_COUNT || (unsigned)state >= TRADE_STATE_COUNT) {
        return "?";
    }
    return trade_words[system][state];
}

result_t order_state_from_old_word(old_system_t system, str_t word, order_state_t *state)
{
    ASSERT(state != NULL);
    for (size_t i = 0; i < sizeof order_meanings / sizeof order_meanings[0]; i++) {
        if (order_meanings[i].system == system && str_eq_nocase(word, str_from(order_meanings[i].word))) {
            *state = order_meanings[i].state;
            return RESULT_OK;
        }
    }
    return RESULT_UNKNOWN_VALUE;
}

result_t trade_state_from_old_word(old_system_t system, str_t word, trade_state_t *state)
{
    ASSERT(state != NULL);
    for (size_t i = 0; i < sizeof trade_meanings / sizeof trade_meanings[0]; i++) {
        if (trade_meanings[i].system == system && str_eq_nocase(word, str_from(trade_meanings[i].word))) {
            *state = trade_meanings[i].state;
            return RESULT_OK;
        }
    }
    return RESULT_UNKNOWN_VALUE;
}
