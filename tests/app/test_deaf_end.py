"""A user trades by hand while the signer's private stream is silent, just before the end of the run: the end looks for what was not told, and the
ledger has the trade as what it was, with its fee, and nothing unexplained; also when he is flat again, and when it was a stop of ours that nobody told.

shows: I6, I8, I19, ORD-7, ORD-14, R211
"""
import json

from fault_help import check_end, journal_rows, view
from harness import System, build_folder, check, wait_for

SYMBOLS = ("ETHUSDT", "XRPUSDT")


def fault(system, *words):
    done = system.run("exchange", "ctl", str(system.data), "fault", *words, check=0)
    check(json.loads(done.stdout).get("ok"), f"fault {words}: {done.stdout}", system)


def foreign_fills(rows):
    bodies = [json.loads(row["record"])["body"] for row in rows if row["kind"] == "FILL"]
    return [body for body in bodies if not body["ours"]]


def end_deaf(acts, after):
    with System(build_folder(), "deaf") as system:
        system.start("--seed", "5", "--pace", "60")
        wait_for("a protected position", 60, lambda: [p for p in view(system).get("positions", []) if p["stop"]])
        held = {p["symbol"] for p in view(system)["positions"]}
        free = next(symbol for symbol in SYMBOLS if symbol not in held)
        fault(system, "ws.stall", "on=user")
        for act in acts:
            fault(system, "user.act", f"symbol={free}", f"do={act}", "amount=1")
        after(system)
        system.interrupt()
        check_end(system, system.finish())
        rows = journal_rows(system)
        fills = foreign_fills(rows)
        check([fill["side"].lower() for fill in fills] == list(acts), f"not booked as the trades that they were: {fills}", system)
        check(all(float(fill["fee"]) > 0 for fill in fills), f"without their fees: {fills}", system)
        check(not [row for row in rows if row["kind"] == "ADJUSTMENT"], "an unexplained adjustment", system)


def hours_pass(system):
    """Long enough for comparisons of the usual interval, and for stops and targets that nobody tells of."""
    hours = system.ask("exchange", "state")["venue_hours"]
    wait_for("thirty venue hours", 30, lambda: system.ask("exchange", "state").get("venue_hours", 0) > hours + 30)


def main():
    end_deaf(["buy"], lambda system: None)
    end_deaf(["buy", "sell"], lambda system: None)
    end_deaf(["buy", "sell"], hours_pass)
    print("ok")


main()
