/* asker.c: see asker.h. */
#include "app/asker.h"

#include <stdlib.h>
#include <string.h>

static void on_message(bus_link_t *link, const bus_message_t *message, void *context)
{
    asker_t *asker = context;
    (void)link;
    if (message->which_body != patriot_bus_Envelope_control_reply_tag || !asker->asking)
        return;
    const patriot_bus_ControlReply *reply = &message->body.control_reply;
    if (asker->length + reply->text.size > ASKER_TEXT_MAX)
        asker->length = 0; /* longer than anything we ask for: the answer will not parse and is passed over */
    memcpy(asker->text + asker->length, reply->text.bytes, reply->text.size);
    asker->length += reply->text.size;
    if (reply->more)
        return;
    asker->asking = false;
    asker->silent_ns = 0;
    str_t text = {asker->text, asker->length};
    asker->on_answer(asker, reply->status, text, asker->context);
}

static void on_ready(bus_link_t *link, const patriot_bus_Hello *hello, void *context)
{
    asker_t *asker = context;
    (void)link;
    (void)hello;
    asker->silent_ns = 0;
}

static void on_lost(bus_link_t *link, result_t why, const char *detail, void *context)
{
    asker_t *asker = context;
    (void)link;
    (void)why;
    (void)detail;
    asker->asking = false;
}

static const bus_events_t events = {.on_ready = on_ready, .on_message = on_message, .on_lost = on_lost};

result_t asker_open(asker_t *asker, loop_t *loop, const char *data_folder, const char *role, bus_message_t *scratch,
                    asker_fn *on_answer, void *context)
{
    memset(asker, 0, sizeof *asker);
    asker->role = role;
    asker->message = scratch;
    asker->on_answer = on_answer;
    asker->context = context;
    asker->text = malloc(ASKER_TEXT_MAX);
    if (!asker->text)
        return RESULT_FULL;
    bus_dial_options_t dial = {.loop = loop,
                               .data_folder = data_folder,
                               .peer_role = role,
                               .identity = {.role = "up"},
                               .backoff_min_ns = 5000000,
                               .backoff_max_ns = 200000000,
                               .events = &events,
                               .context = asker};
    return bus_dial(&dial, &asker->link);
}

void asker_close(asker_t *asker)
{
    if (asker->link)
        bus_link_close(asker->link);
    asker->link = NULL;
    free(asker->text);
    asker->text = NULL;
}

bool asker_ready(const asker_t *asker)
{
    return asker->link && bus_link_ready(asker->link);
}

bool asker_ask(asker_t *asker, const char *command, const char *first, const char *second)
{
    if (!asker_ready(asker) || asker->asking)
        return false;
    bus_message_clear(asker->message);
    asker->message->which_body = patriot_bus_Envelope_control_tag;
    patriot_bus_Control *control = &asker->message->body.control;
    const char *arguments[] = {first, second};
    if (str_copy(str_from(command), control->command, sizeof control->command) != RESULT_OK)
        return false;
    for (size_t i = 0; i < 2 && arguments[i]; i++) {
        if (str_copy(str_from(arguments[i]), control->arguments[i], sizeof control->arguments[i]) != RESULT_OK)
            return false;
        control->arguments_count = (pb_size_t)(i + 1);
    }
    asker->length = 0;
    asker->asking = bus_link_send(asker->link, asker->message) == RESULT_OK;
    return asker->asking;
}

int64_t asker_wait(asker_t *asker, int64_t passed_ns)
{
    asker->silent_ns += asker->asking || bus_link_opening(asker->link) ? passed_ns : 0;
    return asker->silent_ns;
}
