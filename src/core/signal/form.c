/* form.c: see form.h. */
#include "core/signal/form.h"

#include <string.h>

#include "core/base/assert.h"

/* A text that grows by pieces. The buffers of signal_form_t hold the longest words, so nothing is ever cut. */
typedef struct {
    char *bytes;
    size_t capacity, length;
} growing_t;

static void put(growing_t *text, str_t piece)
{
    ASSERT(text->length + piece.length < text->capacity);
    memcpy(text->bytes + text->length, piece.bytes, piece.length);
    text->length += piece.length;
    text->bytes[text->length] = '\0';
}

#define PUT(text, literal) put((text), STR(literal))

static void put_price(growing_t *text, dec_t price)
{
    char digits[DEC_TEXT_MAX];
    put(text, (str_t){digits, dec_format(price, digits)});
}

static result_t check_word(str_t word)
{
    for (size_t i = 0; i < word.length; i++) {
        if ((unsigned char)word.bytes[i] < ' ' || word.bytes[i] == 0x7f) {
            return RESULT_TEXT_BAD_CHARACTER;
        }
    }
    return word.length <= SIGNAL_FORM_WORD_MAX ? RESULT_OK : RESULT_TEXT_TOO_LONG;
}

static result_t check(const signal_t *signal, const signal_form_terms_t *terms)
{
    const str_t words[] = {terms->symbol, terms->status, terms->author, terms->version};
    result_t result = signal->exit_of != 0 ? RESULT_BAD_STATE : signal_check(signal);
    for (size_t i = 0; i < sizeof words / sizeof words[0] && result == RESULT_OK; i++) {
        result = check_word(words[i]);
    }
    return result;
}

/* `part` x `times` / `whole`, to `places` digits behind the point. */
static result_t share_of(dec_t part, int64_t times, dec_t whole, unsigned places, dec_t *out)
{
    result_t result = dec_mul_div(part, dec_from_int(times), whole, DEC_ROUND_HALF_EVEN, out);
    return result == RESULT_OK ? dec_quantise(*out, dec_from_scaled(1, places), DEC_ROUND_HALF_EVEN, out) : result;
}

static result_t put_figures(const signal_t *signal, signal_form_t *form)
{
    const dec_t gain = dec_abs(dec_minus(signal->target, signal->entry)), risk = dec_abs(dec_minus(signal->entry, signal->stop));
    dec_t reward, ratio;
    result_t result = share_of(gain, 1, risk, 1, &reward);
    result = result == RESULT_OK ? share_of(gain, 100, signal->entry, 2, &ratio) : result;
    if (result != RESULT_OK) {
        return result;
    }
    size_t length = dec_format(reward, form->reward);
    memcpy(form->reward + length, "R", sizeof "R");
    length = dec_format_places(ratio, 2, form->ratio);
    memcpy(form->ratio + length, "%", sizeof "%");
    return RESULT_OK;
}

static void put_description(const signal_t *signal, const signal_form_terms_t *terms, signal_form_t *form)
{
    growing_t text = {form->description, sizeof form->description, 0};
    PUT(&text, "Entry: ");
    put_price(&text, signal->entry);
    PUT(&text, " - TP (");
    put(&text, str_from(form->reward));
    PUT(&text, "): ");
    put_price(&text, signal->target);
    PUT(&text, " - SL: ");
    put_price(&text, signal->stop);
    PUT(&text, "\nImminent (Sắp vào Entry): ");
    put(&text, terms->imminent ? STR("1") : STR("0"));
    PUT(&text, "\nRatio (Tỉ lệ): ");
    put(&text, str_from(form->ratio));
    PUT(&text, "\nStatus (Trạng thái): ");
    put(&text, terms->status);
}

static void put_text(const signal_t *signal, const signal_form_terms_t *terms, signal_form_t *form)
{
    growing_t text = {form->text, sizeof form->text, 0};
    put(&text, terms->version.length > 0 ? terms->version : str_from(signal->strategy));
    PUT(&text, " trading signals [");
    put(&text, terms->author);
    PUT(&text, "]\n");
    put(&text, signal->side == SIDE_LONG ? STR("🟢 ") : STR("🔴 "));
    put(&text, str_from(form->title));
    PUT(&text, "\n");
    put(&text, str_from(form->description));
    PUT(&text, "\n");
    put(&text, str_from(form->footer));
    PUT(&text, "\n");
}

result_t signal_form_make(const signal_t *signal, const signal_form_terms_t *terms, signal_form_t *out)
{
    signal_form_t form = {0};
    result_t result = check(signal, terms);
    result = result == RESULT_OK ? put_figures(signal, &form) : result;
    if (result != RESULT_OK) {
        return result;
    }
    growing_t title = {form.title, sizeof form.title, 0}, footer = {form.footer, sizeof form.footer, 0};
    put(&title, terms->symbol);
    PUT(&title, " - ");
    put(&title, str_from(signal->strategy));
    PUT(&footer, "By ");
    put(&footer, terms->author);
    PUT(&footer, "~");
    put_description(signal, terms, &form);
    put_text(signal, terms, &form);
    *out = form;
    return RESULT_OK;
}
