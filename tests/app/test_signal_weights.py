"""What weighs signals and sizes, in a run of `patriot up`: tiers, a regime that switches a strategy off or halves it, the market's score, a
symbol that rests for its record, and a strategy that takes trades back; shown by `patriot why` and `patriot signals`, told by the
journal, and the same decisions when the monitor and the watchdog are killed on the way.

shows: STR-1, STR-3, STR-7, STR-8, STR-9, RSK-1, RSK-7, RSK-8, I18, R097, R099, R100
"""
import collections
import decimal
import json
import os
import signal

from harness import System, build_folder, check, wait_for

PROFILE = """
signal:
  strategies: [WeightedScore]
  matching_timeframes: 1
  market_state: yes
  market_symbol: ETHUSDT
  regimes: [ranging WeightedScore stop_atr=3, volatile all off, down all 0.5]
risk:
  sizing: tiers
  tiers: [0.55/400/5, 0.5/200/4, 0/100/4]
  stop_cooldown: 0
  multiple_orders: yes
  poor_trades: 3
  poor_win_rate_percent: 50
"""
HOURS = "800vh"


def records(system):
    done = system.run("journal", "export", "--json", "--data", str(system.data), check=0)
    return [json.loads(line) for line in done.stdout.splitlines()]


def start(name):
    system = System(build_folder(), name)
    (system.root / "patriot.yaml").write_text(PROFILE)
    return system


def check_sizes(system, told):
    signals = {one["body"]["id"]: one["body"] for one in told if one["kind"] == "SIGNAL"}
    inputs = {one["trade"]: one["body"] for one in told if one["kind"] == "SIGNAL_INPUTS"}
    opened = [one for one in told if one["kind"] == "TRADE_OPENED" and one["body"]["purpose"] == "signal"]
    halved = 0
    for one in opened:
        body = one["body"]
        confidence = decimal.Decimal(str(signals[body["signal_id"]]["confidence"]))
        cost, leverage = (400, 5) if confidence >= decimal.Decimal("0.55") else (200, 4)
        cut = decimal.Decimal(inputs[one["trade"]]["size_cut"])
        most = cost * leverage * (1 - cut)
        worth = decimal.Decimal(body["quantity"]) * decimal.Decimal(body["entry"])
        check(0 < worth <= most, f"{worth} of {most}: {one}", system)
        check(worth > most * decimal.Decimal("0.9"), f"{worth} is far below {most}: {one}", system)
        check(body["leverage"] <= leverage, f"{one}", system)
        halved += cut == decimal.Decimal("0.5")
    check(len(opened) > 20 and halved > 0, f"{len(opened)} trades, {halved} of half size", system)


def check_why(system, told):
    def sentence(kind_of):
        one = next(one for one in told if kind_of(one))
        return system.run("why", one["body"]["id"], "--data", str(system.data), check=0).stdout

    said = sentence(lambda one: one["kind"] == "SIGNAL" and one["body"]["reason"] == "REGIME")
    check("refused: REGIME, the strategy is off in this market regime (row of signal.regimes 2)" in said, said, system)
    said = sentence(lambda one: one["kind"] == "SIGNAL" and one["body"]["reason"] == "POOR_RECORD")
    check("too few of the symbol's recent trades were won (win rate %" in said, said, system)
    said = sentence(lambda one: one["kind"] == "SIGNAL" and one["body"]["reason"] == "ACCEPTED" and one["body"]["exit_of"] == 0)
    for wanted in ("market.score", ".regime.", "; spoke for it: "):
        check(wanted in said, f"{wanted} is not in:\n{said}", system)
    for entry in [one for one in told if one["kind"] == "SIGNAL" and one["body"]["reason"] == "ACCEPTED" and one["body"]["exit_of"] == 0][:5]:
        said = system.run("why", entry["body"]["id"], "--data", str(system.data), check=0).stdout
        spoke = said.split("; spoke for it: ")[1].splitlines()[0].split(", ")
        side = ("_up", "_gt_", "TK_Cross_Up", "support", "oversold", "Vol_Spike", "Above", "Bullish", "lt_BB_Low", "above")
        for_long = [any(word.lower() in name.lower() for word in side) and "below_support" not in name for name in spoke]
        check(all(for_long) if entry["body"]["side"] == "LONG" else not any(for_long), f"{entry['body']['side']}: {spoke}", system)
    said = sentence(lambda one: one["kind"] == "SIGNAL" and one["body"]["reason"] == "ACCEPTED" and one["body"]["exit_of"] > 0)
    check("WeightedScore leaves the trade of signal" in said, said, system)


def check_form(system):
    """The newest entry as traders pass it on, and the first, which has long left the list of the last ones."""
    def entry():
        return next((one for one in system.ask("monitor", "view").get("signals", []) if one["stop"] != "0"), None)

    def told(which, *words):
        return system.run("signals", which, "--data", str(system.data), "--author", "Reina", *words, check=0).stdout
    wait_for("an entry", 30, lambda: entry() is not None)
    one = entry()
    text = told(one["id"])
    mark = "🟢" if one["side"] == "LONG" else "🔴"
    lines = text.splitlines()
    check(lines[0] == "WeightedScore trading signals [Reina]" and lines[1] == f"{mark} {one['symbol']} - WeightedScore", text, system)
    check(lines[2].startswith(f"Entry: {one['entry']} - TP (") and lines[2].endswith(f"R): {one['target']} - SL: {one['stop']}"), text, system)
    check([line.split(":")[0] for line in lines[3:6]] == ["Imminent (Sắp vào Entry)", "Ratio (Tỉ lệ)", "Status (Trạng thái)"] and lines[6] == "By Reina~", text, system)
    text = told(one["id"], "--version", "v2", "--json")
    whole = json.loads(text)
    check(whole["text"].startswith("v2 trading signals [Reina]\n"), text, system)
    check(whole["embed"]["title"] == f"{one['symbol']} - WeightedScore" and whole["embed"]["color"] == 0x7CFC00, text, system)
    check(whole["embed"]["description"] in whole["text"] and whole["embed"]["footer"]["text"] == "By Reina~", text, system)
    wanted = {"symbol", "strategy_code", "entry_price", "tp_price", "sl_price", "ratio", "status", "imminent", "author", "created_at", "metadata"}
    fields = whole["fields"]
    check(set(fields) == wanted and fields["entry_price"] == one["entry"] and fields["metadata"]["id"] == one["id"], text, system)
    check(fields["imminent"] in (0, 1) and f"Ratio (Tỉ lệ): {fields['ratio']}" in whole["text"], text, system)
    first = json.loads(told("1", "--json"))["fields"]
    check(first["created_at"] < fields["created_at"] and first["status"] not in ("sent", ""), f"the first: {first}", system)
    for words, word in ((("nosuch",), "no such signal"), ((one["id"], "--author", "x" * 33), "at most 32 bytes"), ((one["id"], "--version", "a\nb"), "one line")):
        done = system.run("signals", *words, "--data", str(system.data))
        check(done.returncode == 2 and word in done.stderr and not done.stdout, f"{done.stderr} {done.stdout}", system)


def check_calm(system):
    system.start("--for", HOURS, "--seed", "10")
    wait_for("results of named states", 60, lambda: len(system.ask("monitor", "weights").get("names", [])) > 5)
    system.ask("exchange", "pause")  # a fast machine would be at the end before all is read
    shown = system.run("signals", "--data", str(system.data), check=0).stdout
    for wanted in ("last signals", "the market's state", "symbol \"ETHUSDT\"", "results of named states", "strategy WeightedScore"):
        check(wanted in shown, f"{wanted} is not in:\n{shown}", system)
    check_form(system)
    rows = system.ask("monitor", "view").get("signals", [])
    check(all(one["kind"] == ("exit" if one["stop"] == "0" else "entry") for one in rows) and "kind entry" in shown, f"{rows}", system)
    weights = system.ask("monitor", "weights")
    check(weights["market"]["weighs"] == "yes" and 0 <= weights["market"]["score"] <= 1, f"{weights['market']}", system)
    check({one["symbol"] for one in weights["regimes"]} >= {"ETHUSDT"}, f"{weights['regimes']}", system)
    check(all(0.5 <= one["factor"] <= 1.2 for one in weights["names"]), f"{weights['names']}", system)
    system.ask("exchange", "resume")
    summary = system.finish()
    check(summary["exit"] == 0 and summary["tie_out"] == "0" and summary["unprotected_ms_max"] == 0, f"{summary}", system)
    told = records(system)
    reasons = collections.Counter(one["body"]["reason"] for one in told if one["kind"] == "SIGNAL")
    check(reasons["REGIME"] > 0 and reasons["POOR_RECORD"] > 0, f"{reasons}", system)
    left = [one for one in told if one["kind"] == "EXIT" and one["body"]["reason"] == "SIGNAL"]
    check(len(left) > 5, f"{len(left)} trades were taken back", system)
    check_sizes(system, told)
    check_why(system, told)
    return summary


def check_killed(system, wanted):
    """Decisions rest on results, openings and regimes that a new process must know again."""
    system.start("--for", HOURS, "--seed", "10")
    for role, made in (("monitor", 12), ("watchdog", 24), ("monitor", 36)):
        wait_for(f"signals before the {role} dies", 60, lambda: system.ask("monitor", "view").get("signals_made", 0) >= made)
        pid = system.pid(role)
        if pid:
            os.kill(pid, signal.SIGKILL)
        wait_for(f"the {role} is back", 30, lambda: system.pid(role) not in (0, pid))
    got = system.finish()
    check(got["exit"] == 0 and got["restarts"] >= 3, f"{got}", system)
    for key in ("signals", "fills", "pnl", "equity", "trades_closed"):
        check(got[key] == wanted[key], f"kills made another {key}: {got[key]}, not {wanted[key]}", system)


def check_refused():
    with System(build_folder(), "regimes-wrong") as system:
        (system.root / "patriot.yaml").write_text("signal:\n  strategies: [SC01]\n  regimes: [up SC01 off, sideways SC01 off]\n")
        done = system.run("config", "check", timeout=30)
        check(done.returncode != 0 and "patriot.yaml:3" in done.stdout + done.stderr and "is no regime" in done.stdout + done.stderr,
              done.stdout + done.stderr, system)


def main():
    check_refused()
    with start("weights") as system:
        wanted = check_calm(system)
    with start("weights-killed") as system:
        check_killed(system, wanted)
    print("ok")


main()
