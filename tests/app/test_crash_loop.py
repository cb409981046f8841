"""A monitor that crashes three times in ten minutes comes back, and everything is reduce-only: no entry, while stops and exits work on, until a person lifts it.

shows: R001, RSK-6, I4, I9, I20, ORD-6
"""
import json
import os
import signal

from fault_help import Venue, check_end, journal_rows, kill_hard, log_has, open_positions, view, well
from harness import System, build_folder, check, wait_for

REDUCE_ONLY = 3


def crash(system):
    """As a wrong pointer would end it."""
    pid = wait_for("the monitor to run", 20, lambda: system.pid("monitor"))
    os.kill(pid, signal.SIGSEGV)
    wait_for("the monitor to come back", 30, lambda: system.pid("monitor") not in (0, pid) and system.ask("monitor", "view").get("live"))


def levels(system):
    return system.ask("signer", "view").get("kill_level"), view(system).get("kill_level")


def records(system):
    return [json.loads(row["record"]) for row in journal_rows(system)]


def entries(system):
    return [one["body"]["client_id"] for one in records(system) if one["kind"] == "INTENT" and one["body"]["leg"] == "entry"]


def crash_three_times(system):
    for crashes in (1, 2):
        crash(system)
        check(levels(system) == (0, 0), f"level {levels(system)} after {crashes} crashes", system)
    crash(system)
    wait_for("signer and watchdog to be reduce-only", 10, lambda: levels(system) == (REDUCE_ONLY, REDUCE_ONLY))
    check(not view(system)["entries_allowed"], "entries are allowed", system)
    check(log_has(system, "up", "crashed three times in ten minutes", "monitor"), "the operator was not called", system)


def stops_work(system):
    """The stop of a position that is taken away is there again."""
    symbol, _ = next(iter(Venue(system).positions().items()))
    before = {one["client_id"] for one in Venue(system).stops(symbol)}
    Venue(system).call("DELETE", "/fapi/v1/algoOpenOrders", symbol=symbol)
    wait_for("another stop", 10, lambda: [one for one in Venue(system).stops(symbol) if one["client_id"] not in before] and not Venue(system).naked())


def nothing_is_entered(system):
    """The world runs on, the monitor asks, and is refused for this reason; the signer that begins anew knows the level."""
    kill_hard(system, "signer")
    wait_for("the signer's level after its restart", 20, lambda: levels(system) == (REDUCE_ONLY, REDUCE_ONLY))
    entered, refused = entries(system), view(system)["refused"]
    check(entered, "the journal holds no entry at all", system)
    system.run("exchange", "ctl", str(system.data), "speed", "36000", check=0)
    wait_for("a signal that is refused", 120, lambda: view(system).get("refused", 0) > refused)
    system.run("exchange", "ctl", str(system.data), "speed", "1", check=0)
    reasons = [one["body"]["reason"] for one in records(system) if one["kind"] == "SIGNAL"]
    check(reasons[-1].startswith("KILL"), f"refused because of {reasons[-1]}", system)
    check(entries(system) == entered, f"entered: {set(entries(system)) - set(entered)}", system)


def exits_work(system):
    well(system)
    system.ask("watchdog", "close", "all")
    wait_for("every position to be closed", 20, lambda: not Venue(system).positions() and not view(system)["positions"])


def lifted(system):
    """By a person, and by nobody else; then the run goes on as before."""
    system.run("kill", "0", "--data", str(system.data), check=0)
    wait_for("entries to be allowed", 20, lambda: levels(system) == (0, 0) and view(system)["entries_allowed"])
    entered = len(entries(system))
    system.interrupt()
    check_end(system, system.finish())
    system.start("--seed", "5", "--pace", "100")
    wait_for("a new entry", 120, lambda: len(entries(system)) > entered)


def main():
    with System(build_folder(), "crash-loop") as system:
        open_positions(system)
        crash_three_times(system)
        stops_work(system)
        nothing_is_entered(system)
        exits_work(system)
        lifted(system)
        system.interrupt()
        check_end(system, system.finish())
    print("ok")


main()
