/* listener_hosts.c: how many streams of a listener come from which host, in a table that grows and shrinks with them.
 *
 * A host is an IPv4 address or the first 64 bits of an IPv6 one: who owns one address there owns them all.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/hash.h"
#include "edge/net/stream_inside.h"

struct listener_host {
    listener_host_t *next, **link;
    uint64_t key;
    uint32_t count;
    uint8_t family; /* as sockaddr has it, cut to what tells the families apart */
};

static uint64_t key_of(const struct sockaddr_storage *peer)
{
    uint64_t key = 0;
    if (peer->ss_family == AF_INET6) {
        memcpy(&key, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr, sizeof key);
    } else if (peer->ss_family == AF_INET) {
        key = ((const struct sockaddr_in *)(const void *)peer)->sin_addr.s_addr;
    }
    return key;
}

listener_host_t *listener_host_of(listener_hosts_t *hosts, const struct sockaddr_storage *peer)
{
    uint64_t key = key_of(peer);
    uint8_t family = (uint8_t)peer->ss_family;
    listener_host_t **bucket = &hosts->buckets[hash_u64(family, key) % (sizeof hosts->buckets / sizeof hosts->buckets[0])];
    for (listener_host_t *host = *bucket; host != NULL; host = host->next) {
        if (host->key == key && host->family == family) {
            return host;
        }
    }
    listener_host_t *host = calloc(1, sizeof *host);
    if (host != NULL) {
        *host = (listener_host_t){.next = *bucket, .link = bucket, .key = key, .family = family};
        if (host->next != NULL) {
            host->next->link = &host->next;
        }
        *bucket = host;
    }
    return host;
}

uint32_t listener_host_count(const listener_host_t *host)
{
    return host->count;
}

void listener_host_enter(listener_host_t *host)
{
    host->count++;
}

void listener_host_leave(listener_host_t *host)
{
    ASSERT(host->count > 0);
    if (--host->count > 0) {
        return;
    }
    *host->link = host->next;
    if (host->next != NULL) {
        host->next->link = host->link;
    }
    free(host);
}
