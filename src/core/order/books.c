/* books.c: looking things up in the durable state. */
#include "core/order/books.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/hash.h"

void books_init(books_t *books)
{
    ASSERT(books != NULL);
    memset(books, 0, sizeof *books);
    books->next_intent = 1;
    books->next_trade = 1;
    ledger_init(&books->ledger);
}

book_trade_t *books_trade(books_t *books, uint64_t id)
{
    for (uint32_t i = 0; id != 0 && i < books->trade_count; i++) {
        if (books->trades[i].id == id) {
            return &books->trades[i];
        }
    }
    return NULL;
}

book_order_t *books_order(books_t *books, const client_id_t *client_id)
{
    for (uint32_t i = 0; i < books->order_count; i++) {
        if (str_eq(str_from(books->orders[i].spec.client_id.text), str_from(client_id->text))) {
            return &books->orders[i];
        }
    }
    return NULL;
}

book_order_t *books_order_by_venue_id(books_t *books, instrument_id_t instrument, bool algo, uint64_t venue_order_id)
{
    for (uint32_t i = 0; venue_order_id != 0 && i < books->order_count; i++) {
        book_order_t *order = &books->orders[i];
        if (order->spec.instrument != instrument) {
            continue;
        }
        /* A conditional order has its own number and, once triggered, that of the normal order it became. */
        const bool conditional = order_type_is_algo(order->spec.type);
        if ((conditional == algo && order->venue_order_id == venue_order_id) ||
            (conditional && !algo && order->engine_order_id == venue_order_id)) {
            return order;
        }
    }
    return NULL;
}

static uint64_t kept(uint64_t count, uint64_t capacity)
{
    return count < capacity ? count : capacity;
}

bool books_fill_seen(const books_t *books, instrument_id_t instrument, uint64_t trade_id, order_side_t side)
{
    if (instrument < INSTRUMENT_MAX && trade_id <= books->symbols[instrument].fill_floor) {
        return true;
    }
    const uint64_t stored = kept(books->fill_count, BOOKS_FILLS_MAX);
    for (uint64_t i = 1; i <= stored; i++) {
        const book_fill_t *fill = &books->fills[(books->fill_count - i) % BOOKS_FILLS_MAX];
        if (fill->trade_id == trade_id && fill->instrument == instrument && fill->side == side) {
            return true;
        }
    }
    return false;
}

bool books_signal_seen(const books_t *books, const char *id, uint64_t *number)
{
    const uint64_t hash = hash_bytes(0, id, str_from(id).length);
    const uint64_t stored = kept(books->signal_count, BOOKS_SIGNALS_MAX);
    for (uint64_t i = 1; i <= stored; i++) {
        const book_signal_t *signal = &books->signals[(books->signal_count - i) % BOOKS_SIGNALS_MAX];
        if (signal->hash == hash) {
            *number = signal->number;
            return true;
        }
    }
    return false;
}

bool books_command_seen(const books_t *books, uint64_t id, result_t *result)
{
    const uint64_t stored = kept(books->command_count, BOOKS_COMMANDS_MAX);
    for (uint64_t i = 1; i <= stored; i++) {
        const book_command_t *command = &books->commands[(books->command_count - i) % BOOKS_COMMANDS_MAX];
        if (command->id == id) {
            *result = command->result;
            return true;
        }
    }
    return false;
}

/* The stream and the income list name the same payment with slightly different times: funding is paid "up to about a minute
 * around". */
bool books_income_seen(const books_t *books, const private_income_t *income)
{
    const int64_t slack_ns = 60 * INT64_C(1000000000);
    const uint64_t stored = kept(books->income_count, BOOKS_INCOME_MAX);
    if (books->income_count > BOOKS_INCOME_MAX &&
        income->time_ns + slack_ns < books->income[books->income_count % BOOKS_INCOME_MAX].time_ns) {
        return true; /* older than all that is remembered: booked, or in a balance that was taken over */
    }
    for (uint64_t i = 1; i <= stored; i++) {
        const private_income_t *seen = &books->income[(books->income_count - i) % BOOKS_INCOME_MAX];
        const int64_t apart = seen->time_ns > income->time_ns ? seen->time_ns - income->time_ns : income->time_ns - seen->time_ns;
        const bool same_place =
            seen->instrument == income->instrument || seen->instrument == INSTRUMENT_NONE || income->instrument == INSTRUMENT_NONE;
        const bool two_payments = seen->venue_id != 0 && income->venue_id != 0 && seen->venue_id != income->venue_id;
        if (seen->kind == income->kind && same_place && !two_payments && apart <= slack_ns &&
            dec_eq(seen->amount, income->amount) && str_eq(str_from(seen->asset), str_from(income->asset))) {
            return true;
        }
    }
    return false;
}

uint32_t books_sent_since(const books_t *books, int64_t since_ns)
{
    uint32_t count = 0;
    const uint64_t stored = kept(books->sent_count, BOOKS_SENT_MAX);
    for (uint64_t i = 0; i < stored; i++) {
        count += books->sent[i] > since_ns ? 1 : 0;
    }
    return count;
}

dec_t books_signed(position_side_t side, dec_t quantity)
{
    return side == SIDE_LONG ? quantity : dec_neg(quantity);
}

dec_t books_expected(const books_t *books, instrument_id_t instrument, position_key_t key)
{
    ASSERT(instrument < INSTRUMENT_MAX && key >= POSITION_BOTH && key <= POSITION_SHORT);
    dec_t sum = books->symbols[instrument].foreign[key];
    for (uint32_t i = 0; i < books->trade_count; i++) {
        const book_trade_t *trade = &books->trades[i];
        if (trade->instrument == instrument && trade->key == key) {
            sum = dec_plus(sum, books_signed(trade->side, trade->position.quantity));
        }
    }
    return sum;
}

bool book_order_is_settled(const book_order_t *order)
{
    if (!order_state_is_terminal(order->state)) {
        return false;
    }
    if (order->state == ORDER_FILLED || !order->venue_filled_known) {
        return true;
    }
    return dec_ge(order->filled, order->venue_filled);
}
