/* named_symbols.c: see named_symbols.h. */
#include "app/named_symbols.h"

#include <string.h>

#include "core/engine/record_codec.h"
#include "edge/store/file.h"
#include "edge/store/journal.h"

bool named_symbols_has(const named_symbols_t *named, const char *symbol)
{
    for (uint32_t i = 0; i < named->count; i++) {
        if (strcmp(named->symbols[i], symbol) == 0)
            return true;
    }
    return false;
}

static result_t take(named_symbols_t *named, const journal_record_t *stored)
{
    order_record_t record;
    if (stored->type != RECORD_INSTRUMENT)
        return RESULT_OK;
    result_t result = record_decode(stored->body, stored->body_length, &record);
    if (result != RESULT_OK || named_symbols_has(named, record.instrument_named.symbol))
        return result;
    if (named->count == INSTRUMENT_MAX)
        return RESULT_FULL;
    return str_copy(str_from(record.instrument_named.symbol), named->symbols[named->count++], SYMBOL_TEXT_MAX);
}

result_t named_symbols_read(const char *data_folder, named_symbols_t *named)
{
    char folder[FILE_PATH_MAX];
    journal_reader_t *reader = NULL;
    journal_record_t stored;
    named->count = 0;
    result_t result = file_path_join(data_folder, "journal", folder, sizeof folder);
    if (result == RESULT_OK)
        result = journal_reader_open(folder, 1, &reader);
    while (result == RESULT_OK) {
        result = journal_reader_next(reader, &stored);
        if (result == RESULT_OK)
            result = take(named, &stored);
    }
    journal_reader_close(reader);
    return result == RESULT_EMPTY || result == RESULT_NOT_FOUND ? RESULT_OK : result;
}
