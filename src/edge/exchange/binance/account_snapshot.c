/* account_snapshot.c: everything the account holds, section by section; a section that was not read whole is no information. */
#include "core/base/time.h"
#include "edge/exchange/binance/account_inside.h"

/* The sections of a snapshot in the order in which they are read: fills last, so that they explain everything before them. */
static const snapshot_section_t sections[] = {SECTION_MODE,      SECTION_SETTINGS, SECTION_ORDERS, SECTION_ALGO_ORDERS,
                                              SECTION_POSITIONS, SECTION_BALANCES, SECTION_FILLS,  SECTION_INCOME};
static result_t encode_section(account_call_t *call, snapshot_section_t section)
{
    binance_request_t *request = &call->request;
    int64_t since_ms = call->action.snapshot.since_ns / NS_PER_MS;
    switch (section) {
    case SECTION_MODE:
        return binance_encode_position_mode(request);
    case SECTION_SETTINGS:
        return binance_encode_symbol_config(request, "");
    case SECTION_ORDERS:
        return binance_encode_open_orders(request, "");
    case SECTION_ALGO_ORDERS:
        return binance_encode_open_algo_orders(request, "");
    case SECTION_POSITIONS:
        return binance_encode_positions(request, "");
    case SECTION_BALANCES:
        return binance_encode_balance(request);
    case SECTION_FILLS: {
        const instrument_t *instrument =
            instrument_table_at(call->client->options.instruments, call->action.snapshot.symbols[call->symbol]);
        return instrument ? binance_encode_user_trades(request, instrument->symbol, call->from_id,
                                                       account_window_ms(call, call->action.snapshot.since_ns), FILLS_PAGE)
                          : RESULT_NOT_FOUND;
    }
    case SECTION_INCOME:
        return binance_encode_income(request, "", call->from_ms != 0 ? call->from_ms : since_ms, 0, FILLS_PAGE);
    }
    return RESULT_BAD_STATE;
}

result_t account_snapshot_encode(account_call_t *call)
{
    return encode_section(call, sections[call->step]);
}

static result_t decode_list(account_call_t *call, snapshot_section_t section, str_t body, binance_list_t *list)
{
    switch (section) {
    case SECTION_MODE: {
        private_event_t event = {.kind = PRIVATE_MODE, .time_ns = account_now_ns(call->client)};
        result_t result = binance_decode_position_mode(body, &event.mode, NULL);
        if (result != RESULT_OK)
            return result;
        account_gather(call, &event);
        return RESULT_OK;
    }
    case SECTION_SETTINGS:
        return binance_decode_settings(list, body, NULL);
    case SECTION_ORDERS:
        return binance_decode_orders(list, body, NULL);
    case SECTION_ALGO_ORDERS:
        return binance_decode_algo_orders(list, body, NULL);
    case SECTION_POSITIONS:
        return binance_decode_positions(list, body, NULL);
    case SECTION_BALANCES:
        return binance_decode_balances(list, body, NULL);
    case SECTION_FILLS:
        return binance_decode_fills(list, body, NULL);
    case SECTION_INCOME:
        return binance_decode_incomes(list, body, NULL);
    }
    return RESULT_BAD_STATE;
}

static snapshot_piece_t *begin_piece(account_call_t *call, snapshot_section_t section, snapshot_phase_t phase)
{
    snapshot_piece_t *piece = &account_begin_input(call->client, ORDER_INPUT_SNAPSHOT)->snapshot;
    piece->action = call->action.number;
    piece->section = section;
    piece->phase = phase;
    return piece;
}

static void give_gathered_as_section(account_call_t *call, snapshot_section_t section)
{
    account_client_t *client = call->client;
    for (uint32_t i = 0; i < client->gathered; i++) {
        begin_piece(call, section, SNAPSHOT_ITEM)->item = client->rows[i];
        account_give(client);
    }
}

/* A section ends; fills are read symbol by symbol and end with the last one. A full page of fills may hide older ones: no
 * information. */
static void end_section(account_call_t *call, snapshot_section_t section, bool whole)
{
    account_client_t *client = call->client;
    if (whole)
        give_gathered_as_section(call, section);
    call->from_id = 0;
    call->from_ms = 0;
    if (whole && section == SECTION_FILLS && ++call->symbol < call->action.snapshot.count) {
        account_advance(call);
        return;
    }
    begin_piece(call, section, whole ? SNAPSHOT_COMPLETE : SNAPSHOT_FAILED);
    account_give(client);
    call->step++;
    account_advance(call);
}

static void note_stranger(void *context, str_t symbol, dec_t amount)
{
    account_strangers_t *strangers = &((account_call_t *)context)->client->strangers;
    if (strangers->count++ > 0)
        return;
    strangers->amount = amount;
    if (str_copy(symbol, strangers->symbol, sizeof strangers->symbol) != RESULT_OK)
        strangers->symbol[0] = '\0'; /* a name longer than any that we know */
}

void account_snapshot_answer(account_call_t *call, const binance_result_t *result)
{
    account_client_t *client = call->client;
    snapshot_section_t section = sections[call->step];
    account_begin_gather(client);
    binance_list_t list = account_list_of(call, account_gather);
    list.stranger = note_stranger;
    client->strangers = (account_strangers_t){.count = 0};
    bool whole = result->sent && result->verdict.kind == BINANCE_VERDICT_ACCEPTED &&
                 decode_list(call, section, result->body, &list) == RESULT_OK && !client->overflow;
    if (whole && section == SECTION_POSITIONS && client->options.on_strangers)
        client->options.on_strangers(client->options.context, &client->strangers);
    if (whole && section == SECTION_FILLS && account_next_fills(call, &list, call->action.snapshot.since_ns)) {
        give_gathered_as_section(call, section);
        account_advance(call); /* the next page of the same symbol */
        return;
    }
    bool more = section == SECTION_INCOME && list.seen >= FILLS_PAGE;
    if (whole && more && list.last_ns / NS_PER_MS > call->from_ms) {
        give_gathered_as_section(call, section);
        call->from_ms = list.last_ns / NS_PER_MS; /* rows of this very moment come twice, and are known by their numbers */
        account_advance(call);
        return;
    }
    end_section(call, section, whole && !more);
}

bool account_snapshot_at_end(account_call_t *call)
{
    account_client_t *client = call->client;
    if (call->step == sizeof sections / sizeof sections[0]) {
        begin_piece(call, 0, SNAPSHOT_END);
        account_end_call(call);
        account_give(client);
        return true;
    }
    if (sections[call->step] == SECTION_FILLS && call->action.snapshot.count == 0) {
        account_begin_gather(client); /* no symbol, no fills */
        end_section(call, SECTION_FILLS, true);
        return true;
    }
    return false;
}
