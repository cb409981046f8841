/* bus_server.c: the listening side: accepts, checks who it is, keeps the list of links. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edge/bus/bus_link.h"
#include "edge/observe/log.h"

struct bus_server {
    bus_common_t common;
    bus_server_options_t options;
    bus_self_t self;
    listener_t *listener;
    bus_link_t *links; /* newest first */
    uint32_t link_count;
    bool closed;
};

static bool user_allowed(stream_t *stream)
{
    uint32_t uid = UINT32_MAX;
    return stream_peer_uid(stream, &uid) == RESULT_OK &&
           (uid == (uint32_t)geteuid() || uid == 0); /* root may do everything anyway */
}

static void *on_accept(listener_t *listener, stream_t *stream, void *context)
{
    bus_server_t *server = context;
    (void)listener;
    if (!user_allowed(stream)) {
        log_write(LOG_WARNING, LOG_EVENT_PEER_REFUSED, NULL, "a process of another user asked for the socket", LOG_NO_FIELDS);
        return NULL;
    }
    bus_link_t *link = calloc(1, sizeof *link);
    if (link == NULL) {
        return NULL;
    }
    link->common = &server->common;
    link->self = server->self;
    link->loop = server->options.loop;
    link->stream = stream;
    link->events = server->options.events;
    link->context = server->options.context;
    link->queue_bytes = server->options.queue_bytes;
    link->server = server;
    link->next = server->links;
    server->links = link;
    server->link_count++;
    bus_link_begin(link);
    return link;
}

/* The peer's Hello agrees: ask the owner what has been seen of it, then greet back. */
result_t bus_server_link_greeted(bus_link_t *link)
{
    bus_server_t *server = link->server;
    if (server->options.seen != NULL) {
        link->ack_generation = 0;
        link->ack_number = 0;
        server->options.seen(server->options.context, &link->peer, &link->ack_generation, &link->ack_number);
    }
    return bus_link_send_hello(link);
}

static void server_free_if_done(bus_server_t *server)
{
    if (server->closed && server->links == NULL) {
        free(server);
    }
}

void bus_server_link_gone(bus_link_t *link)
{
    bus_server_t *server = link->server;
    for (bus_link_t **at = &server->links; *at != NULL; at = &(*at)->next) {
        if (*at == link) {
            *at = link->next;
            server->link_count--;
            break;
        }
    }
    free(link);
    server_free_if_done(server);
}

static result_t run_folder_make(const char *data_folder)
{
    char path[FILENAME_MAX];
    int length = snprintf(path, sizeof path, "%s/run", data_folder);
    if (length < 0 || (size_t)length >= sizeof path) {
        return RESULT_TEXT_TOO_LONG;
    }
    (void)mkdir(data_folder, 0700); /* either stands already in most cases; listening tells when it does not */
    (void)mkdir(path, 0700);
    return RESULT_OK;
}

result_t bus_server_open(const bus_server_options_t *options, bus_server_t **server)
{
    char path[BUS_PATH_MAX];
    char address[BUS_PATH_MAX + 8];
    result_t result = bus_socket_path(options->data_folder, options->identity.role, path);
    if (result == RESULT_OK) {
        result = run_folder_make(options->data_folder);
    }
    if (result != RESULT_OK) {
        return result;
    }
    (void)snprintf(address, sizeof address, "unix:%s", path);
    bus_server_t *opened = calloc(1, sizeof *opened);
    if (opened == NULL) {
        return RESULT_FULL;
    }
    opened->options = *options;
    opened->options.data_folder = NULL; /* borrowed for this call only */
    opened->options.queue_bytes = options->queue_bytes != 0 ? options->queue_bytes : BUS_QUEUE_BYTES_DEFAULT;
    opened->common.epoch_highest = options->epoch_floor;
    result = bus_self_fill(&opened->self, &options->identity);
    if (result == RESULT_OK) {
        listener_options_t listen = {
            .loop = options->loop,
            .address = address,
            .connections_max = options->links_max != 0 ? options->links_max : 16,
            .read_capacity = BUS_FRAME_BYTES,
            .write_capacity = opened->options.queue_bytes,
            .events = &bus_link_stream_events,
            .on_accept = on_accept,
            .context = opened,
        };
        result = listener_open(&listen, &opened->listener);
    }
    if (result != RESULT_OK) {
        free(opened);
        return result;
    }
    *server = opened;
    return RESULT_OK;
}

void bus_server_close(bus_server_t *server)
{
    listener_close(server->listener);
    server->listener = NULL;
    for (bus_link_t *link = server->links; link != NULL; link = link->next) {
        bus_link_refuse(link, BUS_REFUSED_STOPPING, "the process is stopping");
    }
    server->closed = true;
    server_free_if_done(server);
}

bus_link_t *bus_server_next(bus_server_t *server, bus_link_t *after)
{
    bus_link_t *link = after == NULL ? server->links : after->next;
    while (link != NULL && link->state != BUS_LINK_READY) {
        link = link->next;
    }
    return link;
}

bus_link_t *bus_server_find(bus_server_t *server, const char *role)
{
    for (bus_link_t *link = bus_server_next(server, NULL); link != NULL; link = bus_server_next(server, link)) {
        if (strcmp(link->peer.role, role) == 0) {
            return link;
        }
    }
    return NULL;
}

uint32_t bus_server_epoch(const bus_server_t *server)
{
    return server->common.epoch_highest;
}
