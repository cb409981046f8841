"""What is traded are the symbols that tickers.txt names; it is read again while all runs, in every mode; `patriot tickers` tells which these are.

shows: MKT-1, R037, UI-13
"""
import json
import re
import subprocess

from harness import Exchange, System, build_folder, check, wait_for

CONFIGURATION = "operation:\n  batch_interval: 1s\n"


def in_force(system):
    return {one["symbol"] for one in system.ask("monitor", "view").get("prices", []) if one["in_force"] == "yes"}


def signals(system):
    return [one for one in system.ask("monitor", "view").get("signals", [])]


def start_roles(system, words):
    return [subprocess.Popen([system.patriot, role, *words], cwd=system.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for role in ("signer", "watchdog", "monitor")]


def beside_the_demo():
    """The same rule where only symbols in force have rules: one that is named later is taken in by the processes that run."""
    with System(build_folder(), "tickers-paper") as system, Exchange(build_folder(), system.root / "venue") as exchange:
        address = exchange.url.split("://")[1]
        (system.root / "patriot.yaml").write_text(CONFIGURATION + f"mode: paper\nexchange:\n  rest_url: http://{address}\n  stream_url: ws://{address}\n")
        (system.root / ".env").write_text("BINANCE_TESTNET=true\nBINANCE_TESTNET_API_KEY=KEY\nBINANCE_TESTNET_API_SECRET=SECRET\n")
        (system.root / "tickers.txt").write_text("ETHUSDT\n")
        processes = start_roles(system, ("--data", str(system.data)))
        try:
            wait_for("the first symbol", 30, lambda: in_force(system) == {"ETHUSDT"} and system.ask("monitor", "view")["live"])
            unknown = system.run("order", "XRPUSDT", "get-orders", "--data", str(system.data))
            check(unknown.returncode == 2 and "no such symbol" in unknown.stderr, f"{unknown.returncode} {unknown.stderr}", system)
            (system.root / "tickers.txt").write_text("ETHUSDT\nXRPUSDT\nNOSUCHUSDT\n")
            wait_for("the second symbol with its history", 30,
                     lambda: {one["symbol"] for one in system.ask("monitor", "view").get("prices", []) if one["bars"] > 100} == {"ETHUSDT", "XRPUSDT"})
            check(in_force(system) == {"ETHUSDT", "XRPUSDT"}, f"in force: {in_force(system)}", system)
            wait_for("the watchdog to know it", 30, lambda: system.run("order", "XRPUSDT", "get-orders", "--data", str(system.data)).returncode == 0)
            said = system.run("tickers", "--data", str(system.data), check=0).stdout
            check("NOSUCHUSDT" in said.split("not listed")[1] and "XRPUSDT" not in said.split("not listed")[1], said)
        finally:
            for process in processes:
                process.terminate()
            codes = [process.wait(timeout=30) for process in processes]
        check(codes == [0, 0, 0], f"exit codes {codes}", system)


def asked_rules(wire_log):
    """Wall times at which somebody asked for the exchange's rules."""
    rows = []
    for line in wire_log.read_text().splitlines() if wire_log.exists() else []:
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return [row["time_ms"] for row in rows if row["kind"] == "request" and row["path"].endswith("exchangeInfo")]


def without_a_symbol():
    """Nothing to follow is no reason to hammer the exchange; a symbol that is named later is taken in all the same."""
    with System(build_folder(), "tickers-none") as system, Exchange(build_folder(), system.root / "venue", "--wire-log", str(system.root / "wire")) as exchange:
        address = exchange.url.split("://")[1]
        (system.root / "patriot.yaml").write_text(f"operation:\n  batch_interval: 2s\nmode: paper\nexchange:\n  rest_url: http://{address}\n  stream_url: ws://{address}\n")
        (system.root / ".env").write_text("BINANCE_TESTNET=true\nBINANCE_TESTNET_API_KEY=KEY\nBINANCE_TESTNET_API_SECRET=SECRET\n")
        (system.root / "tickers.txt").write_text("NOSUCHUSDT\n")
        with subprocess.Popen([system.patriot, "monitor", "--data", str(system.data)], cwd=system.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as monitor:
            asked = wait_for("the rules to be asked for again", 30, lambda: times if len(times := asked_rules(system.root / "wire")) >= 5 else None)
            pauses = [later - earlier for earlier, later in zip(asked, asked[1:])]
            check(pauses[1] >= 950 and pauses[2] >= 1950 and pauses[3] >= 1950, f"pauses between the questions: {pauses} ms", system)
            (system.root / "tickers.txt").write_text("ETHUSDT\n")
            wait_for("the symbol that is named now", 30, lambda: in_force(system) == {"ETHUSDT"})
            monitor.terminate()


def main():
    beside_the_demo()
    without_a_symbol()
    with System(build_folder(), "tickers") as system:
        (system.root / "patriot.yaml").write_text(CONFIGURATION)
        (system.root / "tickers.txt").write_text("ETHUSDT\nNOSUCHUSDT\n")
        system.start("--seed", "5", "--pace", "60")
        wait_for("a signal", 90, lambda: signals(system))
        check(in_force(system) == {"ETHUSDT"}, f"in force: {in_force(system)}", system)
        check({one["symbol"] for one in signals(system)} == {"ETHUSDT"}, f"others are traded: {signals(system)}", system)
        said = system.run("tickers", "--data", str(system.data), check=0).stdout
        check(re.search(r"symbol ETHUSDT\s+in_force yes", said) and re.search(r"symbol XRPUSDT\s+in_force no", said), said)
        check("NOSUCHUSDT" in said.split("not listed")[1], said)
        (system.root / "tickers.txt").write_text("XRPUSDT\nBANANAS31USDT\n")
        wait_for("tickers.txt to be read again", 30, lambda: in_force(system) == {"XRPUSDT", "BANANAS31USDT"})
        last = max(one["number"] for one in signals(system))
        newer = wait_for("a signal of the new symbols", 90, lambda: [one for one in signals(system) if one["number"] > last + 1])
        check({one["symbol"] for one in newer} <= {"XRPUSDT", "BANANAS31USDT"}, f"signals of what was taken out: {newer}", system)
        (system.root / "tickers.txt").unlink()
        wait_for("all to be in force when none is named", 30, lambda: len(in_force(system)) == 3)
        (system.root / "patriot.yaml").write_text(CONFIGURATION + "risk:\n  leverage: 999\n")
        refused = system.ask("monitor", "config-reload")
        check(refused["configuration"] == "refused" and "patriot.yaml:4" in refused["errors"][0]["place"], f"what is wrong is not told: {refused}", system)
        system.interrupt()
        summary = system.finish()
        check(summary["tie_out"] == "0", f"{summary}", system)
    print("ok")


main()
