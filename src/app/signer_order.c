/* signer_order.c: lockstep: one order for what the watchdog hears, whichever socket was faster.
 *
 * Its actions are taken one after the other, the next when the one before has been answered to the end. With every answer the
 * exchange says how many private events it had sent before it (X-LOCKSTEP-EVENTS); the answer is passed on behind exactly these,
 * events at once. Nothing else can come in between: events are caused by the one action under way or by a new moment, which waits
 * for us. So the watchdog's inputs are the exchange's own sequence of events and answers.
 *
 * Nobody waits for ever: an answer whose events do not come is passed on after a while, or when the private stream is lost. While
 * not one more event comes the stream is deaf, and the answers behind that one are passed on at once.
 */
#include <string.h>

#include "app/signer_state.h"
#include "core/base/time.h"

enum { ORDER_PATIENCE_MS = 1000 };

static bool is_deaf(const signer_t *signer)
{
    return signer->deaf && user_stream_events(signer->stream) == signer->deaf_events;
}

static bool nothing_under_way(const signer_t *signer)
{
    return signer->held_count == 0 && !signer->rules.reading && (!signer->account || account_client_idle(signer->account));
}

bool order_is_settled(const signer_t *signer)
{
    return signer->action_count == 0 && nothing_under_way(signer);
}

/* --- actions ---------------------------------------------------------------------------------- */

static void take_next(void *context)
{
    signer_t *signer = context;
    while (signer->action_count > 0 && nothing_under_way(signer)) {
        order_action_t action = signer->actions[signer->action_first];
        signer->action_first = (signer->action_first + 1) % SIGNER_ACTIONS_MAX;
        signer->action_count--;
        signer_take_action(signer, &action);
    }
    signer_settle(signer);
}

bool order_action(signer_t *signer, const order_action_t *action)
{
    if (signer->action_count == SIGNER_ACTIONS_MAX)
        return false;
    signer->actions[(signer->action_first + signer->action_count++) % SIGNER_ACTIONS_MAX] = *action;
    loop_defer(signer->role.loop, &signer->order_turn);
    return true;
}

void order_forget_actions(signer_t *signer)
{
    signer->action_count = 0;
}

/* --- answers ---------------------------------------------------------------------------------- */

static void pass_on(signer_t *signer, uint64_t events)
{
    uint32_t passed = 0;
    while (passed < signer->held_count && signer->held[passed].behind <= events)
        (void)signer_send_input(signer, &signer->held[passed++].input);
    signer->held_count -= passed;
    memmove(signer->held, signer->held + passed, signer->held_count * sizeof signer->held[0]);
}

void order_input(signer_t *signer, const order_input_t *input)
{
    loop_defer(signer->role.loop, &signer->order_turn); /* it may have been the last word on its action */
    uint64_t behind = binance_rest_events_told(signer->venue.rest);
    bool early = user_stream_is_up(signer->stream) && user_stream_events(signer->stream) < behind && !is_deaf(signer);
    if (signer->held_count == SIGNER_HELD_MAX)
        pass_on(signer, UINT64_MAX);
    if (signer->held_count == 0 && !early) {
        (void)signer_send_input(signer, input);
        return;
    }
    if (signer->held_count == 0)
        loop_timer_start_in(&signer->order_patience, ORDER_PATIENCE_MS * NS_PER_MS);
    signer->held[signer->held_count].behind = behind;
    signer->held[signer->held_count++].input = *input;
}

void order_events_came(signer_t *signer)
{
    pass_on(signer, user_stream_is_up(signer->stream) ? user_stream_events(signer->stream) : UINT64_MAX);
    loop_defer(signer->role.loop, &signer->order_turn);
}

static void on_patience(loop_timer_t *timer, void *context)
{
    signer_t *signer = context;
    (void)timer;
    if (signer->held_count == 0)
        return;
    log_write(LOG_WARNING, LOG_EVENT_STREAM_LOST, NULL, "private events that belong before an answer did not come", NULL, 0);
    signer->deaf = true;
    signer->deaf_events = user_stream_events(signer->stream);
    pass_on(signer, UINT64_MAX);
    take_next(signer);
}

void order_init(signer_t *signer)
{
    loop_task_init(&signer->order_turn, take_next, signer);
    loop_timer_init(&signer->order_patience, signer->role.loop, on_patience, signer);
}

void order_stop(signer_t *signer)
{
    loop_task_cancel(&signer->order_turn);
    loop_timer_stop(&signer->order_patience);
}
