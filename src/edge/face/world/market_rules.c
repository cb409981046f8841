/* market_rules.c: the rules of a symbol: what the file says of it, else by the order of its price (market_rules.h). */
#include "edge/face/world/market_rules.h"

#include <stdio.h>
#include <string.h>

/* What a symbol may be priced in; longer names before those that they end in. The smallest order is worth some five dollars. */
static const struct {
    const char *name;
    unsigned notional_places; /* smallest notional 10^-n; 0: 5 */
} quotes[] = {{"USDT", 0}, {"USDC", 0}, {"FDUSD", 0}, {"TUSD", 0}, {"BUSD", 0}, {"USD1", 0}, {"USD", 0}, {"EUR", 0},
              {"GBP", 0},  {"TRY", 0},  {"BRL", 0},   {"JPY", 0},  {"DAI", 0},  {"BTC", 4},  {"ETH", 3}, {"BNB", 2}};
enum { QUOTE_COUNT = sizeof quotes / sizeof quotes[0] };

void market_rules_quotes(char text[RULES_QUOTES_MAX])
{
    text[0] = '\0';
    for (size_t i = 0, at = 0; i < QUOTE_COUNT && at < RULES_QUOTES_MAX; i++)
        at += (size_t)snprintf(text + at, RULES_QUOTES_MAX - at, "%s%s", i > 0 ? ", " : "", quotes[i].name);
}

/* BTCUSDT -> BTC and USDT; nothing when no quote currency that we know ends the name. */
static void split_symbol(instrument_t *rules)
{
    str_t symbol = str_from(rules->symbol);
    for (size_t i = 0; i < QUOTE_COUNT; i++) {
        str_t quote = str_from(quotes[i].name);
        str_t base = {symbol.bytes, symbol.length > quote.length ? symbol.length - quote.length : 0};
        if (base.length == 0 || !str_ends_with(symbol, quote) || str_copy(base, rules->base, sizeof rules->base) != RESULT_OK)
            continue;
        (void)str_copy(quote, rules->quote, sizeof rules->quote);
        (void)str_copy(quote, rules->settle, sizeof rules->settle);
        return;
    }
}

static dec_t quote_notional_min(const char *quote)
{
    size_t i = 0;
    while (i < QUOTE_COUNT && strcmp(quote, quotes[i].name) != 0)
        i++;
    return i < QUOTE_COUNT && quotes[i].notional_places > 0 ? dec_from_scaled(1, quotes[i].notional_places) : dec_from_int(5);
}

/* Published nowhere in the file: what the exchange used for these symbols. */
static dec_t usual_notional_min(const instrument_t *rules)
{
    if (strcmp(rules->symbol, "BTCUSDT") == 0)
        return dec_from_int(100);
    return strcmp(rules->symbol, "ETHUSDT") == 0 ? dec_from_int(20) : quote_notional_min(rules->quote);
}

instrument_t market_rules_empty(str_t symbol)
{
    instrument_t rules = {
        .venue = "BINANCE",
        .kind = INSTRUMENT_PERPETUAL,
        .status = INSTRUMENT_TRADING,
        .band_up = dec_from_scaled(105, 2),
        .band_down = dec_from_scaled(95, 2),
        .contract_size = DEC_ONE,
        .trigger_protect = dec_from_scaled(5, 2),
        .liquidation_fee = dec_from_scaled(125, 4),
    };
    (void)str_copy(symbol, rules.symbol, sizeof rules.symbol);
    split_symbol(&rules);
    return rules;
}

/* What the file does not say of a contract gets its usual value. */
static void complete(instrument_t *rules)
{
    rules->market_step = rules->lot_step;
    rules->market_quantity_min = rules->quantity_min;
    if (dec_sign(rules->market_quantity_max) <= 0)
        rules->market_quantity_max = rules->quantity_max;
    if (dec_sign(rules->notional_min) <= 0)
        rules->notional_min = usual_notional_min(rules);
}

/* A price of 61,800 gets a tick of 0.1, of 2.5 0.0001, of 0.01 0.000001: some four to six significant digits. */
static dec_t tick_for(dec_t price)
{
    unsigned places = 1;
    for (dec_t bound = dec_from_int(10000); places < 8 && dec_lt(price, bound); places++)
        (void)dec_div(bound, dec_from_int(10), DEC_ROUND_DOWN, &bound);
    return dec_from_scaled(1, places);
}

bool market_rules_find(const market_rules_t *rules, const char *symbol, dec_t price, instrument_t *out)
{
    for (uint32_t i = 0; i < rules->count; i++) {
        if (strcmp(rules->items[i].symbol, symbol) == 0) {
            *out = rules->items[i];
            complete(out);
            return true;
        }
    }
    instrument_t made = market_rules_empty(str_from(symbol));
    bool dear = dec_ge(price, dec_from_int(100));
    made.tick_size = tick_for(price);
    made.lot_step = made.quantity_min = dear ? dec_from_scaled(1, 3) : DEC_ONE;
    made.quantity_max = dear ? dec_from_int(10000) : dec_from_int(10000000);
    made.market_step = made.lot_step;
    made.market_quantity_min = made.quantity_min;
    made.market_quantity_max = made.quantity_max;
    made.price_min = made.tick_size;
    made.price_max = dec_from_int(10000000);
    made.notional_min = quote_notional_min(made.quote);
    made.brackets[0] = (leverage_bracket_t){20, DEC_ZERO, dec_from_int(100000), dec_from_scaled(25, 3), DEC_ZERO};
    made.brackets[1] =
        (leverage_bracket_t){10, dec_from_int(100000), dec_from_int(500000), dec_from_scaled(5, 2), dec_from_int(2500)};
    made.brackets[2] =
        (leverage_bracket_t){2, dec_from_int(500000), dec_from_int(100000000), dec_from_scaled(25, 2), dec_from_int(102500)};
    made.bracket_count = 3;
    *out = made;
    return false;
}

static void spot_by_price(dec_t price, instrument_t *rules)
{
    unsigned places = 0;
    dec_t dollars = price; /* in their order */
    (void)dec_mul_div(price, dec_from_int(5), quote_notional_min(rules->quote), DEC_ROUND_DOWN, &dollars);
    for (dec_t bound = DEC_ONE; places < 5 && dec_gt(dollars, bound); places++)
        (void)dec_mul(bound, dec_from_int(10), DEC_ROUND_DOWN, &bound);
    rules->kind = INSTRUMENT_SPOT;
    (void)str_copy(str_from(rules->quote), rules->settle, sizeof rules->settle);
    rules->tick_size = dec_ge(price, dec_from_int(100)) ? dec_from_scaled(1, 2) : tick_for(price);
    rules->price_min = rules->tick_size;
    rules->price_max = dec_from_int(10000000);
    rules->lot_step = rules->quantity_min = dec_from_scaled(1, places);
    rules->quantity_max = dec_ge(price, dec_from_int(100)) ? dec_from_int(9000) : dec_from_int(90000000);
    rules->market_step = rules->market_quantity_min = DEC_ZERO;
    rules->market_quantity_max = rules->quantity_max;
    rules->notional_min = quote_notional_min(rules->quote);
    rules->band_up = dec_from_int(5);
    rules->band_down = dec_from_scaled(2, 1);
    rules->trigger_protect = rules->liquidation_fee = DEC_ZERO;
    rules->bracket_count = 0;
}

static void take_said(dec_t said, dec_t *value)
{
    if (dec_sign(said) > 0)
        *value = said;
}

void market_rules_spot(const market_rules_t *rules, dec_t price, instrument_t *out)
{
    spot_by_price(price, out);
    for (uint32_t i = 0; i < rules->spot_count; i++) {
        const instrument_t *said = &rules->spot[i];
        if (strcmp(said->symbol, out->symbol) != 0)
            continue;
        out->tick_size = out->price_min = said->tick_size;
        out->lot_step = out->quantity_min = said->lot_step;
        take_said(said->price_min, &out->price_min);
        take_said(said->price_max, &out->price_max);
        take_said(said->quantity_min, &out->quantity_min);
        take_said(said->quantity_max, &out->quantity_max);
        out->market_quantity_max = out->quantity_max;
        take_said(said->market_quantity_max, &out->market_quantity_max);
        take_said(said->notional_min, &out->notional_min);
    }
}
