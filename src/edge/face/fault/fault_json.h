/* fault_json.h: JSON of an exchange spoilt on purpose: fields and rows changed in bytes, whatever the event is. Pure.
 *
 * All read valid JSON (our own faces wrote it) and write into `out`. False: nothing fitting was there, or it did not fit; `out` is
 * garbage then and the message leaves as it was. *length: of what was written.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

/* Text of the first field of that name at any depth, without quotes; empty when there is none. */
str_t fault_json_find(str_t json, const char *name);

/* An unknown field is the first of the message. */
bool fault_json_add(str_t json, const char *name, char *out, size_t capacity, size_t *length);

/* Every field of that name is gone. */
bool fault_json_remove(str_t json, const char *name, char *out, size_t capacity, size_t *length);

/* The value of every field of that name becomes `raw` (JSON). */
bool fault_json_set(str_t json, const char *name, str_t raw, char *out, size_t capacity, size_t *length);

typedef enum { FAULT_PRICE_ZERO, FAULT_PRICE_NEGATIVE, FAULT_PRICE_NAN, FAULT_PRICE_CROSSED, FAULT_PRICE_STALE } fault_price_t;

/* Prices (b, a, p, o, h, l, c and their long names, where they are decimal texts) become zero, negative or "NaN"; bid and ask
 * change places; or event times (E, T, time) lie ten minutes back. */
bool fault_json_prices(str_t json, fault_price_t kind, char *out, size_t capacity, size_t *length);

/* Every decimal text becomes "0.00000000". */
bool fault_json_zero(str_t json, char *out, size_t capacity, size_t *length);

/* Rows of the outermost array for which `keep` says so. False also when all are kept. */
bool fault_json_rows(str_t json, bool (*keep)(void *context, uint32_t row, str_t text), void *context, char *out, size_t capacity,
                     size_t *length);
