"""A machine whose clock is far from the exchange's says so, in health and once in the log.

shows: MKT-6, R055
"""
import json
import subprocess

from harness import Exchange, System, build_folder, check, wait_for

DAY_MS = 86_400_000


def clock_health(system):
    return {one["name"]: one for one in system.ask("monitor", "health").get("checks", [])}.get("clock", {})


def warnings(system):
    rows = [json.loads(line) for line in (system.data / "logs" / "monitor.log").read_text().splitlines()]
    return [row for row in rows if row["event"] == "clock_offset" and row["level"] == "WARNING"]


def main():
    """An exchange that the processes do not take for the one on their own machine, because of its name; its time is that of its recorded market."""
    with System(build_folder(), "clock") as system, Exchange(build_folder(), system.root / "venue") as exchange:
        address = exchange.url.split("://")[1].replace("127.0.0.1", "localhost")
        (system.root / "patriot.yaml").write_text(f"mode: paper\nexchange:\n  rest_url: http://{address}\n  stream_url: ws://{address}\n")
        (system.root / ".env").write_text("BINANCE_TESTNET=true\nBINANCE_TESTNET_API_KEY=KEY\nBINANCE_TESTNET_API_SECRET=SECRET\n")
        (system.root / "tickers.txt").write_text("ETHUSDT\n")
        monitor = subprocess.Popen([system.patriot, "monitor", "--data", str(system.data)], cwd=system.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            told = wait_for("the clock to be judged", 30, lambda: clock_health(system))
            check(told["state"] == "degraded" and "ahead of the exchange's" in told["text"], f"{told}", system)
            check(int(told["text"].split(" is ")[1].split(" ms")[0]) > DAY_MS, f"{told}", system)
            check(len(warnings(system)) == 1 and warnings(system)[0]["message"] == told["text"], f"{warnings(system)}", system)
        finally:
            monitor.terminate()
            code = monitor.wait(timeout=30)
        check(code == 0, f"exit code {code}", system)
    print("ok")


main()
