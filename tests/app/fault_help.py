"""fault_help.py: what the tests of faults ask: the exchange's own books, the journal's intents, who protects what."""
import csv
import io
import json
import os
import signal
import time

from harness import Client, check, wait_for

ROLES = ("watchdog", "signer", "monitor", "exchange")


class Books:
    """What the exchange itself knows of the first account. It is asked over its control socket: a request would count against the limits of those who trade there."""

    def __init__(self, ask):
        self.ask = ask

    def rows(self, kind):
        """All of `orders`, `algos` or `fills`, page by page."""
        found, begin = [], 1
        while begin:
            page = self.ask(kind, "demo", str(begin))
            found, begin = found + page[kind], page["next"]
        return found

    def account(self):
        return self.ask("state")["accounts"][0]

    def positions(self):
        return {row["symbol"]: float(row["amount"]) for row in self.account()["positions"]}

    def resting(self, symbol=None):
        """Open orders, conditional ones too."""
        rows = [one for kind in ("orders", "algos") for one in self.rows(kind) if one["status"] in ("NEW", "PARTIALLY_FILLED", "TRIGGERING")]
        return [one for one in rows if symbol in (None, one["symbol"])]

    def stops(self, symbol=None):
        return [one for one in self.resting(symbol) if one["type"].startswith("STOP")]

    def naked(self):
        """Positions whose stops do not cover them whole."""
        bare, stops = {}, self.stops()
        for symbol, amount in self.positions().items():
            against = [one for one in stops if one["symbol"] == symbol and one["side"] == ("SELL" if amount > 0 else "BUY")]
            covered = sum(abs(amount) if one.get("close_position") else float(one["quantity"]) for one in against)
            if covered + 1e-9 < abs(amount):
                bare[symbol] = (amount, covered)
        return bare

    def doubled(self):
        """Client ids that two open orders have at once."""
        ids = [one["client_id"] for one in self.resting()]
        return sorted({one for one in ids if ids.count(one) > 1})


class Venue(Client, Books):
    """The demo account: its owner at another terminal, and the exchange's own books of it."""

    def __init__(self, system):
        run = system.data / "run"
        Client.__init__(self, "http://" + (run / "exchange.addr").read_text().strip(), *(run / "demo.keys").read_text().strip().split(":"))
        Books.__init__(self, lambda *words: system.ask("exchange", *words))


def protected(system):
    """The watchdog's word, and the exchange's own lists; False while one of them cannot be asked."""
    try:
        state = view(system)
        return state.get("reconciled") and state.get("unprotected_now_ms") == 0 and not Venue(system).naked()
    except (OSError, ValueError, KeyError):
        return False


def journal_rows(system):
    done = system.run("journal", "export", "--csv", "--data", str(system.data), check=0)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def doubled_intents(system):
    """Client ids that two intents in the journal have (I2)."""
    ids = [json.loads(row["record"])["body"]["client_id"] for row in journal_rows(system) if row["kind"] == "INTENT"]
    check(ids, "the journal holds no intent", system)
    return sorted({one for one in ids if ids.count(one) > 1})


def view(system):
    return system.ask("watchdog", "view")


def kill_hard(system, *roles):
    """SIGKILL to all of them at once; then until others have taken their places."""
    before = {role: wait_for(f"{role} to run", 20, lambda role=role: system.pid(role)) for role in roles}
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    for role, pid in before.items():
        wait_for(f"{role} to come back", 20, lambda role=role, pid=pid: alive(system, role, pid))


def alive(system, role, before=0):
    """Another process has its lock and answers."""
    return system.pid(role) not in (0, before) and bool(system.ask(role, "view"))


def well(system):
    wait_for("the system to be reconciled", 30, lambda: view(system).get("reconciled") and view(system).get("outstanding") == 0)


def log_lines(system, role):
    path = system.data / "logs" / f"{role}.log"
    lines = []
    for line in path.read_text(errors="replace").splitlines() if path.exists() else []:
        try:
            lines.append(json.loads(line))
        except ValueError:
            continue
    return lines


def log_has(system, role, *words):
    return [line for line in log_lines(system, role) if all(word in json.dumps(line) for word in words)]


def seconds_until(what, limit, condition):
    """Wall time until the condition holds: for promises that are made in seconds."""
    begin = time.monotonic()
    wait_for(what, limit, condition)
    return time.monotonic() - begin


def check_end(system, summary):
    """The end of every run, whatever happened in it: the books tie out, nothing was sent twice, the journal is whole."""
    check(summary["exit"] == 0 and summary["tie_out"] == "0", f"books differ: {summary}", system)
    check(not doubled_intents(system), f"intents doubled: {doubled_intents(system)}", system)
    system.run("journal", "verify", "--data", str(system.data), check=0)


def open_positions(system):
    """In lockstep until a position stands with its stop; then stopped in order: orders stay at the exchange."""
    for _ in range(10):
        system.start("--seed", "5", "--pace", "60")
        wait_for("a protected position", 60, lambda: [p for p in view(system).get("positions", []) if p["stop"]])
        system.interrupt()
        summary = system.finish()
        check(summary["tie_out"] == "0", f"books differ before any fault: {summary}", system)
        system.start("--speed", "1")
        well(system)
        if view(system)["positions"]:
            return
        system.interrupt()
        system.finish()
    check(False, "no position stayed open", system)
