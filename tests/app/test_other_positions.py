"""Positions in symbols that this folder never traded are not ours: said aloud within seconds, named by the next comparison, and never touched.

shows: I19, I20, R037, ORD-7
"""
import subprocess

from fault_help import Books, log_has
from harness import Exchange, System, build_folder, check, wait_for

SEEN_S = 10  # I19


def trouble(system):
    checks = [one for one in system.health()["signer"]["health"].get("checks", []) if one["name"] == "others' positions"]
    return checks[0]["text"] if checks and checks[0]["state"] == "degraded" else ""


def order(exchange, side, quantity):
    exchange.call("POST", "/fapi/v1/order", symbol="XRPUSDT", side=side, type="MARKET", quantity=quantity)


def quiet(system):
    view = system.ask("watchdog", "view")
    return view.get("reconciled") and view.get("outstanding") == 0


def main():
    with System(build_folder(), "others") as system, Exchange(build_folder(), system.root / "venue", "--speed", "1") as exchange:
        address = exchange.url.split("://")[1]
        (system.root / "patriot.yaml").write_text(f"mode: paper\nexchange:\n  rest_url: http://{address}\n  stream_url: ws://{address}\n")
        (system.root / ".env").write_text("BINANCE_TESTNET=true\nBINANCE_TESTNET_API_KEY=KEY\nBINANCE_TESTNET_API_SECRET=SECRET\n")
        (system.root / "tickers.txt").write_text("ETHUSDT\n")
        books = Books(exchange.ctl)
        order(exchange, "BUY", "20")
        processes = [subprocess.Popen([system.patriot, role, "--data", str(system.data)], cwd=system.root, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL) for role in ("signer", "watchdog", "monitor")]
        try:
            wait_for("the first comparison", 30, lambda: quiet(system))
            wait_for("the position to be named", SEEN_S, lambda: "XRPUSDT 20: one of 1 not ours" in trouble(system))
            check(books.positions() == {"XRPUSDT": 20} and not books.resting(), f"touched: {books.positions()} {books.resting()}", system)
            order(exchange, "SELL", "20")
            wait_for("the change to be seen", SEEN_S, lambda: log_has(system, "signer", "a position has changed in a symbol"))
            system.ask("watchdog", "reconcile")
            wait_for("nothing to tell of", SEEN_S, lambda: quiet(system) and not trouble(system))
            order(exchange, "SELL", "30")
            wait_for("the new one to be seen", SEEN_S, lambda: trouble(system))
            system.ask("watchdog", "reconcile")
            wait_for("the new one to be named", SEEN_S, lambda: "XRPUSDT -30: one of 1" in trouble(system))
            check(books.positions() == {"XRPUSDT": -30} and not books.resting(), f"touched: {books.positions()} {books.resting()}", system)
        finally:
            for process in processes:
                process.terminate()
            codes = [process.wait(timeout=30) for process in processes]
        check(codes == [0, 0, 0], f"exit codes {codes}", system)
    print("ok")


main()
