/* decode_stream.h: inside of the private decoder only: one frame of the private stream, and who reads its inner object. */
#pragma once

#include "edge/exchange/binance/decode_json.h"

typedef struct {
    str_t type, stream, data;
    int64_t event_ns, time_ns;
    str_t order, account, leverage, assets_mode, positions;
    char listen_key[BINANCE_LISTEN_KEY_MAX];
} stream_frame_t;

/* The work on one frame: decode is the outer text, so that every error has its place in the frame. */
typedef struct {
    decode_t decode;
    const symbol_map_t *symbols;
    stream_frame_t frame;
    binance_private_t *out;
} stream_work_t;

/* One more event, cleared; NULL: there are too many, and it was noted. */
private_event_t *stream_event_add(stream_work_t *work, private_kind_t kind, int64_t time_ns);

/* A decoder over an inner object; stream_inner_end carries its error to the outer one. */
bool stream_inner_begin(stream_work_t *work, decode_t *inner, str_t raw, const char *field);
bool stream_inner_end(stream_work_t *work, decode_t *inner);
void stream_word_put(binance_private_t *out, str_t word); /* cut to fit */

/* decode_stream_order.c */
void stream_order_update(stream_work_t *work);
void stream_algo_update(stream_work_t *work);

/* decode_stream_account.c */
void stream_account_update(stream_work_t *work);
void stream_config_update(stream_work_t *work);
void stream_margin_call(stream_work_t *work);
