/* bench_order_path.c: decision to first byte on the wire, with the intent durable, against a bare fdatasync append in the same run.
 * rooms: edge/bus edge/exchange edge/store edge/secret core/engine
 *
 * usage: bench_order_path [FOLDER [SAMPLES]]; FOLDER (default: here) lies on the file system to be measured.
 *
 * Two processes, joined as in the house. The parent stands for the watchdog: it encodes the INTENT and SEND records of an entry,
 * appends and commits them to a real journal, and hands the PLACE action over on the bus. The child is the signer's path: bus
 * server, action decoded, request encoded, budget asked (the locked, mapped file), HMAC signature, http_request_once on a
 * kept-alive connection. The parent is also the venue: the time is taken when the first byte of the order has arrived at its
 * socket, so the wake-up of the receiver is counted against us. It checks that the bytes are that order's, answers, and the answer
 * goes back over the bus; then comes the next sample.
 *
 * The floor is one pwrite and one fdatasync of as many bytes, to a file on the same file system that is allocated and written with
 * zeros before (the least that makes bytes durable). Both are measured in turns, each first in every other round, so what else the
 * machine does meets both alike. Exits 1 when a bar is missed: p50 within 3 times, p99 within 10 times of the floor.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/engine/record_codec.h"
#include "edge/bus/bus.h"
#include "edge/bus/bus_order_codec.h"
#include "edge/exchange/binance/rest.h"
#include "edge/net/stream.h"
#include "edge/store/journal_format.h"

enum {
    WARM_UP = 200,
    SAMPLES_DEFAULT = 4000,
    SAMPLES_MIN = 2000,
    SAMPLES_MAX = 100000,
    PATH_MAX_BYTES = 512,
    EPOCH = 3,
    ACCOUNT = 1
};
static const double P50_BAR = 3.0, P99_BAR = 10.0;
static const int64_t FIRST_MS = 1760000000000, STEP_MS = 1000; /* venue time moves on for each order, so that the budget has room */

/* What the child tells of the sample under way. */
typedef struct {
    int64_t received_ns, sent_ns;
} child_times_t;

static child_times_t *child_times;
static instrument_table_t table;
static char folder[PATH_MAX_BYTES];
static bus_message_t message;

static int64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void must(result_t result, const char *what)
{
    if (result != RESULT_OK) {
        (void)fprintf(stderr, "bench_order_path: %s: %s\n", what, result_text(result));
        exit(2);
    }
}

static void must_be(bool true_value, const char *what)
{
    if (!true_value) {
        perror(what);
        exit(2);
    }
}

static void make_path(const char *name, char path[PATH_MAX_BYTES + 32])
{
    (void)snprintf(path, PATH_MAX_BYTES + 32, "%s/%s", folder, name);
}

static void remove_folder(void)
{
    static const char *const names[] = {"journal", "run", ""};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[PATH_MAX_BYTES + 32], file[2 * PATH_MAX_BYTES + 64];
        make_path(names[i], path);
        DIR *open_folder = opendir(path);
        for (struct dirent *entry; open_folder != NULL && (entry = readdir(open_folder)) != NULL;) {
            (void)snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
            (void)unlink(file);
        }
        if (open_folder != NULL) {
            (void)closedir(open_folder);
        }
        (void)rmdir(path);
    }
}

static void make_table(void)
{
    instrument_t instrument = {.venue = "BINANCE",
                               .symbol = "BTCUSDT",
                               .base = "BTC",
                               .quote = "USDT",
                               .settle = "USDT",
                               .kind = INSTRUMENT_PERPETUAL,
                               .status = INSTRUMENT_TRADING,
                               .tick_size = dec_from_scaled(1, 1),
                               .lot_step = dec_from_scaled(1, 3),
                               .quantity_min = dec_from_scaled(1, 3),
                               .quantity_max = dec_from_int(1000),
                               .market_step = dec_from_scaled(1, 3),
                               .market_quantity_min = dec_from_scaled(1, 3),
                               .market_quantity_max = dec_from_int(120),
                               .notional_min = dec_from_int(5),
                               .contract_size = dec_from_int(1)};
    instrument_id_t id = 0;
    must(instrument_table_put(&table, &instrument, &id), "instrument");
}

/* --- the child: the signer's path ------------------------------------------------------------- */

typedef struct {
    binance_rest_t *rest;
    venue_clock_t clock;
    int64_t venue_ms;
    bus_link_t *watchdog;
    order_action_t action;
    order_input_t input;
} signer_t;

static void signer_answered(void *context, const binance_result_t *result)
{
    signer_t *signer = context;
    must(result->why, "the order's answer");
    signer->input = (order_input_t){.kind = ORDER_INPUT_REPLY};
    signer->input.reply = (order_reply_t){.action = signer->action.number, .kind = REPLY_ACCEPTED};
    bus_message_clear(&message);
    must(bus_order_input_encode(&signer->input, &table, &message), "the reply as a message");
    must(bus_link_send(signer->watchdog, &message), "the reply on the bus");
}

static void signer_heard(bus_link_t *link, const bus_message_t *heard, void *context)
{
    signer_t *signer = context;
    binance_request_t request;
    int64_t wait_ms = 0;
    child_times->received_ns = now_ns();
    signer->watchdog = link;
    must(bus_order_action_decode(&heard->body.order_command, &table, &signer->action), "the action");
    signer->venue_ms += STEP_MS;
    venue_clock_pin(&signer->clock, signer->venue_ms);
    must(binance_encode_place(&request, instrument_table_at(&table, signer->action.instrument), &signer->action.place,
                              POSITION_MODE_ONE_WAY),
         "the request");
    must(binance_rest_send(signer->rest, &request, signer_answered, signer, &wait_ms), "sending the order");
    child_times->sent_ns = now_ns();
}

static const bus_events_t signer_events = {.on_message = signer_heard};

static void signer_run(int address_pipe)
{
    static signer_t signer = {.venue_ms = FIRST_MS};
    loop_t *loop = NULL;
    bus_server_t *server = NULL;
    http_client_t *client = NULL;
    budget_t *budget = NULL;
    sign_key_t *key = NULL;
    secret_t secret = {0};
    char origin[NET_ADDRESS_MAX + 8] = "http://", path[PATH_MAX_BYTES + 32];
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    must_be(read(address_pipe, origin + 7, NET_ADDRESS_MAX) > 0, "the venue's address");
    must(loop_create(&(loop_options_t){.clock = LOOP_CLOCK_REAL}, &loop), "loop");
    must(http_client_create(&(http_client_options_t){.loop = loop, .origin = origin}, &client), "HTTP client");
    http_client_keep_warm(client, 2);
    make_path("budget.bin", path);
    must(budget_open(path, &budget, NULL), "budget");
    must(secret_set(&secret, "2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9", 64), "secret");
    must(sign_key_open(&secret, &key), "key");
    venue_clock_init(&signer.clock);
    venue_clock_pin(&signer.clock, signer.venue_ms);
    binance_rest_options_t rest = {.loop = loop,
                                   .client = client,
                                   .budget = budget,
                                   .clock = &signer.clock,
                                   .api_key = STR("dbefbc809e3e83c283a984c3a1459732ea7db1360ca80c5c2c8867408d28cc83"),
                                   .key = key,
                                   .account = ACCOUNT};
    must(binance_rest_create(&rest, &signer.rest), "REST client");
    bus_server_options_t bus = {
        .loop = loop, .data_folder = folder, .identity = {.role = "signer"}, .events = &signer_events, .context = &signer};
    must(bus_server_open(&bus, &server), "bus server");
    loop_run(loop); /* until the parent ends it */
    exit(0);
}

/* --- the parent: watchdog and venue ----------------------------------------------------------- */

typedef struct {
    loop_t *loop;
    bus_link_t *signer;
    journal_t *journal;
    uint64_t number; /* of the sample: action, intent */
    char client_id[CLIENT_ID_MAX];
    uint32_t connections; /* to the venue */
    int64_t decided_ns, durable_ns, arrived_ns;
    bool answered;
    int floor_descriptor;
    size_t bytes; /* of one commit */
} watchdog_t;

static size_t venue_heard(stream_t *stream, char *bytes, size_t length, void *context)
{
    static const char body[] = "{\"orderId\":283194212,\"symbol\":\"BTCUSDT\",\"status\":\"NEW\",\"price\":\"61800.2\",\"origQty\":"
                               "\"0.010\",\"executedQty\":\"0\"}";
    watchdog_t *watchdog = context;
    int64_t heard_ns = now_ns();
    char text[4096], wanted[CLIENT_ID_MAX + 32], reply[512];
    if (watchdog->arrived_ns == 0) {
        watchdog->arrived_ns = heard_ns;
    }
    (void)snprintf(text, sizeof text, "%.*s", (int)length, bytes);
    if (strstr(text, "&signature=") == NULL) {
        return 0; /* the rest is under way */
    }
    (void)snprintf(wanted, sizeof wanted, "newClientOrderId=%s&", watchdog->client_id);
    must(strstr(text, wanted) != NULL ? RESULT_OK : RESULT_MALFORMED, "the order at the venue is not the one asked for");
    int reply_length = snprintf(reply, sizeof reply,
                                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-MBX-ORDER-COUNT-10S: "
                                "1\r\nX-MBX-ORDER-COUNT-1M: 1\r\nContent-Length: %zu\r\n\r\n%s",
                                sizeof body - 1, body);
    must(stream_write(stream, reply, (size_t)reply_length), "the venue's answer");
    return length;
}

static void venue_closed(stream_t *stream, result_t why, void *context)
{
    (void)stream;
    (void)why;
    (void)context;
}

static void *venue_accepted(listener_t *listener, stream_t *stream, void *context)
{
    watchdog_t *watchdog = context;
    (void)listener;
    (void)stream;
    watchdog->connections++;
    return watchdog;
}

static const stream_events_t venue_events = {.on_data = venue_heard, .on_close = venue_closed};

static void watchdog_heard(bus_link_t *link, const bus_message_t *heard, void *context)
{
    static order_input_t input;
    watchdog_t *watchdog = context;
    (void)link;
    must(bus_order_input_decode(heard, &table, &input), "the reply");
    watchdog->answered =
        input.kind == ORDER_INPUT_REPLY && input.reply.action == watchdog->number && input.reply.kind == REPLY_ACCEPTED;
}

static void watchdog_lost(bus_link_t *link, result_t why, const char *detail, void *context)
{
    (void)link;
    (void)context;
    must(why == RESULT_OK ? RESULT_CLOSED : why, detail);
}

static const bus_events_t watchdog_events = {.on_message = watchdog_heard, .on_lost = watchdog_lost};

static void append(watchdog_t *watchdog, const order_record_t *record, int64_t wall_ns)
{
    uint8_t bytes[RECORD_BYTES_MAX];
    size_t length = 0;
    must(record_encode(record, bytes, sizeof bytes, &length), "record");
    must(journal_append(watchdog->journal, record->kind, bytes, length, JOURNAL_NORMAL, wall_ns, NULL), "append");
    watchdog->bytes += (size_t)journal_record_size((uint32_t)length);
}

/* What the order half has decided (of instrument 0): an entry, its intent and that it is handed over. */
static void decide(watchdog_t *watchdog, order_action_t *action, order_record_t *intent, order_record_t *sent)
{
    uint64_t number = ++watchdog->number;
    order_spec_t spec = {.leg = LEG_ENTRY,
                         .side = ORDER_BUY,
                         .position = POSITION_BOTH,
                         .type = ORDER_LIMIT,
                         .tif = TIF_GTC,
                         .trigger_by = TRIGGER_BY_CONTRACT,
                         .reduce = REDUCE_NO,
                         .quantity = dec_from_scaled(10, 3),
                         .price = dec_from_scaled(618002, 1)};
    client_id_make(&spec.client_id, EPOCH, number, LEG_ENTRY);
    memcpy(watchdog->client_id, spec.client_id.text, CLIENT_ID_MAX);
    *intent = (order_record_t){.kind = RECORD_INTENT, .number = 2 * number - 1, .time_ns = FIRST_MS * 1000000, .epoch = EPOCH};
    intent->trade = number;
    intent->intent = (record_intent_t){.intent = number, .spec = spec};
    *sent = *intent;
    sent->number++;
    sent->kind = RECORD_ORDER;
    sent->order = (record_order_t){
        .client_id = spec.client_id, .event = ORDER_EVENT_SEND, .from = ORDER_INTENT, .to = ORDER_SENT, .evidence = EVIDENCE_OURS};
    *action = (order_action_t){.kind = ACTION_PLACE, .priority = PRIORITY_ENTRY, .number = number, .trade = number, .place = spec};
    action->record = sent->number;
}

typedef struct {
    int64_t durable, handed, sent, arrived, answered; /* ns since the decision */
} path_times_t;

static path_times_t path_once(watchdog_t *watchdog)
{
    order_action_t action;
    order_record_t intent, sent;
    decide(watchdog, &action, &intent, &sent);
    watchdog->arrived_ns = 0;
    watchdog->answered = false;
    watchdog->bytes = 0;
    int64_t wall_ns = loop_wall_ns(watchdog->loop);
    int64_t decided_ns = now_ns();
    append(watchdog, &intent, wall_ns);
    append(watchdog, &sent, wall_ns);
    must(journal_commit(watchdog->journal), "commit");
    int64_t durable_ns = now_ns();
    bus_message_clear(&message);
    must(bus_order_action_encode(&action, &table, &message), "the action as a message");
    must(bus_link_send(watchdog->signer, &message), "the action on the bus");
    while (!watchdog->answered) {
        loop_turn(watchdog->loop, LOOP_WAIT);
    }
    path_times_t times = {.durable = durable_ns - decided_ns,
                          .handed = child_times->received_ns - decided_ns,
                          .sent = child_times->sent_ns - decided_ns,
                          .arrived = watchdog->arrived_ns - decided_ns,
                          .answered = now_ns() - decided_ns};
    must(journal_prepare(watchdog->journal), "idle work of the journal"); /* as the watchdog does it, when nothing is to be done */
    return times;
}

/* --- the floor -------------------------------------------------------------------------------- */

enum { FLOOR_BYTES = 4 << 20 };

static int floor_open(void)
{
    static const uint8_t zeros[1 << 16];
    char path[PATH_MAX_BYTES + 32];
    make_path("floor.bin", path);
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    must_be(descriptor >= 0 && posix_fallocate(descriptor, 0, FLOOR_BYTES) == 0, path);
    for (off_t at = 0; at < FLOOR_BYTES; at += (off_t)sizeof zeros) {
        must_be(pwrite(descriptor, zeros, sizeof zeros, at) == (ssize_t)sizeof zeros, path);
    }
    must_be(fsync(descriptor) == 0, path);
    return descriptor;
}

static int64_t floor_once(const watchdog_t *watchdog, off_t *at)
{
    static uint8_t bytes[4096];
    must(watchdog->bytes <= sizeof bytes ? RESULT_OK : RESULT_TEXT_TOO_LONG, "the size of a commit");
    *at = *at + (off_t)watchdog->bytes <= FLOOR_BYTES ? *at : 0;
    memset(bytes, (int)(watchdog->number & 0xff) | 1, watchdog->bytes);
    int64_t start_ns = now_ns();
    must_be(pwrite(watchdog->floor_descriptor, bytes, watchdog->bytes, *at) == (ssize_t)watchdog->bytes &&
                fdatasync(watchdog->floor_descriptor) == 0,
            "the floor");
    int64_t took_ns = now_ns() - start_ns;
    *at += (off_t)watchdog->bytes;
    return took_ns;
}

/* --- the run ---------------------------------------------------------------------------------- */

/* Starts the child, opens the venue, the bus and the journal; returns the child. */
static pid_t begin(watchdog_t *watchdog)
{
    int pipe_ends[2];
    char path[PATH_MAX_BYTES + 32];
    listener_t *venue = NULL;
    must_be(pipe(pipe_ends) == 0, "pipe");
    pid_t child = fork();
    must_be(child >= 0, "fork");
    if (child == 0) {
        close(pipe_ends[1]);
        signer_run(pipe_ends[0]);
    }
    close(pipe_ends[0]);
    must_be(atexit(remove_folder) == 0, "atexit");
    must(loop_create(&(loop_options_t){.clock = LOOP_CLOCK_REAL}, &watchdog->loop), "loop");
    listener_options_t listening = {.loop = watchdog->loop,
                                    .address = "127.0.0.1:0",
                                    .connections_max = 8,
                                    .events = &venue_events,
                                    .on_accept = venue_accepted,
                                    .context = watchdog};
    must(listener_open(&listening, &venue), "the venue");
    const char *address = listener_address(venue);
    must_be(write(pipe_ends[1], address, strlen(address) + 1) > 0, "the venue's address");
    close(pipe_ends[1]);
    bus_dial_options_t dialling = {.loop = watchdog->loop,
                                   .data_folder = folder,
                                   .peer_role = "signer",
                                   .identity = {.role = "watchdog", .epoch = EPOCH},
                                   .events = &watchdog_events,
                                   .context = watchdog};
    must(bus_dial(&dialling, &watchdog->signer), "dialling the signer");
    make_path("journal", path);
    static journal_report_t report;
    journal_options_t options = {.folder = path, .generation = 1, .now_ns = loop_wall_ns(watchdog->loop)};
    must(journal_open(&options, &watchdog->journal, &report), "journal");
    watchdog->floor_descriptor = floor_open();
    while (!bus_link_ready(watchdog->signer) || watchdog->connections < 2) {
        must(waitpid(child, NULL, WNOHANG) == 0 ? RESULT_OK : RESULT_CLOSED, "the signer's side");
        loop_turn(watchdog->loop, LOOP_WAIT);
    }
    return child;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

typedef struct {
    double p50_us, p99_us;
} spread_t;

static spread_t report(const char *name, int64_t *samples, size_t count)
{
    qsort(samples, count, sizeof *samples, compare);
    spread_t spread = {(double)samples[count / 2] / 1000, (double)samples[count * 99 / 100] / 1000};
    double max_us = (double)samples[count - 1] / 1000;
    (void)printf("%-52s p50 %8.1f us   p99 %8.1f us   max %9.1f us\n", name, spread.p50_us, spread.p99_us, max_us);
    return spread;
}

static int judge(int64_t *columns[6], size_t count, size_t bytes)
{
    static const char *const names[6] = {"bare pwrite + fdatasync (floor)",    "decision to first byte at the venue",
                                         "  of this: records durable",         "  ... action at the signer (bus)",
                                         "  ... signed, handed to the kernel", "decision to the venue's answer at the watchdog"};
    spread_t spreads[6];
    (void)printf("%zu samples each, %zu bytes a commit; the lines of the path count from the decision\n", count, bytes);
    for (size_t i = 0; i < 6; i++) {
        spreads[i] = report(names[i], columns[i], count);
    }
    double p50 = spreads[1].p50_us / spreads[0].p50_us, p99 = spreads[1].p99_us / spreads[0].p99_us;
    bool held = p50 <= P50_BAR && p99 <= P99_BAR;
    (void)printf("path / floor: p50 x %.2f (bar %.0f), p99 x %.2f (bar %.0f): %s\n", p50, P50_BAR, p99, P99_BAR,
                 held ? "held" : "MISSED");
    return held ? 0 : 1;
}

int main(int argc, char **argv)
{
    long wanted = argc > 2 ? strtol(argv[2], NULL, 10) : SAMPLES_DEFAULT;
    if (argc > 3 || wanted < SAMPLES_MIN || wanted > SAMPLES_MAX) {
        (void)fprintf(stderr, "usage: bench_order_path [FOLDER [SAMPLES, %d to %d]]\n", SAMPLES_MIN, SAMPLES_MAX);
        return 2;
    }
    size_t count = (size_t)wanted;
    (void)snprintf(folder, sizeof folder, "%.480s/bench-order-path-XXXXXX", argc > 1 ? argv[1] : ".");
    must_be(mkdtemp(folder) != NULL, folder);
    child_times = mmap(NULL, sizeof *child_times, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int64_t *memory = calloc(6 * count, sizeof *memory), *columns[6];
    must_be(child_times != MAP_FAILED && memory != NULL, "memory");
    for (size_t i = 0; i < 6; i++) {
        columns[i] = memory + i * count;
    }
    make_table();
    static watchdog_t watchdog;
    pid_t child = begin(&watchdog);
    off_t at = 0;
    (void)path_once(&watchdog); /* tells how many bytes the floor has to write */
    for (long i = -WARM_UP; i < wanted; i++) {
        int64_t floor_ns = i % 2 == 0 ? floor_once(&watchdog, &at) : 0;
        path_times_t times = path_once(&watchdog);
        floor_ns = i % 2 == 0 ? floor_ns : floor_once(&watchdog, &at);
        if (i >= 0) {
            const int64_t row[6] = {floor_ns, times.arrived, times.durable, times.handed, times.sent, times.answered};
            for (size_t column = 0; column < 6; column++) {
                columns[column][i] = row[column];
            }
        }
    }
    journal_close(watchdog.journal);
    (void)kill(child, SIGTERM);
    (void)waitpid(child, NULL, 0);
    return judge(columns, count, watchdog.bytes);
}
