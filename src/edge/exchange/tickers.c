/* tickers.c: reading tickers.txt, in its line form and in the old Python form, which is parsed and never run. */
#include "edge/exchange/tickers.h"

#include "core/base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    tickers_t         *out;
    tickers_notice_fn *notice;
    void              *context;
    uint32_t           line;
    bool               full_noticed;
} parse_t;

enum { NOTICE_TEXT_MAX = 64 };

static void notice_give(const parse_t *parse, tickers_notice_t notice, str_t text)
{
    if (parse->notice != NULL) {
        text.length = text.length < NOTICE_TEXT_MAX ? text.length : NOTICE_TEXT_MAX;
        parse->notice(parse->context, notice, parse->line, text);
    }
}

static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

/* What any spelling of a symbol may hold: BTCUSDT, BTC/USDT:USDT, BINANCE_BTC_USDT, BTCUSDT_261225; also the few symbols that are not ASCII. */
static bool symbol_is_plausible(str_t text)
{
    size_t letters = 0;
    if (text.length == 0 || text.length >= UNIFIED_TEXT_MAX) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.bytes[i];
        bool          letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
        if (!letter && c != '/' && c != ':' && c != '_' && c != '-') {
            return false;
        }
        letters += letter;
    }
    return letters >= 2;
}

static void symbol_take(parse_t *parse, str_t text)
{
    tickers_t *out = parse->out;
    if (!symbol_is_plausible(text)) {
        notice_give(parse, TICKERS_BAD_LINE, text);
        return;
    }
    char symbol[UNIFIED_TEXT_MAX];
    for (size_t i = 0; i < text.length; i++) {
        symbol[i] = upper(text.bytes[i]);
    }
    symbol[text.length] = '\0';
    for (uint32_t i = 0; i < out->count; i++) {
        if (strcmp(out->symbols[i], symbol) == 0) {
            notice_give(parse, TICKERS_DUPLICATE, text);
            return;
        }
    }
    if (out->count == INSTRUMENT_MAX) {
        if (!parse->full_noticed) {
            notice_give(parse, TICKERS_TOO_MANY, text);
        }
        parse->full_noticed = true;
        return;
    }
    memcpy(out->symbols[out->count++], symbol, text.length + 1);
}

/* One line of the plain form. */
static void line_take(parse_t *parse, str_t line)
{
    str_t text = str_trim(str_cut(&line, '#'));
    if (text.length > 0) {
        symbol_take(parse, text);
    }
}

/* Is this line the head of the old form: COIN_SYMBOLS = [ ? *rest is what follows the bracket. */
static bool old_form_head(str_t line, str_t *rest)
{
    str_t text = str_trim(line);
    if (!str_starts_with(text, STR("COIN_SYMBOLS"))) {
        return false;
    }
    text = str_trim((str_t){text.bytes + 12, text.length - 12});
    if (text.length == 0 || text.bytes[0] != '=') {
        return false;
    }
    text = str_trim((str_t){text.bytes + 1, text.length - 1});
    if (text.length == 0 || (text.bytes[0] != '[' && text.bytes[0] != '(')) {
        return false;
    }
    *rest = (str_t){text.bytes + 1, text.length - 1};
    return true;
}

/* Items of the list on one line: quoted names, commas, a comment. Returns true when the list ends here. */
static bool old_form_items(parse_t *parse, str_t line)
{
    while (line.length > 0) {
        char c = line.bytes[0];
        line = (str_t){line.bytes + 1, line.length - 1};
        if (c == '#') {
            return false;
        }
        if (c == ']' || c == ')') {
            return true;
        }
        if (c == '\'' || c == '"') {
            const char *close = line.length > 0 ? memchr(line.bytes, c, line.length) : NULL;
            if (close == NULL) {
                notice_give(parse, TICKERS_BAD_LINE, line);
                return false;
            }
            str_t item = {line.bytes, (size_t)(close - line.bytes)};
            symbol_take(parse, str_trim(item));
            line = (str_t){close + 1, line.length - item.length - 1};
        } else if (c != ',' && c != ' ' && c != '\t' && c != '\r') {
            notice_give(parse, TICKERS_BAD_LINE, (str_t){line.bytes - 1, line.length + 1});
            return false;
        }
    }
    return false;
}

void tickers_parse(str_t text, tickers_t *out, tickers_notice_fn *notice, void *context)
{
    parse_t parse = {.out = out, .notice = notice, .context = context};
    bool    in_list = false;
    out->count = 0;
    out->changed_ns = out->size = 0;
    out->inode = 0;
    if (str_starts_with(text, STR("\xEF\xBB\xBF"))) { /* the mark that some editors put first */
        text = (str_t){text.bytes + 3, text.length - 3};
    }
    while (text.length > 0) {
        str_t line = str_cut(&text, '\n'), items;
        parse.line++;
        if (in_list) {
            in_list = !old_form_items(&parse, line);
        } else if (old_form_head(line, &items)) {
            notice_give(&parse, TICKERS_OLD_FORM, str_trim(line));
            in_list = !old_form_items(&parse, items);
        } else {
            line_take(&parse, line);
        }
    }
}

static result_t read_whole(const char *path, char **bytes, size_t *length, struct stat *about)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return errno == ENOENT ? RESULT_NOT_FOUND : errno == EACCES ? RESULT_PERMISSION : RESULT_IO;
    }
    result_t result = fstat(descriptor, about) == 0 && S_ISREG(about->st_mode) ? RESULT_OK : RESULT_IO;
    if (result == RESULT_OK && about->st_size > TICKERS_FILE_MAX) {
        result = RESULT_TEXT_TOO_LONG;
    }
    char  *buffer = result == RESULT_OK ? malloc(TICKERS_FILE_MAX + 1) : NULL;
    size_t have = 0;
    result = result == RESULT_OK && buffer == NULL ? RESULT_IO : result;
    while (result == RESULT_OK) {
        ssize_t count = read(descriptor, buffer + have, TICKERS_FILE_MAX + 1 - have);
        if (count == 0) {
            break;
        }
        if (count < 0) {
            result = errno == EINTR ? RESULT_OK : RESULT_IO;
            continue;
        }
        have += (size_t)count;
        result = have > TICKERS_FILE_MAX ? RESULT_TEXT_TOO_LONG : RESULT_OK; /* it grew while we read */
    }
    (void)close(descriptor);
    if (result != RESULT_OK) {
        free(buffer);
        return result;
    }
    *bytes = buffer;
    *length = have;
    return RESULT_OK;
}

static int64_t change_time(const struct stat *about) { return (int64_t)about->st_mtim.tv_sec * NS_PER_S + about->st_mtim.tv_nsec; }

result_t tickers_load(const char *path, tickers_t *out, tickers_notice_fn *notice, void *context)
{
    char       *bytes;
    size_t      length;
    struct stat about;
    result_t    result = read_whole(path, &bytes, &length, &about);
    if (result != RESULT_OK) {
        return result;
    }
    tickers_parse((str_t){bytes, length}, out, notice, context);
    free(bytes);
    out->changed_ns = change_time(&about);
    out->size = about.st_size;
    out->inode = (uint64_t)about.st_ino;
    return RESULT_OK;
}

bool tickers_changed(const tickers_t *tickers, const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0) {
        return false;
    }
    return change_time(&about) != tickers->changed_ns || about.st_size != tickers->size || (uint64_t)about.st_ino != tickers->inode;
}

const char *tickers_notice_text(tickers_notice_t notice)
{
    switch (notice) {
    case TICKERS_BAD_LINE:
        return "not a symbol: skipped; write one symbol a line, e.g. BTCUSDT";
    case TICKERS_DUPLICATE:
        return "stands in the list already: skipped";
    case TICKERS_OLD_FORM:
        return "the old COIN_SYMBOLS=[...] form: read, but please write one symbol a line";
    case TICKERS_TOO_MANY:
        return "more symbols than can be followed: this one and the rest are skipped";
    }
    return "unknown notice";
}
