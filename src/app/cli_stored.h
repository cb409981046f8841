/* cli_stored.h: what is known while nothing runs: read from files that anybody may read, and said to be old. */
#pragma once

#include <stdbool.h>

/* Nobody holds the monitor's place in that folder. */
bool cli_monitor_is_down(const char *data);

/* The last signals and their verdicts, from the journal. */
int cli_stored_signals(const char *data);

/* The symbols that the configuration of the current folder names, the refused lines, and what the exchange last said of them
 * (symbol_filters.json). */
int cli_stored_tickers(const char *data);
