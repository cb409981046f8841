/* demo_account.h: key and secret of the demo account, made once for a data folder, readable by the owner only, never in any argv.
 *
 * They stand in two files, one for each process that reads them: run/demo.keys ("KEY:SECRET", the signer's) and run/demo.account
 * ("demo:KEY:SECRET:USDT=10000", the exchange's). The exchange knows the account by its key for as long as its world lives, so keys
 * that are lost are not made anew beside a world that stands: what one file has lost is made again from the other.
 */
#pragma once

#include "core/base/dec.h"
#include "core/base/result.h"

enum { DEMO_ACCOUNT_ERROR_MAX = 640 };

/* balance: of an account that does not exist yet. RESULT_OK, with `said` telling what was put right, or ""; otherwise `said` names
 * the file and the fix, and nothing has been changed. */
result_t demo_account_keep(const char *data_folder, dec_t balance, char said[DEMO_ACCOUNT_ERROR_MAX]);
