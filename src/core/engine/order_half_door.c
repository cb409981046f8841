/* order_half_door.c: a signal before the one door (core/risk/door.h): the facts it is judged by are gathered here, the verdict is
 * recorded here, whichever it is. What cannot be counted or weighed is left unknown, and the door refuses what it does not know.
 */
#include "core/base/assert.h"
#include "core/engine/order_half_parts.h"
#include "core/market/timeframe.h"
#include "core/strategy/adaptation.h"

_Static_assert((int)SYMBOL_RESULTS_MAX == (int)SYMBOL_TRADES_KEPT, "a symbol's record is remembered as far as it may be asked for");

/* --- facts for the door ----------------------------------------------------------------------- */

/* The venue has said that the entry traded; the fills are still to come: it is a position, not an entry that can be replaced. */
static bool fills_on_their_way(order_half_t *half, const book_trade_t *trade)
{
    const book_order_t *entry = half_entry_of(half, trade);
    return entry != NULL && half_fills_missing(entry);
}

static bool being_replaced(order_half_t *half, const book_trade_t *trade, const signal_t *signal)
{
    return half->risk.pending_entry == PENDING_ENTRY_REPLACE && trade->instrument == signal->instrument &&
           trade->side == signal->side && trade->purpose == TRADE_PURPOSE_SIGNAL && dec_is_zero(trade->position.entered_quantity) &&
           half_trade_pending(half, trade) && !fills_on_their_way(half, trade);
}

/* What may still be added to a trade's position: the rest of a live entry, or the fills an ended one is known to have made. */
static dec_t may_still_fill(order_half_t *half, const book_trade_t *trade)
{
    const book_order_t *entry = half_entry_of(half, trade);
    dec_t whole = trade->planned;
    if (entry != NULL && order_state_is_terminal(entry->state)) {
        whole = dec_max(entry->desk.venue_filled, entry->venue_filled_known ? entry->venue_filled : DEC_ZERO);
    }
    return dec_max(dec_minus(whole, trade->position.entered_quantity), DEC_ZERO);
}

/* Worst case of one trade: what is held, and all of the entry that may still fill. */
static bool worst_case(order_half_t *half, const book_trade_t *trade, dec_t *notional)
{
    dec_t pending = DEC_ZERO;
    *notional = trade->position.cost;
    if (!half_trade_pending(half, trade)) {
        return true;
    }
    const dec_t rest = may_still_fill(half, trade);
    return dec_mul(rest, trade->entry, DEC_ROUND_UP, &pending) == RESULT_OK && dec_add(*notional, pending, notional) == RESULT_OK;
}

static bool add_exposure(order_half_t *half, instrument_id_t instrument, const signal_t *signal, dec_t notional, uint32_t leverage,
                         door_facts_t *f)
{
    dec_t margin = DEC_ZERO;
    const record_instrument_t *names = half->books.names;
    if (dec_div(notional, dec_from_int((int64_t)(leverage > 0 ? leverage : 1)), DEC_ROUND_UP, &margin) != RESULT_OK ||
        dec_add(f->margin_used, margin, &f->margin_used) != RESULT_OK ||
        dec_add(f->notional_total, notional, &f->notional_total) != RESULT_OK) {
        return false;
    }
    if (instrument == signal->instrument && dec_add(f->notional_symbol, notional, &f->notional_symbol) != RESULT_OK) {
        return false;
    }
    return !str_eq(str_from(names[instrument].base), str_from(names[signal->instrument].base)) ||
           dec_add(f->notional_asset, notional, &f->notional_asset) == RESULT_OK;
}

static void note_best_entry(const book_trade_t *trade, const signal_t *signal, bool pending, door_facts_t *f)
{
    const dec_t prices[] = {dec_is_zero(trade->position.quantity) ? DEC_ZERO : position_average(&trade->position),
                            pending ? trade->entry : DEC_ZERO};
    for (size_t i = 0; i < sizeof prices / sizeof prices[0]; i++) {
        if (dec_is_zero(prices[i])) {
            continue;
        }
        if (dec_is_zero(f->best_existing)) {
            f->best_existing = prices[i];
        } else {
            f->best_existing =
                signal->side == SIDE_LONG ? dec_min(f->best_existing, prices[i]) : dec_max(f->best_existing, prices[i]);
        }
    }
}

static bool count_trade(order_half_t *half, const book_trade_t *trade, const signal_t *signal, door_facts_t *f)
{
    const bool pending = half_trade_pending(half, trade);
    const bool held = !dec_is_zero(trade->position.quantity);
    dec_t notional = DEC_ZERO;
    if (trade->purpose == TRADE_PURPOSE_CANARY || (!pending && !held)) {
        return true;
    }
    if (!worst_case(half, trade, &notional) || !add_exposure(half, trade->instrument, signal, notional, trade->leverage, f)) {
        return false;
    }
    if (being_replaced(half, trade, signal)) {
        return true; /* its money counts, its place does not */
    }
    f->count_total++;
    if (trade->instrument != signal->instrument) {
        return true;
    }
    f->count_symbol++;
    if (trade->side == signal->side) {
        note_best_entry(trade, signal, pending, f);
        return true;
    }
    return dec_add(f->opposite, dec_max(trade->position.quantity, trade->planned), &f->opposite) == RESULT_OK;
}

/* Positions that are not ours on any symbol we know: they use the same margin, and the symbol's side. */
static bool count_foreign(order_half_t *half, const signal_t *signal, door_facts_t *f)
{
    for (instrument_id_t i = 0; i < half->instruments.count; i++) {
        for (unsigned key = POSITION_BOTH; key <= POSITION_SHORT; key++) {
            const dec_t amount = half->books.symbols[i].foreign[key];
            dec_t notional = DEC_ZERO;
            if (dec_is_zero(amount)) {
                continue;
            }
            if (half->prices[i].mark_ns == 0 ||
                dec_mul(dec_abs(amount), half->prices[i].mark, DEC_ROUND_UP, &notional) != RESULT_OK ||
                !add_exposure(half, i, signal, notional, half->books.symbols[i].leverage, f)) {
                return false; /* it cannot be weighed, so nothing may be added to it */
            }
            if (i == signal->instrument) {
                f->count_symbol++;
                f->opposite = dec_sign(amount) != (signal->side == SIDE_LONG ? 1 : -1) ? dec_abs(amount) : f->opposite;
            }
        }
    }
    return true;
}

static void gather_counts(order_half_t *half, const signal_t *signal, door_facts_t *f)
{
    f->counts_known = true;
    for (uint32_t i = 0; i < half->books.trade_count && f->counts_known; i++) {
        f->counts_known = count_trade(half, &half->books.trades[i], signal, f);
    }
    f->counts_known = f->counts_known && count_foreign(half, signal, f);
    uint32_t live = 0;
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        f->unknown_orders += half->books.orders[i].state == ORDER_UNKNOWN ? 1 : 0;
        live += book_order_is_settled(&half->books.orders[i]) ? 0 : 1;
    }
    /* Every trade under way may still need its protection: that room is not free. */
    const uint32_t reserved = live + 8 * half->books.trade_count;
    f->orders_free = reserved < BOOKS_ORDERS_MAX ? BOOKS_ORDERS_MAX - reserved : 0;
    f->trades_free = BOOKS_TRADES_MAX - half->books.trade_count;
    f->orders_in_window = books_sent_since(&half->books, half->now_ns - half->risk.orders_window_ns);
}

static void gather_account(order_half_t *half, const signal_t *signal, door_facts_t *f)
{
    const char *settle = half->books.names[signal->instrument].settle;
    for (uint32_t i = 0; i < half->balance_count; i++) {
        const half_balance_t *balance = &half->balances[i];
        if (!str_eq(str_from(balance->asset), str_from(settle))) {
            continue;
        }
        f->account_known = true;
        f->account_ns = balance->time_ns;
        f->wallet = balance->wallet;
        f->equity = balance->wallet;
        if (dec_sub(balance->wallet, f->margin_used, &f->available) != RESULT_OK) {
            f->account_known = false;
            return;
        }
        if (balance->available_known) {
            f->available = dec_min(f->available, balance->available);
        }
    }
    for (uint32_t i = 0; i < half->books.trade_count && f->account_known; i++) {
        const book_trade_t *trade = &half->books.trades[i];
        const half_price_t *price = &half->prices[trade->instrument];
        dec_t profit = DEC_ZERO;
        if (dec_is_zero(trade->position.quantity) ||
            !str_eq(str_from(half->books.names[trade->instrument].settle), str_from(settle))) {
            continue;
        }
        f->account_known = price->mark_ns != 0 && position_unrealised(&trade->position, price->mark, &profit) == RESULT_OK &&
                           dec_add(f->equity, profit, &f->equity) == RESULT_OK;
    }
}

/* The ATR that the signal rests on: an input named "...atr". */
static dec_t atr_of(const signal_t *signal)
{
    dec_t atr = DEC_ZERO;
    for (uint32_t i = 0; i < signal->input_count && i < SIGNAL_INPUTS_MAX; i++) {
        if (str_ends_with(str_from(signal->inputs[i].name), STR("atr")) &&
            dec_from_double(signal->inputs[i].value, DEC_PLACES, &atr) == RESULT_OK) {
            return atr;
        }
    }
    return DEC_ZERO;
}

/* Kelly's figures: the newest closed trades of the profile, none older than the window. */
static size_results_t recent_results(const order_half_t *half)
{
    size_results_t results = {.trades = 0};
    const books_t *books = &half->books;
    for (uint64_t i = 0; i < BOOKS_RESULTS_MAX && i < books->result_count; i++) {
        const book_result_t *result = &books->results[i];
        const int sign = dec_sign(result->profit);
        if (half->now_ns - result->closed_ns >= half->risk.kelly_window_ns) {
            continue;
        }
        dec_t *sum = sign > 0 ? &results.won : &results.lost;
        if (dec_add(*sum, dec_abs(result->profit), sum) != RESULT_OK) {
            return (size_results_t){.trades = 0}; /* not to be summed: no results to lean on */
        }
        results.trades++;
        results.wins += sign > 0;
        results.losses += sign < 0;
    }
    return results;
}

/* The record of a symbol: does it rest for having lost too often lately (RSK-7)? */
static void gather_record(const order_half_t *half, instrument_id_t instrument, door_facts_t *f)
{
    const books_t *books = &half->books;
    const symbol_rules_t rules = {.trades_min = half->risk.poor_trades_min,
                                  .win_rate_min = dec_to_double(half->risk.poor_win_rate_pct) / 100.0,
                                  .window_ns = half->risk.poor_window_ns};
    const uint64_t kept = books->result_count < BOOKS_RESULTS_MAX ? books->result_count : BOOKS_RESULTS_MAX;
    symbol_trades_t trades = {.count = 0};
    double rate = 0.0;
    for (uint64_t i = books->result_count - kept; i < books->result_count; i++) { /* oldest first: the newest 64 stay */
        const book_result_t *result = &books->results[i % BOOKS_RESULTS_MAX];
        if (result->instrument == instrument) {
            symbol_trades_add(&trades, result->closed_ns, dec_sign(result->profit) > 0);
        }
    }
    if (symbol_is_skipped(&trades, &rules, half->now_ns, &f->poor_until_ns, &rate) &&
        dec_from_double(100.0 * rate, 2, &f->poor_rate_pct) != RESULT_OK) {
        f->poor_rate_pct = DEC_ZERO;
    }
}

/* How far the equity is below the highest the wallet has been: 0..1, rounded up. */
static dec_t drawdown_of(const order_half_t *half, const signal_t *signal, dec_t equity)
{
    const ledger_asset_t *asset = ledger_asset(&half->books.ledger, half->books.names[signal->instrument].settle);
    dec_t below = DEC_ZERO, drawdown = DEC_ZERO;
    if (asset == NULL || dec_sign(asset->peak) <= 0 || dec_ge(equity, asset->peak)) {
        return DEC_ZERO;
    }
    if (dec_sub(asset->peak, dec_max(equity, DEC_ZERO), &below) != RESULT_OK ||
        dec_div(below, asset->peak, DEC_ROUND_UP, &drawdown) != RESULT_OK) {
        return DEC_ONE;
    }
    return dec_min(drawdown, DEC_ONE);
}

static void gather(order_half_t *half, const signal_t *signal, door_facts_t *f)
{
    const half_price_t *price = &half->prices[signal->instrument];
    const book_symbol_t *symbol = &half->books.symbols[signal->instrument];
    *f = (door_facts_t){
        .config = half->risk_known ? &half->risk : NULL,
        .instrument = half_instrument(half, signal->instrument),
        .signal = signal,
        .now_ns = half->now_ns,
        .rules_ns = half->symbols[signal->instrument].rules_ns,
        .kill_level = (uint8_t)half->books.kill_level,
        .paused = half->books.paused,
        .reconciled = !half_sync_blind(half),
        .capability_lost = half->capability_lost,
        .symbol_frozen = symbol->frozen,
        .losing_stop_ns = symbol->losing_stop_ns,
        .price_known = price->quote_ns != 0 && price->mark_ns != 0,
        .price_ns = price->quote_ns < price->mark_ns ? price->quote_ns : price->mark_ns,
        .bid = price->bid,
        .ask = price->ask,
        .mark = price->mark,
        .mode = half->books.mode,
        .leverage_in_force = symbol->leverage,
        .exposed = half_symbol_exposed(half, signal->instrument),
        .atr = atr_of(signal),
    };
    if (half->risk_known) {
        gather_counts(half, signal, f);
        gather_account(half, signal, f);
        gather_record(half, signal->instrument, f);
        f->results = recent_results(half);
        f->drawdown = drawdown_of(half, signal, f->equity);
    }
}

/* --- the signal ------------------------------------------------------------------------------- */

static void record_signal(order_half_t *half, const signal_t *signal, const door_verdict_t *verdict, uint64_t trade)
{
    const instrument_id_t instrument = signal->instrument < half->instruments.count ? signal->instrument : INSTRUMENT_NONE;
    order_record_t *record = half_record(half, RECORD_SIGNAL, trade, instrument);
    record_signal_t *body = &record->signal;
    half_text(body->id, sizeof body->id, signal->id);
    body->number = signal->number;
    body->side = signal->side;
    half_text(body->strategy, sizeof body->strategy, signal->strategy);
    half_text(body->source, sizeof body->source, signal->source);
    body->entry = signal->entry;
    body->stop = signal->stop;
    body->target = signal->target;
    body->confidence = signal->confidence;
    body->timeframes = signal->timeframes;
    body->timeframe_source = signal->timeframe_source;
    body->made_ns = signal->made_ns;
    body->expires_ns = signal->expires_ns;
    body->reason = verdict->reason;
    body->figure[0] = verdict->figure[0];
    body->figure[1] = verdict->figure[1];
    body->exit_of = signal->exit_of;
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
}

static int64_t entry_end_ns(const order_half_t *half, const signal_t *signal)
{
    if (half->risk.entry_ttl_ns > 0) {
        return half->now_ns + half->risk.entry_ttl_ns;
    }
    return timeframe_next(signal->timeframe_source, timeframe_open(signal->timeframe_source, half->now_ns));
}

position_key_t half_key_of(const order_half_t *half, position_side_t side)
{
    if (half->books.mode != POSITION_MODE_HEDGE) {
        return POSITION_BOTH;
    }
    return side == SIDE_LONG ? POSITION_LONG : POSITION_SHORT;
}

static void open_trade(order_half_t *half, const signal_t *signal, const door_verdict_t *verdict)
{
    const uint64_t id = half->books.next_trade;
    record_signal(half, signal, verdict, id);
    order_record_t *record = half_record(half, RECORD_SIGNAL_INPUTS, id, signal->instrument);
    record->inputs.count = signal->input_count;
    record->inputs.states = signal->states;
    record->inputs.size_cut = signal->size_cut;
    for (uint32_t i = 0; i < signal->input_count; i++) {
        half_text(record->inputs.inputs[i].name, SIGNAL_INPUT_NAME_MAX, signal->inputs[i].name);
        record->inputs.inputs[i].value = signal->inputs[i].value;
    }
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
    record = half_record(half, RECORD_TRADE_OPENED, id, signal->instrument);
    record->trade_opened = (record_trade_opened_t){
        .purpose = TRADE_PURPOSE_SIGNAL,
        .side = signal->side,
        .position = half_key_of(half, signal->side),
        .signal_number = signal->number,
        .entry_type = half->risk.entry_type,
        .quantity = verdict->quantity,
        .entry = verdict->entry,
        .stop = verdict->stop,
        .target = verdict->target,
        .risk_amount = verdict->risk_amount,
        .liquidation = verdict->liquidation,
        .leverage = verdict->leverage,
        .expires_ns = entry_end_ns(half, signal),
    };
    half_text(record->trade_opened.signal_id, sizeof record->trade_opened.signal_id, signal->id);
    result = half_commit(half, record);
    ASSERT(result == RESULT_OK); /* the door has counted the room */
}

/* A strategy takes its trade back: what is held leaves at market, what still waits is withdrawn. Risk only falls, so no check of
 * the door stands in the way; an old one, or one of a trade that is gone, is refused by name. The exit is recorded before the
 * signal: a step cut off between them is asked again and finds it begun. */
static void leave_by_signal(order_half_t *half, const signal_t *signal)
{
    door_verdict_t verdict = {.reason = DOOR_NOT_OPEN, .figure = {dec_from_int((int64_t)(signal->exit_of & INT64_MAX)), DEC_ZERO}};
    const int64_t age = half->now_ns - signal->made_ns, allowed = signal->expires_ns - signal->made_ns;
    uint64_t left = 0;
    if (signal_check(signal) != RESULT_OK) {
        verdict.reason = DOOR_SIGNAL_INVALID;
    } else if (age > allowed) {
        verdict = (door_verdict_t){.reason = DOOR_SIGNAL_EXPIRED, .figure = {dec_from_scaled(age, 9), dec_from_scaled(allowed, 9)}};
    }
    for (uint32_t i = 0; i < half->books.trade_count && verdict.reason == DOOR_NOT_OPEN; i++) {
        book_trade_t *trade = &half->books.trades[i];
        if (trade->purpose == TRADE_PURPOSE_SIGNAL && trade->signal_number == signal->exit_of &&
            trade->instrument == signal->instrument && trade->side == signal->side) {
            half_end_entry(half, trade, EXIT_SIGNAL, signal->id);
            if (dec_sign(trade->position.quantity) > 0) {
                half_exit(half, trade, EXIT_SIGNAL, signal->id);
            }
            verdict = (door_verdict_t){.reason = DOOR_ACCEPTED};
            left = trade->id;
        }
    }
    record_signal(half, signal, &verdict, left);
}

void half_on_signal(order_half_t *half, const signal_t *signal)
{
    uint64_t number = 0;
    const bool seen = books_signal_seen(&half->books, signal->id, &number);
    if (seen && number == signal->number) {
        return; /* delivered again: decided already, and the decision stands in the journal */
    }
    if (signal->exit_of != 0) {
        leave_by_signal(half, signal);
        return;
    }
    door_facts_t facts;
    door_verdict_t verdict = {.reason = DOOR_SIGNAL_INVALID};
    if (signal->instrument < half->instruments.count && signal->input_count <= SIGNAL_INPUTS_MAX) {
        gather(half, signal, &facts);
        facts.signal_seen = seen;
        door_pass(&facts, &verdict);
    }
    if (verdict.reason != DOOR_ACCEPTED) {
        record_signal(half, signal, &verdict, 0);
        half_notify(half, NOTICE_ENTRY_REFUSED, 0, signal->instrument);
        return;
    }
    for (uint32_t i = 0; i < half->books.trade_count; i++) {
        if (being_replaced(half, &half->books.trades[i], signal)) {
            half_end_entry(half, &half->books.trades[i], EXIT_REPLACED, signal->id);
        }
    }
    open_trade(half, signal, &verdict);
}
