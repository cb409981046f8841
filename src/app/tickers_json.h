/* tickers_json.h: the refused lines of tickers.txt as JSON, the same from a running monitor and from the file alone. */
#pragma once

#include "edge/config/config.h"
#include "edge/json/json_writer.h"

/* "refused_lines": [{"line", "text", "reason"}] */
void tickers_write_refused(json_writer_t *writer, const tickers_t *tickers);
