/* decode_fast.c: the fast way: one pass over a frame whose fields stand in the order in which the venue writes them.
 *
 * Two spellings of each message are known: that of 2024 and that of 2026 (with ps, st, nq, ap). Whatever else comes - another
 * order, a blank, an escape, a sign, 16 digits, a value that may not be believed - makes this way give up, and the general way
 * decides. So this file words no errors, and it must never accept what the general way refuses, nor read another value:
 * tests/edge/exchange/test_decode_market.c and tests/fuzz/fuzz_binance_market.c hold it to that.
 */
#include "edge/exchange/binance/decode_general.h"
#include "edge/exchange/binance/decode_market.h"
#include "edge/exchange/binance/decode_scan.h"

/* What stands around the event in this frame. */
typedef struct {
    binance_decoder_t *decoder;
    int64_t received_ns;
    const char *end;
    bool enveloped;
    bool partial_depth; /* the stream's name says @depth5, @depth10 or @depth20: each message is a whole book */
} fast_t;

/* A step of a row of steps: at moves behind what was taken; false ends the row. */
#define STEP(call)    ((at = (call)) != NULL)
#define LITERAL(text) STEP(SCAN(at, end, text))
/* text is all between two values: ,"p":" */
#define DEC(text, out)  (LITERAL(text) && STEP(scan_dec(at, end, (out))))
#define U64(text, out)  (LITERAL(text) && STEP(scan_u64(at, end, (out))))
#define PASS_U64(text)  (LITERAL(text) && STEP(scan_u64_skip(at, end)))
#define TIME(text, out) (LITERAL(text) && STEP(scan_time(at, end, (out))))

/* BTCUSDT", with the name in the map. */
static const char *fast_symbol(const fast_t *fast, const char *at, instrument_id_t *id)
{
    uint64_t words[4];
    at = scan_words(at, fast->end, words);
    *id = at != NULL ? symbol_map_find_words(fast->decoder->symbols, words) : INSTRUMENT_NONE;
    return *id != INSTRUMENT_NONE ? at : NULL;
}
#define SYMBOL(text, id) (LITERAL(text) && STEP(fast_symbol(fast, at, (id))))

/* ,"ps":"BTCUSDT" when it is there (since 2026). */
static inline const char *fast_pair_skip(const char *at, const char *end)
{
    const char *pair = SCAN(at, end, ",\"ps\":\"");
    return pair == NULL ? at : scan_string_skip(pair, end);
}

/* The end of the frame, with or without ,"st":1 (since 2026). */
static const char *fast_end(const fast_t *fast, const char *at)
{
    const char *end = fast->end;
    if (at < end && *at == ',' && !PASS_U64(",\"st\":")) {
        return NULL;
    }
    if (fast->enveloped) {
        return end - at == 2 && at[0] == '}' && at[1] == '}' ? end : NULL;
    }
    return end - at == 1 && at[0] == '}' ? end : NULL;
}

static inline const char *fast_flag(const char *at, const char *end, bool *out)
{
    const char *after = SCAN(at, end, "true");
    *out = after != NULL;
    return after != NULL ? after : SCAN(at, end, "false");
}

static inline bool is_positive(dec_t value)
{
    return value.units > 0;
}

/* Takes over a checked event: only from here on the caller's event changes. */
static inline void fast_give(const fast_t *fast, market_event_t *event, market_kind_t kind, instrument_id_t id, int64_t time_ns)
{
    event->kind = kind;
    event->instrument = id;
    event->time_ns = time_ns;
    event->received_ns = fast->received_ns;
}

/* "e":"bookTicker","u":..,"s":..,["ps":..,]"b":..,"B":..,"a":..,"A":..,"T":..,"E":.. */
static bool fast_quote(const fast_t *fast, const char *at, market_event_t *event)
{
    const char *end = fast->end;
    quote_t quote;
    instrument_id_t id;
    int64_t time_ns;
    if (!U64("bookTicker\",\"u\":", &quote.update_id) || !SYMBOL(",\"s\":\"", &id) || !STEP(fast_pair_skip(at, end)) ||
        !DEC(",\"b\":\"", &quote.bid) || !DEC(",\"B\":\"", &quote.bid_quantity) || !DEC(",\"a\":\"", &quote.ask) ||
        !DEC(",\"A\":\"", &quote.ask_quantity) || !TIME(",\"T\":", &time_ns) || !PASS_U64(",\"E\":") || !STEP(fast_end(fast, at))) {
        return false;
    }
    if (!is_positive(quote.bid) || !dec_lt(quote.bid, quote.ask) || time_ns == 0) {
        return false;
    }
    fast_give(fast, event, MARKET_QUOTE, id, time_ns);
    event->quote = quote;
    return true;
}

static bool fast_trade_give(const fast_t *fast, market_event_t *event, const trade_t *trade, instrument_id_t id, int64_t time_ns)
{
    if (!is_positive(trade->price) || !is_positive(trade->quantity) || time_ns == 0) {
        return false;
    }
    fast_give(fast, event, MARKET_TRADE, id, time_ns);
    event->trade = *trade;
    return true;
}

/* "e":"trade","E":..,"T":..,"s":..,"t":..,"p":..,"q":..,"X":"MARKET","m":.. */
static bool fast_trade(const fast_t *fast, const char *at, market_event_t *event)
{
    const char *end = fast->end;
    trade_t trade;
    instrument_id_t id;
    int64_t time_ns;
    if (!PASS_U64("trade\",\"E\":") || !TIME(",\"T\":", &time_ns) || !SYMBOL(",\"s\":\"", &id) || !U64(",\"t\":", &trade.id) ||
        !DEC(",\"p\":\"", &trade.price) || !DEC(",\"q\":\"", &trade.quantity) || !LITERAL(",\"X\":\"MARKET\",\"m\":") ||
        !STEP(fast_flag(at, end, &trade.buyer_is_maker)) || !STEP(fast_end(fast, at))) {
        return false;
    }
    return fast_trade_give(fast, event, &trade, id, time_ns);
}

/* ,"nq":"1.5" or ,"ap":"1.5" when it is there (since 2026): read so that what is no number is not passed over, and not used. */
static inline const char *fast_number_skip(const char *at, const char *end, bool average)
{
    dec_t ignored;
    const char *number = average ? SCAN(at, end, ",\"ap\":\"") : SCAN(at, end, ",\"nq\":\"");
    return number == NULL ? at : scan_dec(number, end, &ignored);
}

/* "e":"aggTrade","E":..,"s":..,"a":..,"p":..,"q":..,["nq":..,]"f":..,"l":..,"T":..,"m":.. */
static bool fast_aggregate_trade(const fast_t *fast, const char *at, market_event_t *event)
{
    const char *end = fast->end;
    trade_t trade;
    instrument_id_t id;
    int64_t time_ns;
    if (!PASS_U64("aggTrade\",\"E\":") || !SYMBOL(",\"s\":\"", &id) || !U64(",\"a\":", &trade.id) ||
        !DEC(",\"p\":\"", &trade.price) || !DEC(",\"q\":\"", &trade.quantity) || !STEP(fast_number_skip(at, end, false)) ||
        !PASS_U64(",\"f\":") || !PASS_U64(",\"l\":") || !TIME(",\"T\":", &time_ns) || !LITERAL(",\"m\":") ||
        !STEP(fast_flag(at, end, &trade.buyer_is_maker)) || !STEP(fast_end(fast, at))) {
        return false;
    }
    return fast_trade_give(fast, event, &trade, id, time_ns);
}

/* Levels of the same shape as the one before, each with a further one behind it. Returns how many; *given moves behind them. */
static uint32_t fast_level_run(const char **given, const char *end, const scan_shape_t *shape, level_t *levels, uint32_t most)
{
    const char *at = *given;
    uint32_t taken = 0;
    while (taken < most && end - at >= SCAN_LEVEL_BYTES &&
           scan_level_as(at, shape, &levels[taken].price, &levels[taken].quantity) && is_positive(levels[taken].price)) {
        taken++;
        at += shape->length + 4;
    }
    *given = at;
    return taken;
}

/* ["p","q"],["p","q"]] into levels; the opening bracket is read already. */
static const char *fast_levels(const char *at, const char *end, level_t *levels, uint32_t *count)
{
    scan_shape_t shape;
    uint32_t taken = 0;
    const char *closed = SCAN(at, end, "]");
    if (closed != NULL) {
        *count = 0;
        return closed;
    }
    if (!LITERAL("[\"")) {
        return NULL;
    }
    for (;;) {
        if (taken == DEPTH_LEVELS_MAX) {
            return NULL;
        }
        const char *start = at;
        level_t *level = &levels[taken++];
        if (!STEP(scan_dec(at, end, &level->price)) || !DEC(",\"", &level->quantity) || !is_positive(level->price)) {
            return NULL;
        }
        const char *after = at, *next = SCAN(at, end, "],[\"");
        if (next == NULL) {
            *count = taken;
            return SCAN(at, end, "]]");
        }
        at = next;
        if (scan_shape(start, after, &shape)) {
            taken += fast_level_run(&at, end, &shape, levels + taken, DEPTH_LEVELS_MAX - taken);
        }
    }
}

/* "e":"depthUpdate","E":..,"T":..,"s":..,["ps":..,]"U":..,"u":..,"pu":..,"b":[..],"a":[..] */
static bool fast_depth(const fast_t *fast, const char *at, market_event_t *event)
{
    const char *end = fast->end;
    binance_decoder_t *decoder = fast->decoder;
    depth_t depth = {.snapshot = fast->partial_depth, .bids = decoder->bids, .asks = decoder->asks};
    instrument_id_t id;
    int64_t time_ns;
    if (!PASS_U64("depthUpdate\",\"E\":") || !TIME(",\"T\":", &time_ns) || !SYMBOL(",\"s\":\"", &id) ||
        !STEP(fast_pair_skip(at, end)) || !U64(",\"U\":", &depth.first_id) || !U64(",\"u\":", &depth.last_id) ||
        !U64(",\"pu\":", &depth.previous_id) || !LITERAL(",\"b\":[") ||
        !STEP(fast_levels(at, end, decoder->bids, &depth.bid_count)) || !LITERAL(",\"a\":[") ||
        !STEP(fast_levels(at, end, decoder->asks, &depth.ask_count)) || !STEP(fast_end(fast, at))) {
        return false;
    }
    if (time_ns == 0 || (!depth.snapshot && (depth.first_id > depth.last_id || depth.previous_id > depth.first_id))) {
        return false;
    }
    fast_give(fast, event, MARKET_DEPTH, id, time_ns);
    event->depth = depth;
    return true;
}

/* The funding rate may be negative. */
static inline const char *fast_signed(const char *at, const char *end, dec_t *out)
{
    const char *digits = SCAN(at, end, "-");
    if (digits == NULL) {
        return scan_dec(at, end, out);
    }
    at = scan_dec(digits, end, out);
    if (at != NULL) {
        *out = dec_neg(*out);
    }
    return at;
}

/* "e":"markPriceUpdate","E":..,"s":..,"p":..,["ap":..,]"i":..,"P":..,"r":..,["ap":..,]"T":.. */
static bool fast_mark(const fast_t *fast, const char *at, market_event_t *event)
{
    const char *end = fast->end;
    mark_t mark;
    instrument_id_t id;
    int64_t time_ns;
    dec_t settle;
    if (!TIME("markPriceUpdate\",\"E\":", &time_ns) || !SYMBOL(",\"s\":\"", &id) || !DEC(",\"p\":\"", &mark.mark) ||
        !STEP(fast_number_skip(at, end, true)) || !DEC(",\"i\":\"", &mark.index) || !DEC(",\"P\":\"", &settle) ||
        !LITERAL(",\"r\":\"") || !STEP(fast_signed(at, end, &mark.funding_rate)) || !STEP(fast_number_skip(at, end, true)) ||
        !TIME(",\"T\":", &mark.funding_next_ns) || !STEP(fast_end(fast, at))) {
        return false;
    }
    if (!is_positive(mark.mark) || time_ns == 0) {
        return false;
    }
    fast_give(fast, event, MARKET_MARK, id, time_ns);
    event->mark = mark;
    return true;
}

/* Up to the word of the event's type; NULL when the frame begins otherwise. */
static const char *fast_envelope(fast_t *fast, const char *at)
{
    const char *end = fast->end, *name = SCAN(at, end, "{\"stream\":\"");
    if (name == NULL) {
        return SCAN(at, end, "{\"e\":\"");
    }
    fast->enveloped = true;
    at = name;
    if (!STEP(scan_string_skip(at, end))) {
        return NULL;
    }
    str_t text = {name, (size_t)(at - 1 - name)};
    if (!LITERAL(",\"data\":{\"e\":\"")) {
        return NULL;
    }
    fast->partial_depth = at < end && *at == 'd' && binance_stream_is_partial_depth(text);
    return at;
}

result_t binance_decode_market_fast(binance_decoder_t *decoder, const char *bytes, size_t length, int64_t received_ns,
                                    market_event_t *event)
{
    fast_t fast = {.decoder = decoder, .received_ns = received_ns, .end = bytes + length};
    const char *at = fast_envelope(&fast, bytes);
    bool done = false;
    switch (at != NULL && at < fast.end ? *at : '\0') {
    case 'b':
        done = fast_quote(&fast, at, event);
        break;
    case 't':
        done = fast_trade(&fast, at, event);
        break;
    case 'a':
        done = fast_aggregate_trade(&fast, at, event);
        break;
    case 'd':
        done = fast_depth(&fast, at, event);
        break;
    case 'm':
        done = fast_mark(&fast, at, event);
        break;
    default:
        break;
    }
    return done ? RESULT_OK : RESULT_UNSUPPORTED;
}
