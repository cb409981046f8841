"""At the end of the market history the system ends in order and says so: in the log, by `status`, and to who starts it again.

shows: UI-13, OPS-9, UI-2
"""
from harness import System, build_folder, check

HOURS = 30


def history(system):
    """So short that it is over at once."""
    path = system.root / "short.csv"
    rows = [f"{1735689600000 + hour * 3600000},{100 + hour % 7},{110},{90},{101 + hour % 5},{1000}" for hour in range(HOURS)]
    path.write_text("timestamp,open,high,low,close,volume\n" + "\n".join(rows) + "\n")
    return f"candles:ETHUSDT={path}"


def main():
    with System(build_folder(), "end") as system:
        market, data = history(system), str(system.data)
        for attempt in ("first", "second"):
            done = system.run("up", "--plain", "--data", data, "--market", market, timeout=120)
            check("the history has ended" in done.stdout and "--data" in done.stdout, f"{attempt} run: {done.returncode} {done.stdout} {done.stderr}", system)
            check("the history has ended" in (system.data / "logs" / "up.log").read_text(), f"{attempt} run: not in the log")
            said = system.run("status", "--data", data).stdout
            check("the history has ended" in said, f"status does not say why it is down: {said}")
    with System(build_folder(), "background") as system:
        data = str(system.data)
        system.run("up", "--background", "--data", data, check=0)
        again = system.run("up", "--background", "--data", data)
        check(again.returncode == 3 and "already running" in again.stderr, f"a second start: {again.returncode} {again.stdout} {again.stderr}", system)
        check("ended" not in system.run("status", "--data", data).stdout, "an end where none is")
        check(system.ask("exchange", "state").get("pace") == 8, f"in the background it is not paced: {system.ask('exchange', 'state')}", system)
        system.run("stop", "--data", data, check=0)
        check("ended" not in system.run("status", "--data", data).stdout, "who stopped it knows that it has not ended")
    print("ok")


main()
