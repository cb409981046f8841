/* journal_names.c: see journal_names.h. */
#include "app/journal_names.h"

#include <string.h>

void journal_names_note(instrument_table_t *table, const order_record_t *record)
{
    if (record->kind != RECORD_INSTRUMENT)
        return;
    instrument_t instrument = {.kind = record->instrument_named.kind, .status = INSTRUMENT_TRADING};
    instrument_id_t id = INSTRUMENT_NONE;
    memcpy(instrument.venue, record->instrument_named.venue, sizeof instrument.venue);
    memcpy(instrument.symbol, record->instrument_named.symbol, sizeof instrument.symbol);
    memcpy(instrument.base, record->instrument_named.base, sizeof instrument.base);
    memcpy(instrument.quote, record->instrument_named.quote, sizeof instrument.quote);
    memcpy(instrument.settle, record->instrument_named.settle, sizeof instrument.settle);
    instrument.tick_size = instrument.lot_step = instrument.contract_size = DEC_ONE; /* only names are needed here */
    (void)instrument_table_put(table, &instrument, &id);
}
