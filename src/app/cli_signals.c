/* cli_signals.c: `patriot signals`: the last signals with their verdicts, and what weighs the next ones; `patriot signals ID`: one
 * of them as the form that traders pass on. */
#include <stdio.h>

#include "app/cli.h"
#include "app/cli_stored.h"

enum { FORM_TEXT_MAX = 2048 };

typedef struct {
    const char *key, *title;
    size_t count;
    const char *fields[9];
} table_t;

static const table_t tables[] = {
    {"signals", "last signals", 9, {"id", "time", "symbol", "side", "kind", "strategy", "entry", "confidence", "verdict"}},
    {"regimes", "market regime of each timeframe", 0, {NULL}},
    {"names", "results of named states; factor: of the written weight", 5, {"name", "side", "results", "win_rate", "factor"}},
    {"performance",
     "closed trades of each symbol and strategy",
     7,
     {"symbol", "strategy", "trades", "wins", "losses", "losses_in_a_row", "profit"}},
};

/* An object whose members are not known beforehand: each on the line. */
static void print_members(json_reader_t *reader)
{
    json_enter_object(reader);
    for (str_t key; json_next_key(reader, &key);) {
        char text[64] = "-";
        str_t raw;
        if (json_read_raw(reader, &raw) == RESULT_OK && raw.length < sizeof text)
            (void)snprintf(text, sizeof text, "%.*s", (int)raw.length, raw.bytes);
        printf("  %.*s %s", (int)key.length, key.bytes, text);
    }
    printf("\n");
}

static void print_tables(str_t json)
{
    json_reader_t reader;
    json_reader_init(&reader, json.bytes, json.length);
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        const table_t *table = NULL;
        for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
            table = str_eq(key, str_from(tables[i].key)) ? &tables[i] : table;
        if (str_eq(key, STR("market"))) {
            printf("the market's state\n");
            print_members(&reader);
        } else if (str_eq(key, STR("stored"))) {
            cli_print_stored(&reader);
        } else if (table == NULL) {
            json_skip(&reader);
        } else {
            printf("%s\n", table->title);
            size_t rows = 0;
            json_enter_array(&reader);
            for (; json_next_item(&reader); rows++) {
                if (table->count > 0)
                    cli_print_row(&reader, table->fields, table->count);
                else
                    print_members(&reader);
            }
            cli_print_none(rows);
        }
    }
}

static int show(const cli_words_t *words)
{
    bus_call_reply_t reply = {0};
    int status = cli_monitor_is_down(words->data) ? cli_stored_signals(words->data, &reply)
                                                  : cli_ask("patriot signals", words->data, "monitor", "weights", 0, NULL, &reply);
    if (reply.text != NULL && words->json)
        printf("%.*s\n", (int)reply.length, reply.text);
    else if (reply.text != NULL)
        print_tables((str_t){reply.text, reply.length});
    bus_call_reply_free(&reply);
    return status;
}

/* One signal's form: words are its id, the author and the version. */
static int show_form(const cli_words_t *words, const char *const form[3])
{
    bus_call_reply_t reply = {0};
    char text[FORM_TEXT_MAX];
    int status = cli_monitor_is_down(words->data) ? cli_stored_form(words->data, form, &reply)
                                                  : cli_ask("patriot signals", words->data, "monitor", "form", 3, form, &reply);
    if (reply.text != NULL) {
        const str_t json = {reply.text, reply.length};
        if (status == EXIT_WELL && words->json)
            printf("%.*s\n", (int)reply.length, reply.text);
        else if (status == EXIT_WELL && cli_json_member(json, "text", text, sizeof text))
            fputs(text, stdout);
        else
            (void)cli_print_error("patriot signals", json);
    }
    bus_call_reply_free(&reply);
    return status;
}

int cli_signals_main(int argc, char **argv)
{
    const char *author = "", *version = "";
    const argument_t more[] = {
        {"author", ARGUMENT_TEXT, &author, "NAME", "of the form (default PATRIOT)"},
        {"version", ARGUMENT_TEXT, &version, "TEXT", "what the form's title begins with (default: the strategy's name)"}};
    const cli_command_t command = {
        .command = "patriot signals",
        .usage = "[ID] [options]",
        .about = "The last signals and their verdicts; the market's state, the regimes, how named states and\n"
                 "strategies have done on each symbol, and what follows for their weights. With the ID or number\n"
                 "of any signal: that one as the form that traders pass on; with --json as text, embed and fields.\n"
                 "While nothing runs: the signals as the journal has them. `patriot why ID` tells all.",
        .json_help = "the same as JSON",
        .more = more,
        .more_count = sizeof more / sizeof more[0],
        .operands_max = 1};
    cli_words_t words;
    int code = 0;
    if (!cli_take(&command, argc, argv, &words, &code))
        return code;
    if (words.count > 0)
        return show_form(&words, (const char *const[]){words.operands[0], author, version});
    if (author[0] != '\0' || version[0] != '\0') {
        fprintf(stderr,
                "patriot signals: --author and --version belong to the form of one signal: patriot signals ID --author NAME\n");
        return EXIT_MISUSE;
    }
    return show(&words);
}
