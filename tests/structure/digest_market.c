/* digest_market.c: bars and books over a made-up market, as one digest: see test_determinism.sh.
 * rooms: core/base core/market
 */
#include <stdbool.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/market/book.h"
#include "core/market/candle.h"

void digest_market(sha256_t *sha);

static void add_dec(sha256_t *sha, dec_t value)
{
    char text[DEC_TEXT_MAX];
    sha256_update(sha, text, dec_format(value, text));
}

static void add_bar(sha256_t *sha, const candle_t *bar)
{
    char text[TIME_TEXT_MAX];
    sha256_update(sha, text, time_format(bar->open_ns, 0, text));
    add_dec(sha, bar->open);
    add_dec(sha, bar->high);
    add_dec(sha, bar->low);
    add_dec(sha, bar->close);
    add_dec(sha, bar->volume);
    add_dec(sha, bar->quote_volume);
    sha256_update(sha, bar->state == CANDLE_TRADED ? "T" : "M", 1);
}

static void digest_bars(sha256_t *sha, prng_t *prng)
{
    candle_builder_t builder;
    aggregate_t hours, weeks;
    candle_builder_init(&builder, TF_1M);
    if (aggregate_init(&hours, TF_1M, TF_1H) != RESULT_OK || aggregate_init(&weeks, TF_1H, TF_1W) != RESULT_OK) {
        return;
    }
    double price = 60000.0;
    for (int64_t now = 0; now < 30 * NS_PER_DAY; now += (int64_t)prng_below(prng, 100) * NS_PER_S) {
        candle_t minute, hour, week;
        dec_t exact = DEC_ONE, quantity = dec_from_scaled((int64_t)prng_below(prng, 1000) + 1, 3);
        price *= 1.0 + 0.001 * prng_normal(prng);
        (void)dec_from_double(price, 1, &exact);
        if (candle_builder_trade(&builder, now, exact, quantity, &minute) && aggregate_push(&hours, &minute, &hour)) {
            add_bar(sha, &hour);
            if (aggregate_push(&weeks, &hour, &week)) {
                add_bar(sha, &week);
            }
        }
    }
}

static void digest_book(sha256_t *sha, prng_t *prng)
{
    static book_t book;
    depth_t depth = {.last_id = 1, .snapshot = true};
    book_init(&book);
    (void)book_apply(&book, &depth);
    for (uint64_t id = 1; id < 20000; id++) {
        level_t bid, ask;
        bid.price = dec_from_scaled((int64_t)(1 + prng_below(prng, 500)), 1);
        bid.quantity = dec_from_scaled((int64_t)prng_below(prng, 3), 3);
        ask.price = dec_from_scaled((int64_t)(501 + prng_below(prng, 500)), 1);
        ask.quantity = dec_from_scaled((int64_t)prng_below(prng, 3), 3);
        depth = (depth_t){
            .first_id = id, .last_id = id + 1, .previous_id = id, .bids = &bid, .bid_count = 1, .asks = &ask, .ask_count = 1};
        (void)book_apply(&book, &depth);
        if (book_best(&book, &bid, &ask)) {
            add_dec(sha, bid.price);
            add_dec(sha, bid.quantity);
            add_dec(sha, ask.price);
            add_dec(sha, ask.quantity);
        }
    }
}

void digest_market(sha256_t *sha)
{
    prng_t prng;
    prng_seed(&prng, 7);
    digest_bars(sha, &prng);
    digest_book(sha, &prng);
}
