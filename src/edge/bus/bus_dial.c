/* bus_dial.c: the dialling side: goes on trying, with back-off, until the owner closes it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/bus/bus_link.h"

typedef struct {
    bus_link_t link;
    bus_common_t common;
} dialled_t;

static void dial_again(loop_timer_t *timer, void *context);

static void schedule(bus_link_t *link)
{
    loop_timer_init(&link->timer, link->loop, dial_again, link);
    loop_timer_start_in(&link->timer, link->backoff_ns);
    link->backoff_ns = link->backoff_ns * 2 < link->backoff_max_ns ? link->backoff_ns * 2 : link->backoff_max_ns;
}

static void dial_now(bus_link_t *link)
{
    stream_dial_t dial = {
        .loop = link->loop,
        .address = link->address,
        .read_capacity = BUS_FRAME_BYTES,
        .write_capacity = link->queue_bytes,
        .connect_timeout_ns = 2 * NS_PER_S,
        .events = &bus_link_stream_events,
        .context = link,
    };
    bus_link_begin(link);
    if (stream_dial(&dial, &link->stream) != RESULT_OK) {
        loop_timer_stop(&link->timer);
        link->stream = NULL;
        link->state = BUS_LINK_DOWN;
        schedule(link);
    }
}

static void dial_again(loop_timer_t *timer, void *context)
{
    (void)timer;
    dial_now(context);
}

static void dialled_free(bus_link_t *link)
{
    loop_timer_stop(&link->timer);
    loop_task_cancel(&link->ack_task);
    free(link); /* the link is the first member of what was allocated */
}

void bus_dial_link_gone(bus_link_t *link, result_t why)
{
    if (link->closing_by_owner) {
        dialled_free(link);
        return;
    }
    if (why == RESULT_VERSION || why == RESULT_STALE || why == RESULT_PERMISSION) {
        link->backoff_ns = link->backoff_max_ns; /* it will say the same again until one of us is replaced */
    }
    schedule(link);
}

result_t bus_dial(const bus_dial_options_t *options, bus_link_t **link)
{
    char path[BUS_PATH_MAX];
    result_t result = bus_socket_path(options->data_folder, options->peer_role, path);
    if (result != RESULT_OK) {
        return result;
    }
    dialled_t *dialled = calloc(1, sizeof *dialled);
    if (dialled == NULL) {
        return RESULT_FULL;
    }
    bus_link_t *made = &dialled->link;
    made->common = &dialled->common;
    made->loop = options->loop;
    made->events = options->events;
    made->context = options->context;
    made->queue_bytes = options->queue_bytes != 0 ? options->queue_bytes : BUS_QUEUE_BYTES_DEFAULT;
    made->backoff_min_ns = options->backoff_min_ns != 0 ? options->backoff_min_ns : 20 * NS_PER_MS;
    made->backoff_max_ns = options->backoff_max_ns != 0 ? options->backoff_max_ns : NS_PER_S;
    made->backoff_ns = made->backoff_min_ns;
    made->ack_generation = options->seen_generation;
    made->ack_number = options->last_seen;
    (void)snprintf(made->address, sizeof made->address, "unix:%s", path);
    result =
        strlen(options->peer_role) < sizeof made->peer_role ? bus_self_fill(&made->self, &options->identity) : RESULT_BAD_ARGUMENT;
    if (result != RESULT_OK) {
        free(dialled);
        return result;
    }
    memcpy(made->peer_role, options->peer_role, strlen(options->peer_role) + 1);
    dial_now(made);
    *link = made;
    return RESULT_OK;
}

void bus_link_close(bus_link_t *link)
{
    if (link->server == NULL) {
        link->closing_by_owner = true;
    }
    if (link->stream != NULL) {
        if (link->state != BUS_LINK_CLOSING) {
            link->state = BUS_LINK_CLOSING;
            stream_close(link->stream);
        }
        return; /* the end comes through on_close */
    }
    if (link->server == NULL && link->callbacks == 0) {
        dialled_free(link);
    }
    /* inside on_lost of a dialled link: bus_dial_link_gone follows and frees */
}
