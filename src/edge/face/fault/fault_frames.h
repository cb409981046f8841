/* fault_frames.h: the gate between a face's streams and its sockets: frames that get lost, come twice, later, in another order, or
 * with other words.
 *
 * A face asks the gate for each message and receiver while fault_frames_active; the gate gives back what really leaves, now or at a
 * later call, through `deliver`. Counters of the face (lockstep!) count what is delivered and nothing else.
 */
#pragma once

#include "edge/face/fault/fault_engine.h"

enum { FAULT_HELD_MAX = 4096, FAULT_HELD_BYTES_MAX = 8 * 1024 * 1024, FAULT_FRAME_MAX = 256 * 1024 };

/* One message on its way to one connection. */
typedef struct {
    uint64_t connection; /* the face's number of it */
    uint64_t key;        /* for conflation; passed through */
    fault_on_t on;       /* FAULT_ON_MARKET or FAULT_ON_USER */
    str_t stream, json;  /* name for the envelope; the bare message */
    str_t account;       /* of a user's event */
} fault_frame_t;

typedef struct fault_frames fault_frames_t;

/* deliver: the frame leaves now (a connection that is gone is passed over). The engine is borrowed. RESULT_FULL without memory. */
result_t fault_frames_create(fault_engine_t *engine, void (*deliver)(void *context, const fault_frame_t *frame), void *context,
                             fault_frames_t **out);
void fault_frames_destroy(fault_frames_t *frames); /* what is held is dropped; NULL is fine */

/* One comparison while nothing of the stream group runs and nothing is held. */
bool fault_frames_active(const fault_frames_t *frames);

/* Takes the message; delivers it, or not. */
void fault_frames_pass(fault_frames_t *frames, const fault_frame_t *frame);

/* Venue time has moved: what was held until now leaves; what waited for another frame has waited long enough. */
void fault_frames_tick(fault_frames_t *frames);

void fault_frames_forget(fault_frames_t *frames, uint64_t connection); /* it is closed */
