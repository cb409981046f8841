/* bench_venue.c: commands a second of the simulated exchange's core, on one core.
 * rooms: core/venue
 *
 * 100 instruments, 200 accounts with 100,000 orders open among them, marks recorded (so margin follows a mark as on a live venue).
 * An order that was filled is placed anew within the next batch, so that as many stay open.
 * The mix, drawn by a fixed seed: of 100 commands about 43 place a resting order, 35 cancel one, 13 amend one to another price and
 * 9 take from the book (IOC); every placement goes through all filters, bracket and margin checks and has its own client id. The
 * words of the commands are drawn ahead, BATCH at a time and outside the clock, and what came of them is written down after it, so
 * that our own list of orders is not touched meanwhile: what is measured is the core and the sink that gets its events. First runs
 * for the rate, with the clock read once a batch; then one with every command timed (each figure then holds two system calls for
 * the time). Time is that of the processor used, so what else runs on the machine does not count. Exits 1 below 2,000,000 commands
 * a second or above 10 us at the 99.9th percentile.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/venue/venue.h"

enum {
    INSTRUMENTS = 100,
    ACCOUNTS = 200,
    OPEN = 100000,
    COMMANDS = 1000000,
    TIMED = 1000000,
    PASSES = 3,
    BATCH = 128,
    RATE_BAR = 2000000
};
static const double P999_BAR_US = 10.0;

typedef struct {
    uint64_t id;
    uint32_t batch, plan; /* who gives it the next id, when that batch is still under way */
    venue_account_t account;
    instrument_id_t instrument;
    venue_side_t side;
} open_t;

/* CHANGE_ORDER: it is cancelled and another one placed; REPLACE_ORDER: it was filled, another one is placed. */
typedef enum { CHANGE_ORDER, REPLACE_ORDER, AMEND_ORDER, TAKE } act_t;

/* A command in words. The id that the order has is missing when an earlier plan of the batch gives it another one: then it is taken
 * from there. */
typedef struct {
    act_t act;
    uint32_t order;  /* of open_orders */
    uint32_t from;   /* the plan that gives the id; BATCH: it is known */
    uint64_t placed; /* the id that was given here */
    venue_place_t place;
    venue_amend_t amend; /* its `ref` also says what is cancelled */
} plan_t;

static venue_t *venue;
static open_t open_orders[OPEN];
static plan_t plans[BATCH];
static uint32_t filled_orders[OPEN], filled_count; /* of open_orders, to be replaced */
static uint32_t batches;
static prng_t prng;
static uint64_t client_ids, accepted, refused, fills;
static uint32_t *samples; /* ns */
static uint32_t sample_count;
static bool timed;

/* Of the processor, for this thread. */
static uint64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static void must(bool good, const char *what)
{
    if (!good) {
        (void)fprintf(stderr, "bench_venue: %s\n", what);
        exit(2);
    }
}

static void letters(uint64_t number, char *out, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        out[i] = (char)('a' + (number & 15));
        number >>= 4;
    }
}

/* 16 letters, another for every order; the last five say which of open_orders it is. */
static void next_client_id(client_id_t *out, uint32_t order)
{
    letters(++client_ids, out->text, 11);
    letters(order, out->text + 11, 5);
    out->text[16] = '\0';
}

static uint32_t number_of(const char *five_letters)
{
    uint32_t number = 0;
    for (unsigned i = 5; i-- > 0;) {
        number = number << 4 | (uint32_t)(five_letters[i] - 'a');
    }
    return number;
}

static void on_event(void *context, const venue_event_t *event)
{
    (void)context;
    if (event->kind != VENUE_EVENT_ORDER || event->order.trade_id == 0) {
        return;
    }
    fills++;
    if (event->order.maker && event->order.order.status == VENUE_STATUS_FILLED) {
        filled_orders[filled_count++] = number_of(event->order.order.client_id.text + 11);
    }
}
static const venue_sink_t sink = {.emit = on_event};

static instrument_t make_rules(unsigned index)
{
    instrument_t rules;
    memset(&rules, 0, sizeof rules);
    (void)snprintf(rules.venue, sizeof rules.venue, "BINANCE");
    (void)snprintf(rules.symbol, sizeof rules.symbol, "C%03uUSDT", index);
    (void)snprintf(rules.base, sizeof rules.base, "C%03u", index);
    (void)snprintf(rules.quote, sizeof rules.quote, "USDT");
    (void)snprintf(rules.settle, sizeof rules.settle, "USDT");
    rules.kind = INSTRUMENT_PERPETUAL;
    rules.status = INSTRUMENT_TRADING;
    rules.tick_size = dec_from_scaled(1, 1);
    rules.price_min = dec_from_scaled(1, 1);
    rules.price_max = dec_from_int(1000000);
    rules.lot_step = rules.market_step = rules.quantity_min = rules.market_quantity_min = dec_from_scaled(1, 3);
    rules.quantity_max = rules.market_quantity_max = dec_from_int(1000);
    rules.notional_min = dec_from_int(5);
    rules.band_up = dec_from_scaled(105, 2);
    rules.band_down = dec_from_scaled(95, 2);
    rules.contract_size = DEC_ONE;
    rules.liquidation_fee = dec_from_scaled(125, 4);
    rules.bracket_count = 2;
    rules.brackets[0] = (leverage_bracket_t){125, DEC_ZERO, dec_from_int(50000), dec_from_scaled(4, 3), DEC_ZERO};
    rules.brackets[1] =
        (leverage_bracket_t){20, dec_from_int(50000), dec_from_int(100000000), dec_from_scaled(1, 2), dec_from_int(300)};
    return rules;
}

static void open_venue(void)
{
    venue_bounds_t bounds = venue_bounds_default();
    venue_config_t config = venue_config_default();
    venue_asset_t usdt;
    bounds.instruments = INSTRUMENTS;
    bounds.accounts = ACCOUNTS;
    bounds.positions = INSTRUMENTS * ACCOUNTS;
    bounds.orders = OPEN + 1000;
    bounds.algos = 16;
    bounds.order_history = 100;
    bounds.algo_history = 1;
    bounds.fill_history = bounds.income_history = 100;
    bounds.trade_history = 100;
    bounds.kline_history = 1;
    bounds.street_levels = 200;
    enum { HUGE_PAGE = 2 * 1024 * 1024 };
    size_t size = (venue_size(&bounds) + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    void *memory = aligned_alloc(HUGE_PAGE, size);
    (void)madvise(memory, size, MADV_HUGEPAGE);
    must(memory && venue_init(memory, &bounds, &config, &venue) == RESULT_OK, "no memory for the venue");
    must(venue_asset_add(venue, STR("USDT"), &usdt) == RESULT_OK, "asset");
    for (unsigned i = 0; i < INSTRUMENTS; i++) {
        instrument_t rules = make_rules(i);
        instrument_id_t id;
        must(venue_instrument_add(venue, &rules, &id) == RESULT_OK, "instrument");
        market_event_t mark = {.kind = MARKET_MARK, .instrument = id, .time_ns = NS_PER_S};
        mark.mark = (mark_t){.mark = dec_from_int(1000), .index = dec_from_int(1000)};
        must(venue_market_event(venue, &sink, &mark) == RESULT_OK, "mark");
    }
    for (unsigned i = 0; i < ACCOUNTS; i++) {
        venue_account_t account;
        must(venue_account_open(venue, &account) == RESULT_OK, "account");
        must(venue_transfer(venue, &sink, account, usdt, dec_from_int(10000000)) == VENUE_REJECT_NONE, "money");
    }
}

static void count(venue_reject_t reject)
{
    *(reject == VENUE_REJECT_NONE ? &accepted : &refused) += 1;
}

/* A price on its own side of the mark, at most 200 ticks away. */
static dec_t resting_price(venue_side_t side)
{
    int64_t ticks = 1 + (int64_t)prng_below(&prng, 200);
    return dec_from_scaled(10000 + (side == VENUE_BUY ? -ticks : ticks), 1);
}

static dec_t resting_quantity(void)
{
    return dec_from_scaled(10 + (int64_t)prng_below(&prng, 90), 3);
}

static venue_place_t plan_resting(uint32_t index)
{
    const open_t *order = &open_orders[index];
    venue_place_t place = {.type = VENUE_LIMIT, .tif = VENUE_GTC, .stp = VENUE_STP_NONE};
    place.account = order->account;
    place.instrument = order->instrument;
    place.side = order->side;
    place.quantity = resting_quantity();
    place.price = resting_price(order->side);
    next_client_id(&place.client_id, index);
    return place;
}

static venue_place_t plan_take(void)
{
    venue_place_t place = {.type = VENUE_LIMIT, .tif = VENUE_IOC, .stp = VENUE_STP_NONE};
    place.account = (venue_account_t)prng_below(&prng, ACCOUNTS);
    place.instrument = (instrument_id_t)prng_below(&prng, INSTRUMENTS);
    place.side = (venue_side_t)prng_below(&prng, 2);
    place.quantity = dec_from_scaled(5 + (int64_t)prng_below(&prng, 90), 3);
    place.price = dec_from_int(place.side == VENUE_BUY ? 1020 : 980);
    next_client_id(&place.client_id, 0);
    return place;
}

/* Number `at` of the batch. */
static void plan(uint32_t at)
{
    plan_t *out = &plans[at];
    memset(out, 0, sizeof *out);
    uint64_t draw = prng_below(&prng, 62);
    out->act = filled_count > 0 ? REPLACE_ORDER : draw < 38 ? CHANGE_ORDER : draw < 52 ? AMEND_ORDER : TAKE;
    out->order = filled_count > 0 ? filled_orders[--filled_count] : (uint32_t)prng_below(&prng, OPEN);
    open_t *order = &open_orders[out->order];
    out->from = order->batch == batches ? order->plan : BATCH;
    out->amend.ref = (venue_ref_t){.account = order->account, .instrument = order->instrument, .id = order->id};
    if (out->act == CHANGE_ORDER || out->act == REPLACE_ORDER) {
        out->place = plan_resting(out->order);
        order->batch = batches;
        order->plan = at;
    } else if (out->act == AMEND_ORDER) {
        out->amend.side = order->side;
        out->amend.quantity = resting_quantity();
        out->amend.price = resting_price(order->side);
    } else {
        out->place = plan_take();
    }
}

static uint64_t place_resting(const venue_place_t *place)
{
    venue_reply_t reply = venue_place(venue, &sink, place, NULL);
    count(reply.reject);
    return reply.id;
}

static void sample(uint64_t began)
{
    uint64_t took = now_ns() - began;
    samples[sample_count++] = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
}

#define COMMAND(call)                                                                                                              \
    do {                                                                                                                           \
        uint64_t began_ = timed ? now_ns() : 0;                                                                                    \
        call;                                                                                                                      \
        if (timed)                                                                                                                 \
            sample(began_);                                                                                                        \
    } while (0)

/* Returns how many commands that were. */
static uint32_t carry_out(plan_t *planned)
{
    if (planned->from != BATCH) {
        planned->amend.ref.id = plans[planned->from].placed;
    }
    switch (planned->act) {
    case CHANGE_ORDER:
        COMMAND(count(venue_cancel(venue, &sink, &planned->amend.ref, NULL).reject));
        COMMAND(planned->placed = place_resting(&planned->place));
        return 2;
    case REPLACE_ORDER:
        COMMAND(planned->placed = place_resting(&planned->place));
        return 1;
    case AMEND_ORDER:
        COMMAND(count(venue_amend(venue, &sink, &planned->amend, NULL).reject));
        return 1;
    case TAKE:
        COMMAND(count(venue_place(venue, &sink, &planned->place, NULL).reject));
        return 1;
    }
    return 0;
}

/* A batch; adds to the time it took. */
static uint32_t carry_out_all(uint64_t *took_ns)
{
    uint32_t done = 0;
    batches++;
    for (uint32_t i = 0; i < BATCH; i++) {
        plan(i);
    }
    uint64_t began = now_ns();
    for (uint32_t i = 0; i < BATCH; i++) {
        done += carry_out(&plans[i]);
    }
    *took_ns += now_ns() - began;
    for (uint32_t i = 0; i < BATCH; i++) {
        if (plans[i].act == CHANGE_ORDER || plans[i].act == REPLACE_ORDER) {
            open_orders[plans[i].order].id = plans[i].placed;
        }
    }
    return done;
}

/* Commands a second. */
static uint64_t run(uint64_t commands)
{
    uint64_t done = 0, took_ns = 0;
    while (done < commands) {
        done += carry_out_all(&took_ns);
    }
    return done * 1000000000U / took_ns;
}

static int by_size(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

int main(void)
{
    samples = malloc((TIMED + 2 * BATCH) * sizeof *samples);
    must(samples != NULL, "no memory");
    prng_seed(&prng, 9);
    open_venue();
    for (uint32_t i = 0; i < OPEN; i++) {
        open_orders[i] =
            (open_t){.account = i / 500, .instrument = (instrument_id_t)(i % 100), .side = (venue_side_t)(i / 100 % 2)};
        venue_place_t place = plan_resting(i);
        open_orders[i].id = place_resting(&place);
    }
    must(refused == 0, "an order of the beginning was refused");
    uint64_t best = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        uint64_t rate = run(COMMANDS);
        best = rate > best ? rate : best;
    }
    timed = true;
    (void)run(TIMED);
    qsort(samples, sample_count, sizeof *samples, by_size);
    double p50 = samples[sample_count / 2] / 1e3, p999 = samples[(uint64_t)sample_count * 999 / 1000] / 1e3;
    venue_money_t money;
    const char *what = "";
    must(venue_check_money(venue, 0, &money) == RESULT_OK && dec_is_zero(money.difference), "money appeared or vanished");
    must(venue_check_invariants(venue, &what) == RESULT_OK, what);
    printf("venue core: %llu commands/s (best of %d), p50 %.2f us, p99.9 %.2f us; accepted %llu, refused %llu, fills %llu\n",
           (unsigned long long)best, PASSES, p50, p999, (unsigned long long)accepted, (unsigned long long)refused,
           (unsigned long long)fills);
    return best >= RATE_BAR && p999 <= P999_BAR_US ? 0 : 1;
}
