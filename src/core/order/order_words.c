/* order_words.c: the names of the values of order.h, and the old systems' words for our states (ORD-15). */
#include "core/order/order.h"

static const char *const state_names[ORDER_STATE_COUNT] = {
#define STATE_NAME(name) [ORDER_##name] = #name,
    ORDER_STATE_TABLE(STATE_NAME)
#undef STATE_NAME
};
static const char *const event_names[ORDER_EVENT_COUNT] = {
#define EVENT_NAME(name) [ORDER_EVENT_##name] = #name,
    ORDER_EVENT_TABLE(EVENT_NAME)
#undef EVENT_NAME
};
static const char *const trade_names[TRADE_STATE_COUNT] = {
#define TRADE_NAME(name) [TRADE_##name] = #name,
    TRADE_STATE_TABLE(TRADE_NAME)
#undef TRADE_NAME
};
static const char *const trade_event_names[TRADE_EVENT_COUNT] = {
#define TRADE_EVENT_NAME(name) [TRADE_EVENT_##name] = #name,
    TRADE_EVENT_TABLE(TRADE_EVENT_NAME)
#undef TRADE_EVENT_NAME
};

static const char *pick(const char *const *names, unsigned count, unsigned index)
{
    return index < count && names[index] != NULL ? names[index] : "?";
}

const char *order_state_name(order_state_t state)
{
    return pick(state_names, ORDER_STATE_COUNT, (unsigned)state);
}
const char *order_event_name(order_event_t event)
{
    return pick(event_names, ORDER_EVENT_COUNT, (unsigned)event);
}
const char *trade_state_name(trade_state_t state)
{
    return pick(trade_names, TRADE_STATE_COUNT, (unsigned)state);
}
const char *trade_event_name(trade_event_t event)
{
    return pick(trade_event_names, TRADE_EVENT_COUNT, (unsigned)event);
}

const char *order_side_text(order_side_t side)
{
    static const char *const names[] = {[ORDER_BUY] = "BUY", [ORDER_SELL] = "SELL"};
    return pick(names, 3, (unsigned)side);
}

const char *order_type_text(order_type_t type)
{
    static const char *const names[] = {[ORDER_LIMIT] = "LIMIT",
                                        [ORDER_MARKET] = "MARKET",
                                        [ORDER_STOP_MARKET] = "STOP_MARKET",
                                        [ORDER_STOP_LIMIT] = "STOP_LIMIT",
                                        [ORDER_TAKE_PROFIT_MARKET] = "TAKE_PROFIT_MARKET",
                                        [ORDER_TAKE_PROFIT_LIMIT] = "TAKE_PROFIT_LIMIT"};
    return pick(names, 7, (unsigned)type);
}

const char *time_in_force_text(time_in_force_t tif)
{
    static const char *const names[] = {[TIF_GTC] = "GTC", [TIF_IOC] = "IOC", [TIF_FOK] = "FOK", [TIF_POST_ONLY] = "POST_ONLY"};
    return pick(names, 5, (unsigned)tif);
}

const char *position_key_text(position_key_t position)
{
    static const char *const names[] = {[POSITION_BOTH] = "BOTH", [POSITION_LONG] = "LONG", [POSITION_SHORT] = "SHORT"};
    return pick(names, 4, (unsigned)position);
}

const char *position_side_text(position_side_t side)
{
    static const char *const names[] = {[SIDE_LONG] = "LONG", [SIDE_SHORT] = "SHORT"};
    return pick(names, 3, (unsigned)side);
}

const char *reduce_text(reduce_t reduce)
{
    static const char *const names[] = {[REDUCE_NO] = "no", [REDUCE_ONLY] = "reduce_only", [CLOSE_POSITION] = "close_position"};
    return pick(names, 4, (unsigned)reduce);
}

const char *leg_text(leg_t leg)
{
    switch (leg) {
    case LEG_ENTRY:
        return "entry";
    case LEG_STOP:
        return "stop";
    case LEG_TARGET:
        return "target";
    case LEG_LADDER:
        return "ladder";
    case LEG_CLOSE:
        return "close";
    case LEG_CANARY:
        return "canary";
    }
    return "?";
}
