/* spot_zone.h: days that begin elsewhere than in Greenwich (timeZone): a zone is what its clocks are ahead of UTC. */
#pragma once

#include "edge/face/binance_spot/spot_face_parts.h"

/* The parameter timeZone: "0", "8", "-1:00", "05:45", within [-12:00, +14:00]; not sent: 0. -1130 otherwise. */
bool spot_read_zone(call_t *call, int64_t *ahead_ns);

/* The bar of the zone that holds the time, and where the next one begins. */
int64_t spot_zone_open(timeframe_t timeframe, int64_t ahead_ns, int64_t time_ns);
int64_t spot_zone_next(timeframe_t timeframe, int64_t ahead_ns, int64_t open_ns);

/* What venue_klines is asked, in a zone whose bars are not those of UTC: each bar is made of the longest ones that fit into it, and
 * handed to `write`. As many rows as can be made of ZONE_BARS_MAX of these: beyond, the reply ends. */
typedef struct {
    instrument_id_t instrument;
    timeframe_t timeframe;
    int64_t ahead_ns, start_ns, end_ns; /* start_ns 0: the newest */
    uint32_t limit;
} spot_zone_bars_t;
typedef void spot_zone_write_fn(json_writer_t *writer, const venue_kline_t *bar, int64_t end_ns);
bool spot_zone_is_utc(timeframe_t timeframe, int64_t ahead_ns); /* its bars are those of UTC */
void spot_zone_klines(call_t *call, const spot_zone_bars_t *wanted, spot_zone_write_fn *write);
