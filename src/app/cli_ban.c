/* cli_ban.c: `patriot ban`: how the exchange looks at us: request weight, order counts, a ban of the address, and whether its rules
 * keep the account from trading. The signer asks the exchange; what is printed is in the exchange's time. */
#include <stdio.h>
#include <time.h>

#include "app/cli.h"
#include "app/reply_fields.h"
#include "core/base/time.h"
#include "edge/observe/zone.h"

enum { ASK_PATIENCE_MS = 5000, ASK_PAUSE_MS = 20 };

typedef struct {
    char mode[16], venue[256], trading[16], why[128], where[40], rule[40];
    bool asking;
    int64_t answers, venue_ms, locked_until_ms, banned_until_ms;
    int64_t weight_used, weight_limit, orders_10s, orders_10s_limit, orders_minute, orders_minute_limit, bans;
} report_t;

static result_t report_read(str_t json, report_t *report)
{
    *report = (report_t){0};
    const reply_field_t fields[] = {
        REPLY_TEXT_FIELD("mode", report->mode),
        REPLY_TEXT_FIELD("venue", report->venue),
        REPLY_TEXT_FIELD("trading", report->trading),
        REPLY_TEXT_FIELD("trading_why", report->why),
        REPLY_TEXT_FIELD("locked_where", report->where),
        REPLY_TEXT_FIELD("locked_rule", report->rule),
        REPLY_BOOL_FIELD("trading_asking", report->asking),
        REPLY_I64_FIELD("trading_answers", report->answers),
        REPLY_I64_FIELD("venue_ms", report->venue_ms),
        REPLY_I64_FIELD("locked_until_ms", report->locked_until_ms),
        REPLY_I64_FIELD("banned_until_ms", report->banned_until_ms),
        REPLY_I64_FIELD("weight_used", report->weight_used),
        REPLY_I64_FIELD("weight_limit", report->weight_limit),
        REPLY_I64_FIELD("orders_10s", report->orders_10s),
        REPLY_I64_FIELD("orders_10s_limit", report->orders_10s_limit),
        REPLY_I64_FIELD("orders_minute", report->orders_minute),
        REPLY_I64_FIELD("orders_minute_limit", report->orders_minute_limit),
        REPLY_I64_FIELD("bans", report->bans),
    };
    return reply_read(json, REPLY_FIELDS(fields));
}

/* Until the signer's question to the exchange has ended: its view is looked at again. */
static int ask_exchange(const char *data, bus_call_reply_t *reply, report_t *report)
{
    int status = cli_ask("patriot ban", data, "signer", "trading-status", 0, NULL, reply);
    for (int waited_ms = 0; status == EXIT_WELL && reply->text; waited_ms += ASK_PAUSE_MS) {
        if (report_read((str_t){reply->text, reply->length}, report) != RESULT_OK)
            return EXIT_FAILED;
        if (!report->asking || waited_ms >= ASK_PATIENCE_MS)
            return EXIT_WELL;
        nanosleep(&(struct timespec){.tv_nsec = ASK_PAUSE_MS * NS_PER_MS}, NULL);
        bus_call_reply_free(reply);
        status = cli_ask("patriot ban", data, "signer", "view", 0, NULL, reply);
    }
    return EXIT_FAILED;
}

/* " until 2025-10-26T02:00:00Z, 1 h 5 min left" */
static void print_until(int64_t until_ms, int64_t venue_ms)
{
    char text[ZONE_TEXT_MAX] = "";
    int64_t minutes = (until_ms - venue_ms + 59999) / 60000;
    if (until_ms < 0 || zone_format(until_ms * NS_PER_MS, 0, text) == 0)
        printf(" without an end in sight");
    else
        printf(" until %s, %lld h %lld min left", text, (long long)(minutes / 60), (long long)(minutes % 60));
}

static void print_report(const report_t *report)
{
    char now[ZONE_TEXT_MAX] = "?";
    if (report->venue_ms > 0)
        (void)zone_format(report->venue_ms * NS_PER_MS, 0, now);
    printf("%s, %s: ", report->mode, report->venue);
    if (report->banned_until_ms > 0) {
        printf("BANNED");
        print_until(report->banned_until_ms, report->venue_ms);
        printf(" (the exchange's time is %s); no request leaves before. Lift it from our notes: patriot ban --clear\n", now);
    } else if (report->locked_until_ms != 0) {
        printf("LOCKED");
        print_until(report->locked_until_ms, report->venue_ms);
        printf(" (the exchange's time is %s): rule %s of the exchange on %s; it takes reducing orders only\n", now,
               report->rule[0] ? report->rule : "?", report->where);
    } else if (report->why[0] || !str_eq(str_from(report->trading), STR("free"))) {
        printf("UNKNOWN at %s (the exchange's time): the trading status was not told: %s\n", now,
               report->why[0] ? report->why : "no answer yet; ask again");
    } else {
        printf("ACTIVE at %s (the exchange's time)\n", now);
    }
    printf("weight used %lld of %lld this minute; orders %lld of %lld in 10 s, %lld of %lld this minute; %lld bans noted in all\n",
           (long long)report->weight_used, (long long)report->weight_limit, (long long)report->orders_10s,
           (long long)report->orders_10s_limit, (long long)report->orders_minute, (long long)report->orders_minute_limit,
           (long long)report->bans);
}

static int report_status(const report_t *report)
{
    if (report->banned_until_ms > 0 || report->locked_until_ms != 0)
        return EXIT_FAILED;
    return str_eq(str_from(report->trading), STR("free")) ? EXIT_WELL : EXIT_MISUSE;
}

int cli_ban_main(int argc, char **argv)
{
    bool clear = false;
    const argument_t more[] = {
        {"clear", ARGUMENT_FLAG, &clear, NULL, "first lift a ban from our own notes; the exchange keeps its own"}};
    const cli_command_t command = {
        .command = "patriot ban",
        .usage = "[options]",
        .about = "How the exchange looks at us: used request weight, order counts, a ban of this address, and whether\n"
                 "its rules keep the account from trading. Exit 0 fine, 1 banned or locked, 2 cannot be said.",
        .json_help = "as JSON",
        .more = more,
        .more_count = 1};
    cli_words_t words;
    int code = 0;
    if (!cli_take(&command, argc, argv, &words, &code))
        return code;
    bus_call_reply_t reply = {0};
    if (clear) {
        if (cli_ask("patriot ban", words.data, "signer", "clear-ban", 0, NULL, &reply) != EXIT_WELL)
            return EXIT_MISUSE;
        bus_call_reply_free(&reply);
    }
    report_t report;
    if (ask_exchange(words.data, &reply, &report) != EXIT_WELL) {
        bus_call_reply_free(&reply);
        return EXIT_MISUSE;
    }
    if (words.json)
        printf("%.*s\n", (int)reply.length, reply.text);
    else
        print_report(&report);
    bus_call_reply_free(&reply);
    return report_status(&report);
}
