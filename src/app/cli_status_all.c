/* cli_status_all.c: see cli_status_all.h. */
#include "app/cli_status_all.h"

#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "core/base/time.h"
#include "edge/observe/zone.h"

enum { CALL_TIMEOUT_MS = 2000 };

static void ask(const char *data, const char *role, bus_call_reply_t *reply)
{
    *reply = (bus_call_reply_t){0};
    if (bus_call(data, role, "view", 0, NULL, CALL_TIMEOUT_MS * NS_PER_MS, reply) != RESULT_OK)
        bus_call_reply_free(reply);
}

void status_all_ask(const char *data, status_all_t *all)
{
    ask(data, "up", &all->up);
    ask(data, "watchdog", &all->watchdog);
    ask(data, "signer", &all->signer);
}

void status_all_free(status_all_t *all)
{
    bus_call_reply_free(&all->up);
    bus_call_reply_free(&all->watchdog);
    bus_call_reply_free(&all->signer);
}

static str_t text_of(const bus_call_reply_t *reply)
{
    return (str_t){reply->text, reply->text ? reply->length : 0};
}

/* The value of a member as it stands in the document; empty when it is not there. */
static str_t raw_member(str_t json, const char *key)
{
    json_reader_t reader;
    str_t value = {0};
    json_reader_init(&reader, json.bytes, json.length);
    json_enter_object(&reader);
    for (str_t each; json_next_key(&reader, &each);) {
        if (str_eq(each, str_from(key)))
            (void)json_read_raw(&reader, &value);
        else
            json_skip(&reader);
    }
    return value;
}

static void print_detail(const char *name, const char *state, const char *text)
{
    printf("             %-18s %-9s %s\n", name, state, text);
}

static void print_checks(str_t health)
{
    json_reader_t reader;
    str_t checks = raw_member(health, "checks");
    json_reader_init(&reader, checks.bytes, checks.length);
    json_enter_array(&reader);
    while (checks.length > 0 && json_next_item(&reader)) {
        str_t raw = {0};
        char name[48], state[16], text[160];
        if (json_read_raw(&reader, &raw) != RESULT_OK)
            return;
        (void)cli_json_member(raw, "name", name, sizeof name);
        (void)cli_json_member(raw, "state", state, sizeof state);
        (void)cli_json_member(raw, "text", text, sizeof text);
        print_detail(name, state, text);
    }
}

static void print_restarts(str_t up, const char *wanted)
{
    json_reader_t reader;
    str_t children = raw_member(up, "children");
    json_reader_init(&reader, children.bytes, children.length);
    json_enter_array(&reader);
    while (children.length > 0 && json_next_item(&reader)) {
        str_t raw = {0};
        char role[32], restarts[24], looping[8];
        if (json_read_raw(&reader, &raw) != RESULT_OK)
            return;
        (void)cli_json_member(raw, "crash_looping", looping, sizeof looping);
        if (cli_json_member(raw, "role", role, sizeof role) && strcmp(role, wanted) == 0 &&
            cli_json_member(raw, "restarts", restarts, sizeof restarts))
            print_detail("restarts", restarts, strcmp(looping, "true") == 0 ? "it crashes again and again" : "");
    }
}

void status_all_print_role(const status_all_t *all, const char *role, str_t health)
{
    char errors[24], error[200];
    str_t log = raw_member(health, "log");
    print_checks(health);
    print_restarts(text_of(&all->up), role);
    if (log.length > 0 && cli_json_member(log, "last_error", error, sizeof error) &&
        cli_json_member(log, "errors", errors, sizeof errors))
        print_detail("errors", errors, error);
}

typedef struct {
    const char *label, *key;
} line_t;

static void print_lines(str_t json, const line_t *lines, size_t count)
{
    char text[160];
    for (size_t i = 0; i < count && json.length > 0; i++) {
        if (!cli_json_member(json, lines[i].key, text, sizeof text))
            continue;
        zone_show(text, sizeof text);
        printf("  %-26s %s\n", lines[i].label, text);
    }
}

static bool disk_free(const char *data, double *bytes)
{
    struct statvfs disk;
    if (statvfs(data, &disk) != 0)
        return false;
    *bytes = (double)disk.f_bavail * (double)disk.f_frsize;
    return true;
}

void status_all_print_trading(const status_all_t *all, const char *data)
{
    static const line_t of_watchdog[] = {{"venue time", "venue_time"},
                                         {"reconciled", "reconciled"},
                                         {"last sync", "last_sync"},
                                         {"entries allowed", "entries_allowed"},
                                         {"equity", "equity"},
                                         {"positions open", "positions_open"},
                                         {"positions without a stop", "positions_without_stop"},
                                         {"without a stop now (ms)", "unprotected_now_ms"},
                                         {"without a stop, longest", "unprotected_ms_max"},
                                         {"orders watched", "orders_watched"},
                                         {"actions under way", "outstanding"},
                                         {"signals waiting", "signals_waiting"}};
    static const line_t of_signer[] = {{"mode", "mode"},
                                       {"exchange", "venue"},
                                       {"kill level", "kill_level"},
                                       {"emergency stop", "emergency_stop"},
                                       {"account's trading", "trading"},
                                       {"banned until (ms)", "banned_until_ms"},
                                       {"request weight used", "weight_used"},
                                       {"request weight limit", "weight_limit"},
                                       {"clock error (ms)", "clock_error_ms"},
                                       {"events not passed on", "events_unhandled"}};
    double bytes = 0;
    print_lines(text_of(&all->watchdog), of_watchdog, sizeof of_watchdog / sizeof of_watchdog[0]);
    print_lines(text_of(&all->signer), of_signer, sizeof of_signer / sizeof of_signer[0]);
    if (disk_free(data, &bytes))
        printf("  %-26s %.1f GiB\n", "disk free", bytes / 1073741824.0);
}

void status_all_print_json(const status_all_t *all, const char *data)
{
    const struct {
        const char *role;
        const bus_call_reply_t *reply;
    } views[] = {{"up", &all->up}, {"watchdog", &all->watchdog}, {"signer", &all->signer}};
    double bytes = 0;
    printf(",\"views\":{");
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        str_t text = text_of(views[i].reply);
        printf("%s\"%s\":%.*s", i ? "," : "", views[i].role, text.length > 0 ? (int)text.length : 4,
               text.length > 0 ? text.bytes : "null");
    }
    printf("}");
    if (disk_free(data, &bytes))
        printf(",\"disk_free_bytes\":%.0f", bytes);
}
