/* option_json.h: an option of an indicator or a strategy as JSON. */
#pragma once

#include "core/indicator/registry.h"
#include "edge/json/json_writer.h"

/* "name", "type", "preset", "minimum", "maximum": into an object that the caller has begun and ends. */
void option_json_write(json_writer_t *writer, const indicator_option_t *option);
