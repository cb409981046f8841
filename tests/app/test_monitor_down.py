"""A monitor that fails safe (its store is damaged, its parameters are wrong) is not started again and again: after one more try it stays down, aloud and once; signer and watchdog go on
and protect what is open, nothing is entered, and the end of it has the exit code of fail-safe.

shows: R001, R252, I20, ORD-4
"""
from fault_help import Venue, view
from harness import System, build_folder, check, wait_for

FAILED_SAFE = 4


def starts(system):
    return (system.data / "logs" / "monitor.log").read_text().count("process_started")


def wrong_parameters():
    with System(build_folder(), "monitor-parameters") as system:
        (system.root / "patriot.yaml").write_text("signal:\n  strategies: [SC01]\n  parameters_file: parameters.ini\n")
        (system.root / "parameters.ini").write_text("[SC01]\nno_such_key = 1\n")
        system.start("--speed", "1")
        said = system.data / "logs" / "up.log"
        wait_for("the monitor to stay down", 30, lambda: said.exists() and "the monitor has failed safe and stays down" in said.read_text())
        system.interrupt()
        summary = system.finish()
        check(summary["exit"] == FAILED_SAFE, f"{summary}", system)
        check(starts(system) == 2, f"started {starts(system)} times, wanted 2", system)
        check("parameters.ini:2" in (system.data / "logs" / "monitor.log").read_text(), "the place is not named", system)


def main():
    with System(build_folder(), "monitor-down") as system:
        system.start("--seed", "5", "--pace", "60")
        wait_for("a protected position", 60, lambda: [p for p in view(system).get("positions", []) if p["stop"]])
        system.interrupt()
        check(system.finish()["tie_out"] == "0", "books differ before any fault", system)
        (system.data / "signals.db").write_bytes(b"this is no database" * 300)
        for path in system.data.glob("signals.db-*"):
            path.unlink()

        before = starts(system)
        system.start("--speed", "1")
        said = system.data / "logs" / "up.log"
        wait_for("up to leave the monitor down", 30, lambda: said.exists() and "the monitor has failed safe and stays down" in said.read_text())
        wait_for("the watchdog to stand by its positions", 30, lambda: view(system).get("reconciled"))
        check(view(system)["positions"] and not Venue(system).naked(), "a position without its stop", system)
        system.interrupt()
        summary = system.finish()
        check(summary["exit"] == FAILED_SAFE and summary["tie_out"] == "0", f"{summary}", system)
        check(starts(system) == before + 2, f"started {starts(system) - before} times, wanted 2", system)
        check(said.read_text().count("stays down") == 1, "said more than once", system)
    wrong_parameters()
    print("ok")


main()
