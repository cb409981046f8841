"""Each order's bytes leave after its journal record is synced: read from one strace of the watchdog (the only way to the signer) and the signer (the
only way to the exchange), in the order in which their calls were made.

shows: I1, ORD-11, R211
"""
import re
import shutil
import subprocess
import sys

from harness import System, build_folder, check, wait_for

CLIENT_ID = re.compile(r"P-[0-9A-Z]+-[0-9A-Z]+-[ESTLXC]")


def orders_seen(trace, pid):
    """Lines in which this process hands over or sends an order."""
    lines = trace.open(errors="replace") if trace.exists() else []
    return sum(1 for line in lines if line.startswith(f"{pid} ") and "pwrite64" not in line and CLIENT_ID.search(line))


def main():
    if not shutil.which("strace"):
        print("strace is not installed")
        sys.exit(77)
    with System(build_folder(), "durable") as system:
        system.start("--seed", "5", "--pace", "50")
        watchdog, signer = (wait_for(f"the {role}", 30, lambda role=role: system.pid(role)) for role in ("watchdog", "signer"))
        trace = system.root / "trace"
        tracer = subprocess.Popen(["strace", "-f", "-q", "-s", "4096", "-e", "trace=pwrite64,fdatasync,write,writev,sendmsg,sendto",
                                   "-o", str(trace), "-p", str(watchdog), "-p", str(signer)], stderr=subprocess.PIPE, text=True)
        wait_for("orders under strace", 90, lambda: min(orders_seen(trace, pid) for pid in (watchdog, signer)) > 5)
        system.interrupt()
        summary = system.finish()
        tracer.wait(timeout=30)
        if not trace.stat().st_size:
            print("strace may not attach here:", tracer.stderr.read().strip())
            sys.exit(77)
        check(summary["tie_out"] == "0", f"{summary}", system)

        written, durable, sent = set(), set(), {str(watchdog): 0, str(signer): 0}
        for line in trace.open(errors="replace"):
            ids = set(CLIENT_ID.findall(line))
            who = line.split(None, 1)[0]
            if "pwrite64(" in line and who == str(watchdog):
                written |= ids
            elif who == str(watchdog) and "fdatasync" in line and line.rstrip().endswith("= 0"):
                durable |= written
            elif ids and any(call in line for call in ("write(", "writev(", "sendmsg(", "sendto(")) and "patriot: " not in line and '"timestamp"' not in line:
                loose = ids - durable
                check(not loose, f"left before its record was synced: {sorted(loose)}\n{line[:300]}")
                sent[who] += len(ids)
        check(min(sent.values()) > 3, f"only {sent} client ids seen on the wire (watchdog {watchdog}, signer {signer})")
    print("ok")


main()
