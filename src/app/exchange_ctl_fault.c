/* exchange_ctl_fault.c: faults asked for while the exchange runs: fault, faults, price, filter, user-act. */
#include <stdio.h>
#include <string.h>

#include "app/exchange_state.h"
#include "edge/observe/log.h"

enum { TEXT_MAX = 1024 };

/* --- arming ----------------------------------------------------------------------------------- */

/* "at" counts from now. An act that found nothing to do is an error of the command. */
static int arm(exchange_t *exchange, const char *text, json_writer_t *writer)
{
    fault_spec_t spec;
    char error[EXCHANGE_ERROR_MAX] = "";
    if (!fault_spec_parse(str_from(text), &spec, error) || !exchange_fault_is_meant_for_us(exchange, &spec, error))
        return ctl_complain(writer, error);
    (void)snprintf(spec.label, sizeof spec.label, "ctl");
    int64_t now = world_now_ns(exchange->world);
    uint64_t struck = exchange->faults.struck[spec.knob];
    if (fault_arm(&exchange->faults, &spec, now, now) != RESULT_OK)
        return ctl_complain(writer, "128 faults are armed already; say fault clear first");
    const bool at_once = fault_row(spec.knob)->way == FAULT_ACT && spec.at_ns == 0 && !spec.at_fixed && !spec.on_given;
    if (at_once && exchange->faults.struck[spec.knob] == struck &&
        exchange->faults.armed[exchange->faults.count - 1].phase == FAULT_OVER)
        return ctl_complain(writer, "nothing was there to strike (no position, order, stop or market of that kind)");
    log_write(LOG_INFO, LOG_EVENT_EXCHANGE_FAULT, NULL, "a fault was asked for", LOG_FIELDS(LOG_TEXT("fault", text)));
    json_field_string(writer, "armed", fault_row(spec.knob)->name);
    json_field_u64(writer, "struck", exchange->faults.struck[spec.knob] - struck);
    return ctl_agree(writer);
}

/* Arguments from `from` on, joined by blanks behind `head`. */
static bool join(const patriot_bus_Control *control, pb_size_t from, const char *head, char text[TEXT_MAX])
{
    size_t used = (size_t)snprintf(text, TEXT_MAX, "%s", head);
    for (pb_size_t i = from; i < control->arguments_count && used < TEXT_MAX; i++)
        used += (size_t)snprintf(text + used, TEXT_MAX - used, "%s%s", used > 0 ? " " : "", control->arguments[i]);
    return used < TEXT_MAX;
}

static int clear(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    const char *name = ctl_argument(control, 1);
    fault_knob_t knob = name ? fault_knob_find(str_from(name)) : FAULT_KNOB_COUNT;
    if (name && knob == FAULT_KNOB_COUNT)
        return ctl_complain(writer, "there is no such knob; say faults for the list");
    json_field_u64(writer, "cleared", fault_clear(&exchange->faults, knob));
    exchange_faces_release(exchange);
    return ctl_agree(writer);
}

int exchange_ctl_fault(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    char text[TEXT_MAX];
    const char *knob = ctl_argument(control, 0);
    if (!knob)
        return ctl_complain(writer,
                            "fault wants a knob and its parameters, e.g. ack.drop count=3; or clear [KNOB]; faults lists them");
    if (strcmp(knob, "clear") == 0)
        return clear(exchange, control, writer);
    return join(control, 0, "", text) ? arm(exchange, text, writer) : ctl_complain(writer, "too many words");
}

/* --- the list --------------------------------------------------------------------------------- */

static void write_row(json_writer_t *writer, const exchange_t *exchange, fault_knob_t knob)
{
    const fault_row_t *row = fault_row(knob);
    json_begin_object(writer);
    json_field_string(writer, "knob", row->name);
    json_field_string(writer, "group", fault_group_name(row->group));
    json_field_string(writer, "help", row->help);
    json_field_string(writer, "on", fault_on_name(row->on));
    json_field_u64(writer, "struck", exchange->faults.struck[knob]);
    json_write_key(writer, "parameters");
    json_begin_object(writer);
    for (unsigned i = 0; i < FAULT_PARAMETERS_MAX && row->parameters[i].name; i++) {
        const fault_parameter_t *parameter = &row->parameters[i];
        json_field_string(writer, parameter->name, parameter->type == FAULT_CHOICE ? parameter->choices : parameter->usual);
    }
    json_end_object(writer);
    json_end_object(writer);
}

static void write_armed(json_writer_t *writer, const fault_armed_t *fault)
{
    static const char *const phases[] = {"waiting", "running", "over"};
    json_begin_object(writer);
    json_field_string(writer, "fault", fault->spec.label);
    json_field_string(writer, "knob", fault_row(fault->spec.knob)->name);
    json_field_string(writer, "phase", phases[fault->phase]);
    json_field_i64(writer, "from_ms", fault->from_ns / 1000000);
    if (fault->until_ns != INT64_MAX)
        json_field_i64(writer, "until_ms", fault->until_ns / 1000000);
    json_field_u64(writer, "matched", fault->matched);
    json_field_u64(writer, "struck", fault->struck);
    json_end_object(writer);
}

int exchange_ctl_faults(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    const fault_engine_t *engine = &exchange->faults;
    (void)control;
    json_write_key(writer, "knobs");
    json_begin_array(writer);
    for (unsigned knob = 0; knob < FAULT_KNOB_COUNT; knob++)
        write_row(writer, exchange, (fault_knob_t)knob);
    json_end_array(writer);
    json_write_key(writer, "armed");
    json_begin_array(writer);
    for (uint32_t i = 0; i < engine->count; i++)
        write_armed(writer, &engine->armed[i]);
    json_end_array(writer);
    json_field_bool(writer, "random", engine->mixing);
    json_field_bool(writer, "quiet", engine->mixing && engine->quiet);
    json_field_u64(writer, "phases", engine->phases);
    return ctl_agree(writer);
}

/* --- short ways ------------------------------------------------------------------------------- */

int exchange_ctl_filter(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    char text[TEXT_MAX], head[96];
    const char *symbol = ctl_argument(control, 0);
    if (!symbol || control->arguments_count < 2)
        return ctl_complain(writer, "filter wants a symbol and factors: filter BTCUSDT step=10 tick=2 notional=3");
    (void)snprintf(head, sizeof head, "flt.change step=1 symbol=%.39s", symbol);
    return join(control, 1, head, text) ? arm(exchange, text, writer) : ctl_complain(writer, "too many words");
}

int exchange_ctl_user_act(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    char text[TEXT_MAX], head[96];
    const char *what = ctl_argument(control, 0);
    if (!what)
        return ctl_complain(
            writer, "user-act wants buy, sell, close, cancel, deposit or withdraw, e.g. user-act sell symbol=BTCUSDT amount=0.5");
    (void)snprintf(head, sizeof head, "user.act do=%.39s", what);
    return join(control, 1, head, text) ? arm(exchange, text, writer) : ctl_complain(writer, "too many words");
}

/* "60000" or "-5%": one trade there. */
int exchange_ctl_price(exchange_t *exchange, const char *symbol, const char *price, json_writer_t *writer)
{
    const venue_t *venue = world_venue(exchange->world);
    size_t length = strlen(price);
    for (uint32_t i = 0; i < venue_instrument_count(venue); i++) {
        world_act_t act = {.kind = WORLD_PRICE_JUMP, .instrument = (instrument_id_t)i};
        if (strcmp(venue_instrument_at(venue, (instrument_id_t)i)->symbol, symbol) != 0)
            continue;
        if (length > 1 && price[length - 1] == '%') {
            char text[TEXT_MAX];
            (void)snprintf(text, sizeof text, "px.wick symbol=%.39s move=%.*s", symbol, (int)(length - 1 < 40 ? length - 1 : 40),
                           price);
            return arm(exchange, text, writer);
        }
        if (dec_parse(price, length, &act.amount) != RESULT_OK || world_act(exchange->world, &act, NULL) != RESULT_OK)
            return ctl_complain(writer, "the price must be a number above 0, or percent such as -5%");
        return ctl_agree(writer);
    }
    return ctl_complain(writer, "a symbol of this venue must follow");
}
