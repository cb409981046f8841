/* exchange.c: see exchange.h. Opens world, face, sockets and control, runs, and closes them in order. */
#include "app/exchange.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/exchange_state.h"
#include "app/role.h"
#include "core/base/time.h"
#include "edge/observe/log.h"
#include "edge/observe/process.h"
#include "edge/secret/secret.h"
#include "edge/secret/self_signed.h"

enum { LARGE_PIECE_BYTES = 1 << 20 };

/* --- control socket --------------------------------------------------------------------------- */

static void on_message(bus_link_t *link, const bus_message_t *message, void *context)
{
    exchange_t *exchange = context;
    size_t length = 0;
    if (message->which_body == patriot_bus_Envelope_health_request_tag) {
        patriot_bus_Control health = {.command = "health"};
        int status = exchange_control(exchange, &health, &length);
        (void)bus_link_reply(link, (uint32_t)status, exchange->reply, length);
    } else if (message->which_body == patriot_bus_Envelope_control_tag) {
        int status = exchange_control(exchange, &message->body.control, &length);
        (void)bus_link_reply(link, (uint32_t)status, exchange->reply, length);
    }
}

static const bus_events_t bus_events = {.on_message = on_message};

static int open_bus(exchange_t *exchange)
{
    bus_server_options_t options = {.loop = exchange->loop,
                                    .data_folder = exchange->options.data,
                                    .identity = {.role = "exchange"},
                                    .events = &bus_events,
                                    .context = exchange};
    result_t result = bus_server_open(&options, &exchange->bus);
    if (result == RESULT_OK)
        return 0;
    fprintf(stderr, "patriot exchange: cannot listen on %s/run/exchange.sock: %s%s\n", exchange->options.data, result_text(result),
            result == RESULT_TEXT_TOO_LONG ? "; the system allows 107 bytes: choose a shorter folder with --data" : "");
    return 1;
}

/* --- opening ---------------------------------------------------------------------------------- */

static int open_folder(exchange_t *exchange)
{
    pid_t holder = 0;
    const char *data = exchange->options.data;
    char logs[FILE_PATH_MAX];
    if (!data) {
        (void)log_open(&(log_options_t){.role = "exchange", .level = LOG_WARNING, .terminal = LOG_TERMINAL_ALWAYS});
        return 0;
    }
    if (!role_folder_is_ours("patriot exchange", data))
        return 2;
    result_t result = file_folder_make(data);
    if (result == RESULT_OK)
        result = file_lock_take(&exchange->lock, data, "exchange", &holder);
    if (result == RESULT_LOCKED) {
        fprintf(stderr, "patriot exchange: already running in %s (pid %d); choose another folder with --data\n", data, (int)holder);
        return 3;
    }
    if (result != RESULT_OK) {
        fprintf(stderr, "patriot exchange: --data %s: %s\n", data,
                result == RESULT_BAD_STATE ? "a file is in the way; choose another folder" : result_text(result));
        return 1;
    }
    if (file_path_join(data, "logs", logs, sizeof logs) == RESULT_OK)
        (void)log_open(&(log_options_t){.folder = logs, .role = "exchange", .level = LOG_INFO, .terminal = LOG_TERMINAL_NEVER});
    return 0;
}

static bool is_damage(result_t result)
{
    return result == RESULT_MALFORMED || result == RESULT_CHECKSUM || result == RESULT_TRUNCATED || result == RESULT_VERSION ||
           result == RESULT_GAP;
}

static int open_world(exchange_t *exchange)
{
    char error[EXCHANGE_ERROR_MAX] = "", folder[FILE_PATH_MAX];
    world_report_t report;
    world_options_t options = {.seed = exchange->options.seed,
                               .seed_given = exchange->options.seed_given,
                               .sources = exchange->sources,
                               .instruments = exchange->instruments};
    if (!exchange_read_markets(exchange, error) || !exchange_read_accounts(exchange, error) ||
        !exchange_choose_start(exchange, &options.start_ns, error))
        return exchange_complain(error);
    if (exchange->options.data && !exchange->options.ephemeral) {
        if (file_path_join(exchange->options.data, "exchange", folder, sizeof folder) != RESULT_OK)
            return exchange_complain("--data: the path is too long");
        options.folder = folder;
    }
    options.source_count = exchange->source_count;
    options.fee_asset = exchange->options.fee_asset;
    options.queue_cancel_pct = (uint32_t)exchange->options.queue_pct;
    const char *fund = exchange->options.insurance;
    if (fund && (dec_parse(fund, strlen(fund), &options.insurance_fund) != RESULT_OK || dec_sign(options.insurance_fund) < 0))
        return exchange_complain("--insurance wants an amount, 0 or more, e.g. --insurance 5000");
    options.insurance_given = fund != NULL;
    if (exchange->options.queue_pct > 100)
        return exchange_complain("--queue wants a percentage from 0 to 100");
    options.accounts = exchange->account_count > 4 ? exchange->account_count : 4;
    result_t result = world_open(&options, &exchange->world, &report);
    if (exchange->options.data && is_damage(result)) { /* trying again does not mend it */
        fprintf(
            stderr,
            "patriot exchange: %s; it is left as it is: restore %s/exchange from a copy, or begin a new world with another --data "
            "(the books of this folder belong to the old one)\n",
            report.error, exchange->options.data);
        return EXIT_FAILED_SAFE;
    }
    if (result != RESULT_OK) {
        fprintf(stderr, "patriot exchange: %s\n", report.error);
        return result == RESULT_BAD_STATE ? 2 : 1;
    }
    exchange->restored = report.restored;
    if (report.restored) {
        log_write(LOG_INFO, LOG_EVENT_JOURNAL_OPENED, NULL, "the venue goes on where it stopped",
                  LOG_FIELDS(LOG_UINT("replayed", report.replayed), LOG_UINT("cut_bytes", report.cut_bytes)));
    }
    return 0;
}

static void on_activity(void *context)
{
    exchange_t *exchange = context;
    if (exchange->clock == CLOCK_LOCKSTEP)
        exchange_clock_look(exchange);
}

/* The certificate is written last: a start that was cut off between the two files makes both anew. */
static result_t make_certificate(const char *certificate, const char *key, const char *address)
{
    char host[64] = "localhost";
    self_signed_t made;
    const char *colon = strrchr(address, ':');
    if (access(certificate, F_OK) == 0 && access(key, F_OK) == 0)
        return RESULT_OK;
    if (colon && colon != address)
        (void)str_copy((str_t){address, (size_t)(colon - address)}, host, sizeof host);
    result_t result = self_signed_make(host, &made);
    if (result == RESULT_OK)
        result = file_write_whole(key, made.key, strlen(made.key), 0600);
    if (result == RESULT_OK)
        result = file_write_whole(certificate, made.certificate, strlen(made.certificate), 0644);
    secret_wipe_bytes(&made, sizeof made);
    return result;
}

static int open_tls(exchange_t *exchange, const char *address)
{
    char certificate[FILE_PATH_MAX], key[FILE_PATH_MAX], detail[TLS_DETAIL_MAX] = "";
    const char *folder = exchange->options.tls;
    if (!folder)
        return 0;
    result_t result = file_folder_make(folder);
    if (result == RESULT_OK)
        result = file_path_join(folder, "exchange.crt", certificate, sizeof certificate);
    if (result == RESULT_OK)
        result = file_path_join(folder, "exchange.key", key, sizeof key);
    if (result == RESULT_OK)
        result = make_certificate(certificate, key, address);
    if (result == RESULT_OK)
        result = tls_server_create(certificate, key, &exchange->tls, detail);
    if (result == RESULT_OK)
        return 0;
    fprintf(stderr,
            "patriot exchange: --tls %s: %s%s%s; name a folder that can be written, or remove its exchange.crt and exchange.key\n",
            folder, result_text(result), detail[0] ? ": " : "", detail);
    return 1;
}

static int open_faces(exchange_t *exchange)
{
    int code = open_tls(exchange, exchange->faces[0].address);
    if (code == 0)
        code = exchange_faces_open(exchange, on_activity);
    if (code != 0)
        return code;
    if (exchange->options.expect && face_lockstep_expect(exchange->face, exchange->options.expect, exchange->options.patience_ns,
                                                         loop_now_fresh_ns(exchange->loop)) != RESULT_OK)
        return exchange_complain("--expect wants at most 8 role names, separated by commas, e.g. monitor,watchdog,signer");
    for (uint32_t i = exchange->options.expect ? 1 : 0; i < exchange->face_count; i++)
        (void)face_lockstep_expect(exchange->faces[i].face, "", exchange->options.patience_ns, loop_now_fresh_ns(exchange->loop));
    return 0;
}

/* Where the in-house processes look for the wire face, and how fast its time runs: that first, for they begin with the address. */
static int publish_address(exchange_t *exchange)
{
    char text[NET_ADDRESS_MAX + 1];
    if (!exchange->options.data)
        return 0;
    if (exchange_clock_publish(exchange) != RESULT_OK)
        return exchange_complain("run/exchange.clock cannot be written");
    int length = snprintf(text, sizeof text, "%s\n", face_server_address(exchange->server));
    if (file_path_join(exchange->options.data, "run/exchange.addr", exchange->address_path, sizeof exchange->address_path) !=
            RESULT_OK ||
        file_write_whole(exchange->address_path, text, (size_t)length, 0644) != RESULT_OK)
        return exchange_complain("run/exchange.addr cannot be written");
    return 0;
}

/* --- running ---------------------------------------------------------------------------------- */

static void on_end(loop_t *loop, int number, void *context)
{
    exchange_t *exchange = context;
    (void)number;
    exchange_clock_stop(exchange);
    loop_stop(loop);
}

static void on_time_up(loop_timer_t *timer, void *context)
{
    exchange_t *exchange = context;
    (void)timer;
    exchange_clock_stop(exchange);
    loop_stop(exchange->loop);
}

/* --until "500", --for "500vh": venue hours, after which the clock stands; "2m": wall time, after which the program ends. */
static int read_until(exchange_t *exchange, int64_t *wall_ns)
{
    const char *text = exchange->options.run_for ? exchange->options.run_for : exchange->options.until;
    uint64_t hours = 0;
    size_t length = text ? strlen(text) : 0;
    exchange->until_ns = INT64_MAX;
    if (!text)
        return 0;
    str_t number = {text, length > 2 && strcmp(text + length - 2, "vh") == 0 ? length - 2 : length};
    bool bare = number.length == length;
    if ((!bare || !exchange->options.run_for) && str_to_u64(number, &hours) == RESULT_OK && hours > 0 && hours < 10000000) {
        exchange->until_ns = world_start_ns(exchange->world) + (int64_t)hours * NS_PER_HOUR;
        return 0;
    }
    return options_duration(text, wall_ns) && *wall_ns > 0 ? 0
                                                           : exchange_complain("--for wants wall time (2m) or venue hours (500vh)");
}

static void print_ready(const exchange_t *exchange)
{
    char time[TIME_TEXT_MAX];
    time_format(world_now_ns(exchange->world), 0, time);
    printf("patriot exchange: ");
    exchange_faces_print(exchange, stdout);
    printf(", %u symbols, venue time %s, seed %llu, %s\n", venue_instrument_count(world_venue(exchange->world)), time,
           (unsigned long long)world_seed(exchange->world),
           exchange->clock == CLOCK_LOCKSTEP ? "in lockstep" : "by the wall clock");
    fflush(stdout);
}

static int run(exchange_t *exchange)
{
    int64_t wall_ns = 0;
    int code = read_until(exchange, &wall_ns);
    if (code != 0)
        return code;
    exchange->begun_ns = world_now_ns(exchange->world);
    (void)loop_on_signal(exchange->loop, SIGTERM, on_end, exchange);
    (void)loop_on_signal(exchange->loop, SIGINT, on_end, exchange);
    (void)loop_on_signal(exchange->loop, SIGQUIT, on_end, exchange);
    (void)loop_on_signal(exchange->loop, SIGHUP, on_end, exchange);
    loop_timer_init(&exchange->end_timer, exchange->loop, on_time_up, exchange);
    if (wall_ns > 0)
        loop_timer_start_in(&exchange->end_timer, wall_ns);
    exchange_clock_begin(exchange);
    health_check_set(&exchange->health, "venue", HEALTH_OK, "", loop_wall_ns(exchange->loop));
    log_write(LOG_INFO, LOG_EVENT_PROCESS_READY, NULL, "the simulated exchange is open",
              LOG_FIELDS(LOG_TEXT("address", face_server_address(exchange->server))));
    print_ready(exchange);
    loop_run(exchange->loop);
    loop_timer_stop(&exchange->end_timer);
    exchange_clock_stop(exchange);
    return 0;
}

static int open_wire_log(exchange_t *exchange)
{
    result_t result = wire_log_open(exchange->options.wire_log, &exchange->wire_log);
    if (result == RESULT_OK)
        return 0;
    fprintf(stderr, "patriot exchange: --wire-log %s: %s; name a file in a folder that is there and can be written\n",
            exchange->options.wire_log ? exchange->options.wire_log : "", result_text(result));
    return 2;
}

static int arm_faults(exchange_t *exchange)
{
    char error[EXCHANGE_ERROR_MAX] = "";
    return exchange_faults_arm(exchange, error) ? 0 : exchange_complain(error);
}

static int open_all(exchange_t *exchange)
{
    char error[EXCHANGE_ERROR_MAX] = "";
    int code = exchange_read_faults(exchange, error) ? open_folder(exchange) : exchange_complain(error);
    if (code != 0)
        return code;
    if (loop_create(&(loop_options_t){.clock = LOOP_CLOCK_REAL}, &exchange->loop) != RESULT_OK)
        return exchange_complain("no memory or file descriptors for an event loop");
    health_init(&exchange->health, "exchange", loop_wall_ns(exchange->loop));
    (void)process_crash_handler_install("exchange");
    code = open_wire_log(exchange);
    if (code == 0)
        code = open_world(exchange);
    if (code == 0) {
        exchange_faults_begin(exchange);
        code = open_faces(exchange);
    }
    if (code == 0)
        code = exchange_accounts_open(exchange);
    if (code == 0)
        code = arm_faults(exchange);
    if (code == 0 && exchange->options.data)
        code = open_bus(exchange);
    return code == 0 ? publish_address(exchange) : code;
}

static void close_all(exchange_t *exchange)
{
    if (exchange->address_path[0])
        (void)unlink(exchange->address_path);
    if (exchange->clock_path[0])
        (void)unlink(exchange->clock_path);
    if (exchange->bus)
        bus_server_close(exchange->bus);
    exchange_faces_close(exchange);
    tls_destroy(exchange->tls);
    world_close(exchange->world);
    for (uint32_t i = 0; i < exchange->source_count; i++)
        market_source_release(&exchange->sources[i]);
    if (exchange->loop) {
        role_drain(exchange->loop);
        loop_destroy(exchange->loop);
    }
    wire_log_close(exchange->wire_log);
    log_close();
    if (exchange->lock.descriptor >= 0)
        file_lock_drop(&exchange->lock);
    exchange_forget_secrets(exchange);
}

int app_exchange_main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "ctl") == 0)
        return exchange_ctl_main(argc, argv);
    if (argc > 1 && argv[1][0] != '-') {
        static const char *const words[] = {"ctl"};
        (void)options_word("patriot exchange", argv[1], words, 1);
        return 2;
    }
    exchange_t *exchange = calloc(1, sizeof *exchange);
    if (!exchange)
        return exchange_complain("no memory");
    exchange->lock = FILE_LOCK_NONE;
    options_outcome_t outcome = exchange_read_options(&exchange->options, argc, argv);
    int code = outcome == OPTIONS_HELPED ? 0 : 2;
    if (outcome == OPTIONS_RUN && !exchange_faces_read(exchange))
        outcome = OPTIONS_WRONG;
    if (outcome == OPTIONS_RUN && exchange->options.audit) {
        code = exchange_audit(exchange);
        close_all(exchange);
    } else if (outcome == OPTIONS_RUN) {
        process_title_set("exchange", NULL);
        /* Each snapshot is made in a copy of the whole venue: that much goes back to the system at once, the heap does not keep it.
         */
        (void)mallopt(M_MMAP_THRESHOLD, LARGE_PIECE_BYTES);
        exchange->clock = exchange->options.lockstep ? CLOCK_LOCKSTEP : CLOCK_SPEED;
        exchange->speed = exchange->options.speed;
        exchange->paused = exchange->options.paused;
        exchange->pace = exchange->options.pace;
        code = open_all(exchange);
        if (code == 0)
            code = run(exchange);
        close_all(exchange);
    }
    free(exchange);
    return code;
}
