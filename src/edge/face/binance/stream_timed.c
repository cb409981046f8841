/* stream_timed.c: streams that the clock tells: a symbol's own, and all symbols' events in one array. */
#include <string.h>

#include "edge/face/binance/face_parts.h"

/* Each symbol's event is gathered, then all of them leave in one frame; none, no frame. */
static void gather(face_t *face, str_t json)
{
    const size_t at = face->gathered_length;
    if (at + 1 + json.length + 1 > sizeof face->gathered)
        return;
    face->gathered[at] = at == 0 ? '[' : ',';
    memcpy(face->gathered + at + 1, json.bytes, json.length);
    face->gathered_length = at + 1 + json.length;
}

static void publish_gathered(face_t *face, stream_kind_t kind)
{
    const size_t length = face->gathered_length;
    face->gathered_length = 0;
    if (length == 0)
        return;
    face->gathered[length] = ']';
    stream_publish(face, STREAM_PLACE_ALL, kind, (str_t){face->gathered, length + 1}, false);
}

static void send(face_t *face, const timed_stream_t *stream)
{
    const uint32_t count = venue_instrument_count(world_venue(face->world));
    const bool all = stream_due(face, STREAM_PLACE_ALL, stream->all, stream->all_ns);
    for (uint32_t i = 0; i < count; i++) {
        const instrument_id_t id = (instrument_id_t)i;
        if (!face_trades(face, id))
            continue;
        const bool one = stream_due(face, id, stream->one, stream->one_ns);
        if (!one && !all)
            continue;
        const str_t text = stream->text(face, id);
        if (text.length == 0)
            continue;
        if (one)
            stream_publish(face, id, stream->one, text, true);
        if (all)
            gather(face, text);
    }
    publish_gathered(face, stream->all);
}

void stream_send_timed(face_t *face, const timed_stream_t *streams, size_t count)
{
    for (size_t i = 0; i < count; i++)
        send(face, &streams[i]);
}
