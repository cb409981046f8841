/* account.c: balances, positions, the account as a whole; the second version of each shows more fields and every symbol. */
#include <string.h>

#include "edge/face/binance_usdm/usdm_parts.h"

typedef enum { VERSION_2, VERSION_3 } version_t;

/* Assets without a past would have an update time of 0, which makes ccxt pass them over. */
static int64_t update_time(const call_t *call, int64_t update_ns)
{
    return update_ns != 0 ? update_ns : world_start_ns(call->world);
}

static void write_balance(call_t *call, const venue_balance_t *balance)
{
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_field_string(writer, "accountAlias", call->account->name);
    json_field_string(writer, "asset", balance->name);
    write_money(writer, "balance", balance->wallet);
    write_money(writer, "crossWalletBalance", balance->cross_wallet);
    write_money(writer, "crossUnPnl", balance->cross_pnl);
    write_money(writer, "availableBalance", balance->available);
    write_money(writer, "maxWithdrawAmount", balance->withdrawable_max);
    json_field_bool(writer, "marginAvailable", true);
    write_ms(writer, "updateTime", update_time(call, balance->update_ns));
    json_end_object(writer);
}

static void write_balances(call_t *call)
{
    uint32_t count = venue_asset_count(call->venue);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        venue_balance_t balance;
        if (venue_balance(call->venue, call->account->account, (venue_asset_t)i, &balance) == RESULT_OK)
            write_balance(call, &balance);
    }
    json_end_array(&call->writer);
}

void handle_balance_v2(call_t *call)
{
    write_balances(call);
}

void handle_balance_v3(call_t *call)
{
    write_balances(call);
}

/* --- positions -------------------------------------------------------------------------------- */

static void write_risk(call_t *call, const venue_position_t *position, version_t version)
{
    json_writer_t *writer = &call->writer;
    const instrument_t *rules = venue_instrument_at(call->venue, position->instrument);
    bool isolated = position->margin == VENUE_MARGIN_ISOLATED;
    json_begin_object(writer);
    json_field_string(writer, "symbol", rules->symbol);
    json_field_string(writer, "positionSide", word_position_side(position->side));
    write_quantity(writer, "positionAmt", rules, position->amount);
    json_field_dec(writer, "entryPrice", position->entry_price);
    json_field_dec(writer, "breakEvenPrice", position->break_even_price);
    write_money(writer, "markPrice", position->mark_price);
    write_money(writer, "unRealizedProfit", position->unrealised_pnl);
    json_field_dec(writer, "liquidationPrice", position->liquidation_price);
    write_money(writer, "isolatedMargin", position->isolated_margin);
    json_field_dec(writer, "notional", position->notional);
    json_field_string(writer, "marginAsset", rules->settle);
    write_money(writer, "isolatedWallet", position->isolated_wallet);
    if (version == VERSION_2) {
        json_write_key(writer, "leverage");
        char number[24];
        str_from_u64(position->leverage, number);
        json_write_text(writer, str_from(number));
        json_field_string(writer, "marginType", isolated ? "isolated" : "cross");
        json_field_string(writer, "isAutoAddMargin", "false");
        json_field_dec(writer, "maxNotionalValue", position->notional_max);
    } else {
        write_money(writer, "initialMargin", position->initial_margin);
        write_money(writer, "maintMargin", position->maintenance_margin);
        write_money(writer, "positionInitialMargin", position->position_initial_margin);
        write_money(writer, "openOrderInitialMargin", position->order_initial_margin);
        json_field_u64(writer, "adl", position->adl_quantile);
        json_field_dec(writer, "bidNotional", position->bid_notional);
        json_field_dec(writer, "askNotional", position->ask_notional);
    }
    write_ms(writer, "updateTime", position->update_ns);
    json_end_object(writer);
}

/* Every leg of every symbol in the account's mode. */
static uint32_t all_positions(call_t *call, venue_position_t *rows, uint32_t capacity)
{
    venue_account_view_t view;
    uint32_t count = 0, instruments = venue_instrument_count(call->venue);
    if (venue_account_view(call->venue, call->account->account, &view) != RESULT_OK)
        return 0;
    bool hedged = view.mode == VENUE_MODE_HEDGE;
    for (uint32_t i = 0; i < instruments; i++) {
        if (!face_trades(call->face, (instrument_id_t)i))
            continue; /* a spot market has no legs, and may have a contract's name */
        for (unsigned side = hedged ? VENUE_POSITION_LONG : VENUE_POSITION_BOTH;
             side <= (hedged ? VENUE_POSITION_SHORT : VENUE_POSITION_BOTH); side++) {
            if (count < capacity && venue_position(call->venue, call->account->account, (instrument_id_t)i,
                                                   (venue_position_side_t)side, &rows[count]) == RESULT_OK)
                count++;
        }
    }
    return count;
}

static uint32_t positions_of(call_t *call, version_t version)
{
    venue_position_t *rows = call->face->rows.positions;
    return version == VERSION_2 ? all_positions(call, rows, ROWS_MAX)
                                : venue_positions(call->venue, call->account->account, rows, ROWS_MAX);
}

static void position_risk(call_t *call, version_t version)
{
    instrument_id_t only = INSTRUMENT_NONE;
    if (!call_symbol(call, PARAM_OPTIONAL, &only))
        return;
    uint32_t count = positions_of(call, version);
    const venue_position_t *rows = call->face->rows.positions;
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        if (only == INSTRUMENT_NONE || rows[i].instrument == only)
            write_risk(call, &rows[i], version);
    }
    json_end_array(&call->writer);
}

void handle_position_risk_v2(call_t *call)
{
    position_risk(call, VERSION_2);
}

void handle_position_risk_v3(call_t *call)
{
    position_risk(call, VERSION_3);
}

/* --- the account ------------------------------------------------------------------------------ */

static void write_asset(call_t *call, const venue_balance_t *balance, version_t version)
{
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_field_string(writer, "asset", balance->name);
    write_money(writer, "walletBalance", balance->wallet);
    write_money(writer, "unrealizedProfit", balance->unrealised_pnl);
    write_money(writer, "marginBalance", balance->margin_balance);
    write_money(writer, "maintMargin", balance->maintenance_margin);
    write_money(writer, "initialMargin", balance->initial_margin);
    write_money(writer, "positionInitialMargin", balance->position_initial_margin);
    write_money(writer, "openOrderInitialMargin", balance->order_initial_margin);
    write_money(writer, "crossWalletBalance", balance->cross_wallet);
    write_money(writer, "crossUnPnl", balance->cross_pnl);
    write_money(writer, "availableBalance", balance->available);
    write_money(writer, "maxWithdrawAmount", balance->withdrawable_max);
    if (version == VERSION_2)
        json_field_bool(writer, "marginAvailable", true);
    write_ms(writer, "updateTime", update_time(call, balance->update_ns));
    json_end_object(writer);
}

static void write_account_position(call_t *call, const venue_position_t *position, version_t version)
{
    json_writer_t *writer = &call->writer;
    const instrument_t *rules = venue_instrument_at(call->venue, position->instrument);
    json_begin_object(writer);
    json_field_string(writer, "symbol", rules->symbol);
    json_field_string(writer, "positionSide", word_position_side(position->side));
    write_quantity(writer, "positionAmt", rules, position->amount);
    write_money(writer, "unrealizedProfit", position->unrealised_pnl);
    write_money(writer, "isolatedMargin", position->isolated_margin);
    json_field_dec(writer, "notional", position->notional);
    write_money(writer, "isolatedWallet", position->isolated_wallet);
    write_money(writer, "initialMargin", position->initial_margin);
    write_money(writer, "maintMargin", position->maintenance_margin);
    if (version == VERSION_2) {
        char leverage[24];
        str_from_u64(position->leverage, leverage);
        write_money(writer, "positionInitialMargin", position->position_initial_margin);
        write_money(writer, "openOrderInitialMargin", position->order_initial_margin);
        json_field_string(writer, "leverage", leverage);
        json_field_bool(writer, "isolated", position->margin == VENUE_MARGIN_ISOLATED);
        json_field_dec(writer, "entryPrice", position->entry_price);
        json_field_dec(writer, "breakEvenPrice", position->break_even_price);
        json_field_dec(writer, "maxNotional", position->notional_max);
        json_field_dec(writer, "bidNotional", position->bid_notional);
        json_field_dec(writer, "askNotional", position->ask_notional);
    }
    write_ms(writer, "updateTime", position->update_ns);
    json_end_object(writer);
}

typedef struct {
    dec_t initial, maintenance, wallet, pnl, margin, position_initial, order_initial, cross_wallet, cross_pnl, available,
        withdrawable;
} totals_t;

static void write_totals(json_writer_t *writer, const totals_t *totals)
{
    write_money(writer, "totalInitialMargin", totals->initial);
    write_money(writer, "totalMaintMargin", totals->maintenance);
    write_money(writer, "totalWalletBalance", totals->wallet);
    write_money(writer, "totalUnrealizedProfit", totals->pnl);
    write_money(writer, "totalMarginBalance", totals->margin);
    write_money(writer, "totalPositionInitialMargin", totals->position_initial);
    write_money(writer, "totalOpenOrderInitialMargin", totals->order_initial);
    write_money(writer, "totalCrossWalletBalance", totals->cross_wallet);
    write_money(writer, "totalCrossUnPnl", totals->cross_pnl);
    write_money(writer, "availableBalance", totals->available);
    write_money(writer, "maxWithdrawAmount", totals->withdrawable);
}

/* Single-asset mode: those of USDT, the first asset. */
static totals_t totals_of_usdt(const call_t *call)
{
    venue_balance_t usdt;
    memset(&usdt, 0, sizeof usdt);
    (void)venue_balance(call->venue, call->account->account, 0, &usdt);
    return (totals_t){
        usdt.initial_margin,          usdt.maintenance_margin,   usdt.wallet,       usdt.unrealised_pnl, usdt.margin_balance,
        usdt.position_initial_margin, usdt.order_initial_margin, usdt.cross_wallet, usdt.cross_pnl,      usdt.available,
        usdt.withdrawable_max};
}

/* Multi-assets mode: of all assets, in USD. */
static totals_t totals_of_all(const call_t *call)
{
    venue_collateral_t all;
    (void)venue_collateral(call->venue, call->account->account, &all);
    return (totals_t){all.initial_margin,          all.maintenance_margin,   all.wallet, all.unrealised_pnl, all.margin_balance,
                      all.position_initial_margin, all.order_initial_margin, all.wallet, all.unrealised_pnl, all.available,
                      all.withdrawable_max};
}

static void write_account_flags(call_t *call)
{
    venue_account_view_t view;
    if (venue_account_view(call->venue, call->account->account, &view) != RESULT_OK)
        return;
    json_writer_t *writer = &call->writer;
    json_field_u64(writer, "feeTier", view.fee_tier);
    json_field_bool(writer, "feeBurn", view.fee_burn);
    json_field_bool(writer, "canTrade", view.can_trade);
    json_field_bool(writer, "canDeposit", true);
    json_field_bool(writer, "canWithdraw", true);
    json_field_i64(writer, "updateTime", 0);
    json_field_bool(writer, "multiAssetsMargin", view.multi_assets);
    json_field_i64(writer, "tradeGroupId", -1);
}

static void write_account(call_t *call, version_t version)
{
    json_writer_t *writer = &call->writer;
    venue_balance_t balance;
    uint32_t assets = venue_asset_count(call->venue);
    memset(&balance, 0, sizeof balance);
    json_begin_object(writer);
    if (version == VERSION_2)
        write_account_flags(call);
    venue_account_view_t view = {0};
    (void)venue_account_view(call->venue, call->account->account, &view);
    totals_t totals = view.multi_assets ? totals_of_all(call) : totals_of_usdt(call);
    write_totals(writer, &totals);
    json_write_key(writer, "assets");
    json_begin_array(writer);
    for (uint32_t i = 0; i < assets; i++) {
        if (venue_balance(call->venue, call->account->account, (venue_asset_t)i, &balance) == RESULT_OK)
            write_asset(call, &balance, version);
    }
    json_end_array(writer);
    uint32_t count = positions_of(call, version);
    json_write_key(writer, "positions");
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++)
        write_account_position(call, &call->face->rows.positions[i], version);
    json_end_array(writer);
    json_end_object(writer);
}

void handle_account_v2(call_t *call)
{
    write_account(call, VERSION_2);
}

void handle_account_v3(call_t *call)
{
    write_account(call, VERSION_3);
}
