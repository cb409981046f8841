"""Forty symbols with long histories in lockstep: the back-fill is more than one minute's weight, the world waits for it, and the run is whole and repeatable.

shows: MKT-3, MKT-7, VEN-1, I11, I18
"""
import json
import pathlib
import random

from harness import System, build_folder, check

SYMBOLS, HISTORY_BARS, HOURS = 40, 7300, 60
BEGIN_MS, HOUR_MS = 1_735_689_600_000, 3_600_000  # 2025-01-01


def write_history(path, seed):
    """A random walk of hourly bars, the same for the same seed."""
    chance = random.Random(seed)
    price = chance.uniform(1000, 4000)
    with open(path, "w", encoding="ascii") as file:
        file.write("timestamp,open,high,low,close,volume\n")
        for hour in range(HISTORY_BARS + HOURS + 24):
            close = price * (1 + chance.gauss(0, 0.006))
            high, low = max(price, close) * (1 + abs(chance.gauss(0, 0.002))), min(price, close) * (1 - abs(chance.gauss(0, 0.002)))
            file.write(f"{BEGIN_MS + hour * HOUR_MS},{price:.2f},{high:.2f},{low:.2f},{close:.2f},{chance.uniform(100, 5000):.2f}\n")
            price = round(close, 2)


def trade(name, markets):
    with System(build_folder(), name) as system:
        summary = system.up("--seed", "5", "--for", f"{HOURS}vh", *markets)
        stored = {path.name: sum(1 for _ in open(path, encoding="ascii")) for path in system.data.glob("BINANCE_*_1h.csv")}
        waited = [json.loads(line) for line in (system.data / "logs" / "monitor.log").read_text().splitlines() if "history is filled" in line]
        check(len(waited) == 1, "the history was never filled", system)
        return summary, stored


def main():
    with System(build_folder(), "many-history") as histories:
        markets = []
        for i in range(SYMBOLS):
            path = pathlib.Path(histories.root) / f"S{i:02d}.csv"
            write_history(path, i)
            markets += ["--market", f"candles:S{i:02d}USDT={path}"]
        one, stored = trade("many", markets)
        check(one["exit"] == 0 and one["venue_hours"] == HOURS and one["tie_out"] == "0", f"{one}")
        check(one["signals"] > 0 and one["fills"] > 0, f"nothing was decided: {one}")
        check(len(stored) == SYMBOLS and len(set(stored.values())) == 1, f"not the same bars of every symbol: {stored}")
        two, again = trade("many-again", markets)
        check(one["decisions_sha256"] == two["decisions_sha256"], f"the same seed gave another run: {one} and {two}")
        check(stored == again, f"other bars: {stored} and {again}")
    print("ok")


main()
