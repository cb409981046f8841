/* commands.h: the sub-commands. To add one: a file with its main function and a row in commands.c. */
#pragma once

#include <stddef.h>

typedef int (*command_main_t)(int argc, char **argv); /* argv[0] is the command's own word */

typedef struct {
    const char *name;
    command_main_t main;
    const char *summary; /* one line for `patriot help` */
} command_row_t;

extern const command_row_t command_rows[];
extern const size_t command_row_count;
