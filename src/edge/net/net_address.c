/* net_address.c: addresses as text and as the system's structs, for stream_open.c and listener.c. */
#define _GNU_SOURCE /* struct ucred */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/net/stream_inside.h"

enum { PORT_TEXT_MAX = 6 };

static const char unix_prefix[] = "unix:";

/* "host:port", "[v6]:port", "unix:/path" -> parts. False when it is none of them. */
bool net_address_split(const char *address, char host[NET_ADDRESS_MAX], char port[PORT_TEXT_MAX], bool *is_unix)
{
    *is_unix = strncmp(address, unix_prefix, sizeof unix_prefix - 1) == 0;
    if (*is_unix) {
        const char *path = address + sizeof unix_prefix - 1;
        return path[0] != '\0' && str_copy(str_from(path), host, NET_ADDRESS_MAX) == RESULT_OK;
    }
    const char *colon = strrchr(address, ':');
    if (colon == NULL || colon == address) {
        return false;
    }
    str_t name = {address, (size_t)(colon - address)};
    if (name.bytes[0] == '[') {
        if (name.length < 3 || name.bytes[name.length - 1] != ']') {
            return false;
        }
        name = (str_t){name.bytes + 1, name.length - 2};
    } else if (memchr(name.bytes, ':', name.length) != NULL) {
        return false; /* IPv6 without brackets: which colon is the port's? */
    }
    uint64_t number = 0;
    if (str_to_u64(str_from(colon + 1), &number) != RESULT_OK || number > 65535 || strlen(colon + 1) >= PORT_TEXT_MAX) {
        return false;
    }
    memcpy(port, colon + 1, strlen(colon + 1) + 1);
    return str_copy(name, host, NET_ADDRESS_MAX) == RESULT_OK;
}

result_t net_unix_address(const char *path, struct sockaddr_un *out)
{
    size_t length = strlen(path);
    if (length > NET_UNIX_PATH_MAX) {
        return RESULT_TEXT_TOO_LONG;
    }
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(out->sun_path, path, length + 1);
    return RESULT_OK;
}

/* A number, no name: false for everything else. */
bool net_number_address(const char *host, const char *port, struct sockaddr_storage *out, socklen_t *size)
{
    uint16_t port_number = (uint16_t)strtoul(port, NULL, 10);
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port_number);
        *size = sizeof *v4;
        return true;
    }
    if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port_number);
        *size = sizeof *v6;
        return true;
    }
    return false;
}

void net_address_format(const struct sockaddr_storage *address, char out[NET_ADDRESS_MAX])
{
    char number[INET6_ADDRSTRLEN] = "";
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
        inet_ntop(AF_INET, &v4->sin_addr, number, sizeof number);
        snprintf(out, NET_ADDRESS_MAX, "%s:%u", number, (unsigned)ntohs(v4->sin_port));
    } else if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
        inet_ntop(AF_INET6, &v6->sin6_addr, number, sizeof number);
        snprintf(out, NET_ADDRESS_MAX, "[%s]:%u", number, (unsigned)ntohs(v6->sin6_port));
    } else {
        snprintf(out, NET_ADDRESS_MAX, "unix");
    }
}

void net_no_delay(int descriptor)
{
    int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

result_t stream_peer_uid(const stream_t *stream, uint32_t *uid)
{
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (!stream->is_unix || stream->descriptor < 0) {
        return RESULT_UNSUPPORTED;
    }
    if (getsockopt(stream->descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        return RESULT_IO;
    }
    *uid = credentials.uid;
    return RESULT_OK;
}
