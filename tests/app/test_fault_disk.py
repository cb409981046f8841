"""A full disk, a folder that cannot be written, a path too long, a port in use, a second start: clear words, stops stay, no new entry.

shows: ORD-13, OPS-9, OPS-17, UI-13, I1
"""
import json
import os
import subprocess

from fault_help import ROLES, check_end, protected, view
from harness import System, build_folder, check, wait_for

TMPFS_BYTES = 110 << 20  # a journal segment (64 MiB), the world, logs, and some air


def second_starts(system):
    """Each single role names the pid that holds it."""
    for role in ROLES:
        done = system.run(role, "--data", str(system.data), timeout=30)
        check(done.returncode == 3 and str(system.pid(role)) in done.stderr, f"second {role}: {done.returncode} {done.stderr}", system)


def port_in_use(system):
    address = (system.data / "run" / "exchange.addr").read_text().strip()
    done = system.run("exchange", "--face", f"binance-usdm={address}", timeout=30)
    check(done.returncode == 1 and address in done.stderr and "in use" in done.stderr, f"port in use: {done.returncode} {done.stderr}")


def long_path(system):
    folder = system.root / ("long" * 20) / ("path" * 20)
    folder.mkdir(parents=True)
    for role in ("up", "watchdog", "exchange"):
        done = system.run(role, "--data", str(folder), timeout=60)
        check(done.returncode not in (0, 3) and "shorter" in done.stderr and "--data" in done.stderr, f"{role} with a path too long: {done.returncode} {done.stderr}")


def no_folder(system):
    """The data folder is a file: also root cannot write into it."""
    (system.root / "file").write_text("")
    for role in ("up", *ROLES):
        done = system.run(role, "--data", str(system.root / "file"), timeout=30)
        check(done.returncode not in (0, 3) and str(system.root / "file") in done.stderr, f"{role} on a file: {done.returncode} {done.stderr}")


def read_only(system):
    folder = system.root / "frozen"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", str(folder)], capture_output=True, check=False).returncode != 0:
        print("not shown: a read-only data folder (needs the right to mount)")
        return
    try:
        for role in ("up", *ROLES):
            done = system.run(role, "--data", str(folder), timeout=30)
            check(done.returncode not in (0, 3) and str(folder) in done.stderr, f"{role} read-only: {done.returncode} {done.stderr}")
    finally:
        subprocess.run(["umount", str(folder)], check=False)


def fill(folder):
    """Everything that is left, to the last block."""
    with open(folder / "ballast", "wb", buffering=0) as file:
        for size in (1 << 20, 4096):
            try:
                while True:
                    file.write(b"\1" * size)
            except OSError:
                continue


def full_disk(system):
    system.data.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_BYTES}", "tmpfs", str(system.data)]
    if subprocess.run(options, capture_output=True, check=False).returncode != 0:
        print("not shown: a full disk (needs the right to mount a small tmpfs)")
        return
    try:
        # The exchange has a disk of its own, as a real one has: the world does not stand still because ours is full.
        (system.root / "world").mkdir()
        (system.data / "exchange").symlink_to(system.root / "world")
        system.start("--seed", "5", "--pace", "60")
        wait_for("a protected position", 60, lambda: [p for p in view(system).get("positions", []) if p["stop"]])
        system.ask("exchange", "pause")
        fill(system.data)
        signals = system.ask("monitor", "view")["signals_made"]
        system.ask("exchange", "resume")
        wait_for("both to say that the disk is full", 60, lambda: full(system, "watchdog") and full(system, "monitor"))
        wait_for("the position to leave by its stop or target", 60, lambda: view(system).get("trades_closed", 0) > 0)
        system.ask("exchange", "pause")
        wait_for("every position to have its stop", 20, lambda: protected(system))
        check(view(system)["signals"] <= signals, "an entry was begun on a full disk", system)
        (system.data / "ballast").unlink()
        system.ask("exchange", "resume")
        wait_for("the system to be whole again with room", 60, lambda: not full(system, "watchdog") and not full(system, "monitor"))
        wait_for("a new signal with room again", 60, lambda: view(system).get("signals", 0) > signals)
        system.interrupt()
        check_end(system, system.finish())
    finally:
        system.stop()
        subprocess.run(["umount", "-l", str(system.data)], check=False)


def full(system, role):
    """In its health, since logs may have no room either."""
    return "no space" in json.dumps(system.ask(role, "health").get("checks"))


def main():
    with System(build_folder(), "disk") as system:
        long_path(system)
        no_folder(system)
        if os.geteuid() == 0:
            read_only(system)
        system.start("--seed", "5", "--pace", "60")
        wait_for("all to run", 30, lambda: view(system).get("reconciled"))
        second_starts(system)
        port_in_use(system)
        wait_for("a protected position", 60, lambda: [p for p in view(system).get("positions", []) if p["stop"]])
        system.interrupt()
        check_end(system, system.finish())
    if os.geteuid() == 0:
        with System(build_folder(), "full") as system:
            full_disk(system)
    else:
        print("not shown: a full disk (root mounts a small tmpfs for it)")
    print("ok")


main()
