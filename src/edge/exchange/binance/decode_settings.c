/* decode_settings.c: small replies: modes, leverage, listen key, trading status. */
#include "edge/exchange/binance/decode_json.h"

#include <string.h>

typedef struct {
    bool can_trade, can_withdraw, can_deposit, multi_assets, dual;
} rest_config_t;

result_t binance_decode_account_config(str_t body, binance_account_config_t *out, binance_detail_t *detail)
{
    static const field_t fields[] = {
        FIELD(rest_config_t, "canTrade", can_trade, TAKE_BOOL, FIELD_REQUIRED),
        FIELD(rest_config_t, "canWithdraw", can_withdraw, TAKE_BOOL, FIELD_REQUIRED),
        FIELD(rest_config_t, "canDeposit", can_deposit, TAKE_BOOL, FIELD_REQUIRED),
        FIELD(rest_config_t, "multiAssetsMargin", multi_assets, TAKE_BOOL, FIELD_REQUIRED),
        FIELD(rest_config_t, "dualSidePosition", dual, TAKE_BOOL, FIELD_REQUIRED),
    };
    rest_config_t rest = {0};
    result_t result = DECODE_DOCUMENT(body, fields, &rest, detail);
    if (result == RESULT_OK) {
        *out = (binance_account_config_t){.can_trade = rest.can_trade,
                                          .can_withdraw = rest.can_withdraw,
                                          .can_deposit = rest.can_deposit,
                                          .multi_assets = rest.multi_assets,
                                          .mode = rest.dual ? POSITION_MODE_HEDGE : POSITION_MODE_ONE_WAY};
    }
    return result;
}

result_t binance_decode_position_mode(str_t body, position_mode_t *mode, binance_detail_t *detail)
{
    static const field_t fields[] = {FIELD(rest_config_t, "dualSidePosition", dual, TAKE_BOOL, FIELD_REQUIRED)};
    rest_config_t rest = {0};
    result_t result = DECODE_DOCUMENT(body, fields, &rest, detail);
    if (result == RESULT_OK) {
        *mode = rest.dual ? POSITION_MODE_HEDGE : POSITION_MODE_ONE_WAY;
    }
    return result;
}

typedef struct {
    uint32_t leverage;
    dec_t notional_max;
} rest_leverage_t;

result_t binance_decode_leverage(str_t body, uint32_t *leverage, dec_t *notional_max, binance_detail_t *detail)
{
    static const field_t fields[] = {
        FIELD(rest_leverage_t, "leverage", leverage, TAKE_U32, FIELD_REQUIRED),
        FIELD(rest_leverage_t, "maxNotionalValue", notional_max, TAKE_DEC, FIELD_OPTIONAL),
    };
    rest_leverage_t rest = {0};
    result_t result = DECODE_DOCUMENT(body, fields, &rest, detail);
    if (result == RESULT_OK) {
        *leverage = rest.leverage;
        *notional_max = rest.notional_max;
    }
    return result;
}

typedef struct {
    char key[BINANCE_LISTEN_KEY_MAX];
} rest_key_t;

result_t binance_decode_listen_key(str_t body, char key[BINANCE_LISTEN_KEY_MAX], binance_detail_t *detail)
{
    static const field_t fields[] = {FIELD(rest_key_t, "listenKey", key, TAKE_NAME, FIELD_REQUIRED)};
    rest_key_t rest = {{0}};
    decode_t decode;
    decode_init(&decode, body);
    DECODE_OBJECT(&decode, fields, &rest);
    for (const char *c = rest.key; decode.reader.error == RESULT_OK && (*c != '\0' || c == rest.key); c++) {
        bool plain = (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') || *c == '-' || *c == '_';
        if (!plain) { /* it becomes part of a URL */
            decode_fail(&decode, RESULT_TEXT_BAD_CHARACTER, "listenKey", "empty, or a character that no key has");
        }
    }
    result_t result = decode_finish(&decode, detail);
    if (result == RESULT_OK) {
        memcpy(key, rest.key, sizeof rest.key);
    }
    return result;
}

typedef struct {
    str_t indicators;
    bool locked;
    int64_t recover_ns;
    char rule[BINANCE_LOCK_TEXT_MAX];
} rest_status_t;

static void indicator_read(decode_t *decode, str_t where, binance_trading_status_t *worst)
{
    static const field_t fields[] = {
        FIELD(rest_status_t, "isLocked", locked, TAKE_BOOL, FIELD_OPTIONAL),
        FIELD(rest_status_t, "plannedRecoverTime", recover_ns, TAKE_MS, FIELD_OPTIONAL),
        FIELD(rest_status_t, "indicator", rule, TAKE_NAME, FIELD_OPTIONAL),
    };
    rest_status_t indicator = {0};
    DECODE_OBJECT(decode, fields, &indicator);
    if (decode->reader.error != RESULT_OK || !indicator.locked || indicator.recover_ns < worst->until_ns)
        return;
    worst->until_ns = indicator.recover_ns > 0 ? indicator.recover_ns : INT64_MAX;
    memcpy(worst->rule, indicator.rule, sizeof worst->rule);
    if (str_copy(where, worst->where, sizeof worst->where) != RESULT_OK)
        decode_fail(decode, RESULT_TEXT_TOO_LONG, "indicators", "a symbol longer than any");
}

/* {"indicators":{"BTCUSDT":[{"isLocked":true,"plannedRecoverTime":..,"indicator":"UFR"},..],"ACCOUNT":[..]},"updateTime":..} */
result_t binance_decode_trading_status(str_t body, binance_trading_status_t *out, binance_detail_t *detail)
{
    static const field_t fields[] = {FIELD(rest_status_t, "indicators", indicators, TAKE_RAW, FIELD_REQUIRED)};
    rest_status_t rest = {0};
    binance_trading_status_t worst = {0};
    decode_t inner;
    result_t result = DECODE_DOCUMENT(body, fields, &rest, detail);
    if (result != RESULT_OK)
        return result;
    decode_init(&inner, rest.indicators);
    json_enter_object(&inner.reader);
    for (str_t where; inner.reader.error == RESULT_OK && json_next_key(&inner.reader, &where);) {
        json_enter_array(&inner.reader);
        while (inner.reader.error == RESULT_OK && json_next_item(&inner.reader))
            indicator_read(&inner, where, &worst);
    }
    result = decode_finish(&inner, detail);
    if (result == RESULT_OK)
        *out = worst;
    return result;
}
