/* symbol_filters.c: instrument rules to and from symbol_filters.json. */
#include "edge/exchange/symbol_filters.h"

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/json/json_reader.h"
#include "edge/json/json_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BYTES_PER_SYMBOL = 1024 + INSTRUMENT_BRACKETS_MAX * 256, FILE_MAX = 64 << 20, PATH_BYTES_MAX = 1024 };

/* Every decimal rule: the name in the file and where it stands. Required ones stood in the old form already. */
static const struct {
    const char *name;
    size_t offset;
    bool required;
} rules[] = {
    {"tick_size", offsetof(instrument_t, tick_size), true},
    {"min_price", offsetof(instrument_t, price_min), true},
    {"max_price", offsetof(instrument_t, price_max), true},
    {"step_size", offsetof(instrument_t, lot_step), true},
    {"min_qty", offsetof(instrument_t, quantity_min), true},
    {"max_qty", offsetof(instrument_t, quantity_max), true},
    {"min_notional", offsetof(instrument_t, notional_min), false},
    {"market_step_size", offsetof(instrument_t, market_step), false},
    {"market_min_qty", offsetof(instrument_t, market_quantity_min), false},
    {"market_max_qty", offsetof(instrument_t, market_quantity_max), false},
    {"multiplier_up", offsetof(instrument_t, band_up), false},
    {"multiplier_down", offsetof(instrument_t, band_down), false},
    {"contract_size", offsetof(instrument_t, contract_size), false},
    {"trigger_protect", offsetof(instrument_t, trigger_protect), false},
    {"liquidation_fee", offsetof(instrument_t, liquidation_fee), false},
};
enum { RULES = sizeof rules / sizeof rules[0], RULES_REQUIRED_MASK = 63 };

static dec_t rule_get(const instrument_t *instrument, size_t index)
{
    dec_t value;
    memcpy(&value, (const char *)instrument + rules[index].offset, sizeof value);
    return value;
}

static void rule_set(instrument_t *instrument, size_t index, dec_t value)
{
    memcpy((char *)instrument + rules[index].offset, &value, sizeof value);
}

/* --- writing ---------------------------------------------------------------------------------- */

static const char *status_word(instrument_status_t status)
{
    switch (status) {
    case INSTRUMENT_TRADING:
        return "TRADING";
    case INSTRUMENT_PENDING:
        return "PENDING_TRADING";
    case INSTRUMENT_HALTED:
        return "TRADING_HALT";
    case INSTRUMENT_CLOSED:
        return "CLOSE";
    case INSTRUMENT_UNKNOWN:
        return "UNKNOWN";
    }
    return "UNKNOWN";
}

static const char *kind_word(instrument_kind_t kind)
{
    return kind == INSTRUMENT_SPOT ? "SPOT" : kind == INSTRUMENT_PERPETUAL ? "PERPETUAL" : "DELIVERY";
}

static void brackets_write(json_writer_t *writer, const instrument_t *instrument)
{
    json_write_key(writer, "leverage_brackets");
    json_begin_array(writer);
    for (uint32_t i = 0; i < instrument->bracket_count; i++) {
        const leverage_bracket_t *bracket = &instrument->brackets[i];
        json_begin_object(writer);
        json_field_u64(writer, "bracket", i + 1);
        json_field_u64(writer, "initialLeverage", bracket->leverage_max);
        json_field_dec(writer, "notionalCap", bracket->notional_cap);
        json_field_dec(writer, "notionalFloor", bracket->notional_floor);
        json_field_dec(writer, "maintMarginRatio", bracket->maintenance_rate);
        json_field_dec(writer, "cum", bracket->maintenance_cum);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void instrument_write(json_writer_t *writer, const instrument_t *instrument)
{
    json_write_key(writer, instrument->symbol);
    json_begin_object(writer);
    json_field_string(writer, "status", status_word(instrument->status));
    for (size_t i = 0; i < RULES; i++) {
        json_field_dec(writer, rules[i].name, rule_get(instrument, i));
    }
    json_field_u64(writer, "precision_price", dec_places(instrument->tick_size));
    json_field_u64(writer, "precision_qty", dec_places(instrument->lot_step));
    json_field_string(writer, "kind", kind_word(instrument->kind));
    json_field_string(writer, "base", instrument->base);
    json_field_string(writer, "quote", instrument->quote);
    json_field_string(writer, "settle", instrument->settle);
    brackets_write(writer, instrument);
    json_end_object(writer);
}

static result_t result_of_errno(int error)
{
    return error == ENOSPC || error == EDQUOT                    ? RESULT_DISK_FULL
           : error == EACCES || error == EPERM || error == EROFS ? RESULT_PERMISSION
           : error == ENOENT                                     ? RESULT_NOT_FOUND
                                                                 : RESULT_IO;
}

static result_t bytes_write(int descriptor, str_t text)
{
    for (size_t at = 0; at < text.length;) {
        ssize_t count = write(descriptor, text.bytes + at, text.length - at);
        if (count < 0 && errno != EINTR) {
            return result_of_errno(errno);
        }
        at += count > 0 ? (size_t)count : 0;
    }
    return fsync(descriptor) == 0 ? RESULT_OK : result_of_errno(errno);
}

/* The new name is durable only once its folder is. */
static void folder_sync(const char *path)
{
    char folder[PATH_BYTES_MAX];
    const char *slash = strrchr(path, '/');
    size_t length = slash != NULL ? (size_t)(slash - path) : 0;
    (void)str_copy(length > 0 ? (str_t){path, length} : slash != NULL ? STR("/") : STR("."), folder, sizeof folder);
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        (void)fsync(descriptor);
        (void)close(descriptor);
    }
}

static result_t file_replace(const char *path, str_t text)
{
    char temporary[PATH_BYTES_MAX];
    int length = snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof temporary) {
        return RESULT_TEXT_TOO_LONG;
    }
    int descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        return result_of_errno(errno);
    }
    result_t result = bytes_write(descriptor, text);
    (void)close(descriptor);
    if (result == RESULT_OK && rename(temporary, path) != 0) {
        result = result_of_errno(errno);
    }
    if (result != RESULT_OK) {
        (void)unlink(temporary);
        return result;
    }
    folder_sync(path);
    return RESULT_OK;
}

result_t symbol_filters_save(const char *path, const instrument_table_t *table, const char *venue, int64_t now_ns)
{
    size_t capacity = 256 + (size_t)table->count * BYTES_PER_SYMBOL;
    char *buffer = malloc(capacity);
    if (buffer == NULL) {
        return RESULT_IO;
    }
    json_writer_t writer;
    str_t text;
    json_writer_init(&writer, buffer, capacity);
    json_begin_object(&writer);
    json_field_i64(&writer, "timestamp", now_ns / NS_PER_S);
    json_write_key(&writer, "symbols");
    json_begin_object(&writer);
    for (uint32_t i = 0; i < table->count; i++) {
        if (strcmp(table->items[i].venue, venue) == 0) {
            instrument_write(&writer, &table->items[i]);
        }
    }
    json_end_object(&writer);
    json_end_object(&writer);
    result_t result = json_writer_finish(&writer, &text);
    if (result == RESULT_OK) {
        result = file_replace(path, text);
    }
    free(buffer);
    return result;
}

/* --- reading ---------------------------------------------------------------------------------- */

static instrument_status_t status_of(str_t word)
{
    static const instrument_status_t all[] = {INSTRUMENT_TRADING, INSTRUMENT_PENDING, INSTRUMENT_HALTED, INSTRUMENT_CLOSED};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (str_eq(word, str_from(status_word(all[i])))) {
            return all[i];
        }
    }
    return INSTRUMENT_UNKNOWN;
}

static void brackets_read(json_reader_t *reader, instrument_t *instrument)
{
    json_enter_array(reader);
    while (reader->error == RESULT_OK && json_next_item(reader)) {
        leverage_bracket_t bracket = {0};
        uint64_t leverage = 0;
        json_enter_object(reader);
        for (str_t key; json_next_key(reader, &key);) {
            if (str_eq(key, STR("initialLeverage"))) {
                json_read_u64(reader, &leverage);
            } else if (str_eq(key, STR("notionalCap"))) {
                json_read_dec(reader, &bracket.notional_cap);
            } else if (str_eq(key, STR("notionalFloor"))) {
                json_read_dec(reader, &bracket.notional_floor);
            } else if (str_eq(key, STR("maintMarginRatio"))) {
                json_read_dec(reader, &bracket.maintenance_rate);
            } else if (str_eq(key, STR("cum"))) {
                json_read_dec(reader, &bracket.maintenance_cum);
            } else {
                json_skip(reader);
            }
        }
        if (instrument->bracket_count == INSTRUMENT_BRACKETS_MAX || leverage > 1000) {
            json_fail(reader, RESULT_FULL, "more brackets, or more leverage, than a symbol may have");
        } else {
            bracket.leverage_max = (uint32_t)leverage;
            instrument->brackets[instrument->bracket_count++] = bracket;
        }
    }
}

/* Texts and rules of one symbol; what is not known is skipped. */
static void field_read(json_reader_t *reader, str_t key, instrument_t *instrument, uint64_t *seen)
{
    str_t word = {0};
    for (unsigned i = 0; i < RULES; i++) {
        if (str_eq(key, str_from(rules[i].name))) {
            dec_t value = DEC_ZERO;
            json_note_seen(reader, seen, i);
            json_read_dec(reader, &value);
            rule_set(instrument, i, value);
            return;
        }
    }
    if (str_eq(key, STR("status")) && json_read_string(reader, &word) == RESULT_OK) {
        instrument->status = status_of(word);
    } else if (str_eq(key, STR("kind")) && json_read_string(reader, &word) == RESULT_OK) {
        instrument->kind = str_eq(word, STR("SPOT"))       ? INSTRUMENT_SPOT
                           : str_eq(word, STR("DELIVERY")) ? INSTRUMENT_DELIVERY
                                                           : INSTRUMENT_PERPETUAL;
    } else if (str_eq(key, STR("base"))) {
        json_read_text(reader, instrument->base, sizeof instrument->base, NULL);
    } else if (str_eq(key, STR("quote"))) {
        json_read_text(reader, instrument->quote, sizeof instrument->quote, NULL);
    } else if (str_eq(key, STR("settle"))) {
        json_read_text(reader, instrument->settle, sizeof instrument->settle, NULL);
    } else if (str_eq(key, STR("leverage_brackets"))) {
        brackets_read(reader, instrument);
    } else if (word.bytes == NULL) {
        json_skip(reader);
    }
}

/* Files of the old form do not tell the currencies: the known quote currencies at the end of a symbol do. */
static void currencies_complete(instrument_t *instrument)
{
    static const char *const quotes[] = {"USDT", "USDC", "BUSD", "BTC", "ETH", "BNB"};
    size_t length = strlen(instrument->symbol);
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0] && instrument->base[0] == '\0'; i++) {
        size_t quote = strlen(quotes[i]);
        if (length > quote && length - quote < sizeof instrument->base &&
            strcmp(instrument->symbol + length - quote, quotes[i]) == 0) {
            memcpy(instrument->base, instrument->symbol, length - quote);
            memcpy(instrument->quote, quotes[i], quote);
        }
    }
    if (instrument->settle[0] == '\0') {
        memcpy(instrument->settle, instrument->quote, sizeof instrument->settle);
    }
}

/* One symbol by itself: false when it is incomplete or broken. */
static bool symbol_read(str_t raw, instrument_t *instrument)
{
    json_reader_t reader;
    uint64_t seen = 0;
    instrument->status = INSTRUMENT_UNKNOWN;
    instrument->kind = INSTRUMENT_PERPETUAL;
    instrument->contract_size = DEC_ONE;
    json_reader_init(&reader, raw.bytes, raw.length);
    json_enter_object(&reader);
    for (str_t key; reader.error == RESULT_OK && json_next_key(&reader, &key);) {
        field_read(&reader, key, instrument, &seen);
    }
    if (json_finish(&reader) != RESULT_OK || (seen & RULES_REQUIRED_MASK) != RULES_REQUIRED_MASK) {
        return false;
    }
    if (dec_is_zero(instrument->market_step)) { /* the old form has one set of limits for both */
        instrument->market_step = instrument->lot_step;
        instrument->market_quantity_min = instrument->quantity_min;
        instrument->market_quantity_max = instrument->quantity_max;
    }
    currencies_complete(instrument);
    return instrument->base[0] != '\0' && instrument->quote[0] != '\0';
}

/* The symbols; with table == NULL only the form is looked at. */
static void symbols_read(json_reader_t *reader, const char *venue, instrument_table_t *table, symbol_filters_report_t *report)
{
    json_enter_object(reader);
    for (str_t key, raw; reader->error == RESULT_OK && json_next_key(reader, &key);) {
        instrument_t instrument;
        instrument_id_t id;
        memset(&instrument, 0, sizeof instrument);
        if (json_read_raw(reader, &raw) != RESULT_OK || table == NULL) {
            continue;
        }
        bool named = json_unescape(key, instrument.symbol, sizeof instrument.symbol, NULL) == RESULT_OK &&
                     str_copy(str_from(venue), instrument.venue, sizeof instrument.venue) == RESULT_OK;
        if (named && symbol_read(raw, &instrument) && instrument_table_put(table, &instrument, &id) == RESULT_OK) {
            report->taken++;
        } else if (report->refused++ == 0) {
            memcpy(report->first_refused, instrument.symbol, sizeof report->first_refused);
        }
    }
}

static result_t file_pass(str_t json, const char *venue, instrument_table_t *table, symbol_filters_report_t *report)
{
    json_reader_t reader;
    uint64_t seen = 0;
    json_reader_init(&reader, json.bytes, json.length);
    json_enter_object(&reader);
    for (str_t key; reader.error == RESULT_OK && json_next_key(&reader, &key);) {
        if (str_eq(key, STR("timestamp"))) {
            dec_t seconds = DEC_ZERO; /* older files have a fraction */
            json_note_seen(&reader, &seen, 0);
            if (json_read_dec(&reader, &seconds) == RESULT_OK && dec_sign(seconds) >= 0 &&
                dec_lt(seconds, dec_from_int(INT64_MAX / NS_PER_S))) {
                report->saved_ns = (int64_t)(seconds.units / (DEC_UNITS_PER_ONE / NS_PER_S));
            }
        } else if (str_eq(key, STR("symbols"))) {
            json_note_seen(&reader, &seen, 1);
            symbols_read(&reader, venue, table, report);
        } else {
            json_skip(&reader);
        }
    }
    if (reader.error == RESULT_OK && seen != 3) {
        json_fail(&reader, RESULT_FIELD_MISSING, "timestamp and symbols are needed");
    }
    return json_finish(&reader);
}

result_t symbol_filters_parse(str_t json, const char *venue, instrument_table_t *table, symbol_filters_report_t *report)
{
    symbol_filters_report_t made = {0};
    result_t result = file_pass(json, venue, NULL, &made); /* the whole form first: a broken file changes nothing */
    if (result != RESULT_OK) {
        return result;
    }
    memset(&made, 0, sizeof made);
    result = file_pass(json, venue, table, &made);
    ASSERT(result == RESULT_OK);
    *report = made;
    return RESULT_OK;
}

result_t symbol_filters_load(const char *path, const char *venue, instrument_table_t *table, symbol_filters_report_t *report)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (descriptor < 0) {
        return result_of_errno(errno);
    }
    result_t result = fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode) ? RESULT_OK : RESULT_IO;
    if (result == RESULT_OK && about.st_size > FILE_MAX) {
        result = RESULT_TEXT_TOO_LONG;
    }
    size_t size = result == RESULT_OK ? (size_t)about.st_size : 0, have = 0;
    char *bytes = malloc(size + 1);
    result = bytes == NULL ? RESULT_IO : result;
    while (result == RESULT_OK && have < size) {
        ssize_t count = read(descriptor, bytes + have, size - have);
        if (count == 0) {
            break;
        }
        if (count < 0) {
            result = errno == EINTR ? RESULT_OK : RESULT_IO;
            continue;
        }
        have += (size_t)count;
    }
    (void)close(descriptor);
    if (result == RESULT_OK) {
        result = symbol_filters_parse((str_t){bytes, have}, venue, table, report);
    }
    free(bytes);
    return result;
}
