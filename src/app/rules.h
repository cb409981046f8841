/* rules.h: reads the venue's trading rules into an instrument table and says which symbols are in force.
 *
 * In force: the symbols of tickers.txt or the configuration that the venue lists; in demo, when nobody has named any, everything
 * that our simulated exchange lists. The demo reads the rules of all it lists; elsewhere those of symbols in force, and again when
 * another one is named while it runs (rules_lack). What was in force once keeps its rules, in this run (they are read again with
 * the others) and, for a reader that is given `kept`, in every later one, so that its positions stay protected and can be led to
 * their end; signals come from symbols in force only. A symbol without rules is never traded (R037).
 */
#pragma once

#include "app/named_symbols.h"
#include "app/venue_link.h"
#include "core/market/instrument.h"

typedef void rules_fn(void *context, result_t result);

typedef struct {
    venue_link_t *venue;
    instrument_table_t *table;   /* filled; instruments that are there already are replaced in place */
    const named_symbols_t *kept; /* symbols of earlier runs that keep their rules whatever is in force now; NULL: none */
    bool brackets;               /* leverage brackets too: needs a key */
    rules_fn *on_done;
    void *context;
    uint32_t taken, refused;
    bool reading;
    uint64_t names; /* what was named when the rules were read last: a hash */
} rules_reader_t;

/* Asks; on_done comes in a later turn: RESULT_OK, or why the table was left as it was. RESULT_BAD_STATE while a reading is under
 * way. */
result_t rules_read(rules_reader_t *reader);

/* True when a symbol is named that has no rules here and was not named when they were read last: time to read them again. */
bool rules_lack(const rules_reader_t *reader);

/* What the journal of the role's data folder names, for `kept`; said when it cannot be read to its end. */
void rules_read_named(role_t *role, named_symbols_t *named);

/* True when this configuration trades the symbol; `tickers` as config_tickers has read them, once for all symbols of a batch. */
bool rules_in_force(const config_t *config, const tickers_t *tickers, const char *symbol);
