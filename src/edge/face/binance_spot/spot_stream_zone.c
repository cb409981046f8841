/* spot_stream_zone.c: bars of UTC+8 as streams: every 2 s the one that runs, and each that has ended once more, closed. */
#include "edge/face/binance_spot/spot_zone.h"

enum { ZONE_HOURS = 8, ZONE_BARS_A_TIME = 500 };

typedef struct {
    face_t *face;
    instrument_id_t instrument;
    stream_kind_t kind;
    int64_t *next_ns; /* the bar to tell next */
} telling_t;

static void tell(void *context, const venue_kline_t *bar, int64_t end_ns)
{
    const telling_t *telling = context;
    int64_t now_ns = world_now_ns(telling->face->world);
    str_t text = spot_kline_text(telling->face, telling->instrument, now_ns, bar, timeframe_text(bar->timeframe), end_ns);
    stream_publish(telling->face, telling->instrument, telling->kind, text, false);
    *telling->next_ns = bar->candle.closed ? end_ns : bar->candle.open_ns;
}

void spot_send_zone_klines(face_t *face, instrument_id_t instrument)
{
    const int64_t ahead_ns = ZONE_HOURS * NS_PER_HOUR, now_ns = world_now_ns(face->world);
    for (unsigned at = 0; at < TF_COUNT; at++) {
        const timeframe_t timeframe = (timeframe_t)at;
        telling_t telling = {face, instrument, (stream_kind_t)(STREAM_KLINE_8 + at), &face->zone_next_ns[instrument][at]};
        if (!stream_wanted(face, instrument, telling.kind)) {
            *telling.next_ns = 0;
            continue;
        }
        if (!stream_due(face, instrument, telling.kind, 2 * NS_PER_S))
            continue;
        if (*telling.next_ns == 0)
            *telling.next_ns = spot_zone_open(timeframe, ahead_ns, now_ns - 1);
        spot_zone_bars_t wanted = {instrument, timeframe, ahead_ns, *telling.next_ns, now_ns, ZONE_BARS_A_TIME};
        spot_zone_klines(face->world, face->rows.klines, &wanted, tell, &telling);
    }
}
