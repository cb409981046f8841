/* quote_text.c: the bookTicker message, the one that a busy market sends most. It is put together from its constant parts and its
 * numbers, without the writer's book-keeping, and a number that is the same as in the quote before is copied: of a recorded day's
 * prices 98 of 100 are, and half of its quantities. */
#include <string.h>

#include "core/base/assert.h"
#include "edge/face/binance_usdm/usdm_parts.h"

typedef struct {
    char *at;
} pen_t;

static inline void put(pen_t *pen, const char *text, size_t length)
{
    memcpy(pen->at, text, length);
    pen->at += length;
}

#define PUT(pen, literal) put(pen, literal, sizeof(literal) - 1)

static void put_dec(pen_t *pen, number_text_t *last, dec_t value, uint32_t places)
{
    if (last->length == 0 || !dec_eq(last->value, value) || last->places != places) {
        last->value = value;
        last->places = places;
        last->length = (uint32_t)dec_format_least(value, places, last->text);
    }
    memcpy(pen->at, last->text, sizeof last->text); /* all of it: a copy of a known length is one of a few moves */
    pen->at += last->length;
}

/* Ids and times go up by little: all but the last four digits are mostly those of the quote before. */
static void put_count(pen_t *pen, count_text_t *last, uint64_t value)
{
    enum { KEPT_FROM = 10000 };
    if (value < KEPT_FROM) {
        pen->at += str_from_u64(value, pen->at);
        return;
    }
    if (last->length == 0 || last->upper != value / KEPT_FROM) {
        last->upper = value / KEPT_FROM;
        last->length = (uint32_t)str_from_u64(last->upper, last->text);
    }
    memcpy(pen->at, last->text, sizeof last->text);
    pen->at += last->length;
    unsigned lower = (unsigned)(value % KEPT_FROM);
    for (unsigned digit = 4; digit-- > 0; lower /= 10)
        pen->at[digit] = (char)('0' + lower % 10);
    pen->at += 4;
}

/* "s":"BTCUSDT","ps":"BTCUSDT" */
static void learn_names(quote_text_t *quote, const instrument_t *rules)
{
    json_writer_t writer;
    str_t text = {0};
    json_writer_init(&writer, quote->names, sizeof quote->names);
    json_begin_object(&writer);
    json_field_string(&writer, "s", rules->symbol);
    json_field_string(&writer, "ps", rules->symbol);
    json_end_object(&writer);
    result_t result = json_writer_finish(&writer, &text);
    ASSERT(result == RESULT_OK); /* the room is enough for two symbols of characters that are all escaped */
    quote->names_length = (uint32_t)text.length - 2;
    memmove(quote->names, quote->names + 1, quote->names_length);
}

static void learn(quote_text_t *quote, const instrument_t *rules)
{
    if (strcmp(quote->symbol, rules->symbol) != 0) {
        memcpy(quote->symbol, rules->symbol, sizeof quote->symbol);
        learn_names(quote, rules);
    }
    if (!dec_eq(quote->tick_size, rules->tick_size) || !dec_eq(quote->lot_step, rules->lot_step)) {
        quote->tick_size = rules->tick_size;
        quote->lot_step = rules->lot_step;
        quote->price_places = dec_places(rules->tick_size);
        quote->quantity_places = dec_places(rules->lot_step);
    }
}

str_t quote_text(face_t *face, const venue_event_t *event)
{
    enum { NUMBER_MAX = 24, CONSTANT_MAX = 128 };
    _Static_assert(sizeof face->event >= CONSTANT_MAX + sizeof face->quote.names + 4 * DEC_TEXT_MAX + 3 * NUMBER_MAX, "it fits");
    quote_text_t *quote = &face->quote;
    learn(quote, venue_instrument_at(world_venue(face->world), event->instrument));
    pen_t pen = {face->event};
    PUT(&pen, "{\"e\":\"bookTicker\",\"u\":");
    put_count(&pen, &quote->update, event->quote.update_id);
    PUT(&pen, ",");
    put(&pen, quote->names, quote->names_length);
    PUT(&pen, ",\"b\":\"");
    put_dec(&pen, &quote->numbers[0], event->quote.bid, quote->price_places);
    PUT(&pen, "\",\"B\":\"");
    put_dec(&pen, &quote->numbers[1], event->quote.bid_quantity, quote->quantity_places);
    PUT(&pen, "\",\"a\":\"");
    put_dec(&pen, &quote->numbers[2], event->quote.ask, quote->price_places);
    PUT(&pen, "\",\"A\":\"");
    put_dec(&pen, &quote->numbers[3], event->quote.ask_quantity, quote->quantity_places);
    PUT(&pen, "\",\"T\":");
    const char *time = pen.at;
    put_count(&pen, &quote->time, (uint64_t)(event->time_ns / NS_PER_MS));
    size_t digits = (size_t)(pen.at - time);
    PUT(&pen, ",\"E\":");
    put(&pen, time, digits);
    PUT(&pen, ",\"st\":1}");
    return (str_t){face->event, (size_t)(pen.at - face->event)};
}
