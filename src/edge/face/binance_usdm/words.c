/* words.c: see words.h. Each table stands in the order of its enumeration. */
#include "edge/face/binance_usdm/words.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *const sides[] = {"BUY", "SELL"};
static const char *const position_sides[] = {"BOTH", "LONG", "SHORT"};
static const char *const types[] = {
    "LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET", "LIQUIDATION"};
static const char *const tifs[] = {"GTC", "IOC", "FOK", "GTX", "GTD"};
static const char *const workings[] = {"CONTRACT_PRICE", "MARK_PRICE"};
static const char *const stps[] = {"NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"};
static const char *const matches[] = {"NONE",  "OPPONENT", "OPPONENT_5", "OPPONENT_10", "OPPONENT_20",
                                      "QUEUE", "QUEUE_5",  "QUEUE_10",   "QUEUE_20"};
static const char *const statuses[] = {"NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED", "EXPIRED", "EXPIRED_IN_MATCH"};
static const char *const execs[] = {"NEW", "CANCELED", "CALCULATED", "EXPIRED", "TRADE", "AMENDMENT"};
static const char *const algo_statuses[] = {"NEW", "TRIGGERING", "TRIGGERED", "FINISHED", "CANCELED", "EXPIRED", "REJECTED"};
static const char *const reasons[] = {"ORDER",           "FUNDING_FEE",     "DEPOSIT",
                                      "WITHDRAW",        "MARGIN_TRANSFER", "MARGIN_TYPE_CHANGE",
                                      "INSURANCE_CLEAR", "ADJUSTMENT",      "AUTO_EXCHANGE"};
static const char *const incomes[] = {"TRANSFER", "REALIZED_PNL", "FUNDING_FEE", "COMMISSION", "INSURANCE_CLEAR", "AUTO_EXCHANGE"};
static const char *const instrument_statuses[] = {"PENDING_TRADING", "TRADING", "TRADING_HALT", "SETTLING", "TRADING_HALT"};

_Static_assert(COUNT_OF(types) == VENUE_LIQUIDATION + 1, "one word a type");
_Static_assert(COUNT_OF(matches) == VENUE_MATCH_QUEUE_20 + 1, "one word a match");
_Static_assert(COUNT_OF(statuses) == VENUE_STATUS_EXPIRED_IN_MATCH + 1, "one word a status");
_Static_assert(COUNT_OF(execs) == VENUE_EXEC_AMENDMENT + 1, "one word an execution");
_Static_assert(COUNT_OF(algo_statuses) == VENUE_ALGO_REJECTED + 1, "one word an algo status");
_Static_assert(COUNT_OF(reasons) == VENUE_REASON_AUTO_EXCHANGE + 1, "one word a reason");
_Static_assert(COUNT_OF(incomes) == VENUE_INCOME_AUTO_EXCHANGE + 1, "one word an income");
_Static_assert(COUNT_OF(instrument_statuses) == INSTRUMENT_UNKNOWN + 1, "one word an instrument status");

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

const char *word_side(venue_side_t side)
{
    return sides[side];
}
const char *word_position_side(venue_position_side_t side)
{
    return position_sides[side];
}
const char *word_tif(venue_tif_t tif)
{
    return tifs[tif];
}
const char *word_working(venue_working_t working)
{
    return workings[working];
}
const char *word_stp(venue_stp_t stp)
{
    return stps[stp];
}
const char *word_match(venue_match_t match)
{
    return matches[match];
}
const char *word_status(venue_status_t status)
{
    return statuses[status];
}
const char *word_exec(venue_exec_t exec)
{
    return execs[exec];
}
const char *word_algo_status(venue_algo_status_t status)
{
    return algo_statuses[status];
}
const char *word_reason(venue_reason_t reason)
{
    return reasons[reason];
}
const char *word_income(venue_income_kind_t kind)
{
    return incomes[kind];
}
const char *word_instrument_status(instrument_status_t status)
{
    return instrument_statuses[status];
}

const char *word_type(venue_type_t type)
{
    return type == VENUE_LIQUIDATION ? "LIMIT" : types[type]; /* a liquidation shows as an IOC limit order */
}

bool word_to_side(str_t word, venue_side_t *out)
{
    unsigned index;
    if (!find(word, sides, COUNT_OF(sides), &index))
        return false;
    *out = (venue_side_t)index;
    return true;
}

bool word_to_position_side(str_t word, venue_position_side_t *out)
{
    unsigned index;
    if (!find(word, position_sides, COUNT_OF(position_sides), &index))
        return false;
    *out = (venue_position_side_t)index;
    return true;
}

bool word_to_type(str_t word, venue_type_t *out)
{
    unsigned index;
    if (!find(word, types, VENUE_LIQUIDATION, &index))
        return false;
    *out = (venue_type_t)index;
    return true;
}

bool word_to_tif(str_t word, venue_tif_t *out)
{
    unsigned index;
    if (!find(word, tifs, COUNT_OF(tifs), &index))
        return false;
    *out = (venue_tif_t)index;
    return true;
}

bool word_to_working(str_t word, venue_working_t *out)
{
    unsigned index;
    if (!find(word, workings, COUNT_OF(workings), &index))
        return false;
    *out = (venue_working_t)index;
    return true;
}

bool word_to_stp(str_t word, venue_stp_t *out)
{
    unsigned index;
    if (!find(word, stps, COUNT_OF(stps), &index))
        return false;
    *out = (venue_stp_t)index;
    return true;
}

bool word_to_match(str_t word, venue_match_t *out)
{
    unsigned index;
    if (!find(word, matches, COUNT_OF(matches), &index))
        return false;
    *out = (venue_match_t)index;
    return true;
}

bool word_to_income(str_t word, venue_income_kind_t *out)
{
    unsigned index;
    if (!find(word, incomes, COUNT_OF(incomes), &index))
        return false;
    *out = (venue_income_kind_t)index;
    return true;
}
