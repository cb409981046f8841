/* algo.c: conditional orders (the Algo service that took them over on 2025-12-09): place, cancel, ask. */
#include <string.h>

#include "edge/face/binance_usdm/usdm_parts.h"

#define READ_WORD(call, name, need, parse, out, code, text)                                                                        \
    do {                                                                                                                           \
        str_t word_ = {0};                                                                                                         \
        if (!call_text(call, name, need, &word_))                                                                                  \
            return false;                                                                                                          \
        if (word_.length > 0 && !parse(word_, out))                                                                                \
            return call_fail(call, 400, code, text);                                                                               \
    } while (0)

static const instrument_t *rules_of(const call_t *call, instrument_id_t instrument)
{
    return venue_instrument_at(call->venue, instrument);
}

static bool read_options(call_t *call, venue_algo_place_t *place)
{
    READ_WORD(call, "positionSide", PARAM_OPTIONAL, word_to_position_side, &place->position_side, -4060, "Invalid position side.");
    READ_WORD(call, "timeInForce", PARAM_OPTIONAL, word_to_tif, &place->tif, -1115, "Invalid timeInForce.");
    READ_WORD(call, "workingType", PARAM_OPTIONAL, word_to_working, &place->working, -4031, "Invalid parameter working type");
    READ_WORD(call, "selfTradePreventionMode", PARAM_OPTIONAL, word_to_stp, &place->stp, -5039,
              "Invalid self trade prevention mode");
    READ_WORD(call, "priceMatch", PARAM_OPTIONAL, word_to_match, &place->match, -5037, "Invalid price match");
    place->reduce_only_sent = call_has(call, "reduceOnly");
    return call_bool(call, "reduceOnly", PARAM_OPTIONAL, &place->reduce_only) &&
           call_bool(call, "closePosition", PARAM_OPTIONAL, &place->close_position) &&
           call_bool(call, "priceProtect", PARAM_OPTIONAL, &place->price_protect) &&
           call_client_id(call, "clientAlgoId", &place->client_id) &&
           call_time(call, "goodTillDate", PARAM_OPTIONAL, &place->good_till_ns);
}

static bool is_conditional(venue_type_t type)
{
    return type != VENUE_LIMIT && type != VENUE_MARKET && type != VENUE_LIQUIDATION;
}

/* Trailing stops are told apart: they have no trigger price of their own (sending one is -2021 at the live exchange). */
static bool read_trailing(call_t *call, venue_algo_place_t *place)
{
    if (call_has(call, "triggerPrice"))
        return call_accept(call, (venue_reply_t){.reject = VENUE_REJECT_WOULD_TRIGGER});
    /* activationPrice is the name before 2025-12-19; clients still send it. */
    return call_dec(call, "callbackRate", PARAM_MANDATORY, &place->callback_pct) &&
           call_dec(call, "activationPrice", PARAM_OPTIONAL, &place->activate_price) &&
           call_dec(call, "activatePrice", PARAM_OPTIONAL, &place->activate_price);
}

static bool read_place(call_t *call, venue_algo_place_t *place)
{
    str_t algo_type = {0};
    if (!call_text(call, "algoType", PARAM_MANDATORY, &algo_type) || !call_symbol(call, PARAM_MANDATORY, &place->instrument))
        return false;
    if (!str_eq(algo_type, STR("CONDITIONAL")))
        return call_fail(call, 400, -1130, "Data sent for parameter 'algoType' is not valid.");
    READ_WORD(call, "side", PARAM_MANDATORY, word_to_side, &place->side, -1117, "Invalid side.");
    READ_WORD(call, "type", PARAM_MANDATORY, word_to_type, &place->type, -1116, "Invalid orderType.");
    if (!is_conditional(place->type))
        return call_fail(call, 400, -1116, "Invalid orderType.");
    if (!call_refuse_closing(call, place->type) || !read_options(call, place) ||
        !call_dec(call, "quantity", place->close_position ? PARAM_OPTIONAL : PARAM_MANDATORY, &place->quantity))
        return false;
    if (place->type == VENUE_TRAILING_STOP_MARKET)
        return read_trailing(call, place);
    bool limit = place->type == VENUE_STOP || place->type == VENUE_TAKE_PROFIT;
    if (!call_dec(call, "triggerPrice", PARAM_MANDATORY, &place->trigger_price))
        return false;
    return !limit || call_dec(call, "price", place->match == VENUE_MATCH_NONE ? PARAM_MANDATORY : PARAM_OPTIONAL, &place->price);
}

void handle_algo_place(call_t *call)
{
    venue_algo_place_t place;
    venue_algo_t after;
    memset(&place, 0, sizeof place);
    memset(&after, 0, sizeof after);
    place.account = call->account->account;
    place.stp = VENUE_STP_EXPIRE_MAKER; /* what live echoes show, against the documented NONE */
    if (!read_place(call, &place) || !call_accept(call, world_algo_place(call->world, &place, &after)))
        return;
    call->orders_placed++;
    write_algo_reply(&call->writer, rules_of(call, place.instrument), &after);
}

/* The exchange's SDK for Java writes these names in lower case. */
static bool read_ref(call_t *call, venue_ref_t *ref)
{
    ref->account = call->account->account;
    ref->instrument = INSTRUMENT_NONE;
    if (!call_u64(call, "algoId", PARAM_OPTIONAL, &ref->id) || !call_client_id(call, "clientAlgoId", &ref->client_id) ||
        !call_u64(call, "algoid", PARAM_OPTIONAL, &ref->id) || !call_client_id(call, "clientalgoid", &ref->client_id))
        return false;
    if (ref->id == 0 && ref->client_id.text[0] == '\0')
        return call_fail(call, 400, -1102, "Param 'algoId' or 'clientAlgoId' must be sent, but both were empty/null!");
    return true;
}

void handle_algo_cancel(call_t *call)
{
    venue_ref_t ref;
    venue_algo_t after;
    memset(&ref, 0, sizeof ref);
    memset(&after, 0, sizeof after);
    if (!read_ref(call, &ref) || !call_accept(call, world_algo_cancel(call->world, &ref, &after)))
        return;
    json_begin_object(&call->writer);
    json_field_u64(&call->writer, "algoId", after.id);
    json_field_string(&call->writer, "clientAlgoId", after.client_id.text);
    json_field_string(&call->writer, "code", "200"); /* a text here, as the exchange sends it */
    json_field_string(&call->writer, "msg", "success");
    json_end_object(&call->writer);
}

void handle_algo_get(call_t *call)
{
    venue_ref_t ref;
    venue_algo_t algo;
    memset(&ref, 0, sizeof ref);
    if (!read_ref(call, &ref))
        return;
    if (venue_algo(call->venue, &ref, &algo) == RESULT_OK)
        write_algo(&call->writer, rules_of(call, algo.instrument), &algo);
    else
        call_accept(call, (venue_reply_t){.reject = VENUE_REJECT_NO_SUCH_ORDER});
}

static void write_algos(call_t *call, const venue_select_t *select, uint32_t limit)
{
    venue_algo_t *rows = call->face->rows.algos;
    uint32_t count = venue_algos(call->venue, select, rows, limit);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++)
        write_algo(&call->writer, rules_of(call, rows[i].instrument), &rows[i]);
    json_end_array(&call->writer);
}

void handle_algo_open(call_t *call)
{
    venue_select_t select = {.account = call->account->account, .instrument = INSTRUMENT_NONE, .open_only = true, .newest = true};
    if (call_symbol(call, PARAM_OPTIONAL, &select.instrument) && call_u64(call, "algoId", PARAM_OPTIONAL, &select.from_id))
        write_algos(call, &select, ROWS_MAX);
}

void handle_algo_all(call_t *call)
{
    venue_select_t select;
    uint32_t limit;
    if (trade_read_history(call, "algoId", &select, &limit))
        write_algos(call, &select, limit);
}

void handle_algo_cancel_all(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) ||
        !call_accept(call, world_algo_cancel_all(call->world, call->account->account, instrument, NULL)))
        return;
    trade_write_all_cancelled(call);
}
