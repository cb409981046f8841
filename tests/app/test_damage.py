"""Damaged files in the data folder: each is mended and said so, or refused with its place named; nothing is guessed, nothing is lost.

shows: ORD-13, MKT-3, MKT-7, OPS-9, I8
"""
import csv
import pathlib
import random
import shutil

from fault_help import check_end, journal_rows, log_has
from harness import System, build_folder, check, wait_for

FAILED_SAFE = 4
HOUR_MS = 3600000


class Spoiled:
    """A file that is changed for one attempt and put back as it was."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def __enter__(self):
        self.before = self.path.read_bytes()
        return self

    def __exit__(self, *_):
        self.path.write_bytes(self.before)


def refused(system, role, *words):
    done = system.run(role, "--data", str(system.data), timeout=30)
    text = done.stdout + done.stderr
    check(done.returncode == FAILED_SAFE, f"{role}: exit {done.returncode}\n{text}", system)
    for word in words:
        check(word in text, f"{role} does not say {word!r}: {text}", system)


def flipped_journal(system):
    journal = system.data / "journal" / "journal-000001.pj"
    with Spoiled(journal) as spoiled:
        used = len(spoiled.before.rstrip(b"\0"))
        place = used // 2
        while spoiled.before[place] == 0:
            place += 1
        with open(journal, "r+b") as file:
            file.seek(place)
            file.write(bytes([spoiled.before[place] ^ 1]))
        changed = journal.read_bytes()
        refused(system, "watchdog", "journal-000001.pj", "at byte", "record")
        done = system.run("journal", "verify", "--data", str(system.data))
        check(done.returncode != 0 and "journal-000001.pj" in done.stdout + done.stderr, f"verify: {done.returncode} {done.stdout}{done.stderr}", system)
        check(journal.read_bytes() == changed, "a damaged journal was touched", system)


def torn_journal(system):
    journal = system.data / "journal" / "journal-000001.pj"
    with open(journal, "r+b") as file:
        used = (len(file.read().rstrip(b"\0")) + 7) // 8 * 8
        file.seek(used)
        file.write(b"PJR1" + b"\x40\x00\x00\x00" + b"\x01" * 30)
    check_end(system, system.up("--for", "12vh"))
    check(log_has(system, "watchdog", "journal_cut"), "the cut was not told", system)


def signer_state(system):
    state = system.data / "signer.state"
    for text in (b"patriot-signer 1 epoch", b"\xff\x00garbage", b"patriot-signer 1 epoch 3 kill 9\n", b"", b"x" * 5000):
        with Spoiled(state):
            state.write_bytes(text)
            refused(system, "signer", "signer.state", "kill level")
            check(state.read_bytes() == text, "a damaged signer.state was overwritten", system)


def signals_db(system):
    """The monitor refuses by name; the others go on and protect."""
    path = system.data / "signals.db"
    with Spoiled(path):
        path.write_bytes(b"this is no database" * 300)
        system.start("--for", "1vh")
        wait_for("the monitor to refuse signals.db", 30, lambda: log_has(system, "monitor", "signals.db", "ERROR"))
        check(log_has(system, "monitor", "signals.db", "move") or log_has(system, "monitor", "signals.db", "restore"), "no fix named", system)
        wait_for("the watchdog to stand by its positions", 30, lambda: system.ask("watchdog", "view").get("reconciled"))
        system.interrupt()
        system.finish()
        check(path.read_bytes() == b"this is no database" * 300, "a damaged signals.db was overwritten", system)


def epochs(system):
    return [line["epoch"] for line in log_has(system, "watchdog", "the journal is folded")]


def older_journal(system):
    """A journal that has lost durable records is refused by name; when the loss is accepted, no client id is given twice."""
    journal, old, newest = system.data / "journal", system.root / "journal.old", system.root / "journal.newest"
    shutil.copytree(journal, old)
    check_end(system, system.up("--for", "200vh"))
    journal.rename(newest)
    shutil.copytree(old, journal)
    refused(system, "watchdog", "journal", "lost records", "patriot journal rebuild")
    summary = system.up("--for", "10vh")
    check(summary["exit"] == FAILED_SAFE and "lost records" in summary["stderr"], f"traded on a journal that has lost records: {summary}", system)
    shutil.rmtree(journal)
    newest.rename(journal)
    check_end(system, system.up("--for", "12vh"))  # the newest copy is back: nothing was lost
    shutil.rmtree(journal)
    old.rename(journal)
    highest = max(epochs(system))
    system.run("journal", "rebuild", "--data", str(system.data), check=0)
    check_end(system, system.up("--for", "100vh"))
    check(epochs(system)[-1] > highest, f"an epoch was given twice: {epochs(system)}", system)


def judged(system):
    return len([row for row in journal_rows(system) if row["kind"] == "SIGNAL"])


def lost_signals_db(system):
    """Moved away, a new one begins; its signals are not taken for old ones."""
    before, lines = judged(system), len(log_has(system, "monitor", "signal_made"))
    for path in system.data.glob("signals.db*"):
        path.unlink()
    check_end(system, system.up("--for", "400vh"))
    made = [line["number"] for line in log_has(system, "monitor", "signal_made")[lines:]]
    check(made and min(made) == before + 1, f"numbers given twice or left out: {made}, {before} before", system)
    check(judged(system) == before + len(made), f"{made} were made, {judged(system) - before} were judged", system)
    check(log_has(system, "monitor", "the count goes on"), "the loss was not told", system)


def rebuilt(system):
    """Files that are functions of others are made anew, and it is said."""
    (system.data / "ledger.db").write_bytes(b"garbage" * 1000)
    for tail in ("-wal", "-shm"):
        (system.data / ("ledger.db" + tail)).unlink(missing_ok=True)
    (system.data / "budget.bin").write_bytes(random.Random(1).randbytes(4096))
    filters = system.data / "symbol_filters.json"
    filters.write_bytes(b'{"half": [1, 2')
    check_end(system, system.up("--for", "12vh"))
    check(log_has(system, "watchdog", "projection_rebuilt"), "ledger.db was not rebuilt aloud", system)
    check([role for role in ("signer", "monitor", "watchdog") if log_has(system, role, "budget.bin")], "budget.bin was not rebuilt aloud", system)
    check(filters.read_bytes() != b'{"half": [1, 2', "symbol_filters.json stayed damaged", system)


def bars(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def candles(system):
    """A gap, a bad value, a line of nonsense and a torn end: fetched again, every bar there once, with the values that it had."""
    path = sorted(system.data.glob("BINANCE_*_1h.csv"))[0]
    whole = {row["time_ms"]: row for row in bars(path)}
    lines = path.read_text().splitlines(keepends=True)
    fields = lines[200].split(",")
    fields[2] = "0.0000001"  # a high below the low
    lines[200] = ",".join(fields)
    lines[210] = "what,is,this\n"
    del lines[100:140]
    path.write_text("".join(lines) + "17615")
    for cache in system.data.glob("*.cache"):
        cache.unlink()
    check_end(system, system.up("--for", "12vh"))
    after = bars(path)
    times = [int(row["time_ms"]) for row in after]
    check(times == list(range(times[0], times[-1] + 1, HOUR_MS)), "the bars are not whole again", system)
    mended = {row["time_ms"]: row for row in after}
    wrong = [key for key, row in whole.items() if mended.get(key) != row]
    check(not wrong, f"bars changed: {[(whole[key], mended.get(key)) for key in wrong[:3]]}", system)
    check(log_has(system, "monitor", "candle_gap", path.name), "the flaws were not told with file and line", system)
    check(pathlib.Path(str(path) + ".torn").exists(), "torn bytes were thrown away", system)


def main():
    with System(build_folder(), "damage") as system:
        check_end(system, system.up("--seed", "5", "--for", "100vh"))
        flipped_journal(system)
        signer_state(system)
        signals_db(system)
        torn_journal(system)
        rebuilt(system)
        candles(system)
        lost_signals_db(system)
        check_end(system, system.up("--for", "24vh"))
    with System(build_folder(), "older") as system:
        check_end(system, system.up("--seed", "5", "--for", "100vh"))
        older_journal(system)
    print("ok")


main()
