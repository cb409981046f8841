/* exchange_ctl_terms.c: what the house decides about accounts and symbols while it runs: restrictions, bars of leverage, fee tiers,
 * the end of a symbol. */
#include <string.h>

#include "app/exchange_state.h"
#include "edge/face/world/world_spot.h"

/* Words in the order of their enumerations. */
static const char *const restrictions[] = {"none",        "reduce-only",        "no-orders",      "keys-locked",
                                           "cooling-off", "quantitative-rules", "large-position", "region"};
static const char *const bars[] = {"none",    "unverified",       "first-month", "first-days",
                                   "country", "position-service", "symbol",      "region"};

static bool find_word(const char *const *words, size_t count, const char *word, uint32_t *index)
{
    for (uint32_t i = 0; word && i < count; i++) {
        if (strcmp(words[i], word) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

static const world_account_t *named_account(const exchange_t *exchange, const char *name)
{
    for (uint32_t i = 0; name && i < world_account_count(exchange->world); i++) {
        if (strcmp(world_account_at(exchange->world, i)->name, name) == 0)
            return world_account_at(exchange->world, i);
    }
    return NULL;
}

static bool named_symbol(const exchange_t *exchange, const char *symbol, instrument_id_t *id)
{
    const venue_t *venue = world_venue(exchange->world);
    for (uint32_t i = 0; symbol && i < venue_instrument_count(venue); i++) {
        if (strcmp(venue_instrument_at(venue, (instrument_id_t)i)->symbol, symbol) == 0) {
            *id = (instrument_id_t)i;
            return true;
        }
    }
    return false;
}

static int answer(json_writer_t *writer, result_t result)
{
    return result == RESULT_OK ? ctl_agree(writer) : ctl_complain(writer, result_text(result));
}

int exchange_ctl_restrict(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    const world_account_t *account = named_account(exchange, ctl_argument(control, 0));
    uint32_t index = 0;
    if (!account || !find_word(restrictions, sizeof restrictions / sizeof restrictions[0], ctl_argument(control, 1), &index))
        return ctl_complain(writer, "restrict wants an account's name and none, reduce-only, no-orders, keys-locked, cooling-off, "
                                    "quantitative-rules, large-position or region: restrict demo reduce-only");
    return answer(writer, world_restrict(exchange->world, account->account, (venue_restriction_t)index));
}

int exchange_ctl_leverage_bar(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    const world_account_t *account = named_account(exchange, ctl_argument(control, 0));
    uint32_t index = 0;
    if (!account || !find_word(bars, sizeof bars / sizeof bars[0], ctl_argument(control, 1), &index))
        return ctl_complain(writer, "leverage-bar wants an account's name and none, unverified, first-month, first-days, country, "
                                    "position-service, symbol or region: leverage-bar demo country");
    return answer(writer, world_leverage_bar(exchange->world, account->account, (venue_leverage_bar_t)index));
}

int exchange_ctl_fee_tier(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    const world_account_t *account = named_account(exchange, ctl_argument(control, 0));
    const char *text = ctl_argument(control, 1);
    uint64_t tier = 0;
    bool earned = text && str_eq(str_from(text), STR("volume"));
    if (!account || !text || (!earned && (str_to_u64(str_from(text), &tier) != RESULT_OK || tier >= VENUE_FEE_TIERS)))
        return ctl_complain(writer, "fee-tier wants an account's name and a tier from 0 to 9, or volume: fee-tier demo 3");
    if (earned)
        tier = WORLD_TIER_EARNED;
    return answer(writer, world_fee_tier(exchange->world, account->account, (uint32_t)tier));
}

int exchange_ctl_spot_fee(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    const world_account_t *account = named_account(exchange, ctl_argument(control, 0));
    const char *maker_text = ctl_argument(control, 1), *taker_text = ctl_argument(control, 2);
    dec_t maker = DEC_ZERO, taker = DEC_ZERO;
    if (!account || !maker_text || !taker_text || !exchange_read_rate(str_from(maker_text), &maker) ||
        !exchange_read_rate(str_from(taker_text), &taker))
        return ctl_complain(writer, "spot-fee wants an account's name and two rates in per cent: spot-fee demo 0.075 0.1");
    return answer(writer, world_spot_fees(exchange->world, account->account, maker, taker));
}

int exchange_ctl_closing(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    instrument_id_t id = INSTRUMENT_NONE;
    const char *word = ctl_argument(control, 1);
    bool on = word && strcmp(word, "on") == 0;
    if (!named_symbol(exchange, ctl_argument(control, 0), &id) || (!on && (!word || strcmp(word, "off") != 0)))
        return ctl_complain(writer, "closing wants a symbol of this venue and on or off: closing BTCUSDT on");
    return answer(writer, world_only_reduce(exchange->world, id, on));
}

int exchange_ctl_settle(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    instrument_id_t id = INSTRUMENT_NONE;
    dec_t price = DEC_ZERO;
    const char *text = ctl_argument(control, 1);
    if (!named_symbol(exchange, ctl_argument(control, 0), &id) ||
        (text && (dec_parse(text, strlen(text), &price) != RESULT_OK || dec_sign(price) <= 0)))
        return ctl_complain(writer,
                            "settle wants a symbol of this venue and, if not at the index price, a price: settle BTCUSDT 60000");
    return answer(writer, world_deliver(exchange->world, id, price));
}
