/* ledger.h: a double-entry ledger over every asset of one venue account (ORD-14).
 *
 * Each posting moves an amount from one account of an asset to its wallet; the sum over all accounts of an asset is always exactly
 * zero. What is posted is what the venue reported (fees, funding, realised profit); our own computation checks it elsewhere.
 * Postings are never changed or removed; the balances here are the fold of the records that made them. At rest wallet == the
 * venue's balance, difference 0.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/base/result.h"
#include "core/market/instrument.h"
#include "core/order/private_event.h"

enum { LEDGER_ASSETS_MAX = 32 };

#define LEDGER_ACCOUNT_TABLE(X)                                                                                                    \
    X(WALLET)   /* ours, as the venue holds it */                                                                                  \
    X(OPENING)  /* balance at the first sight of the asset */                                                                      \
    X(REALISED) /* profit and loss of fills */                                                                                     \
    X(FEE)                                                                                                                         \
    X(FUNDING)                                                                                                                     \
    X(TRANSFER)                                                                                                                    \
    X(LIQUIDATION) /* insurance and liquidation fees */                                                                            \
    X(OTHER)       /* income of a kind we have no name for */                                                                      \
    X(UNEXPLAINED) /* made explicit by an ADJUSTMENT record; must be 0 or an alarm stands */

typedef enum {
#define LEDGER_ACCOUNT_ENUM(name) LEDGER_##name,
    LEDGER_ACCOUNT_TABLE(LEDGER_ACCOUNT_ENUM)
#undef LEDGER_ACCOUNT_ENUM
        LEDGER_ACCOUNT_COUNT
} ledger_account_t;

const char *ledger_account_name(ledger_account_t account);

/* Where income of that kind comes from. False: there is no such kind. */
bool ledger_account_of(income_kind_t kind, ledger_account_t *account);

typedef struct {
    char asset[ASSET_TEXT_MAX];
    uint64_t postings;
    dec_t peak;                           /* highest the wallet has been by trading; what was brought or taken moves it along */
    bool opened;                          /* its opening balance was posted; a fee can come before it */
    dec_t balances[LEDGER_ACCOUNT_COUNT]; /* WALLET as the owner sees it; the others with the opposite sign, so that the sum is 0 */
} ledger_asset_t;

typedef struct {
    uint32_t count;
    ledger_asset_t assets[LEDGER_ASSETS_MAX];
} ledger_t;

void ledger_init(ledger_t *ledger);

/* `amount` > 0 goes into the wallet, < 0 out of it; `account` is any but WALLET. RESULT_FULL (a 33rd asset),
 * RESULT_NUMBER_OUT_OF_RANGE, RESULT_BAD_ARGUMENT (empty asset); nothing is posted then. */
result_t ledger_post(ledger_t *ledger, const char *asset, ledger_account_t account, dec_t amount);

/* NULL when the asset was never seen. */
const ledger_asset_t *ledger_asset(const ledger_t *ledger, const char *asset);

dec_t ledger_wallet(const ledger_t *ledger, const char *asset); /* 0 when never seen */

/* venue - wallet: 0 when the books tie out. */
dec_t ledger_difference(const ledger_t *ledger, const char *asset, dec_t venue);

/* True when every asset's accounts sum to exactly zero. */
bool ledger_balanced(const ledger_t *ledger);
