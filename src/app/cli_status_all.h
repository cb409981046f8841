/* cli_status_all.h: what `patriot status --all` tells beyond the table of processes (UI-11): checks, restarts, last errors, and how
 * trading stands. */
#pragma once

#include "app/cli.h"

/* What `up`, the watchdog and the signer say of the whole; one that does not answer is left out. */
typedef struct {
    bus_call_reply_t up, watchdog, signer;
} status_all_t;

void status_all_ask(const char *data, status_all_t *all);
void status_all_free(status_all_t *all);

/* Below a role's line: its checks, how often `up` has started it again, and its last error. */
void status_all_print_role(const status_all_t *all, const char *role, str_t health);
void status_all_print_trading(const status_all_t *all, const char *data);

/* Members of the JSON object: "views":{"up":...,"watchdog":...,"signer":...},"disk_free_bytes":N. */
void status_all_print_json(const status_all_t *all, const char *data);
