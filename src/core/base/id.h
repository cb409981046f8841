/* id.h: deterministic client order ids.
 *
 * Form: P-<epoch base36>-<intent base36>-<leg>, e.g. "P-1-2S-E": at most 36 characters of [A-Z0-9-], valid at every venue we know.
 * The epoch is the fencing epoch of the watchdog that made the intent; the intent number never repeats within a journal; the leg
 * says what the order is for. The same intent always gives the same text, so a lost reply is asked for, never sent again.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"

enum { CLIENT_ID_MAX = 37 }; /* 36 characters and NUL */

typedef struct {
    char text[CLIENT_ID_MAX];
} client_id_t;

typedef enum {
    LEG_ENTRY = 'E',
    LEG_STOP = 'S',
    LEG_TARGET = 'T',
    LEG_LADDER = 'L', /* part close at a ladder row */
    LEG_CLOSE = 'X',  /* exit at market */
    LEG_CANARY = 'C', /* far stop placed and cancelled at start */
} leg_t;

void client_id_make(client_id_t *id, uint32_t epoch, uint64_t intent, leg_t leg);

/* Ours or somebody else's? RESULT_MALFORMED for every text that client_id_make does not write. */
result_t client_id_parse(str_t text, uint32_t *epoch, uint64_t *intent, leg_t *leg);
