/* budget.h: one budget of request weight for all processes of one address (MKT-7, I11).
 *
 * Exchanges count the weight of requests per IP address and UTC clock minute, and orders per account. All our processes therefore
 * share one small file (DATA/budget.bin), mapped and locked: whoever wants to send asks here first. The venue's own counters in
 * reply headers win over ours, because others may share the address. Nothing above 90 % of a limit is ever handed out, and lower
 * priorities stop earlier, so that stops and exits always have room:
 *
 *     history <= 50 %   queries <= 60 %   entries <= 70 %   exits <= 85 %   stops <= 90 %   of the limit of the window
 *
 * After 429 or 418 nothing is handed out before the stated time. A process may die at any instruction: the lock goes with it
 * (flock), and the state is kept twice with checksums, so that a half-written update is as if it had never been. A holder that
 * hangs is waited for at most BUDGET_LOCK_WAIT_MS; then stops and exits may pass uncounted (never while banned), all else gets
 * RESULT_LOCKED. A damaged file is made anew and said so. All times are UTC milliseconds of the venue and come from the caller.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/result.h"

typedef struct budget budget_t; /* one opened file; not for use by several threads */

enum {
    BUDGET_ACCOUNTS_MAX = 8,
    BUDGET_LOCK_WAIT_MS = 50,
    BUDGET_BAN_DEFAULT_S = 60,           /* a 429 without Retry-After */
    BUDGET_BAN_MAX_S = 3 * 86400 + 3600, /* longer is taken for damage */
};

typedef enum { BUDGET_STOP, BUDGET_EXIT, BUDGET_ENTRY, BUDGET_QUERY, BUDGET_HISTORY, BUDGET_PRIORITY_COUNT } budget_priority_t;

/* What a budget may hand out; from exchangeInfo.rateLimits. 0: no such limit. */
typedef struct {
    uint32_t weight_minute; /* REQUEST_WEIGHT a minute; Binance USD-M 2400 */
    uint32_t orders_10s;    /* ORDERS a 10 seconds; 300 */
    uint32_t orders_minute; /* ORDERS a minute; 1200 */
} budget_limits_t;

typedef enum {
    BUDGET_FILE_KEPT,    /* what was there is valid */
    BUDGET_FILE_NEW,     /* there was none */
    BUDGET_FILE_REBUILT, /* it was damaged or of another version: made anew; the caller reports it */
} budget_file_t;

/* Opens or makes the file (mode 0600). `how` may be NULL. A new or rebuilt file starts with Binance's published limits (above).
 * RESULT_IO, RESULT_PERMISSION, RESULT_DISK_FULL, RESULT_LOCKED (a holder hangs). Owner: budget_close. */
result_t budget_open(const char *path, budget_t **out, budget_file_t *how);
void budget_close(budget_t *budget); /* NULL is fine */

typedef struct {
    budget_priority_t priority;
    uint32_t weight;     /* of the request on the address */
    uint32_t orders_10s; /* what it adds to the account's order counts */
    uint32_t orders_minute;
    uint64_t account; /* any number that names the account; 0 when orders_* are 0 */
    int64_t now_ms;
} budget_ask_t;

/* RESULT_OK: counted, send. RESULT_BUDGET: no room for this priority before *wait_ms have passed. RESULT_BANNED: the venue has told
 * us to be silent for *wait_ms. RESULT_LOCKED: a holder hangs. RESULT_FULL: more than BUDGET_ACCOUNTS_MAX accounts. On all but OK
 * nothing is counted. `wait_ms` may be NULL. */
result_t budget_take(budget_t *budget, const budget_ask_t *ask, int64_t *wait_ms);

/* What a reply's headers say; -1 for a header that was not there. The venue's word raises or lowers our count of the same window.
 */
typedef struct {
    uint64_t account; /* 0: the order counts are ignored */
    int64_t now_ms;
    int64_t weight_used;   /* X-MBX-USED-WEIGHT-1M */
    int64_t orders_10s;    /* X-MBX-ORDER-COUNT-10S */
    int64_t orders_minute; /* X-MBX-ORDER-COUNT-1M */
} budget_reply_t;

void budget_note_reply(budget_t *budget, const budget_reply_t *reply);

/* A 429 or 418: no request before now + retry_after_s (< 0: header missing, BUDGET_BAN_DEFAULT_S). A longer ban in force stays. */
void budget_note_ban(budget_t *budget, int64_t now_ms, int64_t retry_after_s);

/* New limits from the venue. RESULT_BAD_ARGUMENT for weight_minute 0. */
result_t budget_set_limits(budget_t *budget, const budget_limits_t *limits);

/* What stands in the file, for health pages and `patriot ban`. */
typedef struct {
    budget_limits_t limits;
    int64_t window_ms; /* start of the present minute window */
    uint32_t weight_used;
    uint32_t orders_10s, orders_minute; /* of the account asked about */
    int64_t banned_until_ms;            /* 0: not banned */
    uint32_t bans;                      /* 429 and 418 ever noted in this file */
} budget_view_t;

/* account: as in budget_ask_t; 0: no order counts. */
result_t budget_read(budget_t *budget, uint64_t account, int64_t now_ms, budget_view_t *view);

/* Lifts a ban by the operator's hand (`patriot ban --clear`). */
result_t budget_clear_ban(budget_t *budget);
