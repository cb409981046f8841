/* named_symbols.h: the symbols that the journal of a data folder names: everything that was in force there once. */
#pragma once

#include "core/base/result.h"
#include "core/market/instrument.h"

typedef struct {
    uint32_t count;
    char symbols[INSTRUMENT_MAX][SYMBOL_TEXT_MAX];
} named_symbols_t;

/* Reads DIR/journal, which another process may be writing. RESULT_OK, also when there is none yet; otherwise what is wrong with it,
 * and what stood before that place is taken. */
result_t named_symbols_read(const char *data_folder, named_symbols_t *named);

bool named_symbols_has(const named_symbols_t *named, const char *symbol);
