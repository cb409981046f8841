/* cli.h: what the short commands share: read their words, ask a running role, print its JSON for people or as it is. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "app/options.h"
#include "app/role.h"
#include "core/base/str.h"
#include "edge/bus/bus_call.h"
#include "edge/json/json_reader.h"

/* The text of a JSON document's member (a string, number or truth as text), "" when it is not there. Only members of the outermost
 * object. */
bool cli_json_member(str_t json, const char *key, char *text, size_t capacity);

enum { CLI_ROLES = 5 };
extern const char *const cli_roles[CLI_ROLES]; /* `up`, then the others in order of start */

/* The words that the commands share. */
typedef struct {
    const char *data; /* --data DIR */
    bool json;        /* --json, where the command has it */
    size_t count;
    const char *operands[OPTIONS_OPERANDS_MAX];
} cli_words_t;

typedef struct {
    const char *command, *usage, *about; /* as in command_t */
    const char *json_help;               /* NULL: the command has no --json */
    const argument_t *more;              /* options of its own, up to six */
    size_t more_count, operands_max;
} cli_command_t;

/* False when there is nothing to run: help was printed, or an error; *code says how to end. */
bool cli_take(const cli_command_t *command, int argc, char **argv, cli_words_t *words, int *code);

/* One control command to a role; its exit status, with *reply to be freed. EXIT_FAILED and a sentence on standard error when the
 * role does not answer. */
int cli_ask(const char *command, const char *data, const char *role, const char *word, size_t count, const char *const *arguments,
            bus_call_reply_t *reply);

/* Prints {"error": ...} of a reply as a sentence; false when there is none. */
bool cli_print_error(const char *command, str_t json);

/* The members `keys` (up to eight) of the object under the reader, on one line. */
void cli_print_row(json_reader_t *reader, const char *const *keys, size_t count);

/* Under the title of a list of which so many rows were printed: without any, says so. */
void cli_print_none(size_t rows);

/* The commands; argv[0] is their own word. */
int cli_status_main(int argc, char **argv);
int cli_stop_main(int argc, char **argv);
int cli_order_main(int argc, char **argv);
int cli_signals_main(int argc, char **argv);
int cli_why_main(int argc, char **argv);
int cli_kill_main(int argc, char **argv);
int cli_tickers_main(int argc, char **argv);
int cli_doctor_main(int argc, char **argv);
int cli_ban_main(int argc, char **argv);
int cli_ask_main(int argc, char **argv);
int cli_version_main(int argc, char **argv);
