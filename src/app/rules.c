/* rules.c: see rules.h. */
#include "app/rules.h"

#include <stdio.h>
#include <string.h>

#include "core/base/hash.h"
#include "edge/exchange/binance/decode_public.h"

/* What was named when the rules were asked for: read once for the whole list of the venue. Large; one loop, one thread. */
static tickers_t named_now;

bool rules_in_force(const config_t *config, const tickers_t *tickers, const char *symbol)
{
    if (tickers->by_default && config->mode == CONFIG_DEMO)
        return true;
    for (uint32_t i = 0; i < tickers->count; i++) {
        if (strcmp(tickers->symbols[i], symbol) == 0)
            return true;
    }
    return false;
}

/* The watchdog, whose journal it is, will refuse a damaged one and say where; the symbols before that place are known. */
void rules_read_named(role_t *role, named_symbols_t *named)
{
    result_t result = named_symbols_read(role->data_folder, named);
    if (result != RESULT_OK)
        role_complain(role, LOG_EVENT_STORE_FAILED,
                      "%s/journal cannot be read to its end (%s): symbols named after that have rules only while they are in force",
                      role->data_folder, result_text(result));
}

/* A hash of everything that is named; *lacks: one of it is not in the table. */
static uint64_t hash_names(const rules_reader_t *reader, bool *lacks)
{
    *lacks = false;
    if (config_tickers(reader->venue->role->config, &named_now) != RESULT_OK)
        return 0;
    for (uint32_t i = 0; i < named_now.count; i++)
        *lacks = *lacks || instrument_find_symbol(reader->table, str_from(named_now.symbols[i])) == INSTRUMENT_NONE;
    return hash_bytes(0, named_now.symbols, sizeof named_now.symbols[0] * named_now.count);
}

bool rules_lack(const rules_reader_t *reader)
{
    bool lacks = false;
    uint64_t names = hash_names(reader, &lacks);
    return lacks && names != reader->names && !reader->reading;
}

static bool is_wanted(const rules_reader_t *reader, const char *symbol)
{
    const config_t *config = config_current(reader->venue->role->config);
    return config->mode == CONFIG_DEMO || rules_in_force(config, &named_now, symbol) ||
           (reader->kept && named_symbols_has(reader->kept, symbol));
}

static void take_instrument(void *context, const instrument_t *instrument)
{
    rules_reader_t *reader = context;
    instrument_id_t id = INSTRUMENT_NONE;
    instrument_t next = *instrument;
    const instrument_t *known =
        instrument_table_at(reader->table, instrument_find_symbol(reader->table, str_from(instrument->symbol)));
    if (!known && !is_wanted(reader, instrument->symbol))
        return;
    if (known) { /* brackets come from another endpoint: kept until they are read again */
        next.bracket_count = known->bracket_count;
        memcpy(next.brackets, known->brackets, sizeof next.brackets);
    }
    if (instrument_table_put(reader->table, &next, &id) == RESULT_OK)
        reader->taken++;
    else
        reader->refused++;
}

static void finish(rules_reader_t *reader, result_t result)
{
    reader->reading = false;
    reader->on_done(reader->context, result);
}

static void on_brackets(void *context, const binance_result_t *result)
{
    rules_reader_t *reader = context;
    uint32_t taken = 0;
    if (!result->sent || result->verdict.kind != BINANCE_VERDICT_ACCEPTED) {
        finish(reader, result->why != RESULT_OK ? result->why : RESULT_REFUSED);
        return;
    }
    finish(reader, binance_decode_leverage_brackets(result->body, reader->table, &taken, NULL));
}

static void on_info(void *context, const binance_result_t *result)
{
    rules_reader_t *reader = context;
    binance_exchange_info_t info = {0};
    binance_detail_t detail = {0};
    if (!result->sent || result->verdict.kind != BINANCE_VERDICT_ACCEPTED) {
        finish(reader, result->why != RESULT_OK ? result->why : RESULT_REFUSED);
        return;
    }
    bool lacks = false;
    reader->taken = reader->refused = 0;
    reader->names = hash_names(reader, &lacks);
    result_t decoded = binance_decode_exchange_info(result->body, &info, take_instrument, reader, &detail);
    if (decoded != RESULT_OK) {
        log_field_t field = LOG_TEXT("detail", detail.text);
        log_write(LOG_ERROR, LOG_EVENT_RULES_REFRESHED, NULL, "the exchange's rules cannot be read", &field, 1);
        finish(reader, decoded);
        return;
    }
    if (info.limits.weight_minute > 0)
        (void)budget_set_limits(reader->venue->budget, &info.limits);
    log_field_t fields[] = {LOG_UINT("symbols", reader->taken), LOG_UINT("refused", info.refused + reader->refused)};
    log_write(LOG_INFO, LOG_EVENT_RULES_REFRESHED, NULL, "rules read", fields, 2);
    binance_request_t request;
    int64_t wait_ms = 0;
    if (!reader->brackets) {
        finish(reader, RESULT_OK);
    } else if (binance_encode_leverage_brackets(&request, "") != RESULT_OK ||
               binance_rest_send(reader->venue->rest, &request, on_brackets, reader, &wait_ms) != RESULT_OK) {
        finish(reader, RESULT_BUDGET);
    }
}

result_t rules_read(rules_reader_t *reader)
{
    binance_request_t request;
    int64_t wait_ms = 0;
    if (reader->reading)
        return RESULT_BAD_STATE;
    result_t result = binance_encode_exchange_info(&request);
    if (result == RESULT_OK)
        result = binance_rest_send(reader->venue->rest, &request, on_info, reader, &wait_ms);
    reader->reading = result == RESULT_OK;
    return result;
}
