/* config_keys.c: all keys, their old names and their defaults. The defaults are the demo profile, the same as in the shipped
 * patriot.yaml (a test compares the two). */
#include "edge/config/config_keys.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "core/base/str.h"

#define AT(member) offsetof(config_t, member), sizeof(((config_t *)NULL)->member)

#define RISK    CONFIG_KEY_RISK
#define RESTART CONFIG_KEY_RESTART
#define LATER   CONFIG_KEY_LATER

/* clang-format off */
const config_key_t config_keys[] = {
    /* path, environment, type, flags, place, low, high, words, default, about */
    {"mode", "PATRIOT_MODE", CONFIG_TYPE_WORD, CONFIG_KEY_FIXED, AT(mode), NULL, NULL, "demo=1 paper=2 live=3", "demo",
     "demo: simulated exchange; paper: the exchange's test network; live: real money"},
    {"environment", "ENVIRONMENT", CONFIG_TYPE_WORD, CONFIG_KEY_FIXED, AT(environment), NULL, NULL,
     "development=1 production=2 local=1 staging=2", "development", "production demands that secrets and risk are written out"},

    /* exchange */
    {"exchange.venue", "PATRIOT_VENUE", CONFIG_TYPE_TEXT, RESTART, AT(exchange.venue), NULL, NULL, NULL, "BINANCE", "exchange to trade at"},
    {"exchange.market", "PATRIOT_MARKET", CONFIG_TYPE_TEXT, RESTART, AT(exchange.market), NULL, NULL, NULL, "usdm", "market of that exchange"},
    {"exchange.testnet", "BINANCE_TESTNET", CONFIG_TYPE_WORD, RESTART | CONFIG_KEY_LIVE, AT(exchange.network), NULL, NULL,
     "true=1 yes=1 on=1 1=1 testnet=1 sandbox=1 false=2 no=2 off=2 0=2 mainnet=2", "true", "true: the exchange's test network; live needs an explicit false"},
    {"exchange.rest_url", "PATRIOT_REST_URL", CONFIG_TYPE_TEXT, RESTART, AT(exchange.rest_url), NULL, NULL, NULL, "", "empty: the exchange's own address"},
    {"exchange.stream_url", "PATRIOT_STREAM_URL", CONFIG_TYPE_TEXT, RESTART, AT(exchange.stream_url), NULL, NULL, NULL, "", "empty: the exchange's own address"},
    {"exchange.mainnet_key", "BINANCE_MAINNET_API_KEY", CONFIG_TYPE_SECRET, RESTART, AT(exchange.mainnet_key), NULL, NULL, NULL, "", "API key of the real account"},
    {"exchange.mainnet_secret", "BINANCE_MAINNET_API_SECRET", CONFIG_TYPE_SECRET, RESTART, AT(exchange.mainnet_secret), NULL, NULL, NULL, "", "its secret"},
    {"exchange.testnet_key", "BINANCE_TESTNET_API_KEY", CONFIG_TYPE_SECRET, RESTART, AT(exchange.testnet_key), NULL, NULL, NULL, "", "API key of the test network"},
    {"exchange.testnet_secret", "BINANCE_TESTNET_API_SECRET", CONFIG_TYPE_SECRET, RESTART, AT(exchange.testnet_secret), NULL, NULL, NULL, "", "its secret"},
    {"exchange.request_timeout", "PATRIOT_REQUEST_TIMEOUT", CONFIG_TYPE_DURATION, RESTART, AT(exchange.request_timeout_ns), "100ms", "1m", NULL, "5s", "an answer that takes longer is no answer"},
    {"exchange.clock_offset_alarm", "PATRIOT_CLOCK_OFFSET_ALARM", CONFIG_TYPE_DURATION, 0, AT(exchange.clock_offset_alarm_ns), "10ms", "5s", NULL, "250ms", "alarm when our clock differs by more"},

    /* market */
    {"market.tickers_file", "PATRIOT_TICKERS_FILE", CONFIG_TYPE_TEXT, 0, AT(market.tickers_file), NULL, NULL, NULL, "tickers.txt", "one symbol a line; stronger than market.symbols when it exists"},
    {"market.symbols", "SYMBOLS", CONFIG_TYPE_SYMBOLS, 0, AT(market.symbols), NULL, NULL, NULL, "BTCUSDT, ETHUSDT, BNBUSDT, ADAUSDT, SOLUSDT", "what to trade when there is no tickers file"},
    {"market.timeframes", "TRADING_TIMEFRAMES", CONFIG_TYPE_TIMEFRAMES, RESTART, AT(market.timeframes), NULL, NULL, NULL, "1h, 4h, 1d", "bars that are analysed, at most four lengths"},
    {"market.history_bars", "PATRIOT_HISTORY_BARS", CONFIG_TYPE_WHOLE32, RESTART, AT(market.history_bars), "50", "5000", NULL, "300", "closed bars of the longest timeframe wanted before the first decision"},

    /* signals */
    {"signal.strategies", "PATRIOT_STRATEGIES", CONFIG_TYPE_STRATEGIES, RESTART, AT(signal.strategies), NULL, NULL, NULL, "SC01, SC02", "strategies that may make signals"},
    {"signal.plugins_folder", "PATRIOT_PLUGINS_FOLDER", CONFIG_TYPE_TEXT, RESTART, AT(signal.plugins_folder), NULL, NULL, NULL, "plugins", "folder of C plug-in strategies, NAME.so"},
    {"signal.plugin_deadline", "PATRIOT_PLUGIN_DEADLINE", CONFIG_TYPE_DURATION, RESTART, AT(signal.plugin_deadline_ns), "1ms", "1s", NULL, "100ms", "processor time that a plug-in may take for one bar"},
    {"signal.parameters_file", "PATRIOT_PARAMETERS_FILE", CONFIG_TYPE_TEXT, 0, AT(signal.parameters_file), NULL, NULL, NULL, "", "option values of strategies per exchange, symbol and timeframe; empty: the presets"},
    {"signal.price_tolerance_percent", "PRICE_TOLERANCE_PERCENT", CONFIG_TYPE_PERCENT, 0, AT(signal.convergence.tolerance_pct), "0.01", "10", NULL, "0.5", "entries of two timeframes this near make one signal"},
    {"signal.matching_timeframes", "PATRIOT_MATCHING_TIMEFRAMES", CONFIG_TYPE_WHOLE32, 0, AT(signal.convergence.matches_min), "1", "4", NULL, "2", "timeframes that must agree"},
    {"signal.life_bars", "PATRIOT_SIGNAL_LIFE_BARS", CONFIG_TYPE_WHOLE32, 0, AT(signal.convergence.life_bars), "1", "100", NULL, "4", "bars that a timeframe's proposal waits for company"},
    {"signal.min_reward_risk", "PATRIOT_SIGNAL_MIN_REWARD_RISK", CONFIG_TYPE_REAL, 0, AT(signal.convergence.reward_risk_min), "0", "20", NULL, "1.5", "reward to risk that a merged signal must promise"},
    {"signal.min_confidence", "MIN_CONFIDENCE", CONFIG_TYPE_REAL, 0, AT(signal.confidence_min), "0", "1", NULL, "0", "signals below it are not sent"},
    {"signal.duplicate_window", "PATRIOT_DUPLICATE_WINDOW", CONFIG_TYPE_DURATION, 0, AT(signal.duplicate_window_ns), "0", "1d", NULL, "60s", "same symbol, side, strategy and source within it are one signal"},

    {"signal.structure_bars", "PATRIOT_STRUCTURE_BARS", CONFIG_TYPE_WHOLE32, RESTART, AT(signal.structure_bars), "0", "100", NULL, "0", "stops at the lowest low (SHORT: highest high) of so many bars, for strategies that name no price; 0: as their options say"},
    {"signal.adapt_weights", "PATRIOT_ADAPT_WEIGHTS", CONFIG_TYPE_SWITCH, RESTART, AT(signal.adapts), NULL, NULL, NULL, "yes", "weights of named states follow the last 20 results of each (at least adapt_results)"},
    {"signal.adapt_results", "PATRIOT_ADAPT_RESULTS", CONFIG_TYPE_WHOLE32, RESTART, AT(signal.adaptation.results_min), "1", "20", NULL, "3", "fewer results say nothing"},
    {"signal.adapt_low_rate", "PATRIOT_ADAPT_LOW_RATE", CONFIG_TYPE_REAL, RESTART, AT(signal.adaptation.low_rate), "0", "1", NULL, "0.35", "win rate below which a weight is multiplied by adapt_low_factor"},
    {"signal.adapt_low_factor", "PATRIOT_ADAPT_LOW_FACTOR", CONFIG_TYPE_REAL, RESTART, AT(signal.adaptation.low_factor), "0.01", "1", NULL, "0.5", "the least that a weight comes down to, as a part of the written one"},
    {"signal.adapt_high_rate", "PATRIOT_ADAPT_HIGH_RATE", CONFIG_TYPE_REAL, RESTART, AT(signal.adaptation.high_rate), "0", "1", NULL, "0.7", "win rate above which it is multiplied by adapt_high_factor"},
    {"signal.adapt_high_factor", "PATRIOT_ADAPT_HIGH_FACTOR", CONFIG_TYPE_REAL, RESTART, AT(signal.adaptation.high_factor), "1", "10", NULL, "1.2", "the most that it grows to"},
    {"signal.market_state", "PATRIOT_MARKET_STATE", CONFIG_TYPE_SWITCH, RESTART, AT(signal.market_state), NULL, NULL, NULL, "no", "yes: the market's score halves or vetoes entries against it"},
    {"signal.market_symbol", "PATRIOT_MARKET_SYMBOL", CONFIG_TYPE_TEXT, RESTART, AT(signal.market_symbol), NULL, NULL, NULL, "BTCUSDT", "whose bars make the score; when it is not watched, the market says nothing"},
    {"signal.regimes", "PATRIOT_REGIMES", CONFIG_TYPE_REGIMES, RESTART, AT(signal.regimes), NULL, NULL, NULL, "none", "rows by commas: REGIME STRATEGY off, 0.5 (of the size) or option=value; none"},

    /* risk: size */
    {"risk.percent", "RISK_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.risk_pct), "0.1", "50", NULL, "2", "part of the balance that is lost when the stop is hit"},
    {"risk.basis", "RISK_BASIS", CONFIG_TYPE_WORD, RISK, AT(risk.risk_basis), NULL, NULL, "wallet=1 equity=2 available=3", "wallet", "which balance"},
    {"risk.fee_percent", "PATRIOT_FEE_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.fee_pct), "0", "1", NULL, "0.05", "expected fee of one side"},
    {"risk.sizing", "PATRIOT_SIZING", CONFIG_TYPE_WORD, RISK, AT(risk.sizing), NULL, NULL,
     "risk_percent=1 fixed_fraction=2 tiers=3 kelly=4 atr=5 fixed_percentage=1 kelly_criterion=4 volatility_based=5 volatility=5", "risk_percent",
     "how the size is found; whichever it is, risk.percent stays the most that the stop may cost"},
    {"risk.fraction_percent", "PATRIOT_FRACTION_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.fraction_pct), "0.1", "100", NULL, "10", "sizing fixed_fraction: the position is worth this part of the balance"},
    {"risk.tiers", "PATRIOT_TIERS", CONFIG_TYPE_TIERS, RISK, AT(risk.tiers), NULL, NULL, NULL, "0.7/8/5, 0.5/6/4, 0/4/4", "sizing tiers: from this confidence on, this cost at this leverage; three rows, the last from 0"},
    {"risk.max_cost", "GLOBAL_MAX_COST_PER_TRADE", CONFIG_TYPE_DECIMAL, RISK, AT(risk.cost_max), "0", "1000000000", NULL, "0", "sizing tiers: caps each tier's cost; 0: no cap"},
    {"risk.kelly_first_percent", "PATRIOT_KELLY_FIRST_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.kelly_first_pct), "0.01", "50", NULL, "0.5", "sizing kelly: the risk before enough trades are closed; at most risk.percent"},
    {"risk.kelly_trades", "PATRIOT_KELLY_TRADES", CONFIG_TYPE_WHOLE32, RISK, AT(risk.kelly_trades_min), "1", "256", NULL, "20", "sizing kelly: closed trades it needs"},
    {"risk.kelly_window", "PATRIOT_KELLY_WINDOW", CONFIG_TYPE_DURATION, RISK, AT(risk.kelly_window_ns), "1h", "3650d", NULL, "90d", "sizing kelly: older results do not count"},
    {"risk.size_atr_multiple", "PATRIOT_SIZE_ATR_MULTIPLE", CONFIG_TYPE_DECIMAL, RISK, AT(risk.size_atr_multiple), "0.1", "20", NULL, "2", "sizing atr: sized as if the stop were at least this many ATR away"},
    {"risk.drawdown_limit_percent", "PATRIOT_DRAWDOWN_LIMIT_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.drawdown_limit_pct), "0", "100", NULL, "0", "equity farther below the wallet's peak than this shrinks every size; 0: never"},
    {"risk.slippage_percent", "PATRIOT_SLIPPAGE_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.slippage_pct), "0", "5", NULL, "0.05", "expected slippage of a stop"},
    /* risk: form of the account */
    {"risk.leverage", "FUTURES_LEVERAGE", CONFIG_TYPE_WHOLE32, RISK, AT(risk.leverage), "1", "125", NULL, "20", "a ceiling: the exchange's brackets may lower it"},
    {"risk.margin_type", "FUTURES_MARGIN_TYPE", CONFIG_TYPE_WORD, RISK, AT(risk.margin_type), NULL, NULL, "isolated=1 crossed=2 cross=2", "crossed", "isolated or crossed"},
    {"risk.position_mode", "PATRIOT_POSITION_MODE", CONFIG_TYPE_WORD, RISK, AT(risk.position_mode), NULL, NULL, "one_way=1 hedge=2 oneway=1", "one_way", "one_way or hedge"},
    /* risk: counts */
    {"risk.max_concurrent_orders", "MAX_CONCURRENT_ORDERS", CONFIG_TYPE_WHOLE32, RISK, AT(risk.concurrent_symbol_max), "1", "1000", NULL, "3", "positions and waiting entries of one symbol"},
    {"risk.max_total_orders", "MAX_TOTAL_ORDERS", CONFIG_TYPE_WHOLE32, RISK, AT(risk.concurrent_total_max), "1", "1000", NULL, "10", "the same over all symbols"},
    {"risk.multiple_orders", "MULTIPLE_ORDERS", CONFIG_TYPE_WORD, RISK, AT(risk.multiple_orders), NULL, NULL, "no=1 false=1 off=1 0=1 yes=2 true=2 on=2 1=2", "no", "may an entry be added while a position is open"},
    {"risk.pending_entry", "PATRIOT_PENDING_ENTRY", CONFIG_TYPE_WORD, RISK, AT(risk.pending_entry), NULL, NULL, "keep=1 replace=2", "replace", "what a new signal does to an entry that still waits"},
    {"risk.max_unknown_orders", "PATRIOT_MAX_UNKNOWN_ORDERS", CONFIG_TYPE_WHOLE32, RISK, AT(risk.unknown_orders_max), "1", "64", NULL, "2", "orders of unknown fate above which no entry leaves"},
    {"risk.max_orders_per_window", "PATRIOT_MAX_ORDERS_PER_WINDOW", CONFIG_TYPE_WHOLE32, RISK, AT(risk.orders_per_window_max), "1", "250", NULL, "60", "orders sent in one window"},
    {"risk.orders_window", "PATRIOT_ORDERS_WINDOW", CONFIG_TYPE_DURATION, RISK, AT(risk.orders_window_ns), "1s", "1d", NULL, "1m", "that window"},
    /* risk: levels */
    {"risk.levels", "PATRIOT_LEVELS", CONFIG_TYPE_WORD, RISK, AT(risk.levels), NULL, NULL, "signal=1 percent=2 atr=3", "signal", "where stop and target come from"},
    {"risk.stop_percent", "PATRIOT_STOP_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.stop_pct), "0.05", "50", NULL, "1.5", "levels percent: the stop's distance"},
    {"risk.target_percent", "PATRIOT_TARGET_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.target_pct), "0.05", "500", NULL, "3", "levels percent: the target's distance"},
    {"risk.atr_stop_multiple", "PATRIOT_ATR_STOP_MULTIPLE", CONFIG_TYPE_DECIMAL, RISK, AT(risk.atr_stop_multiple), "0.1", "20", NULL, "1.5", "levels atr: the stop's distance in ATR"},
    {"risk.atr_target_multiple", "PATRIOT_ATR_TARGET_MULTIPLE", CONFIG_TYPE_DECIMAL, RISK, AT(risk.atr_target_multiple), "0.1", "20", NULL, "2", "levels atr: the target's distance in stop distances"},
    {"risk.min_stop_percent", "PATRIOT_MIN_STOP_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.stop_pct_min), "0", "50", NULL, "0.2", "levels atr: bounds of the stop's distance"},
    {"risk.max_stop_percent", "PATRIOT_MAX_STOP_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.stop_pct_max), "0.05", "50", NULL, "10", "levels atr: bounds of the stop's distance; a stop moved by hand goes no farther either"},
    {"risk.min_target_percent", "PATRIOT_MIN_TARGET_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.target_pct_min), "0", "500", NULL, "0.2", "levels atr: bounds of the target's distance"},
    {"risk.max_target_percent", "PATRIOT_MAX_TARGET_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.target_pct_max), "0.05", "500", NULL, "30", "levels atr: bounds of the target's distance"},
    {"risk.min_reward_risk", "PATRIOT_MIN_REWARD_RISK", CONFIG_TYPE_DECIMAL, RISK, AT(risk.reward_risk_min), "0", "20", NULL, "1.2", "reward to risk at the door"},
    {"risk.liquidation_buffer_percent", "PATRIOT_LIQUIDATION_BUFFER_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.liquidation_buffer_pct), "1", "99", NULL, "25", "part of the way to liquidation that stays behind the stop"},
    /* risk: caps */
    {"risk.max_margin_percent", "PATRIOT_MAX_MARGIN_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.margin_use_max_pct), "1", "100", NULL, "80", "initial margin of everything, of the wallet"},
    {"risk.max_symbol_notional", "PATRIOT_MAX_SYMBOL_NOTIONAL", CONFIG_TYPE_DECIMAL, RISK, AT(risk.notional_symbol_max), "1", "1000000000", NULL, "50000", "value of one symbol's position, in the settlement asset"},
    {"risk.max_total_notional", "PATRIOT_MAX_TOTAL_NOTIONAL", CONFIG_TYPE_DECIMAL, RISK, AT(risk.notional_total_max), "1", "1000000000", NULL, "200000", "value of all positions"},
    {"risk.max_asset_share_percent", "PATRIOT_MAX_ASSET_SHARE_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.asset_share_max_pct), "1", "100", NULL, "60", "share of one asset in the book"},
    {"risk.asset_share_from", "PATRIOT_ASSET_SHARE_FROM", CONFIG_TYPE_DECIMAL, RISK, AT(risk.asset_share_from), "0", "1000000000", NULL, "60000", "from a book of this value on"},
    {"risk.price_collar_percent", "PATRIOT_PRICE_COLLAR_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.price_collar_pct), "0.01", "50", NULL, "5", "an entry farther from the mark price is refused"},
    {"risk.max_spread_percent", "PATRIOT_MAX_SPREAD_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.spread_max_pct), "0.001", "20", NULL, "0.5", "no entry while bid and ask are farther apart"},
    /* risk: freshness */
    {"risk.max_price_age", "PATRIOT_MAX_PRICE_AGE", CONFIG_TYPE_DURATION, RISK, AT(risk.price_age_max_ns), "100ms", "1h", NULL, "2m", "no decision on older prices; 10s is right for a live market"},
    {"risk.max_account_age", "PATRIOT_MAX_ACCOUNT_AGE", CONFIG_TYPE_DURATION, RISK, AT(risk.account_age_max_ns), "1s", "7d", NULL, "1d", "no entry on older balances; 15m is right for a live account"},
    {"risk.max_rules_age", "PATRIOT_MAX_RULES_AGE", CONFIG_TYPE_DURATION, RISK, AT(risk.rules_age_max_ns), "1m", "7d", NULL, "1d", "no entry on older trading rules"},
    {"risk.max_signal_age", "PATRIOT_MAX_SIGNAL_AGE", CONFIG_TYPE_DURATION, RISK, AT(risk.signal_age_max_ns), "1s", "1d", NULL, "10m", "older signals are not acted on; nor are those older than one bar of their shortest timeframe"},
    /* risk: entry */
    {"risk.entry_type", "PATRIOT_ENTRY_TYPE", CONFIG_TYPE_WORD, RISK, AT(risk.entry_type), NULL, NULL, "limit=1 market=2 stop=3 stop_limit=4 post_only=5 ioc=6 fok=7", "limit", "kind of the entry order"},
    {"risk.marketable", "PATRIOT_MARKETABLE", CONFIG_TYPE_WORD, RISK, AT(risk.marketable), NULL, NULL, "clamp=1 as_signalled=2 refuse=3", "clamp", "a limit entry that the market has passed already"},
    {"risk.entry_ttl", "LIMIT_ORDER_TIMEOUT", CONFIG_TYPE_DURATION, RISK, AT(risk.entry_ttl_ns), "0", "7d", NULL, "0", "life of an unfilled entry; 0: the next close of the source timeframe; else at least 120s"},
    {"risk.stop_cooldown", "PATRIOT_STOP_COOLDOWN", CONFIG_TYPE_DURATION, RISK, AT(risk.stop_cooldown_ns), "0", "7d", NULL, "2h", "after a losing stop the symbol gets no entry for this long; 0: it does not rest"},
    {"risk.poor_trades", "PATRIOT_POOR_TRADES", CONFIG_TYPE_WHOLE32, RISK, AT(risk.poor_trades_min), "0", "64", NULL, "3", "a symbol with so many trades closed within poor_window,"},
    {"risk.poor_win_rate_percent", "PATRIOT_POOR_WIN_RATE_PERCENT", CONFIG_TYPE_PERCENT, RISK, AT(risk.poor_win_rate_pct), "1", "100", NULL, "30", "of which fewer than this were won, gets no entry; poor_trades 0: no such rest"},
    {"risk.poor_window", "PATRIOT_POOR_WINDOW", CONFIG_TYPE_DURATION, RISK, AT(risk.poor_window_ns), "1m", "30d", NULL, "12h", "until the oldest of them is older than this"},
    /* risk: protection */
    {"risk.trigger_by", "PATRIOT_TRIGGER_BY", CONFIG_TYPE_WORD, RISK, AT(risk.trigger_by), NULL, NULL, "contract=1 mark=2 last=1", "contract", "price that triggers stops: last trade (contract) or mark"},
    {"risk.ladder", "PATRIOT_LADDER", CONFIG_TYPE_LADDER, RISK, AT(risk.ladder), NULL, NULL, NULL, "80/80/50", "at 80 % of the way close 80 %, move the stop to 50 % of the way; rows by commas; none"},
    {"risk.max_protect_tries", "PATRIOT_MAX_PROTECT_TRIES", CONFIG_TYPE_WHOLE32, RISK, AT(risk.protect_tries_max), "1", "10", NULL, "3", "refused stops in a row before the position leaves"},
    {"risk.exit_uncovered", "PATRIOT_EXIT_UNCOVERED", CONFIG_TYPE_DURATION, RISK, AT(risk.exit_uncovered_ns), "100ms", "5m", NULL, "5s", "a position without its stop for this long leaves at market"},
    {"risk.unknown_protect", "PATRIOT_UNKNOWN_PROTECT", CONFIG_TYPE_DURATION, RISK, AT(risk.unknown_protect_ns), "10ms", "5m", NULL, "2s", "a stop of unknown fate gets a second one beside it"},
    {"risk.max_triggering", "PATRIOT_MAX_TRIGGERING", CONFIG_TYPE_DURATION, RISK, AT(risk.triggering_max_ns), "100ms", "5m", NULL, "2s", "a stop stuck while triggering longer than this covers nothing"},
    /* risk: asking after orders of unknown fate, comparing the books */
    {"risk.inquiry_first", "PATRIOT_INQUIRY_FIRST", CONFIG_TYPE_DURATION, RISK, AT(risk.inquiry_first_ns), "10ms", "1m", NULL, "250ms", "first question after an order of unknown fate"},
    {"risk.inquiry_max", "PATRIOT_INQUIRY_MAX", CONFIG_TYPE_DURATION, RISK, AT(risk.inquiry_max_ns), "100ms", "10m", NULL, "10s", "longest pause between two questions"},
    {"risk.forget", "PATRIOT_FORGET", CONFIG_TYPE_DURATION, RISK, AT(risk.forget_ns), "1m", "7d", NULL, "1h", "\"not found\" everywhere for this long is evidence"},
    {"risk.snapshot_interval", "PATRIOT_SNAPSHOT_INTERVAL", CONFIG_TYPE_DURATION, RISK, AT(risk.snapshot_interval_ns), "5s", "1d", NULL, "6h", "full comparison with the exchange; 5m is right for a live account"},

    /* operation */
    {"operation.emergency_stop", "EMERGENCY_STOP", CONFIG_TYPE_SWITCH, 0, AT(operation.emergency_stop), NULL, NULL, NULL, "no", "yes: no new entries"},
    {"operation.batch_interval", "PATRIOT_BATCH_INTERVAL", CONFIG_TYPE_DURATION, 0, AT(operation.batch_interval_ns), "1s", "1d", NULL, "30s", "configuration and tickers are re-read, a summary is logged"},
    {"operation.sync_duration_max", "MAX_SYNC_DURATION", CONFIG_TYPE_DURATION, 0, AT(operation.sync_duration_max_ns), "1s", "1h", NULL, "2m", "alarm when a comparison of the books takes longer"},
    {"operation.restore_protection", "ENABLE_SL_TP_RESTORATION", CONFIG_TYPE_SWITCH, 0, AT(operation.restore_protection), NULL, NULL, NULL, "yes", "put back stops and targets that are gone"},
    {"operation.display_zone", "PATRIOT_DISPLAY_ZONE", CONFIG_TYPE_TEXT, 0, AT(operation.display_zone), NULL, NULL, NULL, "UTC", "time zone of what people are shown (Europe/Kyiv); logs, files and --json stay UTC"},

    /* log */
    {"log.level", "LOG_LEVEL", CONFIG_TYPE_WORD, 0, AT(log.level), NULL, NULL, "INFO=1 DEBUG=0 WARNING=2 WARN=2 ERROR=3 CRITICAL=4", "INFO", "DEBUG INFO WARNING ERROR CRITICAL"},
    {"log.file_bytes", "PATRIOT_LOG_FILE_BYTES", CONFIG_TYPE_WHOLE64, RESTART, AT(log.file_bytes_max), "10000", "1000000000", NULL, "5000000", "a log file rotates at this size"},
    {"log.files", "PATRIOT_LOG_FILES", CONFIG_TYPE_WHOLE32, RESTART, AT(log.files_kept), "1", "100", NULL, "3", "log files kept for each process"},
    {"log.day_bytes", "PATRIOT_LOG_DAY_BYTES", CONFIG_TYPE_WHOLE64, RESTART, AT(log.day_bytes_max), "100000", "100000000000", NULL, "200000000", "most that a process logs in a day"},

    /* demo */
    {"demo.balance", "SIMULATION_BALANCE", CONFIG_TYPE_DECIMAL, RESTART, AT(demo.balance), "1", "1000000000", NULL, "10000", "USDT of the simulated account"},
    {"demo.seed", "PATRIOT_SEED", CONFIG_TYPE_WHOLE64, RESTART, AT(demo.seed), NULL, NULL, NULL, "10", "the same seed gives the same trades"},

    /* services of later rooms: chat, web, stores, feeds: read and checked, told to be without effect when they are set */
    {"telegram.token", "TELEGRAM_TOKEN", CONFIG_TYPE_SECRET, LATER, AT(service.telegram_token), NULL, NULL, NULL, "", "token of the Telegram bot"},
    {"telegram.chat_id", "TELEGRAM_CHAT_ID", CONFIG_TYPE_TEXT, LATER, AT(service.telegram_chat_id), NULL, NULL, NULL, "", "chat that hears of trades"},
    {"discord.token", "DISCORD_TOKEN", CONFIG_TYPE_SECRET, LATER, AT(service.discord_token), NULL, NULL, NULL, "", "token of the Discord bot"},
    {"discord.channel_id", "DISCORD_CHANNEL_ID", CONFIG_TYPE_TEXT, LATER, AT(service.discord_channel_id), NULL, NULL, NULL, "", "channel for alerts"},
    {"discord.signal_channel_id", "DISCORD_SIGNAL_CHANNEL_ID", CONFIG_TYPE_TEXT, LATER, AT(service.discord_signal_channel_id), NULL, NULL, NULL, "", "channel for signals"},
    {"discord.prefix", "COMMAND_PREFIX", CONFIG_TYPE_TEXT, LATER, AT(service.command_prefix), NULL, NULL, NULL, "b!", "prefix of commands"},
    {"web.host", "PATRIOT_WEB_HOST", CONFIG_TYPE_TEXT, RESTART | LATER, AT(service.web_host), NULL, NULL, NULL, "127.0.0.1", "address the web process listens on"},
    {"web.port", "PORT", CONFIG_TYPE_WHOLE32, RESTART | LATER, AT(service.web_port), "1", "65535", NULL, "8000", "its port"},
    {"web.ssl_cert", "PATRIOT_WEB_SSL_CERT", CONFIG_TYPE_TEXT, RESTART | LATER, AT(service.web_ssl_cert), NULL, NULL, NULL, "", "certificate file"},
    {"web.ssl_key", "PATRIOT_WEB_SSL_KEY", CONFIG_TYPE_TEXT, RESTART | LATER, AT(service.web_ssl_key), NULL, NULL, NULL, "", "its key file"},
    {"redis.host", "PATRIOT_REDIS_HOST", CONFIG_TYPE_TEXT, RESTART | LATER, AT(service.redis_host), NULL, NULL, NULL, "", "empty: no Redis"},
    {"redis.port", "PATRIOT_REDIS_PORT", CONFIG_TYPE_WHOLE32, RESTART | LATER, AT(service.redis_port), "1", "65535", NULL, "6379", "its port"},
    {"redis.db", "PATRIOT_REDIS_DB", CONFIG_TYPE_WHOLE32, RESTART | LATER, AT(service.redis_db), "0", "255", NULL, "0", "its database"},
    {"redis.tls", "PATRIOT_REDIS_TLS", CONFIG_TYPE_SWITCH, RESTART | LATER, AT(service.redis_tls), NULL, NULL, NULL, "no", "speak TLS to it"},
    {"redis.password", "REDIS_PASSWORD", CONFIG_TYPE_SECRET, RESTART | LATER, AT(service.redis_password), NULL, NULL, NULL, "", "its password"},
    {"redis.url", "REDIS_URL", CONFIG_TYPE_SECRET, RESTART | LATER, AT(service.redis_url), NULL, NULL, NULL, "", "all of the above in one"},
    {"database.url", "DATABASE_URL", CONFIG_TYPE_SECRET, RESTART | LATER, AT(service.database_url), NULL, NULL, NULL, "", "empty: SQLite in the data folder"},
    {"feed.key", "API_KEY", CONFIG_TYPE_SECRET, RESTART | LATER, AT(service.feed_key), NULL, NULL, NULL, "", "key of an outside signal feed"},
    {"feed.timeout", "API_TIMEOUT", CONFIG_TYPE_DURATION, LATER, AT(service.feed_timeout_ns), "100ms", "5m", NULL, "10s", "how long it may take to answer"},
};
const size_t config_keys_count = sizeof config_keys / sizeof config_keys[0];
_Static_assert(sizeof config_keys / sizeof config_keys[0] <= CONFIG_KEYS_MAX, "raise CONFIG_KEYS_MAX");

const config_alias_t config_aliases[] = {
    /* P, and the seeds that describe it */
    {"RISK_PER_TRADE", "risk.percent", CONFIG_AS_IT_IS},
    {"TELEGRAM_BOT_TOKEN", "telegram.token", CONFIG_AS_IT_IS},
    {"BINANCE_MAINNET_SECRET", "exchange.mainnet_secret", CONFIG_AS_IT_IS},
    {"BINANCE_TESTNET_SECRET", "exchange.testnet_secret", CONFIG_AS_IT_IS},
    {"SCHEDULE_INTERVAL_MINUTES", "operation.batch_interval", CONFIG_MINUTES},
    {"HEDGE_TIMEZONE", "operation.display_zone", CONFIG_AS_IT_IS},
    {"SYNC_INTERVAL", "risk.snapshot_interval", CONFIG_AS_IT_IS},
    {"operation.sync_interval", "risk.snapshot_interval", CONFIG_AS_IT_IS},
    /* W */
    {"MAX_RISK_PER_TRADE", "risk.percent", CONFIG_FRACTION},
    {"SANDBOX", "exchange.testnet", CONFIG_AS_IT_IS},
    {"LOGGING_LEVEL", "log.level", CONFIG_AS_IT_IS},
    {"PRIMARY_TIMEFRAME", "market.timeframes", CONFIG_AS_IT_IS},
    {"BINANCE_API_KEY", "exchange.mainnet_key", CONFIG_AS_IT_IS},
    {"BINANCE_SECRET", "exchange.mainnet_secret", CONFIG_AS_IT_IS},
    {"SIGNAL_CONFIDENCE_THRESHOLD", "signal.min_confidence", CONFIG_AS_IT_IS},
    {"DB_CONNECTION_STRING", "database.url", CONFIG_AS_IT_IS},
    {"symbols", "market.symbols", CONFIG_AS_IT_IS},
    {"trading.symbols", "market.symbols", CONFIG_AS_IT_IS},
    {"trading.risk_management.max_risk_per_trade", "risk.percent", CONFIG_FRACTION},
    {"trading.risk_management.max_positions", "risk.max_total_orders", CONFIG_AS_IT_IS},
    {"risk_management.max_risk_per_trade", "risk.percent", CONFIG_FRACTION},
    {"risk_management.max_positions", "risk.max_total_orders", CONFIG_AS_IT_IS},
    {"position_size_method", "risk.sizing", CONFIG_AS_IT_IS},
    {"trading.risk_management.position_size_method", "risk.sizing", CONFIG_AS_IT_IS},
    {"risk_management.position_size_method", "risk.sizing", CONFIG_AS_IT_IS},
    {"POSITION_SIZE_METHOD", "risk.sizing", CONFIG_AS_IT_IS},
    {"timeframes.primary", "market.timeframes", CONFIG_AS_IT_IS},
    {"logging.level", "log.level", CONFIG_AS_IT_IS},
    {"exchanges.binance.sandbox", "exchange.testnet", CONFIG_AS_IT_IS},
    {"exchanges.binance.timeout", "exchange.request_timeout", CONFIG_AS_IT_IS},
    {"tickers", "market.symbols", CONFIG_AS_IT_IS},
    {"timeframes", "market.timeframes", CONFIG_AS_IT_IS},
    /* S */
    {"BINANCE_API_KEY_TESTNET", "exchange.testnet_key", CONFIG_AS_IT_IS},
    {"BINANCE_SECRET_KEY_TESTNET", "exchange.testnet_secret", CONFIG_AS_IT_IS},
    {"BINANCE_SECRET_KEY", "exchange.mainnet_secret", CONFIG_AS_IT_IS},
    /* M */
    {"GLOBAL_MAX_COST", "risk.max_cost", CONFIG_AS_IT_IS},
    {"LEVERAGE", "risk.leverage", CONFIG_AS_IT_IS},
    {"GLOBAL_MAX_LEVERAGE", "risk.leverage", CONFIG_AS_IT_IS},
    {"STOP_LOSS_PCT", "risk.stop_percent", CONFIG_FRACTION},
    {"TAKE_PROFIT_PCT", "risk.target_percent", CONFIG_FRACTION},
    {"TRADING_COMMISSION", "risk.fee_percent", CONFIG_FRACTION},
    {"SLIPPAGE", "risk.slippage_percent", CONFIG_FRACTION},
    {"AUTO_CREATE_SL_TP", "operation.restore_protection", CONFIG_AS_IT_IS},
};
const size_t config_aliases_count = sizeof config_aliases / sizeof config_aliases[0];

const char *const config_reserved[] = {
    "indicators.", "exchanges.", "monitoring.", "backtesting.", "paper_trading.", "ml.", "database.", "security.", "logging.", "performance.", "trading.",
    "web.", "discord.", "telegram.", "risk_management.", "timeframes.", "profiles.", "strategies.",
    "AUTO_COMPRESS", "GDRIVE_", "HEDGE_INTERVAL_MINUTES", "ACTIVE_EXCHANGES", "DRY_RUN", "MAX_WORKERS", "USE_LIMIT_ORDERS",
    "PATIENCE_ENTRY_PCT", "CONFIDENCE_TIERS", "MIN_WINRATE_THRESHOLD", "REQUIRE_TECHNICAL_CONFIRMATION", "ENABLE_DYNAMIC_SLTP", "ATR_TRAIL_", "ATR_EXT_MULTIPLIER",
    "RSI_OVERBOUGHT_EXIT", "EMA_BREAK_CLOSE", "PROFIT_LOCK_", "MAX_TP_EXTENSIONS", "MIN_WIN_RATE_", "MAX_CONSISTENCY", "MIN_CROSS_TF_SUPPORT", "MEXC_", "MT5_",
    "COINBASE_", "KRAKEN_", "BYBIT_", "ENABLE_PAPER_TRADING", "EXCHANGE_FAILOVER_ENABLED", "VAULT_",
};
const size_t config_reserved_count = sizeof config_reserved / sizeof config_reserved[0];

#define SIGNAL_LIFE_NOW "remove it: a signal lives one bar of its shortest timeframe, and at most risk.max_signal_age"
#define BATCH_LOG_NOW   "remove it: every batch is logged, when it opens and when it closes"
static const struct {
    const char *name, *fix;
} retired[] = {
    {"signal.life", SIGNAL_LIFE_NOW},
    {"PATRIOT_SIGNAL_LIFE", SIGNAL_LIFE_NOW},
    {"operation.batch_log_frequency", BATCH_LOG_NOW},
    {"BATCH_LOG_FREQUENCY", BATCH_LOG_NOW},
};
/* clang-format on */

/* --- finding ---------------------------------------------------------------------------------- */

static size_t index_of_path(const char *path)
{
    for (size_t i = 0; i < config_keys_count; i++) {
        if (strcmp(config_keys[i].path, path) == 0) {
            return i;
        }
    }
    return config_keys_count;
}

static size_t index_of_alias(const char *name, config_change_of_form_t *form)
{
    for (size_t i = 0; i < config_aliases_count; i++) {
        if (strcmp(config_aliases[i].name, name) == 0) {
            *form = config_aliases[i].form;
            return index_of_path(config_aliases[i].path);
        }
    }
    return config_keys_count;
}

size_t config_key_by_environment(const char *name, config_change_of_form_t *form)
{
    *form = CONFIG_AS_IT_IS;
    for (size_t i = 0; i < config_keys_count; i++) {
        if (strcmp(config_keys[i].environment, name) == 0) {
            return i;
        }
    }
    return index_of_alias(name, form);
}

size_t config_key_by_path(const char *path, config_change_of_form_t *form)
{
    *form = CONFIG_AS_IT_IS;
    size_t index = index_of_path(path);
    /* the old systems' names may also stand in the file, at its top level */
    return index < config_keys_count ? index : config_key_by_environment(path, form);
}

bool config_is_reserved(const char *name)
{
    for (size_t i = 0; i < config_reserved_count; i++) {
        const char *reserved = config_reserved[i];
        size_t length = strlen(reserved);
        bool prefix = reserved[length - 1] == '.' || reserved[length - 1] == '_';
        if (prefix ? strncmp(name, reserved, length) == 0 : strcmp(name, reserved) == 0) {
            return true;
        }
    }
    return false;
}

const char *config_retired_fix(const char *name)
{
    for (size_t i = 0; i < sizeof retired / sizeof retired[0]; i++) {
        if (strcmp(retired[i].name, name) == 0) {
            return retired[i].fix;
        }
    }
    return NULL;
}

static void consider(const char *name, const char *candidate, unsigned *best, const char **nearest)
{
    unsigned distance = str_distance(str_from(name), str_from(candidate));
    if (distance < *best) {
        *best = distance;
        *nearest = candidate;
    }
}

/* The last piece of a path is compared too, so that "percent" finds "risk.percent". */
const char *config_nearest_path(const char *path)
{
    const char *nearest = NULL;
    unsigned best = 4;
    for (size_t i = 0; i < config_keys_count; i++) {
        const char *dot = strrchr(config_keys[i].path, '.');
        unsigned before = best;
        consider(path, config_keys[i].path, &best, &nearest);
        if (best == before && dot != NULL && best > 1 && strcmp(dot + 1, path) == 0) {
            best = 1;
            nearest = config_keys[i].path;
        }
    }
    return nearest;
}

const char *config_nearest_environment(const char *name)
{
    const char *nearest = NULL;
    unsigned best = 4;
    for (size_t i = 0; i < config_keys_count; i++) {
        consider(name, config_keys[i].environment, &best, &nearest);
    }
    for (size_t i = 0; i < config_aliases_count; i++) {
        consider(name, config_aliases[i].name, &best, &nearest);
    }
    return nearest;
}
