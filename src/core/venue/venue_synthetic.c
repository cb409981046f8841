/* venue_synthetic.c: a made-up market, seeded. Log-price walks with a variance that clusters (GARCH(1,1): alpha 0.10, beta 0.88)
 * and now and then jumps; the contract trades off the index by a premium that wanders back to nothing over some hours, which makes
 * basis and funding; each step prints a trade.
 *
 * Doubles make the price, as chance; from the first tick on everything is exact. fmath and prng give the same bits everywhere.
 */
#include <math.h>

#include "core/base/fmath.h"
#include "core/venue/venue_parts.h"

/* The premium's usual size, and how long it lasts. */
#define PREMIUM_SIZE     0.0005
#define PREMIUM_LASTS_NS (4 * NS_PER_HOUR)

result_t venue_market_synthetic(venue_t *venue, instrument_id_t id, const venue_synthetic_t *parameters)
{
    int64_t price8, volume8;
    bool sane = id < venue->instrument_count && to8(parameters->price, &price8) && to8(parameters->volume_day, &volume8) &&
                price8 > 0 && volume8 > 0 && parameters->step_ns >= 100 * NS_PER_MS && parameters->step_ns <= NS_PER_DAY &&
                parameters->volatility_day >= 0 && parameters->volatility_day < 2 && parameters->jumps_day >= 0 &&
                parameters->jumps_day < 1000 && parameters->jump_size >= 0 && parameters->jump_size < 0.5;
    if (!sane) {
        return RESULT_BAD_ARGUMENT;
    }
    instrument_rec_t *instrument = instrument_of(venue, id);
    if (instrument->market != VENUE_MARKET_NONE) {
        return RESULT_BAD_STATE;
    }
    synthetic_rec_t *market = &instrument->synthetic;
    double steps_day = (double)NS_PER_DAY / (double)parameters->step_ns;
    prng_seed(&market->prng, hash_u64(venue->seed, id));
    market->log_price = fmath_log((double)price8 / 1e8);
    market->variance_mean = parameters->volatility_day * parameters->volatility_day / steps_day;
    market->variance = market->variance_mean;
    market->jump_chance = parameters->jumps_day / steps_day;
    market->jump_size = parameters->jump_size;
    market->volume_step = (double)volume8 / 1e8 / steps_day;
    market->premium_keep = fmath_exp(-(double)parameters->step_ns / (double)PREMIUM_LASTS_NS);
    market->premium_step = PREMIUM_SIZE * sqrt(1.0 - market->premium_keep * market->premium_keep);
    market->step_ns = parameters->step_ns;
    market->next_ns = time_floor(venue->now_ns, parameters->step_ns) + parameters->step_ns;
    instrument->market = VENUE_MARKET_SYNTHETIC;
    int64_t start8 = max8(price8 / instrument->tick8, 1) * instrument->tick8;
    market_price_set(venue, id, start8, start8, start8);
    return RESULT_OK;
}

static double next_price(synthetic_rec_t *market)
{
    double move = prng_normal(&market->prng) * sqrt(market->variance);
    market->variance = 0.02 * market->variance_mean + 0.10 * move * move + 0.88 * market->variance;
    if (prng_chance(&market->prng, market->jump_chance)) {
        move += prng_normal(&market->prng) * market->jump_size;
    }
    market->log_price += move;
    double bound = 24; /* e^24: prices stay in the machine's range whatever is drawn */
    market->log_price = market->log_price > bound ? bound : market->log_price < -16 ? -16 : market->log_price;
    return fmath_exp(market->log_price);
}

static int64_t on_grid8(double value, int64_t grid8)
{
    int64_t units = (int64_t)(value * 1e8 / (double)grid8 + 0.5);
    return max8(units, 1) * grid8;
}

/* Median of three, as the exchange makes its mark price. */
static int64_t middle_of8(int64_t a, int64_t b, int64_t c)
{
    return max8(min8(a, b), min8(max8(a, b), c));
}

/* The exchange's rule: the median of index with the funding to come, index with the basis of the last half minute, and contract. */
static int64_t synthetic_mark8(venue_t *venue, uint32_t id, int64_t index8, int64_t price8)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    if (is_spot(instrument)) {
        return index8;
    }
    int64_t left_ns = max8(0, instrument->funding_next_ns - venue->now_ns);
    int64_t carry8 =
        instrument->street.funding_ns == 0
            ? 0
            : rate_of16((cost16_t)index8 * left_ns / instrument->street.funding_ns * VENUE_E8, instrument->funding_rate8);
    figures_note_basis(venue, id, price8 - index8);
    return middle_of8(index8 + carry8, index8 + figures_basis8(venue, id), price8);
}

static void resting_reached(venue_t *venue, const venue_sink_t *sink, uint32_t id, int64_t budget8)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    for (uint32_t side = 0; side < 2; side++) {
        for (;;) {
            uint32_t level;
            int64_t best8 = street_users_best8(venue, instrument, (venue_side_t)side, &level);
            bool reached = best8 > 0 && (side == VENUE_BUY ? best8 >= instrument->price8 : best8 <= instrument->price8);
            if (!reached || budget8 <= 0) {
                break;
            }
            int64_t shown8 = order_shown8(venue, level_of(venue, level)->head);
            match_from_street(venue, sink, level_of(venue, level)->head, budget8);
            budget8 -= min8(shown8, budget8);
        }
    }
}

void synthetic_step(venue_t *venue, const venue_sink_t *sink, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    synthetic_rec_t *market = &instrument->synthetic;
    market->next_ns += market->step_ns;
    double index = next_price(market);
    market->premium = market->premium_keep * market->premium + market->premium_step * prng_normal(&market->prng);
    int64_t index8 = on_grid8(index, 1);
    int64_t price8 = on_grid8(index * (1.0 + market->premium), instrument->tick8);
    int64_t mark8 = synthetic_mark8(venue, id, index8, price8);
    bool down = price8 < instrument->price8;
    int64_t volume8 = on_grid8(market->volume_step * (0.25 + 1.5 * prng_unit(&market->prng)), instrument->step8);
    (void)match_public_trade(venue, sink, id, price8, volume8, down);
    market_price_set(venue, id, price8, index8, mark8);
    figures_take(venue, id);
    if (instrument->rules.status == INSTRUMENT_TRADING) {
        int64_t budget8 = rate_of16((cost16_t)volume8 * VENUE_E8, instrument->street.participation8);
        resting_reached(venue, sink, id, max8(budget8 / instrument->step8, 1) * instrument->step8);
        market_react(venue, sink, id);
    }
    market_publish(venue, sink, id);
}
