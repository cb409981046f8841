/* option_json.c: see option_json.h. */
#include "app/option_json.h"

enum { NUMBER_PLACES = 12 };

static void write_number(json_writer_t *writer, const char *key, double value)
{
    json_write_key(writer, key);
    json_write_double(writer, value, NUMBER_PLACES);
}

void option_json_write(json_writer_t *writer, const indicator_option_t *option)
{
    json_field_string(writer, "name", option->name);
    json_field_string(writer, "type", option->kind == OPTION_WHOLE ? "whole" : "real");
    write_number(writer, "preset", option->preset);
    write_number(writer, "minimum", option->minimum);
    write_number(writer, "maximum", option->maximum);
}
