/* result.c: the words of result.h. */
#include "core/base/result.h"

static const char *const texts[RESULT_COUNT] = {
#define RESULT_TEXT(name, text) [RESULT_##name] = text,
    RESULT_TABLE(RESULT_TEXT)
#undef RESULT_TEXT
};

static const char *const names[RESULT_COUNT] = {
#define RESULT_NAME(name, text) [RESULT_##name] = #name,
    RESULT_TABLE(RESULT_NAME)
#undef RESULT_NAME
};

const char *result_text(result_t result)
{
    return (unsigned)result < RESULT_COUNT ? texts[result] : "unknown result";
}

const char *result_name(result_t result)
{
    return (unsigned)result < RESULT_COUNT ? names[result] : "UNKNOWN";
}
