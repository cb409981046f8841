/* monitor_form.c: one of the last signals as the form that traders pass on (core/signal/form.h), as text, embed and fields. */
#include <stdio.h>
#include <string.h>

#include "app/monitor_state.h"
#include "core/base/time.h"
#include "core/signal/form.h"
#include "edge/json/json_writer.h"

#define AUTHOR "PATRIOT" /* where nobody names one */

static const recent_signal_t *find(const monitor_t *monitor, const char *word)
{
    uint64_t number = 0;
    const bool is_number = str_to_u64(str_from(word), &number) == RESULT_OK;
    for (uint32_t i = 0; i < monitor->recent_count; i++) {
        const signal_t *signal = &monitor->recent[i].signal;
        if (strcmp(signal->id, word) == 0 || (is_number && signal->number == number))
            return &monitor->recent[i];
    }
    return NULL;
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

/* The words: id or number of the signal, author, version; those behind the first may be missing or empty. */
int monitor_write_form(const monitor_t *monitor, const patriot_bus_Control *control, char *reply, size_t capacity, size_t *length)
{
    const char *words[3] = {"", "", ""};
    for (pb_size_t i = 0; i < control->arguments_count && i < 3; i++)
        words[i] = control->arguments[i];
    const recent_signal_t *recent = find(monitor, words[0]);
    if (recent == NULL)
        return refuse(reply, capacity, length, "no such signal among the last; `patriot signals` lists them");
    const instrument_t *instrument = instrument_table_at(monitor->table, recent->signal.instrument);
    const signal_form_terms_t terms = {
        .symbol = instrument != NULL ? str_from(instrument->symbol) : STR(""),
        .status = str_from(recent->verdict),
        .author = words[1][0] != '\0' ? str_from(words[1]) : STR(AUTHOR),
        .version = str_from(words[2]),
        .imminent = strcmp(recent->verdict, "sent") == 0 || strcmp(recent->verdict, "accepted") == 0,
    };
    signal_form_t form;
    const result_t result = signal_form_make(&recent->signal, &terms, &form);
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
    write_fields(&writer, &recent->signal, &terms, &form);
    json_end_object(&writer);
    if (json_writer_finish(&writer, &text) != RESULT_OK)
        return EXIT_FAILED;
    *length = text.length;
    return EXIT_WELL;
}
