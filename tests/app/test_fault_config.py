"""Configuration that is half written, contradicts itself or is wrong: refused with place and fix; a running system keeps the last good one.

shows: OPS-1, OPS-12, OPS-13, RSK-1, UI-13
"""
import json
import re

from fault_help import check_end, journal_rows, log_has, view
from harness import System, build_folder, check, wait_for


def write(system, text, name="patriot.yaml"):
    (system.root / name).write_text(text)


def refused(system, text, *words, code=1, env=""):
    """`config check` names the place and the fix; and no process starts."""
    write(system, text)
    write(system, env, ".env")
    done = system.run("config", "check")
    said = done.stdout + done.stderr
    check(done.returncode == code, f"config check of {text!r}: exit {done.returncode}\n{said}")
    for word in words:
        check(word in said, f"config check of {text!r} does not say {word!r}:\n{said}")
    if code != 0:
        started = system.run("monitor", "--data", str(system.root / "other"), timeout=20)
        check(started.returncode == 2 and words[0] in started.stderr, f"the monitor started with {text!r}: {started.returncode} {started.stderr}")


def files(system):
    refused(system, "risk:\n  percent: 2\n  pct", "patriot.yaml:")
    refused(system, "risk:\n\tpercent: 2\n", "patriot.yaml:2")
    refused(system, "risk:\n  percent: 200\n", "patriot.yaml:2", "risk.percent", "0.1", "50")
    refused(system, "risk:\n  percent: 1e2\n", "patriot.yaml:2", "risk.percent")
    refused(system, "risk:\n  percen: 2\n", "patriot.yaml:2", "did you mean risk.percent", code=0)
    refused(system, "", ".env", "RISK_PER_TRADE", "RISK_PERCENT", "keep one of them", env="RISK_PER_TRADE=0.01\nRISK_PERCENT=2\n")
    refused(system, "", ".env:1", "RISK_PERCENT", "such as", env="RISK_PERCENT=two\n")
    refused(system, "mode: live\n", "risk.percent", "RISK_PERCENT", "risk.leverage", "write")
    write(system, "", ".env")


def demo_stays_at_home(system):
    """An address elsewhere is never spoken to in demo: whatever listens there hears nothing (192.0.2.0/24 belongs to nobody)."""
    refused(system, "exchange:\n  rest_url: http://192.0.2.1:80\n", "patriot.yaml:2", "this machine only", "mode: paper")
    write(system, "")
    (system.root / "elsewhere" / "run").mkdir(parents=True)
    (system.root / "elsewhere" / "run" / "exchange.addr").write_text("192.0.2.1:80\n")
    (system.root / "elsewhere" / "run" / "demo.keys").write_text("a:b\n")
    for role in ("monitor", "watchdog", "signer"):
        done = system.run(role, "--data", str(system.root / "elsewhere"), timeout=20)
        check(done.returncode == 1 and "this machine" in done.stderr and "192.0.2.1" in done.stderr, f"{role}: {done.returncode} {done.stderr}")


TICKERS = "BTCUSDT\nnot a symbol!\n# comment\nETH/USDT:USDT\n" + "A" * 300 + "\nETHUSDT\nETHUSDT\n"


def tickers(system):
    said = system.run("tickers", "--data", str(system.data), check=0).stdout
    for line in ("2", "5", "7"):
        check(re.search(rf"(line|tickers.txt:)\s*{line}\b", said), f"bad line {line} is not named: {said}")
    check("ETHUSDT" in said, f"the good lines are lost: {said}")


def accepted(system):
    """Risk amounts of accepted signals, oldest first."""
    rows = [row for row in journal_rows(system) if row["kind"] == "SIGNAL"]
    found = [re.search(r"risk amount ([0-9.]+)", json.dumps(row)) for row in rows]
    return [float(one.group(1)) for one in found if one]


def by_itself(system):
    """Nobody asks: each process reads the files again at its batch, logs what changed, and the emergency stop holds entries back."""
    write(system, "risk:\n  percent: 0.5\noperation:\n  batch_interval: 1s\n  emergency_stop: yes\n")
    wait_for("no new entries", 20, lambda: view(system).get("kill_level") == 1)
    done = system.run("kill", "0", "--data", str(system.data), check=0)
    check("kill level 1" in done.stdout and "emergency_stop" in done.stdout, f"kill 0 against the emergency stop: {done.stdout}")
    before = len(accepted(system))
    wait_for("a signal that is refused for it", 90, lambda: [r for r in journal_rows(system) if r["kind"] == "SIGNAL" and "KILL" in json.dumps(r)])
    check(len(accepted(system)) == before, "an entry was accepted under the emergency stop")
    system.ask("exchange", "pause")
    write(system, "risk:\n  percent: 0.25\noperation:\n  batch_interval: 1s\n")
    for role in ("signer", "watchdog", "monitor"):
        wait_for(f"the {role} to see the change by itself", 20, lambda: log_has(system, role, "config_changed", "risk.percent: 0.5 -> 0.25"))
    wait_for("entries again", 20, lambda: view(system).get("kill_level") == 0)
    system.ask("exchange", "resume")
    wait_for("an order by the risk of the file", 90, lambda: len(accepted(system)) > before)
    check(22 < accepted(system)[before] < 30, f"risk amounts: {accepted(system)}, changed after {before}")
    for role in ("up", "exchange", "signer", "watchdog", "monitor"):
        for line in (system.data / "logs" / f"{role}.log").read_text().splitlines():
            names = [name for name, _ in json.loads(line, object_pairs_hook=list)]
            check(len(names) == len(set(names)), f"{role}.log has a name twice in a line: {line}")


def reload_while_running(system):
    write(system, "risk:\n  percent: 2\noperation:\n  batch_interval: 1s\n")
    write(system, TICKERS, "tickers.txt")
    system.start("--seed", "5", "--pace", "100")
    wait_for("the first orders", 60, lambda: view(system).get("orders_sent", 0) > 1)
    tickers(system)
    write(system, "risk:\n  percent: 2\n  leverage: many\n")
    done = system.run("config", "reload", "--data", str(system.data))
    check(done.returncode != 0 and "risk.leverage" in done.stdout + done.stderr, f"a bad file was taken: {done.stdout} {done.stderr}")
    wait_for("the monitor to see the bad file by itself", 20, lambda: log_has(system, "monitor", "config_rejected", "risk.leverage"))
    batches = len(log_has(system, "monitor", "batch_finished"))
    wait_for("two more batches", 20, lambda: len(log_has(system, "monitor", "batch_finished")) >= batches + 2)
    check(len(log_has(system, "monitor", "config_rejected")) == 1, "alarmed more than once for one bad file", system)
    orders = view(system)["orders_sent"]
    wait_for("orders by the last good configuration", 60, lambda: view(system).get("orders_sent", 0) > orders)
    system.ask("exchange", "pause")
    before = len(accepted(system))
    write(system, "risk:\n  percent: 1\noperation:\n  batch_interval: 1s\n")
    done = system.run("config", "reload", "--data", str(system.data), check=0)
    check("changed" in done.stdout, f"nothing changed: {done.stdout}")
    system.ask("exchange", "resume")
    wait_for("an order by the new risk", 60, lambda: len(accepted(system)) > before)
    by_itself(system)
    system.interrupt()
    check_end(system, system.finish())
    risks = accepted(system)
    check(all(180 < one < 240 for one in risks[:before]) and 90 < risks[before] < 120, f"risk amounts: {risks}, changed after {before}")


def main():
    with System(build_folder(), "config") as system:
        files(system)
        demo_stays_at_home(system)
        reload_while_running(system)
    print("ok")


main()
