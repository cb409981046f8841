/* exchange_state.h: the inside of `patriot exchange`, for its own files only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "app/options.h"
#include "edge/bus/bus.h"
#include "edge/face/binance/face.h"
#include "edge/face/binance/face_lockstep.h"
#include "edge/face/fault/fault_scenario.h"
#include "edge/face/server/face_server.h"
#include "edge/face/world/market_rules.h"
#include "edge/face/world/world_acts.h"
#include "edge/json/json_writer.h"
#include "edge/net/loop.h"
#include "edge/observe/health.h"
#include "edge/store/file.h"

enum { EXCHANGE_SECRET_MAX = 4096, EXCHANGE_REPLY_MAX = 256 * 1024, EXCHANGE_ERROR_MAX = 768 };

typedef enum { CLOCK_LOCKSTEP, CLOCK_SPEED } exchange_clock_t;

enum { EXCHANGE_FACES_MAX = 2, EXCHANGE_HOLDINGS_MAX = 16 };

/* One --face. */
typedef struct {
    uint32_t product;
    const char *address;
    face_t *face;
    face_server_t *server;
} exchange_face_t;

/* demo:KEY:SECRET:USDT=10000,BTC=1 */
typedef struct {
    char name[WORLD_NAME_MAX];
    char api_key[WORLD_KEY_MAX];
    char secret[EXCHANGE_SECRET_MAX];
    char asset[ASSET_TEXT_MAX]; /* of the futures wallet: the first in which a market settles */
    dec_t amount;
    uint32_t holding_count; /* all that was named: what a spot wallet begins with */
    struct {
        char asset[ASSET_TEXT_MAX];
        dec_t amount;
    } holdings[EXCHANGE_HOLDINGS_MAX];
} exchange_account_t;

/* What the command line says. */
typedef struct {
    argument_list_t faces, markets, accounts, keys, funds, fee_tiers, spot_fees;
    const char *data, *rules, *start, *run_for, *until, *account_file, *wire_log, *expect, *tls, *scenario, *faults;
    const char *fee_asset, *insurance;
    uint64_t seed, queue_pct;
    double speed, pace;
    int64_t patience_ns, moment_ns;
    bool seed_given, lockstep, ephemeral, paused, strict_clock, no_spot_listen_keys, audit;
} exchange_options_t;

typedef struct {
    exchange_options_t options;
    loop_t *loop;
    world_t *world;
    uint32_t face_count;
    exchange_face_t faces[EXCHANGE_FACES_MAX];
    face_t *face;          /* the first of them */
    face_server_t *server; /* its */
    tls_t *tls;            /* NULL: plain */
    bus_server_t *bus;
    health_t health;
    file_lock_t lock;
    wire_log_t *wire_log;
    /* faults */
    fault_engine_t faults;
    fault_scenario_t scenario;
    uint64_t mix_seed;
    double mix_density;
    char address_path[FILE_PATH_MAX], clock_path[FILE_PATH_MAX]; /* "" : none written */
    /* markets */
    uint32_t source_count;
    market_source_t sources[MARKET_SOURCE_MAX];
    instrument_t instruments[MARKET_SOURCE_MAX];
    instrument_kind_t kinds[MARKET_SOURCE_MAX]; /* INSTRUMENT_SPOT or INSTRUMENT_PERPETUAL */
    market_rules_t rules;
    uint32_t account_count;
    exchange_account_t accounts[WORLD_ACCOUNTS_MAX];
    /* clock */
    exchange_clock_t clock;
    bool paused, ended, failed, restored;
    uint64_t steps_left; /* while paused */
    double pace, speed;  /* 0: as fast as it goes */
    int64_t until_ns;    /* venue time; INT64_MAX: no end */
    int64_t begun_ns;    /* venue time at which this process took the world up */
    int64_t wall_anchor_ns, venue_anchor_ns;
    loop_timer_t timer, end_timer;
    loop_task_t look;
    char reply[EXCHANGE_REPLY_MAX];
} exchange_t;

/* --- exchange_options.c: the command line -------------------------------------------------------- */
options_outcome_t exchange_read_options(exchange_options_t *options, int argc, char **argv);
int exchange_complain(const char *text); /* the exit status of a misuse */

/* --- exchange_setup.c: what the options name, read and checked. False: `error` says what is wrong and how to put it right. --- */
bool exchange_read_markets(exchange_t *exchange, char error[EXCHANGE_ERROR_MAX]);
bool exchange_choose_start(exchange_t *exchange, int64_t *start_ns, char error[EXCHANGE_ERROR_MAX]);

/* --- exchange_accounts.c --- */
bool exchange_read_accounts(exchange_t *exchange, char error[EXCHANGE_ERROR_MAX]);
void exchange_forget_secrets(exchange_t *exchange);

/* --- exchange_faces.c: the faces, and the accounts that they serve ---------------------------- */
bool exchange_faces_read(exchange_t *exchange); /* --face; false: it was said what is wrong */
bool exchange_serves(const exchange_t *exchange, instrument_kind_t kind);
bool exchange_settles_in(const exchange_t *exchange, const char *asset);   /* a contract does */
bool exchange_futures_take(const exchange_t *exchange, const char *asset); /* contracts settle in it, or fees are paid in it */
int exchange_faces_open(exchange_t *exchange, void (*on_activity)(void *context)); /* exit status */
void exchange_faces_close(exchange_t *exchange);
void exchange_faces_print(const exchange_t *exchange, FILE *file); /* "binance-usdm on http://..., binance-spot on ..." */
void exchange_faces_speed(exchange_t *exchange);
void exchange_faces_after_advance(exchange_t *exchange);
void exchange_faces_release(exchange_t *exchange);
void exchange_faces_close_sockets(exchange_t *exchange, uint16_t code);
lockstep_state_t exchange_faces_lockstep(exchange_t *exchange, int64_t now_ns);
int64_t exchange_faces_deadline(const exchange_t *exchange);
int64_t exchange_faces_wake_ns(const exchange_t *exchange);
void exchange_faces_moment(exchange_t *exchange, int64_t now_ns);
int exchange_accounts_open(exchange_t *exchange);
/* --- exchange_terms.c: keys, funds and fee tiers of accounts that are open --- */
bool exchange_apply_terms(exchange_t *exchange, char error[EXCHANGE_ERROR_MAX]);
bool exchange_read_rate(str_t text, dec_t *rate); /* of per cent */

/* --- exchange_audit.c: the tape test; the exit status --- */
int exchange_audit(exchange_t *exchange);

/* --- exchange_clock.c: when the world moves --------------------------------------------------- */
void exchange_clock_begin(exchange_t *exchange);
void exchange_clock_look(exchange_t *exchange);    /* at the end of this turn */
void exchange_clock_changed(exchange_t *exchange); /* after any change of pace, speed, pause or end */
/* DIR/run/exchange.clock: "60 since 1757203200000": how fast venue time runs, 0 when it stands, from which venue time (ms) on; for
 * the processes that share the data folder. None in lockstep. */
result_t exchange_clock_publish(exchange_t *exchange);
void exchange_clock_stop(exchange_t *exchange);

/* --- exchange_faults.c: faults on demand ------------------------------------------------------- */
bool exchange_read_faults(exchange_t *exchange, char error[EXCHANGE_ERROR_MAX]); /* of the command line, before anything starts */
void exchange_faults_begin(exchange_t *exchange);                                /* world open, faces not yet */
bool exchange_faults_arm(exchange_t *exchange, char error[EXCHANGE_ERROR_MAX]);  /* all is open */
void exchange_faults_step(exchange_t *exchange);                                 /* venue time has moved */
bool exchange_fault_is_meant_for_us(const exchange_t *exchange, const fault_spec_t *spec, char error[EXCHANGE_ERROR_MAX]);

/* --- exchange_ctl.c: questions and commands while it runs ------------------------------------- */
int exchange_control(exchange_t *exchange, const patriot_bus_Control *control,
                     size_t *length);                                          /* JSON in exchange->reply; exit status */
int exchange_ctl_main(int argc, char **argv);                                  /* exchange_ctl_tool.c */
int ctl_complain(json_writer_t *writer, const char *text);                     /* 2 */
int ctl_agree(json_writer_t *writer);                                          /* 0 */
const char *ctl_argument(const patriot_bus_Control *control, pb_size_t index); /* NULL: not given */

/* --- exchange_ctl_fault.c, exchange_ctl_truth.c: further commands; JSON into the writer, exit status -- */
typedef int ctl_fn(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer);
ctl_fn exchange_ctl_fault, exchange_ctl_faults, exchange_ctl_filter, exchange_ctl_user_act;
ctl_fn exchange_ctl_orders, exchange_ctl_algos, exchange_ctl_fills, exchange_ctl_requests;
/* exchange_ctl_clock.c */
ctl_fn exchange_ctl_pause, exchange_ctl_resume, exchange_ctl_step, exchange_ctl_pace, exchange_ctl_speed, exchange_ctl_until;
/* exchange_ctl_terms.c */
ctl_fn exchange_ctl_restrict, exchange_ctl_leverage_bar, exchange_ctl_fee_tier, exchange_ctl_spot_fee, exchange_ctl_closing,
    exchange_ctl_settle;
int exchange_ctl_price(exchange_t *exchange, const char *symbol, const char *price, json_writer_t *writer);
