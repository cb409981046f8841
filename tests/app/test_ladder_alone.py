"""The ladder belongs to the watchdog: with the monitor dead, and `up` too, so that nobody brings it back, a row still fires and moves the stop.

shows: ORD-4, OPS-17, I4
"""
import os
import signal

from fault_help import Venue, check_end, log_has, view
from harness import System, build_folder, check, wait_for

OPEN_HOURS = 50  # seed 5: the XRPUSDT position of hour 48 reaches its row at hour 100


def alone(system):
    """Goes on slowly, so that the kill comes long before the row; the children outlive `up`."""
    system.start("--pace", "1")
    wait_for("all to run", 30, lambda: view(system).get("reconciled") and system.pid("monitor"))
    check(not log_has(system, "watchdog", "ladder_fired", "XRPUSDT"), "the row has fired before the monitor died", system)
    dead = system.pid("monitor")
    system.process.kill()
    system.process.wait()
    os.kill(dead, signal.SIGKILL)
    wait_for("the watchdog to miss the monitor", 20, lambda: log_has(system, "watchdog", "peer_lost", "monitor"))
    return dead


def main():
    with System(build_folder(), "ladder") as system:
        first = system.up("--seed", "5", "--for", f"{OPEN_HOURS}vh")
        check(first["tie_out"] == "0", f"books differ before the fault: {first}", system)
        dead = alone(system)
        before = {one["symbol"]: one for one in view(system)["positions"]}
        check("XRPUSDT" in before, f"no position stands to be laddered: {before}", system)
        check(system.ask("exchange", "pace", "max").get("ok"), "the exchange takes no pace", system)
        wait_for("the row to fire without a monitor", 120, lambda: log_has(system, "watchdog", "ladder_fired", "XRPUSDT"))
        system.ask("exchange", "pause")
        check(system.pid("monitor") in (0, dead), "somebody has started the monitor again", system)
        check(not Venue(system).naked(), f"without a stop: {Venue(system).naked()}", system)
        system.stop()
        check_end(system, system.up("--for", "12vh"))
    print("ok")


main()
