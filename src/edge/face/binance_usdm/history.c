/* history.c: what has happened to an account, and what it may do: trades, income, brackets, configuration, commission. */
#include <string.h>

#include "edge/face/binance_usdm/usdm_parts.h"

static const instrument_t *rules_of(const call_t *call, instrument_id_t instrument)
{
    return venue_instrument_at(call->venue, instrument);
}

static void write_fill(call_t *call, const venue_fill_t *fill)
{
    json_writer_t *writer = &call->writer;
    const instrument_t *rules = rules_of(call, fill->instrument);
    json_begin_object(writer);
    json_field_string(writer, "symbol", rules->symbol);
    json_field_u64(writer, "id", fill->id);
    json_field_u64(writer, "orderId", fill->order_id);
    json_field_string(writer, "side", word_side(fill->side));
    write_price(writer, "price", rules, fill->price);
    write_quantity(writer, "qty", rules, fill->quantity);
    write_money(writer, "realizedPnl", fill->realised_pnl);
    json_field_dec(writer, "quoteQty", fill->quote);
    write_money(writer, "commission", fill->commission);
    json_field_string(writer, "commissionAsset", venue_asset_name(call->venue, fill->commission_asset));
    write_ms(writer, "time", fill->time_ns);
    json_field_string(writer, "positionSide", word_position_side(fill->position_side));
    json_field_bool(writer, "buyer", fill->side == VENUE_BUY);
    json_field_bool(writer, "maker", fill->maker);
    json_field_string(writer, "pair", rules->symbol);
    json_field_string(writer, "marginAsset", rules->settle);
    write_quantity(writer, "baseQty", rules, fill->quantity);
    json_end_object(writer);
}

void handle_user_trades(call_t *call)
{
    venue_select_t select = {.account = call->account->account, .instrument = INSTRUMENT_NONE};
    uint64_t limit = 500, order_id = 0;
    if (!call_symbol(call, PARAM_MANDATORY, &select.instrument) || !call_u64(call, "fromId", PARAM_OPTIONAL, &select.from_id) ||
        !call_u64(call, "orderId", PARAM_OPTIONAL, &order_id) || !call_time(call, "startTime", PARAM_OPTIONAL, &select.from_ns) ||
        !call_time(call, "endTime", PARAM_OPTIONAL, &select.to_ns) || !call_limit(call, 1000, &limit))
        return;
    if (select.from_id != 0 && (select.from_ns != 0 || select.to_ns != 0)) {
        call_fail(call, 400, -1128, "Combination of optional parameters invalid.");
        return;
    }
    if (!call_span(call, select.from_ns, select.to_ns))
        return;
    select.newest = select.from_id == 0 && select.from_ns == 0;
    venue_fill_t *rows = call->face->rows.fills;
    uint32_t count = venue_fills(call->venue, &select, rows, order_id != 0 ? ROWS_MAX : (uint32_t)limit);
    uint64_t written = 0;
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count && written < limit; i++) {
        if (order_id == 0 || rows[i].order_id == order_id) {
            write_fill(call, &rows[i]);
            written++;
        }
    }
    json_end_array(&call->writer);
}

/* Orders the exchange closed positions with: liquidations, and those that gave way for one. */
void handle_force_orders(call_t *call)
{
    venue_select_t select = {.account = call->account->account, .instrument = INSTRUMENT_NONE};
    uint64_t limit = 50;
    str_t kind = {0};
    if (!call_symbol(call, PARAM_MAY_BE_EMPTY, &select.instrument) ||
        !call_text(call, "autoCloseType", PARAM_MAY_BE_EMPTY, &kind) ||
        !call_time(call, "startTime", PARAM_OPTIONAL, &select.from_ns) ||
        !call_time(call, "endTime", PARAM_OPTIONAL, &select.to_ns) || !call_limit(call, 100, &limit) ||
        !call_span(call, select.from_ns, select.to_ns))
        return;
    bool liquidation = str_eq(kind, STR("LIQUIDATION")), adl = str_eq(kind, STR("ADL"));
    if (kind.length > 0 && !liquidation && !adl) {
        call_fail(call, 400, -1130, "Data sent for parameter 'autoCloseType' is not valid.");
        return;
    }
    venue_order_t *rows = call->face->rows.orders;
    select.newest = true;
    uint32_t count = venue_orders(call->venue, &select, rows, ROWS_MAX), written = 0;
    json_begin_array(&call->writer);
    for (uint32_t i = count; i-- > 0 && written < limit;) { /* the newest first */
        str_t id = str_from(rows[i].client_id.text);
        bool is_liquidation = str_starts_with(id, STR("autoclose-")), is_adl = str_starts_with(id, STR("adl_autoclose"));
        if (rows[i].type != VENUE_LIQUIDATION || !(liquidation ? is_liquidation : adl ? is_adl : is_liquidation || is_adl))
            continue;
        write_order(&call->writer, rules_of(call, rows[i].instrument), &rows[i]);
        written++;
    }
    json_end_array(&call->writer);
}

static void write_income(call_t *call, const venue_income_t *income)
{
    json_writer_t *writer = &call->writer;
    char trade[24] = "";
    if (income->trade_id != 0)
        str_from_u64(income->trade_id, trade);
    json_begin_object(writer);
    json_field_string(writer, "symbol", income->instrument == INSTRUMENT_NONE ? "" : rules_of(call, income->instrument)->symbol);
    json_field_string(writer, "incomeType", word_income(income->kind));
    write_money(writer, "income", income->amount);
    json_field_string(writer, "asset", venue_asset_name(call->venue, income->asset));
    json_field_string(writer, "info",
                      income->kind == VENUE_INCOME_TRANSFER ? "TRANSFER"
                      : trade[0]                            ? trade
                                                            : word_income(income->kind));
    write_ms(writer, "time", income->time_ns);
    json_field_u64(writer, "tranId", income->id);
    json_field_string(writer, "tradeId", trade);
    json_end_object(writer);
}

void handle_income(call_t *call)
{
    venue_select_t select = {.account = call->account->account, .instrument = INSTRUMENT_NONE};
    uint64_t limit = 100;
    str_t word = {0};
    venue_income_kind_t kind = VENUE_INCOME_TRANSFER;
    if (!call_symbol(call, PARAM_MAY_BE_EMPTY, &select.instrument) || !call_text(call, "incomeType", PARAM_MAY_BE_EMPTY, &word) ||
        !call_time(call, "startTime", PARAM_OPTIONAL, &select.from_ns) ||
        !call_time(call, "endTime", PARAM_OPTIONAL, &select.to_ns) || !call_limit(call, 1000, &limit))
        return;
    if (word.length > 0 && !word_to_income(word, &kind)) {
        call_fail(call, 400, -1130, "Data sent for parameter 'incomeType' is not valid.");
        return;
    }
    select.newest = select.from_ns == 0;
    venue_income_t *rows = call->face->rows.incomes;
    uint32_t count = venue_incomes(call->venue, &select, rows, ROWS_MAX);
    uint64_t matching = 0, skipped = 0, written = 0;
    for (uint32_t i = 0; i < count; i++)
        matching += word.length == 0 || rows[i].kind == kind;
    uint64_t skip = select.newest && matching > limit ? matching - limit : 0;
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count && written < limit; i++) {
        if (word.length > 0 && rows[i].kind != kind)
            continue;
        if (skipped++ < skip)
            continue;
        write_income(call, &rows[i]);
        written++;
    }
    json_end_array(&call->writer);
}

/* --- brackets and configuration --------------------------------------------------------------- */

static void write_brackets(call_t *call, instrument_id_t instrument)
{
    json_writer_t *writer = &call->writer;
    const instrument_t *rules = rules_of(call, instrument);
    json_begin_object(writer);
    json_field_string(writer, "symbol", rules->symbol);
    json_write_key(writer, "notionalCoef");
    json_write_dec_number(writer, DEC_ONE);
    json_write_key(writer, "brackets");
    json_begin_array(writer);
    for (uint32_t i = 0; i < rules->bracket_count; i++) {
        const leverage_bracket_t *row = &rules->brackets[i];
        json_begin_object(writer);
        json_field_u64(writer, "bracket", i + 1);
        json_field_u64(writer, "initialLeverage", row->leverage_max);
        json_write_key(writer, "notionalCap");
        json_write_dec_number(writer, row->notional_cap);
        json_write_key(writer, "notionalFloor");
        json_write_dec_number(writer, row->notional_floor);
        json_write_key(writer, "maintMarginRatio");
        json_write_dec_number(writer, row->maintenance_rate);
        json_write_key(writer, "cum");
        json_write_dec_number(writer, row->maintenance_cum);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_end_object(writer);
}

void handle_brackets(call_t *call)
{
    instrument_id_t only = INSTRUMENT_NONE;
    if (!call_symbol(call, PARAM_OPTIONAL, &only))
        return;
    uint32_t count = venue_instrument_count(call->venue);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        if ((only == INSTRUMENT_NONE || only == i) && face_trades(call->face, (instrument_id_t)i))
            write_brackets(call, (instrument_id_t)i);
    }
    json_end_array(&call->writer);
}

void handle_symbol_config(call_t *call)
{
    instrument_id_t only = INSTRUMENT_NONE;
    if (!call_symbol(call, PARAM_OPTIONAL, &only))
        return;
    uint32_t count = venue_instrument_count(call->venue);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        venue_position_t position;
        if ((only != INSTRUMENT_NONE && only != i) || !face_trades(call->face, (instrument_id_t)i) ||
            venue_position(call->venue, call->account->account, (instrument_id_t)i, VENUE_POSITION_BOTH, &position) != RESULT_OK)
            continue;
        json_begin_object(&call->writer);
        json_field_string(&call->writer, "symbol", rules_of(call, (instrument_id_t)i)->symbol);
        json_field_string(&call->writer, "marginType", position.margin == VENUE_MARGIN_ISOLATED ? "ISOLATED" : "CROSSED");
        json_field_bool(&call->writer, "isAutoAddMargin", false);
        json_field_u64(&call->writer, "leverage", position.leverage);
        json_field_dec(&call->writer, "maxNotionalValue", position.notional_max);
        json_end_object(&call->writer);
    }
    json_end_array(&call->writer);
}

void handle_account_config(call_t *call)
{
    venue_account_view_t view;
    memset(&view, 0, sizeof view);
    (void)venue_account_view(call->venue, call->account->account, &view);
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_field_u64(writer, "feeTier", view.fee_tier);
    json_field_bool(writer, "canTrade", view.can_trade);
    json_field_bool(writer, "canDeposit", true);
    json_field_bool(writer, "canWithdraw", true);
    json_field_bool(writer, "dualSidePosition", view.mode == VENUE_MODE_HEDGE);
    json_field_i64(writer, "updateTime", 0);
    json_field_bool(writer, "multiAssetsMargin", view.multi_assets);
    json_field_i64(writer, "tradeGroupId", -1);
    json_end_object(writer);
}

void handle_commission(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    venue_account_view_t view;
    memset(&view, 0, sizeof view);
    if (!call_symbol(call, PARAM_MANDATORY, &instrument))
        return;
    (void)venue_account_view(call->venue, call->account->account, &view);
    json_begin_object(&call->writer);
    json_field_string(&call->writer, "symbol", rules_of(call, instrument)->symbol);
    json_field_dec_places(&call->writer, "makerCommissionRate", view.maker_rate, 6);
    json_field_dec_places(&call->writer, "takerCommissionRate", view.taker_rate, 6);
    json_field_string(&call->writer, "rpiCommissionRate", "0.000050");
    json_end_object(&call->writer);
}

/* The lock has no end of its own (`exchange ctl restrict`), so plannedRecoverTime is 0. */
static void write_quantitative_lock(json_writer_t *writer)
{
    json_write_key(writer, "ACCOUNT");
    json_begin_array(writer);
    json_begin_object(writer);
    json_field_bool(writer, "isLocked", true);
    json_field_i64(writer, "plannedRecoverTime", 0);
    json_field_string(writer, "indicator", "TMV");
    json_field_i64(writer, "value", 10);
    json_field_i64(writer, "triggerValue", 1);
    json_end_object(writer);
    json_end_array(writer);
}

void handle_api_status(call_t *call)
{
    venue_account_view_t view;
    (void)venue_account_view(call->venue, call->account->account, &view);
    json_begin_object(&call->writer);
    json_write_key(&call->writer, "indicators");
    json_begin_object(&call->writer);
    if (view.restriction == VENUE_QUANTITATIVE_RULES)
        write_quantitative_lock(&call->writer);
    json_end_object(&call->writer);
    write_ms(&call->writer, "updateTime", venue_now(call->venue));
    json_end_object(&call->writer);
}

void handle_adl(call_t *call)
{
    venue_position_t *rows = call->face->rows.positions;
    uint32_t count = venue_positions(call->venue, call->account->account, rows, ROWS_MAX);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        json_begin_object(&call->writer);
        json_field_string(&call->writer, "symbol", rules_of(call, rows[i].instrument)->symbol);
        json_write_key(&call->writer, "adlQuantile");
        json_begin_object(&call->writer);
        json_field_u64(&call->writer, word_position_side(rows[i].side), rows[i].adl_quantile);
        json_end_object(&call->writer);
        json_end_object(&call->writer);
    }
    json_end_array(&call->writer);
}
