/* exchange_ctl.c: questions and commands to a running exchange (listed in exchange.h): the table, and those about state, books and
 * symbols. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/exchange_state.h"
#include "app/nearest.h"
#include "core/base/time.h"
#include "core/venue/spot.h"
#include "edge/json/json_writer.h"
#include "edge/observe/log.h"

enum { ROW_POSITIONS_MAX = 64 };

int ctl_complain(json_writer_t *writer, const char *text)
{
    json_field_bool(writer, "ok", false);
    json_field_string(writer, "error", text);
    return 2;
}

int ctl_agree(json_writer_t *writer)
{
    json_field_bool(writer, "ok", true);
    return 0;
}

const char *ctl_argument(const patriot_bus_Control *control, pb_size_t index)
{
    return index < control->arguments_count ? control->arguments[index] : NULL;
}

/* --- state and books -------------------------------------------------------------------------- */

static void write_positions(exchange_t *exchange, json_writer_t *writer, venue_account_t account)
{
    static venue_position_t rows[ROW_POSITIONS_MAX]; /* one loop, one thread */
    const venue_t *venue = world_venue(exchange->world);
    uint32_t count = venue_positions(venue, account, rows, ROW_POSITIONS_MAX);
    json_write_key(writer, "positions");
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        if (dec_is_zero(rows[i].amount))
            continue;
        json_begin_object(writer);
        json_field_string(writer, "symbol", venue_instrument_at(venue, rows[i].instrument)->symbol);
        json_field_string(writer, "side",
                          rows[i].side == VENUE_POSITION_BOTH   ? "BOTH"
                          : rows[i].side == VENUE_POSITION_LONG ? "LONG"
                                                                : "SHORT");
        json_field_dec(writer, "amount", rows[i].amount);
        json_field_dec(writer, "entry", rows[i].entry_price);
        json_field_dec(writer, "mark", rows[i].mark_price);
        json_field_dec(writer, "unrealised", rows[i].unrealised_pnl);
        json_end_object(writer);
    }
    json_end_array(writer);
}

/* The account's wallets on the spot market, those that hold anything; nothing at all when the market is not served. */
static void write_spot(exchange_t *exchange, json_writer_t *writer, venue_account_t account)
{
    const venue_t *venue = world_venue(exchange->world);
    if (!exchange_serves(exchange, INSTRUMENT_SPOT))
        return;
    json_write_key(writer, "spot");
    json_begin_array(writer);
    for (uint32_t i = 0; i < venue_asset_count(venue); i++) {
        spot_balance_t balance;
        if (spot_balance(venue, account, (venue_asset_t)i, &balance) != RESULT_OK ||
            (dec_is_zero(balance.free) && dec_is_zero(balance.locked)))
            continue;
        json_begin_object(writer);
        json_field_string(writer, "asset", venue_asset_name(venue, (venue_asset_t)i));
        json_field_dec(writer, "free", balance.free);
        json_field_dec(writer, "locked", balance.locked);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void write_account(exchange_t *exchange, json_writer_t *writer, const world_account_t *account)
{
    venue_balance_t balance;
    const venue_t *venue = world_venue(exchange->world);
    memset(&balance, 0, sizeof balance);
    (void)venue_balance(venue, account->account, 0, &balance);
    json_begin_object(writer);
    json_field_string(writer, "name", account->name);
    json_field_string(writer, "asset", balance.name);
    json_field_dec(writer, "wallet", balance.wallet);
    json_field_dec(writer, "unrealised", balance.unrealised_pnl);
    json_field_dec(writer, "equity", balance.margin_balance);
    json_field_dec(writer, "available", balance.available);
    json_field_dec(writer, "realised", account->realised);
    json_field_dec(writer, "fees", account->fees);
    json_field_dec(writer, "funding", account->funding);
    json_field_dec(writer, "deposits", account->deposits);
    json_field_u64(writer, "orders", account->orders);
    json_field_u64(writer, "fills", account->fills);
    write_positions(exchange, writer, account->account);
    write_spot(exchange, writer, account->account);
    json_end_object(writer);
}

static void write_accounts(exchange_t *exchange, json_writer_t *writer)
{
    json_write_key(writer, "accounts");
    json_begin_array(writer);
    for (uint32_t i = 0; i < world_account_count(exchange->world); i++)
        write_account(exchange, writer, world_account_at(exchange->world, i));
    json_end_array(writer);
}

static void write_roles(exchange_t *exchange, json_writer_t *writer)
{
    lockstep_role_t roles[LOCKSTEP_ROLES_MAX];
    uint32_t count = face_lockstep_roles(exchange->face, roles, LOCKSTEP_ROLES_MAX);
    json_write_key(writer, "lockstep");
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        json_begin_object(writer);
        json_field_string(writer, "role", roles[i].role);
        json_field_u64(writer, "connections", roles[i].connections);
        json_field_u64(writer, "waiting", roles[i].waiting);
        json_field_bool(writer, "expected", roles[i].expected);
        json_field_bool(writer, "late", roles[i].late);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static int do_state(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    char text[TIME_TEXT_MAX];
    int64_t now = world_now_ns(exchange->world);
    (void)control;
    time_format(now, 0, text);
    json_field_string(writer, "role", "exchange");
    json_field_i64(writer, "pid", (int64_t)getpid());
    json_field_string(writer, "mode", exchange->clock == CLOCK_LOCKSTEP ? "lockstep" : "speed");
    json_field_bool(writer, "paused", exchange->paused);
    json_field_bool(writer, "ended", exchange->ended);
    json_field_bool(writer, "over", exchange->ended && world_now_ns(exchange->world) < exchange->until_ns);
    json_field_u64(writer, "seed", world_seed(exchange->world));
    json_field_u64(writer, "moment", world_moment(exchange->world));
    json_field_i64(writer, "venue_ms", now / NS_PER_MS);
    json_field_string(writer, "venue_time", text);
    json_field_i64(writer, "venue_hours", (now - world_start_ns(exchange->world)) / NS_PER_HOUR);
    json_field_i64(writer, "begun_hours", (exchange->begun_ns - world_start_ns(exchange->world)) / NS_PER_HOUR);
    json_write_key(writer, "pace");
    json_write_double(writer, exchange->pace, 6);
    json_write_key(writer, "speed");
    json_write_double(writer, exchange->speed, 6);
    json_field_string(writer, "address", face_server_address(exchange->server));
    json_field_u64(writer, "clients", face_server_clients(exchange->server));
    write_roles(exchange, writer);
    write_accounts(exchange, writer);
    return ctl_agree(writer);
}

static void write_money(exchange_t *exchange, json_writer_t *writer)
{
    const venue_t *venue = world_venue(exchange->world);
    json_write_key(writer, "money");
    json_begin_array(writer);
    for (uint32_t i = 0; i < venue_asset_count(venue); i++) {
        venue_money_t money;
        if (venue_check_money(venue, (venue_asset_t)i, &money) != RESULT_OK)
            continue;
        json_begin_object(writer);
        json_field_string(writer, "asset", venue_asset_name(venue, (venue_asset_t)i));
        json_field_dec(writer, "wallets", money.wallets);
        json_field_dec(writer, "fees", money.fees);
        json_field_dec(writer, "insurance", money.insurance);
        json_field_dec(writer, "dust", money.dust);
        json_field_dec(writer, "deposits", money.deposits);
        json_field_dec(writer, "difference", money.difference);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static int do_books(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    (void)control;
    json_field_i64(writer, "venue_ms", world_now_ns(exchange->world) / NS_PER_MS);
    json_field_u64(writer, "moment", world_moment(exchange->world));
    write_accounts(exchange, writer);
    write_money(exchange, writer);
    return ctl_agree(writer);
}

static int do_price(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    const venue_t *venue = world_venue(exchange->world);
    const char *only = ctl_argument(control, 0);
    if (ctl_argument(control, 1))
        return exchange_ctl_price(exchange, only, ctl_argument(control, 1), writer);
    json_write_key(writer, "prices");
    json_begin_array(writer);
    for (uint32_t i = 0; i < venue_instrument_count(venue); i++) {
        instrument_id_t id = (instrument_id_t)i;
        quote_t quote = {0};
        if (only && strcmp(only, venue_instrument_at(venue, id)->symbol) != 0)
            continue;
        (void)venue_quote(venue, id, &quote);
        json_begin_object(writer);
        json_field_string(writer, "symbol", venue_instrument_at(venue, id)->symbol);
        json_field_dec(writer, "bid", quote.bid);
        json_field_dec(writer, "ask", quote.ask);
        json_field_dec(writer, "last", venue_last_price(venue, id));
        json_field_dec(writer, "mark", venue_mark(venue, id).mark);
        json_end_object(writer);
    }
    json_end_array(writer);
    return ctl_agree(writer);
}

/* --- symbols ---------------------------------------------------------------------------------- */

static int set_status(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer, instrument_status_t status)
{
    const venue_t *venue = world_venue(exchange->world);
    const char *symbol = ctl_argument(control, 0);
    for (uint32_t i = 0; symbol && i < venue_instrument_count(venue); i++) {
        if (strcmp(symbol, venue_instrument_at(venue, (instrument_id_t)i)->symbol) == 0)
            return world_status(exchange->world, (instrument_id_t)i, status) == RESULT_OK
                       ? ctl_agree(writer)
                       : ctl_complain(writer, "not possible now");
    }
    return ctl_complain(writer, "a symbol of this venue must follow");
}

static int do_halt(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    return set_status(exchange, control, writer, INSTRUMENT_HALTED);
}

static int do_open(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    return set_status(exchange, control, writer, INSTRUMENT_TRADING);
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    ctl_fn *run;
} commands[] = {{"state", do_state},
                {"view", do_state},
                {"books", do_books},
                {"orders", exchange_ctl_orders},
                {"algos", exchange_ctl_algos},
                {"fills", exchange_ctl_fills},
                {"requests", exchange_ctl_requests},
                {"price", do_price},
                {"pause", exchange_ctl_pause},
                {"resume", exchange_ctl_resume},
                {"step", exchange_ctl_step},
                {"pace", exchange_ctl_pace},
                {"speed", exchange_ctl_speed},
                {"until", exchange_ctl_until},
                {"halt", do_halt},
                {"open", do_open},
                {"restrict", exchange_ctl_restrict},
                {"leverage-bar", exchange_ctl_leverage_bar},
                {"fee-tier", exchange_ctl_fee_tier},
                {"spot-fee", exchange_ctl_spot_fee},
                {"closing", exchange_ctl_closing},
                {"settle", exchange_ctl_settle},
                {"filter", exchange_ctl_filter},
                {"user-act", exchange_ctl_user_act},
                {"fault", exchange_ctl_fault},
                {"faults", exchange_ctl_faults}};

static int answer_health(exchange_t *exchange, size_t *length)
{
    health_counter_set(&exchange->health, "moment", (int64_t)world_moment(exchange->world));
    health_counter_set(&exchange->health, "venue_ms", world_now_ns(exchange->world) / NS_PER_MS);
    health_counter_set(&exchange->health, "clients", (int64_t)face_server_clients(exchange->server));
    return health_write(&exchange->health, loop_wall_ns(exchange->loop), exchange->reply, sizeof exchange->reply, length) ==
                   RESULT_OK
               ? 0
               : 1;
}

static int complain_unknown(json_writer_t *writer, const char *typed)
{
    char text[512];
    nearest_t nearest = {.typed = str_from(typed)};
    size_t length = 0;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        nearest_offer(&nearest, commands[i].name);
    nearest_offer(&nearest, "health");
    if (nearest.word) {
        snprintf(text, sizeof text, "no command \"%.60s\"; did you mean \"%s\"?", typed, nearest.word);
        return ctl_complain(writer, text);
    }
    length = (size_t)snprintf(text, sizeof text, "no command \"%.60s\"; there are health", typed);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0] && length < sizeof text; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, ", %s", commands[i].name);
    return ctl_complain(writer, text);
}

int exchange_control(exchange_t *exchange, const patriot_bus_Control *control, size_t *length)
{
    if (strcmp(control->command, "health") == 0)
        return answer_health(exchange, length);
    json_writer_t writer;
    str_t text = {0};
    int status = 2;
    bool known = false;
    json_writer_init(&writer, exchange->reply, sizeof exchange->reply);
    json_begin_object(&writer);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(control->command, commands[i].name) == 0) {
            known = true;
            status = commands[i].run(exchange, control, &writer);
        }
    }
    if (!known)
        status = complain_unknown(&writer, control->command);
    json_end_object(&writer);
    if (json_writer_finish(&writer, &text) != RESULT_OK)
        status = 1;
    *length = text.length;
    return status;
}
