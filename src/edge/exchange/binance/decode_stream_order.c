/* decode_stream_order.c: what the private stream says of an order or a conditional order. */
#include "edge/exchange/binance/decode_stream.h"
#include "edge/exchange/binance/words.h"

#include <string.h>

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

static private_order_t stream_order_make(const stream_work_t *work, const stream_order_t *told)
{
    private_order_t order = {
        .instrument = decode_symbol(work->symbols, told->symbol),
        .venue_order_id = told->id,
        .status = binance_order_status(told->status),
        .owner = binance_owner(str_from(told->client_id)),
        .side = binance_side(told->side),
        .position = told->position.bytes != NULL ? binance_position_key(told->position) : POSITION_BOTH,
        .type = binance_order_type(told->type),
        .reduce = binance_reduce(told->close_position, told->reduce_only),
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
static void order_give(stream_work_t *work, const stream_order_t *told, const private_order_t *order)
{
    bool fill = execution_is_fill(told);
    private_event_t *event = stream_event_add(work, fill ? PRIVATE_FILL : PRIVATE_ORDER, told->time_ns);
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

void stream_order_update(stream_work_t *work)
{
    decode_t inner;
    stream_order_t told;
    memset(&told, 0, sizeof told);
    work->out->kind = BINANCE_PRIVATE_ORDER;
    if (!stream_inner_begin(work, &inner, work->frame.order, "o")) {
        return;
    }
    DECODE_OBJECT(&inner, order_fields, &told);
    if (!stream_inner_end(work, &inner)) {
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

void stream_algo_update(stream_work_t *work)
{
    decode_t inner;
    stream_algo_t told;
    memset(&told, 0, sizeof told);
    work->out->kind = BINANCE_PRIVATE_ALGO;
    if (!stream_inner_begin(work, &inner, work->frame.order, "o")) {
        return;
    }
    DECODE_OBJECT(&inner, algo_fields, &told);
    if (!stream_inner_end(work, &inner)) {
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
        .reduce = binance_reduce(told.close_position, told.reduce_only),
        .quantity = told.quantity,
        .price = told.price,
        .trigger = told.trigger,
    };
    memcpy(order.client_id, told.client_id, sizeof order.client_id);
    memcpy(order.reason, told.reason, sizeof order.reason);
    decode_filled(&work->decode, "aq", told.filled, &order);
    if (order.side == 0 || order.position == 0) {
        decode_fail(&work->decode, RESULT_UNKNOWN_VALUE, order.side == 0 ? "S" : "ps", "a word that is not known");
    } else if (order.instrument == INSTRUMENT_NONE) {
        work->out->left_out++;
    } else {
        private_event_t *event =
            stream_event_add(work, PRIVATE_ORDER, work->frame.time_ns != 0 ? work->frame.time_ns : work->frame.event_ns);
        if (event != NULL) {
            event->order = order;
        }
    }
}
