/* watchdog_signer.c: the link to the signer: actions out; replies, private events and rules in.
 *
 * An action is handed over once. When the link breaks before its answer came, nobody knows what became of it: placements, cancels
 * and settings end as UNKNOWN, questions as unanswered. The journal has the intent; the order half asks the venue when the link is
 * back.
 */
#include <string.h>

#include "app/watchdog_state.h"
#include "core/base/time.h"
#include "edge/bus/bus_order_codec.h"

enum { SIGNER_COMES_MS = 3000 };

static bool is_question(action_kind_t kind)
{
    return kind == ACTION_QUERY_ORDER || kind == ACTION_QUERY_FILLS || kind == ACTION_SNAPSHOT;
}

/* Ends an action that the signer will not answer. */
static void end_unanswered(watchdog_t *watchdog, uint64_t action, action_kind_t kind, reply_kind_t how, const char *text)
{
    if (kind == ACTION_SNAPSHOT) {
        for (snapshot_section_t section = SECTION_MODE; section <= SECTION_INCOME; section++) {
            watchdog_input(watchdog, ORDER_INPUT_SNAPSHOT)->snapshot =
                (snapshot_piece_t){.action = action, .section = section, .phase = SNAPSHOT_FAILED};
            watchdog_give(watchdog);
        }
        watchdog_input(watchdog, ORDER_INPUT_SNAPSHOT)->snapshot = (snapshot_piece_t){.action = action, .phase = SNAPSHOT_END};
    } else if (is_question(kind)) {
        watchdog_input(watchdog, ORDER_INPUT_QUERY_RESULT)->query = (query_result_t){.action = action};
    } else if (kind != ACTION_READ_RULES) {
        order_reply_t *reply = &watchdog_input(watchdog, ORDER_INPUT_REPLY)->reply;
        *reply = (order_reply_t){.action = action, .kind = how, .reject = REJECT_BUSY};
        (void)str_copy(str_from(text), reply->text, sizeof reply->text);
    } else {
        return;
    }
    watchdog_give(watchdog);
}

/* --- out -------------------------------------------------------------------------------------- */

void watchdog_signer_do(watchdog_t *watchdog, const order_action_t *action)
{
    /* The half's own calls come from here while its output is being settled: an action that cannot leave is ended by a later turn's
     * input, so it is noted as outstanding first and swept by watchdog_signer_sweep. */
    if (watchdog->outstanding_count == WATCHDOG_OUTSTANDING_MAX) {
        log_write(LOG_ERROR, LOG_EVENT_REQUEST_LIMITED, NULL, "too many actions under way", NULL, 0);
        if (watchdog->overflow_count < WATCHDOG_OUTSTANDING_MAX)
            watchdog->overflow[watchdog->overflow_count++] =
                (outstanding_t){.action = action->number, .kind = action->kind, .never_sent = true};
        loop_defer(watchdog->role.loop, &watchdog->sweep);
        return;
    }
    outstanding_t *outstanding = &watchdog->outstanding[watchdog->outstanding_count++];
    *outstanding = (outstanding_t){.action = action->number, .kind = action->kind};
    if (watchdog->signer && bus_link_ready(watchdog->signer)) {
        bus_message_clear(watchdog->message);
        if (bus_order_action_encode(action, order_half_instruments(watchdog->half), watchdog->message) == RESULT_OK &&
            bus_link_send(watchdog->signer, watchdog->message) == RESULT_OK)
            return;
    }
    outstanding->never_sent = true;
    loop_defer(watchdog->role.loop, &watchdog->sweep);
}

static void forget(watchdog_t *watchdog, uint32_t index)
{
    watchdog->outstanding[index] = watchdog->outstanding[--watchdog->outstanding_count];
}

/* Ends what stood here when it was called; what the half asks for while it hears of that has its own later turn. */
static void sweep_never_sent(void *context)
{
    static outstanding_t swept[2 * WATCHDOG_OUTSTANDING_MAX];
    watchdog_t *watchdog = context;
    uint32_t count = 0;
    for (uint32_t i = 0; i < watchdog->outstanding_count;) {
        if (!watchdog->outstanding[i].never_sent) {
            i++;
            continue;
        }
        swept[count++] = watchdog->outstanding[i];
        forget(watchdog, i);
    }
    for (uint32_t i = 0; i < watchdog->overflow_count; i++)
        swept[count++] = watchdog->overflow[i];
    watchdog->overflow_count = 0;
    for (uint32_t i = 0; i < count; i++)
        end_unanswered(watchdog, swept[i].action, swept[i].kind, REPLY_NEVER_SENT, "the signer is not connected");
}

void watchdog_signer_ack(watchdog_t *watchdog)
{
    if (watchdog->signer && bus_link_ready(watchdog->signer))
        bus_link_ack(watchdog->signer, watchdog->private_inbox.generation, watchdog->private_inbox.last_seen);
}

/* --- in --------------------------------------------------------------------------------------- */

static void note_answer(watchdog_t *watchdog, const order_input_t *input)
{
    uint64_t action = 0;
    if (input->kind == ORDER_INPUT_REPLY)
        action = input->reply.action;
    else if (input->kind == ORDER_INPUT_QUERY_RESULT)
        action = input->query.action;
    else if (input->kind == ORDER_INPUT_SNAPSHOT && input->snapshot.phase == SNAPSHOT_END)
        action = input->snapshot.action;
    for (uint32_t i = 0; action > 0 && i < watchdog->outstanding_count; i++) {
        if (watchdog->outstanding[i].action == action) {
            forget(watchdog, i);
            return;
        }
    }
}

/* An answer that cannot be read is no answer: nobody knows. */
static void end_unreadable(watchdog_t *watchdog, uint64_t action, result_t why)
{
    log_field_t field = LOG_RESULT(why);
    log_write(LOG_ERROR, LOG_EVENT_FRAME_REFUSED, NULL, "an answer of the signer that cannot be read", &field, 1);
    for (uint32_t i = 0; i < watchdog->outstanding_count; i++) {
        outstanding_t outstanding = watchdog->outstanding[i];
        if (outstanding.action != action)
            continue;
        forget(watchdog, i);
        end_unanswered(watchdog, action, outstanding.kind, REPLY_UNKNOWN, "the answer could not be read");
        return;
    }
}

static void give_gap(watchdog_t *watchdog)
{
    watchdog_input(watchdog, ORDER_INPUT_PRIVATE)->event =
        (private_event_t){.kind = PRIVATE_GAP, .time_ns = watchdog_now_ns(watchdog)};
    watchdog_give(watchdog);
}

/* --- lockstep: private events have their place behind the market events of their moment, whichever connection was faster --- */

static bool belongs_later(const watchdog_t *watchdog, const order_input_t *input)
{
    return watchdog->lockstep && input->kind == ORDER_INPUT_PRIVATE &&
           (!watchdog->moment_begun || input->event.time_ns > watchdog_now_ns(watchdog));
}

static void hold(watchdog_t *watchdog, const order_input_t *input)
{
    if (watchdog->held_count < WATCHDOG_HELD_MAX)
        watchdog->held_events[watchdog->held_count++] = *input;
    else
        give_gap(watchdog); /* too many to keep in order: look at everything instead */
}

void watchdog_signer_release(watchdog_t *watchdog)
{
    uint32_t count = watchdog->held_count;
    watchdog->held_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        int64_t now_ns = watchdog_now_ns(watchdog);
        *watchdog->input = watchdog->held_events[i];
        watchdog->input->now_ns = now_ns;
        watchdog_give(watchdog);
    }
}

/* What began without it would meet a closed way, and the next try the next moment, which is a quarter of an hour later. One that
 * does not come back holds nobody. */
bool watchdog_signer_is_coming(const watchdog_t *watchdog)
{
    return watchdog->lockstep && watchdog->signer && !bus_link_ready(watchdog->signer) && watchdog->signer_lost_ns > 0 &&
           loop_now_ns(watchdog->role.loop) - watchdog->signer_lost_ns < SIGNER_COMES_MS * NS_PER_MS;
}

bool watchdog_signer_caught_up(const watchdog_t *watchdog)
{
    return watchdog->held_count == 0 && (!watchdog->signer || !bus_link_ready(watchdog->signer) ||
                                         (watchdog->signer_marked && watchdog->signer_moment >= watchdog->moment));
}

static void give_risk(watchdog_t *watchdog)
{
    watchdog_input(watchdog, ORDER_INPUT_RISK)->risk = config_current(watchdog->role.config)->risk;
    watchdog_give(watchdog);
}

static void begin(watchdog_t *watchdog)
{
    if (watchdog->resumed)
        return;
    watchdog_resume(watchdog);
    give_risk(watchdog);
}

/* Rules come first on every connection: with the first of them the half can begin. */
static void take_rules(watchdog_t *watchdog)
{
    order_input_t rules = *watchdog->input;
    begin(watchdog);
    *watchdog->input = rules;
    watchdog_give(watchdog);
    instrument_id_t id = instrument_find_symbol(order_half_instruments(watchdog->half), str_from(rules.rules.symbol));
    if (id < INSTRUMENT_MAX)
        watchdog->listed[id] = true;
    watchdog->filters_due = true;
}

/* Behind the last of them; there may be none: what is open is looked after all the same. */
static void take_rules_told(watchdog_t *watchdog)
{
    begin(watchdog);
    watchdog_market_want(watchdog);
}

/* Tells the signer which level is in force here: without that it takes us for hung and acts by itself. */
static void say_kill(watchdog_t *watchdog)
{
    if (!watchdog->resumed || !watchdog_commit(watchdog) || !bus_link_ready(watchdog->signer))
        return;
    bus_message_clear(watchdog->message);
    watchdog->message->which_body = patriot_bus_Envelope_kill_level_tag;
    watchdog->message->body.kill_level.level = order_half_kill_level(watchdog->half);
    (void)bus_link_send(watchdog->signer, watchdog->message);
}

static void on_message(bus_link_t *link, const bus_message_t *message, void *context)
{
    watchdog_t *watchdog = context;
    (void)link;
    if (message->which_body == patriot_bus_Envelope_moment_tag) {
        watchdog->signer_moment = message->body.moment.number;
        watchdog->signer_marked = true;
        watchdog->signer_deaf = false;
        watchdog_moment_try(watchdog);
        watchdog_settle(watchdog);
        return;
    }
    if (message->which_body == patriot_bus_Envelope_rules_told_tag) {
        take_rules_told(watchdog);
        watchdog_settle(watchdog);
        return;
    }
    if (message->which_body == patriot_bus_Envelope_kill_level_tag) {
        watchdog_signer_kill(watchdog, message->body.kill_level.level);
        say_kill(watchdog);
        return;
    }
    if (message->number > 0) {
        /* A fresh watchdog begins wherever the signer is: what came before is in the reconciliation. */
        if (watchdog->private_inbox.last_seen == 0)
            watchdog->private_inbox.last_seen = message->number - 1;
        bus_arrival_t arrival = bus_inbox_arrival(&watchdog->private_inbox, message->number);
        if (arrival == BUS_GAP) { /* the signer could not keep what was in between: look at everything again */
            watchdog->private_inbox.last_seen = message->number - 1;
            give_gap(watchdog);
        }
        if (arrival == BUS_SEEN_BEFORE) {
            watchdog_settle(watchdog);
            return;
        }
    }
    watchdog_input(watchdog, ORDER_INPUT_TIME); /* clears, and sets the time */
    int64_t now_ns = watchdog->input->now_ns;
    result_t result = bus_order_input_decode(message, order_half_instruments(watchdog->half), watchdog->input);
    watchdog->input->now_ns = now_ns;
    if (result == RESULT_OK && watchdog->input->kind == ORDER_INPUT_RULES) {
        take_rules(watchdog);
    } else if (result == RESULT_OK && belongs_later(watchdog, watchdog->input)) {
        hold(watchdog, watchdog->input);
    } else if (result == RESULT_OK) {
        note_answer(watchdog, watchdog->input);
        watchdog_give(watchdog);
    } else if (message->which_body == patriot_bus_Envelope_order_reply_tag) {
        end_unreadable(watchdog, message->body.order_reply.action, result);
    } else if (result != RESULT_NOT_FOUND) { /* a symbol that is not ours: left alone */
        log_field_t field = LOG_RESULT(result);
        log_write(LOG_ERROR, LOG_EVENT_FRAME_REFUSED, NULL, "a message of the signer that cannot be read", &field, 1);
        give_gap(watchdog);
    }
    if (message->number > 0)
        bus_inbox_handled(&watchdog->private_inbox, message->number);
    watchdog_settle(watchdog);
}

static void on_ready(bus_link_t *link, const patriot_bus_Hello *hello, void *context)
{
    watchdog_t *watchdog = context;
    (void)link;
    bus_inbox_connected(&watchdog->private_inbox, hello);
    health_check_set(&watchdog->role.health, "signer", HEALTH_OK, "", role_now_ns(&watchdog->role));
    log_write(LOG_INFO, LOG_EVENT_PEER_CONNECTED, NULL, "signer", NULL, 0);
    watchdog->signer_marked = false;
    if (watchdog->resumed) /* what happened meanwhile is not known */
        give_gap(watchdog);
}

static void on_lost(bus_link_t *link, result_t why, const char *detail, void *context)
{
    watchdog_t *watchdog = context;
    (void)link;
    (void)why;
    watchdog->signer_lost_ns = loop_now_ns(watchdog->role.loop);
    health_check_set(&watchdog->role.health, "signer", HEALTH_DOWN, detail ? detail : "not connected",
                     role_now_ns(&watchdog->role));
    static outstanding_t lost[WATCHDOG_OUTSTANDING_MAX]; /* what the half asks for while it hears of these is not among them */
    uint32_t count = watchdog->outstanding_count;
    memcpy(lost, watchdog->outstanding, count * sizeof lost[0]);
    watchdog->outstanding_count = 0;
    watchdog_signer_release(watchdog);
    for (uint32_t i = 0; i < count && !watchdog->failed; i++)
        end_unanswered(watchdog, lost[i].action, lost[i].kind, lost[i].never_sent ? REPLY_NEVER_SENT : REPLY_UNKNOWN,
                       "the signer went away before it answered");
    watchdog_moment_try(watchdog);
    watchdog_settle(watchdog);
}

static const bus_events_t link_events = {.on_ready = on_ready, .on_message = on_message, .on_lost = on_lost};

int watchdog_signer_open(watchdog_t *watchdog)
{
    bus_dial_options_t dial = {.loop = watchdog->role.loop,
                               .data_folder = watchdog->role.data_folder,
                               .peer_role = "signer",
                               .identity = {.role = "watchdog", .epoch = watchdog->epoch},
                               .events = &link_events,
                               .context = watchdog};
    loop_task_init(&watchdog->sweep, sweep_never_sent, watchdog);
    health_check_set(&watchdog->role.health, "signer", HEALTH_STARTING, "dialling", role_now_ns(&watchdog->role));
    return bus_dial(&dial, &watchdog->signer) == RESULT_OK ? EXIT_WELL : EXIT_FAILED;
}
