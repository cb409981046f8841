/* feed_inside.h: what the files of the feed share. feed.h tells the story.
 *
 *   feed.c             life, the wish, status
 *   feed_connection.c  opening, subscribing, silence, rotation
 *   feed_frame.c       frames to events, each once
 *   feed_stand.c       unchanged prices, of which other data say that they stand
 *   feed_depth.c       snapshot and differences joined
 *   feed_lockstep.c    frames of a moment held back and handed over in order
 *   feed_net.c         the transport over edge/net
 */
#pragma once

#include "edge/exchange/binance/decode_control.h"
#include "edge/exchange/binance/decode_market.h"
#include "edge/exchange/binance/feed.h"
#include "edge/net/ws_links.h"

#include "core/base/prng.h"
#include "core/base/time.h"

enum {
    FEED_GROUPS_MAX = FEED_CONNECTIONS_MAX / 2,
    FEED_NAMES_MAX = 8192,
    FEED_NAME_MAX = 64,
    FEED_NAME_NONE = 0xFFFF,
    FEED_PLACES = 5 + TF_COUNT,  /* kinds of names an instrument can have */
    FEED_QUEUE_BYTES = 8 << 20,  /* frames of one connection that wait for their moment */
    FEED_DEPTH_BUFFER = 1 << 20, /* differences that wait for their snapshot */
    FEED_TICK_MS = 100,
    FEED_SEND_GAP_MS = 220, /* between requests on one connection: less than 5 a second */
    FEED_OVERLAP_S = 10,    /* after a rotation: how long frames are still compared with the old connection's */
    FEED_SUCCESSOR_S = 60,  /* a new connection that is not proven by then takes over all the same, if data flows */
};

typedef enum { ROUTE_PUBLIC, ROUTE_MARKET } feed_route_t;
typedef enum { NAME_TO_ASK, NAME_ASKED, NAME_PROVEN } name_state_t;

/* One stream name. state and asked_ns stand once for each of the two connections that a group can have. */
typedef struct {
    bool used, leaving;
    instrument_id_t instrument;
    feed_stream_t stream;
    timeframe_t timeframe;
    uint16_t group;
    name_state_t state[2];
    int64_t asked_ns[2];
    int64_t last_ns;     /* last datum; 0: none since it was subscribed */
    int64_t patience_ns; /* how long it may be silent; doubles each time it was */
    uint64_t last_mark;  /* id or time of the last datum given */
    uint8_t last_side;
    char text[FEED_NAME_MAX];
} feed_name_t;

typedef enum { SLOT_FREE, SLOT_OPENING, SLOT_OPEN, SLOT_WAITING /* for its next try */ } slot_state_t;

/* One connection: number 2 * group + side. */
typedef struct {
    slot_state_t state;
    uint32_t failures;
    int64_t data_ns; /* venue time of its newest datum; 0: none yet */
    int64_t opened_ns, last_frame_ns, send_after_ns, retry_at_ns, rotate_at_ns;
    uint64_t frames; /* text frames received since it was opened */
    bool live_told;  /* FEED_LIVE has been given */
    bool shutdown;   /* the venue will close it soon */
    bool lockstep_asked, joined;
    bool has_marker; /* the first moment in the queue that is not handed over yet */
    uint64_t marker;
    int64_t marker_ms;
    uint64_t moment; /* last moment of this connection that was handed over */
    bool has_moment;
    bool told; /* the exchange has been told "done" on this connection: with these */
    uint64_t told_moment, told_frames;
    char *queue; /* lockstep only */
    size_t queue_begin, queue_end;
} feed_slot_t;

typedef struct {
    bool used;
    feed_route_t route;
    uint32_t names;
    uint8_t side; /* which of its two connections is the standing one */
    int64_t overlap_until_ns;
} feed_group_t;

typedef struct {
    bool used, in_flight, live;
    instrument_id_t instrument;
    uint32_t failures;
    int64_t fetch_at_ns;
    size_t buffered;
    char *buffer; /* u32 length, frame, ... */
    book_t book;
} feed_depth_t;

/* The last prices of an instrument, and the venue time up to which each is known to stand. */
typedef struct {
    quote_t quote;
    mark_t mark;
    int64_t quote_ns, mark_ns;
} feed_stand_t;

struct feed {
    feed_options_t options;
    feed_transport_t transport;
    ws_links_t *net; /* NULL with another transport */
    char stream_url[FEED_URL_MAX];
    char role[32];
    loop_timer_t timer;
    prng_t chance;
    uint64_t request_id;
    symbol_map_t symbols;
    binance_decoder_t decoder;
    uint32_t name_count, name_high; /* used ones; one above the highest that was ever used */
    char request[FEED_NAMES_PER_SUBSCRIBE * (FEED_NAME_MAX + 4) + 128];
    feed_name_t names[FEED_NAMES_MAX];
    uint16_t name_at[INSTRUMENT_MAX][FEED_PLACES];
    uint16_t status_name;
    feed_group_t groups[FEED_GROUPS_MAX];
    feed_slot_t slots[FEED_CONNECTIONS_MAX];
    feed_depth_t *depth[INSTRUMENT_MAX]; /* NULL: not wanted */
    feed_stand_t stand[INSTRUMENT_MAX];  /* of names that are proven */
    bool lockstep, moment_known, done;
    int64_t wake_ms;         /* with done: by when the owner wants the next moment; 0: whenever */
    int64_t working_next_ns; /* not told more often */
    bool started;            /* a moment has been handed over */
    int64_t join_until_ns;   /* how long the first moment waits for connections that have not joined; 0: nobody has */
    uint64_t moment;
    int64_t unreadable_told_ns, ahead_told_ns;
    feed_status_t counts;
    bool handing; /* inside lockstep_hand: no second one */
};

static inline int64_t feed_now(const feed_t *feed)
{
    return loop_now_ns(feed->options.loop);
}

/* feed.c */
void feed_notice(feed_t *feed, feed_notice_kind_t kind, int32_t connection, const feed_name_t *name, result_t result,
                 const char *text);
unsigned feed_place(feed_stream_t stream, timeframe_t timeframe);

/* feed_connection.c */
void feed_connection_open(feed_t *feed, uint32_t connection);
void feed_connection_drop(feed_t *feed, uint32_t connection); /* closes and frees the slot; no further try */
void feed_connection_fail(feed_t *feed, uint32_t connection, result_t why, const char *text);
void feed_connection_tick(feed_t *feed, uint32_t connection);
void feed_subscribe(feed_t *feed, uint32_t connection); /* sends what is due */
void feed_proven(feed_t *feed, uint32_t connection, feed_name_t *name);

/* feed_frame.c */
void feed_frame(feed_t *feed, uint32_t connection, int64_t received_ns, str_t frame);
void feed_control(feed_t *feed, uint32_t connection, const binance_control_t *control);

/* feed_stand.c */
void feed_stand_note(feed_t *feed, const market_event_t *event);
void feed_stand_tick(feed_t *feed);                     /* by the clock */
void feed_stand_moment(feed_t *feed, int64_t venue_ms); /* in lockstep: everything up to that time has come */

/* feed_depth.c */
result_t feed_depth_add(feed_t *feed, instrument_id_t instrument);
void feed_depth_remove(feed_t *feed, instrument_id_t instrument);
void feed_depth_event(feed_t *feed, const market_event_t *event, str_t frame);
void feed_depth_tick(feed_t *feed);
void feed_depth_body(feed_t *feed, instrument_id_t instrument, result_t result, str_t body);

/* feed_lockstep.c */
void feed_lockstep_text(feed_t *feed, uint32_t connection, int64_t received_ns, str_t frame);
void feed_lockstep_hand(feed_t *feed);   /* hands over every moment that is complete */
void feed_lockstep_answer(feed_t *feed); /* says done where it is due */
void feed_lockstep_lost(feed_t *feed);   /* a connection has gone */

/* feed_net.c */
result_t feed_net_create(feed_t *feed, ws_links_t **out, feed_transport_t *transport);
