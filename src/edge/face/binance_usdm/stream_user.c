/* stream_user.c: private events as the exchange words them (protocols/binance-usdm.md, section 10), and the end of listen keys. */
#include <string.h>

#include "edge/face/binance_usdm/usdm_parts.h"

static void finish(face_t *face, json_writer_t *writer, venue_account_t account)
{
    str_t text;
    json_end_object(writer);
    if (json_writer_finish(writer, &text) == RESULT_OK)
        stream_send_private(face, account, text);
}

static void begin(face_t *face, json_writer_t *writer, const char *event, int64_t time_ns)
{
    json_writer_init(writer, face->event, sizeof face->event);
    json_begin_object(writer);
    json_field_string(writer, "e", event);
    write_ms(writer, "E", time_ns);
    write_ms(writer, "T", time_ns);
}

/* --- orders ----------------------------------------------------------------------------------- */

static void write_order_head(json_writer_t *writer, const instrument_t *rules, const venue_order_event_t *event)
{
    const venue_order_t *order = &event->order;
    json_field_string(writer, "s", rules->symbol);
    json_field_string(writer, "c", order->client_id.text);
    json_field_string(writer, "S", word_side(order->side));
    json_field_string(writer, "o", word_type(order->type));
    json_field_string(writer, "f", order->type == VENUE_MARKET ? "GTC" : word_tif(order->tif));
    write_quantity(writer, "q", rules, order->quantity);
    write_price(writer, "p", rules, order->price);
    write_price(writer, "ap", rules, order->average_price);
    write_price(writer, "sp", rules, order->stop_price);
    json_field_string(writer, "x", word_exec(event->execution));
    json_field_string(writer, "X", word_status(order->status));
    json_field_u64(writer, "i", order->id);
    if (order->modify_id != 0)
        json_field_u64(writer, "M", order->modify_id);
}

static void write_order_fill(face_t *face, json_writer_t *writer, const instrument_t *rules, const venue_order_event_t *event,
                             int64_t time_ns)
{
    write_quantity(writer, "l", rules, event->last_quantity);
    write_quantity(writer, "z", rules, event->order.filled);
    write_price(writer, "L", rules, event->last_price);
    /* Told of every change, also without a fee: so it comes, though the page has it left out. */
    if (event->trade_id != 0)
        write_money(writer, "n", event->commission);
    else
        json_field_string(writer, "n", "0");
    json_field_string(writer, "N",
                      event->trade_id != 0 ? venue_asset_name(world_venue(face->world), event->commission_asset) : rules->settle);
    write_ms(writer, "T", time_ns);
    json_field_u64(writer, "t", event->trade_id);
    json_field_dec(writer, "b", event->bid_notional);
    json_field_dec(writer, "a", event->ask_notional);
    json_field_bool(writer, "m", event->maker);
}

static void write_order_rest(json_writer_t *writer, const instrument_t *rules, const venue_order_event_t *event)
{
    const venue_order_t *order = &event->order;
    json_field_bool(writer, "R", order->reduce_only);
    json_field_string(writer, "wt", word_working(order->working));
    json_field_string(writer, "ot", word_type(order->orig_type));
    json_field_string(writer, "ps", word_position_side(order->position_side));
    json_field_bool(writer, "cp", order->close_position);
    if (order->orig_type == VENUE_TRAILING_STOP_MARKET) {
        write_price(writer, "AP", rules, order->activate_price);
        json_field_dec(writer, "cr", order->callback_pct);
    }
    json_field_bool(writer, "pP", order->price_protect);
    json_field_i64(writer, "si", 0);
    json_field_i64(writer, "ss", 0);
    write_money(writer, "rp", event->realised_pnl);
    json_field_string(writer, "V", word_stp(order->stp));
    json_field_string(writer, "pm", word_match(order->match));
    write_ms(writer, "gtd", order->good_till_ns);
    char expiry[24];
    str_from_u64((uint64_t)order->expiry, expiry);
    json_field_string(writer, "er", expiry); /* a text, and the vendor's own clients take nothing else */
}

/* What of a trade is told first, before all of it: without a fee, a status, an "o". */
static void send_trade_lite(face_t *face, const venue_event_t *event, const instrument_t *rules)
{
    json_writer_t writer;
    const venue_order_t *order = &event->order.order;
    begin(face, &writer, "TRADE_LITE", event->time_ns);
    json_field_string(&writer, "s", rules->symbol);
    write_quantity(&writer, "q", rules, order->quantity);
    write_price(&writer, "p", rules, order->price);
    json_field_bool(&writer, "m", event->order.maker);
    json_field_string(&writer, "c", order->client_id.text);
    json_field_string(&writer, "S", word_side(order->side));
    write_price(&writer, "L", rules, event->order.last_price);
    write_quantity(&writer, "l", rules, event->order.last_quantity);
    json_field_u64(&writer, "t", event->order.trade_id);
    json_field_u64(&writer, "i", order->id);
    finish(face, &writer, event->account);
}

static void send_order(face_t *face, const venue_event_t *event)
{
    json_writer_t writer;
    const instrument_t *rules = venue_instrument_at(world_venue(face->world), event->instrument);
    if (event->order.execution == VENUE_EXEC_TRADE)
        send_trade_lite(face, event, rules);
    begin(face, &writer, "ORDER_TRADE_UPDATE", event->time_ns);
    json_write_key(&writer, "o");
    json_begin_object(&writer);
    write_order_head(&writer, rules, &event->order);
    write_order_fill(face, &writer, rules, &event->order, event->time_ns);
    write_order_rest(&writer, rules, &event->order);
    json_end_object(&writer);
    finish(face, &writer, event->account);
}

/* --- the account ------------------------------------------------------------------------------ */

static void write_balance_change(face_t *face, json_writer_t *writer, const venue_balance_change_t *change)
{
    json_begin_object(writer);
    json_field_string(writer, "a", venue_asset_name(world_venue(face->world), change->asset));
    write_money(writer, "wb", change->wallet);
    write_money(writer, "cw", change->cross_wallet);
    json_field_dec(writer, "bc", change->change);
    json_end_object(writer);
}

static void write_position_change(json_writer_t *writer, const instrument_t *rules, const venue_position_change_t *change)
{
    json_begin_object(writer);
    json_field_string(writer, "s", rules->symbol);
    write_quantity(writer, "pa", rules, change->amount);
    json_field_dec(writer, "ep", change->entry_price);
    json_field_dec(writer, "bep", change->break_even_price);
    json_field_dec(writer, "cr", change->realised_pnl);
    json_field_dec(writer, "up", change->unrealised_pnl);
    json_field_string(writer, "mt", change->margin == VENUE_MARGIN_ISOLATED ? "isolated" : "cross");
    json_field_dec(writer, "iw", change->isolated_wallet);
    json_field_string(writer, "ps", word_position_side(change->side));
    json_field_string(writer, "ma", rules->settle);
    json_end_object(writer);
}

static void send_account(face_t *face, const venue_event_t *event)
{
    json_writer_t writer;
    const venue_account_event_t *change = &event->account_change;
    const instrument_t *rules =
        event->instrument == INSTRUMENT_NONE ? NULL : venue_instrument_at(world_venue(face->world), event->instrument);
    begin(face, &writer, "ACCOUNT_UPDATE", event->time_ns);
    json_write_key(&writer, "a");
    json_begin_object(&writer);
    json_field_string(&writer, "m", word_reason(change->reason));
    if (change->reason == VENUE_REASON_FUNDING_FEE && rules)
        json_field_string(&writer, "S", rules->symbol);
    json_write_key(&writer, "B");
    json_begin_array(&writer);
    for (uint32_t i = 0; i < change->balance_count; i++)
        write_balance_change(face, &writer, &change->balances[i]);
    json_end_array(&writer);
    json_write_key(&writer, "P");
    json_begin_array(&writer);
    for (uint32_t i = 0; rules && i < change->position_count; i++)
        write_position_change(&writer, rules, &change->positions[i]);
    json_end_array(&writer);
    json_end_object(&writer);
    finish(face, &writer, event->account);
}

/* --- conditional orders ----------------------------------------------------------------------- */

static void write_algo_body(json_writer_t *writer, const instrument_t *rules, const venue_algo_t *algo)
{
    char id[24] = "";
    if (algo->actual_id != 0)
        str_from_u64(algo->actual_id, id);
    json_field_string(writer, "caid", algo->client_id.text);
    json_field_u64(writer, "aid", algo->id);
    json_field_string(writer, "at", "CONDITIONAL");
    json_field_string(writer, "o", word_type(algo->type));
    json_field_string(writer, "s", rules->symbol);
    json_field_string(writer, "S", word_side(algo->side));
    json_field_string(writer, "ps", word_position_side(algo->position_side));
    json_field_string(writer, "f", word_tif(algo->tif));
    write_quantity(writer, "q", rules, algo->quantity);
    json_field_string(writer, "X", word_algo_status(algo->status));
    json_field_string(writer, "ai", id);
    write_price(writer, "ap", rules, algo->actual_price);
    write_quantity(writer, "aq", rules, algo->actual_quantity);
    json_field_string(writer, "act", algo->actual_id != 0 ? word_type(algo->actual_type) : "0");
    write_price(writer, "tp", rules, algo->trigger_price);
    write_price(writer, "p", rules, algo->price);
    json_field_string(writer, "V", word_stp(algo->stp));
    json_field_string(writer, "wt", word_working(algo->working));
    json_field_string(writer, "pm", word_match(algo->match));
    json_field_bool(writer, "cp", algo->close_position);
    json_field_bool(writer, "pP", algo->price_protect);
    json_field_bool(writer, "R", algo->reduce_only);
    write_ms(writer, "tt", algo->trigger_ns);
    write_ms(writer, "gtd", algo->good_till_ns);
    json_field_string(writer, "rm",
                      algo->reason == VENUE_REJECT_NONE          ? ""
                      : algo->reason == VENUE_REJECT_REDUCE_ONLY ? "Reduce Only reject"
                                                                 : venue_reject_text(algo->reason));
}

static void send_algo(face_t *face, const venue_event_t *event)
{
    json_writer_t writer;
    json_writer_init(&writer, face->event, sizeof face->event);
    json_begin_object(&writer);
    json_field_string(&writer, "e", "ALGO_UPDATE");
    write_ms(&writer, "T", event->time_ns);
    write_ms(&writer, "E", event->time_ns);
    json_write_key(&writer, "o");
    json_begin_object(&writer);
    write_algo_body(&writer, venue_instrument_at(world_venue(face->world), event->instrument), &event->algo);
    json_end_object(&writer);
    finish(face, &writer, event->account);
}

static void send_margin_call(face_t *face, const venue_event_t *event)
{
    json_writer_t writer;
    const venue_margin_call_t *margin = &event->margin_call;
    const instrument_t *rules = venue_instrument_at(world_venue(face->world), event->instrument);
    json_writer_init(&writer, face->event, sizeof face->event);
    json_begin_object(&writer);
    json_field_string(&writer, "e", "MARGIN_CALL");
    write_ms(&writer, "E", event->time_ns);
    write_money(&writer, "cw", margin->cross_wallet);
    json_write_key(&writer, "p");
    json_begin_array(&writer);
    json_begin_object(&writer);
    json_field_string(&writer, "s", rules->symbol);
    json_field_string(&writer, "ps", word_position_side(margin->side));
    write_quantity(&writer, "pa", rules, margin->amount);
    json_field_string(&writer, "mt", margin->margin == VENUE_MARGIN_ISOLATED ? "ISOLATED" : "CROSSED");
    write_money(&writer, "iw", margin->isolated_wallet);
    write_money(&writer, "mp", margin->mark_price);
    write_money(&writer, "up", margin->unrealised_pnl);
    write_money(&writer, "mm", margin->maintenance_margin);
    json_end_object(&writer);
    json_end_array(&writer);
    finish(face, &writer, event->account);
}

static void send_leverage(face_t *face, const venue_event_t *event)
{
    json_writer_t writer;
    begin(face, &writer, "ACCOUNT_CONFIG_UPDATE", event->time_ns);
    json_write_key(&writer, "ac");
    json_begin_object(&writer);
    json_field_string(&writer, "s", venue_instrument_at(world_venue(face->world), event->instrument)->symbol);
    json_field_u64(&writer, "l", event->leverage);
    json_end_object(&writer);
    finish(face, &writer, event->account);
}

/* "ai": what concerns the account and no symbol. */
static void send_multi_assets(face_t *face, const venue_event_t *event)
{
    json_writer_t writer;
    begin(face, &writer, "ACCOUNT_CONFIG_UPDATE", event->time_ns);
    json_write_key(&writer, "ai");
    json_begin_object(&writer);
    json_field_bool(&writer, "j", event->multi_assets);
    json_end_object(&writer);
    finish(face, &writer, event->account);
}

void stream_private_event(face_t *face, const venue_event_t *event)
{
    switch (event->kind) {
    case VENUE_EVENT_ORDER:
        send_order(face, event);
        break;
    case VENUE_EVENT_ACCOUNT:
        send_account(face, event);
        break;
    case VENUE_EVENT_ALGO:
        send_algo(face, event);
        break;
    case VENUE_EVENT_MARGIN_CALL:
        send_margin_call(face, event);
        break;
    case VENUE_EVENT_LEVERAGE:
        send_leverage(face, event);
        break;
    case VENUE_EVENT_MULTI_ASSETS:
        send_multi_assets(face, event);
        break;
    case VENUE_EVENT_MODE: /* the exchange tells nobody */
    case VENUE_EVENT_SPOT: /* of the other product */
    case VENUE_EVENT_TRADE:
    case VENUE_EVENT_QUOTE:
    case VENUE_EVENT_DEPTH:
    case VENUE_EVENT_MARK:
    case VENUE_EVENT_KLINE:
    case VENUE_EVENT_STATUS:
    case VENUE_EVENT_RULES:
    case VENUE_EVENT_LIQUIDATION:
        break;
    }
}
