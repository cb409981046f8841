/* stream_buffer.c: the read and write buffers of a stream (stream.h): whole from the start, or growing with what waits in them.
 *
 * A growing buffer does not exist before its first byte. It begins with a piece, doubles up to its capacity, and what is larger
 * than a piece goes back once it is empty, so that a steady flow of small messages allocates nothing. What the buffers of all
 * streams of a listener hold beyond their first piece is counted against its budget: a stranger who never ends his messages reaches
 * that bound, not the machine's.
 */
#include <stdlib.h>
#include <string.h>

#include "edge/net/stream_inside.h"

/* To at least `wanted`; used and most: what the budget counts. */
static bool grow(const stream_t *stream, char **bytes, size_t *size, size_t capacity, size_t wanted, size_t *used, size_t most)
{
    size_t grown = *size == 0 ? stream->piece_bytes : *size;
    while (grown < wanted) {
        grown *= 2;
    }
    grown = grown < capacity ? grown : capacity;
    size_t counted_before = *size > stream->piece_bytes ? *size : 0;
    size_t counted = grown > stream->piece_bytes ? grown : 0;
    if (used != NULL && most > 0 && counted > counted_before && *used - counted_before + counted > most) {
        return false;
    }
    char *moved = realloc(*bytes, grown);
    if (moved == NULL) {
        return false;
    }
    if (used != NULL) {
        *used += counted - counted_before;
    }
    *bytes = moved;
    *size = grown;
    return true;
}

static void give_back(const stream_t *stream, char **bytes, size_t *size, size_t *used)
{
    if (used != NULL && *size > stream->piece_bytes) {
        *used -= *size;
    }
    free(*bytes);
    *bytes = NULL;
    *size = 0;
}

static bool in_grow(stream_t *stream)
{
    stream_budget_t *budget = stream->budget;
    return stream->in_size < stream->in_capacity &&
           grow(stream, &stream->in, &stream->in_size, stream->in_capacity, stream->in_size + 1,
                budget == NULL ? NULL : &budget->in_used, budget == NULL ? 0 : budget->in_max);
}

/* Makes room at the tail when little is left there. */
size_t stream_in_room(stream_t *stream)
{
    size_t tail = stream->in_size - stream->in_start - stream->in_length;
    if (stream->in_start > 0 && tail < stream->in_size / 2) {
        memmove(stream->in, stream->in + stream->in_start, stream->in_length);
        stream->in_start = 0;
        tail = stream->in_size - stream->in_length;
    }
    if (tail == 0 && in_grow(stream)) {
        tail = stream->in_size - stream->in_length;
    }
    return tail;
}

result_t stream_out_reserve(stream_t *stream, size_t bytes)
{
    if (stream->out_size - stream->out_start - stream->out_length >= bytes) {
        return RESULT_OK;
    }
    if (stream->out_start > 0) {
        memmove(stream->out, stream->out + stream->out_start, stream->out_length);
        stream->out_start = 0;
    }
    size_t wanted = stream->out_length + bytes;
    if (wanted > stream->out_capacity) {
        return RESULT_FULL;
    }
    stream_budget_t *budget = stream->budget;
    bool there =
        stream->out_size >= wanted || grow(stream, &stream->out, &stream->out_size, stream->out_capacity, wanted,
                                           budget == NULL ? NULL : &budget->out_used, budget == NULL ? 0 : budget->out_max);
    return there ? RESULT_OK : RESULT_FULL;
}

void stream_in_emptied(stream_t *stream)
{
    stream->in_start = 0;
    if (stream->piece_bytes > 0 && stream->in_size > stream->piece_bytes) {
        give_back(stream, &stream->in, &stream->in_size, stream->budget == NULL ? NULL : &stream->budget->in_used);
    }
}

void stream_out_emptied(stream_t *stream)
{
    stream->out_start = 0;
    if (stream->piece_bytes > 0 && stream->out_size > stream->piece_bytes) {
        give_back(stream, &stream->out, &stream->out_size, stream->budget == NULL ? NULL : &stream->budget->out_used);
    }
}

void stream_buffers_free(stream_t *stream)
{
    if (stream->piece_bytes > 0) {
        give_back(stream, &stream->in, &stream->in_size, stream->budget == NULL ? NULL : &stream->budget->in_used);
        give_back(stream, &stream->out, &stream->out_size, stream->budget == NULL ? NULL : &stream->budget->out_used);
    }
}
