/* plugin_window.h: the memory that a plug-in's process shares with who asks it: one question, its answer, and the state of one run.
 *
 * The asking side writes the question and one byte on the bell (a socket); the other side works and sends the byte back. The asking
 * side believes nothing that stands here: it copies, then checks. Both sides are one program, so the layout needs no version.
 */
#pragma once

#include <stdalign.h>

#include "core/strategy/strategy.h"
#include "patriot/strategy.h"

/* Where the process finds what it works with. */
enum { PLUGIN_BELL = 3, PLUGIN_WINDOW = 4, PLUGIN_FILE = 5, PLUGIN_DESCRIPTORS = 6 };

enum { PLUGIN_WRONG_MAX = 400 };

typedef enum {
    PLUGIN_OP_LOAD,    /* -> description */
    PLUGIN_OP_CHECK,   /* options -> number: option to blame, -1 */
    PLUGIN_OP_WARM_UP, /* options -> number */
    PLUGIN_OP_INIT,    /* options, state -> state */
    PLUGIN_OP_NEXT,    /* options, state, bar -> state, view */
} plugin_op_t;

typedef struct {
    char name[PATRIOT_WORD_MAX], meaning[PATRIOT_MEANING_MAX];
    int32_t kind;
    double preset, minimum, maximum;
} plugin_option_text_t;

/* The table of a plug-in, copied out of it. A text that is too long has no NUL. */
typedef struct {
    patriot_strategy_abi_t abi;
    char name[PATRIOT_NAME_MAX], title[PATRIOT_TITLE_MAX], rule[PATRIOT_RULE_MAX], author[PATRIOT_AUTHOR_MAX],
        version[PATRIOT_VERSION_MAX];
    uint32_t option_count, input_count, state_size;
    bool has_options, has_inputs, has_warm_up, has_init, has_next; /* pointers that are not NULL */
    plugin_option_text_t options[PATRIOT_OPTIONS_MAX];
    char inputs[PATRIOT_INPUTS_MAX][PATRIOT_WORD_MAX];
} plugin_description_t;

typedef struct {
    uint32_t op;
    double options[STRATEGY_OPTIONS_MAX];
    patriot_bar_t bar;

    int64_t number;
    patriot_view_t view;
    char wrong[PLUGIN_WRONG_MAX]; /* LOAD: why it cannot be used; "" when it can */
    plugin_description_t description;

    alignas(64) unsigned char state[PATRIOT_STATE_MAX];
} plugin_window_t;
