"""The demo trades the symbols that tickers.txt names, and reads it again while it runs; `patriot tickers` tells which these are.

shows: MKT-1, R037, UI-13
"""
import re

from harness import System, build_folder, check, wait_for

CONFIGURATION = "operation:\n  batch_interval: 1s\n"


def in_force(system):
    return {one["symbol"] for one in system.ask("monitor", "view").get("prices", []) if one["in_force"] == "yes"}


def signals(system):
    return [one for one in system.ask("monitor", "view").get("signals", [])]


def main():
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
