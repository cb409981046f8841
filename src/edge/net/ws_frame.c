/* ws_frame.c: frames that are encoded once and sent many times, and the pool that they come from (ws_connection.h).
 *
 * A frame's memory has a power-of-two size and goes back to the free list of its size, so a steady flow allocates nothing. Counts
 * are plain integers: a pool belongs to one loop and thus to one thread.
 */
#include "edge/net/ws_inside.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"

enum { CLASS_BITS_MIN = 8, CLASSES = 24 }; /* 256 bytes ... 2 GiB */

struct ws_frame_pool {
    size_t bytes_max, total_max, total;
    uint32_t out;
    ws_frame_t *free_list[CLASSES];
};

static unsigned class_of(size_t bytes)
{
    unsigned class = 0;
    while (((size_t)1 << (class + CLASS_BITS_MIN)) < bytes) {
        class ++;
    }
    return class;
}

result_t ws_frame_pool_create(size_t bytes_max, size_t total_max, ws_frame_pool_t **out)
{
    if (bytes_max > (size_t)1 << 30) {
        return RESULT_BAD_ARGUMENT;
    }
    ws_frame_pool_t *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        return RESULT_FULL;
    }
    pool->bytes_max = bytes_max;
    pool->total_max = total_max;
    *out = pool;
    return RESULT_OK;
}

void ws_frame_pool_destroy(ws_frame_pool_t *pool)
{
    if (pool == NULL) {
        return;
    }
    ASSERT(pool->out == 0);
    for (unsigned class = 0; class < CLASSES; class ++) {
        while (pool->free_list[class] != NULL) {
            ws_frame_t *frame = pool->free_list[class];
            pool->free_list[class] = frame->next;
            free(frame);
        }
    }
    free(pool);
}

uint32_t ws_frame_pool_out(const ws_frame_pool_t *pool)
{
    return pool->out;
}

static result_t frame_take(ws_frame_pool_t *pool, size_t payload_length, ws_frame_t **out)
{
    if (payload_length > pool->bytes_max) {
        return RESULT_TEXT_TOO_LONG;
    }
    unsigned class = class_of(payload_length + WS_HEAD_MAX);
    ws_frame_t *frame = pool->free_list[class];
    if (frame != NULL) {
        pool->free_list[class] = frame->next;
    } else {
        size_t capacity = (size_t)1 << (class + CLASS_BITS_MIN);
        if (capacity > pool->total_max - pool->total) {
            return RESULT_FULL;
        }
        frame = malloc(sizeof *frame + capacity);
        if (frame == NULL) {
            return RESULT_FULL;
        }
        pool->total += capacity;
    }
    frame->pool = pool;
    frame->class = class;
    frame->references = 1;
    frame->next = NULL;
    pool->out++;
    *out = frame;
    return RESULT_OK;
}

result_t ws_frame_encode(ws_frame_pool_t *pool, ws_opcode_t opcode, str_t payload, const uint8_t mask[4], ws_frame_t **out)
{
    ws_frame_t *frame = NULL;
    result_t result = frame_take(pool, payload.length, &frame);
    if (result != RESULT_OK) {
        return result;
    }
    size_t capacity = (size_t)1 << (frame->class + CLASS_BITS_MIN);
    result = ws_encode(opcode, payload, mask, frame->bytes, capacity, &frame->length);
    ASSERT(result == RESULT_OK);
    *out = frame;
    return RESULT_OK;
}

result_t ws_frame_make(ws_frame_pool_t *pool, ws_opcode_t opcode, str_t payload, ws_frame_t **out)
{
    return ws_frame_encode(pool, opcode, payload, NULL, out);
}

void ws_frame_release(ws_frame_t *frame)
{
    ASSERT(frame->references > 0);
    frame->references--;
    if (frame->references == 0) {
        ws_frame_pool_t *pool = frame->pool;
        frame->next = pool->free_list[frame->class];
        pool->free_list[frame->class] = frame;
        pool->out--;
    }
}
