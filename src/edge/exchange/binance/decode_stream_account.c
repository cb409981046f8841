/* decode_stream_account.c: what the private stream says of balances, positions, settings and margin. */
#include "edge/exchange/binance/decode_stream.h"
#include "edge/exchange/binance/words.h"

#include <string.h>

/* --- ACCOUNT_UPDATE --------------------------------------------------------------------------- */

typedef struct {
    str_t reason, balances, positions;
    char symbol[SYMBOL_TEXT_MAX];
} stream_account_t;

typedef struct {
    char asset[ASSET_TEXT_MAX];
    dec_t wallet, change;
} stream_balance_t;

typedef struct {
    char symbol[SYMBOL_TEXT_MAX];
    dec_t amount, entry;
    str_t margin, position;
} stream_position_t;

/* Moves money that no trade explains: fees and profit come with the fills of ORDER. */
static bool reason_is_income(str_t reason)
{
    return !str_eq(reason, STR("ORDER")) && !str_eq(reason, STR("MARGIN_TYPE_CHANGE"));
}

static void balance_events(stream_work_t *work, const stream_account_t *account, instrument_id_t instrument)
{
    static const field_t fields[] = {
        FIELD(stream_balance_t, "a", asset, TAKE_NAME, FIELD_REQUIRED),
        FIELD(stream_balance_t, "wb", wallet, TAKE_DEC, FIELD_REQUIRED),
        FIELD(stream_balance_t, "bc", change, TAKE_DEC, FIELD_OPTIONAL),
    };
    decode_t inner;
    if (account->balances.bytes == NULL || !stream_inner_begin(work, &inner, account->balances, "B")) {
        return;
    }
    json_enter_array(&inner.reader);
    while (inner.reader.error == RESULT_OK && work->decode.reader.error == RESULT_OK && json_next_item(&inner.reader)) {
        stream_balance_t told = {0};
        private_event_t *event;
        DECODE_OBJECT(&inner, fields, &told);
        if (inner.reader.error != RESULT_OK) {
            break;
        }
        if (reason_is_income(account->reason) && !dec_is_zero(told.change) &&
            (event = stream_event_add(work, PRIVATE_INCOME, work->frame.time_ns)) != NULL) {
            event->income = (private_income_t){.kind = binance_income_kind(account->reason),
                                               .instrument = instrument,
                                               .amount = told.change,
                                               .time_ns = work->frame.time_ns};
            memcpy(event->income.asset, told.asset, sizeof told.asset);
        }
        if ((event = stream_event_add(work, PRIVATE_BALANCE, work->frame.time_ns)) != NULL) {
            event->balance = (private_balance_t){.wallet = told.wallet};
            memcpy(event->balance.asset, told.asset, sizeof told.asset);
        }
    }
    if (work->decode.reader.error == RESULT_OK) {
        stream_inner_end(work, &inner);
    }
}

static void position_event(stream_work_t *work, const stream_position_t *told, bool margin_changed)
{
    instrument_id_t instrument = decode_symbol(work->symbols, told->symbol);
    position_key_t key = binance_position_key(told->position);
    private_event_t *event;
    if (key == 0) {
        decode_fail(&work->decode, RESULT_UNKNOWN_VALUE, "ps", "a word that is not known");
        return;
    }
    if (instrument == INSTRUMENT_NONE) {
        work->out->left_out++;
        return;
    }
    if ((event = stream_event_add(work, PRIVATE_POSITION, work->frame.time_ns)) != NULL) {
        event->position =
            (private_position_t){.instrument = instrument, .position = key, .amount = told->amount, .entry = told->entry};
    }
    if (margin_changed && (event = stream_event_add(work, PRIVATE_SETTINGS, work->frame.time_ns)) != NULL) {
        event->settings =
            (private_settings_t){.instrument = instrument,
                                 .margin_type = str_eq_nocase(told->margin, STR("isolated")) ? MARGIN_ISOLATED : MARGIN_CROSSED};
    }
}

static const field_t position_fields[] = {
    FIELD(stream_position_t, "s", symbol, TAKE_NAME, FIELD_REQUIRED),
    FIELD(stream_position_t, "pa", amount, TAKE_DEC, FIELD_REQUIRED),
    FIELD(stream_position_t, "ep", entry, TAKE_DEC, FIELD_REQUIRED),
    FIELD(stream_position_t, "mt", margin, TAKE_WORD, FIELD_REQUIRED),
    FIELD(stream_position_t, "ps", position, TAKE_WORD, FIELD_REQUIRED),
};

static void position_events(stream_work_t *work, const stream_account_t *account)
{
    decode_t inner;
    if (account->positions.bytes == NULL || !stream_inner_begin(work, &inner, account->positions, "P")) {
        return;
    }
    json_enter_array(&inner.reader);
    while (inner.reader.error == RESULT_OK && work->decode.reader.error == RESULT_OK && json_next_item(&inner.reader)) {
        stream_position_t told = {0};
        DECODE_OBJECT(&inner, position_fields, &told);
        if (inner.reader.error == RESULT_OK) {
            position_event(work, &told, str_eq(account->reason, STR("MARGIN_TYPE_CHANGE")));
        }
    }
    if (work->decode.reader.error == RESULT_OK) {
        stream_inner_end(work, &inner);
    }
}

/* Funding of an isolated position comes with that position: before S was told, this is how to know whose it is. */
static void incomes_attribute(binance_private_t *out)
{
    instrument_id_t only = INSTRUMENT_NONE;
    for (uint32_t i = 0; i < out->count; i++) {
        if (out->events[i].kind == PRIVATE_POSITION) {
            if (only != INSTRUMENT_NONE && only != out->events[i].position.instrument) {
                return;
            }
            only = out->events[i].position.instrument;
        }
    }
    for (uint32_t i = 0; i < out->count; i++) {
        if (out->events[i].kind == PRIVATE_INCOME) {
            out->events[i].income.instrument = only;
        }
    }
}

void stream_account_update(stream_work_t *work)
{
    static const field_t fields[] = {
        FIELD(stream_account_t, "m", reason, TAKE_WORD, FIELD_REQUIRED),
        FIELD(stream_account_t, "S", symbol, TAKE_NAME, FIELD_OPTIONAL),
        FIELD(stream_account_t, "B", balances, TAKE_RAW, FIELD_OPTIONAL),
        FIELD(stream_account_t, "P", positions, TAKE_RAW, FIELD_OPTIONAL),
    };
    decode_t inner;
    stream_account_t account = {0};
    work->out->kind = BINANCE_PRIVATE_ACCOUNT;
    if (!stream_inner_begin(work, &inner, work->frame.account, "a")) {
        return;
    }
    DECODE_OBJECT(&inner, fields, &account);
    if (!stream_inner_end(work, &inner)) {
        return;
    }
    stream_word_put(work->out, account.reason);
    instrument_id_t instrument = account.symbol[0] != '\0' ? decode_symbol(work->symbols, account.symbol) : INSTRUMENT_NONE;
    balance_events(work, &account, instrument);
    if (work->decode.reader.error == RESULT_OK) {
        position_events(work, &account);
    }
    if (instrument == INSTRUMENT_NONE && work->decode.reader.error == RESULT_OK) {
        incomes_attribute(work->out);
    }
}

/* --- ACCOUNT_CONFIG_UPDATE, MARGIN_CALL ------------------------------------------------------- */

typedef struct {
    char symbol[SYMBOL_TEXT_MAX];
    uint32_t leverage;
    bool multi_assets;
} stream_config_t;

void stream_config_update(stream_work_t *work)
{
    static const field_t leverage_fields[] = {
        FIELD(stream_config_t, "s", symbol, TAKE_NAME, FIELD_REQUIRED),
        FIELD(stream_config_t, "l", leverage, TAKE_U32, FIELD_REQUIRED),
    };
    static const field_t mode_fields[] = {FIELD(stream_config_t, "j", multi_assets, TAKE_BOOL, FIELD_REQUIRED)};
    decode_t inner;
    stream_config_t told = {0};
    work->out->kind = BINANCE_PRIVATE_CONFIG;
    bool leverage = work->frame.leverage.bytes != NULL;
    if (!stream_inner_begin(work, &inner, leverage ? work->frame.leverage : work->frame.assets_mode, "ac")) {
        return;
    }
    if (leverage) {
        DECODE_OBJECT(&inner, leverage_fields, &told);
    } else {
        DECODE_OBJECT(&inner, mode_fields, &told);
    }
    if (!stream_inner_end(work, &inner)) {
        return;
    }
    if (!leverage) {
        work->out->multi_assets_changed = true;
        work->out->multi_assets = told.multi_assets;
        return;
    }
    instrument_id_t instrument = decode_symbol(work->symbols, told.symbol);
    if (instrument == INSTRUMENT_NONE) {
        work->out->left_out++;
        return;
    }
    private_event_t *event =
        stream_event_add(work, PRIVATE_SETTINGS, work->frame.time_ns != 0 ? work->frame.time_ns : work->frame.event_ns);
    if (event != NULL) {
        event->settings = (private_settings_t){.instrument = instrument, .leverage = told.leverage};
    }
}

void stream_margin_call(stream_work_t *work)
{
    static const field_t fields[] = {FIELD(stream_position_t, "s", symbol, TAKE_NAME, FIELD_REQUIRED)};
    decode_t inner;
    binance_private_t *out = work->out;
    out->kind = BINANCE_PRIVATE_MARGIN_CALL;
    if (!stream_inner_begin(work, &inner, work->frame.positions, "p")) {
        return;
    }
    json_enter_array(&inner.reader);
    while (inner.reader.error == RESULT_OK && json_next_item(&inner.reader)) {
        stream_position_t told = {0};
        DECODE_OBJECT(&inner, fields, &told);
        if (inner.reader.error == RESULT_OK && out->symbol_count < BINANCE_MARGIN_CALL_MAX) {
            memcpy(out->symbols[out->symbol_count++], told.symbol, sizeof told.symbol);
        }
    }
    stream_inner_end(work, &inner);
}
