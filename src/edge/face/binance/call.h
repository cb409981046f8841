/* call.h: one request on its way through the face: its parameters, who asks, and the reply being written.
 *
 * Parameters are taken by typed getters that word their own errors (the exchange's codes and texts); the first error stays. A
 * handler is a row of routes.c: it reads, asks or commands the world, and writes JSON; when the call has failed what it wrote is
 * thrown away.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/time.h"
#include "edge/face/binance/face.h"
#include "edge/face/binance/time_form.h"
#include "edge/json/json_writer.h"

enum { CALL_PARAMS_MAX = 64, CALL_TEXT_MAX = 48 * 1024, CALL_ERROR_MAX = 320 };

typedef struct {
    str_t name, value; /* decoded */
} param_t;

typedef struct call {
    face_t *face;
    world_t *world;
    const venue_t *venue;
    const world_account_t *account;     /* of the API key; NULL on public calls */
    const struct face_secret *secret;   /* the key that was used */
    uint32_t param_count, source_first; /* source_first: the first parameter of the text being read */
    param_t params[CALL_PARAMS_MAX];
    char text[CALL_TEXT_MAX]; /* decoded names and values */
    size_t text_used;
    json_writer_t writer;
    time_form_t time_form; /* of the reply */
    unsigned status;       /* HTTP; 200 until it fails */
    int error_code;        /* 0: none */
    char error_text[CALL_ERROR_MAX];
    str_t error_data;        /* JSON that goes with the error; empty: none */
    uint64_t changes_before; /* venue_change_count when it came */
    uint32_t orders_placed;  /* counts against the account's order limits */
} call_t;

typedef enum {
    PARAM_OPTIONAL,     /* sent without a value: -1105 */
    PARAM_MAY_BE_EMPTY, /* optional, and an empty value counts as not sent: where clients of other languages rely on it */
    PARAM_MANDATORY,
} param_need_t;

/* Adds one pair, percent-decoded when said so. The first of a name wins (query before body). -1101 over the bound; -1100 broken
 * escapes. */
typedef enum { PARAM_PLAIN, PARAM_ENCODED } param_form_t;
void call_add_param(call_t *call, str_t name, str_t value, param_form_t form);

/* All pairs of a query or form body; a name twice in one text is -1101. */
void call_add_params(call_t *call, str_t text);

/* The first error stays. Always false, for `return call_fail(...)` in getters. */
bool call_fail(call_t *call, unsigned status, int code, const char *text);
bool call_failed(const call_t *call);

/* A venue refusal as an error: false when it is one. */
bool call_accept(call_t *call, venue_reply_t reply);

/* The same for the spot side. */
bool call_accept_spot(call_t *call, spot_reject_t reject);

bool call_has(const call_t *call, const char *name);

/* Each is true when all is well: the parameter was read, or is optional and absent (*out untouched). */
bool call_text(call_t *call, const char *name, param_need_t need, str_t *out);
bool call_u64(call_t *call, const char *name, param_need_t need, uint64_t *out);
bool call_time(call_t *call, const char *name, param_need_t need,
               int64_t *out_ns); /* milliseconds in the text; spot: or microseconds */
bool call_dec(call_t *call, const char *name, param_need_t need, dec_t *out);
bool call_bool(call_t *call, const char *name, param_need_t need, bool *out); /* true, True, TRUE, false ... */
bool call_is_spot_symbol(str_t symbol);                                       /* spot takes no small letters, and says so */
bool call_symbol(call_t *call, param_need_t need, instrument_id_t *out);      /* -1121; lower case is accepted */
bool call_pair(call_t *call, instrument_id_t *out);                           /* mandatory; -4144 */
bool call_timeframe(call_t *call, const char *name, timeframe_t *out);        /* mandatory; -1120 */
bool call_client_id(call_t *call, const char *name, client_id_t *out);        /* optional; -4015, -1118, -1119 */

/* What may be looked up at once: -1023, and -1127 beyond seven days. 0: not given. */
bool call_span(call_t *call, int64_t from_ns, int64_t to_ns);

/* limit within 1..max (-1130). */
bool call_limit(call_t *call, uint64_t most, uint64_t *out);

/* --- JSON in the exchange's shapes ------------------------------------------------------------ */

/* Inline, so that the keys are known when they are compiled (json_writer.h). Averages may be finer than the step: they keep theirs.
 */
static inline void write_price(json_writer_t *writer, const char *key, const instrument_t *rules, dec_t price)
{
    json_field_dec_least(writer, key, price, dec_places(rules->tick_size));
}

static inline void write_quantity(json_writer_t *writer, const char *key, const instrument_t *rules, dec_t quantity)
{
    json_field_dec_least(writer, key, quantity, dec_places(rules->lot_step));
}

static inline void write_money(json_writer_t *writer, const char *key, dec_t amount)
{
    json_field_dec_places(writer, key, amount, 8);
}

/* In milliseconds, but for who wants microseconds. */
static inline void write_ms(json_writer_t *writer, const char *key, int64_t time_ns)
{
    json_write_key(writer, key);
    if (writer->time_form == TIME_FORM_MS)
        json_write_i64(writer, time_ns / NS_PER_MS);
    else
        time_form_write(writer, time_ns);
}

void write_words(json_writer_t *writer, const char *key, const char *const *words, size_t count); /* an array of texts */
