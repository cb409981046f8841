/* config_value_parts.h: what the files that turn text into values and back share. Private to them.
 *
 *   config_value.c    numbers, durations, words, one value
 *   config_list.c     lists: symbols, timeframes, strategies
 *   config_rows.c     tables whose rows are written as texts: ladder, tiers, regimes
 *   config_write.c    values as text; old forms of a value in the new one
 */
#pragma once

#include "edge/config/config_keys.h"

/* Where the sentences go: why a text is wrong, and what would be right. */
typedef struct {
    char *why, *fix;
    size_t capacity;
} config_words_t;

/* Writes both sentences and gives `result` back. */
result_t config_wrong(const config_words_t *words, result_t result, const char *why, const char *fix);

/* Walks "isolated=1 crossed=2 ...": the next name and number; false at the end. */
bool config_word_next(const char **at, str_t *name, int *number);
const char *config_words_of(const config_key_t *key); /* such a text */

result_t config_symbols_read(str_t text, const config_words_t *words, config_t *config);
result_t config_timeframes_read(str_t text, const config_words_t *words, config_t *config);
result_t config_strategies_read(str_t text, const config_words_t *words, config_t *config);
result_t config_ladder_read(str_t text, const config_words_t *words, config_t *config);
result_t config_regimes_read(str_t text, const config_words_t *words, config_t *config);
result_t config_tiers_read(str_t text, const config_words_t *words, config_t *config);

/* The next item of "[A, B]", "A, B" or "A B"; false at the end. */
bool config_item_next(str_t *rest, str_t *item);

/* As texts that the readers take again; return the length as snprintf does. */
int config_ladder_write(const config_t *config, char *text, size_t capacity);
int config_regimes_write(const config_t *config, char *text, size_t capacity);
int config_tiers_write(const config_t *config, char *text, size_t capacity);
