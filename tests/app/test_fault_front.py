"""Something between us and the exchange misbehaves: limits and bans, HTML, 5xx, empty and cut replies, a clock and a balance that lie. The processes
trade through a front that does it; what they may not do is read from the requests that reached it, in the exchange's time: speed plays no part.

shows: I2, I3, I6, ORD-6, ORD-7, ORD-14, MKT-7, MKT-9
"""
import json
import re

from fault_help import Venue, check_end, log_has, view, well
from front import BUSY, HTML, Fault, Front, answer
from harness import System, build_folder, check, wait_for

PLACES = ("/fapi/v1/order", "/fapi/v1/algoOrder")
SKEW_MS = 600_000


def placement(request):
    return request.method == "POST" and request.path in PLACES


def orders_sent(system):
    return view(system).get("orders_sent", 0)


def trade_through(system, front, what, fault):
    """The fault meets placements, then orders go on; in the end the fate of each is known."""
    front.add(fault)
    wait_for(f"an order to meet {what}", 60, fault.met.is_set)
    before = orders_sent(system)
    wait_for(f"orders after {what}", 60, lambda: orders_sent(system) > before)
    wait_for(f"no order of unknown fate after {what}", 60,
             lambda: view(system).get("reconciled") and not [one for one in view(system).get("orders", []) if one["state"] == "UNKNOWN"])


def silent_until(system, front, status, seconds):
    """Nothing that was signed after the ban leaves before its end."""
    first = len(front.seen)
    trade_through(system, front, f"{status} with Retry-After", Fault(answer(status, BUSY, "application/json", Retry_After=seconds), placement))
    banned = next(one for one in front.seen[first:] if one.fault)
    end = banned.venue_ms + seconds * 1000
    wait_for(f"a request after the ban of {seconds} s", 60, lambda: [one for one in front.seen[first:] if one.venue_ms >= end])
    early = [(one.method, one.path, one.venue_ms - banned.venue_ms) for one in front.seen[first:] if banned.venue_ms < one.venue_ms < end]
    check(not early, f"{status}: requests left before Retry-After ({seconds} s) was over: {early[:5]}", system)


def limits_and_bans(system, front):
    silent_until(system, front, 429, 900)
    silent_until(system, front, 418, 7200)


def bad_replies(system, front):
    replies = {"an HTML page with 502, and the order stands": (answer(502, HTML), True), "an HTML page with 502, and no order": (answer(502, HTML), False),
               "an HTML page with 200": (answer(200, HTML), False), "500 without a body": (answer(500, b""), True),
               "no byte, and the order stands": (b"", True), "no byte, and no order": (b"", False),
               "half a reply": (lambda reply: reply[:len(reply) - 40] if len(reply) > 80 else b"", True)}
    for what, (reply, forward) in replies.items():
        trade_through(system, front, what, Fault(reply, placement, forward=forward))


def lying_clock(system, front):
    """The time is told ten minutes wrong, and the exchange refuses what is signed by it (-1021): measured again, the same request gets through."""
    first = len(front.seen)

    def shifted(reply):
        head, _, body = reply.partition(b"\r\n\r\n")
        return answer(200, json.dumps({"serverTime": json.loads(body)["serverTime"] + SKEW_MS}).encode(), "application/json")

    liar = Fault(shifted, lambda request: request.path == "/fapi/v1/time" and not refused(front, first), count=1000, forward=True)
    front.add(liar)
    system.start("--speed", "1")
    well(system)
    turned = refused(front, first)
    check(turned, "nothing was signed with the wrong time", system)
    after = front.seen[front.seen.index(turned[0]) + 1:]
    check([one for one in after if one.path == "/fapi/v1/time"], "the time was not measured again", system)
    check([one for one in after if one.path == turned[0].path and b"-1021" not in one.reply], "the refused question was not asked again", system)


def refused(front, first):
    return [one for one in front.seen[first:] if b'"code":-1021' in one.reply]


def false_balance(system, front):
    """The exchange's own answer about our money is a whole dollar off: the run does not end well, and says by how much."""
    def richer(reply):
        body = reply.partition(b"\r\n\r\n")[2]
        return answer(200, re.sub(rb'"(balance|walletBalance|crossWalletBalance|totalWalletBalance)":"(\d+)', one_more, body), "application/json")

    def one_more(found):
        return b'"%s":"%d' % (found.group(1), int(found.group(2)) + 1)

    front.add(Fault(richer, lambda request: request.path in ("/fapi/v3/account", "/fapi/v3/balance"), count=10**9, forward=True))
    summary = system.up("--for", "24vh")
    check(summary["exit"] == 1 and summary["tie_out"] == "1", f"books that differ pass for good ones: {summary}", system)


def main():
    with System(build_folder(), "front") as system:
        def exchange():
            host, port = (system.data / "run" / "exchange.addr").read_text().strip().split(":")
            return host, int(port)

        with Front(exchange) as front:
            (system.root / "patriot.yaml").write_text(f"exchange:\n  rest_url: http://{front.address}\n  stream_url: ws://{front.address}\n")
            system.start("--seed", "5", "--pace", "60")
            wait_for("the first orders", 60, lambda: orders_sent(system) > 4)
            limits_and_bans(system, front)
            bad_replies(system, front)
            check(all(system.health()[role]["pid"] == system.pid(role) for role in ("signer", "watchdog", "monitor")), "somebody died", system)
            check(not log_has(system, "up", "ended; it comes back"), "a reply has ended a process", system)
            system.ask("exchange", "pause")
            check(not Venue(system).doubled(), f"one client id twice: {Venue(system).doubled()}", system)
            system.ask("exchange", "resume")
            system.interrupt()
            check_end(system, system.finish())
            lying_clock(system, front)
            system.interrupt()
            check_end(system, system.finish())
            false_balance(system, front)
    print("ok")


main()
