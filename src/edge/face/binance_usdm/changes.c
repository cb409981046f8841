/* changes.c: what users have changed by hand: amendments of orders, and margin of isolated positions, each as a list to look back
 * on. The venue keeps the newest of all accounts (docs/venue.md). */
#include <string.h>

#include "edge/face/binance_usdm/usdm_parts.h"

enum { AMENDMENTS_SHOWN_MAX = 100, MARGIN_SHOWN_MAX = 500 };

/* --- looking back ----------------------------------------------------------------------------- */

typedef struct {
    venue_change_kind_t kind;
    instrument_id_t instrument;
    int64_t from_ns, to_ns;
    uint64_t order_id;
    client_id_t client_id;
    int sign; /* of margin: 1 added, -1 taken, 0 both */
} wanted_t;

static bool is_wanted(const call_t *call, const venue_change_t *change, const wanted_t *wanted)
{
    return change->kind == wanted->kind && change->account == call->account->account && change->instrument == wanted->instrument &&
           change->time_ns >= wanted->from_ns && change->time_ns <= wanted->to_ns &&
           (wanted->order_id == 0 || change->order_id == wanted->order_id) &&
           (wanted->client_id.text[0] == '\0' || strcmp(change->client_id.text, wanted->client_id.text) == 0) &&
           (wanted->sign == 0 || dec_sign(change->amount) == wanted->sign);
}

/* {"before":"..","after":".."} */
static void write_pair(json_writer_t *writer, const char *key, dec_t before, dec_t after, dec_t step)
{
    json_write_key(writer, key);
    json_begin_object(writer);
    json_field_dec_places(writer, "before", before, dec_places(step));
    json_field_dec_places(writer, "after", after, dec_places(step));
    json_end_object(writer);
}

static void write_amendment(call_t *call, const venue_change_t *change)
{
    json_writer_t *writer = &call->writer;
    const instrument_t *rules = venue_instrument_at(call->venue, change->instrument);
    json_begin_object(writer);
    json_field_u64(writer, "amendmentId", change->number);
    json_field_string(writer, "symbol", rules->symbol);
    json_field_string(writer, "pair", rules->symbol);
    json_field_u64(writer, "orderId", change->order_id);
    json_field_string(writer, "clientOrderId", change->client_id.text);
    write_ms(writer, "time", change->time_ns);
    json_write_key(writer, "amendment");
    json_begin_object(writer);
    write_pair(writer, "price", change->price_before, change->price_after, rules->tick_size);
    write_pair(writer, "origQty", change->quantity_before, change->quantity_after, rules->lot_step);
    json_field_u64(writer, "count", change->amendments);
    if (change->modify_id != 0)
        json_field_u64(writer, "modifyId", change->modify_id);
    json_end_object(writer);
    json_end_object(writer);
}

static void write_margin(call_t *call, const venue_change_t *change)
{
    json_writer_t *writer = &call->writer;
    const instrument_t *rules = venue_instrument_at(call->venue, change->instrument);
    bool added = dec_sign(change->amount) > 0;
    json_begin_object(writer);
    json_field_string(writer, "symbol", rules->symbol);
    json_field_i64(writer, "type", added ? 1 : 2);
    json_field_string(writer, "deltaType", "USER_ADJUST");
    json_field_dec(writer, "amount", added ? change->amount : dec_neg(change->amount));
    json_field_string(writer, "asset", rules->settle);
    write_ms(writer, "time", change->time_ns);
    json_field_string(writer, "positionSide", word_position_side(change->side));
    json_field_string(writer, "clientTranId", "");
    json_end_object(writer);
}

/* Every change that is kept, in turn; false past the last. */
static bool next_change(const call_t *call, venue_change_t *change)
{
    return venue_changes(call->venue, change->number + 1, change, 1) == 1;
}

/* The newest `limit` of those wanted, oldest first. */
static void write_changes(call_t *call, const wanted_t *wanted, uint64_t limit, void (*write)(call_t *, const venue_change_t *))
{
    uint64_t matching = 0;
    venue_change_t change = {.number = 0};
    while (next_change(call, &change))
        matching += is_wanted(call, &change, wanted);
    uint64_t skip = matching > limit ? matching - limit : 0;
    json_begin_array(&call->writer);
    for (change.number = 0; next_change(call, &change);) {
        if (!is_wanted(call, &change, wanted) || (skip > 0 && skip-- > 0))
            continue;
        write(call, &change);
    }
    json_end_array(&call->writer);
}

static bool read_wanted(call_t *call, wanted_t *wanted, uint64_t most, uint64_t *limit)
{
    wanted->to_ns = INT64_MAX;
    return call_symbol(call, PARAM_MANDATORY, &wanted->instrument) &&
           call_time(call, "startTime", PARAM_OPTIONAL, &wanted->from_ns) &&
           call_time(call, "endTime", PARAM_OPTIONAL, &wanted->to_ns) && call_limit(call, most, limit);
}

void handle_order_amendments(call_t *call)
{
    wanted_t wanted = {.kind = VENUE_CHANGE_AMENDMENT};
    uint64_t limit = 50;
    if (read_wanted(call, &wanted, AMENDMENTS_SHOWN_MAX, &limit) && call_u64(call, "orderId", PARAM_OPTIONAL, &wanted.order_id) &&
        call_client_id(call, "origClientOrderId", &wanted.client_id))
        write_changes(call, &wanted, limit, write_amendment);
}

void handle_margin_history(call_t *call)
{
    wanted_t wanted = {.kind = VENUE_CHANGE_MARGIN};
    uint64_t limit = MARGIN_SHOWN_MAX, type = 0;
    if (!read_wanted(call, &wanted, MARGIN_SHOWN_MAX, &limit) || !call_u64(call, "type", PARAM_OPTIONAL, &type))
        return;
    if (call_has(call, "type") && type != 1 && type != 2) {
        call_fail(call, 400, -1130, "Data sent for parameter 'type' is not valid.");
        return;
    }
    wanted.sign = type == 1 ? 1 : type == 2 ? -1 : 0;
    write_changes(call, &wanted, limit, write_margin);
}
