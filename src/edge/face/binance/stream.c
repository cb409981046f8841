/* stream.c: sessions: what a socket has subscribed to, and one frame made for all who want it. */
#include <ctype.h>
#include <string.h>

#include "edge/face/binance/face_parts.h"

/* --- who wants what --------------------------------------------------------------------------- */

bool stream_wanted(const face_t *face, uint32_t place, stream_kind_t kind)
{
    return face->interest_count[place][kind] > 0;
}

bool stream_due(face_t *face, uint32_t place, stream_kind_t kind, int64_t period_ns)
{
    int64_t now_ns = venue_now(world_venue(face->world));
    if (!stream_wanted(face, place, kind) || now_ns < face->paced_ns[place][kind])
        return false;
    face->paced_ns[place][kind] = time_floor(now_ns, period_ns) + period_ns;
    return true;
}

static bool any_wanted(const face_t *face, uint32_t place, stream_kind_t first, stream_kind_t last, stream_kind_t all_first,
                       stream_kind_t all_last)
{
    for (unsigned kind = first; kind <= last; kind++) {
        if (stream_wanted(face, place, (stream_kind_t)kind))
            return true;
    }
    for (unsigned kind = all_first; kind <= all_last; kind++) {
        if (stream_wanted(face, STREAM_PLACE_ALL, (stream_kind_t)kind))
            return true;
    }
    return false;
}

/* The venue computes only what somebody follows. */
static void follow(face_t *face, uint32_t place)
{
    uint32_t streams = 0, timeframes = 0;
    if (any_wanted(face, place, STREAM_AGG_TRADE, STREAM_TRADE, STREAM_KIND_COUNT, 0))
        streams |= VENUE_FOLLOW_TRADES;
    if (stream_wanted(face, place, STREAM_BOOK_TICKER))
        streams |= VENUE_FOLLOW_QUOTES;
    if (any_wanted(face, place, STREAM_DEPTH, STREAM_DEPTH_0, STREAM_KIND_COUNT, 0))
        streams |= VENUE_FOLLOW_DEPTH;
    if (any_wanted(face, place, STREAM_MARK, STREAM_MARK_1S, STREAM_ALL_MARK, STREAM_ALL_MARK_1S))
        streams |= VENUE_FOLLOW_MARK;
    else
        face->marks[place] = (mark_t){0};
    for (unsigned timeframe = 0; timeframe < TF_COUNT; timeframe++)
        timeframes |= (uint32_t)(stream_wanted(face, place, (stream_kind_t)(STREAM_KLINE + timeframe)) ||
                                 stream_wanted(face, place, (stream_kind_t)(STREAM_CONTINUOUS + timeframe)))
                      << timeframe;
    world_follow(face->world, (instrument_id_t)place, streams, timeframes);
}

static void interest_changed(face_t *face, stream_id_t id)
{
    uint32_t count = venue_instrument_count(world_venue(face->world));
    if (id.place != STREAM_PLACE_ALL)
        follow(face, id.place);
    for (uint32_t i = 0; id.place == STREAM_PLACE_ALL && i < count; i++) {
        if (face_trades(face, (instrument_id_t)i))
            follow(face, i);
    }
}

static void want(face_t *face, face_session_t *session, stream_id_t id)
{
    if (set_has(&face->interest[id.place][id.kind], session->index))
        return;
    set_add(&face->interest[id.place][id.kind], session->index);
    if (face->interest_count[id.place][id.kind]++ == 0)
        interest_changed(face, id);
}

static void want_no_more(face_t *face, face_session_t *session, stream_id_t id)
{
    if (!set_has(&face->interest[id.place][id.kind], session->index))
        return;
    set_remove(&face->interest[id.place][id.kind], session->index);
    if (--face->interest_count[id.place][id.kind] == 0)
        interest_changed(face, id);
}

/* --- names ------------------------------------------------------------------------------------ */

/* The symbol in lower case with the contract behind it. */
static bool is_lower_symbol(str_t text, const char *symbol, const char *contract)
{
    size_t length = strlen(symbol);
    if (text.length < length || !str_eq((str_t){text.bytes + length, text.length - length}, str_from(contract)))
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text.bytes[i] != (char)tolower((unsigned char)symbol[i]))
            return false;
    }
    return true;
}

/* Names that mean nothing here are accepted and stay silent, as at the exchange; upper case is such a name. */
static stream_id_t stream_parse(const face_t *face, const face_session_t *session, str_t name)
{
    stream_id_t silent = {.place = STREAM_PLACE_UNKNOWN};
    stream_kind_t kind;
    if (name.length > 0 && name.bytes[0] == '!') {
        if (!stream_kind_parse(name, &kind) || !stream_is_routed(session->route, kind))
            return silent;
        return (stream_id_t){.place = STREAM_PLACE_ALL, .kind = (uint16_t)kind};
    }
    str_t rest = name;
    str_t symbol = str_cut(&rest, '@');
    if (!stream_kind_parse(rest, &kind) || kind >= STREAM_ALL_BOOK || !stream_is_routed(session->route, kind))
        return silent;
    const venue_t *venue = world_venue(face->world);
    uint32_t count = venue_instrument_count(venue);
    for (uint32_t i = 0; i < count; i++) {
        if (face_trades(face, (instrument_id_t)i) &&
            is_lower_symbol(symbol, venue_instrument_at(venue, (instrument_id_t)i)->symbol, stream_contract(kind)))
            return (stream_id_t){.place = (uint16_t)i, .kind = (uint16_t)kind};
    }
    return silent;
}

static bool bind_listen_key(face_t *face, face_session_t *session, str_t key)
{
    const world_account_t *account = world_account_by_listen_key(face->world, face_product(face), key);
    if (!account || face_listen_key(face, account)->expires_ns <= world_now_ns(face->world) || session->route == ROUTE_PUBLIC ||
        session->route == ROUTE_MARKET)
        return false;
    for (uint32_t i = 0; i < session->account_count; i++) {
        if (session->accounts[i] == account->account)
            return true;
    }
    if (session->account_count == SESSION_ACCOUNTS_MAX)
        return false;
    session->accounts[session->account_count++] = account->account;
    set_add(&face->listening, session->index);
    set_remove(&face->strangers, session->index);
    return true;
}

bool session_subscribe(face_t *face, face_session_t *session, str_t name)
{
    static const char lockstep[] = "!lockstep@";
    if (str_starts_with(name, (str_t){lockstep, sizeof lockstep - 1})) {
        (void)lockstep_register(face, session, (str_t){name.bytes + sizeof lockstep - 1, name.length - (sizeof lockstep - 1)});
        return true;
    }
    if (bind_listen_key(face, session, name))
        return true;
    stream_id_t id = stream_parse(face, session, name);
    for (uint32_t i = 0; i < session->stream_count; i++) {
        if (id.place != STREAM_PLACE_UNKNOWN && session->streams[i].place == id.place && session->streams[i].kind == id.kind)
            return true;
    }
    if (session->stream_count == FACE_STREAMS_MAX)
        return false;
    session->streams[session->stream_count++] = id;
    set_remove(&face->strangers, session->index);
    if (id.place != STREAM_PLACE_UNKNOWN)
        want(face, session, id);
    return true;
}

void session_unsubscribe(face_t *face, face_session_t *session, str_t name)
{
    stream_id_t id = stream_parse(face, session, name);
    if (id.place == STREAM_PLACE_UNKNOWN)
        return;
    for (uint32_t i = 0; i < session->stream_count; i++) {
        if (session->streams[i].place == id.place && session->streams[i].kind == id.kind) {
            session->streams[i] = session->streams[--session->stream_count];
            want_no_more(face, session, id);
            return;
        }
    }
}

void stream_forget(face_t *face, face_session_t *session)
{
    for (uint32_t i = 0; i < session->stream_count; i++) {
        if (session->streams[i].place != STREAM_PLACE_UNKNOWN)
            want_no_more(face, session, session->streams[i]);
    }
    session->stream_count = 0;
    session->account_count = 0;
    set_remove(&face->listening, session->index);
    fault_frames_forget(face->frames, session->index);
}

/* --- sending ---------------------------------------------------------------------------------- */

void session_send(face_t *face, face_session_t *session, str_t text)
{
    session->frames_sent++;
    face->output->send(face->output->context, session->socket, text);
}

static size_t append(char *buffer, size_t at, const char *text, size_t length)
{
    memcpy(buffer + at, text, length);
    return at + length;
}

/* {"stream":"btcusdt@aggTrade","data":{...}} */
static str_t wrap(face_t *face, str_t name, str_t json)
{
    static const char head[] = "{\"stream\":\"", middle[] = "\",\"data\":";
    if (sizeof head + name.length + sizeof middle + json.length > sizeof face->wrapped)
        return (str_t){0};
    size_t at = append(face->wrapped, 0, head, sizeof head - 1);
    at = append(face->wrapped, at, name.bytes, name.length);
    at = append(face->wrapped, at, middle, sizeof middle - 1);
    at = append(face->wrapped, at, json.bytes, json.length);
    at = append(face->wrapped, at, "}", 1);
    return (str_t){face->wrapped, at};
}

/* The forms of one message, made when the first receiver needs them; of each: times in milliseconds, and in microseconds. */
typedef struct {
    void *raw[2], *wrapped[2];
    str_t name, json; /* name: empty as long as nobody needs that of (place, kind) */
    uint32_t place;
    stream_kind_t kind;
    const char *account; /* whose event; NULL: of the market */
    bool passed;         /* comes from the fault gate */
} message_t;

/* Of the place's instrument; empty for all of them. */
static const char *symbol_of(const face_t *face, uint32_t place)
{
    return place == STREAM_PLACE_ALL ? "" : venue_instrument_at(world_venue(face->world), (instrument_id_t)place)->symbol;
}

/* The name stays in the face: the next message is mostly one of the same stream. */
static void name_it(face_t *face, message_t *message)
{
    stream_label_t *last = &face->label;
    if (message->name.length > 0)
        return;
    const char *symbol = symbol_of(face, message->place);
    if (last->length == 0 || last->id.place != message->place || last->id.kind != message->kind ||
        strcmp(last->symbol, symbol) != 0) {
        last->id = (stream_id_t){.place = (uint16_t)message->place, .kind = (uint16_t)message->kind};
        (void)str_copy(str_from(symbol), last->symbol, sizeof last->symbol);
        last->length = stream_name(face, message->place, message->kind, last->text);
    }
    message->name = (str_t){last->text, last->length};
}

static void *make_frame(face_t *face, const face_session_t *session, const message_t *message)
{
    str_t json = time_form_cut(message->json, session->time_form, face->cut);
    return face->output->frame_make(face->output->context, session->combined ? wrap(face, message->name, json) : json);
}

static void send_form(face_t *face, face_session_t *session, message_t *message, uint64_t key)
{
    const face_output_t *output = face->output;
    if (fault_frames_active(face->frames) && !message->passed) {
        name_it(face, message);
        fault_frames_pass(face->frames, &(fault_frame_t){.connection = session->index,
                                                         .key = key,
                                                         .on = message->account ? FAULT_ON_USER : FAULT_ON_MARKET,
                                                         .stream = message->name,
                                                         .json = time_form_cut(message->json, session->time_form, face->cut),
                                                         .account = str_from(message->account)});
        return;
    }
    void **frame = &(session->combined ? message->wrapped : message->raw)[session->time_form == TIME_FORM_US];
    if (!*frame && session->combined)
        name_it(face, message);
    if (!*frame)
        *frame = make_frame(face, session, message);
    /* A lockstep connection counts every frame: nothing may give way there. */
    session->frames_sent++;
    session->events_sent++;
    output->frame_send(output->context, session->socket, *frame, session->role >= 0 ? 0 : key);
}

static void release(face_t *face, message_t *message)
{
    for (int form = 0; form < 2; form++) {
        if (message->raw[form])
            face->output->frame_release(face->output->context, message->raw[form]);
        if (message->wrapped[form])
            face->output->frame_release(face->output->context, message->wrapped[form]);
    }
}

void stream_deliver(void *context, const fault_frame_t *frame)
{
    face_t *face = context;
    face_session_t *session = &face->sessions[frame->connection];
    message_t message = {.name = frame->stream, .json = frame->json, .passed = true};
    if (!session->used)
        return;
    send_form(face, session, &message, frame->key);
    release(face, &message);
}

void stream_write_to(face_t *face, json_writer_t *writer)
{
    json_writer_init(writer, face->event, sizeof face->event);
    writer->time_form = face->micro_sessions > 0 ? TIME_FORM_BOTH : TIME_FORM_MS;
}

size_t stream_name(const face_t *face, uint32_t place, stream_kind_t kind, char name[STREAM_NAME_MAX])
{
    size_t at = 0;
    if (place != STREAM_PLACE_ALL) {
        for (const char *symbol = symbol_of(face, place); *symbol != '\0'; symbol++)
            name[at++] = (char)(*symbol >= 'A' && *symbol <= 'Z' ? *symbol - 'A' + 'a' : *symbol);
        at = append(name, at, stream_contract(kind), strlen(stream_contract(kind)));
        name[at++] = '@';
    }
    const char *suffix = stream_suffix(kind);
    return append(name, at, suffix, strlen(suffix));
}

void stream_publish(face_t *face, instrument_id_t place, stream_kind_t kind, str_t json, bool conflate)
{
    if (!stream_wanted(face, place, kind))
        return;
    message_t message = {.json = json, .place = place, .kind = kind};
    uint64_t key = conflate ? (uint64_t)place << 16 | (uint64_t)kind | UINT64_C(1) << 40 : 0;
    const session_set_t *wanted = &face->interest[place][kind];
    uint32_t left = face->interest_count[place][kind]; /* the set is far longer than most crowds */
    for (uint32_t i = set_next(wanted, 0); i<FACE_SESSIONS_MAX; i = --left> 0 ? set_next(wanted, i + 1) : FACE_SESSIONS_MAX) {
        if (!face->only || face->only == &face->sessions[i])
            send_form(face, &face->sessions[i], &message, key);
    }
    release(face, &message);
}

/* On a WS API socket: {"subscriptionId":0,"event":{...}} */
static void send_subscribed(face_t *face, face_session_t *session, uint32_t subscription, str_t json)
{
    json_writer_t writer;
    str_t text;
    json_writer_init(&writer, face->wrapped, sizeof face->wrapped);
    json_begin_object(&writer);
    json_field_u64(&writer, "subscriptionId", subscription);
    json_write_key(&writer, "event");
    json_write_raw(&writer, time_form_cut(json, session->time_form, face->cut));
    json_end_object(&writer);
    if (json_writer_finish(&writer, &text) == RESULT_OK)
        session_send(face, session, text);
}

/* The name of an event: the text after {"e":". */
static str_t event_name(str_t json)
{
    static const char head[] = "{\"e\":\"";
    str_t rest = json;
    if (!str_starts_with(json, (str_t){head, sizeof head - 1}))
        return (str_t){0};
    rest.bytes += sizeof head - 1;
    rest.length -= sizeof head - 1;
    return str_cut(&rest, '"');
}

static bool wants_event(const face_session_t *session, str_t name)
{
    str_t rest = str_from(session->events);
    bool wants = rest.length == 0;
    while (rest.length > 0 && !wants)
        wants = str_eq(str_cut(&rest, '/'), name);
    return wants;
}

void stream_send_private(face_t *face, venue_account_t account, str_t json)
{
    const world_account_t *row = world_account_of(face->world, account);
    if (!row)
        return;
    message_t message = {.json = json, .name = str_from(face_listen_key(face, row)->text), .account = row->name};
    for (uint32_t i = set_next(&face->listening, 0); i < FACE_SESSIONS_MAX; i = set_next(&face->listening, i + 1)) {
        face_session_t *session = &face->sessions[i];
        for (uint32_t a = 0; a < session->account_count; a++) {
            if (session->accounts[a] != account)
                continue;
            if (session->api)
                send_subscribed(face, session, session->subscriptions[a], json);
            else if (wants_event(session, event_name(json)))
                send_form(face, session, &message, 0);
        }
    }
    release(face, &message);
}

void stream_on_venue_event(void *context, const venue_event_t *event)
{
    face_t *face = context;
    switch (event->kind) {
    case VENUE_EVENT_TRADE:
    case VENUE_EVENT_QUOTE:
    case VENUE_EVENT_DEPTH:
    case VENUE_EVENT_MARK:
    case VENUE_EVENT_KLINE:
    case VENUE_EVENT_STATUS:
    case VENUE_EVENT_RULES:
    case VENUE_EVENT_LIQUIDATION:
        if (face_trades(face, event->instrument))
            face->dialect->market_event(face, event);
        break;
    case VENUE_EVENT_ORDER:
    case VENUE_EVENT_ACCOUNT:
    case VENUE_EVENT_ALGO:
    case VENUE_EVENT_MARGIN_CALL:
    case VENUE_EVENT_LEVERAGE:
    case VENUE_EVENT_MODE:
    case VENUE_EVENT_MULTI_ASSETS:
    case VENUE_EVENT_SPOT:
        face->dialect->private_event(face, event);
        break;
    }
}
