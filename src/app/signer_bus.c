/* signer_bus.c: the watchdog's commands in; replies, private events and rules out. */
#include <string.h>

#include "app/signer_state.h"
#include "core/base/time.h"
#include "edge/bus/bus_order_codec.h"

#define RULES_AGAIN_NS (500 * NS_PER_MS)

/* --- out -------------------------------------------------------------------------------------- */

bool signer_send_input(signer_t *signer, const order_input_t *input)
{
    if (!signer->watchdog || !bus_link_ready(signer->watchdog))
        return false;
    bus_message_clear(signer->message);
    result_t result = bus_order_input_encode(input, signer->table, signer->message);
    if (result == RESULT_OK)
        result = bus_link_send(signer->watchdog, signer->message);
    if (result == RESULT_OK)
        return true;
    /* Answers are never dropped silently: without one the watchdog must take its action for unknown. A cut link says exactly that.
     */
    log_field_t field = LOG_RESULT(result);
    log_write(LOG_ERROR, LOG_EVENT_PEER_LOST, NULL, "an answer could not be handed to the watchdog: the link begins anew", &field,
              1);
    bus_link_close(signer->watchdog);
    return false;
}

void signer_give_input(void *context, const order_input_t *input)
{
    signer_t *signer = context;
    bool own = (input->kind == ORDER_INPUT_REPLY && input->reply.action >= SIGNER_ACTIONS_FROM) ||
               (input->kind == ORDER_INPUT_SNAPSHOT && input->snapshot.action >= SIGNER_ACTIONS_FROM);
    if (own)
        signer_kill_input(signer, input);
    else if (signer->lockstep)
        order_input(signer, input);
    else
        (void)signer_send_input(signer, input);
    signer_settle(signer);
}

static result_t fetch_event(void *context, uint64_t number, bus_message_t *message)
{
    signer_t *signer = context;
    if (number + SIGNER_EVENTS_MAX <= signer->outbox.last)
        return RESULT_NOT_FOUND;
    memset(signer->input, 0, sizeof *signer->input);
    signer->input->kind = ORDER_INPUT_PRIVATE;
    signer->input->event = signer->events[number % SIGNER_EVENTS_MAX];
    if (bus_order_input_encode(signer->input, signer->table, message) == RESULT_OK)
        return RESULT_OK;
    /* What cannot be said must not be passed over in silence: look at everything. */
    bus_message_clear(message);
    signer->input->event = (private_event_t){.kind = PRIVATE_GAP, .time_ns = signer_now_ns(signer)};
    return bus_order_input_encode(signer->input, signer->table, message);
}

/* In lockstep rules that are being read have their place before the events and the marker of their moment. */
static bool must_wait(const signer_t *signer)
{
    return signer->lockstep && signer->rules.reading;
}

void signer_pump(signer_t *signer)
{
    if (!signer->watchdog || !bus_link_ready(signer->watchdog) || must_wait(signer))
        return;
    if (signer->outbox.last - signer->outbox.sent >= SIGNER_EVENTS_MAX) {
        log_write(LOG_ERROR, LOG_EVENT_PEER_LOST, NULL,
                  "more private events wait than are kept: the watchdog must look at everything again", NULL, 0);
        /* The numbers in between are left out; the watchdog takes the hole for what it is. */
        signer->outbox.sent = signer->outbox.last - 1;
        signer->events[signer->outbox.last % SIGNER_EVENTS_MAX] =
            (private_event_t){.kind = PRIVATE_GAP, .time_ns = signer_now_ns(signer)};
    }
    if (bus_outbox_pump(&signer->outbox, signer->watchdog, fetch_event, signer, signer->message) == RESULT_OK &&
        signer->moment_due) {
        signer->moment_due = false;
        signer_give_moment(signer);
    }
}

void signer_give_private(signer_t *signer, const private_event_t *event)
{
    uint64_t number = signer->outbox.last + 1;
    signer->events[number % SIGNER_EVENTS_MAX] = *event;
    bus_outbox_note(&signer->outbox, number);
    signer_pump(signer);
}

void signer_give_rules(signer_t *signer)
{
    if (!signer->rules_known)
        return;
    for (instrument_id_t id = 0; id < signer->table->count; id++) {
        memset(signer->input, 0, sizeof *signer->input);
        signer->input->kind = ORDER_INPUT_RULES;
        signer->input->rules = signer->table->items[id];
        if (!signer_send_input(signer, signer->input))
            return;
    }
    if (!signer->watchdog || !bus_link_ready(signer->watchdog))
        return;
    bus_message_clear(signer->message);
    signer->message->which_body = patriot_bus_Envelope_rules_told_tag;
    if (bus_link_send(signer->watchdog, signer->message) != RESULT_OK) /* without it a watchdog would wait for ever */
        bus_link_close(signer->watchdog);
}

void signer_give_kill(signer_t *signer)
{
    if (!signer->watchdog || !bus_link_ready(signer->watchdog))
        return;
    bus_message_clear(signer->message);
    signer->message->which_body = patriot_bus_Envelope_kill_level_tag;
    signer->message->body.kill_level.level = signer_kill_level(signer);
    (void)bus_link_send(signer->watchdog, signer->message);
}

void signer_give_moment(signer_t *signer)
{
    if (!signer->watchdog || !bus_link_ready(signer->watchdog))
        return;
    bus_message_clear(signer->message);
    signer->message->which_body = patriot_bus_Envelope_moment_tag;
    signer->message->body.moment.number = signer->moment;
    (void)bus_link_send(signer->watchdog, signer->message);
}

bool signer_bus_idle(const signer_t *signer)
{
    /* A watchdog that is away holds nobody: the exchange's own patience with it decides. */
    return !signer->watchdog || signer->outbox.acked >= signer->outbox.last;
}

/* --- in --------------------------------------------------------------------------------------- */

static void refuse_action(signer_t *signer, const order_action_t *action, const char *text)
{
    memset(signer->input, 0, sizeof *signer->input);
    if (action->kind == ACTION_QUERY_ORDER || action->kind == ACTION_QUERY_FILLS) {
        signer->input->kind = ORDER_INPUT_QUERY_RESULT;
        signer->input->query.action = action->number;
    } else if (action->kind == ACTION_SNAPSHOT) {
        for (snapshot_section_t section = SECTION_MODE; section <= SECTION_INCOME; section++) {
            signer->input->kind = ORDER_INPUT_SNAPSHOT;
            signer->input->snapshot = (snapshot_piece_t){.action = action->number, .section = section, .phase = SNAPSHOT_FAILED};
            (void)signer_send_input(signer, signer->input);
        }
        signer->input->snapshot = (snapshot_piece_t){.action = action->number, .section = SECTION_MODE, .phase = SNAPSHOT_END};
    } else {
        signer->input->kind = ORDER_INPUT_REPLY;
        signer->input->reply = (order_reply_t){.action = action->number, .kind = REPLY_NEVER_SENT, .reject = REJECT_BUSY};
        (void)str_copy(str_from(text), signer->input->reply.text, sizeof signer->input->reply.text);
    }
    (void)signer_send_input(signer, signer->input);
}

void signer_take_action(signer_t *signer, const order_action_t *action)
{
    order_reply_t reply;
    if (!signer->account) {
        refuse_action(signer, action, "the signer is not connected to the exchange yet");
    } else if (action->kind == ACTION_READ_RULES && signer->rules_wanted) {
        refuse_action(signer, action, "the rules are being read already");
    } else if (action->kind == ACTION_READ_RULES) {
        signer->rules_wanted = true;
        signer->rules_action = action->number;
        if (!signer->rules.reading && rules_read(&signer->rules) != RESULT_OK)
            loop_timer_start_in(&signer->retry, RULES_AGAIN_NS);
    } else if (!gate_pass(signer, action, &reply)) {
        memset(signer->input, 0, sizeof *signer->input);
        signer->input->kind = ORDER_INPUT_REPLY;
        signer->input->reply = reply;
        (void)signer_send_input(signer, signer->input);
    } else if (action->kind == ACTION_QUERY_ORDER && gate_never_sent(signer, &action->order.client_id)) {
        memset(signer->input, 0, sizeof *signer->input);
        signer->input->kind = ORDER_INPUT_QUERY_RESULT;
        signer->input->query = (query_result_t){.action = action->number, .never_sent = true};
        (void)signer_send_input(signer, signer->input);
    } else {
        if (action->kind == ACTION_PLACE)
            gate_note_sent(signer, &action->place.client_id);
        if (account_client_do(signer->account, action) != RESULT_OK)
            refuse_action(signer, action, "too many requests under way");
    }
}

void signer_on_message(role_t *role, bus_link_t *link, const bus_message_t *message)
{
    signer_t *signer = role->context;
    order_action_t action;
    if (link != signer->watchdog)
        return;
    if (message->which_body == patriot_bus_Envelope_kill_level_tag)
        signer_kill_heard(signer, message->body.kill_level.level);
    if (message->which_body != patriot_bus_Envelope_order_command_tag)
        return;
    if (!gate_epoch_seen(signer, message->epoch)) {
        bus_link_refuse(link, BUS_REFUSED_EPOCH, "a newer watchdog has been at work, or signer.state cannot be written");
        return;
    }
    result_t result = bus_order_action_decode(&message->body.order_command, signer->table, &action);
    if (result == RESULT_OK && !signer->lockstep) {
        signer_take_action(signer, &action);
        signer_settle(signer);
        return;
    }
    if (result == RESULT_OK) {
        if (!order_action(signer, &action))
            refuse_action(signer, &action, "too many requests under way");
        return;
    }
    log_field_t field = LOG_RESULT(result);
    log_write(LOG_ERROR, LOG_EVENT_FRAME_REFUSED, NULL, "an order command that cannot be read", &field, 1);
    action =
        (order_action_t){.kind = (action_kind_t)message->body.order_command.kind, .number = message->body.order_command.action};
    refuse_action(signer, &action, "the command cannot be read");
}

void signer_on_peer(role_t *role, bus_link_t *link, const patriot_bus_Hello *hello)
{
    signer_t *signer = role->context;
    if (strcmp(hello->role, "watchdog") != 0)
        return;
    if (!gate_epoch_seen(signer, hello->epoch)) {
        bus_link_refuse(link, BUS_REFUSED_EPOCH, "a newer watchdog has been at work");
        return;
    }
    signer->watchdog = link;
    signer->kill_alone = false;
    if (hello->session == signer->watchdog_session && hello->seen_generation == signer->outbox.generation)
        bus_outbox_connected(&signer->outbox, hello);
    else /* a new watchdog looks at everything anyway: older events are in what it will see, but for what the signer did itself */
        bus_outbox_init(&signer->outbox, signer->outbox.generation, signer->outbox.last,
                        signer->own_kept ? signer->own_from : signer->outbox.last);
    signer->outbox.sent = signer->outbox.sent < signer->outbox.acked ? signer->outbox.acked : signer->outbox.sent;
    signer->watchdog_session = hello->session;
    health_check_set(&role->health, "watchdog", HEALTH_OK, "", role_now_ns(role));
    log_write(LOG_INFO, LOG_EVENT_PEER_CONNECTED, NULL, "watchdog", NULL, 0);
    signer_give_rules(signer);
    signer_give_kill(signer);
    signer_kill_act(signer);
    signer->moment_due = signer->moment_open; /* a new watchdog has not seen the present moment's marker */
    signer_pump(signer);
}

void signer_on_ack(role_t *role, bus_link_t *link, uint64_t number)
{
    signer_t *signer = role->context;
    if (link != signer->watchdog)
        return;
    bus_outbox_acked(&signer->outbox, number);
    signer_settle(signer);
}

void signer_on_room(role_t *role, bus_link_t *link)
{
    (void)link;
    signer_pump(role->context);
}

void signer_on_lost(role_t *role, bus_link_t *link)
{
    signer_t *signer = role->context;
    if (link != signer->watchdog)
        return;
    signer->watchdog = NULL;
    order_forget_actions(signer); /* it takes them for unknown, and asks */
    health_check_set(&role->health, "watchdog", HEALTH_DEGRADED, "not connected: stops stay at the exchange", role_now_ns(role));
    if (!role->stopping)
        signer_kill_act(signer); /* a level that the watchdog was carrying out is ours now */
    signer_settle(signer);
}
