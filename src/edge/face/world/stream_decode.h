/* stream_decode.h: one line of a recorded stream as a market event.
 *
 * Most lines are read by the feed's own fast decoder (edge/exchange/binance/decode_fast.c), once a first line has told the symbol;
 * what it leaves alone (snapshots, spot, other orders of fields, other kinds) is read here, whatever its fields are.
 */
#pragma once

#include "edge/exchange/binance/decode_market.h"
#include "edge/face/world/stream_symbol.h"

typedef struct {
    int64_t skew_ns; /* clock of the venue minus clock of the recorder, from the last message that carried both */
    bool doubtful;   /* the line that was read last is about the market and cannot be believed */
    bool cut;        /* it has more levels than were taken */
    stream_symbol_t played;
    symbol_map_t symbols; /* the recording's symbol, once known */
    binance_decoder_t decoder;
    level_t bids[DEPTH_LEVELS_MAX], asks[DEPTH_LEVELS_MAX]; /* of the last event */
} stream_decoder_t;

/* Of zeroed memory, which must not move from then on. */
void stream_decoder_init(stream_decoder_t *decoder, const stream_symbol_t *played);

/* False: a line that says nothing about the market (or that cannot be read: recordings have such lines). */
bool stream_decode(stream_decoder_t *decoder, char *line, size_t length, market_event_t *event);
