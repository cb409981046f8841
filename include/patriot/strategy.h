/* patriot/strategy.h: the public interface of C plug-in strategies, version 1.0.
 *
 * A plug-in is a shared object, NAME.so, in the plug-ins folder (signal.plugins_folder in patriot.yaml). It exports two constants:
 *
 *     PATRIOT_STRATEGY_ABI;                           what it was compiled against
 *     const patriot_strategy_t patriot_strategy = {...};   the strategy
 *
 * and is named in patriot.yaml as `strategies: [NAME.so]`. examples/plugin is a whole one. This header is all that it needs: it is
 * C11 (and C++11), includes nothing but the standard's integers, and no function of PATRIOT is called from a plug-in.
 *
 * Version. PATRIOT takes plug-ins of its own major version and of its own or a lower minor version. A minor version adds at the end
 * of structures and changes no meaning; a major version may change anything.
 *
 * What a strategy does. It sees the closed bars of one symbol on one timeframe, oldest first, and may say with a bar: LONG or
 * SHORT, how sure it is, and where stop and target belong. PATRIOT makes exact prices on the exchange's tick of it, lets timeframes
 * converge, sizes, and decides about orders; a plug-in never sees an account.
 *   - A bar is never open, missing or out of order. After a gap init is called again: indicators never see an invented past.
 *   - A bar without a trade comes too, and what is said with it is not acted on; nor what is said before warm_up bars were seen.
 *   - Nothing is known of bars that are yet to come, and no two symbols or timeframes know of each other.
 *
 * State. All that lasts from bar to bar is the state: state_size bytes that PATRIOT keeps, one block for each symbol and timeframe.
 * They are zero before init, aligned to 16 bytes, and their address changes from call to call: write no pointer into them. Keep
 * nothing anywhere else: the process that runs the plug-in serves all symbols, may end at any time, and is then started again with
 * the states as they were. Memory that a call allocates is freed before it returns.
 *
 * Where it runs. In a process of its own, one for each plug-in, without rights: no files, no network, no threads, no other
 * processes (the calls fail with EPERM), 512 MiB of address space; and what it prints goes nowhere. A call that crashes, ends the
 * process, answers nonsense or takes longer than signal.plugin_deadline (100 ms of processor time) loses its own run: this symbol
 * and timeframe get no signals of this strategy until `patriot config reload`. After eight that took too long the whole plug-in
 * rests.
 *
 * The same bars give the same answers: a clock, chance, or state kept elsewhere would break what PATRIOT promises of replays.
 */
#ifndef PATRIOT_STRATEGY_H
#define PATRIOT_STRATEGY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PATRIOT_STRATEGY_ABI_MAJOR 1
#define PATRIOT_STRATEGY_ABI_MINOR 0

#define PATRIOT_EXPORT __attribute__((visibility("default")))

/* Bounds. Texts are UTF-8 and end with a NUL that is counted here; lengths are bytes. */
enum {
    PATRIOT_NAME_MAX = 20,     /* strategy */
    PATRIOT_TITLE_MAX = 96,    /* one line */
    PATRIOT_RULE_MAX = 1024,   /* the rule in words, with the formula of the confidence */
    PATRIOT_AUTHOR_MAX = 64,   /* one line */
    PATRIOT_VERSION_MAX = 32,  /* one line */
    PATRIOT_WORD_MAX = 32,     /* an option or an input */
    PATRIOT_MEANING_MAX = 128, /* one line */
    PATRIOT_OPTIONS_MAX = 58,  /* of its own; six for stop and target follow */
    PATRIOT_INPUTS_MAX = 5,
    PATRIOT_STATE_MAX = 256 * 1024,
    PATRIOT_WARM_UP_MAX = 100000
};

/* One closed bar. Prices in the quote currency, volume in the base currency; all finite. */
typedef struct {
    double open, high, low, close; /* > 0; low <= open, close <= high */
    double volume;                 /* >= 0 */
    int64_t open_ns;               /* begin of the bar, nanoseconds since 1970 UTC */
} patriot_bar_t;

enum { PATRIOT_NONE = 0, PATRIOT_LONG = 1, PATRIOT_SHORT = 2 };

/* What is said with a bar. It comes in all zero, which means: nothing is to be done. */
typedef struct {
    int32_t direction;   /* PATRIOT_NONE, PATRIOT_LONG, PATRIOT_SHORT */
    int32_t reserved;    /* 0 */
    double confidence;   /* 0 .. 1 */
    double atr;          /* > 0: the distance that stop_atr multiplies; 0: PATRIOT's own ATR of option "atr" bars (Wilder) */
    double stop_price;   /* > 0: the stop stands there; 0: where the options say. LONG: below the close; SHORT: above */
    double target_price; /* > 0: the target stands there; 0: where the options say. LONG: above the close; SHORT: below */
    double inputs[PATRIOT_INPUTS_MAX]; /* the figures it rests on, as named in patriot_strategy_t.inputs; for `patriot why` */
} patriot_view_t;

enum { PATRIOT_WHOLE = 0, PATRIOT_REAL = 1 };

/* One option. Users set it in the parameter file, per exchange, symbol and timeframe; it arrives checked against the range. */
typedef struct {
    const char *name;        /* letters, digits and _; none of: atr stop_atr reward stop_percent target_percent reward_risk_min */
    const char *meaning;     /* in words, with the unit: "fast average, bars" */
    int32_t kind;            /* PATRIOT_WHOLE: a whole number; PATRIOT_REAL */
    int32_t reserved;        /* 0 */
    double preset;           /* when nobody says one */
    double minimum, maximum; /* minimum <= preset <= maximum; finite */
} patriot_option_t;

/* Behind its own option_count options each options array holds the six of stop and target that every strategy has: the period of
 * the ATR in bars, stop_atr, reward, stop_percent, target_percent, reward_risk_min: options[option_count + PATRIOT_LEVEL_ATR] ...
 */
enum {
    PATRIOT_LEVEL_ATR,
    PATRIOT_LEVEL_STOP_ATR,
    PATRIOT_LEVEL_REWARD,
    PATRIOT_LEVEL_STOP_PERCENT,
    PATRIOT_LEVEL_TARGET_PERCENT,
    PATRIOT_LEVEL_REWARD_RISK_MIN,
    PATRIOT_LEVEL_COUNT
};

/* The strategy. Everything it points to lives as long as the plug-in is loaded. */
typedef struct {
    const char *name; /* the file's name without .so: letters, digits, _ + -, first a letter */
    const char *title, *rule, *author, *version;
    const patriot_option_t *options; /* option_count of them; NULL when 0 */
    const char *const *inputs;       /* input_count names: letters, digits, _ and . ("macd.histogram"); NULL when 0 */
    uint32_t option_count, input_count;
    uint32_t
        state_size;    /* bytes that are enough for all option values; 1 .. PATRIOT_STATE_MAX. Copied for each bar: keep it small */
    uint32_t reserved; /* 0 */

    /* Options that are in their ranges one by one but contradict one another: the index of the one to blame; else -1. May be NULL.
     */
    int32_t (*check)(const double *options);

    /* Bars that must have been seen before the first decision; 1 .. PATRIOT_WARM_UP_MAX. */
    uint32_t (*warm_up)(const double *options);

    /* A new beginning: before the first bar, and after a gap. The state is zero. */
    void (*init)(void *state, const double *options);

    /* One closed bar. options are those of init. */
    void (*next)(void *state, const double *options, const patriot_bar_t *bar, patriot_view_t *view);
} patriot_strategy_t;

/* What a plug-in was compiled against. Its layout is the same in all versions. */
typedef struct {
    uint32_t major, minor;
    uint32_t strategy_size, option_size, bar_size, view_size; /* bytes of the structures above */
} patriot_strategy_abi_t;

PATRIOT_EXPORT extern const patriot_strategy_abi_t patriot_strategy_abi;
PATRIOT_EXPORT extern const patriot_strategy_t patriot_strategy;

/* Written once in a plug-in, followed by a semicolon. */
#define PATRIOT_STRATEGY_ABI                                                                                                       \
    const patriot_strategy_abi_t patriot_strategy_abi = {PATRIOT_STRATEGY_ABI_MAJOR,           PATRIOT_STRATEGY_ABI_MINOR,         \
                                                         (uint32_t)sizeof(patriot_strategy_t), (uint32_t)sizeof(patriot_option_t), \
                                                         (uint32_t)sizeof(patriot_bar_t),      (uint32_t)sizeof(patriot_view_t)}

#ifdef __cplusplus
}
#endif

#endif
