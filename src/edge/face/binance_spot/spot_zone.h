/* spot_zone.h: days that begin elsewhere than in Greenwich (timeZone): a zone is what its clocks are ahead of UTC. */
#pragma once

#include "edge/face/binance_spot/spot_face_parts.h"

/* The parameter timeZone: "0", "8", "-1:00", "05:45", within [-12:00, +14:00]; not sent: 0. -1130 otherwise. */
bool spot_read_zone(call_t *call, int64_t *ahead_ns);

/* The bar of the zone that holds the time, and where the next one begins. */
int64_t spot_zone_open(timeframe_t timeframe, int64_t ahead_ns, int64_t time_ns);
int64_t spot_zone_next(timeframe_t timeframe, int64_t ahead_ns, int64_t open_ns);

/* What venue_klines is asked, in a zone: each bar is made of the longest ones of UTC that fit into it, and given away. As many as
 * can be made of ZONE_BARS_MAX of these, from the start or, without one, of the newest. `rows`: scratch for ROWS_MAX. */
typedef struct {
    instrument_id_t instrument;
    timeframe_t timeframe;
    int64_t ahead_ns, start_ns, end_ns; /* start_ns 0: the newest */
    uint32_t limit;
} spot_zone_bars_t;
typedef void spot_zone_bar_fn(void *context, const venue_kline_t *bar, int64_t end_ns);
void spot_zone_klines(const world_t *world, venue_kline_t *rows, const spot_zone_bars_t *wanted, spot_zone_bar_fn *give,
                      void *context);

bool spot_zone_is_utc(timeframe_t timeframe, int64_t ahead_ns); /* its bars are those of UTC */

/* Streams of bars of UTC+8, every 2 s (spot_stream_zone.c). */
void spot_send_zone_klines(face_t *face, instrument_id_t instrument);
