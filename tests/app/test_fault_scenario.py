"""The main job under a scenario of lost replies, errors, cuts and spoilt streams, and under random mixes: the books tie out, nothing is naked, nothing was sent twice.

shows: VEN-4, I2, I4, I6, I8, ORD-4, ORD-6
"""
import base64
import json
import re
import sys

from fault_help import Venue, doubled_intents, log_has, protected
from harness import System, build_folder, check, wait_for

HOURS = 400

# Requests and streams only, at venue times of the run and by chance from one seed.
SCENARIO = """seed: 21
faults:
  lost replies: {knob: ack.drop, at: 20h, for: 60h, chance: 0.3}
  errors after: {knob: ack.code, status: 503, code: -1000, at: 30h, for: 90h, chance: 0.3}
  errors before: {knob: ack.code, status: 504, code: -1007, when: before, at: 50h, for: 90h, chance: 0.3}
  pages: {knob: ack.code, status: 502, body: html, when: either, at: 90h, for: 60h, chance: 0.3}
  cut replies: {knob: rep.cut, k: 60, at: 100h, for: 80h, chance: 0.3}
  cut requests: {knob: req.cut, k: 10, at: 120h, for: 80h, chance: 0.3}
  slow replies: {knob: ack.delay, wait: 300ms, at: 130h, for: 60h, chance: 0.2}
  stalled replies: {knob: rep.stall, k: 20, wait: 200ms, at: 135h, for: 60h, chance: 0.2}
  not seen yet: {knob: vis.lag, lag: 60s, at: 140h, for: 10h}
  twice: {knob: ws.dup, on: user, at: 10h, for: 300h, chance: 0.3}
  other order: {knob: ws.reorder, at: 60h, for: 100h, chance: 0.2}
  tomorrow: {knob: ws.newfield, at: 5h, for: 50h}
  sockets cut: {knob: ws.close, at: 150h}
  lost events: {knob: ws.gap, on: user, k: 1, at: 160h, count: 3}
"""

# A venue that is away for hours while sockets break: they carry the clock of a run in lockstep, and must be let in again.
AWAY = """seed: 3
faults:
  away: {knob: venue.dead, at: 20h, for: 4h}
  cut: {knob: ws.close, at: 21h}
  again: {knob: ws.close, at: 22h}
"""


def accepted(path):
    """Client ids of the orders that the exchange took, by its wire log, each with how often."""
    counts = {}
    for line in path.read_text().splitlines():
        entry = json.loads(line)
        if entry["kind"] != "request" or entry["method"] != "POST" or not entry["accepted"]:
            continue
        found = re.search(rb"(?:newClientOrderId|clientAlgoId)=([^&\s]+)", base64.b64decode(entry["raw"]))
        if found:
            counts[found[1]] = counts.get(found[1], 0) + 1
    return counts


def struck(system):
    return {one["knob"]: one["struck"] for one in system.ask("exchange", "faults")["knobs"] if one["struck"]}


def run_through(name, *words, scenario=None):
    """The hours with faults, then rest without any: what is open must be known and covered, and the end must add up."""
    with System(build_folder(), name) as system:
        wire = system.root / "wire.jsonl"
        if scenario:
            (system.root / "scenario.yaml").write_text(scenario)
            words = (*words, "--scenario", str(system.root / "scenario.yaml"))
        system.start("--seed", "5", "--wire-log", str(wire), *words)
        wait_for("the exchange", 30, lambda: system.ask("exchange", "until", str(HOURS)).get("ok"))
        wait_for(f"{HOURS} venue hours", 240, lambda: system.ask("exchange", "state").get("ended"))
        strikes = struck(system)
        system.ask("exchange", "fault", "clear")
        system.ask("exchange", "until", str(HOURS + 6))  # quiet
        wait_for("the quiet hours", 120, lambda: system.ask("exchange", "state").get("ended"))
        wait_for("every position to be known and to have its stop", 30, lambda: protected(system))
        check(not Venue(system).doubled(), f"one client id twice: {Venue(system).doubled()}", system)
        check(not log_has(system, "up", "ended; it comes back"), "a fault of the exchange has ended a process", system)
        system.interrupt()
        summary = system.finish()
        check(summary["exit"] == 0 and summary["tie_out"] == "0", f"{name}: books differ: {summary}", system)
        check(not doubled_intents(system), f"{name}: intents doubled: {doubled_intents(system)}", system)
        system.run("journal", "verify", "--data", str(system.data), check=0)
        twice = {one: count for one, count in accepted(wire).items() if count > 1}
        check(accepted(wire) and not twice, f"{name}: orders accepted twice: {twice}", system)
        return summary, strikes


def away():
    with System(build_folder(), "away") as system:
        (system.root / "away.yaml").write_text(AWAY)
        summary = system.up("--seed", "5", "--for", "60vh", "--scenario", str(system.root / "away.yaml"), timeout=240)
        check(summary["exit"] == 0 and summary["venue_hours"] == 60 and summary["tie_out"] == "0", f"{summary}", system)


def main():
    away()
    summary, strikes = run_through("scenario", scenario=SCENARIO)
    wanted = {"ack.drop", "ack.code", "ws.dup", "ws.newfield", "ws.close"}
    check(wanted <= set(strikes) and summary["orders"] > 10, f"too little was struck to show anything: {strikes} {summary}")
    for seed in (1, 4):
        summary, strikes = run_through(f"random{seed}", "--faults", f"random:{seed}:0.5")
        check(len(strikes) >= 15, f"the mix is no mix: {strikes}")
    with System(build_folder(), "broken") as system:
        (system.root / "bad.yaml").write_text("faults:\n  one:\n    knob: ack.drip\n")
        done = system.run("up", "--data", str(system.data), "--scenario", "bad.yaml", "--for", "10vh", check=2)
        check("bad.yaml:3" in done.stderr and not (system.data / "run").exists(), f"not refused before anything: {done.stderr}", system)
    print("ok")
    return 0


sys.exit(main())
