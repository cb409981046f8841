/* statistics.c: figures about the market that the exchange computes: bars of mark, index and premium, takers' volumes, the basis.
 *
 * In a candle market mark and index are the contract's own price, so premium and basis are zero there (docs/venue.md).
 */
#include "edge/face/binance_usdm/usdm_parts.h"

enum { POINTS_MAX = 500, POINTS_USUAL = 30 };

typedef struct {
    timeframe_t timeframe;
    uint64_t limit;
    int64_t start_ns, end_ns;
} span_t;

static bool read_span(call_t *call, const char *period, uint64_t most, uint64_t usual, span_t *span)
{
    *span = (span_t){.timeframe = TF_1H, .limit = usual, .end_ns = venue_now(call->venue)};
    if (!call_timeframe(call, period, &span->timeframe) || !call_limit(call, most, &span->limit) ||
        !call_time(call, "startTime", PARAM_OPTIONAL, &span->start_ns) ||
        !call_time(call, "endTime", PARAM_OPTIONAL, &span->end_ns))
        return false;
    if (span->start_ns > span->end_ns && call_has(call, "endTime"))
        return call_fail(call, 400, -1023, "Start time is greater than end time.");
    return true;
}

static uint32_t klines_of(call_t *call, instrument_id_t instrument, const span_t *span)
{
    return venue_klines(call->venue, instrument, world_history(call->world, instrument), span->timeframe, span->start_ns,
                        span->end_ns, call->face->rows.klines, (uint32_t)span->limit);
}

uint32_t read_klines(call_t *call, instrument_id_t instrument, const char *period, uint64_t most, uint64_t usual)
{
    span_t span;
    return read_span(call, period, most, usual, &span) ? klines_of(call, instrument, &span) : UINT32_MAX;
}

/* A bar with prices and nothing else. */
static void write_bar(json_writer_t *writer, timeframe_t timeframe, const venue_figure_bar_t *bar)
{
    enum { PLACES = 8 };
    json_begin_array(writer);
    json_write_i64(writer, bar->open_ns / NS_PER_MS);
    json_write_dec_places(writer, bar->open, PLACES);
    json_write_dec_places(writer, bar->high, PLACES);
    json_write_dec_places(writer, bar->low, PLACES);
    json_write_dec_places(writer, bar->close, PLACES);
    json_write_text(writer, STR("0"));
    json_write_i64(writer, timeframe_next(timeframe, bar->open_ns) / NS_PER_MS - 1);
    json_write_text(writer, STR("0"));
    json_write_u64(writer, bar->samples);
    json_write_text(writer, STR("0"));
    json_write_text(writer, STR("0"));
    json_write_text(writer, STR("0"));
    json_end_array(writer);
}

/* In a candle market mark and index are the contract's price, and the premium is nothing. */
static venue_figure_bar_t figure_of_contract(const venue_kline_t *kline, venue_figure_t figure)
{
    const candle_t *bar = &kline->candle;
    venue_figure_bar_t row = {.open_ns = bar->open_ns, .samples = bar->trades};
    if (figure != VENUE_FIGURE_PREMIUM) {
        row.open = bar->open;
        row.high = bar->high;
        row.low = bar->low;
        row.close = bar->close;
    }
    return row;
}

static void write_figures(call_t *call, instrument_id_t instrument, venue_figure_t figure)
{
    span_t span;
    if (!read_span(call, "interval", ROWS_MAX, KLINES_USUAL, &span))
        return;
    const bool own = venue_has_figures(call->venue, instrument);
    venue_figure_bar_t *rows = call->face->rows.figures;
    uint32_t count =
        own ? venue_figures(call->venue, instrument, figure, span.timeframe, span.start_ns, span.end_ns, rows, (uint32_t)span.limit)
            : klines_of(call, instrument, &span);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        const venue_figure_bar_t row = own ? rows[i] : figure_of_contract(&call->face->rows.klines[i], figure);
        write_bar(&call->writer, span.timeframe, &row);
    }
    json_end_array(&call->writer);
}

void handle_mark_klines(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    if (call_symbol(call, PARAM_MANDATORY, &instrument))
        write_figures(call, instrument, VENUE_FIGURE_MARK);
}

void handle_index_klines(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    if (call_pair(call, &instrument))
        write_figures(call, instrument, VENUE_FIGURE_INDEX);
}

void handle_premium_klines(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    if (call_symbol(call, PARAM_MANDATORY, &instrument))
        write_figures(call, instrument, VENUE_FIGURE_PREMIUM);
}

/* What takers bought and sold in each period; a period without sales has no ratio. */
void handle_taker_ratio(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    json_writer_t *writer = &call->writer;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument))
        return;
    uint32_t count = read_klines(call, instrument, "period", POINTS_MAX, POINTS_USUAL);
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

/* The index at the end of a bar of the contract. */
static dec_t index_beside(const call_t *call, instrument_id_t instrument, const venue_kline_t *kline)
{
    venue_figure_bar_t bar;
    int64_t open_ns = kline->candle.open_ns;
    if (venue_has_figures(call->venue, instrument) &&
        venue_figures(call->venue, instrument, VENUE_FIGURE_INDEX, kline->timeframe, open_ns, open_ns, &bar, 1) == 1)
        return bar.close;
    return kline->candle.close;
}

static void write_basis(call_t *call, const instrument_t *rules, const venue_kline_t *kline, dec_t index)
{
    json_writer_t *writer = &call->writer;
    dec_t basis = DEC_ZERO, rate = DEC_ZERO;
    if (dec_sub(kline->candle.close, index, &basis) == RESULT_OK && dec_sign(index) > 0)
        (void)dec_div(basis, index, DEC_ROUND_HALF_EVEN, &rate);
    (void)dec_quantise(rate, dec_from_scaled(1, 4), DEC_ROUND_HALF_EVEN, &rate);
    json_begin_object(writer);
    write_money(writer, "indexPrice", index);
    json_field_string(writer, "contractType", "PERPETUAL");
    json_field_dec_places(writer, "basisRate", rate, 4);
    write_price(writer, "futuresPrice", rules, kline->candle.close);
    json_field_string(writer, "annualizedBasisRate", "");
    json_field_dec(writer, "basis", basis);
    json_field_string(writer, "pair", rules->symbol);
    write_ms(writer, "timestamp", kline->candle.open_ns);
    json_end_object(writer);
}

void handle_basis(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    str_t type = {0};
    if (!call_pair(call, &instrument) || !call_text(call, "contractType", PARAM_MANDATORY, &type))
        return;
    if (!str_eq(type, STR("PERPETUAL"))) {
        call_fail(call, 400, -4104, "Invalid contract type");
        return;
    }
    uint32_t count = read_klines(call, instrument, "period", POINTS_MAX, POINTS_USUAL);
    if (count == UINT32_MAX)
        return;
    const instrument_t *rules = venue_instrument_at(call->venue, instrument);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        const venue_kline_t *kline = &call->face->rows.klines[i];
        write_basis(call, rules, kline, index_beside(call, instrument, kline));
    }
    json_end_array(&call->writer);
}
