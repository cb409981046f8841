/* spot_params.c: the parameters of spot requests: orders and legs of lists, references, symbols, spans of time. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/base/hash.h"
#include "edge/face/binance_spot/spot_face_parts.h"
#include "edge/json/json_reader.h"

/* --- unknown ones ----------------------------------------------------------------------------- */

/* What the API documents for orders, lists, cancels and settings, without the prefix of a leg; and the stray names that ccxt is
 * known to send on sockets. */
static const char *const known_names[] = {
    "apiKey",
    "cancelNewClientOrderId",
    "cancelOrderId",
    "cancelOrigClientOrderId",
    "cancelReplaceMode",
    "cancelRestrictions",
    "computeCommissionRates",
    "icebergQty",
    "limitClientOrderId",
    "limitIcebergQty",
    "limitStrategyId",
    "limitStrategyType",
    "listClientOrderId",
    "listenKey",
    "newClientOrderId",
    "newOrderRespType",
    "newQty",
    "orderId",
    "orderListId",
    "orderRateLimitExceededMode",
    "origClientOrderId",
    "pegOffsetType",
    "pegOffsetValue",
    "pegPriceType",
    "price",
    "quantity",
    "quoteOrderQty",
    "recvWindow",
    "returnRateLimits",
    "selfTradePreventionMode",
    "side",
    "signature",
    "spotBNBBurn",
    "stopClientOrderId",
    "stopIcebergQty",
    "stopLimitPrice",
    "stopLimitTimeInForce",
    "stopLossPrice",
    "stopPrice",
    "stopStrategyId",
    "stopStrategyType",
    "strategyId",
    "strategyType",
    "subscriptionId",
    "symbol",
    "takeProfitPrice",
    "timeInForce",
    "timestamp",
    "trailingDelta",
    "type",
};

static const char *const leg_names[] = {"Type",          "Side",         "ClientOrderId", "Price",         "StopPrice",
                                        "TrailingDelta", "Quantity",     "IcebergQty",    "StrategyId",    "StrategyType",
                                        "TimeInForce",   "PegPriceType", "PegOffsetType", "PegOffsetValue"};
static const char *const leg_prefixes[] = {"above", "below", "working", "pendingAbove", "pendingBelow", "pending"};

static bool is_leg_name(str_t name)
{
    for (size_t p = 0; p < sizeof leg_prefixes / sizeof leg_prefixes[0]; p++) {
        str_t prefix = str_from(leg_prefixes[p]);
        if (!str_starts_with(name, prefix))
            continue;
        str_t rest = {name.bytes + prefix.length, name.length - prefix.length};
        for (size_t i = 0; i < sizeof leg_names / sizeof leg_names[0]; i++) {
            if (str_eq(rest, str_from(leg_names[i])))
                return true;
        }
    }
    return false;
}

bool spot_refuse_unknown(call_t *call)
{
    uint32_t unknown = 0;
    for (uint32_t i = 0; i < call->param_count; i++) {
        bool known = is_leg_name(call->params[i].name);
        for (size_t k = 0; !known && k < sizeof known_names / sizeof known_names[0]; k++)
            known = str_eq(call->params[i].name, str_from(known_names[k]));
        unknown += !known;
    }
    if (unknown == 0)
        return true;
    char text[CALL_ERROR_MAX];
    snprintf(text, sizeof text, "Not all sent parameters were read; read '%u' parameter(s) but was sent '%u'.",
             call->param_count - unknown, call->param_count);
    return call_fail(call, 400, -1104, text);
}

/* --- symbols ---------------------------------------------------------------------------------- */

static instrument_id_t find_symbol(const call_t *call, str_t symbol)
{
    uint32_t count = venue_instrument_count(call->venue);
    for (uint32_t i = 0; i < count; i++) {
        if (face_trades(call->face, (instrument_id_t)i) && str_eq(symbol, str_from(spot_rules(call, (instrument_id_t)i)->symbol)))
            return (instrument_id_t)i;
    }
    return INSTRUMENT_NONE;
}

/* ["BTCUSDT","BNBUSDT"] */
static bool read_list(call_t *call, str_t text, spot_symbols_t *symbols)
{
    json_reader_t reader;
    json_reader_init(&reader, text.bytes, text.length);
    json_enter_array(&reader);
    bool legal = true;
    while (json_next_item(&reader)) {
        char name[SYMBOL_TEXT_MAX];
        size_t length = 0;
        legal = json_read_text(&reader, name, sizeof name, &length) == RESULT_OK && call_is_spot_symbol((str_t){name, length});
        if (!legal)
            break;
        instrument_id_t id = find_symbol(call, (str_t){name, length});
        if (id == INSTRUMENT_NONE)
            return call_fail(call, 400, -1121, "Invalid symbol.");
        for (uint32_t i = 0; i < symbols->count; i++) {
            if (symbols->ids[i] == id)
                return call_fail(call, 400, -1151, "Symbol is present multiple times in the list.");
        }
        symbols->ids[symbols->count++] = id; /* as many as there are symbols: none comes twice */
    }
    return (legal && json_finish(&reader) == RESULT_OK) ||
           call_fail(call, 400, -1100,
                     "Illegal characters found in parameter 'symbols'; legal range is "
                     "'^\\[(\"[\\w\\-._&&[^a-z]]{1,50}\"(,\"[\\w\\-._&&[^a-z]]{1,50}\"){0,}){0,1}\\]$'.");
}

bool spot_read_symbols(call_t *call, spot_symbols_t *symbols)
{
    str_t text = {0};
    instrument_id_t only = INSTRUMENT_NONE;
    memset(symbols, 0, sizeof *symbols);
    if (!call_symbol(call, PARAM_OPTIONAL, &only) || !call_text(call, "symbols", PARAM_OPTIONAL, &text))
        return false;
    if (only != INSTRUMENT_NONE && text.length > 0)
        return call_fail(call, 400, -1128, "Combination of optional parameters invalid.");
    if (only != INSTRUMENT_NONE) {
        symbols->one = true;
        symbols->ids[symbols->count++] = only;
        return true;
    }
    if (text.length > 0)
        return read_list(call, text, symbols);
    uint32_t count = venue_instrument_count(call->venue);
    for (uint32_t i = 0; i < count && symbols->count < SPOT_SYMBOLS_MAX; i++) {
        if (face_trades(call->face, (instrument_id_t)i))
            symbols->ids[symbols->count++] = (instrument_id_t)i;
    }
    return true;
}

bool spot_keep_status(call_t *call, spot_symbols_t *symbols)
{
    str_t status = {0};
    if (!call_text(call, "symbolStatus", PARAM_OPTIONAL, &status))
        return false;
    if (status.length == 0)
        return true;
    if (!str_eq(status, STR("TRADING")) && !str_eq(status, STR("HALT")) && !str_eq(status, STR("BREAK")))
        return call_fail(call, 400, -1122, "Invalid symbolStatus.");
    uint32_t kept = 0;
    for (uint32_t i = 0; i < symbols->count; i++) {
        if (str_eq(status, str_from(spot_word_symbol_status(spot_rules(call, symbols->ids[i])->status))))
            symbols->ids[kept++] = symbols->ids[i];
    }
    symbols->count = kept;
    return !symbols->one || kept == 1 ||
           call_fail(call, 400, -1220, "The symbol's status does not match the requested symbolStatus.");
}

uint32_t spot_symbols_asked(const call_t *call, uint32_t all)
{
    for (uint32_t i = 0; i < call->param_count; i++) {
        str_t value = call->params[i].value;
        if (str_eq(call->params[i].name, STR("symbol")))
            return 1;
        if (!str_eq(call->params[i].name, STR("symbols")))
            continue;
        uint32_t count = 1;
        for (size_t k = 0; k < value.length; k++)
            count += value.bytes[k] == ',';
        return count;
    }
    return all;
}

/* --- orders ----------------------------------------------------------------------------------- */

enum { PARAM_NAME_MAX = 48 };

/* "" and price: price; above and price: abovePrice. */
static const char *named(const spot_names_t *names, const char *name, char room[PARAM_NAME_MAX])
{
    int length = snprintf(room, PARAM_NAME_MAX, "%s%s", names->prefix, name);
    size_t at = strlen(names->prefix);
    if (at > 0 && length > 0)
        room[at] = (char)toupper((unsigned char)room[at]);
    return room;
}

bool spot_read_client_id(call_t *call, const char *name, client_id_t *out)
{
    str_t text = {0};
    if (!call_text(call, name, PARAM_OPTIONAL, &text))
        return false;
    if (text.length >= CLIENT_ID_MAX) {
        char words[CALL_ERROR_MAX];
        snprintf(words, sizeof words, "Illegal characters found in parameter '%s'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.",
                 name);
        return call_fail(call, 400, -1100, words);
    }
    return call_client_id(call, name, out);
}

bool spot_read_word_side(call_t *call, const char *name, uint32_t *side)
{
    str_t word = {0};
    return call_text(call, name, PARAM_MANDATORY, &word) &&
           (spot_word_to_side(word, side) || call_fail(call, 400, -1117, "Invalid side."));
}

bool spot_read_stp(call_t *call, spot_stp_t *stp)
{
    str_t word = {0};
    *stp = SPOT_STP_EXPIRE_MAKER; /* defaultSelfTradePreventionMode */
    if (!call_text(call, "selfTradePreventionMode", PARAM_OPTIONAL, &word))
        return false;
    return word.length == 0 || spot_word_to_stp(word, stp) ||
           call_fail(call, 400, -1130, "Data sent for parameter 'selfTradePreventionMode' is not valid.");
}

static bool refuse_sent(call_t *call, const char *name)
{
    if (!call_has(call, name))
        return true;
    char text[CALL_ERROR_MAX];
    snprintf(text, sizeof text, "Parameter '%s' sent when not required.", name);
    return call_fail(call, 400, -1106, text);
}

static bool read_tif(call_t *call, const spot_names_t *names, spot_place_t *place)
{
    char room[PARAM_NAME_MAX];
    str_t word = {0};
    const char *name = named(names, "timeInForce", room);
    if (place->type == SPOT_MARKET || place->type == SPOT_STOP_LOSS || place->type == SPOT_TAKE_PROFIT ||
        place->type == SPOT_LIMIT_MAKER)
        return refuse_sent(call, name);
    return call_text(call, name, PARAM_MANDATORY, &word) &&
           (spot_word_to_tif(word, &place->tif) || call_fail(call, 400, -1115, "Invalid timeInForce."));
}

static bool read_peg(call_t *call, const spot_names_t *names, spot_place_t *place)
{
    char price_room[PARAM_NAME_MAX], type_room[PARAM_NAME_MAX], value_room[PARAM_NAME_MAX];
    const char *type_name = named(names, "pegOffsetType", type_room), *value_name = named(names, "pegOffsetValue", value_room);
    str_t word = {0}, type = {0};
    uint64_t offset = 0;
    if (!call_text(call, named(names, "pegPriceType", price_room), PARAM_OPTIONAL, &word) ||
        !call_text(call, type_name, PARAM_OPTIONAL, &type) || !call_u64(call, value_name, PARAM_OPTIONAL, &offset))
        return false;
    if (word.length > 0 && !spot_word_to_peg(word, &place->peg))
        return call_fail(call, 400, -1210, "Invalid pegPriceType.");
    if (type.length > 0 && !str_eq(type, STR("PRICE_LEVEL")))
        return call_fail(call, 400, -1211, "Invalid pegOffsetType.");
    if ((type.length > 0) != call_has(call, value_name) || (type.length > 0 && word.length == 0))
        return call_accept_spot(call, SPOT_REJECT_COMBINATION);
    place->peg_offset = offset > UINT32_MAX ? UINT32_MAX : (uint32_t)offset;
    return true;
}

static bool read_price(call_t *call, const spot_names_t *names, spot_place_t *place)
{
    char room[PARAM_NAME_MAX];
    const char *name = named(names, "price", room);
    bool market = place->type == SPOT_MARKET || place->type == SPOT_STOP_LOSS || place->type == SPOT_TAKE_PROFIT;
    if (market)
        return refuse_sent(call, name);
    bool pegged = place->peg != SPOT_PEG_NONE;
    if (!call_dec(call, name, pegged ? PARAM_OPTIONAL : PARAM_MANDATORY, &place->price))
        return false;
    return !pegged || !call_has(call, name) || dec_sign(place->price) > 0 || call_accept_spot(call, SPOT_REJECT_PRICE_NOT_POSITIVE);
}

static bool read_trigger(call_t *call, const spot_names_t *names, spot_place_t *place)
{
    char stop_room[PARAM_NAME_MAX], delta_room[PARAM_NAME_MAX];
    const char *stop = named(names, "stopPrice", stop_room), *delta = named(names, "trailingDelta", delta_room);
    bool waits = place->type >= SPOT_STOP_LOSS && place->type <= SPOT_TAKE_PROFIT_LIMIT;
    uint64_t distance = 0;
    if (!waits)
        return refuse_sent(call, stop) && refuse_sent(call, delta);
    if (!call_has(call, stop) && !call_has(call, delta)) {
        char text[CALL_ERROR_MAX];
        snprintf(text, sizeof text, "Param '%s' or '%s' must be sent, but both were empty/null!", stop, delta);
        return call_fail(call, 400, -1102, text);
    }
    if (!call_dec(call, stop, PARAM_OPTIONAL, &place->stop_price) || !call_u64(call, delta, PARAM_OPTIONAL, &distance))
        return false;
    if (call_has(call, stop) && dec_sign(place->stop_price) <= 0)
        return call_accept_spot(call, SPOT_REJECT_STOP_NOT_POSITIVE);
    if (call_has(call, delta) && distance == 0)
        return call_accept_spot(call, SPOT_REJECT_TRAILING_DELTA);
    place->trailing_delta = distance > SPOT_TRAILING_DELTA_MAX ? SPOT_TRAILING_DELTA_MAX + 1 : (uint32_t)distance;
    return true;
}

static bool read_strategy(call_t *call, const spot_names_t *names, spot_place_t *place)
{
    char id_room[PARAM_NAME_MAX], type_room[PARAM_NAME_MAX];
    uint64_t type = 0;
    const char *id_name = named(names, "strategyId", id_room), *type_name = named(names, "strategyType", type_room);
    place->has_strategy_id = call_has(call, id_name);
    place->has_strategy_type = call_has(call, type_name);
    if (!call_u64(call, id_name, PARAM_OPTIONAL, &place->strategy_id) || !call_u64(call, type_name, PARAM_OPTIONAL, &type))
        return false;
    place->strategy_type = type > UINT32_MAX ? UINT32_MAX : (uint32_t)type;
    return true;
}

bool spot_read_conditions(call_t *call, const spot_names_t *names, spot_place_t *place)
{
    char room[PARAM_NAME_MAX];
    str_t word = {0};
    if (!call_text(call, named(names, "type", room), PARAM_MANDATORY, &word))
        return false;
    if (!spot_word_to_type(word, &place->type))
        return call_fail(call, 400, -1116, "Invalid orderType.");
    return read_tif(call, names, place) && read_peg(call, names, place) && read_price(call, names, place) &&
           read_trigger(call, names, place) && read_strategy(call, names, place) &&
           call_dec(call, named(names, "icebergQty", room), PARAM_OPTIONAL, &place->iceberg_quantity) &&
           spot_read_client_id(call, names->client_id, &place->client_id);
}

bool spot_read_order(call_t *call, spot_place_t *place)
{
    static const spot_names_t names = {"", "newClientOrderId"};
    place->account = call->account->account;
    if (!call_symbol(call, PARAM_MANDATORY, &place->instrument) || !spot_read_word_side(call, "side", &place->side) ||
        !spot_read_conditions(call, &names, place) || !spot_read_stp(call, &place->stp))
        return false;
    bool by_quote = place->type == SPOT_MARKET && call_has(call, "quoteOrderQty");
    if (!by_quote && !refuse_sent(call, "quoteOrderQty"))
        return false;
    if (by_quote && call_has(call, "quantity"))
        return refuse_sent(call, "quantity");
    if (place->type == SPOT_MARKET && !by_quote && !call_has(call, "quantity"))
        return call_fail(call, 400, -1102, "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!");
    if (by_quote && call_dec(call, "quoteOrderQty", PARAM_MANDATORY, &place->quote_quantity))
        return dec_sign(place->quote_quantity) > 0 || call_accept_spot(call, SPOT_REJECT_QUANTITY_NOT_POSITIVE);
    return !call_failed(call) && call_dec(call, "quantity", PARAM_MANDATORY, &place->quantity);
}

bool spot_read_response(call_t *call, spot_response_t usual, spot_response_t *response)
{
    str_t word = {0};
    *response = usual;
    if (!call_text(call, "newOrderRespType", PARAM_MAY_BE_EMPTY, &word)) /* go-binance sends it empty */
        return false;
    if (str_eq(word, STR("ACK")))
        *response = SPOT_ACK;
    else if (str_eq(word, STR("RESULT")))
        *response = SPOT_RESULT;
    else if (str_eq(word, STR("FULL")))
        *response = SPOT_FULL;
    else
        return word.length == 0 || call_fail(call, 400, -1136, "Invalid newOrderRespType.");
    return true;
}

/* --- references ------------------------------------------------------------------------------- */

/* 22 letters and digits, a function of seed, events so far and time. */
void spot_make_request_id(call_t *call, client_id_t *id)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    uint64_t state = hash_u64(world_seed(call->world) ^ venue_event_count(call->venue), (uint64_t)venue_now(call->venue));
    for (unsigned i = 0; i < 22; i++) {
        state = hash_u64(state, i);
        id->text[i] = letters[state % (sizeof letters - 1)];
    }
    id->text[22] = '\0';
}

bool spot_read_ref(call_t *call, const char *id_name, const char *client_name, spot_ref_t *ref)
{
    ref->account = call->account->account;
    if (!call_symbol(call, PARAM_MANDATORY, &ref->instrument) || !call_u64(call, id_name, PARAM_OPTIONAL, &ref->id) ||
        !spot_read_client_id(call, client_name, &ref->client_id))
        return false;
    if (ref->id == 0 && ref->client_id.text[0] == '\0') {
        char text[CALL_ERROR_MAX];
        snprintf(text, sizeof text, "Param '%s' or '%s' must be sent, but both were empty/null!", client_name, id_name);
        return call_fail(call, 400, -1102, text);
    }
    return true;
}

bool spot_read_span(call_t *call, venue_select_t *select)
{
    if (!call_time(call, "startTime", PARAM_OPTIONAL, &select->from_ns) ||
        !call_time(call, "endTime", PARAM_OPTIONAL, &select->to_ns))
        return false;
    if (select->from_ns != 0 && select->to_ns != 0 && select->from_ns > select->to_ns)
        return call_fail(call, 400, -1128, "Start time must be less than end time.");
    return select->from_ns == 0 || select->to_ns == 0 || select->to_ns - select->from_ns <= NS_PER_DAY ||
           call_fail(call, 400, -1127, "More than 24 hours between startTime and endTime.");
}
