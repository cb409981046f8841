"""The power is cut while it trades: the data folder is made again as a disk may show it then, and PATRIOT goes on from there against the exchange that went on.

Every write, size, name and sync of the processes is recorded (record_writes.c); power_cut.py makes the folders: nothing unsynced, names without contents, contents without
names, sectors of 512 or 4096 bytes in any order, nearly all. After each: what left is in the journal, nothing was sent twice, the books tie out, nothing is naked.

shows: R211, I1, I2, I4, I6, I8, I12, I13, I20, ORD-7
"""
import base64
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess

from decimal import Decimal

import power_cut
from fault_help import Books, journal_rows
from harness import Exchange, System, build_folder, check, wait_for

LOCKSTEP = ("--lockstep", "--expect", "monitor,watchdog,signer", "--patience", "6s", "--seed", "5")
ROLES = ("signer", "watchdog", "monitor")  # in this order they die: what has not been sent by then never is
SYMBOLS = ("ETHUSDT", "XRPUSDT", "BANANAS31USDT")
CUTS = (1, 2, 4, 9, 16)  # orders sent when the power goes
OURS = re.compile(rb"(?:newClientOrderId|clientAlgoId)=(P-[0-9A-Z]+-[0-9A-Z]+-[ESTLXC])")


class Rig:
    """The processes in paper mode on system.data, at an exchange of its own folder."""

    def __init__(self, system, venue, pace):
        self.system, self.processes, self.wire = system, {}, venue.with_suffix(".wire")
        self.exchange = Exchange(build_folder(), venue, "--wire-log", str(self.wire), *LOCKSTEP, "--pace", str(pace))
        self.books, self.seen = Books(self.exchange.ctl), None
        address = self.exchange.url.split("://")[1]
        (system.root / "patriot.yaml").write_text(f"mode: paper\nexchange:\n  rest_url: http://{address}\n  stream_url: ws://{address}\n")
        (system.root / ".env").write_text("BINANCE_TESTNET=true\nBINANCE_TESTNET_API_KEY=KEY\nBINANCE_TESTNET_API_SECRET=SECRET\n")
        (system.root / "tickers.txt").write_text("".join(f"{symbol}\n" for symbol in SYMBOLS))

    def begin(self, environment=None):
        for role in ROLES:
            self.processes[role] = subprocess.Popen([self.system.patriot, role, "--lockstep", "--data", str(self.system.data)], cwd=self.system.root,
                                                    env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def end(self, number):
        for role in ROLES:
            if role in self.processes:
                self.processes[role].send_signal(number)
        for process in self.processes.values():
            process.wait(timeout=30)
        self.processes = {}
        self.exchange.end()

    def view(self):
        return self.system.ask("watchdog", "view")

    def accepted(self):
        """Client ids of ours that the exchange took, as often as it took them."""
        lines = [json.loads(line) for line in self.wire.read_text().splitlines()]
        found = [OURS.search(base64.b64decode(one["raw"])) for one in lines if one["kind"] == "request" and one["method"] == "POST" and one["accepted"]]
        return [one[1].decode() for one in found if one]

    def agrees(self):
        """At rest the books are the exchange's, to the last unit, and nothing stands bare. An order of unknown fate waits for time to pass: a moment more, then."""
        now, before = self.view(), self.seen
        self.seen = now
        alike = now.get("reconciled") and now["outstanding"] == 0 and Decimal(now["wallet"]) == Decimal(self.books.account()["wallet"]) and not self.books.naked()
        if not alike and now == before:
            self.exchange.ctl("step")
        return alike

    def come_to_rest(self, what):
        self.exchange.ctl("pause")
        wait_for(what, 60, self.agrees, lambda: f"{self.view()} against {self.books.account()}, naked {self.books.naked()}")
        check(Decimal(self.seen["unexplained"]) == 0, f"{what}: money that nothing explains", self.system)


def records(system, folder):
    there, system.data = system.data, folder
    rows = [row["record"] for row in journal_rows(system)]
    system.data = there
    return rows


def intents(rows):
    return {body["client_id"]: number for number, body in ((n, json.loads(row)["body"]) for n, row in enumerate(rows) if json.loads(row)["kind"] == "INTENT")}


def judge(system, rig, live, sent, what):
    """What the exchange has of ours stands in the journal as it was written; nothing came twice, before and after."""
    rows = records(system, system.data)
    known, before = intents(rows), intents(live)
    lost = [one for one in sent if one not in known]
    check(not lost, f"{what}: sent, and not in the journal: {lost}", system)
    last = max((before[one] for one in sent), default=-1) + 1
    check(rows[:last] == live[:last], f"{what}: records before the last order sent have changed", system)
    ids = sent + rig.accepted()
    check(len(ids) == len(set(ids)), f"{what}: accepted twice: {sorted(one for one in set(ids) if ids.count(one) > 1)}", system)
    trades = [json.loads(row)["body"].get("signal_id") for row in rows if json.loads(row)["kind"] == "TRADE_OPENED"]
    trades = [one for one in trades if one]
    check(len(trades) == len(set(trades)), f"{what}: two trades of one signal", system)


def go_on(system, venue, live, sent, what):
    rig = Rig(system, venue, 200)
    try:
        rig.begin()
        wait_for(f"{what}: a comparison", 60, lambda: rig.view().get("reconciled"))
        rig.come_to_rest(f"{what}: books that agree")
        judge(system, rig, live, sent, what)
        rig.exchange.ctl("resume")
        hour = 3_600_000_000_000
        until = rig.seen["venue_ns"] + 48 * hour
        wait_for(f"{what}: two more days", 60, lambda: rig.view().get("venue_ns", 0) > until)
        rig.come_to_rest(f"{what}: books that agree two days later")
        judge(system, rig, live, sent, what)
        dead = [role for role, process in rig.processes.items() if process.poll() is not None]
        check(not dead, f"{what}: {dead} ended", system)
    finally:
        rig.end(signal.SIGTERM)


def folders_last(system, record):
    """Who makes a folder syncs its name before it syncs anything inside."""
    bare = set()
    for kind, process, _, path, _ in power_cut.rows(record):
        if kind == power_cut.FOLDER and path != str(system.data.resolve()):
            bare.add((process, path))
        elif kind == power_cut.SYNC:
            bare = {(who, one) for who, one in bare if (who, os.path.dirname(one)) != (process, path)}
            check((process, os.path.dirname(path)) not in bare, f"{path} is synced in a folder that may be lost", system)


def cut_after(orders, library):
    with System(build_folder(), f"power-{orders}") as system:
        record, venue = system.root / "record", system.root / "venue"
        rig = Rig(system, venue, 100)
        try:
            rig.begin({"LD_PRELOAD": str(library), "RECORD_ROOT": str(system.data.resolve()), "RECORD_LOG": str(record)})
            wait_for(f"{orders} orders", 120, lambda: rig.view().get("orders_sent", 0) > orders)
        finally:
            rig.end(signal.SIGKILL)
        sent = rig.accepted()
        folders_last(system, record)
        whole = system.root / "whole"
        system.data.rename(whole)
        live = records(system, whole)
        check(sent and set(sent) <= set(intents(live)), f"sent {sent}, the journal has {set(intents(live))}", system)
        for fate, sector, make in power_cut.fates(orders):
            what = f"cut after {orders} orders, {fate}, sectors of {sector}"
            shutil.rmtree(system.data, ignore_errors=True)
            make(power_cut.Disk(system.data.resolve(), sector).read(record), system.data)
            another = system.root / "venue-again"
            shutil.rmtree(another, ignore_errors=True)
            shutil.copytree(venue, another, ignore=lambda folder, names: [name for name in names if name.endswith((".sock", ".lock"))])
            go_on(system, another, live, sent, what)


def main():
    with System(build_folder(), "power") as tools:
        library = power_cut.build_recorder(tools.root, pathlib.Path(build_folder()) / "patriot")
        for orders in CUTS:
            cut_after(orders, library)
    print("ok")


main()
