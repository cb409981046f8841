/* main.c: hands over to the sub-command that the first word names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "core/base/str.h"
#include "edge/observe/process.h"

static void print_overview(void)
{
    printf("patriot " PATRIOT_VERSION
           ": automated trading for crypto exchanges\nUsage: patriot COMMAND [options]; patriot COMMAND --help explains one\n");
    for (size_t i = 0; i < command_row_count; i++)
        printf("  %-10s %s\n", command_rows[i].name, command_rows[i].summary);
}

static int complain_unknown(const char *word)
{
    const char *nearest = NULL;
    unsigned best = 4;
    for (size_t i = 0; i < command_row_count; i++) {
        unsigned distance = str_distance(str_from(word), str_from(command_rows[i].name));
        if (distance < best) {
            best = distance;
            nearest = command_rows[i].name;
        }
    }
    fprintf(stderr, "patriot: no command \"%s\"", word);
    if (nearest)
        fprintf(stderr, "; did you mean \"%s\"?\n", nearest);
    else
        fprintf(stderr, "; `patriot help` lists them\n");
    return 2;
}

/* The room of the original words becomes the name that ps shows: everybody works on copies. They live as long as the process. */
static char **copy_words(int argc, char **argv)
{
    char **words = calloc((size_t)argc + 1, sizeof *words);
    for (int i = 0; words && i < argc; i++) {
        words[i] = strdup(argv[i]);
        if (!words[i])
            return NULL;
    }
    return words;
}

int main(int argc, char **argv)
{
    static char **words; /* reachable to the end */
    words = copy_words(argc, argv);
    if (!words)
        return 1;
    process_title_init(argc, argv);
    argv = words;
    if (argc < 2 || strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_overview();
        return argc < 2 ? 2 : 0;
    }
    for (size_t i = 0; i < command_row_count; i++) {
        if (strcmp(argv[1], command_rows[i].name) == 0)
            return command_rows[i].main(argc - 1, argv + 1);
    }
    return complain_unknown(argv[1]);
}
