/* stream_decode.c: see stream_decode.h. */
#define _GNU_SOURCE /* memmem */
#include "edge/face/world/stream_decode.h"

#include <string.h>

#include "core/base/time.h"
#include "edge/json/json_reader.h"

/* A message dated further than this from where the clocks stood so far is odd; so many in a row are a clock that was set. */
static const int64_t SKEW_CHANGE_MAX_NS = 10 * NS_PER_MIN;
enum { ODD_IN_A_ROW = 3 };

/* From here on a time is in microseconds, as spot streams tell it when asked to: as milliseconds it would be the year 5138. */
#define MICROSECONDS_FROM INT64_C(100000000000000)

/* What the messages of all kinds have among them; which of it was there decides what it is. */
typedef struct {
    str_t kind;               /* e */
    str_t symbol;             /* s */
    str_t stream;             /* of the envelope */
    int64_t time, event_time; /* as they stand there */
    dec_t price, quantity, bid, bid_quantity, ask, ask_quantity, index, rate;
    uint64_t trade_id, first_id, last_id, previous_id, snapshot_id;
    bool maker, has_snapshot, has_levels, has_bid, has_ask, has_previous, cut;
    uint32_t bid_count, ask_count;
} message_t;

static uint32_t read_levels(json_reader_t *reader, message_t *message, level_t levels[DEPTH_LEVELS_MAX])
{
    uint32_t count = 0;
    json_enter_array(reader);
    while (json_next_item(reader)) {
        level_t level = {DEC_ZERO, DEC_ZERO};
        json_enter_array(reader);
        for (unsigned i = 0; json_next_item(reader); i++) {
            if (i == 0)
                json_read_dec(reader, &level.price);
            else if (i == 1)
                json_read_dec(reader, &level.quantity);
            else
                json_skip(reader);
        }
        if (count < DEPTH_LEVELS_MAX)
            levels[count++] = level;
        else
            message->cut = true;
    }
    return count;
}

static void read_levels_or_number(json_reader_t *reader, message_t *message, level_t *levels, uint32_t *count, dec_t *number)
{
    if (json_peek(reader) == JSON_ARRAY) {
        *count = read_levels(reader, message, levels);
        message->has_levels = true;
    } else {
        json_read_dec(reader, number);
    }
}

static void read_letter(stream_decoder_t *decoder, json_reader_t *reader, char letter, message_t *message)
{
    switch (letter) {
    case 'e':
        json_read_string(reader, &message->kind);
        break;
    case 's':
        json_read_string(reader, &message->symbol);
        break;
    case 'E':
        json_read_i64(reader, &message->event_time);
        break;
    case 'T':
        json_read_i64(reader, &message->time);
        break;
    case 'p':
        json_read_dec(reader, &message->price);
        break;
    case 'q':
        json_read_dec(reader, &message->quantity);
        break;
    case 't':
        json_read_u64(reader, &message->trade_id);
        break;
    case 'm':
        json_read_bool(reader, &message->maker);
        break;
    case 'U':
        json_read_u64(reader, &message->first_id);
        break;
    case 'u':
        json_read_u64(reader, &message->last_id);
        break;
    case 'b':
        read_levels_or_number(reader, message, decoder->bids, &message->bid_count, &message->bid);
        message->has_bid = !message->has_levels;
        break;
    case 'a':
        if (json_peek(reader) == JSON_NUMBER) { /* the id of an aggregate; prices are texts */
            json_read_u64(reader, &message->trade_id);
            break;
        }
        read_levels_or_number(reader, message, decoder->asks, &message->ask_count, &message->ask);
        message->has_ask = !message->has_levels;
        break;
    case 'B':
        json_read_dec(reader, &message->bid_quantity);
        break;
    case 'A':
        json_read_dec(reader, &message->ask_quantity);
        break;
    case 'i':
        json_read_dec(reader, &message->index);
        break;
    case 'r':
        json_read_dec(reader, &message->rate);
        break;
    default:
        json_skip(reader);
        break;
    }
}

static void read_field(stream_decoder_t *decoder, json_reader_t *reader, str_t key, message_t *message)
{
    if (str_eq(key, STR("stream")) && json_peek(reader) == JSON_STRING)
        json_read_string(reader, &message->stream);
    else if (str_eq(key, STR("lastUpdateId")))
        message->has_snapshot = json_read_u64(reader, &message->snapshot_id) == RESULT_OK;
    else if (str_eq(key, STR("bids")))
        message->bid_count = read_levels(reader, message, decoder->bids);
    else if (str_eq(key, STR("asks")))
        message->ask_count = read_levels(reader, message, decoder->asks);
    else if (str_eq(key, STR("pu")))
        message->has_previous = json_read_u64(reader, &message->previous_id) == RESULT_OK;
    else
        read_letter(decoder, reader, key.length == 1 ? key.bytes[0] : '\0', message);
}

static void read_object(stream_decoder_t *decoder, json_reader_t *reader, message_t *message)
{
    json_enter_object(reader);
    for (str_t key; json_next_key(reader, &key);) {
        if (str_eq(key, STR("data")) && json_peek(reader) == JSON_OBJECT)
            read_object(decoder, reader, message);
        else
            read_field(decoder, reader, key, message);
    }
}

/* 0: no time that can be believed. */
static int64_t ns_of(int64_t time)
{
    int64_t unit_ns = time < MICROSECONDS_FROM ? NS_PER_MS : NS_PER_US;
    return time > 0 && time < INT64_MAX / unit_ns ? time * unit_ns : 0;
}

static bool is_near(int64_t a, int64_t b)
{
    int64_t apart;
    return !__builtin_sub_overflow(a, b, &apart) && apart >= -SKEW_CHANGE_MAX_NS && apart <= SKEW_CHANGE_MAX_NS;
}

/* A venue's time beside the recorder's of the same message. One far ahead of the others would move the clock of the world there,
 * and all that follows would lie in its past; one far behind is late, no more. */
static bool is_in_time(stream_decoder_t *decoder, int64_t time_ns, int64_t local_ns)
{
    const int64_t skew_ns = time_ns - local_ns; /* both are positive */
    if (decoder->skew_known && !is_near(skew_ns, decoder->skew_ns)) {
        decoder->odd_count = decoder->odd_count > 0 && is_near(skew_ns, decoder->odd_skew_ns) ? decoder->odd_count + 1 : 1;
        decoder->odd_skew_ns = skew_ns;
        if (decoder->odd_count < ODD_IN_A_ROW)
            return skew_ns < decoder->skew_ns;
    }
    decoder->skew_ns = skew_ns;
    decoder->skew_known = true;
    decoder->odd_count = 0;
    return true;
}

/* When it happened by the clock of the venue. A REST snapshot and the quotes of the spot market carry no time of their own: the
 * recorder's then, put right by how far the two clocks were apart at the last message that had both. */
static int64_t venue_time_ns(stream_decoder_t *decoder, const message_t *message, int64_t local_ns)
{
    /* T of a mark price is the next funding. */
    bool has_own = message->time != 0 && !str_eq(message->kind, STR("markPriceUpdate"));
    int64_t time = has_own ? message->time : message->event_time, time_ns;
    if (time <= 0)
        return __builtin_add_overflow(local_ns, decoder->skew_ns, &time_ns) ? 0 : time_ns / NS_PER_MS * NS_PER_MS;
    time_ns = ns_of(time);
    return local_ns > 0 && time_ns > 0 && !is_in_time(decoder, time_ns, local_ns) ? 0 : time_ns;
}

/* Spot names no predecessor: there each change begins where the one before it ended. */
static uint64_t previous_of(const message_t *message)
{
    return message->has_previous || message->first_id == 0 ? message->previous_id : message->first_id - 1;
}

/* Spot sends quotes without a kind: {"u","s","b","B","a","A"}. */
static bool is_quote(const message_t *message)
{
    return str_eq(message->kind, STR("bookTicker")) || (message->kind.length == 0 && message->has_bid && message->has_ask);
}

/* The usual changes, quotes and trades of USD-M. False: nothing was read, the line is for the general way. */
static bool decode_fast(stream_decoder_t *decoder, const char *line, const char *space, size_t length, market_event_t *event)
{
    int64_t local_ns = 0;
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        length--;
    if (decoder->symbols.count == 0 || str_to_i64((str_t){line, (size_t)(space - line)}, &local_ns) != RESULT_OK || local_ns <= 0 ||
        line + length <= space ||
        binance_decode_market_fast(&decoder->decoder, space + 1, length - (size_t)(space + 1 - line), local_ns, event) != RESULT_OK)
        return false;
    if (event->kind != MARKET_QUOTE && event->kind != MARKET_TRADE && (event->kind != MARKET_DEPTH || event->depth.snapshot))
        return false;
    decoder->doubtful = !is_in_time(decoder, event->time_ns, local_ns);
    event->received_ns = event->time_ns;
    return true;
}

/* "@depth5": differences are "@depth" and "@depth@100ms". Without the envelope a futures picture cannot be told from a difference.
 */
static bool is_partial(const char *message, size_t length)
{
    enum { NAME_ENDS = 64 };
    static const char envelope[] = "{\"stream\"", name[] = "@depth";
    if (length < sizeof envelope || memcmp(message, envelope, sizeof envelope - 1) != 0)
        return false;
    const char *at = memmem(message, length < NAME_ENDS ? length : NAME_ENDS, name, sizeof name - 1);
    const char *digit = at ? at + sizeof name - 1 : NULL;
    return digit && digit < message + length && *digit >= '0' && *digit <= '9';
}

/* Trades that are recorded twice, by repetition or in both forms, happened once. */
static bool is_told_again(stream_decoder_t *decoder, const char *message, size_t length, const trade_t *trade)
{
    enum { KIND_ENDS = 128 };
    static const char aggregate[] = "\"aggTrade\"";
    bool *mine = &decoder->has_trades, *other = &decoder->has_aggregates;
    if (memmem(message, length < KIND_ENDS ? length : KIND_ENDS, aggregate, sizeof aggregate - 1)) {
        mine = &decoder->has_aggregates;
        other = &decoder->has_trades;
    }
    if (*other || (trade->id != 0 && trade->id <= decoder->trade_id))
        return true;
    *mine = true;
    decoder->trade_id = trade->id;
    return false;
}

/* Of the symbol that is played? */
static bool is_played(const stream_decoder_t *decoder, const message_t *message)
{
    char name[SYMBOL_TEXT_MAX];
    if (decoder->played.name[0] == '\0')
        return true;
    return stream_symbol_read(message->symbol, message->stream, name) ? strcmp(name, decoder->played.name) == 0
                                                                      : !decoder->played.shared;
}

/* A message of no kind that is known is RESULT_UNSUPPORTED; one of a known kind that cannot be believed any other failure. */
static result_t make_event(stream_decoder_t *decoder, const message_t *message, market_event_t *event)
{
    if (message->has_snapshot || str_eq(message->kind, STR("depthUpdate"))) {
        event->kind = MARKET_DEPTH;
        event->depth = (depth_t){.first_id = decoder->partial ? 0 : message->first_id,
                                 .last_id = message->has_snapshot ? message->snapshot_id : message->last_id,
                                 .previous_id = previous_of(message),
                                 .bid_count = message->bid_count,
                                 .ask_count = message->ask_count,
                                 .bids = decoder->bids,
                                 .asks = decoder->asks,
                                 .snapshot = message->has_snapshot || decoder->partial};
    } else if (is_quote(message)) {
        event->kind = MARKET_QUOTE;
        event->quote = (quote_t){message->bid, message->bid_quantity, message->ask, message->ask_quantity, message->last_id};
    } else if (str_eq(message->kind, STR("trade")) || str_eq(message->kind, STR("aggTrade"))) {
        event->kind = MARKET_TRADE;
        event->trade = (trade_t){message->price, message->quantity, message->trade_id, message->maker};
    } else if (str_eq(message->kind, STR("markPriceUpdate"))) {
        event->kind = MARKET_MARK;
        event->mark = (mark_t){.mark = message->price,
                               .index = message->index,
                               .funding_rate = message->rate,
                               .funding_next_ns = ns_of(message->time)};
    } else {
        return RESULT_UNSUPPORTED;
    }
    return market_event_check(event);
}

bool stream_decode(stream_decoder_t *decoder, char *line, size_t length, market_event_t *event)
{
    char *space = memchr(line, ' ', length);
    decoder->doubtful = decoder->cut = false;
    if (!space)
        return false;
    const char *text = space + 1;
    size_t text_length = length - (size_t)(text - line);
    decoder->partial = is_partial(text, text_length);
    if (!decoder->partial && decode_fast(decoder, line, space, length, event))
        return !decoder->doubtful && (event->kind != MARKET_TRADE || !is_told_again(decoder, text, text_length, &event->trade));
    message_t message = {0};
    json_reader_t reader;
    json_reader_init(&reader, text, text_length);
    read_object(decoder, &reader, &message);
    bool whole = json_finish(&reader) == RESULT_OK;
    if (!is_played(decoder, &message))
        return false;
    if (whole && decoder->symbols.count == 0)
        (void)symbol_map_put(&decoder->symbols, message.symbol, 0);
    int64_t local_ns = 0;
    bool has_local = str_to_i64((str_t){line, (size_t)(space - line)}, &local_ns) == RESULT_OK && local_ns > 0;
    int64_t time_ns = whole ? venue_time_ns(decoder, &message, has_local ? local_ns : 0) : 0;
    market_event_t made = {.instrument = 0, .time_ns = time_ns, .received_ns = time_ns};
    result_t result = make_event(decoder, &message, &made);
    decoder->doubtful = result != RESULT_OK && result != RESULT_UNSUPPORTED;
    decoder->cut = result == RESULT_OK && message.cut;
    if (result != RESULT_OK || (made.kind == MARKET_TRADE && is_told_again(decoder, text, text_length, &made.trade)))
        return false;
    *event = made;
    return true;
}

void stream_decoder_init(stream_decoder_t *decoder, const stream_symbol_t *played)
{
    decoder->played = *played;
    symbol_map_init(&decoder->symbols);
    binance_decoder_init(&decoder->decoder, &decoder->symbols);
}
