"""The exchange misbehaves while the system trades: lost replies, error answers, HTML, limits and bans, cut connections. Nothing is doubled or lost.

shows: I2, I3, I4, I8, ORD-4, ORD-6, ORD-7, MKT-7, MKT-9
"""
from fault_help import Venue, check_end, log_has, protected, view
from harness import System, build_folder, check, wait_for

# What the next placements and cancels are answered with: status, code, how often. -1007: "status unknown", the order may stand.
ANSWERS = ((503, -1000, 2), (502, 0, 2), (500, -1001, 2), (504, -1007, 2), (400, -1021, 1), (429, -1003, 2), (418, -1003, 1))


def orders_sent(system):
    return view(system).get("orders_sent", 0)


def unknown(system):
    return [one for one in view(system).get("orders", []) if one["state"] == "UNKNOWN"]


def trade_through(system, what, *fault):
    """The fault, then orders enough that it has met some of them; in the end everything is known again."""
    before = orders_sent(system)
    answer = system.ask("exchange", "fault", *fault)
    check(answer.get("ok") is not False and "error" not in answer, f"the fault {fault} was not taken: {answer}", system)
    wait_for(f"orders after {what}", 60, lambda: orders_sent(system) > before + 2)
    wait_for(f"no order of unknown fate after {what}", 60, lambda: view(system).get("reconciled") and not unknown(system))


def restful_look(system):
    """The world stands still for a moment: the exchange's own lists say whether all is as it should be."""
    system.ask("exchange", "pause")
    wait_for("every position to have its stop", 20, lambda: protected(system))
    check(not Venue(system).doubled(), f"one client id twice: {Venue(system).doubled()}", system)
    system.ask("exchange", "resume")


def main():
    with System(build_folder(), "venue") as system:
        system.start("--seed", "5", "--pace", "100")
        wait_for("the first orders", 60, lambda: orders_sent(system) > 4)
        trade_through(system, "lost replies", "ack.drop", "count=3")
        restful_look(system)
        for status, code, count in ANSWERS:
            trade_through(system, f"HTTP {status}", "ack.code", f"status={status}", f"code={code}", f"count={count}")
        restful_look(system)
        for _ in range(3):
            trade_through(system, "cut sockets", "ws.close")
        restful_look(system)
        check(all(system.health()[role]["pid"] == system.pid(role) for role in ("signer", "watchdog", "monitor")), "somebody died", system)
        check(not log_has(system, "up", "ended; it comes back"), "a fault of the exchange has ended a process", system)
        system.interrupt()
        check_end(system, system.finish())
    print("ok")


main()
