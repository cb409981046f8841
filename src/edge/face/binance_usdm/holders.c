/* holders.c: who holds what: the past of open interest, how accounts are divided into long and short; and what else the exchange
 * tells about a contract: its settlement, what makes its index, how near deleveraging is, when it trades.
 *
 * All of it is the venue's own truth; where there is none (no holder, no settlement) there is no row.
 */
#include "edge/face/binance_usdm/usdm_parts.h"

enum { POINTS_MAX = 500, POINTS_USUAL = 30 };

/* The rows of one symbol; UINT32_MAX after a refusal. */
static uint32_t read_rows(call_t *call, instrument_id_t *instrument)
{
    timeframe_t period = TF_5M;
    uint64_t limit = POINTS_USUAL;
    int64_t start_ns = 0, end_ns = venue_now(call->venue);
    if (!call_symbol(call, PARAM_MANDATORY, instrument) || !call_timeframe(call, "period", &period) ||
        !call_limit(call, POINTS_MAX, &limit) || !call_time(call, "startTime", PARAM_OPTIONAL, &start_ns) ||
        !call_time(call, "endTime", PARAM_OPTIONAL, &end_ns))
        return UINT32_MAX;
    if (period < TF_5M || period > TF_1D || period == TF_8H) {
        call_fail(call, 400, -1130, "Data sent for parameter 'period' is not valid.");
        return UINT32_MAX;
    }
    if (start_ns > end_ns && call_has(call, "endTime")) {
        call_fail(call, 400, -1023, "Start time is greater than end time.");
        return UINT32_MAX;
    }
    return venue_interests(call->venue, *instrument, timeframe_length_ns(period), start_ns, end_ns, call->face->rows.interests,
                           (uint32_t)limit);
}

void handle_interest_history(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    uint32_t count = read_rows(call, &instrument);
    if (count == UINT32_MAX)
        return;
    const instrument_t *rules = venue_instrument_at(call->venue, instrument);
    json_writer_t *writer = &call->writer;
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        const venue_interest_t *row = &call->face->rows.interests[i];
        json_begin_object(writer);
        json_field_string(writer, "symbol", rules->symbol);
        write_money(writer, "sumOpenInterest", row->interest);
        write_money(writer, "sumOpenInterestValue", row->value);
        write_ms(writer, "timestamp", row->time_ns);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static dec_t part_of(dec_t part, dec_t whole)
{
    dec_t share = DEC_ZERO;
    if (dec_sign(whole) <= 0 || dec_div(part, whole, DEC_ROUND_HALF_EVEN, &share) != RESULT_OK)
        return DEC_ZERO;
    (void)dec_quantise(share, dec_from_scaled(1, 4), DEC_ROUND_HALF_EVEN, &share);
    return share;
}

/* Without shorts there is no ratio: 0, as takers' volumes have it. */
static void write_ratio(json_writer_t *writer, const instrument_t *rules, int64_t time_ns, dec_t longs, dec_t shorts)
{
    dec_t all = dec_plus(longs, shorts);
    if (dec_is_zero(all))
        return;
    json_begin_object(writer);
    json_field_string(writer, "symbol", rules->symbol);
    json_field_dec_places(writer, "longShortRatio", part_of(longs, shorts), 4);
    json_field_dec_places(writer, "longAccount", part_of(longs, all), 4);
    json_field_dec_places(writer, "shortAccount", part_of(shorts, all), 4);
    write_ms(writer, "timestamp", time_ns);
    json_end_object(writer);
}

typedef enum { RATIO_ALL_ACCOUNTS, RATIO_TOP_ACCOUNTS, RATIO_TOP_POSITIONS } ratio_t;

static void write_ratios(call_t *call, ratio_t ratio)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    uint32_t count = read_rows(call, &instrument);
    if (count == UINT32_MAX)
        return;
    const instrument_t *rules = venue_instrument_at(call->venue, instrument);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        const venue_interest_t *row = &call->face->rows.interests[i];
        dec_t longs = row->top_long, shorts = row->top_short;
        if (ratio != RATIO_TOP_POSITIONS) {
            longs = dec_from_int(ratio == RATIO_ALL_ACCOUNTS ? row->longs : row->top_longs);
            shorts = dec_from_int(ratio == RATIO_ALL_ACCOUNTS ? row->shorts : row->top_shorts);
        }
        write_ratio(&call->writer, rules, row->time_ns, longs, shorts);
    }
    json_end_array(&call->writer);
}

void handle_account_ratio(call_t *call)
{
    write_ratios(call, RATIO_ALL_ACCOUNTS);
}

void handle_top_account_ratio(call_t *call)
{
    write_ratios(call, RATIO_TOP_ACCOUNTS);
}

void handle_top_position_ratio(call_t *call)
{
    write_ratios(call, RATIO_TOP_POSITIONS);
}

void handle_delivery_price(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    dec_t price = DEC_ZERO;
    int64_t time_ns = 0;
    if (!call_pair(call, &instrument))
        return;
    json_begin_array(&call->writer);
    if (venue_delivery(call->venue, instrument, &price, &time_ns)) {
        json_begin_object(&call->writer);
        write_ms(&call->writer, "deliveryTime", time_ns);
        json_write_key(&call->writer, "deliveryPrice");
        json_write_dec_number(&call->writer, price);
        json_end_object(&call->writer);
    }
    json_end_array(&call->writer);
}

/* The index here has one source: the venue's own market. */
void handle_constituents(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument))
        return;
    json_writer_t *writer = &call->writer;
    const char *symbol = venue_instrument_at(call->venue, instrument)->symbol;
    json_begin_object(writer);
    json_field_string(writer, "symbol", symbol);
    write_ms(writer, "time", venue_now(call->venue));
    json_write_key(writer, "constituents");
    json_begin_array(writer);
    json_begin_object(writer);
    json_field_string(writer, "exchange", "patriot");
    json_field_string(writer, "symbol", symbol);
    write_money(writer, "price", venue_mark(call->venue, instrument).index);
    json_field_string(writer, "weight", "1.00000000");
    json_end_object(writer);
    json_end_array(writer);
    json_end_object(writer);
}

static void write_adl_risk(call_t *call, instrument_id_t instrument)
{
    static const char *const words[] = {"low", "medium", "high"};
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_field_string(writer, "symbol", venue_instrument_at(call->venue, instrument)->symbol);
    json_field_string(writer, "adlRisk", words[venue_adl_risk(call->venue, instrument)]);
    write_ms(writer, "updateTime", venue_now(call->venue));
    json_end_object(writer);
}

void handle_adl_risk(call_t *call)
{
    instrument_id_t only = INSTRUMENT_NONE;
    if (!call_symbol(call, PARAM_OPTIONAL, &only))
        return;
    if (only != INSTRUMENT_NONE) {
        write_adl_risk(call, only);
        return;
    }
    uint32_t count = venue_instrument_count(call->venue);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        if (face_trades(call->face, (instrument_id_t)i))
            write_adl_risk(call, (instrument_id_t)i);
    }
    json_end_array(&call->writer);
}

/* Only contracts on shares and commodities have sessions; there are none here. */
void handle_trading_schedule(call_t *call)
{
    json_begin_object(&call->writer);
    write_ms(&call->writer, "updateTime", venue_now(call->venue));
    json_write_key(&call->writer, "marketSchedules");
    json_begin_object(&call->writer);
    json_end_object(&call->writer);
    json_end_object(&call->writer);
}
