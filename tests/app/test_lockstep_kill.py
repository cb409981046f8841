"""kill -9 in lockstep, each time right after something has happened: the deaths of watchdog and monitor, also of both at once, change no trade (client ids and the
test stop of each start are others); whoever dies with the signer, nothing is sent twice, the books tie out and no signal is lost.

shows: R014, R211, I2, I12, I18, ORD-7
"""
import json

from fault_help import doubled_intents, journal_rows, kill_hard, view
from harness import System, build_folder, check, wait_for

HOURS, SEED, KILLS = "240vh", "10", 5
RUNS = (("watchdog",), ("watchdog", "monitor"), ("signer",), ("signer", "watchdog"))
SAME = ("signals", "fills", "trades_closed", "pnl", "fees", "funding", "equity")


def decided(system):
    """Every verdict, and every end of a trade with its money, in order."""
    records = [json.loads(row["record"]) for row in journal_rows(system)]
    verdicts = [(one["body"]["id"], one["body"]["reason"]) for one in records if one["kind"] == "SIGNAL"]
    ends = [(one["time"], one["body"]["outcome"], one["body"]["realised"]) for one in records if one["kind"] == "TRADE_CLOSED" and one["body"]["outcome"] != "CANARY"]
    return verdicts, ends


def news(system):
    """What changes when something happens; None while nobody can be asked."""
    seen = view(system)
    return (seen["orders_sent"], seen["fills"], len(seen["positions"])) if "orders_sent" in seen else None


def run_killed(system, roles):
    system.start("--for", HOURS, "--seed", SEED, "--pace", "30")
    last = None
    for _ in range(KILLS):
        last = wait_for("something to happen", 60, lambda last=last: (now := news(system)) not in (None, last) and now)
        kill_hard(system, *roles)
    return system.finish()


def main():
    with System(build_folder(), "calm") as calm:
        wanted = calm.up("--for", HOURS, "--seed", SEED)
        check(wanted["exit"] == 0 and wanted["trades_closed"] > 0, f"calm: {wanted}", calm)
        wanted_decided = decided(calm)
    for roles in RUNS:
        with System(build_folder(), "killed") as killed:
            got = run_killed(killed, roles)
            check(got["exit"] == 0 and got["tie_out"] == "0" and got["restarts"] >= KILLS * len(roles), f"{roles} killed: {got}", killed)
            check(not doubled_intents(killed), f"{roles} killed: {doubled_intents(killed)} twice", killed)
            verdicts, ends = decided(killed)
            check([one for one, _ in verdicts] == [one for one, _ in wanted_decided[0]], f"{roles} killed: other signals: {verdicts}", killed)
            if "signer" in roles:  # what it had taken and not answered is of unknown fate, and that may end a trade another way
                continue
            check(verdicts == wanted_decided[0], f"{roles} killed: other verdicts: {[one for one in zip(verdicts, wanted_decided[0]) if one[0] != one[1]][:2]}", killed)
            check(ends == wanted_decided[1], f"{roles} killed: other trades: {[one for one in zip(ends, wanted_decided[1]) if one[0] != one[1]][:2]}", killed)
            for key in SAME:
                check(got[key] == wanted[key], f"{roles} killed: another {key}: {got[key]}, not {wanted[key]}", killed)


main()
