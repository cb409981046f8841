"""The exchange's pace is changed while everything runs by the wall clock: signer, watchdog and monitor tell the exchange's time all along.

shows: MKT-6, UI-11, I10
"""
import json
import os
import signal

from fault_help import check_end, view, well
from harness import System, build_folder, check, wait_for

LATE_S = 0.4  # of the wall: from the exchange's change to the last process that follows, and the way of two questions


def apart(system, speed):
    """How far (seconds of the wall) each process is from the exchange's time, as far as asking can tell; {} while one does not answer."""
    found = {}
    for role in ("signer", "watchdog", "monitor"):
        before = system.ask("exchange", "state").get("venue_ms")
        told = system.ask(role, "view")
        after = system.ask("exchange", "state").get("venue_ms")
        at = told.get("venue_ms") or told.get("venue_ns", 0) // 1000000
        if not before or not after or not at:
            return {}
        found[role] = max(before - at, at - after, 0) / 1000 / speed
    return found


def follows(system, speed, what):
    def all_near():
        found = apart(system, speed)
        return found and max(found.values()) < LATE_S

    wait_for(f"the processes' time to be the exchange's {what}", 5, all_near)
    check(all_near(), f"{what}: {apart(system, speed)} s apart", system)


def ctl(system, *words):
    done = system.run("exchange", "ctl", str(system.data), *words)
    return done.returncode, json.loads(done.stdout)


def main():
    with System(build_folder(), "pace") as system:
        done = system.run("up", "--json", "--data", str(system.data), "--speed", "max")
        check(done.returncode == 2 and "600" in done.stderr and json.loads(done.stdout)["orders"] == 0, f"--speed max: {done.returncode} {done.stderr}")
        system.start("--speed", "60")
        well(system)
        follows(system, 60, "at the pace of the start")
        for speed in (3600, 60, 1, 600):
            check(ctl(system, "speed", str(speed))[1].get("ok"), f"speed {speed} is refused", system)
            follows(system, max(speed, 60), f"at speed {speed}")
        for words, wanted in ((("speed", "max"), "600"), (("pace", "5"), "speed"), (("speed", "-1"), "0.000001"), (("speed", "1e-9"), "0.000001"), (("spede", "5"), '"speed"')):
            code, reply = ctl(system, *words)
            check(code == 2 and wanted in reply["error"], f"ctl {words}: {code} {reply}", system)
        check(ctl(system, "pause")[1].get("ok"), "no pause", system)
        follows(system, 600, "while it stands")
        stands = view(system)["venue_ns"]
        check(ctl(system, "resume")[1].get("ok"), "no resume", system)
        wait_for("the watchdog's time to go on", 5, lambda: view(system).get("venue_ns", 0) > stands)
        follows(system, 600, "after a pause")
        os.kill(system.pid("exchange"), signal.SIGKILL)
        wait_for("the exchange to come back at the new speed", 20, lambda: system.ask("exchange", "state").get("speed") == 600)
        well(system)
        follows(system, 600, "after its death")
        system.interrupt()
        check_end(system, system.finish())
    print("ok")


main()
