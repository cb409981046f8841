"""`patriot ban`: how the exchange looks at us: free, locked by its rules, banned, or not to be said; and what was used up.

shows: VEN-5, MKT-7
"""
import json
import re

from fault_help import view
from front import BUSY, Fault, Front, answer
from harness import System, build_folder, check, wait_for

STATUS = "/fapi/v1/apiTradingStatus"
HOUR_MS = 3_600_000


def ban(system, code, *words):
    return system.run("ban", "--data", str(system.data), *words, check=code).stdout


def ask_status(request):
    return request.path == STATUS


def locked(until_ms):
    rows = {"BTCUSDT": [{"isLocked": True, "plannedRecoverTime": until_ms, "indicator": "UFR", "value": 0.99, "triggerValue": 0.95}]}
    return answer(200, json.dumps({"indicators": rows, "updateTime": 1}).encode(), "application/json")


def main():
    with System(build_folder(), "ban") as system:
        def exchange():
            host, port = (system.data / "run" / "exchange.addr").read_text().strip().split(":")
            return host, int(port)

        with Front(exchange) as front:
            (system.root / "patriot.yaml").write_text(f"exchange:\n  rest_url: http://{front.address}\n  stream_url: ws://{front.address}\n")
            system.start("--seed", "5", "--pace", "60")
            wait_for("an order", 60, lambda: view(system).get("orders_sent", 0) > 0)
            system.ask("exchange", "pause")

            said = ban(system, 0)
            check(said.startswith(f"demo, http://{front.address}: ACTIVE at 2025-"), said, system)
            used, limit = map(int, re.search(r"weight used (\d+) of (\d+) this minute", said).groups())
            check(used >= 10 and limit == 2400, said)
            check(re.search(r"orders \d+ of 300 in 10 s, \d+ of 1200 this minute; 0 bans", said), said)
            told = json.loads(ban(system, 0, "--json"))
            check(told["trading"] == "free" and told["orders_10s_limit"] == 300 and told["weight_used"] >= used + 10, f"{told}")

            now_ms = told["venue_ms"]
            front.add(Fault(locked(now_ms + HOUR_MS + 300_000), ask_status))
            said = ban(system, 1)
            check("LOCKED until 2025-" in said and "1 h 5 min left" in said and "rule UFR of the exchange on BTCUSDT" in said, said)
            check(": ACTIVE" in ban(system, 0), "the lock outlives the exchange's word")
            check(system.ask("exchange", "restrict", "demo", "quantitative-rules").get("ok"), "the exchange restricts nobody")
            said = ban(system, 1)
            check("LOCKED without an end in sight" in said and "rule TMV of the exchange on ACCOUNT" in said, said)
            system.ask("exchange", "restrict", "demo", "none")
            front.add(Fault(locked(now_ms - 1), ask_status))
            check(": ACTIVE" in ban(system, 0), "a lock that is over still counts")

            front.add(Fault(answer(200, b"<html>"), ask_status))
            check(": UNKNOWN" in ban(system, 2), "a page of HTML passes for a trading status")

            front.add(Fault(answer(418, BUSY, "application/json", Retry_After=7200), ask_status))
            said = ban(system, 1)
            check(": BANNED until 2025-" in said and "2 h 0 min left" in said and "1 bans noted" in said, said)
            asked = len([one for one in front.seen if ask_status(one)])
            ban(system, 1)
            check(len([one for one in front.seen if ask_status(one)]) == asked, "a request left during the ban")
            check(": ACTIVE" in ban(system, 0, "--clear"), "a ban that was lifted by hand still stands")
            system.stop()
            ban(system, 2)
    print("ok")


main()
