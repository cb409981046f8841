/* classify.h: what a reply to a request means for what we asked: the one table that decides between "it happened", "it did not" and
 * "nobody knows".
 *
 * Sources: protocols (Binance USD-M error codes and its three meanings of 503), faults 2.1. The rule behind it: an order is refused
 * only when the venue says so in a form that can be read; everything else on an order path is UNKNOWN and leads to a question,
 * never to a second order.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"
#include "core/engine/order_half.h"
#include "edge/exchange/binance/encode.h"

typedef enum {
    BINANCE_VERDICT_ACCEPTED,  /* it happened; the body is a readable success */
    BINANCE_VERDICT_REJECTED,  /* it definitely did not happen, and asking again the same way is useless */
    BINANCE_VERDICT_NOT_DONE,  /* it definitely did not happen; it may be asked again later (wait_ms) with a new intent or, for
                                  reads, as it is */
    BINANCE_VERDICT_UNKNOWN,   /* nobody knows: query by client id */
    BINANCE_VERDICT_EXISTS,    /* -4116 on our own id: evidence that the order exists: query it */
    BINANCE_VERDICT_NOT_FOUND, /* -2011, -2013: no such open order; not evidence of death by itself */
    BINANCE_VERDICT_ALREADY,   /* a setting stands that way already: success */
    BINANCE_VERDICT_RESYNC,    /* -1021, -5028: it did not happen; measure the clock, then once more */
    BINANCE_VERDICT_BANNED,    /* 429, 418, -1003: it did not happen; nothing to this address for wait_ms */
    BINANCE_VERDICT_FORBIDDEN, /* 401, 403, 451, key or permission: it did not happen; stop and call the operator */
} binance_verdict_kind_t;

typedef struct {
    binance_verdict_kind_t kind;
    int64_t code;          /* the venue's, 0 when there is none */
    int64_t wait_ms;       /* NOT_DONE, BANNED; -1: BANNED without a stated time */
    bool refresh_rules;    /* a filter refused it: fetch exchangeInfo again */
    bool refresh_position; /* reduce-only and its kin: our picture of the position may be wrong */
    bool symbol_frozen;    /* this symbol accepts no orders now */
    char message[160];     /* the venue's words, or ours; never empty */
} binance_verdict_t;

/* A reply that came. `readable`: for a 2xx, whether the body decoded as what was asked for (the caller has tried): an unreadable
 * success on an order path is UNKNOWN. retry_after_s: header Retry-After, -1 when it was not there. */
typedef struct {
    binance_ask_t ask;
    unsigned status;
    str_t body;
    int64_t retry_after_s;
    bool readable;
} binance_answer_t;

void binance_classify(const binance_answer_t *answer, binance_verdict_t *verdict);

const char *binance_verdict_text(binance_verdict_kind_t kind);

/* The same in the order half's words. ACCEPTED -> REPLY_ACCEPTED; UNKNOWN -> REPLY_UNKNOWN; all others REPLY_REJECTED with their
 * class (BANNED and NOT_DONE: REJECT_BUSY). *reply gets kind, reject, code and text; its other fields are left alone. */
void binance_verdict_reply(const binance_verdict_t *verdict, order_reply_t *reply);

/* The class of one error code of the venue. */
reject_class_t binance_reject_class(int64_t code);
