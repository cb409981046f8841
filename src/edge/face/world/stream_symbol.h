/* stream_symbol.h: which symbol of a recorded stream is played. A recorder that follows several markets writes them all into one
 * file; only one of them is the market that a symbol of the venue gets.
 */
#pragma once

#include "core/base/result.h"
#include "core/base/str.h"
#include "core/market/instrument.h"

typedef struct {
    char name[SYMBOL_TEXT_MAX]; /* as the recording calls it; "": no message of its first lines names one */
    bool shared;                /* others are recorded beside it: what names no symbol may be theirs */
} stream_symbol_t;

/* By the first lines: `wanted` where it is recorded; otherwise the only symbol that is. RESULT_OK, also for a file that cannot be
 * read or names none (loading it says why). RESULT_NOT_FOUND: several are recorded and `wanted` ("": none said) is not among them:
 * `others` lists them. */
result_t stream_symbol_choose(const char *path, const char *wanted, stream_symbol_t *chosen, char *others, size_t capacity);

/* The symbol in a message: "s", or else what its envelope's "stream" begins with, in capitals. False: it names none. */
bool stream_symbol_read(str_t symbol, str_t stream, char name[SYMBOL_TEXT_MAX]);
