/* fault_frames.c: see fault_frames.h. */
#include "edge/face/fault/fault_frames.h"

#include <stdlib.h>
#include <string.h>

#include "edge/face/fault/fault_json.h"

#define FRAME_KNOBS                                                                                                                \
    (FAULT_BIT(WS_STALL) | FAULT_BIT(WS_GAP) | FAULT_BIT(WS_DUP) | FAULT_BIT(WS_REORDER) | FAULT_BIT(WS_LATE) |                    \
     FAULT_BIT(WS_NEWFIELD) | FAULT_BIT(WS_NEWENUM) | FAULT_BIT(WS_MISSING) | FAULT_BIT(WS_SEQGAP) | FAULT_BIT(PX_BAD) |           \
     FAULT_BIT(CDL_GAP) | FAULT_BIT(CDL_PARTIAL) | FAULT_BIT(CDL_REVISE) | FAULT_BIT(VENUE_DEAD))

typedef enum { HELD_UNTIL, HELD_FOR_ANY, HELD_FOR_OTHER } held_why_t;

typedef struct {
    fault_frame_t frame; /* slices into bytes */
    held_why_t why;
    int64_t until_ns;
    str_t event;
    char *bytes; /* owned */
} held_t;

struct fault_frames {
    fault_engine_t *engine;
    void (*deliver)(void *context, const fault_frame_t *frame);
    void *context;
    uint64_t gap_left; /* of a gap of several frames */
    uint64_t gap_connection;
    uint32_t held_count;
    size_t held_bytes;
    held_t held[FAULT_HELD_MAX];
    char edited[3][FAULT_FRAME_MAX]; /* two to edit in turns, one for a repetition */
};

result_t fault_frames_create(fault_engine_t *engine, void (*deliver)(void *context, const fault_frame_t *frame), void *context,
                             fault_frames_t **out)
{
    fault_frames_t *frames = calloc(1, sizeof *frames);
    if (!frames)
        return RESULT_FULL;
    frames->engine = engine;
    frames->deliver = deliver;
    frames->context = context;
    *out = frames;
    return RESULT_OK;
}

void fault_frames_destroy(fault_frames_t *frames)
{
    for (uint32_t i = 0; frames && i < frames->held_count; i++)
        free(frames->held[i].bytes);
    free(frames);
}

bool fault_frames_active(const fault_frames_t *frames)
{
    return frames != NULL && (fault_any_active(frames->engine, FRAME_KNOBS) || frames->held_count > 0 || frames->gap_left > 0);
}

/* --- holding ---------------------------------------------------------------------------------- */

/* No room: it leaves at once, which is the truth. */
static void hold(fault_frames_t *frames, const fault_frame_t *frame, held_why_t why, int64_t until_ns, str_t event)
{
    size_t total = frame->stream.length + frame->json.length + frame->account.length + event.length;
    char *bytes =
        frames->held_count < FAULT_HELD_MAX && frames->held_bytes + total <= FAULT_HELD_BYTES_MAX ? malloc(total + 1) : NULL;
    if (!bytes) {
        frames->deliver(frames->context, frame);
        return;
    }
    held_t *held = &frames->held[frames->held_count++];
    *held = (held_t){.frame = *frame, .why = why, .until_ns = until_ns, .bytes = bytes};
    str_t *const slices[] = {&held->frame.stream, &held->frame.json, &held->frame.account, &held->event};
    const str_t from[] = {frame->stream, frame->json, frame->account, event};
    for (size_t i = 0; i < 4; i++) {
        if (from[i].length > 0)
            memcpy(bytes, from[i].bytes, from[i].length);
        *slices[i] = (str_t){bytes, from[i].length};
        bytes += from[i].length;
    }
    frames->held_bytes += total;
}

/* Takes it out of the list, in order. */
static held_t take(fault_frames_t *frames, uint32_t index)
{
    held_t held = frames->held[index];
    frames->held_count--;
    memmove(&frames->held[index], &frames->held[index + 1], (frames->held_count - index) * sizeof held);
    frames->held_bytes -= held.frame.stream.length + held.frame.json.length + held.frame.account.length + held.event.length;
    return held;
}

static void let_go(fault_frames_t *frames, uint32_t index)
{
    held_t held = take(frames, index);
    frames->deliver(frames->context, &held.frame);
    free(held.bytes);
}

/* A frame of this connection has left: those that waited for it follow. */
static void follow(fault_frames_t *frames, uint64_t connection, str_t event)
{
    for (uint32_t i = 0; i < frames->held_count;) {
        const held_t *held = &frames->held[i];
        bool ready = held->frame.connection == connection &&
                     (held->why == HELD_FOR_ANY || (held->why == HELD_FOR_OTHER && !str_eq(held->event, event)));
        if (ready)
            let_go(frames, i);
        else
            i++;
    }
}

void fault_frames_tick(fault_frames_t *frames)
{
    for (uint32_t i = 0; frames && i < frames->held_count;) {
        if (frames->held[i].why != HELD_UNTIL || frames->held[i].until_ns <= frames->engine->now_ns)
            let_go(frames, i);
        else
            i++;
    }
}

void fault_frames_forget(fault_frames_t *frames, uint64_t connection)
{
    for (uint32_t i = 0; frames && i < frames->held_count;) {
        if (frames->held[i].frame.connection == connection)
            free(take(frames, i).bytes);
        else
            i++;
    }
}

/* --- other words ------------------------------------------------------------------------------ */

static bool is_closing_candle(const fault_frame_t *frame, str_t event)
{
    return str_eq(event, STR("kline")) && str_eq(fault_json_find(frame->json, "x"), STR("true"));
}

/* The message with other words; each edit reads what the one before wrote. */
static void edit(fault_frames_t *frames, fault_frame_t *frame, const fault_facts_t *facts)
{
    fault_engine_t *engine = frames->engine;
    unsigned room = 0;
    size_t length = 0;
    const fault_armed_t *fault;
#define EDITED(call)                                                                                                               \
    do {                                                                                                                           \
        if (call) {                                                                                                                \
            frame->json = (str_t){frames->edited[room], length};                                                                   \
            room ^= 1;                                                                                                             \
        }                                                                                                                          \
    } while (0)
    if ((fault = fault_strike(engine, FAULT_PX_BAD, facts)) != NULL)
        EDITED(fault_json_prices(frame->json, (fault_price_t)fault_number(&fault->spec, 0), frames->edited[room], FAULT_FRAME_MAX,
                                 &length));
    if (is_closing_candle(frame, facts->event) && fault_strike(engine, FAULT_CDL_PARTIAL, facts) != NULL)
        EDITED(fault_json_set(frame->json, "x", STR("false"), frames->edited[room], FAULT_FRAME_MAX, &length));
    if ((fault = fault_strike(engine, FAULT_WS_MISSING, facts)) != NULL)
        EDITED(fault_json_remove(frame->json, fault->spec.values[0].text, frames->edited[room], FAULT_FRAME_MAX, &length));
    if ((fault = fault_strike(engine, FAULT_WS_NEWENUM, facts)) != NULL)
        EDITED(fault_json_set(frame->json, fault->spec.values[0].text, STR("\"SOMETHING_NEW\""), frames->edited[room],
                              FAULT_FRAME_MAX, &length));
    if ((fault = fault_strike(engine, FAULT_WS_NEWFIELD, facts)) != NULL)
        EDITED(fault_json_add(frame->json, fault->spec.values[0].text, frames->edited[room], FAULT_FRAME_MAX, &length));
#undef EDITED
}

/* --- lost, late, twice ------------------------------------------------------------------------ */

static bool is_lost(fault_frames_t *frames, const fault_frame_t *frame, const fault_facts_t *facts)
{
    fault_engine_t *engine = frames->engine;
    if (frames->gap_left > 0 && frames->gap_connection == frame->connection) {
        frames->gap_left--;
        return true;
    }
    if (fault_strike(engine, FAULT_VENUE_DEAD, facts) || fault_strike(engine, FAULT_WS_STALL, facts))
        return true;
    if (str_eq(facts->event, STR("depthUpdate")) && fault_strike(engine, FAULT_WS_SEQGAP, facts))
        return true;
    if (is_closing_candle(frame, facts->event) && fault_strike(engine, FAULT_CDL_GAP, facts))
        return true;
    const fault_armed_t *gap = fault_strike(engine, FAULT_WS_GAP, facts);
    if (gap) {
        frames->gap_left = (uint64_t)fault_number(&gap->spec, 0) - 1;
        frames->gap_connection = frame->connection;
    }
    return gap != NULL;
}

/* A second time: a duplicate, or a closed candle with another close. */
static void repeat(fault_frames_t *frames, const fault_frame_t *frame, const fault_facts_t *facts)
{
    const fault_armed_t *twice = fault_strike(frames->engine, FAULT_WS_DUP, facts);
    if (twice) {
        int64_t lag_ns = fault_number(&twice->spec, 0);
        if (lag_ns == 0)
            frames->deliver(frames->context, frame);
        else
            hold(frames, frame, HELD_UNTIL, frames->engine->now_ns + lag_ns, facts->event);
    }
    if (is_closing_candle(frame, facts->event) && fault_strike(frames->engine, FAULT_CDL_REVISE, facts)) {
        fault_frame_t revised = *frame;
        char close[FAULT_WORD_MAX + 2];
        str_t low = fault_json_find(frame->json, "l");
        size_t length = 0;
        if (low.length + 2 > sizeof close)
            return;
        close[0] = '"';
        memcpy(close + 1, low.bytes, low.length);
        close[low.length + 1] = '"';
        if (fault_json_set(frame->json, "c", (str_t){close, low.length + 2}, frames->edited[2], FAULT_FRAME_MAX, &length)) {
            revised.json = (str_t){frames->edited[2], length};
            frames->deliver(frames->context, &revised);
        }
    }
}

void fault_frames_pass(fault_frames_t *frames, const fault_frame_t *given)
{
    fault_frame_t frame = *given;
    fault_engine_t *engine = frames->engine;
    const fault_facts_t facts = {.on = given->on,
                                 .path = given->stream,
                                 .event = fault_json_find(given->json, "e"),
                                 .symbol = fault_json_find(given->json, "s"),
                                 .account = given->account};
    if (is_lost(frames, &frame, &facts))
        return;
    edit(frames, &frame, &facts);
    const fault_armed_t *late = fault_strike(engine, FAULT_WS_LATE, &facts);
    if (late) {
        hold(frames, &frame, HELD_UNTIL, engine->now_ns + fault_number(&late->spec, 0), facts.event);
        return;
    }
    const fault_armed_t *reorder = fault_strike(engine, FAULT_WS_REORDER, &facts);
    if (reorder) {
        hold(frames, &frame, fault_number(&reorder->spec, 0) == 0 ? HELD_FOR_OTHER : HELD_FOR_ANY, 0, facts.event);
        return;
    }
    frames->deliver(frames->context, &frame);
    repeat(frames, &frame, &facts);
    follow(frames, frame.connection, facts.event);
}
