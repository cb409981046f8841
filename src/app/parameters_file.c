/* parameters_file.c: see parameters_file.h. */
#include "app/parameters_file.h"

#include <stdio.h>
#include <stdlib.h>

#include "edge/store/file.h"

parameters_t *parameters_file_read(const char *path, const strategy_set_t *set, char error[PARAMETERS_FILE_ERROR_MAX])
{
    char *text = malloc(PARAMETERS_TEXT_MAX + 1);
    parameters_t *fresh = malloc(sizeof *fresh), *parameters = calloc(1, sizeof *parameters);
    parameters_error_t wrong = {.line = 0};
    size_t length = 0;
    result_t result = text != NULL && fresh != NULL && parameters != NULL
                          ? file_read_whole(path, text, PARAMETERS_TEXT_MAX + 1, &length)
                          : RESULT_FULL;
    if (result != RESULT_OK) {
        (void)snprintf(error, PARAMETERS_FILE_ERROR_MAX, "%.700s: cannot be read: %s", path, result_text(result));
    } else {
        result = parameters_read(text, length, set, fresh, parameters, &wrong);
        if (result != RESULT_OK) {
            (void)snprintf(error, PARAMETERS_FILE_ERROR_MAX, "%.700s:%u: %s", path, (unsigned)wrong.line, wrong.text);
        }
    }
    free(text);
    free(fresh);
    if (result != RESULT_OK) {
        free(parameters);
        return NULL;
    }
    return parameters;
}
