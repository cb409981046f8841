/* symbol_filters.h: instrument rules kept in DATA/symbol_filters.json (MKT-5), in the form earlier systems wrote and others read.
 *
 *     {"timestamp": 1763700000, "symbols": {"BTCUSDT": {"status": "TRADING", "tick_size": "0.1", "min_price": .., "max_price": ..,
 *      "step_size": .., "min_qty": .., "max_qty": .., "precision_price": 1, "precision_qty": 3, "leverage_brackets": [{"bracket":
 * 1, "initialLeverage": 125, "notionalCap": "50000", "notionalFloor": "0", "maintMarginRatio": "0.004", "cum": "0"}], ...}}}
 *
 * and, beside those, the fields we need and they did not have (min_notional, market limits, bands, currencies). Written whole or
 * not at all (temporary file, fsync, rename). An import that lacks a needed field refuses that symbol: rules are never guessed.
 */
#pragma once

#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"
#include "core/market/instrument.h"

enum { SYMBOL_FILTERS_LIFE_S = 24 * 3600 }; /* older rules are refused for trading */

/* Writes the instruments of `venue`. RESULT_IO, RESULT_DISK_FULL, RESULT_PERMISSION: the old file is untouched. */
result_t symbol_filters_save(const char *path, const instrument_table_t *table, const char *venue, int64_t now_ns);

typedef struct {
    int64_t saved_ns; /* the file's timestamp */
    uint32_t taken;   /* symbols put into the table */
    uint32_t refused; /* symbols left out: a field is missing or contradicts itself */
    char first_refused[SYMBOL_TEXT_MAX];
} symbol_filters_report_t;

/* Puts every valid symbol into the table. RESULT_NOT_FOUND, RESULT_IO, RESULT_MALFORMED and its kin (json): the table is untouched
 * then. The caller looks at report->saved_ns for age. Numbers may be strings or bare numbers (as in files of earlier systems). */
result_t symbol_filters_load(const char *path, const char *venue, instrument_table_t *table, symbol_filters_report_t *report);

/* The same from memory. */
result_t symbol_filters_parse(str_t json, const char *venue, instrument_table_t *table, symbol_filters_report_t *report);
