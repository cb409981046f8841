/* config_list.c: lists in the configuration -> typed values. */
#include "edge/config/config_value_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/strategy/strategy.h"
#include "edge/plugin/plugin_file.h"

bool config_item_next(str_t *rest, str_t *item)
{
    static const char separators[] = ", \t[]'\"";
    size_t begin = 0;
    while (begin < rest->length && strchr(separators, rest->bytes[begin]) != NULL) {
        begin++;
    }
    size_t end = begin;
    while (end < rest->length && strchr(separators, rest->bytes[end]) == NULL) {
        end++;
    }
    *item = (str_t){rest->bytes + begin, end - begin};
    *rest = (str_t){rest->bytes + end, rest->length - end};
    return item->length > 0;
}

result_t config_symbols_read(str_t text, const config_words_t *words, config_t *config)
{
    static const size_t room = sizeof config->market.symbols;
    tickers_t *tickers = calloc(1, sizeof *tickers); /* large, and only at a load */
    char lines[CONFIG_SYMBOLS_MAX * SYMBOL_TEXT_MAX];
    size_t length = 0;
    str_t item;
    if (tickers == NULL) {
        return config_wrong(words, RESULT_FULL, "no memory", "start again");
    }
    while (config_item_next(&text, &item) && length + item.length + 1 < sizeof lines) {
        memcpy(lines + length, item.bytes, item.length);
        length += item.length;
        lines[length++] = '\n';
    }
    result_t result = tickers_parse(lines, length, tickers);
    if (result == RESULT_OK && (tickers->count == 0 || tickers->refusal_count > 0)) {
        char why[160];
        (void)snprintf(why, sizeof why, "%s: %s", tickers->refusal_count > 0 ? tickers->refusals[0].text : "no symbol",
                       tickers->refusal_count > 0 ? tickers->refusals[0].reason : "the list is empty");
        result = config_wrong(words, RESULT_MALFORMED, why, "write symbols as the exchange does, such as BTCUSDT, ETHUSDT");
    }
    if (result == RESULT_OK) {
        config->market.symbol_count = tickers->count;
        memcpy(config->market.symbols, tickers->symbols, room);
    }
    free(tickers);
    return result;
}

result_t config_timeframes_read(str_t text, const config_words_t *words, config_t *config)
{
    timeframe_t list[CONVERGENCE_TIMEFRAMES_MAX];
    uint32_t count = 0;
    str_t item;
    while (config_item_next(&text, &item)) {
        timeframe_t timeframe;
        char why[128];
        if (timeframe_parse(item, &timeframe) != RESULT_OK) {
            (void)snprintf(why, sizeof why, "\"%.*s\" is no timeframe", (int)(item.length < 20 ? item.length : 20), item.bytes);
            return config_wrong(words, RESULT_UNKNOWN_VALUE, why, "write some of 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M");
        }
        uint32_t at = 0;
        while (at < count && list[at] < timeframe) {
            at++;
        }
        if (at < count && list[at] == timeframe) {
            (void)snprintf(why, sizeof why, "\"%.*s\" stands here twice", (int)(item.length < 20 ? item.length : 20), item.bytes);
            return config_wrong(words, RESULT_MALFORMED, why, "write each timeframe once");
        }
        if (count == CONVERGENCE_TIMEFRAMES_MAX) {
            return config_wrong(words, RESULT_FULL, "more than four timeframes", "choose the four that matter most");
        }
        for (uint32_t i = count; i > at; i--) {
            list[i] = list[i - 1];
        }
        list[at] = timeframe;
        count++;
    }
    if (count == 0) {
        return config_wrong(words, RESULT_TEXT_EMPTY, "no timeframe", "write for example 1h, 4h, 1d");
    }
    memcpy(config->market.timeframes, list, count * sizeof list[0]);
    config->market.timeframe_count = count;
    return RESULT_OK;
}

_Static_assert((int)CONFIG_STRATEGY_NAME_MAX == (int)PLUGIN_FILE_NAME_MAX, "a plug-in is named by its file");

/* The registry's own name of a strategy, or the file's of a plug-in, which is looked at when it is loaded. */
static result_t strategy_name(str_t item, const config_words_t *words, char name[CONFIG_STRATEGY_NAME_MAX])
{
    const strategy_kind_t *nearest = NULL;
    const strategy_kind_t *kind = strategy_find(item, &nearest);
    char why[128];
    char fix[160];
    if (kind != NULL) {
        return str_copy(str_from(kind->name), name, CONFIG_STRATEGY_NAME_MAX);
    }
    if (str_copy(item, name, CONFIG_STRATEGY_NAME_MAX) == RESULT_OK && plugin_file_name_is_good(name)) {
        return RESULT_OK;
    }
    (void)snprintf(why, sizeof why, "there is no strategy \"%.*s\"", (int)(item.length < 40 ? item.length : 40), item.bytes);
    (void)snprintf(fix, sizeof fix, "did you mean %s? A plug-in is named by its file: at most 19 letters, digits, _ + -, and .so",
                   nearest != NULL ? nearest->name : strategy_at(0)->name);
    return config_wrong(words, RESULT_UNKNOWN_VALUE, why, fix);
}

result_t config_strategies_read(str_t text, const config_words_t *words, config_t *config)
{
    char list[CONFIG_STRATEGIES_MAX][CONFIG_STRATEGY_NAME_MAX] = {{0}};
    uint32_t count = 0;
    str_t item;
    while (config_item_next(&text, &item)) {
        char name[CONFIG_STRATEGY_NAME_MAX];
        const result_t result = strategy_name(item, words, name);
        if (result != RESULT_OK) {
            return result;
        }
        bool twice = false;
        for (uint32_t i = 0; i < count; i++) {
            twice = twice || strcmp(list[i], name) == 0;
        }
        if (twice) {
            char why[128];
            (void)snprintf(why, sizeof why, "\"%s\" stands here twice", name);
            return config_wrong(words, RESULT_MALFORMED, why, "write each strategy once");
        }
        if (count == CONFIG_STRATEGIES_MAX) {
            return config_wrong(words, RESULT_FULL, "too many strategies", "choose at most 16");
        }
        memcpy(list[count++], name, sizeof name);
    }
    if (count == 0) {
        return config_wrong(words, RESULT_TEXT_EMPTY, "no strategy", "write at least one, such as SC01");
    }
    memcpy(config->signal.strategies, list, sizeof list);
    config->signal.strategy_count = count;
    return RESULT_OK;
}
