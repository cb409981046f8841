/* nearest.h: the known word that a mistyped one was meant to be: a word that it is the beginning of wins, then the spelling most
 * alike; a word that shares too little with it is none. */
#pragma once

#include "core/base/str.h"

typedef struct {
    str_t typed;
    const char *word; /* the best so far; NULL: none is near */
    unsigned distance;
} nearest_t;

/* Offers one known word (borrowed). Begin with {.typed = ...}. */
void nearest_offer(nearest_t *nearest, const char *word);

/* The nearest of `count` words; NULL: none is near. */
const char *nearest_of(str_t typed, const char *const *words, size_t count);
