/* decode_account.c: REST replies about the account: errors, positions, balances, fills, incomes, settings. */
#include "edge/exchange/binance/decode_json.h"
#include "edge/exchange/binance/words.h"

#include <string.h>

typedef struct {
    str_t code;
    char message[512];
} rest_error_t;

result_t binance_decode_error(str_t body, int64_t *code, char *message, size_t capacity)
{
    static const field_t fields[] = {
        FIELD(rest_error_t, "code", code, TAKE_RAW, FIELD_REQUIRED),
        FIELD(rest_error_t, "msg", message, TAKE_TEXT, FIELD_REQUIRED),
    };
    rest_error_t error = {0};
    int64_t value;
    result_t result = DECODE_DOCUMENT(body, fields, &error, NULL);
    if (result != RESULT_OK) {
        return result == RESULT_FIELD_MISSING || result == RESULT_FIELD_WRONG_TYPE ? RESULT_UNSUPPORTED : result;
    }
    json_reader_t number;
    json_reader_init(&number, error.code.bytes, error.code.length);
    if (json_read_i64(&number, &value) != RESULT_OK) {
        return RESULT_UNSUPPORTED;
    }
    *code = value;
    size_t length = strlen(error.message);
    length = length < capacity - 1 ? length : capacity - 1;
    memcpy(message, error.message, length);
    message[length] = '\0';
    return RESULT_OK;
}

result_t binance_decode_success(str_t body, binance_detail_t *detail)
{
    static const field_t fields[] = {FIELD(rest_error_t, "code", code, TAKE_RAW, FIELD_REQUIRED)};
    rest_error_t success = {0};
    decode_t decode;
    decode_init(&decode, body);
    DECODE_OBJECT(&decode, fields, &success);
    if (decode.reader.error == RESULT_OK && !str_eq(success.code, STR("200")) && !str_eq(success.code, STR("\"200\""))) {
        decode_fail(&decode, RESULT_UNKNOWN_VALUE, "code", "not 200");
    }
    return decode_finish(&decode, detail);
}

/* One element of a list. It reads into `event`, sets *id where the list is paged by one, and may say that the element is of no use.
 */
typedef enum { ELEMENT_GIVE, ELEMENT_PASS_OVER, ELEMENT_LEFT_OUT } element_t;
typedef element_t element_fn(decode_t *decode, const binance_list_t *list, private_event_t *event, uint64_t *id);

static void list_walk(decode_t *decode, binance_list_t *list, element_fn *element)
{
    json_enter_array(&decode->reader);
    while (decode->reader.error == RESULT_OK && json_next_item(&decode->reader)) {
        private_event_t event;
        uint64_t id = 0;
        memset(&event, 0, sizeof event);
        element_t what = element(decode, list, &event, &id);
        if (decode->reader.error != RESULT_OK) {
            break;
        }
        list->seen++;
        list->left_out += what == ELEMENT_LEFT_OUT;
        list->last_id = id > list->last_id ? id : list->last_id;
        list->last_ns = event.time_ns > list->last_ns ? event.time_ns : list->last_ns;
        if (what == ELEMENT_GIVE) {
            list->each(list->context, &event);
        }
    }
}

static result_t list_decode(binance_list_t *list, str_t body, element_fn *element, binance_detail_t *detail)
{
    decode_t decode;
    decode_init(&decode, body);
    list_walk(&decode, list, element);
    return decode_finish(&decode, detail);
}

/* --- positions -------------------------------------------------------------------------------- */

typedef struct {
    char symbol[SYMBOL_TEXT_MAX];
    str_t position;
    dec_t amount, entry;
    int64_t update_ns;
} rest_position_t;

static element_t position_element(decode_t *decode, const binance_list_t *list, private_event_t *event, uint64_t *id)
{
    static const field_t fields[] = {
        FIELD(rest_position_t, "symbol", symbol, TAKE_NAME, FIELD_REQUIRED),
        FIELD(rest_position_t, "positionSide", position, TAKE_WORD, FIELD_REQUIRED),
        FIELD(rest_position_t, "positionAmt", amount, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_position_t, "entryPrice", entry, TAKE_DEC, FIELD_OPTIONAL), /* /v3/account has none */
        FIELD(rest_position_t, "updateTime", update_ns, TAKE_MS, FIELD_OPTIONAL),
    };
    rest_position_t rest = {0};
    (void)id;
    DECODE_OBJECT(decode, fields, &rest);
    if (decode->reader.error != RESULT_OK) {
        return ELEMENT_PASS_OVER;
    }
    position_key_t key = binance_position_key(rest.position);
    if (key == 0) {
        decode_fail(decode, RESULT_UNKNOWN_VALUE, "positionSide", "a word that is not known");
        return ELEMENT_PASS_OVER;
    }
    event->kind = PRIVATE_POSITION;
    event->time_ns = rest.update_ns;
    event->position = (private_position_t){
        .instrument = decode_symbol(list->symbols, rest.symbol), .position = key, .amount = rest.amount, .entry = rest.entry};
    if (event->position.instrument != INSTRUMENT_NONE) {
        return ELEMENT_GIVE;
    }
    if (list->stranger != NULL && !dec_is_zero(rest.amount)) {
        list->stranger(list->context, str_from(rest.symbol), rest.amount);
    }
    return ELEMENT_LEFT_OUT;
}

result_t binance_decode_positions(binance_list_t *list, str_t body, binance_detail_t *detail)
{
    return list_decode(list, body, position_element, detail);
}

/* --- balances --------------------------------------------------------------------------------- */

typedef struct {
    char asset[ASSET_TEXT_MAX];
    dec_t balance, available;
    int64_t update_ns;
} rest_balance_t;

/* The lists of /v3/balance and /v3/account name the wallet differently. */
static element_t wallet_read(decode_t *decode, const field_t *fields, size_t count, private_event_t *event)
{
    rest_balance_t rest = {0};
    decode_object(decode, fields, count, &rest);
    if (decode->reader.error != RESULT_OK)
        return ELEMENT_PASS_OVER;
    event->kind = PRIVATE_BALANCE;
    event->time_ns = rest.update_ns;
    event->balance = (private_balance_t){.wallet = rest.balance, .available_known = true, .available = rest.available};
    memcpy(event->balance.asset, rest.asset, sizeof event->balance.asset);
    return ELEMENT_GIVE;
}

#define WALLET_FIELDS(wallet)                                                                                                      \
    {                                                                                                                              \
        FIELD(rest_balance_t, "asset", asset, TAKE_NAME, FIELD_REQUIRED),                                                          \
            FIELD(rest_balance_t, wallet, balance, TAKE_DEC, FIELD_REQUIRED),                                                      \
            FIELD(rest_balance_t, "availableBalance", available, TAKE_DEC, FIELD_REQUIRED),                                        \
            FIELD(rest_balance_t, "updateTime", update_ns, TAKE_MS, FIELD_OPTIONAL),                                               \
    }

static element_t balance_element(decode_t *decode, const binance_list_t *list, private_event_t *event, uint64_t *id)
{
    static const field_t fields[] = WALLET_FIELDS("balance");
    (void)list;
    (void)id;
    return wallet_read(decode, fields, sizeof fields / sizeof fields[0], event);
}

static element_t asset_element(decode_t *decode, const binance_list_t *list, private_event_t *event, uint64_t *id)
{
    static const field_t fields[] = WALLET_FIELDS("walletBalance");
    (void)list;
    (void)id;
    return wallet_read(decode, fields, sizeof fields / sizeof fields[0], event);
}

result_t binance_decode_balances(binance_list_t *list, str_t body, binance_detail_t *detail)
{
    return list_decode(list, body, balance_element, detail);
}

/* --- fills ------------------------------------------------------------------------------------ */

typedef struct {
    char symbol[SYMBOL_TEXT_MAX], fee_asset[ASSET_TEXT_MAX];
    uint64_t id, order_id;
    str_t side, position;
    dec_t price, quantity, realised, commission;
    bool maker;
    int64_t time_ns;
} rest_fill_t;

static element_t fill_element(decode_t *decode, const binance_list_t *list, private_event_t *event, uint64_t *id)
{
    static const field_t fields[] = {
        FIELD(rest_fill_t, "symbol", symbol, TAKE_NAME, FIELD_REQUIRED),
        FIELD(rest_fill_t, "id", id, TAKE_U64, FIELD_REQUIRED),
        FIELD(rest_fill_t, "orderId", order_id, TAKE_U64, FIELD_REQUIRED),
        FIELD(rest_fill_t, "side", side, TAKE_WORD, FIELD_REQUIRED),
        FIELD(rest_fill_t, "positionSide", position, TAKE_WORD, FIELD_OPTIONAL),
        FIELD(rest_fill_t, "price", price, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_fill_t, "qty", quantity, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_fill_t, "realizedPnl", realised, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_fill_t, "commission", commission, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_fill_t, "commissionAsset", fee_asset, TAKE_NAME, FIELD_REQUIRED),
        FIELD(rest_fill_t, "time", time_ns, TAKE_MS, FIELD_REQUIRED),
        FIELD(rest_fill_t, "maker", maker, TAKE_BOOL, FIELD_REQUIRED),
    };
    rest_fill_t rest = {0};
    DECODE_OBJECT(decode, fields, &rest);
    if (decode->reader.error != RESULT_OK) {
        return ELEMENT_PASS_OVER;
    }
    private_order_t *order = &event->fill.order;
    *order = (private_order_t){
        .instrument = decode_symbol(list->symbols, rest.symbol),
        .venue_order_id = rest.order_id,
        .side = binance_side(rest.side),
        .position = rest.position.bytes != NULL ? binance_position_key(rest.position) : POSITION_BOTH,
    };
    event->kind = PRIVATE_FILL;
    event->time_ns = rest.time_ns;
    event->fill.fill = (private_fill_t){.trade_id = rest.id,
                                        .price = rest.price,
                                        .quantity = rest.quantity,
                                        .fee = rest.commission,
                                        .realised = rest.realised,
                                        .time_ns = rest.time_ns,
                                        .maker = rest.maker};
    memcpy(event->fill.fill.fee_asset, rest.fee_asset, sizeof rest.fee_asset);
    *id = rest.id;
    if (order->side == 0 || order->position == 0 || dec_sign(rest.price) <= 0 || dec_sign(rest.quantity) <= 0) {
        decode_fail(decode, RESULT_UNKNOWN_VALUE, "side", "a fill with a side, price or quantity that cannot be");
        return ELEMENT_PASS_OVER;
    }
    return order->instrument == INSTRUMENT_NONE ? ELEMENT_LEFT_OUT : ELEMENT_GIVE;
}

result_t binance_decode_fills(binance_list_t *list, str_t body, binance_detail_t *detail)
{
    return list_decode(list, body, fill_element, detail);
}

/* --- incomes ---------------------------------------------------------------------------------- */

typedef struct {
    char symbol[SYMBOL_TEXT_MAX], asset[ASSET_TEXT_MAX];
    str_t kind;
    dec_t amount;
    int64_t time_ns;
    uint64_t transaction_id;
} rest_income_t;

income_kind_t binance_income_kind(str_t word)
{
    static const struct {
        str_t word;
        income_kind_t kind;
    } words[] = {
        {{"FUNDING_FEE", 11}, INCOME_FUNDING},
        {{"TRANSFER", 8}, INCOME_TRANSFER},
        {{"DEPOSIT", 7}, INCOME_TRANSFER},
        {{"WITHDRAW", 8}, INCOME_TRANSFER},
        {{"ASSET_TRANSFER", 14}, INCOME_TRANSFER},
        {{"INTERNAL_TRANSFER", 17}, INCOME_TRANSFER},
        {{"CROSS_COLLATERAL_TRANSFER", 25}, INCOME_TRANSFER},
        {{"INSURANCE_CLEAR", 15}, INCOME_LIQUIDATION},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_eq(words[i].word, word)) {
            return words[i].kind;
        }
    }
    return INCOME_OTHER;
}

static element_t income_element(decode_t *decode, const binance_list_t *list, private_event_t *event, uint64_t *id)
{
    static const field_t fields[] = {
        FIELD(rest_income_t, "symbol", symbol, TAKE_NAME, FIELD_OPTIONAL),
        FIELD(rest_income_t, "incomeType", kind, TAKE_WORD, FIELD_REQUIRED),
        FIELD(rest_income_t, "income", amount, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_income_t, "asset", asset, TAKE_NAME, FIELD_REQUIRED),
        FIELD(rest_income_t, "time", time_ns, TAKE_MS, FIELD_REQUIRED),
        FIELD(rest_income_t, "tranId", transaction_id, TAKE_U64, FIELD_OPTIONAL),
    };
    rest_income_t rest = {0};
    DECODE_OBJECT(decode, fields, &rest);
    if (decode->reader.error != RESULT_OK) {
        return ELEMENT_PASS_OVER;
    }
    *id = rest.transaction_id;
    event->time_ns = rest.time_ns;
    if (str_eq(rest.kind, STR("REALIZED_PNL")) || str_eq(rest.kind, STR("COMMISSION"))) {
        return ELEMENT_PASS_OVER; /* the fills tell these */
    }
    event->kind = PRIVATE_INCOME;
    event->income = (private_income_t){
        .kind = binance_income_kind(rest.kind),
        .instrument = rest.symbol[0] != '\0' ? decode_symbol(list->symbols, rest.symbol) : INSTRUMENT_NONE,
        .amount = rest.amount,
        .time_ns = rest.time_ns,
        .venue_id = rest.transaction_id,
    };
    memcpy(event->income.asset, rest.asset, sizeof rest.asset);
    return ELEMENT_GIVE; /* money of a symbol that we do not follow is money all the same */
}

result_t binance_decode_incomes(binance_list_t *list, str_t body, binance_detail_t *detail)
{
    return list_decode(list, body, income_element, detail);
}

/* --- settings --------------------------------------------------------------------------------- */

typedef struct {
    char symbol[SYMBOL_TEXT_MAX];
    str_t margin;
    uint32_t leverage;
} rest_settings_t;

static element_t settings_element(decode_t *decode, const binance_list_t *list, private_event_t *event, uint64_t *id)
{
    static const field_t fields[] = {
        FIELD(rest_settings_t, "symbol", symbol, TAKE_NAME, FIELD_REQUIRED),
        FIELD(rest_settings_t, "marginType", margin, TAKE_WORD, FIELD_REQUIRED),
        FIELD(rest_settings_t, "leverage", leverage, TAKE_U32, FIELD_REQUIRED),
    };
    rest_settings_t rest = {0};
    (void)id;
    DECODE_OBJECT(decode, fields, &rest);
    if (decode->reader.error != RESULT_OK) {
        return ELEMENT_PASS_OVER;
    }
    bool isolated = str_eq_nocase(rest.margin, STR("isolated"));
    bool crossed = str_eq_nocase(rest.margin, STR("crossed")) || str_eq_nocase(rest.margin, STR("cross"));
    if (!isolated && !crossed) {
        decode_fail(decode, RESULT_UNKNOWN_VALUE, "marginType", "a word that is not known");
        return ELEMENT_PASS_OVER;
    }
    event->kind = PRIVATE_SETTINGS;
    event->settings = (private_settings_t){.instrument = decode_symbol(list->symbols, rest.symbol),
                                           .leverage = rest.leverage,
                                           .margin_type = isolated ? MARGIN_ISOLATED : MARGIN_CROSSED};
    return event->settings.instrument == INSTRUMENT_NONE ? ELEMENT_LEFT_OUT : ELEMENT_GIVE;
}

result_t binance_decode_settings(binance_list_t *list, str_t body, binance_detail_t *detail)
{
    return list_decode(list, body, settings_element, detail);
}

/* --- /account --------------------------------------------------------------------------------- */

typedef struct {
    binance_account_t account;
    str_t assets, positions;
} rest_account_t;

/* A list inside the body: its offsets stay those of the body. */
static void inner_walk(decode_t *decode, str_t list_text, binance_list_t *list, element_fn *element, const char *field)
{
    decode_t inner;
    decode_init(&inner, list_text);
    list_walk(&inner, list, element);
    if (decode_finish(&inner, NULL) != RESULT_OK && decode->reader.error == RESULT_OK) {
        decode->reader.at = (size_t)(list_text.bytes - decode->reader.bytes) + inner.reader.error_at;
        decode_fail(decode, inner.reader.error, inner.field != NULL ? inner.field : field, inner.reader.error_what);
    }
}

result_t binance_decode_account(binance_list_t *list, str_t body, binance_account_t *out, binance_detail_t *detail)
{
    static const field_t fields[] = {
        FIELD(rest_account_t, "totalWalletBalance", account.wallet, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_account_t, "totalUnrealizedProfit", account.unrealised, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_account_t, "totalMarginBalance", account.margin_balance, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_account_t, "availableBalance", account.available, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_account_t, "totalInitialMargin", account.initial_margin, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_account_t, "totalMaintMargin", account.maintenance_margin, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_account_t, "assets", assets, TAKE_RAW, FIELD_REQUIRED),
        FIELD(rest_account_t, "positions", positions, TAKE_RAW, FIELD_REQUIRED),
    };
    rest_account_t rest;
    decode_t decode;
    memset(&rest, 0, sizeof rest);
    decode_init(&decode, body);
    DECODE_OBJECT(&decode, fields, &rest);
    if (decode.reader.error == RESULT_OK) {
        inner_walk(&decode, rest.assets, list, asset_element, "assets");
    }
    if (decode.reader.error == RESULT_OK) {
        inner_walk(&decode, rest.positions, list, position_element, "positions");
    }
    result_t result = decode_finish(&decode, detail);
    if (result == RESULT_OK) {
        *out = rest.account;
    }
    return result;
}
