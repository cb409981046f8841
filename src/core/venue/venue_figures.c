/* venue_figures.c: bars of mark, index and premium, and what funding makes of the premium.
 *
 * Premium index = (max(0, impact bid - index) - max(0, index - impact ask)) / index; the impact price is the average at which the
 * impact notional, 200 USD at the highest leverage, trades against the book. It is taken every 5 seconds; for funding later ones
 * weigh more, the n-th of the interval n times (the exchange's published formula). Kept are synthetic markets and recorded streams:
 * in a candle market mark and index are the contract's own price, and there is no premium.
 */
#include "core/venue/venue_parts.h"

enum { IMPACT_MARGIN = 200 };
#define PREMIUM_NS (5 * NS_PER_S)

static bool has_premium(const instrument_rec_t *instrument)
{
    return !is_spot(instrument) && (instrument->market == VENUE_MARKET_SYNTHETIC || instrument->market == VENUE_MARKET_STREAM);
}

static figures_rec_t *figures_of(const venue_t *venue, uint32_t id)
{
    return &figures_table(venue)[id];
}

/* --- bars ------------------------------------------------------------------------------------- */

static figure_bar_t *ring_of(const venue_t *venue, uint32_t id, uint32_t figure, uint32_t timeframe)
{
    return &figure_bars_table(
        venue)[(((size_t)id * VENUE_FIGURE_COUNT + figure) * TF_COUNT + timeframe) * venue->bounds.figure_history];
}

static void bar_take(venue_t *venue, uint32_t id, uint32_t figure, uint32_t timeframe, int64_t value8)
{
    uint32_t *count = &figures_of(venue, id)->bar_count[figure][timeframe];
    figure_bar_t *ring = ring_of(venue, id, figure, timeframe);
    figure_bar_t *bar = *count > 0 ? &ring[(*count - 1) % venue->bounds.figure_history] : NULL;
    if (bar == NULL || venue->event_ns >= timeframe_next((timeframe_t)timeframe, bar->open_ns)) {
        bar = &ring[(*count)++ % venue->bounds.figure_history];
        *bar = (figure_bar_t){
            .open_ns = timeframe_open((timeframe_t)timeframe, venue->event_ns), .open8 = value8, .high8 = value8, .low8 = value8};
    }
    bar->high8 = max8(bar->high8, value8);
    bar->low8 = min8(bar->low8, value8);
    bar->close8 = value8;
    bar->samples++;
}

static void figure_take(venue_t *venue, uint32_t id, venue_figure_t figure, int64_t value8)
{
    for (uint32_t timeframe = 0; timeframe < TF_COUNT && venue->bounds.figure_history > 0; timeframe++) {
        bar_take(venue, id, figure, timeframe, value8);
    }
}

/* --- the premium ------------------------------------------------------------------------------ */

/* The average price of trading `notional16` against a side of the book, or against all of it when it holds less; 0: it is empty. */
static int64_t impact8(const venue_t *venue, const instrument_rec_t *instrument, venue_side_t side, cost16_t notional16)
{
    cost16_t left16 = notional16;
    int128_t quantity16 = 0; /* in 10^-16: the last part is no whole step */
    for (uint32_t at = instrument->books[side].head[0].to; at != VENUE_NIL && left16 > 0; at = level_of(venue, at)->next.to) {
        const level_node_t *level = level_of(venue, at);
        int64_t price8 = side == VENUE_BUY ? -level->key : level->key;
        cost16_t here16 = cost_of(price8, level->street8 + level->users8);
        cost16_t taken16 = here16 < left16 ? here16 : left16;
        quantity16 += taken16 * VENUE_E8 / price8;
        left16 -= taken16;
    }
    return quantity16 == 0 ? 0 : (int64_t)((notional16 - left16) * VENUE_E8 / quantity16);
}

static int64_t premium8(venue_t *venue, uint32_t id)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    cost16_t notional16 = (cost16_t)IMPACT_MARGIN * max8(1, rules_leverage_max(instrument)) * VENUE_E8 * VENUE_E8;
    street_refresh(venue, id);
    int64_t bid8 = impact8(venue, instrument, VENUE_BUY, notional16), ask8 = impact8(venue, instrument, VENUE_SELL, notional16);
    int64_t above8 = bid8 == 0 ? 0 : max8(0, bid8 - instrument->index8);
    int64_t below8 = ask8 == 0 ? 0 : max8(0, instrument->index8 - ask8);
    return (int64_t)((cost16_t)(above8 - below8) * VENUE_E8 / instrument->index8);
}

int64_t funding_bound8(const instrument_rec_t *instrument)
{
    int64_t lowest8 = instrument->rules.bracket_count == 0 ? 0 : instrument->brackets[0].rate8;
    return lowest8 == 0 ? VENUE_E8 : lowest8 * 3 / 4;
}

int64_t figures_funding8(const instrument_rec_t *instrument)
{
    enum { CLAMP8 = 50000 }; /* 0.05 % */
    int64_t n = instrument->premium_count;
    int64_t average8 = n > 0 ? (int64_t)((int128_t)instrument->premium_sum8 / ((int128_t)n * (n + 1) / 2)) : 0;
    int64_t rest8 = instrument->street.interest8 - average8;
    int64_t whole8 = average8 + max8(-CLAMP8, min8(CLAMP8, rest8));
    int64_t bound8 = funding_bound8(instrument);
    int64_t hours = instrument->street.funding_ns / NS_PER_HOUR;
    return max8(-bound8, min8(bound8, whole8 * hours / FUNDING_HOURS_USUAL));
}

/* --- what is taken, and when ------------------------------------------------------------------ */

int64_t figures_basis8(const venue_t *venue, uint32_t id)
{
    const figures_rec_t *figures = figures_of(venue, id);
    uint32_t count = figures->basis_count < FIGURES_BASIS_SECONDS ? figures->basis_count : FIGURES_BASIS_SECONDS;
    int128_t sum8 = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum8 += figures->basis8[i];
    }
    return count == 0 ? 0 : (int64_t)(sum8 / count);
}

void figures_note_basis(venue_t *venue, uint32_t id, int64_t basis8)
{
    figures_rec_t *figures = figures_of(venue, id);
    if (venue->event_ns >= figures->basis_due_ns) {
        figures->basis8[figures->basis_count++ % FIGURES_BASIS_SECONDS] = basis8;
        figures->basis_due_ns = time_floor(venue->event_ns, NS_PER_S) + NS_PER_S;
    }
}

static void premium_take(venue_t *venue, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t value8 = premium8(venue, id);
    instrument->premium_count++;
    instrument->premium_sum8 += value8 * instrument->premium_count;
    figure_take(venue, id, VENUE_FIGURE_PREMIUM, value8);
    if (!instrument->funding_supplied) {
        instrument->funding_rate8 = figures_funding8(instrument);
    }
}

void figures_take(venue_t *venue, uint32_t id)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    figures_rec_t *figures = figures_of(venue, id);
    if (venue->event_ns < figures->due_ns || !has_premium(instrument) || instrument->index8 <= 0) {
        return;
    }
    figures->due_ns = time_floor(venue->event_ns, NS_PER_S) + NS_PER_S;
    figure_take(venue, id, VENUE_FIGURE_MARK, instrument->mark8);
    figure_take(venue, id, VENUE_FIGURE_INDEX, instrument->index8);
    if (venue->event_ns >= figures->premium_due_ns) {
        figures->premium_due_ns = time_floor(venue->event_ns, PREMIUM_NS) + PREMIUM_NS;
        premium_take(venue, id);
    }
}

/* --- questions -------------------------------------------------------------------------------- */

bool venue_has_figures(const venue_t *venue, instrument_id_t id)
{
    return id < venue->instrument_count && venue->bounds.figure_history > 0 && has_premium(instrument_of(venue, id));
}

uint32_t venue_figures(const venue_t *venue, instrument_id_t id, venue_figure_t figure, timeframe_t timeframe, int64_t start_ns,
                       int64_t end_ns, venue_figure_bar_t *out, uint32_t capacity)
{
    if (!venue_has_figures(venue, id) || (unsigned)figure >= VENUE_FIGURE_COUNT || (unsigned)timeframe >= TF_COUNT) {
        return 0;
    }
    uint32_t ever = figures_of(venue, id)->bar_count[figure][timeframe], kept = venue->bounds.figure_history;
    const figure_bar_t *ring = ring_of(venue, id, figure, timeframe);
    uint32_t first = ever > kept ? ever - kept : 0, written = 0;
    for (uint32_t at = ever, found = 0; start_ns == 0 && at > first; at--) { /* the newest */
        found += end_ns == 0 || ring[(at - 1) % kept].open_ns <= end_ns;
        if (found == capacity) {
            first = at - 1;
        }
    }
    for (uint32_t at = first; at < ever && written < capacity; at++) {
        const figure_bar_t *bar = &ring[at % kept];
        if (bar->open_ns >= start_ns && (end_ns == 0 || bar->open_ns <= end_ns)) {
            out[written++] = (venue_figure_bar_t){.open_ns = bar->open_ns,
                                                  .open = dec_of8(bar->open8),
                                                  .high = dec_of8(bar->high8),
                                                  .low = dec_of8(bar->low8),
                                                  .close = dec_of8(bar->close8),
                                                  .samples = bar->samples};
        }
    }
    return written;
}
