/* exchange_setup.c: markets, rules and the start of `patriot exchange`, from the words of its command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/exchange_state.h"
#include "app/nearest.h"
#include "core/base/prng.h"
#include "core/base/time.h"

enum {
    WARM_UP_DAYS = 100,
    KEEP_DAYS = 200,
    REST_DAYS = 1,
    MARKET_FOLDER_PARENTS = 6,
    SOURCE_DEPTH = 3,
};

/* What "bundled" holds and can be traded after a warm-up; BTCUSDT's history in it is too short for daily bars. */
static const char *const bundled_symbols[] = {"ETHUSDT", "XRPUSDT", "BANANAS31USDT"};

/* --- the bundled market ----------------------------------------------------------------------- */

static bool has_rules(const char *folder)
{
    char path[FILE_PATH_MAX];
    return file_path_join(folder, "rules.json", path, sizeof path) == RESULT_OK && access(path, R_OK) == 0;
}

static bool cut_last_segment(char *path)
{
    char *slash = strrchr(path, '/');
    if (!slash || slash == path)
        return false;
    *slash = '\0';
    return true;
}

/* Beside the program or a folder above it (a build in its tree, an installation), or beside the source it was built from. */
static bool find_market_folder(char folder[FILE_PATH_MAX])
{
    static const char *const places[] = {"market", "share/patriot/market"};
    const char *named = getenv("PATRIOT_CANDLES");
    char base[FILE_PATH_MAX] = "";
    if (named && named[0])
        return snprintf(folder, FILE_PATH_MAX, "%s", named) < FILE_PATH_MAX && has_rules(folder);
    ssize_t length = readlink("/proc/self/exe", base, sizeof base - 1);
    if (length < 0)
        return false;
    base[length] = '\0';
    for (int up = 0; up < MARKET_FOLDER_PARENTS && cut_last_segment(base); up++) {
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            if (file_path_join(base, places[i], folder, FILE_PATH_MAX) == RESULT_OK && has_rules(folder))
                return true;
        }
    }
    snprintf(base, sizeof base, "%s", __FILE__);
    for (int up = 0; up < SOURCE_DEPTH; up++) { /* src/app/exchange_setup.c */
        if (!cut_last_segment(base))
            return false;
    }
    return file_path_join(base, "market", folder, FILE_PATH_MAX) == RESULT_OK && has_rules(folder);
}

static bool read_rules(exchange_t *exchange, const char *market_folder, char error[EXCHANGE_ERROR_MAX])
{
    char path[FILE_PATH_MAX];
    if (exchange->options.rules)
        snprintf(path, sizeof path, "%s", exchange->options.rules);
    else if (market_folder[0] == '\0' || file_path_join(market_folder, "rules.json", path, sizeof path) != RESULT_OK)
        return true; /* every symbol gets the rules of a small coin */
    char detail[RULES_ERROR_MAX] = "";
    if (market_rules_read(path, &exchange->rules, detail) == RESULT_OK)
        return true;
    snprintf(error, EXCHANGE_ERROR_MAX, "--rules: %s", detail);
    return false;
}

/* --- markets ---------------------------------------------------------------------------------- */

static void tell_no_market(const char *text, const char *detail, char error[EXCHANGE_ERROR_MAX])
{
    static const char *const kinds[] = {"candles", "stream", "synthetic", "bundled", "usdm", "spot"};
    str_t rest = str_from(text), kind = str_cut(&rest, ':');
    const char *meant = nearest_of(kind, kinds, sizeof kinds / sizeof kinds[0]);
    if (meant && !str_eq(kind, str_from(meant)))
        snprintf(error, EXCHANGE_ERROR_MAX, "--market: %s; did you mean \"%s\"?", detail, meant);
    else
        snprintf(error, EXCHANGE_ERROR_MAX, "--market: %s", detail);
}

static bool add_market_of(exchange_t *exchange, const char *text, instrument_kind_t kind, char error[EXCHANGE_ERROR_MAX])
{
    char detail[MARKET_ERROR_MAX] = "";
    if (exchange->source_count == MARKET_SOURCE_MAX) {
        snprintf(error, EXCHANGE_ERROR_MAX, "--market: at most %d markets", (int)MARKET_SOURCE_MAX);
        return false;
    }
    market_source_t *source = &exchange->sources[exchange->source_count];
    if (market_source_parse(text, source, detail) != RESULT_OK) {
        tell_no_market(text, detail, error);
        return false;
    }
    for (uint32_t i = 0; i < exchange->source_count; i++) {
        if (strcmp(exchange->sources[i].symbol, source->symbol) == 0 && exchange->kinds[i] == kind) {
            snprintf(error, EXCHANGE_ERROR_MAX, "--market: %s is given twice; a symbol has one market", source->symbol);
            return false;
        }
    }
    exchange->kinds[exchange->source_count++] = kind;
    return true;
}

/* A market stands at every face, or at the one that its first word names. */
static bool add_market(exchange_t *exchange, const char *text, char error[EXCHANGE_ERROR_MAX])
{
    static const struct {
        const char *prefix, *face;
        instrument_kind_t kind;
    } products[] = {{"usdm:", "binance-usdm", INSTRUMENT_PERPETUAL}, {"spot:", "binance-spot", INSTRUMENT_SPOT}};
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        size_t length = strlen(products[i].prefix);
        if (strncmp(text, products[i].prefix, length) != 0)
            continue;
        if (exchange_serves(exchange, products[i].kind))
            return add_market_of(exchange, text + length, products[i].kind, error);
        snprintf(error, EXCHANGE_ERROR_MAX, "--market %.200s: there is no such face; add --face %s=HOST:PORT", text,
                 products[i].face);
        return false;
    }
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        if (exchange_serves(exchange, products[i].kind) && !add_market_of(exchange, text, products[i].kind, error))
            return false;
    }
    return true;
}

/* "bundled" or "bundled:ETHUSDT,XRPUSDT" */
static bool add_bundled(exchange_t *exchange, const char *names, const char *folder, char error[EXCHANGE_ERROR_MAX])
{
    char text[FILE_PATH_MAX + 64];
    if (folder[0] == '\0') {
        snprintf(error, EXCHANGE_ERROR_MAX,
                 "--market bundled: the folder with the bundled candles is not found; name it in PATRIOT_CANDLES");
        return false;
    }
    if (*names == '\0') {
        for (size_t i = 0; i < sizeof bundled_symbols / sizeof bundled_symbols[0]; i++) {
            snprintf(text, sizeof text, "candles:%s=%s/BINANCE_%s_1h.csv.gz", bundled_symbols[i], folder, bundled_symbols[i]);
            if (!add_market(exchange, text, error))
                return false;
        }
        return true;
    }
    str_t rest = str_from(names);
    while (rest.length > 0) {
        str_t name = str_cut(&rest, ',');
        snprintf(text, sizeof text, "%s/BINANCE_%.*s_1h.csv.gz", folder, (int)name.length, name.bytes);
        if (access(text, R_OK) != 0) {
            snprintf(error, EXCHANGE_ERROR_MAX, "--market bundled:%.*s: not there; bundled are ETHUSDT, XRPUSDT and BANANAS31USDT",
                     (int)name.length, name.bytes);
            return false;
        }
        snprintf(text, sizeof text, "candles:%.*s=%s/BINANCE_%.*s_1h.csv.gz", (int)name.length, name.bytes, folder,
                 (int)name.length, name.bytes);
        if (!add_market(exchange, text, error))
            return false;
    }
    return true;
}

/* A gap is no error, but whoever starts a market should know where it stands still. */
static void tell_gaps(const market_source_t *source)
{
    char from[TIME_TEXT_MAX], to[TIME_TEXT_MAX];
    if (source->gaps.gaps == 0)
        return;
    time_format(source->gaps.longest_from_ns, 0, from);
    time_format(source->gaps.longest_to_ns, 0, to);
    fprintf(stderr,
            "patriot exchange: %s: %u bars of %s, %llu are missing in %llu gaps, where the market stands still; the longest: %s .. "
            "%s\n",
            source->symbol, source->history.count, timeframe_text(source->history.timeframe), (unsigned long long)source->gaps.bars,
            (unsigned long long)source->gaps.gaps, from, to);
}

static void tell_made_up(const instrument_t *rules)
{
    char tick[DEC_TEXT_MAX], step[DEC_TEXT_MAX];
    dec_format(rules->tick_size, tick);
    dec_format(rules->lot_step, step);
    fprintf(stderr, "patriot exchange: no rules for %s: made up from its price (tick %s, step %s); --rules FILE gives others\n",
            rules->symbol, tick, step);
}

/* A recording of another product of the same name (spot's BTCUSDT) has prices between the ticks of the contract. */
static void take_finer_tick(const market_source_t *source, bool known, instrument_t *rules)
{
    dec_t finer = market_source_price_step(source);
    char tick[DEC_TEXT_MAX];
    if (dec_sign(finer) <= 0 || !dec_lt(finer, rules->tick_size))
        return;
    rules->tick_size = finer;
    dec_format(finer, tick);
    if (known)
        fprintf(stderr, "patriot exchange: %s: the recording has finer prices than the contract: tick %s is used\n", source->symbol,
                tick);
}

static bool load_market(exchange_t *exchange, uint32_t index, char error[EXCHANGE_ERROR_MAX])
{
    market_source_t *source = &exchange->sources[index];
    instrument_t *rules = &exchange->instruments[index];
    char detail[MARKET_ERROR_MAX] = "";
    bool known = market_rules_find(&exchange->rules, source->symbol, market_source_first_price(source), rules);
    if (rules->quote[0] == '\0') {
        char quotes[RULES_QUOTES_MAX];
        market_rules_quotes(quotes);
        snprintf(error, EXCHANGE_ERROR_MAX, "--market: %s does not end in a quote currency known here (%s)", source->symbol,
                 quotes);
        return false;
    }
    if (exchange->kinds[index] == INSTRUMENT_SPOT) {
        market_rules_spot(&exchange->rules, market_source_first_price(source), rules);
        known = true; /* those made by its price are said in docs/venue.md */
    }
    take_finer_tick(source, known, rules);
    source->folder = exchange->options.data;
    if (market_source_load(source, rules, detail) != RESULT_OK) {
        snprintf(error, EXCHANGE_ERROR_MAX, "--market: %s", detail);
        return false;
    }
    if (!known)
        tell_made_up(rules);
    tell_gaps(source);
    if (source->volumes_cut > 0)
        fprintf(stderr, "patriot exchange: %s: %llu bars have a volume above %lld units and are cut to it\n", source->symbol,
                (unsigned long long)source->volumes_cut, (long long)MARKET_BAR_VOLUME_MAX);
    return true;
}

bool exchange_read_markets(exchange_t *exchange, char error[EXCHANGE_ERROR_MAX])
{
    char folder[FILE_PATH_MAX] = "";
    const argument_list_t *markets = &exchange->options.markets;
    if (!find_market_folder(folder))
        folder[0] = '\0';
    if (!read_rules(exchange, folder, error))
        return false;
    bool ok = markets->count > 0 || add_bundled(exchange, "", folder, error);
    for (size_t i = 0; ok && i < markets->count; i++) {
        const char *text = markets->values[i];
        if (strcmp(text, "bundled") == 0)
            ok = add_bundled(exchange, "", folder, error);
        else if (strncmp(text, "bundled:", 8) == 0)
            ok = add_bundled(exchange, text + 8, folder, error);
        else
            ok = add_market(exchange, text, error);
    }
    for (uint32_t i = 0; ok && i < exchange->source_count; i++)
        ok = load_market(exchange, i, error);
    return ok;
}

/* --- the start -------------------------------------------------------------------------------- */

typedef struct {
    int64_t first_ns, last_ns; /* the stretch that all histories share */
    int64_t stream_ns;         /* first recorded event; INT64_MAX: none */
    uint32_t histories;
} stretch_t;

static stretch_t shared_stretch(const exchange_t *exchange)
{
    stretch_t stretch = {.first_ns = 0, .last_ns = INT64_MAX, .stream_ns = INT64_MAX};
    for (uint32_t i = 0; i < exchange->source_count; i++) {
        const market_source_t *source = &exchange->sources[i];
        if (source->kind == MARKET_FROM_STREAM && source->first_ns < stretch.stream_ns)
            stretch.stream_ns = source->first_ns;
        if (source->kind != MARKET_FROM_CANDLES)
            continue;
        stretch.histories++;
        stretch.first_ns = source->first_ns > stretch.first_ns ? source->first_ns : stretch.first_ns;
        stretch.last_ns = source->last_ns < stretch.last_ns ? source->last_ns : stretch.last_ns;
    }
    return stretch;
}

/* Enough history before it for daily bars, and at least half of what is left after it to trade in. */
static int64_t start_by_seed(uint64_t seed, const stretch_t *stretch)
{
    int64_t from = stretch->first_ns + WARM_UP_DAYS * NS_PER_DAY, to = stretch->last_ns - REST_DAYS * NS_PER_DAY;
    if (from >= to) {
        from = stretch->first_ns + (stretch->last_ns - stretch->first_ns) / 4;
        fprintf(stderr, "patriot exchange: the histories share less than %d days: daily bars cannot warm up\n", (int)WARM_UP_DAYS);
        return time_floor(from, NS_PER_HOUR);
    }
    prng_t prng;
    prng_seed(&prng, seed);
    uint64_t hours = (uint64_t)((to - from) / 2 / NS_PER_HOUR) + 1;
    return time_floor(from, NS_PER_HOUR) + (int64_t)prng_below(&prng, hours) * NS_PER_HOUR;
}

/* On to the first moment at which a bar opens in every history: not into a gap, nor into the middle of a day of daily bars. */
static int64_t start_at_bars(const exchange_t *exchange, int64_t start_ns)
{
    int64_t at_ns = start_ns, before_ns = 0;
    while (at_ns != before_ns) {
        before_ns = at_ns;
        for (uint32_t i = 0; i < exchange->source_count && at_ns != INT64_MAX; i++) {
            if (exchange->sources[i].kind == MARKET_FROM_CANDLES)
                at_ns = market_source_opening(&exchange->sources[i], at_ns);
        }
    }
    return at_ns == INT64_MAX ? start_ns : at_ns;
}

bool exchange_choose_start(exchange_t *exchange, int64_t *start_ns, char error[EXCHANGE_ERROR_MAX])
{
    const char *text = exchange->options.start;
    stretch_t stretch = shared_stretch(exchange);
    if (text && strcmp(text, "seed") != 0) {
        char day[TIME_TEXT_MAX];
        bool date_only = strlen(text) == 10;
        snprintf(day, sizeof day, "%.20s%s", text, date_only ? "T00:00:00Z" : "");
        if (time_parse(day, strlen(day), start_ns) != RESULT_OK) {
            snprintf(error, EXCHANGE_ERROR_MAX, "--start wants a UTC time such as 2025-10-01T00:00:00Z, or seed, not %.60s", text);
            return false;
        }
        if (stretch.histories > 0 && (*start_ns < stretch.first_ns || *start_ns >= stretch.last_ns)) {
            char from[TIME_TEXT_MAX], to[TIME_TEXT_MAX];
            time_format(stretch.first_ns, 0, from);
            time_format(stretch.last_ns, 0, to);
            snprintf(error, EXCHANGE_ERROR_MAX, "--start %.60s lies outside what the histories share: %s .. %s", text, from, to);
            return false;
        }
    } else if (stretch.histories > 0) {
        *start_ns = start_at_bars(exchange, start_by_seed(exchange->options.seed, &stretch));
    } else if (stretch.stream_ns != INT64_MAX) {
        *start_ns = time_floor(stretch.stream_ns, NS_PER_MS);
    } else if (time_parse("2026-01-01T00:00:00Z", 20, start_ns) != RESULT_OK) {
        return false;
    }
    for (uint32_t i = 0; i < exchange->source_count; i++) {
        if (exchange->sources[i].kind == MARKET_FROM_CANDLES)
            market_source_trim(&exchange->sources[i], *start_ns - KEEP_DAYS * NS_PER_DAY);
    }
    return true;
}
