"""Every knob of the request group on orders over the WebSocket API, seen by a client on a real socket: the same knobs as on REST.

shows: VEN-4, VEN-3
"""
import hashlib
import hmac
import json
import time

from fault_client import KEY, SECRET, Exchange, Stream
from harness import check


class Api:
    """One socket of the WS API; a lost one is opened again."""

    def __init__(self, exchange):
        self.exchange, self.socket, self.number = exchange, None, 0

    def ask(self, method, signed=True, **parameters):
        """The answer as a document, or as bytes when it is none; "reset" when the socket dies instead."""
        self.number += 1
        if not self.socket:
            self.socket = Stream(self.exchange, "/ws-fapi/v1")
        if signed:
            parameters |= {"apiKey": KEY, "timestamp": self.exchange.venue_ms(), "recvWindow": 60000}
            text = "&".join(f"{name}={parameters[name]}" for name in sorted(parameters))
            parameters["signature"] = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        self.socket.send({"id": self.number, "method": method, "params": parameters})
        try:
            opcode, payload = self.socket.frame()
        except (ConnectionError, TimeoutError) as error:
            self.socket = None
            return "silence" if isinstance(error, TimeoutError) else "reset"
        check(opcode == 1, f"{method}: opcode {opcode}, {payload[:80]}")
        try:
            return json.loads(payload, parse_constant=str)
        except ValueError:
            return payload

    def market(self, **parameters):
        return self.ask("order.place", symbol="ETHUSDT", side="BUY", type="MARKET", quantity="0.001", **parameters)

    def limit(self, **parameters):
        return self.ask("order.place", symbol="ETHUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.1", price="2500", **parameters)


def lost(x, api):
    """Handled or not, and nothing comes back."""
    x.fault("req.cut", "k=20", "on=order")
    check(api.market() == "reset" and x.position() == 0, f"cut in the message: {x.position()}")
    x.fault("req.cut", "k=9999999", "on=order")
    check(api.market() == "reset" and x.position() == 0.001, f"cut behind the message: {x.position()}")
    x.fault("ack.drop", "on=order")
    check(api.market() == "reset" and x.position() == 0.002, f"a lost answer: {x.position()}")
    x.fault("ack.drop", "on=cancel")
    check(api.market()["status"] == 200 and x.position() == 0.003, "a fault that aims at cancels struck an order")
    placed = api.limit(newClientOrderId="to-cancel")
    check(placed["status"] == 200, f"limit: {placed}")
    check(api.ask("order.cancel", symbol="ETHUSDT", origClientOrderId="to-cancel") == "reset", "the cancel's answer was not lost")
    status = api.ask("order.status", symbol="ETHUSDT", origClientOrderId="to-cancel")
    check(status["result"]["status"] == "CANCELED", f"after the lost cancel: {status}")


PING = {"id": 1, "method": "ping", "params": {"returnRateLimits": False}}


def spoilt(x, _):
    """Bytes of the answer's frame: cut, stalled, flipped, late."""
    x.fault("rep.cut", "k=7", "on=any")
    stream = Stream(x, "/ws-fapi/v1")
    stream.send(PING)
    check(stream.bytes(7)[0] == 0x81 and stream.ends() == "reset", "cut at byte 7")
    stream = Stream(x, "/ws-fapi/v1")
    x.fault("rep.spoil", "k=9", "on=any")
    stream.send(PING)
    wrong = stream.frame()[1]
    stream.send(PING)
    right = stream.frame()[1]
    differing = [(a, b) for a, b in zip(wrong, right) if a != b]
    check(len(differing) == 1 and differing[0][0] ^ differing[0][1] == 1, f"spoilt: {wrong} {right}")
    for knob, words in (("rep.stall", ("k=5", "wait=300ms")), ("ack.delay", ("wait=300ms",))):
        x.fault(knob, *words, "on=any")
        began = time.monotonic()
        stream.send(PING)
        check(stream.frame()[1] == right and time.monotonic() - began >= 0.3, f"{knob}: not late, or another answer")
    stream.connection.close()


def other_answers(x, api):
    before = x.position()
    x.fault("ack.code", "status=503", "code=-1000", "when=before", "on=order")
    said = api.market()
    check(said["status"] == 503 and said["error"]["code"] == -1000 and said["id"] == api.number and x.position() == before, f"before: {said}")
    x.fault("ack.code", "status=504", "code=-1007", "when=after", "on=order")
    said = api.market()
    check(said["status"] == 504 and said["error"]["code"] == -1007 and round(x.position() - before, 3) == 0.001, f"after: {said}")
    for body, wanted in (("html", b"<html>"), ("empty", b""), ("cut", b'{"code"'), ("list", []), ("text", "an error occurred")):
        x.fault("ack.code", f"body={body}", "on=order")
        said = api.market()
        check(said.startswith(wanted) if isinstance(wanted, bytes) else said == wanted, f"body={body}: {said}")
    x.fault("api.migrate", "on=order", "count=1")
    said = api.market()
    check(said["status"] == 400 and said["error"]["code"] == -4120, f"api.migrate: {said}")
    x.fault("prot.rej", "code=-2021", "on=order")
    said = api.ask("algoOrder.place", algoType="CONDITIONAL", symbol="ETHUSDT", side="SELL", type="STOP_MARKET", triggerPrice="2500", quantity="0.001")
    check(said["error"]["code"] == -2021, f"prot.rej: {said}")


def fates_of_orders(x, api):
    x.fault("ack.async_rej", "on=order")
    said = api.limit(newClientOrderId="doomed")
    check(said["result"]["status"] == "NEW", f"accepted at first: {said}")
    x.step()
    said = api.ask("order.status", symbol="ETHUSDT", origClientOrderId="doomed")
    check(said["result"]["status"] == "EXPIRED", f"rejected later: {said}")
    before = x.position()
    x.fault("dup.after_fill", "on=order")
    said = api.market(newClientOrderId="twice")
    check(said["result"]["clientOrderId"] == "twice" and round(x.position() - before, 3) == 0.002, f"handled twice: {said} {x.position() - before}")
    api.limit(newClientOrderId="race")
    before = x.position()
    x.fault("fill.race", "share=1", "on=cancel")
    said = api.ask("order.cancel", symbol="ETHUSDT", origClientOrderId="race")
    check(said["error"]["code"] == -2011 and round(x.position() - before, 3) == 0.1, f"filled at the instant of its cancel: {said}")


def hidden(x, api):
    api.limit(newClientOrderId="hidden")
    for knob, words in (("nf.window", ()), ("vis.lag", ("lag=5s",))):
        x.fault(knob, *words, "count=1")
        said = api.ask("order.status", symbol="ETHUSDT", origClientOrderId="hidden")
        check(said["status"] == 400 and said["error"]["code"] == -2013, f"{knob}: {said}")
    said = api.ask("order.status", symbol="ETHUSDT", origClientOrderId="hidden")
    check(said["status"] == 200 and said["result"]["status"] == "NEW", f"shown again: {said}")
    x.fault("acct.zero", "kind=empty", "on=account")
    said = api.ask("account.balance")
    check(said["status"] == 200 and said["result"] == [], f"acct.zero: {said}")
    x.fault("px.bad", "kind=zero", "on=market")
    said = api.ask("ticker.price", signed=False, symbol="ETHUSDT")
    check(float(said["result"]["price"]) == 0, f"px.bad: {said}")


def filters(x, api):
    before = x.struck("ack.drop")
    x.fault("ack.drop", "on=order", "path=order.place", "symbol=BNBUSDT")
    check(api.market()["status"] == 200 and x.struck("ack.drop") == before, "another symbol was struck")
    said = api.ask("order.place", symbol="BNBUSDT", side="BUY", type="MARKET", quantity="0.001")
    check(said == "reset" and x.struck("ack.drop") == before + 1, f"path and symbol: {said}")
    check(api.ask("ping", signed=False)["status"] == 200, "no answer to a ping")
    x.fault("venue.dead", "for=1h")
    api.socket.connection.settimeout(0.3)
    check(api.ask("ping", signed=False) == "silence", "a dead venue answered")
    x.ctl("fault", "clear")
    check(api.ask("ping", signed=False)["status"] == 200, "no answer after the venue came back")


def main():
    with Exchange() as x:
        api = Api(x)
        for part in (lost, spoilt, other_answers, fates_of_orders, hidden, filters):
            part(x, api)


if __name__ == "__main__":
    main()
