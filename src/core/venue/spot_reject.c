/* spot_reject.c: the table of the spot side's refusals as functions. */
#include "core/venue/spot_reject.h"

static const int codes[SPOT_REJECT_COUNT] = {
#define SPOT_REJECT_CODE(name, code, text) [SPOT_REJECT_##name] = (code),
    SPOT_REJECT_TABLE(SPOT_REJECT_CODE)
#undef SPOT_REJECT_CODE
};

static const char *const texts[SPOT_REJECT_COUNT] = {
#define SPOT_REJECT_TEXT(name, code, text) [SPOT_REJECT_##name] = (text),
    SPOT_REJECT_TABLE(SPOT_REJECT_TEXT)
#undef SPOT_REJECT_TEXT
};

int spot_reject_code(spot_reject_t reject)
{
    return (unsigned)reject < SPOT_REJECT_COUNT ? codes[reject] : -1000;
}

const char *spot_reject_text(spot_reject_t reject)
{
    return (unsigned)reject < SPOT_REJECT_COUNT ? texts[reject] : "An unknown error occured while processing the request.";
}
