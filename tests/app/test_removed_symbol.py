"""What is open in a symbol that tickers.txt no longer names stays protected in every later run, and its prices and bars are followed until it is closed.

Only symbols in force are asked for otherwise, too. With nothing in force the watchdog begins all the same, and says so.

shows: R037, MKT-1, MKT-5, ORD-7, I20
"""
import subprocess

from fault_help import Books
from harness import Exchange, System, build_folder, check, wait_for

LOCKSTEP = ("--lockstep", "--expect", "monitor,watchdog,signer", "--patience", "6s", "--pace", "60", "--seed", "5")


class Paper:
    """The processes in paper mode, at a simulated exchange that lists more than tickers.txt names."""

    def __init__(self, system, exchange):
        self.system, self.exchange, self.processes = system, exchange, []
        address = exchange.url.split("://")[1]
        (system.root / "patriot.yaml").write_text(f"mode: paper\nexchange:\n  rest_url: http://{address}\n  stream_url: ws://{address}\n")
        (system.root / ".env").write_text("BINANCE_TESTNET=true\nBINANCE_TESTNET_API_KEY=KEY\nBINANCE_TESTNET_API_SECRET=SECRET\n")

    def begin(self, tickers):
        (self.system.root / "tickers.txt").write_text(tickers)
        self.processes = [subprocess.Popen([self.system.patriot, role, "--lockstep", "--data", str(self.system.data)], cwd=self.system.root,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for role in ("signer", "watchdog", "monitor")]

    def end(self):
        for process in self.processes:
            process.terminate()
        codes = [process.wait(timeout=30) for process in self.processes]
        self.processes = []
        return codes

    def positions(self):
        return [one for one in self.system.ask("watchdog", "view").get("positions", []) if one["symbol"].startswith("ETH") and one["stop"]]

    def stops(self):
        """Stops in the exchange's own list that stand where the watchdog wants one; a canary is far from there."""
        wanted = {float(one["stop"]) for one in self.positions()}
        return [one for one in self.at_exchange() if float(one.get("trigger", 0)) in wanted]

    def at_exchange(self):
        return Books(self.exchange.ctl).resting("ETHUSDT")

    def followed(self):
        """Whose prices the watchdog follows."""
        return set(self.system.ask("watchdog", "view").get("followed", []))

    def bars(self):
        """Whose bars the monitor follows, and how many it has of each."""
        return {one["symbol"]: one["bars"] for one in self.system.ask("monitor", "view").get("prices", [])}

    def trouble(self, role, check_name):
        checks = [one for one in self.system.health()[role]["health"].get("checks", []) if one["name"] == check_name]
        return checks and checks[0]["state"] != "ok" and checks[0]["text"]

    def rules_of(self, symbol):
        return self.system.run("order", symbol, "get-orders", "--data", str(self.system.data)).returncode == 0


def nothing_at_all():
    """A new folder, and no symbol of it is listed: what is on the account is compared all the same."""
    with System(build_folder(), "removed-all") as system, Exchange(build_folder(), system.root / "venue", *LOCKSTEP) as exchange:
        paper = Paper(system, exchange)
        try:
            paper.begin("NOSUCHUSDT\n")
            wait_for("a watchdog that compares its books without any rules", 60, lambda: system.ask("watchdog", "view").get("reconciled"))
            wait_for("the watchdog to say so", 30, lambda: paper.trouble("watchdog", "rules"))
            check(paper.end() == [0, 0, 0], "the processes did not end well", system)
        finally:
            paper.end()


def main():
    nothing_at_all()
    with System(build_folder(), "removed-symbol") as system, Exchange(build_folder(), system.root / "venue", *LOCKSTEP) as exchange:
        paper = Paper(system, exchange)
        try:
            paper.begin("ETHUSDT\n")
            wait_for("a position with its stop", 90, paper.stops)
            check(paper.followed() == {"ETHUSDT"}, f"prices of {paper.followed()}", system)
            exchange.ctl("pause")
            check(paper.end() == [0, 0, 0], "the processes did not end well", system)
            exchange.call("DELETE", "/fapi/v1/algoOpenOrders", symbol="ETHUSDT")
            check(paper.at_exchange() == [], f"the stop is still there: {paper.at_exchange()}")
            paper.begin("XRPUSDT\n")
            exchange.ctl("pace", "1")  # the position is not to be gone by its stop or target before it has been seen
            exchange.ctl("resume")
            wait_for("the stop of a position whose symbol was taken out", 60, paper.stops)
            check(paper.rules_of("XRPUSDT") and not paper.rules_of("BANANAS31USDT"), "rules of a symbol that was never in force", system)
            check(paper.followed() == {"ETHUSDT", "XRPUSDT"}, f"prices of {paper.followed()}", system)
            wait_for("bars of both", 30, lambda: set(paper.bars()) == {"ETHUSDT", "XRPUSDT"})
            before = paper.bars()["ETHUSDT"]
            wait_for("further bars of the symbol that was taken out", 30, lambda: paper.bars().get("ETHUSDT", 0) > before + 2)
            exchange.ctl("pace", "60")
            system.ask("watchdog", "close", "all")
            wait_for("the symbol to be let go when nothing of it is open", 30, lambda: paper.followed() == {"XRPUSDT"})
            check(paper.end() == [0, 0, 0], "the processes did not end well", system)
            paper.begin("NOSUCHUSDT\n")
            wait_for("a watchdog that compares its books with nothing in force", 30, lambda: system.ask("watchdog", "view").get("reconciled"))
            check(paper.followed() == set(), f"prices of {paper.followed()}", system)
            check("no symbol" in wait_for("the watchdog to say so", 30, lambda: paper.trouble("watchdog", "rules")), "another trouble", system)
        finally:
            paper.end()
    print("ok")


main()
