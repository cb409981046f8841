/* nearest.c: see nearest.h. */
#include "app/nearest.h"

enum { DISTANCE_MAX = 3 };

void nearest_offer(nearest_t *nearest, const char *word)
{
    str_t known = str_from(word);
    size_t length = nearest->typed.length;
    bool begins = length > 1 && length < known.length && str_eq(nearest->typed, (str_t){known.bytes, length});
    unsigned distance = begins ? 0 : str_distance(nearest->typed, known);
    if (distance > DISTANCE_MAX || distance > 1 + length / 4) /* a short word says little: one letter of it may be wrong */
        return;
    if (!nearest->word || distance < nearest->distance) {
        nearest->word = word;
        nearest->distance = distance;
    }
}

const char *nearest_of(str_t typed, const char *const *words, size_t count)
{
    nearest_t nearest = {.typed = typed};
    for (size_t i = 0; i < count; i++)
        nearest_offer(&nearest, words[i]);
    return nearest.word;
}
