/* time_form.h: in what times are told: milliseconds, or the microseconds that a spot client may ask for (X-MBX-TIME-UNIT,
 * timeUnit).
 *
 * An event is worded once for all who follow it. As long as a socket that wants microseconds is open, its times are written in both
 * forms, and each socket's text is cut out of that (time_form_cut).
 */
#pragma once

#include "edge/json/json_writer.h"

typedef enum {
    TIME_FORM_MS, /* what a writer begins with */
    TIME_FORM_US,
    TIME_FORM_BOTH, /* milliseconds, a byte 1, the three digits that make microseconds of them: no JSON before it is cut */
} time_form_t;

/* "MICROSECOND", "millisecond" ...; false: neither. */
bool time_form_read(str_t text, time_form_t *form);

/* The value of a time, as the writer's form says. */
void time_form_write(json_writer_t *writer, int64_t time_ns);

/* Text with times in both forms -> in one (not BOTH). room: text.length bytes; a text without such times is given back as it is. */
str_t time_form_cut(str_t text, time_form_t form, char *room);
