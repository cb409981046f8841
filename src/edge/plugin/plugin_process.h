/* plugin_process.h: a plug-in's process as its owner sees it: started, asked one thing at a time, ended.
 *
 * An answer is waited for (the caller does nothing else meanwhile) until the process has used `deadline_ns` of processor time on
 * it, so that a busy machine condemns nobody; a process that does not even run gets ten times that by the wall clock.
 */
#pragma once

#include <sys/types.h>

#include "edge/plugin/plugin_window.h"

enum { PLUGIN_LOSS_MAX = 160 };

typedef struct {
    pid_t pid; /* 0: none runs */
    int bell;
    uint8_t turn;
    plugin_window_t *window;
} plugin_process_t;

/* Starts PROGRAM plugin-host with the file's descriptor (which stays the caller's). RESULT_IO: the system does not let us. */
result_t plugin_process_start(plugin_process_t *process, const char *program, int file);

/* Asks what stands in process->window. RESULT_OK: the answer stands there. Otherwise the process is gone: RESULT_CLOSED (it has
 * ended) or RESULT_TIMEOUT, and `loss` says how: "was ended by signal 11 (Segmentation fault)". */
result_t plugin_process_ask(plugin_process_t *process, plugin_op_t op, int64_t deadline_ns, char loss[PLUGIN_LOSS_MAX]);

/* Ends it, if it runs. */
void plugin_process_end(plugin_process_t *process);
