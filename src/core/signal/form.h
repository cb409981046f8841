/* form.h: a signal as traders pass it on: the text and the embed of the SC01 and SC02 forms (STR-7).
 *
 *     SC01 trading signals [Reina]               version and author
 *     🟢 BTCUSDT - SC01                          green: LONG, red: SHORT
 *     Entry: 43250.5 - TP (2R): 43856.25 - SL: 42947.88
 *     Imminent (Sắp vào Entry): 1                1 while the price has not come to the entry, else 0
 *     Ratio (Tỉ lệ): 1.40%
 *     Status (Trạng thái): sent
 *     By Reina~
 *
 * nR = |target - entry| / |entry - stop|, to a tenth; the ratio is the move from entry to target in percent of the entry, to a
 * hundredth, positive in the trade's direction. Both are rounded half to even.
 */
#pragma once

#include "core/base/str.h"
#include "core/signal/signal.h"

enum {
    SIGNAL_FORM_WORD_MAX = 32, /* bytes of author, version, symbol and status, each */
    SIGNAL_FORM_LINE_MAX = 192,
    SIGNAL_FORM_BODY_MAX = 384,
    SIGNAL_FORM_TEXT_MAX = SIGNAL_FORM_BODY_MAX + 3 * SIGNAL_FORM_LINE_MAX,
    SIGNAL_FORM_COLOUR = 0x7CFC00, /* of the embed */
};

typedef struct {
    str_t symbol, status;
    str_t author;  /* who passes it on */
    str_t version; /* what the title begins with; empty: the strategy's name */
    bool imminent;
} signal_form_terms_t;

typedef struct {
    char title[SIGNAL_FORM_LINE_MAX];       /* of the embed: "BTCUSDT - SC01" */
    char description[SIGNAL_FORM_BODY_MAX]; /* of the embed: the lines from Entry to Status */
    char footer[SIGNAL_FORM_LINE_MAX];      /* of the embed: "By Reina~" */
    char text[SIGNAL_FORM_TEXT_MAX];        /* all lines, each with its end */
    char reward[DEC_TEXT_MAX + 1];          /* "2R" */
    char ratio[DEC_TEXT_MAX + 1];           /* "1.40%" */
} signal_form_t;

/* RESULT_BAD_STATE: an exit, which has no stop and target; what signal_check says; RESULT_TEXT_TOO_LONG, RESULT_TEXT_BAD_CHARACTER:
 * a word of the terms (control characters would make lines of their own). *out is written on RESULT_OK only. */
result_t signal_form_make(const signal_t *signal, const signal_form_terms_t *terms, signal_form_t *out);
