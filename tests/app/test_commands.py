"""The command line: help that fits a screen, nearest words, clear errors; a second start refused; status, order, kill, why, tickers, stop.

shows: UI-1, UI-2, UI-11, UI-13, R010, R011, OPS-17, RSK-6
"""
import json
import pathlib
import re
import subprocess

from harness import System, build_folder, check, wait_for

SCREEN_LINES, SCREEN_COLUMNS = 24, 100


def fits(system, *words):
    """What it prints, when that fits a screen."""
    lines = system.run(*words, check=0).stdout.splitlines()
    check(0 < len(lines) <= SCREEN_LINES, f"{' '.join(words)} has {len(lines)} lines")
    widest = max(lines, key=len)
    check(len(widest) <= SCREEN_COLUMNS, f"{' '.join(words)} is {len(widest)} columns wide: {widest}")
    return lines


def every_help(system):
    """The program's own lists lead through it: commands, the words after them in their usage line, topics."""
    overview = fits(system, "help")
    commands = [line.split()[0] for line in overview if line.startswith("  ")]
    check(len(commands) >= 20 and {"up", "exchange", "version"} <= set(commands), f"the list of commands: {commands}")
    topics = words = 0
    for command in commands:
        lines = fits(system, command, "--help")
        check(lines[0].startswith(f"Usage: patriot {command}"), f"help of {command} begins {lines[0]!r}")
        check(fits(system, "help", command) == lines, f"help {command} is not {command} --help")
        for topic in (line.split()[1] for line in lines if line.startswith("  --help ")):
            shown = fits(system, command, "--help", topic)
            check(any(line.startswith("  --") for line in shown), f"topic {topic} of {command} shows no option")
            check(fits(system, "help", command, topic) == shown, f"help {command} {topic}")
            topics += 1
        for word in re.findall(r"(?<![-\w.])[a-z]+(?![-\w.])", lines[0].split(command, 1)[1].replace("[options]", "").replace(f"patriot {command}", "")):
            fits(system, command, word, "--help")
            words += 1
    check(topics >= 4 and words >= 7, f"only {topics} topics and {words} words were found")
    for kind, words in (("indicators", ()), ("strategies", ())):
        for name in (entry["name"] for entry in json.loads(system.run(kind, "--json", check=0).stdout)):
            widest = max(system.run(kind, name, check=0).stdout.splitlines(), key=len)
            check(len(widest) <= SCREEN_COLUMNS, f"{kind} {name} is {len(widest)} columns wide: {widest}")


def help_and_errors(system):
    done = system.run("statsu")
    check(done.returncode == 2 and "status" in done.stderr, f"no nearest word: {done.stderr}")
    for words, wanted in ((("stat",), '"status"'), (("config", "chekc"), '"check"'), (("journal", "verfy"), '"verify"'), (("help", "nope"), "help"),
                          (("help", "statsu"), '"status"'), (("version", "--x"), "--x"), (("exchange", "clt"), '"ctl"'), (("exchange", "ctl"), "ctl --help"),
                          (("exchange", "--help", "marktes"), "--help markets"), (("help", "exchange", "clokc"), "--help clock"), (("order", "ETHUSDT", "STPO", "5"), '"STOP"'),
                          (("order", "ETHUSDT", "get-ordres"), '"get-orders"'), (("ask", "monitr", "view"), '"monitor"'), (("exchange", "--market"), "--market wants"),
                          (("exchange", "--market", "candels:ETHUSDT=x.csv"), '"candles"'), (("exchange", "--market", "bundeld"), '"bundled"'),
                          (("exchange", "--market", "sopt:synthetic:ETHUSDT=3000"), '"spot"'), (("data", "shwo", "ETHUSDT", "1h"), '"show"'),
                          (("signals", "--author", "Reina"), "signals ID --author")):
        done = system.run(*words)
        check(done.returncode == 2 and wanted in done.stderr and not done.stdout, f"{words}: {done.returncode} {done.stderr}")
    check("did you mean" not in system.run("-x").stderr, "a word for -x")
    check(system.run("--version", check=0).stdout == system.run("version", check=0).stdout, "--version")
    check(system.run("help", "up", check=0).stdout == system.run("up", "--help", check=0).stdout, "help up")
    for words in (("config", "check"), ("up", "--for", "1s")):
        done = system.run(*words, "--config", "/nonexistent/folder")
        check(done.returncode in (1, 2) and "/nonexistent/folder" in done.stdout + done.stderr, f"{words}: {done.returncode} {done.stdout} {done.stderr}")
    check("defaults hold" in system.run("config", "check", "--config", str(system.root), check=0).stderr, "a folder without files says nothing")
    (system.root / "file").write_text("")
    for role in ("up", "exchange", "watchdog"):
        done = system.run(role, "--data", str(system.root / "file"))
        check(done.returncode != 0 and "a file is in the way" in done.stderr, f"{role} on a file: {done.returncode} {done.stderr}")
    for role in ("up", "exchange"):
        done = system.run(role, "--for", "5", timeout=20)
        check(done.returncode == 2 and "500vh" in done.stderr, f"{role} --for without a unit: {done.returncode} {done.stderr}")
    done = system.run("up", "--sed", "4")
    check(done.returncode == 2 and "--seed" in done.stderr, f"no nearest option: {done.stderr}")
    done = system.run("up", "--for", "yesterday")
    check(done.returncode == 2 and "--for" in done.stderr and "yesterday" in done.stderr, done.stderr)


def unwritten_output(system):
    """What could not be printed is no success; with standard files closed nothing is printed into a file of the data folder."""
    data = str(system.root / "closed")
    with open("/dev/full", "w") as full:
        for words in (("help",), ("up", "--help"), ("config", "show"), ("version",), ("up", "--json", "--for", "2vh", "--data", data)):
            done = subprocess.run([system.patriot, *words], cwd=system.root, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
            check(done.returncode == 1 and "could not be written" in done.stderr, f"{words} into a full disk: {done.returncode} {done.stderr}")
    script = f'exec "{system.patriot}" up --json --for 2vh --data "{data}" <&- >&- 2>&-'
    check(subprocess.run(["sh", "-c", script], cwd=system.root, timeout=60, check=False).returncode == 0, "with closed standard files")
    for path in pathlib.Path(data).rglob("*"):
        if path.is_file():
            bytes_of = path.read_bytes()
            check(b'"venue_hours":' not in bytes_of and b"all four" not in bytes_of, f"{path} holds what was printed")


def orders_of_two(system):
    orders = system.ask("watchdog", "view").get("orders", [])
    return orders if len({order["symbol"] for order in orders}) > 1 else None


def whole(system, data):
    """status --all: every process and how all of it stands, in words and as one object."""
    said = system.run("status", "--all", "--data", data, check=0).stdout
    for word in ("configuration", "restarts", "mode                       demo", "orders watched", "positions without a stop", "last sync", "signals waiting",
                 "kill level", "banned until", "clock error", "disk free"):
        check(word in said, f"status --all does not tell {word!r}:\n{said}")
    both = json.loads(system.run("status", "--all", "--json", "--data", data, check=0).stdout)
    check(both["disk_free_bytes"] > 0 and [child["restarts"] for child in both["views"]["up"]["children"]] == [0] * 4, f"{both['views']['up']}")
    watchdog = both["views"]["watchdog"]
    check(watchdog["positions_open"] == len(watchdog["positions"]) and watchdog["orders_watched"] >= watchdog["positions_open"]
          and watchdog["positions_without_stop"] == 0 and watchdog["last_sync"].startswith("20"), f"{watchdog}")
    check("refused lines of tickers.txt\n  none" in system.run("tickers", "--data", data, check=0).stdout, "an empty list is not said to be empty")


def while_it_runs(system):
    data = str(system.data)
    second = system.run("up", "--data", data)
    check(second.returncode == 3 and str(system.pid("up")) in second.stderr, f"a second start was not refused by pid: {second.returncode} {second.stderr}")
    status = system.run("status", "--json", "--data", data)
    roles = json.loads(status.stdout)["roles"]
    check(all(roles[role]["pid"] > 0 for role in ("up", "exchange", "signer", "watchdog", "monitor")), status.stdout)
    for role in ("signer", "watchdog", "monitor", "exchange"):
        title = subprocess.run(["ps", "-o", "args=", "-p", str(roles[role]["pid"])], capture_output=True, text=True, check=False).stdout
        check(f"patriot: {role}" in title, f"ps shows {title!r} for {role}")
    check("ETHUSDT" in system.run("tickers", "--data", data, check=0).stdout, "tickers")
    orders = system.run("order", "ETHUSDT", "get-orders", "--data", data, check=0)
    check("MAX_CONCURRENT_ORDERS" in orders.stdout, orders.stdout)
    view = wait_for("orders of two symbols", 60, lambda: orders_of_two(system))
    for symbol in {order["symbol"] for order in view} | {"ETHUSDT"}:
        listed = json.loads(system.run("order", symbol, "get-orders", "--json", "--data", data, check=0).stdout)["orders"]
        check(all(order["symbol"] == symbol for order in listed), f"orders of {symbol}: {listed}")
    whole(system, data)
    unknown = system.run("order", "NOSUCH", "get-orders", "--data", data)
    check(unknown.returncode != 0 and "tickers" in unknown.stderr, unknown.stderr)
    for typed, meant in (("ETHUSTD", "did you mean ETHUSDT?"), ("xrpusd", "did you mean XRPUSDT?"), ("BTCUSDT", "")):
        unknown = system.run("order", typed, "get-orders", "--data", data)
        check(unknown.returncode == 2 and ("did you mean" in unknown.stderr) == (meant != "") and meant in unknown.stderr, f"{typed}: {unknown.stderr}")
    for role in ("up", "exchange", "signer", "watchdog", "monitor"):
        done = system.run("ask", role, "nosuch", "--data", data)
        check(done.returncode == 2 and "error" in json.loads(done.stdout), f"{role} takes any command: {done.returncode} {done.stdout[:200]}")
    check(system.run("ban", "--data", data).returncode == 0, "ban")
    system.run("kill", "1", "--data", data, check=0)
    wait_for("the kill level to reach the watchdog", 10, lambda: system.ask("watchdog", "view").get("kill_level") == 1)
    check(system.run("kill", "9", "--data", data).returncode == 2, "kill 9 was taken")
    system.run("kill", "0", "--data", data, check=0)


def lines_of(system, role, event):
    log = pathlib.Path(system.data / "logs" / f"{role}.log").read_text()
    return [line for line in map(json.loads, log.splitlines()) if line["event"] == event]


def why(system):
    made = lines_of(system, "monitor", "signal_made")
    check(made, "the monitor's log names no signal")
    data = str(system.data)
    done = system.run("why", made[0]["correlation_id"], "--data", data, check=0)
    check("SIGNAL" in done.stdout, done.stdout)
    # The lines of a run and the exchange name signals and orders by number.
    for words in ((str(made[0]["number"]),), (f"signal:{made[0]['number']}",)):
        check(system.run("why", *words, "--data", data, check=0).stdout == done.stdout, f"why {words}")
    taken = lines_of(system, "watchdog", "order_accepted")[-1]
    done = system.run("why", f"order:{taken['venue_order_id']}", "--data", data, check=0)
    check(taken["client_id"] in done.stdout, f"why {taken['venue_order_id']}: {done.stdout}")
    check(system.run("why", "nothing-of-that-name", "--data", str(system.data)).returncode == 1, "why of nothing")


def one_id_from_signal_to_fill(system):
    """Each line of a trade, in every log, bears the id of its signal, and each order of ours its client id."""
    made = {line["correlation_id"] for line in lines_of(system, "monitor", "signal_made")}
    judged = lines_of(system, "watchdog", "signal_accepted") + lines_of(system, "watchdog", "signal_refused")
    check(judged and {line["correlation_id"] for line in judged} <= made, f"judged: {judged}, made: {made}")
    canaries = {line["client_id"] for line in lines_of(system, "watchdog", "order_intended") if line["message"] == "canary"}
    for event in ("order_intended", "order_accepted", "order_filled"):
        lines = [line for line in lines_of(system, "watchdog", event) if line["client_id"] not in canaries]
        check(lines, f"the watchdog's log tells no {event}")
        check(all(line.get("correlation_id") in made for line in lines), f"{event} without its signal: {lines}")
    for line in lines_of(system, "watchdog", "position_closed"):
        check(line["trade"] == 1 or line.get("correlation_id") in made, f"{line}")


def main():
    with System(build_folder(), "commands") as system:
        every_help(system)
        help_and_errors(system)
        unwritten_output(system)
        system.start("--seed", "5", "--pace", "100")
        wait_for("the first signal to be handled", 60, lambda: system.pid("watchdog") and system.ask("watchdog", "view").get("fills", 0) > 0)
        while_it_runs(system)
        system.run("stop", "--data", str(system.data), check=0)
        summary = system.finish()
        check(summary["tie_out"] == "0", f"{summary}", system)
        why(system)
        one_id_from_signal_to_fill(system)
        check(system.run("status", "--data", str(system.data)).returncode == 2, "status of a stopped system is not 2")
    print("ok")


main()
