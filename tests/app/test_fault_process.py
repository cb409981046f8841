"""Two killed at once, `up` itself killed, single roles ended by SIGTERM, a watchdog that hangs: the world goes on and the books tie out.

shows: R001, R211, I1, I2, I4, I6, I12, OPS-17, ORD-7, ORD-14
"""
import ctypes
import itertools
import os
import signal
from decimal import Decimal

from fault_help import ROLES, Venue, alive, check_end, kill_hard, log_has, protected, view, well
from harness import System, build_folder, check, wait_for


def moment(system):
    return system.ask("exchange", "state").get("moment", 0)


def goes_on(system, what):
    before = wait_for("the exchange", 20, lambda: moment(system))
    wait_for(f"the world to go on after {what}", 30, lambda: moment(system) > before + 5)


def two_at_once(system):
    for pair in itertools.combinations(ROLES, 2):
        kill_hard(system, *pair)
        goes_on(system, f"the death of {pair}")
    well(system)


def single_terms(system):
    for role in ROLES:
        before = wait_for(f"{role} to run", 20, lambda role=role: system.pid(role))
        os.kill(before, signal.SIGTERM)
        wait_for(f"{role} to come back", 20, lambda role=role, before=before: alive(system, role, before))
        goes_on(system, f"SIGTERM to {role}")
    well(system)


def hung_watchdog(system):
    """Its patience over, the exchange goes on alone; the watchdog that comes back to itself catches up."""
    pid = system.pid("watchdog")
    os.kill(pid, signal.SIGSTOP)
    try:
        goes_on(system, "SIGSTOP of the watchdog")
    finally:
        os.kill(pid, signal.SIGCONT)
    wait_for("the watchdog to answer", 20, lambda: view(system))
    check(system.pid("watchdog") == pid, "a watchdog that hung was replaced instead of waited for", system)
    goes_on(system, "the return of the watchdog")
    well(system)


def dead_up(system):
    """The children live on without it; the next one takes them over and starts none twice."""
    before = {role: system.pid(role) for role in ROLES}
    system.process.kill()
    system.process.wait()
    goes_on(system, "the death of up")
    system.start("--pace", "100")
    wait_for("up to run again", 20, lambda: system.pid("up") == system.process.pid)
    goes_on(system, "the next up")
    check({role: system.pid(role) for role in ROLES} == before, "up started what ran already", system)
    kill_hard(system, "monitor")  # an adopted one is looked after, too
    check(not log_has(system, "up", "already running"), "two of one role", system)
    well(system)


def wallets_agree(system):
    theirs = system.ask("exchange", "books").get("accounts", [{}])[0].get("wallet", "0")
    return Decimal(view(system).get("wallet", "-1")) == Decimal(theirs)


def unheard_trade(system):
    """The user trades while the signer hears nothing, and all ends then: the books differ, and the end says so.
    What the next run cannot explain keeps it from ending well."""
    system.start("--speed", "1")
    well(system)
    os.kill(system.pid("signer"), signal.SIGSTOP)
    Venue(system).call("POST", "/fapi/v1/order", symbol="ETHUSDT", side="BUY", type="MARKET", quantity="0.1")
    system.interrupt()
    summary = system.finish()
    check(summary["exit"] == 1 and summary["tie_out"] not in ("0", "unknown"), f"a fee that nobody booked passes: {summary}", system)
    system.start("--speed", "1")
    wait_for("the ledger to be brought in line", 30, lambda: wallets_agree(system))
    unexplained = view(system)["unexplained"]
    system.interrupt()
    summary = system.finish()
    check((summary["exit"] == 0) == (unexplained == "0"), f"made to fit by {unexplained}, and that passes for explained: {summary}", system)


def nobody_reaps():
    """Processes whose parent dies become ours, and we wait for none: as in a container whose first process is no init."""
    pr_set_child_subreaper = 36
    ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)


def main():
    nobody_reaps()
    with System(build_folder(), "process") as system:
        system.start("--seed", "5", "--pace", "100")
        wait_for("the first orders", 60, lambda: view(system).get("orders_sent", 0) > 4)
        two_at_once(system)
        single_terms(system)
        hung_watchdog(system)
        dead_up(system)
        system.ask("exchange", "pause")
        wait_for("every position to have its stop", 20, lambda: protected(system))
        system.interrupt()
        check_end(system, system.finish())
        unheard_trade(system)
    print("ok")


main()
