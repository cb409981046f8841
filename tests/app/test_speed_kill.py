"""Open positions, then wall time: kill -9 of each role, again and again; every stop stands, a stolen stop is back within 2 s.

shows: I1, I2, I4, I6, ORD-7, ORD-10, R211
"""
import os
import signal

from fault_help import ROLES, Venue, check_end, kill_hard, open_positions, protected, seconds_until, view, well
from harness import System, build_folder, check, wait_for

PATIENCE_S = 2.0


def kills(system):
    for role in ROLES:
        kill_hard(system, role)
        took = seconds_until(f"stops after the death of {role}", 20, lambda: protected(system))
        check(took < PATIENCE_S, f"{role}: {took:.1f} s after its restart a position stood without its stop", system)
        check(not Venue(system).doubled(), f"{role}: one client id twice among open orders", system)


def stolen_stop(system):
    """Somebody cancels the stop at the moment the watchdog dies: the next watchdog puts one back."""
    symbol = view(system)["positions"][0]["symbol"]
    venue = Venue(system)
    os.kill(system.pid("watchdog"), signal.SIGKILL)
    for stop in venue.stops(symbol):
        venue.call("DELETE", "/fapi/v1/algoOrder", symbol=symbol, algoId=stop["id"])
    check(venue.naked(), "the stop was not taken away", system)
    wait_for("the watchdog to come back", 20, lambda: view(system))
    took = seconds_until("a new stop", 20, lambda: not venue.naked())
    check(took < PATIENCE_S, f"a stolen stop was back only after {took:.1f} s", system)


def main():
    with System(build_folder(), "speed") as system:
        open_positions(system)
        kills(system)
        stolen_stop(system)
        well(system)
        system.interrupt()
        check_end(system, system.finish())
        system.start("--speed", "60")
        well(system)
        for role in ROLES:
            kill_hard(system, role)
        wait_for("every position to have its stop at 60 times wall time", 20, lambda: protected(system))
        system.interrupt()
        check_end(system, system.finish())
    print("ok")


main()
