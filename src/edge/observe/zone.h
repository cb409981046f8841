/* zone.h: the time zone of what people are shown (R035). Everything stored, logged or given to a program stays UTC; a line for a
 * person shows the wall clock of operation.display_zone, with its offset, so that no time can be read two ways.
 *
 * Rules of zones are the system's (tzdata). One zone for a process: the C library keeps it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ZONE_NAME_MAX = 48,
    ZONE_TEXT_MAX = 40, /* "2026-11-21T12:34:56.123456789+05:30" and NUL */
};

/* UTC always; another name when the system has rules for it. */
bool zone_is_known(const char *name);

/* From now on this process shows that zone; UTC for a name that is not known. */
void zone_begin(const char *name);

/* ISO 8601 in the zone shown, `digits` (0, 3, 6 or 9) digits of a second: "...Z" for UTC, else "...+02:00". Returns the length. */
size_t zone_format(int64_t time_ns, unsigned digits, char text[ZONE_TEXT_MAX]);

/* A time of UTC as time_format writes it, in place in the zone shown. Any other text, and one for which there is no room, stays. */
void zone_show(char *text, size_t capacity);
