"""Each order's bytes leave after its journal record is synced: read from strace of the watchdog (the only way to the signer and so to the venue).

shows: I1, ORD-11, R211
"""
import re
import shutil
import subprocess
import sys

from harness import System, build_folder, check, wait_for

CLIENT_ID = re.compile(r"P-[0-9A-Z]+-[0-9A-Z]+-[ESTLXC]")


def main():
    if not shutil.which("strace"):
        print("strace is not installed")
        sys.exit(77)
    with System(build_folder(), "durable") as system:
        system.start("--seed", "5", "--pace", "50")
        watchdog = wait_for("the watchdog", 30, lambda: system.pid("watchdog"))
        trace = system.root / "trace"
        tracer = subprocess.Popen(["strace", "-f", "-q", "-s", "4096", "-e", "trace=pwrite64,fdatasync,write,writev,sendmsg,sendto",
                                   "-o", str(trace), "-p", str(watchdog)], stderr=subprocess.PIPE, text=True)
        wait_for("orders under strace", 90, lambda: trace.exists() and sum(1 for line in trace.open(errors="replace") if "pwrite64" not in line and CLIENT_ID.search(line)) > 5)
        system.interrupt()
        summary = system.finish()
        tracer.wait(timeout=30)
        if not trace.stat().st_size:
            print("strace may not attach here:", tracer.stderr.read().strip())
            sys.exit(77)
        check(summary["tie_out"] == "0", f"{summary}", system)

        written, durable, sent = set(), set(), 0
        for line in trace.open(errors="replace"):
            ids = set(CLIENT_ID.findall(line))
            if "pwrite64(" in line:
                written |= ids
            elif "fdatasync(" in line and "= 0" in line:
                durable |= written
            elif ids and any(call in line for call in ("write(", "writev(", "sendmsg(", "sendto(")) and "patriot: " not in line and '"timestamp"' not in line:
                loose = ids - durable
                check(not loose, f"left before its record was synced: {sorted(loose)}\n{line[:300]}")
                sent += len(ids)
        check(sent > 3, f"only {sent} client ids seen on the wire")
    print("ok")


main()
