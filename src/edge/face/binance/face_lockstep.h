/* face_lockstep.h: who has finished with the present moment (docs/architecture.md, "Lockstep").
 *
 * A connection registers with SUBSCRIBE "!lockstep@<role>" and is told the present moment at once; after each moment it gets
 * {"e":"moment","n":N,"E":<venue ms>}, bare also on combined streams. It reports {"method":"LOCKSTEP","params":["done",N,K],"id":0}
 * (not answered): finished with moment N, having received K text frames; a fourth parameter W (venue ms) asks for the next moment
 * by then at the latest. {"method":"LOCKSTEP","params":["working",N,K],"id":0} says that its work in moment N gets on: the patience
 * with that connection begins anew, unless it is over. The world may move on when every registered connection stands at the present
 * N with K equal to the frames sent to it. Who keeps silent for longer than the patience is passed over until it reports again; a
 * role that is expected but not there is waited for as long, counted from the start or from the end of its last connection.
 */
#pragma once

#include "edge/face/binance/face.h"

enum { LOCKSTEP_ROLES_MAX = 8, LOCKSTEP_ROLE_MAX = 24 };

/* Comma-separated roles that the world waits for; patience in wall ns. RESULT_FULL, RESULT_TEXT_TOO_LONG. */
result_t face_lockstep_expect(face_t *face, const char *roles, int64_t patience_ns, int64_t now_ns);

typedef enum {
    LOCKSTEP_READY,   /* all have finished */
    LOCKSTEP_WAITING, /* somebody is at work, or expected */
    LOCKSTEP_NOBODY,  /* no connection is registered and nobody is waited for: the world stands still */
} lockstep_state_t;

/* now_ns: monotonic. */
lockstep_state_t face_lockstep_state(face_t *face, int64_t now_ns);

/* Tells the present moment of the world to every registered connection. */
void face_lockstep_moment(face_t *face, int64_t now_ns);

/* The earliest venue time by which one that has finished wants the next moment; INT64_MAX: nobody does. */
int64_t face_lockstep_wake_ns(const face_t *face);

/* When the state may change by the passing of time alone; INT64_MAX: never. */
int64_t face_lockstep_deadline(const face_t *face);

typedef struct {
    char role[LOCKSTEP_ROLE_MAX];
    uint32_t connections; /* registered */
    uint32_t waiting;     /* of them not yet done */
    bool expected, late;  /* late: passed over */
} lockstep_role_t;

uint32_t face_lockstep_roles(const face_t *face, lockstep_role_t *out, uint32_t capacity);
