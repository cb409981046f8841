/* stream_audit.c: see stream_audit.h. */
#include "edge/face/world/stream_audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    quote_t *quotes; /* ascending ids */
    size_t count, capacity;
} tape_t;

typedef struct {
    venue_t *venue;
    void *memory;
    instrument_id_t id;
    tape_t tape;
    uint64_t quote_id, depth_id; /* what the book knows */
    stream_audit_t *audit;
} auditor_t;

static int by_id(const void *a, const void *b)
{
    const quote_t *left = a, *right = b;
    return (left->update_id > right->update_id) - (left->update_id < right->update_id);
}

/* All quotes of the recording, by id. */
static result_t read_tape(const char *path, const stream_symbol_t *played, tape_t *tape, char error[MARKET_ERROR_MAX])
{
    stream_file_t *file = NULL;
    result_t result = stream_file_open(path, played, 0, &file, error);
    if (result != RESULT_OK)
        return result;
    for (const market_event_t *event = stream_file_peek(file); event; event = stream_file_peek(file)) {
        if (event->kind == MARKET_QUOTE && event->quote.update_id != 0) {
            if (tape->count == tape->capacity) {
                size_t wanted = tape->capacity == 0 ? 65536 : tape->capacity * 2;
                quote_t *more = realloc(tape->quotes, wanted * sizeof *more);
                if (!more) {
                    stream_file_close(file);
                    snprintf(error, MARKET_ERROR_MAX, "no memory for the quotes of the recording");
                    return RESULT_FULL;
                }
                tape->quotes = more;
                tape->capacity = wanted;
            }
            tape->quotes[tape->count++] = event->quote;
        }
        stream_file_take(file);
    }
    stream_file_close(file);
    if (tape->count > 0)
        qsort(tape->quotes, tape->count, sizeof *tape->quotes, by_id);
    return RESULT_OK;
}

/* The quote that holds at an update id; NULL: the recording begins later. */
static const quote_t *quote_at(const tape_t *tape, uint64_t update_id)
{
    size_t low = 0, high = tape->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tape->quotes[middle].update_id <= update_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &tape->quotes[low - 1] : NULL;
}

static void write_quote(const quote_t *quote, char text[96])
{
    char bid[DEC_TEXT_MAX], bids[DEC_TEXT_MAX], ask[DEC_TEXT_MAX], asks[DEC_TEXT_MAX];
    dec_format(quote->bid, bid);
    dec_format(quote->bid_quantity, bids);
    dec_format(quote->ask, ask);
    dec_format(quote->ask_quantity, asks);
    snprintf(text, 96, "%.20s x %.20s / %.20s x %.20s", bid, bids, ask, asks);
}

static bool same(const quote_t *a, const quote_t *b)
{
    return dec_eq(a->bid, b->bid) && dec_eq(a->bid_quantity, b->bid_quantity) && dec_eq(a->ask, b->ask) &&
           dec_eq(a->ask_quantity, b->ask_quantity);
}

static void compare(auditor_t *auditor)
{
    stream_audit_t *audit = auditor->audit;
    uint64_t known = auditor->quote_id > auditor->depth_id ? auditor->quote_id : auditor->depth_id;
    const quote_t *recorded = quote_at(&auditor->tape, known);
    quote_t ours = {0};
    if (!recorded)
        return;
    audit->compared++;
    if (venue_quote(auditor->venue, auditor->id, &ours) && same(&ours, recorded))
        return;
    if (audit->differ++ == 0) {
        char said[96], shown[96];
        write_quote(recorded, said);
        write_quote(&ours, shown);
        snprintf(audit->first_difference, sizeof audit->first_difference, "at update %llu: recorded %s, venue %s",
                 (unsigned long long)known, said, shown);
    }
}

static void apply(auditor_t *auditor, const market_event_t *event)
{
    stream_audit_t *audit = auditor->audit;
    market_event_t here = *event;
    here.instrument = auditor->id;
    result_t result = venue_market_event(auditor->venue, &(venue_sink_t){0}, &here);
    audit->events++;
    if (event->kind != MARKET_QUOTE && event->kind != MARKET_DEPTH)
        return;
    *(event->kind == MARKET_QUOTE ? &audit->quotes : &audit->changes) += 1;
    if (result == RESULT_STALE) {
        audit->passed_over++;
    } else if (result == RESULT_GAP) {
        *(auditor->depth_id == 0 ? &audit->before_snapshot : &audit->broken) += 1;
        auditor->depth_id = 0;
    } else if (result == RESULT_OK) {
        *(event->kind == MARKET_QUOTE ? &auditor->quote_id : &auditor->depth_id) =
            event->kind == MARKET_QUOTE ? event->quote.update_id : event->depth.last_id;
        compare(auditor);
    }
}

static result_t open_venue(auditor_t *auditor, const instrument_t *rules)
{
    venue_bounds_t bounds = venue_bounds_default();
    venue_config_t config = venue_config_default();
    venue_asset_t asset;
    bounds.instruments = bounds.accounts = bounds.positions = 1;
    bounds.street_levels = VENUE_RECORDED_LEVELS;
    bounds.order_lists = rules->kind == INSTRUMENT_SPOT;
    auditor->memory = aligned_alloc(64, (venue_size(&bounds) + 63) / 64 * 64);
    if (!auditor->memory)
        return RESULT_FULL;
    result_t result = venue_init(auditor->memory, &bounds, &config, &auditor->venue);
    if (result == RESULT_OK)
        result = venue_asset_add(auditor->venue, str_from(rules->settle), &asset);
    if (result == RESULT_OK && rules->kind == INSTRUMENT_SPOT)
        result = venue_asset_add(auditor->venue, str_from(rules->base), &asset);
    return result == RESULT_OK ? venue_instrument_add(auditor->venue, rules, &auditor->id) : result;
}

result_t stream_audit(const char *path, const stream_symbol_t *played, const instrument_t *rules, stream_audit_t *audit,
                      char error[MARKET_ERROR_MAX])
{
    auditor_t auditor = {.audit = audit};
    stream_file_t *file = NULL;
    *audit = (stream_audit_t){0};
    result_t result = open_venue(&auditor, rules);
    if (result != RESULT_OK)
        snprintf(error, MARKET_ERROR_MAX, "the venue cannot begin: %s", result_text(result));
    if (result == RESULT_OK)
        result = read_tape(path, played, &auditor.tape, error);
    if (result == RESULT_OK)
        result = stream_file_open(path, played, 0, &file, error);
    for (const market_event_t *event = result == RESULT_OK ? stream_file_peek(file) : NULL; event; event = stream_file_peek(file)) {
        apply(&auditor, event);
        stream_file_take(file);
    }
    if (file)
        audit->left_out = stream_file_left_out(file);
    stream_file_close(file);
    free(auditor.tape.quotes);
    free(auditor.memory);
    return result;
}
