"""kill -9 of each process again and again while it trades: nothing doubled, nothing lost, nothing left without a stop, the books tie out.

shows: R001, R211, I1, I2, I4, I6, I8, I12, I13, ORD-7
"""
import os
import signal

from fault_help import doubled_intents
from harness import System, build_folder, check, wait_for

ROLES = ("watchdog", "signer", "monitor", "exchange")
ROUNDS = 3


def kill_and_wait(system, role):
    before = wait_for(f"{role} to run", 20, lambda: system.pid(role))
    os.kill(before, signal.SIGKILL)
    wait_for(f"{role} to come back", 20, lambda: system.pid(role) not in (0, before) and system.health()[role]["state"] != "down")


def main():
    with System(build_folder(), "kill") as system:
        system.start("--seed", "5", "--pace", "100")
        wait_for("the first orders", 60, lambda: system.pid("watchdog") and system.ask("watchdog", "view").get("orders_sent", 0) > 4)
        for _ in range(ROUNDS):
            for role in ROLES:
                kill_and_wait(system, role)
        wait_for("everybody to be well again", 30, lambda: system.ask("watchdog", "view").get("reconciled"))
        before = system.ask("watchdog", "view")["orders_sent"]
        wait_for("more orders after the kills", 60, lambda: system.ask("watchdog", "view").get("orders_sent", 0) > before)
        system.interrupt()
        summary = system.finish()
        check(summary["tie_out"] == "0", f"books differ after the kills: {summary}", system)
        check(summary["restarts"] >= ROUNDS * len(ROLES), f"too few restarts: {summary}", system)
        check(not doubled_intents(system), f"intents doubled: {doubled_intents(system)}", system)
        system.run("journal", "verify", "--data", str(system.data), check=0)
    print("ok")


main()
