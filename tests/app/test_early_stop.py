"""Asked to end in its first moments, `patriot up` still ends in order and gives the one JSON object; so it does when it cannot start.

shows: UI-13, I4, ORD-14
"""
import json
import signal
import subprocess

from harness import System, build_folder, check, wait_for

KEYS = {"venue_hours", "signals", "orders", "fills", "trades_closed", "pnl", "fees", "funding", "equity", "unprotected_ms_max", "tie_out",
        "decisions_sha256", "restarts"}
ROLES = ("exchange", "signer", "watchdog", "monitor")


def held_back():
    """In the child before exec: a signal that comes before the program runs waits for it, as it would for a shell that holds it back."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})


def begin(system, *words):
    return subprocess.Popen([system.patriot, "up", "--json", "--data", str(system.data), *words], cwd=system.root, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, preexec_fn=held_back)


def summary_of(text, system):
    lines = text.strip().splitlines()
    check(len(lines) == 1, f"wanted one JSON object on standard output, got {text!r}", system)
    summary = json.loads(lines[0])
    check(set(summary) == KEYS, f"keys: {sorted(summary)}", system)
    return summary


def ended_in_order(system, process, what):
    out, err = process.communicate(timeout=60)
    check(process.returncode == 0 and "come to its end" not in err, f"{what}: exit {process.returncode}\n{err}", system)
    summary = summary_of(out, system)
    check(summary["tie_out"] == "0" and summary["restarts"] == 0, f"{what}: {summary}", system)
    for role in (*ROLES, "up"):
        check(system.pid(role) == 0, f"{what}: {role} is still there", system)
    return summary


def at_events(number):
    """The signal at each step of the start; what is waited for is the step, not a time."""
    with System(build_folder(), "early") as system:
        process = begin(system)
        process.send_signal(number)
        ended_in_order(system, process, "right after exec")
        for role in ("up", *ROLES):
            process = begin(system)
            wait_for(f"{role} to begin", 20, lambda role=role: system.pid(role))
            process.send_signal(number)
            ended_in_order(system, process, f"when {role} has its lock")
        process = begin(system)
        line = process.stderr.readline()
        check("processes are up" in line, f"another first line: {line}", system)
        process.send_signal(number)
        process.send_signal(number)  # impatience changes nothing
        ended_in_order(system, process, "at the first line, twice")


def keeps_hours():
    """An end before the exchange was heard does not forget the hours of the runs before it."""
    with System(build_folder(), "hours") as system:
        check(system.up("--for", "40vh")["venue_hours"] == 40, "40 hours", system)
        process = begin(system)
        process.send_signal(signal.SIGTERM)
        hours = ended_in_order(system, process, "second run")["venue_hours"]
        check(hours >= 40, f"the second run says {hours} hours", system)
        third = system.up("--for", "10vh")["venue_hours"]
        check(third == hours + 10, f"the second run ended at {hours} h, the third at {third} h", system)


def cannot_start():
    """Nothing to sum up: the object says so, and the exit code tells why."""
    with System(build_folder(), "unstarted") as system:
        (system.root / "patriot.yaml").write_text("mode: [\n")
        for words, code in (((), 2), (("--spedd", "3"), 2)):
            done = system.run("up", "--json", "--data", str(system.data), *words)
            check(done.returncode == code, f"{words}: exit {done.returncode}\n{done.stderr}", system)
            summary = summary_of(done.stdout, system)
            check(summary["tie_out"] == summary["pnl"] == "unknown", f"{summary}", system)


def main():
    at_events(signal.SIGINT)
    at_events(signal.SIGTERM)
    keeps_hours()
    cannot_start()
    print("ok")


main()
