/* options.h: one way to read the words after a command: a table of options, checked, with help that is made from it.
 *
 * Forms: --name value, --name=value, flags without a value, "--" ends the options. What is not an option is an operand. Every error
 * names the word, says what would be right (the nearest option for an unknown one) and ends the command with exit code 2.
 *
 * Help fits a screen of 24 lines and 100 columns. A command with more options than that puts the rarer ones under topics:
 * `COMMAND --help` then ends with the list of them, and `COMMAND --help TOPIC` shows one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPTIONS_OPERANDS_MAX = 32, OPTIONS_REPEAT_MAX = 64 };

#define OPTIONS_RATE_LEAST 1e-6 /* of ARGUMENT_RATE: what is told with six places is not taken for 0 */

/* An option that may be given several times. */
typedef struct {
    size_t count;
    const char *values[OPTIONS_REPEAT_MAX];
} argument_list_t;

/* "2m" (wall time) or "500vh" (venue hours); exactly one is set. */
typedef struct {
    int64_t wall_ns;
    uint64_t venue_hours;
} span_t;

typedef enum {
    ARGUMENT_FLAG,    /* bool * */
    ARGUMENT_TEXT,    /* const char ** (borrowed from argv) */
    ARGUMENT_U64,     /* uint64_t * */
    ARGUMENT_RATE,    /* double *, OPTIONS_RATE_LEAST .. 1e12, or "max" = 0 */
    ARGUMENT_LIST,    /* argument_list_t * */
    ARGUMENT_SPAN,    /* span_t * */
    ARGUMENT_SECONDS, /* int64_t * in ns; "3s", "500ms", "2m" */
    ARGUMENT_TOPIC    /* no option: the head of those behind it, which only `--help NAME` shows; value is NULL */
} argument_kind_t;

typedef struct {
    const char *name; /* without the dashes */
    argument_kind_t kind;
    void *value;
    const char *argument; /* what stands for the value in help: "DIR"; NULL for flags */
    const char *help;
} argument_t;

typedef struct {
    const char *command;  /* "patriot up" */
    const char *usage;    /* "[options]" */
    const char *about;    /* one or two lines */
    const char *epilogue; /* examples; may be NULL */
    const argument_t *options;
    size_t option_count;
    size_t operands_max;
} command_t;

typedef enum { OPTIONS_RUN, OPTIONS_HELPED, OPTIONS_WRONG } options_outcome_t;

/* Reads argv[1..]. OPTIONS_HELPED: --help was given and printed (exit 0); OPTIONS_WRONG: the error was printed (exit 2). */
options_outcome_t options_read(const command_t *command, int argc, char **argv, const char **operands, size_t *operand_count);

/* What nearly every command does: reads its words; false when there is nothing to run (help was printed, or an error), and
 * *exit_code says how to end. */
bool options_take(const command_t *command, int argc, char **argv, const char **operands, size_t *operand_count, int *exit_code);

/* Which of a command's words (`names`) the typed one is; -1 after the error, with the nearest, was printed. */
int options_word(const char *command, const char *typed, const char *const *names, size_t count);

/* Prints words up to 100 columns; further lines begin at `indent` (the first one is there already). Line breaks of the text stay.
 */
void options_print_wrapped(const char *text, size_t indent);

/* "2m", "90s", "500ms", "1h" -> ns. */
bool options_duration(const char *text, int64_t *out_ns);
