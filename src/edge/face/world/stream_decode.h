/* stream_decode.h: one line of a recorded stream as a market event.
 *
 * Most lines are read by the feed's own fast decoder (edge/exchange/binance/decode_fast.c), once a first line has told the symbol;
 * what it leaves alone (snapshots, spot, other orders of fields, other kinds) is read here, whatever its fields are.
 */
#pragma once

#include "edge/exchange/binance/decode_market.h"
#include "edge/face/world/stream_symbol.h"

typedef struct {
    int64_t skew_ns;     /* clock of the venue minus clock of the recorder, from the last message that carried both */
    int64_t odd_skew_ns; /* of the last one that was far from that */
    uint32_t odd_count;  /* how many in a row were far from it, and near each other */
    bool skew_known;
    bool doubtful; /* the line that was read last is about the market and cannot be believed */
    bool cut;      /* it has more levels than were taken */
    bool partial;  /* it is a picture of the best levels only (@depth5, @depth10, @depth20): a snapshot of no more than these */
    bool has_trades, has_aggregates; /* trades are recorded in this form: of the two, the one that came first is played */
    uint64_t trade_id;               /* of the last trade: the ids of trades rise, so one that does not is there twice */
    stream_symbol_t played;
    symbol_map_t symbols; /* the recording's symbol, once known */
    binance_decoder_t decoder;
    level_t bids[DEPTH_LEVELS_MAX], asks[DEPTH_LEVELS_MAX]; /* of the last event */
} stream_decoder_t;

/* Of zeroed memory, which must not move from then on. */
void stream_decoder_init(stream_decoder_t *decoder, const stream_symbol_t *played);

/* False: a line that says nothing about the market (or that cannot be read: recordings have such lines). */
bool stream_decode(stream_decoder_t *decoder, char *line, size_t length, market_event_t *event);
