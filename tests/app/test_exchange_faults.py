"""Every knob of the simulated exchange, struck once and seen by a client on a real socket; when and how often; wrong words.

shows: VEN-4, VEN-3
"""
import pathlib
import socket
import time

from fault_client import Exchange
from harness import check

KNOBS = {}


def knob(name):
    """Names the knob that a test strikes: the list must be whole."""
    def note(function):
        KNOBS[name] = function
        return function
    return note


# --- request ----------------------------------------------------------------------------------------------------------------------------------


@knob("req.cut")
def request_cut(x):
    x.fault("req.cut@20", "on=order")
    came, end = x.send(x.bytes_of("POST", "/fapi/v1/order", True, symbol="ETHUSDT", side="BUY", type="MARKET", quantity="0.001"))
    check((came, end) == (b"", "reset") and x.position() == 0, f"cut in the request: {came} {end} {x.position()}")
    x.fault("req.cut", "k=9999999", "on=order")
    came, end = x.send(x.bytes_of("POST", "/fapi/v1/order", True, symbol="ETHUSDT", side="BUY", type="MARKET", quantity="0.001"))
    check((came, end) == (b"", "reset") and x.position() == 0.001, f"cut behind the request: {came} {end} {x.position()}")
    x.fault("req.cut@40", "on=any")
    request = x.bytes_of("GET", "/fapi/v1/exchangeInfo")
    with socket.create_connection(x.address, timeout=5) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(request[:60])  # not whole: it dies all the same
        check(x.receive(connection) == (b"", "reset"), "the connection outlived byte 40")


@knob("rep.cut")
def reply_cut(x):
    whole, _ = x.raw("GET", "/fapi/v1/nothing")
    for k in (0, 1, 40, len(whole) - 1):
        x.fault("rep.cut", f"k={k}", "on=any")
        came, _ = x.raw("GET", "/fapi/v1/nothing")
        check(came == whole[:k], f"cut at {k}: {came}")
    x.fault("rep.cut", f"k={len(whole) + 500}", "on=any")
    check(x.raw("GET", "/fapi/v1/nothing")[0] == whole and x.raw("GET", "/fapi/v1/nothing")[0] == whole, "a byte behind the end hit a later reply")


@knob("rep.stall")
def reply_stall(x):
    whole, _ = x.raw("GET", "/fapi/v1/nothing")
    x.fault("rep.stall", "k=10", "wait=300ms", "on=any")
    with socket.create_connection(x.address, timeout=5) as connection:
        connection.sendall(x.bytes_of("GET", "/fapi/v1/nothing"))
        first = connection.recv(65536)
        rest, _ = x.receive(connection)
    check(first == whole[:10] and first + rest == whole, f"stalled: {first} then {rest}")


@knob("rep.spoil")
def reply_spoil(x):
    whole, _ = x.raw("GET", "/fapi/v1/nothing")
    x.fault("rep.spoil", "k=9", "on=any")
    came, _ = x.raw("GET", "/fapi/v1/nothing")
    check([i for i in range(len(whole)) if came[i] != whole[i]] == [9] and came[9] == whole[9] ^ 1, f"spoilt: {came}")


@knob("ack.drop")
def ack_drop(x):
    x.fault("ack.drop", "on=order")
    came = x.raw("POST", "/fapi/v1/order", True, symbol="ETHUSDT", side="BUY", type="MARKET", quantity="0.001")
    check(came == (b"", "end"), f"a reply came: {came}")
    check(x.position() == 0.001, f"not matched: {x.position()}")


@knob("ack.delay")
def ack_delay(x):
    x.fault("ack.delay", "wait=400ms", "on=order")
    begin = time.monotonic()
    status, order = x.market_order()
    check(status == 200 and time.monotonic() - begin >= 0.4, f"{status} {order} after {time.monotonic() - begin}")


@knob("ack.code")
def ack_code(x):
    x.fault("ack.code", "status=503", "code=-1000", "when=after")
    check(x.market_order() == (503, {"code": -1000, "msg": "Unknown error, please check your request or try again later."}) and x.position() == 0.001, "after")
    x.fault("ack.code", "status=504", "code=-1007", "when=before")
    check(x.market_order()[0] == 504 and x.position() == 0.001, "before, and yet matched")
    for body, wanted in (("html", "<html>"), ("cut", '{"code"'), ("list", "[]"), ("text", '"an error occurred"'), ("empty", "")):
        x.fault("ack.code", "status=200", f"body={body}", "on=any")
        came = x.raw("GET", "/fapi/v1/ping")[0].partition(b"\r\n\r\n")[2].decode()
        check(came.startswith(wanted) and (wanted or not came), f"{body}: {came}")
    x.fault("ack.code", "status=429", "code=-1003", "when=before", "on=any")
    check(b"Retry-After:" in x.raw("GET", "/fapi/v1/ping")[0], "429 without Retry-After")
    x.fault("ack.code", "when=either", "count=2")
    x.market_order(), x.market_order()
    check(abs(x.position() - 0.002) < 1e-9, f"either: one of the two is handled, not {x.position()}")


@knob("ack.async_rej")
def ack_async_rejection(x):
    with x.user_stream() as stream:
        x.fault("ack.async_rej")
        status, order = x.market_order()
        check(status == 200 and order["status"] == "NEW", f"{status} {order}")
        x.step()
        events = [one["o"]["X"] for one in stream.until_answer() if one["e"] == "ORDER_TRADE_UPDATE"]
        check(events == ["NEW", "EXPIRED"] and x.position() == 0, f"{events} {x.position()}")


@knob("vis.lag")
def visibility_lag(x):
    order = x.limit_order()[1]["orderId"]
    x.fault("vis.lag", "lag=1m", "for=1h")
    status, answer = x.call("GET", "/fapi/v1/order", symbol="ETHUSDT", orderId=order)
    check(status == 400 and answer["code"] == -2013 and x.call("GET", "/fapi/v1/openOrders")[1] == [], f"{status} {answer}")
    until = x.venue_ms() + 61000
    while x.venue_ms() < until:
        x.step(20)
    check(x.call("GET", "/fapi/v1/order", symbol="ETHUSDT", orderId=order)[1]["orderId"] == order, "still hidden")
    check(len(x.call("GET", "/fapi/v1/openOrders")[1]) == 1, "the list still hides it")


@knob("nf.window")
def not_found_window(x):
    order = x.limit_order()[1]["orderId"]
    x.fault("nf.window", "for=45m", "path=/fapi/v1/order")
    check(x.call("GET", "/fapi/v1/order", symbol="ETHUSDT", orderId=order)[0] == 400, "found")
    check(len(x.call("GET", "/fapi/v1/openOrders")[1]) == 1, "another endpoint hides it too")
    check(x.call("DELETE", "/fapi/v1/order", symbol="ETHUSDT", orderId=order)[1]["status"] == "CANCELED", "it is not alive")


@knob("dup.after_fill")
def duplicate_after_fill(x):
    x.fault("dup.after_fill")
    check(x.market_order(newClientOrderId="again")[0] == 200 and abs(x.position() - 0.002) < 1e-9, f"position {x.position()}")


# --- stream -----------------------------------------------------------------------------------------------------------------------------------


def trade_events(stream):
    return [one for one in stream.until_answer() if one.get("e") == "ORDER_TRADE_UPDATE"]


@knob("ws.stall")
def stream_stall(x):
    with x.user_stream() as user, x.stream("/public/ws/ethusdt@bookTicker") as quotes:
        quotes.until_answer()
        x.fault("ws.stall", "on=user", "for=10m")
        x.market_order()
        x.step(3)
        check(user.until_answer() == [] and quotes.until_answer(), "data on the stalled, or none on the other connection")
        x.ctl("fault", "clear", "ws.stall")
        x.market_order()
        check(user.until_answer(), "silent after its end")


@knob("ws.close")
def stream_close(x):
    with x.stream("/public/ws/ethusdt@bookTicker") as one, x.stream("/public/ws/ethusdt@bookTicker") as two:
        x.fault("ws.close")
        check(one.ends() == "reset" and two.ends() == "reset", "not reset")
    with x.stream("/public/ws/ethusdt@bookTicker") as one:
        x.fault("ws.close", "code=1012")
        check(one.ends() == 1012, "not closed with its code")


@knob("ws.gap")
def stream_gap(x):
    with x.user_stream() as stream:
        x.fault("ws.gap", "k=3")
        x.market_order()
        check([one["e"] for one in stream.until_answer()] == ["ACCOUNT_UPDATE"], "not three frames missing")


@knob("ws.dup")
def stream_duplicate(x):
    with x.user_stream() as stream:
        x.fault("ws.dup", "event=ORDER_TRADE_UPDATE")
        x.market_order()
        events = trade_events(stream)
        check(len(events) == 3 and events[0] == events[1] and events[1] != events[2], f"{events}")
        x.fault("ws.dup", "event=ACCOUNT_UPDATE", "lag=1m")
        x.market_order()
        first = [one for one in stream.until_answer() if one["e"] == "ACCOUNT_UPDATE"]
        x.step(700)
        check([one for one in stream.until_answer() if one["e"] == "ACCOUNT_UPDATE"] == first and len(first) == 1, "the second did not come later")


@knob("ws.reorder")
def stream_reorder(x):
    with x.user_stream() as stream:
        x.market_order()
        usual = [(one["e"], one.get("o", {}).get("X")) for one in stream.until_answer()]
        x.fault("ws.reorder", "event=ORDER_TRADE_UPDATE", "nth=2")
        x.market_order()
        now = [(one["e"], one.get("o", {}).get("X")) for one in stream.until_answer()]
        check(now == [usual[0], usual[1], usual[3], usual[2]], f"{usual} became {now}")


@knob("ws.key_expire")
def stream_key_expire(x):
    with x.user_stream() as stream:
        x.fault("ws.key_expire")
        x.market_order()
        check([one["e"] for one in stream.until_answer()] == ["listenKeyExpired"], "not expired")
    with x.user_stream() as stream:
        x.fault("ws.key_expire", "told=no")
        x.market_order()
        check(stream.until_answer() == [], "told")


@knob("ws.late")
def stream_late(x):
    with x.user_stream() as stream:
        x.fault("ws.late", "lag=5s", "event=ACCOUNT_UPDATE")
        x.market_order()
        now = stream.until_answer()
        until = x.venue_ms() + 5000
        while x.venue_ms() < until:
            check(not stream.until_answer(), "too early")
            x.step()
        later = stream.until_answer()
        check(len(trade_events(stream)) == 0 and [one["e"] for one in now] == ["ORDER_TRADE_UPDATE", "TRADE_LITE", "ORDER_TRADE_UPDATE"], f"{now}")
        check([one["e"] for one in later] == ["ACCOUNT_UPDATE"], f"{later}")


@knob("ws.newfield")
def stream_new_field(x):
    with x.user_stream() as stream:
        x.fault("ws.newfield", "field=fromTomorrow")
        x.market_order()
        check(all("fromTomorrow" in one and "e" in one for one in stream.until_answer()), "no new field")
        x.ctl("fault", "clear")


@knob("ws.newenum")
def stream_new_word(x):
    with x.user_stream() as stream:
        x.fault("ws.newenum", "field=X", "event=ORDER_TRADE_UPDATE")
        x.market_order()
        check([one["o"]["X"] for one in trade_events(stream)] == ["SOMETHING_NEW", "FILLED"], "no new word")


@knob("ws.missing")
def stream_missing(x):
    with x.user_stream() as stream:
        x.fault("ws.missing", "field=R", "event=ORDER_TRADE_UPDATE")
        x.market_order()
        first, second = trade_events(stream)
        check("R" not in first["o"] and set(second["o"]) - set(first["o"]) >= {"R"} and "wt" in first["o"], "the field is there, or others are not")


@knob("ws.seqgap")
def stream_sequence_gap(x):
    with x.stream("/public/ws/ethusdt@depth@100ms") as stream:
        stream.until_answer()
        x.fault("ws.seqgap", "nth=2")
        for price in range(2500, 2505):
            x.limit_order(price=str(price))
        chain = [(one["pu"], one["u"]) for one in stream.until_answer()]
        breaks = [i for i in range(1, len(chain)) if chain[i][0] != chain[i - 1][1]]
        check(len(chain) >= 3 and len(breaks) == 1, f"{chain}")


# --- market -----------------------------------------------------------------------------------------------------------------------------------


@knob("fill.partial")
def fill_partial(x):
    x.fault("fill.partial", "share=0.001", "symbol=ETHUSDT", "for=1h")
    x.step()
    status, order = x.market_order(quantity="5", newOrderRespType="RESULT")
    check(status == 200 and order["status"] == "EXPIRED" and 0 < float(order["executedQty"]) < 5, f"{status} {order}")


@knob("fill.race")
def fill_race(x):
    order = x.limit_order()[1]["orderId"]
    x.fault("fill.race")
    status, answer = x.call("DELETE", "/fapi/v1/order", symbol="ETHUSDT", orderId=order)
    check((status, answer["code"]) == (400, -2011) and x.position() == 0.1, f"{status} {answer} {x.position()}")
    order = x.limit_order(newClientOrderId="half")[1]["orderId"]
    x.fault("fill.race", "share=0.5")
    status, answer = x.call("DELETE", "/fapi/v1/order", symbol="ETHUSDT", origClientOrderId="half")
    check(answer["status"] == "CANCELED" and answer["executedQty"] == "0.050", f"{answer}")
    algo = x.stop_order()[1]["algoId"]
    x.fault("fill.race")
    check(x.call("DELETE", "/fapi/v1/algoOrder", algoId=algo)[0] == 400 and x.position() == 0, f"the stop did not fire: {x.position()}")


def price(x, symbol="ETHUSDT"):
    return float(x.ctl("price", symbol)["prices"][0]["last"])


@knob("px.gap")
def price_gap(x):
    before = price(x)
    x.fault("px.gap", "move=-20", "symbol=ETHUSDT")
    check(abs(price(x) / before - 0.8) < 0.01, f"{before} {price(x)}")
    x.step(5)
    check(abs(price(x) / before - 0.8) < 0.02, f"went back: {before} {price(x)}")


@knob("px.wick")
def price_wick(x):
    before = price(x)
    x.market_order()
    x.stop_order(trigger=str(int(before * 0.95)))
    x.fault("px.wick", "move=-10", "symbol=ETHUSDT")
    check(abs(price(x) / before - 0.9) < 0.001 and x.position() == 0, f"the stop is not hit: {price(x)} {x.position()}")
    x.step(2)
    check(abs(price(x) / before - 1) < 0.02, f"did not come back: {before} {price(x)}")


@knob("px.bad")
def price_bad(x):
    for kind, wrong in (("zero", lambda b, a: b == 0), ("negative", lambda b, a: b < 0), ("nan", lambda b, a: b != b), ("crossed", lambda b, a: b > a)):
        with x.stream("/public/ws/ethusdt@bookTicker") as stream:
            stream.until_answer()
            x.fault("px.bad", f"kind={kind}")
            x.step(2)
            quotes = [(float(one["b"]), float(one["a"])) for one in stream.until_answer()]
            check(quotes and wrong(*quotes[0]) and (len(quotes) < 2 or quotes[1][0] < quotes[1][1]), f"{kind}: {quotes}")
    x.fault("px.bad", "kind=zero")
    check(float(x.public("/fapi/v1/ticker/bookTicker", symbol="ETHUSDT")["bidPrice"]) == 0, "REST shows a price")
    x.fault("px.bad", "kind=stale")
    check(x.public("/fapi/v1/ticker/bookTicker", symbol="ETHUSDT")["time"] <= x.venue_ms() - 590000, "not stale")


def closing_frames(x, minutes, *fault):
    with x.stream("/market/ws/ethusdt@kline_1m") as stream:
        stream.until_answer()
        if fault:
            x.fault(*fault)
        until = x.venue_ms() // 60000 * 60000 + minutes * 60000
        while x.venue_ms() <= until:
            x.step(10)
        return [one["k"] for one in stream.until_answer()]


@knob("cdl.gap")
def candle_gap(x):
    closed = [k["t"] for k in closing_frames(x, 3, "cdl.gap") if k["x"]]
    check(len(closed) == 2 and closed[1] - closed[0] == 60000, f"not the first one missing: {closed}")
    x.fault("cdl.gap")
    opens = [row[0] for row in x.public("/fapi/v1/klines", symbol="ETHUSDT", interval="1m")]
    check(sorted(b - a for a, b in zip(opens, opens[1:]))[-1] == 120000, f"no hole: {opens}")


@knob("cdl.partial")
def candle_partial(x):
    frames = closing_frames(x, 2, "cdl.partial")
    check(len({k["t"] for k in frames if k["x"]}) == 1, "two candles are closed")


@knob("cdl.revise")
def candle_revise(x):
    closed = [k for k in closing_frames(x, 1, "cdl.revise") if k["x"]]
    check(len(closed) == 2 and closed[0]["t"] == closed[1]["t"] and closed[1]["c"] == closed[0]["l"], f"{closed}")


@knob("fee.asset")
def fee_asset(x):
    x.step()
    x.fault("fee.asset", "asset=BNB", "wallet=10")
    with x.user_stream() as stream:
        x.market_order()
        fill = [one["o"] for one in trade_events(stream) if one["o"]["x"] == "TRADE"][0]
    check(fill["N"] == "BNB" and 0 < float(fill["n"]) < 1, f"{fill}")
    check(all(money["difference"] == "0" for money in x.ctl("books")["money"]), "money appeared or vanished")
    check(not x.ctl("fault", "fee.asset", "asset=GOLD", ok=False)["ok"], "an asset that nothing prices")


@knob("fund")
def funding(x):
    x.market_order()
    x.fault("fund", "rate=0.0075", "symbol=ETHUSDT")
    before = float(x.ctl("books")["accounts"][0]["funding"])
    day = 8 * 3600 * 1000
    until = x.venue_ms() // day * day + day
    while x.venue_ms() <= until:
        x.step(2000)
    paid = before - float(x.ctl("books")["accounts"][0]["funding"])
    check(0.9 < paid / (0.001 * price(x) * 0.0075) < 1.1, f"paid {paid}")


@knob("liq")
def liquidation(x):
    x.call("POST", "/fapi/v1/marginType", symbol="ETHUSDT", marginType="ISOLATED")
    x.market_order(quantity="0.001")
    with x.user_stream() as stream:
        x.fault("liq", "symbol=ETHUSDT")
        orders = [one["o"]["c"] for one in trade_events(stream)]
    check(orders and orders[0].startswith("autoclose-") and x.position() == 0, f"{orders} {x.position()}")
    check(all(money["difference"] == "0" for money in x.ctl("books")["money"]), "money appeared or vanished")


@knob("adl")
def deleveraging(x):
    x.market_order(quantity="0.002")
    with x.user_stream() as stream:
        x.fault("adl", "share=0.5", "symbol=ETHUSDT")
        orders = {one["o"]["c"] for one in trade_events(stream)}
    check(orders == {"adl_autoclose"} and x.position() == 0.001, f"{orders} {x.position()}")
    check(all(money["difference"] == "0" for money in x.ctl("books")["money"]), "money appeared or vanished")


# --- account and venue ------------------------------------------------------------------------------------------------------------------------


@knob("flt.change")
def filter_change(x):
    x.ctl("filter", "ETHUSDT", "step=10", "tick=5")
    rules = next(one for one in x.public("/fapi/v1/exchangeInfo")["symbols"] if one["symbol"] == "ETHUSDT")["filters"]
    step = next(one["stepSize"] for one in rules if one["filterType"] == "LOT_SIZE")
    check(float(step) == 0.01, f"step {step}")
    check(x.market_order(quantity="0.105")[1]["code"] == -1111, "the old step still holds")
    x.ctl("fault", "clear")
    check(x.market_order(quantity="0.011")[0] == 200, "the new step holds after its end")


@knob("sym.halt")
def symbol_halt(x):
    order = x.limit_order()[1]["orderId"]
    x.fault("sym.halt", "symbol=ETHUSDT", "for=30s")
    check(x.market_order()[0] == 400, "trades while halted")
    check(x.call("DELETE", "/fapi/v1/order", symbol="ETHUSDT", orderId=order)[0] == 200, "no cancel while halted")
    until = x.venue_ms() + 30000
    while x.venue_ms() < until:
        x.step(20)
    check(x.market_order()[0] == 200, "still halted after its time")


@knob("sym.delist")
def symbol_delist(x):
    x.limit_order()
    x.fault("sym.delist", "symbol=ETHUSDT")
    check(x.limit_order()[0] == 400 and x.call("GET", "/fapi/v1/openOrders")[1] == [], "open orders after the delisting")
    x.ctl("fault", "clear")


@knob("sym.rename")
def symbol_rename(x):
    x.market_order()
    x.fault("sym.rename", "symbol=ETHUSDT", "to=NEWUSDT")
    check(x.market_order()[1]["code"] == -1121, "the old name still trades")
    rows = [row["symbol"] for row in x.call("GET", "/fapi/v2/positionRisk")[1] if float(row["positionAmt"]) != 0]
    check(rows == ["NEWUSDT"], f"{rows}")
    x.fault("sym.rename", "symbol=NEWUSDT", "to=ETHUSDT")


@knob("mode.change")
def mode_change(x):
    x.fault("mode.change", "to=hedge")
    check(x.call("GET", "/fapi/v1/positionSide/dual")[1] == {"dualSidePosition": True} and x.market_order()[1]["code"] == -4061, "still one-way")
    x.fault("mode.change", "to=one_way")
    x.market_order()
    x.fault("mode.change", "to=hedge", "for=1d")  # refused while a position is open; done as soon as it is closed
    check(x.call("GET", "/fapi/v1/positionSide/dual")[1] == {"dualSidePosition": False}, "changed with an open position")
    x.market_order("SELL")
    x.step()
    check(x.call("GET", "/fapi/v1/positionSide/dual")[1] == {"dualSidePosition": True}, "not changed when it was possible")
    x.ctl("fault", "clear")
    x.fault("mode.change", "to=one_way")


@knob("user.act")
def user_act(x):
    x.ctl("user-act", "buy", "symbol=ETHUSDT", "amount=0.001")
    check(x.position() == 0.001, f"{x.position()}")
    x.ctl("user-act", "close", "symbol=ETHUSDT")
    check(x.position() == 0, f"{x.position()}")
    x.limit_order()
    x.ctl("user-act", "cancel", "symbol=ETHUSDT")
    check(x.call("GET", "/fapi/v1/openOrders")[1] == [], "not cancelled")
    x.ctl("user-act", "deposit", "amount=50")
    account = x.ctl("books")["accounts"][0]
    x.ctl("user-act", "withdraw", "amount=50")
    after = x.ctl("books")["accounts"][0]
    check(round(float(account["wallet"]) - float(after["wallet"]), 8) == 50 and float(after["deposits"]) == float(account["deposits"]) - 50, f"{after}")


@knob("api.migrate")
def api_migrate(x):
    x.fault("api.migrate", "path=algoOrder", "for=1h")
    check(x.stop_order()[1]["code"] == -4120 and x.limit_order()[0] == 200, "the wrong endpoint has moved")


@knob("rate.shrink")
def rate_shrink(x):
    x.fault("rate.shrink", "limit=3", "for=1h")
    limits = [one["limit"] for one in x.public("/fapi/v1/exchangeInfo")["rateLimits"] if one["rateLimitType"] == "REQUEST_WEIGHT"]
    statuses = [x.call("GET", "/fapi/v1/ping", signed=False)[0] for _ in range(4)]
    check(limits in ([3], []) and statuses[-1] == 429, f"{limits} {statuses}")


@knob("rate.shared")
def rate_shared(x):
    x.fault("rate.shared", "weight=2399", "for=1h")
    until = x.venue_ms() + 60000
    while x.venue_ms() < until:
        x.step(20)
    used = [line for line in x.raw("GET", "/fapi/v1/ping")[0].split(b"\r\n") if b"USED-WEIGHT" in line]
    check(used == [b"X-MBX-USED-WEIGHT-1M: 2400"] and x.call("GET", "/fapi/v1/ping", signed=False)[0] == 429, f"{used}")


@knob("clk.skew")
def clock_skew(x):
    x.fault("clk.skew", "by=1h", "for=1h")
    check(x.public("/fapi/v1/time")["serverTime"] == x.venue_ms() + 3600000, "not skewed")
    check(x.market_order()[1]["code"] == -1021, "an honest timestamp is taken")
    x.ctl("fault", "clear")
    check(x.market_order()[0] == 200, "still skewed")


@knob("maint")
def maintenance(x):
    order = x.limit_order()[1]["orderId"]
    x.fault("maint", "kind=halt", "for=1h")
    check(x.call("DELETE", "/fapi/v1/order", symbol="ETHUSDT", orderId=order)[0] == 503 and x.market_order()[0] == 503, "halt")
    x.ctl("fault", "clear")
    x.fault("maint", "kind=cancel_only", "for=1h")
    check(x.market_order()[0] == 400 and x.call("DELETE", "/fapi/v1/order", symbol="ETHUSDT", orderId=order)[0] == 200, "cancel only")
    x.ctl("fault", "clear")
    x.limit_order()
    x.fault("maint", "kind=cancel", "for=1h")
    check(x.call("GET", "/fapi/v1/openOrders")[1] == [], "not cancelled")
    x.ctl("fault", "clear")
    x.fault("maint", "kind=down", "for=1h")
    check(x.call("GET", "/fapi/v1/exchangeInfo", signed=False)[0] == 503, "not down")
    x.ctl("fault", "clear")
    check(x.market_order()[0] == 200, "not over")


@knob("acct.zero")
def account_zero(x):
    x.market_order()
    for kind in ("zero", "empty", "partial"):
        x.fault("acct.zero", f"kind={kind}")
        rows = x.call("GET", "/fapi/v2/balance")[1]
        wrong = {"zero": all(float(row["balance"]) == 0 for row in rows), "empty": rows == [], "partial": True}[kind]
        check(wrong and float(x.call("GET", "/fapi/v2/balance")[1][0]["balance"]) > 0, f"{kind}: {rows}")
    x.fault("acct.zero", "kind=partial")
    check(x.call("GET", "/fapi/v3/account")[1]["positions"] == [] and x.position() == 0.001, "the positions are shown, or gone")


@knob("prot.rej")
def protection_rejected(x):
    x.fault("prot.rej")
    check(x.limit_order()[0] == 200 and x.stop_order()[1]["code"] == -2021 and x.stop_order()[0] == 200, "not the stop, or not once")


@knob("prot.stuck")
def protection_stuck(x):
    x.market_order()
    x.stop_order(trigger=str(int(price(x) * 0.95)))
    x.fault("prot.stuck", "for=1h")
    check([one["algoStatus"] for one in x.stops()] == ["TRIGGERING"], f"{x.stops()}")
    held = x.stops()[0]["algoId"]
    check(x.call("DELETE", "/fapi/v1/algoOrder", symbol="ETHUSDT", algoId=held)[1]["code"] == -2011, "a stuck stop was cancelled")
    x.call("DELETE", "/fapi/v1/algoOpenOrders", symbol="ETHUSDT")
    check([one["algoId"] for one in x.stops()] == [held], "a stuck stop was cancelled with all the others")
    x.fault("px.wick", "move=-10", "symbol=ETHUSDT")
    check(x.position() == 0.001, "a stuck stop has closed the position")
    x.ctl("fault", "clear")
    check([one["algoStatus"] for one in x.stops()] in (["NEW"], []), "not freed")
    x.fault("px.wick", "move=-10", "symbol=ETHUSDT")
    check(x.position() == 0, "a freed stop does nothing")


@knob("prot.vanish")
def protection_vanish(x):
    x.market_order()
    for how, told in (("told", ["EXPIRED"]), ("silent", []), ("rejected", ["REJECTED"])):
        x.stop_order()
        with x.user_stream() as stream:
            x.fault("prot.vanish", f"how={how}")
            events = [one["o"]["X"] for one in stream.until_answer() if one["e"] == "ALGO_UPDATE"]
        check(events == told and x.stops() == [], f"{how}: {events} {x.stops()}")


@knob("dms.fire")
def dead_man(x):
    x.limit_order(), x.stop_order()
    x.fault("dms.fire")
    check(x.call("GET", "/fapi/v1/openOrders")[1] == [] and x.stops() == [], "something is left")


@knob("venue.dead")
def venue_dead(x):
    with x.stream("/public/ws/ethusdt@bookTicker") as stream:
        stream.until_answer()
        x.fault("venue.dead", "for=1h")
        check(x.raw("GET", "/fapi/v1/ping") == (b"", "end"), "it answers")
        x.step(3)
        check(stream.until_answer() == [], "data")
        x.ctl("fault", "clear")
        check(x.raw("GET", "/fapi/v1/ping")[0] != b"", "still dead")


# --- when -------------------------------------------------------------------------------------------------------------------------------------


def when_and_how_often(x):
    x.fault("ack.code", "status=500", "on=order", "nth=3", "count=2")
    statuses = [x.call("POST", "/fapi/v1/order/test", symbol="ETHUSDT", side="BUY", type="MARKET", quantity="0.001")[0] for _ in range(9)]
    check(statuses == [200, 200, 500, 200, 200, 500, 200, 200, 200], f"nth and count: {statuses}")
    x.fault("ack.code", "status=500", "on=market", "at=20s", "for=20s")
    begin, seen = x.venue_ms(), []
    while x.venue_ms() < begin + 60000:
        x.step(10)
        seen.append((x.venue_ms() - begin, x.call("GET", "/fapi/v1/ping", signed=False)[0]))
    wrong = [one for one in seen if (one[1] == 500) != (20000 <= one[0] < 40000)]
    check(not wrong and any(status == 500 for _, status in seen), f"at and for: {wrong}")
    x.market_order()
    x.fault("user.act", "do=close", "on=order", "nth=2", "symbol=ETHUSDT")  # an act on the second order
    x.limit_order(price="2400")
    check(x.position() != 0, "acted on the first")
    x.limit_order(price="2401")
    check(x.position() == 0, "did not act on the second")


def bad_words(x):
    for words, wanted in ((("nothing",), "no knob"), (("ack.drop", "conut=1"), 'no "conut"'), (("ack.drop", "count=0"), "1 to 1000000"),
                          (("ack.code", "status=99"), "200 to 599"), (("maint", "kind=lunch"), "halt|cancel"), (("ws.late", "lag=5"), "a time"),
                          (("sym.rename", "to=A"), "symbol=OLD"), (("clk.skew", "nth=2"), "mean nothing"), (("sym.halt", "symbol=GOLD"), "not traded"),
                          (("dms.fire", "account=eve"), "no account"), (("ack.drop", "chance=1.5"), "chance"), (("px.gap", "move=-95"), "-90"), ((), "wants a knob")):
        answer = x.ctl("fault", *words, ok=False)
        check(wanted in answer["error"], f"{words}: {answer}")
    check(not [one for one in x.ctl("faults")["armed"] if one["phase"] != "over"], "a refused fault is armed")


def main():
    with Exchange("--ephemeral") as x:
        names = [one["knob"] for one in x.ctl("faults")["knobs"]]
        check(sorted(names) == sorted(KNOBS), f"without a test, or unknown: {set(names) ^ set(KNOBS)}")
        table = (pathlib.Path(__file__).parents[2] / "docs" / "faults.md").read_text()
        check(not [name for name in names if f"`{name}`" not in table], "docs/faults.md lacks a knob")
    for name, test in KNOBS.items():
        with Exchange("--ephemeral") as x:
            x.step(3)
            test(x)
            check(x.struck(name) > 0, f"{name} is not counted")
            check([line for line in x.log() if line["event"] == "exchange_fault"], f"{name} is not logged")
    with Exchange("--ephemeral") as x:
        x.step(3)
        when_and_how_often(x)
        x.ctl("fault", "clear")
        bad_words(x)
    print("ok")


main()
