/* decode_stream.c: frames of the private stream -> private events.
 *
 * Every event has an envelope of e, E and T; what it says stands in one inner object ("o" of orders, "a" of account updates, "ac"
 * and "ai" of settings). The frame is read twice: once for the envelope with the inner object as raw text, once for that.
 */
#include "edge/exchange/binance/decode_json.h"
#include "edge/exchange/binance/words.h"

#include "core/base/assert.h"

#include <string.h>

typedef struct {
    str_t type, stream, data;
    int64_t event_ns, time_ns;
    str_t order, account, leverage, assets_mode, positions;
    char listen_key[BINANCE_LISTEN_KEY_MAX];
} frame_t;

static const field_t frame_fields[] = {
    FIELD(frame_t, "e", type, TAKE_WORD, FIELD_OPTIONAL),
    FIELD(frame_t, "stream", stream, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(frame_t, "data", data, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(frame_t, "E", event_ns, TAKE_MS, FIELD_OPTIONAL),
    FIELD(frame_t, "T", time_ns, TAKE_MS, FIELD_OPTIONAL),
    FIELD(frame_t, "o", order, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(frame_t, "a", account, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(frame_t, "ac", leverage, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(frame_t, "ai", assets_mode, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(frame_t, "p", positions, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(frame_t, "listenKey", listen_key, TAKE_NAME, FIELD_OPTIONAL),
};

/* The work on one frame: decode is the outer text, so that every error has its place in the frame. */
typedef struct {
    decode_t decode;
    const symbol_map_t *symbols;
    frame_t frame;
    binance_private_t *out;
} work_t;

static private_event_t *event_add(work_t *work, private_kind_t kind, int64_t time_ns)
{
    binance_private_t *out = work->out;
    if (out->count == BINANCE_PRIVATE_EVENTS_MAX) {
        decode_fail(&work->decode, RESULT_FULL, NULL, "more balances and positions than one frame may have");
        return NULL;
    }
    private_event_t *event = &out->events[out->count++];
    memset(event, 0, sizeof *event);
    event->kind = kind;
    event->time_ns = time_ns;
    return event;
}

/* A decoder over an inner object; inner_end carries its error to the outer one. */
static bool inner_begin(work_t *work, decode_t *inner, str_t raw, const char *field)
{
    if (work->decode.reader.error == RESULT_OK && raw.bytes == NULL) {
        decode_fail(&work->decode, RESULT_FIELD_MISSING, field, "it is missing");
    }
    decode_init(inner, raw);
    return work->decode.reader.error == RESULT_OK;
}

static bool inner_end(work_t *work, decode_t *inner)
{
    decode_t *outer = &work->decode;
    if (decode_finish(inner, NULL) != RESULT_OK && outer->reader.error == RESULT_OK) {
        outer->reader.at = (size_t)(inner->reader.bytes - outer->reader.bytes) + inner->reader.error_at;
        decode_fail(outer, inner->reader.error, inner->field, inner->reader.error_what);
    }
    return outer->reader.error == RESULT_OK;
}

/* --- ORDER_TRADE_UPDATE ----------------------------------------------------------------------- */

typedef struct {
    char symbol[SYMBOL_TEXT_MAX], client_id[PRIVATE_CLIENT_ID_MAX], fee_asset[ASSET_TEXT_MAX];
    str_t side, type, execution, status, position;
    uint64_t id, trade_id;
    uint32_t expiry;
    dec_t quantity, price, trigger, filled, last_quantity, last_price, commission, realised;
    bool maker, reduce_only, close_position;
    int64_t time_ns;
} stream_order_t;

static const field_t order_fields[] = {
    FIELD(stream_order_t, "s", symbol, TAKE_NAME, FIELD_REQUIRED),
    FIELD(stream_order_t, "c", client_id, TAKE_NAME, FIELD_REQUIRED),
    FIELD(stream_order_t, "S", side, TAKE_WORD, FIELD_REQUIRED),
    FIELD(stream_order_t, "o", type, TAKE_WORD, FIELD_REQUIRED),
    FIELD(stream_order_t, "q", quantity, TAKE_DEC, FIELD_REQUIRED),
    FIELD(stream_order_t, "p", price, TAKE_DEC, FIELD_REQUIRED),
    FIELD(stream_order_t, "sp", trigger, TAKE_DEC, FIELD_OPTIONAL),
    FIELD(stream_order_t, "x", execution, TAKE_WORD, FIELD_REQUIRED),
    FIELD(stream_order_t, "X", status, TAKE_WORD, FIELD_REQUIRED),
    FIELD(stream_order_t, "i", id, TAKE_U64, FIELD_REQUIRED),
    FIELD(stream_order_t, "l", last_quantity, TAKE_DEC, FIELD_REQUIRED),
    FIELD(stream_order_t, "z", filled, TAKE_DEC, FIELD_REQUIRED),
    FIELD(stream_order_t, "L", last_price, TAKE_DEC, FIELD_REQUIRED),
    FIELD(stream_order_t, "N", fee_asset, TAKE_NAME, FIELD_OPTIONAL),
    FIELD(stream_order_t, "n", commission, TAKE_DEC, FIELD_OPTIONAL),
    FIELD(stream_order_t, "T", time_ns, TAKE_MS, FIELD_REQUIRED),
    FIELD(stream_order_t, "t", trade_id, TAKE_U64, FIELD_OPTIONAL),
    FIELD(stream_order_t, "m", maker, TAKE_BOOL, FIELD_OPTIONAL),
    FIELD(stream_order_t, "R", reduce_only, TAKE_BOOL, FIELD_OPTIONAL),
    FIELD(stream_order_t, "cp", close_position, TAKE_BOOL, FIELD_OPTIONAL),
    FIELD(stream_order_t, "ps", position, TAKE_WORD, FIELD_OPTIONAL),
    FIELD(stream_order_t, "rp", realised, TAKE_DEC, FIELD_OPTIONAL),
    FIELD(stream_order_t, "er", expiry, TAKE_U32, FIELD_OPTIONAL),
};

static const char *expiry_text(uint32_t reason)
{
    static const char *const texts[] = {
        [0] = "",
        [1] = "self-trade prevention",
        [2] = "immediate-or-cancel remainder",
        [3] = "immediate-or-cancel remainder and self-trade prevention",
        [4] = "reduce-only knocked out",
        [5] = "liquidation",
        [6] = "its position is gone",
        [7] = "symbol delisted",
        [8] = "conditional order not triggered as asked",
        [9] = "market order remainder",
        [10] = "fill-or-kill not filled",
        [11] = "post-only would have taken",
    };
    return reason < sizeof texts / sizeof texts[0] ? texts[reason] : "expired for a reason that is not known";
}

static void text_put(char *into, size_t size, const char *text)
{
    size_t length = strlen(text);
    length = length < size - 1 ? length : size - 1;
    memcpy(into, text, length);
    into[length] = '\0';
}

static reduce_t reduce_of(bool close_position, bool reduce_only)
{
    return close_position ? CLOSE_POSITION : reduce_only ? REDUCE_ONLY : REDUCE_NO;
}

static private_order_t stream_order_make(const work_t *work, const stream_order_t *told)
{
    private_order_t order = {
        .instrument = decode_symbol(work->symbols, told->symbol),
        .venue_order_id = told->id,
        .status = binance_order_status(told->status),
        .owner = binance_owner(str_from(told->client_id)),
        .side = binance_side(told->side),
        .position = told->position.bytes != NULL ? binance_position_key(told->position) : POSITION_BOTH,
        .type = binance_order_type(told->type),
        .reduce = reduce_of(told->close_position, told->reduce_only),
        .quantity = told->quantity,
        .price = told->price,
        .trigger = told->trigger,
        .filled_known = true,
        .filled = told->filled,
    };
    memcpy(order.client_id, told->client_id, sizeof order.client_id);
    text_put(order.reason, sizeof order.reason, expiry_text(told->expiry));
    return order;
}

static bool execution_is_fill(const stream_order_t *told)
{
    bool traded = str_eq(told->execution, STR("TRADE")) || str_eq(told->execution, STR("CALCULATED"));
    return traded && dec_sign(told->last_quantity) > 0;
}

/* One event out of what was told. */
static void order_give(work_t *work, const stream_order_t *told, const private_order_t *order)
{
    bool fill = execution_is_fill(told);
    private_event_t *event = event_add(work, fill ? PRIVATE_FILL : PRIVATE_ORDER, told->time_ns);
    if (event == NULL) {
        return;
    }
    if (!fill) {
        event->order = *order;
        return;
    }
    event->fill.order = *order;
    event->fill.fill = (private_fill_t){
        .trade_id = told->trade_id,
        .price = told->last_price,
        .quantity = told->last_quantity,
        .fee = told->commission,
        .realised = told->realised,
        .time_ns = told->time_ns,
        .maker = told->maker,
    };
    memcpy(event->fill.fill.fee_asset, told->fee_asset, sizeof told->fee_asset);
}

static void order_update(work_t *work)
{
    decode_t inner;
    stream_order_t told;
    memset(&told, 0, sizeof told);
    work->out->kind = BINANCE_PRIVATE_ORDER;
    if (!inner_begin(work, &inner, work->frame.order, "o")) {
        return;
    }
    DECODE_OBJECT(&inner, order_fields, &told);
    if (!inner_end(work, &inner)) {
        return;
    }
    private_order_t order = stream_order_make(work, &told);
    if (order.side == 0 || order.position == 0) {
        decode_fail(&work->decode, RESULT_UNKNOWN_VALUE, order.side == 0 ? "S" : "ps", "a word that is not known");
    } else if (execution_is_fill(&told) && (told.trade_id == 0 || dec_sign(told.last_price) <= 0)) {
        decode_fail(&work->decode, RESULT_FIELD_MISSING, "t", "a fill without trade id or price");
    } else if (order.instrument == INSTRUMENT_NONE) {
        work->out->left_out++;
    } else {
        order_give(work, &told, &order);
    }
}

/* --- ALGO_UPDATE ------------------------------------------------------------------------------ */

typedef struct {
    char symbol[SYMBOL_TEXT_MAX], client_id[PRIVATE_CLIENT_ID_MAX], reason[PRIVATE_TEXT_MAX];
    str_t side, type, status, position, filled;
    uint64_t id, actual_id;
    dec_t quantity, price, trigger;
    bool reduce_only, close_position;
} stream_algo_t;

static const field_t algo_fields[] = {
    FIELD(stream_algo_t, "caid", client_id, TAKE_NAME, FIELD_REQUIRED),
    FIELD(stream_algo_t, "aid", id, TAKE_U64, FIELD_REQUIRED),
    FIELD(stream_algo_t, "o", type, TAKE_WORD, FIELD_REQUIRED),
    FIELD(stream_algo_t, "s", symbol, TAKE_NAME, FIELD_REQUIRED),
    FIELD(stream_algo_t, "S", side, TAKE_WORD, FIELD_REQUIRED),
    FIELD(stream_algo_t, "ps", position, TAKE_WORD, FIELD_OPTIONAL),
    FIELD(stream_algo_t, "q", quantity, TAKE_DEC, FIELD_OPTIONAL),
    FIELD(stream_algo_t, "X", status, TAKE_WORD, FIELD_REQUIRED),
    FIELD(stream_algo_t, "ai", actual_id, TAKE_U64, FIELD_OPTIONAL),
    FIELD(stream_algo_t, "aq", filled, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(stream_algo_t, "tp", trigger, TAKE_DEC, FIELD_OPTIONAL),
    FIELD(stream_algo_t, "p", price, TAKE_DEC, FIELD_OPTIONAL),
    FIELD(stream_algo_t, "R", reduce_only, TAKE_BOOL, FIELD_OPTIONAL),
    FIELD(stream_algo_t, "cp", close_position, TAKE_BOOL, FIELD_OPTIONAL),
    FIELD(stream_algo_t, "rm", reason, TAKE_TEXT, FIELD_OPTIONAL),
};

static void algo_filled(work_t *work, str_t raw, private_order_t *order)
{
    json_reader_t reader;
    if (raw.bytes == NULL || str_eq(raw, STR("\"\"")) || str_eq(raw, STR("null"))) {
        return;
    }
    json_reader_init(&reader, raw.bytes, raw.length);
    if (json_read_dec(&reader, &order->filled) != RESULT_OK) {
        decode_fail(&work->decode, reader.error, "aq", reader.error_what);
        return;
    }
    order->filled_known = true;
}

static void algo_update(work_t *work)
{
    decode_t inner;
    stream_algo_t told;
    memset(&told, 0, sizeof told);
    work->out->kind = BINANCE_PRIVATE_ALGO;
    if (!inner_begin(work, &inner, work->frame.order, "o")) {
        return;
    }
    DECODE_OBJECT(&inner, algo_fields, &told);
    if (!inner_end(work, &inner)) {
        return;
    }
    private_order_t order = {
        .instrument = decode_symbol(work->symbols, told.symbol),
        .algo = true,
        .venue_order_id = told.id,
        .engine_order_id = told.actual_id,
        .status = binance_order_status(told.status),
        .owner = binance_owner(str_from(told.client_id)),
        .side = binance_side(told.side),
        .position = told.position.bytes != NULL ? binance_position_key(told.position) : POSITION_BOTH,
        .type = binance_order_type(told.type),
        .reduce = reduce_of(told.close_position, told.reduce_only),
        .quantity = told.quantity,
        .price = told.price,
        .trigger = told.trigger,
    };
    memcpy(order.client_id, told.client_id, sizeof order.client_id);
    memcpy(order.reason, told.reason, sizeof order.reason);
    algo_filled(work, told.filled, &order);
    if (order.side == 0 || order.position == 0) {
        decode_fail(&work->decode, RESULT_UNKNOWN_VALUE, order.side == 0 ? "S" : "ps", "a word that is not known");
    } else if (order.instrument == INSTRUMENT_NONE) {
        work->out->left_out++;
    } else {
        private_event_t *event =
            event_add(work, PRIVATE_ORDER, work->frame.time_ns != 0 ? work->frame.time_ns : work->frame.event_ns);
        if (event != NULL) {
            event->order = order;
        }
    }
}

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

static void balance_events(work_t *work, const stream_account_t *account, instrument_id_t instrument)
{
    static const field_t fields[] = {
        FIELD(stream_balance_t, "a", asset, TAKE_NAME, FIELD_REQUIRED),
        FIELD(stream_balance_t, "wb", wallet, TAKE_DEC, FIELD_REQUIRED),
        FIELD(stream_balance_t, "bc", change, TAKE_DEC, FIELD_OPTIONAL),
    };
    decode_t inner;
    if (account->balances.bytes == NULL || !inner_begin(work, &inner, account->balances, "B")) {
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
            (event = event_add(work, PRIVATE_INCOME, work->frame.time_ns)) != NULL) {
            event->income = (private_income_t){.kind = binance_income_kind(account->reason),
                                               .instrument = instrument,
                                               .amount = told.change,
                                               .time_ns = work->frame.time_ns};
            memcpy(event->income.asset, told.asset, sizeof told.asset);
        }
        if ((event = event_add(work, PRIVATE_BALANCE, work->frame.time_ns)) != NULL) {
            event->balance = (private_balance_t){.wallet = told.wallet};
            memcpy(event->balance.asset, told.asset, sizeof told.asset);
        }
    }
    if (work->decode.reader.error == RESULT_OK) {
        inner_end(work, &inner);
    }
}

static void position_event(work_t *work, const stream_position_t *told, bool margin_changed)
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
    if ((event = event_add(work, PRIVATE_POSITION, work->frame.time_ns)) != NULL) {
        event->position =
            (private_position_t){.instrument = instrument, .position = key, .amount = told->amount, .entry = told->entry};
    }
    if (margin_changed && (event = event_add(work, PRIVATE_SETTINGS, work->frame.time_ns)) != NULL) {
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

static void position_events(work_t *work, const stream_account_t *account)
{
    decode_t inner;
    if (account->positions.bytes == NULL || !inner_begin(work, &inner, account->positions, "P")) {
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
        inner_end(work, &inner);
    }
}

static void word_put(binance_private_t *out, str_t word)
{
    size_t length = word.length < sizeof out->word - 1 ? word.length : sizeof out->word - 1;
    memcpy(out->word, word.bytes, length);
    out->word[length] = '\0';
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

static void account_update(work_t *work)
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
    if (!inner_begin(work, &inner, work->frame.account, "a")) {
        return;
    }
    DECODE_OBJECT(&inner, fields, &account);
    if (!inner_end(work, &inner)) {
        return;
    }
    word_put(work->out, account.reason);
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

static void config_update(work_t *work)
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
    if (!inner_begin(work, &inner, leverage ? work->frame.leverage : work->frame.assets_mode, "ac")) {
        return;
    }
    if (leverage) {
        DECODE_OBJECT(&inner, leverage_fields, &told);
    } else {
        DECODE_OBJECT(&inner, mode_fields, &told);
    }
    if (!inner_end(work, &inner)) {
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
        event_add(work, PRIVATE_SETTINGS, work->frame.time_ns != 0 ? work->frame.time_ns : work->frame.event_ns);
    if (event != NULL) {
        event->settings = (private_settings_t){.instrument = instrument, .leverage = told.leverage};
    }
}

static void margin_call(work_t *work)
{
    static const field_t fields[] = {FIELD(stream_position_t, "s", symbol, TAKE_NAME, FIELD_REQUIRED)};
    decode_t inner;
    binance_private_t *out = work->out;
    out->kind = BINANCE_PRIVATE_MARGIN_CALL;
    if (!inner_begin(work, &inner, work->frame.positions, "p")) {
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
    inner_end(work, &inner);
}

/* --- the frame -------------------------------------------------------------------------------- */

static bool type_is_ignored(str_t type)
{
    static const str_t ignored[] = {
        {"TRADE_LITE", 10}, {"STRATEGY_UPDATE", 15}, {"GRID_UPDATE", 11}, {"CONDITIONAL_ORDER_TRIGGER_REJECT", 32}};
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) {
        if (str_eq(type, ignored[i])) {
            return true;
        }
    }
    return false;
}

static void event_decode(work_t *work)
{
    str_t type = work->frame.type;
    work->out->event_ns = work->frame.event_ns;
    word_put(work->out, type);
    if (str_eq(type, STR("ORDER_TRADE_UPDATE"))) {
        order_update(work);
    } else if (str_eq(type, STR("ALGO_UPDATE"))) {
        algo_update(work);
    } else if (str_eq(type, STR("ACCOUNT_UPDATE"))) {
        account_update(work);
    } else if (str_eq(type, STR("ACCOUNT_CONFIG_UPDATE"))) {
        config_update(work);
    } else if (str_eq(type, STR("MARGIN_CALL"))) {
        margin_call(work);
    } else if (type_is_ignored(type)) {
        work->out->kind = BINANCE_PRIVATE_IGNORED;
    } else {
        bool expired = str_eq(type, STR("listenKeyExpired"));
        work->out->kind = expired ? BINANCE_PRIVATE_KEY_EXPIRED : BINANCE_PRIVATE_UNKNOWN;
        if (expired) {
            memcpy(work->out->listen_key, work->frame.listen_key, sizeof work->out->listen_key);
        }
        (void)event_add(work, PRIVATE_GAP, work->frame.event_ns);
    }
}

/* The fields that stand before the events: cleared cheaply, the events are cleared as they are added. */
static void out_clear(binance_private_t *out)
{
    memset(out, 0, offsetof(binance_private_t, events));
}

result_t binance_decode_private(const symbol_map_t *symbols, str_t frame, binance_private_t *out, binance_detail_t *detail)
{
    ASSERT(symbols != NULL && out != NULL);
    work_t work;
    memset(&work, 0, sizeof work);
    work.symbols = symbols;
    work.out = out;
    decode_init(&work.decode, frame);
    DECODE_OBJECT(&work.decode, frame_fields, &work.frame);
    if (work.decode.reader.error == RESULT_OK && work.frame.data.bytes != NULL && work.frame.type.bytes == NULL) {
        str_t data = work.frame.data; /* the combined envelope */
        if (json_finish(&work.decode.reader) == RESULT_OK) {
            memset(&work.frame, 0, sizeof work.frame);
            decode_init(&work.decode, data);
            DECODE_OBJECT(&work.decode, frame_fields, &work.frame);
        }
    }
    if (work.decode.reader.error == RESULT_OK && work.frame.type.bytes == NULL) {
        decode_fail(&work.decode, RESULT_UNSUPPORTED, "e", "no event");
    }
    out_clear(out);
    if (work.decode.reader.error == RESULT_OK) {
        event_decode(&work);
    }
    result_t result = decode_finish(&work.decode, detail);
    if (result != RESULT_OK) {
        out_clear(out);
    }
    return result;
}
