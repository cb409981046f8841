/* asker.h: asks a running role again and again without blocking: one question at a time on a bus link that dials by itself. */
#pragma once

#include <stdbool.h>

#include "core/base/str.h"
#include "edge/bus/bus.h"

typedef struct asker asker_t;

/* status as the role gave it; text is its JSON, borrowed. Not called for a question that the link lost: ask again. */
typedef void asker_fn(asker_t *asker, uint32_t status, str_t text, void *context);

enum { ASKER_TEXT_MAX = 256 * 1024 };

struct asker {
    const char *role;
    bus_link_t *link;
    bus_message_t *message; /* scratch, shared: borrowed */
    asker_fn *on_answer;
    void *context;
    bool asking;
    int64_t silent_ns; /* since the last sign, an answer or a greeting being due; counted by asker_wait */
    char *text;        /* ASKER_TEXT_MAX */
    size_t length;
};

result_t asker_open(asker_t *asker, loop_t *loop, const char *data_folder, const char *role, bus_message_t *scratch,
                    asker_fn *on_answer, void *context);
void asker_close(asker_t *asker);

bool asker_ready(const asker_t *asker);

/* False when the role is not connected or the last question is not answered yet. Up to three arguments; NULL ends. */
bool asker_ask(asker_t *asker, const char *command, const char *first, const char *second);

/* Tells it that the owner has lived through `passed_ns`. Gives for how long it has waited, an answer or a greeting being due. */
int64_t asker_wait(asker_t *asker, int64_t passed_ns);
