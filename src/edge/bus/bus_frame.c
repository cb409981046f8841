/* bus_frame.c: nanopb does the fields; the length word and the late fields (ack, epoch) are ours. */
#include "edge/bus/bus_frame.h"

#include <pb_decode.h>
#include <pb_encode.h>
#include <string.h>

_Static_assert(patriot_bus_Envelope_size + 32 <= BUS_FRAME_MAX, "every message fits a frame");

/* Room of the largest body that is read field by field, not counting the two large texts (whose size words lie in front). */
typedef union {
    patriot_bus_Hello hello;
    patriot_bus_Refusal refusal;
    patriot_bus_Signal signal;
    patriot_bus_Outcome outcome;
    patriot_bus_OrderCommand order_command;
    patriot_bus_OrderReply order_reply;
    patriot_bus_PrivateEvent private_event;
    patriot_bus_QueryResult query_result;
    patriot_bus_SnapshotPiece snapshot_piece;
    patriot_bus_Rules rules;
    patriot_bus_KillLevel kill_level;
    patriot_bus_Control control;
} small_bodies_t;
enum { BODY_CLEARED = sizeof(small_bodies_t) };

void bus_message_clear(bus_message_t *message)
{
    message->number = 0;
    message->ack = 0;
    message->epoch = 0;
    message->correlation_id[0] = '\0';
    /* The two bodies with a large text only need their sizes cleared; the largest of the others bounds the rest. */
    memset(&message->body, 0, BODY_CLEARED);
    message->which_body = 0;
}

/* Fields after the message: the last value of a field wins, so what the caller left in them does not matter. */
static bool encode_late(pb_ostream_t *stream, uint64_t ack, uint32_t epoch)
{
    return pb_encode_tag(stream, PB_WT_VARINT, patriot_bus_Envelope_ack_tag) && pb_encode_varint(stream, ack) &&
           pb_encode_tag(stream, PB_WT_VARINT, patriot_bus_Envelope_epoch_tag) && pb_encode_varint(stream, epoch);
}

result_t bus_frame_encode(const bus_message_t *message, uint64_t ack, uint32_t epoch, uint8_t *bytes, size_t capacity,
                          size_t *length)
{
    if (capacity <= BUS_FRAME_HEAD) {
        return RESULT_TEXT_TOO_LONG;
    }
    size_t room = capacity - BUS_FRAME_HEAD < BUS_FRAME_MAX ? capacity - BUS_FRAME_HEAD : BUS_FRAME_MAX;
    pb_ostream_t stream = pb_ostream_from_buffer(bytes + BUS_FRAME_HEAD, room);
    if (!pb_encode(&stream, patriot_bus_Envelope_fields, message) || !encode_late(&stream, ack, epoch)) {
        return strcmp(PB_GET_ERROR(&stream), "stream full") == 0 ? RESULT_TEXT_TOO_LONG : RESULT_MALFORMED;
    }
    uint32_t size = (uint32_t)stream.bytes_written;
    for (unsigned i = 0; i < BUS_FRAME_HEAD; i++) {
        bytes[i] = (uint8_t)(size >> (8 * i));
    }
    *length = BUS_FRAME_HEAD + size;
    return RESULT_OK;
}

result_t bus_frame_decode(const uint8_t *bytes, size_t length, bus_message_t *message, size_t *used)
{
    if (length < BUS_FRAME_HEAD) {
        return RESULT_TRUNCATED;
    }
    uint32_t size = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
    if (size > BUS_FRAME_MAX) {
        return RESULT_TEXT_TOO_LONG;
    }
    if (length - BUS_FRAME_HEAD < size) {
        return RESULT_TRUNCATED;
    }
    pb_istream_t stream = pb_istream_from_buffer(bytes + BUS_FRAME_HEAD, size);
    if (!pb_decode(&stream, patriot_bus_Envelope_fields, message)) {
        return RESULT_MALFORMED;
    }
    *used = BUS_FRAME_HEAD + size;
    return RESULT_OK;
}
