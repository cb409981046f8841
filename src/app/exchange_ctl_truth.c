/* exchange_ctl_truth.c: the venue's own truth for checkers: orders, conditional orders, fills, and every request it received. */
#include <stdlib.h>
#include <string.h>

#include "app/exchange_state.h"
#include "core/base/time.h"
#include "edge/face/binance_usdm/words.h"

enum { ROWS_A_REPLY = 300 };

typedef union {
    venue_order_t orders[ROWS_A_REPLY];
    venue_algo_t algos[ROWS_A_REPLY];
    venue_fill_t fills[ROWS_A_REPLY];
} rows_t;

static rows_t rows; /* one loop, one thread */

/* "[ACCOUNT [FROM]]": the first account, from the first id. */
static bool select_rows(exchange_t *exchange, const patriot_bus_Control *control, venue_select_t *select, json_writer_t *writer)
{
    const char *name = ctl_argument(control, 0), *from = ctl_argument(control, 1);
    const world_account_t *account = NULL;
    *select = (venue_select_t){.instrument = INSTRUMENT_NONE};
    for (uint32_t i = 0; i < world_account_count(exchange->world) && !account; i++) {
        const world_account_t *here = world_account_at(exchange->world, i);
        account = !name || strcmp(name, here->name) == 0 ? here : NULL;
    }
    if (!account || (from && str_to_u64(str_from(from), &select->from_id) != RESULT_OK)) {
        (void)ctl_complain(writer, "wants an account's name and an id to begin at: orders demo 1");
        return false;
    }
    select->account = account->account;
    json_field_string(writer, "account", account->name);
    return true;
}

static void write_next(json_writer_t *writer, uint32_t count, uint64_t last_id)
{
    json_field_u64(writer, "next", count > 0 ? last_id + 1 : 0); /* 0: nothing more */
}

static const char *symbol_of(const exchange_t *exchange, instrument_id_t id)
{
    return venue_instrument_at(world_venue(exchange->world), id)->symbol;
}

int exchange_ctl_orders(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    venue_select_t select;
    if (!select_rows(exchange, control, &select, writer))
        return 2;
    memset(rows.orders, 0, sizeof rows.orders);
    uint32_t count = venue_orders(world_venue(exchange->world), &select, rows.orders, ROWS_A_REPLY);
    json_write_key(writer, "orders");
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        const venue_order_t *order = &rows.orders[i];
        json_begin_object(writer);
        json_field_u64(writer, "id", order->id);
        json_field_string(writer, "client_id", order->client_id.text);
        json_field_string(writer, "symbol", symbol_of(exchange, order->instrument));
        json_field_string(writer, "side", word_side(order->side));
        json_field_string(writer, "type", word_type(order->type));
        json_field_string(writer, "status", word_status(order->status));
        json_field_dec(writer, "quantity", order->quantity);
        json_field_dec(writer, "price", order->price);
        json_field_dec(writer, "filled", order->filled);
        json_field_bool(writer, "reduce_only", order->reduce_only);
        json_field_u64(writer, "algo_id", order->algo_id);
        json_field_i64(writer, "time_ms", order->time_ns / NS_PER_MS);
        json_field_i64(writer, "update_ms", order->update_ns / NS_PER_MS);
        json_end_object(writer);
    }
    json_end_array(writer);
    write_next(writer, count, count > 0 ? rows.orders[count - 1].id : 0);
    return ctl_agree(writer);
}

int exchange_ctl_algos(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    venue_select_t select;
    if (!select_rows(exchange, control, &select, writer))
        return 2;
    memset(rows.algos, 0, sizeof rows.algos);
    uint32_t count = venue_algos(world_venue(exchange->world), &select, rows.algos, ROWS_A_REPLY);
    json_write_key(writer, "algos");
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        const venue_algo_t *algo = &rows.algos[i];
        json_begin_object(writer);
        json_field_u64(writer, "id", algo->id);
        json_field_string(writer, "client_id", algo->client_id.text);
        json_field_string(writer, "symbol", symbol_of(exchange, algo->instrument));
        json_field_string(writer, "side", word_side(algo->side));
        json_field_string(writer, "type", word_type(algo->type));
        json_field_string(writer, "status", word_algo_status(algo->status));
        json_field_dec(writer, "quantity", algo->quantity);
        json_field_dec(writer, "trigger", algo->trigger_price);
        json_field_bool(writer, "close_position", algo->close_position);
        json_field_u64(writer, "order_id", algo->actual_id);
        json_field_i64(writer, "time_ms", algo->time_ns / NS_PER_MS);
        json_field_i64(writer, "update_ms", algo->update_ns / NS_PER_MS);
        json_end_object(writer);
    }
    json_end_array(writer);
    write_next(writer, count, count > 0 ? rows.algos[count - 1].id : 0);
    return ctl_agree(writer);
}

int exchange_ctl_fills(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    venue_select_t select;
    if (!select_rows(exchange, control, &select, writer))
        return 2;
    const venue_t *venue = world_venue(exchange->world);
    memset(rows.fills, 0, sizeof rows.fills);
    uint32_t count = venue_fills(venue, &select, rows.fills, ROWS_A_REPLY);
    json_write_key(writer, "fills");
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        const venue_fill_t *fill = &rows.fills[i];
        json_begin_object(writer);
        json_field_u64(writer, "id", fill->id);
        json_field_u64(writer, "order_id", fill->order_id);
        json_field_string(writer, "symbol", symbol_of(exchange, fill->instrument));
        json_field_string(writer, "side", word_side(fill->side));
        json_field_dec(writer, "price", fill->price);
        json_field_dec(writer, "quantity", fill->quantity);
        json_field_dec(writer, "fee", fill->commission);
        json_field_string(writer, "fee_asset", venue_asset_name(venue, fill->commission_asset));
        json_field_dec(writer, "realised", fill->realised_pnl);
        json_field_i64(writer, "time_ms", fill->time_ns / NS_PER_MS);
        json_end_object(writer);
    }
    json_end_array(writer);
    write_next(writer, count, count > 0 ? rows.fills[count - 1].id : 0);
    return ctl_agree(writer);
}

int exchange_ctl_requests(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    uint64_t from = 1;
    const char *text = ctl_argument(control, 0);
    if (text && str_to_u64(str_from(text), &from) != RESULT_OK)
        return ctl_complain(writer, "requests wants the number to begin at: requests 1");
    wire_log_read(exchange->wire_log, from, writer);
    return ctl_agree(writer);
}
