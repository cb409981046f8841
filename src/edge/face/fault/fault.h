/* fault.h: faults on demand: the table of knobs, and what one fault to come looks like.
 *
 * A knob is a way in which exchanges misbehave (docs/faults.md); a fault is a knob with its parameters and its when: from a time of
 * the venue, for how long, on which requests or frames, on every how manieth of them, with which chance, how often. Everything here
 * is decided without sockets and clocks: fault_engine.h decides, fault_wire.h and fault_frames.h do it to bytes, fault_acts.h to
 * the venue.
 *
 * As text: "ack.code status=503 when=before on=order count=3". Times: 250ms, 90s, 5m, 2h, 1d.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/base/result.h"
#include "core/base/str.h"

enum { FAULT_PARAMETERS_MAX = 4, FAULT_WORD_MAX = 40, FAULT_LABEL_MAX = 40, FAULT_ERROR_MAX = 320, FAULT_COUNT_MAX = 1000000 };

typedef enum { FAULT_REQUEST, FAULT_STREAM, FAULT_MARKET, FAULT_VENUE, FAULT_GROUP_COUNT } fault_group_t;

typedef enum {
    FAULT_AT_REQUEST, /* decided when a request matches */
    FAULT_AT_FRAME,   /* decided when a frame is about to leave */
    FAULT_ACT,        /* done once when its time or its request comes; some are undone when their time is over */
    FAULT_STATE,      /* holds while it lasts: others ask for it */
} fault_way_t;

typedef enum {
    FAULT_ON_ANY,
    FAULT_ON_TRADE, /* order or cancel */
    FAULT_ON_ORDER,
    FAULT_ON_CANCEL,
    FAULT_ON_QUERY,   /* of orders and trades */
    FAULT_ON_ACCOUNT, /* balances, positions */
    FAULT_ON_MARKET,
    FAULT_ON_KEY,  /* listen keys */
    FAULT_ON_USER, /* frames: the user's own events */
    FAULT_ON_COUNT,
} fault_on_t;

/* X(ENUM, "name"); the rows, with parameters and help, stand in fault_knobs.c in this order. */
#define FAULT_KNOB_TABLE(X)                                                                                                        \
    X(REQ_CUT, "req.cut")                                                                                                          \
    X(REP_CUT, "rep.cut")                                                                                                          \
    X(REP_STALL, "rep.stall")                                                                                                      \
    X(REP_SPOIL, "rep.spoil")                                                                                                      \
    X(ACK_DROP, "ack.drop")                                                                                                        \
    X(ACK_DELAY, "ack.delay")                                                                                                      \
    X(ACK_CODE, "ack.code")                                                                                                        \
    X(ACK_ASYNC_REJ, "ack.async_rej")                                                                                              \
    X(VIS_LAG, "vis.lag")                                                                                                          \
    X(NF_WINDOW, "nf.window")                                                                                                      \
    X(DUP_AFTER_FILL, "dup.after_fill")                                                                                            \
    X(WS_STALL, "ws.stall")                                                                                                        \
    X(WS_CLOSE, "ws.close")                                                                                                        \
    X(WS_GAP, "ws.gap")                                                                                                            \
    X(WS_DUP, "ws.dup")                                                                                                            \
    X(WS_REORDER, "ws.reorder")                                                                                                    \
    X(WS_KEY_EXPIRE, "ws.key_expire")                                                                                              \
    X(WS_LATE, "ws.late")                                                                                                          \
    X(WS_NEWFIELD, "ws.newfield")                                                                                                  \
    X(WS_NEWENUM, "ws.newenum")                                                                                                    \
    X(WS_MISSING, "ws.missing")                                                                                                    \
    X(WS_SEQGAP, "ws.seqgap")                                                                                                      \
    X(FILL_PARTIAL, "fill.partial")                                                                                                \
    X(FILL_RACE, "fill.race")                                                                                                      \
    X(PX_GAP, "px.gap")                                                                                                            \
    X(PX_WICK, "px.wick")                                                                                                          \
    X(PX_BAD, "px.bad")                                                                                                            \
    X(CDL_GAP, "cdl.gap")                                                                                                          \
    X(CDL_PARTIAL, "cdl.partial")                                                                                                  \
    X(CDL_REVISE, "cdl.revise")                                                                                                    \
    X(FEE_ASSET, "fee.asset")                                                                                                      \
    X(FUND, "fund")                                                                                                                \
    X(LIQ, "liq")                                                                                                                  \
    X(ADL, "adl")                                                                                                                  \
    X(FLT_CHANGE, "flt.change")                                                                                                    \
    X(SYM_HALT, "sym.halt")                                                                                                        \
    X(SYM_DELIST, "sym.delist")                                                                                                    \
    X(SYM_RENAME, "sym.rename")                                                                                                    \
    X(MODE_CHANGE, "mode.change")                                                                                                  \
    X(USER_ACT, "user.act")                                                                                                        \
    X(API_MIGRATE, "api.migrate")                                                                                                  \
    X(RATE_SHRINK, "rate.shrink")                                                                                                  \
    X(RATE_SHARED, "rate.shared")                                                                                                  \
    X(CLK_SKEW, "clk.skew")                                                                                                        \
    X(MAINT, "maint")                                                                                                              \
    X(ACCT_ZERO, "acct.zero")                                                                                                      \
    X(PROT_REJ, "prot.rej")                                                                                                        \
    X(PROT_STUCK, "prot.stuck")                                                                                                    \
    X(PROT_VANISH, "prot.vanish")                                                                                                  \
    X(DMS_FIRE, "dms.fire")                                                                                                        \
    X(VENUE_DEAD, "venue.dead")

typedef enum {
#define FAULT_KNOB_ENUM(name, text) FAULT_##name,
    FAULT_KNOB_TABLE(FAULT_KNOB_ENUM)
#undef FAULT_KNOB_ENUM
        FAULT_KNOB_COUNT
} fault_knob_t;

_Static_assert(FAULT_KNOB_COUNT <= 64, "the engine keeps one bit a knob");

typedef enum { FAULT_NUMBER, FAULT_TIME, FAULT_DEC, FAULT_CHOICE, FAULT_TEXT } fault_type_t;

typedef struct {
    const char *name;
    fault_type_t type;
    const char *usual;              /* text of the default; NULL: the row ends before this one */
    double least, most;             /* NUMBER, DEC: the value; TIME: seconds */
    const char *choices;            /* CHOICE: "before|after" */
    double mixed_least, mixed_most; /* from where the random mix draws; both 0: the usual one */
} fault_parameter_t;

typedef struct {
    const char *name;
    fault_group_t group;
    fault_way_t way;
    fault_on_t on;    /* what it aims at when nothing is said */
    bool lasting;     /* without "for" and "count" it stays until it is cleared, instead of striking once */
    bool mixed;       /* a client can live through it, so the random mix may draw it */
    const char *help; /* one line */
    fault_parameter_t parameters[FAULT_PARAMETERS_MAX];
} fault_row_t;

const fault_row_t *fault_row(fault_knob_t knob);
const char *fault_group_name(fault_group_t group);
const char *fault_on_name(fault_on_t on);
fault_knob_t fault_knob_find(str_t name); /* FAULT_KNOB_COUNT: none */

typedef struct {
    int64_t number; /* NUMBER; TIME in ns; CHOICE its index */
    dec_t amount;   /* DEC */
    char text[FAULT_WORD_MAX];
} fault_value_t;

typedef struct {
    fault_knob_t knob;
    char label[FAULT_LABEL_MAX]; /* its name in the scenario */
    int64_t at_ns;               /* after the time it is counted from; a venue time when at_fixed */
    bool at_fixed;
    int64_t for_ns; /* 0: not bounded by time */
    uint32_t count; /* how often at most; 0: not bounded */
    bool count_given;
    uint32_t nth;    /* on every nth match */
    uint32_t chance; /* in millionths */
    fault_on_t on;
    bool on_given;
    char path[FAULT_WORD_MAX];    /* "": any; else a part of the request's path */
    char event[FAULT_WORD_MAX];   /* "": any; else the frame's "e" */
    char symbol[FAULT_WORD_MAX];  /* "": any, for acts all */
    char account[FAULT_WORD_MAX]; /* "": any, for acts all */
    fault_value_t values[FAULT_PARAMETERS_MAX];
} fault_spec_t;

/* A fault of that knob with everything as usual. */
void fault_spec_init(fault_spec_t *spec, fault_knob_t knob);

/* One "name" = "value". False: `error` says what is wrong and what would be right; the spec is as before. */
bool fault_spec_set(fault_spec_t *spec, str_t name, str_t value, char error[FAULT_ERROR_MAX]);

/* What only shows when all is there (a count without matches, an act that needs a symbol ...). */
bool fault_spec_check(const fault_spec_t *spec, char error[FAULT_ERROR_MAX]);

/* "ack.drop count=3", also "req.cut@17". */
bool fault_spec_parse(str_t text, fault_spec_t *spec, char error[FAULT_ERROR_MAX]);

/* "250ms", "90s", "-5s"; exact. RESULT_MALFORMED, RESULT_NUMBER_OUT_OF_RANGE. */
result_t fault_duration(str_t text, int64_t *out_ns);

/* Value of a parameter by its place in the row. */
static inline int64_t fault_number(const fault_spec_t *spec, unsigned parameter)
{
    return spec->values[parameter].number;
}
