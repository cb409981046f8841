/* settings.c: leverage, margin type, position mode, listen keys. */
#include <string.h>

#include "core/base/hash.h"
#include "edge/face/binance_usdm/usdm_parts.h"

static void write_success(call_t *call)
{
    json_begin_object(&call->writer);
    json_field_i64(&call->writer, "code", 200);
    json_field_string(&call->writer, "msg", "success");
    json_end_object(&call->writer);
}

void handle_leverage(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    uint64_t leverage = 0;
    dec_t most = DEC_ZERO;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) || !call_u64(call, "leverage", PARAM_MANDATORY, &leverage))
        return;
    uint32_t wanted = leverage > 1000 ? 1000 : (uint32_t)leverage;
    if (!call_accept(call, world_set_leverage(call->world, call->account->account, instrument, wanted, &most)))
        return;
    json_begin_object(&call->writer);
    json_field_u64(&call->writer, "leverage", leverage);
    json_field_dec(&call->writer, "maxNotionalValue", most);
    json_field_string(&call->writer, "symbol", venue_instrument_at(call->venue, instrument)->symbol);
    json_end_object(&call->writer);
}

void handle_margin_type(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    str_t word = {0};
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) || !call_text(call, "marginType", PARAM_MANDATORY, &word))
        return;
    bool isolated = str_eq(word, STR("ISOLATED"));
    if (!isolated && !str_eq(word, STR("CROSSED"))) {
        call_fail(call, 400, -1130, "Data sent for parameter 'marginType' is not valid.");
        return;
    }
    venue_margin_t margin = isolated ? VENUE_MARGIN_ISOLATED : VENUE_MARGIN_CROSS;
    if (call_accept(call, world_set_margin(call->world, call->account->account, instrument, margin)))
        write_success(call);
}

void handle_position_margin(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    venue_position_side_t side = VENUE_POSITION_BOTH;
    str_t word = {0};
    dec_t amount = DEC_ZERO;
    uint64_t type = 0;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) || !call_text(call, "positionSide", PARAM_OPTIONAL, &word) ||
        !call_dec(call, "amount", PARAM_MANDATORY, &amount) || !call_u64(call, "type", PARAM_MANDATORY, &type))
        return;
    if (word.length > 0 && !word_to_position_side(word, &side)) {
        call_fail(call, 400, -4060, "Invalid position side.");
        return;
    }
    if (type != 1 && type != 2) {
        call_fail(call, 400, -1130, "Data sent for parameter 'type' is not valid.");
        return;
    }
    if (dec_sign(amount) <= 0) {
        call_accept(call, (venue_reply_t){.reject = VENUE_REJECT_AMOUNT_NOT_POSITIVE});
        return;
    }
    dec_t change = type == 1 ? amount : dec_neg(amount);
    if (!call_accept(call, world_move_margin(call->world, call->account->account, instrument, side, change)))
        return;
    json_begin_object(&call->writer);
    json_write_key(&call->writer, "amount");
    json_write_dec_number(&call->writer, amount);
    json_field_i64(&call->writer, "code", 200);
    json_field_string(&call->writer, "msg",
                      type == 1 ? "Successfully add position margin." : "Successfully reduce position margin.");
    json_field_u64(&call->writer, "type", type);
    json_end_object(&call->writer);
}

static bool is_hedged(const call_t *call)
{
    venue_account_view_t view;
    return venue_account_view(call->venue, call->account->account, &view) == RESULT_OK && view.mode == VENUE_MODE_HEDGE;
}

void handle_mode_get(call_t *call)
{
    json_begin_object(&call->writer);
    json_field_bool(&call->writer, "dualSidePosition", is_hedged(call));
    json_end_object(&call->writer);
}

void handle_mode_set(call_t *call)
{
    bool dual = false;
    if (call_bool(call, "dualSidePosition", PARAM_MANDATORY, &dual) &&
        call_accept(call, world_set_mode(call->world, call->account->account, dual ? VENUE_MODE_HEDGE : VENUE_MODE_ONE_WAY)))
        write_success(call);
}

void handle_multi_assets_get(call_t *call)
{
    venue_account_view_t view = {0};
    (void)venue_account_view(call->venue, call->account->account, &view);
    json_begin_object(&call->writer);
    json_field_bool(&call->writer, "multiAssetsMargin", view.multi_assets);
    json_end_object(&call->writer);
}

void handle_multi_assets_set(call_t *call)
{
    bool wanted = false;
    if (call_bool(call, "multiAssetsMargin", PARAM_MANDATORY, &wanted) &&
        call_accept(call, world_set_multi_assets(call->world, call->account->account, wanted)))
        write_success(call);
}

void handle_fee_burn_get(call_t *call)
{
    venue_account_view_t view = {0};
    (void)venue_account_view(call->venue, call->account->account, &view);
    json_begin_object(&call->writer);
    json_field_bool(&call->writer, "feeBurn", view.fee_burn);
    json_end_object(&call->writer);
}

void handle_fee_burn_set(call_t *call)
{
    bool burn = false;
    if (!call_bool(call, "feeBurn", PARAM_MANDATORY, &burn))
        return;
    if (world_fee_burn(call->world, call->account->account, burn) == RESULT_OK)
        write_success(call);
    else
        call_fail(call, 503, -1001, "Internal error; unable to process your request. Please try again.");
}
