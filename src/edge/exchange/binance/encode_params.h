/* encode_params.h: inside of the encoder only: a request under construction. The first failure sticks; the caller's request is
 * written at the end. */
#pragma once

#include "edge/exchange/binance/encode.h"

typedef struct {
    binance_request_t request;
    result_t result;
} builder_t;

/* What an endpoint is: method, path, security, what is asked, usual priority, weight. */
builder_t builder_begin(binance_method_t method, const char *path, binance_security_t security, binance_ask_t ask,
                        budget_priority_t priority, uint32_t weight);

/* name=value; values are percent-encoded. */
void builder_text(builder_t *builder, const char *name, const char *value);
void builder_optional(builder_t *builder, const char *name, const char *value); /* not sent when value is "" */
void builder_u64(builder_t *builder, const char *name, uint64_t value);
void builder_time(builder_t *builder, const char *name, int64_t ms); /* not sent when 0; negative: RESULT_BAD_ARGUMENT */

/* An exact multiple of step, > 0; else RESULT_BAD_ARGUMENT. */
void builder_dec(builder_t *builder, const char *name, dec_t value, dec_t step);

void builder_fail(builder_t *builder, result_t result);

/* *request on success. */
result_t builder_end(const builder_t *builder, binance_request_t *request);
