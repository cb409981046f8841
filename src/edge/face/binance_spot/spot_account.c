/* spot_account.c: balances, rates, own trades. */
#include <string.h>

#include "core/base/hash.h"
#include "edge/face/binance_spot/spot_face_parts.h"

static spot_account_t view_of(const call_t *call)
{
    spot_account_t account;
    memset(&account, 0, sizeof account);
    (void)spot_account_view(call->venue, call->account->account, &account);
    return account;
}

/* maker, taker: of the order's role; buyer, seller: on top, by side; both products of the exchange charge nothing for the side. */
static void write_rates(json_writer_t *writer, const char *key, dec_t maker, dec_t taker)
{
    json_write_key(writer, key);
    json_begin_object(writer);
    write_money(writer, "maker", maker);
    write_money(writer, "taker", taker);
    write_money(writer, "buyer", DEC_ZERO);
    write_money(writer, "seller", DEC_ZERO);
    json_end_object(writer);
}

static int64_t in_basis_points(dec_t rate)
{
    return (int64_t)(rate.units / (DEC_ONE.units / 10000));
}

static void write_balances(call_t *call, bool omit_zero)
{
    json_writer_t *writer = &call->writer;
    uint32_t count = venue_asset_count(call->venue);
    json_write_key(writer, "balances");
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        spot_balance_t balance;
        bool there = spot_balance(call->venue, call->account->account, (venue_asset_t)i, &balance) == RESULT_OK;
        if (!there || (omit_zero && dec_is_zero(balance.free) && dec_is_zero(balance.locked)))
            continue;
        json_begin_object(writer);
        json_field_string(writer, "asset", venue_asset_name(call->venue, (venue_asset_t)i));
        write_money(writer, "free", balance.free);
        write_money(writer, "locked", balance.locked);
        json_end_object(writer);
    }
    json_end_array(writer);
}

void handle_spot_account(call_t *call)
{
    bool omit_zero = false;
    spot_account_t account = view_of(call);
    json_writer_t *writer = &call->writer;
    if (!call_bool(call, "omitZeroBalances", PARAM_OPTIONAL, &omit_zero))
        return;
    json_begin_object(writer);
    json_field_i64(writer, "makerCommission", in_basis_points(account.maker_rate));
    json_field_i64(writer, "takerCommission", in_basis_points(account.taker_rate));
    json_field_i64(writer, "buyerCommission", 0);
    json_field_i64(writer, "sellerCommission", 0);
    write_rates(writer, "commissionRates", account.maker_rate, account.taker_rate);
    json_field_bool(writer, "canTrade", account.can_trade);
    json_field_bool(writer, "canWithdraw", false);
    json_field_bool(writer, "canDeposit", true);
    json_field_bool(writer, "brokered", false);
    json_field_bool(writer, "requireSelfTradePrevention", false);
    json_field_bool(writer, "preventSor", false);
    write_ms(writer, "updateTime", account.update_ns);
    json_field_string(writer, "accountType", "SPOT");
    write_balances(call, omit_zero);
    json_write_key(writer, "permissions");
    json_begin_array(writer);
    json_write_text(writer, STR("SPOT"));
    json_end_array(writer);
    json_field_u64(writer, "uid",
                   hash_bytes(world_seed(call->world), call->account->api_key, strlen(call->account->api_key)) % 1000000000);
    json_end_object(writer);
}

void spot_write_discount(json_writer_t *writer, const spot_account_t *account)
{
    json_write_key(writer, "discount");
    json_begin_object(writer);
    json_field_bool(writer, "enabledForAccount", account->burns_bnb);
    json_field_bool(writer, "enabledForSymbol", true);
    json_field_string(writer, "discountAsset", "BNB");
    write_money(writer, "discount", dec_from_scaled(100 - SPOT_BNB_DISCOUNT_PCT, 2));
    json_end_object(writer);
}

void handle_spot_commission(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    spot_account_t account = view_of(call);
    json_writer_t *writer = &call->writer;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument))
        return;
    json_begin_object(writer);
    json_field_string(writer, "symbol", spot_rules(call, instrument)->symbol);
    write_rates(writer, "standardCommission", account.maker_rate, account.taker_rate);
    write_rates(writer, "specialCommission", DEC_ZERO, DEC_ZERO);
    write_rates(writer, "taxCommission", DEC_ZERO, DEC_ZERO);
    spot_write_discount(writer, &account);
    json_end_object(writer);
}

static void write_burn(call_t *call)
{
    json_begin_object(&call->writer);
    json_field_bool(&call->writer, "spotBNBBurn", view_of(call).burns_bnb);
    json_field_bool(&call->writer, "interestBNBBurn", false);
    json_end_object(&call->writer);
}

void handle_spot_burn_get(call_t *call)
{
    write_burn(call);
}

void handle_spot_burn_set(call_t *call)
{
    bool burn = false;
    if (!call_bool(call, "spotBNBBurn", PARAM_MANDATORY, &burn))
        return;
    if (world_spot_burn_bnb(call->world, call->account->account, burn) == RESULT_OK)
        write_burn(call);
    else
        call_accept_spot(call, SPOT_REJECT_OVERLOADED);
}

/* --- own trades ------------------------------------------------------------------------------- */

uint32_t weigh_spot_my_trades(const call_t *call)
{
    return call_has(call, "orderId") ? 5 : 20;
}

static int64_t list_of(const call_t *call, const venue_fill_t *fill)
{
    spot_ref_t ref = {.account = call->account->account, .instrument = fill->instrument, .id = fill->order_id};
    spot_order_t order;
    bool found = spot_order(call->venue, &ref, &order) == RESULT_OK;
    return found && order.list_id != 0 ? (int64_t)order.list_id : -1;
}

static void write_trade(call_t *call, const venue_fill_t *fill)
{
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_field_string(writer, "symbol", spot_rules(call, fill->instrument)->symbol);
    json_field_u64(writer, "id", fill->id);
    json_field_u64(writer, "orderId", fill->order_id);
    json_field_i64(writer, "orderListId", list_of(call, fill));
    write_money(writer, "price", fill->price);
    write_money(writer, "qty", fill->quantity);
    write_money(writer, "quoteQty", fill->quote);
    write_money(writer, "commission", fill->commission);
    json_field_string(writer, "commissionAsset", venue_asset_name(call->venue, fill->commission_asset));
    write_ms(writer, "time", fill->time_ns);
    json_field_bool(writer, "isBuyer", fill->side == VENUE_BUY);
    json_field_bool(writer, "isMaker", fill->maker);
    json_field_bool(writer, "isBestMatch", true);
    json_end_object(writer);
}

void handle_spot_my_trades(call_t *call)
{
    venue_select_t select = {.account = call->account->account, .instrument = INSTRUMENT_NONE};
    uint64_t limit = 500, order_id = 0, written = 0;
    if (!call_symbol(call, PARAM_MANDATORY, &select.instrument) || !call_u64(call, "fromId", PARAM_OPTIONAL, &select.from_id) ||
        !call_u64(call, "orderId", PARAM_OPTIONAL, &order_id) || !spot_read_span(call, &select) || !call_limit(call, 1000, &limit))
        return;
    if (select.from_id != 0 && (select.from_ns != 0 || select.to_ns != 0)) {
        call_fail(call, 400, -1128, "Combination of optional parameters invalid.");
        return;
    }
    select.newest = select.from_id == 0 && select.from_ns == 0;
    venue_fill_t *rows = call->face->rows.fills;
    uint32_t count = venue_fills(call->venue, &select, rows, order_id != 0 ? ROWS_MAX : (uint32_t)limit);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count && written < limit; i++) {
        if (order_id != 0 && rows[i].order_id != order_id)
            continue;
        write_trade(call, &rows[i]);
        written++;
    }
    json_end_array(&call->writer);
}
