/* limits.h: every risk value in one struct, all of them written out. There are no defaults in here: whoever fills it (edge/config)
 * got each value from the user or from a named profile, and a value that is missing or senseless refuses the whole struct (I16,
 * OPS-12).
 *
 * Percentages are percentages (2 means 2 %), money is in the settlement asset, times are nanoseconds of venue time.
 */
#pragma once

#include <stdint.h>

#include "core/base/dec.h"
#include "core/base/hash.h"
#include "core/base/result.h"
#include "core/risk/sizing_methods.h"

enum {
    RISK_LADDER_ROWS_MAX = 4,
    RISK_RESULTS_MAX = 256,  /* closed trades that are remembered: what Kelly can look back upon */
    SYMBOL_RESULTS_MAX = 64, /* of one symbol */
};

/* How the size of a trade is found. Whichever it is, the loss at the stop is never planned above risk_pct of the basis. */
typedef enum {
    SIZING_RISK_PERCENT = 1, /* risk_pct of the basis is lost at the stop */
    SIZING_FIXED_FRACTION,   /* fraction_pct of the basis is what the position is worth */
    SIZING_BY_TIER,          /* the signal's confidence picks cost and leverage */
    SIZING_KELLY,            /* the recent results pick the risk, at most risk_pct */
    SIZING_ATR,              /* as risk percent, over no less than a multiple of the ATR */
} sizing_method_t;

typedef enum { RISK_BASIS_WALLET = 1, RISK_BASIS_EQUITY, RISK_BASIS_AVAILABLE } risk_basis_t;

typedef enum { MARGIN_ISOLATED = 1, MARGIN_CROSSED } margin_type_t;

typedef enum { POSITION_MODE_ONE_WAY = 1, POSITION_MODE_HEDGE } position_mode_t;

typedef enum { MULTIPLE_ORDERS_REFUSE = 1, MULTIPLE_ORDERS_ALLOW } multiple_orders_t;

/* What a new signal does to an entry of the same symbol and side that still waits unfilled. */
typedef enum { PENDING_ENTRY_KEEP = 1, PENDING_ENTRY_REPLACE } pending_entry_t;

/* Where stop and target come from. STRUCTURE means: the strategy has put them at structure already, as SIGNAL. */
typedef enum { LEVELS_SIGNAL = 1, LEVELS_PERCENT, LEVELS_ATR } levels_source_t;

/* What the entry order is. Stop entries trigger at the signal price; the others rest or take at it. */
typedef enum {
    ENTRY_LIMIT = 1, /* good till cancelled */
    ENTRY_MARKET,
    ENTRY_STOP, /* stop market in the direction of the trade */
    ENTRY_STOP_LIMIT,
    ENTRY_POST_ONLY,
    ENTRY_IOC,
    ENTRY_FOK,
} entry_type_t;

/* A limit entry that the market has already passed (a LONG above the ask, a SHORT below the bid). */
typedef enum {
    MARKETABLE_CLAMP = 1, /* never worse than the market: LONG at most the ask, SHORT at least the bid */
    MARKETABLE_AS_SIGNALLED,
    MARKETABLE_REFUSE,
} marketable_t;

/* Which price triggers stops and targets at the venue. */
typedef enum { TRIGGER_BY_CONTRACT = 1, TRIGGER_BY_MARK } trigger_by_t;

/* At trigger_pct of the way from the real average entry to the original target: close close_pct of the position, move the stop to
 * entry + stop_pct of the way. 80/80/50. */
typedef struct {
    dec_t trigger_pct; /* (0, 100] */
    dec_t close_pct;   /* (0, 100] of the position at that moment */
    dec_t stop_pct;    /* [0, trigger_pct) */
} ladder_row_t;

typedef struct {
    /* size */
    dec_t risk_pct; /* (0, 100] of the basis lost when the stop is hit */
    risk_basis_t risk_basis;
    dec_t fee_pct;      /* expected fee of one side, of notional; 0 leaves it out of the risk per unit */
    dec_t slippage_pct; /* expected slippage of the stop, of price; 0 leaves it out */
    sizing_method_t sizing;
    dec_t fraction_pct;                /* SIZING_FIXED_FRACTION: (0, 100] of the basis */
    sizing_tier_t tiers[SIZING_TIERS]; /* SIZING_BY_TIER: descending confidence_min, the last 0; costs in the settlement asset */
    dec_t cost_max;                    /* SIZING_BY_TIER: caps each tier's cost; 0: none */
    dec_t kelly_first_pct;             /* SIZING_KELLY: the risk before kelly_trades_min results are known, at most risk_pct */
    uint32_t kelly_trades_min;
    int64_t kelly_window_ns;  /* older results do not count */
    dec_t size_atr_multiple;  /* SIZING_ATR */
    dec_t drawdown_limit_pct; /* below the peak by more than this, every size shrinks; 0: never */

    /* account form */
    uint32_t leverage; /* 1..125, lowered by the bracket of the notional */
    margin_type_t margin_type;
    position_mode_t position_mode;

    /* counts */
    uint32_t concurrent_symbol_max; /* MAX_CONCURRENT_ORDERS: positions + pending entries of a symbol */
    uint32_t concurrent_total_max;  /* the same over all symbols of the profile */
    multiple_orders_t multiple_orders;
    pending_entry_t pending_entry;
    uint32_t unknown_orders_max;    /* orders in state UNKNOWN at once, above: no entry */
    uint32_t orders_per_window_max; /* orders sent by us in one window */
    int64_t orders_window_ns;

    /* levels */
    levels_source_t levels;
    dec_t stop_pct, target_pct;           /* LEVELS_PERCENT: distance from entry */
    dec_t atr_stop_multiple;              /* LEVELS_ATR: stop = entry -+ multiple * ATR, */
    dec_t atr_target_multiple;            /* target = entry +- multiple * stop distance */
    dec_t stop_pct_min, stop_pct_max;     /* clamps of the ATR stop distance */
    dec_t target_pct_min, target_pct_max; /* clamps of the ATR target distance */
    dec_t reward_risk_min;                /* (target - entry) / (entry - stop) */
    dec_t liquidation_buffer_pct;         /* the stop uses at most 100 - this of the way to the liquidation price */

    /* caps */
    dec_t margin_use_max_pct;  /* initial margin of all positions and entries, of wallet */
    dec_t notional_symbol_max; /* resulting notional of one symbol */
    dec_t notional_total_max;  /* of the whole profile */
    dec_t asset_share_max_pct; /* share of one base asset in the resulting book, */
    dec_t asset_share_from;    /* from a book of this notional on */
    dec_t price_collar_pct;    /* entry price away from the mark at most */
    dec_t spread_max_pct;      /* best bid to best ask at most */

    /* freshness */
    int64_t price_age_max_ns;
    int64_t account_age_max_ns;
    int64_t rules_age_max_ns;  /* instrument filters */
    int64_t signal_age_max_ns; /* since made_ns; expires_ns holds as well */

    /* entry */
    entry_type_t entry_type;
    marketable_t marketable;
    int64_t entry_ttl_ns;     /* 0: the next close of the source timeframe, UTC */
    int64_t stop_cooldown_ns; /* after a losing stop the symbol gets no entry for this long (RSK-7); 0: it does not rest */
    uint32_t poor_trades_min; /* a symbol with so many trades closed within poor_window_ns, */
    dec_t poor_win_rate_pct;  /* of which fewer than this were won, gets no entry (RSK-7, R100); poor_trades_min 0: no such rest */
    int64_t poor_window_ns;

    /* protection */
    trigger_by_t trigger_by;
    uint32_t ladder_rows;                      /* 0: no ladder */
    ladder_row_t ladder[RISK_LADDER_ROWS_MAX]; /* ascending triggers */
    uint32_t protect_tries_max;                /* refused stops in a row before the exit */
    int64_t exit_uncovered_ns;                 /* a position without cover for this long leaves at market */
    int64_t unknown_protect_ns;                /* a stop UNKNOWN for this long gets a second one beside it */
    int64_t triggering_max_ns;                 /* a stop stuck in TRIGGERING longer than this covers nothing */

    /* inquiry after UNKNOWN */
    int64_t inquiry_first_ns, inquiry_max_ns; /* back-off from .. to, doubling */
    int64_t forget_ns;                        /* "not found" everywhere for this long is evidence */

    /* audit */
    int64_t snapshot_interval_ns; /* a full comparison with the venue this often */
} risk_config_t;

/* RESULT_OK, or RESULT_BAD_ARGUMENT with *field naming the first value that is missing or senseless (the member's name). `field`
 * may be NULL. */
result_t risk_config_check(const risk_config_t *config, const char **field);

/* SHA-256 over a canonical encoding of every value: what the journal keeps as "configuration in force". */
void risk_config_digest(const risk_config_t *config, uint8_t digest[32]);
