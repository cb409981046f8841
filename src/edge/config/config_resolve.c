/* config_resolve.c: chooses each key's value, follows references, and checks the whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/base/str.h"
#include "core/base/time.h"
#include "edge/config/config_load.h"

extern char **environ;

/* --- references ------------------------------------------------------------------------------- */

static const char *environment_find(const config_load_t *load, str_t name)
{
    const char *const *entries = load->options->environment != NULL ? load->options->environment : (const char *const *)environ;
    for (; entries != NULL && *entries != NULL; entries++) {
        if (strncmp(*entries, name.bytes, name.length) == 0 && (*entries)[name.length] == '=') {
            return *entries + name.length + 1;
        }
    }
    return NULL;
}

static result_t reference_file(const config_key_t *key, str_t path, char *out, size_t capacity, char why[256], char fix[256])
{
    char name[512];
    char *text = NULL;
    size_t length = 0;
    config_stamp_t stamp;
    if (str_copy(path, name, sizeof name) != RESULT_OK) {
        (void)snprintf(why, 256, "the path of the file is too long");
        (void)snprintf(fix, 256, "choose a shorter path");
        return RESULT_TEXT_TOO_LONG;
    }
    result_t result = config_file_read(name, &text, &length, &stamp);
    if (result != RESULT_OK) {
        (void)snprintf(why, 256, "the file %.120s cannot be read: %s", name, result_text(result));
        (void)snprintf(fix, 256, "check the path and the rights of the file");
        return result;
    }
    if (key->type == CONFIG_TYPE_SECRET && (stamp.mode & 077) != 0) {
        (void)snprintf(why, 256, "the file %.120s holds a secret and others may read it", name);
        (void)snprintf(fix, 256, "chmod 600 %.200s", name);
        result = RESULT_PERMISSION;
    }
    str_t rest = {text, length};
    str_t line = str_trim(str_cut(&rest, '\n'));
    if (result == RESULT_OK && str_copy(line, out, capacity) != RESULT_OK) {
        (void)snprintf(why, 256, "the first line of %.120s is too long", name);
        (void)snprintf(fix, 256, "write the value alone on the first line");
        result = RESULT_TEXT_TOO_LONG;
    }
    memset(text, 0, length);
    free(text);
    return result;
}

/* A value that is one ${...} whole. Others are taken as they are. */
static result_t follow(const config_load_t *load, const config_key_t *key, const char *text, char *out, size_t capacity,
                       char why[256], char fix[256])
{
    str_t value = str_trim(str_from(text));
    if (!str_starts_with(value, STR("${")) || !str_ends_with(value, STR("}"))) {
        (void)snprintf(out, capacity, "%s", text);
        return RESULT_OK;
    }
    str_t inside = {value.bytes + 2, value.length - 3};
    if (str_starts_with(inside, STR("file:"))) {
        return reference_file(key, (str_t){inside.bytes + 5, inside.length - 5}, out, capacity, why, fix);
    }
    if (memchr(inside.bytes, ':', inside.length) != NULL) {
        (void)snprintf(why, 256, "this kind of reference is not served by this version");
        (void)snprintf(fix, 256, "use ${file:/path} or ${NAME} of the environment");
        return RESULT_UNSUPPORTED;
    }
    const char *found = environment_find(load, inside);
    if (found == NULL || strlen(found) >= capacity) {
        (void)snprintf(why, 256, "%.*s is not set in the environment", (int)(inside.length < 100 ? inside.length : 100),
                       inside.bytes);
        (void)snprintf(fix, 256, "set it, or write the value here");
        return RESULT_NOT_FOUND;
    }
    (void)snprintf(out, capacity, "%s", found);
    return RESULT_OK;
}

/* --- choosing --------------------------------------------------------------------------------- */

static config_source_t strongest(const config_load_t *load, size_t index)
{
    static const config_source_t usual[] = {CONFIG_FROM_ENVIRONMENT, CONFIG_FROM_DOTENV, CONFIG_FROM_YAML};
    static const config_source_t changed[] = {CONFIG_FROM_DOTENV, CONFIG_FROM_ENVIRONMENT, CONFIG_FROM_YAML};
    const config_source_t *order = load->dotenv_wins[index] ? changed : usual;
    for (unsigned i = 0; i < 3; i++) {
        const config_given_t *given = &load->given[order[i]][index];
        /* NAME= with nothing behind it says "not set" for everything but texts that may be empty anyway */
        if (given->name != NULL && (given->text[0] != '\0' || config_keys[index].type == CONFIG_TYPE_TEXT)) {
            return order[i];
        }
    }
    return CONFIG_FROM_DEFAULT;
}

static void resolve_key(config_load_t *load, size_t index)
{
    const config_key_t *key = &config_keys[index];
    config_source_t source = strongest(load, index);
    const config_given_t *given = &load->given[source][index];
    const char *text = source == CONFIG_FROM_DEFAULT ? key->value_default : given->text;
    char value[CONFIG_VALUE_MAX];
    char why[256] = "";
    char fix[256] = "";
    load->origin[index] = (config_origin_t){.source = source,
                                            .name = source == CONFIG_FROM_DEFAULT ? NULL : given->name,
                                            .line = source == CONFIG_FROM_DEFAULT ? 0 : given->line};
    result_t result = follow(load, key, text, value, sizeof value, why, fix);
    if (result == RESULT_OK) {
        result = config_value_read(key, value, &load->config, why, fix, sizeof why);
    }
    if (result != RESULT_OK) {
        char place[CONFIG_TEXT_MAX];
        char words[256];
        config_place(load, source, given->line, place);
        (void)snprintf(words, sizeof words, "%.80s: %.160s", source == CONFIG_FROM_DEFAULT ? key->path : given->name, why);
        config_report_add(load->report, CONFIG_ERROR, place, key->path, words, fix);
    }
    memset(value, 0, sizeof value); /* it may have been a secret */
}

/* --- the whole -------------------------------------------------------------------------------- */

static void error_at(config_load_t *load, const char *path, const char *why, const char *fix)
{
    char place[CONFIG_TEXT_MAX];
    config_change_of_form_t form;
    size_t index = config_key_by_path(path, &form);
    if (index < config_keys_count) {
        config_place(load, load->origin[index].source, load->origin[index].line, place);
    } else {
        (void)snprintf(place, sizeof place, "configuration");
    }
    config_report_add(load->report, CONFIG_ERROR, place, path, why, fix);
}

/* live and production: every risk value is written out by a person (OPS-12, I16). */
static void check_written_out(config_load_t *load)
{
    const config_t *config = &load->config;
    bool live = config->mode == CONFIG_LIVE;
    if (!live && config->environment != CONFIG_PRODUCTION) {
        return;
    }
    for (size_t i = 0; i < config_keys_count; i++) {
        bool wanted = (config_keys[i].flags & CONFIG_KEY_RISK) != 0 || (live && (config_keys[i].flags & CONFIG_KEY_LIVE) != 0);
        if (wanted && load->origin[i].source == CONFIG_FROM_DEFAULT) {
            char why[256];
            char fix[256];
            (void)snprintf(why, sizeof why, "%s is not written out; %s has no defaults for risk", config_keys[i].path,
                           live ? "live trading" : "production");
            (void)snprintf(fix, sizeof fix, "write %s in patriot.yaml or %s in .env (the demo uses %s)", config_keys[i].path,
                           config_keys[i].environment, config_keys[i].value_default);
            error_at(load, config_keys[i].path, why, fix);
        }
    }
}

static void check_live(config_load_t *load)
{
    const config_t *config = &load->config;
    if (config->mode != CONFIG_LIVE) {
        return;
    }
    if (config->exchange.network != CONFIG_MAINNET) {
        error_at(load, "exchange.testnet", "mode live with the test network",
                 "write BINANCE_TESTNET=false for real money, or mode: paper");
    }
    if (config->exchange.mainnet_key.hidden[0] == '\0') {
        error_at(load, "exchange.mainnet_key", "there is no API key for live trading", "write BINANCE_MAINNET_API_KEY in .env");
    }
    if (config->exchange.mainnet_secret.hidden[0] == '\0') {
        error_at(load, "exchange.mainnet_secret", "there is no API secret for live trading",
                 "write BINANCE_MAINNET_API_SECRET in .env");
    }
    if ((load->env_stamp.mode & 077) != 0 && load->env_stamp.exists) {
        error_at(load, "exchange.mainnet_secret", ".env may be read by others; live trading refuses that", "chmod 600 .env");
    }
}

/* Paper has no real money: its orders go to the exchange's test network, or to the simulated exchange. */
static void check_paper(config_load_t *load)
{
    const config_t *config = &load->config;
    const char *host = strstr(config->exchange.rest_url, "://");
    if (config->mode != CONFIG_PAPER) {
        return;
    }
    if (config->exchange.network == CONFIG_MAINNET) {
        error_at(load, "exchange.testnet", "mode paper would send its orders to the real exchange",
                 "write BINANCE_TESTNET=true: paper trades on the exchange's test network; or mode: live for real money");
    }
    if (host != NULL && strncmp(host, "://fapi", 7) == 0 && strstr(host, ".binance.com") != NULL) {
        error_at(load, "exchange.rest_url", "mode paper would send its orders to the real exchange",
                 "remove the address: paper trades on the exchange's test network; or mode: live for real money");
    }
}

static bool is_loopback(const char *url)
{
    const char *host = strstr(url, "://");
    host = host == NULL ? url : host + 3;
    return url[0] == '\0' || strncmp(host, "127.", 4) == 0 || strncmp(host, "localhost", 9) == 0 || strncmp(host, "[::1]", 5) == 0;
}

static void check_demo(config_load_t *load)
{
    if (load->config.mode != CONFIG_DEMO) {
        return;
    }
    if (!is_loopback(load->config.exchange.rest_url)) {
        error_at(load, "exchange.rest_url", "the demo trades at the simulated exchange of this machine only",
                 "remove the address, or choose mode: paper");
    }
    if (!is_loopback(load->config.exchange.stream_url)) {
        error_at(load, "exchange.stream_url", "the demo trades at the simulated exchange of this machine only",
                 "remove the address, or choose mode: paper");
    }
}

/* risk_config_check names the member; people know the key. */
static void check_risk(config_load_t *load)
{
    static const struct {
        const char *member, *path;
    } names[] = {
        {"stop_pct_min", "risk.min_stop_percent"},
        {"stop_pct_max", "risk.max_stop_percent"},
        {"target_pct_min", "risk.min_target_percent"},
        {"target_pct_max", "risk.max_target_percent"},
        {"ladder", "risk.ladder"},
        {"tiers", "risk.tiers"},
        {"kelly_first_pct", "risk.kelly_first_percent"},
        {"ladder_rows", "risk.ladder"},
        {"unknown_protect_ns", "risk.unknown_protect"},
        {"inquiry_max_ns", "risk.inquiry_max"},
        {"forget_ns", "risk.forget"},
        {"exit_uncovered_ns", "risk.exit_uncovered"},
    };
    const char *member = NULL;
    const char *path = "risk";
    char why[256];
    if (risk_config_check(&load->config.risk, &member) == RESULT_OK) {
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        path = strcmp(names[i].member, member) == 0 ? names[i].path : path;
    }
    (void)snprintf(why, sizeof why, "the risk values contradict each other at %s", strcmp(path, "risk") == 0 ? member : path);
    error_at(load, path, why,
             "minimum below maximum, kelly_first_percent at most percent, unknown_protect within exit_uncovered, inquiry_first <= "
             "inquiry_max <= forget, ladder ways "
             "and stops ascending");
}

/* What holds however the levels are made: a file that contradicts itself is not taken for half of it. */
static void check_levels(config_load_t *load)
{
    const risk_config_t *risk = &load->config.risk;
    if (dec_gt(risk->stop_pct_min, risk->stop_pct_max)) {
        error_at(load, "risk.min_stop_percent", "the smallest stop distance is above the largest (risk.max_stop_percent)",
                 "lower min_stop_percent or raise max_stop_percent");
    }
    if (dec_gt(risk->target_pct_min, risk->target_pct_max)) {
        error_at(load, "risk.min_target_percent", "the smallest target distance is above the largest (risk.max_target_percent)",
                 "lower min_target_percent or raise max_target_percent");
    }
    if (dec_gt(risk->stop_pct, risk->stop_pct_max)) {
        error_at(load, "risk.stop_percent", "the stop distance is above the largest one (risk.max_stop_percent)",
                 "lower stop_percent or raise max_stop_percent");
    }
}

static void check_venue(config_load_t *load)
{
    if (strcasecmp(load->config.exchange.venue, "BINANCE") != 0) {
        error_at(load, "exchange.venue", "this exchange is not known here", "write BINANCE");
    }
    if (strcasecmp(load->config.exchange.market, "usdm") != 0) {
        error_at(load, "exchange.market", "this market is not known here", "write usdm");
    }
}

/* The name that everybody has may be missing: market.symbols holds then. A name that somebody has chosen is meant. */
static void check_tickers_file(config_load_t *load)
{
    const char *name = load->config.market.tickers_file;
    char path[2100];
    config_path_of(load, name, path, sizeof path);
    if (name[0] == '\0' || strcmp(name, "tickers.txt") == 0 || access(path, R_OK) == 0) {
        return;
    }
    error_at(load, "market.tickers_file", "market.tickers_file is not there or cannot be read",
             "correct the name, or remove the line");
}

static void check_zone(config_load_t *load)
{
    if (!zone_is_known(load->config.operation.display_zone)) {
        error_at(load, "operation.display_zone", "no time zone of this name is installed here",
                 "write UTC, or a name such as Europe/Kyiv (`timedatectl list-timezones`; package tzdata)");
    }
}

/* What belongs to rooms that this version has not: silence would be taken for a promise. */
static void tell_later(config_load_t *load)
{
    char place[CONFIG_TEXT_MAX], value[CONFIG_VALUE_MAX], why[256];
    for (size_t i = 0; i < config_keys_count; i++) {
        const config_key_t *key = &config_keys[i];
        const config_origin_t *origin = &load->origin[i];
        if ((key->flags & CONFIG_KEY_LATER) == 0 || origin->source == CONFIG_FROM_DEFAULT) {
            continue;
        }
        (void)config_value_write(key, &load->config, value, sizeof value);
        if (value[0] != '\0' && strcmp(value, key->value_default) != 0) {
            config_place(load, origin->source, origin->line, place);
            (void)snprintf(why, sizeof why, "%s: has no effect in this version: no web, no chat, no Redis, no PostgreSQL, no feed",
                           key->path);
            config_report_add(load->report, CONFIG_NOTE, place, key->path, why,
                              "remove the line, or leave it for a version that has them");
        }
    }
}

static void check_relations(config_load_t *load)
{
    const config_t *config = &load->config;
    check_levels(load);
    check_zone(load);
    check_venue(load);
    check_tickers_file(load);
    if (config->signal.adaptation.low_rate > config->signal.adaptation.high_rate) {
        error_at(load, "signal.adapt_low_rate", "a win rate would be below it and above signal.adapt_high_rate at once",
                 "lower adapt_low_rate or raise adapt_high_rate");
    }
    if (config->signal.convergence.matches_min > config->market.timeframe_count) {
        error_at(load, "signal.matching_timeframes", "more timeframes must agree than are analysed", "lower it, or add timeframes");
    }
    if (config->risk.entry_ttl_ns != 0 && config->risk.entry_ttl_ns < 120 * NS_PER_S) {
        error_at(load, "risk.entry_ttl", "an entry must live for at least 120s",
                 "write 0 for the next close of the source timeframe, or 120s and more");
    }
    if (config->risk.concurrent_total_max < config->risk.concurrent_symbol_max) {
        error_at(load, "risk.max_total_orders", "the limit over all symbols is below the limit of one",
                 "raise max_total_orders or lower max_concurrent_orders");
    }
    if (dec_lt(config->risk.notional_total_max, config->risk.notional_symbol_max)) {
        error_at(load, "risk.max_total_notional", "the cap over all symbols is below the cap of one",
                 "raise max_total_notional or lower max_symbol_notional");
    }
    if (config->operation.restore_protection == CONFIG_NO) {
        config_report_add(load->report, CONFIG_WARNING, "configuration", "operation.restore_protection",
                          "stops that are gone are put back all the same: no position stands without one", "remove the line");
    }
    if (dec_ge(config->risk.price_collar_pct, dec_from_int(20))) {
        char place[CONFIG_TEXT_MAX];
        (void)snprintf(place, sizeof place, "configuration");
        config_report_add(load->report, CONFIG_WARNING, place, "risk.price_collar_percent", "so wide a collar catches few mistakes",
                          "5 is usual");
    }
}

void config_digest(const config_t *config, uint8_t digest[32])
{
    sha256_t sha;
    char text[CONFIG_VALUE_MAX];
    sha256_init(&sha);
    for (size_t i = 0; i < config_keys_count; i++) {
        if (config_keys[i].type == CONFIG_TYPE_SECRET) {
            continue;
        }
        size_t length = config_value_write(&config_keys[i], config, text, sizeof text);
        sha256_update(&sha, config_keys[i].path, strlen(config_keys[i].path) + 1);
        sha256_update(&sha, text, length + 1);
    }
    sha256_final(&sha, digest);
}

void config_load_resolve(config_load_t *load)
{
    memset(&load->config, 0, sizeof load->config);
    for (size_t i = 0; i < config_keys_count; i++) {
        resolve_key(load, i);
    }
    if (load->options->mode_forced != 0) {
        load->config.mode = load->options->mode_forced;
    }
    check_written_out(load);
    check_live(load);
    if (load->report->errors > 0) {
        return; /* relations between values that are not there would only confuse */
    }
    check_demo(load);
    check_paper(load);
    check_risk(load);
    check_relations(load);
    tell_later(load);
    config_digest(&load->config, load->config.digest);
}
