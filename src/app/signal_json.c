/* signal_json.c: see signal_json.h. */
#include "app/signal_json.h"

#include <stdio.h>

#include "app/role.h"
#include "core/base/time.h"
#include "core/signal/form.h"

#define AUTHOR "PATRIOT" /* where nobody names one */

void signal_json_row(json_writer_t *writer, const signal_t *signal, const signal_json_terms_t *terms)
{
    char time[TIME_TEXT_MAX];
    time_format(signal->made_ns, 0, time);
    json_begin_object(writer);
    json_field_string(writer, "id", signal->id);
    json_field_u64(writer, "number", signal->number);
    json_field_string(writer, "time", time);
    json_field_string(writer, "symbol", terms->symbol);
    json_field_string(writer, "side", signal->side == SIDE_LONG ? "LONG" : "SHORT");
    json_field_string(writer, "kind", signal->exit_of != 0 ? "exit" : "entry");
    json_field_string(writer, "strategy", signal->strategy);
    json_field_dec(writer, "entry", signal->entry);
    json_field_dec(writer, "stop", signal->stop);
    json_field_dec(writer, "target", signal->target);
    json_write_key(writer, "confidence");
    json_write_double(writer, signal->confidence, 2);
    json_field_string(writer, "verdict", terms->verdict);
    json_end_object(writer);
}

static void write_embed(json_writer_t *writer, const signal_form_t *form)
{
    json_write_key(writer, "embed");
    json_begin_object(writer);
    json_field_string(writer, "title", form->title);
    json_field_u64(writer, "color", SIGNAL_FORM_COLOUR);
    json_field_string(writer, "description", form->description);
    json_write_key(writer, "footer");
    json_begin_object(writer);
    json_field_string(writer, "text", form->footer);
    json_end_object(writer);
    json_end_object(writer);
}

static void write_metadata(json_writer_t *writer, const signal_t *signal, const signal_form_t *form)
{
    json_write_key(writer, "metadata");
    json_begin_object(writer);
    json_field_string(writer, "id", signal->id);
    json_field_string(writer, "side", signal->side == SIDE_LONG ? "LONG" : "SHORT");
    json_field_string(writer, "reward", form->reward);
    json_write_key(writer, "confidence");
    json_write_double(writer, signal->confidence, 4);
    json_field_string(writer, "timeframe", timeframe_text(signal->timeframe_source));
    json_end_object(writer);
}

static void write_fields(json_writer_t *writer, const signal_t *signal, const signal_form_terms_t *terms, const signal_form_t *form)
{
    char time[TIME_TEXT_MAX];
    time_format(signal->made_ns, 0, time);
    json_write_key(writer, "fields");
    json_begin_object(writer);
    json_field_text(writer, "symbol", terms->symbol);
    json_field_string(writer, "strategy_code", signal->strategy);
    json_field_dec(writer, "entry_price", signal->entry);
    json_field_dec(writer, "tp_price", signal->target);
    json_field_dec(writer, "sl_price", signal->stop);
    json_field_string(writer, "ratio", form->ratio);
    json_field_text(writer, "status", terms->status);
    json_field_u64(writer, "imminent", terms->imminent ? 1 : 0);
    json_field_text(writer, "author", terms->author);
    json_field_string(writer, "created_at", time);
    write_metadata(writer, signal, form);
    json_end_object(writer);
}

static int refuse(char *reply, size_t capacity, size_t *length, const char *why)
{
    *length = (size_t)snprintf(reply, capacity, "{\"error\":\"%s\"}", why);
    return EXIT_MISUSE;
}

int signal_json_form(const signal_t *signal, const signal_json_terms_t *given, char *reply, size_t capacity, size_t *length)
{
    const signal_form_terms_t terms = {
        .symbol = str_from(given->symbol),
        .status = str_from(given->verdict),
        .author = given->author[0] != '\0' ? str_from(given->author) : STR(AUTHOR),
        .version = str_from(given->version),
        .imminent = given->imminent,
    };
    signal_form_t form;
    const result_t result = signal_form_make(signal, &terms, &form);
    if (result == RESULT_BAD_STATE)
        return refuse(reply, capacity, length, "this signal closes a position: it has no stop and no target, and so no form");
    if (result != RESULT_OK)
        return refuse(reply, capacity, length, "author or version: at most 32 bytes each, on one line");
    json_writer_t writer;
    str_t text;
    json_writer_init(&writer, reply, capacity);
    json_begin_object(&writer);
    json_field_string(&writer, "text", form.text);
    write_embed(&writer, &form);
    write_fields(&writer, signal, &terms, &form);
    json_end_object(&writer);
    if (json_writer_finish(&writer, &text) != RESULT_OK)
        return EXIT_FAILED;
    *length = text.length;
    return EXIT_WELL;
}
