/* cli_ask.c: `patriot ask`: any control command to any role; and `patriot version`. */
#include <stdio.h>

#include "app/cli.h"

int cli_ask_main(int argc, char **argv)
{
    const cli_command_t command = {.command = "patriot ask",
                                   .usage = "ROLE COMMAND [ARGUMENT ...]",
                                   .about = "One control command to a running process, its JSON as it comes: patriot ask watchdog "
                                            "view, patriot ask exchange pace 4,\npatriot ask monitor log-level DEBUG.",
                                   .operands_max = OPTIONS_OPERANDS_MAX};
    cli_words_t words;
    int code = 0;
    if (!cli_take(&command, argc, argv, &words, &code))
        return code;
    if (words.count < 2) {
        fprintf(stderr, "patriot ask: say whom and what: patriot ask watchdog view\n");
        return EXIT_MISUSE;
    }
    if (options_word("patriot ask", words.operands[0], cli_roles, CLI_ROLES) < 0)
        return EXIT_MISUSE;
    bus_call_reply_t reply = {0};
    int status =
        cli_ask("patriot ask", words.data, words.operands[0], words.operands[1], words.count - 2, words.operands + 2, &reply);
    if (reply.text)
        printf("%.*s\n", (int)reply.length, reply.text);
    bus_call_reply_free(&reply);
    return status;
}

int cli_version_main(int argc, char **argv)
{
    const command_t command = {.command = "patriot version",
                               .usage = "",
                               .about = "The version of the program and of the messages between its processes."};
    const char *operands[OPTIONS_OPERANDS_MAX];
    size_t count = 0;
    int code = 0;
    if (!options_take(&command, argc, argv, operands, &count, &code))
        return code;
    printf("patriot %s, bus %d.%d\n", PATRIOT_VERSION, BUS_VERSION_MAJOR, BUS_VERSION_MINOR);
    return EXIT_WELL;
}
