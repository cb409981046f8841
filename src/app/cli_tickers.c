/* cli_tickers.c: `patriot tickers`: what may be traded. */
#include <stdio.h>

#include "app/cli.h"
#include "app/cli_stored.h"
#include "edge/json/json_reader.h"

int cli_tickers_main(int argc, char **argv)
{
    static const char *const price_keys[] = {"symbol", "in_force", "status", "price", "change_pct", "bars", "gaps"};
    static const char *const refused_keys[] = {"line", "text", "reason"};
    const cli_command_t command = {
        .command = "patriot tickers",
        .usage = "[options]",
        .about =
            "The symbols that the exchange lists, which of them are in force (tickers.txt, else market.symbols; the demo: all\n"
            "when none is named), and the lines of tickers.txt that were refused, with the reason.",
        .json_help = "as JSON"};
    cli_words_t words;
    int code = 0;
    if (!cli_take(&command, argc, argv, &words, &code))
        return code;
    bus_call_reply_t reply = {0};
    int status = cli_monitor_is_down(words.data) ? cli_stored_tickers(words.data, &reply)
                                                 : cli_ask("patriot tickers", words.data, "monitor", "view", 0, NULL, &reply);
    if (!reply.text)
        return status;
    if (words.json) {
        printf("%.*s\n", (int)reply.length, reply.text);
        bus_call_reply_free(&reply);
        return status;
    }
    json_reader_t reader;
    json_reader_init(&reader, reply.text, reply.length);
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        if (str_eq(key, STR("stored"))) {
            cli_print_stored(&reader);
            continue;
        }
        bool prices = str_eq(key, STR("prices")), refused = str_eq(key, STR("refused_lines")),
             unlisted = str_eq(key, STR("not_listed"));
        if (!prices && !refused && !unlisted) {
            json_skip(&reader);
            continue;
        }
        printf("%s\n", prices    ? "listed at the exchange; in_force yes: traded"
                       : refused ? "refused lines of tickers.txt"
                                 : "named, but not listed at this exchange");
        size_t rows = 0;
        json_enter_array(&reader);
        for (; json_next_item(&reader); rows++) {
            char text[64] = "";
            if (unlisted && json_read_text(&reader, text, sizeof text, NULL) == RESULT_OK)
                printf("  %s\n", text);
            else if (!unlisted)
                cli_print_row(&reader, prices ? price_keys : refused_keys, prices ? 7 : 3);
        }
        cli_print_none(rows);
    }
    bus_call_reply_free(&reply);
    return status;
}
