/* cooldown.h: symbols that rest after something went wrong (RSK-7, R169).
 *
 *   a stop was hit               2 h
 *   the venue refused the size   24 h
 *   the margin did not suffice   15 min
 *
 * of one symbol at one venue (an instrument). A new reason never shortens a rest that already runs. Bounded: when all places are
 * taken, the rest that ends first gives way to the new one, so that a full table forgets as little as possible.
 */
#pragma once

#include <stdbool.h>

#include "core/market/instrument.h"

typedef enum { COOLDOWN_STOP_HIT = 1, COOLDOWN_SIZE_REFUSED, COOLDOWN_MARGIN_REFUSED } cooldown_reason_t;

const char *cooldown_reason_text(cooldown_reason_t reason); /* "its stop was hit" */

enum { COOLDOWNS_MAX = 256 };

typedef struct {
    instrument_id_t instrument;
    cooldown_reason_t reason;
    int64_t until_ns;
} cooldown_t;

typedef struct {
    uint32_t count;
    cooldown_t rests[COOLDOWNS_MAX];
} cooldowns_t;

/* How long a reason makes a symbol rest. */
int64_t cooldown_length_ns(cooldown_reason_t reason);

void cooldown_start(cooldowns_t *cooldowns, instrument_id_t instrument, cooldown_reason_t reason, int64_t now_ns);

/* True while the instrument rests: now < until. *out (may be NULL) then says why and until when. */
bool cooldown_is_on(const cooldowns_t *cooldowns, instrument_id_t instrument, int64_t now_ns, cooldown_t *out);

/* What rests now, for a list: up to `room`, returns how many there are. */
uint32_t cooldown_list(const cooldowns_t *cooldowns, int64_t now_ns, cooldown_t *out, uint32_t room);
