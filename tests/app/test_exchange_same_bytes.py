"""One seed and one client day give the same bytes: two exchanges, asked the same in the same order while the clock is moved by steps, answer alike.

shows: VEN-3, VEN-5
"""
import base64
import contextlib
import hashlib
import hmac
import json
import pathlib
import re
import subprocess
import tempfile
import urllib.parse

from fault_client import KEY, PATRIOT, SECRET, Exchange, Stream
from harness import check

MARKETS = ("usdm:synthetic:ETHUSDT=3000", "usdm:synthetic:BNBUSDT=600", "spot:synthetic:ETHUSDT=3000", "spot:synthetic:BNBUSDT=600")
WORDS = ("--face", "binance-usdm=127.0.0.1:0", "--face", "binance-spot=127.0.0.1:0", "--fee-asset", "BNB", "--funds", "demo:BNB=5", "--account",
         "other:OTHER:SECRET2:USDT=500,ETH=1", "--start", "2026-01-01T07:59:00Z", "--paused", "--ephemeral", "--wire-log")
STREAMS = ("/public/stream?streams=ethusdt@trade/ethusdt@bookTicker/ethusdt@depth@100ms",
           "/market/stream?streams=ethusdt@aggTrade/ethusdt@kline_1m/ethusdt@markPrice@1s/!miniTicker@arr/!forceOrder@arr")
# What two runs cannot have in common, and what follows from it: the wall's clock, the system's ports, how far a wall minute had gone.
ELSEWHERE = (rb"Date: [^\r]*\r\n", rb"X-MBX-USED-WEIGHT[^\r]*\r\n", rb"X-MBX-ORDER-COUNT[^\r]*\r\n")


class Day:
    """What came over the wire, in the order in which it was asked for."""

    def __init__(self, exchange):
        self.exchange, self.came = exchange, []

    def ask(self, face, method, path, signed=True, key=KEY, secret=SECRET, **parameters):
        if signed:
            parameters |= {"timestamp": self.exchange.venue_ms(), "recvWindow": 60000}
        query = urllib.parse.urlencode(parameters)
        if signed:
            query += "&signature=" + hmac.new(secret.encode(), query.encode(), hashlib.sha256).hexdigest()
        self.exchange.address = self.exchange.faces[f"binance-{face}"]
        head = f"{method} {path}{'?' + query if query else ''} HTTP/1.1\r\nHost: x\r\nX-MBX-APIKEY: {key}\r\nConnection: close\r\n\r\n"
        came, ended = self.exchange.send(head.encode())
        check(ended == "end" and came, f"{method} {path}: {ended} {came}")
        for pattern in ELSEWHERE:
            came = re.sub(pattern, b"", came)
        self.came.append((f"{method} {path} {parameters}", came))
        return json.loads(came.partition(b"\r\n\r\n")[2])

    def drain(self, number, stream):
        """All frames that stand before the answer to a question of ours."""
        stream.send({"method": "LIST_SUBSCRIPTIONS", "id": 77})
        while True:
            opcode, payload = stream.frame()
            self.came.append((number, payload))
            if opcode == 1 and json.loads(payload).get("id") == 77:
                return


def futures(day):
    def order(**more):
        return day.ask("usdm", "POST", "/fapi/v1/order", symbol="ETHUSDT", **more)
    day.ask("usdm", "GET", "/fapi/v1/exchangeInfo", signed=False)
    day.ask("usdm", "POST", "/fapi/v1/feeBurn", feeBurn="true")
    order(side="BUY", type="MARKET", quantity="1.5")
    order(side="SELL", type="LIMIT", timeInForce="GTC", quantity="0.7", price="3010", newClientOrderId="mine")
    day.ask("usdm", "POST", "/fapi/v1/algoOrder", algoType="CONDITIONAL", symbol="ETHUSDT", side="SELL", type="STOP_MARKET", triggerPrice="2950", closePosition="true")
    order(side="BUY", type="LIMIT", timeInForce="GTC", quantity="1000", price="2999")  # refused
    day.ask("usdm", "POST", "/fapi/v1/leverage", key="OTHER", secret="SECRET2", symbol="ETHUSDT", leverage=50)
    day.ask("usdm", "POST", "/fapi/v1/order", key="OTHER", secret="SECRET2", symbol="ETHUSDT", side="BUY", type="MARKET", quantity="5")
    day.exchange.step(70)  # over a funding
    day.exchange.ctl("price", "ETHUSDT", "2700")  # the stop fires, the other account is liquidated
    day.exchange.step(30)
    for path, more in (("/fapi/v1/userTrades", {"symbol": "ETHUSDT"}), ("/fapi/v1/allOrders", {"symbol": "ETHUSDT"}), ("/fapi/v1/income", {}), ("/fapi/v3/account", {}),
                       ("/fapi/v1/allAlgoOrders", {"symbol": "ETHUSDT"}), ("/fapi/v3/positionRisk", {})):
        for key, secret in ((KEY, SECRET), ("OTHER", "SECRET2")):
            day.ask("usdm", "GET", path, key=key, secret=secret, **more)
    for path in ("/fapi/v1/depth", "/fapi/v1/trades", "/fapi/v1/premiumIndex", "/fapi/v1/ticker/24hr"):
        day.ask("usdm", "GET", path, signed=False, symbol="ETHUSDT")


def spot(day):
    def order(**more):
        return day.ask("spot", "POST", "/api/v3/order", key="OTHER", secret="SECRET2", symbol="ETHUSDT", **more)
    order(side="SELL", type="MARKET", quantity="0.3")
    order(side="BUY", type="MARKET", quoteOrderQty="100")
    day.ask("spot", "POST", "/api/v3/orderList/oco", key="OTHER", secret="SECRET2", symbol="ETHUSDT", side="SELL", quantity="0.1", aboveType="LIMIT_MAKER", abovePrice="3500",
            belowType="STOP_LOSS", belowStopPrice="2500")
    day.exchange.step(10)
    for path in ("/api/v3/account", "/api/v3/myTrades", "/api/v3/allOrders", "/api/v3/allOrderList"):
        day.ask("spot", "GET", path, key="OTHER", secret="SECRET2", **({"symbol": "ETHUSDT"} if path.endswith(("Trades", "Orders")) else {}))
    day.ask("spot", "GET", "/api/v3/depth", signed=False, symbol="ETHUSDT")


def run(folder, seed):
    """All that came, and the wire log without what two runs cannot have in common."""
    log = folder / f"wire-{len(list(folder.iterdir()))}.jsonl"
    with Exchange(*WORDS, str(log), paused=False, market=MARKETS, seed=seed) as exchange:
        day = Day(exchange)
        keys = [day.ask("usdm", "POST", "/fapi/v1/listenKey", signed=False, key=key)["listenKey"] for key in (KEY, "OTHER")]
        with contextlib.ExitStack() as stack:
            streams = [stack.enter_context(Stream(exchange, path)) for path in STREAMS + tuple("/private/ws/" + key for key in keys)]
            futures(day)
            spot(day)
            for number, stream in enumerate(streams):
                day.drain(number, stream)
        books = exchange.ctl("books")
    rows = []
    for line in log.read_text().splitlines():
        row = json.loads(line)
        for name in ("time_ms", "peer"):
            row.pop(name, None)
        row["raw"] = base64.b64decode(row.get("raw", ""))
        rows.append(row if row["kind"] != "close" else None)  # when a connection is seen to end is the system's matter
    return day.came, [row for row in rows if row], books


def difference(one, other):
    for number, (a, b) in enumerate(zip(one, other)):
        if a != b:
            return f"at {number} of {len(one)}:\n{str(a)[:1500]}\n{str(b)[:1500]}"
    return f"{len(one)} and {len(other)}" if len(one) != len(other) else ""


def main():
    with tempfile.TemporaryDirectory(prefix="patriot-same-") as folder:
        folder = pathlib.Path(folder)
        first, again, other = run(folder, 7), run(folder, 7), run(folder, 8)
        for what, a, b in zip(("what came", "the wire log", "the books"), first, again):
            check(a == b, f"{what}: {difference(a, b) if isinstance(a, list) else (a, b)}")
        frames = b"".join(payload for _, payload in first[0])
        for word in (b"FUNDING_FEE", b"autoclose-", b'"e":"ALGO_UPDATE"', b"@depth@100ms", b"-2019", b'"e":"kline"', b'"e":"forceOrder"', b'"commissionAsset":"BNB"'):
            check(word in frames, f"the day has no {word}")
        check(first[0] != other[0], "another seed gave the same day")


main()
