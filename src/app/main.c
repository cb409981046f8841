/* main.c: hands over to the sub-command that the first word names. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/nearest.h"
#include "edge/observe/process.h"

static void print_overview(void)
{
    printf("patriot " PATRIOT_VERSION
           ": automated trading for crypto exchanges\nUsage: patriot COMMAND [options]; patriot COMMAND --help explains one\n");
    for (size_t i = 0; i < command_row_count; i++)
        printf("  %-11s %s\n", command_rows[i].name, command_rows[i].summary);
}

static const command_row_t *find_command(const char *word)
{
    nearest_t nearest = {.typed = str_from(word)};
    for (size_t i = 0; i < command_row_count; i++) {
        if (strcmp(word, command_rows[i].name) == 0)
            return &command_rows[i];
        nearest_offer(&nearest, command_rows[i].name);
    }
    fprintf(stderr, "patriot: no command \"%s\"", word);
    if (nearest.word)
        fprintf(stderr, "; did you mean \"%s\"?\n", nearest.word);
    else
        fprintf(stderr, "; `patriot help` lists them\n");
    return NULL;
}

/* The room of the original words becomes the name that ps shows: everybody works on copies. They live as long as the process. */
static char **copy_words(int argc, char **argv)
{
    char **words = calloc((size_t)argc + 1, sizeof *words);
    for (int i = 0; words && i < argc; i++) {
        words[i] = strdup(argv[i]);
        if (!words[i]) {
            while (i-- > 0)
                free(words[i]);
            free((void *)words);
            return NULL;
        }
    }
    return words;
}

/* What could not be written was not said: a full disk behind a redirection must not pass for success. */
static int check_output(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "patriot: what was printed could not be written: %s\n", strerror(errno));
    return code == 0 ? 1 : code;
}

int main(int argc, char **argv)
{
    static char **words; /* reachable to the end */
    process_standard_files_open();
    words = copy_words(argc, argv);
    if (!words)
        return 1;
    process_title_init(argc, argv);
    argv = words;
    if (argc < 2) {
        print_overview();
        return 2;
    }
    bool helped = strcmp(argv[1], "help") == 0;
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || (helped && argc == 2)) {
        print_overview();
        return check_output(0);
    }
    if (strcmp(argv[1], "--version") == 0)
        argv[1] += 2;
    const command_row_t *row = find_command(argv[helped ? 2 : 1]);
    if (!row)
        return 2;
    if (helped) /* `patriot help up` is `patriot up --help`, and a topic may follow */
        return check_output(row->main(argc > 3 ? 3 : 2, (char *[]){argv[2], "--help", argv[3], NULL}));
    return check_output(row->main(argc - 1, argv + 1));
}
