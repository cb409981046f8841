/* commands.c: the table of sub-commands. */
#include "app/commands.h"

#include "app/cli.h"
#include "app/config_command.h"
#include "app/data_command.h"
#include "app/exchange.h"
#include "app/indicators_command.h"
#include "app/journal.h"
#include "app/monitor.h"
#include "app/plugin_host.h"
#include "app/signer.h"
#include "app/strategies_command.h"
#include "app/up.h"
#include "app/watchdog.h"

const command_row_t command_rows[] = {
    {"up", app_up_main, "run everything: exchange (demo), signer, watchdog, monitor"},
    {"stop", cli_stop_main, "end everything in order; orders and stops stay at the exchange"},
    {"status", cli_status_main, "the state of every process"},
    {"order", cli_order_main, "stops and targets of a symbol; move one"},
    {"signals", cli_signals_main, "the last signals, and what weighs the next ones"},
    {"why", cli_why_main, "why a signal became an order, or did not"},
    {"kill", cli_kill_main, "graded stop, 0 to 4"},
    {"tickers", cli_tickers_main, "symbols in force, refused lines"},
    {"ban", cli_ban_main, "request weight and bans"},
    {"ask", cli_ask_main, "one control command to a running process"},
    {"doctor", cli_doctor_main, "check what the system needs"},
    {"config", app_config_main, "check, show or reload the configuration"},
    {"data", app_data_main, "bars with columns of indicators, as table, CSV or JSON"},
    {"indicators", app_indicators_main, "the indicators, their options and conventions"},
    {"strategies", app_strategies_main, "the strategies, their rules and options; check a parameter file"},
    {"journal", app_journal_main, "verify, export or rebuild from the journal"},
    {"exchange", app_exchange_main, "the simulated exchange by itself"},
    {"signer", app_signer_main, "one process: holds the keys"},
    {"watchdog", app_watchdog_main, "one process: risk, orders, protection, books"},
    {"monitor", app_monitor_main, "one process: market, strategies, signals"},
    {"plugin-host", app_plugin_host_main, "one process: a C plug-in strategy, without rights"},
    {"version", cli_version_main, "version of the program and its messages"},
};
const size_t command_row_count = sizeof command_rows / sizeof command_rows[0];
