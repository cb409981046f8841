/* test_stream.c: streams over TCP, TLS and Unix sockets: order, bounds, back-pressure, verification, peers' identities, endings.
 *
 * shows: OPS-7, I20
 *
 * The certificates are made by the openssl command at the start of the test; without it the TLS part is skipped.
 */
#include "edge/net/net_support.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "edge/net/http_client.h"
#include "edge/net/http_server.h"
#include "edge/net/stream.h"
#include "support/test_support.h"

typedef struct {
    bool open, ended, closed, drained, paused_once, echo, greedy;
    result_t why;
    size_t got, keep; /* keep: how many bytes are left unconsumed */
    uint64_t sum;
    char last[128], detail[256];
    stream_t *stream;
} end_t;

static void on_open(stream_t *stream, void *context)
{
    end_t *end = context;
    end->open = true;
    end->stream = stream;
}

static size_t on_data(stream_t *stream, char *bytes, size_t length, void *context)
{
    end_t *end = context;
    if (end->keep > 0 && length < end->keep) {
        return 0;
    }
    for (size_t i = 0; i < length; i++) {
        end->sum = end->sum * 31 + (uint8_t)bytes[i];
    }
    end->got += length;
    snprintf(end->last, sizeof end->last, "%.*s", (int)(length < 100 ? length : 100), bytes);
    if (end->echo) {
        assert_int_equal(stream_write(stream, bytes, length), RESULT_OK);
    }
    return length;
}

static void on_drain(stream_t *stream, void *context)
{
    (void)stream;
    ((end_t *)context)->drained = true;
}

static void on_end(stream_t *stream, void *context)
{
    (void)stream;
    ((end_t *)context)->ended = true;
}

static void on_close(stream_t *stream, result_t why, void *context)
{
    end_t *end = context;
    assert_false(end->closed);
    end->closed = true;
    end->why = why;
    end->stream = NULL;
    snprintf(end->detail, sizeof end->detail, "%s", stream_detail(stream));
}

static const stream_events_t events = {
    .on_open = on_open, .on_data = on_data, .on_drain = on_drain, .on_end = on_end, .on_close = on_close};

typedef struct {
    loop_t *loop;
    listener_t *listener;
    end_t inside; /* the accepted side of the latest peer */
    tls_t *server_tls;
} place_t;

static void *on_accept(listener_t *listener, stream_t *stream, void *context)
{
    (void)listener;
    place_t *place = context;
    bool echo = place->inside.echo;
    size_t keep = place->inside.keep;
    place->inside = (end_t){.stream = stream, .echo = echo, .keep = keep};
    return &place->inside;
}

static void place_open(place_t *place, const char *address, size_t capacity)
{
    place->loop = virtual_loop();
    assert_int_equal(listener_open(
                         &(listener_options_t){
                             .loop = place->loop,
                             .address = address,
                             .tls = place->server_tls,
                             .connections_max = 10,
                             .read_capacity = capacity,
                             .write_capacity = capacity,
                             .events = &events,
                             .on_accept = on_accept,
                             .context = place,
                         },
                         &place->listener),
                     RESULT_OK);
}

static void place_close(place_t *place)
{
    listener_close(place->listener);
    if (place->inside.stream != NULL) {
        stream_abort(place->inside.stream, RESULT_CLOSED);
    }
    turn_some(place->loop, 5);
    loop_destroy(place->loop);
}

static result_t dial(place_t *place, end_t *end, const char *address, tls_t *tls, const char *tls_name)
{
    *end = (end_t){0};
    return stream_dial(
        &(stream_dial_t){
            .loop = place->loop, .address = address, .tls = tls, .tls_name = tls_name, .events = &events, .context = end},
        &end->stream);
}

static void hang_up(place_t *place, end_t *end)
{
    if (end->stream != NULL) {
        stream_close(end->stream);
    }
    turn_until(place->loop, &end->closed);
    turn_until(place->loop, &place->inside.closed);
}

/* --- TCP and Unix ----------------------------------------------------------------------------- */

static void echo_over(const char *address, tls_t *server, tls_t *client, const char *name)
{
    place_t place = {.server_tls = server, .inside = {.echo = true}};
    end_t end;
    place_open(&place, address, 0);
    assert_int_equal(dial(&place, &end, listener_address(place.listener), client, name), RESULT_OK);
    assert_false(end.open); /* never inside the call */
    assert_int_equal(stream_write(end.stream, "x", 1), RESULT_BAD_STATE);
    turn_until(place.loop, &end.open);
    assert_int_equal(stream_write(end.stream, "hello ", 6), RESULT_OK);
    assert_int_equal(stream_write(end.stream, "there", 5), RESULT_OK);
    for (int i = 0; i < TURNS_MAX && end.got < 11; i++) {
        loop_turn(place.loop, LOOP_POLL);
    }
    assert_string_equal(end.last, "hello there"); /* two writes of one turn came as one */
    hang_up(&place, &end);
    assert_int_equal(end.why, RESULT_OK);
    assert_true(place.inside.ended);
    assert_int_equal(place.inside.why, RESULT_CLOSED);
    place_close(&place);
}

static void tcp_echoes(void **state)
{
    (void)state;
    echo_over("127.0.0.1:0", NULL, NULL, NULL);
}

static void unix_echoes_and_knows_its_peer(void **state)
{
    (void)state;
    char home[TEST_PATH_MAX], address[TEST_PATH_MAX + 16];
    test_dir_make(home);
    snprintf(address, sizeof address, "unix:%s/a.sock", home);
    echo_over(address, NULL, NULL, NULL);
    place_t place = {0};
    end_t end;
    place_open(&place, address, 0);
    struct stat status;
    assert_int_equal(stat(address + 5, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    listener_t *second = NULL;
    assert_int_equal(
        listener_open(
            &(listener_options_t){
                .loop = place.loop, .address = address, .connections_max = 1, .events = &events, .on_accept = on_accept},
            &second),
        RESULT_ADDRESS_IN_USE);
    turn_until(place.loop, &place.inside.closed); /* the second one's knock on the door */
    assert_int_equal(dial(&place, &end, address, NULL, NULL), RESULT_OK);
    turn_until(place.loop, &end.open);
    for (int i = 0; i < TURNS_MAX && place.inside.stream == NULL; i++) {
        loop_turn(place.loop, LOOP_POLL);
    }
    turn_until(place.loop, &place.inside.open);
    uint32_t uid = 12345;
    assert_int_equal(stream_peer_uid(place.inside.stream, &uid), RESULT_OK);
    assert_int_equal(uid, getuid());
    hang_up(&place, &end);
    place_close(&place);
    assert_int_not_equal(stat(address + 5, &status), 0); /* removed with the listener */
    test_dir_remove(home);
}

static void a_dead_processes_socket_is_replaced(void **state)
{
    (void)state;
    char home[TEST_PATH_MAX], address[TEST_PATH_MAX + 16];
    test_dir_make(home);
    snprintf(address, sizeof address, "unix:%s/a.sock", home);
    struct sockaddr_storage dead = {.ss_family = AF_UNIX};
    memcpy((char *)&dead + sizeof(sa_family_t), address + 5, strlen(address + 5) + 1);
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(descriptor, (struct sockaddr *)&dead, (socklen_t)(sizeof(sa_family_t) + strlen(address + 5) + 1)), 0);
    close(descriptor); /* the file stays, as after kill -9 */
    place_t place = {0};
    place_open(&place, address, 0);
    place_close(&place);
    snprintf(address, sizeof address, "unix:%s/file", home);
    int file = open(address + 5, O_CREAT | O_WRONLY, 0600); /* no socket: never deleted */
    close(file);
    listener_t *listener = NULL;
    loop_t *loop = virtual_loop();
    assert_int_equal(listener_open(
                         &(listener_options_t){
                             .loop = loop, .address = address, .connections_max = 1, .events = &events, .on_accept = on_accept},
                         &listener),
                     RESULT_ADDRESS_IN_USE);
    loop_destroy(loop);
    test_dir_remove(home);
}

static void addresses_are_checked(void **state)
{
    (void)state;
    place_t place = {0};
    end_t end;
    char path[300] = "unix:/";
    memset(path + 6, 'p', 120);
    place_open(&place, "127.0.0.1:0", 0);
    assert_int_equal(dial(&place, &end, path, NULL, NULL), RESULT_TEXT_TOO_LONG);
    assert_int_equal(dial(&place, &end, "unix:", NULL, NULL), RESULT_MALFORMED);
    assert_int_equal(dial(&place, &end, "127.0.0.1", NULL, NULL), RESULT_MALFORMED);
    assert_int_equal(dial(&place, &end, "::1:80", NULL, NULL), RESULT_MALFORMED);
    assert_int_equal(dial(&place, &end, "h:99999", NULL, NULL), RESULT_MALFORMED);
    assert_int_equal(dial(&place, &end, ":80", NULL, NULL), RESULT_MALFORMED);
    assert_int_equal(dial(&place, &end, "127.0.0.1:1", NULL, NULL), RESULT_OK);
    turn_until(place.loop, &end.closed);
    assert_int_equal(end.why, RESULT_REFUSED);
    assert_int_equal(dial(&place, &end, "unix:/nowhere/at/all", NULL, NULL), RESULT_OK);
    turn_until(place.loop, &end.closed);
    assert_int_equal(end.why, RESULT_REFUSED);
    assert_int_equal(dial(&place, &end, "name.invalid:80", NULL, NULL), RESULT_OK);
    while (!end.closed) {
        loop_turn(place.loop, LOOP_WAIT); /* the system's resolver answers in its own time */
    }
    assert_int_equal(end.why, RESULT_UNREACHABLE);
    assert_int_equal(dial(&place, &end, "name.invalid:80", NULL, NULL), RESULT_OK);
    stream_abort(end.stream, RESULT_CLOSED); /* while the name is looked up */
    while (!end.closed) {
        loop_turn(place.loop, LOOP_WAIT);
    }
    place_close(&place);
}

static void a_message_larger_than_the_buffer_ends_it(void **state)
{
    (void)state;
    place_t place = {.inside = {.keep = 1 << 20}}; /* waits for more than the buffer holds */
    end_t end;
    char bytes[8192] = {0};
    place_open(&place, "127.0.0.1:0", 4096);
    assert_int_equal(dial(&place, &end, listener_address(place.listener), NULL, NULL), RESULT_OK);
    turn_until(place.loop, &end.open);
    assert_int_equal(stream_write(end.stream, bytes, sizeof bytes), RESULT_OK);
    turn_until(place.loop, &place.inside.closed);
    assert_int_equal(place.inside.why, RESULT_FULL);
    turn_until(place.loop, &end.closed);
    place_close(&place);
}

/* All or nothing; a pause of the reader stops the writer; nothing is lost or reordered. */
static void back_pressure(tls_t *server, tls_t *client, const char *name)
{
    place_t place = {.server_tls = server};
    end_t end;
    place_open(&place, "127.0.0.1:0", 0);
    assert_int_equal(dial(&place, &end, listener_address(place.listener), client, name), RESULT_OK);
    turn_until(place.loop, &end.open);
    turn_until(place.loop, &place.inside.open);
    stream_pause(place.inside.stream);
    static char chunk[10000];
    uint64_t sum = 0;
    size_t sent = 0;
    uint32_t noise = 1;
    for (;;) {
        for (size_t i = 0; i < sizeof chunk; i++) {
            noise = noise * 1103515245 + 12345;
            chunk[i] = (char)(noise >> 16);
        }
        turn_some(place.loop, 2);
        size_t room = stream_room(end.stream);
        if (stream_write(end.stream, chunk, sizeof chunk) != RESULT_OK) {
            assert_true(room < sizeof chunk);
            break;
        }
        sent += sizeof chunk;
        for (size_t i = 0; i < sizeof chunk; i++) {
            sum = sum * 31 + (uint8_t)chunk[i];
        }
        assert_true(sent < (size_t)64 << 20); /* the bound is reached: kernel buffers and ours */
    }
    assert_int_equal(place.inside.got, 0);
    assert_false(end.drained);
    stream_resume(place.inside.stream);
    turn_until(place.loop, &end.drained);
    for (int i = 0; i < TURNS_MAX && place.inside.got < sent; i++) {
        loop_turn(place.loop, LOOP_POLL);
    }
    assert_int_equal(place.inside.got, sent);
    assert_true(place.inside.sum == sum);
    hang_up(&place, &end);
    place_close(&place);
}

static void back_pressure_on_tcp(void **state)
{
    (void)state;
    back_pressure(NULL, NULL, NULL);
}

static void a_closing_stream_sends_the_rest(void **state)
{
    (void)state;
    place_t place = {0};
    end_t end;
    static char bytes[60000];
    place_open(&place, "127.0.0.1:0", 0);
    assert_int_equal(dial(&place, &end, listener_address(place.listener), NULL, NULL), RESULT_OK);
    turn_until(place.loop, &end.open);
    assert_int_equal(stream_write(end.stream, bytes, sizeof bytes), RESULT_OK);
    stream_close(end.stream);
    assert_int_equal(stream_write(end.stream, "x", 1), RESULT_CLOSED);
    assert_false(end.closed); /* never inside the call */
    turn_until(place.loop, &end.closed);
    turn_until(place.loop, &place.inside.closed);
    assert_int_equal(place.inside.got, sizeof bytes);
    place_close(&place);
}

static void writing_once_says_what_happened(void **state)
{
    (void)state;
    place_t place = {0};
    end_t end;
    bool left = true;
    place_open(&place, "127.0.0.1:0", 0);
    assert_int_equal(dial(&place, &end, listener_address(place.listener), NULL, NULL), RESULT_OK);
    assert_int_equal(stream_write_once(end.stream, "a", 1, &left), RESULT_BAD_STATE);
    assert_false(left);
    turn_until(place.loop, &end.open);
    turn_until(place.loop, &place.inside.open);
    assert_true(stream_is_fresh(end.stream));
    assert_int_equal(stream_write_once(end.stream, "order", 5, &left), RESULT_OK);
    assert_true(left);
    turn_some(place.loop, 5);
    assert_string_equal(place.inside.last, "order");
    stream_write(end.stream, "queued", 6);
    assert_int_equal(stream_write_once(end.stream, "b", 1, &left), RESULT_BAD_STATE); /* would overtake or join what waits */
    assert_false(left);
    turn_some(place.loop, 5);
    /* A request that the kernel takes in part only: the stream is over, and the bytes that left are admitted. */
    size_t large = 32 << 20;
    char *bytes = calloc(1, large);
    stream_pause(place.inside.stream);
    assert_int_equal(stream_write_once(end.stream, bytes, large, &left), RESULT_IO);
    assert_true(left);
    free(bytes);
    turn_until(place.loop, &end.closed);
    stream_resume(place.inside.stream);
    turn_until(place.loop, &place.inside.closed);
    place_close(&place);
}

/* --- TLS -------------------------------------------------------------------------------------- */

static char folder[TEST_PATH_MAX];
static bool have_certificates;
static tls_t *server_tls, *stranger_tls, *client_tls;

static const char *file_in_folder(const char *name)
{
    static char path[4][TEST_PATH_MAX + 16];
    static int next;
    next = (next + 1) % 4;
    snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
    return path[next];
}

/* A CA, a certificate for localhost and 127.0.0.1 signed by it, and a self-signed stranger. */
static int make_certificates(void **state)
{
    (void)state;
    char command[TEST_PATH_MAX + 2048];
    test_dir_make(folder);
    snprintf(command, sizeof command,
             "cd %s && exec 2>/dev/null; umask 077; "
             "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj /CN=test-ca "
             "-days 30 && "
             "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout a.key -out a.csr -subj /CN=localhost && "
             "printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' > a.ext && "
             "openssl x509 -req -in a.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile a.ext -days 30 -out a.pem && "
             "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout s.key -out s.pem -subj /CN=localhost "
             "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -days 30",
             folder);
    have_certificates = system(command) == 0;
    if (have_certificates) {
        char detail[TLS_DETAIL_MAX];
        assert_int_equal(tls_server_create(file_in_folder("a.pem"), file_in_folder("a.key"), &server_tls, detail), RESULT_OK);
        assert_int_equal(tls_server_create(file_in_folder("s.pem"), file_in_folder("s.key"), &stranger_tls, detail), RESULT_OK);
        assert_int_equal(tls_client_create(file_in_folder("ca.pem"), &client_tls, detail), RESULT_OK);
    }
    return 0;
}

static int drop_certificates(void **state)
{
    (void)state;
    tls_destroy(server_tls);
    tls_destroy(stranger_tls);
    tls_destroy(client_tls);
    test_dir_remove(folder);
    return 0;
}

static void need_certificates(void)
{
    if (!have_certificates) {
        print_message("the openssl command is not installed: no certificates, TLS is not tested\n");
        skip();
    }
}

static void tls_echoes(void **state)
{
    (void)state;
    need_certificates();
    echo_over("127.0.0.1:0", server_tls, client_tls, NULL);        /* verified by IP address */
    echo_over("127.0.0.1:0", server_tls, client_tls, "localhost"); /* verified by name */
}

static void back_pressure_on_tls(void **state)
{
    (void)state;
    need_certificates();
    back_pressure(server_tls, client_tls, "localhost");
}

static void strangers_are_refused(void **state)
{
    (void)state;
    need_certificates();
    static const struct {
        bool stranger;
        const char *name;
        const char *detail;
    } cases[] = {{true, "localhost", "certificate"}, {false, "other.example", "mismatch"}, {false, "127.0.0.2", "mismatch"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        place_t place = {.server_tls = cases[i].stranger ? stranger_tls : server_tls};
        end_t end;
        place_open(&place, "127.0.0.1:0", 0);
        assert_int_equal(dial(&place, &end, listener_address(place.listener), client_tls, cases[i].name), RESULT_OK);
        turn_until(place.loop, &end.closed);
        assert_false(end.open);
        assert_int_equal(end.why, RESULT_TLS);
        assert_non_null(strstr(end.detail, cases[i].detail));
        turn_until(place.loop, &place.inside.closed);
        assert_int_equal(place.inside.got, 0); /* not a byte of ours before the peer is known */
        place_close(&place);
    }
}

static void a_plain_peer_of_a_tls_port(void **state)
{
    (void)state;
    need_certificates();
    place_t place = {.server_tls = server_tls};
    place_open(&place, "127.0.0.1:0", 0);
    int peer = raw_connect(port_of(listener_address(place.listener)));
    raw_send(peer, "GET / HTTP/1.1\r\n\r\n", 18);
    turn_some(place.loop, 20);
    assert_true(place.inside.closed);
    assert_int_equal(place.inside.why, RESULT_TLS);
    close(peer);
    peer = raw_connect(port_of(listener_address(place.listener))); /* says nothing at all */
    turn_some(place.loop, 20);
    assert_false(place.inside.closed);
    loop_clock_advance(place.loop, 10 * NS_PER_S);
    turn_until(place.loop, &place.inside.closed);
    assert_int_equal(place.inside.why, RESULT_TIMEOUT);
    close(peer);
    place_close(&place);
}

static void files_of_tls_are_checked(void **state)
{
    (void)state;
    need_certificates();
    char detail[TLS_DETAIL_MAX];
    tls_t *tls = NULL;
    assert_int_equal(tls_client_create("/nowhere/ca.pem", &tls, detail), RESULT_NOT_FOUND);
    assert_non_null(strstr(detail, "/nowhere/ca.pem"));
    assert_int_equal(tls_client_create(file_in_folder("a.key"), &tls, detail), RESULT_MALFORMED);
    assert_int_equal(tls_server_create(file_in_folder("a.pem"), file_in_folder("s.key"), &tls, detail), RESULT_MALFORMED);
    assert_int_equal(tls_server_create(file_in_folder("none.pem"), file_in_folder("s.key"), &tls, detail), RESULT_NOT_FOUND);
    chmod(file_in_folder("s.key"), 0644);
    assert_int_equal(tls_server_create(file_in_folder("s.pem"), file_in_folder("s.key"), &tls, detail), RESULT_PERMISSION);
    chmod(file_in_folder("s.key"), 0600);
    assert_null(tls);
}

/* HTTP over TLS end to end, kept alive: the freshness look before a write copes with session tickets. */
typedef struct {
    bool done;
    http_outcome_t outcome;
    unsigned status;
} https_t;

static void https_done(const http_reply_t *reply, void *context)
{
    https_t *https = context;
    *https = (https_t){.done = true, .outcome = reply->outcome, .status = reply->response != NULL ? reply->response->status : 0};
}

static void https_serve(http_connection_t *connection, const http_message_t *request, void *context)
{
    (void)context;
    http_reply(connection, 200, NULL, 0, request->body);
}

static void https_end_to_end(void **state)
{
    (void)state;
    need_certificates();
    static const http_server_events_t serving = {.on_request = https_serve};
    loop_t *loop = virtual_loop();
    http_server_t *server = NULL;
    http_client_t *client = NULL;
    char origin[64];
    assert_int_equal(
        http_server_open(&(http_server_options_t){.loop = loop, .address = "127.0.0.1:0", .tls = server_tls, .events = &serving},
                         &server),
        RESULT_OK);
    snprintf(origin, sizeof origin, "https://127.0.0.1:%u", port_of(http_server_address(server)));
    assert_int_equal(http_client_create(&(http_client_options_t){.loop = loop, .origin = origin, .tls = client_tls}, &client),
                     RESULT_OK);
    for (int i = 0; i < 20; i++) {
        https_t https = {0};
        http_call_t call = {
            .method = STR("POST"), .target = STR("/order"), .body = STR("symbol=ETHUSDT"), .done = https_done, .context = &https};
        assert_int_equal(http_request_once(client, &call), RESULT_OK);
        turn_until(loop, &https.done);
        assert_int_equal(https.outcome, HTTP_ANSWERED);
        assert_int_equal(https.status, 200);
    }
    assert_int_equal(http_client_stats(client).dialled, 1);
    assert_int_equal(http_client_stats(client).stale, 0);
    http_client_destroy(client);
    http_server_close(server);
    loop_destroy(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tcp_echoes),
        cmocka_unit_test(unix_echoes_and_knows_its_peer),
        cmocka_unit_test(a_dead_processes_socket_is_replaced),
        cmocka_unit_test(addresses_are_checked),
        cmocka_unit_test(a_message_larger_than_the_buffer_ends_it),
        cmocka_unit_test(back_pressure_on_tcp),
        cmocka_unit_test(a_closing_stream_sends_the_rest),
        cmocka_unit_test(writing_once_says_what_happened),
        cmocka_unit_test(tls_echoes),
        cmocka_unit_test(back_pressure_on_tls),
        cmocka_unit_test(strangers_are_refused),
        cmocka_unit_test(a_plain_peer_of_a_tls_port),
        cmocka_unit_test(files_of_tls_are_checked),
        cmocka_unit_test(https_end_to_end),
    };
    return cmocka_run_group_tests(tests, make_certificates, drop_certificates);
}
