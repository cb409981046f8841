"""The file of strategy parameters is re-read while the monitor runs: whole or not at all, said once with its line, and only what it concerns begins anew.

shows: STR-1, STR-5, UI-13
"""
import json

from harness import System, build_folder, check, wait_for

CONFIGURATION = """
signal:
  strategies: [SC01, MovingAverageCrossover]
  matching_timeframes: 1
  parameters_file: parameters.ini
operation:
  batch_interval: 1s
"""


def lines(system, event, text):
    path = system.data / "logs" / "monitor.log"
    rows = [json.loads(line) for line in path.read_text().splitlines() if line.startswith("{") and line.endswith("}")] if path.exists() else []
    return [row for row in rows if row["event"] == event and text in row["message"]]


def batches(system):
    return len(lines(system, "batch_finished", ""))


def parameters_health(system):
    checks = {one["name"]: one for one in system.ask("monitor", "health").get("checks", [])}
    return checks.get("parameters", {})


def main():
    with System(build_folder(), "parameters") as system:
        file = system.root / "parameters.ini"
        (system.root / "patriot.yaml").write_text(CONFIGURATION)
        file.write_text("[SC01]\nfast = 9\n[SC01 EHTUSDT]\nslow = 40\n[SC01 ETHUSDT 5m]\nslow = 40\n")
        system.start("--seed", "5", "--pace", "20", "--config", str(system.root))
        wait_for("a batch", 60, lambda: batches(system) > 0)
        idle = [(row["level"], row["line"], row["symbol"]) for row in lines(system, "config_idle", "does nothing")]
        check(idle == [("WARNING", 3, "EHTUSDT"), ("WARNING", 5, "ETHUSDT")], f"sections that do nothing: {idle}", system)

        file.write_text("[SC01]\nfast = 9\n[SC01 ETHUSDT 4h]\nslow = 40\n")
        begun = wait_for("the file to be read again", 30, lambda: lines(system, "config_changed", "those concerned begin anew"))
        check(begun[0]["strategies_of_symbols"] == 1, f"one strategy of one symbol was meant: {begun}", system)

        file.write_text("[SC01]\nfast = 9\n\n[SC01 ETHUSDT]\nslow = 40\nfsat = 3\n")
        refused = wait_for("the wrong file to be refused", 30, lambda: lines(system, "config_rejected", "parameters.ini:6: "))
        check('no option "fsat"; did you mean fast' in refused[0]["message"], f"{refused}", system)
        before = batches(system)
        wait_for("two more batches", 30, lambda: batches(system) > before + 1)
        check(len(lines(system, "config_rejected", "parameters.ini")) == 1, "the same wrong file is told again with each batch", system)
        check("parameters.ini:6" in parameters_health(system).get("text", ""), f"health does not show it: {parameters_health(system)}", system)
        check(len(lines(system, "config_changed", "begin anew")) == 1, "a refused file has changed something", system)
        asked = system.run("config", "reload", "--data", str(system.data), "--config", str(system.root))
        answer = json.loads(asked.stdout.split("monitor: ")[1].splitlines()[0])
        check(asked.returncode == 1 and answer["configuration"] == "unchanged" and answer["parameters"] == "refused", f"{asked.stdout}{asked.stderr}", system)
        check("parameters.ini:6" in answer["errors"][0]["text"] and answer["errors"][0]["fix"], f"{answer}", system)

        file.write_text("[SC01]\nfast = 10\n[SC01 ETHUSDT 4h]\nslow = 40\n")
        asked = system.run("config", "reload", "--data", str(system.data), "--config", str(system.root), check=0)
        answer = json.loads(asked.stdout.split("monitor: ")[1].splitlines()[0])
        check(answer["parameters"] in ("changed", "unchanged"), f"{answer}", system)  # a batch may have been quicker
        begun = lines(system, "config_changed", "those concerned begin anew")
        check(len(begun) == 2 and begun[1]["strategies_of_symbols"] == 3, f"SC01 of three symbols was meant: {begun}", system)
        check(parameters_health(system)["state"] == "ok", f"{parameters_health(system)}", system)
        last = system.ask("monitor", "view")["signals_made"]
        wait_for("signals go on", 60, lambda: system.ask("monitor", "view")["signals_made"] > last)
        system.interrupt()
        summary = system.finish()
        check(summary["exit"] == 0 and summary["tie_out"] == "0" and summary["restarts"] == 0, f"{summary}", system)
    print("ok")


main()
