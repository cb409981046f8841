/* fixture_plugin.c: a small strategy that misbehaves as -DVARIANT says. Compiled by test_plugin.c while it runs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "patriot/strategy.h"

enum {
    GOOD,
    NULL_POINTER,
    ABORT,
    EXIT,
    DIVISION,
    STACK,
    LOOP,
    NONSENSE,
    RIGHTS,
    EAT_MEMORY,
    SCRIBBLE,
    DIES_IN_INIT,
};

#ifndef VARIANT
#define VARIANT GOOD
#endif

typedef struct {
    double closes;
    uint32_t bars;
    int32_t trouble;
} state_t;

/* The bar that asks for trouble. */
#define TROUBLE_VOLUME 13.0

static volatile int zero = 0;

static int deep(volatile char *above)
{
    volatile char here[4096];
    here[0] = above[0];
    return deep(here) + here[0];
}

/* Counts the rights that it has and should not have. */
static int32_t count_rights(void)
{
    int32_t count = 0;
    count += open("/etc/passwd", O_RDONLY) >= 0;
    count += open("/tmp/patriot-plugin-was-here", O_WRONLY | O_CREAT, 0600) >= 0;
    count += socket(AF_INET, SOCK_STREAM, 0) >= 0;
    count += socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
    count += fork() >= 0;
    count += kill(getppid(), 0) == 0;
    count += setuid(0) == 0 && getuid() != 0;
    return count;
}

static void make_trouble(state_t *state, patriot_view_t *view)
{
    char top = 1;
    switch (VARIANT) {
    case NULL_POINTER:
        *(volatile int *)(uintptr_t)zero = 1;
        break;
    case ABORT:
        abort();
    case EXIT:
        exit(3);
    case DIVISION:
        state->bars = (uint32_t)(7 / zero);
        break;
    case STACK:
        state->bars = (uint32_t)deep(&top);
        break;
    case LOOP:
        while (zero == 0) {}
        break;
    case NONSENSE:
        view->direction = 7;
        break;
    case RIGHTS:
        state->trouble = count_rights();
        break;
    case EAT_MEMORY:
        for (;;) {
            volatile char *more = malloc(16 << 20);
            if (more == NULL) {
                abort();
            }
            more[0] = 1;
        }
    case SCRIBBLE: /* all it can reach before its own state */
        for (volatile char *at = (char *)state;; at--) {
            *at = 0x55;
        }
    default:
        break;
    }
}

static uint32_t warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static int32_t check(const double *options)
{
    return options[0] > options[1] ? 0 : -1;
}

static void init(void *state, const double *options)
{
    state_t *own = state;
    (void)options;
    *own = (state_t){.closes = 0};
    if (VARIANT == DIES_IN_INIT) {
        abort();
    }
}

/* LONG with every second bar; the confidence tells what it has seen. */
static void next(void *state, const double *options, const patriot_bar_t *bar, patriot_view_t *view)
{
    state_t *own = state;
    own->closes += bar->close;
    own->bars++;
    if (bar->volume == TROUBLE_VOLUME) {
        make_trouble(own, view);
    }
    if (view->direction == PATRIOT_NONE && own->bars % 2 == 0) {
        view->direction = PATRIOT_LONG;
        view->confidence = 1.0 / (1.0 + own->closes / own->bars / bar->close);
        view->inputs[0] = own->closes;
        view->inputs[1] = own->trouble;
        view->stop_price = bar->close * (1.0 - options[1] / 100.0);
    }
}

#ifdef LOOPS_AT_START
__attribute__((constructor)) static void at_start(void)
{
    while (zero == 0) {}
}
#endif

#ifndef NAME
#define NAME "fixture"
#endif
#ifndef STATE_SIZE
#define STATE_SIZE sizeof(state_t)
#endif
#ifndef PRESET
#define PRESET 3
#endif
#ifndef OPTION
#define OPTION "bars"
#endif
#ifndef NEXT
#define NEXT next
#endif
#ifndef TITLE
#define TITLE "a fixture"
#endif

static const patriot_option_t options[] = {{OPTION, "bars before the first decision", PATRIOT_WHOLE, 0, PRESET, 1, 500},
                                           {"distance", "stop, percent", PATRIOT_REAL, 0, 10, 0.5, 50}};
static const char *const inputs[] = {"closes.sum", "rights"};

#ifdef OTHER_MAJOR
const patriot_strategy_abi_t patriot_strategy_abi = {OTHER_MAJOR, 4, 1, 2, 3, 4};
#elif !defined(WITHOUT_ABI)
PATRIOT_STRATEGY_ABI;
#endif

#ifdef UNRESOLVED
double nowhere_to_be_found(double);
double use_it(void);
double use_it(void)
{
    return nowhere_to_be_found(1.0);
}
#endif

#ifndef WITHOUT_TABLE
const patriot_strategy_t patriot_strategy = {
    .name = NAME,
    .title = TITLE,
    .rule = "LONG with every second bar",
    .author = "the tests",
    .version = "1",
    .options = options,
    .inputs = inputs,
    .option_count = 2,
    .input_count = 2,
    .state_size = STATE_SIZE,
    .check = check,
    .warm_up = warm_up,
    .init = init,
    .next = NEXT,
};
#endif
