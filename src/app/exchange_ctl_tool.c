/* exchange_ctl_tool.c: `patriot exchange ctl`: asks a running exchange, or tells it. */
#include <stdio.h>
#include <string.h>

#include "app/exchange_state.h"
#include "core/base/time.h"
#include "edge/bus/bus_call.h"

/* "DIR/run/exchange.sock" or "DIR" -> "DIR" */
static void data_folder(const char *text, char folder[FILE_PATH_MAX])
{
    static const char tail[] = "/run/exchange.sock";
    size_t length = strlen(text);
    snprintf(folder, FILE_PATH_MAX, "%s", text);
    if (length < FILE_PATH_MAX && length > sizeof tail - 1 && strcmp(text + length - (sizeof tail - 1), tail) == 0)
        folder[length - (sizeof tail - 1)] = '\0';
}

static const char ctl_help[] =
    "Usage: patriot exchange ctl DIR|DIR/run/exchange.sock COMMAND [arguments]\n"
    "Asks or tells the exchange that keeps its data in DIR; answers in JSON.\n"
    "  state, books                         what the venue knows; its money, which must add up\n"
    "  orders|algos|fills [ACCOUNT [FROM]]  the venue's own lists, 300 rows from that id on\n"
    "  requests [NUMBER]                    what clients sent, byte for byte (base64), from there on\n"
    "  price [SYMBOL [PRICE|-5%]]           prices; with a price: one trade there\n"
    "  pause, resume, step [N]              its clock\n"
    "  pace X|max, speed X|max, until H|max how fast, and how far (venue hours)\n"
    "  halt SYMBOL, open SYMBOL             trading of one symbol\n"
    "  closing SYMBOL on|off                only orders that close; settle SYMBOL [PRICE]: its end\n"
    "  restrict NAME WHAT                   what an account may; leverage-bar NAME WHAT: likewise\n"
    "  fee-tier NAME 0..9|volume            what it pays; volume: as it trades\n"
    "  spot-fee NAME MAKER TAKER            what it pays on spot, per cent\n"
    "  filter SYMBOL step=10                factors on its filters; also tick=2 notional=3\n"
    "  user-act ACT [name=value ...]        buy, sell, close, cancel, deposit, withdraw; symbol= amount=\n"
    "                                       account=\n"
    "  fault KNOB [name=value ...]          arms one: fault ack.drop on=order count=3\n"
    "  fault clear [KNOB], faults           disarm; list all knobs, what is armed, how often it struck\n"
    "Each knob takes at= for= count= nth= chance= on= path= event= symbol= account= and its own\n"
    "(docs/faults.md).\n";

int exchange_ctl_main(int argc, char **argv)
{
    if (argc > 2 && (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0)) {
        fputs(ctl_help, stdout);
        return 0;
    }
    if (argc < 4) {
        fprintf(stderr, "patriot exchange ctl: the exchange's data folder and a command must follow, e.g. data state; see "
                        "patriot exchange ctl --help\n");
        return 2;
    }
    char folder[FILE_PATH_MAX];
    bus_call_reply_t reply = {0};
    data_folder(argv[2], folder);
    result_t result =
        bus_call(folder, "exchange", argv[3], (size_t)(argc - 4), (const char *const *)(argv + 4), 5 * NS_PER_S, &reply);
    int status = result == RESULT_OK ? (int)reply.status : 1;
    if (result == RESULT_OK)
        printf("%s\n", reply.text ? reply.text : "");
    else
        fprintf(stderr, "patriot exchange ctl: %s\n", reply.detail[0] ? reply.detail : result_text(result));
    bus_call_reply_free(&reply);
    return status;
}
