/* plugin_check.h: whether the table of a plug-in is one that can be believed; every field by its name. */
#pragma once

#include "edge/plugin/plugin_window.h"

/* stem: the file's name without ".so". False and `wrong`, "option 2 (fast): preset 900 is outside 1 .. 500", or true. */
bool plugin_check(const plugin_description_t *description, const char *stem, char wrong[PLUGIN_WRONG_MAX]);
