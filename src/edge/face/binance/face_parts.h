/* face_parts.h: the inside of the face, for the files of this folder only. */
#pragma once

#include "core/base/time.h"
#include "edge/face/binance/call.h"
#include "edge/face/binance/face.h"
#include "edge/face/binance/face_lockstep.h"
#include "edge/face/binance/stream_names.h"
#include "edge/face/fault/fault_frames.h"
#include "edge/secret/sign.h"

enum {
    ADDRESSES_MAX = 64,
    ADDRESS_TEXT_MAX = 48,
    KEY_ADDRESSES_MAX = 512,
    KEYS_MAX = 4 * WORLD_ACCOUNTS_MAX,
    ORDER_LIMITS = 2, /* windows in which new orders are counted */
    ROWS_MAX = 1500,  /* rows of one reply */
    DEPTH_REPLY_MAX = 1000,
    SESSION_ACCOUNTS_MAX = 4, /* listen keys on one connection */
    SESSION_EVENTS_MAX = 256,
    LISTEN_KEY_MINUTES = 60,
    SESSION_SETS = FACE_SESSIONS_MAX / 64,
    PLACES_MAX = MARKET_SOURCE_MAX + 1, /* instruments, and one for streams of all */
};

_Static_assert((int)STREAM_PLACE_ALL == (int)MARKET_SOURCE_MAX, "no instrument stands in the place of the streams of all");

typedef struct face_secret {
    char api_key[WORLD_KEY_MAX];
    char account_key[WORLD_KEY_MAX];   /* the account's own key */
    char addresses[KEY_ADDRESSES_MAX]; /* "": any */
    face_key_right_t right;
    sign_key_t *key; /* owned */
} face_secret_t;

/* Windows end when the venue's or the wall's clock enters the next one: a venue whose clock stands still does not lock anybody out.
 */
typedef struct {
    char address[ADDRESS_TEXT_MAX];
    int64_t venue_window, wall_window;
    uint32_t used;
    uint32_t strikes; /* requests after the limit in this window */
    uint32_t bans;
    int64_t banned_until_ns; /* venue time; 0: not */
} address_t;

typedef struct {
    int64_t venue_window, wall_window;
    uint32_t count;
} order_window_t;

typedef struct {
    uint64_t words[SESSION_SETS];
} session_set_t;

struct face_session {
    bool used;
    void *socket;
    uint32_t index;
    int64_t text_second; /* wall time, s: the second in which texts are counted */
    uint32_t text_count;
    bool combined; /* frames are wrapped {"stream","data"} */
    bool api;      /* WS API */
    time_form_t time_form;
    stream_route_t route;
    char address[ADDRESS_TEXT_MAX];
    int64_t opened_ns, authorised_ns; /* venue time */
    const face_secret_t *logon;       /* WS API: of session.logon; NULL: none */
    uint32_t stream_count;
    stream_id_t streams[FACE_STREAMS_MAX];
    char events[SESSION_EVENTS_MAX]; /* "A/B": of its accounts only these; "": all */
    uint32_t account_count;
    venue_account_t accounts[SESSION_ACCOUNTS_MAX];
    uint32_t subscriptions[SESSION_ACCOUNTS_MAX]; /* WS API: the id under which its events come */
    uint32_t user_streams;                        /* WS API: how many were ever opened here */
    /* lockstep */
    int32_t role;                      /* index of its role; -1: not registered */
    uint64_t frames_sent, events_sent; /* all; those that were no replies and no moments */
    uint64_t done_moment, done_frames;
    int64_t wake_ms; /* with done_moment: the next one is wanted by then; 0: whenever it comes */
    int64_t told_ns; /* when it was last given something to do */
    bool late;
};

typedef struct {
    char name[LOCKSTEP_ROLE_MAX];
    bool expected;
    int64_t waiting_since_ns; /* of an expected role that is not there */
} role_t;

typedef enum { SECURITY_NONE, SECURITY_KEY, SECURITY_SIGNED } security_t;

typedef void handler_fn(call_t *call);
typedef void session_handler_fn(call_t *call, face_session_t *session);

/* One REST endpoint. */
typedef struct {
    const char *method, *path;
    security_t security;
    uint32_t weight;
    uint32_t (*weigh)(const call_t *call); /* NULL: always `weight` */
    uint32_t orders[ORDER_LIMITS];         /* what it counts in each window */
    handler_fn *handle;
} route_t;

/* One method of the WS API. */
typedef struct {
    const char *name;
    security_t security;
    face_key_right_t right;
    uint32_t weight, orders;
    handler_fn *handle;
    session_handler_fn *handle_session; /* instead of `handle` */
} method_t;

typedef struct {
    uint32_t most;
    int64_t width_ns;
    const char *interval; /* of rateLimits: "SECOND", with number 10 */
    int64_t number;
    const char *header, *refusal;
} order_limit_t;

/* Spot takes times in microseconds too: what has so many digits is of them. */
static const uint64_t MICROSECONDS_FROM = UINT64_C(1000000000000000);

/* What the face of one product says; the machinery around it is the same for all. */
typedef struct {
    bool spot;            /* instruments of kind INSTRUMENT_SPOT are its own, else all others */
    const char *api_path; /* where the WS API is */
    const route_t *routes;
    size_t route_count;
    const method_t *methods;
    size_t method_count;
    uint32_t weight_most;                                          /* a minute */
    void (*word_weight)(char text[CALL_ERROR_MAX], unsigned most); /* -1003 */
    void (*word_ban)(char text[CALL_ERROR_MAX], const char *address, int64_t until_ms);
    order_limit_t orders[ORDER_LIMITS];
    uint32_t texts_per_second; /* requests on one stream connection; more close it */
    /* An endpoint or method that the exchange has taken out, and that stands here for older clients: 410, or an unknown method. */
    bool (*is_gone)(const face_t *face, str_t name); /* NULL: none */
    /* A request that has something to do although no order may come of it: cancel-and-replace, when it says so. By its handler: any
     * other request may bear the same parameters, and would place its order. */
    bool (*goes_on_over_limit)(call_t *call, handler_fn *handle); /* NULL: none */
    bool (*refuse_unknown)(call_t *call); /* parameters that the exchange does not know, where they could change what is traded */
    void (*word_stream_error)(json_writer_t *writer, int code, const char *words, str_t id);
    void (*market_event)(face_t *face, const venue_event_t *event);
    void (*private_event)(face_t *face, const venue_event_t *event);
    void (*after_advance)(face_t *face);
} dialect_t;

/* Rows gathered for one reply: never two kinds at a time. */
typedef union {
    venue_order_t orders[ROWS_MAX];
    venue_algo_t algos[ROWS_MAX];
    venue_fill_t fills[ROWS_MAX];
    venue_income_t incomes[ROWS_MAX];
    venue_trade_t trades[ROWS_MAX];
    venue_funding_t fundings[ROWS_MAX];
    venue_kline_t klines[ROWS_MAX];
    venue_figure_bar_t figures[ROWS_MAX];
    venue_interest_t interests[ROWS_MAX];
    venue_position_t positions[ROWS_MAX];
    spot_order_t spot_orders[ROWS_MAX];
    spot_list_t spot_lists[ROWS_MAX];
    struct {
        level_t bids[DEPTH_REPLY_MAX], asks[DEPTH_REPLY_MAX];
    } depth;
} rows_t;

/* A number as it was written last. */
typedef struct {
    dec_t value;
    uint32_t places, length; /* length 0: nothing was written yet */
    char text[DEC_TEXT_MAX];
} number_text_t;

/* A whole number as it was written last, but for its last four digits. */
typedef struct {
    uint64_t upper;
    uint32_t length; /* 0: nothing was written yet */
    char text[24];
} count_text_t;

/* Of the last quote that was written (quote_text.c). */
typedef struct {
    number_text_t numbers[4]; /* bid, its quantity, ask, its quantity */
    count_text_t update, time;
    char symbol[SYMBOL_TEXT_MAX];
    dec_t tick_size, lot_step;
    uint32_t price_places, quantity_places;
    uint32_t names_length;
    char names[16 * SYMBOL_TEXT_MAX]; /* "s":"BTCUSDT","ps":"BTCUSDT" */
} quote_text_t;

typedef struct {
    stream_id_t id;
    char symbol[SYMBOL_TEXT_MAX]; /* as it was then: it may be renamed */
    size_t length;                /* 0: none yet */
    char text[STREAM_NAME_MAX];
} stream_label_t;

struct face {
    const dialect_t *dialect;
    world_t *world;
    const face_output_t *output;
    double speed;
    bool strict_clock, no_spot_listen_keys;
    bool clock_told;
    int64_t ahead_low_ms, ahead_high_ms; /* of the wall's clock, the venue's was when somebody asked anything */
    fault_engine_t *faults;              /* NULL: none */
    fault_frames_t *frames;              /* NULL without faults */
    uint32_t secret_count;
    face_secret_t secrets[KEYS_MAX];
    address_t addresses[ADDRESSES_MAX];
    order_window_t order_windows[WORLD_ACCOUNTS_MAX][ORDER_LIMITS];
    uint32_t session_count, session_high; /* open; one past the highest index in use */
    session_set_t open, strangers;        /* all; those that have never followed anything */
    uint32_t hand;                        /* where the next stranger is looked for when one must go */
    session_set_t listening, in_lockstep; /* sessions with accounts; with a role */
    const face_session_t *only;           /* what is published now is for this session; NULL: for everyone who follows it */
    face_session_t sessions[FACE_SESSIONS_MAX];
    session_set_t interest[PLACES_MAX][STREAM_KIND_COUNT];
    uint32_t interest_count[PLACES_MAX][STREAM_KIND_COUNT];
    int64_t paced_ns[PLACES_MAX][STREAM_KIND_COUNT]; /* stream_due: before this nothing more is told */
    int64_t second_due_ns[PLACES_MAX];               /* bars of one second: opening of the next one to tell; 0: nobody has asked */
    mark_t marks[PLACES_MAX];                   /* as it changed last, to be told by the clock; mark 0: not since it is followed */
    int64_t zone_next_ns[PLACES_MAX][TF_COUNT]; /* bars of UTC+8: opening of the next one to tell; 0: nobody has asked */
    uint64_t book_told[PLACES_MAX];             /* !bookTicker: update ids told last */
    role_t roles[LOCKSTEP_ROLES_MAX];
    uint32_t role_count;
    int64_t patience_ns;
    int64_t now_ns; /* monotonic, of the last lockstep call */
    call_t call;
    rows_t rows;
    stream_label_t label; /* of the stream that was named last */
    quote_text_t quote;
    char event[64 * 1024];   /* one event's JSON */
    char wrapped[66 * 1024]; /* the same in its envelope */
    size_t gathered_length;
    char cut[66 * 1024];      /* one of the forms of an event's times */
    uint32_t micro_sessions;  /* sockets that want microseconds */
    char gathered[64 * 1024]; /* events of one stream of all symbols, on their way into one array */
    char reply[FACE_REPLY_MAX];
};

/* --- gate.c: who may pass --------------------------------------------------------------------- */

typedef struct {
    int64_t wall_ns; /* in */
    uint32_t used;   /* weight of this minute, with this request */
    int64_t retry_s; /* 429 or 418: when to come again */
} gate_wait_t;

/* Counts weight for the address; false: 429 or 418 was written into the call. */
bool gate_weigh(face_t *face, call_t *call, str_t address, uint32_t weight, gate_wait_t *wait);

/* False: -1015 was written. Counts orders of the account; `handle` is who will answer. */
bool gate_count_orders(face_t *face, call_t *call, const uint32_t orders[ORDER_LIMITS], handler_fn *handle, int64_t wall_ns);
uint32_t gate_order_count(const face_t *face, const world_account_t *account, uint32_t limit); /* in the window of that limit */
/* An order that is filled gives its places back. */
void gate_order_filled(face_t *face, const world_account_t *account);

/* Key, signature over `payload` (two slices that are one text), time. */
bool gate_check_key(face_t *face, call_t *call, str_t api_key, face_key_right_t wanted, str_t address);
bool gate_use_key(face_t *face, call_t *call, const face_secret_t *secret, face_key_right_t wanted, str_t address);
bool gate_check_signature(face_t *face, call_t *call, str_t payload_a, str_t payload_b, str_t signature);
bool gate_check_time(face_t *face, call_t *call, int64_t wall_ns);

/* The text without its signature=... pair; the pair's raw value through *signature (untouched when there is none). The text is cut
 * in place into at most two pieces that are put together in `room`. */
str_t gate_without_signature(str_t text, char *room, size_t capacity, str_t *signature);

/* --- face.c: the way of a request ------------------------------------------------------------- */

result_t face_create(const face_options_t *options, const dialect_t *dialect, face_t **out);

/* The account's listen key for the face's own product. */
world_product_t face_product(const face_t *face);
const world_listen_key_t *face_listen_key(const face_t *face, const world_account_t *account);

/* Instruments of the face's own product. */
bool face_trades(const face_t *face, instrument_id_t instrument);
bool face_is_gone(const face_t *face, str_t name);
str_t face_path(str_t path); /* without the host that some clients keep as first segment */
void call_begin(face_t *face, call_t *call);
void call_write_to(call_t *call, char *bytes, size_t capacity); /* begins the reply, or a part of it */

/* Ends a call: the body of its reply (JSON of the handler, or the error). */
str_t call_end(call_t *call);

/* session_set.c */
bool set_has(const session_set_t *set, uint32_t index);
void set_add(session_set_t *set, uint32_t index);
void set_remove(session_set_t *set, uint32_t index);
uint32_t set_first_free(const session_set_t *set);          /* FACE_SESSIONS_MAX: none */
uint32_t set_next(const session_set_t *set, uint32_t from); /* the first index >= from; FACE_SESSIONS_MAX: no more */

/* ws_api.c */
session_handler_fn session_logon, session_status, session_logout;

/* one row of rateLimits; count SIZE_MAX: without */
void write_rate_limit(json_writer_t *writer, const char *type, const char *interval, int64_t number, int64_t limit, uint64_t count);

/* --- plain.c: answers that are the same for every product ------------------------------------- */

handler_fn handle_ping, handle_time, handle_empty_array, handle_system_status, handle_rate_limit_order, handle_listen_key_new,
    handle_listen_key_keep, handle_listen_key_end;
void write_rate_limits(call_t *call); /* "rateLimits": the rows without counts */

/* --- streams ---------------------------------------------------------------------------------- */

void stream_on_venue_event(void *face, const venue_event_t *event); /* the world's listener */
void stream_send_private(face_t *face, venue_account_t account, str_t json);
void stream_write_to(face_t *face, json_writer_t *writer); /* begins an event that may go to sockets of both time units */
void stream_publish(face_t *face, instrument_id_t place, stream_kind_t kind, str_t json, bool conflate);
void stream_deliver(void *face, const fault_frame_t *frame); /* of the fault gate: this one really leaves */
void stream_end_key(face_t *face, const world_account_t *account, bool told);
void stream_forget(face_t *face, face_session_t *session);
size_t stream_name(const face_t *face, uint32_t place, stream_kind_t kind, char name[STREAM_NAME_MAX]); /* its length */
bool stream_wanted(const face_t *face, uint32_t place, stream_kind_t kind);
/* Of what is told at most once in a period of venue time: somebody wants it, and it has not been told in this one. */
bool stream_due(face_t *face, uint32_t place, stream_kind_t kind, int64_t period_ns);
void session_send(face_t *face, face_session_t *session, str_t text);
bool session_subscribe(face_t *face, face_session_t *session, str_t name); /* false: too many */
void session_unsubscribe(face_t *face, face_session_t *session, str_t name);
void ws_api_text(face_t *face, face_session_t *session, str_t text, int64_t wall_ns);
bool request_is_id(str_t id); /* an integer, a text of 1 to 36 letters, digits, '-' and '_', or null; as raw JSON */

/* stream_timed.c: what the clock tells, each symbol's in its own stream and all symbols' in one array; at most once in its period.
 */
typedef struct {
    stream_kind_t one, all;
    int64_t one_ns, all_ns;
    str_t (*text)(face_t *face, instrument_id_t instrument); /* empty: nothing to tell */
} timed_stream_t;
void stream_send_timed(face_t *face, const timed_stream_t *streams, size_t count);

/* lockstep.c */
bool lockstep_register(face_t *face, face_session_t *session, str_t role);
void lockstep_done(face_t *face, face_session_t *session, uint64_t moment, uint64_t frames, int64_t wake_ms);
void lockstep_working(face_t *face, face_session_t *session, uint64_t moment);
void lockstep_gone(face_t *face, face_session_t *session);
const face_session_t *lockstep_session_of(const face_t *face, venue_account_t account); /* NULL: no process of its own listens */
void lockstep_tell(face_t *face, face_session_t *session);
