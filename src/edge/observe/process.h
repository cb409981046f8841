/* process.h: what a process shows and hides of itself: its name in ps, its last words, its memory; and how it hears that it shall
 * end before it has an event loop.
 *
 * ps, top and pgrep show "patriot: monitor" (the argument area is overwritten, the thread is named "patriot:monitor"). A crash
 * writes one line to the log with nothing but write(2), then dies of the signal it got. A process that holds secrets leaves no core
 * dump and cannot be traced by others of the same user.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/result.h"

/* Call first thing in main, before anything keeps a pointer into argv or environ: the environment is copied away so that its room
 * can be used for the title. Costs one allocation that lives as long as the process. */
void process_title_init(int argc, char **argv);

/* "monitor" -> "patriot: monitor"; detail may be NULL ("monitor" "ready" -> "patriot: monitor [ready]"). Cut to the room there is.
 */
void process_title_set(const char *role, const char *detail);

/* SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL: one line (event process_crashed) to the log file and standard error, then the default
 * action. Uses an alternate stack, so that a stack overflow also speaks. */
result_t process_crash_handler_install(const char *role);

/* TERM and INT no longer end this process: they are kept until somebody takes them. For a command that owes its caller a summary:
 * call before anything else. They are also let in, should the caller have held them back, so that none is lost between exec and
 * here. A handler installed later (loop_on_signal) hears the next ones. */
void process_end_signal_hold(void);

/* The signal kept since then (TERM or INT), once; 0: none came. */
int process_end_signal_take(void);

/* Standard input, output and error that the caller has closed become /dev/null: else the next file that is opened would take their
 * number, and what is printed would be written into it. Call before anything is opened. */
void process_standard_files_open(void);

/* Remembers whether this process hangs on a terminal. Later process_terminal_is_lost tells that it has gone (the window was
 * closed); never true under nohup or without a terminal. */
void process_terminal_note(void);
bool process_terminal_is_lost(void);

typedef enum { PROCESS_OPEN, PROCESS_HOLDS_SECRETS } process_secrecy_t;

/* PROCESS_HOLDS_SECRETS: PR_SET_DUMPABLE 0, RLIMIT_CORE 0. RESULT_IO when the kernel refuses. */
result_t process_secrecy_set(process_secrecy_t secrecy);

/* As many descriptors as the system lets this process have (the soft limit is raised to the hard one); returns their number. */
uint32_t process_descriptors_raise(void);

typedef struct {
    uint64_t rss_bytes;   /* resident */
    uint64_t pss_bytes;   /* resident, shared pages divided by their users; 0 where the kernel does not tell */
    uint32_t descriptors; /* open */
    int64_t cpu_ns;       /* user + system since start */
} process_usage_t;

result_t process_usage_read(process_usage_t *usage);
