/* decode_fast.c: the fast way: one pass over a frame whose fields stand in the order in which the venue writes them.
 *
 * Two spellings of each message are known: that of 2024 and that of 2026 (with ps, st, nq, ap). Whatever else comes - another order, a blank, an escape, a
 * sign, 16 digits, a value that may not be believed - makes this way give up, and the general way decides. So this file words no errors, and it must
 * never accept what the general way refuses, nor read another value: tests/edge/exchange/test_decode_market.c and tests/fuzz/fuzz_binance_market.c hold it to that.
 */
#include "edge/exchange/binance/decode_market.h"
#include "edge/exchange/binance/decode_scan.h"

#include "core/base/assert.h"

/* What every message begins with, after its own first fields. */
typedef struct {
    scan_t             scan;
    binance_decoder_t *decoder;
    int64_t            received_ns;
    bool               enveloped;
    bool               partial_depth; /* the stream's name says @depth5, @depth10 or @depth20: each message is a whole book */
} fast_t;

/* "s":"BTCUSDT", with the name in the map. */
static inline bool fast_symbol(fast_t *fast, instrument_id_t *id)
{
    uint64_t words[4];
    if (!SCAN(&fast->scan, "\"s\":\"") || !scan_words(&fast->scan, words)) {
        return false;
    }
    *id = symbol_map_find_words(fast->decoder->symbols, words);
    return *id != INSTRUMENT_NONE;
}

/* "name":"1.5" */
#define FAST_DEC(fast, name, out) (SCAN(&(fast)->scan, "\"" name "\":\"") && scan_dec(&(fast)->scan, (out)))
/* "name":17 */
#define FAST_U64(fast, name, out) (SCAN(&(fast)->scan, "\"" name "\":") && scan_u64(&(fast)->scan, (out)))
#define FAST_TIME(fast, name, out) (SCAN(&(fast)->scan, "\"" name "\":") && scan_time(&(fast)->scan, (out)))
#define FAST_COMMA(fast) SCAN(&(fast)->scan, ",")

/* "ps":"BTCUSDT", if it is there (since 2026). */
static inline bool fast_pair_skip(fast_t *fast)
{
    return !SCAN(&fast->scan, "\"ps\":\"") || (scan_string_skip(&fast->scan) && FAST_COMMA(fast));
}

/* The end of the frame, with or without ,"st":1 (since 2026). */
static inline bool fast_end(fast_t *fast)
{
    uint64_t product;
    if (SCAN(&fast->scan, ",\"st\":") && !scan_u64(&fast->scan, &product)) {
        return false;
    }
    return (fast->enveloped ? SCAN(&fast->scan, "}}") : SCAN(&fast->scan, "}")) && fast->scan.at == fast->scan.end;
}

static inline bool is_positive(dec_t value) { return value.units > 0; }

/* Takes over a checked event: only from here on the caller's event changes. */
static inline void fast_give(const fast_t *fast, market_event_t *event, market_kind_t kind, instrument_id_t id, int64_t time_ns)
{
    event->kind = kind;
    event->instrument = id;
    event->time_ns = time_ns;
    event->received_ns = fast->received_ns;
}

/* "bookTicker","u":..,"s":..,"b":..,"B":..,"a":..,"A":..,"T":..,"E":..} */
static bool fast_quote(fast_t *fast, market_event_t *event)
{
    quote_t         quote;
    instrument_id_t id;
    int64_t         time_ns, sent_ns;
    if (!FAST_U64(fast, "u", &quote.update_id) || !FAST_COMMA(fast) || !fast_symbol(fast, &id) || !FAST_COMMA(fast) || !fast_pair_skip(fast) ||
        !FAST_DEC(fast, "b", &quote.bid) || !FAST_COMMA(fast) || !FAST_DEC(fast, "B", &quote.bid_quantity) || !FAST_COMMA(fast) ||
        !FAST_DEC(fast, "a", &quote.ask) || !FAST_COMMA(fast) || !FAST_DEC(fast, "A", &quote.ask_quantity) || !FAST_COMMA(fast) ||
        !FAST_TIME(fast, "T", &time_ns) || !FAST_COMMA(fast) || !FAST_TIME(fast, "E", &sent_ns) || !fast_end(fast)) {
        return false;
    }
    if (!is_positive(quote.bid) || !dec_lt(quote.bid, quote.ask) || time_ns == 0) {
        return false;
    }
    fast_give(fast, event, MARKET_QUOTE, id, time_ns);
    event->quote = quote;
    return true;
}

static inline bool fast_flag(fast_t *fast, bool *out)
{
    *out = SCAN(&fast->scan, "true");
    return *out || SCAN(&fast->scan, "false");
}

static bool fast_trade_give(fast_t *fast, market_event_t *event, const trade_t *trade, instrument_id_t id, int64_t time_ns)
{
    if (!is_positive(trade->price) || !is_positive(trade->quantity) || time_ns == 0) {
        return false;
    }
    fast_give(fast, event, MARKET_TRADE, id, time_ns);
    event->trade = *trade;
    return true;
}

/* "trade","E":..,"T":..,"s":..,"t":..,"p":..,"q":..,"X":"MARKET","m":..} */
static bool fast_trade(fast_t *fast, market_event_t *event)
{
    trade_t         trade;
    instrument_id_t id;
    int64_t         time_ns, sent_ns;
    if (!FAST_TIME(fast, "E", &sent_ns) || !FAST_COMMA(fast) || !FAST_TIME(fast, "T", &time_ns) || !FAST_COMMA(fast) || !fast_symbol(fast, &id) ||
        !FAST_COMMA(fast) || !FAST_U64(fast, "t", &trade.id) || !FAST_COMMA(fast) || !FAST_DEC(fast, "p", &trade.price) || !FAST_COMMA(fast) ||
        !FAST_DEC(fast, "q", &trade.quantity) || !SCAN(&fast->scan, ",\"X\":\"MARKET\",\"m\":") || !fast_flag(fast, &trade.buyer_is_maker) ||
        !fast_end(fast)) {
        return false;
    }
    return fast_trade_give(fast, event, &trade, id, time_ns);
}

/* "aggTrade","E":..,"s":..,"a":..,"p":..,"q":..,["nq":..,]"f":..,"l":..,"T":..,"m":..} */
static bool fast_aggregate_trade(fast_t *fast, market_event_t *event)
{
    trade_t         trade;
    instrument_id_t id;
    int64_t         time_ns, sent_ns;
    uint64_t        first, last;
    dec_t           without_rpi;
    if (!FAST_TIME(fast, "E", &sent_ns) || !FAST_COMMA(fast) || !fast_symbol(fast, &id) || !FAST_COMMA(fast) || !FAST_U64(fast, "a", &trade.id) ||
        !FAST_COMMA(fast) || !FAST_DEC(fast, "p", &trade.price) || !FAST_COMMA(fast) || !FAST_DEC(fast, "q", &trade.quantity) || !FAST_COMMA(fast)) {
        return false;
    }
    if (SCAN(&fast->scan, "\"nq\":\"") && !(scan_dec(&fast->scan, &without_rpi) && FAST_COMMA(fast))) {
        return false;
    }
    if (!FAST_U64(fast, "f", &first) || !FAST_COMMA(fast) || !FAST_U64(fast, "l", &last) || !FAST_COMMA(fast) || !FAST_TIME(fast, "T", &time_ns) ||
        !SCAN(&fast->scan, ",\"m\":") || !fast_flag(fast, &trade.buyer_is_maker) || !fast_end(fast)) {
        return false;
    }
    return fast_trade_give(fast, event, &trade, id, time_ns);
}

/* ["p","q"],["p","q"]] into levels; the opening bracket is read already. */
static bool fast_levels(scan_t *given, level_t *levels, uint32_t *count)
{
    scan_t   scan = *given; /* a copy that the compiler keeps in registers */
    uint32_t taken = 0;
    if (SCAN(&scan, "]")) {
        *given = scan;
        *count = 0;
        return true;
    }
    do {
        if (taken == DEPTH_LEVELS_MAX) {
            return false;
        }
        level_t *level = &levels[taken];
        if (!SCAN(&scan, "[\"") || !scan_dec(&scan, &level->price) || !SCAN(&scan, ",\"") || !scan_dec(&scan, &level->quantity) ||
            !SCAN(&scan, "]") || !is_positive(level->price)) {
            return false;
        }
        taken++;
    } while (SCAN(&scan, ","));
    if (!SCAN(&scan, "]")) {
        return false;
    }
    *given = scan;
    *count = taken;
    return true;
}

/* "depthUpdate","E":..,"T":..,"s":..,"U":..,"u":..,"pu":..,"b":[..],"a":[..]} */
static bool fast_depth(fast_t *fast, market_event_t *event)
{
    depth_t            depth = {.snapshot = fast->partial_depth};
    instrument_id_t    id;
    int64_t            time_ns, sent_ns;
    binance_decoder_t *decoder = fast->decoder;
    if (!FAST_TIME(fast, "E", &sent_ns) || !FAST_COMMA(fast) || !FAST_TIME(fast, "T", &time_ns) || !FAST_COMMA(fast) || !fast_symbol(fast, &id) ||
        !FAST_COMMA(fast) || !fast_pair_skip(fast) || !FAST_U64(fast, "U", &depth.first_id) || !FAST_COMMA(fast) ||
        !FAST_U64(fast, "u", &depth.last_id) || !FAST_COMMA(fast) || !FAST_U64(fast, "pu", &depth.previous_id) ||
        !SCAN(&fast->scan, ",\"b\":[") || !fast_levels(&fast->scan, decoder->bids, &depth.bid_count) || !SCAN(&fast->scan, ",\"a\":[") ||
        !fast_levels(&fast->scan, decoder->asks, &depth.ask_count) || !fast_end(fast)) {
        return false;
    }
    if (time_ns == 0 || (!depth.snapshot && (depth.first_id > depth.last_id || depth.previous_id > depth.first_id))) {
        return false;
    }
    depth.bids = decoder->bids;
    depth.asks = decoder->asks;
    fast_give(fast, event, MARKET_DEPTH, id, time_ns);
    event->depth = depth;
    return true;
}

/* The funding rate may be negative. */
static inline bool fast_signed(fast_t *fast, dec_t *out)
{
    bool negative = SCAN(&fast->scan, "-");
    if (!scan_dec(&fast->scan, out)) {
        return false;
    }
    if (negative) {
        *out = dec_neg(*out);
    }
    return true;
}

/* "markPriceUpdate","E":..,"s":..,"p":..,["ap":..,]"P":..,"i":..,"r":..,["ap":..,]"T":..} */
static bool fast_mark(fast_t *fast, market_event_t *event)
{
    mark_t          mark;
    instrument_id_t id;
    int64_t         time_ns;
    dec_t           settle, average;
    if (!FAST_TIME(fast, "E", &time_ns) || !FAST_COMMA(fast) || !fast_symbol(fast, &id) || !FAST_COMMA(fast) || !FAST_DEC(fast, "p", &mark.mark) ||
        !FAST_COMMA(fast)) {
        return false;
    }
    bool settle_first = FAST_DEC(fast, "P", &settle); /* 2024: P i r; 2026: i P r ap */
    if (settle_first && !FAST_COMMA(fast)) {
        return false;
    }
    if (!FAST_DEC(fast, "i", &mark.index) || !FAST_COMMA(fast) || (!settle_first && !(FAST_DEC(fast, "P", &settle) && FAST_COMMA(fast))) ||
        !SCAN(&fast->scan, "\"r\":\"") || !fast_signed(fast, &mark.funding_rate) || !FAST_COMMA(fast)) {
        return false;
    }
    if (SCAN(&fast->scan, "\"ap\":\"") && !(scan_dec(&fast->scan, &average) && FAST_COMMA(fast))) {
        return false;
    }
    if (!FAST_TIME(fast, "T", &mark.funding_next_ns) || !fast_end(fast) || !is_positive(mark.mark) || time_ns == 0) {
        return false;
    }
    fast_give(fast, event, MARKET_MARK, id, time_ns);
    event->mark = mark;
    return true;
}

typedef bool fast_fn(fast_t *fast, market_event_t *event);

static const struct {
    const char *head; /* what stands after "e":" */
    size_t      length;
    fast_fn    *decode;
} fast_forms[] = {
    {"bookTicker\",", 12, fast_quote},     {"aggTrade\",", 10, fast_aggregate_trade}, {"trade\",", 7, fast_trade},
    {"depthUpdate\",", 13, fast_depth},    {"markPriceUpdate\",", 17, fast_mark},
};

/* Before the closing quote of a stream's name: does it say @depth5, @depth10 or @depth20 (with or without a speed)? */
static bool name_is_partial_depth(str_t name)
{
    while (str_cut(&name, '@').length < SIZE_MAX && name.length > 0) {
        str_t rest = name;
        str_t kind = str_cut(&rest, '@');
        if (str_eq(kind, STR("depth5")) || str_eq(kind, STR("depth10")) || str_eq(kind, STR("depth20"))) {
            return true;
        }
    }
    return false;
}

bool binance_stream_is_partial_depth(str_t name) { return name_is_partial_depth(name); }

static bool fast_envelope(fast_t *fast)
{
    if (!SCAN(&fast->scan, "{\"stream\":\"")) {
        return SCAN(&fast->scan, "{\"e\":\"");
    }
    fast->enveloped = true;
    const char *name = fast->scan.at;
    if (!scan_string_skip(&fast->scan)) {
        return false;
    }
    str_t text = {name, (size_t)(fast->scan.at - 1 - name)};
    if (!SCAN(&fast->scan, ",\"data\":{\"e\":\"")) {
        return false;
    }
    fast->partial_depth = *fast->scan.at == 'd' && name_is_partial_depth(text); /* 'd' of depthUpdate; the literal before proves nothing follows it */
    return true;
}

result_t binance_decode_market_fast(binance_decoder_t *decoder, const char *bytes, size_t length, int64_t received_ns, market_event_t *event)
{
    fast_t fast = {.scan = {bytes, bytes + length}, .decoder = decoder, .received_ns = received_ns};
    if (!fast_envelope(&fast)) {
        return RESULT_UNSUPPORTED;
    }
    for (size_t i = 0; i < sizeof fast_forms / sizeof fast_forms[0]; i++) {
        if (scan_match(&fast.scan, fast_forms[i].head, fast_forms[i].length)) {
            return fast_forms[i].decode(&fast, event) ? RESULT_OK : RESULT_UNSUPPORTED;
        }
    }
    return RESULT_UNSUPPORTED;
}
