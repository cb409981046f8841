/* statistics.c: figures about the market that the exchange computes: the premium's bars, takers' volumes, the basis.
 *
 * Mark and index bars follow the contract's own here (market.c), so premium and basis are zero in all of them. What would need a
 * past that the venue does not keep (open interest, ratios of accounts and positions) is not there (docs/venue.md).
 */
#include "edge/face/binance_usdm/usdm_parts.h"

enum { POINTS_MAX = 500, POINTS_USUAL = 30 };

/* Of one instrument, as many bars as were asked for; the count, or UINT32_MAX after a refusal. */
static uint32_t read_bars(call_t *call, instrument_id_t instrument, const char *period, uint64_t most, uint64_t usual)
{
    timeframe_t timeframe = TF_1H;
    uint64_t limit = usual;
    int64_t start_ns = 0, end_ns = venue_now(call->venue);
    if (!call_timeframe(call, period, &timeframe) || !call_limit(call, most, &limit) ||
        !call_time(call, "startTime", PARAM_OPTIONAL, &start_ns) || !call_time(call, "endTime", PARAM_OPTIONAL, &end_ns))
        return UINT32_MAX;
    if (start_ns > end_ns && call_has(call, "endTime")) {
        call_fail(call, 400, -1023, "Start time is greater than end time.");
        return UINT32_MAX;
    }
    return venue_klines(call->venue, instrument, world_history(call->world, instrument), timeframe, start_ns, end_ns,
                        call->face->rows.klines, (uint32_t)limit);
}

void handle_premium_klines(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    json_writer_t *writer = &call->writer;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument))
        return;
    uint32_t count = read_bars(call, instrument, "interval", ROWS_MAX, POINTS_MAX);
    if (count == UINT32_MAX)
        return;
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        const venue_kline_t *kline = &call->face->rows.klines[i];
        json_begin_array(writer);
        json_write_i64(writer, kline->candle.open_ns / NS_PER_MS);
        for (int price = 0; price < 4; price++)
            json_write_dec_places(writer, DEC_ZERO, 8);
        json_write_text(writer, STR("0"));
        json_write_i64(writer, timeframe_next(kline->timeframe, kline->candle.open_ns) / NS_PER_MS - 1);
        json_write_text(writer, STR("0"));
        json_write_u64(writer, kline->candle.trades);
        json_write_text(writer, STR("0"));
        json_write_text(writer, STR("0"));
        json_write_text(writer, STR("0"));
        json_end_array(writer);
    }
    json_end_array(writer);
}

/* What takers bought and sold in each period; a period without sales has no ratio. */
void handle_taker_ratio(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    json_writer_t *writer = &call->writer;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument))
        return;
    uint32_t count = read_bars(call, instrument, "period", POINTS_MAX, POINTS_USUAL);
    if (count == UINT32_MAX)
        return;
    dec_t ratio_step = dec_from_int(1);
    (void)dec_div(ratio_step, dec_from_int(10000), DEC_ROUND_DOWN, &ratio_step);
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        const venue_kline_t *kline = &call->face->rows.klines[i];
        dec_t sold = DEC_ZERO, ratio = DEC_ZERO;
        if (dec_sub(kline->candle.volume, kline->taker_base, &sold) != RESULT_OK || dec_sign(sold) <= 0 ||
            dec_div(kline->taker_base, sold, DEC_ROUND_HALF_EVEN, &ratio) != RESULT_OK)
            ratio = DEC_ZERO;
        json_begin_object(writer);
        (void)dec_quantise(ratio, ratio_step, DEC_ROUND_HALF_EVEN, &ratio);
        json_field_dec_places(writer, "buySellRatio", ratio, 4);
        write_quantity(writer, "sellVol", venue_instrument_at(call->venue, instrument), sold);
        write_quantity(writer, "buyVol", venue_instrument_at(call->venue, instrument), kline->taker_base);
        write_ms(writer, "timestamp", kline->candle.open_ns);
        json_end_object(writer);
    }
    json_end_array(writer);
}

void handle_basis(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    str_t type = {0};
    json_writer_t *writer = &call->writer;
    if (!call_pair(call, &instrument) || !call_text(call, "contractType", PARAM_MANDATORY, &type))
        return;
    if (!str_eq(type, STR("PERPETUAL"))) {
        call_fail(call, 400, -4104, "Invalid contract type");
        return;
    }
    uint32_t count = read_bars(call, instrument, "period", POINTS_MAX, POINTS_USUAL);
    if (count == UINT32_MAX)
        return;
    const instrument_t *rules = venue_instrument_at(call->venue, instrument);
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        const candle_t *bar = &call->face->rows.klines[i].candle;
        json_begin_object(writer);
        write_price(writer, "indexPrice", rules, bar->close);
        json_field_string(writer, "contractType", "PERPETUAL");
        json_field_dec_places(writer, "basisRate", DEC_ZERO, 4);
        write_price(writer, "futuresPrice", rules, bar->close);
        json_field_string(writer, "annualizedBasisRate", "");
        json_field_string(writer, "basis", "0");
        json_field_string(writer, "pair", rules->symbol);
        write_ms(writer, "timestamp", bar->open_ns);
        json_end_object(writer);
    }
    json_end_array(writer);
}
