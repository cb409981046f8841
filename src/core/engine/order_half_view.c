/* order_half_view.c: looking into the order half without touching it. */
#include "core/engine/order_half_parts.h"

#include <string.h>

#include "core/base/assert.h"

static const char *const notice_names[NOTICE_COUNT] = {
#define NOTICE_NAME(name) [NOTICE_##name] = #name,
    NOTICE_TABLE(NOTICE_NAME)
#undef NOTICE_NAME
};

const char *notice_name(notice_t notice)
{
    return (unsigned)notice < NOTICE_COUNT ? notice_names[notice] : "?";
}

void order_half_digest(const order_half_t *half, uint8_t digest[32])
{
    books_digest(&half->books, digest);
}

const instrument_table_t *order_half_instruments(const order_half_t *half)
{
    return &half->instruments;
}

const ledger_t *order_half_ledger(const order_half_t *half)
{
    return &half->books.ledger;
}

uint64_t order_half_last_record(const order_half_t *half)
{
    return half->books.last_record;
}

uint32_t order_half_last_epoch(const order_half_t *half)
{
    return half->books.epoch;
}

bool order_half_comparing(const order_half_t *half)
{
    return half->sync.phase != SYNC_IDLE;
}

bool order_half_doubts_stop(const order_half_t *half)
{
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        const book_order_t *order = &half->books.orders[i];
        if (order->state == ORDER_UNKNOWN && order->spec.leg == LEG_STOP && order->not_found_ns != 0) {
            return true;
        }
    }
    return false;
}

bool order_half_reconciled(const order_half_t *half)
{
    return !half_sync_blind(half);
}

uint32_t order_half_kill_level(const order_half_t *half)
{
    return half->books.kill_level;
}

uint32_t order_half_trade_count(const order_half_t *half)
{
    return half->books.trade_count;
}

bool order_half_trade(const order_half_t *half, uint32_t index, trade_view_t *view)
{
    if (index >= half->books.trade_count) {
        return false;
    }
    const book_trade_t *trade = &half->books.trades[index];
    *view = (trade_view_t){
        .id = trade->id,
        .purpose = trade->purpose,
        .state = trade->state,
        .instrument = trade->instrument,
        .side = trade->side,
        .signal_number = trade->signal_number,
        .position = trade->position,
        .planned = trade->planned,
        .entry = trade->entry,
        .stop = trade->stop,
        .target = trade->target,
        .target_original = trade->target_original,
        .covered = half_covered(half, trade),
        .rows_fired = trade->rows_fired,
        .exit = trade->exit,
        .fees = trade->fees,
        .funding = trade->funding,
        .expires_ns = trade->expires_ns,
        .opened_ns = trade->opened_ns,
        .uncovered_since_ns = trade->uncovered_began_ns,
        .uncovered_ns = trade->uncovered_total_ns,
    };
    memcpy(view->signal_id, trade->signal_id, sizeof view->signal_id);
    return true;
}

bool order_half_order(const order_half_t *half, uint32_t index, order_view_t *view)
{
    if (index >= half->books.order_count) {
        return false;
    }
    const book_order_t *order = &half->books.orders[index];
    *view = (order_view_t){.spec = order->spec,
                           .trade = order->trade,
                           .state = order->state,
                           .venue_order_id = order->venue_order_id,
                           .engine_order_id = order->engine_order_id,
                           .filled = order->filled,
                           .made_ns = order->made_ns};
    return true;
}

void order_half_uncovered(const order_half_t *half, uncovered_view_t *view)
{
    const book_uncovered_t *all = &half->books.uncovered;
    *view = (uncovered_view_t){.episodes = all->episodes,
                               .longest_ns = all->longest_ns,
                               .total_ns = all->total_ns,
                               .notional_seconds = all->notional_seconds};
    for (uint32_t i = 0; i < half->books.trade_count; i++) {
        const book_trade_t *trade = &half->books.trades[i];
        const int64_t running = trade->uncovered_began_ns != 0 ? half->now_ns - trade->uncovered_began_ns : 0;
        view->longest_ns = running > view->longest_ns ? running : view->longest_ns;
        view->total_ns += running;
    }
}

static dec_t account_balance(const ledger_asset_t *asset, ledger_account_t account)
{
    return asset != NULL ? asset->balances[account] : DEC_ZERO;
}

static dec_t open_profit(const order_half_t *half, const dec_t *marks)
{
    dec_t total = DEC_ZERO;
    trade_view_t trade;
    for (uint32_t i = 0; order_half_trade(half, i, &trade); i++) {
        dec_t profit = DEC_ZERO, sum = DEC_ZERO;
        if (!dec_is_zero(trade.position.quantity) && dec_sign(marks[trade.instrument]) > 0 &&
            position_unrealised(&trade.position, marks[trade.instrument], &profit) == RESULT_OK &&
            dec_add(total, profit, &sum) == RESULT_OK) {
            total = sum;
        }
    }
    return total;
}

void order_half_figures(const order_half_t *half, const dec_t marks[INSTRUMENT_MAX], figures_view_t *view)
{
    const char *settle = half->instruments.count > 0 ? half->instruments.items[0].settle : "USDT";
    const ledger_asset_t *asset = ledger_asset(order_half_ledger(half), settle);
    /* The other accounts carry the opposite sign of the wallet, so that an asset sums to zero. */
    *view = (figures_view_t){.asset = settle,
                             .wallet = account_balance(asset, LEDGER_WALLET),
                             .realised = dec_neg(account_balance(asset, LEDGER_REALISED)),
                             .fees = account_balance(asset, LEDGER_FEE),
                             .funding = dec_neg(account_balance(asset, LEDGER_FUNDING)),
                             .unexplained = dec_neg(account_balance(asset, LEDGER_UNEXPLAINED)),
                             .unrealised = open_profit(half, marks)};
    if (dec_add(view->wallet, view->unrealised, &view->equity) != RESULT_OK) {
        view->equity = view->wallet;
    }
}

bool order_half_venue_wallet(const order_half_t *half, const char *asset, dec_t *wallet)
{
    for (uint32_t i = 0; i < half->balance_count; i++) {
        if (str_eq(str_from(half->balances[i].asset), str_from(asset))) {
            *wallet = half->balances[i].wallet;
            return true;
        }
    }
    return false;
}

bool order_half_fires_at_once(position_side_t side, command_kind_t kind, dec_t price, dec_t mark)
{
    const bool is_below = (kind == COMMAND_MOVE_STOP) == (side == SIDE_LONG); /* where it stands while it waits */
    return is_below ? dec_ge(price, mark) : dec_le(price, mark);
}
