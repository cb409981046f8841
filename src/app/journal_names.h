/* journal_names.h: the symbols that a journal has named, for commands that read it without the exchange's rules. */
#pragma once

#include "core/engine/record_codec.h"
#include "core/market/instrument.h"

/* A RECORD_INSTRUMENT puts its symbol into the table, with names only; other records are passed over. Records in the journal's
 * order: ids are given in it. */
void journal_names_note(instrument_table_t *table, const order_record_t *record);
