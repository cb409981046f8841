/* cli.c: see cli.h. */
#include "app/cli.h"

#include <stdio.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/bus/bus_call.h"
#include "edge/json/json_reader.h"

enum { CALL_TIMEOUT_S = 5, CLI_OPTIONS_MAX = 8 };

const char *const cli_roles[CLI_ROLES] = {"up", "exchange", "signer", "watchdog", "monitor"};

bool cli_json_member(str_t json, const char *key, char *text, size_t capacity)
{
    json_reader_t reader;
    bool found = false;
    text[0] = '\0';
    json_reader_init(&reader, json.bytes, json.length);
    json_enter_object(&reader);
    for (str_t name; json_next_key(&reader, &name);) {
        str_t raw = {0};
        if (!str_eq(name, str_from(key))) {
            json_skip(&reader);
        } else if (json_peek(&reader) == JSON_STRING) {
            found = json_read_text(&reader, text, capacity, NULL) == RESULT_OK;
        } else {
            found = json_read_raw(&reader, &raw) == RESULT_OK && str_copy(raw, text, capacity) == RESULT_OK;
        }
    }
    return found && json_finish(&reader) == RESULT_OK;
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
    char texts[8][48] = {{0}};
    json_enter_object(reader);
    for (str_t key; json_next_key(reader, &key);) {
        size_t at = count;
        for (size_t i = 0; i < count; i++)
            at = str_eq(key, str_from(keys[i])) ? i : at;
        str_t raw = {0};
        if (at == count)
            json_skip(reader);
        else if (json_peek(reader) == JSON_STRING)
            json_read_text(reader, texts[at], sizeof texts[at], NULL);
        else if (json_read_raw(reader, &raw) == RESULT_OK)
            (void)str_copy(raw, texts[at], sizeof texts[at]);
    }
    for (size_t i = 0; i < count; i++)
        printf("  %s %s", keys[i], texts[i][0] ? texts[i] : "-");
    printf("\n");
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
    return options_take(&read, argc, argv, words->operands, &words->count, code);
}
