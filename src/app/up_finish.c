/* up_finish.c: the orderly end. The exchange's clock is stopped, what is under way settles, both sides' books are read, the
 * processes end (monitor, watchdog, signer, exchange), and the summary is printed. Orders and stops stay at the exchange. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/reply_fields.h"
#include "app/up.h"
#include "app/up_state.h"
#include "core/base/dec.h"
#include "core/base/time.h"
#include "edge/json/json_writer.h"

enum { SETTLE_PATIENCE_S = 5, GATHER_PATIENCE_S = 3, CHILD_PATIENCE_MS = 5000 };

void up_finish_begin(up_t *up)
{
    if (up->stage >= UP_PAUSING)
        return;
    loop_timer_stop(&up->span_end);
    up_stage(up, UP_PAUSING);
    up_finish_tick(up);
}

/* --- reading the books ------------------------------------------------------------------------ */

static void read_watchdog(up_t *up, str_t json)
{
    up_summary_t next = up->summary;
    bool idle = false;
    const reply_field_t fields[] = {
        REPLY_TEXT_FIELD("realised", next.pnl),
        REPLY_TEXT_FIELD("fees", next.fees),
        REPLY_TEXT_FIELD("funding", next.funding),
        REPLY_TEXT_FIELD("equity", next.equity),
        REPLY_TEXT_FIELD("wallet", next.wallet),
        REPLY_TEXT_FIELD("unexplained", next.unexplained),
        REPLY_TEXT_FIELD("decisions_sha256", next.decisions),
        REPLY_U64_FIELD("signals", next.signals),
        REPLY_U64_FIELD("refused", next.refused),
        REPLY_U64_FIELD("orders_sent", next.orders),
        REPLY_U64_FIELD("fills", next.fills),
        REPLY_U64_FIELD("trades_closed", next.trades_closed),
        REPLY_I64_FIELD("unprotected_ms_max", next.unprotected_ms_max),
        REPLY_BOOL_FIELD("idle", idle),
    };
    bool good = reply_read(json, REPLY_FIELDS(fields)) == RESULT_OK;
    if (good) {
        up->summary = next;
        up->summary.watchdog_known = true;
    }
    up->settled = good && idle ? up->settled + 1 : 0;
    up->gathered[UP_WATCHDOG] = up->gathered[UP_WATCHDOG] || good;
}

/* The first account of "books" is the demo account. */
static void read_account(json_reader_t *reader, up_summary_t *summary)
{
    char wallet[sizeof summary->venue_wallet] = "";
    const reply_field_t fields[] = {REPLY_TEXT_FIELD("wallet", wallet)};
    reply_read_object(reader, REPLY_FIELDS(fields));
    if (!summary->venue_known && wallet[0] != '\0') {
        memcpy(summary->venue_wallet, wallet, sizeof wallet);
        summary->venue_known = true;
    }
}

/* Of "state" the hours at which the clock stands, of "books" the demo account. */
static void read_exchange(up_t *up, str_t json)
{
    int64_t hours = -1;
    up_summary_t next = up->summary;
    const reply_field_t fields[] = {REPLY_I64_FIELD("venue_hours", hours)};
    json_reader_t reader;
    json_reader_init(&reader, json.bytes, json.length);
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        if (str_eq(key, STR("accounts"))) {
            json_enter_array(&reader);
            while (json_next_item(&reader))
                read_account(&reader, &next);
        } else if (!reply_read_field(&reader, key, REPLY_FIELDS(fields))) {
            json_skip(&reader);
        }
    }
    if (json_finish(&reader) != RESULT_OK)
        return;
    up->summary = next;
    if (hours >= 0) {
        up->model.venue_hours = hours;
        up->hours_final = true;
    }
    up->gathered[UP_EXCHANGE] = up->hours_final && up->summary.venue_known;
}

void up_finish_answer(up_t *up, up_role_t role, str_t text)
{
    if (role == UP_WATCHDOG && up->compare_asked && !up->compare_answered)
        up->compare_answered = true; /* it has begun */
    else if (role == UP_WATCHDOG && up->stage >= UP_SETTLING)
        read_watchdog(up, text);
    else if (role == UP_EXCHANGE && up->stage == UP_GATHERING)
        read_exchange(up, text);
    else if (role == UP_EXCHANGE && up->stage == UP_PAUSING && up->pause_asked)
        up_stage(up, UP_SETTLING);
}

/* --- step by step ----------------------------------------------------------------------------- */

static int64_t stage_age_ns(const up_t *up)
{
    return loop_now_ns(up->role.loop) - up->stage_ns;
}

static void stop_next(up_t *up)
{
    for (uint32_t i = UP_ROLES; i-- > 0;) {
        child_t *child = up->children[i];
        if (child->wanted)
            supervise_stop(child, CHILD_PATIENCE_MS);
        if (supervise_is_down(child))
            continue;
        return; /* one after the other: the signer outlives the watchdog, the exchange all of them */
    }
    up_stage(up, UP_DONE);
    role_finish(&up->role);
}

void up_finish_tick(up_t *up)
{
    switch (up->stage) {
    case UP_PAUSING:
        if (!up->pause_asked)
            up->pause_asked = asker_ask(&up->askers[UP_EXCHANGE], "pause", NULL, NULL);
        if (stage_age_ns(up) > SETTLE_PATIENCE_S * NS_PER_S)
            up_stage(up, UP_SETTLING);
        break;
    case UP_SETTLING:
        /* What happened at the exchange unseen is looked for before the books are read. */
        if (!up->compare_asked)
            up->compare_asked = asker_ask(&up->askers[UP_WATCHDOG], "reconcile", NULL, NULL);
        else
            (void)asker_ask(&up->askers[UP_WATCHDOG], "summary", NULL, NULL);
        if (up->settled >= 2 || stage_age_ns(up) > SETTLE_PATIENCE_S * NS_PER_S)
            up_stage(up, UP_GATHERING);
        break;
    case UP_GATHERING:
        if (!up->gathered[UP_EXCHANGE])
            (void)asker_ask(&up->askers[UP_EXCHANGE], up->hours_final ? "books" : "state", NULL, NULL);
        if (!up->gathered[UP_WATCHDOG])
            (void)asker_ask(&up->askers[UP_WATCHDOG], "summary", NULL, NULL);
        if ((up->gathered[UP_EXCHANGE] && up->gathered[UP_WATCHDOG]) || stage_age_ns(up) > GATHER_PATIENCE_S * NS_PER_S)
            up_stage(up, UP_STOPPING);
        break;
    case UP_STOPPING:
        stop_next(up);
        break;
    case UP_STARTING:
    case UP_RUNNING:
    case UP_DONE:
        break;
    }
}

/* --- the summary ------------------------------------------------------------------------------ */

/* Not having heard is not zero. */
static void name_unknown(up_summary_t *summary)
{
    char *const texts[] = {summary->pnl, summary->fees, summary->funding, summary->equity, summary->decisions};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (!summary->watchdog_known || texts[i][0] == '\0')
            memcpy(texts[i], "unknown", sizeof "unknown");
    }
}

static void tie_out(up_t *up)
{
    up_summary_t *summary = &up->summary;
    dec_t ours = DEC_ZERO, venue = DEC_ZERO, difference = DEC_ZERO;
    char text[DEC_TEXT_MAX];
    bool known = summary->watchdog_known && summary->venue_known &&
                 dec_parse(summary->wallet, strlen(summary->wallet), &ours) == RESULT_OK &&
                 dec_parse(summary->venue_wallet, strlen(summary->venue_wallet), &venue) == RESULT_OK &&
                 dec_sub(ours, venue, &difference) == RESULT_OK;
    if (known)
        dec_format(difference, text);
    snprintf(summary->tie_out, sizeof summary->tie_out, "%s", known ? text : "unknown");
    /* A balance that was made to fit by an adjustment ties out too: it must not pass for explained. */
    bool explained = !summary->watchdog_known || strcmp(summary->unexplained, "0") == 0;
    if ((!known || !dec_is_zero(difference) || !explained) && up->exit_code == EXIT_WELL)
        up->exit_code = EXIT_FAILED;
    summary->venue_hours = up->model.venue_hours > 0 ? (uint64_t)up->model.venue_hours : up->base_hours;
    up->restarts = 0;
    for (uint32_t i = 0; i < UP_ROLES; i++)
        up->restarts += up->children[i] ? up->children[i]->restarts : 0;
}

static void print_json(const up_t *up)
{
    const up_summary_t *summary = &up->summary;
    char buffer[2048];
    json_writer_t writer;
    json_writer_init(&writer, buffer, sizeof buffer);
    json_begin_object(&writer);
    json_field_u64(&writer, "venue_hours", summary->venue_hours);
    json_field_u64(&writer, "signals", summary->signals);
    json_field_u64(&writer, "orders", summary->orders);
    json_field_u64(&writer, "fills", summary->fills);
    json_field_u64(&writer, "trades_closed", summary->trades_closed);
    json_field_string(&writer, "pnl", summary->pnl);
    json_field_string(&writer, "fees", summary->fees);
    json_field_string(&writer, "funding", summary->funding);
    json_field_string(&writer, "equity", summary->equity);
    json_field_i64(&writer, "unprotected_ms_max", summary->unprotected_ms_max);
    json_field_string(&writer, "tie_out", summary->tie_out);
    json_field_string(&writer, "decisions_sha256", summary->decisions);
    json_field_u64(&writer, "restarts", up->restarts);
    json_end_object(&writer);
    str_t text;
    if (json_writer_finish(&writer, &text) == RESULT_OK)
        printf("%.*s\n", (int)text.length, text.bytes);
}

/* The next run counts its hours from here. What an exchange that never came up does not know stays as it was. */
static void keep_hours(const up_t *up)
{
    if (up->model.venue_hours <= 0)
        return;
    char path[UP_PATH_MAX], text[32];
    int length = snprintf(text, sizeof text, "%llu\n", (unsigned long long)up->model.venue_hours);
    if (file_path_join(up->role.data_folder, "run/venue_hours", path, sizeof path) == RESULT_OK)
        (void)file_write_whole(path, text, (size_t)length, 0600);
}

/* --- the end of the history --------------------------------------------------------------------- */

static bool end_path(const up_t *up, char path[UP_PATH_MAX])
{
    return file_path_join(up->role.data_folder, UP_END_FILE, path, UP_PATH_MAX) == RESULT_OK;
}

void up_end_forget(const up_t *up)
{
    char path[UP_PATH_MAX];
    if (end_path(up, path))
        (void)unlink(path);
}

void up_end_note(const up_t *up)
{
    char path[UP_PATH_MAX];
    up_say(up, UP_END_TEXT "\n");
    log_write(LOG_INFO, LOG_EVENT_PROCESS_STOPPING, NULL, UP_END_TEXT, NULL, 0);
    if (end_path(up, path))
        (void)file_write_whole(path, UP_END_TEXT "\n", sizeof UP_END_TEXT, 0600);
}

void up_finish_print(up_t *up)
{
    const up_summary_t *summary = &up->summary;
    name_unknown(&up->summary);
    tie_out(up);
    keep_hours(up);
    if (up->json) {
        print_json(up);
        return;
    }
    printf("\nsummary (simulated exchange, no real money)\n");
    printf("  venue hours             %llu\n", (unsigned long long)summary->venue_hours);
    printf("  signals                 %llu (%llu refused)\n", (unsigned long long)summary->signals,
           (unsigned long long)summary->refused);
    printf("  orders, fills           %llu, %llu\n", (unsigned long long)summary->orders, (unsigned long long)summary->fills);
    printf("  trades closed           %llu\n", (unsigned long long)summary->trades_closed);
    printf("  profit and loss         %s (before fees and funding)\n", summary->pnl);
    printf("  fees, funding           %s, %s\n", summary->fees, summary->funding);
    printf("  equity                  %s\n", summary->equity);
    printf("  longest without a stop  %lld ms\n", (long long)summary->unprotected_ms_max);
    printf("  ledger minus exchange   %s\n", summary->tie_out);
    if (summary->watchdog_known && strcmp(summary->unexplained, "0") != 0)
        printf("  unexplained in ledger   %s\n", summary->unexplained);
    printf("  decisions               %s\n", summary->decisions);
    printf("  restarts                %u\n", up->restarts);
    fflush(stdout);
}
