/* cli_order.c: `patriot order` and `patriot kill`: what an operator changes about trading. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "app/cli.h"
#include "edge/json/json_reader.h"

/* --- kill ------------------------------------------------------------------------------------- */

int cli_kill_main(int argc, char **argv)
{
    const cli_command_t command = {
        .command = "patriot kill",
        .usage = "LEVEL [options]",
        .about = "Graded stop, kept over restarts. It goes to the signer and works with every other process dead.\n  0 trade again "
                 "  1 no new entries   2 cancel entries   3 reduce only   4 flatten: close everything at market",
        .operands_max = 1};
    cli_words_t words;
    int code = 0;
    if (!cli_take(&command, argc, argv, &words, &code))
        return code;
    bus_call_reply_t reply = {0};
    int status = cli_ask("patriot kill", words.data, "signer", "kill", words.count, words.operands, &reply);
    str_t json = {reply.text, reply.length};
    char level[32], emergency[8];
    if (reply.text && !cli_print_error("patriot kill", json) && cli_json_member(json, "kill_level", level, sizeof level)) {
        (void)cli_json_member(json, "emergency_stop", emergency, sizeof emergency);
        printf("kill level %s is in force at the signer%s\n", level,
               strcmp(emergency, "true") == 0 ? "; the configuration's operation.emergency_stop holds new entries back" : "");
    }
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

/* What the watchdog wants a yes for, in its own words. */
static bool ask_anyway(str_t json)
{
    char error[256];
    return cli_json_member(json, "error", error, sizeof error) && printf("%s\n", error) > 0 && confirm("send it?");
}

static const char *const whats[] = {"get-orders", "STOP", "TAKE"};

static bool is_what(const char *word)
{
    for (size_t i = 0; i < sizeof whats / sizeof whats[0]; i++) {
        if (strcasecmp(word, whats[i]) == 0)
            return true;
    }
    return false;
}

static void print_symbol_orders(str_t json)
{
    static const char *const position_keys[] = {"symbol", "trade", "side", "quantity", "entry", "stop", "target", "state"};
    static const char *const order_keys[] = {"symbol", "leg", "side", "type", "price", "quantity", "state", "id"};
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
        size_t rows = 0;
        json_enter_array(&reader);
        for (; json_next_item(&reader); rows++)
            cli_print_row(&reader, positions ? position_keys : order_keys, 8);
        cli_print_none(rows);
    }
}

int cli_order_main(int argc, char **argv)
{
    const char *trade = NULL;
    bool yes = false;
    const argument_t more[] = {{"trade", ARGUMENT_TEXT, &trade, "NUMBER", "which position, when the symbol has several"},
                               {"yes", ARGUMENT_FLAG, &yes, NULL, "also when it widens the stop or would fire at once"}};
    const cli_command_t command = {
        .command = "patriot order",
        .usage = "SYMBOL get-orders | SYMBOL STOP price | SYMBOL TAKE price",
        .about = "Shows the stop and target of a symbol's positions, or moves one (the new order stands before the old one goes).",
        .json_help = "the answer as JSON",
        .more = more,
        .more_count = 2,
        .operands_max = 3};
    cli_words_t words;
    int code = 0;
    if (!cli_take(&command, argc, argv, &words, &code))
        return code;
    if (words.count == 1)
        words.operands[words.count++] = "get-orders";
    if (words.count > 1 && !is_what(words.operands[1])) {
        (void)options_word("patriot order", words.operands[1], whats, sizeof whats / sizeof whats[0]);
        return EXIT_MISUSE;
    }
    if (yes)
        words.operands[words.count++] = "sure";
    if (trade)
        words.operands[words.count++] = trade;
    bus_call_reply_t reply = {0};
    int status = cli_ask("patriot order", words.data, "watchdog", "order", words.count, words.operands, &reply);
    str_t json = {reply.text, reply.length};
    if (status == EXIT_FAILED && reply.text && !yes && strstr(reply.text, "say --yes") && ask_anyway(json)) {
        bus_call_reply_free(&reply);
        words.operands[words.count++] = "sure";
        reply = (bus_call_reply_t){0};
        status = cli_ask("patriot order", words.data, "watchdog", "order", words.count, words.operands, &reply);
        json = (str_t){reply.text, reply.length};
    }
    if (reply.text && words.json)
        printf("%.*s\n", (int)json.length, json.bytes);
    else if (reply.text && !cli_print_error("patriot order", json))
        print_symbol_orders(json);
    bus_call_reply_free(&reply);
    return status;
}
