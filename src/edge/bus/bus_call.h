/* bus_call.h: one question to a running process and its answer, for command line tools: blocking, with a deadline.
 *
 * Dials DIR/run/<role>.sock, says Hello as "cli", sends one Control, puts the replies together.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"

enum { BUS_CALL_TEXT_MAX = 4 * 1024 * 1024, BUS_CALL_DETAIL_MAX = 256 };

typedef struct {
    uint32_t status; /* the process's verdict: 0 well, 1 failed, 2 misuse */
    char *text;      /* JSON, NUL-terminated; freed by bus_call_reply_free */
    size_t length;
    uint32_t pid;                     /* of the process that answered */
    char detail[BUS_CALL_DETAIL_MAX]; /* on failure: what went wrong, for people; "" otherwise */
} bus_call_reply_t;

/* deadline_ns: from now. RESULT_REFUSED: nobody listens (the role is not running). RESULT_TIMEOUT, RESULT_CLOSED, RESULT_VERSION,
 * RESULT_PERMISSION, RESULT_MALFORMED. reply->detail says it in words in each case. The reply is always safe to free. */
result_t bus_call(const char *data_folder, const char *role, const char *command, size_t argument_count,
                  const char *const *arguments, int64_t deadline_ns, bus_call_reply_t *reply);

/* The health document of a role. */
result_t bus_call_health(const char *data_folder, const char *role, int64_t deadline_ns, bus_call_reply_t *reply);

void bus_call_reply_free(bus_call_reply_t *reply);
