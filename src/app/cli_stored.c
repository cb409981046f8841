/* cli_stored.c: see cli_stored.h. */
#include "app/cli_stored.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "app/cli.h"
#include "app/journal_names.h"
#include "core/base/time.h"
#include "edge/exchange/symbol_filters.h"
#include "edge/observe/zone.h"
#include "edge/store/journal.h"

enum { SIGNALS_SHOWN = 20 };

bool cli_monitor_is_down(const char *data)
{
    pid_t pid = 0;
    return file_lock_holder(data, "monitor", &pid) != RESULT_OK || pid == 0;
}

/* "3 h 12 min" since then by the wall clock. */
static void print_age(int64_t then_ns)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const int64_t minutes = ((int64_t)now.tv_sec * NS_PER_S - then_ns) / NS_PER_MIN;
    printf("%lld h %lld min", (long long)(minutes / 60), (long long)(minutes % 60));
}

/* --- signals ---------------------------------------------------------------------------------- */

typedef struct {
    order_record_t last[SIGNALS_SHOWN]; /* [n % SIGNALS_SHOWN] */
    uint64_t count;
    int64_t written_ns; /* wall time of the journal's last record */
    instrument_table_t table;
} stored_t;

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
            stored->last[stored->count++ % SIGNALS_SHOWN] = record;
    }
    journal_reader_close(reader);
    return result == RESULT_EMPTY ? RESULT_OK : result;
}

static void print_signal(const stored_t *stored, const order_record_t *record)
{
    char time[ZONE_TEXT_MAX], entry[DEC_TEXT_MAX];
    const instrument_t *instrument = instrument_table_at(&stored->table, record->instrument);
    (void)zone_format(record->time_ns, 0, time);
    dec_format(record->signal.entry, entry);
    printf("  id %s  time %s  symbol %s  side %s  strategy %s  entry %s  verdict %s\n", record->signal.id, time,
           instrument ? instrument->symbol : "-", record->signal.side == SIDE_LONG ? "LONG" : "SHORT", record->signal.strategy,
           entry, door_reason_name(record->signal.reason));
}

int cli_stored_signals(const char *data)
{
    stored_t *stored = calloc(1, sizeof *stored);
    result_t result = stored ? read_journal(data, stored) : RESULT_FULL;
    if (result != RESULT_OK) {
        fprintf(stderr, "patriot signals: the monitor does not run in %s, and its journal cannot be read: %s\n", data,
                result == RESULT_NOT_FOUND ? "nothing has run there yet; ./start_patriot.sh" : result_text(result));
        free(stored);
        return EXIT_FAILED;
    }
    printf("the monitor does not run in %s: as the journal has it, last written ", data);
    print_age(stored->written_ns);
    printf(" ago\nlast signals\n");
    const uint64_t shown = stored->count < SIGNALS_SHOWN ? stored->count : SIGNALS_SHOWN;
    for (uint64_t i = 1; i <= shown; i++) /* newest first, as of a running one */
        print_signal(stored, &stored->last[(stored->count - i) % SIGNALS_SHOWN]);
    cli_print_none(shown);
    free(stored);
    return EXIT_WELL;
}

/* --- tickers ---------------------------------------------------------------------------------- */

static void print_tickers(const tickers_t *tickers, const instrument_table_t *listed)
{
    printf("in force by tickers.txt, else market.symbols%s\n",
           tickers->by_default ? " (nobody names any: in the demo all that its exchange has)" : "");
    for (uint32_t i = 0; i < tickers->count; i++) {
        const instrument_t *instrument = instrument_table_at(listed, instrument_find_symbol(listed, str_from(tickers->symbols[i])));
        printf("  symbol %s  status %s\n", tickers->symbols[i],
               instrument          ? instrument_status_text(instrument->status)
               : listed->count > 0 ? "not listed then"
                                   : "not known");
    }
    cli_print_none(tickers->count);
    printf("refused lines of tickers.txt\n");
    for (uint32_t i = 0; i < tickers->refusal_count && i < CONFIG_SYMBOLS_MAX; i++)
        printf("  line %u  text %s  reason %s\n", tickers->refusals[i].line, tickers->refusals[i].text,
               tickers->refusals[i].reason);
    cli_print_none(tickers->refusal_count);
}

int cli_stored_tickers(const char *data)
{
    static config_report_t report; /* large */
    char path[FILE_PATH_MAX];
    struct stat status;
    config_store_t *config = NULL;
    const config_options_t options = {.folder = NULL};
    tickers_t *tickers = calloc(1, sizeof *tickers);
    instrument_table_t *listed = calloc(1, sizeof *listed);
    symbol_filters_report_t filters;
    result_t result = tickers && listed ? config_open(&options, &config, &report) : RESULT_FULL;
    if (result == RESULT_OK)
        result = config_tickers(config, tickers);
    if (result == RESULT_OK) {
        printf("the monitor does not run in %s: as the configuration of the current folder has it", data);
        if (file_path_join(data, "symbol_filters.json", path, sizeof path) == RESULT_OK && stat(path, &status) == 0 &&
            symbol_filters_load(path, "BINANCE", listed, &filters) == RESULT_OK) {
            printf("; the exchange's word on them is ");
            print_age((int64_t)status.st_mtim.tv_sec * NS_PER_S);
            printf(" old");
        }
        printf("\n");
        print_tickers(tickers, listed);
    } else {
        fprintf(stderr,
                "patriot tickers: the monitor does not run in %s, and the configuration of the current folder cannot be used: %s; "
                "`patriot config check` says more\n",
                data, result_text(result));
    }
    config_close(config);
    free(tickers);
    free(listed);
    return result == RESULT_OK ? EXIT_WELL : EXIT_FAILED;
}
