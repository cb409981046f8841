/* test_order_simulation.c: the order half trades against the simulated exchange for hours of virtual time, over many seeds, with
 * and without faults. After every event: folded state == live state, no client id leaves twice, no exit takes a position through
 * zero, a position is never without its stop for longer than stated. After a quiet phase: orders, positions and balances agree with
 * the exchange to the last unit. shows: ORD-3, ORD-4, ORD-6, ORD-7, ORD-11, ORD-14, I1, I2, I3, I4, I5, I6, I7, I8, I13, I18, I19,
 * R201, R211, R252
 */
#include "order_simulation.h"
#include "support/risk_settings.h"

#include <stdio.h>

enum { PROTECTIONS_A_TRADE_MAX = 8 }; /* however many pieces it comes in: two, two more for each move, and what faults cost */

static void sim_step(sim_t *s, order_input_t *input);

/* --- the process ------------------------------------------------------------------------------ */

static void *half_memory(void)
{
    void *memory = NULL;
    assert_int_equal(posix_memalign(&memory, 16, order_half_size()), 0);
    return memory;
}

static instrument_t rules_of(unsigned number)
{
    static const char *const symbols[] = {"BTCUSDT", "ETHUSDT"};
    static const char *const bases[] = {"BTC", "ETH"};
    instrument_t rules = {.venue = "BINANCE",
                          .quote = "USDT",
                          .settle = "USDT",
                          .kind = INSTRUMENT_PERPETUAL,
                          .status = INSTRUMENT_TRADING,
                          .tick_size = D(number == 0 ? "0.1" : "0.01"),
                          .price_min = D("0.1"),
                          .price_max = D("1000000"),
                          .lot_step = D("0.001"),
                          .quantity_min = D("0.001"),
                          .quantity_max = D("1000"),
                          .market_step = D("0.001"),
                          .market_quantity_min = D("0.001"),
                          .market_quantity_max = D("500"),
                          .notional_min = D("5"),
                          .band_up = D("1.1"),
                          .band_down = D("0.9"),
                          .contract_size = D("1"),
                          .trigger_protect = D("0.05"),
                          .liquidation_fee = D("0.0125"),
                          .bracket_count = 1};
    strcpy(rules.symbol, symbols[number]);
    strcpy(rules.base, bases[number]);
    rules.brackets[0] = (leverage_bracket_t){.leverage_max = 125, .notional_cap = D("50000000"), .maintenance_rate = D("0.004")};
    return rules;
}

static void feed(sim_t *s)
{
    order_input_t input = {.kind = ORDER_INPUT_RISK, .risk = s->risk};
    sim_step(s, &input);
    for (unsigned i = 0; i < SIM_INSTRUMENTS; i++) {
        input = (order_input_t){.kind = ORDER_INPUT_RULES, .rules = rules_of(i)};
        sim_step(s, &input);
    }
}

static void take_records(sim_t *s)
{
    for (uint32_t i = 0; i < s->output->record_count; i++) {
        assert_true(s->record_count < SIM_RECORDS_MAX);
        const order_record_t *record = &s->output->records[i];
        s->records[s->record_count++] = *record;
        assert_int_equal(order_half_restore(s->mirror, record), RESULT_OK);
        s->trades_closed += record->kind == RECORD_TRADE_CLOSED && record->trade_closed.outcome != OUTCOME_NOT_FILLED &&
                                    record->trade_closed.outcome != OUTCOME_CANARY
                                ? 1
                                : 0;
        s->ladders += record->kind == RECORD_LADDER ? 1 : 0;
        s->fills += record->kind == RECORD_FILL && record->fill.ours ? 1 : 0;
        s->unexplained += record->kind == RECORD_ADJUSTMENT ? 1 : 0;
        s->exits_uncovered += record->kind == RECORD_EXIT && record->exit.reason == EXIT_UNCOVERED ? 1 : 0;
    }
    if (s->output->record_count == 0 || s->record_count / 32 == (s->record_count - s->output->record_count) / 32) {
        return; /* digests are slow: compare every 32 records */
    }
    uint8_t live[32], folded[32];
    order_half_digest(s->half, live);
    order_half_digest(s->mirror, folded);
    assert_memory_equal(live, folded, sizeof live);
}

static void send(sim_t *s, const order_action_t *action)
{
    if (action->kind == ACTION_NOTIFY || action->kind == ACTION_READ_RULES || action->kind == ACTION_SET_POSITION_MODE) {
        return;
    }
    const bool trading = action->kind == ACTION_PLACE || action->kind == ACTION_CANCEL;
    if (action->kind == ACTION_PLACE) {
        assert_true(action->record > 0 && action->record <= order_half_last_record(s->half)); /* I1 */
        assert_false(sim_was_sent(s, &action->place.client_id));                              /* I2 */
    }
    if (trading && prng_chance(&s->chance, s->faults.never_sent)) {
        sim_push_input(s, sim_delay(s, 1, 5), ORDER_INPUT_REPLY)->reply =
            (order_reply_t){.action = action->number, .kind = REPLY_NEVER_SENT};
        return;
    }
    if (action->kind == ACTION_PLACE) {
        assert_true(s->sent_count < SIM_SENT_MAX);
        s->sent[s->sent_count++] = action->place.client_id;
        s->entries += action->place.leg == LEG_ENTRY ? 1 : 0;
        s->protections += action->place.leg == LEG_STOP || action->place.leg == LEG_TARGET ? 1 : 0;
    }
    if (trading && prng_chance(&s->chance, s->faults.request_lost)) {
        sim_push_input(s, 2 * NS_PER_S, ORDER_INPUT_REPLY)->reply =
            (order_reply_t){.action = action->number, .kind = REPLY_UNKNOWN};
        return;
    }
    sim_push(s, sim_delay(s, 10, 60), true)->action = *action;
}

/* Dead after the first `keep` records of this step; everything on its way to the process is lost, what is on its way to the venue
 * arrives. */
static void die(sim_t *s, uint32_t keep)
{
    for (uint32_t i = 0; i < keep; i++) {
        s->records[s->record_count++] = s->output->records[i];
    }
    s->deaths++;
    uint32_t left = 0;
    for (uint32_t i = 0; i < s->queue_count; i++) {
        if (s->queue[i].is_request || s->queue[i].input.kind == ORDER_INPUT_MARKET) {
            s->queue[left++] = s->queue[i];
        }
    }
    s->queue_count = left;
    free(s->half);
    free(s->mirror);
    s->half = order_half_init(half_memory());
    s->mirror = order_half_init(half_memory());
    for (uint32_t i = 0; i < s->record_count; i++) {
        assert_int_equal(order_half_restore(s->half, &s->records[i]), RESULT_OK);
        assert_int_equal(order_half_restore(s->mirror, &s->records[i]), RESULT_OK);
    }
    assert_int_equal(order_half_resume(s->half, ++s->epoch, s->now_ns, "sim", s->output), RESULT_OK);
    take_records(s);
    feed(s);
}

static void sim_step(sim_t *s, order_input_t *input)
{
    do {
        input->now_ns = s->now_ns;
        order_half_step(s->half, input, s->output);
        if (s->output->record_count > 0 && prng_chance(&s->chance, s->faults.killed)) {
            die(s, (uint32_t)prng_below(&s->chance, s->output->record_count + 1));
            return;
        }
        take_records(s);
        for (uint32_t i = 0; i < s->output->action_count; i++) {
            send(s, &s->output->actions[i]);
        }
        input->kind = ORDER_INPUT_TIME;
    } while (s->output->again);
}

/* --- truth at the venue ----------------------------------------------------------------------- */

static void check_truth(sim_t *s)
{
    static venue_algo_t algos[500];
    for (instrument_id_t i = 0; i < SIM_INSTRUMENTS; i++) {
        venue_position_t position;
        assert_int_equal(venue_position(s->venue, 0, i, VENUE_POSITION_BOTH, &position), RESULT_OK);
        const venue_select_t open = {.account = 0, .instrument = i, .open_only = true};
        const uint32_t count = venue_algos(s->venue, &open, algos, 500);
        dec_t covered = DEC_ZERO;
        for (uint32_t n = 0; n < count; n++) {
            const bool leaves = algos[n].side == (dec_sign(position.amount) > 0 ? VENUE_SELL : VENUE_BUY);
            if (algos[n].type == VENUE_STOP_MARKET && leaves && (algos[n].reduce_only || algos[n].close_position)) {
                covered = dec_plus(covered, algos[n].quantity);
            }
        }
        if (s->user_active || dec_ge(covered, dec_abs(position.amount))) {
            s->naked_since_ns[i] = 0;
        } else if (s->naked_since_ns[i] == 0) {
            s->naked_since_ns[i] = s->now_ns;
        } else if (s->now_ns - s->naked_since_ns[i] > s->naked_longest_ns) {
            s->naked_longest_ns = s->now_ns - s->naked_since_ns[i];
        }
    }
}

/* I5: our trades and the venue's position never stand on opposite sides when nobody else trades. */
static void check_sides(const sim_t *s)
{
    trade_view_t view;
    for (uint32_t i = 0; !s->user_active && order_half_trade(s->half, i, &view); i++) {
        venue_position_t position;
        assert_int_equal(venue_position(s->venue, 0, view.instrument, VENUE_POSITION_BOTH, &position), RESULT_OK);
        if (!dec_is_zero(view.position.quantity)) {
            assert_true(dec_sign(position.amount) != (view.side == SIDE_LONG ? -1 : 1));
        }
    }
}

/* --- the world -------------------------------------------------------------------------------- */

static void random_signal(sim_t *s)
{
    const instrument_id_t instrument = (instrument_id_t)prng_below(&s->signals, SIM_INSTRUMENTS);
    quote_t quote;
    if (!venue_quote(s->venue, instrument, &quote)) {
        return;
    }
    const instrument_t rules = rules_of(instrument);
    const bool is_long = prng_chance(&s->signals, 0.5);
    const int64_t stop_bp = 20 + (int64_t)prng_below(&s->signals, 60), target_bp = stop_bp + (int64_t)prng_below(&s->signals, 60);
    dec_t stop = DEC_ZERO, target = DEC_ZERO;
    assert_int_equal(
        dec_mul_div(quote.bid, dec_from_int(10000 + (is_long ? -stop_bp : stop_bp)), dec_from_int(10000), DEC_ROUND_DOWN, &stop),
        RESULT_OK);
    assert_int_equal(dec_mul_div(quote.bid, dec_from_int(10000 + (is_long ? target_bp : -target_bp)), dec_from_int(10000),
                                 DEC_ROUND_DOWN, &target),
                     RESULT_OK);
    order_input_t input = {.kind = ORDER_INPUT_SIGNAL};
    signal_t *signal = &input.signal;
    signal->number = s->next_signal++;
    strcpy(signal->id, "sim-");
    str_from_u64(signal->number, signal->id + 4);
    signal->instrument = instrument;
    signal->side = is_long ? SIDE_LONG : SIDE_SHORT;
    strcpy(signal->strategy, "SC01");
    strcpy(signal->source, "sim");
    signal->entry = quote.bid;
    assert_int_equal(dec_quantise(stop, rules.tick_size, DEC_ROUND_DOWN, &signal->stop), RESULT_OK);
    assert_int_equal(dec_quantise(target, rules.tick_size, DEC_ROUND_DOWN, &signal->target), RESULT_OK);
    signal->confidence = 0.6;
    signal->timeframes = 1U << TF_1H;
    signal->timeframe_source = TF_1H;
    signal->made_ns = s->now_ns;
    signal->expires_ns = s->now_ns + NS_PER_MIN;
    if (signal_check(signal) == RESULT_OK) {
        sim_step(s, &input);
    }
}

/* The user sells or buys a little by hand, mostly against what stands there. */
static void user_acts(sim_t *s)
{
    const instrument_id_t instrument = (instrument_id_t)prng_below(&s->chance, SIM_INSTRUMENTS);
    venue_position_t position;
    assert_int_equal(venue_position(s->venue, 0, instrument, VENUE_POSITION_BOTH, &position), RESULT_OK);
    if (dec_is_zero(position.amount)) {
        return;
    }
    dec_t part = DEC_ZERO;
    assert_int_equal(dec_mul_div(dec_abs(position.amount), dec_from_int((int64_t)prng_below(&s->chance, 100) + 1),
                                 dec_from_int(100), DEC_ROUND_DOWN, &part),
                     RESULT_OK);
    assert_int_equal(dec_quantise(part, D("0.001"), DEC_ROUND_DOWN, &part), RESULT_OK);
    if (dec_is_zero(part)) {
        return;
    }
    venue_place_t place = {.account = 0,
                           .instrument = instrument,
                           .side = dec_sign(position.amount) > 0 ? VENUE_SELL : VENUE_BUY,
                           .type = VENUE_MARKET,
                           .quantity = part,
                           .reduce_only = true,
                           .reduce_only_sent = true};
    strcpy(place.client_id.text, "user-");
    str_from_u64(s->next_user++, place.client_id.text + 5);
    (void)venue_place(s->venue, &s->sink, &place, NULL);
}

static void world_moment(sim_t *s, bool signals)
{
    const int64_t slice = 50 * NS_PER_MS;
    s->now_ns += slice;
    assert_int_equal(venue_advance(s->venue, &s->sink, s->now_ns), RESULT_OK);
    check_truth(s);
    sim_item_t item;
    while (sim_pop(s, s->now_ns, &item)) {
        if (item.is_request) {
            sim_arrive(s, &item.action, item.epoch);
        } else {
            sim_step(s, &item.input);
        }
        check_truth(s);
    }
    check_sides(s);
    if ((s->now_ns / slice) % 5 == 0) {
        order_input_t tick = {.kind = ORDER_INPUT_TIME};
        sim_step(s, &tick);
    }
    if ((s->now_ns / slice) % 20 != 0) {
        return;
    }
    if (signals && prng_chance(&s->signals, 0.05)) {
        random_signal(s);
    }
    if (prng_chance(&s->chance, s->faults.user)) {
        user_acts(s);
    }
    if (s->now_ns >= s->cut_until_ns && s->was_cut) {
        s->was_cut = false;
        const private_event_t gap = {.kind = PRIVATE_GAP, .time_ns = s->now_ns};
        sim_stream(s, &gap);
    }
    if (!s->was_cut && prng_chance(&s->chance, s->faults.cut)) {
        s->cut_until_ns = s->now_ns + sim_delay(s, 500, 8000);
        s->was_cut = true;
    }
}

/* --- life ------------------------------------------------------------------------------------- */

static risk_config_t sim_risk(void)
{
    risk_config_t risk = test_risk_settings();
    risk.risk_pct = D("0.5");
    risk.concurrent_total_max = 6;
    risk.pending_entry = PENDING_ENTRY_REPLACE;
    risk.unknown_orders_max = 10;
    risk.orders_per_window_max = 200;
    risk.margin_use_max_pct = D("90");
    risk.price_collar_pct = D("5");
    risk.price_age_max_ns = 10 * NS_PER_S;
    risk.account_age_max_ns = 10 * NS_PER_MIN;
    risk.signal_age_max_ns = NS_PER_MIN;
    risk.entry_ttl_ns = 2 * NS_PER_MIN;
    risk.inquiry_first_ns = NS_PER_S / 2;
    risk.inquiry_max_ns = 10 * NS_PER_S;
    risk.forget_ns = 40 * NS_PER_S;
    risk.snapshot_interval_ns = NS_PER_MIN;
    return risk;
}

static sim_t *sim_start(uint64_t seed, const sim_faults_t *faults, const char *volume_day)
{
    sim_t *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->half = order_half_init(half_memory());
    s->mirror = order_half_init(half_memory());
    s->output = malloc(sizeof *s->output);
    s->records = malloc(SIM_RECORDS_MAX * sizeof *s->records);
    s->queue = malloc(SIM_QUEUE_MAX * sizeof *s->queue);
    s->now_ns = SIM_START_NS;
    s->next_signal = 1;
    s->risk = sim_risk();
    s->faults = *faults;
    s->user_active = faults->user > 0;
    prng_seed(&s->chance, seed);
    prng_seed(&s->signals, seed + 1000);
    s->sink = (venue_sink_t){.emit = sim_on_event, .context = s};
    const venue_bounds_t bounds = venue_bounds_default();
    venue_config_t config = venue_config_default();
    config.seed = seed;
    config.start_ns = s->now_ns;
    assert_int_equal(posix_memalign(&s->venue_memory, 16, venue_size(&bounds)), 0);
    assert_int_equal(venue_init(s->venue_memory, &bounds, &config, &s->venue), RESULT_OK);
    assert_int_equal(venue_asset_add(s->venue, STR("USDT"), &s->usdt), RESULT_OK);
    for (unsigned i = 0; i < SIM_INSTRUMENTS; i++) {
        instrument_id_t id = 0;
        const instrument_t rules = rules_of(i);
        assert_int_equal(venue_instrument_add(s->venue, &rules, &id), RESULT_OK);
        const venue_street_t street = venue_street_default();
        assert_int_equal(venue_street_set(s->venue, id, &street), RESULT_OK);
        const venue_synthetic_t market = {.price = D(i == 0 ? "60000" : "3000"),
                                          .volatility_day = 0.15,
                                          .jumps_day = 20,
                                          .jump_size = 0.004,
                                          .volume_day = D(volume_day),
                                          .step_ns = 250 * NS_PER_MS};
        assert_int_equal(venue_market_synthetic(s->venue, id, &market), RESULT_OK);
        venue_follow(s->venue, id, VENUE_FOLLOW_QUOTES | VENUE_FOLLOW_MARK | VENUE_FOLLOW_TRADES, 0);
    }
    venue_account_t account = 1;
    assert_int_equal(venue_account_open(s->venue, &account), RESULT_OK);
    assert_int_equal(account, 0);
    assert_int_equal(venue_transfer(s->venue, &s->sink, 0, s->usdt, D("10000")), VENUE_REJECT_NONE);
    s->queue_count = 0; /* the half is not listening yet */
    assert_int_equal(order_half_resume(s->half, ++s->epoch, s->now_ns, "sim", s->output), RESULT_OK);
    take_records(s);
    feed(s);
    return s;
}

static void sim_stop(sim_t *s)
{
    free(s->half);
    free(s->mirror);
    free(s->output);
    free(s->records);
    free(s->queue);
    free(s->venue_memory);
    free(s);
}

/* Faults off, no signals: everything must come to agree (I6, I8). */
static void tell(const sim_t *s)
{
    static char text[RECORD_JSON_MAX];
    for (uint32_t i = 0; getenv("SIMULATION_TELLS") != NULL && i < s->record_count; i++) {
        record_sentence(&s->records[i], order_half_instruments(s->half), text, sizeof text);
        printf("%u %.3f epoch %u trade %llu %s: %s\n", i + 1, (double)(s->records[i].time_ns - SIM_START_NS) / 1e9,
               s->records[i].epoch, (unsigned long long)s->records[i].trade, record_kind_name((record_kind_t)s->records[i].kind),
               text);
    }
}

static void check_quiet(sim_t *s, uint64_t seed)
{
    s->faults = (sim_faults_t){0};
    s->cut_until_ns = 0;
    for (int i = 0; i < 20 * 180; i++) {
        world_moment(s, false);
    }
    tell(s);
    static venue_order_t orders[500];
    static venue_algo_t algos[500];
    const venue_select_t open = {.account = 0, .instrument = INSTRUMENT_NONE, .open_only = true};
    uint32_t ours = 0;
    order_view_t order;
    for (uint32_t i = 0; order_half_order(s->half, i, &order); i++) {
        if (order.state == ORDER_UNKNOWN || order.state == ORDER_SENT) {
            fail_msg("seed %llu: order %s is still %s", (unsigned long long)seed, order.spec.client_id.text,
                     order_state_name(order.state));
        }
        ours += order_state_is_live(order.state) ? 1 : 0;
    }
    if (ours != venue_orders(s->venue, &open, orders, 500) + venue_algos(s->venue, &open, algos, 500)) {
        fail_msg("seed %llu: %u orders here, others at the venue", (unsigned long long)seed, ours);
    }
    for (instrument_id_t i = 0; i < SIM_INSTRUMENTS; i++) {
        venue_position_t position;
        dec_t sum = DEC_ZERO;
        trade_view_t view;
        assert_int_equal(venue_position(s->venue, 0, i, VENUE_POSITION_BOTH, &position), RESULT_OK);
        for (uint32_t n = 0; order_half_trade(s->half, n, &view); n++) {
            if (view.instrument == i) {
                sum = dec_plus(sum, view.side == SIDE_LONG ? view.position.quantity : dec_neg(view.position.quantity));
                assert_true(dec_eq(view.covered, view.position.quantity));
            }
        }
        if (!dec_eq(sum, position.amount)) {
            char here[DEC_TEXT_MAX], there[DEC_TEXT_MAX];
            dec_format(sum, here);
            dec_format(position.amount, there);
            fail_msg("seed %llu: position of instrument %u is %s here, %s there", (unsigned long long)seed, i, here, there);
        }
    }
    venue_balance_t balance;
    assert_int_equal(venue_balance(s->venue, 0, s->usdt, &balance), RESULT_OK);
    assert_true(ledger_balanced(order_half_ledger(s->half)));
    if (!dec_is_zero(ledger_difference(order_half_ledger(s->half), "USDT", balance.wallet)) || s->unexplained != 0) {
        fail_msg("seed %llu: the books do not tie out (%u adjustments)", (unsigned long long)seed, s->unexplained);
    }
    assert_true(order_half_reconciled(s->half));
}

static void run(uint64_t seed, const sim_faults_t *faults, const char *volume_day, int64_t naked_max_ns, uint32_t *closed,
                uint32_t *ladders)
{
    sim_t *s = sim_start(seed, faults, volume_day);
    for (int i = 0; i < 20 * 60 * 20; i++) { /* 20 minutes */
        world_moment(s, true);
    }
    check_quiet(s, seed);
    if (getenv("SIMULATION_TALKS") != NULL) {
        printf("seed %llu: %u entries, %u fills, %u stops and targets, %u closed, %u ladders, naked at most %lld ms, %llu deaths, "
               "%u records, %u uncovered exits\n",
               (unsigned long long)seed, s->entries, s->fills, s->protections, s->trades_closed, s->ladders,
               (long long)(s->naked_longest_ns / NS_PER_MS), (unsigned long long)s->deaths, s->record_count, s->exits_uncovered);
    }
    if (s->protections > PROTECTIONS_A_TRADE_MAX * s->entries) {
        fail_msg("seed %llu: %u stops and targets for %u entries in %u fills", (unsigned long long)seed, s->protections, s->entries,
                 s->fills);
    }
    if (s->naked_longest_ns > naked_max_ns) {
        fail_msg("seed %llu: without a stop for %lld ms", (unsigned long long)seed, (long long)(s->naked_longest_ns / NS_PER_MS));
    }
    *closed += s->trades_closed;
    *ladders += s->ladders;
    sim_stop(s);
}

static uint64_t first_seed(uint64_t usual)
{
    const char *wanted = getenv("SIMULATION_FIRST");
    return wanted != NULL ? strtoull(wanted, NULL, 10) : usual;
}

static uint64_t seeds(void)
{
    const char *wanted = getenv("SIMULATION_SEEDS");
    return wanted != NULL ? strtoull(wanted, NULL, 10) : 2;
}

static const char *const deep = "100000000";
static const char *const thin = "100000"; /* every order of ours eats the whole book, again and again */

static void without_faults(void **state)
{
    (void)state;
    uint32_t closed = 0, ladders = 0;
    const sim_faults_t none = {0};
    for (uint64_t seed = first_seed(1), end = seed + seeds(); seed < end; seed++) {
        run(seed, &none, deep, 500 * NS_PER_MS, &closed, &ladders);
    }
    assert_true(closed >= 5);
    assert_true(ladders >= 1);
}

static void with_lost_and_repeated_messages(void **state)
{
    (void)state;
    uint32_t closed = 0, ladders = 0;
    const sim_faults_t faults = {
        .request_lost = 0.05, .reply_lost = 0.1, .never_sent = 0.05, .repeated = 0.2, .mixed = 0.2, .cut = 0.005};
    for (uint64_t seed = first_seed(101), end = seed + seeds(); seed < end; seed++) {
        run(seed, &faults, deep, 20 * NS_PER_S, &closed, &ladders);
    }
    assert_true(closed >= 5);
}

static void killed_again_and_again(void **state)
{
    (void)state;
    uint32_t closed = 0, ladders = 0;
    const sim_faults_t faults = {.killed = 0.03};
    for (uint64_t seed = first_seed(201), end = seed + seeds(); seed < end; seed++) {
        run(seed, &faults, deep, 2 * NS_PER_S, &closed, &ladders);
    }
    assert_true(closed >= 5);
}

static void with_everything_at_once(void **state)
{
    (void)state;
    uint32_t closed = 0, ladders = 0;
    const sim_faults_t faults = {.request_lost = 0.03,
                                 .reply_lost = 0.05,
                                 .never_sent = 0.03,
                                 .repeated = 0.1,
                                 .mixed = 0.1,
                                 .cut = 0.003,
                                 .user = 0.01,
                                 .killed = 0.01};
    for (uint64_t seed = first_seed(301), end = seed + seeds(); seed < end; seed++) {
        run(seed, &faults, deep, 30 * NS_PER_S, &closed, &ladders);
    }
    assert_true(closed >= 5);
}

static void in_a_thin_market(void **state)
{
    (void)state;
    uint32_t closed = 0, ladders = 0;
    const sim_faults_t faults = {.reply_lost = 0.02, .repeated = 0.1, .killed = 0.003};
    for (uint64_t seed = first_seed(401), end = seed + seeds(); seed < end; seed++) {
        run(seed, &faults, thin, 20 * NS_PER_S, &closed, &ladders);
    }
    assert_true(closed >= 1);
}

int main(void)
{
    cmocka_set_test_filter(getenv("SIMULATION_ONLY"));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_faults),         cmocka_unit_test(with_lost_and_repeated_messages),
        cmocka_unit_test(killed_again_and_again), cmocka_unit_test(with_everything_at_once),
        cmocka_unit_test(in_a_thin_market),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
