/* role.h: what every long-running process of ours begins and ends with, so that they differ only in their work.
 *
 * role_begin: name in ps, crash handler, data folder, the one lock (a second instance is refused naming the pid of the first),
 * configuration, log, event loop, signals, the Unix socket DIR/run/<role>.sock with health and control. role_run turns the loop
 * until TERM, INT, QUIT, the loss of its terminal, or role_stop; HUP reads the configuration again. role_end closes all of it in
 * order. Holds no rule of trading.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "app/options.h"
#include "core/base/result.h"
#include "edge/bus/bus.h"
#include "edge/config/config.h"
#include "edge/net/loop.h"
#include "edge/observe/health.h"
#include "edge/observe/process.h"
#include "edge/store/file.h"

enum {
    EXIT_WELL = 0,
    EXIT_FAILED = 1,
    EXIT_MISUSE = 2,
    EXIT_LOCKED_OUT = 3,  /* another instance holds the role */
    EXIT_FAILED_SAFE = 4, /* journal, disk or an assertion: no entries any more, stops at the venue stay */
    ROLE_REPLY_MAX = 256 * 1024,
};

typedef struct role role_t;

/* Any may be NULL. */
typedef struct {
    void (*on_stop)(role_t *role);   /* TERM or INT: finish what is under way, then role_finish */
    void (*on_reload)(role_t *role); /* after a configuration that changed came into force */
    /* Somebody asked for a reload, and the configuration is well: what else the role reads is to be read again. A refusal adds to
     * the report what is wrong. */
    config_reload_t (*on_reload_more)(role_t *role, config_report_t *report);
    /* A control command that role.c does not know. Writes JSON into reply; returns the exit status for the asker (0, 1, 2). `link`
     * lets it answer later: return ROLE_ANSWERS_LATER and call bus_link_reply. */
    int (*on_control)(role_t *role, bus_link_t *link, const patriot_bus_Control *control, char *reply, size_t capacity,
                      size_t *length);
    void (*on_message)(role_t *role, bus_link_t *link, const bus_message_t *message);
    void (*on_peer)(role_t *role, bus_link_t *link, const patriot_bus_Hello *hello);
    void (*on_peer_ack)(role_t *role, bus_link_t *link, uint64_t number);
    void (*on_peer_room)(role_t *role, bus_link_t *link);
    void (*on_peer_lost)(role_t *role, bus_link_t *link);
    void (*seen)(role_t *role, const patriot_bus_Hello *peer, uint64_t *generation, uint64_t *last_seen);
} role_events_t;

enum { ROLE_ANSWERS_LATER = -1 };

/* In the data folder: the zone that people are shown, as the watchdog has it; for commands, which know no configuration. */
#define ROLE_ZONE_FILE "run/display_zone"

struct role {
    const char *name;          /* "watchdog" */
    const char *data_folder;   /* borrowed from argv, */
    const char *config_folder; /* also; NULL: the current one */
    void *context;             /* the owner's */
    const role_events_t *events;
    loop_t *loop;
    config_store_t *config;
    bus_server_t *server;
    health_t health;
    file_lock_t lock;
    loop_timer_t batch; /* when it was asked for */
    bool batched;
    bool stopping;
    char *reply; /* ROLE_REPLY_MAX bytes for control replies */
};

typedef struct {
    const char *name;
    const char *data_folder;   /* NULL: "data" */
    const char *config_folder; /* NULL: the current folder */
    const role_events_t *events;
    void *context;
    bus_identity_t identity; /* role is filled in */
    uint32_t epoch_floor;
    process_secrecy_t secrecy;
} role_options_t;

/* The words that every role understands. */
typedef struct {
    const char *data, *config;
    bool lockstep;
} role_arguments_t;

/* Reads them, and `more` (one further option, may be NULL). False: nothing to run; *exit_code says how to end. */
bool role_arguments_read(role_arguments_t *arguments, const char *command, const char *about, const argument_t *more, int argc,
                         char **argv, int *exit_code);

/* EXIT_WELL, or the code to exit with after the reason was printed and logged; nothing is left open then. The socket is opened
 * separately (role_listen), once the role can answer. */
int role_begin(role_t *role, const role_options_t *options);

/* False when the data folder belongs to another user; that was printed, with what to do. */
bool role_folder_is_ours(const char *command, const char *data_folder);

/* Opens DIR/run/<role>.sock. */
int role_listen(role_t *role, const role_options_t *options);

/* Reads the configuration again if its files have changed, as HUP and `config reload` do: whole or not at all, each change logged.
 * Either is called by the owner at its own batches, or asked for at each batch of the configuration (after role_listen). */
void role_reread(role_t *role);
void role_reread_each_batch(role_t *role);

void role_run(role_t *role);
void role_finish(role_t *role); /* on_stop's work is done: the loop ends after this turn */
void role_end(role_t *role);

/* Turns the loop until everything that was closed is gone (at most 0.3 s), so that it can be destroyed. */
void role_drain(loop_t *loop);

int64_t role_now_ns(const role_t *role); /* wall time, for logs and health only */

/* Prints "patriot ROLE: ..." to standard error and writes it to the log as an error. */
void role_complain(const role_t *role, log_event_t event, const char *format, ...) __attribute__((format(printf, 3, 4)));
