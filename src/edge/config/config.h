/* config.h: the configuration: one file that teaches, .env beside it, the environment on top; checked as a whole; whole or not at
 * all.
 *
 * Sources, weakest first: defaults of the mode (only where the mode allows them) < patriot.yaml < .env < environment of the
 * process. After a reload .env is stronger than the environment (as in the old systems: an edit of .env while running must have an
 * effect). Each key is one row of a table (config_keys.c): path in the YAML file, name in the environment, old names of the four
 * systems, type, range, default, whether it is a risk value, whether it is secret, and a sentence. Two names of one key with
 * different values are an error, not a precedence.
 *
 * Modes. demo: simulated exchange only; every value has a default, equal to the shipped patriot.yaml, so no file is needed. paper:
 * the exchange's test network, never the real one; defaults hold too. live: every risk key and BINANCE_TESTNET=false must be
 * written out by the user, and keys must be there, else the start is refused with the list of what is missing (OPS-12, I16).
 *
 * Values may refer: ${file:/path} (first line of a file readable by the owner only) and ${NAME} (environment). ${vault:...} and
 * ${keyring:...} are refused with a clear word until the secret room serves them.
 *
 * Errors are gathered: a load that fails returns every problem at once, each with file, line, key and fix.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/base/result.h"
#include "core/market/instrument.h"
#include "core/market/timeframe.h"
#include "core/risk/limits.h"
#include "core/signal/convergence.h"
#include "core/strategy/adaptation.h"
#include "core/strategy/regime_table.h"
#include "edge/observe/log.h"
#include "edge/observe/zone.h"

enum {
    CONFIG_SYMBOLS_MAX = 64,
    CONFIG_STRATEGIES_MAX = 16,
    CONFIG_STRATEGY_NAME_MAX = 24,
    CONFIG_TEXT_MAX = 256,
    CONFIG_SECRET_MAX = 256,
    CONFIG_PROBLEMS_MAX = 64,
    CONFIG_KEYS_MAX = 192,
    CONFIG_FILE_BYTES_MAX = 256 * 1024,
};

/* A secret has no printer: it is a struct of its own, no log constructor takes it, and `config show` prints "********". Whoever
 * really needs the bytes (signing, TLS) reads .hidden and hands them on at once. */
typedef struct {
    char hidden[CONFIG_SECRET_MAX];
} config_secret_t;

typedef enum { CONFIG_DEMO = 1, CONFIG_PAPER, CONFIG_LIVE } config_mode_t;
typedef enum { CONFIG_DEVELOPMENT = 1, CONFIG_PRODUCTION } config_environment_t;
typedef enum { CONFIG_TESTNET = 1, CONFIG_MAINNET } config_network_t;
typedef enum { CONFIG_NO = 0, CONFIG_YES = 1 } config_switch_t;

/* All values of one version of the configuration. Immutable once loaded; copied by value (about 40 KiB), so keep one, not many. */
typedef struct {
    config_mode_t mode;
    config_environment_t environment;
    uint64_t version;   /* 1 for the first load of a process, +1 for each reload that changed something */
    uint8_t digest[32]; /* SHA-256 over all values but secrets: "configuration in force" in logs and journal */

    struct {
        char venue[ASSET_TEXT_MAX];            /* "BINANCE" */
        char market[CONFIG_STRATEGY_NAME_MAX]; /* "usdm" */
        config_network_t network;              /* BINANCE_TESTNET */
        char rest_url[CONFIG_TEXT_MAX],
            stream_url[CONFIG_TEXT_MAX]; /* "" : the venue's own for the network; demo: DIR/run/exchange.addr */
        config_secret_t mainnet_key, mainnet_secret, testnet_key, testnet_secret;
        int64_t request_timeout_ns;
        int64_t clock_offset_alarm_ns;
    } exchange;

    struct {
        char tickers_file[CONFIG_TEXT_MAX];                /* relative to the folder of patriot.yaml */
        uint32_t symbol_count;                             /* from SYMBOLS / symbols; tickers_file is stronger when it exists */
        char symbols[CONFIG_SYMBOLS_MAX][SYMBOL_TEXT_MAX]; /* as written, upper case */
        uint32_t timeframe_count;
        timeframe_t timeframes[CONVERGENCE_TIMEFRAMES_MAX]; /* ascending */
        uint32_t history_bars; /* closed bars of the longest timeframe wanted before the first decision */
    } market;

    struct {
        uint32_t strategy_count;
        char strategies[CONFIG_STRATEGIES_MAX][CONFIG_STRATEGY_NAME_MAX]; /* names of core/strategy's registry, and NAME.so */
        char plugins_folder[CONFIG_TEXT_MAX];                             /* of NAME.so; relative to the folder of patriot.yaml */
        int64_t plugin_deadline_ns;                                       /* processor time for one bar */
        char parameters_file[CONFIG_TEXT_MAX];                            /* relative to the folder of patriot.yaml; "" for none */
        convergence_rules_t convergence;
        double confidence_min;  /* 0..1 */
        config_switch_t adapts; /* weights of scored strategies follow the results */
        adaptation_rules_t adaptation;
        config_switch_t market_state; /* the reference's market score halves or vetoes entries */
        char market_symbol[SYMBOL_TEXT_MAX];
        regime_table_t regimes;
        uint32_t structure_bars; /* 0: stops as the strategies' options say */
        int64_t duplicate_window_ns;
    } signal;

    risk_config_t risk; /* complete; passes risk_config_check */

    struct {
        config_switch_t emergency_stop; /* no new entries while on */
        int64_t batch_interval_ns;
        int64_t sync_duration_max_ns;
        config_switch_t restore_protection;
        char display_zone[ZONE_NAME_MAX]; /* of what people are shown; everything stored is UTC */
    } operation;

    struct {
        log_level_t level;
        uint64_t file_bytes_max;
        uint32_t files_kept;
        uint64_t day_bytes_max;
    } log;

    struct {
        dec_t balance; /* of the simulated account */
        uint64_t seed;
    } demo;

    struct {
        config_secret_t telegram_token, discord_token, feed_key, redis_password, redis_url, database_url;
        char telegram_chat_id[64], discord_channel_id[32], discord_signal_channel_id[32], command_prefix[8];
        char web_host[64], web_ssl_cert[CONFIG_TEXT_MAX], web_ssl_key[CONFIG_TEXT_MAX];
        uint32_t web_port;
        char redis_host[64];
        uint32_t redis_port, redis_db;
        config_switch_t redis_tls;
        int64_t feed_timeout_ns;
    } service;
} config_t;

typedef enum {
    CONFIG_FROM_DEFAULT,
    CONFIG_FROM_YAML,
    CONFIG_FROM_DOTENV,
    CONFIG_FROM_ENVIRONMENT,
    CONFIG_FROM_COUNT
} config_source_t;

/* Where a key's value came from. */
typedef struct {
    config_source_t source;
    const char *name; /* the name it was given under: "RISK_PER_TRADE" (static text); NULL for defaults */
    uint32_t line;    /* 1..; 0 when the source has no lines */
} config_origin_t;

typedef enum { CONFIG_ERROR, CONFIG_WARNING, CONFIG_NOTE } config_severity_t;

/* One finding: "patriot.yaml:12: risk.percent: 70 is above 50" + "write a percentage between 0.1 and 50". Secrets never stand in
 * it. */
typedef struct {
    config_severity_t severity;
    char place[CONFIG_TEXT_MAX]; /* "patriot.yaml:12", ".env:3", "environment" */
    char key[64];
    char text[256];
    char fix[256];
} config_problem_t;

typedef struct {
    uint32_t count;   /* findings kept */
    uint32_t dropped; /* over CONFIG_PROBLEMS_MAX */
    uint32_t errors, warnings;
    config_problem_t items[CONFIG_PROBLEMS_MAX];
} config_report_t;

/* Everything a process keeps about its configuration. Allocate one (it is large: static or heap), at start. */
typedef struct config_store config_store_t;

typedef struct {
    const char *folder;             /* where patriot.yaml and .env stand; NULL: the current one */
    const char *yaml_path;          /* NULL: folder/patriot.yaml; a path given here must exist */
    const char *const *environment; /* NULL: the process's environ; tests bring their own, NULL-terminated "NAME=value" */
    config_mode_t mode_forced;      /* 0: as the files say (default demo); `patriot up` without files: CONFIG_DEMO */
} config_options_t;

/* Loads everything. RESULT_OK: *store holds a valid version (report may carry warnings). RESULT_MALFORMED: report lists every error
 * and *store is untouched. RESULT_NOT_FOUND: yaml_path was given and is not there. RESULT_IO, RESULT_PERMISSION. report may not be
 * NULL. */
result_t config_open(const config_options_t *options, config_store_t **store, config_report_t *report);
void config_close(config_store_t *store); /* wipes secrets */

/* The version in force; valid until config_close. Its content changes only inside config_reload. */
const config_t *config_current(const config_store_t *store);

/* One change of a reload. Values of secrets are "********". */
typedef struct {
    const char *key; /* "risk.percent" */
    char before[CONFIG_TEXT_MAX], after[CONFIG_TEXT_MAX];
    bool is_risk;
    bool needs_restart; /* takes effect only when the process starts again (mode, endpoints) */
} config_change_t;

typedef void config_change_fn(void *context, const config_change_t *change);

typedef enum {
    CONFIG_UNCHANGED, /* one stat for each file, nothing read */
    CONFIG_CHANGED,   /* a new version is in force; changes were reported one by one */
    CONFIG_REFUSED, /* the new files are wrong: the last good version stays whole; report says why. Said once for each state of the
                       files */
    CONFIG_STILL_REFUSED, /* the same wrong files as last time: no alarm again */
} config_reload_t;

/* Re-reads if a file changed (size, inode or time), or if `force`. mode never changes in a reload: that is refused. changed may be
 * NULL. */
config_reload_t config_reload(config_store_t *store, bool force, config_report_t *report, config_change_fn *changed, void *context);

/* --- showing ---------------------------------------------------------------------------------- */

size_t config_key_count(void);

typedef struct {
    const char *path;          /* "risk.percent" */
    const char *environment;   /* "RISK_PERCENT" */
    const char *aliases;       /* other accepted names, blank separated; "" */
    const char *type;          /* "percent", "whole number", "yes or no", ... */
    const char *range;         /* "0.1 .. 50", "" */
    const char *value_default; /* of the demo profile; "" none */
    const char *about;
    bool is_risk, is_secret;
} config_key_info_t;

/* index < config_key_count() */
config_key_info_t config_key_info(size_t index);
config_origin_t config_key_origin(const config_store_t *store, size_t index);
/* Text of the value in force ("********" for a secret that is set, "" for one that is not). Returns the length. */
size_t config_key_value(const config_store_t *store, size_t index, char *buffer, size_t capacity);

const char *config_mode_text(config_mode_t mode);             /* "demo" */
const char *config_source_text(config_source_t source);       /* "default", "patriot.yaml", ".env", "environment" */
const char *config_severity_text(config_severity_t severity); /* "error" */

/* The report as lines for people: one finding a line and its fix. Returns the length (cut at capacity). */
size_t config_report_write(const config_report_t *report, char *buffer, size_t capacity);

/* --- tickers.txt ------------------------------------------------------------------------------ */

typedef struct {
    uint32_t line;
    char text[SYMBOL_TEXT_MAX];
    char reason[96];
} tickers_refusal_t;

typedef struct {
    uint32_t count;
    char symbols[CONFIG_SYMBOLS_MAX][SYMBOL_TEXT_MAX]; /* upper case, in file order, no doubles */
    uint32_t refusal_count;
    tickers_refusal_t refusals[CONFIG_SYMBOLS_MAX]; /* bad and double lines; more are counted only */
    bool by_default; /* config_tickers: neither the file nor anybody else has named symbols; these are the default ones */
} tickers_t;

/* One symbol a line, '#' comments, any case, "BTC/USDT" and "BTC/USDT:USDT" too; the old form COIN_SYMBOLS=[...] is parsed, never
 * run. A bad line is refused alone. RESULT_NOT_FOUND, RESULT_IO, RESULT_TEXT_TOO_LONG: *tickers untouched. */
result_t tickers_read(const char *path, tickers_t *tickers);
result_t tickers_parse(const char *text, size_t length, tickers_t *tickers);

/* Whether the folder has a patriot.yaml or an .env at all: else the defaults hold. */
bool config_has_files(const config_store_t *store);

/* Where a file that the configuration names stands: as it is when absolute, else in the folder of patriot.yaml. Cut when too long.
 */
void config_path(const config_store_t *store, const char *name, char *path, size_t capacity);

/* The symbols in force: the tickers file when it exists and has at least one good line, else config's list. */
result_t config_tickers(const config_store_t *store, tickers_t *tickers);
