/* door_words.c: the names and sentences of the door's verdicts. */
#include "core/risk/door.h"

static const struct {
    const char *name, *text, *figure[2];
} words[DOOR_COUNT] = {
#define DOOR_WORDS(name, text, first, second) [DOOR_##name] = {#name, text, {first, second}},
    DOOR_TABLE(DOOR_WORDS)
#undef DOOR_WORDS
};

const char *door_reason_name(door_reason_t reason)
{
    return (unsigned)reason < DOOR_COUNT ? words[reason].name : "UNKNOWN";
}

const char *door_reason_text(door_reason_t reason)
{
    return (unsigned)reason < DOOR_COUNT ? words[reason].text : "unknown reason";
}

const char *door_figure_name(door_reason_t reason, unsigned which)
{
    return (unsigned)reason < DOOR_COUNT && which < 2 ? words[reason].figure[which] : "";
}
