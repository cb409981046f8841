/* signal_json.h: a signal as JSON for people and their tools: as a row of a list, and as the form that traders pass on (STR-7). The
 * same whether a running monitor tells of it or the journal of a stopped one.
 */
#pragma once

#include <stddef.h>

#include "core/signal/signal.h"
#include "edge/json/json_writer.h"

#define SIGNAL_JSON_UNKNOWN "no such signal; `patriot signals` lists the last with id and time"

/* What is told of it beside itself; nothing is NULL. */
typedef struct {
    const char *symbol;  /* "" when not known */
    const char *verdict; /* what became of it so far: "sent", "accepted", a reason of the door's, "filled", "closed" ... */
    bool imminent;       /* of the form: its entry is waited for, as far as that is known */
    const char *author;  /* of the form; "": PATRIOT */
    const char *version; /* what the form's title begins with; "": the strategy's name */
} signal_json_terms_t;

/* One object, of symbol and verdict. */
void signal_json_row(json_writer_t *writer, const signal_t *signal, const signal_json_terms_t *terms);

/* {"text", "embed", "fields"} or {"error"}; returns the exit status. */
int signal_json_form(const signal_t *signal, const signal_json_terms_t *terms, char *reply, size_t capacity, size_t *length);
