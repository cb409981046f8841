/* cli_why.c: `patriot why ID`: everything the journal knows about a signal or an order, in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cli.h"
#include "app/journal_names.h"
#include "core/base/time.h"
#include "core/engine/record_codec.h"
#include "core/engine/record_text.h"
#include "edge/observe/zone.h"
#include "edge/store/journal.h"

typedef struct {
    const char *wanted; /* signal id or client order id */
    uint64_t signal;    /* number of a signal, as the lines of a run show it; 0: not asked for */
    uint64_t order;     /* the exchange's id of an order; 0: not asked for */
    uint64_t trade;     /* found */
    bool json;
    instrument_table_t *table;
    uint64_t shown;
} search_t;

static bool names_it(const search_t *search, const order_record_t *record)
{
    const char *wanted = search->wanted;
    switch (record->kind) {
    case RECORD_SIGNAL:
        return strcmp(record->signal.id, wanted) == 0 || (search->signal > 0 && record->signal.number == search->signal);
    case RECORD_TRADE_OPENED:
        return strcmp(record->trade_opened.signal_id, wanted) == 0 ||
               (search->signal > 0 && record->trade_opened.signal_number == search->signal);
    case RECORD_INTENT:
        return strcmp(record->intent.spec.client_id.text, wanted) == 0;
    case RECORD_ORDER:
        return strcmp(record->order.client_id.text, wanted) == 0 ||
               (search->order > 0 && record->order.venue_order_id == search->order);
    case RECORD_FILL:
        return strcmp(record->fill.client_id, wanted) == 0 || (search->order > 0 && record->fill.venue_order_id == search->order);
    default:
        return false;
    }
}

static void show(search_t *search, const order_record_t *record)
{
    static char text[RECORD_JSON_MAX];
    char time[ZONE_TEXT_MAX];
    (void)zone_format(record->time_ns, 3, time);
    if (search->json)
        (void)record_json(record, search->table, text, sizeof text);
    else
        (void)record_sentence(record, search->table, text, sizeof text);
    if (search->json)
        printf("%s\n", text);
    else
        printf("%8llu  %s  %-14s %s\n", (unsigned long long)record->number, time, record_kind_name((record_kind_t)record->kind),
               text);
    search->shown++;
}

/* One pass over the journal; `each` is asked for every record. */
static result_t walk(const char *folder, search_t *search, bool showing)
{
    journal_reader_t *reader = NULL;
    journal_record_t raw;
    order_record_t record;
    result_t result = journal_reader_open(folder, 1, &reader);
    if (result != RESULT_OK)
        return result;
    while ((result = journal_reader_next(reader, &raw)) == RESULT_OK) {
        if (record_decode(raw.body, raw.body_length, &record) != RESULT_OK)
            continue;
        if (!showing)
            journal_names_note(search->table, &record);
        bool named = names_it(search, &record);
        if (!showing && named && record.trade > 0)
            search->trade = record.trade;
        if (showing && (named || (search->trade > 0 && record.trade == search->trade)))
            show(search, &record);
    }
    journal_reader_close(reader);
    return result == RESULT_EMPTY ? RESULT_OK : result;
}

static result_t find_and_show(const char *folder, search_t *search)
{
    result_t result = walk(folder, search, false);
    return result == RESULT_OK ? walk(folder, search, true) : result;
}

/* A bare number is a signal's; if there is no such signal, the exchange's id of an order. */
static result_t find_any(const char *folder, search_t *search)
{
    uint64_t number = 0;
    bool is_number = str_to_u64(str_from(search->wanted), &number) == RESULT_OK;
    if (strncmp(search->wanted, "trade:", 6) == 0)
        (void)str_to_u64(str_from(search->wanted + 6), &search->trade);
    else if (strncmp(search->wanted, "signal:", 7) == 0)
        (void)str_to_u64(str_from(search->wanted + 7), &search->signal);
    else if (strncmp(search->wanted, "order:", 6) == 0)
        (void)str_to_u64(str_from(search->wanted + 6), &search->order);
    else if (is_number)
        search->signal = number;
    result_t result = find_and_show(folder, search);
    if (result != RESULT_OK || search->shown > 0 || !is_number)
        return result;
    search->signal = 0;
    search->order = number;
    return find_and_show(folder, search);
}

int cli_why_main(int argc, char **argv)
{
    const cli_command_t command = {.command = "patriot why",
                                   .usage = "SIGNAL-OR-ORDER-ID [options]",
                                   .about =
                                       "Why a signal became an order or did not, and all that followed: read from the journal, "
                                       "running or not.\nThe number of a signal works too (3, signal:3), a trade's (trade:12), "
                                       "and the exchange's own id of an order (order:7).",
                                   .json_help = "records as JSON lines",
                                   .operands_max = 1};
    cli_words_t words;
    int code = 0;
    if (!cli_take(&command, argc, argv, &words, &code))
        return code;
    if (words.count != 1) {
        fprintf(stderr, "patriot why: say which: the id or number of a signal (patriot signals) or the id of an order (patriot "
                        "order SYMBOL get-orders)\n");
        return EXIT_MISUSE;
    }
    char folder[FILE_PATH_MAX];
    search_t search = {.wanted = words.operands[0], .json = words.json, .table = calloc(1, sizeof *search.table)};
    if (!search.table || file_path_join(words.data, "journal", folder, sizeof folder) != RESULT_OK) {
        free(search.table);
        fprintf(stderr, "patriot why: no memory, or the path of the data folder is too long\n");
        return EXIT_FAILED;
    }
    result_t result = find_any(folder, &search);
    free(search.table);
    if (result != RESULT_OK) {
        fprintf(stderr, "patriot why: the journal in %s cannot be read: %s\n", folder, result_text(result));
        return EXIT_FAILED;
    }
    if (search.shown == 0) {
        fprintf(stderr, "patriot why: nothing in the journal bears the id %s\n", words.operands[0]);
        return EXIT_FAILED;
    }
    return EXIT_WELL;
}
