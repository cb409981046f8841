/* spot_words.c: see spot_words.h. Each table stands in the order of its enumeration. */
#include "edge/face/binance_spot/spot_words.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *const sides[] = {"BUY", "SELL"};
static const char *const types[] = {"LIMIT",      "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT",
                                    "LIMIT_MAKER"};
static const char *const pegs[] = {"", "PRIMARY_PEG", "MARKET_PEG"};
static const char *const tifs[] = {"GTC", "IOC", "FOK"};
static const char *const stps[] = {"NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT", "TRANSFER"};
static const char *const statuses[] = {"NEW",      "PENDING_NEW", "PARTIALLY_FILLED", "FILLED",
                                       "CANCELED", "EXPIRED",     "EXPIRED_IN_MATCH"};
static const char *const execs[] = {"NEW", "CANCELED", "REPLACED", "TRADE", "EXPIRED", "TRADE_PREVENTION"};
static const char *const reasons[] = {"NONE",
                                      "REJECTED",
                                      "EXCHANGE_CANCELED",
                                      "OCO_TRIGGER",
                                      "OTO_PHASE_ONE_EXPIRED",
                                      "UNFILLED_IOC_QUANTITY_EXPIRED",
                                      "UNFILLED_FOK_ORDER_EXPIRED",
                                      "INSUFFICIENT_LIQUIDITY"};
static const char *const restrictions[] = {"", "ONLY_NEW", "ONLY_PARTIALLY_FILLED"};
static const char *const symbol_statuses[] = {"BREAK", "TRADING", "HALT", "BREAK", "HALT"};

_Static_assert(COUNT_OF(types) == SPOT_LIMIT_MAKER + 1, "one word a type");
_Static_assert(COUNT_OF(stps) == SPOT_STP_TRANSFER + 1, "one word a mode");
_Static_assert(COUNT_OF(statuses) == SPOT_EXPIRED_IN_MATCH + 1, "one word a status");
_Static_assert(COUNT_OF(execs) == SPOT_EXEC_TRADE_PREVENTION + 1, "one word an execution");
_Static_assert(COUNT_OF(reasons) == SPOT_REASON_INSUFFICIENT_LIQUIDITY + 1, "one word a reason");
_Static_assert(COUNT_OF(symbol_statuses) == INSTRUMENT_UNKNOWN + 1, "one word a symbol status");

static bool find(str_t word, const char *const *table, size_t count, unsigned *index)
{
    for (unsigned i = 0; i < count; i++) {
        if (str_eq(word, str_from(table[i]))) {
            *index = i;
            return true;
        }
    }
    return false;
}

const char *spot_word_side(uint32_t side)
{
    return sides[side];
}
const char *spot_word_type(spot_type_t type)
{
    return types[type];
}
const char *spot_word_peg(spot_peg_t peg)
{
    return pegs[peg];
}

const char *spot_word_tif(spot_tif_t tif)
{
    return tifs[tif];
}
const char *spot_word_stp(spot_stp_t stp)
{
    return stps[stp];
}
const char *spot_word_status(spot_status_t status)
{
    return statuses[status];
}
const char *spot_word_exec(spot_exec_t exec)
{
    return execs[exec];
}
const char *spot_word_reason(spot_reason_t reason)
{
    return reasons[reason];
}
const char *spot_word_list(spot_list_kind_t kind)
{
    return kind == SPOT_LIST_OCO ? "OCO" : "OTO"; /* an OTOCO is an OTO with a pair */
}
const char *spot_word_symbol_status(instrument_status_t status)
{
    return symbol_statuses[status];
}

bool spot_word_to_side(str_t word, uint32_t *out)
{
    unsigned index;
    if (!find(word, sides, COUNT_OF(sides), &index))
        return false;
    *out = index;
    return true;
}

bool spot_word_to_type(str_t word, spot_type_t *out)
{
    unsigned index;
    if (!find(word, types, COUNT_OF(types), &index))
        return false;
    *out = (spot_type_t)index;
    return true;
}

bool spot_word_to_peg(str_t word, spot_peg_t *out)
{
    unsigned index;
    if (word.length == 0 || !find(word, pegs, COUNT_OF(pegs), &index))
        return false;
    *out = (spot_peg_t)index;
    return true;
}

bool spot_word_to_tif(str_t word, spot_tif_t *out)
{
    unsigned index;
    if (!find(word, tifs, COUNT_OF(tifs), &index))
        return false;
    *out = (spot_tif_t)index;
    return true;
}

bool spot_word_to_stp(str_t word, spot_stp_t *out)
{
    unsigned index;
    if (!find(word, stps, COUNT_OF(stps), &index))
        return false;
    *out = (spot_stp_t)index;
    return true;
}

bool spot_word_to_restriction(str_t word, spot_restriction_t *out)
{
    unsigned index;
    if (!find(word, restrictions, COUNT_OF(restrictions), &index))
        return false;
    *out = (spot_restriction_t)index;
    return true;
}
