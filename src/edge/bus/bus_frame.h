/* bus_frame.h: one message as bytes: u32 little-endian length, then the Envelope. Pure: bytes in, values out. */
#pragma once

#include "edge/bus/bus.h"

enum { BUS_FRAME_HEAD = 4, BUS_FRAME_BYTES = BUS_FRAME_HEAD + BUS_FRAME_MAX };

/* Writes the frame with this ack and epoch in place of the message's own. RESULT_TEXT_TOO_LONG: over BUS_FRAME_MAX or capacity;
 * RESULT_MALFORMED: a string without its end. */
result_t bus_frame_encode(const bus_message_t *message, uint64_t ack, uint32_t epoch, uint8_t *bytes, size_t capacity,
                          size_t *length);

/* Reads the first frame of bytes[0..length). RESULT_OK: *used bytes made *message. RESULT_TRUNCATED: more bytes are needed.
 * RESULT_TEXT_TOO_LONG: the length word is over the bound; RESULT_MALFORMED: not an Envelope: the connection cannot go on. Without
 * RESULT_OK the content of *message is undefined. */
result_t bus_frame_decode(const uint8_t *bytes, size_t length, bus_message_t *message, size_t *used);
