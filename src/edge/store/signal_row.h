/* signal_row.h: inside of the signal store: a signal as the columns of a row, there and back, exactly. */
#pragma once

#include <sqlite3.h>

#include "core/signal/signal.h"

enum {
    SIGNAL_COLUMN_NUMBER,
    SIGNAL_COLUMN_ID,
    SIGNAL_COLUMN_SYMBOL,
    SIGNAL_COLUMN_DIRECTION,
    SIGNAL_COLUMN_ENTRY,
    SIGNAL_COLUMN_STOP,
    SIGNAL_COLUMN_TARGET,
    SIGNAL_COLUMN_CONFIDENCE,
    SIGNAL_COLUMN_TIMEFRAMES,
    SIGNAL_COLUMN_TIMEFRAME_SOURCE,
    SIGNAL_COLUMN_STRATEGY,
    SIGNAL_COLUMN_SOURCE,
    SIGNAL_COLUMN_MADE,
    SIGNAL_COLUMN_EXPIRES,
    SIGNAL_COLUMN_INPUTS,
    SIGNAL_COLUMN_STATES,
    SIGNAL_COLUMN_SIZE_CUT,
    SIGNAL_COLUMN_VETO,
    SIGNAL_COLUMN_VETO_FIRST,
    SIGNAL_COLUMN_VETO_SECOND,
    SIGNAL_COLUMN_EXIT_OF,
    SIGNAL_COLUMN_COUNT,
};

#define SIGNAL_COLUMNS                                                                                                             \
    "number,id,symbol,direction,entry,stop,target,confidence,timeframes,timeframe_source,strategy,source,made_ns,expires_ns,"      \
    "inputs,states,size_cut,veto,veto_first,veto_second,exit_of"

/* Binds parameters 1 .. SIGNAL_COLUMN_COUNT in the order of SIGNAL_COLUMNS. RESULT_UNKNOWN_VALUE: instrument not in the table;
 * RESULT_FULL. */
result_t signal_row_bind(sqlite3_stmt *statement, const instrument_table_t *table, const signal_t *signal);

/* Reads a row that begins with SIGNAL_COLUMNS. RESULT_UNKNOWN_VALUE: a word or symbol that is not known; RESULT_MALFORMED: anything
 * else that cannot be a signal (signal_check has the last word). *out is untouched on failure. */
result_t signal_row_read(sqlite3_stmt *statement, const instrument_table_t *table, signal_t *out);
