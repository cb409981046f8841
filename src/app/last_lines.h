/* last_lines.h: the last lines that a process has written into its output file: the reason of its end, for whoever started it. */
#pragma once

#include <stdint.h>

enum { LAST_LINES_MAX = 2048, LAST_LINES_COUNT = 5 };

/* Where the file ends now; 0 when there is none. */
int64_t last_lines_end(const char *path);

/* At most LAST_LINES_COUNT whole lines at the end of what was written from `from` on, each with its newline, bytes that are no text
 * as '?'. Empty when there is nothing. */
void last_lines_read(const char *path, int64_t from, char text[LAST_LINES_MAX]);
