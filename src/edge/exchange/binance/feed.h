/* feed.h: the market streams of one process: which names on which connection, kept alive, proven, rotated, in step.
 *
 * The owner says what it wants (feed_want) and gets market events. The feed decides on connections: Binance serves quotes and depth
 * on /public, all else on /market; at most `names_max` names stand on one connection. Everything a stream goes through is here:
 *
 *   connect -> SUBSCRIBE in batches (<= 200 names, <= 5 messages a second) -> each name proven by its first datum -> live
 *
 * Liveness is the age of the data, never the pong (MKT-2): a name without data for its limit is subscribed again on its connection;
 * a connection on which every expected name is silent is given up. A lost connection comes back after 0.25, 0.5, 1 ... 30 s with
 * jitter and subscribes again. Before the venue's 24 h cut, and on its serverShutdown, a new connection is made and proven first;
 * then the old one goes (frames that come on both are told apart by their update ids, so that none is lost and none comes twice).
 * Rotations are staggered.
 *
 * bookTicker speaks of changes only. A quote that nobody changed is given again, at most once a second, with the time up to which
 * other data of its own connection show that it stands; a lost or silent connection lets it grow old. In lockstep the end of a
 * moment says so of quotes and marks (feed_stand.c).
 *
 * A frame stamped ahead of the venue's clock (its event time, or the end of a bar that it calls closed) is not believed: it proves
 * nothing, is not handed over, and would otherwise look fresh long after the stream has died.
 *
 * Depth: differences are buffered while a snapshot is fetched over REST, then joined by the venue's rule (core/market/book); a
 * broken chain starts again. The owner sees the snapshot and the differences after it, in order, never a gap; MARKET_STATUS with
 * INSTRUMENT_UNKNOWN says that an enumeration word was not known: freeze that symbol.
 *
 * Lockstep (docs/architecture.md): with a role, each connection also subscribes "!lockstep@<role>"; frames wait until every
 * connection has its marker of the moment, are handed over in connection order, and then on_moment is called. The owner calls
 * feed_lockstep_done once it is idle; the feed answers the exchange on each connection, and again by itself for frames that come
 * later in the same moment. An owner with long work in one moment says so as it gets on (feed_lockstep_working): the exchange is
 * patient with it only as long as it does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/market/book.h"
#include "core/market/event.h"
#include "edge/exchange/binance/rest.h"
#include "edge/exchange/venue_clock.h"
#include "edge/net/loop.h"
#include "edge/net/tls.h"

typedef struct feed feed_t;

enum {
    FEED_CONNECTIONS_MAX = 24, /* standing and rotating together */
    FEED_NAMES_PER_SUBSCRIBE = 200,
    FEED_URL_MAX = 200,
    FEED_TEXT_MAX = 160,
};

/* What can be wanted of an instrument; a mask. */
typedef enum {
    FEED_QUOTE = 1,        /* <s>@bookTicker */
    FEED_TRADE = 2,        /* <s>@aggTrade */
    FEED_DEPTH = 4,        /* <s>@depth@100ms with snapshot */
    FEED_BAR = 8,          /* <s>@kline_<i> for each bit of timeframes */
    FEED_MARK = 16,        /* <s>@markPrice@1s */
    FEED_LIQUIDATION = 32, /* <s>@forceOrder */
    FEED_STATUS = 64,      /* !contractInfo, for all instruments at once */
} feed_stream_t;

typedef struct {
    instrument_id_t instrument;
    uint32_t streams;    /* mask of feed_stream_t */
    uint32_t timeframes; /* bit n: timeframe_t n; for FEED_BAR */
} feed_want_t;

typedef enum {
    FEED_CONNECTED,  /* a connection stands and subscribes */
    FEED_LIVE,       /* every name of it has been proven by data */
    FEED_LOST,       /* a connection broke; text says why; it comes back by itself */
    FEED_SILENT,     /* a name gave no data for too long: instrument and stream say which */
    FEED_ROTATED,    /* a new connection has taken over from an old one */
    FEED_REFUSED,    /* the venue answered a request with an error: text has its words */
    FEED_UNREADABLE, /* a frame could not be decoded: counted, and said at most once a second */
    FEED_FROZEN,     /* an enumeration word was not known; a MARKET_STATUS event has been given */
    FEED_RESYNC,     /* the depth chain of an instrument broke, or its first snapshot came too late; it starts again */
    FEED_AHEAD,      /* a frame is stamped ahead of the venue's clock: counted, not believed; said at most once a second */
    FEED_SLOW,       /* more frames wait for a moment than may; the connection starts again */
} feed_notice_kind_t;

typedef struct {
    feed_notice_kind_t kind;
    int32_t connection;         /* -1: none */
    instrument_id_t instrument; /* INSTRUMENT_NONE: not about one */
    feed_stream_t stream;       /* with an instrument */
    result_t result;
    char text[FEED_TEXT_MAX];
} feed_notice_t;

/* Any may be NULL except on_event. Called in turns of the loop, never inside a call of the owner's. */
typedef struct {
    void (*on_event)(void *context, const market_event_t *event); /* borrowed until it returns */
    void (*on_moment_begin)(void *context, int64_t venue_ms);     /* the events of a moment of this time follow, then on_moment */
    void (*on_moment)(void *context, uint64_t moment, int64_t venue_ms);
    void (*on_notice)(void *context, const feed_notice_t *notice);
    void (*on_frame)(void *context, int64_t received_ns, str_t frame); /* every data frame as received: for a recorder */
} feed_events_t;

/* How bytes travel; the default is edge/net. Another one stands in for it in tests. Connections are numbers 0 ..
 * FEED_CONNECTIONS_MAX - 1; the transport answers with feed_transport_* below, never inside open or close. */
typedef struct {
    result_t (*open)(void *context, uint32_t connection, const char *url);
    result_t (*send)(void *context, uint32_t connection, str_t text);
    void (*close)(void *context, uint32_t connection);                                      /* no callbacks for it after this */
    result_t (*fetch_depth)(void *context, instrument_id_t instrument, const char *symbol); /* answered with feed_transport_depth */
    void *context;
} feed_transport_t;

typedef struct {
    loop_t *loop;
    const char *stream_url;                /* "wss://fstream.binance.com", "ws://127.0.0.1:9080"; copied */
    tls_t *tls;                            /* for wss */
    binance_rest_t *rest;                  /* for depth snapshots; borrowed; may be NULL when no depth is wanted */
    const instrument_table_t *instruments; /* borrowed; its symbols must not change for ids in use */
    const char *venue;                     /* "BINANCE": which of them; copied */
    const venue_clock_t *clock;            /* borrowed; stamps ahead of it are not believed; NULL: stamps are not judged */
    const char *lockstep_role;             /* NULL: real time; copied */
    const feed_events_t *events;           /* borrowed */
    void *context;
    const feed_transport_t *transport; /* NULL: edge/net; copied */
    uint32_t names_max;                /* names on one connection; 0: 400 (the venue allows 1024) */
    int64_t rotate_after_ns;           /* age at which a connection is replaced; 0: 23 h less up to 1 h by chance */
    int64_t silence_ns; /* quotes, depth, marks: no data for so long is silence; 0: 15 s. Bars: twice, trades: not by itself */
    uint64_t seed;      /* of the jitter */
} feed_options_t;

/* RESULT_BAD_ARGUMENT, RESULT_TEXT_TOO_LONG, RESULT_FULL. Nothing is dialled before feed_want. */
result_t feed_create(const feed_options_t *options, feed_t **out);
void feed_destroy(feed_t *feed); /* NULL is fine; closes all connections, no callbacks any more */

/* Replaces the whole wish; streams that stay are not touched. RESULT_FULL: more names than connections can carry (nothing changes
 * then); RESULT_NOT_FOUND: an instrument that is not in the table. An instrument may come once. */
result_t feed_want(feed_t *feed, const feed_want_t *wants, uint32_t count);

/* Lockstep: everything of the last moment is handled and nothing of the owner's is in flight. Ignored without a moment. While
 * feed_busy is true the answer waits until it is not. wake_ms: the next moment is to come no later than that venue time, because
 * the owner waits for it; 0: whenever it comes. */
void feed_lockstep_done(feed_t *feed, int64_t wake_ms);

/* Lockstep: something of the last moment's work has just been got done, and there is more. Told at most once a second. */
void feed_lockstep_working(feed_t *feed);

/* A snapshot is under way. */
bool feed_busy(const feed_t *feed);

/* Monotonic ns since the last datum of that stream; INT64_MAX when there was none since it was (last) subscribed. */
int64_t feed_age_ns(const feed_t *feed, instrument_id_t instrument, feed_stream_t stream);

/* The kept book; NULL when depth is not wanted. Its state says whether it may be believed. */
const book_t *feed_book(const feed_t *feed, instrument_id_t instrument);

typedef struct {
    uint32_t connections, live; /* standing; of them with every name proven */
    uint32_t names, proven;
    uint64_t frames, events, unreadable, ahead, unknown_symbols, duplicates, reconnects, resyncs;
    uint64_t moment;   /* last moment handed over */
    int64_t oldest_ns; /* greatest age among names that must not be silent; 0 when none */
} feed_status_t;
feed_status_t feed_status(const feed_t *feed);

const char *feed_notice_text(feed_notice_kind_t kind);

/* --- for transports --------------------------------------------------------------------------- */
void feed_transport_opened(feed_t *feed, uint32_t connection);
void feed_transport_text(feed_t *feed, uint32_t connection, str_t frame);
void feed_transport_closed(feed_t *feed, uint32_t connection, result_t why, const char *text);
void feed_transport_depth(feed_t *feed, instrument_id_t instrument, result_t result,
                          str_t body); /* result: not OK when no body came */
