/* spot_zone.c: see spot_zone.h. */
#include "edge/face/binance_spot/spot_zone.h"

#include <ctype.h>

enum { ZONE_BARS_MAX = 20000, ZONE_EARLIEST_MIN = -12 * 60, ZONE_LATEST_MIN = 14 * 60 };

/* One or two digits. */
static bool read_number(str_t text, int64_t most, int64_t *number)
{
    if (text.length == 0 || text.length > 2)
        return false;
    *number = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (!isdigit((unsigned char)text.bytes[i]))
            return false;
        *number = *number * 10 + (text.bytes[i] - '0');
    }
    return *number <= most;
}

static bool zone_parse(str_t text, int64_t *minutes)
{
    int64_t hours = 0, rest = 0;
    bool west = text.bytes[0] == '-', has_sign = west || text.bytes[0] == '+';
    str_t minutes_text = {text.bytes + has_sign, text.length - has_sign};
    bool has_minutes = memchr(minutes_text.bytes, ':', minutes_text.length) != NULL;
    str_t hours_text = str_cut(&minutes_text, ':');
    if (!read_number(hours_text, 14, &hours) ||
        (has_minutes && (minutes_text.length != 2 || !read_number(minutes_text, 59, &rest))))
        return false;
    *minutes = (west ? -1 : 1) * (hours * 60 + rest);
    return *minutes >= ZONE_EARLIEST_MIN && *minutes <= ZONE_LATEST_MIN;
}

bool spot_read_zone(call_t *call, int64_t *ahead_ns)
{
    str_t text = {0};
    int64_t minutes = 0;
    *ahead_ns = 0;
    if (!call_text(call, "timeZone", PARAM_OPTIONAL, &text))
        return false;
    if (text.length > 0 && !zone_parse(text, &minutes))
        return call_fail(call, 400, -1130, "Data sent for parameter 'timeZone' is not valid.");
    *ahead_ns = minutes * NS_PER_MIN;
    return true;
}

int64_t spot_zone_open(timeframe_t timeframe, int64_t ahead_ns, int64_t time_ns)
{
    return timeframe_open(timeframe, time_ns + ahead_ns) - ahead_ns;
}

int64_t spot_zone_next(timeframe_t timeframe, int64_t ahead_ns, int64_t open_ns)
{
    return timeframe_next(timeframe, open_ns + ahead_ns) - ahead_ns;
}

bool spot_zone_is_utc(timeframe_t timeframe, int64_t ahead_ns)
{
    return ahead_ns == 0 || (timeframe < TF_1D && ahead_ns % timeframe_length_ns(timeframe) == 0);
}

/* The longest bars of UTC that begin where those of the zone do. */
static timeframe_t parts_of(timeframe_t timeframe, int64_t ahead_ns)
{
    timeframe_t part = TF_1M;
    for (unsigned at = TF_1M; at < TF_1D; at++) {
        int64_t length_ns = timeframe_length_ns((timeframe_t)at);
        if (ahead_ns % length_ns == 0 && (timeframe >= TF_1D || timeframe_length_ns(timeframe) % length_ns == 0))
            part = (timeframe_t)at;
    }
    return part;
}

static void join(venue_kline_t *bar, const venue_kline_t *part)
{
    candle_t *sum = &bar->candle;
    sum->high = dec_max(sum->high, part->candle.high);
    sum->low = dec_min(sum->low, part->candle.low);
    sum->close = part->candle.close;
    (void)dec_add(sum->volume, part->candle.volume, &sum->volume);
    (void)dec_add(sum->quote_volume, part->candle.quote_volume, &sum->quote_volume);
    sum->trades += part->candle.trades;
    bar->last_trade_id = part->last_trade_id;
    (void)dec_add(bar->taker_base, part->taker_base, &bar->taker_base);
    (void)dec_add(bar->taker_quote, part->taker_quote, &bar->taker_quote);
}

/* Of the newest: so many bars before the end, or as many as ZONE_BARS_MAX parts make. */
static int64_t newest_open(const spot_zone_bars_t *wanted, timeframe_t part, int64_t last_open_ns)
{
    const int64_t end_ns = spot_zone_next(wanted->timeframe, wanted->ahead_ns, last_open_ns);
    const int64_t earliest_ns = end_ns - ZONE_BARS_MAX * timeframe_length_ns(part);
    int64_t open_ns = last_open_ns;
    for (uint32_t i = 1; i < wanted->limit && open_ns > 0; i++) {
        const int64_t before_ns = spot_zone_open(wanted->timeframe, wanted->ahead_ns, open_ns - 1);
        if (before_ns < earliest_ns)
            break;
        open_ns = before_ns;
    }
    return open_ns;
}

/* Where the first bar opens: the one at or behind the start, or of the newest. */
static int64_t first_open(const spot_zone_bars_t *wanted, timeframe_t part, int64_t last_open_ns)
{
    if (wanted->start_ns == 0)
        return newest_open(wanted, part, last_open_ns);
    const int64_t open_ns = spot_zone_open(wanted->timeframe, wanted->ahead_ns, wanted->start_ns);
    return open_ns == wanted->start_ns ? open_ns : spot_zone_next(wanted->timeframe, wanted->ahead_ns, open_ns);
}

void spot_zone_klines(const world_t *world, venue_kline_t *rows, const spot_zone_bars_t *wanted, spot_zone_bar_fn *give,
                      void *context)
{
    const venue_t *venue = world_venue(world);
    const timeframe_t timeframe = wanted->timeframe, part = parts_of(timeframe, wanted->ahead_ns);
    const int64_t ahead_ns = wanted->ahead_ns, now_ns = venue_now(venue);
    const int64_t last_ns = spot_zone_open(timeframe, ahead_ns, wanted->end_ns < now_ns ? wanted->end_ns : now_ns - 1);
    const int64_t until_ns = spot_zone_next(timeframe, ahead_ns, last_ns) - 1;
    const venue_history_t *history = world_history(world, wanted->instrument);
    venue_kline_t bar = {.timeframe = timeframe};
    int64_t from_ns = first_open(wanted, part, last_ns), open_ns = INT64_MIN, end_ns = 0;
    uint32_t given = 0, read = 0, count = ROWS_MAX;
    while (count == ROWS_MAX && read < ZONE_BARS_MAX && given < wanted->limit) {
        count = venue_klines(venue, wanted->instrument, history, part, from_ns > 0 ? from_ns : 1, until_ns, rows, ROWS_MAX);
        for (uint32_t i = 0; i < count && given < wanted->limit; i++) {
            const int64_t of_ns = spot_zone_open(timeframe, ahead_ns, rows[i].candle.open_ns);
            if (of_ns == open_ns) {
                join(&bar, &rows[i]);
                continue;
            }
            if (open_ns != INT64_MIN) {
                give(context, &bar, end_ns);
                given++;
            }
            bar = rows[i];
            bar.timeframe = timeframe;
            bar.candle.open_ns = open_ns = of_ns;
            end_ns = spot_zone_next(timeframe, ahead_ns, open_ns);
            bar.candle.closed = end_ns <= now_ns;
        }
        read += count;
        from_ns = count > 0 ? rows[count - 1].candle.open_ns + timeframe_length_ns(part) : from_ns;
    }
    if (open_ns != INT64_MIN && given < wanted->limit && count < ROWS_MAX)
        give(context, &bar, end_ns);
}
