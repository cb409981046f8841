/* monitor_view.c: what the monitor knows, as JSON for the live view and for people. */
#include <stdio.h>
#include <string.h>

#include "app/monitor_state.h"
#include "app/signal_json.h"
#include "app/tickers_json.h"
#include "core/base/time.h"
#include "edge/json/json_writer.h"

static void write_price(json_writer_t *writer, const monitor_t *monitor, const watched_t *watched)
{
    const instrument_t *instrument = instrument_table_at(monitor->table, watched->instrument);
    dec_t change = DEC_ZERO, hundred = dec_from_int(100);
    char text[DEC_TEXT_MAX + 2] = "";
    json_begin_object(writer);
    json_field_string(writer, "symbol", instrument->symbol);
    json_field_string(writer, "in_force", watched->in_force ? "yes" : "no");
    json_field_string(writer, "status", instrument_status_text(instrument->status));
    json_field_dec(writer, "price", watched->price);
    if (dec_sign(watched->price_day_ago) > 0 && dec_sub(watched->price, watched->price_day_ago, &change) == RESULT_OK &&
        dec_mul_div(change, hundred, watched->price_day_ago, DEC_ROUND_HALF_EVEN, &change) == RESULT_OK) {
        size_t length = dec_format_places(change, 2, text);
        memcpy(text + length, "%", 2);
    }
    json_field_string(writer, "change_pct", text);
    json_field_u64(writer, "bars", candle_store_bars(watched->store));
    json_field_u64(writer, "gaps", watched->gaps);
    json_end_object(writer);
}

void monitor_write_signals(json_writer_t *writer, const monitor_t *monitor)
{
    json_write_key(writer, "signals");
    json_begin_array(writer);
    for (uint32_t i = 0; i < monitor->recent_count; i++) {
        const recent_signal_t *recent = &monitor->recent[i];
        const instrument_t *instrument = instrument_table_at(monitor->table, recent->signal.instrument);
        const signal_json_terms_t terms = {.symbol = instrument ? instrument->symbol : "", .verdict = recent->verdict};
        signal_json_row(writer, &recent->signal, &terms);
    }
    json_end_array(writer);
}

static void write_tickers(json_writer_t *writer, const monitor_t *monitor)
{
    tickers_write_refused(writer, monitor->tickers);
    json_write_key(writer, "not_listed");
    json_begin_array(writer);
    for (uint32_t i = 0; i < monitor->tickers->count && !monitor->tickers->by_default; i++) {
        if (instrument_find_symbol(monitor->table, str_from(monitor->tickers->symbols[i])) == INSTRUMENT_NONE)
            json_write_text(writer, str_from(monitor->tickers->symbols[i]));
    }
    json_end_array(writer);
}

int monitor_control(role_t *role, bus_link_t *link, const patriot_bus_Control *control, char *reply, size_t capacity,
                    size_t *length)
{
    monitor_t *monitor = role->context;
    (void)link;
    if (strcmp(control->command, "weights") == 0)
        return monitor_write_weights(monitor, reply, capacity, length);
    if (strcmp(control->command, "form") == 0)
        return monitor_write_form(monitor, control, reply, capacity, length);
    if (strcmp(control->command, "view") != 0) {
        *length = (size_t)snprintf(reply, capacity,
                                   "{\"error\":\"the monitor knows: view, weights, form, health, config-reload, log-level\"}");
        return EXIT_MISUSE;
    }
    json_writer_t writer;
    signal_half_counters_t counters = monitor->half_memory ? signal_half_counters(&monitor->half) : (signal_half_counters_t){0};
    json_writer_init(&writer, reply, capacity);
    json_begin_object(&writer);
    json_field_bool(&writer, "live", monitor->live);
    json_field_i64(&writer, "venue_ms", monitor_now_ns(monitor) / NS_PER_MS);
    json_field_u64(&writer, "signals_made", monitor->store ? signal_store_last_number(monitor->store) : 0);
    if (monitor->store) /* not known before */
        json_field_u64(&writer, "signals_before", monitor->signals_before);
    json_field_u64(&writer, "accepted", monitor->accepted);
    json_field_u64(&writer, "refused", monitor->refused);
    json_field_u64(&writer, "closed", monitor->closed);
    json_field_u64(&writer, "bars", counters.bars);
    json_field_u64(&writer, "bars_bad", counters.bars_bad);
    json_field_u64(&writer, "batches", monitor->batches);
    json_write_key(&writer, "prices");
    json_begin_array(&writer);
    for (uint32_t i = 0; i < monitor->count; i++) {
        if (monitor->watched[i].store)
            write_price(&writer, monitor, &monitor->watched[i]);
    }
    json_end_array(&writer);
    monitor_write_signals(&writer, monitor);
    write_tickers(&writer, monitor);
    json_end_object(&writer);
    str_t text;
    if (json_writer_finish(&writer, &text) != RESULT_OK)
        return EXIT_FAILED;
    *length = text.length;
    return EXIT_WELL;
}
