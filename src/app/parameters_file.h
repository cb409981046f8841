/* parameters_file.h: a file of strategy parameters (core/strategy/parameters.h), read whole or not at all. */
#pragma once

#include "core/strategy/parameters.h"

enum { PARAMETERS_FILE_ERROR_MAX = 1024 };

/* The parameters of a file, to be freed by the caller; NULL when it cannot be used: `error` then says "PATH:LINE: reason and fix".
 * set (may be NULL): plug-ins that may have sections. */
parameters_t *parameters_file_read(const char *path, const strategy_set_t *set, char error[PARAMETERS_FILE_ERROR_MAX]);
