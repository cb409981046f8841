/* feed_connection.c: one connection: opening with back-off, subscribing at the allowed pace, silence, and the hand-over to a
 * successor. */
#include "edge/exchange/binance/feed_inside.h"

#include "core/base/assert.h"
#include "edge/json/json_writer.h"

#include <string.h>

#define BACKOFF_FIRST_NS (250 * NS_PER_MS)
#define BACKOFF_MAX_NS   (30 * NS_PER_S)
#define ROTATE_AFTER_NS  (22 * NS_PER_HOUR)

static bool is_standing(const feed_t *feed, uint32_t connection)
{
    return feed->groups[connection / 2].side == connection % 2;
}

static const char *route_path(feed_route_t route)
{
    return route == ROUTE_PUBLIC ? "/public/stream" : "/market/stream";
}

/* In [half, whole). */
static int64_t jitter(feed_t *feed, int64_t whole_ns)
{
    return whole_ns / 2 + (int64_t)prng_below(&feed->chance, (uint64_t)(whole_ns / 2));
}

static void names_reset(feed_t *feed, uint32_t connection)
{
    for (uint32_t i = 0; i < feed->name_high; i++) {
        feed_name_t *name = &feed->names[i];
        if (!name->used || name->group != connection / 2) {
            continue;
        }
        name->state[connection % 2] = NAME_TO_ASK;
        name->asked_ns[connection % 2] = 0;
        if (name->leaving && is_standing(feed, connection)) {
            name->used = false; /* the new connection never hears of it */
            feed->groups[name->group].names--;
            feed->name_count--;
        }
    }
}

void feed_connection_open(feed_t *feed, uint32_t connection)
{
    feed_slot_t *slot = &feed->slots[connection];
    char url[FEED_URL_MAX + 32];
    size_t length = strlen(feed->stream_url);
    const char *path = route_path(feed->groups[connection / 2].route);
    memcpy(url, feed->stream_url, length);
    memcpy(url + length, path, strlen(path) + 1);
    uint32_t failures = slot->failures;
    char *queue = slot->queue;
    *slot = (feed_slot_t){.state = SLOT_OPENING, .failures = failures, .queue = queue};
    names_reset(feed, connection);
    result_t result = feed->transport.open(feed->transport.context, connection, url);
    if (result != RESULT_OK) {
        feed_connection_fail(feed, connection, result, "could not be dialled");
    }
}

/* Lost, or given up: tried again after a while. The caller has closed the transport's side if it was not the one that told us. */
void feed_connection_fail(feed_t *feed, uint32_t connection, result_t why, const char *text)
{
    feed_slot_t *slot = &feed->slots[connection];
    uint32_t doubled = slot->failures < 7 ? slot->failures : 7;
    int64_t wait_ns = BACKOFF_FIRST_NS << doubled;
    feed->counts.reconnects += slot->opened_ns != 0;
    slot->state = SLOT_WAITING;
    slot->failures++;
    slot->retry_at_ns = feed_now(feed) + jitter(feed, wait_ns < BACKOFF_MAX_NS ? wait_ns : BACKOFF_MAX_NS);
    slot->queue_begin = slot->queue_end = 0;
    slot->joined = slot->has_marker = slot->lockstep_asked = slot->has_moment = slot->told = false;
    feed_lockstep_lost(feed);
    feed_notice(feed, FEED_LOST, (int32_t)connection, NULL, why, text);
}

void feed_connection_drop(feed_t *feed, uint32_t connection)
{
    feed_slot_t *slot = &feed->slots[connection];
    if (slot->state == SLOT_OPEN || slot->state == SLOT_OPENING) {
        feed->transport.close(feed->transport.context, connection);
    }
    char *queue = slot->queue;
    *slot = (feed_slot_t){.state = SLOT_FREE, .queue = queue};
}

static void give_up(feed_t *feed, uint32_t connection, result_t why, const char *text)
{
    feed->transport.close(feed->transport.context, connection);
    feed_connection_fail(feed, connection, why, text);
}

void feed_transport_opened(feed_t *feed, uint32_t connection)
{
    feed_slot_t *slot = &feed->slots[connection];
    if (slot->state != SLOT_OPENING) {
        return;
    }
    int64_t now_ns = feed_now(feed);
    int64_t life_ns = feed->options.rotate_after_ns != 0 ? feed->options.rotate_after_ns
                                                         : ROTATE_AFTER_NS + jitter(feed, 2 * NS_PER_HOUR) - NS_PER_HOUR;
    slot->state = SLOT_OPEN;
    slot->opened_ns = slot->last_frame_ns = now_ns;
    slot->rotate_at_ns = now_ns + life_ns;
    feed_notice(feed, FEED_CONNECTED, (int32_t)connection, NULL, RESULT_OK, route_path(feed->groups[connection / 2].route));
    feed_subscribe(feed, connection);
}

void feed_transport_closed(feed_t *feed, uint32_t connection, result_t why, const char *text)
{
    feed_slot_t *slot = &feed->slots[connection];
    if (slot->state != SLOT_OPEN && slot->state != SLOT_OPENING) {
        return;
    }
    feed_connection_fail(feed, connection, why, text);
    if (feed->lockstep) {
        feed_lockstep_hand(feed); /* the others need not wait for it any more */
    }
}

/* --- subscribing ------------------------------------------------------------------------------ */

typedef enum { REQUEST_NOTHING, REQUEST_SUBSCRIBE, REQUEST_UNSUBSCRIBE } request_t;

static bool name_is_due(const feed_t *feed, const feed_name_t *name, uint32_t connection, request_t request)
{
    if (!name->used || name->group != connection / 2) {
        return false;
    }
    if (request == REQUEST_UNSUBSCRIBE) {
        return name->leaving && is_standing(feed, connection);
    }
    return !name->leaving && name->state[connection % 2] == NAME_TO_ASK;
}

/* Puts up to a batch of names into params and notes them as asked; returns how many, and whether more are due. */
static uint32_t names_write(feed_t *feed, json_writer_t *writer, uint32_t connection, request_t request, bool *more)
{
    uint32_t count = 0;
    *more = false;
    for (uint32_t i = 0; i < feed->name_high; i++) {
        feed_name_t *name = &feed->names[i];
        if (!name_is_due(feed, name, connection, request)) {
            continue;
        }
        if (count == FEED_NAMES_PER_SUBSCRIBE) {
            *more = true;
            break;
        }
        json_write_text(writer, str_from(name->text));
        count++;
        if (request == REQUEST_UNSUBSCRIBE) {
            name->used = false;
            feed->groups[name->group].names--;
            feed->name_count--;
        } else {
            name->state[connection % 2] = NAME_ASKED;
            name->asked_ns[connection % 2] = feed_now(feed);
        }
    }
    return count;
}

static request_t request_due(const feed_t *feed, uint32_t connection)
{
    for (uint32_t i = 0; i < feed->name_high; i++) {
        if (name_is_due(feed, &feed->names[i], connection, REQUEST_UNSUBSCRIBE)) {
            return REQUEST_UNSUBSCRIBE;
        }
    }
    for (uint32_t i = 0; i < feed->name_high; i++) {
        if (name_is_due(feed, &feed->names[i], connection, REQUEST_SUBSCRIBE)) {
            return REQUEST_SUBSCRIBE;
        }
    }
    return feed->lockstep && !feed->slots[connection].lockstep_asked ? REQUEST_SUBSCRIBE : REQUEST_NOTHING;
}

static void lockstep_name_write(feed_t *feed, json_writer_t *writer, uint32_t connection)
{
    char name[48] = "!lockstep@";
    (void)str_copy(str_from(feed->role), name + 10, sizeof name - 10);
    json_write_text(writer, str_from(name));
    feed->slots[connection].lockstep_asked = true;
}

void feed_subscribe(feed_t *feed, uint32_t connection)
{
    feed_slot_t *slot = &feed->slots[connection];
    int64_t now_ns = feed_now(feed);
    json_writer_t writer;
    str_t message;
    bool more;
    request_t request = slot->state == SLOT_OPEN && now_ns >= slot->send_after_ns ? request_due(feed, connection) : REQUEST_NOTHING;
    if (request == REQUEST_NOTHING) {
        return;
    }
    json_writer_init(&writer, feed->request, sizeof feed->request);
    json_begin_object(&writer);
    json_field_string(&writer, "method", request == REQUEST_SUBSCRIBE ? "SUBSCRIBE" : "UNSUBSCRIBE");
    json_write_key(&writer, "params");
    json_begin_array(&writer);
    (void)names_write(feed, &writer, connection, request, &more);
    if (feed->lockstep && request == REQUEST_SUBSCRIBE && !more && !slot->lockstep_asked) {
        lockstep_name_write(feed, &writer, connection); /* last: all its names stand before its first moment */
    }
    json_end_array(&writer);
    json_field_u64(&writer, "id", ++feed->request_id);
    json_end_object(&writer);
    result_t result = json_writer_finish(&writer, &message);
    ASSERT(result == RESULT_OK);
    slot->send_after_ns = now_ns + FEED_SEND_GAP_MS * NS_PER_MS;
    result = feed->transport.send(feed->transport.context, connection, message);
    if (result != RESULT_OK) {
        give_up(feed, connection, result, "a request could not be sent");
    }
}

/* --- proof, silence, rotation ----------------------------------------------------------------- */

static bool all_proven(const feed_t *feed, uint32_t connection)
{
    for (uint32_t i = 0; i < feed->name_high; i++) {
        const feed_name_t *name = &feed->names[i];
        bool expected = name->used && !name->leaving && name->group == connection / 2 && name->patience_ns != 0;
        if (expected && name->state[connection % 2] != NAME_PROVEN) {
            return false;
        }
    }
    return true;
}

void feed_proven(feed_t *feed, uint32_t connection, feed_name_t *name)
{
    feed_slot_t *slot = &feed->slots[connection];
    if (name->state[connection % 2] != NAME_PROVEN) {
        name->state[connection % 2] = NAME_PROVEN;
        slot->failures = 0; /* data flows */
        if (!slot->live_told && all_proven(feed, connection)) {
            slot->live_told = true;
            feed_notice(feed, FEED_LIVE, (int32_t)connection, NULL, RESULT_OK, route_path(feed->groups[connection / 2].route));
        }
    }
}

/* Names that give no data are asked for again, each time with twice the patience. */
static void silence_check(feed_t *feed, uint32_t connection)
{
    int64_t now_ns = feed_now(feed);
    for (uint32_t i = 0; i < feed->name_high; i++) {
        feed_name_t *name = &feed->names[i];
        if (!name->used || name->leaving || name->group != connection / 2 || name->patience_ns == 0 ||
            name->state[connection % 2] == NAME_TO_ASK) {
            continue;
        }
        int64_t asked_ns = name->asked_ns[connection % 2];
        int64_t since_ns = name->last_ns > asked_ns ? name->last_ns : asked_ns;
        if (now_ns - since_ns > name->patience_ns) {
            feed_notice(feed, FEED_SILENT, (int32_t)connection, name, RESULT_STALE, name->text);
            name->state[connection % 2] = NAME_TO_ASK;
            name->patience_ns = name->patience_ns < 10 * NS_PER_MIN ? 2 * name->patience_ns : name->patience_ns;
            feed->slots[connection].live_told = false;
        }
    }
}

static bool expects_data(const feed_t *feed, uint32_t connection)
{
    for (uint32_t i = 0; i < feed->name_high; i++) {
        const feed_name_t *name = &feed->names[i];
        if (name->used && !name->leaving && name->group == connection / 2 && name->patience_ns != 0) {
            return true;
        }
    }
    return false;
}

static void take_over(feed_t *feed, uint32_t group)
{
    uint32_t old = 2 * group + feed->groups[group].side, successor = old ^ 1;
    feed->groups[group].side ^= 1;
    feed->groups[group].overlap_until_ns = feed_now(feed) + FEED_OVERLAP_S * NS_PER_S;
    feed_connection_drop(feed, old);
    feed_notice(feed, FEED_ROTATED, (int32_t)successor, NULL, RESULT_OK, route_path(feed->groups[group].route));
}

static void standing_tick(feed_t *feed, uint32_t connection)
{
    feed_slot_t *slot = &feed->slots[connection], *other = &feed->slots[connection ^ 1];
    int64_t now_ns = feed_now(feed);
    if (feed->lockstep) {
        return; /* the world may stand still for as long as somebody looks at it; a broken connection is noticed by its end */
    }
    silence_check(feed, connection);
    if (now_ns - slot->last_frame_ns > 2 * feed->options.silence_ns && expects_data(feed, connection)) {
        give_up(feed, connection, RESULT_STALE, "no data on the whole connection");
        return;
    }
    if ((now_ns >= slot->rotate_at_ns || slot->shutdown) && other->state == SLOT_FREE) {
        other->failures = 0;
        feed_connection_open(feed, connection ^ 1);
    }
}

static void successor_tick(feed_t *feed, uint32_t connection)
{
    feed_slot_t *slot = &feed->slots[connection], *old = &feed->slots[connection ^ 1];
    int64_t age_ns = feed_now(feed) - slot->opened_ns;
    bool flows = slot->frames > 0;
    bool ready = flows && (all_proven(feed, connection) || age_ns > FEED_SUCCESSOR_S * NS_PER_S);
    if (ready || old->state == SLOT_WAITING) {
        take_over(feed, connection / 2); /* also when the old one has died meanwhile */
    }
}

/* Does a group without names have no reason to stand any more? The first one of a lockstep feed carries the moments. */
static bool group_is_idle(const feed_t *feed, uint32_t group)
{
    return feed->groups[group].names == 0 && !(feed->lockstep && group == 0);
}

void feed_connection_tick(feed_t *feed, uint32_t connection)
{
    feed_slot_t *slot = &feed->slots[connection];
    if (group_is_idle(feed, connection / 2)) {
        feed_connection_drop(feed, connection);
        feed_connection_drop(feed, connection ^ 1);
        feed->groups[connection / 2].used = false;
        return;
    }
    if (slot->state == SLOT_WAITING && feed_now(feed) >= slot->retry_at_ns) {
        feed_connection_open(feed, connection);
    } else if (slot->state == SLOT_OPEN) {
        feed_subscribe(feed, connection);
        if (slot->state == SLOT_OPEN && is_standing(feed, connection)) {
            standing_tick(feed, connection);
        } else if (slot->state == SLOT_OPEN) {
            successor_tick(feed, connection);
        }
    }
}
