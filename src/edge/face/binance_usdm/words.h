/* words.h: the exchange's words for the venue's values, both ways, from one table each. */
#pragma once

#include <stdbool.h>

#include "core/venue/venue.h"

const char *word_side(venue_side_t side);
const char *word_position_side(venue_position_side_t side);
const char *word_type(venue_type_t type);
const char *word_tif(venue_tif_t tif);
const char *word_working(venue_working_t working);
const char *word_stp(venue_stp_t stp);
const char *word_match(venue_match_t match);
const char *word_status(venue_status_t status);
const char *word_exec(venue_exec_t exec);
const char *word_algo_status(venue_algo_status_t status);
const char *word_reason(venue_reason_t reason);
const char *word_income(venue_income_kind_t kind);
const char *word_instrument_status(instrument_status_t status);

/* False: no such word; *out untouched. */
bool word_to_side(str_t word, venue_side_t *out);
bool word_to_position_side(str_t word, venue_position_side_t *out);
bool word_to_type(str_t word, venue_type_t *out); /* not LIQUIDATION */
bool word_to_tif(str_t word, venue_tif_t *out);
bool word_to_working(str_t word, venue_working_t *out);
bool word_to_stp(str_t word, venue_stp_t *out);
bool word_to_match(str_t word, venue_match_t *out);
bool word_to_income(str_t word, venue_income_kind_t *out);
