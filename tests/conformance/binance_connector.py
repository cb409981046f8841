"""binance_connector.py: Binance's Python connector for USD-M futures (UMFutures) against `patriot exchange`. Argument: its address."""
import json
import math
import queue
import sys

from binance.error import ClientError
from binance.um_futures import UMFutures
from binance.websocket.um_futures.websocket_client import UMFuturesWebsocketClient
from checks import done, equal, fails, group, true

ADDRESS = sys.argv[1]
SYMBOL = "ETHUSDT"


def make(key="KEY", secret="SECRET"):
    return UMFutures(key=key, secret=secret, base_url=f"http://{ADDRESS}")


client = make()
seen = {}


@group("public questions")
def _():
    client.ping()
    true(client.time()["serverTime"] > 0)
    true(any(s["symbol"] == SYMBOL for s in client.exchange_info()["symbols"]))
    book = client.depth(SYMBOL, limit=20)
    seen["bid"], seen["ask"] = float(book["bids"][0][0]), float(book["asks"][0][0])
    true(seen["bid"] < seen["ask"])
    equal(len(client.klines(SYMBOL, "1h", limit=50)), 50)
    true(float(client.mark_price(SYMBOL)["markPrice"]) > 0)
    equal(client.ticker_24hr_price_change(SYMBOL)["symbol"], SYMBOL)
    true(float(client.book_ticker(SYMBOL)["bidPrice"]) > 0)
    client.agg_trades(SYMBOL, limit=5)
    client.trades(SYMBOL, limit=5)
    client.funding_rate(SYMBOL, limit=5)


@group("account")
def _():
    equal([float(row["balance"]) for row in client.balance() if row["asset"] == "USDT"], [10000.0])
    equal(float(client.account()["totalWalletBalance"]), 10000.0)
    equal(client.change_leverage(SYMBOL, 10)["leverage"], 10)
    equal(client.get_position_mode()["dualSidePosition"], False)
    equal(client.get_multi_asset_mode()["multiAssetsMargin"], False)
    true(len(client.leverage_brackets(symbol=SYMBOL)[0]["brackets"]) > 5)
    equal(client.commission_rate(SYMBOL)["takerCommissionRate"], "0.000500")


@group("orders")
def _():
    order = client.new_order(SYMBOL, "BUY", "LIMIT", quantity=0.05, price=math.floor(seen["bid"] * 0.97), timeInForce="GTC")
    equal(order["status"], "NEW")
    equal(client.modify_order(SYMBOL, "BUY", 0.06, math.floor(seen["bid"] * 0.96), orderId=order["orderId"])["orderId"], order["orderId"])
    equal(client.query_order(SYMBOL, orderId=order["orderId"])["status"], "NEW")
    equal(len(client.get_orders(symbol=SYMBOL)), 1)
    equal(client.cancel_order(SYMBOL, orderId=order["orderId"])["status"], "CANCELED")
    client.new_order_test(SYMBOL, "BUY", "MARKET", quantity=0.05)
    batch = client.new_batch_order([{"symbol": SYMBOL, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.05",
                                     "price": str(math.floor(seen["bid"] * 0.96))}])
    equal(batch[0]["status"], "NEW")
    equal(client.cancel_open_orders(SYMBOL)["code"], 200)
    equal(client.get_orders(symbol=SYMBOL), [])
    filled = client.new_order(SYMBOL, "BUY", "MARKET", quantity=0.1, newOrderRespType="RESULT")
    equal(filled["status"], "FILLED")
    equal([float(row["positionAmt"]) for row in client.get_position_risk(symbol=SYMBOL)], [0.1])
    equal(len(client.get_account_trades(symbol=SYMBOL)), 1)
    true(len(client.get_all_orders(symbol=SYMBOL)) >= 2)
    true(len(client.get_income_history(symbol=SYMBOL)) >= 1)


@group("a conditional order goes to the algo service, as the venue demands since December 2025")
def _():
    fails(ClientError, lambda: client.new_order(SYMBOL, "SELL", "STOP_MARKET", quantity=0.1, stopPrice=math.floor(seen["bid"] * 0.9)),
          lambda e: e.error_code == -4120)
    stop = client.sign_request("POST", "/fapi/v1/algoOrder", {"algoType": "CONDITIONAL", "symbol": SYMBOL, "side": "SELL", "type": "STOP_MARKET",
                                                               "quantity": 0.1, "triggerPrice": math.floor(seen["bid"] * 0.9), "reduceOnly": True})
    equal(stop["algoStatus"], "NEW")
    client.sign_request("DELETE", "/fapi/v1/algoOrder", {"algoId": stop["algoId"]})


@group("sockets")
def _():
    inbox = queue.Queue()
    key = client.new_listen_key()["listenKey"]
    # One address for each kind, as on the venue since April 2026: without a path only public streams and the user's come.
    plain, market = (UMFuturesWebsocketClient(stream_url=f"ws://{ADDRESS}{path}", on_message=lambda _, text: inbox.put(json.loads(text)))
                     for path in ("", "/market"))
    try:
        plain.book_ticker(SYMBOL.lower())
        plain.user_data(key)
        market.kline(SYMBOL.lower(), "1m")
        wanted = {"bookTicker", "kline", "ORDER_TRADE_UPDATE"}
        placed = None
        while wanted:
            event = inbox.get(timeout=10)
            wanted.discard(event.get("e"))
            if placed is None and "kline" not in wanted:
                placed = client.new_order(SYMBOL, "BUY", "LIMIT", quantity=0.05, price=math.floor(seen["bid"] * 0.97), timeInForce="GTC")
        client.cancel_order(SYMBOL, orderId=placed["orderId"])
    finally:
        plain.stop()
        market.stop()
    client.renew_listen_key(key)
    client.close_listen_key(key)


@group("closing")
def _():
    equal(client.new_order(SYMBOL, "SELL", "MARKET", quantity=0.1, reduceOnly="true", newOrderRespType="RESULT")["status"], "FILLED")


@group("errors")
def _():
    def code(number, calls):
        fails(ClientError, calls, lambda error: error.error_code == number)
    limit = {"quantity": 0.05, "price": math.floor(seen["bid"] * 0.97), "timeInForce": "GTC"}
    code(-2019, lambda: client.new_order(SYMBOL, "BUY", "LIMIT", **{**limit, "quantity": 1000}))
    code(-2011, lambda: client.cancel_order(SYMBOL, orderId=123456789))
    code(-2013, lambda: client.query_order(SYMBOL, orderId=123456789))
    code(-4164, lambda: client.new_order(SYMBOL, "BUY", "LIMIT", **{**limit, "quantity": 0.001}))
    code(-1111, lambda: client.new_order(SYMBOL, "BUY", "LIMIT", **{**limit, "price": 1000.001}))
    code(-1121, lambda: client.depth("NOSUCH"))
    code(-1022, lambda: make(secret="WRONG").balance())
    code(-2015, lambda: make(key="NOBODY").balance())


done("binance-futures-connector")
