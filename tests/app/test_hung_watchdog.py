"""The watchdog hangs (SIGSTOP) and stays connected: the kill switch works all the same, and a process that hangs is replaced.

shows: RSK-6, R211, ORD-7, I8
"""
import json
import os
import signal
from decimal import Decimal

from fault_help import Venue, check_end, journal_rows, log_has, open_positions, seconds_until, view, well
from harness import System, build_folder, check, wait_for

FLAT_S = 12.0  # the signer waits 5 s for the watchdog; the rest is room for a busy machine


def flat(system):
    return not Venue(system).positions()


def events_kept(system):
    """For a watchdog that does not take them."""
    return system.ask("signer", "view")["events_unhandled"]


def flatten_beside_a_hung_watchdog(system):
    pid = system.pid("watchdog")
    os.kill(pid, signal.SIGSTOP)
    kept, held = events_kept(system), len(Venue(system).positions())
    system.run("kill", "4", "--data", str(system.data), check=0)
    took = seconds_until("the signer to act by itself", 40, lambda: log_has(system, "signer", "the signer has swept by itself"))
    check(took < FLAT_S, f"only after {took:.1f} s", system)
    wait_for("every position to be closed", 10, lambda: flat(system))
    wait_for("the signer to have heard of it: an order and its fill each", 10, lambda: events_kept(system) >= kept + 2 * held)
    return pid


def replaced(system, pid):
    """Nobody lets it go on: up ends it by force and brings another one."""
    wait_for("the hung watchdog to be replaced", 90, lambda: system.pid("watchdog") not in (0, pid) and view(system))
    check(log_has(system, "up", "does not answer", "watchdog"), "up does not name who hung", system)


def books_are_right(system):
    """The signer's closes are the trades' own: booked as closes by the kill switch, nothing sent for nothing, nothing frozen."""
    well(system)
    check(flat(system), "something was opened again", system)
    check(not view(system)["positions"], "a trade is left open in the books", system)
    records = [json.loads(row["record"]) for row in journal_rows(system)]
    ended = [one["body"] for one in records if one["kind"] == "TRADE_CLOSED" and one["body"]["reason"] == "KILL"]
    check(all(end["outcome"] == "NOT_FILLED" for end in ended if Decimal(end["quantity"]) == 0), f"entries that were withdrawn ended as {ended}", system)
    ends = [end for end in ended if Decimal(end["quantity"]) != 0]
    check(ends and all(end["outcome"] == "CLOSE" and Decimal(end["realised"]) != 0 for end in ends), f"trades ended as {ends}", system)
    check(not [one for one in records if one["kind"] == "FREEZE"], "a symbol was frozen", system)
    check(not [one for one in records if one["kind"] == "ORDER" and one["body"].get("code") == -2022], "closed what was closed already", system)


def end(system):
    system.run("kill", "0", "--data", str(system.data), check=0)
    system.interrupt()
    check_end(system, system.finish())


def main():
    with System(build_folder(), "hung") as system:
        open_positions(system)
        replaced(system, flatten_beside_a_hung_watchdog(system))
        books_are_right(system)
        end(system)
    with System(build_folder(), "back") as system:
        open_positions(system)
        pid = flatten_beside_a_hung_watchdog(system)
        os.kill(pid, signal.SIGCONT)
        books_are_right(system)
        check(system.pid("watchdog") == pid, "a watchdog that came back to itself was replaced", system)
        end(system)
    print("ok")


main()
