/* spot_reference.c: what the exchange has beside plain order books, and what of it is here: execution rules and reference prices
 * (no symbol has any), block trades (there are none), smart order routing (no symbol has it). */
#include "edge/face/binance_spot/spot_face_parts.h"

uint32_t weigh_spot_execution_rules(const call_t *call)
{
    uint32_t weight = 2 * spot_symbols_asked(call, 20);
    return weight < 40 ? weight : 40;
}

void handle_spot_execution_rules(call_t *call)
{
    spot_symbols_t symbols;
    if (call_has(call, "symbol") + call_has(call, "symbols") + call_has(call, "symbolStatus") > 1) {
        call_fail(call, 400, -1128, "Combination of optional parameters invalid.");
        return;
    }
    if (!spot_read_symbols(call, &symbols) || !spot_keep_status(call, &symbols))
        return;
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_write_key(writer, "symbolRules");
    json_begin_array(writer);
    for (uint32_t i = 0; i < symbols.count; i++) {
        json_begin_object(writer);
        json_field_string(writer, "symbol", spot_rules(call, symbols.ids[i])->symbol);
        json_write_key(writer, "rules");
        json_begin_array(writer);
        json_end_array(writer);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_end_object(writer);
}

/* Asked for the price or how it is calculated. */
void handle_spot_reference_price(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    if (call_symbol(call, PARAM_MANDATORY, &instrument))
        call_fail(call, 400, -2043, "This symbol doesn't have a reference price.");
}

void handle_spot_block_trades(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    uint64_t from = 0, limit = 500;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) || !call_u64(call, "fromId", PARAM_MANDATORY, &from) ||
        !call_limit(call, 1000, &limit))
        return;
    json_begin_array(&call->writer);
    json_end_array(&call->writer);
}

/* A whole order, then the refusal. */
void handle_spot_sor(call_t *call)
{
    spot_place_t place;
    memset(&place, 0, sizeof place);
    if (!spot_read_order(call, &place))
        return;
    if (place.type != SPOT_LIMIT && place.type != SPOT_MARKET)
        call_fail(call, 400, -1116, "Invalid orderType.");
    else
        call_fail(call, 400, -1013, "This symbol has no SOR.");
}

/* Weighs by its parameter, as the order itself does not. */
void handle_spot_sor_test(call_t *call)
{
    bool rates = false;
    if (call_bool(call, "computeCommissionRates", PARAM_OPTIONAL, &rates))
        handle_spot_sor(call);
}

/* Fills of routed orders: as no symbol has them, none. */
void handle_spot_allocations(call_t *call)
{
    venue_select_t select = {.account = call->account->account, .instrument = INSTRUMENT_NONE};
    uint64_t from = 0, order_id = 0, limit = 500;
    if (!call_symbol(call, PARAM_MANDATORY, &select.instrument) || !call_u64(call, "fromAllocationId", PARAM_OPTIONAL, &from) ||
        !call_u64(call, "orderId", PARAM_OPTIONAL, &order_id) || !spot_read_span(call, &select) || !call_limit(call, 1000, &limit))
        return;
    json_begin_array(&call->writer);
    json_end_array(&call->writer);
}
