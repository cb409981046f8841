/* books_digest.c: one number for the whole durable state, the same whichever way it came about. Fields are fed one by one as
 * little-endian bytes, so padding, pointers and the running process's desks have no say. */
#include "core/order/books.h"

#include "core/base/assert.h"
#include "core/base/hash.h"

static void take(sha256_t *sha, uint64_t value)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
    sha256_update(sha, bytes, sizeof bytes);
}

static void take_time(sha256_t *sha, int64_t value)
{
    take(sha, (uint64_t)value);
}

static void take_dec(sha256_t *sha, dec_t value)
{
    take(sha, (uint64_t)value.units);
    take(sha, (uint64_t)(value.units >> 64));
}

static void take_text(sha256_t *sha, const char *text)
{
    const str_t str = str_from(text);
    take(sha, str.length);
    sha256_update(sha, str.bytes, str.length);
}

static void take_order(sha256_t *sha, const book_order_t *order)
{
    const order_spec_t *spec = &order->spec;
    take_text(sha, spec->client_id.text);
    const uint64_t numbers[] = {spec->instrument,
                                (uint64_t)spec->leg,
                                (uint64_t)spec->side,
                                (uint64_t)spec->position,
                                (uint64_t)spec->type,
                                (uint64_t)spec->tif,
                                (uint64_t)spec->trigger_by,
                                (uint64_t)spec->reduce,
                                order->intent,
                                order->trade,
                                order->epoch,
                                order->row,
                                (uint64_t)order->state,
                                order->venue_order_id,
                                order->engine_order_id,
                                (uint64_t)order->algo,
                                order->venue_filled_known,
                                (uint64_t)(int64_t)order->code,
                                order->never_left};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        take(sha, numbers[i]);
    }
    const int64_t times[] = {order->made_ns, order->state_ns, order->not_found_ns, order->algo_ns};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        take_time(sha, times[i]);
    }
    const dec_t decimals[] = {spec->quantity, spec->price, spec->trigger, order->filled, order->venue_filled};
    for (size_t i = 0; i < sizeof decimals / sizeof decimals[0]; i++) {
        take_dec(sha, decimals[i]);
    }
}

static void take_trade(sha256_t *sha, const book_trade_t *trade)
{
    const position_t *position = &trade->position;
    take_text(sha, trade->signal_id);
    take_text(sha, trade->closing_order.text);
    const uint64_t numbers[] = {trade->id,
                                (uint64_t)trade->purpose,
                                (uint64_t)trade->state,
                                trade->instrument,
                                (uint64_t)trade->side,
                                (uint64_t)trade->key,
                                trade->signal_number,
                                (uint64_t)trade->entry_type,
                                trade->leverage,
                                trade->rows_fired,
                                trade->row,
                                trade->laddering,
                                (uint64_t)trade->exit,
                                (uint64_t)trade->entry_end,
                                trade->stops_refused,
                                (uint64_t)trade->closing,
                                (uint64_t)position->side};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        take(sha, numbers[i]);
    }
    const int64_t times[] = {
        trade->made_ns,           trade->expires_ns, trade->opened_ns, trade->uncovered_began_ns, trade->uncovered_changed_ns,
        trade->uncovered_total_ns};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        take_time(sha, times[i]);
    }
    const dec_t decimals[] = {trade->planned,
                              trade->entry,
                              trade->stop,
                              trade->target,
                              trade->target_original,
                              trade->risk_amount,
                              trade->liquidation,
                              trade->realised,
                              trade->fees,
                              trade->funding,
                              trade->rest,
                              trade->uncovered,
                              trade->uncovered_notional,
                              trade->uncovered_notional_seconds,
                              trade->uncovered_total_notional_seconds,
                              position->quantity,
                              position->cost,
                              position->entered_quantity,
                              position->entered_cost,
                              position->left_quantity,
                              position->left_proceeds,
                              position->realised};
    for (size_t i = 0; i < sizeof decimals / sizeof decimals[0]; i++) {
        take_dec(sha, decimals[i]);
    }
}

static void take_symbols(sha256_t *sha, const books_t *books)
{
    for (uint32_t i = 0; i < books->instrument_count; i++) {
        const book_symbol_t *symbol = &books->symbols[i];
        const record_instrument_t *name = &books->names[i];
        const char *const texts[] = {name->venue, name->symbol, name->base, name->quote, name->settle};
        for (size_t n = 0; n < sizeof texts / sizeof texts[0]; n++) {
            take_text(sha, texts[n]);
        }
        take(sha, (uint64_t)name->kind);
        take(sha, (symbol->known ? 1U : 0U) | (symbol->frozen ? 2U : 0U));
        take(sha, symbol->leverage);
        take(sha, (uint64_t)symbol->margin_type);
        take(sha, symbol->fill_floor);
        take_dec(sha, symbol->fill_price);
        take(sha, (uint64_t)symbol->losing_stop_ns);
        for (unsigned key = POSITION_BOTH; key <= POSITION_SHORT; key++) {
            take_dec(sha, symbol->foreign[key]);
        }
    }
}

static void take_rings(sha256_t *sha, const books_t *books)
{
    for (uint64_t i = 0; i < BOOKS_FILLS_MAX && i < books->fill_count; i++) {
        take(sha, books->fills[i].instrument);
        take(sha, books->fills[i].trade_id);
        take(sha, (uint64_t)books->fills[i].side);
    }
    for (uint64_t i = 0; i < BOOKS_SIGNALS_MAX && i < books->signal_count; i++) {
        take(sha, books->signals[i].hash);
        take(sha, books->signals[i].number);
    }
    for (uint64_t i = 0; i < BOOKS_COMMANDS_MAX && i < books->command_count; i++) {
        take(sha, books->commands[i].id);
        take(sha, (uint64_t)books->commands[i].result);
    }
    for (uint64_t i = 0; i < BOOKS_SENT_MAX && i < books->sent_count; i++) {
        take_time(sha, books->sent[i]);
    }
    for (uint64_t i = 0; i < BOOKS_RESULTS_MAX && i < books->result_count; i++) {
        take(sha, books->results[i].instrument);
        take_time(sha, books->results[i].closed_ns);
        take_dec(sha, books->results[i].profit);
    }
    for (uint64_t i = 0; i < BOOKS_INCOME_MAX && i < books->income_count; i++) {
        const private_income_t *income = &books->income[i];
        take(sha, (uint64_t)income->kind);
        take(sha, income->instrument);
        take_text(sha, income->asset);
        take_dec(sha, income->amount);
        take_time(sha, income->time_ns);
        take(sha, income->venue_id);
    }
}

void books_digest(const books_t *books, uint8_t digest[32])
{
    ASSERT(books != NULL && digest != NULL);
    sha256_t sha;
    sha256_init(&sha);
    const uint64_t numbers[] = {books->last_record,
                                books->next_intent,
                                books->next_trade,
                                books->epoch,
                                books->kill_level,
                                books->paused,
                                books->signal_open,
                                (uint64_t)books->mode,
                                books->capability_epoch,
                                books->order_count,
                                books->trade_count,
                                books->instrument_count,
                                books->fill_count,
                                books->signal_count,
                                books->income_count,
                                books->command_count,
                                books->sent_count,
                                books->result_count,
                                books->uncovered.episodes,
                                (uint64_t)books->first_ns,
                                (uint64_t)books->last_ns,
                                (uint64_t)books->reconciled_ns,
                                (uint64_t)books->uncovered.longest_ns,
                                (uint64_t)books->uncovered.total_ns};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        take(&sha, numbers[i]);
    }
    take_dec(&sha, books->uncovered.notional_seconds);
    sha256_update(&sha, books->configuration, sizeof books->configuration);
    for (uint32_t i = 0; i < books->order_count; i++) {
        take_order(&sha, &books->orders[i]);
    }
    for (uint32_t i = 0; i < books->trade_count; i++) {
        take_trade(&sha, &books->trades[i]);
    }
    take_symbols(&sha, books);
    take_rings(&sha, books);
    for (uint32_t i = 0; i < books->ledger.count; i++) {
        const ledger_asset_t *asset = &books->ledger.assets[i];
        take_text(&sha, asset->asset);
        take(&sha, asset->postings);
        take_dec(&sha, asset->peak);
        for (unsigned account = 0; account < LEDGER_ACCOUNT_COUNT; account++) {
            take_dec(&sha, asset->balances[account]);
        }
    }
    sha256_final(&sha, digest);
}
