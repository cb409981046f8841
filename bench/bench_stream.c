/* bench_stream.c: the streams of the simulated exchange: many subscribers of a busy book, and one of a recording played as fast as
 * it goes. rooms: edge/store
 *
 * usage: bench_stream PATRIOT RECORDED FOLDER
 *
 * crowd     1,000 subscribers of one book that changes 1,000 times a second (a made recording, at the speed of the wall clock, five
 *           seconds of it): each must get each change. Bars: none is missing, RSS of the exchange <= 150 MB.
 * recorded  RECORDED (unpacked first: inflating alone takes a microsecond a message) at `--speed max`, into the book and out to one
 *           subscriber of its quotes; then of quotes, trades and changes of the book. Counted are messages of the recording a
 * second of the exchange's processor time (/proc/PID/schedstat). Bar: 1,000,000/s for the quotes.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "edge/store/file.h"

enum {
    SUBSCRIBERS = 1000,
    CHANGES = 5000,
    RSS_BAR_MB = 150,
    RATE_BAR = 1000000,
    ROOM = 1 << 18,
    FOLDER_ROOM = 600,
    PATH_ROOM = 700,
    QUIET_MS = 3000, /* nothing for so long: all has come */
};

/* A subscriber counts frames and forgets them. */
typedef struct {
    int socket;
    unsigned char head[10]; /* of the frame that has begun */
    size_t head_length, left;
    uint64_t frames;
} subscriber_t;

static subscriber_t subscribers[SUBSCRIBERS];
static pid_t server;
static char address[64];
static const char *patriot;

static void must(bool good, const char *what)
{
    if (!good) {
        (void)fprintf(stderr, "bench_stream: %s (%s)\n", what, strerror(errno));
        if (server > 0)
            (void)kill(server, SIGTERM);
        exit(2);
    }
}

/* --- the exchange ----------------------------------------------------------------------------- */

static void start_server(const char *market, const char *folder)
{
    char path[PATH_ROOM + 64];
    size_t length = 0;
    (void)fflush(stdout);
    server = fork();
    must(server >= 0, "fork");
    if (server == 0) {
        must(freopen("/dev/null", "w", stdout) != NULL, "/dev/null");
        execl(patriot, patriot, "exchange", "--face", "binance-usdm=127.0.0.1:0", "--market", market, "--account",
              "demo:KEY:SECRET:USDT=10000", "--data", folder, "--ephemeral", "--speed", "0.000001", (char *)NULL);
        _exit(127);
    }
    (void)snprintf(path, sizeof path, "%s/run/exchange.addr", folder);
    for (int i = 0; i < 1500; i++) {
        if (file_read_whole(path, address, sizeof address, &length) == RESULT_OK && length > 1) {
            address[strcspn(address, "\n")] = '\0';
            return;
        }
        must(waitpid(server, NULL, WNOHANG) == 0, "the exchange did not come up");
        (void)usleep(20000);
    }
    must(false, "the exchange did not come up in 30 s");
}

static void end_server(void)
{
    (void)kill(server, SIGTERM);
    (void)waitpid(server, NULL, 0);
    server = 0;
}

static void set_speed(const char *folder, const char *speed)
{
    (void)fflush(stdout);
    pid_t child = fork();
    int status = 0;
    must(child >= 0, "fork");
    if (child == 0) {
        must(freopen("/dev/null", "w", stdout) != NULL, "/dev/null");
        execl(patriot, patriot, "exchange", "ctl", folder, "speed", speed, (char *)NULL);
        _exit(127);
    }
    must(waitpid(child, &status, 0) == child && status == 0, "exchange ctl speed");
}

static double server_seconds(void)
{
    char path[64];
    unsigned long long ns = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/schedstat", (int)server);
    FILE *file = fopen(path, "r");
    must(file != NULL && fscanf(file, "%llu", &ns) == 1, "/proc/schedstat");
    (void)fclose(file);
    return (double)ns / 1e9;
}

static unsigned server_rss_mb(void)
{
    char path[64], line[256];
    unsigned kb = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)server);
    FILE *file = fopen(path, "r");
    must(file != NULL, "/proc/status");
    while (fgets(line, sizeof line, file) != NULL && sscanf(line, "VmHWM: %u", &kb) != 1) {}
    (void)fclose(file);
    return kb / 1024;
}

/* --- subscribers ------------------------------------------------------------------------------ */

static void subscribe(subscriber_t *subscriber, const char *streams)
{
    char host[64], request[512];
    (void)snprintf(host, sizeof host, "%s", address);
    char *colon = strrchr(host, ':');
    must(colon != NULL, "address");
    *colon = '\0';
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    must(getaddrinfo(host, colon + 1, &hints, &found) == 0, "address");
    *subscriber = (subscriber_t){.socket = socket(found->ai_family, SOCK_STREAM, 0)};
    must(connect(subscriber->socket, found->ai_addr, found->ai_addrlen) == 0, "connect");
    freeaddrinfo(found);
    int length = snprintf(request, sizeof request,
                          "GET /public/stream?streams=%s HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                          streams);
    must(send(subscriber->socket, request, (size_t)length, MSG_NOSIGNAL) == length, "send");
    char answer[129];
    ssize_t got = recv(subscriber->socket, answer, sizeof answer, MSG_WAITALL);
    must(got == sizeof answer && memcmp(answer, "HTTP/1.1 101", 12) == 0 && memcmp(answer + 125, "\r\n\r\n", 4) == 0, "upgrade");
    must(fcntl(subscriber->socket, F_SETFL, O_NONBLOCK) == 0, "fcntl");
}

/* Whole head of a server's frame: 2, 4 or 10 bytes. */
static size_t head_size(const unsigned char *head)
{
    return (head[1] & 127) == 126 ? 4 : (head[1] & 127) == 127 ? 10 : 2;
}

static uint64_t payload_size(const unsigned char *head)
{
    uint64_t size = head[1] & 127;
    size_t extra = head_size(head) - 2;
    for (size_t i = 0; i < extra; i++)
        size = (i == 0 ? 0 : size << 8) | head[2 + i];
    return size;
}

static void count_frames(subscriber_t *subscriber, const unsigned char *bytes, size_t length)
{
    while (length > 0) {
        if (subscriber->left > 0) {
            size_t step = subscriber->left < length ? subscriber->left : length;
            subscriber->left -= step;
            bytes += step;
            length -= step;
            continue;
        }
        subscriber->head[subscriber->head_length++] = *bytes++;
        length--;
        if (subscriber->head_length < 2 || subscriber->head_length < head_size(subscriber->head))
            continue;
        subscriber->left = payload_size(subscriber->head);
        subscriber->frames += (subscriber->head[0] & 15) == 1;
        subscriber->head_length = 0;
    }
}

static void watch(int set, subscriber_t *subscriber)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = subscriber};
    must(epoll_ctl(set, EPOLL_CTL_ADD, subscriber->socket, &event) == 0, "epoll");
}

/* Reads until `wanted` frames of each have come, or nothing comes any more. */
static void read_all(int set, unsigned count, uint64_t wanted)
{
    static unsigned char room[ROOM];
    struct epoll_event events[256];
    unsigned whole = 0;
    while (whole < count) {
        int ready = epoll_wait(set, events, 256, QUIET_MS);
        must(ready >= 0 || errno == EINTR, "epoll_wait");
        if (ready == 0)
            return;
        for (int i = 0; i < ready; i++) {
            subscriber_t *subscriber = events[i].data.ptr;
            uint64_t before = subscriber->frames;
            ssize_t got = recv(subscriber->socket, room, sizeof room, 0);
            must(got > 0 || (got < 0 && errno == EAGAIN), "the exchange closed a subscriber");
            if (got > 0)
                count_frames(subscriber, room, (size_t)got);
            whole += before < wanted && subscriber->frames >= wanted;
        }
    }
}

/* --- the two figures -------------------------------------------------------------------------- */

static void write_changes(const char *path)
{
    FILE *file = fopen(path, "w");
    must(file != NULL, path);
    for (int i = 0; i <= CHANGES; i++) { /* the first one opens the book, before anybody listens */
        long long ms = 1723161256000LL + i + (i > 0 ? 10 : 0);
        must(
            fprintf(file,
                    "%lld000000 {\"stream\":\"btcusdt@bookTicker\",\"data\":{\"e\":\"bookTicker\",\"u\":%d,\"s\":\"BTCUSDT\",\"b\":"
                    "\"50000.%d0\",\"B\":\"%d.000\",\"a\":\"50001.%d0\",\"A\":\"2.000\",\"T\":%lld,\"E\":%lld}}\n",
                    ms, 1000 + i, i % 10, 1 + i % 7, i % 10, ms, ms) > 0,
            path);
    }
    must(fclose(file) == 0, path);
}

static int crowd(const char *folder)
{
    char path[PATH_ROOM], market[PATH_ROOM + 64], data[PATH_ROOM];
    (void)snprintf(path, sizeof path, "%s/changes.stream", folder);
    (void)snprintf(market, sizeof market, "stream:BTCUSDT=%s", path);
    (void)snprintf(data, sizeof data, "%s/crowd", folder);
    write_changes(path);
    start_server(market, data);
    int set = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < SUBSCRIBERS; i++) {
        subscribe(&subscribers[i], "btcusdt@bookTicker");
        watch(set, &subscribers[i]);
    }
    double began = server_seconds();
    set_speed(data, "1");
    read_all(set, SUBSCRIBERS, CHANGES);
    double busy = server_seconds() - began;
    uint64_t fewest = UINT64_MAX;
    for (int i = 0; i < SUBSCRIBERS; i++) {
        fewest = subscribers[i].frames < fewest ? subscribers[i].frames : fewest;
        (void)close(subscribers[i].socket);
    }
    unsigned rss = server_rss_mb();
    (void)close(set);
    end_server();
    bool held = fewest >= CHANGES && rss <= RSS_BAR_MB;
    printf("stream: %d subscribers, %d changes: the least lucky got %llu; RSS %u MB; %.0f %% of a core, %.0f ns a frame%s\n",
           SUBSCRIBERS, CHANGES, (unsigned long long)fewest, rss, busy / (CHANGES / 1000.0) * 100,
           busy * 1e9 / ((double)SUBSCRIBERS * CHANGES), held ? "" : " MISSED");
    return held ? 0 : 1;
}

static double recorded(const char *path, const char *folder, const char *streams, uint64_t lines)
{
    char market[PATH_ROOM + 64], data[PATH_ROOM];
    (void)snprintf(market, sizeof market, "stream:BTCUSDT=%s", path);
    (void)snprintf(data, sizeof data, "%s/recorded", folder);
    start_server(market, data);
    int set = epoll_create1(EPOLL_CLOEXEC);
    subscribe(&subscribers[0], streams);
    watch(set, &subscribers[0]);
    double began = server_seconds();
    set_speed(data, "max");
    read_all(set, 1, UINT64_MAX);
    double rate = (double)lines / (server_seconds() - began);
    printf("stream: recorded, %s: %llu frames out, %.0f messages a second of the exchange's processor time\n", streams,
           (unsigned long long)subscribers[0].frames, rate);
    (void)close(subscribers[0].socket);
    (void)close(set);
    end_server();
    return rate;
}

static uint64_t unpack(const char *from, const char *to)
{
    char command[2 * PATH_ROOM];
    uint64_t lines = 0;
    (void)snprintf(command, sizeof command, "gzip -dc '%s' > '%s'", from, to);
    must(system(command) == 0, "gzip -dc");
    FILE *file = fopen(to, "r");
    must(file != NULL, to);
    for (int c = getc(file); c != EOF; c = getc(file))
        lines += c == '\n';
    (void)fclose(file);
    return lines;
}

int main(int argc, char **argv)
{
    char folder[FOLDER_ROOM], plain[PATH_ROOM];
    must(argc == 4, "usage: bench_stream PATRIOT RECORDED FOLDER");
    patriot = argv[1];
    (void)snprintf(folder, sizeof folder, "%s/bench_stream.XXXXXX", argv[3]);
    must(mkdtemp(folder) != NULL, folder);
    struct rlimit limit;
    must(getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    int missed = crowd(folder);
    (void)snprintf(plain, sizeof plain, "%s/recorded.stream", folder);
    uint64_t lines = unpack(argv[2], plain);
    double rate = recorded(plain, folder, "btcusdt@bookTicker", lines);
    (void)recorded(plain, folder, "btcusdt@bookTicker/btcusdt@depth@0ms/btcusdt@trade", lines);
    char command[700];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    (void)system(command);
    printf("stream: %d subscribers %s; recorded %.0f messages/s (bar %d) %s\n", SUBSCRIBERS, missed ? "MISSED" : "held", rate,
           RATE_BAR, rate >= RATE_BAR ? "held" : "MISSED");
    return missed || rate < RATE_BAR ? 1 : 0;
}
