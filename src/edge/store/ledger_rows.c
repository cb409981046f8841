/* ledger_rows.c: which rows each kind of record makes. One function a kind, one table. */
#include "edge/store/ledger_rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/order/ledger.h"

/* --- SQLite ----------------------------------------------------------------------------------- */

result_t ledger_sqlite_result(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return RESULT_OK;
    case SQLITE_FULL:
        return RESULT_DISK_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return RESULT_CHECKSUM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return RESULT_LOCKED;
    case SQLITE_CONSTRAINT:
        return RESULT_BAD_STATE;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
        return RESULT_PERMISSION;
    default:
        return RESULT_IO;
    }
}

static void bind(sqlite3_stmt *statement, const char *formats, va_list values)
{
    for (int i = 1; formats[i - 1] != '\0'; i++) {
        char number[DEC_TEXT_MAX];
        const char *text;
        uint64_t natural;
        switch (formats[i - 1]) {
        case 'i':
            (void)sqlite3_bind_int64(statement, i, va_arg(values, int64_t));
            break;
        case 'u':
            natural = va_arg(values, uint64_t);
            (void)(natural == 0 ? sqlite3_bind_null(statement, i) : sqlite3_bind_int64(statement, i, (int64_t)natural));
            break;
        case 't':
            text = va_arg(values, const char *);
            (void)(text == NULL ? sqlite3_bind_null(statement, i) : sqlite3_bind_text(statement, i, text, -1, SQLITE_TRANSIENT));
            break;
        case 'd':
            (void)dec_format(va_arg(values, dec_t), number);
            (void)sqlite3_bind_text(statement, i, number, -1, SQLITE_TRANSIENT);
            break;
        case 'r':
            (void)sqlite3_bind_double(statement, i, va_arg(values, double));
            break;
        default:
            ASSERT(formats == NULL); /* a letter that nobody knows */
        }
    }
}

result_t ledger_run(ledger_rows_t *rows, ledger_sql_t sql, const char *formats, ...)
{
    sqlite3_stmt *statement = rows->statements[sql];
    va_list values;
    va_start(values, formats);
    bind(statement, formats, values);
    va_end(values);
    result_t result = ledger_sqlite_result(sqlite3_step(statement));
    (void)sqlite3_reset(statement);
    return result;
}

result_t ledger_get(ledger_rows_t *rows, ledger_sql_t sql, char *out, size_t capacity, const char *formats, ...)
{
    sqlite3_stmt *statement = rows->statements[sql];
    va_list values;
    va_start(values, formats);
    bind(statement, formats, values);
    va_end(values);
    int code = sqlite3_step(statement);
    result_t result = code == SQLITE_DONE ? RESULT_NOT_FOUND : ledger_sqlite_result(code);
    if (code == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        (void)snprintf(out, capacity, "%s", text != NULL ? text : "");
    }
    (void)sqlite3_reset(statement);
    return result;
}

/* --- small things ----------------------------------------------------------------------------- */

static const char *symbol_of(const ledger_rows_t *rows, const order_record_t *record)
{
    return record->instrument < INSTRUMENT_MAX ? rows->symbols[record->instrument] : "";
}

/* Adds to an exact text in a column; sum may be NULL. */
static result_t add_text(const char *text, dec_t more, dec_t *sum)
{
    dec_t before;
    result_t result = dec_parse(text, strlen(text), &before);
    return result == RESULT_OK ? dec_add(before, more, sum) : RESULT_CHECKSUM;
}

static result_t balance_add(ledger_rows_t *rows, const char *asset, const char *account, dec_t amount)
{
    char text[DEC_TEXT_MAX] = "0";
    dec_t sum;
    result_t result = ledger_get(rows, LEDGER_SQL_BALANCE_GET, text, sizeof text, "tt", asset, account);
    if (result == RESULT_OK || result == RESULT_NOT_FOUND) {
        result = add_text(text, amount, &sum);
    }
    return result == RESULT_OK ? ledger_run(rows, LEDGER_SQL_BALANCE_SET, "ttd", asset, account, sum) : result;
}

/* One posting: into the wallet and, with the opposite sign, the account it came from. */
static result_t post(ledger_rows_t *rows, const order_record_t *record, int64_t leg, const char *asset, ledger_account_t account,
                     dec_t amount)
{
    if (dec_is_zero(amount) || asset[0] == '\0') {
        return RESULT_OK;
    }
    const char *names[2] = {ledger_account_name(LEDGER_WALLET), ledger_account_name(account)};
    dec_t amounts[2] = {amount, dec_neg(amount)};
    result_t result = RESULT_OK;
    for (int64_t i = 0; i < 2 && result == RESULT_OK; i++) {
        result = ledger_run(rows, LEDGER_SQL_LEDGER, "iittdui", (int64_t)record->number, leg + i, asset, names[i], amounts[i],
                            record->trade, record->time_ns);
        if (result == RESULT_OK) {
            result = balance_add(rows, asset, names[i], amounts[i]);
        }
    }
    return result;
}

static result_t trade_held_add(ledger_rows_t *rows, uint64_t trade, dec_t change)
{
    char text[DEC_TEXT_MAX];
    dec_t held;
    result_t result = ledger_get(rows, LEDGER_SQL_TRADE_HELD_GET, text, sizeof text, "i", (int64_t)trade);
    if (result == RESULT_OK) {
        result = add_text(text, change, &held);
    }
    return result == RESULT_OK ? ledger_run(rows, LEDGER_SQL_TRADE_HELD_SET, "id", (int64_t)trade, held) : result;
}

/* Everything that is worth a line and has no table of its own. */
static result_t event(ledger_rows_t *rows, const order_record_t *record, const char *cause, const dec_t *amount)
{
    char text[DEC_TEXT_MAX];
    if (amount != NULL) {
        (void)dec_format(*amount, text);
    }
    /* The amount may be missing, a record never; the analyzer infers one from the other. */
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    return ledger_run(rows, LEDGER_SQL_EVENT, "ititutt", (int64_t)record->number, record_kind_name((record_kind_t)record->kind),
                      record->time_ns, record->instrument == INSTRUMENT_NONE ? NULL : symbol_of(rows, record), record->trade, cause,
                      amount != NULL ? text : NULL);
}

/* --- kinds ------------------------------------------------------------------------------------ */

static result_t on_session(ledger_rows_t *rows, const order_record_t *record)
{
    return ledger_run(rows, LEDGER_SQL_SESSION, "iiit", (int64_t)record->epoch, (int64_t)record->number, record->time_ns,
                      record->session.version);
}

static void name_instrument(ledger_rows_t *rows, instrument_id_t id, const char *venue, const char *base, const char *quote,
                            const char *settle, int kind)
{
    char text[UNIFIED_TEXT_MAX];
    (void)snprintf(text, sizeof text, "%s_%s_%s", venue, base, quote);
    for (instrument_id_t other = 0; other < INSTRUMENT_MAX; other++) { /* spot and perpetual of one venue in one journal */
        if (other != id && kind != INSTRUMENT_SPOT && strcmp(rows->symbols[other], text) == 0) {
            size_t length = strlen(text);
            (void)snprintf(text + length, sizeof text - length, "%s", kind == INSTRUMENT_PERPETUAL ? "_PERP" : "_DELIVERY");
            break;
        }
    }
    memcpy(rows->symbols[id], text, sizeof text);
    (void)snprintf(rows->settles[id], sizeof rows->settles[id], "%s", settle);
}

static result_t on_instrument(ledger_rows_t *rows, const order_record_t *record)
{
    const record_instrument_t *named = &record->instrument_named;
    if (record->instrument >= INSTRUMENT_MAX) {
        return RESULT_BAD_STATE;
    }
    name_instrument(rows, record->instrument, named->venue, named->base, named->quote, named->settle, (int)named->kind);
    return ledger_run(rows, LEDGER_SQL_INSTRUMENT, "itttttti", (int64_t)record->instrument, rows->symbols[record->instrument],
                      named->venue, named->symbol, named->base, named->quote, named->settle, (int64_t)named->kind);
}

static result_t on_command(ledger_rows_t *rows, const order_record_t *record)
{
    char text[RECORD_CAUSE_MAX * 2 + 40];
    (void)snprintf(text, sizeof text, "%s by %s: %s", command_kind_name(record->command.kind), record->command.principal,
                   result_name(record->command.result));
    return event(rows, record, text, &record->command.price);
}

static result_t on_kill(ledger_rows_t *rows, const order_record_t *record)
{
    char text[RECORD_CAUSE_MAX + 24];
    (void)snprintf(text, sizeof text, "level %u: %s", (unsigned)record->kill.level, record->kill.cause);
    return event(rows, record, text, NULL);
}

static result_t on_pause(ledger_rows_t *rows, const order_record_t *record)
{
    return event(rows, record, record->pause.cause, NULL);
}
static result_t on_freeze(ledger_rows_t *rows, const order_record_t *record)
{
    return event(rows, record, record->freeze.cause, NULL);
}
static result_t on_capability(ledger_rows_t *rows, const order_record_t *record)
{
    return event(rows, record, record->capability.text, NULL);
}
static result_t on_reconcile(ledger_rows_t *rows, const order_record_t *record)
{
    return event(rows, record, record->reconcile.cause, NULL);
}
static result_t on_position(ledger_rows_t *rows, const order_record_t *record)
{
    return event(rows, record, "", &record->position.foreign);
}
static result_t on_plain(ledger_rows_t *rows, const order_record_t *record)
{
    return event(rows, record, "", NULL);
}

static result_t on_signal(ledger_rows_t *rows, const order_record_t *record)
{
    const record_signal_t *signal = &record->signal;
    return ledger_run(rows, LEDGER_SQL_SIGNAL,
                      "iititttt"
                      "ddd"
                      "riit"
                      "ddu",
                      (int64_t)record->number, record->time_ns, signal->id, (int64_t)signal->number, symbol_of(rows, record),
                      position_side_text(signal->side), signal->strategy, signal->source, signal->entry, signal->stop,
                      signal->target, signal->confidence, signal->made_ns, signal->expires_ns, door_reason_name(signal->reason),
                      signal->figure[0], signal->figure[1], record->trade);
}

static result_t on_trade_opened(ledger_rows_t *rows, const order_record_t *record)
{
    const record_trade_opened_t *trade = &record->trade_opened;
    return ledger_run(rows, LEDGER_SQL_TRADE,
                      "ittittu"
                      "d"
                      "dddd"
                      "ii",
                      (int64_t)record->trade, symbol_of(rows, record), position_side_text(trade->side), (int64_t)trade->purpose,
                      trade_state_name(TRADE_WAITING), trade->signal_id, trade->signal_number, trade->quantity, trade->entry,
                      trade->stop, trade->target, trade->risk_amount, (int64_t)trade->leverage, record->time_ns);
}

static result_t on_trade_state(ledger_rows_t *rows, const order_record_t *record)
{
    return ledger_run(rows, LEDGER_SQL_TRADE_STATE, "iti", (int64_t)record->trade, trade_state_name(record->trade_state.to),
                      record->time_ns);
}

static result_t on_levels(ledger_rows_t *rows, const order_record_t *record)
{
    result_t result =
        ledger_run(rows, LEDGER_SQL_TRADE_LEVELS, "idd", (int64_t)record->trade, record->levels.stop, record->levels.target);
    return result == RESULT_OK ? event(rows, record, record->levels.cause, &record->levels.stop) : result;
}

static result_t on_ladder(ledger_rows_t *rows, const order_record_t *record)
{
    result_t result =
        ledger_run(rows, LEDGER_SQL_TRADE_LADDER, "iid", (int64_t)record->trade, (int64_t)record->ladder.row, record->ladder.stop);
    return result == RESULT_OK ? event(rows, record, "", &record->ladder.close) : result;
}

static result_t on_exit(ledger_rows_t *rows, const order_record_t *record)
{
    result_t result =
        ledger_run(rows, LEDGER_SQL_TRADE_LEAVING, "it", (int64_t)record->trade, exit_reason_name(record->exit.reason));
    return result == RESULT_OK ? event(rows, record, record->exit.cause, NULL) : result;
}

static result_t on_trade_closed(ledger_rows_t *rows, const order_record_t *record)
{
    const record_trade_closed_t *closed = &record->trade_closed;
    const char *leaving = closed->reason == EXIT_NONE ? NULL : exit_reason_name(closed->reason);
    return ledger_run(rows, LEDGER_SQL_TRADE_CLOSED, "iitttddddddid", (int64_t)record->trade, record->time_ns,
                      outcome_name(closed->outcome), leaving, closed->closing_order.text, closed->entry_average,
                      closed->exit_average, closed->realised, closed->realised_own, closed->fees, closed->funding,
                      closed->uncovered_ns, closed->uncovered_notional_seconds);
}

static result_t on_intent(ledger_rows_t *rows, const order_record_t *record)
{
    const order_spec_t *spec = &record->intent.spec;
    return ledger_run(rows, LEDGER_SQL_ORDER,
                      "tiiutttttt"
                      "ddd"
                      "i",
                      spec->client_id.text, (int64_t)record->intent.intent, (int64_t)record->epoch, record->trade,
                      symbol_of(rows, record), leg_text(spec->leg), order_side_text(spec->side), order_type_text(spec->type),
                      time_in_force_text(spec->tif), reduce_text(spec->reduce), spec->quantity, spec->price, spec->trigger,
                      record->time_ns);
}

static result_t on_order(ledger_rows_t *rows, const order_record_t *record)
{
    const record_order_t *order = &record->order;
    /* the code may be negative and 0 means none: as text it would lose its type, so it goes as a number or NULL */
    sqlite3_stmt *statement = rows->statements[LEDGER_SQL_ORDER_STATE];
    (void)sqlite3_clear_bindings(statement);
    (void)sqlite3_bind_text(statement, 1, order->client_id.text, -1, SQLITE_TRANSIENT);
    (void)sqlite3_bind_text(statement, 2, order_state_name(order->to), -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(statement, 3, record->time_ns);
    if (order->venue_order_id != 0) {
        (void)sqlite3_bind_int64(statement, 4, (int64_t)order->venue_order_id);
    }
    if (order->code != 0) {
        (void)sqlite3_bind_int64(statement, 5, order->code);
    }
    if (order->text[0] != '\0') {
        (void)sqlite3_bind_text(statement, 6, order->text, -1, SQLITE_TRANSIENT);
    }
    result_t result = ledger_sqlite_result(sqlite3_step(statement));
    (void)sqlite3_reset(statement);
    return result;
}

static result_t on_algo(ledger_rows_t *rows, const order_record_t *record)
{
    return ledger_run(rows, LEDGER_SQL_ORDER_ALGO, "tui", record->algo.client_id.text, record->algo.engine_order_id,
                      record->time_ns);
}

/* Our order's sum, and what the fill moved of its trade. */
static result_t fill_move(ledger_rows_t *rows, const order_record_t *record)
{
    const record_fill_t *fill = &record->fill;
    char text[DEC_TEXT_MAX];
    char direction[16];
    dec_t filled;
    result_t result = ledger_get(rows, LEDGER_SQL_ORDER_FILLED_GET, text, sizeof text, "t", fill->client_id);
    if (result == RESULT_OK) {
        result = add_text(text, fill->fill.quantity, &filled);
    }
    if (result == RESULT_OK) {
        result = ledger_run(rows, LEDGER_SQL_ORDER_FILLED_SET, "tdi", fill->client_id, filled, record->time_ns);
    }
    if (result != RESULT_OK || record->trade == 0 || dec_is_zero(fill->attributed)) {
        return result;
    }
    result = ledger_get(rows, LEDGER_SQL_TRADE_DIRECTION_GET, direction, sizeof direction, "i", (int64_t)record->trade);
    if (result != RESULT_OK) {
        return result;
    }
    bool entering = (fill->side == ORDER_BUY) == (strcmp(direction, position_side_text(SIDE_LONG)) == 0);
    return trade_held_add(rows, record->trade, entering ? fill->attributed : dec_neg(fill->attributed));
}

static result_t on_fill(ledger_rows_t *rows, const order_record_t *record)
{
    const record_fill_t *body = &record->fill;
    const private_fill_t *fill = &body->fill;
    const char *settle = record->instrument < INSTRUMENT_MAX ? rows->settles[record->instrument] : "";
    result_t result =
        ledger_run(rows, LEDGER_SQL_FILL,
                   "ititu"
                   "itddd"
                   "dtdi"
                   "ui",
                   (int64_t)record->number, symbol_of(rows, record), (int64_t)fill->trade_id, body->client_id, body->venue_order_id,
                   (int64_t)body->ours, order_side_text(body->side), fill->price, fill->quantity, body->attributed, fill->fee,
                   fill->fee_asset, fill->realised, (int64_t)fill->maker, record->trade, fill->time_ns);
    if (result == RESULT_OK) {
        result = post(rows, record, 0, settle, LEDGER_REALISED, fill->realised);
    }
    if (result == RESULT_OK) {
        result = post(rows, record, 2, fill->fee_asset, LEDGER_FEE, dec_neg(fill->fee));
    }
    return result == RESULT_OK && body->ours ? fill_move(rows, record) : result;
}

static result_t on_reduction(ledger_rows_t *rows, const order_record_t *record)
{
    result_t result = trade_held_add(rows, record->trade, dec_neg(record->reduction.quantity));
    return result == RESULT_OK ? event(rows, record, "", &record->reduction.quantity) : result;
}

static result_t on_cover(ledger_rows_t *rows, const order_record_t *record)
{
    static const char *const phases[] = {[COVER_BEGIN] = "begin", [COVER_CHANGE] = "change", [COVER_END] = "end"};
    unsigned phase = (unsigned)record->cover.phase;
    return event(rows, record, phase >= COVER_BEGIN && phase <= COVER_END ? phases[phase] : "", &record->cover.quantity);
}

static result_t on_opening(ledger_rows_t *rows, const order_record_t *record)
{
    return post(rows, record, 0, record->opening.asset, LEDGER_OPENING, record->opening.wallet);
}

static result_t on_income(ledger_rows_t *rows, const order_record_t *record)
{
    const private_income_t *income = &record->income.income;
    ledger_account_t account;
    if (!ledger_account_of(income->kind, &account)) {
        return RESULT_BAD_STATE;
    }
    return post(rows, record, 0, income->asset, account, income->amount);
}

static result_t on_adjustment(ledger_rows_t *rows, const order_record_t *record)
{
    result_t result = post(rows, record, 0, record->adjustment.asset, LEDGER_UNEXPLAINED, record->adjustment.difference);
    return result == RESULT_OK ? event(rows, record, record->adjustment.cause, &record->adjustment.difference) : result;
}

typedef result_t row_fn(ledger_rows_t *rows, const order_record_t *record);

static row_fn *const handlers[RECORD_KIND_COUNT] = {
    [RECORD_SESSION] = on_session,
    [RECORD_CONFIGURATION] = on_plain,
    [RECORD_INSTRUMENT] = on_instrument,
    [RECORD_COMMAND] = on_command,
    [RECORD_KILL_LEVEL] = on_kill,
    [RECORD_PAUSE] = on_pause,
    [RECORD_MODE] = on_plain,
    [RECORD_SETTINGS] = on_plain,
    [RECORD_CAPABILITY] = on_capability,
    [RECORD_FREEZE] = on_freeze,
    [RECORD_SIGNAL] = on_signal,
    [RECORD_SIGNAL_INPUTS] = NULL, /* in the journal */
    [RECORD_TRADE_OPENED] = on_trade_opened,
    [RECORD_TRADE_STATE] = on_trade_state,
    [RECORD_TRADE_LEVELS] = on_levels,
    [RECORD_LADDER] = on_ladder,
    [RECORD_EXIT] = on_exit,
    [RECORD_ENTRY_END] = on_exit,
    [RECORD_TRADE_CLOSED] = on_trade_closed,
    [RECORD_INTENT] = on_intent,
    [RECORD_ORDER] = on_order,
    [RECORD_ALGO] = on_algo,
    [RECORD_FILL] = on_fill,
    [RECORD_REDUCTION] = on_reduction,
    [RECORD_COVER] = on_cover,
    [RECORD_OPENING] = on_opening,
    [RECORD_INCOME] = on_income,
    [RECORD_ADJUSTMENT] = on_adjustment,
    [RECORD_POSITION] = on_position,
    [RECORD_RECONCILE] = on_reconcile,
};

result_t ledger_rows_apply(ledger_rows_t *rows, const order_record_t *record)
{
    if (record->kind == RECORD_NONE || record->kind >= RECORD_KIND_COUNT) {
        return RESULT_VERSION;
    }
    row_fn *handler = handlers[record->kind];
    return handler == NULL ? RESULT_OK : handler(rows, record);
}

result_t ledger_rows_names_load(ledger_rows_t *rows)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(rows->handle, "SELECT id, symbol, settle FROM instruments", -1, &statement, NULL);
    if (code != SQLITE_OK) {
        return ledger_sqlite_result(code);
    }
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(statement, 0);
        if (id < 0 || id >= INSTRUMENT_MAX) {
            continue;
        }
        (void)snprintf(rows->symbols[id], sizeof rows->symbols[id], "%s", (const char *)sqlite3_column_text(statement, 1));
        (void)snprintf(rows->settles[id], sizeof rows->settles[id], "%s", (const char *)sqlite3_column_text(statement, 2));
    }
    (void)sqlite3_finalize(statement);
    return ledger_sqlite_result(code);
}
