/* words.c: tables of words. A word that is not in its table is never guessed at. */
#include "edge/exchange/binance/words.h"

#include "core/base/assert.h"

typedef struct {
    str_t word;
    int value;
} word_t;

static int word_find(const word_t *table, size_t count, str_t word, int otherwise)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(table[i].word, word)) {
            return table[i].value;
        }
    }
    return otherwise;
}
#define WORD_FIND(table, word, otherwise) word_find((table), sizeof(table) / sizeof((table)[0]), (word), (int)(otherwise))
#define WORD(text, value)                                                                                                          \
    {                                                                                                                              \
        {"" text "", sizeof(text) - 1}, (int)(value)                                                                               \
    }

instrument_status_t binance_contract_status(str_t word)
{
    static const word_t words[] = {
        WORD("TRADING", INSTRUMENT_TRADING),       WORD("PENDING_TRADING", INSTRUMENT_PENDING),
        WORD("PRE_DELIVERING", INSTRUMENT_HALTED), WORD("PRE_SETTLE", INSTRUMENT_HALTED),
        WORD("TRADING_HALT", INSTRUMENT_HALTED),   WORD("DELIVERING", INSTRUMENT_CLOSED),
        WORD("DELIVERED", INSTRUMENT_CLOSED),      WORD("SETTLING", INSTRUMENT_CLOSED),
        WORD("CLOSE", INSTRUMENT_CLOSED),
    };
    return (instrument_status_t)WORD_FIND(words, word, INSTRUMENT_UNKNOWN);
}

private_status_t binance_order_status(str_t word)
{
    static const word_t words[] = {
        WORD("NEW", PRIVATE_STATUS_NEW),
        WORD("PARTIALLY_FILLED", PRIVATE_STATUS_PARTIALLY_FILLED),
        WORD("FILLED", PRIVATE_STATUS_FILLED),
        WORD("CANCELED", PRIVATE_STATUS_CANCELLED),
        WORD("EXPIRED", PRIVATE_STATUS_EXPIRED),
        WORD("EXPIRED_IN_MATCH", PRIVATE_STATUS_EXPIRED),
        WORD("REJECTED", PRIVATE_STATUS_REJECTED),
        WORD("TRIGGERING", PRIVATE_STATUS_TRIGGERING),
        WORD("TRIGGERED", PRIVATE_STATUS_TRIGGERED),
        WORD("FINISHED", PRIVATE_STATUS_FINISHED),
        WORD("NEW_INSURANCE", PRIVATE_STATUS_NEW), /* liquidation taken over by the insurance fund, */
        WORD("NEW_ADL", PRIVATE_STATUS_NEW),       /* or against another account: alive until it trades */
    };
    return (private_status_t)WORD_FIND(words, word, PRIVATE_STATUS_UNKNOWN);
}

static const word_t type_words[] = {
    WORD("LIMIT", ORDER_LIMIT),
    WORD("MARKET", ORDER_MARKET),
    WORD("STOP_MARKET", ORDER_STOP_MARKET),
    WORD("STOP", ORDER_STOP_LIMIT),
    WORD("TAKE_PROFIT_MARKET", ORDER_TAKE_PROFIT_MARKET),
    WORD("TAKE_PROFIT", ORDER_TAKE_PROFIT_LIMIT),
};

order_type_t binance_order_type(str_t word)
{
    return (order_type_t)WORD_FIND(type_words, word, 0);
}

order_side_t binance_side(str_t word)
{
    static const word_t words[] = {WORD("BUY", ORDER_BUY), WORD("SELL", ORDER_SELL)};
    return (order_side_t)WORD_FIND(words, word, 0);
}

position_key_t binance_position_key(str_t word)
{
    static const word_t words[] = {WORD("BOTH", POSITION_BOTH), WORD("LONG", POSITION_LONG), WORD("SHORT", POSITION_SHORT)};
    return (position_key_t)WORD_FIND(words, word, 0);
}

reduce_t binance_reduce(bool close_position, bool reduce_only)
{
    return close_position ? CLOSE_POSITION : reduce_only ? REDUCE_ONLY : REDUCE_NO;
}

order_owner_t binance_owner(str_t client_id)
{
    if (str_starts_with(client_id, STR("autoclose-"))) {
        return OWNER_LIQUIDATION;
    }
    if (str_starts_with(client_id, STR("adl_autoclose"))) {
        return OWNER_ADL;
    }
    return str_starts_with(client_id, STR("settlement_autoclose-")) ? OWNER_SETTLEMENT : OWNER_CLIENT;
}

const char *binance_order_type_word(order_type_t type)
{
    for (size_t i = 0; i < sizeof type_words / sizeof type_words[0]; i++) {
        if (type_words[i].value == (int)type) {
            return type_words[i].word.bytes;
        }
    }
    ASSERT(false && "an order type that no order has");
    return "";
}

const char *binance_tif_word(time_in_force_t tif)
{
    switch (tif) {
    case TIF_GTC:
        return "GTC";
    case TIF_IOC:
        return "IOC";
    case TIF_FOK:
        return "FOK";
    case TIF_POST_ONLY:
        return "GTX";
    }
    ASSERT(false && "a time in force that no order has");
    return "";
}
