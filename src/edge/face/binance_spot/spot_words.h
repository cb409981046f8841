/* spot_words.h: the exchange's words for spot values, both ways, from one table each. */
#pragma once

#include <stdbool.h>

#include "core/venue/spot.h"

const char *spot_word_side(uint32_t side);
const char *spot_word_type(spot_type_t type);
const char *spot_word_tif(spot_tif_t tif);
const char *spot_word_stp(spot_stp_t stp);
const char *spot_word_peg(spot_peg_t peg);
const char *spot_word_status(spot_status_t status);
const char *spot_word_exec(spot_exec_t exec);
const char *spot_word_reason(spot_reason_t reason);
const char *spot_word_list(spot_list_kind_t kind); /* contingencyType */
const char *spot_word_symbol_status(instrument_status_t status);

/* False: no such word; *out untouched. */
bool spot_word_to_side(str_t word, uint32_t *out);
bool spot_word_to_type(str_t word, spot_type_t *out);
bool spot_word_to_tif(str_t word, spot_tif_t *out);
bool spot_word_to_stp(str_t word, spot_stp_t *out);
bool spot_word_to_peg(str_t word, spot_peg_t *out);
bool spot_word_to_restriction(str_t word, spot_restriction_t *out);
