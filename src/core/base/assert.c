/* assert.c: the one way out of a broken belief. */
#include "core/base/assert.h"

#include <stdlib.h>

_Noreturn void base_assert_failed(const char *expression, const char *file, int line)
{
    /* Kept on the stack, where a core dump and the debugger find them. */
    const char *volatile seen_expression = expression;
    const char *volatile seen_file = file;
    volatile int seen_line = line;
    (void)seen_expression;
    (void)seen_file;
    (void)seen_line;
    abort();
}
