/* market_source.c: see market_source.h. Names, candle files, memory; recorded streams stand in stream_file.c. */
#include "edge/face/world/market_source.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/hash.h"
#include "core/base/time.h"
#include "edge/store/candle_reader.h"
#include "edge/store/file.h"

enum { BARS_LOOKED_AT = 512, EVENTS_LOOKED_AT = 5000 };

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The next run of letters and digits; empty at the end. */
static str_t next_word(str_t *rest)
{
    while (rest->length > 0 && !isalnum((unsigned char)rest->bytes[0])) {
        rest->bytes++;
        rest->length--;
    }
    str_t word = {rest->bytes, 0};
    while (rest->length > 0 && isalnum((unsigned char)rest->bytes[0])) {
        word.length++;
        rest->bytes++;
        rest->length--;
    }
    return word;
}

static void upper_copy(str_t word, char *out, size_t capacity)
{
    size_t i = 0;
    for (; i < word.length && i + 1 < capacity; i++)
        out[i] = (char)toupper((unsigned char)word.bytes[i]);
    out[i] = '\0';
}

static bool ends_with_quote(const char *word, bool *whole)
{
    static const char *const quotes[] = {"USDT", "USDC", "BUSD", "USD"};
    size_t length = strlen(word);
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
        size_t quote = strlen(quotes[i]);
        if (length >= quote && strcmp(word + length - quote, quotes[i]) == 0) {
            *whole = length == quote;
            return true;
        }
    }
    return false;
}

result_t market_symbol_from_path(const char *path, char symbol[SYMBOL_TEXT_MAX])
{
    str_t rest = str_from(base_name(path));
    char previous[SYMBOL_TEXT_MAX] = "";
    for (str_t word = next_word(&rest); word.length > 0; word = next_word(&rest)) {
        char upper[SYMBOL_TEXT_MAX];
        bool whole = false;
        upper_copy(word, upper, sizeof upper);
        if (ends_with_quote(upper, &whole)) {
            char joined[2 * SYMBOL_TEXT_MAX];
            snprintf(joined, sizeof joined, "%s%s", whole ? previous : "", upper);
            if (!whole || previous[0] != '\0')
                return str_copy(str_from(joined), symbol, SYMBOL_TEXT_MAX) == RESULT_OK ? RESULT_OK : RESULT_NOT_FOUND;
        }
        snprintf(previous, sizeof previous, "%s", upper);
    }
    return RESULT_NOT_FOUND;
}

timeframe_t market_timeframe_from_path(const char *path)
{
    str_t rest = str_from(base_name(path));
    for (str_t word = next_word(&rest); word.length > 0; word = next_word(&rest)) {
        timeframe_t timeframe;
        if (timeframe_parse(word, &timeframe) == RESULT_OK)
            return timeframe;
    }
    return TF_COUNT;
}

/* Its messages say which symbol a recording holds; where they name several, the user or the file's name does. */
static result_t choose_recorded(market_source_t *source, bool named, char error[MARKET_ERROR_MAX])
{
    char others[256];
    if (!named)
        (void)market_symbol_from_path(source->path, source->symbol);
    if (stream_symbol_choose(source->path, source->symbol, &source->recorded, others, sizeof others) == RESULT_OK) {
        if (!named && source->recorded.name[0] != '\0')
            memcpy(source->symbol, source->recorded.name, sizeof source->symbol);
        return RESULT_OK;
    }
    snprintf(error, MARKET_ERROR_MAX, "%.150s holds several symbols (%s): write SYMBOL=FILE with one of them", source->path,
             others);
    return RESULT_MALFORMED;
}

/* "SYMBOL=FILE" or "FILE". */
static result_t parse_file(str_t text, market_source_t *source, char error[MARKET_ERROR_MAX])
{
    str_t rest = text;
    str_t symbol = str_cut(&rest, '=');
    bool named = symbol.length < text.length && memchr(symbol.bytes, '/', symbol.length) == NULL;
    str_t path = named ? rest : text;
    if (path.length == 0 || str_copy(path, source->path, sizeof source->path) != RESULT_OK) {
        snprintf(error, MARKET_ERROR_MAX, "no file is named in \"%.*s\"", (int)text.length, text.bytes);
        return RESULT_MALFORMED;
    }
    named = named && symbol.length < SYMBOL_TEXT_MAX;
    if (named)
        upper_copy(symbol, source->symbol, sizeof source->symbol);
    if (source->kind == MARKET_FROM_STREAM && choose_recorded(source, named, error) != RESULT_OK)
        return RESULT_MALFORMED;
    if (source->symbol[0] != '\0' || market_symbol_from_path(source->path, source->symbol) == RESULT_OK)
        return RESULT_OK;
    struct stat status;
    if (stat(source->path, &status) != 0) {
        snprintf(error, MARKET_ERROR_MAX, "%.400s: %s", source->path, result_text(file_result_from_errno(errno)));
        return RESULT_MALFORMED;
    }
    if (source->kind == MARKET_FROM_STREAM && stream_file_check(source->path, error) != RESULT_OK)
        return RESULT_MALFORMED; /* that is why its messages tell nothing */
    snprintf(error, MARKET_ERROR_MAX, "%sthe file name %.300s does not say which symbol it holds: write SYMBOL=FILE",
             source->kind == MARKET_FROM_STREAM ? "no message of it names a symbol, and " : "", source->path);
    return RESULT_MALFORMED;
}

static bool is_symbol(str_t text)
{
    bool good = text.length > 0 && text.length < SYMBOL_TEXT_MAX;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.bytes[i];
        good = good && (isalnum(c) || (c != '\0' && strchr("-._", c)) || c >= 0x80);
    }
    return good;
}

static result_t parse_synthetic(str_t text, market_source_t *source, char error[MARKET_ERROR_MAX])
{
    str_t rest = text;
    str_t symbol = str_cut(&rest, '=');
    dec_t price = dec_from_int(100);
    if (!is_symbol(symbol) ||
        (rest.length > 0 && (dec_parse(rest.bytes, rest.length, &price) != RESULT_OK || dec_sign(price) <= 0))) {
        snprintf(error, MARKET_ERROR_MAX, "synthetic wants SYMBOL or SYMBOL=PRICE, not \"%.*s\"", (int)text.length, text.bytes);
        return RESULT_MALFORMED;
    }
    upper_copy(symbol, source->symbol, sizeof source->symbol);
    source->synthetic =
        (venue_synthetic_t){.price = price, .volatility_day = 0.04, .jumps_day = 0.5, .jump_size = 0.02, .step_ns = NS_PER_S};
    /* Some fifty million quote units a day, whatever the price. */
    (void)dec_div(dec_from_int(50000000), price, DEC_ROUND_DOWN, &source->synthetic.volume_day);
    (void)dec_quantise(source->synthetic.volume_day, dec_from_scaled(1, 8), DEC_ROUND_DOWN, &source->synthetic.volume_day);
    return RESULT_OK;
}

result_t market_source_parse(const char *text, market_source_t *source, char error[MARKET_ERROR_MAX])
{
    market_source_t parsed = {0};
    str_t rest = str_from(text);
    str_t kind = str_cut(&rest, ':');
    result_t result = RESULT_MALFORMED;
    if (str_eq(kind, STR("candles"))) {
        parsed.kind = MARKET_FROM_CANDLES;
        result = parse_file(rest, &parsed, error);
    } else if (str_eq(kind, STR("stream"))) {
        parsed.kind = MARKET_FROM_STREAM;
        result = parse_file(rest, &parsed, error);
    } else if (str_eq(kind, STR("synthetic"))) {
        parsed.kind = MARKET_FROM_CHANCE;
        result = parse_synthetic(rest, &parsed, error);
    } else {
        snprintf(error, MARKET_ERROR_MAX,
                 "\"%.*s\" is no market; there are candles:FILE, stream:FILE, synthetic:SYMBOL and bundled", (int)kind.length,
                 kind.bytes);
    }
    if (result == RESULT_OK)
        *source = parsed;
    return result;
}

static dec_t on_grid(dec_t value, dec_t step, dec_round_t round)
{
    dec_t rounded = value;
    (void)dec_quantise(value, step, round, &rounded);
    return dec_sign(rounded) > 0 ? rounded : step;
}

/* Published bars lie off the contract's tick here and there (averaged or of another product): a market can only be made of prices
 * on it. */
static void put_on_tick(candle_t *bar, const instrument_t *rules)
{
    bar->open = on_grid(bar->open, rules->tick_size, DEC_ROUND_HALF_EVEN);
    bar->close = on_grid(bar->close, rules->tick_size, DEC_ROUND_HALF_EVEN);
    bar->high = dec_max(on_grid(bar->high, rules->tick_size, DEC_ROUND_HALF_EVEN), dec_max(bar->open, bar->close));
    bar->low = dec_min(on_grid(bar->low, rules->tick_size, DEC_ROUND_HALF_EVEN), dec_min(bar->open, bar->close));
    bar->volume = dec_min(bar->volume, dec_from_int(MARKET_BAR_VOLUME_MAX));
    (void)dec_quantise(bar->volume, rules->lot_step, DEC_ROUND_DOWN, &bar->volume);
    (void)dec_quantise(bar->quote_volume, dec_from_scaled(1, 8), DEC_ROUND_DOWN, &bar->quote_volume);
}

/* The longest timeframe on whose grid the first bars stand: that of a file whose name does not say it. */
static result_t timeframe_by_bars(const market_source_t *source, timeframe_t *timeframe, char error[MARKET_ERROR_MAX])
{
    candle_reader_t *reader = NULL;
    result_t result = candle_reader_open(source->path, TF_1M, &reader, error);
    if (result != RESULT_OK)
        return result;
    candle_t bar;
    int64_t last_ns = 0, shortest_ns = INT64_MAX;
    bool on_grid[TF_COUNT];
    memset(on_grid, true, sizeof on_grid);
    uint32_t count = 0;
    while (count < BARS_LOOKED_AT && (result = candle_reader_next(reader, &bar, NULL)) == RESULT_OK) {
        if (count++ > 0 && bar.open_ns - last_ns < shortest_ns)
            shortest_ns = bar.open_ns - last_ns;
        last_ns = bar.open_ns;
        for (int each = 0; each < TF_COUNT; each++)
            on_grid[each] = on_grid[each] && timeframe_open((timeframe_t)each, bar.open_ns) == bar.open_ns;
    }
    if (result != RESULT_OK && result != RESULT_EMPTY)
        snprintf(error, MARKET_ERROR_MAX, "%s", candle_reader_error(reader));
    candle_reader_close(reader);
    if (result != RESULT_OK && result != RESULT_EMPTY)
        return result;
    *timeframe = TF_1M;
    for (int each = 0; count > 1 && each < TF_COUNT; each++) {
        if (on_grid[each] && timeframe_length_ns((timeframe_t)each) <= shortest_ns)
            *timeframe = (timeframe_t)each;
    }
    return RESULT_OK;
}

static void count_gap(market_source_t *source, int64_t from_ns, int64_t to_ns, uint64_t missing)
{
    if (missing == 0)
        return;
    source->gaps.gaps++;
    source->gaps.bars += missing;
    if (to_ns - from_ns > source->gaps.longest_ns) {
        source->gaps.longest_ns = to_ns - from_ns;
        source->gaps.longest_from_ns = from_ns;
        source->gaps.longest_to_ns = to_ns;
    }
}

static result_t take_bar(market_source_t *source, const instrument_t *rules, candle_t *bar, uint64_t missing)
{
    count_gap(source, source->last_ns, bar->open_ns, missing);
    source->digest = hash_u64(source->digest, (uint64_t)bar->open_ns);
    source->digest = hash_u64(source->digest, (uint64_t)bar->close.units);
    source->volumes_cut += dec_gt(bar->volume, dec_from_int(MARKET_BAR_VOLUME_MAX)) ? 1 : 0;
    put_on_tick(bar, rules);
    if (market_bars_count(source->bars) == 0)
        source->first_ns = bar->open_ns;
    source->last_ns = timeframe_next(source->history.timeframe, bar->open_ns);
    return market_bars_append(source->bars, bar);
}

static const candle_t *bar_of(void *bars, uint32_t at)
{
    return market_bars_at(bars, at);
}

static result_t complain_room(const market_source_t *source, result_t result, char error[MARKET_ERROR_MAX])
{
    snprintf(error, MARKET_ERROR_MAX, "%.200s: its bars cannot be kept in %.200s: %s; make room there, or name another folder (%s)",
             source->path, source->folder ? source->folder : "the folder for temporary files", result_text(result),
             source->folder ? "--data" : "TMPDIR");
    return result;
}

static result_t load_candles(market_source_t *source, const instrument_t *rules, char error[MARKET_ERROR_MAX])
{
    candle_reader_t *reader = NULL;
    timeframe_t timeframe = market_timeframe_from_path(source->path);
    uint64_t missing = 0;
    candle_t bar;
    result_t result = timeframe != TF_COUNT ? RESULT_OK : timeframe_by_bars(source, &timeframe, error);
    if (result == RESULT_OK)
        result = candle_reader_open(source->path, timeframe, &reader, error);
    if (result != RESULT_OK)
        return result;
    source->history.timeframe = timeframe;
    result_t kept = market_bars_create(source->folder, &source->bars);
    while (kept == RESULT_OK && (result = candle_reader_next(reader, &bar, &missing)) == RESULT_OK)
        kept = take_bar(source, rules, &bar, missing);
    if (kept == RESULT_OK)
        kept = market_bars_finish(source->bars);
    if (result != RESULT_OK && result != RESULT_EMPTY)
        snprintf(error, MARKET_ERROR_MAX, "%s", candle_reader_error(reader));
    candle_reader_close(reader);
    if (kept != RESULT_OK)
        return complain_room(source, kept, error);
    if (result != RESULT_EMPTY)
        return result;
    uint32_t count = market_bars_count(source->bars);
    if (count < 2) {
        snprintf(error, MARKET_ERROR_MAX,
                 "%.300s: holds fewer than two bars: %s under its header; a market is made from two or more", source->path,
                 count == 0 ? "none" : "one");
        return RESULT_EMPTY;
    }
    source->history = (venue_history_t){.timeframe = timeframe, .count = count, .bar = bar_of, .context = source->bars};
    return RESULT_OK;
}

static result_t load_stream(market_source_t *source, char error[MARKET_ERROR_MAX])
{
    struct stat status;
    if (stat(source->path, &status) != 0) {
        snprintf(error, MARKET_ERROR_MAX, "%.400s: cannot be opened", source->path);
        return RESULT_NOT_FOUND;
    }
    source->digest = hash_u64(1, (uint64_t)status.st_size);
    result_t result = stream_file_check(source->path, error);
    if (result == RESULT_OK)
        result = stream_file_open(source->path, &source->recorded, 0, &source->stream, error);
    if (result != RESULT_OK)
        return result;
    const market_event_t *first = stream_file_peek(source->stream);
    if (!first) {
        snprintf(error, MARKET_ERROR_MAX, "%.380s: no market event in it (lines are \"<local ns> <message>\")", source->path);
        return RESULT_EMPTY;
    }
    source->first_ns = first->time_ns;
    return RESULT_OK;
}

dec_t market_source_first_price(const market_source_t *source)
{
    char error[MARKET_ERROR_MAX];
    dec_t price = dec_from_int(100);
    candle_reader_t *reader = NULL;
    stream_file_t *stream = NULL;
    candle_t bar;
    if (source->kind == MARKET_FROM_CHANCE)
        return source->synthetic.price;
    if (source->kind == MARKET_FROM_CANDLES) {
        if (candle_reader_open(source->path, TF_1M, &reader, error) == RESULT_OK &&
            candle_reader_next(reader, &bar, NULL) == RESULT_OK)
            price = bar.open;
        candle_reader_close(reader);
        return price;
    }
    if (stream_file_open(source->path, &source->recorded, 0, &stream, error) != RESULT_OK)
        return price;
    for (const market_event_t *event = stream_file_peek(stream); event; event = stream_file_peek(stream)) {
        if (event->kind == MARKET_QUOTE || event->kind == MARKET_TRADE) {
            price = event->kind == MARKET_QUOTE ? event->quote.bid : event->trade.price;
            break;
        }
        stream_file_take(stream);
    }
    stream_file_close(stream);
    return price;
}

/* The finest power of ten, at most `step`, on whose grid the price lies. */
static dec_t step_of(dec_t price, unsigned *places)
{
    dec_t step = dec_from_scaled(1, *places), rounded;
    while (*places < 8 && (dec_quantise(price, step, DEC_ROUND_DOWN, &rounded) != RESULT_OK || !dec_eq(rounded, price)))
        step = dec_from_scaled(1, ++*places);
    return step;
}

dec_t market_source_price_step(const market_source_t *source)
{
    char error[MARKET_ERROR_MAX];
    stream_file_t *stream = NULL;
    unsigned places = 0;
    dec_t step = DEC_ZERO;
    if (source->kind != MARKET_FROM_STREAM || stream_file_open(source->path, &source->recorded, 0, &stream, error) != RESULT_OK)
        return step;
    const market_event_t *event = stream_file_peek(stream);
    for (unsigned i = 0; event && i < EVENTS_LOOKED_AT; i++) {
        if (event->kind == MARKET_QUOTE) {
            (void)step_of(event->quote.bid, &places);
            step = step_of(event->quote.ask, &places);
        } else if (event->kind == MARKET_TRADE) {
            step = step_of(event->trade.price, &places);
        }
        stream_file_take(stream);
        event = stream_file_peek(stream);
    }
    stream_file_close(stream);
    return step;
}

/* A market outside the prices its rules allow would take no limit order. */
static result_t load_synthetic(market_source_t *source, const instrument_t *rules, char error[MARKET_ERROR_MAX])
{
    dec_t price = source->synthetic.price;
    source->digest = hash_bytes(2, source->symbol, strlen(source->symbol));
    if (!dec_lt(price, rules->price_min) && (dec_is_zero(rules->price_max) || !dec_gt(price, rules->price_max)))
        return RESULT_OK;
    char texts[3][DEC_TEXT_MAX];
    dec_format(price, texts[0]);
    dec_format(rules->price_min, texts[1]);
    dec_format(rules->price_max, texts[2]);
    snprintf(error, MARKET_ERROR_MAX, "%s begins at %s, and its rules allow %s to %s: write synthetic:%s=PRICE", source->symbol,
             texts[0], texts[1], texts[2], source->symbol);
    return RESULT_MALFORMED;
}

result_t market_source_load(market_source_t *source, const instrument_t *rules, char error[MARKET_ERROR_MAX])
{
    switch (source->kind) {
    case MARKET_FROM_CANDLES:
        return load_candles(source, rules, error);
    case MARKET_FROM_STREAM:
        return load_stream(source, error);
    case MARKET_FROM_CHANCE:
        return load_synthetic(source, rules, error);
    }
    return RESULT_BAD_ARGUMENT;
}

uint32_t market_source_from(const market_source_t *source, int64_t from_ns)
{
    uint32_t low = 0, high = source->history.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const candle_t *bar = market_bars_at(source->bars, middle);
        if (!bar || bar->open_ns < from_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int64_t market_source_opening(const market_source_t *source, int64_t from_ns)
{
    uint32_t at = market_source_from(source, from_ns);
    const candle_t *bar = at < source->history.count ? market_bars_at(source->bars, at) : NULL;
    return bar ? bar->open_ns : INT64_MAX;
}

void market_source_trim(market_source_t *source, int64_t from_ns)
{
    uint32_t first = market_source_from(source, from_ns);
    if (first >= source->history.count)
        first = source->history.count - 1;
    const candle_t *bar = market_bars_at(source->bars, first);
    if (!bar)
        return;
    source->first_ns = bar->open_ns;
    source->history.count -= first;
    market_bars_forget(source->bars, first);
}

void market_source_release(market_source_t *source)
{
    market_bars_close(source->bars);
    stream_file_close(source->stream);
    *source = (market_source_t){0};
}
