/* exchange_faults.c: faults of a running exchange: what the command line asks for, what time brings, what is told about them. */
#include <stdio.h>
#include <string.h>

#include "app/exchange_state.h"
#include "core/base/time.h"
#include "edge/face/fault/fault_acts.h"
#include "edge/observe/log.h"

enum { LOGGED_ALL = 100 }; /* strikes of one fault that get a line each; then every time their number has doubled */

/* --- what the engine's faults do -------------------------------------------------------------- */

static result_t act(void *context, const fault_armed_t *fault, fault_edge_t edge)
{
    exchange_t *exchange = context;
    char why[FAULT_ERROR_MAX] = "";
    if (fault->spec.knob == FAULT_WS_CLOSE) {
        if (edge == FAULT_BEGINS)
            exchange_faces_close_sockets(exchange, (uint16_t)fault_number(&fault->spec, 0));
        return RESULT_OK;
    }
    if (fault->spec.knob == FAULT_WS_KEY_EXPIRE) {
        if (edge == FAULT_BEGINS)
            (void)face_keys_expire(exchange->face, fault_number(&fault->spec, 0) == 0);
        return RESULT_OK;
    }
    result_t result = fault_act_on_world(exchange->world, fault, edge, why);
    if (result != RESULT_OK && result != RESULT_BAD_STATE)
        log_write(LOG_WARNING, LOG_EVENT_EXCHANGE_FAULT, NULL, "a fault found nothing to strike",
                  LOG_FIELDS(LOG_TEXT("fault", fault->spec.label), LOG_TEXT("why", why)));
    if (edge == FAULT_ENDS)
        log_write(LOG_INFO, LOG_EVENT_EXCHANGE_FAULT, NULL, "a fault is over", LOG_FIELDS(LOG_TEXT("fault", fault->spec.label)));
    return result;
}

static void struck(void *context, const fault_armed_t *fault)
{
    const exchange_t *exchange = context;
    if (fault->struck > LOGGED_ALL && (fault->struck & (fault->struck - 1)) != 0)
        return;
    log_write(LOG_INFO, LOG_EVENT_EXCHANGE_FAULT, NULL, fault_row(fault->spec.knob)->name,
              LOG_FIELDS(LOG_TEXT("fault", fault->spec.label), LOG_UINT("struck", fault->struck),
                         LOG_UINT("matched", fault->matched), LOG_INT("venue_ms", world_now_ns(exchange->world) / NS_PER_MS)));
}

/* --- what the command line asks for ----------------------------------------------------------- */

bool exchange_read_faults(exchange_t *exchange, char error[EXCHANGE_ERROR_MAX])
{
    char why[FAULT_ERROR_MAX] = "";
    const exchange_options_t *options = &exchange->options;
    exchange->mix_seed = options->seed;
    if (options->scenario && !fault_scenario_read(options->scenario, &exchange->scenario, why)) {
        snprintf(error, EXCHANGE_ERROR_MAX, "--scenario %s", why);
        return false;
    }
    if (options->faults && !fault_mix_parse(str_from(options->faults), &exchange->mix_seed, &exchange->mix_density, why)) {
        snprintf(error, EXCHANGE_ERROR_MAX, "--faults %.80s: %s", options->faults, why);
        return false;
    }
    return true;
}

static bool is_symbol(const exchange_t *exchange, const char *name)
{
    const venue_t *venue = world_venue(exchange->world);
    for (uint32_t i = 0; i < venue_instrument_count(venue); i++) {
        if (strcmp(venue_instrument_at(venue, (instrument_id_t)i)->symbol, name) == 0)
            return true;
    }
    return false;
}

static bool is_account(const exchange_t *exchange, const char *name)
{
    for (uint32_t i = 0; i < world_account_count(exchange->world); i++) {
        if (strcmp(world_account_at(exchange->world, i)->name, name) == 0)
            return true;
    }
    return false;
}

bool exchange_fault_is_meant_for_us(const exchange_t *exchange, const fault_spec_t *spec, char error[EXCHANGE_ERROR_MAX])
{
    bool symbol = spec->symbol[0] == '\0' || is_symbol(exchange, spec->symbol);
    bool account = spec->account[0] == '\0' || is_account(exchange, spec->account);
    if (!symbol)
        snprintf(error, EXCHANGE_ERROR_MAX, "symbol: %s is not traded here", spec->symbol);
    else if (!account)
        snprintf(error, EXCHANGE_ERROR_MAX, "account: there is no account %s", spec->account);
    return symbol && account;
}

void exchange_faults_begin(exchange_t *exchange)
{
    const fault_owner_t owner = {act, struck, exchange};
    fault_engine_init(&exchange->faults, exchange->scenario.seed_given ? exchange->scenario.seed : world_seed(exchange->world),
                      &owner, world_now_ns(exchange->world));
}

/* A world that goes on where it stopped has been through some of them: time runs over them again without doing anything, so that
 * what was begun is known, and undone when its end comes. */
static void catch_up(exchange_t *exchange)
{
    fault_engine_t *engine = &exchange->faults;
    int64_t now_ns = world_now_ns(exchange->world);
    for (int64_t next_ns = fault_next_ns(engine); next_ns < now_ns; next_ns = fault_next_ns(engine))
        fault_tick(engine, next_ns);
    memset(engine->struck, 0, sizeof engine->struck);
    engine->owner = (fault_owner_t){act, struck, exchange};
    fault_tick(engine, now_ns);
}

bool exchange_faults_arm(exchange_t *exchange, char error[EXCHANGE_ERROR_MAX])
{
    char why[EXCHANGE_ERROR_MAX - 256] = "";
    int64_t start_ns = world_start_ns(exchange->world);
    const bool again = world_now_ns(exchange->world) > start_ns;
    for (uint32_t i = 0; i < exchange->scenario.count; i++) {
        if (!exchange_fault_is_meant_for_us(exchange, &exchange->scenario.faults[i], error)) {
            snprintf(why, sizeof why, "%.200s", error);
            snprintf(error, EXCHANGE_ERROR_MAX, "--scenario %.200s:%u: %s", exchange->options.scenario, exchange->scenario.lines[i],
                     why);
            return false;
        }
    }
    if (again) {
        exchange->faults.owner = (fault_owner_t){0};
        exchange->faults.now_ns = start_ns;
    }
    for (uint32_t i = 0; i < exchange->scenario.count; i++)
        (void)fault_arm(&exchange->faults, &exchange->scenario.faults[i], start_ns, world_now_ns(exchange->world));
    if (exchange->options.faults)
        fault_mix_begin(&exchange->faults, exchange->mix_seed, exchange->mix_density);
    if (again)
        catch_up(exchange);
    return true;
}

void exchange_faults_step(exchange_t *exchange)
{
    fault_tick(&exchange->faults, world_now_ns(exchange->world));
    exchange_faces_release(exchange);
}
