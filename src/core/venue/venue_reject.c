/* venue_reject.c: the table of refusals as functions. */
#include "core/venue/venue_reject.h"

#include <string.h>

static const int codes[VENUE_REJECT_COUNT] = {
#define VENUE_REJECT_CODE(name, code, text) [VENUE_REJECT_##name] = (code),
    VENUE_REJECT_TABLE(VENUE_REJECT_CODE)
#undef VENUE_REJECT_CODE
};

static const char *const texts[VENUE_REJECT_COUNT] = {
#define VENUE_REJECT_TEXT(name, code, text) [VENUE_REJECT_##name] = (text),
    VENUE_REJECT_TABLE(VENUE_REJECT_TEXT)
#undef VENUE_REJECT_TEXT
};

int venue_reject_code(venue_reject_t reject)
{
    return (unsigned)reject < VENUE_REJECT_COUNT ? codes[reject] : -1000;
}

const char *venue_reject_text(venue_reject_t reject)
{
    return (unsigned)reject < VENUE_REJECT_COUNT ? texts[reject] : "An unknown error occured while processing the request.";
}

size_t venue_reject_format(venue_reject_t reject, dec_t limit, char buffer[VENUE_REJECT_TEXT_MAX])
{
    char number[DEC_TEXT_MAX];
    size_t number_length = dec_format(limit, number);
    size_t used = 0;
    for (const char *c = venue_reject_text(reject); *c != '\0' && used + 1 < VENUE_REJECT_TEXT_MAX; c++) {
        if (*c != '%') {
            buffer[used++] = *c;
        } else if (used + number_length < VENUE_REJECT_TEXT_MAX) {
            memcpy(buffer + used, number, number_length);
            used += number_length;
        }
    }
    buffer[used] = '\0';
    return used;
}
