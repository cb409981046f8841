/* up_options.c: the command line of `patriot up`: its options in words, and what is refused before anything has started. */
#include <stdio.h>
#include <string.h>

#include "app/up_state.h"
#include "edge/face/fault/fault_engine.h"
#include "edge/face/fault/fault_scenario.h"

options_outcome_t up_read_options(up_t *up, int argc, char **argv)
{
    const argument_t options[] = {
        {"data", ARGUMENT_TEXT, &up->data, "DIR", "keep everything in that folder (default ./data)"},
        {"config", ARGUMENT_TEXT, &up->config, "DIR", "folder of patriot.yaml, .env, tickers.txt (default .)"},
        {"for", ARGUMENT_SPAN, &up->span, "TIME", "stop by itself: 2m of wall time, or 500vh venue hours"},
        {"seed", ARGUMENT_U64, &up->seed, "N", "chooses the run: the stretch of history and the exchange's chances"},
        {"speed", ARGUMENT_RATE, &up->speed, "N", "venue time runs on wall time x N instead of in lockstep"},
        {"pace", ARGUMENT_RATE, &up->pace, "N", "venue hours a second at most (terminal, background: 8, else no limit), or max"},
        {"market", ARGUMENT_LIST, &up->markets, "WHAT", "as for `patriot exchange` (default bundled); may come again"},
        {"scenario", ARGUMENT_TEXT, &up->scenario, "FILE", "faults of the exchange to come (docs/faults.md)"},
        {"faults", ARGUMENT_TEXT, &up->faults, "random[:SEED[:DENSITY]]", "a mix of them by chance, with quiet phases"},
        {"wire-log", ARGUMENT_TEXT, &up->wire_log, "FILE", "each request and reply of the exchange as one JSON line"},
        {"json", ARGUMENT_FLAG, &up->json, NULL, "the summary as one JSON object, everything else to stderr"},
        {"plain", ARGUMENT_FLAG, &up->plain, NULL, "plain lines on a terminal too"},
        {"background", ARGUMENT_FLAG, &up->background, NULL, "run on after this command has returned"},
    };
    const command_t command = {.command = "patriot up",
                               .usage = "[options]",
                               .about = "Starts exchange (simulated), signer, watchdog and monitor; watches and restarts them; "
                                        "sums up at the end.\nKeys on a terminal: + faster, - slower, space pause, q stop.",
                               .options = options,
                               .option_count = sizeof options / sizeof options[0]};
    const char *operands[1];
    size_t operand_count = 0;
    options_outcome_t outcome = options_read(&command, argc, argv, operands, &operand_count);
    for (int i = 1; i < argc; i++) {
        up->speed_given = up->speed_given || strncmp(argv[i], "--speed", 7) == 0;
        up->pace_given = up->pace_given || strncmp(argv[i], "--pace", 6) == 0;
        up->seed_given = up->seed_given || strncmp(argv[i], "--seed", 6) == 0;
        up->json = up->json || strcmp(argv[i], "--json") == 0; /* also behind a word that is refused */
    }
    return outcome;
}

/* What the exchange would refuse, and what cannot be, is refused here, before anything has started. */
bool up_options_are_well(const up_t *up)
{
    static fault_scenario_t scenario;
    char error[FAULT_ERROR_MAX] = "";
    uint64_t seed = 0;
    double density = 0;
    const char *option = "scenario";
    bool well = !up->scenario || fault_scenario_read(up->scenario, &scenario, error);
    if (well && up->faults) {
        option = "faults";
        well = fault_mix_parse(str_from(up->faults), &seed, &density, error);
    }
    if (!well)
        fprintf(stderr, "patriot up: --%s %s\n", option, error);
    if (up->json && up->background) {
        fprintf(stderr, "patriot up: --json prints the summary at the end, and --background returns before it: give one of them\n");
        return false;
    }
    if (up->speed_given && up->pace_given) {
        fprintf(stderr, "patriot up: --speed N runs by the wall clock, and --pace N bounds lockstep: give one of them\n");
        return false;
    }
    if (up->speed_given && up->speed == 0) {
        fprintf(stderr, "patriot up: --speed wants a number, e.g. 600; for as fast as it goes leave it out: in lockstep the "
                        "exchange waits for nobody longer than it must\n");
        return false;
    }
    return well;
}
