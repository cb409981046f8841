/* cli.c: see cli.h; and the commands that are one question to one role. */
#include "app/cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/time.h"
#include "edge/bus/bus_call.h"
#include "edge/json/json_reader.h"

enum { CALL_TIMEOUT_S = 5 };

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

/* Prints {"error": ...} of a reply as a sentence; false when there is none. */
static bool print_error(const char *command, str_t json)
{
    char text[512];
    if (!cli_json_member(json, "error", text, sizeof text) || text[0] == '\0')
        return false;
    fprintf(stderr, "%s: %s\n", command, text);
    return true;
}

static int ask(const char *command, const char *data, const char *role, const char *word, size_t count,
               const char *const *arguments, bus_call_reply_t *reply)
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

/* --- kill ------------------------------------------------------------------------------------- */

int cli_kill_main(int argc, char **argv)
{
    const char *data = "data";
    const argument_t options[] = {{"data", ARGUMENT_TEXT, &data, "DIR", "data folder (default ./data)"}};
    const command_t command = {
        .command = "patriot kill",
        .usage = "LEVEL [options]",
        .about = "Graded stop, kept over restarts. It goes to the signer and works with every other process dead.\n  0 trade again "
                 "  1 no new entries   2 cancel entries   3 reduce only   4 flatten: close everything at market",
        .options = options,
        .option_count = 1,
        .operands_max = 1};
    const char *operands[OPTIONS_OPERANDS_MAX];
    size_t count = 0;
    int code = 0;
    if (!options_take(&command, argc, argv, operands, &count, &code))
        return code;
    bus_call_reply_t reply = {0};
    int status = ask("patriot kill", data, "signer", "kill", count, operands, &reply);
    str_t json = {reply.text, reply.length};
    char level[32];
    if (reply.text && !print_error("patriot kill", json) && cli_json_member(json, "kill_level", level, sizeof level))
        printf("kill level %s is in force at the signer\n", level);
    bus_call_reply_free(&reply);
    return status;
}

/* --- order ------------------------------------------------------------------------------------ */

static bool confirm(const char *question)
{
    char answer[16];
    if (!isatty(STDIN_FILENO))
        return false;
    printf("%s [y/N] ", question);
    fflush(stdout);
    return fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

static void print_row(json_reader_t *reader, const char *const *keys, size_t count)
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

static void print_symbol_orders(str_t json)
{
    static const char *const position_keys[] = {"trade", "side", "quantity", "entry", "stop", "target", "state"};
    static const char *const order_keys[] = {"leg", "side", "type", "price", "quantity", "state", "id"};
    char concurrent[32], concurrent_max[32], symbol[32], mark[48];
    (void)cli_json_member(json, "symbol", symbol, sizeof symbol);
    (void)cli_json_member(json, "mark", mark, sizeof mark);
    (void)cli_json_member(json, "concurrent", concurrent, sizeof concurrent);
    (void)cli_json_member(json, "concurrent_max", concurrent_max, sizeof concurrent_max);
    printf("%s: mark %s, %s of %s concurrent orders (MAX_CONCURRENT_ORDERS)\n", symbol, mark, concurrent, concurrent_max);
    json_reader_t reader;
    json_reader_init(&reader, json.bytes, json.length);
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        bool positions = str_eq(key, STR("positions"));
        if (!positions && !str_eq(key, STR("orders"))) {
            json_skip(&reader);
            continue;
        }
        printf("%s\n", positions ? "positions" : "orders");
        json_enter_array(&reader);
        while (json_next_item(&reader))
            print_row(&reader, positions ? position_keys : order_keys, 7);
    }
}

int cli_order_main(int argc, char **argv)
{
    const char *data = "data", *trade = NULL;
    bool yes = false, json_wanted = false;
    const argument_t options[] = {{"data", ARGUMENT_TEXT, &data, "DIR", "data folder (default ./data)"},
                                  {"trade", ARGUMENT_TEXT, &trade, "NUMBER", "which position, when the symbol has several"},
                                  {"yes", ARGUMENT_FLAG, &yes, NULL, "also when it would fire at once"},
                                  {"json", ARGUMENT_FLAG, &json_wanted, NULL, "the answer as JSON"}};
    const command_t command = {
        .command = "patriot order",
        .usage = "SYMBOL get-orders | SYMBOL STOP price | SYMBOL TAKE price",
        .about = "Shows the stop and target of a symbol's positions, or moves one (the new order stands before the old one goes).",
        .options = options,
        .option_count = 4,
        .operands_max = 3};
    const char *operands[OPTIONS_OPERANDS_MAX];
    size_t count = 0;
    int code = 0;
    if (!options_take(&command, argc, argv, operands, &count, &code))
        return code;
    if (count == 1)
        operands[count++] = "get-orders";
    if (yes)
        operands[count++] = "sure";
    if (trade)
        operands[count++] = trade;
    bus_call_reply_t reply = {0};
    int status = ask("patriot order", data, "watchdog", "order", count, operands, &reply);
    str_t json = {reply.text, reply.length};
    if (status == EXIT_FAILED && reply.text && !yes && strstr(reply.text, "fire at once") &&
        confirm("this would fire at once at the present price; send it?")) {
        bus_call_reply_free(&reply);
        operands[count++] = "sure";
        reply = (bus_call_reply_t){0};
        status = ask("patriot order", data, "watchdog", "order", count, operands, &reply);
        json = (str_t){reply.text, reply.length};
    }
    if (reply.text && json_wanted)
        printf("%.*s\n", (int)json.length, json.bytes);
    else if (reply.text && !print_error("patriot order", json))
        print_symbol_orders(json);
    bus_call_reply_free(&reply);
    return status;
}

/* --- tickers ---------------------------------------------------------------------------------- */

int cli_tickers_main(int argc, char **argv)
{
    static const char *const price_keys[] = {"symbol", "status", "price", "change_pct", "bars", "gaps"};
    static const char *const refused_keys[] = {"line", "text", "reason"};
    const char *data = "data";
    bool json_wanted = false;
    const argument_t options[] = {{"data", ARGUMENT_TEXT, &data, "DIR", "data folder (default ./data)"},
                                  {"json", ARGUMENT_FLAG, &json_wanted, NULL, "as JSON"}};
    const command_t command = {
        .command = "patriot tickers",
        .usage = "[options]",
        .about = "The symbols in force with their trading status, and the lines of tickers.txt that were refused, with the reason.",
        .options = options,
        .option_count = 2};
    const char *operands[OPTIONS_OPERANDS_MAX];
    size_t count = 0;
    int code = 0;
    if (!options_take(&command, argc, argv, operands, &count, &code))
        return code;
    bus_call_reply_t reply = {0};
    int status = ask("patriot tickers", data, "monitor", "view", 0, NULL, &reply);
    if (!reply.text)
        return status;
    if (json_wanted) {
        printf("%.*s\n", (int)reply.length, reply.text);
        bus_call_reply_free(&reply);
        return status;
    }
    json_reader_t reader;
    json_reader_init(&reader, reply.text, reply.length);
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        bool prices = str_eq(key, STR("prices")), refused = str_eq(key, STR("refused_lines")),
             unlisted = str_eq(key, STR("not_listed"));
        if (!prices && !refused && !unlisted) {
            json_skip(&reader);
            continue;
        }
        printf("%s\n", prices    ? "in force"
                       : refused ? "refused lines of tickers.txt"
                                 : "in tickers.txt, but not listed at this exchange");
        json_enter_array(&reader);
        while (json_next_item(&reader)) {
            char text[64] = "";
            if (unlisted && json_read_text(&reader, text, sizeof text, NULL) == RESULT_OK)
                printf("  %s\n", text);
            else if (!unlisted)
                print_row(&reader, prices ? price_keys : refused_keys, prices ? 6 : 3);
        }
    }
    bus_call_reply_free(&reply);
    return status;
}

/* --- ban -------------------------------------------------------------------------------------- */

int cli_ban_main(int argc, char **argv)
{
    const char *data = "data";
    bool json_wanted = false;
    const argument_t options[] = {{"data", ARGUMENT_TEXT, &data, "DIR", "data folder (default ./data)"},
                                  {"json", ARGUMENT_FLAG, &json_wanted, NULL, "as JSON"}};
    const command_t command = {
        .command = "patriot ban",
        .usage = "[options]",
        .about = "Used request weight, and whether the exchange has banned this address. Exit 0 fine, 1 banned, 2 cannot be said.",
        .options = options,
        .option_count = 2};
    const char *operands[OPTIONS_OPERANDS_MAX];
    size_t count = 0;
    int code = 0;
    if (!options_take(&command, argc, argv, operands, &count, &code))
        return code;
    bus_call_reply_t reply = {0};
    if (ask("patriot ban", data, "signer", "view", 0, NULL, &reply) != EXIT_WELL || !reply.text)
        return EXIT_MISUSE;
    str_t json = {reply.text, reply.length};
    char used[32], limit[32], until[32], bans[32], time[TIME_TEXT_MAX] = "";
    int64_t until_ms = 0;
    (void)cli_json_member(json, "weight_used", used, sizeof used);
    (void)cli_json_member(json, "weight_limit", limit, sizeof limit);
    (void)cli_json_member(json, "bans", bans, sizeof bans);
    (void)cli_json_member(json, "banned_until_ms", until, sizeof until);
    (void)str_to_i64(str_from(until), &until_ms);
    if (json_wanted)
        printf("%.*s\n", (int)json.length, json.bytes);
    else if (until_ms > 0 && time_format(until_ms * NS_PER_MS, 0, time) > 0)
        printf("BANNED until %s (venue time); weight used %s of %s this minute, %s bans noted in all\n", time, used, limit, bans);
    else
        printf("ACTIVE; weight used %s of %s this minute, %s bans noted in all\n", used, limit, bans);
    bus_call_reply_free(&reply);
    return until_ms > 0 ? EXIT_FAILED : EXIT_WELL;
}

/* --- ask -------------------------------------------------------------------------------------- */

int cli_ask_main(int argc, char **argv)
{
    const char *data = "data";
    const argument_t options[] = {{"data", ARGUMENT_TEXT, &data, "DIR", "data folder (default ./data)"}};
    const command_t command = {.command = "patriot ask",
                               .usage = "ROLE COMMAND [ARGUMENT ...]",
                               .about = "One control command to a running process, its JSON as it comes: patriot ask watchdog "
                                        "view, patriot ask exchange pace 4,\npatriot ask monitor log-level DEBUG.",
                               .options = options,
                               .option_count = 1,
                               .operands_max = OPTIONS_OPERANDS_MAX};
    const char *operands[OPTIONS_OPERANDS_MAX];
    size_t count = 0;
    int code = 0;
    if (!options_take(&command, argc, argv, operands, &count, &code))
        return code;
    if (count < 2) {
        fprintf(stderr, "patriot ask: say whom and what: patriot ask watchdog view\n");
        return EXIT_MISUSE;
    }
    bus_call_reply_t reply = {0};
    int status = ask("patriot ask", data, operands[0], operands[1], count - 2, operands + 2, &reply);
    if (reply.text)
        printf("%.*s\n", (int)reply.length, reply.text);
    bus_call_reply_free(&reply);
    return status;
}

/* --- version ---------------------------------------------------------------------------------- */

int cli_version_main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    printf("patriot %s, bus %d.%d\n", PATRIOT_VERSION, BUS_VERSION_MAJOR, BUS_VERSION_MINOR);
    return EXIT_WELL;
}
