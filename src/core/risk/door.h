/* door.h: the one door every order that could add risk passes, whatever its source (RSK-8).
 *
 * The door is an ordered table of checks; the first that objects gives the verdict its named reason and the two figures it
 * compared. A check that cannot be made (a fact is not known) refuses. The caller gathers facts; nothing here looks anything up.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/market/instrument.h"
#include "core/risk/limits.h"
#include "core/risk/size.h"
#include "core/signal/signal.h"

/* X(name, sentence, what the first figure is, what the second is). Order of the enumeration is order of first appearance only. */
#define DOOR_TABLE(X)                                                                                                              \
    X(ACCEPTED, "accepted", "quantity", "risk amount")                                                                             \
    X(KILL_LEVEL, "entries are stopped by the kill level", "level", "highest that allows entries")                                 \
    X(PAUSED, "entries are paused by the operator", "", "")                                                                        \
    X(NOT_RECONCILED, "the books have not been compared with the exchange yet", "", "")                                            \
    X(CONFIGURATION, "no valid risk configuration is in force", "", "")                                                            \
    X(CAPABILITY, "the exchange did not accept a test stop", "", "")                                                               \
    X(SIGNAL_INVALID, "the signal contradicts itself", "", "")                                                                     \
    X(SIGNAL_DUPLICATE, "this signal was already decided", "", "")                                                                 \
    X(SIGNAL_EXPIRED, "the signal is too old", "age seconds", "allowed seconds")                                                   \
    X(SYMBOL_FROZEN, "the symbol is frozen until a difference is explained", "", "")                                               \
    X(SYMBOL_NOT_TRADING, "the exchange does not trade this symbol now", "", "")                                                   \
    X(RULES_UNKNOWN, "the trading rules of the symbol are not known or too old", "age seconds", "allowed seconds")                 \
    X(STALE_PRICE, "no price that is fresh enough", "age seconds", "allowed seconds")                                              \
    X(SPREAD, "bid and ask are too far apart", "spread %", "allowed %")                                                            \
    X(ACCOUNT_UNKNOWN, "balances are not known or too old", "age seconds", "allowed seconds")                                      \
    X(POSITION_MODE, "the account is in another position mode", "", "")                                                            \
    X(UNKNOWN_ORDERS, "too many orders with an unknown fate", "unknown orders", "allowed")                                         \
    X(ORDER_RATE, "too many orders in the window", "orders", "allowed")                                                            \
    X(NO_ROOM, "no room for another trade or its protection", "in use", "room")                                                    \
    X(POSITION_OPPOSITE, "the symbol is exposed the other way", "exposure", "")                                                    \
    X(POSITION_OPEN, "the symbol already has a position or entry", "entries and positions", "allowed")                             \
    X(MAX_CONCURRENT, "MAX_CONCURRENT_ORDERS of the symbol is reached", "entries and positions", "limit")                          \
    X(TOTAL_LIMIT, "the profile's limit of positions is reached", "entries and positions", "limit")                                \
    X(COUNT_UNKNOWN, "open positions and entries could not be counted", "", "")                                                    \
    X(PRICE_QUALITY, "not a better price than the entries that exist", "new entry", "best existing entry")                         \
    X(LEVELS, "stop and target cannot be made", "", "")                                                                            \
    X(ENTRY_PASSED, "the market has passed the entry", "entry", "market")                                                          \
    X(STOP_PASSED, "the market has passed the stop", "market", "stop")                                                             \
    X(PRICE_COLLAR, "the entry is too far from the mark price", "distance %", "allowed %")                                         \
    X(PRICE_BAND, "the entry is outside the exchange's price band", "entry", "band edge")                                          \
    X(RISK_REWARD, "reward to risk is too small", "reward/risk", "least")                                                          \
    X(QUANTITY_BELOW_MINIMUM, "the size is below the exchange's minimum", "risk % that would be needed", "risk % configured")      \
    X(LEVERAGE, "the leverage in force cannot carry this position", "leverage in force", "leverage allowed")                       \
    X(MARGIN, "not enough margin", "margin needed", "margin free to use")                                                          \
    X(NOTIONAL_CAP, "above the notional cap of the symbol", "notional", "cap")                                                     \
    X(NOTIONAL_TOTAL, "above the notional cap of the profile", "notional", "cap")                                                  \
    X(DIVERSIFICATION, "too much of the book in one asset", "share %", "allowed %")                                                \
    X(STOP_BEYOND_LIQUIDATION, "the stop is not well before the liquidation price", "stop", "farthest stop allowed")               \
    X(ARITHMETIC, "a number left its range", "", "")                                                                               \
    X(COOLDOWN, "the symbol rests after a losing stop", "seconds since", "seconds of rest")                                        \
    X(POOR_RECORD, "too few of the symbol's recent trades were won", "win rate %", "seconds of rest left")                         \
    X(NO_EDGE, "Kelly's rule finds no edge in the recent results", "Kelly's fraction", "closed trades looked at")                  \
    X(NO_ATR, "sizing by ATR, and the signal brings none", "", "")                                                                 \
    X(MARKET_STATE, "the market's state speaks against this side", "market score", "score at which this side ends")                \
    X(REGIME, "the strategy is off in this market regime", "row of signal.regimes", "")                                            \
    X(NOT_OPEN, "the trade that is to be left is not open", "number of its signal", "")

typedef enum {
#define DOOR_ENUM(name, text, first, second) DOOR_##name,
    DOOR_TABLE(DOOR_ENUM)
#undef DOOR_ENUM
        DOOR_COUNT
} door_reason_t;

/* "PRICE_QUALITY", the sentence, and what the two figures mean. Never NULL. */
const char *door_reason_name(door_reason_t reason);
const char *door_reason_text(door_reason_t reason);
const char *door_figure_name(door_reason_t reason, unsigned which); /* which: 0 or 1 */

/* Everything the door wants to know. `*_known` false makes the checks that rest on it refuse. Money in the settlement asset. */
typedef struct {
    const risk_config_t *config;    /* NULL: none in force */
    const instrument_t *instrument; /* NULL: rules unknown */
    const signal_t *signal;
    int64_t now_ns;   /* venue time */
    int64_t rules_ns; /* when the rules were read */

    uint8_t kill_level; /* 0 none .. 4 flatten */
    bool paused;
    bool reconciled;
    bool capability_lost; /* the canary stop was refused */
    bool signal_seen;     /* this id was decided before */
    bool symbol_frozen;
    int64_t losing_stop_ns; /* when a losing stop last ended a trade of ours on the symbol; 0: never */
    int64_t poor_until_ns;  /* the symbol rests for its poor record until then; 0: it does not */
    dec_t poor_rate_pct;    /* the win rate that is why */

    bool price_known;
    int64_t price_ns; /* venue time of the older of quote and mark */
    dec_t bid, ask, mark;

    bool account_known;
    int64_t account_ns;
    dec_t wallet, equity, available;
    position_mode_t mode; /* 0: not known */

    uint32_t leverage_in_force; /* 0: not known yet, it will be set */
    bool exposed;               /* a position or order of anyone on the symbol: leverage cannot be changed */

    bool counts_known;
    uint32_t count_symbol; /* positions + pending entries of the symbol, UNKNOWN ones included */
    uint32_t count_total;
    uint32_t unknown_orders;
    uint32_t orders_in_window;
    uint32_t trades_free, orders_free;
    dec_t opposite;                                        /* quantity exposed the other way, ours or foreign */
    dec_t best_existing;                                   /* LONG: lowest, SHORT: highest existing entry; 0: none */
    dec_t notional_symbol, notional_total, notional_asset; /* positions + pending entries, worst case */
    dec_t margin_used;                                     /* initial margin of the same */
    dec_t atr;                                             /* LEVELS_ATR, SIZING_ATR: from the signal's inputs; 0: none */
    dec_t drawdown;                                        /* of the equity below its peak, as a fraction of the peak */
    size_results_t results;                                /* SIZING_KELLY: recent closed trades of the profile */
} door_facts_t;

/* What may be done, when reason is ACCEPTED; the figures always. */
typedef struct {
    door_reason_t reason;
    dec_t figure[2];
    dec_t entry, stop, target; /* on the tick */
    dec_t quantity;            /* on the step */
    dec_t risk_amount;         /* lost when the stop is hit as planned */
    dec_t liquidation;         /* estimate; 0: none (cannot be liquidated) */
    uint32_t leverage;         /* to be in force before the entry leaves */
} door_verdict_t;

/* Runs the checks in order. Never fails: what cannot be computed is refused with DOOR_ARITHMETIC. */
void door_pass(const door_facts_t *facts, door_verdict_t *verdict);
