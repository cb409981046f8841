/* journal.c: looking at the journal from the command line. All of it reads; only rebuild writes, and only ledger.db, and only while
 * no watchdog runs. */
#include "app/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/options.h"
#include "app/role.h"
#include "core/base/time.h"
#include "core/engine/record_codec.h"
#include "core/engine/record_text.h"
#include "edge/json/json_writer.h"
#include "edge/store/file.h"
#include "edge/store/journal.h"
#include "edge/store/ledger_db.h"

typedef struct {
    const char *data;
    bool json, csv;
    uint64_t from;
    char folder[FILE_PATH_MAX];
} journal_options_given_t;

static void hex_of(const uint8_t *bytes, size_t length, char *text)
{
    for (size_t i = 0; i < length; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
}

/* --- verify ----------------------------------------------------------------------------------- */

static int verify(const journal_options_given_t *given)
{
    journal_report_t report;
    char chain[2 * JOURNAL_CHAIN_BYTES + 1] = "";
    result_t result = journal_verify(given->folder, &report);
    hex_of(report.chain, sizeof report.chain, chain);
    if (given->json) {
        char buffer[4096];
        json_writer_t writer;
        str_t text;
        json_writer_init(&writer, buffer, sizeof buffer);
        json_begin_object(&writer);
        json_field_string(&writer, "result", result == RESULT_OK ? "OK" : result_name(result));
        json_field_string(&writer, "text", report.text);
        json_field_string(&writer, "file", report.file);
        json_field_u64(&writer, "offset", report.offset);
        json_field_u64(&writer, "record", report.number);
        json_field_u64(&writer, "records", report.records);
        json_field_u64(&writer, "segments", report.segments);
        json_field_u64(&writer, "unfinished_bytes", report.cut_bytes);
        json_field_string(&writer, "chain", chain);
        json_end_object(&writer);
        if (json_writer_finish(&writer, &text) == RESULT_OK) {
            printf("%.*s\n", (int)text.length, text.bytes);
        }
    } else if (result == RESULT_OK) {
        printf("%" PRIu64 " records in %u segment%s: whole\nchain %s\n%s%s", report.records, (unsigned)report.segments,
               report.segments == 1 ? "" : "s", chain, report.text, report.text[0] != '\0' ? "\n" : "");
    } else {
        fprintf(stderr, "patriot journal verify: %s: %s\n", given->folder, report.text);
    }
    return result == RESULT_OK ? EXIT_WELL : EXIT_FAILED;
}

/* --- export ----------------------------------------------------------------------------------- */

/* Instruments are numbered by records of the journal itself; the table gives them back their names. */
static void note_instrument(instrument_table_t *table, const order_record_t *record)
{
    if (record->kind != RECORD_INSTRUMENT || record->instrument >= INSTRUMENT_MAX) {
        return;
    }
    const record_instrument_t *named = &record->instrument_named;
    instrument_t *instrument = &table->items[record->instrument];
    memset(instrument, 0, sizeof *instrument);
    memcpy(instrument->venue, named->venue, sizeof instrument->venue);
    memcpy(instrument->symbol, named->symbol, sizeof instrument->symbol);
    memcpy(instrument->base, named->base, sizeof instrument->base);
    memcpy(instrument->quote, named->quote, sizeof instrument->quote);
    memcpy(instrument->settle, named->settle, sizeof instrument->settle);
    instrument->kind = named->kind;
    if (table->count <= record->instrument) {
        table->count = (uint32_t)record->instrument + 1;
    }
}

/* RFC 4180: quoted, inner quotes doubled. A leading = + - @ would be a formula to a spreadsheet: it gets an apostrophe in front. */
static void print_csv_text(const char *text)
{
    putchar('"');
    if (text[0] == '=' || text[0] == '+' || text[0] == '-' || text[0] == '@') {
        putchar('\'');
    }
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            putchar('"');
        }
        putchar(*text);
    }
    putchar('"');
}

static void print_csv(const order_record_t *record, const journal_record_t *stored, const instrument_table_t *table)
{
    char time_text[TIME_TEXT_MAX];
    char wall_text[TIME_TEXT_MAX];
    char symbol[UNIFIED_TEXT_MAX] = "";
    char sentence[RECORD_JSON_MAX];
    char json[RECORD_JSON_MAX];
    (void)time_format(record->time_ns, 9, time_text);
    (void)time_format(stored->time_ns, 9, wall_text);
    if (record->instrument < table->count) {
        instrument_unified(table, record->instrument, symbol);
    }
    (void)record_sentence(record, table, sentence, sizeof sentence);
    (void)record_json(record, table, json, sizeof json);
    printf("%" PRIu64 ",%s,%s,%s,%s,%" PRIu64 ",%" PRIu32 ",", record->number, time_text, wall_text,
           record_kind_name((record_kind_t)record->kind), symbol, record->trade, record->epoch);
    print_csv_text(sentence);
    putchar(',');
    print_csv_text(json);
    putchar('\n');
}

static result_t print_record(const journal_options_given_t *given, const journal_record_t *stored, instrument_table_t *table)
{
    order_record_t record;
    result_t result = record_decode(stored->body, stored->body_length, &record);
    if (result != RESULT_OK) {
        return result;
    }
    note_instrument(table, &record);
    if (stored->number < given->from) {
        return RESULT_OK;
    }
    if (given->csv) {
        print_csv(&record, stored, table);
        return RESULT_OK;
    }
    char text[RECORD_JSON_MAX];
    size_t length = given->json ? record_json(&record, table, text, sizeof text) : 0;
    if (given->json) {
        printf("%.*s\n", (int)length, text);
        return RESULT_OK;
    }
    char time_text[TIME_TEXT_MAX];
    (void)time_format(record.time_ns, 3, time_text);
    (void)record_sentence(&record, table, text, sizeof text);
    printf("%8" PRIu64 "  %s  %s\n", record.number, time_text, text);
    return RESULT_OK;
}

static int export(const journal_options_given_t *given)
{
    static instrument_table_t table;
    journal_reader_t *reader = NULL;
    journal_record_t record;
    uint64_t number = 0;
    result_t result = journal_reader_open(given->folder, 1, &reader); /* from the first: names of instruments stand there */
    if (result == RESULT_OK && given->csv) {
        printf("number,venue_time,wall_time,kind,symbol,trade,epoch,text,record\n");
    }
    while (result == RESULT_OK && (result = journal_reader_next(reader, &record)) == RESULT_OK) {
        number = record.number;
        result = print_record(given, &record, &table);
    }
    journal_reader_close(reader);
    if (result != RESULT_EMPTY) {
        fprintf(stderr, "patriot journal export: %s: record %" PRIu64 ": %s%s\n", given->folder,
                number + (result == RESULT_NOT_FOUND ? 0 : 1), result_text(result),
                result == RESULT_CHECKSUM || result == RESULT_GAP ? " (`patriot journal verify` says where)" : "");
        return EXIT_FAILED;
    }
    /* A reader cannot tell the end from a record whose block came back empty; the full check can. */
    static journal_report_t report;
    if (journal_verify(given->folder, &report) != RESULT_OK) {
        fprintf(stderr, "patriot journal export: not all of it: %s\n", report.text);
        return EXIT_FAILED;
    }
    return fflush(stdout) == 0 && ferror(stdout) == 0 ? EXIT_WELL : EXIT_FAILED;
}

/* --- rebuild ---------------------------------------------------------------------------------- */

static int rebuild(const journal_options_given_t *given)
{
    char path[FILE_PATH_MAX];
    file_lock_t lock = FILE_LOCK_NONE;
    pid_t holder = 0;
    uint64_t records = 0;
    int equal = 0;
    ledger_db_report_t report;
    if (file_path_join(given->data, "ledger.db", path, sizeof path) != RESULT_OK) {
        fprintf(stderr, "patriot journal rebuild: the path of the data folder is too long\n");
        return EXIT_MISUSE;
    }
    if (!role_folder_is_ours("patriot journal rebuild", given->data)) {
        return EXIT_MISUSE;
    }
    if (access(given->folder, F_OK) != 0) { /* nothing is made in a folder that was named by mistake */
        fprintf(stderr, "patriot journal rebuild: there is no journal %s; name the data folder with --data\n", given->folder);
        return EXIT_FAILED;
    }
    result_t result = file_lock_take(&lock, given->data, "watchdog", &holder);
    if (result == RESULT_LOCKED) {
        fprintf(
            stderr,
            "patriot journal rebuild: the watchdog (pid %ld) is running and writes ledger.db: stop it first (`watchdog.sh stop`)\n",
            (long)holder);
        return EXIT_FAILED;
    }
    result = ledger_db_rebuild(given->folder, path, &records, &equal, &report);
    file_lock_drop(&lock);
    if (result != RESULT_OK) {
        fprintf(stderr, "patriot journal rebuild: %s\n", report.text[0] != '\0' ? report.text : result_text(result));
        return EXIT_FAILED;
    }
    if (given->json) {
        printf("{\"records\":%" PRIu64 ",\"equal_before\":%s}\n", records, equal ? "true" : "false");
    } else {
        printf("%s\n", report.text);
    }
    return EXIT_WELL;
}

int app_journal_main(int argc, char **argv)
{
    static const char *const names[] = {"verify", "export", "rebuild"};
    static int (*const runs[])(const journal_options_given_t *given) = {verify, export, rebuild};
    journal_options_given_t given = {.data = "data"};
    const argument_t options[] = {
        {"data", ARGUMENT_TEXT, &given.data, "DIR", "data folder (default ./data)"},
        {"json", ARGUMENT_FLAG, &given.json, NULL, "machine-readable: one JSON object a line"},
        {"csv", ARGUMENT_FLAG, &given.csv, NULL, "export as CSV"},
        {"from", ARGUMENT_U64, &given.from, "N", "export from record N on"},
    };
    const command_t command = {.command = "patriot journal",
                               .usage = "verify | export | rebuild [options]",
                               .about = "The journal is the one truth about our orders: append-only and hash-chained.\n"
                                        "  verify   check every record; names file, byte and record of the first damage\n"
                                        "  export   every record as text, CSV or JSON, for people, tax and regulators\n"
                                        "  rebuild  make ledger.db again from the journal and compare it with the old one",
                               .epilogue = "patriot journal export --csv --data ./data > journal.csv",
                               .options = options,
                               .option_count = sizeof options / sizeof options[0],
                               .operands_max = 1};
    const char *operands[OPTIONS_OPERANDS_MAX];
    size_t count = 0;
    int code = 0;
    if (!options_take(&command, argc, argv, operands, &count, &code)) {
        return code;
    }
    if (file_path_join(given.data, "journal", given.folder, sizeof given.folder) != RESULT_OK) {
        fprintf(stderr, "patriot journal: the path of the data folder is too long\n");
        return EXIT_MISUSE;
    }
    if (count == 0) {
        fprintf(stderr, "patriot journal: say verify, export or rebuild (`patriot journal --help`)\n");
        return EXIT_MISUSE;
    }
    int word = options_word("patriot journal", operands[0], names, sizeof names / sizeof names[0]);
    return word < 0 ? EXIT_MISUSE : runs[word](&given);
}
