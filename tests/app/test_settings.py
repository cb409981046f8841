"""Settings under operation do what they say: the zone of what people are shown, and the alarm of a comparison that does not end.

shows: OPS-1, R035, ORD-7, UI-11
"""
import re

from fault_help import log_has, log_lines, view, well
from harness import System, build_folder, check, wait_for

KOLKATA = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+05:30")


def configure(system, *lines):
    folder = system.root / "settings"
    folder.mkdir(exist_ok=True)
    (folder / "patriot.yaml").write_text("\n".join(lines) + "\n")
    return str(folder)


def people_see_their_zone(build):
    with System(build, "zone") as system:
        settings = configure(system, "operation:", "  display_zone: Asia/Kolkata", "  batch_interval: 1s")
        data = ("--data", str(system.data))
        done = system.run("up", *data, "--config", settings, "--for", "160vh", "--seed", "7", check=0)
        signals = [line for line in done.stdout.splitlines() if "  signal " in line]
        check(signals and all(KOLKATA.match(line) for line in signals), f"plain lines: {done.stdout}", system)
        why = system.run("why", "1", *data, check=0).stdout
        check(why and all(KOLKATA.search(line) for line in why.splitlines()), f"why: {why}", system)
        check(why.split()[1].endswith("+05:30"), f"why: {why}", system)
        for line in log_lines(system, "watchdog"):
            check(line["timestamp"].endswith("Z"), f"a log line is not in UTC: {line}", system)
        check("+05:30" not in system.run("journal", "export", "--csv", *data, check=0).stdout, "the export is not in UTC", system)

        system.start("--config", settings, "--speed", "1")
        wait_for("every process to be well", 30, lambda: system.run("status", *data).returncode == 0)
        well(system)
        status = system.run("status", "--all", *data, check=0).stdout
        for label in ("venue time", "last sync"):
            check(re.search(label + r" +" + KOLKATA.pattern, status), f"status: {status}", system)
        check(view(system)["venue_time"].endswith("Z"), "what programs read is not in UTC", system)
        configure(system, "operation:", "  batch_interval: 1s")
        wait_for("the zone to be the other one", 10, lambda: re.search(r"venue time +\S+Z\n", system.run("status", "--all", *data).stdout))


def a_comparison_that_does_not_end_is_told(build):
    with System(build, "comparison") as system:
        settings = configure(system, "operation:", "  sync_duration_max: 1s", "  sync_interval: 5s")
        system.start("--config", settings, "--speed", "60")
        well(system)
        system.run("exchange", "ctl", str(system.data), "fault", "ack.code", "on=account", "status=503", "count=100000", check=0)
        wait_for("the alarm", 30, lambda: log_has(system, "watchdog", "ERROR", "compared with the exchange for over 1 s"))
        checks = {one["name"]: one["state"] for one in system.health()["watchdog"]["health"]["checks"]}
        check(checks["comparison"] == "degraded", f"health: {checks}", system)
        system.run("exchange", "ctl", str(system.data), "fault", "clear", check=0)
        wait_for("its end to be told", 60, lambda: log_has(system, "watchdog", "the comparison that took so long is over"))


def main():
    build = build_folder()
    people_see_their_zone(build)
    a_comparison_that_does_not_end_is_told(build)


main()
