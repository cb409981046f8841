/* exchange_options.c: the command line of `patriot exchange`: its options in words, and what they must not say together. */
#include <stdio.h>

#include "app/exchange_state.h"
#include "core/base/time.h"

#define PATIENCE_NS (3 * NS_PER_S)

int exchange_complain(const char *text)
{
    fprintf(stderr, "patriot exchange: %s\n", text);
    return 2;
}

/* What one option makes of the clock, another must not take back in silence. False: it was said. */
static bool clock_options_agree(const exchange_options_t *options)
{
    const char *wrong = NULL;
    if (options->lockstep && options->speed >= 0)
        wrong = "--speed is for the wall clock; in lockstep --pace says how many venue hours a second at most";
    else if (!options->lockstep && (options->pace > 0 || options->expect || options->patience_ns != PATIENCE_NS))
        wrong = "--pace, --expect and --patience are for lockstep: add --lockstep, or say --speed N";
    else if (options->run_for && options->until)
        wrong = "--for and --until both say when to end; give one of them";
    if (wrong)
        (void)exchange_complain(wrong);
    return !wrong;
}

static options_outcome_t read_words(exchange_options_t *options, int argc, char **argv)
{
    const argument_t table[] = {
        {"face", ARGUMENT_LIST, &options->faces, "NAME=HOST:PORT",
         "binance-usdm (default, any free port) or binance-spot; repeatable"},
        {"market", ARGUMENT_LIST, &options->markets, "WHAT",
         "[spot:]candles:[SYMBOL=]FILE, stream:.., synthetic:SYMBOL, bundled; repeatable"},
        {"account", ARGUMENT_LIST, &options->accounts, "NAME:KEY:SECRET:ASSET=AMOUNT[,..]", "may come again"},
        {"seed", ARGUMENT_U64, &options->seed, "N", "chooses start and chance: one seed, one run (default 1)"},
        {"speed", ARGUMENT_RATE, &options->speed, "N|max", "venue time runs N times as fast as the wall clock (default 1)"},
        {"for", ARGUMENT_TEXT, &options->run_for, "2m|500vh", "end after wall time; stop the venue's clock after venue hours"},
        {"data", ARGUMENT_TEXT, &options->data, "DIR", "keep the world in DIR/exchange and go on from there; control at DIR/run"},
        {"ephemeral", ARGUMENT_FLAG, &options->ephemeral, NULL, "keep nothing of the world, also with --data"},
        {"tls", ARGUMENT_TEXT, &options->tls, "DIR", "https and wss; clients trust DIR/exchange.crt, made at the first start"},
        {"accounts", ARGUMENT_TOPIC, NULL, NULL, "secrets in a file, more keys and funds, fees"},
        {"account-file", ARGUMENT_TEXT, &options->account_file, "FILE",
         "accounts as for --account, one a line, mode 0600: no secret in argv"},
        {"key", ARGUMENT_LIST, &options->keys, "NAME:KEY:SECRET:read|trade[:ADDRESSES]",
         "one more key of an account; may come again"},
        {"funds", ARGUMENT_LIST, &options->funds, "NAME:ASSET=AMOUNT", "more money of an account, paid in once; may come again"},
        {"fee-tier", ARGUMENT_LIST, &options->fee_tiers, "NAME=0..9|volume",
         "fees of a tier; volume (default): of the one it earns; may come again"},
        {"spot-fee", ARGUMENT_LIST, &options->spot_fees, "NAME=MAKER:TAKER", "fees on spot, per cent (0.1:0.1); may come again"},
        {"fee-asset", ARGUMENT_TEXT, &options->fee_asset, "BNB", "fees may be paid in it, 10 % cheaper (POST /fapi/v1/feeBurn)"},
        {"markets", ARGUMENT_TOPIC, NULL, NULL, "rules of the symbols, queue, insurance fund, where a run begins, audit"},
        {"rules", ARGUMENT_TEXT, &options->rules, "FILE", "steps, limits, leverage brackets (default: the bundled ones)"},
        {"start", ARGUMENT_TEXT, &options->start, "TIME|seed",
         "venue time to begin at; seed: by chance inside what all histories share"},
        {"queue", ARGUMENT_U64, &options->queue_pct, "PCT",
         "recorded streams: share of a cancelled quantity that stood ahead of an order (50)"},
        {"insurance", ARGUMENT_TEXT, &options->insurance, "AMOUNT",
         "insurance fund (default 1000000); what it cannot bear is auto-deleveraged"},
        {"audit", ARGUMENT_FLAG, &options->audit, NULL, "replay recordings, compare best prices at every update id, and end"},
        {"clock", ARGUMENT_TOPIC, NULL, NULL, "lockstep with the processes that subscribe to it, pace, pause, end, timestamps"},
        {"lockstep", ARGUMENT_FLAG, &options->lockstep, NULL, "venue time moves when the subscribed processes have finished"},
        {"expect", ARGUMENT_TEXT, &options->expect, "ROLES", "lockstep: roles to wait for, e.g. monitor,watchdog,signer"},
        {"patience", ARGUMENT_SECONDS, &options->patience_ns, "3s",
         "lockstep: how long a silent or missing process holds the world"},
        {"pace", ARGUMENT_RATE, &options->pace, "N|max", "lockstep: at most N venue hours a second"},
        {"moment", ARGUMENT_SECONDS, &options->moment_ns, "TIME",
         "the grid on which moments stand (default: as the market has them)"},
        {"until", ARGUMENT_TEXT, &options->until, "HOURS", "stop the venue's clock after so many venue hours in all"},
        {"paused", ARGUMENT_FLAG, &options->paused, NULL, "the clock stands from the start; ctl step or resume moves it"},
        {"strict-clock", ARGUMENT_FLAG, &options->strict_clock, NULL, "refuse timestamps of the wall clock"},
        {"no-spot-listen-keys", ARGUMENT_FLAG, &options->no_spot_listen_keys, NULL,
         "spot: listen keys answer 410, as at the exchange since 2026-02-20"},
        {"faults", ARGUMENT_TOPIC, NULL, NULL, "faults on demand or by chance (docs/faults.md), a log of every request"},
        {"scenario", ARGUMENT_TEXT, &options->scenario, "FILE", "faults to come, with their times (YAML; docs/faults.md)"},
        {"faults", ARGUMENT_TEXT, &options->faults, "random[:SEED..]", "a mix of faults by chance, e.g. random:7:0.5"},
        {"wire-log", ARGUMENT_TEXT, &options->wire_log, "FILE",
         "each request and reply as one JSON line (keys and signatures masked)"},
    };
    const command_t command = {
        .command = "patriot exchange",
        .usage = "[options] | patriot exchange ctl DIR COMMAND",
        .about = "The simulated futures exchange on its wire faces, for our own processes and for anybody's client.",
        .epilogue = "Example: patriot exchange --face binance-usdm=127.0.0.1:9080 --account demo:KEY:SECRET:USDT=10000 --seed 7 "
                    "--speed 600",
        .options = table,
        .option_count = sizeof table / sizeof table[0],
    };
    size_t operands = 0;
    return options_read(&command, argc, argv, NULL, &operands);
}

options_outcome_t exchange_read_options(exchange_options_t *options, int argc, char **argv)
{
    const uint64_t no_seed = UINT64_MAX;
    options->seed = no_seed;
    options->patience_ns = PATIENCE_NS;
    options->speed = -1;
    options->queue_pct = 50;
    const options_outcome_t outcome = read_words(options, argc, argv);
    options->seed_given = options->seed != no_seed;
    options->seed = options->seed_given ? options->seed : 1;
    if (outcome == OPTIONS_RUN && !clock_options_agree(options))
        return OPTIONS_WRONG;
    options->speed = options->speed >= 0 ? options->speed : 1;
    return outcome;
}
