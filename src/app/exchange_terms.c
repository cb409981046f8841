/* exchange_terms.c: what accounts are given beside their own key and balance: more keys with rights and addresses, money in other
 * assets, fee tiers.
 *
 *   --key NAME:KEY:SECRET:read|trade[:ADDRESS,ADDRESS]   SECRET may be @FILE with a public key in PEM
 *   --funds NAME:ASSET=AMOUNT                            paid in once, when the world begins
 *   --fee-tier NAME=0..9|volume
 *   --spot-fee NAME=MAKER:TAKER
 */
#include <stdio.h>
#include <string.h>

#include "app/exchange_state.h"
#include "edge/face/world/world_spot.h"
#include "edge/secret/secret.h"

static const exchange_account_t *find_account(const exchange_t *exchange, str_t name)
{
    for (uint32_t i = 0; i < exchange->account_count; i++) {
        if (str_eq(name, str_from(exchange->accounts[i].name)))
            return &exchange->accounts[i];
    }
    return NULL;
}

static bool complain(char error[EXCHANGE_ERROR_MAX], const char *option, const char *what, const char *form)
{
    snprintf(error, EXCHANGE_ERROR_MAX, "%s: %s; the form is %s", option, what, form);
    return false;
}

/* --- keys ------------------------------------------------------------------------------------- */

static bool read_key_secret(str_t text, char *secret, size_t capacity, size_t *length)
{
    char path[FILE_PATH_MAX];
    if (text.length > 0 && text.bytes[0] == '@')
        return str_copy((str_t){text.bytes + 1, text.length - 1}, path, sizeof path) == RESULT_OK &&
               file_read_whole(path, secret, capacity, length) == RESULT_OK;
    *length = text.length;
    return text.length > 0 && str_copy(text, secret, capacity) == RESULT_OK;
}

static bool add_key(exchange_t *exchange, str_t text, char error[EXCHANGE_ERROR_MAX])
{
    static const char form[] = "NAME:KEY:SECRET:read|trade[:ADDRESS,ADDRESS], e.g. demo:KEY2:SECRET2:read:127.0.0.1";
    char secret[EXCHANGE_SECRET_MAX];
    size_t length = 0;
    str_t rest = text;
    str_t name = str_cut(&rest, ':'), key = str_cut(&rest, ':'), secret_text = str_cut(&rest, ':'), right = str_cut(&rest, ':');
    const exchange_account_t *account = find_account(exchange, name);
    if (!account)
        return complain(error, "--key", "there is no account of that name", form);
    if (!str_eq(right, STR("read")) && !str_eq(right, STR("trade")))
        return complain(error, "--key", "the right is read or trade", form);
    if (key.length == 0 || !read_key_secret(secret_text, secret, sizeof secret, &length))
        return complain(error, "--key", "the key or its secret is missing, or its file cannot be read", form);
    face_key_right_t granted = str_eq(right, STR("trade")) ? FACE_KEY_TRADES : FACE_KEY_READS;
    result_t result = RESULT_OK;
    for (uint32_t i = 0; i < exchange->face_count && result == RESULT_OK; i++)
        result = face_key_add(exchange->faces[i].face, str_from(account->api_key), key, (str_t){secret, length}, granted, rest);
    secret_wipe_bytes(secret, sizeof secret);
    if (result == RESULT_OK)
        return true;
    return complain(error, "--key", result == RESULT_DUPLICATE ? "the key is given twice" : result_text(result), form);
}

/* --- money and fees --------------------------------------------------------------------------- */

static bool account_in_world(const exchange_t *exchange, str_t name, venue_account_t *account)
{
    const exchange_account_t *named = find_account(exchange, name);
    const world_account_t *row = named ? world_account_by_key(exchange->world, str_from(named->api_key)) : NULL;
    if (row)
        *account = row->account;
    return row != NULL;
}

static bool add_funds(exchange_t *exchange, str_t text, char error[EXCHANGE_ERROR_MAX])
{
    static const char form[] = "NAME:ASSET=AMOUNT, e.g. demo:BNB=5 (with --fee-asset BNB)";
    venue_account_t account = 0;
    dec_t amount = DEC_ZERO;
    str_t rest = text;
    str_t name = str_cut(&rest, ':'), asset = str_cut(&rest, '=');
    venue_asset_t index = 0;
    if (!account_in_world(exchange, name, &account))
        return complain(error, "--funds", "there is no account of that name", form);
    if (!world_asset_find(exchange->world, asset, &index))
        return complain(error, "--funds", "the venue does not know the asset", form);
    if (dec_parse(rest.bytes, rest.length, &amount) != RESULT_OK || dec_sign(amount) <= 0 ||
        world_transfer(exchange->world, account, index, amount).reject != VENUE_REJECT_NONE)
        return complain(error, "--funds", "the amount is no positive number of at most 8 digits after the point", form);
    return true;
}

static bool set_tier(exchange_t *exchange, str_t text, char error[EXCHANGE_ERROR_MAX])
{
    static const char form[] = "NAME=0..9 or NAME=volume, e.g. demo=3";
    venue_account_t account = 0;
    uint64_t tier = 0;
    str_t rest = text;
    str_t name = str_cut(&rest, '=');
    if (!account_in_world(exchange, name, &account))
        return complain(error, "--fee-tier", "there is no account of that name", form);
    if (str_eq(rest, STR("volume")))
        tier = WORLD_TIER_EARNED;
    else if (str_to_u64(rest, &tier) != RESULT_OK || tier >= VENUE_FEE_TIERS)
        return complain(error, "--fee-tier", "the tier is no number from 0 to 9, nor volume", form);
    if (world_fee_tier(exchange->world, account, (uint32_t)tier) != RESULT_OK)
        return complain(error, "--fee-tier", "it could not be written", form);
    return true;
}

bool exchange_read_rate(str_t text, dec_t *rate)
{
    dec_t percent = DEC_ZERO;
    return dec_parse(text.bytes, text.length, &percent) == RESULT_OK && dec_sign(percent) >= 0 &&
           dec_div(percent, dec_from_int(100), DEC_ROUND_DOWN, rate) == RESULT_OK;
}

static bool set_spot_fee(exchange_t *exchange, str_t text, char error[EXCHANGE_ERROR_MAX])
{
    static const char form[] = "NAME=MAKER:TAKER in per cent, e.g. demo=0.075:0.1";
    venue_account_t account = 0;
    dec_t maker = DEC_ZERO, taker = DEC_ZERO;
    str_t rest = text;
    str_t name = str_cut(&rest, '='), first = str_cut(&rest, ':');
    if (!account_in_world(exchange, name, &account))
        return complain(error, "--spot-fee", "there is no account of that name", form);
    if (!exchange_read_rate(first, &maker) || !exchange_read_rate(rest, &taker) ||
        world_spot_fees(exchange->world, account, maker, taker) != RESULT_OK)
        return complain(error, "--spot-fee", "it is not two rates of 0 to 10 per cent", form);
    return true;
}

bool exchange_apply_terms(exchange_t *exchange, char error[EXCHANGE_ERROR_MAX])
{
    const exchange_options_t *options = &exchange->options;
    for (size_t i = 0; i < options->keys.count; i++) {
        if (!add_key(exchange, str_from(options->keys.values[i]), error))
            return false;
    }
    for (size_t i = 0; i < options->funds.count && !exchange->restored; i++) {
        if (!add_funds(exchange, str_from(options->funds.values[i]), error))
            return false;
    }
    for (uint32_t i = 0; i < world_account_count(exchange->world) && !exchange->restored; i++) {
        if (world_fee_tier(exchange->world, world_account_at(exchange->world, i)->account, WORLD_TIER_EARNED) != RESULT_OK)
            return complain(error, "--account", "its fee tier could not be written", "room on the disk");
    }
    for (size_t i = 0; i < options->fee_tiers.count; i++) {
        if (!set_tier(exchange, str_from(options->fee_tiers.values[i]), error))
            return false;
    }
    for (size_t i = 0; i < options->spot_fees.count; i++) {
        if (!set_spot_fee(exchange, str_from(options->spot_fees.values[i]), error))
            return false;
    }
    return true;
}
