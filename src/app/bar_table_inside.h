/* bar_table_inside.h: between the files of bar_table: only they include it. */
#pragma once

#include "app/bar_table.h"

/* Room for one bar more. RESULT_FULL: there are BAR_TABLE_BARS_MAX, or no memory. */
result_t bar_table_make_room(bar_table_t *table);
