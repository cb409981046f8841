/* cli_stored.h: what is known while no monitor runs, from files that anybody may read: in the form of a running monitor's replies,
 * with a member "stored" that says how old it is ({"said": sentence, ...}). Each returns the exit status like cli_ask, after a
 * sentence on standard error where it is not EXIT_WELL and there is no reply; *reply is to be freed.
 */
#pragma once

#include <stdbool.h>

#include "edge/bus/bus_call.h"
#include "edge/json/json_reader.h"

/* Nobody holds the monitor's place in that folder, and the folder is there. */
bool cli_monitor_is_down(const char *data);

/* The last signals and their verdicts, from the journal. */
int cli_stored_signals(const char *data, bus_call_reply_t *reply);

/* One of all its signals as the form that traders pass on: id or number, author, version. */
int cli_stored_form(const char *data, const char *const words[3], bus_call_reply_t *reply);

/* The symbols that the configuration of the current folder names, the refused lines, and what the exchange last said of them
 * (symbol_filters.json). */
int cli_stored_tickers(const char *data, bus_call_reply_t *reply);

/* The reader stands at the value of "stored": prints its sentence. */
void cli_print_stored(json_reader_t *reader);
