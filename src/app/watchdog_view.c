/* watchdog_view.c: what the watchdog knows, as JSON, and the commands that people send it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app/nearest.h"
#include "app/watchdog_state.h"
#include "core/base/time.h"
#include "edge/json/json_writer.h"

/* --- figures ---------------------------------------------------------------------------------- */

static void write_figures(json_writer_t *writer, const watchdog_t *watchdog)
{
    figures_view_t figures;
    order_half_figures(watchdog->half, watchdog->marks, &figures);
    uncovered_view_t uncovered;
    order_half_uncovered(watchdog->half, &uncovered);
    json_field_string(writer, "asset", figures.asset);
    json_field_dec(writer, "wallet", figures.wallet);
    json_field_dec_places(writer, "equity", figures.equity, 8);
    json_field_dec(writer, "realised", figures.realised);
    json_field_dec_places(writer, "unrealised", figures.unrealised, 8);
    json_field_dec(writer, "fees", figures.fees);
    json_field_dec(writer, "funding", figures.funding);
    json_field_dec(writer, "unexplained", figures.unexplained);
    json_field_u64(writer, "signals", watchdog->counts_signals);
    json_field_u64(writer, "refused", watchdog->counts_refused);
    json_field_u64(writer, "orders_sent", watchdog->counts_orders);
    json_field_u64(writer, "fills", watchdog->counts_fills);
    json_field_u64(writer, "trades_closed", watchdog->counts_closed);
    json_field_i64(writer, "unprotected_ms_max", uncovered.longest_ns / NS_PER_MS);
    json_field_i64(writer, "unprotected_ms_total", uncovered.total_ns / NS_PER_MS);
    json_field_u64(writer, "unprotected_episodes", uncovered.episodes);
    json_field_dec(writer, "unprotected_notional_seconds", uncovered.notional_seconds);
}

static void write_trade(json_writer_t *writer, const watchdog_t *watchdog, const trade_view_t *trade)
{
    const instrument_t *instrument = instrument_table_at(order_half_instruments(watchdog->half), trade->instrument);
    dec_t mark = watchdog->marks[trade->instrument];
    dec_t profit = DEC_ZERO;
    bool covered = !dec_is_zero(trade->covered);
    json_begin_object(writer);
    json_field_u64(writer, "trade", trade->id);
    json_field_string(writer, "symbol", instrument ? instrument->symbol : "");
    json_field_string(writer, "side", position_side_text(trade->side));
    json_field_dec(writer, "quantity", trade->position.quantity);
    json_field_dec_places(writer, "entry", position_average(&trade->position), 8);
    json_field_dec(writer, "mark", mark);
    if (covered)
        json_field_dec(writer, "stop", trade->stop);
    else
        json_field_string(writer, "stop", "");
    json_field_dec(writer, "stop_wanted", trade->stop);
    json_field_dec(writer, "target", trade->target);
    json_field_dec(writer, "covered", trade->covered);
    if (dec_sign(mark) > 0 && position_unrealised(&trade->position, mark, &profit) == RESULT_OK)
        json_field_dec_places(writer, "unrealised", profit, 4);
    json_field_string(writer, "state", trade_state_name(trade->state));
    json_field_string(writer, "signal", trade->signal_id);
    json_field_u64(writer, "ladder_rows_fired", trade->rows_fired);
    json_end_object(writer);
}

static void write_positions(json_writer_t *writer, const watchdog_t *watchdog)
{
    trade_view_t trade;
    json_write_key(writer, "positions");
    json_begin_array(writer);
    for (uint32_t i = 0; order_half_trade(watchdog->half, i, &trade); i++) {
        if (!dec_is_zero(trade.position.quantity))
            write_trade(writer, watchdog, &trade);
    }
    json_end_array(writer);
}

/* The orders under way: of one instrument, or of all (INSTRUMENT_NONE). */
static void write_orders(json_writer_t *writer, const watchdog_t *watchdog, instrument_id_t only)
{
    order_view_t order;
    json_write_key(writer, "orders");
    json_begin_array(writer);
    for (uint32_t i = 0; order_half_order(watchdog->half, i, &order); i++) {
        if (!order_state_is_live(order.state) || (only != INSTRUMENT_NONE && order.spec.instrument != only))
            continue;
        const instrument_t *instrument = instrument_table_at(order_half_instruments(watchdog->half), order.spec.instrument);
        json_begin_object(writer);
        json_field_string(writer, "id", order.spec.client_id.text);
        json_field_u64(writer, "trade", order.trade);
        json_field_u64(writer, "venue_order_id", order.venue_order_id);
        json_field_string(writer, "symbol", instrument ? instrument->symbol : "");
        json_field_string(writer, "leg", leg_text(order.spec.leg));
        json_field_string(writer, "side", order_side_text(order.spec.side));
        json_field_string(writer, "type", order_type_text(order.spec.type));
        json_field_dec(writer, "price", order_type_is_algo(order.spec.type) ? order.spec.trigger : order.spec.price);
        json_field_dec(writer, "quantity", order.spec.quantity);
        json_field_dec(writer, "filled", order.filled);
        json_field_string(writer, "state", order_state_name(order.state));
        json_end_object(writer);
    }
    json_end_array(writer);
}

/* Whose prices come in. */
static void write_followed(json_writer_t *writer, const watchdog_t *watchdog)
{
    json_write_key(writer, "followed");
    json_begin_array(writer);
    for (uint32_t i = 0; i < watchdog->want_count; i++)
        json_write_text(writer, str_from(order_half_instruments(watchdog->half)->items[watchdog->wants[i].instrument].symbol));
    json_end_array(writer);
}

static int finish(json_writer_t *writer, size_t *length)
{
    str_t text;
    if (json_writer_finish(writer, &text) != RESULT_OK)
        return EXIT_FAILED;
    *length = text.length;
    return EXIT_WELL;
}

static uint64_t count_orders(const watchdog_t *watchdog)
{
    order_view_t order;
    uint64_t count = 0;
    for (uint32_t i = 0; order_half_order(watchdog->half, i, &order); i++)
        count += order_state_is_live(order.state);
    return count;
}

static void write_sync_time(json_writer_t *writer, const watchdog_t *watchdog)
{
    char time[TIME_TEXT_MAX] = "never";
    if (watchdog->synced_ns > 0)
        time_format(watchdog->synced_ns, 0, time);
    json_field_string(writer, "last_sync", time);
}

static int answer_view(watchdog_t *watchdog, char *reply, size_t capacity, size_t *length)
{
    json_writer_t writer;
    char time[TIME_TEXT_MAX];
    uncovered_view_t uncovered;
    int64_t now_ns = watchdog_now_ns(watchdog);
    int64_t unprotected_ns = 0;
    uint64_t open = 0, without_stop = 0;
    trade_view_t trade;
    for (uint32_t i = 0; order_half_trade(watchdog->half, i, &trade); i++) {
        open += !dec_is_zero(trade.position.quantity);
        without_stop += trade.uncovered_since_ns > 0;
        if (trade.uncovered_since_ns > 0 && now_ns - trade.uncovered_since_ns > unprotected_ns)
            unprotected_ns = now_ns - trade.uncovered_since_ns;
    }
    order_half_uncovered(watchdog->half, &uncovered);
    time_format(now_ns, 0, time);
    json_writer_init(&writer, reply, capacity);
    json_begin_object(&writer);
    json_field_string(&writer, "venue_time", time);
    json_field_i64(&writer, "venue_ns", now_ns);
    json_field_u64(&writer, "epoch", watchdog->epoch);
    json_field_bool(&writer, "reconciled", order_half_reconciled(watchdog->half));
    json_field_bool(&writer, "entries_allowed",
                    order_half_reconciled(watchdog->half) && order_half_kill_level(watchdog->half) == KILL_NONE);
    json_field_u64(&writer, "kill_level", order_half_kill_level(watchdog->half));
    json_field_u64(&writer, "outstanding", watchdog->outstanding_count);
    json_field_u64(&writer, "signals_waiting", watchdog->waiting_count);
    json_field_u64(&writer, "positions_open", open);
    json_field_u64(&writer, "positions_without_stop", without_stop);
    json_field_u64(&writer, "orders_watched", count_orders(watchdog));
    write_sync_time(&writer, watchdog);
    json_field_i64(&writer, "unprotected_now_ms", unprotected_ns / NS_PER_MS);
    write_figures(&writer, watchdog);
    write_positions(&writer, watchdog);
    write_orders(&writer, watchdog, INSTRUMENT_NONE);
    write_followed(&writer, watchdog);
    json_end_object(&writer);
    return finish(&writer, length);
}

static int answer_summary(watchdog_t *watchdog, char *reply, size_t capacity, size_t *length)
{
    json_writer_t writer;
    uint8_t digest[32];
    char digest_text[65];
    sha256_t decisions = watchdog->decisions; /* the running one goes on */
    sha256_final(&decisions, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(digest_text + 2 * i, 3, "%02x", digest[i]);
    json_writer_init(&writer, reply, capacity);
    json_begin_object(&writer);
    write_figures(&writer, watchdog);
    json_field_string(&writer, "decisions_sha256", digest_text);
    json_field_bool(&writer, "idle", watchdog->outstanding_count == 0 && !watchdog->dirty && !order_half_comparing(watchdog->half));
    json_field_u64(&writer, "records", order_half_last_record(watchdog->half));
    json_write_key(&writer, "wallets");
    json_begin_object(&writer);
    const ledger_t *ledger = order_half_ledger(watchdog->half);
    for (uint32_t i = 0; i < ledger->count; i++)
        json_field_dec(&writer, ledger->assets[i].asset, ledger->assets[i].balances[LEDGER_WALLET]);
    json_end_object(&writer);
    json_end_object(&writer);
    return finish(&writer, length);
}

/* --- commands --------------------------------------------------------------------------------- */

static int refuse(char *reply, size_t capacity, size_t *length, int status, const char *text)
{
    json_writer_t writer;
    json_writer_init(&writer, reply, capacity);
    json_begin_object(&writer);
    json_field_string(&writer, "error", text);
    json_end_object(&writer);
    if (finish(&writer, length) != EXIT_WELL)
        *length = 0;
    return status;
}

/* Gives a command to the half; its own id makes it act once. */
static bool give_command(watchdog_t *watchdog, const order_command_t *wanted)
{
    order_command_t *command = &watchdog_input(watchdog, ORDER_INPUT_COMMAND)->command;
    *command = *wanted;
    command->id = (uint64_t)loop_wall_ns(watchdog->role.loop);
    memcpy(command->principal, "operator (command line)", sizeof "operator (command line)");
    uint64_t id = command->id;
    watchdog_give(watchdog);
    return watchdog_commit(watchdog) && watchdog->command_id == id && watchdog->command_result == RESULT_OK;
}

static int refuse_level(const watchdog_t *watchdog, char *reply, size_t capacity, size_t *length)
{
    char text[256], bound[DEC_TEXT_MAX];
    if (watchdog->command_refusal == LEVEL_REFUSAL_NONE)
        return refuse(reply, capacity, length, EXIT_FAILED, result_text(watchdog->command_result));
    dec_format(watchdog->command_bound, bound);
    bool bounded = !dec_is_zero(watchdog->command_bound);
    snprintf(text, sizeof text, "%s: %s%s%s", level_refusal_name(watchdog->command_refusal),
             level_refusal_text(watchdog->command_refusal), bounded ? " " : "", bounded ? bound : "");
    return refuse(reply, capacity, length, EXIT_FAILED, text);
}

static bool find_trade(const watchdog_t *watchdog, instrument_id_t instrument, uint64_t wanted, trade_view_t *found,
                       uint32_t *count)
{
    trade_view_t trade;
    *count = 0;
    for (uint32_t i = 0; order_half_trade(watchdog->half, i, &trade); i++) {
        if (trade.instrument != instrument || dec_is_zero(trade.position.quantity) || (wanted != 0 && trade.id != wanted))
            continue;
        *found = trade;
        ++*count;
    }
    return *count == 1;
}

static int answer_symbol_orders(watchdog_t *watchdog, const instrument_t *instrument, instrument_id_t id, char *reply,
                                size_t capacity, size_t *length)
{
    const config_t *config = config_current(watchdog->role.config);
    json_writer_t writer;
    trade_view_t trade;
    uint32_t counted = 0;
    json_writer_init(&writer, reply, capacity);
    json_begin_object(&writer);
    json_field_string(&writer, "symbol", instrument->symbol);
    json_field_dec(&writer, "mark", watchdog->marks[id]);
    json_write_key(&writer, "positions");
    json_begin_array(&writer);
    for (uint32_t i = 0; order_half_trade(watchdog->half, i, &trade); i++) {
        if (trade.instrument != id || trade.purpose == TRADE_PURPOSE_CANARY)
            continue;
        counted++;
        write_trade(&writer, watchdog, &trade);
    }
    json_end_array(&writer);
    json_field_u64(&writer, "concurrent", counted);
    json_field_u64(&writer, "concurrent_max", config->risk.concurrent_symbol_max);
    write_orders(&writer, watchdog, id);
    json_end_object(&writer);
    return finish(&writer, length);
}

/* Symbols are alike by nature: only one letter may be wrong, or no other symbol would be safe from being suggested. */
static int refuse_symbol(const instrument_table_t *table, const char *typed, char *reply, size_t capacity, size_t *length)
{
    char upper[SYMBOL_TEXT_MAX] = "", text[160];
    for (size_t i = 0; i + 1 < sizeof upper && typed[i] != '\0'; i++)
        upper[i] = (char)toupper((unsigned char)typed[i]);
    nearest_t nearest = {.typed = str_from(upper)};
    for (uint32_t i = 0; i < table->count; i++)
        nearest_offer(&nearest, instrument_table_at(table, (instrument_id_t)i)->symbol);
    bool near = nearest.word && nearest.distance <= 1;
    snprintf(text, sizeof text, "no such symbol here; %s%s%s`patriot tickers` lists those in force", near ? "did you mean " : "",
             near ? nearest.word : "", near ? "? " : "");
    return refuse(reply, capacity, length, EXIT_MISUSE, text);
}

static int answer_order(watchdog_t *watchdog, const patriot_bus_Control *control, char *reply, size_t capacity, size_t *length)
{
    if (control->arguments_count < 2)
        return refuse(reply, capacity, length, EXIT_MISUSE, "order wants SYMBOL and get-orders, STOP price or TAKE price");
    const instrument_table_t *table = order_half_instruments(watchdog->half);
    instrument_id_t id = instrument_find(table, str_from(control->arguments[0]));
    const instrument_t *instrument = instrument_table_at(table, id);
    if (!instrument)
        return refuse_symbol(table, control->arguments[0], reply, capacity, length);
    if (strcmp(control->arguments[1], "get-orders") == 0)
        return answer_symbol_orders(watchdog, instrument, id, reply, capacity, length);
    command_kind_t kind = str_eq_nocase(str_from(control->arguments[1]), STR("STOP"))   ? COMMAND_MOVE_STOP
                          : str_eq_nocase(str_from(control->arguments[1]), STR("TAKE")) ? COMMAND_MOVE_TARGET
                                                                                        : COMMAND_NONE;
    dec_t price = DEC_ZERO;
    trade_view_t trade = {0};
    uint32_t count = 0;
    uint64_t wanted = 0;
    if (kind == COMMAND_NONE || control->arguments_count < 3 ||
        dec_parse(control->arguments[2], strlen(control->arguments[2]), &price) != RESULT_OK || dec_sign(price) <= 0)
        return refuse(reply, capacity, length, EXIT_MISUSE,
                      "order SYMBOL wants get-orders, STOP price or TAKE price; a price is a plain decimal above 0");
    bool sure = false;
    for (pb_size_t i = 3; i < control->arguments_count; i++) {
        if (strcmp(control->arguments[i], "sure") == 0)
            sure = true;
        else
            (void)str_to_u64(str_from(control->arguments[i]), &wanted);
    }
    if (!find_trade(watchdog, id, wanted, &trade, &count))
        return refuse(reply, capacity, length, EXIT_FAILED,
                      count == 0 ? "no open position of this symbol"
                                 : "several positions of this symbol: say which with --trade NUMBER (see get-orders)");
    order_command_t command = {.kind = kind, .trade = trade.id, .instrument = id, .price = price, .sure = sure};
    if (!give_command(watchdog, &command))
        return refuse_level(watchdog, reply, capacity, length);
    return answer_symbol_orders(watchdog, instrument, id, reply, capacity, length);
}

/* cancel-entry and close: "all" or a trade's number. */
static int answer_trades(watchdog_t *watchdog, const patriot_bus_Control *control, command_kind_t kind, char *reply,
                         size_t capacity, size_t *length)
{
    uint64_t trade = 0;
    bool all = control->arguments_count == 1 && strcmp(control->arguments[0], "all") == 0;
    if (!all && (control->arguments_count != 1 || str_to_u64(str_from(control->arguments[0]), &trade) != RESULT_OK || trade == 0))
        return refuse(reply, capacity, length, EXIT_MISUSE, "say the trade's number, or all");
    if (!give_command(watchdog, &(order_command_t){.kind = kind, .trade = trade, .instrument = INSTRUMENT_NONE}))
        return refuse(reply, capacity, length, EXIT_FAILED, result_text(watchdog->command_result));
    return answer_view(watchdog, reply, capacity, length);
}

int watchdog_control(role_t *role, bus_link_t *link, const patriot_bus_Control *control, char *reply, size_t capacity,
                     size_t *length)
{
    watchdog_t *watchdog = role->context;
    (void)link;
    const char *command = control->command;
    if (strcmp(command, "view") == 0 || strcmp(command, "status") == 0)
        return answer_view(watchdog, reply, capacity, length);
    if (strcmp(command, "summary") == 0)
        return answer_summary(watchdog, reply, capacity, length);
    if (!watchdog->resumed)
        return refuse(reply, capacity, length, EXIT_FAILED, "not ready yet: the signer has not answered; try again in a moment");
    if (strcmp(command, "order") == 0)
        return answer_order(watchdog, control, reply, capacity, length);
    if (strcmp(command, "kill") == 0) /* one place keeps the level: the last hop */
        return refuse(reply, capacity, length, EXIT_MISUSE, "the kill level is the signer's: use `patriot kill LEVEL`");
    if (strcmp(command, "cancel-entry") == 0)
        return answer_trades(watchdog, control, COMMAND_CANCEL_ENTRY, reply, capacity, length);
    if (strcmp(command, "close") == 0)
        return answer_trades(watchdog, control, COMMAND_CLOSE_TRADE, reply, capacity, length);
    if (strcmp(command, "reconcile") == 0) {
        (void)give_command(watchdog, &(order_command_t){.kind = COMMAND_RECONCILE, .instrument = INSTRUMENT_NONE});
        return answer_view(watchdog, reply, capacity, length);
    }
    return refuse(reply, capacity, length, EXIT_MISUSE, "the watchdog knows: view, summary, order, cancel-entry, close, reconcile");
}
