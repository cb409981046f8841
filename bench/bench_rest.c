/* bench_rest.c: signed orders a second over the REST face of the simulated exchange, 64 keep-alive connections, beside the same
 * server answering a constant. rooms: edge/secret edge/store
 *
 * usage: bench_rest PATRIOT. Starts `PATRIOT exchange` on a free port and a synthetic market and drives it from 64 connections,
 * each with one request under way: first a path that does not exist (a constant answer), then POST /fapi/v1/order/test, signed
 * (key, HMAC over the bytes, time, every check of an order; the real endpoint would stop at 300 orders in ten seconds). Counted are
 * answers a second of the server's processor time, so what else runs on the machine, this client included, does not count. Exits 1
 * below 20,000 a second or half the rate of the constant.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "edge/secret/secret.h"
#include "edge/store/file.h"

enum { CONNECTIONS = 64, ANSWERS = 100000, ROOM = 8192, RATE_BAR = 20000 };
static const double RATIO_BAR = 0.5;

typedef struct {
    int socket;
    char in[ROOM];
    size_t length;
} connection_t;

static connection_t connections[CONNECTIONS];
static pid_t server;

static void must(int good, const char *what)
{
    if (!good) {
        (void)fprintf(stderr, "bench_rest: %s\n", what);
        if (server > 0)
            (void)kill(server, SIGTERM);
        exit(2);
    }
}

static void start_server(const char *patriot, const char *folder, char address[64])
{
    char path[600];
    size_t length = 0;
    server = fork();
    must(server >= 0, "fork");
    if (server == 0) {
        must(freopen("/dev/null", "w", stdout) != NULL, "/dev/null");
        execl(patriot, patriot, "exchange", "--face", "binance-usdm=127.0.0.1:0", "--market", "synthetic:BTCUSDT=60000",
              "--account", "demo:KEY:SECRET:USDT=10000", "--data", folder, "--ephemeral", (char *)NULL);
        _exit(127);
    }
    (void)snprintf(path, sizeof path, "%s/run/exchange.addr", folder);
    for (int i = 0; i < 1500; i++) {
        if (file_read_whole(path, address, 64, &length) == RESULT_OK && length > 1) {
            address[strcspn(address, "\n")] = '\0';
            return;
        }
        must(waitpid(server, NULL, WNOHANG) == 0, "the exchange did not come up");
        (void)poll(NULL, 0, 20);
    }
    must(0, "the exchange did not come up in 30 s");
}

static void connect_all(char *address)
{
    char *colon = strrchr(address, ':');
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    must(colon != NULL, "address");
    *colon = '\0';
    must(getaddrinfo(address, colon + 1, &hints, &found) == 0, "address");
    for (int i = 0; i < CONNECTIONS; i++) {
        connections[i].socket = socket(found->ai_family, SOCK_STREAM, 0);
        must(connect(connections[i].socket, found->ai_addr, found->ai_addrlen) == 0, "connect");
    }
    freeaddrinfo(found);
}

/* Processor time of the server, in seconds. */
static double server_seconds(void)
{
    char path[64], text[1024];
    unsigned long user = 0, kernel = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)server);
    FILE *file = fopen(path, "r");
    must(file != NULL && fgets(text, sizeof text, file) != NULL, "/proc");
    (void)fclose(file);
    const char *after = strrchr(text, ')');
    must(after != NULL && sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel) == 2,
         "/proc/stat");
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

static void send_all(int socket, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(socket, bytes, length, MSG_NOSIGNAL);
        must(sent > 0, "send");
        bytes += sent;
        length -= (size_t)sent;
    }
}

/* Length of the whole answer at the front; 0: not all there yet. */
static size_t whole_answer(const connection_t *connection, int status)
{
    char wanted[16];
    const char *end = strstr(connection->in, "\r\n\r\n"), *header = strstr(connection->in, "Content-Length:");
    if (!header)
        header = strstr(connection->in, "content-length:");
    if (!end || !header || header > end)
        return 0;
    (void)snprintf(wanted, sizeof wanted, "HTTP/1.1 %d", status);
    must(strncmp(connection->in, wanted, strlen(wanted)) == 0, connection->in);
    size_t size = (size_t)(end + 4 - connection->in) + strtoul(header + 15, NULL, 10);
    must(size < ROOM, "an answer too long");
    return connection->length >= size ? size : 0;
}

/* Answers a second of the server's processor time. */
static double drive(const char *request, int status)
{
    size_t size = strlen(request);
    struct pollfd waiting[CONNECTIONS];
    unsigned answers = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
        waiting[i] = (struct pollfd){.fd = connections[i].socket, .events = POLLIN};
        connections[i].length = 0;
        send_all(connections[i].socket, request, size);
    }
    double began = server_seconds();
    unsigned under_way = CONNECTIONS;
    while (under_way > 0) {
        must(poll(waiting, CONNECTIONS, 10000) > 0, "no answer in 10 s");
        for (int i = 0; i < CONNECTIONS; i++) {
            connection_t *connection = &connections[i];
            if (waiting[i].revents == 0)
                continue;
            ssize_t got = recv(connection->socket, connection->in + connection->length, ROOM - connection->length - 1, 0);
            must(got > 0, "the server closed a connection");
            connection->length += (size_t)got;
            connection->in[connection->length] = '\0';
            size_t taken = whole_answer(connection, status);
            if (taken == 0)
                continue;
            connection->length -= taken;
            memmove(connection->in, connection->in + taken, connection->length);
            answers++;
            if (answers + under_way <= ANSWERS)
                send_all(connection->socket, request, size);
            else
                under_way--;
        }
    }
    return answers / (server_seconds() - began);
}

static void signed_order(const char *host, char *request, size_t capacity)
{
    char query[400], hex[65];
    uint8_t mac[HMAC_SHA256_SIZE];
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)snprintf(
        query, sizeof query,
        "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&price=59000&newClientOrderId=bench-1&recvWindow="
        "60000&timestamp=%lld",
        (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    must(secret_hmac_sha256("SECRET", 6, query, strlen(query), mac) == RESULT_OK, "hmac");
    must(hex_encode(mac, sizeof mac, hex, sizeof hex) == RESULT_OK, "hex");
    (void)snprintf(request, capacity,
                   "POST /fapi/v1/order/test HTTP/1.1\r\nHost: %s\r\nX-MBX-APIKEY: KEY\r\nContent-Type: "
                   "application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s&signature=%s",
                   host, strlen(query) + 11 + 64, query, hex);
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/bench_rest.XXXXXX", address[64] = "", host[64], request[1200];
    must(argc == 2, "usage: bench_rest PATRIOT");
    must(mkdtemp(folder) != NULL, "a folder under /tmp");
    start_server(argv[1], folder, address);
    (void)snprintf(host, sizeof host, "%s", address);
    connect_all(address);
    (void)snprintf(request, sizeof request, "GET /fapi/v1/nothing HTTP/1.1\r\nHost: %s\r\n\r\n", host);
    (void)drive(request, 404);
    double constant = drive(request, 404);
    signed_order(host, request, sizeof request);
    double orders = drive(request, 200);
    (void)kill(server, SIGTERM);
    (void)waitpid(server, NULL, 0);
    char command[64];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    (void)system(command);
    printf("REST: signed orders %.0f/s, a constant %.0f/s of the server's processor time, ratio %.2f\n", orders, constant,
           orders / constant);
    return orders >= RATE_BAR && orders / constant >= RATIO_BAR ? 0 : 1;
}
