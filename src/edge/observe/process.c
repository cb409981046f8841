/* process.c: title, last words and secrecy of a process. Linux. */
#define _GNU_SOURCE /* sigaltstack sizes, RLIMIT names and environ in one place */
#include "edge/observe/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "core/base/str.h"
#include "core/base/time.h"
#include "edge/observe/log.h"

/* --- title ------------------------------------------------------------------------------------ */

static char *title_area;
static size_t title_room;

static void give_back(char **copies, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(copies[i]);
    }
    free((void *)copies);
}

/* The kernel lays argv and environ behind each other. Both are copied away, then the whole stretch carries the title. */
void process_title_init(int argc, char **argv)
{
    char *end = argc > 0 ? argv[0] : NULL;
    if (end == NULL || title_area != NULL) {
        return;
    }
    size_t environment_count = 0;
    for (int i = 0; i < argc; i++) {
        if (argv[i] == end) {
            end = argv[i] + strlen(argv[i]) + 1;
        }
    }
    while (environ[environment_count] != NULL) {
        if (environ[environment_count] == end) {
            end += strlen(end) + 1;
        }
        environment_count++;
    }
    char **copies = calloc(environment_count + 1, sizeof *copies);
    if (copies == NULL) {
        return; /* no title, nothing lost */
    }
    for (size_t i = 0; i < environment_count; i++) {
        copies[i] = strdup(environ[i]);
        if (copies[i] == NULL) {
            give_back(copies, i);
            return;
        }
    }
    for (int i = 0; i < argc; i++) {
        char *copy = strdup(argv[i]);
        if (copy == NULL) {
            give_back(copies, environment_count);
            return;
        }
        if (i > 0) {
            argv[i] = copy;
        } else {
            free(copy); /* argv[0] itself stays: it is the area */
        }
    }
    title_area = argv[0];
    title_room = (size_t)(end - argv[0]);
    environ = copies;
}

void process_title_set(const char *role, const char *detail)
{
    char title[128];
    char thread[16];
    if (detail != NULL && detail[0] != '\0') {
        (void)snprintf(title, sizeof title, "patriot: %s [%s]", role, detail);
    } else {
        (void)snprintf(title, sizeof title, "patriot: %s", role);
    }
    (void)snprintf(thread, sizeof thread, "patriot:%s", role); /* the kernel keeps 15 characters */
    (void)prctl(PR_SET_NAME, thread, 0, 0, 0);
    if (title_area != NULL && title_room > 1) {
        size_t length = strnlen(title, sizeof title);
        length = length < title_room - 1 ? length : title_room - 1;
        memset(title_area, 0, title_room);
        memcpy(title_area, title, length);
    }
}

/* --- last words ------------------------------------------------------------------------------- */

static char crash_role[32];
static char crash_stack[64 * 1024];

/* Only async-signal-safe calls from here: memcpy, clock_gettime, write, raise. */
static size_t put_text(char *line, size_t at, size_t room, const char *text)
{
    for (; *text != '\0' && at < room; text++) {
        line[at++] = *text;
    }
    return at;
}

static size_t put_number(char *line, size_t at, size_t room, uint64_t value)
{
    char digits[21];
    (void)str_from_u64(value, digits);
    return put_text(line, at, room, digits);
}

static const char *signal_text(int signal_number)
{
    switch (signal_number) {
    case SIGABRT:
        return "SIGABRT";
    case SIGSEGV:
        return "SIGSEGV";
    case SIGBUS:
        return "SIGBUS";
    case SIGFPE:
        return "SIGFPE";
    case SIGILL:
        return "SIGILL";
    default:
        return "a signal";
    }
}

static void on_crash(int signal_number)
{
    char line[320];
    char stamp[TIME_TEXT_MAX];
    struct timespec now;
    size_t room = sizeof line;
    clock_gettime(CLOCK_REALTIME, &now);
    (void)time_format((int64_t)now.tv_sec * NS_PER_S + now.tv_nsec, 6, stamp);
    size_t at = put_text(line, 0, room, "{\"timestamp\":\"");
    at = put_text(line, at, room, stamp);
    at = put_text(line, at, room, "\",\"level\":\"CRITICAL\",\"service\":\"");
    at = put_text(line, at, room, crash_role);
    at = put_text(line, at, room, "\",\"pid\":");
    at = put_number(line, at, room, (uint64_t)getpid());
    at = put_text(line, at, room, ",\"event\":\"process_crashed\",\"message\":\"the process died of ");
    at = put_text(line, at, room, signal_text(signal_number));
    at = put_text(line, at, room, "\"}\n");
    int file = log_descriptor();
    if (file >= 0) {
        (void)!write(file, line, at);
    }
    (void)!write(STDERR_FILENO, line, at);
    raise(signal_number); /* SA_RESETHAND has put the default action back: die of it, with the right status */
}

result_t process_crash_handler_install(const char *role)
{
    static const int deadly[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    (void)snprintf(crash_role, sizeof crash_role, "%s", role);
    stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof crash_stack};
    if (sigaltstack(&stack, NULL) != 0) {
        return RESULT_IO;
    }
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND | SA_NODEFER)};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++) {
        if (sigaction(deadly[i], &action, NULL) != 0) {
            return RESULT_IO;
        }
    }
    return RESULT_OK;
}

result_t process_secrecy_set(process_secrecy_t secrecy)
{
    if (secrecy == PROCESS_OPEN) {
        return RESULT_OK;
    }
    struct rlimit none = {0, 0};
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0) {
        return RESULT_IO;
    }
    return RESULT_OK;
}

uint32_t process_descriptors_raise(void)
{
    struct rlimit limit = {0, 0};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 0;
    }
    struct rlimit raised = {limit.rlim_max, limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) {
        limit = raised;
    }
    return limit.rlim_cur < UINT32_MAX ? (uint32_t)limit.rlim_cur : UINT32_MAX;
}

/* --- asked to end ------------------------------------------------------------------------------ */

static volatile sig_atomic_t end_signal;

static void on_end_signal(int signal_number)
{
    end_signal = signal_number;
}

void process_end_signal_hold(void)
{
    struct sigaction action = {.sa_handler = on_end_signal, .sa_flags = SA_RESTART};
    sigset_t ends;
    (void)sigemptyset(&action.sa_mask);
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGINT);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigprocmask(SIG_UNBLOCK, &ends, NULL);
}

int process_end_signal_take(void)
{
    int taken = end_signal;
    end_signal = 0;
    return taken;
}

/* --- standard files and the terminal ----------------------------------------------------------- */

void process_standard_files_open(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
            (void)!open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY); /* takes the lowest free number: this one */
        }
    }
}

static bool terminal_noted;

static bool has_terminal(void)
{
    int descriptor = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (descriptor >= 0) {
        close(descriptor);
    }
    return descriptor >= 0;
}

void process_terminal_note(void)
{
    struct sigaction hangup;
    bool ignored = sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler == SIG_IGN; /* nohup */
    terminal_noted = !ignored && has_terminal();
}

bool process_terminal_is_lost(void)
{
    return terminal_noted && !has_terminal();
}

/* --- usage ------------------------------------------------------------------------------------ */

/* What the kernel says in a file of /proc, as text; false: nothing. */
static bool kernel_text(const char *path, char *text, size_t capacity)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = file < 0 ? -1 : read(file, text, capacity - 1);
    if (file >= 0) {
        close(file);
    }
    text[got > 0 ? got : 0] = '\0';
    return got > 0;
}

/* "Pss:      123 kB" of /proc/self/smaps_rollup, in bytes; 0 when there is none. */
static uint64_t pss_read(void)
{
    char text[2048];
    if (!kernel_text("/proc/self/smaps_rollup", text, sizeof text)) {
        return 0;
    }
    const char *found = strstr(text, "\nPss:");
    return found == NULL ? 0 : strtoull(found + 5, NULL, 10) * 1024;
}

static uint64_t rss_read(void)
{
    char text[128];
    if (!kernel_text("/proc/self/statm", text, sizeof text)) {
        return 0;
    }
    const char *second = strchr(text, ' ');
    return second == NULL ? 0 : strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint32_t descriptors_count(void)
{
    DIR *listing = opendir("/proc/self/fd");
    if (listing == NULL) {
        return 0;
    }
    uint32_t count = 0;
    struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        count += entry->d_name[0] != '.';
    }
    closedir(listing);
    return count > 0 ? count - 1 : 0; /* without the one that we opened to look */
}

result_t process_usage_read(process_usage_t *usage)
{
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) != 0) {
        return RESULT_IO;
    }
    int64_t cpu_us =
        (int64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
    *usage = (process_usage_t){
        .rss_bytes = rss_read(),
        .pss_bytes = pss_read(),
        .descriptors = descriptors_count(),
        .cpu_ns = cpu_us * NS_PER_US,
    };
    return RESULT_OK;
}
