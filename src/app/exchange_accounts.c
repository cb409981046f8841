/* exchange_accounts.c: the accounts of `patriot exchange`, from its command line or a file, and whether a market takes their money.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/exchange_state.h"
#include "edge/secret/secret.h"

enum { ACCOUNT_FILE_MAX = 64 * 1024 };

static bool account_error(char error[EXCHANGE_ERROR_MAX], const char *where, const char *what)
{
    snprintf(
        error, EXCHANGE_ERROR_MAX,
        "%s: %s; the form is NAME:KEY:SECRET:ASSET=AMOUNT, e.g. demo:KEY:SECRET:USDT=10000 (SECRET may be @FILE with a public key)",
        where, what);
    return false;
}

static bool read_secret(str_t text, exchange_account_t *account)
{
    if (text.length == 0 || text.bytes[0] != '@')
        return text.length > 0 && str_copy(text, account->secret, sizeof account->secret) == RESULT_OK;
    char path[FILE_PATH_MAX];
    size_t length = 0;
    return str_copy((str_t){text.bytes + 1, text.length - 1}, path, sizeof path) == RESULT_OK &&
           file_read_whole(path, account->secret, sizeof account->secret, &length) == RESULT_OK;
}

static bool holds(const exchange_account_t *account, const char *asset)
{
    uint32_t at = 0;
    while (at < account->holding_count && strcmp(account->holdings[at].asset, asset) != 0)
        at++;
    return at < account->holding_count;
}

/* "USDT=10000,BTC=1" */
static bool read_holdings(str_t text, exchange_account_t *account)
{
    do {
        str_t amount = str_cut(&text, ',');
        str_t asset = str_cut(&amount, '=');
        uint32_t index = account->holding_count;
        if (index == EXCHANGE_HOLDINGS_MAX || asset.length == 0 ||
            str_copy(asset, account->holdings[index].asset, sizeof account->holdings[index].asset) != RESULT_OK ||
            dec_parse(amount.bytes, amount.length, &account->holdings[index].amount) != RESULT_OK ||
            !world_grant_is_sane(account->holdings[index].amount) || holds(account, account->holdings[index].asset))
            return false;
        account->holding_count++;
    } while (text.length > 0);
    return true;
}

static bool add_account(exchange_t *exchange, str_t text, const char *where, char error[EXCHANGE_ERROR_MAX])
{
    if (exchange->account_count == WORLD_ACCOUNTS_MAX)
        return account_error(error, where, "too many accounts (16 at most)");
    exchange_account_t *account = &exchange->accounts[exchange->account_count];
    str_t rest = text;
    str_t name = str_cut(&rest, ':'), key = str_cut(&rest, ':'), secret = str_cut(&rest, ':');
    if (name.length == 0 || str_copy(name, account->name, sizeof account->name) != RESULT_OK)
        return account_error(error, where, "the name is missing or too long");
    if (key.length == 0 || str_copy(key, account->api_key, sizeof account->api_key) != RESULT_OK)
        return account_error(error, where, "the key is missing or too long");
    if (!read_secret(secret, account))
        return account_error(error, where, "the secret is missing or its file cannot be read");
    if (!read_holdings(rest, account))
        return account_error(
            error, where,
            "the balance is missing, stands twice, or is no number from 0 to 1000000000 with at most 8 digits after the point");
    for (uint32_t i = 0; i < exchange->account_count; i++) {
        if (strcmp(exchange->accounts[i].name, account->name) == 0 || strcmp(exchange->accounts[i].api_key, account->api_key) == 0)
            return account_error(error, where, "name or key is given twice");
    }
    exchange->account_count++;
    return true;
}

static bool read_account_file(exchange_t *exchange, const char *path, char error[EXCHANGE_ERROR_MAX])
{
    struct stat status;
    char where[FILE_PATH_MAX + 32], text[ACCOUNT_FILE_MAX];
    size_t length = 0;
    snprintf(where, sizeof where, "--account-file %.400s", path);
    if (stat(path, &status) == 0 && (status.st_mode & 077) != 0) {
        snprintf(error, EXCHANGE_ERROR_MAX, "%.450s: others may read it; chmod 600 it", where);
        return false;
    }
    result_t result = file_read_whole(path, text, sizeof text, &length);
    if (result != RESULT_OK) {
        snprintf(error, EXCHANGE_ERROR_MAX, "%.450s: %s", where, result_text(result));
        return false;
    }
    str_t rest = {text, length};
    bool ok = true;
    while (ok && rest.length > 0) {
        str_t line = str_trim(str_cut(&rest, '\n'));
        if (line.length > 0 && line.bytes[0] != '#')
            ok = add_account(exchange, line, where, error);
    }
    secret_wipe_bytes(text, sizeof text);
    return ok;
}

/* Of what futures take, or spot trades: money that none takes would sit there idle, and every order fail. */
static bool is_taken(const exchange_t *exchange, const char *asset)
{
    bool taken = exchange_futures_take(exchange, asset);
    for (uint32_t m = 0; m < exchange->source_count && !taken; m++) {
        const instrument_t *rules = &exchange->instruments[m];
        taken = rules->kind == INSTRUMENT_SPOT &&
                (strcmp(rules->settle, asset) == 0 || strcmp(rules->base, asset) == 0 || strcmp("BNB", asset) == 0);
    }
    return taken;
}

static bool check_asset(const exchange_t *exchange, const exchange_account_t *account, const char *asset,
                        char error[EXCHANGE_ERROR_MAX])
{
    if (is_taken(exchange, asset))
        return true;
    const instrument_t *first = &exchange->instruments[0];
    snprintf(error, EXCHANGE_ERROR_MAX,
             "account %s has %s, but no market settles in it (%s settles in %s): write %s=AMOUNT, or name the market "
             "otherwise, e.g. --market candles:%s%s=FILE",
             account->name, asset, first->symbol, first->settle, first->settle, first->base, asset);
    return false;
}

/* Every holding has a market; the futures wallet opens with the first that settles one. */
static bool check_assets(exchange_t *exchange, char error[EXCHANGE_ERROR_MAX])
{
    for (uint32_t i = 0; exchange->source_count > 0 && i < exchange->account_count; i++) {
        exchange_account_t *account = &exchange->accounts[i];
        uint32_t wallet = account->holding_count;
        for (uint32_t h = 0; h < account->holding_count; h++) {
            if (!check_asset(exchange, account, account->holdings[h].asset, error))
                return false;
            wallet = wallet == account->holding_count && exchange_settles_in(exchange, account->holdings[h].asset) ? h : wallet;
        }
        bool any = wallet < account->holding_count;
        (void)str_copy(str_from(any ? account->holdings[wallet].asset : exchange->instruments[0].settle), account->asset,
                       sizeof account->asset);
        account->amount = any ? account->holdings[wallet].amount : DEC_ZERO;
    }
    return true;
}

bool exchange_read_accounts(exchange_t *exchange, char error[EXCHANGE_ERROR_MAX])
{
    for (size_t i = 0; i < exchange->options.accounts.count; i++) {
        if (!add_account(exchange, str_from(exchange->options.accounts.values[i]), "--account", error))
            return false;
    }
    if (exchange->options.account_file && !read_account_file(exchange, exchange->options.account_file, error))
        return false;
    return check_assets(exchange, error);
}

void exchange_forget_secrets(exchange_t *exchange)
{
    for (uint32_t i = 0; i < exchange->account_count; i++)
        secret_wipe_bytes(exchange->accounts[i].secret, sizeof exchange->accounts[i].secret);
}
