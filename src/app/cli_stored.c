/* cli_stored.c: see cli_stored.h. */
#include "app/cli_stored.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/cli.h"
#include "app/journal_names.h"
#include "app/reply_fields.h"
#include "app/signal_json.h"
#include "app/tickers_json.h"
#include "core/base/time.h"
#include "edge/exchange/symbol_filters.h"
#include "edge/store/journal.h"

enum { SIGNALS_SHOWN = 20, AGE_TEXT_MAX = 48, STORED_REPLY_MAX = 64 * 1024, SAID_MAX = 256 };

bool cli_monitor_is_down(const char *data)
{
    pid_t pid = 0;
    return access(data, F_OK) == 0 && (file_lock_holder(data, "monitor", &pid) != RESULT_OK || pid == 0);
}

/* "3 h 12 min" since then by the wall clock. */
static void write_age(int64_t then_ns, char text[AGE_TEXT_MAX])
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const int64_t minutes = ((int64_t)now.tv_sec * NS_PER_S - then_ns) / NS_PER_MIN;
    (void)snprintf(text, AGE_TEXT_MAX, "%lld h %lld min", (long long)(minutes / 60), (long long)(minutes % 60));
}

/* --- replies ---------------------------------------------------------------------------------- */

static result_t reply_begin(bus_call_reply_t *reply, json_writer_t *writer)
{
    reply->text = malloc(STORED_REPLY_MAX);
    if (reply->text == NULL)
        return RESULT_FULL;
    json_writer_init(writer, reply->text, STORED_REPLY_MAX - 1);
    json_begin_object(writer);
    return RESULT_OK;
}

/* then_ns: wall time of what was read; 0: not known. */
static void write_stored(json_writer_t *writer, const char *said, int64_t then_ns)
{
    char time[TIME_TEXT_MAX] = "";
    if (then_ns != 0)
        time_format(then_ns, 0, time);
    json_write_key(writer, "stored");
    json_begin_object(writer);
    json_field_string(writer, "said", said);
    json_field_string(writer, "written", time);
    json_end_object(writer);
}

static result_t reply_end(bus_call_reply_t *reply, json_writer_t *writer)
{
    str_t text;
    json_end_object(writer);
    const result_t result = json_writer_finish(writer, &text);
    if (result == RESULT_OK) {
        reply->length = text.length;
        reply->text[text.length] = '\0';
    }
    return result;
}

void cli_print_stored(json_reader_t *reader)
{
    char said[SAID_MAX] = "";
    const reply_field_t fields[] = {REPLY_TEXT_FIELD("said", said)};
    reply_read_object(reader, REPLY_FIELDS(fields));
    printf("%s\n", said);
}

/* --- signals ---------------------------------------------------------------------------------- */

typedef struct {
    const char *wanted;                 /* id or number of one of them; NULL: the last */
    order_record_t last[SIGNALS_SHOWN]; /* [n % SIGNALS_SHOWN]; of the wanted only [0] */
    uint64_t count;
    int64_t written_ns; /* wall time of the journal's last record */
    instrument_table_t table;
} stored_t;

static bool is_wanted(const stored_t *stored, const record_signal_t *signal)
{
    uint64_t number = 0;
    return strcmp(stored->wanted, signal->id) == 0 ||
           (str_to_u64(str_from(stored->wanted), &number) == RESULT_OK && number == signal->number);
}

static void keep(stored_t *stored, const order_record_t *record)
{
    if (stored->wanted == NULL)
        stored->last[stored->count++ % SIGNALS_SHOWN] = *record;
    else if (stored->count == 0 && is_wanted(stored, &record->signal))
        stored->last[stored->count++] = *record;
}

static result_t read_journal(const char *data, stored_t *stored)
{
    static order_record_t record;
    char folder[FILE_PATH_MAX];
    journal_reader_t *reader = NULL;
    journal_record_t raw;
    result_t result = file_path_join(data, "journal", folder, sizeof folder);
    if (result == RESULT_OK)
        result = journal_reader_open(folder, 1, &reader);
    while (result == RESULT_OK && (result = journal_reader_next(reader, &raw)) == RESULT_OK) {
        stored->written_ns = raw.time_ns;
        if (record_decode(raw.body, raw.body_length, &record) != RESULT_OK)
            continue;
        journal_names_note(&stored->table, &record);
        if (record.kind == RECORD_SIGNAL)
            keep(stored, &record);
    }
    journal_reader_close(reader);
    return result == RESULT_EMPTY ? RESULT_OK : result;
}

/* NULL after a sentence on standard error. */
static stored_t *stored_signals(const char *data, const char *wanted)
{
    stored_t *stored = calloc(1, sizeof *stored);
    if (stored != NULL)
        stored->wanted = wanted;
    const result_t result = stored != NULL ? read_journal(data, stored) : RESULT_FULL;
    if (result == RESULT_OK)
        return stored;
    fprintf(stderr, "patriot signals: the monitor does not run in %s, and its journal cannot be read: %s\n", data,
            result == RESULT_NOT_FOUND ? "nothing has run there yet; ./start_patriot.sh" : result_text(result));
    free(stored);
    return NULL;
}

static signal_t signal_of(const order_record_t *record)
{
    const record_signal_t *from = &record->signal;
    signal_t signal = {.number = from->number,
                       .instrument = record->instrument,
                       .side = from->side,
                       .entry = from->entry,
                       .stop = from->stop,
                       .target = from->target,
                       .confidence = from->confidence,
                       .timeframes = from->timeframes,
                       .timeframe_source = from->timeframe_source,
                       .made_ns = from->made_ns,
                       .expires_ns = from->expires_ns,
                       .exit_of = from->exit_of};
    memcpy(signal.id, from->id, sizeof signal.id);
    memcpy(signal.strategy, from->strategy, sizeof signal.strategy);
    memcpy(signal.source, from->source, sizeof signal.source);
    return signal;
}

static signal_json_terms_t terms_of(const stored_t *stored, const order_record_t *record)
{
    const instrument_t *instrument = instrument_table_at(&stored->table, record->instrument);
    const door_reason_t reason = record->signal.reason;
    return (signal_json_terms_t){.symbol = instrument ? instrument->symbol : "",
                                 .verdict = reason == DOOR_ACCEPTED ? "accepted" : door_reason_name(reason)};
}

int cli_stored_signals(const char *data, bus_call_reply_t *reply)
{
    json_writer_t writer;
    stored_t *stored = stored_signals(data, NULL);
    if (stored == NULL)
        return EXIT_FAILED;
    result_t result = reply_begin(reply, &writer);
    if (result == RESULT_OK) {
        char age[AGE_TEXT_MAX], said[SAID_MAX];
        write_age(stored->written_ns, age);
        (void)snprintf(said, sizeof said, "the monitor does not run: as the journal has it, last written %s ago", age);
        write_stored(&writer, said, stored->written_ns);
        json_write_key(&writer, "signals");
        json_begin_array(&writer);
        const uint64_t shown = stored->count < SIGNALS_SHOWN ? stored->count : SIGNALS_SHOWN;
        for (uint64_t i = 1; i <= shown; i++) { /* newest first, as of a running one */
            const order_record_t *record = &stored->last[(stored->count - i) % SIGNALS_SHOWN];
            const signal_t signal = signal_of(record);
            const signal_json_terms_t terms = terms_of(stored, record);
            signal_json_row(&writer, &signal, &terms);
        }
        json_end_array(&writer);
        result = reply_end(reply, &writer);
    }
    free(stored);
    return result == RESULT_OK ? EXIT_WELL : EXIT_FAILED;
}

int cli_stored_form(const char *data, const char *const words[3], bus_call_reply_t *reply)
{
    int status = EXIT_FAILED;
    stored_t *stored = stored_signals(data, words[0]);
    reply->text = stored != NULL ? malloc(STORED_REPLY_MAX) : NULL;
    if (reply->text != NULL && stored->count == 0) {
        reply->length = (size_t)snprintf(reply->text, STORED_REPLY_MAX, "{\"error\":\"%s\"}", SIGNAL_JSON_UNKNOWN);
        status = EXIT_MISUSE;
    } else if (reply->text != NULL) {
        const signal_t signal = signal_of(&stored->last[0]);
        signal_json_terms_t terms = terms_of(stored, &stored->last[0]);
        terms.author = words[1];
        terms.version = words[2];
        status = signal_json_form(&signal, &terms, reply->text, STORED_REPLY_MAX, &reply->length);
    }
    free(stored);
    return status;
}

/* --- tickers ---------------------------------------------------------------------------------- */

static void write_tickers(json_writer_t *writer, const tickers_t *tickers, const instrument_table_t *listed)
{
    json_write_key(writer, "prices");
    json_begin_array(writer);
    for (uint32_t i = 0; i < tickers->count; i++) {
        const instrument_t *instrument = instrument_table_at(listed, instrument_find_symbol(listed, str_from(tickers->symbols[i])));
        json_begin_object(writer);
        json_field_string(writer, "symbol", tickers->symbols[i]);
        json_field_string(writer, "in_force", "yes");
        json_field_string(writer, "status",
                          instrument          ? instrument_status_text(instrument->status)
                          : listed->count > 0 ? "not listed then"
                                              : "not known");
        json_end_object(writer);
    }
    json_end_array(writer);
    tickers_write_refused(writer, tickers);
}

static result_t read_tickers(tickers_t *tickers)
{
    static config_report_t report; /* large */
    const config_options_t options = {.folder = NULL};
    config_store_t *config = NULL;
    result_t result = config_open(&options, &config, &report);
    if (result == RESULT_OK)
        result = config_tickers(config, tickers);
    config_close(config);
    return result;
}

/* What the exchange last said of its symbols; the wall time of it, 0: nothing is kept. */
static int64_t read_listed(const char *data, instrument_table_t *listed)
{
    char path[FILE_PATH_MAX];
    struct stat status;
    symbol_filters_report_t filters;
    const bool read = file_path_join(data, "symbol_filters.json", path, sizeof path) == RESULT_OK && stat(path, &status) == 0 &&
                      symbol_filters_load(path, "BINANCE", listed, &filters) == RESULT_OK;
    return read ? (int64_t)status.st_mtim.tv_sec * NS_PER_S : 0;
}

static result_t reply_tickers(const char *data, const tickers_t *tickers, instrument_table_t *listed, bus_call_reply_t *reply)
{
    json_writer_t writer;
    char age[AGE_TEXT_MAX], said[SAID_MAX];
    const int64_t listed_ns = read_listed(data, listed);
    result_t result = reply_begin(reply, &writer);
    if (result != RESULT_OK)
        return result;
    write_age(listed_ns, age);
    (void)snprintf(said, sizeof said, "the monitor does not run: as the configuration of the current folder has it%s%s%s%s",
                   tickers->by_default ? " (nobody names symbols: in the demo all that its exchange has)" : "",
                   listed_ns ? "; the exchange's word on them is " : "", listed_ns ? age : "", listed_ns ? " old" : "");
    write_stored(&writer, said, listed_ns);
    write_tickers(&writer, tickers, listed);
    return reply_end(reply, &writer);
}

int cli_stored_tickers(const char *data, bus_call_reply_t *reply)
{
    tickers_t *tickers = calloc(1, sizeof *tickers);
    instrument_table_t *listed = calloc(1, sizeof *listed);
    result_t result = tickers && listed ? read_tickers(tickers) : RESULT_FULL;
    if (result == RESULT_OK)
        result = reply_tickers(data, tickers, listed, reply);
    else
        fprintf(stderr,
                "patriot tickers: the monitor does not run in %s, and the configuration of the current folder cannot be used: %s; "
                "`patriot config check` says more\n",
                data, result_text(result));
    free(tickers);
    free(listed);
    return result == RESULT_OK ? EXIT_WELL : EXIT_FAILED;
}
