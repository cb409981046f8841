/* live_model.c: see live_model.h. */
#include "app/live_model.h"

#include "app/reply_fields.h"
#include "edge/observe/zone.h"

static void read_positions(json_reader_t *reader, live_model_t *model)
{
    model->position_count = 0;
    json_enter_array(reader);
    while (json_next_item(reader)) {
        live_position_t row = {0};
        const reply_field_t fields[] = {REPLY_TEXT_FIELD("symbol", row.symbol),     REPLY_TEXT_FIELD("side", row.side),
                                        REPLY_TEXT_FIELD("quantity", row.quantity), REPLY_TEXT_FIELD("entry", row.entry),
                                        REPLY_TEXT_FIELD("mark", row.mark),         REPLY_TEXT_FIELD("stop", row.stop),
                                        REPLY_TEXT_FIELD("target", row.target),     REPLY_TEXT_FIELD("unrealised", row.pnl),
                                        REPLY_TEXT_FIELD("state", row.state)};
        reply_read_object(reader, REPLY_FIELDS(fields));
        if (model->position_count < LIVE_POSITIONS_MAX)
            model->positions[model->position_count++] = row;
    }
}

static void read_orders(json_reader_t *reader, live_model_t *model)
{
    model->order_count = 0;
    json_enter_array(reader);
    while (json_next_item(reader)) {
        live_order_t row = {0};
        const reply_field_t fields[] = {REPLY_TEXT_FIELD("symbol", row.symbol), REPLY_TEXT_FIELD("leg", row.leg),
                                        REPLY_TEXT_FIELD("side", row.side),     REPLY_TEXT_FIELD("type", row.type),
                                        REPLY_TEXT_FIELD("price", row.price),   REPLY_TEXT_FIELD("quantity", row.quantity),
                                        REPLY_TEXT_FIELD("state", row.state)};
        reply_read_object(reader, REPLY_FIELDS(fields));
        if (model->order_count < LIVE_ORDERS_MAX)
            model->order_rows[model->order_count++] = row;
    }
}

static void read_prices(json_reader_t *reader, live_model_t *model)
{
    model->price_count = 0;
    json_enter_array(reader);
    while (json_next_item(reader)) {
        live_price_t row = {0};
        const reply_field_t fields[] = {REPLY_TEXT_FIELD("symbol", row.symbol), REPLY_TEXT_FIELD("price", row.price),
                                        REPLY_TEXT_FIELD("change_pct", row.change)};
        reply_read_object(reader, REPLY_FIELDS(fields));
        if (model->price_count < LIVE_PRICES_MAX)
            model->prices[model->price_count++] = row;
    }
}

static void read_signals(json_reader_t *reader, live_model_t *model)
{
    model->signal_count = 0;
    json_enter_array(reader);
    while (json_next_item(reader)) {
        live_signal_t row = {0};
        const reply_field_t fields[] = {REPLY_TEXT_FIELD("time", row.time),       REPLY_TEXT_FIELD("symbol", row.symbol),
                                        REPLY_TEXT_FIELD("side", row.side),       REPLY_TEXT_FIELD("strategy", row.strategy),
                                        REPLY_TEXT_FIELD("entry", row.entry),     REPLY_TEXT_FIELD("confidence", row.confidence),
                                        REPLY_TEXT_FIELD("verdict", row.verdict), REPLY_I64_FIELD("number", row.number),
                                        REPLY_TEXT_FIELD("kind", row.kind)};
        reply_read_object(reader, REPLY_FIELDS(fields));
        zone_show(row.time, sizeof row.time);
        if (model->signal_count < LIVE_SIGNALS_MAX)
            model->signal_rows[model->signal_count++] = row;
    }
}

result_t live_model_read_watchdog(live_model_t *model, str_t json)
{
    live_model_t next = *model;
    const reply_field_t fields[] = {REPLY_TEXT_FIELD("equity", next.equity),
                                    REPLY_TEXT_FIELD("realised", next.realised),
                                    REPLY_TEXT_FIELD("unrealised", next.unrealised),
                                    REPLY_TEXT_FIELD("fees", next.fees),
                                    REPLY_TEXT_FIELD("funding", next.funding),
                                    REPLY_TEXT_FIELD("venue_time", next.venue_time),
                                    REPLY_I64_FIELD("venue_ns", next.venue_ns),
                                    REPLY_I64_FIELD("orders_sent", next.orders),
                                    REPLY_I64_FIELD("fills", next.fills),
                                    REPLY_I64_FIELD("trades_closed", next.trades_closed),
                                    REPLY_I64_FIELD("refused", next.refused),
                                    REPLY_I64_FIELD("kill_level", next.kill_level),
                                    REPLY_I64_FIELD("unprotected_now_ms", next.unprotected_now_ms),
                                    REPLY_I64_FIELD("unprotected_ms_max", next.unprotected_ms_max),
                                    REPLY_BOOL_FIELD("reconciled", next.reconciled),
                                    REPLY_BOOL_FIELD("entries_allowed", next.entries_allowed)};
    json_reader_t reader;
    json_reader_init(&reader, json.bytes, json.length);
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        if (str_eq(key, STR("positions")))
            read_positions(&reader, &next);
        else if (str_eq(key, STR("orders")))
            read_orders(&reader, &next);
        else if (!reply_read_field(&reader, key, REPLY_FIELDS(fields)))
            json_skip(&reader);
    }
    result_t result = json_finish(&reader);
    zone_show(next.venue_time, sizeof next.venue_time);
    if (result == RESULT_OK)
        *model = next;
    return result;
}

result_t live_model_read_monitor(live_model_t *model, str_t json)
{
    live_model_t next = *model;
    next.signals_before = -1;
    const reply_field_t fields[] = {REPLY_I64_FIELD("signals_made", next.signals),
                                    REPLY_I64_FIELD("signals_before", next.signals_before)};
    json_reader_t reader;
    json_reader_init(&reader, json.bytes, json.length);
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        if (str_eq(key, STR("prices")))
            read_prices(&reader, &next);
        else if (str_eq(key, STR("signals")))
            read_signals(&reader, &next);
        else if (!reply_read_field(&reader, key, REPLY_FIELDS(fields)))
            json_skip(&reader);
    }
    result_t result = json_finish(&reader);
    next.monitor_told = model->monitor_told || next.signals_before >= 0;
    if (model->monitor_told || next.signals_before < 0)
        next.signals_before = model->signals_before; /* what a monitor made before it died is news as well */
    if (result == RESULT_OK)
        *model = next;
    return result;
}
