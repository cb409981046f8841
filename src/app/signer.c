/* signer.c: begins and ends `patriot signer`: keys, rules, account client, private stream, lockstep. */
#include "app/signer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/signer_state.h"
#include "core/base/time.h"
#include "edge/secret/secret.h"

enum { RULES_RETRY_MS = 500, RULES_PAUSE_MIN = 10, HOURLY_LOOK_S = 10 };

int64_t signer_now_ns(const signer_t *signer)
{
    int64_t venue_ms = 0;
    if (venue_clock_now_ms(&signer->clock, loop_now_ns(signer->role.loop), &venue_ms) != RESULT_OK)
        return loop_wall_ns(signer->role.loop);
    return venue_ms * NS_PER_MS;
}

void signer_settle(signer_t *signer)
{
    if (!signer->role.stopping)
        signer_pump(signer);
    if (signer->role.stopping || !signer->moment_open || !signer->account || !signer->stream || !order_is_settled(signer) ||
        !signer_bus_idle(signer))
        return;
    user_stream_lockstep_done(signer->stream);
}

/* --- what others hold ------------------------------------------------------------------------- */

/* Positions in symbols that this folder never traded are not ours: they are left alone, and said aloud, because they share the
 * account's margin with what is. */
static void tell_strangers(signer_t *signer, const char *text)
{
    if (text[0] != '\0' && strcmp(text, signer->strangers) != 0) {
        log_field_t field = LOG_TEXT("detail", text);
        log_write(LOG_WARNING, LOG_EVENT_RISK_BREACH, NULL,
                  "the account holds what this folder does not trade: it is left alone, and shares the account's margin", &field,
                  1);
    }
    (void)snprintf(signer->strangers, sizeof signer->strangers, "%s", text);
    health_check_set(&signer->role.health, "others' positions", text[0] == '\0' ? HEALTH_OK : HEALTH_DEGRADED, text,
                     role_now_ns(&signer->role));
}

static void on_strangers(void *context, const account_strangers_t *strangers)
{
    char text[HEALTH_TEXT_MAX] = "", amount[DEC_TEXT_MAX];
    (void)dec_format(strangers->amount, amount);
    if (strangers->count > 0)
        (void)snprintf(text, sizeof text, "%s %s: one of %u not ours, left alone", strangers->symbol, amount, strangers->count);
    tell_strangers(context, text);
}

/* --- the private stream ----------------------------------------------------------------------- */

static void give_gap(signer_t *signer)
{
    private_event_t gap = {.kind = PRIVATE_GAP, .time_ns = signer_now_ns(signer)};
    signer_give_private(signer, &gap);
}

static void on_event(void *context, int64_t received_ns, const binance_private_t *event, str_t frame)
{
    signer_t *signer = context;
    (void)received_ns;
    (void)frame;
    for (uint32_t i = 0; i < event->count; i++)
        signer_give_private(signer, &event->events[i]);
    if (event->kind == BINANCE_PRIVATE_ACCOUNT && event->left_out > 0)
        tell_strangers(signer, "a position has changed in a symbol that this folder does not trade: left alone");
    order_events_came(signer);
    signer_settle(signer);
}

static void on_notice(void *context, const user_stream_notice_t *notice)
{
    signer_t *signer = context;
    bool up = notice->kind == USER_STREAM_UP || notice->kind == USER_STREAM_RECONCILE;
    log_field_t field = LOG_TEXT("detail", notice->text);
    log_write(up ? LOG_INFO : LOG_WARNING, up ? LOG_EVENT_STREAM_CONNECTED : LOG_EVENT_STREAM_LOST, NULL, "private stream", &field,
              1);
    health_check_set(&signer->role.health, "private stream", up ? HEALTH_OK : HEALTH_DEGRADED, notice->text,
                     role_now_ns(&signer->role));
    if (up) /* events may have been missed before it stood */
        give_gap(signer);
    order_events_came(signer);
    signer_settle(signer);
}

/* Rules change overnight: read again every hour of the venue's time (MKT-5), and when tickers.txt names another symbol; the clock
 * is measured again with them. */
static void refresh_rules(signer_t *signer)
{
    const int64_t now_ns = signer_now_ns(signer);
    const bool aged = now_ns - signer->rules_read_ns >= NS_PER_HOUR && now_ns >= signer->rules_again_ns;
    if (!signer->rules_known || signer->rules.reading || (!aged && (signer->lockstep || !rules_lack(&signer->rules))))
        return;
    (void)rules_read(&signer->rules);
    if (!signer->lockstep)
        (void)binance_rest_measure_clock(signer->venue.rest, NULL, NULL);
}

static void on_moment(void *context, uint64_t moment, int64_t venue_ms)
{
    signer_t *signer = context;
    venue_clock_pin(&signer->clock, venue_ms);
    signer->moment = moment;
    signer->moment_open = true;
    refresh_rules(signer);
    signer->moment_due = true;
    signer_pump(signer);
    signer_settle(signer);
}

static const user_stream_events_t stream_events = {.on_event = on_event, .on_notice = on_notice, .on_moment = on_moment};

/* --- opening ---------------------------------------------------------------------------------- */

static bool open_account(signer_t *signer)
{
    account_client_options_t account = {.loop = signer->role.loop,
                                        .rest = signer->venue.rest,
                                        .instruments = signer->table,
                                        .symbols = signer->symbols,
                                        .clock = &signer->clock,
                                        .on_input = signer_give_input,
                                        .on_strangers = on_strangers,
                                        .context = signer};
    user_stream_options_t stream = {.loop = signer->role.loop,
                                    .stream_url = signer->venue.stream_url,
                                    .tls = signer->venue.tls,
                                    .rest = signer->venue.rest,
                                    .symbols = signer->symbols,
                                    .clock = &signer->clock,
                                    .lockstep_role = signer->lockstep ? "signer" : NULL,
                                    .events = &stream_events,
                                    .context = signer,
                                    .seed = (uint64_t)loop_wall_ns(signer->role.loop)};
    if (account_client_create(&account, &signer->account) != RESULT_OK ||
        user_stream_create(&stream, &signer->stream) != RESULT_OK) {
        role_complain(&signer->role, LOG_EVENT_STREAM_LOST, "no memory for the account's connections");
        return false;
    }
    http_client_keep_warm(signer->venue.http, 2);
    return true;
}

static void ask_rules(loop_timer_t *timer, void *context)
{
    signer_t *signer = context;
    (void)timer;
    if (!signer->rules.reading && rules_read(&signer->rules) != RESULT_OK)
        loop_timer_start_in(&signer->retry, RULES_RETRY_MS * NS_PER_MS);
}

static void on_hourly(loop_timer_t *timer, void *context)
{
    refresh_rules(context);
    loop_timer_start_in(timer, HOURLY_LOOK_S * NS_PER_S);
}

/* The rules that are there hold on: a venue that is away is not asked in every moment, each of which would wait for its silence. */
static void put_off_rules(signer_t *signer)
{
    const int64_t doubled_ns = 2 * signer->rules_pause_ns;
    signer->rules_pause_ns = doubled_ns == 0 ? RULES_PAUSE_MIN * NS_PER_MIN : doubled_ns < NS_PER_HOUR ? doubled_ns : NS_PER_HOUR;
    signer->rules_again_ns = signer_now_ns(signer) + signer->rules_pause_ns;
}

static void on_rules(void *context, result_t result)
{
    signer_t *signer = context;
    if (signer->role.stopping)
        return;
    health_check_set(&signer->role.health, "rules", result == RESULT_OK ? HEALTH_OK : HEALTH_DEGRADED,
                     result == RESULT_OK ? "" : result_text(result), role_now_ns(&signer->role));
    if (result != RESULT_OK) {
        if (!signer->rules_known || signer->rules_wanted)
            loop_timer_start_in(&signer->retry, RULES_RETRY_MS * NS_PER_MS);
        else
            put_off_rules(signer);
        signer_settle(signer);
        return;
    }
    signer->rules_pause_ns = signer->rules_again_ns = 0;
    signer->rules_read_ns = signer_now_ns(signer);
    symbol_map_fill(signer->symbols, signer->table, "BINANCE");
    signer->rules_known = true;
    if (!signer->account && !open_account(signer)) {
        loop_stop(signer->role.loop);
        return;
    }
    signer_give_rules(signer);
    signer_give_kill(signer);
    if (signer->rules_wanted) {
        memset(signer->input, 0, sizeof *signer->input);
        signer->input->kind = ORDER_INPUT_REPLY;
        signer->input->reply = (order_reply_t){.action = signer->rules_action, .kind = REPLY_ACCEPTED};
        signer->rules_wanted = false;
        signer_give_input(signer, signer->input);
    }
    signer_kill_act(signer);
    loop_defer(signer->role.loop, &signer->order_turn);
    signer_settle(signer);
}

static void on_venue(void *context)
{
    signer_t *signer = context;
    if (config_current(signer->role.config)->mode == CONFIG_DEMO && !venue_link_is_simulated(&signer->venue)) {
        role_complain(&signer->role, LOG_EVENT_PROCESS_FAILED_SAFE,
                      "the demo profile trades on the simulated exchange only, and %s is not on this machine",
                      signer->venue.rest_url);
        loop_stop(signer->role.loop);
        return;
    }
    ask_rules(NULL, signer);
}

/* The secret is on the stack only until the key is prepared. */
static bool take_keys(signer_t *signer, str_t api_key, str_t secret_text)
{
    secret_t secret = {0};
    bool good = api_key.length > 0 && str_copy(api_key, signer->api_key, sizeof signer->api_key) == RESULT_OK &&
                secret_set(&secret, secret_text.bytes, secret_text.length) == RESULT_OK &&
                sign_key_open(&secret, &signer->key) == RESULT_OK;
    secret_wipe(&secret);
    return good;
}

/* Keys: demo has them in DIR/run/demo.keys ("KEY:SECRET", made by patriot up); otherwise the configuration. */
static bool read_keys(signer_t *signer)
{
    const config_t *config = config_current(signer->role.config);
    char path[FILE_PATH_MAX], text[2 * CONFIG_SECRET_MAX];
    size_t length = 0;
    if (config->mode != CONFIG_DEMO) {
        bool testnet = config->exchange.network == CONFIG_TESTNET;
        return take_keys(signer, str_from((testnet ? &config->exchange.testnet_key : &config->exchange.mainnet_key)->hidden),
                         str_from((testnet ? &config->exchange.testnet_secret : &config->exchange.mainnet_secret)->hidden));
    }
    if (file_path_join(signer->role.data_folder, "run/demo.keys", path, sizeof path) != RESULT_OK ||
        file_read_whole(path, text, sizeof text, &length) != RESULT_OK)
        return false;
    str_t rest = str_trim((str_t){text, length});
    str_t api_key = str_cut(&rest, ':');
    bool good = take_keys(signer, api_key, rest);
    secret_wipe_bytes(text, sizeof text);
    return good;
}

static void on_stop(role_t *role)
{
    role_finish(role);
}

static void on_reload(role_t *role)
{
    signer_kill_reread(role->context);
}

static const role_events_t role_events = {.on_stop = on_stop,
                                          .on_reload = on_reload,
                                          .on_control = signer_control,
                                          .on_message = signer_on_message,
                                          .on_peer = signer_on_peer,
                                          .on_peer_ack = signer_on_ack,
                                          .on_peer_room = signer_on_room,
                                          .on_peer_lost = signer_on_lost};

static int open_all(signer_t *signer, role_options_t *options)
{
    result_t result = gate_open(signer);
    if (result != RESULT_OK) {
        role_complain(&signer->role, LOG_EVENT_STORE_FAILED,
                      "%s/signer.state holds the kill level and cannot be read: %s; mend it or set it aside by hand",
                      signer->role.data_folder, result_text(result));
        return EXIT_FAILED_SAFE;
    }
    rules_read_named(&signer->role, signer->named);
    if (!read_keys(signer)) {
        role_complain(&signer->role, LOG_EVENT_CONFIG_REJECTED,
                      "no exchange key: `patriot config check` says which are wanted; in demo %s/run/demo.keys is missing or "
                      "damaged (one line, KEY:SECRET): remove it, `patriot up` makes it again",
                      signer->role.data_folder);
        return EXIT_MISUSE;
    }
    signer->outbox.generation = (uint64_t)loop_wall_ns(signer->role.loop);
    options->identity.outbox_generation = signer->outbox.generation;
    options->epoch_floor = signer->epoch;
    int code = role_listen(&signer->role, options);
    if (code != EXIT_WELL)
        return code;
    role_reread_each_batch(&signer->role);
    signer_kill_reread(signer);
    venue_link_options_t venue = {.role = &signer->role,
                                  .clock = &signer->clock,
                                  .api_key = str_from(signer->api_key),
                                  .key = signer->key,
                                  .one_by_one = signer->lockstep,
                                  .on_ready = on_venue,
                                  .context = signer};
    return venue_link_open(&signer->venue, &venue) == RESULT_OK ? EXIT_WELL : EXIT_FAILED;
}

static int run(signer_t *signer, role_options_t *options)
{
    int code = role_begin(&signer->role, options);
    if (code != EXIT_WELL)
        return code;
    venue_clock_init(&signer->clock);
    loop_timer_init(&signer->retry, signer->role.loop, ask_rules, signer);
    loop_timer_init(&signer->hourly, signer->role.loop, on_hourly, signer);
    loop_timer_start_in(&signer->hourly, HOURLY_LOOK_S * NS_PER_S);
    order_init(signer);
    signer_kill_init(signer);
    signer->rules = (rules_reader_t){.venue = &signer->venue,
                                     .table = signer->table,
                                     .kept = signer->named,
                                     .brackets = true,
                                     .on_done = on_rules,
                                     .context = signer};
    code = open_all(signer, options);
    if (code == EXIT_WELL) {
        role_run(&signer->role);
        code = signer->role.stopping ? EXIT_WELL : EXIT_FAILED;
    }
    signer->role.stopping = true; /* callbacks of what is closed below find nothing to do */
    if (signer->account)
        account_client_stop(signer->account);
    user_stream_destroy(signer->stream);
    signer->stream = NULL;
    venue_link_close(&signer->venue);
    loop_timer_stop(&signer->retry);
    loop_timer_stop(&signer->hourly);
    order_stop(signer);
    signer_kill_stop(signer);
    role_end(&signer->role);
    account_client_destroy(signer->account);
    sign_key_close(signer->key);
    secret_wipe_bytes(signer->api_key, sizeof signer->api_key);
    return code;
}

int app_signer_main(int argc, char **argv)
{
    role_arguments_t arguments;
    int code = EXIT_WELL;
    if (!role_arguments_read(&arguments, "patriot signer",
                             "Alone holds the keys: signs, sends, private stream; its own limits, epoch and kill level.", NULL,
                             argc, argv, &code))
        return code;
    code = EXIT_FAILED;
    signer_t *signer = calloc(1, sizeof *signer);
    if (signer) {
        signer->table = calloc(1, sizeof *signer->table);
        signer->symbols = calloc(1, sizeof *signer->symbols);
        signer->named = calloc(1, sizeof *signer->named);
        signer->events = calloc(SIGNER_EVENTS_MAX, sizeof *signer->events);
        signer->message = calloc(1, sizeof *signer->message);
        signer->sent = calloc(SIGNER_SENT_MAX, sizeof *signer->sent);
        signer->input = calloc(1, sizeof *signer->input);
        signer->actions = calloc(SIGNER_ACTIONS_MAX, sizeof *signer->actions);
        signer->held = calloc(SIGNER_HELD_MAX, sizeof *signer->held);
        signer->lockstep = arguments.lockstep;
        if (signer->symbols)
            symbol_map_init(signer->symbols);
        role_options_t role = {.name = "signer",
                               .data_folder = arguments.data,
                               .config_folder = arguments.config,
                               .events = &role_events,
                               .context = signer,
                               .secrecy = PROCESS_HOLDS_SECRETS};
        if (signer->table && signer->symbols && signer->events && signer->message && signer->input && signer->sent &&
            signer->actions && signer->held && signer->named)
            code = run(signer, &role);
        free(signer->table);
        free(signer->symbols);
        free(signer->named);
        free(signer->events);
        free(signer->sent);
        free(signer->actions);
        free(signer->held);
        free(signer->message);
        free(signer->input);
    }
    free(signer);
    return code;
}
