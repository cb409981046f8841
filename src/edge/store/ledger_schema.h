/* ledger_schema.h: the tables of ledger.db and the statements that fill them. Inside this room only. */
#pragma once

enum { LEDGER_SCHEMA_VERSION = 1, LEDGER_APPLICATION_ID = 0x5041544c }; /* "PATL" */

/* Money is exact decimal TEXT; times are ns UTC (venue time); symbols in the venue-prefixed form (BINANCE_BTC_USDT). */
#define LEDGER_SCHEMA                                                                                                              \
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"                                         \
    "CREATE TABLE instruments(id INTEGER PRIMARY KEY, symbol TEXT NOT NULL, venue TEXT NOT NULL, venue_symbol TEXT NOT NULL, "     \
    "base TEXT NOT NULL,"                                                                                                          \
    " quote TEXT NOT NULL, settle TEXT NOT NULL, kind INTEGER NOT NULL) STRICT;"                                                   \
    "CREATE TABLE sessions(epoch INTEGER PRIMARY KEY, number INTEGER NOT NULL, time_ns INTEGER NOT NULL, version TEXT NOT NULL) "  \
    "STRICT;"                                                                                                                      \
    "CREATE TABLE signals(number INTEGER PRIMARY KEY, time_ns INTEGER NOT NULL, id TEXT NOT NULL, request INTEGER NOT NULL, "      \
    "symbol TEXT NOT NULL,"                                                                                                        \
    " direction TEXT NOT NULL, strategy TEXT NOT NULL, source TEXT NOT NULL, entry TEXT NOT NULL, stop TEXT NOT NULL, target "     \
    "TEXT NOT NULL,"                                                                                                               \
    " confidence REAL NOT NULL, made_ns INTEGER NOT NULL, expires_ns INTEGER NOT NULL, verdict TEXT NOT NULL, figure_1 TEXT NOT "  \
    "NULL,"                                                                                                                        \
    " figure_2 TEXT NOT NULL, trade INTEGER) STRICT;"                                                                              \
    "CREATE INDEX signals_by_id ON signals(id);"                                                                                   \
    "CREATE TABLE trades(id INTEGER PRIMARY KEY, symbol TEXT NOT NULL, direction TEXT NOT NULL, purpose INTEGER NOT NULL, state "  \
    "TEXT NOT NULL,"                                                                                                               \
    " signal_id TEXT NOT NULL, signal_request INTEGER, quantity TEXT NOT NULL, held TEXT NOT NULL, entry TEXT NOT NULL, stop "     \
    "TEXT NOT NULL,"                                                                                                               \
    " target TEXT NOT NULL, risk TEXT NOT NULL, leverage INTEGER NOT NULL, ladder_rows INTEGER NOT NULL, leaving TEXT, made_ns "   \
    "INTEGER NOT NULL,"                                                                                                            \
    " opened_ns INTEGER, closed_ns INTEGER, outcome TEXT, closing_order TEXT, entry_average TEXT, exit_average TEXT, realised "    \
    "TEXT,"                                                                                                                        \
    " realised_own TEXT, fees TEXT, funding TEXT, uncovered_ns INTEGER, uncovered_notional_seconds TEXT) STRICT;"                  \
    "CREATE INDEX trades_by_signal ON trades(signal_id);"                                                                          \
    "CREATE TABLE orders(client_id TEXT PRIMARY KEY, intent INTEGER NOT NULL, epoch INTEGER NOT NULL, trade INTEGER, symbol TEXT " \
    "NOT NULL,"                                                                                                                    \
    " leg TEXT NOT NULL, side TEXT NOT NULL, type TEXT NOT NULL, time_in_force TEXT, reduce TEXT NOT NULL, quantity TEXT NOT "     \
    "NULL,"                                                                                                                        \
    " price TEXT NOT NULL, trigger TEXT NOT NULL, state TEXT NOT NULL, venue_order_id INTEGER, engine_order_id INTEGER, filled "   \
    "TEXT NOT NULL,"                                                                                                               \
    " code INTEGER, text TEXT, made_ns INTEGER NOT NULL, changed_ns INTEGER NOT NULL) STRICT, WITHOUT ROWID;"                      \
    "CREATE INDEX orders_by_trade ON orders(trade);"                                                                               \
    "CREATE TABLE fills(number INTEGER PRIMARY KEY, symbol TEXT NOT NULL, venue_trade_id INTEGER NOT NULL, client_id TEXT NOT "    \
    "NULL,"                                                                                                                        \
    " venue_order_id INTEGER, ours INTEGER NOT NULL, side TEXT NOT NULL, price TEXT NOT NULL, quantity TEXT NOT NULL, attributed " \
    "TEXT NOT NULL,"                                                                                                               \
    " fee TEXT NOT NULL, fee_asset TEXT NOT NULL, realised TEXT NOT NULL, maker INTEGER NOT NULL, trade INTEGER, time_ns INTEGER " \
    "NOT NULL,"                                                                                                                    \
    " UNIQUE(symbol, venue_trade_id)) STRICT;"                                                                                     \
    "CREATE INDEX fills_by_trade ON fills(trade);" /* every posting is two rows of opposite sign: the sum over an asset is 0 */    \
    "CREATE TABLE ledger(number INTEGER NOT NULL, leg INTEGER NOT NULL, asset TEXT NOT NULL, account TEXT NOT NULL, amount TEXT "  \
    "NOT NULL,"                                                                                                                    \
    " trade INTEGER, time_ns INTEGER NOT NULL, PRIMARY KEY(number, leg)) STRICT, WITHOUT ROWID;"                                   \
    "CREATE TABLE balances(asset TEXT NOT NULL, account TEXT NOT NULL, amount TEXT NOT NULL, PRIMARY KEY(asset, account)) "        \
    "STRICT, WITHOUT ROWID;"                                                                                                       \
    "CREATE TABLE events(number INTEGER PRIMARY KEY, kind TEXT NOT NULL, time_ns INTEGER NOT NULL, symbol TEXT, trade INTEGER, "   \
    "cause TEXT NOT NULL,"                                                                                                         \
    " amount TEXT) STRICT;"                                                                                                        \
    "PRAGMA application_id=1346458700; PRAGMA user_version=1;"

/* X(NAME, sql) */
#define LEDGER_STATEMENTS(X)                                                                                                       \
    X(BEGIN, "BEGIN IMMEDIATE")                                                                                                    \
    X(COMMIT, "COMMIT")                                                                                                            \
    X(ROLLBACK, "ROLLBACK")                                                                                                        \
    X(META, "INSERT INTO meta(name,value) VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value")                       \
    X(INSTRUMENT, "INSERT INTO instruments VALUES(?,?,?,?,?,?,?,?)")                                                               \
    X(SESSION, "INSERT INTO sessions VALUES(?,?,?,?)")                                                                             \
    X(SIGNAL, "INSERT INTO signals VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")                                                   \
    X(TRADE, "INSERT INTO "                                                                                                        \
             "trades(id,symbol,direction,purpose,state,signal_id,signal_request,quantity,held,entry,stop,target,risk,leverage,"    \
             "ladder_rows,made_ns) VALUES(?,?,?,?,?,?,?,?,'0',?,?,?,?,?,0,?)")                                                     \
    X(TRADE_STATE,                                                                                                                 \
      "UPDATE trades SET state=?2, opened_ns=CASE WHEN ?2='OPEN' AND opened_ns IS NULL THEN ?3 ELSE opened_ns END WHERE id=?1")    \
    X(TRADE_LEVELS, "UPDATE trades SET stop=?2, target=?3 WHERE id=?1")                                                            \
    X(TRADE_LADDER, "UPDATE trades SET ladder_rows=ladder_rows|(1<<?2), stop=?3 WHERE id=?1")                                      \
    X(TRADE_LEAVING, "UPDATE trades SET leaving=?2 WHERE id=?1")                                                                   \
    X(TRADE_HELD_GET, "SELECT held FROM trades WHERE id=?1")                                                                       \
    X(TRADE_DIRECTION_GET, "SELECT direction FROM trades WHERE id=?1")                                                             \
    X(TRADE_HELD_SET, "UPDATE trades SET held=?2 WHERE id=?1")                                                                     \
    X(TRADE_CLOSED,                                                                                                                \
      "UPDATE trades SET closed_ns=?2, outcome=?3, leaving=?4, closing_order=?5, entry_average=?6, exit_average=?7, realised=?8,"  \
      " realised_own=?9, fees=?10, funding=?11, uncovered_ns=?12, uncovered_notional_seconds=?13 WHERE id=?1")                     \
    X(ORDER, "INSERT INTO "                                                                                                        \
             "orders(client_id,intent,epoch,trade,symbol,leg,side,type,time_in_force,reduce,quantity,price,trigger,state,filled,"  \
             "made_ns,changed_ns) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,'INTENT','0',?14,?14)")                                         \
    X(ORDER_STATE,                                                                                                                 \
      "UPDATE orders SET state=?2, changed_ns=?3, venue_order_id=coalesce(?4,venue_order_id), code=coalesce(?5,code),"             \
      " text=coalesce(?6,text) WHERE client_id=?1")                                                                                \
    X(ORDER_ALGO, "UPDATE orders SET engine_order_id=coalesce(?2,engine_order_id), changed_ns=?3 WHERE client_id=?1")              \
    X(ORDER_FILLED_GET, "SELECT filled, leg FROM orders WHERE client_id=?1")                                                       \
    X(ORDER_FILLED_SET, "UPDATE orders SET filled=?2, changed_ns=?3 WHERE client_id=?1")                                           \
    X(FILL, "INSERT INTO fills VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")                                                           \
    X(LEDGER, "INSERT INTO ledger VALUES(?,?,?,?,?,?,?)")                                                                          \
    X(BALANCE_GET, "SELECT amount FROM balances WHERE asset=?1 AND account=?2")                                                    \
    X(BALANCE_SET, "INSERT INTO balances VALUES(?,?,?) ON CONFLICT(asset,account) DO UPDATE SET amount=excluded.amount")           \
    X(EVENT, "INSERT INTO events VALUES(?,?,?,?,?,?,?)")

typedef enum {
#define LEDGER_STATEMENT_ENUM(name, sql) LEDGER_SQL_##name,
    LEDGER_STATEMENTS(LEDGER_STATEMENT_ENUM)
#undef LEDGER_STATEMENT_ENUM
        LEDGER_SQL_COUNT
} ledger_sql_t;
