"""`patriot up` killed by force: the next one takes over what still runs, and counts the hours asked for from there.

shows: R011, UI-1
"""
import os
import signal

from harness import System, build_folder, check, wait_for

ROLES = ("exchange", "signer", "watchdog", "monitor")


def hours(system):
    return system.ask("exchange", "state").get("venue_hours", -1)


def lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def kill(system, *roles):
    pids = [system.pid(role) for role in roles]
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    system.process.wait(10)
    wait_for("the killed to be gone", 10, lambda: not any(map(lives, pids)))


def play_to(system, hour, pace, *words):
    system.start("--seed", "5", "--pace", pace, *words)
    wait_for(f"hour {hour}", 60, lambda: system.pid("exchange") and hours(system) > hour)


def main():
    with System(build_folder(), "adopt") as system:
        # What an earlier command has asked for ends with it: its last hour, and its pace.
        play_to(system, 20, "100", "--for", "100000vh")
        kill(system, "up")
        ran = {role: system.pid(role) for role in ROLES}
        check(all(ran.values()), f"somebody died with `up`: {ran}", system)
        before = hours(system)
        system.start("--pace", "50", "--for", "60vh")
        wait_for("the new pace", 20, lambda: system.ask("exchange", "state").get("pace") == 50)
        check({role: system.pid(role) for role in ROLES} == ran, "somebody was started again", system)
        summary = system.finish()
        check(before + 60 <= summary["venue_hours"] <= before + 160, f"from hour {before} on 60 hours were asked for: {summary}", system)
        check(summary["tie_out"] == "0", f"books differ: {summary}", system)
        # All killed: nobody has noted the hours that were played.
        stood = summary["venue_hours"]
        play_to(system, stood + 30, "100")
        kill(system, "up", *ROLES)
        system.start("--for", "40vh")
        summary = system.finish()
        begun = summary["venue_hours"] - 40
        check(begun > stood + 30, f"hours played before the kill were counted in: {summary}, stood at {stood}", system)
        # An end that the killed command had set does not hold the next one.
        play_to(system, summary["venue_hours"], "3", "--for", "10vh")
        kill(system, "up")
        end = summary["venue_hours"] + 10
        wait_for("the world to stand", 20, lambda: hours(system) == end and system.ask("exchange", "state")["ended"])
        system.start("--pace", "100")
        wait_for("the world to go on", 20, lambda: hours(system) > end)
        system.interrupt()
        check(system.finish()["tie_out"] == "0", "books differ at the end", system)
    print("ok")


main()
