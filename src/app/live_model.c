/* live_model.c: see live_model.h. */
#include "app/live_model.h"

#include <string.h>

#include "edge/json/json_reader.h"

/* One named field of a row or a document and where it goes. */
typedef struct {
    const char *key;
    char *text; /* LIVE_TEXT_MAX */
    int64_t *number;
    bool *flag;
} field_t;

static void read_text(json_reader_t *reader, char *out)
{
    str_t raw = {0};
    switch (json_peek(reader)) {
    case JSON_STRING:
        json_read_text(reader, out, LIVE_TEXT_MAX, NULL);
        break;
    case JSON_NUMBER:
        if (json_read_number(reader, &raw) == RESULT_OK)
            (void)str_copy(raw, out, LIVE_TEXT_MAX);
        break;
    case JSON_NONE:
    case JSON_OBJECT:
    case JSON_ARRAY:
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        json_skip(reader);
        break;
    }
}

static bool read_field(json_reader_t *reader, str_t key, const field_t *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(key, str_from(fields[i].key)))
            continue;
        if (fields[i].number)
            json_read_i64(reader, fields[i].number);
        else if (fields[i].flag)
            json_read_bool(reader, fields[i].flag);
        else
            read_text(reader, fields[i].text);
        return true;
    }
    return false;
}

static void read_row(json_reader_t *reader, const field_t *fields, size_t count)
{
    json_enter_object(reader);
    for (str_t key; json_next_key(reader, &key);) {
        if (!read_field(reader, key, fields, count))
            json_skip(reader);
    }
}

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void read_positions(json_reader_t *reader, live_model_t *model)
{
    model->position_count = 0;
    json_enter_array(reader);
    while (json_next_item(reader)) {
        live_position_t row = {0};
        const field_t fields[] = {{"symbol", row.symbol, 0, 0}, {"side", row.side, 0, 0},      {"quantity", row.quantity, 0, 0},
                                  {"entry", row.entry, 0, 0},   {"mark", row.mark, 0, 0},      {"stop", row.stop, 0, 0},
                                  {"target", row.target, 0, 0}, {"unrealised", row.pnl, 0, 0}, {"state", row.state, 0, 0}};
        read_row(reader, fields, COUNT_OF(fields));
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
        const field_t fields[] = {{"symbol", row.symbol, 0, 0}, {"leg", row.leg, 0, 0},     {"side", row.side, 0, 0},
                                  {"type", row.type, 0, 0},     {"price", row.price, 0, 0}, {"quantity", row.quantity, 0, 0},
                                  {"state", row.state, 0, 0}};
        read_row(reader, fields, COUNT_OF(fields));
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
        const field_t fields[] = {{"symbol", row.symbol, 0, 0}, {"price", row.price, 0, 0}, {"change_pct", row.change, 0, 0}};
        read_row(reader, fields, COUNT_OF(fields));
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
        const field_t fields[] = {{"time", row.time, 0, 0},      {"symbol", row.symbol, 0, 0},
                                  {"side", row.side, 0, 0},      {"strategy", row.strategy, 0, 0},
                                  {"entry", row.entry, 0, 0},    {"confidence", row.confidence, 0, 0},
                                  {"verdict", row.verdict, 0, 0}};
        read_row(reader, fields, COUNT_OF(fields));
        if (model->signal_count < LIVE_SIGNALS_MAX)
            model->signal_rows[model->signal_count++] = row;
    }
}

result_t live_model_read_watchdog(live_model_t *model, str_t json)
{
    live_model_t next = *model;
    const field_t fields[] = {{"equity", next.equity, 0, 0},
                              {"realised", next.realised, 0, 0},
                              {"unrealised", next.unrealised, 0, 0},
                              {"fees", next.fees, 0, 0},
                              {"funding", next.funding, 0, 0},
                              {"venue_time", next.venue_time, 0, 0},
                              {"venue_ns", 0, &next.venue_ns, 0},
                              {"orders_sent", 0, &next.orders, 0},
                              {"fills", 0, &next.fills, 0},
                              {"trades_closed", 0, &next.trades_closed, 0},
                              {"refused", 0, &next.refused, 0},
                              {"kill_level", 0, &next.kill_level, 0},
                              {"unprotected_now_ms", 0, &next.unprotected_now_ms, 0},
                              {"unprotected_ms_max", 0, &next.unprotected_ms_max, 0},
                              {"entries_allowed", 0, 0, &next.entries_allowed}};
    json_reader_t reader;
    json_reader_init(&reader, json.bytes, json.length);
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        if (str_eq(key, STR("positions")))
            read_positions(&reader, &next);
        else if (str_eq(key, STR("orders")))
            read_orders(&reader, &next);
        else if (!read_field(&reader, key, fields, COUNT_OF(fields)))
            json_skip(&reader);
    }
    result_t result = json_finish(&reader);
    if (result == RESULT_OK)
        *model = next;
    return result;
}

result_t live_model_read_monitor(live_model_t *model, str_t json)
{
    live_model_t next = *model;
    const field_t fields[] = {{"signals_made", 0, &next.signals, 0}};
    json_reader_t reader;
    json_reader_init(&reader, json.bytes, json.length);
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        if (str_eq(key, STR("prices")))
            read_prices(&reader, &next);
        else if (str_eq(key, STR("signals")))
            read_signals(&reader, &next);
        else if (!read_field(&reader, key, fields, COUNT_OF(fields)))
            json_skip(&reader);
    }
    result_t result = json_finish(&reader);
    if (result == RESULT_OK)
        *model = next;
    return result;
}
