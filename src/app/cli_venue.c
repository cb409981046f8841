/* cli_venue.c: `patriot tickers` and `patriot ban`: what may be traded, and how the exchange looks at us. */
#include <stdio.h>

#include "app/cli.h"
#include "core/base/time.h"
#include "edge/json/json_reader.h"

/* --- tickers ---------------------------------------------------------------------------------- */

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
    int status = cli_ask("patriot tickers", words.data, "monitor", "view", 0, NULL, &reply);
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
        bool prices = str_eq(key, STR("prices")), refused = str_eq(key, STR("refused_lines")),
             unlisted = str_eq(key, STR("not_listed"));
        if (!prices && !refused && !unlisted) {
            json_skip(&reader);
            continue;
        }
        printf("%s\n", prices    ? "listed at the exchange; in_force yes: traded"
                       : refused ? "refused lines of tickers.txt"
                                 : "named, but not listed at this exchange");
        json_enter_array(&reader);
        while (json_next_item(&reader)) {
            char text[64] = "";
            if (unlisted && json_read_text(&reader, text, sizeof text, NULL) == RESULT_OK)
                printf("  %s\n", text);
            else if (!unlisted)
                cli_print_row(&reader, prices ? price_keys : refused_keys, prices ? 7 : 3);
        }
    }
    bus_call_reply_free(&reply);
    return status;
}

/* --- ban -------------------------------------------------------------------------------------- */

int cli_ban_main(int argc, char **argv)
{
    const cli_command_t command = {
        .command = "patriot ban",
        .usage = "[options]",
        .about = "Used request weight, and whether the exchange has banned this address. Exit 0 fine, 1 banned, 2 cannot be said.",
        .json_help = "as JSON"};
    cli_words_t words;
    int code = 0;
    if (!cli_take(&command, argc, argv, &words, &code))
        return code;
    bus_call_reply_t reply = {0};
    if (cli_ask("patriot ban", words.data, "signer", "view", 0, NULL, &reply) != EXIT_WELL || !reply.text)
        return EXIT_MISUSE;
    str_t json = {reply.text, reply.length};
    char used[32], limit[32], until[32], bans[32], time[TIME_TEXT_MAX] = "";
    int64_t until_ms = 0;
    (void)cli_json_member(json, "weight_used", used, sizeof used);
    (void)cli_json_member(json, "weight_limit", limit, sizeof limit);
    (void)cli_json_member(json, "bans", bans, sizeof bans);
    (void)cli_json_member(json, "banned_until_ms", until, sizeof until);
    (void)str_to_i64(str_from(until), &until_ms);
    if (words.json)
        printf("%.*s\n", (int)json.length, json.bytes);
    else if (until_ms > 0 && time_format(until_ms * NS_PER_MS, 0, time) > 0)
        printf("BANNED until %s (venue time); weight used %s of %s this minute, %s bans noted in all\n", time, used, limit, bans);
    else
        printf("ACTIVE; weight used %s of %s this minute, %s bans noted in all\n", used, limit, bans);
    bus_call_reply_free(&reply);
    return until_ms > 0 ? EXIT_FAILED : EXIT_WELL;
}
