/* monitor_weights.c: what weighs the monitor's signals, as JSON: the market's state, regimes, results of named states, performance
 * of each strategy on each symbol (`patriot signals`). */
#include "app/monitor_state.h"

static const char *zone_text(market_zone_t zone)
{
    static const char *const texts[] = {"unknown", "red", "neutral", "green"};
    return texts[zone];
}

static void write_market(json_writer_t *writer, const signal_half_t *half)
{
    const double score = signal_half_market_score(half);
    json_write_key(writer, "market");
    json_begin_object(writer);
    json_field_string(writer, "symbol", half->config.market_symbol);
    json_field_string(writer, "weighs", half->config.market_state ? "yes" : "no");
    json_write_key(writer, "score");
    json_write_double(writer, score, 4);
    json_field_string(writer, "zone", zone_text(market_zone(score)));
    json_end_object(writer);
}

static void write_regimes(json_writer_t *writer, const monitor_t *monitor)
{
    const signal_half_t *half = &monitor->half;
    json_write_key(writer, "regimes");
    json_begin_array(writer);
    for (uint32_t i = 0; i < monitor->count; i++) {
        const instrument_t *instrument = instrument_table_at(monitor->table, monitor->watched[i].instrument);
        json_begin_object(writer);
        json_field_string(writer, "symbol", instrument->symbol);
        for (uint32_t slot = 0; slot < half->config.timeframe_count; slot++)
            json_field_string(writer, timeframe_text(half->config.timeframes[slot]),
                              regime_name(signal_half_regime(half, monitor->watched[i].instrument, slot)));
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void write_names(json_writer_t *writer, const signal_half_t *half)
{
    json_write_key(writer, "names");
    json_begin_array(writer);
    for (uint32_t row = 0; row < SCORE_WEIGHTS; row++) {
        const signal_half_name_t name = signal_half_name(half, row);
        if (name.results.count == 0)
            continue;
        json_begin_object(writer);
        json_field_string(writer, "name", feature_name(score_rows[row].feature));
        json_field_string(writer, "side", score_rows[row].side == DIRECTION_LONG ? "LONG" : "SHORT");
        json_field_u64(writer, "results", name.results.count);
        json_write_key(writer, "win_rate");
        json_write_double(writer, signal_results_win_rate(&name.results), 2);
        json_write_key(writer, "factor");
        json_write_double(writer, name.factor, 2);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void write_performance(json_writer_t *writer, const monitor_t *monitor)
{
    const signal_half_t *half = &monitor->half;
    json_write_key(writer, "performance");
    json_begin_array(writer);
    for (uint32_t i = 0; i < monitor->count * half->config.strategy_count; i++) {
        const instrument_id_t id = monitor->watched[i / half->config.strategy_count].instrument;
        const char *strategy = half->kinds[i % half->config.strategy_count]->name;
        const signal_performance_t *seen = signal_half_performance(half, id, strategy);
        if (seen == NULL || seen->trades == 0)
            continue;
        json_begin_object(writer);
        json_field_string(writer, "symbol", instrument_table_at(monitor->table, id)->symbol);
        json_field_string(writer, "strategy", strategy);
        json_field_u64(writer, "trades", seen->trades);
        json_field_u64(writer, "wins", seen->wins);
        json_field_u64(writer, "losses", seen->losses);
        json_field_u64(writer, "losses_in_a_row", seen->losses_in_a_row);
        json_field_dec(writer, "profit", seen->profit);
        json_end_object(writer);
    }
    json_end_array(writer);
}

int monitor_write_weights(const monitor_t *monitor, char *reply, size_t capacity, size_t *length)
{
    json_writer_t writer;
    str_t text;
    json_writer_init(&writer, reply, capacity);
    json_begin_object(&writer);
    monitor_write_signals(&writer, monitor);
    if (monitor->half_memory != NULL) {
        write_market(&writer, &monitor->half);
        write_regimes(&writer, monitor);
        write_names(&writer, &monitor->half);
        write_performance(&writer, monitor);
    }
    json_end_object(&writer);
    if (json_writer_finish(&writer, &text) != RESULT_OK)
        return EXIT_FAILED;
    *length = text.length;
    return EXIT_WELL;
}
