/* tickers.c: tickers.txt, one symbol a line, and the old Python form, which is parsed and never run. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/str.h"
#include "edge/config/config_file.h"

static void refuse(tickers_t *tickers, uint32_t line, str_t text, const char *reason)
{
    if (tickers->refusal_count >= CONFIG_SYMBOLS_MAX) {
        return;
    }
    tickers_refusal_t *refusal = &tickers->refusals[tickers->refusal_count++];
    size_t length = text.length < SYMBOL_TEXT_MAX - 1 ? text.length : SYMBOL_TEXT_MAX - 1;
    refusal->line = line;
    for (size_t i = 0; i < length; i++) { /* shown to people: nothing that moves a cursor */
        refusal->text[i] = (unsigned char)text.bytes[i] < 0x20 || (unsigned char)text.bytes[i] > 0x7e ? '?' : text.bytes[i];
    }
    refusal->text[length] = '\0';
    (void)snprintf(refusal->reason, sizeof refusal->reason, "%s", reason);
}

/* "btc/usdt:usdt" -> "BTCUSDT". NULL, or why not. */
static const char *symbol_form(str_t text, char symbol[SYMBOL_TEXT_MAX])
{
    size_t length = 0;
    bool slash = false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        if (c == '/' && !slash && length > 0) {
            slash = true;
            continue;
        }
        if (c == ':' && slash) { /* the settlement currency of "BTC/USDT:USDT" adds nothing here */
            break;
        }
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) {
            return "has a character that no symbol has";
        }
        if (length + 1 >= SYMBOL_TEXT_MAX) {
            return "is too long for a symbol";
        }
        symbol[length++] = c;
    }
    symbol[length] = '\0';
    return length < 3 ? "is too short for a symbol" : NULL;
}

static void add(tickers_t *tickers, uint32_t line, str_t text)
{
    char symbol[SYMBOL_TEXT_MAX];
    const char *why = symbol_form(text, symbol);
    for (uint32_t i = 0; why == NULL && i < tickers->count; i++) {
        why = strcmp(tickers->symbols[i], symbol) == 0 ? "stands here twice" : NULL;
    }
    if (why == NULL && tickers->count == CONFIG_SYMBOLS_MAX) {
        why = "is over the limit of 64 symbols";
    }
    if (why != NULL) {
        refuse(tickers, line, text, why);
        return;
    }
    memcpy(tickers->symbols[tickers->count++], symbol, sizeof symbol);
}

/* COIN_SYMBOLS = ["BTCUSDT", 'ETHUSDT'] over one or many lines: the quoted words between the brackets. */
static void parse_python(str_t text, tickers_t *tickers)
{
    uint32_t line = 1;
    bool inside = false;
    bool comment = false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        line += c == '\n';
        comment = c == '\n' ? false : comment || c == '#';
        if (comment) {
            continue;
        }
        if (c == '[') {
            inside = true;
        } else if (c == ']') {
            return;
        } else if (inside && (c == '"' || c == '\'')) {
            size_t begin = ++i;
            while (i < text.length && text.bytes[i] != c && text.bytes[i] != '\n') {
                i++;
            }
            if (i == text.length || text.bytes[i] == '\n') {
                refuse(tickers, line, (str_t){text.bytes + begin, i - begin}, "its quote is not closed");
                line += i < text.length;
                continue;
            }
            add(tickers, line, (str_t){text.bytes + begin, i - begin});
        }
    }
}

static bool is_python(str_t text)
{
    while (text.length > 0) {
        str_t line = str_trim(str_cut(&text, '\n'));
        if (line.length > 0 && line.bytes[0] != '#') {
            return str_starts_with(line, STR("COIN_SYMBOLS"));
        }
    }
    return false;
}

result_t tickers_parse(const char *bytes, size_t length, tickers_t *tickers)
{
    str_t text = {bytes, length};
    if (length > CONFIG_FILE_BYTES_MAX) {
        return RESULT_TEXT_TOO_LONG;
    }
    memset(tickers, 0, sizeof *tickers);
    if (str_starts_with(text, STR("\xef\xbb\xbf"))) {
        text = (str_t){text.bytes + 3, text.length - 3};
    }
    if (is_python(text)) {
        parse_python(text, tickers);
        return RESULT_OK;
    }
    for (uint32_t number = 1; text.length > 0; number++) {
        str_t line = str_cut(&text, '\n');
        str_t symbol = str_trim(str_cut(&line, '#'));
        if (symbol.length > 0) {
            add(tickers, number, symbol);
        }
    }
    return RESULT_OK;
}

result_t tickers_read(const char *path, tickers_t *tickers)
{
    char *text = NULL;
    size_t length = 0;
    result_t result = config_file_read(path, &text, &length, NULL);
    if (result == RESULT_OK) {
        result = tickers_parse(text, length, tickers);
    }
    free(text);
    return result;
}
