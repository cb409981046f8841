/* monitor_form.c: a signal as the form that traders pass on: one of the last, or an older one as signals.db has it. */
#include <stdio.h>
#include <string.h>

#include "app/monitor_state.h"
#include "app/signal_json.h"

/* The words: id or number of the signal, author, version; those behind the first may be missing or empty. */
int monitor_write_form(const monitor_t *monitor, const patriot_bus_Control *control, char *reply, size_t capacity, size_t *length)
{
    const char *words[3] = {"", "", ""};
    recent_signal_t found;
    for (pb_size_t i = 0; i < control->arguments_count && i < 3; i++)
        words[i] = control->arguments[i];
    if (!monitor_signal_find(monitor, words[0], &found)) {
        *length = (size_t)snprintf(reply, capacity, "{\"error\":\"%s\"}", SIGNAL_JSON_UNKNOWN);
        return EXIT_MISUSE;
    }
    const instrument_t *instrument = instrument_table_at(monitor->table, found.signal.instrument);
    const signal_json_terms_t terms = {.symbol = instrument != NULL ? instrument->symbol : "",
                                       .verdict = found.verdict,
                                       .imminent = strcmp(found.verdict, "sent") == 0 || strcmp(found.verdict, "accepted") == 0,
                                       .author = words[1],
                                       .version = words[2]};
    return signal_json_form(&found.signal, &terms, reply, capacity, length);
}
