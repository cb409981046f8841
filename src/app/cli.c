/* cli.c: see cli.h. */
#include "app/cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/reply_fields.h"
#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/bus/bus_call.h"
#include "edge/observe/zone.h"

enum { CALL_TIMEOUT_S = 5, CLI_OPTIONS_MAX = 8, CLI_ROW_MAX = 9 };

const char *const cli_roles[CLI_ROLES] = {"up", "exchange", "signer", "watchdog", "monitor"};

bool cli_json_member(str_t json, const char *key, char *text, size_t capacity)
{
    const reply_field_t field = {key, REPLY_TEXT, text, capacity};
    text[0] = '\0';
    return reply_read(json, &field, 1) == RESULT_OK && text[0] != '\0';
}

bool cli_print_error(const char *command, str_t json)
{
    char text[512];
    if (!cli_json_member(json, "error", text, sizeof text) || text[0] == '\0')
        return false;
    fprintf(stderr, "%s: %s\n", command, text);
    return true;
}

int cli_ask(const char *command, const char *data, const char *role, const char *word, size_t count, const char *const *arguments,
            bus_call_reply_t *reply)
{
    result_t result = bus_call(data, role, word, count, arguments, CALL_TIMEOUT_S * NS_PER_S, reply);
    if (result == RESULT_OK)
        return (int)reply->status;
    fprintf(stderr, "%s: the %s does not answer in %s: %s%s\n", command, role, data,
            reply->detail[0] ? reply->detail : result_text(result),
            result == RESULT_REFUSED ? " (is it running? `patriot status --all`)" : "");
    bus_call_reply_free(reply);
    return EXIT_FAILED;
}

void cli_print_row(json_reader_t *reader, const char *const *keys, size_t count)
{
    char texts[CLI_ROW_MAX][48] = {{0}};
    reply_field_t fields[CLI_ROW_MAX] = {0};
    ASSERT(count <= CLI_ROW_MAX);
    for (size_t i = 0; i < count; i++)
        fields[i] = (reply_field_t)REPLY_TEXT_FIELD(keys[i], texts[i]);
    reply_read_object(reader, fields, count);
    for (size_t i = 0; i < count; i++) {
        zone_show(texts[i], sizeof texts[i]);
        printf("  %s %s", keys[i], texts[i][0] ? texts[i] : "-");
    }
    printf("\n");
}

void cli_print_none(size_t rows)
{
    if (rows == 0)
        printf("  none\n");
}

/* As the watchdog of that folder has noted it: what runs there, and what has run, is shown in its own zone. */
static void show_its_zone(const char *data)
{
    char path[FILE_PATH_MAX], name[ZONE_NAME_MAX] = "";
    size_t length = 0;
    if (file_path_join(data, ROLE_ZONE_FILE, path, sizeof path) == RESULT_OK &&
        file_read_whole(path, name, sizeof name, &length) == RESULT_OK)
        zone_begin(name);
}

bool cli_take(const cli_command_t *command, int argc, char **argv, cli_words_t *words, int *code)
{
    argument_t options[CLI_OPTIONS_MAX] = {{"data", ARGUMENT_TEXT, &words->data, "DIR", "data folder (default ./data)"}};
    command_t read = {.command = command->command,
                      .usage = command->usage,
                      .about = command->about,
                      .options = options,
                      .option_count = 1,
                      .operands_max = command->operands_max};
    *words = (cli_words_t){.data = "data"};
    ASSERT(command->more_count + 2 <= CLI_OPTIONS_MAX);
    for (size_t i = 0; i < command->more_count; i++)
        options[read.option_count++] = command->more[i];
    if (command->json_help)
        options[read.option_count++] = (argument_t){"json", ARGUMENT_FLAG, &words->json, NULL, command->json_help};
    if (!options_take(&read, argc, argv, words->operands, &words->count, code))
        return false;
    if (geteuid() != 0 && !role_folder_is_ours(command->command, words->data)) { /* the superuser may look into every folder */
        *code = EXIT_FAILED;
        return false;
    }
    show_its_zone(words->data);
    if (access(words->data, F_OK) != 0)
        fprintf(stderr, "%s: there is no data folder %s; name the right one with --data\n", command->command, words->data);
    return true;
}
